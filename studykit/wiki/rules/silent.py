"""Names before words that say nothing: whose part it is, what each knows, when somebody is away.

`하늘 : 표지`, `나래 : 지도` share something out; what people say has a verb, or a particle, in
at least one line of the run.
"""

from __future__ import annotations

from studykit.wiki.endings import says_something
from studykit.wiki.evidence import names_in
from studykit.wiki.rows import Row
from studykit.wiki.rules.state import State

__all__ = ["in_silence"]

NEAR = 3
FEW = 3
WIDE = 400


def in_silence(state: State, index: int) -> bool:
    """Whether nobody says anything in the run of labels to which the row belongs.

    A label by itself is like the note's others. Below a title that asks each for something,
    `아이디어`, a word is an answer.
    """
    if index not in state.silent:
        run, said = _run(state, index)
        alone = len(run) == 1
        labels = [label.name for at in run if (label := state.rows[at].label)]
        again = len(set(labels)) < len(labels)  # who speaks twice, speaks
        silent = not again and not any(map(says_something, said))
        silent = silent and not (alone and _say_elsewhere(state, state.rows[index]))
        silent = silent and not _asked_of_each(state, index)
        state.silent.update(dict.fromkeys(run, silent))
    return state.silent[index]


def _run(state: State, index: int) -> tuple[list[int], list[str]]:
    """The rows from one on whose labels name people; and the words behind these, and between."""
    head = state.rows[index]
    run, said = [index], [head.words[head.label.end if head.label else 0 :][:WIDE]]
    for at in range(index + 1, len(state.rows)):
        row = state.rows[at]
        if row.kind == "blank" and state.rows[at - 1].kind != "blank":
            continue
        if row.kind != "words" or row.level:
            break
        beside = (row.column, row.mark) == (head.column, head.mark)
        begin = _label(state, row) if beside else None
        if begin is not None:
            run.append(at)
            said.append(row.words[begin : begin + WIDE])
        elif row.column > head.column or not (row.mark or row.label):
            said.append(row.words[:WIDE])
        else:
            break
    return run, said


def _label(state: State, row: Row) -> int | None:
    """Where what is said begins, behind a label that names people."""
    label = row.label
    if label is None or label.sign not in ":-" or not names_in(state.crowd, label.name)[0]:
        return None
    return label.end


def _say_elsewhere(state: State, row: Row) -> bool:
    """Whether one in three says something behind such labels in the note."""
    sign = row.label.sign if row.label else ""
    if sign not in state.spoken:
        said = [
            says_something(each.words[begin : begin + WIDE])
            for each in state.rows
            if each.kind == "words" and each.label and each.label.sign == sign
            if (begin := _label(state, each)) is not None
        ]
        state.spoken[sign] = FEW * sum(said) >= len(said) > 0
    return state.spoken[sign]


def _asked_of_each(state: State, index: int) -> bool:
    """Whether a title above the run, or a line right above it, asks each for something."""
    lexicon = state.lexicon
    above = [row.words[:WIDE] for row in state.rows[max(0, index - NEAR) : index]]
    return any(
        pattern.search(title)
        for pattern in (lexicon.rounds, lexicon.ideas, lexicon.of_each)
        for title in (*above, state.heading_over(index), state.section.title)
    )
