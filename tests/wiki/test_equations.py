"""Equations: one entry each, with formula, code, test and discussion; see cited.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import ConfigError
from studykit.wiki.check import check_paths
from studykit.wiki.equations import Citations, Entry, Paper, Papers, load_papers
from studykit.wiki.generate import Wiki, read_wiki
from tests.wiki.cited import TALK, write_cited
from tests.wiki.support import GoldenFiles, parse

KARG = Paper(
    "karg-2031", "Karg et al. (2031)", ("Karg", "Nalae", "Daon", "Laon"), "2031", "…",
    also=("CLOUD", "구름 논문"), equations=20,
)  # fmt: skip
BADA = Paper("bada-2029", "Bada et al. (2029)", ("Bada", "Sal", "Aru", "Dam"), "2029", "…")
OTHER = Paper("bada-mul-2029", "Bada, Mul (2029)", ("Bada", "Mul"), "2029", "…")
FINDER = Citations(Papers([KARG, BADA, OTHER]))


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cited(tmp_path_factory.mktemp("cited"))


@pytest.fixture(scope="module")
def wiki(docs: Path) -> Wiki:
    return read(docs)


def read(docs: Path, language: str = "ko") -> Wiki:
    return read_wiki(docs.parent / "meetings", docs, name="구름", language=language)


def entry(wiki: Wiki, name: str) -> Entry:
    return wiki.web.book.entries[name]


def ids(text: str, paper: Paper | None = None) -> list[str]:
    return [cited.id for cited in FINDER.find(text, paper)]


# --- citations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Karg et al. (2031), Eq. 12",
        "Karg et al. (2031), Equation (12) is long",
        "(Karg et al. 2031, Eq. 12)",
        "Karg 등(2031), 식 12를 보자",
        "또한, Karg et al. (2031)의 식 (12)는 길다",
        "Eq. 12 of Karg et al. (2031)",
        "Karg, Nalae, Daon, Laon (2031), Eq. 12",
        "Karg and Nalae (2031), Eq. 12.",
        "구름 논문의 식 12에서",
        "CLOUD는 모르고 CLOUD 논문 식 12는 안다",
        "Karg et al.\n    (2031), Eq. 12",
    ],
)
def test_an_equation_is_named_in_many_ways(text: str) -> None:
    assert ids(text) == ["karg-2031-12"]
    cited = FINDER.find(text)[0]
    assert "12" in text[cited.start : cited.end]


@pytest.mark.parametrize(
    "text",
    [
        "식 12가 어렵다",
        "수식 3개를 봤다",
        "방식 3",
        "Karg et al. (2031) is long. Our Eq. 3 is not",
        "In 2031, Eq. 3",
        "Karg et al. (2031), section 3",
        "CLOUDS 식 3",
        "Karg et al. (2030), Fig. 3",
    ],
)
def test_what_names_no_paper_or_no_number_is_no_citation(text: str) -> None:
    assert ids(text) == []


def test_a_page_about_one_paper_needs_the_number_alone() -> None:
    assert ids("식 3과 알고리즘 2, CLOUD 식 4", BADA) == [
        "bada-2029-3",
        "bada-2029-algorithm-2",
        "karg-2031-4",
    ]


def test_of_two_papers_each_is_cited_in_its_own_way() -> None:
    assert ids("Bada et al. (2029), Eq. 1; Bada, Mul (2029), Eq. 2") == [
        "bada-2029-1",
        "bada-mul-2029-2",
    ]
    (unclear,) = FINDER.find("Bada (2029), Eq. 3")
    assert (unclear.paper, unclear.who) == (None, "Bada (2029)")


def test_a_number_beyond_the_last_one_is_not_known() -> None:
    assert [cited.known for cited in FINDER.find("CLOUD 식 20, 21, CLOUD 식 0")] == [
        True,
        False,
        False,
    ]
    assert FINDER.find("Bada et al. (2029), Eq. 9999")[0].known  # nobody counted


NUMBERS = st.lists(st.integers(1, 99), min_size=1, max_size=6)


@given(NUMBERS, st.sampled_from([", ", " and ", ", and "]), st.text("가, .(", max_size=5))
def test_every_number_of_a_list_is_found(numbers: list[int], join: str, after: str) -> None:
    text = f"Karg et al. (2031), Eqs. {join.join(map(str, numbers))}{after}"
    assert ids(text) == [f"karg-2031-{number}" for number in numbers]


@given(st.text("KargEq식알고리즘 et al.(2031),12-\n", max_size=60))
def test_any_text_has_citations_in_order_and_within_it(text: str) -> None:
    found = FINDER.find(text, KARG)
    assert all(0 <= cited.start <= cited.end <= len(text) for cited in found)
    assert [cited.start for cited in found] == sorted(cited.start for cited in found)


def test_a_range_is_spelt_out_but_not_without_end() -> None:
    assert ids("Karg et al. (2031), Eqs. 2 to 5") == [f"karg-2031-{n}" for n in (2, 3, 4, 5)]
    assert ids("CLOUD 식 7-9") == [f"karg-2031-{n}" for n in (7, 8, 9)]
    assert len(ids("CLOUD 식 1-9999")) == 2


# --- entries --------------------------------------------------------------------------------------


def test_each_number_of_each_paper_is_one_entry(wiki: Wiki) -> None:
    assert list(wiki.web.book.entries) == [
        "malu-bada-2029-4",
        *(f"karg-2031-{number}" for number in (2, 3, 7, 9, 11, 12, 13)),
        "karg-2031-algorithm-1",
    ]


def test_an_entry_has_its_code_and_test(wiki: Wiki) -> None:
    third = entry(wiki, "karg-2031-3")
    assert [symbol.path for symbol in third.code] == ["sky.clouds.Cloud.drift"]
    assert [test.name for test in third.checks] == ["test_the_drift_is_linear"]
    # Nothing says that it checks Eq. 4: what calls the code stands in.
    fourth = entry(wiki, "malu-bada-2029-4")
    assert fourth.checks == ()
    assert {test.name for test in fourth.calls} == {"test_the_drift_is_linear", "test_rain"}


def test_a_formula_is_the_write_ups_where_there_is_one(wiki: Wiki) -> None:
    def formulas(name: str) -> list[tuple[str, str | None]]:
        return [(each.tex, each.path) for each in entry(wiki, name).formulas]

    assert formulas("karg-2031-3") == [("d = a \\cdot t", "talks/clouds.md")]
    assert formulas("karg-2031-9") == [("r = d^2", "talks/clouds.md")]
    assert formulas("karg-2031-7") == [("x_t = x_0 + d", None)]
    assert formulas("karg-2031-2") == []


def test_it_is_discussed_where_it_or_its_function_is_named(wiki: Wiki) -> None:
    quotes = entry(wiki, "karg-2031-3").quotes
    assert [(quote.text, quote.path, quote.who) for quote in quotes] == [
        ("구름 논문 식 3이 어렵다", "meetings/w01/index.md", ("다온",)),
        ("Cloud.drift 는 왜 곧은가", "meetings/w01/index.md", ()),
        ("구름은 곧게 흐릅니다(식 3).", "talks/clouds.md", ()),
    ]
    (said, written) = entry(wiki, "karg-2031-9").quotes
    assert said.anchor == "w01-o2"
    assert written.text == "다음은 비의 식입니다."  # a caption alone says nothing
    # A class may compute several equations: to name it is not to discuss this one.
    assert not entry(wiki, "karg-2031-2").quotes


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages(docs: Path, golden: GoldenFiles, language: str) -> None:
    pages = {page.path: page.markdown for page in read(docs, language).web.pages()}
    golden.check_all(f"equations/{language}", pages)


def test_a_page_is_what_it_says(wiki: Wiki, convert) -> None:
    page = next(page for page in wiki.web.pages() if page.path == "equations/karg-2031.md")
    html = parse(convert(page.body))
    assert [heading.attributes["id"] for heading in html.with_tag("h2")] == [
        *(f"eq-{number}" for number in (2, 3, 7, 9, 11, 12, 13)),
        "algorithm-1",
    ]
    assert "return self.wind * time" in html.text()
    assert "Source:" not in html.text()  # the docstring stands in the API
    formulas = [each.text() for each in html.with_class("arithmatex")]
    assert "\\[d = a \\cdot t\\]" in formulas
    # What somebody typed is no markup and no formula.
    assert not [each for each in html.with_tag("b") if each.text() == "왜"]
    assert "왜</b> $제곱$인가" in html.text()


def test_a_page_stays_small_however_much_is_said(tmp_path: Path) -> None:
    docs = write_cited(tmp_path)
    for week in range(2, 90):
        words = f"다온님 - CLOUD 식 3은 {week}주에도 어렵다\n"
        (tmp_path / f"meetings/week-{week:02}.txt").write_text(words, "utf-8")
    pages = {page.path: page.body for page in read(docs).web.pages()}
    assert pages["equations/karg-2031.md"].count("주에도 어렵다") == 3
    rest = [body for path, body in pages.items() if path.startswith("equations/karg-2031/eq-3/")]
    assert len(rest) == 2
    assert sum(body.count("주에도 어렵다") for body in rest) == 88
    assert "89주에도 어렵다" in pages["equations/karg-2031.md"]  # the newest first


def test_the_same_project_gives_the_same_pages(docs: Path, wiki: Wiki) -> None:
    assert list(read(docs).web.pages()) == list(wiki.web.pages())


def test_papers_equations_are_found_in_the_project_itself(root: Path) -> None:
    book = read(root / "docs").web.book
    ho = {e.number for e in book.entries.values() if e.paper.id == "ho-2020" and e.kind == "eq"}
    # Section 2 and 3 of the paper, Eqs. 1 to 15, are all there.
    assert ho == set(map(str, range(1, 16)))
    assert all(e.code for e in book.entries.values() if e.paper.id in ("ho-2020", "song-2021"))
    assert {e.id for e in book.entries.values() if e.paper.id == "song-2021"} >= {
        f"song-2021-{number}" for number in range(1, 15)
    }
    written = {f.path for f in book.entries["ho-2020-14"].formulas}
    assert "notebooks/ddpm-digits.ipynb" in written
    assert book.entries["ho-2020-12"].checks


# --- references -----------------------------------------------------------------------------------


def test_references_lead_to_entries_and_to_own_formulas(wiki: Wiki, convert) -> None:
    html = wiki.web.linked(convert(TALK), "talks/clouds.md")
    assert '<a href="../../equations/karg-2031/#eq-3">곧은 흐름</a>' in html
    words = "Karg et al. (2031), 알고리즘 1"
    assert f'<a href="../../equations/karg-2031/#algorithm-1">{words}</a>' in html
    assert '<a href="#eq-my-rain">구름이 흐르는 식, 식 (1)</a>' in html
    assert '<span class="sk-own" id="eq-my-rain">(1)</span>' in html
    assert "eq:" not in html


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[](eq:karg-2031-33)", "there is no equation eq:karg-2031-33"),
        ("[말](eq:my-rian)", "did you mean eq:my-rain?"),
        ("$$a$$\n\n{#eq-my-rain}", "another formula is named {#eq-my-rain} too"),
    ],
)
def test_a_bad_reference_stops_the_build_and_says_where(
    tmp_path: Path, line: str, says: str
) -> None:
    docs = write_cited(tmp_path)
    (docs / "talks/zwei.md").write_text(f"# 둘\n\n{line}\n", "utf-8")
    with pytest.raises(ConfigError, match=re.escape(says)) as error:
        read(docs)
    assert error.value.file in ("docs/talks/zwei.md", "docs/talks/clouds.md")
    assert error.value.line


# --- papers.toml and check ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Karg = 1", "papers.toml:1: 'Karg' is no table"),
        ('[karg-2031]\ncite = "Karg"', "papers.toml:2: 'Karg' does not cite authors and a year"),
        ('[k]\ncite = "Karg (2031)"\nauthors = []', "no authors"),
        ('[k]\ncite = "Karg (2031)"\nauthors = ["K"]', "'title' must be a text"),
        (
            '[k]\ncite = "Karg (2031)"\nauthors = ["K"]\ntitle = "C"\nurl = "javascript:a"',
            "papers.toml:5: 'javascript:a' is no web address",
        ),
        (
            '[k]\ncite = "K (2031)"\nauthors = ["K"]\ntitle = "C"\nequations = "9"',
            "papers.toml:5: 'equations' must be the highest number",
        ),
        ('[k]\nciet = "K (2031)"', "did you mean 'cite'?"),
    ],
)
def test_a_mistake_in_papers_toml_has_its_line(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "papers.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as error:
        load_papers(tmp_path)
    assert says in str(error.value)


def test_check_finds_what_does_not_fit(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = write_cited(tmp_path)
    (tmp_path / "node_modules").symlink_to(root / "node_modules")
    monkeypatch.chdir(tmp_path)
    (docs / "talks/zwei.md").write_text("# 둘\n\n앞줄\n보자, CLOUD 식 21과 Nobody (1999), Eq. 4.\n")
    code = tmp_path / "sky/clouds.py"
    code.write_text(code.read_text("utf-8").replace("Eqs. 3, 7", "Eqs. 3, 77"), "utf-8")
    test = tmp_path / "tests/test_clouds.py"
    test.write_text(test.read_text("utf-8").replace("(2031), Eq. 3", "(2031), Eq. 30"), "utf-8")
    found = {
        (each.code, each.file, each.line, each.column)
        for each in check_paths([Path("meetings")]).findings
    }
    assert found == {
        ("unknown-equation", "docs/talks/zwei.md", 4, 5),
        ("unknown-paper", "docs/talks/zwei.md", 4, 17),
        ("unknown-equation", "sky/clouds.py", 27, 1),
        ("unknown-equation", "tests/test_clouds.py", 9, 1),
        ("equation-without-code", "docs/talks/clouds.md", 14, 2),
        ("equation-without-writeup", "sky/clouds.py", 16, 1),
    }


def test_what_papers_toml_says_wrongly_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = write_cited(tmp_path)
    monkeypatch.chdir(tmp_path)
    (docs / "papers.toml").write_text("x = [", "utf-8")
    (found,) = check_paths([Path("meetings")]).findings
    assert (found.code, found.file, found.line) == ("unbuildable", "docs/papers.toml", 1)
