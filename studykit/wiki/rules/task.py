"""`1. 디디피엠 완성!!` under `다음 주 까지 :`, `- [ ] …`: what is due, for whom, by when."""

from __future__ import annotations

import re

from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Due, Task
from studykit.wiki.rows import Row
from studykit.wiki.rules.decision import closes, wrapped
from studykit.wiki.rules.handed import handed_out, starred, work_of
from studykit.wiki.rules.listed import leads_on, listed, says_nothing
from studykit.wiki.rules.owner import in_charge, owner_before, owners_of, who_does, who_will
from studykit.wiki.rules.planned import (
    OTHERWISE,
    beside_a_date,
    by_when,
    field_of,
    given_out,
    is_field,
    nothing_due,
    time_before,
    until_in_brackets,
)
from studykit.wiki.rules.state import State
from studykit.wiki.times import DAY

__all__ = ["add_task", "task"]

_TO_DO = re.compile(
    rf"(?<!있)(?<!없)(?<!같)(?<!좋)(?<!힘)(?<!어려)(?!될)"
    rf"[{''.join(map(chr, range(ord('갈'), ord('힣') + 1, 28)))}][ \t]?것[\s.!~)]*$"
)
"""`그릴 것`, in any verb; `될 것` and `좋을 것` say what will be."""
_PAST = re.compile(
    rf"(?![있겠])[{''.join(map(chr, range(ord('갔'), ord('힣') + 1, 28)))}]"
    r"(?:음|다|습니다|어요|고)[\s.!~)]*$"
)
_TODAY = re.compile(r"[\[(]?(?:금일|오늘)")
_TALKED = re.compile(r"(?:이야기|얘기|논의|토의|토론|상의)(?:해[ ]?볼|할)[ ]?(?:것|거)[\s.!~)]*$")
"""What is to be talked about is nothing to do."""
_RULES = re.compile(
    r"규칙|방식|방법|원칙|수칙|컨벤션|가이드|주의|유의|기능|요구|시나리오|아이디어|목적|효과|장점|특징"
    r"|\b(?:rules?|convention|guide|features?|ideas?)",
    re.IGNORECASE,
)
"""Below these, `미리 말할 것` is what holds every time."""
_MIGHT = re.compile(
    r"(?:수(?:도|가)? ?(?:있|없)[^\s]{0,3}|[것거] ?같[^\s]{1,3}|듯(?:함|하다)?|걸림|걸린다"
    r"|예상(?:됨)?)[\s.!~)]*$"
)
"""`목요일까지 아무것도 못할 수도 있음` says what may be by then."""
_AHEAD = re.compile(
    r"(?:(?:차주|다음 ?주|이번 ?주|금주|주간|주말|내일|명일|익일|오늘|금일|추후|향후|이후|앞으로"
    r"|\d ?주차|(?:회의|모임|미팅|시간)까지)[^:]{0,8}계획"
    r"|(?:업무|작업) ?계획|(?:추후|향후|앞으로)[^:]{0,4}진행[^:]{0,6})"
    r"[ \t]*(?:\([^()]{0,40}\))?[ \t]*:?$"
)
"""In `차주 계획`, unlike in `다음 회의`, `화면 개선` is what is going to be done."""
_PARTS_OF = re.compile(r"역할|役割")
_STATES = re.compile(r"(?<=[가-힣])(?:은|는)[ \t].*[한된있]다[\s.]*$")
"""Below `역할`, `관리자는 화면을 확인한다` tells what a program's users do."""
_GOING_TO = re.compile(r"(?:예정|予定)[\s.!~)]*$")
_DUE_BEHIND = re.compile(
    r"[ \t]*[/,|][ \t]*(?P<label>[A-Za-z가-힣]{1,10})[ \t]*[:：][^/:：]{1,40}$"
)
_WONDERS = re.compile(r"[ぁ-んァ-ヶ][?？]$")
_WHOSE = re.compile(r"[ \t]+(?:`[^`]{1,20}`|@\S{1,20}|[-–→][ \t]+\S{1,12})$")
"""`지도 수정 `하늘``: whose a part is, behind what is to be done."""
_DECIDED = re.compile(r"결정|확정|선정|채택|폐기|기각")
_NAMED_PART = re.compile(r"^\S{2,12}[ \t]*\(.+\)$")
_WILL_DO = re.compile(rf"[{''.join(map(chr, range(ord('간'), ord('힣') + 1, 28)))}]다[\s.]*$")
"""`그린다`: what is done, and was not yet."""
_STATEMENT = re.compile(r"(?<![니겠자])(?<!예정이)(?<!것이)다[\s.!]*$")
"""`가깝다` says how something is."""
_ONE_SYLLABLE = re.compile(r"[:：][ \t]*[가-힣]$")
_ARROWS = re.compile(r"[ \t]*(?:[-=]{1,2}>|→)[ \t]*")
_FIRST = re.compile(r"(?<=기)\.(?=[ \t]|$)")
"""The end of the first of two sentences, `… 정리하기. 자세한 것은 아래`."""
_BEFORE_UNTIL = re.compile(r"\D{0,12}$")
_ANSWERED = re.compile(r"[?？][ \t]*(?:[-=]{1,2}>|[→⇒])")
_ARGUES = re.compile(r"때문|겠지만|므로 |텐데")
_LAST_ASIDE = re.compile(r"(?:\([^()]{0,200}\)[\s.]*){1,3}$")
_ADDRESSES = re.compile(r"\(https?://[^()\s]*\)")
_ADDRESS = re.compile(r"<?https?://\S+>?[ \t]*")
FEW = 12
LONGEST = 300
TAIL = 40
WIDE = 400
SIGNED = 80

