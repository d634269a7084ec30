"""Every page says which others lead to it, each with its sentence, and no page grows by that."""

from __future__ import annotations

import posixpath
import re
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from studykit.wiki.backlinks import FEW_BACKLINKS, FOLDER
from studykit.wiki.generate import Wiki, read_wiki
from studykit.wiki.pages import Addition, Page, page_url
from studykit.wiki.registers import PAGE_ROWS
from tests.wiki.cited import write_cited
from tests.wiki.support import Element, GoldenFiles, parse

FILES = {
    "meetings/week-01.txt": "금일 질문 사항 :\n1. 구름은 왜 흰가\n2. 안개는 왜 낮은가\n",
    "meetings/week-02.txt": (
        "다온님 - w01-q1은 아직 모른다, <b>w01-q2</b>도\n"
        "\t- 그리고 w01-q1을 다시 보자\n"
        "답 (w01-q2): 무거워서\n"
    ),
    "meetings/2031-05-06.txt": "라온님 - 비\n\n(w01-q1) 앞의 질문 참고\n",
    "docs/talks/index.md": "# 글\n",
    "docs/talks/fog.md": (
        "---\nweek: 2\n---\n# 낮은 *안개* & <비>\n\n먼저 볼 것은 없다. **[구름 글]"
        "(../clouds.md#c)의 $c_t$와\n`[x](../no.md)`를** 본다. [구름](../clouds.md)은 또 있다.\n\n"
        "- [구름](../clouds.md)\n- [밖](https://example.org/a.md), [없음](none.md)\n\n"
        "![그림](../clouds.md)\n\n```\n[구름](../questions/w01-q2.md)\n```\n"
    ),
    "docs/clouds.md": (
        "# 구름\n\n## 희다 {#c}\n\n[나](clouds.md#c)는 [안개 <script>][fog] 다.\n\n"
        "| 글 | 분 |\n| --- | --- |\n| [안개는 왜. 낮은가](questions/w01-q2.md) | 3 |\n"
        "| [안개는 왜](questions/w01-q1.md) |\n\n[fog]: talks/fog.md 'x'\n"
    ),
    "docs/notebooks/rain.ipynb": (
        '{"cells": [{"cell_type": "markdown", "source": ["# 비\\n", "\\n", '
        '"[구름](../../clouds/) 다음은 [안개](../talks/fog.md)."]}]}'
    ),
}


def write(folder: Path, files: Mapping[str, str]) -> Wiki:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return read_wiki(folder / "meetings", folder / "docs", name="하늘", language="ko")


def shown(wiki: Wiki) -> dict[str, Element]:
    """The list at the foot of each page that has one, and each page of longer lists."""
    found = {}
    for part in wiki.pages():
        if not isinstance(part, Page | Addition):
            continue
        body = part.body if isinstance(part, Page) else part.content
        if part.path.startswith(f"{FOLDER}/"):
            found[part.path] = parse(body)
        elif 'class="sk-backlinks"' in body:
            assert body.count('class="sk-backlinks"') == 1
            found[part.path] = parse(body).with_class("sk-backlinks")[0]
    return found


def lines(wiki: Wiki) -> str:
    text = []
    for path, section in sorted(shown(wiki).items()):
        text.append(f"{path}\n")
        for item in section.with_tag("li"):
            (link,) = item.with_tag("a")
            text.append(f"    {item.text()} -> {link.attributes['href']}\n")
    return "".join(text)


def test_a_small_wiki(tmp_path: Path, golden: GoldenFiles) -> None:
    golden.check("backlinks.txt", lines(write(tmp_path, FILES)))


def test_what_others_wrote_is_text(tmp_path: Path) -> None:
    files = {
        **FILES,
        "docs/evil.md": "# <img src=x>\n\n<b onclick=x>[a](clouds.md)</b> <script>x</script>\n",
    }
    (section,) = [
        s for path, s in shown(write(tmp_path, files)).items() if path == "docs/clouds.md"[5:]
    ]
    tags = {element.tag for element in section.all()}
    assert tags <= {"section", "p", "b", "small", "ul", "li", "q", "a", "span"}
    assert "<img src=x>" in section.text()


def test_only_what_the_page_does_not_say_otherwise(tmp_path: Path) -> None:
    """An answer stands on its question's page, a sentence about an equation on the paper's."""
    docs = write_cited(tmp_path)
    (docs / "talks/answer.md").write_text(
        "---\nanswers: [w01-q1]\n---\n# 답\n\n[질문](../questions/w01-q1.md)의 답이다.\n", "utf-8"
    )
    (docs / "talks/more.md").write_text(
        "# 더\n\n[질문](../questions/w01-q1.md)을 보자.\n\n"
        "Karg et al. (2031), Eq. 3은 [식](../equations/karg-2031.md)이다.\n\n"
        "[](eq:karg-2031-3)을 보자.\n",
        "utf-8",
    )
    wiki = read_wiki(docs.parent / "meetings", docs, name="하늘", language="ko")
    assert [quote.path for quote in wiki.backlinks.to("questions/w01-q1.md")] == ["talks/more.md"]
    (quote, *_) = (q for q in wiki.backlinks.to("equations/karg-2031.md") if "more" in q.path)
    assert quote.text == "Karg et al. (2031), 식 3을 보자."


