r"""Hand-written pages and notebooks with what they say of themselves: what they answer or close.

What is quoted of a page on another one is its first paragraph, as words and formulas: no markup of
a page gets anywhere else.

>>> first_paragraph("# 안개\n\n안개는 **낮은** $c_t$ 구름이다.\n\n더.\n")
(('text', '안개는 낮은 '), ('formula', 'c_t'), ('text', ' 구름이다.'))
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import markdown
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from studykit.errors import ConfigError
from studykit.wiki.documents import page_files, read_document
from studykit.wiki.front_matter import (
    FrontMatter,
    read_front_matter,
    read_notebook_front_matter,
    without_front_matter,
)
from studykit.wiki.privacy import Masks

__all__ = ["LONGEST", "Excerpt", "Handwritten", "first_paragraph", "read_handwritten"]

Excerpt = tuple[tuple[Literal["text", "formula"], str], ...]
"""Words and formulas, in order; a formula is LaTeX without its delimiters."""

LONGEST = 600
"""As much as is quoted, in characters."""

_EXTENSIONS = (
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "tables",
    "pymdownx.arithmatex",
    "pymdownx.superfences",
)


@dataclass(frozen=True, slots=True)
class Handwritten:
    """A page that says something in our fields, by its path below the docs folder."""

    path: str
    title: str
    front: FrontMatter
    excerpt: Excerpt = ()

    def masked(self, masks: Masks) -> Handwritten:
        """The page as other pages show it."""
        return replace(
            self,
            title=masks.text(self.title),
            front=replace(self.front, presenters=masks.names(self.front.presenters)),
            excerpt=tuple((kind, masks.text(said)) for kind, said in self.excerpt),
        )


def read_handwritten(
    docs: Path, root: Path | None = None, wrong: list[ConfigError] | None = None
) -> Iterator[Handwritten]:
    """Every page of the docs folder that says something in our fields, by path.

    Args:
        docs: The docs folder; there may be none.
        root: What errors name files relative to; the folder's parent by default.
        wrong: Gets all that is wrong with front matters, and the fields concerned are left out.

    Raises:
        ConfigError: The front matter of a page is wrong, and `wrong` is not given.
    """
    for path in page_files(docs):
        page = _read(docs, path, docs.parent if root is None else root, wrong)
        if page.front != FrontMatter():
            yield page


def first_paragraph(text: str) -> Excerpt:
    """The first paragraph of a page in Markdown that has words in it; headings do not count."""
    html = markdown.markdown(
        text,
        extensions=[*_EXTENSIONS],
        extension_configs={"pymdownx.arithmatex": {"generic": True}},
    )
    page = BeautifulSoup(html, "html.parser")
    for paragraph in (*page.find_all("p", recursive=False), *page.find_all(["p", "li"])):
        parts = tuple(_shortened(_parts(paragraph)))
        if any(said.strip() for _, said in parts):
            return parts
    return ()


def _read(docs: Path, path: Path, root: Path, wrong: list[ConfigError] | None) -> Handwritten:
    file = (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
    text = path.read_text("utf-8-sig", errors="replace")
    notebook = path.suffix == ".ipynb"
    front = (read_notebook_front_matter if notebook else read_front_matter)(text, file, wrong)
    document = read_document(docs, path)
    excerpt: Excerpt = ()
    if front.answers:
        excerpt = first_paragraph(_cells(text) if notebook else without_front_matter(text))
    return Handwritten(document.path, document.title, front, excerpt)


def _cells(notebook: str) -> str:
    """The text of a notebook's Markdown cells, whose reading as JSON went well before."""
    cells = json.loads(notebook)["cells"]
    sources = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return "\n\n".join(sources)


def _parts(paragraph: Tag) -> Iterator[tuple[Literal["text", "formula"], str]]:
    """The words and formulas of an element; footnotes' numbers and code of pages are neither."""
    said = ""
    todo = list(reversed(paragraph.contents))
    while todo:
        node = todo.pop()
        if isinstance(node, Tag) and "arithmatex" in node.get_attribute_list("class"):
            if said:
                yield "text", said
            yield "formula", node.get_text()[2:-2]
            said = ""
        elif isinstance(node, Tag):
            if node.name not in ("sup", "script", "style", "ul", "ol"):
                todo += reversed(node.contents)
        elif type(node) is NavigableString:
            said += str(node).replace("\n", " ")
    if said:
        yield "text", said


def _shortened(
    parts: Iterator[tuple[Literal["text", "formula"], str]],
) -> Iterator[tuple[Literal["text", "formula"], str]]:
    left = LONGEST
    for kind, said in parts:
        if len(said) > left:
            yield "text", said[:left].rstrip() + " …" if kind == "text" else "…"
            return
        left -= len(said)
        yield kind, said
