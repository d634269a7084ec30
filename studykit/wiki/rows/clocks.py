"""Lines that begin with the clock or the day, in a note that is kept so."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from studykit.wiki.rows.row import Row

__all__ = ["clocked", "dated"]

_CLOCKED = re.compile(r"[\[(]?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)[\])]?[ \t]+(?=[^\s~–-])")
_HEAD = re.compile(
    r"\[[^\[\]]{1,16}\](?=[ \t]*\S)|[^\s:\[\]()]{1,12}(?=(?:\([^()]{1,6}\))?[ \t]+[-–—/][ \t])"
)
"""Who speaks, or what it is, behind a clock."""
_DAY_FIRST = re.compile(r"(?P<day>\d{6}|\d{8}|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2})[ \t]+(?=\S)")
MANY = 4


def clocked(rows: list[Row]) -> None:
    """Make a list's items of `20:03 [하늘] …` and `20:05 결정 - …`, in the order of the day.

    Behind the clocks stand who speaks, or what it is, again and again; a timetable has each once.
    """
    found = [
        (row, match)
        for row in rows
        if row.kind == "words" and not row.level and (match := _CLOCKED.match(row.words))
    ]
    heads = Counter(head.group() for row, at in found if (head := _HEAD.match(row.words, at.end())))
    again = [count for count in heads.values() if count > 1]
    hours = [(int(match["hour"]), match["minute"]) for _, match in found]
    if sum(again) < MANY or len(again) < 2 or hours != sorted(hours):
        return
    for row, match in found:
        row.mark, row.sign, row.listed = "bullet", ":", True
        row.cut(match.end(), len(row.words))


def dated(rows: list[Row]) -> None:
    """Take the day off the lines of a diary, `260405 하늘 - …`, all but the first of each day."""
    found = [
        (row, match)
        for row in rows
        if row.kind == "words"
        and row.words[:1].isdigit()
        and (match := _DAY_FIRST.match(row.words))
    ]
    days = Counter(match["day"] for _, match in found)
    lines = sum(row.kind == "words" for row in rows) if len(found) > MANY else 0
    if len(found) <= MANY or min(days.values()) <= 2 or 3 * len(found) < 2 * lines:
        return
    for (above, before), (row, match) in pairwise(found):
        if before["day"] == match["day"] and above.kind == "words":
            row.mark, row.sign, row.listed, row.number = "bullet", "", True, None
            row.cut(match.end(), len(row.words))
