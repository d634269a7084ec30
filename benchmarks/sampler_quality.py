"""What a few evaluations of the network are worth: our DPM-Solver++ against diffusers'.

    .venv/bin/python benchmarks/sampler_quality.py MODEL.safetensors

Both get the same trained network (a DDPM or VP model of the digits or of Fashion-MNIST) and the
same start x_T, and as many evaluations. The error is the distance, root mean square over all
pixels, to where a fine solution of the probability flow (Heun's method) leads from there; the
Fréchet distance is that of studykit.evaluation, against the test images. diffusers'
`DPMSolverMultistepScheduler` is run in each of its spacings and both orders, with a last step to
zero noise; the best of its settings counts. Of ours the best counts too, and beside it stands what
`dpm_solver` does by default. Where the errors are small all samples are nearly the same, and so are
their Fréchet distances: only a difference of more than twice its standard error (from drawing the
samples again) makes one worse.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import torch
from diffusers import DPMSolverMultistepScheduler
from torch import Tensor

from studykit.diffusion import DDPM, TrainedDiffusion
from studykit.diffusion.model import Diffusion
from studykit.diffusion.samplers import dpm_solver, heun
from studykit.evaluation import frechet_distance, load_classifier
from studykit.evaluation.frechet import Moments, reference_moments

BATCH = 100
OURS: dict[str, dict[str, Any]] = {
    f"{order}M {spacing}": {"order": order, "spacing": spacing}
    for order in (2, 3)
    for spacing in ("logsnr", "karras", "time")
}
DEFAULT = "2M logsnr"
THEIRS: dict[str, dict[str, Any]] = {
    f"{order}M {name}": {"solver_order": order, **options}
    for order in (2, 3)
    for name, options in {
        "logsnr": {"use_lu_lambdas": True},
        "karras": {"use_karras_sigmas": True},
        "linspace": {"timestep_spacing": "linspace"},
        "trailing": {"timestep_spacing": "trailing"},
    }.items()
}


class Counted(Diffusion):
    """A model that counts how often it is asked."""

    def __init__(self, model: Diffusion) -> None:
        self.model, self.sde, self.count = model, model.sde, 0

    def score(self, x: Tensor, t: Tensor) -> Tensor:
        self.count += 1
        return self.model.score(x, t)

    def eps(self, x: Tensor, t: Tensor) -> Tensor:
        self.count += 1
        return self.model.eps(x, t)

    def denoise(self, x: Tensor, t: Tensor) -> Tensor:
        self.count += 1
        return self.model.denoise(x, t)


class Result(NamedTuple):
    """How a setting did with a number of evaluations."""

    setting: str
    error: float
    features: Tensor
    distance: float


@torch.no_grad()
def their_samples(model: Diffusion, x_T: Tensor, steps: int, options: dict[str, Any]) -> Tensor:
    """Walk through the chain as diffusers does."""
    sde = model.sde
    chain = model.schedule if isinstance(model, DDPM) else sde.schedule(1000)  # type: ignore[attr-defined]
    counted, samples = Counted(model), []
    for x in x_T.split(BATCH):
        scheduler = DPMSolverMultistepScheduler(
            num_train_timesteps=chain.T,
            trained_betas=chain.beta[1:].numpy(),
            algorithm_type="dpmsolver++",
            final_sigmas_type="zero",
            **options,
        )
        scheduler.set_timesteps(steps)
        for step in scheduler.timesteps:
            # Their steps count from 0.
            t = torch.full((len(x),), (step.item() + 1) / chain.T, dtype=torch.float64)
            x = scheduler.step(counted.eps(x, t), step, x).prev_sample  # noqa: PLW2901
        samples.append(x)
    assert counted.count == steps * len(samples)
    return torch.cat(samples)


def our_samples(model: Diffusion, x_T: Tensor, steps: int, options: dict[str, Any]) -> Tensor:
    """Let order 3 pay for its start with a step."""
    counted = Counted(model)
    visited = steps - (options["order"] == 3)
    x = dpm_solver(counted, x_T.shape, visited, x_T=x_T, batch_size=BATCH, **options)
    assert counted.count == steps * len(x_T.split(BATCH))
    return x


def standard_error(ours: Tensor, theirs: Tensor, real: Moments) -> float:
    """Say how far the difference of two Fréchet distances would move with other samples."""
    generator = torch.Generator().manual_seed(0)
    differences = []
    for _ in range(100):
        chosen = torch.randint(len(ours), (len(ours),), generator=generator)
        pair = (frechet_distance(each[chosen], real) for each in (ours, theirs))
        differences.append(next(pair) - next(pair))
    return torch.tensor(differences).std().item()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--evaluations", type=int, nargs="+", default=[5, 8, 10, 15, 20, 30])
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--reference", type=int, default=500, help="steps of Heun's method")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    # They pass tensors where numpy warns of its next version.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="diffusers")

    trained = TrainedDiffusion.load(arguments.model)
    data, model = trained.recipe.data, trained.model
    if trained.recipe.model not in ("ddpm", "vp") or data not in ("digits", "fashion-mnist"):
        sys.exit("the model must be a DDPM or VP model of the digits or of Fashion-MNIST")
    classifier, real = load_classifier(data), reference_moments(data, "test")
    start = time.monotonic()
    noise = torch.Generator().manual_seed(0)
    x_T = torch.randn(arguments.samples, *trained.recipe.shape, generator=noise)
    reference = heun(model, x_T.shape, arguments.reference, x_T=x_T, batch_size=BATCH)
    distance = frechet_distance(classifier.features(reference), real)
    print(
        f"{trained.recipe.model} of {data}, {arguments.samples} samples; the flow itself (Heun, "
        f"{arguments.reference} steps) has a Fréchet distance of {distance:.3f}\n",
        flush=True,
    )

    def results(draw: Callable[..., Tensor], settings: dict[str, Any], steps: int) -> list[Result]:
        found = []
        for name, options in settings.items():
            x = draw(model, x_T, steps, options)
            error = (x - reference).double().square().mean().sqrt().item()
            features = classifier.features(x.nan_to_num())
            found.append(Result(name, error, features, frechet_distance(features, real)))
            print(
                f"    {draw.__name__:13} {name:11} error {error:.4f}, distance "
                f"{found[-1].distance:.3f}",
                file=sys.stderr,
                flush=True,
            )
        return found

    print(
        "| evaluations | error: default | best of ours | best of diffusers' | "
        "distance: default | best of ours | best of diffusers' | difference |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    worse = 0
    for steps in arguments.evaluations:
        ours, theirs = results(our_samples, OURS, steps), results(their_samples, THEIRS, steps)
        default = next(result for result in ours if result.setting == DEFAULT)
        by_error = [min(side, key=lambda result: result.error) for side in (ours, theirs)]
        near = [min(side, key=lambda result: result.distance) for side in (ours, theirs)]
        difference = near[0].distance - near[1].distance
        error = standard_error(near[0].features, near[1].features, real)
        worse += by_error[0].error > by_error[1].error
        worse += difference > 2 * error
        cells = [f"{default.error:.4f}"]
        cells += [f"{result.error:.4f} ({result.setting})" for result in by_error]
        cells += [f"{default.distance:.3f}"]
        cells += [f"{result.distance:.3f} ({result.setting})" for result in near]
        cells += [f"{difference:+.3f} ± {error:.3f}"]
        print(f"| {steps} | {' | '.join(cells)} |", flush=True)
    print(
        f"\nworse in {worse} of {2 * len(arguments.evaluations)} comparisons; "
        f"{time.monotonic() - start:.0f} s; {platform.platform()}, {os.cpu_count()} cores, "
        f"{arguments.threads} thread(s), Python {platform.python_version()}, "
        f"torch {version('torch')}, diffusers {version('diffusers')}"
    )
    return int(worse > 0)


if __name__ == "__main__":
    raise SystemExit(main())