_TELLS = re.compile(r"(?:다|요|[?？。])[\s.!~)]*$")
_UNTIL = re.compile(r"~[ \t]*(?=\d)|까지|まで|\bby\b|\bdue\b", re.IGNORECASE)


def task(state: State, index: int) -> int:
    """Claim an item of a task section, or a line that says itself what is due.

    Nobody owns a task unless the note says so.
    """
    row, section = state.rows[index], state.section
    if row.mark == "arrow" and not (_planned(state, row) or starred(state, row)):
        return 0
    if row.kind != "words" or row.level or _ADDRESS.fullmatch(row.words):
        return 0
    if section.kind == "task" and (nothing_due(state, index) or _was_settled(state, row)):
        return 0
    if row.listed and leads_on(row):
        return 0
    if section.kind == "task" and (count := field_of(state, index)):
        return count
    if section.kind == "task" and _no_task(state, row):
        count = state.continued(index)
        state.block("prose", index, count)
        if row.label and squeeze(row.label.name) in state.lexicon.deadlines:
            section.due = section.due or state.when(row)  # `Deadline: Friday`, over the tasks
        return count
    if section.kind == "task" and (count := listed(state, index)) and _due_work(state, row):
        label = "due" if section.due else "task"
        reason = f"an item under the {label} label of line {section.label_line}"
    elif section.kind == "task" and _asked_for(state, index):
        count = state.continued(index)
        reason = f"says what is to be done, under the task label of line {section.label_line}"
    elif section.kind == "task" and _promised(state, index):
        count, reason = (
            1,
            f"what is done by when, under the task label of line {section.label_line}",
        )
    elif section.kind == "task" and _given_to(state, row):
        count, reason = 1, f"a name behind it, under the task label of line {section.label_line}"
    elif will := _will(state, index):
        count, reason = _wrapped_lines(state, index), f"says who will do it: {will}"
    elif (reason := _says(state, row)) and not (_settles(state, row) or wrapped(state, index)):
        count = state.continued(index)
    else:
        return 0
    ahead = section.kind == "task" or (section.kind == "plan" and _ahead(state))
    parts = ahead and count > 1 and _has_parts(state, index, count)
    below = "" if parts or count == 1 else _names_below(state, index, count)
    whole = add_task(state, index, 1 if parts else count, reason, aside=below)
    if not parts:
        return count
    state.open(section.part(row, whole.owners, whole.due))
    return 1


