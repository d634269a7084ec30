"""Items of the open section: what questions, talks, tasks and decisions have in common."""

from __future__ import annotations

import re

from studykit.wiki.endings import is_statement
from studykit.wiki.evidence import names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row
from studykit.wiki.rules.deadline import without_time
from studykit.wiki.rules.state import Section, State

__all__ = [
    "TO_FILL_IN",
    "WAYS",
    "hooked",
    "in_list_with",
    "leads_on",
    "listed",
    "names_somebody",
    "says_nothing",
]

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f .,'’&+-]+")
_TO_DO = re.compile(r"(?:[A-Z][\w'’.-]*(?:(?:,| and| &)? (?=[A-Z]))?){1,4} (?:to|will) [a-z]")
WAYS = re.compile(
    r"(?:방식|방법|규칙|수칙|컨벤션|ルール|やり方)[ \t:]*$"
    r"|\b(?:rules|conventions?|guidelines)[ \t:]*$",
    re.IGNORECASE,
)
"""Below these stands how something is done every time."""
MARKDOWN_LEVELS = 6
MANY = 12
"""More lines below a label, without a mark, are a text and no list."""
_GOES_ON = re.compile(r"(?P<who>\S{1,12}(?: ?[+&,] ?\S{1,12})?)[ \t]*(?:[-=]>|→)[ \t]*\S")
_HOOKS = "ㄴ└↳"
LONG = 100
"""A longer line is a text."""
WRAPPED = 40
"""Lines of about one length, this long or longer, are one text that somebody wrapped."""

_COLUMNS = re.compile(r"\S[ \t]{3,}\S")
TO_FILL_IN = re.compile(
    r"(?<![가-힣A-Za-zO○])[O○]{3}(?![A-Za-zO])|^\((?:예시|예)\)"
    r"|(?:^\W*|[:(~∼〜][ \t]*)['’‘]?YYYY[\WMDHhms년월일시분요]*$"
)
"""`OOO`, `(~YYYY.MM.DD)`: what a form has where nobody wrote; `YYYY-MM-DD로 바꾸기` is written."""
TAIL = 60
_LETTER = re.compile(r"(?![ㅡㅣ])[^\W\d_]")
_CONTENTS = re.compile(r"\[[^\[\]]{1,200}\]\(#[^()\s]{0,200}\)")
_PICTURE = re.compile(r"!\[[^\[\]]{0,200}\]\([^()\s]{0,400}\)")
_NUMBER = re.compile(r"(\d{1,2})[ \t]+(?=[^\W\d_]|[\d][^\s\d])")
_INTRODUCES = re.compile(r":\s*$")


def listed(state: State, index: int) -> int:
    """How many rows the item at `index` of the open section takes; 0 if it is none.

    A numbered or bulleted line is an item. So is one with neither right below the section's label,
    where all lines there are short and none has a mark: `할 일` over `코드 정리` and `논문 읽기`.
    """
    row, section = state.rows[index], state.section
    if row.kind != "words" or row.level or not _LETTER.search(row.words):
        return 0
    if says_nothing(state, row.words) or _PICTURE.fullmatch(row.words):
        return 0
    if leads_on(row):
        return 0
    inside = section.scope == "list" and row.column > section.column
    if row.listed or (inside and row.mark != "arrow") or hooked(state, row):
        return state.continued(index)
    if row.mark:
        return 0
    if section.plain is None:
        section.plain = _plain(state, section)
    return state.continued(index) if index in section.plain else 0


def hooked(state: State, row: Row) -> bool:
    """`ㄴ 지도는 매일` in a list right below a label, where `ㄴ` is the bullet."""
    section = state.section
    if row.mark != "arrow":
        return False
    settled = section.kind == "decision" and section.scope == "flat"  # `합의` over `-> …`
    due = section.kind == "task" and (section.scope != "list" or section.due is not None)
    if row.line.words[0] not in _HOOKS and not (settled or due):
        return False
    first = state.rows[state.below(state.section)]
    return first.mark == "arrow" and first.line.words[0] == row.line.words[0]


