"""What no other rule claims: shown as it is, in place."""

from __future__ import annotations

from studykit.wiki.rules.state import State


def prose(state: State, index: int) -> int:
    """Claim one line, whatever it is."""
    state.block("prose", index)
    return 1
