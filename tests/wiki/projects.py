"""Projects to build: this one's copy, and a small one with its configuration."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from studykit.wiki.frontend import PACKAGES
from tests.wiki.support import Project


def make_small_project(root: Path, folder: Path, **changes: Any) -> Project:
    """The project's configuration without API and notebooks, and a note that nobody wrote."""
    source = (root / "mkdocs.yml").read_text("utf-8")
    # As text up to the navigation: the tags in it are for MkDocs to read.
    settings = source[: source.index("plugins:")].replace("STUDYKIT_SITE_URL", "NO_SUCH_VARIABLE")
    settings = settings[: settings.index("nav:")] + settings[settings.index("validation:") :]
    for key, value in changes.items():
        before = settings
        settings = settings.replace(*value) if isinstance(value, tuple) else settings
        settings += "" if isinstance(value, tuple) else f"{yaml.safe_dump({key: value})}\n"
        assert settings != before, f"nothing changed for {key}"
    extensions = source[source.index("markdown_extensions:") :]
    sections = ("", "meetings/", "questions/", "talks/", "tasks/", "links/", "people/")
    nav = "".join(f"  - {section}index.md\n" for section in sections)
    plugins = "plugins:\n  - search\n  - studykit\n"
    folder.mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(f"{settings}\nnav:\n{nav}\n{plugins}\n{extensions}", "utf-8")
    (folder / "docs").mkdir()
    (folder / "meetings").mkdir()
    shutil.copy(Path(__file__).parent / "notes/week-02.txt", folder / "meetings")
    copy_packages(root, folder)
    return Project(folder)


def copy_packages(root: Path, folder: Path) -> None:
    """The front end, as npm installs it."""
    for name in PACKAGES:
        package = folder / "node_modules" / name
        shutil.copytree(root / "node_modules" / name / "dist", package / "dist")
        shutil.copy(root / "node_modules" / name / "LICENSE", package)


def copy_project(root: Path, folder: Path) -> Project:
    """The whole project: its configuration, notes, docs, front end, and code to document."""
    folder.mkdir(parents=True)
    shutil.copy(root / "mkdocs.yml", folder)
    for name in ("meetings", "docs", "studykit"):
        ignore = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(root / name, folder / name, ignore=ignore)
    copy_packages(root, folder)
    runtime = folder / "node_modules" / "onnxruntime-web"
    runtime.symlink_to(root / "node_modules" / "onnxruntime-web")
    return Project(folder)
