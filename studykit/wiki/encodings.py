r"""Bytes become text, and the text gives the bytes back.

A note is UTF-8 unless its bytes say otherwise: a mark at the start, the NULs of UTF-16, or what a
detector takes for the Korean or Japanese of an older Windows.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import chardet

__all__ = ["decode"]

_SAMPLE = 1 << 16
"""How many bytes of a large file are looked at to tell its encoding."""

_RIVALS = ("cp949", "cp932", "cp1252")
"""What the detector chooses from: without a Western rival it takes `für` for Japanese."""

_ASCII = bytes(range(0x80))
_COMMON = re.compile(r"[\t\n\r -~\u3041-\u30ff\uac00-\ud7a3]")
_RARE = re.compile(
    r"[^\t\n\r -~\u00a0-\u00ff\u1100-\u11ff\u2000-\u33ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uffef"
    r"\U0001f000-\U0001faff]"
)
_LEGACY = {
    # The encoding; a narrower one that reads its everyday letters, and those letters.
    "cp949": ("euc_kr", re.compile(r"[\uac00-\ud7a3]")),
    "cp932": ("shift_jis", re.compile(r"[\u3041-\u30ff]")),
}


def decode(data: bytes) -> tuple[str, str]:
    r"""The text of a file, and the encoding that gives its bytes back.

    Reads UTF-8, UTF-16, CP949 (so EUC-KR) and CP932 (so Shift_JIS); a byte that is none in the
    file's encoding becomes a surrogate escape.

    Args:
        data: The file's bytes, whatever they are.

    Returns:
        The text and the encoding as Python names it. A byte order mark belongs to the encoding
        where Python has one that writes it, else it is the text's first character. Always holds:
        `text.encode(encoding, "surrogateescape") == data`.

    Examples:
        >>> decode(b"\xef\xbb\xbfa\xff")
        ('a\udcff', 'utf-8-sig')
        >>> decode("현수님 - 수식에 대한 이해".encode("euc-kr"))
        ('현수님 - 수식에 대한 이해', 'cp949')
    """
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding, "surrogateescape")
            if text.encode(encoding, "surrogateescape") == data:
                return text, encoding
        except UnicodeError:  # UTF-16 has no escape for a lone byte
            continue
    return data.decode("utf-8", "surrogateescape"), "utf-8"


def _candidates(data: bytes) -> Iterator[str]:
    """The encodings that the data may have, the likeliest first."""
    if data.startswith(codecs.BOM_UTF8):
        yield "utf-8-sig"
    elif data.startswith(codecs.BOM_UTF16_LE):
        yield from ("utf-16", "utf-16-le")
    elif data.startswith(codecs.BOM_UTF16_BE):
        yield "utf-16-be"
    if b"\0" in data:
        yield from _utf_16(data[:_SAMPLE])
    if not _is_utf_8(data):
        yield from _legacy(data)


def _utf_16(sample: bytes) -> Iterator[str]:
    """The byte order in which nearly all characters are of our languages, and enough no hanja.

    Any two ASCII letters make a hanja in either order; blanks, Hangul and kana come out in one.
    """
    texts = {name: sample.decode(name, "replace") for name in ("utf-16-le", "utf-16-be")}
    common = {name: len(_COMMON.findall(text)) for name, text in texts.items()}
    best = max(common, key=lambda name: common[name])
    if 20 * len(_RARE.findall(texts[best])) <= len(texts[best]) <= 4 * common[best]:
        yield best


def _is_utf_8(data: bytes) -> bool:
    """Whether the data is UTF-8, but for some bad bytes.

    Korean and Japanese in another encoding make good sequences by chance, but more bad bytes.
    """
    try:
        data.decode()
    except UnicodeDecodeError as error:
        sample = data[max(0, error.start - _SAMPLE // 2) :][:_SAMPLE]
    else:
        return True
    good = sample.decode(errors="ignore").encode()
    return _high(good) > 3 * (len(sample) - len(good))


def _legacy(data: bytes) -> Iterator[str]:
    """The older encodings in which the data may be written, but for some bad bytes."""
    samples = {}
    for encoding in _LEGACY:
        good = data.decode(encoding, "ignore").encode(encoding, "ignore")
        if len(data) - len(good) <= 1 + _high(data) // 50:
            english = len(good) - len(good.lstrip(_ASCII))  # a long note may open with it
            samples[encoding] = good[english : english + _SAMPLE]
    for likely in (_is_mostly_its_letters, _is_what_the_detector_says):
        yield from (encoding for encoding, sample in samples.items() if likely(encoding, sample))


def _is_mostly_its_letters(encoding: str, sample: bytes) -> bool:
    """Whether most bytes that are not ASCII make Hangul, or kana.

    The detector would be in doubt where they are few or alike: a line in hiragana has one first
    byte. A bad byte would mislead it.
    """
    narrow, letters = _LEGACY[encoding]
    return 4 * len(letters.findall(sample.decode(narrow, "ignore"))) > _high(sample)


def _is_what_the_detector_says(encoding: str, sample: bytes) -> bool:
    """Whether the statistics of the letters are those of the encoding's language."""
    if not sample:
        return False
    found = chardet.detect(sample, include_encodings=_RIVALS, compat_names=False)
    return found["encoding"] == encoding


def _high(data: bytes) -> int:
    """How many bytes are not ASCII."""
    return len(data.translate(None, _ASCII))
