"""Who is said to do something, or to have done it: `Robin will draw`, `- Sky drew a map`."""

from __future__ import annotations

import re
from collections import defaultdict

from studykit.wiki.evidence.crowd import Crowd, means_something, stands_small
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.rows import Row

__all__ = [
    "GOING_TO",
    "INTENDS",
    "take_doers",
    "take_due_blocks",
    "take_due_log",
    "take_going",
    "take_intending",
    "take_told",
    "take_willing",
]

INTENDS = re.compile(
    r"(?:and [A-Z]\w+ )?(?:to|will|promised to|volunteered to|offered to|needs? to"
    r"|should|must|ha(?:s|ve) to|(?:is|are) to)\b"
)
"""Behind a name: what its bearer is going to do, and has not done."""
_TELLS = re.compile(r"(?:다|요|음|함|됨|했|완료|중|까|[?？])[\s.!~)]*$")
_DONE_FIRST = re.compile(r"(?:완료|했음|했다|됐음|됨|끝)[.,][ \t]")
"""`지도 완료. 사진 정리 예정`: a report, of what is to come as well."""
GOING_TO = re.compile(r"(?P<who>[A-Z][\w'’-]{1,20}) is going to (?!be\b|have\b|not\b)[a-z]+ ")
_AHEAD = re.compile(r"준비(?:할 것|할 일|사항)?[ \t:]*$|할 ?(?:일|것)(?![가-힣])|(?i:\bto-?do\b)")
"""A heading over those of names: what stands below them is to be done."""
_GOING = re.compile(r"(?P<who>[A-Z][\w'’-]{1,20}) (?:will|is going to|'ll|’ll) [a-z]")
_BOLD = re.compile(r"\*\*([A-Z][\w'’-]{1,20})\*\*")
_IN_BOLD = re.compile(
    r"(?:[-*+]|\d{1,2}[.)])[ \t]+\*\*[A-Z][\w'’-]{1,20}\*\*"
    r"(?:(?:,| and| &) \*\*[A-Z][\w'’-]{1,20}\*\*){0,3}"
    r" (?:to|will|is|are|has|have|needs?)\b"
)
_TOLD = re.compile(
    r"(?P<who>[A-Z][\w'’-]{1,20}) (?!needs |needed |is to |has to |is going )"
    r"(?:was|is|has|had|did|got|made|found|gave|went|said|took|wrote|drew|ran|saw|spoke|told|thought"
    r"|brought|came|led|met|sent|built|began|kept|left|held|chose|[a-z]{2,}(?:ed|s)) "
)
_WHO_DOES = re.compile(
    r"\bwho(?:'s|’s| is| does| will|'ll)\b.{0,12}\bwhat\b|누가 ?(?:뭘|무엇을|뭐)", re.IGNORECASE
)
FEW = 3
MOST = 12
"""No more people say what they will do at one meeting."""
SHORT = 60


def take_intending(crowd: Crowd, rows: list[Row]) -> None:
    """`- Robin is going to draw` beside two others' such items: people, by what they intend."""
    run: list[tuple[str, int]] = []
    column = -1
    for row in [*rows, None]:
        listed = row is not None and row.kind == "words" and row.mark == "bullet"
        found = GOING_TO.match(row.words) if listed and row is not None else None
        if found and row is not None and (not run or row.column == column):
            run.append((found["who"], row.line.number))
            column = row.column
            continue
        if not run or (row is not None and (row.kind == "blank" or row.column > column)):
            continue
        names = {name for name, _ in run}
        each_once = len(names) == len(run) >= FEW
        words = each_once and any(means_something(crowd, name) for name in names)
        if each_once and not words and not stands_small(crowd, rows, names):
            for name, number in run:
                crowd.knows(name, f"line {number}: who is going to do something, beside others")
        run = []


def take_going(crowd: Crowd, rows: list[Row]) -> None:
    """`Robin will draw` in one item and `Robin: …` in another: who speaks, and is to do something.

    What has no name is written small elsewhere.
    """
    going: dict[str, int] = {}
    said: set[str] = set()
    for row in rows:
        if row.kind != "words" or not row.words[:1].isupper():
            continue
        if match := _GOING.match(row.words):
            going.setdefault(match["who"], row.line.number)
        elif row.label and row.label.sign == ":":
            said.add(row.label.name)
    names = [name for name in going if name in said and shape_of(name) == "latin"]
    for name in names[:MOST]:
        if not means_something(crowd, name) and not stands_small(crowd, rows, (name,)):
            crowd.knows(name, f"line {going[name]}: who will do something, and speaks elsewhere")


def take_willing(crowd: Crowd, rows: list[Row]) -> None:
    """`**Robin** and **Sky** to draw`, `**Sky** will look`: names in bold, and what each is to do.

    It takes three such items, and two people.
    """
    found: list[tuple[str, int]] = []
    for row in rows:
        if row.kind != "words" or not row.listed or "**" not in row.line.words[:8]:
            continue
        match = _IN_BOLD.match(row.line.words)
        bold: list[str] = _BOLD.findall(match.group()) if match else []
        found += [(name, row.line.number) for name in bold]
    names = {name for name, _ in found}
    if len({line for _, line in found}) < FEW or len(names) < 2:
        return
    if not any(means_something(crowd, name) for name in names) and not stands_small(
        crowd, rows, names
    ):
        for name, number in found:
            crowd.knows(name, f"line {number}: a name in bold, and what its bearer is to do")


