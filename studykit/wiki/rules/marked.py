"""`Q1) …`, `답 : …`, `결정: …`, `할 일(현수, ~3/14): …`, `[ ] …`: explicit marks win."""

from __future__ import annotations

import re

from studykit.wiki.endings import is_statement
from studykit.wiki.evidence import names_in, stated_names
from studykit.wiki.evidence.crowd import SPLIT
from studykit.wiki.evidence.presenting import NEXT
from studykit.wiki.labels import label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.records import Answer, Decision, Opinion, Point, Question, Record
from studykit.wiki.rows import Row
from studykit.wiki.rules.answerer import answerer
from studykit.wiki.rules.asking import asks
from studykit.wiki.rules.decision import closes, concludes
from studykit.wiki.rules.listed import in_list_with, names_somebody, says_nothing
from studykit.wiki.rules.mark import (
    ASKING_ENDS,
    after_question,
    mark_in,
    mark_of,
    marked_talk,
)
from studykit.wiki.rules.naming import PREPARES, shares_out
from studykit.wiki.rules.quoted import BEFORE_QUOTE
from studykit.wiki.rules.reply import by_others, says, says_unmarked, tells
from studykit.wiki.rules.state import MARKDOWN_LEVELS, Section, State, several
from studykit.wiki.rules.talk_time import talk_by
from studykit.wiki.rules.task import add_task, before_others, task_at

_ANSWERED = re.compile(r"\?[ \t]*(?P<arrow>[-=]{1,2}>|[→⇒➔➡])[ \t]*(?=[^\W\d_].{5})")
"""`-> 논의` says that it is still to be talked about: so short an answer may be none."""
_PUTS_OFF = re.compile(
    r"(?:논의|토의|토론|상의|확인|조사|질문|문의)[ \t]?"
    r"(?:하기|해[ ]?보기|필요(?:함)?|(?:할[ ]?)?예정|하자|해야.{0,3})?[\s.!]*$"
    r"|추후|나중에|미정|보류|모르겠|아직"
)
"""`-> 추후 논의`: the question is still to be answered."""
_DONE = re.compile(r"\S[ \t]*[:–—-][ \t]*(?:DONE|済み?)[!.~]*$")
_FIRST = re.compile(r"(?:1[.)]|①|\(1\))[ \t]*(?=\S)")
MANY = 4
TAIL = 16
SHORTEST = 4
"""What stands behind a mark in brackets, if it is no word alone, has no fewer letters."""

