"""The parts of a section: `8월 31일` over what is due then, a name over what its bearer asks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studykit.wiki.evidence import names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row
from studykit.wiki.rules.asking import asks, wonders
from studykit.wiki.rules.listed import in_list_with
from studykit.wiki.rules.naming import numbers_a_part
from studykit.wiki.rules.state import MARKDOWN_LEVELS, Scope, Section, State, several
from studykit.wiki.times import DAY

__all__ = ["part"]

_MATTERS = re.compile(r"사항$")
_TOLD = re.compile(r"(?:참고|주의|유의|공지|전달|특이|안내) ?사항$")
_OF_A_WEEK = re.compile(r"(?:제 ?)?\d{1,2} ?주차?|week ?\d{1,2}", re.IGNORECASE)
_PLAN = re.compile(r"계획|(?:차주|내주|다음 ?주|담주)[ ]?진행|plan|計画", re.IGNORECASE)
_WEEKS = r"(?:제? ?\d{1,2} ?주(?:차)?|week ?\d{1,2})"
_PERIOD = re.compile(
    rf"(?:{_WEEKS}[ \t]*[:(]?[ \t]*)?(?:{DAY.pattern})[ \t]*[~∼〜–-][ \t]*(?P<last>{DAY.pattern})"
    rf"[ \t]*\)?[ \t]*(?:\(?{_WEEKS}\)?)?",
    re.IGNORECASE,
)
_TIMETABLE = re.compile(
    r"일정|계획|스케줄|로드맵|마일스톤|schedule|timeline|milestone|roadmap|予定|計画", re.IGNORECASE
)
_SENTENCE = re.compile(r"[다요][ \t.!]*$")
_OF_PEOPLE = re.compile(r"[<\[(][^<>()\[\]]{1,20}[>\])][ \t]*:[ \t]*(?P<who>[^:]{2,60})")
"""`<지도> : 현수, 인서` over what they are going to do."""
LONGEST = 60
FEW = 12
SHORT = 16
"""A label of a part has no more letters."""


def part(state: State, index: int, row: Row, label: str) -> Section | None:
    """A part of the section above, by whose it is or what it is about."""
    if not state.sections:
        return _period(state, index, row, label)
    return (
        _topic(state, index, row, label)
        or _askers(state, index, row, label)
        or _plan_of(state, index, row, label)
        or _period(state, index, row, label)
    )


def _askers(state: State, index: int, row: Row, label: str) -> Section | None:
    """A name alone below the label of questions: whose the questions below it are."""
    above = state.section
    if above.kind not in ("question", "asking") or row.mark == "arrow" or len(label) > SHORT:
        return None
    first = state.next_words[state.below(above)] == index
    # Beside another's name, or right below the label, a name may have the same rank.
    rank = above.level + (not above.owners and not (first and row.framed))
    if row.level and above.scope == "heading" and state.rank(row) < rank:
        return None
    names = names_in(state.crowd, label)[0]
    below = state.next_words[index + 1]
    if not names or below == len(state.rows):
        return None
    following, number = state.rows[below], row.line.number
    if following.kind != "words" or following.level or not _someone_asks(state, below, row):
        return None
    if row.level:
        return Section(above.kind, "heading", state.rank(row), 0, number, owners=names)
    if row.listed:
        if not row.over(following):
            return None
        return Section(above.kind, "list", 0, row.column, number, None, names, row.sign)
    return Section(above.kind, "flat", 0, row.column, number, None, names)


def _someone_asks(state: State, index: int, name: Row) -> bool:
    """Whether one of the lines below a name asks something: else they are what somebody says."""
    for row in state.rows[index : index + FEW]:
        if row.level or (name.listed and row.kind == "words" and row.column < name.column):
            return False
        if name.listed and row.column == name.column and row.sign in ("", name.sign):
            return False
        if row.kind == "words" and (asks(row.words) or wonders(row.words)):
            return True
    return False


def _plan_of(state: State, index: int, row: Row, label: str) -> Section | None:
    """A name alone over a list below the label of a plan: what its bearer is going to do."""
    rank = state.rank(row) if row.level else MARKDOWN_LEVELS + 3
    plans = (each for each in reversed(state.sections) if each.kind and each.level < rank)
    # `### 2주차 (3/14 ~ 3/18)` divides the plan above it.
    above = next((each for each in plans if not _OF_A_WEEK.match(each.title)), None)
    if above is None or above.kind != "plan" or not _PLAN.search(above.title):
        return None
    names = names_in(state.crowd, label)[0] if len(label) <= SHORT else ()
    below = state.next_words[index + 1]
    if not names or row.mark == "arrow" or below == len(state.rows):
        return None
    following, number = state.rows[below], row.line.number
    if not following.listed or (row.listed and following.column <= row.column):
        return None
    if row.level:
        return Section("task", "heading", state.rank(row), 0, number, owners=names)
    scope: Scope = "list" if following.column > row.column else "flat"
    return Section("task", scope, 0, row.column, number, None, names, row.sign)


def _period(state: State, index: int, row: Row, label: str) -> Section | None:
    """`3/4 ~ 3/10` below `일정표`, over a list of who does what: what is due when it ends."""
    if row.level or row.listed or not (label[:1].isdigit() or label[:1] in "제wW"):
        return None
    if state.section.kind not in (None, "plan", "task"):
        return None
    period = _PERIOD.fullmatch(label)
    following = state.next_words[index + 1]
    if period is None or following == len(state.rows) or not _of_timetable(state, index):
        return None
    below = state.rows[following]
    name = below.label.name if below.listed and below.label else ""
    if not names_in(state.crowd, name)[0] and squeeze(name) not in state.lexicon.everyone:
        return None
    due, number = state.when(row, period["last"]), row.line.number
    return Section("task", "flat", 0, row.column, number, due, sign=row.sign, title=label)


def _of_timetable(state: State, index: int) -> bool:
    """Whether a label above says that plans follow, or the list above is of another period."""
    if state.section.scope == "flat" and _PERIOD.fullmatch(state.section.title):
        return True
    return any(
        row.kind == "words" and len(row.words) <= SHORT and _TIMETABLE.search(row.words)
        for row in state.rows[max(0, index - FEW) : index]
    )


def _topic(state: State, index: int, row: Row, label: str) -> Section | None:
    """A list's item in a task section over the tasks themselves: whose they are, or about what."""
    above, lexicon = state.section, state.lexicon
    if above.kind != "task" or row.level or not label:
        return None
    following = state.next_words[index + 1]
    if following == len(state.rows):
        return None
    below = state.rows[following]
    if (framed := _OF_PEOPLE.fullmatch(label)) and not row.mark:
        whose = names_in(state.crowd, framed["who"])[0]
        plain = below.kind == "words" and not below.level and not below.mark
        return above.part(row, whose, above.due, "flat") if whose and plain else None
    owners, number = names_in(state.crowd, label)[0], row.line.number
    if owners and (_alone(state, index) or _over_items(state, index)):
        scope: Scope = "flat" if not row.mark and below.column == row.column else "list"
        return above.part(row, owners, above.due, scope)
    if above.scope == "heading" and numbers_a_part(state, index):
        return above.part(row, above.owners, above.due)
    if not below.listed or below.column <= row.column:
        return None
    if not owners and not row.listed:
        return None
    if (by := state.when(row, label)) and not owners and _names_a_day(state, label):
        # `8월 31일` over what is due then.
        return above.part(row, above.owners, by)
    if _TOLD.search(label):
        return Section("topics", "list", 0, row.column, number, sign=row.sign, title=label)
    if squeeze(label) in lexicon.disciplines and row.listed:
        return above.part(row, owners or above.owners, above.due)  # `Frontend`
    short = len(squeeze(label)) <= SHORT and not lexicon.until.search(label)
    short = short and not _SENTENCE.search(label)
    if (
        not owners
        and not lexicon.following.search(label)
        and (not short or lexicon.is_doing(label) or not _over_work(state, index))
        and not (short and _beside_parts(state, index))
        and not (short and _of_people(state, below))
        and not (short and _MATTERS.search(label))
    ):
        return None
    return above.part(row, owners or above.owners, above.due)


