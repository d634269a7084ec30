"""What a turn says itself that it is, and what each of a list is going to do."""

from __future__ import annotations

import pytest

from studykit.wiki.read import read_note
from studykit.wiki.records import Note, Record
from studykit.wiki.rows import read_rows

HERE = "참석자 : 이하늘, 박구름, 최나래\n\n"

# --- explicit marks win, wherever they stand ------------------------------------------------------


def read(text: str, file: str = "a.md") -> Note:
    return read_note(text.encode(), file)


def texts(records: tuple[Record, ...]) -> list[str]:
    return [record.text for record in records]


TURNS = {
    "a name over a list": "- 하늘님\n  - {mark}\n  - 좋았다\n",
    "a heading": "### 하늘님\n- {mark}\n- 좋았다\n",
    "a heading over text": "### 하늘님\n{mark}\n\n좋았다\n",
    "its first line": "하늘님 - {mark}\n",
    "an item's first line": "- 하늘: {mark}\n- 구름: 좋았다\n",
    "a line below": "하늘님 - 좋았다\n  - {mark}\n",
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
@pytest.mark.parametrize(
    ("mark", "kind", "said"),
    [
        ("결정: 지도는 코드로 그린다", "decisions", "지도는 코드로 그린다"),
        ("**결정:** 지도는 코드로 그린다", "decisions", "지도는 코드로 그린다"),
        ("Decision: draw it by code", "decisions", "draw it by code"),
        ("Q: 안개는 왜 짙은가", "questions", "안개는 왜 짙은가"),
        ("질문: 안개는 왜 짙은가", "questions", "안개는 왜 짙은가"),
        ("할 일(구름, ~3/14): 표 만들기", "tasks", "표 만들기"),
        # A made-up line of a note, whose mark is what is read.
        ("TODO: 표 만들기", "tasks", "표 만들기"),
        ("발표(구름): 구름의 종류", "talks", "구름의 종류"),
    ],
)
def test_an_explicit_mark_wins_in_a_turn(turn: str, mark: str, kind: str, said: str) -> None:
    note = read(HERE + turn.format(mark=mark))
    assert texts(getattr(note, kind)) == [said]
    assert sum(len(each) for each in (note.decisions, note.questions, note.tasks, note.talks)) == 1
    assert any("하늘" in turn.speakers for turn in note.opinions) or kind == "tasks"
    assert not [doubt for doubt in note.doubts if doubt.code == "question-outside"]


def test_who_speaks_asks_and_is_to_do_it_unless_the_mark_names_another() -> None:
    turn = (
        "- 하늘님\n  - Q: 왜 짙은가?\n  - Q(구름): 왜 흰가?\n  - 할 일: 표\n  - 할 일(구름): 글\n"
    )
    note = read(HERE + turn)
    assert [each.askers for each in note.questions] == [("하늘",), ("구름",)]
    assert [each.owners for each in note.tasks] == [("하늘",), ("구름",)]


def test_an_answer_in_a_turn_is_to_the_question_above() -> None:
    note = read(HERE + "Q1. 안개는 왜 짙은가?\n\n하늘님\n- 답: 물방울이 많아서\n")
    assert [each.question for each in note.answers] == [note.questions[0].id]
    apart = read(HERE + "- 하늘님\n  - Q: 왜 짙은가?\n    - A: 물방울이 많아서\n  - 좋았다\n")
    assert texts(apart.questions) == ["왜 짙은가?"]
    assert [each.question for each in apart.answers] == [apart.questions[0].id]


def test_a_list_of_questions_below_somebody_s_heading() -> None:
    asked = "".join(
        f"# {name}\n1. {thing} 왜 짙은가요?\n2. {thing} 어떻게 그리나요?\n\n"
        for name, thing in (("이하늘", "안개는"), ("박구름", "구름은"), ("최나래", "서리는"))
    )
    note = read(asked)
    assert [each.askers for each in note.questions] == [
        (name,) for name in ("이하늘", "박구름", "최나래") for _ in range(2)
    ]


def test_a_heading_s_turn_ends_where_another_speaks() -> None:
    note = read(HERE + "### 하늘님\n- 좋았다\n\n구름님 - 나빴다\n")
    assert [(turn.speakers, turn.lines) for turn in note.opinions] == [
        (("하늘",), (3, 4)),
        (("구름",), (6, 6)),
    ]


def test_what_was_bold_is_so_in_its_point() -> None:
    turns = read(HERE + "- 하늘님\n  - **지도**: 작다\n  - **크다**\n").opinions
    assert [point.text for point in turns[0].points] == ["**지도**: 작다", "크다"]


# --- links to one's own page ----------------------------------------------------------------------

PAGE = "[{at}{name}](https://github.com/{name})"


@pytest.mark.parametrize(("at", "times"), [("", 2), ("@", 1)])
@pytest.mark.parametrize(
    "form", ["### {}\n- 지도가 작다\n\n", "- **{}:** 지도가 작다\n", "{} : 좋다\n\n"]
)
def test_a_link_to_one_s_page_is_a_name(at: str, times: int, form: str) -> None:
    names = ("sky-1", "cloudy") * times
    note = read("".join(form.format(PAGE.format(at=at, name=name)) for name in names))
    assert [turn.speakers for turn in note.opinions] == [(name,) for name in names]
    assert [link.url for link in note.links] == [f"https://github.com/{name}" for name in names]


def test_links_that_stand_once_may_be_projects() -> None:
    pages = (PAGE.format(at="", name=name) for name in ("cloudlib", "fog-rs", "rain"))
    assert not read("".join(f"- {page}: 구름을 그린다\n" for page in pages)).opinions


def test_one_link_alone_may_be_a_project_s() -> None:
    page = PAGE.format(at="", name="cloudlib")
    assert not read(f"- {page}: 구름을 그린다\n- 지도: 작다\n").opinions


def test_a_row_without_its_link_keeps_the_places() -> None:
    from studykit.wiki.lines import split_lines

    line = f"- **{PAGE.format(at='@', name='sky')}:** 좋다\n"
    row = read_rows(split_lines(line), markdown=True)[0]
    assert row.words == "@sky: 좋다"
    # The name begins with the bracket before it, so that a link is never cut in two.
    assert "".join(line[row.at(index)] for index in range(len(row.words))) == "[sky: 좋다"


# --- what each of several is going to do ----------------------------------------------------------

WORK = ("지도 화면", "사진 열 장", "표 (~3/14)")
NAMES = ("하늘", "구름", "나래")


def listed(title: str, work: tuple[str, ...] = WORK, item: str = "- {} : {}\n") -> str:
    items = "".join(item.format(name, each) for name, each in zip(NAMES, work, strict=True))
    return f"{HERE}{title}\n{items}"


@pytest.mark.parametrize(
    "title",
    [
        "## 금주 작업 예정사항 공유",
        "## 우리의 한 달 뒤 목표",
        "## 주간 목표 및 달성률 (3/1 ~ 3/7)",
        "4 다음 미팅",
        "3/14까지 각자",
        "### 방학 계획",
        "## Plans for next week",
    ],
)
def test_a_title_that_looks_ahead_makes_tasks_of_its_list(title: str) -> None:
    note = read(listed(title))
    assert not note.opinions
    assert [(each.owners, each.text) for each in note.tasks] == [
        ((name,), note.text[each.start : each.end])
        for name, each in zip(NAMES, note.tasks, strict=True)
    ]


def test_an_item_over_the_list_is_its_title_as_well() -> None:
    items = listed("- 금주 작업 예정사항 공유", item="  - {} : {}\n")
    assert len(read(items).tasks) == 3


@pytest.mark.parametrize(
    ("title", "work"),
    [
        pytest.param("## 지난 주 목표", WORK, id="past"),
        pytest.param("## 구성원 및 계획", WORK, id="more than plans"),
        pytest.param("## 진행 상황", WORK, id="no plan"),
        pytest.param("## 다음 미팅", ("수요일이 좋아요", "저도요", "언제나 좋다"), id="said"),
        pytest.param("## 금주 목표", ("지도를 그렸음", "사진을 모았다", "표 완성했다"), id="done"),
    ],
)
def test_what_was_or_is_said_is_no_task(title: str, work: tuple[str, ...]) -> None:
    note = read(listed(title, work))
    assert not note.tasks
    assert [turn.speakers for turn in note.opinions] == [(name,) for name in NAMES]


def test_who_has_nothing_to_do_has_no_task() -> None:
    note = read(listed("## 금주 목표", ("지도 화면", "없음", "")))
    assert [each.owners for each in note.tasks] == [("하늘",)]
    assert not note.opinions


def test_the_questions_of_a_form_are_none_of_the_group() -> None:
    form = (
        "1. What have I drawn since last time?\n  - fog\n2. What do I plan to do until next time?\n"
    )
    asked = "".join(f"###### {name}\n{form}  - dew\n\n" for name in ("ROBIN", "PATRICK", "GRACE"))
    note = read(asked)
    assert not note.questions
    assert [each.owners for each in note.tasks] == [("ROBIN",), ("PATRICK",), ("GRACE",)]