def _has_parts(state: State, index: int, count: int) -> bool:
    """Whether most items of the list below a task are to be done themselves: parts of it."""
    below = state.rows[index + 1 : index + count]
    if not below or below[0].kind != "words" or not below[0].listed:
        return False
    parts = [each for each in below if each.kind == "words" and each.column <= below[0].column]
    doing = [
        each
        for each in parts
        if each.listed and state.lexicon.is_doing(_WHOSE.sub("", each.words[-2 * WIDE :]))
    ]
    if len(parts) > 1 and 3 * len(doing) > 2 * len(parts):
        return True
    if len(parts) > 1 and all(_NAMED_PART.search(each.words) for each in parts):
        names = (each.words.partition("(")[0] for each in parts)  # `하늘 (표, 지도)`
        return all(names_in(state.crowd, name)[0] for name in names)
    return sum(each.listed and _is_somebodys(state, each) for each in below) > 1


def _names_below(state: State, index: int, count: int) -> str:
    """Whose names stand in the list below a task, where nothing else does."""
    names = list[str]()
    for row in state.rows[index + 1 : index + count]:
        if row.kind == "blank":
            continue
        found = names_in(state.crowd, row.words)[0] if row.listed else ()
        if not found or row.words.endswith(")"):
            return ""
        names += found
    return ", ".join(dict.fromkeys(names))


def _is_somebodys(state: State, row: Row) -> bool:
    """Whether an item is nothing but what is to be done and whose it is: `지도 → 현수`."""
    if work_of(state, row) or _ONE_SYLLABLE.search(row.words):
        return True
    sides = _ARROWS.split(row.words[:SIGNED])
    if len(sides) == 1 and (label := row.label):
        sides = [label.name, row.words[label.end :]]
    return len(sides) == 2 and any(full_names(state.crowd, side) for side in sides)


def _will(state: State, index: int) -> str:
    """Who will do what a line of its own says, `Robin will take notes`."""
    row = state.rows[index]
    plain = not row.mark and state.section.kind in (None, "plan", "topics")
    if not plain or not row.words[:1].isupper():
        return ""
    if len(row.words) > LONGEST // 2 < len(_ADDRESSES.sub("", row.words[: 4 * LONGEST])):
        return ""
    return who_will(state, row.words)


def _wrapped_lines(state: State, index: int) -> int:
    """How many lines a sentence has that somebody wrapped: it goes on in small letters."""
    count = 1
    for row in state.rows[index + 1 : index + FEW]:
        plain = row.kind == "words" and not (row.mark or row.level)
        if not plain or not row.words[:1].islower():
            break
        count += 1
    return count


def _was_settled(state: State, row: Row) -> bool:
    """Whether an item says what was decided on; `그리기로 함` says what somebody is to do."""
    verb = closes(state, row) or ""
    return _DECIDED.search(verb) is not None and not verb.endswith(("고", ","))


def _settles(state: State, row: Row) -> bool:
    """Whether the item is a decision; `확정 (~3/14)` in a plan is still to be settled."""
    return closes(state, row) is not None and not until_in_brackets(state, row)


def _no_task(state: State, row: Row) -> bool:
    """Whether an item only tells news or asks, or what of today's work is done already."""
    tail = row.words[-TAIL:]
    if row.listed and (state.lexicon.news.search(tail) or _WONDERS.search(tail)):
        return True
    if is_field(state, row):
        return True
    if row.listed and state.section.scope == "list" and _PAST.search(tail):
        return True  # beside what is to be done, below what it is about
    if _PARTS_OF.search(state.section.title) and _STATES.search(row.words[:LONGEST]):
        return not row.label and not any(map(state.crowd.why, row.words[:LONGEST].split()))
    today = _TODAY.match(state.section.title)
    return today is not None and bool(state.lexicon.done.search(tail) or _PAST.search(tail))


