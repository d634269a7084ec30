"""Headings beside those of people, and the lines of a chat: who else is one of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from studykit.wiki.evidence.crowd import (
    ASIDE,
    Crowd,
    bare_name,
    is_usual_name,
    means_something,
    without_elder,
    without_kin,
)
from studykit.wiki.first_names import is_first_name
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape, shape_of
from studykit.wiki.rows import Row

__all__ = ["take_beside", "take_chat", "take_comments"]

_MENTION = re.compile(r"(?<![A-Za-z0-9_.@])@(?P<who>[A-Za-z][A-Za-z0-9_.-]{1,38})")
_TIMED = re.compile(
    r"(?P<who>[^\s:：]{2,24})[ \t]{1,4}[\[(]?(?P<time>\d{1,2}:\d{2}(?::\d{2})?)"
    r"(?P<half>[ \t]?[AaPp]\.?[Mm]\.?)?[\])]?"
)
_EXPORTED = re.compile(r"\[(?P<who>[^\[\]]{1,20})\][ \t]?\[(?:오전|오후) ?\d{1,2}:\d{2}\][ \t]")
_PASTED = re.compile(
    r"(?P<bold>\*{1,2})?(?P<who>[^\s:：*]{2,12}|[\u4e00-\u9fff가-힣](?=[ \t\u3000])"
    r"|[^\s:：\d*]{1,12} [^\s:：\d(*]{1,12}(?=[ \t]{2}|[ \t][—–][ \t]|\*))"
    r"(?(bold)(?:[ \t]?\([^()]{1,12}\))?\*{1,2})"
    r"(?:[ \t]?\([^()]{1,12}\))?[ \t\u3000]+(?:[—–-][ \t]+)?"
    r"(?:(?:오늘|어제|\d{4}[./-] ?\d{1,2}[./-] ?\d{1,2}\.?)[ \t]+"
    r"(?:(?:오전|오후)[ \t]?)?\d{1,2}:\d{2}"
    r"|\[\d{1,2}:\d{2} [AP]M\]|\[?(?:오전|오후)[ \t]?\d{1,2}:\d{2}\]?"
    r"|(?:(?<=[ \t]{2})|(?<=\*[ \t]))(?P<short>\d{1,2}:\d{2} [AP]M)"
    r"|(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)"
    r"|(?:Today|Yesterday) at \d{1,2}:\d{2} [AP]M|\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}(?: [AP]M)?)"
    r"(?:[ \t]*\([^()]{1,8}\))?"
)
_STAMPED = re.compile(
    r"(?P<who>[^\[\]:,]{2,24}), \[[^\[\]]{4,16} \d{4},? (?:at )?\d{1,2}:\d{2}(?::\d{2})?\]:?"
)
"""`Robin, [4 Mar 2031 at 15:21:00]:`, over what Robin says."""
_TITLE = re.compile(r"[^\W\d_]+")
_EACH = re.compile(
    r"\b(?:individual|personal|members?|round[ -]?(?:table|robin))\b|개인|각자|팀원|멤버|근황",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_COMMENTS = frozenset(("comments", "chat", "chatlog", "댓글", "코멘트"))
_NO_WORD = re.compile(r"[0-9_-]")
_NICKS = ("nick", "latin", "initials")
_BESIDE = re.compile(r"[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff\ufe0f \t]+$")
FEW = 3
LONGEST = 40


def take_beside(crowd: Crowd, rows: list[Row]) -> None:
    """`### Robin Field` and `### Sky`: a heading among those of people and nobody else's."""
    handles: set[str] | None = None
    below = cache(lambda: _parts_below(rows))
    for parent, run in _headings(rows):
        names = [row.words.removeprefix("@").strip() for row in run]
        if len(set(names)) < FEW or not all(shape_of(name) in _NICKS for name in names):
            continue
        if _in_capitals(crowd, names):
            for name, row in zip(names, run, strict=True):
                crowd.knows(name, f"line {row.line.number}: first names in capitals as headings")
            continue
        if _report_alike(crowd, run, below()):
            for name, row in zip(names, run, strict=True):
                reason = f"line {row.line.number}: a heading over what was and is to be done"
                crowd.knows(name, f"{reason}, as others")
            continue
        known = {name for name in names if crowd.why(name)}
        each = parent is not None and _EACH.search(parent.words[:80])  # `Individual Updates`
        if not each or len(known) < FEW or len(known) < 0.75 * len(names):
            handles = _handles(crowd, rows) if handles is None else handles
            known = {name for name in names if name in handles}
            if len(known) < FEW - 1 or not _are_nicks(names):
                continue
        for name, row in zip(names, run, strict=True):
            if name in known or not means_something(crowd, name):
                crowd.knows(name, f"line {row.line.number}: a heading beside those of people")


