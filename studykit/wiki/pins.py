r"""Ids that were published once stay: a pin keeps an id together with the words that it means.

A note is read anew at every build, and the reader numbers what it finds. A pin, kept in the note's
overlay, gives a record back the id under which it was published, wherever in the note it stands
now. A number is never given to anything else, also when its record is gone.

>>> from studykit.wiki.read import read_note
>>> published = read_note("질문\n1. 구름은 왜 흰가\n".encode(), "week-03.txt")
>>> pins = renew_pins(published, ())
>>> changed = read_note("질문\n1. 비는 왜 오나\n2. 구름은 왜 흰가?\n".encode(), "week-03.txt")
>>> [(question.id, question.text) for question in apply_pins(changed, pins).questions]
[('w03-q2', '비는 왜 오나'), ('w03-q1', '구름은 왜 흰가?')]
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, get_args

from studykit.wiki.records import Answer, Decision, Note, Question, Record, Talk, Task

if TYPE_CHECKING:
    from studykit.wiki.issues import Issue

__all__ = [
    "ALIKE",
    "PIN_KINDS",
    "ChangedId",
    "Pin",
    "PinKind",
    "apply_pins",
    "changed_ids",
    "renew_pins",
    "words_of",
]

ALIKE = 0.85
"""From this ratio of difflib on, and with the same numbers in them, words are the same, edited."""

LONGEST = 400

PinKind = Literal["decision", "question", "talk", "task"]
PIN_KINDS: tuple[PinKind, ...] = get_args(PinKind)

_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NUMBER = re.compile(r"\d+\Z")


@dataclass(frozen=True, slots=True)
class Pin:
    """A published id, with the line and the words on it that it means.

    `gone` tells that the note has no such words any more.
    """

    id: str
    kind: PinKind
    line: int
    text: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ChangedId:
    """An id that meant `was` before, and now means `now`, or nothing where that is None."""

    id: str
    kind: PinKind
    was: str
    now: str | None


def apply_pins(note: Note, pins: Sequence[Pin], taken: Collection[str] = ()) -> Note:
    """The note with the published ids.

    Args:
        note: The note as read.
        pins: The pins of its overlay.
        taken: Ids that other notes' overlays have pinned.

    Returns:
        A record that a pin means has that pin's id. Where ids of its sort are pinned, any other
        question, task, talk or decision has the next number that was never used.
    """
    if not pins and not taken:
        return note
    records = list(_publishable(note))
    ids: dict[str, str] = {}
    for kind in PIN_KINDS:
        same = [record for of, record in records if of == kind]
        ids |= _matches([pin for pin in pins if pin.kind == kind], same)
    last: dict[str, int] = {}
    for published in (*(pin.id for pin in pins), *taken):
        prefix, number = _numbered(published)
        last[prefix] = max(last.get(prefix, 0), number)
    for _, record in records:
        prefix, _ = _numbered(record.id)
        if record.id not in ids and prefix in last:
            last[prefix] += 1
            ids[record.id] = f"{prefix}{last[prefix]}"
    return _renamed(note, ids)


def renew_pins(note: Note, pins: Sequence[Pin]) -> tuple[Pin, ...]:
    """The pins that keep the ids of `note`: the old ones brought up to date, then the new ones.

    Args:
        note: The note with the ids to publish, those of `apply_pins`.
        pins: The pins that it has.
    """
    now = {record.id: (kind, record) for kind, record in _publishable(note)}
    renewed = []
    for pin in pins:
        found = now.pop(pin.id, None)
        renewed.append(_pin(*found) if found else replace(pin, gone=True))
    return (*renewed, *(_pin(kind, record) for kind, record in now.values()))


def changed_ids(before: Note, *after: Note) -> tuple[ChangedId, ...]:
    r"""The ids of `before` that a link to them would not find again in any note of `after`.

    Examples:
        >>> from studykit.wiki.read import read_note
        >>> one, two = (read_note(text.encode(), "week-03.txt") for text in
        ...             ("질문\n1. 구름은 왜 흰가\n", "질문\n1. 비는 왜 오나\n"))
        >>> changed_ids(one, two)
        (ChangedId(id='w03-q1', kind='question', was='구름은 왜 흰가', now='비는 왜 오나'),)
    """
    now = {
        record.id: (kind, words_of(record)) for note in after for kind, record in _publishable(note)
    }
    changed = []
    for kind, record in _publishable(before):
        was = words_of(record)
        found_kind, found = now.get(record.id, (kind, None))
        if found is None or found_kind != kind or _likeness(was, found) < ALIKE:
            changed.append(ChangedId(record.id, kind, was, found))
    return tuple(changed)


def words_of(record: Record | Issue) -> str:
    """What a pin keeps of a record: its first line, in a form that any file can hold."""
    first = re.split(r"[\r\n]", record.text, maxsplit=1)[0]
    folded = unicodedata.normalize("NFC", " ".join(first.split()))
    return _UNSHOWN.sub("\ufffd", folded[:LONGEST])


def _publishable(note: Note) -> Iterator[tuple[PinKind, Record]]:
    """The records that have an address of their own, in the order of the text."""
    for record in note.records():
        match record:
            case Decision():
                yield "decision", record
            case Question():
                yield "question", record
            case Talk():
                yield "talk", record
            case Task():
                yield "task", record


def _pin(kind: PinKind, record: Record) -> Pin:
    return Pin(record.id, kind, record.lines[0], words_of(record))


def _matches(pins: Sequence[Pin], records: Sequence[Record]) -> dict[str, str]:
    """The reader's id of each record that a pin means, with the pinned id."""
    found: dict[str, str] = {}
    same: defaultdict[str, list[Record]] = defaultdict(list)
    for record in reversed(records):
        same[words_of(record)].append(record)
    left = []
    # Of pins with the same words the first goes to the first record; what is gone comes last.
    for pin in sorted(pins, key=lambda pin: (pin.gone, pin.line)):
        if candidates := same[pin.text]:
            found[candidates.pop().id] = pin.id
        elif not pin.gone:
            left.append(pin)
    others = [record for record in records if record.id not in found]
    alike = sorted(
        (-likeness, abs(row - column), row, column)
        for row, pin in enumerate(left)
        for column, record in enumerate(others)
        if (likeness := _likeness(pin.text, words_of(record))) >= ALIKE
    )
    rows: set[int] = set()
    columns: set[int] = set()
    for _, _, row, column in alike:
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            found[others[column].id] = left[row].id
    return found


def _likeness(was: str, now: str) -> float:
    """How alike two texts are, from 0 to 1; not at all where their numbers differ."""
    if re.findall(r"\d+", was) != re.findall(r"\d+", now):
        return 0.0
    was, now = ("".join(text.split()).casefold() for text in (was, now))
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    # The quick ones are upper bounds, and cheap.
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


def _numbered(record_id: str) -> tuple[str, int]:
    """`w01-q` and 2 of `w01-q2`."""
    match = _NUMBER.search(record_id)
    return (record_id[: match.start()], int(match[0])) if match else (record_id, 0)


def _renamed(note: Note, ids: dict[str, str]) -> Note:
    """The note with other ids, wherever it mentions them."""

    def renamed(record: Record) -> Record:
        record = replace(record, id=ids.get(record.id, record.id))
        # An id that the note itself names is a published one already.
        if isinstance(record, Answer) and record.question and not record.named:
            record = replace(record, question=ids.get(record.question, record.question))
        return record

    return replace(
        note.with_records(map(renamed, note.records())),
        corrections=tuple(
            replace(correction, id=ids.get(correction.id, correction.id) if correction.id else None)
            for correction in note.corrections
        ),
    )
