"""`1. 디디피엠 완성!!` under `다음 주 까지 :`, `- [ ] …`: what is due, for whom, by when."""

from __future__ import annotations

import re

from studykit.wiki.endings import LAST_ASIDE, PAST, TELLS, WILL_DO, with_final
from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.labels import bare_label
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape
from studykit.wiki.records import Due, Task
from studykit.wiki.rows import Row
from studykit.wiki.rules.deadline import time_behind, time_first, without_time
from studykit.wiki.rules.decision import closes, wrapped
from studykit.wiki.rules.divided import divided
from studykit.wiki.rules.due import ahead, planned_by, says_due, until_below
from studykit.wiki.rules.each import each_is_to_do
from studykit.wiki.rules.handed import starred, work_of
from studykit.wiki.rules.link import ALONE
from studykit.wiki.rules.listed import (
    WAYS,
    hooked,
    in_list_with,
    leads_on,
    listed,
    says_nothing,
)
from studykit.wiki.rules.owner import named_in_charge, owner_before, owners_of, who_does, who_will
from studykit.wiki.rules.planned import (
    begins_when,
    field_of,
    is_field,
    nothing_due,
    until_in_brackets,
    when_they_meet,
)
from studykit.wiki.rules.promised import requested
from studykit.wiki.rules.state import Section, State
from studykit.wiki.times import DAY, PLAIN_DAY

__all__ = ["add_task", "before_others", "task", "task_at"]

_TO_DO = re.compile(
    rf"(?<!있)(?<!없)(?<!같)(?<!좋)(?<!힘)(?<!어려)(?!될)"
    rf"[{with_final('갈')}][ \t]?것[\s.!~)]*$"
)
"""`그릴 것`, in any verb; `될 것` and `좋을 것` say what will be."""
_ASKS = re.compile(r"[가까나지요]\?[\s)]*$")
_MUST = re.compile(
    r"(?:[해돼줘]|[가-힣][어아여])야[ \t]?(?:한다|함|합니다|해요|할 듯|된다|됨)[\s.!~)]*$"
)
"""`표를 고쳐야 한다`, below the label of tasks."""
_LET_US = re.compile(r"(?:보|오|하|두|[가-힣]기로 하)자[\s.!~)]*$")
"""`표를 그려 오자`, below the label of tasks."""
_TODAY = re.compile(r"[\[(]?(?:금일|오늘)")
_PARTS_OF = re.compile(r"역할|役割")
_STATES = re.compile(r"(?<=[가-힣])(?:은|는)[ \t].*[한된있]다[\s.]*$")
"""Below `역할`, `관리자는 화면을 확인한다` tells what a program's users do."""
_DUE_BEHIND = re.compile(
    r"(?:[ \t]*[/,|][ \t]*|[ \t]{2,}|\t)(?P<label>[A-Za-z가-힣]{1,10})[ \t]*:"
    r"(?:[^/:]|(?<=\d)/(?=\d)){1,40}$"
)
_WONDERS = re.compile(r"[ぁ-んァ-ヶ]\?$")
_WHOSE = re.compile(r"[ \t]+(?:`[^`]{1,20}`|@\S{1,20}|[-–→][ \t]+\S{1,12})$")
"""`지도 수정 `하늘``: whose a part is, behind what is to be done."""
_PARTS_TITLE = re.compile(
    r"(?:\d번?[ \t]?(?:사안|안건)[ \t:]*)?(?:담당|각자의?|팀원별?|개인별?|조원별?|주요)?"
    r"[ \t]?(?:역할|파트|役割)"
    r"(?:[ \t]?(?:분담|분배|배정|배분|나누기|정하기|담당|회의))*"
)
_SHARES = re.compile(r"(?:역할|업무|파트|일)[ \t]?(?:분담|분배|배분|배정|나누기)|役割分担")
_ROLES = re.compile(r"팀원 ?역할|역할 ?(?:분배|배분|분담|정하기)")
_SHARED = re.compile(r"역할|파트|담당|분담|분배|役割|担当|\broles?\b|responsib", re.IGNORECASE)
_TEAM_PARTS = re.compile(r"[ \t]*[,/&+·()][ \t]*|[ \t]+(?:및|and)[ \t]+")
_PATH = re.compile(r"[ \t]*`[^`\s]{2,80}`[ \t.]*")
_PROPOSES = re.compile(
    r"(?:의견|의문점?|건의|제안)(?:을|를)?[ ]?(?:제시|제기)(?:함|하심|했음)?[\s.!]*$"
)
"""`수요일까지 내자고 의견 제시`: what somebody thinks."""
_AGREED_TO = re.compile(
    r"(?P<who>[^\s,.]\S{0,9}?)(?:님|씨)?(?:이는|이가|은|는|이|가|께서)[ \t]+\S[^.?]{2,80}"
    r"기로[ ]?(?:함|했음|했다|했습니다|하였음|하심)?[\s.!]*"
)
_DECIDED = re.compile(r"결정|확정|선정|채택|폐기|기각")
_NAMED_PART = re.compile(r"^\S{2,12}[ \t]*\(.+\)$")
_TO_WHAT = re.compile(r"[가-힣)][을를][ \t]")
_ONE_SYLLABLE = re.compile(r":[ \t]*[가-힣]$")
_ARROWS = re.compile(r"[ \t]*(?:[-=]{1,2}>|→)[ \t]*")
_ADDRESSES = re.compile(r"\(https?://[^()\s]*\)")
FEW = 12
MANY = 80
SHORT = 20
LONGEST = 300
TAIL = 40
WIDE = 400
SIGNED = 80

