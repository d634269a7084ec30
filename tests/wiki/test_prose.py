"""Hand-written pages in parts, and formulas that get the blank lines that they need."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.wiki.prose import (
    plain,
    read_markdown,
    read_notebook,
    sentences,
    spaced,
    worded,
)

PAGE = """\
---
title: 구름
---
# 구름 {#a}

첫 문단
둘째 줄
$$
a
$$ (식 3)
- 하나
- 둘

    ```python
    x = 1
      y = 2
    ```

~~~
$$ no $$
~~~
<!-- 식 4
$$b$$ -->
\\begin{align}
c
\\end{align}
| 표 | 표 |
| --- | --- |
"""


def test_the_parts_of_a_page() -> None:
    assert [(p.kind, p.text, p.line, p.end, p.language) for p in read_markdown(PAGE)] == [
        ("heading", "구름", 4, 4, ""),
        ("text", "첫 문단\n둘째 줄", 6, 7, ""),
        ("formula", "a", 8, 10, "$$"),
        ("text", "(식 3)", 10, 10, ""),
        ("text", "- 하나", 11, 11, ""),
        ("text", "- 둘", 12, 12, ""),
        ("code", "x = 1\n  y = 2", 14, 17, "python"),
        ("code", "$$ no $$", 19, 21, ""),
        ("formula", "\\begin{align}\nc\n\\end{align}", 24, 26, "\\begin{align}"),
        ("table", "| 표 | 표 |\n| --- | --- |", 27, 28, ""),
    ]


def test_the_lines_of_a_notebook_are_those_of_its_file() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# 구름\n", "\n", "$$a$$\n", '"식" \\ 2\n']},
        {"cell_type": "raw", "source": ["식 3"]},
        {"cell_type": "code", "source": ["x = 1\n", "y"], "outputs": []},
    ]
    text = json.dumps({"cells": cells}, ensure_ascii=False, indent=1)
    lines = text.split("\n")
    parts = read_notebook(text)
    assert [part.kind for part in parts] == ["heading", "formula", "text", "code"]
    for part, words in zip(parts, ("# 구름", "$$a$$", '\\"식\\"', "x = 1"), strict=True):
        assert words in lines[part.line - 1]
    assert read_notebook("{}") == read_notebook("no JSON") == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("**안개**와 *구름*", "안개와 구름"),
        ('[글](a.md "b") ![그림](a.png)끝', "글 끝"),
        ("`a_*b*` $x_*$ a_b a*b", "a_*b* $x_*$ a_b a*b"),
        ("1. [x] 하나\n   둘 {: .c}", "하나\n둘 "),
        ("> 말 <b>굵게</b>", "말 굵게"),
    ],
)
def test_plain_text(typed: str, read: str) -> None:
    assert plain(typed) == read


@given(st.text("a`*_$[]()!<>{}#\n 식2", max_size=40))
def test_words_stand_where_they_stand_in_the_plain_text(text: str) -> None:
    words, shown = worded(text), plain(text)
    assert len(words) == len(shown)
    assert all(a in (b, "\ufffc") for a, b in zip(words, shown, strict=True))


def test_sentences_end_where_they_end() -> None:
    text = "Ho et al. (2020), Eq. 3. 그렇다!\n왜? cf. 3.5"
    assert [sentence for _, sentence in sentences(text)] == [
        "Ho et al. (2020), Eq. 3.",
        "그렇다!",
        "왜?",
        "cf. 3.5",
    ]
    assert all(text[at:].startswith(sentence[:2]) for at, sentence in sentences(text))


PIECES = st.lists(
    st.sampled_from(["$$a$$", "$$\na\n$$ (식 3)", "글", "", "```\n$$b$$\n```", "- 항목", "> 인용"]),
    max_size=8,
)


@given(PIECES)
def test_formulas_get_blank_lines_and_nothing_else_changes(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    done = spaced(text)
    assert "".join(done.split()) == "".join(text.split())
    assert spaced(done) == done
    before, after = read_markdown(text), read_markdown(done)
    assert [(p.kind, p.text) for p in before] == [(p.kind, p.text) for p in after]


def test_a_formula_among_words_is_shown(convert) -> None:
    page = "글\n$$a^2$$\n(식 3)\n"
    assert '<div class="arithmatex">' not in convert(page)
    assert '<div class="arithmatex">\\[a^2\\]</div>' in convert(spaced(page))
