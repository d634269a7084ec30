"""The index of the search: what a text is found by, and the files that hold it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.wiki.chrome import load_chrome
from studykit.wiki.search import with_worker, write_search
from studykit.wiki.search.tokens import shard_of, tokens
from studykit.wiki.terms import load_terms

TERMS = """
[[term]]
id = "fog-model"
ko = "안개 모델"
en = "fog model"
abbreviations = ["FGM"]
spoken = ["에프지엠"]
definition = "안개를 그린다."
"""

PAGES = [
    ("meetings/w01/", "1주차", "다온님이 손실함수를 보았다. FGM은 어렵다."),
    ("meetings/w01/#w01-o1", "다온", "손실은 흰 구름에서 배웠던 것이다."),
    ("talks/fog/", "낮은 안개", ""),
    ("talks/fog/#낮은-안개", "낮은 안개", "<p>에프지엠에서 \\(\\beta_t\\)를 &lt;b&gt; 줄인다.</p>"),
    ("api/sky/#sky.Cloud.q_sample", "q_sample", "Draw a cloud."),
    ("terms/fog-model/", "안개 모델 (FGM)", "안개를 그린다."),
    ("terms/fog-model/#uses", "이야기한 곳", "다온"),
]


def write(site: Path, docs: Path, pages: list[tuple[str, str, str]] = PAGES) -> dict[str, Any]:
    (site / "search").mkdir(parents=True)
    docs.mkdir(exist_ok=True)
    (docs / "terms.toml").write_text(TERMS, "utf-8")
    collected = {
        "config": {"lang": ["ko"], "separator": r"[\s\-]+"},
        "docs": [{"location": at, "title": title, "text": text} for at, title, text in pages],
    }
    (site / "search/search_index.json").write_text(json.dumps(collected), "utf-8")
    write_search(site, load_terms(docs), load_chrome("ko"))
    manifest: dict[str, Any] = json.loads((site / "search/search_index.json").read_text("utf-8"))
    return manifest


def found(site: Path, manifest: dict[str, Any], token: str) -> list[str]:
    """The locations of the documents that have a token, read as the browser reads them."""
    about = manifest["config"]["studykit"]
    folder = site / about["folder"]
    shard = json.loads((folder / f"t/{shard_of(token, about['shards'])}.json").read_text("utf-8"))
    texts = [
        text
        for at in range(len(about["starts"]))
        for text in json.loads((folder / f"d/{at}.json").read_text("utf-8"))
    ]
    assert len(texts) == about["documents"]
    numbers, last = [], 0
    for difference in shard.get(token, [])[::2]:
        last += difference
        numbers.append(last)
    return [texts[number][0] for number in numbers]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("손실을", "손실은"),
        ("함수", "손실함수를"),
        ("확산모델", "확산 모델의"),
        ("확산 모델", "확산모델은"),
        ("배우다", "배웠던"),
        ("지우다", "지웠다"),
        ("\\beta", "β"),
        ("q_sample", "q_sample()"),
        ("sample", "q_sample"),
        ("한글", "한글"),
    ],
)
def test_what_is_typed_and_what_is_written_share_a_token(typed: str, written: str) -> None:
    shared = set(tokens(typed)) & set(tokens(written))
    assert {token for token in shared if token[0] not in "<!"}


def test_other_words_share_none() -> None:
    assert not set(tokens("구름")) & set(tokens("안개가 걷힌다"))


@given(st.text(max_size=60))
def test_any_text_has_tokens_that_do_not_depend_on_its_form(text: str) -> None:
    once = tokens(text)
    assert once == tokens(text)
    assert all(count > 0 for count in once.values())
    assert tokens(text + "\n구름")["구름"] == once["구름"] + 1


def test_a_document_is_found_by_its_words_and_by_any_name_of_a_term(tmp_path: Path) -> None:
    site = tmp_path / "site"
    manifest = write(site, tmp_path / "docs")
    assert manifest["docs"] == []
    assert found(site, manifest, "손실") == ["meetings/w01/", "meetings/w01/#w01-o1"]
    assert found(site, manifest, "q_sample") == ["api/sky/#sky.Cloud.q_sample"]
    named = ["meetings/w01/", "talks/fog/", "terms/fog-model/"]
    assert found(site, manifest, "§fog-model") == named
    names = manifest["config"]["studykit"]["names"]
    assert names["에프지엠"] == names["fgm"] == names["안개모델"] == "fog-model"


def test_a_page_is_one_document_and_its_text_is_plain(tmp_path: Path) -> None:
    site = tmp_path / "site"
    manifest = write(site, tmp_path / "docs")
    about = manifest["config"]["studykit"]
    (texts,) = (
        json.loads((site / about["folder"] / f"d/{at}.json").read_text("utf-8"))
        for at in range(len(about["starts"]))
    )
    by_location = {text[0]: text[1:] for text in texts}
    assert by_location["talks/fog/"] == [
        "낮은 안개",
        "에프지엠에서 \\beta_t를 <b> 줄인다.",
        "writeups",
        "낮은 안개",
    ]
    assert by_location["meetings/w01/#w01-o1"][-1] == "1주차"
    assert "terms/fog-model/#uses" not in by_location


def test_the_same_pages_give_the_same_files(tmp_path: Path) -> None:
    write(tmp_path / "one", tmp_path / "docs")
    write(tmp_path / "two", tmp_path / "docs")
    one, two = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in files}
        for name in ("one", "two")
        for files in [[p for p in (tmp_path / name).rglob("*") if p.is_file()]]
    )
    assert one == two


def test_what_is_loaded_first_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    pages = [
        (f"meetings/w{week}/", f"{week}주차", f"구름{week} 이야기와 안개{week} " * 40)
        for week in range(1000)
    ]
    site = tmp_path / "site"
    manifest = write(site, tmp_path / "docs", pages)
    about = manifest["config"]["studykit"]
    assert len(about["starts"]) > 20
    assert len(json.dumps(manifest)) < 20_000
    for path in (site / about["folder"] / "t").iterdir():
        assert path.stat().st_size < 400_000


def test_without_an_index_nothing_is_written(tmp_path: Path) -> None:
    write_search(tmp_path, load_terms(tmp_path), load_chrome("ko"))
    assert list(tmp_path.iterdir()) == []


def test_a_page_gets_our_worker() -> None:
    page = (
        '<script id="__config" type="application/json">{"annotate": null, "base": "../..",'
        ' "search": "../../assets/javascripts/workers/search.a1.min.js"}</script>"search": "x"'
    )
    assert '"search": "../../assets/studykit/search_worker.js"}' in with_worker(page)
    assert with_worker(page).endswith('"search": "x"')
    assert with_worker("<html></html>") == "<html></html>"
