r"""How likely a diffusion model finds a data point, by the probability flow ODE.

The flow (Eq. 13) turns data into noise without chance:

$$\frac{dx}{dt} = \tilde f(x, t) = f(t)\, x - \tfrac12 g(t)^2\, \nabla_x \log p_t(x)$$

so densities follow by the change of variables (Eq. 39):

$$\log p_0(x_0) = \log p_T(x_T) + \int_0^T \nabla \cdot \tilde f(x_t, t)\, dt$$

The divergence is the trace of a Jacobian. It is exact with one backward pass for each dimension, or
estimated without bias by Hutchinson's $v^\top \frac{\partial \tilde f}{\partial x} v$ with random
signs $v$, which stay the same along the flow (Eq. 40).

**The variables.** It is solved in others, in which every process is the same flow, nothing is
infinite at $t = 0$, and a DDPM's chain, whose $g$ jumps from step to step, is smooth:

$$y = \frac{x}{\sqrt{\alpha(t)^2 + \sigma(t)^2}}, \quad \sinh u = \frac{\sigma(t)}{\alpha(t)}:
\qquad \frac{dy}{du} = \epsilon(x, t) - \tanh(u)\, y$$

with the noise $\epsilon = -\sigma(t)\, \nabla_x \log p_t(x)$. For VP $y$ is $x$.

**What other codes lose.** With an exact score they are off by 0.001 bits/dim and more, for three
reasons beside the solver's tolerance:

- *The start.* They begin at a small $t_0$, where the data have noise already: an error of the order
  of $\sigma(t_0)^2$. Here the flow begins with the clean data, at $t = 0$. If the score cannot be
  asked before $t_0$, it stands still until then. Such a flow has a density as well, so the result
  is one for any score; the error is of the order of $\sigma(t_0)^4$.
- *The kernel.* VE's variance must be 0 at $t = 0$ (see `VESDE`).
- *The prior.* It leaves out what $x_T$ still tells of the data. If their mean is $m$, that is about
  $m\, \alpha(T) / \sigma(T)$ nats for each dimension, more or less: for VP $0.007\, m$. An exact
  score at $T$ tells it too: `prior="score"`. (A network's likelihood is that of what it generates,
  and that starts from the prior.)

**Pixels.** Grey levels have no density; `dequantize` spreads each of them evenly over its bin. The
mean log-density of the spread data is a lower bound of the levels' log-probability (Theis et al.,
section 3.1), and `bits_per_dim` counts it as such.

References:
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
    Karras, Aittala, Aila, Laine: Elucidating the Design Space of Diffusion-Based Generative Models.
    NeurIPS 2022. arXiv:2206.00364.
    Grathwohl, Chen, Bettencourt, Sutskever, Duvenaud: FFJORD. ICLR 2019. arXiv:1810.01367.
    Hutchinson: A stochastic estimator of the trace of the influence matrix. 1990.
    Theis, van den Oord, Bethge: A note on the evaluation of generative models. ICLR 2016.
    arXiv:1511.01844.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from torch import Tensor
from torch.distributions import MultivariateNormal

from studykit.diffusion.model import Diffusion, ScoreModel
from studykit.diffusion.samplers.grid import relative_sigma, time_at
from studykit.noise import Noise

__all__ = ["Likelihood", "bits_per_dim", "dequantize", "log_likelihood"]


class Likelihood(NamedTuple):
    r"""What `log_likelihood` found.

    Attributes:
        nats: $\log p_0(x)$ of each example, shape `(B,)`, float64 on the CPU.
        std_error: The standard error of `nats` that comes from Hutchinson's estimate, from the
            spread between the probes; 0 where the divergence is exact. Shape `(B,)`.
        z: $x_T$, the noise that the flow turns the example into, shaped as the data.
        evaluations: How often the score was evaluated, for the whole batch at once.

    Source: Song et al. (2021), Eq. 39.
    """

    nats: Tensor
    std_error: Tensor
    z: Tensor
    evaluations: int


def log_likelihood(
    model: Diffusion,
    x: Tensor,
    *,
    divergence: Literal["exact", "hutchinson"] = "exact",
    probes: int = 8,
    seed: int | Sequence[int] = 0,
    rtol: float = 1e-6,
    atol: float = 1e-6,
    t_0: float | None = None,
    prior: Literal["score", "sde"] | None = None,
) -> Likelihood:
    r"""Give the log-density of data under a model.

    The ODE is solved by SciPy's adaptive `RK45`, in double precision; the model is asked in `x`'s
    own. Each example is solved to the tolerance, whatever else is in the batch.

    A `ScoreModel` is taken at its word: its score is a formula, which holds from $t = 0$ to $T$.
    Any other model is taken for a network, which has learned the score from `sde.eps` on.

    Args:
        model: The model; its noise must be differentiable in `x`, and of one example not depend on
            the others (no batch normalisation in training mode).
        x: Data, shape `(B, ...)`; pixels come from `dequantize`.
        divergence: `"exact"`: one backward pass for each dimension and evaluation. `"hutchinson"`:
            one for each probe.
        probes: How many random $v$ to average over, at least 2, since one has no spread. They are
            signs: of all $v$ with independent elements these have the smallest variance.
        seed: Names the probes. A list such as `[seed, batch]` gives each batch its own, so that
            the errors of a data set average out.
        rtol: Relative tolerance of the solver. The paper's 1e-5 saves about a third of the
            evaluations and is good to about 1e-4 bits/dim.
        atol: Absolute tolerance, in units of $y$ and nats.
        t_0: The smallest time the model is asked at; before, its score stands still. By default 0
            for a `ScoreModel`, else `sde.eps`.
        prior: Where $\log p_T$ comes from. `"sde"`: the prior, which samplers start from.
            `"score"`: the score at $T$, which costs one backward pass more for each dimension. By
            default `"score"` for a `ScoreModel`, else `"sde"`.

    Returns:
        The log-densities in nats, with error bars.

    Raises:
        ValueError: If an argument is none of these, the model is not finite at some time (as data
            without a density are at 0), or its score at $T$ is not like a Gaussian's.
        RuntimeError: If the solver cannot reach the accuracy.

    Source: Song et al. (2021), section 4.3 and Appendix D.2, Eqs. 39 and 40; Karras et al. (2022),
        Eq. 4, for the variables.

    Examples:
        Data of $\mathcal{N}(0, 4 I)$ in two dimensions:

        >>> from studykit.diffusion.sdes import VPSDE
        >>> sde = VPSDE()
        >>> def score(x, t):
        ...     return -x / (4 * sde.alpha(t) ** 2 + sde.sigma(t) ** 2)[:, None]
        >>> found = log_likelihood(ScoreModel(sde, score), torch.zeros(1, 2, dtype=torch.float64))
        >>> round(found.nats.item(), 4), round(-math.log(2 * math.pi * 4), 4)
        (-3.2242, -3.2242)
    """
    if divergence not in ("exact", "hutchinson"):
        raise ValueError(f"divergence must be 'exact' or 'hutchinson', not {divergence!r}")
    if divergence == "hutchinson" and probes < 2:
        raise ValueError(f"an error bar needs at least 2 probes, not {probes}")
    if prior not in (None, "score", "sde"):
        raise ValueError(f"prior must be 'score' or 'sde', not {prior!r}")
    formula = isinstance(model, ScoreModel)
    t_0 = t_0 if t_0 is not None else 0.0 if formula else model.sde.eps
    prior = prior if prior is not None else "score" if formula else "sde"
    signs: list[Tensor] = []
    if divergence == "hutchinson":
        noise = Noise(seed, len(x))
        signs = [1 - 2 * (noise.normal(x.shape[1:]) < 0).to(x) for _ in range(probes)]

    flow = _Flow(model, x, t_0, signs)
    alpha, sigma = (c(torch.tensor([model.sde.T])) for c in (model.sde.alpha, model.sde.sigma))
    # The solver bounds the mean square over the batch; this bounds it for each example.
    share = 1 / math.sqrt(len(x))
    solution = solve_ivp(
        flow,
        (0.0, (sigma / alpha).asinh().item()),
        flow.start(),
        method="RK45",
        rtol=share * rtol,
        atol=share * atol,
        first_step=0.01,
    )
    if not solution.success:
        raise RuntimeError(f"the probability flow could not be solved: {solution.message}")
    y_T, integrals = flow.split(solution.y[:, -1])
    scale = (alpha.square() + sigma.square()).sqrt()
    x_T = scale * y_T
    log_p_T = model.sde.prior_logp(x_T) if prior == "sde" else _log_p_T(model, x_T, x)
    return Likelihood(
        nats=log_p_T + y_T.shape[1] * scale.log() + integrals.mean(dim=1),
        std_error=integrals.std(dim=1) / math.sqrt(probes) if signs else torch.zeros_like(log_p_T),
        z=x_T.to(x).reshape(x.shape),
        evaluations=flow.evaluations,
    )


def dequantize(x: Tensor, noise: Noise, levels: int = 256) -> Tensor:
    r"""Spread grey levels evenly over their bins.

    $$\tilde x = x + \frac{2}{\text{levels} - 1} \left(u - \tfrac12\right), \qquad
    u \sim U(0, 1)$$

    The levels lie on [-1, 1], $x = 2\, k / (\text{levels} - 1) - 1$, and the bins are as wide as
    the levels are apart. So they are those of DDPM's decoder (Ho et al., Eq. 13), but for the two
    at the ends, which end here.

    Args:
        x: Pixels on the grid, shape `(B, ...)`.
        noise: The source of $u$, one stream for each example.
        levels: How many grey levels there are: 256 for 8 bits, 17 for scikit-learn's digits.

    Returns:
        Shaped as `x`.

    Raises:
        ValueError: If a pixel is not on the grid.

    Source: Theis et al. (2016), section 3.1; Song et al. (2021), Appendix D.2.

    Examples:
        >>> black = dequantize(-torch.ones(2, 1, 4, 4), Noise(seed=0, n=2), levels=3)
        >>> bool(((black > -1.5) & (black < -0.5)).all())
        True
    """
    level = (x + 1) * (levels - 1) / 2
    off = (level - level.round()).abs().amax().item()
    if off > 1e-3 or bool((x.abs() > 1 + 1e-3 / levels).any()):
        raise ValueError(f"expected pixels on a grid of {levels} levels in [-1, 1]")
    u: Tensor = torch.special.ndtr(noise.normal(x.shape[1:]).double()).to(x)  # Phi(z) is uniform
    return x + (u - 0.5) * 2 / (levels - 1)


def bits_per_dim(nats: Tensor, shape: Sequence[int], levels: int | None = None) -> Tensor:
    r"""Turn log-densities into bits per dimension, the fewer the better.

    $$-\frac{\log_2 p(\tilde x)}{D} - \log_2 \frac{2}{\text{levels} - 1}$$

    The second term is the bin's width: $p$ times its volume is the probability of a level. On the
    average over `dequantize`'s noise it is an upper bound of the bits that the levels need.

    Args:
        nats: $\log p$ of data in [-1, 1], shape `(B,)`.
        shape: The shape of one example; the product is $D$.
        levels: How many grey levels the data had before `dequantize`; `None` for data that are not
            levels, whose density alone is counted.

    Returns:
        Shape `(B,)`.

    Source: Theis et al. (2016), section 3.1; Song et al. (2021), Table 2.

    Examples:
        A density of 1/2 on [-1, 1] gives each of 256 levels 1 / 255 of it (the outer half bins
        lie outside):

        >>> bits_per_dim(torch.tensor([math.log(1 / 2)]), (1,), levels=256)
        tensor([7.9944])
    """
    bits = -nats / (math.prod(shape) * math.log(2))
    return bits if levels is None else bits - math.log2(2 / (levels - 1))


class _Flow:
    """The probability flow of a batch and its divergence, as SciPy wants them.

    The state is a matrix, flattened: in each row an example, and the integral of its divergence by
    each of the probes, or the exact one if there are none.
    """

    def __init__(self, model: Diffusion, x: Tensor, t_0: float, probes: Sequence[Tensor]) -> None:
        self.model, self.like, self.t_0, self.probes = model, x, t_0, probes
        self.evaluations = 0

    def start(self) -> NDArray[np.float64]:
        integrals = torch.zeros(len(self.like), max(1, len(self.probes)), dtype=torch.float64)
        return torch.cat([_flat(self.like), integrals], dim=1).flatten().numpy()

    def split(self, state: NDArray[np.float64]) -> tuple[Tensor, Tensor]:
        rows = torch.from_numpy(state).reshape(len(self.like), -1)
        y, integrals = rows.tensor_split([self.like[0].numel()], dim=1)
        return y, integrals

    def __call__(self, u: float, state: NDArray[np.float64]) -> NDArray[np.float64]:
        self.evaluations += 1
        sde, sigma_bar = self.model.sde, torch.tensor([math.sinh(u)], dtype=torch.float64)
        t = time_at(sde, sigma_bar).clamp(min=self.t_0)
        # Before t_0 the score stands still, and the noise shrinks with sigma_bar.
        share = (sigma_bar / relative_sigma(sde, t)).clamp(max=1).item() if self.t_0 > 0 else 1.0
        y = self.split(state)[0].to(self.like).reshape(self.like.shape).requires_grad_()
        with torch.enable_grad():
            eps = self.model.eps(sde.alpha(t).item() * math.cosh(u) * y, t.expand(len(y)))
            velocity = share * eps - math.tanh(u) * y
        if not bool(velocity.isfinite().all()):
            raise ValueError(
                f"the model is not finite at t = {t.item():.3g}; a network knows the times from "
                f"t_0={sde.eps:.3g} on"
            )
        if self.probes:
            estimates = [_flat(v * _pull(v, velocity, y)).sum(dim=1) for v in self.probes]
            divergence = torch.stack(estimates, dim=1)
        else:
            divergence = _jacobian(velocity, y).diagonal(dim1=1, dim2=2).sum(dim=1, keepdim=True)
        return torch.cat([_flat(velocity), divergence], dim=1).flatten().numpy()


def _log_p_T(model: Diffusion, x_T: Tensor, like: Tensor) -> Tensor:  # noqa: N802  (the paper's)
    """Return log p_T as the score at T tells it.

    At 0 it is that of the Gaussian with the score's value and derivative there, and from 0 to x_T
    the score is integrated. The error is of the fourth order in alpha / sigma.
    """

    def score(flat: Tensor) -> tuple[Tensor, Tensor]:
        x = flat.detach().to(like).reshape(like.shape).requires_grad_()
        with torch.enable_grad():
            return x, model.score(x, torch.full((len(x),), model.sde.T, dtype=torch.float64))

    x, at_0 = score(torch.zeros_like(x_T))
    precision = -_jacobian(at_0, x)
    precision = (precision + precision.mT) / 2
    if bool(torch.linalg.cholesky_ex(precision).info.any()):
        raise ValueError("the score at T is no Gaussian's: use prior='sde'")
    # The score of a Gaussian is precision (mean - x).
    mean = torch.linalg.solve(precision, _flat(at_0))
    gaussian = MultivariateNormal(mean, precision_matrix=precision)
    log_p: Tensor = gaussian.log_prob(torch.zeros_like(x_T))  # type: ignore[no-untyped-call]
    for node, weight in zip(*np.polynomial.legendre.leggauss(5), strict=True):
        log_p = log_p + weight / 2 * (x_T * _flat(score((1 + node) / 2 * x_T)[1])).sum(dim=1)
    return log_p


def _jacobian(y: Tensor, x: Tensor) -> Tensor:
    """Return dy/dx of each example, `(B, D, D)`."""
    rows = []
    for i in range(x[0].numel()):
        unit = x.new_zeros(x.shape)  # contiguous, so that the next line writes into it
        unit.flatten(1)[:, i] = 1
        rows.append(_flat(_pull(unit, y, x)))
    return torch.stack(rows, dim=1)


def _pull(v: Tensor, y: Tensor, x: Tensor) -> Tensor:
    """Return v^T dy/dx, shaped as `x`."""
    (pulled,) = torch.autograd.grad(y.to(x), x, v, retain_graph=True, materialize_grads=True)
    return pulled


def _flat(x: Tensor) -> Tensor:
    """Return the examples as rows, `(B, D)`, in double precision on the CPU."""
    # Off the device first: not every device has double precision.
    return x.detach().flatten(1).cpu().double()
