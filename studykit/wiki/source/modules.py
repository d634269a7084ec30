"""The files of the annotated source: those of the API pages, and what these import."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studykit.wiki.source.rows import parsed
from studykit.wiki.symbols import api_modules

__all__ = ["Module", "find_modules"]

_PAGE_LINK = re.compile(r"\(([\w.-]+\.md)(?:#[^)\s]*)?\)")


@dataclass(frozen=True, slots=True)
class Module:
    """A file, to be read along with the API page `page`.

    A module that is not `shown` there is one that the files above it need.
    """

    name: str
    file: str
    text: str
    page: str
    shown: bool


def find_modules(docs: Path, source: Path) -> list[Module]:
    """The files in the order in which to read them.

    That is the order in which docs/api/index.md links to the API pages, and on each that of its
    modules. What they import of their own package follows behind them.

    Args:
        docs: The docs folder.
        source: The folder that the modules' packages are in.
    """
    files = _Files(source)
    shown = api_modules(docs)
    index = docs / "api" / "index.md"
    linked = _PAGE_LINK.findall(index.read_text("utf-8", "replace")) if index.is_file() else []
    order = {f"api/{page}": place for place, page in reversed(list(enumerate(linked)))}
    pages = sorted(
        {page for _, page in shown}, key=lambda page: (order.get(page, len(order)), page)
    )
    wanted = {name for name, _ in shown}
    packages = {name.partition(".")[0] for name in wanted}
    found: dict[str, Module] = {}

    def add(name: str, page: str) -> None:
        path = files.path(name)
        if name not in found and path is not None:
            file = path.relative_to(source).as_posix()
            found[name] = Module(name, file, files.text(name), page, name in wanted)

    for page in pages:
        here = [name for name, its_page in shown if its_page == page]
        for name in here:
            add(name, page)
        reached = list(here)
        for name in reached:
            for needed in files.imports(name):
                if needed.partition(".")[0] in packages and needed not in reached:
                    reached.append(needed)
        for name in reached:
            if name not in wanted and files.defines(name):
                add(name, page)
    return list(found.values())


class _Files:
    """The modules below a folder, each read once."""

    def __init__(self, source: Path) -> None:
        self._source = source
        self._texts: dict[str, str] = {}
        self._trees: dict[str, ast.Module | None] = {}

    def path(self, name: str) -> Path | None:
        base = self._source.joinpath(*name.split("."))
        for path in (base.with_name(f"{base.name}.py"), base / "__init__.py"):
            if path.is_file():
                return path
        return None

    def text(self, name: str) -> str:
        if name not in self._texts:
            path = self.path(name)
            self._texts[name] = path.read_text("utf-8-sig", "replace") if path else ""
        return self._texts[name]

    def defines(self, name: str) -> bool:
        """Whether a module has code of its own; a package may only pass names on."""
        path, tree = self.path(name), self._tree(name)
        if path is None or tree is None or path.name != "__init__.py":
            return path is not None
        kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        return any(isinstance(node, kinds) for node in tree.body)

    def imports(self, name: str) -> Iterator[str]:
        """The modules that a module imports, in order; of a package, where the name comes from."""
        tree = self._tree(name)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Import):
                yield from (each.name for each in node.names if self.path(each.name))
            elif isinstance(node, ast.ImportFrom):
                module = self._absolute(name, node)
                for each in node.names:
                    yield from self._source_of(module, each.name, set())

    def _source_of(self, module: str, name: str, seen: set[tuple[str, str]]) -> Iterator[str]:
        if (module, name) in seen:
            return
        seen.add((module, name))
        path = self.path(module)
        if self.path(f"{module}.{name}"):
            yield f"{module}.{name}"
        elif path is not None:
            tree = self._tree(module) if path.name == "__init__.py" else None
            for node in tree.body if tree else ():
                if isinstance(node, ast.ImportFrom):
                    for each in node.names:
                        if (each.asname or each.name) == name:
                            yield from self._source_of(
                                self._absolute(module, node), each.name, seen
                            )
                            return
            yield module

    def _absolute(self, name: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        path = self.path(name)
        parts = name.split(".")
        up = node.level - (path is not None and path.name == "__init__.py")
        return ".".join([*parts[: len(parts) - up], *([node.module] if node.module else [])])

    def _tree(self, name: str) -> ast.Module | None:
        if name not in self._trees:
            self._trees[name] = parsed(self.text(name)) if self.path(name) else None
        return self._trees[name]
