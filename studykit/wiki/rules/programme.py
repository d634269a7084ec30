"""A list of who presents what: `하늘 : 구름의 종류`, `3/14 VAE (현수)`, a name over a title.

Below `발표 순서` each such item is a talk. `발표` alone may as well head what was said of one, or
the work on one: below it all items have to be a name and a title.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise

from studykit.wiki.evidence import Crowd, employed_names, full_names, names_in, stated_names
from studykit.wiki.labels import bare_label, label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.rows import Row
from studykit.wiki.rules.dated_talks import note_is_of_talks
from studykit.wiki.rules.link import LINKED
from studykit.wiki.rules.listed import says_nothing
from studykit.wiki.rules.presenter import COHORT, Found
from studykit.wiki.rules.quoted import IN_QUOTES, NAME_FIRST, TITLE_FIRST
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State
from studykit.wiki.times import CLOCKS, DATE, DAY, SHORT_TIME, without_date

__all__ = [
    "ADDRESS",
    "known_names",
    "listed_talk",
    "take_programme",
]

LONGEST = 200
NAME = 40
TAIL = 60
FEW = 12
MANY = 100
"""More rows below one label are no programme."""

_Names = Callable[[Crowd, str], tuple[str, ...]]

_WEEK = r"(?:제? ?\d{1,3} ?(?:주차?|회차?|강|번째)|(?:week|session|day) ?#?\d{1,3}|第\d{1,3}[回週])"
_WHEN = re.compile(
    rf"[(\[]?(?:{_WEEK}|{DATE.pattern}|{DAY.pattern}|{SHORT_TIME.pattern}"
    r"|(?:1[0-2]|0?[1-9])\. ?(?:3[01]|[12]\d|0?[1-9])\.(?=[ \t])"
    r"|[01]\d[0-3]\d(?=[ \t)\]]))(?:[ \t]*\([^()]{1,12}\))?[)\]]?"
    r"[ \t]*(?:[:.|~–—-][ \t]*|(?=[ \t]|$))",
    re.IGNORECASE,
)
_LAST_WHEN = re.compile(
    rf"(?<![ \t])[ \t]*(?:[(\[,][ \t]*)?(?:{_WEEK}|{DAY.pattern}|{SHORT_TIME.pattern})"
    r"[ \t.]*(?:[)\]][ \t.]*)?$",
    re.IGNORECASE,
)
_CLOCK = re.compile(rf"{CLOCKS.pattern}[ \t:|-]*")
ADDRESS = re.compile(r"[ \t]*[(<]?https?://[^\s()<>]{1,400}[)>]?[ \t.]*$", re.IGNORECASE)
_ORDER = re.compile(r"[ \t]*(?:[-=]+>|→|>)[ \t]*")
_LAST_LINK = re.compile(
    r"(?:(?<=[)」”\"])[ \t]+\[[^\[\]]{1,60}\]"
    r"|[ \t]+\[(?:발표 ?)?(?:슬라이드|자료|영상|링크|slides?|video|links?|pdf|スライド|資料|動画)"
    r"\])"
    r"\([^()\s]{1,400}\)[ \t.]*$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"(?P<before>\S.*?)[ \t]*[(\[](?P<inside>[^()\[\]]{2,60})[)\]][ \t.]*")
_CALLED = re.compile(r"\)[ \t]*[-–—][ \t]*@[\w-]+(?:[ \t]*,[ \t]*@[\w-]+)*[ \t]*$")
_SIGNS = (
    re.compile(r"[ \t]*(?:→|←|[-=]>|<-|:(?!//))[ \t]*|[ \t]+[-–—][ \t]+"),
    re.compile(r"[ \t]+[/|][ \t]+"),
    re.compile(r"[ \t]{2,}|\t"),
    re.compile(r",[ \t]*"),
)
_LAST_ASIDE = re.compile(r"[ \t]*[(\[][^()\[\]]{0,30}[)\]]$")
_CUT = re.compile(
    rf"^(?:{_WEEK}|{DATE.pattern}|{DAY.pattern}|(?:1[0-2]|[1-9])월)[ \t:.-]*", re.IGNORECASE
)
_WEEK_ALONE = re.compile(rf"{_WEEK}[ \t]*(?:[(:-][^()]{{0,24}}\)?)?", re.IGNORECASE)
_SCHEDULE = re.compile(
    r"(?:전체 |향후 |세미나 |발표 )?(?:일정|스케줄|스케쥴|커리큘럼)(?:표)?"
    r"|(?:tentative )?schedule|スケジュール|予定",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"휴강|쉼|쉬어|없음|미정|방학|휴일|추석|설날|연휴|시험"
    r"|\b(?:no |tbd|tba|break|holiday|cancel)|休み|未定",
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"발표|발제|세미나|스터디|논문|talk|presentation|seminar|study|スケジュール|勉強会|輪読|発表",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"[,、][ \t]*\d{1,3}(?:[-~]\d{1,3})?[ \t]?(?:min\w*\.?|분|分)$")
_LONG = re.compile(r"(?<=\))[ \t]*\d{1,3}[ \t]?(?:min\w*\.?|분|分)$")
"""`구름의 종류 (하늘) 5분`."""
_WORD = re.compile(r"[ \t]+(?:발표자?|발제자?|세미나|発表者?|presented)(?:[ \t]?예정)?[ \t.]*$")
_DRAWN = re.compile(
    r"(?:발표자|발제자|발표순서|발제순서)(?:\d{1,2}명)?(?:랜덤|무작위)?"
    r"(?:선정|선발|추첨|뽑기|뽑음|정하기|정함|배정)(?:결과|완료)?"
)
"""`발표자 3명 랜덤 선정`, over who presents what."""
_NUMBERED = re.compile(r"(?P<label>[가-힣]{2,6})[ \t]?\d{1,2}")
_TALKS = re.compile(r"(?<!준비)(?:발표|발제|세미나|(?:발표|발제)[한할] ?(?:사람|분))$")
"""`강의 요약 발표`."""
_REVIEW = re.compile(r"(?:논문|책|도서) ?(?:리뷰|정리|요약)$")
_CLOSING_QUOTES = ("」", "』", "”", '"')
_KOREAN = re.compile(r"[가-힣]{2,5}")
_LETTER = re.compile(r"[^\W\d_]|\d\.\d")  # `4.1〜4.3` of a book


def take_programme(state: State, index: int) -> bool:
    """At a label of talks, find which rows below it are talks, or the table that has them.

    Returns:
        Whether the row is a label that only the talks below it make one: `발표` in plain text.
    """
    row = state.rows[index]
    if row.level and state.headings[0] == index:
        _take_headings(state)
    if row.kind != "words" or len(row.words) > NAME or row.mark == "arrow" or row.box is not None:
        return False
    session = _is_session(state, row) or _is_schedule(state, row)
    if not state.lexicon.talk_label.search(row.words) and not session:
        return False
    if row.label and names_in(state.crowd, row.label.name)[0]:
        return False  # `하늘: 발표자료`, what somebody has to do
    sure = False if session else _names_talks(state, row)
    if sure is None:
        return False
    if row.level:
        _take_subheadings(state, index)
    first = state.next_words[index + 1]
    if first < len(state.rows) and state.rows[first].kind == "rule":
        first = state.next_words[first + 1]  # what underlines the label
    if first < len(state.rows) and state.rows[first].kind == "table":
        state.talk_table = first
        return False
    second = state.next_words[first + 1] if first < len(state.rows) else first
    if second < len(state.rows) and first + 1 < second and state.rows[second].listed:
        said = state.rows[first]
        plain = not (said.listed or said.level or said.label) and len(said.words) <= FEW
        if plain and not names_in(state.crowd, said.words)[0]:
            first = second  # `순서 뽑기 결과`
    items = _items(state, index, first)
    names: _Names = full_names if sure or len(items) > 1 else known_names
    names = _full_or_latin if _is_schedule(state, row) else names
    reason = f"a name and a title, below the talk label of line {row.line.number}"
    found = list(_found(state, items, names, reason))
    found = [each for each in found if not _addressed(state.rows[each[0]])]
    talks = [
        (at, end, talk)
        for at, end, talk in found
        if talk and (sure or (talk[0] and _is_title(state, talk[0]) and not _calls(state, at)))
    ]
    missing = sum(not _is_free(state, at) for at, *_ in found) - len(talks)
    if not sure and talks and 4 * missing > len(talks) + 1:
        talks, missing = _leading(state, found), 0
    if sure or (talks and 4 * missing <= len(talks) + 1 and not _are_work(state, talks)):
        for at, end, talk in talks:
            if at not in state.presented:
                state.programme[at] = (*talk, end - at)
        return bool(talks) and not sure and not row.level
    return False


def _take_subheadings(state: State, index: int) -> None:
    """`### 하늘님 - 구름의 종류` and `### 나래님` below `## 세미나`, where all headings are so."""
    head, found = state.rows[index], dict[int, tuple[str | None, tuple[str, ...], str, int]]()
    below = bisect_right(state.headings, index)
    for at in state.headings[below : below + MANY]:
        row = state.rows[at]
        if row.level <= head.level:
            break
        if row.level > head.level + 1:
            continue
        label = row.label
        written = label.name if label else row.words
        who, why = names_in(state.crowd, written)
        if not who:
            return
        title = row.words[label.end :].strip() if label else _first_below(state, at)
        found[at] = (title or None, who, f"a heading below {head.words}: {why}", 1)
    if len({talk[1] for talk in found.values()}) > 1:
        state.programme.update(found)


def _first_below(state: State, at: int) -> str:
    """The first item below a heading, where it stands over all that is said: the title."""
    below = state.next_words[at + 1]
    row = state.rows[below] if below < len(state.rows) else state.rows[at]
    over = below + 1 < len(state.rows) and row.listed and row.over(state.rows[below + 1])
    return row.words if over and _is_title(state, row.words) else ""


def _leading(
    state: State, found: list[tuple[int, int, Found | None]]
) -> list[tuple[int, int, Found]]:
    """The first items, two or more, that are titles with a name behind each; more is of them."""
    talks = list[tuple[int, int, Found]]()
    for at, end, talk in found:
        title = talk[0] if talk else None
        first = title and state.rows[at].words.startswith(title) and _is_title(state, title)
        if not (talk and first) or not all(map(state.crowd.why, talk[1])):
            break
        talks.append((at, end, talk))
    return talks if len(talks) > 1 else []


def _full_or_latin(crowd: Crowd, text: str) -> tuple[str, ...]:
    """Korean full names, known names, or a first and a last name."""
    parts = [part.strip() for part in text.split(",")]
    latin = all(shape_of(part) == "latin" and len(part.split()) == 2 for part in parts)
    return full_names(crowd, text) or (tuple(parts) if latin and text.strip() else ())


def _is_free(state: State, at: int) -> bool:
    """Whether an item says that nobody presents that day: `9/18 : (추석)`, `10/9 : TBD`."""
    words = state.rows[at].words
    when = _WHEN.match(words)
    behind = words[when.end() :].strip() if when else words
    inside = behind.strip("()[]-–— ")
    return bool(when) and (
        inside != behind or says_nothing(state, inside) or _FREE.search(inside) is not None
    )


def _calls(state: State, at: int) -> bool:
    """`[구름](…) - @robin, @sky` on an agenda: whose matter it is, and no talk."""
    return _CALLED.search(state.rows[at].words) is not None


def listed_talk(state: State, index: int) -> Found | None:
    """What an item says in a section of talks."""
    row = state.rows[index]
    reason = f"an item under the talk label of line {state.section.label_line}"
    label = row.label
    if label and label.sign == ":" and state.below_a_talk(row):
        return None  # what somebody says of it
    found = _item(state, index, index + state.continued(index), full_names, reason)
    if found or label is None:
        return found
    said = row.words[label.end :].strip()
    if said.startswith(("[", "<a ", "http")):
        who = stated_names(state.crowd, without_date(label.name).strip("`"))
        return (said, who, f"{reason}, with what they showed") if who else None
    return None


def _take_headings(state: State) -> None:
    """`## 이하늘: 구름의 종류` beside others' such headings, in a note whose title is of talks."""
    title = state.rows[state.headings[0]].words
    for row in state.rows[:FEW]:
        if row.kind == "front" and row.line.text.startswith("title:"):
            title = row.line.text
    if len(title) > LONGEST or not state.lexicon.talk.search(title):
        return
    for level in {state.rows[at].level for at in state.headings}:
        run = [at for at in state.headings if state.rows[at].level == level]
        reason = f"a name and a title, as other headings, below {title.strip()}"
        found = {at: _headed(state, state.rows[at].words, reason) for at in run}
        talks = {at: talk for at, talk in found.items() if talk}
        names = {who for _, who, _ in talks.values()}
        titles = all(_is_title(state, subject or "") for subject, *_ in talks.values())
        if len(names) > 1 and 2 * len(talks) >= len(run) and titles:
            state.programme.update({at: (*talk, 1) for at, talk in talks.items()})


