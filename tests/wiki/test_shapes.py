"""The shapes in which groups write: one small invented note each, and what must be read of it."""

from __future__ import annotations

import pytest

from studykit.wiki.read import read_note
from studykit.wiki.records import Note


def read(text: str, file: str = "week-03.txt") -> Note:
    return read_note(text.encode(), file)


def turns(note: Note) -> list[tuple[tuple[str, ...], list[str]]]:
    return [(turn.speakers, [point.text for point in turn.points]) for turn in note.opinions]


HERE = "참석자 : 이가람, 박나래\n\n"


@pytest.mark.parametrize(
    ("text", "file", "expected"),
    [
        pytest.param(
            "- 가람님\n    - 구름\n    - 안개\n",
            "a.md",
            [(("가람",), ["구름", "안개"])],
            id="bullet",
        ),
        pytest.param(
            "## 나눈 말\n**가람님**\n- [구름](b.md)이 좋다\n- 안개\n",
            "a.md",
            [(("가람",), ["[구름](b.md)이 좋다", "안개"])],
            id="bold over a list, below a heading",
        ),
        pytest.param("- 가람님: 구름\n", "a.md", [(("가람",), ["구름"])], id="bullet with a colon"),
        pytest.param(
            HERE + "가람 : 구름\n       그리고 안개\n",
            "a.txt",
            [(("가람",), ["구름\n       그리고 안개"])],
            id="hanging indent",
        ),
        pytest.param(
            HERE + "<이가람>\n구름\n\n<박나래>\n안개\n",
            "a.txt",
            [(("이가람",), ["구름"]), (("박나래",), ["안개"])],
            id="brackets over blocks",
        ),
        pytest.param(
            HERE + "가람 + 나래 = 구름\n",
            "a.txt",
            [(("가람", "나래"), ["구름"])],
            id="two who agree",
        ),
        pytest.param(
            HERE + "가람 & 나래: 구름\n", "a.txt", [(("가람", "나래"), ["구름"])], id="and"
        ),
        pytest.param(HERE + "- 가람:\n", "a.txt", [(("가람",), [])], id="empty turn"),
        pytest.param(
            HERE + "| 이름 | 의견 |\n|---|---|\n| 가람 | 구름 |\n",
            "a.md",
            [(("가람",), ["구름"])],
            id="table",
        ),
        pytest.param("**가람님**: 구름\n", "a.md", [(("가람",), ["구름"])], id="bold"),
        pytest.param("@garam: 구름\n", "a.txt", [(("garam",), ["구름"])], id="handle"),
        pytest.param(
            "Robin: clouds\nSky: fog\nRobin: rain\nSky: snow\nRobin: hail\n",
            "a.txt",
            [
                ((name,), [said])
                for name, said in zip(
                    ["Robin", "Sky", "Robin", "Sky", "Robin"],
                    ["clouds", "fog", "rain", "snow", "hail"],
                    strict=True,
                )
            ],
            id="labels that come again",
        ),
        pytest.param(
            "주제 : 구름\n목표 : 안개\n주제 : 비\n목표 : 눈\n", "a.txt", [], id="no people"
        ),
        pytest.param("멘토님 - 사진은 많을수록 좋다\n", "a.txt", [], id="a role"),
        pytest.param("전원 : 구름 보기\n", "a.txt", [], id="everybody is nobody"),
        pytest.param("**가람님**: 구름\n", "a.txt", [], id="no Markdown in a .txt"),
    ],
)
def test_turns(text: str, file: str, expected: list[tuple[tuple[str, ...], list[str]]]) -> None:
    assert turns(read(text, file)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("질문 :\n1. 구름은 왜 흰가\n2. 안개는\n", [("구름은 왜 흰가", 1, ()), ("안개는", 2, ())]),
        (
            "질문사항\n구름은 왜 흰지 궁금합니다.\n좋은 날이었다.\n",
            [("구름은 왜 흰지 궁금합니다.", None, ())],
        ),
        ("Q. 구름은 왜 흰가\nA. 물이라서\n", [("구름은 왜 흰가", None, ())]),
        ("Q1) 구름은 왜 흰가\n", [("구름은 왜 흰가", 1, ())]),
        ("1. 가람님 질문 : 구름은 왜 흰가\n", [("구름은 왜 흰가", 1, ("가람",))]),
        ("과제 질문 by 가람님: 구름은 왜 흰가\n", [("구름은 왜 흰가", None, ("가람",))]),
        ("질문 by 나래 : 구름은 왜 흰지\n", [("구름은 왜 흰지", None, ("나래",))]),
        ("오늘의 질문 : 구름은 왜 흰가\n", [("구름은 왜 흰가", None, ())]),
        ("질문\n이가람\nQ1. 구름은 왜 흰가\n", [("구름은 왜 흰가", 1, ())]),
        ("질문\n1. *구름*은 왜 흰가\n", [("*구름*은 왜 흰가", 1, ())]),
        ("가람님 - 구름은 왜 흰가?\n", []),
        ("지난 질문 :\n- [w01-q2] 구름은 왜 흰가\n", []),
    ],
)
def test_questions(text: str, expected: list[tuple[str, int | None, tuple[str, ...]]]) -> None:
    found = read(text).questions
    assert [(each.text, each.number, each.askers) for each in found] == expected