def test_the_quoted_place_has_an_id(tmp_path: Path) -> None:
    wiki = write(tmp_path, FILES)
    html = '<p><a class="x" href="../../clouds/#c">a</a> <a href="../../clouds/">b</a></p>'
    anchored = wiki.backlinks.anchored(html, "talks/fog.md")
    (quote,) = (q for q in wiki.backlinks.to("clouds.md") if q.path == "talks/fog.md")
    assert anchored == html.replace("<a", f'<span id="{quote.anchor}"></span><a', 1)
    assert f'id="{quote.anchor}"' in wiki.backlinks.anchored("<p>", "talks/fog.md")
    assert wiki.backlinks.anchored(html, "talks/index.md") == html


def test_long_lists_have_pages_of_their_own(tmp_path: Path) -> None:
    many = PAGE_ROWS + 3
    files = {f"docs/p{n:03}.md": f"# {n}\n\n{n}번은 [구름](clouds.md)이다.\n" for n in range(many)}
    wiki = write(tmp_path, {"docs/clouds.md": "# 구름\n", "meetings/week-01.txt": "비\n", **files})
    found = shown(wiki)
    assert len(found["clouds.md"].with_tag("li")) == FEW_BACKLINKS + 1
    assert f"외 {many - FEW_BACKLINKS}" in found["clouds.md"].text()
    assert len(found[f"{FOLDER}/clouds/index.md"].with_tag("li")) == PAGE_ROWS
    assert len(found[f"{FOLDER}/clouds/page-2.md"].with_tag("li")) == many - PAGE_ROWS


def test_a_member_who_is_not_named_is_not_named_here_either(tmp_path: Path) -> None:
    files = {
        **FILES,
        "meetings/people.toml": '[[person]]\nname = "가람솔"\ndisplay = "G."\n',
        "docs/x.md": "# 가람솔의 글\n\n가람솔이 [구름](clouds.md)을 보았다.\n",
    }
    section = shown(write(tmp_path, files))["clouds.md"]
    assert "G.이 구름을 보았다." in section.text()
    assert "가람솔" not in section.text()


@pytest.mark.parametrize("size", [1_000, 10_000])
def test_what_never_closes_is_read_once(size: int) -> None:
    from studykit.wiki.prose import linked_sentences

    for text in ("[" * size, "[a](" * size, "`[" * size, "\\" * size, "[\\a" * size, "$[" * size):
        assert linked_sentences(text) == []


# --- any archive ----------------------------------------------------------------------------------

NAMES = st.integers(0, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("meeting"), NAMES, st.lists(NAMES, max_size=3)),
        st.tuples(st.just("answer"), NAMES, st.just([])),
        st.tuples(st.just("page"), NAMES, st.lists(st.tuples(NAMES, st.booleans()), max_size=4)),
    ),
    min_size=1,
    max_size=12,
)


def address(name: int, asked: bool) -> str:
    return f"questions/w{name + 1:02}-q1.md" if asked else f"p{name}.md"


@settings(max_examples=30)
@given(STEPS)
@example([("meeting", 0, []), ("page", 0, [(0, True), (0, True)]), ("page", 0, [])])
def test_links_always_go_both_ways(steps: list[tuple[str, int, list]]) -> None:  # type: ignore[type-arg]
    """Whatever is added, answered and edited, in whatever order."""
    notes: dict[int, str] = {}
    pages: dict[int, list[tuple[int, bool]]] = {}
    for kind, name, said in steps:
        if kind == "meeting":  # a later step of the same name is an edit
            notes[name] = f"금일 질문 사항 :\n1. 구름 {name}번은 왜 흰가\n\n" + "".join(
                f"여기서 w{other + 1:02}-q1을 다시 본다\n" for other in said
            )
        elif kind == "answer":
            later = max(notes, default=0)
            notes[later] = notes.get(later, "비\n") + f"\n답 (w{name + 1:02}-q1): 그렇다\n"
        else:
            pages[name] = said
    files = {f"meetings/week-{name + 1:02}.txt": text for name, text in notes.items()}
    files |= {
        f"docs/p{name}.md": f"# 글 {name}\n\n"
        + "".join(
            f"{place}번째로 [보자]({address(to, asked)}).\n\n"
            for place, (to, asked) in enumerate(said)
        )
        for name, said in pages.items()
    }
    files["docs/start.md"] = "# 시작\n"
    files.setdefault("meetings/week-09.txt", "눈\n")
    with tempfile.TemporaryDirectory() as folder:
        wiki = write(Path(folder), files)
        made = {part.path: part for part in wiki.pages() if isinstance(part, Page)}
        found = shown(wiki)

    wanted = defaultdict(set)
    for name, said in pages.items():
        for to, asked in said:
            target = address(to, asked)
            if target != f"p{name}.md" and (target in made or (not asked and to in pages)):
                wanted[target].add(f"p{name}/")
    for name, text in notes.items():
        for other in re.findall(r"여기서 w(\d\d)-q1", text):
            target = f"questions/w{other}-q1.md"
            if target in made:
                wanted[target].add(f"meetings/w{name + 1:02}/raw/")
    sources = {
        path: [
            posixpath.normpath(
                posixpath.join("/", page_url(path), link.attributes["href"].partition("#")[0])
            )[1:]
            + "/"
            for item in section.with_tag("li")
            if "sk-more" not in item.classes
            for link in item.with_tag("a")
        ]
        for path, section in found.items()
    }
    for path, targets in wanted.items():
        listed = sources.get(f"{FOLDER}/{path.removesuffix('.md')}/index.md") or sources[path]
        assert sorted(listed) == sorted(targets)  # each once
        assert len(sources[path]) <= FEW_BACKLINKS
    assert {path for path in found if not path.startswith(f"{FOLDER}/")} == set(wanted)
