"""Lines that are items of a list by the lines around them: dashes, boxes, pictures, letters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from studykit.wiki.lines import Line
from studykit.wiki.rows.markup import PICTURES
from studykit.wiki.rows.row import LABEL_LEVEL, Row

__all__ = [
    "banged",
    "below_to_do",
    "dashed",
    "lettered",
    "pasted_bullets",
    "ringed",
    "signed_items",
]

_DASHES = re.compile(r"-{2,4}(?=[ \t]+\S)(?!.*-{2}[ \t]*$)")
_TO_DO = re.compile(
    r"[■◆▶●#*【\[<\s]*(?:to-?do(?: list)?|할 ?일|과제|숙제|해 ?올 ?[것일]|체크 ?리스트)[\s:】\]>]*",
    re.IGNORECASE,
)
_FIRST_LETTER = re.compile(r"A(?P<sign>[.)])[ \t]+(?=\S)")
AHEAD = 12
_POINTS = re.compile(r">{3}[ \t]+(?=[^\W\d_])")
_RING = re.compile(r"o[ \t](?=[^\s])")
_SHORT_LABEL = 20
_OFTEN = 3
_ITEM_SIGNS = "▶▷►☞□◇◆★☆"
"""Of these marks, the ones that lists have as well: `▶ …` line by line, below a title."""
_PASTED = "●○■"


def dashed(lines: list[Line]) -> dict[int, int]:
    """How many dashes more than one the items of a list have: `-- 지도` right below `- 하늘`.

    Three such lines are items wherever they stand.
    """
    found = defaultdict[int, int](int)
    begun = [
        (index, match)
        for index, line in enumerate(lines)
        if (words := line.words).startswith("--") and (match := _DASHES.match(words))
    ]
    often = len(begun) >= _OFTEN
    for index, dashes in begun:
        above = lines[index - 1].words if index else ""
        if index and (often or above.startswith("- ") or found.get(index - 1)):
            found[index] = len(dashes.group()) - 1
    return found


def below_to_do(lines: list[Line], boxed: Iterable[int]) -> list[int]:
    """The boxes of a list that stands right below `■ TODO`; elsewhere `□ 일정` is a heading."""
    found: list[int] = []
    for index in boxed:
        if found[-1:] == [index - 1] or (index and _TO_DO.fullmatch(lines[index - 1].words)):
            found.append(index)
    return found


def pasted_bullets(rows: list[Row]) -> None:
    """`●`, `○` and `■` at one column, as an office's page is pasted: each is deeper than the other.

    There `■` right below one of those is an item, too.
    """
    marked = [row for row in rows if row.kind == "words" and row.line.words[:1] in _PASTED]
    columns = {(row.line.words[0], row.line.indent) for row in marked if row.listed}
    pasted = {indent for sign, indent in columns if sign == "●"}
    pasted &= {indent for sign, indent in columns if sign == "○"}
    if len(pasted) != 1:
        if any(row.line.words[:1] == "■" for row in marked):
            _squares(rows)
        return
    above = ""
    for row in rows:
        sign = row.line.words[:1] if row.kind == "words" and row.line.indent in pasted else ""
        if sign == "■" and above in ("○", "■"):
            row.mark, row.sign, row.level, row.listed = "bullet", sign, 0, True
        if sign in _PASTED and row.listed:
            row.column = row.line.indent + 2 * _PASTED.index(sign)
        above = sign


def banged(rows: list[Row]) -> None:
    """Make a list's items of `! draw a map` and `! ask sky`, or `🔨 …`, one below the other."""
    runs = [(sign, list(run)) for sign, run in groupby(rows, _leading_sign) if sign]
    alone = {sign for sign, run in runs if len(run) == 1 and sign not in "!~"}  # `📌 발표 순서`
    _pointed_out(rows)
    for sign, run in runs:
        for row in run if len(run) > 1 and sign not in alone else ():
            row.mark, row.sign, row.listed = "bullet", sign, True
            if sign in "!~":
                row.cut(2, len(row.words))


