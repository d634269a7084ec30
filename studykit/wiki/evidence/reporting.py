"""Who reports in paragraphs that begin with a name and nothing behind it, and who has initials."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import combinations

from studykit.wiki.endings import is_sentence
from studykit.wiki.evidence.crowd import (
    Crowd,
    bare_name,
    is_full_name,
    is_given_name,
    is_usual_name,
    means_something,
    person,
    with_honour,
)
from studykit.wiki.evidence.doing import GOING_TO, INTENDS
from studykit.wiki.evidence.gathered import OPENS
from studykit.wiki.evidence.listing import are_due, only_accounts
from studykit.wiki.first_names import is_first_name
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.rows import LABEL_LEVEL, Row

__all__ = [
    "COMMENT_FROM",
    "take_addressed",
    "take_answering",
    "take_commenting",
    "take_initials",
    "take_letters",
    "take_lists_of_reports",
    "take_narrated",
    "take_replying",
    "take_reports",
]

_NAMED = re.compile(r"(?P<who>[가-힣]{2,4}(?:님|씨)?)[ \t]+(?=\S)")
_ABOUT = re.compile(r"(?P<who>[가-힣]{2,4}(?:님|씨))(?:이|가|은|는|도|께서)[ \t]")
_SPELLED = re.compile(r"(?P<short>[A-Z]{2,4})[ \t]?\((?P<full>[^()]{4,40})\)+")
_WORDS = re.compile(r"[ -]+")
_NICK = r"(?:[A-Za-z][\w.-]{1,20}|[가-힣]{1,5})(?:님)?"
_TO = re.compile(
    rf"(?P<who>{_NICK})[ \t]*(?:[ \t]to[ \t]|→|➡️?|-{{1,2}}>|에게[ \t])[ \t]*(?P<whom>{_NICK})"
)
_LETTER = re.compile(
    r"(?P<clock>\d{1,2}:\d{2}[ \t]*[-–—|][ \t]*)?(?P<who>[가-힣]{2,4}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
    r"(?P<to>[ \t]*(?:→|->)[ \t]*[^\s(\[]{1,12})?(?:[ \t]+(?:회신|답장|reply))?(?:[ \t]*[(\[].*)?"
)
_SAYS_TO = re.compile(
    r"(?P<who>[A-Za-z][A-Za-z0-9_.-]{1,20}|[가-힣]{2,5}?)(?:님)?(?:이|가)[ \t]+"
    r"(?P<whom>[A-Za-z][A-Za-z0-9_.-]{1,20}|[가-힣]{2,5}?)(?:님)?(?:에게|께|한테)"
)
"""`robin이 sky에게`."""
_NAME_ALONE = re.compile(
    r"(?P<who>[가-힣]{2,4}|[\u4e00-\u9fff々]{1,4}|[\u3041-\u30ffー]{2,6}?)"
    r"(?:(?:さん|くん|氏)(?=[ \t]))?[ \t]+(?=\S)"
)
_BEGUN = re.compile(r"(?P<who>[A-Z][\w'’-]{1,20})[ \t]+(?=\S)")
COMMENT_FROM = re.compile(
    r"(?:[A-Z][a-z]+ )?(?i:comment|point|question|remark|suggestion|concern|answer|reply)s? from "
    r"(?P<who>[A-Z][\w'’-]{1,20}(?: [A-Z][\w'’-]{1,20}){0,2})"
)
_NARRATED = re.compile(
    r"(?:^|(?<=[.,!?])[ \t]+(?:그리고[ \t]+)?|^(?:먼저|이어서|다음으로)[ \t]+)"
    r"(?P<who>[가-힣]{3,4}?)(?:은|는|이|가)[ \t]+(?=\S)"
)
_NOUN = re.compile(r"[가-힣](?<![은는을를이가에서로고며도중])$")
_SAID = re.compile(
    r"(?:다고|라고|자고|냐고|는지)[ ]?"
    r"(?:함|했|한다|합니다|하였|말|주장|보고|설명|제안|물|답|의견|질문|하심)"
    r"|(?:공유|보고|발견|제안|설명|주장|질문|지적|언급)(?:함|했|하였|하심)"
)
_TWO_WORDS = re.compile(r"(?=.*[^\W\d_]{2})\S+[ \t]+\S|[^\s]*[\u3041-\u30ff]\S{4}")
_PLAN = re.compile(r"예정|맡|담당|까지|발표|발제|결석|지각|불참|빠짐|[원명]$|[다자]$(?<=하자)")
FEW = 3
SHORT = 60
TAIL = 40
MANY = 3
"""No more runs are looked at by pairs."""


@dataclass(slots=True)
class _Run:
    """Paragraphs one below the other: the names with which they begin, each on which line."""

    names: dict[str, tuple[int, int]] = field(default_factory=dict)
    told: int = 0
    """How many of them say more than one word."""
    twice: bool = False


def take_reports(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘님 지도 정리 중`, `박구름 표 작성`: paragraphs that all begin so, day by day.

    Nothing sets the name off, so it takes two such runs, of three people or more, that share two of
    them.
    """
    if len(crowd.reasons) < 2:
        return
    runs = [run for run in _runs(crowd, rows) if not run.twice and 2 * run.told > len(run.names)]
    whole = [run for run in runs if len(run.names) >= FEW]
    shared = {
        name
        for one, other in combinations(whole[:MANY], 2)
        if len(names := one.names.keys() & other.names.keys()) > 1
        for name in names
    }
    if sum(bool(crowd.why(name)) for name in shared) < 2:
        return
    known = {
        name
        for run in whole
        if len(run.names.keys() & shared) > 1
        for name in run.names
        if name in shared or not _is_word_with_particle(crowd, name)
    }
    for run in runs:
        if len(run.names) > 1 and run.names.keys() <= known:
            for name, (line, said) in run.names.items():
                crowd.knows(name, "paragraphs one below the other begin with names, again")
                crowd.reporting[line] = (name, said)


