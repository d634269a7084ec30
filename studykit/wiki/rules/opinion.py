"""`상모님 - …`, `- 이름` over a list, `<이름>` over a block: a turn, one point a bullet."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from studykit.wiki.endings import LAST_ASIDE, is_statement, says_something
from studykit.wiki.evidence import names_a_list, names_in
from studykit.wiki.labels import bare_label
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Answer, Opinion, Point, Talk, Task
from studykit.wiki.rows import Row
from studykit.wiki.rules.asking import asks
from studykit.wiki.rules.cells import tasks_ahead
from studykit.wiki.rules.due import in_slashes
from studykit.wiki.rules.each import each_is_to_do
from studykit.wiki.rules.inside import take_inside
from studykit.wiki.rules.link import ALONE, LINKED
from studykit.wiki.rules.listed import listed
from studykit.wiki.rules.mark import mark_of
from studykit.wiki.rules.planned import only_plans, only_when
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.question import below_marked
from studykit.wiki.rules.reply import before_replies, says_unmarked
from studykit.wiki.rules.report import whose_view
from studykit.wiki.rules.state import MARKDOWN_LEVELS, Section, State, closed
from studykit.wiki.rules.talk_time import talk_by, time_of
from studykit.wiki.rules.turn import (
    Turn,
    beside_its_list,
    combined,
    over_its_list,
    part_of,
    remark,
    titles_fold,
    turn_of,
)

LONGEST = 200
SAID = 20
"""Less behind a name, in another's turn, may be whom it is about."""
FEW = 12
FEW_LINKS = 3
_MORE = re.compile(r"(?<![.!?])[.!?][ \t]+(?:\S+[ \t]+\S|[^\W\d]{3})")
"""Another sentence, behind one."""
_TO_DAY = re.compile(r"(?<=\d)[ ]?[-~][ ]?\d{1,2}(?!\d|[./월시:])|^매주 ")
"""`8.13-15`: until when, which only says so behind from when."""
_DASH = re.compile(r"[-–—]")
_SIGNED = re.compile(
    r"(?P<said>\S.{4,}?(?:[다요음함됨임까듯네죠나]|[는은인]지|[인은는던]가|[?!.]))"
    r"[ \t]+[-–—][ \t]*(?P<who>[^-–—:]{1,24})$"
)
_ROLES = re.compile(r"역할|담당|분담|(?i:\broles?\b)|役割|担当")
_SAYS = re.compile(r"(?:다|요|음|함|[?!.])[\s.!~)]*$")


