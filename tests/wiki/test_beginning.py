"""`studykit new talk`, `new answer` and `new note`: what they write, and what they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import ConfigError, NoteError
from studykit.wiki.beginning import new_answer, new_note, new_talk
from studykit.wiki.beginning.files import page_name
from studykit.wiki.beginning.skeletons import language_of, skeleton
from studykit.wiki.front_matter import FIELDS, read_front_matter
from studykit.wiki.front_matter_schema import front_matter_schema
from tests.wiki.support import Project, parse

NOTE = """\
안개 발표 - 나래님, 다온님

다음 주에 구름 발표 (가람)

질문 :

1. 안개_도_ 구름인가 <b>
2. 비는 왜 오나
"""
TERMS = """\
[[term]]
id = "fog"
ko = "안개"
en = "fog"
spoken = ["포그"]
definition = "땅에 닿은 구름."
paper = {title = "On fog", url = "https://fog.example.org/"}
"""


@pytest.fixture
def group(tmp_path: Path) -> Path:
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings/week-01.txt").write_text(NOTE, "utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/terms.toml").write_text(TERMS, "utf-8")
    return tmp_path


def talk_of(group: Path, name: str, talk_id: str | None = None) -> tuple[Path, str]:
    made = new_talk(name, group / "meetings", group / "docs", "ko", talk_id)
    return made.path, made.talk.id if made.talk else ""


# --- talks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fog", "포그", "안개"])
def test_the_planned_talk_is_found_by_any_name_of_its_term(group: Path, name: str) -> None:
    path, talk = talk_of(group, name)
    assert path == group / f"docs/talks/{name}/index.md"
    front = read_front_matter(path.read_text("utf-8"), "index.md")
    assert front.talk
    assert front.talk.id == talk == "w01-talk1"
    assert front.presenters == ("나래", "다온")
    assert front.paper == ("https://fog.example.org/",)
    assert front.week is None
    assert (front.status, front.answers) == ("planned", ())


def test_a_talk_that_nobody_planned_states_nothing(group: Path) -> None:
    path, talk = talk_of(group, "rain")
    front = read_front_matter(path.read_text("utf-8"), "index.md")
    assert not talk
    assert (front.talk, front.presenters, front.week, front.paper) == (None, (), None, ())
    assert "\n# rain\n" in path.read_text("utf-8")


def test_two_talks_that_fit_are_shown_and_none_is_chosen(group: Path) -> None:
    note = "안개 발표 - 나래님\n\n안개 발표 - 다온님\n"
    (group / "meetings/week-01.txt").write_text(note, "utf-8")
    made = new_talk("fog", group / "meetings", group / "docs", "ko")
    assert made.talk is None
    assert [talk.id for talk in made.others] == ["w01-talk1", "w01-talk2"]
    assert talk_of(group, "fog-2", "w01-talk2")[1] == "w01-talk2"


def test_a_wrong_talk_is_named_with_the_right_one(group: Path) -> None:
    with pytest.raises(ConfigError, match=r"no note has a talk 'w01-talk9'\n  mend: did you mean"):
        talk_of(group, "fog", "w01-talk9")


def test_a_page_that_is_there_stays(group: Path) -> None:
    path, _ = talk_of(group, "fog")
    path.write_text("# mine\n", "utf-8")
    with pytest.raises(ConfigError, match="it is there already"):
        talk_of(group, "fog")
    assert path.read_text("utf-8") == "# mine\n"


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "a\\b", "", ".", "CON", "nul", "Fog", "a b", "index", "a_b", "x" * 90]
)
def test_a_name_that_is_none_is_refused_with_one_that_is(name: str) -> None:
    with pytest.raises(ConfigError, match="mend: write ") as caught:
        page_name(name, "the write-up")
    assert caught.value.mend
    suggested = caught.value.mend.removeprefix("write ")
    assert page_name(suggested, "the write-up") == suggested


@given(st.text(max_size=80))
def test_any_name_stays_within_its_folder(name: str) -> None:
    try:
        accepted = page_name(name, "the write-up")
    except ConfigError:
        return
    assert not set(accepted) & set("/\\.: \0")


# --- answers --------------------------------------------------------------------------------------


def test_the_answer_names_its_question(group: Path) -> None:
    path = new_answer("w01-q1", group / "meetings", group / "docs", "ko")
    text = path.read_text("utf-8")
    assert [each.id for each in read_front_matter(text, "a.md").answers] == ["w01-q1"]
    assert yaml.safe_load(text.split("---")[1])["title"] == "안개_도_ 구름인가 <b>"
    assert "# 안개\\_도\\_ 구름인가 \\<b\\>\n" in text
    with pytest.raises(ConfigError, match="it is there already"):
        new_answer("w01-q1", group / "meetings", group / "docs", "ko")


def test_a_question_that_nobody_asked(group: Path) -> None:
    with pytest.raises(
        ConfigError,
        match=r"no note and no issue has a question 'w1-q2'\n  mend: did you mean w01-q2",
    ):
        new_answer("w1-q2", group / "meetings", group / "docs", "ko")
    assert not (group / "docs/answers").exists()


# --- notes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "taken"),
    [
        ("typed.txt", "가람님 - 안녕", "week-02.txt"),
        ("5주차.md", "# 회의\n", "week-05.md"),
        ("2031-03-18.TXT", "가람님 - 안녕", "2031-03-18.txt"),
    ],
)
def test_a_note_is_taken_byte_for_byte(group: Path, name: str, text: str, taken: str) -> None:
    data = text.encode("cp949") + b"\r\n\xff"
    (group / name).write_bytes(data)
    assert new_note(group / name, group / "meetings") == group / "meetings" / taken
    assert (group / "meetings" / taken).read_bytes() == data


def test_the_week_can_be_said(group: Path) -> None:
    (group / "typed.txt").write_text("가람님 - 안녕", "utf-8")
    assert new_note(group / "typed.txt", group / "meetings", week=9).name == "week-09.txt"


def test_a_meeting_that_has_its_note(group: Path) -> None:
    (group / "1주차.txt").write_text("가람님 - 안녕\n", "utf-8")
    with pytest.raises(NoteError, match="week 1 has a note already"):
        new_note(group / "1주차.txt", group / "meetings")
    assert [path.name for path in (group / "meetings").iterdir()] == ["week-01.txt"]


def test_what_is_no_text_is_refused(group: Path) -> None:
    (group / "typed.hwp").write_bytes(b"\0")
    with pytest.raises(NoteError, match=r"only \.txt and \.md files are notes"):
        new_note(group / "typed.hwp", group / "meetings")
    with pytest.raises(NoteError, match="the note cannot be opened"):
        new_note(group / "missing.txt", group / "meetings")


# --- skeletons ------------------------------------------------------------------------------------


def test_skeletons_build_and_show_no_advice(project: Project) -> None:
    (project.folder / "meetings/week-01.txt").write_text(NOTE, "utf-8")
    for arguments in (["new", "talk", "fog"], ["new", "answer", "w01-q1"]):
        done = project.run(*arguments)
        assert done.returncode == 0, done.stderr
        assert "Wrote docs/" in done.stdout
    site = project.build()
    for page in ("talks/fog", "answers/w01-q1"):
        html = parse((site / page / "index.html").read_text("utf-8"))
        (article,) = html.with_tag("article")
        comments = [element for element in article.all() if element.tag == "!comment"]
        for comment in comments:
            comment.children.clear()
        assert not re.search("적으세요|-->|Ho et al", article.text())
    assert 'href="fog/"' in (site / "talks/index.html").read_text("utf-8")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_front_matter_says_what_was_filled_in(language: str) -> None:
    text = skeleton(
        "talk", language, title="안개", talk=None, presenters=("no", "a: b"), week=3, paper=None
    ).decode()
    front = read_front_matter(text, "index.md")
    assert front.presenters == ("no", "a: b")
    assert front.week == 3
    assert set(yaml.safe_load(text.split("---")[1])) <= set(FIELDS)


def test_the_language_is_the_theme_s() -> None:
    assert language_of("theme: {language: ko}", "mkdocs.yml") == "ko"
    assert language_of("theme: material", "mkdocs.yml") == "en"
    assert language_of("theme: {language: fr}", "mkdocs.yml") == "en"
    assert language_of("x: !!python/name:os.system ''", "mkdocs.yml") == "en"
    with pytest.raises(ConfigError, match=r"mkdocs\.yml:1:\d+: the configuration is no YAML"):
        language_of("theme: [", "mkdocs.yml")


# --- the schema -----------------------------------------------------------------------------------


def test_the_editor_s_schema_is_the_reader_s(root: Path) -> None:
    assert (root / ".vscode/front-matter.schema.json").read_text("utf-8") == front_matter_schema()


@pytest.mark.parametrize(
    ("front", "right"),
    [
        ("answers: [w01-q2]", True),
        ("answers: w01-q2", True),
        ("answers: []", True),
        ("answers:", True),
        ("answers: [i12]", True),
        ("answers: [question 2]", False),
        ("status: planned", True),
        ("status: done", False),
        ("week: 3", True),
        ("week: three", False),
        ("paper: On fog", True),
        ("paper: https://fog.example.org/", True),
        ("paper: ftp://fog.example.org/", False),
        ("presenters: [가람]", True),
        ("presenters: [[가람]]", False),
        ("title: anything", True),
    ],
)
def test_schema_and_reader_agree(front: str, right: bool) -> None:
    schema = json.loads(front_matter_schema())
    jsonschema.Draft7Validator.check_schema(schema)
    assert jsonschema.Draft7Validator(schema).is_valid(yaml.safe_load(front)) == right
    try:
        read_front_matter(f"---\n{front}\n---\n", "fog.md")
        read = True
    except ConfigError:
        read = False
    assert read == right
