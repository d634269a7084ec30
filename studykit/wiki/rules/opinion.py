"""`상모님 - …`, `- 이름` over a list, `<이름>` over a block: a turn, one point a bullet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studykit.wiki.evidence import COMMENT_FROM, names_a_list, names_in
from studykit.wiki.labels import Label, bare_label, label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.records import Opinion, Point
from studykit.wiki.rows import Row
from studykit.wiki.rules.listed import listed
from studykit.wiki.rules.naming import lists_accounts
from studykit.wiki.rules.report import whose_view
from studykit.wiki.rules.state import MARKDOWN_LEVELS, Section, State
from studykit.wiki.times import without_date

MIXED = 40
_SIGNS = {
    ":": "a colon follows",
    "-": "a dash follows",
    ")": "a bracket follows",
    "…": "dots follow",
    "/": "a slash follows",
    ">": "an angle follows",
    "(": "brackets stand around",
    "[": "brackets stand around",
    "<": "brackets stand around",
}

LONGEST = 200
_DASH = re.compile(r"[-–—]")
_SIGNED = re.compile(
    r"(?P<said>\S.{4,}?(?:[다요음함됨임까듯네죠나]|[는은인]지|[인은는던]가|[?!.]))"
    r"[ \t]+[-–—][ \t]*(?P<who>[^-–—:]{1,24})$"
)
_WHOSE = re.compile(r"(?:의)?[ \t]?(?:의견|생각|발언|코멘트|말씀)$")
"""`현수님 의견 : …`, `현수의 생각 - …`."""
_TABLE = re.compile(
    r"(?:제 ?)?\d{1,3} ?(?:조|팀|분과)|[A-Z] ?[조팀]|(?:group|team|table) ?\w{1,3}", re.IGNORECASE
)
"""A part of those who are there, for which one speaks: `3조 - 현수님`."""
_POINT_OF = re.compile(
    r"(?P<who>[A-Z][\w-]{1,20})['’]s "
    r"(?:point|comment|view|opinion|remark|answer|concern|suggestion)"
)
_ROLES = re.compile(r"역할|담당|분담|(?i:\broles?\b)|役割|担当")
_SAYS = re.compile(r"(?:다|요|음|함|[?？!.])[\s.!~)]*$")
_CONTACT = re.compile(r"\d{2}[\d-]{5,}|[\w.+-]{1,40}@[\w-]{1,40}\.")
_HANDLE = re.compile(r"@(?P<who>[a-z][\w-]{1,38})[ \t]+(?=\S)")
_MAYBE = re.compile(r"[가-힣]{2,4}")


@dataclass(frozen=True, slots=True)
class Turn:
    """Who speaks in a row, where what they say begins, and why we think so."""

    speakers: tuple[str, ...]
    said: int
    reason: str


def opinion(state: State, index: int) -> int:
    """Claim a turn: people at the line's start, and what they say."""
    row = state.rows[index]
    turn = turn_of(state, index)
    if turn is None:
        return _signed(state, index)
    if row.level and _over_turns(state, index):
        return 0
    kind, headed = state.section.kind, state.section.scope == "heading"
    if row.level:  # what a label opened above ends here
        kind = state.inherited(row)
    headed = headed or (kind == "task" and not row.listed)
    if row.kind == "words" and kind in ("task", "talk") and headed and listed(state, index):
        return 0
    if not row.listed and not row.level and state.paragraph(index):
        # In plain text, a turn that begins a paragraph ends the list above it.
        state.close_flat()
        for above in state.sections:
            above.owners = ()  # what is due below is no longer for those of the heading
    elif kind in ("task", "talk", "link") or (row.listed and _of_roles(state, row)):
        return 0
    if kind == "plan" and not row.level and state.lexicon.is_doing(row.words):
        return 0
    chat = row.line.number in state.crowd.chat
    count = _block(state, index) if row.level or chat else _continued(state, index, turn)
    if filled := state.crowd.filled.get(row.line.number):
        count = filled[1]
    if _titles_fold(state, index):
        count = _fold(state, index)
    if row.level:
        # What is due below the heading is for those whose heading it is.
        state.open(
            Section(None, "heading", state.rank(row), 0, row.line.number, owners=turn.speakers)
        )
    below = state.next_words[index + 1]
    if row.level and count == 1 and below < len(state.rows) and _to_do(state, state.rows[below]):
        state.block("heading", index)
        return 1
    place = state.place(row.start, index, count)
    points = _points(state, index, count, row.at(turn.said), place["end"])
    state.block("opinion", index, count)
    state.records.append(
        Opinion(**place, evidence=(turn.reason,), speakers=turn.speakers, points=points)
    )
    return count


