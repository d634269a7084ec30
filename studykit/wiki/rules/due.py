"""Why a line is a task by its own words, by a plan above it, or by what stands beside it."""

from __future__ import annotations

import re

from studykit.wiki.endings import LAST_ASIDE, PAST, TELLS, WILL_DO, says_something
from studykit.wiki.evidence import names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Due
from studykit.wiki.rows import Row
from studykit.wiki.rules.handed import handed_out, starred
from studykit.wiki.rules.listed import WAYS, says_nothing
from studykit.wiki.rules.owner import (
    begins_with,
    done_by,
    in_charge,
    named_in_charge,
    who_does,
    who_will,
)
from studykit.wiki.rules.planned import (
    OTHERWISE,
    begins_when,
    beside_a_date,
    by_when,
    given_out,
    is_field,
    only_plans,
    only_when,
    time_before,
    until_in_brackets,
)
from studykit.wiki.rules.state import State
from studykit.wiki.times import DATE, DAY, PLAIN_DAY

__all__ = ["ahead", "in_slashes", "planned_by", "says_due", "until_below"]

_TALKED = re.compile(r"(?:이야기|얘기|논의|토의|토론|상의)(?:해[ ]?볼|할)[ ]?(?:것|거)[\s.!~)]*$")
"""What is to be talked about is nothing to do."""
_RULES = re.compile(
    r"규칙|방식|방법|원칙|수칙|컨벤션|가이드|주의|유의|기능|요구|시나리오|아이디어|목적|목표|효과|장점"
    r"|특징|\b(?:rules?|convention|guide|features?|ideas?|goals?)",
    re.IGNORECASE,
)
"""Below these, `미리 말할 것` is what holds every time."""
_KEPT = re.compile(r"\b(?:keep|problem|liked|learned|lacked)\b|좋았던|잘한|유지", re.IGNORECASE)
"""Below these, `사진 올리기` is what was good or bad."""
_TRIED = "[아어여해써짜가려펴져줘봐와워겨쳐켜]"
_VIEW = re.compile(rf"(?<!{_TRIED})(?<!{_TRIED}[ \t])보기[\s.!]*$")
"""`목록 보기` is what a page is for; `읽어보기` is to be done."""
_MIGHT = re.compile(
    r"(?:수(?:도|가)? ?(?:있|없)[^\s]{0,3}|[것거] ?같[^\s]{1,3}|듯(?:함|하다)?|걸림|걸린다"
    r"|예상(?:됨)?)[\s.!~)]*$"
)
"""`목요일까지 아무것도 못할 수도 있음` says what may be by then."""
_AHEAD = re.compile(
    r"(?:(?:차주|다음 ?주|이번 ?주|금주|주간|주말|내일|명일|익일|오늘|금일|추후|향후|이후|앞으로"
    r"|\d ?주차|(?:회의|모임|미팅|시간)까지)[^:]{0,8}계획"
    r"|今後の(?:予定|計画)|来週の(?:予定|計画)|(?:업무|작업) ?계획"
    r"|(?:추후|향후|앞으로)[^:]{0,4}진행[^:]{0,6})"
    r"[ \t]*(?:\([^()]{0,40}\))?[ \t]*:?$"
)
"""In `차주 계획`, unlike in `다음 회의`, `화면 개선` is what is going to be done."""
_STATEMENT = re.compile(r"(?<![니겠자])(?<!예정이)(?<!것이)다[\s.!]*$")
"""`가깝다` says how something is."""
_HOW_TO = re.compile(r"(?:^\d{1,2}(?:\.\d{1,2})*\.? .*|[가-힣])하기\)?[\s.]*$")
_FIRST = re.compile(r"(?<=기)\.(?=[ \t]|$)")
"""The end of the first of two sentences, `… 정리하기. 자세한 것은 아래`."""
_BEFORE_UNTIL = re.compile(r"\D{0,12}$")
_ARGUES = re.compile(r"때문|겠지만|므로 |텐데")
_UNTIL_DAY = re.compile(rf"[~∼〜][ \t]*(?:{DAY.pattern})\.?[ \t]*:[ \t]*")
"""`~ 4/2 : 지도`: by when, and what."""
_BETWEEN = re.compile(
    rf"(?:{PLAIN_DAY.pattern}|{DAY.pattern}\.?)[ \t]*[~∼〜][ \t]*"
    rf"(?:{PLAIN_DAY.pattern}|{DAY.pattern}|\d{{1,2}}일)\.?[ \t]*(?::|->|=>|→)[ \t]*(?=\S)"
)
"""`3월 14일 ~ 3월 20일 : 지도`: from when until when, and what."""
_ONLY_UNTIL = re.compile(
    rf"[~∼〜][ \t]*(?:{DATE.pattern}|{DAY.pattern}|\d{{2}}-\d{{2}}-\d{{2}})[ \t.]*"
)
_WILL_BE = re.compile(
    r"[A-Z][^.?!:]{1,40}? (?:will|shall|must|needs? to|ha(?:s|ve) to) "
    r"(?!not\b|never\b|be (?:in|on|at|a|an|the|there|absent|away|out|back)\b)[a-z]"
)
_BEHIND_DASH = re.compile(r"[ \t][-–—][ \t]+(?P<who>[^-–—]{2,40})$")
_LETTER = re.compile(r"[^\W\d_]{2}")
_POINTED = re.compile(r"\d{1,2}\.[ ]?\d{1,2}\.?")
"""`3.14`, a day where nothing but one can stand."""
FEW = 12
SHORT = 80
LONGEST = 300
TAIL = 40
WIDE = 400


