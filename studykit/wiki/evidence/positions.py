"""Names by where they stand: before what is said here, behind what is to be done there.

A word that only heads a line may be anything, and so may one in brackets. One that does both, as
another does, is somebody.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Literal

from studykit.wiki.evidence.crowd import (
    Crowd,
    bare_name,
    is_full_name,
    is_no_name,
    is_usual_name,
    parts_of,
    stands_small,
    without_kin,
)
from studykit.wiki.first_names import is_first_name
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row

__all__ = ["take_in_positions"]

Place = Literal[
    "office", "label", "frame", "bracket", "behind", "alone", "cell", "first", "last", "subject"
]

_STRONG: frozenset[Place] = frozenset(
    ("office", "label", "frame", "bracket", "behind", "alone", "cell")
)
"""Where a name stands apart; elsewhere it stands among words."""
_TO_DO: frozenset[Place] = frozenset(("first", "last", "behind"))
_NO_TITLES: frozenset[Place] = frozenset(("frame", "behind"))
_HEAD = re.compile(
    r"(?P<who>[^\s:：=>→<\[(][^:：=>→<\[(]{0,28}?)"
    r"[ \t]*(?::|：|[ \t](?:[=>]|--?|[–—ㅡ])[ \t]|[ \t]?[-=]?>[ \t]|→)[ \t]*(?=\S)"
)
_MAY_HEAD = re.compile(r"[-:：=>–—ㅡ→]")
"""What `_HEAD` has one of."""
_FRAMED = re.compile(r"[<\[(](?P<who>[^<>\[\]()]{1,16})[>\])][ \t]+(?=\S.{2})")
_BRACKET = re.compile(
    r"\S[ \t]*[(（](?:by[ \t]+)?(?P<who>[^()（）]{1,30}?)(?:[,~][^()（）]{1,16})?[)）][ \t.!?]*$"
)
_BEHIND = re.compile(
    r"(?:[ \t][-–—ㅡ][ \t]+|→[ \t]*|[-=]>[ \t]*|@|[ \t]*[:：][ \t]*|(?:…|\.\.)[….]*[ \t]*)"
    r"(?P<who>[^-–—ㅡ→>@:：…()]{1,24}?)(?:[ \t]*[(（,~][^()（）]{1,20}[)）]?)?[ \t.]*$"
)
_SUBJECT = re.compile(
    r"(?P<who>[가-힣]{2,3}?)(?:[ \t]?(?:이?(?:형|누나|언니|오빠|선배)|님|씨))?"
    r"(?:이가|이는|가|는|은)[ \t]+\S"
)
_ASIDE = re.compile(r"[ \t]*[(（][^()（）]{1,24}[)）]$")
_FIRST = re.compile(r"[/|(,]")
_HANGUL = re.compile(r"[가-힣]{1,5}")
_NICK = re.compile(r"[A-Za-z][\w.-]{1,20}")
_CLOSE = re.compile(r"[ \t]*(?:~?[ \t]?\d[\d/.월일 ]*(?:까지)?|[(（~].*)$")
_WHAT_THEY_ARE = re.compile(r"(?P<who>[가-힣]{2,4}|[A-Z][a-z]{1,14})[ \t]?\([가-힣]{1,5}\d{0,2}\)")
_CODE = re.compile(r"[A-Z]{1,4}-?[A-Z]{0,2}\d{1,4}")
"""`CF-R1`, `T12`: what something is called by, and nobody."""
_CAMEL = re.compile(r"[a-z][A-Z]")
LONGEST = 24
TAIL = 60
FEW = 2
MANY = 3


def take_in_positions(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those whose names stand in two ways or more, where two or more people's do."""
    _take_headed(crowd, rows)
    _take_in_positions(crowd, rows)
    _take_beside(crowd, rows)


