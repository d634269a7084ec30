"""The map of the wiki: what stands on a page of its own, and what leads from one to another.

The page itself has the best linked pages, for whoever has no script; the whole map is a data file,
which the script of the page reads when somebody opens it.

>>> graph = Graph()
>>> for path, kind in (("meetings/w01/index.md", "meeting"), ("terms/fog/index.md", "term")):
...     graph.add(path, "", path, kind)
>>> graph.join("meetings/w01/index.md", "terms/fog/index.md")
>>> graph.join("terms/fog/index.md", "meetings/w01/index.md")
>>> graph.links, graph.degree(1)
([(0, 1)], 1)
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from studykit.wiki.archive_data import without_bytes
from studykit.wiki.backlinks import Backlinks
from studykit.wiki.chrome import Chrome
from studykit.wiki.discussion import first_line, question_path
from studykit.wiki.equations import entry_path
from studykit.wiki.equations.pages import entry_label
from studykit.wiki.escape import in_html, in_markdown, unmasked
from studykit.wiki.link import Archive
from studykit.wiki.living import meeting_path
from studykit.wiki.pages import Asset, Page, page_href, page_url
from studykit.wiki.privacy import Masks
from studykit.wiki.quotes import Quote, shortened
from studykit.wiki.render import Site, meeting_title
from studykit.wiki.terms import term_path
from studykit.wiki.terms.uses import find_uses
from studykit.wiki.web import Web

__all__ = ["KINDS", "MAP", "MAP_WORDS", "Graph", "find_graph", "map_parts"]

MAP = "map/index.md"

KINDS = ("meeting", "question", "term", "writeup", "equation", "api")
"""What the map can be filtered by, in the order of its legend."""

_MOST = 20
MAP_WORDS = (
    "all",
    "close",
    "count",
    "failed",
    "fit",
    "found",
    "in",
    "kinds",
    "links",
    "loading",
    "more",
    "nobody",
    "none",
    "open",
    "out",
    "page",
    "search",
    "shown",
)
_TURN = math.pi * (3 - math.sqrt(5))  # the golden angle: neighbours in the order lie apart
_APART = 40


@dataclass(frozen=True, slots=True)
class Node:
    """A page, or a place on one that is known by itself."""

    path: str
    anchor: str
    title: str
    kind: str

    @property
    def url(self) -> str:
        """Its address from the site's root."""
        return page_url(self.path) + (f"#{self.anchor}" if self.anchor else "")


class Graph:
    """Nodes in the order in which they were added, and links between them, each once."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._links: dict[tuple[int, int], None] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._degrees: list[int] = []

    @property
    def links(self) -> list[tuple[int, int]]:
        """The numbers of the nodes of each link, the smaller first."""
        return list(self._links)

    def degree(self, number: int) -> int:
        """How many links a node has."""
        return self._degrees[number]

    def add(self, path: str, anchor: str, title: str, kind: str) -> None:
        """Add a node, if it is not there yet."""
        if (path, anchor) not in self._numbers:
            self._numbers[path, anchor] = len(self.nodes)
            self.nodes.append(Node(path, anchor, title, kind))
            self._degrees.append(0)

    def join(self, path: str, other: str, anchor: str = "", other_anchor: str = "") -> None:
        """Link two nodes; what is no node has no link."""
        one = self._numbers.get((path, anchor))
        two = self._numbers.get((other, other_anchor))
        if one is None or two is None or one == two:
            return
        link = min(one, two), max(one, two)
        if link not in self._links:
            self._links[link] = None
            self._degrees[one] += 1
            self._degrees[two] += 1

    def places(self) -> list[tuple[int, int]]:
        """Where each node lies before the browser moves it: near what it is linked to."""
        placed: list[tuple[float, float] | None] = [
            _spiral(place) if node.kind == "meeting" else None
            for place, node in enumerate(self.nodes)
        ]
        near: list[list[int]] = [[] for _ in self.nodes]
        for one, two in self._links:
            near[one].append(two)
            near[two].append(one)
        for number, at in enumerate(placed):
            if at is None:
                known = [place for other in near[number] if (place := placed[other])]
                x, y = _middle(known) if known else _spiral(len(self.nodes))
                jitter = _spiral(number % 50, _APART / 4)
                placed[number] = x + jitter[0], y + jitter[1]
        return [(round(at[0]), round(at[1])) for at in placed if at]


def find_graph(
    archive: Archive, site: Site, web: Web, backlinks: Backlinks, masks: Masks, t: Chrome
) -> Graph:
    """What belongs on the map, and how it belongs together.

    Args:
        archive: What the notes say.
        site: The hand-written pages and the terms.
        web: The equations and the API.
        backlinks: What leads from page to page.
        masks: Masks what titles of hand-written pages say of people.
        t: The words of the site's language.
    """
    graph = Graph()
    for path, anchor, title, kind in _nodes(archive, site, web, t):
        graph.add(path, anchor, unmasked(masks.text(title)), kind)
    _join_notes(graph, archive)
    _join_terms(graph, archive, site)
    _join_code(graph, web)
    for node in list(graph.nodes):
        for quote in backlinks.to(node.path) if not node.anchor else ():
            graph.join(node.path, _page_of(quote))
    return graph


def map_parts(graph: Graph, t: Chrome) -> Iterator[Page | Asset]:
    """The page of the map, and its data.

    Args:
        graph: The map.
        t: The words of the site's language.
    """
    words = {key: t.phrase(f"map_{key}") for key in MAP_WORDS}
    ranked = sorted(range(len(graph.nodes)), key=lambda number: (-graph.degree(number), number))
    rows = Markup("\n").join(
        Markup(
            '<li class="sk-row"><a class="sk-title" href="{}">{}</a> <small>{} · {}</small></li>'
        ).format(
            page_href(MAP, graph.nodes[number].path, graph.nodes[number].anchor),
            in_html(graph.nodes[number].title),
            t(f"map_kind_{graph.nodes[number].kind}"),
            t("map_count", count=graph.degree(number)),
        )
        for number in ranked[:_MOST]
        if graph.degree(number)
    )
    body = Markup(
        "# {}\n\n<p>{}</p>\n"
        '<div class="sk-map" data-sk-words="{}"></div>\n'
        '<section class="sk-map-most">\n<p><b>{}</b></p>\n<ul>\n{}\n</ul>\n</section>\n'
    ).format(
        in_markdown(t("map")),
        t("map_intro"),
        in_html(json.dumps(words, ensure_ascii=False)),
        t("map_most"),
        rows or Markup('<li class="sk-empty">{}</li>').format(t("empty")),
    )
    yield Page(MAP, t("map"), body, searchable=False)
    yield Asset(f"{page_url(MAP)}map.json", _data(graph, t))


def _data(graph: Graph, t: Chrome) -> str:
    content = {
        "kinds": [t(f"map_kind_{kind}") for kind in KINDS],
        # A row a node: title, kind, address, place.
        "nodes": [
            [node.title, KINDS.index(node.kind), node.url, *place]
            for node, place in zip(graph.nodes, graph.places(), strict=True)
        ],
        "links": [end for link in graph.links for end in link],
    }
    return without_bytes(json.dumps(content, ensure_ascii=False, separators=(",", ":"))) + "\n"


def _spiral(place: int, apart: float = _APART) -> tuple[float, float]:
    radius, angle = apart * math.sqrt(place + 1), place * _TURN
    return radius * math.cos(angle), radius * math.sin(angle)


def _middle(places: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)


def _page_of(quote: Quote) -> str:
    """The page that a quote is from; a note as it was typed is its meeting's."""
    if quote.kind == "said" and quote.path.endswith("/raw.md"):
        return f"{quote.path.removesuffix('/raw.md')}/index.md"
    return quote.path


