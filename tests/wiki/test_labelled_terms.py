"""How often terms are linked, and readings proposed, as somebody who knows them labelled them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from studykit.wiki.chrome import load_chrome
from studykit.wiki.terms import Terms, link_terms, load_terms
from studykit.wiki.terms.suggest import Suggester
from tests.wiki.support import parse

HERE = Path(__file__).parent
LABEL = re.compile(r"\[([^|\[\]\n]+)\|([^|\[\]\n]+)\]")


@pytest.fixture(scope="module")
def terms(root: Path) -> Terms:
    return load_terms(root / "docs")


def blocks(text: str) -> list[str]:
    """What is shown as a paragraph, list item or cell of its own."""
    return re.split(r"\n\n|\n(?=[-|\d])", text)


def test_recall_and_precision_of_links(terms: Terms, convert) -> None:
    labelled = (HERE / "labelled_terms.md").read_text("utf-8")
    expected: list[tuple[str, str]] = []
    for block in blocks(labelled):
        first: dict[str, str] = {}
        for match in LABEL.finditer(block):
            first.setdefault(match[2], match[1])
        expected += [(name, term) for term, name in first.items()]
    html = link_terms(convert(LABEL.sub(r"\1", labelled)), terms, load_chrome("ko"), "a.md")
    linked = [
        (each.text(), each.attributes["href"].split("/")[-2])
        for each in parse(html).with_tag("a")
        if "sk-term" in each.classes
    ]
    missed, wrong = Counter(expected) - Counter(linked), Counter(linked) - Counter(expected)
    right = len(linked) - wrong.total()
    assert len(expected) >= 150
    assert right / len(expected) >= 0.98, dict(missed)
    assert right / len(linked) >= 0.99, dict(wrong)


def test_precision_of_suggestions(terms: Terms) -> None:
    suggester = Suggester(terms)
    right, wrong, found = 0, [], 0
    lines = (HERE / "labelled_suggestions.txt").read_text("utf-8").splitlines()[1:]
    for line in lines:
        expected = {match[1]: match[2].lower() for match in LABEL.finditer(line)}
        for each in suggester.suggest(LABEL.sub(r"\1", line)):
            if each.reading is None:
                continue  # marked as unresolved: it proposes nothing
            found += 1
            if expected.get(each.written) == each.reading.lower():
                right += 1
            else:
                wrong.append((each.written, each.reading))
    assert found >= 10
    assert right / found >= 0.8, wrong
