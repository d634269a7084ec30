"""A row: one line of a note with its marks taken off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from studykit.wiki.labels import Label, label_of
from studykit.wiki.lines import Line

__all__ = ["LABEL_LEVEL", "WIDE", "Mark", "Row", "RowKind"]

RowKind = Literal["words", "blank", "code", "rule", "fence", "front", "table", "conflict"]
Mark = Literal["", "bullet", "number", "arrow"]
LABEL_LEVEL = 7
"""The level of a heading that is none of Markdown's: below all of them."""
WIDE = 400
"""A rule with a name in it is no longer."""


@dataclass(slots=True)
class Row:
    """One line with its marks taken off.

    `words` is what stands behind the marks, without Markdown's emphasis; `at(i)` is the place of
    its i-th character in the note. `sign` is the list mark, `1` for any number. `column` is where
    the line begins on the page; `level` is a heading's (1 to 6 as in Markdown, 7 for other marks),
    else 0.
    """

    line: Line
    kind: RowKind
    mark: Mark = ""
    sign: str = ""
    number: int | None = None
    box: bool | None = None
    struck: bool = False
    level: int = 0
    framed: bool = False
    key: str = ""
    """What the sign with which the line begins stands for, where the note itself says so."""
    program: bool = False
    """Whether the row stands in a fence that says in which language it is."""
    words: str = ""
    places: list[int] | None = None
    first: int = 0
    column: int = field(init=False)
    """The visual column at which the line begins, with its marks; `--` below `-` is deeper."""
    listed: bool = False
    """Whether the row is an item of a list."""
    _label: Label | Literal[False] | None = False

    def __post_init__(self) -> None:
        self.column = self.line.indent

    @property
    def start(self) -> int:
        """The place of the first word."""
        return self.at(0)

    @property
    def end(self) -> int:
        """The place after the last character of the line that shows."""
        return self.line.body_end

    @property
    def bold(self) -> bool:
        """Whether the line begins and ends in bold, `**구름의 종류**`."""
        words = self.line.words.rstrip()
        return words.startswith("**") and words.endswith("**")

    @property
    def label(self) -> Label | None:
        """What stands before a colon or a dash at the beginning of the words, if anything."""
        label = self._label
        if label is False:  # most rules ask for it
            label = self._label = label_of(self.words)
        return label

    def over(self, below: Row) -> bool:
        """Whether the row below is deeper, or in a list of its own at the same column."""
        if below.column != self.column:
            return below.column > self.column
        return below.listed and below.sign != self.sign

    def at(self, index: int) -> int:
        """The offset in the note's text of the `index`-th character of `words`."""
        if self.places is None:
            return self.line.offset(self.first + index)
        return self.places[index]

    def cut(self, start: int, end: int) -> None:
        """Keep the words from `start` to `end` only."""
        if self.places is None:
            self.first += start
        else:
            self.places = self.places[start : end + 1]
        self.words = self.words[start:end]
