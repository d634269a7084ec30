"""`| 질문 | 답변 |`: tables each row of which is a question, with what was said to it."""

from __future__ import annotations

import re

from studykit.wiki.evidence import names_in, stated_names
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Answer
from studykit.wiki.rules.listed import says_nothing
from studykit.wiki.rules.marked import add_question
from studykit.wiki.rules.state import State

__all__ = ["asked_in_row", "question_columns"]

_ASKERS = frozenset(
    ("질문자", "질문한사람", "물어본사람", "물어본이", "asker", "askedby", "from", "質問者")
)
_BESIDE = frozenset(
    (
        *("", "#", "no", "no.", "번호", "番号", "비고", "메모", "note"),
        *("상태", "status", "state", "状態", "해결", "해결여부", "답변여부", "진행"),
        *("시간", "時刻", "장", "쪽", "페이지", "page", "p.", "chapter", "章"),
    )
)
"""What heads a column that neither asks nor answers."""
_OPEN = re.compile(
    r"(?:확인|논의|조사|추가)[ ]?(?:필요|예정|중)|미답|보류|모름|모르겠\S*"
    r"|다음[ ]?\S{0,4}(?:에|로)?"
    r"|未回答|不明|\?+|open|unanswered|pending",
    re.IGNORECASE,
)
"""An answer that is still to be found."""
_LETTER = re.compile(r"[^\W\d_]{2}")


def question_columns(state: State, heads: list[str]) -> tuple[str, ...]:
    """What each column of a table of questions holds; nothing for other tables."""
    lexicon, columns = state.lexicon, list[str]()
    for head in heads:
        name = squeeze(head)
        if lexicon.section(head) == "question" or lexicon.marks.get(name) == "question":
            columns.append("question")
        elif lexicon.marks.get(name) == "answer":
            columns.append("answer")
        elif name in _ASKERS | lexicon.columns | lexicon.charged | lexicon.saying:
            columns.append("asker" if name in _ASKERS | lexicon.columns else "answerer")
        elif name in _BESIDE or name in lexicon.remarks:
            columns.append("")
        else:
            return ()
    asked = columns.count("question") == 1 and len(columns) > 1
    return tuple(columns) if asked and columns.count("answer") < 2 else ()


def asked_in_row(state: State, index: int, what: dict[str, str]) -> int:
    """Claim a row as what its column of questions asks, and what the one of answers says."""
    row, asked, said = state.rows[index], what["question"], what.get("answer", "")
    if not _LETTER.search(asked) or says_nothing(state, asked):
        return 0
    who = what.get("asker", "")
    askers = names_in(state.crowd, who)[0] or (stated_names(state.crowd, who) if who else ())
    at = row.words.find(asked)
    begin = max(at, 0)
    end = row.at(begin + len(asked) - 1) + 1 if at >= 0 else None
    reason = "a row of a table with a column of questions"
    add_question(state, index, row.at(begin), askers, reason, count=1, end=end)
    start = row.words.find(said, begin + len(asked)) if said else -1
    if start >= 0 and _LETTER.search(said) and not _OPEN.fullmatch(said.strip(" .()")):
        line = row.line.number
        state.records.append(
            Answer(
                **state.span(row.at(start), row.at(start + len(said) - 1) + 1, line, line),
                evidence=("what stands beside the question, in the column of answers",),
                question=state.answered[-1][1],
            )
        )
    return 1
