"""The archive as data: JSON by its schema, a feed, llms.txt, and a twin of each page."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, ValidationError

from studykit.wiki.generate import read_wiki
from studykit.wiki.history import added_dates
from studykit.wiki.twins import twin
from tests.wiki.any_note import note_bytes

SITE = "https://clouds.example/wiki/"
ATOM = "{http://www.w3.org/2005/Atom}"

NOTE = """2031-03-04

다온님 - 구름 <b>사진</b>
\t- 흰 종이

결정: 사진을 모은다

질문 :
1. 구름은 왜 흰가

구름 도감 : https://example.org/clouds

다음 주 발표 - 라온님

다음 주까지 :
1. 구름 그리기
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    meetings = tmp_path / "meetings"
    meetings.mkdir()
    (meetings / "week-01.txt").write_text(NOTE, "utf-8")
    (meetings / "week-02.txt").write_text("라온님 - 안개\n답 (w01-q1): 빛을 흩뜨려서\n", "utf-8")
    (tmp_path / "docs/talks").mkdir(parents=True)
    (tmp_path / "docs/talks/fog.md").write_text("# 안개 & 구름\n", "utf-8")
    return tmp_path


def data(project: Path, site_url: str | None = SITE, language: str = "ko") -> dict[str, str]:
    wiki = read_wiki(project / "meetings", project / "docs", name="구름", language=language)
    return {asset.path: asset.content for asset in wiki.data(project, site_url)}


def git(project: Path, *command: str, date: str = "2031-05-06T07:08:09+09:00") -> None:
    who = {
        f"GIT_{role}_{key}": "x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")
    }
    dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    environment = {**os.environ, **who, **dates, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *command], cwd=project, env=environment, check=True, capture_output=True)


# --- archive.json ---------------------------------------------------------------------------------


def validator(assets: dict[str, str]) -> Draft202012Validator:
    schema = json.loads(assets["assets/studykit/archive-1.schema.json"])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_archive_follows_its_schema(project: Path) -> None:
    assets = data(project)
    archive = json.loads(assets["archive.json"])
    validator(assets).validate(archive)
    kinds = {record["kind"] for record in archive["records"]}
    assert kinds == {"opinion", "decision", "question", "answer", "link", "talk", "task"}


def test_the_schema_refuses_what_is_none(project: Path) -> None:
    assets = data(project)
    archive: dict[str, Any] = json.loads(assets["archive.json"])
    question = next(each for each in archive["records"] if each["kind"] == "question")
    del question["open"]
    with pytest.raises(ValidationError):
        validator(assets).validate(archive)


def test_what_the_archive_says(project: Path) -> None:
    records = {each["id"]: each for each in json.loads(data(project)["archive.json"])["records"]}
    assert records["w01-q1"] == {
        "id": "w01-q1",
        "kind": "question",
        "meeting": "w01",
        "lines": [9, 9],
        "text": "구름은 왜 흰가",
        "url": "questions/w01-q1/",
        "number": 1,
        "askers": [],
        "open": False,
    }
    assert records["w01-o1"]["points"] == ["구름 <b>사진</b>", "흰 종이"]
    assert records["w01-task1"]["owners"] == []
    assert records["w01-task1"]["due"] == {"text": "다음 주", "week": 2, "date": None}


@given(data_=note_bytes)
def test_any_archive_follows_the_schema(
    data_: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = tmp_path_factory.mktemp("any")
    (project / "meetings").mkdir()
    (project / "docs").mkdir()
    (project / "meetings/week-01.txt").write_bytes(data_)
    assets = data(project)
    text = assets["archive.json"]
    text.encode("utf-8")
    validator(assets).validate(json.loads(text))
    fromstring(assets["feed.xml"])


def test_a_hidden_name_is_in_none_of_them(project: Path) -> None:
    people = '[[person]]\nname = "다온"\ndisplay = "D."\n'
    (project / "meetings/people.toml").write_text(people, "utf-8")
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "x")
    assets = data(project)
    assert "D." in assets["archive.json"]
    assert all("다온" not in content for content in assets.values())


# --- feed.xml -------------------------------------------------------------------------------------


def entries(assets: dict[str, str]) -> dict[str, Element]:
    feed = fromstring(assets["feed.xml"])
    assert feed.tag == f"{ATOM}feed"
    for tag in ("title", "id", "updated", "author"):
        assert feed.find(f"{ATOM}{tag}") is not None
    found = {}
    for entry in feed.iter(f"{ATOM}entry"):
        assert all(entry.findtext(f"{ATOM}{tag}") for tag in ("title", "id", "updated"))
        found[entry.findtext(f"{ATOM}id") or ""] = entry
    return found


def test_what_states_no_date_has_the_one_on_which_git_added_it(project: Path) -> None:
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "x")
    found = entries(data(project))
    assert set(found) == {
        f"{SITE}meetings/w01/",
        f"{SITE}meetings/w02/",
        f"{SITE}talks/fog/",
    }
    dates = {url: entry.findtext(f"{ATOM}updated") for url, entry in found.items()}
    assert dates[f"{SITE}meetings/w01/"] == "2031-03-04T00:00:00Z"
    assert dates[f"{SITE}meetings/w02/"] == "2031-05-05T22:08:09Z"
    said = {url: entry.findtext(f"{ATOM}summary") or "" for url, entry in found.items()}
    assert "git" not in said[f"{SITE}meetings/w01/"]
    assert "git에 올라온 날짜" in said[f"{SITE}meetings/w02/"]
    assert "git에 올라온 날짜" in said[f"{SITE}talks/fog/"]
    assert found[f"{SITE}talks/fog/"].findtext(f"{ATOM}title") == "안개 & 구름"