def test_an_answer_knows_its_question() -> None:
    note = read("질문 :\n1. 구름은 왜 흰가\n   -> 물이라서\n2. 안개는 왜 낮은가\n답 : 무거워서\n")
    assert [each.text for each in note.questions] == ["구름은 왜 흰가", "안개는 왜 낮은가"]
    assert [(each.text, each.question) for each in note.answers] == [
        ("물이라서", "w03-q1"),
        ("무거워서", "w03-q2"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("결정 사항:\n- 안개부터 보자\n", ["안개부터 보자"]),
        ("결정: 안개부터 본다\n", ["안개부터 본다"]),
        ("사진을 모으기로 함\n", ["사진을 모으기로 함"]),
        ("가람님 - 사진 이야기\n  - 모으기로 결정\n", ["모으기로 결정"]),
        ("에 대해 -> 깃헙으로 관리하는 건 어떨까\n", []),
        ("다음 모임에서 논의 후 결정\n", []),
        ("주제 결정\n", []),
        ("次回までに集めることに決定\n", ["次回までに集めることに決定"]),
        ("RESOLUTION: collect clouds\n", ["collect clouds"]),
    ],
)
def test_decisions(text: str, expected: list[str]) -> None:
    assert [each.text for each in read(text).decisions] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("다음 주까지\n- 구름 사진\n", [("구름 사진", (), "다음 주", None)]),
        ("금요일까지 :\n1. 구름 사진\n", [("구름 사진", (), "금요일", None)]),
        ("- [ ] 구름 사진\n[x] 안개\n", [("구름 사진", (), None, False), ("안개", (), None, True)]),
        (HERE + "할 일\n- 가람 : 구름 사진\n", [("가람 : 구름 사진", ("가람",), None, None)]),
        (HERE + "할 일\n- 구름 사진 (가람)\n", [("구름 사진 (가람)", ("가람",), None, None)]),
        (HERE + "할 일\n- 구름 사진 / 나래\n", [("구름 사진 / 나래", ("나래",), None, None)]),
        (HERE + "할 일(가람, ~3/14): 구름\n", [("구름", ("가람",), "3/14", None)]),
        ("할 일(다온, ~3/14): 구름\n", [("구름", ("다온",), "3/14", None)]),
        ("할 일(필수, ~3/14): 구름\n", [("구름", (), "3/14", None)]),
        ("할 일(오늘): 구름\n", [("구름", (), "오늘", None)]),
        (
            "업무 분담\n- 이가람 : 구름\n- 박나래 : 비\n",
            [("이가람 : 구름", ("이가람",), None, None), ("박나래 : 비", ("박나래",), None, None)],
        ),
        ("역할 분담\n- 이가람 : 구름\n- 박나래 : 비\n", []),
        (
            "역할 분담\n- 이가람 : 구름 그리기\n- 박나래 : 비\n",
            [
                ("이가람 : 구름 그리기", ("이가람",), None, None),
                ("박나래 : 비", ("박나래",), None, None),
            ],
        ),
        ("ACTION: collect clouds\n", [("collect clouds", (), None, None)]),
    ],
)
def test_tasks(
    text: str, expected: list[tuple[str, tuple[str, ...], str | None, bool | None]]
) -> None:
    found = read(text).tasks
    assert [(t.text, t.owners, t.due.text if t.due else None, t.done) for t in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HERE + "안개 발표 (가람)\n", [("안개", ("가람",))]),
        ("1. 안개 (발표자: 라온)\n", [("안개", ("라온",))]),
        ("- 과제 1 (안개, 발표자 : 라온)\n", [("과제 1", ("라온",))]),
        (HERE + "발표 순서\n- 안개 : 이가람, 박나래\n", [("안개", ("이가람", "박나래"))]),
        (
            HERE + "각자 정리해서 발표하기\n안개 : 이가람\n구름 : 박나래\n",
            [("안개", ("이가람",)), ("구름", ("박나래",))],
        ),
        ("논문 리뷰: 안개 by 가람님\n", [("논문 리뷰: 안개", ("가람",))]),
        (HERE + "발표(가람, 나래): 안개\n", [("안개", ("가람", "나래"))]),
        ("발표(현수, 인서): 안개\n", [("안개", ("현수", "인서"))]),
        ("논문 발표\n\n안개 : 이가람, 박나래\n", [("안개", ("이가람", "박나래"))]),
        ("안개 발표 (온라인)\n", []),
        ("발표(30분): 안개\n", []),
        ("발표(자료, 구현): 안개\n", []),
    ],
)
def test_talks(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(each.subject, each.presenters) for each in read(text).talks] == expected


