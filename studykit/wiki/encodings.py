"""Bytes become text, and the text gives the bytes back."""

from __future__ import annotations

import codecs

__all__ = ["decode"]


def decode(data: bytes) -> tuple[str, str]:
    r"""The text of a file, and the encoding that gives its bytes back.

    Bytes that are no UTF-8 become surrogate escapes, one each.

    Examples:
        >>> decode(b"\xef\xbb\xbfa\xff")
        ('a\udcff', 'utf-8-sig')
    """
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    return data.decode(encoding, "surrogateescape"), encoding
