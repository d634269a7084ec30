"""Links from the mentions in a page's HTML to the terms' pages.

Only tags are put in: every other character of the page stays as it is, in its place. So the page is
not parsed into a tree and written out again, but read once by the standard library's parser, which
says where each piece of text stands; around some of them an anchor is put.
"""

from __future__ import annotations

import html as html_entities
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from markupsafe import escape

from studykit.wiki.chrome import Chrome
from studykit.wiki.pages import page_href
from studykit.wiki.terms.find import Mention
from studykit.wiki.terms.term import Term, Terms, term_path

__all__ = ["link_terms"]

# What is inside them is no running text, or has a link's own behaviour.
_SKIPPED_TAGS = frozenset(
    [
        "a",
        "autoref",
        "button",
        "code",
        "embed",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "iframe",
        "kbd",
        "label",
        "math",
        "nav",
        "noscript",
        "object",
        "option",
        "pre",
        "samp",
        "script",
        "select",
        "style",
        "summary",
        "svg",
        "template",
        "textarea",
        "title",
        "var",
    ]
)
_SKIPPED_CLASSES = frozenset(
    [
        "arithmatex",
        "doc-heading",
        "doc-labels",
        "doc-signature",
        "headerlink",
        "highlight",
        "katex",
        "mermaid",
        "sk-badge",
        "sk-filter",
        "sk-from",
        "sk-heard",
        "sk-id",
        "sk-mark",
        "sk-mask",
        "sk-output",
        "sk-person",
        "sk-raw",
        "sk-refs",
        "sk-register",
        "sk-url",
        "sk-when",
        "sk-who",
        "toc",
    ]
)
# In a notebook's text formulas are still as they were typed.
_TYPED_MATH = frozenset(["sk-notebook", "jp-RenderedMarkdown"])
_MATH = re.compile(
    r"\$\$.+?\$\$|\\\[.+?\\\]|\\\(.+?\\\)|(?<![\\$])\$(?![\s$])[^$\n]+?(?<![\s\\])\$(?!\d)",
    re.DOTALL,
)
# A term is linked once in each; what a speaker says in one turn is one, and so is a table.
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_WHOLE = frozenset(["sk-turn", "sk-question", "sk-talk", "sk-task", "sk-decision", "sk-answer"])
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
# Stands for what is skipped, and between blocks: nothing that a name has.
_SKIPPED = "\ufffc"
_BREAK = "\n\ufffc\n"


def link_terms(html: str, terms: Terms, t: Chrome, page: str) -> str:
    r"""The HTML of a page with each paragraph's, list item's or turn's first mention of a term.

    Nothing is linked in code, formulas, headings, addresses and other links, nor a term on its own
    page.

    Args:
        html: The page's content.
        terms: The terms to link.
        t: The words of the site's language.
        page: The page's path below the docs folder, from which the links lead.

    Examples:
        >>> from studykit.wiki.chrome import load_chrome
        >>> terms = Terms((Term(id="fog", ko="안개", en="fog", definition="구름"),))
        >>> print(link_terms("안개는 <b>fog</b>", terms, load_chrome("ko"), "a.md"))
        <a class="sk-term" href="../terms/fog/" title="안개 (fog): 구름">안개</a>는 <b>fog</b>
    """
    if not len(terms):
        return html
    text = _read(html)
    parts: list[str] = []
    done = 0
    linked: set[tuple[int, str]] = set()
    explained: set[str] = set()
    for mention, block in _linkable(text, terms):
        term = terms[mention.term]
        if (block, term.id) in linked or term_path(term) == page:
            continue
        linked.add((block, term.id))
        start, end = text.source(mention)
        anchor = _anchor(term, t, page, first=term.id not in explained)
        explained.add(term.id)
        parts += [html[done:start], anchor, html[start:end], "</a>"]
        done = end
    return "".join([*parts, html[done:]]) if parts else html


def _anchor(term: Term, t: Chrome, page: str, *, first: bool) -> str:
    """The anchor's tag; a page has each definition once, where the script finds it for all."""
    href = page_href(page, term_path(term))
    if not first:
        return f'<a class="sk-term" href="{href}">'
    return (
        f'<a class="sk-term" href="{href}" title="{escape(f"{term.title(t)}: {term.meaning(t)}")}">'
    )


def _linkable(text: _Text, terms: Terms) -> Iterator[tuple[Mention, int]]:
    """The mentions that one anchor can go around, with their blocks."""
    for mention in terms.find(text.visible):
        first, last = text.piece(mention.start), text.piece(mention.end - 1)
        if first.run is not None and first.run == last.run:
            yield mention, first.block


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the visible text and where it stands in the source.

    Its `length` is that in the source: of an entity another than the visible one.
    Pieces with no tag between them are of one `run`; what is not to be linked is of none.
    """

    start: int
    source: int
    length: int
    entity: bool
    run: int | None
    block: int


@dataclass(frozen=True, slots=True)
class _Text:
    """What a reader sees of a page, as far as it may be linked."""

    visible: str
    pieces: list[_Piece]
    starts: list[int]

    def piece(self, offset: int) -> _Piece:
        return self.pieces[bisect_right(self.starts, offset) - 1]

    def source(self, mention: Mention) -> tuple[int, int]:
        first, last = self.piece(mention.start), self.piece(mention.end - 1)
        start = first.source + (0 if first.entity else mention.start - first.start)
        end = last.source + (last.length if last.entity else mention.end - last.start)
        return start, end


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is not closed yet."""

    tag: str
    skipped: bool = False
    math: bool = False
    whole: bool = False
    block: int = 0


