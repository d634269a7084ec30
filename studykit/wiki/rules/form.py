"""Lines that are form and no words: fences, rules, front matter, program code."""

from __future__ import annotations

from studykit.wiki.rules.state import State


def form(state: State, index: int) -> int:
    """Claim a line on which nobody says anything."""
    if state.rows[index].kind not in ("code", "rule", "fence", "front"):
        return 0
    if state.rows[index].kind == "rule":
        state.close_flat()
    state.block("prose", index)
    return 1
