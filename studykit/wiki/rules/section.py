"""`금일 질문 사항 :`, `## 링크`, `다음 주 까지 :`: a heading or label, and what it opens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studykit.wiki.evidence import names_in
from studykit.wiki.labels import bare_label
from studykit.wiki.lexicon import SectionKind, squeeze
from studykit.wiki.rows import LABEL_LEVEL, Row
from studykit.wiki.rules.decision import closes
from studykit.wiki.rules.marked import add_question
from studykit.wiki.rules.naming import (
    dated,
    hands_out,
    numbers_a_part,
    prepares,
    somebodys,
    titles_note,
    whose_label,
)
from studykit.wiki.rules.question import asks, wonders
from studykit.wiki.rules.state import MARKDOWN_LEVELS, Scope, Section, State
from studykit.wiki.times import DAY

_ADDRESS = re.compile(r"<?https?://\S+>?", re.IGNORECASE)
_Q = re.compile(r"(?:Q|질문)[ \t]?#?(?P<number>\d{0,3})[ \t]*[.:)][ \t]*(?=\S)", re.IGNORECASE)
_LAST_ASIDE = re.compile(r"\([^()]{0,60}\)[ \t.]*$")
_MATTERS = re.compile(r"사항$")
_TOLD = re.compile(r"(?:참고|주의|유의|공지|전달|특이|안내) ?사항$")
_ALL = re.compile(r"모음|목록|리스트|collection|list", re.IGNORECASE)
_PLAN = re.compile(r"계획|plan|計画", re.IGNORECASE)
_WEEKS = r"(?:제? ?\d{1,2} ?주(?:차)?|week ?\d{1,2})"
_PERIOD = re.compile(
    rf"(?:{_WEEKS}[ \t]*[:(]?[ \t]*)?(?:{DAY.pattern})[ \t]*[~∼〜–-][ \t]*(?P<last>{DAY.pattern})"
    rf"[ \t]*\)?[ \t]*(?:\(?{_WEEKS}\)?)?",
    re.IGNORECASE,
)
_TIMETABLE = re.compile(
    r"일정|계획|스케줄|로드맵|마일스톤|schedule|timeline|milestone|roadmap|予定|計画", re.IGNORECASE
)
_DUE = re.compile(
    r"(?:의|각자|다같이)?(?:할것|할일|과제|숙제|해야할것|해야할일|계획|목표|준비|준비사항"
    r"|[가-힣]{0,6}(?:할|올|갈|낼|볼|쓸|둘)(?:것|거|것들|일|문서|자료|내용|부분|사항|과제|목록|작업))?"
)
"""What may stand behind 'until' in the label of what is due then: `작성해 올 문서`."""
_SENTENCE = re.compile(r"[다요][ \t.!]*$")
_DAY = re.compile(r"\d{1,2}일|전$")
LONGEST = 60
WIDE = 200
FEW = 12
SHORT = 16
"""A label without a colon has no more letters; a line with more is what somebody says."""


def section(state: State, index: int) -> int:
    """Claim a line that is a heading, a section's name, or a time by which the items are due."""
    row = state.rows[index]
    if row.kind != "words" or (len(row.words) > LONGEST and not row.level):
        return 0
    label = bare_label(row.words)
    if row.level or row.mark == "number":
        label = label.removesuffix(".")
    kind = state.lexicon.section(label)
    if kind == "decision" and not row.level and closes(state, row):
        return 0  # `종이 지도로 최종 결정`
    if kind is None and _over_a_list(state, index):
        kind = somebodys(state, label)
    if kind is None and row.level and label[:1].isdigit():
        kind = dated(state, label)
    if row.level and not row.words:  # `#` between two lines divides nothing
        state.block("heading", index)
        return 1
    if kind is None and row.listed and prepares(state, index, label):
        kind = "task"
    if kind in ("task", "decision") and titles_note(state, index):
        kind = None
    due = state.until(row, label) if kind == "task" and state.lexicon.until.search(label) else None
    if kind == "question" and row.listed and _by_somebody(state, label):
        return 0  # `- 과제 2 질문 (현수님)` is a question, not the name of several
    until = state.lexicon.until.search(label) if kind is None else None
    if until and (_is_due(state, label, until) or _due_of_people(state, index, label)):
        kind, due = "task", state.until(row, label)
    if kind is None and (part := _part(state, index, row, label)):
        state.open(part)
        state.block("heading", index)
        return 1
    if row.level and _ADDRESS.fullmatch(row.words):
        return 0  # a link in large letters divides nothing
    if kind is None and row.level and (count := _asking_heading(state, index)):
        return count
    if kind is None and row.level == LABEL_LEVEL and not row.framed and _says(state, row):
        return 0  # `▶ 현수 : …` is a turn
    if row.level:
        whose = state.lexicon.view.sub("", label)  # `### 현수의 의견`
        if kind is None and (names := names_in(state.crowd, whose)[0]):
            if (above := _tasks_above(state, index)) is None:
                return 0  # a person's heading opens a turn
            rank, line = state.rank(row), row.line.number
            state.open(
                Section("task", "heading", rank, 0, line, above.due, names, title=above.title)
            )
            state.block("heading", index)
            return 1
        if kind is None and closes(state, row):
            return 0
        inherited = None if kind else state.inherited(row)
        if inherited in ("task", "plan") and state.lexicon.past.search(squeeze(label)):
            inherited = "topics"  # `### 지난 주에 한 일` below `## 할 일`
        owners = _owners(state, kind, label, state.rank(row))
        number, title = row.line.number, row.words[:LONGEST]
        rank = (
            0 if kind in ("question", "asking") and _titles_all(state, index) else state.rank(row)
        )
        state.open(Section(kind or inherited, "heading", rank, 0, number, due, owners, title=title))
        state.block("heading", index)
        return 1
    if kind is None:
        _begins_another(state, index)
        return 0
    scope = _scope(state, index, row)
    named = label != row.words or due is not None or len(label) <= SHORT
    named = named or (kind == "task" and hands_out(state, index))
    if scope is None or not named or _one_of_several(state, index, label):
        return 0
    owners = _owners(state, kind, label)
    number = row.line.number
    found = Section(kind, scope, 0, row.column, number, due, owners, row.sign, row.number)
    found.title = label
    state.open(found)
    state.block("heading", index)
    return 1


