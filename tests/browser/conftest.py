"""The browser that the tests in this folder share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.browser.chromium import find_chromium

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
