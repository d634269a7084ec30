"""`- Clouds from above (@robin)` below `Monday 3/4`, and others below other days."""

from __future__ import annotations

import re
from collections import defaultdict

from studykit.wiki.endings import is_statement
from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.rows import OUTLINE, Row
from studykit.wiki.rules.listed import in_list_with
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.quoted import NAME_FIRST
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State
from studykit.wiki.times import DATE, DAY

__all__ = ["note_is_of_talks", "take_dated_talks", "told_beside"]

LONGEST = 200
SHORT = 100
FEW = 3
SEVERAL = 2
MANY = 12
"""A plan in plain text has no more talks."""

_DATED = re.compile(rf"(?:[A-Za-z]{{3,9}}\.?,?[ \t]+)?(?:{DATE.pattern}|{DAY.pattern})(?!\d)")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DAY = re.compile(
    rf"(?:{DATE.pattern}|{DAY.pattern}|\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}}"
    r"|(?i:week) ?\d{1,2}|\d{1,2} ?(?:주차|회차?)|第\d{1,3}回|\d{1,2}月\d{1,2}日"
    r"|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?=[ \t]))"
    r"(?:[ \t]*\([^()]{1,3}\))?(?:[\s:]+(?:[-–][ \t]+)?)(?=\S)"
)
_TITLE_FIRST = re.compile(r"[^:→]{4,80}(?:[ \t]*:[ \t]*|[ \t]+[-–—→][ \t]+)[^:→]{1,16}")
_SIDES = re.compile(
    r"[ \t]+/[ \t]+|[ \t]+[-–—:→][ \t]+|[ \t]*:(?=[^\s:/]{1,16}$)|[ \t]*→[ \t]*|[ \t]{2,}|\t"
)
_CHAPTER = re.compile(
    r"(?:제 ?)?\d{1,2} ?(?:장|강|절|부)|第\d{1,2}[章節]|(?:ch|chapter)\b\.? ?\d", re.IGNORECASE
)
_LAST = re.compile(r"(?P<title>\S.{1,60}?)[ \t]+(?:…+[ \t]*)?(?P<who>[^\s\d…]{1,12})")
_ASIDE = re.compile(r"[ \t]{2,}\*[^*]*$")
"""`0314 하늘 <VAE>  *구름이랑 바뀔 수 있음`."""
_ADDRESS = re.compile(r"[ \t]*[(<]?https?://\S+")
_TALKS = re.compile(
    r"세미나|논문|발표|발제|\b(?:seminars?|papers?|talks?|reading|journal club|presentations?)\b"
    r"|輪読|発表|ゼミ",
    re.IGNORECASE,
)
_GIVES = re.compile(r"발표|발제|세미나|\b(?:presents?|talks?)\b|発表", re.IGNORECASE)
_OF_WORK = re.compile(r"[A-Z][A-Za-z\d]|[「『“\"]|\d{1,2} ?(?:장|강|절|부|챕터|章|節)")
"""What the titles of papers and chapters have, and a chore has not."""
_NEXT = re.compile(r"다음|차주|담주|차기|차회|\bnext\b|次回|来週", re.IGNORECASE)
_MEETINGS = re.compile(r"스터디|미팅|\b(?:meetings?|study)\b|勉強会", re.IGNORECASE)
_BEHIND = re.compile(
    r"(?P<title>\S.{2,160}?)[ \t]*"
    r"(?:\((?P<who>@?[^\W\d_][^(),]{1,24})(?:,[^()]{1,20})?\)"
    r"|[ \t](?:-{1,2}|–|—)[ \t]+(?P<name>@?[^\W\d_][^-–—()]{1,24}))[ \t.]*"
)
_LINK = re.compile(r"[ \t]*\[[^\[\]]{1,60}\]\([^()\s]{1,400}\)")


def take_dated_talks(state: State) -> None:
    """Find the titles below dates that end in who presents them, in a note of such.

    It takes three of them below two dates, two people, and nothing that is said or to be done.
    """
    rows = state.rows
    _take_numbered(state)
    talks = note_is_of_talks(state) or _opens_with_a_day(state)
    if not talks and not _MEETINGS.search(_about(state)):
        return
    found: dict[int, Found] = {}
    days, items = set[int](), 0
    day: Row | None = None
    column: int | None = None
    for at, row in enumerate(rows):
        if row.kind == "words" and not row.listed and _is_day(row):
            day, column = row, None
        elif row.level and (day is None or not day.level or row.level <= day.level):
            day = None
        elif day and row.kind == "words" and row.listed and row.box is None:
            if column is not None and row.column > column:
                continue  # more of what somebody presents, or of another matter
            talk = _talk(state, row, known=not talks)
            column = row.column if talk or not row.words[:1].isdigit() else None
            items += len(row.words) > FEW and not row.words.startswith("(")
            if talk:
                found[at] = talk
                days.add(day.line.number)
    people = {who for talk in found.values() for who in talk[1]}
    if len(found) >= FEW and len(days) > 1 and len(people) > 1 and 3 * len(found) >= items:
        for at, talk in found.items():
            state.programme[at] = (*talk, 1)


