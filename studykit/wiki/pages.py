"""What the generator produces: pages and data files, by their path below the docs folder."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import lru_cache

import yaml
from markupsafe import Markup, escape

from studykit.wiki.escape import in_html

__all__ = ["Addition", "Asset", "Page", "page_href", "page_url"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as Markdown, with its title as plain text.

    A page that only repeats what stands on others is not `searchable`; one that is `wide` has no
    table of contents beside it.
    """

    path: str
    title: str
    body: str
    searchable: bool = True
    wide: bool = False

    @property
    def markdown(self) -> str:
        """The whole file, front matter first."""
        # Engines put the title into HTML as it stands, so it is escaped here; YAML would refuse
        # some characters, whose stand-ins it takes.
        # Sections are tabs, so the sidebar would repeat this page's name and nothing else.
        meta: dict[str, object] = {
            "title": str(in_html(" ".join(self.title.split()))),
            "hide": ["navigation", *(["toc"] if self.wide else [])],
        }
        if not self.searchable:
            meta["search"] = {"exclude": True}
        front = yaml.safe_dump(meta, allow_unicode=True, sort_keys=False, width=10_000)
        return f"---\n{front}---\n\n{self.body}"


@dataclass(frozen=True, slots=True)
class Asset:
    """A data file that a page's script reads on demand."""

    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Addition:
    """HTML that stands below the text of the hand-written page at `path`."""

    path: str
    content: str


def page_url(path: str) -> str:
    """The address of the page at `path`, relative to the site's root, with directory URLs.

    Examples:
        >>> page_url("questions/w01-q1.md"), page_url("meetings/index.md"), page_url("index.md")
        ('questions/w01-q1/', 'meetings/', '')
    """
    stem = path.removesuffix(".md").removesuffix(".ipynb")
    index = posixpath.basename(stem) in ("index", "README")
    folder = posixpath.dirname(stem) if index else stem
    return f"{folder}/" if folder else ""


# Every row of every page asks, mostly for the same few.
@lru_cache(maxsize=1 << 16)
def page_href(source: str, target: str, anchor: str = "") -> Markup:
    """A link from the page at path `source` to the one at `target`.

    Examples:
        >>> print(page_href("meetings/w01/index.md", "questions/w01-q1.md"))
        ../../questions/w01-q1/
    """
    fragment = f"#{anchor}" if anchor else ""
    if source == target:
        return escape(fragment or "./")
    relative = posixpath.relpath(f"/{page_url(target)}", f"/{page_url(source)}")
    return escape(f"{relative}/{fragment}")
