"""Finding the API's symbols in code, by its imports, and in words, by unmistakable names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studykit.wiki.symbols.api import Api, Symbol

__all__ = ["Mention", "Names", "Use", "Uses"]

_PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.)(?: |$)", re.MULTILINE)
_MAGIC = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)
_WORD = re.compile(r"(?<![A-Za-z0-9_.])[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Use:
    """A name in code that means a symbol: `[start, end)` on a line, in characters, lines from 1."""

    line: int
    start: int
    end: int
    symbol: Symbol


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in words that means a symbol: `text[start:end]`."""

    start: int
    end: int
    symbol: Symbol


class Uses:
    """Reads the code of one page or file, block after block: what one imports, the next knows."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._imports: dict[str, str] = {}
        self._instances: dict[str, Symbol] = {}

    def read(self, code: str) -> list[Use]:
        """The names in Python code or in a console session that mean a symbol, in order.

        A name that the code itself gives to something else means that; code that does not parse
        has none.
        """
        tree, lines, shift = _parsed(code)
        if tree is None:
            return []
        bound = self._bind(tree)
        # Columns of `ast` count bytes.
        found = {
            Use(
                number - shift,
                len(line[:start].decode("utf-8", "replace")),
                len(line[:end].decode("utf-8", "replace")),
                symbol,
            )
            for number, start, end, symbol in self._found(tree, bound)
            for line in [lines[number - 1].encode()]
        }
        return sorted(found, key=lambda use: (use.line, use.start))

    def _bind(self, tree: ast.AST) -> set[str]:
        """Note imports and instances; the names that the code binds to anything else."""
        bound: set[str] = set()
        made: dict[str, Symbol] = {}
        for node in ast.walk(tree):
            match node:
                case ast.Import():
                    for alias in node.names:
                        name = alias.asname or alias.name.partition(".")[0]
                        self._imports[name] = alias.name if alias.asname else name
                case ast.ImportFrom(module=str(module), level=0):
                    for alias in node.names:
                        self._imports[alias.asname or alias.name] = f"{module}.{alias.name}"
                case ast.Name(id=name, ctx=ast.Store()):
                    bound.add(name)
                case ast.arg(arg=name):
                    bound.add(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    bound.add(name)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target, value = node.targets[0], node.value
                if isinstance(target, ast.Name) and isinstance(value, ast.Call):
                    symbol = self._meant(value.func, bound - {target.id})
                    if symbol and symbol.kind == "class":
                        made[target.id] = symbol
        for name in bound:
            self._imports.pop(name, None)
            self._instances.pop(name, None)
        self._instances.update(made)
        return bound

    def _found(self, tree: ast.AST, bound: set[str]) -> Iterator[tuple[int, int, int, Symbol]]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    symbol = self._api.paths.get(f"{node.module}.{alias.name}")
                    if symbol:
                        end = alias.col_offset + len(alias.name)
                        yield alias.lineno, alias.col_offset, end, symbol
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                symbol = self._meant(node, bound)
                if symbol:
                    yield node.lineno, node.col_offset, node.end_col_offset or 0, symbol
            elif isinstance(node, ast.Attribute):
                symbol = self._meant(node, bound)
                if symbol:
                    end = node.end_col_offset or 0
                    yield node.end_lineno or 0, end - len(node.attr.encode()), end, symbol

    def _meant(self, node: ast.expr, bound: set[str]) -> Symbol | None:
        if isinstance(node, ast.Name):
            if node.id in bound:
                return None
            if node.id in self._imports:
                return self._api.paths.get(self._imports[node.id])
            return self._api.named(node.id) if node.id not in self._instances else None
        if not isinstance(node, ast.Attribute):
            return None
        path = _dotted(node)
        root, _, rest = path.partition(".")
        if root in self._imports:
            return self._api.named(f"{self._imports[root]}.{rest}") or self._member(node, bound)
        return self._member(node, bound)

    def _member(self, node: ast.Attribute, bound: set[str]) -> Symbol | None:
        """`ddpm.loss` of an instance, `DDPM.loss` of a class."""
        value = node.value
        owner = self._instances.get(value.id) if isinstance(value, ast.Name) else None
        if owner is None:
            owner = self._meant(value.func if isinstance(value, ast.Call) else value, bound)
        if owner is None or owner.kind != "class":
            return None
        found = self._api.names.get(f"{owner.short}.{node.attr}", ())
        return found[0] if len(found) == 1 else None


class Names:
    """Finds symbols in words: `DDPM.loss`, `linear_schedule`, and the names of terms that have one.

    Args:
        api: The symbols.
        terms: By each name of a term, the paths of the symbols that it stands for.
    """

    def __init__(self, api: Api, terms: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._api = api
        self._terms = {
            name: symbols
            for name, paths in (terms or {}).items()
            if (symbols := tuple(api.paths[path] for path in paths if path in api.paths))
        }
        words = "|".join(map(re.escape, sorted(self._terms, key=lambda name: (-len(name), name))))
        self._named = re.compile(rf"(?<!\w)(?:{words})(?![A-Za-z0-9_])") if words else None

    def find(self, text: str) -> list[Mention]:
        """The symbols that a plain text names, in order.

        A single small word is no name of a symbol: `sample` is a word of English as well.
        """
        found = []
        for match in _WORD.finditer(text):
            name = match[0]
            if name.islower() and "_" not in name and "." not in name:
                continue
            symbol = self._api.named(name)
            if symbol:
                found.append(Mention(match.start(), match.end(), symbol))
        if self._named:
            for match in self._named.finditer(text):
                found += [Mention(*match.span(), symbol) for symbol in self._terms[match[0]]]
        return sorted(found, key=lambda mention: (mention.start, mention.symbol.path))


def _parsed(code: str) -> tuple[ast.Module | None, list[str], int]:
    """The code's tree, the lines that it was read from, and how many stand above the code's own."""
    code = _MAGIC.sub(lambda match: " " * len(match[0]), code)
    tree = _tree(code)
    shift = 0
    # No session parses as it stands; a file may have one in a docstring.
    if tree is None and _PROMPT.search(code):
        lines = [_session_line(line) for line in code.split("\n")]
        # The prompts leave an indent, which needs something to belong to.
        code, shift = "\n".join(["if 1:", *lines]), 1
        tree = _tree(code)
    return tree, code.split("\n"), shift


def _tree(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _session_line(line: str) -> str:
    prompt = _PROMPT.match(line)
    return " " * prompt.end() + line[prompt.end() :] if prompt else ""


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
