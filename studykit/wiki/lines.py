"""A text as lines that know where they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

__all__ = ["Line", "LineIndex", "split_lines"]

TAB = 8

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `text` without its end, `body` without the blanks around it as well.

    `start` and `end` are the line's offsets with its line end, `body_start` is that of `body`;
    `indent` is the visual column at which `body` starts, with tabs to every eighth column.
    """

    number: int
    start: int
    end: int
    text: str
    body: str
    body_start: int
    indent: int

    @property
    def body_end(self) -> int:
        """The offset after the last character of `body`."""
        return self.body_start + len(self.body)

    @property
    def blank(self) -> bool:
        """Whether nothing stands on the line."""
        return not self.body


class LineIndex:
    r"""Finds the line of an offset.

    Examples:
        >>> LineIndex(split_lines("a\nb")).number(2)
        2
    """

    def __init__(self, lines: list[Line]) -> None:
        self._starts = [line.start for line in lines]

    def number(self, offset: int) -> int:
        """The number, from 1, of the line that holds the character at `offset`."""
        return bisect_right(self._starts, offset)


def split_lines(text: str) -> list[Line]:
    r"""Split at LF, CRLF and CR, and at nothing else.

    Examples:
        >>> [line.body for line in split_lines(" a\r\nb\x0bc")]
        ['a', 'b\x0bc']
    """
    return [
        _line(number, match.start(), match.group())
        for number, match in enumerate(_LINE.finditer(text), start=1)
    ]


def _line(number: int, start: int, raw: str) -> Line:
    text = raw.rstrip("\r\n")
    body = text.strip()
    lead = len(text) - len(text.lstrip()) if body else len(text)
    indent = len(text[:lead].expandtabs(TAB))
    return Line(number, start, start + len(raw), text, body, start + lead, indent)
