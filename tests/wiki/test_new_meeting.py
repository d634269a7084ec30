"""`studykit new meeting` and `studykit pin`: what they write, and how the reader takes it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from studykit.errors import NoteError
from studykit.wiki.agenda import MOST, new_meeting
from studykit.wiki.chrome import Chrome, load_chrome
from studykit.wiki.folder import read_folder
from studykit.wiki.link import link_notes
from studykit.wiki.read import read_note
from studykit.wiki.records import Note
from tests.wiki.any_note import note_texts
from tests.wiki.support import Project

KO, EN = load_chrome("ko"), load_chrome("en")
FIRST = """\
가람님 - 아침에 찍자

다음 주에 안개 발표

안개 발표 - 나래님, 다온님

질문 :

1. 안개도 구름인가
2. 비는 왜 오나

다음 주까지 :

1. 사진 열 장

과제

- [x] 장화 말리기
- 온도계 사기
"""
SECOND = """\
2주차 모임

참석자 :

지난 질문 :
- [w01-q1] 안개도 구름인가
- [w01-q2] 비는 왜 오나

지난 할 일 :
- [ ] [w01-task1] 사진 열 장 (기한: 2주차)
- [ ] [w01-task3] 온도계 사기

예정된 발표 :
- [ ] [w01-talk1] 안개 (발표: 나래, 다온; 기한: 2주차)

금일 질문 사항 :

결정 사항 :

링크 :

