"""A project as it is, or as it was at a commit: its notes as an archive, and its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from studykit.errors import StudykitError
from studykit.wiki.chrome import Chrome
from studykit.wiki.documents import read_document
from studykit.wiki.escape import unmasked
from studykit.wiki.folder import read_folder
from studykit.wiki.group import People
from studykit.wiki.handwritten import read_handwritten
from studykit.wiki.issues import read_issues
from studykit.wiki.link import Archive, link_notes
from studykit.wiki.living import meeting_path
from studykit.wiki.pages import Page
from studykit.wiki.privacy import Masks
from studykit.wiki.render import Site, render_pages
from studykit.wiki.terms import Terms, load_terms

__all__ = ["State", "read_state"]


@dataclass(frozen=True)
class State:
    """A project at one time.

    `wrong` is why the notes could not be put together; then there is no archive. `terms` is None
    where docs/terms.toml is wrong, which the check reports.
    """

    docs: Path
    files: Mapping[str, bytes]
    """Every file of both folders, by its path below the project's."""
    archive: Archive | None
    meetings: Mapping[str, tuple[Page, ...]]
    """What the site shows of each note, by the note's file."""
    masks: Masks
    terms: Terms | None
    wrong: StudykitError | None = None

    def title(self, path: str) -> str:
        """The title of a hand-written page, by its path below the project's folder."""
        page = read_document(self.docs, self.docs.parent / path)
        return unmasked(self.masks.page(page.title))


def read_state(meetings: Path, docs: Path, name: str, t: Chrome) -> State:
    """Read a project.

    Args:
        meetings: The folder of notes.
        docs: The folder of hand-written pages, beside it.
        name: The site's name.
        t: The words of the site's language.
    """
    files, terms = _files(meetings, docs), _terms(docs)
    try:
        folder = read_folder(meetings) if meetings.is_dir() else None
        masks = Masks(folder.group.people if folder else People(), t)
        notes = folder.notes if folder else ()
        # What is wrong in front matter is among what the check has found.
        written = [page.masked(masks) for page in read_handwritten(docs, wrong=[])]
        archive = link_notes(
            map(masks.note, notes),
            folder.group.people if folder else People(),
            written,
            [issue.masked(masks) for issue in read_issues(docs)],
        )
    except StudykitError as error:
        return State(docs, files, None, {}, Masks(People(), t), terms, error)
    shown = {
        part.path: part
        for part in render_pages(archive, Site(name, t.language, terms=terms or Terms()))
        if isinstance(part, Page)
    }
    pages: dict[str, tuple[Page, ...]] = {}
    for note in notes:
        paths = (meeting_path(meeting.id) for meeting in note.meetings)
        pages[note.file] = tuple(shown[path] for path in paths if path in shown)
    return State(docs, files, archive, MappingProxyType(pages), masks, terms)


def _terms(docs: Path) -> Terms | None:
    try:
        return load_terms(docs)
    except StudykitError:
        return None


def _files(meetings: Path, docs: Path) -> dict[str, bytes]:
    found = {}
    for folder in (meetings, docs):
        for path in sorted(folder.rglob("*")):
            below = path.relative_to(folder)
            hidden = any(part.startswith(".") for part in below.parts)
            if not hidden and path.is_file() and not _leads_away(path, folder):
                found[path.relative_to(folder.parent).as_posix()] = path.read_bytes()
    return found


def _leads_away(path: Path, folder: Path) -> bool:
    """Whether a symbolic link is on the way to the file."""
    return path.resolve() != folder.resolve() / path.relative_to(folder)
