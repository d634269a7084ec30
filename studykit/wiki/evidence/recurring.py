"""Labels that come again and again: all of one form, and all like names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from string import ascii_uppercase

from studykit.wiki.evidence.crowd import (
    SPLIT,
    Crowd,
    bare_name,
    is_usual_name,
    may_be_full,
    means_something,
    stands_small,
)
from studykit.wiki.evidence.named import MOST_ALONE
from studykit.wiki.first_names import is_first_name
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import is_surname, shape_of
from studykit.wiki.rows import ELEMENT, LABEL_LEVEL, Row

__all__ = ["FROM_WHOM", "take_recurring"]

FEW = 3
MANY = 12
_NICKNAME = re.compile(r"[가-힣]{2,5}|[\u4e00-\u9fff々]{2,4}|[ァ-ヶー]{2,8}|[A-Za-z][\w.-]{1,20}")
_ALIKE = re.compile(r"[가-힣]{2,5}(?<!님)|[A-Za-z].*")
"""In round brackets, words in Hangul and Latin letters are asides as well: `(옵션) …`."""
_ANGLES = re.compile(r"(?P<who>[^\W\d_][^\s>,]{0,11}(?:, ?[^\s>,]{1,12}){0,2})[ \t]*>>[ \t]+(?=\S)")
_BOLD_FIRST = re.compile(r"[-*+•·][ \t]+\*\*(?P<who>[^\s*:]{2,12})\*\*[ \t]+(?=[^\s:—–-])")
FROM_WHOM = re.compile(
    r"[Ff]rom (?P<who>[A-Z][\w'’-]{1,20}(?: [A-Z][\w'’.-]{0,20})?)(?:[,:]| [-–])[ \t]+(?=\S)"
)
_SYLLABLE = re.compile(r"[가-힣]")
LONGEST = 40
_CAPITALS = frozenset(ascii_uppercase)


def take_recurring(crowd: Crowd, rows: list[Row]) -> None:
    """Labels of one form all of which look like names, and which come again, are speakers'."""
    _over_fields(crowd, rows)
    forms: defaultdict[tuple[str, object], Counter[str]] = defaultdict(Counter)
    names: dict[str, list[str]] = {}  # those of each label: most labels come again
    owner: Row | None = None
    for index, row in enumerate(rows):
        if row.kind != "words":
            continue
        if owner and row.column <= owner.column:
            owner = None
        form = _labelled(crowd, rows, index)
        if form is None or owner:
            continue  # a field of what somebody says: `Done: …` below `Robin:`
        written, sign = form
        if sign == ":" and row.words.endswith((":", "：")) and crowd.why(bare_name(crowd, written)):
            owner = row
        if written not in names:
            parts = SPLIT.split(bare_name(crowd, written))
            names[written] = [bare_name(crowd, part) for part in parts if part]
        seen = forms[(sign, row.mark or row.level) if sign != "alone" else (sign, row.column)]
        for name in names[written]:
            seen[name] += 1
    for (sign, _), seen in forms.items():
        for shapes in _KINDRED if seen.total() >= FEW else ():
            _speakers(crowd, seen, sign, shapes)
            _beside_people(crowd, rows, seen, sign, shapes)
    _in_two_forms(crowd, rows, forms)
    _by_first_name(crowd, rows, forms)
    _as_code(crowd, rows)
    _in_frames(crowd, rows)
    _before_angles(crowd, rows)
    _in_bold_first(crowd, rows)
    _from_whom(crowd, rows)
    _as_letters(crowd, rows)
    _as_beginnings(crowd, rows)


