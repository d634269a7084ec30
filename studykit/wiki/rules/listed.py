"""Items of the open section: what questions, tasks and decisions have in common."""

from __future__ import annotations

from studykit.wiki.rules.state import State

__all__ = ["listed"]


def listed(state: State, index: int) -> int:
    """How many rows the item at `index` of the open section takes; 0 if it is none.

    A numbered or bulleted line is an item. So is one with neither right below the section's label
    in plain text, as long as no line is left blank.
    """
    row, section = state.rows[index], state.section
    if row.kind != "words" or row.level:
        return 0
    if row.listed or (section.scope == "list" and row.mark != "arrow"):
        return state.continued(index)
    return 0
