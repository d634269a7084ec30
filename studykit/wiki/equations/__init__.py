"""Equations: each numbered formula of a paper with its code, its tests and who discussed it.

papers.py      the papers, from docs/papers.toml and from docstrings
citations.py   finds `Ho et al. (2020), Eq. 12` and `식 12` in words
code.py        the docstrings that say which equation their code computes
tested.py      the tests that check an equation, or call its code
writeups.py    hand-written pages: their formulas, the equations that they name, their references
entries.py     joins all that: find_equations(…) -> Book
pages.py       the index, and a page for each paper
problems.py    what `studykit check` says of it
"""

from __future__ import annotations

from studykit.wiki.equations.citations import Citation, Citations
from studykit.wiki.equations.code import Computed, read_code
from studykit.wiki.equations.entries import Book, Entry, find_equations
from studykit.wiki.equations.pages import EQUATIONS_PATH, entry_path, equation_pages
from studykit.wiki.equations.papers import PAPERS_FILE, Paper, Papers, load_papers
from studykit.wiki.equations.writeups import Writeup, read_writeups

__all__ = [
    "EQUATIONS_PATH",
    "PAPERS_FILE",
    "Book",
    "Citation",
    "Citations",
    "Computed",
    "Entry",
    "Paper",
    "Papers",
    "Writeup",
    "entry_path",
    "equation_pages",
    "find_equations",
    "load_papers",
    "read_code",
    "read_writeups",
]
