"""Talks of a list: `구름의 종류 : 현수`, below a line that speaks of talks."""

from __future__ import annotations

import re

from studykit.wiki.endings import is_sentence
from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.labels import Label, label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State
from studykit.wiki.times import DAY

__all__ = ["ASIDE", "NEAR", "below_a_word", "below_item", "by_week"]

SHORT = 60
NEAR = 8
"""How many lines below a line that speaks of talks a list of them may go on."""

ASIDE = re.compile(r"\((?P<inside>[^()]{2,40})\)[ \t.]*$")
_REVIEWS = re.compile(r"논문 ?(?:리뷰|발표|스터디)[ \t!:.]*(?:도전|순서|분담|배정)?[ \t!:.]*$")
_COUNTED = re.compile(r"\d{1,2}[명인]$")
_WHEN = re.compile(
    rf"(?:제? ?\d{{1,2}} ?(?:주차?|회차?|강)|week ?\d{{1,2}})[ \t]*(?:\([^()]{{1,12}}\))?"
    rf"|{DAY.pattern}",
    re.IGNORECASE,
)


def below_a_word(state: State, index: int, row: Row, label: Label) -> Found | None:
    """`SUBJECT : NAMES` in a list, below a line that speaks of talks."""
    if index - state.talk_row > NEAR or state.section.kind not in (None, "talk", "topics"):
        return None
    if label.sign != ":" or names_in(state.crowd, label.name)[0]:
        return None
    if _COUNTED.sub("", squeeze(label.name)) in state.lexicon.nobody | state.lexicon.offices:
        return None  # `공지 1명 : 현수`
    presenters = full_names(state.crowd, row.words[label.end :])
    if not presenters or not names_subject(state, label.name):
        return None
    if state.lexicon.todo.search(label.name):
        return None  # `발표 순서 정하기 : 현수`
    if label.name.rstrip().endswith(("결정", "선정", "확정")):
        return None  # `3차 발표자 결정 : 현수`
    line = state.rows[state.talk_row].line.number
    reason = f"a subject and names, below the talks of line {line}"
    return label.name.strip(), presenters, reason


def below_item(state: State, index: int, row: Row, label: Label) -> Found | None:
    """`현수: 구름의 종류` in a list inside `- 논문 리뷰`: who reviews what."""
    if not row.listed or label.sign != ":" or state.section.kind not in (None, "topics", "talk"):
        return None
    said = row.words[label.end :].strip()
    if not said or len(said) > SHORT or is_sentence(said):
        return None
    above = next(
        (
            each
            for each in state.rows[max(0, index - 2 * NEAR) : index][::-1]
            if each.kind == "words" and each.column < row.column
        ),
        None,
    )
    if above is None or not above.listed or not _REVIEWS.search(above.words[:SHORT]):
        return None
    presenters, why = names_in(state.crowd, label.name)
    if not presenters:
        presenters, why = full_names(state.crowd, label.name), "a full name"
    line = above.line.number
    return (said, presenters, f"who reviews what, below line {line}: {why}") if presenters else None


def by_week(state: State, index: int, row: Row, label: Label) -> Found | None:
    """`1주차(3/4): 하늘 - 구름의 종류` in a list, below a line that speaks of talks."""
    if index - state.talk_row > NEAR or state.section.kind not in (None, "talk", "topics"):
        return None
    if not row.listed or label.sign != ":" or not _WHEN.fullmatch(label.name):
        return None
    words = row.words[label.end :]
    behind = label_of(words)
    presenters = names_in(state.crowd, behind.name)[0] if behind else ()
    if behind is None or not presenters or behind.end == len(words):
        return None
    line = state.rows[state.talk_row].line.number
    reason = f"when, names and a subject, below the talks of line {line}"
    return words[behind.end :].strip(), presenters, reason
