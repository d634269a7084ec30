"""Talks by a title in quotes, or by who is said to present it: `발표: 하늘, "구름의 종류"`."""

from __future__ import annotations

import re

from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.quoted import NAME_FIRST, TITLE_FIRST
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.session import session_title, stated_people
from studykit.wiki.rules.state import MARKDOWN_LEVELS, State
from studykit.wiki.times import CLOCKS, DAY, MONTH_DAY, PLAIN_DAY

__all__ = ["headed_behind", "set_off", "titled"]

_CLOCK = re.compile(rf"{CLOCKS.pattern}[ \t:|-]+")
_ORDER = re.compile(r"(?P<word>[^\s\d:.]{2,12}?)[ \t]?\d{1,2}[ \t]*[.:)]?[ \t]+")
"""`발표 1. 하늘, "구름의 종류"`."""
_QUOTES = re.compile(r"[「『“\"‘]")
_LINKS = re.compile(r"[ \t]*\[[^\[\]]{1,80}\]\([^()\s]{1,400}\)[ \t.]*$")
_NTH = re.compile(r"\d{1,2}(?:st|nd|rd|th)(?=[ \t])")
_LASTS = re.compile(r"[ \t]*(?:\([^()]{1,30}\))?[ \t.,]*(?:\d{1,3} ?min(?:ute)?s?)?[ \t.]*$")
"""`Robin Field (Cloud Works). 10mins`: where from, and how long."""
_INLINE = re.compile(
    r"(?P<title>\S.{1,100}?)[ \t]+(?P<word>[^\s:\d()\[\]]{2,10})"
    r"[ \t]*:[ \t]*(?P<who>\S.{0,60})"
)
_BY = re.compile(
    r"(?P<title>.{0,100}?)(?:^|[ \t])(?:(?:will be|was|is|to be)[ \t])?(?:presented|led|given)"
    r" by[ \t]+(?P<who>[A-Z]\.[ \t][A-Z][\w'’-]{1,20}"
    r"|@?[^\s,.:;]{1,30}(?:[ \t][A-Z][\w'’-]{1,20})?)"
    r"(?=[ \t]*(?:[.,;:(]|$))",
    re.IGNORECASE,
)
_THEN_WHO = re.compile(
    r"(?P<title>\S.{1,100}?)[.,][ \t]+(?:발표|발제)자?(?:은|는)[ \t]+"
    r"(?P<who>[^\s.,]{2,10})(?:[.,](?=[ \t]|$)|[ \t]*$)"
)
"""`3/14, 8장 최적화. 발제는 하늘.`"""
_BEHIND = re.compile(r"(?P<title>\S.{1,160}?)[ \t]*[:–—-][ \t]+(?P<who>[^:–—]{2,40})")
_NAME = r"(?P<who>[^\W\d_][\w'’-]{1,20})"
_OPEN, _CLOSE = r"[\"“*_]{1,2}", r"[\"”*_]"
_SET_OFF = (
    re.compile(
        rf"(?:^|[.;:,][ \t]+|^In [A-Z]\w+,? ){_NAME} (?:(?:will|is going to) )?"
        r"(?:speaks?|spoke|talks?|talked|presents?|presented|continues?|continued)"
        rf"(?: (?:about|on|with))? {_OPEN}(?P<title>[^\"“”*_]{{4,120}}){_CLOSE}"
    ),
    re.compile(
        rf"(?:introduced|presented|opened) by {_NAME} under the title"
        rf" {_OPEN}(?P<title>[^\"“”*_]{{4,120}}){_CLOSE}"
    ),
    re.compile(
        rf"(?:^|[.;:,][ \t]+){_NAME} (?:talks?|walks?|takes?) us thr(?:u|ough)"
        r" (?P<title>(?:ch(?:apters?|\.)?|secs?\.?|sections?) ?\d[^.;]{0,40}?)(?= with |[.;]|$)"
    ),
    re.compile(
        r"(?:발표|발제)[ \t]+(?P<who>[가-힣]{2,4}),[ \t]*제목은[ \t]*"
        r"['\"‘“「『](?P<title>[^'\"’”」』]{2,80})['\"’”」』]"
    ),
    re.compile(
        r"^#*[ \t]*(?:(?:오늘|금일|이번[ ]?주|다음[ ]?주)[ ]?)?(?:발표|발제)[ \t]*[-–—:][ \t]*"
        r"(?P<who>[^\s,\"]{2,16}),[ \t]*[\"“「『](?P<title>[^\"”」』]{2,80})[\"”」』][ \t]*$"
    ),
    re.compile(r"(?P<who>[^\s、。「」*:\d]{1,8})さん(?:の)?発表[ :]?「(?P<title>[^「」]{2,80})」"),
    re.compile(
        r"^[*_]*「(?P<title>[^「」]{2,80})」(?P<who>[^\s「」]{1,8}?)(?:さん|氏)[*_]*(?:\([^()]{1,80}\))?$"
    ),
    re.compile(
        rf"^[^\"“”*_]{{3,60}}[,:] {_OPEN}(?P<title>[^\"“”*_]{{4,120}}){_CLOSE}[*_]?, {_NAME}[.]?$"
    ),
    re.compile(
        r"^[*_]{0,2}(?:\d{1,2}[.)][ \t]*)?(?:Presentation|Talk)[ \t]*[:–-][ \t]+"
        r"(?P<title>[^()]{4,160}?)"
        rf"[ \t]*\({_NAME}\)[*_]{{0,2}}$"
    ),
    re.compile(
        r"「(?P<title>[^「」]{2,80})」[ \t]*(?:担当|発表者?)[ \t]*:[ \t]*(?P<who>[^\s、,()]{1,8})$"
    ),
    re.compile(r"\(担当:(?P<who>[^\s、,()]{1,8})\)[ \t]*「(?P<title>[^「」]{2,80})」"),
    re.compile(rf"\({_NAME}(?: is)? presenting\)[ \t]*:[ \t]*(?P<title>\S.{{3,160}})$"),
    re.compile(rf"^(?:[-*•][ \t]+)?\*\*(?P<title>[^*]{{3,80}})\*\* by {_NAME}$"),
    re.compile(
        rf"(?:^|[ \t])(?:Miss |Mrs?\.? |Ms\.? |Dr\.? )?{_NAME} gave"
        r" (?:her|his|their|a) (?:paper|talk),?[ \t]+(?:on )?"
        rf"{_OPEN}(?P<title>[^\"“”*_]{{4,120}}){_CLOSE}"
    ),
    re.compile(
        rf"^(?:{DAY.pattern}|{MONTH_DAY.pattern})[,:]?[ \t]+"
        r"(?P<who>[A-Z]\w+(?:(?: & | and |, )[A-Z]\w+)*)"
        r" on (?!holiday|leave|vacation|call|duty|time)(?P<title>[^.;]{4,100})$"
    ),
    re.compile(rf"{_OPEN}(?P<title>[^\"“”*_]{{4,120}}){_CLOSE}, (?:a )?walk-?through by {_NAME}"),
    re.compile(
        rf"^(?:(?:{DAY.pattern})[ \t]+)?(?P<who>[가-힣A-Za-z]{{2,12}}?)(?:님)?[ \t]+(?:발표|발제)"
        r"[ \t]*[:-]?[ \t]*['\"‘“「『](?P<title>[^'\"’”」』]{2,80})['\"’”」』][ \t.]*$"
    ),
    re.compile(
        rf"^(?:{DAY.pattern})[ \t]+(?:발표|발제)[ \t]+(?P<who>[가-힣A-Za-z]{{2,12}}?)(?:님)?"
        r"[ \t]*[:,-]?[ \t]*['\"‘“「『](?P<title>[^'\"’”」』]{2,80})['\"’”」』][ \t.]*$"
    ),
    re.compile(
        r"^(?:발표|발제)(?:자)?[는은][ \t]+(?P<who>[가-힣A-Za-z]{2,12}?)(?:님)?(?:[ ]차례)?"
        r"[,:]?[ \t]*"
        r"['\"‘“「『](?P<title>[^'\"’”」』]{2,80})['\"’”」』][ \t.]*$"
    ),
    re.compile(
        r"^(?:(?:次回|다음(?:[ ]?(?:시간|회차?|모임|번))?|담주|담번|[Nn]ext)[ \t]*"
        rf"(?:{DAY.pattern})?"
        rf"|(?:{DAY.pattern})[ \t]*(?:발표|발제|発表))[ \t]*[:-][ \t]*"
        r"(?P<title>[^()]{2,100}?)[ \t]*\((?P<who>[^()\s,]{2,12}?)(?:님|さん)?\)[ \t.]*$"
    ),
    re.compile(
        r"^(?:\*\*\d{1,2}:\d{2}\*\*[ \t]*)?(?P<who>[^\s「」*、。:]{1,8}?(?:さん|氏)?)"
        r"「(?P<title>[^「」]{2,80})」(?:を|の)?発表(?:$|[ \t。])"
    ),
    re.compile(
        r"(?:話|発表|講話)は(?P<who>[^\s「」、。]{1,8}?(?:さん|氏)?)「(?P<title>[^「」]{2,80})」"
    ),
    re.compile(
        rf"^(?:[Nn]ext[ \t]+)?(?:{DAY.pattern})[ \t]+\[\[(?P<who>[^\[\]|]{{2,12}})\]\][ \t]+"
        r"(?P<title>\S.{1,80}?)[ \t]+(?:발표|발제)[ \t.]*$"
    ),
    re.compile(
        rf"^[*_]{{0,2}}{_NAME} (?:is )?present(?:ing|s|ed)(?: today| next)?[ \t]*(?::|-+>|→)[ \t]*"
        r"(?P<title>[^*]{4,160}?)[*_]{0,2}$"
    ),
    re.compile(
        r"^(?:ミニ)?(?:講座|発表|LT)[ \t]?「(?P<title>[^「」]{2,80})」[ \t]*"
        r"(?P<who>[^\s「」]{1,8}?)(?:さん|氏)?$"
    ),
)
"""A title that is set off, in a sentence that says who presents it."""
_MAY = re.compile(  # each begins with one letter: so `re` looks for those alone
    r"\*, |\", |”, |_, |Talk|Presentation|\*\* by |gave | on |担当|講座|LT|話は|次回|発表"
    r"|다음|담주|담번|Next|next|speak|spoke|talk"
    r"|present|continue|introduced|opened|through by|us thr|발표|발제|さん|氏"
)
LONGEST = 240


