"""`1. 디디피엠에서 베타를 왜 쓰는지`: an item under a label that says 'questions'."""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile

from studykit.wiki.endings import is_statement
from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape
from studykit.wiki.records import Question
from studykit.wiki.rows import Row
from studykit.wiki.rules.answerer import answerer
from studykit.wiki.rules.asker import asker_behind
from studykit.wiki.rules.asking import asks, asks_somebody, inquires, proposes, wonders
from studykit.wiki.rules.decision import closes
from studykit.wiki.rules.link import ALONE
from studykit.wiki.rules.listed import in_list_with, listed
from studykit.wiki.rules.marked import add_answer, add_question, is_answer
from studykit.wiki.rules.reply import replies, says
from studykit.wiki.rules.state import State, several

__all__ = ["among_questions", "answer", "below_marked", "question"]

FEW = 12
FORM = 2
MANY = 40
NEAR = 8
LABEL = 24
"""A line with a colon at its end that is longer is no label of the questions below it."""
SHORT = 60
WIDE = 60
"""A longer line was wrapped by nobody."""
_JOINED = re.compile(r"[ \t]*(?:및|와|과|/|,|·)[ \t]*")
_LAST_ASIDE = re.compile(r"(?<=\?)[ \t]*\([^()]{1,60}\)$")
_INSTRUCTS = re.compile(
    r"(?:바랍니다|(?:남겨|적어|올려|(?:작성|등록|사용|이용|활용|참고)해) ?주(?:세요|시면)\S*)"
    r"[\s.!~)]*$"
)
_ASKED = re.compile(
    r"(?P<who>[A-Za-z][\w'’-]{1,20}) (?:also )?(?:asked|asks|wondered|wonders|wanted to know)"
    r"(?: us)?(?: (?:whether|if))?[ \t:]+(?=\S.{3})"
)
_LEADING = re.compile(r"(?P<picture>[\u2600-\u27bf\U0001f300-\U0001faff])\ufe0f?[ \t]+(?=\S)")
_LAST_PICTURE = re.compile(r"[ \t]*(?:[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?)+$")
_MARK = re.compile(r"\?(?=[ \t]|$)")
_SIGN = re.compile(r"(?:\?{1,3}!?|[❓❔]\ufe0f?)[ \t]+(?=\S)")
_MARKED = re.compile(r"Q\d*[ \t]?[.):]")
_REPLIES = re.compile(r"\d{1,2}[ ]?번(?:은|는|째는|의|에|답|[ ]답|[ \t]*[:-])")
"""`2번은 확인함`: what is said to the second."""
_COUNTED = re.compile(r"\d{1,2} (?=\D)")
"""`3 지도는 왜 작은지`, without a sign behind the number."""
_CLOSES = re.compile(r"다[\s.!)]*$")
_PUZZLES = re.compile(
    r"(?:궁금하다|궁금함|궁금합니다|모르겠다|모르겠음|모르겠습니다|[는은인건]지)[\s.!?~]*$"
)
_TO_WHOM = re.compile(r"[ \t]*(?:[-=]?>|→|➡|(?<=[가-힣])[ \t]?에게|(?<=님)[ \t]?께)[ \t]*")
_TELLS_MORE = re.compile(r"[가-힣](?<=[다요음함])\.[ \t]+\S")
"""A sentence that tells something, before another."""
_ABOUT = re.compile(r"(?:관련|에 대(?:해|하여|해서)|관하여)$|に関して$|について$")
_COUNTS = re.compile(
    r"(?P<name>[^\W\d]+)[ \t]*(?:no\.?|#)?[ \t]*\d{1,2}[ \t]*[.:)]?", re.IGNORECASE
)
_HANDLE = re.compile(r"(?P<who>@[^\s,:]{2,39})[ \t,]+(?=\S)")


