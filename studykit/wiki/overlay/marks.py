"""Lines marked as something else than the reader took them for.

The blocks still partition the text: where a mark begins or ends within one, it is parted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from studykit.errors import NoteError
from studykit.wiki.lines import Line, LineIndex, split_lines
from studykit.wiki.overlay.fields import FIELDS, TYPES, Said, folded
from studykit.wiki.records import (
    Block,
    BlockKind,
    Correction,
    Link,
    Note,
    Opinion,
    Point,
    Record,
)
from studykit.wiki.rows import read_rows, words_start
from studykit.wiki.toml_file import Step, TomlFile

__all__ = ["EXAMPLE", "with_marks"]

EXAMPLE = "[[mark]]\nlines = [12, 12]"

_ID_MARKS = {
    "opinion": "o",
    "decision": "d",
    "question": "q",
    "answer": "a",
    "talk": "talk",
    "task": "task",
}

_PLAIN: tuple[BlockKind, ...] = ("prose", "heading", "blank", "attendees", "date")
"""Kinds of block that hold no record but links."""

_AS: tuple[BlockKind, ...] = (
    "prose",
    "heading",
    "opinion",
    "decision",
    "question",
    "answer",
    "talk",
    "task",
)
"""What lines may be marked as."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Whole lines, and the kind of block that they are."""

    kind: BlockKind
    start: int
    end: int
    lines: tuple[int, int]
    values: dict[str, Any]
    reason: str


def with_marks(note: Note, file: TomlFile) -> Note:
    """The note with every `[[mark]]` of the file."""
    lines = split_lines(note.text)
    marked: dict[int, int] = {}
    for index, table in enumerate(file.tables("mark", EXAMPLE)):
        mark = _mark(note, file, lines, table, index)
        for number in range(mark.lines[0], mark.lines[1] + 1):
            if number in marked:
                raise file.error(
                    f"line {number} is marked twice",
                    *("mark", index),
                    mend="keep one of the two",
                )
            marked[number] = index
        note = _with_mark(note, lines, mark)
    return note


def _mark(
    note: Note, file: TomlFile, lines: list[Line], table: Mapping[str, Any], index: int
) -> _Mark:
    at = ("mark", index)
    kind = file.string(table, "as", *at)
    found = next((known for known in _AS if known == kind), None)
    if found is None:
        near = get_close_matches(kind, _AS, n=1)
        raise file.error(
            f"lines cannot be marked as {kind!r}, only as one of {', '.join(_AS)}",
            *at,
            "as",
            mend=f"did you mean {near[0]!r}?" if near else 'write as = "prose"',
        )
    fields = FIELDS.get(kind, {})
    file.only_keys(table, ("lines", "was", "as", *fields), *at)
    first, last = _range(note, file, lines, table, at)
    _still_there(note, file, lines, table, at, (first, last))
    said = Said(file, table, at, (first, last))
    values = {key: read(said, key) for key, read in fields.items() if key in table}
    if kind == "opinion" and not values.get("speakers"):
        raise file.error(
            "an opinion is somebody's", *at, "as", mend='add speakers = ["…"] to this mark'
        )
    start, end = lines[first - 1].start, lines[last - 1].end
    place = f"line {first}" if first == last else f"lines {first}-{last}"
    reason = f"{file.name} marks {place} as {kind}"
    return _Mark(found, start, end, (first, last), values, reason)


def _range(
    note: Note,
    file: TomlFile,
    lines: list[Line],
    table: Mapping[str, Any],
    at: tuple[Step, ...],
) -> tuple[int, int]:
    match table.get("lines"):
        case [int(first), int(last)] if 1 <= first <= last <= len(lines):
            if any(not line.blank for line in lines[first - 1 : last]):
                return first, last
            raise file.error("there is nothing on these lines", *at, "lines", mend="remove it")
        case [int(), int()]:
            raise file.error(
                f"{note.file} has lines 1 to {len(lines)}",
                *at,
                "lines",
                mend="write the first and the last line of what is marked",
            )
    raise file.error(
        "'lines' must be the first and the last line",
        *at,
        "lines",
        mend="write lines = [12, 12] for line 12",
    )


def _still_there(
    note: Note,
    file: TomlFile,
    lines: list[Line],
    table: Mapping[str, Any],
    at: tuple[Step, ...],
    place: tuple[int, int],
) -> None:
    """Check that the marked lines have the words that the mark was written for."""
    first, last = place
    was = folded(file.string(table, "was", *at))
    now = folded(" ".join(line.body for line in lines[first - 1 : last]))
    if was == now:
        return
    count = last - first
    moved = [
        number
        for number in range(1, len(lines) - count + 1)
        if folded(" ".join(line.body for line in lines[number - 1 : number + count])) == was
    ]
    raise NoteError(
        f"this mark was written for other words of {note.file}\n"
        f"  line {first} was: {was}\n"
        f"  line {first} is:  {now}",
        file=file.name,
        line=file.line(*at, "was"),
        mend=f"the words are on line {moved[0]} now: lines = [{moved[0]}, {moved[0] + count}]"
        if moved
        else "if it is still right, write the new words as `was`; else remove it",
    )


