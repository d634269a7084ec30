"""`- [w01-q2] 구름은 왜 흰가`: a line that names a record by its id, and is no new one."""

from __future__ import annotations

import re

from studykit.wiki.rules.state import State

_MENTION = re.compile(r"\[[a-z0-9-]+-(?:q|d|talk|task)\d+\](?!\S)")


def mention(state: State, index: int) -> int:
    """Claim a line that opens with the id of a record, as `studykit new meeting` writes it."""
    if _MENTION.match(state.rows[index].words) is None:
        return 0
    state.block("prose", index)
    return 1