def question(state: State, index: int) -> int:
    """Claim an item of a question section, or a line there that asks."""
    row = state.rows[index]
    if row.kind != "words" or row.level or ALONE.fullmatch(row.words):
        return 0
    section = state.section
    if _below_its_number(state, index):
        reason = "right below a heading that only counts it, as others"
        count = max(_paragraph(state, index), state.continued(index) if row.listed else 0)
        return add_question(state, index, row.start, (), reason, count=count)
    if (picture := _picture(row)) and _picture_asks(state, picture) and asks(_plain(row.words)):
        reason = f"{picture} before what asks, as before others"
        return add_question(state, index, row.start, (), reason, count=1)
    if _begins_with_sign(row) and _asked_by_sign(state):
        reason = "a question mark before it, as before others"
        sign = _SIGN.match(row.words)  # a picture is none of the words
        return add_question(state, index, row.at(sign.end() if sign else 0), (), reason, count=1)
    if section.kind not in ("question", "asking"):
        return _with_its_answer(state, index)
    if index in state.folded:
        # `<details>`: the summary is the question, and what it hides says more about it.
        if section.kind != "question" or not state.markup(row).startswith("<summary"):
            return 0
        reason = f"a folded block's title under the question label of line {section.label_line}"
        end = row.at(len(row.words) - 1) + 1
        return add_question(state, index, row.start, (), reason, count=1, end=end)
    asking = asks(row.words)
    if row.mark == "arrow" and not asking and says(state, row, listed=False):
        return 0  # `→ 하늘: …`, who answers
    if asked := _asked_in_english(state, row):
        reason = f"who asked, under the question label of line {section.label_line}"
        return add_question(state, index, row.at(asked[0]), asked[1], reason, count=1)
    if section.kind == "asking" and not asking:
        if _each_over_a_list(state, index):
            return _with_list_below(state, index)
        if not _answered_below(state, index):
            return 0
    if (label := row.label) and state.crowd.is_role(label.name) and len(row.words) <= SHORT:
        return 0  # `질문자 : 현수`
    if len(row.words) <= SHORT and full_names(state.crowd, row.words):
        return 0  # whose questions follow
    if row.listed and not asking and not wonders(row.words) and _introduced(state, index):
        return 0
    if not asking and (replies(state, index) or _answers_heading(state, row.words)):
        return 0
    if _answers_in_group(state, index):
        return 0
    if not asking and _REPLIES.match(row.words):
        return 0
    aside = row.label.name if row.label and row.label.sign == "[" else ""
    if not asking and aside and state.lexicon.view.fullmatch(aside):
        return 0  # `[피드백] …`
    if not asking and _INSTRUCTS.search(row.words) and not wonders(row.words):
        return 0  # how they ask
    if not asking and row.listed and _below_marked(state, index):
        return 0  # what was said of it
    if not asking and row.listed and _over_questions(state, index):
        state.block("prose", index)  # `지도 관련`, over what is asked of it
        return 1
    askers = section.owners
    start = row.start
    if (label := row.label) and (found := names_in(state.crowd, label.name))[0]:
        askers, start = found[0], row.at(label.end)
        nested = row.listed and state.section.kind == "question" and _is_nested(state, index)
        tells = not asking and (is_statement(row.words) or not row.listed or nested)
        tells = tells and not wonders(row.words)
        tells = tells or (not asking and _TELLS_MORE.search(row.words, label.end) is not None)
        if start >= row.end or tells:
            return 0  # nothing, or what somebody says
    elif behind := asker_behind(state, row.words):
        askers = behind
    elif (handle := _HANDLE.match(row.words)) and names_in(state.crowd, handle["who"])[0]:
        askers, start = names_in(state.crowd, handle["who"])[0], row.at(handle.end())
    elif label and (asker := _asks_another(state, label.name)):
        reason = f"who asks whom, under the question label of line {section.label_line}"
        return add_question(state, index, row.at(label.end), asker, reason, count=1)
    reason = f"an item under the question label of line {section.label_line}"
    if (count := listed(state, index)) and (
        row.listed or _may_ask(row.words) or _COUNTED.match(row.words)
    ):
        return add_question(state, index, start, askers, reason, count=count)
    if askers and label and not state.paragraph(index):
        return add_question(state, index, start, askers, reason)
    if lines := _wrapped(state, index):
        reason = f"its last line asks, under the question label of line {section.label_line}"
        return add_question(state, index, start, askers, reason, count=lines)
    if row.mark == "" and asking and not _continues(state, index):
        reason = f"a line that asks, under the question label of line {section.label_line}"
        return add_question(state, index, start, askers, reason, count=1)
    return 0


