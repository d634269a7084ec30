"""Writing a file that is not there yet, under a name that is the same on every system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from studykit.errors import ConfigError

__all__ = ["page_name", "write_new"]

# Windows opens a device instead of a file of such a name.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_LONGEST = 60


def page_name(name: str, what: str) -> str:
    """The name of a page, which is its address: letters of any script, digits, single hyphens.

    Args:
        name: As somebody typed it.
        what: How an error calls it.

    Raises:
        ConfigError: It would be another name on some system, or a path.

    Examples:
        >>> page_name("스코어-베이스", "the talk")
        '스코어-베이스'
    """
    composed = unicodedata.normalize("NFC", name)
    plain = re.sub(r"[^\w]+|_+", "-", composed.lower()).strip("-")[:_LONGEST].strip("-")
    if plain and plain == composed and plain != "index" and not _DEVICE.fullmatch(plain):
        return plain
    suitable = plain if plain and plain != "index" and not _DEVICE.fullmatch(plain) else "ddpm"
    raise ConfigError(
        f"{name!r} cannot be the name of {what}: small letters, digits and hyphens can",
        mend=f"write {suitable}",
    )


def write_new(path: Path, data: bytes, mend: str) -> None:
    """Write a file; one that is there stays as it is.

    Args:
        path: The file; folders that it needs are made.
        data: Its bytes.
        mend: What to do if it is there.

    Raises:
        ConfigError: It is there, or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise ConfigError("it is there already", file=path.as_posix(), mend=mend) from error
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}",
            file=path.as_posix(),
            mend="see what is there, and its permissions",
        ) from error
