"""The same few names in sentences of several kinds, in a note that lists nobody.

`채린이가 물어봄: …`, `건우 왈 …`, `성민형이 … 있다고 함`, `담주 성민오빠 DDIM`: only people stand
here as who asks, there as who says something, and again as who has to do something.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from studykit.wiki.evidence.crowd import Crowd, is_usual_name, means_something, without_kin
from studykit.wiki.evidence.places import WORD, places
from studykit.wiki.first_names import is_first_name
from studykit.wiki.rows import Row

__all__ = ["take_mingled"]

FEW = 2
SURE = 3
"""One alone takes as many kinds of sentences."""
LONGEST = 160
TOP = 6
_HEAD = re.compile(
    r"(?:ㄴ[ \t]?)?(?P<head>[가-힣]{2,7})(?:[ \t]?님)?"
    r"(?P<sign>[ \t]*[:：][ \t]*(?=\S)|[)][ \t]+|[ \t]+[-–—>/]{1,2}[ \t]+|[ \t]+)(?=\S)"
)
_PARTICLES = ("이가", "이는", "이도", "이랑", "가", "이", "는", "은", "도", "랑")
_ASKS = re.compile(
    r"질문(?:[ \t:]|이?[다요]?$)|물어[봄봤보]|물었|질문(?:함|하심|했|[을이] ?(?:함|있|했))"
)
_SAYS = re.compile(
    r"(?:[다라자냐]고[ ]?(?:함|하심|했\S{0,3}|한다|해서|하네|하더라|말함|봄|생각\S{0,3})?"
    r"|(?:[가-힣]대|(?:이|아니|하|있|없|같)래|[늘하가오보]재|다네|[다라]며)요?)[\s.!~ㅋㅎㅠ]*"
    r"(?:\([^()]*\)|[가-힣 A-Za-z]{2,24}까)?$"
)
_SAID_SO = re.compile(r"(?:왈|말로는|의견으로는|말은)[ \t,]")
_GIVES = re.compile(
    r"(?:발표|발제)(?:자|는)?[ \t:]+(?P<who>[가-힣]{2,4})(?=[\s,(/]|$)"
    r"|(?<![가-힣])(?P<told>[가-힣]{2,4})(?:이가|이|가)[ \t](?:\S{1,20}[ \t])?(?:발표|발제)"
)
_LISTED = re.compile(r"[가-힣]{1,6}(?:[ \t]*[,/·][ \t]*|[ \t]+)?")
_TITLED = re.compile(r"(?P<who>[가-힣]{2,4})[ \t]\([^()]{1,8}\)")
_TITLE = re.compile(r"(?P<who>[가-힣]{2,3}) (?:박사|교수|선생|선배|연구원|대표|팀장|매니저)님?")
_AFTER = re.compile(r"(?:[ \t]*\([^()]{1,8}\))?[ \t,:]*")
"""What may stand between a time and a name: `담주(5/29) 찬이 …`."""
_BLANK = re.compile(r"[ \t,/·]+")


def take_mingled(crowd: Crowd, rows: list[Row]) -> None:
    """Take in two names or more that stand in two kinds of sentences each, or one in three."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    lines: defaultdict[str, set[int]] = defaultdict(set)
    said = [
        row
        for row in rows
        if row.kind == "words" and len(row.words) <= LONGEST
        if len(row.words) > 1 or row.level or not row.words.isascii()
    ]
    _take_titled(crowd, said)
    lists = [listed for row in said[:TOP] if (listed := _listed(crowd, row))]
    all_listed = {name for listed in lists for name in listed}
    for name in all_listed:
        kinds[name].add("list")
        lines[name].add(0)
    for row in said:
        for name, kind in _named(crowd, row, all_listed):
            kinds[name].add(kind)
            lines[name].add(row.line.number)
    for row, name, kind in places(crowd, said):
        kinds[name].add(kind)
        lines[name].add(row.line.number)
    apart = {name for name in kinds if not _is_word(crowd, said, name)}
    sure = {
        name
        for name, found in kinds.items()
        if len(lines[name]) >= FEW and name in apart
        if len(found - {"does"}) >= FEW or len(found) >= SURE
        if len(name) > 1 or found & {"list", "pair"} or len(found) >= SURE
    }
    new = [name for name in sure if not crowd.why(name)]
    beside = any(map(crowd.why, kinds))
    if len(sure) < FEW and not beside and not any(len(kinds[name]) >= SURE for name in new):
        return
    if not new:
        return
    for names in lists:  # `나 하늘 구름누나 찬`: one syllable is a name beside others
        if len(sure & set(names)) >= FEW:
            sure |= set(names)
    sure |= {
        name
        for name, found in kinds.items()
        if found & {"label", "asks", "says", "kin"} and is_usual_name(crowd, name)
        if len(new) >= FEW
    }
    for name in sorted(sure - {""}):
        if not crowd.why(name):
            crowd.knows(name, "sentences of several kinds tell of the name as of somebody")