def _below_its_number(state: State, index: int) -> bool:
    """Whether a line stands right below `<질문 1>`, a heading, where another is `<질문 2>`."""
    above = state.previous_words[index]
    if above < 0 or not _counts(state, state.rows[above]) or state.rows[index].mark == "arrow":
        return False
    if state.counting is None:
        found = {row.words for row in state.rows if _counts(state, row)}
        state.counting = len(found) > 1
    return state.counting


def _counts(state: State, row: Row) -> bool:
    """Whether a heading is nothing but `질문 1`."""
    found = _COUNTS.fullmatch(row.words) if row.level and len(row.words) <= LABEL else None
    return found is not None and state.lexicon.marks.get(squeeze(found["name"])) == "question"


def _paragraph(state: State, index: int) -> int:
    """How many lines without a mark stand together."""
    rows, last = state.rows, index
    while last + 1 < len(rows) and rows[last + 1].kind == "words":
        if rows[last + 1].mark or rows[last + 1].level or last + 1 in state.starts:
            break
        last += 1
    return last - index + 1


def _over_questions(state: State, index: int) -> bool:
    """Whether an item that names no more than a matter stands over a list most of which asks."""
    row = state.rows[index]
    if len(row.words) > LABEL or wonders(row.words) or row.label is not None:
        return False
    below = state.rows[index + 1 : index + state.continued(index)]
    items = [each for each in below if each.kind == "words" and each.listed]
    asking = sum(asks(each.words) for each in items)
    about = _ABOUT.search(row.words) is not None
    return 0 < len(items) < 2 * asking or (about and asking > 0)


def _is_nested(state: State, index: int) -> bool:
    """Whether an item stands right below one that is less deep."""
    row, above = state.rows[index], state.rows[index - 1] if index else None
    return above is not None and above.listed and above.column < row.column


def _answers_in_group(state: State, index: int) -> bool:
    """`- 하늘 : …` below `- 안개는 왜 …?` in a group of its own: who answers, whatever it ends in.

    Who asks stands first in a group, or nobody stands before what is asked.
    """
    label = state.rows[index].label
    if label is None or label.sign != ":" or not names_in(state.crowd, label.name)[0]:
        return False
    first = index
    while first and state.rows[first - 1].kind == "words" and not state.rows[first - 1].level:
        first -= 1
    head = state.rows[first]
    if first == index or not head.listed or head.column != state.rows[index].column:
        return False
    named = head.label and names_in(state.crowd, head.label.name)[0]
    apart = first > 0 and state.rows[first - 1].kind == "blank"
    return apart and not named and (asks(head.words) or head.sign == state.rows[index].sign)


def _asked_in_english(state: State, row: Row) -> tuple[int, tuple[str, ...]] | None:
    """Where the question begins in `Robin asked is it high`, and who asked."""
    asked = _ASKED.match(row.words) if row.words[:1].isascii() else None
    names = names_in(state.crowd, asked["who"])[0] if asked else ()
    return (asked.end(), names) if asked and names else None


def _picture(row: Row) -> str:
    """The picture with which a line begins."""
    found = None if row.line.words[:1].isalnum() else _LEADING.match(row.line.words)
    return found["picture"] if found else ""


def _plain(words: str) -> str:
    return _LAST_PICTURE.sub("", words)


def _picture_asks(state: State, picture: str) -> bool:
    """Whether the note has the picture before four lines or more, most of which ask."""
    if picture not in state.pictures:
        rows = [row for row in state.rows if row.kind == "words" and _picture(row) == picture]
        asking = sum(asks(_plain(row.words)) for row in rows)
        state.pictures[picture] = asking > 3 and 3 * asking > 2 * len(rows)
    return state.pictures[picture]


def _asked_by_sign(state: State) -> bool:
    """Whether two lines or more begin with `? ` or `❓`, as others begin with a bullet."""
    if state.by_sign is None:
        rows = (row for row in state.rows if row.kind == "words" and not row.level)
        found = (row for row in rows if _begins_with_sign(row))
        state.by_sign = several(found)
    return state.by_sign