def opinion(state: State, index: int) -> int:
    """Claim a turn: people at the line's start, and what they say."""
    row = state.rows[index]
    turn = turn_of(state, index)
    if turn is None:
        return _signed(state, index)
    if row.line.number in state.crowd.due or row.line.number in state.crowd.owed:
        return 0
    if not row.mark and row.words.count(" / ") > 1 and in_slashes(state, row):
        return 0
    if (row.level and _over_turns(state, index)) or each_is_to_do(state, index):
        return 0
    kind, headed = state.section.kind, state.section.scope == "heading"
    if kind == "topics" and row.words[:1] == "@" and turn.said == len(row.words):
        return 0  # `@sky:` in an agenda: whom what stands below is for
    if row.level:  # what a label opened above ends here
        kind = state.inherited(row)
    headed = headed or (kind == "task" and not row.listed)
    if kind == "talk" and state.below_a_talk(row):
        kind = None  # what somebody says of it
    if row.kind == "words" and kind in ("task", "talk") and headed and listed(state, index):
        return 0
    begin = state.next_words[state.below(state.section)] if state.section.label_line else None
    first = state.section.scope == "flat" and begin == index
    due = first and kind == "task" and not is_statement(row.words)  # `할 일`, a blank line, and it
    apart = not row.listed or row.line.number in state.crowd.filled
    if apart and not row.level and state.paragraph(index) and not due:
        # In plain text, a turn that begins a paragraph ends the list above it.
        state.close_flat()
        for above in state.sections:
            above.owners = ()  # what is due below is no longer for those of the heading
    elif kind in ("task", "talk", "link") or (row.listed and _of_roles(state, row)):
        return 0
    under = headed or state.section.scope == "list"
    settled = kind == "decision" and under and row.listed and turn.said < len(row.words)
    if settled and not _below_an_item(state, index):
        return 0
    plain = LAST_ASIDE.sub("", row.words)
    if kind == "plan" and not row.level:
        begins = row.label and state.lexicon.begins.match(row.words, row.label.end)
        if begins or state.lexicon.is_doing(plain):
            return 0
        if row.label and only_plans(state) and not says_something(row.words[row.label.end :]):
            return 0  # `Robin: cover sheet, back-end stuff`
    chat = row.line.number in state.crowd.chat
    if row.level or chat:
        count = _block(state, index)
    else:
        count = _continued(state, index, turn)
        count = before_replies(state, index, count, turn.speakers)
    if filled := state.crowd.filled.get(row.line.number):
        theirs = state.rows[index + 1 : index + filled[1]]
        others = (
            at
            for at, each in enumerate(theirs, 1)
            if each.line.number in state.crowd.signed or says_unmarked(state, each)
        )
        count = _before_plans(state, index, next(others, filled[1]))
        count = max(1, state.without_blanks(index + count) - index)
    if titles_fold(state, index):
        count = _fold(state, index)
    if row.level:
        # What is due below the heading is for those whose heading it is.
        state.open(
            Section(None, "heading", state.rank(row), 0, row.line.number, owners=turn.speakers)
        )
    if turn.said == len(row.words) and _over_boxes(state, index, count):
        state.open(Section("task", "list", 0, row.column, row.line.number, owners=turn.speakers))
        state.block("heading", index)
        return 1
    below = state.next_words[index + 1]
    if row.level and count == 1 and below < len(state.rows) and _to_do(state, state.rows[below]):
        state.block("heading", index)
        return 1
    if row.level and count > 1 and _asks_only(state, index, count):
        state.open(
            Section(
                "question", "heading", state.rank(row), 0, row.line.number, owners=turn.speakers
            )
        )
        state.block("heading", index)
        return 1
    if _says_only_when(state, index, count, turn):
        return 0  # when somebody is away, say
    if turn.said == len(row.words) and _over_links(state, index, count):
        return 0  # where what somebody wrote lies, and nothing that they say
    place = state.place(row.start, index, count)
    points = _points(state, index, count, row.at(turn.said), place["end"])
    state.block("opinion", index, count)
    said = len(state.records)
    state.records.append(
        Opinion(**place, evidence=(turn.reason,), speakers=turn.speakers, points=points)
    )
    if row.kind == "table" and state.ahead_columns is not None:
        state.records.extend(tasks_ahead(state, index, state.ahead_columns, turn.speakers))
    if told := state.told_talks.get(index):
        state.records.append(_told(state, index, told))
    take_inside(state, index, count, turn.said, turn.speakers)
    if only := _only_tells(state, index, count, turn, said + 1):
        del state.records[said]  # the message is the task, or the talk, and no turn
        state.blocks[-1] = replace(state.blocks[-1], kind=only)
    if (asked := below_marked(state, index)) and not asks(row.words):
        reason = "what somebody says in a list right below a question marked as one"
        state.records.append(Answer(**place, evidence=(reason,), question=asked))
    return count


def _says_only_when(state: State, index: int, count: int, turn: Turn) -> bool:
    """Whether all that stands behind a name, or in the list below it, is a time or several."""
    row = state.rows[index]
    if row.line.number in state.crowd.chat:
        return False
    below = [each.words for each in state.rows[index + 1 : index + count] if each.kind != "blank"]
    said = [row.words[turn.said :].strip(), *below]
    told = [_TO_DAY.sub("", words).replace("-", "~") for words in said if words]
    dated = bool(told) and all(re.search(r"\d", words) and "(" not in words for words in told)
    return dated and all(only_when(state, part) for words in told for part in words.split(","))


def _over_links(state: State, index: int, count: int) -> bool:
    """Whether a list below a name has nothing but addresses, three or more."""
    below = [row for row in state.rows[index + 1 : index + count] if row.kind != "blank"]
    links = [
        row
        for row in below
        if row.listed and (ALONE.fullmatch(row.words) or LINKED.fullmatch(row.words))
    ]
    return FEW_LINKS <= len(links) == len(below)


