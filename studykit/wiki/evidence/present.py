"""Who was there: lists of attendees, offices, columns of names."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from studykit.wiki.endings import says_something
from studykit.wiki.evidence.crowd import (
    ASIDE,
    SPLIT,
    Crowd,
    bare_name,
    is_full_name,
    is_no_name,
    may_be_full,
    means_something,
    says_nobody,
)
from studykit.wiki.evidence.listing import LINKED, listed_names, without_absent
from studykit.wiki.labels import SHORT, bare_label
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import is_surname, listed_shape, shape_of
from studykit.wiki.rows import Row

__all__ = [
    "take_attendees",
    "take_attending_cells",
    "take_charged",
    "take_columns",
    "take_last_cells",
    "take_offices",
    "take_shared_columns",
    "take_surnames_over",
]

LONGEST_SURNAME = 12
FEW = 3
WIDE = 120
NEAR = 200
_IN_BRACKETS = re.compile(
    r"[(\[](?P<key>참[^():：\[\]]{1,7}?)[ \t]*[:：][ \t]*(?P<names>[^():：\[\]]{2,80})[)\]]"
)
_ZONE = re.compile(r"(?:[A-Z]{1,2}[SD]?T|UTC|GMT)(?: ?[+-]\d{1,2}(?::\d{2})?)?", re.IGNORECASE)
"""Behind a comma, in what time zone somebody is."""
_GRADES = re.compile(r"(?:^|[ \t/])[BMD]\d[ \t]")
"""`M2 渋谷 / B4 目黒`: in which year of what they are."""
_NICKS = frozenset(("닉네임", "별명", "닉", "nickname", "nick", "ニックネーム"))
"""Below these, any word is what somebody calls themselves."""
_MEMBERS = frozenset(("팀원", "멤버", "조원", "스터디원", "member", "teammember", "メンバー"))
"""Below these stand people, whatever letters they have."""
_HEADS = re.compile(r"[/\\·()|,]")
_LATE = re.compile(
    r"\S.{2,79}?[.;|·/][ \t]+(?P<key>[^\W\d_][^\s:.,;|]{1,14})[ \t]*:[ \t]+"
    r"(?P<names>[^.;|:]{2,160})"
)
_WERE = re.compile(r"(?:^|[.!][ \t]+)(?P<key>Present|Attending) were[ \t]+(?P<names>[^.:;]{4,160})")
_WHO_CAME = re.compile(
    r"(?:오늘[ ]?)?(?P<not>(?:안|못)[ ]?)?"
    r"(?:온|모인|나온|(?:같이|함께)[ ]?(?:본|한|읽은|모인)|참여한|참석한)"
    r"(?:[ ]?(?:사람|분|멤버|인원)들?(?![가-힣])|[ ]\S{1,6})"
)
_OF_TODAY = re.compile(r"^(?:오늘의?|금일|이번주?|회의|모임|스터디|미팅|총?\d{1,2}명|전체)")
_LED_TO = re.compile(
    r"(?P<key>\S[^:：*]{1,11}?)"
    r"(?:[ \t]*(?:[=-]>|[→👉☞▶⭕✅❌✖🙆🙅＝])\ufe0f?|(?P<apart>[ \t]{2,}|\u3000+))"
    r"[ \t]*(?P<names>\S.*)"
)
_LEADS = re.compile(r"[>→👉☞▶⭕✅❌✖🙆🙅＝]|[ \t]{2}|\u3000")
"""What `_LED_TO` has one of."""
_DIGIT = re.compile(r"\d")
_SET_OFF = re.compile(
    r"(?:[-*+] )?(?P<mark>\*{1,2}|_{1,2})(?P<key>[^*_]{2,12})(?P=mark)[ \t]+[^:：\s(]"
)
"""`출석 => 하늘, 구름`, `인원  하늘 / 구름`."""
_COUNT_LED = re.compile(
    r"(?P<key>\S{2,8})[ \t]*\d{1,2}(?:[ \t]?/[ \t]?\d{1,2})?[ \t]?[명인]?[ \t]*[(:-][ \t]*"
    r"(?P<names>[^():]{5,200})\)?[^()]*"
)
"""`출석 5/7 (회장 이하늘, 서기 박구름) 결석: …`."""
_HOW_MANY = re.compile(r"(?P<count>\d{1,2}) ?[명인]")
_HEADCOUNT = re.compile(
    r"[ \t]*\d{1,3} ?[명인]?$|[ \t]+(?:둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열)(?:[ \t]?명)?$"
)
_COUNTS = "명인둘셋넷섯곱덟홉열"
"""The last letters of `_HEADCOUNT`, beside digits."""
_THERE = re.compile(r"(?P<names>.{5,120}?)[ \t]+(?:전원[ \t]+)?참석[ \t.]*")
_PLACES = frozenset(
    (
        *("온라인", "오프라인", "대면", "비대면", "현장", "줌", "zoom", "디코", "디스코드", "원격"),
        *(
            "online",
            "offline",
            "remote",
            "inperson",
            "onsite",
            "discord",
            "現地",
            "リモート",
            "オンライン",
        ),
    )
)
"""How those behind it were there."""
_MARKED = frozenset(
    ["o", "○", "◯", "ㅇ", "v", "✓", "✔", "✅", "참석", "참", "출석", "yes", "y", "present"]
)
"""What a cell says of somebody who was there."""


def take_attendees(crowd: Crowd, rows: list[Row], index: int) -> int:
    """Take in a list of who was there, or not; return how many rows it fills, 1 for none."""
    row = rows[index]
    words = row.words
    if not words:
        return 1
    asked = words[:4].casefold() in ("who:", "who ") or words[:4] == "ppl:"
    asked = asked or words[:3].rstrip() in ("우리", "우리:") or _WHO_CAME.match(words) is not None
    if not (asked or crowd.lexicon.there.search(words[:WIDE])) or row.line.words.startswith("<t"):
        return 1  # `<th>팀원</th>` heads a column
    name, rest = row.words, ""
    if row.kind == "table":
        cells = [cell.strip() for cell in row.words.strip("|").split("|")]
        name, rest = cells[0], cells[1] if len(cells) > 1 else ""
        below = rows[index + 1 : index + 2]
        head = len(cells) > 2 and below and not below[0].words.strip("|:- \t")
        if head and not any(is_full_name(crowd, bare_name(crowd, cell)) for cell in cells[1:]):
            return 1  # `| 캠퍼 | 배운 것 | 아쉬운 점 |` heads columns
    elif (label := row.label) is not None:
        name, rest = label.name, row.words[label.end :]
    if "참" in row.words:
        _in_title(crowd, row)
    first, behind = [*row.words.split(maxsplit=1), "", ""][:2]  # `참석 하늘 구름`
    first = first.removeprefix("@")  # `@참석  하늘, 구름`
    plain = row.kind == "words" and row.label is None and len(row.words) <= WIDE
    parted = "\t" in row.words or any(sign in behind for sign in ",、·・")
    plain = plain and (first.casefold() in crowd.lexicon.attendees or parted)
    key = squeeze(first)
    plain = plain and (key in crowd.lexicon.attendees or key in crowd.lexicon.absent)
    if plain and (len(_plain_names(crowd, behind)) > 1 or _some_names(crowd, behind)):
        name, rest = first, behind
    which = _WHO_CAME.match(row.words) if row.kind == "words" and row.label is None else None
    if which and len(_plain_names(crowd, row.words[which.end() :])) > 1:
        name, rest = which.group(), row.words[which.end() :]  # `온 사람 하늘 구름 나래`
    led = None
    if row.kind == "words" and row.label is None and _LEADS.search(words):
        led = _LED_TO.fullmatch(words[: 4 * WIDE])
    one = led and squeeze(led["key"]) in crowd.lexicon.absent and _in_two_words(led["names"])
    if led and (led["apart"] is None or one or len(_plain_names(crowd, led["names"])) > 1):
        name, rest = led["key"], led["names"]
    inside = row.label is None or row.label.sign == "-"  # of `(하늘 불참 - 감기)`
    set_off = _SET_OFF.match(row.line.words) if inside else None  # `*모인 사람* 하늘, 구름`
    if set_off and row.words.startswith(set_off["key"]):
        name, rest = set_off["key"], row.words[len(set_off["key"]) :].strip()
    counted = _COUNT_LED.fullmatch(words[: 2 * WIDE]) if _DIGIT.search(words) else None
    if counted and (
        len(_plain_names(crowd, counted["names"])) > 1
        or _as_many(crowd, row.words, counted["names"])
    ):
        name, rest = counted["key"], counted["names"]
    there = _THERE.fullmatch(row.words) if row.words[-5:].rstrip(" .").endswith("참석") else None
    if there and len(_plain_names(crowd, there["names"])) > 1:
        name, rest = "참석", there["names"]
    late = _LATE.match(row.words) if row.kind == "words" and ":" in row.words else None
    if late and squeeze(late["key"]) in crowd.lexicon.attendees:
        name, rest = late["key"], late["names"]  # `3/4, the old library. Present: Robin, Sky.`
    may_tell = row.kind == "words" and " were" in words
    were = _WERE.search(words[: 4 * WIDE]) if may_tell else None
    if were and squeeze(were["key"]) in crowd.lexicon.attendees:
        name, rest = were["key"], were["names"]  # `Present were Robin, Sky, me (Lou).`
    if len(name) > SHORT:
        return 1
    name = bare_label(name)
    if name[-1:].isdigit() or name[-1:] in _COUNTS:
        name = _HEADCOUNT.sub("", name)
    key = squeeze(ASIDE.sub("", name) if "(" in name else name)
    if key not in crowd.lexicon.attendees:
        key = _OF_TODAY.sub("", key)
    if (came := _WHO_CAME.fullmatch(name)) and len(listed_names(crowd, rest)) > 1:
        key = "불참" if came["not"] else "참석"  # `같이 본 이들`, `안 온 곰들`
    who = key in ("who", "누가", "우리") and (
        len(_plain_names(crowd, rest)) > 1 or _called_again(crowd, rows, index, rest)
    )
    # `PPL : …` may be what a model is measured by.
    who = who or (key == "ppl" and len(listed_names(crowd, rest)) >= FEW)
    present = key in crowd.lexicon.attendees or who
    if not present and key not in crowd.lexicon.absent:
        return 1
    count = 1
    while rest.endswith(",") and _goes_on(rows, index + count):
        rest += f" {rows[index + count].words}"
        count += 1
    rest, absent = without_absent(rest)
    names = listed_names(crowd, rest)
    if not rest.strip() and row.kind == "words" and len(key) > 1:  # not below `참`
        names, count = _names_below(crowd, rows, index)
    if not names:
        return 1
    where = f"line {row.line.number}"
    for each in listed_names(crowd, absent):
        crowd.knows(each, f"{where} lists {each} among the absent")
    for each in names:
        if present:
            crowd.was_there(row.line, each)
        else:
            crowd.knows(each, f"{where} lists {each} among the absent")
    crowd.attendee_lines.update(line.line.number for line in rows[index : index + count])
    return count


def _called_again(crowd: Crowd, rows: list[Row], index: int, text: str) -> bool:
    """Whether two of those whom `Who: robin, sky` lists open lines below, or are called there."""
    names = [name for name in listed_names(crowd, text) if not means_something(crowd, name)]
    again = {
        name
        for name in names
        for row in rows[index + 1 : index + NEAR]
        if row.words.startswith((f"{name}:", f"{name} ", f"{name})")) or f"@{name}" in row.words
    }
    return len(again) > 1


def _goes_on(rows: list[Row], at: int) -> bool:
    """Whether a list of names that ended in a comma goes on in a line without a mark."""
    row = rows[at] if at < len(rows) else None
    return row is not None and row.kind == "words" and not (row.mark or row.level or row.label)


def _as_many(crowd: Crowd, words: str, listed: str) -> bool:
    """Whether `인원 4명 (모카, 체리, …)` lists as many names as it says."""
    many = _HOW_MANY.search(words)
    names = [bare_name(crowd, part) for part in SPLIT.split(listed) if part.strip()]
    shaped = all(listed_shape(name) and not means_something(crowd, name) for name in names)
    return many is not None and len(names) == int(many["count"]) >= FEW and shaped


def _some_names(crowd: Crowd, text: str) -> bool:
    """Whether commas part three or more, two of whom have a Korean name's letters."""
    names = listed_names(crowd, without_absent(text)[0]) if "," in text else []
    usual = sum(shape_of(name) in ("full", "given") for name in names)
    return len(names) >= FEW and usual > 1 and not any(says_nobody(crowd, name) for name in names)


