"""A note that was typed elsewhere, taken into the folder of notes byte for byte."""

from __future__ import annotations

import datetime
from pathlib import Path

from studykit.errors import NoteError
from studykit.wiki.agenda import free_week, note_name
from studykit.wiki.beginning.files import write_new
from studykit.wiki.folder import NOTE_SUFFIXES
from studykit.wiki.read import read_note

__all__ = ["new_note"]


def new_note(
    file: Path, folder: Path, *, week: int | None = None, date: datetime.date | None = None
) -> Path:
    """Copy a note into the folder of notes, under the name of its meeting; nothing is overwritten.

    Args:
        file: The note as it was typed, anywhere.
        folder: The folder of notes; it is made where there is none.
        week: The meeting's week; by default what the file's name or its text says, else the one
            after the newest.
        date: The meeting's date instead.

    Returns:
        The note in the folder.

    Raises:
        NoteError: The file cannot be read, is no text file, or the meeting has a note already.
    """
    if file.suffix.lower() not in NOTE_SUFFIXES:
        raise NoteError(
            "only .txt and .md files are notes",
            file=file.as_posix(),
            mend="save it as text (UTF-8) with the name ending in .txt",
        )
    try:
        data = file.read_bytes()
    except OSError as error:
        raise NoteError(
            f"the note cannot be opened: {error.strerror}",
            file=file.as_posix(),
            mend="see whether the name is right, and the file's permissions",
        ) from error
    if week is None and date is None:
        meeting = next(iter(read_note(data, file.name).meetings), None)
        if meeting and meeting.week is not None:
            week = meeting.week
        elif meeting and meeting.date is not None:
            date = datetime.date.fromisoformat(meeting.date)
    week = free_week(folder, week, date)
    path = folder / f"{note_name(week, date)}{file.suffix.lower()}"
    write_new(path, data, "give another --week or --date")
    return path
