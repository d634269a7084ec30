"""What `studykit check` says of hand-written pages: the line, what is wrong, how to mend it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

import nbformat
import pytest

from studykit.wiki.check.pages import page_problems
from studykit.wiki.check.pages.links import links_of
from studykit.wiki.check.pages.math import formulas_of
from studykit.wiki.prose import read_markdown
from tests.wiki.conftest import Convert
from tests.wiki.support import parse

CODE = '''\
"""Clouds."""


class Cloud:
    """A cloud."""

    def color(self):
        """Its color."""


def make_rain():
    """Rain."""
'''


@pytest.fixture
def docs(tmp_path: Path, root: Path) -> Path:
    """A docs folder beside a note, the code of a cloud and the front-end packages."""
    for name, text in {
        "clouds.py": CODE,
        "meetings/week-01.txt": "질문\n1. 안개도 구름인가\n",
        "docs/api/clouds.md": "# 구름\n\n::: clouds\n",
        "docs/other.md": "# 다른 글\n\n## 왜 **흰가**\n\n## 왜 흰가\n\n## 식 {#own}\n",
        "docs/talks/fog/sky.png": "x",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "node_modules").symlink_to(root / "node_modules")
    return tmp_path / "docs"


def found(docs: Path, text: str, *, run_code: bool = False) -> list[tuple[int, str, str]]:
    """Line, code and mend of each problem of a page at docs/talks/fog/index.md."""
    (docs / "talks/fog/index.md").write_text(text, "utf-8")
    problems = page_problems(docs, run_code=run_code)
    return [(each.line, each.code, each.mend) for each in problems if "fog" in each.file]


# --- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "../../other.md",
        "../../other.md#왜-흰가",
        "../../other.md#왜-흰가_1",
        "../../other.md#%EC%99%9C-%ED%9D%B0%EA%B0%80",
        "../../other.md#own",
        "#여기",
        "sky.png",
        "../../questions/w01-q1.md",
        "../../meetings/w01/index.md#w01-q1",
        "../../archive.json",
        "../../api/clouds.md#clouds.Cloud",
        "https://other.example.org/gone#x",
        "mailto:a@example.org",
        "eq:anything",
    ],
)
def test_a_link_that_leads_somewhere(docs: Path, link: str) -> None:
    assert found(docs, f"# 안개\n\n## 여기\n\n[그곳]({link})\n") == []


@pytest.mark.parametrize(
    ("link", "mend"),
    [
        ("../other.md", "did you mean ../../other.md?"),
        ("../../other", "did you mean ../../other.md?"),
        ("../../other.html", "did you mean ../../other.md?"),
        ("../../other.md#왜-흰가요", "did you mean #왜-흰가"),
        ("../../questions/w01-q2.md", "did you mean ../../questions/w01-q1.md?"),
        ("/other/", "write the path from this file: ../../other.md"),
        ("/questions/w01-q1/", "write the path from this file: ../../questions/w01-q1.md"),
        ("../../../README.md", "put it into docs/"),
        ("sky.jpg", "did you mean sky.png?"),
        ("http://[x", "write a path, or an https:// address"),
    ],
)
def test_a_link_to_nothing(docs: Path, link: str, mend: str) -> None:
    ((line, code, said),) = found(docs, f"---\nweek: 3\n---\n# 안개\n\n- a\n- [그곳]({link})\n")
    assert (line, code) == (7, "dead-link")
    assert said.startswith(mend)


def test_what_code_and_formulas_show_is_no_link() -> None:
    text = (
        "`[a](b.md)` $[a](c.md)$\n\n```\n[a](d.md)\n```\n\n"
        "[e](f_(g).md 'h') ![](i.png)\n\n[j]: k.md\n"
    )
    assert [link.url for link in links_of(read_markdown(text))] == ["f_(g).md", "i.png", "k.md"]


def test_anchors_are_those_of_the_site(docs: Path, convert: Convert) -> None:
    """Checked against the Markdown engine as mkdocs.yml configures it."""
    headings = (
        "# A *b* `c_d` _e_\n\n## 한글, 그리고 (괄호)!\n\n## DDPM: x\n\n"
        "## [링크](x.md) 뒤\n\n## DDPM: x\n"
    )
    (docs / "other.md").write_text(headings, "utf-8")
    ids = [
        each.attributes["id"] for each in parse(convert(headings)).all() if "id" in each.attributes
    ]
    assert len(ids) == 5
    for anchor in ids:
        assert found(docs, f"[그곳](../../other.md#{anchor})\n") == []


# --- pictures -------------------------------------------------------------------------------------


def test_pictures(docs: Path) -> None:
    text = "![](sky.png)\n\n![하늘](sky.png)\n\n![ ](https://sky.example.org/a.png)\n"
    assert [(line, code) for line, code, _ in found(docs, text)] == [
        (1, "no-alt-text"),
        (5, "no-alt-text"),
    ]
    (docs / "talks/fog/sky.png").write_bytes(bytes(1_000_000))
    assert (3, "huge-image") in [(line, code) for line, code, _ in found(docs, text)]


# --- formulas -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (r"안개 $\frac{a}{b$ 는", 1),
        ("안개\n\n$$\na\n\\foo{b}\n$$\n", 5),
        ("- 목록\n- $x_{t$ 끝\n", 2),
        ("| a | b |\n|---|---|\n| $\\sqrt{$ | c |\n", 3),
        ("!!! note\n    $$\n    \\left( a\n    $$\n", 3),
    ],
)
def test_a_formula_that_katex_cannot_read(docs: Path, text: str, line: int) -> None:
    ((at, code, _),) = found(docs, text)
    assert (at, code) == (line, "bad-math")


@pytest.mark.parametrize(
    "text",
    [
        r"값은 $5, 또는 $6 이다",
        r"`$\frac{a$` 는 코드",
        "```\n$\\frac{$\n```",
        r"$x_t$, $$y$$, \(z\)와 \$3",
        "$$\n\\begin{aligned}\na &= b \\\\\n&= c\n\\end{aligned}\n$$\n",
    ],
)
def test_a_formula_that_is_none_or_well(docs: Path, text: str) -> None:
    assert found(docs, text) == []


def test_every_formula_of_the_real_wiki_is_asked_for(root: Path) -> None:
    parts = read_markdown((root / "docs/answers/ddpm.md").read_text("utf-8"))
    assert sum(each.display for each in formulas_of(parts)) > 10
    assert sum(not each.display for each in formulas_of(parts)) > 50


def test_without_node_it_is_said_that_nobody_looked(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (docs.parent / "node_modules").unlink()
    monkeypatch.setenv("PATH", os.defpath)
    assert [code for _, code, _ in found(docs, "$a$\n")] == ["math-unchecked"]


# --- code -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```python\nx = (\n```\n", (2, "code-unparsed")),
        ("a\n\n```py\nx = 1\ny = = 2\n```\n", (5, "code-unparsed")),
        ("`Cloud.colour`\n", (1, "no-such-name")),
        ("a\nb `Cloud.colour()`\n", (2, "no-such-name")),
        ("```python\nfrom clouds import make_rian\n```\n", (2, "no-such-name")),
    ],
)
def test_code_that_is_amiss(docs: Path, text: str, problem: tuple[int, str]) -> None:
    assert [(line, code) for line, code, _ in found(docs, text)] == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "```\nx = (\n```\n",
        "```bash\nx = (\n```\n",
        "```python\n>>> x = 1\n1\n```\n",
        "```python\n%matplotlib inline\n!pip list\nx = 1\n```\n",
        "`Cloud.color` `Other.colour` `numpy.arry` `cloud.colour`\n",
        "```python\nfrom clouds import Cloud\nfrom elsewhere import Clowd\n```\n",
    ],
)
def test_code_that_is_well_or_no_python(docs: Path, text: str) -> None:
    assert found(docs, text) == []


def test_code_is_run_only_when_it_is_asked_for(docs: Path, tmp_path: Path) -> None:
    sign = tmp_path / "ran"
    text = f"```python\nopen({str(sign)!r}, 'w').close()\n```\n"
    assert found(docs, text) == []
    assert not sign.exists()
    assert found(docs, text, run_code=True) == []
    assert sign.exists()


def test_code_cannot_change_the_next_steps_of_a_job(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ENV", str(tmp_path / "env"))
    text = "```python\nimport os\nassert 'GITHUB_ENV' not in os.environ\n```\n"
    assert found(docs, text, run_code=True) == []


def test_code_that_fails_is_told_at_its_line(docs: Path) -> None:
    text = "```python\nx = 1\n```\n\n말\n\n```python\ndef f():\n    return x / 0\n\nf()\n```\n"
    ((line, code, _),) = found(docs, text, run_code=True)
    assert (line, code) == (9, "code-fails")


def test_what_is_skipped_or_no_program_is_not_run(docs: Path) -> None:
    text = (
        "<!-- skip: next -->\n```python\n1 / 0\n```\n\n```python\n>>> 1 / 0\n```\n\n"
        "```text\n1/0\n```\n"
    )
    assert found(docs, text, run_code=True) == []


def test_a_process_that_ends_early_is_told(docs: Path) -> None:
    ((line, code, _),) = found(docs, "```python\nimport os\nos._exit(3)\n```\n", run_code=True)
    assert code == "code-fails"
    assert line in (1, 2)


# --- notebooks ------------------------------------------------------------------------------------


def test_a_notebook_is_looked_through_cell_by_cell(docs: Path) -> None:
    cells = [
        nbformat.v4.new_markdown_cell("# 안개\n\n[그곳](nowhere.md)"),
        nbformat.v4.new_code_cell("x = ("),
        nbformat.v4.new_markdown_cell("$\\frac{a$ `Cloud.colour`"),
    ]
    notebook = docs / "talks/fog/fog.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)
    lines = notebook.read_text("utf-8").split("\n")
    problems = {each.code: lines[each.line - 1] for each in page_problems(docs)}
    assert set(problems) == {"dead-link", "code-unparsed", "bad-math", "no-such-name"}
    assert "nowhere.md" in problems["dead-link"]
    assert re.search("frac", problems["bad-math"])
    assert "x = (" in problems["code-unparsed"]


def book(*cells: tuple[str, int | None, str], **metadata: object) -> str:
    """A notebook of code: each cell's source, its number and what it printed."""
    made = [
        nbformat.v4.new_code_cell(
            source,
            execution_count=number,
            outputs=[nbformat.v4.new_output("stream", text=said)] if said else [],
        )
        for source, number, said in cells
    ]
    return str(nbformat.writes(nbformat.v4.new_notebook(cells=made, metadata=metadata)))


