"""A question is open until something answers it; a task until it is done; a talk until given."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from studykit.cli import main
from studykit.errors import ConfigError
from studykit.wiki.check import check_paths
from studykit.wiki.front_matter import read_front_matter
from studykit.wiki.generate import read_wiki
from studykit.wiki.handwritten import Handwritten
from studykit.wiki.link import Archive, link_notes
from studykit.wiki.pages import Addition, Page
from studykit.wiki.read import read_note

NOTE = """금일 질문 사항 :
1. 구름은 왜 흰가
2. 안개는 왜 낮은가

하늘 발표 - 다온님

다음 주까지 :
1. 구름 그리기
"""

WRITE_UP = """---
answers: [w01-q2]
talk: w01-talk1
status: {status}
closes: [w01-task1]
---

# 낮은 안개

안개는 **땅에 닿은** $c_t$ <b>구름</b>이다.

둘째 문단.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three weeks of notes, and no page."""
    for week, text in enumerate((NOTE, "라온님 - 비\n", "라온님 - 눈\n"), 1):
        path = tmp_path / f"meetings/week-{week:02}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "docs/talks").mkdir(parents=True)
    return tmp_path


def write_up(project: Path, text: str) -> None:
    (project / "docs/talks/fog.md").write_text(text, "utf-8")


def pages(project: Path, language: str = "ko") -> dict[str, str]:
    wiki = read_wiki(project / "meetings", project / "docs", name="구름", language=language)
    return {
        part.path: part.body if isinstance(part, Page) else part.content
        for part in wiki.pages()
        if isinstance(part, Page | Addition)
    }


# --- on the pages ---------------------------------------------------------------------------------


def test_an_open_question_is_carried_with_its_age(project: Path) -> None:
    made = pages(project)
    assert "답을 기다리는 질문 2" in made["meetings/w03/index.md"]
    assert "2주째" in made["meetings/w03/index.md"]
    assert "1주째" in made["meetings/w02/index.md"]
    assert "구름은 왜 흰가" in made["index.md"]
    assert "답을 기다림" in made["questions/w01-q1.md"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_write_up_and_what_it_answers_link_both_ways(project: Path, language: str) -> None:
    write_up(project, WRITE_UP.format(status="presented"))
    made = pages(project, language)
    question = made["questions/w01-q2.md"]
    assert "../../talks/fog/" in question
    # Its first paragraph: its words and formulas, and nothing that it has as markup.
    assert "안개는 땅에 닿은 " in question
    assert r'<span class="arithmatex">\(c_t\)</span>' in question
    assert "<b>구름" not in question
    assert "둘째 문단" not in question
    added = made["talks/fog.md"]
    assert "../../questions/w01-q2/" in added
    assert "../../meetings/w01/#w01-talk1" in added
    assert "../../meetings/w01/#w01-task1" in added
    assert "w01-q2" not in made["index.md"]
    assert "w01-task1" not in made["index.md"]
    assert "w01-talk1" not in made["index.md"]


@pytest.mark.parametrize(
    ("status", "stage"),
    [("planned", "planned"), ("written", "written"), ("presented", "presented")],
)
def test_a_talk_goes_from_planned_to_presented(project: Path, status: str, stage: str) -> None:
    write_up(project, WRITE_UP.format(status=status))
    archive = read_wiki(project / "meetings", project / "docs", name="구름", language="ko").archive
    (talk,) = archive.talks
    assert archive.stage(talk) == stage
    assert (talk in archive.open_talks) == (stage != "presented")


@pytest.mark.parametrize(
    ("later", "closed"),
    [
        ("답 (w01-q1): 빛을 고르게 흩뜨려서\n", "w01-q1"),
        ("- [x] [w01-task1] 구름 그리기\n", "w01-task1"),
        ("- [ ] [w01-task1] 구름 그리기\n", None),
        ("[w01-q1] 구름은 왜 흰가\n", None),
    ],
)
def test_a_later_note_closes_by_id(project: Path, later: str, closed: str | None) -> None:
    (project / "meetings/week-02.txt").write_text(later, "utf-8")
    archive = read_wiki(project / "meetings", project / "docs", name="구름", language="ko").archive
    still = {each.id for each in (*archive.open_questions, *archive.open_tasks)}
    assert {"w01-q1", "w01-q2", "w01-task1"} - still == ({closed} if closed else set())


def test_no_page_has_all_that_waits(tmp_path: Path) -> None:
    (tmp_path / "meetings").mkdir()
    asked = "".join(f"{number}. {number}번 구름은 왜 흰가\n" for number in range(1, 61))
    for week in range(1, 4):
        text = f"질문 :\n{asked}"
        (tmp_path / f"meetings/week-{week:02}.txt").write_text(text, "utf-8")
    (tmp_path / "docs").mkdir()
    made = pages(tmp_path)
    assert "답을 기다리는 질문 120" in made["meetings/w03/index.md"]
    assert made["index.md"].count("구름은 왜 흰가") <= 5
    carried = made["meetings/w03/index.md"]
    assert carried.count("questions/w01") + carried.count("questions/w02") <= 5


# --- whatever closes whatever ---------------------------------------------------------------------


def archive_of(weeks: int, answers: list[tuple[int, int]], note_answers: list[int]) -> Archive:
    notes = []
    for week in range(1, weeks + 1):
        text = "질문 :\n1. 구름은 왜 흰가\n2. 안개는 왜 낮은가\n\n"
        text += "".join(f"답 (w{of:02}-q1): 흰 구름\n" for of in note_answers if of < week)
        notes.append(read_note(text.encode(), f"week-{week:02}.txt"))
    named = [
        read_front_matter(f"---\nanswers: [w{week:02}-q{number}]\n---\n# 안개\n", "docs/fog.md")
        for week, number in answers
    ]
    written = [Handwritten(f"talks/{at}.md", f"글 {at}", front) for at, front in enumerate(named)]
    return link_notes(notes, pages=written)


@given(
    weeks=st.integers(1, 6),
    answers=st.lists(st.tuples(st.integers(1, 6), st.integers(1, 2)), max_size=6),
    note_answers=st.lists(st.integers(1, 6), max_size=3),
)
def test_a_question_is_open_until_something_answers_it(
    weeks: int, answers: list[tuple[int, int]], note_answers: list[int]
) -> None:
    archive = archive_of(weeks, answers, note_answers)
    expected = {f"w{week:02}-q{number}" for week in range(1, weeks + 1) for number in (1, 2)} - {
        f"w{week:02}-q{number}" for week, number in answers
    }
    expected -= {f"w{week:02}-q1" for week in note_answers if week < weeks}
    assert {question.id for question in archive.open_questions} == expected
    for question in archive.questions:
        assert archive.closed(question) == (question.id not in expected)


# --- ids that name nothing ------------------------------------------------------------------------


def test_a_page_that_answers_nothing_stops_the_build(project: Path) -> None:
    write_up(project, "---\ntitle: 안개\nanswers: [w01-q9]\n---\n# 안개\n")
    with pytest.raises(ConfigError, match="there is no question w01-q9") as raised:
        pages(project)
    error = raised.value
    assert (error.file, error.line, error.column) == ("docs/talks/fog.md", 3, 11)
    assert "w01-q1 or w01-q2" in (error.mend or "") or "w01-q2 or w01-q1" in (error.mend or "")


def test_check_finds_the_same_on_its_line(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    write_up(project, "---\nanswers: [w01-task1]\n---\n# 안개\n")
    (project / "meetings/week-02.txt").write_text("비\n답 (w01-q7): 흰 구름\n", "utf-8")
    found = {
        (each.file, each.line, each.column): (each.code, each.message)
        for each in check_paths([Path("meetings")]).findings
    }
    assert found["docs/talks/fog.md", 2, 11] == (
        "front-matter",
        "w01-task1 is a task, and no question",
    )
    assert found["meetings/week-02.txt", 2, 4] == (
        "unknown-record",
        "there is no question w01-q7",
    )


# --- the command ----------------------------------------------------------------------------------


def status(project: Path) -> str:
    folders = ["--meetings", str(project / "meetings"), "--docs", str(project / "docs")]
    done = CliRunner().invoke(main, ["status", *folders])
    assert done.exit_code == 0, done.output
    return done.output


def test_status_lists_what_is_open_overdue_and_unassigned(project: Path) -> None:
    said = status(project)
    assert "2 open questions, 0 planned talks, 1 open tasks; 1 overdue, 1 unassigned." in said
    (task,) = (line for line in said.splitlines() if "w01-task1" in line)
    assert "overdue, unassigned" in task
    (question,) = (line for line in said.splitlines() if "w01-q1" in line)
    assert "2 weeks" in question


def test_status_says_when_nothing_is_open(project: Path) -> None:
    (project / "meetings/week-01.txt").write_text("라온님 - 비\n", "utf-8")
    assert "Nothing is open." in status(project)