def _plain_names(crowd: Crowd, text: str) -> list[str]:
    """The names of a list that nothing but blanks or commas part."""
    names = listed_names(crowd, without_absent(text)[0])
    if len(names) > 2 and text.count(",") > 1 and all(_in_two_words(name) for name in names):
        return names  # `Robin Field, Sky Meadow, River Stone`
    cjk = "、" in text or "・" in text or (not text.isascii() and _GRADES.search(text) is not None)
    usual = ("full", "given", "kanji") if cjk else ("full", "given")
    kana = "、" in text or "・" in text
    shaped = sum(shape_of(name) in usual or (kana and listed_shape(name)) for name in names)
    if shaped < 2 or 3 * shaped < 2 * len(names):
        return []
    return [] if any(says_nobody(crowd, name) for name in names) else names


def _in_two_words(name: str) -> bool:
    words = name.split()
    return shape_of(name) == "latin" and len(words) > 1 and all(w[:1].isupper() for w in words)


def _in_title(crowd: Crowd, row: Row) -> None:
    """`3월 4일 모임 (참석 : 하늘, 구름)`: who was there, in brackets behind a title."""
    if row.kind != "words" or row.listed or len(row.words) > WIDE:
        return
    for match in _IN_BRACKETS.finditer(row.words):
        names = listed_names(crowd, match["names"])
        if squeeze(match["key"]) in crowd.lexicon.attendees and names:
            for each in names:
                crowd.was_there(row.line, each)


