"""The names that a project's code defines, read from its text: nothing is imported."""

from __future__ import annotations

import ast
from difflib import get_close_matches
from pathlib import Path

__all__ = ["Symbols"]


class Symbols:
    """Looks up dotted names in the packages of a folder; each module is parsed once.

    Args:
        source: The folder that has the packages.
    """

    def __init__(self, source: Path) -> None:
        self._source = source
        self._modules: dict[str, frozenset[str] | None] = {}

    def has(self, symbol: str) -> bool:
        """Whether a module of this name is there, or something defined in one.

        Examples:
            >>> symbols = Symbols(Path("."))
            >>> symbols.has("studykit.wiki.terms.symbols.Symbols.has")
            True
            >>> symbols.has("studykit.wiki.terms.symbols.Simbols")
            False
        """
        module, names = self._module(symbol)
        rest = symbol[len(module) :].lstrip(".")
        return names is not None and (not rest or rest in names)

    def near(self, symbol: str) -> str | None:
        """The most similar name of the same module."""
        module, names = self._module(symbol)
        rest = symbol[len(module) :].lstrip(".")
        found = get_close_matches(rest, sorted(names or ()), n=1, cutoff=0.5)
        return f"{module}.{found[0]}" if found else None

    def _module(self, symbol: str) -> tuple[str, frozenset[str] | None]:
        """The longest part of the name that is a module, and what that defines."""
        parts = symbol.split(".")
        for count in range(len(parts), 0, -1):
            module = ".".join(parts[:count])
            if module not in self._modules:
                self._modules[module] = self._defined(parts[:count])
            if self._modules[module] is not None:
                return module, self._modules[module]
        return "", None

    def _defined(self, parts: list[str]) -> frozenset[str] | None:
        if not all(part.isidentifier() for part in parts):
            return None
        path = self._source.joinpath(*parts)
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                try:
                    tree = ast.parse(file.read_text("utf-8"))
                except (SyntaxError, ValueError):
                    return frozenset()
                return frozenset(_names(tree))
        return None


def _names(tree: ast.Module | ast.ClassDef, prefix: str = "") -> list[str]:
    """The names that are defined, assigned or imported at the top of a module or a class."""
    names: list[str] = []
    for node in tree.body:
        match node:
            case ast.ClassDef():
                names += [f"{prefix}{node.name}", *_names(node, f"{prefix}{node.name}.")]
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                names.append(f"{prefix}{node.name}")
            case ast.Assign():
                names += [
                    f"{prefix}{each.id}" for each in node.targets if isinstance(each, ast.Name)
                ]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.append(f"{prefix}{name}")
    return names
