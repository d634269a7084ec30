"""Linking: the notes of a folder become one archive, in order and cross-referenced.

The archive answers what no single note can: which meeting comes before, what is still open and
since when, where a link was cited, what a person said over the weeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TypeVar
from urllib.parse import urlsplit

from anyascii import anyascii
from url_normalize import url_normalize

from studykit.errors import NoteError
from studykit.wiki.read import read_note
from studykit.wiki.records import Link, Meeting, Note, Opinion, Question, Record, Talk, Task

__all__ = ["Archive", "Person", "Reference", "Session", "link_notes", "read_notes"]

NOTE_SUFFIXES = (".md", ".txt")

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting with its note and its place among the others.

    `open_questions`, `open_talks` and `open_tasks` are how many of the archive's open records, in
    order, come from earlier meetings.
    """

    meeting: Meeting
    note: Note
    previous: Meeting | None
    next: Meeting | None
    open_questions: int
    open_talks: int
    open_tasks: int


@dataclass(frozen=True, slots=True)
class Reference:
    """One address of the link library, with every place that cites it."""

    url: str
    domain: str
    citations: tuple[Link, ...]

    @property
    def meeting(self) -> str:
        """The meeting that cited it first."""
        return self.citations[0].meeting


@dataclass(slots=True)
class Person:
    """Somebody whom the notes name as a speaker, presenter, volunteer, owner, asker or attendee."""

    name: str
    id: str
    number: int
    meetings: list[str] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Archive:
    """All records, cross-linked; meetings in order, everything else in order of appearance.

    Open is a question that nothing answers, a talk that is planned and not given, and a task that
    no note marks as done. `order` is each meeting's place among the others.
    """

    sessions: tuple[Session, ...]
    questions: tuple[Question, ...]
    talks: tuple[Talk, ...]
    tasks: tuple[Task, ...]
    open_questions: tuple[Question, ...]
    open_talks: tuple[Talk, ...]
    open_tasks: tuple[Task, ...]
    references: tuple[Reference, ...]
    people: tuple[Person, ...]
    order: dict[str, int]


def read_notes(folder: Path, root: Path | None = None) -> list[Note]:
    """Read every note of a folder, in the order of their names.

    Args:
        folder: The folder that holds the notes; `.txt` and `.md` files below it are read.
        root: What the notes' names are relative to; the folder's parent by default.

    Raises:
        NoteError: The folder is missing, or a note cannot be opened.
    """
    if not folder.is_dir():
        raise NoteError(
            "there is no such folder of notes",
            file=str(folder),
            mend="make it and put the first note in, e.g. meetings/week-01.txt",
        )
    root = folder.parent if root is None else root
    paths = (
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in NOTE_SUFFIXES and path.is_file() and not path.is_symlink()
    )
    return [
        _read_file(path, path.relative_to(root).as_posix()) for path in sorted(paths, key=_by_name)
    ]


def _read_file(path: Path, name: str) -> Note:
    try:
        return read_note(path.read_bytes(), name)
    except OSError as error:
        raise NoteError(
            f"the note cannot be opened: {error.strerror}", file=name, mend="check its permissions"
        ) from error


def link_notes(notes: Iterable[Note]) -> Archive:
    """Put the notes in order and cross-reference what they hold.

    Args:
        notes: Notes as read. Two with the same meeting id (two notes of one week) both stay: the
            later by name gets a letter, `w03b`.

    Returns:
        The archive.
    """
    ordered = sorted(_distinct(notes), key=_order)
    questions = _all(note.questions for note in ordered)
    talks = _all(note.talks for note in ordered)
    tasks = _all(note.tasks for note in ordered)
    return Archive(
        sessions=_sessions(ordered),
        questions=questions,
        talks=talks,
        tasks=tasks,
        open_questions=questions,
        open_talks=tuple(talk for talk in talks if talk.status == "planned"),
        open_tasks=tuple(task for task in tasks if not task.done),
        references=_references(_all(note.links for note in ordered)),
        people=_people(ordered),
        order={note.meetings[0].id: place for place, note in enumerate(ordered)},
    )


def _all(groups: Iterable[tuple[R, ...]]) -> tuple[R, ...]:
    return tuple(record for group in groups for record in group)


def _by_name(path: PurePath) -> tuple[PurePath, str]:
    """`week-03.txt` before `week-03-b.txt`: the dot before an ending is no letter."""
    return path.with_suffix(""), path.suffix


