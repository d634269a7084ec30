"""The same few names in several places of a note, each place in a form of its own.

`### 하늘`, `### 구름`, `### 나래` over lists, below them `구름: …`, `나래: …`, `하늘: …`, and at
the end `지도 그리기 - 하늘`: those are the people of the note, though no line says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from studykit.wiki.evidence.crowd import Crowd, is_usual_name, means_something
from studykit.wiki.labels import bare_label
from studykit.wiki.rows import Row

__all__ = ["take_circles"]

FEW = 3
MANY = 40
"""No more places are looked at by pairs."""
LONGEST = 60
SHORT = 8
_WORD = r"(?:[가-힣]{1,5}\d{0,2}|[A-Za-z][a-z_\d-]{1,11})"
_NAMES = rf"{_WORD}(?:[ \t]?[,+&/·][ \t]?{_WORD}){{0,3}}"
_OPENER = re.compile(
    rf"(?P<who>{_NAMES})(?:님|씨)?(?:[ \t]?\([^()]{{1,8}}\))?"
    r"(?:[ \t]*(?P<sign>:|=>|->|→|⇒|>|~|=)[ \t]*|[ \t]+(?P<apart>[-–—/])[ \t]+"
    r"|(?P<tight>-)[ \t]+)(?=\S)"
)
_FIRST = re.compile(r"(?P<who>[가-힣]{2,4}(?:[+,&/·][가-힣]{2,4}){0,3})(?:님)?[ \t]+(?=\S)")
_TAIL = re.compile(
    rf"\S[ \t]*(?:[ \t](?:-|–|—|→|->|/|:)[ \t]?(?P<who>{_NAMES})|\((?P<inside>{_NAMES})\))"
    r"(?:[ \t,]*[(~]?[^()~]{0,10}\)?|[ \t]+/[ \t]+\S.{1,20})?$"
)
_MAY_END = re.compile(r"[-–—→/:(]")
"""What `_TAIL` has one of."""
_CLOCKED = re.compile(
    r"\d{1,2}:\d{2}[ \t]+(?P<who>[가-힣]{2,4}?)(?:이가|이|가)?(?:\([^()]{1,8}\))?"
    r"[ \t]*[,:]?[ \t]+(?=\S)"
)
"""`19:12  하늘 지도를 그리기 시작`."""
_ALONE = re.compile(rf"{_WORD}(?:님)?")
_PARTS = re.compile(r"[ \t]?[,+&/·][ \t]?")
_REPORTS = re.compile(
    r"진행[ ]?(?:상황|사항)|한[ ]?(?:일|것|거)|지난|공유|progress|進捗", re.IGNORECASE
)
_KIN = re.compile(r"[가-힣]{1,3}(?:맘|엄마|아빠|쌤|샘|언니|이모|삼촌|형|누나|오빠)$")


@dataclass(slots=True)
class _Place:
    """Lines of one form, one after the other: the names that they begin with, or end in."""

    form: tuple[str, int, str]
    names: Counter[str] = field(default_factory=Counter)
    boxes: int = 0


def take_circles(crowd: Crowd, rows: list[Row]) -> None:
    """Take in three names or more that two places share, and that most lines there have."""
    places = [place for place in _places(rows) if len(place.names) >= FEW][:MANY]
    found: set[str] = _in_reports_and_plans(crowd, rows)
    for one, other in combinations(places, 2):
        shared = one.names.keys() & other.names.keys()
        if len(shared) < FEW or 3 * len(shared) < 2 * min(len(one.names), len(other.names)):
            continue
        if any(means_something(crowd, name) or crowd.is_role(name) for name in shared):
            continue
        if _are_people(crowd, shared, one, other):
            found |= shared
            found |= {
                name
                for place in (one, other)
                for name in place.names
                if 3 * len(shared) > 2 * len(place.names)
                if _may_be(crowd, name) and is_usual_name(crowd, name)
            }
    _report_by_the_clock(crowd, rows, found)
    for name in sorted(found):
        if not crowd.why(name):
            crowd.knows(name, "one of the few names with which lines of several forms begin or end")


def _report_by_the_clock(crowd: Crowd, rows: list[Row], found: set[str]) -> None:
    """`19:12  하늘 지도를 그리기 시작`, where those are the people of the note: what each said."""
    clocked = [
        (row, match)
        for row in rows
        if row.kind == "words" and row.words[:1].isdigit()
        if (match := _CLOCKED.match(row.words)) and match["who"] in found
    ]
    if len({match["who"] for _, match in clocked}) >= FEW:
        for row, match in clocked:
            crowd.reporting[row.line.number] = (match["who"], match.end())


def _in_reports_and_plans(crowd: Crowd, rows: list[Row]) -> set[str]:
    """The names alone over lists below `진행 상황`, and also below `차주 계획`."""
    reports, plans = list[set[str]](), list[set[str]]()
    over: list[Row] = []
    lists: dict[int, set[str]] = {}
    for index, row in enumerate(rows):
        if row.kind != "words":
            continue
        while over and (over[-1].column >= row.column or row.level):
            over.pop()
        if over and not row.level and (name := _alone(rows, index)):
            lists.setdefault(over[-1].line.number, set()).add(name)
        over.append(row)
    titles = {row.line.number: row.words for row in rows if row.line.number in lists}
    for line, below in lists.items():
        if len(below) < 2 or any(map(crowd.is_role, below)):
            continue
        if crowd.lexicon.future.search(titles[line]):
            plans.append(below)
        elif _REPORTS.search(titles[line]):
            reports.append(below)
    both = [told & planned for told in reports for planned in plans]
    alike = (names for names in both if len(names) > 1)
    people = {name for names in alike for name in names}
    again = people | {name for names in reports + plans if people & names for name in names}
    return {name for name in again if _may_be(crowd, name)}


def _are_people(crowd: Crowd, shared: set[str], one: _Place, other: _Place) -> bool:
    """Whether half of the names are such as people have, or what they open is given to them."""
    usual = sum(
        bool(crowd.why(name) or is_usual_name(crowd, name) or _KIN.fullmatch(name))
        for name in shared
    )
    if 2 * usual >= len(shared):
        return True
    given = one.form != other.form and min(one.boxes, other.boxes) == 0 < max(
        one.boxes, other.boxes
    )
    return given and all(_may_be(crowd, name) for name in shared)


def _may_be(crowd: Crowd, name: str) -> bool:
    return not means_something(crowd, name) and name not in crowd.lexicon.common


def _places(rows: list[Row]) -> Iterator[_Place]:
    """The runs of lines that begin with short words before one sign, or end in such."""
    open_: dict[tuple[str, int, str], _Place] = {}
    for index, row in enumerate(rows):
        if row.kind not in ("words", "blank"):
            continue
        if row.level:
            for form in [form for form in open_ if form[0] != "head" or form[1] > row.level]:
                yield open_.pop(form)
        if row.kind == "blank" or len(row.words) > 8 * LONGEST:
            continue
        for form, names in _named(rows, index):
            place = open_.setdefault(form, _Place(form))
            place.names.update(names)
            place.boxes += row.box is not None
    yield from open_.values()


def _named(rows: list[Row], index: int) -> Iterator[tuple[tuple[str, int, str], list[str]]]:
    row = rows[index]
    if alone := _alone(rows, index):
        yield ("head", row.level, "") if row.level else ("alone", row.column, ""), [alone]
    if row.level:
        return
    if clocked := _CLOCKED.match(row.words) if row.words[:1].isdigit() else None:
        yield ("clock", row.column, ""), [clocked["who"]]
    if row.box is not None and (first := _FIRST.match(row.words)):
        yield ("box", row.column, ""), _PARTS.split(first["who"])
    if opener := _OPENER.match(row.words):
        sign = opener["sign"] or opener["apart"] or opener["tight"]
        yield ("opener", row.column, sign), _PARTS.split(opener["who"])
    if not (row.listed or row.box is not None or row.mark == "arrow" or row.column):
        return
    end = row.words[-LONGEST:]
    if _MAY_END.search(end) and (tail := _TAIL.search(end)):
        yield ("tail", row.column, ""), _PARTS.split(tail["who"] or tail["inside"])


def _alone(rows: list[Row], index: int) -> str:
    """The short word that a line is, as a heading or over what stands below it."""
    row = rows[index]
    alone = bare_label(row.words) if len(row.words) <= SHORT else ""
    if not alone or not _ALONE.fullmatch(alone):
        return ""
    below = rows[index + 1] if index + 1 < len(rows) else None
    over = below is not None and below.kind == "words" and not below.level
    return alone if row.level or (over and below is not None and row.over(below)) else ""