def _of_roles(state: State, row: Row) -> bool:
    """`현수 : 서버` below `## 각자의 역할`: what somebody is there for, and nothing said."""
    above = next((each for each in reversed(state.sections) if each.title), None)
    if above is None or not _ROLES.search(above.title):
        return False
    return row.label is not None and not _SAYS.search(row.words)


def _signed(state: State, index: int) -> int:
    """Claim `베타는 고정이다 - 현수`: a sentence, and behind it who said it."""
    row = state.rows[index]
    if row.kind != "words" or row.level or row.mark == "arrow" or row.box is not None:
        return 0
    words = row.words[:LONGEST]
    match = _SIGNED.match(words) if _DASH.search(words) else None
    if match is None or state.section.kind not in (None, "topics"):
        return 0
    speakers, why = names_in(state.crowd, match["who"])
    if not speakers or state.continued(index) > 1:
        return 0
    place = state.place(row.start, index)
    end = row.at(match.end("said"))
    point = Point(place["start"], end, state.text[place["start"] : end])
    state.block("opinion", index)
    reason = f"a sentence with a dash and a name behind it: {why}"
    state.records.append(Opinion(**place, evidence=(reason,), speakers=speakers, points=(point,)))
    return 1


def _continued(state: State, index: int, turn: Turn) -> int:
    """How many rows the turn has: with a name over a list, that list as well."""
    count, row = state.continued(index), state.rows[index]
    if count > 1 or turn.said < len(row.words):
        return count
    if not (
        names_a_list(state.rows, index)
        or _beside_its_list(state, index)
        or _over_its_list(state, index)
    ):
        return _over_text(state, index)
    last, following = index, state.next_words[index + 1]
    mark, sign, loose = (
        state.rows[following].mark,
        state.rows[following].sign,
        following > index + 1,
    )
    while following < len(state.rows):
        below = state.rows[following]
        if below.column < row.column or below.level or following in state.starts:
            break
        if following > last + 1 and not loose:
            break  # what stands apart from the list may be anybody's
        same = bool(below.mark) and (below.mark, below.sign) == (mark, sign)
        if not (same or below.column > row.column) or below.kind not in ("words", "table"):
            break
        last, following = following, state.next_words[following + 1]
    return last - index + 1


def _beside_its_list(state: State, index: int) -> bool:
    """`1. 하늘` over `- 좋다` at its own column: an item, over a list with marks of its own."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    if not (row.listed and below and below[0].listed) or row.box is not None:
        return False
    return below[0].column == row.column and below[0].sign != row.sign


def _over_its_list(state: State, index: int) -> bool:
    """A name right below a title in plain text, over a list or an arrow."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    if row.mark or row.box is not None or not below or len(row.words) > MIXED // 2:
        return False
    if below[0].mark == "arrow":
        return below[0].column >= row.column
    above = state.rows[index - 1] if index else None
    title = above is None or len(above.words) <= MIXED // 2
    return title and below[0].listed and below[0].column >= row.column


def _over_text(state: State, index: int) -> int:
    """How many rows `robin:`, or a name alone, makes with the text right below it."""
    row, count = state.rows[index], 1
    alone = row.line.number in state.crowd.alone and not row.label
    for at in range(index + 1, len(state.rows)):
        below = state.rows[at]
        plain = below.kind == "words" and not (below.mark or below.level)
        if below.label and (not alone or names_in(state.crowd, below.label.name)[0]):
            break
        if not (row.label or alone) or row.mark or not plain or below.column != row.column:
            break
        if at in state.starts or state.lexicon.section(below.words.rstrip(":： \t")):
            break
        count += 1
    return count