def _read(html: str) -> _Text:
    # Half of an API page's elements colour code, in which nothing is linked.
    html = _CODE.sub(lambda code: code[1] + " " * len(code[2]), html)
    reader = _Reader(html)
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Notes where each tag and each text begins; a text goes as far as the next of them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._html = html
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]
        self._stack = [_Open("")]
        self._open: Counter[str] = Counter()
        self._blocks = 0
        # Where it begins, the element around it if it is a text, what it stands for if it is none.
        self._events: list[tuple[int, _Open | None, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag)
        if tag in _VOID:
            return
        around = self._stack[-1]
        classes = {name for key, value in attrs if key == "class" for name in (value or "").split()}
        block = around.block
        if tag in _BLOCKS and not around.whole:
            self._blocks += 1
            block = self._blocks
        self._open[tag] += 1
        self._stack.append(
            _Open(
                tag,
                around.skipped or tag in _SKIPPED_TAGS or not _SKIPPED_CLASSES.isdisjoint(classes),
                around.math or not _TYPED_MATH.isdisjoint(classes),
                around.whole or tag == "table" or not _WHOLE.isdisjoint(classes),
                block,
            )
        )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # `<b/>` opens a b for a browser, too.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._tag(tag)
        while self._open[tag]:
            closed = self._stack.pop().tag
            self._open[closed] -= 1
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:  # noqa: ARG002 - read later
        self._event(self._stack[-1], "")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - likewise
        self._event(None, "")

    def handle_decl(self, decl: str) -> None:  # noqa: ARG002 - likewise
        self._event(None, "")

    def handle_pi(self, data: str) -> None:  # noqa: ARG002 - likewise
        self._event(None, "")

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002 - likewise
        self._event(None, "")

    def _tag(self, tag: str) -> None:
        self._event(None, "\n" if tag == "br" else _BREAK if tag in _BLOCKS else "")

    def _event(self, around: _Open | None, shown: str) -> None:
        line, column = self.getpos()
        self._events.append((self._lines[line - 1] + column, around, shown))

    def text(self) -> _Text:
        """What was read."""
        visible: list[str] = []
        pieces: list[_Piece] = []
        length = 0

        def add(piece: _Part, run: int | None, block: int) -> None:
            nonlocal length
            if not piece.shown:
                return
            visible.append(piece.shown)
            pieces.append(_Piece(length, piece.source, piece.length, piece.entity, run, block))
            length += len(piece.shown)

        broken = False
        ends = [*(start for start, _, _ in self._events[1:]), len(self._html)]
        for run, (start, around, shown) in enumerate(self._events):
            if around is None:
                add(_Part(shown, start, 0), None, 0)
                continue
            # A tag that was never finished: what follows may be inside it.
            broken = broken or _TAG_BEGINS.match(self._html, start) is not None
            if broken or around.skipped:
                add(_Part(_SKIPPED, start, 0), None, 0)
                continue
            for part in _parts(self._html, start, ends[run], math=around.math):
                add(part, None if part.shown == _SKIPPED else run, around.block)
        return _Text("".join(visible), pieces, [piece.start for piece in pieces])


_CODE = re.compile(r'(<pre(?: [a-z]+="[^"<>]*")*>)(.*?)(?=</pre>)', re.DOTALL)
_TAG_BEGINS = re.compile("<[A-Za-z/!?]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a text: what it shows, where it is in the source, how long it is there."""

    shown: str
    source: int
    length: int
    entity: bool = False


def _parts(html: str, start: int, end: int, *, math: bool) -> Iterator[_Part]:
    """A text's entities, formulas and what is between them."""
    cursor = start
    for match in _MATH.finditer(html, start, end) if math else ():
        yield from _with_entities(html, cursor, match.start())
        yield _Part(_SKIPPED, match.start(), len(match[0]))
        cursor = match.end()
    yield from _with_entities(html, cursor, end)


def _with_entities(html: str, start: int, end: int) -> Iterator[_Part]:
    cursor = start
    for match in _ENTITY.finditer(html, start, end):
        yield _Part(html[cursor : match.start()], cursor, match.start() - cursor)
        shown = html_entities.unescape(match[0])
        # Of an unknown name nothing is replaced.
        yield _Part(shown, match.start(), len(match[0]), entity=shown != match[0])
        cursor = match.end()
    yield _Part(html[cursor:end], cursor, end - cursor)
