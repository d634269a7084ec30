"""A note's own signs, which a line near the top explains: `!! = 정한 것   >> = 할 일`."""

from __future__ import annotations

import re

from studykit.wiki.evidence import names_in
from studykit.wiki.labels import label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Decision
from studykit.wiki.rows import EXPLAINS
from studykit.wiki.rules.mark import mark_of
from studykit.wiki.rules.marked import add_question
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State
from studykit.wiki.rules.talk_time import talk_by, time_of
from studykit.wiki.rules.task import add_task

__all__ = ["keyed"]

_KINDS = {
    "job": "task",
    "jobs": "task",
    "settled": "decision",
    "needanswer": "question",
    "needsanswer": "question",
    "unanswered": "question",
    "물음": "question",
    "정함": "decision",
}
"""Words that say so in a key alone."""
_SIDES = re.compile(r"[ \t]+[/|–—-][ \t]+")


def keyed(state: State, index: int) -> int:
    """Claim a line that begins with a sign which the note itself explains."""
    row = state.rows[index]
    if row.key == EXPLAINS:
        state.block("prose", index)
        return 1
    if not row.key or row.kind != "words" or mark_of(state, index):
        return 0
    name = squeeze(row.key)
    kind = state.lexicon.marks.get(name) or state.lexicon.section(row.key) or _KINDS.get(name)
    reason = f"a sign that the note explains: {row.key}"
    if kind == "question":
        return add_question(state, index, row.start, (), reason)
    if kind == "task":
        count = state.continued(index)
        add_task(state, index, count, reason)
        return count
    if kind == "decision":
        count = state.continued(index)
        state.block("decision", index, count)
        state.records.append(Decision(**state.place(row.start, index, count), evidence=(reason,)))
        return count
    return _talk(state, index, reason) if kind == "talk" else 0


def _talk(state: State, index: int, reason: str) -> int:
    """`하늘 / 구름의 종류`, `하늘 - 구름`: who presents what."""
    row = state.rows[index]
    name, *titles = _SIDES.split(row.words)
    label = label_of(row.words) if not titles else None
    name, title = (label.name, row.words[label.end :]) if label else (name, (titles or [""])[0])
    people = names_in(state.crowd, name)[0]
    if not people or not names_subject(state, title, work=True):
        return 0
    subject, due = time_of(state, row, title)
    state.block("talk", index)
    state.records.append(
        talk_by(state, state.place(row.start, index), subject, people, due, (reason,))
    )
    return 1
