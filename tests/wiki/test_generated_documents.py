"""Any document goes through the whole page pipeline: no traceback, and none that takes too long.

Documents are put together from what Markdown and our extensions give a meaning to, and from the
hostile corpus. Each goes the way of a hand-written page: what is refused or too deep, Markdown with
the configured extensions, the allow-list, the links of terms, the allow-list again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import markdown
import pytest
from mkdocs.config import load_config

from studykit.errors import ConfigError
from studykit.wiki.chrome import load_chrome
from studykit.wiki.front_matter import read_front_matter, without_front_matter
from studykit.wiki.guard import check_text, limited, too_deep
from studykit.wiki.handwritten import first_paragraph
from studykit.wiki.prose import spaced
from studykit.wiki.sanitise import TooDeepError, check_depth, clean
from studykit.wiki.terms import link_terms, load_terms
from studykit.wiki.twins import twin
from tests.hostile.corpus import load

SECONDS = 2
"""Of a processor's time, for one document."""

WORDS = (
    "안개",
    "구름은",
    "디디피엠",
    "DDPM",
    "x_t",
    "w01-q2",
    "Ho",
    "et",
    "al.",
    "Eq.",
    "14",
    "é",
    "𝒩",
)
MARKS = (
    *("*", "**", "***", "_", "__", "~~", "`", "``", "```", "~~~", "$", "$$", "\\(", "\\)", "\\["),
    *(
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "<",
        ">",
        "&",
        "&amp;",
        "&#x3c;",
        "\\",
        "|",
        "^",
        "=",
        "==",
        "+",
    ),
    *(
        "![",
        "](",
        "][",
        "]:",
        "[^1]",
        "[^1]: ",
        "*[x]: ",
        "[TOC]",
        ": ",
        ":   ",
        "!!! note",
        "??? x",
    ),
    *(
        '=== "a"',
        "- [ ] ",
        "- ",
        "* ",
        "1. ",
        "# ",
        "## ",
        "> ",
        "---",
        "***",
        "| a | b |",
        "|---|",
    ),
    *("{ #a .b }", "{: c=d }", '{.python hl_lines="1"}', "```python\n", "``` {.a", "#!python "),
    *(
        "<div markdown>",
        "</div>",
        "<!--",
        "-->",
        "<b>",
        "</b>",
        "<a href=",
        "<?x",
        "<![CDATA[",
        "]]>",
    ),
    *(
        "https://example.org/",
        "<https://example.org>",
        "javascript:",
        "data:",
        "../x.md",
        "#a",
        "mailto:",
    ),
    *(
        "\n",
        "\n\n",
        "\n    ",
        "\n\t",
        "\n  ",
        "  \n",
        "\r\n",
        " ",
        "\t",
        "\u00a0",
        "\u200b",
        "\x00",
        "\x02",
    ),
    *(
        "\x03",
        "\u2028",
        "\ufdd0",
        "\ufdd1",
        "stx",
        "wzxhzdk:0",
        "klzzwxh:0003",
        "\x02wzxhzdk:0\x03",
    ),
)
FRONT = ("---\n", "answers: [w01-q2]\n", "title: ", "week: 3\n", "talk: w01-talk1\n", "answers: [")


@pytest.fixture(scope="module")
def documents() -> Callable[[int], str]:
    """The document of a number."""
    hostile = [text.replace("\\n", "\n") for texts in load("pages").values() for text in texts]

    def document(number: int) -> str:
        chance = random.Random(number)
        parts: list[str] = []
        if chance.random() < 0.1:
            parts += ["---\n", *chance.choices(FRONT, k=chance.randint(0, 4)), "---\n"]
        kinds = (WORDS, MARKS, hostile)
        for _ in range(int(chance.expovariate(1 / 12)) + 1):
            (kind,) = chance.choices(kinds, weights=(4, 6, 1))
            part = chance.choice(kind)
            # What nests hangs what counts on nothing nesting.
            repeated = chance.randint(2, 300) if chance.random() < 0.02 else 1
            parts.append(part * repeated + " " * (chance.random() < 0.3))
        return "".join(parts)

    return document


@pytest.fixture(scope="module")
def pipeline(root: Path) -> Callable[[str], str]:
    """From a page's text to its HTML; empty for a page that is refused or left out."""
    config = load_config(str(root / "mkdocs.yml"))
    config.plugins.on_startup(command="build", dirty=False)
    config = config.plugins.on_config(config)
    terms, chrome = load_terms(root / "docs"), load_chrome("ko")
    engine = markdown.Markdown(
        extensions=config.markdown_extensions, extension_configs=config.mdx_configs
    )

    def html(text: str) -> str:
        try:
            check_text(text, "docs/any.md")
            front = read_front_matter(text, "docs/any.md")
        except ConfigError:
            return ""
        body = without_front_matter(text)
        if too_deep(body):
            return ""
        try:
            made = engine.reset().convert(spaced(body))
            check_depth(made)
        except (TooDeepError, RecursionError):
            return ""
        if front.answers:
            first_paragraph(body)
        made = clean(made)
        made = clean(link_terms(made, terms, chrome, "any.md"), ours=True)
        twin(made)
        return made

    return html


@pytest.mark.parametrize(
    "numbers",
    [
        range(500),
        *(
            pytest.param(range(first, first + 25_000), marks=pytest.mark.slow)
            for first in range(0, 100_000, 25_000)
        ),
    ],
    ids=lambda numbers: f"{numbers.start}-{numbers.stop}",
)
def test_any_document_is_a_page(
    numbers: range, documents: Callable[[int], str], pipeline: Callable[[str], str]
) -> None:
    made = 0
    for number in numbers:
        text = documents(number)
        try:
            with limited(SECONDS):
                html = pipeline(text)
        except Exception as error:  # noqa: BLE001 - whatever it is, the document is to be seen
            pytest.fail(f"document {number}: {type(error).__name__}: {error}\n{text!r}")
        assert "<script" not in html, number
        made += bool(html)
    # Most are pages: what refused all of them would pass, too.
    assert made > 0.5 * len(numbers)
