"""What holds of many notes together."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.invented_notes import note as invented
from studykit.errors import NoteError
from studykit.wiki.link import Archive, link_notes, read_notes
from studykit.wiki.pages import Page
from studykit.wiki.read import read_note
from studykit.wiki.records import Note
from studykit.wiki.render import Site, render_pages
from tests.wiki.any_note import note_bytes
from tests.wiki.support import parse

NAMES = [
    "week-01.txt",
    "week-02.md",
    "1주차.txt",
    "2031-03-04.txt",
    "2031-03-05 a.txt",
    "메모.txt",
    "x",
]


def render(archive: Archive, language: str = "ko") -> dict[str, str]:
    parts = render_pages(archive, Site(name="구름 모임", language=language))
    return {part.path: part.body if isinstance(part, Page) else part.content for part in parts}


def short(week: int) -> Note:
    """A note with one record of each kind, so that a hundred fill the same pages as more do."""
    text = (
        f"가람님 - 구름 {week % 10}\n다음 주에 안개 발표\n안개 발표 - 나래님\n"
        f"질문\n1. 왜 {week % 10}\n과제\n- 관찰\n결정\n- 관찰\n링크\n도감 : https://example.org/{week:04}\n"
    )
    return read_note(text.encode(), f"week-{week:04}.txt")


Rendered = tuple[Archive, dict[str, str]]


@pytest.fixture(scope="module")
def small() -> Rendered:
    """As many notes as fill two pages of each register."""
    archive = link_notes(map(short, range(1, 101)))
    return archive, render(archive)


@pytest.fixture(scope="module")
def large() -> Rendered:
    archive = link_notes(map(short, range(1, 301)))
    return archive, render(archive)


# --- order ----------------------------------------------------------------------------------------


def check_chain(archive: Archive) -> None:
    sessions = archive.sessions
    assert [s.previous and s.previous.id for s in sessions[1:]] == [
        s.meeting.id for s in sessions[:-1]
    ]
    assert [s.next and s.next.id for s in sessions[:-1]] == [s.meeting.id for s in sessions[1:]]
    if sessions:
        assert sessions[0].previous is None
        assert sessions[-1].next is None
    ids = [session.meeting.id for session in sessions]
    assert len(set(ids)) == len(ids)


@given(st.lists(st.tuples(st.sampled_from(NAMES), note_bytes), max_size=5))
@settings(max_examples=20)
def test_any_notes_make_an_archive(files: list[tuple[str, bytes]]) -> None:
    notes = [read_note(data, f"meetings/{name}") for name, data in files]
    archive = link_notes(notes)
    check_chain(archive)
    ids = Counter(record.id for session in archive.sessions for record in session.note.records())
    assert set(ids.values()) <= {1}
    assert sum(ids.values()) == sum(len(list(note.records())) for note in notes)
    pages = [part.path for part in render_pages(archive, Site(name="x", language="ko"))]
    assert len({path.casefold() for path in pages}) == len(pages)
    assert all(re.fullmatch(r"[a-z0-9/.-]+", path) for path in pages)
    assert len({person.id for person in archive.people}) == len(archive.people)


def test_the_chain_goes_by_week_then_date_and_unplaced_notes_come_last() -> None:
    names = ["메모.txt", "week-10.txt", "week-2.txt", "아무.txt"]
    archive = link_notes(read_note(b"", name) for name in names)
    check_chain(archive)
    assert [s.note.file for s in archive.sessions[:2]] == ["week-2.txt", "week-10.txt"]
    dated = link_notes(read_note(b"", f"2031-{day}.txt") for day in ("12-01", "02-03", "11-30"))
    assert [s.meeting.date for s in dated.sessions] == ["2031-02-03", "2031-11-30", "2031-12-01"]


def test_two_notes_of_one_week_both_stay() -> None:
    archive = link_notes(
        read_note("질문\n1. 왜?\n".encode(), name) for name in ("week-03.txt", "week-03-b.txt")
    )
    assert [session.meeting.id for session in archive.sessions] == ["w03", "w03b"]
    assert {question.id for question in archive.questions} == {"w03-q1", "w03b-q1"}


def test_more_notes_of_one_week_than_letters() -> None:
    notes = [read_note(b"", f"week-03 {number}.txt") for number in range(27)]
    with pytest.raises(NoteError, match="more than 26") as error:
        link_notes(notes)
    assert "mend: " in str(error.value)


def test_the_order_of_reading_does_not_matter(tmp_path: Path) -> None:
    notes = [read_note(invented(week).encode(), f"week-{week}.txt") for week in (1, 2, 3)]
    assert render(link_notes(notes)) == render(link_notes(reversed(notes)))


def test_what_is_no_note_is_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "meetings"
    (folder / "2031").mkdir(parents=True)
    for name in ("2031/week-01.TXT", "week-02.md", "week-03.toml", ".DS_Store", "week-04.txt~"):
        (folder / name).write_bytes(b"")
    (folder / "week-05.txt").symlink_to(folder / "week-02.md")
    found: list[Note] = read_notes(folder)
    assert [note.file for note in found] == ["meetings/2031/week-01.TXT", "meetings/week-02.md"]


# --- nothing is forgotten -------------------------------------------------------------------------


def question_rows(pages: dict[str, str]) -> list[str]:
    rows = []
    for path, body in pages.items():
        if re.fullmatch(r"questions/(index|page-\d+)\.md", path):
            rows += [
                row.with_tag("a")[0].attributes["href"].removesuffix("/").split("/")[-1]
                for row in parse(body).with_class("sk-row")
            ]
    return rows


def test_every_open_question_is_in_the_register_once(
    small: Rendered,
) -> None:
    archive, pages = small
    assert len(archive.open_questions) == 100
    assert sorted(question_rows(pages)) == sorted(q.id for q in archive.open_questions)


def test_the_filters_data_has_every_row_of_the_pages(
    small: Rendered,
) -> None:
    _, pages = small
    data = pages["questions/rows.json"]
    assert sorted(question_rows(pages)) == sorted(re.findall(r'<a href=\\"(w\d+-q\d)/\\">', data))


def test_each_meeting_counts_what_earlier_ones_left_open(
    small: Rendered,
) -> None:
    archive, pages = small
    for place, session in enumerate(archive.sessions):
        assert (session.open_questions, session.open_talks, session.open_tasks) == (
            place,
            place,
            place,
        )
        page = parse(pages[f"meetings/{session.meeting.id}/index.md"])
        carried = page.with_class("sk-carried")
        assert len(carried) == (place > 0)
        for box in carried:
            assert f"질문 {place}" in box.text()
            assert f"발표 {place}" in box.text()
            assert f"할 일 {place}" in box.text()


@pytest.mark.parametrize(
    ("box", "done"), [("[ ] ", False), ("[x] ", True), ("[X]\t", True), ("", None)]
)
def test_a_tick_box_says_whether_a_task_is_done(box: str, done: bool | None) -> None:
    archive = link_notes([read_note(f"과제\n- {box}관찰\n\t더\n".encode(), "week-01.txt")])
    (task,) = archive.tasks
    assert (task.text, task.done) == ("관찰\n\t더", done)
    assert len(archive.open_tasks) == (not done)


@pytest.mark.parametrize("text", ["[x]", "[]관찰", "[y] 관찰", "[x]관찰"])
def test_what_is_no_tick_box(text: str) -> None:
    (task,) = read_note(f"과제\n- {text}\n".encode(), "week-01.txt").tasks
    assert (task.text, task.done) == (text, None)


# --- cost -----------------------------------------------------------------------------------------


def test_no_page_grows_with_the_archive(small: Rendered, large: Rendered) -> None:
    before, after = (
        {path: len(body.encode()) for path, body in pages.items() if path.endswith(".md")}
        for _, pages in (small, large)
    )
    assert set(before) < set(after)
    # Only numbers grow (`질문 100`, `질문 300`), and the few links to more pages of a register.
    for path, size in before.items():
        assert after[path] <= size + 1_500, path
    for path in ("meetings/w50/index.md", "meetings/w50/raw.md"):
        assert after[path] == before[path], path
    assert after["questions/w50-q1.md"] <= before["questions/w50-q1.md"] + 1  # its age: 50, 250
    assert max(after.values()) < 1.1 * max(before.values())


def test_the_archive_grows_linearly(small: Rendered, large: Rendered) -> None:
    before, after = (
        sum(len(body.encode()) for body in pages.values()) for _, pages in (small, large)
    )
    assert after < 3.1 * before


# --- who is who -----------------------------------------------------------------------------------


def people_of(*notes: str) -> dict[str, list[str]]:
    read = [read_note(note.encode(), f"week-{n:02}.txt") for n, note in enumerate(notes, 1)]
    return {person.name: person.spellings for person in link_notes(read).people}


def test_a_short_name_and_the_full_one_of_a_note_are_one_person() -> None:
    note = "참석자 : 이가람, Robin Field\n\n가람님 - 구름\n\nRobin: a cloud\n"
    assert people_of(note) == {
        "이가람": ["이가람", "가람"],
        "Robin Field": ["Robin Field", "Robin"],
    }


def test_a_short_name_that_could_be_two_people_stays_apart() -> None:
    first = "참석자 : 이가람\n\n가람님 - 구름\n"
    second = "참석자 : 박가람\n\n박가람님 - 안개\n"
    assert set(people_of(first, second)) == {"이가람", "가람", "박가람"}


def test_names_of_two_notes_are_joined_only_where_one_note_has_both() -> None:
    assert set(people_of("가람님 - 구름\n", "이가람님 - 안개\n")) == {"가람", "이가람"}
    joined = people_of("가람님 - 구름\n", "이가람님 - 안개\n\n가람님 - 비\n")
    assert joined == {"가람": ["가람", "이가람"]}