_ADDRESS = re.compile(r"<?https?://", re.IGNORECASE)
_TODO = re.compile(
    r"(?P<mark>TODO|ACTION)[ \t]+(?!(?:before|by|until|for|due)\b)(?P<said>[^\W\d_].{3})"
)
"""`TODO draw a map`, `ACTION draw a map`: in capitals the word is a mark without a sign."""
_PARTED = re.compile(r"(?:분배|분담|배분)$")
"""What is parted is said behind a colon, and is nothing to do: `구역 분배 : 둘이 하나씩`."""
_BOLD = re.compile(r"(?:\*\*|__)(?P<mark>[^\s*_:][^*_:]{0,11})(?:\*\*|__)[ \t]+(?=[^\s:\-–—])")
"""`**결정** 9회차는 온라인으로`: a mark that only stands out."""
_SIGNED = re.compile(r"[ \t*_]*(?P<title>\S.{1,80}?)[ \t]*\((?P<who>[^()]{2,30})\)[ \t.]*")
_CHARGED = re.compile(
    r"\S.*?[ \t]*(?:[-=]{1,2}>|→)[ \t]*담당자?[ \t:]+(?P<who>[^,~()]{2,30})(?:[,~(].{0,20})?"
)
"""`표 만들기 -> 담당 하늘, 금요일까지`."""
_FOR = re.compile(
    r"(?:TODO|To-do|Todo|Action(?: item)?|Task|AI)[ \t]?\d{0,3}[ \t]+for[ \t]+"
    r"(?P<who>[A-Za-z][^:]{1,60}?)[ \t]*:[ \t]*(?=\S)"
)
_OF = re.compile(
    r"(?:TODO|FIXME|할[ ]?일|숙제)[ \t]?\((?P<who>[^()]{1,40})\)(?:[ \t]*:)?[ \t]+(?=[^\s:])"
)
"""`TODO(하늘, 금) 지도 그리기`, as in code."""
_ACTION = re.compile(
    r"(?:AI|ACTION|TODO|Action|Todo)[ \t]+"
    r"(?P<who>[^\W\d_][^\s:–—-]{0,16}(?:[ \t]?[+&,][ \t]?[^\s:–—-]{1,16})*)"
    r"(?:[ \t]+[-–—][ \t]+|[ \t]*:[ \t]*)(?=\S)"
)
"""`AI Robin - draw a map`, `TODO 里：地図を描く`."""
_ASKING = re.compile(r"질문|質問|Question|question|asks:")
_ASKED = re.compile(
    r"(?P<who>[^:]{1,20}?)(?:からの|の|의|['’]s)?[ \t]*(?P<word>질문|質問|question|asks)"
    r"[ \t]*\d*[ \t]*"
    r"(?::|-(?=[ \t]))[ \t]*(?=\S)"
)
_ASKED_OF = re.compile(
    r"(?P<who>[^:?]{1,20}?)(?:에게|께|한테)[ \t]*질문[ \t]*(?:[-=]{1,2}>|[→:!-])[ \t]*"
    r"(?=\S[^?]*\?)"
)
_ASKED_TO = re.compile(
    r"(?P<who>@?[^\s:?→]{1,20})[ \t]*(?:→|[-=]>)[ \t]*@?[^\s:?→]{1,20}"
    r"[ \t]+질문[ \t]*:[ \t]*(?=\S)"
)
"""`@robin → @sky 질문: …`."""
_ASKED_BY = re.compile(
    r".{0,30}?(?:질문|[Qq]uestion)[ \t]+(?:by|from)[ \t]+(?P<who>[^:]{1,20}?)"
    r"[ \t]*(?::|[–—](?=[ \t]))[ \t]*(?=\S)"
)


def marked(state: State, index: int) -> int:
    """Claim a line that says itself what it is."""
    row = state.rows[index]
    if row.kind != "words" or (row.level and (row.level <= MARKDOWN_LEVELS or row.framed)):
        return 0
    told = row.box is None or says_nothing(state, row.words) or _looks_back(state, row)
    told = told or (state.section.kind in ("question", "asking") and asks(row.words))
    told = told or (state.section.kind == "question" and not state.lexicon.is_doing(row.words))
    # What is talked about is ticked then, too, but for `- [ ] 하늘 : 지도 그리기`.
    told = told or (state.section.kind == "topics" and not _is_owned(state, row))
    told = told or _is_somebody(state, index)
    # Below `정해진 것`, what is ticked was settled, but for what says that it is to be done.
    told = told or (state.section.kind == "decision" and not state.lexicon.is_to_do(row.words))
    told = told or _is_said(state, row) or index in state.programme
    mark = mark_of(state, index) if row.box is not None else None
    told = told or (mark is not None and mark.kind == "question")  # `- [ ] Q: …?`
    if row.box is not None and _boxes_ask(state, index):
        reason = "a tick box that asks, as all beside it do"
        return add_question(state, index, row.start, (), reason, count=1)
    if row.words.strip() and not told:
        count = before_others(state, index, state.continued(index))
        over = (count == 1 and _over_boxes(state, index)) or _over_work(state, index)
        if shares_out(state, index):
            add_task(state, index, 1, "a tick box", row.box)
            state.open(state.section.part(row, (), None))
            return 1
        if over:
            whole = task_at(state, index, 1, "a tick box", row.box, whose=_above(state))
            state.block("heading", index)
            state.open(state.section.part(row, whole.owners, whole.due))
            return 1
        add_task(state, index, count, "a tick box", row.box, whose=_above(state))
        return count
    if row.struck and row.listed and _beside_a_box(state, index):
        count = state.continued(index)
        add_task(state, index, count, "an item beside tick boxes", whose=_above(state))
        return count
    if row.listed and _struck_off(state, index):
        count = state.continued(index)
        reason = "an item of a list in which what is done is struck through"
        add_task(state, index, count, reason, whose=_above(state))
        return count
    tail = row.words[-TAIL:]
    if ("DONE" in tail or "済" in tail) and _DONE.search(tail) and _said_done(state, index):
        reason = "ends in the word for what is done, as others do"
        add_task(state, index, 1, reason, True, whose=_above(state))
        return 1
    labelled = row.label is not None
    return (
        _asked(state, index)
        or _for_somebody(state, index)
        or _in_bold(state, index)
        or _capital(state, index)
        or _charged(state, index)
        or (labelled and _assigned(state, index))
        or _named(state, index)
        or (row.words[:1] in "([【" and _bracketed(state, index))
        or (labelled and _labelled(state, index))
    )


