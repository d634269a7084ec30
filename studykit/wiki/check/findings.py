"""Finding what is doubtful: in the words of a note, in its bytes, and among the files of a folder.

What the reader doubts is in `Note.doubts`; what only the file or its neighbours show is found here.
"""

from __future__ import annotations

import codecs
import datetime
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from studykit.errors import ConfigError, NoteError, StudykitError
from studykit.wiki.check.changed import changed_lines
from studykit.wiki.check.codes import CODES, Severity
from studykit.wiki.check.pages import looked_through, page_problems
from studykit.wiki.check.published import read_published
from studykit.wiki.check.refused import (
    deep_pages,
    refusals_of_files,
    refused_pages,
    refused_settings,
)
from studykit.wiki.closing import Kinds, kinds_of, wrong_in_notes, wrong_in_page
from studykit.wiki.equations.problems import Problem, find_problems
from studykit.wiki.folder import NOTE_SUFFIXES, by_name, read_folder
from studykit.wiki.group import Group, People, load_group
from studykit.wiki.handwritten import read_handwritten
from studykit.wiki.issues import Issue, read_issues
from studykit.wiki.lines import LineIndex, split_lines
from studykit.wiki.pins import changed_ids
from studykit.wiki.privacy import NameFinder, find_contacts
from studykit.wiki.read import read_note
from studykit.wiki.records import Doubt, Meeting, Note
from studykit.wiki.terms import TERMS_FILE, load_terms
from studykit.wiki.terms.suggest import Suggester, first_of_each

__all__ = ["Finding", "Report", "check_note", "check_paths", "is_page", "visible"]

# More places than somebody would mend by hand.
_MANY = 20
# As many ids as a message names.
_SEVERAL = 5

