"""What the tests of every folder share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from tests.wiki.projects import copy_project

# Several processes share the processors, and OpenMP's threads wait by spinning.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# Machines differ in speed, so time is no reason to fail; under CI a run repeats the last one.
hypothesis.settings.register_profile(
    "studykit", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True
)
hypothesis.settings.load_profile("studykit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need the project's own site come last, but for those of one file, which is first.

    The process that gets it builds the site while others do what needs none.
    """
    needing = [item.path for item in items if "whole_site" in getattr(item, "fixturenames", ())]

    def place(item: pytest.Item) -> int:
        return 1 if item.path not in needing else 0 if item.path == needing[0] else 2

    items.sort(key=place)


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


@pytest.fixture(scope="session")
def whole_site(
    root: Path, tmp_path_factory: pytest.TempPathFactory, without_torch: dict[str, str]
) -> Path:
    """The project's own site, built where importing torch fails; nobody may change it.

    It takes a minute, so the first process that needs it builds it for all.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    site = folder / "whole" / "site"
    with FileLock(folder / "whole.lock"):
        if not site.is_dir():
            built = copy_project(root, folder / "whole").build(env=without_torch)
            assert built == site
    return site
