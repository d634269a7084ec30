"""What only looks like a decision, task, talk, question or date of the shapes, and is none."""

from __future__ import annotations

import pytest

from studykit.wiki.read import read_note
from studykit.wiki.records import Note

HERE = "참석자 : 이가람, 박나래, Robin Field\n\n"


def read(text: str, file: str = "week-03.md") -> Note:
    return read_note(text.encode(), file)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("## 안건\n- 발표 일정 확정\n", id="a matter to settle"),
        pytest.param("→検討\n", id="still to be looked at"),
        pytest.param("-> 채택 어떨까\n", id="proposed"),
        pytest.param("사진은 추후 정하기로 하고 넘어감\n", id="put off"),
        pytest.param("## 결정할 사항\n- 요일\n", id="to be settled"),
        pytest.param("## 미결정 사항\n- 요일\n", id="not settled"),
        pytest.param("| 안건 | 결정 사항 |\n|---|---|\n| 요일 | - |\n", id="an empty cell"),
        pytest.param("확정\n", id="the verb alone"),
        pytest.param("## 문제점\n- 둘 곳 부족 → 폐기\n", id="what happens"),
        pytest.param("## 논의 및 결정 사항\n- 안개 이야기\n", id="beside what was said"),
        pytest.param("## Discussion & Decisions\n- talked about fog\n", id="beside a discussion"),
        pytest.param("## 議論と決定事項\n- 霧の話\n", id="beside a discussion, in Japanese"),
        pytest.param("- 추후에 장소를 정하기로 함\n", id="settled later"),
        pytest.param("## 결정 및 할 일\n- 언덕\n", id="either of two"),
        pytest.param("- 등록을 하기로 하면 비용이 든다\n", id="a condition"),
        pytest.param("**결정 사항**\n\n안개가 짙었다.\n", id="a paragraph that tells"),
        pytest.param("## 결론\n- 구름은 물방울이다.\n", id="what follows from a book"),
        pytest.param("결론 : 구름은 물방울이다\n", id="what follows, on one line"),
        pytest.param("- 지도로 보는 경로 결정\n", id="a road"),
        pytest.param("- 수명이 0이 되면 폐기\n", id="what happens then"),
        pytest.param("**나눈 말**\n\n3번 지도 제외.\n", id="a noun below no label of decisions"),
    ],
)
def test_nothing_is_settled(text: str) -> None:
    assert not read(text).decisions


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        pytest.param("- 사진 모으기 (담당: 가람, 나래)\n", [("가람", "나래")], id="two in charge"),
        pytest.param("- 사진 모으기 (담당자 : 가람)\n", [("가람",)], id="another word"),
        pytest.param("- 사진 모으기 (담당: 미정)\n", [], id="nobody yet"),
        pytest.param("- 사진 모음 (참고: 가람)\n", [], id="not in charge"),
        pytest.param("- Robin will draw the map\n", [("Robin",)], id="will"),
        pytest.param("- Robin will be late\n", [], id="will be"),
        pytest.param("- Gravity will pull it down\n", [], id="not a person"),
        pytest.param("## 안건\n- 사진 정하기\n", [], id="a matter to talk about"),
        pytest.param("## 할 일\n- 안개   구름\n", [()], id="a word apart"),
        pytest.param("## 할 일\n- 가람이 준 사진 고르기\n", [()], id="whose picture it is"),
        pytest.param("## 할 일\n- 언덕에 나래\n", [()], id="one blank is not apart"),
        pytest.param("## Action items\n- Meeting confirmed\n", [], id="news"),
        pytest.param("## 오늘 업무\n- 지도 완료\n- 사진을 골랐음\n", [], id="done today"),
        pytest.param("## 할 일\n- 가람 -> 지도\n", [("가람",)], id="an arrow behind a name"),
        pytest.param("## 공지 및 과제\n- 3/14 쉼\n", [], id="a notice"),
        pytest.param("## 다음 주 계획\n### 가람\n- 지도\n", [("가람",)], id="a plan, below a name"),
        pytest.param("## 다음 모임\n### 가람\n- 지도\n", [], id="no plan, below a name"),
        pytest.param("Action: Robin draw the map\n", [("Robin",)], id="a bare verb"),
        pytest.param("Action: Robin asked for maps\n", [()], id="what somebody did"),
        pytest.param("- 매주 일요일까지 모으기\n", [], id="a rule"),
        pytest.param("## 다음 일정\n- 3/7까지 지도 완료\n", [()], id="to be done by then"),
        pytest.param("## 한 일\n- 3/7까지 지도 완료\n", [], id="done by then"),
        pytest.param("## 회의 내용 및 할 일\n- 안개 이야기\n", [], id="beside what was said"),
        pytest.param("## 할 일\n비가 올 것\n안개가 있을 것\n", [(), ()], id="short lines"),
        pytest.param("- 힘들기 때문에 다시 해야 할 것\n", [], id="a reason"),
        pytest.param("## 完了したタスク\n- 表\n", [], id="what was done"),
        pytest.param("## 다음 일정\n→ 목요일까지 비가 왔다\n", [], id="what was, behind an arrow"),
        pytest.param("- 지도를 다 그린 뒤에 이야기할 것\n", [], id="to be talked about"),
        pytest.param("## 기록할 것\n- 비가 왔다\n", [], id="to be noted"),
        pytest.param("- 금요일까지 비가 올 수도 있음\n", [], id="what may be by then"),
        pytest.param("구역 분배 : 둘이 하나씩\n", [], id="how it is parted"),
        pytest.param("## 진행 방식\n- 미리 말할 것\n", [], id="a rule of the group"),
        pytest.param("## 나눈 말\n- 미리 말할 것\n", [()], id="no rule of the group"),
        pytest.param("ACTION: none. Open until fog\n", [], id="none, and more about it"),
        pytest.param("3/4 ~ 3/10\n- 가람 : 지도\n", [], id="a period, and no timetable"),
        pytest.param("일정표\n3/4 ~ 3/10\n- 가람 : 지도\n", [("가람",)], id="a timetable"),
        pytest.param("일정표\n3/4 ~ 3/10\n- 언덕 : 지도\n", [], id="a timetable of places"),
    ],
)
def test_owners_behind_a_task(text: str, owners: list[tuple[str, ...]]) -> None:
    assert [task.owners for task in read(HERE + text).tasks] == owners


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- 사진 모으기 (담당자: 가람)\n", id="in charge of a task"),
        pytest.param("이번 발표는 구름이다\n", id="about the talk"),
        pytest.param("구름이 발표 예정\n", id="no person"),
        pytest.param("## 다음 발표\n- 무지개 (미정)\n", id="nobody yet"),
        pytest.param("### 1주차\n- 강의자 : 미정\n", id="no teacher yet"),
        pytest.param("- Speaker: TBD\n", id="no speaker yet"),
        pytest.param("- 10:00 Lunch (Main Hall - 60 min)\n", id="a break, and where"),
        pytest.param("- 10:00 Panel (30 min)\n", id="how long, and not who"),
        pytest.param("- 10:00 Fog (Ann Hill)\n", id="a name in brackets, and nothing beside"),
        pytest.param("- Fog (Ann Hill - 20 min)\n  - Cancelled\n", id="cancelled"),
    ],
)
def test_nobody_presents(text: str) -> None:
    assert not [talk.presenters for talk in read(HERE + text).talks if talk.presenters]


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        pytest.param("## 질문\n### 가람\n- 왜 흰가\n", [("가람",)], id="below a name"),
        pytest.param("## 질문\n## 가람\n- 왜 흰가\n", [], id="a name of the same rank"),
        pytest.param("## 질문\n### 언덕\n- 왜 흰가\n", [()], id="below a word"),
        pytest.param("## 질문\n### 왜 흰가?\n- 물방울\n", [()], id="a heading that asks"),
        pytest.param("## 질문\n### 구름\n- 왜 흰가\n", [()], id="a heading that does not"),
        pytest.param("## 나눈 이야기\n### 왜 흰가?\n- 물방울\n", [], id="elsewhere"),
        pytest.param("## 질의응답\n- 가람 : 더 찍고 싶습니다.\n", [], id="said, not asked"),
        pytest.param("## Questions answered\n- rain\n", [], id="answered"),
        pytest.param("## Questions we have\n- rain\n", [()], id="open"),
        pytest.param("## 질문\n- 왜?\n## https://x.org\n구름\n", [()], id="a link in large"),
        pytest.param("- 나래님께 질문 → 왜?\n", [()], id="to somebody"),
        pytest.param("- 나래님께 질문 → 나중에\n", [], id="to somebody, later"),
        pytest.param(
            "진행 상황\n타 부서 질의응답\n다음 장소 정하기\n", [], id="one of several matters"
        ),
    ],
)
def test_whose_questions(text: str, questions: list[tuple[str, ...]]) -> None:
    assert [question.askers for question in read(HERE + text).questions] == questions


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        pytest.param(
            "| 이름 | 태그 | 할 일 |\n|---|---|---|\n| 가람 | 사진 | 고르기 |\n", 1, id="tags"
        ),
        pytest.param(
            "| 이름 | 의견 | 할 일 |\n|---|---|---|\n| 가람 | 좋다 | 고르기 |\n", 0, id="said"
        ),
        pytest.param("## 할 일\n| 항목 | 담당 |\n|---|---|\n| 지도 | 가람 |\n", 1, id="items"),
        pytest.param("## 구름\n| 항목 | 담당 |\n|---|---|\n| 지도 | 가람 |\n", 0, id="elsewhere"),
        pytest.param("| 이름 | 태그 |\n|---|---|\n| 가람 | 사진 |\n", 0, id="no tasks"),
    ],
)
def test_tables_of_tasks(text: str, tasks: int) -> None:
    assert len(read(HERE + text).tasks) == tasks