def _over_a_list(state: State, index: int) -> bool:
    """Whether a list, or what is deeper, stands below a line."""
    below = state.next_words[index + 1]
    if below < len(state.rows) and state.rows[below].kind == "rule":
        below = state.next_words[below + 1]  # what underlines the label
    if below == len(state.rows) or state.rows[below].level:
        return False
    row = state.rows[index]
    return state.rows[below].listed and (bool(row.level) or row.over(state.rows[below]))


def _says(state: State, row: Row) -> bool:
    label = row.label
    said = label is not None and label.end < len(row.words)
    return said and label is not None and bool(names_in(state.crowd, label.name)[0])


def _tasks_above(state: State, index: int) -> Section | None:
    """The section of tasks that a person's heading divides: the one above it, or right over it."""
    row, above = state.rows[index], state.section
    if above.kind != "task" or not above.label_line:
        return None
    if above.scope == "heading" and above.level < state.rank(row):
        return above
    if above.scope == "heading" and above.level > state.rank(row):
        return None
    over = state.next_words[state.below(above)] == index  # the first row below the label
    return above if over or (above.scope == "heading" and above.owners) else None


def _one_of_several(state: State, index: int, label: str) -> bool:
    """`타 부서 질의응답` between lines of plain text, with no colon: a matter, and no label."""
    row = state.rows[index]
    if not index or index + 1 == len(state.rows) or row.mark or label != row.words:
        return False
    if squeeze(label) in state.lexicon.sections or state.blocks[-1].kind != "prose":
        return False
    beside = (state.rows[index - 1], state.rows[index + 1])
    return all(
        each.kind == "words"
        and not (each.mark or each.level or each.label)
        and each.column == row.column
        for each in beside
    )


def _titles_all(state: State, index: int) -> bool:
    """`# 질문 모음` as the first line, right over a heading like it: what the whole note holds."""
    row, below = state.rows[index], state.next_words[index + 1]
    if not _ALL.search(row.words) or any(block.kind != "blank" for block in state.blocks):
        return False
    return below < len(state.rows) and state.rows[below].level == row.level


def _by_somebody(state: State, label: str) -> bool:
    """Whether a label ends in somebody's name in brackets, below the label of questions."""
    who = label.rpartition("(")[2].rstrip(") ")
    below = state.section.kind in ("question", "asking")
    return below and label.endswith(")") and bool(names_in(state.crowd, who)[0])


