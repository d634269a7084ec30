r"""Diffusion models on the same images under one budget, side by side.

`compare` finds each model's checkpoint, or trains it, and measures

| what | how |
| --- | --- |
| loss | what training logged for TensorBoard |
| quality against network evaluations | Fréchet distance, precision and recall on the features of our own classifier, for several samplers and numbers of evaluations |
| bits/dim | by the probability flow ODE; for DDPM by the variational bound too |
| samples | from the same noise by the same solver |

The folder that it writes holds `report.json` with every number, `index.md`, a page in Korean that
the wiki publishes as it is, and the page's pictures. What `report.json` holds is not measured
again, so a comparison may be interrupted; and pages can be written anew in seconds, together with
the overview of all reports in a folder:

    python -m studykit.diffusion.compare docs/results

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
"""  # noqa: E501  (a table's row is one line)

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from studykit.datasets import load_dataset
from studykit.diffusion.compare.figures import draw_samples
from studykit.diffusion.compare.measures import (
    LIKELIHOOD,
    STEPS,
    Yardstick,
    bound_bits,
    draw,
    loss_curve,
    most_steps,
    ode_bits,
)
from studykit.diffusion.compare.page import DEFAULT_SAMPLES, write_page
from studykit.diffusion.compare.report import Report
from studykit.diffusion.compare.runs import LABELS, Run, find_runs
from studykit.diffusion.ddpm import DDPM
from studykit.errors import ConfigError
from studykit.training.trainer import cpu_threads

__all__ = ["EVALUATIONS", "compare"]

EVALUATIONS: Mapping[str, Sequence[int]] = {
    "ddim": (10, 20, 50),
    "dpm_solver": (10, 20),
    "heun": (10, 20),
    "ancestral": (20, 100),
}
"""At how many network evaluations each sampler is measured."""

# Of all that is drawn to measure: every model gets the same noise.
_SEED = 0

# The picture's: nearly the exact flow, so that what differs, differs between the models.
_SHOWN, _SHOWN_STEPS, _SHOWN_SAMPLES = "heun", 25, 16