def _over_work(state: State, index: int) -> bool:
    """`- [ ] **첫 칸**` over `- 지도 그리기`: what the work below it is about."""
    row = state.rows[index]
    bold = row.line.words.rstrip().endswith("**") and f"**{row.words[:1]}" in row.line.words
    below = state.rows[index + 1 : index + state.continued(index)]
    items = [each.words for each in below if each.kind == "words" and each.listed]
    if not bold or not items or state.lexicon.is_doing(row.words):
        return False
    return 2 * sum(map(state.lexicon.is_doing, items)) >= len(items)


def _is_owned(state: State, row: Row) -> bool:
    """`- [ ] 하늘 : 지도 그리기`, `- [ ] 다 같이 : …`: what is somebody's."""
    label = row.label if row.box is not None else None
    if label is None or label.sign != ":" or is_statement(row.words):
        return False
    return names_somebody(state, label.name)


def _is_said(state: State, row: Row) -> bool:
    """`- [ ] 하늘님: 지도가 작은 것 같다.`: a statement, and who makes it."""
    label = row.label
    if label is None or label.sign != ":" or not label.name.endswith("님"):
        return False
    named = bool(names_in(state.crowd, label.name)[0])
    says = is_statement(row.words) or _LET_US.search(row.words) is not None
    return named and says and not state.lexicon.is_doing(row.words)


def _boxes_ask(state: State, index: int) -> bool:
    """Whether all tick boxes of a list ask something, two or more."""
    run = in_list_with(state, index, MANY, same_sign=True)
    return len(run) > 1 and all(
        each.box is not None and each.words.rstrip(" .*_`").endswith("?") for each in run
    )


def _looks_back(state: State, row: Row) -> bool:
    """Whether a tick box below `## 잘한 점` or `## 회고` stands before how something was."""
    if row.box is None:
        return False
    above = state.heading_above()
    if above is None or above.kind == "task":
        return False
    return state.lexicon.rounds.search(above.title) is not None and not state.lexicon.is_doing(
        row.words
    )


def _before_marks(state: State, index: int, count: int) -> int:
    """How many rows an answer has before `꼬리 질문: …` or another answer below it."""
    for at in range(index + 1, index + count):
        mark = mark_of(state, at)
        if is_answer(state, at) or (mark and mark.kind in ("question", "answer")):
            return state.without_blanks(at) - index
    return count


def _is_somebody(state: State, index: int) -> bool:
    """`- [ ] 하늘` over nothing: who is ticked, and not what."""
    row, below = state.rows[index], state.next_words[index + 1]
    over = below < len(state.rows) and row.over(state.rows[below])
    name = row.words.rstrip(" \t-–—:")  # `@이름 —`, in a form
    form = squeeze(name.lstrip("@")) in state.lexicon.columns
    return not over and (form or bool(names_in(state.crowd, name)[0]))


