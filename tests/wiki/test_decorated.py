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
