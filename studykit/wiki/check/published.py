"""A folder of notes as it was at a git ref: what was published then.

git is only asked for what it has stored. The work tree, the index and HEAD stay as they are.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from studykit.errors import ConfigError, StudykitError
from studykit.wiki.folder import NOTE_SUFFIXES, read_folder
from studykit.wiki.records import Note

__all__ = ["ask_git", "commit_of", "read_published", "write_published"]

# Set in a hook of git's, for another command than ours.
_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
_REGULAR = (b"100644", b"100755")


def read_published(folder: Path, ref: str) -> tuple[Note, ...]:
    """The notes of a folder at a commit, with their overlays and the group's files of then.

    Args:
        folder: The folder of notes, in the work tree of a repository.
        ref: What git knows a commit by: a branch, a tag, `HEAD~1`, a hash.

    Returns:
        The notes, named below the folder's name; none where the folder was not there yet.

    Raises:
        ConfigError: git or the commit is missing, the folder is in no repository, or the notes of
            then could not be read as a folder.
    """
    with tempfile.TemporaryDirectory(prefix="studykit-") as made:
        root = Path(made) / (folder.resolve().name or "notes")
        write_published(folder, ref, root, _is_of_notes)
        try:
            return read_folder(root).notes
        except StudykitError as error:
            place = ":".join(str(part) for part in (error.file, error.line) if part is not None)
            raise ConfigError(
                f"the wiki could not be built from {ref}: {place}: {error.message}",
                mend="compare with a commit from which it was published",
            ) from error


def write_published(
    folder: Path, ref: str, target: Path, wanted: Callable[[PurePosixPath], bool]
) -> None:
    """Write the files of a folder as they were at a commit; links are left out.

    Args:
        folder: The folder, in the work tree of a repository.
        ref: What git knows a commit by.
        target: Where they go, by their paths below the folder; it is made.
        wanted: Tells of such a path whether it is.

    Raises:
        ConfigError: git or the commit is missing, or the folder is in no repository.
    """
    prefix = os.fsdecode(ask_git(folder, "rev-parse", "--show-prefix").rstrip(b"\r\n"))
    target.mkdir(parents=True, exist_ok=True)
    for path, data in _files(folder, commit_of(folder, ref), prefix, wanted):
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def commit_of(folder: Path, ref: str) -> str:
    """The hash of the commit that `ref` means.

    Raises:
        ConfigError: git is missing, or knows no such commit.
    """
    unknown = ConfigError(
        f"git knows no commit {ref!r}",
        mend="name a branch, a tag or a commit of this clone; for one that was never fetched: "
        "git fetch --depth=1 origin NAME, then --against FETCH_HEAD",
    )
    if ref.startswith("-") or not ref.isprintable():
        raise unknown
    try:
        said = ask_git(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    except ConfigError as error:
        raise unknown from error
    return said.decode("ascii").strip()


def _is_of_notes(path: PurePosixPath) -> bool:
    return path.suffix.lower() in (*NOTE_SUFFIXES, ".toml")


def _files(
    folder: Path, commit: str, prefix: str, wanted: Callable[[PurePosixPath], bool]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The wanted files at a commit, by their paths below the folder."""
    below = ["--", prefix] if prefix else []
    listed = ask_git(folder, "ls-tree", "-r", "-z", "--full-tree", commit, *below)
    hashes: list[tuple[PurePosixPath, bytes]] = []
    for entry in filter(None, listed.split(b"\0")):
        about, _, name = entry.partition(b"\t")
        mode, _, blob = about.split(b" ")[:3]
        path = PurePosixPath(os.fsdecode(name)[len(prefix) :])
        safe = not path.is_absolute() and ".." not in path.parts
        if mode in _REGULAR and safe and wanted(path):
            hashes.append((path, blob))
    if not hashes:
        return
    asked = b"".join(blob + b"\n" for _, blob in hashes)
    held = ask_git(folder, "cat-file", "--batch", asked=asked)
    at = 0
    for path, blob in hashes:
        end = held.index(b"\n", at)
        head = held[at:end].split(b" ")
        if len(head) != 3:
            raise ConfigError(
                f"git has no content of {path} at {commit[:12]} ({blob.decode('ascii')[:12]})",
                mend="fetch that commit whole: git fetch --refetch origin",
            )
        at = end + 1 + int(head[2])
        yield path, held[end + 1 : at]
        at += 1


def ask_git(folder: Path, *arguments: str, asked: bytes = b"") -> bytes:
    """What git answers.

    Raises:
        ConfigError: There is no git, or it refuses; the message has its words.
    """
    env = {key: value for key, value in os.environ.items() if key not in _HOOKS}
    env |= {"LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, env=env, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise ConfigError(
            "git, which knows what was published, is not installed",
            mend="install git, or leave --against out",
        ) from error
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["nothing"]
        raise ConfigError(
            f"git cannot say what was published: {words[0]}",
            file=folder.as_posix(),
            mend="run this in a clone of the repository that holds the notes",
        )
    return done.stdout
