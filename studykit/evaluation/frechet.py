r"""Fréchet distance: how far the features of two sets of images lie apart, in mean and covariance.

Each set's features (what a classifier computes inside, shape `(n, D)`) are summed up by
the Gaussian of their mean $\mu$ and covariance $\Sigma$. The Fréchet, or 2-Wasserstein, distance of
two Gaussians has a closed form,

$$d^2 = \lVert\mu_a - \mu_b\rVert^2
      + \mathrm{tr}\bigl(\Sigma_a + \Sigma_b - 2(\Sigma_a\Sigma_b)^{1/2}\bigr),$$

and $d^2$ is what papers report. With the features of the Inception network it is called FID. Ours
are those of the small classifiers of `studykit.evaluation.classifier`, so the numbers are called
Fashion-FD and Digits-FD: they compare models here, and with no number of any paper.

The estimate is biased: means and covariances of few images are off, which adds to the distance an
amount that is inversely proportional to their number (Chong and Forsyth, 2020). So state the number
of samples beside each distance, and compare only distances of equal numbers.

For orientation, some Fashion-FD to the 10,000 test images:

| samples | n | Fashion-FD |
| --- | --- | --- |
| training images | 10,000 | 0.09 |
| training images | 2,000 | 0.27 |
| test images, noise of $\sigma = 0.05$ added | 10,000 | 2.3 |
| test images, mirrored | 2,000 | 7.5 |
| test images, noise of $\sigma = 0.2$ added | 2,000 | 60 |
| the Gaussian of the images' mean and covariance | 10,000 | 74 |
| test images, blurred with $\sigma = 1$ pixel | 2,000 | 77 |
| noise | 10,000 | 539 |

The term with the root is computed as the sum of the singular values of
$\Sigma_a^{1/2}\Sigma_b^{1/2}$. They are the roots of the eigenvalues of $\Sigma_a\Sigma_b$, but
need neither the root of a matrix that is not symmetric nor one of full rank, and exchanging a and b
changes nothing.

References:
    Fréchet: Sur la distance de deux lois de probabilité. C. R. Acad. Sci. Paris 244, 1957.
    Dowson, Landau: The Fréchet Distance between Multivariate Normal Distributions. Journal of
    Multivariate Analysis 12, 1982.
    Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter: GANs Trained by a Two Time-Scale Update Rule
    Converge to a Local Nash Equilibrium. NeurIPS 2017. arXiv:1706.08500.
    Chong, Forsyth: Effectively Unbiased FID and Inception Score and Where to Find Them. CVPR 2020.
    arXiv:1911.07023.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from studykit.evaluation.classifier import load_classifier, weights_file
from studykit.training.checkpoints import load_checkpoint

__all__ = ["Moments", "digits_fd", "fashion_fd", "frechet_distance", "moments", "reference_moments"]


class Moments(NamedTuple):
    """Mean and covariance of features.

    Attributes:
        mean: Shape `(D,)`, float64.
        covariance: Shape `(D, D)`, float64; the unbiased estimate, divided by `n - 1`.
        n: How many feature vectors they were estimated from.
    """

    mean: Tensor
    covariance: Tensor
    n: int


def moments(features: Tensor) -> Moments:
    """Estimate the mean and the covariance of features.

    Args:
        features: Shape `(n, D)`, n of at least 2.

    Returns:
        Their moments, float64 on the CPU.

    Raises:
        ValueError: If the shape is another, or a number is not finite.

    Examples:
        >>> moments(torch.tensor([[0.0, 1.0], [2.0, 1.0]])).covariance.tolist()
        [[2.0, 0.0], [0.0, 0.0]]
    """
    if features.ndim != 2 or len(features) < 2:
        raise ValueError(
            "moments take features of shape (n, D), two vectors at least, "
            f"not {tuple(features.shape)}"
        )
    if not features.isfinite().all():
        raise ValueError("there are features that are not finite numbers")
    rows = features.detach().cpu().double()
    mean = rows.mean(dim=0)
    centred = rows - mean
    return Moments(mean, centred.T @ centred / (len(rows) - 1), len(rows))


def frechet_distance(features_a: Tensor | Moments, features_b: Tensor | Moments) -> float:
    r"""Give the squared Fréchet distance $d^2$ of the Gaussians that fit two sets of features.

    It is symmetric and never negative, and the covariances may have any rank. State how many
    features there were: fewer give a larger number, also where both sets are equally distributed.

    Args:
        features_a: Features of one set, shape `(n_a, D)`, or their moments.
        features_b: Features of the other, shape `(n_b, D)`, or their moments.

    Returns:
        $d^2$, in squared units of the features.

    Raises:
        ValueError: If a shape is another, the two D differ, or a number is not finite.

    Source: Heusel et al. (2017), Eq. 6; Dowson and Landau (1982).

    Examples:
        >>> narrow = Moments(torch.zeros(2), torch.eye(2), n=1000)
        >>> wide = Moments(torch.tensor([3.0, 0.0]), 4 * torch.eye(2), n=1000)
        >>> frechet_distance(narrow, wide)  # 3 ** 2 + 2 * (2 - 1) ** 2
        11.0
    """
    a = features_a if isinstance(features_a, Moments) else moments(features_a)
    b = features_b if isinstance(features_b, Moments) else moments(features_b)
    if a.mean.shape != b.mean.shape:
        raise ValueError(f"features of {len(a.mean)} and of {len(b.mean)} numbers do not compare")
    shift = (a.mean - b.mean).double().square().sum()
    spread = a.covariance.double().trace() + b.covariance.double().trace()
    shared = torch.linalg.svdvals(_root(a.covariance).T @ _root(b.covariance)).sum()
    distance: float = (shift + spread - 2 * shared).item()
    return max(0.0, distance)


def fashion_fd(samples: Tensor, reference: Literal["test", "train"] = "test") -> float:
    """Give the Fashion-FD: the Fréchet distance to the real Fashion-MNIST.

    The reference is the moments of all 10,000 test images (or 60,000 training images), which come
    with the package: the data set need not be there. The classifier was trained on the training
    images, so it is on the test images that it treats real pictures as it treats new ones.

    Draw as many samples as for the number that you compare with, 10,000 where time permits, and
    state how many.

    Args:
        samples: Pixels in [-1, 1] (values outside are clipped), shape `(N, 1, 28, 28)`.
        reference: Which real images to compare with.

    Returns:
        $d^2$ on the 64 features of the shipped classifier; no FID.

    Raises:
        ValueError: If the samples have another shape, or a pixel is not a finite number.

    Examples:
        >>> fashion_fd(torch.randn(200, 1, 28, 28)) > 50
        True
    """
    features = load_classifier("fashion-mnist").features(samples)
    return frechet_distance(features, reference_moments("fashion-mnist", reference))


def digits_fd(samples: Tensor, reference: Literal["test", "train"] = "test") -> float:
    """Give the Digits-FD: the Fréchet distance to scikit-learn's digits.

    There are 360 test images and 1,437 training images only; see `fashion_fd`.

    Args:
        samples: Pixels in [-1, 1] (values outside are clipped), shape `(N, 1, 8, 8)`.
        reference: Which real images to compare with.

    Returns:
        $d^2$ on the 32 features of the shipped classifier; no FID.

    Raises:
        ValueError: If the samples have another shape, or a pixel is not a finite number.

    Examples:
        >>> from studykit.datasets import digits
        >>> noise, real = torch.randn(360, 1, 8, 8), digits("test").images
        >>> digits_fd(real) < 1e-3, digits_fd(noise) > 10
        (True, True)
    """
    features = load_classifier("digits").features(samples)
    return frechet_distance(features, reference_moments("digits", reference))


@cache
def reference_moments(
    data: Literal["digits", "fashion-mnist"], split: Literal["test", "train"]
) -> Moments:
    """Load the moments of a data set's features, which come with the package.

    Args:
        data: The data set.
        split: Its part.

    Returns:
        Mean, covariance and number of the images' features.

    Raises:
        ValueError: If there is no such data set or part.

    Examples:
        >>> reference_moments("fashion-mnist", "test").n
        10000
    """
    if split not in ("test", "train"):
        raise ValueError(f"a reference is 'test' or 'train', not {split!r}")
    tensors = load_checkpoint(weights_file(data)).tensors
    n = int(tensors[f"{split}.n"].item())
    return Moments(tensors[f"{split}.mean"], tensors[f"{split}.covariance"], n)


def _root(covariance: Tensor) -> Tensor:
    """Give R with R R^T = covariance; a rounding error below 0 counts as 0."""
    variances, directions = torch.linalg.eigh(covariance.double())
    root: Tensor = directions * variances.clamp(min=0).sqrt()
    return root