def _said_done(state: State, index: int) -> bool:
    """`- add a map: DONE`: four lines or more of the note end so."""
    if state.said_done is None:
        found = (
            row for row in state.rows if row.kind == "words" and _DONE.search(row.words[-TAIL:])
        )
        state.said_done = several(found, MANY)
    row = state.rows[index]
    said = (
        row.level or row.box is not None or state.section.kind in ("question", "decision", "talk")
    )
    named = row.label is not None and bool(names_in(state.crowd, row.label.name)[0])
    return state.said_done and not said and not named


def _beside_a_box(state: State, index: int) -> bool:
    """Whether the item above or below, of the same list, has a tick box."""
    row = state.rows[index]
    beside = (*state.rows[max(0, index - 1) : index], *state.rows[index + 1 : index + 2])
    return any(each.box is not None and each.column == row.column for each in beside)


def _struck_off(state: State, index: int) -> bool:
    """Whether an item is struck through, as many are, or stands beside such and is to be done."""
    row = state.rows[index]
    if state.struck is None:
        done = (at for at, each in enumerate(state.rows) if each.struck and each.listed)
        state.struck = sum(not _over_more(state, at) for at in done) > MANY
    if not state.struck or state.section.kind in ("question", "decision", "talk"):
        return False
    if row.struck:
        return not _over_more(state, index)
    beside = any(each.struck for each in in_list_with(state, index, MANY))
    return beside and state.lexicon.is_doing(row.words) and state.continued(index) == 1


def _over_more(state: State, index: int) -> bool:
    """Whether what is not struck through stands below an item, and says more about it."""
    count = state.continued(index)
    below = state.rows[index + 1 : index + count]
    return any(each.kind == "words" and not each.struck for each in below)


def _assigned(state: State, index: int) -> int:
    """`현수 역할 : …`."""
    row = state.rows[index]
    label = row.label
    word = state.lexicon.assigned.search(label.name) if label else None
    if label is None or word is None or label.end == len(row.words):
        return 0
    name = label.name[: word.start()]
    if not names_in(state.crowd, name)[0]:
        return 0
    count = state.continued(index)
    reason = f"a name and {word.group().strip()} before it"
    add_task(state, index, count, reason, aside=name, start=row.at(label.end))
    return count


def _for_somebody(state: State, index: int) -> int:
    """`TODO 2 for Robin: …`, `TODO(robin) …`."""
    row = state.rows[index]
    opening = row.words[:120]
    found = (_FOR.match(opening) or _OF.match(opening)) if row.words[:1] in "TAF할숙" else None
    if not found and (led := _ACTION.match(opening) if row.words[:1] in "AT" else None):
        names = SPLIT.split(led["who"])
        everybody = any(squeeze(name) in state.lexicon.everyone for name in names)
        found = led if everybody or names_in(state.crowd, ", ".join(names))[0] else None
    if not found:
        return 0
    count = state.continued(index)
    who = ", ".join(SPLIT.split(found["who"]))
    add_task(
        state,
        index,
        count,
        "the mark of a task, and for whom",
        aside=who,
        start=row.at(found.end()),
    )
    return count


def _in_bold(state: State, index: int) -> int:
    """`**결정** 9회차는 온라인으로`."""
    row = state.rows[index]
    found = _BOLD.match(row.line.words) if row.line.words[:2] in ("**", "__") else None
    kind = state.lexicon.marks.get(squeeze(found["mark"])) if found else None
    if not found or kind not in ("decision", "task", "question", "talk") or len(found["mark"]) < 2:
        return 0
    if kind == "talk":
        return _talk_in_bold(state, index, found["mark"])
    start, reason = row.at(len(found["mark"])), f"the mark {found['mark']}, in bold"
    start += len(state.text[start : row.end]) - len(state.text[start : row.end].lstrip("*_ \t"))
    if kind == "question":
        return add_question(state, index, start, (), reason)
    count = state.continued(index)
    if kind == "task":
        add_task(state, index, count, reason, start=start, whose=_above(state))
        return count
    state.block("decision", index, count)
    state.records.append(Decision(**state.place(start, index, count), evidence=(reason,)))
    return count


