"""`참석자 : 현수님, 인서님`: who was there."""

from __future__ import annotations

import re

from studykit.wiki.lexicon import squeeze
from studykit.wiki.rules.people import name_list
from studykit.wiki.rules.state import State

_LABEL = re.compile(r"([^:：]{1,20})[:：][ \t]*(\S.*)")


def attendees(state: State, index: int) -> int:
    """Claim a line that labels a list of names as the attendees."""
    match = _LABEL.fullmatch(state.lines[index].body)
    if match is None or squeeze(match[1]) not in state.lexicon.attendees:
        return 0
    names = name_list(state.lexicon, match[2])
    if not names:
        return 0
    state.attendees = tuple(dict.fromkeys((*state.attendees, *names)))
    state.block("attendees", index)
    return 1
