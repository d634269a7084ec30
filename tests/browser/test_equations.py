"""Equations on a phone: which function is equation 12, who said what of it, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import Reader
from tests.browser.sites import NAVIGATION, PLUGINS, Site, served_site, write_project
from tests.wiki.cited import write_cited

TIMES, PAUSE = 300, 100
"""How often something is looked for, and how many milliseconds apart."""

Visit = Callable[..., Reader]


@pytest.fixture(scope="module")
def cited(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of the invented paper, its code and its write-up."""
    folder = tmp_path_factory.mktemp("cited") / "project"
    page = write_cited(folder) / "api/clouds.md"
    # mkdocstrings refuses a module that is not there.
    page.write_text("# Clouds\n\n::: sky.clouds\n", "utf-8")
    nav = [*NAVIGATION, "equations/index.md", "api/index.md", "api/clouds.md"]
    handlers = {"python": {"paths": [str(folder)], "options": {"show_root_heading": False}}}
    plugins = [*PLUGINS, {"mkdocstrings": {"handlers": handlers}}]
    config = write_project(folder, root, {}, nav=nav, plugins=plugins)
    with served_site(config, folder) as site:
        yield site


def in_view(page: Page, target: Locator) -> None:
    """The reader sees it, below the theme's header."""
    expect(target).to_be_in_viewport(ratio=0.9)
    # Formulas that are set meanwhile push it away, until the page goes back to it. It is looked for
    # anew each time: the theme may replace the article meanwhile, and what was in it is nowhere.
    below = """target => target.getBoundingClientRect().top
        >= document.querySelector(".md-header").getBoundingClientRect().bottom - 1"""
    for _ in range(TIMES):
        if target.evaluate(below):
            return
        page.wait_for_timeout(PAUSE)
    pytest.fail("it stays under the header")


def fits(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]


def test_which_function_is_equation_12_in_three_clicks(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, size="phone")
    page = reader.page
    reader.follow(page.locator(".sk-ways").get_by_role("link", name="수식 논문"))
    reader.follow(page.get_by_role("link", name="Denoising Diffusion Probabilistic Models").first)
    page.locator(".sk-jumps").get_by_role("link", name="식 12").click()
    heading = page.locator("#eq-12")
    in_view(page, heading)
    code = page.locator("#eq-12 ~ .sk-code a").first
    expect(code).to_have_text("bound_term")
    in_view(page, code)
    fits(page)


def test_an_entry_leads_to_code_test_and_write_up_and_they_lead_back(
    wiki: Site, visit: Visit
) -> None:
    reader = visit(wiki, "equations/ho-2020/#eq-4", size="phone")
    page = reader.page
    in_view(page, page.locator("#eq-4"))
    expect(page.locator("#eq-4 + .arithmatex .katex")).to_be_visible()

    source = page.locator("#eq-4 ~ details").first
    expect(source.locator("pre")).not_to_be_visible()
    source.locator("summary").click()
    expect(source.locator("pre")).to_be_visible()
    fits(page)

    api = page.locator("#eq-4 ~ .sk-code").get_by_role("link", name="DDPM.q_sample").first
    reader.follow(api)
    in_view(page, page.locator(":target"))
    expect(page.locator(":target")).to_contain_text("q_sample")
    back = page.locator("a.sk-eq[href$='ho-2020/#eq-4']").first
    reader.follow(back)
    in_view(page, page.locator("#eq-4"))

    written = page.locator("#eq-4 ~ .sk-from-page a").first
    reader.follow(written)
    expect(page.locator("[id='eq-ho-2020-4'] + a")).to_have_text(re.compile("(식|Eq.) 4$"))
    in_view(page, page.locator("[id='eq-ho-2020-4'] + a"))
    fits(page)


def test_code_in_a_notebook_leads_to_the_api_and_back(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, "notebooks/ddpm-digits/", size="phone")
    page = reader.page
    call = page.locator("pre a.sk-api", has_text="q_sample").first
    expect(call).to_be_visible()
    for name in page.locator("pre a.sk-api").all():
        expect(name).to_be_visible()
    reader.follow(call)
    in_view(page, page.locator(":target"))
    about = page.locator("[id='studykit.diffusion.ddpm.DDPM.q_sample'] ~ .doc-contents .sk-about")
    used = about.locator(
        "a[href$='notebooks/ddpm-digits/#use-studykit.diffusion.ddpm.DDPM.q_sample']"
    )
    reader.follow(used)
    place = page.locator("[id='use-studykit.diffusion.ddpm.DDPM.q_sample'] + a")
    expect(place).to_have_text("q_sample")
    in_view(page, place)


def test_a_write_up_shows_its_formulas_with_their_numbers(cited: Site, visit: Visit) -> None:
    reader = visit(cited, "talks/clouds/", size="phone")
    page = reader.page
    expect(page.locator(".arithmatex .katex-display")).to_have_count(3)
    expect(page.locator("[id='eq-my-rain']")).to_have_text("(1)")
    page.get_by_role("link", name="구름이 흐르는 식, 식 (1)").click()
    in_view(page, page.locator("[id='eq-my-rain']"))
    reader.follow(page.get_by_role("link", name="곧은 흐름"))
    expect(page.locator(":target")).to_contain_text("식 3")
    in_view(page, page.locator(":target"))
    fits(page)


def test_a_meeting_leads_to_the_equation_and_back(cited: Site, visit: Visit) -> None:
    reader = visit(cited, "meetings/w01/", size="phone")
    page = reader.page
    reader.follow(page.get_by_role("link", name="CLOUD의 식 (9)"))
    in_view(page, page.locator("#eq-9"))
    quote = page.locator("#eq-9 ~ .sk-discussed li", has_text="CLOUD의 식 (9)")
    reader.follow(quote.get_by_role("link"))
    expect(page.locator(":target")).to_contain_text("라온")
    in_view(page, page.locator(":target"))


def test_an_api_page_says_who_discussed_what(cited: Site, visit: Visit) -> None:
    reader = visit(cited, "api/clouds/#sky.clouds.rain_rate", size="phone")
    page = reader.page
    about = page.locator(".sk-about", has_text="rain_rate 는 쉽다")
    expect(about).to_have_count(1)
    expect(about).not_to_contain_text("쓰인 곳")
    fits(page)
    reader.follow(about.get_by_role("link", name="1주차"))
    expect(page.locator(":target")).to_contain_text("다온")
