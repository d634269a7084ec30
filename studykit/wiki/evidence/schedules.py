"""Who stands in the lines of a schedule: `9/6  이하늘  구름의 종류`, `Jan 23 — Clouds — Robin`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import product

from studykit.wiki.evidence.crowd import (
    SPLIT,
    Crowd,
    bare_name,
    is_full_name,
    is_no_name,
    is_usual_name,
    may_be_full,
)
from studykit.wiki.first_names import is_first_name
from studykit.wiki.names import is_surname, listed_shape, shape_of
from studykit.wiki.rows import Row
from studykit.wiki.times import DATE, DAY_BEGINS, PLAIN_DAY, SHORT_TIME

__all__ = [
    "CHAPTERED",
    "WEEK_OF",
    "dated_rows",
    "take_chapters",
    "take_scheduled",
    "take_schedules",
    "take_weeks",
]

_WHEN = re.compile(
    rf"(?:{DATE.pattern}|{PLAIN_DAY.pattern}|{SHORT_TIME.pattern}"
    r"|(?i:week|wk\.?) ?\d{1,2}|제?\d{1,3} ?(?:주차|회차?|차(?=\())|\d{1,2}月(?:\d{1,2}日)?"
    r"|(?:January|February|March|April|June|July|August|September|October|November|December)"
    r"(?=[ \t]+[-–—][ \t])|第\d{1,3}回|(?:1[0-2]|[1-9])월(?=[ \t\u3000])"
    r"|(?:1[0-2]|0?[1-9])\.(?:3[01]|[12]\d|0?[1-9])(?=[ \t]+[^\W\d_])"
    r"|(?:다?다음[ ]?주|다?담주|차주)(?:에|에는|는)?(?=[ \t])"
    r"|(?:1[0-2]|0?[1-9])\.[ ]?(?:3[01]|[12]\d|0?[1-9])\.(?=[ \t]{2})"
    r"|(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?=[ \t]{2}))"
    r"(?:[ \t]*\([^()]{1,9}\))?(?:[ \t]+(?:발표|발제)(?=[ \t]))?"
    r"(?P<sign>[ \t\u3000]*[:：|–—/-]?[ \t\u3000]*)(?=\S)"
)
_MAY_BEGIN = re.compile(rf"{DAY_BEGINS.pattern}|[제다담차第]")
"""With what `_WHEN` begins."""
_POINT = re.compile(r"\d{1,2}\.\d{1,2}(?=[ \t]+[^\W\d_])")
_SIDES = re.compile(
    r"[ \t]{2,}|\t|[ \t]+[-–—/|][ \t]+|[ \t]*[:：](?!//)[ \t]+|\u3000+|,[ \t]*(?=[\[\"“「])"
)
_CHAPTER = r"(?:ch\.? ?)?\d{1,2}(?:[.~-]\d{1,2})? ?(?:장|강|절|부|章)?[^()]{0,12}"
_CHAPTER_OF = re.compile(rf"([^\s(),]{{2,8}})[ \t]?\({_CHAPTER}\)")
_ITS = rf"[^\s(),]{{2,8}}[ \t]?\({_CHAPTER}\)"
CHAPTERED = re.compile(rf"{_ITS}(?:[ \t]*[,/&·][ \t]*{_ITS})*")
"""`하늘(1장), 구름(2장)`: who presents which chapter."""
WEEK_OF = re.compile(
    r"(?:제 ?)?(?P<week>\d{1,2}) ?(?:주차|회차?)[ \t]*[:-]?[ \t]+(?P<who>[가-힣]{2,4})(?:님)?"
    r"(?:[ \t]*\([^()]{1,20}\))?"
)
"""`### 2주차 하늘 (60740)`: whose week it is."""
_POINTED = re.compile(
    r"(?P<who>[^\s.,]{2,12}(?:[+,&·][ \t]?[^\s.,]{2,12}){0,2})\.[ \t]+(?P<title>\S.{1,80})"
)
_CALLED_LAST = re.compile(r"(?P<title>\S.{1,80}?)[ \t]+(?P<who>@[^\s@]{2,24})")
_BRACKETS_LAST = re.compile(r"(?P<title>\S[^()]{0,80}?)[ \t]*\((?P<who>[^\s()]{2,24})\)")
_APART = re.compile(r"[ \t]*|(?:[ \t]{2,}|[ \t]+[-–—/|:]|:[ \t]).*|.*(?:[ \t]{2,}|[-–—/|:][ \t]+)")
_INITIAL = re.compile(r"[a-z] [A-Z]\.$")
LONGEST = 160
FULL = 40
FEW = 3
TENTH = 10
"""Of days written as `6.24`, one at least is no chapter's part."""


