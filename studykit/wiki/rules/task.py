"""`1. 디디피엠 완성!!`: an item under `다음 주 까지 :` or a label that says 'tasks'."""

from __future__ import annotations

from studykit.wiki.records import Task
from studykit.wiki.rules.listed import listed
from studykit.wiki.rules.state import State


def task(state: State, index: int) -> int:
    """Claim an item of a task section; nobody owns it unless the note says so."""
    found = listed(state, index, "task")
    if found is None:
        return 0
    place, _, count = found
    due = state.section.due
    reason = (
        f"an item under the {'due' if due else 'task'} label of line {state.section.label_line}"
    )
    state.records.append(Task(**place, evidence=(reason,), owners=(), due=due, done=None))
    return count
