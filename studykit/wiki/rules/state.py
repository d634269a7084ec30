"""What the rules share while one note is read."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypedDict

from studykit.wiki.evidence import Crowd
from studykit.wiki.lexicon import Lexicon, SectionKind, squeeze
from studykit.wiki.lines import Line
from studykit.wiki.records import Block, BlockKind, Doubt, Due, Record
from studykit.wiki.rows import Row
from studykit.wiki.times import (
    DAY,
    HALF,
    HOUR,
    MONTH_DAY,
    PLAIN_DAY,
    SHORT_WEEKDAY,
    is_day,
    iso_date,
)

if TYPE_CHECKING:
    from studykit.wiki.rules.clauses import Clause

__all__ = ["MARKDOWN_LEVELS", "Place", "Scope", "Section", "State", "closed", "several"]

MARKDOWN_LEVELS = 6
_BY_SHORT = re.compile(
    r"\b(?:by|before|b4|until|due)[ \t:]+"
    r"(?P<day>(?:the )?\d{1,2}(?:st|nd|rd|th)"
    r"|(?:next[ \t])?(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?)\b",
    re.IGNORECASE,
)
_BY_MONTH = re.compile(
    rf"(?:\((?:(?:by|before|until|due)[ \t:]+)?|\b(?:by|before|until|due)[ \t:]+)"
    rf"(?P<day>{MONTH_DAY.pattern})",
    re.IGNORECASE,
)
"""`(16 March)`, `by Mar 16`."""
_DAY_OF_MONTH = re.compile(
    r"(?<![\d월] )(?<![\d월])(?P<day>\d{1,2}일)[ ]?(?:\([^()]{1,3}\)[ ]?)?"
    r"(?:(?:회의|모임|미팅|스터디|세미나|수업)[ ]?)?(?:까지|전까지)"
)
_SHORT_DAY = re.compile(r"[월화수목금토일月火水木金土日](?!\w)")
"""`다음 주 수`."""
_COMING = re.compile(r"(?:다음|이번|다다음)[ \t]+(?=[월화수목금토일]요)")
_SENTENCE_FIRST = re.compile(r".{1,40}[.!~][ \t]+")
_TO = re.compile(r"[ \t]*(?:\([^()]{1,6}\)[ \t]*)?[~–-][ \t]*")
"""Between the first and the last day of a span."""
_FOLD = re.compile(r"`[^`]*`|(</?)details\b", re.IGNORECASE)
"""Where a fold begins or ends, on a line with text as well; in code it is only spoken of."""
_EMPHASES = ("***", "**", "__", "~~")
LINK = 90
"""`[[page|words]]` has no more letters before its words."""
Scope = Literal["heading", "list", "flat"]
"""What ends a section: a heading's ends at the next one of its level or above; a list's at the
first line that is not deeper; a flat one's, opened by a label in plain text, at a turn, a talk or
another label."""


def several(found: Iterable[object], least: int = 2) -> bool:
    """Whether there are so many or more; looks at no more of them."""
    return sum(1 for _ in islice(found, least)) == least


class Place(TypedDict):
    """The fields that a record of any kind has, but for the evidence."""

    id: str
    meeting: str
    start: int
    end: int
    lines: tuple[int, int]
    text: str


@dataclass(slots=True)
class Section:
    """What a heading or a label has opened."""

    kind: SectionKind | None = None
    scope: Scope = "flat"
    level: int = 0
    column: int = 0
    label_line: int = 0
    due: Due | None = None
    owners: tuple[str, ...] = ()
    sign: str = ""
    number: int | None = None
    """Of a label that is numbered itself, as long as none of its items is."""
    title: str = ""
    """The words of a heading or a label."""
    plain: frozenset[int] | None = None
    """The rows without a mark that are its items, once somebody has asked."""

    def part(
        self, row: Row, owners: tuple[str, ...], due: Due | None, scope: Scope = "list"
    ) -> Section:
        """A part of a section of tasks, over whose items a row stands; it has the same title."""
        column, number = row.column, row.line.number
        found = Section("task", scope, 0, column, number, due, owners, row.sign)
        found.title = self.title  # `오늘 업무`: what is done already is none of it
        return found


@dataclass(slots=True)
class State:
    """The note's rows, what has been read of them, and what is open at this point."""

    text: str
    rows: list[Row]
    lexicon: Lexicon
    crowd: Crowd
    meeting: str
    week: int | None
    dates: list[str] = field(default_factory=list)
    talk_row: int = -9
    slot_row: int = -9
    table_head: tuple[str, ...] = ()
    """What the columns of the table at this point hold, where it is one of tasks."""
    task_column: int | None = None
    """Which column of the table at this point holds tasks, line by line, among any others."""
    ahead_columns: tuple[int, int] | None = None
    """Which column of the table has what each is going to do, and which says by when."""
    talk_asks: bool = False
    """Whether what they present in the table at this point are questions."""
    table_words: str = ""
    """The first row of the table at this point."""
    talk_table: int = -1
    """The first row of the table below a label of talks."""
    programme: dict[int, tuple[str | None, tuple[str, ...], str, int]] = field(default_factory=dict)
    """The rows below a label of talks that are talks: the subject, the presenters, why, and how
    many rows each has."""
    addresses: array[int] | None = None
    """Where in the text addresses may begin, once somebody has asked."""
    divides: bool | None = None
    """Whether lines of the note divide work, once somebody has asked."""
    answers: bool | None = None
    """Whether two items ask, each over what answers it, once somebody has asked."""
    again: Counter[str] | None = None
    """How often the note has each item with a question mark, once somebody asks."""
    pictures: dict[str, bool] = field(default_factory=dict)
    """Whether each picture stands before lines that ask, once somebody has asked."""
    by_sign: bool | None = None
    """Whether questions of the note begin with `? `, once somebody asks."""
    silent: dict[int, bool] = field(default_factory=dict)
    """Of labels that name people, whether nobody in their run says anything, once asked."""
    spoken: dict[str, bool] = field(default_factory=dict)
    """Whether one in three says something behind such labels, by their sign, once asked."""
    presented: set[int] = field(default_factory=set)
    """Those of them whose own form, or what stands below, says who presented what."""
    clauses: tuple[int, int, Section, list[Clause]] | None = None
    """The clauses of the row last asked for, with what else they depend on: two rules ask."""
    time_behind: tuple[str, tuple[int, str] | None] | None = None
    """The words last asked for the time in which they end, and that time: two rules ask."""
    slotless: int = -1
    """The row last found to have no slot of what comes next: two rules ask."""
    told_talks: dict[int, tuple[str | None, tuple[str, ...], str]] = field(default_factory=dict)
    """The turns that are of what somebody presents: the subject, the presenters and why."""
    to_do_list: tuple[int, int, bool] = (-1, -1, False)
    """The first and the last row of a list, and whether most of it is to be done."""
    labels: Counter[str] | None = None
    """How often each label stands before an item of a list, once somebody has asked."""
    starred: bool | None = None
    """Whether `★` and whose it is end lines of the note, once somebody has asked."""
    statuses: bool | None = None
    """Whether several lines begin with how far something is, once somebody has asked."""
    said_done: bool | None = None
    """Whether several lines of the note end in a word for what is done, once somebody has asked."""
    struck: bool | None = None
    """Whether many items of the note are struck through, once somebody has asked."""
    interview: frozenset[int] | None = None
    """The rows of numbered lists that mostly ask, once somebody has asked."""
    led_to: bool | None = None
    """Whether several numbered lines ask, each over an arrow, once somebody has asked."""
    quoted: bool | None = None
    """Whether two quotes ask, each over what answers it, once somebody has asked."""
    discussed: set[int] = field(default_factory=set)
    """The rows below a matter in a list of decisions, of which only a closing verb settles one."""
    titles: dict[int, Row | None] = field(default_factory=dict)
    """What stands over the items among which a row is, if that tells of what is to come."""
    of_talks: bool | None = None
    """Whether the first line says that the note is of talks or papers, once somebody has asked."""
    below_talks: list[bool] | None = None
    """Whether each heading, or one above it, is of talks, once somebody has asked."""
    present: frozenset[str] | None = None
    """The names of those who were there, squeezed, once somebody has asked."""
    alike: Counter[tuple[int, str]] | None = None
    """How many headings have a level and words, once somebody has asked."""
    past_below: tuple[int, int, bool] = (-1, 0, False)
    """A heading, how far it was seen what stands below it, and whether `지난주` does."""
    counting: bool | None = None
    """Whether two headings are nothing but `질문 1` and `질문 2`, once somebody has asked."""
    alone: bool | None = None
    """Whether two headings have `Q` without a number, once somebody has asked."""
    polite: bool | None = None
    """Whether most headings ask somebody politely, once somebody has asked."""
    numbered: bool | None = None
    """Whether two headings have `Q1` and `Q2`, or the like, once somebody has asked."""
    sections: list[Section] = field(default_factory=list)
    section: Section = field(default_factory=Section)
    """The innermost section whose name says what it holds; an empty one if there is none."""
    talk_plan: Due | None = None
    talk_plan_words: str = ""
    blocks: list[Block] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    answered: list[tuple[int, str]] = field(default_factory=list)
    """The row below each question, and which one: by `id()`, or by the id that the row names."""
    closed: list[tuple[int, str]] = field(default_factory=list)
    """Each row that says that a record is done, and the id that it names."""
    next_words: array[int] = field(default_factory=lambda: array("Q"))
    """For each row, the first from it on that is not blank; how many rows there are, if none is."""
    previous_words: array[int] = field(default_factory=lambda: array("q"))
    """For each row, the last one above it that is not blank; -1, if none is."""
    headings: list[int] = field(default_factory=list)
    """The rows that are headings."""
    list_below: tuple[int, int, int] = (-1, 0, 0)
    """Of the list below a question: where it begins, how far it was seen, and its least column; -1
    once something else stands in it."""
    starts: frozenset[int] = frozenset()
    """The rows with which meetings begin; no record goes on in one."""
    folded: frozenset[int] = frozenset()
    """The rows inside `<details>`."""
    fence: int = 0
    """The line of the fence that is open at this point."""
    apart: bool = False
    """Whether a meeting has just begun: its first block does not join the one above."""
    parted: bool = False
    """Whether `## [제목]` heads each part between rules: it is above all other headings."""

    def __post_init__(self) -> None:
        self.next_words = array("Q", [len(self.rows)]) * (len(self.rows) + 1)
        for index in range(len(self.rows) - 1, -1, -1):
            blank = self.rows[index].kind == "blank"
            self.next_words[index] = self.next_words[index + 1] if blank else index
        self.previous_words = array("q", [-1])
        for index, row in enumerate(self.rows):
            blank = row.kind == "blank"
            self.previous_words.append(self.previous_words[index] if blank else index)
        self.headings = [index for index, row in enumerate(self.rows) if row.level]
        self.folded = frozenset(self._folded())
        self.parted = self._parted()

    def rank(self, row: Row) -> int:
        """The level of a heading among those of the note."""
        if not self.parted:
            return row.level
        return 1 if row.framed and row.level <= MARKDOWN_LEVELS else row.level + 1

    def inherited(self, row: Row) -> SectionKind | None:
        """The kind of the heading above a heading: a subheading divides what it holds."""
        rank = self.rank(row)
        above = [each for each in self.sections if each.scope == "heading" and each.level < rank]
        return above[-1].kind if above else None

    def _parted(self) -> bool:
        parts, head = 0, True
        for row in self.rows:
            if row.kind == "rule":
                head = True
            elif row.kind != "blank":
                titled = row.framed and 0 < row.level <= MARKDOWN_LEVELS
                if titled != head:
                    return False
                parts += titled
                head = False
        return parts >= 2

    def begin(self, meeting: str, week: int | None, date: str | None) -> None:
        """Begin the next meeting: nothing that the last one opened goes on."""
        self.meeting, self.week = meeting, week
        self.dates = [date] if date else []
        # But what titles the whole note holds for all its meetings.
        self.sections = [
            each for each in self.sections if each.scope == "heading" and not each.level
        ]
        self.answered = []
        self.talk_plan, self.talk_row, self.slot_row = None, -9, -9
        self.apart = True
        self._settle()

    def open(self, section: Section) -> None:
        """Open a section, and end those that it ends."""
        if section.scope == "heading":
            self.sections = [
                each
                for each in self.sections
                if each.scope == "heading" and each.level < section.level
            ]
        elif section.scope == "flat":
            self.close_flat()
        elif section.sign:
            self._drop_list(section)
        self.sections.append(section)
        self._settle()

    def _drop_list(self, section: Section) -> None:
        """End the list to which a label goes back, `- 할 일` over `* 결정`, and what is in it."""
        at = len(self.sections)
        while at and self.sections[at - 1].scope == "list":
            at -= 1
            beside = self.sections[at]
            if (beside.column, beside.sign) == (section.column, section.sign):
                del self.sections[at:]
                return

    def row_of(self, number: int) -> int:
        """The row of a line; of very many empty lines, all but the first share one."""
        if not self.rows or self.rows[-1].line.number == len(self.rows):
            return number - 1
        return bisect_right(self.rows, number, key=lambda row: row.line.number) - 1

    def row_below(self, section: Section) -> int:
        """The row below a section's label; the first one, if no label opened it."""
        return self.row_of(section.label_line) + 1 if section.label_line else 0

    def below(self, section: Section) -> int:
        """The row below a section's label, and below the rule that underlines it."""
        at = self.row_below(section)
        return at + (at < len(self.rows) and self.rows[at].kind == "rule")

    def titled_above(self) -> Section | None:
        """The innermost heading or label that has words."""
        return next((each for each in reversed(self.sections) if each.title), None)

    def heading_above(self) -> Section | None:
        """The innermost heading."""
        return next((each for each in reversed(self.sections) if each.scope == "heading"), None)

    def heading_over(self, index: int) -> str:
        """The words of the last heading above a row, or nothing."""
        over = bisect_left(self.headings, index)
        return self.rows[self.headings[over - 1]].words if over else ""

    def without_blanks(self, end: int) -> int:
        """Where what ends before a row ends, without the blank rows over that one."""
        return self.previous_words[end] + 1

    def close_flat(self) -> None:
        """End the sections that plain labels opened."""
        self.sections = [each for each in self.sections if each.scope == "heading"]
        self.talk_plan = None
        self._settle()

    def close_message(self) -> None:
        """End what labels and marked headings opened in one message of a chat."""
        self.close_flat()
        self.sections = [each for each in self.sections if each.level <= MARKDOWN_LEVELS]
        self._settle()

    def leave(self, index: int) -> None:
        """End the lists to which the row is not deeper."""
        row = self.rows[index]
        while self.sections and self.sections[-1].scope == "list":
            column, sign = self.sections[-1].column, self.sections[-1].sign
            if row.column > column or row.kind == "blank":
                return
            if row.column == column and row.listed and sign and row.sign != sign:
                return
            if self._hangs(index, column, sign):
                return
            self.sections.pop()
            self._settle()

    def _hangs(self, index: int, column: int, sign: str) -> bool:
        """Whether the row goes on with an item at a label's own column: `●` below `- 할 일`."""
        row = self.rows[index]
        if row.column != column or row.kind != "words" or row.mark or row.level or not index:
            return False
        above = self.rows[index - 1]
        if above.column != column or above.kind != "words" or above.level:
            return False
        return not above.mark or (above.listed and above.sign != sign)

    def _settle(self) -> None:
        # Most rules ask for it at every line.
        self.section = next((each for each in reversed(self.sections) if each.kind), Section())

    def continued(self, index: int) -> int:
        """How many rows the one at `index` makes with the deeper indented ones that follow it.

        Blank lines count when a deeper indented line follows them.
        """
        head = self.rows[index]
        last = index
        while (following := self.next_words[last + 1]) < len(self.rows):
            row = self.rows[following]
            if row.column <= head.column or row.level or row.kind in ("fence", "conflict"):
                break
            # Set apart and one blank deeper, ` - …` is no part of `- …` but an item beside it.
            beside = row.column == head.column + 1 and head.listed and row.sign == head.sign
            if beside and following > last + 1:
                break
            if following in self.starts:
                break
            last = following
        return last - index + 1

    def enter_or_leave_fence(self, row: Row) -> None:
        """Close behind a fence what opened in it: a form to fill in, say."""
        if not self.fence:
            self.fence = row.line.number
            return
        self.sections = [each for each in self.sections if each.label_line < self.fence]
        self.fence = 0
        self._settle()

    def below_a_talk(self, row: Row) -> bool:
        """Whether an item is deeper than a talk of its section, in one list with it."""
        talk = self.rows[self.talk_row] if 0 <= self.talk_row < len(self.rows) else None
        if talk is None or not talk.listed or talk.line.number <= self.section.label_line:
            return False
        return row.listed and row.column > talk.column and talk.line.number < row.line.number

    def stands_apart(self, index: int) -> bool:
        """Whether a row without a mark stands below a blank line, behind a plain label's list."""
        row = self.rows[index]
        over = self.rows[index - 1].kind == "blank" if index else False
        return self.section.scope == "flat" and over and not (row.mark or row.level)

    def paragraph(self, index: int) -> bool:
        """Whether the row begins a paragraph: nothing stands directly above it."""
        return (
            index == 0 or self.rows[index - 1].kind != "words" or bool(self.rows[index - 1].level)
        )

    def markup(self, row: Row) -> str:
        """The HTML tag with which the row's line begins, or nothing."""
        start = row.line.body_start
        line = self.text[start : start + 80].lstrip()[:12].casefold()
        return line if line.startswith("<") else ""

    def _folded(self) -> Iterator[int]:
        if "<details" not in self.text.casefold():
            return
        depth = 0
        for index, row in enumerate(self.rows):
            if depth and not self.markup(row).startswith(("<details", "</details")):
                yield index
            for tag in () if row.program else _FOLD.findall(row.line.text):
                depth += {"<": 1, "</": -1}.get(tag, 0)
                depth = max(0, depth)

    def block(self, kind: BlockKind, index: int, count: int = 1) -> None:
        """Add a block of `count` whole lines; prose and blanks join the block before them."""
        start, end = self.rows[index].line.start, self.rows[index + count - 1].line.end
        if kind in ("prose", "blank") and self.blocks and not self.apart:
            last = self.blocks[-1]
            if last.kind == kind:
                # Nobody has the block yet, and most lines are prose: no new one for each.
                object.__setattr__(last, "end", end)
                return
        self.apart = False
        self.blocks.append(Block(kind, start, end))

    def place(self, start: int, index: int, count: int = 1) -> Place:
        """The fields of a record from `start` to the end of the last line."""
        last: Line = self.rows[index + count - 1].line
        while start >= self.rows[index].line.end and count > 1:
            index, count = index + 1, count - 1  # `Q.` stands alone on the line above
        return self.span(start, last.body_end, self.rows[index].line.number, last.number)

    def span(self, start: int, end: int, first: int, last: int) -> Place:
        """The fields of a record, by offsets and line numbers. Ids come at the end."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        end -= len(text) - len(text.rstrip())
        end = closed(self.text, start, end)
        start = self.opened(start, end)
        return {
            "id": "",
            "meeting": self.meeting,
            "start": start,
            "end": end,
            "lines": (first, last),
            "text": self.text[start:end],
        }

    def opened(self, start: int, end: int) -> int:
        """Where `**지도** 그리기` begins: with the mark that is closed within it."""
        for mark in _EMPHASES:
            if self.text.endswith(mark, 0, start) and self.text.count(mark, start, end) % 2:
                return start - len(mark)
        closed = self.text.find("]]", start, end)
        if closed < 0 or self.text.find("[[", start, closed) >= 0:
            return start
        line = self.text.rfind("\n", 0, start) + 1
        opened = self.text.rfind("[[", max(line, start - LINK), start)
        return start if opened < 0 else opened

    def doubt(self, code: str, row: Row, message: str, mend: str) -> None:
        """Note that the row could not be read with certainty."""
        self.doubts.append(Doubt(code, row.line.body_start, row.line.body_end, message, mend))

    def in_weeks(self, text: str, line: int) -> Due:
        """The week that `text` names, counted from the meeting's own: `다음 주`."""
        weeks = self.lexicon.weeks[squeeze(text)]
        return Due(text, None if self.week is None else self.week + weeks, None, (line, line))

    def until(self, row: Row, words: str) -> Due | None:
        """The time by which something is due: of several days the last before 'until'.

        Of `3/4 ~ 3/14` it is the later one.
        """
        until = self.lexicon.until.search(words)
        if short := _BY_SHORT.search(words) or _BY_MONTH.search(words):  # `(by next Wed)`
            number = row.line.number
            return Due(short["day"], None, None, (number, number))
        days = list(DAY.finditer(words, 0, until.start())) if until else []
        if len(pair := list(islice(DAY.finditer(words), 2))) == 2 and not until:
            between = words[pair[0].end() : pair[1].start()]
            days = pair if _TO.fullmatch(between) else []
        if until and not days and (day := _DAY_OF_MONTH.search(words)):
            number = row.line.number
            return Due(day["day"], None, None, (number, number))
        begin = days[-1].start() if len(days) > 1 or (until and days) else 0
        return self.when(row, words[begin:])

    def due_in(self, row: Row, words: str) -> Due | None:
        """By when words say that something is due, or else the time that they name."""
        named = self.lexicon.until.search(words)
        return self.until(row, words) if named else self.when(row, words)

    def when(self, row: Row, words: str | None = None) -> Due | None:
        """The time that words name: a week, counted from the meeting's own, or a day.

        Of a day only a whole date is a date: `3/14`, `목요일` and `18시` stay as they are written.
        """
        words = row.words if words is None else words
        number = row.line.number
        if week := self.lexicon.when.search(words):
            found = self.in_weeks(week.group(), number)
            behind = words[week.end() :].lstrip(" ")
            weekday = self.lexicon.days.match(behind) or _SHORT_DAY.match(behind)
            if weekday and weekday.group()[:1] in "월화수목금토일月火水木金土日":
                end = len(words) - len(behind) + weekday.end()
                return replace(found, text=words[week.start() : end])  # `다음 주 수요일`
            return found
        if day := DAY.search(words):
            return Due(day.group(), None, iso_date(day.group()), (number, number))
        day = self.lexicon.days.search(words)
        if day and (coming := _COMING.search(words, 0, day.end())):
            return Due(words[coming.start() : day.end()], None, None, (number, number))
        if day or is_day(words) or HOUR.fullmatch(words) or SHORT_WEEKDAY.fullmatch(words):
            return Due(day.group() if day else words.strip(" \t~."), None, None, (number, number))
        return None

    def section_behind(self, words: str) -> SectionKind | None:
        """What the last words of `ok, wrapping up! decided:` open over what stands below."""
        sentence = _SENTENCE_FIRST.match(words) if words[-1:] == ":" else None
        return self.lexicon.section(words[sentence.end() :].rstrip(": \t")) if sentence else None

    def is_time(self, words: str) -> bool:
        """Whether the words are a day, a weekday or a week and nothing else."""
        times = (self.lexicon.when, self.lexicon.days)
        words = words.strip(" \t~")
        if coming := _COMING.match(words):  # `다음 수요일`
            words = words[coming.end() :]
        if is_day(words) or any(time.fullmatch(words) for time in times):
            return True
        if (day := PLAIN_DAY.match(words)) and HALF.fullmatch(words[day.end() :].strip()):
            return True  # `3/14 18시`
        week = self.lexicon.when.match(words)  # `다음 주 수요일`
        behind = words[week.end() :].strip() if week else ""
        return bool(self.lexicon.days.fullmatch(behind) or _SHORT_DAY.fullmatch(behind))


def closed(text: str, start: int, end: int) -> int:
    """Where a record or a point ends, without the mark that closes what was opened before it."""
    if text[end - 1 : end] not in ("*", "_", "~"):
        return end
    for mark in _EMPHASES:
        rest = end - len(mark)
        if rest <= start or not text.endswith(mark, start, end):
            continue
        before = text[rest - 1]  # in `~~~`, and behind a blank, the mark closes nothing
        if text.count(mark, start, end) == 1 and before != mark[0] and not before.isspace():
            end = rest
    return end
