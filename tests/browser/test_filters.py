"""A register is filtered by words and by facets, on all of its pages at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.reader import SIZES
from tests.browser.sites import Site

TOTAL = 78


def filter_by(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="낱말로 찾기").fill(words)


@pytest.mark.parametrize(
    ("path", "words", "titles"),
    [
        ("questions/", "베타", ["디디피엠에서 베타를 왜 쓰는지"]),
        # In any order, in any case, and also parts of words.
        (
            "links/",
            "NET 평가",
            ["생성 모델의 평가"],
        ),
        ("talks/", "류건 스코어", ["스코어 베이스"]),
        ("tasks/", "디디피엠", ["디디피엠 완성!!"]),
        ("people/", "인서", ["인서"]),
    ],
)
def test_words(wiki: Site, visit: Visit, path: str, words: str, titles: list[str]) -> None:
    page = visit(wiki, path, size="phone").page
    total = page.locator(".sk-row").count()
    filter_by(page, words)
    expect(page.locator(".sk-row")).to_contain_text(titles)
    expect(page.get_by_role("status")).to_have_text(f"{len(titles)} / {total}")
    filter_by(page, "")
    expect(page.locator(".sk-row")).to_have_count(total)
    expect(page.get_by_role("status")).to_have_text("")


def test_facets(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, "links/").page
    page.get_by_role("combobox", name="종류").select_option("논문")
    expect(page.locator(".sk-row")).to_contain_text(["Energy-based GAN", "score based 논문"])
    expect(page.get_by_role("status")).to_have_text("2 / 9")
    filter_by(page, "gan")
    expect(page.locator(".sk-row")).to_contain_text(["Energy-based GAN"])
    page.get_by_role("combobox", name="종류").select_option("종류: 전체")
    page.get_by_role("combobox", name="사이트").select_option("wikidocs.net")
    expect(page.locator(".sk-row")).to_have_count(0)
    filter_by(page, "")
    expect(page.locator(".sk-row")).to_contain_text(["생성 모델의 평가"])


def test_nothing_matches(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, "questions/", size="phone").page
    filter_by(page, "그런 말은 없다")
    expect(page.locator(".sk-register li")).to_have_text("조건에 맞는 것이 없습니다.")
    expect(page.get_by_role("status")).to_have_text("0 / 3")


def test_the_keyboard_is_enough(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, "talks/").page
    field = page.get_by_role("searchbox", name="낱말로 찾기")
    for _ in range(60):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            break
    expect(field).to_be_focused()
    page.keyboard.type("스코어")
    expect(page.locator(".sk-row")).to_have_count(1)
    # Enter has nothing to send: the page and what was typed stay.
    page.keyboard.press("Enter")
    expect(field).to_have_value("스코어")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="상태")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("combobox", name="상태")).not_to_have_value("")


# --- several pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["questions/", "questions/page-2/"])
def test_a_row_of_another_page_is_found(archive: Site, visit: Visit, path: str, size: str) -> None:
    reader = visit(archive, path, size=size)
    # The newest stand first: week 1 is on the last page, week 26 on the first.
    week = 1 if path == "questions/" else 26
    found = reader.page.get_by_role("link", name=f"{week}주차 무지개는 왜 둥근가", exact=True)
    expect(found).to_have_count(0)
    filter_by(reader.page, f"무지개 {week}주차")
    expect(found).to_have_count(1)
    expect(reader.page.locator(".sk-pages")).to_be_hidden()
    reader.follow(found)
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text(f"{week}주차 무지개")


def test_all_pages_are_counted(archive: Site, visit: Visit) -> None:
    page = visit(archive, "questions/page-2/").page
    filter_by(page, "안개")
    expect(page.get_by_role("status")).to_have_text(f"26 / {TOTAL}")
    expect(page.locator(".sk-row")).to_have_count(26)
    filter_by(page, "")
    expect(page.locator(".sk-row")).to_have_count(TOTAL - 50)
    expect(page.get_by_role("navigation", name="쪽")).to_be_visible()


def test_facets_of_all_pages(archive: Site, visit: Visit) -> None:
    page = visit(archive, "questions/").page
    # Its choices come from the rows at hand; all of them once somebody looks for something.
    filter_by(page, "구름")
    expect(page.get_by_role("status")).to_have_text(f"26 / {TOTAL}")
    page.get_by_role("combobox", name="모임").select_option("1주차")
    expect(page.locator(".sk-row")).to_contain_text(["1주차 구름은 왜 흰가"])


def test_rows_are_fetched_only_to_filter(archive: Site, visit: Visit) -> None:
    reader = visit(archive, "links/")
    assert not [url for url in reader.asked if url.endswith("rows.json")]
    filter_by(reader.page, "구름")
    expect(reader.page.get_by_role("status")).to_have_text(f"26 / {TOTAL}")
    filter_by(reader.page, "안개")
    expect(reader.page.locator(".sk-row").first).to_contain_text("안개")
    assert len([url for url in reader.asked if url.endswith("rows.json")]) == 1


def test_without_the_other_pages_this_one_is_filtered(archive: Site, visit: Visit) -> None:
    reader = visit(archive, "questions/")

    def fail(route: Route) -> None:
        route.fulfill(status=503)

    reader.page.route("**/rows.json", fail)
    filter_by(reader.page, "26주차")
    expect(reader.page.locator(".sk-row")).to_have_count(3)
    expect(reader.page.get_by_role("status")).to_contain_text(
        "나머지 쪽을 불러오지 못해 이 쪽에서만 찾았습니다."
    )
    filter_by(reader.page, "그런 말은 없다")
    expect(reader.page.locator(".sk-register li")).to_have_text("조건에 맞는 것이 없습니다.")
    assert all("503" in complaint for complaint in reader.complaints)
    reader.complaints.clear()
