"""What the tests of every folder share."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import hypothesis
import pytest

# Machines differ in speed, so time is no reason to fail; under CI a run repeats the last one.
hypothesis.settings.register_profile(
    "studykit", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True
)
hypothesis.settings.load_profile("studykit")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def node_modules(root: Path) -> Path:
    """The front-end packages that package-lock.json names."""
    folder = root / "node_modules"
    assert (folder / "axe-core").is_dir(), "run `make test`, or `npm ci`"
    return folder


@pytest.fixture(scope="session")
def node() -> str:
    """The Node that set-up put into the environment, else the one on PATH."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    program = shutil.which("node", path=search)
    assert program, "run `make test`, which installs Node where there is none"
    return program