def _report_alike(crowd: Crowd, run: list[Row], below: dict[int, set[str]]) -> bool:
    """`# robin` and `# sky`, each over `## DONE` and `## TODO`: what each did and is to do."""
    parts = [below.get(row.line.number, set[str]()) for row in run]
    did = sum(any(name in crowd.lexicon.did for name in names) for names in parts)
    to_do = sum(any(crowd.lexicon.section(name) == "task" for name in names) for names in parts)
    if len(parts) < FEW or 2 * min(did, to_do) < len(parts):
        return False
    return not any(means_something(crowd, row.words) for row in run)


def _parts_below(rows: list[Row]) -> dict[int, set[str]]:
    """The headings right below each heading, by its line."""
    parts: dict[int, set[str]] = {}
    above: list[Row] = []
    for row in rows:
        if not row.level:
            continue
        while above and above[-1].level >= row.level:
            above.pop()
        if above:
            parts.setdefault(above[-1].line.number, set()).add(squeeze(row.words.rstrip(": ")))
        above.append(row)
    return parts


def _in_capitals(crowd: Crowd, names: list[str]) -> bool:
    """`### ROBIN`, `### SKYE` and others: most of them are first names, and none is a word."""
    found = set(names)
    if not all(name.isalpha() and name.isupper() and len(name) > FEW for name in found):
        return False
    named = sum(is_first_name(name.capitalize()) for name in found)
    return 2 * named >= len(found) and not any(means_something(crowd, name) for name in found)


def _headings(rows: list[Row]) -> Iterator[tuple[Row | None, list[Row]]]:
    """The headings of one level below the same heading, and that one."""
    runs: dict[int, tuple[Row | None, list[Row]]] = {}
    for row in rows:
        if row.level:
            for level in [level for level in runs if level > row.level]:
                yield runs.pop(level)
            above = max((level for level in runs if level < row.level), default=0)
            parent = runs[above][1][-1] if above else None
            runs.setdefault(row.level, (parent, []))[1].append(row)
    yield from runs.values()


def _handles(crowd: Crowd, rows: list[Row]) -> set[str]:
    """Whom minutes call by `@robin`; in other notes `@Bean` may be anything."""
    if any(row.kind == "fence" for row in rows):
        return set()  # what stands behind `@` may be a program's
    title = next((row for row in rows if row.level), None)
    words = _TITLE.findall(title.words[:80]) if title else []
    if not any(squeeze(word) in crowd.lexicon.titles for word in words):
        return set()
    return {
        match["who"].rstrip(".-")
        for row in rows
        if row.kind == "words" and "@" in row.words
        for match in _MENTION.finditer(row.words)
    }


def _are_nicks(names: list[str]) -> bool:
    """Whether one name at least is no word, and most begin small: `## Bean` does neither."""
    small = sum(name[:1].islower() for name in names)
    return 2 * small >= len(names) and any(map(_NO_WORD.search, names))


def take_chat(crowd: Crowd, rows: list[Row]) -> None:
    """`robin 4:21 PM`, three times or more: who says the lines below, in a chat that was pasted."""
    found = [
        (ASIDE.sub("", match["who"]).strip(), match["half"], match["time"], row)
        for row, below in pairwise(rows)
        if row.kind == "words" and not row.level and ":" in row.words[:40]
        if below.kind == "words" and (not below.listed or row.sign not in ("", below.sign))
        if len(row.words) < LONGEST and (match := _TIMED.fullmatch(row.words))
    ]
    _exported(crowd, rows)
    _pasted(crowd, rows)
    names = {name for name, *_ in found}
    if len(found) < FEW or not len(found) > len(names) > 1:
        return
    # `Break 10:30`, `seoul 4:30 PM`: what is done, or what leaves, when.
    nicks = any(map(_NO_WORD.search, names)) and all(half for _, half, *_ in found)
    usual = sum(is_usual_name(crowd, name) for name in names) >= (
        len(names) / 2 if _is_recorded([time for _, _, time, _ in found]) else len(names)
    )
    bold = len(found) > FEW and all(
        half and row.line.words.startswith("**") for _, half, _, row in found
    )
    if usual or all(
        crowd.why(name) or (nicks and _may_chat(crowd, name)) or (bold and listed_shape(name))
        for name in names
    ):
        for name, *_, row in found:
            crowd.knows(name, f"line {row.line.number}: a name and a time, in a chat")
            crowd.chat[row.line.number] = name


