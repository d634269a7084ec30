"""A contributor's mistakes: each is found where it is, and gone when the message is followed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from studykit.wiki.check import Finding, check_paths

MISTAKES = tomllib.loads(Path(__file__).with_name("injected_mistakes.toml").read_text("utf-8"))
TOGETHER, ALONE, NOTEBOOKS = (MISTAKES[key] for key in ("together", "alone", "notebooks"))

PROJECT: Mapping[str, str | bytes] = {
    "clouds.py": '''\
"""Clouds."""


class Cloud:
    """A cloud.

    Source: Karg et al. (2031), Eq. 9.
    """

    def color(self):
        """Its color."""


def make_rain():
    """Rain."""
''',
    "mkdocs.yml": "site_name: 구름\n",
    "meetings/week-01.txt": "질문\n1. 안개는 왜 낮은가\n",
    "docs/api/clouds.md": "# 구름\n\n::: clouds\n",
    "docs/other.md": "# 다른 글\n\n## 왜 흰가\n",
    "docs/papers.toml": (
        '[karg-2031]\ncite = "Karg et al. (2031)"\nauthors = ["Karg", "Nalae", "Daon", "Laon"]\n'
        'title = "Clouds"\nequations = 9\n'
    ),
    "docs/terms.toml": (
        '[[term]]\nid = "cloud"\nko = "구름"\nen = "cloud"\ndefinition = "물방울이다."\n'
    ),
    "docs/talks/deep/index.md": "# 깊은 곳\n",
    "docs/talks/deep/fog.md": "# 안개\n",
    "docs/talks/sky.png": "x",
    "docs/talks/huge.jpg": bytes(1_000_000),
    "docs/talks/small.jpg": b"x",
}

Found = Mapping[str, list[Finding]]


def write(folder: Path, root: Path, files: Mapping[str, str | bytes]) -> None:
    for name, text in {**PROJECT, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "node_modules").symlink_to(root / "node_modules")


def check(folder: Path, *, run_code: bool = False) -> Found:
    """What is found, by file."""
    found: dict[str, list[Finding]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for each in check_paths([Path("meetings")], run_code=run_code).findings:
            found.setdefault(each.file, []).append(each)
    return found


def mended(mistake: Mapping[str, Any]) -> str:
    text, old = str(mistake["text"]), mistake.get("old")
    if old is None:
        return text
    assert text.count(old) == 1, "the mend is made at one place"
    return text.replace(old, str(mistake["new"]))


def see(mistake: Mapping[str, Any], before: list[Finding], after: list[Finding]) -> None:
    """The mistake was found at its place and with its mend, and is gone."""
    code = mistake["code"]
    found = [each for each in before if each.code == code]
    assert [f"{each.line}:{each.column}" for each in found] == [mistake["place"]]
    assert mistake["says"] in found[0].mend
    # Nothing else is said to be wrong, which would send a contributor astray.
    others = {each.code for each in before if each.severity != "notice"} - {code}
    assert others <= set(mistake.get("also", ()))
    assert [each for each in after if each.severity != "notice" or each.code == code] == []


# --- many in one project --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def together(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Found, Found]:
    """What is found in a project with all of them, and in one where all are mended."""
    folders = [tmp_path_factory.mktemp(name) for name in ("wrong", "mended")]
    for folder, text in zip(folders, (lambda each: each["text"], mended), strict=True):
        write(folder, root, {each["file"]: text(each) for each in TOGETHER})
    before, after = (check(folder, run_code=True) for folder in folders)
    return before, after


def test_there_are_60() -> None:
    assert len(TOGETHER) + len(ALONE) + len(NOTEBOOKS) >= 60
    files = [each["file"] for each in TOGETHER]
    assert len(files) == len(set(files))


@pytest.mark.parametrize("mistake", TOGETHER, ids=lambda each: Path(each["file"]).stem)
def test_a_mistake_in_a_page_or_note(
    mistake: Mapping[str, Any], together: tuple[Found, Found]
) -> None:
    before, after = (found.get(mistake["file"], []) for found in together)
    see(mistake, before, after)


# --- one at a time --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mistake", ALONE, ids=lambda each: f"{Path(each['file']).stem}-{each['place']}"
)
def test_a_mistake_that_stops_a_build(
    mistake: Mapping[str, Any], root: Path, tmp_path: Path
) -> None:
    write(tmp_path, root, {mistake["file"]: mistake["text"]})
    before = check(tmp_path)
    file = tmp_path / mistake["file"]
    file.write_text(mended(mistake), "utf-8")
    if "rename" in mistake:
        file.rename(tmp_path / mistake["rename"])
    after = check(tmp_path)
    see(
        mistake, before.get(mistake["file"], []), [each for all_ in after.values() for each in all_]
    )


# --- notebooks ------------------------------------------------------------------------------------


def notebook(mistake: Mapping[str, Any], *, mend: bool = False) -> str:
    """The file as Jupyter writes it, each line of a cell on a line of its own."""
    counts = iter(mistake.get("counts", ()))
    cells = []
    for kind, source, *count in mistake["cells"]:
        cell: dict[str, Any] = {"cell_type": kind, "metadata": {}}
        text = (
            source.replace(mistake["old"], mistake["new"]) if mend and "old" in mistake else source
        )
        cell["source"] = text.splitlines(keepends=True)
        if kind == "code":
            number = next(counts, None) if mend else (count or [None])[0]
            cell |= {"outputs": [], "execution_count": number}
        cells.append(cell)
    body = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


@pytest.fixture(scope="module")
def notebooks(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Found, Found]:
    folders = [tmp_path_factory.mktemp(name) for name in ("wrong-books", "mended-books")]
    for folder, mend in zip(folders, (False, True), strict=True):
        books = {
            f"docs/notebooks/{number}.ipynb": notebook(each, mend=mend)
            for number, each in enumerate(NOTEBOOKS)
        }
        write(folder, root, books)
    before, after = (check(folder) for folder in folders)
    return before, after


@pytest.mark.parametrize("number", range(len(NOTEBOOKS)))
def test_a_mistake_in_a_notebook(number: int, notebooks: tuple[Found, Found]) -> None:
    mistake = NOTEBOOKS[number]
    before, after = (found.get(f"docs/notebooks/{number}.ipynb", []) for found in notebooks)
    lines = notebook(mistake).split("\n")
    (line,) = (at for at, text in enumerate(lines, 1) if mistake["at"] in text)
    column = before[0].column if before else 1
    see({**mistake, "place": f"{line}:{column}"}, before, after)
