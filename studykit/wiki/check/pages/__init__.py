"""What is amiss in hand-written pages and notebooks, and where.

links.py    links, anchors and pictures that are not there, pictures without words, huge ones
math.py     formulas that KaTeX cannot read, by KaTeX's own parser
code.py     blocks of code that do not parse, name what the API has not, or fail when they run
stale.py    notebooks whose outputs are not those of their code
scripts.py  letters in links and code that only look Latin
words.py    words that spell English in Hangul, and that no term has
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from studykit.wiki.check.pages.code import code_problems, run_problems
from studykit.wiki.check.pages.links import link_problems
from studykit.wiki.check.pages.math import math_problems
from studykit.wiki.check.pages.scripts import script_problems
from studykit.wiki.check.pages.stale import stale_problems
from studykit.wiki.check.pages.words import word_problems
from studykit.wiki.documents import page_files
from studykit.wiki.equations.problems import Problem
from studykit.wiki.prose import read_page

__all__ = ["looked_through", "page_problems"]


def page_problems(
    docs: Path,
    *,
    run_code: bool = False,
    only: Path | None = None,
    made: Mapping[str, str] | None = None,
) -> Iterator[Problem]:
    """Look through the pages of a docs folder.

    Args:
        docs: The folder; its parent has the front-end packages and the code.
        run_code: Also run the pages' Python, which is somebody else's program.
        only: The page, or the folder of pages, to look through; all by default.
        made: The Markdown of the generated pages by path, if they have been made already.

    Raises:
        StudykitError: What generates the other pages cannot be read.
    """
    everything = {path: read_page(path) for path in page_files(docs)}
    pages = {path: everything[path] for path in looked_through(docs, only)}
    yield from link_problems(docs, pages, everything, made)
    yield from math_problems(docs, pages)
    yield from code_problems(docs, pages)
    yield from stale_problems(docs, pages)
    yield from script_problems(docs, pages)
    yield from word_problems(docs, pages)
    if run_code:
        yield from run_problems(docs, pages)


def looked_through(docs: Path, only: Path | None = None) -> list[Path]:
    """The pages of a docs folder, or those of them that are `only` or below it."""
    if only is None:
        return page_files(docs)
    wanted = only.resolve()
    return [path for path in page_files(docs) if path.resolve().is_relative_to(wanted)]
