"""Who they are, as a note says it: `ㅎ=하늘 ㄱ=구름`, `하늘 → 구름 → 나래 순서로`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import islice, pairwise

from studykit.wiki.evidence.crowd import WRITER, Crowd, bare_name, is_no_name, is_usual_name
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row

__all__ = ["take_declared"]

_SHORT_FOR = re.compile(
    r"(?P<short>[ㄱ-ㅎ]{1,3}|[A-Z]{1,2})[ \t]?=[ \t]?(?P<name>[가-힣]{2,4})(?=[ \t,/)]|$)"
)
_SHORT_BEHIND = re.compile(r"(?P<name>[A-Z][\w'’-]{1,20})[ \t]?\((?P<short>[A-Z]{1,2})\)")
_ONE = r"[^\s→>:：]{2,8}"
_IN_ORDER = re.compile(
    rf"(?:[^:：]{{1,16}}[:：][ \t]*)?(?P<names>{_ONE}(?:[ \t]*(?:→|-?>)[ \t]*{_ONE}){{2,}})"
    r"[ \t]*(?:순서|순번|순)(?:대로|으로|로)?(?:[ \t].{0,20})?"
)
_ARROWS = re.compile(r"[ \t]*(?:→|-?>)[ \t]*")
_HANDLES = re.compile(r"(?:@[^\s@()]{2,24}(?:\([^()]{1,12}\))?[ \t,/]*){2,}")
_HANDLE = re.compile(r"@(?P<who>[^\s@(),/]{2,24})")
_ACCOUNT = re.compile(r"(?P<who>[^\s@()]{2,16})[ \t]?\(@(?P<handle>[\w-]{2,39})\)")
_HACKMD = re.compile(
    r"[ \t]*\[name=[ \t]*(?P<who>[^\W\d_][^\[\]()=]{0,40}?)[ \t]*\]"
    r"(?:[ \t]*\[(?:time|color)=[^\[\]]{0,60}\])*[ \t]*$"
)
"""`… [name=하늘] [time=…]`: how HackMD signs a comment."""
_SAYS = re.compile(r"(?P<who>[가-힣]{2,4}?)(?:이?[ \t]?말로는|이?[ \t]?(?P<verb>왈|曰))[ \t]+\S")
"""`하늘왈 …`, `하늘이 말로는 …`."""
LONGEST = 100
TOP = 12
FEW = 2


def take_declared(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those whom a line of the note says to be somebody, and two of whom stand below."""
    labels = cache(
        lambda: {each.label.name for each in rows if each.kind == "words" and each.label}
    )
    opened = cache(lambda: _opened(rows))
    for row in rows:
        if row.kind != "words" or row.level:
            continue
        _take_said(crowd, row)
        if len(row.words) > LONGEST:
            continue
        writer = WRITER.match(row.words) if "(" in row.words[:4] else None
        if writer and listed_shape(writer["name"]) and not is_no_name(crowd, writer["name"]):
            crowd.knows(writer["name"], f"line {row.line.number} says that it is who writes")
        if "=" in row.words or ("(" in row.words and _SHORT_BEHIND.search(row.words)):
            _take_short(crowd, labels, row)
        if "순" in row.words and (order := _IN_ORDER.fullmatch(row.words)):
            names = [bare_name(crowd, name) for name in _ARROWS.split(order["names"])]
            if _all_may_be(crowd, names) and len(opened().intersection(names)) >= FEW:
                for name in names:
                    crowd.knows(name, f"line {row.line.number} says in which order they come")
    _take_accounts(crowd, rows)
    for row in islice((row for row in rows if row.kind == "words"), TOP):
        if row.line.words.startswith("@") and _HANDLES.fullmatch(row.line.words[:LONGEST]):
            names = [match["who"] for match in _HANDLE.finditer(row.line.words)]
            below = _opened(each for each in rows if each is not row)
            if len(below.intersection(names)) < FEW:
                continue  # `@Controller @Service` are a program's
            for name in names:
                crowd.was_there(row.line, name)
            crowd.attendee_lines.add(row.line.number)


def _take_said(crowd: Crowd, row: Row) -> None:
    """Take in who signs a comment of HackMD, and `하늘` of `하늘왈 …`, a usual name."""
    signed = _HACKMD.search(row.words) if "[name=" in row.words else None
    if signed and signed.start():
        crowd.knows(signed["who"], f"line {row.line.number} ends in HackMD's mark of who says it")
        crowd.signed[row.line.number] = ((signed["who"],), signed.start())
    says = _SAYS.match(row.words) if row.words[:1] >= "가" else None
    quotes = says is not None and says["verb"] is not None  # 왈 stands behind nothing but a name
    if says and (
        is_usual_name(crowd, says["who"]) or (quotes and _may_be_called(crowd, says["who"]))
    ):
        crowd.knows(says["who"], f"line {row.line.number} says what the name's bearer says")


def _may_be_called(crowd: Crowd, name: str) -> bool:
    """Whether a word of two letters or three can be a name, with nothing that honours it."""
    bare = len(name) <= FEW + 1 and bare_name(crowd, name) == name
    return bare and not crowd.is_role(name.removesuffix("님")) and not is_no_name(crowd, name)


def _take_accounts(crowd: Crowd, rows: list[Row]) -> None:
    """`- 하늘(@sky)` and `- 구름(@cloud)`, each over what its bearer tells of themselves."""
    found = [
        (account, row.line.number)
        for row, below in pairwise(rows)
        if row.kind == "words" and row.listed and (account := _ACCOUNT.fullmatch(row.words))
        if below.kind == "words" and below.listed and below.column > row.column
    ]
    names = {account["who"] for account, _ in found}
    if len(names) >= FEW and _all_may_be(crowd, list(names)):
        for account, number in found:
            for name in (account["who"], account["handle"]):
                crowd.knows(name, f"line {number}: a name and an account over a list, as others'")


def _take_short(crowd: Crowd, labels: Callable[[], set[str]], row: Row) -> None:
    """`ㅎ=하늘 ㄱ=구름`, `Robin (R), Sky (S)`: short names, two of which are labels below."""
    found = [
        (match["short"], match["name"])
        for pattern in (_SHORT_FOR, _SHORT_BEHIND)
        for match in pattern.finditer(row.words)
        if pattern is _SHORT_FOR or match["name"].startswith(match["short"][0])
    ]
    shorts = {short for short, _ in found}
    if len(shorts & labels()) >= FEW and _all_may_be(crowd, [name for _, name in found]):
        for short, name in found:
            crowd.knows(short, f"line {row.line.number}: {short} is short for {name}")
            called = bare_name(crowd, name)
            crowd.knows(called, f"line {row.line.number}: {called}, for whom {short} is short")


def _all_may_be(crowd: Crowd, names: list[str]) -> bool:
    return all(listed_shape(name) and not is_no_name(crowd, name) for name in names)


def _opened(rows: Iterable[Row]) -> set[str]:
    """What the labels of lines are, and the handles with which lines begin."""
    said = [row for row in rows if row.kind == "words" and row.words]
    opened = {row.label.name.removeprefix("@") for row in said if row.label}
    return opened | {row.words.split(maxsplit=1)[0][1:] for row in said if row.words[0] == "@"}
