"""Labels and names among all that people set around them: pictures, quotes, arrows, numbers."""

from __future__ import annotations

import pytest

from studykit.wiki.labels import bare_label
from studykit.wiki.read import read_note
from studykit.wiki.records import Note

MARKDOWN = (
    *("## {}", "## {} 👥", "## 📌{}", "## ✅ {} ✅", "### :memo: {}", "### 🙋‍♂️ {} :", "## [{}]"),
    *('## "{}"', "## ~{}~", "## - {} -", "## `{}`", "## {}!", "## {}...", "## 03 {}", "## | {}"),
    *("## 2-1. {}", "## Ⅱ. {}", "## 가. {}", "## 二、{}", "## (2) {}", "**📌 {}**", "**1. {}**"),
    *("{} 📌", "==**{}**==", "> **{}**", "<u>{}</u>", "*{}*", "**[{}]**"),
)
PLAIN = (
    *("{}", "{} :", "{};", "{} -", "{} →", "{} ▼", "{} 📌", "📌 {}", "❖ {}", "◎ {}", "○{}", "●{}"),
    *("■{}", "ㅁ {}", "ㅇ {}", "※ {}", "1 {}", "1.{}", "2-1. {}", "(1) {}", "① {}", "가. {}"),
    *('"{}"', "「{}」", "【{}】", "[ {} ]", "< {} >", "<<{}>>", "[[{}]]", "~{}~", "_{}_", "={}="),
    *("-- {} --", "* {} *", "## {}", "**{}**", "> {}", ">> {}"),
)
HOLDS = {
    "할 일": ("지도 초안 작성", "사진 고르기"),
    "TODO": ("지도 초안 작성", "사진 고르기"),
    "질문": ("구름은 왜 흰가?", "비는 언제 오나?"),
    "결정 사항": ("지도는 종이에 그림", "사진은 한 장만"),
    "발표 순서": ("이하늘 : 구름의 종류", "박구름 : 지도 보는 법"),
    "참석자": ("이하늘", "박구름"),
}


def held(note: Note, label: str) -> int:
    """How many records of the kind that the label names were read."""
    return {
        "할 일": len(note.tasks),
        "TODO": len(note.tasks),
        "질문": len(note.questions),
        "결정 사항": len(note.decisions),
        "발표 순서": len(note.talks),
        "참석자": len(note.meetings[0].attendees),
    }[label]


@pytest.mark.parametrize("label", HOLDS)
@pytest.mark.parametrize("extension", ["md", "txt"])
def test_a_label_is_read_however_it_is_set(label: str, extension: str) -> None:
    failed = []
    for form in MARKDOWN if extension == "md" else PLAIN:
        gap = "\n\n" if extension == "md" else "\n"
        items = "\n".join(f"  - {item}" for item in HOLDS[label])
        text = f"2031-03-04 모임\n\n{form.format(label)}{gap}{items}\n"
        if held(read_note(text.encode(), f"week-03.{extension}"), label) != 2:
            failed.append(form)
    assert failed == []


THERE = (
    *("참석자 : {}", "참석자 3명 : {}", "참석자 : 총 3명 - {}", "참석 인원 : 3명 ({})"),
    *("온사람\t{}", "오늘 온 사람 : {}     (한다온은 늦음)", "참석 : {}   늦참 : 한다온(일)"),
    *("{} (전원)", "전원 참석 ({})", "3월 첫 주 밤. 참가 : {}", "{} 참여. 한다온 불참"),
    *("출석체크 - {}", "총 3명 참석 : {}", "ㅊㅊ: {}", "{} - 3명 다 옴"),
    *("참석자 : 전원 ({})", "참석자 : {} 전원 참석", "참석자: [{}]", "{} 참석", "구성원 : {}"),
    *(
        "참석자 : {} / 불참 : 한다온",
        "참석자 : {} (불참: 한다온)",
        "[참석자]\n{}",
        "## 참석자 👥\n{}",
    ),
)
LISTS = (
    *("이하늘, 박구름, 최나래", "이하늘 박구름 최나래", "이하늘/박구름/최나래"),
    *(
        "이하늘 PM, 박구름(BE), 최나래",
        "J021_이하늘, J088_박구름, J104_최나래",
        "하늘마을(이하늘, 박구름, 최나래)",
    ),
    *("이하늘 O 박구름 O 최나래 O", "✅ 이하늘 ✅ 박구름 ✅ 최나래", "나(이하늘), 박구름, 최나래"),
    *("이하늘님, 박구름님, 최나래님", "1) 이하늘, 2) 박구름, 3) 최나래", "@이하늘 @박구름 @최나래"),
    *(
        "팀장 이하늘, 팀원 박구름, 최나래",
        "이하늘, 박구름 그리고 최나래",
        "이하늘(2031001), 박구름, 최나래",
    ),
    *(
        "`이하늘` `박구름` `최나래`",
        "**이하늘**, **박구름**, **최나래**",
        "이하늘 외 2명(박구름, 최나래)",
    ),
)
TABLES = (
    "| 참석자 |\n|---|\n| 이하늘 |\n| 박구름 |\n| 최나래 |",
    "| 이름 | 참석여부 |\n|--|--|\n| 이하늘 | O |\n| 박구름 | O |\n| 최나래 | ✅ |\n| 한다온 | X |",
    "참석자 : [이하늘](https://example.org/1), [박구름](https://example.org/2), 최나래",
)
NOBODY = (
    "출석 : 하늘이 흐려서 못 온 사람이 많았음",
    "구름 - 3명 다 옴",
    "참석자 : 없음",
    "참석자 : 3명",
    "행사 참석",
    "발표, 질문 참석",
    "인원 : 제한 없음",
)


