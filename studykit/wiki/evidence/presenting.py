"""Who presents what: a table's column, brackets behind a title, `by @handle`."""

from __future__ import annotations

import re
from collections import Counter

from studykit.wiki.evidence.crowd import (
    SPLIT,
    Crowd,
    bare_name,
    is_full_name,
    is_given_name,
    is_no_name,
    is_usual_name,
    may_be_full,
    means_something,
    person,
)
from studykit.wiki.labels import bare_label
from studykit.wiki.lexicon import Lexicon, squeeze
from studykit.wiki.names import listed_shape, shape_of
from studykit.wiki.rows import Row
from studykit.wiki.times import DATE_LABELS, without_date

__all__ = ["NEXT", "heads_presenters", "presenter_word", "take_presenters", "texts_of"]

_BY = re.compile(r"(?P<before>\S+)[ \t]+by[ \t]+@(?P<who>\w[\w.-]{0,30})[ \t.]*$")
_DONE = re.compile(
    r"[a-z]+(?:ed|en|ing)|\W+|(?i:photos?|images?|pictures?|slides?|notes?|minutes|reviews?|comments?"
    r"|questions?|answers?|artwork)|사진|그림|글|질문|답변"
)
"""`written by @robin`, `photo by @robin`: who wrote or made something."""
_CHANGE = re.compile(
    r"(?:fix|add|bump|update|remove|refactor|feat|chore|docs|revert)\w*\b", re.IGNORECASE
)
NEXT = re.compile(r"^(?:다음|이번|next|this|next up)(?:[ \t]|$)", re.IGNORECASE)
_BRACKET = re.compile(r"\((?P<who>[^()]{2,12}?)[ \t]?발표\)[ \t.]*$")
_LED = re.compile(
    r"\S[ \t]*(?:[-=]>|→|⇒|[ \t][-–—][ \t])[ \t]*(?P<who>[가-힣]{2,4}(?:, ?[가-힣]{2,4})*)$"
)
_COUNTS = re.compile(r"(?:주차|회차|회|week|session|date|回|날짜|일자)", re.IGNORECASE)
_SHORT = re.compile(r"[가-힣]{2,4}")
_PRESENTERS = re.compile(
    r"(?:발표자|발제자|발표 ?담당|발제 ?담당)[ \t]*(?:[:=-]|은|는|[ \t](?=\S))[ \t]*"
)
_TALK_OF = re.compile(
    r"\S[ \t]+(?:발표|발제)[ \t]?\((?P<who>[가-힣]{2,4}님?(?:,[ \t]?[가-힣]{2,4}님?){0,3})\)"
    r"[ \t.]*$"
)
_ASIDE = re.compile(r"[ \t]*\([^()]{0,60}\)")
WIDE = 120
TAIL = 60
FEW = 3
FULL = 3
_WHAT = frozenset(("뭘", "무엇을", "内容"))


