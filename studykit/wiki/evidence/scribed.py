"""The nicks in the log of a chat, `<robin> …`, and who of them writes down what others say."""

from __future__ import annotations

import re
from collections import Counter

from studykit.wiki.evidence.crowd import SPLIT, Crowd, means_something
from studykit.wiki.names import shape_of
from studykit.wiki.rows import ELEMENT, Row

__all__ = ["take_scribed"]

_SCRIBE = re.compile(
    r"(?:topic|agenda|action|resolution|resolved|scribe(?:nick)?|present)[:+] ", re.IGNORECASE
)
_SCRIBES = re.compile(
    r"scribe(?:nick)?(?:\+|:)[ \t]*(?P<who>[A-Za-z][\w.|`^-]{0,30})?", re.IGNORECASE
)
_PRESENT = re.compile(r"present[:+][ \t]*(?P<names>.{2,400})", re.IGNORECASE)
_NOBODY = re.compile(r"(?:bot|agent)\d*_*$|^(?:zakim|scribe)_*$", re.IGNORECASE)
"""A bot, or whoever writes."""
_MORE = re.compile(r"_?(?:\([^<>]*\)|//.*)$")
FEW = 2
MOST = 0.8


def take_scribed(crowd: Crowd, rows: list[Row]) -> None:
    """Take in two nicks or more, in a note with `Topic:`, `RESOLUTION:`, `scribe+` or a bot.

    What is said through a scribe, `<robin> sky: …`, is said by whom the scribe names. Where a log
    is without brackets, whoever labels topics and decisions again and again is its scribe.
    """
    said = _with_colons(crowd, rows)
    log = bool(said)
    for row in rows:
        if row.kind != "words":
            continue
        log = log or _SCRIBE.match(row.words) is not None
        label = row.label if row.words.startswith("<") else None
        if label is None or label.sign != "<" or not _is_nick(label.name):
            continue
        words = row.words[label.end :]
        said.append((row, label.name, words))
        log = log or _SCRIBE.match(words) is not None or _NOBODY.search(label.name) is not None
        if scribes := _SCRIBES.match(words):
            crowd.scribes.add((scribes["who"] or label.name).casefold())
    there = [(row, who) for row, _, words in said for who in _present(crowd, words)]
    nicks = {nick for _, nick, _ in said} | {who for _, who in there}
    if len(nicks) < FEW or not log:
        return
    for row, who in there:
        crowd.was_there(row.line, who)
    for row, nick, words in said:
        number = row.line.number
        crowd.scribed[number] = "" if _NOBODY.search(nick) else nick
        if not _NOBODY.search(nick):
            crowd.knows(nick, f"line {number}: a nick in the log of a chat")
        name, colon, _ = words.partition(": ")
        through = bool(colon) and nick.casefold() in crowd.scribes and _is_nick(name)
        if through and not means_something(crowd, name):
            crowd.knows(name, f"line {number}: whom the scribe says to speak")


def _present(crowd: Crowd, words: str) -> list[str]:
    """The nicks of `Present: robin, sky`."""
    present = _PRESENT.match(words)
    names = SPLIT.split(present["names"]) if present else ()
    return [who for who in names if _is_nick(who) and not means_something(crowd, who)]


def _with_colons(crowd: Crowd, rows: list[Row]) -> list[tuple[Row, str, str]]:
    """The lines of a log like `robin: Topic: clouds`, `sky: they drift`; none, if it is no log."""
    plain = [row for row in rows if row.kind == "words" and not row.level and not row.listed]
    said = [
        (row, row.label.name, row.words[row.label.end :])
        for row in plain
        if row.label and row.label.sign == ":" and not row.column and _is_nick(row.label.name)
    ]
    scribing = Counter(nick for _, nick, words in said if _SCRIBE.match(words))
    scribes = {nick for nick, times in scribing.items() if times > FEW}
    if not scribes or len(said) < MOST * len(plain):
        return []
    crowd.scribes.update(nick.casefold() for nick in scribes)
    return said


def _is_nick(name: str) -> bool:
    name = _MORE.sub("", name)  # `Ben_(Cloud_Works)`
    if ELEMENT.fullmatch(name):
        return False  # `<title> …` in plain text
    return shape_of(name) in ("nick", "latin", "initials")
