"""What may stand before and behind a term in a Korean word: particles, endings, word parts.

A particle follows its noun without a space, so that no word boundary tells where a term ends. Here
a term ends where the rest of the word is a chain of particles (`디디피엠에서는`), of 이다 or 하다
(`디퓨전이라는`, `샘플링했을`), or, behind a name of three syllables and more, a noun that makes a
compound with it (`디디피엠논문을`). Any other rest is another word: `스코어보드`.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources

__all__ = ["CUT", "begins_word", "ends_word", "without_particles"]


def _any(words: str) -> str:
    return "|".join(sorted(set(words.split()), key=lambda word: (-len(word), word)))


_WORDS: dict[str, str] = tomllib.loads(
    resources.files("studykit.wiki.terms").joinpath("korean.toml").read_text("utf-8")
)
_CHAIN = (
    rf"(?:(?:{_any(_WORDS['particles'])}){{0,3}}|(?:{_any(_WORDS['verbs'])})[가-힣]{{0,4}})"
    "(?![가-힣])"
)
_BEHIND_SHORT = re.compile(_CHAIN)
_BEHIND_LONG = re.compile(rf"(?:{_any(_WORDS['nouns'])})?{_CHAIN}")
_PREFIX = re.compile(rf"(?:^|[^가-힣])(?:{_any(_WORDS['prefixes'])})$")
CUT = rf"(?:{_any(_WORDS['cut'])})$"
"""The pattern of a particle that may be cut off a word of which nothing is known."""
_CUT = re.compile(CUT)
# As much of the word before a term as `_PREFIX` has to see.
_REACH = 6


def ends_word(text: str, end: int, *, syllables: int) -> bool:
    """Whether a name in Hangul that ends at `end` is not the first part of another word.

    Args:
        text: The text, composed (NFC).
        end: Where the name ends.
        syllables: How long it is: a short one makes no compounds here.

    Examples:
        >>> ends_word("디디피엠에서는", 4, syllables=4), ends_word("스코어보드", 3, syllables=3)
        (True, False)
    """
    pattern = _BEHIND_LONG if syllables >= 3 else _BEHIND_SHORT
    return pattern.match(text, end) is not None


def begins_word(text: str, start: int, *, syllables: int) -> bool:
    """Whether a name in Hangul that starts at `start` is not the last part of another word.

    Args:
        text: The text, composed (NFC).
        start: Where the name starts.
        syllables: How long it is: a short one stands behind no prefix.

    Examples:
        >>> begins_word("조건부디퓨전", 3, syllables=3), begins_word("알베타", 1, syllables=2)
        (True, False)
    """
    if start == 0 or not "가" <= text[start - 1] <= "힣":
        return True
    return syllables >= 3 and _PREFIX.search(text[max(0, start - _REACH) : start]) is not None


def without_particles(word: str) -> tuple[str, ...]:
    """What a word may be without its particle, itself first.

    Examples:
        >>> without_particles("디디피엠에서는")
        ('디디피엠에서는', '디디피엠')
    """
    found = _CUT.search(word)
    return (word, word[: found.start()]) if found and found.start() else (word,)
