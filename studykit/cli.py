"""The `studykit` command: read a note, build and serve the wiki, export it, train a model.

Each command imports what it needs when it runs, so that `studykit read` never loads torch and
`studykit train` never loads MkDocs.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from studykit.errors import ConfigError, StudykitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image
    from torch import Tensor

    from studykit.wiki.pinning import Pinned


class _Group(click.Group):
    """A command group that prints a user's mistake as one readable message, never a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except StudykitError as error:
            raise click.ClickException(str(error)) from error


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="studygroup-studykit", prog_name="studykit")
def main() -> None:
    """Turn a study group's raw notes into a wiki, beside the models that it studies.

    Notes go into meetings/, one file a meeting, as they were typed. Write-ups and notebooks go into
    docs/. `studykit serve` shows the wiki while you write; `studykit read` shows what a note is
    understood to say.

    \b
    Exit status:
      0  done
      1  something is wrong with a note, a page or the configuration; the message says where
      2  the command was not understood
    """


# --- wiki -------------------------------------------------------------------------------------

_config_file = click.option(
    "--config-file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("mkdocs.yml"),
    show_default=True,
    help="The project's configuration.",
)


_meetings = click.option(
    "--meetings",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("meetings"),
    show_default=True,
    help="The folder of notes.",
)


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs instead.")
@click.option("--why", is_flag=True, help="Print line by line why it was understood so.")
@click.option("--line", type=click.IntRange(min=1), help="With --why: of this line only.")
@_meetings
def read(file: Path | None, as_json: bool, why: bool, line: int | None, meetings: Path) -> None:
    """Show what a note is understood to say, record by record.

    Prints each opinion, question, talk, task, decision and link with its line numbers, and the
    lines that were left as prose. A note of the folder of notes is shown as the site shows it, with
    what stands beside it: its overlay, and the group's people.toml. The note is only read, never
    changed. Without FILE the latest meeting's note is shown.

    With --why each line is followed by what it became and for what reason, with what is doubtful,
    and with how to say that it is something else.

    \b
    Examples:
      studykit read meetings/week-01.txt
      studykit read --why --line 12 meetings/week-01.txt
      studykit read --json meetings/week-01.txt | jq '.questions[].text'
    """
    from rich.console import Console

    from studykit.wiki.folder import read_file
    from studykit.wiki.link import latest_note
    from studykit.wiki.show import show_note
    from studykit.wiki.why import show_why

    if as_json and why:
        raise click.UsageError("--json holds the evidence of every record; leave --why out")
    if line is not None and not why:
        raise click.UsageError("--line belongs to --why")
    note = latest_note(meetings) if file is None else read_file(file, meetings)
    if as_json:
        # ASCII, so that no terminal's encoding and no undecodable byte can spoil it.
        click.echo(json.dumps(note.to_json(), indent=2))
    elif why:
        show_why(note, Console(), line)
    else:
        show_note(note, Console())


@main.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="For a person, a program, GitHub Actions, or a viewer of SARIF 2.1.0.",
)
@click.option(
    "--against",
    metavar="REF",
    help="Also report ids that were published at this commit, and would change: origin/main, v1.",
)
def check(paths: tuple[Path, ...], form: str, against: str | None) -> None:
    """Find what is doubtful in notes: where it is, why, and how to mend it.

    PATH is a note, or a folder of notes; meetings if none is given. Nothing is changed. Each line
    reads `file:line:col: code message (how to mend it)`, and the wiki's page checks/ explains the
    codes.

    \b
    Exit status:
      0  nothing was found, or only notices, which may stay as they are: they tell what
         was left unclassified because the note does not make it sure
      1  there are errors or warnings: something is broken, or may get lost

    \b
    Examples:
      studykit check
      studykit check meetings/week-03.txt
      studykit check --against origin/main    # links to questions, tasks, talks must last
      studykit check --format github    # in GitHub Actions: beside the lines of a pull request
      studykit check --format json | jq '.findings[] | select(.severity != "notice")'
    """
    from studykit.wiki.check import FORMATS, check_paths, summary

    report = check_paths(paths or (Path("meetings"),), against)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What the terminal's encoding lacks is shown by its number.
        sys.stdout.reconfigure(errors="backslashreplace")
    click.echo(FORMATS[form](report), nl=False)
    if form == "text":
        click.echo(summary(report), err=True)
    if report.failed:
        sys.exit(1)


@main.command()
@click.argument("notes", metavar="[NOTE]...", nargs=-1, type=click.Path(path_type=Path))
@_meetings
def pin(notes: tuple[Path, ...], meetings: Path) -> None:
    """Keep the ids of questions, tasks, talks and decisions as they are on the site now.

    An id is pinned in the overlay beside its note (week-01.toml for week-01.txt), with the words
    that it means: then it stays when lines are added, moved or lightly edited, and no other record
    ever gets it. The notes are only read. Without NOTE every note is pinned. Commit what it wrote.

    \b
    Examples:
      studykit pin
      studykit pin meetings/week-01.txt
    """
    from studykit.wiki.pinning import pin_notes

    pinned = pin_notes(meetings, notes)
    _tell_pinned(pinned)
    if not pinned:
        click.echo("Every id is pinned already.")


@main.group()
def new() -> None:
    """Begin something from a template.

    \b
    Examples:
      studykit new meeting
    """