def _order(note: Note) -> tuple[bool, int, str, tuple[PurePath, str]]:
    """By week, else by date; a note with neither comes last, by its name."""
    meeting = note.meetings[0]
    unplaced = meeting.week is None and meeting.date is None
    return unplaced, meeting.week or 0, meeting.date or "", _by_name(PurePath(note.file))


def _distinct(notes: Iterable[Note]) -> list[Note]:
    """The notes with no meeting id twice."""
    taken: set[str] = set()
    distinct = []
    for note in notes:
        old = note.meetings[0].id
        candidates = (old, *(f"{old}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"))
        new = next((candidate for candidate in candidates if candidate not in taken), None)
        if new is None:
            raise NoteError(
                f"more than 26 notes are meeting {old}",
                file=note.file,
                mend="give each note its own week or date in its name, e.g. week-03.txt",
            )
        taken.add(new)
        distinct.append(note if new == old else _renamed(note, old, new))
    return distinct


def _renamed(note: Note, old: str, new: str) -> Note:
    def moved(records: tuple[R, ...]) -> tuple[R, ...]:
        return tuple(
            replace(record, id=new + record.id.removeprefix(old), meeting=new) for record in records
        )

    return replace(
        note,
        meetings=tuple(replace(meeting, id=new) for meeting in note.meetings),
        opinions=moved(note.opinions),
        decisions=moved(note.decisions),
        questions=moved(note.questions),
        answers=moved(note.answers),
        links=moved(note.links),
        talks=moved(note.talks),
        tasks=moved(note.tasks),
    )


def _sessions(notes: list[Note]) -> tuple[Session, ...]:
    meetings = [note.meetings[0] for note in notes]
    sessions = []
    questions = talks = tasks = 0
    for index, note in enumerate(notes):
        sessions.append(
            Session(
                meeting=meetings[index],
                note=note,
                previous=meetings[index - 1] if index else None,
                next=meetings[index + 1] if index + 1 < len(meetings) else None,
                open_questions=questions,
                open_talks=talks,
                open_tasks=tasks,
            )
        )
        questions += len(note.questions)
        talks += sum(talk.status == "planned" for talk in note.talks)
        tasks += sum(not task.done for task in note.tasks)
    return tuple(sessions)


def _references(links: Iterable[Link]) -> tuple[Reference, ...]:
    cited: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        cited[_canonical(link.url)].append(link)
    return tuple(Reference(url, _domain(url), tuple(found)) for url, found in cited.items())


def _canonical(url: str) -> str:
    """The form under which two spellings of one address meet; `url` itself when it has none."""
    try:
        canonical = url_normalize(url) or url
    except ValueError:  # a port of letters, a broken IPv6 host
        return url
    if "arxiv.org/pdf/" in canonical:
        return canonical.replace("/pdf/", "/abs/", 1).removesuffix(".pdf")
    return canonical


def _domain(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _people(notes: Iterable[Note]) -> tuple[Person, ...]:
    people: dict[str, Person] = {}
    ids: set[str] = set()

    def met(names: Iterable[str], meeting: str) -> list[Person]:
        found = []
        for name in dict.fromkeys(names):
            if name not in people:
                people[name] = Person(name, _person_id(name, ids), len(people))
            person = people[name]
            if meeting not in person.meetings[-1:]:
                person.meetings.append(meeting)
            found.append(person)
        return found

    for note in notes:
        for meeting in note.meetings:
            met(meeting.attendees, meeting.id)
        for record in note.records():
            match record:
                case Opinion():
                    for person in met(record.speakers, record.meeting):
                        person.opinions.append(record)
                case Talk():
                    for person in met((*record.presenters, *record.volunteers), record.meeting):
                        person.talks.append(record)
                case Task():
                    for person in met(record.owners, record.meeting):
                        person.tasks.append(record)
                case Question():
                    for person in met(record.askers, record.meeting):
                        person.questions.append(record)
    return tuple(people.values())


def _person_id(name: str, taken: set[str]) -> str:
    """The name in Latin letters; a second name that reads the same gets its code points."""
    latin = "".join(filter(str.isalnum, anyascii(name))).lower()
    if not latin or latin in taken:
        latin += "-".join(f"{ord(letter):x}" for letter in name)
    taken.add(latin)
    return latin