def _begins_with_sign(row: Row) -> bool:
    return _SIGN.match(row.line.words, row.first) is not None


def _asks_another(state: State, label: str) -> tuple[str, ...]:
    """Who asks in `하늘 → 구름: …`."""
    sides = _TO_WHOM.split(label)
    named = [names_in(state.crowd, side)[0] for side in sides]
    return named[0] if len(sides) == 2 and all(named) else ()


def _quoted(state: State, index: int) -> int:
    """How many lines `> 지도는 어떻게 그리나?` has, over what answers it, as another does."""
    if ">" not in state.rows[index].line.words[:1]:
        return 0
    if state.quoted is None:
        found = (at for at in range(len(state.rows)) if _quote(state, at))
        state.quoted = several(found)
    return _quote(state, index) if state.quoted else 0


def _quote(state: State, index: int) -> int:
    """How many quoted lines begin here, one of which asks, with no quote right below."""
    rows = state.rows
    if rows[index].kind != "words" or not rows[index].line.words.startswith(">"):
        return 0
    if index and rows[index - 1].line.words.startswith(">"):
        return 0
    last = index
    while last + 1 < len(rows) and last < index + FEW:
        if rows[last + 1].kind != "words" or not rows[last + 1].line.words.startswith(">"):
            break
        last += 1
    below = state.next_words[last + 1]
    asked = any(asks(row.words) or _MARK.search(row.words) for row in rows[index : last + 1])
    if below == len(rows) or rows[below].level or not asked:
        return 0
    said = rows[below]
    return 0 if said.kind != "words" or said.line.words.startswith(">") else last - index + 1


def _answers_heading(state: State, words: str) -> bool:
    """Whether a statement stands below a heading in the section of questions: what answers it."""
    headings = [section for section in state.sections if section.scope == "heading"]
    asked = len(headings) > 1 and headings[-2].kind == headings[-1].kind
    return asked and _CLOSES.search(words[-LABEL:]) is not None and not wonders(words)


def _with_its_answer(state: State, index: int) -> int:
    """Claim what asks in any section, if its form has the answer: folded below it, or quoted."""
    row = state.rows[index]
    if state.section.kind == "talk":
        return 0  # a title may ask
    if row.listed and asks(row.words) and _over_a_fold(state, index):
        reason = "an item that asks, over what is folded below it"
        return add_question(state, index, row.start, (), reason, row.number, count=1)
    if index in state.folded:
        if state.markup(row).startswith("<summary") and asks(row.words):
            end = row.at(len(row.words) - 1) + 1
            reason = "a folded block's title, which asks"
            return add_question(state, index, row.start, (), reason, count=1, end=end)
        return 0
    below = state.next_words[index + 1]
    if _comes_again(state, row):
        return 0  # what a form asks of each
    if index in _numbered(state):
        reason = "one of several that are numbered, most of which ask"
        return add_question(state, index, row.start, (), reason, count=_wrapped_item(state, index))
    if count := _quoted(state, index):
        return add_question(state, index, row.start, (), "a quote that asks", count=count)
    if not asks(row.words):
        return 0
    among = row.listed and beside_such(state, index)
    count = _over_its_answer(state, index) if below < len(state.rows) else 0
    if count and (among or _among_answered(state, index) or _answered_throughout(state)):
        reason = "an item that asks, over a list that answers"
        add_question(state, index, row.start, (), reason, row.number, count=1)
        first = state.rows[below]
        return 1 + (count > 1 and add_answer(state, index + 1, first.start, count - 1, reason))
    if among:
        reason = "an item that asks, as all beside it do"
        return add_question(state, index, row.start, (), reason, row.number)
    if _beside_another(state, index):
        reason = "asks, as the line beside it does"
        return add_question(state, index, row.start, (), reason, row.number)
    if below == len(state.rows) or row.mark != "number":
        return 0
    if _over_arrow(state, index) and _led_to(state):
        reason = "a numbered line that asks, over an arrow to its answer, as others do"
        return add_question(state, index, row.start, (), reason, row.number, count=1)
    quoted = [state.text.startswith(">", state.rows[at].line.body_start) for at in (index, below)]
    if quoted != [False, True] or state.rows[below].column <= row.column:
        return 0
    return add_question(
        state,
        index,
        row.start,
        (),
        "an item that asks, over a quote that answers",
        row.number,
        count=1,
    )