def _headed(state: State, words: str, reason: str) -> Found | None:
    """`이하늘: 구름의 종류` or `이하늘 구름의 종류`."""
    label = label_of(words) if len(words) <= LONGEST else None
    name, title = (label.name, words[label.end :]) if label else words.partition(" ")[::2]
    who = full_names(state.crowd, name)
    if not who and label and label.sign == ":" and _KOREAN.fullmatch(name):
        who = stated_names(state.crowd, name)
    return (title.strip(), who, reason) if who and _LETTER.search(title) else None


def _is_session(state: State, row: Row) -> bool:
    """`## 3회차 (3/4)` or `## 第3回` in a note whose title is of talks, or of a study."""
    if not row.level or not _WEEK_ALONE.fullmatch(row.words):
        return False
    return _STUDY.search(state.rows[state.headings[0]].words[:LONGEST]) is not None


def _is_schedule(state: State, row: Row) -> bool:
    """`## Schedule`, `## 일정` in a note whose first line is of talks."""
    if not row.level:
        return False
    name = _LAST_ASIDE.sub("", bare_label(row.words))
    return _SCHEDULE.fullmatch(name) is not None and note_is_of_talks(state)


def _addressed(row: Row) -> bool:
    """`@sky:` over a list: whom what stands in it is for."""
    label = row.label if row.words[:1] == "@" else None
    return label is not None and label.end == len(row.words)


