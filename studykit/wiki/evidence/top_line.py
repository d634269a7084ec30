"""Who was there, by a line of nothing but names near the top: `하늘 구름 바다 나`."""

from __future__ import annotations

import re

from studykit.wiki.evidence.crowd import Crowd, bare_name, means_something
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row

__all__ = ["take_top_line"]

_WORD = re.compile(r"[ \t,、/·]+")
_ME = ("나", "저", "me")
FIRST = 5
FEW = 3
MANY = 12
LONGEST = 80


def take_top_line(crowd: Crowd, rows: list[Row]) -> None:
    """Take in the names of such a line, where two of them or more head what is said below."""
    labels = {bare_name(crowd, row.label.name) for row in rows if row.label}
    first = [row for row in rows if row.kind == "words"][:FIRST]
    for row in first:
        if row.level or row.label or len(row.words) > LONGEST:
            continue
        names = [name for name in _WORD.split(row.words.strip()) if name not in _ME]
        good = all(listed_shape(name) and not means_something(crowd, name) for name in names)
        words = sum(name in crowd.lexicon.common for name in names)
        few = good and FEW <= len(names) <= MANY and 2 * words < len(names)
        if few and len(labels.intersection(names)) > 1:
            for name in names:
                crowd.attendees.append((row.line.start, name))
                crowd.knows(name, f"line {row.line.number} has nothing but names")
            return