def titled(state: State, index: int) -> Found | None:
    """What a line says of a talk by a title in quotes, or by the words for who presents."""
    row = state.rows[index]
    if len(row.words) > LONGEST or state.section.kind in ("task", "question", "decision"):
        return None
    if row.level:
        return _quoted(state, row) if _order(state, row.words) else None
    return _quoted(state, row) or _inline(state, row) or _by(state, index)


def set_off(state: State, row: Row) -> Found | None:
    """`In May Robin will speak about "Fog"`, `「雲の種類」里さん`: who presents what is set off."""
    words = row.line.words[:LONGEST]
    inside = state.section.kind == "task" and (row.listed or row.box is not None)
    if inside or state.section.kind in ("question", "decision") or not _MAY.search(words):
        return None
    for pattern in _SET_OFF:
        found = pattern.search(words)
        people, why = names_in(state.crowd, found["who"]) if found else ((), "")
        if found and not people and "제목" in words:
            people, why = full_names(state.crowd, found["who"]), "a full name"
        if found and people:
            return found["title"], people, f"who presents what is set off: {why}"
    return None


def _quoted(state: State, row: Row) -> Found | None:
    """`발표: 하늘, "구름"`, `13:00 하늘「구름」`; in quotes alone, somebody may say something."""
    if not _QUOTES.search(row.words):
        return None
    words = _LINKS.sub("", row.words)
    if not _QUOTES.search(words):
        return None
    label, clock = row.label, _CLOCK.match(words)
    word = state.lexicon.talk.fullmatch(label.name.strip()) if label else None
    listed = state.section.kind == "talk"
    if order := _order(state, words):
        word, words = order, words[order.end() :]
    elif word and label:
        words = words[label.end :]
    elif clock:
        words = words[clock.end() :]
    elif not listed:
        return None
    if day := PLAIN_DAY.match(words) or _NTH.match(words):
        words = words[day.end() :].lstrip(" \t:,")  # `[발표] 11/24 하늘 "구름의 종류"`
    found = NAME_FIRST.fullmatch(words) or TITLE_FIRST.fullmatch(words)
    who = found["who"].strip() if found else ""
    people = names_in(state.crowd, who)[0] or (full_names(state.crowd, who) if who else ())
    if not people and (word or listed):
        people = stated_people(state, who)
    return (found["title"], people, "names, and a title in quotes") if found and people else None