def take_doers(crowd: Crowd, rows: list[Row]) -> None:
    """`- Robin: clouds`, `- Sky: rain` below `Who's doing what`: each item's label is a person."""
    for index, row in enumerate(rows):
        if row.kind != "words" or len(row.words) > SHORT:
            continue
        asked = "누가" in row.words or "who" in row.words.lower()
        if not asked or not _WHO_DOES.search(row.words):
            continue
        found: list[tuple[str, int]] = []
        for below in rows[index + 1 : index + 1 + SHORT]:
            if below.kind == "blank":
                continue
            if below.kind != "words" or not below.listed or (label := below.label) is None:
                break
            if squeeze(label.name) not in crowd.lexicon.everyone:
                found.append((label.name, below.line.number))
        names = {name for name, _ in found}
        shaped = all(shape_of(name) in ("latin", "given", "full") for name in names)
        if len(names) >= 2 and shaped and not any(means_something(crowd, name) for name in names):
            for name, number in found:
                crowd.knows(name, f"line {number}: who does what")


def take_due_log(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘 - 지도 그리기`, `구름 - 사진 정리`, day by day: what each is to do, not what they said.

    A quarter of the lines or more end as what is to be done does, most in some doing, and hardly
    one tells of what was; of a short list nearly all, and none.
    """
    forms: defaultdict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
    for row in rows:
        label = row.label if row.kind == "words" and not row.level else None
        if label is None or label.sign not in ":-" or label.end == len(row.words):
            continue
        if crowd.why(label.name.removesuffix("님")):
            said = row.words[label.end :]
            forms[row.mark, label.sign].append((row.line.number, label.name, said))
    for found in forms.values():
        to_do = sum(_is_to_do(crowd, said) for *_, said in found)
        doing = sum(crowd.lexicon.is_doing(said) or _is_to_do(crowd, said) for *_, said in found)
        told = sum(bool(_TELLS.search(said) or _DONE_FIRST.search(said)) for *_, said in found)
        people = {name for _, name, _ in found}
        enough = len(people) >= FEW and len(found) >= 2 * MOST and 4 * to_do >= len(found)
        log = enough and 2 * doing >= len(found) and 20 * told <= len(found)
        few = len(people) >= 2 and len(found) >= FEW and 5 * to_do >= 3 * len(found) and not told
        if log or few:
            crowd.due |= {number for number, *_ in found}


def take_due_blocks(crowd: Crowd, rows: list[Row]) -> None:
    """`<하늘>`, `<구름>` and `<나래>`, each over what its bearer is to do, and nothing that was so.

    A quarter of all their items or more end as what is to be done does, two thirds in some doing,
    and hardly one tells of what was.
    """
    heads: list[tuple[int, str]] = []
    items: list[str] = []
    ahead = False
    for row in rows:
        if row.level:
            ahead = ahead or (not heads and _AHEAD.search(row.words[:SHORT]) is not None)
            name = row.words.rstrip(":： \t")
            if crowd.why(name.removesuffix("님")):
                heads.append((row.line.number, name))
            elif heads:
                break  # what comes then is no person's
        elif heads and row.listed:
            items.append(row.words)
    people = {name for _, name in heads}
    to_do = sum(_is_to_do(crowd, words) for words in items)
    doing = sum(crowd.lexicon.is_doing(words) or _is_to_do(crowd, words) for words in items)
    told = sum(_TELLS.search(words.partition("(")[0]) is not None for words in items)
    if len(people) < FEW or len(items) <= FEW or 10 * told > len(items):
        return
    if ahead or (4 * to_do >= len(items) and 3 * doing >= 2 * len(items)):
        crowd.owed |= {number for number, _ in heads}


def _is_to_do(crowd: Crowd, said: str) -> bool:
    return crowd.lexicon.is_to_do(said) or said.rstrip(" .)").endswith("예정")


def take_told(crowd: Crowd, rows: list[Row]) -> None:
    """`- Robin drew a map`, `- Sky is away`: items that tell what those who were there did.

    It takes three of them, of two people or more, for `Sky is blue` to be about somebody.
    """
    there = {squeeze(name) for _, name in crowd.attendees}
    found: list[tuple[int, str, int]] = []
    for row in rows if there else ():
        if row.kind == "words" and row.listed and row.words[:1].isupper() and row.box is None:
            match = _TOLD.match(row.words)
            if match and squeeze(match["who"]) in there:
                found.append((row.line.number, match["who"], match.end("who") + 1))
    if len(found) >= FEW and len({who for _, who, _ in found}) > 1:
        for line, who, end in found:
            crowd.reporting.setdefault(line, (who, end))