_LAST_BRACKETS = re.compile(
    r"[(\[](?P<inside>[^()\[\]]{2,40}(?:\([월화수목금토일]\))?)[)\]][ \t.]*$"
)
_LAST_PART = re.compile(
    r"[ \t](?:[/|][ \t]+|~[ \t]*)(?P<inside>(?:(?![ \t][/|][ \t])[^|~]){2,16}?)[ \t.]*$"
)
"""`지도 그리기 / 하늘 / 3월 14일`, `지도 그리기 @하늘 ~3/14`."""
_GAPS = re.compile(r"[ \t]{2,}")
_LAST_COLUMN = re.compile(r"[ \t]{2,}~?[ \t]*(?P<inside>\S[^\t]{0,14}?)[ \t.]*$")
"""`지도 그리기     하늘     3/14`."""
_BEFORE_ADDRESS = re.compile(r"(?P<name>[^\W\d_][^\[\](:]{0,10})[ \t]+https?://\S+[ \t]*")
_LAST_DAY = re.compile(
    rf"(?<=[-–—/:][ \t])(?P<who>\S{{2,12}}?),?[ \t]+(?P<inside>{PLAIN_DAY.pattern})[ \t.]*$"
)
"""`지도 그리기 - 하늘 3/14`."""
_CALENDAR = re.compile(r"📅[ \t]*(?P<day>\d{4}-\d{2}-\d{2})")
_POINTED = re.compile(
    r"(?:(?P<label>[가-힣]{2,4})[ \t]*:[ \t]*|[ ]/[ ])(?P<day>\d{1,2}\.[ ]?\d{1,2}\.?)[)\s]*$"
    r"|[(,][ ]?~?[ ]?(?P<in_brackets>\d{1,2}\.[ ]?\d{1,2}\.)(?:까지)?[ ]?\)[\s.]*$"
)
"""`(담당: 하늘, 기한: 3. 28.)`, `하늘 / 지도 / 3.14`."""
_FIELD = re.compile(
    r"[,、/|(][ \t]*(?P<label>[^()\[\]:,、/|]{1,8})[ \t]*:[ \t]*(?P<when>[^()\[\]:]{2,20})\)[\s.]*$"
)
"""`(담당: 하늘, 기한: 3/14)`."""
_BY = re.compile(r"[ \t]+(?:due|by)[ \t:]+[^ \t()\[\]][^()\[\]]{1,15}$", re.IGNORECASE)
_BY_THEN = re.compile(r"까지|안에|내로|\b(?:by|before|until|due)\b|まで", re.IGNORECASE)
_UNTIL = re.compile(
    r"(?<!\d)(?<!\d )~[ \t]*(?=\d)|까지|(?<![가-힣])이?내로|まで|\bby\b|\bdue\b", re.IGNORECASE
)


