"""`참석자 : 현수님, 인서님`: who was there."""

from __future__ import annotations

from studykit.wiki.rules.state import Section, State


def attendees(state: State, index: int) -> int:
    """Claim the lines that the search for people took as a list of who was there, or was not."""
    count = 0
    while (
        index + count < len(state.rows)
        and state.rows[index + count].line.number in state.crowd.attendee_lines
    ):
        count += 1
    if count:
        row = state.rows[index]
        if row.level:
            state.open(Section(None, "heading", state.rank(row), 0, row.line.number))
        state.block("attendees", index, count)
    return count