def _is_recorded(times: list[str]) -> bool:
    """Whether minutes and seconds begin near nought and never go back, as a recording's do."""
    parts = [[int(part) for part in time.split(":")] for time in times]
    seconds = [60 * each[-2] + each[-1] + sum(3600 * hour for hour in each[:-2]) for each in parts]
    return len(times) > FEW and seconds[0] < 60 and seconds == sorted(seconds)


def _pasted(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘  오전 10:02` over what is said, three times or more: as a messenger shows it."""
    found = [
        (bare_name(crowd, match["who"]), row.line.number, _bare_time(match))
        for row, below in pairwise(rows)
        if row.kind == "words" and not row.level and len(row.words) < 2 * LONGEST
        if below.kind == "words" and ":" in row.words
        if (match := _PASTED.fullmatch(_set_off(row)) or _STAMPED.fullmatch(row.words))
    ]
    again = Counter(name for name, *_ in found)  # `하루` is a word, and who speaks twice
    if len(found) < FEW or len(again) < FEW - 1:
        return
    if any(short for *_, short in found) and max(again.values()) < FEW - 1:
        return  # `Break 10:30 AM`, of a programme
    clocks = [short for *_, short in found if short and short[-1] != "M"]
    hours = [tuple(map(int, each.split(":"))) for each in clocks]
    if hours != sorted(hours) or (clocks and any(map(_DIGIT.search, again))):
        return  # `day1 9:30`
    words = (name for name in again if name in crowd.lexicon.common and again[name] < FEW - 1)
    if any(words) or any(means_something(crowd, name) for name in again):
        return
    for name, number, _ in found:
        crowd.knows(name, f"line {number}: a name and a time, in a chat")
        crowd.chat[number] = name


def _set_off(row: Row) -> str:
    """A row's words, with the stars that set the name off: `*하늘* 10:02 AM`."""
    return row.line.words if row.line.words.startswith("*") else row.words


def _bare_time(match: re.Match[str]) -> str:
    """The time where no day stands beside it, as in a programme: `10:30 AM`, `10:30`."""
    groups = match.groupdict()
    return groups.get("short") or groups.get("clock") or ""


def _exported(crowd: Crowd, rows: list[Row]) -> None:
    """`[하늘] [오후 3:21] 좋다`, twice or more: a chat as a messenger exports it."""
    found = [
        (match["who"], row.line.number, match.end())
        for row in rows
        if row.words.startswith("[") and (match := _EXPORTED.match(row.words[:LONGEST]))
    ]
    for who, number, end in found if len(found) > 1 else ():
        crowd.exported.add(number)
        name = _BESIDE.sub("", ASIDE.sub("", who)).strip()
        office, _, called = name.rpartition(" ")  # `[총무 하늘] [오후 3:21] 좋다`
        name = called if office and crowd.lexicon.title.fullmatch(office) else name
        name = without_kin(crowd, name) if office else name  # `[이하늘 형] [오후 3:21] 좋다`
        name = without_elder(name)  # `[하늘언니] [오후 3:21] 좋다`
        crowd.knows(name, f"line {number}: a name and a time, in a chat")
        if name != who:  # `[하늘(디자인)] [오후 3:21] 좋다`
            crowd.reporting[number] = (name, end)


def take_comments(crowd: Crowd, rows: list[Row]) -> None:
    """`robin: …` and `sky_2: …`, paragraph by paragraph below `# Comments`: who writes them."""
    found: list[tuple[str, Row]] = []
    level, above = 0, None
    for row in rows:
        if row.level and (not level or row.level <= level):
            _comment(crowd, found)
            level = row.level if squeeze(row.words) in _COMMENTS else 0
            found = []
        begins = above is None or above.kind != "words" or bool(above.level)
        if level and begins and row.kind == "words" and not row.mark and not row.level:
            label = row.label
            if label and label.sign == ":" and " " not in label.name:
                found.append((label.name, row))
        above = row
    _comment(crowd, found)


def _comment(crowd: Crowd, found: list[tuple[str, Row]]) -> None:
    count = Counter(name for name, _ in found)
    if len(found) < 2 * FEW or len(count) < FEW or max(count.values()) < FEW:
        return
    if all(_may_chat(crowd, name) for name in count) and any(map(_NO_WORD.search, count)):
        for name, row in found:
            crowd.knows(name, f"line {row.line.number}: who writes a comment, as others do")


def _may_chat(crowd: Crowd, name: str) -> bool:
    return (
        shape_of(name) in (*_NICKS, "full", "given")
        and not means_something(crowd, name)
        and name not in crowd.lexicon.common
    )
