"""What holds of any note, whatever its bytes."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import Phase, example, find, given, settings

from studykit.wiki.read import read_note
from studykit.wiki.records import Link, Note, Opinion
from tests.wiki.any_note import note_bytes

FILE = "meetings/week-07.txt"


def line_number(text: str, offset: int) -> int:
    """The line of a character, counted by another way than the reader's."""
    return (
        1
        + len(re.findall(r"\r\n|\r(?!\n)|\n", text[:offset]))
        - text[:offset].endswith("\r") * (text[offset : offset + 1] == "\n")
    )


def check(data: bytes) -> Note:
    note = read_note(data, FILE)
    text = note.text
    assert text.encode(note.encoding, "surrogateescape") == data
    assert "".join(text[block.start : block.end] for block in note.blocks) == text
    edges = [block.start for block in note.blocks] + [len(text)]
    assert edges[0] == 0
    for block, following in zip(note.blocks, edges[1:], strict=True):
        assert block.start < block.end == following

    (meeting,) = note.meetings
    assert (meeting.week, meeting.start, meeting.end) == (7, 0, len(text))

    records = list(note.records())
    ids = [record.id for record in records]
    assert len(set(ids)) == len(ids)
    for record in records:
        assert re.fullmatch(r"w07-(?:[odqal]|talk|task)[1-9]\d*", record.id)
        assert record.meeting == meeting.id
        assert record.text == text[record.start : record.end]
        assert record.text.strip() == record.text != ""
        assert record.evidence
        assert all(record.evidence)
        around = [b for b in note.blocks if b.start <= record.start and record.end <= b.end]
        assert len(around) == 1
        lines = line_number(text, record.start), line_number(text, record.end - 1)
        assert record.lines == lines
        if isinstance(record, Opinion):
            cursor = record.start
            assert record.speakers
            for point in record.points:
                assert cursor <= point.start < point.end <= record.end
                assert point.text == text[point.start : point.end]
                cursor = point.end
        elif isinstance(record, Link):
            assert record.text.endswith(record.url)
            assert record.url.lower().startswith(("http://", "https://"))
            assert record.title is None or record.text.startswith(record.title)
    due = [record.due for record in (*note.talks, *note.tasks) if record.due]
    for when in due:
        assert when.text in text
        assert when.date is None

    assert read_note(data, FILE) == note
    return note


@pytest.mark.parametrize(
    ("text", "line"), [("", 1), ("a\r\nb", 2), ("a\rb", 2), ("a\n\rb", 3), ("a\x0bb\x85\u2028", 1)]
)
def test_the_independent_count_counts(text: str, line: int) -> None:
    assert line_number(text, max(0, len(text) - 1)) == line


@given(note_bytes)
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb\xbf\xef\xbb\xbf")
@example(b"\r")
@example("가람님 -".encode())
@example("가람님 - \u3000제목 : https://x.org\n-\u3000제목 : https://x.org".encode())
@example("https://x.org, 제목 : https://y.org".encode())
@example("발표 - \u3000가람님".encode())
@example("가람님 - http://[\n\t- a : http://[".encode())
@settings(max_examples=200)
def test_any_note(data: bytes) -> None:
    check(data)


@pytest.mark.slow
@given(note_bytes)
@settings(max_examples=20_000)
def test_very_many_notes(data: bytes) -> None:
    check(data)


@pytest.mark.parametrize("kind", ["opinions", "questions", "talks", "tasks", "links", "decisions"])
def test_the_made_up_notes_hold_records(kind: str) -> None:
    """Else the properties above would say nothing of them."""
    once = settings(max_examples=300, phases=[Phase.generate], database=None)
    assert find(
        note_bytes,
        lambda data: bool(getattr(read_note(data, FILE), kind)),
        settings=once,
        random=Random(1),
    )
