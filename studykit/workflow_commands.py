"""Text for the log of a GitHub Actions job, where a line may be a command to the runner.

A file's name or a page's words may stand in a message; they command nothing.
"""

from __future__ import annotations

import re

__all__ = ["inert"]

_COMMAND = re.compile(r"^(?=\s*::)|(?=##\[)", re.MULTILINE)


def inert(text: str) -> str:
    r"""The text without a workflow command in any of its lines.

    Examples:
        >>> print(inert("docs/a.md: no page\n::error file=b::c"))
        docs/a.md: no page
        |::error file=b::c
    """
    return _COMMAND.sub("|", text.replace("\r", "\n") if "\r" in text else text)
