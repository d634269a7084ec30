"""The web of code, equations and discussion: what belongs together, and finds itself.

API pages ─► symbols ──┐
docstrings ─► equations ─► Web ─► pages: equations/…, api/seen/…
write-ups, notebooks ──┤      └─► links and quotes on every other page
notes ─────────────────┘
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from markupsafe import Markup

from studykit.errors import ConfigError
from studykit.wiki.chrome import Chrome
from studykit.wiki.cross_links import Links, cross_link, plain_sources
from studykit.wiki.equations import (
    Book,
    Citation,
    Citations,
    Papers,
    Writeup,
    entry_path,
    equation_pages,
    find_equations,
    load_papers,
    read_code,
    read_writeups,
)
from studykit.wiki.equations.pages import entry_label
from studykit.wiki.equations.tested import read_tests
from studykit.wiki.link import Archive
from studykit.wiki.pages import Page, page_href
from studykit.wiki.prose import Part
from studykit.wiki.quotes import Quote, turns
from studykit.wiki.render import meeting_path, meeting_title
from studykit.wiki.source import Sources, find_sources
from studykit.wiki.symbols import Api, Names, Symbol, Uses, read_api
from studykit.wiki.symbols.seen import Seen, about_symbol, find_seen, seen_pages
from studykit.wiki.symbols.terms import names_of_symbols

__all__ = ["Web", "read_web"]


@dataclass(frozen=True, slots=True)
class _Target:
    """What `[](eq:…)` refers to: a place on a page, and the words for it."""

    path: str
    anchor: str
    words: str


class Web:
    """What `read_web` found: pages to add, and links for all pages."""

    def __init__(
        self,
        project: Path,
        api: Api,
        papers: Papers,
        book: Book,
        seen: Seen,
        writeups: Mapping[str, Writeup],
        written: Sequence[Writeup],
        names: Names,
        sources: Sources,
        t: Chrome,
    ) -> None:
        self.book = book
        self.written = written
        self._project = project
        self._api = api
        self._seen = seen
        self._writeups = writeups
        self._parts = {each.path: each.parts for each in written}
        self._names = names
        self._t = t
        self.sources = sources
        self._citations = Citations(papers)
        self._targets = _targets(book, writeups, t)
        self._wanted: defaultdict[str, set[str]] = defaultdict(set)
        for quote in _quotes(book, seen):
            self._wanted[quote.path].add(quote.anchor)
        for entry in book.entries.values():
            for formula in entry.formulas:
                if formula.path:
                    self._wanted[formula.path].add(f"eq-{entry.id}")
        self._symbols: defaultdict[str, list[Symbol]] = defaultdict(list)
        for symbol in api.symbols:
            self._symbols[symbol.page].append(symbol)

    def pages(self) -> Iterator[Page]:
        """The equations' pages, and those of the quotes that are too many for other pages."""
        yield from equation_pages(self.book, self._project, self.sources.place, self._t)
        yield from seen_pages(self._api, self._seen, self._t)

    @property
    def symbols(self) -> Sequence[Symbol]:
        """The symbols that the API pages show."""
        return self._api.symbols

    def about(self, symbol: Symbol) -> Sequence[Quote]:
        """What is said of a symbol, and the code that uses it."""
        return (
            *self._seen.discussed.get(symbol.path, ()),
            *self._seen.used.get(symbol.path, ()),
        )

    def parts(self, path: str) -> Sequence[Part]:
        """A hand-written page in parts."""
        return self._parts[path]

    def symbol(self, path: str) -> Symbol | None:
        """The symbol with a dotted path, if an API page shows it."""
        return self._api.paths.get(path)

    def page_of(self, reference: str) -> str | None:
        """The path of the page that `eq:…` refers to."""
        target = self._targets.get(reference.removeprefix("eq:"))
        return target.path if target else None

    def words_of(self, reference: str) -> str:
        """The words that stand for `[](eq:…)`."""
        target = self._targets.get(reference.removeprefix("eq:"))
        return target.words if target else ""

    def quoted(self) -> set[tuple[str, str, str]]:
        """What pages quote of others already: the quoting page, the quoted one, the sentence."""
        found = {
            (symbol.page, quote.path, quote.text)
            for symbol in self._api.symbols
            for quote in self._seen.discussed.get(symbol.path, ())
        }
        for entry in self.book.entries.values():
            found |= {(entry_path(entry), quote.path, quote.text) for quote in entry.quotes}
        return found

    def linked(self, html: str, path: str) -> str:
        """The content of the page at a path below the docs folder, with its links."""
        if path.startswith(("equations/", "api/seen/", "linked-from/")) or path.endswith("/raw.md"):
            return html  # they consist of such links, or show a note as it was typed
        if path.startswith("api/"):
            html = plain_sources(html)
        writeup = self._writeups.get(path)
        paper = writeup.paper if writeup else None
        below = {
            symbol.path: about
            for symbol in self._symbols.get(path, ())
            if (about := about_symbol(symbol, self._seen, self.sources.place(symbol), self._t))
        }
        return cross_link(
            html,
            Links(
                symbol=self._api.named,
                uses=Uses(self._api).read,
                named=self._names.find,
                cited=lambda text: self._citations.find(text, paper),
                symbol_href=lambda symbol: page_href(path, symbol.page, symbol.path),
                equation_href=lambda cited: self._equation_href(path, cited),
                references={
                    each: (page_href(path, target.path, target.anchor), target.words)
                    for each in {each.id for each in (writeup.references if writeup else ())}
                    if (target := self._targets.get(each))
                },
                labels=_own(writeup) if writeup else {},
                below=below,
                wanted=self.anchors(path),
                dollars=path.endswith(".ipynb"),
            ),
        )

    def referred(self, markdown: str, path: str) -> str:
        """A page's Markdown with ordinary links for its `eq:` ones, for other site engines."""
        writeup = self._writeups.get(path)
        for reference in {each.id for each in (writeup.references if writeup else ())}:
            target = self._targets.get(reference)
            if target:
                href = page_href(path, target.path, target.anchor)
                words = f"[{target.words}]({href})"
                markdown = markdown.replace(f"[](eq:{reference})", words)
                markdown = markdown.replace(f"](eq:{reference})", f"]({href})")
        return markdown

    def anchors(self, path: str) -> frozenset[str]:
        """The ids that other pages link to on a hand-written page, beside those it has itself."""
        return frozenset(self._wanted[path] if path in self._writeups else ())

    def _equation_href(self, path: str, cited: Citation) -> Markup | None:
        entry = self.book.entries.get(cited.id)
        return page_href(path, entry_path(entry), entry.anchor) if entry else None


