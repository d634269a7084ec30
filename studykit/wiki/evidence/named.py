"""Names with 님, names as titles of blocks, lists in which every item has a name at one side."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

from studykit.wiki.evidence.crowd import (
    ASIDE,
    LONGEST,
    SPLIT,
    Crowd,
    bare_name,
    honoured,
    is_full_name,
    is_given_name,
    is_no_name,
    is_usual_name,
    may_be_full,
    means_something,
    person,
)
from studykit.wiki.first_names import is_first_name
from studykit.wiki.labels import SHORT
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import is_surname, listed_shape, shape_of
from studykit.wiki.rows import Row

__all__ = [
    "IN_PASSING",
    "MOST_ALONE",
    "names_a_list",
    "take_assigned",
    "take_behind",
    "take_bold_alone",
    "take_bracketed",
    "take_given_out",
    "take_handles",
    "take_headed",
    "take_honoured",
    "take_led_handles",
    "take_over_lists",
    "take_owners",
    "take_siblings",
    "take_speaking_handles",
    "take_surnamed",
    "take_syllables",
]

_BEHIND_DASH = re.compile(r"[ \t][-–—][ \t]+(?P<who>[가-힣]{2,4})[ \t]*$")
_BRACKETED_NAME = re.compile(r"\S[ \t\u3000]*[(（](?P<who>[가-힣]{3})[)）][ \t.]*$")
_BEGINS_ITEM = re.compile(r"[!@*]?(?P<who>[가-힣]{2})[ \t]")
_SET_LAST = re.compile(
    r"[ \t](?:[-–—/→]|[-=]>)[ \t]*(?P<who>[가-힣]{3}(?:,[ \t]*[가-힣]{3}){0,3})$"
)
_LAST_BRACKETS = re.compile(r"\S[ \t]*[(（](?P<who>[^()（）]{2,40})[)）][ \t.]*$")
_LED_TO_ANY = re.compile(r"\S[ \t]*(?:⇒|→|[-=]>)[ \t]*(?P<who>[^\W\d_][^⇒→>()]{1,24}?)[ \t.]*$")
_SURNAMED = re.compile(
    r"[(（](?P<who>[\u4e00-\u9fff々]{1,4})(?:さん|先生|氏)?(?:[,、][ \t]*[^()（）]{1,12})?[)）]"
    r"[ \t。.]*$"
)
_LED_TO = re.compile(
    r"(?:→|[-=]>)[ \t]*(?P<who>[가-힣]{3}(?:[ \t]*,[ \t]*[가-힣]{3}){0,4})[ \t.]*$"
)
_DASHED_NAME = re.compile(r"[가-힣A-Za-z\d)][ \t]?[-–][ \t]*(?P<who>[가-힣]{3})[ \t.]*$")
"""`지도, 표-이하늘`."""
_THREE = re.compile(r"(?<![가-힣])[가-힣]{3}(?![가-힣])")
_PARTICLES = ("가", "를", "는")
"""No given name ends in one of these: `서리가` has the letters of a full name, and is none."""
_QUALITY = re.compile(r"[성률화력도량형식]$")
_USUAL = frozenset("김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽")
"""The surnames of nearly everybody."""
_SHORT_NAME = re.compile(r"[가-힣]{2,4}")
_NO_NAMES = frozenset("상중하전후앞뒤위좌우월화수목금토일초말대소답문예표글끝")
"""`상`, `중`, `하`: one of a few that are named so."""
_SYLLABLE = re.compile(r"[가-힣]")
_LED_HANDLE = re.compile(
    r"@(?P<who>[A-Za-z][\w.-]{0,20}(?=[ \t]*[➜→])|[가-힣]\w{0,12})[ \t]*[➜→:][ \t]+(?=\S)"
)
_TICKED_CALL = re.compile(r"(?:(?<=[ \t])|^)@([가-힣]{1,4}|[A-Za-z][\w-]{1,20})(?=[ \t,]|$)")
LONGEST_HANDLE = 39
_SPEAKING = re.compile(
    rf"@(?P<who>[a-z][\w-]{{1,{LONGEST_HANDLE - 1}}}(?:\.[\w-]{{1,12}})?|[가-힣]{{1,6}})"
    r"(?:[ \t]+(?=\S)|[ \t]*$)"
)
INITIAL = re.compile(r"[A-Z][ .]?(?=[가-힣])")
_MENTIONED = re.compile(
    r"(?<![가-힣\w])(?P<name>[가-힣]{2,3})님(?=[^가-힣]|$|이|은|을|의|께|도|과|와|만|한테|부터|까지|하고|들)"
)
_ADDRESS = re.compile(r"[ \t]*<?https?://", re.IGNORECASE)
MOST_ALONE = 24
WIDE = 40
FEW = 3
GIVEN = 2
"""The syllables of a given name."""
IN_PASSING = "님 behind it, in a sentence"
"""How the reason ends where nothing but a sentence calls somebody by name."""


def take_honoured(crowd: Crowd, rows: list[Row]) -> None:
    """`현수님` once, before a separator or in a sentence, makes `현수 - …` a person's as well."""
    honorific = crowd.lexicon.honorific
    anywhere = re.compile(honorific).search
    heads: set[str] = set()
    mentions: dict[str, str] = {}
    for row in rows:
        if row.kind not in ("words", "table"):
            continue
        label = row.label
        head = label.name if label else row.words if len(row.words) <= SHORT else ""
        fresh = head not in heads and anywhere(head)  # most names come again and again
        if fresh:
            heads.add(head)
        for part in SPLIT.split(head) if fresh else ():
            match = honoured(honorific).fullmatch(part)
            if match and not crowd.is_role(match["name"]):
                suffix = part[match.end("name") :].strip()
                crowd.knows(
                    match["name"], f"line {row.line.number} has the name with {suffix} behind it"
                )
        if "님" not in row.words:
            continue
        for mention in _MENTIONED.finditer(row.words):
            name = mention["name"]
            if name in mentions:
                continue
            mentions[name] = ""
            if shape_of(name) in ("full", "given") and not crowd.is_role(name):
                mentions[name] = f"line {row.line.number} has the name with {IN_PASSING}"
            elif not crowd.is_role(name):
                crowd.mentioned.add(name)
    for name, reason in mentions.items():
        if reason:  # unless it stands before a sign as well
            crowd.knows(name, reason)


