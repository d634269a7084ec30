"""What the wiki's tests share: golden files, the Markdown engine as configured, a project."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import markdown
import pytest
from mkdocs.config import load_config

from tests.wiki.projects import make_small_project
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
