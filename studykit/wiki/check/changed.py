"""Which lines differ from a commit: what a pull request changed."""

from __future__ import annotations

import os
import re
from pathlib import Path

from studykit.wiki.check.published import ask_git, commit_of

__all__ = ["changed_lines"]

_HUNK = re.compile(rb"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")


def changed_lines(folder: Path, ref: str) -> frozenset[tuple[str, int]]:
    """The lines of the work tree that a commit has not, by file and number.

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
    here = Path.cwd().resolve()
    found = set()
    file = ""
    for line in told.split(b"\n"):
        if line.startswith(b"+++ b/"):
            path = (root / os.fsdecode(line[6:].rstrip(b"\t"))).resolve()
            file = (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
        elif hunk := _HUNK.match(line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            found |= {(file, number) for number in range(first, first + count)}
    return frozenset(found)