def take_handles(crowd: Crowd, rows: list[Row]) -> None:
    """`- @robin: …` or `- [ ] @robin, …`: whom a list's item calls by a handle."""
    _take_ticked_handles(crowd, rows)
    for row in rows:
        if row.listed and row.words.startswith("@"):
            handle = row.words[:SHORT].split(maxsplit=1)[0].rstrip(",:")
            if (name := person(crowd, handle)[0]) and not name[0].isdigit():
                crowd.knows(name, f"line {row.line.number} calls somebody by the handle")


def take_led_handles(crowd: Crowd, rows: list[Row]) -> None:
    """`@robin ➜ …` and `@sky: …`: handles before what is said."""
    led = [(row, match["who"]) for row in rows if (match := _LED_HANDLE.match(row.words[:WIDE]))]
    for row, who in led if len({who for _, who in led}) > 1 else ():
        crowd.knows(who, f"line {row.line.number}: a handle before what is said, as others'")


def _take_ticked_handles(crowd: Crowd, rows: list[Row]) -> None:
    """`☐ 지도 그리기 @하늘 ~3/14`, beside boxes that call others, most of whom the note knows."""
    calls = [
        (row, call)
        for row in rows
        if row.box is not None and "@" in row.words
        for call in _TICKED_CALL.findall(row.words[: 3 * WIDE])
    ]
    handles = {call for _, call in calls}
    known = {call for call in handles if crowd.why(call)}
    known |= {call for row, call in calls if row.words.startswith(f"@{call} ")}
    if len(known) < 2 or 2 * len(known) < len(handles):
        return
    for row, call in calls:
        crowd.knows(call, f"line {row.line.number}: a box calls somebody, as others call others")


