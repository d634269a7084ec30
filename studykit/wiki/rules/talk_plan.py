"""`다다음주에 디디피엠 … 발표`: a sentence that says when the talks listed below it are due."""

from __future__ import annotations

from studykit.wiki.lexicon import squeeze
from studykit.wiki.rules.state import State

LONGEST = 1000
"""A plan is a sentence; each talk below is looked for in it, so it may not be a book."""


def talk_plan(state: State, index: int) -> int:
    """Claim a line that names a time and, behind it, a talk; it stays prose."""
    row = state.rows[index]
    if row.kind != "words" or row.listed or row.level or len(row.words) > LONGEST:
        return 0
    week = state.lexicon.when.search(row.words)
    if week is None or state.lexicon.talk.search(row.words, week.end()) is None:
        return 0
    state.talk_plan = state.when(row)
    state.talk_plan_words = squeeze(row.words)
    state.block("prose", index)
    return 1
