"""What holds of paragraphs that say themselves what they are: it does not matter where they stand.

Who is a person is known from the whole note, and a label opens a section; so this is no promise
for any text. It is one for names with 님 and for explicit marks.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from studykit.wiki.read import read_note
from studykit.wiki.records import Record

FILES = ("meetings/week-07.txt", "meetings/week-07.md")
PROSE = "오늘은 하늘이 맑다.\n\n"

_said = st.lists(
    st.sampled_from(["구름이", "안개는", "서리가", "낮다", "높다", "희다", "걷힌다", "왜"]),
    min_size=1,
).map(" ".join)
_names = st.sampled_from(("가람님", "나래님", "다온님", "라온님", "가람님, 다온님"))
_bullets = st.lists(_said.map("\t- {}\n".format), max_size=2).map("".join)
_paragraphs = st.one_of(
    st.builds("{} - {}\n{}\n".format, _names, _said, _bullets),
    st.builds("{} : {}\n\n".format, _names, _said),
    st.builds("Q: {}\n\n".format, _said),
    st.builds("결정: {}\n\n".format, _said),
    st.builds("할 일({}): {}\n\n".format, _names, _said),
    st.builds("[ ] {}\n\n".format, _said),
    st.builds("{} : https://example.org/{}\n\n".format, _said, st.integers(0, 99)),
    st.just(PROSE),
)
_notes = st.lists(_paragraphs, max_size=6)


def records(text: str, file: str, offset: int = 0) -> list[tuple[Any, ...]]:
    """What a text yields, in the order of its kinds: as if it began at `offset`."""
    return sorted(
        (
            record.start + offset,
            record.end + offset,
            type(record).__name__,
            record.text,
            repr(_said_by(record)),
        )
        for record in read_note(text.encode(), file).records()
    )


def _said_by(record: Record) -> dict[str, object]:
    """The fields that hold no place, and no number that counts from the note's beginning."""
    names = ("speakers", "askers", "owners", "presenters", "number", "title", "url", "done")
    return {name: getattr(record, name) for name in names if hasattr(record, name)}


def check_concatenation(one: list[str], other: list[str], file: str) -> None:
    first, second = "".join(one), "".join(other)
    together = records(first, file) + records(second, file, len(first))
    assert records(first + second, file) == together


def check_prose_between(note: list[str], place: int, file: str) -> None:
    above, below = "".join(note[:place]), "".join(note[place:])
    plain = records(above + below, file)
    moved = [
        (start + len(PROSE), end + len(PROSE), *rest)
        if start >= len(above)
        else (start, end, *rest)
        for start, end, *rest in plain
    ]
    assert records(above + PROSE + below, file) == moved


@given(_notes, _notes, st.sampled_from(FILES))
@example(
    ["가람님 - 구름이\n\t- 구름이\n\t- 서리가\n\n"],
    ["구름이 : https://example.org/0\n\n"],
    FILES[0],
)
@example(
    ["가람님 : 구름이\n\n", "할 일(가람님, 다온님): 걷힌다\n\n", "가람님 - 구름이\n\n"],
    ["걷힌다 : https://example.org/0\n\n"],
    FILES[0],
)
@example(
    ["가람님 - 구름이\n\n", "가람님 : 희다 걷힌다\n\n"],
    ["희다 : https://example.org/0\n\n", "걷힌다 : https://example.org/0\n\n"],
    FILES[0],
)
@example(
    ["가람님 - 구름이\n\n", "가람님 : 희다 왜\n\n"],
    ["희다 : https://example.org/0\n\n", "왜 : https://example.org/0\n\n"],
    FILES[0],
)
@example(
    ["가람님 - 구름이\n\t- 낮다 걷힌다\n\n"],
    ["낮다 : https://example.org/0\n\n"] * 2 + ["걷힌다 : https://example.org/0\n\n"],
    FILES[0],
)
@settings(max_examples=100)
def test_two_notes_in_one_file_read_like_each(one: list[str], other: list[str], file: str) -> None:
    check_concatenation(one, other, file)


@pytest.mark.slow
@given(_notes, _notes, st.sampled_from(FILES))
@settings(max_examples=10_000)
def test_very_many_two_notes_in_one_file(one: list[str], other: list[str], file: str) -> None:
    check_concatenation(one, other, file)


@given(_notes, st.integers(0, 6), st.sampled_from(FILES))
@example(["가람님 : 구름이\n\n", "구름이 : https://example.org/0\n\n"], 1, FILES[0])
@settings(max_examples=100)
def test_prose_between_paragraphs_changes_no_record(note: list[str], place: int, file: str) -> None:
    check_prose_between(note, place, file)


@pytest.mark.slow
@given(_notes, st.integers(0, 6), st.sampled_from(FILES))
@settings(max_examples=10_000)
def test_prose_between_very_many_paragraphs(note: list[str], place: int, file: str) -> None:
    check_prose_between(note, place, file)


def test_the_paragraphs_hold_records_of_each_kind() -> None:
    """Else the properties above would say nothing of them."""
    note = "가람님 - 구름\n\nQ: 구름\n\n결정: 구름\n\n할 일(나래님): 구름\n\n구름 : https://example.org/1\n"
    kinds = {type(record).__name__ for record in read_note(note.encode(), FILES[0]).records()}
    assert kinds == {"Opinion", "Question", "Decision", "Task", "Link"}
