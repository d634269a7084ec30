"""Finds a Chromium for the browser tests; run as a script, installs one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """The program to launch: $STUDYKIT_CHROMIUM, else one on PATH, else Playwright's own."""
    if named := os.environ.get("STUDYKIT_CHROMIUM"):
        return named
    for name in PROGRAMS:
        # Ubuntu's chromium-browser is a stub that only asks for a snap: it has to answer.
        if (path := shutil.which(name)) and _succeeds(path, "--version"):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_chromium() -> None:
    """Installs Chromium and Korean fonts from the system's packages, else Playwright's Chromium."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        packages = ("chromium", "fonts-noto-cjk")
        if _succeeds("apt-get", "update", "-q") and _succeeds(
            "apt-get", "install", "-q", "-y", "--no-install-recommends", *packages
        ):
            return
    # Only root may add the system libraries that Playwright's Chromium links to.
    libraries = ["--with-deps"] if root and sys.platform == "linux" else []
    _succeeds(sys.executable, "-m", "playwright", "install", *libraries, "chromium")


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__" and find_chromium() is None:
    print("Installing Chromium for the browser tests", flush=True)
    install_chromium()
    if find_chromium() is None:
        # The tests say what this means: they fail under CI, and are skipped elsewhere.
        print("No Chromium could be installed.", file=sys.stderr)
