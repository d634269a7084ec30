"""Backlinks: on each page, which others lead to it, each with the sentence that does.

hand-written pages ──┐
ids that notes name ─┴─► Backlinks ─► a few on the page, all of them in linked-from/…

Not listed are navigation (the site's own, and lines of a page that are links alone), the mentions
of terms, a page's links to itself, and whoever stands on the page anyway: what answers a question,
what is quoted of an equation or a symbol.
"""

from __future__ import annotations

import html as entities
import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from markupsafe import Markup

from studykit.wiki.chrome import Chrome
from studykit.wiki.discussion import question_path
from studykit.wiki.escape import in_html, without_masks
from studykit.wiki.issues import Issue
from studykit.wiki.lines import LineIndex, split_lines
from studykit.wiki.link import Archive, Session
from studykit.wiki.living import meeting_path, named_ids, raw_path
from studykit.wiki.pages import Page, page_href, page_url
from studykit.wiki.privacy import Masks
from studykit.wiki.prose import linked_sentences
from studykit.wiki.quotes import Quote, few_quotes, quote_pages, shortened, who_said
from studykit.wiki.records import Link, Question, Record
from studykit.wiki.render import Site, meeting_title
from studykit.wiki.rows import words_start
from studykit.wiki.terms import term_path
from studykit.wiki.web import Web

__all__ = ["FEW_BACKLINKS", "FOLDER", "Backlinks", "find_backlinks"]

FEW_BACKLINKS = 5
FOLDER = "linked-from"
"""The folder of the pages that list what is too much for the pages themselves."""

_ANCHOR = re.compile(r'<a\s(?:[^<>]*\s)?href="([^"]*)"')
_FILE = re.compile(r"[^:?#]*\.(?:md|ipynb)(?=[?#]|$)")
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]\n]{1,200})\]:[ \t]*<?([^\s<>]{1,500})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Leads:
    """One sentence of a page that leads to another one, at the place of a meeting in the order."""

    target: str
    quote: Quote
    order: int


class Backlinks:
    """What leads to each page.

    Args:
        found: By a page's path, the sentences that lead to it, the newest first.
        t: The words of the site's language.
    """

    def __init__(self, found: Mapping[str, tuple[Quote, ...]], t: Chrome) -> None:
        self._found = found
        self._t = t
        self._anchors: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for target, quotes in found.items():
            for quote in quotes:
                if quote.kind == "written":
                    self._anchors[quote.path][page_url(target)] = quote.anchor

    def to(self, path: str) -> tuple[Quote, ...]:
        """The sentences that lead to a page, one of each page that has some."""
        return self._found.get(path, ())

    def below(self, path: str) -> Markup:
        """What stands below the page's own text; nothing where nothing leads to it."""
        quotes = self.to(path)
        if not quotes:
            return Markup()
        rest = page_href(path, f"{_folder(path)}/index.md")
        # Other pages' sentences are found on those pages.
        return Markup(
            '<section class="sk-backlinks" aria-label="{0}" data-search-exclude>\n'
            "<p><b>{0}</b> <small>{1}</small></p>\n{2}\n</section>\n"
        ).format(
            self._t("linked_from"),
            len(quotes),
            few_quotes(quotes, path, rest, self._t, FEW_BACKLINKS),
        )

    def pages(self, titles: Mapping[str, str]) -> Iterator[Page]:
        """The pages that list all of what leads to a page, where that is more than a few.

        Args:
            titles: Each page's title by its path.
        """
        for path in sorted(self._found):
            name = titles[path]

            def back(page: str, path: str = path, name: str = name) -> Markup:
                return Markup('<a href="{}">{}</a>').format(page_href(page, path), in_html(name))

            yield from quote_pages(
                _folder(path),
                self._t("linked_from_about", what=name),
                back,
                self.to(path),
                self._t,
                FEW_BACKLINKS,
            )

    def anchors(self, path: str) -> frozenset[str]:
        """The ids of the links of a hand-written page that other pages quote."""
        return frozenset(self._anchors.get(path, {}).values())

    def anchored(self, html: str, path: str) -> str:
        """The content of a hand-written page, with an id at each link that another page quotes."""
        wanted = dict(self._anchors.get(path, {}))
        if not wanted:
            return html
        parts: list[str] = []
        done = 0
        for link in _ANCHOR.finditer(html):
            url = _url(entities.unescape(link[1]), page_url(path))
            if url is not None and (anchor := wanted.pop(url, None)):
                parts += [html[done : link.start()], f'<span id="{anchor}"></span>']
                done = link.start()
        # A link of an engine's own making, such as mkdocstrings', becomes one only later.
        missing = "".join(f'<span id="{anchor}"></span>' for anchor in wanted.values())
        return missing + "".join([*parts, html[done:]])


