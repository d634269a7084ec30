"""axe-core finds no serious fault of ours; those of the theme are known by name."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.axe import keep_still, known_faults, violations
from tests.browser.conftest import Visit
from tests.browser.pages import ARCHIVE_PAGES, PAGES
from tests.browser.reader import SCHEMES, SIZES, Reader, toggle_palette
from tests.browser.sites import Site

LOOKS = tuple(product(SCHEMES, SIZES))
TWO_LOOKS = (("light", "desktop"), ("dark", "phone"))
"""Each size and each scheme once: what only a light phone has is the theme's."""


def faults_of_ours(reader: Reader, node_modules: Path) -> list[str]:
    known = known_faults()
    found = violations(reader.page, node_modules)
    return [str(v) for v in found if not any(fault.covers(v) for fault in known)]


def faults_at(reader: Reader, node_modules: Path, looks: Iterable[tuple[str, str]]) -> list[str]:
    keep_still(reader.page)
    faults = []
    shown = "light"
    for scheme, size in looks:
        if scheme != shown:
            toggle_palette(reader.page)
            shown = scheme
        body = reader.page.locator("body")
        expect(body).to_have_attribute("data-md-color-scheme", SCHEMES[scheme])
        width, height = SIZES[size]
        reader.page.set_viewport_size({"width": width, "height": height})
        faults += [f"{size}, {scheme}: {v}" for v in faults_of_ours(reader, node_modules)]
    return faults


@pytest.mark.parametrize("path", PAGES)
def test_each_page(wiki: Site, visit: Visit, node_modules: Path, path: str) -> None:
    assert not faults_at(visit(wiki, path), node_modules, TWO_LOOKS)


@pytest.mark.parametrize("path", ARCHIVE_PAGES)
def test_wide_content(archive: Site, visit: Visit, node_modules: Path, path: str) -> None:
    assert not faults_at(visit(archive, path), node_modules, LOOKS)


def test_a_filtered_register(archive: Site, visit: Visit, node_modules: Path) -> None:
    reader = visit(archive, "questions/", size="phone")
    reader.page.get_by_role("searchbox", name="낱말로 찾기").fill("구름")
    expect(reader.page.get_by_role("status")).to_have_text("26 / 78")
    assert not faults_of_ours(reader, node_modules)


@pytest.mark.parametrize(
    ("rule", "markup"),
    [
        ("image-alt", "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"),
        ("link-name", "<a href='#'></a>"),
        ("color-contrast", "<p style='color: #aaa; background: #fff'>A quiet word</p>"),
        ("select-name", "<select><option>1</select>"),
    ],
)
def test_a_fault_of_ours_would_be_seen(
    wiki: Site, visit: Visit, node_modules: Path, rule: str, markup: str
) -> None:
    # The page's own policy would refuse the style.
    reader = visit(wiki, "questions/", bypass_csp=True)
    add = "(article, html) => article.insertAdjacentHTML('beforeend', html)"
    reader.page.locator("article").evaluate(add, markup)
    (fault,) = faults_of_ours(reader, node_modules)
    assert fault.startswith(f"{rule}: ")


@pytest.mark.parametrize("size", SIZES)
def test_what_is_excused_is_the_theme_s(
    stock: Site, visit: Visit, node_modules: Path, size: str
) -> None:
    found = violations(visit(stock, size=size).page, node_modules)
    missing = [fault for fault in known_faults() if not any(map(fault.covers, found))]
    assert not missing
