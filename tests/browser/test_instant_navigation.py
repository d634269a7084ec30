"""Material replaces the content of the page instead of loading the next one; ours keeps up."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.pages import NOTEBOOKS
from tests.browser.reader import Reader
from tests.browser.sites import Site


def mark(page: Page) -> None:
    """A new document would not have this."""
    page.evaluate("window.mark = 1")


def is_the_same_document(page: Page) -> bool:
    return bool(page.evaluate("window.mark === 1"))


def tab(reader: Reader, path: str) -> Locator:
    return reader.page.locator(f".md-tabs a[href='{reader.site.url}{path}']")


def test_it_is_instant(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki)
    mark(reader.page)
    reader.follow(tab(reader, "questions/"))
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("질문")
    assert is_the_same_document(reader.page)


def test_a_register_has_one_filter_however_one_comes(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki)
    mark(reader.page)
    forms = reader.page.locator(".sk-filter")
    expect(forms).to_have_count(0)
    for _ in range(2):
        reader.follow(tab(reader, "questions/"))
        expect(forms).to_have_count(1)
        reader.page.go_back()
        reader.arrive(wiki.url)
        expect(forms).to_have_count(0)
    reader.page.go_forward()
    reader.arrive(f"{wiki.url}questions/")
    expect(forms).to_have_count(1)
    assert is_the_same_document(reader.page)


def test_filtering_after_it(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki)
    mark(reader.page)
    reader.follow(tab(reader, "links/"))
    reader.page.get_by_role("searchbox", name="낱말로 찾기").fill("vae 변분")
    expect(reader.page.locator(".sk-empty")).to_be_visible()
    reader.page.get_by_role("searchbox", name="낱말로 찾기").fill("vae")
    expect(reader.page.locator(".sk-row")).to_have_count(3)
    assert is_the_same_document(reader.page)


# --- formulas -------------------------------------------------------------------------------------


def shows_formulas(page: Page, at_least: int) -> None:
    formulas = page.locator("article .katex")
    expect(formulas.nth(at_least - 1)).to_be_attached()
    expect(page.locator(".katex-error")).to_have_count(0)
    for formula in formulas.all()[:at_least]:
        box = formula.locator(".katex-html").bounding_box()
        assert box["width"] > 0
        assert box["height"] > 0
    raw = page.locator("article").evaluate(
        "article => { const copy = article.cloneNode(true);"
        " copy.querySelectorAll('.katex, pre, code, script').forEach(part => part.remove());"
        " return copy.textContent; }"
    )
    assert not re.search(r"\$|\\[(\[a-z]", raw)
    # Its own letters, not the reader's: the fonts came. A function, since the page's policy lets
    # Playwright evaluate a string only once, which is too early where the fonts are slow.
    page.wait_for_function("() => document.fonts.check('16px KaTeX_Main')")


def katex(reader: Reader) -> list[str]:
    return [url for url in reader.asked if url.endswith(".js") and "katex" in url]


def test_formulas_of_the_api(wiki: Site, visit: Visit) -> None:
    shows_formulas(visit(wiki, "api/diffusion/", size="phone").page, 20)


def test_formulas_of_a_page(archive: Site, visit: Visit) -> None:
    shows_formulas(visit(archive, "talks/clouds/", size="phone").page, 2)


def test_formulas_of_a_notebook(archive: Site, visit: Visit) -> None:
    shows_formulas(visit(archive, "notebooks/clouds/", size="phone").page, 2)


def test_formulas_after_it(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki)
    assert not katex(reader)
    mark(reader.page)
    reader.follow(tab(reader, "api/"))
    assert not katex(reader)
    reader.follow(
        reader.page.locator("article").get_by_role("link", name="studykit.diffusion: DDPM")
    )
    shows_formulas(reader.page, 20)
    reader.page.go_back()
    reader.arrive(f"{wiki.url}api/")
    reader.page.go_forward()
    reader.arrive(f"{wiki.url}api/diffusion/")
    shows_formulas(reader.page, 20)
    assert len(katex(reader)) == 1
    assert is_the_same_document(reader.page)


def test_formulas_of_notebooks_and_pages_after_it(archive: Site, visit: Visit) -> None:
    reader = visit(archive)
    mark(reader.page)
    reader.follow(tab(reader, "notebooks/"))
    reader.follow(reader.page.get_by_role("link", name="구름 세기"))
    shows_formulas(reader.page, 2)
    reader.follow(tab(reader, "talks/"))
    reader.follow(reader.page.get_by_role("link", name="구름의 수식"))
    shows_formulas(reader.page, 2)
    assert is_the_same_document(reader.page)


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_formulas_of_the_project_s_notebooks_after_it(wiki: Site, visit: Visit, path: str) -> None:
    reader = visit(wiki)
    mark(reader.page)
    reader.follow(tab(reader, "notebooks/"))
    reader.follow(reader.page.locator(f"article a[href='{wiki.url}{path}']"))
    shows_formulas(reader.page, 1)
    assert is_the_same_document(reader.page)
