r"""The variational bound of a DDPM, term by term.

$$-\log p_\theta(x_0) \le \underbrace{D_\text{KL}(q(x_T \mid x_0) \,\|\, p(x_T))}_{L_T}
+ \sum_{t > 1} \underbrace{D_\text{KL}(q(x_{t-1} \mid x_t, x_0) \,\|\,
p_\theta(x_{t-1} \mid x_t))}_{L_{t-1}} \underbrace{- \log p_\theta(x_0 \mid x_1)}_{L_0}$$

with expectations over $q$. Every term but the last compares two Gaussians; the last is the
probability of a grey level, so the bound counts the bits of a lossless code for the image.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Nichol, Dhariwal: Improved Denoising Diffusion Probabilistic Models. ICML 2021.
    arXiv:2102.09672.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import torch
from torch import Tensor

from studykit.diffusion.tensors import like
from studykit.noise import Noise

if TYPE_CHECKING:
    from studykit.diffusion.ddpm import DDPM

__all__ = ["Bound", "bound_term", "discretized_log_likelihood", "gaussian_kl", "variational_bound"]


class Bound(NamedTuple):
    r"""The variational bound of each example, in bits per dimension.

    Attributes:
        total: $L_T + \sum_t L_{t-1} + L_0$, shape `(B,)`.
        L_T: The prior's term, shape `(B,)`.
        L: The terms $L_0, L_1, \ldots, L_{T-1}$ at positions $0 \ldots T - 1$, shape `(B, T)`;
            NaN where a term was not drawn.
        std_error: Standard error of the batch's mean of `total` that comes from drawing only some
            of the terms and from averaging over this many examples; a number.

    Source: Ho et al. (2020), Eq. 5.
    """

    total: Tensor
    L_T: Tensor
    L: Tensor
    std_error: float


@torch.no_grad()
def variational_bound(
    ddpm: DDPM,
    x_0: Tensor,
    *,
    levels: int = 256,
    cdf: Literal["exact", "tanh"] = "exact",
    steps: int | None = None,
    seed: int = 0,
) -> Bound:
    r"""Bound the negative log likelihood of images from above.

    Args:
        ddpm: The model.
        x_0: Pixels on a grid of grey levels in [-1, 1], shape `(B, ...)`.
        levels: How many grey levels the grid has: 256 for 8 bits.
        cdf: How the decoder computes the normal distribution function; see
            `discretized_log_likelihood`.
        steps: How many of the $T$ terms to draw for each example, spread evenly: the sum over the
            drawn ones, scaled, is an unbiased estimate. By default all.
        seed: The source of noise.

    Returns:
        The bound in bits per dimension. $L_T$ is exact; the other terms are estimates from one draw
        of $x_t$ each.

    Raises:
        ValueError: If `steps` is not in $1 \ldots T$.

    Source: Ho et al. (2020), Eqs. 3 and 5, with the decoder of Eq. 13.

    Examples:
        >>> from studykit.diffusion.ddpm import DDPM
        >>> from studykit.diffusion.schedules import linear_schedule
        >>> ddpm = DDPM(lambda x_t, t: 0 * x_t, linear_schedule(T=10, beta_T=0.9))
        >>> bound = variational_bound(ddpm, torch.zeros(3, 1, 8, 8))
        >>> bound.total.shape, bound.L.shape
        (torch.Size([3]), torch.Size([3, 10]))
    """
    T, B = ddpm.schedule.T, len(x_0)
    steps = T if steps is None else steps
    if not 1 <= steps <= T:
        raise ValueError(f"steps must be in 1..{T}, not {steps}")
    noise = Noise([seed], B)
    alpha_bar = ddpm.schedule.alpha_bar[T].expand(B)
    variance = like(1 - alpha_bar, x_0)
    prior = gaussian_kl(like(alpha_bar.sqrt(), x_0) * x_0, variance, 0 * x_0, 1 + 0 * variance)
    bits = 1 / (math.log(2) * x_0[0].numel())
    L = torch.full((B, T), math.nan, dtype=torch.float64)
    rows = torch.arange(B)
    total = torch.zeros(B, dtype=torch.float64)
    for stratum in range(steps):
        # One step from each of `steps` strata of equal size (in expectation, if T is no multiple).
        position = (
            (stratum + noise.uniform()) / steps if steps < T else torch.full((B,), stratum / T)
        )
        t = 1 + (position * T + 1e-9).long().clamp(max=T - 1)
        x_t = ddpm.q_sample(x_0, t, noise.normal(x_0.shape[1:]).to(x_0))
        mean, variance = ddpm.p_mean_variance(x_t, t)
        term = bits * bound_term(ddpm, x_0, x_t, t, mean, variance, levels, cdf).double().cpu()
        L[rows, t - 1] = term
        total += term * T / steps
    prior = bits * prior.double().cpu()
    total = total + prior
    error = total.std().item() / math.sqrt(B) if B > 1 else math.nan
    return Bound(total, prior, L, error)


def bound_term(
    ddpm: DDPM,
    x_0: Tensor,
    x_t: Tensor,
    t: Tensor,
    mean: Tensor,
    variance: Tensor,
    levels: int = 256,
    cdf: Literal["exact", "tanh"] = "exact",
) -> Tensor:
    r"""Give $L_{t-1}$: a reverse step's divergence from the true one, or the decoder at $t = 1$.

    Args:
        ddpm: The model; only its forward process is used.
        x_0: Data, shape `(B, ...)`.
        x_t: The data at step $t$, shaped as `x_0`.
        t: Steps in $1 \ldots T$, shape `(B,)`.
        mean: The reverse step's mean $\mu_\theta(x_t, t)$, shaped as `x_0`.
        variance: The reverse step's variance $\sigma_t^2$, shape `(B, 1, ..., 1)` or as `x_0`.
        levels: Grey levels of the data's grid on [-1, 1].
        cdf: See `discretized_log_likelihood`.

    Returns:
        Nats, summed over an example's elements, shape `(B,)`. With $\sigma_t^2 = \tilde\beta_t$ and
        $t > 1$ it is $\|\tilde\mu_t - \mu_\theta\|^2 / (2 \sigma_t^2)$ (Eq. 8), which is
        $\frac{\beta_t^2}{2 \sigma_t^2 \alpha_t (1 - \bar\alpha_t)} \|\epsilon -
        \epsilon_\theta\|^2$ (Eq. 12); with another variance a constant is added.

    Source: Ho et al. (2020), Eqs. 5, 8, 10 and 12.

    Examples:
        >>> from studykit.diffusion.ddpm import DDPM
        >>> ddpm = DDPM(lambda x_t, t: 0 * x_t)
        >>> x_0, x_t, t = torch.zeros(1, 4), torch.ones(1, 4), torch.tensor([500])
        >>> bound_term(ddpm, x_0, x_t, t, *ddpm.q_posterior(x_0, x_t, t))
        tensor([0.])
    """
    true_mean, true_variance = ddpm.q_posterior(x_0, x_t, t)
    first = like(t == 1, x_0).bool()
    # The first step's true variance is 0; its divergence is not used.
    kl = gaussian_kl(true_mean, torch.where(first, variance, true_variance), mean, variance)
    if not bool(first.any()):
        return kl
    decoder = -discretized_log_likelihood(x_0, mean, variance, levels, cdf).flatten(1).sum(dim=1)
    return torch.where(first.flatten(), decoder, kl)


def gaussian_kl(mean_1: Tensor, variance_1: Tensor, mean_2: Tensor, variance_2: Tensor) -> Tensor:
    r"""Give $D_\text{KL}(\mathcal{N}(\mu_1, \sigma_1^2) \,\|\, \mathcal{N}(\mu_2, \sigma_2^2))$.

    $$\frac12 \sum \left(\log \frac{\sigma_2^2}{\sigma_1^2} - 1 + \frac{\sigma_1^2}{\sigma_2^2}
    + \frac{(\mu_1 - \mu_2)^2}{\sigma_2^2}\right)$$

    Args:
        mean_1: Shape `(B, ...)`.
        variance_1: Shape `(B, 1, ..., 1)` or as `mean_1`.
        mean_2: Shaped as `mean_1`.
        variance_2: Shape `(B, 1, ..., 1)` or as `mean_1`.

    Returns:
        Nats, summed over an example's elements, shape `(B,)`.

    Source: Kingma, Welling (2014), Appendix B (arXiv:1312.6114), where one is $\mathcal{N}(0, I)$.

    Examples:
        >>> gaussian_kl(torch.zeros(1, 2), torch.ones(1, 1), torch.ones(1, 2), torch.ones(1, 1))
        tensor([1.])
    """
    ratio = variance_1 / variance_2
    # log1p keeps the digits of two variances that nearly agree, as those of a fine chain do.
    spread = ratio - 1 - torch.log1p(ratio - 1)
    each = 0.5 * (spread + (mean_1 - mean_2).square() / variance_2)
    return each.flatten(1).sum(dim=1)


def discretized_log_likelihood(
    x_0: Tensor,
    mean: Tensor,
    variance: Tensor,
    levels: int = 256,
    cdf: Literal["exact", "tanh"] = "exact",
) -> Tensor:
    r"""Give the log probability of each pixel's grey level under a Gaussian.

    $$p_\theta(x_0 \mid x_1) = \int_{\delta_-(x_0)}^{\delta_+(x_0)}
    \mathcal{N}(x;\ \mu_\theta, \sigma_1^2)\, dx$$

    The bounds are half a level below and above $x_0$; the darkest level reaches down to $-\infty$
    and the brightest up to $\infty$, so that the levels' probabilities sum to 1.

    Args:
        x_0: Pixels on the grid of grey levels in [-1, 1], shape `(B, ...)`.
        mean: Shaped as `x_0`.
        variance: Shape `(B, 1, ..., 1)` or as `x_0`.
        levels: How many grey levels; their distance is $2 / (\text{levels} - 1)$.
        cdf: `"exact"`: the normal distribution function, in logarithms, so that no probability
            becomes 0. `"tanh"`: the approximation of the paper's code, with its floor of
            $10^{-12}$, to compare with published numbers.

    Returns:
        Nats, shaped as `x_0`, at most 0.

    Raises:
        ValueError: If `levels` is below 2 or `cdf` is neither.

    Source: Ho et al. (2020), Eq. 13.

    Examples:
        >>> grid = torch.linspace(-1, 1, 17)[:, None]
        >>> log_p = discretized_log_likelihood(grid, 0.3 + 0 * grid, 0.1 + 0 * grid, levels=17)
        >>> log_p.exp().sum().round(decimals=5)
        tensor(1.)
    """
    if levels < 2 or cdf not in ("exact", "tanh"):
        raise ValueError(f"expected 2 levels or more and 'exact' or 'tanh', not {levels}, {cdf!r}")
    std = variance.sqrt()
    half = 1 / (levels - 1)
    below, above = (x_0 - half - mean) / std, (x_0 + half - mean) / std
    darkest, brightest = x_0 < -1 + half, x_0 > 1 - half
    if cdf == "tanh":
        lower, upper = _tanh_cdf(below), _tanh_cdf(above)
        inner = (upper - lower).clamp(min=1e-12).log()
        first, last = upper.clamp(min=1e-12).log(), (1 - lower).clamp(min=1e-12).log()
    else:
        first, last = torch.special.log_ndtr(above), torch.special.log_ndtr(-below)
        # The upper tail is the mirrored lower one, where the logarithms keep their digits.
        mirrored = below > 0
        lower = torch.where(mirrored, -above, below)
        upper = torch.where(mirrored, -below, above)
        log_lower, log_upper = torch.special.log_ndtr(lower), torch.special.log_ndtr(upper)
        inner = log_upper + torch.log(-torch.expm1(log_lower - log_upper))
    return torch.where(darkest, first, torch.where(brightest, last, inner))


def _tanh_cdf(x: Tensor) -> Tensor:
    return 0.5 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