def _beside_another(state: State, index: int) -> bool:
    """Whether a list's item that ends in a question mark stands right beside another.

    Lines without a mark may do so in what somebody tells: it takes three of them.
    """
    row = state.rows[index]
    if state.section.kind not in (None, "topics", "plan") or not _only_asks(row):
        return False
    needed = 1 if row.listed else 2
    for step in (-1, 1):
        at = _sibling(state, index, step)
        while needed and at is not None and _only_asks(state.rows[at]):
            needed -= 1
            at = _sibling(state, at, step)
    return not needed


def _only_asks(row: Row) -> bool:
    plain = row.kind == "words" and not row.level and row.box is None and row.mark != "arrow"
    if not plain or not row.words.rstrip(" *_").endswith("?") or proposes(row.words):
        return False
    return row.label is None or not listed_shape(row.label.name)  # `Robin -- a map?`, who says it


def _sibling(state: State, index: int, step: int) -> int | None:
    """The next row at the column of one, above or below, with nothing but deeper ones between."""
    row = state.rows[index]
    for at in range(index + step, index + step * NEAR, step):
        each = state.rows[at] if 0 <= at < len(state.rows) else None
        if each is None or each.kind != "words" or each.level or each.column < row.column:
            return None
        if each.column == row.column:
            return at if (each.listed, each.sign) == (row.listed, row.sign) else None
    return None


def _comes_again(state: State, row: Row) -> bool:
    """Whether the note has the words again and again, as the fields of a form."""
    if state.again is None:
        asked = (each.words for each in state.rows if each.listed and "?" in each.words)
        state.again = Counter(asked)
    return state.again[row.words] >= FORM


def _numbered(state: State) -> frozenset[int]:
    """The rows of lists numbered from 1 most of which ask somebody, whatever stands in between."""
    if state.interview is None:
        found = list[int]()
        run = list[int]()
        for at, row in enumerate([*state.rows, None]):
            if row is not None and not (row.mark == "number" or row.level):
                continue
            if row is not None and run and _follows(state.rows[run[-1]], row):
                run.append(at)
                continue
            found += run if _is_interview(state, run) else []
            run = [at] if row is not None and row.number == 1 and not row.level else []
        state.interview = frozenset(found)
    return state.interview


def _follows(above: Row, row: Row) -> bool:
    """Whether a number goes on with the list of the one above."""
    beside = (row.level, row.column, row.sign) == (0, above.column, above.sign)
    return beside and row.number == (above.number or 0) + 1


def _is_interview(state: State, run: list[int]) -> bool:
    """Whether three numbered lines or more mostly ask, half of them as one asks others.

    `무엇을 봤는지` alone may say what to write; over an answer it asks.
    """
    if len(run) < 3 or any(state.rows[at].box is not None for at in run):
        return False
    asked = others = puzzled = 0
    for at in run:
        end = at + _wrapped_item(state, at)
        words = " ".join(row.words for row in state.rows[at:end])
        answered = end < len(state.rows) and state.next_words[end] not in (*run, len(state.rows))
        asked += asks(words)
        puzzled += _PUZZLES.search(words) is not None
        others += asks_somebody(words) or (answered and _PUZZLES.search(words) is not None)
    if asked == len(run) and 2 * puzzled < len(run):
        return True
    return 2 * asked > len(run) and 2 * others >= len(run)


