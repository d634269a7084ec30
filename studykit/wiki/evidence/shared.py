"""Names that two lists of a note share, or that stand in it in full and by the given name alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from studykit.wiki.evidence.crowd import (
    ASIDE,
    SPLIT,
    Crowd,
    bare_name,
    is_full_name,
    is_given_name,
    is_usual_name,
    may_be_full,
    means_something,
)
from studykit.wiki.labels import SHORT
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.rows import Row

__all__ = ["take_shared"]

_HANDS_OUT = re.compile(r"분[담배업]|배[분정]|역할|담당|分担")
_SIGN = re.compile(r"[-:–—]")
_TOLD = re.compile(r"(?<![가-힣])([가-힣]{3})(?:입니다|이라고|님|[은는이가](?= ))")
_RARE = re.compile(r"[가-힣]{3,5}")
_NO_NAME = re.compile(r"[팀조반부원들수용적성화률율법점량값형식간장력기표비]$")
_SIDES = ("before", "behind")
FEW = 3
LONG = 40
MANY = 24


def take_shared(crowd: Crowd, rows: list[Row]) -> None:
    """Take in names by two lists that share them, and full names whose given name comes again."""
    _in_full_and_alone(crowd, rows)
    _in_full_elsewhere(crowd, rows)
    _handed_out(crowd, rows)
    _beside_the_same(crowd, rows)


def _in_full_and_alone(crowd: Crowd, rows: list[Row]) -> None:
    """`이하늘 : …` and `박구름 : …`, elsewhere `하늘 : …` and `구름 : …`: people, by both names."""
    labels = Counter(
        name
        for row in rows
        if row.kind == "words" and _SIGN.search(row.words, 2, 6)
        if (label := row.label) and label.sign in ":-"
        if (name := label.name) and len(name) in (2, 3) and not name.isascii()
    )
    pairs = [
        name
        for name in labels
        if len(name) == 3 and name[1:] in labels and _is_given(crowd, name[1:])
    ]
    sure = [name for name in pairs if is_full_name(crowd, name) or may_be_full(crowd, name)]
    if len(sure) < 2:
        return
    # Beside three of them, a nickname's first letter need be no surname's: `빅하늘`.
    for name in pairs if len(sure) >= FEW else sure:
        crowd.knows(name, "labels have the full name and the given name alone")
        crowd.knows(name[1:], "labels have the full name and the given name alone")


def _in_full_elsewhere(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘 : …` beside `다온 : …` and others, where a sentence says `이하늘입니다`."""
    told: set[str] | None = None  # the given names of those whom sentences name in full
    for run in _runs(rows):
        names = [label.name for row in run if (label := row.label) and label.sign == ":"]
        if len(names) < len(run) or len(set(names)) <= FEW:
            continue
        if not all(is_given_name(crowd, name) for name in names):
            continue
        if told is None:
            found = (_TOLD.findall(row.words) for row in rows if row.kind == "words")
            full = {name for each in found for name in each}
            told = {name[1:] for name in full if is_full_name(crowd, name)}
        if not told.isdisjoint(names):
            for name in names:
                crowd.knows(name, "labels like given names, one of which the note has in full")


def _runs(rows: list[Row]) -> Iterator[list[Row]]:
    """Lists' items one below the other, each with a label."""
    run: list[Row] = []
    for row in rows:
        item = row.kind == "words" and row.listed and row.label is not None
        if item and (not run or _alike(run[0], row)):
            run.append(row)
            continue
        if run:
            yield run
        run = [row] if item else []
    if run:
        yield run


def _is_given(crowd: Crowd, name: str) -> bool:
    return is_given_name(crowd, name) or may_be_full(crowd, name)


def _handed_out(crowd: Crowd, rows: list[Row]) -> None:
    """`ERD : 하늘, 구름` below `역할 분담`, and again in another such list: whose the parts are."""
    lists = [
        names
        for index, row in enumerate(rows)
        if row.kind == "words" and _HANDS_OUT.search(row.words, 0, LONG)
        if crowd.lexicon.section(row.words.rstrip(":： \t")) == "task"
        if (names := _parts_given(crowd, rows, index))
    ]
    count = Counter(name for names in lists for name in names)
    again = {name for name, times in count.items() if times > 1}
    if len(again) < FEW or len(again) < 0.75 * len(count):
        return
    for name in count:
        crowd.knows(name, "two lists of who does what have the name")


def _parts_given(crowd: Crowd, rows: list[Row], index: int) -> set[str]:
    """The given names that stand alone on one side of every item of the list below a label."""
    head, column = rows[index], None
    sides: dict[str, list[str]] = {where: [] for where in _SIDES}
    for row in rows[index + 1 : index + 1 + MANY]:
        if row.kind == "blank":
            continue
        if row.kind != "words" or row.level or not row.listed:
            break
        column = row.column if column is None else column
        if row.column > column:
            continue
        label = row.label
        if row.column < column or (row.column <= head.column and not head.level) or label is None:
            break
        behind = row.words[label.end :].strip(" ()")
        sides["before"].append(label.name)
        if squeeze(behind) not in crowd.lexicon.nothing:
            sides["behind"].append(behind)
    for said in sides.values():
        names = {part for text in said if len(text) <= SHORT for part in SPLIT.split(text)}
        sure = {name for name in names if is_usual_name(crowd, name)}
        # `지원` is a word and a name: among three others' it is somebody's.
        if len(sure) >= FEW and (sure == names or _one_word(crowd, names - sure)):
            return names
    return set()


def _one_word(crowd: Crowd, words: set[str]) -> bool:
    """Whether it is one word, which might as well be a name."""
    shaped = all(shape_of(word) in ("given", "full") for word in words)
    return len(words) == 1 and shaped and not any(means_something(crowd, word) for word in words)


def _beside_the_same(crowd: Crowd, rows: list[Row]) -> None:
    """A rare name among three full ones, in two lists of the same people."""
    found: dict[str, list[set[str]]] = {}
    for run in _runs(rows):
        _outsider(crowd, run, found)
    for name, beside in found.items():
        if any(len(one & two) >= FEW for at, one in enumerate(beside) for two in beside[:at]):
            for each in (name, *sorted(set.union(*beside))):
                crowd.knows(each, "two lists of the same people have the name")


def _alike(one: Row, other: Row) -> bool:
    return one.column == other.column and one.sign == other.sign


def _outsider(crowd: Crowd, run: list[Row], found: dict[str, list[set[str]]]) -> None:
    if len(run) <= FEW:
        return
    for where in _SIDES:
        names = set()
        for row in run:
            label = row.label
            if label is None:
                return
            text = label.name if where == "before" else row.words[label.end :]
            if len(text) <= MANY:
                names.add(bare_name(crowd, ASIDE.sub("", text).strip()))
            else:
                names.add("")
        people = {name for name in names if is_full_name(crowd, name) or crowd.why(name)}
        other = names - people
        if len(people) < FEW or len(other) != 1:
            continue
        (name,) = other
        if _RARE.fullmatch(name) and not (
            _NO_NAME.search(name)
            or crowd.lexicon.work.search(name)
            or name in crowd.lexicon.common
            or means_something(crowd, name)
        ):
            lists = found.setdefault(name, [])
            if len(lists) < FEW:
                lists.append(people)
