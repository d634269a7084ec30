"""How lines end: as what was, what will be, what tells something; and what brackets add."""

from __future__ import annotations

import re

__all__ = ["LAST_ASIDE", "PAST", "TELLS", "WILL_DO", "is_sentence", "is_statement", "with_final"]


def with_final(syllable: str) -> str:
    """All syllables that end in the consonant of one that begins with ㄱ and ㅏ: those of 갈."""
    return "".join(map(chr, range(ord(syllable), ord("힣") + 1, 28)))


PAST = re.compile(
    rf"(?![있겠])[{with_final('갔')}]"
    r"(?:음|다|습니다|어요|고)[\s.!~)]*$"
)
WILL_DO = re.compile(rf"[{with_final('간')}]다[\s.]*$")
"""`그린다`: what is done, and was not yet."""
LAST_ASIDE = re.compile(r"(?:\([^()]{0,200}\)[\s.]*){1,3}$")
_TAIL = 40
TELLS = re.compile(r"(?:다|요|[?？。])[\s.!~)]*$")
_STATEMENT = re.compile(
    r"(?:다|요|음|함|됨|(?<=고 )봄|(?<=[하으])심|(?<![모게타책레])임|(?<=[A-Za-z\d)])[.](?!\))|。)"
    r"[\s.!~)]*$"
)
_SENTENCE = re.compile(
    r"(?:다|요|음|함|됨|까|(?<![모게타책레])임|(?<=[A-Za-z\d)])[.](?!\))|[?!？。])[\s.!~)]*$"
)


def is_statement(words: str) -> bool:
    """Whether words end as what tells something does."""
    return _STATEMENT.search(words[-_TAIL:]) is not None


def is_sentence(words: str) -> bool:
    """Whether words end as what tells something or asks does, and no title."""
    return _SENTENCE.search(words[-_TAIL:]) is not None
