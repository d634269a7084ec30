"""`2023-04-04`, `2020.05.05 (화)`, `일시 : 2021.02.20`: the session's date, as a heading."""

from __future__ import annotations

import re

from studykit.wiki.labels import bare_label
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row
from studykit.wiki.rules.state import State
from studykit.wiki.sessions import of_another
from studykit.wiki.times import DATE, DATE_LABELS, date_of, is_either

__all__ = ["date", "front_date"]

_SHORT = 60
_FEW = 24
_TITLE = re.compile(
    r"[#(\[ ]*(?:[^\W\d_]{1,12}[ \t]+)?"
    r"(?:회의록|회의|미팅|모임|스터디|세미나|meeting|minutes|meeting notes|notes|議事録"
    r"|勉強会|打ち合わせ)[ \t]*[-:(]?[ \t]*",
    re.IGNORECASE,
)


_BEFORE = re.compile(r"^[#(\[ \t\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]+")
_SIX = re.compile(r"(\d\d)(\d\d)(\d\d)[ \t]*(?:\([월화수목금토일]\))?")
_MEETING = re.compile(
    r"\d{1,3} ?주차|\d{1,3} ?회차|week ?\d{1,3}"
    r"|회의|미팅|모임|스터디|세미나|meeting|minutes|notes|study|seminar|議事録|勉強会|打ち合わせ",
    re.IGNORECASE,
)
_SPAN = re.compile(r"[ \t]*[~∼〜][ \t]*\d{1,2}(?![\d]*[ \t]?(?::|시))")
_FRONT = re.compile(r"date:[ \t]*['\"]?", re.IGNORECASE)


def date(state: State, index: int) -> int:
    """Claim the first line with words when it is a date; take the date of a heading or a label."""
    row = state.rows[index]
    if row.kind == "table":
        _of_table(state, row.words)
    if row.kind != "words" or len(row.words) > _SHORT:
        return 0
    if row.line.number in state.crowd.exported:
        return 0  # when somebody said it
    name, sign, behind = row.words.partition(":")  # `日時:2031年…`: of labels no digit follows one
    label = row.label if row.words[:1] == "[" else None
    if label is not None:
        name, sign, behind = label.name, label.sign, row.words[label.end :]  # `[일시] 2031-03-04`
    labelled = bool(sign) and len(name) <= _FEW and squeeze(bare_label(name)) in DATE_LABELS
    if not labelled and index and row.words[:1].isdigit() and _below_label(state, index):
        labelled, behind = True, row.words
    first = index == state.next_words[0] or _below_front(state, index)
    if not (first or row.level or labelled):
        return 0
    if labelled and of_another(state.rows, index):
        return 0
    words = behind if labelled else row.words
    words = words.lstrip(" \t")
    words = _BEFORE.sub("", words)
    match = DATE.match(words)
    if match is None and first:
        match = _of_title(words)
    if match is None and (first or row.level) and (six := _SIX.fullmatch(words)):
        match = DATE.match(".".join(six.groups()))  # `310304`
    if match is None:
        return 0
    if labelled and _SPAN.match(words[match.end() :] if match.string is words else ""):
        return 0  # `2031.03.04~06`: on none of these days alone
    day = date_of(match)
    if day is None:
        if match["compact"] is None and not is_either(match):
            state.doubt(
                "impossible-date",
                row,
                f"{match.group().strip()!r} is no day of any calendar",
                "write it as 2031-03-04",
            )
        return 0
    state.dates.append(day)
    if not (first or labelled) or row.level or match.end() < len(words):
        return 0  # it also says something else, which other rules read
    state.block("date", index)
    return 1


def _below_label(state: State, index: int) -> bool:
    """Whether `일시` stands alone on the line above, which is no deeper."""
    above = state.rows[index - 1]
    if above.kind != "words" or len(above.words) > _FEW or above.column > state.rows[index].column:
        return False
    over = state.rows[index - 2].words if index > 1 else ""  # `다음 모임`
    named = squeeze(bare_label(above.words)) in DATE_LABELS
    return named and state.lexicon.section(bare_label(over)) != "plan"


def _of_table(state: State, words: str) -> None:
    """Take the date of `| 일시 | 2031. 03. 04. (화) |`."""
    name, _, behind = words.strip("| \t").partition("|")
    if len(name) <= _FEW and squeeze(name.strip("* ")) in DATE_LABELS:
        match = DATE.match(behind.lstrip("( \t"))
        day = date_of(match) if match else None
        if day:
            state.dates.append(day)


def _below_front(state: State, index: int) -> bool:
    """Whether only front matter, of a few lines, stands above the row."""
    above = state.rows[:index] if index <= _FEW else ()
    return bool(above) and all(row.kind in ("front", "blank") for row in above)


def _of_title(words: str) -> re.Match[str] | None:
    """The date in a note's title: behind the word for a meeting, or at the end of a name of one."""
    titled = _TITLE.match(words)
    if titled and (match := DATE.match(words, titled.end())):
        return match
    dates = list(DATE.finditer(words))
    last = dates[-1] if dates else None
    if last is None or words[last.end() :].strip(" )]."):
        return None
    return last if _MEETING.search(words, 0, last.start()) else None


def front_date(state: State, row: Row) -> None:
    """`date: 2031-03-04` between the lines of a Markdown note's front matter."""
    words = row.line.text
    if (label := _FRONT.match(words)) and (match := DATE.match(words, label.end())):
        day = date_of(match)
        if day:
            state.dates.append(day)
