"""From a folder of notes to pages, in one call: read, mask, link, render."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studykit.wiki.check.page import checks_page
from studykit.wiki.chrome import load_chrome
from studykit.wiki.documents import find_documents
from studykit.wiki.equations import equations_page, find_equations
from studykit.wiki.folder import read_folder
from studykit.wiki.link import link_notes
from studykit.wiki.pages import Asset, Page
from studykit.wiki.privacy import Masks
from studykit.wiki.render import Site, render_pages
from studykit.wiki.terms import load_terms
from studykit.wiki.terms.code import find_code
from studykit.wiki.terms.uses import find_pages

__all__ = ["generate"]


def generate(meetings: Path, docs: Path, *, name: str, language: str) -> Iterator[Page | Asset]:
    """Everything that the wiki adds to the hand-written docs folder.

    Args:
        meetings: The folder of notes.
        docs: The folder of hand-written pages; write-ups and notebooks in it are listed, and its
            parent has the packages whose modules the API pages show.
        name: The site's name.
        language: The theme's language, `ko` or `en`.

    Raises:
        NoteError: A note or its folder cannot be read.
        ConfigError: There are no words for the language, or docs/terms.toml is wrong.
    """
    t = load_chrome(language)
    folder = read_folder(meetings)
    masks = Masks(folder.group.people, t)
    archive = link_notes(map(masks.note, folder.notes), folder.group.people)
    writeups, notebooks = (find_documents(docs, folder) for folder in ("talks", "notebooks"))
    equations = find_equations(docs, docs.parent)
    terms = load_terms(docs)
    site = Site(
        name=name,
        language=language,
        writeups=writeups,
        notebooks=notebooks,
        has_api=(docs / "api" / "index.md").is_file(),
        terms=terms,
        term_pages=find_pages(
            terms, docs, [*writeups, *find_documents(docs, "answers"), *notebooks]
        ),
        term_code=find_code(terms, docs, equations, t),
    )
    yield from render_pages(archive, site)
    yield checks_page(t)
    if equations:
        yield equations_page(equations, t)
