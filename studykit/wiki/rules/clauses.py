"""Talks that one line gives in turn: `다음 발표 하늘(구름), 그다음 나래(안개)`.

A clause says who presents what, on either side of brackets, quotes or a sign; before it may stand
when, and the word for a talk. All clauses of a line have to be such: `다음 주 하늘(지도), 비가 옴`
is of no talks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studykit.wiki.endings import is_statement
from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.rows import LABEL_LEVEL
from studykit.wiki.rules.dated_talks import note_is_of_talks
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State
from studykit.wiki.rules.talk_time import OPEN
from studykit.wiki.times import CLOCK, DATE, MONTH_DAY, PLAIN_DAY, SHORT_TIME

__all__ = ["AHEAD", "LENGTH", "Clause", "clauses", "message_clauses", "quoted_clauses"]

SHORTEST = 4
LONGEST = 200
MANY = 6
"""A line with more clauses lists something else."""
NAME = 20
WIDE = 400
_HELD = re.compile(
    r"\"[^\"]*\"|“[^”]*”|「[^」]*」|『[^』]*』|\([^()]*\)|\[[^\[\]]*\](?:\([^()\s]*\))?"
)
"""What no sign parts."""
_SIGN = re.compile(
    r"[ \t]*[,;、][ \t]*(?![\"“「『])|(?<!발표)(?<!발제)[ \t]+[/&][ \t]+"
    r"|\.?[ \t]+(?=그 ?다음)|\.[ \t]+(?=[Tt]hen\b|[Aa]fter that\b)"
)
_MAY_PART = re.compile(r"[,;、/&그.]")
_LEAD = re.compile(
    r"(?:(?:다다음|다음|이번|담) ?(?:주|번|시간|회차|모임|미팅|회의|스터디)"
    r"(?=(?:에는|에|은|는|엔|의)[ \t]|[ \t:,=(])"
    r"|그 ?다음(?:번|에)?(?: ?주)?|그담(?:번|에|주)?(?=[ \t(])|담담주(?=[ \t(])"
    r"|다음(?:번|엔)?(?![가-힣]|[ \t][가-힣])|다음(?=[ \t])"
    r"|(?:첫|두|세|네|다섯|여섯)[ \t]?번째[ \t]?주|오늘|금일|내일"
    r"|\d{1,2}일(?=[ \t]+(?:발표|발제|세미나))"
    r"|(?:ne?xt(?: up| time| we?e?k| meeting)?|then|after that|we?e?k after(?: that| next)?"
    r"|we?e?k ?\d{1,2}|(?:[12]?\d|3[01])/(?:1[0-2]|\d)(?![\d/.])"
    r"|today|tomorrow)\b(?: (?:\d{1,2}(?:st|nd|rd|th))\b)?"
    r"|次々回|次回|今回|今日|来週|再来週|今週|第\d{1,3}回|\d{1,3} ?(?:주차|회차?)"
    r"|[월화수목금토일](?=[ \t]*:))",
    re.IGNORECASE,
)
"""When, or in what order."""
_WEEKDAY = re.compile(r"[ \t]*[월화수목금토일](?:요일)?(?=[ \t])")
"""`10월 4일 화   …`."""
_GAP = re.compile(r"[ \t]*(?:에는|에|은|는|의|엔|は|の)?[ \t]*[:,=~☞👉–—-]*(?:>|→)?[ \t]*")
_CUE = re.compile(
    r"(?:(?:다음|담)번?[ \t])?(?:\d{1,2}분[ \t])?(?:[^\s:,()\d]{1,8}[ \t]?)?"
    r"(?:발표|발제|세미나)자?(?:[ \t]?\d{1,2}번?)?"
    r"(?:[ \t]?(?:순서|순번|일정|예정|시작|바꿈|변경|\((?:예정|순서|확정)\)))*"
    r"(?:은|는|[ \t]*(?:[:=–—-]|/(?=[ \t]))|(?=[ \t]))"
    r"|(?:[^\s:,()\d]{1,8}[ \t])?(?:미니[ \t]?)?(?:강의|강연|특강)[ \t]*:"
    r"|라이트닝 ?토크(?:[ \t]\d{1,2}분)?[ \t]*:"
    r"|[<【\[]?(?:次回)?(?:論文紹介|発表|輪読|担当|報告|LT)[>】\]]?(?:は|:|[ \t](?=\S))"
    r"|(?:lightning |practice |paper )?(?:talks?|presentations?|presenters?|speakers?|presenting)"
    r"(?:[ \t]next time)?[ \t]*[:-]",
    re.IGNORECASE,
)
_TAIL_LETTERS = frozenset("을를を로표제나す話た介表정요다심함る \t.!~。")
"""Those in which what `_TAIL` finds ends, if that is anything."""
_TAIL = re.compile(
    r"(?:[ \t]*(?:을|를|を|으로|(?<=[A-Za-z\d])로))?[ \t]*"
    r"(?P<word>발표|발제|세미나|話す|話し(?:ます|た)|紹介|発表)?"
    r"(?:[ \t]?(?:예정|하기로|할게요|합니다|입니다|하심|함|하신대요|하신답니다|する|します)"
    r"(?:[ \t]?(?:함|했음|했다|했습니다))?)?[ \t.!~。]*$"
)
LENGTH = re.compile(r"(?<=[」』”\"])[ \t]*\d{1,3}[ \t]?(?:分|분|min\w*)[ \t.]*$")
"""`하늘「구름의 종류」10分`: what takes so long is a talk."""
_DAYS = rf"{PLAIN_DAY.pattern}|{MONTH_DAY.pattern}|\d{{1,2}}(?:st|nd|rd|th)"
_ONLY_DAY = re.compile(_DAYS, re.IGNORECASE)
_TIMES = re.compile(rf",[ \t]*(?P<day>{_DAYS})(?=[ \t]*(?:,|$))", re.IGNORECASE)
_DAY_BEHIND = re.compile(
    rf"[ \t]*\((?P<day>{_DAYS})\)[ \t.]*$|,[ \t]*(?P<last>{_DAYS})[ \t.]*$", re.IGNORECASE
)
"""`다음 발표는 하늘 "구름의 종류" (3/14)`, `Robin on fog, 14 May`."""
AHEAD = re.compile(
    r"다다음|다음|담|그 ?다음|그담|차주|ne?xt\b|then\b|after that\b|we?e?k ?(?:after\b|\d)"
    r"|次|来週|再来週",
    re.IGNORECASE,
)
"""What begins a line that says what comes next."""
_REMARK = re.compile(r"(?<=[함음임됨])[.!]+[ \t].*$")
"""`다음은 하늘이 VAE 함. 첫 발표`."""
_NAMED_ON = re.compile(
    rf"(?P<who>\S{{2,24}}) on (?P<day>{PLAIN_DAY.pattern}|{MONTH_DAY.pattern})(?: if .*)?"
)
_UP_NEXT = re.compile(r"(?:up )?next\b|coming up|upcoming|다음|차주|次回|今後", re.IGNORECASE)
"""What begins the title over such lines."""
_LEADS = re.compile(
    r"(?P<one>(?:(?:Mrs?|Ms|Dr|Prof)\.? )?[^\W\d_][\w.-]{1,24})[ \t]+"
    r"(?:does \d+ ?min\w* on|on|does|doing|is doing|will do|leads(?: on)?|is leading|takes|covers"
    r"|will cover)"
    r"[ \t]+(?P<other>\S.{1,100})"
)
"""`Robin on fog`, `sky does 15 min on fog`, behind what says that it is next."""
_TITLE_THEN = re.compile(r"(?P<other>\S.{0,60}?)\.[ \t]+(?P<one>\S{2,8}?)(?:이가|이|가)")
"""`DDPM. 하늘이`, before 발표."""
_HANGUL = re.compile(r"[가-힣]")
_QUOTES = '「『“"'
_DAY_ASIDE = re.compile(rf"\((?:(?:{PLAIN_DAY.pattern})[^()]{{0,6}}|\d{{1,2}}일?)\)")
_PARTICLE = re.compile(r"(?:[ \t]?님|씨|さん)?(?:이가|이|가|은|는|がの|が|の)?$")
_PAIRS = (
    re.compile(r"(?P<one>\S[^()]{0,60}?)[ \t]*\((?P<other>[^()]{1,60})\)"),
    re.compile(
        r"(?P<one>[^「『“\"]{1,20}?)[ \t]*[「『“\"](?P<other>[^「」『』“”\"]{2,100})[」』”\"]"
        r"(?:[ \t]*\([^()]{1,20}\))?"
    ),
    re.compile(
        r"[「『“\"](?P<one>[^「」『』“”\"]{2,100})[」』”\"][ \t]*(?:by |- |/ )?(?P<other>.{1,20})"
    ),
)
_MID = re.compile(r"(?P<other>\S.{0,60}?)[ \t]+(?:발표|발제)[ \t]+(?P<one>@?\S{2,12})")
"""`3부 발제 하늘`."""
_PRESENTS = re.compile(
    r"(?P<one>@?[\w.-]{2,24})[ \t]+(?:presents|will present|is presenting)"
    r"[ \t]+(?P<other>\S.{1,80})"
)
_QUOTED = re.compile(
    r"(?<![^\s,.、。])(?P<who>[^\s\"“「『,.、。]{1,12}?)(?:님|씨|さん|氏)?"
    r"(?:이가|이|가|은|는|が)[ \t]?[\"“「『](?P<title>[^\"“”「」『』]{2,80})[\"”」』]"
)
_GIVES = re.compile(r"발표|발제|강연|紹介|発表|presents?\b|presented\b")
_SIDES = re.compile(
    r"(?P<one>\S.{0,80}?)(?:[ \t]+[-–—/][ \t]+|[ \t]*(?:→|[:,])[ \t]*)(?P<other>\S.*)"
)
_FIRST = re.compile(r"(?P<one>\S{2,12}(?:[ \t]님[이은]?)?)[ \t]+(?P<other>\S.{0,100})")
_LAST = re.compile(r"(?P<other>\S.{0,60}?)[ \t]+(?P<one>@?\S{2,12})")
_OF_WORK = re.compile(
    r"[A-Za-z][A-Za-z\d]|[「『“\"]|§ ?\d|\d{1,2}(?:\.\d{1,2})* ?(?:장|강|절|부|챕터|章|節)"
)
_MAY_SAY = re.compile(
    r"\(|「|『|“|\"|」|』|”|발표|발제|세미나|present|話|紹介|発表|\.[ \t]+\S{2,9}[이가]"
)
_OPENS = re.compile(r"[(「『“\"]")
"""What all of `_PAIRS` have one of."""
_DOES_LETTERS = frozenset("줌심음고로함다행.")
_DOES = re.compile(
    r"(?:을|를)?[ \t]+"
    r"(?:읽어[ ]?(?:줌|주심|줬음)|하(?:시)?고|하(?:시)?기로(?:[ ]?함)?|하심|한다|맡음|진행)[.]?$"
)
"""`하늘이 VAE 읽어줌`."""
_REVIEWED = re.compile(r"[A-Z][\w-]*\d?(?: [\w-]+){0,6} (?:리뷰|소개|정리|요약|데모)")
"""`SAM 2 리뷰`."""
_LOOKS = re.compile(r"\S.*(?:맛|써|톺아|살펴|둘러|알아|들여다|훑어|엿)[ ]?보기")
"""`확산 모델 맛보기`: a title, though it says what is done."""
_FREE = re.compile(r"휴강|쉼|쉬는|방학|시험|休み|\b(?:no meeting|break|holiday)\b")
_OF_CHAPTER = re.compile(r"\d{1,2}(?:\.\d{1,2})* ?(?:장|강|절|부|챕터|章|節)[ \t]")
"""`4장 실험`, in a line of talks, is what somebody presents, though `실험` is work."""
_NO_TITLE = re.compile(
    r"→|[-=]>|(?:결정|선정|확정|정하기)$|기로[ \t]|까지"
    r"|^(?:자료|ppt|피피티|슬라이드|대본|연습|준비)",
    re.IGNORECASE,
)
"""`발표 자료는 3/14까지` is due."""
"""What a title has, and a chore has not."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a clause stands in a row's words, what it says, and what of it says when."""

    start: int
    end: int
    found: Found
    when: str