def read_web(docs: Path, archive: Archive, t: Chrome) -> Web:
    """Read what belongs together, and join it.

    Args:
        docs: The docs folder; its parent has the code that its API pages show, and its tests.
        archive: What the notes say, masked as the site shows it.
        t: The words of the site's language.

    Raises:
        ConfigError: docs/papers.toml is wrong, or a page refers to an equation that is none.
    """
    project = docs.parent
    api = read_api(docs, project)
    computed, papers = read_code(api, load_papers(docs))
    written = read_writeups(docs, papers)
    writeups = [each for each in written if not each.path.startswith("api/")]
    names = Names(api, names_of_symbols(docs))
    titles = {session.meeting.id: meeting_title(t, session) for session in archive.sessions}
    said = [(turn, titles[turn.meeting], meeting_path(turn.meeting)) for turn in turns(archive)]
    book = find_equations(papers, computed, read_tests(project, api, papers), writeups, said, names)
    seen = find_seen(api, names, writeups, said)
    _check_references(book, writeups, docs)
    by_path = {writeup.path: writeup for writeup in writeups}
    sources = find_sources(docs, project, api)
    return Web(project, api, papers, book, seen, by_path, written, names, sources, t)


def _check_references(book: Book, writeups: list[Writeup], docs: Path) -> None:
    """Refuse what would be a dead link, or lead to one of two places."""
    labels = Counter(
        formula.label for writeup in writeups for formula in writeup.formulas if formula.label
    )
    known = [*book.entries, *labels]
    for writeup in writeups:
        file = f"{docs.name}/{writeup.path}"
        for formula in writeup.formulas:
            label = formula.label
            if label and (labels[label] > 1 or label in book.entries):
                raise ConfigError(
                    f"another formula is named {{#eq-{label}}} too",
                    file=file,
                    line=formula.line,
                    mend="give one of them another name",
                )
        for reference in writeup.references:
            if reference.id not in known:
                near = get_close_matches(reference.id, known, n=1)
                raise ConfigError(
                    f"there is no equation eq:{reference.id}",
                    file=file,
                    line=reference.line,
                    mend=(f"did you mean eq:{near[0]}? " if near else "")
                    + "A paper's equation is eq:ho-2020-12 (an id of docs/papers.toml and a number "
                    "that code or a page names), your own one is named {#eq-my-loss} below it",
                )


def _targets(book: Book, writeups: Mapping[str, Writeup], t: Chrome) -> dict[str, _Target]:
    found = {
        entry.id: _Target(
            entry_path(entry), entry.anchor, f"{entry.paper.cite}, {entry_label(entry, t)}"
        )
        for entry in book.entries.values()
    }
    for writeup in writeups.values():
        for label, number in _own(writeup).items():
            words = f"{writeup.title}, {t('equation_number', number=f'({number})')}"
            found[label] = _Target(writeup.path, f"eq-{label}", words)
    return found


def _own(writeup: Writeup) -> dict[str, int]:
    """The numbers of the formulas that the writer named, in the order of the page."""
    labels = [formula.label for formula in writeup.formulas if formula.label]
    return {label: number for number, label in enumerate(labels, 1)}


def _quotes(book: Book, seen: Seen) -> Iterator[Quote]:
    for entry in book.entries.values():
        yield from entry.quotes
    for kind in (seen.discussed, seen.used):
        for quotes in kind.values():
            yield from quotes