def _talk_in_bold(state: State, index: int, mark: str) -> int:
    """`**발표** 구름의 종류 (하늘)`."""
    row = state.rows[index]
    signed = _SIGNED.fullmatch(row.words[len(mark) :])
    people, why = names_in(state.crowd, signed["who"]) if signed else ((), "")
    if signed is None or not people:
        return 0
    place = state.place(row.at(len(mark) + signed.start("title")), index, 1)
    state.block("talk", index)
    evidence = (f"the mark {mark}, in bold", f"who stands behind it: {why}")
    state.records.append(talk_by(state, place, signed["title"], people, None, evidence))
    return 1


def _charged(state: State, index: int) -> int:
    """`표 만들기 -> 담당 하늘, 금요일까지`."""
    row = state.rows[index]
    found = _CHARGED.fullmatch(row.words[:200]) if "담당" in row.words else None
    if not found or not names_in(state.crowd, found["who"].strip())[0]:
        return 0
    add_task(state, index, 1, "an arrow, and who is in charge", aside=found["who"])
    return 1


def _capital(state: State, index: int) -> int:
    """`TODO draw a map`, `TODO 현수: …`."""
    row = state.rows[index]
    found = _TODO.match(row.words) if row.words[:1] in ("T", "A") else None
    shouted = found and row.words.isascii() and row.words.isupper()  # `ACTION POINTS`
    if found is None or shouted or state.lexicon.section(row.words.rstrip(": ")):
        return 0
    count = state.continued(index)
    label = label_of(row.words[found.start("said") :])
    named = label is not None and bool(names_in(state.crowd, label.name)[0])
    aside = label.name if label and named else ""
    begin = found.start("said") + (label.end if label and named else 0)
    add_task(state, index, count, f"the mark {found['mark']}", aside=aside, start=row.at(begin))
    return count


def _asked(state: State, index: int) -> int:
    """`현수님 질문 : …`, `과제 3 질문 by 현수님: …`."""
    row = state.rows[index]
    words = row.words[:120]
    if not _ASKING.search(words):
        return 0
    reason = "who asks, and the word for a question"
    # `오늘의 질문` has the letters of a name, too; behind `by` nothing but people stand.
    asked = _ASKED.match(words)
    if asked and (names := names_in(state.crowd, asked["who"])[0]):
        return add_question(state, index, row.at(asked.end()), names, reason)
    of = _ASKED_OF.match(words)  # `가람님께 질문 → …?`: who is to answer, not who asks
    if of:
        return add_question(state, index, row.at(of.end()), (), "to whom it goes, and 질문")
    to = _ASKED_TO.match(words)
    if to and (names := names_in(state.crowd, to["who"])[0]):
        return add_question(state, index, row.at(to.end()), names, "who asks whom, and 질문")
    by = _ASKED_BY.match(words)
    if by and (names := stated_names(state.crowd, by["who"])):
        return add_question(state, index, row.at(by.end()), names, reason)
    return 0


def _named(state: State, index: int) -> int:
    mark = mark_of(state, index)
    if mark is None:
        return 0
    row = state.rows[index]
    count = state.continued(index)
    if mark.kind in ("decision", "task") and _begins_a_list(state, index, count, mark.start):
        # `결론 : 1. 지도는 매일` over `2. 표는 매주`: what stands below is more of the same
        state.open(Section(mark.kind, "list", 0, row.column, row.line.number, sign=row.sign))
        count = 1
    if mark.kind == "decision":
        count = _before_settled(state, index, count)
    start, place = mark.start, state.place(mark.start, index, count)
    if mark.kind == "question":
        return add_question(state, index, start, mark.people, mark.reason, mark.number)
    if mark.kind == "answer":
        return add_answer(state, index, start, _before_marks(state, index, count), mark.reason)
    if mark.kind == "task":
        reason, whose = mark.reason, _above(state)
        said = state.text[start : row.end]
        if count > 1 and not mark.aside and _each_has_some(state, index, count, said):
            return _one_each(state, index, count, start, said, reason)
        add_task(state, index, count, reason, start=start, aside=mark.aside, whose=whose)
        return count
    if mark.kind == "decision":
        record: Record = Decision(**place, evidence=(mark.reason,))
    elif mark.people:
        record = marked_talk(state, row, mark, place)
    else:
        return 0
    state.block(mark.kind, index, count)
    state.records.append(record)
    return count


