"""The API's symbols: which there are, what means one, and where they are seen; see cited.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.wiki.generate import Wiki, read_wiki
from studykit.wiki.symbols import Api, Names, Uses, read_api
from studykit.wiki.symbols.seen import about_symbol
from studykit.wiki.symbols.terms import names_of_symbols
from tests.wiki.cited import write_cited


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cited(tmp_path_factory.mktemp("cited"))


@pytest.fixture(scope="module")
def api(docs: Path) -> Api:
    return read_api(docs, docs.parent)


@pytest.fixture(scope="module")
def wiki(docs: Path) -> Wiki:
    return read_wiki(docs.parent / "meetings", docs, name="구름", language="ko")


def uses(api: Api, *blocks: str) -> list[tuple[int, str, str]]:
    """The line, the words and the symbol of every use in the last block."""
    reader = Uses(api)
    found = [reader.read(block) for block in blocks][-1]
    lines = blocks[-1].split("\n")
    return [(u.line, lines[u.line - 1][u.start : u.end], u.symbol.short) for u in found]


def test_symbols_are_those_that_the_pages_show(api: Api) -> None:
    assert [symbol.path for symbol in api.symbols] == [
        "sky.clouds.Cloud",
        "sky.clouds.Cloud.drift",
        "sky.clouds.Storm",
        "sky.clouds.rain_rate",
        "sky.clouds.cloud",
    ]
    assert api.symbols[1].page == "api/clouds.md"
    assert api.symbols[1].file == "sky/clouds.py"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Cloud", "Cloud"),
        ("Cloud.drift", "Cloud.drift"),
        ("Cloud.drift(2)", "Cloud.drift"),
        ("sky.Cloud", "Cloud"),
        ("sky.clouds.Cloud.drift", "Cloud.drift"),
        ("Storm.drift", "Cloud.drift"),  # inherited
        ("rain_rate", "rain_rate"),
        ("cloud()", "cloud"),
        ("cloud", None),  # a parameter has that name as well
        ("drift", None),
        ("wind", None),
        ("rain", None),
        ("sky.clouds", None),
        ("Cloud wind", None),
        ("", None),
    ],
)
def test_a_name_means_one_symbol_or_none(api: Api, name: str, path: str | None) -> None:
    found = api.named(name)
    assert (found.short if found else None) == path


def test_code_is_read_by_its_imports(api: Api) -> None:
    code = (
        "from sky import Cloud as C\nimport sky.clouds as sc\nx = C(1)\nx.drift(2); sc.rain_rate(x)"
    )
    assert uses(api, code) == [
        (1, "Cloud", "Cloud"),
        (3, "C", "Cloud"),
        (4, "drift", "Cloud.drift"),
        (4, "rain_rate", "rain_rate"),
    ]
    assert uses(api, "from sky import Cloud\nx = Cloud(1)", "y = '구름', x.drift(3)") == [
        (1, "drift", "Cloud.drift")
    ]


def test_a_name_that_the_code_gives_to_something_else_means_that(api: Api) -> None:
    assert uses(api, "Cloud = 3\nCloud(1)\ndef rain_rate(): pass\nrain_rate()") == []
    assert uses(api, "from other import Cloud\nCloud(1).drift(2)") == []
    assert uses(api, "from sky import Cloud\nx = Cloud(1)", "x = 3\nx.drift(2)") == []
    assert uses(api, "lambda rain_rate: rain_rate") == []


def test_sessions_and_notebooks_are_code_too(api: Api) -> None:
    session = ">>> c = Cloud(1)\n>>> for i in (1, 2):\n...     c.drift(i)\n2\n4"
    assert uses(api, session) == [(1, "Cloud", "Cloud"), (3, "drift", "Cloud.drift")]
    assert uses(api, "%matplotlib inline\n!ls\nCloud(1)") == [(3, "Cloud", "Cloud")]
    assert uses(api, "$ studykit build --Cloud") == []


APIS: list[Api] = []  # hypothesis takes no fixture of the module


@given(st.text("Cloud.drift(x)=\n 구>:'#import", max_size=60))
def test_any_text_is_read_and_names_are_where_they_are(text: str) -> None:
    for line, words, symbol in uses(APIS[0], text):
        assert line >= 1
        assert words
        assert words in symbol


@pytest.fixture(scope="module", autouse=True)
def _known(api: Api) -> None:
    APIS[:] = [api]


def test_words_name_a_symbol_only_unmistakably(api: Api) -> None:
    names = Names(api)

    def found(text: str) -> list[tuple[str, str]]:
        return [(text[m.start : m.end], m.symbol.short) for m in names.find(text)]

    assert found("Cloud는 rain_rate를, Cloud.drift의") == [
        ("Cloud", "Cloud"),
        ("rain_rate", "rain_rate"),
        ("Cloud.drift", "Cloud.drift"),
    ]
    assert found("cloud, Clouds, XCloud, my.Cloud, rain rate, drift") == []


def test_the_names_of_terms_are_names_of_symbols(docs: Path, api: Api, tmp_path: Path) -> None:
    (tmp_path / "terms.toml").write_text(
        '[[term]]\nko = "뭉게구름"\nspoken = ["클라우드"]\napi = ["sky.Cloud", "x.Y"]\n',
        "utf-8",
    )
    names = Names(api, names_of_symbols(tmp_path))
    assert [m.symbol.short for m in names.find("클라우드에서 뭉게구름은")] == ["Cloud", "Cloud"]
    assert names.find("아클라우드") == []
    assert names_of_symbols(docs) == {}


def test_a_symbol_knows_where_it_is_discussed_and_used(wiki: Wiki) -> None:
    seen = wiki.web._seen
    assert [(q.text, q.path, q.anchor) for q in seen.discussed["sky.clouds.rain_rate"]] == [
        ("rain_rate 는 쉽다", "meetings/w01/index.md", "w01-o1")
    ]
    said = seen.discussed["sky.clouds.Cloud"]
    assert [(q.path, q.anchor) for q in said] == [("talks/clouds.md", "api-sky.clouds.Cloud")]
    used = seen.used["sky.clouds.Cloud.drift"]
    assert [(q.text, q.path) for q in used] == [("print(cloud.drift(2))", "talks/clouds.md")]


def test_nothing_is_shown_of_a_symbol_that_nobody_names(wiki: Wiki, api: Api) -> None:
    about = {s.short: about_symbol(s, wiki.web._seen, None, wiki.chrome) for s in api.symbols}
    assert about["Storm"] == ""
    assert "나눈 이야기" in about["rain_rate"]
    assert "쓰인 곳" not in about["rain_rate"]


def test_every_symbol_is_on_its_page(root: Path) -> None:
    """What mkdocstrings shows is what links lead to; the built site says so in test_site.py."""
    api = read_api(root / "docs", root)
    assert len(api.symbols) > 150
    assert api.named("DDPM.denoise").path == "studykit.diffusion.model.Diffusion.denoise"
    assert api.named("ancestral").path == "studykit.diffusion.samplers.ancestral.ancestral"


def test_reading_the_api_imports_no_package(root: Path, without_torch: dict[str, str]) -> None:
    code = (
        "from pathlib import Path; from studykit.wiki.symbols import read_api; import sys; "
        "read_api(Path('docs'), Path()); assert 'studykit.diffusion' not in sys.modules"
    )
    env = {**without_torch, "PYTHONPATH": f"{without_torch['PYTHONPATH']}:{root}"}
    subprocess.run([sys.executable, "-c", code], cwd=root, env=env, check=True)