def task(state: State, index: int) -> int:
    """Claim an item of a task section, or a line that says itself what is due.

    Nobody owns a task unless the note says so.
    """
    row, section = state.rows[index], state.section
    bullet = section.kind == "task" and hooked(state, row)
    if row.mark == "arrow" and not (bullet or planned_by(state, row) or starred(state, row)):
        return 0
    if row.kind != "words" or row.level or ALONE.fullmatch(row.words):
        return 0
    if section.kind in ("task", "plan") and row.listed and (due := when_they_meet(state, row)):
        section.due = due  # what stands below it in the list is for then
    if section.kind == "task" and (nothing_due(state, index) or _was_settled(state, row)):
        return 0
    if (row.listed and leads_on(row)) or _PROPOSES.search(row.words[-TAIL:]):
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
    elif reason := each_is_to_do(state, index):
        said = row.words[row.label.end :] if row.label else ""
        if not said.strip() and state.continued(index) > 1:
            # `하늘 :` or `하늘` over what is theirs to do
            names = names_in(state.crowd, row.label.name if row.label else row.words)[0]
            state.open(Section("task", "list", 0, row.column, row.line.number, section.due, names))
            state.block("heading", index)
            return 1
        if not said.strip() or says_nothing(state, said):
            return 0
        count = state.continued(index)
    elif will := _will(state, index):
        count, reason = _wrapped_lines(state, index), f"says who will do it: {will}"
    elif reason := _owed(state, index):
        count = state.continued(index)
    else:
        return 0
    if row.box is None and _over_ticked(state, index):
        whole = task_at(state, index, 1, reason)
        state.block("heading", index)
        state.open(section.part(row, whole.owners, whole.due))
        return 1
    count = before_others(state, index, count)
    to_do = section.kind == "task" or (section.kind == "plan" and ahead(state))
    parts = to_do and count > 1 and _has_parts(state, index, count)
    below = "" if parts or count == 1 else _names_below(state, index, count)
    # `지도 그리기:`, over what that takes; `지도`, over whose each part of it is
    if parts and (_titles(row) or _shared_out(state, index, count)):
        whole = task_at(state, index, 1, reason, aside=below)
        state.block("heading", index)
    else:
        whole = add_task(state, index, 1 if parts else count, reason, aside=below)
    if not parts:
        return count
    state.open(section.part(row, whole.owners, whole.due))
    return 1


def _owed(state: State, index: int) -> str:
    """Why a line that no label of tasks stands over says itself what is due, or nothing."""
    row = state.rows[index]
    if agreed := _agreed_to(state, row):
        return agreed
    due = says_due(state, row)
    if due and not (_settles(state, row) or wrapped(state, index)):
        return due
    if not due and row.mark in ("", "bullet", "number") and not row.label:
        told = requested(state, row)
        if told and told.due:
            return told.reason
    return "" if due else divided(state, row)


def _agreed_to(state: State, row: Row) -> str:
    """Why `하늘님은 지도를 그리기로 함` is what somebody is to do, and not what all settled."""
    if state.section.kind not in (None, "plan", "topics") or row.mark == "arrow":
        return ""
    agreed = _AGREED_TO.fullmatch(row.words[:WIDE])
    found = names_in(state.crowd, agreed["who"]) if agreed else ((), "")
    return f"what somebody agreed to do: {found[1]}" if found[0] else ""