def _as_letters(crowd: Crowd, rows: list[Row]) -> None:
    """`K: …`, `J: …`, `K: …`: three or more who are called by one letter, in no order.

    `A: … B: … C: …` are what one may choose from, and `Q: … A: …` a question and its answer.
    """
    said = [
        label.name
        for row in rows
        if row.kind == "words" and row.words[1:2] in (":", " ") and (label := row.label)
        if label.sign == ":" and label.name in _CAPITALS and label.end < len(row.words)
    ]
    count = Counter(said)
    again = {name for name, often in count.items() if often > 1}
    turned = sum(one > other for one, other in pairwise(said))
    dashed = Counter(
        label.name
        for row in rows
        if row.kind == "words" and row.words[1:4] == " - " and (label := row.label)
        if label.name in _CAPITALS and label.end < len(row.words)
    )
    _by_initials(crowd, count + dashed)
    enough = MANY if len(again) <= FEW else MANY - 2  # four letters are less likely to be marks
    if len(again - {"Q", "A"}) < FEW or len(again) < len(count) or len(said) < enough:
        return
    orders = {(one, other) for one, other in pairwise(said) if one != other}
    if turned < FEW or not any((other, one) in orders for one, other in orders):
        return
    for name in sorted(again):
        crowd.knows(name, "letters like this one come again and again, in any order")


def _by_initials(crowd: Crowd, count: Counter[str]) -> None:
    """`R: …`, `S: …`, `R: …` where Robin and Sky were there, and nobody else with these letters.

    All such labels of the note, three or more, are of those who were there.
    """
    there = Counter(name[0] for name in {name for _, name in crowd.attendees})
    alone = {letter for letter in count if there[letter] == 1}
    if 1 < len(count) == len(alone) and count.total() >= FEW and count.keys() != {"Q", "A"}:
        for letter in sorted(alone):
            crowd.knows(letter, "the first letter of one of those who were there, as others")


def _as_beginnings(crowd: Crowd, rows: list[Row]) -> None:
    """`ro: …`, `sk: …`, `ro: …` where Robin and Sky are known: people by their first letters.

    It takes three of them, who come again and again.
    """
    count = Counter(
        name
        for row in rows
        if row.kind == "words" and (label := row.label) and label.sign == ":"
        for name in SPLIT.split(label.name)
        if 1 < len(name) <= FEW and name.isascii() and name.isalpha() and name.islower()
    )
    if not count:
        return
    known = [name for name in crowd.reasons if name.isascii() and len(name) > FEW]
    begun = count.keys() & {name[:letters] for name in known for letters in range(2, FEW + 1)}
    often = sum(count[name] for name in begun)
    if len(begun) >= FEW and often >= 2 * len(begun) and 4 * often >= 3 * count.total():
        for name in sorted(begun):
            crowd.knows(name, "the first letters of a name, which come again and again")


def _over_fields(crowd: Crowd, rows: list[Row]) -> None:
    """`Robin:` and `Sky Field:`, over lines each of which has a label: those who report, in turn.

    Two of the names come again; a full name may have the first name, or the initials, of another.
    """
    over: Counter[str] = Counter()
    for index, row in enumerate(rows):
        if row.kind == "words" and not row.listed and not row.level and row.words.endswith(":"):
            name = row.words.rstrip(": \t")
            below = rows[index + 1] if index + 1 < len(rows) else None
            nested = below is not None and below.kind == "words" and below.column > row.column
            if nested and below is not None and below.label:
                over[name] += 1
    names = [name for name in over if shape_of(name) in ("latin", "initials")]
    again = [name for name in names if over[name] >= 2 and not means_something(crowd, name)]
    if len(again) < 2 or sum(over.values()) < 5 or len(names) < 0.75 * len(over):
        return
    short = {word for name in again for word in (name, name.split()[0])}
    for name in names:
        words = name.split()
        initials = "".join(word[0] for word in words)
        if name in again or (len(words) > 1 and {words[0], initials} & short):
            crowd.knows(name, "labels like this one, over lines with labels, come again")


