"""Who says so behind an item, below a turn, before a verb: and what looks like it and is none."""

from __future__ import annotations

import pytest

from studykit.wiki.read import read_note
from studykit.wiki.records import Note

HERE = "참석자 : 이하늘, 박구름, 최나래\n\n"
PRESENT = "Attendees: Robin, Sky, River\n\n"


def read(text: str, file: str = "a.md") -> Note:
    return read_note(text.encode(), file)


def turns(note: Note) -> list[tuple[str, tuple[str, ...]]]:
    return [(note.text[each.start : each.end], each.speakers) for each in note.opinions]


SAID = ("지도가 너무 작았다", "사진은 더 있어야 함", "안개는 왜 짙은가?", "새벽이 좋을 것 같음")
ASKED = 2
"""What of these asks is a question of whoever the brackets name."""


@pytest.mark.parametrize("brackets", ["({})", " ({})", "（{}）", " ({} 선임)"])
def test_sentences_of_those_who_were_there_are_theirs(brackets: str) -> None:
    who = ("하늘", "구름", "하늘", "나래")
    items = [said + brackets.format(name) for said, name in zip(SAID, who, strict=True)]
    note = read(HERE + "## 회의\n" + "".join(f"- {item}\n" for item in items))
    asked = items[ASKED]
    told = [(item, (name,)) for item, name in zip(items, who, strict=True) if item != asked]
    assert turns(note) == told
    assert [each.points[0].text for each in note.opinions] == [*SAID[:ASKED], *SAID[ASKED + 1 :]]
    assert [(each.text, each.askers) for each in note.questions] == [(asked, (who[ASKED],))]


@pytest.mark.parametrize(
    "items",
    [
        pytest.param(("메인 페이지", "지도 화면", "사진 메뉴", "표 이미지"), id="things"),
        pytest.param(("지도 그리기", "사진 고르기", "표 만들기", "글 다듬기"), id="work"),
        pytest.param(("1장", "2장", "3장", "4장"), id="chapters"),
    ],
)
def test_what_is_somebodys_is_nothing_they_said(items: tuple[str, ...]) -> None:
    names = ("하늘", "구름", "하늘", "나래")
    listed = (f"- {item} ({name})\n" for item, name in zip(items, names, strict=True))
    assert not read(HERE + "## 회의\n" + "".join(listed)).opinions


def test_what_is_due_is_nothing_they_said() -> None:
    items = "".join(f"- {said} (하늘)\n" for said in SAID)
    note = read(f"{HERE}## 할 일\n{items}")
    assert not note.opinions
    assert {task.owners for task in note.tasks} <= {("하늘",)}


def test_names_that_nobody_listed_need_a_heading_that_speaks_of_ideas() -> None:
    items = "- 종 소리 (하늘)\n- 붉은 지도 (구름)\n- 벽에 건 사진 (하늘)\n- 손잡이 (나래)\n"
    assert not read(f"## 회의\n{items}").opinions
    found = read(f"## 도감 아이디어\n{items}").opinions
    assert [each.speakers[0] for each in found] == ["하늘", "구름", "하늘", "나래"]


def test_asides_behind_ideas_are_nobody() -> None:
    items = "- 종 (작은 것)\n- 지도 (붉은 것)\n- 벽 (작은 것)\n- 손잡이 (둥근 것)\n"
    assert not read(f"## 아이디어\n{items}").opinions


# --- replies --------------------------------------------------------------------------------------


def test_a_reply_is_a_turn_and_the_turn_ends_above_it() -> None:
    note = read(HERE + "- 하늘님 - 안개가 짙다\n  - 산에서도\n  - 구름님 - 저녁에는 아니다\n")
    assert [(each.speakers, [point.text for point in each.points]) for each in note.opinions] == [
        (("하늘",), ["안개가 짙다", "산에서도"]),
        (("구름",), ["저녁에는 아니다"]),
    ]


