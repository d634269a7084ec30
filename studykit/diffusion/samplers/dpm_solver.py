r"""DPM-Solver++: multistep methods for the probability flow that solve its linear part exactly.

In the time $\lambda = \log(\alpha / \sigma)$ the probability flow from $t$ to $s$ is, without any
approximation,

$$x_s = \frac{\sigma(s)}{\sigma(t)}\, x_t
+ \sigma(s) \int_{\lambda_t}^{\lambda_s} e^\lambda\, \hat{x}_0(\lambda)\, d\lambda$$

and the only unknown is how the denoised state $\hat{x}_0$ goes on from what is known of it: in a
multistep method, its values at the times visited last.

References:
    Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver++: Fast Solver for Guided Sampling of Diffusion
    Probabilistic Models. 2022. arXiv:2211.01095.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import Literal, Unpack

from torch import Tensor

from studykit.diffusion.model import Diffusion
from studykit.diffusion.samplers.grid import Spacing, grid, relative_sigma
from studykit.diffusion.samplers.run import Run, walk
from studykit.noise import Noise

__all__ = ["dpm_solver"]

LONGEST = 2.0
"""A step at most so many times as long as the one before is extrapolated from it."""


def dpm_solver(
    model: Diffusion,
    shape: Sequence[int],
    steps: int = 20,
    *,
    order: Literal[2, 3] = 2,
    spacing: Spacing = "logsnr",
    **run: Unpack[Run],
) -> Tensor:
    r"""Extrapolate the denoised state from the steps before.

    With $h = \lambda_s - \lambda_t$ and the denoised states $D_0, D_1, D_2$ at $t$ and at the two
    times before it, $\lambda_t = \lambda_0 > \lambda_1 > \lambda_2$, order 2 ("2M") is

    $$x_s = \frac{\sigma(s)}{\sigma(t)} x_t + \alpha(s) \left(1 - e^{-h}\right)
    \left[D_0 + \frac{h}{2}\, D_{01}\right], \qquad
    D_{01} = \frac{D_0 - D_1}{\lambda_0 - \lambda_1}$$

    and order 3 ("3M") integrates the parabola through all three:

    $$x_s = \frac{\sigma(s)}{\sigma(t)} x_t + \alpha(s) \left[I_0\, D_0
    + I_1 \left(D_{01} + (\lambda_0 - \lambda_1)\, D_{012}\right) + I_2\, D_{012}\right]$$

    $$D_{012} = \frac{D_{01} - D_{12}}{\lambda_0 - \lambda_2}, \qquad
    I_k = \int_0^h e^{u - h} u^k\, du: \quad
    I_0 = 1 - e^{-h},\ I_1 = h - I_0,\ I_2 = h^2 - 2 I_1$$

    (The authors' code, and diffusers' after it, takes half of the $D_{012}$ in $I_2$'s term, which
    makes a method of order 2.) The first step knows $D_0$ only. For order 2 it is DDIM's; for order
    3 that would spoil the order, so DDIM's step is taken again with the mean of $D_0$ and of $D$
    where it led, at the cost of one evaluation ("2S" with $r = 1$); the second step is 2M's. A step
    more than twice as long as the one before it knows $D_0$ only, too: what the short one tells of
    the trend does not reach so far. With few steps that are even in $t$, the last one is such.
    Order 3 pays from some thirty evaluations on, below that its parabolas reach too far.

    Args:
        model: The process and its score.
        shape: The shape of the samples, `(B, ...)`.
        steps: How many times to visit, and network evaluations; one more for order 3.
        order: 2 or 3.
        spacing: What the times are evenly spaced in; see `grid`.
        run: See `Run`.

    Returns:
        The samples, of shape `shape`.

    Raises:
        ValueError: If `steps`, `order` or `spacing` is out of its range.

    Source: Lu et al. (2022), Proposition 4.1 for the exact solution, Algorithm 2 for 2M, and
        Algorithm 1 for the start of 3M.

    Examples:
        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.sdes import VPSDE
        >>> model = ScoreModel(VPSDE(), lambda x, t: -x)  # of the data N(0, I)
        >>> round(dpm_solver(model, (10_000, 2), steps=10).std().item(), 1)
        1.0
    """
    if order not in (2, 3):
        raise ValueError(f"order must be 2 or 3, not {order}")
    times = grid(model.sde, steps, spacing)
    return walk(model, shape, times, lambda: _Multistep(model, order), **run)


class _Multistep:
    """A step that remembers the denoised states of those before."""

    def __init__(self, model: Diffusion, order: int) -> None:
        self._model, self._order = model, order
        # The newest first, each with its lambda.
        self._known: deque[tuple[float, Tensor]] = deque(maxlen=order)

    def __call__(self, x: Tensor, t: Tensor, s: Tensor, noise: Noise) -> Tensor:  # noqa: ARG002
        sde, known = self._model.sde, self._known
        lambda_t = -relative_sigma(sde, t[:1]).log().item()
        h = -relative_sigma(sde, s[:1]).log().item() - lambda_t
        linear = sde.sigma(s[:1]).item() / sde.sigma(t[:1]).item()
        alpha = sde.alpha(s[:1]).item()
        I_0 = -math.expm1(-h)

        known.appendleft((lambda_t, self._model.denoise(x, t)))
        lambda_0, D_0 = known[0]
        if len(known) == 1:
            first = linear * x + alpha * I_0 * D_0
            if self._order == 2:
                return first
            return linear * x + alpha * I_0 * (D_0 + self._model.denoise(first, s)) / 2
        lambda_1, D_1 = known[1]
        if h > LONGEST * (lambda_0 - lambda_1):
            return linear * x + alpha * I_0 * D_0
        D_01 = (D_0 - D_1) / (lambda_0 - lambda_1)
        if len(known) == 2:
            return linear * x + alpha * I_0 * (D_0 + h / 2 * D_01)
        lambda_2, D_2 = known[2]
        D_12 = (D_1 - D_2) / (lambda_1 - lambda_2)
        D_012 = (D_01 - D_12) / (lambda_0 - lambda_2)
        I_1 = h - I_0
        I_2 = h**2 - 2 * I_1
        return linear * x + alpha * (
            I_0 * D_0 + I_1 * (D_01 + (lambda_0 - lambda_1) * D_012) + I_2 * D_012
        )
