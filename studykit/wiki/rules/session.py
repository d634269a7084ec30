"""A session by its fields: `### 구름의 종류` or `**구름의 종류**` over `발표자 : 현수`."""

from __future__ import annotations

import re

from studykit.wiki.evidence import employed_names, names_in
from studykit.wiki.evidence.crowd import says_nobody
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.programme import ADDRESS
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State
from studykit.wiki.rules.talk_list import ASIDE, NEAR
from studykit.wiki.times import DATE

__all__ = [
    "NUMBERED",
    "below_bold",
    "bold_session",
    "headed_session",
    "is_bold",
    "session_title",
    "stated_people",
]

LONGEST = 200
NUMBERED = re.compile(r"^\d{1,2}(?:\.\d{1,2})?[.)][ \t]*|[ \t]*#?\d{1,2}$")
_PARTS = re.compile(r"[ \t]*[,、/&·][ \t]*")
_SESSION = re.compile(
    r"(?:제? ?\d{1,3} ?(?:주차|회차?|강)|(?:week|session|lecture|day) ?#?\d{1,3}"
    r"|第\d{1,3}[回週])[ \t]*[:.)|-]?[ \t]*(?P<title>\w.{0,120})",
    re.IGNORECASE,
)


def bold_session(state: State, index: int) -> Found | None:
    """`**구름의 종류**` over `발표자 : 현수`: a title, with the fields of its session below it."""
    row = state.rows[index]
    if not is_bold(row):
        return None
    title = NUMBERED.sub("", row.words[:LONGEST]).strip()
    named = row.label is not None and bool(names_in(state.crowd, row.label.name)[0])
    if not title or named or state.lexicon.section(title) is not None:
        return None
    if state.lexicon.presents.search(title):
        return None  # `**발표 일정**`
    for below in state.rows[index + 1 : index + 1 + 2 * NEAR]:
        if below.level or is_bold(below):
            return None
        label = below.label if below.kind == "words" else None
        name = squeeze(label.name) if label and label.sign == ":" else ""
        # Below `## 발표 일정`, `발표 : 현수` says who presents as well.
        among = state.section.kind == "talk" and name in state.lexicon.presenter
        if label and (name in state.lexicon.lecturers or among):
            who = below.words[label.end :].lstrip(" ,")
            people = stated_people(state, who)
            return (title, people, f"a title, and {label.name} below it") if people else None
    return None


def below_bold(state: State, index: int) -> bool:
    """Whether the fields of which a row is one stand below a title that is the talk."""
    for at in range(index - 1, max(-1, index - 1 - 2 * NEAR), -1):
        if state.rows[at].level:
            return False
        if is_bold(state.rows[at]):
            return bold_session(state, at) is not None
    return False


def headed_session(state: State, index: int) -> tuple[Found, int] | None:
    """`### 구름의 종류` right over `발표자 : 현수`: the talk, and how many rows they fill."""
    row, below = state.rows[index], state.next_words[index + 1]
    while below < len(state.rows) and state.rows[below].kind == "code":
        below = state.next_words[below + 1]  # `<br>`
    if not row.level or below == len(state.rows) or below > index + NEAR:
        return None
    said = state.rows[below]
    label = said.label if said.kind == "words" and not said.level else None
    if label is None or label.sign != ":" or squeeze(label.name) not in state.lexicon.lecturers:
        return None
    title = _title_over(state, below)
    people = stated_people(state, said.words[label.end :].strip())
    if not title or not people or _title_beside(state, below):
        return None
    return (title, people, f"a heading, and {label.name} right below it"), below - index + 1


def session_title(state: State, index: int) -> str | None:
    """What the lines about a session, of which this is one, say to be its subject."""
    return _title_beside(state, index) or _title_over(state, index)


def _title_beside(state: State, index: int) -> str | None:
    """`주제 : 구름의 종류` right above or below, at the same column."""
    for at in (index - 1, index + 1):
        row = state.rows[at] if 0 <= at < len(state.rows) else None
        if row is None or row.kind != "words" or row.column != state.rows[index].column:
            continue
        label = row.label
        if label and label.sign == ":" and squeeze(label.name) in state.lexicon.subjects:
            title = ADDRESS.sub("", row.words[label.end :]).strip()
            if title and not _no_name(state, title):
                return title
    return None


def _title_over(state: State, index: int) -> str | None:
    """`### 3주차 : 구름의 종류` above; or `### 구름의 종류` right above, below another heading."""
    for at in range(index - 1, max(-1, index - 1 - NEAR), -1):
        row = state.rows[at]
        if row.level:
            words = NUMBERED.sub("", row.words[:LONGEST])
            match = _SESSION.fullmatch(words)
            right_above = state.next_words[at + 1] == index and state.headings[:1] != [at]
            title = match["title"].strip() if match else words if right_above else ""
            if not match and not (title and _may_head(state, title)):
                return None
            dated = DATE.match(title.lstrip("([ "))
            return title if title and not dated and not _no_name(state, title) else None
        if row.kind not in ("blank", "code") and not (row.kind == "words" and row.label):
            return None
    return None


def is_bold(row: Row) -> bool:
    """Whether a line is bold and nothing else, as a title."""
    plain = row.kind == "words" and not row.mark and not row.level
    return plain and row.bold and row.line.words.count("**") == 2


def _may_head(state: State, title: str) -> bool:
    """Whether a heading right over who presents is what they present: `### 구름의 종류`."""
    word, lexicon = squeeze(title), state.lexicon
    return (
        names_subject(state, title, work=True)
        and lexicon.section(title) is None
        and word not in lexicon.talk_lists
        and not lexicon.presents.search(title)
    )


def stated_people(state: State, people: str) -> tuple[str, ...]:
    """Names behind the word for a presenter: the label itself says that they are people."""
    if found := names_in(state.crowd, people)[0]:
        return found
    parts = [part.strip() for part in _PARTS.split(ASIDE.sub("", people).strip())]
    if all(listed_shape(part) and not _no_name(state, part) for part in parts):
        return tuple(dict.fromkeys(parts))
    return employed_names(state.crowd, people)


def _no_name(state: State, part: str) -> bool:
    """Whether a word says that nobody is named yet, or has a meaning of its own."""
    return says_nobody(state.crowd, part) or state.crowd.is_role(part)
