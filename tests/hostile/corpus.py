"""The hostile corpus as a project: every payload in a file of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4

HERE = Path(__file__).parent

CITED = "Evil et al. (2020), Eq. 1 과 적대 그리고 주소"
"""Makes the pages of papers and terms quote the page."""


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))


def payloads() -> int:
    """How many there are."""
    pages, files, settings = load("pages"), load("files"), load("settings")
    beside = sum(text.count("PWN()") for text in files["beside"].values())
    lists = (*pages.values(), *settings.values())
    lists += tuple(files[key] for key in ("svg", "refused_svg", "notebook", "names"))
    return sum(map(len, lists)) + beside


def hostile_files() -> dict[str, str]:
    """The project's notes, pages, drawings and notebooks by path."""
    return {path: text.replace("\\n", "\n") for path, text in _texts()} | dict(_notebooks())


def _texts() -> Iterator[tuple[str, str]]:
    pages, files = load("pages"), load("files")
    for kind in ("html", "markdown", "attributes"):
        for number, payload in enumerate(pages[kind]):
            # Once as it begins a page, and once within a sentence.
            text = f"{payload}\n\n안개 {payload} 구름\n\n{CITED}\n"
            yield f"docs/talks/{kind}-{number:03}.md", text
    for number, payload in enumerate(pages["front"]):
        yield f"docs/talks/front-{number:03}.md", f"{payload}\n\n안개\n"
    for number, payload in enumerate(pages["notes"], 1):
        yield f"meetings/week-{number:02}.txt", f"{payload}\n\n마루님 - {payload}\n{CITED}\n"
    yield "meetings/week-40.txt", "질문 :\n1. 안개는 왜 낮은가\n마루님 - 구름, 바다님 - 비\n"
    yield "meetings/week-41.txt", "창문은 누가 닫나\n"
    for number, payload in enumerate(files["svg"]):
        yield f"docs/talks/drawing-{number:03}.svg", payload
    for name in files["names"]:
        yield f"docs/talks/{name.replace('/', '-')}", "# 안개\n\n[구름](html-000.md)\n"
    yield from files["beside"].items()


def _notebooks() -> Iterator[tuple[str, str]]:
    for number, (kind, text) in enumerate(load("files")["notebook"]):
        yield f"docs/notebooks/book-{number:03}.ipynb", nbformat.writes(_notebook(kind, text))


def _notebook(kind: str, text: str) -> Any:
    match kind:
        case "markdown":
            cell = v4.new_markdown_cell(text)
        case "raw":
            cell = v4.new_raw_cell(text)
        case "code":
            cell = v4.new_code_cell(text)
        case _:
            cell = v4.new_code_cell("cloud", outputs=[_output(kind, text)])
    cell["id"] = "a"
    return v4.new_notebook(cells=[v4.new_markdown_cell("# 안개", id="b"), cell])


def _output(kind: str, text: str) -> Any:
    if kind == "stdout":
        return v4.new_output("stream", name="stdout", text=text)
    if kind == "error":
        return v4.new_output("error", ename=text, evalue=text, traceback=[text])
    return v4.new_output("display_data", data={kind: text})