def _take_in_positions(crowd: Crowd, rows: list[Row]) -> None:
    places: defaultdict[str, set[Place]] = defaultdict(set)
    lines: defaultdict[str, set[int]] = defaultdict(set)
    for place, written, number in _found(crowd, rows):
        for part in parts_of(written):
            name = without_kin(crowd, bare_name(crowd, part))
            if name:
                places[name].add(place)
                lines[name].add(number)
    likely = {
        name
        for name in places
        if (len(lines[name]) >= FEW or crowd.why(name)) and _may_be(crowd, name)
    }
    sure = {
        name
        for name in likely
        if crowd.why(name) or (_shaped(crowd, name) and _in_two(places[name], FEW - 1))
    }
    framed = sum("frame" in places[name] for name in likely) >= MANY
    unknown = set[Place]().union(*(places[name] for name in sure if not crowd.why(name)))
    vouched = (
        places[name] & (_TO_DO if not crowd.why(name) else unknown) or len(lines[name]) >= FEW
        for name in sure
        if crowd.why(name) or places[name] & _TO_DO
    )
    if not framed and not any(vouched):
        return  # words that a text explains stand before what it says of them, and in brackets
    # A nickname may be any word: it stands as the others do, or where no title does.
    others = {
        name
        for name in likely - sure
        if _in_two(places[name], FEW)
        and (
            places[name] & _NO_TITLES
            if len(sure) < FEW
            else any(
                len(lines[each]) >= FEW and len(places[name] & places[each]) >= FEW for each in sure
            )
        )
    }
    alike = {
        name
        for name in likely - sure
        if any(
            crowd.why(each) and len(places[name] & places[each] & _STRONG) >= FEW for each in sure
        )
    }
    others |= alike if len(alike) >= MANY else set[str]()  # nicknames, all of them
    small = {
        name for name in (*sure, *others) if name.isascii() and stands_small(crowd, rows, (name,))
    }
    found = (sure | others) - {name for name in small if name[:1].isupper()}
    needed = FEW if found & sure else MANY
    if len(found) < needed:
        return
    for name in filter(found.__contains__, places):  # in the note's order: who is known tells more
        if not crowd.why(name):
            where = " and ".join(_SAID[place] for place in sorted(places[name])[:FEW])
            first = min(lines[name])
            crowd.knows(name, f"line {first} and others: the name stands {where}, as others do")


def _take_beside(crowd: Crowd, rows: list[Row]) -> None:
    """`아흐메드` alone over a list, as two of the note's people stand, each over one."""
    alone = [
        row
        for at, row in enumerate(rows)
        if row.kind == "words" and not (row.mark or row.level or row.column) and _alone(rows, at)
    ]
    known = sum(crowd.why(row.words) is not None for row in alone)
    if known < FEW or 2 * known < len(alone):
        return
    for row in alone:
        if not crowd.why(row.words) and _HANGUL.fullmatch(row.words) and _may_be(crowd, row.words):
            crowd.knows(row.words, f"line {row.line.number}: alone over a list, as people stand")


def _take_headed(crowd: Crowd, rows: list[Row]) -> None:
    """`#### 이하늘 (박3)`, `#### Robin (인턴)`: headings of one level with what each of them is."""
    runs: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row.level and (match := _WHAT_THEY_ARE.fullmatch(row.words)):
            runs[row.level].setdefault(match["who"], row.line.number)
    for run in runs.values():
        full = [name for name in run if is_full_name(crowd, name)]
        if len(full) >= FEW and all(listed_shape(name) for name in run):
            for name, number in run.items():
                if _may_be(crowd, name):
                    crowd.knows(name, f"line {number}: a heading with what somebody is, as others")


_SAID: dict[Place, str] = {
    "office": "as who did something at the meeting",
    "label": "before what is said",
    "frame": "in a frame",
    "bracket": "in brackets",
    "behind": "behind an item",
    "alone": "alone over a part",
    "cell": "in a table's first cell",
    "first": "first in what is to be done",
    "last": "last in what is to be done",
    "subject": "as who does something",
}