def _owners(
    state: State, kind: SectionKind | None, label: str, level: int = LABEL_LEVEL
) -> tuple[str, ...]:
    """Whose a section is by its label, or by the heading that it stands below."""
    if kind in ("task", "plan", "question") and (named := whose_label(state, label)):
        return named
    if kind != "task":
        return ()
    above = [s for s in state.sections if s.scope == "heading" and s.level < level]
    return above[-1].owners if above else ()


def _part(state: State, index: int, row: Row, label: str) -> Section | None:
    """A part of the section above, by whose it is or what it is about."""
    if not state.sections:
        return _period(state, index, row, label)
    return (
        _topic(state, index, row, label)
        or _askers(state, index, row, label)
        or _plan_of(state, index, row, label)
        or _period(state, index, row, label)
    )


def _askers(state: State, index: int, row: Row, label: str) -> Section | None:
    """A name alone below the label of questions: whose the questions below it are."""
    above = state.section
    if above.kind not in ("question", "asking") or row.mark == "arrow" or len(label) > SHORT:
        return None
    first = state.next_words[state.below(above)] == index
    # Beside another's name, or right below the label, a name may have the same rank.
    rank = above.level + (not above.owners and not (first and row.framed))
    if row.level and above.scope == "heading" and state.rank(row) < rank:
        return None
    names = names_in(state.crowd, label)[0]
    below = state.next_words[index + 1]
    if not names or below == len(state.rows):
        return None
    following, number = state.rows[below], row.line.number
    if following.kind != "words" or following.level or not _someone_asks(state, below, row):
        return None
    if row.level:
        return Section(above.kind, "heading", state.rank(row), 0, number, owners=names)
    if row.listed:
        if not row.over(following):
            return None
        return Section(above.kind, "list", 0, row.column, number, None, names, row.sign)
    return Section(above.kind, "flat", 0, row.column, number, None, names)


def _plan_of(state: State, index: int, row: Row, label: str) -> Section | None:
    """A name alone over a list below the label of a plan: what its bearer is going to do."""
    rank = state.rank(row) if row.level else MARKDOWN_LEVELS + 3
    plans = (each for each in reversed(state.sections) if each.kind and each.level < rank)
    above = next(plans, None)
    if above is None or above.kind != "plan" or not _PLAN.search(above.title):
        return None
    names = names_in(state.crowd, label)[0] if len(label) <= SHORT else ()
    below = state.next_words[index + 1]
    if not names or row.mark == "arrow" or below == len(state.rows):
        return None
    following, number = state.rows[below], row.line.number
    if not following.listed or (row.listed and following.column <= row.column):
        return None
    if row.level:
        return Section("task", "heading", state.rank(row), 0, number, owners=names)
    scope: Scope = "list" if following.column > row.column else "flat"
    return Section("task", scope, 0, row.column, number, None, names, row.sign)


def _period(state: State, index: int, row: Row, label: str) -> Section | None:
    """`3/4 ~ 3/10` below `일정표`, over a list of who does what: what is due when it ends."""
    if row.level or row.listed or not (label[:1].isdigit() or label[:1] in "제wW"):
        return None
    if state.section.kind not in (None, "plan", "task"):
        return None
    period = _PERIOD.fullmatch(label)
    following = state.next_words[index + 1]
    if period is None or following == len(state.rows) or not _of_timetable(state, index):
        return None
    below = state.rows[following]
    name = below.label.name if below.listed and below.label else ""
    if not names_in(state.crowd, name)[0] and squeeze(name) not in state.lexicon.everyone:
        return None
    due, number = state.when(row, period["last"]), row.line.number
    return Section("task", "flat", 0, row.column, number, due, sign=row.sign, title=label)


def _of_timetable(state: State, index: int) -> bool:
    """Whether a label above says that plans follow, or the list above is of another period."""
    if state.section.scope == "flat" and _PERIOD.fullmatch(state.section.title):
        return True
    return any(
        row.kind == "words" and len(row.words) <= SHORT and _TIMETABLE.search(row.words)
        for row in state.rows[max(0, index - FEW) : index]
    )


def _asking_heading(state: State, index: int) -> int:
    """Claim `### 구름은 왜 흰가?` below the label of questions: what stands below is about it."""
    row = state.rows[index]
    if len(row.words) > WIDE:
        return 0
    mark, asking = _Q.match(row.words), asks(row.words)
    below = state.inherited(row) in ("question", "asking")
    alone = mark is not None and not mark["number"]  # `## Q1. 매출` is a quarter
    if not (mark or asking if below else alone or (mark and asking)):
        return 0
    start = row.at(mark.end()) if mark else row.start
    number = int(mark["number"]) if mark and mark["number"] else row.number
    rank, line = state.rank(row), row.line.number
    reason = "a heading that asks, below the label of questions"
    if not below and mark:
        reason = f"a heading that asks, with the mark {mark.group().strip()}"
    add_question(state, index, start, (), reason, number, count=1)
    state.open(Section("topics", "heading", rank, 0, line, title=row.words[:LONGEST]))
    return 1