def _wrapped_item(state: State, index: int) -> int:
    """How many lines a numbered question fills: two where only the second asks."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    wrapped = below and below[0].kind == "words" and not (below[0].mark or below[0].level)
    return 2 if wrapped and not asks(row.words) and asks(below[0].words) else 1


def _over_arrow(state: State, index: int) -> bool:
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    led = bool(below) and below[0].mark == "arrow" and below[0].column >= row.column
    return led and row.mark == "number" and asks(row.words)


def _led_to(state: State) -> bool:
    """Whether two numbered lines or more ask, each over an arrow."""
    if state.led_to is None:
        found = (at for at in range(len(state.rows)) if _over_arrow(state, at))
        state.led_to = several(found)
    return state.led_to


def _over_a_fold(state: State, index: int) -> bool:
    """Whether `<details>` stands right below a row."""
    for below in state.rows[index + 1 : index + 4]:
        if below.kind != "blank":
            return below.line.words.casefold().startswith("<details")
    return False


def _over_its_answer(state: State, index: int) -> int:
    """How many rows `- 안개는 언제 걷히나요?` makes with the list of statements right below it.

    One, if what stands below is not only said to it: somebody's, a task, or another question.
    """
    row, below = state.rows[index], state.rows[index + 1]
    marked = row.listed and row.words.endswith("?") and not proposes(row.words)
    if not _asks_something(row) and not (marked and _answered_throughout(state)):
        return 0
    if _over_quote(state, index):
        return 1 + _quoted_lines(state, index + 1)
    if not below.listed or below.column <= row.column:
        return 0
    if row.label and names_in(state.crowd, row.label.name)[0]:
        return 0
    count = state.continued(index)
    said = state.rows[index + 1 : index + count]
    if asks(below.words) and not is_statement(below.words):
        return 0
    plain = all(
        each.kind in ("words", "blank")
        and not asks(each.words)
        and not (each.label and names_in(state.crowd, each.label.name)[0])
        and not state.lexicon.is_to_do(each.words)
        and closes(state, each) is None
        for each in said
    )
    return count if plain else 1


def _over_quote(state: State, index: int) -> bool:
    """Whether `> …` stands right below an item, which is no quote itself."""
    row, below = state.rows[index].line.words, state.rows[index + 1 : index + 2]
    return bool(below) and below[0].line.words.startswith("> ") and not row.startswith(">")


def _quoted_lines(state: State, index: int) -> int:
    """How many lines a quote has."""
    rows = takewhile(lambda row: row.line.words.startswith(">"), state.rows[index : index + MANY])
    return sum(1 for _ in rows)


def _answered_throughout(state: State) -> bool:
    """Whether two items of the note ask, each over a list or a quote that answers it."""
    if state.answers is None:
        found = (
            row
            for at, row in enumerate(state.rows)
            if row.listed and row.words.endswith("?") and _asks_something(row)
            if not (row.label and names_in(state.crowd, row.label.name)[0])
            if _over_deeper_list(state, row) or _over_quote(state, at)
        )
        state.answers = several(found)
    return state.answers


def _among_answered(state: State, index: int) -> bool:
    """Whether another item beside it asks as well, and stands over what answers it."""
    head = state.rows[index]
    count = 0
    for step in (-1, 1):
        for at in range(index + min(step, 0), index + step * MANY, step):
            row = state.rows[at] if 0 <= at < len(state.rows) else None
            if row is None or row.level or row.kind not in ("words", "blank"):
                break
            beside = (row.column, row.sign) == (head.column, head.sign)
            count += beside and _asks_something(row) and _over_deeper_list(state, row)
            if row.kind == "words" and row.column < head.column:
                break
    return count > 1


def _over_deeper_list(state: State, row: Row) -> bool:
    """Whether a deeper list stands right below the row."""
    below = state.row_of(row.line.number) + 1
    return below < len(state.rows) and state.rows[below].listed and row.over(state.rows[below])


def beside_such(state: State, index: int) -> bool:
    """Whether an item that asks stands in a list of two or more all of which do."""
    run = in_list_with(state, index, FEW, same_sign=True)
    asking = len(run) > 1 and all(map(_asks_something, run))
    return asking and not _comes_again(state, state.rows[index])


def among_questions(state: State, index: int) -> bool:
    """Whether an item is one of a numbered list all of which ask, or wonder about something."""
    run = in_list_with(state, index, FEW, same_sign=True)
    puzzled = (_PUZZLES.search(row.words[-2 * LABEL :]) or asks(row.words) for row in run)
    return len(run) > 1 and all(puzzled) and not _comes_again(state, state.rows[index])


def _asks_something(row: Row) -> bool:
    words = _LAST_ASIDE.sub("", row.words).rstrip(" *_`")
    marked = words.endswith("?") and len(row.words) <= WIDE * 2
    return marked and row.listed and row.box is None and inquires(row.words)


def _answered_below(state: State, index: int) -> bool:
    """`- 비와 눈의 차이` over a paragraph of its own, which answers it."""
    row, below = state.rows[index], state.next_words[index + 1]
    if not row.listed or len(row.words) > SHORT or below in (index + 1, len(state.rows)):
        return False
    if is_statement(row.words) or not wonders(row.words):
        return False
    said = state.rows[below]
    return said.kind == "words" and not (said.mark or said.level) and said.column <= row.column


def _each_over_a_list(state: State, index: int) -> bool:
    """Whether all items below `질문 및 공유`, two or more, stand over a list that answers them."""
    row, title = state.rows[index], state.section.title
    if not row.listed or len(row.words) > SHORT or state.lexicon.section(title) != "asking":
        return False
    if not any(state.lexicon.section(name) == "question" for name in _JOINED.split(title)):
        return False
    first = state.row_below(state.section)
    run = list[Row]()
    for each in state.rows[first : first + 2 * MANY]:
        if each.kind != "blank" and (each.level or each.column < row.column):
            break
        if each.listed and each.column == row.column:
            run.append(each)
    return len(run) > 1 and all(_over_deeper_list(state, each) for each in run)


def _with_list_below(state: State, index: int) -> int:
    """Claim an item that asks, and the list below it as what answers it."""
    reason = f"an item over a list that answers, below the label of line {state.section.label_line}"
    count = state.continued(index)
    add_question(state, index, state.rows[index].start, (), reason, count=1)
    first = state.rows[index + 1].start
    return 1 + add_answer(state, index + 1, first, count - 1, reason)


def _introduced(state: State, index: int) -> bool:
    """Whether a statement in plain text that ends in a colon stands over the item's list."""
    row = state.rows[index]
    for above in state.rows[max(0, index - FEW) : index][::-1]:
        if above.kind != "words" or above.level or above.column < row.column:
            return False
        if above.column == row.column and not above.listed:
            ends = above.words.endswith(":")
            return ends and len(above.words) > LABEL and not asks(above.words.rstrip(": "))
    return False