def take_speaking_handles(crowd: Crowd, rows: list[Row]) -> None:
    """`- @robin …` beside others' such items, one of whom stands alone over a list elsewhere.

    `- @property …` begins so, too, and stands over no list.
    """
    saying: dict[str, int] = {}
    over: set[str] = set()
    for index, row in enumerate(rows):
        if row.kind != "words" or row.words[:1] != "@" or row.box is not None:
            continue
        found = _SPEAKING.match(row.words)
        if found is None or squeeze(found["who"]) in crowd.lexicon.nobody:
            continue
        if found.end() < len(row.words):
            saying.setdefault(found["who"], row.line.number)
        elif any(each.listed and each.column > row.column for each in rows[index + 1 : index + 2]):
            over.add(found["who"])
    owing = {
        name
        for row in (rows if saying else ())
        if row.box is not None and not row.words.startswith("@")
        for mention in row.words.split("@")[1:]
        for end in range(2, LONGEST_HANDLE + 1)
        if (name := mention[:end]) in saying
    }
    came = sum(crowd.why(name) is not None for name in saying)
    again = saying.keys() & over or len(owing) > 1 or max(came, _called(saying, rows)) >= FEW
    if len(saying.keys() | over) >= FEW and again:
        for name, line in saying.items():
            crowd.knows(name, f"line {line}: a handle before what is said, as others'")
            first, point, _ = name.partition(".")
            if point and len(first) >= FEW and not means_something(crowd, first):
                crowd.knows(first, f"line {line}: the first part of the handle {name}")
        crowd.handles |= saying.keys()


def _called(saying: dict[str, int], rows: list[Row]) -> int:
    """How many of the handles stand inside other lines as well: `모인사람 @하늘 @구름`."""
    inside = {
        word.strip("*_,:()").removeprefix("@")
        for row in (rows if len(saying) >= FEW else ())
        if row.kind == "words" and "@" in row.words[1:]
        for word in row.words[1:].split()
        if "@" in word
    }
    return len(saying.keys() & inside)


def take_bracketed(crowd: Crowd, rows: list[Row]) -> None:
    """`<이하늘>` and `### 박구름`, each over a block: two full names as titles are people.

    Of the largest headings it takes three, and hardly another of their level.
    """
    titles = [row for row in rows if (row.framed or row.level > 2) and _titled(crowd, row.words)]
    if len({row.words for row in titles if row.words[0] in _USUAL}) < 2:
        titles = []
    headings = [row for row in rows if row.level]
    beside = {row.level for row in titles if row.level and not row.framed}
    titles += [row for row in headings if row.level in beside and _may_be_title(crowd, row)]
    for level in (1, 2):
        alike = [row for row in headings if row.level == level and not row.framed]
        named = [row for row in alike if _titled(crowd, row.words) and row.words[0] in _USUAL]
        if len({row.words for row in named}) >= FEW and len(named) >= 0.75 * len(alike):
            titles += named
    called = {row.label.name for row in rows if row.label and len(row.label.name) == GIVEN}
    titles += [row for row in headings if row.words[1:] in called and _titled(crowd, row.words)]
    for row in titles:
        crowd.knows(row.words, f"line {row.line.number}: full names as titles of blocks")


def _may_be_title(crowd: Crowd, row: Row) -> bool:
    """Whether a heading beside two full names is one, of a family that fewer have."""
    name = row.words
    return not row.framed and is_full_name(crowd, name) and is_usual_name(crowd, name)


def _titled(crowd: Crowd, name: str) -> bool:
    """Whether a title can be a full name: `### 반복문` has the letters of one, and ends as none."""
    return _surely_full(crowd, name) and name[-1] not in "문자치"


