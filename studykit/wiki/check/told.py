"""Findings as pages tell them: what a code means in the site's language, beside the exact words.

A finding's own words are English, as on the command line. What its code means, why it matters and
how such a thing is mended stands in codes.toml in every language, as the page of checks shows it.
"""

from __future__ import annotations

import markdown
from markupsafe import Markup

from studykit.wiki.check.codes import CODES
from studykit.wiki.chrome import Chrome

__all__ = ["meaning", "mend_of", "why"]

_LANGUAGE = "en"
"""The language of a finding's own words."""


def meaning(code: str, t: Chrome) -> str:
    """What a code means, in a few words.

    Examples:
        >>> from studykit.wiki.chrome import load_chrome
        >>> meaning("dead-link", load_chrome("ko"))
        '갈 곳이 없는 링크'
    """
    return CODES[code].explained[t.language].title


def why(code: str, t: Chrome) -> Markup:
    """Why what a code reports matters, as HTML within a paragraph."""
    return _inline(CODES[code].explained[t.language].why)


def mend_of(code: str, t: Chrome) -> Markup | None:
    """How what a code reports is mended, as HTML; None where a finding's own words are read.

    Examples:
        >>> from studykit.wiki.chrome import load_chrome
        >>> print(mend_of("code-unparsed", load_chrome("ko")))  # doctest: +ELLIPSIS
        고치세요. 다른 것이라면 ... 적습니다: <code>bash</code>, <code>text</code>.
        >>> mend_of("code-unparsed", load_chrome("en"))
    """
    if t.language == _LANGUAGE:
        return None
    return _inline(CODES[code].explained[t.language].mend)


def _inline(text: str) -> Markup:
    html = markdown.markdown(text).removeprefix("<p>").removesuffix("</p>")
    return Markup(html)  # noqa: S704 - codes.toml is ours