@pytest.mark.parametrize(
    ("text", "file", "expected"),
    [
        ("- [안개](https://x.org/a)\n", "a.md", [("안개", "https://x.org/a")]),
        ("안개 (사진: https://x.org/a) 참고\n", "a.txt", [("사진", "https://x.org/a")]),
        ("<https://x.org/a>\n", "a.txt", [(None, "https://x.org/a")]),
        ("![안개](https://x.org/a.png)\n", "a.md", []),
        ("[안개](https://x.org/a_(b)) 와 비\n", "a.md", [("안개", "https://x.org/a_(b)")]),
    ],
)
def test_links(text: str, file: str, expected: list[tuple[str | None, str]]) -> None:
    assert [(each.title, each.url) for each in read(text, file).links] == expected


@pytest.mark.parametrize(
    ("first", "date"),
    [
        ("2031-03-04", "2031-03-04"),
        ("2031.03.04 (화)", "2031-03-04"),
        ("31년 3월 4일", "2031-03-04"),
        ("’31. 3. 4.(화)", "2031-03-04"),
        ("20310304 회의", "2031-03-04"),
        ("3/4/2031[TUE]", "2031-03-04"),
        ("4/3/2031 (Tue)", "2031-03-04"),
        ("3/14/2031", "2031-03-14"),
        ("14/3/2031", "2031-03-14"),
        ("04/03/2031", None),
        ("10/11/21", None),
        ("112/3/2031", None),
        ("서버 회의 192.168.10.12", None),
        ("회의 v3.12.10.1", None),
        ("일시 : 2031.03.04 21시", "2031-03-04"),
        ("3/4 회의록", None),
        ("2031-13-04", None),
        ("구름은 2031-03-04에 찍었다", None),
    ],
)
def test_a_date_is_the_sessions_where_a_heading_stands(first: str, date: str | None) -> None:
    assert read(first + "\n\n구름\n").meetings[0].date == date


