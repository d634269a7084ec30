"""One small note a shape, named after it, and what is read of it: the rules by their examples.

The notes stand in `shapes/`, what is read of them in `golden/shapes/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studykit.wiki.lines import LineIndex, split_lines
from studykit.wiki.read import read_note
from studykit.wiki.records import Answer, Link, Note, Opinion, Question, Record, Talk, Task
from tests.wiki.support import GoldenFiles

SHAPES = Path(__file__).parent / "shapes"


def test_shapes(golden: GoldenFiles) -> None:
    texts = {
        f"{path.name}.read": "\n".join(listing(read_note(path.read_bytes(), path.name))) + "\n"
        for path in sorted(SHAPES.iterdir())
    }
    golden.check_all("shapes", texts)


def test_very_many_empty_lines_above_change_nothing() -> None:
    """Of those, all but the first share a row: a line's number is no row's index there."""
    for path in sorted(SHAPES.iterdir()):
        here, below = (read_note(b"\n" * many + path.read_bytes(), path.name) for many in (0, 300))
        assert said(here) == said(below), path.name


def test_what_is_right_below_stays_so_below_very_many_empty_lines() -> None:
    text = (SHAPES / "next-talk-below-another.txt").read_bytes()
    talk = read_note(b"\n" * 300 + text, "week-03.txt").talks[1]
    assert talk.evidence[0].startswith("who presents what next")


def said(note: Note) -> list[tuple[str, str, str]]:
    return [(type(each).__name__, understood(each), each.text) for each in note.records()]


def listing(note: Note) -> Iterator[str]:
    """What was read, a line each: where it stands, what it is, what was understood, and why."""
    for meeting in note.meetings:
        when = meeting.date or (f"week {meeting.week}" if meeting.week else "no date")
        who = f"; there: {', '.join(meeting.attendees)}" if meeting.attendees else ""
        yield f"meeting {meeting.id}: {when}{who}"
    for record in note.records():
        kind = type(record).__name__.lower()
        said = " ⏎ ".join(record.text.splitlines())
        yield f"{record.lines[0]:3} {kind}{understood(record)}: {said}"
        yield f"      since {'; '.join(record.evidence)}"
    for doubt in note.doubts:
        line = LineIndex(split_lines(note.text)).number(doubt.start)
        yield f"{line:3} doubt {doubt.code}: {doubt.message}"


def understood(record: Record) -> str:
    match record:
        case Opinion():
            said = " | ".join(" ⏎ ".join(point.text.splitlines()) for point in record.points)
            return f" of {', '.join(record.speakers)} ({said})"
        case Question():
            number = "" if record.number is None else f" {record.number}"
            return number + (f" of {', '.join(record.askers)}" if record.askers else "")
        case Answer():
            return f" to {record.question}"
        case Link():
            return f" {record.title!r} <{record.url}>"
        case Talk():
            due = f", {record.due.text}" if record.due else ""
            return f" {record.subject!r} by {', '.join(record.presenters) or 'nobody'}{due}"
        case Task():
            due = f", {record.due.text}" if record.due else ""
            done = {True: ", done", False: ", open", None: ""}[record.done]
            return f" of {', '.join(record.owners) or 'nobody'}{due}{done}"
    return ""
