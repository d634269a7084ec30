"""Who speaks in a row, by whatever sign a note sets names apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from studykit.wiki.endings import is_statement
from studykit.wiki.evidence import COMMENT_FROM, INTENDS, names_a_list, names_in, stated_names
from studykit.wiki.evidence.listing import LINKED
from studykit.wiki.evidence.recurring import FROM_WHOM
from studykit.wiki.labels import Label, bare_label, label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.rows import Row
from studykit.wiki.rules.cells import GIVEN
from studykit.wiki.rules.listed import TO_FILL_IN
from studykit.wiki.rules.naming import lists_accounts
from studykit.wiki.rules.quoted import BEFORE_QUOTE
from studykit.wiki.rules.report import whose_view
from studykit.wiki.rules.silent import in_silence
from studykit.wiki.rules.state import MARKDOWN_LEVELS, State
from studykit.wiki.rules.talk_time import OPEN
from studykit.wiki.times import without_date

__all__ = [
    "Turn",
    "beside_its_list",
    "over_its_list",
    "part_of",
    "remark",
    "titles_fold",
    "turn_of",
]

_ARROWED = re.compile(r"(?P<who>[^\s→>=-]{1,12})[ \t]*(?:→|[-=]>|>>)[ \t]*(?=\S.{5})")
_BULLETS = ("-", "*", "+", "•")
MIXED = 40
FEW = 6
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
_CONTACT = re.compile(r"\d{2}[\d-]{5,}|[\w.+-]{1,40}@[\w-]{1,40}\.")
_THERE = re.compile(
    r"(?:(?i:late|excused|absent|present|remote)\b|지각|불참|결석|조퇴|참석|출석)(?:함)?"
    r"[ \t.]*(?:[,(].*)?$"
)
"""`Robin - late (arrived 12:08)`: who was there, and how."""
_AMOUNT = re.compile(r"[ \t]*[\d.,]+[ \t]?(?:[만천백억]*[ \t]?원|[만천백]|점|개|회|%|\$|₩)[ \t.]*")
_ASIDES = re.compile(r"[ \t]*\([^()]{1,30}\)")
_PARTS = re.compile(r"[ \t]*[,/+·&][ \t]*")
_ASIDE = re.compile(r"\S[ \t]?\((?P<who>[^()]{2,20})\)$")
_ROLES = re.compile(
    r"역할|담당|파트|분야|직책|포지션|役割|担当|\b(?:roles?|parts?|position|responsib)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@(?P<who>[a-z][\w-]{1,38}(?:\.[\w-]{1,12})?|[가-힣]{1,6})[ \t]+(?=\S)")
_WIKI_LINK = re.compile(r"\[\[(?P<who>[^\[\]|]{2,20})(?:\|[^\[\]]{1,20})?\]\][ \t]+(?=[^\s:-])")
"""`[[하늘]] 지도를 그림`, as wikis link people."""
_CODED = re.compile(r"`(?P<who>[^`\s]{1,16})`[ \t]+(?=[^\s:-])")
"""`• `하늘` 지도를 그림`, as chats set names off."""
_BOLD_REPLY = re.compile(
    r"(?:ㄴ|└|↳|→|⇒|[-=]>)[─>]*[ \t]*\*\*(?P<who>[^*]{1,20})\*\*[ \t]+(?=[^\s:])"
)
_ROLE_BEFORE = re.compile(
    r"(?:답변자|질문자|발언자|발화자|패널|의견|피드백|보충|추가|코멘트|답변|댓글)"
    r"[ \t]*(?P<open>\(?)(?P<who>[^()]{1,12})\)?"
)
"""`답변자 하늘 : …`, `피드백(하늘) - …`."""
_ALSO = re.compile(
    r"(?:[.?!…][\"”)]?|→|[-=]>|/)[ \t]+(?P<who>[^\W\d_][^\s:]{0,18}(?: [A-Z][\w'’-]{1,18})?):[ \t]"
)
LONGEST = 400
_BY_FORM = (
    "a first name as a label, as others are",
    "a list with a full name before every item",
    "names like this one come again in several lists",
    "labels like this one come again and again",
)
"""Evidence that is nothing but the form of a list, which may as well say whose part each is."""
_TO_WHOM = re.compile(r"(?P<who>\S{1,16}?)[ \t]*(?:→|-?>)[ \t]*(?P<whom>\S{1,16})")
"""`하늘 → 구름: …`."""
_MAYBE = re.compile(r"[가-힣]{2,4}")
_SKILL = r"[A-Z][A-Za-z.+#\d]{0,14}(?: [A-Z][A-Za-z.+#\d]{0,14})?"
_SKILLS = re.compile(rf"{_SKILL}(?:[ ]?[,/][ ]?{_SKILL})+")
_MEMBERS = (
    "참여자",
    "참가자",
    "참석자",
    "멤버",
    "팀원",
    "구성원",
    "members",
    "Members",
    "メンバー",
)
_DID = re.compile(
    r"(?!(?:this|is|was|does|yes|its|lets|needs?|looks|seems|always)\b)[a-z]{3,}(?:ed|s)\b"
    r"|status on\b"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Who speaks in a row, where what they say begins, and why we think so."""

    speakers: tuple[str, ...]
    said: int
    reason: str