def says_due(state: State, row: Row) -> str:
    """Why a list's item is a task by its own words; nothing where they do not say so."""
    lexicon, words = state.lexicon, row.words
    planned = row.mark == "arrow" and planned_by(state, row)
    if row.line.number in state.crowd.due and state.section.kind not in ("question", "talk"):
        return "a name, and what its bearer is to do, as in the lines beside it"
    if len(words) > LONGEST:
        return ""
    name = squeeze(row.label.name) if row.label else ""
    if name in lexicon.attendees or name in lexicon.absent:
        return ""  # `불참자: 없음! 있을 경우 사유 적을 것`
    if row.listed and state.section.kind in (None, "topics", "plan") and _over_until(state, row):
        return "work and whose it is, over by when it is due"
    if state.section.kind in (None, "topics", "plan") and (whose := _over_owner(state, row)):
        return f"work, over whose it is: {whose}"
    owing = row.line.number in state.crowd.owing
    if owing and state.section.kind not in ("question", "talk", "decision"):
        return "ends in whose it is, and by when"
    if not row.mark and state.section.kind is None and _in_to_do_list(state, row):
        return "says what is to be done, as the lines beside it do"
    if (until := _UNTIL_DAY.match(words)) and _LETTER.search(words, until.end()):
        return f"says by when: {until.group().strip(' :')}"
    between = None if row.level else _BETWEEN.match(words)
    said = LAST_ASIDE.sub("", words).rstrip(" .!~") if between else ""
    if between and (said.endswith(("완료", "마무리")) or lexicon.is_doing(said)):
        return f"says from when until when: {between.group().strip(' :->=→')}"
    if not row.mark and state.section.kind == "plan" and _is_somebodys(state, row):
        return f"below the plans of line {state.section.label_line}, and whose it is"
    if not row.mark and in_slashes(state, row):
        return "who, what and by when, parted by slashes, as lines beside it"
    if not row.mark and (by := by_when(state, words)):
        return f"says what is to be done, and by when: {by}"
    if not row.mark and (time := begins_when(state, words)):
        return f"says what is to be done, and when: {time}"
    if handed := handed_out(state, row) or starred(state, row):
        return handed
    if not (row.listed or planned):
        return _says_who(state, row) or _part_of_plan(state, row) or _until_first(state, row)
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
        end = lexicon.todo.search(LAST_ASIDE.sub("", words)[-TAIL:])
    if state.section.kind == "plan" and not end and (label := row.label):
        # `현수 : 안개 조사`: what its bearer is going to do.
        tail = LAST_ASIDE.sub("", words)[-TAIL:]
        end = lexicon.work.search(tail) if names_in(state.crowd, label.name)[0] else None
    if state.section.kind == "plan" and not end and ahead(state) and _may_be_due(state, row):
        return f"what is planned, below the label of line {state.section.label_line}"
    if state.section.kind == "plan" and not end and _beside_to_do(state, row):
        end = lexicon.work.search(LAST_ASIDE.sub("", words)[-TAIL:])
    if not end and beside_a_date(state, row):
        return f"below the plans of line {state.section.label_line}, beside when they meet"
    behind = row.label.end if row.label and names_in(state.crowd, row.label.name)[0] else 0
    if state.section.kind == "plan" and (begun := lexicon.begins.match(words, behind)):
        return (
            f"below the plans of line {state.section.label_line}, and begins with {begun.group()}"
        )
    if row.listed and state.section.kind == "plan" and _WILL_BE.match(words):
        return f"what will be done, below the plans of line {state.section.label_line}"
    if end and state.section.kind == "plan":
        line = state.section.label_line
        return f"below the plans of line {line}, and ends in {end.group().strip()}"
    if whose := _part_of_plan(state, row):
        return whose
    if state.section.kind not in ("decision", "question", "talk") and in_charge(state, words):
        return "says in brackets who is in charge"
    if will := who_will(state, words) or ", ".join(done_by(state, words)):
        return f"says who will do it: {will}"
    if end and state.section.kind in (None, "topics") and (doer := who_does(state, words)):
        return f"says who is to do it: {doer}"
    may_begin = state.section.kind in (None, "topics", "plan") and lexicon.is_to_do(words)
    if may_begin and not _TALKED.search(words[-TAIL:]) and (who := begins_with(state, words)):
        return f"begins with a name, {who}, and says what is to be done"
    until = lexicon.until.search(words)
    if until and (words[until.end() :].startswith("도") or state.section.kind == "decision"):
        until = None  # `12월까지도 모른다` is about how things are then; what is settled, settled
    every_time = _MIGHT.search(words[-TAIL:]) or OTHERWISE.search(words) or _of_ways(state)
    if until and not every_time:
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
    settled = state.section.kind == "decision"
    argued = _ARGUES.search(words)  # `…이기 때문에 … 해야 할 것` says what will be
    talked = _TALKED.search(words[-TAIL:]) or _of_rules(state)
    return "" if settled or argued or talked else f"ends in {end.group().strip()}"


