"""Who a line near the top names, where others of the note's lines begin with those names.

`오늘 하늘, 구름, 나래 셋이 카페에서`: whatever else such a line says, and in whatever words, what
it lists is people where two of them or more open lines below as speakers do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator
from itertools import islice

from studykit.wiki.evidence.crowd import (
    Crowd,
    bare_name,
    is_no_name,
    is_usual_name,
    means_something,
    without_elder,
)
from studykit.wiki.first_names import is_first_name
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape, shape_of
from studykit.wiki.rows import Row

__all__ = ["OPENS", "take_gathered"]

OPENS = "who open lines below"

TOP = 12
FIRST = 4
"""Below so many lines a list may be of anything that the note goes on to explain."""
LONGEST = 160
FEW = 2
_ME = re.compile(r"(?<![가-힣A-Za-z])(?:나|저|me)[ \t]?\((?P<who>[^()\s]{1,12})\)")
_BRACKETS = re.compile(r"\((?![^()]*(?:[,、·ㆍ/&+]|[^\s()][ \t][^\s()]))[^()]{0,30}\)")
"""What stands in brackets behind a name; a list of names in brackets is one, too."""
_SIGNS = re.compile(
    r"[ \t]*(?:[,、·ㆍ/;&+→⇒|:()\[\]@]|[-=]>|[ \t][-–—][ \t]|\.(?=[ \t]|$))[ \t]*"
    r"|[ \t]{2,}|[ \t]+and[ \t]+"
)
_SO_MANY = re.compile(r"[ \t]*の?[一二三四五六七八九十\d]{1,3}[名人]$")
_INITIALS = re.compile(r"[A-Z]{1,3}")
_LONG = re.compile(r"[가-힣]{5,}")
_LIST_SIGNS = re.compile(r"[,、·ㆍ/&+]|\band\b")
_HONOUR = re.compile(r"(?<=[^\sっ])[ \t]?(?:님|씨|さん|氏|くん|ちゃん|先生)$")
_HONOUR_LETTERS = "님씨ん氏生"
_OPENER = re.compile(
    r"(?P<who>[가-힣A-Za-z\u3041-\u30ff\u4e00-\u9fff々][^\s:,.>)\]「『\"“(→=]{0,13}?)"
    r"(?:(?P<honour>[ \t]?(?:님|씨|さん|氏|くん|ちゃん))(?=\W|은|는|이|가|께|も|が|は|から|の)"
    r"|[ \t]*(?:[-–—ㅡ]+[ \t]|[:>)「『\"“→]|=|_[ \t])|(?<=[\u3041-\u30ff\u4e00-\u9fff々])[ \t]|\t"
    r"|[ \t]+/[ \t]|(?:이가|이는|이|가|은|는|도)[ \t,])"
)
_SUBJECT = re.compile(r"(?:님|씨)(?:은|는|이|가|도|을|를|께서)$")
_CLOCK = re.compile(r"^\[?\d{1,2}:\d{2}\]?[ \t]+")
_TELLS = re.compile(
    r"(?P<who>[A-Z][\w'’-]{1,20})[ \t]+(?:had|has|is|was|will|would|[a-z]{2,14}(?:ed|s)|thought"
    r"|said|told|gave|found|brought|felt|made|saw|took)[ \t]"
)
_SAYS = re.compile(
    r"(?P<who>[a-z][\w'’-]{1,20})[ \t]+"
    r"(?:thinks|thought|says|said|asks|asked|disagrees|disagreed|agrees"
    r"|wonders|wondered|told|reckons)[ \t,]"
)
_NO_NAMES = frozenset("왜뭐네응음아오그더다잘또꼭곧막좀늘참딱")
"""Words of one syllable, by none of which anybody is called."""
_SIGNED = re.compile(r"(?<![나저])(?<!me)[^\s나저][ \t]*\((?P<who>[^()]{1,24})\)[ \t.。]*$")


def take_gathered(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those whom a line near the top lists beside each other, and who open lines below."""
    said = list(islice((at for at, row in enumerate(rows) if row.kind == "words"), TOP))
    opened = defaultdict[str, set[int]](set)
    for name, at in _opened(rows):
        opened[name].add(at)
    if len(opened) < FEW:
        return
    for order, at in enumerate(said):
        row = rows[at]
        if row.mark == "arrow" or row.box is not None or len(row.words) > LONGEST:
            continue
        if row.listed and row.column:
            continue  # an item below another is more of what that says
        if len(list(islice((name for name in opened if name in row.words), FEW))) < FEW:
            continue
        for run in _runs(crowd, row.words, opened):
            named = _people(crowd, run, opened, at, sure=order < FIRST)
            for name in named:
                if not crowd.why(name):
                    reason = f"line {row.line.number} names {name} beside others"
                    crowd.knows(name, f"{reason}, {OPENS}")


