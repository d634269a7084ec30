"""Who is called by a link to their own page: `[@robin](https://github.com/robin)`."""

from __future__ import annotations

from studykit.wiki.evidence.crowd import Crowd, means_something
from studykit.wiki.rows import PROFILE, Row

__all__ = ["take_linked"]


def take_linked(crowd: Crowd, rows: list[Row]) -> None:
    """Take in whom links call by the name that their page has as well, two of them or more.

    One alone may be a project's: `[pytorch](https://github.com/pytorch)`.
    """
    found = {
        match["who"]: row.line.number
        for row in rows
        if row.kind in ("words", "table") and "](http" in row.line.words
        for match in PROFILE.finditer(row.line.words)
        if not means_something(crowd, match["who"])
    }
    if len(found) > 1:
        for name, line in found.items():
            crowd.knows(name, f"line {line} calls somebody by a link to their page")
