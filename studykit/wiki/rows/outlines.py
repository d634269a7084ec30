"""Emacs' outlines, in plain text: `** Notes`, `*** TODO draw the map  :@sky:`."""

from __future__ import annotations

import re

from studykit.wiki.rows.row import Row

__all__ = ["outlined"]

_STARS = re.compile(
    r"(?P<stars>\*{1,6})[ \t]+"
    r"(?P<todo>(?:TODO|DONE|NEXT|WAIT(?:ING)?)[ \t]+(?!before|by|until|for))?(?=\S)"
)
_ORG = re.compile(r"#\+[A-Za-z_]{3,20}[: ]")
_TAGS = re.compile(r"[ \t]+:(?:[\w@]{1,24}:){1,8}[ \t]*$")


def outlined(rows: list[Row]) -> None:
    """Make headings and tasks of Emacs' outlines: `** Notes`, `*** TODO draw the map  :@sky:`."""
    begun = [(row, words) for row in rows if (words := row.line.words).startswith(("*", "#+"))]
    stars = [(row, match) for row, words in begun if (match := _STARS.match(words))]
    set_up = [row for row, words in begun if _ORG.match(words)]
    if not set_up and sum(len(match["stars"]) > 1 for _, match in stars) <= 2:
        return
    for row in set_up:
        row.kind = "code"
    for row, match in stars:
        todo, tags = match["todo"], _TAGS.search(row.line.words)
        row.kind, row.places, row.number = "words", None, None
        row.first, row.words = (
            match.end(),
            row.line.words[match.end() : tags.start() if tags else None],
        )
        row.mark, row.sign, row.listed = ("bullet", "*", True) if todo else ("", "", False)
        row.level = 0 if todo else min(len(match["stars"]), 6)
        row.box = todo.strip() == "DONE" if todo else None
        row.column = 2 * len(match["stars"]) if todo else 0
