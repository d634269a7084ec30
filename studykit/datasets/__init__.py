"""Data sets that need no download."""

from studykit.datasets.digits import LabelledImages, digits

__all__ = ["LabelledImages", "digits"]