def _as_code(crowd: Crowd, rows: list[Row]) -> None:
    """`` `여우`: … `` and `` `두루미`: … ``: nicknames set as code, now one first, now the other.

    Fields of a form (`` `원인` ``, `` `해결` ``) come in one order.
    """
    if not rows or "`" not in rows[0].line.note:
        return
    count: Counter[str] = Counter()
    order: set[tuple[str, str]] = set()
    after: defaultdict[str, set[str]] = defaultdict(set)
    above: list[str] = []
    last = ""
    for row in rows:
        if row.kind in ("blank", "code"):
            continue
        label = row.label if row.kind == "words" and f"`{row.words[:1]}" in row.line.words else None
        if label is None or label.sign != ":":
            above = []
            continue
        names = [name for name in SPLIT.split(label.name) if name]
        if not names or f"`{names[0]}`" not in row.line.words:
            continue
        order |= {(one, other) for one in above for other in names}
        if last and last != names[0]:
            after[last].add(names[0])
        last = names[0]
        count.update(names)
        above += names
    often = {name for name, many in count.items() if many > 1}
    turned = any(one != other and (other, one) in order for one, other in order)
    # Of a form's fields, the same one follows each time.
    turned = turned or sum(len(names) > 1 for names in after.values()) >= 2
    if len(often) < 3 or count.total() < 8 or not turned:
        return
    if not any(means_something(crowd, name) or crowd.is_role(name) for name in count):
        for name in sorted(often):
            crowd.knows(name, "labels like this one come again, in one order and in another")


def _in_frames(crowd: Crowd, rows: list[Row]) -> None:
    """`<여우> …`, `<두루미> …`, `<여우> …`: nicknames in angles or brackets before what is said.

    It takes two who speak again, or three lines in a row and one who does.
    """
    framed = [
        (index, row)
        for index, row in enumerate(rows)
        if row.kind == "words" and not row.level and row.words[:1] in ("<", "(", "[")
    ]
    for sign in "<([" if framed else ():
        said = [
            (index, label.name, row.words[label.end :])
            for index, row in framed
            if row.words[0] == sign and (label := row.label) and label.sign == sign
        ]
        count = Counter(name for _, name, _ in said)
        named = {
            name
            for name in count
            if crowd.why(name)
            or (sign == "[" and (is_usual_name(crowd, name)))
            or (
                (sign != "[" and _may_be_nick(crowd, name))
                and (sign == "<" or _ALIKE.fullmatch(name) is None)
            )
        }
        again = {name for name in named if count[name] > 1}
        known = sum(count[name] for name in named)
        run = any(
            last[0] - first[0] == FEW - 1
            for first, last in zip(said, said[FEW - 1 :], strict=False)
        )
        told = sum(len(words) >= MANY for _, _, words in said)
        if 5 * known < 4 * len(said) or 2 * told < len(said) or len(named) < 2:
            continue
        if sign == "[" and len(named) > FEW and 10 * known >= 9 * len(said):
            named |= {name for name in count if _NICKNAME.fullmatch(name) and name.islower()}
        if (len(again) >= 2 and len(said) >= 2 * FEW) or (run and again and len(named) >= FEW):
            for name in sorted(named):
                crowd.knows(name, "names in frames like this one come again, before what is said")


def _in_bold_first(crowd: Crowd, rows: list[Row]) -> None:
    """`- **하늘** 지도가 작다`, `- **나래** …`, `- **하늘** …`: names in bold before what they say.

    All that four items or more have in bold first are usual names, or known ones, and one comes
    again.
    """
    found = [
        (match["who"], row.line.number)
        for row in rows
        if row.kind == "words" and row.listed and "**" in row.line.words[:8]
        if (match := _BOLD_FIRST.match(row.line.words))
    ]
    count = Counter(name for name, _ in found)
    if len(found) <= FEW or not 1 < len(count) < len(found):
        return
    usual = all(crowd.why(name) or is_usual_name(crowd, name) for name in count)
    if usual and not any(means_something(crowd, name) for name in count):
        for name, number in found:
            crowd.knows(name, f"line {number}: in bold before what is said, as others, and again")