def _names_talks(state: State, row: Row) -> bool | None:
    """Whether a label says that talks are listed below it, or may say so; None if it does not."""
    label = bare_label(row.words)
    led = _ORDER.split(row.words, maxsplit=1)
    if len(led) == 2 and names_in(state.crowd, led[0])[0]:
        return None  # `하늘 -> 발표 자료`
    if state.lexicon.section(label) == "talk":
        return True
    if numbered := _NUMBERED.fullmatch(label):  # `발표 1`
        return False if state.lexicon.section(numbered["label"]) == "talk" else None
    name = _without_when(_LAST_ASIDE.sub("", _CUT.sub("", label))).rstrip(": ")
    name = squeeze(name)
    for _ in range(2):
        if name in state.lexicon.talk_lists:
            return False
        modifier = state.lexicon.modifier.match(name)
        if modifier is None:
            break
        name = name[modifier.end() :]
    if _DRAWN.fullmatch(name):
        return False
    # `첫 세션 발표`; `다음 주에 안개 발표` says what is planned.
    short = len(name) <= FEW and not state.lexicon.when.search(label)
    set_off = row.level or row.mark == "number" or short
    return False if set_off and _TALKS.search(name) else None


def _items(state: State, index: int, first: int) -> list[tuple[int, int]]:
    """The first rows of the items below a label, each with the row behind its last."""
    head, found = state.rows[index], list[int]()
    at = end = first
    lead = state.rows[first] if first < len(state.rows) else head
    while at < min(len(state.rows), index + MANY):
        row = state.rows[at]
        if row.kind == "blank":
            following = state.rows[state.next_words[at]] if not _is_last(state, at) else row
            if not head.level and not (lead.over(following) or _again(state, found, lead, at)):
                break  # in plain text a blank line ends the list
            at += 1
            continue
        if row.kind != "words" or row.level or at in state.starts or row.column < lead.column:
            break
        if head.listed and not head.level and (row.column, row.sign) == (head.column, head.sign):
            break  # `* 내용`, beside `* 발표`
        if row.line.number in state.crowd.exported:
            break  # the next one of a chat
        text = state.rows[at - 1].kind == "blank" and lead.listed and not row.listed
        if text and not lead.over(row):
            break  # a paragraph below the list
        if row is lead or not lead.over(row):
            if not head.level and (_beside(head, row) or state.lexicon.section(row.words)):
                break
            label = state.lexicon.talk_label.search(row.words[:NAME])
            if label and _names_talks(state, row) is not None:
                break  # another one
            found.append(at)
        at += 1
        end = at
    return [(one, state.without_blanks(other)) for one, other in pairwise([*found, end])]