def _only_tells(
    state: State, index: int, count: int, turn: Turn, added: int
) -> Literal["task", "talk", ""]:
    """Whether every line of a message tells what somebody is to do, or who presents what."""
    head, records = state.rows[index], state.records[added:]
    number = head.line.number
    if number not in state.crowd.exported and number not in state.crowd.chat:
        return ""
    rows = [row for row in state.rows[index : index + count] if row.kind != "blank"]
    said = rows if turn.said < len(head.words) else rows[1:]
    told = {record.lines[0] for record in records if isinstance(record, Task | Talk)}
    if not said or any(not isinstance(record, Task | Talk) for record in records):
        return ""
    if any(row.line.number not in told or _MORE.search(row.words) for row in said):
        return ""
    return "talk" if isinstance(records[0], Talk) else "task"


def _asks_only(state: State, index: int, count: int) -> bool:
    """Whether nothing stands below a name but `Q. …`: what its bearer asks, and no more."""
    below = range(index + 1, index + count)
    marks = [mark_of(state, at) for at in below if state.rows[at].kind != "blank"]
    return bool(marks) and all(mark is not None and mark.kind == "question" for mark in marks)


def _told(state: State, index: int, told: Found) -> Talk:
    """The talk of which a turn tells: `1. 하늘 : 구름의 종류` in a list of seminars."""
    subject, presenters, reason = told
    _, due = time_of(state, state.rows[index], subject)
    place = state.place(state.rows[index].start, index)
    return talk_by(state, place, subject, presenters, due, (reason,))


def _before_plans(state: State, index: int, count: int) -> int:
    """How many rows a part has before `### Plan`, whose list is somebody's to do."""
    for below in range(1, count):
        if _begins_plans(state, state.rows[index + below]):
            return state.without_blanks(index + below) - index
    return count


def _begins_plans(state: State, row: Row) -> bool:
    """`### Plan` below somebody's heading: what stands below it is theirs to do."""
    return bool(row.level) and state.lexicon.section(bare_label(row.words)) in ("task", "plan")


def _over_boxes(state: State, index: int, count: int) -> bool:
    """Whether what stands below a name in a list is nothing but tick boxes: theirs to do."""
    row, below = state.rows[index], state.rows[index + 1 : index + count]
    boxes = [each for each in below if each.kind == "words"]
    return row.listed and bool(boxes) and all(each.box is not None for each in boxes)


def _below_an_item(state: State, index: int) -> bool:
    """Whether an item stands below another of its list, and not right below the label."""
    row = state.rows[index]
    for above in state.rows[max(0, index - FEW) : index][::-1]:
        if above.line.number == state.section.label_line:
            return False
        if above.level or (above.listed and above.column < row.column):
            return not above.level
    return False


def _of_roles(state: State, row: Row) -> bool:
    """`현수 : 서버` below `## 각자의 역할`: what somebody is there for, and nothing said."""
    above = state.titled_above()
    if above is None or not _ROLES.search(above.title) or asks(above.title):
        return False
    return row.label is not None and not _SAYS.search(LAST_ASIDE.sub("", row.words))


def _signed(state: State, index: int) -> int:
    """Claim `베타는 고정이다 - 현수`: a sentence, and behind it who said it."""
    row = state.rows[index]
    if row.kind != "words" or row.level or row.mark == "arrow" or row.box is not None:
        return 0
    signed = state.crowd.signed.get(row.line.number)
    if signed and state.section.kind not in ("task", "talk", "decision"):
        speakers, said = signed
        reason = f"an item that ends in who says so: {state.crowd.why(speakers[0])}"
    else:
        words = row.words[:LONGEST]
        match = _SIGNED.match(words) if _DASH.search(words) else None
        if match is None or state.section.kind not in (None, "topics"):
            return 0
        speakers, why = names_in(state.crowd, match["who"])
        if not speakers or state.continued(index) > 1:
            return 0
        said = match.end("said")
        reason = f"a sentence with a dash and a name behind it: {why}"
    place, end = state.place(row.start, index), row.at(said)
    point = Point(place["start"], end, state.text[place["start"] : end])
    state.block("opinion", index)
    state.records.append(Opinion(**place, evidence=(reason,), speakers=speakers, points=(point,)))
    return 1


