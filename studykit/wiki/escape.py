"""A stranger's text made inert: shown as it was typed, never as markup.

Two contexts. `in_html` is for text inside raw HTML of a generated page, where only the Markdown
engine's preprocessors still look at it (code fences, for one); `in_markdown` is for text on a
Markdown line, a heading, where every mark of ASCII punctuation could mean something.

What privacy masks is text between marks that no text has (noncharacters of Unicode), until one of
the two makes an element of it: whoever reads the page sees that something else was typed.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable

from markupsafe import Markup

__all__ = ["has_masks", "in_html", "in_markdown", "masked", "unmasked", "without_masks"]

_BEGIN, _SAYS, _END = "\ufdd0", "\ufdd1", "\ufdd2"
_MASK = re.compile(f"{_BEGIN}([^{_BEGIN}-{_END}]*){_SAYS}([^{_BEGIN}-{_END}]*){_END}")


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
    *range(0xFDD0, 0xFDD3),  # outside of a mask
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


def masked(shown: str, what: str) -> str:
    """What stands in a text for something that is not shown; `what` says what was masked."""
    return f"{_BEGIN}{shown}{_SAYS}{what}{_END}"


def unmasked(text: str) -> str:
    """The text with what is shown of each mask, and without its marks: for titles and values.

    Examples:
        >>> unmasked(masked("H.", "display name") + "님")
        'H.님'
    """
    return _MASK.sub(r"\1", text) if _BEGIN in text else text


def has_masks(text: str) -> bool:
    """Whether something in the text is masked."""
    return _BEGIN in text and _MASK.search(text) is not None


def without_masks(text: str) -> str:
    """The text, as long as it is, with nothing where a mask stands: for who looks for words.

    Examples:
        >>> len(without_masks(masked("H.", "name") + "님")), without_masks("현수님")
        (10, '현수님')
    """
    return _MASK.sub(lambda mask: "\ufffc" * len(mask[0]), text) if _BEGIN in text else text


def in_html(text: str) -> Markup:
    """`text` as raw HTML; line ends become `<br>`.

    Examples:
        >>> print(in_html("a <b>"))
        a &#60;b&#62;
        >>> print(in_html(masked("H.", "display name")))
        <span class="sk-mask" title="display name">H.</span>
    """
    return _with_masks(text, _html)


def in_markdown(text: str) -> Markup:
    """`text` for one line of Markdown, without blanks around it.

    Examples:
        >>> print(in_markdown("1. *a*"))
        1&#46; &#42;a&#42;
    """
    return _with_masks(text.strip(), lambda part: part.translate(_MARKDOWN))


def _html(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_HTML)


def _with_masks(text: str, escaped: Callable[[str], str]) -> Markup:
    if _BEGIN not in text:
        return Markup(escaped(text))  # noqa: S704 - that is the escaping
    parts = []
    done = 0
    for mask in _MASK.finditer(text):
        shown, what = escaped(mask[1]), _html(mask[2])
        parts += [
            escaped(text[done : mask.start()]),
            f'<span class="sk-mask" title="{what}">{shown}</span>',
        ]
        done = mask.end()
    return Markup("".join([*parts, escaped(text[done:])]))  # noqa: S704 - likewise
