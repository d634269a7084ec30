"""Names by runs of labels: a chat that was pasted, and what each says in a round."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from studykit.wiki.evidence.crowd import (
    Crowd,
    bare_name,
    is_usual_name,
    means_something,
)
from studykit.wiki.names import listed_shape
from studykit.wiki.rows import Row

__all__ = ["take_runs"]

_NAME = re.compile(r"[^\W\d][\w.-]{1,20}")
_WORDS = re.compile(r"[^\W\d_]{2}.*[ \t].*[^\W\d_]{2}")
"""`epoch: 3` says nothing in words."""
FEW = 3
MANY = 6
LONGEST = 20
"""A heading that names a round has no more letters."""


def take_runs(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those of a pasted chat, and those of a round, by the lines around theirs."""
    for run in _runs(rows):
        _chat(crowd, run)
    _round(crowd, rows)


def _runs(rows: list[Row]) -> Iterator[list[Row]]:
    """Lines right below each other, each with a label of one kind."""
    run: list[Row] = []
    for row in [*rows, None]:
        signed = row if row is not None and _is_signed(row) else None
        if signed and (not run or _alike(run[-1], signed)):
            run.append(signed)
            continue
        if len(run) > FEW:
            yield run
        run = [signed] if signed else []


def _is_signed(row: Row) -> bool:
    label = row.label if row.kind == "words" and not row.level else None
    return label is not None and label.sign in ":)" and label.end < len(row.words)


def _alike(one: Row, other: Row) -> bool:
    signs = {row.label.sign for row in (one, other) if row.label}
    return len(signs) == 1 and (one.listed, one.column) == (other.listed, other.column)


def _chat(crowd: Crowd, run: list[Row]) -> None:
    """`kev: …`, `nadia: …`, `kev: …`: some speak again, and nearly all say something in words."""
    said = [(bare_name(crowd, row.label.name), row) for row in run if row.label]
    count = Counter(name for name, _ in said)
    again = sum(often > 1 for often in count.values())
    told = sum(_WORDS.search(row.words, row.label.end) is not None for _, row in said if row.label)
    words = {
        name
        for name in count
        if not _NAME.fullmatch(name) or means_something(crowd, name) or name in crowd.lexicon.common
    }
    usual = all(is_usual_name(crowd, name) for name in count if name not in words)
    enough = again > 1 and len(said) >= MANY and 3 * told >= 2 * len(said) and not words
    closed = run[0].label is not None and run[0].label.sign == ")"  # `- 하늘) …`
    closed = closed and usual and bool(again) and len(count) >= FEW and len(words) < FEW - 1
    if not (enough or closed):
        return
    for name, row in said:
        if name in words:
            continue
        crowd.knows(name, f"line {row.line.number} and others: labels of lines in a row, again")


def _round(crowd: Crowd, rows: list[Row]) -> None:
    """`**하늘**: …`, `**구름**: …` below `### 한마디씩`: what each says, and some are known."""
    inside = False
    found: list[Row] = []
    for row in [*rows, None]:
        if row is None or row.level:
            _take_round(crowd, found)
            found = []
            title = row.words[:LONGEST] if row else ""
            inside = crowd.lexicon.view.search(title) is not None
        elif inside and row.kind == "words" and row.label and row.label.sign in ":-":
            found.append(row)


def _take_round(crowd: Crowd, found: list[Row]) -> None:
    names = {bare_name(crowd, row.label.name): row for row in found if row.label}
    known = sum(crowd.why(name) is not None for name in names)
    good = all(listed_shape(name) and not means_something(crowd, name) for name in names)
    if known and good and len(names) >= FEW:
        for name, row in names.items():
            crowd.knows(name, f"line {row.line.number}: what each says, and some of them are known")
