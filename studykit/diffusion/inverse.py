r"""Data that fit a measurement: inpainting, colorisation, any linear measurement.

Known is $y = A x_0$, or $y = A x_0 + \text{std} \cdot n$ with $n \sim \mathcal{N}(0, I)$: some of
the pixels, the grey image, a blurred one. Wanted are draws of $p(x_0 \mid y)$ from a model of
$p(x_0)$. All that a sampler needs for it is $\mathbb{E}[x_0 \mid x_t, y]$ in place of
$\hat{x}_0 = \mathbb{E}[x_0 \mid x_t]$. If $p(x_0 \mid x_t)$ is taken to be a Gaussian of covariance
$V$, that is the estimate of Kalman's filter:

$$\mathbb{E}[x_0 \mid x_t, y] = \hat{x}_0
+ V A^\top \left(A V A^\top + \text{std}^2 I\right)^{-1} (y - A \hat{x}_0)$$

**Moments.** A model that knows $\hat{x}_0$ knows $V$ as well, by Tweedie's formula for the
covariance:

$$V = \operatorname{Cov}[x_0 \mid x_t]
= \frac{\sigma^2}{\alpha} \frac{\partial \hat{x}_0}{\partial x_t}$$

So what is known of some pixels spreads to those that vary with them. For Gaussian data that is
exact; for others it is the closer, the less noise there is. It takes backward passes.

**Replacement.** With $V = I$ and $\text{std} = 0$ it is the pseudo-inverse, which puts $y$ where it
is known and leaves the rest:

$$\mathbb{E}[x_0 \mid x_t, y] \approx \hat{x}_0 + A^+ (y - A \hat{x}_0)$$

The score of the known part of $x_t$ is then that of $\mathcal{N}(\alpha y, \sigma^2 I)$, and from
there a sampler draws it: it is the paper's method, which replaces the known part of $x_t$ by a
noisy $y$ (Appendix I.2), with the sampler's own noise in place of new noise in each step.
Colorisation's orthogonal decoupling (I.3) is the case that $A$ is the mean of the channels.

Replacement **is biased**, which the paper's approximation (Eq. 14) hides: the unknown part is
denoised as if the known part of $x_t$ were all that is known of $y$. With two standard normal
numbers of correlation 0.9, one of them known to be 2, the other has the mean 1.8 and the variance
0.19. Moments finds that with any sampler; replacement finds 0.88 and 0.52 by the probability flow,
1.24 and 0.35 by ancestral sampling, 1.43 and 0.29 with a Langevin step at each time besides.

Either way a conditioned model is a `Diffusion`, and any sampler works with it. Its last step takes
the noise from the unknown part as from the known one. If $y$ is exact the known part is then $y$.

References:
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
    Wang, Yu, Zhang: Zero-Shot Image Restoration Using Denoising Diffusion Null-Space Model. ICLR
    2023. arXiv:2212.00490.
    Rozet, Andry, Lanusse, Louppe: Learning Diffusion Priors from Observations by Expectation
    Maximization. NeurIPS 2024. arXiv:2405.13712.
    Boys, Girolami, Pidstrigach, Reich, Mosca, Akyildiz: Tweedie Moment Projected Diffusions for
    Inverse Problems. TMLR 2024. arXiv:2310.06721.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Literal

import torch
from torch import Tensor

from studykit.diffusion.guidance import Corrected
from studykit.diffusion.model import Diffusion
from studykit.diffusion.tensors import like

__all__ = ["Grey", "LinearMeasurement", "Mask", "Matrix", "conditioned"]


class LinearMeasurement(ABC):
    r"""A linear map $A$ from data to what is measured of them."""

    @abstractmethod
    def __call__(self, x: Tensor) -> Tensor:
        r"""Measure.

        Args:
            x: Data, shape `(B, ...)`.

        Returns:
            $A x$, shape `(B, ...)`.
        """

    @abstractmethod
    def adjoint(self, y: Tensor) -> Tensor:
        r"""Apply the transposed map.

        Args:
            y: Measurements, shape `(B, ...)`.

        Returns:
            $A^\top y$, shaped as data.
        """

    @abstractmethod
    def pinv(self, y: Tensor) -> Tensor:
        r"""Give the smallest data with this measurement.

        Args:
            y: Measurements, shape `(B, ...)`.

        Returns:
            $A^+ y$, shaped as data.
        """


class Mask(LinearMeasurement):
    r"""Some of the pixels are known: inpainting.

    A measurement is shaped as the data, and 0 where they are unknown.

    Args:
        known: Whether a pixel is known, booleans of a shape that broadcasts to an example's.

    Source: Song et al. (2021), Appendix I.2.

    Examples:
        >>> Mask(torch.tensor([True, False]))(torch.tensor([[3.0, 4.0]]))
        tensor([[3., 0.]])
    """

    def __init__(self, known: Tensor) -> None:
        self.known = known.bool()

    def __call__(self, x: Tensor) -> Tensor:  # noqa: D102  (as in LinearMeasurement)
        return torch.where(self.known.to(x.device), x, 0)

    def adjoint(self, y: Tensor) -> Tensor:  # noqa: D102
        return self(y)

    def pinv(self, y: Tensor) -> Tensor:  # noqa: D102
        return self(y)


class Grey(LinearMeasurement):
    r"""The mean of the channels is known: colorisation.

    A measurement has one channel. The known part of an image is its grey image in every channel,
    orthogonal to the rest.

    Args:
        channels: How many channels the data have, on axis 1.

    Source: Song et al. (2021), Appendix I.3.

    Examples:
        >>> Grey()(torch.tensor([1.0, 2.0, 6.0]).reshape(1, 3, 1, 1)).flatten()
        tensor([3.])
    """

    def __init__(self, channels: int = 3) -> None:
        self.channels = channels

    def __call__(self, x: Tensor) -> Tensor:  # noqa: D102  (as in LinearMeasurement)
        return x.mean(dim=1, keepdim=True)

    def adjoint(self, y: Tensor) -> Tensor:  # noqa: D102
        return self.pinv(y) / self.channels

    def pinv(self, y: Tensor) -> Tensor:  # noqa: D102
        return y.repeat_interleave(self.channels, dim=1)


class Matrix(LinearMeasurement):
    r"""Any linear map, as a matrix that multiplies the flattened example.

    Args:
        A: The matrix, shape `(M, D)`.
        shape: The shape of an example, of $D$ elements in all; by default `(D,)`.

    Raises:
        ValueError: If the shapes do not fit.

    Source: Song et al. (2021), Appendix I.4.

    Examples:
        >>> total = Matrix(torch.ones(1, 4), shape=(1, 2, 2))
        >>> total(torch.ones(1, 1, 2, 2)), total.pinv(torch.tensor([[4.0]])).flatten()
        (tensor([[4.]]), tensor([1., 1., 1., 1.]))
    """

    def __init__(self, A: Tensor, shape: Sequence[int] | None = None) -> None:
        self.shape = tuple(A.shape[1:] if shape is None else shape)
        if A.ndim != 2 or A.shape[1] != math.prod(self.shape):
            raise ValueError(f"A has shape {tuple(A.shape)}, the data {self.shape}")
        self.A = A.cpu().double()
        self._pinv = torch.linalg.pinv(self.A)

    def __call__(self, x: Tensor) -> Tensor:  # noqa: D102  (as in LinearMeasurement)
        return x.flatten(1) @ self.A.to(x.dtype).to(x.device).mT

    def adjoint(self, y: Tensor) -> Tensor:  # noqa: D102
        x: Tensor = y @ self.A.to(y.dtype).to(y.device)
        return x.reshape(-1, *self.shape)

    def pinv(self, y: Tensor) -> Tensor:  # noqa: D102
        x: Tensor = y @ self._pinv.to(y.dtype).to(y.device).mT
        return x.reshape(-1, *self.shape)


def conditioned(
    model: Diffusion,
    measurement: LinearMeasurement,
    y: Tensor,
    *,
    std: float = 0.0,
    method: Literal["moments", "replacement"] = "moments",
    iterations: int = 5,
) -> Diffusion:
    r"""Condition a model on a measurement.

    Args:
        model: The model of $p(x_0)$.
        measurement: $A$.
        y: What was measured, shape `(B, ...)`, one for each sample; or `(1, ...)`, one for all.
        std: The standard deviation of the noise in $y$; 0 if $y$ is exact.
        method: `"moments"` or `"replacement"`; see the module's text. The second one is the
            paper's; it is biased, takes only exact measurements, and is cheap.
        iterations: For `"moments"`, steps of the conjugate gradients that solve the linear system,
            and backward passes less one for each evaluation. As many as $y$ has elements solve it
            exactly; a few take in most of it.

    Returns:
        The conditioned model.

    Raises:
        ValueError: If an argument is out of its range, or, when sampling, `y` fits not the samples.

    Source: Song et al. (2021), section 5 and Appendix I; Rozet et al. (2024), section 4.2, for
        `"moments"`; Wang et al. (2023), Eq. 13, for `"replacement"` in this form.

    Examples:
        Of two numbers that are nearly equal one is known:

        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.samplers import heun
        >>> from studykit.diffusion.sdes import VPSDE
        >>> sde, covariance = VPSDE(), torch.tensor([[1.0, 0.99], [0.99, 1.0]])
        >>> def score(x, t):
        ...     alpha, sigma = sde.alpha(t)[0].item(), sde.sigma(t)[0].item()
        ...     return -x @ torch.linalg.inv(alpha**2 * covariance + sigma**2 * torch.eye(2))
        >>> first = Mask(torch.tensor([True, False]))
        >>> model = conditioned(ScoreModel(sde, score), first, torch.tensor([[2.0, 0.0]]))
        >>> heun(model, (1000, 2), steps=20).mean(dim=0).round(decimals=1)
        tensor([2., 2.])
    """
    if method not in ("moments", "replacement"):
        raise ValueError(f"method must be 'moments' or 'replacement', not {method!r}")
    if std < 0 or iterations < 1:
        raise ValueError(f"std must not be negative and iterations at least 1: {std}, {iterations}")
    if method == "moments":
        return _Moments(model, measurement, y, std, iterations)
    if std > 0:
        raise ValueError("replacement takes y as exact: use method='moments'")
    return _Replacement(model, measurement, y)


class _Replacement(Corrected):
    def __init__(self, model: Diffusion, measurement: LinearMeasurement, y: Tensor) -> None:
        super().__init__(model)
        self.measurement, self.known = measurement, measurement.pinv(y)

    def correct(self, x: Tensor, t: Tensor, x_0: Tensor) -> Tensor:  # noqa: ARG002
        self.check(x)
        # In this order a known pixel is y to the last digit.
        return x_0 - self.measurement.pinv(self.measurement(x_0)) + self.known.to(x_0)

    def check(self, x: Tensor) -> None:
        if self.known.shape[1:] != x.shape[1:] or len(self.known) not in (1, len(x)):
            raise ValueError(
                f"y belongs to samples of shape {tuple(self.known.shape)}, not {tuple(x.shape)}"
            )


class _Moments(_Replacement):
    def __init__(
        self,
        model: Diffusion,
        measurement: LinearMeasurement,
        y: Tensor,
        std: float,
        iterations: int,
    ) -> None:
        super().__init__(model, measurement, y)
        self.y, self.std, self.iterations = measurement(self.known), std, iterations

    def correct(self, x: Tensor, t: Tensor, x_0: Tensor) -> Tensor:
        self.check(x)
        A, A_T = self.measurement, self.measurement.adjoint
        of_jacobian = like(self.sde.sigma(t).square() / self.sde.alpha(t), x)

        def covariance(v: Tensor) -> Tensor:
            return of_jacobian * torch.autograd.grad(x_0, x, v, retain_graph=True)[0]

        def covariance_of_y(v: Tensor) -> Tensor:
            return A(covariance(A_T(v))) + self.std**2 * v

        estimate = x_0.detach()
        gap = self.y.to(x_0) - A(estimate)
        estimate = estimate + covariance(A_T(_solve(covariance_of_y, gap, self.iterations)))
        # What the iterations left open; 0 but for rounding where they solved the system.
        return super().correct(x, t, estimate) if self.std == 0 else estimate

    def denoise(self, x: Tensor, t: Tensor) -> Tensor:
        with torch.enable_grad():
            return super().denoise(_leaf(x), t).detach()

    def eps(self, x: Tensor, t: Tensor) -> Tensor:
        with torch.enable_grad():
            return super().eps(_leaf(x), t).detach()

    def reverse_transition(self, x: Tensor, t: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
        # Not as in Corrected: an x_0 that is worked out from the mean has too few digits left for
        # its derivative.
        mean, _ = self.sde.posterior(self.denoise(x, t), x, t, s)
        return mean, self.model.reverse_transition(x, t, s)[1]


def _leaf(x: Tensor) -> Tensor:
    """Return `x` as what a derivative can be taken by."""
    if torch.is_grad_enabled() and x.requires_grad:
        raise ValueError("a model conditioned by moments cannot be differentiated")
    return x.detach().requires_grad_()


def _solve(apply: Callable[[Tensor], Tensor], b: Tensor, iterations: int) -> Tensor:
    """Solve M v = b for each example by conjugate gradients; M is symmetric and positive."""
    v, residual, direction = torch.zeros_like(b), b, b
    size = _dot(residual, residual)
    for _ in range(iterations):
        image = apply(direction)
        # Where nothing is left to solve, 0 / 0 stands for 0. A network's V may not be positive.
        step = (size / _dot(direction, image)).nan_to_num(0, 0, 0).clamp(min=0)
        v, residual = v + step * direction, residual - step * image
        new_size = _dot(residual, residual)
        direction = residual + (new_size / size).nan_to_num(0, 0, 0) * direction
        size = new_size
    return v


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return like((a * b).flatten(1).sum(dim=1), a)