def test_a_table_of_tasks_has_nobody_who_speaks() -> None:
    note = read(HERE + "| 담당 | 할 일 |\n|---|---|\n| 가람 | - |\n")
    assert not note.tasks
    assert not note.opinions


@pytest.mark.parametrize(
    ("text", "presenters"),
    [
        ("| 발표자 | 주제 |\n|---|---|\n| 이가람 | 구름 |\n", [("이가람",)]),
        ("| 발표자 | 주제 |\n|---|---|\n| 미정 | 구름 |\n", [()]),  # to come, and nobody invented
        ("| 발표자 | 시간 |\n|---|---|\n| 이가람 | 7시 |\n", []),
        ("| 이름 | 주제 |\n|---|---|\n| 이가람 | 구름 |\n", []),
        ("발제 : 이가람\n", [("이가람",)]),
        ("발표 : 구름\n", []),
        ("## 다음 발표\n- 3/11 박나래 - 안개\n", [("박나래",)]),
        ("## 다음 발표\n- 3/11 무지개 - 안개\n", []),
    ],
)
def test_tables_of_talks(text: str, presenters: list[tuple[str, ...]]) -> None:
    assert [talk.presenters for talk in read(text).talks] == presenters


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("March 4, 2031\n", "2031-03-04"),
        ("4th of March 2031\n", "2031-03-04"),
        ("# Study meeting (Sept. 3, 2031)\n", "2031-09-03"),
        ("---\ndate: 2031-03-04\n---\n구름\n", "2031-03-04"),
        ("# 구름 세미나 2031/03/04\n", "2031-03-04"),
        ("작성일자 : 2031. 03. 04\n", "2031-03-04"),
        ("일시 : ('31.03.04) 20:00 ~ 21:00\n", "2031-03-04"),
        ("日時：2031年3月4日 19:00\n", "2031-03-04"),
        ("일시:2031.03.04\n", "2031-03-04"),
        ("마감:2031.03.04\n", None),
        ("March 4\n", None),
        ("| 일시 | 2031.03.04(화) |\n|---|---|\n", "2031-03-04"),
        ("| 마감 | 2031.03.04 |\n|---|---|\n", None),
        ("구름\n\n다음 모임\n - 일시 : 2031.03.04\n", None),
        ("일시 : 2031.03.04~06\n", None),
        ("일시 : 2031.03.04 ~ 21:00\n", "2031-03-04"),
        ("제출일 : 2031-03-04\n", None),
        ("마감일자 : 2031-03-04\n", None),
        ("구름\n\n모임은 2031-03-04\n", None),
        ("# 마감 2031-03-04\n", None),
        ("---\nexpires: 2031-03-04\n---\n구름\n", None),
        ("February 30, 2031\n", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert read(text, "a.md").meetings[0].date == date


def test_who_is_told_of_it_in_public_is_not_to_do_it() -> None:
    (task,) = read("- [ ] Tell the world? #CloudClub @robin\n").tasks
    assert task.owners == ()


def test_what_all_have_to_do_is_nobodys() -> None:
    (task,) = read("## 다음 주까지 과제\n- **공통과제** : 지도 그리기\n").tasks
    assert task.owners == ()


def test_weeks_below_a_schedule_are_no_meetings() -> None:
    weeks = "### 1주차\n가람 - 구름\n\n### 2주차\n나래 - 안개\n"
    assert len(read(f"# 읽기\n\n## 일정\n{weeks}").meetings) == 1
    assert len(read(f"# 읽기\n\n## 회의록\n{weeks}").meetings) == 2


def test_the_next_meetings_matters_are_no_tasks() -> None:
    assert not read("- 다음 회의\n  - 구름 사진 정리\n").tasks


def test_a_line_of_the_contents_is_no_task() -> None:
    assert not read("## 할 일\n- [구름 보기](#구름-보기)\n").tasks


def test_what_has_to_be_settled_is_not() -> None:
    assert not read("- 알려주시기로 했으나 늦어져서 확정해야 한다고 생각함\n").decisions


def test_remarks_below_the_label_of_tasks_are_none() -> None:
    note = read("## 과제\n- 참고 사항\n  - 지도는 크다\n- 검토 사항\n  - 지도의 크기\n")
    assert [task.text for task in note.tasks] == ["지도의 크기"]


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("- 가람님께서 보내주신 표 확인\n", ()),
        ("- 가람님께서 만든 큰 지도 고치기\n", ()),
        ("- 가람님이 그린 지도 고치기\n", ()),
        ("- 가람님의 지도 고치기\n", ()),
        ("- 가람님은 모두 표 확인\n", ()),
        ("- 가람님께서 지도 고치기\n", ("가람",)),
        ("- 가람님은 지도 고치기\n", ("가람",)),
        ("- 가람님이 보낸 표 확인 - 나래 / 기한 : 3/14\n", ("나래",)),
        ("- 표 확인 / 나래 / 기한 : 금요일\n", ("나래",)),
        ("- [Robin Field](https://example.org): 지도\n", ("Robin Field",)),
        ("- [@Wren](https://example.org): 지도\n", ()),
        ("- [지도](https://example.org): 고치기\n", ()),
    ],
)
def test_whose_a_task_is(text: str, owners: tuple[str, ...]) -> None:
    (task,) = read(HERE + "## 할 일\n" + text).tasks
    assert task.owners == owners


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- 구름 by @robin\n- 안개 by @sky\n", id="two"),
        pytest.param("- 구름 by @robin\n" * 3, id="one who is not one of several"),
        pytest.param(
            "- Fix fog by @robin\n- map by @sky\n- Add dew by @robin\n", id="changes to a program"
        ),
        pytest.param(
            "- Photo by @robin\n- photo by @sky\n- made by @robin\n", id="who made something"
        ),
        pytest.param(
            "## 할 일\n- 구름 by @robin\n- 안개 by @sky\n- 비 by @robin\n", id="tasks by handles"
        ),
        pytest.param("- 구름 (중간 발표)\n- 안개 (최종 발표)\n- 비 (조별 발표)\n", id="words"),
        pytest.param("- 구름 (이가람 발표)\n- 비 (하늘 발표)\n", id="a word beside one name"),
    ],
)
def test_not_everything_signed_is_a_talk(text: str) -> None:
    assert {name for talk in read(text).talks for name in talk.presenters} <= {"이가람"}


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("# 질문\n# 논의\n- 구름은 왜 흰가?\n", 0),
        ("# 질문 모음\n# 1주차\n- 구름은 왜 흰가?\n- 비가 왔다\n", 1),
        ("# 구름\n# 질문 모음\n# 1주차\n- 구름은 왜 흰가?\n", 0),
        ("질문) 구름은 왜 흰가?\n", 1),
        ("질문 1. 구름의 종류\n", 1),
        ("질문. 구름의 종류\n", 0),
        ("## Q1. 구름은 왜 흰가?\n## Q2. 안개는?\n", 2),
        ("## Q1. 매출\n## Q2: plans\n", 0),
        ("## 구름은 왜 흰가?\n물\n", 0),
        ("(질문) 구름\n", 0),
        ("다음 질문) 구름\n", 0),
        ("## 질문\n이 지도는 종이가 모자라던 때에 다음과 같이 그렸다:\n1. 강은 가늘게\n", 0),
        ("## 질문\n지난 모임 :\n1. 구름의 종류\n", 1),
    ],
)
def test_what_titles_and_introduces_questions(text: str, questions: int) -> None:
    assert len(read(text).questions) == questions


@pytest.mark.parametrize(
    ("text", "decisions"),
    [
        ("## 결론\n- 안개부터 보자\n- 모델은 DDPM\n", 2),
        ("- 지도는 종이로 결정\n", 1),
        ("- 구름 지도 -- 결정\n", 1),
        ("- 구름 지도 → 확정\n", 1),
        ("- 구름 지도 -- 보류\n", 0),
        ("- 구름 지도 --> 추후 결정\n", 0),
        ("- 구름 지도 -- 결정 전\n", 0),
        ("- -- 결정\n", 0),
        ("Sky seconded and the motion was carried unopposed.\n", 1),
        ("We vote again if the motion is carried.\n", 0),
        ("Nothing changes until the motion has been carried.\n", 0),
        ("The motion was not carried.\n", 0),
    ],
)
def test_settled_behind_a_dash_or_by_a_motion(text: str, decisions: int) -> None:
    assert len(read(text).decisions) == decisions