HASH = hashlib.sha256(b"x = 1\0print(x)").hexdigest()


@pytest.mark.parametrize(
    ("cells", "metadata", "text", "message"),
    [
        ([("x = 1", 1, ""), ("print(x)", 2, "1")], {}, None, ""),
        ([("x = 1", 3, ""), ("print(x)", 7, "1")], {}, None, ""),
        ([("x = 1", None, ""), ("print(x)", None, "")], {}, None, ""),
        ([("x = 1", 1, ""), ("", None, ""), ("print(x)", 2, "1")], {}, None, ""),
        ([("x = 1", 2, ""), ("print(x)", 1, "1")], {}, None, "cell 2: it was run as number 1"),
        ([("x = 1", None, ""), ("print(x)", 1, "1")], {}, None, "cell 1: it was not run"),
        ([("print(x)", None, "1")], {}, None, "cell 1: it was not run"),
        ([("x = 1", 1, ""), ("print(x)", 2, "1")], {"outputs_of": HASH}, None, ""),
        ([("x = 2", 1, ""), ("print(x)", 2, "1")], {"outputs_of": HASH}, None, "another version"),
        ([("x = 1", 1, "")], {}, "# %%\nx = 1\n", ""),
        ([("x = 1", 1, "")], {}, "# %%\nx = 2\n", "not what fog.py has there"),
        ([("x = 1", 1, "")], {}, "# %%\nx = 1\n\n# %%\ny = 2\n", "not what fog.py has there"),
        ([("x = 1", 1, "")], {}, "x = 2\n", ""),
    ],
)
def test_a_stale_notebook(
    docs: Path,
    cells: list[tuple[str, int | None, str]],
    metadata: dict[str, str],
    text: str | None,
    message: str,
) -> None:
    (docs / "talks/fog/fog.ipynb").write_text(book(*cells, studykit=metadata), "utf-8")
    if text is not None:
        (docs / "talks/fog/fog.py").write_text(text, "utf-8")
    found = [each.message for each in page_problems(docs) if each.code == "stale-notebook"]
    assert len(found) == bool(message)
    assert all(message in each for each in found)


# --- letters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a](https://p\u0430ypal.example/)", "type it anew: paypal"),
        ("[a](https://\u0440\u0430\u0441\u0435.example/)", "type it anew: pace"),
        ("[G\u043e](other.md)", "type it anew: Go"),
        ("`\u0410dam`", "type it anew: Adam"),
        ("```\nx\nc\u043eunt\n```", "type it anew: count"),
        ("[кот](https://кот.example/)", ""),
        ("`α_bar` `σx` `βt`", ""),
        ("`안개x` [안개fog](https://a.example/안개)", ""),
        ("p\u0430ypal", ""),
    ],
)
def test_letters_that_only_look_latin(docs: Path, text: str, said: str) -> None:
    (docs / "talks/fog/index.md").write_text(text, "utf-8")
    mends = [each.mend for each in page_problems(docs) if each.code == "mixed-script"]
    assert mends == ([said] if said else [])


def test_a_broken_notebook_is_no_traceback(docs: Path) -> None:
    (docs / "talks/fog/fog.ipynb").write_text(json.dumps({"cells": [{}]}), "utf-8")
    assert list(page_problems(docs)) == []