def in_list_with(state: State, at: int, near: int, *, same_sign: bool = False) -> list[Row]:
    """The rows of the list around a row, at its column and less than `near` rows away; itself, too.

    In plain text, the lines around it. With `same_sign`, another bullet ends the list.
    """
    row = state.rows[at]
    found = [row]
    for step in (-1, 1):
        for index in range(at + step, at + step * near, step):
            each = state.rows[index] if 0 <= index < len(state.rows) else None
            if each is None or each.kind != "words" or each.level or each.column < row.column:
                break
            if each.column > row.column:
                continue
            if each.listed != row.listed or (same_sign and each.sign != row.sign):
                break
            found.insert(0 if step < 0 else len(found), each)
    return found


def leads_on(row: Row) -> bool:
    """Whether the row is a line of a table of contents, `[할 일](#할-일)`."""
    return row.words[:1] == "[" and _CONTENTS.fullmatch(row.words) is not None


def says_nothing(state: State, words: str) -> bool:
    """Whether the words only say that there is nothing: `없음`, `none`."""
    head = words[:TAIL]
    may_be = "O" in head or "○" in head or "YYYY" in head or head.startswith("(예")
    if may_be and TO_FILL_IN.search(head):
        return True
    return len(words) < 20 and squeeze(words.strip(" .·-~!()")) in state.lexicon.nothing


def _plain(state: State, section: Section) -> frozenset[int]:
    """The rows without a mark that are items of the section."""
    if counted := _counted(state, state.below(section)):
        return counted
    found: list[int] = []
    column = None
    index = first = state.below(section)
    while index < len(state.rows):
        row = state.rows[index]
        if _apart(section, row, begun=bool(found)):
            if len(found) > 1 and found[-1] == found[0] + len(found) - 1:
                break  # items line by line: what stands apart from them is none
            index += 1
            continue
        if row.kind != "words" or row.level or index in state.starts or _opens(state, section, row):
            break
        if row.mark or row.box is not None:
            if section.scope == "heading":  # sentences over the list itself, or some of what is due
                to_do = (
                    at for at in found if section.kind == "task" and _to_do(state, state.rows[at])
                )
                return frozenset(to_do)
            break
        if len(found) == MANY or _is_prose(state, row):
            return frozenset()
        column = row.column if column is None else column
        if row.column == column:
            found.append(index)
        index += 1
    apart = found and section.scope == "flat" and state.rows[first].kind == "blank"
    if apart and not all(
        _to_do(state, state.rows[at]) or _of_somebody(state, state.rows[at]) for at in found
    ):
        return frozenset()  # set apart from a label in plain text, only what is to be done is its
    return frozenset() if _is_text(state, found) else frozenset(found)


def _counted(state: State, first: int) -> frozenset[int]:
    """The lines `1 지도는 왜 작은지`, `2 …`, one below the other, with a bare number."""
    found: list[int] = []
    for at in range(first, len(state.rows)):
        row = state.rows[at]
        number = _NUMBER.match(row.words) if row.kind == "words" and not row.mark else None
        if number is None or row.level or int(number[1]) != len(found) + 1:
            break
        found.append(at)
    return frozenset(found) if len(found) > 1 else frozenset()


def _to_do(state: State, row: Row) -> bool:
    label = row.label
    if label and names_in(state.crowd, row.words[label.end :])[0]:
        return state.lexicon.is_doing(label.name)  # `지도 그리기 : 현수`
    return state.lexicon.is_doing(row.words)


def _of_somebody(state: State, row: Row) -> bool:
    """`하늘 — 지도를 올려서 공유`: a name before what is no statement."""
    return (
        row.label is not None
        and names_somebody(state, row.label.name)
        and not is_statement(row.words)
    )


def _is_prose(state: State, row: Row) -> bool:
    """Whether the row is too long for an item, or leads over to another list."""
    if len(row.words) <= LONG and not _INTRODUCES.search(row.words):
        return False
    # `현수 :` over nothing, and a long line that is somebody's, are items among the others.
    label = row.label
    return label is None or label.sign != ":" or not names_in(state.crowd, label.name)[0]


