"""Linking: the notes of a folder become one archive, in order and cross-referenced.

The archive answers what no single note can: which meeting comes before, what is still open and
since when, where a link was cited, what a person said over the weeks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from anyascii import anyascii
from url_normalize import url_normalize

from studykit.errors import NoteError
from studykit.wiki.ages import Age, age
from studykit.wiki.closing import Closer, find_closers, talk_stage
from studykit.wiki.escape import unmasked
from studykit.wiki.folder import by_name, distinct_meetings, read_folder
from studykit.wiki.front_matter import Stage
from studykit.wiki.group import People
from studykit.wiki.names import shape_of
from studykit.wiki.records import Link, Meeting, Note, Opinion, Question, Record, Talk, Task

if TYPE_CHECKING:  # who only reads notes needs no Markdown
    from studykit.wiki.handwritten import Handwritten
    from studykit.wiki.issues import Issue

__all__ = ["Archive", "Person", "Reference", "Session", "latest_note", "link_notes", "read_notes"]

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting with its note and its place among the others.

    `open_questions`, `open_talks` and `open_tasks` are how many of the archive's open records, in
    order, come from earlier meetings; `open_issues` how many of its open issues came before.
    """

    meeting: Meeting
    note: Note
    previous: Meeting | None
    next: Meeting | None
    open_questions: int
    open_talks: int
    open_tasks: int
    open_issues: int


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
    """Somebody whom the notes name as a speaker, presenter, volunteer, owner, asker or attendee.

    `spellings` are the names that the notes have for them, in order of appearance.
    """

    name: str
    id: str
    number: int
    spellings: list[str] = field(default_factory=list)
    meetings: list[str] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Archive:
    """All records, cross-linked; meetings in order, everything else in order of appearance.

    Open is a question that nothing answers, a talk that is planned and not presented, and a task
    that nothing says is done. `closers` are what closes a record, by its id; `pages` the
    hand-written pages that say something, and `writeups` those of a talk, by its id. `order` is
    each meeting's place among the others. `issues` are the questions that belong to no meeting, the
    oldest first, and `issue_order` is the place of the first meeting after each, by its id.
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
    closers: Mapping[str, tuple[Closer, ...]]
    pages: tuple[Handwritten, ...]
    writeups: Mapping[str, tuple[Handwritten, ...]]
    issues: tuple[Issue, ...]
    open_issues: tuple[Issue, ...]
    issue_order: Mapping[str, int]

    @property
    def open_asked(self) -> tuple[Question | Issue, ...]:
        """Every open question, the oldest first."""
        both: list[Question | Issue] = [*self.open_questions, *self.open_issues]
        return tuple(sorted(both, key=self.asked_before))

    def asked_before(self, question: Question | Issue) -> int:
        """The place of the first meeting after a question was asked; the next one's if none was."""
        if isinstance(question, Question):
            return self.order[question.meeting] + 1
        return self.issue_order[question.id]

    @property
    def asked(self) -> tuple[Question | Issue, ...]:
        """Every question, of the notes and of issues."""
        return (*self.questions, *self.issues)

    def closed(self, record: Record | Issue) -> bool:
        """Whether something answers it, or says that it is done or was given."""
        done = record.done if isinstance(record, Task) else None
        return bool(done) or record.id in self.closers

    def stage(self, talk: Talk) -> Stage | None:
        """How far a talk is; None where nobody says."""
        return talk_stage(talk, talk.id in self.closers, self.writeups.get(talk.id, ()))

    def age(self, then: str, now: str) -> Age | None:
        """How long before the meeting `now` the meeting `then` was; None where it was not."""
        between = self.order[now] - self.order[then]
        earlier, later = (self.sessions[self.order[each]].meeting for each in (then, now))
        return age(earlier, later, between)