def _nodes(
    archive: Archive, site: Site, web: Web, t: Chrome
) -> Iterator[tuple[str, str, str, str]]:
    for session in archive.sessions:
        yield meeting_path(session.meeting.id), "", meeting_title(t, session), "meeting"
    for question in archive.asked:
        yield question_path(question), "", shortened(first_line(question.text)), "question"
    for term in site.terms:
        yield term_path(term), "", term.title(t), "term"
    for written in web.written:
        kind = "api" if written.path.startswith("api/") else "writeup"
        yield written.path, "", written.title, kind
    for entry in web.book.entries.values():
        title = f"{entry.paper.cite}, {entry_label(entry, t)}"
        yield entry_path(entry), entry.anchor, title, "equation"
    for symbol in web.symbols:
        yield symbol.page, symbol.path, symbol.short, "api"
    for path, title in web.sources.titles(t).items():
        yield path, "", title, "api"


def _join_notes(graph: Graph, archive: Archive) -> None:
    sessions = archive.sessions
    for before, after in pairwise(sessions):
        graph.join(meeting_path(before.meeting.id), meeting_path(after.meeting.id))
    for question in archive.questions:
        graph.join(question_path(question), meeting_path(question.meeting))
        for closer in archive.closers.get(question.id, ()):
            other = closer.page.path if closer.page else meeting_path(closer.meeting or "")
            graph.join(question_path(question), other)
    for issue in archive.issues:
        for closer in archive.closers.get(issue.id, ()):
            if closer.page:
                graph.join(question_path(issue), closer.page.path)
    for talk in archive.talks:
        for page in archive.writeups.get(talk.id, ()):
            graph.join(meeting_path(talk.meeting), page.path)


def _join_terms(graph: Graph, archive: Archive, site: Site) -> None:
    for term_id, uses in find_uses(site.terms, archive).items():
        path = term_path(site.terms[term_id])
        for use in uses:
            graph.join(path, meeting_path(use.meeting))
            if use.kind == "question" and use.record:
                graph.join(path, f"questions/{use.record.id}.md")
    for term in site.terms:
        path = term_path(term)
        for other in term.related:
            graph.join(path, term_path(site.terms[other]))
        for document in site.term_pages.get(term.id, ()):
            graph.join(path, document.path)
        code = site.term_code.get(term.id)
        for link in (*code.symbols, *code.equations) if code else ():
            graph.join(path, link.path or "", other_anchor=link.anchor)


def _join_code(graph: Graph, web: Web) -> None:
    for entry in web.book.entries.values():
        path, anchor = entry_path(entry), entry.anchor
        for symbol in entry.code:
            graph.join(path, symbol.page, anchor, symbol.path)
        for formula in entry.formulas:
            graph.join(path, formula.path or "", anchor)
        for quote in entry.quotes:
            graph.join(path, _page_of(quote), anchor)
    for path, page in web.sources.about():
        graph.join(path, page)
    for symbol in web.symbols:
        graph.join(symbol.page, symbol.page, "", symbol.path)
        if place := web.sources.place(symbol):
            graph.join(symbol.page, place[0], symbol.path)
        for quote in web.about(symbol):
            graph.join(symbol.page, _page_of(quote), symbol.path)
