"""The map opens on demand, with a mouse, a keyboard and a finger, and with thousands of dots."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import known_faults, violations
from tests.browser.canvas import inked
from tests.browser.conftest import Visit
from tests.browser.reader import SIZES, toggle_palette
from tests.browser.sites import NAVIGATION, PLUGINS, Site, served_site, write_project

NOTE = "가람님 - 안개를 걷자\n\n질문\n1. 구름은 왜 흰가\n2. 비는 왜 오나\n"
TERMS = '[[term]]\nid = "fog"\nko = "안개"\nen = "fog"\ndefinition = "낮은 구름이다."\n'
MANY = 5_000


@pytest.fixture(scope="module")
def sky(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("map") / "project"
    files = {
        "meetings/week-01.txt": NOTE,
        "meetings/week-02.txt": "나래님 - 안개는 그대로\n",
        "docs/talks/rain.md": "---\nanswers: [w01-q2]\n---\n# 비\n\n안개와 비.\n",
        "docs/terms.toml": TERMS,
    }
    nav = [*NAVIGATION, "terms/index.md", "map/index.md"]
    config = write_project(folder, root, files, nav=nav, plugins=PLUGINS)
    with served_site(config, folder) as site:
        # The same map with thousands of invented dots, on an address of its own.
        shutil.copytree(site.folder / "map", site.folder / "many")
        (site.folder / "many/map.json").write_text(json.dumps(many()), "utf-8")
        yield site


def many() -> dict[str, object]:
    nodes = [
        [f"글 {n}", n % 6, f"talks/rain/#n{n}", n * 7 % 3001, n * 13 % 2999] for n in range(MANY)
    ]
    pairs = {(n, other) for n in range(1, MANY) for other in (n // 2, n * n % 997, 0) if n != other}
    links = [end for pair in sorted(pairs) for end in pair]
    return {"kinds": ["모임", "질문", "용어", "글", "수식", "API"], "nodes": nodes, "links": links}


def open_map(page: Page) -> None:
    page.get_by_role("button", name="지도 열기").click()
    expect(page.locator(".sk-map-drawing canvas")).to_be_visible()
    page.wait_for_selector(".sk-map[data-sk-moved]", timeout=60_000)


def drawing(page: Page) -> Locator:
    return page.locator(".sk-map-drawing canvas")


def test_nothing_of_it_is_loaded_before_it_is_opened(sky: Site, visit: Visit) -> None:
    reader = visit(sky, "map/")
    rows = reader.page.locator(".sk-map-most li")
    expect(rows.first).to_contain_text("링크")
    assert not [url for url in reader.asked if "force" in url or "map.json" in url]
    open_map(reader.page)
    assert [url for url in reader.asked if url.endswith("map_worker.js")]
    assert inked(drawing(reader.page)) > 500


def test_by_keyboard_from_dot_to_dot_to_a_page(sky: Site, visit: Visit) -> None:
    reader = visit(sky, "map/")
    page = reader.page
    open_map(page)
    expect(page.get_by_role("searchbox", name="이름으로 찾기")).to_be_focused()
    page.keyboard.type("구름은")
    expect(page.get_by_role("status")).to_have_text("1개 찾음")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="구름은 왜 흰가")).to_be_focused()
    near = page.locator(".sk-map-near")
    expect(near.get_by_role("listitem")).to_have_count(1)
    near.get_by_role("button", name="1주차").press("Enter")
    expect(page.get_by_role("heading", level=2, name="1주차")).to_be_focused()
    expect(near).to_contain_text("비는 왜 오나")
    expect(near).to_contain_text("안개")
    link = near.get_by_role("link", name="비는 왜 오나: 페이지 열기")
    link.focus()
    page.keyboard.press("Enter")
    reader.arrive(f"{sky.url}questions/w01-q2/")


def test_kinds_can_be_hidden(sky: Site, visit: Visit) -> None:
    page = visit(sky, "map/").page
    open_map(page)
    before = inked(drawing(page))
    for name in ("질문", "모임", "용어"):
        page.get_by_role("checkbox", name=name).uncheck()
    expect(page.get_by_role("status")).to_have_text("1 / 6개 보임")
    page.wait_for_timeout(300)
    assert inked(drawing(page)) < before
    page.get_by_role("searchbox", name="이름으로 찾기").fill("2주차")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="모임")).to_be_checked()  # what is chosen is shown


def test_a_dot_can_be_pressed(sky: Site, visit: Visit) -> None:
    page = visit(sky, "map/", size="phone", has_touch=True, is_mobile=True).page
    open_map(page)
    page.get_by_role("searchbox", name="이름으로 찾기").fill("2주차")
    page.keyboard.press("Enter")  # it is in the middle now
    heading = page.locator(".sk-map-panel h2")
    expect(heading).to_have_text("2주차")
    page.get_by_role("button", name="선택 풀기").click()
    expect(heading).to_have_count(0)
    page.wait_for_timeout(600)
    page.locator(".sk-map-drawing canvas").tap()
    expect(heading).to_have_text("2주차")


@pytest.mark.parametrize("size", SIZES)
def test_thousands_of_dots(sky: Site, visit: Visit, size: str) -> None:
    page = visit(sky, "many/", size=size).page
    open_map(page)
    assert inked(drawing(page)) > 5_000
    page.get_by_role("searchbox", name="이름으로 찾기").fill("글 4999")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="글 4999")).to_be_focused()
    page.locator(".sk-map-near").get_by_role("button", name="글 0", exact=True).click()
    expect(page.locator(".sk-map-near li")).to_have_count(30)  # it has thousands
    page.get_by_role("button", name="더 보기").click()
    assert page.locator(".sk-map-near li").count() > 1_000


def test_leaving_ends_it(sky: Site, visit: Visit) -> None:
    reader = visit(sky, "map/")
    open_map(reader.page)
    reader.follow(reader.page.locator(".sk-map-most a").first)
    reader.page.go_back()
    reader.arrive(f"{sky.url}map/")
    open_map(reader.page)


def test_no_fault_of_ours_for_assistive_technology(
    sky: Site, visit: Visit, node_modules: Path
) -> None:
    page = visit(sky, "map/", size="phone").page
    open_map(page)
    page.get_by_role("searchbox", name="이름으로 찾기").fill("구름은")
    page.keyboard.press("Enter")
    for _ in range(2):
        found = violations(page, node_modules)
        assert not [str(v) for v in found if not any(fault.covers(v) for fault in known_faults())]
        toggle_palette(page)


def test_without_scripts_there_is_a_list(sky: Site, visit: Visit) -> None:
    page = visit(sky, "map/", java_script_enabled=False).page
    expect(page.locator(".sk-map-most li").first).to_be_visible()
    expect(page.get_by_role("button", name="지도 열기")).to_have_count(0)