_LINE_ENDS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}
_LINE_END = re.compile(r"\r\n|\r|\n")
_BAD_BYTES = re.compile("[\udc80-\udcff]+")
_LOST = re.compile("\ufffd+")
# Bidirectional controls reorder what stands beside them; the others a terminal would obey.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]+")
# With `//` any scheme is one; without it only what a browser would run or open.
_ADDRESS = re.compile(
    r"(?<![\w+.-])(?:(?P<scheme>[a-z][a-z0-9+.-]{1,30})://|(?P<bare>javascript|vbscript|blob):"
    r"|data:[a-z]+/)[^\s<>]+",
    re.IGNORECASE | re.ASCII,
)
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)"
    r"(?:(?P<between>[-_.])(?P<month>\d{1,2})(?P=between)(?P<day>\d{1,2})|(?P<together>\d{4}))(?!\d)"
)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something doubtful, and where: lines and columns count from 1, columns in characters.

    The end is the column after the last character. `message` and `mend` hold no character that a
    terminal would obey. `fix` is what belongs there instead, where that is certain.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    mend: str
    end_line: int
    end_column: int
    fix: str | None = field(default=None, compare=False)

    @property
    def severity(self) -> Severity:
        """How bad it is, which depends on the code alone."""
        return CODES[self.code].severity


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, by file and place, and in how many notes and pages.

    `changed` has the lines that differ from the commit that was named, if one was.
    """

    notes: int
    findings: tuple[Finding, ...]
    changed: frozenset[tuple[str, int]] = frozenset()
    pages: int = 0

    @property
    def failed(self) -> bool:
        """Whether there is more than notices."""
        return any(CODES[finding.code].fails for finding in self.findings)


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
            search.compare(_absolute(path).parent / "docs", run_code=run_code)
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
    for folder in (_absolute(path), *_absolute(path).parents):
        if folder.name == "docs" and (folder.parent / "mkdocs.yml").is_file():
            return folder
    return None


def is_page(path: Path) -> bool:
    """Whether a file is a page in Markdown, of the docs folder beside a mkdocs.yml."""
    regular = path.suffix == ".md" and path.is_file() and not path.is_symlink()
    return regular and _docs_of(path) is not None


def check_note(note: Note) -> Iterator[Finding]:
    r"""What is doubtful in one note, whatever else is in its folder.

    Examples:
        >>> from studykit.wiki.read import read_note
        >>> note = read_note("나래님 - 안개\x07\n".encode(), "week-03.txt")
        >>> [(found.line, found.column, found.code) for found in check_note(note)]
        [(1, 9, 'control-character')]
    """
    places = _Places(note)
    doubts = (
        *note.doubts,
        *_encoding(note),
        *_bad_bytes(note),
        *_characters(note),
        *_line_ends(note),
        *_addresses(note),
        *_contacts(note),
        *_name_date(note),
    )
    return (places.finding(doubt) for doubt in doubts)


def visible(text: str) -> str:
    r"""The text on one line, without a character that a terminal would obey.

    Examples:
        >>> print(visible("a\x1b[31m\n\udcff"))
        a\x1b[31m\x0a\xff
    """
    return "".join(char if char.isprintable() else _escaped(ord(char)) for char in text)


def _escaped(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # a byte that did not decode
        code -= 0xDC00
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\U{code:08x}"
        if code > 0xFFFF
        else f"\\u{code:04x}"
    )


# --- in a note ------------------------------------------------------------------------------------


class _Places:
    """Where the offsets of a note are, in lines and columns."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._lines = split_lines(note.text)
        self._index = LineIndex(self._lines)

    def finding(self, doubt: Doubt) -> Finding:
        quoted = self._note.text[doubt.start : doubt.end].rstrip("\r\n")
        line, column = self._place(doubt.start)
        end_line, end_column = self._place(doubt.start + len(quoted))
        return Finding(
            file=self._note.file,
            line=line,
            column=column,
            code=doubt.code,
            message=visible(" ".join(doubt.message.split())),
            mend=visible(" ".join(doubt.mend.split())),
            end_line=end_line,
            end_column=end_column,
        )

    def _place(self, offset: int) -> tuple[int, int]:
        if not self._lines:
            return 1, 1
        line = self._lines[self._index.number(offset) - 1]
        column = min(offset - line.start, len(line.text)) + 1
        # A mark of the byte order that stayed in the text is no character to an editor.
        marked = line.number == 1 and line.text.startswith("\ufeff") and column > 1
        return line.number, column - marked


def _encoding(note: Note) -> Iterator[Doubt]:
    if codecs.lookup(note.encoding).name not in ("utf-8", "utf-8-sig", "ascii"):
        message = f"the note seems to be encoded in {note.encoding}, not in UTF-8"
        yield Doubt("not-utf8", 0, 0, message, "save it as UTF-8")


def _bad_bytes(note: Note) -> Iterator[Doubt]:
    places = list(_BAD_BYTES.finditer(note.text))
    if len(places) > _MANY:  # Not a slip but another encoding, and no reader wants to see each.
        message = f"{len(places)} places, the first one here, cannot be read as {note.encoding}"
        mend = "open it with the encoding that it has, save it as UTF-8"
        yield Doubt("bad-byte", *places[0].span(), message, mend)
        return
    for match in places:
        found = [f"{ord(byte) - 0xDC00:02X}" for byte in match[0]]
        more = f" and {len(found) - 8} more" if len(found) > 8 else ""
        what = "the byte" if len(found) == 1 else "the bytes"
        message = f"{what} {' '.join(found[:8])}{more} cannot be read as {note.encoding}"
        yield Doubt("bad-byte", *match.span(), message, "type the letters anew, save as UTF-8")


def _characters(note: Note) -> Iterator[Doubt]:
    for match in _CONTROLS.finditer(note.text):
        message = f"the invisible character U+{ord(match[0][0]):04X} stands here"
        if len(match[0]) > 1:
            message = (
                f"{len(match[0])} invisible characters stand here, U+{ord(match[0][0]):04X} first"
            )
        yield Doubt("control-character", *match.span(), message, "delete it")
    for match in _LOST.finditer(note.text):
        message = f"{match[0][:8]} stands where a program could not read the letters"
        yield Doubt("lost-character", *match.span(), message, "type the letters anew")


def _line_ends(note: Note) -> Iterator[Doubt]:
    kinds = Counter(_LINE_END.findall(note.text))
    if len(kinds) > 1:
        usual = kinds.most_common(1)[0][0]
        first = next(end for end in _LINE_END.finditer(note.text) if end[0] != usual)
        counts = ", ".join(f"{count} in {_LINE_ENDS[end]}" for end, count in kinds.most_common())
        message = f"lines end in several ways: {counts}; this one in {_LINE_ENDS[first[0]]}"
        yield Doubt(
            "mixed-line-ends", first.start(), first.start(), message, "save it with LF only"
        )


def _addresses(note: Note) -> Iterator[Doubt]:
    for match in _ADDRESS.finditer(note.text):
        scheme = match["scheme"] or match["bare"] or "data"
        if scheme.lower() not in ("http", "https"):
            message = f"the wiki makes no link of a {scheme}: address"
            yield Doubt("unlinked-address", *match.span(), message, "give an https:// address")


def _contacts(note: Note) -> Iterator[Doubt]:
    for start, end, kind in find_contacts(note.text):
        what = "an e-mail address" if kind == "mail" else "a telephone number"
        message = f"{what} stands here; the site masks it, the file shows it"
        yield Doubt(
            "contact-detail", start, end, message, "take it out before the note is committed"
        )


def _name_date(note: Note) -> Iterator[Doubt]:
    for match in _DATE.finditer(PurePath(note.file).name):
        together = match["together"] or ""
        month, day = match["month"] or together[:2], match["day"] or together[2:]
        try:
            datetime.date(int(match["year"]), int(month), int(day))
        except ValueError:
            message = f"there is no {match[0]}, the date in the file's name"
            yield Doubt("impossible-date", 0, 0, message, "rename the file")


# --- among files ----------------------------------------------------------------------------------


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
        path = _absolute(file)
        if path in self._read:
            return
        self._read[path] = None
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"the note cannot be opened: {error.strerror}"
            self.findings.add(_about_file(path, "unreadable", message, "check its permissions"))
            return
        self._read[path] = note = read_note(data, _name(path), self._group(_absolute(archive)))
        self.notes += 1
        self.findings.update(check_note(note))
        if suggester := self._suggester(_absolute(archive)):
            self.findings.update(_unknown_terms(note, suggester))
        for meeting in note.meetings:
            self._meet(note, meeting, _absolute(archive))

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
                self.findings.add(_from_error(error, _name(docs / TERMS_FILE)))
            else:
                self._suggesters[archive] = Suggester(terms) if len(terms) else None
        return self._suggesters[archive]

    def build(self, archive: Path, against: str | None = None, only: Path | None = None) -> None:
        """Put the folder together as the wiki does, and report what would stop that.

        With `against`, report the ids that a link would not find again, in `only` if given.
        """
        path = _absolute(archive)
        root = Path.cwd() if path.is_relative_to(Path.cwd()) else path.parent
        known = {file: note for file, note in self._read.items() if note is not None}
        try:
            folder = read_folder(path, root, known)
        except StudykitError as error:
            file = _name(root / error.file) if error.file else _name(path)
            if ("unreadable", file) not in {(found.code, found.file) for found in self.findings}:
                self.findings.add(_from_error(error, file))
            return
        now = {
            name: replace(note, file=name)
            for note, name in ((each, _name(root / each.file)) for each in folder.notes)
        }
        if only is None:
            self.findings.update(_public_names(folder.group.people, now.values()))
            kinds = kinds_of(now.values(), self._issues(path.parent / "docs"))
            for note in now.values():
                self.findings.update(_unknown_records(note, kinds))
            self.findings |= _stated(path.parent / "docs", kinds)
        if against is not None:
            for before in read_published(path, against):
                name = _name(path.parent / before.file)
                if only is None or name == _name(_absolute(only)):
                    self.findings.update(_changed(before, name, now, against))

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
                found |= _stated(docs, kinds_of(read, self._issues(docs)))
            # What tests cite is nothing that somebody asks for a page.
            cited = find_problems(docs, tests=only is None)
            for each in (*cited, *page_problems(docs, run_code=run_code, only=only)):
                found.add(_problem_found(docs.parent, each))
            found |= _refused(docs)
        except StudykitError as error:
            found.add(_from_error(error, _name(docs.parent / (error.file or docs.name))))
        if only is not None:
            name = _name(_absolute(only))
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
                self.findings.add(_Places(note).finding(doubt))
                break
        others.append((note.file, meeting))

    def _issues(self, docs: Path) -> Sequence[Issue]:
        try:
            return read_issues(docs)
        except StudykitError as error:
            self.findings.add(_from_error(error, _name(docs.parent / (error.file or docs.name))))
            return ()

    def _not_a_note(self, file: Path, message: str) -> None:
        mend = "if it is a note, save it as .txt or .md; if not, move it elsewhere"
        self.findings.add(_about_file(_absolute(file), "not-a-note", message, mend))


def _refused(docs: Path) -> set[Finding]:
    """What a build would refuse, or leave out."""
    project = docs.parent

    def place(error: ConfigError) -> str:
        return _name(_absolute(project / (error.file or docs.name)))

    settings = refused_settings(project / "mkdocs.yml")
    files, pages, deep = refusals_of_files(docs), refused_pages(docs), deep_pages(docs)
    return {
        *(_finding_of(error, place(error), "refused-setting") for error in settings),
        *(_finding_of(error, place(error), "refused-file") for error in files),
        *(_finding_of(error, place(error), "turned-text") for error in pages),
        *(_finding_of(error, place(error), "page-left-out") for error in deep),
    }


def _stated(docs: Path, kinds: Kinds) -> set[Finding]:
    """What hand-written pages say of themselves that cannot be followed."""
    found = set()
    wrong: list[ConfigError] = []
    for page in read_handwritten(docs, wrong=wrong):
        for each in wrong_in_page(page, f"{docs.name}/{page.path}", kinds):
            found.add(_finding_of(each, _name(docs / page.path), "front-matter"))
    for error in wrong:
        name = _name(docs.parent / (error.file or docs.name))
        found.add(_finding_of(error, name, "front-matter"))
    return found


def _unknown_terms(note: Note, suggester: Suggester) -> Iterator[Finding]:
    """Each word that seems to spell English and is in no term, where the note first has it."""
    places = _Places(note)
    for found, count in first_of_each(suggester.suggest(note.text)):
        more = f", here and {_count(count - 1, 'more time')}" if count > 1 else ""
        yield places.finding(
            Doubt("unknown-term", found.start, found.end, f"{found.message}{more}", found.mend)
        )


def _unknown_records(note: Note, kinds: Kinds) -> Iterator[Finding]:
    """Each id by which a note answers or closes a record that no note has."""
    places = _Places(note)
    lines = split_lines(note.text)
    for record_id, number, message, mend in wrong_in_notes(note, kinds):
        line = lines[number - 1]
        at = line.text.casefold().find(record_id)
        start = line.start + max(at, 0)
        end = start + len(record_id) if at >= 0 else line.start + len(line.text)
        yield places.finding(Doubt("unknown-record", start, end, message, mend))


def _public_names(people: People, notes: Iterable[Note]) -> Iterator[Finding]:
    """Each member whom the site shows under another name, where a note first has the real one."""
    finder = NameFinder(people)
    places: defaultdict[str, list[tuple[Note, int, int]]] = defaultdict(list)
    for note in notes:
        found = {
            member.name: (start, end)
            for start, end, member in reversed(list(finder.find(note.text)))
        }
        for name, place in found.items():
            places[name].append((note, *place))
    for name, held in places.items():
        note, start, end = held[0]
        more = f" and in {_count(len(held) - 1, 'other note')}" if len(held) > 1 else ""
        written = note.text[start:end]
        message = f"{written} is {people.shown(name)} on the site, and stays as typed here{more}"
        mend = "keep the repository private, or write the other name, if nobody is to read this one"
        yield _Places(note).finding(Doubt("public-name", start, end, message, mend))


def _changed(before: Note, name: str, now: Mapping[str, Note], ref: str) -> Iterator[Finding]:
    """What became of the ids that a note had at a ref."""
    changes = changed_ids(before, *now.values())
    if name not in now and changes:
        ids = ", ".join(change.id for change in changes[:_SEVERAL])
        more = f" and {len(changes) - _SEVERAL} more" if len(changes) > _SEVERAL else ""
        message = f"the note was published at {ref}, and is gone with {ids}{more}"
        mend = "put it back under this name, or under one that gives the same ids"
        yield Finding(name, 1, 1, "changed-id", visible(message), mend, 1, 1)
        return
    holders = {record.id: (note, record) for note in now.values() for record in note.records()}
    lines = {record.id: record.lines[0] for record in before.records()}
    overlay = PurePath(name).with_suffix(".toml")
    for change in changes:
        line = lines[change.id]
        text = json.dumps(change.was, ensure_ascii=False)
        pin = f'{change.id} = {{kind = "{change.kind}", line = {line}, text = {text}}}'
        mend = (
            f"if the note still has these words, write below [pins] of {overlay}: {pin}; "
            "if not, put them back"
        )
        message = f"{change.id} was “{change.was}” at {ref}, and is gone"
        if change.id in holders:
            note, record = holders[change.id]
            message = f"{change.id} was “{change.was}” at {ref}, and is “{change.now}” now"
            doubt = Doubt("changed-id", record.start, record.end, message, mend)
            yield _Places(note).finding(doubt)
        else:
            # Where it stood then: what lost it is near.
            line = min(line, len(split_lines(now[name].text)) or 1)
            yield Finding(name, line, 1, "changed-id", visible(message), visible(mend), line, 1)


def _problem_found(project: Path, problem: Problem) -> Finding:
    path = project / problem.file
    lines = path.read_text("utf-8", errors="replace").split("\n")
    line = min(problem.line, len(lines))
    # Where Markdown's marks or JSON's stand between the words, the line is what is known.
    found = lines[line - 1].find(problem.words)
    if problem.words:  # `a.md` is no part of `data.md`
        whole = rf"(?<![\w./%-]){re.escape(problem.words)}(?![\w./%-])"
        found = next((each.start() for each in re.finditer(whole, lines[line - 1])), found)
    start = max(found, 0) + 1
    message, mend = visible(problem.message), visible(problem.mend)
    end = start + len(problem.words)
    fix = problem.fix if found >= 0 and problem.words else None
    return Finding(_name(path), line, start, problem.code, message, mend, line, end, fix)


def _is_note(file: Path) -> bool:
    return file.suffix.lower() in NOTE_SUFFIXES and file.is_file() and not file.is_symlink()


def _from_error(error: StudykitError, file: str) -> Finding:
    return _finding_of(error, file, "unbuildable")


def _finding_of(error: StudykitError, file: str, code: str) -> Finding:
    line, column = error.line or 1, error.column or 1
    was, fix = error.fix or ("", None)
    message = visible(" ".join(error.message.split()))
    mend = visible(" ".join((error.mend or "correct it").split()))
    end = column + len(was)
    return Finding(file, line, column, code, message, mend, line, end, fix)


def _about_file(path: Path, code: str, message: str, mend: str) -> Finding:
    return Finding(_name(path), 1, 1, code, visible(message), mend, 1, 1)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow symbolic links


def _name(path: Path) -> str:
    """As seen from the working directory, if it is below it."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _which(meeting: Meeting) -> str:
    if meeting.week is not None:
        return f"week {meeting.week}"
    return meeting.date or f"the meeting {meeting.id}"