def _is_last(state: State, at: int) -> bool:
    return state.next_words[at] == len(state.rows)


def _again(state: State, found: list[int], lead: Row, at: int) -> bool:
    """Whether another name over its title follows a blank line, as before it."""
    following = state.next_words[at]
    if not found or found[-1] + 1 == at or _is_last(state, at) or _is_last(state, following + 1):
        return False
    row, below = state.rows[following], state.rows[state.next_words[following + 1]]
    return row.column == lead.column and row.mark == lead.mark and row.over(below)


def _found(
    state: State, items: list[tuple[int, int]], names: _Names, reason: str
) -> Iterator[tuple[int, int, Found | None]]:
    """Which item is a talk; one that is none may stand over those of one book or course."""
    for at, end in items:
        talk = _item(state, at, end, names, reason)
        below = [] if talk or at + 1 == end else _items(state, at, at + 1)
        inner = [(one, last, _item(state, one, last, names, reason)) for one, last in below]
        if inner and all(each for *_, each in inner):
            yield from inner
        else:
            yield at, end, talk


def _beside(head: Row, row: Row) -> bool:
    """Whether a row stands beside a label in one list with it."""
    if not head.listed or (head.mark == "number" and not row.listed and row.column == head.column):
        return False
    return row.column < head.column or not head.over(row)


