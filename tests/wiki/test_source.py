"""Annotated source: every line of a file once, its words beside the code that they are about."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.wiki.generate import Wiki, read_wiki
from studykit.wiki.pages import Page, page_url
from studykit.wiki.source.docstrings import comment_html, docstring_html
from studykit.wiki.source.rows import annotate
from tests.wiki.cited import write_cited
from tests.wiki.support import Element, parse

FOLDER = "api/source/"


def source_pages(wiki: Wiki) -> dict[str, Page]:
    return {page.path: page for page in wiki.pages() if page.path.startswith(FOLDER)}


@pytest.fixture(scope="module")
def real(root: Path) -> Wiki:
    return read_wiki(root / "meetings", root / "docs", name="x", language="ko")


@pytest.fixture(scope="module")
def real_pages(real: Wiki) -> dict[str, Page]:
    return source_pages(real)


SKY = {
    "sky/rain.py": '''\
# Rain is a cloud that falls.
from __future__ import annotations

from sky.clouds import Cloud
from sky.drops import drop as one_drop
from . import wind


class Rain(Cloud):
    """Rain falls, by Karg et al. (2031), Eq. 3.

    See Fog, </div> and <b>snow</b>, [there](javascript:alert(1)).

    ```
    never closed

    Args:
        x: One.
    """

    # --- falling ------------------------------------------------------------

    def fall(self, cloud: Cloud) -> int:
        """Fall as `Cloud.drift` does."""
        text = "# no comment ``` ~~~"
        # It falls
        # twice: $2 \\\\cdot d$.
        return self._fall(cloud) + self.drift(2) + one_drop(wind.speed)  # at once

    def _fall(self, cloud):
        return cloud.drift(
            # Within brackets.
            1,
        )
''',
    "sky/drops.py": 'SIZE = 1\n"""How large they are."""\n\n\ndef drop(x):\n    return x * SIZE\n',
    "sky/wind.py": "speed = 3\n",
    "sky/snow.py": "flakes = 1\n",
}
TERMS = '[[term]]\nid = "fog"\nko = "안개"\nen = "fog"\ndefinition = "낮은 구름"\n'


def write_sky(folder: Path, files: dict[str, str] = SKY, api: str = "sky.rain") -> Path:
    docs = write_cited(folder)
    (docs / "api/index.md").write_text("# API\n\n- [비](rain.md)\n- [구름](clouds.md)\n", "utf-8")
    (docs / "api/clouds.md").write_text("# 구름들\n\n::: sky.clouds\n", "utf-8")
    (docs / "api/rain.md").write_text(f"# 비\n\n::: {api}\n", "utf-8")
    (docs / "terms.toml").write_text(TERMS, "utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return docs


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    docs = write_sky(tmp_path_factory.mktemp("sky"))
    return read_wiki(docs.parent / "meetings", docs, name="하늘", language="ko")


@pytest.fixture(scope="module")
def rain(sky: Wiki, convert) -> Element:
    return parse(convert(source_pages(sky)[f"{FOLDER}sky.rain.md"].body))


def links(page: Element) -> dict[str, str]:
    return {
        a.text(): a.attributes["href"] for a in page.with_tag("a") if "tabindex" not in a.attributes
    }


# --- rows -----------------------------------------------------------------------------------------

PIECES = [
    "import sky",
    "x = 1  # behind",
    "# a comment",
    "#",
    "# noqa",
    "# --- a section ---",
    "def f(a):",
    "async def g():",
    "class C:",
    "@sky",
    '"""One line."""',
    '"""First.',
    "last.",
    '"""',
    '"""  # noqa: E501',
    "'# no comment'",
    "y = [",
    "]",
    "if x:",
    "pass",
    "return 1",
    "",
    "",
    "\f",
    "é = '한글'; z = 2",
    "\\",
]
LINES = st.tuples(st.sampled_from(["", "    ", "        "]), st.sampled_from(PIECES))
SOURCES = st.lists(LINES, max_size=25).map(lambda ls: "".join(f"{i}{p}\n" for i, p in ls))


@given(SOURCES)
@example("")
@example("x")
@example('"""A."""\nclass C:\n    """B."""\n    def f(self): pass\n')
@example('def f():\n    """A\n    # b\n    """  # c\n')
@example("x = 1\n'''a'''\n")
@example('"a" "b" # c\n')
def test_each_line_is_in_one_row(source: str) -> None:
    rows = annotate(source)
    lines = [line for row in rows for line in row.lines]
    count = len(source.removesuffix("\n").split("\n")) if source else 0
    assert lines == list(range(1, count + 1))


VALID = st.sampled_from(
    [
        "import sky\n",
        "# a comment\n# goes on\n",
        'x = "# none"\n"""About x."""\n',
        'class C:\n    """A class."""\n\n    # inside\n    y = 1\n',
        'def f():\n    """A function."""\n    # what follows\n    x = [\n        # held\n    ]\n',
        "@sky\ndef g():\n    return '''\n# no comment\n'''\n",
        "\n",
        "# --- a section ---\n",
    ]
)