def compare(
    models: Sequence[str],
    data: str,
    *,
    folder: Path = Path("runs"),
    out: Path | None = None,
    seeds: Sequence[int] = (0,),
    steps: int | None = None,
    samples: int = DEFAULT_SAMPLES,
    evaluations: Mapping[str, Sequence[int]] = EVALUATIONS,
    threads: int = 1,
    data_path: Path | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> dict[str, Any]:
    """Train or load models, measure them alike, and write a report.

    A run is looked for in `folder`/MODEL-DATA, where `studykit train` writes, or with a seed other
    than 0 in `folder`/MODEL-DATA-seedN; then among the checkpoints that come with the package. If
    there is none, or it was interrupted, it is trained in that folder to its end. With the defaults
    the measuring of four models of Fashion-MNIST takes about twenty minutes of two idle cores.

    Everything is seeded: the same checkpoints and settings give the same report on the same
    machine, but for what it says under `timings`.

    Args:
        models: Names of `MODELS`, or paths of checkpoints (`*.safetensors`).
        data: `"digits"` or `"fashion-mnist"`.
        folder: Where the runs are.
        out: Where the report goes; by default `folder`/compare-DATA.
        seeds: Which runs of each model: several show what is chance.
        steps: Optimiser steps of a training; by default those of `default_recipe`.
        samples: The budget: so many samples are drawn for each number, and the likelihood is that
            of an eighth as many test images.
        evaluations: By the sampler's name, the numbers of network evaluations to measure at.
        threads: CPU threads to measure with. (Training takes those of its recipe.)
        data_path: The folder of the data set's files; see `load_dataset`.
        say: Takes a line on each thing that was done.

    Returns:
        What `report.json` holds.

    Raises:
        ConfigError: If there is no such model or data set, a checkpoint is not what its place says,
            or a number is out of its range.
        KeyboardInterrupt: If Ctrl-C ended a training; the next call goes on with it.

    Examples:
        >>> compare(["ddmp"], "digits")
        Traceback (most recent call last):
        ...
        studykit.errors.ConfigError: no model 'ddmp'
          mend: write 'ddpm'
    """
    if samples < 16:
        raise ConfigError(f"{samples} samples are too few to measure", mend="draw 16 or more")
    if unknown := sorted(evaluations.keys() - STEPS.keys()):
        raise ConfigError(
            f"no sampler {unknown[0]!r} to compare by", mend=f"choose from {', '.join(STEPS)}"
        )
    yardstick = Yardstick(data, data_path)
    # All that may be wrong comes before what takes long.
    found = find_runs(models, data, folder, seeds=seeds, steps=steps)
    out = folder / f"compare-{data}" if out is None else out
    report = Report(
        out / "report.json",
        data=data,
        metric=yardstick.metric,
        settings={
            "samples": samples,
            "seed": _SEED,
            "steps": steps,
            "evaluations": {sampler: list(counts) for sampler, counts in evaluations.items()},
            "likelihood": {"images": samples // 8, **LIKELIHOOD},
        },
    )
    runs = [run if isinstance(run, Run) else run.train(data_path, say) for run in found]
    report.add_facts(runs=[run.facts for run in runs])
    with cpu_threads(threads):
        report.measure(
            "real/quality",
            {**yardstick.inputs, "samples": samples},
            lambda: yardstick.quality(load_dataset(data, "train", data_path)[0][:samples]),
        )
        for run in runs:
            _measure_loss(report, run)
            _measure_quality(report, run, yardstick, samples, evaluations, say)
            _measure_likelihood(report, run, yardstick, samples // 8, say)
        _draw_samples(report, runs, out / "samples.png")
    measured = report.finish()
    write_page(out)
    return measured


def _measure_loss(report: Report, run: Run) -> None:
    def read() -> dict[str, list[float]] | None:
        curve, seconds = loss_curve(run.log, run.trained.steps)
        if seconds is not None:
            report.time(f"{run.name}/training", seconds)
        return curve

    report.measure(f"{run.name}/loss", {"checkpoint": run.checkpoint}, read)


def _measure_quality(
    report: Report,
    run: Run,
    yardstick: Yardstick,
    samples: int,
    evaluations: Mapping[str, Sequence[int]],
    say: Callable[[str], None],
) -> None:
    inputs = {"checkpoint": run.checkpoint, **yardstick.inputs, "samples": samples, "seed": _SEED}
    for sampler, counts in evaluations.items():
        for count in counts:
            steps = STEPS[sampler](count)
            if steps > most_steps(run.trained.model):
                continue
            quality = report.measure(
                f"{run.name}/quality/{sampler}/{count}",
                {**inputs, "sampler": sampler, "steps": steps},
                partial(yardstick.quality_of, run.trained, sampler, steps, samples, _SEED),
            )
            say(f"{run.label}: {sampler}, {count}: {yardstick.metric} {quality['fd']:.2f}")


def _measure_likelihood(
    report: Report, run: Run, yardstick: Yardstick, images: int, say: Callable[[str], None]
) -> None:
    model, x_0, levels = run.trained.model, yardstick.images[:images], yardstick.levels
    inputs = {"checkpoint": run.checkpoint, "images": images, "levels": levels, "seed": _SEED}
    bits = report.measure(
        f"{run.name}/likelihood/ode",
        {**inputs, **LIKELIHOOD},
        lambda: ode_bits(model, x_0, levels, _SEED),
    )
    say(f"{run.label}: {bits['mean']:.3f} bits/dim by the ODE")
    if isinstance(model, DDPM):
        bits = report.measure(
            f"{run.name}/likelihood/bound", inputs, lambda: bound_bits(model, x_0, levels, _SEED)
        )
        say(f"{run.label}: {bits['mean']:.3f} bits/dim by the bound")


def _draw_samples(report: Report, runs: Sequence[Run], picture: Path) -> None:
    first: dict[str, Run] = {}
    for run in runs:
        first.setdefault(run.model, run)

    def draw_all() -> dict[str, str]:
        samples = {}
        for model, run in first.items():
            steps = int(min(_SHOWN_STEPS, most_steps(run.trained.model)))
            samples[LABELS[model]] = draw(
                run.trained, sampler=_SHOWN, steps=steps, samples=_SHOWN_SAMPLES, seed=_SEED
            )
        draw_samples(samples, picture)
        return {"file": picture.name}

    inputs = {
        "checkpoints": {model: run.checkpoint for model, run in first.items()},
        "sampler": _SHOWN,
        "steps": _SHOWN_STEPS,
        "samples": _SHOWN_SAMPLES,
        "seed": _SEED,
    }
    report.measure("samples", inputs, draw_all, again=not picture.exists())
