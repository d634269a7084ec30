"""A folder of notes: the notes with what stands beside them, their overlays and the group's files.

meetings/
  week-01.txt     a note, as typed
  week-01.toml    its overlay: corrections, and the ids that were published
  people.toml     the group's members
  lexicon.toml    the group's own words
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path, PurePath

from studykit.errors import NoteError
from studykit.wiki.closing import kinds_of, wrong_in_overlay
from studykit.wiki.group import GROUP_FILES, Group, load_group
from studykit.wiki.overlay import Overlay, apply_overlay, load_overlay
from studykit.wiki.pins import apply_pins
from studykit.wiki.read import read_note
from studykit.wiki.records import Answer, Note, Record

__all__ = [
    "NOTE_SUFFIXES",
    "Folder",
    "by_name",
    "distinct_meetings",
    "overlay_of",
    "read_file",
    "read_folder",
]

NOTE_SUFFIXES = (".md", ".txt")


@dataclass(frozen=True, slots=True)
class Folder:
    """The notes as corrected, in the order of their names; overlays by the names of their files."""

    notes: tuple[Note, ...]
    overlays: Mapping[str, Overlay]
    group: Group


def read_folder(
    folder: Path, root: Path | None = None, known: Mapping[Path, Note] | None = None
) -> Folder:
    """Read a folder of notes.

    Args:
        folder: The folder; `.txt` and `.md` files in it and below are notes.
        root: What the files' names are relative to; the folder's parent by default.
        known: Notes that were read already, with this group's files, by their paths below `folder`.

    Raises:
        ConfigError: An overlay or a file of the group's is no TOML that means something.
        NoteError: The folder is missing, a note cannot be opened, two files want one name, or an
            overlay does not fit its note.
    """
    if not folder.is_dir():
        raise NoteError(
            "there is no such folder of notes",
            file=str(folder),
            mend="make it and put the first note in, e.g. meetings/week-01.txt",
        )
    root = folder.parent if root is None else root
    group = load_group(folder, root)
    known = known or {}
    notes = distinct_meetings(
        replace(known[path], file=name) if path in known else _read_file(path, name, group)
        for path, name in ((p, p.relative_to(root).as_posix()) for p in _note_files(folder, root))
    )
    overlays = _overlays(folder, root, notes)
    pinned = _pinned(overlays)
    corrected = []
    for note in notes:
        name = overlay_of(note)
        ids = (pinned.get(meeting.id, {}) for meeting in note.meetings)
        taken = {taken for owners in ids for taken, owner in owners.items() if owner != name}
        overlay = overlays.get(name)
        corrected.append(
            apply_overlay(note, overlay, taken) if overlay else apply_pins(note, (), taken)
        )
    kinds = kinds_of(corrected)
    for overlay in overlays.values():
        for wrong in wrong_in_overlay(overlay, kinds):
            raise wrong
    return Folder(tuple(corrected), overlays, group)


def read_file(path: Path, folder: Path) -> Note:
    """Read one note: as its folder's files correct it where it lies in `folder`, else alone.

    Args:
        path: The note, by which its file is named.
        folder: The folder of notes.

    Raises:
        ConfigError: A file beside the folder's notes is wrong.
        NoteError: The note cannot be read, or something else is wrong in the folder.
    """
    if path.resolve().is_relative_to(folder.resolve()):
        for note in read_folder(folder).notes:
            if (folder.parent / note.file).resolve() == path.resolve():
                return replace(note, file=path.as_posix())
    return _read_file(path, path.as_posix(), Group())


def overlay_of(note: Note) -> str:
    """The name of the file that is this note's overlay, whether it is there or not.

    Examples:
        >>> overlay_of(read_note(b"", "meetings/week-03.txt"))
        'meetings/week-03.toml'
    """
    return PurePath(note.file).with_suffix(".toml").as_posix()


def by_name(path: PurePath) -> tuple[PurePath, str]:
    """The order of notes: `week-03.txt` before `week-03-b.txt`, the dot being no letter."""
    return path.with_suffix(""), path.suffix


def _note_files(folder: Path, root: Path) -> list[Path]:
    """The notes in order; no two share an overlay, and none takes a name of the group's."""
    paths = sorted(
        (
            path
            for path in folder.rglob("*")
            if path.suffix.lower() in NOTE_SUFFIXES and path.is_file() and not path.is_symlink()
        ),
        key=by_name,
    )
    stems: dict[Path, Path] = {}
    for path in paths:
        name = path.relative_to(root).as_posix()
        overlay = path.with_suffix(".toml")
        if overlay.parent == folder and overlay.name in GROUP_FILES:
            raise NoteError(
                f"a note cannot have this name: {overlay.name} beside it is the group's",
                file=name,
                mend="rename the note, e.g. week-03.txt",
            )
        other = stems.setdefault(overlay, path)
        if other is not path:
            raise NoteError(
                f"{other.name} stands beside it, and {overlay.name} could belong to either",
                file=name,
                mend="rename one of the two",
            )
    return paths


