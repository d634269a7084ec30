r"""A text as lines that know where they are, and how they read without what nobody sees.

>>> line = split_lines("\u3000현수：\u200b 좋다\n")[0]
>>> line.words, line.indent, line.offset(3)
('현수: 좋다', 2, 5)
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

__all__ = ["Line", "LineIndex", "conflicts", "split_lines"]

_TAB = 8

_END = re.compile(r"\r\n?|\n")
_LF = re.compile(r"\n")
_KEPT = 64
"""How many empty lines in a row stay lines of their own for the reader: no rule counts more."""
_EMPTY = re.compile(rf"\n{{{_KEPT + 2},}}+|(?:\r\n){{{_KEPT + 2},}}+")
_MARKER = re.compile(r"<{7}(?: .*)?|\|{7}(?: .*)?|={7}|>{7}(?: .*)?")

# Insides of character classes. Soft hyphen, zero-width blanks and joiners, marks of direction, and
# what a BOM is inside a text:
_UNSEEN_RANGES = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
# Every blank but ' ' and the tab, and letters that show nothing: Hangul fillers and empty Braille.
_BLANK_RANGES = (
    "\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0"
)
_WIDE_RANGES = "\uff01-\uff5e"
# What else NFC neither changes nor joins to the character before; a test asks unicodedata.
_SETTLED_RANGES = (
    "\0-\x0a\x0d-\x1b -\x84\x86-\x9f\xa1-\xac\xae-\u02ff\u0400-\u0482\u048a-\u0590\u1100-\u1160"
    "\u2010-\u2027\u2030-\u205e\u2070-\u20cf\u2190-\u2328\u232b-\u27ff\u2801-\u2adb\u2add-\u2cee"
    "\u2e00-\u2fff\u3001-\u3029\u3030-\u3098\u309b-\u3163\u3165-\ua66e\uac00-\uf8ff"
    "\uff5f-\uff9f\uffa1-\ufffe\U0001f000-\U0001faff"
)


def _members(ranges: str) -> str:
    """The characters that a character class holds."""
    pairs = re.findall(r"(.)(?:-(.))?", ranges, re.DOTALL)
    return "".join(
        chr(code) for first, last in pairs for code in range(ord(first), ord(last or first) + 1)
    )


_EDGE = "\t " + _members(_BLANK_RANGES + _UNSEEN_RANGES)
_UNSEEN = re.compile(f"[{_UNSEEN_RANGES}]+")
_ODD = re.compile(f"[^{_SETTLED_RANGES}]")
_LOOKALIKE = re.compile(f"[{_BLANK_RANGES}{_WIDE_RANGES}]")
_PLAIN_FORM = dict.fromkeys(_members(_BLANK_RANGES), " ") | {
    letter: chr(ord(letter) - 0xFEE0) for letter in _members(_WIDE_RANGES)
}
_UNSETTLED = f"[^{_SETTLED_RANGES}{_UNSEEN_RANGES}{_BLANK_RANGES}{_WIDE_RANGES}]"
_CLUSTER = re.compile(f"[{_SETTLED_RANGES}]?{_UNSETTLED}+")
_OVERLOADED = re.compile(f"{_UNSETTLED}{{31}}")
"""More marks on a letter than Unicode's stream-safe format allows; such a cluster stays as it is,
since putting marks in order takes the square of their number."""

_LONG = 200
"""A line of more characters keeps what is cut out of it, for whoever asks again and again."""


@dataclass(slots=True, eq=False)
class Line:
    """One line of a note; nothing changes it once it is made.

    `text` is the line without its end, `body` without the blanks and unseen characters around it
    as well. `words` is what rules read: `body` in NFC, without unseen characters, every blank but
    the tab as ' ' and full-width ASCII as ASCII: no pattern on words needs `：`, `（` or `？`.

    `start` and `end` are the line's offsets in `note`, the whole text, with its line end;
    `body_start` and `body_end` are those of `body`. `indent` is the visual column at which `body`
    starts: a tab goes to the next eighth column, an ideographic blank takes two.
    """

    # A note may have millions of short lines: they share its text, and Python shares the small
    # integers that lengths are.
    note: str = field(repr=False)
    number: int
    start: int
    end: int
    _lead: int = field(repr=False)
    _length: int = field(repr=False)
    indent: int
    _reading: _Reading | None = field(repr=False)

    @property
    def text(self) -> str:
        """The line without its end."""
        if self.end - self.start > _LONG:
            return self._read().text
        return self.note[self.start : self.end].rstrip("\r\n")

    @property
    def body(self) -> str:
        """The line without the blanks and unseen characters around it."""
        if self.end - self.start > _LONG:
            return self._read().body
        start = self.start + self._lead
        return self.note[start : start + self._length]

    @property
    def body_start(self) -> int:
        """The offset of the first character of `body`."""
        return self.start + self._lead

    @property
    def body_end(self) -> int:
        """The offset after the last character of `body`."""
        return self.start + self._lead + self._length

    @property
    def blank(self) -> bool:
        """Whether nothing stands on the line."""
        return not self._length

    @property
    def words(self) -> str:
        """The body as rules read it."""
        reading = self._reading or self._read()
        if reading is not _AS_TYPED:
            return reading.words
        start = self.start + self._lead
        return self.note[start : start + self._length]

    def offset(self, index: int) -> int:
        """Where in the note the character `words[index]` comes from.

        `index` may be `len(words)`: the end of the body.
        """
        return self.start + self._lead + (self._reading or self._read()).source(index)

    def offsets(self, indices: Iterable[int]) -> list[int]:
        """`offset` of each of many indices."""
        start, reading = self.start + self._lead, self._reading or self._read()
        if reading is _AS_TYPED:
            return [start + index for index in indices]
        return [start + reading.source(index) for index in indices]

    def _read(self) -> _Reading:
        """The reading; a short line that reads as it is typed shares one, a long one keeps its."""
        if self._reading is None:
            text = self.note[self.start : self.end].rstrip("\r\n")
            reading = _Reading(text)
            short = self.end - self.start <= _LONG
            self._reading = _AS_TYPED if short and reading.words == reading.body else reading
        return self._reading


class LineIndex:
    r"""Finds the line of an offset.

    Examples:
        >>> LineIndex(split_lines("a\nb")).number(2)
        2
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._starts = [line.start for line in lines]

    def number(self, offset: int) -> int:
        """The number, from 1, of the line that holds the character at `offset`."""
        return bisect_right(self._starts, offset)


