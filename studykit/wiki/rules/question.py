"""`1. 디디피엠에서 베타를 왜 쓰는지`: an item under a label that says 'questions'."""

from __future__ import annotations

from studykit.wiki.records import Question
from studykit.wiki.rules.listed import listed
from studykit.wiki.rules.state import State


def question(state: State, index: int) -> int:
    """Claim an item of a question section."""
    found = listed(state, index, "question")
    if found is None:
        return 0
    place, number, count = found
    reason = f"an item under the question label of line {state.section.label_line}"
    state.records.append(Question(**place, evidence=(reason,), number=number, askers=()))
    return count
