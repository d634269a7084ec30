"""No tool touches a byte of meetings/."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

AWKWARD = "\ufeff한글 notes  \r\nmixed \t\n\r\rends without a newline".encode() + b"\xff"


@pytest.fixture
def git(tmp_path: Path) -> dict[str, str]:
    """The environment of a user whose own git settings convert whatever they may."""
    attributes = tmp_path / "attributes"
    attributes.write_text("*.txt text eol=crlf ident filter=shout working-tree-encoding=UTF-16\n")
    config = tmp_path / "gitconfig"
    config.write_text(
        f"[core]\nautocrlf = true\nattributesFile = {attributes.as_posix()}\n"
        "[filter \"shout\"]\nclean = tr a-z A-Z\nsmudge = tr a-z A-Z\n"
        "[user]\nname = n\nemail = n@example.org\n"
    )  # fmt: skip
    return {**os.environ, "GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_NOSYSTEM": "1"}


def through_git(folder: Path, env: dict[str, str], note: str) -> bytes:
    """The note after it was committed, and checked out again in a clone."""

    def run(*arguments: str, cwd: Path = folder / "origin") -> None:
        subprocess.run(["git", *arguments], cwd=cwd, env=env, check=True, capture_output=True)

    file = folder / "origin" / note
    file.parent.mkdir(parents=True)
    file.write_bytes(AWKWARD)
    run("init", "--quiet")
    run("add", ".")
    run("commit", "--quiet", "--message", "x")
    run("clone", "--quiet", "origin", "clone", cwd=folder)
    return (folder / "clone" / note).read_bytes()


@pytest.mark.parametrize(
    "note", ["meetings/week-02.txt", "meetings/2026/a b.txt", "tests/wiki/notes/x.txt"]
)
def test_git_keeps_notes(root: Path, tmp_path: Path, git: dict[str, str], note: str) -> None:
    (tmp_path / "origin").mkdir()
    shutil.copy(root / ".gitattributes", tmp_path / "origin")
    assert through_git(tmp_path, git, note) == AWKWARD


def test_git_would_change_them(tmp_path: Path, git: dict[str, str]) -> None:
    # Without the encoding, which refuses to commit these bytes at all.
    (tmp_path / "attributes").write_text("*.txt text filter=shout\n")
    assert through_git(tmp_path, git, "meetings/week-02.txt") != AWKWARD


@pytest.mark.parametrize(
    "name", ["meetings/a.py", "meetings/a.md", "tests/wiki/notes/a.md", "docs/talks/a.md"]
)
def test_ruff_leaves_them_alone(root: Path, tmp_path: Path, name: str) -> None:
    shutil.copy(root / "pyproject.toml", tmp_path)
    typed = b"```python\nx = {  'a':1 }  \n```\n" if name.endswith(".md") else b"x = {  'a':1 }\n"
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_bytes(typed)
    ruff = Path(sys.executable).with_name("ruff")
    for arguments in (["format", "."], ["format", file], ["check", "--fix", file]):
        subprocess.run([ruff, *arguments], cwd=tmp_path, check=True, capture_output=True)
    assert file.read_bytes() == typed


def test_the_first_note(root: Path) -> None:
    note = (root / "meetings/week-01.txt").read_bytes()
    assert (
        hashlib.sha256(note).hexdigest()
        == "135e2e3bd1c5f58ce7b669f003dbef69487c93fe08755572887d6f37311bd445"
    )
