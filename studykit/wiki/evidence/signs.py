"""Who speaks by signs that are no colon: `하늘 -> …`, `하늘 | …`, `하늘 "…"`, line by line."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

from studykit.wiki.evidence.crowd import (
    ASIDE,
    Crowd,
    is_no_name,
    is_usual_name,
    means_something,
    person,
)
from studykit.wiki.evidence.listing import are_due, only_accounts
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape, shape_of
from studykit.wiki.rows import Row
from studykit.wiki.times import DATE_LABELS

__all__ = [
    "take_bold",
    "take_bold_labels",
    "take_honoured_openers",
    "take_quoted",
    "take_quotes",
    "take_signatures",
    "take_signs",
    "take_starred",
]

_SIGNED = re.compile(
    r"(?:[A-Z]{1,2}\d{3,5}[ \t_-]+)?(?P<open>[【「@]?)"
    r"(?P<who>[^\W\d_][^\s.:;|=>()「」【】\"“ㅣ│-]{0,11})"
    r"(?P<sign>(?<=..)\)[ \t]+|\.[ \t]+"
    r"|[】」][ \t]*|[ \t]*(?:[-=]{1,2}>|→|⇒|➡|➜)[ \t]*|[ \t]*[|ㅣ│;][ \t]*"
    r"|[ \t]+[=~][ \t]+|_[ \t]+|[ \t]*(?=[\"“「])|\t+|[ ]{2,}|\u3000+"
    r"|[ \t]+(?:says|said|왈)[ \t]*[:：][ \t]*)(?=\S)"
)
_BOLD = re.compile(
    r"(?:(?:[-*+]|\d{1,2}[.)])[ \t]+)?(?P<bold>\*\*|__)(?P<who>[^\s*]{1,20}?)(?P=bold)[ \t]+"
    r"(?=[^\s:：(\[–—-])"
)
_BOLD_LABEL = re.compile(r"(?:[-*+][ \t]+)?\*\*(?P<who>[^*:]{2,20}?):?\*\*[ \t]*:?[ \t]+(?=\S)")
_IN_QUOTES = re.compile(r"\*\*[ \t]*[\"“][^\"“”]{8,}[\"”]$")
"""What somebody said, word by word, behind a name in bold."""
_BOLD_NAME = re.compile(r"\*\*(?P<who>[가-힣]{2,5}\.?)\*\*[ \t]*(?:[–—-][ \t]*)?(?=[^\s:：(])")
_STARRED = re.compile(
    r"[•·*-][ \t]+\*(?P<who>[가-힣]{2,5}|[A-Za-z][\w.-]{1,16})\*[ \t]+(?:[:–—-][ \t]+)?(?=[^\s:])"
)
_CALLED = re.compile(r"@(?P<who>[^\s:：]{1,12})[ \t]+(?=[^\s:：])")
_QUOTED = re.compile(
    r"(?P<who>[^\s:,.()\[\]]{1,12}?)(?:님)?(?:[ \t]*曰く?|[ \t]+왈)[ \t]*[,、:：]?[ \t]*(?=\S)"
)
_WHOLE_QUOTE = re.compile(
    r"(?P<who>[^\W\d_]{2,8})[ \t]*[\"“「](?=[^\"”」]{6})[^\"”」]*[\"”」][ \t.]*"
)
_CONTACT = re.compile(r"\d{2}[\d-]{4,}|[\w.+-]{1,40}@[\w-]")
_SIGNATURE = re.compile(r"[^\s\d-][ \t]+[-–—][ \t]?(?P<who>[가-힣]{1,3})$")
_DASH = re.compile(r"[-–—]")
SHORTEST = 3
MANY = 6
TAIL = 24
FEW = 2
WIDE = 40
QUOTE = 400


def take_signs(crowd: Crowd, rows: list[Row]) -> None:
    """Two people or more, known by other evidence, each before the same sign, and few else."""
    if len(crowd.reasons) < FEW:
        return
    forms: defaultdict[tuple[str, str], list[tuple[Row, str, int]]] = defaultdict(list)
    others: defaultdict[tuple[str, str], int] = defaultdict(int)
    unknown: defaultdict[tuple[str, str], list[tuple[Row, str, int]]] = defaultdict(list)
    for row in rows:
        if row.kind != "words" or row.level or row.box is not None or row.mark == "arrow":
            continue
        found, sign = _form(row)
        if found is None:
            continue
        who = found["who"].rstrip(".")
        name = person(crowd, who)[0]
        form: tuple[str, str] = (row.mark, sign)
        if not name:
            field = squeeze(who)
            others[form] += field not in DATE_LABELS and not means_something(crowd, who)
            unknown[form].append((row, who, found.end()))
            continue
        end = found.end() if sign != "**" else len(found["who"]) + 1
        end += 2 * row.words.startswith("> ", end)  # `**하늘** > …`
        forms[form].append((row, name, end))
    for form, found_here in forms.items():
        names = {name for _, name, _ in found_here}
        said = [row for row, _, end in found_here if _is_said(crowd, row.words[end:])]
        if are_due([row for row, _, _ in found_here]):
            continue
        if len(names) < FEW or others[form] > len(found_here) // 3:
            continue
        most = form[1] == "**" and 4 * len(said) >= 3 * len(found_here)
        # `하늘 = …`, of three of them or more, or of four lines
        much = form[1] in ("=", "=>", "~") and 2 * len(said) >= len(found_here) > FEW + 1
        if most or (much and len(names) > FEW) or len(said) == len(found_here):
            for row, name, end in found_here:
                crowd.reporting[row.line.number] = (name, end)
            _take_beside(crowd, unknown[form], len(names))


def _take_beside(crowd: Crowd, unknown: list[tuple[Row, str, int]], known: int) -> None:
    """Who stands twice before a quote beside three people or more: `里「…」`, `空「…」`."""
    again = Counter(who for _, who, _ in unknown)
    for row, who, end in unknown if known > FEW else ():
        quoted = row.words[end : end + 1] in ("「", "『", '"', "“")
        if again[who] > 1 and quoted and listed_shape(who) and not is_no_name(crowd, who):
            crowd.knows(who, f"line {row.line.number}: a name before a quote, as others'")
            crowd.reporting[row.line.number] = (who, end)


_HONOURED_OPENER = re.compile(
    r"(?P<who>[^\W\d_]{1,8}?(?:の[^\W\d_]{1,4})?)(?P<how>さん|氏)[ \t]{1,4}(?=[^\s(:\-–—])"
)


def take_quoted(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘 왈 …`, `里雲曰く、…`, two lines or more of two people: nobody else says so."""
    lines = (row for row in rows if row.kind == "words" and not row.level)
    found = [(row, match) for row in lines if (match := _QUOTED.match(row.words[:WIDE]))]
    if len({match["who"] for _, match in found}) < FEW:
        return
    for row, match in found:
        if not crowd.why(match["who"]):
            crowd.knows(match["who"], f"line {row.line.number} quotes what the bearer says")
        crowd.reporting[row.line.number] = (match["who"], match.end())


