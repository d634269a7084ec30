"""What a heading or a label names, where its words alone do not say: what stands below decides."""

from __future__ import annotations

import re

from studykit.wiki.endings import is_sentence
from studykit.wiki.evidence import names_in
from studykit.wiki.labels import bare_label, label_of
from studykit.wiki.lexicon import SectionKind
from studykit.wiki.rows import Row
from studykit.wiki.rules.handed import work_of
from studykit.wiki.rules.state import MARKDOWN_LEVELS, State
from studykit.wiki.times import without_date

__all__ = [
    "PREPARES",
    "dated",
    "hands_out",
    "lists_accounts",
    "numbers_a_part",
    "prepares",
    "shares_out",
    "somebodys",
    "titles_note",
    "whose_label",
]

FEW = 12
_MEETING = re.compile(r"(?:회의|모임|미팅|세미나|스터디|총회)$")
PREPARES = ("준비", "準備")
_ACCOUNTS = re.compile(
    r"계정|아이디|닉네임|백준|\b(?:git(?:hub|lab)?|accounts?|ids?|user ?names?|handles?|emails?)\b"
    r"|repositor(?:y|ies)|アカウント",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"[ \t]*`?@?[A-Za-z][\w.-]{2,38}(?:@[\w.-]{4,40})?`?[ \t]*")
_ASIDE = re.compile(r"[(\[][ \t]*(?P<who>[^()\[\]]{1,40}?)[ \t]*[)\]]")
_BEFORE = re.compile(r"(?P<who>\S{1,12}?(?:[ \t][A-Z][\w-]{1,20})?)(?:의|'s|’s)?[ \t]+(?=\S)")
_FOR = re.compile(r"[ \t](?:for|by|of)[ \t]+(?P<who>[A-Z][^:()]{1,30})$")
_SHARED_OUT = re.compile(
    r"(?:역할|업무|파트|기능|작업|일|담당)(?:을|를)?[ \t]?"
    r"(?:분담|분배|배분|배정|나누기|나눔|정하기|정함)"
    r"[ \t]?(?:완료|함|했음)?$"
)
_ARE_TO = re.compile(r"(?P<who>[A-Z].{1,60}?) (?:to|will|needs? to|should)")
LONG = 40
"""No label that says what is handed out below it is longer."""


def titles_note(state: State, index: int) -> bool:
    """`# 역할 분담 정리` over all other headings, which name sections: what the note is called."""
    row, headings = state.rows[index], state.headings
    called = bare_label(row.words)
    if row.level and index == state.next_words[0] and _MEETING.search(called):
        return state.lexicon.when.match(called) is None  # `<여름 세션 준비 회의>`
    if len(headings) < 2 or headings[0] != index or row.level > MARKDOWN_LEVELS:
        return False
    if any(each.listed and not each.label for each in state.rows[index : headings[1]]):
        return False
    below = [state.rows[at] for at in headings[1:]]
    names = [each.words.rstrip(": \t") for each in below]
    return (
        all(each.level > row.level for each in below)
        and any(state.lexicon.section(name) for name in names)
        and not any(names_in(state.crowd, name)[0] for name in names)
    )


def dated(state: State, label: str) -> SectionKind | None:
    """`### 2031-03-04 - To Do`: the name behind a heading's date."""
    name = without_date(label).lstrip(" \t-–—:|.)")
    if name == label:
        return None
    _, dash, behind = name.partition("- ")  # `2031-03-04 Wed - To Do`
    return state.lexicon.section(name) or (state.lexicon.section(behind) if dash else None)


def hands_out(state: State, index: int) -> bool:
    """Whether each item right below a long label of tasks begins with somebody's name."""
    row = state.rows[index]
    return len(row.words) <= LONG and bool(_parts(state, index))


def shares_out(state: State, index: int) -> bool:
    """`지도 기능별 업무 분담 완료` over `구름: 하늘` and the like: who does which part."""
    words = bare_label(state.rows[index].words)
    return _SHARED_OUT.search(words[-LONG:]) is not None and bool(_parts(state, index))


def prepares(state: State, index: int, label: str) -> bool:
    """`발표 준비` over `현수: 자료 조사` and the like: who does which part."""
    if not label.endswith(PREPARES) or len(label) > LONG:
        return False
    parts = _parts(state, index)
    return bool(parts) and not any(is_sentence(part.words) for part in parts)


def lists_accounts(state: State, index: int) -> bool:
    """`현수 : hyunsu-7` below `git 계정`: what somebody is called elsewhere."""
    row = state.rows[index]
    label = row.label
    if label is None or not _ACCOUNT.fullmatch(row.words, label.end):
        return False
    for above in state.rows[max(0, index - FEW) : index][::-1]:
        if above.level or (above.kind == "words" and above.column < row.column):
            return _ACCOUNTS.search(above.words[:LONG]) is not None
        if above.kind == "words" and not above.listed:
            return _ACCOUNTS.search(above.words[:LONG]) is not None
    return False


def _parts(state: State, index: int) -> list[Row]:
    """The items below a label, where each begins with somebody's name; else none."""
    row, column = state.rows[index], None
    people: list[Row] = []
    for below in state.rows[index + 1 : index + FEW]:
        if below.kind == "blank":
            continue
        if below.kind != "words" or below.level or below.column <= row.column:
            break
        column = below.column if column is None else column
        if below.column > column:
            continue
        label = below.label
        named = label is not None and names_in(state.crowd, label.name)[0]
        if not below.listed or not (named or work_of(state, below)):
            return []
        people.append(below)
    return people if len(people) > 1 else []


def numbers_a_part(state: State, index: int) -> bool:
    """`1. 강의` over `- 3강 듣기` at its own column: a part of the list, and no item of it."""
    row = state.rows[index]
    following = state.next_words[index + 1]
    if row.mark != "number" or following == len(state.rows):
        return False
    below = state.rows[following]
    beside = below.mark == "bullet" and below.column == row.column
    return beside and not state.lexicon.is_doing(row.words)


def whose_label(state: State, label: str) -> tuple[str, ...]:
    """Whose the section is that `하늘의 할 일`, `할 일 (하늘)` or `TODO - 하늘` names."""
    parted = label_of(label)
    sides = (parted.name, label[parted.end :]) if parted else ()
    patterns = (_ASIDE.search(label), _BEFORE.match(label), _FOR.search(label))
    found = (_ARE_TO.fullmatch(label), *patterns)
    for who in (*sides, *(match["who"] for match in found if match)):
        # `오늘 할 일` and `모두의 질문` begin with a word that nobody has for a name.
        if names := names_in(state.crowd, who.strip())[0]:
            return names
    return ()


def somebodys(state: State, label: str) -> SectionKind | None:
    """What `할 일 : 하늘`, `하늘 역할` or `Robin to:` holds: a name beside what is no label."""
    if (to := _ARE_TO.fullmatch(label)) and names_in(state.crowd, to["who"])[0]:
        return "task"
    parted = label_of(label)
    if parted and names_in(state.crowd, label[parted.end :])[0]:
        kind = state.lexicon.section(parted.name)
        return kind if kind in ("task", "question", "plan") else None
    word = state.lexicon.assigned.search(label)
    return "task" if word and names_in(state.crowd, label[: word.start()])[0] else None
