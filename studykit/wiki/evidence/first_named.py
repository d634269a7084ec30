"""Labels and titles that are first names: `Robin: …` and `Sky: …`, `- Seungmin` over a list."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from studykit.wiki.evidence.crowd import SPLIT, Crowd, bare_name, means_something
from studykit.wiki.evidence.named import MOST_ALONE
from studykit.wiki.first_names import is_first_name
from studykit.wiki.names import shape_of
from studykit.wiki.rows import Row

__all__ = ["take_first_named"]

_SMALL = re.compile(r"(?<![\w@.])[a-z][a-z'’-]{1,20}(?![\w@])")
_ADDRESS = re.compile(r"https?://\S+")
_SUBJECT = re.compile(r"(?P<who>[A-Z][\w'’-]{1,20}) (?=[a-z])")
_FULL_SUBJECT = re.compile(r"(?P<who>[A-Z][\w'’-]{1,20} [A-Z][\w'’-]{1,20}) (?=[a-z])")
FEW = 2
_WILL = re.compile(
    r"(?P<who>[A-Z][\w'’-]{1,20})(?: will| is going to|'ll)"
    r" (?!be\b(?! [a-z]+ing\b| in charge)|not\b)[a-z]"
)
"""`Robin will draw a map`: somebody, if it is a name at all."""


def take_first_named(crowd: Crowd, rows: list[Row]) -> None:
    """Take in who is called by a first name, where two are, or one who will do several things.

    What the note has in small letters as well, as `server` and `Server: …`, is a word.
    """
    _take_subjects(crowd, rows)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        label = _label(rows, index)
        names = [bare_name(crowd, part) for part in SPLIT.split(label)] if label else []
        for name in names if all(shape_of(name) == "latin" for name in names) else ():
            if is_first_name(name) or is_first_name(name.partition(" ")[0]):
                found[name].append(row.line.number)
    others: defaultdict[str, list[int]] = defaultdict(list)
    for name, line in _subjects(crowd, rows) if found else ():
        (found if is_first_name(name) else others)[name].append(line)
    begun = Counter(
        row.words.partition(" ")[0]
        for row in (rows if others and len(found) > 1 else ())
        if row.kind == "words" and " " in row.words
    )
    for name, lines in others.items():
        if begun[name] > len(lines):  # `Ruthie thought …`, and elsewhere `- Ruthie opens …`
            found[name] += lines
    small = _small_words(rows) if found else frozenset()
    for name in [each for each in found if means_something(crowd, each) or each.lower() in small]:
        del found[name]
    if len(found) == 1:
        willing = (will["who"] for row in rows if (will := _WILL.match(row.words)))
        if sum(name in found for name in willing) < 2:
            return
    for name, lines in found.items():
        crowd.knows(name, f"line {lines[0]}: a first name as a label, as others are")
    _take_bold(crowd, rows)


def _take_subjects(crowd: Crowd, rows: list[Row]) -> None:
    """`Robin Field gave an update …`, `Sky Brook shared …`: two of them, one by a usual name."""
    found = [
        (match["who"], row.line.number)
        for row in rows
        if row.kind == "words" and not row.level and (match := _FULL_SUBJECT.match(row.words))
        if crowd.lexicon.says.match(row.words, match.end())
    ]
    named = any(is_first_name(who.partition(" ")[0]) for who, _ in found)
    if named and len({who for who, _ in found}) >= FEW:
        for who, line in found:
            crowd.knows(who, f"line {line}: a first and a last name, and what its bearer said")


def _take_bold(crowd: Crowd, rows: list[Row]) -> None:
    """`**Sky**` and `**AJ**` over lists, beside `**Robin**` and another: one word, and a name."""
    bold = [
        row
        for row, below in pairwise(rows)
        if row.kind == "words" and not row.listed and below.kind == "words" and below.listed
        if row.bold
    ]
    known = {row.words for row in bold if crowd.why(row.words)}
    if len(known) < FEW:
        return
    for row in bold:
        shaped = shape_of(row.words) in ("latin", "initials") and " " not in row.words
        if shaped and not means_something(crowd, row.words):
            crowd.knows(row.words, f"line {row.line.number}: in bold over a list, as names are")


def _subjects(crowd: Crowd, rows: list[Row]) -> Iterator[tuple[str, int]]:
    """Who says something in a line that begins so, `Sky thought that …`: of a book, too.

    So it takes another who is called by a first name and stands apart.
    """
    for row in rows:
        subject = _SUBJECT.match(row.words) if row.kind == "words" and not row.level else None
        if subject and crowd.lexicon.says.match(row.words, subject.end()):
            yield subject["who"], row.line.number


def _small_words(rows: list[Row]) -> frozenset[str]:
    """The words that the note has in small letters."""
    return frozenset(
        word
        for row in rows
        if row.kind == "words"
        for word in _SMALL.findall(_ADDRESS.sub("", row.words) if "://" in row.words else row.words)
    )


def _label(rows: list[Row], index: int) -> str:
    """What stands before a sign, or alone over what is deeper."""
    row = rows[index]
    if row.kind != "words" or not row.words[:1].isupper():
        label = row.label if row.kind == "words" and row.words[:1] in "([<" else None
        return label.name if label else ""
    if will := _WILL.match(row.words):
        return will["who"]
    if (label := row.label) is not None:
        return label.name if label.sign in ":-" else ""
    if len(row.words) > MOST_ALONE or not (row.level or row.listed or row.bold):
        return ""
    below = next((each for each in rows[index + 1 : index + 3] if each.kind != "blank"), None)
    over = below is not None and below.kind == "words" and not below.level
    heads = row.level or (row.bold and below is not None and below.listed)
    return row.words if over and (heads or (below and below.column > row.column)) else ""