@pytest.mark.parametrize("below", ["하늘님 - 그리고 비", "높이: 낮다", "사진 - 열 장"])
def test_what_else_stands_below_a_turn_is_of_it(below: str) -> None:
    (opinion,) = read(f"{HERE}- 하늘님 - 안개가 짙다\n  - {below}\n").opinions
    assert len(opinion.points) == 2


def test_what_one_answers_to_a_question_is_a_turn() -> None:
    note = read(HERE + "- Q: 안개는 왜 짙은가요?\n  - 구름: 물이 식어서 그렇다\n")
    assert [each.text for each in note.questions] == ["안개는 왜 짙은가요?"]
    assert [each.speakers for each in note.opinions] == [("구름",)]


# --- told of by name ------------------------------------------------------------------------------


def test_what_those_who_were_there_did() -> None:
    note = read(PRESENT + "- Robin drew a map\n- Robin likes the second map\n- Sky was away\n")
    assert [each.speakers for each in note.opinions] == [("Robin",), ("Robin",), ("Sky",)]
    assert note.opinions[0].points[0].text == "drew a map"


@pytest.mark.parametrize(
    "items",
    [
        pytest.param("- Sky is blue\n- Sky was dark\n- Sky has no clouds\n", id="one"),
        pytest.param("- Robin shows a map\n- Sky is blue\n", id="two items"),
        pytest.param("- Map is small\n- Fog was thick\n- Rain has stopped\n", id="nobody"),
        pytest.param("- Robin will draw\n- Sky needs to look\n- River to ask\n", id="to do"),
    ],
)
def test_a_name_before_a_verb_needs_others(items: str) -> None:
    assert not read(PRESENT + items).opinions


def test_who_intends_to_do_something_has_not_done_it() -> None:
    note = read(PRESENT + "- Robin drew a map\n- Sky will look at it\n- River likes it\n")
    assert [each.speakers for each in note.opinions] == [("Robin",), ("River",)]
    assert [task.owners for task in note.tasks] == [("Sky",)]


def test_a_list_of_what_each_did() -> None:
    note = read(HERE + "## 해온 일\n- 하늘 지도 가져옴\n- 구름 사진 고름\n- 나래 표 나눔\n")
    assert [each.speakers for each in note.opinions] == [("하늘",), ("구름",), ("나래",)]
    due = read(HERE + "## 모임\n- 하늘 지도 가져오기\n- 구름 사진 고르기\n- 나래 표 나누기\n")
    assert not due.opinions
    assert [task.owners for task in due.tasks] == [("하늘",), ("구름",), ("나래",)]


# --- answers below a heading ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("## 까닭은?\n하늘: 멀리 보인다.\n길이: 3km\n", id="a field"),
        pytest.param("## 까닭은?\n하늘: 멀리 보인다.\n", id="one"),
        pytest.param("## 까닭\n하늘: 멀리 보인다.\n구름: 바람이 세다.\n", id="no question"),
        pytest.param("## 까닭은?\n하늘: 멀리 보인다.\n그리고 높다.\n", id="a text"),
        pytest.param("## 차이는?\n인코더: 줄인다.\n디코더: 늘인다.\n", id="terms"),
    ],
)
def test_labels_below_a_heading_that_asks_need_to_be_names(text: str) -> None:
    assert not read(text).opinions


# --- talks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "item",
    [
        pytest.param("이하늘(1조) 박구름(2조)", id="no time"),
        pytest.param("5/27 이하늘(구름)", id="one talk"),
        pytest.param("5/27 지도(구름) 사진(안개)", id="no names"),
        pytest.param("5/27 이하늘(구름) 박구름(안개) 그리고 나머지", id="more behind"),
    ],
)
def test_a_line_of_several_talks_is_nothing_else(item: str) -> None:
    assert len(read(f"#### 발표 일정\n- {item}\n").talks) < 2


def test_several_talks_of_a_line_are_apart() -> None:
    (first, second) = read("#### 발표 일정\n- 5/27 이하늘(구름), 박구름(안개)\n").talks
    assert (first.subject, first.presenters, first.text) == ("구름", ("이하늘",), "이하늘(구름)")
    assert (second.subject, second.presenters, second.text) == ("안개", ("박구름",), "박구름(안개)")
    assert first.due is not None
    assert first.due.text == "5/27"


