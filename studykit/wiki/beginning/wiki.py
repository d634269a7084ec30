"""Another group's wiki: begun in an empty folder, and brought up to date later.

`.studykit.toml` in it remembers what the group chose, and a hash of each file as studykit wrote it.
By that hash an upgrade knows which files the group has changed since: those stay, and the newer
version is put beside them.
"""

from __future__ import annotations

import datetime
import difflib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from studykit.errors import ConfigError
from studykit.wiki.beginning.note import new_note
from studykit.wiki.beginning.origin import chosen_source
from studykit.wiki.beginning.project_files import FIRST_NOTE, Settings, first_files, kept_files
from studykit.wiki.chrome import LANGUAGES
from studykit.wiki.exchange import PREFIX
from studykit.wiki.toml_file import TomlFile

__all__ = ["MANIFEST", "Upgrade", "begin_wiki", "upgrade_wiki"]

MANIFEST = ".studykit.toml"

_ABOUT = """\
Written by `studykit init` and `studykit upgrade`; commit it, and leave it to them.
The hashes are those of the files as studykit wrote them: what you changed since stays yours.
"""


def begin_wiki(
    folder: Path,
    settings: Settings,
    *,
    note: Path | None = None,
    week: int | None = None,
    date: datetime.date | None = None,
) -> Path:
    """Begin a wiki in a folder that is empty or not there yet; all of it is written, or nothing.

    Args:
        folder: The folder; git's own, `.git`, may be in it.
        settings: What the group chose.
        note: The first note, taken byte for byte; an empty one by default.
        week: Its week, where neither its name nor its text says it.
        date: Its date instead.

    Returns:
        The first note.

    Raises:
        ConfigError: The name is none, or something is in the folder or it cannot be written.
        NoteError: The note cannot be read or is none.
    """
    if not settings.name.strip() or not settings.name.isprintable():
        raise ConfigError(
            "the wiki's name must be a line of text", mend='write --name "생성 모델 스터디"'
        )
    _check_empty(folder)
    target = Path(os.path.abspath(folder))  # noqa: PTH100 - a link to an empty folder is followed
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=target.parent))
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        new = staging / "new"
        kept, first = kept_files(settings), first_files(settings)
        if note is not None:
            path = new_note(note, new / "meetings", week=week, date=date).relative_to(new)
            first = {name: data for name, data in first.items() if not name.endswith(FIRST_NOTE)}
        else:
            path = Path("meetings", FIRST_NOTE)
        for name, data in (*kept.items(), *first.items()):
            _write(new / name, data)
        _write(new / MANIFEST, _manifest(settings, kept))
        _move_in(new, target)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return folder / path


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade did: the files that it wrote, and those that the group keeps as they are.

    `kept` has, for each file of the group's own with a newer version beside it, what differs.
    `missing` are files that the group has taken away, and that stay away.
    """

    written: tuple[str, ...]
    kept: Mapping[str, str]
    missing: tuple[str, ...]


def upgrade_wiki(folder: Path, source: str | None = None) -> Upgrade:
    """Bring this version's workflow and configuration into a wiki that `begin_wiki` began.

    A file that nobody has changed is replaced. One that the group has changed stays, and the new
    version is written beside it, as `FILE.new`. Notes and pages are never looked at.

    Args:
        folder: The folder of the wiki.
        source: Where studykit comes from, if that is to change.

    Returns:
        What was done.

    Raises:
        ConfigError: It is no such wiki, its manifest is wrong, or a file cannot be written; what
            was replaced by then is whole, and the next upgrade goes on.
    """
    settings, hashes = _read_manifest(folder)
    settings = settings.from_source(chosen_source(source, settings.source))
    written, missing, kept, todo = [], [], {}, {}
    new = kept_files(settings)
    for name, data in new.items():
        path, beside = folder / name, folder / f"{name}.new"
        _check_inside(folder, path)
        there = path.read_bytes() if path.is_file() else None
        before = hashes.get(name)
        if there is None and before is not None:
            missing.append(name)
        elif there == data:
            continue
        elif there is None or _hash(there) == before:
            written.append(name)
            todo[path] = data
        elif before != _hash(data):  # else the group has changed what this version would write
            if beside.is_file() and _hash(beside.read_bytes()) not in (before, _hash(data)):
                raise ConfigError(
                    "the new version would go there, and something else is there",
                    file=beside.as_posix(),
                    mend="take what you need of it, and move it away",
                )
            kept[name] = _difference(name, there, data)
            todo[beside] = data
    todo[folder / MANIFEST] = _manifest(settings, new)  # last: a cut upgrade is done again
    for path, data in todo.items():
        try:
            _replace(path, data)
        except OSError as error:
            raise _unwritable(path, error) from error
    return Upgrade(tuple(written), kept, tuple(missing))


# --- the manifest ---------------------------------------------------------------------------------


def _manifest(settings: Settings, files: Mapping[str, bytes]) -> bytes:
    document = tomlkit.document()
    for line in _ABOUT.splitlines():
        document.add(tomlkit.comment(line))
    document["name"] = settings.name
    document["language"] = settings.language
    document["source"] = settings.source
    document["models"] = settings.models
    document["files"] = {name: _hash(data) for name, data in files.items()}
    return tomlkit.dumps(document).encode()


def _read_manifest(folder: Path) -> tuple[Settings, Mapping[str, str]]:
    path = folder / MANIFEST
    if not path.is_file():
        raise ConfigError(
            "there is no such file, so this wiki was not begun by `studykit init`",
            file=path.as_posix(),
            mend="run this in the wiki's folder; a checkout of studykit itself is updated by git",
        )
    file = TomlFile.read(path, path.as_posix())
    keys = {"name": str, "language": str, "source": str, "models": bool, "files": dict}
    file.only_keys(file.data, keys)
    for key, kind in keys.items():
        if not isinstance(file.data.get(key), kind):
            raise file.error(
                f"{key!r} must be of type {kind.__name__}, and is {file.data.get(key)!r}",
                key,
                mend="take the file from git as `studykit init` or `upgrade` wrote it",
            )
    if file.data["language"] not in LANGUAGES:
        raise file.error(
            f"there are no words for the language {file.data['language']!r}",
            "language",
            mend=f"write one of {', '.join(LANGUAGES)}",
        )
    hashes = {name: str(value) for name, value in file.data["files"].items()}
    return Settings(**{key: file.data[key] for key in keys if key != "files"}), hashes


def _hash(data: bytes) -> str:
    # As in git, where line endings may differ between systems.
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def _difference(name: str, yours: bytes, new: bytes) -> str:
    before, after = (data.decode(errors="replace").splitlines() for data in (yours, new))
    lines = difflib.unified_diff(before, after, f"{name} (yours)", f"{name}.new", lineterm="")
    return "\n".join(lines)


# --- files ----------------------------------------------------------------------------------------


def _check_empty(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ConfigError("is a file", file=folder.as_posix(), mend="name a folder")
    there = sorted(each.name for each in folder.iterdir() if each.name != ".git")
    if not there:
        return
    if MANIFEST in there:
        mend = "it is a wiki already: `studykit upgrade` brings newer workflow and configuration"
    else:
        mend = "name a folder that is empty or not there yet"
    shown = ", ".join(there[:3]) + (", …" if len(there) > 3 else "")
    raise ConfigError(f"the folder is not empty: {shown}", file=folder.as_posix(), mend=mend)


def _move_in(new: Path, target: Path) -> None:
    """Put the new folder where it belongs; a folder that is there stays the one that it is."""
    if not target.exists():
        new.rename(target)
        return
    moved: list[Path] = []
    try:
        # The manifest last: with it the wiki is there.
        for path in sorted(new.iterdir(), key=lambda each: (each.name == MANIFEST, each.name)):
            path.rename(target / path.name)
            moved.append(target / path.name)
    except OSError:
        for path in moved:
            path.rename(new / path.name)
        raise


def _check_inside(folder: Path, path: Path) -> None:
    if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
        raise ConfigError(
            "leads out of the wiki's folder, or is a symbolic link",
            file=path.as_posix(),
            mend="put a plain file or folder there",
        )


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that it is the old one or the new one whenever somebody looks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"cannot be written: {error.strerror}",
        file=path.as_posix(),
        mend="make room or give the rights, and do it again",
    )
