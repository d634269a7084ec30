"""Questions by a mark set loosely: `[Q1] …?`, `Q1 …?`, `하늘 Q. …?`, `❓ …?`; and who asks them."""

from __future__ import annotations

import re

from studykit.wiki.endings import is_statement
from studykit.wiki.evidence import names_in
from studykit.wiki.rules.asker import asker_of
from studykit.wiki.rules.asking import asks, inquires, proposes, raises
from studykit.wiki.rules.listed import says_nothing
from studykit.wiki.rules.mark import CALLOUT
from studykit.wiki.rules.marked import add_question
from studykit.wiki.rules.state import State

__all__ = ["asked"]

LONGEST = 400
_CALLOUTS = frozenset(("question", "help", "faq"))
_HINTS = ("Q", "q", "질문", "質問", "물어", "❓", "❔", "🙋", "💬", "🤔")
"""What every mark has one of, and most lines have not."""
HEAD = 40
_LOOSE = re.compile(
    r"(?P<open>[*_#>\s]{0,6}[(\[<【]?)[ \t]?(?P<word>[Qq]|질문|[Qq]uestion|QUESTION|質問)[ \t]?"
    r"(?P<number>[-#]?[ \t]?(?:\d{1,3}|[①-⑳]))?[ \t]?"
    r"(?P<sign>[)\]>】]?(?:\*\*|__)?[ \t]*(?:[.:)]|[-=]*>{1,2}|→|-(?=[ \t]))?(?:\*\*|__)?)"
    r"[ \t]*(?=\S)"
)
_PICTURE = re.compile(
    r"[❓❔🙋💬🤔]\ufe0f?[ \t]*(?:(?:질문|Q)[ \t]?\d{0,2}[ \t]*[.:)]?[ \t]*)?(?=\S)"
)
_SOMEBODYS = re.compile(
    r"[\[(<]?(?P<who>[^\s:\[\]()<>]{1,12}?)(?:의)?[ \t]?(?:Q|질문)[ \t]?\d{0,2}[\])>]?"
    r"[ \t]*[.:)-]?[ \t]*(?=\S)"
)
_ASKED_BY = re.compile(
    r"(?P<who>[가-힣A-Za-z]{2,10}?)(?:님)?(?:이가|이|가)?[ \t]?"
    r"(?:질문(?!자|함|이|을|은|과|도|및|들)|물어[봄봤]\S{0,2}|질문함"
    r"|(?:물어본|질문한)[ ]?(?:거|것|내용))"
    r"(?:[ \t]*[:)][ \t]*|[ \t]+)(?=\S)"
)
"""`하늘누나 질문 베타를 어떻게 정하나`, `하늘이가 물어봄: …`."""
_TOLD = re.compile(r"(?:함|하심|했음|받음|있음|나옴|많음)[\s.!]*$")
_ASKED_IN_QUOTES = re.compile(
    r"@?(?P<who>\S{1,24}?)[ \t]?(?:さん|氏)(?:の|から)[^:「]{0,12}質問[ \t]*:[ \t]*(?=\S)"
)
"""`佐藤さんの鋭い質問：「雲とは？」`."""
_BRACKETED = re.compile(
    r"(?:\((?P<first>[^()]{1,20})\)[ \t]*(?P<asked>\S.{6,}\?)"
    r"|(?P<said>\S.{6,}\?)[ \t]*\((?P<last>[^()]{1,20})\))[ \t.]*"
)
_ANSWERED = re.compile(
    r"(?P<said>[^?:]{4,}\?[?!]*)[ \t]*(?:[-=]{1,2}>|→|⇒|:(?=[ \t])|(?<=[ \t])-(?=[ \t]))[ \t]*\S"
)
_ALONE = re.compile(r"Q[ \t]?\d{0,3}[ \t]?[.:)]")