# --- what is settled ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "settled"),
    [
        ("- 후보 중 3, 7 선정", True),
        ("- 후보 중 3, 7 선정 예정", False),
        ("- 사진을 통해 구름 분석 결정", True),
        ("- 관찰 방법 결정", False),
        ("## 주제 선정 : 구름의 높이", True),
        ("## 주제 선정 :", False),
        ("- <구름 지도 (제목 미정)> 기획안 채택", True),
        ("- A quorum of half was proposed and seconded.", True),
        ("- If it was agreed by all, draw it.", False),
        ("- Some problems were resolved by Robin.", False),
    ],
)
def test_what_settles_something(line: str, settled: bool) -> None:
    assert bool(read(f"{line}\n").decisions) is settled


def test_the_reason_for_a_decision_is_none() -> None:
    note = read("## 결정\n- 지도는 종이로 한다\n- 이유: 비가 와도 읽힌다\n- Why: it is cheap\n")
    assert [each.text for each in note.decisions] == ["지도는 종이로 한다"]


# --- what is due ----------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["백엔드", "디자인, 프론트엔드", "서버 (spring)", "팀장"])
def test_what_somebody_is_in_the_team_is_not_due(what: str) -> None:
    assert not read(f"{HERE}## 역할 분담\n- 하늘 : {what}\n- 구름 - {what}\n").tasks
    assert len(read(f"{HERE}## 역할 분담\n- 하늘 : {what} 배포\n").tasks) == 1


def test_what_each_is_to_do_is_due_if_one_of_the_list_says_what_is_done_to_what() -> None:
    parts = "- 하늘 : 모은 값을 지도에 삽입\n- 구름 : 지도 배치(종이)\n"
    assert len(read(f"{HERE}역할 분담\n{parts}").tasks) == 2
    assert not read(f"{HERE}역할 분담\n{parts.replace('값을', '값')}").tasks


def test_an_item_that_asks_among_others_leaves_what_it_is_answered_below_it() -> None:
    note = read(
        "- 값은 어디서 모을까?\n- 줄 단위로 자를 것인가?\n- 무엇을 해볼 수 있을까?\n"
        "  1. 지도 그리기 - 크기와 상관없이\n  2. 길이를 재서 이을 수 있다.\n"
    )
    assert [len(each.text.splitlines()) for each in note.questions] == [1, 1, 1]
    assert [len(each.text.splitlines()) for each in note.answers] == [2]


@pytest.mark.parametrize("label", ["Slide", "슬라이드", "발표 자료 1", "スライド"])
def test_a_title_and_who_over_the_slides_is_a_talk(label: str) -> None:
    slides = f"- 영상: https://clouds.test/v\n- {label} : https://clouds.test/s\n"
    [talk] = read(f"{HERE}구름의 종류 : 하늘, 구름\n{slides}").talks
    assert (talk.subject, talk.presenters) == ("구름의 종류", ("하늘", "구름"))
    for other in (
        "구름의 종류 : 하늘, 구름\n- 지도 : https://clouds.test/s\n",
        f"구름의 종류 : 안개 연구소\n{slides}",
        f"구름의 종류 : 하늘, 구름\n- {label} : 아직\n",
        f"구름의 종류 : 하늘, 구름\n\n다음에 볼 것\n{slides}",
    ):
        assert not read(f"{HERE}{other}").talks


def test_code_behind_empty_brackets_is_no_tick_box() -> None:
    assert not read("- [] + '' -> ''\n- [] == false\n").tasks
    assert len(read("- [] 지도\n- [ ] -5도까지 견디는 종이\n").tasks) == 2


@pytest.mark.parametrize("label", ["정해야 할 것", "논의할 것", "내일 결정할 것"])
def test_what_is_still_to_be_settled_asks(label: str) -> None:
    note = read(f"{label}\n1. 지도를 종이로 할 것인지\n2. 사진은 어떻게 고를까?\n3. 회비\n")
    assert not note.tasks
    assert not note.decisions
    assert len(note.questions) == 2