def take_headed(crowd: Crowd, rows: list[Row]) -> None:
    """`### 하늘`, `### K 구름`, `### 다온님`: headings that all look like names, one a person's."""
    runs: dict[int, list[Row]] = {}
    headings = [row for row in rows if row.level]
    signed = cache(lambda: _signed(crowd, rows))
    for row in headings:
        for level in [level for level in runs if level > row.level]:
            _headed_names(crowd, runs.pop(level), signed)
        runs.setdefault(row.level, []).append(row)
    for run in runs.values():
        _headed_names(crowd, run, signed)
    for run in runs.values():
        for part in _alike(crowd, run):
            _headed_names(crowd, part, signed)


def _alike(crowd: Crowd, run: list[Row]) -> Iterator[list[Row]]:
    """The headings in a row, four or more, that could all be names, among others of their level."""
    part: list[Row] = []
    for row in [*run, None]:
        if row is not None and _may_be_name(crowd, row.words):
            part.append(row)
            continue
        if FEW < len(part) < len(run):
            yield part
        part = []


def _signed(crowd: Crowd, rows: list[Row]) -> set[str]:
    """What stands behind a dash at the end of items, `… 그리기 - 하늘`, or ends a full name."""
    tails = (_BEHIND_DASH.search(row.words[-12:]) for row in rows if row.listed)
    found = {match["who"] for match in tails if match}
    for row in rows:
        label = row.label if row.listed else None
        if label and label.sign == ":":
            said = row.words[label.end :]
            to_do = crowd.lexicon.is_to_do(said)
            found |= {label.name} if to_do else {said} if _SHORT_NAME.fullmatch(said) else set()
    words = (word for row in rows if row.kind == "words" for word in _THREE.findall(row.words))
    begun = (_BEGINS_ITEM.match(row.words) for row in rows if row.kind == "words" and row.listed)
    found |= {match["who"] for match in begun if match and is_given_name(crowd, match["who"])}
    return (
        found
        | {name for name in crowd.reasons if _SHORT_NAME.fullmatch(name)}
        | {word[1:] for word in set(words) if is_full_name(crowd, word)}
    )


def _headed_names(
    crowd: Crowd, run: list[Row], signed: Callable[[], set[str]] | None = None
) -> None:
    if len(run) < 3:
        return
    nobody = crowd.lexicon.everyone | crowd.lexicon.nothing
    run = [row for row in run if squeeze(row.words) not in nobody]
    names = [INITIAL.sub("", bare_name(crowd, row.words)) for row in run]
    shaped = [name for name in names if shape_of(name) in ("full", "given")]
    if len(names) < 3 or len(shaped) < 0.75 * len(names):
        return
    sure = any(person(crowd, row.words)[0] for row in run) or _told_apart(crowd, run)
    if not sure and signed is not None:
        again = signed().intersection(shaped)
        # Four or more given names and nothing else: one that the note has in full is enough.
        alike = len(set(shaped)) == len(names) > FEW and all(
            is_given_name(crowd, name) for name in shaped
        )
        sure = len(again) >= (1 if alike else 2)
    if not sure or not all(
        crowd.why(name)
        or (
            (_SHORT_NAME.fullmatch(name) or (len(shaped) >= FEW and _SYLLABLE.fullmatch(name)))
            and not means_something(crowd, name)
            and name not in crowd.lexicon.common
        )
        for name in names
    ):
        return
    for row in run:
        reason = f"line {row.line.number}: a heading beside those of people"
        crowd.knows(bare_name(crowd, row.words), reason)


def _told_apart(crowd: Crowd, run: list[Row]) -> bool:
    """Whether `K 구름` and `P 구름` stand among them: two people of one name."""
    initialled = {row.words for row in run if INITIAL.match(row.words)}
    names = Counter(INITIAL.sub("", words) for words in initialled)
    return any(often > 1 and is_given_name(crowd, name) for name, often in names.items())


