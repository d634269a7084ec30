"""The hostile corpus: all of it is published, and none of it lives."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Visit
from tests.browser.sites import NAVIGATION, PLUGINS, Site, served_site, serving, write_project
from tests.hostile.corpus import hostile_files, payloads

# What of a page could run, load or pretend, as the browser's own parser sees the file; an id or an
# attribute of the theme counts within the content alone.
FIND = r"""
async (url) => {
  const LOADS = /^(href|src|action|formaction|data|poster|xlink:href|background|ping|srcset)$/;
  const OTHERS = /^(data-md-|popover|is$|nonce|autofocus|contenteditable|accesskey|target)/;
  const ALIGNED = /^text-align: (left|center|right);$/;
  const page = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
  const found = [];
  const content = page.querySelector(".md-content__inner");
  for (const each of page.querySelectorAll("*")) {
    const inside = content !== each && content?.contains(each);
    for (const { name, value } of each.attributes) {
      const at = `${each.localName} ${name}=${value.slice(0, 60)}`;
      if (name.startsWith("on")) found.push(at);
      if (LOADS.test(name)) {
        let address;
        try { address = new URL(value, url); } catch { continue; }
        const picture = each.localName === "img" && /^data:image\/(png|jpeg);base64,/.test(value);
        if (!/^(https?|mailto):$/.test(address.protocol) && !picture) found.push(at);
        const leads = each.localName === "a" || each.rel === "canonical";
        if (!leads && address.host !== new URL(url).host && !picture) found.push(at);
        if (name === "ping" || name === "srcset") found.push(at);
      }
      if (!inside) continue;
      if (name === "style" && !ALIGNED.test(value)) found.push(at);
      if (OTHERS.test(name)) found.push(at);
      if (name === "id" && /^__(?!tabbed_|span-|codelineno-)/.test(value)) found.push(at);
      if (name === "class" && /(^|\s)md-(?!icon|button)/.test(value)) found.push(at);
    }
    const never = "script,iframe,frame,object,embed,applet,base,meta,link,form,style,template,math,"
      + "textarea,select,button,video,audio,dialog,noscript,foreignObject,animate,set,use,image";
    if (inside && each.matches(never)) found.push(`<${each.localName}>`);
    if (inside && each.matches("input:not([type=checkbox], [type=radio])")) found.push("<input>");
  }
  return found;
}
"""

ZENSICALS = {"a id=__skip", "nav class=md-tags", "span class=md-tag"}
"""What Zensical's own theme puts into the content: where a keyboard goes to, the page's tags."""

ALIVE = """
window.PWN = () => console.error("PWNED");
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => console.error("PWNED");
addEventListener("securitypolicyviolation", (e) => console.error(`REFUSED ${e.violatedDirective}`));
"""


@pytest.fixture(scope="module")
def config(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "project"
    # Links to nowhere are among the payloads; elsewhere they stop a build.
    settings = {"strict": False, "nav": NAVIGATION, "plugins": PLUGINS}
    return write_project(folder, root, hostile_files(), **settings)


@pytest.fixture(scope="module")
def hostile(config: Path) -> Iterator[Site]:
    with served_site(config, config.parent) as site:
        yield site


@pytest.fixture(scope="module")
def exported(config: Path) -> Iterator[Site]:
    """The site that Zensical builds of the export."""
    out = config.parent.parent / "out"
    env = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    zensical = str(Path(sys.executable).with_name("zensical"))
    for command in (
        [sys.executable, "-m", "studykit", "export", str(out)],
        [zensical, "build", "-f", str(out / "mkdocs.yml")],
    ):
        done = subprocess.run(
            command, cwd=config.parent, env=env, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    with serving(out / "site") as site:
        yield site


def pages(site: Site) -> list[str]:
    found = (path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.html"))
    return [quote(path) for path in sorted(found)]


def alive(browser: Browser, site: Site, paths: list[str]) -> list[str]:
    """What happened on the pages that should not have."""
    context = browser.new_context()
    context.add_init_script(ALIVE)
    seen: list[str] = []
    where = [""]
    context.on("console", lambda said: seen.append(f"{where[0]}: {said.text}"))
    context.on("request", lambda asked: seen.append(f"{where[0]}: {asked.url}"))
    page = context.new_page()
    for path in paths:
        where[0] = path
        page.goto(site.url + path, wait_until="load")
    page.wait_for_timeout(300)
    context.close()
    live = ("PWNED", "REFUSED", "evil.example")
    return [each for each in seen if any(mark in each for mark in live)]


def test_there_are_200(config: Path) -> None:
    assert payloads() >= 200


def test_nothing_of_it_is_in_a_page(hostile: Site, visit: Visit) -> None:
    page = visit(hostile).page
    found = {path: page.evaluate(FIND, hostile.url + path) for path in pages(hostile)}
    assert len(found) > 200
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize(
    "every", [pytest.param(12, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
def test_nothing_of_it_lives(hostile: Site, browser: Browser, every: int) -> None:
    drawings = sorted(f"talks/{path.name}" for path in (hostile.folder / "talks").glob("*.svg"))
    assert len(drawings) == 20
    assert alive(browser, hostile, [*pages(hostile)[::every], *drawings]) == []


@pytest.mark.slow
def test_nothing_of_it_is_in_the_export(exported: Site, browser: Browser, visit: Visit) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(exported.url)
    found = {
        path: [each for each in page.evaluate(FIND, exported.url + path) if each not in ZENSICALS]
        for path in pages(exported)
    }
    context.close()
    assert len(found) > 200
    assert {path: each for path, each in found.items() if each} == {}
    assert alive(browser, exported, [path for path in pages(exported) if "talks/" in path]) == []


def test_the_tests_see_what_lives(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<article class="md-content__inner"><p onclick="PWN()" style="color: red">'
        '<a href="javascript:PWN()">x</a><img src="https://evil.example/a.png" onerror="PWN()">',
        "utf-8",
    )
    with serving(tmp_path) as site:
        page = browser.new_page()
        page.goto(site.url)
        assert len(page.evaluate(FIND, site.url)) == 5
        page.close()
        assert len(alive(browser, site, [""])) >= 2