def _before_settled(state: State, index: int, count: int) -> int:
    """How many rows a decision has before a line below that settles something of its own."""
    for at in range(index + 1, index + count):
        row = state.rows[at]
        if row.kind == "words" and not row.listed and closes(state, row):
            return state.without_blanks(at) - index
    return count


def _begins_a_list(state: State, index: int, count: int, start: int) -> bool:
    """Whether what stands behind a mark is the first of several that are numbered."""
    row = state.rows[index]
    below = state.rows[index + 1 : index + count]
    if not _FIRST.match(state.text[start : row.end]) or not below:
        return False
    return all(each.mark == "number" for each in below if each.column == below[0].column)


def _bracketed(state: State, index: int) -> int:
    """`(Action) Draw a map`, `[결정] 기록은 매일 한다`: the mark in brackets in a list."""
    row = state.rows[index]
    label = row.label
    if label is None or label.sign not in "([":
        return 0
    mark, said = state.lexicon.marks.get(squeeze(label.name)), row.words[label.end :]
    if len(label.name) == 1 or len(said) < SHORTEST or says_nothing(state, said):
        return 0
    start, reason = row.at(label.end), f"the mark ({label.name})"
    if mark == "question" and (row.listed or said.rstrip().endswith(ASKING_ENDS)):
        return add_question(state, index, start, (), reason)
    count = state.continued(index)
    if mark == "decision":
        state.block("decision", index, count)
        state.records.append(Decision(**state.place(start, index, count), evidence=(reason,)))
        return count
    if (
        mark == "task"
        and (row.listed or state.lexicon.is_doing(said) or _is_given(state, said))
        and squeeze(label.name) != "ai"
        and not state.lexicon.done.search(said[-40:])
    ):
        add_task(state, index, count, reason, start=start)
        return count
    return 0


def _is_given(state: State, said: str) -> bool:
    """`하늘 - 지도 (토 저녁까지)`: whose it is, and by when."""
    label = label_of(said)
    named = label is not None and bool(names_in(state.crowd, label.name)[0])
    return named and state.lexicon.until.search(said[-TAIL:]) is not None


def _did_offices(state: State, index: int, words: str) -> bool:
    """Whether words are nothing but handles, beside a line that says whose an office was."""
    parts = [part.strip() for part in words.split(",")]
    if not all(shape_of(part) in ("nick", "latin", "full", "given") for part in parts):
        return False
    rows = state.rows[max(0, index - 2) : index + 3]
    names = (squeeze(row.label.name) for row in rows if row.label)
    return any(name in state.lexicon.offices for name in names)


_LET_US = re.compile(r"[가-힣]자[.!~\s]*$")
_GOAL = re.compile(
    r"(?:our )?(?:goals?|aims?|homework) (?:for|until|by) (?:the )?"
    r"next (?:week|meeting|time|session)"
    r"|next (?:week|meeting|session)(?:'s|’s)? (?:goals?|aims?)"
    r"|(?:다음|차)[ ]?(?:주|시간|모임|회의|스터디)(?:의|까지|까지의)?[ ]?목표",
    re.IGNORECASE,
)


