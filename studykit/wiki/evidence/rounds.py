"""Rounds, in which each says something in turn: siblings that are all like names are who does.

`# 회고` over `- 하늘`, `- 다온` and `- 라온`, each over what they say; names alone on lines that
come again under several headings; headings that are names, where most tell below them how it was.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from studykit.wiki.evidence.crowd import (
    ASIDE,
    Crowd,
    bare_name,
    is_full_name,
    is_usual_name,
    means_something,
    person,
)
from studykit.wiki.evidence.named import MOST_ALONE, names_a_list
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.rows import Row

__all__ = ["take_rounds"]

FEW = 3
LONGEST = 60
"""A line that says that each speaks is no longer."""
NAME = 14
TAIL = 24
WIDE = 200
BLOCK = 40
"""So many lines of what somebody says are looked at for how they found it."""

_HANGUL = re.compile(r"[가-힣]{2,5}")
_NICK = re.compile(r"[A-Za-z][\w.-]{1,20}(?: [A-Za-z][\w.-]{1,20})?")
_TOLD = re.compile(
    r"(?<![가-힣])(?P<who>[가-힣]{2,5}?)(?:이|가|님이|님께서)?[ \t]"
    r"(?:말했|말한|말씀|얘기했|얘기한|이야기했|이야기한|의견)"
)
_SAID = re.compile(r"(?:[다요음함됨임까]|[?？!.])[\s.!~)]*$")
"""As what somebody says ends."""
_PERSONAL = re.compile(
    r"주말|근황|안부|한 ?마디|체크 ?인|아이스 ?브레이킹|스몰 ?토크|TMI|자기 ?소개|기분"
)
_MUTUAL = re.compile(r"서로|칭찬|each other", re.IGNORECASE)
_LETTERS = re.compile(r"[가-힣]{2}|[^\W\d_][^\W\d]{2}")


@dataclass(slots=True)
class _Siblings:
    """Rows of one form below one parent: who each names, or how many name nobody."""

    form: tuple[str, int, str]
    round: bool
    heads: list[tuple[int, str]] = field(default_factory=list)
    pure: bool = True
    inner: bool = False
    """Whether the last of them says that below it each speaks."""

    @property
    def names(self) -> list[str]:
        return [name for _, name in self.heads]


def take_rounds(crowd: Crowd, rows: list[Row]) -> None:
    """Take siblings for people where their section, or what they say, is of such as people say."""
    groups = [group for group in _groups(crowd, rows) if group.pure and group.heads]
    for group in groups:
        if reason := (
            _in_a_round(crowd, rows, group)
            or _how_it_was(crowd, rows, group)
            or _of_each_other(rows, group)
            or _in_a_dialogue(crowd, group)
        ):
            _take(crowd, rows, group, set(group.names), reason)
    by_form: defaultdict[tuple[str, int, str], list[_Siblings]] = defaultdict(list)
    for group in groups:
        by_form[group.form].append(group)
    for alike in by_form.values():
        again = _again(crowd, alike) if len(alike) > 1 else set()
        again = again or _told_to(rows, alike) or _to_each_other(rows, alike)
        for group in alike if again else ():
            _take(crowd, rows, group, again, "names like this one come again in several lists")
    _over_lines(crowd, rows)
    for group in groups:  # a paragraph below a name alone, where others are known
        if group.form[0] == "alone" and all(crowd.why(name) for name in group.names):
            crowd.alone.update(rows[index].line.number for index, _ in group.heads)


def _over_lines(crowd: Crowd, rows: list[Row]) -> None:
    """`1. 하늘` and `2. 구름`, or both without a mark, each right over what its bearer says."""
    heads = [
        (row, below)
        for row, below in pairwise(rows)
        if row.kind == "words" and row.words and not row.level and len(row.words) <= MOST_ALONE
        if below.kind == "words" and not (below.mark or below.level or below.box is not None)
    ]
    numbered = [row for row, _ in heads if row.mark == "number" and person(crowd, row.words)[0]]
    plain = [
        (row, below.words)
        for row, below in heads
        if not row.mark and crowd.why(bare_name(crowd, row.words)) and row.words[:1] != "@"
        if not person(crowd, below.words)[0]
    ]
    said = {words for _, words in plain}
    bold = sum(row.bold for row, _ in plain) > 1  # `**하늘님**`, each over a text
    if len(said) < len(plain) or not (bold or any(_SAID.search(each[-TAIL:]) for each in said)):
        plain = []  # of a form, or who is what
    bullets = [
        row
        for row in rows
        if row.kind == "words" and row.mark == "bullet" and is_full_name(crowd, row.words)
    ]
    over = {row.line.number for row, _ in heads}
    texts = sum(row.line.number in over for row in bullets)
    # `* 이하늘` over lines at its own column, as two others or more.
    if texts < FEW or 2 * texts < len(bullets) or len({row.column for row in bullets}) > 1:
        bullets = []
    for row in bullets:
        crowd.knows(row.words, f"line {row.line.number}: a full name over a text, as others")
    quoted = [  # `> 하늘`, in plain text
        row
        for row, below in heads
        if row.words[:1] == ">"
        and below.words[:1] != ">"
        and person(crowd, row.words[1:].strip())[0]
    ]
    over_quotes = [  # `이하늘` over `> …`
        row
        for row, below in heads
        if not row.mark and is_full_name(crowd, row.words)
        if below.line.words.startswith(">") and not row.line.words.startswith(">")
    ]
    over_quotes = over_quotes if len({row.words for row in over_quotes}) >= FEW else []
    for row in over_quotes:
        crowd.knows(row.words, f"line {row.line.number}: a full name over a quote, as others")
    for found in (numbered, [row for row, _ in plain], bullets, quoted, over_quotes):
        if len({row.words for row in found}) > 1:
            crowd.alone.update(row.line.number for row in found)


def _take(crowd: Crowd, rows: list[Row], group: _Siblings, names: set[str], reason: str) -> None:
    for index, name in group.heads:
        if name in names:
            number = rows[index].line.number
            crowd.knows(name, f"line {number}: {reason}")
            if group.form[0] == "alone":
                crowd.alone.add(number)


def _groups(crowd: Crowd, rows: list[Row]) -> Iterator[_Siblings]:
    """The siblings of each form: headings, lists' items, names alone over lines."""
    headings: list[_Siblings] = []
    lists: list[_Siblings] = []
    alone: _Siblings | None = None
    above = False  # whether a line of plain text says that below it each speaks
    last: Row | None = None  # the list's item above
    for index, row in enumerate(rows):
        if row.kind != "words":
            if row.kind in ("rule", "fence"):
                yield from lists
                lists = []
            continue
        if row.level:
            yield from (*lists, *([alone] if alone else ()))
            lists, alone, above = [], None, False
            while headings and headings[-1].form[1] > row.level:
                yield headings.pop()
            if not headings or headings[-1].form[1] < row.level:
                headings.append(_Siblings(("heading", row.level, ""), _inside(headings)))
            if headings[-1].heads or not _over_nothing(rows, index):
                _add(crowd, headings[-1], index, row.words)
            headings[-1].inner = _says_each(crowd, row)
            continue
        if row.listed:
            column = row.column
            while lists and (
                lists[-1].form[1] > column
                or (lists[-1].form[1] == column and lists[-1].form[2] != row.sign)
            ):
                yield lists.pop()
            if not lists or lists[-1].form[1] < column:
                inside = above or _inside(headings)
                if lists and last:  # only what the item above says counts below it
                    inside = len(last.words) <= MOST_ALONE and _says_each(crowd, last)
                lists.append(_Siblings(("item", column, row.sign), inside))
            if lists[-1].pure:
                _item(crowd, lists[-1], rows, index)
            last = row
            continue
        if lists and row.column <= lists[0].form[1]:
            yield from lists
            lists = []
        begins = index == 0 or rows[index - 1].kind != "words" or bool(rows[index - 1].level)
        if not begins or row.mark:
            continue
        name = _alone(crowd, rows, index)
        if name and alone and alone.form[1] == row.column:
            alone.heads.append((index, name))
            continue
        if alone:
            yield alone
        alone = None
        if name:
            round_ = above or _inside(headings)
            alone = _Siblings(("alone", row.column, ""), round_, [(index, name)])
        elif _says_each(crowd, row):
            above = True
        elif above and crowd.lexicon.section(row.words.rstrip(":： \t")):
            above = False
    yield from (*lists, *headings, *([alone] if alone else ()))