def _asked_for(state: State, index: int) -> bool:
    """A line without a mark, right below the label or another task, that asks for something."""
    row, lexicon = state.rows[index], state.lexicon
    above = state.rows[index - 1] if index else None
    if row.mark or above is None or above.kind != "words" or not state.blocks:
        return False
    if not (above.line.number == state.section.label_line or state.blocks[-1].kind == "task"):
        return False
    tail = _LAST_ASIDE.sub("", row.words[-2 * LONGEST :])[-TAIL:]
    return bool(_TO_DO.search(tail) or lexicon.todo_asked.search(tail))


def _promised(state: State, index: int) -> bool:
    """`하늘은 금요일까지 지도를 그린다.`: a paragraph of one line, which says by when."""
    row = state.rows[index]
    if row.mark or not state.paragraph(index) or not _WILL_DO.search(row.words[-TAIL:]):
        return False
    return bool(state.lexicon.until.search(row.words) or DAY.search(row.words))


def _given_to(state: State, row: Row) -> bool:
    """`사진 고르는 파트 – 현수`: a line without a mark that ends in nothing but names."""
    label = row.label
    if label is None or label.sign not in ":-" or names_in(state.crowd, label.name)[0]:
        return False
    names = names_in(state.crowd, row.words[label.end :])[0]
    return bool(names) and not _each_below(state, row, names)


def _each_below(state: State, row: Row, names: tuple[str, ...]) -> bool:
    """Whether each of those whom a line names has a line of their own soon below it."""
    first = state.row_of(row.line.number) + 1
    below = state.rows[first : first + FEW * len(names)]
    labels = {
        name for each in below if each.label for name in names_in(state.crowd, each.label.name)[0]
    }
    return len(names) > 1 and labels.issuperset(names)


def _due_work(state: State, row: Row) -> bool:
    """Whether an item can be what is due: a line without a mark may tell something instead."""
    if row.listed or state.section.scope == "list":
        return True
    if (label := row.label) and names_in(state.crowd, label.name)[0]:
        return True
    tail = row.words[-TAIL:]
    tells = _TELLS.search(tail) or state.lexicon.done.search(tail) or _PAST.search(tail)
    return state.lexicon.todo.search(tail) is not None or not tells


