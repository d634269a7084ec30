"""Annotated source: each file of the models with its prose beside the code that it is about.

modules.py     which files there are, in the order in which to read them
rows.py        a file in rows, prose and code; every line is in one of them
docstrings.py  a docstring or comment as HTML
code.py        lines of code as HTML, with their names as links
pages.py       the index, and the pages of each file: Sources
"""

from __future__ import annotations

from studykit.wiki.source.pages import SOURCE_FOLDER, Sources, find_sources

__all__ = ["SOURCE_FOLDER", "Sources", "find_sources"]