def test_an_item_of_what_is_due_names_no_section() -> None:
    note = read("내일 각자 해올 것\n1. 지도 그리기\n2. 사진 고르기, 질문\n3. 표 결정\n")
    assert [task.text for task in note.tasks] == ["지도 그리기", "사진 고르기, 질문", "표 결정"]


# --- names by what their bearers do ---------------------------------------------------------------


def test_names_in_bold_before_what_each_is_to_do() -> None:
    note = read(
        "- **Robin** and **Sky** to draw the map\n- **Sky** to:\n  1) look up the fog\n"
        "  2) count the pictures\n- **River** will write it down\n"
    )
    assert [(task.text, task.owners) for task in note.tasks] == [
        ("**Robin** and **Sky** to draw the map", ("Robin", "Sky")),
        ("look up the fog", ("Sky",)),
        ("count the pictures", ("Sky",)),
        ("**River** will write it down", ("River",)),
    ]
    assert not note.opinions


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "- **Fog** is thick\n- **Rain** will fall\n- fog and rain\n- **Fog** is\n", id="small"
        ),
        pytest.param(
            "- **Encoder** is deep\n- **Decoder** is wide\n- **Encoder** has\n", id="terms"
        ),
        pytest.param("- **Robin** is thick\n- **Sky** will fall\n", id="two"),
    ],
)
def test_words_in_bold_are_nobody(text: str) -> None:
    note = read(text)
    assert not note.speakers
    assert not [task for task in note.tasks if task.owners]


def test_who_will_do_something_and_speaks_elsewhere() -> None:
    note = read("- Robin will draw the map\n- Colours\n  - Robin: blue ones\n- River will rise\n")
    assert [task.owners for task in note.tasks] == [("Robin",)]
    small = read("- Server will restart\n- Server: a robin\n- Robin will sing\n- Robin: small\n")
    assert not small.speakers


def test_people_of_one_letter() -> None:
    said = ("A", "B", "D", "A", "H", "B", "H", "D", "A", "B", "H", "A", "D")
    note = read("".join(f"{who}: 구름이 낮다\n" for who in said))
    assert [each.speakers for each in note.opinions] == [(who,) for who in said]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("ABCD" * 4, id="choices"),
        pytest.param("QAQA" * 4, id="questions"),
        pytest.param("ABDAHB", id="few"),
    ],
)
def test_letters_that_are_nobody(said: str) -> None:
    assert not read("".join(f"{letter}: 구름이 낮다\n" for letter in said)).opinions


def test_one_of_three_may_be_a_word_where_each_says_something() -> None:
    text = "# 회고\n\n지현\n\n- 어려웠다\n\n수정\n\n- 재미있었다\n\n지은\n\n- 쉬웠다\n"
    assert [each.speakers[0] for each in read(text).opinions] == ["지현", "수정", "지은"]
    assert not read(text.replace("회고", "목차")).opinions


def test_what_stands_below_decisions_is_settled_whoever_said_it() -> None:
    note = read("## 결정 사항\n- 가람님: 지도는 종이로 한다\n- https://example.org/map\n")
    assert [each.text for each in note.decisions] == ["가람님: 지도는 종이로 한다"]
    assert not note.opinions


def test_a_chapter_is_presented_by_its_number() -> None:
    table = (
        "|순번|이름|챕터|날짜|\n|---|---|---|---|\n|1|이하늘|1,2|22.02.10|\n|2|박구름|-|22.02.17|\n"
    )
    (talk,) = read(f"- 주토론자 순서\n\n{table}").talks
    assert (talk.subject, talk.presenters) == ("1,2", ("이하늘",))


def test_whose_matter_an_agenda_says_it_is_presents_nothing() -> None:
    items = (
        "- [Fog](https://example.org/1) - @robin, @sky\n- [Rain](https://example.org/2) - @sky\n"
    )
    assert not read(f"#### Agenda:\n\n{items}").talks