def take_honoured_openers(crowd: Crowd, rows: list[Row]) -> None:
    """`○ 里さん　静かだった` and `○ 空さん　…`: items that open with whom they honour."""
    found = [
        (row, match)
        for row in rows
        if row.kind == "words" and row.listed and row.box is None
        if (match := _HONOURED_OPENER.match(row.words[:WIDE])) and not crowd.is_role(match["who"])
        if not crowd.lexicon.is_to_do(row.words)
    ]
    if len({match["who"] for _, match in found}) < FEW:
        return
    for row, match in found:
        crowd.knows(match["who"], f"line {row.line.number}: {match['how']} stands behind the name")
        crowd.reporting.setdefault(row.line.number, (match["who"], match.end()))


def take_quotes(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘 "안개가 짙다"`, four lines or more of three people: who says what, word by word."""
    lines = (row for row in rows if row.kind == "words" and not row.level and row.words)
    found = [(row, match) for row in lines if (match := _WHOLE_QUOTE.fullmatch(row.words[:QUOTE]))]
    names = {match["who"] for _, match in found}
    if len(found) < MANY - 2 or len(names) <= FEW or len(names) == len(found):
        return
    if any(not listed_shape(name) or is_no_name(crowd, name) for name in names):
        return
    for row, match in found:
        crowd.knows(match["who"], f"line {row.line.number}: a name before a quote, as others'")
        crowd.reporting[row.line.number] = (match["who"], match.end("who"))


def take_bold(crowd: Crowd, rows: list[Row]) -> None:
    """`**하늘.** …`, `**구름** — …`, `**나래** …`: names in bold at the beginning of paragraphs."""
    found = [
        (row, match["who"].rstrip("."))
        for row in rows
        if row.kind == "words"
        and not row.level
        and (match := _BOLD_NAME.match(row.line.words.lstrip("> ")))
    ]
    names = {who for _, who in found}
    good = {name for name in names if crowd.why(name) or is_usual_name(crowd, name)}
    block = [row.line.number for row, _ in found]
    beside = sum(later - line == 1 for line, later in pairwise(block))
    # Line by line, `**미르** …` stands as those do whose names are usual.
    alike = len(names) >= MANY // 2 and beside >= MANY // 2 and bool(good)
    alike = alike and not any(
        means_something(crowd, name) or name in crowd.lexicon.common for name in names
    )
    quoted = [who for row, who in found if _IN_QUOTES.search(row.line.words)]
    each = len(set(quoted)) >= MANY // 2 and len(quoted) == len(found)
    if (len(good) >= MANY // 2 and len(good) == len(names)) or alike or each:
        for row, who in found:
            crowd.knows(who, f"line {row.line.number}: a name in bold before a text, as others'")


def take_bold_labels(crowd: Crowd, rows: list[Row]) -> None:
    """`**하늘**: …`, `**Duc**: …`, line by line: beside two of the note's people, a third.

    Four lines or more; a word that means something is none of them.
    """
    run: list[str] = []
    for row in [*rows, None]:
        label = row.label if row is not None and row.kind == "words" else None
        bold = _BOLD_LABEL.match(row.line.words) if row and label and label.sign == ":" else None
        if bold:
            run.append(ASIDE.sub("", bold["who"]).strip())
            continue
        if row is not None and (row.kind == "blank" or (run and row.column)):
            continue
        known = {name for name in run if person(crowd, name)[0]}
        if len(run) >= MANY - 2 and len(known) >= 2:
            for name in dict.fromkeys(run):
                if name not in known and listed_shape(name) and not is_no_name(crowd, name):
                    crowd.knows(name, "a label in bold, beside those of people")
        run = []


def take_starred(crowd: Crowd, rows: list[Row]) -> None:
    """`• *하늘* 지도를 그림`, `• *구름* …`, as a messenger sets names in bold: who says what."""
    found = [
        (row, match)
        for row in rows
        if row.kind == "words" and (match := _STARRED.match(row.line.words))
    ]
    names = {match["who"] for _, match in found}
    usual = sum(bool(crowd.why(name) or is_usual_name(crowd, name)) for name in names)
    if len(names) <= FEW or 2 * usual < len(names):
        return
    if 3 * sum(means_something(crowd, name) for name in names) > len(names):
        return  # `지원` is a name beside others
    for row, match in found:
        begin = row.line.words.find(row.words)
        end = match.end() - begin if begin >= 0 else len(match["who"])
        end += len(row.words) - end - len(row.words[end:].lstrip())
        crowd.knows(match["who"], f"line {row.line.number}: a name between stars, as others'")
        crowd.reporting[row.line.number] = (match["who"], end)


def take_signatures(crowd: Crowd, rows: list[Row]) -> None:
    """`안개가 짙다 -하늘` or `… -김`: most lines of a note end in one of a few short words."""
    lines = [row for row in rows if row.kind == "words" and not row.level]
    found = [
        (row, match["who"])
        for row in lines
        if _DASH.search(row.words[-5:]) and (match := _SIGNATURE.search(row.words[-TAIL:]))
    ]
    count = Counter(who for _, who in found)
    again = {who for who, often in count.items() if often > 1}
    if len(again) < FEW or len(found) < MANY or 2 * len(found) < len(lines):
        return
    if len(again) < len(count) - 1 or any(means_something(crowd, who) for who in again):
        return
    for row, who in found:
        if who in again:
            crowd.knows(who, f"line {row.line.number}: most lines end in a dash and few words")


def _form(row: Row) -> tuple[re.Match[str] | None, str]:
    """What stands before the sign with which a row begins, and the sign."""
    if found := _SIGNED.match(row.words[:WIDE]):
        return found, found["sign"].strip() or found["sign"][:1]
    if row.words.startswith("@"):
        return _CALLED.match(row.words[:WIDE]), "@"
    typed = row.line.words[:WIDE]
    if "**" in typed[:8] or "__" in typed[:8]:
        return _BOLD.match(typed), "**"
    return None, ""


def _is_said(crowd: Crowd, words: str) -> bool:
    """Whether words can be what somebody says: neither names nor what is to be done."""
    if len(words) < SHORTEST or person(crowd, words)[0] or shape_of(words):
        return False
    if _CONTACT.search(words) or only_accounts(words):
        return False  # a roster
    if all(squeeze(word) in crowd.lexicon.disciplines for word in words.split()):
        return False  # `하늘 | FE`
    return not crowd.lexicon.is_doing(words)
