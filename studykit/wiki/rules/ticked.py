"""`- [x] [구름의 종류](clouds.md) (하늘)`: a talk in a list of those that were held or will be."""

from __future__ import annotations

from studykit.wiki.records import Talk
from studykit.wiki.rules.state import State

__all__ = ["ticked"]


def ticked(state: State, index: int) -> int:
    """Claim a tick box before the title of what somebody presents."""
    row = state.rows[index]
    found = state.crowd.ticked.get(row.line.number)
    if found is None or row.box is None or state.section.kind == "task":
        return 0
    presenters, (start, end) = found
    subject = row.words[start:end].partition("](")[0].lstrip("[")
    state.block("talk", index)
    state.records.append(
        Talk(
            **state.place(row.start, index),
            evidence=("a title that is ticked, and who presents it, as those beside it",),
            subject=subject,
            presenters=presenters,
            volunteers=(),
            due=None,
            status="given" if row.box else "planned",
        )
    )
    return 1
