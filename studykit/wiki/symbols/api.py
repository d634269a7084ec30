"""The symbols that the API pages show, as mkdocstrings shows them; nothing is imported."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import griffe

__all__ = ["Api", "Symbol", "api_modules", "read_api"]

_DIRECTIVE = re.compile(r"^::: *([\w.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A documented class, function or method.

    `path` is its dotted path and its anchor on `page`, an API page below the docs folder. `file`
    is relative to the folder of its package; `lines` are those of its definition, `docstring_at`
    the one on which `docstring` begins.
    """

    path: str
    name: str
    kind: str
    module: str
    page: str
    file: str
    lines: tuple[int, int]
    docstring: str
    docstring_at: int

    @property
    def meaning(self) -> str:
        """The docstring's first line."""
        return self.docstring.partition("\n")[0]

    @property
    def short(self) -> str:
        """The path without its module: `DDPM.loss`."""
        return self.path.removeprefix(f"{self.module}.")


@dataclass(frozen=True, slots=True)
class Api:
    """All symbols.

    `paths` has every dotted path under which one can be imported; `names` the symbols that a
    class, function or method may mean by its short name; `common` the names that parameters,
    attributes and methods have, which alone say nothing. `modules` has each shown module's
    docstring.
    """

    symbols: tuple[Symbol, ...]
    paths: Mapping[str, Symbol] = field(default_factory=dict)
    names: Mapping[str, tuple[Symbol, ...]] = field(default_factory=dict)
    common: frozenset[str] = frozenset()
    modules: Mapping[str, str] = field(default_factory=dict)

    def named(self, text: str) -> Symbol | None:
        """The one symbol that a name in code style means; None where there is none, or several.

        `text` is a path, `Class`, `Class.method` or `function`, brackets behind it or not. A small
        word that parameters have too, such as `schedule`, is ambiguous.
        """
        read = _NAME.fullmatch(text.strip())
        if read is None:
            return None
        name = read["name"]
        if name in self.paths:
            return self.paths[name]
        found = self.names.get(name, ())
        if len(found) != 1:
            return None
        plain = "." not in name and name.islower() and not read["call"]
        return None if plain and name in self.common else found[0]


_NAME = re.compile(r"(?P<name>[A-Za-z_]\w*(?:\.\w+)*)(?P<call>\([^\n]*\))?")


def api_modules(docs: Path) -> list[tuple[str, str]]:
    """The modules that the pages `api/*.md` name in `:::` lines, each with its page."""
    return [
        (module, f"api/{page.name}")
        for page in sorted((docs / "api").glob("*.md"))
        for module in _DIRECTIVE.findall(page.read_text("utf-8", errors="replace"))
    ]


def read_api(docs: Path, source: Path) -> Api:
    """Read the modules that the API pages show.

    Args:
        docs: The docs folder; its pages `api/*.md` name modules in `:::` lines.
        source: The folder that the modules' packages are in.

    Returns:
        The symbols in the order of the pages and of the code.
    """
    wanted = api_modules(docs)
    packages = {
        name: package
        for name in dict.fromkeys(module.partition(".")[0] for module, _ in wanted)
        if (package := _load(name, source)) is not None
    }
    symbols: dict[str, Symbol] = {}
    modules: dict[str, str] = {}
    for path, page in wanted:
        module = _module(packages, path)
        if module is not None:
            modules.setdefault(path, module.docstring.value if module.docstring else "")
            for symbol in _symbols(module, path, page, source):
                symbols.setdefault(symbol.path, symbol)
    paths = dict(symbols)
    common: set[str] = set()
    for package in packages.values():
        _look_around(package, symbols, paths, common)
    return Api(
        tuple(symbols.values()), paths, _names(packages, symbols), frozenset(common), modules
    )


def _load(name: str, source: Path) -> griffe.Module | None:
    if not (source / name).is_dir() and not (source / f"{name}.py").is_file():
        return None  # mkdocstrings says so when it reads the page
    loader = griffe.GriffeLoader(search_paths=[source.absolute()], allow_inspection=False)
    loaded = loader.load(name, try_relative_path=False)
    loader.resolve_aliases(external=False)
    return loaded if isinstance(loaded, griffe.Module) else None


def _module(packages: Mapping[str, griffe.Module], path: str) -> griffe.Module | None:
    root, _, rest = path.partition(".")
    if root not in packages:
        return None
    try:
        found = packages[root][rest] if rest else packages[root]
    except KeyError:
        return None
    return found if isinstance(found, griffe.Module) else None


def _symbols(
    owner: griffe.Module | griffe.Class, module: str, page: str, source: Path
) -> Iterator[Symbol]:
    for name, member in owner.members.items():
        if member.is_alias or (name.startswith("_") and not name.startswith("__")):
            continue
        if not isinstance(member, (griffe.Class, griffe.Function)):
            continue
        lines = member.lineno or 1, member.endlineno or member.lineno or 1
        if member.docstring:
            yield Symbol(
                path=member.path,
                name=name,
                kind=member.kind.value,
                module=module,
                page=page,
                file=Path(str(member.filepath)).relative_to(source.absolute()).as_posix(),
                lines=lines,
                docstring=member.docstring.value,
                docstring_at=member.docstring.lineno or lines[0],
            )
        if isinstance(member, griffe.Class):
            yield from _symbols(member, module, page, source)


def _look_around(
    owner: griffe.Module | griffe.Class,
    symbols: Mapping[str, Symbol],
    paths: dict[str, Symbol],
    common: set[str],
) -> None:
    """Note where symbols can be imported from, and which names are too common to mean one."""
    for name, member in owner.members.items():
        path = f"{owner.path}.{name}"
        if member.is_alias:
            target = _target(member)
            if target in symbols:
                paths.setdefault(path, symbols[target])
            continue
        if isinstance(member, griffe.Function):
            common.update(parameter.name for parameter in member.parameters)
            if isinstance(owner, griffe.Class):
                common.add(name)
        elif isinstance(member, griffe.Attribute):
            common.add(name)
        elif isinstance(member, griffe.Class):
            _look_around(member, symbols, paths, common)
        elif isinstance(member, griffe.Module):
            # `from .heun import heun` in a package stands before the module of that name.
            inner = f"{path}.{name}"
            if inner in symbols:
                paths.setdefault(path, symbols[inner])
            _look_around(member, symbols, paths, common)


def _target(member: griffe.Object | griffe.Alias) -> str:
    try:
        return member.canonical_path
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return ""


def _names(
    packages: Mapping[str, griffe.Module], symbols: Mapping[str, Symbol]
) -> dict[str, tuple[Symbol, ...]]:
    """The symbols by short name; a class has the methods that it inherits, too."""
    names: defaultdict[str, dict[str, Symbol]] = defaultdict(dict)
    for symbol in symbols.values():
        names[symbol.short][symbol.path] = symbol
        if symbol.kind != "class":
            continue
        root, _, rest = symbol.path.partition(".")
        cls = packages[root][rest]
        for name, member in cls.all_members.items():
            target = symbols.get(_target(member))
            if target is not None:
                names[f"{symbol.short}.{name}"][target.path] = target
    return {name: tuple(found.values()) for name, found in names.items()}
