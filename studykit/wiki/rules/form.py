"""Lines that are form and no words: fences, rules, front matter, program code."""

from __future__ import annotations

from studykit.wiki.rules.date import front_date
from studykit.wiki.rules.state import State


def form(state: State, index: int) -> int:
    """Claim a line on which nobody says anything."""
    row = state.rows[index]
    if row.kind not in ("code", "rule", "fence", "front", "conflict"):
        return 0
    if row.kind == "fence":
        state.enter_or_leave_fence(row)
    elif row.kind == "rule" and row.line.number != state.section.label_line + 1:
        state.close_flat()  # but for what underlines a label
    elif row.kind == "front":
        front_date(state, row)
    elif row.kind == "conflict" and row.line.words.startswith("<"):
        state.doubt(
            "conflict-marker",
            row,
            "git left two versions of the lines below; both are kept",
            "keep the lines that are right, and delete git's marks",
        )
    state.block("prose", index)
    return 1