def _overlays(folder: Path, root: Path, notes: Iterable[Note]) -> dict[str, Overlay]:
    """The overlays by name. One without a note may only keep the ids of a note that was deleted."""
    names = {overlay_of(note) for note in notes}
    overlays = {}
    for path in sorted(folder.rglob("*.toml")):
        own = path.parent == folder and path.name in GROUP_FILES
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if own or hidden or path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(root).as_posix()
        overlay = load_overlay(path, name)
        if name not in names and not overlay.only_pins:
            known = (
                *names,
                *((folder / file).relative_to(root).as_posix() for file in GROUP_FILES),
            )
            near = get_close_matches(name, known, n=1)
            raise NoteError(
                f"there is no note {path.stem}.txt or {path.stem}.md that it could correct",
                file=name,
                mend=(f"did you mean {near[0]}? If not, r" if near else "r")
                + "ename it as its note; of a note that is deleted keep only [pins]",
            )
        overlays[name] = overlay
    return overlays


def _pinned(overlays: Mapping[str, Overlay]) -> dict[str, dict[str, str]]:
    """By the meeting in the id, every pinned id with the overlay that pins it."""
    owners: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, overlay in overlays.items():
        for pin in overlay.pins:
            other = owners[pin.id.rpartition("-")[0]].setdefault(pin.id, name)
            if other != name:
                raise NoteError(
                    f"{pin.id} is pinned in {other} as well",
                    file=name,
                    line=overlay.file.line("pins", pin.id),
                    mend="remove it from the note that never was published with it",
                )
    return owners


def _read_file(path: Path, name: str, group: Group) -> Note:
    try:
        return read_note(path.read_bytes(), name, group)
    except OSError as error:
        raise NoteError(
            f"the note cannot be opened: {error.strerror}",
            file=name,
            mend="name a note that is there, e.g. meetings/week-01.txt, and check its permissions",
        ) from error


def distinct_meetings(notes: Iterable[Note]) -> list[Note]:
    """The notes with no meeting id twice: the later of two gets a letter, `w03b`."""
    taken: set[str] = set()
    distinct = []
    for note in notes:
        ids: dict[str, str] = {}
        for meeting in note.meetings:
            old = meeting.id
            candidates = (old, *(f"{old}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"))
            new = next((candidate for candidate in candidates if candidate not in taken), None)
            if new is None:
                raise NoteError(
                    f"more than 26 notes are meeting {old}",
                    file=note.file,
                    mend="give each note its own week or date in its name, e.g. week-03.txt",
                )
            taken.add(new)
            ids[old] = new
        distinct.append(
            note if all(old == new for old, new in ids.items()) else _renamed(note, ids)
        )
    return distinct


def _renamed(note: Note, ids: Mapping[str, str]) -> Note:
    """The note with other ids of its meetings."""

    def moved(record: Record) -> Record:
        new = ids[record.meeting]
        if isinstance(record, Answer) and record.question and not record.named:
            question = new + record.question.removeprefix(record.meeting)
            record = replace(record, question=question)
        return replace(record, id=new + record.id.removeprefix(record.meeting), meeting=new)

    return replace(
        note.with_records(map(moved, note.records())),
        meetings=tuple(replace(meeting, id=ids[meeting.id]) for meeting in note.meetings),
        closings=tuple(replace(each, meeting=ids[each.meeting]) for each in note.closings),
    )
