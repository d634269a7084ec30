r"""Heun's method for the probability flow, after "EDM".

References:
    Karras, Aittala, Aila, Laine: Elucidating the Design Space of Diffusion-Based Generative Models.
    NeurIPS 2022. arXiv:2206.00364.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from torch import Tensor

from studykit.diffusion.model import Diffusion
from studykit.diffusion.samplers.grid import Spacing, grid, relative_sigma
from studykit.diffusion.samplers.run import Run, walk
from studykit.noise import Noise

__all__ = ["heun"]


def heun(
    model: Diffusion,
    shape: Sequence[int],
    steps: int = 18,
    *,
    spacing: Spacing = "karras",
    **run: Unpack[Run],
) -> Tensor:
    r"""Follow the probability flow with the mean of the slopes at both ends of a step.

    In $\bar{x} = x / \alpha(t)$ and $\bar\sigma = \sigma(t) / \alpha(t)$ the probability flow of
    every process is the same equation,

    $$\frac{d\bar{x}}{d\bar\sigma} = d(\bar{x}, \bar\sigma)
    = \frac{\bar{x} - \hat{x}_0}{\bar\sigma}$$

    with the denoised state $\hat{x}_0$, and a step of order 2 from $\bar\sigma_t$ to $\bar\sigma_s$
    is

    $$\bar{x}' = \bar{x}_t + (\bar\sigma_s - \bar\sigma_t)\, d(\bar{x}_t, \bar\sigma_t), \qquad
    \bar{x}_s = \bar{x}_t + \frac{\bar\sigma_s - \bar\sigma_t}{2}
    \left(d(\bar{x}_t, \bar\sigma_t) + d(\bar{x}', \bar\sigma_s)\right)$$

    The last step, to $\bar\sigma = 0$, is Euler's, which is the denoising step.

    Args:
        model: The process and its score.
        shape: The shape of the samples, `(B, ...)`.
        steps: How many times to visit; the network is evaluated `2 * steps - 1` times.
        spacing: What the times are evenly spaced in; see `grid`. The default is the paper's.
        run: See `Run`.

    Returns:
        The samples, of shape `shape`.

    Raises:
        ValueError: If `steps` or `spacing` is out of its range.

    Source: Karras et al. (2022), Algorithm 1 and Eq. 4.

    Examples:
        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.sdes import VPSDE
        >>> model = ScoreModel(VPSDE(), lambda x, t: -x)  # of the data N(0, I)
        >>> round(heun(model, (10_000, 2), steps=20).std().item(), 1)
        1.0
    """
    sde = model.sde

    def move(x: Tensor, t: Tensor, s: Tensor, noise: Noise) -> Tensor:  # noqa: ARG001
        alpha_t, alpha_s = sde.alpha(t[:1]).item(), sde.alpha(s[:1]).item()
        sigma_t, sigma_s = relative_sigma(sde, t[:1]).item(), relative_sigma(sde, s[:1]).item()
        x_bar = x / alpha_t
        d_t = (x_bar - model.denoise(x, t)) / sigma_t
        euler = x_bar + (sigma_s - sigma_t) * d_t
        d_s = (euler - model.denoise(alpha_s * euler, s)) / sigma_s
        return alpha_s * (x_bar + (sigma_s - sigma_t) / 2 * (d_t + d_s))

    return walk(model, shape, grid(sde, steps, spacing), lambda: move, **run)
