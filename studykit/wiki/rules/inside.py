"""`- Q: …`, `- 결정: …` among what somebody says: explicit marks win there, too."""

from __future__ import annotations

import re
from typing import Literal

from studykit.wiki.evidence import names_in
from studykit.wiki.labels import label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Answer, Decision, Due, Question, Task
from studykit.wiki.rows import OUTLINE
from studykit.wiki.rules.asking import raises
from studykit.wiki.rules.clauses import message_clauses
from studykit.wiki.rules.mark import Mark, mark_of, marked_talk
from studykit.wiki.rules.marked import is_answer
from studykit.wiki.rules.owner import who_will
from studykit.wiki.rules.promised import promised, requested
from studykit.wiki.rules.question import among_questions
from studykit.wiki.rules.said_talk import message_talk
from studykit.wiki.rules.state import State, several
from studykit.wiki.rules.talk_time import talk_by, time_of
from studykit.wiki.rules.task import task_at

__all__ = ["take_inside"]


LONGEST = 200
_SETTLES = re.compile(
    r"(?P<verb>(?<=[^\s안못미][ \t])(?:최종[ \t]?)?(?:확정|결정|의결)"
    r"(?:이요|이에요|입니다|합니다|해요|됐습니다|할게요|하겠습니다|합시다|하죠|하자|함|했습니다|했어요|됨)?"
    r"(?=[.!~]+[ \t]|{0})"
    r"|기로[ \t]?(?:했습니다|했어요|함|합니다|했음|해요|해용|합시다|하죠|하시죠)(?={0}))".format(
        r"[\s!~.ㅋㅎ]*(?:땅땅[!땅]*)?[\s!~.]*(?:\([^()]{1,20}\))?$"
    )
    + r"|(?P<told>(?:걸로|으로|[ \t]로) ?(?:최종 ?)?(?:확정|결정)"
    r"(?:이요|이에요|입니다|할게요|하겠습니다|합니다))(?=[ \t]+[^.?]{1,14}[!~.]*$)"
    r"|(?P<ja>[でに](?:決定|決まり)(?:です|ました|ます))(?=[。!\s]*$)"
)
"""How somebody says, for all, that something is settled."""

_ASKING = re.compile(
    r"(?:아 |저 |저도 )?질문(?:이요|요|이에요|입니다|[ ]?있어요|[ ]?있습니다|[ ]?하나(?:요|만요)?)?"
    r"[!.:,~)]+[ \t]*(?=\S.{3})"
)
"""`질문이요! …`, in a chat."""
_STATUS = re.compile(
    r"(?:\d[\d.]*[ \t]+)?\[(?:완료|진행|진행 ?중|지연|보류|done|wip)\]", re.IGNORECASE
)
_NTH = re.compile(r"\d{1,2}일")
_AHEAD = frozenset(("예정", "계획", "예정사항", "next", "planned"))
_Kind = Literal["decision", "task", "question"]
_KINDS: tuple[_Kind, ...] = ("decision", "task", "question")


def take_inside(state: State, index: int, count: int, said: int, speakers: tuple[str, ...]) -> None:
    """Add what the rows of a turn say themselves that they are.

    Args:
        state: What has been read.
        index: The row that opens the turn.
        count: How many rows the turn has.
        said: Where in the first row's words begins what is said.
        speakers: Whose turn it is: who asks, and who is to do what the marks name nobody for.
    """
    last = index + count
    for at in range(index, last):
        row = state.rows[at]
        if row.kind != "words" or (row.level and at > index):
            continue
        mark = mark_of(state, at, said if at == index else 0) or _bracketed(state, at, index)
        if mark is None and at > index and row.mark == "number" and among_questions(state, at):
            reason = "an item that asks, as all beside it do"
            mark = Mark("question", row.start, reason, row.number)
        if mark is None and at > index and raises(row.words):
            mark = Mark("question", row.start, "ends in the word for what was asked")
        if mark is None and at == index and (begun := _ASKING.match(row.words, said)):
            mark = Mark("question", row.at(begun.end()), "it begins with 질문이요")
        if mark is None and at > index and row.listed and who_will(state, row.words.lstrip("@")):
            mark = Mark("task", row.start, "who will do it, in a list of what somebody says")
        if mark is None and (at == index or row.line.number - 1 in state.crowd.chat):
            mark = _settling(state, at, said if at == index else 0)
        if mark is None and _is_message(state, at, index):
            start = said if at == index else 0
            if not _add_talks(state, at, start):
                _add_told(state, at, start, speakers)
        if mark is not None:
            _add(state, at, _rows(state, at, last, at == index), mark, speakers)


def _is_message(state: State, at: int, index: int) -> bool:
    """Whether a row says something in a chat: `[하늘] [오후 3:21] …`, or below who and when."""
    number = state.rows[at].line.number
    exported = at == index and number in state.crowd.exported
    return exported or (at > index and number - 1 in state.crowd.chat)