def _item(state: State, at: int, end: int, names: _Names, reason: str) -> Found | None:
    """The subject and the presenters of one item."""
    row = state.rows[at]
    words = row.words
    if "](" in words:
        words = LINKED.sub(r"\g<title>", _LAST_LINK.sub("", words))
    if len(words) > LONGEST or len(row.words) > 4 * LONGEST or row.mark == "arrow":
        return None
    dated = False
    for pattern in (_CLOCK, _WHEN):
        match = pattern.match(words)
        words = words[match.end() :] if match else words
        dated = match is not None
    words = ADDRESS.sub("", _without_when(words) or words) or words
    below = [each for each in state.rows[at + 1 : end] if each.kind == "words"]
    words = _LONG.sub("", words.strip())
    order = _ORDER.split(words)
    if len(order) > 1 and all(names(state.crowd, name) for name in order):
        return None  # `하늘 → 구름 → 나래`, and not a word of what they present
    if who := names(state.crowd, COHORT.sub("", words.rstrip(": "))):
        subject = _title_aside(state, words) or _title_below(state, below)
        if below and subject is None and not row.listed:
            return None  # a name over what its bearer says
        return subject, who, reason
    for subject, who in _sides(state, words, names):
        when = None if dated else _WHEN.match(subject)  # behind a day `4.1` is a section
        title = subject[when.end() :] if when else subject  # `나래 - 3/25 안개`
        title = _WORD.sub("", ADDRESS.sub("", title)).strip()
        whole = IN_QUOTES.fullmatch(title)
        return (whole["title"] if whole else title) or None, who, reason
    if below and (who := _presenter_below(state, below, names)) and _is_title(state, words):
        return words.rstrip(": "), who, reason
    return None