def _someone_asks(state: State, index: int, name: Row) -> bool:
    """Whether one of the lines below a name asks something: else they are what somebody says."""
    for row in state.rows[index : index + FEW]:
        if row.level or (name.listed and row.kind == "words" and row.column < name.column):
            return False
        if name.listed and row.column == name.column and row.sign in ("", name.sign):
            return False
        if row.kind == "words" and (asks(row.words) or wonders(row.words)):
            return True
    return False


def _topic(state: State, index: int, row: Row, label: str) -> Section | None:
    """A list's item in a task section over the tasks themselves: whose they are, or about what."""
    above, lexicon = state.section, state.lexicon
    if above.kind != "task" or row.level or not label:
        return None
    following = state.next_words[index + 1]
    if following == len(state.rows):
        return None
    below = state.rows[following]
    owners, number = names_in(state.crowd, label)[0], row.line.number
    if owners and (_alone(state, index) or _over_items(state, index)):
        scope: Scope = "flat" if not row.mark and below.column == row.column else "list"
        found = Section("task", scope, 0, row.column, number, above.due, owners, row.sign)
        found.title = above.title
        return found
    if above.scope == "heading" and numbers_a_part(state, index):
        found = Section("task", "list", 0, row.column, number, above.due, above.owners, row.sign)
        found.title = above.title
        return found
    if not below.listed or below.column <= row.column:
        return None
    if not owners and not row.listed:
        return None
    if (by := state.when(row, label)) and not owners and _names_a_day(state, label):
        # `8월 31일` over what is due then.
        found = Section("task", "list", 0, row.column, number, by, above.owners, row.sign)
        found.title = above.title
        return found
    if _TOLD.search(label):
        return Section("topics", "list", 0, row.column, number, sign=row.sign, title=label)
    short = len(squeeze(label)) <= SHORT and not lexicon.until.search(label)
    short = short and not _SENTENCE.search(label)
    doing = (lexicon.work, lexicon.todo)
    if (
        not owners
        and not lexicon.following.search(label)
        and (
            not short
            or any(pattern.search(_LAST_ASIDE.sub("", label)) for pattern in doing)
            or not any(_says_to_do(state, each) for each in _children(state, index))
        )
        and not (short and _of_people(state, below))
        and not (short and _MATTERS.search(label))
    ):
        return None
    owners = owners or above.owners
    found = Section("task", "list", 0, row.column, number, above.due, owners, row.sign)
    found.title = above.title  # `오늘 업무`: what is done already is none of it
    return found


def _names_a_day(state: State, label: str) -> bool:
    """Whether a label has nothing to do in it, but a day: `8월 31일`, `다음 모임 (3/14)`."""
    lexicon = state.lexicon
    said = _LAST_ASIDE.sub("", label)
    day = DAY.match(label) or lexicon.days.match(label)
    doing = lexicon.work.search(said) or lexicon.todo.search(said)
    return day is not None and len(label) <= LONGEST // 2 and not doing


def _children(state: State, index: int) -> Iterator[Row]:
    """The first items of the list below an item, without what is deeper."""
    first = state.next_words[index + 1]
    column = state.rows[first].column
    for row in state.rows[first : first + FEW]:
        if row.kind != "words" or row.level or row.column < column:
            return
        if row.column == column and row.listed:
            yield row


def _says_to_do(state: State, row: Row) -> bool:
    said = _said(row)
    return bool(state.lexicon.work.search(said) or state.lexicon.todo.search(said))


def _said(row: Row) -> str:
    return _LAST_ASIDE.sub("", row.words[-LONGEST:])[-40:]


def _of_people(state: State, row: Row) -> bool:
    """`현수 - 지도 그리기`, `지도 그리기 - 현수`: an item that says itself whose it is."""
    label = row.label
    sides = (label.name, row.words[label.end :]) if label else ()
    return any(names_in(state.crowd, side)[0] for side in sides)


