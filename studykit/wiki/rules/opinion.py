"""`상모님 - …` and the indented lines below: a speaker's turn, with one point a bullet."""

from __future__ import annotations

from studykit.wiki.records import Opinion, Point
from studykit.wiki.rules.people import SEPARATOR, speaker_list
from studykit.wiki.rules.state import Section, State, item


def opinion(state: State, index: int) -> int:
    """Claim a turn: people at the line's start, a separator, and what they say."""
    line = state.lines[index]
    speakers, end = speaker_list(state.lexicon, line.body)
    separator = SEPARATOR.match(line.body, end) if speakers else None
    if separator is None:
        return 0
    count = state.continued(index)
    state.section = Section()
    state.talk_plan = None
    state.block("opinion", index, count)
    state.records.append(
        Opinion(
            **state.place(line.body_start, index, count),
            evidence=("a name with 님 opens the line, and a separator follows",),
            speakers=speakers,
            points=_points(state, index, count, line.body_start + separator.end()),
        )
    )
    return count


def _points(state: State, index: int, count: int, first: int) -> tuple[Point, ...]:
    """One point a bullet; a line without one, an arrow too, continues the point before it."""
    spans: list[tuple[int, int]] = []
    if first < (end := state.lines[index].body_end):
        spans.append((first, end))
    for line in state.lines[index + 1 : index + count]:
        if line.blank:
            continue
        bullet = item(line)
        if bullet or not spans:
            spans.append((bullet.start if bullet else line.body_start, line.body_end))
        else:
            spans[-1] = (spans[-1][0], line.body_end)
    return tuple(Point(start, end, state.text[start:end]) for start, end in spans)
