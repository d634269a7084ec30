"""Privacy: no page shows what is masked, each mask is visible, and everything else is shown."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.wiki.chrome import LANGUAGES, load_chrome
from studykit.wiki.escape import has_masks, in_html, in_markdown, masked, unmasked
from studykit.wiki.generate import generate
from studykit.wiki.group import Member, People
from studykit.wiki.link import link_notes
from studykit.wiki.pages import Asset, Page
from studykit.wiki.privacy import Masks, NameFinder
from studykit.wiki.read import read_note
from studykit.wiki.records import Link, Note
from studykit.wiki.render import Site, render_pages
from tests.wiki.any_note import note_texts
from tests.wiki.support import inked, parse, visible

PEOPLE = """\
[[person]]
name = "다온"
also = ["@daonlee", "Daon Lee", "이다온"]
display = "구름이"
[[person]]
name = "라온"
also = ["@raon", "raon"]
"""
NOTE = """\
다온의 안개 모임
참석자 : 이다온, 라온, 마루

다온님 - 안개부터 보자, 메일은 daon.lee@clouds.example
       - 다온이 찾은 글 : https://clouds.example/a
라온님 - DAON LEE 말에 동의
@raon : 다온님 사진도
마루님 - @daonlee 에게

질문 :
1. 다온은 왜 안개를 보나
다온님 질문 : 서리는?

발표 - 다온님, 라온님 희망
안개 발표 - 다온님

할 일(다온, ~3/14): 다온이 사진 찾기
[ ] 다온 : 우산

- 다온 도감 : https://clouds.example/b
"""
SECRET = re.compile("다온|daon", re.IGNORECASE)
GROUP = People(
    (Member("다온", ("@daonlee", "Daon Lee", "이다온"), "구름이"), Member("라온", ("@raon",)))
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of notes with a member who has a display name."""
    meetings = tmp_path / "meetings"
    meetings.mkdir()
    (meetings / "people.toml").write_text(PEOPLE, "utf-8")
    (meetings / "week-03.txt").write_text(NOTE, "utf-8")
    (meetings / "week-03.toml").write_text(
        'title = "다온과 안개"\n[[correct]]\nid = "w03-q1"\nwas = "다온은 왜 안개를 보나"\n'
        'askers = ["daonlee"]\n',
        "utf-8",
    )
    for week in range(4, 60):
        (meetings / f"week-{week:02}.txt").write_text("다온님 - 다온의 말\n다온님 발표\n", "utf-8")
    return meetings


def parts(folder: Path, language: str = "ko") -> dict[str, Page | Asset]:
    made = generate(folder, folder.parent / "docs", name="구름", language=language)
    return {part.path: part for part in made}


def masks(people: People = GROUP) -> Masks:
    return Masks(people, load_chrome("ko"))


# --- the site -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_generated_has_the_name(folder: Path, language: str) -> None:
    label = {"ko": "표시 이름", "en": "display name"}[language]
    seen = 0
    for path, part in parts(folder, language).items():
        if path == "checks.md":  # Its examples are nobody's.
            continue
        text = part.markdown if isinstance(part, Page) else part.content
        assert not SECRET.search(path)
        assert not SECRET.search(unicodedata.normalize("NFC", text)), path
        assert not re.search("[\ufdd0-\ufdd2]|&#91;U\\+FDD", text), path
        seen += f'title="{label}">구름이</span>' in text
    assert seen > 50


def test_where_the_name_was_the_display_name_is(
    folder: Path, convert: Callable[[str], str]
) -> None:
    pages = parts(folder)
    page = pages["meetings/w03/index.md"]
    assert isinstance(page, Page)
    assert page.title == "구름이과 안개"
    html = parse(convert(page.body))
    text = html.text()
    assert "구름이님" in text
    assert "구름이이 찾은 글" in text
    assert "구름이 말에 동의" in text
    assert "메일은 d…@clouds.example" in text
    turn = html.with_class("sk-who")[0]
    assert [(each.text(), each.attributes["title"]) for each in turn.with_class("sk-mask")] == [
        ("구름이", "표시 이름")
    ]
    (mail,) = [each for each in html.with_class("sk-mask") if "@" in each.text()]
    assert mail.attributes["title"] == "가린 메일 주소"
    assert html.with_class("sk-masked")
    raw = pages["meetings/w03/raw.md"]
    assert isinstance(raw, Page)
    assert "저장소에 있는 파일에는" in raw.body
    assert raw.title == "구름이과 안개 원문"
    assert "구름이의 안개 모임" in parse(convert(raw.body)).text()


