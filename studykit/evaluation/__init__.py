"""How good samples are, in numbers and to the eye."""

from studykit.evaluation.digits import DigitJudge, DigitReport
from studykit.evaluation.grids import image_grid

__all__ = ["DigitJudge", "DigitReport", "image_grid"]
