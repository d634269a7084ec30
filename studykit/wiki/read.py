r"""Reading: a note's bytes become blocks and records, and nothing is lost.

>>> note = read_note("현수님 - 수식에 대한 이해\n".encode(), "week-03.txt")
>>> note.opinions[0].speakers, note.meetings[0].week
(('현수',), 3)
"""

from __future__ import annotations

import datetime
import re
import zlib
from dataclasses import replace
from pathlib import PurePath
from typing import TypeVar

from studykit.wiki.encodings import decode
from studykit.wiki.lexicon import load_lexicon
from studykit.wiki.lines import Line, LineIndex, split_lines
from studykit.wiki.records import (
    Answer,
    Block,
    Decision,
    Link,
    Meeting,
    Note,
    Opinion,
    Question,
    Record,
    Talk,
    Task,
)
from studykit.wiki.rules import RULES, State
from studykit.wiki.rules.link import links_in

__all__ = ["read_note"]

R = TypeVar("R", bound=Record)

_WEEK = re.compile(
    r"(?<![a-z])(?:week|wk|w)[ _-]?0*(\d{1,4})(?!\d)|(?<!\d)0*(\d{1,4})[ _-]?주차", re.IGNORECASE
)
_DATE = re.compile(r"(?<!\d)(\d{4})([-_.]?)(\d{2})\2(\d{2})(?!\d)")

_MARKS: tuple[tuple[type[Record], str], ...] = (
    (Opinion, "o"),
    (Decision, "d"),
    (Question, "q"),
    (Answer, "a"),
    (Link, "l"),
    (Talk, "talk"),
    (Task, "task"),
)


def read_note(data: bytes, file: str) -> Note:
    """Read one note.

    Args:
        data: The file's bytes, whatever they are.
        file: The file's name as the user knows it; a week (`week-01`, `1주차`) or a date
            (`2023-04-04`) in it is the meeting's.

    Returns:
        The note: its blocks, joined in order, are its text, and
        `text.encode(encoding, "surrogateescape")` is `data`. Never raises on any bytes.
    """
    text, encoding = decode(data)
    lines = split_lines(text)
    name = PurePath(file).name
    week = _week(name)
    meeting_id = _meeting_id(name, week)
    state = State(text, lines, load_lexicon("ko"), meeting_id, week, _date(name))
    index = 0
    while index < len(lines):
        index += next(count for _, rule in RULES if (count := rule(state, index)))
    state.records.extend(_nested_links(state))
    groups = _with_ids(meeting_id, state.records)
    meeting = Meeting(meeting_id, week, state.date, None, state.attendees, 0, len(text))
    return Note(
        file=file,
        encoding=encoding,
        text=text,
        meetings=(meeting,),
        blocks=tuple(state.blocks),
        opinions=_only(Opinion, groups),
        decisions=_only(Decision, groups),
        questions=_only(Question, groups),
        answers=_only(Answer, groups),
        links=_only(Link, groups),
        talks=_only(Talk, groups),
        tasks=_only(Task, groups),
    )


def _week(name: str) -> int | None:
    match = _WEEK.search(name)
    return int(match[1] or match[2]) if match else None


def _date(name: str) -> str | None:
    match = _DATE.search(name)
    try:
        return match and datetime.date(int(match[1]), int(match[3]), int(match[4])).isoformat()
    except ValueError:
        return None


def _meeting_id(name: str, week: int | None) -> str:
    """An ASCII id from the note's name: `w01`, else the date, else the name's own letters."""
    if week is not None:
        return f"w{week:02d}"
    if date := _date(name):
        return f"d{date.replace('-', '')}"
    stem = PurePath(name).stem
    ascii_stem = "-".join(re.findall(r"[a-z0-9]+", stem.lower()))
    # A name with other letters is told apart by a checksum of all of it.
    suffix = (
        ""
        if stem.isascii() and ascii_stem
        else f"{zlib.crc32(stem.encode('utf-8', 'replace')):08x}"
    )
    return "-".join(part for part in ("n", ascii_stem, suffix) if part)


def _nested_links(state: State) -> list[Record]:
    """The addresses that stand in blocks of another kind."""
    index = LineIndex(state.lines)
    opinions = (record for record in state.records if isinstance(record, Opinion))
    points = (point.start for opinion in opinions for point in opinion.points)
    words_from = {index.number(start): start for start in points}
    found: list[Record] = []
    for block in state.blocks:
        if block.kind in ("link", "blank"):
            continue
        for line in _lines_of(state.lines, index, block):
            found.extend(links_in(state, line, words_from.get(line.number)))
    return found


def _lines_of(lines: list[Line], index: LineIndex, block: Block) -> list[Line]:
    return lines[index.number(block.start) - 1 : index.number(block.end - 1)]


def _with_ids(meeting: str, records: list[Record]) -> list[Record]:
    """The records in the order of the text, each numbered within its kind."""
    ordered = sorted(records, key=lambda record: (record.start, -record.end))
    numbered: list[Record] = []
    for kind, mark in _MARKS:
        same = (record for record in ordered if type(record) is kind)
        numbered.extend(
            replace(record, id=f"{meeting}-{mark}{number}") for number, record in enumerate(same, 1)
        )
    return numbered


def _only(kind: type[R], records: list[Record]) -> tuple[R, ...]:
    return tuple(record for record in records if isinstance(record, kind))
