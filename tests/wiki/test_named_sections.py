"""Names of sections that nobody listed whole, and what tells of itself that it is work or asks."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from itertools import product
from typing import Any, get_args

import pytest

from studykit.wiki.lexicon import LANGUAGES, SectionKind, load_lexicon, squeeze
from studykit.wiki.read import read_note
from studykit.wiki.records import Note

HERE = "참석자 : 이하늘, 박구름, 최나래\n\n"
LATER = (
    "다음 주",
    "차주",
    "내일",
    "주말",
    "향후",
    "추후",
    "앞으로",
    "이후",
    "남은",
    "다음 회의까지",
)


def read(text: str, file: str = "a.md") -> Note:
    return read_note(text.encode(), file)


def words(language: str) -> dict[str, Any]:
    file = resources.files("studykit.wiki.lexicon").joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text("utf-8"))


def lists(table: dict[str, Any], name: str = "") -> Iterator[tuple[str, list[str]]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from lists(value, f"{name}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for pair in value:
                yield from lists(pair, f"{name}{key}.")
        elif isinstance(value, list):
            yield f"{name}{key}", value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_a_section_names_its_own_kind(language: str) -> None:
    sections, found = words(language)["sections"], load_lexicon().section
    for kind in get_args(SectionKind):
        for name in (*sections.get(kind, ()), *sections["ends"].get(kind, ())):
            assert found(name) == kind, name
        for table in ("ahead", "now", "each"):
            for name in sections[table].get(kind, ()):
                assert found(f"{sections[table]['before'][0]} {name}") == kind, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_that_is_put_together_names_its_own_kind(language: str) -> None:
    found = load_lexicon().section
    for kind, pairs in words(language)["sections"]["made"].items():
        for pair in pairs:
            for first, last in product(pair["first"], pair["last"]):
                # Where a section's own list has it, what stands below it still has to ask.
                asked = ("question", "asking") if kind == "question" else (kind,)
                assert found(first + last) in asked, first + last


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_list_has_a_word_twice(language: str) -> None:
    for name, values in lists(words(language)):
        assert not [each for each, n in Counter(map(squeeze, values)).items() if n > 1], name


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("what", ["작업", "업무", "과제", "할 일", "미션", "작업 내용", "숙제"])
def test_what_is_ahead_is_to_be_done(later: str, what: str) -> None:
    note = read(f"## {later} {what}\n- 지도\n- 사진\n")
    assert [task.text for task in note.tasks] == ["지도", "사진"]


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("what", ["진행", "진행 사항", "진행할 내용", "일정", "학습 목표"])
def test_what_only_may_be_to_be_done_has_to_say_so(later: str, what: str) -> None:
    note = read(f"## {later} {what}\n- 지도 그리기\n- 안개가 짙었다\n")
    assert [task.text for task in note.tasks] == ["지도 그리기"]


@pytest.mark.parametrize(
    "label",
    [
        *(
            "수정할 것",
            "조사할 내용",
            "추가할 사항",
            "준비해 올 자료",
            "해야 하는 일",
            "찾아야 할 것들",
        ),
        *("미완료 과제", "완료할 일", "서버 이전 할 일", "조정할 사항"),
        *("개인별 과제", "공통 과제", "각자 남은 과제", "다음 회의까지 조사할 내용", "투두리스트"),
        *(
            "Next action",
            "Work to be done",
            "Who is doing what",
            "次回までにすること",
            "各自の課題",
        ),
    ],
)
def test_a_name_put_together_holds_tasks(label: str) -> None:
    assert load_lexicon().section(label) == "task"


@pytest.mark.parametrize(
    "label",
    [
        *(
            "작업",
            "작업 사항",
            "지난주 작업",
            "이번 주 진행",
            "오늘 학습 내용",
            "구현할 기능",
            "팀 역할",
        ),
        *("논의할 사항", "공유할 내용", "결정할 것", "배울 점", "다음 주제", "이후", "남은 시간"),
        *("이전 할 일", "완료 과제", "지난 미완료 과제"),
        *("학습 목표", "다음 장소", "업무 내용", "지난 회의까지 조사한 내용"),
    ],
)
def test_a_name_like_it_holds_none(label: str) -> None:
    assert load_lexicon().section(label) not in ("task", "plan")


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("토의 결과", "decision"),
        ("결정난 사항", "decision"),
        ("회의에서 정한 것", "decision"),
        ("What we agreed on", "decision"),
        ("今日決めたこと", "decision"),
        ("의문 사항", "question"),
        ("궁금한 것들", "question"),
        ("생각해볼 점", "asking"),
        ("토론 주제", "asking"),
        ("정할 사항", "asking"),
        ("선정할 사항", "asking"),
        ("わからなかった点", "asking"),
        ("발표 담당자", "talk"),
        ("논문 리뷰 일정", "talk"),
        ("Next presenters", "talk"),
    ],
)
def test_other_names(label: str, kind: str) -> None:
    assert load_lexicon().section(label) == kind


@pytest.mark.parametrize(
    "title", ["3주차 계획", "다음 주 계획", "다음 회의까지의 계획 (안)", "업무 계획"]
)
def test_all_that_is_planned_for_a_time_is_to_be_done(title: str) -> None:
    note = read(
        f"## {title}\n- 하늘 팀\n  - 지도 배경\n  - 표 다시 정리\n- 언덕에 올랐음\n- 왜 오르나?\n"
        "- 일시: 3월 4일\n"
    )
    assert [task.text for task in note.tasks] == ["지도 배경", "표 다시 정리"]


@pytest.mark.parametrize(
    "item",
    [
        *("- {} ({})", "- {} : {}", "1. {} - {}", "{} → {}", "* {} => {}님", "- {} / {}"),
        *("{} ({})", "- {} : {}님, 박구름"),
    ],
)
def test_work_handed_out_is_whose_name_stands_behind_it(item: str) -> None:
    parts = (("지도 화면", "이하늘"), ("검색", "박구름"), ("표", "최나래"))
    text = HERE + "3월 4일\n" + "\n".join(item.format(*part) for part in parts) + "\n"
    note = read(text, "a.txt")
    assert [task.owners[0] for task in note.tasks] == ["이하늘", "박구름", "최나래"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- VAE (이하늘)\n- GAN (박구름)\n- DDPM (최나래)\n", id="no work"),
        pytest.param("## 발표\n- 검색 (이하늘)\n- 화면 (박구름)\n- 표 (최나래)\n", id="talks"),
        pytest.param("서기 : 이하늘\n사회 : 박구름\n검색 : 최나래\n", id="offices"),
        pytest.param(
            "- 검색이 느리다 (이하늘)\n- 화면이 흐리다 (박구름)\n- 표가 좋다 (최나래)\n", id="said"
        ),
        pytest.param("- 검색 (이하늘)\n- 화면 (박구름)\n", id="two"),
        pytest.param("- 검색 (가)\n- 화면 (나)\n- 표 (다)\n", id="nobody"),
        pytest.param("- 지도 ★\n- 별이 ★ 셋\n", id="stars and nobody"),
    ],
)
def test_no_work_is_handed_out(text: str) -> None:
    assert not read(HERE + text).tasks


def test_a_star_says_whose_it_is() -> None:
    note = read(
        HERE + "- 지도를 그린다 ★이하늘\n→ 표를 고친다 ★박구름\n-- 사진 ★전원\n- 안개\n", "a.txt"
    )
    assert [(task.text.partition(" ★")[0], task.owners) for task in note.tasks] == [
        ("지도를 그린다", ("이하늘",)),
        ("표를 고친다", ("박구름",)),
        ("-- 사진", ()),
    ]


def test_an_item_asks_over_the_list_that_answers() -> None:
    one = "- 안개는 왜 생기나요?\n  - 물이 식어서\n  - 새벽에 짙음\n- 지도\n"
    note = read(f"## 내용\n{one}- 비는 어떻게 오나요?\n  - 구름에서\n")
    assert [each.text for each in note.questions] == ["안개는 왜 생기나요?", "비는 어떻게 오나요?"]
    assert [each.question for each in note.answers] == [each.id for each in note.questions]
    assert note.answers[0].text == "물이 식어서\n  - 새벽에 짙음"
    # One alone may be how somebody came to what stands below it.
    assert not read(f"## 내용\n{one}").questions


def test_what_stands_below_a_question_stays_what_it_is() -> None:
    note = read(
        HERE + "- 안개는 왜 생기나요?\n  - 이하늘: 물이 식어서\n  - 박구름: 모른다\n"
        "- 비는 언제 오나요?\n  - 저녁으로 정하기로 함\n"
        "- 어느 지도를 쓰나요?\n  - 둘 다 좋다\n\n→ 첫째로 결정\n"
    )
    assert len(note.questions) == 3
    assert [each.speakers for each in note.opinions] == [("이하늘",), ("박구름",)]
    assert [each.text for each in note.decisions] == ["저녁으로 정하기로 함", "첫째로 결정"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- 비가 오지 않을까?\n  - 그럴지도\n", id="a guess"),
        pytest.param("- 비가 오면 어떨까?\n  - 젖는다\n", id="a proposal"),
        pytest.param("- 지도?\n  - 둘\n", id="a word"),
        pytest.param("- 왜 비가 오나?\n- 물이 식어서\n", id="beside it"),
        pytest.param("- 왜 비가 오나?\n  - 언제 오나?\n", id="over another question"),
        pytest.param(HERE + "- 이하늘: 왜 비가 오나?\n  - 물이 식어서\n", id="in a turn"),
    ],
)
def test_no_question_is_asked(text: str) -> None:
    assert not read(text).questions


@pytest.mark.parametrize(
    ("line", "settled"),
    [
        ("- Image Resolution : (384 x 512)", []),
        ("Resolution: 32", []),
        ("- 해상도(resolution) : 256×256 px", []),
        ("RESOLUTION: adopt the map", ["adopt the map"]),
        ("- Meeting Resolution: 2 talks a week", ["Meeting Resolution: 2 talks a week"]),
    ],
)
def test_the_resolution_of_a_picture_settles_nothing(line: str, settled: list[str]) -> None:
    assert [each.text for each in read(f"{line}\n").decisions] == settled


def test_a_heading_that_asks_is_a_title() -> None:
    assert not read(
        "# 정리\n\n### 안개는 왜 생길까?\n- 물이 식어서\n\n### 비는 언제 오나?\n- 저녁\n"
    ).questions


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("VAE", "GAN"),
        ("DDPM", "DDIM"),
        ("Langevin", "Heun"),
        ("Prior", "Posterior"),
        ("VP SDE", "VE SDE"),
        ("Flow Matching", "Score Matching"),
        ("인코더", "디코더"),
        ("가우시안", "마르코프"),
        ("Redis", "Kafka"),
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "- {0} : 천천히 배운다\n- {1} : 빨리 배운다\n\n- {0} : 흐림\n- {1} : 또렷\n\n- {0} : 끝\n",
        "{0} - 천천히 배운다\n{1} - 빨리 배운다\n\n{0} - 흐리다\n{1} - 또렷하다\n\n{0} - 좋다\n",
        "**{0}.** 천천히 배운다\n\n**{1}.** 빨리 배운다\n\n**{0}.** 흐리다\n",
        "## 아쉬웠던 점\n- 흐렸다 ({0})\n- 느렸다 ({1})\n- 길었다 ({0})\n- 짧았다 ({1})\n",
        "## 하나\n- {0}\n  - 천천히\n- {1}\n  - 빨리\n\n## 둘\n- {0}\n  - 흐림\n- {1}\n  - 또렷\n",
        "## 할 일\n- 그림 그리기 ({0})\n- 표 고치기 ({1})\n",
    ],
)
def test_a_term_of_the_field_is_nobody(form: str, one: str, other: str) -> None:
    assert not read(form.format(one, other)).speakers


@pytest.mark.parametrize("word", ["BeforeEach", "property", "Transactional", "Override"])
@pytest.mark.parametrize("form", ["## @{}\n{}\n", "- @{}: {}\n", "- `@{}`\n  - {}\n"])
def test_what_code_marks_with_a_sign_is_nobody(form: str, word: str) -> None:
    assert not read(form.format(word, "먼저 돌린다")).speakers


def test_terms_that_are_spelled_out_are_nobody() -> None:
    terms = "- GRU (Gated Recurrent Unit) : 잊는다\n- QRS (Quick Rough Sketch) : 그린다\n"
    assert not read(terms).speakers
    assert read("RF (Robin Field): a cloud\nRF: rain\nSM: snow\n").speakers == ("RF",)


@pytest.mark.parametrize(
    "row",
    ["| 이하늘 | 박구름 |", "| [하늘](https://example.org) | 구름 |", "| 하늘 | a@example.org |"],
)
def test_people_side_by_side_say_nothing(row: str) -> None:
    assert not read(f"{HERE}| 하나 | 둘 |\n|---|---|\n{row}\n").opinions


@pytest.mark.parametrize(
    ("line", "subject", "who"),
    [
        ("- 구름의 종류 : 발표자 하늘", "구름의 종류", ("하늘",)),
        ("- 면접 질문 스터디 : 발표자 나래님", "면접 질문 스터디", ("나래",)),
        ("- 논문 리뷰, 발제자: 구름", "논문 리뷰", ("구름",)),
        (
            "1. torch.optim [optimizer] - by 이하늘, 박구름",
            "torch.optim [optimizer]",
            ("이하늘", "박구름"),
        ),
        ("> 발표자: 나래연구소 이하늘님", None, ("이하늘",)),
    ],
)
def test_who_presents_stands_behind_the_word(
    line: str, subject: str | None, who: tuple[str, ...]
) -> None:
    (talk,) = read(f"{line}\n").talks
    assert (talk.subject, talk.presenters) == (subject, who)


def test_a_fold_is_whose_name_titles_it() -> None:
    note = read(
        HERE + "<details>\n<summary><b>이하늘</b></summary>\n\n- 지도가 좋다\n- [ ] 표 그리기\n"
        "</details>\n\n"
        "<details>\n<summary>지도</summary>\n\n- 둘\n</details>\n"
    )
    (opinion,) = note.opinions
    assert (opinion.speakers, [point.text for point in opinion.points]) == (
        ("이하늘",),
        ["지도가 좋다"],
    )
    assert [task.text for task in note.tasks] == ["표 그리기"]


@pytest.mark.parametrize("head", ["이름/내용", "팀원 (역할)", "지난주"])
def test_rows_that_begin_with_full_names_are_turns(head: str) -> None:
    note = read(
        f"| {head} | 지켜졌나요? |\n|---|---|\n| 이하늘 | 네 |\n| 박구름 | 아니요 |\n"
        "| 최나래 | 조금 |\n"
    )
    assert [each.speakers for each in note.opinions] == [("이하늘",), ("박구름",), ("최나래",)]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (
            (
                "## 좋았던 점\n- 지도가 작았다 (하늘)\n- 길이 짧았다 (구름)\n- 맑았다 – 하늘\n"
                "- 길이 평탄했다 (구름)\n"
            ),
            ["하늘", "구름", "하늘", "구름"],
        ),
        (
            (
                "하늘  오전 10:02\n지도를 본다\n\n구름  오전 10:03\n나도\n\n"
                "하늘  오후 1:10 (편집됨)\n좋다\n"
            ),
            ["하늘", "구름", "하늘"],
        ),
        (
            "**하늘.** 지도를 새로 그렸다\n\n**다온.** 표를 고쳤다\n\n**나래.** 쉬었다\n",
            ["하늘", "다온", "나래"],
        ),
        (HERE + "- 하늘: 왜 비가 올까\n→ 나래: 물이 식어서\n", ["하늘", "나래"]),
        ("| | 어제 |\n|---|---|\n| **J021 하늘** | 지도 |\n| J088_나래 | 표 |\n", ["하늘", "나래"]),
        (
            "하늘, 나래, 다온 / 휴가: 라온\n\n하늘: 지도\n나래: 표\n다온: 사진\n",
            ["하늘", "나래", "다온"],
        ),
    ],
)
def test_people_are_known_by_how_a_note_sets_them(text: str, speakers: list[str]) -> None:
    assert [name for each in read(text).opinions for name in each.speakers] == speakers


def test_a_term_with_its_initials_is_nobody() -> None:
    note = read("- PDU(Protocol Data Unit): 위에서 받은 것과 머리\n- 그 밖에 셋이 더 있다\n")
    assert not note.opinions


def test_below_what_was_decided_each_does_a_part() -> None:
    note = read(
        HERE + "## 결정 사항\n1. 매일 모인다\n2. 지도\n   1. 하늘 : 배경\n   2. 구름 : 표 마무리\n"
    )
    assert [each.text for each in note.decisions] == ["매일 모인다", "지도"]
    assert [each.speakers for each in note.opinions] == [("하늘",), ("구름",)]


def test_a_wiki_link_to_somebody_is_their_name() -> None:
    note = read("## 할 일\n- [[이하늘]]\n  - [[지도]] 그리기\n- [[나래|최나래]]\n  - 표\n")
    assert [(task.text, task.owners) for task in note.tasks] == [
        ("[[지도]] 그리기", ("이하늘",)),
        ("표", ("최나래",)),
    ]


@pytest.mark.parametrize(
    ("text", "subject", "when"),
    [
        ("발표(하늘, 3/14): DDPM", "DDPM", ("3/14", None, None, "planned")),
        ("발표(하늘, 다음 주): DDPM", "DDPM", ("다음 주", 3, None, "planned")),
        ("발표(하늘, 금요일): DDPM", "DDPM", ("금요일", None, None, None)),
        ("DDPM 발표 - 하늘님 (3/14)", "DDPM", ("3/14", None, None, "planned")),
        ("3/14 DDPM 발표 - 하늘님", "DDPM", ("3/14", None, None, "planned")),
        ("다음 주 DDPM 발표 - 하늘님", "DDPM", ("다음 주", 3, None, "planned")),
        ("다음 주 발표 : DDPM - 하늘님", "DDPM", ("다음 주", 3, None, "planned")),
        ("하늘님이 다음 주에 DDPM 발표 예정", "DDPM", ("다음 주", 3, None, "planned")),
        ("## 다음 주 발표\n- VAE (2.1절) : 하늘", "VAE (2.1절)", ("다음 주", 3, None, "planned")),
        (
            "## 다음 주 발표\n| 논문 | 발표자 |\n|---|---|\n| DDPM | 하늘 |",
            "DDPM",
            ("다음 주", 3, None, "planned"),
        ),
        ("## 발표\n- 4주차 : DDPM - 하늘", "DDPM", ("4주차", 4, None, "planned")),
        ("## 발표\n- 2주차 : DDPM - 하늘", "DDPM", ("2주차", 2, None, None)),
        ("## 발표\n- 3월 14일(토) DDPM : 하늘", "DDPM", ("3월 14일(토)", None, None, "planned")),
        (
            "## 발표\n- 2026-03-21 : DDPM - 하늘",
            "DDPM",
            ("2026-03-21", None, "2026-03-21", "planned"),
        ),
        ("## 발표\n- 2026-03-01 : DDPM - 하늘", "DDPM", ("2026-03-01", None, "2026-03-01", None)),
        (
            "| 모델 | 발표 | 일시 |\n|---|---|---|\n| DDPM | 하늘 | 3/14 |",
            "DDPM",
            ("3/14", None, None, "planned"),
        ),
        ("확률 7.2 정리 발표 - 하늘님", "확률 7.2 정리", None),
        ("하루 3/4 재우기 실험 발표 - 하늘님", "하루 3/4 재우기 실험", None),
        ("오늘 발표 - 하늘님 : DDPM", "DDPM", None),
        ("3/7 DDPM 발표 - 하늘님", "DDPM", ("3/7", None, None, None)),
        ("2/28 DDPM 발표 - 하늘님", "DDPM", ("2/28", None, None, None)),
        ("2/30 DDPM 발표 - 하늘님", "DDPM", ("2/30", None, None, None)),
    ],
)
def test_a_talk_is_when_the_note_says(
    text: str, subject: str, when: tuple[str, int | None, str | None, str | None] | None
) -> None:
    note = read(f"# 2026-03-07\n{HERE}{text}\n", "week-02.md")
    (talk,) = note.talks
    due = talk.due and (talk.due.text, talk.due.week, talk.due.date, talk.status)
    assert (talk.subject, due) == (subject, when)


def test_a_talk_in_january_is_ahead_in_december() -> None:
    (talk,) = read(f"# 2026-12-19\n{HERE}1/9 DDPM 발표 - 하늘님\n").talks
    assert (talk.status, talk.due and talk.due.date) == ("planned", None)


def test_a_talk_is_ahead_of_its_own_meeting() -> None:
    notes = (
        f"# 2026-05-02\n{HERE}## 발표\n- 2026-04-11 : 비 - 하늘\n\n"
        "# 2026-03-07\n\n## 발표\n- 2026-04-04 : 눈 - 하늘\n"
    )
    assert [talk.status for talk in read(notes).talks] == [None, "planned"]


@pytest.mark.parametrize(
    ("text", "owner", "when"),
    [
        ("## 할 일\n- 지도 그리기 (하늘, 3/14)", "하늘", "3/14"),
        ("## 할 일\n- 하늘: 지도 그리기 (3/14)", "하늘", "3/14"),
        ("## 할 일\n- 지도 그리기 (하늘) (금요일)", "하늘", "금요일"),
        ("## 할 일\n- 지도 그리기 @하늘 due 3/14", "하늘", "3/14"),
        ("## 할 일\n- 지도 그리기 - 하늘 (다음 주)", "하늘", "다음 주"),
        ("- [ ] 하늘 - 지도 그리기 (3월 14일)", "하늘", "3월 14일"),
        ("## 할 일 (~3/14)\n- 하늘: 지도", "하늘", "3/14"),
        ("## 다음 주 할 일\n- 하늘: 지도", "하늘", "다음 주"),
        ("## Next steps (by Friday)\n- 하늘: 지도", "하늘", "Friday"),
        ("## 할 일\n- 하늘: 7.2절 읽기 (3.4)", "하늘", None),
        ("## 오늘 할 일\n- 하늘: 지도", "하늘", "오늘"),
        ("## 다음 회의 준비\n- 하늘: 지도", "하늘", "다음 회의"),
        ("## 다음 모임\n- 3월 14일 7시\n- 하늘: 지도 그리기", "하늘", "3월 14일"),
    ],
)
def test_a_task_is_due_when_the_note_says(text: str, owner: str, when: str | None) -> None:
    (task,) = read(f"{HERE}{text}\n").tasks
    assert (task.owners, task.due and task.due.text) == ((owner,), when)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("***월요일***까지 지도 그리기", "***월요일***까지 지도 그리기"),
        ("***ACTION draw the map***", "draw the map"),
        ("**지도** 그리기", "**지도** 그리기"),
        ("지도 그리기 ~~~", "지도 그리기 ~~~"),
    ],
)
def test_a_record_has_both_of_the_marks_that_are_a_pair_or_none(line: str, text: str) -> None:
    (task,) = read(f"## 할 일\n- {line}\n").tasks
    assert task.text == text
