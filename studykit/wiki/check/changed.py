"""Which lines differ from a commit: what a pull request changed."""

from __future__ import annotations

import os
import re
from pathlib import Path

from studykit.wiki.check.published import ask_git, commit_of
from studykit.wiki.lines import split_lines

__all__ = ["changed_lines", "new_files"]

_HUNK = re.compile(rb"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")


def changed_lines(folder: Path, ref: str) -> frozenset[tuple[str, int]]:
    """The lines of the work tree that a commit has not, by file and number.

    A file that git does not know yet is new from its first line to its last; one that it ignores is
    nothing that somebody submits.

    Args:
        folder: A folder of the repository; files are named from the working directory.
        ref: What git knows a commit by.

    Raises:
        ConfigError: git or the commit is missing, or the folder is in no repository.
    """
    root = Path(os.fsdecode(ask_git(folder, "rev-parse", "--show-toplevel").rstrip(b"\r\n")))
    told = ask_git(
        folder,
        *("-c", "core.quotePath=false", "diff", "--unified=0", "--no-color", "--no-ext-diff"),
        *("--no-textconv", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/"),
        commit_of(folder, ref),
    )
    found = set()
    file = ""
    for line in told.split(b"\n"):
        if line.startswith(b"+++ b/"):
            file = _name(root, line[6:].rstrip(b"\t"))
        elif hunk := _HUNK.match(line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            found |= {(file, number) for number in range(first, first + count)}
    for path in new_files(root):
        count = len(split_lines((root / os.fsdecode(path)).read_bytes().decode("utf-8", "replace")))
        found |= {(_name(root, path), number) for number in range(1, count + 1)}
    return frozenset(found)


def new_files(root: Path) -> list[bytes]:
    """The files below a folder of the work tree that git neither has nor ignores, by path there.

    Raises:
        ConfigError: git is missing, or the folder is in no repository.
    """
    told = ask_git(root, "ls-files", "--others", "--exclude-standard", "-z")
    paths = (path for path in told.split(b"\0") if path)
    return [path for path in paths if _is_plain(root / os.fsdecode(path))]


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _name(root: Path, path: bytes) -> str:
    here, found = Path.cwd().resolve(), (root / os.fsdecode(path)).resolve()
    return (found.relative_to(here) if found.is_relative_to(here) else found).as_posix()
