r"""A TOML file that people write, and errors that say where in it something is wrong.

>>> file = TomlFile.parse('title = "안개"\n[[person]]\nnmae = "가람"\n', "people.toml")
>>> file.line("person", 0, "nmae")
3
>>> file.only_keys(file.data["person"][0], ("name", "also"), "person", 0)
Traceback (most recent call last):
studykit.errors.ConfigError: people.toml:3: unknown key 'nmae'; known here: name, also
  mend: did you mean 'name'?
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from studykit.errors import ConfigError

__all__ = ["Step", "TomlFile"]

Step = str | int
"""One step of a path to a value: a key, or the place in an array of tables, from 0."""

_LONG_STRING = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'', re.DOTALL)
_KEY = r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*'"""
_DOTTED = rf"(?:{_KEY})(?:[ \t]*\.[ \t]*(?:{_KEY}))*"
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]")
_ASSIGNED = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_ERROR_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What a file says, and the text in which it says so; `name` is the file's for the user."""

    name: str
    text: str
    data: dict[str, Any]

    @classmethod
    def read(cls, path: Path, name: str) -> TomlFile:
        """Read a file of UTF-8.

        Raises:
            ConfigError: It cannot be opened, is no UTF-8, or is no TOML.
        """
        try:
            text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except OSError as error:
            raise ConfigError(
                f"cannot be opened: {error.strerror}", file=name, mend="check its permissions"
            ) from error
        except UnicodeDecodeError as error:
            raise ConfigError(
                f"byte {error.start} is no UTF-8, in which TOML is written",
                file=name,
                mend="save the file as UTF-8",
            ) from error
        return cls.parse(text, name)

    @classmethod
    def parse(cls, text: str, name: str) -> TomlFile:
        """Read TOML.

        Raises:
            ConfigError: The text is no TOML.
        """
        try:
            return cls(name, text, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            message = str(error)
            place = _ERROR_PLACE.search(message)
            line, column = (place[1], place[2]) if place else (None, None)
            raise ConfigError(
                f"this is no TOML: {_ERROR_PLACE.sub('', message)}",
                file=name,
                line=int(line) if line else text.count("\n") + 1,
                column=int(column) if column else None,
                mend='write `key = "text"`, `key = ["text", "text"]`, or `[table]`; see https://toml.io',
            ) from error

    def line(self, *path: Step) -> int | None:
        """The line on which the value at `path` is given, else that of the table around it."""
        best: tuple[int, int] | None = None
        table: tuple[Step, ...] = ()
        counts: dict[tuple[Step, ...], int] = {}
        # A long string may hold lines that look like a header; only its line ends count.
        plain = _LONG_STRING.sub(lambda match: "''" + "\n" * match.group().count("\n"), self.text)
        for number, line in enumerate(plain.split("\n"), start=1):
            if header := _HEADER.match(line):
                table = self._table(header[1], _steps(header[2]), counts)
                here = table
            elif assigned := _ASSIGNED.match(line):
                here = (*table, *_steps(assigned[1]))
            else:
                continue
            if here == path[: len(here)] and (best is None or len(here) > best[0]):
                best = len(here), number
        return best[1] if best else None

    def place(self, text: str, *path: Step) -> tuple[int | None, int | None]:
        """The line and the column at which a text within the value at `path` stands."""
        first = self.line(*path)
        if first is None:
            return None, None
        lines = self.text.split("\n")
        written = re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])")
        for number, line in enumerate(lines[first - 1 :], first):
            if match := written.search(line):
                return number, match.start() + 1
        return first, None

    def _table(
        self, bracket: str, keys: tuple[str, ...], counts: dict[tuple[Step, ...], int]
    ) -> tuple[Step, ...]:
        """The path of a header's table: with the place of each array of tables on the way."""
        path: tuple[Step, ...] = ()
        for index, key in enumerate(keys):
            path = (*path, key)
            if bracket == "[[" and index == len(keys) - 1:
                counts[path] = counts.get(path, -1) + 1
            if path in counts:
                path = (*path, counts[path])
        return path

    def error(self, message: str, *path: Step, mend: str) -> ConfigError:
        """The error to raise for the value at `path`."""
        return ConfigError(message, file=self.name, line=self.line(*path), mend=mend)

    def only_keys(self, table: Mapping[str, Any], known: Iterable[str], *path: Step) -> None:
        """Check that the table at `path` has no key but the known ones.

        Raises:
            ConfigError: It has another; the message names the nearest known one.
        """
        known = tuple(known)
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0.5)
                raise self.error(
                    f"unknown key {key!r}; known here: {', '.join(known)}",
                    *path,
                    key,
                    mend=f"did you mean {near[0]!r}?" if near else "remove it",
                )

    def tables(self, key: str, example: str) -> list[dict[str, Any]]:
        """The tables `[[key]]`; none when the file has none."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            raise self.error(f"{key!r} must be tables", key, mend=f"write them as {example}")
        return value

    def string(self, table: Mapping[str, Any], key: str, *path: Step, empty: bool = False) -> str:
        """The text at `key`, which must be there, and have something in it unless `empty`."""
        value = table.get(key)
        if not isinstance(value, str) or not (empty or value.strip()):
            raise self.error(
                f"{key!r} must be a text, and is {_shown(value)}",
                *path,
                key,
                mend=f'write {key} = "…"',
            )
        return value

    def strings(self, table: Mapping[str, Any], key: str, *path: Step) -> tuple[str, ...]:
        """The list of texts at `key`; none when it is missing."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.error(
                f"{key!r} must be a list of texts, and is {_shown(value)}",
                *path,
                key,
                mend=f'write {key} = ["…", "…"]',
            )
        return tuple(value)


def _steps(dotted: str) -> tuple[str, ...]:
    """The keys of `a."b c".d`."""
    found: list[str] = re.findall(_KEY, dotted)
    return tuple(
        next(iter(tomllib.loads(f"{key} = 0"))) if key[0] in "\"'" else key for key in found
    )


def _shown(value: object) -> str:
    return "missing" if value is None else repr(value)
