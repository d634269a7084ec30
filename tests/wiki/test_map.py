"""The map has what the wiki has, each thing once, and is a data file beside its page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from studykit.wiki.chrome import load_chrome
from studykit.wiki.generate import Wiki, read_wiki
from studykit.wiki.map import Graph, map_parts
from studykit.wiki.pages import Asset, Page, page_url
from tests.wiki.cited import write_cited


def cited(folder: Path) -> Wiki:
    docs = write_cited(folder)
    (docs / "talks/fog.md").write_text(
        "---\nanswers: [w01-q1]\n---\n# 안개 <b>\n\n[흐름](flow.md)\n", "utf-8"
    )
    (docs / "talks/flow.md").write_text("# 흐름\n\n먼저 [안개](fog.md)다.\n", "utf-8")
    return read_wiki(docs.parent / "meetings", docs, name="하늘", language="ko")


def drawn(wiki: Wiki) -> dict[str, Any]:
    (data,) = (part for part in wiki.pages() if part.path == "map/map.json")
    assert isinstance(data, Asset)
    found: dict[str, Any] = json.loads(data.content)
    return found


def joined(data: dict[str, Any]) -> set[frozenset[str]]:
    urls = [row[2] for row in data["nodes"]]
    ends = data["links"]
    pairs = [frozenset((urls[a], urls[b])) for a, b in zip(ends[::2], ends[1::2], strict=True)]
    assert len(pairs) == len(set(pairs))
    assert all(len(pair) == 2 for pair in pairs)
    return set(pairs)


def test_what_belongs_together_is_joined(tmp_path: Path) -> None:
    data = drawn(cited(tmp_path))
    kinds = {row[2]: data["kinds"][row[1]] for row in data["nodes"]}
    assert len(kinds) == len(data["nodes"])
    assert kinds["meetings/w01/"] == "모임"
    assert kinds["questions/w01-q1/"] == "질문"
    assert kinds["talks/fog/"] == "글"
    assert kinds["equations/karg-2031/#eq-3"] == "수식"
    assert kinds["api/clouds/#sky.clouds.Cloud.drift"] == "API"
    pairs = joined(data)
    for one, two in (
        ("meetings/w01/", "questions/w01-q1/"),
        ("questions/w01-q1/", "talks/fog/"),  # its answer
        ("talks/fog/", "talks/flow/"),
        ("equations/karg-2031/#eq-3", "api/clouds/#sky.clouds.Cloud.drift"),
        ("equations/karg-2031/#eq-3", "meetings/w01/"),
    ):
        assert frozenset((one, two)) in pairs


def test_every_node_is_a_page(tmp_path: Path) -> None:
    wiki = cited(tmp_path)
    pages = {page_url(part.path) for part in wiki.pages() if isinstance(part, Page)}
    pages |= {page_url(written.path) for written in wiki.web.written}
    assert {row[2].partition("#")[0] for row in drawn(wiki)["nodes"]} <= pages


def test_the_page_has_the_most_linked_and_no_more(tmp_path: Path) -> None:
    graph = Graph()
    for number in range(3_000):
        graph.add(f"p{number}.md", "", f"글 {number}", "writeup")
        graph.join(f"p{number}.md", f"p{number // 2}.md")
        graph.join(f"p{number}.md", "p7.md")
    page, data = map_parts(graph, load_chrome("ko"))
    assert isinstance(page, Page)
    assert page.body.count('class="sk-row"') == 20
    assert "글 7" in page.body.partition("sk-row")[2].partition("sk-row")[0]
    assert len(page.body) < 8_000
    rows = json.loads(data.content)["nodes"] if isinstance(data, Asset) else []
    assert len({(row[3], row[4]) for row in rows}) > 2_500  # not all dots in one place


def test_what_a_title_has_as_markup_is_text(tmp_path: Path) -> None:
    (page,) = (part for part in cited(tmp_path).pages() if part.path == "map/index.md")
    assert isinstance(page, Page)
    assert "<b>" not in page.body.replace("<p><b>", "")
