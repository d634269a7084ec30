"""Who speaks but once among those who speak again and again: `rbn: …` below `Sky: …`."""

from __future__ import annotations

import re

from studykit.wiki.evidence.crowd import Crowd, means_something, person
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row

__all__ = ["take_among_speakers"]

_ODD = re.compile(
    r"[a-z]{2,4}|[A-Z][a-z]+(?:[A-Z][a-z]*)+|[A-Z]{2,4}|[a-z]+[\d_-]\w*"
    r"|[A-Z][\w'’-]+ [A-Z][\w'’-]+|[A-Z][a-z]{3,9}"
)
_NO_NAMES = frozenset(
    (
        *("todo", "fyi", "nb", "ps", "aob", "eta", "tldr", "tl;dr", "eg", "ie", "re", "cc", "wip"),
        *("note", "notes", "update", "edit", "summary", "link", "links", "result", "results"),
        *("example", "issue", "status", "context", "background", "next", "pros", "cons", "idea"),
        *("proposal", "option", "problem", "solution", "source", "date", "time", "where", "url"),
    )
)
MANY = 8
NEAR = 4
WORDS = 3


def take_among_speakers(crowd: Crowd, rows: list[Row]) -> None:
    """Take in a label that could be a nick, between two lines of people, where most are of such."""
    said = [row for row in rows if row.kind == "words" and not row.level and _says(row)]
    if len(said) < MANY:
        return
    known = [_is_known(crowd, row) for row in said]
    if 4 * sum(known) < 3 * len(said):
        return
    for at, row in enumerate(said):
        name = row.label.name.strip() if row.label else ""
        beside = [other for other in (at - 1, at + 1) if 0 <= other < len(said)]
        far = [abs(said[other].line.number - row.line.number) for other in beside]
        near = all(known[other] for other in beside) and min(far, default=NEAR + 1) <= NEAR
        if known[at] or not near or not _ODD.fullmatch(name) or squeeze(name) in _NO_NAMES:
            continue
        if not means_something(crowd, name) and crowd.lexicon.section(name) is None:
            crowd.knows(name, f"line {row.line.number}: a label among those of who speaks")


def _is_known(crowd: Crowd, row: Row) -> bool:
    return row.label is not None and bool(person(crowd, row.label.name)[0])


def _says(row: Row) -> bool:
    label = row.label
    return (
        label is not None
        and label.sign in ":["
        and len(row.words[label.end :].split()) >= WORDS
        and not row.words.startswith(("http://", "https://"), label.end)
    )
