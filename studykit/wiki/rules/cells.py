"""Several tasks in one cell of a table, `1. 하늘 : 지도 <br> 2. 표`, as note-takers export it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from studykit.wiki.evidence import names_in
from studykit.wiki.labels import label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Task
from studykit.wiki.rows import Row
from studykit.wiki.rules.deadline import time_behind
from studykit.wiki.rules.listed import says_nothing
from studykit.wiki.rules.state import State

__all__ = ["GIVEN", "cells_of", "column_of_tasks", "tasks_ahead", "tasks_in_cell"]

GIVEN = re.compile(r"기여|성과|\bcontributions?\b|\bachievements?\b", re.IGNORECASE)
"""`역할 및 기여`: a column of what each has done."""
_LINKED = re.compile(r"\[(?P<title>[^\[\]|]{1,200})\]\([^()|\s]{0,400}\)")
_BESIDE = re.compile(r"(?P<link>\[[가-힣]{2,4}\]\([^()|\s]{0,400}\))[ \t]+(?=\[[가-힣]{2,4}\]\()")
"""`[현수](https://…) [하늘](https://…)`: one beside the other."""
_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_MARK = re.compile(r"[ \t]*(?:(?:\d{1,2}[.)]|\(\d{1,2}\)|[-*•])[ \t]*)?")
_BEHIND = re.compile(r"\S[ \t]*[(（](?P<who>[^()（）]{2,40})[)）][ \t.]*$")
_PROBLEMS = re.compile(r"\d{3,6}(?:[, ]+\d{3,6})*")
"""`1753, 11657`: exercises, as judges number them."""
_LETTER = re.compile(r"[^\W\d_]")


def cells_of(words: str) -> list[str]:
    """What stands in the cells of a row; of a link, its title."""
    if "](" in words:  # `[현수](https://…)` is 현수
        words = _BESIDE.sub(r"\g<link>, ", words)
        words = _LINKED.sub(r"\g<title>", words)
    return [cell.strip(" \t*") for cell in words.strip(" \t").strip("|").split("|")]


def column_of_tasks(state: State, heads: list[str]) -> int | None:
    """Which column holds what is to be done, of a table that has none for whose it is."""
    lexicon = state.lexicon
    who = lexicon.columns | lexicon.presenter
    if any(squeeze(head) in who | lexicon.did for head in heads):
        return None  # beside whose it is, or what came of it
    found = [at for at, head in enumerate(heads) if lexicon.section(head) == "task"]
    return found[0] if len(found) == 1 and len(heads) > 2 else None


def tasks_ahead(
    state: State, index: int, columns: tuple[int, int], whose: tuple[str, ...]
) -> Iterator[Task]:
    """What somebody is going to do, by a row that says what they did as well.

    Args:
        state: What has been read.
        index: The row.
        columns: The columns of what they are going to do, and of by when: in its cell or its head.
        whose: Who they are.
    """
    row = state.rows[index]
    cells = row.words.strip(" \t").strip("|").split("|")
    heads = state.table_words.strip(" \t").strip("|").split("|")
    ahead, when = columns
    said = cells[when] if ahead != when and when < len(cells) else heads[when]
    due = state.when(row, said.strip(" \t*"))
    for task in tasks_in_cell(state, index, ahead):
        yield replace(task, owners=task.owners or whose, due=task.due or due)


def tasks_in_cell(state: State, index: int, column: int) -> Iterator[Task]:
    """The tasks of a row's cell, each on a line of its own there."""
    row = state.rows[index]
    span = _cell(row, column)
    if span is None:
        return
    text, cursor = row.line.text, span[0]
    breaks = [*_BREAK.finditer(text, *span), None]
    for at in breaks:
        end = at.start() if at else span[1]
        begin = _MARK.match(text, cursor, end)
        start = begin.end() if begin else cursor
        said = text[start:end].strip(" \t*")
        cursor = at.end() if at else end
        if not (_LETTER.search(said) or _PROBLEMS.fullmatch(said)) or says_nothing(state, said):
            continue
        label, behind = label_of(said), _BEHIND.search(said)
        owners, why = names_in(state.crowd, label.name) if label else ((), "")
        if not owners and behind:
            owners, why = names_in(state.crowd, behind["who"])
        due = time_behind(state, said)
        number = row.line.number
        place = state.span(row.line.start + start, row.line.start + end, number, number)
        evidence = [
            "a line of a cell, in the column of what is to be done",
            *([why] if why else []),
        ]
        yield Task(
            **place,
            evidence=tuple(evidence),
            owners=owners,
            due=state.when(row, due[1]) if due else None,
            done=None,
        )


def _cell(row: Row, column: int) -> tuple[int, int] | None:
    """Where a column's cell stands in the row's line."""
    text = row.line.text
    bars = [at for at, letter in enumerate(text.rstrip()) if letter == "|"]
    if "|" not in text and "\t" in text:  # a table that only tabs part
        begins = [at for at, letter in enumerate(row.words) if letter == "|"]
        ends = [*begins[1:], len(row.words)]
        if column >= len(begins):
            return None
        begin, end = row.at(begins[column] + 1), row.at(ends[column])
        return begin - row.line.start, end - row.line.start
    if text.lstrip()[:1] != "|" or len(bars) < column + 2:
        return None
    return bars[column] + 1, bars[column + 1]
