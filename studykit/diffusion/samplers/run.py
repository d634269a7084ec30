r"""What all samplers share: batches, seeds, the walk through the times, and the last step.

A sampler walks from $x_T$, drawn from the prior, through the times of its grid to $x_\text{eps}$,
and then takes the remaining noise away at once by Tweedie's formula, without adding any:

$$x_T \to x_{t_1} \to \ldots \to x_\text{eps} \to \hat{x}_0 = \mathbb{E}[x_0 \mid x_\text{eps}]$$

With DDPM's chain that last step is Algorithm 2's, which has no noise either; for the SDEs it is the
denoising step of Jolicoeur-Martineau et al., without which a Fréchet distance is much worse. So
`steps` times are visited, the network is asked at each of them, and `steps + 1` states come out.

References:
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
    Jolicoeur-Martineau, Piché-Taillefer, Tachet des Combes, Mitliagkas: Adversarial Score Matching
    and Improved Sampling for Image Generation. ICLR 2021. arXiv:2009.05475.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypedDict

import torch
from rich.console import Console
from rich.progress import Progress
from torch import Tensor

from studykit.diffusion.model import Diffusion
from studykit.diffusion.sdes import VPSDE
from studykit.noise import Noise

__all__ = ["Move", "Run", "Sampler", "State", "Trajectory", "evaluations", "trajectory", "walk"]

Sampler = Callable[..., Tensor]
"""`sampler(model, shape, steps, **options)`, as every function of this package."""

Move = Callable[[Tensor, Tensor, Tensor, Noise], Tensor]
"""One step: from $x_t$ `(B, ...)`, $t$ `(B,)`, $s < t$ `(B,)` and a source of noise to $x_s$."""


class State(NamedTuple):
    r"""Where a walk has got to.

    Attributes:
        step: Steps taken so far, 0 for the start.
        t: The time, 0 after the last denoising.
        x: The state $x_t$ of this batch, shape `(B, ...)`.

    Examples:
        >>> State(step=0, t=1.0, x=torch.zeros(2, 3)).t
        1.0
    """

    step: int
    t: float
    x: Tensor


class Run(TypedDict, total=False):
    r"""The options that every sampler has.

    Attributes:
        seed: Decides all randomness; 0 if not given. Each example has a stream of its own, so the
            first $k$ of $n$ samples are the same as $k$ samples.
        batch_size: How many examples to compute at a time; all if not given. With a fixed number of
            steps the samples are the same whatever it is, but for rounding.
        x_T: States to start from, shape `(B, ...)`, in place of draws from the prior. Their type
            and device are kept, so a start in double precision stays there.
        denoise: Whether to end with the denoising step (the default) or at `sde.eps`.
        device: Where to compute; by default where `x_T` is, else on the CPU.
        progress: Whether to show a progress bar, on standard error.
        on_step: Called with each state, the start and the result included; with several batches,
            batch after batch.

    Examples:
        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.samplers import ddim
        >>> options = Run(seed=7, batch_size=2)
        >>> ddim(ScoreModel(VPSDE(), lambda x, t: -x), (5, 1, 8, 8), 10, **options).shape
        torch.Size([5, 1, 8, 8])
    """

    seed: int
    batch_size: int | None
    x_T: Tensor | None
    denoise: bool
    device: torch.device | str | None
    progress: bool
    on_step: Callable[[State], None] | None


@torch.no_grad()
def walk(
    model: Diffusion,
    shape: Sequence[int],
    times: Tensor,
    begin: Callable[[], Move],
    *,
    seed: int = 0,
    batch_size: int | None = None,
    x_T: Tensor | None = None,
    denoise: bool = True,
    device: torch.device | str | None = None,
    progress: bool = False,
    on_step: Callable[[State], None] | None = None,
) -> Tensor:
    r"""Walk from the prior to the data.

    Args:
        model: The process and its score.
        shape: The shape of the result, `(B, ...)`.
        times: The times to visit, from $T$ to `sde.eps`, shape `(steps,)`.
        begin: Gives the step to walk with; called for each batch, since a step may remember the
            ones before.
        seed: As all that follow, see `Run`.
        batch_size: See `Run`.
        x_T: See `Run`.
        denoise: See `Run`.
        device: See `Run`.
        progress: See `Run`.
        on_step: See `Run`.

    Returns:
        The samples, of shape `shape`.

    Raises:
        ValueError: If the shape has no examples, `x_T` has another shape, or a batch would be
            empty.

    Source: Song et al. (2021), Algorithm 1, without what happens in a step.

    Examples:
        The step may be any; here it throws $x_t$ away for what it was made from:

        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.samplers.grid import grid
        >>> model = ScoreModel(VPSDE(), lambda x, t: -x)  # of the data N(0, I)
        >>> step = lambda x, t, s, noise: noise.normal(x.shape[1:])
        >>> walk(model, (5, 2), grid(model.sde, 10), lambda: step).shape
        torch.Size([5, 2])
    """
    shape = tuple(shape)
    if not shape or shape[0] < 1:
        raise ValueError(f"shape must be (B, ...) with at least one example, not {shape}")
    if x_T is not None and x_T.shape != shape:
        raise ValueError(f"x_T has shape {tuple(x_T.shape)}, the samples {shape}")
    batch_size = shape[0] if batch_size is None else batch_size
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    if device is None:
        device = "cpu" if x_T is None else x_T.device
    batches = range(0, shape[0], batch_size)
    total = len(batches) * (len(times) - 1 + denoise)

    samples = []
    # Standard output belongs to results.
    with Progress(console=Console(stderr=True), disable=not progress) as bar:
        task = bar.add_task("sampling", total=total)

        def report(step: int, t: float, x: Tensor) -> None:
            if step > 0:
                bar.advance(task)
            if on_step is not None:
                on_step(State(step, t, x))

        for first in batches:
            noise = Noise(seed, min(batch_size, shape[0] - first), first)
            # Drawn even if it is not used, so that the noise of the steps does not depend on x_T.
            x = model.sde.prior_sampling((noise.n, *shape[1:]), noise)
            x = (x if x_T is None else x_T[first : first + batch_size]).to(device)
            at = times[:, None].expand(-1, noise.n)
            move = begin()
            report(0, times[0].item(), x)
            for i in range(1, len(times)):
                x = move(x, at[i - 1], at[i], noise)
                report(i, times[i].item(), x)
            if denoise:
                x = model.denoise(x, at[-1])
                report(len(times), 0.0, x)
            samples.append(x)
    return torch.cat(samples)


class Trajectory(NamedTuple):
    r"""All states of a walk.

    Attributes:
        times: $t$ of each state, from $T$ to 0, shape `(N,)`, float64.
        states: $x_t$ at each time, shape `(N, B, ...)`. $N$ is `steps + 1`, or `steps` with
            `denoise=False`.

    Examples:
        >>> Trajectory(torch.tensor([1.0, 0.0]), torch.zeros(2, 5, 3)).states[-1].shape
        torch.Size([5, 3])
    """

    times: Tensor
    states: Tensor


def trajectory(
    sampler: Sampler, model: Diffusion, shape: Sequence[int], steps: int, **options: Any
) -> Trajectory:
    r"""Sample, and keep every state on the way.

    Args:
        sampler: A sampler.
        model: The process and its score.
        shape: The shape of the samples, `(B, ...)`.
        steps: How many times to visit.
        options: The sampler's own options and those of `Run`, except `on_step`.

    Returns:
        The times and the states; the last one are the samples.

    Examples:
        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.samplers import ddim
        >>> model = ScoreModel(VPSDE(), lambda x, t: -x)
        >>> path = trajectory(ddim, model, (5, 2), steps=3)
        >>> path.times
        tensor([1.0000, 0.5005, 0.0010, 0.0000], dtype=torch.float64)
        >>> path.states.shape
        torch.Size([4, 5, 2])
    """
    batches: dict[int, list[Tensor]] = {}
    times: dict[int, float] = {}

    def keep(state: State) -> None:
        batches.setdefault(state.step, []).append(state.x)
        times[state.step] = state.t

    sampler(model, shape, steps, on_step=keep, **options)
    states = torch.stack([torch.cat(batch) for batch in batches.values()])
    return Trajectory(torch.tensor(list(times.values()), dtype=torch.float64), states)


def evaluations(sampler: Sampler, steps: int, **options: Any) -> int:
    r"""Count how often a sampler with a fixed number of steps asks the network.

    Args:
        sampler: A sampler. (What `ode` needs depends on the model.)
        steps: How many times it visits.
        options: The sampler's own options.

    Returns:
        Evaluations for each batch, those of the last denoising step included.

    Examples:
        >>> from studykit.diffusion.samplers import ddim, heun, predictor_corrector
        >>> evaluations(ddim, 50), evaluations(heun, 50)
        (50, 99)
        >>> evaluations(predictor_corrector, 50, corrector="langevin")
        99
    """
    model = _Counter()
    sampler(model, (1, 1), steps, **options)
    return model.count


class _Counter(Diffusion):
    sde = VPSDE()
    count = 0

    def score(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: ARG002
        self.count += 1
        return -x
