"""What only looks like divided work, a plan, a presenter or a report, and is none of them."""

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
        pytest.param("# 역할 분담 정리\n\n- 장소: 언덕\n\n## 결정 사항\n- 쉰다\n", id="a title"),
        pytest.param(
            "## 할 일\n- 장소: 온라인\n- 불참: -\n- 일시: 3월 4일\n", id="a form's fields"
        ),
        pytest.param("## 할 일\n이가람님 :\n", id="somebody who has nothing to do"),
        pytest.param("할 일 :\n\n가람님\n- 사진이 밝으면 좋겠다\n", id="who speaks next"),
        pytest.param("3-1. 역할 분담표\n\n4. 환경\n\n4-1. 그림\n", id="a table of contents"),
        pytest.param("- 6월 2일까지 비가 오면 사진은 없음\n", id="only if"),
        pytest.param("- 사진전 (접수기간 ~ 3월 14일까지 우편)\n", id="when others take it"),
        pytest.param("[과제] 구름의 종류\n", id="nothing to do in it"),
        pytest.param(HERE + "- 가람이 그린 지도 고르기\n", id="whose map it is"),
        pytest.param("===== 지도 =====\n- 사진 작성\n", id="a rule with another name"),
        pytest.param(
            HERE + "- 안개 발표 준비\n  - 가람: 사진이 흐렸음\n", id="what was said of it"
        ),
        pytest.param(HERE + "- 안개 발표 준비\n  - 가람: 사진\n  - 비\n", id="a part of nobody's"),
        pytest.param("範囲\n---\n\n- 1-1(p25まで)\n", id="pages, and no day"),
        pytest.param("## 課題\n- 霜は朝に消えるのか？\n", id="a matter that is asked"),
        pytest.param("## 일정\n- 방학 (~3/14)\n", id="a time, below no plan"),
        pytest.param("## 등산 계획\n- 산 : 가람\n", id="no work before the name"),
        pytest.param("## 향후 계획\n- 언덕에 올랐음\n- 왜 오르나?\n", id="what was, and what asks"),
        pytest.param(HERE + "- 지도 조사 : 가람, 나래\n", id="work, below no plan"),
        pytest.param("- (할 일)\n- [과제] 지도 제출 완료\n- [AI](https://a.b/c)\n", id="brackets"),
        pytest.param("| AI | POC |\n|---|---|\n| robots | sky |\n", id="a table below no label"),
        pytest.param("### 2031-03-04 - 흐림\n- 산\n", id="the weather behind a date"),
        pytest.param(HERE + "Robin will be late on Monday.\n", id="what will be"),
        pytest.param(HERE + "Robin to the rescue.\n\nClouds to see.\n", id="to whom, not to do"),
        pytest.param("## Next week\n- Clouds\n- Reading room is shut\n", id="no verb first"),
        pytest.param("The atlas will show clouds.\n", id="a thing that will do something"),
        pytest.param("- Fog is going to fall soon\n- Dew is going to fall soon\n", id="two things"),
        pytest.param("7. 다음 모임\n - 3월 4일\n - 언덕\n", id="no item is to be done"),
        pytest.param("## 구름 (AI)\n- 산\n\n## 가람 (담당)\n- 산\n", id="other brackets"),
        pytest.param("## 할 일\n### 지난주 한 일\n- 지도 정리\n", id="what was done, below tasks"),
    ],
)
def test_nothing_is_due(text: str) -> None:
    assert not read(text, "a.md").tasks


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- 1차 역할 분담\n  - 지도 : 산속, 언덕\n  - 표 : 바다\n" * 2, id="places"),
        pytest.param("- 역할 분담\n  - 지도 : 가람\n  - 표 : 다온\n", id="once alone"),
        pytest.param(HERE + "## 할 일\n- 나래가 그린 지도 고치기\n", id="whose map it is"),
        pytest.param(HERE + "## 할 일\n- 가람이 고를 사진 찍기\n", id="whose photographs"),
        pytest.param(HERE + "## 할 일\n- 나래님 발표 듣기\n- 가람과 의논하기\n", id="with whom"),
        pytest.param(HERE + "## 할 일\n- 나래는 제외하고 모이기\n", id="without whom"),
        pytest.param(HERE + "## 할 일\n- 나래님 표 읽기\n- 산책\n", id="a name before one alone"),
        pytest.param(HERE + "## 할 일\n- 나래 글 읽기\n- 나래 표 읽기\n", id="one name, twice"),
        pytest.param(HERE + "## 할 일\n- 나래 지도 검토\n- 가람 표 그리기\n", id="of others"),
        pytest.param(HERE + "## 할 일\n- 나래님 산 찾기\n- 가람님 산 찾기\n", id="of both"),
        pytest.param("- 담당 역할\n  - 서버 : 화면\n  - 표 : 점검\n" * 2, id="parts of a program"),
    ],
)
def test_a_task_is_nobodys(text: str) -> None:
    assert not [task.owners for task in read(text, "a.md").tasks if task.owners]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "하늘님 불참\n\n다온님 지각\n\n가람님 병가\n\n---\n\n" * 2, id="who was absent"
        ),
        pytest.param("하늘님 사진 정리\n\n다온님 표 작성\n\n가람님 글 쓰기\n", id="one such run"),
        pytest.param(
            "하늘님 사진 정리\n\n하늘님 표 작성\n\n하늘님 글 쓰기\n\n---\n\n" * 2, id="one"
        ),
        pytest.param(
            "이미지 새로 추가\n\n정규화 다시 구현\n\n유사도 다시 계산\n\n# 다\n\n" * 2, id="words"
        ),
        pytest.param("도감의 의견 : 낮에 재라\n학생 의견 : 밤에 재라\n", id="nobody's view"),
        pytest.param("先生<朝に測る\n<b>霧</b>\n", id="a role, and a tag"),
        pytest.param("하늘님 <구름 도감> 추천\n", id="a title between angles"),
        pytest.param(
            "서버팀 : 점검\n이가람 : 산\n박나래 : 강\n최다온 : 들\n\n가\n\n" * 2, id="a team"
        ),
        pytest.param("구정보 : 산\n정보 : 강\n이정리 : 들\n정리 : 비\n", id="words within words"),
    ],
)
def test_nobody_speaks(text: str) -> None:
    names = {name for turn in read(text, "a.md").opinions for name in turn.speakers}
    assert names <= {"이가람", "박나래", "최다온"}