def before_others(state: State, index: int, count: int) -> int:
    """How many rows a task has before a tick box, a star or a talk in its list."""
    below = ((at, state.rows[index + at]) for at in range(1, count))
    own = (
        at
        for at, row in below
        if row.box is not None or starred(state, row) or index + at in state.presented
    )
    found = next(own, count)
    return state.without_blanks(index + found) - index


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
    titles = _titles(state.rows[index])
    if (len(parts) > 1 or titles) and 3 * len(doing) > 2 * len(parts):
        return True
    if len(parts) > 1 and titles:
        whose = sum(each.listed and _is_somebodys(state, each) for each in parts)
        begun = sum(state.lexicon.begins.match(each.words) is not None for each in parts)
        if whose and 2 * max(whose, begun) >= len(parts):
            return True
    if len(parts) > 1 and all(_NAMED_PART.search(each.words) for each in parts):
        names = (each.words.partition("(")[0] for each in parts)  # `하늘 (표, 지도)`
        return all(names_in(state.crowd, name)[0] for name in names)
    return sum(each.listed and _is_somebodys(state, each) for each in below) > 1


def _over_ticked(state: State, index: int) -> bool:
    """Whether nothing but tick boxes stands right below an item: what is to be done of it."""
    row, below = state.rows[index], state.rows[index + 1 : index + state.continued(index)]
    items = [each for each in below if each.kind == "words" and each.column > row.column]
    return row.listed and bool(items) and all(each.box is not None for each in items)


def _shared_out(state: State, index: int, count: int) -> bool:
    """Whether all items right below a task, two or more, say whose they are, and it does not."""
    below = [each for each in state.rows[index + 1 : index + count] if each.kind == "words"]
    parts = [each for each in below if each.listed and each.column == below[0].column]
    owned = len(parts) > 1 and all(_is_somebodys(state, each) for each in parts)
    return owned and not owners_of(state, state.rows[index], state.rows[index].words, "")[0]


def _titles(row: Row) -> bool:
    """`지도 그리기:`, `**지도 그리기**`: what an item titles, if a list stands below it."""
    return row.words.endswith(":") or row.line.words.rstrip().endswith("**")


def _names_below(state: State, index: int, count: int) -> str:
    """Whose names stand in the list below a task, where nothing else does."""
    names = list[str]()
    for row in state.rows[index + 1 : index + count]:
        if row.kind == "blank":
            continue
        found = named_in_charge(state, row)
        if found is None:
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


_FORMAL = re.compile(r"(?:면 ?됩|수 ?있습|수 ?없습|입)니다[\s.!)]*$")
_FORMAL_DUE = re.compile(
    r"겠습니다|부탁드립|바랍니다|(?:예정|계획|기한|과제|숙제)입니다|야 ?(?:합|됩|할)"
    r"|기로 ?했습|주시면"
)
"""What is still to be done is told so, too: `그려야 합니다`."""


def _no_task(state: State, row: Row) -> bool:
    """Whether an item only tells news or asks, or what of today's work is done already."""
    tail = row.words[-TAIL:]
    if row.listed and (state.lexicon.news.search(tail) or _WONDERS.search(tail)):
        return True
    if row.listed and _FORMAL.search(tail) and not _FORMAL_DUE.search(tail):
        return True  # `입력은 파일에서 읽을 수 있습니다`, how it is done
    where = _BEFORE_ADDRESS.fullmatch(row.words)  # `자료방 https://…`
    if where and not state.lexicon.is_doing(where["name"]):
        return True
    if row.label and squeeze(row.label.name) in state.lexicon.remarks:
        return True  # `비고 : 비가 오면 안에서`
    if is_field(state, row) or _is_discipline(state, row) or _is_where(row):
        return True
    name = row.label.name if row.label else ""
    if "/" not in name and squeeze(name.rpartition(" ")[2]) in state.lexicon.deadlines:
        return True  # `과제 마감 : 매주 월요일`
    if WAYS.search(row.words) and state.continued(state.row_of(row.line.number)) > 1:
        return True  # `제출 방식`, over how it is done every time
    if _has_none(state, row) or _heads_columns(state, row):
        return True
    if row.listed and state.section.scope == "list" and (PAST.search(tail) or _ASKS.search(tail)):
        return True  # beside what is to be done, below what it is about
    if _PARTS_OF.search(state.section.title) and _STATES.search(row.words[:LONGEST]):
        return not row.label and not any(map(state.crowd.why, row.words[:LONGEST].split()))
    if _is_of_parts(state, row):
        return True
    today = _TODAY.match(state.section.title)
    return today is not None and bool(state.lexicon.done.search(tail) or PAST.search(tail))