def clauses(state: State, index: int) -> list[Clause]:
    """Who presents what by each clause of a line; none if one of them says something else."""
    row, known = state.rows[index], state.clauses
    if known and known[:2] == (index, state.talk_row) and known[2] is state.section:
        return known[3]
    if row.label and names_in(state.crowd, row.label.name)[0]:
        return []  # what somebody says
    found = _clauses(state, index, 0)
    state.clauses = (index, state.talk_row, state.section, found)
    return found


def message_clauses(state: State, index: int, begin: int) -> list[Clause]:
    """Who presents what by a message of a chat, `[하늘] [오후 3:21] 14일 발표 나래 - 안개`."""
    return _clauses(state, index, begin) if _GIVES.search(state.rows[index].words, begin) else []


def _clauses(state: State, index: int, begin: int) -> list[Clause]:
    row = state.rows[index]
    words, kind = row.words[begin:], state.section.kind
    words = _REMARK.sub("", words) if "." in words or "!" in words else words
    if state.stands_apart(index) or (not row.listed and AHEAD.match(words)):
        kind = None
    if not SHORTEST <= len(words) <= LONGEST or row.framed:
        return []
    if 0 < row.level < LABEL_LEVEL and not _CUE.match(words):
        return []
    if kind in ("question", "decision") or (kind == "task" and row.listed):
        return []
    found, said, timed = list[Clause](), kind == "talk", False
    parts = list(_parts(words))
    parts = _joined(state, words, parts) if len(parts) > 1 else parts
    last = words[slice(*parts[-1])] if len(parts) == 2 else "("
    if "(" not in last and names_in(state.crowd, last)[0]:
        parts = [(parts[0][0], parts[1][1])]  # `3/14 VAE, 하늘`
    dated = len(parts) > 1 and all(PLAIN_DAY.match(words, start, end) for start, end in parts)
    led = False
    last_verb = _TAIL.search(words) if len(parts) > 1 and words[-1:] in _TAIL_LETTERS else None
    # `하늘이 구름, 나래가 안개 발표`
    said = said or bool(last_verb and last_verb["word"])
    for start, end in parts:
        if found and _FREE.search(words[start:end]):
            continue  # `…, 3/28 휴강`
        begin, also_said, also_timed = _lead(state, words, start, end)
        said, timed = said or also_said, timed or also_timed
        if not (said or timed or _MAY_SAY.search(words, begin, end)):
            return []  # without a time, and without what a clause else has: most lines
        body = words[begin:end]
        next_ = kind != "task" and AHEAD.match(words, start) is not None
        next_ = next_ or (state.talk_row >= 0 and state.talk_row == index - 1)
        next_ = (also_timed or (led and bool(found))) and (
            next_ or led or _UP_NEXT.match(state.section.title) is not None
        )
        # `다음 주: 하늘님 구름 / 나래님 안개`, and no day of its own
        led = next_ and not _ONLY_DAY.search(words, start, end)
        if length := LENGTH.search(body):
            body, said = body[: length.start()], True
        day = _DAY_BEHIND.search(body) if said or timed else None
        body = body[: day.start()] if day else body
        tail = _TAIL.search(body) if body[-1:] in _TAIL_LETTERS else None
        said = said or bool(tail and tail["word"])
        body = body[: tail.start()] if tail else body
        giving = _giving(state, body, ahead=next_)
        said = said or giving is not None
        sides = said or next_ or (timed and (dated or note_is_of_talks(state)))
        only_next = next_ and not said and not note_is_of_talks(state)
        pair = giving or _pair(state, body, said=said, sides=sides, loose=not only_next)
        if pair is None or len(found) == MANY:
            return []
        inner = _TIMES.search(body) or _NAMED_ON.fullmatch(body.strip())
        when = (day["day"] or day["last"]) if day else inner["day"] if inner else ""
        when = when or words[start:begin].strip(" \t:,")
        found.append(Clause(start, end, pair, when))
    if not found or not (said or timed):
        return []
    titles = [each.found[0] or "" for each in found]
    quoted = all(title and words[words.find(title) - 1] in _QUOTES for title in titles)
    sure = said or quoted or dated or note_is_of_talks(state)
    latin = not any(map(_HANGUL.search, titles)) or not any(map(_is_ahead, found))
    sure = sure or (latin and all(map(_OF_WORK.search, titles)))
    return found if sure else []


