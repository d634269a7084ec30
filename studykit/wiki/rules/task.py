"""`1. 디디피엠 완성!!` under `다음 주 까지 :`, `- [ ] …`: what is due, for whom, by when."""

from __future__ import annotations

import re

from studykit.wiki.evidence import label_of, names_in
from studykit.wiki.records import Due, Task
from studykit.wiki.rows import Row
from studykit.wiki.rules.listed import listed
from studykit.wiki.rules.state import State

__all__ = ["add_task", "task"]

_BEHIND = re.compile(
    r"(?:[(\[](?P<bracket>[^()\[\]]{1,60})[)\]]|/[ \t]*(?P<slash>[^/]{1,40}))[ \t.!]*$"
)
_UNTIL = re.compile(r"~[ \t]*(?=\d)|까지|まで|\bby\b|\bdue\b", re.IGNORECASE)


def task(state: State, index: int) -> int:
    """Claim an item of a task section; nobody owns it unless the note says so."""
    if state.section.kind != "task":
        return 0
    count = listed(state, index)
    if not count:
        return 0
    section = state.section
    label = "due" if section.due else "task"
    add_task(state, index, count, f"an item under the {label} label of line {section.label_line}")
    return count


def add_task(
    state: State,
    index: int,
    count: int,
    reason: str,
    done: bool | None = None,
    *,
    start: int | None = None,
    aside: str = "",
) -> None:
    """Add a task, with whom and when the row itself says; else those of its section."""
    row, section = state.rows[index], state.section
    evidence = [reason]
    if row.struck:
        done = True
        evidence.append("struck through")
    owners, why = _owners(state, row, aside)
    if owners:
        evidence.append(why)
    elif section.kind == "task" and section.owners:
        owners = section.owners
    due = _due(state, row, aside) or (section.due if section.kind == "task" else None)
    state.block("task", index, count)
    state.records.append(
        Task(
            **state.place(row.start if start is None else start, index, count),
            evidence=tuple(evidence),
            owners=owners,
            due=due,
            done=done,
        )
    )


def _owners(state: State, row: Row, aside: str) -> tuple[tuple[str, ...], str]:
    """Who stands before the task, or behind it in brackets or after a slash."""
    for part in aside.split(","):
        if (found := names_in(state.crowd, part))[0]:
            return found[0], f"who stands in the mark: {found[1]}"
    if (label := label_of(row.words)) and (found := names_in(state.crowd, label.name))[0]:
        return found[0], f"whose name stands before it: {found[1]}"
    if behind := _BEHIND.search(row.words[-80:]):
        words = (behind["bracket"] or behind["slash"]).strip()
        for part in (words, *words.split(",")):
            if (found := names_in(state.crowd, part))[0]:
                return found[0], f"whose name stands behind it: {found[1]}"
    words = row.words.split(maxsplit=1)
    if words and words[0].startswith("@") and (found := names_in(state.crowd, words[0]))[0]:
        return found[0], f"whose name stands before it: {found[1]}"
    return (), ""


def _due(state: State, row: Row, aside: str) -> Due | None:
    """By when the row itself says, if it says 'until'."""
    for words in (aside, row.words):
        if words and _UNTIL.search(words) and len(words) <= 400 and (due := state.when(row, words)):
            return due
    return None
