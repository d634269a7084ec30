"""A student types into the search box as it comes, and finds it."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, Route, expect

from studykit.wiki.search.tokens import shard_of, tokens
from studykit.wiki.terms.korean import CUT
from tests.browser.conftest import Visit
from tests.browser.reader import SIZES
from tests.browser.sites import Site


def search(page: Page, words: str) -> None:
    if page.viewport_size and page.viewport_size["width"] < 900:
        page.locator("label.md-header__button[for=__search]").click()
    box = page.get_by_role("textbox", name="검색")
    box.fill(words)
    box.press("End")


def titles(page: Page) -> list[str]:
    return page.locator(".md-search-result__item h1").all_inner_texts()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("words", "location"),
    [
        ("디디피엠", "terms/ddpm/"),
        ("손실을", "terms/loss-function/"),
        ("확산모델", "terms/diffusion-model/"),
        ("marginal_prb", "sdes.SDE.marginal_prob"),
        (r"\beta_t", "terms/noise-schedule/"),
        ("DDPM.q_sample", "ddpm.DDPM.q_sample"),
        ("elelvldpa", "terms/ddpm/"),  # 디디피엠 with the keyboard set to English
        ("ㄷㅍㅈ", "terms/diffusion-model/"),
    ],
)
def test_it_is_among_the_first(
    wiki: Site, visit: Visit, words: str, location: str, size: str
) -> None:
    reader = visit(wiki, size=size)
    page = reader.page
    search(page, words)
    results = page.locator(".md-search-result__item > a")
    expect(results.first).to_be_visible()
    first = [link.get_attribute("href") or "" for link in results.all()[:5]]
    assert any(location in address for address in first), first


def test_results_stand_by_kind_with_the_sentence_that_fits(wiki: Site, visit: Visit) -> None:
    page = visit(wiki).page
    search(page, "베타를 왜 쓰는지")
    first = page.locator(".md-search-result__item").first
    expect(first.locator(".sk-search-kind")).to_have_text("질문")
    expect(first.locator("h1 mark").first).to_have_text("베타를")
    kinds = page.locator(".sk-search-kind").all_inner_texts()
    assert len(kinds) == len(set(kinds)) >= 2


def test_what_has_the_initial_consonants_is_marked(wiki: Site, visit: Visit) -> None:
    page = visit(wiki).page
    search(page, "ㄷㅍㅈ")
    marks = page.locator(".md-search-result__item mark")
    expect(marks.first).to_be_visible()
    assert any(each.startswith(("디퓨전", "디퓨젼")) for each in marks.all_inner_texts())


def test_the_keys_are_those_of_the_theme(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki)
    page = reader.page
    page.keyboard.press("/")
    page.keyboard.type("q_sample")
    # The results of the last key: those of an earlier one would be taken away with the focus.
    expect(page.locator(".md-search-result__item mark").first).to_have_text("q_sample")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".md-search-result__link").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")  # the best of all
    expect(page.locator(":target")).to_be_visible()
    expect(page.locator(":target")).to_contain_text("q_sample")


def test_nothing_is_found_without_a_complaint(wiki: Site, visit: Visit) -> None:
    page = visit(wiki).page
    search(page, "쀍쀍쀍")
    expect(page.locator(".md-search-result__meta")).to_contain_text("없습니다")


def test_what_was_typed_last_is_what_is_shown(wiki: Site, visit: Visit) -> None:
    page = visit(wiki).page
    held: list[Route] = []
    fragments = re.compile(r"/search/.*/t/\d+\.json")
    page.route(fragments, lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(fragments):
        search(page, "베타")
    search(page, "손실")
    page.wait_for_timeout(500)
    with page.expect_response(fragments):
        held[0].continue_()  # what the first of the two was waiting for
    page.wait_for_timeout(500)
    expect(page.locator(".md-search-result__item mark").first).to_have_text("손실")


def test_without_a_connection_what_was_loaded_answers(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki)
    page = reader.page
    items = page.locator(".md-search-result__item")
    search(page, "디디피엠")
    expect(items.locator("mark").first).to_be_visible()
    page.context.set_offline(True)
    search(page, "디디피엠은")  # the same fragments
    expect(items.locator("mark").first).to_be_visible()
    search(page, "손실함수")
    expect(items.first).to_contain_text("연결이 끊겨")
    page.context.set_offline(False)
    search(page, "손실 함수")
    expect(items.locator("mark").first).to_be_visible()
    reader.complaints.clear()  # requests that failed, as they had to


def test_nothing_is_loaded_before_somebody_searches(wiki: Site, visit: Visit) -> None:
    reader = visit(wiki)
    loaded = [url for url in reader.asked if "/search/" in url]
    assert [url.rpartition("/")[2] for url in loaded] == ["search_index.json"]
    search(reader.page, "손실")
    expect(reader.page.locator(".md-search-result__item").first).to_be_visible()
    size = sum(
        (wiki.folder / url.removeprefix(wiki.url)).stat().st_size
        for url in set(reader.asked)
        if "/search/" in url
    )
    assert size < 900_000  # a third of it when compressed


def test_the_way_to_other_pages_is_nothing_to_find_one_by(wiki: Site) -> None:
    files = wiki.folder.glob("search/*/d/*.json")
    texts = [text for file in files for text in json.loads(file.read_text("utf-8"))]
    (meeting,) = [text for location, _, text, *_ in texts if location == "meetings/w01/"]
    assert "상모" in meeting
    assert "원문" not in meeting


@pytest.fixture(scope="module")
def worker(wiki: Site) -> str:
    path = wiki.folder / "assets" / "studykit" / "search_worker.js"
    # The rules alone, without what answers messages.
    return Path(path).read_text("utf-8").partition("// --- Material's protocol")[0]


def test_what_a_note_has_as_markup_stays_text(wiki: Site, visit: Visit, worker: str) -> None:
    page = visit(wiki).page
    rules = "code => { window.rules = new Function(`${code}; return { marker }`)(); }"
    page.evaluate(rules, worker)
    said = """<img src=x onerror="alert('구름')"> & 구름."""
    shown = "said => { const marks = rules.marker([{ shown: ['구름', '<img'] }]); return %s; }"
    for way in ("marks.text(said)", "marks.sentence(said)"):
        html = page.evaluate(shown % way, said)
        assert html.count("<") == html.count("<mark>") + html.count("</mark>")
        assert "<mark>구름</mark>" in html
        page.evaluate("html => { document.querySelector('h1').innerHTML = html; }", html)
        expect(page.locator("h1 img")).to_have_count(0)
        assert page.locator("h1").inner_text() == said


def test_the_browser_has_the_same_rules(wiki: Site, visit: Visit, worker: str) -> None:
    page = visit(wiki).page
    rules = "code => { window.rules = new Function(`${code}; return { tokens, shardOf }`)(); }"
    page.evaluate(rules, worker)
    known = (
        "배웠던 것",
        "손실 함수를",
        "손실에서는",
        "β_t q_sample",
        "ㄷㅍㅅ",
        "E\u0301té",
        "한글",
    )
    some_texts = st.lists(st.text(max_size=30) | st.sampled_from(known), min_size=20, max_size=20)

    @settings(max_examples=60, deadline=None)
    @given(some_texts)
    def same(texts: list[str]) -> None:
        texts = [text.encode("utf-8", "replace").decode() for text in texts]
        theirs = page.evaluate(
            "([texts, cut]) => texts.map((text) => rules.tokens(text, new RegExp(cut)))",
            [texts, CUT],
        )
        assert [Counter(each) for each in theirs] == [tokens(text) for text in texts]
        words = [token for text in texts for token in tokens(text)]
        shards = page.evaluate("words => words.map((word) => rules.shardOf(word, 61))", words)
        assert shards == [shard_of(word, 61) for word in words]

    same()