def _from_whom(crowd: Crowd, rows: list[Row]) -> None:
    """`- From Robin: …`, `- From Sky, …`, three items or more: from whom what is said comes."""
    found = [
        (match["who"], row.line.number)
        for row in rows
        if row.kind == "words" and row.listed and (match := FROM_WHOM.match(row.words))
    ]
    names = {name for name, _ in found}
    if len(found) >= FEW and len(names) > 1:
        for name, number in found:
            if not means_something(crowd, name):
                crowd.knows(name, f"line {number}: from whom it comes, as others")


def _before_angles(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘 >> …`, `솔 >> …`, `하늘 >> …`: two who speak again, now one first, now the other."""
    said = [
        SPLIT.split(match["who"])
        for row in rows
        if row.kind == "words" and ">>" in row.words[:LONGEST]
        if (match := _ANGLES.match(row.words))
    ]
    count = Counter(name for names in said for name in names)
    again = sum(many > 1 for many in count.values())
    if again < 2 or len(said) < 2 * FEW or len(count) > len(said):
        return
    if all(_may_be_nick(crowd, name) or _SYLLABLE.fullmatch(name) for name in count):
        for name in sorted(count):
            crowd.knows(name, "names before >> come again and again, and what they say behind it")


def _may_be_nick(crowd: Crowd, name: str) -> bool:
    """Whether a word in a frame may be what somebody calls themselves."""
    if ELEMENT.fullmatch(name) or means_something(crowd, name) or name in crowd.lexicon.common:
        return False
    return _NICKNAME.fullmatch(name) is not None and not crowd.is_role(name)


def _in_two_forms(
    crowd: Crowd, rows: list[Row], forms: dict[tuple[str, object], Counter[str]]
) -> None:
    """`현수 : …` and `인서 : …` above, `현수 - …` and `인서 - …` below: what two lists share."""
    titles = Counter(row.words for row in rows if row.framed)
    seen = [set(each) for each in (*forms.values(), titles)]
    often = Counter(name for names in seen for name in names)
    twice = {
        name
        for name, count in often.items()
        if count >= 2
        and shape_of(name) in ("given", "full")
        and not means_something(crowd, name)
        and name not in crowd.lexicon.common
    }
    if len(twice) < 2:
        return
    for names in seen:
        shared = names & twice
        # Where two names come again, what looks like a full name beside them is one as well.
        others = {name for name in names - twice if may_be_full(crowd, name)}
        if len(shared) >= 2 and len(shared | others) >= 0.75 * len(names):
            for name in sorted(shared | others):
                crowd.knows(name, "two lists of the note have the name as a label")


def _by_first_name(
    crowd: Crowd, rows: list[Row], forms: dict[tuple[str, object], Counter[str]]
) -> None:
    """`Robin Field: …` above and `Robin: …` below, as minutes call people: theirs is the form.

    What is called by its first word, too (`Encoder Block`, `Encoder`), stands elsewhere in small
    letters.
    """
    headed: defaultdict[tuple[str, object], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if 0 < row.level < LABEL_LEVEL and row.words[:1].isalpha():
            headed["heading", row.level][row.words] += 1
    alone: Counter[str] = Counter()
    for seen in forms.values():
        for name, count in seen.items():
            if shape_of(name) == "latin" and " " not in name and not means_something(crowd, name):
                alone[name] += count
    if len(alone) < 2:
        return
    for seen in (*forms.values(), *headed.values()):
        full = {name for name in seen if shape_of(name) == "latin" and " " in name}
        firsts = {name.split()[0] for name in full} & alone.keys()
        others = [name for name in seen if name not in full and name not in alone]
        again = len(firsts) > 2 or any(alone[name] > 1 for name in firsts)
        if len(firsts) < 2 or not again or 2 * len(others) > len(seen):
            continue
        if len({name.split()[-1] for name in full}) < len(full):
            continue  # `Conv Layer`, `Pool Layer`
        if stands_small(crowd, rows, firsts):
            continue
        for name in (*sorted(full), *sorted(firsts)):
            crowd.knows(name, "labels have the full name, and others the first name alone")


def _labelled(crowd: Crowd, rows: list[Row], index: int) -> tuple[str, str] | None:
    """What may be a speaker before what is said, as written, and the sign that sets it off."""
    row = rows[index]
    label = row.label
    if label is None:
        if len(row.words) > MOST_ALONE or (row.level and not row.listed):
            return None
        below = index + 1
        if row.listed and below < len(rows) and rows[below].kind == "blank":
            below += 1
        following = rows[below] if below < len(rows) else None
        over = following and following.kind == "words" and following.column > row.column
        return (row.words, "alone") if over else None
    if (row.level and label.sign != ":") or label.sign == ">":
        return None
    lexicon, name = crowd.lexicon, squeeze(label.name)
    if name in lexicon.attendees or name in lexicon.absent or name in lexicon.offices:
        return None  # `Present: …`, `Scribe: …`
    if label.sign == "(":  # `(하늘) [구름](…)`; `(앞으로의 계획)` is an aside, of another form
        aside = " " in label.name and not label.name.isascii()
        return None if aside else (label.name, label.sign)
    if row.words.startswith(("http://", "https://", "<"), label.end):
        return None
    if row.words.startswith("[", label.end) and "](" in row.words[label.end : label.end + 200]:
        return None
    return label.name, label.sign


_KINDRED: tuple[frozenset[str], ...] = tuple(
    map(frozenset, (("full", "given"), ("latin", "initials"), ("nick", "latin"), ("kanji",)))
)
"""Names of one group look alike: shapes that may stand side by side."""


def _speakers(crowd: Crowd, seen: Counter[str], sign: str, shapes: frozenset[str]) -> None:
    """Take labels for speakers when nearly all that is set off like them looks like names."""
    like = {
        name: count
        for name, count in seen.items()
        if crowd.why(name) or (shape_of(name) in shapes and not means_something(crowd, name))
    }
    # `지원` is a word and a name: it is somebody's only where the others' are names.
    names = {name: count for name, count in like.items() if name not in crowd.lexicon.common}
    total = sum(count for name, count in seen.items() if not name[:1].isdigit())
    alike = sum(names.values())
    again = [name for name, count in names.items() if count >= 2]
    hangul = "given" in shapes
    share = 0.75 if hangul else 0.6
    if alike < share * total:
        return
    enough = len(again) >= 2 and alike >= 5
    if "nick" in shapes:  # `loss: 3`, `epoch: 7`: any word of a log looks like one
        needed = 0.8 if sign in "([<" else 0.9
        enough = enough and alike >= needed * total and len(again) >= 0.5 * len(names)
    if hangul:
        full = sum(shape_of(name) == "full" for name in names)
        enough = enough or len(names) >= 4 or (full >= 2 and alike >= 3)
    if "latin" in shapes and "nick" not in shapes:  # `Message: …`, `Store Field: …`
        enough = enough and any(
            crowd.why(name) or is_first_name(name.split()[0]) or shape_of(name) == "initials"
            for name in again
        )
    if sign == "alone" and "kanji" in shapes and not any(map(is_surname, again)):
        return  # `言語`, `経験`, over what each of several knows
    if not enough:
        return
    for name in like:
        if hangul or name in again:
            crowd.knows(name, "labels like this one come again and again")


def _beside_people(
    crowd: Crowd, rows: list[Row], seen: Counter[str], sign: str, shapes: frozenset[str]
) -> None:
    """Take in the fourth of four labels alike, three of which are people's.

    What the note has in small letters as well, as `chairs` and `Chairs: …`, is a word.
    """
    known = sum(crowd.why(name) is not None for name in seen)
    if sign == "alone" or known < FEW or 4 * known < 3 * len(seen) or known == len(seen):
        return
    for name in seen:
        shaped = shape_of(name) in shapes - {"nick"} and " " not in name
        word = means_something(crowd, name) or name in crowd.lexicon.common
        if shaped and not crowd.why(name) and not word and not stands_small(crowd, rows, (name,)):
            crowd.knows(name, "a label beside those of people")
