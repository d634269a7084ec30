"""Letters of another script that only look Latin: a link leads elsewhere, code means another name.

Whole words in Cyrillic or Greek are no finding, nor are the small Greek letters of formulas.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from confusable_homoglyphs import confusables

from studykit.wiki.check.pages.links import links_of
from studykit.wiki.equations.problems import Problem
from studykit.wiki.prose import Part

__all__ = ["look_alikes", "script_problems"]

_WORD = re.compile(r"[^\W\d_]+")
_OTHERS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
_CODE = re.compile(r"(`+)([^`\n]+?)\1")
_HOST = re.compile(r"https?://([^/?#\s]+)", re.IGNORECASE)


def script_problems(docs: Path, pages: Mapping[Path, Sequence[Part]]) -> Iterator[Problem]:
    """Words in links and code that mix Latin letters with ones that only look so."""
    for path, parts in pages.items():
        file = f"{docs.name}/{path.relative_to(docs).as_posix()}"
        seen: set[tuple[int, str]] = set()
        for line, word, latin in _found(parts):
            if (line, word) in seen:
                continue
            seen.add((line, word))
            odd = next(char for char, plain in zip(word, latin, strict=True) if char != plain)
            name = unicodedata.name(odd, "another letter").lower()
            yield Problem(
                "mixed-script",
                file,
                line,
                word,
                f"{word} has a {name} (U+{ord(odd):04X}), which only looks Latin",
                f"type it anew: {latin}",
                latin,
            )


def look_alikes(text: str, *, whole: bool = False) -> Iterator[tuple[int, str, str]]:
    """Each word that mixes scripts: where it begins, the word, and what it looks like.

    Args:
        text: An address or code.
        whole: Also words that are of look-alikes alone, as in the name of a host.

    Examples:
        >>> list(look_alikes("p\u0430ypal \u043a\u043e\u0442 \u03b1t"))
        [(0, 'p\u0430ypal', 'paypal')]
    """
    for match in _WORD.finditer(text):
        word = match[0]
        latin = "".join(map(_latin, word))
        mixed = any("LATIN" in unicodedata.name(char, "") for char in word)
        if latin != word and (mixed or (whole and latin.isascii())):
            yield match.start(), word, latin


def _latin(char: str) -> str:
    """The Latin letter that a letter of another script looks like; else the letter itself."""
    name = unicodedata.name(char, "")
    formula = name.startswith("GREEK SMALL") and char != "\u03bf"
    if formula or not name.startswith(_OTHERS):
        return char
    found = confusables.is_confusable(char, preferred_aliases=["latin"], greedy=True)
    shown = (each["c"] for each in found[0]["homoglyphs"]) if found else ()
    return next((each for each in shown if len(each) == 1 and each.isascii()), char)


def _found(parts: Sequence[Part]) -> Iterator[tuple[int, str, str]]:
    """The line of each such word, the word, and what it looks like."""
    for link in links_of(parts):
        host = _HOST.match(link.url)
        for text, whole in ((link.url, False), (link.text, False), (host[1] if host else "", True)):
            yield from ((link.line, *found[1:]) for found in look_alikes(text, whole=whole))
    for part in parts:
        if part.kind == "code":
            for at, word, latin in look_alikes(part.text):
                yield min(part.line + 1 + part.text.count("\n", 0, at), part.end), word, latin
        elif part.kind in ("text", "table", "heading"):
            for code in _CODE.finditer(part.text):
                for at, word, latin in look_alikes(code[2]):
                    before = part.text.count("\n", 0, code.start(2) + at)
                    yield part.line + before, word, latin