def take_offices(crowd: Crowd, rows: list[Row]) -> None:
    """`서기 : 현수`, `scribe: Robin`: what somebody did at the meeting, and who did."""
    for row in rows:
        if row.kind != "words" or len(row.words) > SHORT or ":" not in row.words[:16]:
            continue
        label = row.label
        if label is None or label.sign != ":" or squeeze(label.name) not in crowd.lexicon.offices:
            continue
        names = listed_names(crowd, row.words[label.end :])
        if all(
            shape_of(name) in ("full", "given", "latin", "kanji")
            and name not in crowd.lexicon.common
            and name not in crowd.lexicon.nobody
            for name in names
        ):
            for name in names:
                crowd.knows(name, f"line {row.line.number}: {label.name}, and who it was")


def take_columns(crowd: Crowd, rows: list[Row]) -> None:
    """A table whose first column is headed by the word for names: `| 이름 | 한 일 |`."""
    inside = there = called = False
    marks: tuple[int, int] | None = None
    full_from = 0
    for index, row in enumerate(rows):
        if row.kind != "table":
            inside = there = False
            marks = None
            continue
        cells = _cells(row)
        head = index == 0 or rows[index - 1].kind != "table"
        full_from = _full_from(crowd, rows, index + 1) if head else full_from
        if marks is None and head:
            marks = _presence(crowd, cells)
        elif marks and max(marks) < len(cells):
            mark = cells[marks[1]].casefold().strip("()")
            was = marks[0] == marks[1] or mark in _MARKED
            if was or not (SPLIT.search(mark) or is_full_name(crowd, mark)):  # names of who came
                _take_marked(crowd, row, cells[marks[0]], there=was)
        if there and len(cells) > 1:
            for name in _of_group(crowd, cells[0], cells[1]):
                crowd.was_there(row.line, name)
        elif not there and len(cells) == 2 and squeeze(cells[1]) in crowd.lexicon.attendees:
            there = True  # `| 구분 | 참석자 |`
        first = cells[0]
        if not inside and index + 1 < len(rows) and rows[index + 1].kind == "table":
            inside = _heads_names(crowd, first) or index + 1 >= full_from
            called = squeeze(first) in _NICKS | _MEMBERS
            called = called or _shares_work(crowd, cells)
            inside = inside or called
            continue
        if not inside:
            continue
        names = [bare_name(crowd, part) for part in SPLIT.split(first) if part]
        # A word in Latin letters may as well be a field's, or a command's.
        if names and all(
            (shape_of(name) in ("full", "given", "kanji") or (called and listed_shape(name)))
            and not means_something(crowd, name)
            and name not in crowd.lexicon.common
            for name in names
        ):
            for name in names:
                crowd.knows(name, f"line {row.line.number}: a table's column of names")


