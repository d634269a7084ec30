"""Headings that only the lines around them make: underlined ones; and asides that are none."""

from __future__ import annotations

import re

from studykit.wiki.rows.row import LABEL_LEVEL, Row

__all__ = ["bracketed_asides", "underlined"]

_UNDERLINE = re.compile(r"(=+|-+)")


def underlined(rows: list[Row], markdown: bool) -> None:
    """Make a heading of a short line that is underlined, with nothing above it."""
    under_titles: set[int] = set()
    for index in range(1, len(rows)):
        row = rows[index - 1]
        if (
            row.kind == "words"
            and index - 2 not in under_titles  # `----` over and under a name, and text below
            and rows[index].kind in ("words", "rule")
            and not row.level
            and (not row.listed or (row.mark == "number" and not markdown))
            and len(row.words) <= 80
            and (under := rows[index].line.words)[:1] in ("=", "-")
            and (len(under) >= 3 or markdown)
            and _UNDERLINE.fullmatch(under)
            and (index == 1 or rows[index - 2].kind in ("blank", "rule"))
        ):
            row.level, row.listed = (1 if under[0] == "=" else 2), False
            rows[index].kind = "rule"
            under_titles.add(index)


def bracketed_asides(rows: list[Row]) -> None:
    """`[보기: 1/3]` right below a list's item, deeper than it and what follows, is no title."""
    for index in range(1, len(rows)):
        row, above = rows[index], rows[index - 1]
        if not row.framed or row.level != LABEL_LEVEL or not above.listed:
            continue
        below = rows[index + 1] if index + 1 < len(rows) else None
        if row.column > above.column and (below is None or below.column < row.column):
            row.level, row.framed = 0, False
