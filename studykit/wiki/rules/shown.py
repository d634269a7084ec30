"""A title and who presents it, right over the slides that were shown: `구름의 종류 : 하늘`."""

from __future__ import annotations

import re

from studykit.wiki.evidence import full_names
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State

__all__ = ["shown"]

LONGEST = 200
FEW = 6
"""Rows below the title among which the slides stand."""
_TITLE = re.compile(r"(?P<title>[^:]{2,150}?)[ \t]*:[ \t]*(?P<who>[^:/\[\]()]{2,60})")
_NUMBER = re.compile(r"[ \t]*#?\d{0,2}$")


def shown(state: State, index: int) -> Found | None:
    """What a line says that has the address of its slides in the list right below it."""
    row = state.rows[index]
    below = state.rows[index + 1 : index + 1 + FEW]
    if not below or not below[0].listed or not (row.level or row.over(below[0])):
        return None
    if len(row.words) > LONGEST or not (match := _TITLE.fullmatch(row.words.rstrip())):
        return None
    slides = next((each for each in below if _has_slides(state, each)), None)
    people = full_names(state.crowd, match["who"]) if slides else ()
    if not people or not slides or not names_subject(state, match["title"], work=True):
        return None
    line = slides.line.number
    return match["title"], people, f"a title, a colon and names over the slides of line {line}"


def _has_slides(state: State, row: Row) -> bool:
    label = row.label
    return (
        row.listed
        and label is not None
        and squeeze(_NUMBER.sub("", label.name)) in state.lexicon.slides
        and row.words.startswith(("http://", "https://", "[", "<http"), label.end)
    )
