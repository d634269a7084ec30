r'''A source file in rows: what it says in words, and the code that this is about.

A docstring is about the definition around it, a comment on lines of its own about what follows.

>>> rows = annotate('"""Clouds."""\n\nimport sky\n\ndef fog():\n    """Rise."""\n    # Twice.\n    go(2)\n')
>>> [([prose.text for prose in row.prose], row.code) for row in rows]
[(['Clouds.'], (2, 3, 4)), (['Rise.'], (5,)), (['Twice.'], (8,))]
'''  # noqa: E501  (an example is one line)

from __future__ import annotations

import ast
import inspect
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Prose", "Row", "annotate", "parsed"]

_LONGEST = 200
"""Lines of code in a row; what is longer goes on in the next."""

_SECTION = re.compile(r"[-=#]{2,}\s*(\S.*?)\s*[-=#]*")
_DEFINITION = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
# What a comment says to a program is code.
_PRAGMA = re.compile(r"!|\s*(?:noqa|type:|ruff:|fmt:|mypy:|isort:|pylint:|pragma:|-\*-)")


@dataclass(frozen=True, slots=True)
class Prose:
    """Words on the lines from `first` to `last`; `column` is where they begin.

    `section` is a comment between dashes, which heads what follows.
    """

    kind: Literal["docstring", "comment", "section"]
    text: str
    first: int
    last: int
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """Words, and the lines of code beside them, by their numbers from 1.

    `name` is the dotted name of the class or function whose definition begins the code.
    """

    prose: tuple[Prose, ...]
    code: tuple[int, ...]
    name: str = ""

    @property
    def lines(self) -> tuple[int, ...]:
        """All of its lines, in order."""
        words = (line for prose in self.prose for line in range(prose.first, prose.last + 1))
        return tuple(sorted((*words, *self.code)))


def annotate(source: str) -> list[Row]:
    """The rows of a file; together they have each of its lines once.

    Args:
        source: Python with newlines as line ends. What does not parse is code throughout.
    """
    lines = source.removesuffix("\n").split("\n") if source else []
    comments = _comments(source)
    tree = None if comments is None else parsed(source)
    if comments is None or tree is None:
        return list(_plain_rows(range(1, len(lines) + 1)))
    starts, docstrings = _definitions(tree, lines, comments)
    return list(_rows(lines, starts, docstrings, _standing_alone(lines, comments)))


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of a file; None where it has none."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _plain_rows(numbers: Sequence[int]) -> Iterator[Row]:
    for start in range(0, len(numbers), _LONGEST):
        yield Row((), tuple(numbers[start : start + _LONGEST]))


def _rows(
    lines: Sequence[str],
    starts: dict[int, str],
    docstrings: dict[int, tuple[Prose, ...]],
    comments: dict[int, Prose],
) -> Iterator[Row]:
    prose: list[Prose] = []
    code: list[int] = []
    name = ""
    written = False  # whether the code has more than blank lines

    def done() -> Iterator[Row]:
        nonlocal name, written
        if prose or code:
            yield Row(tuple(prose), tuple(code), name)
        prose.clear()
        code.clear()
        name, written = "", False

    number = 1
    while number <= len(lines):
        if number in docstrings:
            prose += docstrings[number]
            number = prose[-1].last + 1
            continue
        headed = bool(prose) and prose[-1].kind == "section"
        if number in comments:
            comment = comments[number]
            if written or headed or comment.kind == "section":
                yield from done()
            prose.append(comment)
            number = comment.last + 1
            continue
        line = lines[number - 1]
        if line.strip():
            indent = len(line) - len(line.lstrip())
            begins = number in starts
            # A comment that ends a block stands further in than the definition after it.
            ended = begins and bool(prose) and not _introduces(prose[-1], indent)
            if headed or ended or (begins and written) or len(code) >= _LONGEST:
                yield from done()
            name = name if written else starts.get(number, "")
            written = True
        code.append(number)
        number += 1
    yield from done()