def _continued(state: State, index: int, turn: Turn) -> int:
    """How many rows the turn has: with a name over a list, that list as well."""
    count, row = state.continued(index), state.rows[index]
    if count > 1 or turn.said < len(row.words):
        return count
    if not (
        names_a_list(state.rows, index)
        or beside_its_list(state, index)
        or over_its_list(state, index)
    ):
        return _over_text(state, index)
    last, following = index, state.next_words[index + 1]
    mark, sign, loose = (
        state.rows[following].mark,
        state.rows[following].sign,
        following > index + 1,
    )
    while following < len(state.rows):
        below = state.rows[following]
        if below.column < row.column or below.level or following in state.starts:
            break
        if following > last + 1 and not loose:
            break  # what stands apart from the list may be anybody's
        same = bool(below.mark) and (below.mark, below.sign) == (mark, sign)
        if not (same or below.column > row.column) or below.kind not in ("words", "table"):
            break
        last, following = following, state.next_words[following + 1]
    return last - index + 1


def _over_text(state: State, index: int) -> int:
    """How many rows `robin:`, or a name alone, makes with the text right below it."""
    row, count = state.rows[index], 1
    alone = row.line.number in state.crowd.alone and not row.label
    addressed = row.line.number in state.crowd.addressed
    for at in range(index + 1, len(state.rows)):
        below = state.rows[at]
        plain = below.kind == "words" and not (below.mark or below.level)
        if below.label and (not alone or names_in(state.crowd, below.label.name)[0]):
            break
        beside = below.column >= row.column if addressed else below.column == row.column
        beside = beside or (alone and below.line.words.startswith(">"))  # and ends where it ends
        if not (row.label or alone or addressed) or not plain or not beside:
            break
        if row.mark and not (addressed or alone or row.mark == "bullet"):
            break
        if at in state.starts or state.lexicon.section(below.words.rstrip(": \t")):
            break
        if below.line.number in state.crowd.alone:
            break  # another's name, over what they say
        count += 1
    return count


def _block(state: State, index: int) -> int:
    """How many rows a turn under a heading has: up to the next heading, fence or rule."""
    last = index
    for at in range(index + 1, len(state.rows)):
        row = state.rows[at]
        head = state.rows[index]
        apart = row.level and not (remark(state, head, row) or part_of(state, head, row))
        underlines = row.kind == "rule" and at == index + 1 and bool(head.level)
        if underlines:
            continue
        if _begins_plans(state, row):
            break
        if apart or row.kind in ("fence", "rule", "front", "conflict") or at in state.starts:
            break
        if row.line.number in state.crowd.chat:
            break
        if row.kind == "words" and state.lexicon.section(row.words.rstrip(": \t")):
            break
        if row.kind == "words" and state.section_behind(row.words):
            break
        if last < at and (_labelled(state, at) or _framed_alike(state, head, row)):
            break
        if head.framed and _names_what_follows(state, at):
            break
        if head.framed and _beside_what_is_deeper(state, index, at):
            break
        if head.level > MARKDOWN_LEVELS and row.column < head.column and row.kind == "words":
            break  # `Ⅱ. 물음`, further left than `  ◇ 하늘`
        if last < at and _by_another(state, head, row):
            break
        if row.listed and _to_do(state, row):
            break
        if row.kind != "blank":
            last = at
    return last - index + 1


def _fold(state: State, index: int) -> int:
    """How many rows of a folded block are what its title's bearer says."""
    last = index
    for at in range(index + 1, len(state.rows)):
        row = state.rows[at]
        if at not in state.folded or row.kind not in ("words", "blank", "code") or row.level:
            break
        named = row.label is not None and bool(names_in(state.crowd, row.label.name)[0])
        section = state.lexicon.section(row.words.rstrip(": \t"))
        if row.kind == "words" and (named or section or _to_do(state, row)):
            break
        if row.kind == "words":
            last = at
    return last - index + 1


