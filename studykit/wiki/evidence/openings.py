"""Nicknames that open items again and again: `- robin_3 / 静かだった`, `- ぼで「良い」`."""

from __future__ import annotations

import re
from collections import Counter

from studykit.wiki.evidence.crowd import Crowd, means_something
from studykit.wiki.rows import Row

__all__ = ["take_openings"]

_SLASH = re.compile(r"(?P<who>[A-Za-z][\w.-]{1,24})[ \t]+/[ \t]+(?=\S.{3})")
_QUOTE = re.compile(
    r"(?P<who>[^\s「『(（:：、。/]{1,10})[「『](?=[^」』]{2,})(?=.*[」』][\s。.!]*$)"
)
MANY = 6
FEW = 2


def take_openings(crowd: Crowd, rows: list[Row]) -> None:
    """Take in names before a slash, or before what they say in quotes, if two of them come again.

    `- and / or` comes once, and a chapter's title has no quotes around its end alone.
    """
    for pattern in (_SLASH, _QUOTE):
        said = [
            (match["who"], match.end(), row)
            for row in rows
            if row.kind == "words" and row.listed and (match := pattern.match(row.words))
        ]
        count = Counter(name for name, *_ in said)
        again = [name for name, often in count.items() if often > 1]
        if len(said) < MANY or len(again) < FEW or 2 * len(again) < len(count):
            continue
        if any(means_something(crowd, name) for name in again):
            continue
        for name, end, row in said:
            if not (means_something(crowd, name) or crowd.is_role(name)):
                crowd.knows(name, "names like this one open items, again and again")
                if pattern is _SLASH:
                    crowd.reporting[row.line.number] = (name, end)
