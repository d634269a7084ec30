"""The allow-list that rendered HTML passes: what is not on it is not on the site.

A page that somebody wrote (Markdown, a notebook, a docstring) is stripped of everything that runs,
loads from elsewhere, looks like the site's own controls or leads to a scheme that is no address.
Text stays. Pages that we generate have escaped what they quote before; they pass the same list,
with our own marks (`data-sk-…`) allowed.

>>> clean('<p onclick="x()">안개<script>x()</script> <a href="javascript:x()">구름</a></p>')
'<p>안개 <a>구름</a></p>'
"""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

__all__ = [
    "ALIGNMENTS",
    "DEEPEST",
    "TooDeepError",
    "check_depth",
    "clean",
    "is_local",
    "makeExtension",
]

DEEPEST = 200
"""Elements in elements: the parser's time grows with the square of it."""

ALIGNMENTS = ("text-align: left;", "text-align: center;", "text-align: right;")
"""The only inline styles: what Python-Markdown writes for a table's columns."""

_SVG = {
    "svg": {"viewBox", "xmlns", "preserveAspectRatio"},
    "g": set(),
    "path": {"d"},
    "circle": {"cx", "cy", "r"},
    "ellipse": {"cx", "cy", "rx", "ry"},
    "rect": {"x", "y", "rx", "ry"},
    "line": {"x1", "x2", "y1", "y2"},
    "polyline": {"points"},
    "polygon": {"points"},
    "text": {"x", "y", "dx", "dy", "text-anchor", "font-size"},
    "tspan": {"x", "y", "dx", "dy"},
    "desc": set[str](),
}
"""Drawings without a reference to anything: no `use`, `image`, `a`, `style`, no animation."""
_DRAWN = {
    *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"),
    *("stroke-dasharray", "stroke-opacity", "opacity", "transform", "width", "height"),
}

_TAGS: dict[str, set[str]] = {
    # Prose, as Markdown, its extensions and our templates write it.
    **{
        tag: set()
        for tag in (
            *("abbr", "article", "aside", "b", "blockquote", "br", "caption", "code", "dd", "del"),
            *("details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1"),
            *("h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "ins", "kbd", "mark", "nav", "p"),
            *("pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strong"),
            *("sub", "summary", "sup", "table", "tbody", "tfoot", "thead", "tr", "tt", "u", "ul"),
            *("var", "wbr"),
        )
    },
    # Numbers of lines are links that a keyboard need not stop at.
    "a": {"href", "rel", "tabindex"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "col": {"span"},
    "colgroup": {"span"},
    "td": {"colspan", "rowspan", "style"},
    "th": {"colspan", "rowspan", "scope", "style"},
    "time": {"datetime"},
    # Check boxes of task lists; radio buttons and labels of tabs.
    "input": {"type", "disabled", "checked", "name"},
    "label": {"for"},
    # What mkdocs-autorefs turns into a link when it knows all pages.
    "autoref": {"identifier", "optional", "hover", "slug", "backlink-type", "backlink-anchor"},
    **{tag: {*names, *_DRAWN} for tag, names in _SVG.items()},
}
_TAGS["details"].add("open")
_ANYWHERE = {
    *("class", "id", "title", "lang", "dir", "role", "aria-label", "aria-hidden", "aria-current"),
    *("aria-labelledby", "aria-describedby"),
    # Left out of the search; a notebook's output says its type; numbers of lines; a figure that a
    # script of ours draws; Material's instant previews.
    *("data-search-exclude", "data-mime-type", "data-linenos", "data-figure", "data-preview"),
}
# With all that is in them: none of it is text for a reader.
_WITH_CONTENT = {
    *("script", "style", "template", "noscript", "iframe", "frameset", "object", "embed", "applet"),
    *("noembed", "noframes", "xmp", "plaintext", "title", "textarea", "select", "svg:style"),
}
_SCHEMES = {"http", "https", "mailto"}
# `eq:` becomes a link to an equation after this; a picture of a notebook is in the page.
_SCHEMES_BEFORE = {*_SCHEMES, "eq", "data"}

_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\ufeff]")
# The theme's and our scripts find their own elements by names that begin so.
_THEMES_ID = re.compile(r"__(?!tabbed_\d+_\d+$|span-\d+|codelineno-)")
_MARKUP = re.compile("[<>&\"'`]")
_NO_BOX = re.compile(r"<input(?:\s(?!type=)[\w-]+=\"[^\"]*\")*>")
_BUTTONS = ("md-button", "md-button--primary")
_TAB = re.compile(r"__tabbed_\d+(?:_\d+)?")
_OPEN_OR_CLOSE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(/?)>")
_TO_A_FOLDER = re.compile(
    r"""(<a\s(?:[^<>"]|"[^"]*")*?\bhref=")(?![a-zA-Z][a-zA-Z0-9+.-]*:|/)((?:[^"#?]*/)|\.\.?)((?:[?#][^"]*)?)(?=")"""
)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr")
)


class TooDeepError(ValueError):
    """Elements in elements in elements, more than `DEEPEST`."""


def clean(html: str, *, ours: bool = False, pictures: bool = False) -> str:
    """The HTML with what the allow-list has, and no more.

    Args:
        html: A page's content, rendered.
        ours: It is a page of ours, or has been cleaned before we added to it.
        pictures: Pictures may stand in the page itself, as in a notebook.

    Raises:
        TooDeepError: It is nested too deeply to be parsed in time.

    Examples:
        >>> clean('<img src="//elsewhere.example/a.png" alt="구름"><img src="a.png" alt="">')
        '<img alt="구름"><img src="a.png" alt="">'
        >>> clean('<b id="__search" class="md-overlay note" data-md-component="search">안개</b>')
        '<b class="note">안개</b>'
        >>> clean('<autoref identifier="<img src=x>" optional>안개</autoref>')
        '<autoref identifier="img src=x" optional="">안개</autoref>'
    """
    check_depth(html)
    with _nothing_swallowed():
        cleaned = _cleaner(ours, pictures).clean(html)
    return _NO_BOX.sub("", cleaned)


