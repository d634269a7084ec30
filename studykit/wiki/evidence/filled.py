"""Whose a whole part is: `Name: Robin` in a form that each fills in, a name set apart over text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from studykit.wiki.evidence.crowd import (
    SPLIT,
    Crowd,
    bare_name,
    is_usual_name,
    means_something,
)
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape, shape_of
from studykit.wiki.rows import Row

__all__ = ["take_filled", "take_parts", "take_reported", "take_set_apart", "take_set_as_code"]

_REPORTED = re.compile(r"(?P<title>\S.*?)[ \t]*[(（](?P<who>[^()（）]{1,40})[)）]")
_PART = re.compile(r"[<\[(][^<>()\[\]]{1,20}[>\])][ \t]*[:：][ \t]*(?P<who>[^:：]{2,60})")
_AS_CODE = re.compile(r"`(?P<who>[가-힣]{2,4})(?:님)?`")
FEW = 2
MANY = 4
SHORT = 12
LONGEST = 60


def take_filled(crowd: Crowd, rows: list[Row]) -> None:
    """`Name: Robin` or `이름 : 하늘` over lines, for two people or more: whose the lines are."""
    found = [
        (index, name)
        for index, row in enumerate(rows)
        if ":" in row.words[:12] and (name := _filled_in(crowd, rows, index))
    ]
    if len({name for _, name in found}) < FEW:
        return
    column = rows[found[0][0]].column
    heads = {index for index, _ in found}
    for index, name in found:
        count = _extent(rows, index, heads, column)
        if count > 1:
            line = rows[index].line.number
            crowd.knows(name, f"line {line} has the name in a form that others fill in as well")
            crowd.filled[line] = ((name,), count, "a form that each fills in")


def take_set_apart(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘`, `구름`, `하늘`, `나래`: names alone over paragraphs, and one comes again elsewhere.

    What a form asks comes again in one order; whoever speaks again does so behind somebody else.
    """
    found = [
        (index, names)
        for index, row in enumerate(rows)
        if row.kind == "words" and len(row.words) <= SHORT and not row.mark
        if (names := _apart(crowd, rows, index))
    ]
    sure = [names for _, names in found if all(_is_name(crowd, name) for name in names)]
    behind: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for above, names in pairwise(sure):
        behind.setdefault(names, set()).add(above)
    if len(sure) < MANY or len(set(sure)) < FEW or 3 * len(sure) < 2 * len(found):
        return
    if not any(len(above) > 1 for above in behind.values()):
        return
    heads = {index for index, _ in found}
    for index, names in found:
        line = rows[index].line.number
        for name in names:
            crowd.knows(name, f"line {line} has the name alone over a text, as others'")
        count = _extent(rows, index, heads, 0)
        crowd.filled[line] = (names, count, "names alone over a text, as others'")


def take_set_as_code(crowd: Crowd, rows: list[Row]) -> None:
    """`` `하늘` ``, `` `구름` `` and `` `나래` ``, each alone on a line over what its bearer says.

    Most of them have the letters of names; none comes again, as fields and file names would.
    """
    found = [
        (index, match["who"])
        for index, row in enumerate(rows)
        if row.kind == "words" and row.line.words.startswith("`") and not row.level
        if (match := _AS_CODE.fullmatch(row.line.words.rstrip()))
    ]
    names = {name for _, name in found}
    shaped = sum(_is_name(crowd, name) or bool(crowd.why(name)) for name in names)
    few = len(names) < MANY or len(names) < len(found) or 5 * shaped < 3 * len(names)
    if few or any(means_something(crowd, name) for name in names):
        return
    heads = {index for index, _ in found}
    for index, name in found:
        line = rows[index].line.number
        crowd.knows(name, f"line {line} has the name as code, alone over a text, as others'")
        if (count := _extent(rows, index, heads, 0)) > 1:
            crowd.filled[line] = ((name,), count, "names as code alone over a text, as others'")


def take_reported(crowd: Crowd, rows: list[Row]) -> None:
    """`### 구름 조사 (하늘)`, `### 안개 (나래)`: headings that end in who reports.

    What is to be done is theirs to do, and they said nothing of it.
    """
    ending: list[tuple[int, tuple[str, ...]]] = []
    for index, row in enumerate(rows):
        if row.level and (match := _REPORTED.fullmatch(row.words[:LONGEST])):
            who = match["who"].removesuffix("から").removesuffix("より")
            names = tuple(bare_name(crowd, part) for part in SPLIT.split(who) if part)
            ending += [(index, names)] if names else []
    _take_endings(crowd, rows, ending)
    found = [(index, names) for index, names in ending if all(map(crowd.why, names))]
    if len({names for _, names in found}) < FEW:
        return
    heads = {index for index, _ in found}
    for index, names in found:
        if crowd.lexicon.section(_REPORTED.sub(r"\g<title>", rows[index].words)):
            continue
        if (count := _extent(rows, index, heads, 0)) > 1:
            reason = "headings end in who reports, as others do"
            crowd.filled[rows[index].line.number] = (names, count, reason)