def _people(
    crowd: Crowd, run: list[tuple[str, bool]], opened: dict[str, set[int]], at: int, *, sure: bool
) -> list[str]:
    """Those of a run who open lines below, and those who stand in one list with them."""
    opens = [any(line > at for line in opened.get(name, ())) for name, _ in run]
    own = any(at in opened.get(name, ()) for name, _ in run)
    below = {name for (name, _), is_open in zip(run, opens, strict=True) if is_open}
    if len(below) < FEW or own or all(name.endswith("다") for name in below):
        return []  # `희다 걷힌다` says something
    if any(map(_INITIALS.fullmatch, below)) and len(below) <= FEW:
        return []  # `GAN VAE` over what each of them is
    if len([name for name in below if not is_no_name(crowd, name)]) < FEW:
        return []
    usual = sum(
        crowd.why(name) is not None or is_usual_name(crowd, name) or is_first_name(name)
        for name in below
    )
    again = sum(len(opened[name]) > 1 for name in below)
    if 2 * usual < len(below) and not (sure and again):
        return []  # words that the note goes on to explain
    taken = list(opens)
    for index in (*range(1, len(run)), *range(len(run) - 2, -1, -1)):
        for beside in (index - 1, index + 1):
            joined = max(index, beside) < len(run) and beside >= 0 and run[max(index, beside)][1]
            taken[index] = taken[index] or bool(joined and taken[beside])
    return [name for (name, _), take in zip(run, taken, strict=True) if take]


def _runs(crowd: Crowd, words: str, opened: Container[str]) -> Iterator[list[tuple[str, bool]]]:
    """The names that stand beside each other, each run of them; a word that is none parts them.

    Beside each stands whether a sign for lists joins it to the one before.
    """
    run: list[tuple[str, bool]] = []
    heads = crowd.lexicon.attendees
    listed = _BRACKETS.sub(" ", _ME.sub(r"\g<who>", words))
    begin, joined = 0, False
    ends = [(sign.start(), sign.end(), sign.group()) for sign in _SIGNS.finditer(listed)]
    for start, end, sign in [*ends, (len(listed), len(listed), "")]:
        plain = _SO_MANY.sub("", listed[begin:start].strip(" \t*_`~!"))
        begin = end
        if ":" in sign and "://" not in listed[start : end + 2]:
            if not plain:  # `할 일(하늘, 구름): …`, and not `나래 (gh: robin)`
                yield run
                run = []
            plain = ""  # a label
        whole = _name(crowd, plain, opened) if plain.partition(" ")[0] not in heads else ""
        for name in [whole] if whole else [_name(crowd, word, opened) for word in plain.split()]:
            if name:
                run.append((name, joined))
            else:
                yield run
                run = []
            joined = False
        joined = _LIST_SIGNS.search(sign) is not None
    yield run


def _name(crowd: Crowd, part: str, opened: Container[str] = ()) -> str:
    """The name that a part of a line is, without what honours it, or nothing.

    `지은` is a word, too; where it opens lines below, or ends them in brackets, it may be one.
    """
    name = bare_name(crowd, _without_honour(part))
    lexicon = crowd.lexicon
    if _SUBJECT.search(name):
        return ""  # `지수님은`
    if _INITIALS.fullmatch(name):  # `PS`, where others beside it open lines, too
        return "" if squeeze(name) in lexicon.attendees else name
    shaped = (listed_shape(name) or shape_of(name) == "given") and shape_of(name) != "initials"
    shaped = shaped and not _LONG.fullmatch(name)
    one = "가" <= name <= "힣" and len(name) == 1 and name not in _NO_NAMES
    shaped = shaped or (one and name in opened)
    if not shaped or means_something(crowd, name):
        return ""
    if is_no_name(crowd, name) and not (name in opened and shape_of(name) == "given"):
        return ""
    word = squeeze(name)
    heads = word in lexicon.attendees or word in lexicon.absent or word in lexicon.offices
    if (
        heads
        or word in lexicon.nothing
        or crowd.is_role(name)
        or lexicon.when.match(name)
        or lexicon.days.match(name)
    ):
        return ""
    return name


def _without_honour(written: str) -> str:
    """`하늘` of `하늘님`; `Tくん` is called so."""
    honoured = written[-1:] in _HONOUR_LETTERS
    name = without_elder(_HONOUR.sub("", written) if honoured else written)
    return name if len(name) > 1 or "가" <= name <= "힣" else written


def _opened(rows: list[Row]) -> Iterator[tuple[str, int]]:
    """What lines begin with as with a speaker's name, or end in, in brackets; where last."""
    for at, row in enumerate(rows):
        if row.kind != "words" or row.level:
            continue
        listed = row.listed or row.box is not None  # `하늘 / 구름` says who came
        words = row.words
        clocked = words[:1] == "[" or words[:1].isdigit()
        signed = words.rstrip(" \t.。").endswith(")")
        for found in (
            _OPENER.match(_CLOCK.sub("", words, count=1) if clocked else words),
            _TELLS.match(words),
            _SAYS.match(words),
            _SIGNED.search(words[-40:]) if signed else None,
        ):
            if found and (listed or not found.group().rstrip().endswith("/")):
                named = found["who"] + (found.groupdict().get("honour") or "")
                both = _LIST_SIGNS.split(named) if found.re is _SIGNED else [named]
                for who in both if len(both) <= FEW else ():  # three say who came
                    yield _without_honour(who.strip()), at
