"""A visitor to a site, who notes everything that was asked for and everything that went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from tests.browser.sites import Site

SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
SCHEMES = {"light": "default", "dark": "slate"}

# All scripts of the page have done their work.
_SETTLED = """
() => document.readyState === "complete"
  && window.document$
  && !document.querySelector(".sk-register:not([data-sk-ready])")
  && !document.querySelector(".arithmatex:not(:has(.katex, .katex-error))")
  && !document.querySelector(".jp-RenderedMarkdown:not([data-sk-shown])")
"""
_ARRIVED = """
(url) => location.href === url
  && document.querySelector("link[rel=canonical]")?.href === url.split("#")[0]
"""


class Reader:
    """Opens pages of one site in one browser window."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.site = site
        self.asked: list[str] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = context.new_page()

    def open(self, path: str) -> Page:
        """Visits the page as if its address had been typed."""
        response = self.page.goto(self.site.url + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"
        self.settle()
        return self.page

    def follow(self, link: Locator) -> None:
        """Clicks a link to another page of the site, and waits until that page is there."""
        target = urljoin(self.page.url, link.get_attribute("href"))
        link.click()
        self.arrive(target)

    def arrive(self, url: str) -> None:
        """Waits until the page at this address is shown."""
        self.page.wait_for_function(_ARRIVED, arg=url)
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_function(_SETTLED)

    def foreign(self) -> Iterator[str]:
        """The addresses asked for that are not on the site's own host."""
        own = urlsplit(self.site.url)
        for url in self.asked:
            parts = urlsplit(url)
            if parts.scheme not in ("data", "blob") and parts.netloc != own.netloc:
                yield url

    def _failed(self, request: Request) -> None:
        # A page that is left drops what it was still loading.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.url}: {response.status}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")


def toggle_palette(page: Page) -> None:
    """Changes from light to dark or back, as the button in the header does."""
    page.locator("form[data-md-component=palette] label:visible").click()