def _until_first(state: State, row: Row) -> str:
    """`3/14까지 지도 (하늘)`: by when, what, and in brackets whose it is."""
    until = state.lexicon.until.search(row.words[:SHORT])
    aside = LAST_ASIDE.search(row.words) if until and row.words.endswith(")") else None
    if until is None or aside is None or state.section.kind not in (None, "topics", "plan"):
        return ""
    names, why = names_in(state.crowd, aside.group().strip(" ()."))
    time = row.words[: until.start()].strip()
    between = row.words[until.end() : aside.start()]
    if not names or not state.is_time(time) or not _LETTER.search(between):
        return ""
    return f"says by when, and in brackets whose it is: {why}"


def _over_owner(state: State, row: Row) -> str:
    """`- 지도 그리기` over `담당자 : 하늘, 구름`, and nothing else."""
    at = state.row_of(row.line.number) + 1
    below = state.rows[at] if at < len(state.rows) else None
    label = below.label if below is not None and below.kind == "words" else None
    if not row.listed or row.label or below is None or label is None or label.sign != ":":
        return ""
    if below.column <= row.column or not named_in_charge(state, below):
        return ""
    return "" if state.continued(at - 1) != 2 or state.is_time(row.words) else label.name


def _part_of_plan(state: State, row: Row) -> str:
    """`Robin: cover sheet, back-end stuff` below plans: whose part it is, in no sentence."""
    label = row.label if row.mark != "arrow" and only_plans(state) else None
    if label is None or label.sign not in ":-":
        return ""
    said = row.words[label.end :]
    people, why = names_in(state.crowd, label.name)
    letters = _LETTER.search(said) is not None and "://" not in said
    if not people or not letters or says_something(said) or only_when(state, said):
        return ""
    if says_nothing(state, said) or names_in(state.crowd, said)[0]:
        return ""
    return f"below the plans of line {state.section.label_line}, a name and a part: {why}"


