"""Who was there, who presents, and whose a task is: the ways that people type it."""

from __future__ import annotations

import pytest

from studykit.wiki.evidence import find_people
from studykit.wiki.evidence.crowd import Crowd
from studykit.wiki.lexicon import load_lexicon
from studykit.wiki.lines import split_lines
from studykit.wiki.read import read_note
from studykit.wiki.records import Note
from studykit.wiki.rows import read_rows

HERE = "참석: 가람, 나래, 다온\n\n"


def read(text: str, file: str = "a.md") -> Note:
    return read_note(text.encode(), file)


def people(line: str) -> Crowd:
    return find_people(read_rows(split_lines(line, folded=True), markdown=False), load_lexicon())


@pytest.mark.parametrize(
    ("line", "absent"),
    [
        ("참석 : 가람, 나래 (다온 결석)", ["다온"]),
        ("참석: 가람, 나래, 다온(불참)", ["다온"]),
        ("출석 : 가람(O), 나래(O), 다온(X)", ["다온"]),
        ("출석: 가람 O, 다온 X, 나래 O", ["다온"]),
        ("참석: 가람✅ 나래✅ 다온❌", ["다온"]),
        ("참석: 가람, 나래 외 1명", []),
    ],
)
def test_who_was_there(line: str, absent: list[str]) -> None:
    crowd = people(line)
    assert [name for _, name in crowd.attendees] == ["가람", "나래"]
    assert sorted(crowd.reasons.keys() - {"가람", "나래"}) == absent


@pytest.mark.parametrize(
    ("line", "owners", "due"),
    [
        ("발표자료 초안 @나래 ~9/10", ("나래",), "9/10"),
        ("발표자료 초안 / 나래 / 9월 10일", ("나래",), "9월 10일"),
        ("나래 | 발표자료 초안 | 9/10", ("나래",), "9/10"),
        ("발표자료 초안 담당: 나래 / 기한: 9/10", ("나래",), "9/10"),
        ("발표자료 초안 -> 나래 (다음 주 수요일)", ("나래",), "다음 주 수요일"),
        ("나래가 발표자료 초안 만들기", ("나래",), None),
        ("**나래** 발표자료 초안 만들기", ("나래",), None),
        ("`나래` 발표자료 초안 만들기", ("나래",), None),
        ("나래가 올린 발표자료 고치기", (), None),
        ("나래가 지도 그리기 -> 가람이 글 고치기", (), None),
        ("**초안** 나래와 의논해서 고치기", (), None),
        ("발표자료 초안 / 표 / 그림", (), None),
    ],
)
def test_whose_and_by_when(line: str, owners: tuple[str, ...], due: str | None) -> None:
    (task,) = read(f"{HERE}## 할 일\n- [ ] {line}\n").tasks
    assert task.owners == owners
    assert (task.due and task.due.text) == due


def test_names_and_dashes_right_below_a_label_of_tasks() -> None:
    lines = ["가람 - 지도 정리", "나래 - 사진 고르기", "다온 - 글 준비 (안개)"]
    note = read(HERE + "다음주까지 할 것\n" + "\n".join(lines), "a.txt")
    assert [task.owners for task in note.tasks] == [("가람",), ("나래",), ("다온",)]
    assert not note.opinions


def test_names_and_dashes_that_only_tell_are_turns() -> None:
    note = read(
        HERE + "다음주까지 할 것\n지도 정리\n\n가람 - 구름이 낮다\n나래 - 안개다\n", "a.txt"
    )
    assert [turn.speakers for turn in note.opinions] == [("가람",), ("나래",)]
    assert [task.text for task in note.tasks] == ["지도 정리"]


@pytest.mark.parametrize("file", ["a.txt", "a.md"])
def test_names_alone_over_lines_that_nothing_parts(file: str) -> None:
    note = read(HERE + "가람\n구름이 낮다.\n나래\n안개가 짙다.\n비가 온다.\n다온\n맑다.\n", file)
    assert [(turn.speakers, turn.lines) for turn in note.opinions] == [
        (("가람",), (3, 4)),
        (("나래",), (5, 7)),
        (("다온",), (8, 9)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("@Override\nvoid rain() {\n@Deprecated\nvoid snow() {\n맑다.\n", id="code"),
        pytest.param("K004 이하늘\n지도 제작\nK016 박구름\n지도 제작\n", id="who is what"),
        pytest.param("가람\n나래\n다온\n맑다.\n", id="a list of names"),
    ],
)
def test_names_over_what_nobody_says(text: str) -> None:
    assert not {name for turn in read(HERE + text).opinions for name in turn.speakers} - {"다온"}


def test_a_column_of_presenters() -> None:
    head = "| 날짜 | 발표자 | 주제 |\n|---|---|---|\n"
    note = read(head + "| 4/1 | 가람 | 구름 |\n| 4/8 | 나래 | 안개 |\n| 4/15 | - | 비 |\n")
    assert [talk.presenters for talk in note.talks] == [("가람",), ("나래",)]
    # The column says that it is a name, be it a word; whose talk is still open is nobody's.
    note = read(head + "| 4/1 | 가람 | 구름 |\n| 4/8 | 미정 | 안개 |\n")
    assert [(talk.presenters, talk.subject) for talk in note.talks] == [
        (("가람",), "구름"),
        ((), "안개"),
    ]
    assert not read(head + "| 4/1 | 서버 | 구름 |\n| 4/8 | 화면 | 안개 |\n").talks


def test_a_presenter_who_is_a_label() -> None:
    text = "발제: 가람\n\n1. 구름\n나래: 낮다.\n가람: 높다.\n\n다음 발제: 나래\n"
    assert [turn.speakers for turn in read(text, "a.txt").opinions] == [("나래",), ("가람",)]
    alone = text.replace("발제", "준비")
    assert not read(alone, "a.txt").opinions
