"""`1. 디디피엠 완성!!`: an item under `다음 주 까지 :` or a label that says 'tasks'."""

from __future__ import annotations

import re

from studykit.wiki.records import Task
from studykit.wiki.rules.listed import listed
from studykit.wiki.rules.state import State

_BOX = re.compile(r"\[([ xX])\]\s+(?=\S)")


def task(state: State, index: int) -> int:
    """Claim an item of a task section; nobody owns it unless the note says so."""
    found = listed(state, index, "task")
    if found is None:
        return 0
    place, _, count = found
    due = state.section.due
    evidence = [
        f"an item under the {'due' if due else 'task'} label of line {state.section.label_line}"
    ]
    if box := _BOX.match(place["text"]):
        place["start"] += box.end()
        place["text"] = place["text"][box.end() :]
        evidence.append("a tick box")
    done = box[1] != " " if box else None
    state.records.append(Task(**place, evidence=tuple(evidence), owners=(), due=due, done=done))
    return count
