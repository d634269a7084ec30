"""What a note says stands on its pages, all of it, in order, and as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mkdocs.utils.meta import get_data

from studykit.wiki.link import link_notes
from studykit.wiki.pages import Page
from studykit.wiki.read import read_note
from studykit.wiki.records import Note
from studykit.wiki.render import Site, render_pages
from tests.wiki.any_note import AWKWARD, MARKUP, note_bytes
from tests.wiki.support import Element, inked, parse, visible

Convert = Callable[[str], str]

FILE = "meetings/week-07.txt"
EXAMPLES = (
    "가람님 - {0}\n\t- {0}\n\n{0}\n질문 :\n1. {0}\n과제\n- {0}\n링크 :\n{0} : https://x.org/\n"
)

# Every element that a generated page has, with the attributes that it may have.
ALLOWED = {
    "": set(),
    "a": {"href", "class", "id", "title", "rel", "aria-label"},
    "article": {"class", "id"},
    "b": {"class", "aria-current"},
    "blockquote": {"class"},
    "br": set(),
    "code": set(),
    "dd": set(),
    "div": {"class", "data-sk-total", "data-sk-facets", "data-sk-words", "data-sk-any"}
    | {"data-sk-shown", "data-sk-none", "data-sk-failed"},
    "dl": set(),
    "dt": set(),
    "h1": {"id"},
    "h2": {"id"},
    "h3": set(),
    "header": set(),
    "li": {"class", "id", "value", "data-sk-facets"},
    "nav": {"class"},
    "ol": set(),
    "p": {"class", "id"},
    "section": {"class", "aria-label"},
    "small": {"class"},
    "span": {"class", "id"},
    "ul": {"class"},
}
CLASSES = re.compile(r"sk-[a-z0-9-]+|headerlink")
IDS = re.compile(
    r"(?:(?:w07(?:-\d{4})?|w\d\d|d\d{8})(?:-\d+)?-)(?:[odqals]|talk|task)\d+|L\d+|m-[wd][\d-]+|open|next"
)


def pages_of(note: Note) -> dict[str, Page]:
    parts = render_pages(link_notes([note]), Site(name="구름 모임", language="ko"))
    return {part.path: part for part in parts if isinstance(part, Page)}


def check_markup(page: Page, html: Element) -> None:
    """No element, attribute, class, id or address but those that studykit itself writes."""
    title = set()
    for element in html.all():
        assert element.tag in ALLOWED, element
        assert set(element.attributes) <= ALLOWED[element.tag], element
        assert all(map(CLASSES.fullmatch, element.classes)), element
        address = urlsplit(element.attributes.get("href", "").replace("[", "").replace("]", ""))
        assert address.scheme in ("", "http", "https"), element
        assert address.scheme or not address.netloc, element
        if element.tag == "h1":  # its id comes from its words
            title.add(element.attributes.get("id"))
        elif "id" in element.attributes and not page.path.startswith("people/"):
            assert IDS.fullmatch(element.attributes["id"]), element
    assert len(title) == 1, "one heading of the page"


def discussion(html: Element) -> str:
    """What the discussion shows of the note: not the line numbers, badges and permalinks."""
    parts = [
        element.text("sk-refs", "sk-state", "headerlink")
        for element in html.all()
        if element.tag == "h2" or "sk-discussion" in element.classes
    ]
    return "\n".join(parts)


def check(data: bytes, convert: Convert, file: str = FILE) -> None:
    note = read_note(data, file)
    pages = pages_of(note)
    for page in pages.values():
        body, front = get_data(page.markdown)
        assert body.lstrip("\n") == page.body.lstrip("\n")
        # Engines put it into HTML as it stands.
        assert not set("<>\"'") & set(front["title"])
        # What no encoding can write would end the build.
        page.markdown.encode()
        str(front["title"]).encode()
    shown = {path: parse(convert(page.body)) for path, page in pages.items()}
    for path, html in shown.items():
        check_markup(pages[path], html)

    meetings = [shown[f"meetings/{meeting.id}/index.md"] for meeting in note.meetings]
    assert inked("\n".join(map(discussion, meetings))) == inked(visible(note.text))

    lines = re.split(r"\r\n|\r|\n", note.text)
    if lines[-1] == "":
        lines.pop()
    raw = []
    for meeting in note.meetings:
        (listing,) = shown[f"meetings/{meeting.id}/raw.md"].with_class("sk-raw")
        raw += [p.with_tag("span")[0].text() for p in listing.with_tag("p")]
    assert raw == [visible(line) for line in lines]
    for question in note.questions:
        (heading,) = shown[f"questions/{question.id}.md"].with_tag("h1")
        assert inked(heading.text("headerlink")) == inked(visible(question.text))


files = st.sampled_from((FILE, FILE.replace(".txt", ".md")))


@given(data=note_bytes, file=files)
@example(data="링크 :\nhttps://example.org/ab\n구름 소식\n".encode(), file=FILE)
@example(data="구름 소식\nhttps://example.org/ab\n".encode(), file=FILE)
@example(data=b"", file=FILE)
@example(data="가람님 -".encode(), file=FILE)
@example(data=b"1. a\n\n# b", file=FILE)
@example(data="질문 :\n- 왜\n-> <b>흰</b> $구름$\n".encode(), file=FILE)
@example(data="질문 :\n- 왜".encode() + b"\xe9", file=FILE)  # YAML refuses what is no UTF-8
@example(data="질문 :\n- \x00\x1b\x7f\ufffe\u2028x".encode(), file=FILE)
@example(data="## 나래님\n- 가람님\n- ~~~\n".encode(), file=FILE)  # its end closes nothing
@example(data="- 가람님\n\t- **비**\n".encode(), file="week-07.md")  # behind the last point
@example(data="질문 :\n- \x9c\x83".encode(), file=FILE)  # two stand-ins were Markdown's link
@settings(max_examples=40)
def test_any_note(convert: Convert, data: bytes, file: str) -> None:
    check(data, convert, file)


@pytest.mark.slow
@given(data=note_bytes, file=files)
@settings(max_examples=1_500)
def test_very_many_notes(convert: Convert, data: bytes, file: str) -> None:
    check(data, convert, file)


@pytest.mark.parametrize("mark", [*MARKUP, *AWKWARD], ids=ascii)
def test_markup_in_every_place(convert: Convert, mark: str) -> None:
    check(EXAMPLES.format(mark).encode(), convert)


def test_the_check_sees_markup(convert: Convert) -> None:
    """A note's text on a page without escaping would be found."""
    page = Page("x.md", "x", "# x\n\n<b onclick='x'>x</b>\n")
    with pytest.raises(AssertionError):
        check_markup(page, parse(convert(page.body)))
    with pytest.raises(AssertionError):
        check_markup(page, parse(convert("# x\n\n[x](javascript:alert(1))\n")))
    with pytest.raises(AssertionError):
        check_markup(page, parse(convert("# x\n\n## x { #evil }\n")))


