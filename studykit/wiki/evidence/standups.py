"""Who stands over what they did and what they will do: `네모` over `어제 한 일`, `오늘 할 일`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studykit.wiki.evidence.crowd import Crowd, bare_name, means_something
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row

__all__ = ["take_standups"]

_NAME = re.compile(r"[^\W\d_][\w.-]{1,19}")
_SYLLABLE = re.compile(r"[가-힣]")
NEAR = 24
LONGEST = 40
FEW = 2


def take_standups(crowd: Crowd, rows: list[Row]) -> None:
    """Take in who stands alone over the fields of a stand-up, where two or more do.

    The fields say that each is somebody, whatever letters the name has.
    """
    found: dict[str, int] = {}
    for index, row in enumerate(rows):
        if row.kind != "words" or squeeze(_title(row)) not in crowd.lexicon.did:
            continue
        for at in range(index - 1, max(-1, index - NEAR), -1):
            if name := _alone(crowd, rows[at]):
                if _has_fields(crowd, rows, at):
                    found.setdefault(name, rows[at].line.number)
                break
    if len(found) >= FEW:
        for index, row in enumerate(rows):
            short = row.kind == "words" and _SYLLABLE.fullmatch(row.words)
            if short and _has_fields(crowd, rows, index):  # `호`, as others stand
                found.setdefault(row.words, row.line.number)
        for name, line in found.items():
            crowd.knows(name, f"line {line} has the name over what its bearer did and will do")


def _alone(crowd: Crowd, row: Row) -> str:
    if row.kind != "words" or row.label or row.box is not None:
        return ""
    name = bare_name(crowd, row.words.rstrip(":： \t"))
    if not _NAME.fullmatch(name) or name in crowd.lexicon.common or means_something(crowd, name):
        return ""
    return "" if squeeze(name) in crowd.lexicon.did else name


def _has_fields(crowd: Crowd, rows: list[Row], index: int) -> bool:
    """Whether a label of what was done and one of what is to be done stand below, and no other."""
    titles = {squeeze(title) for title in _titles(rows, index)}
    lexicon = crowd.lexicon
    to_do = any(lexicon.section(title) in ("task", "plan") for title in titles)
    to_do = to_do or bool(lexicon.today & titles)
    return to_do and not titles.isdisjoint(lexicon.did)


def _titles(rows: list[Row], index: int) -> Iterator[str]:
    """The labels below a row, up to the next paragraph, or the next heading of its level."""
    head = rows[index]
    for at in range(index + 1, min(len(rows), index + NEAR)):
        row = rows[at]
        if row.kind == "blank":
            if not head.level and not head.listed:
                return
            continue
        if row.kind != "words" or (row.level and row.level <= head.level) or row.box is not None:
            return
        if head.listed and row.column <= head.column and not row.level:
            return
        yield _title(row)


def _title(row: Row) -> str:
    return row.label.name if row.label else row.words.rstrip(":： \t")[:LONGEST]