def _over_nothing(rows: list[Row], index: int) -> bool:
    """Whether a long heading stands right over another of its level: it titles them all."""
    row = rows[index]
    if len(row.words) <= MOST_ALONE:
        return False
    below = next((each for each in rows[index + 1 : index + 3] if each.kind != "blank"), None)
    return below is not None and below.level == row.level


def _inside(headings: list[_Siblings]) -> bool:
    """Whether the innermost heading, or one above it, says that below it each speaks."""
    return bool(headings) and (headings[-1].inner or headings[-1].round)


def _says_each(crowd: Crowd, row: Row) -> bool:
    """`# 회고`, `돌아가며 한마디 :`: below it each says something."""
    return crowd.lexicon.rounds.search(row.words[:LONGEST]) is not None


def _add(crowd: Crowd, group: _Siblings, index: int, written: str) -> None:
    """Add a sibling, or note that not all of them are like names."""
    if squeeze(written) in crowd.lexicon.everyone:
        return
    if group.pure and (name := _name(crowd, written)):
        group.heads.append((index, name))
    else:
        group.pure = False


def _item(crowd: Crowd, group: _Siblings, rows: list[Row], index: int) -> None:
    """Add a list's item: a name over what is deeper, or before a sign and what is said."""
    row = rows[index]
    label = row.label
    if label and _LETTERS.search(row.words, label.end):
        _add(crowd, group, index, label.name)
        return
    at = index + 1
    if at < len(rows) and rows[at].kind == "blank":
        at += 1
    below = rows[at] if at < len(rows) else None
    if below and below.kind in ("words", "fence") and below.column > row.column:
        _add(crowd, group, index, row.words)
    else:
        group.pure = False


