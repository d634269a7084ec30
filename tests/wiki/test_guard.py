"""What is refused before a build begins, and what a page may not take."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from mkdocs.config import load_config

from studykit.errors import ConfigError
from studykit.wiki.guard import (
    TooSlowError,
    check_files,
    check_settings,
    check_text,
    limited,
    too_deep,
)
from studykit.wiki.published import is_published, safe_front
from studykit.wiki.sanitise import TooDeepError, clean
from studykit.wiki.svg import SvgError, clean_svg
from studykit.workflow_commands import inert
from tests.hostile.corpus import load


@pytest.mark.parametrize("text", load("settings")["refused"])
def test_refused_settings(tmp_path: Path, text: str) -> None:
    for beside in ("evil.py", "beside/evil.py"):
        (tmp_path / beside).parent.mkdir(exist_ok=True)
        (tmp_path / beside).write_text("", "utf-8")
    (tmp_path / "mkdocs.yml").write_text(f"site_name: x\n{text}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"mkdocs\.yml"):
        check_settings(tmp_path / "mkdocs.yml")


@pytest.mark.parametrize(
    "text",
    [
        "plugins: [{mkdocs-jupyter: {execute: false}}]",
        "plugins: [{mkdocstrings: {options: {allow_inspection: no, extensions: }}}]",
        "markdown_extensions: [admonition, pymdownx.details, studykit.wiki.sanitise]",
        "extra: &a {b: *a}",
    ],
)
def test_harmless_settings(tmp_path: Path, text: str) -> None:
    (tmp_path / "studykit").mkdir()
    (tmp_path / "mkdocs.yml").write_text(f"site_name: x\n{text}\n", "utf-8")
    check_settings(tmp_path / "mkdocs.yml")


def test_inherited_settings_too(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text("a: 1\nhooks: [x.py]\n", "utf-8")
    (tmp_path / "mkdocs.yml").write_text("INHERIT: base.yml\n", "utf-8")
    with pytest.raises(ConfigError, match=r"base\.yml:2:1: `hooks`"):
        check_settings(tmp_path / "mkdocs.yml")


def test_the_projects_own_settings_are_fine(root: Path) -> None:
    check_settings(root / "mkdocs.yml")
    named = load_config(str(root / "mkdocs.yml")).extra_css
    check_files(root / "docs", set(named))


@pytest.mark.parametrize("name", load("settings")["files"])
def test_refused_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / "docs" / name
    path.parent.mkdir(parents=True)
    path.write_text("x", "utf-8")
    with pytest.raises(ConfigError, match=f"docs/{name}: a browser would run"):
        check_files(tmp_path / "docs")
    check_files(tmp_path / "docs", {name})


@pytest.mark.skipif(os.name != "posix", reason="symbolic links as POSIX has them")
@pytest.mark.parametrize("target", ["/etc/passwd", "page.md", "..", "/", "nowhere", "."])
def test_refused_links(tmp_path: Path, target: str) -> None:
    docs = tmp_path / "docs"
    (docs / "talks").mkdir(parents=True)
    (docs / "page.md").write_text("x", "utf-8")
    (docs / "talks/link.md").symlink_to(target)
    with pytest.raises(ConfigError, match=r"docs/talks/link\.md: this is a symbolic link"):
        check_files(docs)


@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_what_turns_text_round(mark: str) -> None:
    with pytest.raises(ConfigError, match=r"^a\.md:2:3: "):
        check_text(f"안개\n구름{mark}", "a.md")


@pytest.mark.parametrize(
    "text",
    ["> " * 50 + "x", "[" * 500, "- " * 300 + "x", " " * 900 + "- x", "x" * 1_000_001],
)
def test_a_page_that_is_too_deep(text: str) -> None:
    assert too_deep(text)


def test_code_may_have_many_brackets() -> None:
    assert too_deep("```\n" + "[" * 500 + "\n```\n") is None


def test_too_deep_html_is_not_parsed() -> None:
    with pytest.raises(TooDeepError):
        clean("<div>" * 100_000)


@pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="needs the clock of a process")
def test_a_page_that_takes_too_long() -> None:
    with pytest.raises(TooSlowError, match=r"more than 0\.05 seconds"), limited(0.05):
        _forever()


@pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="needs the clock of a process")
def test_the_clock_is_heard_while_the_allow_list_is_asked() -> None:
    # Ctrl-C comes in the same way. Most of the time goes into what nh3 asks of us.
    for _ in range(20):
        with pytest.raises(TooSlowError), limited(0.02):
            _clean_often()


def _clean_often() -> None:
    for _ in range(100):
        clean('<b title="안개"></b>' * 1000)


def _forever() -> None:
    while True:
        pass


@pytest.mark.parametrize("text", load("files")["refused_svg"])
def test_refused_drawings(text: str) -> None:
    with pytest.raises(SvgError):
        clean_svg(text.encode())


def test_a_drawing_keeps_what_it_needs() -> None:
    data = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><defs><clipPath id="a">'
        b'<rect width="9" height="9" /></clipPath></defs><g clip-path="url(#a)">'
        b'<path d="M0 0h9" style="stroke: #000" /></g></svg>'
    )
    assert clean_svg(data) == data


def test_what_is_not_published() -> None:
    assert not is_published("people.toml")
    assert not is_published("notes/people.toml")
    assert is_published("talks/people.md")


def test_front_matter_chooses_no_template() -> None:
    assert safe_front({"template": "a.html", "title": "<b>"}) == {"title": "&#60;b&#62;"}


@pytest.mark.parametrize(
    "text",
    ["::error::x", "a\n::set-output name=x::y", "  ::add-mask::x", "a\r::error::x", "##[error]x"],
)
def test_no_line_is_a_command(text: str) -> None:
    shown = inert(text)
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
    assert "|##[" in shown or "##[" not in shown