def beside_its_list(state: State, index: int) -> bool:
    """`1. 하늘` over `- 좋다` at its own column: an item, over a list with marks of its own."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    if not (row.listed and below and below[0].listed) or row.box is not None:
        return False
    return below[0].column == row.column and below[0].sign != row.sign


def over_its_list(state: State, index: int) -> bool:
    """A name right below a title in plain text, over a list or an arrow."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    if row.mark or row.box is not None or not below or len(row.words) > MIXED // 2:
        return False
    if below[0].mark == "arrow":
        return below[0].column >= row.column
    above = state.rows[index - 1] if index else None
    title = above is None or len(above.words) <= MIXED // 2
    return title and below[0].listed and below[0].column >= row.column


def turn_of(state: State, index: int) -> Turn | None:
    """The turn that a row opens, if it does."""
    row = state.rows[index]
    if row.line.number in state.crowd.rosters:
        return None
    if row.kind == "table":
        above = state.titled_above()
        if above and bare_label(above.title).endswith(_MEMBERS):
            return None  # `## 스터디 참여자`, over who they are
        return _of_table(state, row.words) or _signed_in_table(state, row.words)
    if row.kind != "words" or row.struck:
        return None
    linked = _WIKI_LINK.match(row.words) if row.words[:2] == "[[" and not row.level else None
    if linked and (found := names_in(state.crowd, linked["who"]))[0]:
        return Turn(found[0], linked.end(), f"a link to whose page it is: {found[1]}")
    coded = _CODED.match(row.words) if row.words[:1] == "`" and row.listed else None
    if coded and row.box is None and (found := names_in(state.crowd, coded["who"]))[0]:
        return Turn(found[0], coded.end(), f"a name set as code before what is said: {found[1]}")
    if row.mark == "arrow":  # `→ 하늘: …`, who replies
        label = row.label if not row.level else None
        bold = _BOLD_REPLY.match(row.line.words) if label is None else None
        if bold and (found := names_in(state.crowd, bold["who"]))[0]:
            return Turn(
                found[0], len(bold["who"]) + 1, f"a name in bold behind an arrow: {found[1]}"
            )
        first = row.words.partition(" ")[0]
        if row.line.words[0] in "ㄴ└" and not label and (found := names_in(state.crowd, first))[0]:
            return Turn(found[0], len(first) + 1, f"a name behind ㄴ, who replies: {found[1]}")
        replies = names_in(state.crowd, label.name) if label and label.sign == ":" else ((), "")
        if not replies[0] or label is None or label.end == len(row.words):
            return None
        return Turn(replies[0], label.end, f"a colon follows a name, behind an arrow: {replies[1]}")
    if name := state.crowd.chat.get(row.line.number):
        return Turn((name,), len(row.words), "a name and a time over what is said in a chat")
    if filled := state.crowd.filled.get(row.line.number):
        return Turn(filled[0], len(row.words), filled[2])
    if titles_fold(state, index):
        speakers, reason = names_in(state.crowd, bare_label(row.words))
        if speakers:
            return Turn(speakers, len(row.words), f"a folded block's title is a name: {reason}")
    if who := state.crowd.addressed.get(row.line.number):
        label = row.label
        said = label.end if label and label.sign == ":" else len(row.words)
        letter = row.line.number in state.crowd.letters
        reason = "what each of two says to the other"
        return Turn((who,), said, "who wrote it, by its heading" if letter else reason)
    if row.words[1:5] == "rom " and (source := FROM_WHOM.match(row.words)):
        speakers, reason = names_in(state.crowd, source["who"])
        if speakers:
            return Turn(speakers, source.end(), f"from whom it comes: {reason}")
    if (label := row.label) and not row.words.startswith(f"[{label.name}]: http"):
        name = _WHOSE.sub("", without_date(label.name))
        speakers, reason = names_in(state.crowd, name)
        if not speakers:
            speakers, reason = whose_view(state, label)
        if not speakers and label.sign in ":-":
            speakers, reason = _whose_point(state, label.name)
        if not speakers and label.sign == ":" and (to := _TO_WHOM.fullmatch(label.name)):
            to_somebody = names_in(state.crowd, to["whom"])[0]
            speakers, reason = names_in(state.crowd, to["who"]) if to_somebody else ((), "")
        if speakers and (
            _CONTACT.match(row.words, label.end)
            or _AMOUNT.fullmatch(row.words, label.end)
            or _THERE.match(row.words, label.end)
            or _only_roles(state, row.words[label.end :])
            or (label.sign == "/" and " / " in row.words[label.end :])  # fields
            or lists_accounts(state, index)
        ):
            return None  # a roster, with telephone numbers and the like, or what each owes
        if label.sign == ">" and names_in(state.crowd, row.words[label.end :])[0]:
            return None  # an order of people
        if speakers and _fills_nothing_in(label, row.words[label.end :]):
            return None
        by_form = label.sign in ":-" and reason.endswith(_BY_FORM)
        if speakers and by_form and in_silence(state, index):
            return None
        if speakers:
            speakers += _also(state, row, label, speakers)
            return Turn(speakers, label.end, f"{_SIGNS[label.sign]} a name: {reason}")
        if label.sign == ":" and label.name in state.lexicon.writer and state.crowd.reasons:
            return Turn((label.name,), label.end, "whoever writes the note, before what is said")
        if speaks_for := (
            _behind_role(state, label)
            or _of_group(state, index, label)
            or _behind_aside(state, row, label)
            or _in_charge(state, row, label)
        ):
            return speaks_for
        _doubt(state, index, label)
        return None
    if together := combined(state, row.words):
        return together
    if arrowed := _before_arrow(state, index):
        return arrowed
    if (quoted := BEFORE_QUOTE.fullmatch(row.words)) and not row.level:
        speakers, reason = names_in(state.crowd, quoted["who"])
        if speakers:
            return Turn(speakers, quoted.end("who"), f"a name before a quote: {reason}")
    if called := _called(state, row):
        return called
    if len(row.words) > MIXED:
        return None
    underlined = row.level and state.rows[index + 1 : index + 2]
    following = state.next_words[index + 1]
    if underlined and underlined[0].kind == "rule":
        following = state.next_words[index + 2]  # `하늘`, underlined
    if following == len(state.rows):
        return None
    below = state.rows[following]
    if below.kind == "rule":
        return None
    if row.level:
        inner = remark(state, row, below) or part_of(state, row, below)
        if below.level and not below.framed and not inner:
            return None
    elif row.line.number in state.crowd.alone or names_a_list(state.rows, index):
        pass
    elif row.listed and below.kind == "words" and below.column > row.column:
        pass  # a blank line may stand between a name and what is below it
    elif (
        beside_its_list(state, index)
        or over_its_list(state, index)
        or (row.mark == "bullet" and _over_plain(state, index))
    ):
        pass
    elif following > index + 1 or (below.column <= row.column and (row.listed or not below.listed)):
        return None
    name = bare_label(row.words)
    if view := state.lexicon.view.search(name):
        name = name[: view.start()]  # `### 현수의 의견`
    speakers, reason = names_in(state.crowd, name)
    if not speakers or _fills_in(state, index):
        return None
    if below.label and squeeze(below.label.name) in state.lexicon.about:
        return None  # `이하늘 이사님` over `E-mail: …`
    if row.level and not _says_something(state, index):
        return None
    return Turn(speakers, len(row.words), f"a name over what is said: {reason}")


