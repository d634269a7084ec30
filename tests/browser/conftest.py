"""The browser and the sites that the tests in this folder share."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from tests.browser.chromium import find_chromium
from tests.browser.invented import STOCK, invented_files
from tests.browser.reader import SIZES, Reader
from tests.browser.sites import (
    NAVIGATION,
    PLUGINS,
    Site,
    copy_site,
    served_site,
    serving,
    write_project,
)

NO_BROWSER = pytest.StashKey[str]()

# No sandbox, since CI runs as root; the rest keeps Chromium from asking for anything on the
# network by itself, so that a request seen by a test is a request of the page.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# What is waited for comes at once on an idle machine; on a busy one it may be long.
expect.set_options(timeout=30_000)


# Not for the session: while Playwright runs, no later test in this process could use asyncio.
@pytest.fixture(scope="package")
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    """A headless Chromium; each test opens its own context in it."""
    path = find_chromium()
    if path is None:
        _without(pytestconfig, "no Chromium was found; `make test` installs one")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            _without(pytestconfig, f"{path} does not start: {error}")
        yield browser
        browser.close()


Visit = Callable[..., Reader]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a fresh browser window on a site; at the end nothing may have gone wrong in it.

    `visit(site, "questions/", size="phone", scheme="dark")` gives the reader, with that page open.
    """
    with contextlib.ExitStack() as stack:
        readers: list[Reader] = []

        def open_window(
            site: Site, path: str = "", *, size: str = "desktop", scheme: str = "light", **more: Any
        ) -> Reader:
            width, height = SIZES[size]
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, **more
            )
            reader = Reader(stack.enter_context(context), site)
            readers.append(reader)
            if more.get("java_script_enabled", True):
                reader.open(path)
            else:
                reader.page.goto(site.url + path)
            return reader

        yield open_window
        for reader in readers:
            assert not list(reader.foreign())
            assert not reader.complaints


@pytest.fixture(scope="package")
def wiki(whole_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The project's own site."""
    with serving(tmp_path_factory.mktemp("wiki") / "site") as site:
        copy_site(whole_site, site)
        yield site


@pytest.fixture(scope="package")
def archive(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of the invented archive, whose registers have several pages."""
    folder = tmp_path_factory.mktemp("archive") / "project"
    config = write_project(folder, root, invented_files(), nav=NAVIGATION, plugins=PLUGINS)
    with served_site(config, folder) as site:
        yield site


@pytest.fixture(scope="package")
def english(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The group's own note in a site whose language is English."""
    folder = tmp_path_factory.mktemp("english") / "project"
    note = (root / "meetings" / "week-01.txt").read_text("utf-8")
    files = {"meetings/week-01.txt": note, "docs/talks/clouds.md": "# Clouds\n"}
    theme = {"language": "en"}
    config = write_project(folder, root, files, nav=NAVIGATION, plugins=PLUGINS, theme=theme)
    with served_site(config, folder) as site:
        yield site


@pytest.fixture(scope="package")
def stock(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Plain pages in the same theme, without anything of ours."""
    folder = tmp_path_factory.mktemp("stock") / "project"
    files = {"docs/index.md": STOCK, "docs/other/index.md": STOCK}
    nav = ["index.md", {"Other": ["other/index.md"]}]
    config = write_project(folder, root, files, nav=nav, plugins=["search"])
    with served_site(config, folder) as site:
        yield site


def _without(config: pytest.Config, reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI runs the browser tests, but {reason}", pytrace=False)
    config.stash[NO_BROWSER] = reason
    pytest.skip(reason)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Says in capitals that a whole kind of test did not run, where a row of `s` would not."""
    if reason := config.stash.get(NO_BROWSER, None):
        terminalreporter.section("NO BROWSER TEST RAN", red=True, bold=True)
        terminalreporter.line(reason)
