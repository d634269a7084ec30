"""Who asks and answers, in brackets behind the mark: `Q. (하늘) …`, `A (나래). …`."""

from __future__ import annotations

import re

from studykit.wiki.evidence.crowd import (
    Crowd,
    bare_name,
    is_usual_name,
    means_something,
)
from studykit.wiki.first_names import is_first_name
from studykit.wiki.names import shape_of
from studykit.wiki.rows import Row

__all__ = ["take_askers"]

_ASKED = re.compile(
    r"(?:[QAＱＡ]|질문|답변?)[ \t]?\d{0,2}[ \t]*[.:：)]?[ \t]*"
    r"[(（](?P<who>[^\W\d_][^()（）]{0,15})[)）][ \t]*[.:：]?[ \t]*(?=\S)"
)
FEW = 2


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
