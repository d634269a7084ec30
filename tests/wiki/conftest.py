"""What the wiki's tests share: golden files, the Markdown engine as configured, projects."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import markdown
import pytest
import yaml
from mkdocs.config import load_config

from studykit.wiki.frontend import PACKAGES
from tests.wiki.support import GoldenFiles, Project

Convert = Callable[[str], str]


@pytest.fixture
def golden() -> GoldenFiles:
    """Compares with the files in `golden/`; see README.md for how to write them anew."""
    write = os.environ.get("STUDYKIT_GOLDEN") == "write"
    if write and os.environ.get("CI"):
        pytest.fail("golden files are written by hand and read by CI")
    return GoldenFiles(Path(__file__).parent / "golden", write=write)


@pytest.fixture(scope="session")
def notes() -> Path:
    """The invented notes."""
    return Path(__file__).parent / "notes"


@pytest.fixture(scope="session")
def convert(root: Path) -> Convert:
    """Markdown to HTML with the extensions that mkdocs.yml and its plugins configure."""
    config = load_config(str(root / "mkdocs.yml"))
    config.plugins.on_startup(command="build", dirty=False)
    config = config.plugins.on_config(config)

    def html(text: str) -> str:
        return markdown.markdown(
            text, extensions=config.markdown_extensions, extension_configs=config.mdx_configs
        )

    return html


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Project:
    """A project of its own with one invented note, the real theme, and no pages about code."""
    return make_small_project(root, tmp_path / "project")


@pytest.fixture(scope="session")
def without_torch(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which importing what belongs to the models fails."""
    folder = tmp_path_factory.mktemp("without-torch")
    (folder / "sitecustomize.py").write_text(
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in "
        "('torch', 'numpy', 'safetensors', 'sklearn', 'accelerate'):\n"
        "            raise ImportError(f'{name} must not be needed here')\n"
        "sys.meta_path.insert(0, Refuse())\n"
    )
    env = {**os.environ, "PYTHONPATH": str(folder)}
    for name in ("torch", "numpy"):
        done = subprocess.run([sys.executable, "-c", f"import {name}"], env=env, check=False)
        assert done.returncode == 1
    return env


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