def test_what_members_are_called_elsewhere_is_no_turn() -> None:
    there = "참석자 : 이가람, 박나래, 최다온\n\n"
    text = f"{there}git 계정\n- 이가람 : ga-7\n- 박나래 : wing_2\n- 최다온 : on9\n"
    assert not read(text).opinions
    assert read(text.replace("git 계정", "고른 도구")).opinions


def test_a_line_apart_from_a_list_is_none_of_it() -> None:
    (task,) = read("### 수요일까지 :\n지도 그리기\n", "a.md").tasks
    assert [task.text for task in read("### 수요일까지 :\n지도\n사진\n\n안개\n").tasks] == [
        "지도",
        "사진",
    ]
    assert task.due is not None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("발표자 미정\n", id="nobody yet"),
        pytest.param("발표자 선정 방법\n", id="how one is chosen"),
        pytest.param(HERE + "- 가람: 자료 조사 및 발표\n- 나래: 표, 발표\n", id="parts of a work"),
        pytest.param(HERE + "- 가람님 중간 발표\n- 나래: 목요일 발표\n", id="when, and not what"),
        pytest.param(HERE + "- 발표: 목소리가 작았음 (가람)\n", id="what was said of a talk"),
        pytest.param(HERE + "- 가람님이 좋다고 발표\n- 나래 : 결과 발표\n", id="what was told"),
        pytest.param(HERE + "- 논문 리뷰: 가람, 나래\n", id="names alone"),
        pytest.param("## 할 일\n- 지도 그리기 by 가람님\n", id="a task and whose it is"),
        pytest.param("# Maps of Rain - Robin Field\n", id="nobody of the note's"),
        pytest.param(HERE + "# Robin Field - Maps of Rain\n", id="a name before the title"),
        pytest.param(
            "### Presentation: Maps\n#### Presenter\nNo one yet.\n", id="a sentence below"
        ),
        pytest.param(
            "### Maps\n#### Presenter\nRobin Field\n", id="nothing says that it is a talk"
        ),
        pytest.param("RF (rain fall): 3\n# A Map of Rain - Rain Fall\n", id="a word in brackets"),
    ],
)
def test_nobody_presents(text: str) -> None:
    assert not read(text, "a.md").talks


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- 나중에 논의하기로 함:\n  - 파도\n", id="put off"),
        pytest.param("- 추후 투표로 장소 선정\n- 투표 결과 정리\n", id="a vote to come"),
        pytest.param("- 밤에 재는 것으로 결정(?)\n", id="doubted"),
        pytest.param("- 구름은 물방울인 것으로 알려짐\n- 쓰는 걸로 할까\n", id="told, or asked"),
        pytest.param("- 관찰 방법 확정:\n\n안개는 낮다.\n", id="a bare noun over nothing"),
        pytest.param(
            "# 2031-03-04 회의록: 결정 사항 정리\n\n## 목적\n\n자를 고른다.\n\n## 할 일\n",
            id="a title",
        ),
        pytest.param("## 논의할 회의 결론\n- 쉬자\n", id="still to be talked about"),
    ],
)
def test_nothing_is_settled(text: str) -> None:
    assert not read(text, "a.md").decisions


def test_what_a_question_holds_is_no_reply() -> None:
    (question,) = read("질문 :\n- 안개는 왜 걷히는가?\n  - 아침에\n  - 서리: 흰색\n").questions
    assert question.text.endswith("서리: 흰색")