def _apart(section: Section, row: Row, *, begun: bool) -> bool:
    """Whether the row, blank or only a mark of a quote, may stand among the items."""
    if row.kind == "code":
        return section.scope != "list" and not row.line.words.strip("> ")
    if row.kind == "blank" and section.scope == "flat":
        return section.kind == "task" and not begun
    if row.kind != "blank" or section.scope != "heading":
        return False
    # What stands apart below `[할 일]` in plain text is one paragraph.
    return section.level <= MARKDOWN_LEVELS or (section.kind == "task" and not begun)


def _opens(state: State, section: Section, row: Row) -> bool:
    """Whether the row is a label that ends the list above it."""
    name = row.words.rstrip(": \t")
    who = _GOES_ON.match(row.words)  # `하늘 -> 발표 자료` is what somebody is to do
    if who and names_in(state.crowd, who["who"])[0]:
        return False
    if state.lexicon.section(name) or squeeze(name[:30]) in state.lexicon.marks:
        return True
    # Below a label in plain text, `현수님 - …` is a turn; `현수 : …` is whose the item is.
    plain = section.scope == "flat" and row.column <= section.column
    label = row.label if plain else None
    if label is None or label.sign == ":" or not names_in(state.crowd, label.name)[0]:
        return False
    # `Robin - Look up the map`, or a label's first lines, which mostly say what is to be done
    return not (_LATIN.fullmatch(label.name) or _each_to_do(state, section))


def _each_to_do(state: State, section: Section) -> bool:
    """Whether two lines or more right below a label of tasks are names, and most say what to do."""
    first = last = state.next_words[state.below(section)]
    whose = 0
    if section.kind != "task":
        return False
    while last < len(state.rows) and last < first + MANY:
        row = state.rows[last]
        if row.kind != "words" or row.mark or row.level:
            break
        first_word = row.words.split(" ", 1)[0]
        named = row.label is not None and bool(names_in(state.crowd, row.label.name)[0])
        whose += named
        named = named or squeeze(first_word) in state.lexicon.everyone
        if not named and not (whose and state.lexicon.is_doing(row.words)):
            return False  # `지도 그리기 (하늘)` is one among `하늘 - …`
        last += 1
    said = [without_time(state, row.words) for row in state.rows[first:last]]
    doing = sum(map(state.lexicon.is_doing, said))
    told = any(map(is_statement, said))
    return len(said) > 1 and (2 * doing > len(said) or not told)


def names_somebody(state: State, name: str) -> bool:
    """Whether a label names people of the note, or all of them."""
    return squeeze(name) in state.lexicon.everyone or bool(names_in(state.crowd, name)[0])


def _begins_with_somebody(state: State, row: Row) -> bool:
    """`하늘: …`, `@sky …`, `me: …`."""
    label = row.label
    name = label.name if label else ""
    to = _GOES_ON.match(row.words)  # `sky → draw a map`
    if to and names_in(state.crowd, to["who"])[0]:
        return True
    return row.words[:1] == "@" or name in state.lexicon.writer or names_somebody(state, name)


def _is_text(state: State, found: list[int]) -> bool:
    """Whether the rows are one text, wrapped at a column."""
    lengths = [len(state.rows[index].words) for index in found]
    whose = sum(_begins_with_somebody(state, state.rows[index]) for index in found)
    if whose > 1 and 3 * whose >= 2 * len(found):
        return False
    if all(_COLUMNS.search(state.rows[index].words) for index in found):
        return False  # columns
    words = [state.rows[index].words for index in found]
    if all(_TO_DO.match(each) for each in words):
        return False  # `Robin to draw the map.`, line by line
    if all(each[:1].isupper() and not each.endswith(".") for each in words):
        return False  # where English is wrapped, a line goes on in small letters
    wide = WRAPPED if not all(map(str.isascii, words)) else WRAPPED + WRAPPED // 2
    return len(lengths) > 1 and max(lengths) >= wide and min(lengths[:-1]) > 0.7 * max(lengths)