def test_a_table_in_html_is_read_as_one_in_markdown() -> None:
    rows = "<tr><th>발표자</th><th>주제</th></tr>\n<tr><td>이하늘</td><td>구름의 높이</td></tr>\n"
    (talk,) = read(f"<table>\n{rows}</table>\n").talks
    assert (talk.subject, talk.presenters) == ("구름의 높이", ("이하늘",))
    (task,) = read(
        "## 할 일\n<table>\n<tr><th>할 일</th><th>담당</th></tr>\n"
        "<tr><td>지도 <b>그리기</b></td><td>이하늘</td></tr>\n</table>\n"
    ).tasks
    assert task.owners == ("이하늘",)
    assert not read(f"{rows}", "a.txt").talks


@pytest.mark.parametrize("said", ["2만원", "0.5만 원", "3점", "10%", "1,000원"])
def test_what_each_owes_is_nothing_said(said: str) -> None:
    assert not read(f"{HERE}### 벌금\n- 하늘 : {said}\n- 구름 : {said}\n").opinions
    assert read(f"{HERE}### 벌금\n- 하늘 : {said}은 많다\n").opinions


def test_whose_part_it_is_has_to_come_again() -> None:
    once = "- 지도(이하늘) : 색을 고르는 중\n- 사진(박구름) : 열 장 찍음\n"
    assert not read(once).opinions
    names = "- 지도 : 이하늘\n- 사진 : 박구름\n"
    assert len(read(f"## 처음\n{names}## 다음\n{once}## 그다음\n{once}").opinions) == 4


def test_a_sentence_and_who_says_so_in_a_table() -> None:
    said = ("안개가 짙은 것 같다.", "지도가 작았음", "사진이 좋다", "비가 많이 왔음")
    names = ("이하늘", "박구름", "이하늘", "최나래")
    rows = [f"| 3 | {words} | {name} |" for words, name in zip(said, names, strict=True)]
    table = "\n".join(["| 14 | 왜 그런가? | 교수 |", "| --- | --- | --- |", *rows, *rows])
    assert [each.speakers[0] for each in read(table).opinions] == [*names, *names]
    parts = table.replace(said[0], "안개").replace(said[1], "지도").replace(said[2], "사진")
    assert len(read(parts).opinions) == 2


@pytest.mark.parametrize("head", ["역할", "담당 파트", "Role", "Responsibilities"])
def test_a_table_of_roles_tells_nothing(head: str) -> None:
    rows = "| 이하늘 | 지도와 사진 |\n| 박구름 | 안개를 맡는다 |\n"
    assert not read(f"| 이름 | {head} |\n|---|---|\n{rows}").opinions
    assert read(f"| 이름 | 한 일 |\n|---|---|\n{rows}").opinions


def test_parts_in_angles_and_whose_they_are() -> None:
    parts = "<지도> : 하늘, 나래\n색을 고르는 중\n표 만듦\n<사진> : 구름\n열 장 찍음\n"
    told = read(f"{HERE}#### 진행 상황\n{parts}").opinions
    assert [(each.speakers, each.points[0].text) for each in told] == [
        (("하늘", "나래"), "색을 고르는 중\n표 만듦"),
        (("구름",), "열 장 찍음"),
    ]
    due = "<지도> : 하늘, 나래\n색 고르기\n표 만들기\n\n<사진> : 구름\n열 장 찍기\n"
    tasks = read(f"{HERE}#### 다음 주 할 일\n{due}").tasks
    assert [(task.text, task.owners) for task in tasks] == [
        ("색 고르기", ("하늘", "나래")),
        ("표 만들기", ("하늘", "나래")),
        ("열 장 찍기", ("구름",)),
    ]


@pytest.mark.parametrize("nth", ["1주차", "3회차", "Week 2", "第2回"])
def test_the_sections_of_one_of_many_meetings(nth: str) -> None:
    note = read(f"## {nth} 질문거리\n### 안개\n- 안개는 왜 짙은가요?\n- 색이 이해가 안 감\n")
    assert len(note.questions) == 2


