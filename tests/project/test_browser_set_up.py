"""Without a browser, the browser tests fail under CI, and are loudly skipped elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TEST = "def test_something_in_a_browser(browser):\n    assert browser.version\n"


@pytest.fixture
def without_browser(root: Path, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "test_it.py").write_text(TEST, encoding="utf-8")
    chromium = str(tmp_path / "no-chromium")
    return {**os.environ, "STUDYKIT_CHROMIUM": chromium, "PYTHONPATH": str(root)}


def pytest_says(folder: Path, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "tests.browser.conftest", "--rootdir=."]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout


def test_skipped_loudly(tmp_path: Path, without_browser: dict[str, str]) -> None:
    without_browser.pop("CI", None)
    said = pytest_says(tmp_path, without_browser)
    assert "1 skipped" in said
    assert "NO BROWSER TEST RAN" in said
    assert "no-chromium does not start" in said


def test_failing_under_ci(tmp_path: Path, without_browser: dict[str, str]) -> None:
    said = pytest_says(tmp_path, {**without_browser, "CI": "true"})
    assert "1 error" in said
    assert "CI runs the browser tests" in said