def _below_marked(state: State, index: int) -> bool:
    """Whether the list stands below `Q1: …`, a line that is no item itself."""
    for above in state.rows[max(0, index - FEW) : index][::-1]:
        if above.kind == "words" and not above.listed and above.column <= state.rows[index].column:
            return not above.level and _MARKED.match(above.words) is not None
    return False


def _may_ask(words: str) -> bool:
    """Whether a line without a mark can be a question; what ends as a statement does tells."""
    tells = is_statement(words) or words.rstrip().endswith((".", "。"))
    return len(words) <= SHORT and not tells


def _wrapped(state: State, index: int) -> int:
    """How many lines a question fills that begins a paragraph and asks in its last line."""
    row = state.rows[index]
    if row.mark or not state.paragraph(index) or len(row.words) > WIDE or asks(row.words):
        return 0
    for count, below in enumerate(state.rows[index + 1 : index + 3], 2):
        above = state.rows[index + count - 2]
        if is_statement(above.words) or below.kind != "words" or below.mark or below.level:
            return 0
        if index + count - 1 in state.starts:
            return 0
        if asks(below.words):
            return count
    return 0


def _continues(state: State, index: int) -> bool:
    """Whether the row above is a question that goes on in this one."""
    above = state.rows[index - 1] if index else None
    return (
        above is not None
        and above.kind == "words"
        and bool(state.blocks)
        and state.blocks[-1].kind == "question"
        and not above.words.rstrip().endswith((".", "!"))
        and not asks(above.words)
    )


