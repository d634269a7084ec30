"""Names of people as notes write them: `현수님`, `현수님, 인서님`."""

from __future__ import annotations

import re
from functools import cache

from studykit.wiki.lexicon import Lexicon

__all__ = ["SEPARATOR", "name_list", "speaker_list"]

SEPARATOR = re.compile(r"\s*[-–—:：](?!\S)\s*")
"""What joins people, or a topic, to what is said of them: `현수님 - …`, `발표 : …`."""

_SEPARATOR = r"[ \t]*(?:,|、|&|·|/)[ \t]*"


def speaker_list(lexicon: Lexicon, body: str) -> tuple[tuple[str, ...], int]:
    """The people with whom `body` opens, and the offset behind them.

    A role (`멘토님`) is nobody's name: then there are no people.

    Examples:
        >>> from studykit.wiki.lexicon import load_lexicon
        >>> speaker_list(load_lexicon("ko"), "현수님, 인서님 - 좋다")
        (('현수', '인서'), 8)
    """
    match = _patterns(lexicon.honorific)[0].match(body)
    if match is None:
        return (), 0
    names = tuple(_patterns(lexicon.honorific)[1].findall(match.group()))
    return ((), 0) if any(_is_role(lexicon, name) for name in names) else (names, match.end())


def name_list(lexicon: Lexicon, text: str) -> tuple[str, ...]:
    """The people that `text` lists, or none when anything else stands in it."""
    names, end = speaker_list(lexicon, text)
    return names if end == len(text) else ()


def _is_role(lexicon: Lexicon, name: str) -> bool:
    return any(name == role or (len(role) > 1 and name.endswith(role)) for role in lexicon.roles)


@cache
def _patterns(honorific: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    # At most twelve letters: a name, and no room for a sentence that happens to end in 님.
    person = rf"([^\W\d_]{{1,12}}?){honorific}(?!\w)"
    return re.compile(rf"{person}(?:{_SEPARATOR}{person})*"), re.compile(person)
