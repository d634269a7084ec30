"""Tables of people: `| 이름 | 소속 |` says who the members are, and nothing that they said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studykit.wiki.evidence.crowd import (
    Crowd,
    bare_name,
    is_usual_name,
    means_something,
    says_nobody,
)
from studykit.wiki.evidence.listing import LINKED
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.rows import Row

__all__ = ["take_rosters"]

FEW = 2
LONGEST = 120
_LINE = re.compile(r"[-:|= \t]+")
_SIGNED_IN = re.compile(r"(?P<who>[^/|@]{2,30}?)[ \t]*[/|][^/|]{1,80}[/|][ \t]*@[\w-]{1,39}[ \t]*")
_AFFILIATED = re.compile(
    r"(?P<who>[^\W\d_][^-–—()]{2,30}?)[ \t]+[-–—][ \t]+[^-–—()]{1,40}?[ \t]*"
    r"\((?P<short>[A-Z]{2,4})\)"
    r"(?:[ \t]+[-–—][ \t]+.{1,30})?"
)
_BEFORE = re.compile(r"\b(?:last|previous|prior)\b", re.IGNORECASE)
_WORK = re.compile(
    r"(?:lead |game |level |ui |ux |3d |2d |sound |front-?end |back-?end )?"
    r"(?:programm?er|artist|designer|writer|musician|composer|animator|producer|developer|engineer"
    r"|tester|manager|director|editor|coder|modell?er|programming|art|music|sound|design|writing)s?"
    r"(?=[ \t]{2}|[ \t]*$|[ \t]*[/,&(.É])",
    re.IGNORECASE,
)
_SYLLABLES = re.compile(r"[가-힣]{2,4}")


def take_rosters(crowd: Crowd, rows: list[Row]) -> None:
    """Take in the first column of a table headed by the word for names.

    Beside a column of where people are from, whatever can be a name is one; elsewhere what stands
    among names is one, if it has Hangul alone.
    """
    _signed_in(crowd, rows)
    _affiliated(crowd, rows)
    _employed(crowd, rows)
    for table in _tables(rows):
        heads = [squeeze(cell) for cell in _cells(table[0])]
        if len(heads) < 2 or heads[0] not in crowd.lexicon.columns | crowd.lexicon.named:
            continue
        body = [row for row in table[1:] if not _LINE.fullmatch(row.words)]
        found = {row.line.number: _called(_cells(row)[0]) for row in body}
        roster = any(head in crowd.lexicon.about for head in heads[1:]) and not any(
            _tells(crowd, head) for head in heads[1:]
        )
        names = {
            number: name
            for number, written in found.items()
            if (name := bare_name(crowd, written)) and not says_nobody(crowd, name)
        }
        sure = {
            number
            for number, name in names.items()
            if crowd.why(name) or is_usual_name(crowd, name)
        }
        for number, name in names.items():
            among = len(sure) >= FEW and 2 * len(sure) >= len(names)
            shaped = _SYLLABLES.fullmatch(name) and (roster or among)
            foreign = roster and (name != found[number] or shape_of(name) in ("latin", "kanji"))
            if (shaped or foreign) and not means_something(crowd, name):
                crowd.knows(name, f"line {number}: a table's column of names")
        if roster:
            crowd.rosters.update(found)


def _signed_in(crowd: Crowd, rows: list[Row]) -> None:
    """`- Robin Field / Cloud Works / @robin`, three times or more: who signed in, from where."""
    found = [
        (match["who"].strip(), row.line.number)
        for row in rows
        if row.kind == "words" and row.listed and "@" in row.words
        if (match := _SIGNED_IN.fullmatch(row.words))
    ]
    people = [(who, number) for who, number in found if shape_of(who) in ("latin", "full")]
    if len(people) > FEW and 4 * len(people) >= 3 * len(found):
        for who, number in people:
            crowd.knows(who, f"line {number}: who signed in")
            crowd.rosters.add(number)


def _affiliated(crowd: Crowd, rows: list[Row]) -> None:
    """`- Robin Field - Cloud Works (RFD)`, three times or more: who, from where, in short.

    Below `## Attendees` they were there; below `## Last meeting's attendees` they were, then.
    """
    found: list[tuple[Row, re.Match[str], bool]] = []
    below = there = False
    for row in rows:
        if row.level:
            last = row.words.rstrip(":").rpartition(" ")[2]
            below = squeeze(last) in crowd.lexicon.attendees
            there = below and not _BEFORE.search(row.words)
        elif row.kind == "words" and (row.listed or below):
            words = row.words[:LONGEST]
            match = _AFFILIATED.fullmatch(words) if "(" in words else None
            found += [(row, match, there)] if match else []
    if len({match["who"] for _, match, _ in found}) <= FEW:
        return
    for row, match, was_there in found:
        who, reason = match["who"], f"line {row.line.number}: who, and from where"
        if was_there:
            crowd.was_there(row.line, who, reason)
        crowd.knows(who, reason)
        crowd.knows(match["short"], reason)
        crowd.rosters.add(row.line.number)


def _employed(crowd: Crowd, rows: list[Row]) -> None:
    """`Robin- Programmer`, `Sky - Artist`, one below the other: what each is there for."""
    run: list[Row] = []
    for row in [*rows, None]:
        label = row.label if row is not None and row.kind == "words" else None
        said = row.words[label.end :] if row is not None and label else ""
        if row is not None and label and label.sign in ":-" and _WORK.match(said):
            run.append(row)
        elif row is None or row.kind != "blank":
            if len(run) > FEW:
                crowd.rosters.update(each.line.number for each in run)
            run = []


def _tables(rows: list[Row]) -> Iterator[list[Row]]:
    table: list[Row] = []
    for row in [*rows, None]:
        if row is not None and row.kind == "table":
            table.append(row)
        elif table:
            yield table
            table = []


def _cells(row: Row) -> list[str]:
    words = LINKED.sub(r"\g<name>", row.words) if "](" in row.words else row.words
    return [cell.strip("* \t") for cell in words.strip("| \t").split("|")]


def _called(cell: str) -> str:
    return cell.strip("`")


def _tells(crowd: Crowd, head: str) -> bool:
    """Whether a column has what people did, said or are going to do."""
    lexicon = crowd.lexicon
    return (
        head in lexicon.matters
        or head in lexicon.did
        or head in lexicon.discussion
        or lexicon.section(head) is not None
        or lexicon.past.search(head) is not None
    )
