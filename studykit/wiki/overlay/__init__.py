r"""What a group says about a note beside it, since the note itself stays as typed.

`meetings/week-01.toml` belongs to the note `week-01.txt` or `week-01.md`:

    date = 2031-03-18
    title = "구름 관찰"

    answers = ["w01-q1"]                # questions, of earlier meetings too, that it answered
    closes = ["w01-task1"]              # tasks that are done, talks that were given

    [[correct]]                         # a record, by the id that its page shows
    id = "w01-task2"
    was = "온도계 사기"                  # as the reader has it; the first line is enough
    owners = ["가람"]

    [[mark]]                            # lines that the reader took for something else
    lines = [12, 12]
    was = "- 창문은 누가 닫나"
    as = "question"
    askers = ["나래"]

A correction that no longer fits the note is an error: it was written for other words.

>>> from studykit.wiki.read import read_note
>>> note = read_note("과제\n- 온도계 사기\n".encode(), "week-01.txt")
>>> said = '[[correct]]\nid = "w01-task1"\nwas = "온도계 사기"\nowners = ["가람"]\n'
>>> corrected = apply_overlay(note, parse_overlay(said, "week-01.toml"))
>>> corrected.tasks[0].owners, corrected.corrections[0].was, corrected.corrections[0].now
(('가람',), None, '가람')
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from studykit.errors import NoteError
from studykit.wiki.lines import LineIndex, split_lines
from studykit.wiki.overlay.fields import FIELDS, TYPES, Said, day, folded, shown, words
from studykit.wiki.overlay.marks import EXAMPLE as MARK
from studykit.wiki.overlay.marks import with_marks
from studykit.wiki.pins import PIN_KINDS, Pin, apply_pins
from studykit.wiki.records import Closing, Correction, Meeting, Note, Record
from studykit.wiki.toml_file import Step, TomlFile

__all__ = ["Overlay", "apply_overlay", "load_overlay", "parse_overlay"]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A note's overlay, its shape checked; what it says of the note is checked when applied."""

    file: TomlFile
    pins: tuple[Pin, ...]

    @property
    def only_pins(self) -> bool:
        """Whether it corrects nothing, and needs no note."""
        return set(self.file.data) <= {"pins"}

    def named_ids(self) -> Iterator[tuple[str, str, int | None, int | None]]:
        """Each id below `answers` and `closes`: the key, the id, its line and column."""
        tables: list[tuple[tuple[str | int, ...], dict[str, Any]]] = [((), self.file.data)]
        tables += [
            (("meeting", at), each) for at, each in enumerate(self.file.data.get("meeting", []))
        ]
        for at, table in tables:
            for key in _CLOSING:
                for record_id in self.file.strings(table, key, *at):
                    yield key, record_id, *self.file.place(record_id, *at, key)


def load_overlay(path: Path, name: str | None = None) -> Overlay:
    """Read an overlay.

    Args:
        path: The file.
        name: How errors name it; the path by default.

    Raises:
        ConfigError: It is no TOML, or has a key or value that means nothing.
    """
    return _overlay(TomlFile.read(path, name or path.as_posix()))


def parse_overlay(text: str, name: str) -> Overlay:
    """As `load_overlay`, from its text."""
    return _overlay(TomlFile.parse(text, name))


def apply_overlay(note: Note, overlay: Overlay, taken: Collection[str] = ()) -> Note:
    """The note with what its overlay says: marks first, then the pinned ids, then corrections.

    Args:
        note: The note as read. Its text stays as it is.
        overlay: The overlay beside it.
        taken: Ids that other notes' overlays have pinned.

    Returns:
        The corrected note; `corrections` has what was read and what is said instead.

    Raises:
        ConfigError: A field does not suit what it is given for.
        NoteError: The overlay was written for words that the note has no more.
    """
    file = overlay.file
    note = with_marks(note, file)
    note = apply_pins(note, overlay.pins, taken)
    for index, table in enumerate(file.tables("correct", _CORRECT)):
        note = _corrected(note, file, table, index)
    return _with_meetings(note, file)


# --- the file's shape -----------------------------------------------------------------------------

_MEETING = '[[meeting]]\nid = "w01"'
_CORRECT = '[[correct]]\nid = "w01-q2"'
_CLOSING = ("answers", "closes")
_OF_MEETING = ("date", "title", "attendees", *_CLOSING)


def _overlay(file: TomlFile) -> Overlay:
    file.only_keys(file.data, (*_OF_MEETING, "meeting", "correct", "mark", "pins"))
    for key, example in (("meeting", _MEETING), ("correct", _CORRECT), ("mark", MARK)):
        file.tables(key, example)
    pins = file.data.get("pins", {})
    if not isinstance(pins, dict):
        raise file.error("'pins' must be a table", "pins", mend="remove it: run studykit pin")
    return Overlay(file, tuple(_pin(file, record_id, pin) for record_id, pin in pins.items()))