def take_schedules(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those who stand first, or last, behind the days of three lines or more.

    Most of them have full names, and there are two at least: a timetable has other words there.
    """
    for alike in _forms(rows):
        lines = [(row.line.number, sides) for row, sides in alike]
        for at in (0, -1):
            named = [
                (number, names) for number, sides in lines if (names := _names(crowd, sides[at]))
            ]
            people = {name for _, names in named for name in names}
            sure = sum(_is_sure(crowd, name) for name in people)
            if len(named) < FEW or len(people) < FEW - 1 or 2 * sure < len(people):
                continue
            if 2 * len(named) >= len(lines):
                for number, names in named:
                    for name in names:
                        crowd.knows(name, f"line {number}: a day, a name and a title, as others")


def take_scheduled(crowd: Crowd, rows: list[Row]) -> None:
    """`3/10 빈 - 구름`, where the note knows two of the others, and hardly anything else."""
    for lines, at in product(_forms(rows), (0, -1)):
        known = {sides[at] for _, sides in lines if crowd.why(bare_name(crowd, sides[at]))}
        other = [
            (row, name)
            for row, sides in lines
            if (name := sides[at]) not in known and not is_no_name(crowd, name)
            # `6/24 구름의 종류 나래`, where the note knows who stands last
            if not crowd.why(row.words.rpartition(" ")[2]) and not name.endswith("의")
            if is_first_name(name)
            or (is_surname(name) and known)
            or (len(known) > 1 and _may_be_called(row, name))
        ]
        for row, name in other if len(other) <= len(known) else ():
            crowd.knows(name, f"line {row.line.number}: a day, a name and a title, as others")


def _forms(rows: list[Row]) -> list[list[tuple[Row, list[str]]]]:
    """The lines of each form that begin with a day, with what stands behind it."""
    forms: defaultdict[tuple[int, bool], list[tuple[Row, list[str]]]] = defaultdict(list)
    for row, sides in dated_rows(rows):
        forms[row.column, row.listed].append((row, sides))
    return list(forms.values())


def _may_be_called(row: Row, name: str) -> bool:
    """Whether a word beside other names can be one: in Latin letters, where it stands apart."""
    if len(name) > 1 and not name.isascii():
        return len(name) <= FEW and listed_shape(name)
    apart = any(_APART.fullmatch(side) for side in row.words.split(name, maxsplit=1)[1:])
    if "가" <= name <= "힣":
        return apart and len(name) == 1
    return apart and " " not in name and shape_of(name) == "latin" and name[:1].isupper()


def take_weeks(crowd: Crowd, rows: list[Row]) -> None:
    """`### 1주차 하늘`, `### 2주차 구름`, three or more: whose weeks they are."""
    levels: defaultdict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for row in rows:
        week = WEEK_OF.fullmatch(row.words[:FULL]) if row.level and row.kind == "words" else None
        if week:
            levels[row.level].append((week["week"], week["who"], row.line.number))
    for weeks in levels.values():
        names = {who for _, who, _ in weeks}
        usual = sum(crowd.why(name) is not None or is_usual_name(crowd, name) for name in names)
        if len({week for week, *_ in weeks}) < FEW or len(names) < 2 or 3 * usual < 2 * len(names):
            continue
        if any(is_no_name(crowd, name) for name in names):
            continue
        for _, who, number in weeks:
            crowd.knows(who, f"line {number}: whose week it is, as others are others'")


def take_chapters(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘(1장), 구름(2장)`, three lines or more: whose chapters they are."""
    found = [
        (bare_name(crowd, name), row.line.number)
        for row in rows
        if row.kind == "words"
        and "(" in row.words[:10]
        and CHAPTERED.fullmatch(row.words[:LONGEST])
        for name in _CHAPTER_OF.findall(row.words[:LONGEST])
    ]
    names = {name for name, _ in found}
    usual = all(crowd.why(name) or is_usual_name(crowd, name) for name in names)
    if len({number for _, number in found}) >= FEW and len(names) > 1 and usual:
        for name, number in found:
            crowd.knows(name, f"line {number}: a name, and a chapter in brackets, as others")


def dated_rows(rows: list[Row]) -> Iterator[tuple[Row, list[str]]]:
    """The lines that begin with a day, and the parts of what stands behind it, two or more.

    `3.1` and `3.2`, one behind the other, number the parts of minutes; `6.24` and `7.1` are days.
    """
    plain = (row for row in rows if row.kind == "words" and not row.level)
    found = [(row, sides) for row in plain if (sides := _dated_sides(row.words))]
    pointed = [match.group() for row, _ in found if (match := _POINT.match(row.words))]
    days = [tuple(map(int, each.split("."))) for each in pointed]
    counted = any((month, day + 1) in days or day == 0 for month, day in days)
    for row, sides in found:
        if not (_POINT.match(row.words) and (counted or max(day for _, day in days) < TENTH)):
            yield row, sides


def _dated_sides(words: str) -> list[str]:
    """The parts of a line behind the day with which it begins, two or more; else none."""
    when = _WHEN.match(words) if len(words) <= LONGEST and _MAY_BEGIN.match(words) else None
    if when is None or not when["sign"]:
        return []
    sides = [side.strip(" \t*_") for side in _SIDES.split(words[when.end() :])]
    sides = [side if _INITIAL.search(side) else side.rstrip(".") for side in sides]
    sides = [side for side in sides if side]
    if len(sides) == 1 and (pointed := _POINTED.fullmatch(sides[0])):  # `9/2  하늘. 구름의 종류`
        sides = [pointed["who"], pointed["title"]]
    if len(sides) == 1 and (called := _CALLED_LAST.fullmatch(sides[0])):  # `12/12 안개 @robin`
        sides = [called["title"], called["who"]]
    if len(sides) == 1 and (behind := _BRACKETS_LAST.fullmatch(sides[0])):  # `12/12 안개 (하늘)`
        sides = [behind["title"], behind["who"]]
    if len(sides) == 1:  # `10/11 이하늘 Two-tower 모델`
        first, _, rest = sides[0].partition(" ")
        sides = [first.rstrip(","), rest] if rest else sides
    return sides if len(sides) > 1 else []


def _names(crowd: Crowd, side: str) -> list[str]:
    names = [bare_name(crowd, part) for part in SPLIT.split(side) if part]
    good = names and all(
        not is_no_name(crowd, name)
        and (
            (is_usual_name(crowd, name) and not name.endswith("의"))
            or may_be_full(crowd, name)
            or crowd.why(name)
            or shape_of(name) == "latin"
        )
        for name in names
    )
    return names if good else []


def _is_sure(crowd: Crowd, name: str) -> bool:
    latin = shape_of(name) == "latin" and is_first_name(name.partition(" ")[0])
    return is_full_name(crowd, name) or latin or crowd.why(name) is not None
