"""One list, set down in many ways: below any heading, each item is whose the note says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from studykit.wiki.read import read_note
from studykit.wiki.records import Note

PEOPLE = ("하늘", "구름", "나래")
HERE = "참석자 : 이하늘, 박구름, 최나래"
TASKS = ("지도 초안 작성하기", "사진 고르기", "표 다시 그리기")
QUESTIONS = ("구름은 왜 흰가?", "비는 언제 오나?", "바람은 어디서 부나?")
TITLES = ("구름의 종류", "지도 보는 법", "VAE")
SAYINGS = ("지도가 더 보기 쉬웠다", "사진이 많아서 어려웠다", "표를 다시 그리는 게 좋겠다")

HEADINGS = {
    "md": (
        *(
            "## {}",
            "### {} :",
            "## 1. {}",
            "## [{}]",
            "**{}**",
            "**{}:**",
            "<h3>{}</h3>",
            "{}\n---",
        ),
        *("- {}", "- **{}**", "* {}", "1. {}", "1) {}", "● {}", "[{}]", "■ {}", "※ {}", "{} :"),
    ),
    "txt": (
        *("{}", "{} :", "[{}]", "<{}>", "【{}】", "({})", "{}\n-----", "==={}===", "--- {} ---"),
        *(
            "1. {}",
            "1-1. {}",
            "I. {}",
            "Ⅱ. {}",
            "- {}",
            "* {}",
            "● {}",
            "○ {}",
            "■ {}",
            "▶ {}",
            "# {}",
        ),
    ),
}
ITEMS = ("- ", "1. ", "• ")

OVER = (
    *(
        "- {who}\n    - {what}",
        "- {who} :\n  - {what}",
        "* {who}\n  * {what}",
        "1. {who}\n   - {what}",
    ),
    *("1. {who}\n- {what}", "• {who}\n- {what}", "- {who}\n* {what}", "{who}\n- {what}"),
    *("{who} :\n- {what}", "{who}\n- {what}\n", "{who}\n\n- {what}\n", "{who}\n\t- {what}"),
)
"""A name over what is its bearer's."""
BEFORE = (
    "{item}{who} : {what}",
    "{item}{who}: {what}",
    "{item}{who} - {what}",
    "{item}({who}) {what}",
)
BEHIND = ("{item}{what} ({who})", "{item}{what} - {who}", "{item}{what} [{who}]")
OWNED = (
    "{item}{who} → {what}",
    "{item}{what} : {who}",
    "{item}{what} / {who}",
    "{item}@{who} {what}",
)
PRESENTED = (
    "{item}{what}, {who}",
    "{item}3/14 {who} : {what}",
    "{item}3/14 : {what} ({who})",
    "{item}2주차 : {who} - {what}",
    "{item}{who} ({what})",
    "{item}{what}\n  - {who}",
)
MARKDOWN = ("**{who}**\n- {what}", "**{who}**\n\n- {what}\n", "{item}**{who}**: {what}")


