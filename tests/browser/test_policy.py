"""The policy of every page: what it refuses, and that nothing of ours is refused.

That no page breaks it is also what every other test here sees: a refusal is an error on the
console, and no reader may end with one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.invented import notebook
from tests.browser.reader import toggle_palette
from tests.browser.sites import NAVIGATION, PLUGINS, Site, served_site, write_project

PAGE = r"""# 구름과 안개

| 왼쪽 | 가운데 | 오른쪽 |
| :--- | :---: | ---: |
| 1 | 2 | 3 |

- [x] 본 구름
- [ ] 못 본 구름

=== "낮"

    흰 구름

=== "밤"

    검은 구름

$\vec{c}_t + \pmb{c} + \fcolorbox{red}{white}{c}$ 그리고 $\frac{c$

??? note "접힌 것"

    안개

```python
cloud = 1
```
"""
FIGURE = '# 그림\n\n<div data-figure="model-in-page">그림이 없는 사람에게</div>\n'
NOTE = (
    "가람님 - 구름을 봤다\n\n질문 :\n1. 구름은 왜 흰가\n\n링크 :\n구름 : https://clouds.example/1\n"
)

COUNTED = "() => { window.refused = []; addEventListener('securitypolicyviolation', (event) => "
COUNTED += "refused.push(`${event.violatedDirective} ${event.blockedURI}`)) }"


@pytest.fixture(scope="module")
def clouds(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("policy") / "project"
    files = {
        "meetings/week-01.txt": NOTE,
        "docs/talks/clouds.md": PAGE,
        "docs/talks/figure.md": FIGURE,
        "docs/notebooks/clouds.ipynb": notebook(),
    }
    config = write_project(folder, root, files, nav=NAVIGATION, plugins=PLUGINS)
    with served_site(config, folder) as site:
        yield site


def policies(page: Page) -> list[str]:
    metas = page.locator("meta[http-equiv=Content-Security-Policy]")
    return [str(meta.get_attribute("content")) for meta in metas.all()]


def test_all_pages_have_the_same_policy_first(clouds: Site) -> None:
    found = set()
    for path in clouds.folder.rglob("*.html"):
        head = path.read_text("utf-8").partition("</head>")[0]
        meta = '<meta http-equiv="Content-Security-Policy"'
        assert head.count(meta) == 1, path
        assert not {"<link", "<script", "<style", "<base"} & set(head.partition(meta)[0].split())
        if "talks/figure" not in path.as_posix():
            found.add(head.partition(meta)[2].partition(">")[0])
    assert len(found) == 1
    assert "unsafe-inline" not in found.pop()


@pytest.mark.parametrize(
    ("script", "allowed"),
    [
        ("s = document.createElement('script'); s.text = 'x=1'; document.body.append(s)", False),
        ("document.body.insertAdjacentHTML('beforeend', '<img src=a onerror=\"x=1\">')", False),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')", False),
        ("document.body.insertAdjacentHTML('beforeend', '<base href=//x.example>')", False),
        ("new Image().src = 'https://x.example/a.png'", False),
        ("fetch('https://x.example/').catch(() => 0)", False),
        ("fetch('/').then(() => 0)", True),
        ("document.body.insertAdjacentHTML('beforeend', '<iframe src=//x.example>')", False),
        ("WebAssembly.compile(new Uint8Array([0,97,115,109,1,0,0,0])).catch(() => 0)", False),
    ],
)  # fmt: skip
def test_what_it_refuses(clouds: Site, visit: Visit, script: str, allowed: bool) -> None:
    reader = visit(clouds, "talks/clouds/")
    page = reader.page
    page.evaluate(COUNTED)
    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(200)
    assert page.evaluate("window.refused.length === 0") is allowed
    assert page.evaluate("typeof window.x") == "undefined"
    # Playwright also lists what the browser then does not ask for.
    reader.asked.clear()
    reader.complaints.clear()


def test_what_a_page_does_is_within_it(clouds: Site, visit: Visit) -> None:
    reader = visit(clouds, "talks/clouds/")
    page = reader.page
    page.evaluate(COUNTED)
    expect(page.locator("td").nth(2)).to_have_css("text-align", "right")
    expect(page.locator(".katex-accent svg").first).to_have_css("width", re.compile(r"[1-9]"))
    assert page.locator(".katex-error").evaluate("(each) => each.style.color") == "rgb(204, 0, 0)"
    page.locator(".tabbed-labels label").nth(1).click()
    expect(page.get_by_text("검은 구름")).to_be_visible()
    toggle_palette(page)
    page.locator("details summary").first.click()
    page.locator(".md-clipboard, .md-code__button").first.click()
    for path in ("notebooks/", "catch-up/", "questions/"):
        reader.follow(page.locator(f".md-tabs a[href='{clouds.url}{path}']"))
    # Material closes the search 125 ms after a page is shown: a timer that is set now ends later.
    page.evaluate("() => new Promise((done) => setTimeout(done, 250))")
    page.locator("[data-md-component=search-query]").click()
    page.locator("[data-md-component=search-query]").fill("구름")
    page.keyboard.press("End")
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    assert page.evaluate("window.refused") == []


def test_a_model_runs_where_a_figure_stands_and_nowhere_else(clouds: Site, visit: Visit) -> None:
    reader = visit(clouds, "talks/")
    page = reader.page
    compiled = """async () => { try {
      await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); return true;
    } catch { return false; } }"""
    assert page.evaluate(compiled) is False
    for _ in range(2):
        # By instant navigation the old policy would stay in force: the page is loaded anew.
        with page.expect_event("load"):
            page.locator("a[href$='figure/']").first.click()
        reader.settle()
        assert page.evaluate(compiled) is True
        with page.expect_event("load"):
            page.locator(f".md-tabs a[href='{clouds.url}talks/']").click()
        reader.settle()
        assert page.evaluate(compiled) is False
    reader.complaints.clear()