def _shares_work(crowd: Crowd, heads: list[str]) -> bool:
    """`| 누가 | 뭐를 | 언제까지 |`: nothing but who does what, and by when."""
    lexicon, names = crowd.lexicon, list(map(squeeze, heads))
    if not names or names[0] not in lexicon.columns or len(names) > FEW + 1:
        return False
    works = any(name in lexicon.matters or lexicon.section(name) == "task" for name in names[1:])
    return works and any(name in lexicon.deadlines for name in names[1:])


def take_shared_columns(crowd: Crowd, rows: list[Row]) -> None:
    """Three names that stand in the columns of people of two tables: those of all such columns."""
    tables: list[list[tuple[str, int]]] = []
    columns: list[int] = []
    for above, row in pairwise([None, *rows]):
        if row is None or row.kind != "table":
            continue
        cells = _cells(row)
        if above is None or above.kind != "table":
            columns = [at for at, cell in enumerate(cells) if _heads_names(crowd, cell)]
            tables.append([])
            continue
        for cell in (cells[at] for at in columns if at < len(cells)):
            names = [bare_name(crowd, part) for part in SPLIT.split(cell) if part]
            if all(listed_shape(name) and not is_no_name(crowd, name) for name in names):
                tables[-1] += [(name, row.line.number) for name in names]
    often = Counter(name for table in tables for name in {name for name, _ in table})
    again = {name for name, count in often.items() if count > 1}
    for table in tables:
        if len(again.intersection(name for name, _ in table)) >= FEW:
            for name, number in table:
                if name in again or not (
                    name in crowd.lexicon.common or means_something(crowd, name)
                ):
                    crowd.knows(name, f"line {number}: a column of people, as in another table")


