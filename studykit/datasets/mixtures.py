r"""A mixture of Gaussians, whose diffused densities and scores are known in closed form.

$$p(x) = \sum_k w_k\, \mathcal{N}(x;\ \mu_k, \operatorname{diag}(v_k))$$

Noise of any of the processes turns it into another one: if $x_t = \alpha x_0 + \sigma \epsilon$,
each part has the mean $\alpha \mu_k$ and the variances $\alpha^2 v_k + \sigma^2$. So everything
that a network would have to learn is at hand, exactly, and a sampler, an objective or a likelihood
can be held against the truth.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

__all__ = ["GaussianMixture"]


class GaussianMixture:
    r"""A mixture of K Gaussians in D dimensions with diagonal covariances, in float64.

    Args:
        means: $\mu_k$, shape `(K, D)`.
        variances: $v_k$, positive, shape `(K, D)`, or `(K,)` if it is the same in all directions.
        weights: $w_k$, positive; they are scaled to the sum 1. Shape `(K,)`; by default all equal.

    Attributes:
        means: Shape `(K, D)`.
        variances: Shape `(K, D)`.
        weights: Shape `(K,)`, of sum 1.

    Raises:
        ValueError: If the shapes do not fit each other, or a variance or weight is not positive.

    Examples:
        >>> two = GaussianMixture([[-1.0, 0.0], [1.0, 0.0]], [0.01, 0.01])
        >>> two.sample(5, seed=0).shape
        torch.Size([5, 2])
        >>> two.mean, two.covariance
        (tensor([0., 0.], dtype=torch.float64), tensor([[1.0100, 0.0000],
                [0.0000, 0.0100]], dtype=torch.float64))
    """

    def __init__(
        self,
        means: Tensor | Sequence[Sequence[float]],
        variances: Tensor | Sequence[float] | Sequence[Sequence[float]],
        weights: Tensor | Sequence[float] | None = None,
    ) -> None:
        self.means = torch.as_tensor(means, dtype=torch.float64)
        if self.means.ndim != 2:
            raise ValueError(f"means must have shape (K, D), not {tuple(self.means.shape)}")
        K, D = self.means.shape
        variances = torch.as_tensor(variances, dtype=torch.float64)
        if variances.shape not in ((K,), (K, D)):
            raise ValueError(
                f"variances must have shape ({K},) or ({K}, {D}), not {tuple(variances.shape)}"
            )
        weights = torch.ones(K) if weights is None else torch.as_tensor(weights)
        if weights.shape != (K,):
            raise ValueError(f"weights must have shape ({K},), not {tuple(weights.shape)}")
        if not bool((variances > 0).all() and (weights > 0).all()):
            raise ValueError("variances and weights must be positive")
        self.variances = variances.reshape(K, -1).expand(K, D)
        self.weights = weights.double() / weights.double().sum()

    @property
    def mean(self) -> Tensor:
        r"""$\mathbb{E}[x] = \sum_k w_k \mu_k$, shape `(D,)`."""
        return torch.einsum("k,...kd->...d", self.weights, self.means)

    @property
    def covariance(self) -> Tensor:
        r"""The mean of the parts' covariances and the covariance of their means, shape `(D, D)`."""
        apart = self.means - self.mean[..., None, :]
        within = torch.einsum("k,...kd->...d", self.weights, self.variances).diag_embed()
        return within + torch.einsum("k,...ki,...kj->...ij", self.weights, apart, apart)

    def sample(self, n: int, seed: int = 0) -> Tensor:
        """Draw points.

        Args:
            n: How many.
            seed: The same seed and number give the same points; not negative.

        Returns:
            Float64, shape `(n, D)`.

        Examples:
            >>> GaussianMixture([[3.0]], [1e-12]).sample(2)
            tensor([[3.0000],
                    [3.0000]], dtype=torch.float64)
        """
        rng = np.random.default_rng(seed)
        K, D = self.means.shape[-2:]
        chosen = torch.arange(n), torch.from_numpy(rng.choice(K, size=n, p=self.weights.numpy()))
        mean, variance = (each.expand(n, K, D)[chosen] for each in (self.means, self.variances))
        return mean + variance.sqrt() * torch.from_numpy(rng.standard_normal((n, D)))

    def log_prob(self, x: Tensor) -> Tensor:
        r"""Give the log-density $\log p(x)$ in nats.

        Args:
            x: Points, shape `(B, D)`.

        Returns:
            Shape `(B,)`, float64.

        Examples:
            >>> GaussianMixture([[0.0]], [1.0]).log_prob(torch.zeros(1, 1))  # -log(2 pi) / 2
            tensor([-0.9189], dtype=torch.float64)
        """
        return self._joint(x).logsumexp(dim=1)

    def score(self, x: Tensor) -> Tensor:
        r"""Give the score $\nabla_x \log p(x)$.

        $$\nabla_x \log p(x) = \sum_k p(k \mid x)\, \frac{\mu_k - x}{v_k}$$

        Args:
            x: Points, shape `(B, D)`.

        Returns:
            Shape `(B, D)`, float64.

        Examples:
            >>> GaussianMixture([[0.0]], [0.5]).score(torch.tensor([[3.0]]))
            tensor([[-6.]], dtype=torch.float64)
        """
        part = self._joint(x).softmax(dim=1)  # p(k | x), (B, K)
        pull = (self.means - x.double()[:, None]) / self.variances  # (B, K, D)
        return torch.einsum("bk,bkd->bd", part, pull)

    def diffused(self, alpha: float | Tensor, sigma: float | Tensor) -> GaussianMixture:
        r"""Give the distribution of $x_t = \alpha x_0 + \sigma \epsilon$, if $x_0$ has this one.

        Args:
            alpha: The factor of the data: a number, or one for each of B points, shape `(B,)`.
            sigma: The standard deviation of the noise, likewise.

        Returns:
            The mixture of the parts $\mathcal{N}(\alpha \mu_k, \alpha^2 v_k + \sigma^2)$. With a
            number for each point it is B mixtures, `means` of shape `(B, K, D)`: a point of a batch
            is judged by the one of its place.

        Examples:
            >>> data = GaussianMixture([[2.0]], [4.0])
            >>> diffused = data.diffused(alpha=0.5, sigma=1.0)
            >>> diffused.means.item(), diffused.variances.item()
            (1.0, 2.0)

            As a score-based model's network sees it, with a time for each point:

            >>> alpha, sigma = torch.tensor([0.5, 1.0]), torch.tensor([1.0, 0.0])
            >>> data.diffused(alpha, sigma).score(torch.tensor([[3.0], [6.0]]))
            tensor([[-1.],
                    [-1.]], dtype=torch.float64)
        """
        diffused = copy.copy(self)
        alpha, sigma = (
            torch.as_tensor(each, dtype=torch.float64)[..., None, None] for each in (alpha, sigma)
        )
        diffused.means = alpha * self.means
        diffused.variances = alpha.square() * self.variances + sigma.square()
        return diffused

    def _joint(self, x: Tensor) -> Tensor:
        """Return the log of each part's weight times its density, shape `(B, K)`."""
        if x.ndim != 2 or x.shape[1] != self.means.shape[-1]:
            expected = f"(B, {self.means.shape[-1]})"
            raise ValueError(f"points must have shape {expected}, not {tuple(x.shape)}")
        squares = (x.double()[:, None] - self.means).square() / self.variances  # (B, K, D)
        logs = squares + self.variances.log() + math.log(2 * math.pi)
        return self.weights.log() - logs.sum(dim=2) / 2
