"""What only looks like somebody's turn, and makes nobody a speaker."""

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
        pytest.param(
            "Server:\n  Done: logs\nClient:\n  Done: buttons\n" * 3, id="parts of a program report"
        ),
        pytest.param(
            "Robin:\n  Done: logs\nSky:\n  Done: maps\n", id="once each, and nothing else"
        ),
        pytest.param("정리\n- 구름\n\n구성\n- 안개\n\n다온님\n- 비\n", id="words over lists"),
        pytest.param("구름\n- 흰색\n\n안개\n- 회색\n\n서리\n- 은색\n", id="no person among them"),
        pytest.param("멤버\n\n정리, 구현\n\n- 정리\n  - 구름\n", id="words below a blank line"),
        pytest.param("| 이름 | 의견 |\n|---|---|\n| 정리 | 구름 |\n", id="a word in a table"),
        pytest.param("- 기온 : 3\n- 수온 : 5\n\n- 기온 : 4\n- 수온 : 6\n", id="figures, again"),
        pytest.param(
            "- `여우`: 구름\n- `두루미`: 안개\n- `너구리`: 서리\n\n쉬고\n\n" * 3,
            id="fields set as code, in one order",
        ),
        pytest.param("- `input`: fog\n- `output`: dew\n\n- `output`: snow\n" * 4, id="code"),
        pytest.param("1. 절기: 입춘\n2. 다온: 구름\n\n다온님이 왔다\n", id="beside one mentioned"),
        pytest.param("서기 : 미정\n\n미정 : 구름\n", id="an office that nobody holds"),
        pytest.param(
            "# Fog Lamp\n- a\n\n# Dew Point\n- b\n\nFog: fog\nDew: dew\nFog: 2\n",
            id="titles whose first words come alone, and in small letters",
        ),
        pytest.param(
            "Cloud Layer: a\nFrost Layer: b\nCloud: c\nFrost: d\nCloud: e\n", id="kinds of layers"
        ),
        pytest.param(
            "# 배우는 것\n- day to night\n  - 어둡게\n- night to day\n  - 밝게\n",
            id="what a model learns, both ways",
        ),
        pytest.param(
            "# 회고\n- Keep\n  - 산책\n- Problem\n  - 비\n- Try\n  - 우산\n\n"
            "# 소감\n- Keep\n  - 지도\n- Problem\n  - 안개\n- Try\n  - 사진\n",
            id="what a retrospective asks, twice",
        ),
        pytest.param("3조 - 구름\n    - 산\n", id="what a group has"),
        pytest.param(
            "전임 교수님 : 산\n수석 연구원님 : 강\n명예 교수님 : 들\n", id="kinds of professors"
        ),
        pytest.param(
            "- Comment from Reviewers: b\n- Question from Audience: c\n- Today's point: a\n",
            id="from nobody",
        ),
        pytest.param(
            "- 서진 : 산\n- 도윤 : 강\n- 민준 : 들\n- 서현 : 숲\n" + "- 산 : 1\n" * 9,
            id="nobody in full",
        ),
        pytest.param("구름-안개 사이\n이미지-문장 사이\n", id="words that a dash joins"),
        pytest.param("<b> bold\n<i> slanted\n<b> again\n", id="tags, and no log of a chat"),
        pytest.param("관찰 장소가 좋다 - 언덕\n", id="a place behind a dash"),
        pytest.param(HERE + "관찰 장소 - 가람\n", id="no sentence before the name"),
        pytest.param(HERE + "역할\n- 지도를 그린다 - 나래\n", id="behind a task"),
        pytest.param("담당 교수\n이가람\n 목 적\n구름\n", id="a field of a form"),
        pytest.param(HERE + "팀   장\n가람\n 장 소\n언덕\n", id="a field, and a name known"),
        pytest.param("- [ ] @robin: map\n- RFC: fog\n- RFC: dew\n", id="beside a handle"),
        pytest.param("## 가람\n- 비\n## 정리\n- 안개 - 가람\n- 눈 - 정리\n", id="words that sign"),
        pytest.param(
            "# 후기\n- 대전\n  - 좋았다\n- 대구\n  - 또 가고 싶다\n- 광주\n  - 좋았다\n", id="towns"
        ),
        pytest.param(
            "# 강의\n- 어려웠다\n# 교재\n- 좋았다\n# 진도\n- 아쉬웠다\n",
            id="what was looked back on",
        ),
        pytest.param(
            "## 노션\n좋은 점\n빨라서 좋았다\n\n## 슬랙\n좋은 점\n쉬워서 좋았다\n\n"
            "## 지라\n나쁜 점\n어려웠다\n",
            id="tools",
        ),
        pytest.param(
            "# 회고\n- Keep\n  - fog\n- Problem\n  - dew\n- Try\n  - snow\n", id="parts of a round"
        ),
        pytest.param(
            "# Check-in\n- Docs\n  - fog\n- Website\n  - dew\n- Mail\n  - snow\n",
            id="matters in turn",
        ),
        pytest.param("# 소감\n- 라온\n- 나래\n- 가람\n", id="names alone over nothing"),
        pytest.param(
            "# 첫째\n접근\n- 구름\n\n풀이\n- 안개\n\n나래\n- 비\n" * 2, id="a form, in one order"
        ),
        pytest.param(HERE + "1. 지도 분배\n   * 가람: 산\n   * 나래: 강\n", id="parts handed out"),
    ],
)
def test_nobody_speaks(text: str) -> None:
    names = {name for turn in read(text, "a.txt").opinions for name in turn.speakers}
    assert names <= {"다온"}


