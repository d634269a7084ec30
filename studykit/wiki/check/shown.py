"""What is amiss in a page, shown in the page itself while somebody writes it.

Only `studykit serve` shows it: a box on top that counts, and a line at each place. The place is
found by the words that stand there, since what Markdown makes knows no lines.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup
from bs4.element import Tag
from markupsafe import Markup

from studykit.errors import StudykitError
from studykit.wiki.check.codes import CODES
from studykit.wiki.check.page import CHECKS_PATH
from studykit.wiki.check.pages import page_problems
from studykit.wiki.check.told import meaning, mend_of
from studykit.wiki.chrome import Chrome
from studykit.wiki.equations.problems import Problem
from studykit.wiki.pages import page_href
from studykit.wiki.prose import Part, plain, read_page

__all__ = ["Shown"]

_ELEMENTS = {
    "text": "p, li, dd, td",
    "heading": "h1, h2, h3, h4, h5, h6",
    "table": "tr",
    "formula": ".arithmatex, p",
    "code": "pre",
}
_LETTERS = 40


class Shown:
    """The errors and warnings of hand-written pages.

    Args:
        docs: The docs folder.
        made: The generated pages' Markdown, by their paths below it.
        t: The words of the site's language.
    """

    def __init__(self, docs: Path, made: Mapping[str, str], t: Chrome) -> None:
        self._docs = docs
        self._t = t
        self._problems: defaultdict[str, list[Problem]] = defaultdict(list)
        try:
            for each in page_problems(docs, made=made):
                if CODES[each.code].fails:
                    self._problems[each.file.removeprefix(f"{docs.name}/")].append(each)
        except StudykitError:
            return  # which the build reports for itself

    def on(self, path: str, html: str) -> str:
        """A page's content with what is amiss in it.

        Args:
            path: The page's path below the docs folder.
            html: Its content.
        """
        problems = sorted(self._problems.get(path, ()), key=lambda each: each.line)
        if not problems:
            return html
        page = BeautifulSoup(html, "html.parser")
        parts = read_page(self._docs / path)
        # From the last on, so that of two at one place the first comes first.
        for number, problem in reversed(list(enumerate(problems, 1))):
            if place := _place(page, parts, problem):
                mark = BeautifulSoup(self._mark(problem, number, path), "html.parser")
                if place.name in ("li", "dd", "td"):
                    place.append(mark)
                else:
                    place.insert_after(mark)
        return f"{self._box(problems)}{page}"

    def _box(self, problems: Sequence[Problem]) -> str:
        link = Markup('<li><a href="#sk-problem-{}">{}</a></li>')
        told = (
            meaning(each.code, self._t) if mend_of(each.code, self._t) else each.message
            for each in problems
        )
        said = (
            self._t("problem_line", line=each.line, message=message)
            for each, message in zip(problems, told, strict=True)
        )
        listed = Markup().join(link.format(number, each) for number, each in enumerate(said, 1))
        box = Markup('<aside class="sk-problems"><p><b>{}</b></p><ul>{}</ul></aside>')
        return box.format(self._t("problems", count=len(problems)), listed)

    def _mark(self, problem: Problem, number: int, path: str) -> str:
        t = self._t
        head = Markup('<b>{}</b> <a href="{}"><code>{}</code></a>').format(
            meaning(problem.code, t), page_href(path, CHECKS_PATH, problem.code), problem.code
        )
        own = Markup("{}<br>{}: {}").format(problem.message, t("check_mend"), problem.mend)
        if mend := mend_of(problem.code, t):
            own = Markup('<span lang="en">{} ({})</span><br>{}: {}').format(
                problem.message, problem.mend, t("check_mend"), mend
            )
        mark = Markup('<p class="sk-problem" id="sk-problem-{}">{}<br>{}</p>')
        return mark.format(number, head, own)


def _place(page: BeautifulSoup, parts: Sequence[Part], problem: Problem) -> Tag | None:
    """The element that shows the line of a problem; None where it cannot be told."""
    part = next((each for each in parts if each.line <= problem.line <= each.end), None)
    if part is None:
        return None
    if part.kind == "table":
        row = part.text.split("\n")[min(problem.line - part.line, part.text.count("\n"))]
        wanted = _letters(plain(row.strip("|")))
    else:
        wanted = _letters(plain(part.text) if part.kind in ("text", "heading") else part.text)
    if not wanted:  # a picture alone
        for image in page.select("img"):
            if posixpath.basename(unquote(str(image.get("src")))) == posixpath.basename(
                problem.words
            ):
                return image.find_parent("p")
        return None
    for element in page.select(_ELEMENTS[part.kind]):
        if _letters(element.get_text()).startswith(wanted) and not element.find_parent("aside"):
            return element.find_parent("table") if element.name == "tr" else element
    return None


def _letters(text: str) -> str:
    """The beginning of a text, by which it is found again: without marks and blanks."""
    return re.sub(r"\W+", "", text)[:_LETTERS]