@new.command()
@click.option("--week", type=click.IntRange(1, 9999), help="Its week.  [default: the next one]")
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Its date, where notes are named by date.",
)
@_meetings
def meeting(week: int | None, date: datetime.datetime | None, meetings: Path) -> None:
    """Write the next meeting's note, with what is still open.

    That is questions, and the tasks and talks that are due by then or say no time.

    Ids are pinned first (see `studykit pin`), so that the note can name them: an answer may stand
    below the question's line. What is there is never overwritten.

    \b
    Examples:
      studykit new meeting
      studykit new meeting --week 7
      studykit new meeting --date 2031-03-18
    """
    from studykit.wiki.agenda import new_meeting

    if week is not None and date is not None:
        raise click.UsageError("give --week or --date, one of both")
    made = new_meeting(meetings, week=week, date=date.date() if date else None)
    _tell_pinned(made.pinned)
    click.echo(f"Wrote {_shown(made.path)}")


def _tell_pinned(pinned: Sequence[Pinned]) -> None:
    for overlay in pinned:
        news = f"{overlay.added} new" if overlay.added else "up to date"
        click.echo(f"{overlay.overlay}: {news}")
        for lost in overlay.gone:
            click.echo(f"  {lost.id} is gone from the note: {lost.text}")


@main.command()
@_config_file
@click.option(
    "--site-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site goes.  [default: what mkdocs.yml says, or site]",
)
def build(config_file: Path, site_dir: Path | None) -> None:
    """Build the wiki from meetings/ and docs/ into site/.

    A warning fails the build. Until the new site is whole, the last one stays in place.

    \b
    Examples:
      studykit build
    """
    from studykit.wiki.build import build_site

    site = build_site(config_file, site_dir)
    pages = sum(1 for _ in site.rglob("*.html"))
    click.echo(f"Built {pages} pages into {_shown(site)}")


@main.command()
@_config_file
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on.")
@click.option("--port", default=8000, show_default=True, help="The port to serve on.")
def serve(config_file: Path, host: str, port: int) -> None:
    """Build the wiki, serve it, and rebuild it when a note or a page changes.

    Prints the address; the open page reloads by itself. Ctrl-C ends it.

    \b
    Examples:
      studykit serve
      studykit serve --host 0.0.0.0 --port 8080    # for a phone in the same network
    """
    from studykit.wiki.build import serve_site

    serve_site(config_file, host, port)


@main.command()
@_config_file
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def export(config_file: Path, folder: Path) -> None:
    """Write the rendered Markdown to DIR, for another site engine.

    DIR gets a docs folder with every page, notebooks as Markdown, and a mkdocs.yml without the
    plugins that only MkDocs has. The addresses of the pages stay the same.

    \b
    Examples:
      studykit export ../wiki-export
      zensical build --strict --config-file ../wiki-export/mkdocs.yml
    """
    from studykit.wiki.export import export_site

    click.echo(f"Exported to {_shown(export_site(config_file, folder))}")


def _shown(path: Path) -> str:
    """A path as the user would type it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


# --- models -----------------------------------------------------------------------------------

_MODELS = ["ddpm", "ve", "vp", "subvp"]
_data_path = click.option(
    "--data-path",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of fashion-mnist's files.  [default: where Debian's package puts them]",
)


@main.command()
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

    from studykit.datasets import load_dataset
    from studykit.diffusion import default_recipe, train_diffusion
    from studykit.training import Step, leave_process_group, read_config

    examples = load_dataset(data, "train", data_path)
    recipe = default_recipe(name, data)
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
                f"{_shown(checkpoint)} holds the weights so far.\n"
                f"To see them: studykit sample {_shown(checkpoint)} --out {_shown(grid)}\n"
                f"To go on: the same command with --resume ({command} ... --resume)"
            )
        sys.exit(130)  # What a shell expects of a program that Ctrl-C ended.
    if not main_process:
        return
    click.echo(f"Wrote {_shown(checkpoint)}")
    samples = trained.sample(100, recipe.seed, progress=True)
    _picture(samples).save(grid)
    click.echo(f"Wrote {_shown(grid)}")
    if data == "digits":
        from studykit.evaluation import DigitJudge

        click.echo(f"Judge: {DigitJudge().judge(samples)}")
    elif data == "fashion-mnist":
        from studykit.evaluation import ClassReport, load_classifier

        probabilities = load_classifier("fashion-mnist").probabilities(samples)
        click.echo(f"Judge: {ClassReport.of(probabilities)}")


@main.command()
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
    """
    if (checkpoint is None) == (pretrained is None):
        raise click.UsageError("give a CHECKPOINT or --pretrained, one of both")
    from studykit.diffusion import TrainedDiffusion
    from studykit.diffusion.samplers import SAMPLERS
    from studykit.pretrained import load

    model = load(pretrained) if pretrained else TrainedDiffusion.load(cast("Path", checkpoint))
    _make_folder(out.parent)
    try:
        samples = model.sample(count, seed, sampler=SAMPLERS[sampler], steps=steps, progress=True)
    except ValueError as error:  # So many steps, or this sampler, do not suit the process.
        raise ConfigError(str(error), mend="choose other --steps or another --sampler") from error
    _picture(samples).save(out)
    click.echo(f"Wrote {_shown(out)}")


@main.command()
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
    click.echo(f"Wrote {_shown((out or folder / f'compare-{data}') / 'index.md')}")


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