def turn_of(state: State, index: int) -> Turn | None:
    """The turn that a row opens, if it does."""
    row = state.rows[index]
    if row.kind == "table":
        return _of_table(state, row.words)
    if row.kind != "words" or row.mark == "arrow" or row.struck:
        return None
    if row.line.number in state.crowd.chat:
        name = row.words.split(maxsplit=1)[0]
        return Turn((name,), len(row.words), "a name and a time over what is said in a chat")
    if filled := state.crowd.filled.get(row.line.number):
        return Turn(filled[0], len(row.words), filled[2])
    if _titles_fold(state, index):
        speakers, reason = names_in(state.crowd, bare_label(row.words))
        if speakers:
            return Turn(speakers, len(row.words), f"a folded block's title is a name: {reason}")
    if who := state.crowd.addressed.get(row.line.number):
        return Turn((who,), len(row.words), "what each of two says to the other")
    if label := row.label:
        name = _WHOSE.sub("", without_date(label.name))
        speakers, reason = names_in(state.crowd, name)
        if not speakers:
            speakers, reason = whose_view(state, label)
        if not speakers and label.sign in ":-":
            speakers, reason = _whose_point(state, label.name)
        if speakers and (_CONTACT.match(row.words, label.end) or lists_accounts(state, index)):
            return None  # a roster, with telephone numbers and the like
        if label.sign == ">" and names_in(state.crowd, row.words[label.end :])[0]:
            return None  # an order of people
        if speakers:
            return Turn(speakers, label.end, f"{_SIGNS[label.sign]} a name: {reason}")
        if speaks_for := _of_group(state, index, label) or _behind_aside(state, row, label):
            return speaks_for
        _doubt(state, index, label)
        return None
    if combined := _combined(state, row.words):
        return combined
    if row.listed and (called := _called(state, row)):
        return called
    if len(row.words) > MIXED:
        return None
    following = state.next_words[index + 1]
    if following == len(state.rows):
        return None
    below = state.rows[following]
    if below.kind == "rule":
        return None
    if row.level:
        remark = _remark(state, row, below) or _part_of(state, row, below)
        if below.level and not below.framed and not remark:
            return None
    elif row.line.number in state.crowd.alone or names_a_list(state.rows, index):
        pass
    elif row.listed and below.listed and below.column > row.column:
        pass  # a blank line may stand between a name and the list below it
    elif _beside_its_list(state, index) or _over_its_list(state, index):
        pass
    elif following > index + 1 or (below.column <= row.column and (row.listed or not below.listed)):
        return None
    name = bare_label(row.words)
    if view := state.lexicon.view.search(name):
        name = name[: view.start()]  # `### 현수의 의견`
    speakers, reason = names_in(state.crowd, name)
    if not speakers or _fills_in(state, index):
        return None
    return Turn(speakers, len(row.words), f"a name over what is said: {reason}")


def _called(state: State, row: Row) -> Turn | None:
    """`- @robin the map is too small`: who says it, where others of the note stand so as well."""
    handle = _HANDLE.match(row.words) if row.words[:1] == "@" and row.box is None else None
    if handle is None or handle["who"] not in state.crowd.handles:
        return None
    return Turn((handle["who"],), handle.end(), "a handle before what is said, as others'")


def _whose_point(state: State, label: str) -> tuple[tuple[str, ...], str]:
    """Who makes the point of `Comment from Robin: …` and `Robin's point: …`."""
    found = COMMENT_FROM.fullmatch(label) or _POINT_OF.fullmatch(label)
    return names_in(state.crowd, found["who"]) if found else ((), "")


def _behind_aside(state: State, row: Row, label: Label) -> Turn | None:
    """`[FE] 현수 : …`, `[20:05] 현수 : …`: what stands before the name is no part of it."""
    if label.sign not in "([" or row.level:
        return None
    inner = label_of(row.words[label.end :])
    speakers, reason = names_in(state.crowd, inner.name) if inner else ((), "")
    if inner is None or not speakers or inner.sign != ":":
        return None
    return Turn(speakers, label.end + inner.end, f"a colon follows a name: {reason}")


