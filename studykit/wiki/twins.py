r"""A page as Markdown, for programs that read the wiki: its twin, `index.md` beside `index.html`.

It is made of the finished page, with all its links, so that generated pages, notebooks and API
pages have one, too. Formulas stay LaTeX.

>>> print(twin('<h1>안개<a class="headerlink" href="#x">¶</a></h1>'
...            '<p>왜 <span class="arithmatex">\\(c_t\\)</span>?</p>'))
# 안개
<BLANKLINE>
왜 $c_t$?
<BLANKLINE>
"""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import Tag
from markdownify import ATX, MarkdownConverter
from markupsafe import Markup

from studykit.wiki.feed import FEED

__all__ = ["alternates", "raw_twin", "twin", "write_twin"]

_LEFT_OUT = frozenset(("script", "style", "form", "svg", "button"))
_LEFT_CLASSES = frozenset(("headerlink", "linenos", "sk-filter"))
_FENCES = re.compile("`{3,}")
_BLANKS = re.compile(r"\n{3,}")
_CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_COLOURS = re.compile(r'<span class="linenos[^>]*>[^<]*</span>|</?span\b[^>]*>')


def twin(html: str) -> str:
    """The content of a page as Markdown.

    Args:
        html: What stands in the page's article.
    """
    # Of an API page's elements nine in ten colour code, which a fence has no use for.
    html = _CODE.sub(lambda code: _COLOURS.sub("", code[0]), html)
    page = BeautifulSoup(html, "html.parser")
    try:
        text = _CONVERTER.convert_soup(page)
    except RecursionError:  # a page that is nested a hundredfold still has its words
        text = page.get_text("\n")
    return _BLANKS.sub("\n\n", text).strip() + "\n"


def raw_twin(title: str, note: str, language: str = "text") -> str:
    r"""The twin of a page that shows a file: the file, in a fence that nothing in it can end.

    Examples:
        >>> print(raw_twin("1주차 원문", "구름\n"))
        # 1주차 원문
        <BLANKLINE>
        ```text
        구름
        ```
        <BLANKLINE>
    """
    fence = max(("``", *_FENCES.findall(note)), key=len) + "`"
    return f"# {title}\n\n{fence}{language}\n{note.rstrip()}\n{fence}\n"


def write_twin(text: str, page: Path) -> None:
    """Write a page's twin beside the page's own file, which need not be there yet."""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.with_suffix(".md").write_text(text, "utf-8", newline="\n")


def alternates(url: str, name: str) -> Markup:
    """What a page's head says of its other forms.

    Args:
        url: The page's address, relative to the site's root.
        name: The site's name.

    Examples:
        >>> print(alternates("meetings/w01/", "구름"))  # doctest: +ELLIPSIS
        <link rel="alternate " type="text/markdown" href="index.md">...href="../../feed.xml"...
    """
    # The blank behind `alternate` means nothing, except to Material: it takes a link with exactly
    # this word for a translation, and asks for the sitemap beside it.
    root = "../" * url.count("/")
    return Markup(
        '<link rel="alternate " type="text/markdown" href="index.md">'
        '<link rel="alternate " type="application/atom+xml" title="{}" href="{}{}">'
    ).format(name, root, FEED)


def _language(element: Tag) -> str:
    above = element.parent.get_attribute_list("class") if element.parent else []
    names = chain(element.get_attribute_list("class"), above)
    found = (str(name)[9:] for name in names if str(name).startswith("language-"))
    return next(found, "")


class _Converter(MarkdownConverter):
    """Keeps formulas as they are: Markdown's own marks in them are none."""

    def process_tag(self, element: Tag, parent_tags: set[str] | None = None) -> str:
        if element.name in _LEFT_OUT or "hidden" in element.attrs:
            return ""
        classes = element.get("class") or ()
        if classes:
            if not _LEFT_CLASSES.isdisjoint(classes):
                return ""
            if "sk-term" in classes:  # its title is the definition, amid somebody's sentence
                element.attrs.pop("title", None)
        text: str = super().process_tag(  # type: ignore[misc] # its stub file lacks it
            element, parent_tags=parent_tags
        )
        return text

    def convert_div(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags:
            return f" {text.strip()} "
        return _formula(element, "$$", "\n\n") or f"\n\n{text.strip()}\n\n"

    def convert_span(self, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return _formula(element, "$", "") or text


def _formula(element: Tag, mark: str, around: str) -> str:
    if "arithmatex" not in element.get_attribute_list("class"):
        return ""
    return f"{around}{mark}{element.get_text().strip()[2:-2].strip()}{mark}{around}"


_CONVERTER = _Converter(
    bullets="-", code_language_callback=_language, escape_underscores=False, heading_style=ATX
)
