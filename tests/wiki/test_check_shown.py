"""What is amiss in a page is shown in it, at its place, while somebody writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studykit.wiki.check import CODES
from studykit.wiki.check.shown import Shown
from studykit.wiki.chrome import load_chrome
from studykit.wiki.sanitise import clean
from tests.wiki.conftest import Convert

PAGE = """# 안개

안개는 **낮은** [구름](gone.md)이다.

- 하나 $x_t$
- 둘은 [비](rain.md)다

| 글 | 곳 |
| --- | --- |
| 하나 | [눈](snow.md) |

$$
a = \\left( b
$$

```python
x = (
```

![](sky.png)
"""


@pytest.fixture
def docs(root: Path, tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/sky.png").write_bytes(b"x")
    (tmp_path / "docs/well.md").write_text("# 구름\n\n[안개](fog.md)\n", "utf-8")
    (tmp_path / "docs/fog.md").write_text(PAGE, "utf-8")
    (tmp_path / "node_modules").symlink_to(root / "node_modules")
    return tmp_path / "docs"


@pytest.mark.parametrize(
    ("language", "count"), [("ko", "studykit check가 찾은 것 6건"), ("en", "studykit check: 6")]
)
def test_each_problem_stands_behind_what_it_is_about(
    docs: Path, convert: Convert, language: str, count: str
) -> None:
    html = Shown(docs, {}, load_chrome(language)).on("fog.md", convert(PAGE))
    assert count in html
    assert clean(html, ours=True).count('class="sk-problem"') == 6
    for number, (before, behind) in enumerate(
        [
            ("구름</a>이다.</p>", "there is no such page"),
            ("비</a>다", "there is no such page"),
            ("</table>", "there is no such page"),
            ("\\]</div>", "KaTeX cannot read"),
            ("</pre>", "this is no Python"),
            ('src="sky.png"/></p>', "no words for who cannot see it"),
        ],
        1,
    ):
        at = html.index(f'id="sk-problem-{number}"')
        assert html[:at].rpartition("<p")[0].rstrip().endswith(before)
        mark = html[at : html.index("</p>", at)]
        assert behind in mark
        (code,) = re.findall(r'<a href="\.\./checks/#([a-z-]+)"', mark)
        said = CODES[code].explained[language]
        assert said.title in mark
        # A Korean page says in Korean how such a thing is mended; an English one in its own words.
        assert (said.mend.partition("`")[0] in mark) == (language == "ko")
        assert f'href="#sk-problem-{number}"' in html


def test_a_healthy_page_is_as_it_was(docs: Path) -> None:
    assert Shown(docs, {}, load_chrome("ko")).on("well.md", "<p>a</p>") == "<p>a</p>"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_a_page_says_is_no_markup_in_a_message(
    docs: Path, convert: Convert, language: str
) -> None:
    text = "[a](gone.md#<b>x</b>) $\\foo{<b>x</b>}$\n"
    (docs / "fog.md").write_text(text, "utf-8")
    html = Shown(docs, {}, load_chrome(language)).on("fog.md", convert(text))
    box, _, below = html.partition("</aside>")
    mark = below[below.index('id="sk-problem-1"') :].partition("</p>")[0]
    assert "<b>x</b>" not in box + mark
    assert "&lt;b&gt;" in (box if language == "en" else mark)


def test_pages_that_are_generated_are_known(docs: Path) -> None:
    (docs / "well.md").write_text("# 구름\n\n[질문](questions/w01-q1.md)\n", "utf-8")
    shown = Shown(docs, {"questions/w01-q1.md": "# 질문\n"}, load_chrome("ko"))
    assert shown.on("well.md", "<p>질문</p>") == "<p>질문</p>"