def find_backlinks(
    archive: Archive,
    site: Site,
    web: Web,
    pages: Mapping[str, str],
    masks: Masks,
    t: Chrome,
) -> Backlinks:
    """Find what leads from page to page.

    Args:
        archive: What the notes say, masked.
        site: What else the pages show.
        web: The hand-written pages and the API.
        pages: Every page of the site by its path, with its title.
        masks: Masks what hand-written pages quote of people.
        t: The words of the site's language.
    """
    leads = [*_of_notes(archive, t), *_Written(archive, site, web, pages, masks, t).leads()]
    # The newest meeting first; what states no week is behind, in the order of its path, and tables
    # of contents are last.
    leads.sort(key=lambda lead: -lead.order)
    found: defaultdict[str, dict[tuple[str, str], Quote]] = defaultdict(dict)
    for lead in leads:
        found[lead.target].setdefault((lead.quote.path, lead.quote.where), lead.quote)
    return Backlinks({path: tuple(quotes.values()) for path, quotes in found.items()}, t)


def _folder(path: str) -> str:
    return f"{FOLDER}/{posixpath.splitext(path)[0]}"


def _url(href: str, base: str) -> str | None:
    """Where an address leads, from the site's root; None out of the site."""
    try:
        parts = urlsplit(href)
    except ValueError:  # a broken IPv6 host
        return None
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return None
    url = posixpath.normpath(posixpath.join(base, unquote(parts.path)))
    return None if url.startswith("..") else "" if url == "." else f"{url}/"


# --- notes ----------------------------------------------------------------------------------------


def _of_notes(archive: Archive, t: Chrome) -> Iterator[_Leads]:
    """The lines of notes that name the id of a record on another page."""
    records: dict[str, Record | Issue] = {
        record.id: record for record in (*archive.asked, *archive.talks, *archive.tasks)
    }
    for order, session in enumerate(archive.sessions):
        yield from _of_note(session, order, records, archive, t)


def _of_note(
    session: Session,
    order: int,
    records: Mapping[str, Record | Issue],
    archive: Archive,
    t: Chrome,
) -> Iterator[_Leads]:
    meeting, note = session.meeting, session.note
    shown = without_masks(note.text)
    here = meeting_path(meeting.id)
    named = [each for each in named_ids(shown, meeting.start, meeting.end) if each[1] in records]
    if not named:
        return
    lines = split_lines(note.text)
    index = LineIndex(lines)
    around = _Around(note.records())
    title = meeting_title(t, session)
    when = "" if meeting.date in (None, title) else meeting.date or ""
    for place, record_id in named:
        number = index.number(place)
        target = records[record_id]
        path = _record_path(target)
        if path == here or _closes(archive, record_id, meeting.id, number):
            continue
        record = around.record(place)
        line = lines[number - 1]
        text = shortened(note.text[words_start(line) : line.body_end])
        page, anchor = (here, record.id) if record else (raw_path(meeting.id), f"L{number}")
        who = who_said(record) if record else ()
        yield _Leads(path, Quote(text, title, page, anchor, who, when=when), order)


def _record_path(record: Record | Issue) -> str:
    if isinstance(record, Question | Issue):
        return question_path(record)
    return meeting_path(record.meeting)


def _closes(archive: Archive, record_id: str, meeting: str, line: int) -> bool:
    """Whether the line is what the record's own page names as its answer or end."""
    for closer in archive.closers.get(record_id, ()):
        lines = closer.answer.lines if closer.answer else closer.lines
        if closer.meeting == meeting and lines and lines[0] <= line <= lines[1]:
            return True
    return False


