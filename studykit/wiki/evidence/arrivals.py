"""Who came, said in passing: `하늘 구름 나래 나 왔음`, `많이 옴. 하늘 구름 + 새로온 나래`."""

from __future__ import annotations

import re
from itertools import islice

from studykit.wiki.evidence.crowd import (
    ASIDE,
    Crowd,
    bare_name,
    is_no_name,
    is_usual_name,
    without_kin,
)
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape, shape_of
from studykit.wiki.rows import Row

__all__ = ["take_arrivals"]

_TWO_WORDS = re.compile(r"[가-힣]{1,4} [가-힣]{1,4}(?=[ \t])")
_ALL = re.compile(r"[ \t]+(?:다|모두|전부|전원|싹)[ \t]*$")
_BLANKS = re.compile(r"[ \t,·/&+]+")
_BEHIND = re.compile(r"[ \t]*(?:$|[/(|,.:–-][ \t]*.*$)")
_AWAY = re.compile(r"(?P<who>[가-힣]{2,4}?)(?:이는|은|는|이가|가)[ \t].{0,40}$")
_AND_LATE = re.compile(
    r"(?P<there>\S.{3,40}?)[ \t]+(?:있었|왔|참석했|모였|참여했)(?:고|으며)[ \t,]+"
    r"(?P<late>[가-힣]{2,4}?)(?:이는|이가|은|는|이|가)[ \t](?P<rest>.{0,30})"
)
_CLOCK = re.compile(r"[\[(]?\d{1,2}:\d{2}[\])]?[ \t]+")
"""`19:30 하늘, 구름 입장`."""
_SENTENCES = re.compile(r"[.!][ \t]+")
_COUNTED = re.compile(
    r"(?P<names>[^.:：]{4,80}?)(?:까지|이렇게|해서|포함)?[ \t,]*"
    r"(?P<count>둘|두|셋|세|넷|네|다섯|여섯|일곱|여덟|\d)(?:[ \t]?명)?(?:이|이서|이다|임)?"
    r"(?:(?:이?었|였)(?:고|으며|습니다|다|음)(?:[ \t,].*)?)?"
    r"(?:[ \t](?:모|통화|만나|진행|왔|참석).{0,40})?[.!]?"
)
_JOINS = re.compile(r"[ \t]*,[ \t]*|[ \t]+그리고[ \t]+|(?:이랑|랑|하고|과|와)[ \t]+")
_HOW_MANY = {
    "둘": 2,
    "두": 2,
    "셋": 3,
    "세": 3,
    "넷": 4,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
}
_WHO = re.compile(r"^(?:오늘 )?(?:참석자?|참가자?|참여자|인원|멤버|온 사람)[은는][ \t]")
_SAYS_HOW = re.compile(r"^(?:늦게|일찍|먼저|같이|함께|나중에|다시|잠깐)$|[었았했]고$")
_AFTER = re.compile(r"님|이?[가는]|이[ \t]|은|[ \t]|[:：)\]]|$")
LONGEST = 80
TOP = 12
FEW = 3