@pytest.mark.parametrize("extension", ["md", "txt"])
def test_who_was_there_is_read_however_it_is_listed(extension: str) -> None:
    failed = []
    listed = (
        *(f"참석자 : {names}" for names in LISTS),
        *(form.format("이하늘, 박구름, 최나래") for form in THERE),
        *(TABLES if extension == "md" else ()),
    )
    for form in listed:
        note = read_note(f"2031-03-04\n\n{form}\n\n모였다.\n".encode(), f"week-03.{extension}")
        if set(note.meetings[0].attendees) != {"이하늘", "박구름", "최나래"}:
            failed.append(form)
    assert failed == []


@pytest.mark.parametrize("text", [*NOBODY, "참석 : 온라인"])
def test_nobody_was_there(text: str) -> None:
    note = read_note(f"2031-03-04\n\n{text}\n\n모였다.\n".encode(), "week-03.txt")
    assert note.meetings[0].attendees == ()


SAYINGS = ("지도가 더 보기 쉬웠다", "사진이 많아서 어려웠다", "표를 다시 그리는 게 좋겠다")
SAYS = (
    *("{} : {}", "{}: {}", "{} - {}", "{}- {}", "{} — {}", "{}) {}", "{}. {}", "{} > {}", "{}：{}"),
    *("{} -> {}", "{} → {}", "{} => {}", "{}ㅣ{}", "{} | {}", "{} ; {}", "{} = {}", "{} / {}"),
    *("[{}] {}", "[{}] : {}", "({}) {}", "<{}> {}", "【{}】{}", "「{}」 {}", "{}「{}」", '{} "{}"'),
    *("@{} {}", "@{}: {}", "@ {}: {}", "{}(FE) : {}", "[FE] {} : {}", "[20:05] {} : {}", "{}\t{}"),
    *(
        "- {} -> {}",
        "- [{}] {}",
        "① {} : {}",
        "▶ {} : {}",
        "■ {} : {}",
        "{} 왈 : {}",
        "{} 의견 : {}",
    ),
    *(
        "{} :\n{}",
        "{} :\n\t{}",
        "{}\n- {}",
        "{}\n=> {}",
        "{} >\n- {}",
        "[{}]\n{}",
        "--- {} ---\n{}",
    ),
    *("- {}\n  - {}", "1. {}\n  1) {}", "● {}\n- {}", "※ {}\n- {}"),
)
SAYS_IN_MARKDOWN = (
    *("**{}** : {}", "**{}** {}", "- **{}** {}", "`{}` : {}", "> **{}** : {}", "<b>{}</b> : {}"),
    *(
        "### {}\n\n- {}",
        "#### 👤 {}\n\n{}",
        "### {}의 의견\n- {}",
        "**1. {}**\n- {}",
        "| {} | {} |",
    ),
)


@pytest.mark.parametrize("over", ["", "나눈 말\n", "[나눈 말]\n"])
@pytest.mark.parametrize("extension", ["md", "txt"])
def test_a_turn_is_read_whatever_sign_follows_the_name(extension: str, over: str) -> None:
    failed = []
    for form in (*SAYS, *(SAYS_IN_MARKDOWN if extension == "md" else ())):
        people = ("하늘", "구름", "나래")
        said = "\n".join(form.format(*pair) for pair in zip(people, SAYINGS, strict=True))
        text = f"2031-03-04 모임\n\n참석자 : 이하늘, 박구름, 최나래\n\n{over}{said}\n"
        note = read_note(text.encode(), f"week-03.{extension}")
        whose = [
            turn.speakers
            for saying in SAYINGS
            for turn in note.opinions
            if turn.lines[0] <= text[: text.index(saying)].count("\n") + 1 <= turn.lines[1]
        ]
        if whose != [(name,) for name in people]:
            failed.append(form)
    assert failed == []