def quoted_clauses(state: State, index: int) -> list[Clause]:
    """Who presents what in a sentence: `하늘이 "구름의 종류"를, 나래가 "안개"를 발표한다`."""
    row = state.rows[index]
    words, kind = row.words[:WIDE], state.section.kind
    gives = kind not in ("question", "decision") and _GIVES.search(words)
    if not gives or row.level or (kind == "task" and row.listed):
        return []
    found = list[Clause]()
    for match in _QUOTED.finditer(words):
        people, why = names_in(state.crowd, match["who"])
        if people and names_subject(state, match["title"], work=True):
            pair = match["title"], people, f"who presents what: {why}"
            found.append(Clause(match.start("who"), match.end(), pair, ""))
    return found


def _parts(words: str) -> Iterator[tuple[int, int]]:
    """Where the clauses of a line begin and end."""
    cursor = 0
    signs = list(_SIGN.finditer(words)) if _MAY_PART.search(words) else []
    held = [match.span() for match in _HELD.finditer(words)] if signs else []
    for sign in signs:
        if not any(begin < sign.end() and sign.start() < end for begin, end in held):
            if words[cursor : sign.start()].strip():
                yield cursor, sign.start()
            cursor = sign.end()
    if words[cursor:].strip():
        yield cursor, len(words)


