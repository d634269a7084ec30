"""Who is to do something: `지도 그리기 (하늘, 3/14까지)`, `ACTION: Robin to draw a map`."""

from __future__ import annotations

import re

from studykit.wiki.evidence.crowd import (
    SPLIT,
    Crowd,
    bare_name,
    is_no_name,
)
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row
from studykit.wiki.times import is_day

__all__ = ["MARKED", "take_owing"]

_BRACKET = re.compile(
    r"\S[ \t]*[(（](?P<who>[^()（）]{1,40}?)(?:,[ \t]*|[ \t]+[-–—/~][ \t]*|[ \t]+~)"
    r"(?P<when>[^(),（）]{1,20}(?:\([^()]\))?)[)）][ \t.!]*$"
)
_UNTIL = re.compile(r"(?:까지|안에|내로|전|まで|までに)$|^(?:~|by |until |before |due )")
_TO_DO = re.compile(
    r"(?P<who>[A-Z][\w'’-]{1,20}(?:(?:, and |, | and | ?[&+/] ?)[A-Z][\w'’-]{1,20}){0,3})"
    r" to (?!be\b|the\b|an?\b)[a-z]"
)
MARKED = re.compile(r"(?:TODO|To-?do|ACTION|AI)[ \t]+(?P<who>[^\s:]{1,20})[ \t]{2,}\S")
"""`TODO robin  draw the map`: who, behind the mark of a task."""
_IN_MARK = re.compile(
    r"(?:AI|Action(?: [Ii]tem)?|ACTION|TODO)[ \t]?\((?P<who>[A-Z][^():]{1,40})\)[ \t]*:[ \t]*\S"
)
"""`AI(Robin+Sky): …`."""
_NAME = re.compile(r"[가-힣]{1,4}|[A-Z][\w'’-]{1,20}(?: [A-Z][\w'’-]{1,20})?|[\u4e00-\u9fff]{2,4}")
_NICK = re.compile(r"[가-힣]{2,4}|[A-Za-z][\w.-]{1,20}")
TAIL = 80
FEW = 2


def take_owing(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those whom the note names, by form alone, as who is to do something."""
    marked: list[tuple[str, int]] = []
    in_marks: list[tuple[str, int]] = []
    for row in rows:
        if row.kind != "words":
            continue
        number = row.line.number
        for name in _in_brackets(crowd, row):
            crowd.knows(name, f"line {number}: in brackets behind what is to be done, with a time")
            crowd.owing.add(number)
        for name in _after_mark(crowd, row):
            crowd.knows(name, f"line {number}: who is to do what the line says")
        if found := _IN_MARK.match(row.words):
            named = [bare_name(crowd, part) for part in SPLIT.split(found["who"])]
            in_marks += [(name, number) for name in named]
        if found := MARKED.match(row.words):
            marked.append((found["who"], number))
    if len(dict(in_marks)) >= FEW and all(_may_be(crowd, name, _NAME) for name, _ in in_marks):
        for name, number in in_marks:
            crowd.knows(name, f"line {number}: in brackets behind the mark of a task, as others")
    if len(dict(marked)) >= FEW and all(_may_be(crowd, name, _NICK) for name, _ in marked):
        for name, number in marked:
            crowd.knows(name, f"line {number}: behind the mark of a task, as others are")


def _in_brackets(crowd: Crowd, row: Row) -> list[str]:
    """`(하늘, 3/14까지)`; where nothing there says 'until', the rest says what is to be done."""
    found = (
        _BRACKET.search(row.words[-TAIL:]) if row.words.endswith((")", "）", ".", "!")) else None
    )
    if found is None:
        return []
    when = found["when"].strip()
    lexicon = crowd.lexicon
    if not (is_day(when) or lexicon.when.match(when) or lexicon.days.match(when)):
        when_is_said = _UNTIL.search(when) and any(letter.isdigit() for letter in when)
        if not when_is_said:
            return []
    before = row.words[: -len(found.group()) + 1].rstrip()
    due = row.box is not None or lexicon.is_doing(before or row.words)
    if not (due or _UNTIL.search(when)):
        return []
    names = [bare_name(crowd, part) for part in SPLIT.split(found["who"].strip())]
    return names if all(_may_be(crowd, name, _NAME) for name in names) else []


def _after_mark(crowd: Crowd, row: Row) -> list[str]:
    """`Action: Markus and Matt to …`."""
    label = row.label
    if label is None or label.sign != ":" or len(label.name) > TAIL:
        return []
    if crowd.lexicon.marks.get(squeeze(label.name)) != "task":
        return []
    found = _TO_DO.match(row.words, label.end)
    names = SPLIT.split(found["who"].replace(", and ", ", ")) if found else []
    return names if all(_may_be(crowd, name, _NAME) for name in names) else []


def _may_be(crowd: Crowd, name: str, pattern: re.Pattern[str]) -> bool:
    if crowd.why(name):
        return True
    return pattern.fullmatch(name) is not None and not is_no_name(crowd, name)