def _over_work(state: State, index: int) -> bool:
    return any(state.lexicon.is_doing(each.words) for each in _children(state, index))


def _beside_parts(state: State, index: int) -> bool:
    """Whether two items or more beside it are parts: `서버 연결` beside `그림` and `소리`."""
    row, lexicon = state.rows[index], state.lexicon
    if squeeze(row.words.rstrip(": ")) in lexicon.remarks | lexicon.deadlines:
        return False  # `비고` beside `내용`
    if lexicon.is_to_do(row.words):
        return False  # `사진 고르기`, over what there is to say of it
    beside = (state.row_of(each.line.number) for each in in_list_with(state, index, 2 * FEW))
    parts = (
        at
        for at in beside
        if at != index
        and len((other := state.rows[at]).words) <= SHORT
        and other.sign == row.sign
        and at + 1 < len(state.rows)
        and state.rows[at + 1].column > other.column
        and not lexicon.is_doing(other.words)
        and _over_work(state, at)
    )
    return several(parts)


def _names_a_day(state: State, label: str) -> bool:
    """Whether a label has nothing to do in it, but a day: `8월 31일`, `다음 모임 (3/14)`."""
    day = DAY.match(label) or state.lexicon.days.match(label)
    return day is not None and len(label) <= LONGEST // 2 and not state.lexicon.is_doing(label)


def _children(state: State, index: int) -> Iterator[Row]:
    """The first items of the list below an item, without what is deeper."""
    first = state.next_words[index + 1]
    rows = state.rows[first : first + FEW]
    for row in rows:
        if row.kind != "words" or row.level or row.column < rows[0].column:
            return
        if row.column == rows[0].column and row.listed:
            yield row


def _of_people(state: State, row: Row) -> bool:
    """`현수 - 지도 그리기`, `지도 그리기 - 현수`: an item that says itself whose it is."""
    label = row.label
    sides = (label.name, row.words[label.end :]) if label else ()
    return any(names_in(state.crowd, side)[0] for side in sides)


def _alone(state: State, index: int) -> bool:
    """Whether a name stands alone over lines without a mark, as the first line of a paragraph."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    if row.mark or row.box is not None or not state.paragraph(index) or not below:
        return False
    following = below[0]
    plain = following.kind == "words" and not following.level and not following.mark
    return (
        plain
        and following.box is None
        and following.column == row.column
        and not names_in(state.crowd, following.words.rstrip(": \t"))[0]
    )


def _over_items(state: State, index: int) -> bool:
    """Whether a name stands over a list, or over lines deeper than it, that are its bearer's."""
    row, above = state.rows[index], state.section
    if row.mark == "arrow" or row.box is not None:
        return False
    below = state.rows[state.next_words[index + 1]]
    if not row.mark and above.scope == "flat" and state.paragraph(index):
        # Set apart in plain text, a name may be whoever speaks next.
        first = state.next_words[state.below(above)] == index
        if not (first or above.owners) or not state.lexicon.is_doing(below.words):
            return False
    if below.kind != "words" or below.level or below.mark == "arrow":
        return False
    return row.over(below)