def _is_word_with_particle(crowd: Crowd, name: str) -> bool:
    """`사진이`: a word that no name is made of, and what follows one in a sentence."""
    return name[-1:] in "이가은는도" and name[:-1] in crowd.lexicon.common


def take_addressed(crowd: Crowd, rows: list[Row]) -> None:
    """`robin to sky` and `sky to robin` where each says something: who says it, and to whom.

    Elsewhere `day to night` and `night to day` may be what a model learns.
    """
    pairs: dict[int, tuple[str, str]] = {}
    inside = headed = False
    over: Row | None = None
    for row in rows:
        listed = row.listed or (inside and not row.mark)
        label = row.label if row.kind == "words" and inside and listed else None
        said_to = label.name if label and label.sign == ":" and label.end < len(row.words) else ""
        if row.kind != "words" or (len(row.words) > SHORT and not said_to):
            continue
        titles = (inside and row.listed) or row.level
        said_to = said_to or (row.words.rstrip(":： \t") if titles else "")
        if found := _TO.fullmatch(said_to) or _SAYS_TO.fullmatch(said_to):
            pairs[row.line.number] = (found["who"], found["whom"])
        elif row.level:
            inside = headed = crowd.lexicon.rounds.search(row.words) is not None
            over = None
        elif row.listed and (over is None or row.column <= over.column):
            inside = headed or crowd.lexicon.rounds.search(row.words) is not None
            over = row
    both = set(pairs.values())
    circle = {who for who, _ in both} == {whom for _, whom in both} and len(both) >= FEW
    for line, (who, whom) in pairs.items():
        turned = circle or ((whom, who) in both and min(len(who), len(whom)) > 1)
        # `클라이언트 → 서버` and back are no two people.
        person = not (means_something(crowd, who) or means_something(crowd, whom))
        if who != whom and turned and person:
            crowd.knows(who, f"line {line}: each of two says something to the other")
            crowd.addressed[line] = who


def take_letters(crowd: Crowd, rows: list[Row]) -> None:
    """`### 00:05 — 하늘 → 나래`, `### 나래 회신`: headings of what one wrote to another, or when.

    It takes three of a level, most of those there, of two people one of whom wrote again.
    """
    levels = defaultdict[int, list[tuple[Row, re.Match[str] | None]]](list)
    for row in rows:
        if 1 < row.level < LABEL_LEVEL:
            levels[row.level].append((row, _LETTER.fullmatch(row.words[: 2 * SHORT])))
    for headings in levels.values():
        found = [(row, match["who"]) for row, match in headings if match]
        sent = sum(bool(match and (match["clock"] or match["to"])) for _, match in headings)
        count = Counter(who for _, who in found)
        if len(found) < FEW or 3 * len(found) < 2 * len(headings) or 2 * sent < len(found):
            continue
        if (
            len(count) < 2
            or max(count.values()) < 2
            or any(means_something(crowd, w) for w in count)
        ):
            continue
        for row, who in found:
            crowd.knows(who, f"line {row.line.number}: who wrote what, and to whom or when")
            crowd.addressed[row.line.number] = who
            crowd.letters.add(row.line.number)


def take_commenting(crowd: Crowd, rows: list[Row]) -> None:
    """`Comment from Robin: …`, `Question from Sky Field – …`: who makes it."""
    for row in rows:
        if row.kind != "words" or " from " not in row.words[:SHORT] or not (label := row.label):
            continue
        found = COMMENT_FROM.fullmatch(label.name)
        if found and shape_of(found["who"]) == "latin" and not means_something(crowd, found["who"]):
            crowd.knows(found["who"], f"line {row.line.number}: from whom the words are")


