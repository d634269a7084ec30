"""Titles in quotes, and who stands beside them: `하늘, 「구름의 종류」`, `「雲」真壁`."""

from __future__ import annotations

import re

__all__ = ["BEFORE_QUOTE", "IN_QUOTES", "NAME_FIRST", "TITLE_FIRST"]

_QUOTED = r"[「『“\"‘](?P<title>[^「」『』“”\"‘’]{2,120})[」』”\"’]"
IN_QUOTES = re.compile(_QUOTED)
NAME_FIRST = re.compile(rf"(?P<who>[^「『“\"‘:]{{1,40}}?)[ \t]*[,:–—-]?[ \t]*{_QUOTED}[ \t.]*")
"""`하늘, "구름의 종류"`, `真壁「雲」`."""
BEFORE_QUOTE = re.compile(r"(?P<who>[^\s「『(:、。]{1,10})[「『][^「」『』]{2,300}[」』][ \t。.!]*")
"""`佐藤「静かだった」`: who said it."""
TITLE_FIRST = re.compile(
    rf"{_QUOTED}[ \t]*[/,:–—(-]?[ \t]*(?P<who>[^「『“\"\[<]{{1,40}}?)\)?[ \t.]*"
)
