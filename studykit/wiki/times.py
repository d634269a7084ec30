"""Dates and days as notes write them; nothing is added that they do not say.

>>> iso_date("2020.05.05 (화)"), iso_date("'21. 7. 12."), iso_date("4/21")
('2020-05-05', '2021-07-12', None)
"""

from __future__ import annotations

import datetime
import re
from contextlib import suppress

__all__ = [
    "CLOCK",
    "CLOCKS",
    "DATE",
    "DATE_LABELS",
    "DAY",
    "DAY_BEGINS",
    "HALF",
    "HOUR",
    "PLAIN_DAY",
    "SHORT_TIME",
    "SHORT_WEEKDAY",
    "date_of",
    "is_day",
    "is_either",
    "iso_date",
    "without_date",
]

_WEEKDAY = (
    r"\s*(?:[(\[]?(?:[월화수목금토일](?:요일)?|[A-Za-z]{3,9}|[月火水木金土日](?:曜日?)?)[)\]])?"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATE = re.compile(
    r"(?<!\d)(?<!\d\.)"
    r"(?P<year>(?:19|20)\d{2}|['’‘]\d{2}(?=[.년/-])"
    r"|\d{2}(?=[.년-])(?!\.\d{1,3}\.\d{1,3}\.\d)|(?:1[3-9]|[2-9]\d)(?=/))(?:[-./]|년) ?"
    r"(?P<month>\d{1,2})(?:[-./]|월) ?(?P<day>\d{1,2})(?!\d)[.일]?" + _WEEKDAY + r"|"
    r"(?<!\d)(?P<compact>(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    + _WEEKDAY
    + r"|"
    r"(?<![\d./])(?P<american>\d{1,2}/\d{1,2}/\d{4})(?!\d)" + _WEEKDAY + r"|"
    r"(?P<japanese>\d{4}年\d{1,2}月\d{1,2}日)" + _WEEKDAY + r"|"
    rf"(?P<english>(?i:{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:, ?|/| )(?:19|20)\d{{2}}(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\.?,? (?:19|20)\d{{2}}(?!\d)))" + _WEEKDAY
)
"""A date with its year, two digits of it at least, and the weekday behind it.

Before a slash such a year is none that could be a month: `10/11/21` may be any of three days. Nor
is a part of a version or of a computer's address a date: `192.168.10.12`.
"""
_WEEKDAYS = ("월月mon", "화火tue", "수水wed", "목木thu", "금金fri", "토土sat", "일日sun")

_OFFICIAL = (
    r"(?<![\d.])(?<!\d\. )(?:1[0-2]|0?[1-9])\. (?:3[01]|[12]\d|0?[1-9])\.(?! ?\d)"
    r"(?: ?\([^()]{1,5}\))?"
)
"""`10. 11.`, as offices write it, `10. 11.(수)`."""

DAY = re.compile(
    r"(?:(?<![\d.])(?:\d{4}[-./년] ?)?(?:\d{1,2}/\d{1,2}"
    r"|(?:1[0-2]|0?[1-9])(?:[-.]|월 ?)(?:3[01]|[12]\d|0?[1-9]))일?(?:\([^()]{1,5}\))?"
    rf"(?![\d.]*\d)|{_OFFICIAL})"
)
"""A day, with or without a year."""

# With a point or a dash between them, two numbers are a section of a book: `7.2`, `3-4장`.
PLAIN_DAY = re.compile(
    r"(?:(?<![\d/.])(?:1[0-2]|0?[1-9])(?:/|월 ?)(?:3[01]|[12]\d|0?[1-9])일?"
    rf"(?:[ ]?\([^()]{{1,5}}\))?(?![\d/.])|{_OFFICIAL})"
)
"""A day that is nothing else wherever it stands: a month and a day that there is."""

MONTH_DAY = re.compile(
    rf"\b(?i:{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b\.?)(?!\w|:\d)"
)
"""`Oct 28`, `28th of October`."""
SHORT_TIME = re.compile(
    rf"{MONTH_DAY.pattern}"
    r"|\b(?i:mon|tues?|wed|thur?s?|fri|sat|sun)\b\.?"
    r"|(?<!\d)(?:[1-9]|1[0-2])(?:월[ ]?(?:초|중순|말|(?:첫|둘|셋|넷|마지막)째?[ ]?주)|月[初中末])"
)
"""`Oct 28`, `Fri`, `2월 말`: a time only where something says that it is one."""
HOUR = re.compile(
    r"(?:오전|오후|저녁|밤|午前|午後)?[ ]?(?:[01]?\d|2[0-4])[시時](?:[ ]?(?:\d{1,2}분|반))?"
    r"|[월화수목금토일]"
)
"""`18시`, `토`: a time only behind `~` or before `까지`."""
HALF = re.compile(
    rf"{HOUR.pattern}|오전|오후|저녁|밤|정오|자정|午前|午後|AM|PM|(?:at )?\d{{1,2}}:\d{{2}}"
)
"""The time of a day, behind the day."""
SHORT_WEEKDAY = re.compile(rf"[월화수목금토일](?:[ ](?:{HALF.pattern}))?")
"""`목`, `일 오전`: a time only where brackets set it apart, or where `HOUR` is one."""

CLOCK = re.compile(r"\d{1,2}:\d{2}[ \t]+")
CLOCKS = re.compile(r"\d{1,2}:\d{2}(?: ?[-–~] ?\d{1,2}:\d{2})?")
"""From when, and until when if that is said."""

DAY_BEGINS = re.compile(r"[\d'’‘]|(?i:[adfjmnostw])")
"""With what every `DATE`, `PLAIN_DAY` and `SHORT_TIME` begins, and few words in Hangul."""

_OCCASIONS = (
    "",
    "회의",
    "모임",
    "미팅",
    "스터디",
    "세미나",
    "진행",
    "작성",
    "활동",
    "개최",
    "수업",
)
DATE_LABELS = frozenset(
    (
        *(
            f"{occasion}{time}{place}"
            for occasion in _OCCASIONS
            for time in ("일시", "날짜", "일자")
            for place in ("", "및장소", "/장소")
        ),
        *("작성일", "회의일", "모임일", "활동일"),
        *("date", "when", "日", "日時", "日付", "開催日", "開催日時"),
    )
)
"""What stands before a session's date, squeezed."""


def iso_date(text: str) -> str | None:
    """The date with which `text` begins, in ISO's form; None where it does not state all of one."""
    match = DATE.match(text)
    return date_of(match) if match else None


def is_day(words: str) -> bool:
    """Whether `words` are a day or a date and nothing else, but for a `~` before it."""
    words = words.strip(" \t~.")
    return DAY_BEGINS.match(words) is not None and any(
        p.fullmatch(words) for p in (PLAIN_DAY, DATE, SHORT_TIME)
    )


def date_of(match: re.Match[str]) -> str | None:
    """The date that a match of `DATE` states; None for a day that no calendar has."""
    try:
        if text := match["compact"]:
            return datetime.datetime.strptime(text, "%Y%m%d").date().isoformat()  # noqa: DTZ007
        if match["american"]:
            days = _either(match)
            return days[0] if len(days) == 1 else None
        if text := match["japanese"]:
            year, month, day = map(int, re.findall(r"\d+", text))
        elif text := match["english"]:
            day, year = map(int, re.findall(r"\d+", text))
            month = next(at for at, name in enumerate(_MONTHS, 1) if name in text.casefold())
        else:
            year, month, day = (int(match[part].lstrip("'’‘")) for part in ("year", "month", "day"))
            year += 2000 if year < 100 else 0
        return datetime.date(year, month, day).isoformat()
    except ValueError:  # a 13th month is no date, and none is made up from it
        return None


def is_either(match: re.Match[str]) -> bool:
    """Whether a match of `DATE` may be either of two days: `04/03/2031`."""
    return match["american"] is not None and len(_either(match)) > 1


def _either(match: re.Match[str]) -> list[str]:
    """The days that `9/5/2022` may be: the one on the weekday behind it, the month first."""
    first, second, year = map(int, match["american"].split("/"))
    weekday = match.group().rpartition("/")[2].lstrip("0123456789 ([").casefold()[:3]
    found: list[datetime.date] = []
    for month, day in dict.fromkeys(((first, second), (second, first))):
        with suppress(ValueError):
            found.append(datetime.date(year, month, day))
    name = weekday if weekday[:1].isascii() else weekday[:1]
    stated = [each for each in found if len(name) and name in _WEEKDAYS[each.weekday()]]
    return [each.isoformat() for each in stated[:1] or found]


def without_date(name: str) -> str:
    """A label behind the day or the time at which it was said: `2031-03-04 현수`, `20:05 현수`."""
    if not name[:1].isdigit():
        return name
    match = DATE.match(name) or CLOCK.match(name) or DAY.match(name)
    return name[match.end() :].lstrip(" \t,") if match and name[match.end() :] else name
