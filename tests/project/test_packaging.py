"""What gets installed: all of it, and no more than was asked for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

NAME = "studygroup-studykit"


def requirements(extra: str) -> set[str]:
    """Every distribution that installing `.[extra]` brings, whatever the platform."""
    found: set[str] = set()
    todo = [Requirement(f"{NAME}[{extra}]")]
    while todo:
        wanted = todo.pop()
        if (key := str(wanted.name) + str(sorted(wanted.extras))) in found:
            continue
        found.add(key)
        for line in distribution(wanted.name).requires or []:
            needed = Requirement(line)
            # CUDA for one system, a terminal's helper for another: not in every environment.
            if "platform" in str(needed.marker):
                continue
            extras = wanted.extras | {""}
            if not needed.marker or any(needed.marker.evaluate({"extra": e}) for e in extras):
                todo.append(needed)
    return {canonicalize_name(key.partition("[")[0]) for key in found}


def test_the_wheel_carries_every_file_of_the_package(root: Path, tmp_path: Path) -> None:
    # Without isolation: with it, pip would download the build tool.
    pip = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", tmp_path, root], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    tracked = subprocess.check_output(["git", "ls-files", "-z", "studykit"], cwd=root)
    files = set(filter(None, tracked.decode().split("\0")))
    assert "studykit/cli.py" in files
    assert files <= set(zipfile.ZipFile(wheel).namelist())


def test_models_need_no_site_generator() -> None:
    needed = requirements("models")
    assert "torch" in needed
    # (Markdown alone is none: TensorBoard shows its notes with it.)
    assert not needed & {"mkdocs", "mkdocs-material", "mkdocstrings", "nbconvert"}


def test_the_wiki_needs_no_torch() -> None:
    needed = requirements("wiki")
    assert "mkdocs" in needed
    assert not needed & {"torch", "numpy", "accelerate", "safetensors", "scikit-learn"}


@pytest.mark.parametrize("extra", ["wiki", "models", "test"])
def test_what_is_installed_is_pinned(root: Path, extra: str) -> None:
    text = (root / "constraints.txt").read_text(encoding="utf-8")
    pinned = {canonicalize_name(name) for name in re.findall(r"(?m)^([\w.-]+)==", text)}
    assert requirements(extra) - pinned == {NAME}


def test_front_end_packages_are_locked_by_content(root: Path) -> None:
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert packages
    for entry in packages.values():
        assert entry["integrity"].startswith("sha512-")
        # A host of one machine's own would be out of reach for the others.
        assert entry.get("resolved", "https://registry.npmjs.org/").startswith(
            "https://registry.npmjs.org/"
        )
