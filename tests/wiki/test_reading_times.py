"""The times that the lists of docs/answers/ promise are those of the pages themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ANSWERS = Path(__file__).parents[2] / "docs" / "answers"
NOTEBOOKS = sorted((ANSWERS.parent / "notebooks").glob("*.py"))
PAGES = sorted(path for path in ANSWERS.glob("*.md") if path.stem != "index")
LINE = re.compile(r"- \*\*읽는 시간\*\* (\d+분)")


def promised(text: str) -> dict[str, str]:
    """Page and time, from a table's row or from a link with the time behind it."""
    found = re.findall(r"\]\(([\w-]+)\.md\)(?: \||\)?\**\(?) ?(\d+분)", text)
    return dict(found)


@pytest.mark.parametrize("path", [*PAGES, *NOTEBOOKS], ids=lambda path: path.name)
def test_a_page_says_its_time_in_one_phrase(path: Path) -> None:
    assert len(LINE.findall(path.read_text("utf-8"))) == 1


@pytest.mark.parametrize("name", ["index", "path"])
def test_a_list_promises_what_the_pages_say(name: str) -> None:
    times = promised((ANSWERS / f"{name}.md").read_text("utf-8"))
    assert len(times) >= 10
    own = {page: LINE.findall((ANSWERS / f"{page}.md").read_text("utf-8"))[0] for page in times}
    assert times == own


def test_the_index_lists_every_page() -> None:
    listed = promised((ANSWERS / "index.md").read_text("utf-8"))
    assert set(listed) == {path.stem for path in PAGES}
