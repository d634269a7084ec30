"""What every note as read keeps to, whatever its bytes; for the tests and for the fuzzer."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from studykit.wiki.read import read_note
from studykit.wiki.records import Note, Opinion

__all__ = ["read_as_promised"]

_LINE = re.compile(r"\r\n|\r|\n")


def read_as_promised(data: bytes, file: str) -> Note:
    """Read a note, and hold it to all that it promises."""
    note = read_note(data, file)
    _bytes_come_back(note, data)
    _blocks_partition_the_text(note)
    _meetings_stand_in_order(note)
    _records_stand_in_their_places(note)
    assert read_note(data, file) == note, "reading twice differs"
    return note


def _bytes_come_back(note: Note, data: bytes) -> None:
    assert note.text.encode(note.encoding, "surrogateescape") == data


def _blocks_partition_the_text(note: Note) -> None:
    edges = [0, *(block.end for block in note.blocks)]
    assert [block.start for block in note.blocks] == edges[:-1]
    assert edges[-1] == len(note.text)
    assert all(start < end for start, end in pairwise(edges))


def _meetings_stand_in_order(note: Note) -> None:
    assert note.meetings
    edges = [edge for meeting in note.meetings for edge in (meeting.start, meeting.end)]
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= len(note.text)
    ids = [meeting.id for meeting in note.meetings]
    assert len(set(ids)) == len(ids)


def _records_stand_in_their_places(note: Note) -> None:
    text = note.text
    line_starts = [0, *(match.end() for match in _LINE.finditer(text))]
    block_starts = [block.start for block in note.blocks]
    meetings = {meeting.id: meeting for meeting in note.meetings}
    records = list(note.records())
    ids = {record.id for record in records}
    assert len(ids) == len(records)
    assert all(doubt.message and doubt.mend for doubt in note.doubts)
    for record in records:
        assert record.text == text[record.start : record.end], record
        assert record.text.strip() == record.text != "", record
        assert record.evidence, record
        assert all(record.evidence), record
        first = bisect_right(line_starts, record.start)
        last = bisect_right(line_starts, record.end - 1)
        assert record.lines == (first, last), record
        block = note.blocks[bisect_right(block_starts, record.start) - 1]
        assert record.end <= block.end, record
        meeting = meetings[record.meeting]
        assert meeting.start <= record.start < record.end <= meeting.end, record
        if isinstance(record, Opinion):
            assert record.speakers, record
            cursor = record.start
            for point in record.points:
                assert cursor <= point.start < point.end <= record.end, record
                assert point.text == text[point.start : point.end], record
                cursor = point.end
    for answer in note.answers:  # a question that the note only names is another note's
        assert answer.question is None or answer.question in ids or answer.named, answer
