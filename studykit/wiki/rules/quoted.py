"""Titles in quotes, and who stands beside them: `하늘, 「구름의 종류」`, `「雲」真壁`."""

from __future__ import annotations

import re

__all__ = ["IN_QUOTES", "NAME_FIRST", "TITLE_FIRST"]

_QUOTED = r"[「『“\"‘](?P<title>[^「」『』“”\"‘’]{2,120})[」』”\"’]"
IN_QUOTES = re.compile(_QUOTED)
NAME_FIRST = re.compile(rf"(?P<who>[^「『“\"‘:：]{{1,40}}?)[ \t]*[,:：–—-]?[ \t]*{_QUOTED}[ \t.]*")
"""`하늘, "구름의 종류"`, `真壁「雲」`."""
TITLE_FIRST = re.compile(
    rf"{_QUOTED}[ \t]*[/,:：–—(-]?[ \t]*(?P<who>[^「『“\"\[<]{{1,40}}?)\)?[ \t.]*"
)
