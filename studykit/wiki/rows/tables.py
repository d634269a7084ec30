"""Lines that are rows of a table by tabs, wide blanks or bars, beside those that Markdown has."""

from __future__ import annotations

import re
from itertools import groupby

from studykit.wiki.rows.marks import STAMP
from studykit.wiki.rows.markup import without_markup
from studykit.wiki.rows.row import Row

__all__ = ["bare_tables", "ruled_columns", "tabbed", "unframed"]

_DELIMITERS = re.compile(r":?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+")
_TAB = re.compile(r"[ ]*\t[ \t]*")
_ONE_TAB = re.compile(r"[ ]*\t[ ]*")
_WIDE = re.compile(r"[ \t]{2,}")
_BAR = re.compile(r"[ \t]*\|[ \t]*")
_BARRED = re.compile(r"[ \t]*:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)+[ \t]*")
"""The rule of a table that nothing frames: `-- | :-:`."""
HEAD = 20
_BARS = "|｜"
"""The bar, and the full-width one that is read as it."""
COLUMNS = 3
"""What tabs part has at least as many columns, and lines, to be a table."""
_SAID_AT = re.compile(r"(?:(?:오전|오후|午前|午後)[ ]?)?\d{1,2}:\d{2}\t[^\t]{1,28}\t\S")


def bare_tables(rows: list[Row]) -> None:
    """Make rows of a table of `주차 | 이름`, `--- | ---` and what follows, without outer bars."""
    for index, row in enumerate(rows if _have(rows, _BARS) else ()):
        bars = row.line.words.count("|") if row.kind == "words" and index else 0
        if not bars or not _DELIMITERS.fullmatch(row.line.words):
            continue
        above = rows[index - 1]
        if above.kind != "words" or above.level or above.line.words.count("|") != bars:
            continue
        at = index - 1
        while at < len(rows) and rows[at].kind == "words" and "|" in rows[at].line.words:
            rows[at] = Row(rows[at].line, "table", words=rows[at].line.words)
            without_markup(rows[at])
            at += 1


def _have(rows: list[Row], signs: str) -> bool:
    """Whether a note has one of the signs at all: most have none."""
    return any(sign in rows[0].line.note for sign in signs) if rows else False


def tabbed(rows: list[Row]) -> None:
    """Make a table of lines with as many tabs between words: `이름	한 일	할 일`."""
    if not _have(rows, "\t"):
        return
    _pasted_sheets(rows)
    run: list[Row] = []
    for row in [*rows, None]:
        cells = _TAB.split(row.line.words) if row is not None and _may_be_cells(row) else []
        # The last cell of a line may be empty.
        alike = not run or 0 <= len(_TAB.split(run[0].line.words)) - len(cells) <= 1
        if row is not None and len(cells) >= COLUMNS and alike:
            run.append(row)
            continue
        heads = _TAB.split(run[0].line.words) if len(run) >= COLUMNS else []
        if heads and _may_head(heads):
            for each in run:
                _as_table(each)
        run = [row] if row is not None and len(cells) >= COLUMNS else []


def ruled_columns(rows: list[Row]) -> None:
    """Make a table of lines that blanks part, as the line over a rule: `번호   내용   담당`."""
    for at in range(1, len(rows) - COLUMNS):
        head, rule = rows[at - 1], rows[at]
        if rule.kind != "rule" or head.kind != "words" or head.level or head.listed:
            continue
        heads = _WIDE.split(head.line.words)
        if len(heads) < COLUMNS or max(map(len, heads)) > HEAD:
            continue
        body: list[Row] = []
        for row in rows[at + 1 :]:
            if row.kind != "words" or row.listed or _columns(row) != len(heads):
                break
            body.append(row)
        if len(body) >= COLUMNS - 1:
            for each in (head, *body):
                _as_table(each, _WIDE)
            rule.kind, rule.words = "table", "|--|"


def unframed(rows: list[Row]) -> None:
    """Make a table of `이름 | 역할` over `-- | --` and the lines below with as many bars."""
    for at in range(1, len(rows) if _have(rows, _BARS) else 0):
        rule, end = rows[at].line.words, at + 1
        bars = rule.count("|")
        if not bars or not _BARRED.fullmatch(rule):
            continue
        while end < len(rows) and _is_unframed(rows[end]):
            end += 1
        run = [rows[at - 1], *rows[at + 1 : end]]
        framed = any(row.kind != "words" or row.listed or row.level for row in run)
        if not framed and all(row.line.words.count("|") == bars for row in run):
            for row in run:
                _as_table(row, _BAR)
            rows[at].kind, rows[at].words = "table", "|--|"


def _pasted_sheets(rows: list[Row]) -> None:
    """Make a table of lines out of a sheet, where an empty cell has its tab, too."""

    def tabs(row: Row) -> int:
        return row.line.text.count("\t") if _may_be_cells(row) else 0

    for count, group in groupby(rows, tabs):
        run = list(group)
        heads = run[0].line.words.split("\t")
        if count < COLUMNS - 1 or len(run) < COLUMNS or not all(heads):
            continue
        filled = {len(_TAB.split(row.line.words)) for row in run}
        # Where each line has as many words, one tab or more may stand between them.
        if len(filled) > 1 and len(heads) >= COLUMNS and _may_head(heads):
            for row in run:
                _as_table(row, _ONE_TAB)


def _may_head(heads: list[str]) -> bool:
    """Whether they can be what columns are called; `5/27` is none."""
    return max(map(len, heads)) <= HEAD and not heads[0][:1].isdigit()


def _may_be_cells(row: Row) -> bool:
    if row.kind != "words" or row.listed or row.level or row.mark:
        return False
    words = row.line.words
    if "\t" not in words or words[0] == "<":
        return False
    return not (STAMP.match(words) or _SAID_AT.match(words))  # in a chat that was exported


def _is_unframed(row: Row) -> bool:
    return row.kind == "words" and "|" in row.words and not _BARRED.fullmatch(row.line.words)


def _columns(row: Row) -> int:
    return len(_WIDE.split(row.line.words))


def _as_table(row: Row, sign: re.Pattern[str] = _TAB) -> None:
    """The row's words with a bar where each cell begins."""
    words, kept, places, cursor = row.line.words, ["|"], [0], 0
    for gap in sign.finditer(words):
        kept += [*words[cursor : gap.start()], "|"]
        places += [*range(cursor, gap.start()), gap.start()]
        cursor = gap.end()
    kept += words[cursor:]
    places += range(cursor, len(words) + 1)
    row.kind, row.words, row.first = "table", "".join(kept), 0
    row.places = row.line.offsets(places)
