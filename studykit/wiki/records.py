"""What reading a note yields: blocks that partition its text, and records with their spans.

Plain data. Offsets are code points of the decoded text, `end` exclusive; lines count from 1. For
every record, point and link `text == note.text[start:end]`. What the note does not state is `None`
or an empty tuple.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import Literal, TypeVar

__all__ = [
    "Answer",
    "Block",
    "BlockKind",
    "Closing",
    "Correction",
    "Decision",
    "Doubt",
    "Due",
    "Link",
    "LinkKind",
    "Meeting",
    "Note",
    "Opinion",
    "Point",
    "Question",
    "Record",
    "Talk",
    "TalkStatus",
    "Task",
]

SCHEMA = 1

BlockKind = Literal[
    "heading",
    "opinion",
    "decision",
    "question",
    "answer",
    "link",
    "talk",
    "task",
    "attendees",
    "date",
    "prose",
    "blank",
]
LinkKind = Literal["paper", "article", "video", "code", "book"]
TalkStatus = Literal["planned", "given"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of whole lines of the note; the blocks, joined in order, are the note."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Due:
    """By when: the words of the note, and the week or date that they state.

    `week` is counted from the meeting's own week; `date` is ISO and never guessed from a week.
    """

    text: str
    week: int | None
    date: str | None
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session of the group."""

    id: str
    week: int | None
    date: str | None
    title: str | None
    attendees: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Point:
    """One bullet of an opinion, without the bullet, with the lines that continue it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has: an id, its meeting, its place, and why it was taken for one."""

    id: str
    meeting: str
    start: int
    end: int
    lines: tuple[int, int]
    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion(Record):
    """A speaker's turn."""

    speakers: tuple[str, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Record):
    """What the note says was settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Record):
    """What was asked; `number` is the one that the note gives it."""

    number: int | None
    askers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Record):
    """What a note gives as the answer to the question with the id `question`."""

    question: str | None

    @property
    def named(self) -> bool:
        """Whether the question's id is the note's own word, and not the reader's count."""
        if self.question is None:
            return False
        found = re.compile(rf"(?<![A-Za-z0-9-]){re.escape(self.question)}(?![A-Za-z0-9-])")
        return any(found.search(said) for said in (self.text, *self.evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Record):
    """An address with the title that stands beside it, both as written."""

    title: str | None
    url: str
    kind: LinkKind | None

    @property
    def address(self) -> str:
        """Where it leads: `url` with what `www.example.org` and `arXiv:2006.11239` leave out."""
        scheme, _, number = self.url.partition(":")
        if site := _NUMBERS.get(scheme.lower()):
            return f"{site}/{number}"
        return self.url if "://" in self.url else f"https://{self.url}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(Record):
    """Who presents what, and by when."""

    subject: str | None
    presenters: tuple[str, ...]
    volunteers: tuple[str, ...]
    due: Due | None
    status: TalkStatus | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Record):
    """What is due, for whom and by when; `done` is None where the note has no tick box."""

    owners: tuple[str, ...]
    due: Due | None
    done: bool | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place where the reader could not be sure, and how the writer would make it sure."""

    code: str
    start: int
    end: int
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What the note's overlay says otherwise than the reader, as words to show; see overlay.py.

    `id` is the record's or the meeting's, None for lines that are no record any more. `field` is
    the record's, or `kind` for lines marked as something else. None is what is not stated.
    """

    id: str | None
    field: str
    was: str | None
    now: str | None
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Closing:
    """What a meeting says of an earlier record: that it is answered, done or presented.

    `id` is the record's, as written; `lines` are the note's, None where its overlay says so.
    """

    id: str
    meeting: str
    lines: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as read.

    `text.encode(encoding, "surrogateescape")` gives back the file's bytes.
    """

    file: str
    encoding: str
    text: str
    meetings: tuple[Meeting, ...]
    blocks: tuple[Block, ...]
    opinions: tuple[Opinion, ...] = ()
    decisions: tuple[Decision, ...] = ()
    questions: tuple[Question, ...] = ()
    answers: tuple[Answer, ...] = ()
    links: tuple[Link, ...] = ()
    talks: tuple[Talk, ...] = ()
    tasks: tuple[Task, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    corrections: tuple[Correction, ...] = ()
    closings: tuple[Closing, ...] = ()

    @property
    def speakers(self) -> tuple[str, ...]:
        """Everybody who has a turn, in order of the first one."""
        names = (name for opinion in self.opinions for name in opinion.speakers)
        return tuple(dict.fromkeys(names))

    def records(self) -> Iterator[Record]:
        """Every record of the note, in the order of the text; an outer one before its inner."""
        groups = (
            self.opinions,
            self.decisions,
            self.questions,
            self.answers,
            self.links,
            self.talks,
            self.tasks,
        )
        return iter(_in_order(record for group in groups for record in group))

    def with_records(self, records: Iterable[Record]) -> Note:
        """This note with these records, of any kind and in any order, instead of its own."""
        ordered = _in_order(records)

        def only(kind: type[R]) -> tuple[R, ...]:
            return tuple(record for record in ordered if isinstance(record, kind))

        return replace(
            self,
            opinions=only(Opinion),
            decisions=only(Decision),
            questions=only(Question),
            answers=only(Answer),
            links=only(Link),
            talks=only(Talk),
            tasks=only(Task),
        )

    def by_meeting(self) -> tuple[Note, ...]:
        """This note in parts, one a meeting, each with the whole text and its own records."""
        if len(self.meetings) == 1:
            return (self,)
        parts = []
        for meeting in self.meetings:

            def here(start: int, meeting: Meeting = meeting) -> bool:
                return meeting.start <= start < meeting.end

            records = [record for record in self.records() if record.meeting == meeting.id]
            ids = {meeting.id, *(record.id for record in records)}
            lines = {number for record in records for number in record.lines}
            part = replace(
                self.with_records(records),
                meetings=(meeting,),
                blocks=tuple(block for block in self.blocks if here(block.start)),
                doubts=tuple(doubt for doubt in self.doubts if here(doubt.start)),
                closings=tuple(each for each in self.closings if each.meeting == meeting.id),
                corrections=tuple(
                    each
                    for each in self.corrections
                    if each.id in ids or (each.id is None and each.lines[0] in lines)
                ),
            )
            parts.append(part)
        return tuple(parts)

    def to_json(self) -> dict[str, object]:
        """The reader's output as plain JSON values: what `studykit read --json` prints."""
        hidden = ("text", "doubts", "corrections", "closings")
        keys = [field.name for field in fields(self) if field.name not in hidden]
        body = {key: value for key, value in asdict(self).items() if key in keys}
        return {"schema": SCHEMA, **body, "speakers": list(self.speakers)}


R = TypeVar("R", bound=Record)
_NUMBERS = {"arxiv": "https://arxiv.org/abs", "doi": "https://doi.org"}
"""Where a paper's number leads to."""


def _in_order(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (record.start, -record.end))
