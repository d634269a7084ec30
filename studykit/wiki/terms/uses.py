"""Where the archive mentions each term: the sentence, who said it, in which meeting.

Each line of a note is one use of a term, however often it names it. A note is searched once,
whatever the number of terms.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from studykit.wiki.documents import Document, markdown_text
from studykit.wiki.escape import without_masks
from studykit.wiki.lines import Line, LineIndex, split_lines
from studykit.wiki.link import Archive, Session
from studykit.wiki.records import Link, Opinion, Question, Record, Talk, Task
from studykit.wiki.rows import words_start
from studykit.wiki.terms.find import Mention
from studykit.wiki.terms.term import Terms

__all__ = ["Use", "UseKind", "find_pages", "find_uses"]

UseKind = Literal["opinion", "question", "talk", "task", "link", "decision", "answer", "prose"]

_LONGEST = 160
"""A sentence longer than this is cut around the name."""


@dataclass(frozen=True, slots=True)
class Use:
    """A line of a note that mentions a term.

    `record` is what the line belongs to, the innermost; None where it is prose. The line's words
    are in three: before the name, the name as typed, behind it.
    """

    kind: UseKind
    meeting: str
    record: Record | None
    line: int
    people: tuple[str, ...]
    before: str
    name: str
    behind: str


def find_uses(terms: Terms, archive: Archive) -> Mapping[str, Sequence[Use]]:
    """Every use of each term by its id, from the newest meeting back, each one's in its own order.

    Args:
        terms: The terms to look for.
        archive: The meetings, with their masks.
    """
    uses: defaultdict[str, list[Use]] = defaultdict(list)
    for session in reversed(archive.sessions):
        for term, use in _in_meeting(terms, session):
            uses[term].append(use)
    return uses


def find_pages(
    terms: Terms, docs: Path, documents: Iterable[Document]
) -> Mapping[str, Sequence[Document]]:
    """The hand-written pages that mention each term, by its id.

    Args:
        terms: The terms to look for.
        docs: The docs folder.
        documents: The pages, in the order to list them.
    """
    pages: defaultdict[str, list[Document]] = defaultdict(list)
    for document in documents if len(terms) else ():
        text = markdown_text(docs / document.path)
        for term in dict.fromkeys(mention.term for mention in terms.find(text)):
            pages[term].append(document)
    return pages


def _in_meeting(terms: Terms, session: Session) -> Iterator[tuple[str, Use]]:
    meeting, note = session.meeting, session.note
    shown, lines, index = _lines(note.text)
    records = iter(note.records())
    ahead = next(records, None)
    around: list[Record] = []
    seen: set[tuple[str, int]] = set()
    for found in terms.find(shown[meeting.start : meeting.end]):
        mention = Mention(found.start + meeting.start, found.end + meeting.start, found.term)
        while ahead is not None and ahead.start <= mention.start:
            around = [record for record in around if record.end > ahead.start] + [ahead]
            ahead = next(records, None)
        number = index.number(mention.start)
        if (mention.term, number) in seen:
            continue
        seen.add((mention.term, number))
        record = _record([record for record in around if record.end > mention.start])
        line = lines[number - 1]
        start, end = words_start(line), line.body_end
        for part in (record, *(record.points if isinstance(record, Opinion) else ())):
            if part is not None and part.start <= mention.start < part.end:
                start, end = max(start, part.start), min(end, part.end)
        words = _cut(note.text, shown, start, max(end, mention.end), mention)
        use = Use(_kind(record), meeting.id, record, number, _people(record), *words)
        yield mention.term, use


@lru_cache(maxsize=1)
def _lines(text: str) -> tuple[str, list[Line], LineIndex]:
    """A note's text without masks, and its lines; several meetings of one file share them."""
    lines = split_lines(text)
    return without_masks(text), lines, LineIndex(lines)


def _record(around: list[Record]) -> Record | None:
    """The innermost of the records around a place; what a speaker said around a link in it."""
    said = [record for record in around if not isinstance(record, Link)]
    found = said or around
    return found[-1] if found else None


def _kind(record: Record | None) -> UseKind:
    if record is None:
        return "prose"
    kinds: dict[str, UseKind] = {
        "Opinion": "opinion",
        "Question": "question",
        "Talk": "talk",
        "Task": "task",
        "Link": "link",
        "Decision": "decision",
        "Answer": "answer",
    }
    return kinds[type(record).__name__]


def _people(record: Record | None) -> tuple[str, ...]:
    match record:
        case Opinion():
            return record.speakers
        case Question():
            return record.askers
        case Talk():
            return record.presenters or record.volunteers
        case Task():
            return record.owners
    return ()


_BLANK = re.compile(r"\s")


def _cut(text: str, shown: str, start: int, end: int, mention: Mention) -> tuple[str, str, str]:
    """The words around a name, no more than a reader needs; a mask is never cut in two."""
    first = max(start, mention.start - _LONGEST // 2)
    last = min(end, mention.end + _LONGEST // 2)
    if first > start:
        blank = _BLANK.search(shown, first, mention.start)
        first = blank.end() if blank else first
        while first > start and shown[first - 1] == shown[first] == "\ufffc":
            first -= 1
    if last < end:
        blanks = list(_BLANK.finditer(shown, mention.end, last))
        last = blanks[-1].start() if blanks else last
        while last < end and shown[last - 1] == shown[last] == "\ufffc":
            last += 1
    before = ("… " if first > start else "") + text[first : mention.start].lstrip()
    behind = text[mention.end : last].rstrip() + (" …" if last < end else "")
    return before, text[mention.start : mention.end], behind