def _alone(crowd: Crowd, rows: list[Row], index: int) -> str:
    """The name that may stand alone on a line over a list, or over the lines of a paragraph."""
    row = rows[index]
    if len(row.words) > MOST_ALONE or row.box is not None:
        return ""
    name = _name(crowd, row.words.rstrip(":： \t"))
    if not name or names_a_list(rows, index):
        return name
    below = rows[index + 1] if index + 1 < len(rows) else None
    text = below is not None and below.kind == "words" and not below.level
    if below is None or not text or below.column < row.column:
        return ""
    # Without a colon, a name over another is one of a list of names.
    return name if row.label or not _name(crowd, below.words) else ""


def _name(crowd: Crowd, written: str) -> str:
    """What is written, where it could be a name at all: no word with a meaning of its own."""
    if not 1 < len(written) <= 2 * NAME or written.endswith((".", "!", "?")):
        return ""
    name = ASIDE.sub("", bare_name(crowd, written.strip("`"))).strip()
    if len(name) > NAME or not (_HANGUL.fullmatch(name) or _NICK.fullmatch(name)):
        return ""
    if person(crowd, written)[0] or crowd.why(name) or name in crowd.lexicon.either:
        return name
    lexicon = crowd.lexicon
    word = name in lexicon.common or means_something(crowd, name) or lexicon.rounds.search(name)
    return "" if word else name


def _sure(crowd: Crowd, name: str) -> bool:
    return crowd.why(name) is not None


