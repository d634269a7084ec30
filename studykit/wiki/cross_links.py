r"""Links in a finished page: from names of code to the API, from citations to the equations.

The page's text stays as it is, letter by letter; only elements are put around it. What links to a
place on the page finds it: each symbol's and each equation's first name has an id.
"""

from __future__ import annotations

import html as entities
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markupsafe import Markup, escape

from studykit.wiki.equations.citations import Citation
from studykit.wiki.symbols import Mention, Symbol, Use

__all__ = ["Links", "cross_link", "plain_sources"]


@dataclass(frozen=True, slots=True)
class Links:
    """What a page's names mean, and what is to stand on it.

    `symbol` gives a name in code style its symbol, `uses` reads a block of code, `named` and
    `cited` find symbols and citations in words. `symbol_href` and `equation_href` say where they
    lead; None is nowhere. `references` are those of `eq:` addresses, with the words where the
    writer gave none, `labels` the numbers of the writer's own formulas. `below` is HTML to put
    below the docstring of the symbol with an id, `wanted` the ids that other pages link to. On a
    page with `dollars` formulas still stand between them.
    """

    symbol: Callable[[str], Symbol | None]
    uses: Callable[[str], list[Use]]
    named: Callable[[str], list[Mention]]
    cited: Callable[[str], list[Citation]]
    symbol_href: Callable[[Symbol], Markup]
    equation_href: Callable[[Citation], Markup | None]
    references: Mapping[str, tuple[Markup, str]] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)
    below: Mapping[str, Markup] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()
    dollars: bool = False


def plain_sources(html: str) -> str:
    """An API page whose `Source:` lines are paragraphs, however long they are.

    One that goes on to a second line is taken for an admonition, its first line for the title.

    Examples:
        >>> plain_sources('<details class="source" open><summary>A,</summary><p>B</p></details>')
        '<p>Source: A, B</p>'
    """
    return _SOURCE.sub(r"<p>Source: \1 \2</p>", html)


def cross_link(html: str, links: Links) -> str:
    """The page with its links.

    Args:
        html: The content of a page, as the Markdown engine made it.
        links: What to link.
    """
    page = _Page(html)
    edits = _Edits(html, links)
    for code in page.inline:
        symbol = links.symbol(code.text)
        if symbol and not page.in_own_section(code.start, symbol.path):
            edits.symbol(code.start, code.end, symbol, f"api-{symbol.path}")
    for block in page.blocks:
        lines = block.line_starts()
        for use in links.uses(block.text):
            start, end = lines[use.line - 1] + use.start, lines[use.line - 1] + use.end
            first, last = block.places[start], block.places[end - 1] + 1
            if last - first == end - start:  # no element begins inside the name
                edits.symbol(first, last, use.symbol, f"use-{use.symbol.path}")
    for text in page.texts:
        math = [match.span() for match in _DOLLARS.finditer(text.text)] if links.dollars else []
        for mention in links.named(text.text) if links.wanted else ():
            # A formula with an element inside would not be typeset.
            around = (first for first, last in math if first <= mention.start < last)
            place = text.places[next(around, mention.start)]
            edits.name(place, f"api-{mention.symbol.path}")
        for cited in links.cited(text.text):
            inside = any(first < cited.end and cited.start < last for first, last in math)
            if cited.start < cited.end and not inside:
                edits.equation(text.places[cited.start], text.places[cited.end - 1] + 1, cited)
    for caption in page.captions(links):
        edits.replace(*caption)
    for reference in page.references:
        edits.reference(reference)
    for anchor, place in page.ends.items():
        if anchor in links.below:
            edits.insert(place, f'<div class="sk-about">{links.below[anchor]}</div>\n')
    return edits.result()


_SOURCE = re.compile(
    r'<details class="source" open(?:="")?>\s*<summary>(.*?)</summary>\s*<p>(.*?)</p>\s*</details>',
    re.DOTALL,
)
_DOLLARS = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_LABEL = re.compile(r"\s*\{#eq-([^\s{}]+)\}\s*")
_VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()  # noqa: SIM905
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LINKS = frozenset(("a", "autoref"))  # the latter becomes a link once all pages are known
_LEFT_ALONE = frozenset(
    (*_LINKS, "script", "style", "textarea", "svg", "button", "title", *_HEADINGS)
)
# What mkdocstrings makes of a signature, and the source of a symbol.
_LEFT_CLASSES = frozenset(("doc-signature", "mkdocstrings-source", "arithmatex", "linenodiv"))


@dataclass(slots=True)
class _Run:
    """Text with the place of each of its characters in the HTML."""

    text: str = ""
    places: list[int] = field(default_factory=list)
    start: int = 0
    end: int = 0

    def add(self, shown: str, place: int, length: int) -> None:
        if len(shown) == length:
            self.places += range(place, place + length)
        else:  # an entity
            self.places += [place] * (len(shown) - 1) + [place + length - 1]
        self.text += shown

    def line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


@dataclass(slots=True)
class _Reference:
    id: str
    start: int
    inside: int
    empty: bool = True


@dataclass(slots=True)
class _Open:
    tag: str
    classes: frozenset[str]
    start: int
    inside: int
    left_alone: bool


