"""Who was there, in lines that say so in passing: `진행 하늘 / 서기 구름`, `하늘 구름 - 2명`."""

from __future__ import annotations

import re
from itertools import islice, takewhile

from studykit.wiki.evidence.crowd import (
    SPLIT,
    Crowd,
    bare_name,
    is_full_name,
    may_be_full,
    means_something,
)
from studykit.wiki.evidence.listing import listed_names, without_absent
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape, shape_of
from studykit.wiki.rows import Row

__all__ = ["take_front", "take_heads", "take_roll"]

LONGEST = 120
TOP = 12
FEW = 2
SHORTEST = 3
"""No two names have fewer letters, with what parts them."""
FULL = 3
_MIDWAY = re.compile(
    r"(?:^|[.,/|][ \t]*|[ \t]{2,}|(?<=[)\d일])[ \t])"
    r"(?P<key>[가-힣]{2,6}(?:[ \t][가-힣]{2,4})?)[ \t]*[:：][ \t]*"
    r"(?P<names>[^:：]{2,80}?)(?=$|[ \t]{2,}|\.[ \t]|[ \t]*[/|.,][ \t]*[가-힣]{2,6}[ \t]*[:：])"
)
_MIDWAY_BESIDE = re.compile(
    r"(?:[.;/|、][ \t]*|[ \t]{2,}|[ \t][/|-][ \t])"
    r"(?P<key>[\u4e00-\u9fff]{2,4}|(?i:no|absent|regrets|apologies|missing|away|late|remote|zoom))"
    r"[ \t]*:[ \t]*(?P<names>[^:;/|]{1,80}?)(?=$|[ \t]*[/|;]|\.[ \t]|[ \t]{2,})"
)
"""`出席: 雨宮、真壁 / 欠席: 藤代`, `here: robin, sky. no: River`."""
_AWAY_WORDS = frozenset(("no", "apologies", "remote", "zoom", "late"))
_ALL_THERE = re.compile(
    r"전원[ \t]*(?:참석|출석|참여)[ \t]*[(:：-][ \t]*(?P<names>[^()]{3,80})\)?[ \t.]*"
)
_WERE_THERE = re.compile(r"(?P<names>[^.:：]{3,60}?)[ \t]+(?:참석|참여|참가|출석)[.,][ \t]*\S.*")
_ALL_BEHIND = re.compile(
    r"(?P<names>[^.:：]{5,80}?)[ \t]*"
    r"(?:[(（][ \t]*(?:전원|모두)[^()]{0,10}[)）]|[-–—][ \t]*전원.{0,20})"
)
_COUNTED = re.compile(
    r"(?P<names>\S.{2,60}?)[ \t]*(?:(?P<sign>[-–—(,])[ \t]*|(?<=[가-힣])[ \t])"
    r"(?P<count>\d{1,2}) ?명[^:：]{0,12}"
)
_COUNT_BESIDE = re.compile(
    r"(?P<count>\d{1,2}) ?명[ \t]*[(:：][ \t]*(?P<names>[^()]{5,80})\)?[ \t.]*$"
)
"""`수 21:00 · 3명 (하늘·구름·나래)`."""
_IN_OUT = re.compile(
    r"(?:[Ii][Nn]|있음)[ \t]*[:：][ \t]*(?P<names>[^:：]{3,80}?)"
    r"(?:[ \t]*/[ \t]*|[ \t]{2,})(?:[Oo][Uu][Tt]|없음)[ \t]*[:：].*"
)
_LISTED = re.compile(r"[ \t]*[,/·ㆍ、][ \t]*|[ \t]+")
_PICTURED = re.compile(r"[🙋🙆👤👥👫👬👭][\u200d♀♂\ufe0f\U0001f3fb-\U0001f3ff]*")
_FRONT_KEY = re.compile(r"(?P<key>[^\s:#-][^:]{0,20}):[ \t]*(?P<names>.{0,200})")
_FRONT_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<name>[^:]{2,40})$")
_PEOPLE = ("👥", "👫", "👬", "👭", "🙋", "🧑‍🤝‍🧑", "👨‍👩")
_PART = re.compile(r"(?:[가-힣]{2,4}/)?(?P<key>[가-힣]{2,6})[ \t]+(?P<names>\S.*)")
_SLASH = re.compile(r"[ \t]+/[ \t]*|[ \t]*/[ \t]+")
_ASIDE = re.compile(r"(?<!나)[ \t]*\([^()]{0,30}\)")
_PARTS = re.compile(r"[ \t]*[,/·|][ \t]*")
_AWAY = re.compile(r"[ \t]*[,/|][ \t]*[가-힣]{2,4}[ \t]*[:：].*$")
_ME = re.compile(r"(?:나|저|me)?[ \t]?\((?P<name>[^()\s]{2,12})\)")
_CAME = re.compile(r"(?<!\S)(?:(?:늦게|안|못)[ ]?)?(?:온[ ]?사람들?|참석자?|지각|결석|불참)(?!\S)")
_NOT_THERE = re.compile(r"결석|불참|(?:안|못)[ ]?온[ ]?사람")
_INITIALS = re.compile(r"[A-Z]{2,3}")
_LETTERS = re.compile(r"[A-Za-z]")
_STYLED = re.compile(
    r"\b(?:Dr|Prof|Mr|Mrs|Ms)\.? (?P<name>[A-Z][\w'’-]{1,20} (?P<last>[A-Z][\w'’-]{1,20}))"
)
_ONE_OF_THEM = re.compile(r"[가-힣]{2,6} ?1명 ?\((?P<name>[가-힣]{2,4})\)")
_SIGN = re.compile(r"(?:님|쌤)?[ \t]*(?:[:：)>「\-–—ㅡ→]|$)")
_TELLS = re.compile(r"(?:이?가|왈|은|이?는)[ \t]|[ \t]?[\"“「]|[ \t]{2,}(?=\S)|[ \t]*[:>]")
_IN_A_ROW = re.compile(r"(?<![가-힣])[가-힣]{3}(?:[ \t]*[·,、ㆍ][ \t]*[가-힣]{3}){2,}(?![가-힣])")
_LED = re.compile(r"\b(?:led|hosted|run|chaired) by (?P<who>[A-Z][\w'’-]{1,20})\b")
_AMONG = re.compile(
    r"\b(?:people|attend\w*|present|came)\b.{0,12}?\bincl(?:uding|\.)[ \t]+(?P<names>\S.+)"
)
_WITH_ME = re.compile(r"\((?:[a-z ]{1,12}[,:] ?)?me,[ ]?(?P<names>[A-Z][^()]+)\)")
"""`fog paper (me, Robin, Sky, a guest)`: who was there, the writer first."""
_ONE_IN_KANJI = r"[\u4e00-\u9fffァ-ヶー々]{2,6}"
_IN_KANJI = re.compile(
    rf"(?<![\u4e00-\u9fffァ-ヶー々]){_ONE_IN_KANJI}(?:[、・]{_ONE_IN_KANJI}){{2,}}"
)
_SEPARATOR = re.compile(r"[·,、ㆍ]")
_KANJI_SIGN = re.compile(r"[、・]")
_BEHIND_NAME = re.compile(r"[ \t:：)\]]|님|이?[가는]|은|$")
_BLANKS = re.compile(r"[ \t,·/&]+")
_ONE_HONOURED = r"[가-힣A-Za-z]{1,10}님(?:\([^()]{1,12}\))?"
_HONOURED = re.compile(
    rf"(?:{_ONE_HONOURED}[ \t]*[,·/]?[ \t]+){{2,12}}"
    rf"(?:그리고[ \t]+)?(?:{_ONE_HONOURED}|저|나)(?:[ \t]+(?:참석|참여|전원|총 ?\d명|\d명))?[ \t.]*"
)
"""`하늘님(모임장) 구름님 나래님 그리고 저`: nothing but people."""
_OF_HONOURED = re.compile(r"(?P<name>[가-힣A-Za-z]{1,10})님")