def _fills_nothing_in(label: Label, said: str) -> bool:
    """`하늘님 : YYYY년 MM월 DD일`, in a form, or `3/14 하늘 - 미정`, who presents nothing yet."""
    return TO_FILL_IN.search(said) is not None or (
        label.sign == "-" and OPEN.fullmatch(said.strip()) is not None
    )


def _also(state: State, row: Row, label: Label, speakers: tuple[str, ...]) -> tuple[str, ...]:
    """Who else speaks in one line: `Robin: why? Sky: because …`."""
    if label.sign != ":" or row.words.find(":", label.end) < 0:
        return ()
    found = list[str]()
    for match in _ALSO.finditer(row.words[: 4 * LONGEST], label.end):
        names = names_in(state.crowd, match["who"])[0]
        if names and all(map(state.crowd.why, names)):
            found += [name for name in names if name not in (*speakers, *found)]
    return tuple(found)


def _only_roles(state: State, said: str) -> bool:
    """`PM, AI 개발자(python)`: what somebody is, and nothing that they say."""
    parts = _PARTS.split(_ASIDES.sub("", said).strip(" .")) if len(said) <= MIXED else []
    words = [word for part in parts for word in part.split()]
    return bool(words) and all(squeeze(word) in state.lexicon.disciplines for word in words)


