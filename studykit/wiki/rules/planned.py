"""What makes an item of a plan a task, and what is none among tasks."""

from __future__ import annotations

import re

from studykit.wiki.endings import is_sentence
from studykit.wiki.evidence import names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Due
from studykit.wiki.rows import Row
from studykit.wiki.rules.state import State
from studykit.wiki.times import DATE, DATE_LABELS, DAY

__all__ = [
    "OTHERWISE",
    "begins_when",
    "beside_a_date",
    "by_when",
    "field_of",
    "given_out",
    "is_field",
    "nothing_due",
    "only_plans",
    "only_when",
    "time_before",
    "until_in_brackets",
    "when_they_meet",
]

TAIL = 40
SHORT = 80
FEW = 16
_AND = re.compile(r"[ \t](?:및|과|와|and|&)[ \t]|[,/&]", re.IGNORECASE)
_BRACKETED = re.compile(r"\([ \t]*[~∼〜][ \t]*(?P<when>[^()~]{2,24})\)[\s.]*$")
_CLOCK = re.compile(
    r"(?:오전|오후|저녁|밤|자정|정오)|\d{1,2}일"
    r"|\d{1,2}(?:(?::\d{2}){1,2}분?|시(?: ?\d{1,2}분)?)(?: ?[ap]m)?"
    r"|[월화수목금토일](?:요일)?|전|부터"
)
OTHERWISE = re.compile(
    r"매주|매일|매달|매번|毎週|毎回|(?i:every )|(?:접수|신청|모집|지원|응모) ?기간"
    r"|(?:(?:없|있|많|적|작|[았었했됐였])으|[하되가오나리르])면[ \t]"
)
"""What holds every week, what others set, and what is so only if something else is."""
_FILES = re.compile(
    r"(?:[\w()-]+\.(?:png|jpe?g|gif|svg|pdf|pptx?|docx?|hwpx?|xlsx?|zip|txt|md|ipynb|py)"
    r"(?:[ \t]*[/,·][ \t]*(?=\S)|$))+",
    re.IGNORECASE,
)
"""`map_01.png / map_02.png`."""
_LONG_ASIDE = re.compile(r"(?<=\S)[ \t]*\([^()]{20,200}\)[ \t.]*$")
"""What more there is to say of it than by when: `… 그리기 (즉, 크기를 맞추어서)`."""
_ASIDE = re.compile(r"(?<=\S)[ \t]*\([^()]{1,20}\)$")
_NEXT = re.compile(r"다음|차기|next|次回", re.IGNORECASE)
_AGENDA = re.compile(r"(?:일정|안건|주제)[ \t:*]*$")
_HOW_THEY_MEET = re.compile(r"(?:로|에서|통해) ?진행(?:함|예정)?[\s.!]*$")
"""`디스코드로 진행` says how they meet next."""
_FIELDS = DATE_LABELS | frozenset(
    ("장소", "모임장소", "회의장소", "범위", "분량", "교재", "場所", "place", "location")
)


def is_field(state: State, row: Row) -> bool:
    """`장소: 온라인`, `불참: -`, `전원`: what a form says of the meeting, or of all its tasks."""
    label = row.label
    if only_when(state, row.words):
        return True  # `10월 25일 화요일 오후 8시`: when they meet next
    if label is None:
        return len(row.words) <= TAIL and squeeze(row.words) in state.lexicon.everyone
    if label.sign != ":":
        return False
    name, said = squeeze(label.name.strip("*_ ")), row.words[label.end :]
    if state.lexicon.section(label.name) == "plan" and only_when(state, said):
        return True  # `다음 미팅 : 3월 14일 오후 3시`
    absent = name in state.lexicon.absent
    if name in state.lexicon.deadlines and not row.listed:
        return True
    if not absent and name not in _FIELDS | state.lexicon.subjects:
        return False
    return not state.lexicon.is_doing(said) and (absent or not names_in(state.crowd, said)[0])


def only_plans(state: State) -> bool:
    """Whether the section is of plans, and of nothing else: `구성원 및 계획` has more."""
    return state.section.kind == "plan" and _AND.search(state.section.title) is None


def only_when(state: State, said: str) -> bool:
    """Whether words say when something is, and nothing else."""
    rest = _ASIDE.sub("", said) if len(said) <= TAIL else ""
    for pattern in (state.lexicon.when, state.lexicon.days, DATE, DAY, _CLOCK):
        rest = pattern.sub("", rest)
    return 0 < len(said.strip()) <= TAIL and not rest.strip(" \t~,.():에")


def until_in_brackets(state: State, row: Row) -> str:
    """`회의 시간 확정 (~10/15)` in a plan: by when, or nothing."""
    if state.section.kind != "plan" or not row.listed or "(" not in row.words[-TAIL:]:
        return ""
    found = _BRACKETED.search(row.words[-TAIL:])
    return found.group().strip() if found and state.when(row, found["when"]) else ""


