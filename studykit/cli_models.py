"""The commands of the models: train one, draw from it, compare several.

Each command imports what it needs when it runs, so that `studykit --help` never loads torch.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from studykit.errors import ConfigError
from studykit.shown_path import shown_path

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

    from studykit.diffusion import TrainedDiffusion
    from studykit.pretrained import Pretrained

__all__ = ["MODEL_COMMANDS"]

_MODELS = ["ddpm", "ve", "vp", "subvp", "vae"]
_data_path = click.option(
    "--data-path",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of fashion-mnist's files.  [default: where Debian's package puts them]",
)


@click.command()
@click.argument("name", metavar="NAME", type=click.Choice(_MODELS))
@click.option("--data", required=True, metavar="DATA", help="What to learn from; see below.")
@_data_path
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file for what should differ from the defaults.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the files go.  [default: runs/NAME-DATA]",
)
@click.option("--seed", type=click.IntRange(min=0), help="Same seed, same result.")
@click.option("--steps", type=click.IntRange(min=1), help="Optimiser steps; overrides the file.")
@click.option("--resume", is_flag=True, help="Go on with the run in the output folder.")
def train(
    name: str,
    data: str,
    data_path: Path | None,
    config_file: Path | None,
    out: Path | None,
    seed: int | None,
    steps: int | None,
    resume: bool,
) -> None:
    """Train the model NAME on DATA, and show what it makes.

    \b
    NAME is one of
      ddpm    denoising diffusion probabilistic model (Ho et al., 2020)
      ve      variance exploding SDE (Song et al., 2021)
      vp      variance preserving SDE
      subvp   sub-VP SDE
      vae     variational autoencoder (Kingma & Welling, 2014)
    and DATA one of
      digits          8 x 8, comes with scikit-learn; minutes on two CPU cores
      fashion-mnist   28 x 28; apt-get install dataset-fashion-mnist, or --data-path
      checkerboard, circles, gaussians, moons, spiral, swiss-roll   points of a plane

    At the end a classifier that knows the real images judges the samples. Ctrl-C ends training
    early and keeps what was learned until then; --resume goes on from there, bit for bit.

    \b
    Files written to the output folder (those of an earlier run are replaced):
      model.safetensors   the averaged weights, with the configuration in the metadata
      samples.png         100 samples
      state.safetensors   what --resume needs
      events.out.*        the loss and samples so far, for tensorboard --logdir runs

    \b
    Examples:
      studykit train ddpm --data digits
      studykit train vp --data fashion-mnist --resume
      studykit train ddpm --data digits --config ddpm.toml --out runs/wide --seed 1
      accelerate launch --multi_gpu --num_processes 2 -m studykit train ve --data digits

    \b
    ddpm.toml, with some of the keys that it may have:
      [diffusion]
      T = 1000
      beta_1 = 1e-4
      beta_T = 0.02
      [network]
      channels = 64
      [training]
      steps = 5000
      learning_rate = 2e-4
    """
    from dataclasses import replace

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from studykit.autoencoders import TrainedVAE, VAERecipe, default_vae_recipe, train_vae
    from studykit.datasets import load_dataset
    from studykit.diffusion import Recipe, default_recipe, train_diffusion
    from studykit.training import Step, leave_process_group, read_config

    examples = load_dataset(data, "train", data_path)
    recipe: Recipe | VAERecipe
    recipe = default_vae_recipe(data) if name == "vae" else default_recipe(name, data)
    if config_file is not None:
        recipe = read_config(config_file, recipe)
        if (recipe.model, recipe.data) != (name, data):
            raise ConfigError(
                f"the file is for {recipe.model} on {recipe.data}, not for {name} on {data}",
                file=str(config_file),
                mend="leave the keys 'model' and 'data' out of the file",
            )
    if seed is not None:
        recipe = replace(recipe, seed=seed)
    if steps is not None:
        recipe = replace(recipe, training=replace(recipe.training, steps=steps))
    out = out or Path("runs") / f"{name}-{data}"
    checkpoint, grid, state = (
        out / file for file in ("model.safetensors", "samples.png", "state.safetensors")
    )
    _make_folder(out)  # Now, not after the minutes of training.
    if resume and not state.exists():
        raise ConfigError(
            "there is no run to go on with", file=str(state), mend="leave --resume out"
        )

    main_process = os.environ.get("RANK", "0") == "0"
    # On stderr, so that what is written to stdout stays clean in a pipe.
    console = Console(stderr=True)
    columns = (
        TextColumn("training"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not main_process) as progress:
        task = progress.add_task("training", total=recipe.training.steps, loss="...")
        loss, seen = 1.0, 0

        def show(step: Step) -> None:
            nonlocal loss, seen
            seen += 1
            # Batches differ much: show the mean of the first fifty, then a moving average.
            loss += (step.loss - loss) * max(0.02, 1 / seen)
            progress.update(task, completed=step.number, loss=f"{loss:.4f}")

        trained: TrainedDiffusion | TrainedVAE
        if isinstance(recipe, VAERecipe):
            trained = train_vae(examples, recipe, show, folder=out, resume=resume, picture=_picture)
        else:
            trained = train_diffusion(
                examples, recipe, show, folder=out, resume=resume, picture=_picture
            )

    leave_process_group()
    if main_process:
        trained.save(checkpoint)
    if trained.interrupted:
        if main_process:
            command = f"studykit train {name} --data {data}"
            click.echo(
                f"Interrupted at step {trained.steps} of {recipe.training.steps}; "
                f"{shown_path(checkpoint)} holds the weights so far.\n"
                f"To see them: studykit sample {shown_path(checkpoint)} --out {shown_path(grid)}\n"
                f"To go on: the same command with --resume ({command} ... --resume)"
            )
        sys.exit(130)  # What a shell expects of a program that Ctrl-C ended.
    if not main_process:
        return
    click.echo(f"Wrote {shown_path(checkpoint)}")
    if isinstance(trained, TrainedVAE):
        samples = trained.sample(100, recipe.seed)
    else:
        samples = trained.sample(100, recipe.seed, progress=True)
    _picture(samples).save(grid)
    click.echo(f"Wrote {shown_path(grid)}")
    if isinstance(trained, TrainedVAE):
        nats = -trained.bound(load_dataset(data, "test", data_path)[0]).mean().item()
        click.echo(f"Negative bound: {nats:.2f} nats for an example that was not trained on")
    if data == "digits":
        from studykit.evaluation import DigitJudge

        click.echo(f"Judge: {DigitJudge().judge(samples)}")
    elif data == "fashion-mnist":
        from studykit.evaluation import ClassReport, load_classifier

        probabilities = load_classifier("fashion-mnist").probabilities(samples)
        click.echo(f"Judge: {ClassReport.of(probabilities)}")


@click.command()
@click.argument("checkpoint", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--pretrained",
    metavar="PATH_OR_HUB_ID",
    help="A published model instead: a folder or file, a name on the Hugging Face hub, or one of "
    "those that come with studykit (ddpm-fashion-mnist, ...).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("samples.png"),
    show_default=True,
    help="The picture to write.",
)
@click.option(
    "-n",
    "count",
    type=click.IntRange(min=1),
    default=64,
    show_default=True,
    help="How many images to draw.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Same seed, same picture.",
)
@click.option(
    "--sampler",
    type=click.Choice(["ancestral", "ddim", "dpm_solver", "heun", "ode", "predictor_corrector"]),
    default="ancestral",
    show_default=True,
    help="How to get from noise to images.",
)
@click.option(
    "--steps",
    type=click.IntRange(min=1),
    help="The sampler's steps.  [default: 250, or a shorter chain's]",
)
def sample(
    checkpoint: Path | None,
    pretrained: str | None,
    out: Path,
    count: int,
    seed: int,
    sampler: str,
    steps: int | None,
) -> None:
    """Draw images from a model that was trained here or published elsewhere, into one PNG.

    \b
    Examples:
      studykit sample runs/ddpm-digits/model.safetensors -n 25 --out digits.png
      studykit sample --pretrained vp-fashion-mnist --sampler dpm_solver --steps 20
      studykit sample --pretrained google/ddpm-cifar10-32 -n 4
      studykit sample --pretrained vae-digits
    """
    if (checkpoint is None) == (pretrained is None):
        raise click.UsageError("give a CHECKPOINT or --pretrained, one of both")
    from studykit.autoencoders import TrainedVAE
    from studykit.diffusion.samplers import SAMPLERS
    from studykit.pretrained import load, load_run, load_vae, shipped

    model: Pretrained | TrainedDiffusion | TrainedVAE
    if pretrained is None:
        model = load_run(cast("Path", checkpoint))
    else:
        model = load_vae(pretrained) if pretrained in shipped("vae") else load(pretrained)
    _make_folder(out.parent)
    if isinstance(model, TrainedVAE):
        if steps is not None or sampler != "ancestral":
            raise ConfigError(
                "a VAE draws in one step, without a sampler",
                mend="leave --steps and --sampler out",
            )
        _picture(model.sample(count, seed)).save(out)
        click.echo(f"Wrote {shown_path(out)}")
        return
    try:
        samples = model.sample(count, seed, sampler=SAMPLERS[sampler], steps=steps, progress=True)
    except ValueError as error:  # So many steps, or this sampler, do not suit the process.
        raise ConfigError(str(error), mend="choose other --steps or another --sampler") from error
    _picture(samples).save(out)
    click.echo(f"Wrote {shown_path(out)}")


@click.command()
@click.argument("models", metavar="MODEL...", nargs=-1, required=True)
@click.option("--data", required=True, metavar="DATA", help="digits or fashion-mnist.")
@_data_path
@click.option(
    "--runs",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs"),
    show_default=True,
    help="Where the trained models are, and where those that are missing are trained.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the report goes.  [default: RUNS/compare-DATA]",
)
@click.option("--seeds", default="0", show_default=True, help="Runs of each model, e.g. 0,1,2.")
@click.option("--steps", type=click.IntRange(min=1), help="Optimiser steps of a training.")
@click.option("--samples", type=int, help="Samples for each number: more take longer and say more.")
def compare(
    models: tuple[str, ...],
    data: str,
    data_path: Path | None,
    folder: Path,
    out: Path | None,
    seeds: str,
    steps: int | None,
    samples: int | None,
) -> None:
    """Measure models side by side, and write a page with figures for the wiki.

    Each MODEL is ddpm, ve, vp or subvp, or the path of a checkpoint. A model that is not trained
    yet is trained first, all under the same budget. What was measured before is not measured again.

    \b
    Files written to the output folder:
      index.md      the page, in Korean, with figures
      report.json   every number

    \b
    Examples:
      studykit compare ddpm vp ve subvp --data fashion-mnist --out docs/results/fashion-mnist
      studykit compare ddpm vp --data digits --seeds 0,1,2
    """
    from studykit.diffusion.compare import compare as compare_models

    try:
        numbers = [int(seed) for seed in seeds.split(",")]
    except ValueError as error:
        raise click.BadParameter(
            f"{seeds!r} is no list of numbers such as 0,1,2", param_hint="--seeds"
        ) from error
    budget: dict[str, Any] = {} if samples is None else {"samples": samples}
    try:
        compare_models(
            models,
            data,
            folder=folder,
            out=out,
            seeds=numbers,
            steps=steps,
            data_path=data_path,
            say=click.echo,
            **budget,
        )
    except KeyboardInterrupt:
        click.echo("Interrupted; the same command goes on from here.")
        sys.exit(130)
    click.echo(f"Wrote {shown_path((out or folder / f'compare-{data}') / 'index.md')}")


def _picture(samples: Tensor) -> Image:
    """Draw images as a grid, points as dots."""
    from studykit.evaluation import image_grid, point_plot

    return point_plot(samples) if samples.ndim == 2 else image_grid(samples)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"cannot be made: {error.strerror}",
            file=str(folder),
            mend="give another folder as --out",
        ) from error


MODEL_COMMANDS: tuple[click.Command, ...] = (train, sample, compare)