def _says(state: State, row: Row) -> str:
    """Why a list's item is a task by its own words; nothing where they do not say so."""
    lexicon, words = state.lexicon, row.words
    planned = row.mark == "arrow" and _planned(state, row)
    if len(words) > LONGEST:
        return ""
    if not row.mark and state.section.kind is None and _in_to_do_list(state, row):
        return "says what is to be done, as the lines beside it do"
    if not row.mark and (by := by_when(state, words)):
        return f"says what is to be done, and by when: {by}"
    if handed := handed_out(state, row) or starred(state, row):
        return handed
    if not (row.listed or planned):
        return ""
    finished = lexicon.done.search(words[-TAIL:])
    due = planned or (state.section.kind == "plan" and lexicon.until.search(words))
    if finished and not (due and "완료" in finished.group()):
        return ""  # `3/7까지 정리 완료` in a plan is still to be done
    if state.section.kind == "plan" and (by := until_in_brackets(state, row)):
        return f"says by when: {by}"
    if state.section.kind == "plan" and (why := given_out(state, row)):
        return f"work and whose it is, below the plans of line {state.section.label_line}: {why}"
    end = lexicon.todo.search(words[-TAIL:])
    if not end and state.section.kind == "plan" and (first := _FIRST.search(words)):
        end = lexicon.todo.search(words[: first.start()][-TAIL:])
    if not end and state.section.kind == "plan" and words.rstrip(" .").endswith(")"):
        end = lexicon.todo.search(_LAST_ASIDE.sub("", words)[-TAIL:])
    if state.section.kind == "plan" and not end and (label := row.label):
        # `현수 : 안개 조사`: what its bearer is going to do.
        tail = _LAST_ASIDE.sub("", words)[-TAIL:]
        end = lexicon.work.search(tail) if names_in(state.crowd, label.name)[0] else None
    if state.section.kind == "plan" and not end and _ahead(state) and _may_be_due(state, row):
        return f"what is planned, below the label of line {state.section.label_line}"
    if state.section.kind == "plan" and not end and _beside_to_do(state, row):
        end = lexicon.work.search(_LAST_ASIDE.sub("", words)[-TAIL:])
    if not end and beside_a_date(state, row):
        return f"below the plans of line {state.section.label_line}, beside when they meet"
    if state.section.kind == "plan" and (begun := lexicon.begins.match(words)):
        return (
            f"below the plans of line {state.section.label_line}, and begins with {begun.group()}"
        )
    if end and state.section.kind == "plan":
        line = state.section.label_line
        return f"below the plans of line {line}, and ends in {end.group().strip()}"
    if state.section.kind not in ("decision", "question", "talk") and in_charge(state, words):
        return "says in brackets who is in charge"
    if will := who_will(state, words):
        return f"says who will do it: {will}"
    if end and state.section.kind in (None, "topics") and (doer := who_does(state, words)):
        return f"says who is to do it: {doer}"
    until = lexicon.until.search(words)
    if until and words[until.end() :].startswith("도"):
        until = None  # `12월까지도 모른다` is about how things are then
    if until and not (_MIGHT.search(words[-TAIL:]) or OTHERWISE.search(words)):
        time = time_before(state, words[max(0, until.start() - 30) : until.start()])
        day = DAY.search(words[: until.start()]) if until.group() != "까지" else None
        if not time and day and _BEFORE_UNTIL.match(words[day.end() : until.start()]):
            time = words[: until.start()].strip()
        if time and until.end() < len(words):
            return f"says by when: {time}{until.group()}"
        if time and by_when(state, words):
            return f"says what is to be done, and by when: {time}{until.group()}"
    if state.section.kind is None and _in_to_do_list(state, row):
        return "says what is to be done, as the items beside it do"
    if not end or not lexicon.todo_alone.search(words[-TAIL:]):
        return ""
    settled = state.section.kind == "decision" and _ANSWERED.search(words)
    argued = _ARGUES.search(words)  # `…이기 때문에 … 해야 할 것` says what will be
    talked = _TALKED.search(words[-TAIL:]) or _of_rules(state)
    return "" if settled or argued or talked else f"ends in {end.group().strip()}"


def _may_be_due(state: State, row: Row) -> bool:
    """Whether an item of what is planned can be something to do: no news, no question, no field."""
    tail = _LAST_ASIDE.sub("", row.words)[-TAIL:]
    stands_over = state.continued(state.row_of(row.line.number)) > 1 and not state.lexicon.is_doing(
        row.words
    )
    return not (
        stands_over
        or row.words.startswith("[")  # an address with a title
        or _PAST.search(tail)
        or (_STATEMENT.search(tail) and not _WILL_DO.search(tail))
        or tail.rstrip(" .").endswith(("?", "？"))
        or state.lexicon.news.search(tail)
        or is_field(state, row)
        or says_nothing(state, row.words)
        or names_in(state.crowd, row.words)[0]
    )


def _ahead(state: State) -> bool:
    """Whether what stands here is planned for later, by the heading or the one above it."""
    return any(each.kind == "plan" and _AHEAD.search(each.title) for each in state.sections)


def _beside_to_do(state: State, row: Row) -> bool:
    """Whether an item beside it, below `다음 모임`, says that it is to be done: `… 해 올 것`."""
    at = state.row_below(state.section)
    for beside in state.rows[at : at + FEW]:
        if beside.level and beside.line.number > state.section.label_line:
            return False
        item = beside.listed and beside.column == row.column
        if item and state.lexicon.is_to_do(beside.words):
            return True
    return False


def _in_to_do_list(state: State, row: Row) -> bool:
    """Whether a line says what is to be done, and so do both of two beside it, or most of more."""
    if not _is_to_do(state, row) or row.box is not None:
        return False
    first, last, found = state.to_do_list
    at = state.row_of(row.line.number)
    if not first <= at <= last:
        first, last = _list_around(state.rows, at)
        around = [each for each in state.rows[first : last + 1] if each.column == row.column]
        doing = sum(_is_to_do(state, each) for each in around)
        most = 3 * doing > 2 * len(around) and len(around) > 1
        above = state.rows[max(0, first - 2) : first]
        rules = any(_RULES.search(each.words[:TAIL]) for each in above if each.kind == "words")
        found = most and not rules and not _of_rules(state)
        state.to_do_list = (first, last, found)
    return found


