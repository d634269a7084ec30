"""What is found: a finding with its place, and a report of all of them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from studykit.errors import StudykitError
from studykit.wiki.check.codes import CODES, Severity

__all__ = [
    "Finding",
    "Report",
    "about_file",
    "absolute",
    "finding_of",
    "from_error",
    "shown_name",
    "visible",
]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something doubtful, and where: lines and columns count from 1, columns in characters.

    The end is the column after the last character. `message` and `mend` hold no character that a
    terminal would obey. `fix` is what belongs there instead, where that is certain.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    mend: str
    end_line: int
    end_column: int
    fix: str | None = field(default=None, compare=False)

    @property
    def severity(self) -> Severity:
        """How bad it is, which depends on the code alone."""
        return CODES[self.code].severity


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, by file and place, and in how many notes and pages.

    `changed` has the lines that differ from the commit that was named, if one was.
    """

    notes: int
    findings: tuple[Finding, ...]
    changed: frozenset[tuple[str, int]] = frozenset()
    pages: int = 0

    @property
    def failed(self) -> bool:
        """Whether there is more than notices."""
        return any(CODES[finding.code].fails for finding in self.findings)


def visible(text: str) -> str:
    r"""The text on one line, without a character that a terminal would obey.

    Examples:
        >>> print(visible("a\x1b[31m\n\udcff"))
        a\x1b[31m\x0a\xff
    """
    return "".join(char if char.isprintable() else _escaped(ord(char)) for char in text)


def _escaped(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # a byte that did not decode
        code -= 0xDC00
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\U{code:08x}"
        if code > 0xFFFF
        else f"\\u{code:04x}"
    )


def from_error(error: StudykitError, file: str) -> Finding:
    """What stops a build, as a finding in a file."""
    return finding_of(error, file, "unbuildable")


def finding_of(error: StudykitError, file: str, code: str) -> Finding:
    """A mistake that was raised, as a finding in a file."""
    line, column = error.line or 1, error.column or 1
    was, fix = error.fix or ("", None)
    message = visible(" ".join(error.message.split()))
    mend = visible(" ".join((error.mend or "correct it").split()))
    end = column + len(was)
    return Finding(file, line, column, code, message, mend, line, end, fix)


def about_file(path: Path, code: str, message: str, mend: str) -> Finding:
    """A finding about a file as a whole."""
    return Finding(shown_name(path), 1, 1, code, visible(message), mend, 1, 1)


def absolute(path: Path) -> Path:
    """The path from the root; symbolic links stay what they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow them


def shown_name(path: Path) -> str:
    """As seen from the working directory, if it is below it."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
