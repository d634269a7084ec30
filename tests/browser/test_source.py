"""Annotated source as a reader has it: beside each other on a laptop, below on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Reader
from tests.browser.sites import NAVIGATION, PLUGINS, Site, served_site, write_project
from tests.browser.test_accessibility import LOOKS, faults_at
from tests.wiki.test_source import write_sky

Visit = Callable[..., Reader]

DDPM = "api/source/studykit.diffusion.ddpm/"


@pytest.fixture(scope="module")
def sky(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An invented package in a site whose language is English."""
    folder = tmp_path_factory.mktemp("sky") / "project"
    write_sky(folder)
    nav = [*NAVIGATION, "equations/index.md", "api/index.md", "api/source/index.md"]
    nav += ["api/clouds.md", "api/rain.md"]
    handlers = {"python": {"paths": [str(folder)], "options": {"show_root_heading": False}}}
    plugins = [*PLUGINS, {"mkdocstrings": {"handlers": handlers}}]
    theme = {"name": "material", "language": "en"}
    config = write_project(folder, root, {}, nav=nav, plugins=plugins, theme=theme)
    with served_site(config, folder) as site:
        yield site


def boxes(page: Page) -> tuple[dict[str, float], dict[str, float]]:
    """Where the loss is explained, and where its code stands."""
    pair = page.locator(".sk-pair", has=page.get_by_role("heading", name="DDPM.loss"))
    pair.scroll_into_view_if_needed()
    words = pair.locator(".sk-beside").bounding_box()
    code = pair.locator(":scope > .highlight").bounding_box()
    assert words
    assert code
    return words, code


def fits(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]


def test_code_stands_beside_its_words(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, DDPM).page
    words, code = boxes(page)
    assert words["x"] + words["width"] <= code["x"]
    assert abs(words["y"] - code["y"]) < 30
    # A line of 80 characters fits.
    assert code["width"] > 600
    formula = page.locator(".sk-docstring .katex-display").first
    expect(formula).to_be_visible()
    fits(page)


def test_on_a_phone_code_stands_below_its_words(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, DDPM, size="phone").page
    words, code = boxes(page)
    assert words["y"] + words["height"] <= code["y"]
    assert code["y"] - words["y"] - words["height"] < 40
    assert code["width"] > 300
    fits(page)


def test_from_the_api_to_the_source_and_back_on_a_phone(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, "api/diffusion/#studykit.diffusion.ddpm.DDPM.q_sample", size="phone")
    page = reader.page
    about = page.locator(
        "//*[@id='studykit.diffusion.ddpm.DDPM.q_sample']/following::*[@class='sk-about'][1]"
    )
    about.get_by_role("link", name="설명과 나란히 코드 읽기").click()
    line = page.locator(".sk-pair code > span:target")
    expect(line).to_be_in_viewport()
    expect(line).to_contain_text("def q_sample")
    header = page.locator(".md-header").bounding_box()
    assert line.bounding_box()["y"] >= header["y"] + header["height"] - 1
    page.get_by_role("heading", name="DDPM.q_sample").get_by_role("link").click()
    expect(page.locator("[id='studykit.diffusion.ddpm.DDPM.q_sample']")).to_be_in_viewport()


def test_in_reading_order_from_the_index(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, "api/source/", size="phone")
    page = reader.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("코드 읽기")
    first, second = page.locator(".sk-files a code").all_text_contents()[:2]
    reader.follow(page.locator(".sk-files a").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text(first)
    fits(page)
    reader.follow(page.get_by_role("navigation", name="읽는 차례").get_by_role("link").last)
    expect(page.get_by_role("heading", level=1)).to_contain_text(second)


def test_a_definition_is_shown_of_a_term_and_an_equation_is_found(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, DDPM, size="phone")
    page = reader.page
    expect(page.locator(".sk-docstring a.sk-term").first).to_be_visible()
    link = page.locator(".sk-docstring a.sk-eq", has_text="Ho et al. (2020), Eq. 14")
    reader.follow(link.first)
    expect(page.locator("#eq-14")).to_be_in_viewport()


def test_copied_code_has_no_numbers(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, DDPM).page
    code = page.locator(
        ".sk-pair", has=page.get_by_role("heading", name="DDPM.q_sample", exact=True)
    )
    copied = code.first.locator("pre").last.evaluate(
        "pre => { getSelection().selectAllChildren(pre); return getSelection().toString(); }"
    )
    assert copied.lstrip().startswith("def q_sample(self")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_in_english_nothing_scrolls_sideways(sky: Site, visit: Visit, size: str) -> None:
    reader = visit(sky, "api/source/", size=size)
    page = reader.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Annotated source")
    fits(page)
    reader.follow(page.locator(".sk-files a", has_text="sky/rain.py"))
    page.get_by_text("In this file").click()
    page.locator(".sk-contents").get_by_role("link", name="Rain._fall").click()
    expect(page.get_by_role("heading", name="Rain._fall")).to_be_in_viewport()
    fits(page)


@pytest.mark.parametrize("path", ["api/source/", "api/source/sky.rain/"])
def test_no_fault_for_who_does_not_see(
    sky: Site, visit: Visit, node_modules: Path, path: str
) -> None:
    assert not faults_at(visit(sky, path), node_modules, LOOKS)