class _Around:
    """The innermost record at places of a note that are asked for in order, links aside."""

    def __init__(self, records: Iterator[Record]) -> None:
        self._records = (record for record in records if not isinstance(record, Link))
        self._ahead = next(self._records, None)
        self._open: list[Record] = []

    def record(self, place: int) -> Record | None:
        while self._ahead is not None and self._ahead.start <= place:
            self._open = [each for each in self._open if each.end > self._ahead.start]
            self._open.append(self._ahead)
            self._ahead = next(self._records, None)
        inside = [each for each in self._open if each.end > place]
        return inside[-1] if inside else None


# --- hand-written pages ---------------------------------------------------------------------------


class _Written:
    """Reads the sentences of hand-written pages that have links to other pages."""

    def __init__(
        self,
        archive: Archive,
        site: Site,
        web: Web,
        pages: Mapping[str, str],
        masks: Masks,
        t: Chrome,
    ) -> None:
        self._archive = archive
        self._web = web
        self._pages = pages
        self._masks = masks
        self._t = t
        self._urls = {page_url(path): path for path in pages}
        self._weeks = {
            page.path: page.front.week for page in archive.pages if page.front.week is not None
        }
        self._order = {
            session.meeting.week: order for order, session in enumerate(archive.sessions)
        }
        self._there = {
            (question_path(question), closer.page.path)
            for question in archive.asked
            for closer in archive.closers.get(question.id, ())
            if closer.page
        }
        self._there |= {
            (term_path(site.terms[term]), document.path)
            for term, documents in site.term_pages.items()
            for document in documents
        }
        self._quoted = web.quoted()

    def leads(self) -> Iterator[_Leads]:
        """Each page's sentences in its own order; of those that lead to one page, the first."""
        for written in self._web.written:
            week = self._weeks.get(written.path)
            order = -1 if week is None else self._order.get(week, -1)
            if posixpath.basename(written.path) in ("index.md", "README.md"):
                order = -2
            when = "" if week is None else self._t("week", week=week)
            title = self._masks.text(written.title)
            done: set[str] = set()
            for target, text in self._sentences(written.path):
                if target in done:
                    continue
                done.add(target)
                quote = Quote(
                    self._masks.text(shortened(text)),
                    title,
                    written.path,
                    f"link-{len(done)}",
                    kind="written",
                    when=when,
                )
                yield _Leads(target, quote, order)

    def _sentences(self, path: str) -> Iterator[tuple[str, str]]:
        """The pages that the page at a path leads to, each with a sentence that does."""
        parts = [part for part in self._web.parts(path) if part.kind in ("text", "table")]
        labels = {
            label.casefold(): href
            for part in parts
            for label, href in _DEFINITION.findall(part.text)
        }
        resolve = self._resolver(path, labels)
        for part in parts:
            if "](" not in part.text and "][" not in part.text:
                continue
            for sentence in linked_sentences(part.text, self._web.words_of):
                if sentence.bare:
                    continue
                for target in dict.fromkeys(map(resolve, sentence.hrefs)):
                    if target is None or target == path or (target, path) in self._there:
                        continue
                    if (target, path, shortened(sentence.text)) not in self._quoted:
                        yield target, sentence.text

    def _resolver(self, path: str, labels: Mapping[str, str]) -> Callable[[str], str | None]:
        folder = posixpath.dirname(path)

        def resolve(href: str) -> str | None:
            if href.startswith("["):
                label = href[1:-1]
                symbol = self._web.symbol(label.strip("`"))
                if label.casefold() in labels:
                    href = labels[label.casefold()]
                else:
                    return symbol.page if symbol else None
            if href.startswith("eq:"):
                return self._web.page_of(href)
            file = _FILE.match(href)
            if file:
                found = posixpath.normpath(posixpath.join(folder, unquote(file[0])))
                return found if found in self._pages else None
            url = _url(href, page_url(path))
            return self._urls.get(url) if url is not None else None

        return resolve
