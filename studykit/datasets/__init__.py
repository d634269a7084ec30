"""Data sets that need no download."""

from studykit.datasets.digits import LabelledImages, digits
from studykit.datasets.fashion_mnist import FASHION_MNIST_CLASSES, fashion_mnist
from studykit.datasets.mixtures import GaussianMixture
from studykit.datasets.register import DATASETS, DatasetFacts, load_dataset
from studykit.datasets.toys import GAUSSIANS, TOYS, toy

__all__ = [
    "DATASETS",
    "FASHION_MNIST_CLASSES",
    "GAUSSIANS",
    "TOYS",
    "DatasetFacts",
    "GaussianMixture",
    "LabelledImages",
    "digits",
    "fashion_mnist",
    "load_dataset",
    "toy",
]