def _labelled(state: State, index: int) -> int:
    """`다음 주 과제 : …`: a section's name, and what it holds on the same line."""
    row = state.rows[index]
    label = row.label
    if label is None or label.sign != ":" or not label.name[0].isalnum():
        return 0
    kind = state.lexicon.section(label.name)
    if kind is None and label.name.strip() in PREPARES:
        kind = "task" if state.lexicon.is_to_do(row.words) else None  # `준비: 3절까지 읽어오기`
    if kind == "plan" and _GOAL.fullmatch(label.name):
        kind = "task"  # `Goal for next week: …`
    if kind not in ("question", "task", "decision"):
        return 0
    theirs = row.listed and NEXT.match(label.name) is not None and bool(_above(state))
    if (squeeze(label.name) in state.lexicon.lists and not theirs) or _PARTED.search(label.name):
        return 0  # below somebody's heading, `- 다음 작업: …` is what they do next
    if kind == "decision" and concludes(state, label.name, row):
        return 0
    words = row.words[label.end :].strip()
    if not words or says_nothing(state, words) or says_nothing(state, words.partition(".")[0]):
        return 0
    named = names_in(state.crowd, words.rstrip(": "))[0]
    if named or _ADDRESS.match(words) or _only_time(state, words):
        return 0
    if kind == "question" and _did_offices(state, index, words):
        return 0  # `질문 : robin, sky` beside `서기 : robin`
    start, count = row.at(label.end), state.continued(index)
    if kind == "decision":
        count = _before_settled(state, index, count)
    reason = f"{label.name} stands before it"
    if kind == "task" and count > 1 and _each_has_some(state, index, count, words):
        return _one_each(state, index, count, start, words, reason)
    if kind == "question":
        count = add_question(state, index, start, (), reason)
    elif kind == "task":
        add_task(state, index, count, reason, start=start, aside=label.name, whose=_above(state))
    else:
        state.block("decision", index, count)
        state.records.append(Decision(**state.place(start, index, count), evidence=(reason,)))
    following = index + count
    if not row.listed and following < len(state.rows) and state.rows[following].listed:
        state.open(Section(kind, "flat", 0, row.column, row.line.number, sign=row.sign))
    return count


def _each_has_some(state: State, index: int, count: int, words: str) -> bool:
    below = state.rows[index + 1 : index + count]
    said = [words, *(each.words for each in below if each.kind == "words" and not each.listed)]
    return len(said) == count and all(_whose(state, each) for each in said)


def _one_each(state: State, index: int, count: int, start: int, words: str, reason: str) -> int:
    """Add what each has of `숙제 : 하늘 - 표` over `나래 - 지도`."""
    add_task(state, index, 1, reason, start=start, aside=_whose(state, words))
    for at in range(index + 1, index + count):
        add_task(state, at, 1, reason)
    return count


def _whose(state: State, words: str) -> str:
    """The names before a sign, with which words begin; nothing where none do."""
    label = label_of(words)
    return label.name if label and names_in(state.crowd, label.name)[0] else ""


