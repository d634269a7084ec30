"""The group's own data beside its notes: its members, and its words.

`meetings/people.toml`:

    [[person]]
    name = "현수"                            # as the notes usually write it, without 님
    also = ["@hyunsu", "Hyunsu", "수현이"]    # other names for the same person
    display = "H."                          # what the site shows instead of any of the names

`meetings/lexicon.toml` has the sections of `studykit/wiki/lexicon/ko.toml`, with the words that the
group uses besides those:

    [sections]
    question = ["물음표"]
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from studykit.wiki.toml_file import Step, TomlFile

__all__ = ["GROUP_FILES", "Group", "Member", "People", "load_group", "load_people", "load_words"]

GROUP_FILES = ("people.toml", "lexicon.toml")
"""Reserved names: these files are the group's, and no note's overlay."""

_PERSON = '[[person]]\nname = "…"'
_HONORIFICS = ("님", "씨", "쌤")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the group; `display` is None where the site shows the name."""

    name: str
    also: tuple[str, ...] = ()
    display: str | None = None


@dataclass(frozen=True, slots=True)
class People:
    """The members, found by any of their names.

    Examples:
        >>> people = People((Member("현수", ("@hyunsu",), "H."),))
        >>> people.canonical("Hyunsu 님"), people.canonical("가람")
        ('현수', None)
        >>> people.shown("현수"), people.shown("가람")
        ('H.', '가람')
    """

    members: tuple[Member, ...] = ()
    _by_name: dict[str, Member] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {_key(name): who for who in self.members for name in (who.name, *who.also)}
        object.__setattr__(self, "_by_name", names)

    def canonical(self, written: str) -> str | None:
        """The name of the member whom `written` means; None when it is nobody's.

        Case, the form of Unicode, blanks around it, a leading `@` and a trailing 님 or 씨 do not
        matter.
        """
        member = self.member(written)
        return member.name if member else None

    def shown(self, name: str) -> str:
        """What the site shows for this name: a member's `display` or name, else `name` itself."""
        member = self.member(name)
        return (member.display or member.name) if member else name

    def member(self, written: str) -> Member | None:
        """The member whom `written` means, as for `canonical`."""
        if not self._by_name:
            return None
        key = _key(written)
        if member := self._by_name.get(key):
            return member
        # Second, since a name may end in 씨 itself.
        for honorific in _HONORIFICS:
            if key.endswith(honorific):
                return self._by_name.get(key.removesuffix(honorific).rstrip())
        return None


@dataclass(frozen=True, slots=True)
class Group:
    """What the group says of itself; empty where it says nothing.

    `words` is what its lexicon.toml holds, checked against the sections of the Korean lexicon.
    """

    people: People = field(default_factory=People)
    words: Mapping[str, Any] = field(default_factory=dict)


def load_group(folder: Path, root: Path | None = None) -> Group:
    """Read people.toml and lexicon.toml of a folder of notes; each may be missing.

    Args:
        folder: The folder that holds the notes.
        root: What errors name the files relative to; the folder's parent by default.

    Raises:
        ConfigError: A file is wrong; the message names the line and how to mend it.
    """
    root = folder.parent if root is None else root
    people, words = (folder / name for name in GROUP_FILES)
    return Group(
        load_people(people, people.relative_to(root).as_posix()) if people.is_file() else People(),
        load_words(words, words.relative_to(root).as_posix()) if words.is_file() else {},
    )


def load_people(path: Path, name: str | None = None) -> People:
    """Read people.toml.

    Args:
        path: The file.
        name: How errors name it; the path by default.

    Raises:
        ConfigError: It is no TOML, has a key that means nothing or a value of the wrong type, or
            gives one name to two people.
    """
    file = TomlFile.read(path, name or path.as_posix())
    file.only_keys(file.data, ("person",))
    members = tuple(
        _member(file, table, index) for index, table in enumerate(file.tables("person", _PERSON))
    )
    _tell_apart(file, members)
    return People(members)


def _member(file: TomlFile, table: Mapping[str, Any], index: int) -> Member:
    at = ("person", index)
    file.only_keys(table, ("name", "also", "display"), *at)
    name = file.string(table, "name", *at).strip()
    also = tuple(other.strip() for other in file.strings(table, "also", *at))
    display = file.string(table, "display", *at).strip() if "display" in table else None
    for key, written in (("name", name), *(("also", other) for other in also)):
        if not _key(written):
            raise file.error(
                f"{written!r} is no name", *at, key, mend="write the name, with or without @"
            )
    return Member(name, also, display)


def _tell_apart(file: TomlFile, members: tuple[Member, ...]) -> None:
    """Check that no name means two people, and that no two are shown alike."""
    owners: dict[str, Member] = {}
    shown: dict[str, Member] = {}
    for index, member in enumerate(members):
        for key, written in (("name", member.name), *(("also", name) for name in member.also)):
            other = owners.setdefault(_key(written), member)
            if other is not member:
                raise file.error(
                    f"{written!r} is {member.name} here and {other.name} further up",
                    *("person", index, key),
                    mend="leave it with the one person whom the notes mean by it",
                )
        other = shown.setdefault(_key(member.display or member.name), member)
        if other is not member:
            raise file.error(
                f"{member.name} and {other.name} would both be shown as "
                f"{member.display or member.name!r}",
                *("person", index, "display"),
                mend="give each a display of their own",
            )


def load_words(path: Path, name: str | None = None) -> Mapping[str, Any]:
    """Read the group's lexicon.toml.

    Args:
        path: The file.
        name: How errors name it; the path by default.

    Returns:
        What it holds, as plain data.

    Raises:
        ConfigError: It is no TOML, or has a section or word list that studykit's own has not.
    """
    file = TomlFile.read(path, name or path.as_posix())
    known = resources.files("studykit.wiki.lexicon").joinpath("ko.toml").read_text("utf-8")
    _check_words(file, file.data, tomllib.loads(known))
    return file.data


def _check_words(
    file: TomlFile, table: Mapping[str, Any], known: Mapping[str, Any], *at: Step
) -> None:
    """Check that `table` has the shape of `known`, a table of studykit's own lexicon."""
    if not any(isinstance(value, dict | list) for value in known.values()):
        # The group's own words, each with a number: `"다음 모임" = 1`.
        kinds = {type(value) for value in known.values()}
        for word, value in table.items():
            if type(value) not in kinds:
                expected = " or ".join(sorted(kind.__name__ for kind in kinds))
                raise file.error(
                    f"{word!r} must be of type {expected}, and is {value!r}",
                    *at,
                    word,
                    mend=f"as in {next(iter(known))!r} = {next(iter(known.values()))!r}",
                )
        return
    file.only_keys(table, known, *at)
    for key, value in table.items():
        if isinstance(known[key], dict):
            if not isinstance(value, dict):
                raise file.error(
                    f"{key!r} must be a table, and is {value!r}",
                    *at,
                    key,
                    mend=f"write [{'.'.join(map(str, (*at, key)))}] and below it "
                    f"{', '.join(known[key])}",
                )
            _check_words(file, value, known[key], *at, key)
        else:
            file.strings(table, key, *at)


def _key(written: str) -> str:
    """The form in which names are compared."""
    folded = unicodedata.normalize("NFC", written).casefold()
    return unicodedata.normalize("NFC", folded).strip().removeprefix("@").strip()