def take_presenters(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those whom tables, brackets and handles say to present something."""
    _by_handles(crowd, rows)
    _in_brackets(crowd, rows)
    _in_tables(crowd, rows)
    _by_labels(crowd, rows)
    _below_talks(crowd, rows)
    _said_to_present(crowd, rows)
    _before_titles(crowd, rows)


def presenter_word(lexicon: Lexicon, label: str) -> str:
    """The word of `다음 주 발표자` for who presents, without when."""
    when = lexicon.when.match(label)
    return squeeze(NEXT.sub("", label[when.end() if when else 0 :]))


def _by_labels(crowd: Crowd, rows: list[Row]) -> None:
    """`발제자: 하늘` or `담당 : 하늘 / 구름의 종류`, where `하늘: …` stands in the note as well."""
    found: list[tuple[str, int]] = []
    labels: set[str] = set()
    for row in rows:
        label = row.label
        if label is None or label.sign not in ":-" or len(label.name) > TAIL:
            continue
        labels.add(bare_name(crowd, label.name))
        word = presenter_word(crowd.lexicon, label.name.strip("*_ "))
        behind, slash, _ = row.words[label.end :].partition(" / ")
        lexicon = crowd.lexicon
        charged = word in lexicon.charged
        presents = word in lexicon.lecturers or (word in lexicon.presenter and not charged)
        presents = presents or bool(slash and charged)
        if presents and len(behind) <= TAIL:
            parts = SPLIT.split(behind.strip(" \t*_"))
            found += [(bare_name(crowd, part), row.line.number) for part in parts if part]
    found = [(name, number) for name, number in found if not means_something(crowd, name)]
    names = {name for name, _ in found if is_usual_name(crowd, name) or may_be_full(crowd, name)}
    if len(names & labels) > 1:  # a third one's name may be less usual
        names |= {name for name, _ in found if listed_shape(name)}
    for name, number in found:
        if name in names and (name in labels or (len(name) == FULL and name[1:] in labels)):
            crowd.knows(name, f"line {number} says that they present, and a label is their name")


def _below_talks(crowd: Crowd, rows: list[Row]) -> None:
    """`구름의 종류 -> 하늘` and others below `## 세미나`: what all of three or more end in."""
    names: list[tuple[str, int]] | None = None
    for row in [*rows, None]:
        if row is None or row.level:
            found = names or []
            usual = sum(is_usual_name(crowd, name) for name, _ in found)
            if len(found) >= FEW and len(set(dict(found))) > 1 and usual == len(found):
                for name, number in found:
                    crowd.knows(name, f"line {number}: a title and a name, below the talks' label")
            talks = row is not None and len(row.words) <= TAIL // 2
            titled = talks and row is not None and crowd.lexicon.talk_label.search(row.words)
            names = [] if titled else None
        elif names is not None and row.kind == "words" and (led := _LED.search(row.words[-TAIL:])):
            names += [(part, row.line.number) for part in SPLIT.split(led["who"].strip()) if part]


def _said_to_present(crowd: Crowd, rows: list[Row]) -> None:
    """`다음 주 발표자: 하늘 (구름)`, `구름의 종류 발표 (하늘)`: the words say who presents."""
    for row in rows:
        words = row.words
        if row.kind != "words" or len(words) > WIDE or not ("발표" in words or "발제" in words):
            continue
        presents = _PRESENTERS.search(words)
        behind = _TALK_OF.search(words)
        parts = SPLIT.split(_ASIDE.sub("", words[presents.end() :])) if presents else []
        parts += SPLIT.split(behind["who"]) if behind else []
        for part in parts:
            name = bare_name(crowd, part.strip(" .~"))
            if not is_usual_name(crowd, name) or is_no_name(crowd, name):
                break  # `발표자 하늘, 주제 구름`
            crowd.knows(name, f"line {row.line.number} says that they present")


def _before_titles(crowd: Crowd, rows: list[Row]) -> None:
    """`- 3/14 하늘: 구름의 종류`, twice or more right below the label of talks, and no other."""
    for index, head in enumerate(rows):
        if head.kind != "words" or len(head.words) > TAIL // 2:
            continue
        if crowd.lexicon.section(bare_label(head.words)) != "talk":
            continue
        found: list[tuple[str, int]] = []
        dated = 0
        for row in rows[index + 1 : index + TAIL]:
            if row.kind != "words" or row.level or row.label is None:
                break
            name = without_date(row.label.name)
            dated += name != row.label.name
            found.append((bare_name(crowd, name), row.line.number))
        names = {name for name, _ in found}
        usual = all(is_usual_name(crowd, name) for name in names)
        if usual and len(names) >= 2 and (dated == len(found) or len(names) >= FEW):
            for name, number in found:
                crowd.knows(name, f"line {number}: a name and a title, below the talks' label")


def _by_handles(crowd: Crowd, rows: list[Row]) -> None:
    """`- 구름의 종류 by @robin`, three times or more, two of them somebody else's."""
    found = [
        match["who"]
        for row in rows
        if row.kind == "words" and not row.level and "by" in row.words[-TAIL:]
        if (match := _BY.search(row.words[-TAIL:])) and not _DONE.fullmatch(match["before"])
    ]
    if len(found) < FEW or len(set(found)) == 1:
        return
    if not any(row.listed and _CHANGE.match(row.words) and " by @" in row.words for row in rows):
        crowd.presenting.update({who: who for who in found})


def _in_brackets(crowd: Crowd, rows: list[Row]) -> None:
    """`3장 리뷰 (하늘 발표)` among others of two people: a given name there is somebody's."""
    found = [
        (bare_name(crowd, match["who"]), match["who"], row.line.number)
        for row in rows
        if row.kind == "words" and "발표)" in row.words[-TAIL:]
        if (match := _BRACKET.search(row.words[-TAIL:]))
        and match["who"] not in crowd.lexicon.common  # `(중간 발표)`
    ]
    sure = {name for name, who, _ in found if person(crowd, who)[0] or is_full_name(crowd, name)}
    if len(sure) >= FEW - 1 and all(
        name in sure or is_given_name(crowd, name) for name, *_ in found
    ):
        for name, _, number in found:
            crowd.knows(name, f"line {number}: a name and 발표 in brackets, among others")


def _in_tables(crowd: Crowd, rows: list[Row]) -> None:
    """Who a table's column of presenters lists: names alone, or full names and what comes again."""
    column: int | None = None
    charged = False
    names: list[tuple[str, int]] = []
    for index, row in enumerate(rows):
        if row.kind != "table":
            if names:
                (_in_charge if charged else _column)(crowd, names)
                column, names = None, []
            continue
        cells = [cell.strip("* \t") for cell in row.words.strip("| \t").split("|")]
        if index == 0 or rows[index - 1].kind != "table":
            names_of = [squeeze(cell) for cell in cells]
            known = heads_presenters(crowd.lexicon, names_of) | crowd.lexicon.lecturers
            heads = [at for at, name in enumerate(names_of) if name in known]
            if charged := not heads:
                heads = [at for at, name in enumerate(names_of) if name in crowd.lexicon.charged]
            column = heads[0] if len(heads) == 1 else None
        elif column is not None and column < len(cells):
            names += [(each, row.line.number) for each in SPLIT.split(cells[column]) if each]
    (_in_charge if charged else _column)(crowd, names)


def texts_of(lexicon: Lexicon, cells: list[str]) -> frozenset[str]:
    """The words that head what is presented; beside a day, `뭘` and `内容` are such as well."""
    return lexicon.texts | (_WHAT if DATE_LABELS.intersection(cells) else frozenset())


def _in_charge(crowd: Crowd, names: list[tuple[str, int]]) -> None:
    """Who is in charge by a table of tasks: full names, two or more, and Latin ones beside them."""
    if len({name for name, _ in names if is_full_name(crowd, name)}) < FEW - 1:
        return
    for name, number in names:
        if is_full_name(crowd, name) or shape_of(name) == "latin":
            crowd.knows(name, f"line {number}: a table's column of who is in charge")


def heads_presenters(lexicon: Lexicon, cells: list[str]) -> frozenset[str]:
    """Which heads of `| 날짜 | 논문 | 담당 |` say who presents: who is in charge of a text, then.

    Examples:
        >>> from studykit.wiki.lexicon import load_lexicon
        >>> sorted(heads_presenters(load_lexicon(), ["날짜", "논문", "담당"]))
        ['담당']
        >>> sorted(heads_presenters(load_lexicon(), ["날짜", "업무", "담당"]))
        []
    """
    heads = frozenset(cells)
    counts = any(_COUNTS.fullmatch(cell) for cell in cells)
    if not heads & texts_of(lexicon, cells) or not (
        counts or heads & (DATE_LABELS | lexicon.deadlines)
    ):
        return frozenset()
    return heads & (lexicon.columns | lexicon.charged)


def _column(crowd: Crowd, names: list[tuple[str, int]]) -> None:
    names = [
        (name, number)
        for name, number in names
        if name.strip("-–—~?.: ") and squeeze(name) not in crowd.lexicon.nothing
    ]
    shaped = [name for name in dict(names) if person(crowd, name)[0] or is_usual_name(crowd, name)]
    foreign = [
        name
        for name in dict(names)
        if shape_of(name) in ("latin", "kanji") and not means_something(crowd, name)
    ]
    among = [
        name
        for name in dict(names)
        if 2 * len(shaped) >= len(dict(names)) and _SHORT.fullmatch(name)
        if not means_something(crowd, name)
    ]
    if len(dict(names)) > 1 and len({*shaped, *foreign, *among}) == len(dict(names)):
        for name, number in names:
            crowd.knows(bare_name(crowd, name), f"line {number}: a table's column of presenters")
    full = {name for name, _ in names if is_full_name(crowd, name)}
    count = Counter(name for name, _ in names)
    if len(full) < FEW:
        return
    for name, number in names:
        if name not in full and count[name] >= FEW - 1 and may_be_full(crowd, name):
            crowd.knows(name, f"line {number}: a table's column of presenters")