def _is_of_parts(state: State, row: Row) -> bool:
    """Below `역할 분담`, what is nobody's and nothing to do: what there is to share out."""
    titles = (each.title for each in state.sections if each.kind == "task")
    led = _ARROWS.search(row.words)
    if row.label or led or state.section.owners or not any(map(_SHARES.search, titles)):
        return False
    if state.lexicon.is_doing(row.words) or state.lexicon.until.search(row.words):
        return False
    return (
        not owners_of(state, row, row.words, "")[0]
        and state.continued(state.row_of(row.line.number)) == 1
    )


def _due_over(state: State, index: int) -> Due | None:
    """By when `- 다음 주까지` says, right over a list of tick boxes."""
    row = state.rows[index]
    for above in state.rows[max(0, index - FEW) : index][::-1]:
        if above.kind != "words" or above.column < row.column:
            until = state.lexicon.until.search(above.words) if above.kind == "words" else None
            label = bare_label(above.words)
            return state.until(above, label) if until and len(label) <= SHORT else None
    return None


def _heads_columns(state: State, row: Row) -> bool:
    """`성명    내용    기한`, over columns that only blanks part."""
    heads = state.lexicon.columns | state.lexicon.deadlines | state.lexicon.subjects
    cells = _GAPS.split(row.words[:WIDE])
    return len(cells) > 1 and all(squeeze(cell) in heads for cell in cells)


def _has_none(state: State, row: Row) -> bool:
    """`* 하늘` over nothing, beside `* 구름` and `* 바다` over what is theirs to do."""
    if not row.listed or not listed_shape(row.words):
        return False
    beside = in_list_with(state, state.row_of(row.line.number), MANY, same_sign=True)
    over = [each for each in beside if _over_own(state, each)]
    return len(over) > 1 and all(each in over or listed_shape(each.words) for each in beside)


def _over_own(state: State, row: Row) -> bool:
    """Whether a known name stands over items of its own."""
    below = state.next_words[state.row_of(row.line.number) + 1]
    deeper = below < len(state.rows) and row.over(state.rows[below])
    return deeper and bool(names_in(state.crowd, row.words)[0])


def _is_where(row: Row) -> bool:
    """`정리 위치: `docs/clouds/``: a name, and a path or the like that says where or what it is."""
    label = row.label
    return (
        label is not None
        and label.sign == ":"
        and _PATH.fullmatch(row.words, label.end) is not None
    )


def _is_discipline(state: State, row: Row) -> bool:
    """`현수 : 백엔드 (spring)`: what somebody is in the team, and nothing else.

    Below `역할 분담`, which does not say of what, all is that says nothing of work.
    """
    sides = _ARROWS.split(row.words[:SIGNED], maxsplit=1)  # `백엔드 => 현수`
    if len(sides) == 1 and (label := row.label):
        sides = [label.name, row.words[label.end :]]
    if len(row.words) > SIGNED or len(sides) == 1 or not all(sides):
        return False
    parts_only = _PARTS_TITLE.fullmatch(bare_label(state.section.title)) is not None
    for who, what in (sides, sides[::-1]):
        parts = [squeeze(part) for part in _TEAM_PARTS.split(what.strip())]
        disciplines = any(parts) and state.lexicon.disciplines.issuperset(filter(None, parts))
        disciplines = disciplines or _all_have_roles(state, row)
        disciplines = disciplines and _SHARED.search(state.section.title) is not None
        if disciplines or (parts_only and not state.lexicon.is_doing(what)):
            is_theirs = bool(names_in(state.crowd, who)[0])
            return is_theirs and (disciplines or not _among_work(state, row))
    return False


