"""What a group presented, item by item, as the page of a paper study lists it.

`- 01 : Clouds from above` over `Presenter : 현수`; `1회 2031.3.4 - 구름의 종류 - 현수`;
`현수님 - [구름의 종류](https://slides…)`, in a note of such.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from studykit.wiki.evidence import names_in, stated_names
from studykit.wiki.evidence.crowd import (
    SPLIT,
    bare_name,
    is_full_name,
    is_no_name,
    is_usual_name,
)
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape
from studykit.wiki.rules.link import LINKED
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.said_talk import names_subject
from studykit.wiki.rules.state import State, several
from studykit.wiki.times import DATE

__all__ = ["employed", "take_presented"]

_NUMBERED = re.compile(r"(?:\d{1,3}[ \t]*[:.)][ \t]*)?(?P<title>\S.*)")
_TEAM = frozenset(("team", "teams", "members", "팀", "팀원", "조", "조원", "참여자"))
_GAVE = re.compile(r"(?P<who>[^(),]{2,24}?)[ \t]*\((?:발표자?|발제자?|presenter|speaker|発表)\)")
_PARTS = re.compile(r"[ \t]+[-–—|/][ \t]+")
_SITE = re.compile(
    r"(?:slideshare\.net|speakerdeck\.com|slides\.com|prezi\.com|docs\.google\.com/presentation)/"
)
_SLIDES = re.compile(rf"\b{_SITE.pattern}")
_HANDLED = re.compile(
    r"(?P<title>\S.{1,200}?)[ \t]*\(?[ \t]*@(?P<who>[A-Za-z\d][\w-]{1,38})[ \t]*\)?[ \t]*"
)
_CHAPTERS = re.compile(
    r"(?P<who>[^()\d:]{2,40}?)[ \t]*"
    r"\((?P<title>(?:ch\.? ?)?\d{1,2}(?:[~-]\d{1,2})? ?(?:장|강|절|부|章))\)[ \t]*"
)
"""`하늘, 구름 (1~6강)`: who presents which chapters."""
_TALKS = re.compile(
    r"(?:오늘의?|이번[ \t]?주|금주|지난[ \t]?주)?[ \t]*(?:논문[ \t]?)?(?:발표|발제)"
    r"|(?:오늘의?|이번[ \t]?주|금주)[ \t]*(?:읽은[ \t]*)?(?:논문|페이퍼)"
    r"|(?:本日の|今日の)?(?:論文)?発表|(?:本日の|今日の)論文"
    r"|(?:today's[ \t]+)?(?:talks?|presentations?)|today's[ \t]+papers?",
    re.IGNORECASE,
)
"""A title right over what was presented, with nothing else in it."""
_SO_MANY = re.compile(
    r"발표(?:는|가)[ \t](?:(?:모두|총)[ \t])?[\w ]{1,4}(?:개|편|건|가지)가?[ \t]?"
    r"(?:있었|였|이었|했)\S{0,5}"
)
"""`먼저 발표는 두 개 있었습니다.`"""
_WHO_AND_WHAT = (
    re.compile(r"(?P<who>[^「」:]{2,20}?)[ \t]*「(?P<title>[^「」]{2,80})」.*"),
    re.compile(r"(?P<who>[^:–—-]{2,20}?)(?:[ \t]*:[ \t]*|[ \t]+[-–—][ \t]+)(?P<title>\S.+)"),
    re.compile(r"(?P<title>\S.+?)(?:[ \t]+[-–—/]|[ \t]*:)[ \t]+(?P<who>[^–—/():]{2,20})"),
    re.compile(r"(?P<title>\S.+?)[ \t]*\((?P<who>[^()]{2,20})\)"),
)
_LONGEST = 300
_NEAR = 10
"""No title has more lines of fields."""
_EMPLOYED = re.compile(
    r"(?:(?:세션|발표|session|talk)[ ]?\d{1,2}[ \t]*[:.)-][ \t]*)?(?P<title>\S.{3,120}?)"
    r"(?:[ \t]+[-–—/|:][ \t]+)(?P<who>[가-힣]{3}(?:[ ]?님)?(?:,[ \t]*[가-힣]{3}(?:[ ]?님)?){0,3})"
    r"[ \t]*\((?P<where>[^()\d]{2,40}(?:\([^()]{1,6}\)[^()]{0,20})?)\)[ \t.]*"
)
"""`세션 1 : 구름의 종류 : 이하늘님 (산들연구소)`."""
_NAME = 12
_FEW = 3


def take_presented(state: State) -> None:
    """Find the titles that stand over who presented them, or in lines with when and who."""
    known = set(state.programme)
    _take_titles(state)
    _take_parted(state)
    _take_linked(state)
    _take_handled(state)
    _take_chaptered(state)
    _take_given(state)
    _take_employed(state)
    state.presented.update(state.programme.keys() - known)


def _take_titles(state: State) -> None:
    """`- 01 : Clouds from above`, over fields one of which says who: twice in a note or more."""
    found: dict[int, tuple[str, ...]] = {}
    fields: dict[int, set[str]] = {}
    for at, row in enumerate(state.rows):
        label = row.label if row.kind == "words" and row.listed and row.column else None
        if label is None or label.sign != ":":
            continue
        key, said = squeeze(label.name), row.words[label.end :]
        if (head := _over(state, at)) is None:
            continue
        fields.setdefault(head, set()).add(key)
        if key in state.lexicon.lecturers:
            found[head] = _people(state, said)
        elif key in _TEAM:
            gave = tuple(bare_name(state.crowd, name.strip()) for name in _GAVE.findall(said))
            found[head] = found.get(head) or gave
    named = [head for head, who in found.items() if who]
    if len(named) < 2:
        return
    for head, who in found.items():
        title = _NUMBERED.fullmatch(state.rows[head].words)
        if title and _is_title(state, title["title"]):
            count = _count(state, head)
            reason = "a title, and below it who presented it, as below others"
            state.programme[head] = (title["title"], who, reason, count)


def _over(state: State, at: int) -> int | None:
    """The item right below which a field stands, with nothing but more of it between."""
    row = state.rows[at]
    for above in range(at - 1, max(-1, at - _NEAR), -1):
        each = state.rows[above]
        if each.kind == "blank":
            continue
        if each.kind != "words":
            return None
        if each.level or each.column < row.column:
            titled = each.listed and each.box is None and len(each.words) <= _LONGEST
            return above if titled else None
    return None


def _count(state: State, head: int) -> int:
    """How many rows an item has with what stands deeper right below it."""
    first, last = state.rows[head], head
    for at in range(head + 1, min(len(state.rows), head + _NEAR)):
        row = state.rows[at]
        if row.kind == "blank":
            continue
        if row.kind != "words" or row.level or row.column <= first.column:
            break
        last = at
    return last - head + 1


def _people(state: State, said: str) -> tuple[str, ...]:
    if found := stated_names(state.crowd, said):
        return found
    parts = [bare_name(state.crowd, part) for part in SPLIT.split(said.strip()) if part]
    return tuple(parts) if all(map(listed_shape, parts)) else ()


def _is_title(state: State, title: str) -> bool:
    return names_subject(state, LINKED.sub(r"\g<title>", title), work=True)


def _take_parted(state: State) -> None:
    """`- 1회 2031.3.4 - 구름의 종류 - 현수`: a day, a title and a name, three lines or more."""
    found: dict[int, tuple[str, str]] = {}
    for at, row in enumerate(state.rows):
        if row.kind != "words" or row.level or row.box is not None or len(row.words) > _LONGEST:
            continue
        linked = LINKED.fullmatch(row.words) if row.words[:1] == "[" else None
        parts = _PARTS.split(linked["title"] if linked else row.words)
        if len(parts) > 2 and DATE.search(parts[0]) and 0 < len(parts[-1]) <= _NAME:
            found[at] = (" - ".join(parts[1:-1]).strip(), bare_name(state.crowd, parts[-1].strip()))
    again = Counter(name for _, name in found.values())
    sure = [
        name for name in again if names_in(state.crowd, name)[0] or is_usual_name(state.crowd, name)
    ]
    if len(found) < _FEW or len(again) < 2 or 3 * len(sure) < 2 * len(again):
        return
    if any(is_no_name(state.crowd, name) or not listed_shape(name) for name in again):
        return
    for at, (title, name) in found.items():
        if _is_title(state, title):
            reason = "a day, a title and a name, as other lines"
            state.programme[at] = (title, (name,), reason, 1)


def _take_linked(state: State) -> None:
    """`현수님 - [구름의 종류](https://…)`, three lines or more, where some lead to slides."""
    if not several(row for row in state.rows if "/" in row.words and _SITE.search(row.words)):
        return
    forms: defaultdict[tuple[int, bool, str], list[tuple[int, Found]]] = defaultdict(list)
    slides: Counter[tuple[int, bool, str]] = Counter()
    others: Counter[tuple[int, bool, str]] = Counter()
    for at, row in enumerate(state.rows):
        label = row.label if row.kind == "words" and not row.level and row.box is None else None
        if label is None or label.sign not in ":-" or len(row.words) > _LONGEST:
            continue
        who, why = names_in(state.crowd, label.name)
        said = row.words[label.end :]
        form = (row.column, row.listed, label.sign)
        linked = LINKED.fullmatch(said)
        if not who:
            continue
        others[form] += linked is None
        slides[form] += linked is not None and _SLIDES.search(said) is not None
        if _is_title(state, said):
            title = linked["title"] if linked else said
            forms[form].append((at, (title, who, f"who, and a title with its slides: {why}")))
    for form, talks in forms.items():
        if len(talks) < _FEW or slides[form] < 2 or 2 * others[form] > len(talks):
            continue
        state.programme.update({at: (*talk, 1) for at, talk in talks})


def _take_handled(state: State) -> None:
    """`- 구름의 종류 (@robin)` in a list of such, where a title leads to its slides."""
    run: list[tuple[int, Found]] = []
    slides = False
    for at, row in enumerate([*state.rows, None]):
        if row is not None and row.listed and row.box is None and len(row.words) <= 2 * _LONGEST:
            said = LINKED.sub(r"\g<title>", row.words) if "@" in row.words else ""
            match = _HANDLED.fullmatch(said)
            if match and _is_title(state, match["title"]):
                reason = "a title and a handle, in a list of such with slides"
                run.append((at, (match["title"], (match["who"],), reason)))
                line = row.line
                slides = slides or bool(_SLIDES.search(state.text, line.start, line.end))
            continue
        if row is not None and row.kind == "words" and not row.level and row.column:
            continue  # more of an item
        if slides and len(run) >= _FEW:
            state.programme.update({index: (*talk, 1) for index, talk in run})
        run, slides = [], False


def _take_chaptered(state: State) -> None:
    """`다음 주 발표자 : 하늘 (1~6강)` over `구름 (7~8강)`: who has which chapters, in a list."""
    run: list[tuple[int, Found]] = []
    said = False
    for at, row in enumerate([*state.rows, None]):
        words = row.words if row is not None and row.listed and row.box is None else ""
        label = row.label if row is not None and words else None
        presents = (
            label is not None and squeeze(label.name.rpartition(" ")[2]) in state.lexicon.lecturers
        )
        said_so = words[label.end :] if presents and label else words
        match = _CHAPTERS.fullmatch(said_so) if ")" in said_so else None
        who = (
            names_in(state.crowd, match["who"])[0] or _people(state, match["who"]) if match else ()
        )
        if match and who:
            run.append(
                (at, (match["title"], who, "a name and chapters, in a list of who presents"))
            )
            said = said or presents
            continue
        if said and len(run) > 1:
            state.programme.update({index: (*talk, 1) for index, talk in run})
        run, said = [], False


def _take_given(state: State) -> None:
    """`1. 구름의 종류 — 하늘` right below `## 오늘 발표`: where every line is a title and who."""
    for at, row in enumerate(state.rows):
        if row.kind != "words" or len(row.words) > _LONGEST:
            continue
        titles = (row.level or row.framed) and _TALKS.fullmatch(_plain(row.words))
        if not titles and not ("발표" in row.words and _SO_MANY.search(row.words)):
            continue
        run = list(_given_below(state, at))
        if run and all(found is not None for _, found in run):
            state.programme.update({index: (*found, 1) for index, found in run if found})


def _take_employed(state: State) -> None:
    """`- 구름의 종류 / 이하늘 (산들연구소)`, three lines or more: who, of which employer."""
    found: dict[int, Found] = {}
    for at, row in enumerate(state.rows):
        plain = row.kind == "words" and row.listed and not row.level and row.box is None
        if plain and len(row.words) <= _LONGEST and (talk := employed(state, row.words)):
            found[at] = talk
    if len(found) >= _FEW:
        state.programme.update({at: (*talk, 1) for at, talk in found.items()})


def employed(state: State, words: str) -> Found | None:
    """The talk that a title says, with full names behind it and where those who have them work."""
    match = _EMPLOYED.fullmatch(words) if words.rstrip(" .").endswith(")") else None
    parts = [bare_name(state.crowd, part) for part in SPLIT.split(match["who"])] if match else []
    if match is None or not all(is_full_name(state.crowd, part) for part in parts):
        return None
    title = LINKED.sub(r"\g<title>", match["title"])
    if state.is_time(match["where"]) or not _is_title(state, title):
        return None
    reason = "a title, a full name and where its bearer works, as others"
    return title, tuple(parts), reason


def _plain(words: str) -> str:
    """A title without its number and its signs: `1. 🎤 발표`."""
    return re.sub(r"^(?:\d{1,2}[.)])?[\W_]*", "", words).strip(" :.")


def _given_below(state: State, at: int) -> Iterator[tuple[int, Found | None]]:
    """The lines right below a title, up to the next blank or title, each as a talk if it can be."""
    column: int | None = None
    for index in range(at + 1, min(len(state.rows), at + _NEAR)):
        row = state.rows[index]
        if row.kind == "blank":
            if column is None:
                continue
            return
        if row.kind != "words" or row.level:
            return
        column = row.column if column is None else column
        if row.column == column:
            yield index, _given(state, row.words)


def _given(state: State, words: str) -> Found | None:
    for pattern in _WHO_AND_WHAT:
        match = pattern.fullmatch(words) if len(words) <= _LONGEST else None
        who, why = names_in(state.crowd, match["who"]) if match else ((), "")
        if match and who:
            title = LINKED.sub(r"\g<title>", match["title"])
            title = re.sub(r"[ \t]+(?:발표|발제|発表)$", "", title).strip(" \"“”'‘’「」")
            if names_subject(state, title, work=True):
                return title, who, f"a title and who, right below what says that it is one: {why}"
    return None
