"""`오늘 할 일 : …` or `Will do: …` among what somebody says: what they are going to do."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from studykit.wiki.endings import with_final
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Opinion, Task
from studykit.wiki.rows import Row
from studykit.wiki.rules.listed import says_nothing
from studykit.wiki.rules.planned import by_when, time_before
from studykit.wiki.rules.state import State

__all__ = ["going_to_do"]

_ASKS = re.compile(
    r"what (?:will|are) (?:you|i|we) (?:do|going to do|planning to do|doing next)\b.{0,24}\??"
    r"|(?:오늘|다음|이번 ?주|다음 ?주)?(?:에는?)? ?(?:무엇을|뭘|뭐) ?(?:할|하실).{0,12}\??",
    re.IGNORECASE,
)
"""`What will you do?`, which a form asks of all."""
_PAST = re.compile(
    r"(?:past|last|previous) (?:week|sprint)|yesterday|지난|어제|저번|전주", re.IGNORECASE
)
"""Over `Tasks`, what was done then."""
_POINTS = (".", "-", "·", "*", ">")
"""What some type right before an item, with nothing between."""
_LETTER = re.compile(r"[^\W\d_]")
_PROMISES = re.compile(rf"[{with_final('갈')}]게(?:요|용)?$|겠습니다$")
"""`제가 수요일까지 그려 올게요`."""
LONG = 40
LONGEST = 200


def going_to_do(state: State, opinion: Opinion, marked: Container[int]) -> Iterator[Task]:
    """The tasks in a turn: what stands behind a label of tasks, or in the list below it.

    Args:
        state: What has been read.
        opinion: The turn.
        marked: The lines that say themselves what they are.
    """
    first, last = (state.row_of(number) + 1 for number in opinion.lines)
    rows = state.rows[first:last]  # without the one that opens the turn
    # Beside what somebody did, a plan is what they are going to do next.
    titles = [_title(row)[0] for row in rows]
    told = any(squeeze(title) in state.lexicon.did or _PAST.match(title) for title in titles)
    label: Row | None = None
    past: Row | None = None
    head = state.rows[first - 1]
    said = opinion.points[0] if opinion.points else None
    sure = head.line.number in marked
    if said and said.start < head.end and not sure and _due(state, said.text):
        # `현수 : 내일까지 지도 그리기`
        yield from _task(state, first - 1, said.start, head, opinion)
    for index, row in enumerate(rows, first):
        if row.kind != "words" or row.level or row.line.number in marked:
            continue
        if label is not None and label.over(row):
            if _is_label(state, row):  # `Tasks`, below `This week`
                label = row
                continue
            above = state.rows[index - 1]
            plain = not row.listed and row.words[:1] in _POINTS
            if (row.listed or plain) and (above is label or row.column <= above.column):
                yield from _task(state, index, row.start, label, opinion)
            continue
        label = None
        past = past if past is not None and past.over(row) else None
        name, end = _title(row)
        if past is None and _PAST.match(name):
            past = row
        if past is not None:
            continue
        kind = state.lexicon.section(name) if name else None
        if _ASKS.fullmatch(name) or (told and squeeze(name) in state.lexicon.today):
            kind = "task"
        if kind == "task" or (kind == "plan" and told):
            label = row if end == len(row.words) else None
            if label is None:
                yield from _task(state, index, row.at(end), row, opinion)
        elif _due(state, row.words):
            yield from _task(state, index, row.start, row, opinion)


def _is_label(state: State, row: Row) -> bool:
    name, end = _title(row)
    return end == len(row.words) and bool(name) and state.lexicon.section(name) == "task"


def _due(state: State, words: str) -> bool:
    """Whether words say by when something is to be done, and end in what, or promise to do it."""
    if state.lexicon.is_to_do(words) and by_when(state, words):
        return True
    said = words[:LONGEST].rstrip(" .!~ㅎㅋㅠ^")
    until = state.lexicon.until.search(said) if _PROMISES.search(said) else None
    return until is not None and bool(time_before(state, said[: until.start()][-LONG:]))


def _title(row: Row) -> tuple[str, int]:
    """What a row is about, and where what it says of that begins."""
    if row.kind != "words" or (len(row.words) > LONG and not row.label):
        return "", 0
    label = row.label
    if label is not None and label.sign in ":)-":
        return label.name, label.end
    return row.words.rstrip(": )"), len(row.words)


def _task(state: State, index: int, start: int, label: Row, opinion: Opinion) -> Iterator[Task]:
    row = state.rows[index]
    last = state.row_of(opinion.lines[1]) + 1
    count = min(state.continued(index), last - index)  # what the turn has of it
    said = state.text[start : row.end]
    if not _LETTER.search(said) or says_nothing(state, said):
        return
    place = state.place(start, index, count)
    due = state.until(row, said) if state.lexicon.until.search(said) else None
    title = _title(label)[0]
    if due is None and (squeeze(title) in state.lexicon.today or state.lexicon.when.match(title)):
        due = state.when(label, title)
    reason = f"what {', '.join(opinion.speakers)} will do, by line {label.line.number}"
    yield Task(**place, evidence=(reason,), owners=opinion.speakers, due=due, done=row.box)
