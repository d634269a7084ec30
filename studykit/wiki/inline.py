"""One line of prose as HTML: `code` and $formulas$, everything else as typed."""

from __future__ import annotations

import re

from markupsafe import Markup

from studykit.wiki.escape import in_html

__all__ = ["inline_html"]

_LITERAL = re.compile(r"\$(?P<formula>[^$\n]+)\$|`(?P<code>[^`\n]+)`")


def inline_html(text: str) -> Markup:
    r"""The line as HTML.

    Examples:
        >>> print(inline_html("$x < y$ of `cloud` <b>"))
        <span class="arithmatex">\(x &#60; y\)</span> of <code>cloud</code> &#60;b&#62;
    """
    parts: list[Markup] = []
    done = 0
    for match in _LITERAL.finditer(text):
        parts.append(in_html(text[done : match.start()]))
        if match["formula"]:
            shown = Markup('<span class="arithmatex">\\({}\\)</span>')
        else:
            shown = Markup("<code>{}</code>")
        parts.append(shown.format(in_html(match["formula"] or match["code"])))
        done = match.end()
    return Markup().join([*parts, in_html(text[done:])])