def split_lines(text: str, *, folded: bool = False) -> list[Line]:
    r"""Split at LF, CRLF and CR, and at nothing else.

    Args:
        text: The text of a note.
        folded: Whether the rest of very many empty lines is one `Line`, so that a million of them
            costs what sixty do.

    Examples:
        >>> [line.body for line in split_lines(" a\r\nb\x0bc")]
        ['a', 'b\x0bc']
    """
    plain = _ODD.search(text) is None
    edge = None if plain else _EDGE  # str.strip knows the other blanks, and is twice as fast
    lines: list[Line] = []
    start, number = 0, 1
    for stop, end, count in _ends(text, folded):
        raw = text[start:stop]
        body = raw.strip(edge)
        lead = indent = 0
        if len(body) != len(raw) and (lead := len(raw) - len(raw.lstrip(edge))):
            indent = _column(raw[:lead])
        reading = None
        if count > 1 or (plain and end - start <= _LONG):
            reading = _AS_TYPED
        elif plain:
            reading = _Reading(raw, body)
        lines.append(Line(text, number, start, end, lead, len(body), indent, reading))
        start, number = end, number + count
    return lines


def conflicts(lines: Sequence[Line]) -> list[tuple[int, ...]]:
    r"""The conflicts that git has left in a note.

    Returns:
        For each, the indices of the lines that hold its marks: `<<<<<<<`, `|||||||` if git wrote
        the common ancestor as well, `=======` and `>>>>>>>`. A mark without the others is none.

    Examples:
        >>> conflicts(split_lines("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> theirs\n=======\n"))
        [(1, 3, 5)]
    """
    found: list[tuple[int, ...]] = []
    if not lines or "<<<<<<<" not in lines[0].note:
        return found
    marks = ""
    places: list[int] = []
    for index, line in enumerate(lines):
        if line.end - line.start < 7 or not _MARKER.fullmatch(line.text):
            continue
        mark = line.text[0]
        if mark == "<":
            marks, places = mark, [index]
        elif marks + mark in ("<|", "<=", "<|=", "<=>", "<|=>"):
            marks += mark
            places.append(index)
            if mark == ">":
                found.append(tuple(places))
                marks = ""
    return found


