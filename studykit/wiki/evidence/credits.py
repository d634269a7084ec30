"""Who says so, behind what they say: `- 지도가 작았다 (하늘)`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from studykit.wiki.evidence.crowd import (
    SPLIT,
    Crowd,
    bare_name,
    is_usual_name,
    names_in,
)
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row

__all__ = ["take_credits"]

_KEPT = re.compile(
    r"\b(?:keep|problem|try|liked|learned|lacked|good|bad)\b|잘한|좋았|아쉬|배운|못한",
    re.IGNORECASE,
)
_WAS = re.compile(r"\b(?:keep|good|liked|problem|bad)\b|잘한|좋았|아쉬", re.IGNORECASE)
"""Below these, `일찍 오기` was done."""
_REPORTS = re.compile(
    r"진행[ \t]?(?:상황|사항|내용|현황)|한[ \t]?(?:일|것|거)(?![가-힣])|토론|토의|논의|나눈[ ]|의견"
    r"|progress|\breports?\b|\bupdates?\b|\bdiscuss(?:ion|ed)\b|進捗|近況|議論|感想|ディスカッション",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:[」”\"][ \t]*by[ \t]+(?P<by>[^\s()][^()]{0,23})"
    r"|[ \t]*[(（](?P<who>[^()（）]{1,24})[)）]|[ \t]+[–—←/-][ \t]+(?P<behind>[^–—←()/-]{2,16})"
    r"|(?<![:/A-Za-z\d])[ \t]*/{1,2}[ \t]*(?P<handle>[A-Za-z][\w.-]{1,20}))$"
)
_MAY_CREDIT = re.compile(r"[」”\")）–—←/-]")
"""What `_CREDIT` has one of."""
_NEED = re.compile(r"(?:we |i )?(?:need|have|has|ought) to\b|must\b|should\b", re.IGNORECASE)
_HANDLE = re.compile(r"[A-Za-z][\w.-]{1,20}")
_SENTENCE = re.compile(
    r"(?:[다까듯네죠]|(?<![필개주수중])요|(?<![다마처])음|함|됨|[가-힣]짐|의견|제안|(?<![게책모])임|[가-힣][옴씀냄]"
    r"|[는은인을]지|[인은는던]가"
    r"|[가-힣](?:냐|자|더라|지도|거든)|[움앎봄씀감남음둠줌춤]|[ ]큼"
    r"|지적|인정|공감|추측|느낌|생각|입장|동의|반대|찬성"
    r"|[?？!！。]|ます|です|[いたるうだなか])[\s.!。ㅋㅎㅠ~\"”」』]*\Z"
)
_CLAUSES = re.compile(r"(?:는데|은데|지만|라서|니까|거라|느라)[ ,]|[가-힣](?<=[다음함됨씀임])\. ")
"""What no title has: a sentence goes on behind it."""
_ONE_WORD = re.compile(r"[가-힣]{1,4}")
"""`바다` is no sentence."""
_NO_SAYING = re.compile(r"[→⇒]|\d{1,2}(?:/\d|월)|Q[ .:)]|질문")
"""What leads on, a day, and what somebody asks."""
_QUOTES, _CLOSING = '「『"“', '」』"”'
FEW = 4
MOST = 1_000
WIDE = 40
_TITLE = 18


def take_credits(crowd: Crowd, rows: list[Row]) -> None:
    """`- 지도가 작았다 (하늘)`: items that end in who says so.

    Most do so below `## 좋았던 점` or `## 아이디어`; elsewhere they are sentences, and those whom
    they name are known. What is to be done ends in whose it is.
    """
    round_ = idea = reports = False
    kept: list[_Credit] = []
    ideas: list[_Credit] = []
    told: list[_Credit] = []
    parts = [_Part()]
    plain: list[_Credit] = []
    items = [0, 0]
    column, over, title = MOST, MOST, ""
    for above, row in pairwise((rows[0], *rows)) if rows else ():
        if row.level or (row.kind == "words" and _is_title(row)):
            title = row.words[:WIDE]
            round_ = bool(crowd.lexicon.rounds.search(title) or _KEPT.search(title))
            idea = crowd.lexicon.ideas.search(title) is not None
            reports, over = _REPORTS.search(title) is not None, MOST
            column = MOST
            parts.append(_Part())
            continue
        if row is rows[0] or row.kind != "words" or row.box is not None or row.mark == "arrow":
            continue
        credit = _credit(crowd, row)
        if credit is None and row.listed:
            if len(row.words) <= WIDE and _REPORTS.search(row.words):
                reports, over, column = True, row.column, MOST  # `1. 진행 상황`, over its items
                parts.append(_Part())
                continue
            if row.column <= over < MOST:
                reports, over = False, MOST
        if not row.listed:
            if credit is None and above.kind == "blank":
                reports, over = False, MOST  # the title of something else
            plain += [credit] if credit and all(map(crowd.why, credit.names)) else []
            continue
        if row.column > column and credit is None:
            continue  # more of what somebody says
        column = row.column if credit else MOST
        to_do = credit is not None and (
            crowd.lexicon.is_doing(row.words[: credit.end]) or _NEED.match(row.words) is not None
        )
        to_do = to_do and not (round_ and _WAS.search(title))
        items[0] += round_
        items[1] += idea
        parts[-1].items += reports
        if credit and round_ and not to_do:
            kept.append(credit)
        elif credit and idea:
            ideas.append(credit)
        elif credit and not to_do:
            told.append(credit)
            if reports and all(map(crowd.why, credit.names)):
                parts[-1].credits.append(credit)
    for found, among in ((kept, items[0]), (ideas, items[1])):
        if 2 * len(found) >= among:
            _take_credits(crowd, _of_people(crowd, found))
    told = [each for each in told if all(map(crowd.why, each.names))]
    most = (part for part in parts if 4 * len(part.credits) >= 3 * part.items)
    reported = [each for part in most for each in part.credits]
    if len({each.names for each in reported}) >= FEW - 1:
        _take_credits(crowd, reported)
    sentences = [each for each in told if _is_said(crowd, each)]
    many = len(sentences) >= FEW - 1 and 2 * len(sentences) >= len(told)
    # Longer than titles are, by all who were there: what they say ends as they like.
    there = {name for _, name in crowd.attendees}
    people = {name for each in told for name in each.names if name in there}
    long = sum(each.end for each in told) >= _TITLE * len(told)
    many = many or (bool(sentences) and len(told) > FEW and len(people) >= FEW - 1 and long)
    _take_credits(crowd, told if many else sentences)
    _take_credits(crowd, _beside_sentences(crowd, plain))


def _is_title(row: Row) -> bool:
    """Whether a line ends in a colon, or is but `토론` or `discussion`."""
    plain = not row.listed and _REPORTS.fullmatch(row.words[:WIDE]) is not None
    return row.words.endswith((":", "：")) or plain


def _is_said(crowd: Crowd, credit: _Credit) -> bool:
    """Whether what stands before a name is a sentence, and settles nothing."""
    words, end = credit.row.words, credit.end
    return (
        not _ONE_WORD.fullmatch(words, 0, end)
        and (
            _SENTENCE.search(words, 0, end)
            or _CLAUSES.search(words, 0, end)
            or (words[0] in _QUOTES and words[end : end + 1] in _CLOSING)
        )
        and not _NO_SAYING.match(words)
        and not crowd.lexicon.closing.search(words[max(0, end - WIDE) : end])
    )


def _beside_sentences(crowd: Crowd, plain: list[_Credit]) -> list[_Credit]:
    """Sentences in plain text that end in names, and where there are several what is beside."""
    said = {each.row.line.number for each in plain if _is_said(crowd, each)}
    lines = [each.row.line.number for each in plain]
    close = sum(later - line <= FEW // 2 for line, later in pairwise(lines))
    people = len({each.names for each in plain})
    doing = any(crowd.lexicon.is_doing(each.row.words[: each.end]) for each in plain)
    long = said or sum(each.end for each in plain) >= FEW * FEW * len(plain)  # no titles
    if (
        long
        and not doing
        and close >= FEW
        and 4 * close >= 3 * (len(lines) - 1)
        and people > FEW // 2
    ):
        return plain  # one below the other, most lines of a part
    if len(said) < FEW:
        return [each for each in plain if each.row.line.number in said]
    near = said | {line + step for line in said for step in (-1, 1)}
    return [each for each in plain if each.row.line.number in near]


@dataclass(slots=True)
class _Part:
    """What stands below one title: how many items report, and those that end in who does."""

    items: int = 0
    credits: list[_Credit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Credit:
    """An item, who stands behind it, and where what they say ends."""

    row: Row
    names: tuple[str, ...]
    end: int
    handle: bool = False
    """Whether it is a handle behind a slash: `… / robin_7`."""


def _credit(crowd: Crowd, row: Row) -> _Credit | None:
    tail = row.words[-WIDE:]
    match = _CREDIT.search(tail) if _MAY_CREDIT.search(tail) else None
    if match is None:
        return None
    signed = match["by"] or match["who"] or match["behind"] or match["handle"]
    names = names_in(crowd, signed)[0]  # `(하늘 구름)`, both known
    names = names or tuple(name for part in SPLIT.split(signed) if (name := bare_name(crowd, part)))
    good = names and all(crowd.why(name) or listed_shape(name) for name in names)
    end = len(row.words) - len(match.group())
    handle = "/" in match.group() and _HANDLE.fullmatch(signed) is not None
    return _Credit(row, names, end, handle) if good else None


def _of_people(crowd: Crowd, found: list[_Credit]) -> list[_Credit]:
    """Those behind which names stand, where nearly all have some and somebody comes again."""
    good = [
        each
        for each in found
        if each.handle or all(crowd.why(name) or is_usual_name(crowd, name) for name in each.names)
    ]
    count = Counter(name for each in good for name in each.names)
    again = sum(often > 1 for often in count.values())
    most = len(good) >= FEW and 8 * len(good) >= 7 * len(found)
    return good if most and 0 < again < len(good) else []


def _take_credits(crowd: Crowd, found: list[_Credit]) -> None:
    for each in found:
        line = each.row.line.number
        for name in each.names:
            crowd.knows(name, f"line {line}: an item ends in the name, as others do")
        crowd.signed[line] = (each.names, each.end)
