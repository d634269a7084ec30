"""Words in any case, as patterns in which each alternative begins with one letter.

`re` looks for those letters alone, and so finds nothing ten times as fast as with `IGNORECASE` for
the whole.
"""

from __future__ import annotations

__all__ = ["in_any_case"]

_LIKE = {"i": "iIİı", "k": "kK\u212a", "s": "sSſ"}
"""Letters that `re` takes for one of more than two."""


def in_any_case(*words: str) -> str:
    r"""A pattern for any of the words, each a pattern that begins with a small Latin letter.

    Examples:
        >>> in_any_case("papers?")
        'p(?i:apers?)|P(?i:apers?)'
    """
    return "|".join(
        f"{letter}(?i:{word[1:]})"
        for word in words
        for letter in _LIKE.get(word[0], word[0] + word[0].upper())
    )
