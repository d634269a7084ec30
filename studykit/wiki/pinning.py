"""Writing the ids of notes into their overlays, so that they stay whatever becomes of the notes."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from studykit.errors import NoteError
from studykit.wiki.folder import overlay_of, read_folder
from studykit.wiki.pins import Pin, renew_pins
from studykit.wiki.toml_file import TomlFile

__all__ = ["Pinned", "pin_notes", "with_pins"]

_HEAD = """\
# What each published id means, as `studykit pin` wrote it. Keep what is gone: no id is used twice.
"""


@dataclass(frozen=True, slots=True)
class Pinned:
    """An overlay that was written: how many ids were new to it, and what is gone from its note."""

    overlay: str
    added: int
    gone: tuple[Pin, ...]


def pin_notes(
    folder: Path, notes: Collection[Path] = (), root: Path | None = None
) -> tuple[Pinned, ...]:
    """Pin the ids of the notes of a folder; where nothing has changed, nothing is written.

    Args:
        folder: The folder of notes.
        notes: The notes to pin; all of the folder by default.
        root: What the files' names are relative to; the folder's parent by default.

    Returns:
        The overlays that were written.

    Raises:
        ConfigError: A file beside the notes is wrong.
        NoteError: A note is wrong, or none of the folder's.
    """
    root = folder.parent if root is None else root
    read = read_folder(folder, root)
    by_path = {(root / note.file).resolve(): note for note in read.notes}
    chosen = []
    for path in notes:
        note = by_path.get(path.resolve())
        if note is None:
            raise NoteError(
                f"there is no such note in {folder.as_posix()}",
                file=path.as_posix(),
                mend="name a note of that folder, e.g. meetings/week-01.txt",
            )
        chosen.append(note)
    written = []
    for note in chosen or read.notes:
        name = overlay_of(note)
        overlay = read.overlays.get(name)
        before = overlay.pins if overlay else ()
        after = renew_pins(note, before)
        if after == before:
            continue
        was_gone = {pin.id for pin in before if pin.gone}
        gone = tuple(pin for pin in after if pin.gone and pin.id not in was_gone)
        _write(root / name, name, after)
        written.append(Pinned(name, len(after) - len(before), gone))
    return tuple(written)


def with_pins(text: str, pins: Sequence[Pin]) -> str:
    r"""The text of an overlay with these pins, and everything else in it as it was.

    Examples:
        >>> said = "title = '안개'  # so far\n[pins]\n"
        >>> print(with_pins(said, [Pin("w03-q1", "question", 4, "왜?")]), end="")
        title = '안개'  # so far
        [pins]
        w03-q1 = {kind = "question", line = 4, text = "왜?"}
    """
    document = tomlkit.parse(text)
    if "pins" not in document:
        text += "" if text.endswith("\n") or not text else "\n"
        between = "\n" if text else ""
        document = tomlkit.parse(f"{text}{between}{_HEAD}[pins]\n")
    table: Any = document["pins"]
    for pin in pins:
        value = tomlkit.inline_table()
        value.update({"kind": pin.kind, "line": pin.line, "text": pin.text})
        if pin.gone:
            value["gone"] = True
        if pin.id not in table or table[pin.id].unwrap() != value.unwrap():
            table[pin.id] = value
    return tomlkit.dumps(document)


def _write(path: Path, name: str, pins: Sequence[Pin]) -> None:
    """Write the overlay in whole or not at all, with the mark and the line ends that it has."""
    try:
        data = path.read_bytes() if path.exists() else b""
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        end = "\r\n" if b"\r\n" in data else "\n"
        text = with_pins(TomlFile.read(path, name).text if data else "", pins)
        new = path.with_name(f".{path.name}.new")
        new.write_bytes(mark + text.replace("\n", end).encode())
        new.replace(path)
    except OSError as error:
        raise NoteError(
            f"cannot be written: {error.strerror}", file=name, mend="check its permissions"
        ) from error