def test_what_stands_below_a_part_is_due() -> None:
    note = read("## Tasks\n- Front-end\n  - Map & colours\n- Pipeline\n  - One picture a day\n")
    assert [task.text for task in note.tasks] == ["Map & colours", "One picture a day"]


def test_where_something_is_is_nothing_to_do() -> None:
    note = read("## 할 일\n- 지도를 그립니다.\n- 그릴 곳: `docs/map/`\n- 색: `#fff` 고르기\n")
    assert [task.text for task in note.tasks] == ["지도를 그립니다.", "색: `#fff` 고르기"]


def test_what_is_due_at_a_time_in_plain_text() -> None:
    assert [task.due and task.due.text for task in read("수요일에 하나씩 생각해오기\n").tasks] == [
        "수요일"
    ]
    assert not read("하나씩 생각해오기\n").tasks


def test_what_stands_below_a_matter_is_what_was_settled() -> None:
    note = read("## 결정\n- 진행 방식\n  - 매주 모인다\n- 새벽 관찰\n  - 다섯 시\n- 장소\n")
    assert [each.text for each in note.decisions] == [
        "매주 모인다",
        "새벽 관찰\n  - 다섯 시",
        "장소",
    ]


@pytest.mark.parametrize("title", ["잘한 점", "개선할 점", "팀 회고"])
def test_a_tick_box_before_how_something_was(title: str) -> None:
    note = read(
        f"## {title}\n- [ ] 지도를 끝까지 그린 점\n- [ ] 시간이 너무 짧았다\n- [ ] 표 고치기\n"
    )
    assert [task.text for task in note.tasks] == ["표 고치기"]


def test_a_name_over_lines_deeper_than_it() -> None:
    note = read(HERE + "- 하늘\n\n    지도가 작다\n\n- 구름\n\n    - 사진이 좋다\n")
    assert [each.speakers for each in note.opinions] == [("하늘",), ("구름",)]


def test_whose_it_is_behind_a_wide_blank() -> None:
    note = read("参加者: 鈴木、田中\n\n## やること\n- 地図の整理　鈴木\n- 写真（月曜日まで）田中\n")
    assert [task.owners for task in note.tasks] == [("鈴木",), ("田中",)]


def test_a_bold_title_settles_nothing() -> None:
    assert not read("**볼 구름 확정**\n높은 것부터 낮은 것까지 스무 가지.\n").decisions


WORK = ("지도 그리기", "사진 정리", "표 만들기", "글 다듬기", "색 고르기", "안개 조사")


def log(work: tuple[str, ...]) -> str:
    days = (
        f"3/{day}\n"
        + "".join(f"{name} - {each}\n" for name, each in zip(NAMED, work[day % 2 :], strict=False))
        for day in range(1, 10)
    )
    return HERE + "\n".join(days)


NAMED = ("하늘", "구름", "나래")


def test_a_log_of_what_each_is_to_do() -> None:
    note = read(log(WORK), "a.txt")
    assert not note.opinions
    assert len(note.tasks) == 27
    assert [task.owners for task in note.tasks[:3]] == [("하늘",), ("구름",), ("나래",)]


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(("지도 그림", "사진 정리함", "표 만드는 중", "글 다듬었다"), id="done"),
        pytest.param(("지도 정리", "사진 작성", "표 수정", "글 확인"), id="nouns"),
        pytest.param(("안개가 짙다", "지도 그리기", "산이 높다", "비가 온다"), id="said"),
    ],
)
def test_a_log_of_what_each_did_is_what_they_said(work: tuple[str, ...]) -> None:
    assert len(read(log(work), "a.txt").opinions) == 27


@pytest.mark.parametrize("title", ["질문 3가지", "질문 5개", "1주차 질문 2가지"])
def test_how_many_questions_follow(title: str) -> None:
    assert len(read(f"# {title}\n### 1. 안개는 왜 짙을까요?\n### 2. 색이 있나요?\n").questions) == 2