def _is_word(crowd: Crowd, said: list[Row], name: str) -> bool:
    """Whether the note has the name in Latin letters among its words as well, as `loss`."""
    if not name.isascii() or crowd.why(name) or is_first_name(name.capitalize()):
        return False
    found = [match for row in said for match in WORD(name).finditer(row.words)]
    inside = sum(match.start() > 0 and match.group().islower() for match in found)
    return inside > 1 or len(found) < FEW


def _take_titled(crowd: Crowd, said: list[Row]) -> None:
    """`하늘 박사님: …`: who has a title before a colon is called by the name alone elsewhere."""
    for row in said:
        label = row.label if " " in row.words[:LONGEST] else None
        title = _TITLE.fullmatch(label.name) if label and label.sign == ":" else None
        if title and is_usual_name(crowd, title["who"]) and not crowd.why(title["who"]):
            crowd.knows(title["who"], f"line {row.line.number}: a name, a title and a colon")


def _named(crowd: Crowd, row: Row, listed: set[str]) -> Iterator[tuple[str, str]]:
    """Who may be told of at the beginning of a line, and what kind of sentence it is."""
    words = row.words
    for gives in _GIVES.finditer(words) if "발표" in words or "발제" in words else ():
        name, is_kin = _bare(crowd, gives["who"] or gives["told"], listed)
        yield name, "kin" if is_kin else "gives"
    if row.level:
        if titled := _TITLED.fullmatch(words):
            yield titled["who"], "title"
        return
    time = crowd.lexicon.when.match(words) or crowd.lexicon.days.match(words)
    after = _AFTER.match(words, time.end() if time else 0)
    head = _HEAD.match(words, after.end() if after else 0)
    if head is None:
        return
    behind = words[head.end() :]
    name, is_kin = _bare(crowd, head["head"], listed)
    if not name or means_something(crowd, name):
        return
    if is_kin:
        yield name, "kin"
    sign = head["sign"].strip()
    if sign:
        yield name, "label"
    elif words.startswith("ㄴ"):
        yield name, "replies"
    elif head["head"].endswith("질문") or _ASKS.match(behind):
        yield name, "asks"
    elif _SAID_SO.match(behind) or _SAYS.search(behind):
        yield name, "says"
    elif time:
        yield name, "then"
    elif crowd.lexicon.is_doing(words) or "까지" in words[-6:]:
        yield name, "does"


def _bare(crowd: Crowd, head: str, listed: set[str]) -> tuple[str, bool]:
    """The name of `은비가`, `성민형이`, `은비질문`, and whether it is what friends call them."""
    head = head.removesuffix("질문")
    for particle in ("", *_PARTICLES):
        if not head.endswith(particle):
            continue
        bare = head.removesuffix(particle) if particle else head
        name = without_kin(crowd, bare)
        if is_usual_name(crowd, name) or name in listed:
            return name, name != bare
    return "", False


def _listed(crowd: Crowd, row: Row) -> list[str]:
    """`나 은비 동혁오빠 찬`: a line of nothing but short words, names among them."""
    all_words = _BLANK.split(row.words.strip())
    words = [word for word in all_words if word not in crowd.lexicon.writer]
    if len(words) < FEW + 1 or len(words) > 4 * FEW or not all(map(_LISTED.fullmatch, words)):
        return []
    names = [without_kin(crowd, word).removesuffix("님") for word in words]
    usual = sum(is_usual_name(crowd, name) for name in names)
    fine = all(len(name) <= SURE and not means_something(crowd, name) for name in names)
    among = len(words) < len(all_words) or any(map(crowd.lexicon.kin.search, words))
    return names if fine and (3 * usual >= 2 * len(names) or (among and usual)) else []