def _introduces(prose: Prose, indent: int) -> bool:
    return prose.kind == "comment" and prose.column == indent


def _definitions(
    tree: ast.Module, lines: Sequence[str], comments: dict[int, tuple[int, str, bool]]
) -> tuple[dict[int, str], dict[int, tuple[Prose, ...]]]:
    """The lines on which definitions begin, with their names, and the docstrings by their first.

    A function within a function counts if it has a docstring.
    """
    starts: dict[int, str] = {}
    docstrings: dict[int, tuple[Prose, ...]] = {}
    todo: list[tuple[ast.AST, str, bool]] = [(tree, "", False)]
    while todo:
        node, prefix, inside = todo.pop()
        body = getattr(node, "body", None)
        statements: list[ast.stmt] = body if isinstance(body, list) else []
        documented = isinstance(node, ast.Module)
        if isinstance(node, _DEFINITION):
            name = f"{prefix}{node.name}"
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            documented = True
            if not inside or ast.get_docstring(node, clean=False) is not None:
                starts[first] = name
            prefix, inside = f"{name}.", inside or not isinstance(node, ast.ClassDef)
        for index, statement in enumerate(statements):
            above = statements[index - 1] if index else None
            if isinstance(above, _DEFINITION) and not inside:
                starts.setdefault(statement.lineno, "")
            about = isinstance(above, ast.Assign | ast.AnnAssign) and not inside
            if (documented and not index) or about:
                words = _docstring(statement, lines, comments)
                if words:
                    docstrings[words[0].first] = words
                    if above is not None:
                        starts.setdefault(above.lineno, "")
        todo += [(child, prefix, inside) for child in ast.iter_child_nodes(node)]
    return starts, docstrings


def _docstring(
    statement: ast.stmt, lines: Sequence[str], comments: dict[int, tuple[int, str, bool]]
) -> tuple[Prose, ...]:
    """A string that is a statement and has its lines to itself, and the comment behind it."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant):
        return ()
    text, first, last = statement.value.value, statement.lineno, statement.end_lineno or 0
    if not isinstance(text, str) or any(line in comments for line in range(first, last)):
        return ()
    before = lines[first - 1].encode()[: statement.col_offset]
    behind = lines[last - 1].encode()[statement.end_col_offset :].decode().strip()
    if before.strip() or (behind and not behind.startswith("#")):
        return ()
    words = Prose("docstring", inspect.cleandoc(text), first, last, statement.col_offset)
    if not behind:
        return (words,)
    # The comment's line is the docstring's last: no line of its own is left for it.
    return words, Prose("comment", behind[1:].strip(), last + 1, last, statement.col_offset)


def _comments(source: str) -> dict[int, tuple[int, str, bool]] | None:
    """The comments by line: column, text, whether within brackets; None where nothing parses."""
    found: dict[int, tuple[int, str, bool]] = {}
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.start[1], token.string[1:], depth > 0
            elif token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
    except (tokenize.TokenError, SyntaxError):
        return None
    return found


def _standing_alone(
    lines: Sequence[str], comments: dict[int, tuple[int, str, bool]]
) -> dict[int, Prose]:
    """The comments on lines of their own, by the first line of each."""
    found: dict[int, Prose] = {}
    above: Prose | None = None
    for number, (column, text, bracketed) in comments.items():
        alone = not lines[number - 1][:column].strip()
        if not alone or bracketed or _PRAGMA.match(text):
            above = None
            continue
        section = _SECTION.fullmatch(text.strip())
        said = text.removeprefix(" ")
        if section:
            above = Prose("section", section[1], number, number, column)
        elif (
            above and above.kind == "comment" and (above.last, above.column) == (number - 1, column)
        ):
            above = Prose("comment", f"{above.text}\n{said}", above.first, number, column)
        else:
            above = Prose("comment", said, number, number, column)
        found[above.first] = above
    return found
