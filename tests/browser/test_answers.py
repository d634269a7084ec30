"""What the pages in docs/answers/ say before a reader scrolls, and how a newcomer finds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.reader import SIZES
from tests.browser.sites import Site

ANSWERS = Path(__file__).parents[2] / "docs" / "answers"
WIDER = """blocks => blocks.filter(block => block.scrollWidth > block.clientWidth + 1)
                         .map(block => block.textContent)"""
PAGES = sorted(path.stem for path in ANSWERS.glob("*.md") if path.stem != "index")


@pytest.mark.parametrize("name", PAGES)
def test_the_first_screen_says_what_for_whom_and_how_long(
    wiki: Site, visit: Visit, name: str
) -> None:
    page = visit(wiki, f"answers/{name}/", size="phone").page
    items = page.locator("article > ul").first.get_by_role("listitem")
    expect(items).to_have_count(3)
    for item, label in zip(
        items.all(), ("무엇을 알게 되나", "먼저 알아야 할 것", "읽는 시간"), strict=True
    ):
        expect(item.locator("strong").first).to_have_text(label)
        box = item.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZES["phone"][1]
    # The answer in one paragraph follows.
    expect(page.locator("article > p", has_text="한 문단으로.")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    # No formula has to be pushed sideways on a phone.
    expect(page.locator("article .arithmatex:not(:has(.katex))")).to_have_count(0)
    assert page.locator("article div.arithmatex").evaluate_all(WIDER) == []
    # Formulas in headings stay unset in the table of contents.
    contents = page.locator(".md-nav--secondary").first.text_content() or ""
    assert "\\" not in contents


def test_a_newcomer_reaches_the_reading_path_in_one_tap(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, size="phone")
    reader.follow(reader.page.get_by_role("article").get_by_role("link", name="읽는 길"))
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("읽는 길")
    stops = reader.page.locator(".reading-path > ol > li")
    expect(stops).to_have_count(9)
    expect(reader.page.locator(".reading-path .reading-first")).to_have_count(4)
    expect(stops.first).to_contain_text("오토인코더")
    # Every link of week 1 has its place, with its address as it was noted.
    note = (ANSWERS.parents[1] / "meetings" / "week-01.txt").read_text("utf-8")
    noted = [word for word in note.split() if word.startswith("https://")]
    shown = reader.page.locator("article li > a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert len(noted) == 9
    assert set(noted) <= set(shown)