def _ends(text: str, folded: bool) -> Iterator[tuple[int, int, int]]:
    """Where what stands on each line stops, where the line does, and how many lines it is."""
    start, line_end = 0, _END if "\r" in text else _LF  # one letter is found ten times as fast
    folded = folded and ("\n" * _KEPT in text or "\r\n" * _KEPT in text)  # rare, and fast to see
    for empty in _EMPTY.finditer(text) if folded else ():
        width = 2 if text[empty.start()] == "\r" else 1
        rest = empty.start() + width * _KEPT
        for end in line_end.finditer(text, start, rest):
            yield end.start(), end.end(), 1
        start = empty.end()
        yield rest, start, (start - rest) // width
    for end in line_end.finditer(text, start):
        yield end.start(), end.end(), 1
    if text and text[-1] not in "\r\n":
        yield len(text), len(text), 1


def _column(lead: str) -> int:
    """The visual width of an indent."""
    if not lead.isascii():
        lead = _UNSEEN.sub("", lead).replace("\u3000", "  ").replace("\u3164", "  ")
    return len(lead.expandtabs(_TAB)) if "\t" in lead else len(lead)


class _Reading:
    """What a line reads as, and where in its body each character of that comes from."""

    __slots__ = ("_maps", "body", "text", "words")

    def __init__(self, text: str, plain: str | None = None) -> None:
        # `plain` is the body, where it reads as it is typed.
        self.text = text
        self.body = text.strip(_EDGE) if plain is None else plain
        self.words = self.body
        self._maps: tuple[_Map, ...] | None = ()
        if plain is None and _ODD.search(self.body):
            seen = _plain(self.body)
            self.words = _composed(seen)
            if len(seen) != len(self.body) or self.words != seen:
                self._maps = None

    def source(self, index: int) -> int:
        """The place in the body of `words[index]`."""
        if self._maps is None:
            if index in (0, len(self.words)):
                return index and len(self.body)
            plain = _plain(self.body)
            self._maps = (_Map(_CLUSTER, _composed, plain), _Map(_UNSEEN, _nothing, self.body))
        for step in self._maps:
            index = step.source(index)
        return index


class _Map:
    """Where each character comes from after each match of a pattern was replaced."""

    __slots__ = ("_places", "_sources")

    def __init__(self, pattern: re.Pattern[str], replace: Callable[[str], str], text: str) -> None:
        # From _places[i] on, characters come from _sources[i] on, one by one.
        self._places = places = array("Q", [0])
        self._sources = sources = array("Q", [0])
        place = source = 0
        for match in pattern.finditer(text):
            old = match.group()
            new = replace(old)
            if new == old:
                continue
            start, end = match.span()
            if start > source:  # else this cluster follows the last one
                place += start - source
                places.append(place)
                sources.append(start)
            place += len(new)
            source = end
            places.append(place)
            sources.append(source)

    def source(self, place: int) -> int:
        """Where the character at `place` comes from; for one that was joined, its first."""
        last = bisect_right(self._places, place) - 1
        source = self._sources[last] + place - self._places[last]
        return min((source, *self._sources[last + 1 : last + 2]))


def _plain(text: str) -> str:
    """The text without unseen characters, and with ASCII for what looks like it."""
    seen = _UNSEEN.sub("", text)
    for letter in set(_LOOKALIKE.findall(seen)):
        seen = seen.replace(letter, _PLAIN_FORM[letter])
    return seen


def _composed(text: str) -> str:
    """The text in NFC."""
    if _OVERLOADED.search(text) is None:
        return unicodedata.normalize("NFC", text)
    return _CLUSTER.sub(_cluster, text)


def _cluster(match: re.Match[str]) -> str:
    cluster = match.group()
    return cluster if _OVERLOADED.search(cluster) else unicodedata.normalize("NFC", cluster)


def _nothing(_: str) -> str:
    return ""


_AS_TYPED = _Reading("")