def _over_turns(state: State, index: int) -> bool:
    """`### 현수님` over `- 현수님: …`, `- 인서님: …`: what is talked about, and each says so."""
    items: list[Row] = []
    for row in state.rows[index + 1 : index + _block(state, index)]:
        if row.kind == "words" and not row.listed and not row.mark and not items:
            return False  # what they say themselves
        if row.listed and (not items or row.column <= items[0].column):
            items.append(row)
    named = [row for row in items if row.label and names_in(state.crowd, row.label.name)[0]]
    return bool(named) and 2 * len(named) >= len(items)


def _to_do(state: State, row: Row) -> bool:
    """`TODO: …`, `[ ] …`: a task, though it stands among what somebody says."""
    label = row.label
    return row.box is not None or (
        label is not None
        and label.sign == ":"
        and label.end < len(row.words)
        and (
            state.lexicon.marks.get(squeeze(label.name)) == "task"
            or state.lexicon.section(label.name) == "task"
        )
    )


def _labelled(state: State, at: int) -> bool:
    """Whether a paragraph begins with somebody's label: a turn of its own."""
    row = state.rows[at]
    if row.kind != "words" or row.mark or not state.paragraph(at):
        return False
    label = row.label
    people = names_in(state.crowd, label.name)[0] if label else ()
    return bool(people) or combined(state, row.words) is not None


def _by_another(state: State, head: Row, row: Row) -> bool:
    """`- 나래: …` below `### 하늘`, in a list that begins at the heading's column."""
    label = row.label if row.listed and row.column <= head.column else None
    if label is None or label.sign != ":" or len(row.words) < label.end + SAID:
        return False
    others = set(names_in(state.crowd, label.name)[0] or whose_view(state, label)[0])
    return bool(others) and not others & set(names_in(state.crowd, bare_label(head.words))[0])


def _framed_alike(state: State, head: Row, row: Row) -> bool:
    """`<구름> 좋다` below `<하늘>`: another's name in a frame, before what they say."""
    label = row.label if head.framed and row.kind == "words" and row.column <= head.column else None
    return label is not None and label.sign in "<[(" and bool(names_in(state.crowd, label.name)[0])


def _names_what_follows(state: State, at: int) -> bool:
    """`기타`, apart from what somebody says below `[하늘]`, and over a list of its own."""
    if not state.paragraph(at) or not names_a_list(state.rows, at):
        return False
    return squeeze(state.rows[at].words.rstrip(": \t")) in state.lexicon.nobody


def _beside_what_is_deeper(state: State, index: int, at: int) -> bool:
    """`공통` at the column of `[하늘]`, behind a blank line, where all between stands deeper."""
    column = state.rows[index].column
    between = [row for row in state.rows[index + 1 : at] if row.kind != "blank"]
    apart = state.rows[at - 1].kind == "blank" and state.rows[at].column <= column
    return apart and bool(between) and all(row.column > column for row in between)


def _points(state: State, index: int, count: int, first: int, last: int) -> tuple[Point, ...]:
    """One point a bullet; a line without one, an arrow too, continues the point before it."""
    spans: list[tuple[int, int]] = []
    head = state.rows[index]
    said = state.text[first : head.end]
    if not head.framed and said.strip(" \t|*_"):
        # In a table, the bar behind the last cell is nothing that anybody says.
        end = first + len(said.rstrip("| \t")) if head.kind == "table" else head.end
        spans.append((first + len(said) - len(said.lstrip()), end))
    open_point = bool(spans)
    for row in state.rows[index + 1 : index + count]:
        if row.kind == "blank":
            open_point = open_point and not head.level
            continue
        if row.kind == "rule" and head.level:  # what underlines a name
            continue
        if row.level and row.level <= MARKDOWN_LEVELS:  # a part's heading
            open_point = False
            continue
        if row.listed or not open_point:
            spans.append((row.start if row.words else row.line.body_start, row.end))
        else:
            spans[-1] = (spans[-1][0], row.end)
        open_point = True
    # A last line of unseen characters ends behind what the turn's text ends with.
    spans = [(start, min(end, last)) for start, end in spans]
    spans = [(start, closed(state.text, start, end)) for start, end in spans if start < end]
    spans = [(state.opened(start, end), end) for start, end in spans]
    return tuple(Point(start, end, state.text[start:end]) for start, end in spans if start < end)