def _add_told(state: State, at: int, said: int, speakers: tuple[str, ...]) -> None:
    """Add the task of `[하늘] [오후 3:21] 제가 내일 올릴게요`."""
    row = state.rows[at]
    told = promised(state, row, said, speakers) or requested(state, row, said)
    if told is not None:
        place = state.span(row.at(said), row.end, row.line.number, row.line.number)
        reasons = (told.reason,)
        state.records.append(
            Task(**place, evidence=reasons, owners=told.owners, due=told.due, done=None)
        )


def _add_talks(state: State, at: int, said: int) -> bool:
    """Add the talks of `[하늘] [오후 3:21] 14일 발표 나래 - 안개`, if it tells of any."""
    row = state.rows[at]
    for clause in message_clauses(state, at, said):
        subject, presenters, reason = clause.found
        number = row.line.number
        due = state.when(row, clause.when) if clause.when else None
        if nth := _NTH.match(clause.when):
            due = Due(nth.group(), None, None, (number, number))
        place = state.span(row.at(said), row.end, number, number)
        state.records.append(talk_by(state, place, subject, presenters, due, (reason,)))
        return True
    if told := message_talk(state, row, row.words[said:]):
        subject, presenters, reason = told
        place = state.span(row.at(said), row.end, row.line.number, row.line.number)
        subject, due = time_of(state, row, subject)
        state.records.append(talk_by(state, place, subject, presenters, due, (reason,)))
    return told is not None


def _settling(state: State, at: int, said: int) -> Mark | None:
    """`[하늘] [오후 3:21] 그럼 토요일로 확정!`: who says it says what all settled."""
    row = state.rows[at]
    told = _SETTLES.search(row.words, said) if len(row.words) <= LONGEST else None
    if told is None or state.lexicon.still_open.search(row.words[said:]):
        return None
    verb = told["verb"] or told["told"] or told["ja"]
    return Mark("decision", row.at(said), f"who speaks closes with {verb.strip()}")


def _bracketed(state: State, at: int, index: int) -> Mark | None:
    """The mark of `[결정] 지도는 매일` on a line of its own in a turn."""
    row = state.rows[at]
    outline = OUTLINE.match(row.words) if row.words[:1].isdigit() else None
    begin = outline.end() if outline else 0
    label = row.label if at > index and row.words[:1] == "[" else None
    label = label_of(row.words[begin:]) if at > index and outline else label
    kind = state.lexicon.marks.get(squeeze(label.name)) if label and label.sign == "[" else None
    if label and label.sign == "[" and squeeze(label.name) in _AHEAD and _has_statuses(state):
        kind = "task"  # `[예정] 지도 그리기`, beside `[완료] …`
    kinds: dict[str | None, _Kind] = {each: each for each in _KINDS}
    if label is None or len(label.name) < 2 or kind not in kinds:
        return None
    end = begin + label.end
    behind = label_of(row.words[end:])
    named = behind is not None and bool(names_in(state.crowd, behind.name)[0])
    aside = behind.name if behind and named else ""
    start = row.at(end + (behind.end if behind and named else 0))
    return Mark(kinds[kind], start, f"the mark [{label.name}]", aside=aside)


def _has_statuses(state: State) -> bool:
    """Whether two lines or more begin with `[완료]` or the like."""
    if state.statuses is None:
        found = (row for row in state.rows if row.kind == "words" and _STATUS.match(row.words))
        state.statuses = several(found)
    return state.statuses


def _add(state: State, at: int, count: int, mark: Mark, speakers: tuple[str, ...]) -> None:
    row, place = state.rows[at], state.place(mark.start, at, count)
    reasons = (mark.reason,)
    if mark.kind == "question":
        askers = mark.people or speakers
        question = Question(**place, evidence=reasons, number=mark.number, askers=askers)
        state.records.append(question)
        state.answered.append((at + count, str(id(question))))
    elif mark.kind == "answer":
        asked = state.answered[-1][1] if state.answered else None
        state.records.append(Answer(**place, evidence=reasons, question=asked))
    elif mark.kind == "decision":
        state.records.append(Decision(**place, evidence=reasons))
    elif mark.kind == "task":
        start, aside = mark.start, mark.aside
        whose = () if mark.whoever else speakers
        state.records.append(
            task_at(state, at, count, mark.reason, start=start, aside=aside, whose=whose)
        )
    elif mark.people:
        state.records.append(marked_talk(state, row, mark, place))


def _rows(state: State, at: int, last: int, opens: bool) -> int:
    """How many rows of the turn the marked one has: up to the next item, or the next mark."""
    count = 1 if opens else min(state.continued(at), last - at)
    for below in range(at + 1, at + count):
        if mark_of(state, below) is not None or is_answer(state, below):
            count = below - at
            break
    while count > 1 and state.rows[at + count - 1].kind == "blank":
        count -= 1
    return count