@given(st.lists(VALID, max_size=8).map("".join))
def test_words_are_prose_and_the_rest_is_code(source: str) -> None:
    lines = source.split("\n")
    rows = annotate(source)
    code = "\n".join(lines[line - 1] for row in rows for line in row.code)
    prose = [each for row in rows for each in row.prose]
    # In source order, a word for each piece of prose that went in.
    for words in ("About x.", "A class.", "A function."):
        assert sum(each.text == words for each in prose) == source.count(words)
        assert words not in code
    for comment in ("# a comment", "# inside", "# what follows", "# --- a section ---"):
        assert comment not in code
    for kept in ("# none", "# held", "# no comment"):
        assert code.count(kept) == source.count(kept)
    assert all(row.prose or row.code for row in rows)


def test_every_file_of_the_models_is_whole(root: Path) -> None:
    for path in sorted((root / "studykit").rglob("*.py")):
        lines = [line for row in annotate(path.read_text("utf-8")) for line in row.lines]
        assert lines == list(range(1, len(lines) + 1))
        assert len(lines) == path.read_text("utf-8").count("\n")


def test_a_row_begins_with_each_definition_and_comment() -> None:
    rows = annotate(SKY["sky/rain.py"])
    assert [row.name for row in rows if row.name] == ["Rain", "Rain.fall", "Rain._fall"]
    says = {prose.text: row for row in rows for prose in row.prose}
    assert says["falling"].prose[0].kind == "section"
    twice = says["It falls\ntwice: $2 \\\\cdot d$."]
    assert len(twice.code) == 2
    assert not any("Within brackets" in text for text in says)
    assert "at once" not in "".join(says)


def test_what_does_not_parse_is_code() -> None:
    (row,) = annotate("# a\ndef f(:\n")
    assert row.code == (1, 2)


# --- pages ----------------------------------------------------------------------------------------


def shown(page: Element) -> dict[int, str]:
    """What each line's anchor has of the code."""
    return {
        int(each.attributes["id"][1:]): each.text()
        for each in page.with_tag("span")
        if re.fullmatch(r"L\d+", each.attributes.get("id", ""))
    }


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace("_", " "))


def assert_whole(body: str, source: str) -> None:
    page = parse(body)
    lines = source.removesuffix("\n").split("\n")
    ids = [each.attributes["id"] for each in page.all() if "id" in each.attributes]
    numbered = [each for each in ids if re.fullmatch(r"L\d+", each)]
    assert sorted(numbered) == sorted(f"L{number}" for number in range(1, len(lines) + 1))
    anchors = shown(page)
    for row in annotate(source):
        for number in row.code:
            expected = lines[number - 1]
            said = f"{number}{expected}" if expected.strip() or anchors[number] else ""
            assert anchors[number].rstrip("\n").replace("\t", " ") == said.replace("\t", " ")
        for prose in row.prose:
            assert all(not anchors[line] for line in range(prose.first, prose.last + 1))
    said = [
        word
        for each in page.all()
        if set(each.classes) & {"sk-docstring", "sk-comment"}
        for word in words(each.text())
    ]
    typed = [
        word
        for row in annotate(source)
        for prose in row.prose
        if prose.kind != "section"
        for word in words(re.sub(r"^[ \t]*```\w*$", "", prose.text, flags=re.MULTILINE))
    ]
    assert said == typed


