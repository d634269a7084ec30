"""What the rules share while one note is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypedDict

from studykit.wiki.lexicon import Lexicon, SectionKind
from studykit.wiki.lines import Line
from studykit.wiki.records import Block, BlockKind, Due, Record

__all__ = ["Item", "Place", "Section", "State", "item"]

_ITEM = re.compile(r"(?P<mark>(?P<number>\d{1,4})[.)](?!\d)|[-*•·](?!\S))\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Item:
    """A line's list mark: its number, if it has one, and where the words behind it start."""

    number: int | None
    start: int


def item(line: Line) -> Item | None:
    """The list mark that the line opens with, or None; an arrow is none."""
    match = _ITEM.match(line.body)
    if match is None:
        return None
    number = match["number"]
    return Item(int(number) if number else None, line.body_start + match.end())


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
    """The list that a label has opened, until a line of another shape ends it."""

    kind: SectionKind | None = None
    label_line: int = 0
    due: Due | None = None


@dataclass(slots=True)
class State:
    """The note's lines, what has been read of them, and what is open at this point."""

    text: str
    lines: list[Line]
    lexicon: Lexicon
    meeting: str
    week: int | None
    date: str | None = None
    attendees: tuple[str, ...] = ()
    section: Section = field(default_factory=Section)
    talk_plan: Due | None = None
    talk_plan_words: str = ""
    blocks: list[Block] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    next_words: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        # next_words[i]: the first line from i on that is not blank; len(lines) when there is none.
        self.next_words = [len(self.lines)] * (len(self.lines) + 1)
        for index in range(len(self.lines) - 1, -1, -1):
            blank = self.lines[index].blank
            self.next_words[index] = self.next_words[index + 1] if blank else index

    def continued(self, index: int) -> int:
        """How many lines the one at `index` makes with the deeper indented ones that follow it.

        Blank lines count when a deeper indented line follows them.
        """
        indent = self.lines[index].indent
        last = index
        while (following := self.next_words[last + 1]) < len(self.lines):
            if self.lines[following].indent <= indent:
                break
            last = following
        return last - index + 1

    def block(self, kind: BlockKind, index: int, count: int = 1) -> None:
        """Add a block of `count` whole lines; prose and blanks join the block before them."""
        start, end = self.lines[index].start, self.lines[index + count - 1].end
        if kind in ("prose", "blank") and self.blocks and self.blocks[-1].kind == kind:
            start = self.blocks.pop().start
        self.blocks.append(Block(kind, start, end))

    def place(self, start: int, index: int, count: int = 1) -> Place:
        """The fields of a record from `start` to the end of the last line."""
        end = self.lines[index + count - 1].body_end
        return self.span(start, end, self.lines[index].number, self.lines[index + count - 1].number)

    def span(self, start: int, end: int, first: int, last: int) -> Place:
        """The fields of a record, by offsets and line numbers. Ids come at the end."""
        return {
            "id": "",
            "meeting": self.meeting,
            "start": start,
            "end": end,
            "lines": (first, last),
            "text": self.text[start:end],
        }

    def when(self, line: Line) -> Due | None:
        """The time that the line names in words, counted from the meeting's week."""
        match = self.lexicon.when.search(line.body)
        if match is None:
            return None
        weeks = self.lexicon.weeks["".join(match.group().split())]
        week = None if self.week is None else self.week + weeks
        return Due(match.group(), week, None, (line.number, line.number))