def asked(state: State, index: int) -> int:
    """Claim a line that asks, behind a mark of a question or who asks."""
    row = state.rows[index]
    if row.kind != "words" or row.level or len(row.words) > LONGEST or row.mark == "arrow":
        return 0
    head = row.words[:HEAD]
    if (callout := _callout(head)) and asks(row.words) and not _has_more(state, index):
        return add_question(state, index, row.at(callout.end()), (), "a callout of a question")
    open_ = state.section.kind in (None, "topics") and "?" in row.words
    if open_ and (count := _in_brackets(state, index) or _answered_beside(state, index)):
        return count
    if state.section.kind in (None, "topics", "question", "asking") and raises(row.words):
        return add_question(state, index, row.start, (), "ends in the word for what was asked")
    if not any(map(head.__contains__, _HINTS)):
        return 0
    if (by := _ASKED_BY.match(head)) and not says_nothing(state, row.words[by.end() :]):
        names, why = names_in(state.crowd, by["who"])
        plain = names and not is_statement(row.words) and not _TOLD.search(row.words)
        if plain and all(map(state.crowd.why, names)):
            reason = f"who asks, and the word for a question: {why}"
            return add_question(state, index, row.at(by.end()), names, reason)
    if _ALONE.fullmatch(row.words):
        return _on_the_next_line(state, index)
    if quoted := _ASKED_IN_QUOTES.match(head):
        names = names_in(state.crowd, quoted["who"])[0] or (quoted["who"],)
        reason = "who asks, by さんの質問"
        return add_question(state, index, row.at(quoted.end()), names, reason)
    if not asks(row.words):
        return 0
    if (match := _LOOSE.match(head)) and _is_mark(match):
        begin, askers = asker_of(state, row.words, match.end())
        reason = f"the mark {match.group().strip()}, and it asks"
        return add_question(state, index, row.at(begin), askers, reason)
    if picture := _PICTURE.match(head):
        begin, askers = asker_of(state, row.words, picture.end())
        return add_question(state, index, row.at(begin), askers, "the picture of a question")
    somebody = _SOMEBODYS.match(head)
    names, why = names_in(state.crowd, somebody["who"]) if somebody else ((), "")
    if somebody and names:
        reason = f"who asks, and the mark of a question: {why}"
        return add_question(state, index, row.at(somebody.end()), names, reason)
    return 0


def _in_brackets(state: State, index: int) -> int:
    """`왜 비가 오는가? (하늘)`, `(하늘) 왜 비가 오는가?`."""
    row = state.rows[index]
    match = _BRACKETED.fullmatch(row.words)
    names, why = names_in(state.crowd, match["last"] or match["first"]) if match else ((), "")
    if match is None or not all(map(state.crowd.why, names or ("",))):
        return 0
    said = match["asked"] or match["said"]
    if not inquires(said):
        return 0
    begin = match.start("asked") if match["asked"] else 0
    return add_question(state, index, row.at(begin), names, f"asks, and brackets name who: {why}")


def _answered_beside(state: State, index: int) -> int:
    """`왜 비가 오는가? -> 구름이 무거워서`: a question, and its answer behind a sign."""
    row = state.rows[index]
    match = _ANSWERED.match(row.words)
    if match is None or row.box is not None or not asks(match["said"]) or proposes(match["said"]):
        return 0
    label = row.label
    if label and names_in(state.crowd, label.name)[0]:
        return 0
    if label and names_in(state.crowd, row.words[label.end :])[0]:
        return 0  # `왜 비가 오는가? : 하늘`, who presents it
    return add_question(state, index, row.start, (), "asks, and its answer stands behind it")


def _has_more(state: State, index: int) -> bool:
    """Whether the callout goes on below its title."""
    below = state.rows[index + 1 : index + 2]
    said = below[0].line.words.lstrip("> ") if below else ""
    return bool(said) and below[0].line.words[:1] == ">" and not _callout(said)


def _callout(words: str) -> re.Match[str] | None:
    """The mark of a callout that asks."""
    callout = CALLOUT.match(words) if words[:2] == "[!" else None
    return callout if callout and callout["kind"].lower() in _CALLOUTS else None


def _is_mark(match: re.Match[str]) -> bool:
    """Whether something sets the word off: a number, a sign or brackets; `Q` needs none of them."""
    set_off = match["number"] or match["sign"].strip() or match["open"].strip(" \t*_#>")
    return bool(set_off) or (match["word"] == "Q" and match.group()[-1:] in " \t")


def _on_the_next_line(state: State, index: int) -> int:
    """`Q.` over a line that asks."""
    below = state.rows[index + 1 : index + 2]
    if not below or below[0].kind != "words" or below[0].level or below[0].mark:
        return 0
    if not asks(below[0].words):
        return 0
    return add_question(state, index, below[0].start, (), "the mark of a question above", count=2)
