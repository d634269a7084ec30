"""When a talk is: the time that its own line says, or the heading that it stands below."""

from __future__ import annotations

import datetime
import re
from operator import itemgetter

from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Due, Talk, TalkStatus
from studykit.wiki.rows import Row
from studykit.wiki.rules.state import Place, State
from studykit.wiki.times import DATE, MONTH_DAY, PLAIN_DAY, iso_date

__all__ = ["OPEN", "stage", "talk_by", "time_above", "time_of", "times_in"]

OPEN = re.compile(
    r"(?:(?:주제|제목|논문|내용)[ ]?)?미정"
    r"|미배정|모집 ?중|아무도|비어 ?있음|자원 ?받음|nobody(?: yet)?|no one|open|tb[dac]|\?{1,3}"
    r"|未定|調整中",
    re.IGNORECASE,
)
"""Where who presents would stand: somebody is still to be found."""
_ADDRESS = re.compile(r"https?://[^\s)]+", re.IGNORECASE)
_MONTH_AND_DAY = re.compile(r"(\d{1,2})(?:[-./] ?|월 ?)(\d{1,2})(?!\d)")
_WEEK = re.compile(
    r"\[?제?[ ]?(?P<number>\d{1,3})[ ]?주차|(?:week|wk)\.? ?(?P<week>\d{1,2})\b", re.IGNORECASE
)
_PARTICLE = re.compile(r"\A(?:에는|에|의|까지|,|:|-|–|~)?[ \t]*")
WIDE = 300
HALF_A_YEAR = 183
"""A day without a year that comes next after more was rather before the meeting."""


def time_of(state: State, row: Row, subject: str | None) -> tuple[str | None, Due | None]:
    """The subject without the time that it begins or ends in, and when the talk is.

    A time in the middle of the subject belongs to it. `다음 주` above a list of talks holds for
    each of them.
    """
    words = _ADDRESS.sub("", row.words[:WIDE])
    for due in times_in(state, row, words):
        rest = _without(subject, due.text)
        if rest is not None:
            return rest or None, due
    return subject, time_above(state)


def time_above(state: State) -> Due | None:
    """What the heading or the label above says of when the talks below are, if they are ahead."""
    week = state.lexicon.when.search(state.section.title[:WIDE])
    if week is None or state.lexicon.weeks[squeeze(week[0])] <= 0:
        return None
    return state.in_weeks(week[0], state.section.label_line)


def stage(state: State, due: Due | None) -> TalkStatus | None:
    """How far a talk is by its time: planned, if that is after the meeting's own."""
    return "planned" if due and _is_ahead(state, due) else None


def talk_by(
    state: State,
    place: Place,
    subject: str | None,
    presenters: tuple[str, ...],
    due: Due | None,
    evidence: tuple[str, ...],
) -> Talk:
    """The record of a talk for which nobody only volunteers; its time says how far it is."""
    return Talk(
        **place,
        evidence=evidence,
        subject=subject,
        presenters=presenters,
        volunteers=(),
        due=due,
        status=stage(state, due),
    )


def _is_ahead(state: State, due: Due) -> bool:
    """Whether a time is after the meeting's own, as far as the note says."""
    if week := state.lexicon.when.fullmatch(due.text):
        return state.lexicon.weeks[squeeze(week[0])] > 0
    if due.week is not None:
        return state.week is not None and due.week > state.week
    own = max(state.dates, default=None)
    if own is None or due.date is not None:
        return own is not None and due.date is not None and due.date > own
    day = _MONTH_AND_DAY.match(due.text)
    return day is not None and 0 < _days_between(own, int(day[1]), int(day[2])) < HALF_A_YEAR


def _days_between(own: str, month: int, day: int) -> int:
    """How many days after `own` such a day comes next; 0 where no calendar has it."""
    begin = datetime.date.fromisoformat(own)
    for year in (begin.year, begin.year + 1):
        try:
            days = (datetime.date(year, month, day) - begin).days
        except ValueError:
            continue
        if days > 0:
            return days
    return 0


def times_in(state: State, row: Row, words: str) -> list[Due]:
    """The times that words of a row state, days before weeks."""
    line = (row.line.number, row.line.number)
    weeks = [
        (week.start(), state.in_weeks(week[0], row.line.number))
        for week in state.lexicon.when.finditer(words)
        if not words.endswith("그", 0, week.start())  # `그담주`, after the one before it
    ]
    if week := _WEEK.match(words):
        weeks.append((0, Due(week[0].lstrip("["), int(week["number"] or week["week"]), None, line)))
    dates = list(DATE.finditer(words))
    days = [(day.start(), Due(day[0].strip(), None, iso_date(day[0]), line)) for day in dates]
    if not dates:
        days += [(day.start(), Due(day[0], None, None, line)) for day in PLAIN_DAY.finditer(words)]
    # A day says more than a week: `3주차 (3/14)`.
    days += [(day.start(), Due(day[0], None, None, line)) for day in MONTH_DAY.finditer(words)]
    both = (*sorted(days, key=itemgetter(0)), *sorted(weeks, key=itemgetter(0)))
    return [due for _, due in both]


def _without(subject: str | None, time: str) -> str | None:
    """The subject without a time at its edge; None where the time is inside it."""
    if subject is None or time not in subject:
        return subject or ""
    bare = subject.strip("[]() ")
    if bare.startswith(time):
        return _PARTICLE.sub("", bare.removeprefix(time).strip(")] \t"))
    for end in (time, f"({time})", f"[{time}]"):
        if subject.endswith(end):
            return subject.removesuffix(end).rstrip(" \t-–,:(")
    return None
