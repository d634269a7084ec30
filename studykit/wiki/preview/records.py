"""What a change does to the archive: records and terms that are new, changed or gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from studykit.wiki.chrome import Chrome
from studykit.wiki.escape import unmasked
from studykit.wiki.issues import Issue
from studykit.wiki.link import Archive
from studykit.wiki.preview.state import State
from studykit.wiki.records import Question, Record, Talk, Task
from studykit.wiki.terms import Term

__all__ = ["RecordChange", "changed_records"]

Kind = Literal["question", "task", "decision", "talk", "term"]
_KINDS: tuple[Kind, ...] = ("question", "task", "decision", "talk")


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that came, went or says something else; `who` and `due` are what it has now."""

    kind: Kind
    change: Literal["new", "changed", "gone"]
    id: str
    text: str
    was: str = ""
    who: tuple[str, ...] = ()
    due: str = ""


def changed_records(before: State, after: State, t: Chrome) -> Iterator[RecordChange]:
    """The differences between two states, by kind; none where the notes cannot be read."""
    if after.archive is None:
        return
    old, new = _by_kind(before.archive), _by_kind(after.archive)
    for kind in _KINDS:
        yield from _compared(kind, old[kind], new[kind])
    if before.terms is not None and after.terms is not None:
        said = (
            {each.id: _said(each, t) for each in terms} for terms in (before.terms, after.terms)
        )
        yield from _terms(*said)


def _by_kind(archive: Archive | None) -> defaultdict[Kind, list[Record | Issue]]:
    found: defaultdict[Kind, list[Record | Issue]] = defaultdict(list)
    if archive is None:
        return found
    found["question"] += archive.asked
    found["task"] += archive.tasks
    found["decision"] += (each for part in archive.sessions for each in part.note.decisions)
    found["talk"] += archive.talks
    return found


def _compared(
    kind: Kind, old: list[Record | Issue], new: list[Record | Issue]
) -> Iterator[RecordChange]:
    """Those with the same words are the same; of the others, those with the same id."""
    left = {_same(each): each for each in old}
    came = [each for each in new if left.pop(_same(each), None) is None]
    gone = {each.id: each for each in left.values()}
    for each in came:
        was = gone.pop(each.id, None)
        yield RecordChange(
            kind,
            "changed" if was else "new",
            each.id,
            _words(each),
            _words(was) if was else "",
            tuple(map(unmasked, _who(each))),
            each.due.text if isinstance(each, Task | Talk) and each.due else "",
        )
    for each in gone.values():
        yield RecordChange(kind, "gone", each.id, _words(each))


def _said(term: Term, t: Chrome) -> str:
    return f"{term.title(t)}: {term.definition} ({', '.join(term.names)})"


def _terms(old: dict[str, str], new: dict[str, str]) -> Iterator[RecordChange]:
    for each, said in new.items():
        if each not in old:
            yield RecordChange("term", "new", each, said)
        elif said != old[each]:
            yield RecordChange("term", "changed", each, said, old[each])
    yield from (RecordChange("term", "gone", each, old[each]) for each in old if each not in new)


def _same(record: Record | Issue) -> tuple[str, str]:
    """What two have in common that are one: words of one meeting; an issue's are its own."""
    return record.id if isinstance(record, Issue) else record.meeting, _words(record)


def _words(record: Record | Issue) -> str:
    return unmasked(" ".join(record.text.split()))


def _who(record: Record | Issue) -> tuple[str, ...]:
    match record:
        case Issue():
            return (record.asker,) if record.asker else ()
        case Question():
            return record.askers
        case Task():
            return record.owners
        case Talk():
            return record.presenters
    return ()
