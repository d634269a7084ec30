"""Names in a column of their own, `이하늘  안개는 …`, with what is said hanging beside it."""

from __future__ import annotations

import re
from itertools import groupby

from studykit.wiki.evidence.crowd import Crowd
from studykit.wiki.rows import Row

__all__ = ["take_hanging"]

_COLUMN = re.compile(r"(?P<who>[가-힣]{2,4})(?P<gap>[ \t]{2,})(?=[^\s\d]\S*[ \t])")
FEW = 3


def take_hanging(crowd: Crowd, rows: list[Row]) -> None:
    """Take what stands beside a known name, two blanks apart, for what its bearer says.

    Three such lines or more in one part, and one of them goes on below where it begins.
    """
    for words, group in groupby(rows, lambda row: row.kind == "words" and not row.level):
        run = list(group) if words else []
        found: list[tuple[Row, re.Match[str]]] = []
        hangs = False
        for row in run:
            match = _COLUMN.match(row.words) if not row.listed else None
            if match and crowd.why(match["who"]):
                found.append((row, match))
            elif found and row.column >= found[-1][0].column + len(found[-1][1]["who"]):
                hangs = True
            elif found:
                break
        if hangs and len(found) >= FEW:
            for row, match in found:
                crowd.reporting[row.line.number] = (match["who"], match.end())
