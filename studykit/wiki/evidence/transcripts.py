"""Who speaks in a transcript: `[00:01:10] 이하늘   시작할까요`, as programs write down speech."""

from __future__ import annotations

import re
from collections import Counter

from studykit.wiki.evidence.crowd import Crowd, means_something
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row

__all__ = ["take_transcripts"]

_SPOKEN = re.compile(
    r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?[ \t]+"
    r"(?P<who>[^\s:：()\[\]]{2,12}(?:[ \t][A-Z][\w'’-]{1,20})?)"
    r"(?:[ \t]*[:：][ \t]*|[ \t]{2,}|\t[ \t]*)(?=\S)"
)
_SYLLABLE = re.compile(r"[가-힣]")
MANY = 4
FEW = 2


def take_transcripts(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those behind a clock, four lines or more, of whom two speak again.

    A timetable has each of its parts once: `10:00  개념 정리`.
    """
    spoken = [
        (row, match)
        for row in rows
        if row.kind == "words" and not row.level and (match := _SPOKEN.match(row.words))
    ]
    said = [(match["who"], match.end(), row.line.number) for row, match in spoken]
    count = Counter(who for who, *_ in said)
    again = sum(often > 1 for often in count.values())
    framed = all(row.words[:1] == "[" and ":" in row.words[9:40] for row, _ in spoken)
    enough = len(said) >= MANY and again >= FEW and 2 * again >= len(count)
    if not enough and not (framed and len(said) > FEW and again):
        return
    named = [who for who in count if listed_shape(who) and not means_something(crowd, who)]
    short = [who for who in count if _SYLLABLE.fullmatch(who)]  # `준`, beside others
    if len(named) + len(short) < len(count) or len(short) >= len(named):
        return
    for who, end, number in said:
        crowd.knows(who, f"line {number}: who speaks in a transcript, again and again")
        crowd.reporting[number] = (who, end)