def _order(state: State, words: str) -> re.Match[str] | None:
    order = _ORDER.match(words)
    return order if order and state.lexicon.talk.fullmatch(order["word"]) else None


def _inline(state: State, row: Row) -> Found | None:
    """`4章「雲」 発表者: 大石さん`: a title, the word for who presents, and names."""
    found = _INLINE.fullmatch(row.words) if ":" in row.words else None
    if found is None or squeeze(found["word"]) not in state.lexicon.lecturers:
        return None
    people = stated_people(state, _LASTS.sub("", found["who"]))
    title = found["title"].strip(" .,/|-")
    if not people or not names_subject(state, title, work=True):
        return None
    return title, people, f"a title, {found['word']}, and names"


def _by(state: State, index: int) -> Found | None:
    """`Ladd ch. 4 will be presented by B. Field`, `presented by @robin` below what is presented."""
    words = state.rows[index].words
    if found := _THEN_WHO.match(words):
        people, why = names_in(state.crowd, found["who"])
        if people and names_subject(state, found["title"], work=True):
            return found["title"], people, f"a title, and who presents it: {why}"
    if " by " not in words[:LONGEST] and not words.startswith(("presented", "led", "given")):
        return None
    found = _BY.match(words)
    people = names_in(state.crowd, found["who"])[0] if found else ()
    if not found or not people:
        return None
    title = found["title"].strip(" ,:-") or session_title(state, index)
    return (title or None, people, "who is said to present it")


def headed_behind(state: State, row: Row) -> Found | None:
    """`### 구름의 종류 : 이하늘` below `## 1부 발표`."""
    if not 0 < row.level <= MARKDOWN_LEVELS:
        return None
    found = _BEHIND.fullmatch(row.words)
    people = full_names(state.crowd, found["who"]) if found else ()
    rank = state.rank(row)
    above = (each.title for each in state.sections if each.scope == "heading" and each.level < rank)
    if not found or not people or not any(map(state.lexicon.talk.search, above)):
        return None
    lexicon, last = state.lexicon, squeeze(found["title"].rstrip(": ").rpartition(" ")[2])
    if last in (lexicon.offices | lexicon.charged) - lexicon.presenter:
        return None  # `### 3월 14일 / 진행 : 이하늘`
    return found["title"], people, "a title and names, below a heading of talks"
