r"""Evidence: who of all that stands before a colon or a dash is a person.

A wrong speaker is worse than a missed one. A label is a person's only when the note gives a reason
to think so: a list of attendees has the name, 님 stands behind it, `people.toml` knows it, or a
whole block of sibling labels has the shape of names.

>>> from studykit.wiki.lexicon import load_lexicon
>>> from studykit.wiki.lines import split_lines
>>> from studykit.wiki.rows import read_rows
>>> rows = read_rows(split_lines("참석자 : 이하늘, 박구름\n\n하늘 : 좋다\n"), markdown=False)
>>> find_people(rows, load_lexicon()).why("하늘")
'line 1 lists 이하늘 among the attendees'
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from studykit.wiki.lexicon import Lexicon, squeeze
from studykit.wiki.rows import Row

__all__ = ["Crowd", "Label", "find_people", "label_of", "names_in"]

SHORT = 80
"""No label is longer than a line of a book."""

_LABEL = re.compile(
    r"(?P<name>[^\s:：][^:：]{0,79}?)[ \t]*(?P<sign>[:：])(?!//|\d)(?:[ \t]+|(?=\S)|$)"
)
_DASH = re.compile(
    r"(?P<name>\S(?:[^-–—]{0,38}\S)?)(?:[ \t]+[-–—]|[ \t]*[-–—](?=[ \t]))(?:[ \t]+|$)"
)
_HANDLE = re.compile(r"@[A-Za-z][\w.-]{1,38}")
_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소"
    "석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부가복태목형피두감호음빈동온시범좌팽승간상갈단견당"
)
_FULL_NAME = re.compile(rf"[{_SURNAMES}][가-힣]{{2}}")
_HANGUL_NAME = re.compile(r"[가-힣]{2,5}")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z0-9'.-]{1,19}(?: [A-Z][A-Za-z'.-]{0,19}){0,2}")
_JAPANESE_NAME = re.compile(r"[\u4e00-\u9fffぁ-んァ-ヶー\w]{1,12}")
_SPLIT = re.compile(r"[ \t]*(?:,|、|，|&|＆|·|ㆍ|/|\+| 및 | and |;)[ \t]*")
_ASIDE = re.compile(r"[ \t]*\([^()]{0,30}\)")
_COUNT = re.compile(r"\d+ ?명")


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a colon or a dash: the name, and where what is said begins."""

    name: str
    sign: str
    end: int


@dataclass(slots=True)
class Crowd:
    """Everybody whom the note gives reason to take for a person, with the reason.

    `attendees` are those whom it lists as present.
    """

    lexicon: Lexicon
    canonical: Callable[[str], str | None] = lambda _: None
    reasons: dict[str, str] = field(default_factory=dict)
    attendees: list[str] = field(default_factory=list)
    attendee_lines: set[int] = field(default_factory=set)

    def why(self, written: str) -> str | None:
        """The reason for which `written` is a person, or None.

        Args:
            written: A name as the note has it, without 님.
        """
        name = written.removeprefix("@")
        if not name or self.is_role(name):
            return None
        if reason := self.reasons.get(squeeze(name)):
            return reason
        if self.canonical(written):
            return "people.toml has the name"
        return None

    def is_role(self, name: str) -> bool:
        """Whether `name` is what somebody does, not who they are."""
        return (
            squeeze(name) in self.lexicon.everyone or self.lexicon.role.fullmatch(name) is not None
        )

    def knows(self, name: str, reason: str) -> None:
        """Note that `name` is a person's; a Korean full name is also known by its given name."""
        if self.is_role(name):
            return
        self.reasons.setdefault(squeeze(name), reason)
        if _FULL_NAME.fullmatch(name):
            self.reasons.setdefault(name[1:], reason)


@lru_cache(maxsize=256)  # several rules ask in turn about one row
def label_of(words: str) -> Label | None:
    """The label with which a row begins, if it has one.

    Examples:
        >>> label_of("현수 : 좋다"), label_of("https://example.org")
        (Label(name='현수', sign=':', end=5), None)
    """
    head = words[: SHORT + 2]
    colon = _LABEL.match(head)
    dash = _DASH.match(head)
    match = min((m for m in (colon, dash) if m), key=lambda m: m.end("name"), default=None)
    if match is None:
        return None
    return Label(match["name"], ":" if match is colon else "-", match.end())


