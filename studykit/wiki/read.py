r"""Reading: a note's bytes become blocks and records, and nothing is lost.

>>> note = read_note("현수님 - 수식에 대한 이해\n".encode(), "week-03.txt")
>>> note.opinions[0].speakers, note.meetings[0].week
(('현수',), 3)
"""

from __future__ import annotations

import datetime
import re
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

from studykit.wiki.encodings import decode
from studykit.wiki.evidence import find_people
from studykit.wiki.group import Group
from studykit.wiki.lexicon import load_lexicon
from studykit.wiki.lines import split_lines
from studykit.wiki.records import (
    Answer,
    Closing,
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
from studykit.wiki.rows import Row, read_rows
from studykit.wiki.rules import RULES, State
from studykit.wiki.rules.dated_talks import take_dated_talks
from studykit.wiki.rules.decision import BARE, closes
from studykit.wiki.rules.in_turn import take_in_turn
from studykit.wiki.rules.link import links_in, may_have_address
from studykit.wiki.rules.mention import mentioned
from studykit.wiki.rules.presented import take_presented
from studykit.wiki.rules.section import message_label
from studykit.wiki.rules.standup import going_to_do
from studykit.wiki.sessions import find_sessions, week_of_title

__all__ = ["MARKDOWN", "read_note"]

MARKDOWN = (".md", ".markdown")

R = TypeVar("R", bound=Record)

_WEEK = re.compile(
    r"(?<![a-z])(?:week|wk|w)[ _-]?0*(\d{1,4})(?!\d)|(?<!\d)0*(\d{1,4})[ _-]?주차", re.IGNORECASE
)
_VALUE = re.compile(r"[ \t]*[=:][ \t]*\S")
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


def read_note(data: bytes, file: str, group: Group | None = None) -> Note:
    """Read one note.

    Args:
        data: The file's bytes, whatever they are.
        file: The file's name as the user knows it; a week (`week-01`, `1주차`) or a date
            (`2023-04-04`) in it is the meeting's.
        group: The members and words of the group that took it.

    Returns:
        The note: its blocks, joined in order, are its text, and
        `text.encode(encoding, "surrogateescape")` is `data`. Never raises on any bytes.
    """
    text, encoding = decode(data)
    name = PurePath(file).name
    rows = read_rows(split_lines(text, folded=True), markdown=name.lower().endswith(MARKDOWN))
    group = group or Group()
    lexicon = load_lexicon(group.words)
    sessions = _sessions(name, rows)
    crowd = find_people(rows, lexicon, group.people.canonical)
    state = State(text, rows, lexicon, crowd, "", None)
    state.starts = frozenset(session.row for session in sessions)
    take_dated_talks(state)
    take_presented(state)
    take_in_turn(state)
    begun = iter(sessions)
    index = 0
    while index < len(rows):
        if index in state.starts:
            session = next(begun)
            state.begin(session.id, session.week, session.date)
        state.leave(index)
        opened = None
        if rows[index].line.number in crowd.exported:
            state.close_message()
            opened = message_label(state, index)
        for _, rule in RULES:
            if count := rule(state, index):
                index += count
                break
        if opened:
            state.open(opened)
    state.records.extend(_nested(state))
    _unclosed(state)
    meetings = _meetings(state, sessions)
    groups = _with_ids(meetings, state.records)
    return Note(
        file=file,
        encoding=encoding,
        text=text,
        meetings=meetings,
        blocks=tuple(state.blocks),
        opinions=_only(Opinion, groups),
        decisions=_only(Decision, groups),
        questions=_only(Question, groups),
        answers=_only(Answer, groups),
        links=_only(Link, groups),
        talks=_only(Talk, groups),
        tasks=_only(Task, groups),
        doubts=tuple(sorted(state.doubts, key=lambda doubt: doubt.start)),
        closings=tuple(_closings(state, meetings)),
    )


@dataclass(frozen=True, slots=True)
class _Begun:
    """A meeting's id, where it begins, and when its title or the file's name says that it was."""

    id: str
    row: int
    week: int | None
    date: str | None


def _sessions(name: str, rows: list[Row]) -> list[_Begun]:
    """The meetings of a file, most often one."""
    week = _week(name)
    own = _meeting_id(name, week)
    found = find_sessions(rows)
    if not found:
        date = _date(name)
        if week is None and (week := week_of_title(rows)) is not None and date is None:
            own = _meeting_id(name, week)
        return [_Begun(own, 0, week, date)]
    taken: dict[str, int] = {}
    begun = []
    for each in found:
        if each.date:
            meeting = f"d{each.date.replace('-', '')}"
        elif each.day:
            meeting = f"{own}-{each.day}"
        else:
            meeting = f"w{each.week:02d}"
        taken[meeting] = taken.get(meeting, 0) + 1
        if taken[meeting] > 1:
            meeting += f"-{taken[meeting]}"
        begun.append(_Begun(meeting, each.row, each.week, each.date))
    return begun


def _meetings(state: State, sessions: list[_Begun]) -> tuple[Meeting, ...]:
    starts = [state.rows[each.row].line.start if each.row else 0 for each in sessions]
    ends = [*starts[1:], len(state.text)]
    alone = len(sessions) == 1
    meetings = []
    for each, start, end in zip(sessions, starts, ends, strict=True):
        here = [who for offset, who in state.crowd.attendees if alone or start <= offset < end]
        date = each.date or (_only_date(state.dates) if alone else None)
        meetings.append(
            Meeting(each.id, each.week, date, None, tuple(dict.fromkeys(here)), start, end)
        )
    return tuple(meetings)


def _week(name: str) -> int | None:
    match = _WEEK.search(name)
    return int(match[1] or match[2]) if match else None


def _date(name: str) -> str | None:
    match = _DATE.search(name)
    try:
        return match and datetime.date(int(match[1]), int(match[3]), int(match[4])).isoformat()
    except ValueError:
        return None


def _only_date(dates: list[str]) -> str | None:
    """The date that the note states; a file with several sessions has none of its own."""
    return dates[0] if len(set(dates)) == 1 else None


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


def _unclosed(state: State) -> None:
    """Say so where a code fence is opened and never closed: all below it is taken for code."""
    fences = [row for row in state.rows if row.kind == "fence"]
    if len(fences) % 2:
        state.doubt(
            "unclosed-fence",
            fences[-1],
            "the code that begins here never ends",
            "write the same mark below its last line",
        )


def _nested(state: State) -> list[Record]:
    """What stands in blocks of another kind: addresses, and what a turn says was settled."""
    opinions = [record for record in state.records if isinstance(record, Opinion)]
    starts = [point.start for opinion in opinions for point in opinion.points]
    heads = {opinion.start for opinion in opinions}
    index = 0
    # What says itself what it is, and so is nothing else.
    marked = {each.lines[0] for each in state.records if not isinstance(each, Opinion | Link)}
    found: list[Record] = [
        task for opinion in opinions for task in going_to_do(state, opinion, marked)
    ]
    points = iter(sorted(starts))
    point = next(points, None)
    for block in state.blocks:
        addressed = block.kind not in ("link", "blank") and (
            may_have_address(state, block.start, block.end)
        )
        while index < len(state.rows) and state.rows[index].line.start < block.end:
            row = state.rows[index]
            index += 1
            words_from = None
            while point is not None and point < row.line.end:
                words_from = point if words_from is None else words_from
                point = next(points, None)
            if addressed:
                found.extend(links_in(state, row, words_from))
            settles = block.kind == "talk" and "결정" in row.words
            if settles and (word := closes(state, row)) and "결정" in word:
                found.append(_decision(state, row, word))  # `발표는 하늘이 하기로 결정`
            if block.kind not in ("opinion", "prose", "answer") or row.line.number in marked:
                continue
            if block.kind == "answer":
                if word := closes(state, row):
                    found.append(_decision(state, row, word))
                continue
            if row.words.endswith(("?", "？")) and mentioned(row) is None:
                state.doubt(
                    "question-outside",
                    row,
                    "a question mark, but nothing says that this is a question of the group",
                    "put it under a line '질문 :', or write 'Q: ' before it",
                )
            turned = row.mark == "arrow"
            word = closes(state, row) if turned or block.kind == "opinion" else None
            if turned and not word:
                state.doubt(
                    "arrow-not-decision",
                    row,
                    "an arrow, but no word that settles it: this was taken for no decision",
                    "if it was settled, write '결정: ' before it or '~기로 함' behind it",
                )
            # `지도 확정` was somebody's work; `지도 : 종이 확정` was settled.
            done = not turned and word and len(word) == BARE and not _VALUE.search(row.words)
            if block.kind == "opinion" and row.start not in heads and word and not done:
                found.append(_decision(state, row, word))
    return found


def _decision(state: State, row: Row, word: str) -> Decision:
    place = state.span(row.start, row.end, row.line.number, row.line.number)
    return Decision(**place, evidence=(f"the line closes with {word}",))


def _with_ids(meetings: tuple[Meeting, ...], records: list[Record]) -> list[Record]:
    """The records in the order of the text, each numbered within its meeting and kind."""
    ordered = sorted(records, key=lambda record: (record.start, -record.end))
    starts = [meeting.start for meeting in meetings]
    numbered: list[Record] = []
    questions: dict[str, str] = {}
    for kind, mark in _MARKS:
        last: Counter[str] = Counter()
        for record in ordered:
            if type(record) is not kind:
                continue
            # A record at the very end of the text starts behind its meeting's last character.
            meeting = meetings[max(0, bisect_right(starts, record.start) - 1)].id
            last[meeting] += 1
            new = f"{meeting}-{mark}{last[meeting]}"
            if isinstance(record, Question):
                questions[str(id(record))] = new
            elif isinstance(record, Answer) and record.question:
                _complete(record, question=questions.get(record.question, record.question))
            _complete(record, id=new, meeting=meeting)
            numbered.append(record)
    return numbered


def _complete(record: Record, **fields: str) -> None:
    """Set what is only known at the end; nobody has the record yet, and a copy costs ten times."""
    for name, value in fields.items():
        object.__setattr__(record, name, value)


def _closings(state: State, meetings: tuple[Meeting, ...]) -> Iterator[Closing]:
    starts = [meeting.start for meeting in meetings]
    for index, closed in state.closed:
        line = state.rows[index].line
        meeting = meetings[max(0, bisect_right(starts, line.start) - 1)].id
        yield Closing(closed, meeting, (line.number, line.number))


def _only(kind: type[R], records: list[Record]) -> tuple[R, ...]:
    return tuple(record for record in records if isinstance(record, kind))