def _opens_with_a_day(state: State) -> bool:
    """Whether the note begins with a day's heading, and one of its items is a seminar."""
    first = state.next_words[0]
    if first == len(state.rows) or not state.rows[first].level or not _is_day(state.rows[first]):
        return False
    return any(row.listed and _TALKS.search(row.words[:SHORT]) for row in state.rows)


def note_is_of_talks(state: State) -> bool:
    """Whether the first line says that the note is of talks or papers."""
    if state.of_talks is None:
        state.of_talks = _TALKS.search(_about(state)) is not None
    return state.of_talks


def _about(state: State) -> str:
    return next((row.line.words for row in state.rows if row.kind == "words"), "")[:SHORT]


def _take_numbered(state: State) -> None:
    """`1. 구름의 종류 (하늘)`, `2. 안개 (나래)`, each over more, in a note of talks."""
    if not note_is_of_talks(state):
        return
    runs: defaultdict[tuple[int, int, str], list[int]] = defaultdict(list)
    for at, row in enumerate(state.rows):
        if row.kind == "words" and (row.mark == "number" or (row.level and row.number)):
            runs[row.level, row.column, row.sign].append(at)
    for run in runs.values():
        found = {at: talk for at in run if (talk := _talk(state, state.rows[at], known=False))}
        over = sum(_over_what_it_was(state, at) for at in found)
        if len(found) > 1 and len(found) == len(run) and over > 1:
            for at, (title, who, _) in found.items():
                reason = "a numbered title and who presents it behind it, as the others"
                state.programme[at] = (title, who, reason, 1)


def _over_what_it_was(state: State, at: int) -> bool:
    """Whether what is no title of its kind stands right below a row."""
    below = state.next_words[at + 1]
    if below == len(state.rows):
        return False
    row, other = state.rows[at], state.rows[below]
    deeper = bool(row.level) or other.column > row.column or not other.listed
    return not other.level and deeper


def told_beside(state: State, index: int) -> Found | None:
    """`3/14 구름의 종류 - 현수`, beside another day's, or `7장 → 현수`: who presents what."""
    row = state.rows[index]
    if row.level or row.box is not None or state.section.kind in ("task", "question", "decision"):
        return None
    words = _ASIDE.sub("", row.words) if len(row.words) <= LONGEST else ""
    if day := _DAY.match(words):
        beside = (state.rows[at] for at in (index - 1, index + 1) if 0 <= at < len(state.rows))
        if not any(_DAY.match(each.words) for each in beside if each.kind == "words"):
            return None
        words = words[day.end() :]
        if also := _DAY.match(words):  # `第5回 6月19日 …`
            words = words[also.end() :]
    elif not (_CHAPTER.match(words) and ("→" in words or _by_chapters(state, index))):
        return _planned(state, index)
    sure = day is not None and ("." not in day.group() or DATE.match(day.group()) is not None)
    # `3.2 하늘` is a part of the minutes.
    found = _beside_a_name(state, words, dated=sure, chapter=day is None)
    return found or (None if sure else _planned(state, index))


def _by_chapters(state: State, index: int) -> bool:
    """`7장 안개 - 하늘` beside `8장 비 - 나래`: who has which chapter."""
    row = state.rows[index]
    for at in (index - 1, index + 1):
        beside = state.rows[at] if 0 <= at < len(state.rows) else None
        if beside is None or beside.kind != "words" or beside.column != row.column:
            continue
        behind = beside.words[beside.label.end if beside.label else beside.words.rfind(" ") + 1 :]
        if _CHAPTER.match(beside.words) and names_in(state.crowd, behind)[0]:
            return True
    return False


