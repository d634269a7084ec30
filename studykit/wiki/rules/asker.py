"""Who asks, where a question's own line says so: before it, behind it, in brackets."""

from __future__ import annotations

import re

from studykit.wiki.evidence import names_in
from studykit.wiki.labels import label_of
from studykit.wiki.rules.state import State

__all__ = ["asker_behind", "asker_of"]

_BY = re.compile(
    r"(?:[(\[](?P<who>[^()\[\]]{1,30})[)\]]|[ \t][-–—][ \t]*(?P<dash>[^-–—]{1,20})"
    r"|[ \t]←[ \t]*(?P<arrow>[^←]{1,16})"
    r"|(?:\?[ \t]*[:/]|[ \t](?:/[ \t]*|(?=@)))(?P<sign>[^/:?]{1,20}))[ \t]*$"
)
TAIL = 40


_TO_ANOTHER = re.compile(r"\((?P<who>[^()→]{1,12}?)[ \t]*→[ \t]*(?P<whom>[^()→]{1,12})\)[ \t.]*$")
"""`… (하늘 → 구름)`: who asks whom."""


def asker_behind(state: State, words: str) -> tuple[str, ...]:
    """Who stands behind a question: `…? (현수)`, `…? - 현수님`, `…? / 현수`."""
    if "→" in words[-TAIL:] and (to := _TO_ANOTHER.search(words[-TAIL:])):
        asker, asked = (names_in(state.crowd, to[side])[0] for side in ("who", "whom"))
        return asker if asked else ()
    by = _BY.search(words[-TAIL:])
    return (
        names_in(state.crowd, by["who"] or by["dash"] or by["arrow"] or by["sign"])[0] if by else ()
    )


def asker_of(state: State, words: str, begin: int) -> tuple[int, tuple[str, ...]]:
    """Where the question begins behind its mark, and who asks: `현수님 : …`, `(현수) …`."""
    label = label_of(words[begin:]) if begin < len(words) else None
    if label and label.end < len(words) - begin and (who := names_in(state.crowd, label.name)[0]):
        return begin + label.end, who
    return begin, asker_behind(state, words)
