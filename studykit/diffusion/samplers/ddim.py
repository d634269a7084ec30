r"""DDIM: the same marginals with less noise in the steps, down to none.

References:
    Song, Meng, Ermon: Denoising Diffusion Implicit Models. ICLR 2021. arXiv:2010.02502.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Unpack

from torch import Tensor

from studykit.diffusion.model import Diffusion
from studykit.diffusion.samplers.grid import Spacing, grid
from studykit.diffusion.samplers.run import Run, walk
from studykit.noise import Noise

__all__ = ["ddim"]


def ddim(
    model: Diffusion,
    shape: Sequence[int],
    steps: int = 50,
    *,
    eta: float = 0.0,
    spacing: Spacing = "time",
    **run: Unpack[Run],
) -> Tensor:
    r"""Keep a part of the estimated noise and draw the rest anew.

    $$x_s = \alpha(s)\, \hat{x}_0 + \sqrt{\sigma(s)^2 - \sigma_\eta^2}\, \hat\epsilon
    + \sigma_\eta z, \qquad
    \sigma_\eta = \eta\, \frac{\sigma(s)}{\sigma(t)}\, \sigma_{t|s}$$

    where $\hat{x}_0 = \mathbb{E}[x_0 \mid x_t]$ is the denoised state, $\hat\epsilon =
    (x_t - \alpha(t)\, \hat{x}_0) / \sigma(t)$ the noise in $x_t$, $z \sim \mathcal{N}(0, I)$ new
    noise and $\sigma_{t|s}$ the noise that the forward process adds from $s$ to $t$
    (`SDE.transition`). The paper writes it for VP, $\alpha(t) = \sqrt{\bar\alpha_t}$ and
    $\sigma(t) = \sqrt{1 - \bar\alpha_t}$; in this form it holds for every process. With $\eta = 0$
    it is Euler's method for $d\bar{x} / d\bar\sigma$ (the paper's Eq. 14), of order 1; with
    $\eta = 1$ it is ancestral sampling with the smaller of DDPM's variances.

    Args:
        model: The process and its score.
        shape: The shape of the samples, `(B, ...)`.
        steps: How many times to visit, and network evaluations.
        eta: $\eta$, the share of the noise that is drawn anew, in $[0, 1]$.
        spacing: What the times are evenly spaced in; see `grid`.
        run: See `Run`.

    Returns:
        The samples, of shape `shape`.

    Raises:
        ValueError: If `steps`, `eta` or `spacing` is out of its range.

    Source: Song, Meng, Ermon (2021), Eqs. 12 and 16.

    Examples:
        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.sdes import VPSDE
        >>> model = ScoreModel(VPSDE(), lambda x, t: -x)  # of the data N(0, I)
        >>> round(ddim(model, (10_000, 2), steps=50).std().item(), 1)
        1.0
    """
    if not 0 <= eta <= 1:
        raise ValueError(f"eta must be in [0, 1], not {eta}")
    sde = model.sde

    def move(x: Tensor, t: Tensor, s: Tensor, noise: Noise) -> Tensor:
        alpha_t, alpha_s = sde.alpha(t[:1]).item(), sde.alpha(s[:1]).item()
        sigma_t, sigma_s = sde.sigma(t[:1]).item(), sde.sigma(s[:1]).item()
        sigma_eta = eta * sigma_s / sigma_t * sde.transition(s[:1], t[:1])[1].item()
        x_0 = model.denoise(x, t)
        eps = (x - alpha_t * x_0) / sigma_t
        x = alpha_s * x_0 + math.sqrt(sigma_s**2 - sigma_eta**2) * eps
        return x + sigma_eta * noise.normal(x.shape[1:]).to(x) if eta > 0 else x

    return walk(model, shape, grid(sde, steps, spacing), lambda: move, **run)