def _says_something(state: State, index: int) -> bool:
    """Whether what stands right below a heading is more than a bullet that nobody filled in."""
    below = state.next_words[index + 1]
    if below == len(state.rows):
        return True
    said = state.rows[below].line.words.strip()
    away = squeeze(said.strip("()")) in state.lexicon.absent  # `(불참)`
    return said not in _BULLETS and not away


def _over_plain(state: State, index: int) -> bool:
    """`* 하늘` right over lines without a mark at its column, and no name alone above it."""
    row, below = state.rows[index], state.rows[index + 1]
    above = state.rows[index - 1] if index else None
    listed = above is not None and above.kind == "words" and above.listed
    plain = below.kind == "words" and not (below.mark or below.level or below.label)
    return plain and below.column == row.column and not listed


def _before_arrow(state: State, index: int) -> Turn | None:
    """`하늘 → 지도를 나누자`, beside another's such line, where it says nothing to do."""
    row = state.rows[index]
    own = _arrowed(state, row) if "→" in row.words or ">" in row.words else None
    if own is None or state.section.kind in ("task", "plan", "talk", "decision"):
        return None
    beside = (*state.rows[max(0, index - 1) : index], *state.rows[index + 1 : index + 2])
    others = [found for each in beside if (found := _arrowed(state, each))]
    if not any(found.speakers != own.speakers for found in others):
        return None
    return own


def _arrowed(state: State, row: Row) -> Turn | None:
    match = _ARROWED.match(row.words) if row.kind == "words" and not row.level else None
    speakers, reason = names_in(state.crowd, match["who"]) if match else ((), "")
    if match is None or not speakers or row.mark == "arrow":
        return None
    if state.present is None:
        state.present = frozenset(squeeze(name) for _, name in state.crowd.attendees)
    if not state.present.issuperset(map(squeeze, speakers)) and not _all_answer(state, row):
        return None  # `강화 -> …`, of what a program does
    said = row.words[match.end() :]
    if names_in(state.crowd, said)[0] or state.lexicon.is_doing(said):
        return None  # who comes next, or what is to be done
    return Turn(speakers, match.end(), f"an arrow follows a name, as others: {reason}")


