"""`하늘 : 지도`, `구름 : 사진` below `금주 작업 예정 공유`: what each of several is going to do."""

from __future__ import annotations

import re
from collections import Counter

from studykit.wiki.endings import PAST, says_something
from studykit.wiki.evidence import names_in
from studykit.wiki.labels import label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape
from studykit.wiki.records import Opinion, Task
from studykit.wiki.rows import Row
from studykit.wiki.rules.deadline import without_time
from studykit.wiki.rules.listed import in_list_with
from studykit.wiki.rules.owner import who_will
from studykit.wiki.rules.state import State
from studykit.wiki.times import DATE

__all__ = ["each_is_to_do"]

NEAR = 24
RECENT = 200
FEW = 8
TITLE = 120
TAIL = 40
_SAYS = re.compile(r"(?<!니)(?<!한)(?<!정이)(?<!것이)(?<!겠)다[\s.!~)]*$|[요?][\s.!~)]*$")
"""How those end who say what they think; `그릴 예정이다` and `그려야 한다` say what is to come."""
_LETTER = re.compile(r"[^\W\d_]")
_DONE = re.compile(r"완료[\s.!)]*$")
"""Among what is to come, `조사 완료` is what somebody wants to have done."""
_BY = re.compile(r"[ \t,(–—-]+(?:by|until|before|due)[ ](?:the )?(?P<when>[^,()]{3,20}?)\)?[ .!]*$")
_VERB = re.compile(
    r"(?:re-?)?(?:write|reply|send|ask|book|draw|fix|post|share|check|find|read|make|run|rerun|try"
    r"|prepare|order|call|e-?mail|add|update|upload|finish|look|review|test|bring|move|print|scan"
    r"|collect|clean|set|put|get|talk|chase|draft|plot|port|push|merge|compare)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"[ \t]*\([^()]{0,80}\)[ \t.]*$")
_WORK = re.compile(r"\btasks?\b|할 ?일|할 ?것|タスク|やること", re.IGNORECASE)
_SHARED_OUT = re.compile(
    r"(?:배정|분담|분배|배분)(?:함|했음)?[ \t:]*$"
    r"|\b(?:divided?|split|shared?) (?:up |out )?(?:\w+ ){0,3}(?:work|tasks?|tasking|parts)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"(?:계획|예정)(?: ?사항)?[ \t:]*$|\bplans?[ \t:]*$|予定$|計画$", re.IGNORECASE
)
_TEAM = re.compile(r"[ \t][팀조]$|(?:파트|\bteam)$|チーム$|班$", re.IGNORECASE)
_AND = re.compile(r"[ \t]*(?:및|와|과|&|,|/|·|\band\b)[ \t]*")


def each_is_to_do(state: State, index: int) -> str:
    """Why what stands behind a name in a row is what its bearer is going to do, or nothing.

    What stands over the list says so, and it says so of all its items alike.
    """
    row = state.rows[index]
    if row.kind != "words" or row.level or row.mark == "arrow":
        return ""
    if of_team := _of_team(state, index):
        return of_team
    if not _whose(state, row):
        return ""
    if by := _by_when(state, row) or _ends_so(state, row):
        return by
    title = _title_over(state, index)
    if title is None:
        return _as_beside(state, row) or _as_told(state, index) or _as_before(state, index)
    run = [each for each in _run(state, index) if not _has_none(state, each)]
    named = [each for each in run if _whose(state, each)]
    if len(named) < 2 or 3 * len(named) < 2 * len(run):
        return ""
    work = _WORK.search(title.words) or _PLANNED.search(title.words)
    if row.label is None and not (work or _over_work(state, named)):
        return ""  # what stands below a name alone may be what its bearer says
    told = sum(_tells(state, each) for each in named)
    if 2 * told >= len(named) or (_tells(state, row) and not _DONE.search(row.words[-TAIL:])):
        return ""
    return f"a name and what its bearer is going to do, below line {title.line.number}"


def _of_team(state: State, index: int) -> str:
    """Why `지도 팀 : 색 고르기`, or `지도 팀 :` over such lines, is what a team is to do.

    Nobody owns it, as the note names nobody.
    """
    row = state.rows[index]
    label = row.label if state.section.kind in (None, "topics") else None
    if label is None or label.sign not in ":-" or not _TEAM.search(label.name):
        return ""
    said = row.words[label.end :].strip()
    if said:
        due = len(said) <= 2 * TITLE and (state.lexicon.is_to_do(said) or said.endswith("목표"))
        return "a team, and behind it what is to be done" if due else ""
    below = state.rows[index + 1 : index + state.continued(index)]
    words = [each.words for each in below if each.kind == "words"]
    doing = sum(map(state.lexicon.is_doing, words))
    return "a team, over what is to be done" if doing and 3 * doing >= 2 * len(words) else ""


def _by_when(state: State, row: Row) -> str:
    """Why `Robin - write to the library, by Friday` is a task, and nothing that Robin says."""
    label = row.label
    if label is None or label.sign not in ":-" or not names_in(state.crowd, label.name)[0]:
        return ""
    said = row.words[label.end :].strip()
    by = _BY.search(said) if len(said) <= TITLE else None
    if by is None or not state.is_time(by["when"].strip()):
        return ""
    doing = _VERB.match(said) is not None and not PAST.search(said[: by.start()])
    return "a name, what is to be done, and by when" if doing else ""


def _ends_so(state: State, row: Row) -> str:
    """Why `하늘 : 지도를 다시 그려 오기` is a task: minutes end so what somebody is to do."""
    label = row.label
    if label is None or label.sign not in ":-" or state.section.kind not in (None, "topics"):
        return ""
    said = row.words[label.end :].strip()
    named = names_in(state.crowd, label.name)[0]
    if not named or " " not in said or len(said) > TITLE or not _is_due(state, said):
        return ""
    if label_of(said):
        return ""  # `하늘 - 할 일(구름): 표 만들기` says itself what it is
    at = state.row_of(row.line.number)
    around = (*state.rows[max(0, at - 1) : at], *state.rows[at + 1 : at + 2])
    if any(_named(state, each) and not _is_due(state, each.words) for each in around):
        return ""  # beside `구름 : 안개 기록`, of what each is at
    return "a name, and behind it what is to be done"


def _is_due(state: State, said: str) -> bool:
    """Whether words end in what is to be done, be it with by when behind it."""
    return state.lexicon.is_to_do(said) or state.lexicon.is_to_do(without_time(state, said))


def _as_beside(state: State, row: Row) -> str:
    """Why `- Robin: draw a map` is a task: beside it stand what `@sky will` and `Kim is to` do."""
    if not row.listed or row.label is None or row.label.sign != ":":
        return ""
    beside = in_list_with(state, state.row_of(row.line.number), FEW, same_sign=True)
    wills = [each for each in beside if who_will(state, each.words)]
    owned = [each for each in beside if _named(state, each)]
    if len(wills) < 2 or len(wills) < len(owned) or any(_tells(state, each) for each in owned):
        return ""
    return f"a name, beside what others will do on line {wills[0].line.number}"


def _as_told(state: State, index: int) -> str:
    """Why `Robin: draw a map` is a task: all beside it begin with what is to be done as well."""
    row = state.rows[index]
    if not _begins(state, row):
        return ""
    named = [each for each in _run(state, index) if _named(state, each)]
    told = sum(_begins(state, each) for each in named)
    again = len({each.label.name for each in named if each.label}) > 1
    if told < 2 or not again or 3 * told < 2 * len(named) or any(map(_says, named)):
        return ""
    return "a name, and what its bearer is to do, as the lines beside it have"


def _begins(state: State, row: Row) -> bool:
    """Whether what stands behind a name begins with what is to be done, `draw a map`."""
    label = row.label
    begun = state.lexicon.begins.match(row.words, label.end) if label else None
    return begun is not None and _named(state, row)


def _says(row: Row) -> bool:
    return row.label is not None and says_something(row.words[row.label.end :])


def _as_before(state: State, index: int) -> str:
    """Why a list right below a day is of tasks: so far those in it had nothing else in theirs."""
    row, run = state.rows[index], _run(state, index)
    first = state.rows[state.previous_words[state.row_of(min(each.line.number for each in run))]]
    dated = DATE.search(first.words[:TITLE]) or not _LETTER.search(first.words)
    if not (row.listed and first.level and dated):
        return ""
    labels = [each.label for each in run if _named(state, each)]
    people = {who for label in labels if label for who in names_in(state.crowd, label.name)[0]}
    before = state.records[-RECENT:]
    owned = Counter(who for each in before if isinstance(each, Task) for who in each.owners)
    said = {who for each in before if isinstance(each, Opinion) for who in each.speakers}
    if len(labels) < len(run) or len(people) < 2 or people & said:
        return ""
    if any(owned[who] < 2 for who in people):
        return ""
    return f"a name in a list below line {first.line.number}, as in the lists of tasks before"


def _has_none(state: State, row: Row) -> bool:
    """Whether a row may be somebody, who has nothing to do."""
    return row.listed and not _whose(state, row) and listed_shape(row.words)


def _named(state: State, row: Row) -> bool:
    label = row.label
    return label is not None and label.sign in ":-" and bool(names_in(state.crowd, label.name)[0])


def _whose(state: State, row: Row) -> bool:
    """Whether a name stands before what an item says, or behind it and nothing else."""
    label = row.label
    if label is None:  # a name over what is deeper
        at = state.row_of(row.line.number) + 1
        over = at < len(state.rows) and state.rows[at].column > row.column
        return over and row.listed and bool(names_in(state.crowd, row.words)[0])
    if label.sign not in ":-":
        return False
    behind = _ASIDE.sub("", row.words[label.end :])
    return bool(names_in(state.crowd, label.name)[0] or names_in(state.crowd, behind)[0])


def _over_work(state: State, named: list[Row]) -> bool:
    """Whether what stands right below most of several names is work: `지도 그리기`."""
    below = (state.rows[state.row_of(each.line.number) + 1].words for each in named)
    return 2 * sum(map(state.lexicon.is_doing, below)) > len(named)


def _title_over(state: State, index: int) -> Row | None:
    """What stands over the items among which a row is, where that tells of what is to come."""
    row, first = state.rows[index], index
    for at in range(index - 1, max(-1, index - NEAR), -1):
        each = state.rows[at]
        if _ends(state, row, each):
            break
        if each.kind == "blank" or each.column > row.column:
            continue
        if at in state.titles:  # most often that of the item right above
            state.titles[index] = state.titles[at]
            return state.titles[index]
        first = at
    title = _title(state, first, row)
    settled = title is not None and title.listed and state.section.kind == "decision"
    ahead = title is not None and (
        _is_ahead(state, title.words) or (settled and state.lexicon.is_to_do(title.words))
    )
    state.titles[index] = title if ahead else None
    return state.titles[index]


def _run(state: State, index: int) -> list[Row]:
    """The items among which a row is, at its column."""
    row = state.rows[index]
    found = [row]
    for step in (-1, 1):
        for at in range(index + step, index + step * NEAR, step):
            if not 0 <= at < len(state.rows) or _ends(state, row, state.rows[at]):
                break
            if state.rows[at].kind != "blank" and state.rows[at].column == row.column:
                found.append(state.rows[at])
    return found


def _ends(state: State, row: Row, each: Row) -> bool:
    """Whether the items among which a row is end at another row."""
    if each.kind == "blank":
        return False
    if each.kind != "words" or each.level or each.column < row.column:
        return True
    if each.column > row.column:
        return False
    alike = (each.listed, each.sign) == (row.listed, row.sign)
    return not alike or not (row.listed or _named(state, each))


def _title(state: State, first: int, row: Row) -> Row | None:
    """What stands over the items: a heading, the item above them, or a line of its own."""
    at = state.previous_words[first]
    above = state.rows[at] if at >= 0 else None
    if above is None or above.kind != "words" or len(above.words) > TITLE:
        return None
    if above.line.words.startswith(">") and not row.line.words.startswith(">"):
        return None  # what is quoted stands over nothing
    over = above.level or above.column < row.column or above.listed != row.listed
    over = over or above.line.number == state.section.label_line
    return above if over and not _named(state, above) else None


def _is_ahead(state: State, title: str) -> bool:
    """Whether a title tells of what is to come; `구성원 및 계획` has more than that."""
    title = _AND.split(title)[0]
    if _SHARED_OUT.search(title):
        return True
    return state.lexicon.future.search(title) is not None and not state.lexicon.past.search(
        squeeze(title)
    )


def _tells(state: State, row: Row) -> bool:
    """Whether somebody says what was, or what they think."""
    tail = row.words[-TAIL:]
    return bool(PAST.search(tail) or _SAYS.search(tail) or state.lexicon.done.search(tail))
