"""Who answers: `A. (하늘) …`, `하늘님 답변: …`, `A. … (하늘)`."""

from __future__ import annotations

import re
from typing import NamedTuple

from studykit.wiki.evidence import names_in
from studykit.wiki.rows import Row
from studykit.wiki.rules.state import State

__all__ = ["Answerer", "answerer"]

_MARK = r"(?:A\d{0,2}|답변?|答え?|回答)"
_BEFORE = (
    re.compile(
        rf"{_MARK}[ \t]*[.):]?[ \t]*[(\[](?P<who>[^()\[\]]{{1,16}})[)\]]"
        r"[ \t]*[.):-]?[ \t]*(?=\S)"
    ),
    re.compile(rf"{_MARK}(?:[.):][ \t]*|[ \t]+)(?P<who>[^\s():]{{1,12}})[ \t]*[):][ \t]*(?=\S)"),
    re.compile(
        r"[(\[<](?:응답|답변?|대답|回答|答え|A)[)\]>][ \t]*(?P<who>[^\s():]{1,12})"
        r"[ \t]*[:-][ \t]*(?=\S)"
    ),
    re.compile(r"(?:답변자?|回答者?)[ \t]+(?P<who>\S{1,12}?)[ \t]*[:-][ \t]*(?=\S)"),
    re.compile(r"(?P<who>[^\s:]{1,12}?)(?:의|の)?[ \t]*(?:답변?|回答|答え)[ \t]*[:)][ \t]*(?=\S)"),
)
_BEHIND = re.compile(
    r"[ \t]*(?:\((?P<who>[^()]{1,16})\)|(?:→|[-=]>)[ \t]*(?P<led>[가-힣]{2,4}님))[ \t.]*$"
)
_LED = re.compile(r"(?P<who>[^\s\[\](→>=-]{2,12})[ \t]+(?:→|[-=]>)[ \t]+(?=\S.{4})")
TAIL = 40


class Answerer(NamedTuple):
    """Who answers, from where to where in the line's words, and why they are somebody."""

    names: tuple[str, ...]
    begin: int
    end: int
    behind: bool
    why: str


def answerer(state: State, row: Row) -> Answerer | None:
    """Whom a line names as answering, before the answer or in brackets behind it."""
    words = row.words
    label = row.label if row.mark == "arrow" else None  # `→ 하늘: …`
    if label and label.sign == ":" and (found := names_in(state.crowd, label.name))[0]:
        return Answerer(found[0], label.end, len(words), False, found[1])
    if row.listed and (led := _LED.match(words)):  # `- 하늘 → 작아서`, below a question
        people, why = names_in(state.crowd, led["who"])
        if people and all(map(state.crowd.why, people)):
            return Answerer(people, led.end(), len(words), False, why)
    for pattern in _BEFORE:
        match = pattern.match(words)
        if match and (found := names_in(state.crowd, match["who"].strip()))[0]:
            return Answerer(found[0], match.end(), len(words), False, found[1])
    behind = _BEHIND.search(words[-TAIL:]) if words.rstrip(" .")[-1:] in (")", "님") else None
    who = (behind["who"] or behind["led"]).strip() if behind else ""
    if behind and (found := names_in(state.crowd, who))[0]:
        return Answerer(found[0], 0, len(words) - len(behind.group()), True, found[1])
    return None