def test_a_page_has_every_line_once(sky: Wiki, convert) -> None:
    for name in ("clouds", "drops", "wind"):
        page = source_pages(sky)[f"{FOLDER}sky.{name}.md"]
        path = sky.web._project / f"sky/{name}.py"
        assert_whole(convert(page.body), path.read_text("utf-8"))


def test_the_models_pages_have_every_line_once(real: Wiki, real_pages: dict[str, Page]) -> None:
    paths = [path for path in real_pages if path != f"{FOLDER}index.md"]
    assert len(paths) > 40
    assert f"{FOLDER}studykit.diffusion.ddpm.md" in paths
    for part in real.web.sources._parts:
        assert_whole(real_pages[part.path].body, part.module.text)


def test_every_symbol_has_its_place_and_leads_back(real: Wiki, real_pages: dict[str, Page]) -> None:
    for symbol in real.web._api.symbols:
        path, anchor = real.web.sources.place(symbol)
        body = real_pages[path].body
        assert f'id="{anchor}"' in body
        assert f"#{symbol.path}&#34;" in body or f'#{symbol.path}"' in body


def test_what_leads_to_a_file_is_on_its_page_and_on_the_map(
    real: Wiki, real_pages: dict[str, Page]
) -> None:
    path = f"{FOLDER}studykit.diffusion.ddpm.md"
    (backlinks,) = [
        each for each in parse(real_pages[path].body).all() if "sk-backlinks" in each.classes
    ]
    assert "../../../answers/code/#link-" in " ".join(links(backlinks).values())
    (data,) = [json.loads(part.content) for part in real.pages() if part.path == "map/map.json"]
    places = [url for _, _, url, _, _ in data["nodes"]]
    pairs = zip(data["links"][::2], data["links"][1::2], strict=True)
    joined = {frozenset((places[one], places[two])) for one, two in pairs}
    url = page_url(path)
    assert frozenset((url, "answers/code/")) in joined
    assert frozenset((url, "api/diffusion/")) in joined
    assert frozenset((url, "api/diffusion/#studykit.diffusion.ddpm.DDPM.loss")) in joined


def test_names_in_code_lead_to_the_api_or_to_their_line(rain: Element) -> None:
    found = links(rain)
    assert found["Cloud"] == "../../clouds/#sky.clouds.Cloud"
    assert found["fall"] == "../../rain/#sky.rain.Rain.fall"
    assert found["Rain.fall"] == "../../rain/#sky.rain.Rain.fall"
    assert found["_fall"] == "#L30"
    assert "speed" not in found


def test_words_have_the_links_of_the_api_pages(rain: Element) -> None:
    found = links(rain)
    assert found["Karg et al. (2031), Eq. 3"] == "../../../equations/karg-2031/#eq-3"
    assert found["Fog"] == "../../../terms/fog/"
    assert found["Cloud.drift"] == "../../clouds/#sky.clouds.Cloud.drift"


def test_what_a_docstring_has_as_markup_is_text(rain: Element) -> None:
    (docstring,) = [each for each in rain.all() if "sk-docstring" in each.classes][:1]
    assert "</div> and <b>snow</b>" in docstring.text()
    assert not list(docstring.with_tag("b"))
    assert not any("javascript" in href for href in links(rain).values())
    # The fence that is never closed ends with its docstring.
    assert [each.text() for each in rain.with_tag("h3")] == ["falling", "Rain.fall", "Rain._fall"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JAVASCRIPT:x", "javascript&colon;x", "java&#115;cript:x",
        " data:text/html,x", "vbscript:x",
    ],
)  # fmt: skip
def test_no_docstring_leads_to_a_script(address: str) -> None:
    html = docstring_html(f"See [there]({address}), <{address}> and ![it]({address}).")
    for element in parse(html).all():
        assert not {"href", "src"} & set(element.attributes)


