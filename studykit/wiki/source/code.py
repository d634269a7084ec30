"""Lines of code as HTML: coloured by Pygments, and their names as links."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup
from pygments.lexers.python import PythonLexer
from pygments.token import STANDARD_TYPES, Token

from studykit.wiki.escape import in_html
from studykit.wiki.source.rows import parsed
from studykit.wiki.symbols import Api, Symbol, Uses

__all__ = ["Named", "coloured", "find_names"]

# Most of the tokens, and shown in the colour of text.
_PLAIN = frozenset((Token.Name, Token.Text, Token.Text.Whitespace, Token.Punctuation))


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means: a symbol, or the definition on a line of the same file."""

    length: int
    target: Symbol | int


def find_names(source: str, file: str, api: Api) -> dict[tuple[int, int], Named]:
    """The names in a file that lead somewhere, by their line and column.

    Args:
        source: The file's text.
        file: Its path, as symbols have it.
        api: The symbols.
    """
    tree = parsed(source)
    if tree is None:
        return {}
    own = {symbol.short: symbol for symbol in api.symbols if symbol.file == file}
    lines = source.split("\n")
    found = {
        (use.line, use.start): Named(use.end - use.start, use.symbol)
        for use in Uses(api).read(source)
    }
    for line, start, name, target in _own(tree, own):
        # Columns of `ast` count bytes.
        column = len(lines[line - 1].encode()[:start].decode("utf-8", "replace"))
        found.setdefault((line, column), Named(len(name), target))
    return found


def coloured(source: str, named: Mapping[tuple[int, int], tuple[int, Markup]]) -> list[Markup]:
    """Each line of the source as HTML.

    Args:
        source: Python with newlines as line ends.
        named: By line and column, the length of a name and the address to which it leads, escaped.

    Examples:
        >>> print(coloured("x = fog(1)", {(1, 4): (3, Markup("#L9"))})[0])
        x <span class="o">=</span> <a href="#L9">fog</a>(<span class="mi">1</span>)
    """
    lines = [""]
    column = 0
    for kind, text in _tokens(source):
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append("")
                column = 0
            if not part:
                continue
            shown = str(in_html(part))  # no fence of Markdown's either
            length, href = named.get((len(lines), column), (0, ""))
            if length == len(part):
                shown = f'<a href="{href}">{shown}</a>'
            lines[-1] += f'<span class="{kind}">{shown}</span>' if kind else shown
            column += len(part)
    return [Markup(line) for line in lines]  # noqa: S704 - escaped above


@lru_cache(maxsize=256)
def _tokens(source: str) -> tuple[tuple[str, str], ...]:
    """The tokens with the class of their colour, neighbours of one colour as they are."""
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    return tuple(
        ("" if kind in _PLAIN else STANDARD_TYPES.get(kind, ""), text)
        for kind, text in lexer.get_tokens(source)
    )


def _own(
    tree: ast.Module, own: Mapping[str, Symbol]
) -> Iterator[tuple[int, int, str, Symbol | int]]:
    """The names of the file's own definitions, where they are defined and where they are used."""
    defined = dict(_defined(tree, ""))
    bound = {
        name
        for node in ast.walk(tree)
        for name in (
            (node.arg,)
            if isinstance(node, ast.arg)
            else (node.id,)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            else ()
        )
    }
    todo: list[tuple[ast.AST, str, str]] = [(tree, "", "")]
    while todo:
        node, prefix, owner = todo.pop()
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                name = f"{prefix}{node.name}"
                if name in own:
                    keyword = {ast.ClassDef: 6, ast.FunctionDef: 4}.get(type(node), 10)
                    yield node.lineno, node.col_offset + keyword, node.name, own[name]
                # What a function defines within it has no name from outside.
                prefix = f"{name}."
                owner = name if isinstance(node, ast.ClassDef) else owner
            case ast.Name(id=name, ctx=ast.Load()) if name in defined and name not in bound:
                yield node.lineno, node.col_offset, name, own.get(name, defined[name])
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                member = f"{owner}.{attr}"
                if owner and member in defined:
                    start = (node.end_col_offset or 0) - len(attr.encode())
                    target = own.get(member, defined[member])
                    yield node.end_lineno or node.lineno, start, attr, target
        todo += [(child, prefix, owner) for child in ast.iter_child_nodes(node)]


def _defined(node: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, int]]:
    for statement in node.body:
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{statement.name}", statement.lineno
        if isinstance(statement, ast.ClassDef):
            yield from _defined(statement, f"{prefix}{statement.name}.")
