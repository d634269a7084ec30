"""Putting a new folder in another's place, so that no reader meets half of either.

On Linux both are exchanged in one step (`renameat2`). Where the system or the disk cannot, the old
folder is moved aside and the new one moved in: between the two renames, for some microseconds,
there is none; a program that is killed right then leaves the old one aside, and `clear_leftovers`
puts it back.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import time
from pathlib import Path

__all__ = ["PREFIX", "clear_leftovers", "put_in_place"]

PREFIX = ".site-"
"""How the names of folders begin that a build needs for itself."""

_EXCHANGE = 2
_HERE = -100  # AT_FDCWD: paths are as they are for any other call
_ABANDONED = 60.0
"""Seconds after which a folder whose builder cannot be asked for is nobody's."""


def put_in_place(new: Path, target: Path) -> None:
    """Put `new` where `target` is; what was there is then where `new` was, or gone aside.

    Args:
        new: A folder on the same disk, in a folder of its own below `target`'s.
        target: Where it belongs; there may be nothing yet.
    """
    if not target.exists():
        new.rename(target)
    elif not _exchanged(new, target):
        target.rename(new.with_name("old"))
        new.rename(target)


def clear_leftovers(target: Path) -> None:
    """Take away what builds that were killed have left beside a site.

    A site that a killed build had moved aside, and did not replace, is put back.

    Args:
        target: The site's folder.
    """
    for folder in target.parent.glob(f"{PREFIX}*"):
        if folder.is_symlink() or not folder.is_dir() or _is_at_work(folder):
            continue
        if (folder / "old").is_dir() and not target.exists():
            (folder / "old").rename(target)
        shutil.rmtree(folder, ignore_errors=True)


def _is_at_work(folder: Path) -> bool:
    """Whether the build that made the folder still runs, by the number in the folder's name."""
    number = folder.name.removeprefix(PREFIX).partition("-")[0]
    if not number.isdecimal():
        return time.time() - folder.stat().st_mtime < _ABANDONED
    if os.name != "posix":  # there, asking after a process may end it
        return time.time() - folder.stat().st_mtime < 60 * _ABANDONED
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where that cannot be done."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):  # an old C library
        return False
    renameat2.argtypes = [
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_uint,
    ]
    done: int = renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    return done == 0