def test_facets_and_rows_are_plain_and_filter_by_the_display_name(folder: Path) -> None:
    pages = parts(folder)
    rows = pages["talks/rows.json"]
    assert isinstance(rows, Asset)
    data = json.loads(rows.content)
    assert data[0]["facets"]["person"] == ["구름이"]
    assert '<span class="sk-mask" title="표시 이름">구름이</span>' in data[0]["html"]
    tasks = pages["tasks/index.md"]
    assert isinstance(tasks, Page)
    assert "&#34;owner&#34;:[&#34;구름이&#34;]" in tasks.body


def test_the_person_is_one_page_under_the_display_name(folder: Path) -> None:
    pages = parts(folder)
    people = {path for path in pages if re.fullmatch("people/[^/]+/index.md", path)}
    assert people == {"people/guleumi/index.md", "people/laon/index.md", "people/malu/index.md"}
    page = pages["people/guleumi/index.md"]
    assert isinstance(page, Page)
    assert page.title == "구름이"


def test_without_masks_a_page_says_nothing_of_them(folder: Path) -> None:
    (folder / "people.toml").unlink()
    (folder / "week-03.txt").write_text("다온님 - 안개\n", "utf-8")
    (folder / "week-03.toml").unlink()
    for part in parts(folder).values():
        if isinstance(part, Page):
            assert "sk-mask" not in part.body


def test_spellings_of_one_member_meet_on_one_page() -> None:
    note = read_note("참석자 : 라온, raon\n라온님 - 구름\n@raon : 안개\n".encode(), "week-03.txt")
    (person,) = link_notes([note], GROUP).people
    assert person.name == "라온"
    assert [opinion.points[0].text for opinion in person.opinions] == ["구름", "안개"]
    archive = link_notes([note], GROUP)
    made = {part.path: part for part in render_pages(archive, Site("구름", "ko"))}
    page = made["meetings/w03/index.md"]
    assert isinstance(page, Page)
    assert page.body.count('href="../../people/laon/"') >= 3


def test_without_members_each_spelling_is_its_own() -> None:
    note = read_note("라온님 - 구름\n@raon : 안개\n".encode(), "week-03.txt")
    assert [person.name for person in link_notes([note]).people] == ["라온", "raon"]


# --- names and addresses --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("다온이가", "G이가"),
        ("이다온 박다온", "G 박G"),
        ("@DaonLee와 daonleee", "G와 daonleee"),
        ("Daon  Lee,Daon\tLee", "G,G"),
        ("다\u200b온", "G"),
        (unicodedata.normalize("NFD", "다온은"), unicodedata.normalize("NFC", "G은")),
        (unicodedata.normalize("NFD", "다올"), unicodedata.normalize("NFD", "다올")),
        ("다온유는 다른 사람", "다온유는 다른 사람"),
        ("솔이 솔직히 해솔 솔님 솔", "S이 솔직히 해솔 S님 S"),
    ],
)
def test_names(text: str, shown: str) -> None:
    group = People(
        (
            Member("다온", ("@daonlee", "Daon Lee", "이다온"), "G"),
            Member("다온유"),
            Member("솔", (), "S"),
        )
    )
    assert unicodedata.normalize("NFC", unmasked(masks(group).text(text))) == (
        unicodedata.normalize("NFC", shown)
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("메일은cloud@clouds.example.", "메일은c…@clouds.example."),
        ("<a.b+c@sub.clouds.example>", "<a…@sub.clouds.example>"),
        ("mailto:cloud@clouds.example", "mailto:c…@clouds.example"),
        ("x@daonlee.example", "x…@…"),
        ("daonlee@clouds.example", "d…@clouds.example"),
        ("git@clouds.example:a/b", "git@clouds.example:a/b"),
        ("구름@안개, @handle, a@b", "구름@안개, @handle, a@b"),
    ],
)
def test_addresses(text: str, shown: str) -> None:
    assert unmasked(masks().text(text)) == shown


