r"""Precision and recall: are the samples real pictures, and do they show all that real pictures do?

One distance says how far samples are off, not how. Here quality and variety are two numbers. The
features of real pictures, $\Phi_r$, stand for the region where pictures are real: the union of the
balls around each of them that reach its k-th nearest neighbour among the others,

$$f(\phi, \Phi) = 1 \text{ if } \lVert\phi - \phi'\rVert \le \lVert\phi' - NN_k(\phi', \Phi)\rVert
\text{ for some } \phi' \in \Phi, \text{ else } 0.$$

**Precision** is the share of samples inside the real pictures' region, **recall** the share of real
pictures inside the samples' region. A model that draws nothing but perfect trousers has precision 1
and low recall; one that draws everything, and noise too, the reverse.

One outlier among the real pictures has a large ball, and samples in it count as precise. Density
and coverage use the real pictures' balls only, and count them.

References:
    Kynkäänniemi, Karras, Laine, Lehtinen, Aila: Improved Precision and Recall Metric for Assessing
    Generative Models. NeurIPS 2019. arXiv:1904.06991.
    Naeem, Oh, Uh, Choi, Yoo: Reliable Fidelity and Diversity Metrics for Generative Models. ICML
    2020. arXiv:2002.09797.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["DensityCoverage", "PrecisionRecall", "density_coverage", "precision_recall"]

# Rows of the distance matrix at once: bounds the memory, changes no result.
_CHUNK = 500


class PrecisionRecall(NamedTuple):
    """Quality and variety of samples.

    Attributes:
        precision: Share in [0, 1] of the samples that lie in the real pictures' region.
        recall: Share in [0, 1] of the real pictures that lie in the samples' region.
    """

    precision: float
    recall: float


class DensityCoverage(NamedTuple):
    """Quality and variety of samples, both measured by the real pictures' balls.

    Attributes:
        density: How many real pictures' balls a sample lies in on average, divided by k; about 1
            for samples distributed as the real pictures are, and above 1 where they crowd together.
        coverage: Share in [0, 1] of the real pictures that have a sample in their ball.
    """

    density: float
    coverage: float


def precision_recall(*, real: Tensor, fake: Tensor, k: int = 3) -> PrecisionRecall:
    """Measure quality and variety by the regions of k nearest neighbours.

    Both depend on how many features there are, since more of them have smaller balls: take as many
    samples as real pictures, state how many, and compare equal numbers only.

    Args:
        real: Features of real pictures, shape `(M, D)`.
        fake: Features of samples, shape `(N, D)`.
        k: Which neighbour a ball reaches to; the paper's choice is 3.

    Returns:
        Precision and recall.

    Raises:
        ValueError: If a shape is another, k has no neighbour, or a number is not finite.

    Source: Kynkäänniemi et al. (2019), Eqs. 1 and 2.

    Examples:
        >>> real = torch.tensor([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
        >>> fake = torch.tensor([[0.5], [1.0], [1.5]])
        >>> precision_recall(real=real, fake=fake, k=1)
        PrecisionRecall(precision=1.0, recall=0.5)
    """
    _check(real, fake, k)
    in_real, _ = _balls(real, fake, k)
    in_fake, _ = _balls(fake, real, k)
    return PrecisionRecall(_share(in_real > 0), _share(in_fake > 0))


def density_coverage(*, real: Tensor, fake: Tensor, k: int = 5) -> DensityCoverage:
    """Measure quality and variety by how often samples lie in the real pictures' balls.

    Args:
        real: Features of real pictures, shape `(M, D)`.
        fake: Features of samples, shape `(N, D)`.
        k: Which neighbour a ball reaches to; the paper's choice is 5.

    Returns:
        Density and coverage.

    Raises:
        ValueError: If a shape is another, k has no neighbour, or a number is not finite.

    Source: Naeem et al. (2020), section 3, density and coverage.

    Examples:
        >>> real = torch.tensor([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
        >>> fake = torch.tensor([[0.5], [1.0], [1.5]])
        >>> density_coverage(real=real, fake=fake, k=1)  # 2 + 3 + 2 balls, over the first three
        DensityCoverage(density=2.3333333333333335, coverage=0.5)
    """
    _check(real, fake, k)
    in_real, reached = _balls(real, fake, k)
    return DensityCoverage(in_real.double().mean().item() / k, _share(reached))


def _balls(centres: Tensor, points: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """Draw a ball around each centre to its k-th nearest neighbour among the other centres.

    Returns:
        In how many balls each point lies, shape `(len(points),)`, and whether each ball has a point
        in it, shape `(len(centres),)`.
    """
    centres, points = centres.detach().cpu().double(), points.detach().cpu().double()
    balls = torch.zeros(len(points), dtype=torch.int64)
    reached = []
    for chunk in torch.split(centres, _CHUNK):
        # The nearest of all is the centre itself.
        radii = _distances(chunk, centres).kthvalue(k + 1, dim=1, keepdim=True).values
        inside = _distances(chunk, points) <= radii
        balls += inside.sum(dim=0)
        reached.append(inside.any(dim=1))
    return balls, torch.cat(reached)


def _distances(a: Tensor, b: Tensor) -> Tensor:
    # Not as |a|^2 + |b|^2 - 2ab, which gives equal points a distance above 0.
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


def _share(which: Tensor) -> float:
    return which.double().mean().item()


def _check(real: Tensor, fake: Tensor, k: int) -> None:
    if real.ndim != 2 or fake.ndim != 2 or real.shape[1] != fake.shape[1]:
        raise ValueError(
            "real and fake must be features of shapes (M, D) and (N, D), not "
            f"{tuple(real.shape)} and {tuple(fake.shape)}"
        )
    if not 1 <= k < min(len(real), len(fake)):
        raise ValueError(
            f"k must be 1 or more, and smaller than the {len(real)} real and {len(fake)} fake "
            f"features, not {k}"
        )
    if not (real.isfinite().all() and fake.isfinite().all()):
        raise ValueError("there are features that are not finite numbers")