def test_addresses_and_sections_of_a_docstring() -> None:
    html = docstring_html(
        "See [there](https://example.org/a).\n\nArgs:\n    x: One\n        and more.\n"
        "    **rest (int): Two.\n\nReturns:\n    Three.\n\nExamples:\n    >>> f(1)\n    '<2>'\n"
    )
    page = parse(html)
    assert links(page) == {"there": "https://example.org/a"}
    assert [each.text().split() for each in page.with_tag("li")] == [
        ["x:", "One", "and", "more."],
        ["**rest", "(int):", "Two."],
    ]
    assert [each.text() for each in page.with_tag("strong")] == ["Args:", "Returns:", "Examples:"]
    (session,) = page.with_tag("pre")
    assert session.text().strip() == ">>> f(1)\n'<2>'"


def test_a_comment_stays_as_typed_but_for_code_and_formulas() -> None:
    assert comment_html("a * b * c <i>\n`x` of $y$") == (
        '<p>a * b * c &#60;i&#62; <code>x</code> of <span class="arithmatex">\\(y\\)</span></p>'
    )
    assert "<br>" in comment_html("  a\n  b")


# --- which files, in which order ------------------------------------------------------------------


def test_files_come_in_reading_order_with_what_they_need(sky: Wiki) -> None:
    index = source_pages(sky)[f"{FOLDER}index.md"]
    page = parse(index.body)
    # Those that the first API page shows, then what these need, then the next page's.
    assert [each.text() for each in page.with_tag("code")] == [
        "sky/rain.py",
        "sky/drops.py",
        "sky/wind.py",
        "sky/clouds.py",
    ]
    assert index.body.index("## 비") < index.body.index("sky/rain.py") < index.body.index("구름들")
    needed = [each.text() for each in page.with_tag("small")]
    assert ["위 파일에 필요" in each for each in needed] == [False, True, True, False]


def test_files_lead_on_in_that_order(sky: Wiki) -> None:
    pages = source_pages(sky)
    drops = links(parse(pages[f"{FOLDER}sky.drops.md"].body))
    assert drops["← sky/rain.py"] == "../sky.rain/"
    assert drops["sky/wind.py →"] == "../sky.wind/"
    assert "코드 읽기" in drops


def test_without_an_api_there_is_no_such_page(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "meetings").mkdir()
    wiki = read_wiki(tmp_path / "meetings", tmp_path / "docs", name="x", language="en")
    assert not source_pages(wiki)


def test_a_long_file_has_several_pages_of_bounded_size(tmp_path: Path, convert) -> None:
    functions = (
        f'def f{n}(x):\n    """Say {n}."""\n    return f{n - 1}(x)\n\n\n' for n in range(600)
    )
    long = "x = (\n" + "    1,\n" * 700 + ")\n"
    files = {"sky/rain.py": "".join(functions) + long}
    docs = write_sky(tmp_path, files)
    wiki = read_wiki(tmp_path / "meetings", docs, name="하늘", language="en")
    pages = {path: page for path, page in source_pages(wiki).items() if "rain" in path}
    assert len(pages) == 4
    numbers = []
    for page in pages.values():
        assert len(page.body) < 400_000
        numbers += sorted(shown(parse(convert(page.body))))
    assert numbers == list(range(1, files["sky/rain.py"].count("\n") + 1))
    # A name that another page of the file shows leads there.
    second = links(parse(pages[f"{FOLDER}sky.rain-2.md"].body))
    assert second["f199"] == "../../rain/#sky.rain.f199"
    place = wiki.web.sources.place(wiki.web._api.named("f599"))
    assert place == (f"{FOLDER}sky.rain-3.md", "L2996")


def test_the_twin_is_the_file_itself(sky: Wiki) -> None:
    twin = sky.raw_twin(f"{FOLDER}sky.drops.md")
    assert twin == f"# sky.drops\n\n```python\n{SKY['sky/drops.py'].rstrip()}\n```\n"
    assert "\n````python\n" in sky.raw_twin(f"{FOLDER}sky.rain.md")