def until_below(state: State, index: int) -> Due | None:
    """By when an item is due over nothing but `~3/14`."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    until = below and below[0].column > row.column and _ONLY_UNTIL.fullmatch(below[0].words)
    return state.when(below[0]) if until and state.continued(index) == 2 else None


def _over_until(state: State, row: Row) -> bool:
    """`지도 그리기 - 하늘` over `~3/14`."""
    if until_below(state, state.row_of(row.line.number)) is None:
        return False
    who = _BEHIND_DASH.search(row.words)
    return who is not None and bool(names_in(state.crowd, who["who"])[0])


def _says_who(state: State, row: Row) -> str:
    """`하늘이가 지도 찾아오기`, in plain text: who of the note's people is to do what."""
    open_ = state.section.kind in (None, "topics", "plan")
    if row.mark or row.level or not open_ or len(row.words) > SHORT or not _is_to_do(state, row):
        return ""
    who = who_does(state, row.words)
    known = who and all(map(state.crowd.why, names_in(state.crowd, who)[0]))
    return f"says who is to do it: {who}" if known else ""


def _is_somebodys(state: State, row: Row) -> bool:
    """`하늘: 지도를 다시 그려오기`, a line below `다음 주`."""
    label = row.label
    named = label is not None and label.sign == ":" and names_in(state.crowd, label.name)[0]
    return bool(named) and state.lexicon.todo_alone.search(row.words[-TAIL:]) is not None


def in_slashes(state: State, row: Row) -> bool:
    """`하늘 / 지도 그리기 / 3.14`, among such lines, most of which say what is done."""
    if row.words.count(" / ") != 2 or state.section.kind in ("question", "decision", "talk"):
        return False
    at = state.row_of(row.line.number)
    beside = state.rows[max(0, at - 2) : at + 3]
    parts = [each.words.split(" / ") for each in beside if each.words.count(" / ") == 2]
    named = [
        what
        for who, what, when in parts
        if names_in(state.crowd, who)[0] and (state.is_time(when) or _POINTED.fullmatch(when))
    ]
    doing = sum(map(state.lexicon.is_doing, named))
    who, _, when = row.words.split(" / ")
    own = bool(names_in(state.crowd, who)[0]) and len(when) <= FEW
    return own and len(named) > 1 and 2 * doing > len(named)


def _may_be_due(state: State, row: Row) -> bool:
    """Whether an item of what is planned can be something to do: no news, no question, no field."""
    tail = LAST_ASIDE.sub("", row.words)[-TAIL:]
    stands_over = state.continued(state.row_of(row.line.number)) > 1 and not state.lexicon.is_doing(
        row.words
    )
    return not (
        stands_over
        or row.words.startswith("[")  # an address with a title
        or PAST.search(tail)
        or (_STATEMENT.search(tail) and not WILL_DO.search(tail))
        or tail.rstrip(" .").endswith("?")
        or state.lexicon.news.search(tail)
        or is_field(state, row)
        or says_nothing(state, row.words)
        or names_in(state.crowd, row.words)[0]
    )


def ahead(state: State) -> bool:
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
        found = most and not rules and not _of_rules(state) and not _of_steps(state)
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
    tail = row.words[-TAIL:]
    return state.lexicon.is_to_do(row.words) and not (_TALKED.search(tail) or _VIEW.search(tail))


def _of_rules(state: State) -> bool:
    """Whether the heading above says how things are done: `## 진행 방식`, `## 규칙`."""
    above = state.titled_above()
    return above is not None and bool(_RULES.search(above.title) or _KEPT.search(above.title))


def _of_ways(state: State) -> bool:
    """Whether the heading above says how things are done every time: `## 진행 방식`."""
    above = state.titled_above()
    return above is not None and WAYS.search(above.title) is not None


def _of_steps(state: State) -> bool:
    """Whether the heading above says how something is done: `11.1 테스트 작성하기`."""
    above = state.titled_above()
    return above is not None and _HOW_TO.search(above.title) is not None


def planned_by(state: State, row: Row) -> bool:
    """`→ 목요일까지 질문 작성`: below a plan, an arrow to what is due by a time."""
    until = state.lexicon.until.search(row.words[:LONGEST])
    return (
        state.section.kind == "plan" and until is not None and not TELLS.search(row.words[-TAIL:])
    )
