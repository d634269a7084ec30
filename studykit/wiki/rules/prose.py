"""What no other rule claims: shown as it is, in place."""

from __future__ import annotations

from studykit.wiki.rules.state import Section, State

__all__ = ["one_letter", "prose"]

LONGEST = 200


def one_letter(state: State, index: int) -> int:
    """Claim a letter alone on its line, which says nothing, unless it is somebody or an item."""
    row = state.rows[index]
    if row.kind != "words" or len(row.words) > 1 or row.level or row.box is not None:
        return 0
    if state.section.kind or state.crowd.why(row.words):
        return 0
    return prose(state, index)


def prose(state: State, index: int) -> int:
    """Claim one line, whatever it is."""
    row = state.rows[index]
    if (
        row.kind == "words"
        and not row.listed
        and state.paragraph(index)
        and _after_items(state, index)
    ):
        state.close_flat()
    if row.level:  # whatever it says, what is above is not gone on with below it
        kind = state.inherited(row)
        state.open(Section(kind, "heading", state.rank(row), 0, row.line.number))
    if row.kind == "words" and len(row.words) <= LONGEST and state.lexicon.talk.search(row.words):
        state.talk_row = index
    state.block("prose", index)
    return 1


def _after_items(state: State, index: int) -> bool:
    """Whether a list has begun: a new paragraph of prose ends it, but may introduce it."""
    last = next((block for block in reversed(state.blocks[-2:]) if block.kind != "blank"), None)
    if last is None or last.kind in ("heading", "prose"):
        return False
    # Below a question without a mark, a paragraph may be what was said to it.
    spoken = state.section.kind == last.kind == "question"
    return not (spoken and not _marked(state, last.start, index))


def _marked(state: State, start: int, index: int) -> bool:
    """Whether the block above that starts at `start` is a list's item."""
    while state.rows[index].line.start > start:
        index -= 1
    return state.rows[index].listed