def _joined(state: State, words: str, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The clauses, where `next: 14 May, Robin, Fog` is one: a time, a name and a title of it."""
    joined: list[tuple[int, int]] = []
    for start, end in parts:
        if joined:
            before = words[slice(*joined[-1])]
            at, *_ = _lead(state, before, 0, len(before))
            bare = _TIMES.sub("", before[at:]).strip(" \t:,")
            held = bare.endswith(")")  # `하늘님(구름)` has its title
            open_ = not bare or (names_in(state.crowd, bare)[0] and not held)
            if (
                _is_time(words[start:end])
                or (open_ and not _lead(state, words, start, end)[2])
                or _goes_on(state, before, words[start:end])
            ):
                joined[-1] = (joined[-1][0], end)
                continue
        joined.append((start, end))
    return joined


def _goes_on(state: State, before: str, words: str) -> bool:
    """`robin - JEM, your classifier is an EBM`: a title with a comma in it."""
    dashed = " - " in before and before.isascii() and words.isascii()
    return dashed and not (_lead(state, words, 0, len(words))[2] or _SIDES.fullmatch(words))


def _is_time(words: str) -> bool:
    return _ONLY_DAY.fullmatch(words.strip(" \t.")) is not None


def _is_ahead(clause: Clause) -> bool:
    return AHEAD.match(clause.when) is not None


def _lead(state: State, words: str, at: int, end: int) -> tuple[int, bool, bool]:
    """Where a clause goes on behind when and the word for a talk, and whether it had either."""
    said = timed = False
    if clock := CLOCK.match(words, at, end):
        at = clock.end()
    for _ in range(MANY):
        if cue := _CUE.match(words, at, end):
            at, said = cue.end(), True
        elif time := _time(state, words, at, end):
            at, timed = time.end(), True
            weekday = _WEEKDAY.match(words, at, end)
            at = weekday.end() if weekday else at
        else:
            break
        aside = _DAY_ASIDE.match(words, at, end) if timed else None  # `来週(6/17)は`
        at = aside.end() if aside else at
        gap = _GAP.match(words, at, end)
        at = gap.end() if gap else at
    return at, said, timed


def _time(state: State, words: str, at: int, end: int) -> re.Match[str] | None:
    """When, by the words from `at` on."""
    for pattern in (_LEAD, DATE, PLAIN_DAY, SHORT_TIME, state.lexicon.when, state.lexicon.days):
        if time := pattern.match(words, at, end):
            return time
    return None


def _giving(state: State, body: str, *, ahead: bool) -> Found | None:
    """`3부 발제 하늘`, `robin presents fog`: the word for a talk stands between them."""
    named = _NAMED_ON.fullmatch(body.strip()) if ahead else None
    if named and (found := names_in(state.crowd, named["who"]))[0]:
        return None, found[0], f"who is next, and no title yet: {found[1]}"
    body = body.strip(" \t`*")
    for pattern in (
        *((_MID,) if "발표" in body or "발제" in body else ()),
        *((_PRESENTS,) if "present" in body else ()),
        *((_TITLE_THEN,) if body.endswith(("이", "가")) else ()),
        *((_LEADS,) if ahead else ()),
    ):
        match = pattern.fullmatch(body)
        people, why = names_in(state.crowd, match["one"]) if match else ((), "")
        title = match["other"].strip('"“” ') if match else ""
        if people and _is_title(state, title):
            return title, people, f"who presents what: {why}"
    return None


def _pair(state: State, body: str, *, said: bool, sides: bool, loose: bool) -> Found | None:
    """The name and the title of a clause; without a word for talks only brackets and quotes do.

    In a note of talks a sign, or nothing, does behind a day, too: `3/14 하늘 - VAE`. Where it is
    not `loose`, nothing does not do in English: `then Robin asked for a map`.
    """
    body = body.strip(" \t`*")
    body = _DOES.sub("", body) if body[-1:] in _DOES_LETTERS else body
    body = _TIMES.sub("", body)
    pairs = _PAIRS if _OPENS.search(body) else ()
    patterns = (*pairs, *((_SIDES, _FIRST, _LAST) if sides else ()))
    for pattern in patterns:
        match = pattern.fullmatch(body)
        if match is None or (not loose and pattern in (_FIRST, _LAST) and body.isascii()):
            continue
        one, other = match["one"].strip(" \t`*,"), match["other"].strip(" \t`*")
        for name, title in ((one, other), (other, one)):
            dashed = pattern is _SIDES and " - " in body
            found = _people(state, name, full=said and (pattern in _PAIRS or dashed))
            if not found:
                continue
            work = pattern in (*_PAIRS, _SIDES) or _OF_WORK.search(title)
            if said and OPEN.fullmatch(title):
                return None, found[0], f"a name in a line of talks, and no title yet: {found[1]}"
            quoted = pattern in _PAIRS[1:] and names_subject(state, title, work=True)
            titled = quoted or (said and _OF_CHAPTER.match(title)) or _is_title(state, title)
            if work and titled and not title.startswith("("):
                return title, found[0], f"a name and a title in a line of talks: {found[1]}"
    return None


def _people(state: State, name: str, *, full: bool) -> tuple[tuple[str, ...], str] | None:
    """Those whom the note knows by a name, or who have a full one where only names stand."""
    if len(name) > NAME:
        return None
    for written in dict.fromkeys((name, _PARTICLE.sub("", name))):
        people, why = names_in(state.crowd, written)
        if people:
            return people, why
        if full and (people := full_names(state.crowd, written)):
            return people, "a full name"
    return None


def _is_title(state: State, title: str) -> bool:
    if title.count("(") != title.count(")"):
        return False  # `기록 (적은이 하늘)`, cut at the name
    if _NO_TITLE.search(title) or state.lexicon.closing.search(title):
        return False
    named = _REVIEWED.fullmatch(title) or _LOOKS.fullmatch(title)
    doing = (state.lexicon.is_doing(title) and not named) or is_statement(title)
    return not doing and names_subject(state, title, work=True)