def _with_mark(note: Note, lines: list[Line], mark: _Mark) -> Note:
    index = LineIndex(lines)
    kept: list[Record] = []
    dropped: list[Record] = []
    for record in note.records():
        outside = record.end <= mark.start or record.start >= mark.end
        if outside or isinstance(record, Link):
            kept.append(record)
            continue
        dropped.append(record)
        kept.extend(_outside(note, record, mark, index, [*note.records(), *kept]))
    corrections = []
    new = _new_record(note, lines, mark, [*note.records(), *kept])
    if new:
        kept.append(new)
    was = next((record for record in dropped if record.start >= mark.start), None)
    before = next(
        (kind for kind, of in TYPES.items() if type(was) is of), _kind_at(note, mark.start)
    )
    corrections.append(Correction(new.id if new else None, "kind", before, mark.kind, mark.lines))
    return replace(
        note.with_records(kept),
        blocks=tuple(_blocks(note, mark, kept)),
        corrections=(*note.corrections, *corrections),
    )


def _kind_at(note: Note, offset: int) -> str:
    return next(block.kind for block in note.blocks if block.start <= offset < block.end)


def _blocks(note: Note, mark: _Mark, records: Iterable[Record]) -> Iterable[Block]:
    """The note's blocks, parted where the marked lines begin and end."""
    starts = [record.start for record in records if not isinstance(record, Link)]
    links = [record.start for record in records if isinstance(record, Link)]
    marked = False
    for block in note.blocks:
        if block.end <= mark.start or block.start >= mark.end:
            yield block
            continue
        if block.start < mark.start:
            yield _part(note, block, block.start, mark.start, starts, links)
        if not marked:
            yield Block(mark.kind, mark.start, mark.end)
            marked = True
        if block.end > mark.end:
            yield _part(note, block, mark.end, block.end, starts, links)


def _part(
    note: Note, block: Block, start: int, end: int, starts: list[int], links: list[int]
) -> Block:
    """What is left of a block: its kind stays while a record is left in it."""
    held = links if block.kind == "link" else starts
    if not note.text[start:end].strip():
        return Block("blank", start, end)
    if block.kind in _PLAIN or any(start <= place < end for place in held):
        return Block(block.kind, start, end)
    return Block("prose", start, end)


def _outside(
    note: Note, record: Record, mark: _Mark, index: LineIndex, known: Iterable[Record]
) -> Iterable[Record]:
    """What is left of a record around the marked lines.

    What stands before them stays the record; a turn goes on behind them, any other record does not.
    """
    if record.start >= mark.start:
        return
    head = _cut(note, record, record.start, mark.start, index)
    if head is None:
        return
    yield head
    if isinstance(record, Opinion) and record.end > mark.end:
        tail = _cut(note, record, mark.end, record.end, index)
        if tail is not None:
            prefix = record.id.rstrip("0123456789")
            yield replace(
                tail,
                id=_next_id(prefix, known),
                evidence=(*record.evidence, f"goes on behind what {mark.reason}"),
            )


def _cut(note: Note, record: Record, start: int, end: int, index: LineIndex) -> Record | None:
    """The part of a record from `start` to `end`, without the blanks around it."""
    span = _trimmed(note, start, end)
    if span is None:
        return None
    start, end = span
    lines = index.number(start), index.number(end - 1)
    changed = replace(record, start=start, end=end, lines=lines, text=note.text[start:end])
    if isinstance(changed, Opinion):
        spans = (
            _trimmed(note, max(point.start, start), min(point.end, end)) for point in changed.points
        )
        points = tuple(Point(*cut, note.text[slice(*cut)]) for cut in spans if cut)
        return replace(changed, points=points)
    return changed


def _trimmed(note: Note, start: int, end: int) -> tuple[int, int] | None:
    text = note.text[start:end] if start < end else ""
    if not text.strip():
        return None
    return start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())


def _new_record(
    note: Note, lines: list[Line], mark: _Mark, known: Iterable[Record]
) -> Record | None:
    """The record that the marked lines are; None where they are to be none."""
    if mark.kind not in _ID_MARKS:
        return None
    own = [line for line in lines[mark.lines[0] - 1 : mark.lines[1]] if not line.blank]
    first = read_rows(own[:1], markdown=False)[0]
    start = first.start
    end = own[-1].body_end
    meeting = next((m for m in note.meetings if m.start <= start < m.end), note.meetings[0])
    common: dict[str, Any] = {
        "id": _next_id(f"{meeting.id}-{_ID_MARKS[mark.kind]}", known),
        "meeting": meeting.id,
        "start": start,
        "end": end,
        "lines": (own[0].number, own[-1].number),
        "text": note.text[start:end],
        "evidence": (mark.reason,),
    }
    unstated: dict[str, dict[str, Any]] = {
        "opinion": {"speakers": (), "points": _points(note, own, start)},
        "decision": {},
        "question": {"number": first.number, "askers": ()},
        "answer": {"question": None},
        "talk": {"subject": None, "presenters": (), "volunteers": (), "due": None, "status": None},
        "task": {"owners": (), "due": None, "done": None},
    }
    return TYPES[mark.kind](**common, **(unstated[mark.kind] | mark.values))


def _points(note: Note, own: list[Line], start: int) -> tuple[Point, ...]:
    """One point a line."""
    starts = [start, *map(words_start, own[1:])]
    return tuple(
        Point(first, line.body_end, note.text[first : line.body_end])
        for first, line in zip(starts, own, strict=True)
    )


def _next_id(prefix: str, known: Iterable[Record]) -> str:
    """The first number behind every one that is used."""
    numbers = (record.id.removeprefix(prefix) for record in known if record.id.startswith(prefix))
    used = [int(number) for number in numbers if number.isdecimal()]
    return f"{prefix}{max(used, default=0) + 1}"