def _beside_a_name(state: State, words: str, *, dated: bool, chapter: bool = False) -> Found | None:
    """What stands beside a name, on either side of a sign, or last behind a day."""
    sides = [side.strip() for side in _SIDES.split(words, maxsplit=1)]
    last = _LAST.fullmatch(words) if chapter else None
    if len(sides) != 2 and last:  # `3.4節の残り 現`, beside another such
        sides = [last["title"], last["who"].strip("… ")]
    if len(sides) != 2 and dated:  # `3/14 구름의 종류 현수`
        first, *behind = words.split(maxsplit=1)
        rest = "".join(behind)
        named = bool(names_in(state.crowd, first)[0])
        sides = [first, rest] if named else [side.strip() for side in words.rpartition(" ")[::2]]
    if len(sides) != 2 or not all(sides):
        return None
    for side in sides:
        quoted = NAME_FIRST.fullmatch(side)  # `論文紹介　加納「雲」`
        if quoted and (found := names_in(state.crowd, quoted["who"].strip()))[0]:
            return quoted["title"], found[0], f"who presents what: {found[1]}"
    for name, subject in (sides, sides[::-1]):
        who, why = names_in(state.crowd, name)
        title = _ADDRESS.sub("", subject).strip()
        work = not chapter and _is_work(state, title)  # `8장 구름 정리하기` is called so
        if who and names_subject(state, title, work=True) and not work:
            return title.strip('"“”「」←<>─― '), who, f"who presents what: {why}"
    return None


def _planned(state: State, index: int) -> Found | None:
    """`구름의 종류 - 하늘` below `다음 주`, with those below it, in a note of talks."""
    row, section = state.rows[index], state.section
    ahead = section.kind == "plan" or _NEXT.search(state.heading_over(index)[:SHORT])
    if not ahead or section.kind not in (None, "plan"):
        return None
    if row.listed and (found := _each_presents(state, index)):
        return found
    if not note_is_of_talks(state):
        return None
    if row.listed:
        titled = _TITLE_FIRST.fullmatch(row.words)
        if titled:
            return _beside_a_name(state, row.words, dated=False)
        return _talk(state, row, known=False)
    if section.scope == "heading" or state.next_words[state.below(section)] != index:
        return None
    for at in range(index, min(len(state.rows), index + MANY)):
        found = _dashed(state, state.rows[at])
        if found is None and (talk := _talk(state, state.rows[at], known=False)):
            reason = f"a title and who presents it, below the plans of line {section.label_line}"
            found = (*talk[:2], reason)
        if found is None:
            break
        state.programme[at] = (*found, 1)
    return state.programme[index][:3] if index in state.programme else None


def _each_presents(state: State, index: int) -> Found | None:
    """`- 하늘 : VAE` beside `- 구름 : GAN`, where the list or the note says that it is of talks."""
    row = state.rows[index]
    label = row.label
    who, why = names_in(state.crowd, label.name) if label and label.sign in ":-" else ((), "")
    if label is None or not who:
        return None
    items = in_list_with(state, index, MANY)
    titles, said = list[str](), False
    for each in items:
        if each.label and names_in(state.crowd, each.label.name)[0]:
            titles.append(each.words[each.label.end :])
        else:  # `한 사람당 10분 발표`
            said = said or _GIVES.search(each.words[:LONGEST]) is not None
    if len(titles) < len(items) - 1 or len(titles) < SEVERAL:
        return None
    of_talks = note_is_of_talks(state) or _MEETINGS.search(_about(state))
    works = not any(map(state.lexicon.is_doing, titles)) and all(map(_OF_WORK.search, titles))
    title = row.words[label.end :]
    if not (said or (of_talks and works)) or state.lexicon.is_to_do(title):
        return None
    if not names_subject(state, title, work=True):
        return None
    return title, who, f"who presents what next, as others do: {why}"


def _dashed(state: State, row: Row) -> Found | None:
    label = row.label if row.kind == "words" and len(row.words) <= LONGEST else None
    dash = label is not None and label.sign == "-"
    return _beside_a_name(state, row.words, dated=False) if dash else None


def _is_work(state: State, title: str) -> bool:
    return state.lexicon.is_doing(title) or bool(state.lexicon.closing.search(title))


def _is_day(row: Row) -> bool:
    return len(row.words) <= SHORT and _DATED.match(row.words) is not None


def _talk(state: State, row: Row, *, known: bool) -> Found | None:
    """A title and who stands behind it; in a note of other meetings only by a handle."""
    words = row.words if len(row.words) <= 4 * LONGEST else ""
    match = _BEHIND.fullmatch(_LINK.sub("", words) if "](" in words else words)
    if match is None:
        return None
    name, title = match["who"] or match["name"], OUTLINE.sub("", match["title"])
    if name.startswith("@"):
        who: tuple[str, ...] = names_in(state.crowd, name)[0] or (name[1:],)
    elif known:
        return None
    else:
        who = names_in(state.crowd, name)[0] or full_names(state.crowd, name)
    good = who and names_subject(state, title, work=True) and not is_statement(title)
    if not good or _is_work(state, title):
        return None
    return (
        title.strip(),
        who,
        "a title below a day, and who presents it behind it, as below other days",
    )
