r"""Noise schedules: how much noise each step of the forward process adds.

A schedule is the sequence $\beta_1, \ldots, \beta_T$ of

$$q(x_t \mid x_{t-1}) = \mathcal{N}\left(x_t;\ \sqrt{1 - \beta_t}\, x_{t-1},\ \beta_t I\right)$$

and what follows from it, $\alpha_t = 1 - \beta_t$ and $\bar\alpha_t = \prod_{s=1}^{t} \alpha_s$.

**The index is the paper's.** Steps are $t = 1 \ldots T$ and position 0 of every table is the clean
data: $\beta_0 = 0$ and $\bar\alpha_0 = 1$. So $\bar\alpha_{t-1}$ is `alpha_bar[t - 1]` for every
step, the first one included.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Nichol, Dhariwal: Improved Denoising Diffusion Probabilistic Models. ICML 2021.
    arXiv:2102.09672.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["Schedule", "cosine_schedule", "linear_schedule"]


class Schedule:
    r"""The tables of a discrete noise schedule.

    The tables stay in double precision on the CPU: $\bar\alpha_T$ is a product of a thousand
    factors near 1, and $1 - \bar\alpha_1$ a small difference; both lose digits in single precision.

    Args:
        beta: The variances $\beta_1 \ldots \beta_T$, each in (0, 1), shape `(T,)`.

    Attributes:
        beta: $\beta_t$ at position $t$, with $\beta_0 = 0$; shape `(T + 1,)`, float64.
        alpha: $\alpha_t = 1 - \beta_t$, shape `(T + 1,)`, float64.
        alpha_bar: $\bar\alpha_t = \prod_{s \le t} \alpha_s$, with $\bar\alpha_0 = 1$; shape
            `(T + 1,)`, float64.

    Raises:
        ValueError: If `beta` is empty or a value lies outside (0, 1).

    Source: Ho et al. (2020), Eq. 2 and the text above Eq. 4.

    Examples:
        >>> schedule = Schedule([0.5, 0.5])
        >>> schedule.T, schedule.alpha_bar.tolist()
        (2, [1.0, 0.5, 0.25])
    """

    def __init__(self, beta: Sequence[float] | Tensor) -> None:
        steps = torch.as_tensor(beta, dtype=torch.float64, device="cpu")
        if steps.ndim != 1 or len(steps) == 0 or not bool(((steps > 0) & (steps < 1)).all()):
            raise ValueError(f"beta must be a row of values in (0, 1), not {beta!r}")
        self.beta = torch.cat([steps.new_zeros(1), steps])
        self.alpha = 1 - self.beta
        self.alpha_bar = self.alpha.cumprod(0)

    @property
    def T(self) -> int:  # noqa: N802  (the paper's name)
        """The number of steps."""
        return len(self.beta) - 1


def linear_schedule(T: int = 1000, beta_1: float = 1e-4, beta_T: float = 0.02) -> Schedule:
    r"""Let $\beta_t$ grow linearly from $\beta_1$ to $\beta_T$.

    Args:
        T: Number of steps.
        beta_1: Variance of the first step.
        beta_T: Variance of the last step. With the defaults $\bar\alpha_T \approx 4 \cdot 10^{-5}$:
            nothing of the data is left. A shorter schedule needs a larger one.

    Returns:
        The schedule.

    Raises:
        ValueError: If `T` is below 1 or a variance outside (0, 1).

    Source: Ho et al. (2020), section 4.

    Examples:
        >>> schedule = linear_schedule()
        >>> schedule.beta[1].item(), schedule.beta[1000].item()
        (0.0001, 0.02)
    """
    return Schedule(torch.linspace(beta_1, beta_T, T, dtype=torch.float64))


def cosine_schedule(T: int = 1000, s: float = 0.008, beta_max: float = 0.999) -> Schedule:
    r"""Let $\bar\alpha_t$ fall like a squared cosine: slowly at both ends.

    $$\bar\alpha_t = \frac{f(t)}{f(0)}, \quad
    f(t) = \cos^2\left(\frac{t / T + s}{1 + s} \cdot \frac{\pi}{2}\right), \qquad
    \beta_t = \min\left(1 - \frac{\bar\alpha_t}{\bar\alpha_{t-1}},\ \beta_\text{max}\right)$$

    Args:
        T: Number of steps.
        s: Keeps the first variances from vanishing: the noise of the first step is about as large
            as the distance between two of the 256 levels of a pixel.
        beta_max: The largest variance; without it the last would be 1.

    Returns:
        The schedule.

    Raises:
        ValueError: If `T` is below 1 or a variance outside (0, 1).

    Source: Nichol, Dhariwal (2021), Eq. 17.

    Examples:
        >>> cosine_schedule().alpha_bar[500].round(decimals=2)
        tensor(0.4900, dtype=torch.float64)
    """
    angle = (torch.linspace(0, 1, T + 1, dtype=torch.float64) + s) / (1 + s) * math.pi / 2
    f = angle.cos().square()
    return Schedule((1 - f[1:] / f[:-1]).clamp(max=beta_max))