def names_in(crowd: Crowd, text: str) -> tuple[tuple[str, ...], str]:
    """The people whom `text` lists, with the first one's reason; none if it holds more.

    Examples:
        >>> from studykit.wiki.lexicon import load_lexicon
        >>> names_in(Crowd(load_lexicon()), "현수님, 인서님")
        (('현수', '인서'), '님 stands behind the name')
    """
    found: list[str] = []
    first = ""
    text = text.strip(" \t()[]")
    if not text or len(text) > 200:
        return (), ""
    for part in _SPLIT.split(text):
        name, reason = person(crowd, part)
        if not name:
            return (), ""
        found.append(name)
        first = first or reason
    return tuple(dict.fromkeys(found)), first


def person(crowd: Crowd, written: str) -> tuple[str, str]:
    """A name as written, without 님, and why it is a person's; two empty strings if it is none."""
    written = written.strip()
    match = _honoured(crowd.lexicon.honorific).fullmatch(written)
    if match and not crowd.is_role(match["name"]):
        return match["name"], f"{written[match.end('name') :].strip()} stands behind the name"
    if match and crowd.canonical(written):
        return written, "people.toml has the name"
    if reason := crowd.why(written):
        return written.removeprefix("@"), reason
    if _HANDLE.fullmatch(written):
        return written.removeprefix("@"), "@ stands before the name"
    return "", ""


@cache
def _honoured(honorific: str) -> re.Pattern[str]:
    # At most twelve letters: a name, and no room for a sentence that happens to end in 님.
    return re.compile(rf"@?(?P<name>[^\W\d_]{{1,12}}?)[ \t]?{honorific}")


def find_people(
    rows: list[Row],
    lexicon: Lexicon,
    canonical: Callable[[str], str | None] = lambda _: None,
) -> Crowd:
    """Collect the people of a note.

    Args:
        rows: The note's rows.
        lexicon: The words by which notes say who was there.
        canonical: Who somebody is by `people.toml`, if anybody.

    Returns:
        The people, each with a reason.
    """
    crowd = Crowd(lexicon, canonical)
    index = 0
    while index < len(rows):
        index += _attendees(crowd, rows, index)
    _honoured_labels(crowd, rows)
    _bracketed(crowd, rows)
    _siblings(crowd, rows)
    _recurring(crowd, rows)
    return crowd


def _attendees(crowd: Crowd, rows: list[Row], index: int) -> int:
    """Take in a list of who was there, or not; return how many rows it fills, 1 for none."""
    row = rows[index]
    name, rest = row.words, ""
    if row.kind == "table":
        cells = [cell.strip() for cell in row.words.strip("|").split("|")]
        name, rest = cells[0], cells[1] if len(cells) > 1 else ""
    elif (label := label_of(row.words)) is not None:
        name, rest = label.name, row.words[label.end :]
    key = squeeze(_ASIDE.sub("", name)) if len(name) <= SHORT else ""
    present = key in crowd.lexicon.attendees
    if not present and key not in crowd.lexicon.absent:
        return 1
    count, names = 1, _listed_names(crowd, rest)
    if not rest.strip() and row.kind == "words":
        names, count = _names_below(crowd, rows, index)
    if not names:
        return 1
    where = f"line {row.line.number}"
    for each in names:
        if present:
            crowd.attendees.append(each)
            crowd.knows(each, f"{where} lists {each} among the attendees")
        else:
            crowd.knows(each, f"{where} lists {each} among the absent")
    crowd.attendee_lines.update(line.line.number for line in rows[index : index + count])
    return count


def _listed_names(crowd: Crowd, text: str) -> list[str]:
    """The names of a list of attendees; none if it lists anything else."""
    text = _ASIDE.sub("", text).strip(" \t.|")
    parts = [part for part in _SPLIT.split(text) if part]
    if (
        len(parts) == 1
        and len(words := parts[0].split()) > 1
        and all(map(_FULL_NAME.fullmatch, words))
    ):
        parts = words
    names = [_bare(crowd, part) for part in parts if not _COUNT.search(part)]
    names = [name for name in names if squeeze(name) not in crowd.lexicon.everyone]
    return [] if not all(map(_name_like, names)) else names


def _names_below(crowd: Crowd, rows: list[Row], index: int) -> tuple[list[str], int]:
    """The names below a bare label, one a line."""
    names: list[str] = []
    count = 1
    for row in rows[index + 1 :]:
        found = _listed_names(crowd, row.words) if row.kind == "words" and not row.level else []
        if (
            not found
            or len(row.words) > SHORT
            or (not row.listed and row.column <= rows[index].column and len(found) < 1)
        ):
            break
        names += found
        count += 1
    return names, count


