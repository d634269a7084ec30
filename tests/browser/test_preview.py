"""The preview of a change: one file, in which nothing of the change lives, on a phone as well."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from studykit.wiki.preview import write_preview
from tests.browser.sites import NAVIGATION, PLUGINS, write_project
from tests.browser.test_hostile import ALIVE
from tests.hostile.corpus import hostile_files

FIND = r"""
() => {
  const NEVER = /^(id|name|for|srcset|ping|action|formaction|xlink:href|data|popover)$/;
  const found = [];
  for (const each of document.querySelectorAll("article *, li *, p, h3 *")) {
    for (const { name, value } of each.attributes) {
      const at = `${each.localName} ${name}=${value.slice(0, 60)}`;
      const picture = /^data:image\/(png|jpeg|gif|webp);base64,/.test(value);
      if (name.startsWith("on")) found.push(at);
      if (name === "src" && !picture) found.push(at);
      // Ours lead from a finding to what its code means.
      const ours = !each.closest("article") && /^#code-[a-z-]+$/.test(value);
      if (name === "href" && !/^(https?|mailto):/.test(value) && !ours) found.push(at);
      if (NEVER.test(name)) found.push(at);
      if (name === "style" && !/^text-align: (left|center|right);$/.test(value)) found.push(at);
    }
    const never = "script,iframe,frame,object,embed,applet,base,meta,link,form,style,template,"
      + "textarea,select,button,video,audio,dialog,noscript,use,image,animate,set";
    if (each.matches(never)) found.push(`<${each.localName}>`);
  }
  return found;
}
"""

BEFORE = "# 안개\n\n안개는 낮은 구름이다.\n\n$$a_t$$\n\n1\n\n2\n\n3\n\n4\n\n끝이다.\n"
AFTER = (
    "# 안개\n\n안개는 **아주** 낮은 구름이다.\n\n$$b_t$$\n\n1\n\n2\n\n3\n\n4\n\n끝이다.\n\n새것.\n"
)


def repository(folder: Path, root: Path, *states: Mapping[str, str], **settings: Any) -> Path:
    """A project with a commit for each state; the files of a state stay in the next one."""
    config = write_project(folder, root, {".gitignore": "node_modules\n"}, **settings)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "init", "--quiet"], cwd=folder, check=True)
    for files in states:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        subprocess.run([*git, "add", "-A"], cwd=folder, check=True)
        subprocess.run([*git, "commit", "-qm", "state"], cwd=folder, check=True)
    return config


def preview(config: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(config.parent)
        html = write_preview(config, "HEAD~1")
    file = config.parent / "preview.html"
    file.write_text(html, "utf-8")
    return file


def opened(browser: Browser, file: Path, seen: list[str], **options: Any) -> Page:
    context = browser.new_context(**options)
    context.add_init_script(ALIVE)
    context.on("console", lambda said: seen.append(said.text))
    context.on("request", lambda asked: seen.append(asked.url))
    page = context.new_page()
    page.goto(file.as_uri(), wait_until="load")
    return page


def test_nothing_of_a_hostile_change_lives(browser: Browser, root: Path, tmp_path: Path) -> None:
    hostile = hostile_files()
    books = [path for path in hostile if path.endswith(".ipynb")]
    # Half a second each to make, and all are looked at on the site.
    left_out = {*books} - {*books[::6]}
    change = {path: text for path, text in hostile.items() if path not in left_out}
    before = {"docs/talks/fog.md": "# 안개\n", "meetings/week-50.txt": "끝\n"}
    settings = {"strict": False, "nav": NAVIGATION, "plugins": PLUGINS}
    config = repository(tmp_path / "project", root, before, change, **settings)
    file = preview(config)
    seen: list[str] = []
    page = opened(browser, file, seen)
    assert page.locator(".pv-page").count() > 200
    assert page.evaluate(FIND) == []
    assert page.evaluate("document.scripts.length") == 1
    page.wait_for_timeout(300)
    asked = [each for each in seen if not each.startswith("data:")]
    assert asked == [file.as_uri()]
    page.context.close()


def test_a_change_is_seen_on_a_phone(browser: Browser, root: Path, tmp_path: Path) -> None:
    states = (
        {"docs/talks/안개.md": text, "meetings/week-02.txt": text} for text in (BEFORE, AFTER)
    )
    config = repository(tmp_path / "project", root, *states, nav=NAVIGATION, plugins=PLUGINS)
    seen: list[str] = []
    page = opened(browser, preview(config), seen, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    part = page.locator(".pv-page", has_text="docs/talks/안개.md")
    both, after, before = (part.locator(f".pv-is-{name}") for name in ("both", "after", "before"))
    assert both.is_visible()
    assert not after.is_visible()
    assert both.locator("ins").first.inner_text().strip() == "아주"
    assert "b" in (both.locator("math").first.text_content() or "")
    assert both.locator(".sk-new").inner_text() == "새것."
    assert not both.get_by_text("3", exact=True).is_visible()
    part.get_by_text("바뀌기 전", exact=True).first.click()
    assert before.is_visible()
    assert before.get_by_text("3", exact=True).is_visible()
    assert "새것" not in before.inner_text()
    assert [each for each in seen if not each.startswith("file:")] == []
    page.context.close()