def read_notes(folder: Path, root: Path | None = None) -> list[Note]:
    """Read every note of a folder, in the order of their names, as its overlay corrects it.

    Args:
        folder: The folder that holds the notes; `.txt` and `.md` files below it are read.
        root: What the notes' names are relative to; the folder's parent by default.

    Raises:
        ConfigError: An overlay or a file of the group's is no TOML that means something.
        NoteError: The folder is missing, a note cannot be opened, or an overlay does not fit.
    """
    return list(read_folder(folder, root).notes)


def latest_note(folder: Path) -> Note:
    """The note of a folder's latest meeting, named from the working directory.

    Raises:
        ConfigError: A file beside the notes is wrong.
        NoteError: A note or the folder is wrong, or there is no note.
    """
    notes = read_notes(folder)
    if not notes:
        raise NoteError(
            "there is no note in the folder",
            file=folder.as_posix(),
            mend="put the first one in, e.g. week-01.txt, or name a file",
        )
    latest = max(notes, key=_order)
    return replace(latest, file=(folder.parent / latest.file).as_posix())


def link_notes(
    notes: Iterable[Note],
    members: People | None = None,
    pages: Iterable[Handwritten] = (),
    issues: Iterable[Issue] = (),
) -> Archive:
    """Put the notes in order and cross-reference what they hold.

    Args:
        notes: Notes as read. Two with the same meeting id (two notes of one week) both stay: the
            later by name gets a letter, `w03b`.
        members: The group's members: whom several names mean is one person.
        pages: Hand-written pages with the ids of the records that they answer or close.
        issues: Questions that were filed as issues, the oldest first.

    Returns:
        The archive.
    """
    parts = (part for note in distinct_meetings(notes) for part in note.by_meeting())
    ordered = sorted(parts, key=_order)
    pages, issues = tuple(pages), tuple(issues)
    questions = _all(note.questions for note in ordered)
    talks = _all(note.talks for note in ordered)
    tasks = _all(note.tasks for note in ordered)
    closers = find_closers(ordered, pages)
    writeups: defaultdict[str, list[Handwritten]] = defaultdict(list)
    for page in pages:
        if page.front.talk:
            writeups[page.front.talk.id].append(page)
    stages = {
        talk.id: talk_stage(talk, talk.id in closers, writeups.get(talk.id, ())) for talk in talks
    }
    open_questions = tuple(each for each in questions if each.id not in closers)
    open_talks = tuple(each for each in talks if stages[each.id] in ("planned", "written"))
    open_tasks = tuple(each for each in tasks if not each.done and each.id not in closers)
    open_issues = tuple(issue for issue in issues if issue.id not in closers)
    days = _days(ordered)
    return Archive(
        sessions=_sessions(ordered, (open_questions, open_talks, open_tasks), open_issues),
        questions=questions,
        talks=talks,
        tasks=tasks,
        open_questions=open_questions,
        open_talks=open_talks,
        open_tasks=open_tasks,
        references=_references(_all(note.links for note in ordered)),
        people=_people(ordered, members or People()),
        order={note.meetings[0].id: place for place, note in enumerate(ordered)},
        closers=closers,
        pages=pages,
        writeups={talk: tuple(found) for talk, found in writeups.items()},
        issues=issues,
        open_issues=open_issues,
        issue_order={issue.id: bisect_right(days, issue.date) for issue in issues},
    )


def _all(groups: Iterable[tuple[R, ...]]) -> tuple[R, ...]:
    return tuple(record for group in groups for record in group)


def _order(note: Note) -> tuple[bool, int, str, tuple[PurePath, str]]:
    """By week, else by date; a note with neither comes last, by its name."""
    meeting = note.meetings[0]
    unplaced = meeting.week is None and meeting.date is None
    return unplaced, meeting.week or 0, meeting.date or "", by_name(PurePath(note.file))


def _days(notes: Iterable[Note]) -> list[str]:
    """The latest day that the notes have stated, up to each of them; empty before the first."""
    return list(accumulate((note.meetings[0].date or "" for note in notes), max))


