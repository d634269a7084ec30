"""Where in a note names stand: before what is said, behind a day, first in what is to be done.

A word may stand in one of these places; only somebody's name stands in several of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from studykit.wiki.evidence.crowd import Crowd, is_no_name, without_kin
from studykit.wiki.labels import bare_label
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row
from studykit.wiki.times import DATE, DAY_BEGINS, PLAIN_DAY, SHORT_TIME

__all__ = ["WORD", "places"]

SHORT = 24
_ONE = (
    r"(?:[가-힣]{1,5}|[A-Za-z][A-Za-z\d_-]{1,14}|[\u4e00-\u9fff々]{1,4}|[ァ-ヶー]{2,8}"
    r"|[\u3041-\u309fー]{2,6})"
)
_WHO = rf"(?P<who>{_ONE})(?:さん|くん|님|씨)?"
_LABEL = re.compile(rf"{_WHO}[ \t]?(?::|>>|[ \t][-–—])[ \t]*(?=\S+[ \t]\S)")
_QUOTE = re.compile(rf"{_WHO}[ \t]?(?=[「“\"].{{4}})")
_SAYS = re.compile(rf"{_WHO}[ \t]?(?:曰く?|いわく|왈|(?=[ \t]))[、, \t]+(?=\S)")
_TOLD = re.compile(rf"{_WHO}[ \t]?(?:曰く?|いわく|왈)[、, \t]")
_GAVE = re.compile(
    rf"{_WHO}[ \t]?(?:(?:이가|이|가)?[ \t]?(?:발표|발제)(?=[ \t\)=:]|$)"
    r"|[ \t](?:did|led|took|presented) (?:secs?|sections?|ch|§|parts?))"
)
_GIVEN_BY = re.compile(rf"(?:발표|발제|presenter|担当|発表)[ \t]?[=:][ \t]?{_WHO}(?=[)\s,.]|$)")
_PAIR = re.compile(rf"(?P<one>{_ONE})[ \t]?[+&・][ \t]?(?P<other>{_ONE})(?=[ \t:]|$)")
_TAIL = re.compile(rf"[ \t]?(?:\((?P<inside>{_ONE})\)|←[ \t]?(?P<behind>{_ONE}))[ \t]*$")
_BEHIND_DAY = re.compile(
    rf"(?:{DATE.pattern}|{PLAIN_DAY.pattern}|{SHORT_TIME.pattern}|(?:we?e?k ?)\d{{1,2}}"
    r"|\d{4}(?=[ \t])|\d{1,3}회(?:는|차)?|第\d{1,3}回|今日|次回|다음|담|담주|그담주)"
    r"[ \t,:-]*(?=\S)",
    re.IGNORECASE,
)
_MAY_BEGIN = re.compile(rf"{DAY_BEGINS.pattern}|[第今次다담그]")
"""With what `_BEHIND_DAY` begins."""
_ASKED = re.compile(rf"Q\d?[ \t]{_WHO}[ \t]?[:)]")
_OFFICE = re.compile(rf"(?:서기|기록|書いた人|書記|scribe)[ \t:]+{_WHO}(?=[\s,(]|$)")
_FIRST = re.compile(rf"(?:{_PAIR.pattern}|{_WHO})(?:[ \t]+|[:)])(?=\S)")


@cache
def WORD(name: str) -> re.Pattern[str]:  # noqa: N802  # a pattern, as a constant would be
    """Where a name stands as a word, in any case."""
    return re.compile(rf"(?<![\w]){re.escape(name)}(?![\w])", re.IGNORECASE)


def places(crowd: Crowd, rows: list[Row]) -> Iterator[tuple[Row, str, str]]:
    """Each word that stands where a name may, with its row and the kind of the place."""
    to_do = False
    for row in rows:
        words = row.words
        bare = bare_label(words)
        if row.level or (len(bare) <= SHORT and crowd.lexicon.section(bare)):
            to_do = crowd.lexicon.section(bare) == "task"
            continue
        for written, kind in _in_words(words, to_do=to_do):
            name = without_kin(crowd, written)
            if _may_be(crowd, name):
                yield row, name, kind


def _in_words(words: str, *, to_do: bool) -> Iterator[tuple[str, str]]:
    day = _BEHIND_DAY.match(words) if _MAY_BEGIN.match(words) else None
    if day:
        first = _LABEL.match(words, day.end()) or _QUOTE.match(words, day.end())
        first = first or _FIRST.match(words, day.end())
        if first and (who := first.groupdict().get("who")):
            yield who, "then"
    quoted = "「" in words or "“" in words or '"' in words
    for found, kind in (
        (_LABEL.match(words), "label"),
        (_QUOTE.match(words) if quoted else None, "quote"),
        (_TOLD.match(words), "says"),
        (_GAVE.match(words), "gives"),
        (_ASKED.match(words), "asks"),
        (_OFFICE.match(words), "office"),
    ):
        if found:
            yield found["who"], kind
    if given := _GIVEN_BY.search(words):
        yield given["who"], "gives"
    joined = "+" in words or "&" in words or "・" in words
    if joined and (pair := _PAIR.match(words)):
        yield pair["one"], "pair"
        yield pair["other"], "pair"
    end = words[-SHORT:]
    if ("(" in end or "←" in end) and (tail := _TAIL.search(end)):
        yield tail["inside"] or tail["behind"], "tail"
    if to_do and (first := _FIRST.match(words)) and first["who"] and not _LABEL.match(words):
        yield first["who"], "first"


def _may_be(crowd: Crowd, name: str) -> bool:
    if not listed_shape(name) and len(name) > 1:
        return False
    if is_no_name(crowd, name) or crowd.is_role(name) or squeeze(name) in crowd.lexicon.everyone:
        return False
    return name.casefold() not in crowd.lexicon.writer
