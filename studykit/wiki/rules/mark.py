"""The explicit marks with which a line says what it is: `Q1)`, `답 :`, `결정:`, `발표(현수):`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from studykit.wiki.evidence import names_in, stated_names
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Talk
from studykit.wiki.rows import Row
from studykit.wiki.rules.asker import asker_of
from studykit.wiki.rules.asking import asks, wonders
from studykit.wiki.rules.decision import concludes
from studykit.wiki.rules.listed import says_nothing
from studykit.wiki.rules.state import Place, State
from studykit.wiki.rules.talk_time import stage

__all__ = ["ASKING_ENDS", "CALLOUT", "Mark", "after_question", "mark_in", "mark_of", "marked_talk"]

_MARK = re.compile(
    r"(?P<name>[^\W\d_][^\d:()\[\].]{0,20}?)[ \t]?#?(?P<number>\d{0,3})[ \t]*"
    r"(?:\((?P<aside>[^()]{1,60})\)[ \t]*)?(?P<sign>[:)]|[./-](?=[ \t])|(?<=[)][ \t]))"
    r"[ \t]*(?=\S)"
)
_BOT = re.compile(r"#(?P<word>action|agreed|accepted|decision|todo)[ \t:]+(?=\S)", re.IGNORECASE)
"""What a chat's bot of meetings is told, `#agreed the map is big enough`."""
_MARKED = re.compile(r"[:)./-](?:(?<=[:)])|(?=[ \t]))")
"""What every mark has one of, and most lines have not."""
_ASKED_OF = re.compile(r"q(?:uestion)?s? (?:for|to) [^\s:][^:]{0,20}:[ \t]*(?=\S)", re.IGNORECASE)
"""`q for Robin: why is the map so small?`"""
CALLOUT = re.compile(r"\[!(?P<kind>[A-Za-z]{2,12})\][+-]?[ \t]*")
"""`> [!question] …`: what begins so, and of which kind it is."""
_BY = re.compile(r"(?:by|before|until|due|for)\b|~", re.IGNORECASE)
_HANGUL = re.compile(r"[^A-Za-z가-힣]*[가-힣]")
_WHO_ASKS = re.compile(r"[A-Za-z][\w.-]{1,20}(?:[ \t]*,[ \t]*[A-Za-z][\w.-]{1,20})+[ \t]*")
"""`질문 : robin, sky` says who asks today."""
ASKING_ENDS = ("?", "지", "까", "요", "가", "か")
"""What a line without a list's mark ends in, if it asks what `[질문]` before it says."""
LONGEST = 120