def _sessions(
    notes: list[Note],
    open_records: tuple[tuple[Record, ...], ...],
    open_issues: Sequence[Issue],
) -> tuple[Session, ...]:
    counts = [Counter(record.meeting for record in records) for records in open_records]
    meetings = [note.meetings[0] for note in notes]
    sessions = []
    questions = talks = tasks = 0
    asked = [issue.date for issue in open_issues]
    issues = [bisect_left(asked, day) for day in _days(notes)]
    if notes and meetings[-1].date is None:
        # Whether the newest meeting was before or after an issue, nothing says: it is open now.
        issues[-1] = len(asked)
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
                open_issues=issues[index],
            )
        )
        questions, talks, tasks = (
            before + count[meetings[index].id]
            for before, count in zip((questions, talks, tasks), counts, strict=True)
        )
    return tuple(sessions)


def _references(links: Iterable[Link]) -> tuple[Reference, ...]:
    cited: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        cited[_canonical(link.address)].append(link)
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


def _people(notes: Sequence[Note], members: People) -> tuple[Person, ...]:
    same = _same_people(notes, members)
    people: dict[str, Person] = {}
    ids: set[str] = set()

    def met(names: Iterable[str], meeting: str) -> list[Person]:
        found: dict[str, Person] = {}
        for written in names:
            name = members.canonical(written) or same.get(written, written)
            if name not in people:
                people[name] = Person(name, _person_id(unmasked(name), ids), len(people))
            person = found[name] = people[name]
            if written not in person.spellings:
                person.spellings.append(written)
            if meeting not in person.meetings[-1:]:
                person.meetings.append(meeting)
        return list(found.values())

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


def _same_people(notes: Sequence[Note], members: People) -> dict[str, str]:
    """The names by which notes call somebody shortly, each with the name that is met first.

    `가람` and `이가람`, `robin` and `Robin Field` are one person where one note has both, and the
    archive has nobody else whom the short name could mean.
    """
    order: dict[str, None] = {}
    full: defaultdict[str, set[str]] = defaultdict(set)
    together: set[tuple[str, str]] = set()
    for note in notes:
        names = [name for name in dict.fromkeys(_names(note)) if not members.canonical(name)]
        order.update(dict.fromkeys(names))
        here = {name for name in names if _short(name)}
        for name in here:
            full[_short(name)].add(name)
        shorts = {_short(name): name for name in here}
        for name in names:
            if longer := shorts.get(name.casefold()):
                together.add((name, longer))
    place = {name: index for index, name in enumerate(order)}
    same: dict[str, str] = {}
    for name, longer in sorted(together, key=lambda pair: place[pair[0]]):
        if full[name.casefold()] == {longer}:
            first, second = sorted((name, longer), key=place.__getitem__)
            same[second] = same.get(first, first)
    return same


def _short(name: str) -> str:
    """What somebody with a full name is called shortly; an empty string for any other name."""
    if shape_of(name) == "full" and len(name) == 3:
        return name[1:]
    words = name.split()
    return words[0].casefold() if len(words) > 1 and shape_of(name) == "latin" else ""


def _names(note: Note) -> Iterator[str]:
    """Everybody whom the note names, in its order."""
    for meeting in note.meetings:
        yield from meeting.attendees
    for record in note.records():
        match record:
            case Opinion():
                yield from record.speakers
            case Talk():
                yield from (*record.presenters, *record.volunteers)
            case Task():
                yield from record.owners
            case Question():
                yield from record.askers


def _person_id(name: str, taken: set[str]) -> str:
    """The name in Latin letters; a second name that reads the same gets its code points."""
    latin = "".join(filter(str.isalnum, anyascii(name))).lower()
    if not latin or latin in taken:
        latin += "-".join(f"{ord(letter):x}" for letter in name)
    taken.add(latin)
    return latin
