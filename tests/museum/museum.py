"""Puts known bugs into a copy of the package, one at a time, and sees whether a test notices.

The bugs are in `bugs.toml`. The working tree is never touched: package and tests are copied into a
temporary folder, and each bug's tests run there in a process of their own. Where the system can
fork, that process begins with PyTorch imported, which is most of a run's time.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import pytest

__all__ = ["ROOT", "Bug", "Misfit", "Verdict", "copied", "load", "mutated", "run_tests", "visit"]

ROOT = Path(__file__).parents[2]

# What the tests need of the checkout.
_COPIED = ("studykit", "tests", "conftest.py", "pyproject.toml")
# What takes long to import, but is not ours.
_IMPORTED = ("torch", "numpy", "scipy.integrate", "scipy.stats", "accelerate")
# A bug may make a sampler or a solver run for ever.
_PATIENCE = 900


@dataclass(frozen=True)
class Bug:
    """A mistake, as a change of our own code.

    Attributes:
        name: What is wrong.
        story: What it does, and where it was seen.
        file: The file to change, below `studykit/`.
        old: A stretch of it that occurs once.
        new: What stands there instead.
        tests: Tests as pytest names them, below `tests/`; one of them must fail.
    """

    name: str
    story: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def selection(self) -> tuple[str, ...]:
        """The tests, from the root of the checkout."""
        return tuple(f"tests/{test}" for test in self.tests)


class Misfit(Exception):  # noqa: N818  (it is no fault of the program)
    """A bug that cannot be shown: the code or the tests that it names have changed."""


class Verdict(NamedTuple):
    """What became of a bug.

    Attributes:
        bug: The bug.
        outcome: Whether a test failed, or none, or something else went wrong.
        seconds: How long it took.
        said: The first test that failed, or what went wrong.
    """

    bug: Bug
    outcome: Literal["caught", "survived", "broken"]
    seconds: float
    said: str


def load() -> list[Bug]:
    """Read the collection."""
    text = (Path(__file__).parent / "bugs.toml").read_text(encoding="utf-8")
    return [Bug(**{**bug, "tests": tuple(bug["tests"])}) for bug in tomllib.loads(text)["bug"]]


def mutated(bug: Bug, root: Path = ROOT) -> str:
    """Give the file with the bug in it.

    Raises:
        Misfit: If the file is gone, the stretch of code occurs not exactly once, or the result is
            no Python.
    """
    file = root / "studykit" / bug.file
    mend = f"mend: adapt `file`, `old` and `new` of {bug.name!r} in tests/museum/bugs.toml"
    if not file.exists():
        raise Misfit(f"studykit/{bug.file} is gone\n  {mend}")
    code = file.read_text(encoding="utf-8")
    if (times := code.count(bug.old)) != 1:
        raise Misfit(f"studykit/{bug.file} has this {times} times:\n{bug.old}\n  {mend}")
    code = code.replace(bug.old, bug.new)
    try:
        ast.parse(code)
    except SyntaxError as error:
        raise Misfit(f"studykit/{bug.file} would be no Python: {error}\n  {mend}") from error
    return code


@contextmanager
def copied() -> Iterator[Path]:
    """Copy what the tests need into a folder that is deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="museum-") as folder:
        for name in _COPIED:
            source, target = ROOT / name, Path(folder) / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        yield Path(folder)


def visit(bugs: Sequence[Bug], copy: Path) -> Iterator[Verdict]:
    """Put each bug into the copy, run its tests, and take it out again."""
    for bug in bugs:
        file = copy / "studykit" / bug.file
        before, start = file.read_bytes(), time.monotonic()
        try:
            file.write_text(mutated(bug, copy), encoding="utf-8")
            code, text = run_tests(copy, bug.selection)
        except Misfit as error:
            code, text = None, str(error)
        finally:
            file.write_bytes(before)
        seconds = time.monotonic() - start
        if code == pytest.ExitCode.TESTS_FAILED:
            failed = re.search(r"^FAILED tests/(.*?)(?: - .*)?$", text, re.MULTILINE)
            yield Verdict(bug, "caught", seconds, failed[1] if failed else "")
        elif code == pytest.ExitCode.OK:
            yield Verdict(bug, "survived", seconds, "")
        else:
            yield Verdict(bug, "broken", seconds, text)


def run_tests(copy: Path, selection: Sequence[str]) -> tuple[int | None, str]:
    """Run tests in the copy.

    Returns:
        pytest's exit code, or `None` if it took too long; and what it printed.
    """
    fork = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if fork else "spawn")
    if fork:
        context.set_forkserver_preload(list(_IMPORTED))
    log = copy / "output.txt"
    process = context.Process(target=_pytest, args=(copy, list(selection), log))
    process.start()
    process.join(_PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
        return None, f"took more than {_PATIENCE} s"
    return process.exitcode, log.read_text(encoding="utf-8", errors="replace")


def _pytest(copy: Path, selection: list[str], log: Path) -> None:
    """Run in a process of its own."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    # A compiled file is kept for its time and size, which a bug may leave as they were.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.chdir(copy)
    # The checkout's own package and tests must not be found, here or in processes that tests start.
    for name in [name for name in sys.modules if name.split(".")[0] in ("studykit", "tests")]:
        del sys.modules[name]
    sys.path.insert(0, str(copy))
    os.environ["PYTHONPATH"] = str(copy)
    sys.exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "", *selection]))
