"""When git added each file of a project: the date of what states none itself."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["added_dates"]

_MARK = "\x01"


def added_dates(project: Path) -> dict[str, str]:
    """The time (UTC) at which git first added each file, by its path below the folder.

    Args:
        project: A folder in the work tree of a repository.

    Returns:
        Nothing where there is no git or no repository, and in a shallow clone: there git takes
        every file for added by the first commit that it still has.
    """
    if _git(project, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    said = _git(
        project,
        *("-c", "core.quotepath=off", "log", "--no-renames", "--diff-filter=A"),
        *(f"--format={_MARK}%ct", "--name-only", "--relative"),
    )
    dates: dict[str, str] = {}
    when = ""
    for line in said.splitlines():
        if line.startswith(_MARK):
            added = datetime.fromtimestamp(int(line.removeprefix(_MARK)), UTC)
            when = added.strftime("%Y-%m-%dT%H:%M:%SZ")
        elif line:
            dates[line] = when  # the newest come first: the oldest stays
    return dates


def _git(project: Path, *command: str) -> str:
    git = shutil.which("git")
    if git is None or not project.is_dir():
        return ""
    done = subprocess.run(  # noqa: S603 - nothing of the command comes from outside
        [git, *command],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.stdout if done.returncode == 0 else ""