def _all_answer(state: State, row: Row) -> bool:
    """Whether the items of a list below a question all begin with known names and arrows."""
    at = state.row_of(row.line.number)
    run = [row]
    for step in (-1, 1):
        for each in state.rows[at + step : at + step * FEW : step] if at else ():
            if each.kind != "words" or not each.listed or each.column != row.column:
                break
            run.append(each)
    matches = [_ARROWED.match(each.words) for each in run]
    names = {match["who"] for match in matches if match and names_in(state.crowd, match["who"])[0]}
    return len(run) > 1 and all(matches) and len(names) == len(run)


def _called(state: State, row: Row) -> Turn | None:
    """`- @robin the map is too small`: who says it, where others of the note stand so as well."""
    handle = _HANDLE.match(row.words) if row.words[:1] == "@" and row.box is None else None
    if handle is None or handle["who"] not in state.crowd.handles:
        return None
    if INTENDS.match(row.words, handle.end()):
        return None
    if _DID.match(row.words, handle.end()) and not state.lexicon.says.match(
        row.words, handle.end()
    ):
        return None  # `@robin contributed to clouds`, what somebody did
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
    alone = names_in(state.crowd, row.words[label.end :]) if label.sign == "[" else ((), "")
    below = state.next_words[state.row_of(row.line.number) + 1]
    over = below < len(state.rows) and state.rows[below].listed and not row.listed
    if alone[0] and over:  # `[회계 보고] 하늘` over a list
        return Turn(alone[0], len(row.words), f"a name over what is said: {alone[1]}")
    speakers, reason = names_in(state.crowd, inner.name) if inner else ((), "")
    if inner is None or not speakers or inner.sign != ":":
        return None
    return Turn(speakers, label.end + inner.end, f"a colon follows a name: {reason}")


def _behind_role(state: State, label: Label) -> Turn | None:
    """`답변자 하늘 : …`, `피드백(하늘) - …`: before the name stands what its bearer does."""
    match = _ROLE_BEFORE.fullmatch(label.name) if label.sign in ":-" else None
    speakers, reason = names_in(state.crowd, match["who"]) if match else ((), "")
    if match is None or not speakers or not (match["open"] or " " in label.name):
        return None
    return Turn(speakers, label.end, f"a word for who speaks, and a name: {reason}")


def _in_charge(state: State, row: Row, label: Label) -> Turn | None:
    """`지도(현수) : 색을 고르는 중`: whose part it is, and how far it is, as the day before."""
    aside = _ASIDE.search(label.name) if label.sign == ":" and row.listed else None
    if aside is None or label.end == len(row.words):
        return None
    if state.labels is None:
        names = (each.label.name for each in state.rows if each.listed and each.label)
        state.labels = Counter(names)
    speakers, reason = names_in(state.crowd, aside["who"])
    if not speakers or state.labels[label.name] < 2:
        return None
    return Turn(speakers, label.end, f"whose part it is, in brackets, again and again: {reason}")


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


def part_of(state: State, head: Row, row: Row) -> bool:
    """`### 좋았던 점` below `## 현수`, and below others' headings too: what all are asked."""
    if not head.level < row.level <= MARKDOWN_LEVELS or head.level > MARKDOWN_LEVELS:
        return False
    if squeeze(row.words.rstrip(": \t")) in state.lexicon.did:
        return True  # `## DONE`
    if state.lexicon.section(row.words.rstrip(": \t")) or names_in(state.crowd, row.words)[0]:
        return False
    if state.alike is None:
        heads = (state.rows[at] for at in state.headings)
        state.alike = Counter((each.level, each.words) for each in heads)
    return state.alike[row.level, row.words] > 1


