"""Who asks and answers, in brackets behind the mark: `Q. (하늘) …`, `A (나래). …`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from studykit.wiki.evidence.crowd import (
    Crowd,
    bare_name,
    is_no_name,
    is_usual_name,
    means_something,
)
from studykit.wiki.first_names import is_first_name
from studykit.wiki.names import listed_shape, shape_of
from studykit.wiki.rows import Row

__all__ = ["take_answerers", "take_askers"]

_ASKED = re.compile(
    r"(?:[QAＱＡ]|질문|답변?)[ \t]?\d{0,2}[ \t]*[.:：)]?[ \t]*"
    r"[(（](?P<who>[^\W\d_][^()（）]{0,15})[)）][ \t]*[.:：]?[ \t]*(?=\S)"
)
_ASKS = re.compile(r"(?:[?？]|[나까]요|세요|[은는인]지|[은는]가)[\s.)]*$")
_LAST = "?？요지가"
"""The last letters of what `_ASKS` finds."""
FEW = 2
MANY = 6


def take_answerers(crowd: Crowd, rows: list[Row]) -> None:
    """`- 하늘: …` below one question, `- 여우: …` below the next: who answers, again and again.

    Fields of a form stand several below one item; of these each stands alone below what asks.
    """
    below = list(_below_questions(crowd, rows))
    said = [each[0] for each in below if len(each) == 1]
    if 4 * len(said) < 3 * len(below):
        return
    count = Counter(name for name, _ in said)
    again = [name for name, often in count.items() if often > 1]
    shaped = all(listed_shape(name) and not is_no_name(crowd, name) for name in count)
    if len(said) < MANY or len(again) < FEW or not shaped or len(said) < 2 * len(count):
        return
    for name, line in said:
        crowd.knows(name, f"line {line}: who answers a question, again and again")


def _below_questions(crowd: Crowd, rows: list[Row]) -> Iterator[list[tuple[str, int]]]:
    """The labels right below each line that asks, if it has some, with their lines."""
    parent: Row | None = None
    column: int | None = None
    found: list[tuple[str, int]] = []
    for row in rows:
        if row.kind != "words" or row.level:
            continue
        if parent is None or row.column <= parent.column:
            if found:
                yield found
            may_ask = row.words.rstrip(" \t.)")[-1:] in _LAST
            parent = row if may_ask and _ASKS.search(row.words) else None
            column, found = None, []
            continue
        column = row.column if column is None and row.listed else column
        label = row.label if row.listed and row.column == column else None
        if label is not None and label.sign == ":" and listed_shape(label.name):
            found.append((bare_name(crowd, label.name), row.line.number))
    if found:
        yield found


def take_askers(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those names, where two or more stand so, and one of them is a usual one."""
    found: dict[str, int] = {}
    for row in rows:
        match = _ASKED.match(row.words) if row.kind == "words" else None
        name = bare_name(crowd, match["who"].strip()) if match else ""
        if name and not means_something(crowd, name) and shape_of(name):
            found.setdefault(name, row.line.number)
    usual = [name for name in found if is_usual_name(crowd, name) or is_first_name(name)]
    if usual and len(found) >= FEW:
        for name, line in found.items():
            crowd.knows(name, f"line {line}: a name in brackets behind the mark of a question")