def take_attending_cells(crowd: Crowd, rows: list[Row]) -> None:
    """Below `| 주차 | 내용 | 참석 인원 |` the names of who came, in each row or in the only one."""
    column: int | None = None
    found: list[tuple[Row, list[str]]] = []
    for above, row in pairwise([None, *rows, None]):
        if row is None or row.kind != "table":
            for each, names in found:
                for name in names:
                    if len(found) == 1:
                        crowd.was_there(each.line, name)
                    else:
                        crowd.knows(name, f"line {each.line.number}: a column of who came")
            column, found = None, []
            continue
        cells = _cells(row)
        if above is None or above.kind != "table":
            heads = [
                at for at, cell in enumerate(cells) if squeeze(cell) in crowd.lexicon.attendees
            ]
            column = heads[0] if len(heads) == 1 and len(cells) > 2 else None
        elif column is not None and column < len(cells):
            names = [bare_name(crowd, part) for part in SPLIT.split(cells[column]) if part]
            shaped = all(listed_shape(name) and not is_no_name(crowd, name) for name in names)
            if len(names) > 1 and shaped:
                found.append((row, names))


def _cells(row: Row) -> list[str]:
    words = LINKED.sub(r"\g<name>", row.words) if "](" in row.words else row.words
    return [cell.strip(" *") for cell in words.strip("| \t").split("|")]


def take_last_cells(crowd: Crowd, rows: list[Row]) -> None:
    """`| 3 | 안개가 짙은 것 같다 | 이하늘 |`: most rows of a table end in full names, again."""
    run: list[tuple[str, int]] = []
    seen = 0
    for row in [*rows, None]:
        if row is not None and row.kind == "table":
            cells = _cells(row)
            last = cells[-1] if len(cells) > 1 else ""
            seen += bool(last.strip("-: "))
            if is_full_name(crowd, last) or crowd.why(last):
                run.append((last, row.line.number))
            continue
        names = {name for name, _ in run}
        if len(run) >= 2 * FEW and len(names) < len(run) and 4 * len(run) >= 3 * seen:
            for name, number in run:
                crowd.knows(name, f"line {number}: most rows of the table end in full names")
        run, seen = [], 0


