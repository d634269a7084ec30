"""How long ago something was said, as far as notes state it: in weeks, in days, or in meetings."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from studykit.wiki.chrome import Chrome
from studykit.wiki.records import Meeting

__all__ = ["Age", "age", "age_between", "age_text"]


@dataclass(frozen=True, slots=True)
class Age:
    """So many weeks, days or meetings; at least one."""

    count: int
    unit: Literal["weeks", "days", "meetings"]

    def __str__(self) -> str:
        """In English, for a terminal.

        Examples:
            >>> str(Age(1, "weeks")), str(Age(3, "meetings"))
            ('1 week', '3 meetings')
        """
        return f"{self.count} {self.unit if self.count > 1 else self.unit[:-1]}"


def age(then: Meeting, now: Meeting, meetings: int) -> Age | None:
    """How long before the meeting `now` the earlier meeting `then` was.

    Args:
        then: The earlier meeting.
        now: The later one.
        meetings: How many meetings later that is.

    Returns:
        In weeks where both have a week, else as between their dates, else in meetings: nothing is
        made up where a note states neither. None where `now` is not the later one.

    Examples:
        >>> asked, seen = (Meeting(f"w0{w}", w, None, None, (), 0, 0) for w in (1, 4))
        >>> age(asked, seen, 2)
        Age(count=3, unit='weeks')
    """
    if meetings <= 0:
        return None
    if then.week is not None and now.week is not None and now.week > then.week:
        return Age(now.week - then.week, "weeks")
    if then.date and now.date:
        passed = age_between(then.date, datetime.date.fromisoformat(now.date))
        if passed:
            return passed
    return Age(meetings, "meetings")


def age_between(then: str, now: datetime.date) -> Age | None:
    """How long before a day another one was, which ISO's form gives; None where it was not.

    Examples:
        >>> age_between("2031-03-04", datetime.date(2031, 3, 9))
        Age(count=5, unit='days')
        >>> age_between("2031-03-04", datetime.date(2031, 3, 20))
        Age(count=2, unit='weeks')
    """
    days = (now - datetime.date.fromisoformat(then)).days
    if days <= 0:
        return None
    return Age(days // 7, "weeks") if days >= 7 else Age(days, "days")


def age_text(t: Chrome, found: Age) -> str:
    """An age in the site's language.

    Examples:
        >>> from studykit.wiki.chrome import load_chrome
        >>> age_text(load_chrome("ko"), Age(3, "weeks"))
        '3주째'
    """
    unit = found.unit if found.count > 1 else found.unit[:-1]
    return t(f"age_{unit}", count=found.count)