def _take_endings(crowd: Crowd, rows: list[Row], ending: list[tuple[int, tuple[str, ...]]]) -> None:
    """`### 구름 조사 (하늘)`, four headings or more: usual names, some of which come again."""
    count = Counter(name for _, names in ending for name in names)
    again = [name for name, often in count.items() if often > 1]
    usual = all(crowd.why(name) or is_usual_name(crowd, name) for name in count)
    known = any(map(crowd.why, count)) or len(again) > 1
    if len(ending) > FEW + 1 and len(count) > 1 and again and usual and known:
        for index, names in ending:
            for name in names:
                reason = f"line {rows[index].line.number}: a heading ends in the name, as others do"
                crowd.knows(name, reason)


def take_parts(crowd: Crowd, rows: list[Row]) -> None:
    """`<지도> : 하늘, 나래`, `<사진> : 구름` over lines: who tells what they did for each part."""
    found = [(index, names) for index, row in enumerate(rows) if (names := _of_part(crowd, row))]
    if len(found) < FEW:
        return
    heads = {index for index, _ in found}
    for index, names in found:
        if (count := _extent(rows, index, heads, rows[index].column)) > 1:
            crowd.filled[rows[index].line.number] = (names, count, "a part, and whose it is")


def _of_part(crowd: Crowd, row: Row) -> tuple[str, ...]:
    match = _PART.fullmatch(row.words) if row.kind == "words" and row.words[:1] in "<[(" else None
    names = [bare_name(crowd, part) for part in SPLIT.split(match["who"].strip())] if match else []
    return tuple(names) if names and all(map(crowd.why, names)) and not row.listed else ()


def _apart(crowd: Crowd, rows: list[Row], index: int) -> tuple[str, ...]:
    """The names of which a line between blank ones consists, over a text."""
    row = rows[index]
    if row.kind != "words" or row.mark or row.level or len(row.words) > SHORT or row.column:
        return ()
    above, below = rows[index - 1] if index else None, rows[index + 1 : index + 3]
    if (above and above.kind != "blank") or len(below) < 2:
        return ()
    if below[0].kind != "blank":  # right over a paragraph
        below = [below[0], below[0]]
    if below[1].mark or below[1].label:
        return ()
    if below[1].kind != "words" or below[1].level or len(below[1].words) <= SHORT:
        return ()
    names = tuple(bare_name(crowd, part) for part in SPLIT.split(row.words) if part)
    if not names or any(means_something(crowd, name) or not listed_shape(name) for name in names):
        return ()
    return names if len(names) > 1 or names[0] not in crowd.lexicon.common else ()


def _is_name(crowd: Crowd, name: str) -> bool:
    return shape_of(name) in ("full", "given") and name not in crowd.lexicon.common


def _filled_in(crowd: Crowd, rows: list[Row], index: int) -> str:
    """The name behind `Name:`, over a line of what its bearer says."""
    row, below = rows[index], rows[index + 1 : index + 2]
    short = row.kind == "words" and len(row.words) <= LONGEST
    label = row.label if short else None
    if label is None or label.sign != ":" or squeeze(label.name) not in crowd.lexicon.named:
        return ""
    name = bare_name(crowd, row.words[label.end :].strip())
    named = listed_shape(name) and not means_something(crowd, name)
    over = bool(below) and below[0].kind == "words" and not below[0].level
    return name if named and over and name not in crowd.lexicon.common else ""


def _extent(rows: list[Row], index: int, heads: set[int], column: int) -> int:
    """How many rows a part has, up to the next head, without the blank ones at its end."""
    end = index + 1
    while end < len(rows) and end not in heads and not _ends(rows[end], column):
        end += 1
    while rows[end - 1].kind == "blank":
        end -= 1
    return end - index


def _ends(row: Row, column: int) -> bool:
    """Whether a row is no part of a form: a rule, a heading, or less deep."""
    if row.kind == "blank":
        return False
    return row.kind != "words" or bool(row.level) or row.column < column
