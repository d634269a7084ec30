"""The tests that check an equation, found without running them.

A test says what it checks in its docstring, on a line such as `Checks: Ho et al. (2020), Eq. 12`.
Where none does, a test that calls the equation's code is the next best thing.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studykit.wiki.equations.citations import Citation, Citations
from studykit.wiki.equations.code import named_in
from studykit.wiki.equations.papers import Papers
from studykit.wiki.symbols import Api, Uses

__all__ = ["Test", "Tested", "read_tests"]


@dataclass(frozen=True, slots=True)
class Test:
    """A test function, by its file below the project's folder and its lines."""

    __test__ = False

    file: str
    name: str
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tested:
    """The tests by the equation that they say they check, and by the symbol that they call.

    `said` is every citation with its file and line.
    """

    checks: dict[str, tuple[Test, ...]]
    calls: dict[str, tuple[Test, ...]]
    said: tuple[tuple[Citation, str, int], ...]


def read_tests(project: Path, api: Api, papers: Papers) -> Tested:
    """Read the files of tests below the project's folder `tests`, if they parse."""
    citations = Citations(papers)
    checks: defaultdict[str, dict[Test, None]] = defaultdict(dict)
    calls: defaultdict[str, dict[Test, None]] = defaultdict(dict)
    said: list[tuple[Citation, str, int]] = []
    for path in sorted((project / "tests").rglob("test_*.py")):
        file = path.relative_to(project).as_posix()
        source = path.read_text("utf-8", errors="replace")
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            continue
        owners: dict[int, Test] = {}
        for node in _tests(tree):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            test = Test(file, node.name, (first, node.end_lineno or first))
            owners.update(dict.fromkeys(range(first, test.lines[1] + 1), test))
            docstring = ast.get_docstring(node, clean=False)
            if docstring and "Checks:" in docstring:
                for cited, line in named_in(docstring, "Checks", citations):
                    said.append((cited, file, node.body[0].lineno + line))
                    if cited.known:
                        checks[cited.id][test] = None
        for use in Uses(api).read(source):
            if use.line in owners:
                calls[use.symbol.path][owners[use.line]] = None
    return Tested(
        {each: tuple(found) for each, found in checks.items()},
        {each: tuple(found) for each, found in calls.items()},
        tuple(said),
    )


def _tests(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from _tests(node)