def _list_around(rows: list[Row], at: int) -> tuple[int, int]:
    """The first and the last row of the list around a row, no further than some rows away."""
    ends = []
    for step, wide in ((-1, FEW), (1, WIDE)):
        end = at
        for near in range(at + step, at + step * wide, step):
            row = rows[near] if 0 <= near < len(rows) else rows[at]
            beside = row.column == rows[at].column and row.listed == rows[at].listed
            deeper = row.column > rows[at].column and rows[at].listed
            if row is rows[at] or row.kind != "words" or row.level or not (beside or deeper):
                break
            end = near
        ends.append(end)
    return ends[0], ends[1]


def _is_to_do(state: State, row: Row) -> bool:
    return state.lexicon.is_to_do(row.words) and not _TALKED.search(row.words[-TAIL:])


def _of_rules(state: State) -> bool:
    """Whether the heading above says how things are done: `## 진행 방식`, `## 규칙`."""
    above = next((each for each in reversed(state.sections) if each.title), None)
    return above is not None and _RULES.search(above.title) is not None


def _planned(state: State, row: Row) -> bool:
    """`→ 목요일까지 질문 작성`: below a plan, an arrow to what is due by a time."""
    until = state.lexicon.until.search(row.words[:LONGEST])
    return (
        state.section.kind == "plan" and until is not None and not _TELLS.search(row.words[-TAIL:])
    )


def add_task(
    state: State,
    index: int,
    count: int,
    reason: str,
    done: bool | None = None,
    *,
    start: int | None = None,
    aside: str = "",
    whose: tuple[str, ...] = (),
) -> Task:
    """Add a task, with whom and when the row itself says; else those of its section."""
    row, section = state.rows[index], state.section
    evidence = [reason]
    if row.struck:
        done = True
        evidence.append("struck through")
    owners, why = owners_of(state, row, _without_due(state, row.words), aside)
    if not owners and section.kind == "task":
        owners, why = owner_before(state, index)
    if owners:
        evidence.append(why)
    elif section.kind in ("task", "plan") and section.owners:
        # What stands apart from the lines below a name is no longer that person's.
        owners = section.owners if not section.plain or index in section.plain else ()
    elif doer := who_does(state, row.words):
        owners = names_in(state.crowd, doer)[0]
        evidence.append("who is said to do it")
    elif whose:
        owners = whose
        evidence.append("below the heading of those whose it is")
    due = _due(state, row, aside) or (section.due if section.kind == "task" else None)
    state.block("task", index, count)
    if state.lexicon.talk.search(row.words[:LONGEST]):
        state.talk_row = index
    begin, line = row.start if start is None else start, row.line.number
    struck = row.struck and count == 1  # its text ends before the mark
    place = state.span(begin, row.at(len(row.words)), line, line) if struck else None
    found = Task(
        **(place or state.place(begin, index, count)),
        evidence=tuple(evidence),
        owners=owners,
        due=due,
        done=done,
    )
    state.records.append(found)
    return found


def _without_due(state: State, words: str) -> str:
    """The words without `/ 기한 : 3월 14일` at their end."""
    due = _DUE_BEHIND.search(words, max(0, len(words) - SIGNED))
    return (
        words[: due.start()] if due and squeeze(due["label"]) in state.lexicon.deadlines else words
    )


def _due(state: State, row: Row, aside: str) -> Due | None:
    """By when the row itself says, if it says 'until'."""
    behind = _DUE_BEHIND.search(row.words, max(0, len(row.words) - SIGNED))
    if behind and squeeze(behind["label"]) in state.lexicon.deadlines:
        return state.when(row, behind.group())
    for words in (aside, row.words):
        said = words and len(words) <= 400 and _UNTIL.search(words)
        if said and (due := state.until(row, words)):
            return due
    return None