def _fills_in(state: State, index: int) -> bool:
    """Whether a name is what a form asks for on the line above it: `담당 교수`, `작 성 자`."""
    above = state.rows[index - 1] if index and not state.rows[index].level else None
    if above is None or above.kind != "words" or above.listed or above.level:
        return False
    if state.rows[state.next_words[index + 1]].listed:
        return False  # a name over a list
    field, lexicon = squeeze(above.words.rstrip(": ")), state.lexicon
    return (
        field in lexicon.offices
        or field in lexicon.columns
        or field in lexicon.charged
        or state.crowd.is_role(field)
        or field in lexicon.nobody
    )


def combined(state: State, words: str) -> Turn | None:
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
    if not any(any(map(str.isalnum, cell)) for cell in cells[1:]):
        return None  # `| 하늘 | - | - |`
    first, second = (LINKED.sub(r"\g<name>", cell).strip() for cell in cells[:2])
    speakers, reason = names_in(state.crowd, first)
    family = shape_of(cells[1].strip()) in ("full", "latin", "initials", "kanji")
    if not speakers or (family and not any(map(str.isdigit, cells[1]))):
        return None  # nobody, or a list of first and family names
    head, title = state.table_words.rpartition("|")[0].rpartition("|")[2], state.section.title
    done = GIVEN.search(head) or GIVEN.search(title)  # `담당 성과`
    if len(cells) == 2 and _ROLES.search(head) and not done:
        return None  # what each is there for
    if _ROLES.search(title) and not is_statement(cells[-1].strip()) and not done:
        return None
    if len(cells) == 2 and _SKILLS.fullmatch(second):
        return None  # `| 하늘 | React, C++ |`, what each can do
    if names_in(state.crowd, second)[0] or any(_CONTACT.match(cell.strip()) for cell in cells):
        return None  # people side by side, or how to reach somebody
    said = words.index("|", words.index(cells[0]) + len(cells[0])) + 1
    return Turn(speakers, said, f"a table's row that begins with a name: {reason}")


def _signed_in_table(state: State, words: str) -> Turn | None:
    """`| 3 | 안개가 짙은 것 같다 | 현수 |`: a sentence, and who says so in the last cell."""
    cells = [cell.strip() for cell in words.strip("|").split("|")]
    heads = [squeeze(head) for head in state.table_words.strip("| \t").split("|")]
    at = next((at for at, head in enumerate(heads) if head in state.lexicon.saying), -1)
    if 0 <= at < len(cells) == len(heads) and (who := stated_names(state.crowd, cells[at])):
        text = max((cell for cell in cells if cell != cells[at]), key=len, default="")
        reason = f"a table's row, and who says so in the column of {heads[at]}"
        return Turn(who, words.index(text), reason) if len(text) > MIXED // 4 else None
    said = [cell for cell in cells[:-1] if cell and not cell.isdecimal()]
    if squeeze(state.table_words.strip("| \t").rpartition("|")[2]) in state.lexicon.saying:
        said = [max(said, key=len)] if said else []  # `| 주제 | 발언 | 발언자 |`
    elif len(said) != 1 or not is_statement(said[0]):
        return None
    if len(cells) < 2 or not said:
        return None
    speakers, reason = names_in(state.crowd, cells[-1])
    reason = f"a table's row that ends in a name: {reason}"
    return Turn(speakers, words.index(said[0]), reason) if speakers else None


def titles_fold(state: State, index: int) -> bool:
    """Whether a row is the title of a folded block, `<summary>하늘</summary>`."""
    return index in state.folded and state.markup(state.rows[index]).startswith("<summary")


def remark(state: State, head: Row, row: Row) -> bool:
    """`※ 타이머 담당` below somebody's heading: a remark, and no heading of its own."""
    if head.level > MARKDOWN_LEVELS or row.level <= MARKDOWN_LEVELS or row.framed:
        return False
    return state.text[row.line.body_start] == "※" and not state.lexicon.section(row.words)


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