@pytest.mark.parametrize(
    ("first", "week"),
    [
        ("# 5주차 회의", 5),
        ("# 구름 스터디 5주차 (3/4)", 5),
        ("구름 스터디 5주차", 5),
        ("5주차", 5),
        ("Week 5", 5),
        ("제5주차 회의록", 5),
        ("# 구름 스터디\n## 5주차", 5),
        ("# 5주차까지 할 일", None),
        ("# 다음 5주차 준비", None),
        ("# 5주차~6주차", None),
        ("# 1-3주차 정리", None),
        ("- 5주차", None),
        ("가람님 - 5주차", None),
        ("5주차에 구름을 찍었다", None),
        ("구름\n\n5주차", None),
    ],
)
def test_a_week_is_the_meetings_where_its_title_states_it(first: str, week: int | None) -> None:
    (meeting,) = read(first + "\n\n구름\n", "log.md").meetings
    assert (meeting.week, meeting.id) == (week, f"w{week:02d}" if week else "n-log")


def test_a_name_of_the_file_comes_before_its_title() -> None:
    assert read("# 5주차\n", "week-03.md").meetings[0].week == 3
    dated = read("# 5주차\n", "2031-03-04.md").meetings[0]
    assert (dated.id, dated.week, dated.date) == ("d20310304", 5, "2031-03-04")


@pytest.mark.parametrize(
    ("text", "file", "expected"),
    [
        ("# 2031-03-04\n구름\n# 2031-03-11\n비\n", "log.md", ["d20310304", "d20310311"]),
        ("# 일지\n\n## 3주차\n구름\n\n## 4주차\n비\n", "log.md", ["w03", "w04"]),
        ("3/4 회의록\n구름\n\n3/11 회의록\n비\n", "log.txt", ["n-log-0304", "n-log-0311"]),
        ("1회\n일시 : 2031.03.04\n구름\n\n2회\n일시 : 2031.03.11\n", "log.txt", 2),
        ("# 구름\n## 2031-03-04\n# 비\n## 2031-03-11\n", "week-03.md", ["w03"]),  # not outermost
        ("1.1 구름\n\n1.2 비\n", "week-03.txt", ["w03"]),
        ("3/4\n- 안개 발표\n3/11\n- 구름 발표\n", "week-03.txt", ["w03"]),  # a schedule
    ],
)
def test_meetings_in_one_file(text: str, file: str, expected: list[str] | int) -> None:
    note = read(text, file)
    ids = [meeting.id for meeting in note.meetings]
    assert (len(ids) if isinstance(expected, int) else ids) == expected
    assert "".join(text[m.start : m.end] for m in note.meetings) == text


def test_a_meeting_has_its_own_records() -> None:
    note = read("# 2031-03-04\n질문\n- 왜?\n# 2031-03-11\n- 어떻게?\n질문\n- 언제?\n", "log.md")
    assert [(each.id, each.text) for each in note.questions] == [
        ("d20310304-q1", "왜?"),
        ("d20310311-q1", "언제?"),
    ]
    one, two = note.by_meeting()
    assert (len(one.questions), len(two.questions)) == (1, 1)
    assert one.blocks + two.blocks == note.blocks


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("참석자 : 이가람, 박나래\n", ("이가람", "박나래")),
        ("참가자: 가람님 나래님\n", ("가람", "나래")),
        ("Attending:\n-Robin\n-Sky\n", ("Robin", "Sky")),
        ("참석자\n이가람\n박나래\n김하늘\n\n이가람 : 구름\n", ("이가람", "박나래", "김하늘")),
        ("| 참석자 | 이가람, 박나래 |\n", ("이가람", "박나래")),
        ("참석자 : 전원\n", ()),
        ("불참 : 이가람\n", ()),
    ],
)
def test_attendees(text: str, names: tuple[str, ...]) -> None:
    file = "a.md" if text.startswith("|") else "a.txt"
    assert read(text, file).meetings[0].attendees == names