def take_arrivals(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those whom a line near the top says to have come; two of them open lines below.

    Without a label, any words may stand before a verb: `답장이 늦게 옴`.
    """
    words = list(islice((row for row in rows if row.kind == "words"), TOP))
    for row in words:
        led = row.label and crowd.lexicon.came.search(row.label.name)  # `다 왔음 - …`
        if (row.label and not led) or len(row.words) > LONGEST or row.mark == "arrow":
            continue
        if row.line.number in crowd.attendee_lines:
            continue
        names = _who_came(crowd, row.words)
        if names and sum(_opens(rows, name, row) for name in names) >= FEW - 1:
            for name in names:
                crowd.was_there(row.line, name)
            crowd.attendee_lines.add(row.line.number)
    for row in words if crowd.attendees else ():
        away = _AWAY.fullmatch(row.words) if crowd.lexicon.away.search(row.words) else None
        if away and is_usual_name(crowd, away["who"]):
            crowd.knows(
                away["who"], f"line {row.line.number} says that {away['who']} was not there"
            )


def _who_came(crowd: Crowd, words: str) -> list[str]:
    """The names before or behind a verb of coming, three or more; none if there is another word."""
    head, _, listed = words.partition(" ")
    if squeeze(head) in crowd.lexicon.attendees:
        return _names(crowd, listed)  # `온사람 하늘 구름 나래오빠`
    both = _TWO_WORDS.match(words)
    if both and squeeze(both.group()) in crowd.lexicon.attendees:
        return _names(crowd, words[both.end() :])  # `온 사람 하늘 구름 나래`
    for said in _SENTENCES.split(words):
        counted = _COUNTED.fullmatch(said)
        if counted and (names := _counted(crowd, counted["names"], counted["count"])):
            return names
    if both := _AND_LATE.fullmatch(words):  # `하늘 구름 있었고 나래는 늦게 옴`
        there = f"{both['there']} {both['late']}"
        return _names(crowd, there) if crowd.lexicon.came.search(both["rest"]) else []
    clockless = _CLOCK.sub("", words, count=1)
    if not any(map(crowd.lexicon.came.search, {words, clockless})):
        return []
    for said in (words, *_SENTENCES.split(clockless)):
        came = crowd.lexicon.came.search(said)
        if came and _BEHIND.fullmatch(said, came.end()):  # no `왔다 갔다`
            before = _ALL.sub("", said[: came.start()])
            names = _names(crowd, said[came.end() :]) or _names(crowd, before)
            if names:
                return names
    return []


def _counted(crowd: Crowd, listed: str, count: str) -> list[str]:
    """The names of `하늘, 구름 그리고 처음 온 나래씨까지 셋`: as many, but for who writes."""
    listed = _WHO.sub("", listed)
    parts = [part.strip().rpartition(" ")[2] for part in _JOINS.split(listed)]
    others = (part for part in parts if part and part not in crowd.lexicon.writer)
    names = [without_kin(crowd, bare_name(crowd, part)) for part in others]
    shaped = all(listed_shape(name) and not is_no_name(crowd, name) for name in names)
    many = _HOW_MANY.get(count, 0) or (int(count) if count.isdigit() else 0)
    return names if shaped and len(names) > 1 and len(names) in (many, many - 1) else []


def _names(crowd: Crowd, listed: str) -> list[str]:
    """The names that a text lists, three or more with who writes; none if it has another word."""
    listed = ASIDE.sub("", listed).strip(" \t.!~:–-")
    parts = [part for part in _BLANKS.split(listed) if part not in ("", "그리고")]
    me = [part for part in parts if part in crowd.lexicon.writer]
    parts = [part for part in parts if part not in crowd.lexicon.writer | crowd.lexicon.newcomers]
    names = [without_kin(crowd, bare_name(crowd, part)) for part in parts]
    short = all(len(name) < FEW for name in names)  # `쭌 / 별 / 휘`
    sure = [
        name
        for name in names
        if (listed_shape(name) or (short and "가" <= name <= "힣")) and not is_no_name(crowd, name)
    ]
    either = [name for name in names if name not in sure and shape_of(name) == "given"]
    if any(map(crowd.is_role, parts)) or any(map(_SAYS_HOW.search, parts)):
        return []
    good = len(sure) + len(either) == len(names) and len(either) < FEW - 1  # `지수`, beside others
    words = any(crowd.lexicon.when.match(name) or crowd.lexicon.days.match(name) for name in names)
    return names if good and not words and len(sure) + len(me) >= FEW else []


def _opens(rows: list[Row], name: str, head: Row) -> bool:
    """Whether another line begins with the name, and what may follow one."""
    for row in rows:
        clock = _CLOCK.match(row.words) if row.words[:1].isdigit() else None
        start = clock.end() if clock else 0
        named = row.kind == "words" and row is not head and row.words.startswith(name, start)
        if named and _AFTER.match(row.words, start + len(name)):
            return True
    return False
