"""Several talks on one line of a schedule: `3/14 현수(DDPM) 인서(VAE)`, `3/14 : 현수 - DDPM, …`."""

from __future__ import annotations

import re

from studykit.wiki.endings import is_statement
from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.evidence.schedules import CHAPTERED
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Due
from studykit.wiki.rules.clauses import clauses, quoted_clauses
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State
from studykit.wiki.rules.talk_list import NEAR
from studykit.wiki.rules.talk_time import OPEN, talk_by, time_above, time_of
from studykit.wiki.rules.upcoming import upcoming
from studykit.wiki.times import DATE, DAY, MONTH_DAY, PLAIN_DAY

__all__ = ["talk_row"]

LONGEST = 300
_NTH = re.compile(r"\d{1,2}(?:st|nd|rd|th)", re.IGNORECASE)
_THEN = re.compile(r"그 ?다음|then\b", re.IGNORECASE)
_WHEN = re.compile(
    rf"(?:제? ?\d{{1,2}} ?(?:주차?|회차?|강)|week ?\d{{1,2}}|{DATE.pattern}|{DAY.pattern})"
    r"[ \t]*(?:\([^()]{1,12}\))?[ \t]*[:|-]?[ \t]*",
    re.IGNORECASE,
)
_WHO = r"(?P<who>[^\s,、/():-]{2,12}(?:님)?)"
_BRACKETED = re.compile(
    rf"{_WHO}[ \t]?\((?P<subject>(?:[^()]|\([^()]{{0,80}}\)){{2,160}})\)"
    r"(?:[ \t]*(?:[,、/·&→]|-{1,2}>?|=>)[ \t]*|[ \t]+|$)"
)
_CUE = re.compile(
    rf"[^\w]{{0,4}}(?:(?:{PLAIN_DAY.pattern}|다음|담|차주|다음 ?주|이번 ?주|오늘)[ \t]?(?:의 )?)?"
    r"(?:발표|발제|세미나)자?(?:[ \t]?(?:주제|순서|제목))?[ \t]*(?:[:=-][ \t]*|[ \t])"
)
"""`👉 다음 발표 : `"""
_DATED = re.compile(
    rf"(?:{PLAIN_DAY.pattern})[ \t]*:?[ \t]*(?P<subject>[^()]{{2,80}}?)"
    r"[ \t]*\((?P<who>[^()]{2,16})\)(?:[ \t]*[,、/·][ \t]*|[ \t.]*$)"
)
_DAYS_TOO = re.compile(rf"(?:{PLAIN_DAY.pattern})[ \t]*[^\d\s]")
_IN_TURN = re.compile(r"[ \t]*순(?:서|으로)?(?:로)?(?:[ \t]+(?:발표|진행)\S{0,3})?[ \t.]*$")
_TITLED = re.compile(
    r"(?P<subject>[^(),、:]{2,60}?)[ \t]?\((?P<who>[^\s(),]{2,12}(?:님)?)\)"
    r"(?:[ \t]*[,、/·][ \t]*|[ \t.]*$)"
)
"""`세미나 주제 : 구름의 종류(하늘), 안개의 이름(나래)`."""
_DASHED = re.compile(
    rf"{_WHO}[ \t]*(?:[ \t][-–—][ \t]|:)[ \t]*(?P<subject>[^,、:]{{2,80}}?)"
    r"(?:[ \t]*[,、/][ \t]+|[ \t]*$)"
)


def talk_row(state: State, index: int) -> int:
    """Claim a line that says when, or in what order, and what two people or more present."""
    row = state.rows[index]
    if row.kind != "words" or row.level or len(row.words) > LONGEST:
        return 0
    return (
        _in_a_row(state, index) or _by_clauses(state, index) or upcoming(state, index, several=True)
    )


def _by_clauses(state: State, index: int) -> int:
    """`다음 발표 하늘(구름), 그다음 나래(안개)`: each when it says, or as the one before it."""
    row, found = state.rows[index], clauses(state, index)
    found = found if len(found) > 1 else quoted_clauses(state, index)
    if not found or row.box is not None:
        return 0
    state.block("talk", index)
    number, due = row.line.number, time_above(state)
    for clause in found:
        due = (state.when(row, clause.when) if clause.when else None) or due
        day = MONTH_DAY.search(clause.when) or _NTH.fullmatch(clause.when)
        if day:
            due = Due(day.group(), None, None, (number, number))  # `20 May`, `(28th)`
        if _THEN.match(clause.when) and not day:
            due = None  # `…, 그 다음 나래(안개)`: later than the one before it
        subject, presenters, reason = clause.found
        when = (f"line {due.lines[0]} says when: {due.text}",) if due else ()
        state.records.append(
            talk_by(
                state,
                state.span(row.at(clause.start), row.at(clause.end), number, number),
                subject,
                presenters,
                due,
                (reason, *when),
            )
        )
    return 1


def _in_a_row(state: State, index: int) -> int:
    """Claim names and titles of one form, one behind the other."""
    row = state.rows[index]
    label = row.label
    order = row.listed and label is not None and squeeze(label.name) in state.lexicon.orders
    cue = _CUE.match(row.words) if state.section.kind not in ("task", "question") else None
    chapters = CHAPTERED.fullmatch(row.words) is not None
    if not (cue or chapters or row.listed or _DAYS_TOO.match(row.words)):
        return 0
    if (
        not order
        and not (cue or chapters)
        and row.listed
        and state.section.kind != "talk"
        and (index - state.talk_row > NEAR or state.section.kind not in (None, "topics"))
    ):
        return 0
    when = _WHEN.match(row.words)
    begin = label.end if order and label else cue.end() if cue else when.end() if when else 0
    words = _IN_TURN.sub("", row.words) if order else row.words
    parts = _parts(words, begin) if begin or chapters else []
    parts = parts or (_each_dated(row.words) if when else [])
    if len(parts) < 2:
        return 0
    if (cue or chapters) and not all(names_in(state.crowd, part["who"])[0] for part in parts):
        return 0
    people = [full_names(state.crowd, part["who"].removesuffix("님")) for part in parts]
    titled = (
        names_subject(state, part["subject"], work=True)
        or (cue is not None and not is_statement(part["subject"]))
        for part in parts
    )
    if not all(people) or not (chapters or all(titled)):
        return 0
    _, due = time_of(state, row, None)
    state.block("talk", index)
    for part, presenters in zip(parts, people, strict=True):
        start, end = row.at(part.start()), row.at(part.end("subject"))
        number = row.line.number
        place = state.span(
            start, end + row.words.startswith(")", part.end("subject")), number, number
        )
        subject = None if OPEN.fullmatch(part["subject"].strip()) else part["subject"].strip()
        reason = "one of several on a line of talks: who, and what they present"
        state.records.append(talk_by(state, place, subject, presenters, due, (reason,)))
    return 1


def _each_dated(words: str) -> list[re.Match[str]]:
    """`3/14 VAE (현수), 3/21 GAN (인서)`: each with its own day."""
    found = []
    at = 0
    while at < len(words) and (match := _DATED.match(words, at)):
        found.append(match)
        at = match.end()
    return found if at == len(words) else []


def _parts(words: str, begin: int) -> list[re.Match[str]]:
    """Who and what, one behind the other; none if anything else stands on the line."""
    for pattern in (_BRACKETED, _DASHED, _TITLED):
        found = []
        at = begin
        while at < len(words) and (match := pattern.match(words, at)):
            found.append(match)
            at = match.end()
        if at == len(words):
            return found
    return []