def _shaped(crowd: Crowd, name: str) -> bool:
    """Whether the letters are those of a Korean name, and make no word."""
    return is_usual_name(crowd, name) or _sure(crowd, name)


def _like_people(crowd: Crowd, names: Sequence[str]) -> bool:
    """Whether three or more are like names, and each other is a name as well as a word."""
    shaped = {name for name in names if _shaped(crowd, name)}
    return len(shaped) >= FEW and set(names) - shaped <= crowd.lexicon.either


def _in_a_round(crowd: Crowd, rows: list[Row], group: _Siblings) -> str:
    """Why the siblings below `# 회고` are people, if they are."""
    if not group.round or len(set(group.names)) < FEW:
        return ""
    known = sum(_sure(crowd, name) for name in set(group.names))
    shaped = {name for name in group.names if _shaped(crowd, name)}
    others = set(group.names) - shaped
    if len(shaped) > FEW and len(others) == 1 and all(map(_HANGUL.fullmatch, others)):
        return "a name among names, where each says something"
    beside = len(shaped) >= 2 and set(group.names) - shaped <= crowd.lexicon.either
    if _like_people(crowd, group.names) or beside or 2 * known >= len(set(group.names)):
        return "a name among names, where each says something"
    hangul = all(map(_HANGUL.fullmatch, group.names)) and len(set(group.names)) == len(group.heads)
    if hangul and len(group.heads) > FEW + 1 and _is_personal(rows, group.heads[0][0]):
        return "a name among others, where each tells of themselves"  # nicknames, any words
    return ""


def _is_personal(rows: list[Row], first: int) -> bool:
    """Whether the line right above a list asks what nothing but a person can answer: `근황`."""
    return _PERSONAL.search(next(_above(rows, first), "")) is not None


def _above(rows: list[Row], first: int) -> Iterator[str]:
    """The words right above a list, at most a blank line further up."""
    return (row.words[:LONGEST] for row in rows[max(0, first - 2) : first][::-1] if row.words)


def _how_it_was(crowd: Crowd, rows: list[Row], group: _Siblings) -> str:
    """Why siblings are people below most of which somebody tells how it was, if they are."""
    shaped = {name for name in group.names if _shaped(crowd, name)}
    if len(set(group.names)) < FEW or any(rows[at].label for at, _ in group.heads):
        return ""
    if not shaped or not all(map(_HANGUL.fullmatch, group.names)):
        return ""
    starts = [index for index, _ in group.heads]
    ends = [*starts[1:], len(rows)]
    blocks = [rows[at + 1 : min(end, at + BLOCK)] for at, end in zip(starts, ends, strict=True)]
    felt = {name for name, block in zip(group.names, blocks, strict=True) if _felt(crowd, block)}
    if 2 * len(felt) < len(set(group.names)):
        return ""
    # Of four one may have any letters, if it is said how this one found it as well.
    others = set(group.names) - shaped - crowd.lexicon.either
    if len(shaped) >= FEW and 4 * len(others) <= len(set(group.names)) and others <= felt:
        return "a name among names, over how somebody found it"
    if any(_told_of(group, block) for block in blocks):
        return "a name among those over how each found it, one of whom another tells of"
    return ""


def _of_each_other(rows: list[Row], group: _Siblings) -> str:
    """Why two are people, in a round, each of whom speaks of the other: `하늘이`, `구름 덕분에`."""
    names = set(group.names)
    if not group.round or len(names) != len(group.heads) or len(names) != 2:
        return ""
    starts = [index for index, _ in group.heads]
    for (at, name), end in zip(group.heads, [*starts[1:], len(rows)], strict=True):
        (other,) = names - {name}
        word = re.compile(rf"(?<![\w가-힣]){re.escape(other)}(?![A-Za-z\d_])")
        said = (row for row in rows[at : min(end, at + BLOCK)] if row.kind == "words")
        below = (row.words for row in said if not row.level or row is rows[at])
        if not any(word.search(words[:WIDE]) for words in below):
            return ""
    return "a name over what is said of another, who says something of them"


