"""How good samples are, in numbers and to the eye."""

from studykit.evaluation.classifier import Classifier, load_classifier, train_classifier
from studykit.evaluation.digits import DigitJudge, DigitReport
from studykit.evaluation.frechet import digits_fd, fashion_fd, frechet_distance
from studykit.evaluation.grids import image_grid
from studykit.evaluation.points import point_plot
from studykit.evaluation.precision_recall import density_coverage, precision_recall
from studykit.evaluation.recognition import ClassReport
from studykit.evaluation.report import Average, Evaluation, evaluate

__all__ = [
    "Average",
    "ClassReport",
    "Classifier",
    "DigitJudge",
    "DigitReport",
    "Evaluation",
    "density_coverage",
    "digits_fd",
    "evaluate",
    "fashion_fd",
    "frechet_distance",
    "image_grid",
    "load_classifier",
    "point_plot",
    "precision_recall",
    "train_classifier",
]