def test_without_git_no_date_is_made_up(project: Path) -> None:
    assert set(entries(data(project))) == {f"{SITE}meetings/w01/"}


def test_a_site_without_an_address_has_no_feed(project: Path) -> None:
    assert "feed.xml" not in data(project, None)


def test_git_says_when_a_file_came_first(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    for name, date in (
        ("구름.md", "2031-01-02"),
        ("b.md", "2031-02-03"),
        ("구름.md", "2031-03-04"),
    ):
        (tmp_path / name).write_text(date, "utf-8")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", "x", date=f"{date}T00:00:00Z")
    expected = {"구름.md": "2031-01-02T00:00:00Z", "b.md": "2031-02-03T00:00:00Z"}
    assert added_dates(tmp_path) == expected
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", tmp_path.as_uri(), str(shallow))
    assert added_dates(shallow) == {}


# --- llms.txt and the twins -----------------------------------------------------------------------


def test_llms_txt_lists_the_newest_and_does_not_grow(tmp_path: Path) -> None:
    (tmp_path / "meetings").mkdir()
    (tmp_path / "docs").mkdir()
    for week in range(1, 41):
        (tmp_path / f"meetings/week-{week:02}.txt").write_text("다온님 - 구름\n", "utf-8")
    text = data(tmp_path, language="en")["llms.txt"]
    assert text.startswith("# 구름\n\n> ")
    assert text.count("(meetings/w") == 30
    assert "- [Week 40](meetings/w40/index.md)" in text
    assert "(archive.json)" in text


def test_without_twins_llms_txt_leads_to_the_pages(project: Path) -> None:
    wiki = read_wiki(project / "meetings", project / "docs", name="구름", language="ko")
    assets = {asset.path: asset.content for asset in wiki.data(project, SITE, twins=False)}
    assert "(meetings/w01/)" in assets["llms.txt"]
    assert "index.md" not in assets["llms.txt"]
    assert set(assets) == set(data(project))


def test_the_page_about_the_data_names_what_is_in_it(root: Path, project: Path) -> None:
    text = (root / "docs" / "data.md").read_text("utf-8")
    named = set(re.findall(r"`([^`\n]+)`", text))
    assets = data(project)
    assert {path.rpartition("/")[2] for path in assets} <= named
    schema = json.loads(assets["assets/studykit/archive-1.schema.json"])
    assert set(schema["properties"]) - {"$schema"} <= named
    record = schema["properties"]["records"]["items"]
    assert set(record["required"]) <= named
    assert set(record["properties"]["kind"]["enum"]) <= named
    (stage,) = (
        each["then"]["properties"]["stage"]["enum"]
        for each in record["allOf"]
        if "stage" in each["then"]["properties"]
    )
    assert {value for value in stage if value} <= named


def links(text: str) -> Iterator[str]:
    for part in text.split("](")[1:]:
        yield part.split(")")[0].split(" ")[0]


def test_each_page_has_a_twin_whose_links_lead_somewhere(whole_site: Path) -> None:
    pages = list(whole_site.rglob("index.html"))
    assert len(pages) > 40
    for page in pages:
        text = page.with_suffix(".md").read_text("utf-8")
        assert text.strip()
        assert "<b>" not in text
    home = (whole_site / "index.md").read_text("utf-8")
    addresses = [each for each in links(home) if not each.startswith(("http", "#"))]
    assert addresses
    for address in addresses:
        path = unquote(urljoin("/", address.split("#")[0])).lstrip("/")
        assert (whole_site / path / "index.html").is_file(), address
    for address in links((whole_site / "llms.txt").read_text("utf-8")):
        assert (whole_site / address).is_file(), address


def test_twins_are_not_larger_than_what_they_are_of(whole_site: Path) -> None:
    """A page has its code once, and so has its twin."""
    for page in whole_site.rglob("index.html"):
        assert page.with_suffix(".md").stat().st_size < page.stat().st_size, page
    sources = list((whole_site / "api/source").rglob("*.md"))
    assert len(sources) > 40
    assert sum(path.stat().st_size for path in sources) < 1_000_000


def test_the_head_says_where_they_are(whole_site: Path) -> None:
    head = (whole_site / "questions/w01-q1/index.html").read_text("utf-8").split("</head>")[0]
    assert '<link rel="alternate " type="text/markdown" href="index.md">' in head
    assert 'type="application/atom+xml"' in head
    assert 'href="../../feed.xml"' in head


def test_a_twin_keeps_formulas_code_and_tables() -> None:
    html = (
        '<h2 id="x">식<a class="headerlink" href="#x">¶</a></h2>'
        '<div class="arithmatex">\\[a_1 * b_1 * c\\]</div>'
        '<p>그리고 <span class="arithmatex">\\(x_t\\)</span>.</p>'
        '<div class="language-python highlight"><pre><span></span><code>x_1 = 2 * 3\n</code></pre>'
        "</div><table><tr><th>가</th></tr><tr><td>1</td></tr></table>"
        "<script>alert(1)</script>"
    )
    text = twin(html)
    assert "$$a_1 * b_1 * c$$" in text
    assert "그리고 $x_t$." in text
    assert "```python\nx_1 = 2 * 3\n```" in text
    assert "| 가 |" in text
    assert "alert" not in text
    assert "¶" not in text


def test_a_page_that_is_nested_a_thousandfold_still_has_its_words() -> None:
    assert "구름" in twin("<div>" * 3000 + "구름" + "</div>" * 3000)


def test_the_data_is_the_same_each_time(project: Path) -> None:
    assert data(project) == data(project)
