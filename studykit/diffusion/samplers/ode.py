r"""The probability flow, solved by a method that chooses its own steps.

References:
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
    Dormand, Prince: A family of embedded Runge-Kutta formulae. 1980.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.integrate import RK45
from torch import Tensor

from studykit.diffusion.model import Diffusion
from studykit.diffusion.samplers.grid import grid, relative_sigma, time_at
from studykit.diffusion.samplers.run import Run, walk
from studykit.noise import Noise

__all__ = ["ode"]


def ode(
    model: Diffusion,
    shape: Sequence[int],
    steps: int = 50,
    *,
    rtol: float = 1e-5,
    atol: float = 1e-5,
    **run: Unpack[Run],
) -> Tensor:
    r"""Follow the probability flow to a given accuracy, with Dormand and Prince's method.

    $$\frac{d\bar{x}}{d\lambda} = \hat{x}_0 - \bar{x}, \qquad
    \bar{x} = \frac{x}{\alpha(t)}, \quad \lambda = \log \frac{\alpha(t)}{\sigma(t)}$$

    with the denoised state $\hat{x}_0$, is the paper's $dx = [f(t)\, x - \frac12 g(t)^2
    \nabla_x \log p_t(x)]\, dt$ in other variables, the same for every process. In them nothing
    changes faster near the data than elsewhere, and a DDPM's chain, whose $g$ jumps from step to
    step, is smooth.

    The solver is SciPy's `RK45`, as in the official code. It computes in double precision. It
    chooses its steps for a whole batch, so that with another `batch_size` the samples agree only as
    closely as they are accurate.

    Args:
        model: The process and its score.
        shape: The shape of the samples, `(B, ...)`.
        steps: At how many times to report the state, at least 2: to the progress bar, `on_step` and
            `trajectory`. The solver's own steps, and so the samples, do not depend on it.
        rtol: Error allowed in a step, as a share of $\bar{x}$.
        atol: Error allowed in a step, besides.
        run: See `Run`.

    Returns:
        The samples, of shape `shape`.

    Raises:
        ValueError: If `steps` is out of its range.
        RuntimeError: If the accuracy cannot be reached, or the score is not finite.

    Source: Song et al. (2021), Eq. 13 and section 4.3; Karras et al. (2022), Eq. 4, for the
        variables.

    Examples:
        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.sdes import VPSDE
        >>> model = ScoreModel(VPSDE(), lambda x, t: -x)  # of the data N(0, I)
        >>> x_T = torch.tensor([[2.0]])
        >>> ode(model, (1, 1), x_T=x_T, denoise=False).round(decimals=3)  # stays as it is
        tensor([[2.]])
    """
    if steps < 2:
        raise ValueError(f"steps must be at least 2, the ends of the flow, not {steps}")
    times = grid(model.sde, steps)
    return walk(model, shape, times, lambda: _Flow(model, rtol=rtol, atol=atol), **run)


class _Flow:
    """A step that lets the solver go on until it has passed the step's end."""

    def __init__(self, model: Diffusion, **tolerances: float) -> None:
        self._model, self._tolerances = model, tolerances
        self._solver: Any = None

    def __call__(self, x: Tensor, t: Tensor, s: Tensor, noise: Noise) -> Tensor:  # noqa: ARG002
        sde = self._model.sde
        if self._solver is None:
            self._solver = self._start(x, t)
        target = self._time(s[:1])
        while self._solver.t < target:
            message = self._solver.step()
            if self._solver.status == "failed":
                raise RuntimeError(f"the probability flow could not be solved: {message}")
        x_bar = torch.from_numpy(self._solver.dense_output()(target)).reshape(x.shape)
        return (sde.alpha(s[:1]).item() * x_bar).to(x.dtype).to(x.device)

    def _start(self, x: Tensor, t: Tensor) -> Any:
        model, sde = self._model, self._model.sde

        def velocity(lambda_: float, flat: NDArray[np.float64]) -> NDArray[np.float64]:
            u = time_at(sde, torch.tensor([-lambda_], dtype=torch.float64).exp())
            x_bar = torch.from_numpy(flat).reshape(x.shape)
            x_u = (sde.alpha(u).item() * x_bar).to(x.dtype).to(x.device)
            slope = model.denoise(x_u, u.expand(len(x))).cpu().double() - x_bar
            # SciPy would look for a step that is small enough for ever.
            if not bool(slope.isfinite().all()):
                raise RuntimeError(f"the model's score is not finite at t = {u.item():.6g}")
            return slope.flatten().numpy()

        x_bar = x.cpu().double() / sde.alpha(t[:1]).item()
        end = torch.tensor([sde.eps], dtype=torch.float64)
        start = self._time(t[:1]), x_bar.flatten().numpy()
        return RK45(velocity, *start, self._time(end), **self._tolerances)

    def _time(self, t: Tensor) -> float:
        return -relative_sigma(self._model.sde, t).log().item()
