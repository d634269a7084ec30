"""Formulas as MathML: what a file shows that may load neither KaTeX's script nor its fonts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.ElementTree import fromstring
from markupsafe import Markup

from studykit.wiki.check.pages.math import ask_katex

__all__ = ["Formula", "show_formulas"]

Formula = tuple[str, bool]
"""A formula's TeX, and whether it stands on lines of its own."""

_ELEMENTS = frozenset(
    (
        *("math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot"),
        *("mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd"),
        *("mtext", "mtr", "munder", "munderover", "semantics", "span"),
    )
)
_ATTRIBUTES = frozenset(
    (
        *("accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth"),
        *("display", "displaystyle", "fence", "height", "largeop", "linethickness", "lspace"),
        *("mathcolor", "mathvariant", "maxsize", "minsize", "movablelimits", "notation"),
        *("rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "side", "stretchy"),
        *("symmetric", "voffset", "width"),
    )
)


def show_formulas(formulas: Iterable[Formula], packages: Path) -> Mapping[Formula, Markup]:
    """Each formula as HTML: as MathML, or as it was typed where KaTeX cannot read it or is missing.

    Args:
        formulas: The formulas, each once.
        packages: The folder of npm's packages.
    """
    asked = list(formulas)
    script = resources.files("studykit.wiki.preview").joinpath("katex_mathml.cjs").read_text()
    told = ask_katex(script, asked, packages) if asked else []
    return {
        formula: _mathml(html) or Markup('<code class="sk-tex">{}</code>').format(formula[0])
        for formula, html in zip(asked, told or [None] * len(asked), strict=True)
    }


def _mathml(html: str | None) -> Markup | None:
    if html is None:
        return None
    try:
        root = fromstring(html)
    except (ParseError, ValueError):
        return None
    _clean(root)
    return Markup(tostring(root, encoding="unicode", method="html"))  # noqa: S704 - as cleaned


def _clean(element: Element) -> None:
    """Leave what the allow-list has; KaTeX writes no more, whatever the TeX is."""
    element.tag = _local(element)
    element.attrib = {key: said for key, said in element.attrib.items() if key in _ATTRIBUTES}
    for child in list(element):
        if _local(child) in _ELEMENTS:
            _clean(child)
        else:  # the TeX itself, as an annotation
            element.remove(child)
    if element.tag in ("mi", "mn", "mo", "mtext") and len(element):
        # A browser reads no MathML inside of these; `\overset` has KaTeX write it.
        element.tag = "mrow"


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
