"""Accessibility as axe-core judges it, beside the reviewed list of what stock Material does."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from playwright.sync_api import Page

BASELINE = Path(__file__).with_name("axe-baseline.toml")

_RUN = """
async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => [id, node.target.flat().join(" "), node.html, node.failureSummary]));
}
"""


@dataclass(frozen=True)
class Violation:
    """One element that breaks one of axe's rules, seriously or critically."""

    rule: str
    selector: str
    html: str
    reason: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.selector}\n  {self.html}\n  {self.reason}"


@dataclass(frozen=True)
class Known:
    """A fault of the theme: a rule, and a pattern of the selectors that axe prints."""

    rule: str
    selector: str
    why: str

    def covers(self, violation: Violation) -> bool:
        return violation.rule == self.rule and fnmatchcase(violation.selector, self.selector)


def known_faults() -> list[Known]:
    return [Known(**entry) for entry in tomllib.loads(BASELINE.read_text("utf-8"))["stock"]]


def violations(page: Page, node_modules: Path) -> list[Violation]:
    """What axe finds on the page as it stands, once nothing moves."""
    keep_still(page)
    # Not as a script of the page, which the site's own policy forbids.
    page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text("utf-8"))
    return [Violation(*found) for found in page.evaluate(_RUN)]


def keep_still(page: Page) -> None:
    """End what moves on the page now and later.

    Colours and widths on their way to others are not what a reader sees; and on a long page a slow
    machine is long on the way.
    """
    still = "*, ::before, ::after { transition: none !important; animation: none !important }"
    # A <style> is what the site's own policy forbids.
    adopt = "css => { const s = new CSSStyleSheet(); s.replaceSync(css); "
    page.evaluate(adopt + "document.adoptedStyleSheets.push(s); }", still)