def take_over_lists(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘`, `K 구름`, `다온님`, each alone over a list, one after the other, one a person's."""
    signed = cache(lambda: _signed(crowd, rows))
    run: list[Row] = []
    for index, row in enumerate(rows):
        if row.kind != "words" or row.listed:
            continue
        over = names_a_list(rows, index)
        short = bool(run) and _SYLLABLE.fullmatch(row.words) is not None
        if over and (short or _may_be_name(crowd, INITIAL.sub("", row.words))):
            run.append(row)
            continue
        wraps = index > 0 and rows[index - 1].listed and bool(row.words)
        if over or (row.column == 0 and not wraps):
            _headed_names(crowd, run, signed if len(run) > FEW else None)
            run = []
    _headed_names(crowd, run, signed if len(run) > FEW else None)


def take_bold_alone(crowd: Crowd, rows: list[Row]) -> None:
    """`**이하늘**`, `**박구름**` and others, each alone over a list: two full names are people."""
    found = [
        row
        for index, row in enumerate(rows)
        if row.kind == "words" and row.bold and not (row.level or row.listed or row.label)
        if names_a_list(rows, index) and may_be_full(crowd, row.words)
    ]
    sure = {row.words for row in found if _surely_full(crowd, row.words)}
    if len({row.words for row in found}) >= FEW and len(sure) > 1:
        for row in found:
            crowd.knows(row.words, f"line {row.line.number}: full names in bold over lists")
    _bold_beside_known(crowd, rows)


def _bold_beside_known(crowd: Crowd, rows: list[Row]) -> None:
    """`**이하늘**`, `**Robin**` and a third over what they say; elsewhere 하늘 is known."""
    found = [
        row
        for row, below in pairwise(rows)
        if row.kind == "words" and row.bold and not (row.level or row.listed or row.label)
        if below.kind == "words" and not (below.level or below.bold) and len(row.words) < MOST_ALONE
    ]
    names = {row.words for row in found}
    shaped = all(
        shape_of(name) in ("full", "given", "latin")
        and not means_something(crowd, name)
        and name not in crowd.lexicon.common
        for name in names
    )
    known = any(
        crowd.why(name) or any(name.endswith(each) for each in crowd.reasons if len(each) > 1)
        for name in names
    )
    if len(names) >= FEW and shaped and known:
        for row in found:
            crowd.knows(row.words, f"line {row.line.number}: in bold over a text, as others")


def take_syllables(crowd: Crowd, rows: list[Row]) -> None:
    """`- 진`, `- 훈` and `- 율`, each over what its bearer did: one syllable of a given name."""
    found: defaultdict[tuple[int, str], list[Row]] = defaultdict(list)
    for row, below in pairwise(rows):
        short = row.kind == "words" and row.listed and _SYLLABLE.fullmatch(row.words)
        if short and below.kind == "words" and below.column > row.column:
            found[row.column, row.sign].append(row)
    for alike in found.values():
        names = {row.words for row in alike}
        if len(names) >= FEW and not names & _NO_NAMES and not names & crowd.lexicon.nobody:
            for row in alike:
                crowd.knows(
                    row.words, f"line {row.line.number}: one syllable over a list, as others"
                )


def _may_be_name(crowd: Crowd, written: str) -> bool:
    """Whether a line of its own could be a name at all."""
    name = bare_name(crowd, written)
    return bool(person(crowd, written)[0]) or (
        shape_of(name) in ("full", "given") and not means_something(crowd, name)
    )


def names_a_list(rows: list[Row], index: int) -> bool:
    """Whether a line alone, with no mark, stands over a list at its column or deeper."""
    row = rows[index]
    if row.mark or row.level or row.box is not None or len(row.words) > MOST_ALONE:
        return False
    above = rows[index - 1] if index else None
    if above and above.kind == "words" and not above.listed and not above.level:
        return False
    below = index + 1
    while below < len(rows) and rows[below].kind == "blank" and below < index + 3:
        below += 1
    return below < len(rows) and rows[below].listed and rows[below].column >= row.column


def take_siblings(crowd: Crowd, rows: list[Row]) -> None:
    """A list with a full name on one side of every item, or full names only, is one of people."""
    for run in _runs(rows):
        # Of a longer line only its label can be names.
        if len(run) == 1 and not SPLIT.search(run[0].words, 0, 2 * LONGEST):
            continue  # one name at most
        left, right, alone = [], [], []
        for row in run:
            label = row.label
            if label is None:
                alone.append(_in_brackets(row.words))
                continue
            if _ADDRESS.match(row.words, label.end):
                continue  # a link and its title
            if squeeze(label.name) not in crowd.lexicon.everyone:
                left.append(label.name)
                right.append(row.words[label.end :])
        for side, where in ((left, "before"), (right, "behind"), (alone, "as")):
            if len(side) == len(run) or (where == "before" and not alone):
                _sibling_names(crowd, run, side, where)


def take_behind(crowd: Crowd, rows: list[Row]) -> None:
    """`회원 가입 (이하늘)` or `게시판 → 박구름`: most lines of a list end in a full name so."""
    runs: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    seen: Counter[int] = Counter()
    for row in [*rows, None]:
        if row is not None and row.kind == "words" and not row.level:
            seen[row.column] += 1
            found = _name_behind(row.words[-WIDE:])
            parts = SPLIT.split(found["who"]) if found else ()
            line = row.line.number
            runs[row.column] += [(name, line) for name in parts if _surely_full(crowd, name)]
            continue
        for column, run in runs.items():
            lines = {line for _, line in run}
            if len(dict(run)) >= 2 and len(lines) >= max(FEW, 0.6 * seen[column]):
                for name, line in run:
                    crowd.knows(name, f"line {line}: a list whose lines end in full names alike")
        runs.clear()
        seen.clear()


def _name_behind(tail: str) -> re.Match[str] | None:
    """The full name, or the names, in which a line ends."""
    last = tail.rstrip(" \t.")[-1:]
    if last in (")", "）"):
        return _BRACKETED_NAME.search(tail)
    if not "가" <= last <= "힣":
        return None
    led = _LED_TO.search(tail) if ">" in tail or "→" in tail else None
    return led or (_DASHED_NAME.search(tail) if "-" in tail or "–" in tail else None)


def take_owners(crowd: Crowd, rows: list[Row]) -> None:
    """`- 지도 그리기 (하늘)`, `- 사진 고르기 (구름, 나래)` below `할 일`: most items end in names.

    Given names are words as well: it takes three lines of the list, and three people. They may
    stand before every line of the list, too: `하늘 - 지도`.
    """
    firsts: list[tuple[str, int]] = []
    full: list[tuple[str, int]] = []
    for index, head in enumerate(rows):
        label = (
            head.words.rstrip(":： ") if head.kind == "words" and len(head.words) <= WIDE else ""
        )
        until = crowd.lexicon.until.search(label) if head.level else None
        due = until is not None and until.end() == len(label)  # `### 다음 회의까지`
        if not label or not (due or crowd.lexicon.section(label) == "task"):
            continue
        found: list[tuple[str, int]] = []
        handed: list[tuple[str, int]] = []
        lines = 0
        for row in rows[index + 1 : index + 1 + WIDE]:
            if row.level or row.kind not in ("words", "blank"):
                break
            match = _LAST_BRACKETS.search(row.words[-WIDE:]) if row.kind == "words" else None
            lines += row.kind == "words" and row.listed
            parts = SPLIT.split(match["who"].strip()) if match else ()
            parts = parts or (_behind_colon(row) if due else [])
            if parts and all(_may_own(crowd, part) for part in parts):
                found += [(part, row.line.number) for part in parts]
            last = _SET_LAST.search(row.words[-WIDE:]) if row.kind == "words" else None
            parts = SPLIT.split(last["who"].strip()) if last else ()
            full += [(part, row.line.number) for part in parts if _surely_full(crowd, part)]
            led = _LED_TO_ANY.search(row.words[-WIDE:]) if row.kind == "words" else None
            parts = SPLIT.split(led["who"].strip()) if led else ()
            handed += [(part, row.line.number) for part in parts]
        if all(name in dict(found) or _may_be_called(crowd, name) for name, _ in handed):
            again = len(handed) > len(dict(handed))  # `훈남` owns two things
            found += handed if again and len(dict(handed)) >= FEW else []
        firsts += [each for each in found if is_first_name(each[0])]
        full += [each for each in found if _surely_full(crowd, each[0])]
        numbers = {number for _, number in found}
        if len(dict(found)) >= 2 and len(numbers) >= max(2, 0.6 * lines):
            for name, number in found:
                crowd.knows(name, f"line {number}: what is to be done, and a name, as others")
        for name, number in _before_all(crowd, rows[index + 1 : index + 1 + WIDE]):
            crowd.knows(name, f"line {number}: a name before what is to be done, as others")
    for sure, kind, needed in ((firsts, "first", FEW), (full, "full", 2)):
        if len(dict(sure)) > 1 and len(sure) >= needed:  # in short lists, here and there
            for name, number in sure:
                crowd.knows(
                    name, f"line {number}: what is to be done, and a {kind} name, as others"
                )


def _before_all(crowd: Crowd, rows: list[Row]) -> list[tuple[str, int]]:
    """The names before all lines right below a label of tasks, three of them or more."""
    names: list[tuple[str, int]] = []
    column: int | None = None
    for row in rows:
        if row.kind == "blank" and column is None:
            continue
        if row.kind != "words" or row.level:
            break
        column = row.column if column is None else column
        if row.column > column:
            continue
        label = row.label if row.column == column else None
        if label is None or label.sign not in ":-":
            return []
        names += [(part, row.line.number) for part in SPLIT.split(label.name)]
    distinct = {name for name, _ in names}
    usual = sum(is_usual_name(crowd, name) or is_first_name(name) for name in distinct)
    shaped = all(
        listed_shape(name) and not (means_something(crowd, name) or crowd.lexicon.is_doing(name))
        for name in distinct
    )
    enough = len(names) >= FEW and usual >= 2 and 3 * usual >= 2 * len(distinct)
    return names if enough and shaped else []


def take_given_out(crowd: Crowd, rows: list[Row]) -> None:
    """`표 작성 : 이하늘` and `지도 조사 : 박구름, 최나래`: work, a colon, and nothing but names."""
    found: list[tuple[str, int]] = []
    for row in rows:
        label = row.label if row.kind == "words" and len(row.words) <= 2 * WIDE else None
        if label is None or label.sign != ":" or not crowd.lexicon.work.search(label.name):
            continue
        parts = SPLIT.split(row.words[label.end :].strip(" \t."))
        full = [part for part in parts if _surely_full(crowd, part)]
        if full and len(full) >= 0.6 * len(parts):
            found += [(part, row.line.number) for part in full]
    if len({number for _, number in found}) >= 2 and len(dict(found)) >= 2:
        for name, number in found:
            crowd.knows(name, f"line {number}: work, and a full name behind it, as others")


def _behind_colon(row: Row) -> list[str]:
    """What stands behind the colon of `- 지도 : 하늘, 구름`, part by part."""
    label = row.label if row.kind == "words" and row.listed else None
    said = row.words[label.end :].strip() if label and label.sign == ":" else ""
    return SPLIT.split(said) if 0 < len(said) <= WIDE // 2 else []


def _may_own(crowd: Crowd, name: str) -> bool:
    first = name.partition(" ")[0]  # `Robin S.`
    return is_usual_name(crowd, name) or bool(crowd.why(name)) or is_first_name(first)


def _may_be_called(crowd: Crowd, name: str) -> bool:
    """Whether a word can be what somebody is called, or says that it is everybody."""
    everyone = squeeze(name) in crowd.lexicon.everyone
    return everyone or (listed_shape(name) and not is_no_name(crowd, name))


def take_surnamed(crowd: Crowd, rows: list[Row]) -> None:
    """`層雲の話(鈴木)`, `地図の見方（佐藤さん、15分）`: surnames in brackets, three or more."""
    found = [
        (match["who"], row.line.number)
        for row in rows
        if row.listed and row.words[-2:].rstrip("。. ").endswith((")", "）"))
        if (match := _SURNAMED.search(row.words[-WIDE:]))
    ]
    sure = {name for name, _ in found if is_surname(name)}
    if len(found) >= FEW and len(sure) >= 2:
        for name, line in found:
            if name in sure:
                crowd.knows(name, f"line {line}: a surname in brackets behind an item, as others")


def _surely_full(crowd: Crowd, name: str) -> bool:
    """Whether a full name's letters are no state's: `구현중`, `전인원` and `시험용` are none."""
    doing = crowd.lexicon.work.search(name[:2]) or name.endswith("중")
    return is_full_name(crowd, name) and may_be_full(crowd, name) and not doing


def _in_brackets(words: str) -> str:
    """`(이하늘)` without its brackets."""
    inside = words[1:-1]
    return inside if words == f"({inside})" and "(" not in inside else words


def _sibling_names(crowd: Crowd, run: list[Row], side: list[str], where: str) -> None:
    if any(len(text) > LONGEST for text in side):
        return
    names: list[str] = []
    given = full = rare = 0
    for text in side:
        for part in SPLIT.split(ASIDE.sub("", text).strip(" .|\\")):
            name = bare_name(crowd, part)
            if is_full_name(crowd, name):
                full += 1
            elif crowd.why(name) or name in crowd.mentioned:
                pass
            elif is_given_name(crowd, name):
                given += 1
            elif may_be_full(crowd, name):
                rare += 1
            else:
                return
            names.append(name)
    if where == "as" and any(name.endswith(_PARTICLES) for name in names):
        return
    distinct = set(names)
    if (
        len({name[-1:] for name in distinct}) == 1
        and len(distinct) > 1
        and _QUALITY.search(names[0])
    ):
        return  # `유일성`, `최소성`
    # A given name alone proves nothing; beside two people, or three full names, it is another's.
    among = full >= max(3, 2 * (given + rare))
    beside = sum(bool(crowd.why(name)) or name in crowd.mentioned for name in distinct) >= 2
    beside = beside and any(crowd.why(name) for name in distinct)
    if (rare or (given and not beside)) and not among:
        return
    if len(distinct) >= 2:
        kind = "name" if given else "full name"
        reason = f"line {run[0].line.number}: a list with a {kind} {where} every item"
        for name in names:
            crowd.knows(name, reason)


def _runs(rows: list[Row]) -> Iterator[list[Row]]:
    """Lines of one mark that follow one another at one column; what stands deeper is between."""
    open_runs: list[list[Row]] = []
    for row in rows:
        if row.kind == "blank":
            continue
        item = row.kind == "words" and not row.level
        while open_runs and (not item or open_runs[-1][0].column > row.column):
            yield open_runs.pop()
        if not item:
            continue
        if open_runs and open_runs[-1][0].column == row.column:
            if open_runs[-1][0].sign == row.sign and open_runs[-1][0].mark == row.mark:
                open_runs[-1].append(row)
                continue
            yield open_runs.pop()
        open_runs.append([row])
    yield from open_runs


def take_assigned(crowd: Crowd, rows: list[Row]) -> None:
    """`이하늘 역할 : …` and `박구름 역할 : …`: two full names to whom something is assigned."""
    found = []
    for row in rows:
        label = row.label if row.kind == "words" else None
        role = crowd.lexicon.assigned.search(label.name) if label else None
        if label and role and is_full_name(crowd, name := label.name[: role.start()].strip()):
            found.append((name, row.line.number))
    if len({name for name, _ in found}) >= 2:
        for name, number in found:
            crowd.knows(name, f"line {number} assigns something to the name")
