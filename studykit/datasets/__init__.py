"""Data sets that need no download."""

from studykit.datasets.digits import LabelledImages, digits
from studykit.datasets.mixtures import GaussianMixture

__all__ = ["GaussianMixture", "LabelledImages", "digits"]
