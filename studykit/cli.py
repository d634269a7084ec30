"""The `studykit` command: read a note, build and serve the wiki, export it, train a model.

Each command imports what it needs when it runs, so that `studykit read` never loads torch and
`studykit train` never loads MkDocs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from studykit.errors import ConfigError, NoteError, StudykitError


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


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs instead.")
def read(file: Path, as_json: bool) -> None:
    """Show what a note is understood to say, record by record.

    Prints each opinion, question, talk, task, decision and link with its line numbers, and the
    lines that were left as prose. The note is only read, never changed.

    \b
    Examples:
      studykit read meetings/week-01.txt
      studykit read --json meetings/week-01.txt | jq '.questions[].text'
    """
    from rich.console import Console

    from studykit.wiki.read import read_note
    from studykit.wiki.show import show_note

    try:
        data = file.read_bytes()
    except OSError as error:
        raise NoteError(
            f"cannot be read: {error.strerror}",
            file=str(file),
            mend="name a note, e.g. meetings/week-01.txt",
        ) from error
    note = read_note(data, file.as_posix())
    if as_json:
        # ASCII, so that no terminal's encoding and no undecodable byte can spoil it.
        click.echo(json.dumps(note.to_json(), indent=2))
    else:
        show_note(note, Console())


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


@main.command()
@click.argument("name", metavar="NAME", type=click.Choice(["ddpm"]))
@click.option("--data", type=click.Choice(["digits"]), required=True, help="What to learn from.")
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
@click.option("--seed", type=int, help="Same seed, same result; overrides the file.")
@click.option("--steps", type=click.IntRange(min=1), help="Optimiser steps; overrides the file.")
def train(
    name: str,
    data: str,
    config_file: Path | None,
    out: Path | None,
    seed: int | None,
    steps: int | None,
) -> None:
    """Train the model NAME (ddpm), and show what it makes.

    With the defaults ddpm learns scikit-learn's 8 x 8 digits in a few minutes on two CPU cores.
    At the end a classifier that knows the real digits judges the samples. Ctrl-C ends training
    early and keeps what was learned until then.

    \b
    Files written to the output folder (those of an earlier run are replaced):
      model.safetensors   the averaged weights, with the configuration in the metadata
      samples.png         100 samples

    \b
    Examples:
      studykit train ddpm --data digits
      studykit train ddpm --data digits --config ddpm.toml --out runs/wide --seed 1

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

    from studykit.datasets import digits
    from studykit.diffusion import DDPMConfig, train_ddpm
    from studykit.evaluation import DigitJudge, image_grid
    from studykit.training import Step, read_config

    config = DDPMConfig() if config_file is None else read_config(config_file, DDPMConfig)
    if seed is not None:
        config = replace(config, seed=seed)
    if steps is not None:
        config = replace(config, training=replace(config.training, steps=steps))
    out = out or Path("runs") / f"{name}-{data}"
    checkpoint, grid = out / "model.safetensors", out / "samples.png"
    try:  # Now, not after the minutes of training.
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"cannot be made: {error.strerror}", file=str(out), mend="give another folder as --out"
        ) from error
    images = digits("train").images

    # On stderr, so that what is written to stdout stays clean in a pipe.
    console = Console(stderr=True)
    columns = (
        TextColumn("training"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("training", total=config.training.steps, loss="...")
        loss = 1.0

        def show(step: Step) -> None:
            nonlocal loss
            # Batches differ much: show the mean of the first fifty, then a moving average.
            loss += (step.loss - loss) * max(0.02, 1 / step.number)
            progress.update(task, completed=step.number, loss=f"{loss:.4f}")

        trained = train_ddpm(images, config, show)

    trained.save(checkpoint)
    if trained.interrupted:
        click.echo(
            f"Interrupted at step {trained.steps} of {config.training.steps}; "
            f"{_shown(checkpoint)} holds the weights so far. "
            f"To see them: studykit sample {_shown(checkpoint)} --out {_shown(grid)}"
        )
        sys.exit(130)  # What a shell expects of a program that Ctrl-C ended.
    click.echo(f"Wrote {_shown(checkpoint)}")
    samples = trained.sample(100, config.seed, progress=True)
    image_grid(samples).save(grid)
    click.echo(f"Wrote {_shown(grid)}")
    click.echo(f"Judge: {DigitJudge().judge(samples)}")


@main.command()
@click.argument("checkpoint", type=click.Path(path_type=Path, dir_okay=False))
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
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same picture.")
def sample(checkpoint: Path, out: Path, count: int, seed: int) -> None:
    """Draw images from a model that `studykit train` saved, into one PNG.

    \b
    Examples:
      studykit sample runs/ddpm-digits/model.safetensors -n 25 --out digits.png
    """
    from studykit.diffusion import TrainedDDPM
    from studykit.evaluation import image_grid

    samples = TrainedDDPM.load(checkpoint).sample(count, seed, progress=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    image_grid(samples).save(out)
    click.echo(f"Wrote {_shown(out)}")