def _all_have_roles(state: State, row: Row) -> bool:
    """`하늘 : Backend, 배포` below `역할 분배`, where all of three or more begin so."""
    if not _ROLES.search(state.section.title):
        return False
    around = in_list_with(state, state.row_of(row.line.number), FEW)
    said = [each.words[each.label.end :] for each in around if each.label]
    firsts = [squeeze(_TEAM_PARTS.split(words.strip())[0]) for words in said]
    known = state.lexicon.disciplines.issuperset(firsts)
    return len(firsts) == len(around) > 2 and known


def _among_work(state: State, row: Row) -> bool:
    """Whether an item of the row's list says what is done: `하늘 : 모은 값을 지도에 삽입`."""
    around = in_list_with(state, state.row_of(row.line.number), FEW)
    doing = sum(state.lexicon.is_doing(each.words) for each in around)
    return (doing > 0 and len(around) > 1) or any(
        _TO_WHAT.search(each.words[:SIGNED]) for each in around
    )


def _asked_for(state: State, index: int) -> bool:
    """A line without a mark, right below the label or another task, that asks for something."""
    row, lexicon = state.rows[index], state.lexicon
    above = state.rows[index - 1] if index else None
    if row.mark or above is None or above.kind != "words" or not state.blocks:
        return False
    if not (above.line.number == state.section.label_line or state.blocks[-1].kind == "task"):
        return False
    tail = LAST_ASIDE.sub("", row.words[-2 * LONGEST :])[-TAIL:]
    asked = _TO_DO.search(tail) or _MUST.search(tail) or lexicon.todo_asked.search(tail)
    asked = asked or _LET_US.search(tail)
    somebodys = who_does(state, tail) if tail == LAST_ASIDE.sub("", row.words) else ""
    doing = bool(somebodys) and lexicon.is_doing(tail.rstrip(" ."))
    return bool(asked) or doing or lexicon.is_to_do(row.words)


def _promised(state: State, index: int) -> bool:
    """`하늘은 금요일까지 지도를 그린다.`: a paragraph of one line, which says by when."""
    row = state.rows[index]
    below = index > 0 and state.rows[index - 1].line.number == state.section.label_line
    apart = state.paragraph(index) or below
    if row.mark or not apart or not WILL_DO.search(row.words[-TAIL:]):
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
    tells = TELLS.search(tail) or state.lexicon.done.search(tail) or PAST.search(tail)
    return state.lexicon.todo.search(tail) is not None or not tells


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
    found = task_at(state, index, count, reason, done, start=start, aside=aside, whose=whose)
    state.block("task", index, count)
    if state.lexicon.talk.search(state.rows[index].words[:LONGEST]):
        state.talk_row = index
    state.records.append(found)
    return found