class _Page(HTMLParser):
    """The places of a page: its words, its code, its references, and where docstrings end."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.inline: list[_Run] = []
        self.blocks: list[_Run] = []
        self.texts: list[_Run] = []
        self.references: list[_Reference] = []
        self.ends: dict[str, int] = {}
        self._html = html
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]
        self._open: list[_Open] = []
        self._code: _Run | None = None
        self._block: _Run | None = None
        self._text: _Run | None = None
        self._reference: _Reference | None = None
        self._symbol: str | None = None
        self._sections: list[tuple[int, str]] = []
        self.feed(html)
        self.close()

    def in_own_section(self, place: int, path: str) -> bool:
        """Whether the place is below the symbol's own heading."""
        index = bisect_right(self._sections, (place, "\U0010ffff")) - 1
        return index >= 0 and self._sections[index][1] == path

    def captions(self, links: Links) -> Iterator[tuple[int, int, str]]:
        """The writers' own names of formulas, as the numbers that stand for them."""
        for text in self.texts:
            label = _LABEL.fullmatch(text.text)
            if label and label[1] in links.labels:
                number = f'<span class="sk-own" id="eq-{escape(label[1])}">'
                first, last = text.places[0], text.places[-1] + 1
                yield first, last, f"{number}({links.labels[label[1]]})</span>"

    # --- the parser's events ----------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._place()
        inside = start + len(self.get_starttag_text() or "")
        self._text = None
        if tag in _VOID:
            return
        values = dict(attrs)
        classes = frozenset((values.get("class") or "").split())
        left = bool(self._open and self._open[-1].left_alone)
        left = left or tag in _LEFT_ALONE or bool(classes & _LEFT_CLASSES)
        if self._symbol and (
            (tag == "details" and "mkdocstrings-source" in classes) or "doc-children" in classes
        ):
            self.ends.setdefault(self._symbol, start)
            self._symbol = None
        if tag in _HEADINGS and "doc-heading" in classes and values.get("id"):
            self._symbol = values["id"] or ""
            self._sections.append((start, self._symbol))
        if tag in _LINKS:
            self._code = None
        if tag == "a" and (values.get("href") or "").startswith("eq:"):
            address = (values.get("href") or "")[3:]
            self._reference = _Reference(address, start, inside)
            self.references.append(self._reference)
        if tag == "code":
            pre = next((each for each in reversed(self._open) if each.tag == "pre"), None)
            if pre and not left and self._python():
                self._block = _Run(start=start)
                self.blocks.append(self._block)
            elif not pre and not left:
                self._code = _Run(start=start)
        self._open.append(_Open(tag, classes, start, inside, left))

    def handle_endtag(self, tag: str) -> None:
        self._text = None
        if tag in _LINKS:
            self._code = None  # it would end a link around the code
        if not any(each.tag == tag for each in self._open):
            return
        while self._open.pop().tag != tag:
            pass
        if tag == "code":
            if self._code is not None:
                self._code.end = self._place() + len("</code>")
                self.inline.append(self._code)
            self._code = self._block = None
        elif tag == "a":
            self._reference = None

    def handle_data(self, data: str) -> None:
        self._words(data, len(data))

    def handle_entityref(self, name: str) -> None:
        self._entity(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._entity(f"&#{name}")

    def _entity(self, written: str) -> None:
        after = self._place() + len(written)
        if self._html[after : after + 1] == ";":
            written += ";"
        self._words(entities.unescape(written), len(written))

    def _words(self, shown: str, length: int) -> None:
        place = self._place()
        if self._reference:
            self._reference.empty = False
        for run in (self._code, self._block):
            if run is not None:
                run.add(shown, place, length)
                return
        if self._open and self._open[-1].left_alone:
            return
        if any(each.tag in ("pre", "code") for each in self._open):
            return
        if self._text is None:
            self._text = _Run()
            self.texts.append(self._text)
        self._text.add(shown, place, length)

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _python(self) -> bool:
        named = [name for each in self._open for name in each.classes if name[:9] == "language-"]
        return all(name[9:] in ("python", "py", "pycon", "python3", "ipython3") for name in named)


class _Edits:
    """What is to be put into the page, by place."""

    def __init__(self, html: str, links: Links) -> None:
        self._html = html
        self._links = links
        self._edits: list[tuple[int, int, str]] = []
        self._ids: set[str] = set()

    def insert(self, place: int, text: str) -> None:
        self._edits.append((place, place, text))

    def replace(self, start: int, end: int, text: str) -> None:
        self._edits.append((start, end, text))

    def symbol(self, start: int, end: int, symbol: Symbol, anchor: str) -> None:
        self._around(start, end, self._links.symbol_href(symbol), "sk-api", anchor)

    def name(self, place: int, anchor: str) -> None:
        if anchor in self._links.wanted and anchor not in self._ids:
            self._ids.add(anchor)
            self.insert(place, f'<span id="{escape(anchor)}"></span>')

    def equation(self, start: int, end: int, cited: Citation) -> None:
        href = self._links.equation_href(cited)
        if href is not None:
            self._around(start, end, href, "sk-eq", f"eq-{cited.id}")

    def reference(self, reference: _Reference) -> None:
        target = self._links.references.get(reference.id)
        if target is None:
            return
        href, words = target
        # The element may have been given other attributes; only where it leads changes.
        opening = self._html[reference.start : reference.inside]
        opening = re.sub(r'href="[^"]*"', f'href="{href}"', opening, count=1)
        shown = escape(words) if reference.empty else ""
        self.replace(reference.start, reference.inside, f"{opening}{shown}")

    def result(self) -> str:
        missing = sorted(self._links.wanted - self._ids)
        parts = [f'<span id="{escape(anchor)}"></span>' for anchor in missing]
        done = 0
        # At one place an element ends before the next one begins.
        for start, end, text in sorted(
            self._edits, key=lambda edit: (edit[0], edit[2] != "</a>", edit[1])
        ):
            if start < done:
                continue
            parts += [self._html[done:start], text]
            done = end
        return "".join([*parts, self._html[done:]])

    def _around(self, start: int, end: int, href: Markup, kind: str, anchor: str) -> None:
        # The theme hides a link with an id in code: there it takes it for a line's number.
        self.name(start, anchor)
        self.insert(start, f'<a class="{kind}" href="{href}">')
        self.insert(end, "</a>")
