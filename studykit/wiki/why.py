"""What `studykit read --why` prints: why each line of a note is what it is, and what to do if not.

Line by line: what the line became, the reader's evidence, its doubts with their mends. With the
number of one line also the lines for the note's overlay that would make prose of it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from studykit.errors import NoteError
from studykit.wiki.folder import overlay_of
from studykit.wiki.lines import Line, LineIndex, split_lines
from studykit.wiki.overlay.fields import TYPES, folded
from studykit.wiki.read import MARKDOWN
from studykit.wiki.records import (
    Block,
    BlockKind,
    Correction,
    Doubt,
    Link,
    Note,
    Record,
    Talk,
    Task,
)
from studykit.wiki.rows import read_rows
from studykit.wiki.rules.mention import mentioned
from studykit.wiki.show import one_line

__all__ = ["ELSE", "MARKS", "overlay_correction", "overlay_mark", "show_why"]

MARKS = {
    "question": "Q: ",
    "answer": "답: ",
    "decision": "결정: ",
    "task": "할 일: ",
    "talk": "발표(이름님): ",
}
"""What a line may begin with to say itself what it is: such a mark always wins."""

ELSE = {
    "opinion": "If nobody said it: mark it as prose. If somebody else did: correct its speakers.",
    "decision": "If nothing was settled: mark it as prose, or as an opinion with its speakers.",
    "question": "If nobody asks: mark it as prose, or as what it is.",
    "answer": "If it answers nothing: mark it as prose. If another one: correct its question.",
    "talk": "If nobody presents: mark it as prose. If another does: correct its presenters.",
    "task": "If nobody has to do it: mark it as prose. If another has to: correct its owners.",
    "link": "An address always is a link; correct its title where that is wrong.",
}
"""What to do where a line is not what it was taken for; one sentence a kind of record."""

_PLAIN: dict[BlockKind, str] = {
    "attendees": "it lists who was there",
    "date": "it says when the meeting was",
    "heading": "it stands over what follows, and is nothing by itself",
    "prose": "no rule claimed it",
}
_CORRECTED = {
    "opinion": 'speakers = ["…"]',
    "answer": 'question = "w01-q1"',
    "talk": 'presenters = ["…"]',
    "task": 'owners = ["…"]',
    "link": 'title = "…"',
}
_INDENT = 4


def show_why(note: Note, console: Console, line: int | None = None) -> None:
    """Print why lines are what they are.

    Args:
        note: The note as read and corrected.
        console: Where to print.
        line: The one line that matters; every line by default.

    Raises:
        NoteError: The note has no such line.
    """
    lines = split_lines(note.text)
    if line is not None and not 1 <= line <= len(lines):
        raise NoteError(
            f"the note has no line {line}",
            file=note.file,
            mend=f"give a line from 1 to {len(lines)}" if lines else "the file is empty",
        )
    why = _Why(note, lines)
    for each in lines if line is None else [lines[line - 1]]:
        if not each.blank:
            why.show(console, each)
        elif line is not None:
            _say(console, Text(f"{note.file}:{line}  blank — there is nothing on it"))
            return
    if line is None:
        _advise(console, note, why.kinds)
    else:
        _advise(console, note, why.kinds_of(line), why.overlay(line))


def overlay_mark(lines: Iterable[Line], kind: BlockKind = "prose") -> str:
    r"""The lines of an overlay that mark lines of its note as something else.

    Examples:
        >>> print(overlay_mark(split_lines("과제\n- 온도계 사기\n")[1:]))
        [[mark]]
        lines = [2, 2]
        was = "- 온도계 사기"
        as = "prose"
    """
    own = list(lines)
    was = json.dumps(folded(" ".join(line.body for line in own)), ensure_ascii=False)
    numbers = f"[{own[0].number}, {own[-1].number}]"
    return f'[[mark]]\nlines = {numbers}\nwas = {was}\nas = "{kind}"'


def overlay_correction(record: Record) -> str | None:
    """The lines of an overlay that correct what is most often wrong in a record of this kind."""
    field = _CORRECTED.get(_kind(record))
    if field is None:
        return None
    was = json.dumps(folded(split_lines(record.text)[0].text), ensure_ascii=False)
    return f'[[correct]]\nid = "{record.id}"\nwas = {was}\n{field}'


class _Why:
    """What concerns each line of a note."""

    def __init__(self, note: Note, lines: list[Line]) -> None:
        self._note = note
        self._lines = lines
        index = LineIndex(lines)
        self._records: defaultdict[int, list[Record]] = defaultdict(list)
        for record in note.records():
            for number in range(record.lines[0], record.lines[1] + 1):
                self._records[number].append(record)
        self._blocks: dict[int, Block] = {}
        for block in note.blocks:
            for number in range(index.number(block.start), index.number(block.end - 1) + 1):
                self._blocks[number] = block
        self._doubts: defaultdict[int, list[Doubt]] = defaultdict(list)
        for doubt in note.doubts:
            self._doubts[index.number(doubt.start)].append(doubt)
        self._dues: defaultdict[int, list[str]] = defaultdict(list)
        timed: tuple[Talk | Task, ...] = (*note.talks, *note.tasks)
        for dated in timed:
            if dated.due:
                self._dues[dated.due.lines[0]].append(dated.id)
        self._marks: dict[int, Correction] = {
            number: correction
            for correction in note.corrections
            if correction.field == "kind"
            for number in range(correction.lines[0], correction.lines[1] + 1)
        }

        rows = read_rows(lines, markdown=note.file.lower().endswith(MARKDOWN))
        named = ((row.line.number, mentioned(row)) for row in rows if row.kind == "words")
        self._named = {number: record_id for number, record_id in named if record_id}

    @property
    def kinds(self) -> set[str]:
        """Every kind of record of the note."""
        return {_kind(record) for record in self._note.records()}

    def kinds_of(self, number: int) -> set[str]:
        """Every kind of record on a line."""
        return {_kind(record) for record in self._records[number]}

    def overlay(self, number: int) -> list[tuple[str, str]]:
        """What the overlay could say of what begins on a line, each with what it is good for."""
        begun = [each for each in self._records[number] if each.lines[0] == number]
        held = [each for each in self._records[number] if not isinstance(each, Link)]
        own = [each for each in begun if not isinstance(each, Link)]
        last = own[0].lines[1] if own else number
        said = [("To make prose of it", overlay_mark(self._lines[number - 1 : last]))]
        corrections = ((each.id, overlay_correction(each)) for each in begun)
        return [
            *(said if held else []),
            *((f"To correct {of}", lines) for of, lines in corrections if lines),
        ]

    def show(self, console: Console, line: Line) -> None:
        """Print a line, what it is and why, and what is doubtful in it."""
        for kind, reason in self._reasons(line.number):
            place = Text(f"{self._note.file}:{line.number}  ", style="dim")
            _say(console, place + Text(kind, style="cyan") + Text(" — ") + one_line(reason))
        console.print(_indented(console, one_line(line.body)[:400]))
        for doubt in self._doubts[line.number]:
            message = f"In doubt: {doubt.message}. To make it sure: {doubt.mend}."
            console.print(_indented(console, Text(message, style="yellow")))

    def _reasons(self, number: int) -> Iterator[tuple[str, str]]:
        """What the line is, and why."""
        records = self._records[number]
        for record in records:
            what = f"{_kind(record)} {record.id}"
            if record.lines[0] == number:
                yield what, "; ".join(record.evidence)
            else:
                yield what, f"goes on from line {record.lines[0]}"
        if all(isinstance(record, Link) for record in records):
            block = self._blocks[number]
            if block.kind != "link":
                yield self._plain(number, block.kind)

    def _plain(self, number: int, kind: BlockKind) -> tuple[str, str]:
        """A line that became no record of its own."""
        if mark := self._marks.get(number):
            return kind, f"{overlay_of(self._note)} says so; it was read as {mark.was}"
        if dated := self._dues.get(number):
            return kind, f"it says when {', '.join(dated)} are due"
        if kind == "prose" and (named := self._named.get(number)):
            return kind, f"it names {named}, and is no new record"
        return kind, _PLAIN.get(kind, "it belongs to what stands around it")


def _kind(record: Record) -> str:
    return next(kind for kind, of in TYPES.items() if type(record) is of)


def _advise(
    console: Console,
    note: Note,
    kinds: Iterable[str],
    overlay: Iterable[tuple[str, str]] | None = None,
) -> None:
    """Print how to say that a line is something else."""
    console.print(Text("\nIf a line is not what it was taken for", style="bold"))
    for kind in (kind for kind in ELSE if kind in kinds):
        _say(console, Text(f"{kind}: ", style="cyan") + Text(ELSE[kind]))
    starts = ", ".join(f"{start.strip()} ({kind})" for kind, start in MARKS.items())
    _say(
        console,
        Text("While you write: a line says itself what it is if it begins with ") + Text(starts),
    )
    name = overlay_of(note)
    if overlay is None:
        _say(console, Text(f"Afterwards: --line 12 shows what to write into {name} for line 12"))
        return
    for purpose, lines in overlay:
        console.print()
        _say(console, Text(f"{purpose} write into {name}, and the note stays as it is:"))
        # Whole lines, however narrow the terminal is: they are there to be copied.
        console.print(Text(lines), soft_wrap=True)


def _say(console: Console, text: Text) -> None:
    """Print a paragraph whose lines but the first one are indented."""
    first, *rest = text.wrap(console, max(20, console.width - _INDENT))
    console.print(first)
    for line in rest:
        line.pad_left(_INDENT)
        console.print(line)


def _indented(console: Console, text: Text) -> Text:
    lines = text.wrap(console, max(20, console.width - _INDENT))
    for line in lines:
        line.pad_left(_INDENT)
    return Text("\n").join(lines)
