"""A talk by the fields of its line: `다음 : 3/14 / 구름의 종류 / 발표 하늘`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from studykit.wiki.endings import is_statement
from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.evidence.presenting import NEXT
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import LABEL_LEVEL, Row
from studykit.wiki.rules.dated_talks import note_is_of_talks
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.quoted import BEFORE_QUOTE, IN_QUOTES
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.session import stated_people
from studykit.wiki.rules.state import State
from studykit.wiki.times import DATE, DAY, SHORT_TIME

__all__ = ["fielded"]

LONGEST = 200
MOST = 2
"""No talk has more titles."""
MANY = 8
"""A line with more fields is a list of something."""
_SIGN = re.compile(
    r"[ \t]+[/|·][ \t]+|,[ \t]*(?=\D)|、|[ \t]+(?:--?|[–—])[ \t]+"
    r"|[ \t]*:(?!//)(?:[ \t]+|(?=\D))|[ \t]*(?:=|→|[-=]>)[ \t]*|[ \t]{2,}|\t"
    r"|[ \t]+(?=(?:担当者?|発表者?|담당자?|발표자?|발제자?)[ \t]*:)"
)
_MAY_PART = re.compile(r"[/|·,、:=→>\t–—-]")
_HELD = re.compile(
    r"\"[^\"]*\"|“[^”]*”|「[^」]*」|『[^』]*』|\[[^\[\]]*\](?:\([^()\s]*\))?|\([^()]*\)|https?://\S+"
)
"""What no sign parts: what stands in quotes or brackets, and an address."""
_BEHIND = re.compile(r"(?P<before>\S.*?)[ \t]*\((?P<inside>[^()]{2,80})\)")
_WORD_FIRST = re.compile(r"(?P<word>[^\W\d_]{2,8}?)(?:[는은이가])?[ \t]+(?P<who>\S.{0,40})")
_WORD_LAST = re.compile(
    r"(?P<who>\S.{0,20}?)(?:[이가]|さん)?[ \t]*(?P<word>발표|발제|担当)(?:[ \t]?예정)?"
)
_LED = re.compile(r"(?:led|presented|given) by[ \t]+(?P<who>[A-Z][\w'’-]{1,20}(?: [A-Z][\w'’-]+)?)")
_QUOTED = re.compile(rf"{IN_QUOTES.pattern}(?:[ \t]*(?:리뷰|발표|발제|읽기))?")
_YEAR = re.compile(r"(?:[^()]{1,40}[ ,])?(?:19|20)\d{2}")
"""`(Field 2031)`: who wrote it, and when."""
_ON = re.compile(r"(?P<who>\S{2,20})[ \t]+on[ \t]+(?P<title>\S.{1,80})")
_COUNT = re.compile(
    r"(?:제 ?)?\d{1,3} ?(?:회차?|주차|차시)|(?i:week|wk|session) ?#?\d{1,3}|次回|第\d{1,3}回"
)
_AHEAD = re.compile(r"다음|담|차주|차기|next|次回", re.IGNORECASE)
_IS_TOLD = re.compile(r"(?:발표|발제)(?:[ \t]|$)")
_PARTICLE = re.compile(r"[ \t]*(?:에는|에|은|는|의)?[ \t]+")


@dataclass(slots=True)
class _Fields:
    """What the fields of a line are."""

    who: tuple[str, ...] = ()
    titles: list[str] = field(default_factory=list)
    said: bool = False
    """Whether a word says that who stands there presents."""
    timed: bool = False
    """Whether the first field says when; a word for a talk, or for who presents, may follow."""
    ahead: bool = False
    """Whether that is the next time."""


def fielded(state: State, row: Row) -> Found | None:
    """The talk that the fields of a line make, where they say when or that somebody presents."""
    kind, words = state.section.kind, row.words
    if len(words) > LONGEST or 0 < row.level < LABEL_LEVEL or row.framed:
        return None
    if kind in ("question", "decision") or (kind == "task" and row.listed):
        return None
    if row.label and names_in(state.crowd, row.label.name)[0]:
        return None  # what somebody says
    found = _read(state, list(_parts(words)))
    if found is None or not found.who or not found.titles:
        return None
    quoted = next(filter(None, map(_QUOTED.fullmatch, found.titles)), None)
    sure = found.said or (len(found.titles) == 1 and found.timed and (quoted or found.ahead))
    title = quoted["title"] if quoted else found.titles[-1]
    if kind == "task" and not (found.said and found.timed):
        return None
    if not sure or len(found.titles) > MOST or not _is_title(state, title):
        return None
    return title, found.who, "the fields of a line: who presents, and what"


def _parts(words: str) -> Iterator[str]:
    """The fields of a line; what stands in brackets behind one is the next."""
    cursor = 0
    parted = _MAY_PART.search(words) or "  " in words
    signs = [sign.span() for sign in _SIGN.finditer(words)] if parted else []
    held = [match.span() for match in _HELD.finditer(words)] if signs else []
    signs = [
        (start, end)
        for start, end in signs
        if not any(begin < end and start < stop for begin, stop in held)
    ]
    for start, end in [*signs, (len(words), len(words))]:
        part = words[cursor:start].strip(" \t.")
        cursor = end
        if quoted := BEFORE_QUOTE.fullmatch(part):  # `田村「雲」`
            yield quoted["who"]
            yield part[quoted.end("who") :]
        elif aside := _BEHIND.fullmatch(part):
            yield aside["before"]
            yield aside["inside"]
        elif part:
            yield part


def _read(state: State, parts: list[str]) -> _Fields | None:
    """What each field is; None where one is of no talk."""
    if not 2 <= len(parts) <= MANY:
        return None
    found, lexicon = _Fields(), state.lexicon
    cued = skipped = False
    for at, part in enumerate(parts):
        rest = _without_time(state, part)
        word = squeeze(rest)
        if at == 0 and rest != part and _is_cue(state, squeeze(rest.partition(" ")[0])):
            found.timed = True
        talk = bool(rest) and state.lexicon.talk.fullmatch(rest) is not None  # `다음 세미나`
        if at == 0 and rest != part and (talk or not rest):
            found.timed, found.ahead = True, _AHEAD.match(part) is not None
        if not rest or (talk and not _is_cue(state, word)) or _YEAR.fullmatch(rest):
            continue
        if cued or skipped:
            people = _people(state, rest) if cued else names_in(state.crowd, rest)[0]
            if not people:
                return None
            found.who = people if cued else found.who
            cued = skipped = False
        elif _is_cue(state, word):
            cued = found.said = True
        elif people := _presents(state, rest):
            found.who, found.said = people, True
        elif found.ahead and (on := _ON.fullmatch(rest)) and names_in(state.crowd, on["who"])[0]:
            found.who, found.said = names_in(state.crowd, on["who"])[0], True
            found.titles.append(on["title"])
        elif word in lexicon.offices:
            skipped = True
        elif squeeze(rest.partition(" ")[0]) in lexicon.offices | lexicon.absent:
            continue  # `기록 돌아가면서`
        elif word in lexicon.subjects:
            continue  # the label of a title
        elif people := names_in(state.crowd, rest)[0]:
            if found.who or found.said:
                return None  # several, each for something of their own
            found.who = people
        else:
            found.titles.append(_without_label(state, rest))
            if len(found.titles) > MOST:
                return None
    return None if cued or skipped else found


def _is_cue(state: State, word: str) -> bool:
    lexicon = state.lexicon
    if word in lexicon.charged:
        return word in ("担当", "담당", "담당자") and note_is_of_talks(state)
    return word in lexicon.presenter


def _presents(state: State, words: str) -> tuple[str, ...]:
    """`발표 하늘`, `발표자 하늘`, `하늘 발표`, `led by Robin`."""
    if led := _LED.fullmatch(words):
        return (led["who"],)
    last = "발" in words or "担当" in words
    for pattern in (_WORD_FIRST, _WORD_LAST) if last else (_WORD_FIRST,):
        match = pattern.fullmatch(words)
        if match is None:
            continue
        if _is_cue(state, squeeze(match["word"])):
            return _people(state, match["who"])
    return ()


def _people(state: State, words: str) -> tuple[str, ...]:
    if words.endswith(" 선생님"):
        return stated_people(state, words.removesuffix("선생님").strip())
    return names_in(state.crowd, words)[0] or full_names(state.crowd, words)


def _without_label(state: State, words: str) -> str:
    """`제목 "구름"` without the word for a title."""
    first, _, rest = words.partition(" ")
    return rest.strip() if rest and squeeze(first) in state.lexicon.subjects else words


def _without_time(state: State, words: str) -> str:
    """The words behind what they begin with of a time: `다음 주 발표자` is `발표자`."""
    for _ in range(3):
        for pattern in (
            DATE,
            DAY,
            SHORT_TIME,
            _COUNT,
            state.lexicon.when,
            state.lexicon.days,
            NEXT,
        ):
            if time := pattern.match(words):
                behind = words[time.end() :]
                particle = _PARTICLE.match(behind)
                words = behind[particle.end() :] if particle else behind.lstrip(" \t")
                break
        else:
            return words
    return words


def _is_title(state: State, title: str) -> bool:
    if ". " in title or _IS_TOLD.search(title):
        return False
    doing = state.lexicon.is_doing(title) or state.lexicon.closing.search(title)
    return not doing and not is_statement(title) and names_subject(state, title, work=True)