def given_out(state: State, row: Row) -> str:
    """`지도 조사 : 현수, 인서` in a plan: work, and nothing behind it but whose it is."""
    label = row.label if row.listed else None
    if label is None:
        return ""
    names, why = names_in(state.crowd, row.words[label.end :])
    if label.sign != "-" and not state.lexicon.work.search(label.name[-TAIL:]):
        return ""
    return why if names and not names_in(state.crowd, label.name)[0] else ""


def when_they_meet(state: State, row: Row) -> Due | None:
    """When the next meeting is, by an item below `다음 모임` that says nothing else."""
    if not _NEXT.search(state.section.title) or not only_when(state, row.words):
        return None
    return state.when(row)


def beside_a_date(state: State, row: Row) -> bool:
    """Whether a list below `다음 모임` has when they meet, and something that is to be done.

    What else stands in it is to be done till then as well; below `다음 모임 일정` it is what they
    are going to talk about.
    """
    if _AGENDA.search(state.section.title):
        return False
    if state.section.kind != "plan" or not row.listed or only_when(state, row.words):
        return False
    named = row.label is not None and row.label.end < len(row.words)  # `서버 : 지도 저장`
    index = state.row_of(row.line.number)
    alone = named or state.continued(index) == 1
    below = state.rows[index + 1 : index + 2]
    beside = below and below[0].listed and below[0].column == row.column
    if beside and below[0].sign != row.sign and not state.lexicon.is_doing(row.words):
        alone = False  # `- 서버` over `* …` at its own column
    if not alone or is_field(state, row) or names_in(state.crowd, row.words)[0]:
        return False
    if _HOW_THEY_MEET.search(row.words[-TAIL:]):
        return False
    first = state.row_below(state.section)
    beside = [
        each
        for each in _until_heading(state.rows[first : first + FEW])
        if each.listed and each.column == row.column
    ]
    dated = any(only_when(state, each.words) for each in beside)
    due = any(
        state.lexicon.is_doing(each.words.rstrip(": "))
        and not _HOW_THEY_MEET.search(each.words[-TAIL:])
        for each in beside
    )
    return dated and due and not is_sentence(row.words)


def _until_heading(rows: list[Row]) -> list[Row]:
    heading = next((at for at, row in enumerate(rows) if row.level), len(rows))
    return rows[:heading]


def nothing_due(state: State, index: int) -> bool:
    """`현수 :` over nothing, somebody who has nothing to do, and `지도.png`, which says no work."""
    label = state.rows[index].label
    if _FILES.fullmatch(state.rows[index].words):
        return True
    if label is None or label.end < len(state.rows[index].words):
        return False
    return bool(names_in(state.crowd, label.name)[0]) and state.continued(index) == 1


def field_of(state: State, index: int) -> int:
    """`- 내용` over the tasks, `- 기한` and `- 비고` over what else there is to say of them."""
    row = state.rows[index]
    below = state.rows[index + 1] if index + 1 < len(state.rows) else None
    if not row.listed or below is None or not below.listed or below.column <= row.column:
        return 0
    name, lexicon = squeeze(row.words.rstrip(" :")), state.lexicon
    if name in lexicon.matters and not lexicon.work.search(name):
        state.block("heading", index)
        return 1
    if name not in lexicon.deadlines and name not in lexicon.remarks:
        return 0
    count = state.continued(index)
    state.block("prose", index, count)
    return count


def begins_when(state: State, words: str) -> str:
    """The time before what is to be done: `수요일에 하나씩 읽어오기`."""
    lexicon = state.lexicon
    if not lexicon.todo_alone.search(words[-TAIL:]):
        return ""
    time = lexicon.days.match(words) or lexicon.when.match(words)
    return time.group() if time else ""


def by_when(state: State, words: str) -> str:
    """By when something is to be done, which the line says and ends in, but for that time."""
    lexicon = state.lexicon
    words = _LONG_ASIDE.sub("", words) if ")" in words else words
    until = lexicon.until.search(words) if len(words) <= 2 * SHORT else None
    if until is None or OTHERWISE.search(words):
        return ""
    asked = lexicon.todo_asked.search(_ASIDE.sub("", words)[-TAIL:]) is not None
    if len(words) > SHORT and not asked:
        return ""
    time = time_before(state, words[max(0, until.start() - 30) : until.start()])
    before = words[: until.start()].removesuffix(time).rstrip(" (~-,/")
    behind = words[until.end() :].lstrip(" ).").rstrip(" .!>")
    said = (behind or before).rstrip(" >")
    due = asked or (lexicon.is_doing(said) and not is_sentence(said))
    return f"{time}{until.group()}" if time and due else ""


def time_before(state: State, words: str) -> str:
    """The time in which `words` end, but for what may stand between a time and 'until'."""
    starts = [
        match.start()
        for pattern in (state.lexicon.days, state.lexicon.when, DATE, DAY)
        for match in pattern.finditer(words)
    ]
    if not starts:
        return ""
    rest = words[min(starts) :]
    lexicon = state.lexicon
    for pattern in (lexicon.days, lexicon.when, DATE, DAY, lexicon.meeting, _CLOCK):
        rest = pattern.sub("", rest)
    return words[min(starts) :].strip() if not rest.strip(" \t()~,") else ""
