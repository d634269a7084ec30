"""Runs the examples in docstrings and in the READMEs as tests."""

from __future__ import annotations

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

_docstrings = Sybil(parsers=[DocTestParser()], path="studykit", patterns=["*.py"])
_readmes = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()], patterns=["README.md", "README.ko.md"]
)

pytest_collect_file = (_docstrings + _readmes).pytest()
