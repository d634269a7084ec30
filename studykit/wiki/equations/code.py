"""The docstrings that name what they compute: `Source: Ho et al. (2020), Eqs. 6 and 7`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from studykit.wiki.equations.citations import Citation, Citations
from studykit.wiki.equations.formulas import Formula, find_formulas
from studykit.wiki.equations.papers import Papers, read_references
from studykit.wiki.prose import read_markdown
from studykit.wiki.symbols import Api, Symbol

__all__ = ["Computed", "named_in", "read_code"]


@dataclass(frozen=True, slots=True)
class Computed:
    """What docstrings say: every citation with its symbol and line, formulas by equation's id.

    `exact` are the formulas of which a docstring says that they are this equation; `near` those
    that stand in the docstring of its code.
    """

    sources: tuple[tuple[Symbol, Citation, int], ...]
    exact: dict[str, tuple[str, ...]]
    near: dict[str, tuple[str, ...]]


def read_code(api: Api, papers: Papers) -> tuple[Computed, Papers]:
    """Read the docstrings of all symbols.

    Args:
        api: The symbols, and their modules' docstrings with the `References:`.
        papers: The papers that are known already.

    Returns:
        What the docstrings say, and the papers with those that the modules refer to.
    """
    references = {path: read_references(text) for path, text in api.modules.items()}
    papers = papers.adopt(paper for found in references.values() for paper in found)
    known = {
        module: [papers.same(paper) or paper for paper in found]
        for module, found in references.items()
    }
    finders = {module: Citations(papers, first) for module, first in known.items()}
    sources: list[tuple[Symbol, Citation, int]] = []
    exact: defaultdict[str, dict[str, None]] = defaultdict(dict)
    near: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for module, text in api.modules.items():
        first = known[module][0] if known[module] else None
        for formula in find_formulas(read_markdown(text), finders[module], first):
            for cited in formula.cited:
                exact[cited.id][formula.tex] = None
    for symbol in api.symbols:
        cited_here = list(named_in(symbol.docstring, "Source", finders[symbol.module]))
        sources += [(symbol, cited, symbol.docstring_at + line) for cited, line in cited_here]
        ids = [cited.id for cited, _ in cited_here if cited.known]
        if not ids:
            continue
        main = next(cited.paper for cited, _ in cited_here if cited.known)
        formulas: list[Formula] = find_formulas(
            read_markdown(symbol.docstring), finders[symbol.module], main
        )
        for formula in formulas:
            said = [cited.id for cited in formula.cited if cited.id in ids]
            for each in said:
                exact[each][formula.tex] = None
            for each in () if said else ids:
                near[each][formula.tex] = None
    return (
        Computed(
            tuple(sources),
            {each: tuple(found) for each, found in exact.items()},
            {each: tuple(found) for each, found in near.items()},
        ),
        papers,
    )


def named_in(docstring: str, label: str, citations: Citations) -> Iterator[tuple[Citation, int]]:
    """The citations behind `label:` in a docstring, each with its line in it, from 0.

    The text goes on to a blank line or the next section.
    """
    for match in re.finditer(
        rf"^[ \t]*{label}: (.+?)(?=\n[ \t]*\n|\n[ \t]*[A-Z][\w ]*:\n|\Z)",
        docstring,
        re.MULTILINE | re.DOTALL,
    ):
        # A line end counts as a blank, so that places stay what they are.
        text = match[1].replace("\n", " ")
        for cited in citations.find(re.sub(r"\s", " ", text), loose=True):
            yield cited, docstring.count("\n", 0, match.start(1) + cited.start)