def _in_two(places: set[Place], strong: int) -> bool:
    return len(places) >= FEW and len(places & _STRONG) >= strong


def _shaped(crowd: Crowd, name: str) -> bool:
    return is_usual_name(crowd, name) or is_first_name(name)


def _may_be(crowd: Crowd, name: str) -> bool:
    hangul = _HANGUL.fullmatch(name)
    return (
        (hangul is not None or _NICK.fullmatch(name) is not None)
        and not is_no_name(crowd, name)
        and not crowd.lexicon.is_doing(name)
        and _CAMEL.search(name) is None
        and _CODE.fullmatch(name) is None
        and crowd.lexicon.when.match(name) is None
        and crowd.lexicon.days.match(name) is None
    )


def _found(crowd: Crowd, rows: list[Row]) -> Iterator[tuple[Place, str, int]]:
    """Each place in which a name may stand, with what stands there and the line."""
    to_do = False
    for index, row in enumerate(rows):
        number = row.line.number
        if row.kind == "table":
            cell = row.words.strip("| \t").split("|")[0].strip("* \t")
            yield "cell", cell, number
            continue
        words = row.words
        letter = len(words) == 1 and words.isascii() and not row.level
        if row.kind != "words" or row.mark == "arrow" or letter:
            continue
        bare = words[: 2 * LONGEST]
        bare = (_ASIDE.sub("", bare) if bare.endswith((")", "）")) else bare).rstrip(":： ")
        if row.level or (len(bare) <= LONGEST and (not row.listed or row.mark == "number")):
            # A line is a label: a heading, or the name of a section.
            heads = row.level or crowd.lexicon.section(bare) is not None
            to_do = _is_to_do(crowd, bare) if heads else to_do
        if _alone(rows, index):
            yield "alone", words.strip("*_ "), number
            continue
        if row.level:
            continue
        label = row.label
        if label and _is_office(crowd, label.name):
            yield "office", _FIRST.split(words[label.end :], maxsplit=1)[0].strip(), number
            continue
        head = _HEAD.match(words) if _MAY_HEAD.search(words) else None
        if head and not words.startswith(("http://", "https://"), head.end()):
            yield "label", head["who"], number
        if framed := _FRAMED.match(words):
            yield "frame", framed["who"], number
        closed = words.rstrip(" \t.!?").endswith((")", "）"))
        if closed and (bracket := _BRACKET.search(words[-TAIL:])):
            yield "bracket", bracket["who"], number
        if row.box is not None or to_do:
            parts = words.split()
            if head or len(parts) > 1:
                yield "first", head["who"] if head else parts[0], number
            rest = _CLOSE.sub("", words).split()
            if len(rest) > 1:
                yield "last", rest[-1], number
            if behind := _BEHIND.search(words[-TAIL:]):
                yield "behind", behind["who"], number
        if subject := _SUBJECT.match(words):
            yield "subject", subject["who"], number


def _is_office(crowd: Crowd, label: str) -> bool:
    name = squeeze(label)
    return name in crowd.lexicon.lecturers or name in crowd.lexicon.offices


def _is_to_do(crowd: Crowd, label: str) -> bool:
    """Whether what stands below a label is to be done: `할 일`, `다음 모임 전까지`."""
    until = crowd.lexicon.until.search(label)
    return crowd.lexicon.section(label) == "task" or bool(until and until.end() == len(label))


def _alone(rows: list[Row], index: int) -> bool:
    """Whether a line has nothing but a word or two, over something."""
    row = rows[index]
    if len(row.words) > LONGEST or row.label or index + 1 >= len(rows):
        return False
    below = rows[index + 1]
    bold = row.line.words.startswith(("**", "__")) and row.line.words.endswith(("**", "__"))
    over = below.kind == "words" and below.column > row.column
    return bool(row.level) or bold or over or (below.listed and not row.listed)
