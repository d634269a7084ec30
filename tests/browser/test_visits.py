"""A student opens the wiki on the way to the meeting, and at a desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.pages import ARCHIVE_PAGES, NOTEBOOKS, PAGES
from tests.browser.reader import SCHEMES, SIZES, toggle_palette
from tests.browser.sites import Site

# What reaches beyond the screen's right edge, and cannot be scrolled by itself.
STICKING_OUT = """
() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (element) => getComputedStyle(element).overflowX !== "visible";
  const own = (element) => {
    for (let up = element.parentElement; up.matches("article *"); up = up.parentElement)
      if (scrolls(up)) return false;
    return true;
  };
  return [...document.querySelectorAll("article *")]
    .filter((element) => element.getBoundingClientRect().right > width + 1 && own(element))
    .map((element) => element.outerHTML.slice(0, 200));
}
"""


SPEAKERS = "상모 류건 인서 현수 인희 성현 상모 인서 상모 류건 성현 현수 상모 인서 상모"


def has_no_horizontal_scroll(page: Page) -> None:
    widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    content, window = page.evaluate(widths)
    assert content <= window
    assert page.evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_each_page(wiki: Site, visit: Visit, path: str, size: str) -> None:
    # Every visit also ends with: no complaint on the console, and no other host asked.
    reader = visit(wiki, path, size=size)
    has_no_horizontal_scroll(reader.page)
    expect(reader.page.locator("html")).to_have_attribute("lang", "ko")


@pytest.mark.parametrize("path", ARCHIVE_PAGES)
def test_wide_content_on_a_phone(archive: Site, visit: Visit, path: str) -> None:
    has_no_horizontal_scroll(visit(archive, path, size="phone").page)


def test_what_sticks_out_would_be_seen(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, "questions/", size="phone").page
    # As a script may: the page's policy refuses a style in what is inserted.
    page.locator("article").evaluate(
        """article => {
          const wide = document.createElement("p");
          wide.textContent = "A wide paragraph";
          wide.style.width = "120vw";
          article.append(wide);
        }"""
    )
    with pytest.raises(AssertionError):
        has_no_horizontal_scroll(page)


def test_what_goes_wrong_would_be_noticed(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, "questions/")
    with reader.page.expect_event("requestfailed"):
        reader.page.evaluate("() => { new Image().src = 'http://other-host.invalid/x.png' }")
    assert list(reader.foreign()) == ["http://other-host.invalid/x.png"]
    assert any("other-host.invalid" in complaint for complaint in reader.complaints)
    reader.asked.clear()
    reader.complaints.clear()


# --- what each page is for ------------------------------------------------------------------------


def test_home_says_what_happened_and_what_is_open(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, size="phone").page
    last = page.get_by_role("region", name="지난 모임")
    expect(last.get_by_role("link", name="1주차")).to_be_visible()
    for name in ("상모", "류건", "인서", "현수", "인희", "성현"):
        expect(last.get_by_role("link", name=name, exact=True)).to_be_visible()

    def under(heading: str) -> Page:
        return page.locator("section", has=page.get_by_role("heading", name=heading))

    # Pages in docs/answers/ answer all of its questions.
    expect(page.get_by_role("heading", name="답을 기다리는 질문")).to_have_count(0)
    talks = under("예정된 발표 2").get_by_role("listitem")
    expect(talks).to_have_text(
        [re.compile("디디피엠 현수 인서"), re.compile("스코어 베이스 류건 성현")]
    )


def test_an_answered_question_leads_to_its_answer_and_back(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, "questions/w01-q2/", size="phone")
    page = reader.page
    answer = page.locator(".sk-answer")
    expect(answer.locator(".katex").first).to_be_visible()
    reader.follow(answer.get_by_role("link", name="DDPM에서 β를 쓰는 까닭"))
    named = page.locator(".sk-named")
    reader.follow(named.get_by_role("link", name="디디피엠에서 베타를 왜 쓰는지"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("디디피엠에서 베타를 왜 쓰는지")


def test_a_meeting_shows_every_turn(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, "meetings/w01/", size="phone").page
    turns = page.locator(".sk-turn")
    expect(turns).to_have_count(15)
    speakers = [
        "상모",
        "류건",
        "인서",
        "현수",
        "인희",
        "성현",
        "상모",
        "인서",
        "상모",
        "류건",
        "성현",
        "현수",
        "상모",
        "인서",
        "상모",
    ]
    for turn, speaker in zip(turns.all(), speakers, strict=True):
        expect(turn.locator(".sk-who")).to_have_text(f"{speaker}님")
    summary = page.get_by_role("region", name="한눈에 보기")
    for what in ("말한 사람 6", "질문 3", "발표 4", "할 일 2", "링크 9"):
        expect(summary.get_by_role("term").filter(has_text=what)).to_have_count(1)


def test_each_record_leads_to_its_line_of_the_note(wiki: Site, visit: Visit, root: Path) -> None:
    note = (root / "meetings/week-01.txt").read_text("utf-8").splitlines()
    reader = visit(wiki, "meetings/w01/", size="phone")
    links = reader.page.locator(".sk-discussion a[href*='raw/#L']").all()
    addresses = dict.fromkeys(link.evaluate("link => link.href") for link in links)
    assert len(addresses) > 30
    for address in addresses:
        reader.page.goto(address)
        shows_line(reader.page, note, int(address.partition("#L")[2]))


@pytest.mark.parametrize("place", [0, -1])
def test_a_click_leads_to_the_line_of_the_note(
    wiki: Site, visit: Visit, root: Path, place: int
) -> None:
    note = (root / "meetings/week-01.txt").read_text("utf-8").splitlines()
    reader = visit(wiki, "meetings/w01/", size="phone")
    link = reader.page.locator(".sk-discussion a[href*='raw/#L']").nth(place)
    line = int(link.get_attribute("href").partition("#L")[2])
    reader.follow(link)
    shows_line(reader.page, note, line)


def test_back_from_the_note_to_where_one_was(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, "meetings/w01/", size="phone")
    link = reader.page.locator(".sk-discussion a[href*='raw/#L']").nth(-1)
    reader.follow(link)
    expect(reader.page.locator(":target")).to_be_in_viewport()
    reader.page.go_back()
    reader.arrive(f"{wiki.url}meetings/w01/")
    expect(reader.page.locator(".sk-turn")).to_have_count(15)


def shows_line(page: Page, note: list[str], number: int) -> None:
    target = page.locator(":target")
    expect(target).to_have_attribute("id", f"L{number}")
    expect(target.locator("span")).to_have_text(note[number - 1], use_inner_text=False)
    expect(target).to_be_in_viewport(ratio=1)
    header = page.locator(".md-header").bounding_box()
    assert target.bounding_box()["y"] >= header["y"] + header["height"]


def test_a_question_is_reached_from_where_it_was_asked(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki, "meetings/w01/")
    asked = "디디피엠에서 베타를 왜 쓰는지"
    reader.follow(reader.page.locator(".sk-discussion").get_by_role("link", name=asked))
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text(asked)
    reader.follow(reader.page.get_by_role("link", name="모임 기록에서 보기"))
    expect(reader.page.locator(":target")).to_contain_text(asked)
    expect(reader.page.locator(":target")).to_be_in_viewport()


def test_from_week_to_week(archive: Site, visit: Visit) -> None:
    reader = visit(archive, "meetings/w02/", size="phone")
    reader.follow(reader.page.get_by_role("link", name="3주차 →"))
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("3주차")
    reader.follow(reader.page.get_by_role("link", name="← 2주차"))
    reader.follow(reader.page.get_by_role("link", name="← 1주차"))
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("1주차")
    expect(reader.page.get_by_role("link", name="←")).to_have_count(0)


def test_a_notebook_shows_its_results(archive: Site, visit: Visit) -> None:
    page = visit(archive, "notebooks/clouds/", size="phone").page
    shows_pictures(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("구름 세기")
    expect(page).to_have_title("구름 세기 - 생성 모델 스터디")
    page.get_by_text("뒤로", exact=True).click()
    expect(page.locator(":target")).to_contain_text("뒤로 가기")
    assert "jupyter-wrapper" not in page.content()


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_the_project_s_notebooks_show_their_pictures(wiki: Site, visit: Visit, path: str) -> None:
    shows_pictures(visit(wiki, path, size="phone").page)


def shows_pictures(page: Page) -> None:
    pictures = page.locator("article img").all()
    assert pictures
    for picture in pictures:
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("async (image) => (await image.decode(), image.naturalWidth)") > 0


# --- the theme's own --------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_search_finds_what_was_said(wiki: Site, visit: Visit, size: str) -> None:
    page = visit(wiki, size=size).page
    if size == "phone":
        page.locator("label.md-header__button[for=__search]").click()
    page.locator(".md-search__input").click()
    page.keyboard.type("오토메이티드")
    page.keyboard.press("End")  # the theme waits for a key, which typed Hangul is not here
    expect(page.locator(".md-search-result__item").first).to_contain_text("1주차")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_palette_follows_the_device_and_the_toggle(
    wiki: Site, visit: Visit, scheme: str
) -> None:
    page = visit(wiki, size="phone", scheme=scheme).page
    body = page.locator("body")
    expect(body).to_have_attribute("data-md-color-scheme", SCHEMES[scheme])
    toggle_palette(page)
    (other,) = SCHEMES.keys() - {scheme}
    expect(body).to_have_attribute("data-md-color-scheme", SCHEMES[other])
    page.reload()
    expect(body).to_have_attribute("data-md-color-scheme", SCHEMES[other])


def test_english(english: Site, visit: Visit) -> None:
    page = visit(english, "meetings/w01/", size="phone").page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Week 1")
    summary = page.get_by_role("region", name="At a glance")
    expect(summary.get_by_role("term").filter(has_text="Who spoke 6")).to_be_visible()
    expect(summary).to_contain_text("no date noted")
    # What people said stays as they said it.
    expect(page.locator(".sk-turn").first).to_contain_text("수식의 본질")


# --- without scripts ------------------------------------------------------------------------------


def test_a_meeting_without_scripts(wiki: Site, visit: Visit) -> None:
    page = visit(wiki, "meetings/w01/", size="phone", java_script_enabled=False).page
    expect(page.locator(".sk-turn:visible")).to_have_count(15)
    expect(page.get_by_text("발표자가 부담을 안느끼는 방향으로")).to_be_visible()


def test_registers_without_scripts(wiki: Site, archive: Site, visit: Visit) -> None:
    page = visit(wiki, "links/", java_script_enabled=False).page
    expect(page.locator(".sk-row:visible")).to_have_count(9)
    page = visit(archive, "questions/", java_script_enabled=False).page
    expect(page.locator(".sk-row:visible")).to_have_count(50)
    page.get_by_role("navigation", name="쪽").get_by_role("link", name="2").click()
    expect(page.locator(".sk-row:visible")).to_have_count(28)


# --- where a page comes from ----------------------------------------------------------------------


def test_no_file_of_the_site_names_another_host(wiki: Site) -> None:
    loads = re.compile(
        r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc\s*=\s*["']?((?:https?:)?//[^"'\s>]+)"""
        r"""|<link\b(?![^>]*\brel=["']?canonical)[^>]*?\bhref\s*=\s*["']?((?:https?:)?//[^"'\s>]+)"""
        r"""|url\(\s*["']?((?:https?:)?//[^"'\s)]+)|@import\s+["']((?:https?:)?//[^"']+)""",
        re.IGNORECASE,
    )
    found = {
        (path.relative_to(wiki.folder).as_posix(), next(filter(None, match)))
        for path in wiki.folder.rglob("*")
        if path.suffix in (".html", ".css", ".svg")
        for match in loads.findall(path.read_text("utf-8"))
    }
    foreign = {(path, url) for path, url in found if not url.startswith(wiki.url)}
    assert not foreign
