"""A stranger's text made inert: shown as it was typed, never as markup.

Two contexts. `in_html` is for text inside raw HTML of a generated page, where only the Markdown
engine's preprocessors still look at it (code fences, for one); `in_markdown` is for text on a
Markdown line, a heading, where every mark of ASCII punctuation could mean something.
"""

from __future__ import annotations

import string

from markupsafe import Markup

__all__ = ["in_html", "in_markdown"]


def _visible(code: int) -> str:
    """What stands for a character that a page cannot show as it is."""
    if code < 0x20 or code == 0x7F:
        return chr(0x2421 if code == 0x7F else 0x2400 + code)  # its control picture
    if 0xDC80 <= code <= 0xDCFF:
        return f"&#92;x{code - 0xDC00:02X}"  # a byte that is no UTF-8
    return f"&#91;U+{code:04X}&#93;"  # in bare brackets, two of them would be a link of Markdown's


_INVISIBLE = (
    *range(0x20),
    *range(0x7F, 0xA0),
    *range(0x202A, 0x202F),  # bidi controls: they would reorder what stands beside them
    *range(0x2066, 0x206A),
    *range(0xD800, 0xE000),
)
_CONTROL = {code: _visible(code) for code in _INVISIBLE if chr(code) not in "\t\n\r\x85"}
_HTML = {
    **_CONTROL,
    **{ord(mark): f"&#{ord(mark)};" for mark in "&<>\"'`~\t"},
    ord("\n"): "<br>",
}
_MARKDOWN = {
    **_CONTROL,
    **{ord(mark): f"&#{ord(mark)};" for mark in string.punctuation},
    ord("\n"): " ",
    ord("\r"): " ",
    ord("\t"): " ",
}


def in_html(text: str) -> Markup:
    """`text` as raw HTML; line ends become `<br>`.

    Examples:
        >>> print(in_html("a <b>"))
        a &#60;b&#62;
    """
    return Markup(  # noqa: S704 - the table is the escaping
        text.replace("\r\n", "\n").replace("\r", "\n").translate(_HTML)
    )


def in_markdown(text: str) -> Markup:
    """`text` for one line of Markdown, without blanks around it.

    Examples:
        >>> print(in_markdown("1. *a*"))
        1&#46; &#42;a&#42;
    """
    return Markup(text.strip().translate(_MARKDOWN))  # noqa: S704 - likewise
