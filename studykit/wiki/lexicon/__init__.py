"""The words by which notes say what a line is, as data: one TOML file a language.

All languages are read at once: a Korean note may say `TODO`, and nobody has to say which it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

__all__ = ["LANGUAGES", "Lexicon", "SectionKind", "load_lexicon", "squeeze"]

LANGUAGES = ("ko", "en", "ja")

SectionKind = Literal["question", "link", "task", "decision", "talk"]

_KINDS: tuple[SectionKind, ...] = ("question", "link", "task", "decision", "talk")
_MARKS = ("question", "answer", "decision", "task", "talk", "asked_by")
_FILLERS = re.compile(r"(?:및|and|&|/|,|·|と)")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words ready to match: names squeezed, the rest as patterns."""

    sections: dict[str, SectionKind]
    ends: dict[str, SectionKind]
    modifiers: tuple[str, ...]
    marks: dict[str, str]
    honorific: str
    role: re.Pattern[str]
    attendees: frozenset[str]
    absent: frozenset[str]
    everyone: frozenset[str]
    talk: re.Pattern[str]
    presenter: frozenset[str]
    volunteer: re.Pattern[str]
    closing: re.Pattern[str]
    still_open: re.Pattern[str]
    until: re.Pattern[str]
    when: re.Pattern[str]
    days: re.Pattern[str]
    weeks: dict[str, int]
    nobody: frozenset[str]

    def section(self, label: str) -> SectionKind | None:
        """The kind of section that `label` names, or None.

        Examples:
            >>> load_lexicon().section("금일 질문 사항"), load_lexicon().section("강의 관련 질문")
            ('question', 'question')
        """
        if len(label) > 60:  # a sentence, not a name
            return None
        name = squeeze(label)
        if kind := self.sections.get(name):
            return kind
        if name.startswith(self.modifiers):
            for modifier in self.modifiers:
                if name.startswith(modifier) and (kind := self.sections.get(name[len(modifier) :])):
                    return kind
        words = label.split()
        if not 2 <= len(words) <= 5 or _FILLERS.search(label):
            return None
        return self.ends.get(squeeze(words[-1])) or self.ends.get(squeeze("".join(words[-2:])))


def squeeze(text: str) -> str:
    """`text` without blanks and case, the form in which names are compared."""
    return "".join(text.split()).casefold()


@cache
def load_lexicon() -> Lexicon:
    """The words of all languages.

    Returns:
        The lexicon, compiled once.
    """
    folder = resources.files(__name__)
    words = [
        tomllib.loads(folder.joinpath(f"{language}.toml").read_text("utf-8"))
        for language in LANGUAGES
    ]

    def every(table: str, key: str) -> Iterator[str]:
        for language in words:
            yield from language[table][key]

    def names(table: str, key: str) -> frozenset[str]:
        return frozenset(map(squeeze, every(table, key)))

    weeks = {squeeze(text): count for lang in words for text, count in _weeks(lang)}
    return Lexicon(
        sections={squeeze(name): kind for kind in _KINDS for name in every("sections", kind)},
        ends={
            squeeze(name): kind
            for language in words
            for kind in _KINDS
            for name in language["sections"]["ends"][kind]
        },
        modifiers=tuple(map(squeeze, every("sections", "modifiers"))),
        marks={squeeze(name): mark for mark in _MARKS for name in every("marks", mark)},
        honorific=_any(every("people", "honorifics")),
        role=_role(every("people", "roles")),
        attendees=names("people", "attendees"),
        absent=names("people", "absent"),
        everyone=names("people", "everyone"),
        talk=re.compile(_any(every("talks", "words")), re.IGNORECASE),
        presenter=names("talks", "presenter"),
        volunteer=re.compile(_any(every("talks", "volunteer"))),
        closing=re.compile(rf"{_any(every('closing', 'decision'))}[\s.!~)」]*\Z"),
        still_open=re.compile(_any(every("closing", "open")), re.IGNORECASE),
        until=re.compile(_any(every("when", "until"))),
        when=re.compile(_any(text for lang in words for text, _ in _weeks(lang)), re.IGNORECASE),
        days=re.compile(_any(every("when", "days")), re.IGNORECASE),
        weeks=weeks,
        nobody=names("labels", "nobody"),
    )


def _weeks(words: dict[str, Any]) -> Iterable[tuple[str, int]]:
    weeks: dict[str, int] = words["when"]["weeks"]
    return weeks.items()


def _role(words: Iterable[str]) -> re.Pattern[str]:
    """A role, or a name that ends in one: `박찬우 멘토`; one syllable is a role only by itself."""
    roles = sorted(words, key=len, reverse=True)
    longer = "|".join(re.escape(role) for role in roles if len(role) > 1)
    single = "|".join(re.escape(role) for role in roles if len(role) == 1)
    return re.compile(rf"(?:.{{0,80}}(?:{longer})|{single})", re.IGNORECASE | re.DOTALL)


def _any(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; a blank in a word may be missing."""
    longest_first = sorted(words, key=len, reverse=True)
    patterns = (r"[ \t]?".join(re.escape(part) for part in word.split()) for word in longest_first)
    return f"(?:{'|'.join(patterns)})"