def test_what_somebody_will_do_is_marked_where_they_say_it() -> None:
    text = "참석자 : 이가람\n\n가람\n- 어제 한 일: 지도\n- 오늘 할 일\n  - 사진 고르기\n"
    note = read_note(text.encode(), FILE)
    (page,) = (page for page in pages_of(note).values() if 'id="w07-o1"' in page.markdown)
    (task,) = note.tasks
    assert (task.owners, task.text) == (("가람",), "사진 고르기")
    turn = page.markdown[page.markdown.index('id="w07-o1"') :].partition("</article>")[0]
    assert f'사진 고르기<span class="sk-state" id="{task.id}">' in turn


@pytest.mark.parametrize("label", ["질문", "할 일", "결정 사항"])
def test_what_stands_behind_a_record_is_shown(convert: Convert, label: str) -> None:
    text = f"## {label}\n- **안개는 왜 흰지 찾기**\n- 눈 그리기\n"
    file = FILE.replace(".txt", ".md")
    check(text.encode(), convert, file)


SHOWN = (
    "참석자 : 이가람, 박나래\n## 안개\n- 안개가 짙다 (가람)\n- 비가 온다 (나래)\n- 흰가? (가람)\n"
    "- <b>서리</b>가 내렸음 (나래)\n## 발표 일정\n- 5/27 이가람(구름) 박나래(비는 왜?)\n"
    "<table>\n<tr><th>발표자</th><th>주제</th></tr>\n<tr><td>이가람</td><td>눈</td></tr>\n</table>\n"
)


def test_what_one_line_says_of_several_is_shown_whole(convert: Convert) -> None:
    check(SHOWN.encode(), convert, FILE.replace(".txt", ".md"))
    note = read_note(SHOWN.encode(), FILE.replace(".txt", ".md"))
    html = parse(convert(pages_of(note)["meetings/w07/index.md"].body))
    turns = html.with_class("sk-turn")
    assert [turn.with_class("sk-who")[0].text() for turn in turns] == ["(가람)", "(나래)"] * 2
    assert [talk.attributes["id"] for talk in html.with_class("sk-talk")] == [
        f"w07-talk{number}" for number in (1, 2, 3)
    ]
