"""`1. 학습 방향 논의`: a numbered line that stands alone and is no item of a list."""

from __future__ import annotations

from studykit.wiki.rules.state import State


def heading(state: State, index: int) -> int:
    """Claim a numbered line with a blank line, or the note's edge, on both sides."""
    row = state.rows[index]
    if row.kind != "words" or row.mark != "number" or row.number is None:
        return 0
    alone_above = index == 0 or state.rows[index - 1].kind == "blank"
    alone_below = index + 1 < len(state.rows) and state.rows[index + 1].kind == "blank"
    if not (alone_above and alone_below) or _listed(state, index, row.number):
        return 0
    state.close_flat()
    state.block("heading", index)
    return 1


def _listed(state: State, index: int, number: int) -> bool:
    """Whether the next line with words is the next number: then this one is a list's item."""
    following = state.next_words[index + 1]
    if following == len(state.rows):
        return True  # a heading has something below it
    return state.rows[following].number == number + 1