def _pin(file: TomlFile, record_id: str, pin: object) -> Pin:
    match pin:
        case {"kind": str(kind), "line": int(line), "text": str(text), **rest} if (
            kind in PIN_KINDS
            and re.fullmatch(r"[a-z0-9-]*[a-z-][1-9][0-9]*", record_id)
            and set(rest) <= {"gone"}
            and isinstance(gone := rest.get("gone", False), bool)
        ):
            return Pin(record_id, kind, line, text, gone)
    raise file.error(
        f"the pin of {record_id!r} is not as studykit pin writes it",
        "pins",
        record_id,
        mend='w01-q1 = {kind = "question", line = 3, text = "…"}; kinds are '
        + ", ".join(PIN_KINDS),
    )


# --- corrections ----------------------------------------------------------------------------------


def _corrected(note: Note, file: TomlFile, table: Mapping[str, Any], index: int) -> Note:
    """The note with one `[[correct]]`."""
    at = ("correct", index)
    record_id = file.string(table, "id", *at)
    records = {record.id: record for record in note.records()}
    record = records.get(record_id)
    if record is None:
        near = get_close_matches(record_id, records, n=1)
        raise NoteError(
            f"{note.file} has no record {record_id}",
            file=file.name,
            line=file.line(*at, "id"),
            mend=f"did you mean {near[0]}?" if near else "studykit read shows the ids",
        )
    kind = next(kind for kind, of in TYPES.items() if type(record) is of)
    fields = {**FIELDS[kind], **({} if kind == "link" else {"text": words})}
    file.only_keys(table, ("id", "was", *fields), *at)
    _still(note, file, at, file.string(table, "was", *at), record)
    chosen = {key: read for key, read in fields.items() if key in table}
    if not chosen:
        raise file.error(
            f"nothing is corrected of {record_id}", *at, mend=f"add one of {', '.join(fields)}"
        )
    said = Said(file, table, at, record.lines)
    values = {key: read(said, key) for key, read in chosen.items()}
    if kind == "opinion" and values.get("speakers") == ():
        raise file.error(
            "somebody says it", *at, "speakers", mend='write speakers = ["…"], or mark the lines'
        )
    corrections = tuple(
        Correction(record_id, key, shown(getattr(record, key)), shown(value), record.lines)
        for key, value in values.items()
        if shown(getattr(record, key)) != shown(value)
    )
    values.pop("text", None)  # The text stays as typed; what it should say is shown beside it.
    reasons = (*record.evidence, f"{file.name} says so: {', '.join(chosen)}")
    records[record_id] = replace(record, **values, evidence=reasons)
    return replace(
        note.with_records(records.values()), corrections=(*note.corrections, *corrections)
    )


def _still(note: Note, file: TomlFile, at: tuple[Step, ...], was: str, record: Record) -> None:
    """Check that the record has the words that the correction was written for."""
    first = split_lines(record.text)[0].text
    if folded(was) not in (folded(record.text), folded(first)):
        raise NoteError(
            f"this correction was written for other words of {note.file}\n"
            f"  {record.id} was: {folded(was)}\n"
            f"  {record.id} is:  {folded(record.text)}",
            file=file.name,
            line=file.line(*at, "was"),
            mend="if it is still right, write the new words as `was`; else remove it",
        )


def _with_meetings(note: Note, file: TomlFile) -> Note:
    """The note with what is said of its meetings as a whole."""
    if said := {key: value for key, value in file.data.items() if key in _OF_MEETING}:
        if len(note.meetings) > 1:
            ids = ", ".join(meeting.id for meeting in note.meetings)
            raise NoteError(
                f"{note.file} holds several meetings: {ids}",
                file=file.name,
                line=file.line(next(iter(said))),
                mend=f'say which one: [[meeting]], id = "{note.meetings[0].id}"',
            )
        note = _with_meeting(note, file, note.meetings[0], said, ())
    for index, table in enumerate(file.tables("meeting", _MEETING)):
        at = ("meeting", index)
        file.only_keys(table, ("id", *_OF_MEETING), *at)
        meeting_id = file.string(table, "id", *at)
        found = [meeting for meeting in note.meetings if meeting.id == meeting_id]
        if not found:
            raise NoteError(
                f"{note.file} has no meeting {meeting_id}",
                file=file.name,
                line=file.line(*at, "id"),
                mend=f"it has {', '.join(meeting.id for meeting in note.meetings)}",
            )
        note = _with_meeting(note, file, found[0], table, at)
    return note


def _with_meeting(
    note: Note, file: TomlFile, meeting: Meeting, table: Mapping[str, Any], at: tuple[Step, ...]
) -> Note:
    values: dict[str, Any] = {}
    if "date" in table:
        values["date"] = day(file, table, "date", at)
    if "title" in table:
        values["title"] = file.string(table, "title", *at).strip()
    if "attendees" in table:
        values["attendees"] = file.strings(table, "attendees", *at)
    closings = (
        Closing(record_id, meeting.id, None)
        for key in _CLOSING
        for record_id in file.strings(table, key, *at)
    )
    line = LineIndex(split_lines(note.text)).number(meeting.start) or 1
    corrections = tuple(
        Correction(meeting.id, key, shown(getattr(meeting, key)), shown(value), (line, line))
        for key, value in values.items()
        if getattr(meeting, key) != value
    )
    return replace(
        note,
        meetings=tuple(
            replace(meeting, **values) if other is meeting else other for other in note.meetings
        ),
        closings=(*note.closings, *closings),
        corrections=(*note.corrections, *corrections),
    )