def _over_boxes(state: State, index: int) -> bool:
    """Whether a tick box stands over others: those are what is to be done, `- [ ] 지도`."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    deeper = bool(below) and below[0].box is not None and below[0].column > row.column
    return deeper and bool(below[0].words.strip())


def _above(state: State) -> tuple[str, ...]:
    """Whose heading stands above, if nothing stands between."""
    above = state.sections[-1] if state.sections else Section()
    return above.owners if above.kind is None else ()


def _only_time(state: State, words: str) -> bool:
    due = state.when(state.rows[0], words)
    return due is not None and len(words) <= len(due.text) + 4


def add_question(
    state: State,
    index: int,
    start: int,
    askers: tuple[str, ...],
    reason: str,
    number: int | None = None,
    count: int | None = None,
    end: int | None = None,
) -> int:
    """Add a question; the answer that may stand below it stays outside of its text."""
    row = state.rows[index]
    if not askers and state.section.kind == "question":
        askers = state.section.owners
    count = _without_answer(state, index, count or state.continued(index))
    given = _ANSWERED.search(row.words) if count == 1 else None
    line = row.line.number
    end = row.at(given.start("arrow")) if given else end
    asked = None if end is None else state.span(start, end, line, line)
    question = Question(
        **(asked or state.place(start, index, count)),
        evidence=(reason,),
        number=row.number if number is None else number,
        askers=askers,
    )
    state.block("question", index, count)
    state.records.append(question)
    state.answered.append((index + count, str(id(question))))
    if given:
        state.records.append(
            Answer(
                **state.span(row.at(given.end()), row.end, line, line),
                evidence=("an arrow behind the question",),
                question=str(id(question)),
            )
        )
    return count


def _without_answer(state: State, index: int, count: int) -> int:
    if by_others(state, index, count):
        return 1
    mark = mark_of(state, index)
    asking = asks(state.rows[index].words) or (mark is not None and mark.kind == "question")
    for at in range(index + 1, index + count):
        row = state.rows[at]
        replied = says(state, row) or says_unmarked(state, row) or tells(state, row)
        quoted = BEFORE_QUOTE.fullmatch(row.words) if row.kind == "words" else None
        replied = replied or (quoted is not None and bool(names_in(state.crowd, quoted["who"])[0]))
        replied = replied or row.line.number in state.crowd.signed
        replied = asking and replied
        named = answerer(state, row) if row.kind == "words" else None
        replied = replied or (named is not None and not named.behind)  # `구름 답변: …`
        if replied or is_answer(state, at) or _led_to(state.rows[at]):
            return state.without_blanks(at) - index
    return count


def is_answer(state: State, index: int) -> bool:
    """Whether the row says that it is an answer: `A.`, `답 :`, an arrow in a list of questions."""
    row = state.rows[index]
    if row.kind != "words" or row.level:
        return False
    if row.mark == "arrow":
        asked = state.section.kind == "question" or after_question(state, index)
        return asked and _led_to(row)
    named = answerer(state, row)
    if named and not named.behind and after_question(state, index):
        return True  # `하늘님 답변: …`
    marks = state.lexicon.marks
    label = row.label
    if label and label.sign in "([<" and marks.get(squeeze(label.name)) == "answer":
        return after_question(state, index)  # `[답변] …`
    match = mark_in(state, row.words.lstrip("*_#> ")[:60])
    return (
        match is not None
        and marks.get(squeeze(match["name"])) == "answer"
        and (match["sign"] in ":-" or match["name"] == "A")
    )


def _led_to(row: Row) -> bool:
    """Whether an arrow leads from a question to a reply, and not to what is still to be done."""
    return row.mark == "arrow" and not _PUTS_OFF.search(row.words[-40:])


def add_answer(
    state: State, index: int, start: int, count: int, reason: str, question: str | None = None
) -> int:
    """Add an answer to the question with an id, or to the one above it."""
    evidence = [reason]
    if question is None and after_question(state, index):
        below, question = state.answered[-1]
        if not question.isdecimal():
            line = state.rows[below - 1].line.number
            evidence.append(f"line {line} names {question}")
    place = state.place(start, index, count)
    by = _said_by(state, index, start, count)
    state.block("opinion" if by else "answer", index, count)
    if by:
        state.records.append(by)
    state.records.append(Answer(**place, evidence=tuple(evidence), question=question))
    return count


def _said_by(state: State, index: int, start: int, count: int) -> Opinion | None:
    """The turn of whom an answer names: `A. (하늘) …`, `A. … (하늘)`."""
    row = state.rows[index]
    found = answerer(state, row)
    if found is None or (found.behind and count > 1):
        return None
    place = state.place(start if found.behind else row.start, index, count)
    begin = start if found.behind else row.at(found.begin)
    end = row.at(found.end) if found.behind else place["end"]
    if begin >= end:
        return None
    points = (Point(begin, end, state.text[begin:end]),)
    reason = f"who answers: {found.why}"
    return Opinion(**place, evidence=(reason,), speakers=found.names, points=points)
