"""Lines of what comes next: `4/1 하늘 VAE / 4/8 나래 "GAN"`, `next: 17 June, Robin on fog`.

Each slot of such a line says when, who, and mostly what. A title may have any words, so the line
as a whole has to say that it is of talks: by a word for them, by what comes next, by a line of the
same form beside it, or by what only titles of work have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from studykit.wiki.endings import is_sentence
from studykit.wiki.evidence import names_in
from studykit.wiki.records import Due
from studykit.wiki.rows import Row
from studykit.wiki.rules.dated_talks import note_is_of_talks
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State
from studykit.wiki.rules.talk_time import talk_by, times_in
from studykit.wiki.times import DATE, MONTH_DAY, PLAIN_DAY

__all__ = ["upcoming"]

LONGEST = 240
MANY = 6
_MONTHS = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月|(?:\d{1,2}|[일이삼사오유칠팔구시십]{1,2})월"
_NEXT = (
    r"(?:그 ?다음|다다음|다음|담담|담|차|이번)(?:번|주|시간|모임|회차?|달|학기)?(?![가-힣]{2})"
    r"|(?:차주|담주|그담주|그담)"
    r"|(?:and )?(?:ne?xt(?: up| time| we?e?k| meeting| mon| tue| wed| thu| fri| sat| sun)?"
    r"|then|after that|(?:the )?we?e?k after(?: that| next)?|coming up|up next|upcoming)\b"
    r"|次々回|次回(?:以降)?|次(?:は)?|その次|来週|再来週|来月"
)
_WHEN = re.compile(
    rf"(?P<next>{_NEXT})|{DATE.pattern}|{PLAIN_DAY.pattern}|{MONTH_DAY.pattern}"
    r"|(?P<pointed>(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d|[1-9])\.?(?=[ \t(]))"
    r"|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?=[ \t])"
    r"|(?:[12]?\d|3[01])/(?:1[0-2]|[1-9])(?![\d/])"
    rf"|(?:{_MONTHS})[ ]?(?:\d{{1,2}}[일日]|모임)?"
    r"|(?:제|第)?\d{1,3}(?:주차|회차?|차시|回)|we?e?k ?\d{1,2}\b|(?:[12]?\d|3[01])일(?=[ \t])"
    r"|[월화수목금토일]요일|오늘|금일|내일|今日|今回"
    r"|\(?\d{1,2}(?:st|nd|rd|th)\)?|\((?:[월화수목금토일月火水木金土日]|[^()]{0,6}미정|日にち未定)\)",
    re.IGNORECASE,
)
_WORD = re.compile(
    r"(?:중간|기말|최종|제안|연습|논문|미니)?[ ]?(?:발표|발제|세미나)(?:자|[ ]?순서|[ ]?담당)?"
    r"|(?:中間|最終|論文)?(?:発表|話題提供|担当|論文紹介|輪読|報告)(?:者)?"
    r"|(?:journal club|reading group|seminar|lab meeting)\b(?=[ \t]*(?::|\d))"
    r"|(?:talks?|speakers?|presenters?|presenting|presentations?|up)\b(?=[ \t]*[:-])",
    re.IGNORECASE,
)
_GAP = re.compile(r"(?:때|에는|에|은|는|의|엔|は|の)?[ \t]*(?:[:,、=~|☞👉–—-]+>?|→)?[ \t]*")
_NUMBERED = re.compile(r"\d{1,3}[ \t]*\t[ \t]*|[|@–-][ \t]*(?=\d)")
_TITLED = re.compile(
    r"[^:\d]{2,30}(?:\btalks|\bpresentations|발표|세미나|発表)"
    r"(?:[ ]?(?:순서|일정|예정))?[ \t]*:[ \t]*"
)
"""`Evening talks: 16/10 Robin (fog), …`."""
_NAME = re.compile(
    r"@?[^\s,、:;「『\"“'()\[\]/.·→|&+-]{1,16}"
    r"(?:(?:, ?|、|[ ]?[&+·][ ]?| and )@?[^\s,、:;「『\"“'()\[\]/.·→|&+-]{1,16})*"
)
_HONOUR = re.compile(r"(?:Prof|Dr|Mrs?|Ms)\.?[ ](?=[A-Z])")
_JOINED = re.compile(r"[ ]?[·&+][ ]?")
_PARTICLE = re.compile(r"(?:께서는?|이가|이는|이|가|은|는|의|とが|がの|が|は|の)$")
_BEHIND = re.compile(r"[ \t]*(?:\([^()]{1,8}(?:님|담당)\))?[ \t]*(?:[:,、|=–—─―-]+>?|→)?[ \t]*")
_VERB = re.compile(
    r"(?:will |is )?(?:on|about|shows?|showing|presents?|presenting|leads?|leading(?: on)?|does"
    r"|doing|covers?|covering|takes|with|gives?|(?:an? |the )?(?:intro|practice|short|lightning)"
    r"(?: talk)?|talk)\b(?: (?:on|for|about|of)\b)?[ \t]*",
)
_TELLS = re.compile(r"(?:will )?(?:shows?|present|intro|practice|short|lightning|talk|gives?)")
_BREAK = re.compile(
    r"[.。;][ \t]*|[ \t]+[/&][ \t]+|[ \t]*[,、/][ \t]*|[ \t]{2,}|[ \t]+(?=그 ?다음)"
)
_HELD = re.compile(r"\"[^\"]*\"|“[^”]*”|「[^」]*」|『[^』]*』|\([^()]*\)|\[[^\[\]]*\]")
_QUOTED = re.compile(r"\"[^\"]+\"|“[^”]+”|「[^」]+」|『[^』]+』")
_OPENS = ("「", "『", '"', "“", "(")
_TAIL = re.compile(
    r"(?:을|를)?[ \t]*(?:(?:짧게|간단히|이어서)[ \t]+)?(?:\d{1,2}분[만씩]?[ \t]*)?"
    r"(?:(?:복습|정리|소개|설명|발표)해[ ]?주(?:심|기로|실|신).{0,4}|발표|발제|맡음|담당|진행|예정"
    r"|하기로(?:[ ]?함)?|할게요|합니다|하심|함)?[ \t.!~。]*$"
)
_LAST_TIME = re.compile(rf"[ \t,]+\(?(?P<when>{PLAIN_DAY.pattern}|{MONTH_DAY.pattern})\)?[ \t.]*$")
_WORK = re.compile(
    r"[A-Z][A-Za-z\d]|[A-Za-z]{3}|[「『“\"]|[ァ-ヶー]{4}"
    r"|§ ?\d|(?<![\d.])\d{1,2}(?:\.\d{1,2})* ?(?:장|강|절|부|챕터|章|節)|\d\.\d[~〜-]\d"
)
"""What titles of papers, talks and chapters have."""
_PART = re.compile(r"(?:§|제|第)? ?\d[\d.,~〜–-]*(?:장|절|章|節)?")
_PRESENTED = re.compile(r"[ \t](?:발표|발제)(?:[ ]?예정)?[ \t.]*$")
_CHAPTERS = re.compile(r"(?:제 ?)?\d{1,3} ?(?:장|절|강|章|節)")
_CAPITAL = re.compile(r"\"|“|\b(?:[A-Z]{2}|[A-Z][a-z]+[ -][A-Z]|[A-Z]\w*[A-Z\d])|\btalk\b|\bch\b|§")
"""What they have among English words."""
_OPEN = re.compile(r"追って|추후|나중에|\b(?:tba|later)\b|주제 ?미정|제목 ?미정", re.IGNORECASE)
_FREE = re.compile(
    r"휴강|쉼|쉬는|방학|시험|없음|미정|休み|未定|\b(?:no|tbd|break|holiday)\b", re.IGNORECASE
)
_UP_NEXT = re.compile(
    r"(?:up )?next\b|coming up|upcoming|다음|차주|향후|일정|次回|今後|予定", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Slot:
    start: int
    when: str
    people: tuple[str, ...]
    why: str
    said: int
    """Where behind the name the title begins."""
    timed: bool
    ahead: bool
    talk: bool
    """Whether a word for talks stands before the name."""


def upcoming(state: State, index: int, *, several: bool = False) -> int:
    """Claim a line of slots, of `several` if that is asked for; 0 where it is none."""
    row = state.rows[index]
    kind, apart = state.section.kind, state.stands_apart(index)
    owed = kind == "task" and not (row.listed or apart)
    if owed or apart:
        kind = None
    plain = row.kind == "words" and not row.level and row.box is None
    if not plain or kind not in (None, "talk", "plan", "topics"):
        return 0
    slots = [] if state.slotless == index else _slots(state, row)
    if not slots:
        state.slotless = index
    if len(slots) < 1 + several:
        return 0
    ends = [*(each.start for each in slots[1:]), len(row.words)]
    titles = [_title(row.words[each.said : end]) for each, end in zip(slots, ends, strict=True)]
    if not all(_may_be_title(state, title) for title, _ in titles):
        return 0
    if owed and not (slots[0].ahead or slots[0].talk or state.paragraph(index)):
        return 0  # `3/14 하늘 FOG` among what is to be done
    if not _is_of_talks(state, index, slots, [title for title, _ in titles]):
        return 0
    state.block("talk", index)
    state.talk_row = index
    number = row.line.number
    for slot, end, (title, last) in zip(slots, ends, titles, strict=True):
        when = last or slot.when
        times = times_in(state, row, when) if when else []
        due = times[0] if times else Due(when, None, None, (number, number)) if when else None
        begin = row.at(slot.start)
        finish = row.at(slot.start + len(row.words[slot.start : end].rstrip()))
        place = state.span(begin, finish, number, number)
        reason = f"who presents what, and when: {slot.why}"
        state.records.append(talk_by(state, place, title, slot.people, due, (reason,)))
    return 1


def _slots(state: State, row: Row) -> list[_Slot]:
    """The slots of a line; none where it does not begin with one."""
    words = row.words if len(row.words) <= LONGEST else ""
    titled = _TITLED.match(words) if ":" in words else None
    numbered = words[:1] in "|@–-" or "\t" in words
    lead = titled or (_NUMBERED.match(words) if numbered else None)
    begin = lead.end() if lead else 0
    if not (_WHEN.match(words, begin) or _WORD.match(words, begin)):
        return []  # whoever stands there, it is neither timed nor of talks
    first = _slot(state, words, begin)
    if first and titled and first.timed:
        first = replace(first, talk=True)
    if first is None or not (first.timed or first.talk):
        return []
    held = [match.span() for match in _HELD.finditer(words)]
    found = [first]
    for sign in _BREAK.finditer(words, first.said):
        if any(begin < sign.end() and sign.start() < end for begin, end in held):
            continue
        if sign.end() < found[-1].said or len(found) == MANY:
            continue
        slot = _slot(state, words, sign.end())
        if slot and (
            slot.timed
            or words.startswith(_OPENS, slot.said)
            or (slot.said < len(words) and _WORK.match(words, slot.said))
        ):
            found.append(slot)
    return found


def _slot(state: State, words: str, at: int) -> _Slot | None:
    """When, the word for a talk, and who; None where no name of the note's stands there."""
    start, timed, ahead, talk = at, False, False, False
    when: list[int] = []
    for _ in range(MANY):
        if time := _WHEN.match(words, at):
            timed, ahead = True, ahead or bool(time["next"])
            when = [when[0] if when else at, time.end()]
        elif word := _WORD.match(words, at):
            talk, time = True, word
        else:
            break
        gap = _GAP.match(words, time.end())
        at = gap.end() if gap else time.end()
    if honour := _HONOUR.match(words, at):
        at = honour.end()
    match = _NAME.match(words, at)
    if match is None:
        return None
    for written in dict.fromkeys(
        (match.group(), match.group().partition(",")[0].partition("、")[0])
    ):
        bare = _PARTICLE.sub("", written)
        for name in dict.fromkeys((written, bare)):
            people, why = names_in(state.crowd, _JOINED.sub(", ", name))
            if people and all(map(state.crowd.why, people)):
                behind = _BEHIND.match(words, at + len(written))
                said = behind.end() if behind else at + len(written)
                verb = _VERB.match(words, said)
                talk = talk or (
                    timed and verb is not None and _TELLS.match(verb.group()) is not None
                )
                said = verb.end() if verb else said
                text = words[slice(*when)].strip(" \t:,") if when else ""
                text = text.strip("()") if text[:1] == "(" else text
                return _Slot(start, text, people, why, said, timed, ahead, talk)
    return None


