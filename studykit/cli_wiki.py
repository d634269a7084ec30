"""The commands of the wiki: read, check, pin and begin notes, terms; build, serve, export the site.

Each command imports what it needs when it runs, so that `studykit read` never loads MkDocs.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studykit.errors import ConfigError
from studykit.shown_path import shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studykit.wiki.check import Report
    from studykit.wiki.pinning import Pinned

__all__ = ["WIKI_COMMANDS"]

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

_docs = click.option(
    "--docs",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs"),
    show_default=True,
    help="The folder of hand-written pages.",
)


@click.command()
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


@click.command()
@_meetings
@_docs
def status(meetings: Path, docs: Path) -> None:
    """Show what is open: questions, planned talks, tasks; what is overdue, and what is nobody's.

    A question is open until a page or a note answers it, a talk until it was presented, a task
    until it is done. Overdue is what should have been there before the latest meeting, by the
    weeks and dates that the notes state.

    \b
    Examples:
      studykit status
      studykit status | grep overdue
    """
    from rich.console import Console

    from studykit.wiki.status import read_status, show_status

    show_status(read_status(meetings, docs), Console())


@click.command()
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
@click.option(
    "--run-code",
    is_flag=True,
    help="Also run the Python in the pages, which somebody else may have written.",
)
@click.option(
    "--fix", "mend", is_flag=True, help="Mend in pages what has one certain mend; never in notes."
)
def check(
    paths: tuple[Path, ...], form: str, against: str | None, run_code: bool, mend: bool
) -> None:
    """Find what is doubtful in notes and pages: where it is, why, and how to mend it.

    PATH is a note, a page in docs/, or a folder of notes, with which the pages in docs/ beside it
    are checked; meetings if none is given. No code is run unless you ask for it, and nothing is
    changed but with --fix: a field of a page's front matter that is misspelled, a link to a page
    that was moved, a heading's address in another spelling, letters that only look Latin.
    Each line reads `file:line:col: code message (how to mend it)`, and the wiki's page checks/
    explains the codes.

    \b
    Exit status:
      0  nothing was found, or only notices, which may stay as they are: they tell what
         was left unclassified because the note does not make it sure
      1  there are errors or warnings: something is broken, or may get lost

    \b
    Examples:
      studykit check
      studykit check meetings/week-03.txt docs/talks/ddpm/index.md
      studykit check --against origin/main    # links to questions, tasks, talks must last
      studykit check --fix
      studykit check --format github    # in GitHub Actions: beside the lines of a pull request
      studykit check --format json | jq '.findings[] | select(.severity != "notice")'
    """
    from studykit.wiki.check import FORMATS, check_paths, fix_all, step_summary, summary

    def look() -> Report:
        return check_paths(paths or (Path("meetings"),), against, run_code=run_code)

    report, fixed = fix_all(look) if mend else (look(), [])
    for each in fixed:
        click.echo(str(each), err=True)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What the terminal's encoding lacks is shown by its number.
        sys.stdout.reconfigure(errors="backslashreplace")
    click.echo(FORMATS[form](report), nl=False)
    if form == "text":
        click.echo(summary(report), err=True)
    step = os.environ.get("GITHUB_STEP_SUMMARY")
    if form == "github" and step:
        with Path(step).open("a", encoding="utf-8") as file:
            file.write(step_summary(report))
    if report.failed:
        sys.exit(1)


@click.command()
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


@click.group()
def new() -> None:
    """Begin a note or a page: something is there to write into, and nothing is overwritten.

    \b
    Examples:
      studykit new meeting
      studykit new talk ddpm
    """


_week = click.option(
    "--week", type=click.IntRange(1, 9999), help="Its week.  [default: the next one]"
)
_date = click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Its date, where notes are named by date.",
)


@new.command()
@_week
@_date
@_meetings
@_docs
@_config_file
def meeting(
    week: int | None, date: datetime.datetime | None, meetings: Path, docs: Path, config_file: Path
) -> None:
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
    from studykit.wiki.chrome import load_chrome

    _one_of_both(week, date)
    words = load_chrome(_language(config_file))
    day = date.date() if date else None
    made = new_meeting(meetings, words, week=week, date=day, docs=docs)
    _tell_pinned(made.pinned)
    click.echo(f"Wrote {shown_path(made.path)}")


def _one_of_both(week: int | None, date: datetime.datetime | None) -> None:
    if week is not None and date is not None:
        raise click.UsageError("give --week or --date, one of both")


@new.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_week
@_date
@_meetings
def note(file: Path, week: int | None, date: datetime.datetime | None, meetings: Path) -> None:
    """Take a note that was typed elsewhere into the folder of notes, byte for byte.

    It goes by the week or the date that FILE's name or its text states, else by the next week.

    \b
    Examples:
      studykit new note ~/typed-at-the-meeting.txt
      studykit new note --week 7 notes.md
    """
    from studykit.wiki.beginning import new_note

    _one_of_both(week, date)
    path = new_note(file, meetings, week=week, date=date.date() if date else None)
    click.echo(f"Wrote {shown_path(path)}, as it was typed")
    click.echo(f"See what is understood: studykit read {shown_path(path)}")


@new.command()
@click.argument("name")
@click.option("--talk", "talk_id", metavar="ID", help="The planned talk, such as w01-talk2.")
@_meetings
@_docs
@_config_file
def talk(name: str, talk_id: str | None, meetings: Path, docs: Path, config_file: Path) -> None:
    """Make the page of a presentation: docs/talks/NAME/index.md.

    Presenters, week and paper are filled in where the notes plan such a talk; ddpm and 디디피엠
    are one. What is not known stays empty. Photos and slides go into the same folder.

    \b
    Examples:
      studykit new talk ddpm
      studykit new talk sde --talk w01-talk3
    """
    from studykit.wiki.beginning import new_talk

    made = new_talk(name, meetings, docs, _language(config_file), talk_id)
    click.echo(f"Wrote {shown_path(made.path)}")
    if made.talk:
        click.echo(f"It is the write-up of {made.talk.id}: {' '.join(made.talk.text.split())}")
    for other in made.others:
        click.echo(f"It may be the write-up of {other.id}: {' '.join(other.text.split())}")
    if made.others:
        click.echo("Write the right one after `talk:`.")
    click.echo("Look at it while you write: studykit serve")


@new.command()
@click.argument("question", metavar="ID")
@_meetings
@_docs
@_config_file
def answer(question: str, meetings: Path, docs: Path, config_file: Path) -> None:
    """Make the page that answers a question: docs/answers/ID.md.

    The question counts as answered once the page is published.

    \b
    Examples:
      studykit new answer w01-q2
    """
    from studykit.wiki.beginning import new_answer

    path = new_answer(question, meetings, docs, _language(config_file))
    click.echo(f"Wrote {shown_path(path)}")
    click.echo("Look at it while you write: studykit serve")


def _language(config_file: Path) -> str:
    from studykit.wiki.beginning.skeletons import language_of

    if not config_file.is_file():
        return "en"
    return language_of(config_file.read_text("utf-8", errors="replace"), str(config_file))


def _tell_pinned(pinned: Sequence[Pinned]) -> None:
    for overlay in pinned:
        news = f"{overlay.added} new" if overlay.added else "up to date"
        click.echo(f"{overlay.overlay}: {news}")
        for lost in overlay.gone:
            click.echo(f"  {lost.id} is gone from the note: {lost.text}")


@click.group()
def terms() -> None:
    """The group's terms, in docs/terms.toml.

    \b
    Examples:
      studykit terms suggest
    """


@terms.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@_meetings
def suggest(files: tuple[Path, ...], meetings: Path) -> None:
    """Propose what English words notes spell in Hangul, where no term has them.

    Names of letters decode (디디엑스엠 is D-D-X-M), other words are compared by their sound. What
    sounds like no known word is shown as unresolved, with what is doubtful. Nothing is changed.
    Without FILE every note is looked through.

    \b
    Examples:
      studykit terms suggest
      studykit terms suggest meetings/week-01.txt
    """
    from studykit.wiki.folder import read_file, read_folder
    from studykit.wiki.lines import LineIndex, split_lines
    from studykit.wiki.terms import load_terms
    from studykit.wiki.terms.suggest import Suggester, first_of_each

    suggester = Suggester(load_terms(meetings.resolve().parent / "docs"))
    notes = [read_file(file, meetings) for file in files] or read_folder(meetings).notes
    total = 0
    for note in notes:
        lines = split_lines(note.text)
        index = LineIndex(lines)
        for found, count in first_of_each(suggester.suggest(note.text)):
            line = index.number(found.start)
            place = f"{note.file}:{line}:{found.start - lines[line - 1].start + 1}"
            times = f" ({count} times)" if count > 1 else ""
            click.echo(f"{place}: {found.message}{times}\n  {found.mend}")
            total += 1
    if not total:
        click.echo("Every word that seems to spell English is in docs/terms.toml.")


@click.command()
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
    click.echo(f"Built {pages} pages into {shown_path(site)}")


@click.command()
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


@click.command()
@click.option(
    "--against",
    metavar="REF",
    default="origin/main",
    show_default=True,
    help="What the change is compared with.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("preview.html"),
    show_default=True,
    help="The file to write.",
)
@_config_file
def preview(against: str, output: Path, config_file: Path) -> None:
    """Show in one file what a change will look like: for you, and for who reviews it.

    The file has what `studykit check` finds in the changed notes and pages, each changed page
    before and after, the cells of notebooks that differ, and the records that the change brings. It
    needs no server, asks nobody for anything, and nothing of the change runs in it.

    \b
    Examples:
      studykit preview
      studykit preview --against HEAD~1 --output ddpm.html
    """
    from studykit.wiki.preview import write_preview

    html = write_preview(config_file, against)
    try:
        output.write_text(html, "utf-8", newline="\n")
    except OSError as error:
        raise ConfigError(
            f"the preview cannot be written: {error.strerror}",
            file=shown_path(output),
            mend="name another file: --output",
        ) from error
    click.echo(f"Wrote {shown_path(output)}: open it in a browser")


@click.command()
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

    click.echo(f"Exported to {shown_path(export_site(config_file, folder))}")


WIKI_COMMANDS: tuple[click.Command, ...] = (
    read,
    status,
    check,
    pin,
    new,
    terms,
    build,
    serve,
    preview,
    export,
)
