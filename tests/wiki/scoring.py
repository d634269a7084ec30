r"""How much of labelled notes is read rightly: `python -m tests.wiki.scoring FOLDER…`.

A folder holds notes with their labels beside them; `labelled/README.md` says how they are labelled.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from studykit.wiki.read import read_note
from studykit.wiki.records import Decision, Link, Note, Opinion, Question, Record, Talk, Task

KINDS: dict[str, type[Record]] = {
    "turn": Opinion,
    "link": Link,
    "question": Question,
    "task": Task,
    "talk": Talk,
    "decision": Decision,
}
UNSURE = "unsure"
_PICTURE = re.compile(r"[\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]")


@dataclass(frozen=True)
class Label:
    """What a reader of the note says of a line."""

    line: int
    kind: str
    who: tuple[str, ...] = ()
    when: str = ""


@dataclass
class Score:
    """Labels and records that agree, and each that does not, in words."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    owners: int = 0
    dues: int = 0
    invented: int = 0
    told: list[str] = field(default_factory=list)

    def table(self) -> Iterator[str]:
        """The figures, a line a kind, and what is wrong within what was found."""
        for kind in KINDS:
            right, wrong, missed = (each[kind] for each in (self.right, self.wrong, self.missed))
            if right or wrong or missed:
                precision = right / (right + wrong) if right + wrong else 1.0
                recall = right / (right + missed) if right + missed else 1.0
                figures = f"{right}/{wrong}/{missed}"
                yield f"{kind:9} {figures:>12}  precision {precision:.2f}  recall {recall:.2f}"
        yield f"of tasks and talks: {self.owners} with other people ({self.invented} of them with"
        yield f"people where the label has none), {self.dues} with another time"


def score(folder: Path) -> Score:
    """Read each labelled note of `folder` and compare."""
    result = Score()
    for labels in sorted(folder.glob("*.tsv")):
        if labels.stem.isupper():
            continue
        path = next(path for path in folder.glob(f"{labels.stem}.*") if path != labels)
        note = read_note(path.read_bytes(), path.name)
        _compare(note, list(labels_of(labels)), path.stem, result)
    return result


def labels_of(path: Path) -> Iterator[Label]:
    """The labels of a file; a line that cannot be one is named."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        at, kind, who, when, *_ = [*line.split("\t"), "", "", ""]
        if not at.isdigit() or kind not in {*KINDS, UNSURE}:
            raise ValueError(f"{path}:{number}: expected `line<TAB>kind<TAB>who<TAB>when`: {line}")
        names = tuple(name.strip() for name in who.split(",") if name.strip())
        yield Label(int(at), kind, names, when.strip())


def _compare(note: Note, labels: list[Label], name: str, result: Score) -> None:
    unsure = {label.line for label in labels if label.kind == UNSURE}
    lines = note.text.splitlines()
    for kind, record_kind in KINDS.items():
        found = [
            record
            for record in note.records()
            if isinstance(record, record_kind) and record.lines[0] not in unsure
        ]
        for label in (label for label in labels if label.kind == kind):
            if label.line in unsure:
                continue
            here = [record for record in found if record.lines[0] == label.line]
            record = next((each for each in here if _same(each, label)), None)
            if record is None:
                result.missed[kind] += 1
                result.told.append(f"{name}:{label.line} missed {_said(label, lines)}")
                continue
            found.remove(record)
            result.right[kind] += 1
            _within(record, label, f"{name}:{label.line}", lines, result)
        for record in found:
            result.wrong[kind] += 1
            result.told.append(f"{name}:{record.lines[0]} wrong {_read(record, kind)}")


def _same(record: Record, label: Label) -> bool:
    """A turn is the same only where its speakers are; the others, where they stand."""
    return not isinstance(record, Opinion) or _bare(record.speakers) == _bare(label.who)


def _bare(names: Iterable[str]) -> set[str]:
    """Names without the pictures that some have beside them."""
    return {_PICTURE.sub("", name).strip() for name in names}


def _within(record: Record, label: Label, place: str, lines: list[str], result: Score) -> None:
    if not isinstance(record, Task | Talk):
        return
    if _bare(_people(record)) != _bare(label.who):
        result.owners += 1
        result.invented += not label.who
        result.told.append(f"{place} people {', '.join(_people(record))} | {_said(label, lines)}")
    due = record.due.text if record.due else ""
    if not (due in label.when or label.when in due) or bool(due) != bool(label.when):
        result.dues += 1
        result.told.append(f"{place} time {due!r} | {_said(label, lines)}")


def _people(record: Record) -> tuple[str, ...]:
    if isinstance(record, Task):
        return record.owners
    if isinstance(record, Talk):
        return record.presenters
    return record.speakers if isinstance(record, Opinion) else ()


def _said(label: Label, lines: list[str]) -> str:
    who = f" of {', '.join(label.who)}" if label.who else ""
    when = f", {label.when}" if label.when else ""
    return f"{label.kind}{who}{when}: {lines[label.line - 1].strip()}"


def _read(record: Record, kind: str) -> str:
    people = ", ".join(_people(record))
    return f"{kind}{f' of {people}' if people else ''}: {record.text.splitlines()[0].strip()}"


def main() -> None:
    for name in sys.argv[1:]:
        result = score(Path(name))
        print("\n".join((name, *result.told, *result.table())))


if __name__ == "__main__":
    main()
