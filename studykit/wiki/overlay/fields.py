"""What an overlay may say of each kind of record, and how it is read from TOML."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from studykit.wiki.records import (
    Answer,
    Decision,
    Due,
    Link,
    Opinion,
    Question,
    Record,
    Talk,
    Task,
)
from studykit.wiki.toml_file import Step, TomlFile

__all__ = ["FIELDS", "TYPES", "Said", "day", "folded", "shown", "words"]


@dataclass(frozen=True, slots=True)
class Said:
    """A table of an overlay, where it stands in the file, and the lines of the note it is about."""

    file: TomlFile
    table: Mapping[str, Any]
    at: tuple[Step, ...]
    lines: tuple[int, int]


Field = Callable[[Said, str], Any]
"""(table, key) -> the record's new value."""


def _names(said: Said, key: str) -> tuple[str, ...]:
    return said.file.strings(said.table, key, *said.at)


def words(said: Said, key: str) -> str | None:
    """A text; None where it is empty, which says that nothing is stated."""
    return said.file.string(said.table, key, *said.at, empty=True).strip() or None


def _flag(said: Said, key: str) -> bool:
    value = said.table[key]
    if not isinstance(value, bool):
        raise said.file.error(
            f"{key!r} must be true or false", *said.at, key, mend=f"write {key} = true"
        )
    return value


def _status(said: Said, key: str) -> str | None:
    status = words(said, key)
    if status not in ("planned", "given", None):
        raise said.file.error(
            f"{key!r} must be planned, given or empty, and is {status!r}",
            *said.at,
            key,
            mend=f'write {key} = "given"',
        )
    return status


def _due(said: Said, key: str) -> Due | None:
    if isinstance(said.table[key], str):
        text = words(said, key)
        return Due(text, None, None, said.lines) if text else None
    date = day(said.file, said.table, key, said.at)
    return Due(date, None, date, said.lines)


def day(file: TomlFile, table: Mapping[str, Any], key: str, at: tuple[Step, ...]) -> str:
    """A date of TOML, in ISO's form."""
    value = table[key]
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise file.error(
            f"{key!r} must be a date, and is {value!r}",
            *at,
            key,
            mend=f"write it without quotation marks: {key} = 2031-03-18",
        )
    return value.isoformat()


FIELDS: dict[str, dict[str, Field]] = {
    "opinion": {"speakers": _names},
    "decision": {},
    "question": {"askers": _names},
    "answer": {"question": words},
    "talk": {
        "subject": words,
        "presenters": _names,
        "volunteers": _names,
        "due": _due,
        "status": _status,
    },
    "task": {"owners": _names, "due": _due, "done": _flag},
    "link": {"title": words},
}
"""What may be said of each kind of record; of every kind but a link, another text as well."""

TYPES: dict[str, type[Record]] = {
    "opinion": Opinion,
    "decision": Decision,
    "question": Question,
    "answer": Answer,
    "talk": Talk,
    "task": Task,
    "link": Link,
}


def shown(value: object) -> str | None:
    """A field's value as words; None where nothing is stated."""
    match value:
        case tuple():
            return ", ".join(value) or None
        case Due():
            return value.text
        case bool():
            return "done" if value else "open"
        case str():
            return value
    return None


def folded(text: str) -> str:
    """The form in which words are compared and shown: blanks and Unicode's form do not matter."""
    folded = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in folded)