다음 주까지 :
"""


def folder_of(path: Path, **weeks: str) -> Path:
    folder = path / "meetings"
    folder.mkdir()
    for week, text in weeks.items():
        (folder / f"week-{week[1:]}.txt").write_text(text, "utf-8")
    return folder


def records(note: Note) -> list[str]:
    """Every record but the addresses, which are links wherever they stand."""
    return [record.id for record in note.records() if record not in note.links]


def test_the_next_note_says_what_is_open_and_nothing_new(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, w01=FIRST)
    made = new_meeting(folder, KO)
    assert made.path == folder / "week-02.txt"
    assert made.path.read_text("utf-8") == SECOND
    assert [pinned.overlay for pinned in made.pinned] == ["meetings/week-01.toml"]
    first, second = read_folder(folder).notes
    assert second.meetings[0].week == 2
    assert records(second) == []
    before, after = link_notes([first]), link_notes([first, second])
    assert after.questions == before.questions
    assert after.open_tasks == before.open_tasks
    assert after.open_talks == before.open_talks


def test_what_is_written_into_the_sections_is_read(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, w01=FIRST)
    path = new_meeting(folder, KO).path
    text = path.read_text("utf-8")
    for section, item in (
        ("금일 질문 사항 :", "1. 눈은 왜 흰가"),
        ("결정 사항 :", "- 매일 찍는다"),
        ("다음 주까지 :", "1. 사진 스무 장"),
    ):
        text = text.replace(f"{section}\n", f"{section}\n\n{item}\n")
    path.write_text(text, "utf-8")
    note = read_folder(folder).notes[1]
    assert [question.text for question in note.questions] == ["눈은 왜 흰가"]
    assert [decision.text for decision in note.decisions] == ["매일 찍는다"]
    assert [task.text for task in note.tasks] == ["사진 스무 장"]


def test_in_english_it_is_read_alike(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, w01=FIRST)
    path = new_meeting(folder, EN).path
    text = path.read_text("utf-8")
    assert text.startswith("Week 2\n\nAttendees:\n\nOpen questions:\n- [w01-q1] ")
    assert "\n- [ ] [w01-talk1] 안개 (presented by 나래, 다온; due: week 2)\n" in text
    first, second = read_folder(folder).notes
    assert second.meetings[0].week == 2
    assert records(second) == []
    assert link_notes([first, second]).open_tasks == link_notes([first]).open_tasks
    for section, item in (
        ("Questions:", "1. Why is snow white?"),
        ("Decisions:", "- We take a picture every day"),
        ("For next week:", "1. Twenty pictures"),
    ):
        text = text.replace(f"\n{section}\n", f"\n{section}\n\n{item}\n")
    path.write_text(text, "utf-8")
    note = read_folder(folder).notes[1]
    assert [question.text for question in note.questions] == ["Why is snow white?"]
    assert [decision.text for decision in note.decisions] == ["We take a picture every day"]
    assert [task.text for task in note.tasks] == ["Twenty pictures"]


def test_what_is_due_later_waits(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, w01="다다음 주까지 :\n\n1. 사진 열 장\n")
    assert "사진" not in new_meeting(folder, KO).path.read_text("utf-8")
    assert "(기한: 3주차)" in new_meeting(folder, KO).path.read_text("utf-8")


def test_a_time_that_nobody_can_count_is_quoted(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "2031-03-04.txt").write_text("다음 주까지 :\n\n1. 사진 열 장\n", "utf-8")
    path = new_meeting(folder, KO, date=datetime.date(2031, 3, 11)).path
    assert path.name == "2031-03-11.txt"
    text = path.read_text("utf-8")
    assert text.startswith("2031-03-11 모임\n")
    assert "- [ ] [d20310304-task1] 사진 열 장 (기한: “다음 주”)\n" in text


def test_the_newest_of_many_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    many = "\n".join(f"{n}. 구름 {n}은 왜 흰가" for n in range(1, MOST + 4))
    folder = folder_of(tmp_path, w01=f"질문\n{many}\n")
    text = new_meeting(folder, KO).path.read_text("utf-8")
    assert text.count("\n- [w01-q") == MOST
    assert f"[w01-q{MOST + 3}]" in text
    assert "\n(외 3개)\n" in text


def test_a_groups_first_note(tmp_path: Path) -> None:
    path = new_meeting(tmp_path / "meetings", KO).path
    assert path.name == "week-01.txt"
    assert "지난" not in path.read_text("utf-8")
    assert records(read_note(path.read_bytes(), path.name)) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, w01=FIRST)
    (folder / "2주차.md").write_text("내 기록\n", "utf-8")
    with pytest.raises(NoteError, match=r"2주차\.md: week 2 has a note already"):
        new_meeting(folder, KO, week=2)
    assert sorted(path.name for path in folder.iterdir()) == ["2주차.md", "week-01.txt"]
    assert new_meeting(folder, KO).path.name == "week-03.txt"
    (folder / "2031-03-18 안개.txt").write_text("", "utf-8")
    with pytest.raises(NoteError, match="2031-03-18 has a note already"):
        new_meeting(folder, KO, date=datetime.date(2031, 3, 18))


def test_notes_that_are_not_numbered_need_a_date(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "2031-03-18.txt").write_text("", "utf-8")
    with pytest.raises(NoteError, match="give --date"):
        new_meeting(folder, KO)


@settings(max_examples=60)
@given(st.lists(note_texts, max_size=3), st.sampled_from((KO, EN)))
@example(["가람님 질문 : A. 가람님"], KO)
def test_whatever_is_carried_over_is_no_new_record(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], words: Chrome
) -> None:
    folder = tmp_path_factory.mktemp("group") / "meetings"
    folder.mkdir()
    for week, text in enumerate(texts, 1):
        (folder / f"week-{week:02}.txt").write_bytes(text.encode("utf-8", "surrogatepass"))
    before = link_notes(read_folder(folder).notes)
    path = new_meeting(folder, words).path
    *_, note = read_folder(folder).notes
    assert note.file == f"meetings/{path.name}"
    assert records(note) == []
    assert note.meetings[0].attendees == ()
    assert "question-outside" not in {doubt.code for doubt in note.doubts}
    after = link_notes(read_folder(folder).notes)
    assert [q.id for q in after.questions] == [q.id for q in before.questions]
    assert new_meeting(folder, words).pinned == ()


def test_the_commands_say_what_they_did(project: Project) -> None:
    done = project.run("new", "meeting")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Wrote meetings/week-03.txt\n")
    assert done.stdout.startswith("meetings/week-02.toml: ")
    assert project.run("pin").stdout == "Every id is pinned already.\n"
    note = project.folder / "meetings/week-02.txt"
    text = note.read_text("utf-8")
    note.write_text(text.replace("우산 챙기기", "우산을 챙기기"), "utf-8")
    assert project.run("pin").stdout == "meetings/week-02.toml: up to date\n"
    note.write_text(text.replace("우산 챙기기", "장갑 사기"), "utf-8")
    done = project.run("pin", "meetings/week-02.txt")
    assert done.stdout.startswith("meetings/week-02.toml: 1 new\n  w02-task1 is gone from the note")
    for wrong, message in (
        (["pin", "none.txt"], "none.txt: there is no such note in meetings"),
        (["new", "meeting", "--week", "2"], "week 2 has a note already"),
        (["new", "meeting", "--week", "2", "--date", "2031-03-18"], "one of both"),
        (["new", "meeting", "--date", "18.3.2031"], "--date"),
    ):
        done = project.run(*wrong)
        assert done.returncode in (1, 2)
        assert message in done.stderr
        assert "Traceback" not in done.stderr
