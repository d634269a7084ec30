"""Notes that Hypothesis makes up: what people type, and what would be markup elsewhere."""

from __future__ import annotations

from hypothesis import strategies as st

__all__ = ["note_bytes", "note_texts"]

NAMES = ["가람", "나래", "다온", "라온", "마루", "Robin"]

# What notes are made of.
WORDS = [
    *(f"{name}님" for name in NAMES),
    "가람님, 나래님",
    "가람님 발표",
    "안개 발표 - 나래님, 다온님",
    "발표 - 라온님 희망",
    "다다음주에 안개 및 서리 발표",
    "멘토님",
    "- ",
    "-",
    " : ",
    ":",
    "->",
    "* ",
    "•",
    "1.",
    "1. ",
    "2) ",
    "99999. ",
    "질문 :",
    "금일 질문 사항 :",
    "링크 :",
    "참고 자료",
    "과제",
    "결정 사항:",
    "다음 주 까지 :",
    "참석자 : 가람님, 나래님",
    "2031-03-04",
    "2031.13.99",
    "[x] ",
    "[ ] ",
    "~~구름~~",
    "- 가람님: 구름\n",
    "<가람님>\n",
    "## 가람님\n",
    "| 가람님 | 구름 |\n",
    "| 구름 |\n",
    "|---|---|\n",
    "\n| 주제 | 발표자 |\n",
    "\n| 담당 | 할 일 |\n",
    "\n| 안건 | 결정 사항 |\n",
    "<br>",
    "<details>\n<summary>",
    "</details>\n",
    "> ",
    "## 회고\n",
    "### 좋았던 점\n",
    "- robin to sky\n",
    "- sky to robin\n",
    "Robin Field: ",
    "Robin: ",
    "3조 - ",
    "## Presentations\n",
    "가람님 + 나래님 = ",
    "가람님 질문 : ",
    "Q. ",
    "A. ",
    "답 : ",
    "결정: ",
    "할 일(가람님, ~3/14): ",
    "발표(가람님): ",
    "까지",
    "하기로 함",
    "[제목](https://example.org/a)",
    "3주차\n",
    "## 2031-03-11\n",
    "Week 4\n",
    "------\n",
    "<<<<<<< HEAD\n",
    "- [w07-q1] ",
    "ACTION: ",
    "<robin> ",
    "구름은 왜 흰가",
    "https://example.org/a_(b)?c=1&d=2",
    "http://[::1",
    "HTTPS://EXAMPLE.org:99999/%zz",
    "제목 : https://arxiv.org/pdf/1234.56789v2.pdf",
    "https://youtu.be/x).",
    "https://x",
    "javascript:alert(1)",
    "//example.org",
    " ",
    "\t",
    "    ",
    "\u3000",
    "\xa0",
]

# What is markup somewhere: in Markdown and its extensions, HTML, templates, YAML.
MARKUP = [
    "```",
    "```python",
    "~~~",
    "<script>",
    "</script>",
    "</div>",
    "<div markdown='1'>",
    "<!--",
    "-->",
    "<?php",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#x6a;",
    "&",
    "<img src=x onerror=alert(1)>",
    "{{ config }}",
    "{% raw %}",
    "{# x #}",
    '--8<-- "mkdocs.yml"',
    "[TOC]",
    "::: os.system",
    "{: onclick=alert(1) }",
    "{ #id .class onclick=alert(1) }",
    "$x_1$",
    "$$",
    "\\(x\\)",
    "\\[",
    "**a**",
    "__b__",
    "`c`",
    "`#!python x`",
    "[a](javascript:alert(1))",
    "![a](b)",
    "[a]: javascript:alert(1)",
    "[a][os.path]",
    "[^1]",
    "[^1]: note",
    "*[HTML]: x",
    "a | b\n--|--\n1 | 2",
    "!!! note",
    "??? x",
    '=== "tab"',
    "# a",
    "a\n===",
    "---",
    "...",
    "\\",
    "wzxhzdk:0",
    "klzzwxh:0000",
    "\x02wzxhzdk:0\x03",
    "\x02klzzwxh:0000\x03",
    "<http://example.org>",
    "a@example.org",
    "%(x)s {0} {x}",
]

AWKWARD = [
    *"\x00\x01\x02\x03\x07\x08\x0b\x0c\x1b\x1c\x1d\x1e\x1f\x7f\x80\x85\x9f",
    *"\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ufffe\uffff",
    "e\u0301",
    "\u1112\u1161\u11ab",  # 한, decomposed
    "\U0001f469\u200d\U0001f4bb",
]

LABELS = [
    *("질문 :", "금일 질문 사항 :", "링크 :", "과제", "결정 사항:", "다음 주 까지 :", "1. 결정"),
    *("=== 할 일 ===", "3-1. 할 일", "Ⅱ. 질문", "할 일 :\n\n가람님", "## 할 일\n### 나래님"),
]
ENDS = ["\n", "\n", "\n\n", "\r\n", "\r"]
TURNS = [
    "- 가람님\n",
    "## 나래님\n",
    "가람님 - ",
    "나래님\t- ",
    "다온님, 라온님 : ",
    "- 가람님\n  - 어제 한 일: 비\n  - 오늘 할 일: ",
    "나래님 :\n    Will do: ",
    "- @robin\n  - 비\n- @robin ",
    "1. 가람님\n",
    "가람님 발표\n\n",
    "안개 발표 - 라온님",
]
INDENTS = ["", "", "\t", "         ", "\u3000"]
MARKS = ["- ", "- ", "1. ", "2. ", "-> ", ""]

_parts = st.sampled_from([*WORDS, *WORDS, *MARKUP, *AWKWARD])
_said = st.one_of(st.lists(_parts, max_size=4).map("".join), st.text(max_size=8))
_items = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(INDENTS),
    st.sampled_from(MARKS),
    _said,
    st.sampled_from(ENDS),
)
_pieces = st.one_of(
    _items,
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(LABELS),
        st.sampled_from(ENDS),
        _items,
        st.sampled_from(["- a\n", "1. b\r\n", "\t", ""]),
    ),
    st.builds("{}{}{}".format, st.sampled_from(TURNS), _items, _items),
)
_built = st.builds(
    "{}{}".format, st.lists(_pieces, max_size=8).map("".join), st.one_of(st.just(""), _said)
)

note_texts = st.one_of(_built, _built, _built, st.text())
"""Texts with and without sense."""

note_bytes = st.one_of(
    note_texts.map(str.encode),
    note_texts.map(str.encode),
    note_texts.map(lambda text: b"\xef\xbb\xbf" + text.encode()),
    note_texts.map(lambda text: text.encode("cp949", "replace")),
    note_texts.map(lambda text: text.encode("utf-16")),
    st.builds(lambda *parts: b"".join(parts), _pieces.map(str.encode), st.binary(max_size=40)),
)
"""Files with and without sense, in UTF-8 and not."""
