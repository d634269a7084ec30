"""How lines end: as what was, what will be, what tells something; and what brackets add."""

from __future__ import annotations

import re

__all__ = ["LAST_ASIDE", "PAST", "TELLS", "WILL_DO"]

PAST = re.compile(
    rf"(?![있겠])[{''.join(map(chr, range(ord('갔'), ord('힣') + 1, 28)))}]"
    r"(?:음|다|습니다|어요|고)[\s.!~)]*$"
)
WILL_DO = re.compile(rf"[{''.join(map(chr, range(ord('간'), ord('힣') + 1, 28)))}]다[\s.]*$")
"""`그린다`: what is done, and was not yet."""
LAST_ASIDE = re.compile(r"(?:\([^()]{0,200}\)[\s.]*){1,3}$")
TELLS = re.compile(r"(?:다|요|[?？。])[\s.!~)]*$")
