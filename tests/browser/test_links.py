"""What leads to a page stands below it, and what a link leads to is shown beside the link."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.reader import SCHEMES
from tests.browser.sites import NAVIGATION, PLUGINS, Site, served_site, write_project

NOTE = "가람님 - 안개를 걷자\n\n질문\n1. 구름은 왜 흰가\n"
FOG = """
# 낮은 안개

안개는 **땅에 닿은** $c_t$ 구름이다 <a id="here" href="javascript:void 0" onclick="x()">x</a>.

## 걷히는 때 {#gone}

해가 뜨면 걷힌다.

$$c_t = 0$$

## 다른 때

밤.

### 한글 절

한글 이름의 절이다.
"""
TALK = f"""
# 첫째 글

[안개](fog.md), [걷히면](fog.md#gone), [한글](fog.md#한글-절), [밖](https://example.org/a/),
[질문](../questions/w01-q1.md), [여기](sky.md#한글), [말](../meetings/w01/index.md#w01-o1)을 보자.

{"한 줄" * 400}

## 한글

끝에서 [안개](fog.md)를.
"""
TERMS = '[[term]]\nid = "dew"\nko = "이슬"\nen = "dew"\ndefinition = "물방울이다."\n'


@pytest.fixture(scope="module")
def sky(root: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("links") / "project"
    files = {
        "meetings/week-01.txt": NOTE,
        "meetings/week-02.txt": "나래님 - w01-q1은 이슬 때문\n",
        "docs/talks/fog.md": FOG,
        "docs/talks/sky.md": TALK,
        "docs/terms.toml": TERMS,
        **{f"docs/talks/p{n}.md": f"# 글 {n}\n\n{n}번째 [안개](fog.md)다.\n" for n in range(7)},
    }
    nav = [*NAVIGATION, "terms/index.md"]
    config = write_project(folder, root, files, nav=nav, plugins=PLUGINS)  # type: ignore[arg-type]
    with served_site(config, folder) as site:
        yield site


def link(page: Page, words: str) -> Locator:
    return page.locator("article p").get_by_role("link", name=words, exact=True).first


def box(page: Page) -> Locator:
    return page.locator("#sk-preview")


# --- backlinks ------------------------------------------------------------------------------------


def test_the_sentence_leads_to_its_place_and_the_rest_is_a_click_away(
    sky: Site, visit: Visit
) -> None:
    reader = visit(sky, "talks/fog/", size="phone")
    section = reader.page.get_by_role("region", name="이 페이지를 가리키는 곳")
    expect(section.get_by_role("listitem")).to_have_count(6)
    expect(section).to_contain_text("0번째 안개다.")
    reader.follow(section.get_by_role("link", name="외 3"))
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("낮은 안개: 이 페이지를")
    quote = reader.page.get_by_role("listitem").filter(has_text="첫째 글")
    expect(quote).to_contain_text("안개, 걷히면, 한글")
    reader.follow(quote.get_by_role("link", name="첫째 글"))
    place = reader.page.locator(":target")
    assert place.evaluate("place => place.nextElementSibling.textContent") == "안개"


def test_a_question_says_which_meeting_came_back_to_it(sky: Site, visit: Visit) -> None:
    reader = visit(sky, "questions/w01-q1/")
    section = reader.page.get_by_role("region", name="이 페이지를 가리키는 곳")
    expect(section).to_contain_text("나래님 - w01-q1은 이슬 때문")
    reader.follow(section.get_by_role("link", name="2주차"))
    reader.follow(reader.page.get_by_role("link", name="w01-q1"))
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("구름은 왜 흰가")


# --- previews -------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_mouse_sees_what_a_link_leads_to(sky: Site, visit: Visit, scheme: str) -> None:
    page = visit(sky, "talks/sky/", scheme=scheme).page
    before = page.locator("article").bounding_box()
    link(page, "안개").hover()
    expect(box(page)).to_contain_text("낮은 안개")
    expect(box(page)).to_contain_text("땅에 닿은")
    expect(box(page).locator(".katex")).to_have_count(1)
    assert page.locator("article").bounding_box() == before  # nothing moves
    place, size = box(page).bounding_box(), page.viewport_size
    assert place is not None
    assert size is not None
    assert 0 <= place["x"] <= place["x"] + place["width"] <= size["width"]
    # Words and how they look; nothing to follow, to load or to run.
    inside = "box => [...box.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
    words = box(page).evaluate(f"box => ({inside})(box)")
    of_formulas = {"style", "aria-hidden", "xmlns", "encoding", "data-sk-shown"}
    assert set(words) <= {"class", *of_formulas}
    assert not box(page).locator("a, script, img, [onclick]").count()
    # The box may be pointed at, and goes when the mouse goes.
    box(page).hover()
    page.wait_for_timeout(300)
    expect(box(page)).to_be_visible()
    page.mouse.move(1, 1)
    expect(box(page)).to_be_hidden()


@pytest.mark.parametrize(
    ("words", "first", "then"),
    [
        ("걷히면", "낮은 안개\n걷히는 때", "해가 뜨면 걷힌다."),
        ("한글", "낮은 안개\n한글 절", "한글 이름의 절이다."),
        ("말", "1주차", "안개를 걷자"),
        ("질문", "구름은 왜 흰가", "답을 기다림"),
    ],
)
def test_it_shows_the_place_that_the_link_names(
    sky: Site, visit: Visit, words: str, first: str, then: str
) -> None:
    page = visit(sky, "talks/sky/").page
    link(page, words).hover()
    expect(box(page)).to_contain_text(then)
    shown = "\n".join(line for line in box(page).inner_text().split("\n") if line.strip())
    assert shown.startswith(first)
    assert "밤." not in shown


def test_a_keyboard_sees_it_and_escape_puts_it_away(sky: Site, visit: Visit) -> None:
    page = visit(sky, "talks/sky/").page
    page.locator("article h1").evaluate("h => { h.tabIndex = -1; h.focus() }")
    page.keyboard.press("Tab")  # the heading's own address
    page.keyboard.press("Tab")
    expect(link(page, "안개")).to_be_focused()
    expect(box(page)).to_contain_text("낮은 안개")
    expect(link(page, "안개")).to_have_attribute("aria-describedby", "sk-preview")
    page.keyboard.press("Escape")
    expect(box(page)).to_be_hidden()
    expect(link(page, "안개")).to_be_focused()
    expect(link(page, "안개")).not_to_have_attribute("aria-describedby", "sk-preview")
    page.keyboard.press("Tab")
    expect(box(page)).to_contain_text("해가 뜨면 걷힌다.")


def test_it_works_after_an_instant_navigation(sky: Site, visit: Visit) -> None:
    reader = visit(sky, "talks/p0/")
    page = reader.page
    page.evaluate("window.mark = 1")
    link(page, "안개").hover()
    expect(box(page)).to_be_visible()
    reader.follow(link(page, "안개"))
    assert page.evaluate("window.mark") == 1  # it was one
    expect(box(page)).to_be_hidden()
    page.get_by_role("region", name="이 페이지를 가리키는 곳").get_by_role("link").nth(1).hover()
    expect(box(page)).to_contain_text("번째 안개다.")


def test_what_leads_nowhere_else_has_none(sky: Site, visit: Visit) -> None:
    reader = visit(sky, "talks/sky/")
    asked = len(reader.asked)
    for words in ("밖", "여기"):
        link(reader.page, words).hover()
        reader.page.wait_for_timeout(500)
    assert not box(reader.page).count()
    assert len(reader.asked) == asked


def test_a_term_keeps_its_own_box(sky: Site, visit: Visit) -> None:
    page = visit(sky, "meetings/w02/").page
    page.get_by_role("link", name="이슬").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("물방울이다.")
    page.wait_for_timeout(500)
    assert not box(page).count()
    page.get_by_role("link", name="w01-q1", exact=True).hover()
    expect(box(page)).to_contain_text("구름은 왜 흰가")
    expect(page.get_by_role("tooltip")).to_have_count(1)


def test_a_finger_just_follows(sky: Site, visit: Visit) -> None:
    reader = visit(sky, "talks/sky/", size="phone", has_touch=True, is_mobile=True)
    link(reader.page, "안개").tap()
    reader.arrive(f"{sky.url}talks/fog/")
    reader.page.wait_for_timeout(500)
    assert not box(reader.page).count()
