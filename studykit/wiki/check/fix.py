"""Mending what has one certain mend: in pages alone, never in a note.

A page is written as a whole or not at all. What stands at a finding's place is what the finding
says, or nothing is changed.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studykit.errors import StudykitError
from studykit.wiki.check.finding import Finding, Report, visible
from studykit.wiki.check.findings import is_page

__all__ = ["Fixed", "fix_all"]

_ROUNDS = 10
"""One mend may show the next place: what a right field says is looked at when it is one."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was mended: the finding, what stood there, and what stands there now."""

    finding: Finding
    was: str
    now: str

    def __str__(self) -> str:
        """One line that says so."""
        found = self.finding
        place = f"{visible(found.file)}:{found.line}:{found.column}"
        now = f"is now {visible(self.now)}" if self.now else "was taken out"
        return f"{place}: {found.code} fixed: {visible(self.was)} {now}"


def fix_all(check: Callable[[], Report]) -> tuple[Report, list[Fixed]]:
    """Check, mend, and check again until nothing is left that has one certain mend.

    Args:
        check: Makes the report.

    Returns:
        The last report, and what was mended.

    Raises:
        StudykitError: A page cannot be written; it is as it was.
    """
    fixed: list[Fixed] = []
    report = check()
    for _ in range(_ROUNDS):
        by_file: defaultdict[str, list[Finding]] = defaultdict(list)
        for found in report.findings:
            if found.fix is not None and found.line == found.end_line:
                by_file[found.file].append(found)
        mended = [each for file, found in by_file.items() for each in _mend(Path(file), found)]
        if not mended:
            break
        fixed += mended
        report = check()
    return report, fixed


def _mend(path: Path, findings: list[Finding]) -> list[Fixed]:
    """Mend a page; nothing where it is none, or does not read as the findings say."""
    if not is_page(path):
        return []
    lines = path.read_bytes().decode("utf-8", "surrogateescape").split("\n")
    fixed: list[Fixed] = []
    # From the end, so that the places before stay where they are; of two at one place, one.
    taken = (len(lines) + 1, 0)
    for found in sorted(findings, key=lambda each: (each.line, each.column), reverse=True):
        place = (found.line, found.end_column)
        if found.line > len(lines) or place > taken:
            continue
        line = lines[found.line - 1]
        was = line[found.column - 1 : found.end_column - 1]
        if len(was) != found.end_column - found.column or "\r" in line[:-1] or found.fix is None:
            continue
        lines[found.line - 1] = line[: found.column - 1] + found.fix + line[found.end_column - 1 :]
        fixed.append(Fixed(found, was, found.fix))
        taken = (found.line, found.column)
    if fixed:
        _write(path, "\n".join(lines).encode("utf-8", "surrogateescape"))
    return list(reversed(fixed))


def _write(path: Path, data: bytes) -> None:
    """Put the new page in the old one's place in one step."""
    number, made = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        Path(made).chmod(path.stat().st_mode & 0o777)
        Path(made).replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(made).unlink()
        raise StudykitError(
            f"the page could not be written: {error.strerror}",
            file=visible(path.as_posix()),
            mend="make room or give the rights; it is as it was",
        ) from error