def take_lists_of_reports(crowd: Crowd, rows: list[Row]) -> None:
    """`- Robin working on the map`, `- 하늘 지도 그림`: items that all begin with a known name."""
    run: list[Row] = []
    parted = False
    for row in [*rows, None]:
        item = row is not None and row.kind == "words" and not row.label and not row.level
        item = item and row is not None and row.mark in ("", "bullet")
        # Paragraphs that an empty line parts are of one run where names open both.
        apart = parted and row is not None and not (row.mark or _are_led(crowd, run[-1:], row))
        parted = row is not None and row.kind == "blank"
        if item and row is not None and (not run or (not apart and _alike(run[0], row))):
            run.append(row)
            continue
        over = len(run) == 1 and not run[0].mark and not _are_led(crowd, run, run[0])
        if item and row is not None and over and row.column > run[0].column:
            run = [row]  # below its title
            continue
        if row is not None and (row.kind == "blank" or (run and row.column > run[0].column)):
            continue
        if len(run) < 2:
            run = [row] if item and row is not None else []
            continue
        to_do = any(crowd.lexicon.is_to_do(each.words) for each in run)
        if are_due(run):  # `하늘   지도   3/14`
            named = [each for each in run if crowd.why(each.words.split(maxsplit=1)[0])]
            crowd.due.update(row.line.number for row in named)
            to_do = True
        begun = [
            found
            for each in (() if to_do else run)
            if (found := _BEGUN.match(each.words) or _NAME_ALONE.match(each.words))
            and not GOING_TO.match(each.words)
            and not only_accounts(each.words[found.end() :])
            and "|" not in each.words  # a table that nothing frames
            and not person(crowd, each.words)[0]  # `Robin Field` in a list of people
        ]
        names = {found["who"] for found in begun if crowd.why(found["who"])}
        others = {found["who"] for found in begun} - names
        if len(names) >= FEW and len(others) == 1 and all(is_usual_name(crowd, o) for o in others):
            crowd.knows(next(iter(others)), "a name before what is said, as all beside it")
            names |= others
        if _only_nouns(run):
            names = set()
        if len(names) >= FEW and len(names) == len(run):
            for each, found in zip(run, begun, strict=True):
                if not INTENDS.match(each.words, found.end()):
                    crowd.reporting[each.line.number] = (found["who"], found.end())
        elif len(names) > 1:
            _take_among(crowd, run)
        run = [row] if item and row is not None else []


def _only_nouns(run: list[Row]) -> bool:
    """Whether four items or more all end in a noun, `하늘 지도 설계`: a list of who does what."""
    words = [each.words.rstrip(" .!~") for each in run]
    return len(run) > FEW and all(_NOUN.search(each) and not is_sentence(each) for each in words)


def _take_among(crowd: Crowd, run: list[Row]) -> None:
    """Lines one below the other that begin with those who were there, among others that do not."""
    there = {squeeze(name) for _, name in crowd.attendees}
    there |= {name for name, reason in crowd.reasons.items() if reason.endswith(OPENS)}
    part: dict[str, tuple[Row, int]] = {}
    told = set[str]()
    for row in [*run, None]:
        found = _NAME_ALONE.match(row.words) or _BEGUN.match(row.words) if row else None
        said = row.words[found.end() :] if row and found else ""
        there_too = found and squeeze(found["who"]) in there and found["who"] not in part
        if row and found and there_too and _may_report(crowd, said):
            part[found["who"]] = (row, found.end())
            told |= {found["who"]} if _says(crowd, said) else set()
            continue
        latin = any(who.isascii() for who in part)  # `Sky is blue`
        if len(part) >= (FEW if latin else FEW - 1):
            for who, (each, end) in part.items():
                if who not in told:
                    crowd.reporting[each.line.number] = (who, end)
        part, told = {}, set()


def _may_report(crowd: Crowd, said: str) -> bool:
    """Whether words behind a name are several, and tell what was."""
    ahead = INTENDS.match(said) or _is_ahead(crowd, said)
    return not ahead and _TWO_WORDS.match(said) is not None


def _says(crowd: Crowd, said: str) -> bool:
    """Whether a verb behind a name says by itself that somebody says something."""
    return said.startswith(("and ", "& ")) or crowd.lexicon.says.match(said) is not None


def _is_ahead(crowd: Crowd, said: str) -> bool:
    """Whether words say what is to be done, and by when."""
    lexicon = crowd.lexicon
    return bool(lexicon.is_to_do(said) or lexicon.until.search(said) or _PLAN.search(said))


