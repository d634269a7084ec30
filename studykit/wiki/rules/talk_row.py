"""Several talks on one line of a schedule: `3/14 현수(DDPM) 인서(VAE)`, `3/14 : 현수 - DDPM, …`."""

from __future__ import annotations

import re

from studykit.wiki.evidence import full_names
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Talk
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State
from studykit.wiki.rules.talk_list import NEAR
from studykit.wiki.rules.talk_time import stage, time_of
from studykit.wiki.times import DATE, DAY

__all__ = ["talk_row"]

LONGEST = 300
_WHEN = re.compile(
    rf"(?:제? ?\d{{1,2}} ?(?:주차?|회차?|강)|week ?\d{{1,2}}|{DATE.pattern}|{DAY.pattern})"
    r"[ \t]*(?:\([^()]{1,12}\))?[ \t]*[:：|-]?[ \t]*",
    re.IGNORECASE,
)
_WHO = r"(?P<who>[^\s,、/():：-]{2,12}(?:님)?)"
_BRACKETED = re.compile(
    rf"{_WHO}[ \t]?\((?P<subject>(?:[^()]|\([^()]{{0,80}}\)){{2,160}})\)"
    r"(?:[ \t]*(?:[,、/·&→]|-{1,2}>?|=>)[ \t]*|[ \t]+|$)"
)
_IN_TURN = re.compile(r"[ \t]*순(?:서|으로)?(?:로)?(?:[ \t]+(?:발표|진행)\S{0,3})?[ \t.]*$")
_DASHED = re.compile(
    rf"{_WHO}[ \t]*(?:[ \t][-–—][ \t]|[:：])[ \t]*(?P<subject>[^,、:：]{{2,80}}?)"
    r"(?:[ \t]*[,、/][ \t]+|[ \t]*$)"
)


def talk_row(state: State, index: int) -> int:
    """Claim a line that says when, or in what order, and what two people or more present."""
    row = state.rows[index]
    if row.kind != "words" or row.level or not row.listed or len(row.words) > LONGEST:
        return 0
    label = row.label
    order = label is not None and squeeze(label.name) in state.lexicon.orders
    if (
        not order
        and state.section.kind != "talk"
        and (index - state.talk_row > NEAR or state.section.kind not in (None, "topics"))
    ):
        return 0
    when = _WHEN.match(row.words)
    begin = label.end if order and label else when.end() if when else 0
    words = _IN_TURN.sub("", row.words) if order else row.words
    parts = _parts(words, begin) if begin else []
    if len(parts) < 2:
        return 0
    people = [full_names(state.crowd, part["who"].removesuffix("님")) for part in parts]
    if not all(people) or not all(
        names_subject(state, part["subject"], work=True) for part in parts
    ):
        return 0
    _, due = time_of(state, row, None)
    state.block("talk", index)
    for part, presenters in zip(parts, people, strict=True):
        start, end = row.at(part.start()), row.at(part.end("subject"))
        number = row.line.number
        place = state.span(
            start, end + row.words.startswith(")", part.end("subject")), number, number
        )
        state.records.append(
            Talk(
                **place,
                evidence=("one of several on a line of talks: who, and what they present",),
                subject=part["subject"].strip(),
                presenters=presenters,
                volunteers=(),
                due=due,
                status=stage(state, due),
            )
        )
    return 1


def _parts(words: str, begin: int) -> list[re.Match[str]]:
    """Who and what, one behind the other; none if anything else stands on the line."""
    for pattern in (_BRACKETED, _DASHED):
        found = []
        at = begin
        while at < len(words) and (match := pattern.match(words, at)):
            found.append(match)
            at = match.end()
        if at == len(words):
            return found
    return []