def _heads_names(crowd: Crowd, head: str) -> bool:
    """Whether a column's head is the word for names: `이름`, `이름/내용`, `팀원 (역할)`."""
    columns, saying = crowd.lexicon.columns, crowd.lexicon.saying
    parts = map(squeeze, _HEADS.split(head))
    return any(part in columns or part in saying for part in parts)


def _full_from(crowd: Crowd, rows: list[Row], first: int) -> int:
    """The row from which a table's first column has nothing but full names, three or more."""
    at, begin, names = first, first, set[str]()
    while at < len(rows) and rows[at].kind == "table":
        name = bare_name(crowd, _cells(rows[at])[0].strip(" *:-"))
        at += 1
        if name and not (is_full_name(crowd, name) and may_be_full(crowd, name)):
            begin, names = at, set()
        elif name:
            names.add(name)
    return begin if len(names) >= FEW else len(rows)


def _presence(crowd: Crowd, heads: list[str]) -> tuple[int, int] | None:
    """The columns of names and of who was there, in `| 이름 | 참석 |`; one column may be both."""
    there = [at for at, head in enumerate(heads) if _asks_presence(crowd, head)]
    names = [at for at, head in enumerate(heads) if squeeze(head) in crowd.lexicon.columns]
    if len(there) != 1:
        return None
    if len(heads) == 1:
        return there[0], there[0]
    return (names[0], there[0]) if names and names[0] != there[0] else None


def _asks_presence(crowd: Crowd, head: str) -> bool:
    name = squeeze(head).removesuffix("여부")
    return name in crowd.lexicon.attendees or name == "출결"


def _take_marked(crowd: Crowd, row: Row, name: str, *, there: bool) -> None:
    where = f"line {row.line.number}"
    if len(_cells(row)) <= FEW and not says_something(row.words):
        crowd.rosters.add(row.line.number)
    for each in listed_names(crowd, name):
        if there:
            crowd.attendees.append((row.line.start, each))
        crowd.knows(each, f"{where} says whether {each} was there")


def take_charged(crowd: Crowd, rows: list[Row]) -> None:
    """`鈴木` and `滝口`, each alone over a list below the label of tasks: whose the tasks are."""
    found: list[Row] = []
    below = False
    for row, following in pairwise(rows):
        if row.level:
            below = crowd.lexicon.section(row.words) == "task"
        if not below or not row.listed or len(row.words) > LONGEST_SURNAME:
            continue
        over = following.kind == "words" and following.listed and following.column > row.column
        if over and is_surname(_bare_surname(crowd, row)):
            found.append(row)
    if len({row.words for row in found}) >= 2:
        for row in found:
            reason = f"line {row.line.number}: a surname over a list, below the label of tasks"
            crowd.knows(_bare_surname(crowd, row), reason)


def take_surnames_over(crowd: Crowd, rows: list[Row]) -> None:
    """`・鈴木`, `・滝口` and another, each over plain lines: surnames, and no others."""
    found: list[Row] = []
    others = 0
    for row, following in pairwise(rows):
        if row.mark != "bullet" or row.kind != "words" or len(row.words) > LONGEST_SURNAME:
            continue
        plain = following.kind == "words" and not (following.mark or following.level)
        if not plain or following.column > row.column:
            continue
        name = _bare_surname(crowd, row)
        if is_surname(name) or crowd.why(name):
            found.append(row)
        else:
            others += 1
    if len({row.words for row in found}) >= FEW and others <= len(found) // FEW:
        place = {row.line.number: at for at, row in enumerate(rows)}
        begins = [place[row.line.number] for row in found]
        for row, begin, end in zip(found, begins, [*begins[1:], len(rows)], strict=True):
            name, number = _bare_surname(crowd, row), row.line.number
            crowd.knows(name, f"line {number}: a surname over a text")
            if number not in crowd.filled:
                last = max(at for at in range(begin, end) if rows[at].kind != "blank")
                crowd.filled[number] = (
                    (name,),
                    last - begin + 1,
                    "a surname over what its bearer did",
                )