def check_depth(html: str) -> None:
    """Refuse HTML whose elements are nested too deeply.

    Raises:
        TooDeepError: They are.
    """
    depth = 0
    for match in _OPEN_OR_CLOSE.finditer(html):
        close, name, alone = match.groups()
        if close:
            depth = max(0, depth - 1)
        elif not alone and name.lower() not in _VOID:
            depth += 1
            if depth > DEEPEST:
                raise TooDeepError(f"more than {DEEPEST} elements are nested in one another")


def is_local(url: str) -> bool:
    r"""Whether a browser finds the address on the site itself.

    Examples:
        >>> is_local("../a.png"), is_local("/\t/x.example"), is_local(r"\\x.example")
        (True, False, False)
    """
    seen = _UNSEEN.sub("", url).replace("\\", "/")
    return not seen.startswith("//") and _SCHEME.match(seen) is None


@contextmanager
def _nothing_swallowed() -> Iterator[None]:
    """Raise what nh3 only prints: an exception while it asks about an attribute, Ctrl-C most often.

    It would keep the attribute as it is, too.
    """
    swallowed: list[BaseException] = []
    hook = sys.unraisablehook

    def keep(unraisable: sys.UnraisableHookArgs) -> None:
        if unraisable.exc_value is not None and isinstance(unraisable.object, tuple):
            swallowed.append(unraisable.exc_value)
        else:
            hook(unraisable)

    sys.unraisablehook = keep
    try:
        yield
    finally:
        sys.unraisablehook = hook
    if swallowed:
        raise swallowed[0]


@cache
def _cleaner(ours: bool, pictures: bool) -> nh3.Cleaner:
    others = ("md-",) if ours else ("md-", "sk-")

    def allowed(tag: str, name: str, value: str) -> str | None:
        if tag == "autoref":
            # Zensical writes what leads nowhere into the page as it is.
            return _MARKUP.sub("", value)
        match name:
            case "class":
                return _classes(value, others)
            case "id":
                own = _THEMES_ID.match(value) or (value.startswith("sk-") and not ours)
                return None if own else value
            case "style":
                return value if value in ALIGNMENTS else None
            case "src":
                return (
                    value if is_local(value) or (pictures and _PICTURE.fullmatch(value)) else None
                )
            case "href":
                return None if _UNSEEN.sub("", value).lower().startswith("data:") else value
            case "type" if tag == "input":
                return value if value in ("checkbox", "radio") else None
            case "for" | "name":
                return value if _TAB.fullmatch(value) else None
            case "tabindex":
                return value if ours and value == "-1" else None
            case "rel":
                return value if value in ("prev", "next") else None
            case "fill" | "stroke" | "transform":
                return None if "url" in value.lower() else value
        return value

    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=_WITH_CONTENT,
        attributes={**_TAGS, "*": _ANYWHERE},
        attribute_filter=allowed,
        generic_attribute_prefixes={"data-sk-"} if ours else None,
        url_schemes=_SCHEMES if ours and not pictures else _SCHEMES_BEFORE,
        link_rel=None,
    )


def _classes(value: str, others: tuple[str, ...]) -> str | None:
    """The classes that do not make an element look like a part of the site's own."""
    names = value.split()
    kept = [name for name in names if not name.startswith(others) or name in _BUTTONS]
    return " ".join(kept) or None


class _Clean(Postprocessor):
    def run(self, text: str) -> str:
        path = _zensical_path(self.md)
        return clean(text if path is None else from_file(text, path), ours=True)


def from_file(html: str, path: str) -> str:
    """The page at a path with links to folders that count from its file, as Zensical has them.

    Ours count from the page's address, which MkDocs and browsers do. What is not called index.md
    has an address that is one folder deeper.

    Examples:
        >>> print(from_file('<a href="../fog/#L1">안개</a> <a href="#L2">L2</a>', "api/dew.md"))
        <a href="fog/#L1">안개</a> <a href="#L2">L2</a>
        >>> print(from_file('<a href="rain/">비</a> <a href="../a.md">구름</a>', "api/dew.md"))
        <a href="dew/rain/">비</a> <a href="../a.md">구름</a>
    """
    folder, _, name = path.rpartition("/")
    stem = name.removesuffix(".md")
    if stem in ("index", "README"):
        return html

    def moved(match: re.Match[str]) -> str:
        before, target, fragment = match.groups()
        target = posixpath.relpath(posixpath.join(folder, stem, target), folder or ".")
        return f"{before}{target}/{fragment}"

    return _TO_A_FOLDER.sub(moved, html)


def _zensical_path(md: Markdown) -> str | None:
    """The path of the page that Zensical renders; None under another engine."""
    if "rendering_context" not in md.preprocessors:
        return None
    return str(vars(md.preprocessors["rendering_context"])["page"].path)


class _Sanitise(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown names it
        # Behind every other one, which still put raw HTML and code in their places.
        md.postprocessors.register(_Clean(md), "studykit-sanitise", -1000)


def makeExtension(**settings: object) -> Extension:  # noqa: N802 - Markdown names it
    """The allow-list as an extension of Python-Markdown, for another engine than MkDocs."""
    return _Sanitise(**settings)