def _in_a_dialogue(crowd: Crowd, group: _Siblings) -> str:
    """Why headings are people's, two of which come again below one heading: as they spoke."""
    count = Counter(group.names)
    again = sum(often > 1 for often in count.values())
    shaped = all(_shaped(crowd, name) for name in count)
    if group.form[0] != "heading" or again < 2 or not shaped:
        return ""
    return "a name as a heading that comes again, as another's does"


def _felt(crowd: Crowd, block: list[Row]) -> bool:
    """Whether a line ends in how somebody found something."""
    felt = crowd.lexicon.felt.search
    return any(row.kind == "words" and felt(row.words[-TAIL:]) for row in block)


def _told_of(group: _Siblings, block: list[Row]) -> bool:
    """Whether somebody tells what another of the siblings said: `하늘이 말했던 것처럼`."""
    return any(
        match["who"] in group.names for row in block for match in _TOLD.finditer(row.words[:WIDE])
    )


def _again(crowd: Crowd, alike: list[_Siblings]) -> set[str]:
    """The names that come again in several lists of one form, where those are of people."""
    count = Counter(name for group in alike for name in set(group.names))
    again = {name for name, often in count.items() if often > 1}
    if len(again) < FEW:
        return set()
    if _like_people(crowd, list(count)):
        return set(count)
    shaped = {name for name in count if _shaped(crowd, name)}
    hangul = all(map(_HANGUL.fullmatch, count))
    if len(again) < 0.6 * len(count) or not _reordered(alike):
        return set()
    if hangul and alike[0].form[0] != "item" and shaped & again:
        return again | shaped  # nicknames, one of them a name's letters
    rounds = all(group.round for group in alike if len(group.heads) > 2)
    nicks = all(shape_of(name.split()[0]) in ("nick", "latin") for name in count)
    return again if rounds and nicks and len(again) > FEW else set()


def _told_to(rows: list[Row], alike: list[_Siblings]) -> set[str]:
    """Nicknames that come again where each says something, and of which others' words speak."""
    count = Counter(name for group in alike for name in set(group.names))
    rounds = all(group.round for group in alike)
    again = {name for name, often in count.items() if often > 1}
    if len(again) < FEW or len(again) < len(count) or not rounds:
        return set()
    if not all(shape_of(name) in ("nick", "latin", "initials") for name in again):
        return set()
    spoken: set[str] = set()
    word = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, again))})(?![A-Za-z\d_])")
    for group in alike:
        starts = [index for index, _ in group.heads]
        for (at, name), end in zip(group.heads, [*starts[1:], len(rows)], strict=True):
            for row in rows[at + 1 : min(end, at + BLOCK)]:
                if row.level or row.column <= rows[at].column:
                    break
                spoken.update(set(word.findall(row.words[:WIDE])) - {name})
    return again if len(spoken) > 1 else set()


def _to_each_other(rows: list[Row], alike: list[_Siblings]) -> set[str]:
    """The same two or more in two lists, each below a heading of what they say to each other."""
    mutual = Counter(
        frozenset(group.names)
        for group in alike
        if _MUTUAL.search(next(_above(rows, group.heads[0][0]), ""))
    )
    again = [names for names, times in mutual.items() if times > 1 and len(names) > 1]
    return set[str]().union(*again)


def _reordered(alike: list[_Siblings]) -> bool:
    """Whether two lists have the names in different order, or one has a name twice.

    What a form asks for stands in one order, and once.
    """
    ranks: dict[str, int] = {}
    for group in alike:
        if len(set(group.names)) < len(group.heads):
            return True
        known = [ranks[name] for name in group.names if name in ranks]
        if any(one > two for one, two in pairwise(known)):
            return True
        for name in group.names:
            ranks.setdefault(name, len(ranks))
    return False
