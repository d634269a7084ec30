"""Questions that were filed as issues: `studykit import-issue`, and where the site shows them."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.console import Console

from studykit.cli import main
from studykit.errors import ConfigError
from studykit.wiki.agenda import new_meeting
from studykit.wiki.beginning import new_answer
from studykit.wiki.check import check_paths
from studykit.wiki.chrome import load_chrome
from studykit.wiki.front_matter import without_front_matter
from studykit.wiki.generate import read_wiki
from studykit.wiki.issues import Issue, import_issue, read_issues
from studykit.wiki.link import link_notes
from studykit.wiki.pages import Addition, Asset, Page
from studykit.wiki.published import is_published
from studykit.wiki.read import read_note
from studykit.wiki.status import read_status, show_status
from tests.wiki.support import parse

URL = "https://github.example/group/wiki/issues/12"
BODY = """### 질문 (Question)

안개는 왜 <b>낮은가</b>?

다온이 garam@clouds.example 로 물었다.

### 어디를 보다가 (Where)

_No response_"""


def issue(folder: Path, **changes: Any) -> Path:
    """What `gh issue view --json` prints."""
    said = {
        "number": 12,
        "title": "질문: 안개",
        "body": BODY.replace("\n", "\r\n"),
        "author": {"id": "x", "is_bot": False, "login": "garam", "name": "이가람"},
        "createdAt": "2031-03-18T09:10:11Z",
        "url": URL,
        **changes,
    }
    path = folder / "issue.json"
    path.write_text(json.dumps(said), "utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings/week-01.txt").write_text("질문 :\n1. 비는 왜 오나\n", "utf-8")
    people = '[[person]]\nname = "이가람"\nalso = ["garam"]\ndisplay = "G."\n'
    (tmp_path / "meetings/people.toml").write_text(people, "utf-8")
    (tmp_path / "docs").mkdir()
    return tmp_path


def pages(project: Path, language: str = "ko") -> dict[str, Page | Asset | Addition]:
    wiki = read_wiki(project / "meetings", project / "docs", name="구름", language=language)
    parts = [*wiki.pages(), *wiki.data(project, None)]
    return {part.path: part for part in parts}


def shown(part: Page | Asset | Addition) -> str:
    return part.markdown if isinstance(part, Page) else part.content


# --- taking it in ---------------------------------------------------------------------------------


def test_the_form_is_read_as_it_was_filled_in(project: Path) -> None:
    done = import_issue(issue(project), project / "docs")
    assert (done.new, done.contacts) == (True, 1)
    (read,) = read_issues(project / "docs")
    assert read == done.issue
    assert read.id == "i12"
    assert read.text == "안개는 왜 <b>낮은가</b>?\n\n다온이 garam@clouds.example 로 물었다."
    assert (read.place, read.asker, read.date, read.url) == ("", "garam", "2031-03-18", URL)
    assert tomllib.loads(done.path.read_text("utf-8"))["number"] == 12
    assert not is_published("questions/issue-12.toml")


def test_the_headings_are_those_of_the_form(root: Path, project: Path) -> None:
    form = yaml.safe_load((root / ".github/ISSUE_TEMPLATE/question.yml").read_text("utf-8"))
    labels = [field["attributes"]["label"] for field in form["body"]]
    answers = ("왜?", "식 3")
    body = "\n\n".join(f"### {x}\n\n{y}" for x, y in zip(labels, answers, strict=True))
    done = import_issue(issue(project, body=body), project / "docs")
    assert (done.issue.text, done.issue.place) == answers


def test_an_issue_without_the_form_asks_by_its_title(project: Path) -> None:
    file = issue(project, title="질문: 비는 왜?", body="### 왜\n\n모르겠다\n", author=None)
    done = import_issue(file, project / "docs")
    assert done.issue.text == "비는 왜?\n\n### 왜\n\n모르겠다"
    assert done.issue.asker == ""


def test_taking_it_again_brings_what_was_edited(project: Path) -> None:
    docs = project / "docs"
    path = import_issue(issue(project), docs).path
    before = path.read_bytes()
    again = import_issue(issue(project), docs)
    assert (again.new, again.changed, path.read_bytes()) == (False, (), before)
    edited = import_issue(issue(project, body="### 질문 (Question)\n\n왜?"), docs)
    assert (edited.new, edited.changed) == (False, ("text",))
    assert [each.text for each in read_issues(docs)] == ["왜?"]


def test_the_command_says_what_it_did(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    file = issue(project)
    said = [CliRunner().invoke(main, ["import-issue", str(file)]).output for _ in range(2)]
    assert said[0].startswith("Wrote docs/questions/issue-12.toml: the question i12\n")
    assert "1 e-mail addresses or telephone numbers" in said[0]
    assert said[1].startswith("docs/questions/issue-12.toml is up to date\n")
    issue(project, title="질문: 비", body="")
    third = CliRunner().invoke(main, ["import-issue", str(file)]).output
    assert third == "Wrote docs/questions/issue-12.toml anew: text changed\n"


@given(st.text(), st.text(min_size=1), st.text())
def test_any_words_come_back(
    tmp_path_factory: pytest.TempPathFactory, title: str, body: str, login: str
) -> None:
    folder = tmp_path_factory.mktemp("words")
    file = issue(folder, title=title, body=f"{body}\ud800\x00\x7f", author={"login": login})
    done = import_issue(file, folder / "docs")
    assert read_issues(folder / "docs") == (done.issue,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"number": 12,\n "title": }', r"issue\.json:2:11: this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
        ("[]", "this is JSON, but no issue"),
        ("\udcff", "this is no JSON in UTF-8"),
    ],
)
def test_what_is_no_issue_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "issue.json"
    path.write_text(text, "utf-8", errors="surrogateescape")
    with pytest.raises(ConfigError, match=rf"(?s){message}.*mend: write it with `gh issue view"):
        import_issue(path, tmp_path / "docs")
    assert not (tmp_path / "docs").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("number", wrong) for wrong in (0, True, "12", None, -1, 10**20)),
        ("createdAt", "yesterday"),
        ("createdAt", "2031-02-30T00:00:00Z"),
        ("url", "javascript:alert(1)//issues/12"),
        ("url", "https://github.example/group/wiki/issues/13"),
        ("url", 'https://github.example/a"onclick="x/b/issues/12'),
        ("url", f"{URL}\n"),
        ("title", None),
        ("body", ["x"]),
        ("author", {"login": 3}),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, field: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"'{field}' is none of an issue: "):
        import_issue(issue(tmp_path, **{field: value}), tmp_path / "docs")
    assert not (tmp_path / "docs").exists()


def test_an_issue_of_another_repository_takes_no_place(project: Path) -> None:
    path = import_issue(issue(project), project / "docs").path
    before = path.read_bytes()
    other = issue(project, url=URL.replace("wiki", "other"))
    with pytest.raises(ConfigError, match=r"issue-12\.toml: this is issue 12 of another"):
        import_issue(other, project / "docs")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("number = 12", "number = 13", r"docs/questions/issue-12\.toml:2: 'number' is none of"),
        ("https:", "javascript:", "'url' is none of this issue"),
        ("2031-03-18", "2031-03-99", "'date' is none of this issue"),
        ("asker", "askre", "unknown key 'askre'.*\n  mend: did you mean 'asker'"),
        ('place = ""', "", "'place' must be of type str"),
    ],
)
def test_a_file_that_was_spoilt_is_found(
    project: Path, before: str, after: str, message: str
) -> None:
    path = import_issue(issue(project), project / "docs").path
    path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")
    with pytest.raises(ConfigError, match=message):
        read_issues(project / "docs")
    report = check_paths((project / "meetings",), None)
    assert any(found.file.endswith("issue-12.toml") for found in report.findings)


# --- on the site ----------------------------------------------------------------------------------


def test_it_is_open_until_a_page_answers_it(project: Path) -> None:
    import_issue(issue(project), project / "docs")
    status = read_status(project / "meetings", project / "docs")
    assert [each.id for each in status.questions] == ["w01-q1", "i12"]
    console = Console(width=200)
    with console.capture() as printed:
        show_status(status, console)
    (line,) = [line for line in printed.get().splitlines() if " i12 " in line]
    assert "2031-03-18" in line
    assert "2 open questions" in printed.get()

    path = new_answer("i12", project / "meetings", project / "docs", "ko")
    assert path.name == "i12.md"
    text = path.read_text("utf-8").replace("<!--", "낮게 떠서다.\n\n<!--", 1)
    path.write_text(text, "utf-8")
    status = read_status(project / "meetings", project / "docs")
    assert [each.id for each in status.questions] == ["w01-q1"]
    made = pages(project)
    asked = parse(shown(made["questions/i12.md"]))
    assert [each.text() for each in asked.with_class("sk-badge")] == ["답 있음"]
    (answer,) = asked.with_class("sk-answer")
    assert "낮게 떠서다." in answer.text()
    assert "../questions/i12/" in shown(made["answers/i12.md"])
    assert not [
        finding
        for finding in check_paths((project / "meetings",), None).findings
        if finding.file.endswith("i12.md")
    ]


def test_an_answer_to_no_issue_is_named(project: Path) -> None:
    import_issue(issue(project), project / "docs")
    (project / "docs/a.md").write_text("---\nanswers: [i13]\n---\n# 안개\n", "utf-8")
    with pytest.raises(ConfigError, match=r"docs/a\.md:2:11: there is no question i13\n.*i12\?"):
        read_status(project / "meetings", project / "docs")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_where_the_site_shows_it(project: Path, language: str) -> None:
    import_issue(issue(project), project / "docs")
    made = pages(project, language)
    register = parse(shown(made["questions/index.md"]))
    first, second = register.with_class("sk-row")
    links = [each.attributes["href"] for each in first.with_tag("a")]
    assert links == ["i12/", URL]
    assert "2031-03-18" in first.text()
    assert "w01-q1" in str([each.attributes.get("href") for each in second.with_tag("a")])
    home = parse(shown(made["index.md"]))
    assert "questions/i12/" in [each.attributes.get("href") for each in home.with_tag("a")]
    (count,) = [each.text() for each in home.with_tag("h3")]
    assert count.endswith(" 2")


# --- carried over ---------------------------------------------------------------------------------

WEEKS = {
    "2031-03-11": "질문 :\n1. 비는 왜 오나\n",
    "2031-03-18": "가람님 - 안개\n",
    "2031-03-25": "질문 :\n1. 눈은 왜 흰가\n",
}


def dated(project: Path, weeks: dict[str, str]) -> dict[str, str]:
    """The project with these notes instead, and the ids of their meetings by date."""
    (project / "meetings/week-01.txt").unlink()
    for day, text in weeks.items():
        (project / f"meetings/{day}.txt").write_text(text, "utf-8")
    return {day: f"d{day.replace('-', '')}" for day in weeks}


def carried(made: dict[str, Page | Asset | Addition], meeting: str) -> list[str]:
    """The questions that the page of a meeting carries, by id, and how many it counts."""
    page = parse(shown(made[f"meetings/{meeting}/index.md"]))
    if not (found := page.with_class("sk-carried")):
        return []
    (section,) = found
    links = [str(each.attributes.get("href")) for each in section.with_tag("a")]
    ids = [link.split("/")[-2] for link in links if re.fullmatch(r".*/questions/[^/#]+/", link)]
    counts = [each.text() for each in section.with_tag("a") if "질문" in each.text()]
    return [*ids, *(number for text in counts for number in re.findall(r"\d+", text))]


def test_a_meeting_after_it_carries_it_until_it_is_answered(project: Path) -> None:
    first, second, third = dated(project, WEEKS).values()
    import_issue(issue(project, createdAt="2031-03-18T23:00:00Z"), project / "docs")
    made = pages(project)
    # What was filed on the day of a meeting was not there yet: it is carried from the next one on.
    assert carried(made, first) == []
    assert carried(made, second) == [f"{first}-q1", "1"]
    assert carried(made, third) == ["i12", f"{first}-q1", "2"]
    new_answer("i12", project / "meetings", project / "docs", "ko")
    assert carried(pages(project), third) == [f"{first}-q1", "1"]


def test_one_that_came_since_waits_for_the_next_meeting(project: Path) -> None:
    *_, third = dated(project, WEEKS).values()
    import_issue(issue(project, createdAt="2031-03-26T00:00:00Z"), project / "docs")
    assert "i12" not in carried(pages(project), third)
    (project / "meetings/2031-04-01.txt").write_text("가람님 - 비\n", "utf-8")
    assert carried(pages(project), "d20310401")[:2] == ["i12", f"{third}-q1"]


def test_where_no_meeting_has_a_date_the_newest_carries_it(project: Path) -> None:
    (project / "meetings/week-02.txt").write_text("가람님 - 비\n", "utf-8")
    import_issue(issue(project), project / "docs")
    made = pages(project)
    assert carried(made, "w01") == []
    assert carried(made, "w02") == ["i12", "w01-q1", "2"]


@given(
    st.lists(st.sampled_from([None, *WEEKS, "2031-04-01"]), max_size=5),
    st.lists(st.dates(datetime.date(2031, 3, 1), datetime.date(2031, 4, 9)), max_size=6),
)
def test_no_issue_is_carried_before_it_is_there_nor_lost_after(
    days: list[str | None], filed: list[datetime.date]
) -> None:
    notes = []
    for week, day in enumerate(days, 1):
        note = read_note(f"{day or ''}\n질문 :\n1. 비는 왜 오나\n".encode(), f"week-{week:02}.txt")
        notes.append(note)
    issues = [
        Issue(number, "왜?", "", "", day.isoformat(), "")
        for number, day in enumerate(sorted(filed), 1)
    ]
    archive = link_notes(notes, issues=issues)
    before = 0
    latest = ""
    for place, session in enumerate(archive.sessions):
        latest = max(latest, session.meeting.date or "")
        due = sum(each.date < latest for each in issues)
        newest_without_date = session.next is None and session.meeting.date is None
        assert session.open_issues == (len(issues) if newest_without_date else due)
        assert session.open_issues >= before
        before = session.open_issues
        for each in issues:
            assert (archive.asked_before(each) <= place) == (each.date < latest)
    asked = [archive.asked_before(each) for each in archive.open_asked]
    assert asked == sorted(asked)
    assert len(asked) == len(issues) + len(notes)


def test_catching_up_shows_it_with_the_meeting_after_it(project: Path) -> None:
    dated(project, WEEKS)
    import_issue(issue(project, createdAt="2031-03-12T00:00:00Z"), project / "docs")
    late = URL.replace("12", "13")
    file = issue(project, number=13, url=late, createdAt="2031-03-30T00:00:00Z")
    import_issue(file, project / "docs")
    parts = json.loads(shown(pages(project)["catch-up/part-1.json"]))
    found = [
        re.findall(r"questions/(i\d+|[^/]+-q\d+)/", "".join(each["questions"])) for each in parts
    ]
    assert found == [["d20310311-q1"], ["i12"], ["i13", "d20310325-q1"]]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_next_note_names_it_and_its_answer_closes_it(project: Path, language: str) -> None:
    import_issue(issue(project), project / "docs")
    (project / "meetings/week-01.txt").write_text("질문 :\n1. 비는 왜 오나?\n", "utf-8")
    path = new_meeting(project / "meetings", load_chrome(language)).path
    text = path.read_text("utf-8")
    lines = text.splitlines()
    at = lines.index("- [i12] 안개는 왜 <b>낮은가</b>?")
    assert lines[at - 1] == "- [w01-q1] 비는 왜 오나?"
    # A carried line is no question that somebody forgot to file.
    assert not list(read_note(text.encode(), path.name).doubts)
    archive = read_status(project / "meetings", project / "docs").archive
    assert [each.id for each in archive.asked] == ["w01-q1", "i12"]
    # The line leads to the question, and the question to the line.
    made = pages(project, language)
    assert "../../questions/i12/" in shown(made["meetings/w02/raw.md"]) + shown(
        made["meetings/w02/index.md"]
    )

    answered = text.replace(f"{lines[at]}\n", f"{lines[at]}\n  답: 낮게 떠서다\n")
    path.write_text(answered, "utf-8")
    status = read_status(project / "meetings", project / "docs")
    assert [each.id for each in status.questions] == ["w01-q1"]
    assert "낮게 떠서다" in parse(shown(pages(project, language)["questions/i12.md"])).text()
    report = check_paths((project / "meetings",), None)
    assert not [each for each in report.findings if each.code == "unknown-record"]


def test_the_next_note_leaves_out_what_a_page_answers(project: Path) -> None:
    import_issue(issue(project), project / "docs")
    new_answer("i12", project / "meetings", project / "docs", "ko")
    new_answer("w01-q1", project / "meetings", project / "docs", "ko")
    text = new_meeting(project / "meetings", load_chrome("ko")).path.read_text("utf-8")
    assert "i12" not in text
    assert "w01-q1" not in text


def test_what_people_toml_hides_is_hidden(project: Path) -> None:
    import_issue(issue(project), project / "docs")
    made = pages(project)
    text = shown(made["questions/i12.md"])
    assert "G." in parse(text).text()
    everything = "".join(map(shown, made.values()))
    assert "garam@" not in everything
    assert "가람" not in everything
    assert "g…@clouds.example" in parse(text).text()


def test_what_it_says_is_text(project: Path, convert: Callable[[str], str]) -> None:
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) *a*\n\n<img src=x onerror=y>\n- b"
    import_issue(issue(project, title=hostile, body=hostile), project / "docs")
    made = pages(project)
    for path in ("questions/i12.md", "questions/index.md", "index.md"):
        page = parse(convert(without_front_matter(shown(made[path]))))
        assert not page.with_tag("script")
        assert not page.with_tag("img")
        assert not page.with_tag("em")
        links = [each.attributes.get("href", "") for each in page.with_tag("a")]
        assert not [link for link in links if link.startswith("javascript:")]
    assert "<script>alert(1)</script> [x](javascript:alert(1)) *a*" in page.text()


def test_the_archive_has_it_by_its_schema(project: Path) -> None:
    import_issue(issue(project), project / "docs")
    made = pages(project)
    archive = json.loads(shown(made["archive.json"]))
    schema = json.loads(shown(made["assets/studykit/archive-1.schema.json"]))
    Draft202012Validator(schema).validate(archive)
    (said,) = archive["issues"]
    assert (said["id"], said["open"], said["asker"]) == ("i12", True, "G.")
    assert (said["address"], said["url"], said["place"]) == (URL, "questions/i12/", None)
    broken = {**archive, "issues": [{**said, "address": "javascript:x"}]}
    assert not Draft202012Validator(schema).is_valid(broken)
