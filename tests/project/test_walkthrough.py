"""A new contributor's way from a clone to a pull request, as CONTRIBUTING shows it.

The commands are read from there and run in a path with Hangul and a blank, with a bare repository
as the remote. What installs is left out: this environment stands in for it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

INSTALLS = "make site"
TEXT = "DDPM은 $x_t$에서 잡음을 덜어 $x_0$으로 돌아갑니다.\n\n"


def commands(root: Path, name: str) -> list[str]:
    """The commands of the first block, without what explains them."""
    block = (root / name).read_text("utf-8").split("```bash\n")[1].split("```")[0]
    lines = [re.sub(r"\s+#.*", "", line) for line in block.splitlines()]
    return [command for line in lines for command in line.split(" && ")]


def without_message(command: str) -> str:
    return re.sub(r'-m ".*"', "", command)


def test_both_languages_show_the_same_ten_commands(root: Path) -> None:
    english, korean = (commands(root, f"CONTRIBUTING{each}.md") for each in ("", ".ko"))
    assert list(map(without_message, english)) == list(map(without_message, korean))
    assert len(english) <= 10
    assert INSTALLS in english


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CONTRIBUTING.ko.md"])
def test_the_log_is_of_these_commands(root: Path, name: str) -> None:
    log = (root / name).read_text("utf-8").split("```console\n")[1].split("```")[0]
    logged = [each for line in re.findall(r"(?m)^\$ (.*)", log) for each in line.split(" && ")]
    shown = [each for each in commands(root, "CONTRIBUTING.md") if not each.endswith(" serve")]
    assert logged[1:] == shown[1:]  # the first names whoever clones


def remote(root: Path, folder: Path) -> Path:
    """A bare repository with the files as they are here, committed or not."""
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=root).decode().split("\0")
    source = folder / "source"
    for name in filter(None, names):
        if (root / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, source / name)
    bare = folder / "remote.git"
    for command in (
        ["git", "init", "-q", "-b", "main"],
        ["git", "add", "-A"],
        ["git", "commit", "-q", "-m", "All"],
        ["git", "clone", "-q", "--bare", ".", bare],
    ):
        subprocess.run(command, cwd=source, check=True, env=environment())
    return bare


def environment() -> dict[str, str]:
    somebody = {"NAME": "Garam", "EMAIL": "garam@example.org"}
    return {
        **os.environ,
        **{
            f"GIT_{who}_{key}": value
            for who in ("AUTHOR", "COMMITTER")
            for key, value in somebody.items()
        },
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PYTHONUTF8": "1",
        "COLUMNS": "100",
    }


def serve(command: list[str], folder: Path) -> str:
    """What it prints until the page can be opened."""
    # Another port than a preview that somebody has open.
    server = subprocess.Popen(
        [*command, "--port", "8765"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    said = ""
    for line in server.stdout:
        said += line
        if "Serving on" in line:
            break
    server.send_signal(signal.SIGINT)
    server.communicate()
    return said


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="README.md writes Windows' commands out")
def test_from_a_clone_to_a_pull_request(root: Path, tmp_path: Path) -> None:
    where = tmp_path / "스터디 위키"
    where.mkdir()
    bare = remote(root, tmp_path)
    folder = where
    for command in commands(root, "CONTRIBUTING.md"):
        if command == INSTALLS:
            (folder / ".venv").symlink_to(sys.prefix)
            (folder / "node_modules").symlink_to(root / "node_modules")
            continue
        words = shlex.split(command.replace("https://github.com/YOU/REPOSITORY", str(bare)))
        if words[0] == "cd":
            folder /= words[1]
        elif words[-1] == "serve":
            page = folder / "docs/talks/ddpm/index.md"
            # What the contributor does meanwhile.
            page.write_text(page.read_text("utf-8").replace("<!--", f"{TEXT}<!--", 1), "utf-8")
            assert "Serving on" in serve(words, folder)
        else:
            done = subprocess.run(
                words,
                cwd=folder,
                env=environment(),
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=False,
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
            if "check" in words:
                assert done.stdout == ""
    listed = subprocess.check_output(
        ["git", "ls-tree", "-r", "--name-only", "ddpm", "docs/talks"], cwd=bare, text=True
    )
    assert listed == "docs/talks/ddpm/index.md\n"
    changed = subprocess.check_output(
        ["git", "diff", "--name-only", "main", "ddpm"], cwd=bare, text=True
    )
    assert changed == "docs/talks/ddpm/index.md\n"
