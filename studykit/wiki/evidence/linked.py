"""Who is called by a link to their own page: `[@robin](https://github.com/robin)`."""

from __future__ import annotations

import re
from collections import Counter

from studykit.wiki.evidence.crowd import Crowd, is_usual_name, means_something
from studykit.wiki.first_names import is_first_name
from studykit.wiki.rows import PROFILE, Row

__all__ = ["take_linked", "take_wikilinks"]

_WIKILINK = re.compile(
    r"(?:[-*+] )?\[\[(?P<who>[^\[\]|]{2,20})\]\](?:[ \t]*(?:[:：]|[–—-](?=[ \t]))[ \t]*|[ \t]+)\S"
)
FEW = 3


def take_wikilinks(crowd: Crowd, rows: list[Row]) -> None:
    """`- [[하늘]] — …` and `- [[나래]] — …`: links to notes on people, before what they say.

    It takes three lines that begin so, and words that are usual names.
    """
    found = [
        (match["who"], row.line.number)
        for row in rows
        if row.kind == "words" and "[[" in row.line.words[:8]
        if (match := _WIKILINK.match(row.line.words))
    ]
    names = {name for name, _ in found}
    usual = sum(is_usual_name(crowd, name) or is_first_name(name) for name in names)
    if len(found) >= FEW and len(names) > 1 and 3 * usual >= 2 * len(names):
        for name, line in found:
            crowd.knows(name, f"line {line}: a link to a note on somebody, before what is said")


def take_linked(crowd: Crowd, rows: list[Row]) -> None:
    """Take in whom links call by the name that their page has as well, two of them or more.

    One alone may be a project's, `[pytorch](https://github.com/pytorch)`; and so may several that
    stand once in a list, unless `@` stands before them.
    """
    found: dict[str, int] = {}
    often: Counter[str] = Counter()
    called = False
    for row in rows:
        if row.kind in ("words", "table") and "](http" in row.line.words:
            for match in PROFILE.finditer(row.line.words):
                who = match["shown"].removeprefix("@").strip()
                if not means_something(crowd, who):
                    found.setdefault(who, row.line.number)
                    often[who] += 1
                    called = called or match["shown"].startswith("@")
    again = sum(count > 1 for count in often.values())
    if len(found) > 1 and (called or 2 * again >= len(found)):
        for name, line in found.items():
            crowd.knows(name, f"line {line} calls somebody by a link to their page")
