"""What a term means is shown beside it: with a mouse, a keyboard, a finger, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.reader import SCHEMES
from tests.browser.sites import NAVIGATION, PLUGINS, Site, served_site, write_project

TERMS = """
[[term]]
id = "fog"
ko = "안개"
en = "fog"
spoken = ["포그"]
definition = "땅에 닿은 구름이다. 해가 뜨면 걷힌다."

[[term]]
id = "rain"
ko = "비구름"
en = "rain cloud"
definition = "비를 내리는 구름이다."
"""
NOTE = "가람님 - 아침마다 포그에서 걷자\n\n나래님 - 비구름까지\n\n다온님 - 포그였다\n"


@pytest.fixture(scope="module")
def sky(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("sky") / "project"
    files = {
        "meetings/week-01.txt": NOTE + "\n".join(f"나래님 - {n}" for n in range(60)),
        "docs/terms.toml": TERMS,
        "docs/talks/fog.md": "# 발표\n\n" + "앞줄\n\n" * 60 + "끝에 선 **안개**를\n",
    }
    nav = [*NAVIGATION, "terms/index.md"]
    config = write_project(folder, root, files, nav=nav, plugins=PLUGINS)
    with served_site(config, folder) as site:
        yield site


def tip(page: Page) -> str:
    """The words of the box, which must be on the screen."""
    box = page.get_by_role("tooltip")
    expect(box).to_be_visible()
    place, size = box.bounding_box(), page.viewport_size
    assert place is not None
    assert size is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= size["width"]
    assert place["y"] >= 0
    assert place["y"] + place["height"] <= size["height"]
    return box.inner_text()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_finger_sees_the_meaning_first_and_then_the_page(
    sky: Site, visit: Visit, scheme: str
) -> None:
    reader = visit(sky, "meetings/w01/", size="phone", scheme=scheme, has_touch=True)
    page = reader.page
    word = page.locator("a.sk-term", has_text="포그").first
    word.tap()
    assert tip(page).startswith("안개 (fog)\n땅에 닿은 구름이다.")
    assert "한 번 더 누르면" in tip(page)
    assert page.url.endswith("/meetings/w01/")
    # A tap on the box puts it away, and so does one elsewhere.
    page.get_by_role("tooltip").tap()
    expect(page.get_by_role("tooltip")).to_be_hidden()
    page.locator("a.sk-term", has_text="비구름").tap()
    assert "비를 내리는" in tip(page)
    page.get_by_role("heading", level=1).tap()
    expect(page.get_by_role("tooltip")).to_be_hidden()
    word.tap()
    tip(page)
    word.tap()
    reader.arrive(f"{sky.url}terms/fog/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("안개 (fog)")
    expect(page.get_by_role("tooltip")).to_be_hidden()


def test_a_mouse_sees_it_at_once_and_can_move_onto_it(sky: Site, visit: Visit) -> None:
    reader = visit(sky, "talks/fog/")
    page = reader.page
    word = page.locator("a.sk-term")
    expect(word).to_have_text("안개")
    word.scroll_into_view_if_needed()
    word.hover()
    assert "땅에 닿은 구름" in tip(page)
    assert word.get_attribute("title") is None
    page.get_by_role("tooltip").hover()
    page.wait_for_timeout(300)
    assert "땅에 닿은 구름" in tip(page)
    page.get_by_role("heading", level=1).hover()
    expect(page.get_by_role("tooltip")).to_be_hidden()
    assert "땅에 닿은" in (word.get_attribute("title") or "")
    reader.follow(word)
    expect(page.get_by_role("heading", level=1)).to_contain_text("안개")


def test_the_keyboard_shows_it_and_escape_ends_it(sky: Site, visit: Visit) -> None:
    page = visit(sky, "meetings/w01/").page
    # The page gives the meaning with the term's first link only.
    word = page.locator("a.sk-term").last
    assert word.get_attribute("title") is None
    page.keyboard.press("Tab")
    word.focus()
    assert "땅에 닿은" in tip(page)
    assert word.get_attribute("aria-describedby") == page.get_by_role("tooltip").get_attribute("id")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms/fog/")


def test_after_an_instant_navigation_it_works_again(sky: Site, visit: Visit) -> None:
    reader = visit(sky, "meetings/", size="phone", has_touch=True)
    reader.follow(reader.page.locator("main a", has_text="1주차").first)
    reader.page.locator("a.sk-term", has_text="포그").first.tap()
    assert "땅에 닿은" in tip(reader.page)


def test_without_scripts_it_is_a_link_with_a_title(sky: Site, visit: Visit) -> None:
    page = visit(sky, "meetings/w01/", java_script_enabled=False).page
    word = page.locator("a.sk-term", has_text="포그").first
    expect(word).to_have_attribute("title", "안개 (fog): 땅에 닿은 구름이다. 해가 뜨면 걷힌다.")
    word.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("안개")
