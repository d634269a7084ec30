"""One page as the site shows it: rendered, sanitised, with its formulas and pictures in it.

Until all of a file's pages are rendered, a formula or a picture is a mark in the text, one for each
that is not like another: so two versions of a page can be compared word by word, and KaTeX is asked
once. What leads to another page of the site leads nowhere here.
"""

from __future__ import annotations

import base64
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import markdown
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from markdown.extensions import toc
from markupsafe import Markup

from studykit.errors import ConfigError
from studykit.wiki.chrome import Chrome
from studykit.wiki.front_matter import without_front_matter
from studykit.wiki.guard import SECONDS, TooSlowError, check_text, limited, too_deep
from studykit.wiki.notebook import plain_notebook
from studykit.wiki.pages import Page
from studykit.wiki.preview.formulas import Formula, show_formulas
from studykit.wiki.preview.state import State
from studykit.wiki.prose import spaced
from studykit.wiki.sanitise import TooDeepError, clean
from studykit.wiki.terms import Terms, link_terms

__all__ = ["LARGEST_FILE", "LARGEST_PICTURE", "Articles"]

LARGEST_PICTURE = 1_000_000
"""Bytes of a picture that stands in the file; a larger one is named."""
LARGEST_FILE = 20_000_000
"""Bytes of all pictures together."""