def _of_group(state: State, index: int, label: Label) -> Turn | None:
    """`3조 - 현수님` over a list: who tells of the group, and what."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    if label.end == len(row.words) or not _TABLE.fullmatch(label.name):
        return None
    if not below or below[0].kind != "words" or below[0].column <= row.column:
        return None
    speakers, reason = names_in(state.crowd, row.words[label.end :])
    reason = f"a group's label, then names alone: {reason}"
    return Turn(speakers, len(row.words), reason) if speakers else None


def _part_of(state: State, head: Row, row: Row) -> bool:
    """`### 좋았던 점` below `## 현수`, and below others' headings too: what all are asked."""
    if not head.level < row.level <= MARKDOWN_LEVELS or head.level > MARKDOWN_LEVELS:
        return False
    if state.lexicon.section(row.words.rstrip(":： \t")) or names_in(state.crowd, row.words)[0]:
        return False
    alike = (state.rows[at] for at in state.headings)
    return sum(each.level == row.level and each.words == row.words for each in alike) > 1


def _fills_in(state: State, index: int) -> bool:
    """Whether a name is what a form asks for on the line above it: `담당 교수`, `작 성 자`."""
    above = state.rows[index - 1] if index and not state.rows[index].level else None
    if above is None or above.kind != "words" or above.listed or above.level:
        return False
    if state.rows[state.next_words[index + 1]].listed:
        return False  # a name over a list
    field, lexicon = squeeze(above.words.rstrip(":： ")), state.lexicon
    return (
        field in lexicon.offices
        or field in lexicon.columns
        or field in lexicon.charged
        or state.crowd.is_role(field)
        or field in lexicon.nobody
    )


def _combined(state: State, words: str) -> Turn | None:
    """`현수 + 인서 = …`: two who say one thing."""
    head, sign, _ = words[: MIXED + 1].partition("=")
    if not sign or "+" not in head:
        return None
    speakers, reason = names_in(state.crowd, head)
    if len(speakers) < 2:
        return None
    return Turn(speakers, len(head) + 1, f"names joined by + before =: {reason}")


def _of_table(state: State, words: str) -> Turn | None:
    """`| 현수 | 좋다 |`."""
    cells = words.strip("|").split("|")
    if len(cells) < 2 or not cells[1].strip():
        return None
    speakers, reason = names_in(state.crowd, cells[0])
    if not speakers or shape_of(cells[1].strip()) in ("full", "latin", "initials", "kanji"):
        return None  # nobody, or a list of first and family names
    said = words.index("|", words.index(cells[0]) + len(cells[0])) + 1
    return Turn(speakers, said, f"a table's row that begins with a name: {reason}")


def _block(state: State, index: int) -> int:
    """How many rows a turn under a heading has: up to the next heading, fence or rule."""
    last = index
    for at in range(index + 1, len(state.rows)):
        row = state.rows[at]
        head = state.rows[index]
        apart = row.level and not (_remark(state, head, row) or _part_of(state, head, row))
        if apart or row.kind in ("fence", "rule", "front", "conflict") or at in state.starts:
            break
        if row.line.number in state.crowd.chat:
            break
        if row.kind == "words" and state.lexicon.section(row.words.rstrip(":： \t")):
            break
        if last < at and head.framed and _labelled(state, at):
            break
        if row.listed and _to_do(state, row):
            break
        if row.kind != "blank":
            last = at
    return last - index + 1


def _titles_fold(state: State, index: int) -> bool:
    """Whether a row is the title of a folded block, `<summary>하늘</summary>`."""
    return index in state.folded and state.markup(state.rows[index]).startswith("<summary")


def _fold(state: State, index: int) -> int:
    """How many rows of a folded block are what its title's bearer says."""
    last = index
    for at in range(index + 1, len(state.rows)):
        row = state.rows[at]
        if at not in state.folded or row.kind not in ("words", "blank", "code") or row.level:
            break
        named = row.label is not None and bool(names_in(state.crowd, row.label.name)[0])
        section = state.lexicon.section(row.words.rstrip(":： \t"))
        if row.kind == "words" and (named or section or _to_do(state, row)):
            break
        if row.kind == "words":
            last = at
    return last - index + 1


def _over_turns(state: State, index: int) -> bool:
    """`### 현수님` over `- 현수님: …`, `- 인서님: …`: what is talked about, and each says so."""
    items: list[Row] = []
    for row in state.rows[index + 1 : index + _block(state, index)]:
        if row.listed and (not items or row.column <= items[0].column):
            items.append(row)
    named = [row for row in items if row.label and names_in(state.crowd, row.label.name)[0]]
    return bool(named) and 2 * len(named) >= len(items)


