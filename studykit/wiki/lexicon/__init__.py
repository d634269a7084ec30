"""The words by which notes say what a line is, as data: one TOML file a language."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

__all__ = ["Lexicon", "SectionKind", "load_lexicon", "squeeze"]

SectionKind = Literal["question", "link", "task", "decision"]

_KINDS: tuple[SectionKind, ...] = ("question", "link", "task", "decision")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words ready to match: section names squeezed, the rest as patterns."""

    sections: dict[str, SectionKind]
    modifiers: tuple[str, ...]
    honorific: str
    roles: frozenset[str]
    attendees: frozenset[str]
    talk: re.Pattern[str]
    volunteer: re.Pattern[str]
    until: re.Pattern[str]
    when: re.Pattern[str]
    weeks: dict[str, int]

    def section(self, label: str) -> SectionKind | None:
        """The kind of section that `label` names, or None.

        Examples:
            >>> load_lexicon("ko").section("금일 질문 사항")
            'question'
        """
        name = squeeze(label)
        if kind := self.sections.get(name):
            return kind
        for modifier in self.modifiers:
            if name.startswith(modifier) and (kind := self.sections.get(name[len(modifier) :])):
                return kind
        return None


def squeeze(text: str) -> str:
    """`text` without blanks and case, the form in which names are compared."""
    return "".join(text.split()).casefold()


@cache
def load_lexicon(language: str) -> Lexicon:
    """The words of one language.

    Args:
        language: The name of a TOML file beside this module, `ko`.

    Returns:
        The lexicon, compiled once.
    """
    source = resources.files(__name__).joinpath(f"{language}.toml").read_text("utf-8")
    words = tomllib.loads(source)
    weeks = {squeeze(text): count for text, count in words["when"]["weeks"].items()}
    return Lexicon(
        sections={squeeze(name): kind for kind in _KINDS for name in words["sections"][kind]},
        modifiers=tuple(squeeze(word) for word in words["sections"]["modifiers"]),
        honorific=_any(words["people"]["honorifics"]),
        roles=frozenset(words["people"]["roles"]),
        attendees=frozenset(squeeze(word) for word in words["people"]["attendees"]),
        talk=re.compile(_any(words["talks"]["words"])),
        volunteer=re.compile(_any(words["talks"]["volunteer"])),
        until=re.compile(_any(words["when"]["until"])),
        when=re.compile(_any(words["when"]["weeks"])),
        weeks=weeks,
    )


def _any(words: list[str]) -> str:
    """A pattern for any of the words, the longest first; a blank in a word may be missing."""
    longest_first = sorted(words, key=len, reverse=True)
    patterns = (r"[ \t]?".join(re.escape(part) for part in word.split()) for word in longest_first)
    return f"(?:{'|'.join(patterns)})"
