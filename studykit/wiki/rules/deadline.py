"""The time in which an item ends: `(하늘 - 수요일까지)`, `by Fri`, `, 7/16`, `~토`."""

from __future__ import annotations

import re

from studykit.wiki.rules.state import State
from studykit.wiki.times import DAY, HOUR, SHORT_WEEKDAY

__all__ = ["time_behind", "time_first", "without_time"]

_CLOSED = re.compile(r"[ \t]*[)\]]?[ \t.!]*$")
_UNTIL_BEHIND = re.compile(
    r"[ \t]*(?:(?:(?<!오)전)?[ ]?까지|안에|내로|(?<!오)전|までに?|(?<=中)に|厳守|締切"
    r"|(?<=[늘일주달])[ ]?중(?:으로|에)?"
    r"|(?<=\d\. )한|(?<=\d일 )한)$"
)
_UNTIL_LETTERS = tuple("지에로전でに守切중한")
"""Those in which all these end."""
_APART = re.compile(r"[ \t,(\[/|~〜∼@→>–—-]+")
_CALLED = re.compile(r"(?:^|[ \t])@[^\s@,]+(?:[ ][가-힣])?$")
_SAYS_BY = re.compile(r"(?:due|by|before|until+|till)\b[ \t:]*(?:on |the )?", re.IGNORECASE)
_FIRST = re.compile(
    rf"(?:\([^()]{{1,16}}\)[ \t]*)?(?P<when>(?:{DAY.pattern})[ \t]+\d{{1,2}}:\d{{2}})[ \t]+\S"
)
"""`(하늘) 3월 14일 18:00 지도 내기`: an hour says that it is by then."""
LONGEST = 80
PARTS = 6


def time_first(words: str) -> str:
    """The day and hour with which words begin, but for a bracket; nothing where they do not."""
    found = _FIRST.match(words)
    return found["when"] if found else ""


def without_time(state: State, words: str) -> str:
    """Words without the time in which they end; a bracket that it shares is closed again."""
    found = time_behind(state, words)
    rest = words[: found[0]] if found else words
    return f"{rest})" if found and rest.count("(") > rest.count(")") else rest


def time_behind(state: State, words: str) -> tuple[int, str] | None:
    """Where `(하늘 - 수요일까지)` or `by Fri` begins at the end of words, and the time it says."""
    if state.time_behind is None or state.time_behind[0] != words:
        state.time_behind = words, _time_behind(state, words)
    return state.time_behind[1]


def _time_behind(state: State, words: str) -> tuple[int, str] | None:
    start = max(0, len(words) - LONGEST)
    tail = _CLOSED.sub("", words[start:])
    until = _UNTIL_BEHIND.search(tail) if tail.endswith(_UNTIL_LETTERS) else None
    body = tail[: until.start()] if until else tail
    for sign in list(_APART.finditer(body))[-PARTS:]:
        inside = body[sign.end() :]
        by = _SAYS_BY.match(inside)
        time = inside[by.end() :] if by else inside
        apart = sign.group().strip() or len(sign.group()) > 1 or sign.group() == "\t"
        # `지도 @하늘 4/10`
        said = by or until or apart or ("@" in body and _CALLED.search(body[: sign.start()]))
        if not said and state.lexicon.days.fullmatch(time) is None:  # `지도 그리기 목욜`
            continue
        hour = (
            (until or any(map(sign.group().__contains__, "~〜∼")))
            and HOUR.fullmatch(time)
            and not DAY.search(words)
        )
        boxed = tail != words[start:] and sign.group().endswith("(")  # `지도 그리기 (목)`
        weekday = boxed and SHORT_WEEKDAY.fullmatch(time)
        if hour or weekday or state.is_time(time):
            return start + sign.start(), time
    return None
