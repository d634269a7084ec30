"""`다다음주에 디디피엠 … 발표`: a sentence that says when the talks listed below it are due."""

from __future__ import annotations

from studykit.wiki.lexicon import squeeze
from studykit.wiki.rules.state import State, item

LONGEST = 1000
"""A plan is a sentence; each talk below is looked for in it, so it may not be a book."""


def talk_plan(state: State, index: int) -> int:
    """Claim a line that names a time and, behind it, a talk; it stays prose."""
    line = state.lines[index]
    if len(line.body) > LONGEST:
        return 0
    due = state.when(line)
    if due is None or item(line) is not None:
        return 0
    if state.lexicon.talk.search(line.body, line.body.index(due.text)) is None:
        return 0
    state.talk_plan = due
    state.talk_plan_words = squeeze(line.body)
    state.block("prose", index)
    return 1