def _bare_surname(crowd: Crowd, row: Row) -> str:
    return bare_name(crowd, row.words.rstrip(":： "))


def _names_below(crowd: Crowd, rows: list[Row], index: int) -> tuple[list[str], int]:
    """The names below a bare label, one a line or several; a heading's may follow a blank line."""
    names: list[str] = []
    boxes: dict[str, bool | None] = {}
    lead: Row | None = None
    head, count = rows[index], 1
    for at in range(1, len(rows) - index):
        row = rows[index + at]
        if row.kind == "blank" and (not names or row.listed):
            if at < (4 if head.level else 2):
                continue
            break
        if lead and row.kind == "words" and head.column >= row.column < lead.column:
            break  # the next item of the list in which the label stands
        own = row.kind == "words" and not row.level
        if own and squeeze(row.words.partition("/")[0]) in crowd.lexicon.columns:
            continue  # `Name / affiliation`, which a template left there
        there, absent = without_absent(row.words)
        if absent and not there.strip():
            for name in listed_names(crowd, absent):
                crowd.knows(name, f"line {row.line.number} lists {name} among the absent")
            count = at + 1
            continue
        found = listed_names(crowd, _without_employer(there)) if own else []
        if not found and row.listed and own:
            found = _behind_office(crowd, row.words)
        deeper = row.listed or row.column > head.column or bool(head.level)
        under = own and lead is not None and row.listed and row.column > lead.column
        if under and not (row.label or all(is_full_name(crowd, each) for each in found)):
            count = at + 1  # what is said of somebody who was there
            continue
        if not found and deeper and not row.level and (label := row.label):
            found = _of_group(crowd, label.name, row.words[label.end :])
            if not found and names and squeeze(row.words[label.end :]) in crowd.lexicon.nothing:
                continue  # `オブザーバー：なし`
        apart = not head.level and at == 2 and not names
        if apart and not row.listed and not _surely_names(crowd, found):
            break  # a paragraph of its own
        # `Robin Sky`, below the label; a word in Latin letters alone may be anything.
        alone = not deeper and all(
            is_full_name(crowd, each) or (" " in each and shape_of(each) == "latin")
            for each in found
        )
        if not found or len(row.words) > 5 * SHORT or (names and not (deeper or alone)):
            break
        lead = lead or row
        names += found
        boxes.update(dict.fromkeys(found, row.box))
        count = at + 1
    if True in boxes.values():  # who is not ticked was not there
        for name in [name for name in names if boxes[name] is False]:
            names.remove(name)
            crowd.knows(name, f"line {head.line.number} stands over who was there, and who was not")
    return names, count


def _behind_office(crowd: Crowd, words: str) -> list[str]:
    """The full name behind `2학년 부회장`, in a list of those who were there."""
    office, _, name = words.rpartition(" ")
    titled = crowd.lexicon.title.search(office) is not None
    return [name] if titled and is_full_name(crowd, name) else []


def _without_employer(words: str) -> str:
    """`Robin Field, Cloud Works, UTC+1` is one person; `Robin Field, Sky Meadow` are two."""
    first, comma, rest = words.partition(",")
    behind = [part.strip() for part in rest.split(",")]
    zone = comma and _ZONE.fullmatch(behind[-1])
    return first if zone and shape_of(first.strip()) == "latin" else words


def _of_group(crowd: Crowd, label: str, text: str) -> list[str]:
    """The names behind `멘토 :` or `서기 :`, in a list of those who were there.

    Unless the label says what somebody did at the meeting, one at least is in full.
    """
    names = listed_names(crowd, text)
    if squeeze(label) in crowd.lexicon.offices | crowd.lexicon.attendees | _PLACES:
        return names
    full = any(is_full_name(crowd, each) or " " in each for each in names)
    return names if full and not any(means_something(crowd, each) for each in names) else []


def _surely_names(crowd: Crowd, found: list[str]) -> bool:
    """Whether two or more words are names without anything that says so."""
    return len(found) >= 2 and all(
        shape_of(name) == "latin" or is_full_name(crowd, name) or crowd.why(name) for name in found
    )
