"""Notebook pages: what mkdocs-jupyter makes of a notebook, as plain as every other page.

By itself it puts JupyterLab's half megabyte of styles and scripts of other hosts into each page,
and gives Korean headings no address. Here the notebook's text, code and results remain, in the
markup that the theme shows well in both colour schemes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypedDict

from bs4 import BeautifulSoup, Tag
from markdown.extensions.toc import unique
from markupsafe import escape

__all__ = ["Heading", "plain_notebook"]

# Layers of JupyterLab's own arrangement: what is inside them stays.
_LAYERS = (
    ".jp-Notebook, .jp-Cell, .jp-Cell-inputWrapper, .jp-InputArea, .jp-InputArea-editor, "
    ".CodeMirror, .jp-Cell-outputWrapper, .jp-OutputArea-child"
)
# Controls that need its styles and scripts, and the code a second time for its copy button.
_CONTROLS = (
    ".jp-Collapser, .jp-InputPrompt, .jp-OutputPrompt, .zeroclipboard-container, "
    ".clipboard-copy-txt, .celltoolbar"
)


class Heading(TypedDict):
    """A heading of the notebook, for the page's table of contents; its name is HTML."""

    level: int
    id: str
    name: str


def plain_notebook(html: str, slugify: Callable[[str, str], str]) -> tuple[str, list[Heading]]:
    """The notebook's page without JupyterLab's styles, scripts and controls.

    Args:
        html: The page as mkdocs-jupyter made it.
        slugify: Makes a heading's id from its text and a separator, as for other pages.

    Returns:
        The page, and its headings in order.
    """
    notebook = BeautifulSoup(html, "html.parser").select_one(".jp-Notebook")
    if notebook is None:
        return html, []
    for control in notebook.select(_CONTROLS):
        control.decompose()
    for code in notebook.select(".highlight-ipynb, .jp-RenderedMarkdown .highlight"):
        _as_theme_code(code)
    for output in notebook.select(".jp-OutputArea"):
        # Results are numbers and progress bars: nobody searches for them.
        output.attrs = {"class": "sk-output", "data-search-exclude": ""}
    for picture in notebook.select('img[alt="No description has been provided for this image"]'):
        # The code above it says what it shows; that sentence would only delay a listener.
        picture["alt"] = ""
    for wide in notebook.select("[tabindex]"):
        del wide["tabindex"]
    headings = list(_name_headings(notebook, slugify))
    for layer in notebook.select(_LAYERS):
        layer.unwrap()
    return f'<div class="sk-notebook">{notebook.decode_contents()}</div>', headings


def _as_theme_code(code: Tag) -> None:
    """The markup of a fenced code block, which the theme colours and gives a copy button."""
    code["class"] = "highlight"
    inner = code.find("pre")
    if isinstance(inner, Tag):
        inner.name = "code"
        inner.wrap(Tag(name="pre"))


def _name_headings(notebook: Tag, slugify: Callable[[str, str], str]) -> Iterator[Heading]:
    used: set[str] = set()
    for tag in notebook.select(".jp-RenderedMarkdown :is(h1, h2, h3, h4, h5, h6)"):
        for anchor in tag.select(".anchor-link"):
            anchor.decompose()
        name = tag.get_text().strip()
        tag["id"] = unique(slugify(name, "-"), used)
        link = Tag(
            name="a",
            attrs={"class": "headerlink", "href": f"#{tag['id']}", "title": "Permanent link"},
        )
        link.string = "¶"
        tag.append(link)
        yield Heading(level=int(tag.name[1]), id=str(tag["id"]), name=escape(name))
