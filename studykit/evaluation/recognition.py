"""What a classifier makes of samples: how many it is sure of, and how they spread over the classes.

A model that draws only trousers can have good trousers: look at the classes before the share. And
compare with the report on real images, which is the best that samples can hope for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import torch
from torch import Tensor

__all__ = ["ClassReport"]


@dataclass(frozen=True)
class ClassReport:
    """What a classifier says of a set of images.

    Attributes:
        images: Number of images judged.
        confident: Share of them in [0, 1] whose most probable class has at least `confidence`.
        counts: How many confident images each class got.
        confidence: The probability from which on the classifier counts as confident.

    Examples:
        >>> report = ClassReport(images=4, confident=0.75, counts=(1, 2, 0))
        >>> report.classes
        2
        >>> print(report)
        75.0% of 4 images are of one class with confidence >= 0.9; 2 of 3 classes: 1 2 0
    """

    images: int
    confident: float
    counts: tuple[int, ...]
    confidence: float = 0.9

    _what: ClassVar[str] = "of one class"

    @classmethod
    def of(cls, probabilities: Tensor) -> Self:
        """Count what a classifier is sure of.

        Args:
            probabilities: Of each class for each image, shape `(N, K)`.

        Returns:
            The report.

        Raises:
            ValueError: If there are no images, or the shape is another.

        Examples:
            >>> ClassReport.of(torch.tensor([[0.95, 0.05], [0.5, 0.5]]))
            ClassReport(images=2, confident=0.5, counts=(1, 0), confidence=0.9)
        """
        if probabilities.ndim != 2 or len(probabilities) == 0:
            raise ValueError(
                f"a report takes probabilities of shape (N, K), not {tuple(probabilities.shape)}"
            )
        highest, label = probabilities.max(dim=1)
        sure = highest >= cls.confidence
        counts = torch.bincount(label[sure], minlength=probabilities.shape[1])
        return cls(len(probabilities), sure.double().mean().item(), tuple(counts.tolist()))

    @property
    def classes(self) -> int:
        """How many of the classes at least one confident image has."""
        return sum(count > 0 for count in self.counts)

    def __str__(self) -> str:
        return (
            f"{self.confident:.1%} of {self.images} images are {self._what} with confidence >= "
            f"{self.confidence:g}; {self.classes} of {len(self.counts)} classes: "
            f"{' '.join(map(str, self.counts))}"
        )
