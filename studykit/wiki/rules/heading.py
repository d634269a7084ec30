"""`1. 학습 방향 논의`: a numbered line that stands alone and is no item of a list."""

from __future__ import annotations

from studykit.wiki.rules.state import Section, State, item


def heading(state: State, index: int) -> int:
    """Claim a numbered line with a blank line, or the note's edge, on both sides."""
    mark = item(state.lines[index])
    if mark is None or mark.number is None:
        return 0
    alone_above = index == 0 or state.lines[index - 1].blank
    alone_below = index + 1 < len(state.lines) and state.lines[index + 1].blank
    if not (alone_above and alone_below) or _listed(state, index, mark.number):
        return 0
    state.section = Section()
    state.talk_plan = None
    state.block("heading", index)
    return 1


def _listed(state: State, index: int, number: int) -> bool:
    """Whether the next line with words is the next number: then this one is a list's item."""
    following = state.next_words[index + 1]
    if following == len(state.lines):
        return True  # a heading has something below it
    mark = item(state.lines[following])
    return mark is not None and mark.number == number + 1
