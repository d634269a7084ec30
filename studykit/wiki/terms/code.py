"""What the code has of each term: the API symbols that it names, and the equations they compute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from studykit.wiki.chrome import Chrome
from studykit.wiki.equations import Entry, entry_path
from studykit.wiki.equations.pages import entry_label
from studykit.wiki.symbols import api_modules
from studykit.wiki.terms.term import Term, Terms

__all__ = ["CodeLink", "TermCode", "find_code"]


@dataclass(frozen=True, slots=True)
class CodeLink:
    """A name in the code, or an equation, and where a page shows it; None where no page does."""

    name: str
    path: str | None
    anchor: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class TermCode:
    """What the code has of one term."""

    symbols: tuple[CodeLink, ...] = ()
    equations: tuple[CodeLink, ...] = ()


def find_code(
    terms: Terms, docs: Path, equations: Iterable[Entry], t: Chrome
) -> Mapping[str, TermCode]:
    """The symbols and equations of each term by its id.

    Args:
        terms: The terms.
        docs: The docs folder; its pages `api/*.md` name modules in `:::` lines.
        equations: Of all modules; a term has those that one of its symbols computes.
        t: The words of the site's language.
    """
    pages = dict(api_modules(docs))
    ordered = list(equations)
    return {
        term.id: TermCode(
            tuple(_symbol(symbol, pages) for symbol in term.api),
            tuple(dict.fromkeys(_equation(each, t) for each in ordered if _computes(term, each))),
        )
        for term in terms
        if term.api
    }


def _symbol(symbol: str, pages: Mapping[str, str]) -> CodeLink:
    parts = symbol.split(".")
    modules = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    module = next((module for module in modules if module in pages), None)
    name = symbol[len(module) + 1 :] if module and module != symbol else ".".join(parts[-2:])
    return CodeLink(name, pages[module] if module else None, symbol)


def _computes(term: Term, equation: Entry) -> bool:
    return any(
        code.path == symbol or code.path.startswith(f"{symbol}.")
        for code in equation.code
        for symbol in term.api
    )


def _equation(equation: Entry, t: Chrome) -> CodeLink:
    return CodeLink(
        f"{equation.paper.cite}, {entry_label(equation, t)}",
        entry_path(equation),
        equation.anchor,
        ", ".join(code.path.rpartition(".")[2] for code in equation.code),
    )
