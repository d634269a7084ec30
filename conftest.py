"""Runs the examples in docstrings, in the READMEs and in the answers as tests."""

from __future__ import annotations

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

_docstrings = Sybil(parsers=[DocTestParser()], path="studykit", patterns=["*.py"])
_pages = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "README.ko.md", "docs/answers/*.md"],
)

pytest_collect_file = (_docstrings + _pages).pytest()
