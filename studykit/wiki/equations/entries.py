"""One entry for each equation: its formula, its code, its tests, and where it is discussed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from studykit.wiki.equations.citations import Citation, Citations
from studykit.wiki.equations.code import Computed
from studykit.wiki.equations.papers import Kind, Paper, Papers
from studykit.wiki.equations.tested import Test, Tested
from studykit.wiki.equations.writeups import Writeup
from studykit.wiki.quotes import Quote, Turn, shortened
from studykit.wiki.symbols import Names, Symbol

__all__ = ["Book", "Entry", "WrittenFormula", "find_equations"]


@dataclass(frozen=True, slots=True)
class WrittenFormula:
    """A formula as a page or a docstring has it; `path` is None for a docstring."""

    tex: str
    path: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An equation or algorithm of a paper, with all that belongs to it."""

    id: str
    paper: Paper
    kind: Kind
    number: str
    formulas: tuple[WrittenFormula, ...]
    code: tuple[Symbol, ...]
    checks: tuple[Test, ...]
    calls: tuple[Test, ...]
    quotes: tuple[Quote, ...]

    @property
    def anchor(self) -> str:
        """Its place on its paper's page: `eq-12`."""
        return f"{self.kind}-{self.number.replace('.', '-').lower()}"


@dataclass(frozen=True, slots=True)
class Book:
    """All entries by id: by paper, equations before algorithms, by number."""

    entries: Mapping[str, Entry]

    def papers(self) -> dict[Paper, list[Entry]]:
        """The entries by their paper."""
        found: dict[Paper, list[Entry]] = {}
        for entry in self.entries.values():
            found.setdefault(entry.paper, []).append(entry)
        return found


def find_equations(
    papers: Papers,
    computed: Computed,
    tested: Tested,
    writeups: Sequence[Writeup],
    said: Iterable[tuple[Turn, str, str]],
    names: Names,
) -> Book:
    """Join what code, tests, hand-written pages and notes say of each equation.

    Args:
        papers: All papers.
        computed: What docstrings say.
        tested: What tests say and call.
        writeups: The hand-written pages.
        said: What the notes say, the newest first, each with its page's title and path.
        names: Finds symbols in words.

    Returns:
        An entry for each equation that a docstring or a hand-written page names.
    """
    numbers: dict[str, Citation] = {}
    code: defaultdict[str, dict[Symbol, None]] = defaultdict(dict)
    for symbol, cited, _ in computed.sources:
        if cited.known:
            numbers.setdefault(cited.id, cited)
            code[cited.id][symbol] = None
    formulas: defaultdict[str, list[WrittenFormula]] = defaultdict(list)
    quotes: defaultdict[str, dict[tuple[str, str], Quote]] = defaultdict(dict)
    for writeup in writeups:
        for formula in writeup.formulas:
            for cited in formula.cited:
                if cited.known:
                    written = WrittenFormula(formula.tex, writeup.path, writeup.title)
                    formulas[cited.id].append(written)
        for named in writeup.named:
            each = named.citation
            if each.known:
                numbers.setdefault(each.id, each)
                quote = Quote(
                    shortened(named.sentence or named.words),
                    writeup.title,
                    writeup.path,
                    f"eq-{each.id}",
                    kind="written",
                )
                quotes[each.id].setdefault((writeup.path, quote.text), quote)
    discussed = _discussed(Citations(papers), numbers, code, said, names)
    entries = [
        _entry(
            cited.paper,
            cited,
            tuple(formulas[cited.id]) or _of_docstrings(computed, cited.id),
            tuple(code[cited.id]),
            tested,
            (*discussed.get(cited.id, ()), *quotes[cited.id].values()),
        )
        for cited in numbers.values()
        if cited.paper
    ]
    return Book({entry.id: entry for entry in sorted(entries, key=_order)})


def _discussed(
    citations: Citations,
    numbers: Mapping[str, Citation],
    code: Mapping[str, dict[Symbol, None]],
    said: Iterable[tuple[Turn, str, str]],
    names: Names,
) -> dict[str, list[Quote]]:
    """The turns of the notes that name an equation, or a function or method that computes it."""
    of_symbol: defaultdict[str, list[str]] = defaultdict(list)
    for each, symbols in code.items():
        for symbol in symbols:
            # A class computes several equations: who names it need not mean this one.
            if symbol.kind != "class":
                of_symbol[symbol.path].append(each)
    found: defaultdict[str, list[Quote]] = defaultdict(list)
    for turn, title, path in said:
        ids = dict.fromkeys(cited.id for cited in citations.find(turn.text) if cited.known)
        for mention in names.find(turn.text):
            ids.update(dict.fromkeys(of_symbol.get(mention.symbol.path, ())))
        for each in ids:
            if each in numbers:
                found[each].append(Quote(turn.text, title, path, turn.anchor, turn.who))
    return found


def _of_docstrings(computed: Computed, each: str) -> tuple[WrittenFormula, ...]:
    texts = computed.exact.get(each) or computed.near.get(each, ())
    return tuple(WrittenFormula(tex, None, "") for tex in texts)


def _entry(
    paper: Paper,
    cited: Citation,
    formulas: tuple[WrittenFormula, ...],
    code: tuple[Symbol, ...],
    tested: Tested,
    quotes: tuple[Quote, ...],
) -> Entry:
    calls: dict[Test, None] = {}
    for symbol in code:
        stem = symbol.module.rpartition(".")[2]
        # The module's own tests first: others only use it.
        ranked = sorted(tested.calls.get(symbol.path, ()), key=lambda test: stem not in test.file)
        calls.update(dict.fromkeys(ranked))
    return Entry(
        id=cited.id,
        paper=paper,
        kind=cited.kind,
        number=cited.number,
        formulas=formulas,
        code=code,
        checks=tested.checks.get(cited.id, ()),
        calls=tuple(calls),
        quotes=quotes,
    )


def _order(entry: Entry) -> tuple[str, str, bool, tuple[int, ...], str]:
    parts = tuple(int(part) for part in re.findall(r"\d+", entry.number))
    return (entry.paper.year, entry.paper.id, entry.kind != "eq", parts, entry.number)
