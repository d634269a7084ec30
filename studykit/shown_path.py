"""How the command names a file to whoever typed it."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shown_path"]


def shown_path(path: Path) -> str:
    """A path as the user would type it.

    Examples:
        >>> shown_path(Path.cwd() / "site"), shown_path(Path("runs"))
        ('site', 'runs')
    """
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
