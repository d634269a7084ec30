"""From a folder of notes to pages, in one call: read, mask, link, render."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studykit.wiki.check.page import checks_page
from studykit.wiki.chrome import load_chrome
from studykit.wiki.closing import kinds_of, wrong_in_page
from studykit.wiki.documents import find_documents
from studykit.wiki.equations import equations_page, find_equations
from studykit.wiki.folder import read_folder
from studykit.wiki.handwritten import read_handwritten
from studykit.wiki.link import link_notes
from studykit.wiki.pages import Addition, Asset, Page
from studykit.wiki.privacy import Masks
from studykit.wiki.render import Site, render_pages

__all__ = ["generate"]


def generate(
    meetings: Path, docs: Path, *, name: str, language: str
) -> Iterator[Page | Asset | Addition]:
    """Everything that the wiki adds to the hand-written docs folder.

    Args:
        meetings: The folder of notes.
        docs: The folder of hand-written pages; write-ups and notebooks in it are listed, and its
            parent has the packages whose modules the API pages show.
        name: The site's name.
        language: The theme's language, `ko` or `en`.

    Raises:
        NoteError: A note or its folder cannot be read.
        ConfigError: There are no words for the language, or the front matter of a page is wrong.
    """
    t = load_chrome(language)
    folder = read_folder(meetings)
    masks = Masks(folder.group.people, t)
    pages = list(read_handwritten(docs))
    kinds = kinds_of(folder.notes)
    for page in pages:
        for wrong in wrong_in_page(
            page, (docs / page.path).relative_to(docs.parent).as_posix(), kinds
        ):
            raise wrong
    archive = link_notes(
        map(masks.note, folder.notes),
        folder.group.people,
        [page.masked(masks) for page in pages],
    )
    site = Site(
        name=name,
        language=language,
        writeups=find_documents(docs, "talks"),
        notebooks=find_documents(docs, "notebooks"),
        has_api=(docs / "api" / "index.md").is_file(),
    )
    yield from render_pages(archive, site)
    yield checks_page(t)
    equations = find_equations(docs, docs.parent)
    if equations:
        yield equations_page(equations, t)
