"""First names as labels, and what only looks like one; who is linked, ticked, or has a stand-up."""

from __future__ import annotations

import pytest

from studykit.wiki.first_names import is_first_name
from studykit.wiki.read import read_note
from studykit.wiki.records import Note


def read(text: str, file: str = "a.md") -> Note:
    return read_note(text.encode(), file)


@pytest.mark.parametrize(
    "name", ["Robin", "René", "Andrew", "Seungmin", "DongHyun", "Ji-hoon", "Hyun Woo", "Yeonjun"]
)
def test_names_of_many_languages(name: str) -> None:
    assert is_first_name(name)


@pytest.mark.parametrize(
    "word", ["Encoder", "Jira", "Sora", "Data", "Note", "Alice", "robin", "Human", "Mining", "UNet"]
)
def test_words_and_whom_examples_call_so(word: str) -> None:
    assert not is_first_name(word)


FORMS = [
    "- {}: it is small\n",
    "{}: it is small\n\n",
    "- {}\n  - it is small\n",
    "[{}] it is small\n",
]


@pytest.mark.parametrize("form", FORMS)
def test_two_first_names_as_labels_are_people(form: str) -> None:
    names = ("Andrew", "Jihyun")
    note = read("## Updates\n" + "".join(map(form.format, names)))
    assert [turn.speakers for turn in note.opinions] == [(name,) for name in names]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(("Andrew", "Encoder"), id="one name alone"),
        pytest.param(("Server", "Client"), id="words that are names as well"),
        pytest.param(("Mark", "Grace"), id="words that the note has in small letters"),
        pytest.param(("Alice", "Bob"), id="whom examples call so"),
        pytest.param(("Input", "Output"), id="fields"),
    ],
)
def test_labels_that_are_no_people(form: str, labels: tuple[str, str]) -> None:
    note = read(
        "Leave a mark, with grace, on the server; a client calls it.\n\n"
        + "".join(map(form.format, labels))
    )
    assert not note.opinions


@pytest.mark.parametrize("fields", ["어제 한 일/오늘 할 일", "한 일/할 일", "Yesterday/To do"])
@pytest.mark.parametrize("head", ["{}\n", "### {}\n"])
def test_who_stands_over_a_stand_up(head: str, fields: str) -> None:
    did, will = fields.split("/")
    names = ("네모네모", "카카모토비")
    note = read("".join(f"{head.format(name)}- {did}: 지도\n- {will}: 표\n\n" for name in names))
    assert [turn.speakers for turn in note.opinions] == [(name,) for name in names]
    assert [task.owners for task in note.tasks] == [(name,) for name in names]


@pytest.mark.parametrize("heads", [("3월 1일", "3월 2일"), ("회의", "정리"), ("네모네모",)])
def test_other_titles_over_the_same_fields(heads: tuple[str, ...]) -> None:
    note = read("".join(f"### {head}\n- 어제 한 일: 지도\n- 오늘 할 일: 표\n\n" for head in heads))
    assert not note.opinions


TICKED = "- [x] [{}](https://example.org/{}) ({})\n"


def test_ticked_titles_are_talks_of_those_beside_them() -> None:
    names = ("알파", "후니", "알파", "에덴")
    note = read("".join(TICKED.format(f"구름 {at}", at, name) for at, name in enumerate(names)))
    assert [(each.subject, each.presenters, each.status) for each in note.talks] == [
        (f"구름 {at}", (name,), "given") for at, name in enumerate(names)
    ]
    assert not note.tasks


@pytest.mark.parametrize("asides", [("완료", "완료", "진행", "완료"), ("가", "나", "다", "라")])
def test_ticked_links_with_other_asides_are_tasks(asides: tuple[str, ...]) -> None:
    note = read("".join(TICKED.format(f"구름 {at}", at, each) for at, each in enumerate(asides)))
    assert not note.talks
    assert len(note.tasks) == 4


def test_the_tasks_of_a_cell_are_read_one_by_one() -> None:
    text = "| 날짜 | 내용 | 할 일 |\n|---|---|---|\n| 3/14 | 구름 | 1. 지도 그리기<br>2. 표 | \n"
    note = read(text)
    assert [task.text for task in note.tasks] == ["지도 그리기", "표"]
    assert all(text[each.start : each.end] == each.text for each in note.tasks)


@pytest.mark.parametrize("head", ["| 이름 | 한 일 | 할 일 |", "| 팀원 | 날짜 | 할 일 |"])
def test_a_table_of_people_is_read_as_before(head: str) -> None:
    note = read(f"참석자 : 이하늘, 박구름\n\n{head}\n|---|---|---|\n| 이하늘 | 지도 | 표 |\n")
    assert not [task for task in note.tasks if not task.owners]
