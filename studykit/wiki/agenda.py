"""The next meeting's note: a template with what is still open, for the group to write into.

A line of what is carried over opens with the id of its record, in brackets: `- [w01-q2] …`. The
reader takes it for a mention, so that nothing is asked or planned twice. A tick in the box of a
task or a talk says that it is done; an answer below a question is its answer.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from studykit.errors import NoteError
from studykit.wiki.chrome import Chrome
from studykit.wiki.folder import read_folder
from studykit.wiki.handwritten import read_handwritten
from studykit.wiki.issues import Issue, read_issues
from studykit.wiki.link import Archive, link_notes
from studykit.wiki.pinning import Pinned, pin_notes
from studykit.wiki.pins import words_of
from studykit.wiki.records import Due, Meeting, Record, Talk, Task

__all__ = ["NewMeeting", "free_week", "new_meeting", "note_name", "note_text"]

MOST = 10
"""More of one kind are counted instead, and the site lists them."""

_SECTIONS = ("note_questions", "note_decisions", "note_links", "note_tasks")


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """The note that was written, and the overlays into which ids were pinned before that."""

    path: Path
    pinned: tuple[Pinned, ...]


def new_meeting(
    folder: Path,
    t: Chrome,
    *,
    week: int | None = None,
    date: datetime.date | None = None,
    docs: Path | None = None,
) -> NewMeeting:
    """Write the next meeting's note; what is there is never overwritten.

    Args:
        folder: The folder of notes.
        t: The words of the site's language, in which the note's sections are named.
        week: The meeting's week; by default the one after the newest.
        date: The meeting's date instead, for a group that names its notes by date.
        docs: The folder of the pages that answer or close something, and of the questions that were
            filed as issues; by default the one beside the notes, which need not be there.

    Raises:
        ConfigError: A file beside the notes, or an issue's, is wrong.
        NoteError: The meeting has a note already, or a note or its overlay is wrong.
    """
    _make(folder)
    week = free_week(folder, week, date)
    path = folder / f"{note_name(week, date)}.txt"
    pinned = pin_notes(folder)
    # Read again: the ids that go into the note are the pinned ones.
    docs = folder.parent / "docs" if docs is None else docs
    # What is wrong in a page's front matter is told when the page is looked at.
    pages = read_handwritten(docs, wrong=[])
    archive = link_notes(read_folder(folder).notes, pages=pages, issues=read_issues(docs))
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(note_text(archive, t, week, date))
    except OSError as error:
        raise NoteError(
            f"cannot be written: {error.strerror}", file=path.as_posix(), mend="see what is there"
        ) from error
    return NewMeeting(path, pinned)


def free_week(folder: Path, week: int | None, date: datetime.date | None) -> int | None:
    """The week of a meeting that has no note yet; None of one that goes by its date.

    Args:
        folder: The folder of notes; where there is none, every meeting is free.
        week: The meeting's week; without it and a date, the one after the newest is meant.
        date: The meeting's date instead.

    Raises:
        NoteError: The meeting has a note already.
    """
    archive = link_notes(read_folder(folder).notes if folder.is_dir() else ())
    if date is None and week is None:
        week = _next_week(folder, archive)
    for session in archive.sessions:
        for meeting in session.note.meetings:
            if _same(meeting, week, date):
                raise NoteError(
                    f"{'week ' + str(week) if date is None else date} has a note already",
                    file=session.note.file,
                    mend="write into that one, or give another --week or --date",
                )
    return week


def note_name(week: int | None, date: datetime.date | None) -> str:
    """The name of a meeting's note, without its suffix.

    Examples:
        >>> note_name(3, None), note_name(None, datetime.date(2031, 3, 18))
        ('week-03', '2031-03-18')
    """
    return f"week-{week:02d}" if date is None else date.isoformat()


def note_text(archive: Archive, t: Chrome, week: int | None, date: datetime.date | None) -> str:
    """What the note of a meeting begins with.

    Args:
        archive: The meetings before it.
        t: The words of the site's language.
        week: The meeting's week.
        date: Its date instead.

    Examples:
        >>> from studykit.wiki.chrome import load_chrome
        >>> print(note_text(link_notes(()), load_chrome("en"), 3, None))  # doctest: +ELLIPSIS
        Week 3
        <BLANKLINE>
        Attendees:
        ...
    """
    title = t("note_week", week=week) if date is None else t("note_date", date=date.isoformat())
    tasks = [task for task in archive.open_tasks if _due(task, week, date)]
    talks = [talk for talk in archive.open_talks if _due(talk, week, date)]
    parts = [
        title,
        t("note_attendees"),
        *_carried("note_open_questions", archive.open_asked, t),
        *_carried("note_open_tasks", tasks, t),
        *_carried("note_planned_talks", talks, t),
        *map(t, _SECTIONS),
    ]
    return "\n\n".join(parts) + "\n"


def _make(folder: Path) -> None:
    """Make the folder of a group's first note."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise NoteError(
            f"the folder cannot be made: {error.strerror}",
            file=folder.as_posix(),
            mend="give another folder as --meetings",
        ) from error


def _next_week(folder: Path, archive: Archive) -> int:
    meetings = [meeting for session in archive.sessions for meeting in session.note.meetings]
    weeks = [meeting.week for meeting in meetings if meeting.week is not None]
    if meetings and not weeks:
        raise NoteError(
            "none of the notes is of a numbered week",
            file=folder.as_posix(),
            mend="give --date, e.g. --date 2031-03-18, or --week",
        )
    return max(weeks, default=0) + 1


def _same(meeting: Meeting, week: int | None, date: datetime.date | None) -> bool:
    return meeting.week == week if date is None else meeting.date == date.isoformat()


def _due(record: Task | Talk, week: int | None, date: datetime.date | None) -> bool:
    """Whether it is due by this meeting, or may be: not where the note names a later time."""
    due = record.due
    if due is None:
        return True
    if week is not None and due.week is not None:
        return due.week <= week
    return date is None or due.date is None or due.date <= date.isoformat()


def _carried(label: str, records: Sequence[Record | Issue], t: Chrome) -> Iterator[str]:
    """The label with the newest records below it; nothing where there are none."""
    if not records:
        return
    lines = [
        t(label),
        *(f"- {_box(record)}[{record.id}] {_line(record, t)}" for record in records[-MOST:]),
    ]
    if len(records) > MOST:
        lines.append(t("note_more", count=len(records) - MOST))
    yield "\n".join(lines)


def _box(record: Record | Issue) -> str:
    return "[ ] " if isinstance(record, Task | Talk) else ""


def _line(record: Record | Issue, t: Chrome) -> str:
    """The record's first line, and whose it is and by when, where the note says so."""
    said = words_of(record)
    if not isinstance(record, Task | Talk):
        return said
    if isinstance(record, Talk):
        said = record.subject or said
        names = record.presenters or record.volunteers
        label = "note_presenters" if record.presenters else "note_volunteers"
    else:
        names, label = record.owners, "note_owners"
    about = [t(label, names=", ".join(names))] if names else []
    about += [t("note_due", time=_when(record.due, t))] if record.due else []
    return f"{said} ({'; '.join(about)})" if about else said


def _when(due: Due, t: Chrome) -> str:
    """The week or date; the note's own words, counted from another day, only as a quotation."""
    if due.date:
        return due.date
    return t("note_due_week", week=due.week) if due.week is not None else f"“{due.text}”"
