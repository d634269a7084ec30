"""Who presents in turn: `1. NLTK : 하늘님`, `2. Word2Vec : 나래님`, each over what it was about."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby, islice

from studykit.wiki.endings import is_statement
from studykit.wiki.evidence import names_in
from studykit.wiki.evidence.schedules import dated_rows
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row
from studykit.wiki.rules.dated_talks import note_is_of_talks
from studykit.wiki.rules.letters import in_any_case
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State
from studykit.wiki.rules.talk_time import OPEN

__all__ = ["take_in_turn"]

_SECTIONS = re.compile(r"\d{1,2}\.\d{1,2}(?:[ ]?[-~〜–,][ ]?\d{1,2}\.\d{1,2})+")
"""`5.1-5.2` of a book."""
_ASIDE = re.compile(r"(?<=\S)[ \t]*\([^()]{1,40}\)$")
LONGEST = 120
TITLE = 60
_ROLES = re.compile(
    r"역할|담당|분담|분배|분업|할 ?일|과제|숙제|\broles?\b|\btasks?\b|担当|役割", re.IGNORECASE
)
_LENGTH = re.compile(
    r"[ \t]*(?:[-–—(,/][ \t]*(?:약 ?)?\d{1,3}[ \t]?(?:분|시간|min\w*|hours?|h|m|分)\)?"
    r"|\(\d{1,2}:\d{2}[ \t]?[-–—~][ \t]?\d{1,2}:\d{2}\))[ \t.]*$"
)
_DIGIT = re.compile(r"\d")
_MAY_PART = re.compile(r"[:–—-]")
_SIGN = re.compile(r"[ \t]*:(?!//)[ \t]*|[ \t]+[-–—][ \t]+")
_PAPERS = re.compile(
    r"발표|발제|논문|세미나|"
    + in_any_case(r"p(?<=\bp)apers?\b", r"t(?<=\bt)alks?\b", r"s(?<=\bs)eminar\b")
)
_PLAN_OF = re.compile(
    r"(?:발표|발제|세미나|presentation|talks?|seminar)[ \t]*"
    r"(?:순서|계획|일정|분담|분배|구성|plan|order|schedule)?[ \t]*(?:[(:].{0,30})?$",
    re.IGNORECASE,
)
_LINK_AND_NAME = re.compile(
    r"\[(?P<title>[^\[\]]{1,120})\]\(https?://[^()\s]{1,300}\)"
    r"[ \t]*[-–—]?[ \t]*(?P<who>[가-힣]{1,5})"
)
_CHAPTER_OF = re.compile(
    r"(?P<title>(?:제 ?)?\d{1,2} ?(?:장|강|절|부|챕터|章)[^:]{1,80}?)[ \t]*:[ \t]+"
    r"(?P<who>[^:\d]{2,40})"
)
_CAPITALS = re.compile(r"(?<![\w-])[A-Z][A-Za-z-]{2,}")
_SAYS = re.compile(r"[가-힣]\.[ \t]|[요죠다음][.!]?$|^[^A-Za-z가-힣]")
_BY_GROUP = re.compile(
    r"(?P<title>\S.{0,200}?)[ \t]*:[ \t]*"
    r"(?:(?i:group|team) ?\d{1,2}|\d{1,2} ?[조팀]|[조팀] ?\d{1,2}|자율|자유)[ \t]*발표[ \t.]*"
)
NEAR = 12


def take_in_turn(state: State) -> None:
    """Find lines that say who presents what, two or more of them, and each of one form.

    Behind days, `이름: 제목` line by line, groups, what a plan of a talk has below it, links with
    names, and numbered.
    """
    _take_dated(state)
    _take_ticked_chapters(state)
    _take_each(state)
    _take_groups(state)
    _take_planned(state)
    _take_links(state)
    runs: defaultdict[tuple[int, int, str], list[int]] = defaultdict(list)
    for at, row in enumerate(state.rows):
        if row.kind == "words" and row.mark == "number" and len(row.words) <= LONGEST:
            behind = row.line.words.lstrip("0123456789")[:1]  # `1.`, or `1)` inside it
            runs[bisect_left(state.headings, at), row.column, behind].append(at)
    for run in runs.values():
        if len(run) > 1 and not _ROLES.search(state.heading_over(run[0])[:TITLE]):
            _take_behind(state, run)
            _take_before(state, run)


def _take_dated(state: State) -> None:
    """`9/6  하늘  구름의 종류` and `9/13  나래  안개`: a day, names, and what they present."""
    forms: defaultdict[tuple[int, int, bool], dict[int, Found]] = defaultdict(dict)
    doing: defaultdict[tuple[int, int, bool], dict[int, Found]] = defaultdict(dict)
    for row, parts in dated_rows(state.rows):
        if row.line.number in state.crowd.reporting:
            continue  # `09:01  * robin waves`
        at, sides = state.row_of(row.line.number), _with_last_name(state, parts)
        named = [(side, names_in(state.crowd, side)) for side in sides]
        titles = [side for side, (names, _) in named if not names]
        people = [found for _, found in named if found[0]]
        form = bisect_left(state.headings, at), row.column, row.listed
        if row.box is None and len(people) == 1 and titles and _is_subject(state, titles[0]):
            found = (titles[0], people[0][0], f"a day, names and a title: {people[0][1]}")
            (forms if _is_titled(state, at, titles[0]) else doing)[form][at] = found
        if row.box is None and len(people) == 1 and titles and OPEN.fullmatch(titles[0].strip()):
            why = f"a day and names, and no title yet: {people[0][1]}"
            doing[form][at] = (titles[0], people[0][0], why)
        if not people and len(titles) == 2 and OPEN.fullmatch(titles[0]):
            titles = [titles[1], titles[0]]  # `3/14  미정  구름의 종류`
        is_open = not people and len(titles) == 2 and OPEN.fullmatch(titles[-1])
        if row.box is None and is_open and titles[0] != "slot" and _is_titled(state, at, titles[0]):
            found = (titles[0], (), f"a day and a title, and nobody yet: {titles[-1]}")
            forms[form][at] = found
    for form, talks in forms.items():
        if sum(bool(names) for _, names, _ in talks.values()) > 1:
            # Among titles `씨앗 받아 말리기` is one, too.
            also = doing[form] if 2 * len(doing[form]) <= len(talks) else {}
            state.programme.update({at: (*talk, 1) for at, talk in (talks | also).items()})


def _with_last_name(state: State, sides: list[str]) -> list[str]:
    """The title of `9/6 구름의 종류 하늘` and the name in which it ends."""
    if len(sides) != 2 or any(names_in(state.crowd, side)[0] for side in sides):
        return sides
    title, _, last = sides[1].rpartition(" ")
    return [f"{sides[0]} {title}".strip(), last] if names_in(state.crowd, last)[0] else sides


def _is_titled(state: State, at: int, title: str) -> bool:
    """Whether words can be a title there: what is done, only in a note or below one of talks."""
    if _ROLES.search(state.heading_over(at)[:TITLE]):
        return False
    talks = note_is_of_talks(state) or _below_heading_of_talks(state, at)
    talks = talks or _below_word_of_talks(state, at)
    return _is_subject(state, title) and (
        talks or not state.lexicon.is_doing(_ASIDE.sub("", title))
    )


def _is_subject(state: State, title: str) -> bool:
    title = _ASIDE.sub("", title)  # `Fog (벌써 떨린다..)`
    return _may_be_title(state, title) or _SECTIONS.fullmatch(title) is not None


def _below_word_of_talks(state: State, at: int) -> bool:
    """Whether `발표` stands right over the lines among which a row is, all of one column."""
    above = at - 1
    while above > max(0, at - NEAR) and _opens_with_number(state.rows[above]):
        above -= 1
    row = state.rows[above] if at else None
    short = row is not None and row.kind == "words" and len(row.words) <= NEAR
    return bool(short and row and state.lexicon.talk.search(row.words))


def _opens_with_number(row: Row) -> bool:
    return row.kind == "words" and row.words[:1].isdigit()


def _take_ticked_chapters(state: State) -> None:
    """`- [x] 1장 구름 : 하늘, 나래`, three or more of them: who presents which chapter."""
    runs = groupby(enumerate(state.rows), lambda pair: (pair[1].box is not None, pair[1].column))
    for (boxed, _), run in runs:
        found = {
            at: (match["title"], names)
            for at, row in run
            if boxed and (match := _CHAPTER_OF.fullmatch(row.words[:LONGEST]))
            if (names := [name.strip() for name in match["who"].split(",")])
            if all(map(listed_shape, names))
        }
        for at, (title, names) in found.items() if len(found) > 2 else ():
            reason = "a chapter, a colon, then names, in a list of ticked chapters"
            state.programme[at] = (title, tuple(names), reason, 1)


def _take_each(state: State) -> None:
    """`하늘: Clouds from Above` and `나래: The Names of Rain`, where talks are spoken of."""
    run: list[tuple[int, Found]] = []
    if not any(_PAPERS.search(row.words[:LONGEST]) for row in state.rows if row.kind == "words"):
        return
    for at, row in enumerate([*state.rows, None]):
        found = _before(state, row, LONGEST) if row is not None and _may_tell(row) else None
        if found and row is not None and (not run or _beside(state, run[-1][0], row)):
            run.append((at, found))
            continue
        if row is not None and row.kind == "blank":
            continue
        people = {names for _, (_, names, _) in run}
        each_once = len(people) == len(run) > 1
        papers = len(run) > 2 and each_once and _of_papers(state, run)
        if papers or (each_once and _below_the_plan(state, run)):
            state.programme.update({each: (*talk, 1) for each, talk in run})
        run = [(at, found)] if found else []


def _below_the_plan(state: State, run: list[tuple[int, Found]]) -> bool:
    """`다음주 목요일 발표` right above a run of names and titles."""
    above = state.previous_words[run[0][0]]
    plan = above >= 0 and len(state.rows[above].words) <= TITLE
    titles = (title or "" for _, (title, *_) in run)
    named = plan and _PLAN_OF.search(state.rows[above].words.rstrip(": ")) is not None
    return named and not any(map(_SAYS.search, titles))


def _may_tell(row: Row) -> bool:
    plain = row.kind == "words" and row.mark in ("", "bullet") and not row.level
    return plain and row.box is None and len(row.words) <= LONGEST


def _beside(state: State, at: int, row: Row) -> bool:
    above = state.rows[at]
    return (above.column, above.mark) == (row.column, row.mark)


def _of_papers(state: State, run: list[tuple[int, Found]]) -> bool:
    """Whether what stands above a run, below the same heading, speaks of talks or papers.

    Half of the titles are in Latin letters, of several words, as those of papers are.
    """
    first = run[0][0]
    at = bisect_left(state.headings, first)
    begin = state.headings[at - 1] if at else 0
    above = state.rows[max(begin, first - NEAR) : first]
    spoken = any(_PAPERS.search(row.words[:LONGEST]) for row in above if row.kind == "words")
    titles = [title or "" for _, (title, *_) in run]
    latin = sum(len(_CAPITALS.findall(title)) > 2 for title in titles)
    spoken = spoken and not any(map(_SAYS.search, titles))
    role = _ROLES.search(state.heading_over(first)[:TITLE])
    papers = any("논문 발표" in row.words[:LONGEST] for row in above)
    return spoken and not role and (papers or 2 * latin >= len(titles))


def _take_planned(state: State) -> None:
    """`지도 그리기 / 하늘` and `나래 : 시연`, right below a line that names the plan of a talk."""
    end = 0
    for at, row in enumerate(state.rows):
        if at < end or row.kind != "words" or len(row.words) > TITLE:
            continue
        if not (state.lexicon.talk.search(row.words) or _PAPERS.search(row.words)):
            continue
        if not _PLAN_OF.search(row.words):
            continue
        found: dict[int, Found] = {}
        for below in range(state.next_words[at + 1], len(state.rows)):
            each = state.rows[below]
            talk = _of_two(state, each) if each.kind == "words" and not each.level else None
            if talk is None:
                break
            found[below] = talk
        end = max(found, default=0)  # a row before the last names a part of the same plan
        people = {names for _, names, _ in found.values()}
        if len(found) > 1 and len(people) > 1:
            state.programme.update({below: (*talk, 1) for below, talk in found.items()})


def _of_two(state: State, row: Row) -> Found | None:
    """A title and who presents it, in either order, and nothing that anybody says of it."""
    title, slash, who = row.words.rpartition(" / ")
    sides = [title, who] if slash else _SIGN.split(row.words, maxsplit=1)
    if len(sides) != 2 or row.box is not None or len(row.words) > LONGEST:
        return None
    for name, other in (sides, sides[::-1]):
        people, why = names_in(state.crowd, name)
        if squeeze(other) in state.lexicon.offices | state.lexicon.charged:
            return None  # `서기: 하늘`
        said = is_statement(other) or _SAYS.search(other) or _is_due(state, other)
        if people and other.strip() and not said and not names_in(state.crowd, other)[0]:
            reason = f"a title and who presents it, below the plan of a talk: {why}"
            return other.strip(), people, reason
    return None


def _is_due(state: State, said: str) -> bool:
    """Whether words say what is to be done, or by when; `자료 조사 및 발표` tells of a talk."""
    if state.lexicon.is_to_do(said) or state.lexicon.until.search(said):
        return True
    return state.lexicon.is_doing(said) and state.lexicon.talk.search(said) is None


def _take_links(state: State) -> None:
    """`[징검다리](https://…)-하늘`, line by line where talks are spoken of, or nobody yet."""
    found: dict[int, Found] = {}
    for at, row in enumerate(state.rows):
        match = _LINK_AND_NAME.fullmatch(row.line.words) if "](" in row.line.words else None
        if match and row.kind == "words" and not row.level:
            who = () if OPEN.fullmatch(match["who"]) else (match["who"],)
            found[at] = (match["title"], who, "a link and a name behind it, as others")
    often = Counter(who for _, names, _ in found.values() for who in names)
    again = sum(count > 1 for count in often.values())
    top = islice((row.words[:LONGEST] for row in state.rows if row.kind == "words"), NEAR)
    spoken = any(map(_PAPERS.search, top))
    if again > 2 and len(found) > 2 * again and spoken and 2 * again >= len(often):
        state.programme.update({at: (*talk, 1) for at, talk in found.items()})


def _take_groups(state: State) -> None:
    """`분해합 : 3조 발표`, three lines or more: what a group presents, and nobody by name."""
    found = {
        at: match["title"]
        for at, row in enumerate(state.rows)
        if row.kind == "words" and row.listed and (match := _BY_GROUP.fullmatch(row.words))
    }
    if len(found) > 2:
        reason = "a title, and a group that presents it, as others"
        state.programme.update({at: (title, (), reason, 1) for at, title in found.items()})


def _take_behind(state: State, run: list[int]) -> None:
    """`1. NLTK : 하늘님`, each over a list of what it was about."""
    found = {at: talk for at in run if (talk := _behind(state, state.rows[at]))}
    over = sum(_has_more_below(state, at) for at in found)
    people = {who for _, names, _ in found.values() for who in names}
    # `1. UI 나누기 - 하늘` shares work out; a talk's list calls people as one does to their face.
    called = sum("님" in state.rows[at].words for at in found)
    sure = (
        2 * called >= len(found)
        or note_is_of_talks(state)
        or _below_heading_of_talks(state, run[0])
    )
    doing = [state.lexicon.is_doing(title or "") for title, *_ in found.values()]
    sure = sure and not all(doing)  # `1. 발표 자료 작성 - 하늘` is work
    if over > 1 and len(people) > 1 and 2 * len(found) >= len(run) and sure:
        state.programme.update({at: (*talk, 1) for at, talk in found.items()})


def _take_before(state: State, run: list[int]) -> None:
    """`1. 하늘님 : Coursera - 30분`; without how long it is, where talks are spoken of."""
    found = {at: talk for at in run if (talk := _before(state, state.rows[at]))}
    if len(found) < 2 or 2 * len(found) < len(run):
        return
    timed = [at for at in found if _LENGTH.search(state.rows[at].words)]
    if len(timed) > 1 and 2 * len(timed) >= len(found):
        state.programme.update({at: (*talk, 1) for at, talk in found.items()})
        return
    talks = any(state.lexicon.talk.search(state.rows[at].words) for at in run)
    if talks or _below_heading_of_talks(state, run[0]):
        state.told_talks.update(found)


def _behind(state: State, row: Row) -> Found | None:
    sides = _SIGN.split(row.words)
    who, why = names_in(state.crowd, sides[1]) if len(sides) == 2 else ((), "")
    if not who or not _may_be_title(state, sides[0]):
        return None
    return sides[0].strip(), who, f"a title and a name behind it, as others: {why}"


def _before(state: State, row: Row, longest: int = TITLE) -> Found | None:
    if not _MAY_PART.search(row.words):
        return None
    words = _LENGTH.sub("", row.words) if _DIGIT.search(row.words) else row.words
    sides = _SIGN.split(words, maxsplit=1)
    who, why = names_in(state.crowd, sides[0]) if len(sides) == 2 else ((), "")
    if not who or not _may_be_title(state, sides[1], longest):
        return None
    return sides[1].strip(), who, f"a name and a title, as others: {why}"


def _may_be_title(state: State, words: str, longest: int = TITLE) -> bool:
    words, lexicon = words.strip(), state.lexicon
    word = squeeze(words)
    plain = len(words) <= longest and not is_statement(words) and not lexicon.is_to_do(words)
    # Between numbers, `서비스` and `논문` may be what was spoken of.
    called = word in lexicon.nobody | lexicon.subjects or names_subject(state, words, work=True)
    role = word in lexicon.disciplines | lexicon.offices | lexicon.presenter
    return plain and called and not role and lexicon.section(words) is None


def _has_more_below(state: State, at: int) -> bool:
    """Whether more stands right below a row than the next of its kind."""
    below = state.next_words[at + 1]
    if below == len(state.rows):
        return False
    row, other = state.rows[at], state.rows[below]
    return not other.level and (other.column > row.column or other.sign != row.sign)


def _below_heading_of_talks(state: State, at: int) -> bool:
    """Whether a heading above a row is of talks."""
    if state.below_talks is None:
        state.below_talks = list(_each_below_talks(state))
    over = bisect_left(state.headings, at)
    return over > 0 and state.below_talks[over - 1]


def _each_below_talks(state: State) -> Iterator[bool]:
    """For each heading, whether it is of talks or stands below one that is."""
    above: list[tuple[int, bool]] = []
    for head in state.headings:
        row = state.rows[head]
        while above and above[-1][0] >= row.level:
            above.pop()
        talks = (bool(above) and above[-1][1]) or bool(state.lexicon.talk.search(row.words[:TITLE]))
        above.append((row.level, talks))
        yield talks
