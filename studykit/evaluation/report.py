"""All that is measured on one set of samples, in one record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from torch import Tensor

from studykit.evaluation.frechet import frechet_distance
from studykit.evaluation.precision_recall import density_coverage, precision_recall

__all__ = ["Average", "Evaluation", "evaluate"]


@dataclass(frozen=True)
class Average:
    """A mean over examples, and how uncertain it is.

    Attributes:
        mean: The mean.
        error: Its standard error, the examples' standard deviation over the root of their number.
        n: How many examples.

    Examples:
        >>> print(Average(mean=3.14159, error=0.0123, n=1000))
        3.142 ± 0.012 (n = 1000)
    """

    mean: float
    error: float
    n: int

    @classmethod
    def of(cls, values: Tensor) -> Self:
        """Average one number for each example, such as bits/dim.

        Args:
            values: Shape `(N,)`, N of at least 2.

        Returns:
            The average, computed in float64.

        Raises:
            ValueError: If the shape is another.

        Examples:
            >>> import torch
            >>> Average.of(torch.tensor([2.0, 4.0]))
            Average(mean=3.0, error=1.0, n=2)
        """
        if values.ndim != 1 or len(values) < 2:
            raise ValueError(
                f"an average takes values of shape (N,), two at least, not {tuple(values.shape)}"
            )
        values = values.detach().double()
        return cls(values.mean().item(), (values.std() / len(values) ** 0.5).item(), len(values))

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.error:.3f} (n = {self.n})"


@dataclass(frozen=True)
class Evaluation:
    """How good samples are, in numbers; `dataclasses.asdict` gives what JSON can hold.

    Attributes:
        samples: How many samples.
        real: How many real images they were compared with.
        frechet_distance: Squared Fréchet distance of the features; see `frechet_distance`.
        precision: Share of the samples among the real images' region; see `precision_recall`.
        recall: Share of the real images in the samples' region.
        density: See `density_coverage`.
        coverage: See `density_coverage`.
        bits_per_dim: Negative log-likelihood of test images in bits per dimension, by the name of
            how it was measured, such as `"bound"` and `"ode"`; empty where it was not.

    Examples:
        >>> import json, torch
        >>> from dataclasses import asdict
        >>> x = torch.randn(50, 2)
        >>> evaluation = evaluate(x, x, lambda x: x, {"ode": torch.tensor([2.0, 4.0])})
        >>> json.dumps(asdict(evaluation)["bits_per_dim"])
        '{"ode": {"mean": 3.0, "error": 1.0, "n": 2}}'
    """

    samples: int
    real: int
    frechet_distance: float
    precision: float
    recall: float
    density: float
    coverage: float
    bits_per_dim: dict[str, Average] = field(default_factory=dict)


def evaluate(
    samples: Tensor,
    real: Tensor,
    features: Callable[[Tensor], Tensor],
    bits_per_dim: Mapping[str, Tensor] | None = None,
) -> Evaluation:
    """Measure samples against real images.

    All numbers depend on how many samples and real images there are; those of two models compare
    where both numbers are the same. Real images that no part of the model has seen, the test part,
    are the fair ones.

    Args:
        samples: Samples, shape `(N, ...)`, N of at least 6.
        real: Real images, shape `(M, ...)`, M of at least 6.
        features: Gives the features, shape `(N, D)`, of images: `Classifier.features` for images,
            the identity for points of the plane.
        bits_per_dim: What is known of the likelihood: bits/dim of each test image, shape `(n,)`, by
            the name of the method.

    Returns:
        The numbers.

    Raises:
        ValueError: If a shape is another, or a number is not finite.

    Examples:
        >>> from studykit.datasets import digits
        >>> from studykit.evaluation import load_classifier
        >>> images = digits("test").images
        >>> evaluation = evaluate(images[:180], images[180:], load_classifier("digits").features)
        >>> evaluation.precision > 0.7, evaluation.recall > 0.7
        (True, True)
    """
    fake_features, real_features = features(samples), features(real)
    quality = precision_recall(real=real_features, fake=fake_features)
    spread = density_coverage(real=real_features, fake=fake_features)
    return Evaluation(
        samples=len(samples),
        real=len(real),
        frechet_distance=frechet_distance(fake_features, real_features),
        precision=quality.precision,
        recall=quality.recall,
        density=spread.density,
        coverage=spread.coverage,
        bits_per_dim={name: Average.of(values) for name, values in (bits_per_dim or {}).items()},
    )
