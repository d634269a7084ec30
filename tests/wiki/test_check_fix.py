"""`studykit check --fix`: what has one certain mend is mended, and nothing else is touched."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from studykit.errors import StudykitError
from studykit.wiki.check import Fixed, check_paths, fix_all
from tests.wiki.conftest import make_small_project
from tests.wiki.support import Project

FILES = {
    "meetings/week-02.txt": "나래님 - 안개\n\n질문\n1. 안개는 왜 낮은가\n",
    "docs/talks/구름/index.md": "# 구름\n\n## 왜 흰가\n\n## Rain\n",
    "docs/talks/moved/fog.md": "# 안개\n",
    "docs/a/same.md": "# 하나\n",
    "docs/b/same.md": "# 둘\n",
}


@pytest.fixture(scope="module")
def folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_small_project(root, tmp_path_factory.mktemp("fix") / "project").folder
    for name, text in FILES.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, "utf-8")
    return made


def mend(folder: Path, text: str) -> tuple[str, list[Fixed]]:
    """What becomes of a page at docs/page.md, and what is said of it."""
    page = folder / "docs/page.md"
    page.write_bytes(text.encode())
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            _, fixed = fix_all(lambda: check_paths([Path("docs/page.md")]))
        return page.read_bytes().decode(), fixed
    finally:
        page.unlink()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\nanwers: [w02-q1]\n---\n# 글\n", "---\nanswers: [w02-q1]\n---\n# 글\n"),
        ("---\nstatus: writen\nwek: 3\n---\n", "---\nstatus: written\nweek: 3\n---\n"),
        ("[a](fog.md)\n", "[a](talks/moved/fog.md)\n"),
        ("[a](xfog.md) [a](fog.md)\n", "[a](xfog.md) [a](talks/moved/fog.md)\n"),
        ("[a](talks/구름)\n", "[a](talks/구름/index.md)\n"),
        ("[a](/questions/w02-q1/)\n", "[a](questions/w02-q1.md)\n"),
        ("[a](talks/구름/index.md#rain 'x')\r\n", "[a](talks/구름/index.md#rain 'x')\r\n"),
        ("[a](talks/구름/index.md#RAIN)\r\nb\r\n", "[a](talks/구름/index.md#rain)\r\nb\r\n"),
        ("`p\u0430th`\n", "`path`\n"),
        ("안개\u202e 낮다\n", "안개 낮다\n"),
    ],
)
def test_what_is_certain_is_mended(folder: Path, before: str, after: str) -> None:
    assert mend(folder, before)[0] == after


def test_hangul_in_pieces_is_put_together(folder: Path) -> None:
    pieces = unicodedata.normalize("NFD", "왜-흰가")
    text, (fixed,) = mend(folder, f"앞\n\n[a](talks/구름/index.md#{pieces})\n")
    assert text == "앞\n\n[a](talks/구름/index.md#왜-흰가)\n"
    assert str(fixed).startswith("docs/page.md:3:5: dead-link fixed: ")


@pytest.mark.parametrize(
    "text",
    [
        "[a](same.md)\n",  # there are two of them
        "[a](fogg.md)\n",  # a near one is no certain one
        "[a](talks/구름/index.md#rains)\n",
        "![](talks/a.png)\n",
        "---\n'anwers': [w02-q1]\n---\n",
        "---\nweek: soon\n---\n",
        "$\\frac{$\n",
    ],
)
def test_what_is_not_is_left(folder: Path, text: str) -> None:
    assert mend(folder, text) == (text, [])


def test_notes_are_never_touched(folder: Path) -> None:
    note = folder / "meetings/week-03.md"
    data = "나래님 - [a](fog.md) p\u0430th \u202e\r\n구름\n".encode()
    note.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        report, fixed = fix_all(lambda: check_paths([Path("meetings")]))
    assert note.read_bytes() == data
    assert fixed == []
    assert any(found.file == "meetings/week-03.md" for found in report.findings)
    note.unlink()


def test_a_page_that_cannot_be_written_is_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studykit.wiki.check.fix.os.fdopen", full)
    page = folder / "docs/full.md"
    page.write_text("[a](fog.md)\n", "utf-8")
    monkeypatch.chdir(folder)
    with pytest.raises(StudykitError, match="No space left"):
        fix_all(lambda: check_paths([Path("docs/full.md")]))
    assert page.read_text("utf-8") == "[a](fog.md)\n"
    assert [path.name for path in page.parent.iterdir() if path.name.startswith(".")] == []
    page.unlink()


def test_the_command_says_what_it_did(folder: Path) -> None:
    page = folder / "docs/page.md"
    page.write_text("[a](fog.md)\n\n![](fog.png)\n", "utf-8")
    said = Project(folder).run("check", "--fix", "docs/page.md")
    page.unlink()
    assert "docs/page.md:1:5: dead-link fixed: fog.md is now talks/moved/fog.md" in said.stderr
    assert "docs/page.md:3:5: no-alt-text" in said.stdout
    assert said.stdout.count("dead-link") == 1  # the picture that is not there
    assert said.returncode == 1