def _are_led(crowd: Crowd, above: list[Row], row: Row) -> bool:
    """Whether a known name opens each of the rows."""
    begun = [_BEGUN.match(each.words) for each in (*above, row)]
    return all(found and crowd.why(found["who"]) for found in begun)


def _alike(one: Row, other: Row) -> bool:
    return (one.column, one.mark) == (other.column, other.mark)


def take_replying(crowd: Crowd, rows: list[Row]) -> None:
    """`→ 하늘: …` and `→ 나래: …`, two people or more: who replies to what stands above."""
    found = [
        (bare_name(crowd, label.name), row.line.number)
        for row in rows
        if row.kind == "words" and row.mark == "arrow" and (label := row.label)
        if label.sign == ":" and len(row.words) > label.end + FEW
    ]
    names = {name for name, _ in found}
    usual = all(
        crowd.why(name) or is_usual_name(crowd, name) or is_first_name(name) for name in names
    )
    if len(names) > 1 and usual:
        for name, number in found:
            crowd.knows(name, f"line {number}: who replies, behind an arrow, as others do")


def take_narrated(crowd: Crowd, rows: list[Row]) -> None:
    """`이하늘은 지도를 그렸다고 함.`, sentences about three people by full names, four or more.

    Two of them are said to have said something: a novel's heroes do more than that.
    """
    found = [
        (match["who"], row)
        for row in rows
        if row.kind == "words" and not row.level
        for match in _NARRATED.finditer(row.words)
        if is_full_name(crowd, match["who"])
    ]
    said = {who for who, row in found if _SAID.search(row.words)}
    if len(found) > FEW and len({who for who, _ in found}) >= FEW and len(said) > 1:
        for who, row in found:
            crowd.knows(who, f"line {row.line.number}: a full name, and what its bearer said")


def take_answering(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘: 재미있을 것 같다` and `구름: 잘 모르겠다`, all there is below a heading that asks."""
    for index, row in enumerate(rows):
        if not row.level or not row.words.endswith(("?", "？")) or len(row.words) > SHORT:
            continue
        found: list[tuple[str, int]] = []
        for below in rows[index + 1 :]:
            if below.level or below.kind not in ("words", "blank"):
                break
            if below.kind == "blank":
                continue
            label = below.label
            if label is None or label.sign != ":" or label.end == len(below.words):
                found = []
                break
            found.append((label.name, below.line.number))
        names = {name for name, _ in found}
        if len(names) >= 2 and all(crowd.why(name) or is_given_name(crowd, name) for name in names):
            for name, number in found:
                crowd.knows(name, f"line {number}: who answers what the heading asks")


def _runs(crowd: Crowd, rows: list[Row]) -> list[_Run]:
    runs = [_Run()]
    for row in rows:
        if row.kind == "blank":
            continue
        plain = row.kind == "words" and not row.level and not row.mark and row.box is None
        if plain and row.label and _named(crowd, row.label.name):
            plain = False  # `현수님 - …` sets the name off
        if plain and (found := _NAMED.match(row.words)) and (name := _named(crowd, found["who"])):
            run = runs[-1]
            run.twice = run.twice or name in run.names
            run.names[name] = (row.line.number, found.end())
            run.told += " " in row.words[found.end() :]
        elif not (plain and _ABOUT.match(row.words) and runs[-1].names) and runs[-1].names:
            runs.append(_Run())
    return runs


def _named(crowd: Crowd, written: str) -> str:
    """A name with 님 behind it, or a full name; nothing for other words."""
    if with_honour(crowd, written):
        return person(crowd, written)[0]
    return written if is_full_name(crowd, written) else ""


def take_initials(crowd: Crowd, rows: list[Row]) -> None:
    """`RF (Robin Field): …`: who the initials before a colon are, spelled out behind them.

    A term is spelled out once, `PDU (Protocol Data Unit): …`; who speaks is called so again.
    """
    found: dict[str, tuple[str, int]] = {}
    for row in rows:
        label = row.label if row.kind == "words" and "(" in row.words[:8] else None
        match = _SPELLED.fullmatch(label.name) if label and label.sign == ":" else None
        if match is None:
            continue
        full = match["full"].strip()
        letters = "".join(word[:1] for word in _WORDS.split(full))
        if letters.casefold() == match["short"].casefold() and shape_of(full) == "latin":
            found[match["short"]] = (full, row.line.number)
    if not found:
        return
    labels = [label for row in rows if row.kind == "words" and (label := row.label)]
    short = Counter(label.name.casefold() for label in labels if len(label.name) <= FEW + 1)
    if not any(short[initials.casefold()] for initials in found):
        return
    for initials, (full, number) in found.items():
        if means_something(crowd, initials) or means_something(crowd, full):
            continue
        reason = f"line {number} has the initials, and the name"
        crowd.knows(full, reason)
        crowd.knows(initials, reason)
