"""What studykit raises for a user's mistake.

    StudykitError
    ├── NoteError      a note, its name or its folder: file, line, column
    └── ConfigError    a configuration file or an option

Everything else that escapes is a bug of studykit.
"""

from __future__ import annotations

__all__ = ["ConfigError", "NoteError", "StudykitError"]


class StudykitError(Exception):
    """A mistake that the user can mend; the message says where it is and how to mend it.

    Args:
        message: What is wrong, and what was expected.
        file: The file concerned, as the user named it.
        line: Line number, from 1.
        column: Column number in characters, from 1.
        mend: What to do about it.
        fix: What stands at that place and what belongs there instead, where that is certain.

    Examples:
        >>> print(StudykitError("unknown key 'stpes'", file="ddpm.toml", line=3, mend="'steps'?"))
        ddpm.toml:3: unknown key 'stpes'
          mend: 'steps'?
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        mend: str | None = None,
        fix: tuple[str, str] | None = None,
    ) -> None:
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        text = f"{place}: {message}" if place else message
        super().__init__(f"{text}\n  mend: {mend}" if mend else text)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.mend = mend
        self.fix = fix


class NoteError(StudykitError):
    """A note that cannot be read or published as it is."""


class ConfigError(StudykitError):
    """A configuration file or option that studykit cannot follow."""
