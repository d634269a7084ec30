"""`2023-04-04`, `2020.05.05 (화)`: the session's date, alone on the note's first line."""

from __future__ import annotations

import datetime
import re

from studykit.wiki.rules.state import State

_DATE = re.compile(
    r"(\d{4})[-./년] ?(\d{1,2})[-./월] ?(\d{1,2})[.일]?\s*(?:\(?[월화수목금토일]\)?)?"
)


def date(state: State, index: int) -> int:
    """Claim the first line with words on it when it is a whole date and nothing else."""
    if index != state.next_words[0]:
        return 0
    match = _DATE.fullmatch(state.lines[index].body)
    if match is None:
        return 0
    try:
        day = datetime.date(*map(int, match.groups()))
    except ValueError:  # a 13th month is no date, and none is made up from it
        return 0
    state.date = day.isoformat()
    state.block("date", index)
    return 1
