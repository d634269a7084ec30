"""The names of concepts that stand for symbols, from docs/terms.toml."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from studykit.wiki.toml_file import TomlFile

__all__ = ["names_of_symbols"]


def names_of_symbols(docs: Path) -> dict[str, tuple[str, ...]]:
    """By each name of a term, the dotted paths of the symbols that it stands for.

    None where there is no such file. What is wrong in it, the terms' own reader reports.
    """
    path = docs / "terms.toml"
    if not path.is_file():
        return {}
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for term in TomlFile.read(path, f"{docs.name}/{path.name}").data.get("term", []):
        for key in ("ko", "en", "abbreviations", "spoken", "also"):
            value = term.get(key, ())
            for name in [value] if isinstance(value, str) else value:
                found[name] += tuple(term.get("api", ()))
    return {name: paths for name, paths in found.items() if name and paths}
