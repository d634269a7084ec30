"""An item under a label that says 'decisions'. Nothing else is one: an arrow alone is not."""

from __future__ import annotations

from studykit.wiki.records import Decision
from studykit.wiki.rules.listed import listed
from studykit.wiki.rules.state import State


def decision(state: State, index: int) -> int:
    """Claim an item of a decision section."""
    found = listed(state, index, "decision")
    if found is None:
        return 0
    place, _, count = found
    reason = f"an item under the decision label of line {state.section.label_line}"
    state.records.append(Decision(**place, evidence=(reason,)))
    return count
