"""Finding what is doubtful in notes and pages: `check_paths`, over files and folders.

What the reader doubts is in `Note.doubts`; what only the file or its neighbours show is found in
note.py, archive.py and docs.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from studykit.errors import NoteError, StudykitError
from studykit.wiki.check.archive import (
    against_published,
    public_names,
    unknown_records,
    unknown_terms,
)
from studykit.wiki.check.changed import changed_lines
from studykit.wiki.check.docs import amiss, refused, stated
from studykit.wiki.check.finding import (
    Finding,
    Report,
    about_file,
    absolute,
    from_error,
    shown_name,
    visible,
)
from studykit.wiki.check.note import Places, check_note
from studykit.wiki.check.pages import looked_through
from studykit.wiki.check.published import read_published
from studykit.wiki.closing import kinds_of
from studykit.wiki.folder import NOTE_SUFFIXES, by_name, read_folder
from studykit.wiki.group import Group, load_group
from studykit.wiki.issues import Issue, read_issues
from studykit.wiki.read import read_note
from studykit.wiki.records import Doubt, Meeting, Note
from studykit.wiki.terms import TERMS_FILE, load_terms
from studykit.wiki.terms.suggest import Suggester

__all__ = ["check_paths", "is_page"]


def check_paths(
    paths: Iterable[Path], against: str | None = None, *, run_code: bool = False
) -> Report:
    """Check notes, and folders with everything below them.

    Args:
        paths: Folders and files. A folder's notes belong together; so do the named files of one
            folder. With a folder of notes, the pages in `docs/` beside it are checked; a page of
            them may also be named alone.
        against: A commit of git whose ids are published, and must not change.
        run_code: Also run the Python of the pages, which is somebody else's program.

    Returns:
        The findings. Files are named from the working directory where they are below it.

    Raises:
        ConfigError: `against` is no commit that git has, or the wiki was never built from it.
        NoteError: There is nothing at a path.
    """
    search = _Search()
    changed: frozenset[tuple[str, int]] = frozenset()
    for path in paths:
        docs = _docs_of(path)
        if docs is not None:
            search.compare(docs, run_code=run_code, only=path)
        elif path.is_dir():
            for file in sorted(path.rglob("*"), key=by_name):
                search.look_at(file, path)
            search.build(path, against)
            search.compare(absolute(path).parent / "docs", run_code=run_code)
        elif path.exists() and path.suffix == ".toml":
            search.build(path.parent, against)
        elif path.exists():
            search.read(path, path.parent)
            if against is not None:
                search.build(path.parent, against, only=path)
        else:
            raise NoteError(
                "there is no such note or folder of notes",
                file=visible(path.as_posix()),
                mend="name one that exists, e.g. meetings",
            )
        if against is not None and path.exists():
            folder = path if path.is_dir() else path.parent
            changed |= changed_lines(folder, against)
    return Report(search.notes, tuple(sorted(search.findings)), changed, len(search.pages))


def _docs_of(path: Path) -> Path | None:
    """The folder of pages that a path is in, or is: `docs`, where mkdocs.yml stands beside it."""
    if not path.exists():
        return None
    for folder in (absolute(path), *absolute(path).parents):
        if folder.name == "docs" and (folder.parent / "mkdocs.yml").is_file():
            return folder
    return None


def is_page(path: Path) -> bool:
    """Whether a file is a page in Markdown, of the docs folder beside a mkdocs.yml."""
    regular = path.suffix == ".md" and path.is_file() and not path.is_symlink()
    return regular and _docs_of(path) is not None


class _Search:
    """What has been seen so far: each file once, and each meeting of an archive."""

    def __init__(self) -> None:
        self.findings: set[Finding] = set()
        self.notes = 0
        self.pages: set[Path] = set()
        self._read: dict[Path, Note | None] = {}
        self._groups: dict[Path, Group] = {}
        self._suggesters: dict[Path, Suggester | None] = {}
        self._meetings: defaultdict[tuple[Path, str], list[tuple[str, Meeting]]]
        self._meetings = defaultdict(list)

    def look_at(self, file: Path, archive: Path) -> None:
        """Read a note; say of any other file why it is none."""
        if _is_note(file):
            self.read(file, archive)
        elif file.is_dir() or any(part.startswith(".") for part in file.relative_to(archive).parts):
            return  # What editors, systems and git keep for themselves.
        elif file.is_symlink():
            self._not_a_note(file, "a symbolic link is not followed")
        elif file.suffix != ".toml":
            self._not_a_note(file, "only .txt and .md files are read as notes")

    def read(self, file: Path, archive: Path) -> None:
        """Check a note, and whether another note is the same meeting."""
        path = absolute(file)
        if path in self._read:
            return
        self._read[path] = None
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"the note cannot be opened: {error.strerror}"
            self.findings.add(about_file(path, "unreadable", message, "check its permissions"))
            return
        self._read[path] = note = read_note(data, shown_name(path), self._group(absolute(archive)))
        self.notes += 1
        self.findings.update(check_note(note))
        if suggester := self._suggester(absolute(archive)):
            self.findings.update(unknown_terms(note, suggester))
        for meeting in note.meetings:
            self._meet(note, meeting, absolute(archive))

    def _group(self, archive: Path) -> Group:
        """The group's members and words; none where its files are wrong, which `build` tells."""
        if archive not in self._groups:
            try:
                self._groups[archive] = load_group(archive)
            except StudykitError:
                self._groups[archive] = Group()
        return self._groups[archive]

    def _suggester(self, archive: Path) -> Suggester | None:
        """What reads transliterations, where docs/terms.toml stands beside the folder of notes."""
        docs = archive.parent / "docs"
        if archive not in self._suggesters:
            self._suggesters[archive] = None
            try:
                terms = load_terms(docs)
            except StudykitError as error:
                self.findings.add(from_error(error, shown_name(docs / TERMS_FILE)))
            else:
                self._suggesters[archive] = Suggester(terms) if len(terms) else None
        return self._suggesters[archive]

    def build(self, archive: Path, against: str | None = None, only: Path | None = None) -> None:
        """Put the folder together as the wiki does, and report what would stop that.

        With `against`, report the ids that a link would not find again, in `only` if given.
        """
        path = absolute(archive)
        root = Path.cwd() if path.is_relative_to(Path.cwd()) else path.parent
        known = {file: note for file, note in self._read.items() if note is not None}
        try:
            folder = read_folder(path, root, known)
        except StudykitError as error:
            file = shown_name(root / error.file) if error.file else shown_name(path)
            if ("unreadable", file) not in {(found.code, found.file) for found in self.findings}:
                self.findings.add(from_error(error, file))
            return
        now = {
            name: replace(note, file=name)
            for note, name in ((each, shown_name(root / each.file)) for each in folder.notes)
        }
        if only is None:
            self.findings.update(public_names(folder.group.people, now.values()))
            kinds = kinds_of(now.values(), self._issues(path.parent / "docs"))
            for note in now.values():
                self.findings.update(unknown_records(note, kinds))
            self.findings |= stated(path.parent / "docs", kinds)
        if against is not None:
            for before in read_published(path, against):
                name = shown_name(path.parent / before.file)
                if only is None or name == shown_name(absolute(only)):
                    self.findings.update(against_published(before, name, now, against))

    def compare(self, docs: Path, *, run_code: bool, only: Path | None = None) -> None:
        """Report what is amiss in the hand-written pages beside a folder of notes, or in `only`."""
        if not docs.is_dir():
            return
        self.pages.update(looked_through(docs, only))
        found: set[Finding] = set()
        try:
            if only is not None:
                notes = docs.parent / "meetings"
                read = read_folder(notes).notes if notes.is_dir() else ()
                found |= stated(docs, kinds_of(read, self._issues(docs)))
            found |= {*amiss(docs, only, run_code=run_code), *refused(docs)}
        except StudykitError as error:
            found.add(from_error(error, shown_name(docs.parent / (error.file or docs.name))))
        if only is not None:
            name = shown_name(absolute(only))
            found = {each for each in found if each.file == name or only.is_dir()}
        self.findings |= found

    def _meet(self, note: Note, meeting: Meeting, archive: Path) -> None:
        others = self._meetings[archive, meeting.id]
        for file, other in others:
            # Notes of one week with dates of their own are two sessions, which nobody mixes up.
            told_apart = meeting.date and other.date and meeting.date != other.date
            if file != note.file and not told_apart:
                message = f"{file} is {_which(meeting)} too"
                mend = "delete the copy, or name each by its own week or date"
                doubt = Doubt("same-meeting", meeting.start, meeting.start, message, mend)
                self.findings.add(Places(note).finding(doubt))
                break
        others.append((note.file, meeting))

    def _issues(self, docs: Path) -> Sequence[Issue]:
        try:
            return read_issues(docs)
        except StudykitError as error:
            self.findings.add(
                from_error(error, shown_name(docs.parent / (error.file or docs.name)))
            )
            return ()

    def _not_a_note(self, file: Path, message: str) -> None:
        mend = "if it is a note, save it as .txt or .md; if not, move it elsewhere"
        self.findings.add(about_file(absolute(file), "not-a-note", message, mend))


def _is_note(file: Path) -> bool:
    return file.suffix.lower() in NOTE_SUFFIXES and file.is_file() and not file.is_symlink()


def _which(meeting: Meeting) -> str:
    if meeting.week is not None:
        return f"week {meeting.week}"
    return meeting.date or f"the meeting {meeting.id}"