_Kind = Literal["question", "answer", "decision", "task", "talk"]
_BOT_KINDS: dict[str, _Kind] = {
    "action": "task",
    "todo": "task",
    "agreed": "decision",
    "accepted": "decision",
    "decision": "decision",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line says that it is, with whom it names, and where what it says begins."""

    kind: _Kind
    start: int
    reason: str
    number: int | None = None
    people: tuple[str, ...] = ()
    """Who asks or presents."""
    aside: str = ""
    """What stands in brackets behind the mark's word: `현수, ~3/14`."""
    whoever: bool = False
    """Whether whoever writes it down says it of others."""


def mark_of(state: State, index: int, begin: int = 0) -> Mark | None:
    """The explicit mark with which a row says what it is, if it does.

    Args:
        state: What has been read.
        index: The row.
        begin: Where in its words the mark stands: behind `현수님 - `, say.
    """
    row = state.rows[index]
    words = row.words[begin : begin + LONGEST]
    if words[:1] == "#" and (bot := _BOT.match(words)):
        return _told_a_bot(state, row, bot["word"], begin + bot.end())
    if words[:2] == "Q " and words[2:3] != "(" and (asked := _plain_question(state, index, begin)):
        return asked
    if words[:2].casefold() in ("q ", "qu") and (of := _ASKED_OF.match(words)):
        return Mark("question", row.at(begin + of.end()), f"the mark {of.group().strip()}")
    match = mark_in(state, words)
    if match is None:
        return None
    name, sign, aside = match["name"].strip(), match["sign"], match["aside"] or ""
    kind = cast("_Kind | None", state.lexicon.marks.get(squeeze(name)))
    end = begin + match.end()
    letter = len(name) == 1 and name.isascii()
    # `질문) …`, `질문 1. …`
    closed = kind in ("question", "answer") and (sign == ")" or (sign == "." and match["number"]))
    closed = closed or (sign == "." and name.endswith("Q"))  # `꼬리Q. …`
    # `결정) …` in a list, among such
    closed = closed or (sign == ")" and kind in ("decision", "task") and row.sign == ">")
    closed = closed or (sign == ")" and name in ("決定", "결정"))
    closed = closed or (sign == "-" and _dashed(state, kind, row.words[end:]))
    closed = closed or (sign == "/" and _slashed(state, kind, row.words[end:]))
    if (
        kind is None
        or (sign in ").-/" and not letter and not closed)
        or (not sign and (not letter or not stated_names(state.crowd, aside)))
        or (sign in ".-/" and not closed and not name.isupper())
    ):
        return None
    if letter and name.upper() == "A" and not after_question(state, index):
        return None
    if says_nothing(state, row.words[end:].partition(".")[0]):
        return None
    if kind == "decision" and concludes(state, name, row):
        return None
    if kind == "task" and not aside and _over_list(state, index, end):
        return None
    if squeeze(name) == "ai" and _HANGUL.match(row.words, end):
        return None  # in Korean, `AI : …` is about what two letters are short for
    reason = f"the mark {match.group().strip()}"
    if kind == "question":
        if _WHO_ASKS.fullmatch(row.words, end):
            return None
        number = int(match["number"]) if match["number"] else row.number
        askers = stated_names(state.crowd, aside) if aside else ()
        behind, whose = asker_of(state, row.words, end)
        return Mark(kind, row.at(end if askers else behind), reason, number, askers or whose)
    people: tuple[str, ...] = ()
    if kind == "talk":
        people = stated_names(state.crowd, ", ".join(_without_times(state, aside)))
    return Mark(kind, row.at(end), reason, None, people, aside)


def _plain_question(state: State, index: int, begin: int) -> Mark | None:
    """`Q 베타는 왜 고정인지`: the letter alone before what asks, or before an answer as plain."""
    row = state.rows[index]
    below = state.rows[index + 1 : index + 2]
    answered = bool(below) and below[0].words[:2] == "A "
    words = row.words[begin + 2 :]
    if row.level or not (answered or asks(words) or wonders(words)):
        return None
    behind, whose = asker_of(state, row.words, begin + 2)
    return Mark("question", row.at(behind), "the mark Q", row.number, whose)


def _told_a_bot(state: State, row: Row, word: str, said: int) -> Mark:
    """`#action sky to draw a map`: who writes it down is not by that who does it."""
    kind = _BOT_KINDS[word.casefold()]
    who, to, _ = row.words[said:].partition(" to ")
    aside = who if to and kind == "task" and names_in(state.crowd, who)[0] else ""
    return Mark(kind, row.at(said), f"the bot's word #{word}", aside=aside, whoever=True)


def marked_talk(state: State, row: Row, mark: Mark, place: Place) -> Talk:
    """The talk that `발표(현수, 3/14): DDPM` says."""
    others = set(_without_times(state, mark.aside))
    times = [part for part in _parts(mark.aside) if part not in others]
    due = state.when(row, times[0]) if times else None
    return Talk(
        **place,
        evidence=(mark.reason,),
        subject=state.text[mark.start : row.end],
        presenters=mark.people,
        volunteers=(),
        due=due,
        status=stage(state, due),
    )


def mark_in(state: State, words: str) -> re.Match[str] | None:
    """What may be a mark at the beginning of the words."""
    may_be = words[:1].casefold()[:1] in state.lexicon.first_letters and _MARKED.search(words)
    return _MARK.match(words) if may_be else None


def after_question(state: State, index: int) -> bool:
    """Whether an answer may stand here: a question is above, and not too far."""
    if not state.answered:
        return False
    below, question = state.answered[-1]
    if question.isdecimal():
        return index - below <= 12
    # A question that is only named here: nothing but answers to it may stand between.
    return state.next_words[below] == index or bool(
        state.blocks and state.blocks[-1].kind == "answer"
    )


def _dashed(state: State, kind: str | None, words: str) -> bool:
    """Whether what stands behind `결정 -`, `질문 -` or `과제 -` is one: a dash says less."""
    if kind == "question":
        return words.rstrip(" .!)").endswith(ASKING_ENDS)
    if kind == "task":
        return state.lexicon.is_doing(words)
    return kind == "decision" and not names_in(state.crowd, words)[0]


def _slashed(state: State, kind: str | None, words: str) -> bool:
    """`결정 / 회비는 만 원`, `숙제 / 하늘 - 지도 그리기`; `결정 / 할 일` names two sections."""
    if kind not in ("decision", "task") or " " not in words or state.lexicon.section(words):
        return False
    if _BY.match(words) or state.is_time(words):
        return False  # `todo / by next Monday`, over what is
    return kind == "decision" or " / " not in words


def _over_list(state: State, index: int, end: int) -> bool:
    """Whether `할 일 : 현수` stands over the list of what is to be done."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    who = row.words[end:].rstrip(": ")
    return bool(below) and below[0].listed and bool(names_in(state.crowd, who)[0])


def _parts(aside: str) -> list[str]:
    return [part.strip() for part in aside.split(",")] if aside else []


def _without_times(state: State, aside: str) -> list[str]:
    return [part for part in _parts(aside) if not state.is_time(part)]
