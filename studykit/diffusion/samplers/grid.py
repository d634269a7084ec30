r"""The times that a sampler with a fixed number of steps visits.

A process is a clock: what happens between two times depends on the noise at both alone. Scaled back
to the size of the data, $\bar{x} = x_t / \alpha(t)$, every process is $x_0$ plus noise of standard
deviation

$$\bar\sigma(t) = \frac{\sigma(t)}{\alpha(t)}, \qquad \lambda(t) = -\log \bar\sigma(t)$$

with $2 \lambda$ the logarithm of the signal-to-noise ratio. Steps can be even in any of them.

References:
    Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver: A Fast ODE Solver for Diffusion Probabilistic Model
    Sampling in Around 10 Steps. NeurIPS 2022. arXiv:2206.00927.
    Karras, Aittala, Aila, Laine: Elucidating the Design Space of Diffusion-Based Generative Models.
    NeurIPS 2022. arXiv:2206.00364.
"""

from __future__ import annotations

from typing import Literal, get_args

import torch
from torch import Tensor

from studykit.diffusion.sdes import SDE

__all__ = ["Spacing", "grid", "relative_sigma", "time_at"]

Spacing = Literal["time", "logsnr", "karras"]


def grid(sde: SDE, steps: int, spacing: Spacing = "time") -> Tensor:
    r"""Choose the times.

    Args:
        sde: The process.
        steps: How many, at least 1.
        spacing: What is evenly spaced: `"time"`, the SDE's own choice (`SDE.times`); `"logsnr"`,
            $\log \bar\sigma$; `"karras"`, $\bar\sigma^{1/7}$, which lies between $\log \bar\sigma$
            and $\bar\sigma$ and so spends fewer steps where there is little noise. Even times end
            with a step that is long in $\log \bar\sigma$: multistep methods want another spacing.

    Returns:
        Times from $T$ down to `sde.eps`, shape `(steps,)`, float64.

    Raises:
        ValueError: If `steps` or `spacing` is none that the process has.

    Source: Lu, Zhou et al. (2022), section 3.3, for `"logsnr"`; Karras et al. (2022), Eq. 5 with
        $\rho = 7$, for `"karras"`.

    Examples:
        >>> from studykit.diffusion.sdes import VESDE
        >>> sde = VESDE(sigma_min=1, sigma_max=1000, eps=0.5)
        >>> relative_sigma(sde, grid(sde, 3, "logsnr")).round(decimals=1)
        tensor([1000.0000,  177.8000,   31.6000], dtype=torch.float64)
    """
    if spacing not in get_args(Spacing):
        raise ValueError(f"spacing must be one of {list(get_args(Spacing))}, not {spacing!r}")
    times = sde.times(steps)
    if spacing == "time" or steps < 3:
        return times
    most, least = relative_sigma(sde, times[[0, -1]])
    share = torch.linspace(0, 1, steps, dtype=torch.float64)
    if spacing == "logsnr":
        sigma = most.log().lerp(least.log(), share).exp()
    else:
        sigma = most.pow(1 / 7).lerp(least.pow(1 / 7), share).pow(7)
    return torch.cat([times[:1], time_at(sde, sigma[1:-1]), times[-1:]])


def relative_sigma(sde: SDE, t: Tensor) -> Tensor:
    r"""Give the noise for each unit of data, $\bar\sigma(t) = \sigma(t) / \alpha(t)$.

    Args:
        sde: The process.
        t: Times in $[0, T]$, shape `(B,)`.

    Returns:
        Shape `(B,)`, float64 on the CPU; it grows with $t$.

    Source: Karras et al. (2022), Appendix B (there $\sigma$, with $s = \alpha$).

    Examples:
        >>> from studykit.diffusion.sdes import VPSDE
        >>> relative_sigma(VPSDE(), torch.ones(1))
        tensor([152.1670], dtype=torch.float64)
    """
    return sde.sigma(t) / sde.alpha(t)


def time_at(sde: SDE, sigma: Tensor) -> Tensor:
    r"""Find the times at which $\bar\sigma(t)$ has given values: the inverse of `relative_sigma`.

    Args:
        sde: The process.
        sigma: Values of $\bar\sigma$ that it takes between 0 and $T$, shape `(N,)`.

    Returns:
        Shape `(N,)`, float64.

    Examples:
        >>> from studykit.diffusion.sdes import VPSDE
        >>> time_at(VPSDE(), relative_sigma(VPSDE(), torch.tensor([0.25])))
        tensor([0.2500], dtype=torch.float64)
    """
    low, width = torch.zeros(len(sigma), 1, dtype=torch.float64), sde.T
    # No process has to know its inverse. A round finds the digit that follows, in base 1024: one
    # look at a row of times costs no more than a look at one of them.
    digits = torch.arange(1024, dtype=torch.float64)
    for _ in range(5):
        width /= 1024
        row = low + digits * width
        below = relative_sigma(sde, row.flatten()).reshape(row.shape) < sigma[:, None]
        low += width * (below.sum(dim=1, keepdim=True) - 1).clamp(min=0)
    return low[:, 0] + width / 2
