"""What `studykit read` prints: everything that was understood of a note, and what was not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from studykit.wiki.lines import LineIndex, split_lines
from studykit.wiki.records import Due, Link, Note, Opinion, Question, Record, Talk, Task

__all__ = ["one_line", "show_note"]


def show_note(note: Note, console: Console) -> None:
    """Print a note record by record, with line numbers, and the lines left as prose."""
    lines = split_lines(note.text)
    console.print(
        Text(note.file, style="bold")
        + Text(f"  {len(lines)} lines")
        + Text(f" · {note.encoding}", style="dim")
    )
    for meeting in note.meetings:
        week = "no week" if meeting.week is None else f"week {meeting.week}"
        console.print(Text(f"{meeting.id}: {week}, {meeting.date or 'no date'}"))
    if any("\udc80" <= character <= "\udcff" for character in note.text):
        console.print(
            Text(
                f"Some bytes are no {note.encoding}; they are kept, and shown as \\xNN. "
                "To mend it, type their letters anew and save the note as UTF-8.",
                style="yellow",
            )
        )
    _people(console, "Speakers", note.speakers)
    attendees = dict.fromkeys(name for each in note.meetings for name in each.attendees)
    _people(console, "Attendees", list(attendees))
    groups: tuple[tuple[str, Sequence[Record]], ...] = (
        ("Opinions", note.opinions),
        ("Decisions", note.decisions),
        ("Questions", note.questions),
        ("Answers", note.answers),
        ("Talks", note.talks),
        ("Tasks", note.tasks),
        ("Links", note.links),
    )
    for title, records in groups:
        if records:
            _table(
                console,
                title,
                [(_lines(record.lines), record.id, _what(record)) for record in records],
            )
    prose = list(_prose(note))
    if prose:
        _table(console, "Left as prose", prose)
    else:
        console.print(Text("\nNothing was left as prose.", style="dim"))


def one_line(text: str) -> Text:
    """Text that cannot disturb the terminal: one line, control characters replaced."""
    folded = " ".join(text.split())
    return Text("".join(character if character.isprintable() else "�" for character in folded))


def _people(console: Console, title: str, names: Sequence[str]) -> None:
    if names:
        console.print(Text(f"{title}: ", style="dim") + Text(", ".join(names)))


def _table(console: Console, title: str, rows: Sequence[tuple[str, str, Text]]) -> None:
    console.print(Text(f"\n{title} ", style="bold") + Text(str(len(rows)), style="dim"))
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for place, record_id, what in rows:
        table.add_row(place, record_id, what)
    console.print(table)


def _what(record: Record) -> Text:
    match record:
        case Opinion():
            said = record.points[0].text if record.points else ""
            count = len(record.points) - 1
            more = f" (+{count} point{'s' if count > 1 else ''})" if count > 0 else ""
            return _text(", ".join(record.speakers), said) + Text(more, style="dim")
        case Question():
            number = "" if record.number is None else f"{record.number}. "
            return Text(number, style="dim") + one_line(record.text)
        case Talk():
            who = ", ".join(record.presenters) or "no presenter"
            if record.volunteers:
                who = f"volunteers: {', '.join(record.volunteers)}"
            state = record.status or "state not stated"
            return _text(record.subject or "(no subject stated)", who) + Text(
                f" · {state}{_due(record.due)}", style="dim"
            )
        case Task():
            owners = ", ".join(record.owners) or "unassigned"
            done = " · done" if record.done else ""
            return one_line(record.text) + Text(f" · {owners}{_due(record.due)}{done}", style="dim")
        case Link():
            return _text(record.title or "(no title)", record.url) + Text(
                f" · {record.kind or 'kind unknown'}", style="dim"
            )
    return one_line(record.text)


def _prose(note: Note) -> Iterator[tuple[str, str, Text]]:
    lines = split_lines(note.text)
    index = LineIndex(lines)
    uses: dict[int, list[str]] = {}
    dues = [(talk.id, talk.due) for talk in note.talks] + [
        (task.id, task.due) for task in note.tasks
    ]
    for record_id, due in dues:
        if due:
            uses.setdefault(due.lines[0], []).append(record_id)
    for block in note.blocks:
        if block.kind != "prose":
            continue
        for line in lines[index.number(block.start) - 1 : index.number(block.end - 1)]:
            used = uses.get(line.number, [])
            hint = Text(f" (says when {', '.join(used)} are due)" if used else "", style="dim")
            yield str(line.number), "", one_line(line.body) + hint


def _lines(lines: tuple[int, int]) -> str:
    first, last = lines
    return str(first) if first == last else f"{first}-{last}"


def _due(due: Due | None) -> str:
    if due is None:
        return " · no due date"
    week = "" if due.week is None else f", week {due.week}"
    return f" · due {due.text}{week} (line {due.lines[0]})"


def _text(head: str, rest: str) -> Text:
    return Text(f"{head}  ", style="green") + one_line(rest)
