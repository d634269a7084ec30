r"""Sessions: where in a running file one meeting ends and the next begins.

Most notes are of one meeting. A file that a group goes on writing into has a date, or a week, as
the title of each of its parts; only titles of one form that come again count, the outermost ones.

>>> from studykit.wiki.lines import split_lines
>>> from studykit.wiki.rows import read_rows
>>> text = "# 2031-03-04\n\n하늘님 - 좋다\n\n# 2031-03-11\n"
>>> [(part.row, part.date) for part in find_sessions(read_rows(split_lines(text), markdown=True))]
[(0, '2031-03-04'), (4, '2031-03-11')]
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from studykit.wiki.labels import label_of
from studykit.wiki.rows import LABEL_LEVEL, Row
from studykit.wiki.times import DATE, DATE_LABELS, date_of, is_either, iso_date

__all__ = ["Session", "find_sessions", "of_another", "week_of_title"]

LONGEST = 60
MANY = 100
"""So many times of a log tell whether another has the same."""

_ABOUT = r"[\s.:\-–—|,)\]]*(?:[(\[]?[월화수목금토일](?:요일)?[)\]]?[\s.]*)?"
_TITLE = re.compile(
    rf"{_ABOUT}(?:제?\d{{1,3}}[차회]|\d{{1,2}}주차|주간|정기|팀|스터디|세미나|피어세션)?\s*"
    r"(?:회의록|회의|모임|미팅|스터디|일지|세미나|회고|기록|피어세션|meeting|minutes|議事録)?[\s.)\]*]*",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"(?:회의|미팅|모임|면담|스터디|세미나|멘토링|meeting|議事録|회고|일지)\)?$", re.IGNORECASE
)
_OF_MEETINGS = re.compile(r"회의|미팅|모임|meeting|minutes|議事録", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_DAY = re.compile(
    r"(?P<month>\d{1,2})(?:/|월 ?|-)(?P<day>\d{1,2})(?!\d)일?"
    r"|(?P<month2>\d{1,2})\. ?(?P<day2>\d{1,2})\.(?!\d)"
)
_WEEK = re.compile(r"(?:제?(?P<ko>\d{1,3}) ?주차|week ?(?P<en>\d{1,3}))(?!\d)", re.IGNORECASE)
_ANOTHER = re.compile(r"다음|차기|차회|지난|이전|next|last|previous|次回|前回", re.IGNORECASE)
_SCHEDULE = re.compile(
    r"(?:발표자|발제자|발표 ?순서|커리큘럼|(?:일정|계획)표?)$"
    r"|^(?:speakers|presenters|schedule|curriculum|syllabus)$",
    re.IGNORECASE,
)
_NEAR = 6
_SIX = re.compile(rf"(\d\d)(\d\d)(\d\d){_ABOUT}")
_LEAD = re.compile(r"[\s(\[【<#📅🗓:a-z_️]*?(?=[\d제w'’])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Session:
    """One part of a file: the row with which it begins, and what its title says of the time.

    `day` is the month and day of a title without a year, as four digits; of `04/03/2031`, which may
    be either of two days, they are in the order in which they stand.
    """

    row: int
    date: str | None = None
    day: str | None = None
    week: int | None = None

    @property
    def time(self) -> str:
        """The time in one string, to compare."""
        return self.date or self.day or f"{self.week}"


def find_sessions(rows: Sequence[Row]) -> list[Session]:
    """The parts of a note of several meetings.

    Returns:
        In order, the first from row 0 on; none where the note is of one meeting.
    """
    forms: defaultdict[tuple[int, bool], list[Session]] = defaultdict(list)
    labelled: dict[str, list[Session]] = {}  # by the heading above
    above: list[Row] = []
    for index, row in enumerate(rows):
        if row.level:
            above = [heading for heading in above if heading.level < row.level]
            above.append(row)
        if row.kind != "words" or len(row.words) > LONGEST or not _DIGIT.search(row.words, 0, 24):
            continue
        outer = (heading for heading in above if heading is not row)
        if any(_SCHEDULE.search(heading.words[:LONGEST]) for heading in outer):
            continue  # `### 2주차` below `## 발표자` is when somebody presents
        if found := _titled(rows, index):
            forms[row.level or LABEL_LEVEL + 1, found.week is None].append(found)
        elif found := _labelled(rows, index):
            labelled.setdefault(above[-1].words[:LONGEST] if above else "", []).append(found)
    for (level, _), titled in sorted(forms.items()):
        found_here = _merged(titled)
        if _several(found_here) and _outermost(rows, level, found_here):
            return _from_the_start(found_here)
    meetings = _merged(_of_meetings(labelled))
    if _several(meetings):
        return _from_the_start(list(_with_titles(rows, meetings)))
    return []


def week_of_title(rows: Sequence[Row]) -> int | None:
    """The week that the title of a note of one meeting states: `# 스터디 3주차`, `Week 3`.

    The title is the first line, and a heading right below it. A span of weeks is none, nor is one
    until which something is due, or one of those that a plan divides.
    """
    titles = 0
    for row in rows:
        if row.kind in ("blank", "rule", "front"):
            continue
        if row.kind != "words" or len(row.words) > LONGEST or (titles and not row.level):
            return None
        weeks = list(_WEEK.finditer(row.words))
        if len(weeks) == 1 and not _NOT_NOW.search(row.words):
            plain = row.level or (not row.listed and _says_no_more(row.words, weeks[0]))
            among = titles and _is_of_a_plan(rows, row)
            return int(weeks[0]["ko"] or weeks[0]["en"]) if plain and not among else None
        titles += 1
        if titles == 2:
            return None
    return None


def _is_of_a_plan(rows: Sequence[Row], head: Row) -> bool:
    """Whether another heading of its level has another week, as in `### 1주차 …`, `### 2주차 …`."""
    found = (_WEEK.match(row.words) for row in rows if row.level == head.level)
    return len({week.group() for week in found if week}) > 1


def _says_no_more(words: str, week: re.Match[str]) -> bool:
    """Whether a line of plain text is a title: a few words, the week, a word for a meeting."""
    before = words[: week.start()].strip()
    if len(before) > 24 or label_of(words):
        return False
    rest = words[week.end() :]
    return bool(_TITLE.fullmatch(rest)) or _name(rest)


_NOT_NOW = re.compile(
    r"까지|부터|다음|지난|이전|저번|[~∼〜]|\d\s*[-–]\s*\d+ ?주차|next|last|until|from",
    re.IGNORECASE,
)


def _titled(rows: Sequence[Row], index: int) -> Session | None:
    """A title that is a date or a week, and nothing else but what such titles say."""
    row = rows[index]
    if not row.level and (row.mark or row.column > 1 or not _stands_alone(rows, index)):
        return None
    words = row.words
    lead = _LEAD.match(words)
    start = lead.end() if lead else 0
    if row.level and (six := _SIX.fullmatch(words)):
        date = iso_date(".".join(six.groups()))
        return Session(index, date=date) if date else None
    if match := DATE.match(words, start) or DATE.match(words):
        date = date_of(match)
        titled = row.level or _TITLE.fullmatch(words, match.end()) or _name(words[match.end() :])
        if titled and is_either(match):
            return Session(
                index, day="".join(f"{int(part):02d}" for part in match["american"].split("/")[:2])
            )
        return Session(index, date=date) if date and titled else None
    if week := _WEEK.match(words, start):
        number = int(week["ko"] or week["en"])
        plain = row.level or _TITLE.fullmatch(words, week.end())
        return Session(index, week=number) if plain else None
    day = _DAY.match(words, start)
    if day is None:
        return None
    if not (_TITLE.fullmatch(words, day.end()) or _name(words[day.end() :])):
        return None
    month, date_ = int(day["month"] or day["month2"]), int(day["day"] or day["day2"])
    # `1-2` and `1.2.` may number a section as well: in plain text a word has to stand behind.
    if not row.level and day["month2"] and not words[day.end() :].strip(" ."):
        return None
    if not 1 <= month <= 12 or not 1 <= date_ <= 31:
        return None
    return Session(index, day=f"{month:02d}{date_:02d}")


def _name(rest: str) -> bool:
    """Whether what stands behind a whole date names a meeting, and says no more."""
    rest = rest.strip()
    return len(rest) <= 24 and _MEETING.search(rest) is not None


def _stands_alone(rows: Sequence[Row], index: int) -> bool:
    """Whether nothing stands directly above the row."""
    return index == 0 or rows[index - 1].kind in ("blank", "rule")


def _labelled(rows: Sequence[Row], index: int) -> Session | None:
    """`일시 : 2031-03-04`."""
    row = rows[index]
    label = row.label
    if label is None or "".join(label.name.split()).casefold() not in DATE_LABELS:
        return None
    match = DATE.match(row.words, label.end)
    date = date_of(match) if match else None
    return Session(index, date=date) if date and not of_another(rows, index) else None


def of_another(rows: Sequence[Row], index: int) -> bool:
    """Whether what stands above a labelled date says that it is of the next or last meeting."""
    row = rows[index]
    for above in rows[max(0, index - _NEAR) : index][::-1]:
        titles = above.level or above.column < row.column or (row.listed and not above.listed)
        if above.kind == "words" and titles:
            return len(above.words) <= LONGEST and _ANOTHER.search(above.words) is not None
    return False


def _of_meetings(labelled: dict[str, list[Session]]) -> list[Session]:
    """Those labelled dates that are of meetings.

    Where the days of one heading come again below another, each heading is somebody's or
    something's log: only those below `# 회의록` are of meetings.
    """
    again = _come_again({part.time for part in parts} for parts in labelled.values())
    chosen = (parts for title, parts in labelled.items() if not again or _OF_MEETINGS.search(title))
    return sorted((part for parts in chosen for part in parts), key=lambda part: part.row)


def _come_again(times: Iterable[set[str]]) -> bool:
    """Whether two of these have two times in common; of a long one, the last times count."""
    seen: set[tuple[str, str]] = set()
    for each in times:
        for pair in combinations(sorted(each)[-MANY:], 2):
            if pair in seen:
                return True
            seen.add(pair)
    return False


def _merged(found: list[Session]) -> list[Session]:
    """Those titles that begin another time than the one above; all, where most repeat it."""
    merged = [part for at, part in enumerate(found) if not at or part.time != found[at - 1].time]
    return merged if len(merged) >= 0.75 * len(found) else found


def _several(found: Sequence[Session]) -> bool:
    """Whether these are two or more times, none twice in a row."""
    return len(found) >= 2 and all(one.time != two.time for one, two in pairwise(found))


def _outermost(rows: Sequence[Row], level: int, found: Sequence[Session]) -> bool:
    """Whether no title above this level follows, and most of this level are such titles."""
    titles = [row.level for row in rows[found[0].row :] if 0 < row.level < LABEL_LEVEL]
    if level > LABEL_LEVEL:
        return True
    return all(each >= level for each in titles) and 2 * len(found) > titles.count(level)


def _with_titles(rows: Sequence[Row], found: Sequence[Session]) -> Iterator[Session]:
    """Parts that a label dates begin with the title above the label."""
    last = -1
    for part in found:
        row = part.row
        for above in range(part.row - 1, max(last, part.row - 6), -1):
            title = rows[above].kind == "words" and not rows[above].listed
            if title or rows[above].level or rows[above].kind == "rule":
                row = above
        last = part.row
        yield replace(part, row=row)


def _from_the_start(found: list[Session]) -> list[Session]:
    """What stands before the first title is the first meeting's, too."""
    return [replace(found[0], row=0), *found[1:]]
