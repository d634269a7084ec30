"""Talks whose presenter stands apart: `발표자 현수`, `# TITLE - Robin Field`, `### Presenter`."""

from __future__ import annotations

import re

from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import is_surname, shape_of
from studykit.wiki.rows import Row
from studykit.wiki.rules.state import MARKDOWN_LEVELS, State

__all__ = ["COHORT", "Found", "headed_by", "named_below", "session_below", "word_first"]

COHORT = re.compile(r"(?<![\w가-힣])\d{1,3} ?기(?:생)?[ \t]+(?=[가-힣])")
"""`11기 현수`: the year in which somebody joined is no part of the name."""
_ONE = re.compile(r"(?P<who>[A-Za-z][\w-]{1,15})(?:[.,;][ \t]|$)")
_TITLED = re.compile(r"(?P<subject>\S.{4,120}?)[ \t]+[-–—][ \t]+(?P<who>[^\W\d_][^-–—:]{4,40})")
_SPELLED = re.compile(r"(?P<who>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){1,3})[ \t]*\([가-힣]{2,5}\)")
_SESSION = re.compile(
    r"(?:session|talk|presentation|세션|발표) ?#?\d{0,2}[ \t]*[:.-][ \t]*", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,2}[.)][ \t]*")
_SIGN = re.compile(r"[ \t]*(?::|[-–—])[ \t]*(?=\S)")
MANY = 4
LONGEST = 40

Found = tuple[str | None, tuple[str, ...], str]
"""The subject, the presenters, and why."""


def word_first(state: State, words: str) -> Found | None:
    """`발표자 14기 이하늘`: the word for who presents, then nothing but full names.

    Behind `발표` only those whom the note knows stand.
    """
    word, who = [*words.split(maxsplit=1), "", ""][:2]
    if word.isascii() and (first := _ONE.match(who)):  # `presenter robin. got through ch. 3`
        people = names_in(state.crowd, first["who"])[0]
        if people and squeeze(word.rstrip(":")) in state.lexicon.lecturers:
            return None, people, f"{word}, then a name"
    if state.lexicon.talk.fullmatch(word) and (people := names_in(state.crowd, who)[0]):
        return None, people, f"{word}, then nothing but names"
    if squeeze(word) not in state.lexicon.lecturers or len(who) > LONGEST or who.isascii():
        return None
    who = COHORT.sub("", who.strip())
    people = full_names(state.crowd, who) or names_in(state.crowd, who)[0]
    people = people or ((who,) if is_surname(who) else ())
    return (None, people, f"{word}, then nothing but names") if people else None


def headed_by(state: State, row: Row) -> Found | None:
    """`# A Title - Robin Field`: a heading that ends in the full name of somebody of the note."""
    if row.level > MARKDOWN_LEVELS:
        return None
    match = _TITLED.fullmatch(row.words)
    if match is None or shape_of(match["who"]) != "latin" or " " not in match["who"]:
        return None
    people, why = names_in(state.crowd, match["who"])
    return (
        (match["subject"], people, f"a title and a full name behind it: {why}") if people else None
    )


def named_below(state: State, index: int) -> tuple[Found, int] | None:
    """`#### Presenter` over a name, below `### Presentation: TITLE`; and how many rows it fills."""
    row = state.rows[index]
    if squeeze(row.words.rstrip(": ")) not in state.lexicon.lecturers:
        return None
    subject = _title_above(state, state.rank(row))
    if not subject:
        return None
    people: list[str] = []
    last = at = index
    while len(people) <= MANY and (at := state.next_words[at + 1]) < len(state.rows):
        below = state.rows[at]
        if below.level or below.kind != "words" or (people and not below.listed):
            break
        names = names_in(state.crowd, below.words)[0] or _whole(below.words)
        if not names:
            return None
        people += names
        last = at
    if not people or len(people) > MANY:
        return None
    found = (subject, tuple(dict.fromkeys(people)), f"a name below {row.words}")
    return found, last - index + 1


def session_below(state: State, index: int) -> tuple[Found, int] | None:
    """`### 1: TITLE` below `## Presentations`, over a list of nothing but who presents it."""
    row, at = state.rows[index], state.next_words[index + 1]
    if state.inherited(row) != "talk" or at == len(state.rows) or not row.words:
        return None
    item, behind = state.rows[at], state.next_words[at + 1]
    beside = behind < len(state.rows) and state.rows[behind].listed
    if not item.listed or beside or len(item.words) > LONGEST:
        return None
    aside = _SPELLED.fullmatch(item.words)  # `Ha-Neul Lee (이하늘)`
    name = aside["who"] if aside else item.words
    people = names_in(state.crowd, name)[0] or (full_names(state.crowd, name) or _whole(name))
    if not people:
        return None
    title = _SESSION.sub("", _NUMBER.sub("", row.words, count=1), count=1)
    found = (title or row.words, people, "a name alone below a talk's title")
    return found, at - index + 1


def _whole(words: str) -> tuple[str, ...]:
    """A first and a family name, where a heading says that it is somebody's."""
    return (words,) if shape_of(words) in ("latin", "full") and len(words.split()) != 1 else ()


def _title_above(state: State, rank: int) -> str | None:
    """What the heading above says to be presented: `5. Presentation: Clouds`."""
    above = [each for each in state.sections if each.scope == "heading" and each.level < rank]
    title = _NUMBER.sub("", above[-1].title, count=1) if above else ""
    word = state.lexicon.talk.search(title)
    sign = _SIGN.search(title, word.end()) if word else None
    return title[sign.end() :].strip() if sign else None
