"""`10:15-10:35 Clouds from above (Robin Field - Sky Lab - 20 mins)`: talks in a programme."""

from __future__ import annotations

import re

from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.names import shape_of
from studykit.wiki.rows import OUTLINE, Row
from studykit.wiki.rules.state import State
from studykit.wiki.times import CLOCKS

__all__ = ["slot"]

LONGEST = 300
NEAR = 8
"""How many lines below a talk of a programme the next may stand, if its length is not said."""

_CLOCK = re.compile(rf"{CLOCKS.pattern}[ \t.:|]*")
_PAGES = re.compile(r"[ \t]*\[[^\[\]]{1,20}\]$")
_LENGTH = re.compile(r"[ \t]*[-–,/][ \t]*\d{1,3} ?(?:min(?:ute)?s?\.?|분|分)$")
_BEHIND = re.compile(r"[ \t]*\((?P<inside>[^()]{2,120})\)[ \t.]*$")
_PARTS = re.compile(r"[ \t]+[-–/][ \t]+|,[ \t]*")
_NOBODY = re.compile(
    r"\b(?:teams?|groups?|rooms?|hall|floor|hands|call|zoom|meet|online|lab|office|centre|center|session|panel"
    r"|everyone|all|open|board|staff|chairs?|wg|discussion|demo|update|part|day)\b",
    re.IGNORECASE,
)
_NO_TALK = re.compile(
    r"lunch|break|coffee|dinner|registration|welcome|opening|closing|photo|cancel|점심|식사|휴식"
    r"|쉬는|등록|개회|폐회|취소|休憩|昼食|受付|中止",
    re.IGNORECASE,
)


def slot(state: State, index: int) -> tuple[str, tuple[str, ...]] | None:
    """The subject and the presenters of a programme's slot, or None.

    Its brackets hold a full name, where it works and how long the talk is; where the note knows the
    name, or beside another slot, less is enough.
    """
    row = state.rows[index]
    outline = None if row.listed else OUTLINE.match(row.words)
    if not (row.listed or outline):
        return None
    words = _PAGES.sub("", row.words) if outline else row.words
    if len(words) > LONGEST or not words.endswith((")", ").")):
        return None
    clock = outline or _CLOCK.match(words)
    begin = clock.end() if clock else 0
    behind = _BEHIND.search(words, begin)
    if behind is None or _off(state, index, row):
        return None
    inside = behind["inside"]
    length = _LENGTH.search(inside)
    near = index - state.slot_row <= NEAR
    if not (length or (near and clock)):
        return None
    parts = _PARTS.split(inside[: length.start()] if length else inside, maxsplit=1)
    name, said_more = parts[0].strip(), len(parts) > 1 or near or words != row.words
    subject = words[begin : behind.start()].strip(" .")
    people = names_in(state.crowd, name)[0] or full_names(state.crowd, name)
    if not people and said_more:
        people = _latin(name)
    if not people or not subject:
        return None
    state.slot_row = index
    return subject, people


def _latin(name: str) -> tuple[str, ...]:
    """A first and a family name."""
    full = 2 <= len(name.split()) <= 3 and shape_of(name) == "latin" and not _NOBODY.search(name)
    return (name,) if full else ()


def _off(state: State, index: int, row: Row) -> bool:
    """Whether it is a break, or the line below says that it was cancelled."""
    following = state.rows[index + 1] if index + 1 < len(state.rows) else None
    below = following.words if following and following.column > row.column else ""
    return any(_NO_TALK.search(words[:LONGEST]) for words in (row.words, below[:40]))
