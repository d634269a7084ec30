"""Sites for the browser tests: built as a user builds them, and served on a free port."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import yaml

from studykit.wiki.frontend import PACKAGES


@dataclass(frozen=True)
class Site:
    """A built site and where it is served, with a slash at the end."""

    folder: Path
    url: str


@contextlib.contextmanager
def served_site(config_file: Path, folder: Path) -> Iterator[Site]:
    """Builds the site of a project below `folder`, and serves it until the end of the block."""
    with serving(folder / "site") as site:
        _build(config_file, site.folder, folder, site.url)
        yield site


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Serves a folder, which need not be there yet, until the end of the block."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Site(folder, f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
        thread.join()


def copy_site(built: Path, site: Site) -> None:
    """Copies a site that was built for MkDocs' own address to where it is served."""

    def copy(source: str, target: str) -> None:
        path = Path(source)
        if path.suffix in (".html", ".xml", ".json", ".txt"):
            # Instant navigation follows the sitemap, which has full addresses.
            text = path.read_bytes().replace(b"http://127.0.0.1:8000/", site.url.encode())
            Path(target).write_bytes(text)
        else:
            shutil.copyfile(source, target)

    shutil.copytree(built, site.folder, copy_function=copy)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        # A browser that leaves a page hangs up on what it no longer needs.
        with contextlib.suppress(ConnectionError):
            super().copyfile(source, outputfile)


def _build(config_file: Path, site: Path, folder: Path, url: str) -> None:
    command = [sys.executable, "-m", "studykit", "build", "--config-file", str(config_file)]
    done = subprocess.run(
        [*command, "--site-dir", str(site)],
        # Instant navigation follows the sitemap, which has full addresses.
        env={**os.environ, "STUDYKIT_SITE_URL": url, "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def write_project(folder: Path, root: Path, files: Mapping[str, str], **settings: object) -> Path:
    """A project with this one's mkdocs.yml, in which `settings` replace what they name.

    Returns:
        Its mkdocs.yml.
    """
    (folder / "node_modules").mkdir(parents=True)
    for name in PACKAGES:
        (folder / "node_modules" / name).symlink_to(root / "node_modules" / name)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    config = folder / "mkdocs.yml"
    # The style of a page that is not there.
    own = {"docs_dir": "docs", "extra_css": []}
    body = {"INHERIT": str(root / "mkdocs.yml"), **own, **settings}
    config.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    return config


PLUGINS = [
    "search",
    "studykit",
    {"mkdocs-jupyter": {"include": ["notebooks/*.ipynb"], "execute": False, "cache": False}},
]
"""Those of mkdocs.yml but for the API's, whose pages take seconds to make."""

SECTIONS = ["meetings", "questions", "talks", "tasks", "links", "people", "catch-up", "notebooks"]
NAVIGATION = ["index.md", *(f"{section}/index.md" for section in SECTIONS)]