def _without_when(words: str) -> str:
    """The words without the day in which they end, looked for where so short a time can begin."""
    found = _LAST_WHEN.search(words, max(0, len(words) - TAIL))
    return words[: found.start()] if found else words


def _sides(state: State, words: str, names: _Names) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What stands beside names, on either side of a sign, in brackets or behind a blank."""
    crowd = state.crowd
    for pattern in _SIGNS:
        for sign in pattern.finditer(words):
            left, right = words[: sign.start()].strip("* "), words[sign.end() :].strip("* ")
            if not _LETTER.search(left) or not _LETTER.search(right):
                continue
            if who := names(crowd, COHORT.sub("", left)):
                yield right, who
            elif who := names(crowd, right) or employed_names(crowd, right):
                yield left, who
    if bracket := _BRACKET.fullmatch(words):
        before, inside = bracket["before"], _LENGTH.sub("", bracket["inside"])
        if who := names(crowd, inside):
            yield before, who
        elif (who := names(crowd, before)) and _LETTER.search(inside):
            yield inside, who
    for pattern in (NAME_FIRST, TITLE_FIRST):
        quoted = pattern.fullmatch(words)
        if quoted and (who := names(crowd, quoted["who"].strip())):
            yield quoted["title"], who
    first, _, behind = words.partition(" ")
    before, _, last = words.rpartition(" ")
    for word, rest in ((first, behind), (last, before)):
        name = names_in(crowd, word)[0]
        if name and _LETTER.search(rest):
            yield rest.strip(), name


def known_names(crowd: Crowd, text: str) -> tuple[str, ...]:
    """The people whom `text` lists by names with evidence; a full name alone is none."""
    return names_in(crowd, text)[0]


def _title_aside(state: State, words: str) -> str | None:
    """The title in brackets behind a name: `하늘 (VAE)`."""
    bracket = _BRACKET.fullmatch(words)
    inside = bracket["inside"].strip() if bracket else ""
    volunteers = state.lexicon.volunteer.search(inside)
    return inside if inside and not volunteers and _is_title(state, inside) else None


def _title_below(state: State, below: list[Row]) -> str | None:
    """The title in the first row below a name, where it is one."""
    if not below:
        return None
    row = below[0]
    label = row.label
    named = label is not None and squeeze(label.name) in state.lexicon.subjects
    words = row.words[label.end :] if label and named else row.words
    words = ADDRESS.sub("", words).strip()
    return words if _is_title(state, words) else None


def _presenter_below(state: State, below: list[Row], names: _Names) -> tuple[str, ...]:
    """The names in the first row below a title, and nothing else."""
    row = below[0]
    label = row.label
    named = label is not None and squeeze(label.name) in state.lexicon.presenter
    return names(state.crowd, row.words[label.end :] if label and named else row.words)


def _are_work(state: State, talks: list[tuple[int, int, Found]]) -> bool:
    """Whether half of the titles or more end in what is to be done: `자료 조사`.

    Beside one in quotes, `구름 비교` is a title as well.
    """
    if any(state.rows[at].words.rstrip().endswith(_CLOSING_QUOTES) for at, *_ in talks):
        return False
    titles = [talk[0] or "" for *_, talk in talks]
    doing = sum(state.lexicon.is_doing(each) and not _REVIEW.search(each) for each in titles)
    return 2 * doing >= len(talks)


def _is_title(state: State, subject: str) -> bool:
    """Whether the words can be what somebody presents; a title may speak of work."""
    return len(subject) <= LONGEST // 2 and names_subject(state, subject, work=True)
