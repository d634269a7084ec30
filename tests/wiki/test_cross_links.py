"""Links in a finished page: to the right place, and the page's words as they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from studykit.wiki.cross_links import Links, cross_link
from studykit.wiki.generate import Wiki, read_wiki
from studykit.wiki.symbols import Mention, Symbol
from tests.wiki.cited import write_cited
from tests.wiki.support import Element, parse

TALK = "talks/clouds.md"
CLOUD = "../../api/clouds/#sky.clouds.Cloud"


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    docs = write_cited(tmp_path_factory.mktemp("cited"))
    return read_wiki(docs.parent / "meetings", docs, name="구름", language="ko")


def links(html: str) -> list[tuple[str, str]]:
    return [
        (each.text(), each.attributes["href"])
        for each in parse(html).with_tag("a")
        if set(each.classes) & {"sk-api", "sk-eq"}
    ]


def test_names_in_code_lead_to_the_api(wiki: Wiki) -> None:
    html = "<p><code>Cloud.drift(2)</code> <code>cloud</code></p><h2><code>Cloud</code></h2>"
    assert links(wiki.web.linked(html, TALK)) == [("Cloud.drift(2)", f"{CLOUD}.drift")]


def test_code_blocks_lead_to_the_api_name_by_name(wiki: Wiki, convert) -> None:
    html = convert(
        "```python\nfrom sky import Cloud\n\nx = Cloud(1) < 2\n```\n\n```sh\nCloud\n```\n"
    )
    assert links(wiki.web.linked(html, TALK)) == [("Cloud", CLOUD), ("Cloud", CLOUD)]


def test_citations_lead_to_the_equations(wiki: Wiki) -> None:
    html = (
        "<p>Karg et al. (2031), Eqs. 3 &amp; 9, 식 13은 <em>식 7</em>, 식 8, 식 99</p>"
        '<p><a href="x">식 3</a> <code>식 3</code></p><pre>식 3</pre><h1>식 3</h1>'
        '<div class="arithmatex">식 3</div>'
    )
    assert links(wiki.web.linked(html, TALK)) == [
        ("Karg et al. (2031), Eqs. 3", "../../equations/karg-2031/#eq-3"),
        ("9", "../../equations/karg-2031/#eq-9"),
        ("식 13", "../../equations/karg-2031/#eq-13"),
        ("식 7", "../../equations/karg-2031/#eq-7"),
    ]


def test_a_bare_number_is_a_citation_only_on_a_page_about_a_paper(wiki: Wiki) -> None:
    assert links(wiki.web.linked("<p>식 3</p>", TALK))
    assert not links(wiki.web.linked("<p>식 3</p>", "meetings/w01/index.md"))
    assert links(wiki.web.linked("<p>구름 논문 식 3</p>", "meetings/w01/index.md"))


def test_a_notebooks_formulas_are_left_alone(wiki: Wiki) -> None:
    html = "<p>$CLOUD 식 3$ 그리고 $$ CLOUD 식 3 $$ CLOUD 식 3</p>"
    assert len(links(wiki.web.linked(html, "notebooks/clouds.ipynb"))) == 1


def test_a_symbol_named_in_a_notebooks_formula_leaves_the_formula_whole() -> None:
    symbol = Symbol("sky.Cloud", "Cloud", "class", "sky", "api.md", "sky.py", (1, 2), "", 1)
    anchor = f"api-{symbol.path}"
    web = Links(
        symbol=lambda _: None,
        uses=lambda _: [],
        named=lambda text: [Mention(text.index("beta"), text.index("beta") + 4, symbol)],
        cited=lambda _: [],
        symbol_href=lambda _: Markup(""),
        equation_href=lambda _: None,
        wanted=frozenset({anchor}),
        dollars=True,
    )
    html = r"<p>분산이 $\beta_t$인 잡음</p>"
    mark = f'<span id="{anchor}"></span>'
    assert cross_link(html, web) == rf"<p>분산이 {mark}$\beta_t$인 잡음</p>"


def test_the_raw_note_and_the_equations_own_pages_stay_as_they_are(wiki: Wiki) -> None:
    html = "<p>CLOUD 식 3</p>"
    for path in ("meetings/w01/raw.md", "equations/karg-2031.md", "api/seen/x/used/index.md"):
        assert wiki.web.linked(html, path) == html


def test_an_api_page_shows_what_is_known_below_the_docstring(wiki: Wiki) -> None:
    html = (
        '<h3 id="sky.clouds.rain_rate" class="doc doc-heading">rain_rate</h3>'
        '<div class="doc-signature highlight"><pre><code>Cloud</code></pre></div>'
        "<p>Of a <code>Cloud</code>, see <code>rain_rate</code>, "
        "<code><autoref>Cloud</autoref></code>.</p>"
        '<details class="mkdocstrings-source"><pre><code>Cloud</code></pre></details>'
        '<h3 id="sky.clouds.Storm" class="doc doc-heading">Storm</h3>'
        '<details class="mkdocstrings-source"></details>'
    )
    done = wiki.web.linked(html, "api/clouds.md")
    assert links(done) == [("Cloud", "#sky.clouds.Cloud")]
    assert done.count('class="sk-about"') == 2
    assert done.count('class="sk-discussed"') == 1
    assert 'href="../source/sky.clouds/#L40"' in done
    assert "rain_rate 는 쉽다" in done
    assert done.index("</p>") < done.index("sk-about") < done.index("<details")
    assert 'href="../../meetings/w01/#w01-o1"' in done


def test_what_other_pages_link_to_is_there_once(wiki: Wiki, convert) -> None:
    wanted = wiki.web._wanted[TALK]
    assert {"eq-karg-2031-3", "api-sky.clouds.Cloud", "use-sky.clouds.Cloud.drift"} <= wanted
    for html in ("<p>empty</p>", convert("식 3, 식 3 `Cloud` `Cloud`\n\n    Cloud(1)\n")):
        found = [
            each.attributes["id"]
            for each in parse(wiki.web.linked(html, TALK)).all()
            if each.attributes.get("id") in wanted
        ]
        assert sorted(found) == sorted(wanted)


WIKIS: list[Wiki] = []  # hypothesis takes no fixture of the module


PIECES = st.lists(
    st.sampled_from(
        [
            "<p>", "</p>", "<code>", "</code>", "<pre>", "</pre>", "<a href='x'>", "</a>", "<br>",
            "Cloud", "Cloud.drift", "CLOUD 식 3", "식 9", ", ", "&amp;", "&lt", "<b", "\n", "구름 ",
            "Cloud(1)", "<span class='n'>", "</span>", "<!-- Cloud -->", "<script>", "</script>",
        ]
    ),
    max_size=14,
)  # fmt: skip


@given(PIECES)
@example(["<pre>", "<code>", "Cloud", "</pre>", "CLOUD 식 3"])
@example(["<a href='x'>", "<code>", "Cloud", "</a>", "</code>"])
@example(["<code>", "</a>", "Cloud", "</code>"])
def test_the_words_of_any_page_stay_as_they_are(pieces: list[str]) -> None:
    html = "".join(pieces)
    done = WIKIS[0].web.linked(html, "meetings/w01/index.md")
    assert without_ours(done) == html
    assert not list(nested(parse(done), inside=False))


@pytest.fixture(scope="module", autouse=True)
def _known(wiki: Wiki) -> None:
    WIKIS[:] = [wiki]


def without_ours(html: str) -> str:
    """The page without the elements that linking put in."""
    parts = html.split('<a class="sk-')
    rest = [part.partition(">")[2].replace("</a>", "", 1) for part in parts[1:]]
    return "".join([parts[0], *rest])


def nested(element: Element, *, inside: bool) -> Iterator[Element]:
    for child in element.children:
        if isinstance(child, Element):
            ours = child.tag == "a" and child.attributes.get("class", "").startswith("sk-")
            if ours and inside:
                yield child
            yield from nested(child, inside=inside or child.tag == "a")


def test_a_mark_of_a_stranger_stays_text(tmp_path: Path) -> None:
    docs = write_cited(tmp_path)
    note = 'CLOUD 식 3 <img src=x onerror=alert(1)> "Cloud.drift"'
    (tmp_path / "meetings/week-02.txt").write_text(f"다온님 - {note}\n", "utf-8")
    wiki = read_wiki(tmp_path / "meetings", docs, name="구름", language="ko")
    page = next(page for page in wiki.web.pages() if page.path == "equations/karg-2031.md")
    assert "<img" not in page.body
    about = wiki.web.linked(
        '<h3 id="sky.clouds.Cloud.drift" class="doc-heading">d</h3>'
        '<details class="mkdocstrings-source"></details>',
        "api/clouds.md",
    )
    assert "onerror" in about
    assert "<img" not in about