def _remark(state: State, head: Row, row: Row) -> bool:
    """`※ 타이머 담당` below somebody's heading: a remark, and no heading of its own."""
    if head.level > MARKDOWN_LEVELS or row.level <= MARKDOWN_LEVELS or row.framed:
        return False
    return state.text[row.line.body_start] == "※" and not state.lexicon.section(row.words)


def _to_do(state: State, row: Row) -> bool:
    """`TODO: …`, `[ ] …`: a task, though it stands among what somebody says."""
    label = row.label
    return row.box is not None or (
        label is not None
        and label.sign == ":"
        and label.end < len(row.words)
        and (
            state.lexicon.marks.get(squeeze(label.name)) == "task"
            or state.lexicon.section(label.name) == "task"
        )
    )


def _labelled(state: State, at: int) -> bool:
    """Whether a paragraph begins with somebody's label: a turn of its own."""
    row = state.rows[at]
    if row.kind != "words" or row.mark or not state.paragraph(at):
        return False
    label = row.label
    people = names_in(state.crowd, label.name)[0] if label else ()
    return bool(people) or _combined(state, row.words) is not None


def _points(state: State, index: int, count: int, first: int, last: int) -> tuple[Point, ...]:
    """One point a bullet; a line without one, an arrow too, continues the point before it."""
    spans: list[tuple[int, int]] = []
    head = state.rows[index]
    said = state.text[first : head.end]
    if not head.framed and said.strip(" \t|*_"):
        spans.append((first + len(said) - len(said.lstrip()), head.end))
    open_point = bool(spans)
    for row in state.rows[index + 1 : index + count]:
        if row.kind == "blank":
            open_point = open_point and not head.level
            continue
        if row.level and row.level <= MARKDOWN_LEVELS:  # a part's heading
            open_point = False
            continue
        if row.listed or not open_point:
            spans.append((row.start if row.words else row.line.body_start, row.end))
        else:
            spans[-1] = (spans[-1][0], row.end)
        open_point = True
    # A last line of unseen characters ends behind what the turn's text ends with.
    spans = [(start, min(end, last)) for start, end in spans]
    spans = [(start, _closed(state.text, start, end)) for start, end in spans]
    return tuple(Point(start, end, state.text[start:end]) for start, end in spans if start < end)


def _closed(text: str, start: int, end: int) -> int:
    """Where a point ends, without the mark that closes what was opened before it began."""
    if text[end - 1] not in "*_~":
        return end
    for mark in ("**", "__", "~~"):
        rest = end - len(mark)
        if text.endswith(mark, start, end) and text.count(mark, start, end) == 1:
            return rest if rest > start and text[rest - 1] != mark[0] else end
    return end


def _doubt(state: State, index: int, label: Label) -> None:
    """Say so where a role, or what may be a name, stands before the colon."""
    row, crowd = state.rows[index], state.crowd
    bare = label.name.strip()
    if (
        label.sign == ":"
        and not row.listed
        and label.end < len(row.words)
        and state.section.kind in (None, "topics")
        and state.paragraph(index)
        and _MAYBE.fullmatch(bare)
        and not bare.endswith(("님", "씨"))  # a role: who it is, a name would have said
        and squeeze(bare) not in crowd.lexicon.nobody
        and squeeze(bare) not in crowd.lexicon.attendees
        and not crowd.is_role(bare)
    ):
        state.doubt(
            "unknown-speaker",
            row,
            f"nothing says whether {bare} is a person: nobody was noted as the speaker",
            f"write {bare}님, or add the name to the attendees or to meetings/people.toml",
        )
        return
    for honorific in ("님", "씨"):
        name = bare.removesuffix(honorific)
        if name != bare and " " not in name and crowd.is_role(name):
            if squeeze(name) in crowd.lexicon.everyone:
                return
            state.doubt(
                "role-not-person",
                row,
                f"{bare} says what somebody does, not who: nobody was noted as the speaker",
                f"write the name, or add {bare} to meetings/people.toml",
            )
            return