def _title(words: str) -> tuple[str | None, str]:
    """What stands behind a name, without what adds nothing; and the time at its end."""
    if words.startswith((".", "。")) or _OPEN.search(words):
        return None, ""  # `오늘 발표는 하늘. 4장까지 했다`
    words = words.strip(" \t/,;、。|-–—─―")
    last = _LAST_TIME.search(words)
    words = words[: last.start()] if last else words
    if words[:1] == "(" and (aside := re.match(r"\(([^()]{1,80})\)", words)):
        words = aside[1]
    words = _TAIL.sub("", words).strip(" \t/,;、。.|")
    words = words[1:-1] if _QUOTED.fullmatch(words) else words
    return words or None, last["when"] if last else ""


def _may_be_title(state: State, title: str | None) -> bool:
    if title is None:
        return True
    doing = state.lexicon.is_doing(title) and not _WORK.search(title)
    tells = is_sentence(title) and not title.endswith(("?", "다"))
    if doing or tells or _FREE.search(title):
        return False
    return _PART.fullmatch(title) is not None or names_subject(state, title.rstrip("+"), work=True)


def _is_of_talks(state: State, index: int, slots: list[_Slot], titles: list[str | None]) -> bool:
    """Whether anything says that the slots are of talks, and of no other business."""
    words = state.rows[index].words
    given = [title for title in titles if title]
    if _PRESENTED.search(words) or (slots[0].timed and any(map(_CHAPTERS.match, given))):
        return True
    if not given and state.talk_row == index - 1:
        return True
    if any(slot.talk for slot in slots) or state.section.kind == "talk":
        # `발표자 : 하늘 박사과정` says who, and nothing of what.
        return slots[0].timed or all(map(_WORK.search, given))
    if not given:
        return False
    works = all(_WORK.search(title) for title in given)
    if words.isascii():
        works = all(_CAPITAL.search(title) for title in given)
    doing = any(map(state.lexicon.is_doing, given))
    beside = any(
        0 <= at < len(state.rows) and state.rows[at].kind == "words" and _is_slot(state, at)
        for at in (index - 1, index + 1)
    )
    ahead = any(slot.ahead for slot in slots) or _UP_NEXT.search(state.section.title) is not None
    if note_is_of_talks(state):
        return not doing and (works or beside or ahead)
    dated = len(slots) > 1 and all(slot.timed for slot in slots)
    dated = dated or (beside and words.isascii() and slots[0].timed)
    doing = doing or (words.isascii() and any(map(state.lexicon.stems.match, given)))
    return not doing and ((works and (beside or ahead or len(slots) > 1)) or (ahead and dated))


def _is_slot(state: State, at: int) -> bool:
    row = state.rows[at]
    return bool(found := _slots(state, row)) and found[0].timed