def _bare(crowd: Crowd, written: str) -> str:
    match = _honoured(crowd.lexicon.honorific).fullmatch(written.strip())
    return match["name"] if match else written.strip().removeprefix("@")


def _name_like(name: str) -> bool:
    return bool(
        _HANGUL_NAME.fullmatch(name)
        or _LATIN_NAME.fullmatch(name)
        or _HANDLE.fullmatch(f"@{name}")
        or _JAPANESE_NAME.fullmatch(name)
    )


def _honoured_labels(crowd: Crowd, rows: list[Row]) -> None:
    """`현수님 - …` once makes `현수 - …` a person's as well."""
    for row in rows:
        if row.kind != "words":
            continue
        label = label_of(row.words)
        head = label.name if label else row.words if len(row.words) <= SHORT else ""
        for part in _SPLIT.split(head) if head else ():
            match = _honoured(crowd.lexicon.honorific).fullmatch(part)
            if match and not crowd.is_role(match["name"]):
                suffix = part[match.end("name") :].strip()
                crowd.knows(
                    match["name"], f"line {row.line.number} has the name with {suffix} behind it"
                )


def _bracketed(crowd: Crowd, rows: list[Row]) -> None:
    """`<이하늘>` and `<박구름>`, each over a block: two full names in brackets are people."""
    framed = [row for row in rows if row.framed and _FULL_NAME.fullmatch(row.words)]
    names = {row.words for row in framed} - crowd.lexicon.nobody
    if len(names) >= 2:
        for row in framed:
            crowd.knows(row.words, f"line {row.line.number}: full names in brackets over blocks")


def _siblings(crowd: Crowd, rows: list[Row]) -> None:
    """A list all of whose labels are Korean full names is a list of people."""
    for run in _runs(rows):
        names = []
        for row in run:
            label = label_of(row.words)
            name = label.name if label else ""
            if squeeze(name) in crowd.lexicon.everyone:
                continue
            names.append(_bare(crowd, name))
        distinct = set(names)
        if len(distinct) >= 2 and all(
            crowd.why(name)
            or (_FULL_NAME.fullmatch(name) and squeeze(name) not in crowd.lexicon.nobody)
            for name in distinct
        ):
            reason = f"line {run[0].line.number}: a list with a full name before every item"
            for name in names:
                crowd.knows(name, reason)


def _runs(rows: list[Row]) -> Iterator[list[Row]]:
    """Lines that follow one another at one column, with nothing but deeper lines between."""
    run: list[Row] = []
    for row in rows:
        if row.kind == "blank" or (run and row.kind == "words" and row.column > run[0].column):
            continue
        if (
            run
            and row.kind == "words"
            and not row.level
            and row.column == run[0].column
            and (row.mark == run[0].mark)
        ):
            run.append(row)
            continue
        if run:
            yield run
        run = [row] if row.kind == "words" and not row.level else []
    if run:
        yield run


def _recurring(crowd: Crowd, rows: list[Row]) -> None:
    """Minutes in English: capitalised labels that come again and again are speakers."""
    seen: Counter[str] = Counter()
    shapes: dict[str, str] = {}
    for row in rows:
        label = label_of(row.words) if row.kind == "words" and not row.level else None
        if (
            label
            and label.sign == ":"
            and _LATIN_NAME.fullmatch(label.name)
            and len(label.name.split()) <= 2
            and squeeze(label.name) not in crowd.lexicon.nobody
            and squeeze(label.name) not in crowd.lexicon.marks
            and not label.name.isupper()
            and not row.words.startswith(("http://", "https://", "[", "<"), label.end)
            and crowd.lexicon.section(label.name) is None
        ):
            seen[label.name] += 1
            shapes.setdefault(label.name, row.mark)
    again = [name for name, count in seen.items() if count >= 2]
    if len(again) < 2 or sum(seen.values()) < 5:
        return
    # Who speaks once is one of them, where most is said by those who come again.
    marks = {shapes[name] for name in again}
    most = sum(seen[name] for name in again) >= 0.6 * sum(seen.values())
    for name in seen:
        if name in again or (most and shapes[name] in marks):
            crowd.knows(name, "labels like this one come again and again")