def _alone(state: State, index: int) -> bool:
    """Whether a name stands alone over lines without a mark, as the first line of a paragraph."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    if row.mark or row.box is not None or not state.paragraph(index) or not below:
        return False
    following = below[0]
    plain = following.kind == "words" and not following.level and not following.mark
    return (
        plain
        and following.box is None
        and following.column == row.column
        and not names_in(state.crowd, following.words.rstrip(":： \t"))[0]
    )


def _over_items(state: State, index: int) -> bool:
    """Whether a name stands over a list, or over lines deeper than it, that are its bearer's."""
    row, above = state.rows[index], state.section
    if row.mark == "arrow" or row.box is not None:
        return False
    below = state.rows[state.next_words[index + 1]]
    if not row.mark and above.scope == "flat" and state.paragraph(index):
        # Set apart in plain text, a name may be whoever speaks next.
        first = state.next_words[state.below(above)] == index
        doing = (state.lexicon.work, state.lexicon.todo)
        if not (first or above.owners) or not any(each.search(_said(below)) for each in doing):
            return False
    if below.kind != "words" or below.level or below.mark == "arrow":
        return False
    return row.over(below)


def _begins_another(state: State, index: int) -> None:
    """End a plain label's list at the next number, or at a line that has a list of its own."""
    row, section = state.rows[index], state.section
    if section.scope == "flat" and _another_list(state, index):
        state.close_flat()
        return
    if section.scope == "flat" and section.number is not None and row.number is not None:
        if row.number == section.number + 1 and row.column == section.column:
            state.close_flat()  # `6. 추가` after `5. 역할`
            return
        section.number = None  # the items have numbers of their own
    below = state.rows[index + 1] if index + 1 < len(state.rows) else None
    if (
        section.scope == "flat"
        and index > 0
        and state.rows[index - 1].kind == "blank"
        and not row.mark
        and below is not None
        and below.listed
        and below.column >= row.column
    ):
        state.close_flat()


def _another_list(state: State, index: int) -> bool:
    """Whether the row begins a list that is none of a plain label's: of its own, or around it."""
    row, section = state.rows[index], state.section
    if not row.sign.startswith("1") or row.column > section.column:
        return False
    if section.sign == "1-1":  # below `3-1. 할 일`, `3-2.` and `4.` are others
        return row.number != 1
    apart = index > 0 and state.rows[index - 1].kind == "blank"
    over = next((each for each in state.rows[max(0, index - 3) : index][::-1] if each.listed), None)
    return apart and row.number == 1 and over is not None and over.sign != row.sign


def _scope(state: State, index: int, row: Row) -> Scope | None:
    """What ends a label's section; None if the line is no label after all."""
    following = state.next_words[index + 1]
    below = state.rows[following] if following < len(state.rows) else None
    # Below `• 할 일`, an item `- …` at the same column is one of its.
    deeper = below is not None and row.over(below)
    if row.sign == "1-1" and below is not None and below.sign == "1" and below.number != 1:
        return None  # `4.` below `3-1.`, which has nothing
    if row.mark == "bullet" or row.box is not None:
        return "list" if deeper else None
    if row.mark == "arrow":
        return None
    if row.number is not None and below and below.number == row.number + 1:
        return None
    inside = below is not None and below.column > row.column and row.words[-1:] in ":："
    return "list" if (deeper and row.mark == "number") or inside else "flat"


def _due_of_people(state: State, index: int, label: str) -> bool:
    """`3. 각자 진행 (3/14 오전까지)` over names, each over a list: what each of them is to do."""
    row = state.rows[index]
    if not row.listed or not state.when(row, label):
        return False
    first = state.next_words[index + 1]
    second = state.next_words[first + 1] if first < len(state.rows) else first
    if second == len(state.rows):
        return False
    name, below = state.rows[first], state.rows[second]
    named = name.kind == "words" and bool(names_in(state.crowd, name.words.rstrip(":： \t"))[0])
    return named and name.column > row.column and below.listed and below.column > name.column


def _is_due(state: State, label: str, until: re.Match[str]) -> bool:
    """Whether the label is a time and 'until' and nothing else."""
    lexicon = state.lexicon
    behind = label[until.end() :].partition("(")[0].rstrip(" \t.!")
    if not _DUE.fullmatch(squeeze(behind)):
        return False
    said = rest = label[: until.start()]
    for pattern in (lexicon.when, lexicon.days, DAY, lexicon.meeting, _DAY):
        rest = pattern.sub("", rest)
    return squeeze(rest).strip("~()") == "" and squeeze(said) != ""
