"""What is doubtful in one note: in its words, which the reader doubts, and in its bytes."""

from __future__ import annotations

import codecs
import datetime
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

from studykit.wiki.check.finding import Finding, visible
from studykit.wiki.lines import LineIndex, split_lines
from studykit.wiki.privacy import find_contacts
from studykit.wiki.records import Doubt, Note

__all__ = ["Places", "check_note"]

# More places than somebody would mend by hand.
_MANY = 20

_LINE_ENDS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}
_LINE_END = re.compile(r"\r\n|\r|\n")
_BAD_BYTES = re.compile("[\udc80-\udcff]+")
_LOST = re.compile("\ufffd+")
# Bidirectional controls reorder what stands beside them; the others a terminal would obey.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]+")
# With `//` any scheme is one; without it only what a browser would run or open.
_ADDRESS = re.compile(
    r"(?<![\w+.-])(?:(?P<scheme>[a-z][a-z0-9+.-]{1,30})://|(?P<bare>javascript|vbscript|blob):"
    r"|data:[a-z]+/)[^\s<>]+",
    re.IGNORECASE | re.ASCII,
)
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)"
    r"(?:(?P<between>[-_.])(?P<month>\d{1,2})(?P=between)(?P<day>\d{1,2})|(?P<together>\d{4}))(?!\d)"
)


def check_note(note: Note) -> Iterator[Finding]:
    r"""What is doubtful in one note, whatever else is in its folder.

    Examples:
        >>> from studykit.wiki.read import read_note
        >>> note = read_note("나래님 - 안개\x07\n".encode(), "week-03.txt")
        >>> [(found.line, found.column, found.code) for found in check_note(note)]
        [(1, 9, 'control-character')]
    """
    places = Places(note)
    doubts = (
        *note.doubts,
        *_encoding(note),
        *_bad_bytes(note),
        *_characters(note),
        *_line_ends(note),
        *_addresses(note),
        *_contacts(note),
        *_name_date(note),
    )
    return (places.finding(doubt) for doubt in doubts)


class Places:
    """Where the offsets of a note are, in lines and columns."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._lines = split_lines(note.text)
        self._index = LineIndex(self._lines)

    def finding(self, doubt: Doubt) -> Finding:
        """A doubt about the note, as a finding at its line and column."""
        quoted = self._note.text[doubt.start : doubt.end].rstrip("\r\n")
        line, column = self._place(doubt.start)
        end_line, end_column = self._place(doubt.start + len(quoted))
        return Finding(
            file=self._note.file,
            line=line,
            column=column,
            code=doubt.code,
            message=visible(" ".join(doubt.message.split())),
            mend=visible(" ".join(doubt.mend.split())),
            end_line=end_line,
            end_column=end_column,
        )

    def _place(self, offset: int) -> tuple[int, int]:
        if not self._lines:
            return 1, 1
        line = self._lines[self._index.number(offset) - 1]
        column = min(offset - line.start, len(line.text)) + 1
        # A mark of the byte order that stayed in the text is no character to an editor.
        marked = line.number == 1 and line.text.startswith("\ufeff") and column > 1
        return line.number, column - marked


def _encoding(note: Note) -> Iterator[Doubt]:
    if codecs.lookup(note.encoding).name not in ("utf-8", "utf-8-sig", "ascii"):
        message = f"the note seems to be encoded in {note.encoding}, not in UTF-8"
        yield Doubt("not-utf8", 0, 0, message, "save it as UTF-8")


def _bad_bytes(note: Note) -> Iterator[Doubt]:
    places = list(_BAD_BYTES.finditer(note.text))
    if len(places) > _MANY:  # Not a slip but another encoding, and no reader wants to see each.
        message = f"{len(places)} places, the first one here, cannot be read as {note.encoding}"
        mend = "open it with the encoding that it has, save it as UTF-8"
        yield Doubt("bad-byte", *places[0].span(), message, mend)
        return
    for match in places:
        found = [f"{ord(byte) - 0xDC00:02X}" for byte in match[0]]
        more = f" and {len(found) - 8} more" if len(found) > 8 else ""
        what = "the byte" if len(found) == 1 else "the bytes"
        message = f"{what} {' '.join(found[:8])}{more} cannot be read as {note.encoding}"
        yield Doubt("bad-byte", *match.span(), message, "type the letters anew, save as UTF-8")


def _characters(note: Note) -> Iterator[Doubt]:
    for match in _CONTROLS.finditer(note.text):
        message = f"the invisible character U+{ord(match[0][0]):04X} stands here"
        if len(match[0]) > 1:
            message = (
                f"{len(match[0])} invisible characters stand here, U+{ord(match[0][0]):04X} first"
            )
        yield Doubt("control-character", *match.span(), message, "delete it")
    for match in _LOST.finditer(note.text):
        message = f"{match[0][:8]} stands where a program could not read the letters"
        yield Doubt("lost-character", *match.span(), message, "type the letters anew")


def _line_ends(note: Note) -> Iterator[Doubt]:
    kinds = Counter(_LINE_END.findall(note.text))
    if len(kinds) > 1:
        usual = kinds.most_common(1)[0][0]
        first = next(end for end in _LINE_END.finditer(note.text) if end[0] != usual)
        counts = ", ".join(f"{count} in {_LINE_ENDS[end]}" for end, count in kinds.most_common())
        message = f"lines end in several ways: {counts}; this one in {_LINE_ENDS[first[0]]}"
        yield Doubt(
            "mixed-line-ends", first.start(), first.start(), message, "save it with LF only"
        )


def _addresses(note: Note) -> Iterator[Doubt]:
    for match in _ADDRESS.finditer(note.text):
        scheme = match["scheme"] or match["bare"] or "data"
        if scheme.lower() not in ("http", "https"):
            message = f"the wiki makes no link of a {scheme}: address"
            yield Doubt("unlinked-address", *match.span(), message, "give an https:// address")


def _contacts(note: Note) -> Iterator[Doubt]:
    for start, end, kind in find_contacts(note.text):
        what = "an e-mail address" if kind == "mail" else "a telephone number"
        message = f"{what} stands here; the site masks it, the file shows it"
        yield Doubt(
            "contact-detail", start, end, message, "take it out before the note is committed"
        )


def _name_date(note: Note) -> Iterator[Doubt]:
    for match in _DATE.finditer(PurePath(note.file).name):
        together = match["together"] or ""
        month, day = match["month"] or together[:2], match["day"] or together[2:]
        try:
            datetime.date(int(match["year"]), int(month), int(day))
        except ValueError:
            message = f"there is no {match[0]}, the date in the file's name"
            yield Doubt("impossible-date", 0, 0, message, "rename the file")
