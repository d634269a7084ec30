"""What no other rule claims: shown as it is, in place."""

from __future__ import annotations

from studykit.wiki.rules.state import State

LONGEST = 200


def prose(state: State, index: int) -> int:
    """Claim one line, whatever it is."""
    row = state.rows[index]
    if row.kind == "words" and not row.listed and state.paragraph(index) and _after_items(state):
        state.close_flat()
    if row.kind == "words" and len(row.words) <= LONGEST and state.lexicon.talk.search(row.words):
        state.talk_row = index
    state.block("prose", index)
    return 1


def _after_items(state: State) -> bool:
    """Whether a list has begun: a new paragraph of prose ends it, but may introduce it."""
    last = next((block.kind for block in reversed(state.blocks[-2:]) if block.kind != "blank"), "")
    return last not in ("", "heading", "prose")
