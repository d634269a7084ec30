"""Ticked lists of who presents what: `- [x] [구름](clouds.md) (하늘)`, `- [ ] robin : [Fog](…)`."""

from __future__ import annotations

import re
from collections import Counter

from studykit.wiki.evidence.crowd import SPLIT, Crowd, bare_name, says_nobody
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row

__all__ = ["take_ticked"]

_TITLE = r"(?P<title>\[[^\[\]]{1,200}\]\([^()\s]{1,400}\))"
_BEHIND = re.compile(
    rf"(?:\d{{1,3}}[.)][ \t]*)?{_TITLE}[ \t]*"
    r"(?:\((?P<who>[^()]{1,40})\)|[:：-][ \t]*(?P<dash>[^()\[\]:]{1,40}))"
)
_BEFORE = re.compile(rf"(?P<who>[^()\[\]:]{{1,40}}?)[ \t]*[:：][ \t]*{_TITLE}")
FEW = 4


def take_ticked(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those whom most tick boxes of a note name beside the title of what they wrote.

    It takes four boxes, each with a link and a name, and somebody who has two of them.
    """
    boxes = [row for row in rows if row.box is not None and row.words]
    found: list[tuple[Row, tuple[str, ...], tuple[int, int]]] = []
    for row in boxes:
        match = _BEHIND.fullmatch(row.words.rstrip()) or _BEFORE.fullmatch(row.words.rstrip())
        groups = match.groupdict() if match else {}
        who = groups.get("who") or groups.get("dash") or ""
        names = tuple(bare_name(crowd, part) for part in SPLIT.split(who.strip()) if part)
        if match and names and all(_may_be(crowd, name) for name in names):
            found.append((row, names, match.span("title")))
    count = Counter(name for _, names, _ in found for name in names)
    again = any(often > 1 for often in count.values())
    if len(found) < FEW or 2 * len(found) < len(boxes) or not again:
        return
    for row, names, title in found:
        for name in names:
            crowd.knows(name, f"line {row.line.number}: beside a title that is ticked, as others")
        crowd.ticked[row.line.number] = (names, title)


def _may_be(crowd: Crowd, name: str) -> bool:
    """Whether what stands beside a title can be somebody: a nickname may be any word (`알파`)."""
    if crowd.why(name):
        return True
    shaped = listed_shape(name) or len(name) == 1
    other = says_nobody(crowd, name) or crowd.lexicon.is_doing(name) or crowd.is_role(name)
    return shaped and not other