@pytest.mark.parametrize("over", ["", "- @classmethod\n", "- @robin\n  - 안녕\n"])
def test_what_programs_call_by_a_handle_is_nobody(over: str) -> None:
    text = f"- @fixture 값을 만든다\n- @slow 오래 걸린다\n- @wraps 이름을 지킨다\n{over}"
    assert not any(turn.start < len(text) - len(over) for turn in read(text).opinions)


def test_what_stands_in_brackets_behind_a_list_is_nobody() -> None:
    text = "지도 (구현중)\n사진 (전인원)\n표 (이동중)\n\n구현중 : 지도\n전인원 : 사진\n"
    assert not read(text).opinions


def test_a_team_among_full_names_is_nobody() -> None:
    text = "김하늘: 지도\n이가람: 사진\n박나래: 표\n서버팀: 점검\n공유: 자료\n"
    names = {name for turn in read(text, "a.txt").opinions for name in turn.speakers}
    assert not names & {"서버팀", "공유"}


def test_a_list_apart_from_a_name_is_nobodys() -> None:
    (turn,) = read("다온님\n- 구름\n\n- 안개\n", "a.txt").opinions
    assert [point.text for point in turn.points] == ["구름"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "# 회의록\n## Bean\n- see @Bean\n## Component\n- see @Component\n## Service\n- 비\n",
            id="annotations in minutes",
        ),
        pytest.param(
            "# Notes\n## map_1\n- see @map_1\n- see @fog\n## fog\n- dew\n## dew\n```\nx\n```\n",
            id="headings over code",
        ),
        pytest.param(
            "# Wind\n## map_1\n- see @map_1\n- see @fog\n## fog\n- dew\n## dew\n- x\n",
            id="no minutes",
        ),
        pytest.param(
            "# Minutes\n## Robin Field\n- map\n## Sky Lee\n- fog\n", id="nobody is said to be there"
        ),
        pytest.param("- @Bean: fog\n- @Override: dew\n- @Getter: snow\n", id="annotations"),
        pytest.param("- @here: fog\n- @channel - dew\n", id="everybody in a chat"),
        pytest.param(
            "# Comments\n\n" + "claim: fog\n\nproof: dew\n\nlemma: snow\n\nclaim: x\n\n" * 2,
            id="parts of an argument",
        ),
        pytest.param(
            "# Numbers\n\n"
            "map_1: fog\n\nmap_1: dew\n\nlake: snow\n\nmap_1: x\n\nhill: y\n\nsea: z\n",
            id="no comments",
        ),
        pytest.param(
            "# Comments\n\nmap_1: fog\n\nmap_1: dew\n\nloss: 3\n\nmap_1: x\n\nhill: y\n\nsea: z\n",
            id="beside figures",
        ),
        pytest.param("Break 10:30\nfog\nWalk 11:00\ndew\nBreak 12:00\nsnow\n", id="a programme"),
        pytest.param("hill 9:30 AM\na\nlake 4:30 PM\nb\nhill 5:00 PM\nc\n", id="a timetable"),
        pytest.param("day1 9:30\na\nday2 4:30\nb\nday1 5:00\nc\n", id="hours of a day"),
    ],
)
def test_headings_and_hours_are_nobody(text: str) -> None:
    assert not read(text, "a.md").opinions


@pytest.mark.parametrize(
    ("said", "turns"), [("3-4-1-2 순서로", 1), ("010-1234-5678", 0), ("2031-03-04", 0)]
)
def test_figures_behind_a_name(said: str, turns: int) -> None:
    assert len(read(HERE + f"가람 : {said}\n").opinions) == turns


@pytest.mark.parametrize(
    ("below", "points"),
    [
        ("구름이 좋다\n안개도\n", ["구름이 좋다 ⏎ 안개도"]),
        ("\n구름이 좋다\n", []),
        ("나래 :\n", []),
        ("할 일\n- 지도\n", []),
        ("## 구름\n", []),
    ],
)
def test_what_a_name_with_a_colon_stands_over(below: str, points: list[str]) -> None:
    turn = read(HERE + f"가람 :\n{below}").opinions[0]
    assert [point.text.replace("\n", " ⏎ ") for point in turn.points] == points


@pytest.mark.parametrize("other", ["Summary", "Weather", "Tensorboard"])
def test_a_heading_beside_attendees_is_nobody(other: str) -> None:
    people = "".join(f"## {name}\n- fog\n" for name in ("Robin Field", "Sky Lee", "Wren Oak"))
    note = read(f"Attendees: Robin Field, Sky Lee, Wren Oak\n\n{people}## {other}\n- dew\n")
    assert len(note.opinions) == 3


def test_a_word_for_a_day_is_nobody_among_paragraphs_that_begin_with_names() -> None:
    said = "가람님 - 구름이\n\t- 구름이\n\n"
    said += "나래님 - 구름이\n\n다온님 - 구름이\n\n가람님 - 구름이\n\t- 구름이\n\n"
    text = f"{said}나래님 : 구름이\n\n가람님 - 구름이\n\n오늘은 하늘이 맑다.\n"
    speakers = {name for turn in read(text, "week-07.txt").opinions for name in turn.speakers}
    assert speakers == {"가람", "나래", "다온"}


def test_a_role_before_a_colon_is_doubted_as_a_role() -> None:
    doubts = read("매니저님 : 좋다\n", "week-07.txt").doubts
    assert [doubt.code for doubt in doubts] == ["role-not-person"]