def answer(state: State, index: int) -> int:
    """Claim the answer to the question right above it."""
    if index in state.folded and (count := _hidden(state, index)):
        return add_answer(
            state, index, state.rows[index].start, count, "a folded block's words below a question"
        )
    if count := _listed_below(state, index):
        start = state.rows[index].start
        return add_answer(state, index, start, count, "a list right below a question marked as one")
    if count := _bullets_below(state, index):
        start = state.rows[index].start
        return add_answer(state, index, start, count, "bullets right below a question without one")
    if not state.answered or not is_answer(state, index):
        return 0
    row = state.rows[index]
    apart = state.section.kind != "question" or state.rows[index - 1].kind == "blank"
    if row.mark == "arrow" and apart and closes(state, row):
        return 0  # which settles what was asked
    above = state.previous_words[index]
    named = above + 1 == state.answered[-1][0]
    if above >= 0 and not named and not _belongs(state, above):
        return 0
    count = state.continued(index)
    label = row.label if row.mark != "arrow" else None
    start = row.at(label.end) if label and label.end < len(row.words) else row.start
    how = "an arrow below a question" if row.mark == "arrow" else "the word for an answer"
    return add_answer(state, index, start, count, how)


def _listed_below(state: State, index: int) -> int:
    """How many rows a list of statements has right below `Q. …`, which is no item itself."""
    if not index or not state.records or not isinstance(state.records[-1], Question):
        return 0
    above, column = state.rows[index - 1], state.rows[index].column
    if above.mark or not _MARKED.match(above.words) or above.line.end < state.records[-1].end:
        return 0
    named = answerer(state, state.rows[index])
    if state.rows[index].line.number in state.crowd.signed or (named and not named.behind):
        return 1  # each has a name of its own behind it, or before it
    count = 0
    for at in range(index, len(state.rows)):
        row = state.rows[at]
        own = row.kind == "words" and not row.level and row.column >= column
        if (
            not own
            or at in state.starts
            or not (row.listed or row.column > column)
            or asks(row.words)
        ):
            break
        if row.column == column and says(state, row):
            break  # who says so has a turn, and the turn answers
        count += 1
    return count


def _bullets_below(state: State, index: int) -> int:
    """How many rows bullets have right below `1. …`, or a line without a mark, which asked."""
    row = state.rows[index]
    if state.section.kind != "question" or row.mark != "bullet" or not state.answered:
        return 0
    asked = state.answered[-1][0] - 1
    above = state.rows[asked]
    plain = above.mark in ("", "number") and not above.level and above.box is None
    if state.previous_words[index] != asked or not plain or above.column != row.column:
        return 0
    count = 0
    for at in range(index, len(state.rows)):
        each = state.rows[at]
        item = each.kind == "words" and each.column == row.column and each.mark == "bullet"
        deeper = each.kind == "words" and not each.level and each.column > row.column
        if at in state.starts or not (item or deeper) or asks(each.words) or says(state, each):
            break
        count += 1
    return count


def below_marked(state: State, index: int) -> str | None:
    """The question marked as one in whose list an item stands, `- 하늘: …` below `Q1. …`."""
    row = state.rows[index]
    if not row.listed or not state.answered:
        return None
    asked, question = state.answered[-1]
    above = state.rows[asked - 1]
    if asked > index or above.mark or above.listed or not _MARKED.match(above.words):
        return None
    known, last, least = state.list_below
    if known != asked:
        last, least = asked, row.column
    for each in state.rows[last:index]:  # the whole list, each of its rows once
        least = min(least, each.column if each.kind == "words" and each.listed else -1)
    state.list_below = (asked, index, least)
    return question if least >= row.column else None


def _hidden(state: State, index: int) -> int:
    """How many rows a folded block hides below its title, when that was read as a question."""
    if state.rows[index].kind != "words" or not state.records or says(state, state.rows[index]):
        return 0
    above = index - 1
    while state.rows[above].kind in ("blank", "code"):
        above -= 1
    row, last = state.rows[above], state.records[-1]
    if not isinstance(last, Question) or not row.line.start <= last.start < row.line.end:
        return 0
    if not state.markup(row).startswith("<summary"):
        return 0
    count = 0
    for at in range(index, len(state.rows)):
        if at not in state.folded or state.rows[at].kind not in ("words", "blank"):
            break
        if state.rows[at].kind == "words":
            if says(state, state.rows[at]):
                break
            count = at - index + 1
    return count


def _belongs(state: State, above: int) -> bool:
    """Whether the row above ends a question, or an answer."""
    end = state.rows[above].line.end
    return bool(state.blocks) and any(
        block.kind in ("question", "answer") and block.end >= end for block in state.blocks[-2:]
    )