def task_at(
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
    """The task that stands in a row, whatever block that belongs to."""
    row, section = state.rows[index], state.section
    evidence = [reason]
    if row.struck:
        done = True
        evidence.append("struck through")
    owners, why = owners_of(state, row, _without_due(state, row.words), aside)
    if not owners and (section.kind == "task" or row.box is not None):
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
    due = _due(state, row, aside) or until_below(state, index)
    due = due or (section.due if section.kind in ("task", "plan") else None)
    if due is None and row.box is not None:
        due = _heading_due(state) or _due_over(state, index)
    begin, line = row.start if start is None else start, row.line.number
    struck = row.struck and count == 1  # its text ends before the mark
    place = state.span(begin, row.at(len(row.words)), line, line) if struck else None
    return Task(
        **(place or state.place(begin, index, count)),
        evidence=tuple(evidence),
        owners=owners,
        due=due,
        done=done,
    )


def _heading_due(state: State) -> Due | None:
    """By when the heading above says that what stands below it is due: `이번 주 안에 끝내기`."""
    above = state.titled_above()
    if above is None or above.kind not in (None, "topics") or not _BY_THEN.search(above.title):
        return None
    return state.until(state.rows[state.row_of(above.label_line)], above.title)


def _without_due(state: State, words: str) -> str:
    """The words without `/ 기한 : 3월 14일`, `(3/14)` or `by Friday` at their end."""
    begin = max(0, len(words) - SIGNED)
    due = _DUE_BEHIND.search(words, begin)
    if due and squeeze(due["label"]) in state.lexicon.deadlines:
        return words[: due.start()]
    for pattern in (_LAST_BRACKETS, _LAST_PART, _LAST_COLUMN, _LAST_DAY):
        last = pattern.search(words, begin)
        if last and state.is_time(last["inside"]):
            return words[: last.end("who") if pattern is _LAST_DAY else last.start()]
    due = _BY.search(words, begin)
    if due and state.when(state.rows[0], due.group()):
        return words[: due.start()]
    return without_time(state, words)


def _due(state: State, row: Row, aside: str) -> Due | None:
    """By when the row itself says, if it says 'until'."""
    if "📅" in row.words and (calendar := _CALENDAR.search(row.words)):
        return state.when(row, calendar["day"])
    pointed = _POINTED.search(row.words, max(0, len(row.words) - SIGNED))
    if pointed and squeeze(pointed["label"] or "기한") in state.lexicon.deadlines:
        number = row.line.number
        return Due(pointed["day"] or pointed["in_brackets"], None, None, (number, number))
    field = _FIELD.search(row.words, max(0, len(row.words) - SIGNED))
    if field and squeeze(field["label"]) in state.lexicon.deadlines:
        return state.when(row, field["when"])
    behind = _DUE_BEHIND.search(row.words, max(0, len(row.words) - SIGNED))
    if behind and squeeze(behind["label"]) in state.lexicon.deadlines:
        return state.when(row, behind.group())
    for words in filter(None, (aside, row.words)):
        if found := time_behind(state, words):
            return state.when(row, found[1])
    for words in (aside, row.words):
        said = words and len(words) <= 400 and _UNTIL.search(words)
        if said and (due := state.until(row, words)):
            return due
    last = _LAST_BRACKETS.search(row.words, max(0, len(row.words) - SIGNED))
    # `하늘 / 3/14 / 표 고치기`, `하늘 | 표 고치기 | 3/14`
    signs = (sign for sign in (" / ", " | ") if row.words.count(sign) > 1)
    slashed = [part for sign in signs for part in row.words.split(sign)[1:]]
    inside = last["inside"].replace("、", ",") if last else ""
    if (column := _LAST_COLUMN.search(row.words, max(0, len(row.words) - SIGNED))) and not last:
        inside = column["inside"]
    for part in (*f"{aside},{inside}".split(","), *slashed):
        if state.is_time(part):
            return state.when(row, part)  # `표 고치기 (하늘, 3/14)`
    if day := _LAST_DAY.search(row.words, max(0, len(row.words) - SIGNED)):
        return state.when(row, day["inside"])  # `표 고치기 - 하늘 3/14`
    rest, _, word = row.words.rstrip(" .!~").rpartition(" ")
    if rest and len(row.words) <= LONGEST and state.is_time(word) and state.lexicon.is_to_do(rest):
        return state.when(row, word)  # `표 고치기 금욜`
    begun = begins_when(state, row.words) or time_first(row.words)
    return state.when(row, begun) if begun else None
