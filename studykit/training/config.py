"""Typed configuration read from TOML.

A configuration is a frozen dataclass; a field that is a dataclass itself is a table of the file.
What the file leaves out keeps the value of the defaults, and what the dataclass does not know is an
error, because a misspelt key that is ignored costs a training run.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from studykit.errors import ConfigError

__all__ = ["config_from_dict", "config_to_dict", "read_config"]

Config = TypeVar("Config")


def read_config(path: Path, defaults: Config) -> Config:
    """Read a TOML file into a dataclass.

    Args:
        path: The file.
        defaults: What holds where the file is silent, an instance of the dataclass. Its fields may
            be `int`, `float`, `bool`, `str`, a `Literal`, a tuple of one of these, or another such
            instance.

    Returns:
        The configuration.

    Raises:
        ConfigError: If the file cannot be read or is no TOML, or a key or value does not fit; the
            message names the file, the line, what was expected and how to mend it.

    Examples:
        >>> import tempfile
        >>> @dataclasses.dataclass(frozen=True)
        ... class Optimiser:
        ...     steps: int = 100
        >>> path = Path(tempfile.mkdtemp()) / "config.toml"
        >>> _ = path.write_text("steps = 20", encoding="utf-8")
        >>> read_config(path, Optimiser())
        Optimiser(steps=20)
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot be read: {error}", file=str(path), mend="give a TOML file in UTF-8"
        ) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+), column (\d+)", str(error))
        raise ConfigError(
            f"no TOML: {error}",
            file=str(path),
            line=int(found[1]) if found else text.count("\n") + 1,
            column=int(found[2]) if found else None,
            mend="write `key = value` lines under [table] headings, strings in quotes",
        ) from error
    return config_from_dict(data, defaults, file=str(path), text=text)


def config_from_dict(
    data: dict[str, Any], defaults: Config, *, file: str | None = None, text: str = ""
) -> Config:
    """Build a dataclass from plain data, such as parsed TOML or JSON.

    Args:
        data: Keys and values; a table is a dictionary in it, a tuple a list.
        defaults: What holds where the data are silent; see `read_config`.
        file: Where the data came from, to name in errors.
        text: The source of the data as TOML, to find lines for errors in.

    Returns:
        The configuration.

    Raises:
        ConfigError: If a key or value does not fit.

    Examples:
        >>> @dataclasses.dataclass(frozen=True)
        ... class Optimiser:
        ...     steps: int = 100
        >>> config_from_dict({"stpes": 20}, Optimiser())
        Traceback (most recent call last):
        ...
        studykit.errors.ConfigError: unknown key 'stpes'
          mend: write 'steps'
    """
    config: Config = _Reader(file, text).table(data, defaults, ())
    return config


def config_to_dict(config: Any) -> dict[str, Any]:
    """Turn a configuration into plain data, which `config_from_dict` turns back.

    Args:
        config: A dataclass instance.

    Returns:
        Dictionaries, lists, numbers, strings and booleans.

    Examples:
        >>> @dataclasses.dataclass(frozen=True)
        ... class Network:
        ...     widths: tuple[int, ...] = (1, 2)
        >>> config_to_dict(Network())
        {'widths': [1, 2]}
    """
    return {field.name: _plain(getattr(config, field.name)) for field in dataclasses.fields(config)}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return config_to_dict(value)
    return list(value) if isinstance(value, tuple) else value


class _Reader:
    """Walks a table and its dataclass side by side; knows the source to point at mistakes."""

    def __init__(self, file: str | None, text: str) -> None:
        self.file = file
        self.text = text

    def table(self, data: dict[str, Any], defaults: Any, path: tuple[str, ...]) -> Any:
        types_of = get_type_hints(type(defaults))
        names = [field.name for field in dataclasses.fields(defaults)]
        values = {}
        for key, value in data.items():
            here = (*path, key)
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1)
                mend = f"write '{near[0]}'" if near else f"the keys here are {', '.join(names)}"
                raise self._error(f"unknown key '{'.'.join(here)}'", here, mend)
            default = getattr(defaults, key)
            # A table is read as what stands there by default: one field may hold several kinds.
            expected = default if dataclasses.is_dataclass(default) else types_of[key]
            values[key] = self.value(value, expected, here)
        try:
            return dataclasses.replace(defaults, **values)
        except (
            ValueError
        ) as error:  # The dataclass's own check of numbers that must fit each other.
            raise self._error(str(error), path or tuple(data)[:1], "change these values") from error

    def value(self, value: Any, expected: Any, path: tuple[str, ...]) -> Any:
        if dataclasses.is_dataclass(expected) and isinstance(value, dict):
            return self.table(value, expected, path)
        if get_origin(expected) is tuple and isinstance(value, list):
            return tuple(self.value(item, get_args(expected)[0], path) for item in value)
        if get_origin(expected) is Literal and value in get_args(expected):
            return value
        if expected is float and type(value) in (int, float):
            return float(value)
        # `type(...) is`, because in Python a bool is an int too.
        if isinstance(expected, type) and type(value) is expected:
            return value
        raise self._error(
            f"'{'.'.join(path)}' is {value!r}, expected {_say(expected)}",
            path,
            f"give '{path[-1]}' {_say(expected)}",
        )

    def _error(self, message: str, path: tuple[str, ...], mend: str) -> ConfigError:
        line = _line_of(path, self.text) if self.text else None
        return ConfigError(message, file=self.file, line=line, mend=mend)


def _say(expected: Any) -> str:
    if dataclasses.is_dataclass(expected):
        return "a table"
    if get_origin(expected) is tuple:
        return f"a list, each item {_say(get_args(expected)[0])}"
    if get_origin(expected) is Literal:
        return "one of " + ", ".join(repr(choice) for choice in get_args(expected))
    return {
        int: "a whole number",
        float: "a number",
        bool: "true or false",
        str: "a text in quotes",
    }[expected]


def _line_of(path: tuple[str, ...], text: str) -> int | None:
    """Find the line of a key or table in TOML source, or None.

    tomllib keeps no positions. This reads the usual spelling, `[table]` lines and `key = value`
    lines.
    """
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*\[\s*([\w.\s\"'-]+?)\s*\]", line):
            table = tuple(part.strip(" \t\"'") for part in heading[1].split("."))
            if table == path:
                return number
        elif key := re.match(r"\s*([\w.\s\"'-]+?)\s*=", line):
            dotted = tuple(part.strip(" \t\"'") for part in key[1].split("."))
            if (*table, *dotted) == path:
                return number
    return None
