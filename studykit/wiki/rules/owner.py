"""Whose a task is, in a list of tasks: `하늘은 지도 그리기`, `지도 (하늘 담당)`, `지도 | 하늘`."""

from __future__ import annotations

import re

from studykit.wiki.evidence import names_in
from studykit.wiki.rules.state import State

__all__ = ["owner_before", "stated_owners"]

LONGEST = 80
FEW = 12
_SUBJECT = re.compile(
    r"(?P<who>[^:：]{2,40}?)(?P<particle>은|는|이|가|께서|께서는)[ \t]+(?P<said>\S.*)"
)
_JOINED = re.compile(r"(?<=[가-힣])(?:과|와|이랑|랑|하고)[ \t]+")
_NOT_ONE = re.compile(
    r"(?<!\S)(?:각자|각각|모두|다들|전원|다 같이|제외\S*|빼고|없이|불참|결석|휴가)(?!\S)"
)
_CHARGED = re.compile(
    r".*?\S[ \t]*\(?[ \t]*(?:담당자?|担当)[ \t]*[:：]?[ \t]+(?P<who>[^()]{2,30})\)?[ \t.]*"
)
_CHARGE_BEHIND = re.compile(
    r".*\([ \t]*(?P<who>[^()]{2,30}?)[ \t]*(?:담당|担当|맡음|진행)\)[ \t.]*"
)
_OF_OTHERS = re.compile(
    r"(?:리뷰|듣기|확인|피드백|검토|읽기|보기|연락|문의|전달|요청)(?:하기|주기|할 것)?[ \t.!]*$"
)
_BARS = re.compile(r"[ \t]*(?:\|+|>{1,2}|;)[ \t]*")
_DUTY = re.compile(r"(?P<who>[A-Z][^:]{1,40}?) (?:needs|is|has|ought)(?: to) [a-z]")
_BY = re.compile(r"[(\[](?P<who>[^()\[\]]{2,30}?),? by [^()\[\]]{2,20}[)\]][ \t.]*$")
_SIGNED = re.compile(r"[ \t]by[ \t]+(?P<who>[^:]{2,30})$")


def stated_owners(state: State, words: str) -> tuple[tuple[str, ...], str]:
    """Those of the note's people whom a task's words name as its owners, and why; else nobody."""
    if len(words) > LONGEST or _NOT_ONE.search(words):
        return (), ""
    for who, how in (
        *_by_signs(words),
        *_by_words(words),
    ):
        if (found := names_in(state.crowd, who) if who else ((), ""))[0]:
            return found[0], f"{how}: {found[1]}"
    return (), ""


def owner_before(state: State, index: int) -> tuple[tuple[str, ...], str]:
    """Whose `하늘님 지도 그리기` is, where each item beside it begins with another's name as well.

    Alone, a name there may say whose map it is.
    """
    row = state.rows[index]
    own = _first(state, row.words)
    if not own[0] or not row.listed:
        return (), ""
    names, said = {own[0]}, {row.words.partition(" ")[2]}
    for step in (-1, 1):
        for at in range(index + step, index + step * FEW, step):
            if not 0 <= at < len(state.rows):
                break
            beside = state.rows[at]
            if beside.kind == "blank" or (beside.kind == "words" and beside.column > row.column):
                continue
            if not beside.listed or beside.column != row.column or beside.sign != row.sign:
                break
            name, _ = _first(state, beside.words)
            if not name or name in names:
                return (), ""
            names.add(name)
            said.add(beside.words.partition(" ")[2])
    # `하늘님 코드 리뷰` and `나래님 코드 리뷰` are somebody else's.
    if len(names) < 2 or len(said) < len(names) or any(map(_OF_OTHERS.search, said)):
        return (), ""
    return (own[0],), f"whose name stands before it, as others do: {own[1]}"


def _first(state: State, words: str) -> tuple[str, str]:
    """The person with whose name the words begin, if a blank and more stand behind it."""
    name, blank, rest = words[:LONGEST].partition(" ")
    found = names_in(state.crowd, name) if blank and rest and len(name) <= FEW else ((), "")
    return (found[0][0], found[1]) if len(found[0]) == 1 else ("", "")


def _by_signs(words: str) -> list[tuple[str, str]]:
    sides = _BARS.split(words)
    if len(sides) == 2:
        return [
            (sides[0], "whose name stands before it"),
            (sides[1], "whose name stands behind it"),
        ]
    name, colon, rest = words.partition(":")
    if not colon:
        return []
    several = rest.split()
    joined = ", ".join(several) if 1 < len(several) <= 4 else ""
    return [
        (_JOINED.sub(", ", name.strip()), "whose names stand before it"),
        (joined, "whose names stand behind it"),
    ]


def _by_words(words: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    subject = _SUBJECT.match(words)
    if subject and (subject["particle"][0] in "은는" or not _describes(subject["said"])):
        found.append((_JOINED.sub(", ", subject["who"]), "who is said to do it"))
    for pattern, how in (
        (_CHARGED, "who is in charge"),
        (_CHARGE_BEHIND, "who is in charge"),
        (_DUTY, "who is to do it"),
    ):
        if match := pattern.match(words):
            found.append((match["who"], how))
    behind = (pattern.search(words) for pattern in (_BY, _SIGNED))
    found += [(match["who"], "whose name stands behind it") for match in behind if match]
    if words.endswith(")"):
        found.append((words, "whose name stands before the brackets"))
    return found


def _describes(said: str) -> bool:
    """Whether `준 표 확인` says whose the thing is: a word before the last ends as `준` does."""
    return any(
        "가" <= word[-1] <= "힣" and (ord(word[-1]) - ord("가")) % 28 in _ADJECTIVE
        for word in said.split()[:-1]
    )


_ADJECTIVE = (4, 8)
"""The places of ㄴ and ㄹ among the finals of a syllable: `그린 지도`, `고칠 글`."""
