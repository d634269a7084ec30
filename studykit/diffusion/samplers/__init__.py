r"""Samplers: ways from noise to data, for every model that knows its score.

Each is a function `sampler(model, shape, steps, **options)` that gives samples of the shape
`shape`, `(B, ...)`. `model` is any `Diffusion`; `steps` is how many times the sampler visits; the
options that all samplers have are those of `Run`.

| sampler | kind | order | network evaluations |
| --- | --- | --- | --- |
| `ancestral` | the model's own steps back (DDPM's Algorithm 2) | stochastic | `steps` |
| `predictor_corrector` | the reverse SDE, mended by Langevin dynamics | stochastic; 1 for the probability flow | `steps`; `(steps - 1) * (1 + corrector_steps) + 1` with a corrector |
| `ddim` | from deterministic to ancestral by `eta` | 1 | `steps` |
| `heun` | the probability flow | 2 | `2 * steps - 1` |
| `dpm_solver` | the probability flow | 2 or 3 | `steps`; `steps + 1` for order 3 |
| `ode` | the probability flow, to a given accuracy | adaptive | as many as it takes |
"""  # noqa: E501  (a table's row is one line)

from studykit.diffusion.samplers.ancestral import ancestral
from studykit.diffusion.samplers.ddim import ddim
from studykit.diffusion.samplers.dpm_solver import dpm_solver
from studykit.diffusion.samplers.grid import Spacing, grid
from studykit.diffusion.samplers.heun import heun
from studykit.diffusion.samplers.ode import ode
from studykit.diffusion.samplers.predictor_corrector import (
    Corrector,
    Predictor,
    predictor_corrector,
)
from studykit.diffusion.samplers.run import (
    Run,
    Sampler,
    State,
    Trajectory,
    evaluations,
    trajectory,
    walk,
)

__all__ = [
    "SAMPLERS",
    "Corrector",
    "Predictor",
    "Run",
    "Sampler",
    "Spacing",
    "State",
    "Trajectory",
    "ancestral",
    "ddim",
    "dpm_solver",
    "evaluations",
    "grid",
    "heun",
    "ode",
    "predictor_corrector",
    "trajectory",
    "walk",
]

SAMPLERS: dict[str, Sampler] = {
    sampler.__name__: sampler
    for sampler in (ancestral, ddim, dpm_solver, heun, ode, predictor_corrector)
}
"""The samplers by name, as `studykit sample --sampler NAME` finds them."""
