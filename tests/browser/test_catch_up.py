"""Somebody who missed a few weeks sees what happened, and what now waits for them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.reader import SIZES
from tests.browser.sites import Site


@pytest.mark.parametrize("size", SIZES)
def test_any_range_for_anybody(archive: Site, visit: Visit, size: str) -> None:
    reader = visit(archive, "catch-up/", size=size)
    page = reader.page
    page.get_by_label("빠진 첫 모임").select_option("5주차")
    page.get_by_label("빠진 마지막 모임").select_option("7주차")
    expect(page.get_by_role("status")).to_contain_text("모임 3")
    expect(page.get_by_role("status")).to_contain_text("새 질문 9")
    asked = page.locator(".sk-catch-part", has_text="새 질문").locator(".sk-row")
    expect(asked).to_have_count(9)
    expect(asked.first).to_contain_text("5주차 구름은 왜 흰가")
    page.get_by_label("나는").select_option("다온")
    expect(page.get_by_role("heading", name="지금 다온 님 차례")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
    reader.follow(asked.first.get_by_role("link").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("5주차 구름은 왜 흰가")


def test_what_there_is_none_of_has_no_section(archive: Site, visit: Visit) -> None:
    page = visit(archive, "catch-up/?from=w05&to=w07").page
    expect(page.get_by_role("status")).to_contain_text("결정 0")
    parts = page.locator(".sk-catch-part")
    expect(parts.filter(has_text="새 질문")).to_have_count(1)
    expect(parts.filter(has=page.get_by_role("heading", name="결정"))).to_have_count(0)


def test_the_address_holds_the_range(archive: Site, visit: Visit) -> None:
    page = visit(archive, "catch-up/?from=w21&to=w19&who=").page
    expect(page.get_by_role("status")).to_contain_text("모임 3")
    expect(page.locator(".sk-catch-part", has_text="새 질문").locator(".sk-row")).to_have_count(9)
    page.get_by_label("빠진 첫 모임").select_option("20주차")
    expect(page).to_have_url(f"{archive.url}catch-up/?from=w20&to=w19")


def test_without_scripts_the_newest_meetings_are_there(archive: Site, visit: Visit) -> None:
    page = visit(archive, "catch-up/", java_script_enabled=False).page
    expect(page.locator(".sk-catch-pages").get_by_role("link", name="26주차")).to_be_visible()
