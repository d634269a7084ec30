"""`Background - Robin/Sky`, `Time plan - Robin`: work that a note divides, line by line."""

from __future__ import annotations

import re

from studykit.wiki.endings import LAST_ASIDE, is_sentence, says_something
from studykit.wiki.evidence import names_in
from studykit.wiki.rows import Row
from studykit.wiki.rules.dated_talks import note_is_of_talks
from studykit.wiki.rules.deadline import without_time
from studykit.wiki.rules.state import State

__all__ = ["divided"]

_HANDED = re.compile(r"(?P<who>[^<]{2,24}?)[ \t]*<<[ \t]*[^<>]{2,100}")
"""`하늘 << 지도, 사진`."""
_CALLED = re.compile(r"@(?P<who>[^\W\d_][\w.-]{1,20})")
LONGEST = 80
LEAST = 3
SHARED = 2


def divided(state: State, row: Row) -> str:
    """Why a line that ends in names is their part of the work, or nothing.

    Three lines or more are such. Either two of them name several people, as what somebody said or
    likes is seldom said for two, or what stands before the names is work.
    """
    if row.kind != "words" or row.level or state.section.kind in ("question", "decision", "talk"):
        return ""
    handed = _HANDED.fullmatch(row.words[: 2 * LONGEST])
    if handed and (found := names_in(state.crowd, handed["who"]))[0]:
        return f"what is handed to whom stands before it: {found[1]}"
    if state.section.kind == "task":
        return ""
    if _opens_with_names(state, row):
        return "a name and what is to be done, as the line beside it has"
    names = _whose(state, row)
    if not names:
        return ""
    if state.divides is None:
        whose = [(each, names) for each in state.rows if (names := _whose(state, each))]
        there = [names for _, names in whose if _were_there(state, names)]
        shared = len(there) >= LEAST and sum(len(names) > 1 for names in there) >= SHARED
        called = all("@" in each.words for each, _ in whose)  # `지도 - @하늘`
        work = shared or called or _are_of_work(state, [each for each, _ in whose])
        several = len({name for _, names in whose for name in names}) > 1
        state.divides = len(whose) >= LEAST and several and work and not note_is_of_talks(state)
    return "a part and whose it is, as other lines have" if state.divides else ""


def _are_of_work(state: State, rows: list[Row]) -> bool:
    """Whether what stands before the names is work, in one of three at least: `로그인 화면`."""
    parts = [row.label.name for row in rows if row.label]
    lexicon = state.lexicon
    works = sum(
        lexicon.components.search(part) is not None or lexicon.is_doing(part) for part in parts
    )
    return LEAST * works >= len(parts) and not any(map(says_something, parts))


def _were_there(state: State, names: tuple[str, ...]) -> bool:
    return all(" among the attendees" in (state.crowd.why(name) or "") for name in names)


def _opens_with_names(state: State, row: Row) -> bool:
    """`하늘 지도 그리기` beside `구름 표 고치기 오늘중`: lines that begin with different people."""
    if row.mark or row.label or not _theirs(state, row):
        return False
    at = state.row_of(row.line.number)
    beside = (*state.rows[max(0, at - 1) : at], *state.rows[at + 1 : at + 2])
    return any(_theirs(state, each) not in ((), _theirs(state, row)) for each in beside)


def _theirs(state: State, row: Row) -> tuple[str, ...]:
    """The person with whose name a plain line begins that ends in what is to be done."""
    if row.kind != "words" or row.mark or row.level or row.label or len(row.words) > LONGEST:
        return ()
    name, _, said = row.words.partition(" ")
    names = names_in(state.crowd, name)[0]
    if not names or not all(map(state.crowd.why, names)):
        return ()
    said = LAST_ASIDE.sub("", without_time(state, said)).rstrip(" .!~")
    return names if state.lexicon.is_doing(said) else ()


def _whose(state: State, row: Row) -> tuple[str, ...]:
    """The people in which a short line ends, behind a dash."""
    label = row.label if row.kind == "words" and not row.level else None
    if label is None or label.sign != "-" or len(row.words) > LONGEST:
        return ()
    if row.line.number in state.crowd.signed or is_sentence(label.name):
        return ()
    if names_in(state.crowd, label.name)[0] or state.is_time(label.name):
        return ()
    behind = row.words[label.end :].strip()
    called = _CALLED.fullmatch(behind)
    return names_in(state.crowd, behind)[0] or ((called["who"],) if called else ())
