"""Where this studykit was installed from, so that another group's wiki can name it for pip.

It is on no package index: pip takes it from a git repository. Which one is known where pip did so,
or where it is a checkout with a remote; else whoever begins a wiki has to say it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from studykit.errors import ConfigError

__all__ = ["DISTRIBUTION", "chosen_source", "origin", "repository_of"]

DISTRIBUTION = "studygroup-studykit"

_SOURCE = re.compile(
    r"(?:git\+)?(?P<url>https://[^\s/@#;'\"\\]+/[^\s@#;'\"\\]+)(?:@(?P<ref>[\w./-]+))?"
)
_SSH = re.compile(r"(?:ssh://)?git@(?P<host>[\w.-]+)[:/](?P<path>[\w./-]+)")


def chosen_source(said: str | None, before: str = "") -> str:
    """What pip is to install studykit from, at the commit that runs where that is known.

    Args:
        said: A repository, `https://…`, perhaps with `@commit`; what somebody chose.
        before: What was chosen earlier, for where nobody says anything now.

    Returns:
        `git+https://…@commit`; empty if nobody knows the repository.

    Raises:
        ConfigError: What was said is no address of a repository.
    """
    known, commit = origin(distribution(DISTRIBUTION).read_text("direct_url.json") or "{}")
    chosen = said or before or known
    if not chosen:
        return ""
    match = _SOURCE.fullmatch(chosen)
    if match is None:
        raise ConfigError(
            f"{chosen!r} is no address of a git repository that pip can install from",
            mend="write --source https://github.com/OWNER/REPOSITORY, perhaps with @TAG behind it",
        )
    ref = (match["ref"] if said else None) or commit or match["ref"]
    return f"git+{match['url']}" + (f"@{ref}" if ref else "")


def repository_of(source: str) -> str:
    """The address of a source without its commit.

    Examples:
        >>> repository_of("git+https://git.example.org/group/studykit@1f3a")
        'git+https://git.example.org/group/studykit'
    """
    match = _SOURCE.fullmatch(source)
    return f"git+{match['url']}" if match else source


def origin(installed: str) -> tuple[str, str]:
    """The repository and the commit of what is installed; empty where nobody knows.

    Args:
        installed: What pip noted of it, as JSON (`direct_url.json`, PEP 610).

    Examples:
        >>> vcs = {"vcs": "git", "commit_id": "1f3a"}
        >>> origin(json.dumps({"url": "https://git.example.org/g/studykit", "vcs_info": vcs}))
        ('https://git.example.org/g/studykit', '1f3a')
    """
    said = json.loads(installed)
    if "vcs_info" in said:
        return _https(said["url"]), said["vcs_info"].get("commit_id", "")
    address = urlsplit(said.get("url", ""))
    if address.scheme != "file":
        return "", ""
    folder = Path(url2pathname(unquote(address.path)))
    return _https(_git(folder, "remote", "get-url", "origin")), _git(folder, "rev-parse", "HEAD")


def _https(url: str) -> str:
    """The address under which anybody may read it, without a password; empty if there is none."""
    if ssh := _SSH.fullmatch(url):
        url = f"https://{ssh['host']}/{ssh['path'].removesuffix('.git')}"
    url = re.sub(r"^https://[^/@]*@", "https://", url)
    return url if _SOURCE.fullmatch(url) else ""


def _git(folder: Path, *arguments: str) -> str:
    git = shutil.which("git")
    # Not the repository that the folder merely lies in.
    if git is None or not (folder / ".git").exists():
        return ""
    done = subprocess.run(  # noqa: S603 - nothing of the command comes from outside
        [git, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""
