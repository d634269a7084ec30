"""`금일 질문 사항 :`, `링크 :`, `다음 주 까지 :`: a label that says what the list below it is."""

from __future__ import annotations

import re

from studykit.wiki.lexicon import squeeze
from studykit.wiki.rules.state import Section, State, item

_NUMBER = re.compile(r"\d{1,3}[.)]\s*(?=\S)")


def section(state: State, index: int) -> int:
    """Claim a line that is a section's name, or a time by which the items below are due."""
    line = state.lines[index]
    label = line.body.rstrip(":： \t")
    number = _NUMBER.match(label)
    kind = state.lexicon.section(label[number.end() :] if number else label)
    if kind is None and item(line) is None and _is_due(state, label):
        state.section = Section("task", line.number, state.when(line))
    elif kind is not None:
        state.section = Section(kind, line.number)
    else:
        return 0
    state.block("heading", index)
    return 1


def _is_due(state: State, label: str) -> bool:
    """Whether the label is a time and 'until' and nothing else."""
    when = state.lexicon.when.match(label)
    until = when and state.lexicon.until.search(label, when.end())
    return bool(when and until and squeeze(label) == squeeze(when.group() + until.group()))
