"""What is doubtful in the docs folder, as findings: what pages say, link to and show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from studykit.errors import ConfigError
from studykit.wiki.check.finding import (
    Finding,
    absolute,
    finding_of,
    shown_name,
    visible,
)
from studykit.wiki.check.pages import page_problems
from studykit.wiki.check.refused import (
    deep_pages,
    refusals_of_files,
    refused_pages,
    refused_settings,
)
from studykit.wiki.closing import Kinds, wrong_in_page
from studykit.wiki.equations.problems import Problem, find_problems
from studykit.wiki.handwritten import read_handwritten

__all__ = ["amiss", "refused", "stated"]


def amiss(docs: Path, only: Path | None = None, *, run_code: bool) -> Iterator[Finding]:
    """What is amiss in the pages, and what they cite that there is not.

    Args:
        docs: The docs folder.
        only: The page, or the folder of pages, that somebody asks for.
        run_code: Also run the pages' Python.

    Raises:
        StudykitError: What the pages are compared with cannot be read.
    """
    # What tests cite is nothing that somebody asks for a page.
    cited = find_problems(docs, tests=only is None)
    for each in (*cited, *page_problems(docs, run_code=run_code, only=only)):
        yield _problem_found(docs.parent, each)


def refused(docs: Path) -> set[Finding]:
    """What a build would refuse, or leave out."""
    project = docs.parent

    def place(error: ConfigError) -> str:
        return shown_name(absolute(project / (error.file or docs.name)))

    settings = refused_settings(project / "mkdocs.yml")
    files, pages, deep = refusals_of_files(docs), refused_pages(docs), deep_pages(docs)
    return {
        *(finding_of(error, place(error), "refused-setting") for error in settings),
        *(finding_of(error, place(error), "refused-file") for error in files),
        *(finding_of(error, place(error), "turned-text") for error in pages),
        *(finding_of(error, place(error), "page-left-out") for error in deep),
    }


def stated(docs: Path, kinds: Kinds) -> set[Finding]:
    """What hand-written pages say of themselves that cannot be followed."""
    found = set()
    wrong: list[ConfigError] = []
    for page in read_handwritten(docs, wrong=wrong):
        for each in wrong_in_page(page, f"{docs.name}/{page.path}", kinds):
            found.add(finding_of(each, shown_name(docs / page.path), "front-matter"))
    for error in wrong:
        name = shown_name(docs.parent / (error.file or docs.name))
        found.add(finding_of(error, name, "front-matter"))
    return found


def _problem_found(project: Path, problem: Problem) -> Finding:
    path = project / problem.file
    lines = path.read_text("utf-8", errors="replace").split("\n")
    line = min(problem.line, len(lines))
    # Where Markdown's marks or JSON's stand between the words, the line is what is known.
    found = lines[line - 1].find(problem.words)
    if problem.words:  # `a.md` is no part of `data.md`
        whole = rf"(?<![\w./%-]){re.escape(problem.words)}(?![\w./%-])"
        found = next((each.start() for each in re.finditer(whole, lines[line - 1])), found)
    start = max(found, 0) + 1
    message, mend = visible(problem.message), visible(problem.mend)
    end = start + len(problem.words)
    fix = problem.fix if found >= 0 and problem.words else None
    return Finding(shown_name(path), line, start, problem.code, message, mend, line, end, fix)
