"""`| 구분 | 이름 | 내용 | 기한 |`: tables whose first column says what each row is."""

from __future__ import annotations

from itertools import takewhile

from studykit.wiki.evidence import names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rules.cells import cells_of
from studykit.wiki.rules.report import add_opinion
from studykit.wiki.rules.state import State
from studykit.wiki.times import DATE_LABELS

__all__ = ["said_in_row", "sorted_columns", "what_it_is"]

_SORTS = frozenset(
    ("구분", "종류", "유형", "분류", "kind", "type", "category", "区分", "種別", "種類")
)
_FEW = 2


def sorted_columns(state: State, index: int) -> tuple[str, ...]:
    """What each column holds, where the rows below are of two kinds or more."""
    lexicon, columns = state.lexicon, ["sort"]
    first, *heads = map(squeeze, cells_of(state.rows[index].words))
    if first not in _SORTS:
        return ()
    for name in heads:
        if name in lexicon.columns | lexicon.charged:
            columns.append("who")
        elif name in lexicon.matters | lexicon.subjects:
            columns.append("said")
        elif name in lexicon.deadlines - DATE_LABELS:
            columns.append("due")
        else:
            columns.append("when" if name in DATE_LABELS else "")
    below = takewhile(lambda row: row.kind == "table", state.rows[index + 1 :])
    sorts = {_sort(state, cells_of(row.words)[0]) for row in below} - {""}
    return tuple(columns) if columns.count("said") == 1 and len(sorts) >= _FEW else ()


def what_it_is(state: State, what: dict[str, str]) -> dict[str, str]:
    """The cells of a row by what a table of nothing but its kind would call their columns."""
    sort, due = _sort(state, what["sort"]), what.get("due", "")
    who = "asker" if sort == "question" else "who"
    day = due or what.get("when", "") if sort == "talk" else due
    return {sort: what.get("said", ""), who: what.get("who", ""), "when": day}


def said_in_row(state: State, index: int, what: dict[str, str]) -> int:
    """Claim a row as what somebody said, where it says that it is that."""
    said = what.get("said", "")
    speakers, why = names_in(state.crowd, what.get("who", ""))
    at = state.rows[index].words.find(said)
    if not state.lexicon.view.search(squeeze(what["sort"])) or not speakers or at < 0:
        return 0
    reason = f"a row that says it is somebody's view: {why}"
    return add_opinion(state, index, speakers, at, reason)


def _sort(state: State, cell: str) -> str:
    """`question`, `task`, `decision` or `talk`, by the name of such a section; else nothing."""
    found = state.lexicon.section(cell) or state.lexicon.marks.get(squeeze(cell), "")
    return found if found in ("question", "task", "decision", "talk") else ""