def test_a_web_address_stays_whole() -> None:
    text = "다온의 글 : https://clouds.example/@daonlee/다온\n"
    note = masks().note(read_note(text.encode(), "week-03.txt"))
    (link,) = note.links
    assert link.url == "https://clouds.example/@daonlee/다온"
    assert unmasked(note.text) == "구름이의 글 : https://clouds.example/@daonlee/다온\n"
    assert unmasked(link.title or "") == "구름이의 글"


@pytest.mark.parametrize(
    "text", ["\ufdd0", "\ufdd0a\ufdd1b", "\ufdd1\ufdd2", "a\ufdd2\ufdd0\ufdd0x\ufdd1"]
)
def test_the_marks_of_a_mask_in_a_note_are_shown_as_characters(text: str) -> None:
    assert not has_masks(text)
    assert parse(str(in_html(text))).text() == visible(text)
    assert parse(str(in_markdown(text))).text() == visible(text)


def test_what_is_masked_is_escaped() -> None:
    text = masked('<b>&"', '"x"')
    for html in (in_html(text), in_markdown(text)):
        (span,) = parse(str(html)).with_class("sk-mask")
        assert span.text() == '<b>&"'
        assert span.attributes["title"] == '"x"'


# --- any note -------------------------------------------------------------------------------------

NAMES = st.sampled_from(["다온", "@daonlee", "이다온님", "daon lee", "a.b@clouds.example", "라온"])


@st.composite
def named_texts(draw: st.DrawFn) -> str:
    """Any note, with names and addresses put into it."""
    text = draw(note_texts)
    for place in sorted(draw(st.lists(st.integers(0, 300), max_size=6)), reverse=True):
        at = min(place, len(text))
        text = f"{text[:at]}{draw(NAMES)}{text[at:]}"
    return text


def _holds(note: Note) -> None:
    assert "".join(note.text[block.start : block.end] for block in note.blocks) == note.text
    for record in note.records():
        assert note.text[record.start : record.end] == record.text
        assert any(b.start <= record.start and record.end <= b.end for b in note.blocks)
        if isinstance(record, Link):
            assert record.text.endswith(record.url)
    for opinion in note.opinions:
        for point in opinion.points:
            assert note.text[point.start : point.end] == point.text


@given(named_texts())
def test_a_masked_note_is_whole_and_has_no_name(text: str) -> None:
    note = read_note(text.encode("utf-8", "surrogatepass"), "week-03.txt")
    hidden = masks().note(note)
    _holds(hidden)
    assert [record.id for record in hidden.records()] == [record.id for record in note.records()]
    bare = unmasked(hidden.text)
    for link in sorted(hidden.links, key=lambda link: -len(link.url)):
        bare = bare.replace(link.url, "")
    shown = re.sub("[a-z…]…@", "", bare)
    assert [place for place in NameFinder(GROUP).find(shown) if "@" not in shown] == []


@given(text=named_texts())
def test_the_page_shows_a_masked_note_whole(text: str, convert: Callable[[str], str]) -> None:
    note = masks().note(read_note(text.encode("utf-8", "surrogatepass"), "week-03.txt"))
    made = {part.path: part for part in render_pages(link_notes([note], GROUP), Site("구름", "ko"))}
    raw = made["meetings/w03/raw.md"]
    assert isinstance(raw, Page)
    rows = parse(convert(raw.body)).with_class("sk-raw")[0]
    spans = "".join(child.text() for p in rows.with_tag("p") for child in p.children[1:])  # type: ignore[union-attr]
    assert inked(spans) == inked(visible(unmasked(note.text)))
    for path, part in made.items():
        assert not isinstance(part, Page) or "\ufdd0" not in part.markdown, path