def ringed(rows: list[Row]) -> None:
    """Make a list's items of `o 지도` and `o 사진`, three lines or more, as offices type a ring."""
    found = [row for row in rows if row.kind == "words" and not row.mark and not row.level]
    found = [row for row in found if _RING.match(row.words)]
    for row in found if len(found) > 2 else ():
        row.mark, row.sign, row.listed = "bullet", "o", True
        row.cut(2, len(row.words))


def signed_items(rows: list[Row]) -> None:
    """Make a list's items of `▶ 지도` and `▶ 사진`, line by line below what stands further left."""
    signs: dict[str, int] = {}
    leading = [_item_sign(row) for row in rows]
    if not any(leading):
        return
    above: Row | None = None
    for index, (row, sign) in enumerate(zip(rows, leading, strict=True)):
        beside = leading[index + 1 : index + 2] == [sign]
        if sign and above and _item_sign(above) != sign and beside and sign not in signs:
            other = above.level == LABEL_LEVEL and above.column == row.column and sign != "□"
            many = sign != "□" and leading[index + 2 : index + 3] == [sign]
            # `★ 지도` and `★ 사진`, right below a short line
            close = sign in "★☆" and rows[index - 1] is above and len(above.words) <= _SHORT_LABEL
            if row.column > above.column or other or many or close:
                signs[sign] = row.column
        above = row if row.kind == "words" else above
    for row, sign in zip(rows, leading, strict=True) if signs else ():
        if sign and sign in signs and row.column >= signs[sign]:
            row.mark, row.sign, row.level, row.listed = "bullet", sign, 0, True


def lettered(rows: list[Row]) -> None:
    """Make an item of `A. 하늘` where `B. 구름` follows in its column; alone, `A.` answers."""
    for index, row in enumerate(rows):
        plain = row.kind == "words" and not row.mark and not row.level
        first = _FIRST_LETTER.match(row.line.words) if plain else None
        if first is None:
            continue
        for below in rows[index + 1 : index + AHEAD]:
            if below.kind == "words" and below.column < row.column:
                break
            second = below.line.words.startswith("B" + first["sign"])
            if below.listed and below.column == row.column and second:
                row.mark, row.sign, row.listed = below.mark, below.sign, True
                row.cut(first.end(), len(row.words))
                break


def _squares(rows: list[Row]) -> None:
    """Make a list's items of `■ …` and `■ …` below a line with a number, and deeper."""
    runs = groupby(rows, lambda row: row.line.words[:1] == "■" and row.kind == "words")
    over: Row | None = None
    for are_squares, group in runs:
        run = list(group)
        deeper = over is not None and over.mark == "number" and over.column < run[0].column
        if are_squares and len(run) > 1 and deeper:
            for row in run:
                row.mark, row.sign, row.level, row.listed = "bullet", "■", 0, True
        over = run[-1]


def _pointed_out(rows: list[Row]) -> None:
    """Make items of `>>> 결정) …` and `>>> 할 일) …`, in plain text, three or more."""
    found = [
        (row, match)
        for row in rows
        if row.kind == "words" and (match := _POINTS.match(row.words)) and not row.mark
    ]
    for row, match in found if len(found) > 2 else ():
        row.mark, row.sign, row.listed, row.level = "bullet", ">", True, 0
        row.cut(match.end(), len(row.words))


def _leading_sign(row: Row) -> str:
    """The bang or the picture with which a plain line begins."""
    if row.kind != "words" or row.mark or row.level or row.box is not None:
        return ""
    if row.words[:2] == "! " or (row.words[:2] == "~ " and row.words[2:3].isalpha()):
        return row.words[0]  # `~ 4/2` says until when
    words = row.line.words
    pictures = None if words[:1].isalpha() else PICTURES.match(words)
    return pictures.group().strip() if pictures and row.label is None else ""


def _item_sign(row: Row) -> str:
    """The sign of a line that is a heading by it alone, where a list could have it."""
    plain = row.level == LABEL_LEVEL and row.kind == "words" and not row.framed
    first = row.line.words[:1] if plain and row.words else ""  # `▶` alone is no item
    return first if first and first in _ITEM_SIGNS else ""