ASKS = (
    *("Q. {}", "Q.{}", "Q) {}", "Q : {}", "Q1. {}", "Q1 {}", "Q-1. {}", "Q#1 {}", "Q①. {}"),
    *("Ｑ. {}", "질문 : {}", "질문1) {}", "질문. {}", "[질문] {}", "[질문1] {}", "<질문> {}"),
    *("[Q1] {}", "(Q1) {}", "- Q. {}", "1. Q. {}", "※ 질문 : {}", "💬 질문 : {}"),
    *("Q >> {}", "Q - {}", "質問：{}", "Q.\n{}"),
)
SOMEBODY_ASKS = (
    *("하늘님 질문 : {}", "하늘님의 질문 : {}", "질문(하늘) : {}", "질문 by 하늘 : {}"),
    *("Q(하늘): {}", "Q. (하늘) {}", "Q. {} (하늘)", "Q. {} - 하늘님", "Q. 하늘님 : {}"),
    *("하늘 Q. {}", "[하늘님 질문] {}"),
)
REPLIES = (
    *("A. {}", "A) {}", "답 : {}", "답변: {}", "[답변] {}", "<답변> {}", "(답) {}", "답 - {}"),
    *("-> {}", "→ {}", "  -> {}", "  → {}", "ㄴ {}", "└ {}", "ㄴ> {}", "↳ {}"),
    *("Answer: {}", "回答: {}"),
)
NO_QUESTIONS = ("Q 등급 3개", "질문 있음", "구름 Q1 실적", "질문 구름은 왜 흰가?")


@pytest.mark.parametrize("extension", ["md", "txt"])
def test_a_question_is_read_however_its_mark_is_set(extension: str) -> None:
    failed = []
    for form in (*ASKS, *SOMEBODY_ASKS):
        text = f"참석자 : 이하늘, 박구름\n\n모였다.\n\n{form.format('구름은 왜 흰가?')}\n"
        note = read_note(text.encode(), f"week-03.{extension}")
        askers = [question.askers for question in note.questions]
        whose = ("하늘",) if form in SOMEBODY_ASKS else ()
        # To ask is to say something; nobody else does.
        if askers != [whose] or any(turn.speakers != whose for turn in note.opinions):
            failed.append(form)
    assert failed == []


@pytest.mark.parametrize("extension", ["md", "txt"])
def test_an_answer_is_read_however_its_mark_is_set(extension: str) -> None:
    failed = []
    for form in REPLIES:
        text = f"Q. 구름은 왜 흰가?\n{form.format('물방울이 빛을 흩뜨린다')}\n"
        note = read_note(text.encode(), f"week-03.{extension}")
        (question,) = note.questions
        if [answer.question for answer in note.answers] != [question.id]:
            failed.append(form)
    assert failed == []


@pytest.mark.parametrize(
    "said", ["추후 논의", "다음에 확인 필요", "아직 모름", "논의하기", "멘토님께 질문"]
)
def test_what_puts_a_question_off_is_no_answer(said: str) -> None:
    note = read_note(f"Q. 구름은 왜 흰가?\n  -> {said}\n".encode(), "week-03.md")
    assert len(note.questions) == 1
    assert note.answers == ()


@pytest.mark.parametrize("text", NO_QUESTIONS)
def test_what_only_begins_like_a_question_is_none(text: str) -> None:
    assert read_note(text.encode(), "week-03.txt").questions == ()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        *((f"{day}\n", "2031-03-04") for day in ("2031. 3. 4.", "2031. 03. 04 (화) 20:00 ~ 22:00")),
        *((f"{day}\n", "2031-03-04") for day in ("310304", "3주차 (2031.03.04)", "📅 2031-03-04")),
        *((f"{day}\n", "2031-03-04") for day in ("일시\n2031.03.04", "[일시] 2031.03.04")),
        *((f"{day}\n", "2031-03-04") for day in ("일시\n- 2031.03.04", "**일시** : 2031.03.04")),
        *((f"{day}\n", None) for day in ("310304 실험", "319999", "다음 모임\n일시\n2031.03.04")),
    ],
)
def test_a_date_is_read_however_it_is_set(text: str, date: str | None) -> None:
    note = read_note(f"{text}\n하늘님 - 좋다\n".encode(), "notes.txt")
    assert note.meetings[0].date == date


@pytest.mark.parametrize(
    "text",
    [
        "하늘 -> 지도 그리기\n구름 -> 사진 고르기\n",  # whose it is
        "하늘\t010-1234-5678\n구름\t010-8765-4321\n",
        "하늘 = 구름\n구름 = 하늘\n",
        "하늘 -> 박구름\n구름 -> 이하늘\n",
        "지도 -> 크다\n사진 -> 작다\n하늘 -> 맑다\n구름 -> 희다\n바람 -> 세다\n",
    ],
)
def test_a_sign_alone_makes_no_turn(text: str) -> None:
    note = read_note(f"참석자 : 이하늘, 박구름\n\n{text}".encode(), "week-03.txt")
    assert note.opinions == ()


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("📌 ~ 할 일 ~ :", "할 일"),
        ("((질문))", "질문"),
        ("(현수) (인서)", "(현수) (인서)"),
        ("결정 (3/14)", "결정 (3/14)"),
        ("3 주차", "주차"),
        ("---", "---"),
        ("2031-03-04", "2031-03-04"),
        ("질문?", "질문?"),
    ],
)
def test_bare_label(words: str, label: str) -> None:
    assert bare_label(words) == label
