"""An item under a label that says 'decisions', or a line that closes with such a verb.

An arrow alone is no decision, and neither is what is only proposed (`어떨까`) or still open.
"""

from __future__ import annotations

from studykit.wiki.records import Decision
from studykit.wiki.rows import Row
from studykit.wiki.rules.listed import listed
from studykit.wiki.rules.state import State

__all__ = ["closes", "decision"]

TAIL = 60


def decision(state: State, index: int) -> int:
    """Claim an item of a decision section, or a line that settles something."""
    row = state.rows[index]
    if row.kind != "words" or row.level:
        return 0
    if state.section.kind == "decision" and (count := listed(state, index)):
        reason = f"an item under the decision label of line {state.section.label_line}"
    elif word := closes(state, row):
        count = state.continued(index)
        reason = f"the line closes with {word}"
    else:
        return 0
    state.block("decision", index, count)
    state.records.append(Decision(**state.place(row.start, index, count), evidence=(reason,)))
    return count


def closes(state: State, row: Row) -> str | None:
    """The verb by which the row says that something was settled, or None."""
    tail = row.words[-TAIL:]
    match = state.lexicon.closing.search(tail)
    if match is None or match.start() == 0 or state.lexicon.still_open.search(tail):
        return None
    return match.group().strip(" .!~)")