def notes(title: str, whats: tuple[str, ...], forms: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The file's name and the text of each combination of a heading and a form."""
    for kind, headings in HEADINGS.items():
        for heading in headings:
            inside = heading[:2] in ("- ", "* ", "● ", "○ ", "1.", "1)", "1-")
            for form in (*forms, *(MARKDOWN if kind == "md" else ())):
                for item in ITEMS if "{item}" in form else ("",):
                    body = "\n".join(
                        form.format(item=item, who=f"{who}님", what=what)
                        for who, what in zip(PEOPLE, whats, strict=True)
                    )
                    if inside:
                        body = "".join(f"   {line}" for line in body.splitlines(keepends=True))
                    gap = "\n" if inside else "\n\n"
                    yield f"week-03.{kind}", f"{HERE}\n\n{heading.format(title)}{gap}{body}\n"


def wrong(
    title: str,
    whats: tuple[str, ...],
    forms: tuple[str, ...],
    found: Callable[[Note], dict[int, tuple[str, ...]]],
) -> list[str]:
    """The notes in which an item is not found, or is not whose it is."""
    failed = []
    for file, text in notes(title, whats, forms):
        note = read_note(text.encode(), file)
        got = found(note)
        lines = [text[: text.index(what)].count("\n") + 1 for what in whats]
        if [got.get(line) for line in lines] != [(who,) for who in PEOPLE]:
            failed.append(f"{file}\n{text}")
    return failed


@pytest.mark.parametrize("title", ["할 일", "숙제", "TODO", "다음 주까지 할 일"])
def test_tasks_are_whose_the_note_says(title: str) -> None:
    def owners(note: Note) -> dict[int, tuple[str, ...]]:
        assert not note.opinions
        return {task.lines[0]: task.owners for task in note.tasks}

    assert wrong(title, TASKS, (*OVER, *BEFORE, *BEHIND, *OWNED), owners) == []


@pytest.mark.parametrize(
    "label",
    [
        *("{who} : 할 일", "{who} 할 일", "{who}의 할 일", "할 일 - {who}", "할 일 ({who})"),
        *("할 일 : {who}", "[{who}] 할 일", "{who} TODO", "TODO - {who}", "{who}의 다음 주 할 일"),
        *("{who} 역할", "{who} 과제", "{who} 담당", "Tasks for {who}", "다음 주 할 일 ({who})"),
    ],
)
def test_a_label_says_whose_its_tasks_are(label: str) -> None:
    failed = []
    for extension, forms in HEADINGS.items():
        for form in forms:
            inside = form[:2] in ("- ", "* ", "● ", "○ ", "1.", "1)", "1-")
            text = f"{HERE.replace('이하늘', 'Robin Field, 이하늘')}\n\n"
            for who in ("Robin", "Robin") if "for" in label else ("하늘", "구름"):
                indent = "   " if inside else ""
                text += f"{form.format(label.format(who=who))}\n"
                text += "".join(f"{indent}- {what}\n" for what in TASKS[:2]) + "\n"
            owners = [task.owners for task in read_note(text.encode(), f"a.{extension}").tasks]
            whose = ("Robin", "Robin") if "for" in label else ("하늘", "구름")
            if owners != [(who,) for who in whose for _ in TASKS[:2]]:
                failed.append(text)
    assert failed == []


@pytest.mark.parametrize("title", ["발표 순서", "발표", "논문 발표", "다음 주 발표", "세미나"])
def test_talks_are_whose_the_note_says(title: str) -> None:
    def presenters(note: Note) -> dict[int, tuple[str, ...]]:
        assert not note.opinions
        return {
            line: talk.presenters
            for talk in note.talks
            if talk.subject in TITLES
            for line in range(talk.lines[0], talk.lines[1] + 1)
        }

    forms = (*OVER, *BEFORE, *BEHIND, *OWNED, *PRESENTED)
    assert wrong(title, TITLES, forms, presenters) == []


@pytest.mark.parametrize("title", ["질문", "궁금한 점"])
def test_questions_are_whose_the_note_says(title: str) -> None:
    def askers(note: Note) -> dict[int, tuple[str, ...]]:
        asked = {question.lines[0]: question.askers for question in note.questions}
        # To ask is to say something; nobody else does.
        assert all(asked[turn.lines[0]] == turn.speakers for turn in note.opinions)
        return asked

    assert wrong(title, QUESTIONS, (*OVER, *BEFORE, *BEHIND), askers) == []


@pytest.mark.parametrize("title", ["나눈 말", "회의 내용"])
def test_turns_are_whose_the_note_says(title: str) -> None:
    def speakers(note: Note) -> dict[int, tuple[str, ...]]:
        return {
            line: turn.speakers
            for turn in note.opinions
            for line in range(turn.lines[0], turn.lines[1] + 1)
        }

    assert wrong(title, SAYINGS, (*OVER, *BEFORE), speakers) == []