def take_heads(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘, 구름, 나래` near the top, two of whom stand at the beginning of lines below."""
    said = (index for index, row in enumerate(rows) if row.kind == "words")
    for index in islice(said, TOP):
        row = rows[index]
        _take_in_a_row(crowd, rows, index)
        _take_included(crowd, row)
        if len(row.words) > LONGEST // 2 or row.mark == "arrow" or row.box is not None:
            continue
        if row.listed and row.column:
            continue  # an item below another is more of what that says
        if row.label and "(" not in row.label.name and not _AWAY.search(row.words):
            continue
        there = without_absent(_AWAY.sub("", row.words))[0]
        if there.count(" / ") and not _PARTS.fullmatch(there):
            last = there.rpartition(" / ")[2]  # `3/14 / 회의실 / 하늘 구름 나래`
            there = last if len(last.split()) > FEW and "," not in last else there
        parts = [part.strip() for part in _PARTS.split(there) if part.strip()]
        if any(crowd.is_role(part.removesuffix("님")) for part in parts):
            parts = _beside_roles(crowd, parts)  # `교수님, 하늘, 구름, 인턴 1명(나래)`
        if len(parts) == 1 and not _LETTERS.search(there):  # `하늘 구름 바다 나`
            parts = _ASIDE.sub("", parts[0]).split()
            parts = [part for part in parts if part not in crowd.lexicon.writer]
        elif came := _came(there):
            parts = [part for part in came if part not in crowd.lexicon.writer]
        names = _shaped_names(crowd, parts)
        words = sum(not _may_be_there(crowd, name) for name in names)
        if len(set(names)) < max(FEW + 1, len(names)) or 2 * words >= len(names):
            continue
        begin = [each.words for each in rows[index + 1 :] if each.kind == "words"]
        again = {name for name in names if any(_begins(words, name) for words in begin)}
        if len(again) >= FEW and 2 * len(again) >= len(names):
            away = _away(row.words)
            for name in names:
                reason = f"line {row.line.number} lists {name}, as lines below begin"
                if name in away:
                    crowd.knows(name, reason)
                else:
                    crowd.was_there(row.line, name, reason)
            crowd.attendee_lines.add(row.line.number)


def _shaped_names(crowd: Crowd, parts: list[str]) -> list[str]:
    """The names that the parts of a line are; none if one of them can be no name."""
    names: list[str] = []
    for part in parts:
        if "(" in part:
            match = _ME.fullmatch(part)  # `나(하늘)`
            name = bare_name(crowd, match["name"] if match else _ASIDE.sub("", part))
        else:
            name = bare_name(crowd, part)
        if not listed_shape(name) or means_something(crowd, name):
            return []
        names.append(name)
    return names


def _came(words: str) -> list[str]:
    """Who `온 사람 이하늘 박구름 / 늦게 온 사람 최나래` and `HS GR NR / DA 결석` are."""
    bare = _CAME.sub(" ", _ASIDE.sub("", words))
    told = _CAME.search(words) is not None
    names = bare.replace("/", " ").split()
    return names if told or all(map(_INITIALS.fullmatch, names)) else []


def _away(words: str) -> set[str]:
    """Who of `HS GR / DA 결석` was not there."""
    parts = (part for part in words.split("/") if _NOT_THERE.search(part))
    return {name for part in parts for name in _ASIDE.sub("", part).split()}


def _beside_roles(crowd: Crowd, parts: list[str]) -> list[str]:
    """The parts of a list without roles; of `인턴 1명(나래)` whom the brackets name."""
    named = (
        match["name"] if (match := _ONE_OF_THEM.fullmatch(part)) else part
        for part in parts
        if not crowd.is_role(part.removesuffix("님"))
    )
    return list(named)


def _take_in_a_row(crowd: Crowd, rows: list[Row], index: int) -> None:
    """`3/4 / 이하늘 · 박구름 · 최나래 / 회의실`: full names, two of whom open lines below."""
    row = rows[index]
    if not _SEPARATOR.search(row.words):
        return
    for match in _IN_KANJI.finditer(row.words[:LONGEST]) if "、" in row.words else ():
        names = _KANJI_SIGN.split(match.group())
        begun = {name for name in names if any(_begins(each.words, name) for each in rows)}
        again = {name for name in names if any(f"({name})" in each.words for each in rows)}
        if len(begun | again) >= FEW and not any(means_something(crowd, name) for name in names):
            for name in names:
                crowd.was_there(row.line, name)
    for match in _IN_A_ROW.finditer(row.words[:LONGEST]):
        names = [name.strip() for name in _SEPARATOR.split(match.group())]
        if not all(may_be_full(crowd, name) or is_full_name(crowd, name) for name in names):
            continue
        below = [each.words for each in rows[index + 1 :] if each.kind == "words"]
        again = {
            name
            for name in names
            for called in (name, name[1:])
            if any(words.startswith(called) and _opens(words, called) for words in below)
        }
        if len(again) >= FEW:
            for name in names:
                crowd.knows(name, f"line {row.line.number} lists {name}, with others")


def _take_included(crowd: Crowd, row: Row) -> None:
    """`~7 people, incl. Robin, Sky, a guest`: the names up to what is none; `led by Wren`, too."""
    words = row.words[:LONGEST]
    latin = row.words.isascii()
    led = _LED.search(words) if latin and " by " in words else None
    if led and not means_something(crowd, led["who"]):
        crowd.was_there(row.line, led["who"], f"line {row.line.number} says who led it")
    among = _AMONG.search(words) if latin and "incl" in words else None
    if "me," in words and (" me" in row.words or "(me" in row.words):
        among = among or _WITH_ME.search(words)
    names = list(takewhile(_is_first, SPLIT.split(among["names"]))) if among else []
    if len(names) >= FEW and not any(means_something(crowd, name) for name in names):
        for name in names:
            crowd.was_there(row.line, name)


def _is_first(name: str) -> bool:
    return shape_of(name) == "latin" and " " not in name


def _opens(words: str, name: str) -> bool:
    """Whether a blank, a sign or a particle stands behind the name with which a line begins."""
    return _BEHIND_NAME.match(words, len(name)) is not None


def _begins(words: str, name: str) -> bool:
    """Whether a line begins with the name, and a sign; `Training` alone may be a part's title."""
    given = name[1:] if listed_shape(name) and len(name) == FULL and not name.isascii() else name
    if name.isupper() or given != name:  # `HS  지도를 그렸음`, `하늘왈 …` of 이하늘
        for called in (name, given):
            if words.startswith(called) and _TELLS.match(words, len(called)):
                return True
    sign = _SIGN.match(words, len(name)) if words.startswith(name) else None
    return sign is not None and bool(sign.group().strip() or not name.isascii())


def take_front(crowd: Crowd, rows: list[Row]) -> None:
    """`참여자: [하늘, 나래]` in front matter, or a list below it: who was there."""
    present = absent = False
    for row in rows:
        if row.kind != "front":
            break
        key = _FRONT_KEY.match(row.line.text)
        item = _FRONT_ITEM.match(row.line.text)
        if key:
            name = squeeze(key["key"])
            present, absent = name in crowd.lexicon.attendees, name in crowd.lexicon.absent
        listed = key["names"] if key else item["name"] if item else ""
        for name in listed_names(crowd, listed.strip("[] \"'")) if present or absent else ():
            if present:
                crowd.was_there(row.line, name)
            else:
                crowd.knows(name, f"line {row.line.number} lists {name} among the absent")


def take_roll(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those whom a line lists as present, beside what else it says."""
    for row in rows:
        if row.kind != "words" or not SHORTEST <= len(row.words) <= LONGEST or row.mark == "arrow":
            continue
        for names in _found(crowd, row):
            for name in names:
                crowd.was_there(row.line, name)
            crowd.attendee_lines.add(row.line.number)
        _take_parts(crowd, row)
        words = row.words
        styled = "Dr" in words or "Prof" in words or "Mr" in words or "Ms" in words
        for match in _STYLED.finditer(words) if styled else ():
            if crowd.why(match["name"]):  # `Dr. Robin Field`, called Field below
                crowd.knows(match["last"], f"line {row.line.number} lists {match.group()}")


def _found(crowd: Crowd, row: Row) -> list[list[str]]:
    words, found = row.words, list[list[str]]()
    if ":" in words or "：" in words:
        for match in _MIDWAY.finditer(words):
            if match.start("key") and squeeze(match["key"]) in crowd.lexicon.attendees:
                found.append(_people(crowd, match["names"]))
    if row.label and squeeze(row.label.name) in crowd.lexicon.attendees:
        for match in _MIDWAY_BESIDE.finditer(words, row.label.end):
            key = squeeze(match["key"])
            if key in crowd.lexicon.absent | crowd.lexicon.offices | _AWAY_WORDS:
                for name in listed_names(crowd, match["names"]):
                    crowd.knows(name, f"line {row.line.number} says of {name}: {match['key']}")
    if "참" in words or "출석" in words or "전원" in words or "모두" in words:
        for pattern in (_ALL_THERE, _WERE_THERE, _ALL_BEHIND):
            whole = pattern.fullmatch(words)
            found += [_people(crowd, whole["names"])] if whole else []
    typed = row.line.words
    if typed.startswith(_PEOPLE) and not row.level:
        found.append(_people(crowd, words))
    if typed[:1] in "🙋👤🙆" and not row.level:
        there, _, away = _PICTURED.sub(",", typed).partition("❌")
        found.append(_people(crowd, there.strip(" ,/")))
        for name in listed_names(crowd, away.strip(" :：")):
            crowd.knows(name, f"line {row.line.number} says that {name} was not there")
    if "명" in words:
        parts = (_COUNTED.fullmatch(_ASIDE.sub("", part)) for part in _SLASH.split(words))
        if many := next(filter(None, parts), None):
            names = _counted(crowd, _BLANKS.split(many["names"].strip()), int(many["count"]))
            found += [names] if len(names) > FEW or many["sign"] else []  # `그리고 청강 2명`
        if beside := _COUNT_BESIDE.search(words):
            names = _counted(crowd, _LISTED.split(beside["names"].strip()), int(beside["count"]))
            found += [names] if len(names) > FEW else []
    if "님" in words and _HONOURED.fullmatch(words):
        names = [match["name"] for match in _OF_HONOURED.finditer(words)]
        found += [] if any(map(crowd.is_role, names)) else [names]
    if ":" in words and (in_out := _IN_OUT.fullmatch(words)):
        found.append(_people(crowd, in_out["names"]))
    return [names for names in found if len(names) >= FEW]


def _people(crowd: Crowd, text: str) -> list[str]:
    there, absent = without_absent(text)
    for name in listed_names(crowd, absent):
        crowd.knows(name, "a list of who was there says that they were not")
    names = listed_names(crowd, there)
    return names if all(_may_be_there(crowd, name) for name in names) else []


def _counted(crowd: Crowd, parts: list[str], count: int) -> list[str]:
    """The names, if they are as many as a line says, and all may be there."""
    names = [bare_name(crowd, part) for part in parts]
    shaped = len(names) == count and all(_may_be_there(crowd, name) for name in names)
    return names if shaped else []


def _may_be_there(crowd: Crowd, name: str) -> bool:
    return (
        listed_shape(name)
        and not means_something(crowd, name)
        and name not in crowd.lexicon.common
        and squeeze(name) not in crowd.lexicon.nothing
    )


def _take_parts(crowd: Crowd, row: Row) -> None:
    """`진행 하늘 / 서기 구름 / 불참 나래`: what each did, or that somebody was not there."""
    if "/" not in row.words:
        return
    parts = [part.strip() for part in _SLASH.split(row.words)]
    joined = row.words[:3].endswith("/") and len(parts) == 1  # `진행/기록 하늘`
    if len(parts) < FEW and not joined:
        return
    lexicon = crowd.lexicon
    known = (lexicon.offices, lexicon.attendees, lexicon.absent)
    found = [_PART.fullmatch(_ASIDE.sub("", part) if "(" in part else part) for part in parts]
    if not all(match and any(match["key"] in each for each in known) for match in found):
        return
    for match in filter(None, found):
        for name in _people(crowd, match["names"]):
            crowd.knows(name, f"line {row.line.number}: {match['key']}, and who it was")
