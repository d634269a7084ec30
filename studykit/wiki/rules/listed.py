"""Items of the open section: what questions, tasks and decisions have in common."""

from __future__ import annotations

from studykit.wiki.lexicon import SectionKind
from studykit.wiki.rules.state import Place, State, item

__all__ = ["Listed", "listed"]

Listed = tuple[Place, int | None, int]
"""The record's common fields, the number that the note gives it, and how many lines it takes."""


def listed(state: State, index: int, kind: SectionKind) -> Listed | None:
    """The item at `index` of an open section of this kind, with the lines that continue it."""
    if state.section.kind != kind:
        return None
    mark = item(state.lines[index])
    if mark is None:
        return None
    count = state.continued(index)
    state.block(kind, index, count)
    place = state.place(mark.start, index, count)
    return place, mark.number, count
