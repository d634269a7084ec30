"""Lines with nothing on them."""

from __future__ import annotations

from studykit.wiki.rules.state import State


def blank(state: State, index: int) -> int:
    """Claim the run of blank lines at `index`."""
    count = state.next_words[index] - index
    if count:
        state.block("blank", index, count)
    return count
