"""`1. RF: Does it scale?` over `1. SL: It does.`: what others say to a question below it."""

from __future__ import annotations

import re

from studykit.wiki.evidence import names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Question
from studykit.wiki.rows import Row
from studykit.wiki.rules.quoted import BEFORE_QUOTE
from studykit.wiki.rules.state import State

__all__ = [
    "before_replies",
    "by_others",
    "replies",
    "said_by_each",
    "says",
    "says_unmarked",
    "tells",
]

_MARKED = re.compile(r"Q\d+[ \t]?[.):]")
_TELLS = re.compile(r"(?P<who>[^\s:,]{1,10}(?:님|씨))(?:은|는|이|가|께서는?)[ \t]")
_SUBJECT = re.compile(r"(?P<who>[A-Z][\w'’-]{1,20}) (?=[a-z])")
FEW = 12
NAME = 20
"""Who asks may stand behind the question."""


def by_others(state: State, index: int, count: int) -> bool:
    """Whether each item right below a question begins with somebody's name."""
    words = state.rows[index].words.rstrip()
    asked = _MARKED.match(words) or "?" in words[-NAME:]
    return bool(asked) and said_by_each(state, index, count)


def said_by_each(state: State, index: int, count: int) -> bool:
    """Whether each item right below a row begins with somebody's name, and there are some."""
    column: int | None = None
    people = 0
    for below in state.rows[index + 1 : index + count]:
        if below.kind == "blank":
            continue
        column = below.column if column is None else column
        if below.column > column:
            continue
        deeper = says_unmarked(state, below)
        if not (deeper or says(state, below)):
            return False
        people += 1 + deeper
    return people > 1


def replies(state: State, index: int) -> bool:
    """Whether the row is what somebody says to the question that it stands below."""
    row = state.rows[index]
    if not (says(state, row) or says_unmarked(state, row)):
        return False
    for above in state.rows[max(0, index - FEW) : index][::-1]:
        if above.level or (above.kind == "words" and above.column < row.column):
            asked = any(
                isinstance(record, Question) and record.lines[0] == above.line.number
                for record in state.records[-FEW:]
            )
            return not above.level and (asked or above.words.rstrip().endswith("?"))
    return False


def before_replies(state: State, index: int, count: int, speakers: tuple[str, ...]) -> int:
    """How many of a turn's rows stand before `- 인서: …` below it: what another says to it."""
    for at in range(index + 1, index + count):
        row = state.rows[at]
        plain = (
            row.kind == "words" and not row.mark and not row.level
        )  # `   구름 : …`, below an item
        replies = row.listed or row.mark == "arrow" or plain
        head = state.rows[index]
        below = not head.listed and not head.label and row.listed  # `**하늘**` over `* 구름: …`
        deeper = replies and (row.column > head.column or (below and row.column == head.column))
        if deeper and row.listed and _says_so(state, row, speakers):
            return state.without_blanks(at) - index
        if deeper and row.words[:1] == "@":
            handle = row.words[1:].partition(" ")[0]
            if handle in state.crowd.handles:
                return state.without_blanks(at) - index
        quoted = BEFORE_QUOTE.fullmatch(row.words) if deeper else None
        if quoted and set(names_in(state.crowd, quoted["who"])[0]) - set(speakers):
            return state.without_blanks(at) - index
        label = row.label if deeper else None
        if label is None or label.sign not in (":>" if plain else ":-)>["):
            continue
        named = set(names_in(state.crowd, label.name)[0])
        # `[하늘] …` below `[하늘] …` is another turn: the frame says anew who speaks.
        if named - set(speakers) or (named and label.sign == "[" and row.listed):
            return state.without_blanks(at) - index
    return count


def _says_so(state: State, row: Row, speakers: tuple[str, ...]) -> bool:
    """`- Robin noted that …` below what somebody else is said to have said."""
    subject = _SUBJECT.match(row.words)
    if subject is None or not state.lexicon.says.match(row.words, subject.end()):
        return False
    return bool(set(names_in(state.crowd, subject["who"])[0]) - set(speakers))


def says_unmarked(state: State, row: Row) -> bool:
    """Whether a line without a mark is what somebody says, `하늘: …`: of a question, the answer."""
    label = row.label if row.kind == "words" and not (row.mark or row.level) else None
    said = label is not None and label.sign in ":>-" and label.end < len(row.words)
    return said and label is not None and bool(names_in(state.crowd, label.name)[0])


def tells(state: State, row: Row) -> bool:
    """Whether an item tells what somebody thinks: `하늘님은 …`."""
    told = _TELLS.match(row.words) if row.kind == "words" and row.listed else None
    return told is not None and bool(names_in(state.crowd, told["who"])[0])


def says(state: State, row: Row, *, listed: bool = True) -> bool:
    """Whether an item is what somebody says: a name, a colon, and something behind it."""
    label = row.label if row.kind == "words" and (row.listed or not listed) else None
    if label is None or label.sign not in (":", "-", "[", ")") or label.end == len(row.words):
        return False
    everyone = squeeze(label.name) in state.lexicon.everyone
    return everyone or bool(names_in(state.crowd, label.name)[0])
