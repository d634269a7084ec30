"""From a folder of notes to pages, in one call: read, mask, link, render."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from studykit.errors import ConfigError
from studykit.wiki.archive_data import archive_assets, without_bytes
from studykit.wiki.backlinks import Backlinks, find_backlinks
from studykit.wiki.check.page import checks_page
from studykit.wiki.chrome import Chrome, load_chrome
from studykit.wiki.closing import kinds_of, wrong_in_page
from studykit.wiki.documents import find_documents
from studykit.wiki.escape import unmasked
from studykit.wiki.feed import feed_asset
from studykit.wiki.folder import read_folder
from studykit.wiki.handwritten import read_handwritten
from studykit.wiki.history import added_dates
from studykit.wiki.issues import read_issues
from studykit.wiki.link import Archive, Session, link_notes
from studykit.wiki.living import raw_path
from studykit.wiki.llms import llms_asset
from studykit.wiki.map import find_graph, map_parts
from studykit.wiki.pages import Addition, Asset, Page
from studykit.wiki.privacy import Masks
from studykit.wiki.render import Site, meeting_title, render_pages
from studykit.wiki.terms import link_terms, load_terms
from studykit.wiki.terms.code import find_code
from studykit.wiki.terms.uses import find_pages
from studykit.wiki.twins import raw_twin
from studykit.wiki.web import Web, read_web

__all__ = ["Wiki", "generate", "read_wiki"]


@dataclass(frozen=True)
class Wiki:
    """What the notes and the hand-written pages say, cross-linked."""

    archive: Archive
    site: Site
    web: Web
    chrome: Chrome
    masks: Masks

    def pages(self) -> Iterator[Page | Asset | Addition]:
        """Everything that the wiki adds to the hand-written docs folder."""
        written = {}
        for part in self._rendered:
            if isinstance(part, Page):
                yield self._with_backlinks(part)
            elif isinstance(part, Addition):
                written[part.path] = part.content
            else:
                yield part
        for page in self.web.written:
            below = self.backlinks.below(page.path)
            if content := f"{written.get(page.path, '')}{below}":
                yield Addition(page.path, content)
        yield from self.backlinks.pages(self._titles)
        graph = find_graph(
            self.archive, self.site, self.web, self.backlinks, self.masks, self.chrome
        )
        yield from map_parts(graph, self.chrome)
        yield from map(self._with_backlinks, self.web.sources.pages(self._linked, self.chrome))

    def _with_backlinks(self, page: Page) -> Page:
        below = self.backlinks.below(page.path)
        return replace(page, body=f"{page.body.rstrip()}\n\n{below}") if below else page

    def _linked(self, html: str, path: str) -> str:
        return link_terms(self.web.linked(html, path), self.site.terms, self.chrome, path)

    @cached_property
    def backlinks(self) -> Backlinks:
        """What leads to each page, generated or written by hand."""
        return find_backlinks(
            self.archive, self.site, self.web, self._titles, self.masks, self.chrome
        )

    @cached_property
    def _titles(self) -> dict[str, str]:
        """Every page of the site but for the lists of backlinks, with its title."""
        generated = {part.path: part.title for part in self._rendered if isinstance(part, Page)}
        written = {page.path: page.title for page in self.web.written}
        return written | generated | self.web.sources.titles(self.chrome)

    @cached_property
    def _rendered(self) -> tuple[Page | Asset | Addition, ...]:
        pages = render_pages(self.archive, self.site)
        return (*pages, checks_page(self.chrome), *self.web.pages())

    def raw_twin(self, path: str) -> str | None:
        """The twin of a page that shows a note or a source file; None where another is meant."""
        source = self.web.sources.typed(path)
        if source is not None:
            return raw_twin(path.rpartition("/")[2].removesuffix(".md"), source, "python")
        session = self._raws.get(path)
        if session is None:
            return None
        title = self.chrome("raw_title", title=meeting_title(self.chrome, session))
        start, end = session.meeting.start, session.meeting.end
        note = without_bytes(unmasked(session.note.text[start:end]))
        return raw_twin(unmasked(title), note)

    @cached_property
    def _raws(self) -> dict[str, Session]:
        return {raw_path(session.meeting.id): session for session in self.archive.sessions}

    def data(self, project: Path, site_url: str | None, *, twins: bool = True) -> Iterator[Asset]:
        """The archive for programs: JSON, a feed where the site has an address, and llms.txt.

        Args:
            project: The project's folder, whose history dates what states no date.
            site_url: The site's address.
            twins: Whether each page has its Markdown beside it.
        """
        titles = {
            session.meeting.id: meeting_title(self.chrome, session)
            for session in self.archive.sessions
        }
        site = self.site
        yield from archive_assets(
            self.archive,
            site.terms,
            name=site.name,
            language=site.language,
            title=titles.__getitem__,
        )
        yield llms_asset(self.archive, site, self.chrome, titles, twins=twins)
        if site_url:
            yield feed_asset(
                self.archive,
                (*site.writeups, *site.answers, *site.notebooks),
                added_dates(project),
                self.chrome,
                name=site.name,
                site_url=site_url,
                titles=titles,
            )


def read_wiki(
    meetings: Path,
    docs: Path,
    *,
    name: str,
    language: str,
    wrong: list[ConfigError] | None = None,
) -> Wiki:
    """Read everything that the wiki shows.

    Args:
        meetings: The folder of notes.
        docs: The folder of hand-written pages; write-ups and notebooks in it are listed, and its
            parent has the packages whose modules the API pages show.
        name: The site's name.
        language: The theme's language, `ko` or `en`.
        wrong: Gets what is wrong in pages' front matter, which then says nothing.

    Raises:
        NoteError: A note or its folder cannot be read.
        ConfigError: There are no words for the language, docs/terms.toml or docs/papers.toml is
            wrong, a page refers to an equation that is none, or its front matter is wrong and
            `wrong` is not given.
    """
    t = load_chrome(language)
    folder = read_folder(meetings)
    masks = Masks(folder.group.people, t)
    pages = list(read_handwritten(docs, wrong=wrong))
    issues = read_issues(docs)
    kinds = kinds_of(folder.notes, issues)
    for page in pages:
        file = (docs / page.path).relative_to(docs.parent).as_posix()
        for error in wrong_in_page(page, file, kinds):
            if wrong is None:
                raise error
            wrong.append(error)
    archive = link_notes(
        map(masks.note, folder.notes),
        folder.group.people,
        [page.masked(masks) for page in pages],
        [issue.masked(masks) for issue in issues],
    )
    writeups, notebooks, answers = (
        [
            replace(document, title=masks.page(document.title))
            for document in find_documents(docs, folder)
        ]
        for folder in ("talks", "notebooks", "answers")
    )
    terms = load_terms(docs)
    web = read_web(docs, archive, t)
    site = Site(
        name=name,
        language=language,
        writeups=writeups,
        notebooks=notebooks,
        answers=answers,
        has_api=(docs / "api" / "index.md").is_file(),
        terms=terms,
        term_pages=find_pages(terms, docs, [*writeups, *answers, *notebooks]),
        term_code=find_code(terms, docs, web.book.entries.values(), t),
        has_equations=bool(web.book.entries),
    )
    return Wiki(archive, site, web, t, masks)


def generate(
    meetings: Path, docs: Path, *, name: str, language: str
) -> Iterator[Page | Asset | Addition]:
    """Everything that the wiki adds to the hand-written docs folder; see `read_wiki`."""
    yield from read_wiki(meetings, docs, name=name, language=language).pages()
