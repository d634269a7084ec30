"""What `studykit status` prints: what is open, what is overdue, and what nobody has taken.

Overdue is what should have been there by the latest meeting, as the notes state weeks and dates;
the day on which somebody asks does not matter.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from studykit.wiki.ages import age_between
from studykit.wiki.closing import kinds_of, wrong_in_page
from studykit.wiki.folder import read_folder
from studykit.wiki.handwritten import read_handwritten
from studykit.wiki.issues import Issue, read_issues
from studykit.wiki.link import Archive, link_notes
from studykit.wiki.records import Due, Meeting, Question, Talk, Task
from studykit.wiki.show import one_line

__all__ = ["Status", "read_status", "show_status"]

Open = Question | Talk | Task | Issue


@dataclass(frozen=True, slots=True)
class Status:
    """What is open, the longest first. A record may be overdue and unassigned at once."""

    latest: Meeting | None
    questions: tuple[Question | Issue, ...]
    talks: tuple[Talk, ...]
    tasks: tuple[Task, ...]
    overdue: tuple[Talk | Task, ...]
    unassigned: tuple[Talk | Task, ...]
    archive: Archive


def read_status(meetings: Path, docs: Path) -> Status:
    """Read the notes, and the pages that answer or close what they hold.

    Args:
        meetings: The folder of notes.
        docs: The folder of hand-written pages; there may be none.

    Raises:
        ConfigError: The front matter of a page, or a file beside the notes, is wrong.
        NoteError: A note or its folder cannot be read.
    """
    folder = read_folder(meetings)
    pages = list(read_handwritten(docs)) if docs.is_dir() else []
    issues = read_issues(docs)
    kinds = kinds_of(folder.notes, issues)
    for page in pages:
        for wrong in wrong_in_page(page, f"{docs.name}/{page.path}", kinds):
            raise wrong
    archive = link_notes(folder.notes, folder.group.people, pages, issues)
    latest = archive.sessions[-1].meeting if archive.sessions else None
    planned: tuple[Talk | Task, ...] = (*archive.open_talks, *archive.open_tasks)
    return Status(
        latest=latest,
        questions=archive.open_asked,
        talks=archive.open_talks,
        tasks=archive.open_tasks,
        overdue=tuple(each for each in planned if latest and is_overdue(each.due, latest)),
        unassigned=tuple(each for each in planned if not _whose(each)),
        archive=archive,
    )


def is_overdue(due: Due | None, latest: Meeting) -> bool:
    """Whether a time was before the latest meeting; False where the notes do not say.

    Examples:
        >>> latest = Meeting("w05", 5, None, None, (), 0, 0)
        >>> is_overdue(Due("다음 주", 4, None, (1, 1)), latest)
        True
        >>> is_overdue(Due("다음 주", 5, None, (1, 1)), latest), is_overdue(None, latest)
        (False, False)
    """
    if due is None:
        return False
    if due.date and latest.date:
        return due.date < latest.date
    return due.week is not None and latest.week is not None and due.week < latest.week


def show_status(status: Status, console: Console) -> None:
    """Print it, a table a kind; whoever finds nothing open is told so."""
    if status.latest is None and not status.questions:
        console.print(Text("There is no note yet.", style="dim"))
        return
    if status.latest is not None:
        console.print(Text(f"As of {status.latest.id}.", style="dim"))
    overdue = {each.id for each in status.overdue}
    unassigned = {each.id for each in status.unassigned}
    groups: tuple[tuple[str, Sequence[Open]], ...] = (
        ("Open questions", status.questions),
        ("Planned talks", status.talks),
        ("Open tasks", status.tasks),
    )
    for title, records in groups:
        if not records:
            continue
        table = Table(title=f"{title} ({len(records)})", title_justify="left", box=None)
        for column in ("id", "what", "since", ""):
            table.add_column(column, overflow="fold")
        for record in records:
            marks = Text(", ").join(_marks(record, overdue, unassigned))
            table.add_row(record.id, _what(record), _since(status, record), marks)
        console.print()
        console.print(table)
    if not any(records for _, records in groups):
        console.print(Text("Nothing is open.", style="dim"))
    console.print(
        Text(
            f"\n{len(status.questions)} open questions, {len(status.talks)} planned talks, "
            f"{len(status.tasks)} open tasks; {len(overdue)} overdue, {len(unassigned)} unassigned."
        )
    )


def _marks(record: Open, overdue: set[str], unassigned: set[str]) -> Iterator[Text]:
    if record.id in overdue:
        yield Text("overdue", style="bold red")
    if record.id in unassigned:
        yield Text("unassigned", style="yellow")


def _what(record: Open) -> Text:
    text = record.text.partition("\n")[0] if isinstance(record, Issue) else record.text
    said = one_line((record.subject or text) if isinstance(record, Talk) else text)
    who = () if isinstance(record, Question | Issue) else _whose(record)
    due = None if isinstance(record, Question | Issue) else record.due
    aside = [*who, *([due.text] if due else [])]
    return said + (one_line(f" ({', '.join(aside)})") if aside else Text())


def _whose(record: Talk | Task) -> tuple[str, ...]:
    return record.presenters if isinstance(record, Talk) else record.owners


def _since(status: Status, record: Open) -> str:
    if isinstance(record, Issue):
        last = status.latest.date if status.latest else None
        passed = age_between(record.date, datetime.date.fromisoformat(last)) if last else None
        return f"{record.date}, {passed}" if passed else record.date
    latest = status.latest.id if status.latest else record.meeting
    found = status.archive.age(record.meeting, latest)
    return f"{record.meeting}, {found}" if found else record.meeting
