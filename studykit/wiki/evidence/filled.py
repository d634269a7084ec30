"""Forms that each fills in: `Name: Robin` over what Robin did, again and again."""

from __future__ import annotations

from studykit.wiki.evidence.crowd import Crowd, bare_name, means_something
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row

__all__ = ["take_filled"]

FEW = 2
LONGEST = 60


def take_filled(crowd: Crowd, rows: list[Row]) -> None:
    """`Name: Robin` or `이름 : 하늘` over lines, for two people or more: whose the lines are."""
    found = [
        (index, name) for index, row in enumerate(rows) if (name := _filled_in(crowd, rows, index))
    ]
    if len({name for _, name in found}) < FEW:
        return
    column = rows[found[0][0]].column
    heads = {index for index, _ in found}
    for index, name in found:
        end = index + 1
        while end < len(rows) and end not in heads and not _ends(rows[end], column):
            end += 1
        while rows[end - 1].kind == "blank":
            end -= 1
        if end > index + 1:
            line = rows[index].line.number
            crowd.knows(name, f"line {line} has the name in a form that others fill in as well")
            crowd.filled[line] = (name, end - index)


def _filled_in(crowd: Crowd, rows: list[Row], index: int) -> str:
    """The name behind `Name:`, over a line of what its bearer says."""
    row, below = rows[index], rows[index + 1 : index + 2]
    label = row.label if row.kind == "words" and len(row.words) <= LONGEST else None
    if label is None or label.sign != ":" or squeeze(label.name) not in crowd.lexicon.named:
        return ""
    name = bare_name(crowd, row.words[label.end :].strip())
    named = listed_shape(name) and not means_something(crowd, name)
    over = bool(below) and below[0].kind == "words" and not below[0].level
    return name if named and over and name not in crowd.lexicon.common else ""


def _ends(row: Row, column: int) -> bool:
    """Whether a row is no part of a form: a rule, a heading, or less deep."""
    if row.kind == "blank":
        return False
    return row.kind != "words" or bool(row.level) or row.column < column