# By how a file begins: what its name says is its author's word.
_PICTURES = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "gif": re.compile(rb"GIF8[79]a"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
# Noncharacters, which no page keeps: a formula or picture stands between them as its number.
_BEGIN, _END = "\ufdd4", "\ufdd5"
_MARK = re.compile(f"{_BEGIN}(\\d+){_END}")
_NOTEBOOK_MATH = re.compile(
    r"\$\$(?P<block>.+?)\$\$|(?<![\\$])\$(?P<inline>[^$\n]+?)\$(?!\d)", re.DOTALL
)
_DROPPED = ("id", "name", "for", "tabindex", "loading", "data-preview", "data-search-exclude")


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture, or why there is none: `source` is its data, `shown` what stands there instead."""

    source: str
    shown: str
    alt: str


class Articles:
    """Renders pages, and puts their formulas and pictures in when all are rendered.

    Args:
        extensions: The Markdown extensions of the project.
        settings: Their settings.
        packages: The folder of npm's packages.
        t: The words of the site's language.
    """

    def __init__(
        self,
        extensions: list[str],
        settings: Mapping[str, Any],
        packages: Path,
        t: Chrome,
    ) -> None:
        self._extensions = extensions
        self._settings = dict(settings)
        self._packages = packages
        self._t = t
        self._kept: dict[Formula | _Picture, int] = {}
        self._asked: dict[Formula, Markup] = {}
        self._room = LARGEST_FILE

    def written(self, state: State, path: str) -> str:
        """A hand-written page or notebook, by its path below the project's folder."""
        file = state.docs.parent / path
        below = file.relative_to(state.docs).as_posix()
        text = state.files[path].decode("utf-8-sig", errors="replace")

        def render() -> str:
            if file.suffix == ".ipynb":
                return self._notebook(file, state)
            check_text(text, path)
            body = spaced(state.masks.page(without_front_matter(text)))
            if why := too_deep(body):
                raise TooDeepError(why)
            return clean(self._converted(body))

        return self._rendered(render, state, below)

    def generated(self, state: State, page: Page) -> str:
        """A page that is made from a note."""
        return self._rendered(
            lambda: clean(self._converted(page.body), ours=True), state, page.path
        )

    def shown(self, html: str) -> Markup:
        """The article with its formulas and pictures."""
        formulas = self._formulas
        kept = list(self._kept)

        def put(mark: re.Match[str]) -> str:
            number = int(mark[1])
            if number >= len(kept):
                return ""
            each = kept[number]
            return self._picture_html(each) if isinstance(each, _Picture) else formulas[each]

        return Markup(_MARK.sub(put, html))  # noqa: S704 - sanitised, see _rendered

    @property
    def _formulas(self) -> Mapping[Formula, Markup]:
        missing = [
            each
            for each in self._kept
            if not isinstance(each, _Picture) and each not in self._asked
        ]
        if missing:
            self._asked.update(show_formulas(missing, self._packages))
        return self._asked

    def _rendered(self, render: Callable[[], str], state: State, path: str) -> str:
        try:
            with limited(SECONDS):
                html = link_terms(render(), state.terms or Terms(), self._t, path)
                return clean(self._opaque(html, state, path), ours=True)
        except ConfigError as error:
            why = error.message
        except (TooSlowError, TooDeepError) as error:
            why = str(error)
        except RecursionError:
            why = "it is nested too deeply"
        except Exception as error:  # noqa: BLE001 - extensions fail in ways of their own
            why = f"{type(error).__name__}: {error}"
        left_out = self._t("preview_left_out")
        return str(Markup('<p class="sk-left-out">{}: {}</p>').format(left_out, why[:300]))

    def _converted(self, text: str) -> str:
        return markdown.markdown(
            text.replace(_BEGIN, "").replace(_END, ""),
            extensions=self._extensions,
            extension_configs=self._settings,
        )

    def _notebook(self, file: Path, state: State) -> str:
        from mkdocs_jupyter.convert import nb2html  # noqa: PLC0415 - takes a second

        html = state.masks.page(clean(nb2html(str(file)), pictures=True))
        slugify = self._settings.get("toc", {}).get("slugify", toc.slugify)
        return plain_notebook(html, slugify)[0].replace(_BEGIN, "").replace(_END, "")

    # --- formulas, pictures and links -------------------------------------------------------------

    def _opaque(self, html: str, state: State, path: str) -> str:
        page = BeautifulSoup(html, "html.parser")
        for own in page.select(".headerlink, .sk-crumbs, .sk-pages, input:not([type=checkbox])"):
            own.decompose()
        for formula in page.select(".arithmatex"):
            tex = formula.get_text()
            formula.replace_with(self._mark((tex[2:-2], formula.name == "div")))
        for part in page.select(".sk-notebook"):
            self._notebook_formulas(part)
        for image in page.select("img"):
            image.replace_with(self._mark(self._picture(image, state, path)))
        for link in page.select("a[href]"):
            href = str(link["href"])
            if urlsplit(href).scheme not in ("http", "https", "mailto"):
                del link["href"]
                link["title"] = str(link.get("title") or href)
        for each in page.select("*"):
            for name in _DROPPED:
                del each[name]
        return str(page)

    def _notebook_formulas(self, part: Tag) -> None:
        """mkdocs-jupyter leaves formulas as text, for a script to find."""
        for text in list(part.find_all(string=_NOTEBOOK_MATH)):
            if text.find_parent(("code", "pre")):
                continue
            said, done = str(text), 0
            for match in _NOTEBOOK_MATH.finditer(said):
                block = match["block"] is not None
                mark = self._mark((match["block"] or match["inline"], block))
                text.insert_before(NavigableString(said[done : match.start()]), mark)
                done = match.end()
            text.replace_with(NavigableString(said[done:]))

    def _mark(self, what: Formula | _Picture) -> NavigableString:
        number = self._kept.setdefault(what, len(self._kept))
        return NavigableString(f"{_BEGIN}{number}{_END}")

    def _picture(self, image: Tag, state: State, path: str) -> _Picture:
        source, alt = str(image.get("src", "")), str(image.get("alt", ""))
        if _DATA.fullmatch(source):
            data: bytes | None = base64.b64decode(source.partition(",")[2])
            name = self._t("preview_in_notebook")
        else:
            folder = posixpath.dirname(path)
            try:
                name = unquote(urlsplit(source).path)
            except ValueError:
                name = source
            at = posixpath.normpath(posixpath.join(state.docs.name, folder, name))
            data = state.files.get(at)
        if data is None:
            return _Picture("", self._t("preview_no_picture", name=name), alt)
        kind = next((kind for kind, begins in _PICTURES.items() if begins.match(data)), None)
        if kind is not None and len(data) <= LARGEST_PICTURE:
            inside = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
            if (picture := _Picture(inside, "", alt)) in self._kept:
                return picture
            if len(data) <= self._room:
                self._room -= len(data)
                return picture
        size = f"{len(data) / 1000:,.0f} kB"
        return _Picture("", self._t("preview_named_picture", name=name, size=size), alt)

    def _picture_html(self, picture: _Picture) -> str:
        if picture.source:
            return Markup('<img src="{}" alt="{}">').format(picture.source, picture.alt)
        said = f"{picture.shown} {picture.alt}".strip()
        return Markup('<span class="sk-picture">{}</span>').format(said)
