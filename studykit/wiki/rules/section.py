"""`금일 질문 사항 :`, `## 링크`, `다음 주 까지 :`: a heading or label, and what it opens."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import takewhile

from studykit.wiki.endings import LAST_ASIDE, is_statement
from studykit.wiki.evidence import names_in
from studykit.wiki.evidence.crowd import is_usual_name
from studykit.wiki.labels import bare_label
from studykit.wiki.lexicon import SectionKind, squeeze
from studykit.wiki.records import Due
from studykit.wiki.rows import LABEL_LEVEL, Row
from studykit.wiki.rules.asking import asks, inquires
from studykit.wiki.rules.decision import closes, settled, settled_by_heading
from studykit.wiki.rules.letters import in_any_case
from studykit.wiki.rules.link import ALONE
from studykit.wiki.rules.listed import WAYS, in_list_with
from studykit.wiki.rules.mark import CALLOUT
from studykit.wiki.rules.marked import add_question
from studykit.wiki.rules.naming import (
    dated,
    hands_out,
    prepares,
    shares_out,
    somebodys,
    titles_note,
    whose_label,
)
from studykit.wiki.rules.part import part
from studykit.wiki.rules.session import is_bold
from studykit.wiki.rules.state import Scope, Section, State, several
from studykit.wiki.times import DAY

_Q = re.compile(r"(?:Q|질문)[ \t]?#?(?P<number>\d{0,3})[ \t]*[.:)][ \t]*(?=\S)", re.IGNORECASE)
NEAR = 20
_DEFINES = re.compile(
    r"(?:이?란|무엇(?:인가|인가요|일까|일까요|입니까)?|뭔가|뭐지|뭘까)(?:요)?\?$|とは(?:何か?)?\?$"
    r"|^(?:\d[\d.]* )?what(?: is|'s| are)\b",
    re.IGNORECASE,
)
_STAMPED = re.compile(
    r"\[[^\[\]]{1,20}\][ \t]?\[[^\[\]]{1,10}\][ \t]+(?:(?:그리고|그럼|자|그러면|아|네)[ \t,]+)?"
)
_LED = re.compile(r"[ \t]*(?:→|[-=]>)[ \t]*")
_QUESTION = re.compile(
    "질문|물음|質問|疑問|" + in_any_case(r"q(?<=\bq)uestions?\b", r"o(?<=^o)pen$")
)
_Q_NUMBER = re.compile(r"Q[ \t]?(?P<number>\d{1,2})(?:[ \t]*[.:)]|(?=[ \t]))[ \t]*(?=\S)")
_POLITE = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*\.?[ \t]+)?"
    r"(?P<asks>\S.*(?:주세요|주시겠어요|주실 수 있나요|보세요|나요|까요|가요"
    r"|궁금(?:합니다|해요))[ \t?.!)]*"
    r"(?:\([^()]{1,60}\)[ \t.]*)?)"
)
"""`1.2. 안개는 왜 걷히나요?`, `구름에 대해 설명해 주세요.`"""
_Q_ALONE = re.compile(r"Q[ \t]+(?=\S.{3})")
"""`## Q 지도의 크기에 대하여`, as another heading of the note."""
_ALL = re.compile(r"모음|목록|리스트|collection|list", re.IGNORECASE)
_DUE = re.compile(
    r"(?:의|각자|다같이)?(?:할것|할일|과제|숙제|해야할것|해야할일|계획|목표|준비|준비사항|준비할것|부탁(?:드려요|드립니다|해요)?)?"
)
_TALKS_OF = re.compile(
    r"(?:담|다음|담주|다음 ?주|차주|이번 ?주|오늘)[ ]?[가-힣]{0,6}[ ]?(?:발표|발제|세미나)"
)
"""`담 런치 발표`."""
_DUE_ITEMS = re.compile(
    r"[가-힣]{0,6}(?:할|올|갈|낼|볼|쓸|둘)(?:것|거|것들|일|문서|자료|내용|부분|사항|과제|목록|작업)"
)
"""What may stand behind 'until' in the label of what is due then: `작성해 올 문서`."""
_BY = re.compile(r"~[ \t]*\d|\b(?:by|due|before|b4)[ \t:]", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2}일|전$")
_COMING = re.compile(r"(?:다음|이번|다다음|돌아오는|오는)[ \t]+(?=[월화수목금토일]요일)")
_WEEKDAY = re.compile(r"(?<=[ \t])[월화수목금토일](?=[ \t]*$)")
_NEXT = re.compile(r"^(?:담|다음|이번)$")
_OCCASION = re.compile(
    r"(?:다음|이번)?[ ]?(?:[가-힣]{2,6}[ ]?)?"
    r"(?:면담|멘토링|상담|중간 ?발표|최종 ?발표)(?=까지|[ ]|$)"
)
_ROUND = re.compile(r"\d{1,3} ?(?:회차?|차)(?:[ ]?\([^()]{1,12}\))?")
_BY_LABEL = re.compile(
    r"(?:by|before|until|due)(?: by)? (?:the )?(?:next |this |coming )?"
    r"(?:mon|tue|wed|thu|fri|sat|sun|meeting|session|week|time|call|\d"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[\w./ -]{0,12}",
    re.IGNORECASE,
)
"""`By next Sunday` over what is due then."""
_BY_THEN = re.compile(rf"~[ \t]*(?P<day>{DAY.pattern})(?:[ \t]*\([월화수목금토일]\))?")
_CHARGES = frozenset(
    (
        *("담당", "분담", "역할", "역할분담", "파트분배", "파트분담", "담당파트"),
        *("担当", "分担", "今日の担当", "本日の担当", "今回の担当", "次回の担当", "次回担当"),
    )
)
_BY_WAVE = re.compile(r"(?P<week>[^\s~]{2,6}[ ]?)?[~∼〜][ ]?(?P<day>[^~]{2,14})")
"""`~다음주 일요일`, `[담주 ~11/26]`, over what is due then."""
_CALLOUTS: dict[str, SectionKind] = {"question": "question", "faq": "question", "todo": "task"}
_CHAPTER = re.compile(
    r"(?:제 ?)?\d{1,2}(?:\.\d{1,2})? ?(?:장|강|절|부|챕터)|第?\d{1,2}(?:\.\d{1,2})?[章節]"
    r"|(?:ch|chapter)\b\.? ?\d"
    r"|\d{1,2}\.\d{1,2}(?:[〜~-]\d{1,2}(?:\.\d{1,2})?)?[ \t]+(?=[^\W\d])",
    re.IGNORECASE,
)
_FIRST_DAY = re.compile(r"\d{1,2}/\d{1,2}(?:\([^()]{1,3}\))?[ \t]+")
_TWO_SENTENCES = re.compile(r"[가-힣]\.[ \t]+\S")
_ASIDE = re.compile(r"[ \t]*\([^()]*\)$")
_NEXT_MEETING = re.compile(
    r"\bnext (?:meeting|session|call|class)[ \t]*[:,][ \t]*(?P<when>[^()]{2,40})", re.IGNORECASE
)
_CLOSES_BY = re.compile(r"(?:마감|기한|due|deadline)\b[ \t:]*\S.{0,20}$", re.IGNORECASE)
_LISTS = re.compile(r"(?:할 ?[것일거]|목록|리스트)[ \t]*(?:목록|리스트)?$")
LONGEST = 60
WIDE = 200
SENTENCE = 20
MANY = 60
FEW = 6
SHORT = 16
"""A label without a colon has no more letters; a line with more is what somebody says."""


def message_label(state: State, index: int) -> Section | None:
    """What `[하늘] [오후 3:21] 그리고 할 일` opens over the lines below it in the same message."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    stamp = _STAMPED.match(row.words[:LONGEST])
    more = bool(below) and below[0].kind == "words"
    if stamp is None or not more or below[0].line.number in state.crowd.exported:
        return None
    label = row.words[stamp.end() :].strip(" :~!")
    kind = state.lexicon.section(label) if len(label) <= SHORT else None
    if kind is None:
        return None
    return Section(kind, "flat", 0, row.column, row.line.number, title=label)


def section(state: State, index: int) -> int:
    """Claim a line that is a heading, a section's name, or a time by which the items are due."""
    row = state.rows[index]
    below = state.rows[index + 1 : index + 2]
    if row.line.number in state.crowd.exported and not (below and below[0].listed):
        return 0  # what somebody says in a chat, over no list
    if row.kind != "words" or (len(row.words) > LONGEST and not row.level):
        return 0
    over = state.rows[index - 1] if index else row
    if row.words[:1] == ">" and over.kind == "words" and over.words[:1] != ">" and not over.level:
        return 0  # `> 정함`, what somebody answered
    if row.level and row.line.number in state.crowd.filled:
        return 0  # whose it is, and what they report
    label = bare_label(row.words)
    callout = CALLOUT.match(label) if label[:2] == "[!" else None  # `> [!question] 남은 것`
    label = label[callout.end() :] if callout else label
    stopped = label.removesuffix(".")
    left = not row.mark and stopped != label and state.lexicon.section(stopped) == "question"
    if row.level or row.mark == "number" or left:  # `남은 질문.`
        label = stopped
    framed = row.label if row.words[:1] == "[" and not (row.mark or callout) else None
    if framed and _CLOSES_BY.match(row.words, framed.end):
        label = framed.name  # `[이번 주 숙제] 마감 금요일`
    head, tab, beside = label.partition("\t")
    if tab and squeeze(beside) in state.lexicon.remarks:
        label = head  # `결정	비고` of a sheet
    kind = state.lexicon.section(label)
    if kind is None and not row.mark and row.words[-1:] == ":":  # `wrapping up! decided:`
        kind = state.section_behind(row.words)
    if callout:
        kind = _CALLOUTS.get(callout["kind"].lower()) or kind
    if kind == "talk" and row.label and names_in(state.crowd, row.label.name)[0]:
        kind = None  # `하늘: 발표자료`, what somebody has to do
    if kind and not row.level and _goes_on(state, row):
        return 0  # `2. 과제 리뷰, 질문` behind `1. …`, which is due
    titled = row.level or row.words.endswith(":")
    if kind is None and titled and _marks_owned(state, index, label):
        kind = "task"
    if kind and not (row.level or row.mark) and _in_contents(state, index):
        return 0
    if kind == "decision" and not row.level and closes(state, row):
        return 0  # `종이 지도로 최종 결정`
    if kind is None and _over_a_list(state, index) and not _is_in_charge(state, index):
        kind = somebodys(state, label)
    if kind is None and row.level and label[:1].isdigit():
        kind = dated(state, label)
    if kind is None and not row.listed and _TALKS_OF.fullmatch(label):
        kind = "talk"
    if kind is None and settled_by_heading(state, index):
        return 0
    if row.level and not row.words:  # `#` between two lines divides nothing
        state.block("heading", index)
        return 1
    asking = kind is None and bool(_QUESTION.search(label)) and _asks_below(state, index)
    if asking:
        kind = "asking"
    if kind is None and row.listed and (prepares(state, index, label) or shares_out(state, index)):
        kind = "task"
    if kind in ("task", "decision") and titles_note(state, index):
        kind = None
    if kind in ("task", "decision", "plan") and row.listed and _tells_how(state, index):
        kind = None  # `숙제` below `스터디 방식`
    if kind == "task" and squeeze(label) in _CHARGES and _over_chapters(state, index):
        kind = "talk"  # who presents which chapter
    said = row.line.words if row.framed or framed else label  # `【과제】 3/14까지`
    due = _due(state, row, said) if kind in ("task", "plan") else None
    if kind == "question" and row.listed and _by_somebody(state, label):
        return 0  # `- 과제 2 질문 (현수님)` is a question, not the name of several
    until = state.lexicon.until.search(label) if kind is None else None
    if until and (_is_due(state, index, label, until) or _due_of_people(state, index, label)):
        kind, due = "task", state.until(row, label)
    by = label[:1] in ("B", "b", "U", "u", "D", "d") and _BY_LABEL.fullmatch(label.rstrip("! "))
    owed = by and (_over_a_list(state, index) or _over_people(state, index))
    if kind in (None, "plan") and owed:
        kind, due = "task", state.until(row, label)
    if kind is None and not row.mark and (day := _BY_THEN.fullmatch(row.words)):
        kind, due = "task", state.until(row, day["day"])  # `~3/14` over what is due then
    if kind is None and (then := _by_wave(state, row)):
        kind, due = "task", state.when(row, then)
    found = part(state, index, row, label) if kind is None else None
    if found and not WAYS.search(label):  # `제출 방식`
        state.open(found)
        state.block("heading", index)
        return 1
    if row.level and ALONE.fullmatch(row.words):
        return 0  # a link in large letters divides nothing
    if kind is None and row.level and (count := _asking_heading(state, index)):
        return count
    if kind is None and row.level == LABEL_LEVEL and not row.framed and _says(state, row):
        return 0  # `▶ 현수 : …` is a turn
    addressed = row.line.number in state.crowd.addressed
    if kind is None and row.level and (addressed or _heads_turns(state, index)):
        return 0
    if row.level:
        whose = state.lexicon.view.sub("", label)  # `### 현수의 의견`
        if kind is None and (names := names_in(state.crowd, whose)[0]):
            above = _tasks_above(state, index)
            if above is None and row.line.number in state.crowd.owed:
                above = Section()
            if above is None and _over_what_is_due(state, index):
                _open_for(state, index, names)
                return 1
            if above is None:
                return 0  # a person's heading opens a turn
            rank, line = state.rank(row), row.line.number
            state.open(
                Section("task", "heading", rank, 0, line, above.due, names, title=above.title)
            )
            state.block("heading", index)
            return 1
        if kind is None and (
            closes(state, row) or (row.label and settled(state, index, row.label))
        ):
            return 0
        inherited = None if kind else state.inherited(row)
        if inherited in ("task", "plan") and state.lexicon.is_past(squeeze(label)):
            inherited = "topics"  # `### 지난 주에 한 일` below `## 할 일`
        if kind is None and inherited == "talk" and _tells_below(state, index):
            inherited = "topics"  # what each says of a matter, below `## 발표자료`
        owners = _owners(state, kind, label, state.rank(row))
        if (
            kind == "plan"
            and not owners
            and (theirs := _owners(state, "task", "", state.rank(row)))
        ):
            kind, owners = "task", theirs  # `### Plan` below somebody's heading
        number, title = row.line.number, row.words[:LONGEST]
        rank = (
            0 if kind in ("question", "asking") and _titles_all(state, index) else state.rank(row)
        )
        if due is None and (kind or inherited) in ("task", "plan"):
            due = next((each.due for each in _above(state, rank) if each.due), None)
        state.open(Section(kind or inherited, "heading", rank, 0, number, due, owners, title=title))
        state.block("heading", index)
        return 1
    if kind is None:
        _begins_another(state, index)
        return 0
    scope = _scope(state, index, row, label)
    if scope is None and kind == state.section.kind == "task" and _LISTS.search(label):
        scope = "flat"  # `* 새로 할 것 목록` over nothing, among what is to be done
    named = label != row.words or due is not None or len(label) <= SHORT
    named = named or squeeze(_ASIDE.sub("", label)) in state.lexicon.sections
    named = (
        named
        or asking
        or (kind == "question" and _over_a_list(state, index))
        or (kind == "task" and ("?" in label or hands_out(state, index)))
        or (kind == "task" and _BY.search(label) is not None)
    )
    if scope is None or not named or _one_of_several(state, index, label):
        return 0
    if due is None and kind == state.section.kind == "task" and scope == "list":
        due = state.section.due
    owners = _owners(state, kind, label)
    if kind == "plan" and not owners and (theirs := _theirs(state, index, label)):
        kind, owners, due = "task", theirs, state.when(row)
    number = row.line.number
    found = Section(kind, scope, 0, row.column, number, due, owners, row.sign, row.number)
    found.title = label
    state.open(found)
    state.block("heading", index)
    return 1


def _over_what_is_due(state: State, index: int) -> bool:
    """Whether right below a heading a deeper one is of tasks: `# 하늘` over `## TODO`."""
    row, below = state.rows[index], state.next_words[index + 1]
    if below == len(state.rows) or state.rows[below].level <= row.level:
        return False
    return state.lexicon.section(bare_label(state.rows[below].words)) in ("task", "plan")


def _open_for(state: State, index: int, names: tuple[str, ...]) -> None:
    """Open a part that is somebody's, below whose heading others say what stands in it."""
    row = state.rows[index]
    state.open(Section(None, "heading", state.rank(row), 0, row.line.number, owners=names))
    state.block("heading", index)


def _by_wave(state: State, row: Row) -> str:
    """The day of `### ~다음주 일요일` or `[담주 ~11/26]`; a period, `3/4 ~ 3/10`, has none."""
    if "~" not in row.words and "∼" not in row.words and "〜" not in row.words:
        return ""
    wave = _BY_WAVE.fullmatch(row.words.strip("[]*_ ")) if row.level or not row.mark else None
    week = (wave["week"] or "").strip() if wave else ""
    of_week = not week or state.lexicon.when.fullmatch(week)
    return wave["day"] if wave and of_week and state.is_time(wave["day"]) else ""


def _in_contents(state: State, index: int) -> bool:
    """`진행 사항`, `할 일`, `피드백`, line by line, over what each of them says again."""
    row = state.rows[index]
    beside = [state.rows[at] for at in (index - 1, index + 1) if 0 <= at < len(state.rows)]
    if len(row.words) > SHORT or len(beside) < 2:
        return False
    if not all(
        each.kind == "words" and len(each.words) <= SHORT and not each.mark for each in beside
    ):
        return False
    again = [each.words for each in state.rows[index + 2 : index + MANY] if each.kind == "words"]
    below = beside[1].words
    return row.words in again and any(words.startswith(below) for words in again)


def _tells_how(state: State, index: int) -> bool:
    """Whether the item above that a list stands below says how something is done every time."""
    row = state.rows[index]
    for above in state.rows[max(0, index - MANY) : index][::-1]:
        if above.level:
            return False
        if above.kind == "words" and above.column < row.column:
            return above.listed and WAYS.search(above.words) is not None
    return False


def _over_chapters(state: State, index: int) -> bool:
    """Whether most of the lines right below a label are chapters, and whose they are."""
    first = state.next_words[index + 1]
    items = list[Row]()
    for row in state.rows[first : first + 2 * FEW]:
        if row.kind != "words" or row.level:
            break
        items.append(row)
    chapters = sum(_CHAPTER.match(_FIRST_DAY.sub("", row.words)) is not None for row in items)
    return chapters > 0 and (chapters == len(items) or (chapters > 1 and 2 * chapters > len(items)))


def _tells_below(state: State, index: int) -> bool:
    """Whether one of the first items below a heading is a sentence of somebody whom it names."""
    below = state.next_words[index + 1]
    for row in state.rows[below : below + FEW]:
        label = row.label if row.listed else None
        if label is None or label.sign not in ":-" or not names_in(state.crowd, label.name)[0]:
            return False
        said = LAST_ASIDE.sub("", row.words)
        if is_statement(said) or _TWO_SENTENCES.search(said) or said.endswith(("자", "자.")):
            return True
    return False


def _marks_owned(state: State, index: int, label: str) -> bool:
    """`## Action` over `- Robin: …`: the mark of a task over items that begin with people."""
    below = state.next_words[index + 1]
    if state.lexicon.marks.get(squeeze(label)) != "task" or below == len(state.rows):
        return False
    row = state.rows[below]
    name = row.label.name if row.label else _LED.split(row.words, maxsplit=1)[0]
    return bool(names_in(state.crowd, name)[0])


def _over_a_list(state: State, index: int) -> bool:
    """Whether a list, or what is deeper, stands below a line."""
    below = state.next_words[index + 1]
    if below < len(state.rows) and state.rows[below].kind == "rule":
        below = state.next_words[below + 1]  # what underlines the label
    if below == len(state.rows) or state.rows[below].level:
        return False
    row = state.rows[index]
    return state.rows[below].listed and (bool(row.level) or row.over(state.rows[below]))


def _goes_on(state: State, row: Row) -> bool:
    """Whether a number goes on with the list of what is due, decided or asked."""
    section = state.section
    kinds = ("task", "decision", "question")
    if row.mark != "number" or section.kind not in kinds or not state.records:
        return False
    line = state.records[-1].lines[0]
    above = state.rows[state.row_of(line)]
    beside = (above.mark, above.sign, above.column) == (row.mark, row.sign, row.column)
    inside = section.number is None and line > section.label_line
    return beside and inside and row.number == (above.number or 0) + 1


def _asks_below(state: State, index: int) -> bool:
    """Whether most of the list below `특강 질문 5가지 선정` asks."""
    if not _over_a_list(state, index):
        return _over_deeper(state, index)
    row, lead = state.rows[index], state.rows[state.next_words[index + 1]]
    items = list[Row]()
    for below in state.rows[state.next_words[index + 1] : index + MANY]:
        if below.level or (below.kind == "words" and below.column < lead.column):
            break
        alike = (below.listed, below.column, below.sign) == (True, lead.column, lead.sign)
        if alike and (row.level or row.over(below)):
            items.append(below)
    return len(items) > 1 and 3 * sum(asks(item.words) for item in items) >= 2 * len(items)


def _over_deeper(state: State, index: int) -> bool:
    """Whether two lines or more stand right below and deeper than a line, and all ask."""
    row = state.rows[index]
    below = state.rows[index + 1 : index + MANY]
    run = list(takewhile(lambda each: each.kind == "words" and each.column > row.column, below))
    return len(run) > 1 and all(each.words.endswith("?") for each in run)


def _is_in_charge(state: State, index: int) -> bool:
    """Whether `담당: 하늘` stands over a list that tells something, and not what is to be done."""
    label = state.rows[index].label
    if label is None or squeeze(label.name) not in state.lexicon.charged:
        return False
    items = in_list_with(state, state.next_words[index + 1], FEW, same_sign=True)
    doing = sum(state.lexicon.is_to_do(each.words) for each in items)
    return 2 * doing <= len(items)


def _says(state: State, row: Row) -> bool:
    label = row.label
    said = label is not None and label.end < len(row.words)
    return said and label is not None and bool(names_in(state.crowd, label.name)[0])


def _heads_turns(state: State, index: int) -> bool:
    """`#### 하늘 - 지도`, beside another's such heading: what each tells of something."""
    row = state.rows[index]
    if not _told_by(state, row) or state.inherited(row) in ("task", "talk", "plan"):
        return False
    at = bisect_left(state.headings, index)
    beside = state.headings[max(0, at - FEW) : at] + state.headings[at + 1 : at + FEW]
    others = (state.rows[other] for other in beside)
    return any(
        each.level == row.level and _told_by(state, each) not in ("", _told_by(state, row))
        for each in others
    )


def _told_by(state: State, row: Row) -> str:
    """The one known by name before a sign in a heading, over more than nothing."""
    label = row.label
    if label is None or label.sign not in ":-" or label.end == len(row.words):
        return ""
    names = names_in(state.crowd, label.name)[0]
    return names[0] if len(names) == 1 else ""


def _tasks_above(state: State, index: int) -> Section | None:
    """The section of tasks that a person's heading divides: the one above it, or right over it."""
    row, above = state.rows[index], state.section
    if above.kind != "task" or not above.label_line:
        return None
    if above.scope == "heading" and above.level < state.rank(row):
        return above
    if above.scope == "heading" and above.level > state.rank(row):
        return None
    over = state.next_words[state.below(above)] == index  # the first row below the label
    return above if over or (above.scope == "heading" and above.owners) else None


def _above(state: State, rank: int) -> list[Section]:
    """The headings above one of this rank that it stands below, of tasks, the next one first."""
    above = [each for each in state.sections if each.scope == "heading" and each.level < rank]
    return [each for each in reversed(above) if each.kind in ("task", "plan")]


def _one_of_several(state: State, index: int, label: str) -> bool:
    """`타 부서 질의응답` between lines of plain text, with no colon: a matter, and no label."""
    row = state.rows[index]
    if not index or index + 1 == len(state.rows) or row.mark or label != row.words:
        return False
    if squeeze(label) in state.lexicon.sections or state.blocks[-1].kind != "prose":
        return False
    if state.lexicon.days.match(label) or state.lexicon.when.match(label):
        return False  # `내일 할 것`
    beside = (state.rows[index - 1], state.rows[index + 1])
    return all(
        each.kind == "words"
        and not (each.mark or each.level or each.label)
        and each.column == row.column
        for each in beside
    )


def _titles_all(state: State, index: int) -> bool:
    """`# 질문 모음` as the first line, right over a heading like it: what the whole note holds."""
    row, below = state.rows[index], state.next_words[index + 1]
    if not _ALL.search(row.words) or any(block.kind != "blank" for block in state.blocks):
        return False
    return below < len(state.rows) and state.rows[below].level == row.level


def _by_somebody(state: State, label: str) -> bool:
    """Whether a label ends in somebody's name in brackets, below the label of questions."""
    who = label.rpartition("(")[2].rstrip(") ")
    below = state.section.kind in ("question", "asking")
    return below and label.endswith(")") and bool(names_in(state.crowd, who)[0])


def _owners(
    state: State, kind: SectionKind | None, label: str, level: int = LABEL_LEVEL
) -> tuple[str, ...]:
    """Whose a section is by its label, or by the heading that it stands below."""
    if kind in ("task", "plan", "question") and (named := whose_label(state, label)):
        return named
    if kind != "task":
        return ()
    above = [s for s in state.sections if s.scope == "heading" and s.level < level]
    return above[-1].owners if above else ()


def _theirs(state: State, index: int, label: str) -> tuple[str, ...]:
    """Whose heading stands above `다음 주`, with `지난주` over what they did between."""
    at = bisect_left(state.headings, index)
    if not at or state.lexicon.when.fullmatch(label) is None:
        return ()
    head = state.headings[at - 1]
    known, last, past = state.past_below
    if known != head:
        last, past = head + 1, False
    past = past or any(
        len(row.words) <= SHORT and state.lexicon.past.match(squeeze(row.words))
        for row in state.rows[last:index]  # each of them once
    )
    state.past_below = (head, index, past)
    return names_in(state.crowd, state.rows[head].words)[0] if past else ()


def _due(state: State, row: Row, label: str) -> Due | None:
    """By when the label says that its tasks are due: `과제 (~3/14)`, `오늘 할 일`."""
    meeting = _NEXT_MEETING.search(label)
    if meeting and (then := state.when(row, meeting["when"])):
        return then  # `Action items by next meeting: Thursday`
    week = state.lexicon.when.search(label)
    coming = week is not None and state.lexicon.weeks[squeeze(week[0])] >= 0
    coming = coming or (week is None and state.lexicon.days.search(label) is not None)
    if coming or state.lexicon.until.search(label) or _BY.search(label):
        return state.until(row, label)
    return None


def _asking_heading(state: State, index: int) -> int:
    """Claim `### 구름은 왜 흰가?` below the label of questions: what stands below is about it."""
    row = state.rows[index]
    if len(row.words) > WIDE:
        return 0
    mark, asking = _Q.match(row.words), asks(row.words)
    below = state.inherited(row) in ("question", "asking")
    alone = mark is not None and not mark["number"]  # `## Q1. 매출` is a quarter
    numbered = _numbered(state, index)
    if mark is None and (lone := _Q_ALONE.match(row.words)):
        numbered = lone if _are_alone(state) else None
    if mark is None and (asked := _POLITE.fullmatch(row.words)) and _is_interview(state):
        mark = numbered = asked
    openly = mark is None and _asks_openly(state, index)
    mark, several = mark or numbered, numbered is not None
    if not (several or openly or (mark or asking if below else alone or (mark and asking))):
        return 0
    begin = mark.start("asks") if mark and mark.re is _POLITE else mark.end() if mark else 0
    start = row.at(begin)
    typed = mark.groupdict().get("number") if mark else None
    number = int(typed) if typed else row.number
    rank, line = state.rank(row), row.line.number
    reason = "a heading that asks, below the label of questions"
    if openly:
        reason = "a heading that asks, as another of its level does"
    elif mark and mark.re is _POLITE:
        reason = "a heading that asks, as most of the note's headings do"
    elif several and mark:
        reason = f"the mark {mark.group().strip()}, and other headings with the next numbers"
    elif not below and mark:
        reason = f"a heading that asks, with the mark {mark.group().strip()}"
    add_question(state, index, start, (), reason, number, count=1)
    state.open(Section("topics", "heading", rank, 0, line, title=row.words[:LONGEST]))
    return 1


def _asks_openly(state: State, index: int) -> bool:
    """Whether a heading asks what no definition answers, as another below the same one does."""
    row = state.rows[index]
    if not _opens(row.words) or not (row.framed or _of_a_meeting(state)):
        return False  # `### 안개는 왜 생길까?` in a summary of a book
    at = bisect_left(state.headings, index)
    for run in (state.headings[max(0, at - NEAR) : at][::-1], state.headings[at + 1 : at + NEAR]):
        for other in (state.rows[heading] for heading in run):
            if other.level < row.level:
                break
            if other.level == row.level and _opens(other.words):
                return True
    return False


def _of_a_meeting(state: State) -> bool:
    """Whether the note says who was there, or in its title that it is of a meeting."""
    title = next((row.words for row in state.rows if row.kind == "words"), "")[:LONGEST]
    words = re.findall(r"[^\W\d_]+", title.casefold())
    return bool(state.crowd.attendees) or not state.lexicon.titles.isdisjoint(words)


def _opens(words: str) -> bool:
    """`스레드를 어떻게 나눌 것인가?`, and not `확산 모델이란?`."""
    return words.endswith("?") and inquires(words) and _DEFINES.search(words) is None


def _is_interview(state: State) -> bool:
    """Whether most of the note's headings ask somebody politely, six or more."""
    if state.polite is None:
        titles = [state.rows[at].words for at in state.headings]
        asking = sum(_POLITE.fullmatch(title) is not None for title in titles)
        state.polite = asking >= FEW and 3 * asking >= 2 * len(titles)
    return state.polite


def _are_alone(state: State) -> bool:
    """Whether two headings or more begin with `Q` and no number."""
    if state.alone is None:
        found = (_Q_ALONE.match(state.rows[at].words) for at in state.headings)
        state.alone = several(filter(None, found))
    return state.alone


def _numbered(state: State, index: int) -> re.Match[str] | None:
    """The mark of `### Q3 안개는 …`, among `### Q1 …` and `### Q2 …`: a long line is no quarter."""
    row = state.rows[index]
    mark = _Q_NUMBER.match(row.words)
    if mark is None or len(row.words) < SENTENCE:
        return None
    if state.numbered is None:
        marks = (_Q_NUMBER.match(state.rows[at].words) for at in state.headings)
        state.numbered = len({found["number"] for found in marks if found}) >= 2
    return mark if state.numbered else None


def _begins_another(state: State, index: int) -> None:
    """End a plain label's list at the next number, or at a line that has a list of its own."""
    row, section = state.rows[index], state.section
    if section.scope == "flat" and (_another_list(state, index) or _bold_as_label(state, index)):
        state.close_flat()
        return
    if section.scope == "flat" and section.number is not None and row.number is not None:
        if row.number == section.number + 1 and row.column == section.column:
            state.close_flat()  # `6. 추가` after `5. 역할`
            return
        section.number = None  # the items have numbers of their own
    if section.scope == "heading" and section.kind == "task" and _over_other_items(state, index):
        state.open(Section(None, "heading", section.level, 0, row.line.number))
        return
    following = state.next_words[index + 1]
    # `백엔드 기능`, set apart from its list and from what is to be done
    apart = section.kind == "task" and len(row.words) <= SHORT and row.words[-1:].isalnum()
    near = following <= index + 1 or (apart and not state.lexicon.is_doing(row.words))
    below = state.rows[following] if following < len(state.rows) and near else None
    if (
        section.scope == "flat"
        and index > 0
        and state.rows[index - 1].kind == "blank"
        and not row.mark
        and below is not None
        and below.listed
        and below.column >= row.column
    ):
        state.close_flat()


def _bold_as_label(state: State, index: int) -> bool:
    """`**이슈**` over a list, as `**할 일**` above it, with that one's list between."""
    row = state.rows[index]
    if not is_bold(row):
        return False
    label = state.rows[state.row_of(state.section.label_line)]
    if not is_bold(label) or row.column != label.column:
        return False
    word = squeeze(row.words)
    part = word in state.lexicon.disciplines
    if part or names_in(state.crowd, row.words)[0] or is_usual_name(state.crowd, row.words):
        return False  # whose, or what part of the work, the items below are
    return state.next_words[state.below(state.section)] != index and _over_a_list(state, index)


def _over_other_items(state: State, index: int) -> bool:
    """`멘토님 피드백` over a list, apart from lines without a mark that are all what is due."""
    row, section = state.rows[index], state.section
    if row.mark or index in (section.plain or ()) or not section.plain or not index:
        return False
    below = state.rows[index + 1] if index + 1 < len(state.rows) else row
    apart = state.rows[index - 1].kind == "blank" and below.listed and below.column >= row.column
    return apart and not state.lexicon.is_doing(row.words)


def _another_list(state: State, index: int) -> bool:
    """Whether the row begins a list that is none of a plain label's: of its own, or around it."""
    row, section = state.rows[index], state.section
    if not row.sign.startswith("1") or row.column > section.column:
        return False
    if section.sign == "1-1":  # below `3-1. 할 일`, `3-2.` and `4.` are others
        return row.number != 1
    apart = index > 0 and state.rows[index - 1].kind == "blank"
    over = next((each for each in state.rows[max(0, index - 3) : index][::-1] if each.listed), None)
    return apart and row.number == 1 and over is not None and over.sign != row.sign


def _scope(state: State, index: int, row: Row, label: str) -> Scope | None:
    """What ends a label's section; None if the line is no label after all."""
    following = state.next_words[index + 1]
    below = state.rows[following] if following < len(state.rows) else None
    # Below `• 할 일`, an item `- …` at the same column is one of its.
    deeper = below is not None and row.over(below)
    if row.sign == "1-1" and below is not None and below.sign == "1" and below.number != 1:
        return None  # `4.` below `3-1.`, which has nothing
    if row.mark == "bullet" or row.box is not None:
        text = following == index + 1 and below is not None and below.kind == "words"
        # `* 과제` right over lines without a mark
        over = text and below is not None and not (below.mark or below.level or below.label)
        known = _LISTS.search(label) or squeeze(label) in state.lexicon.sections
        if over and known and below is not None and below.column == row.column and not row.box:
            return "flat"
        return "list" if deeper else None
    if row.mark == "arrow":
        return None
    if row.number is not None and below and below.number == row.number + 1:
        return None
    inside = below is not None and below.column > row.column and row.words.endswith(":")
    return "list" if (deeper and row.mark == "number") or inside else "flat"


def _over_people(state: State, index: int) -> bool:
    """`before the 12th!` right over `robin - draw a map` and another's."""
    below = [row for row in state.rows[index + 1 : index + 3] if row.kind == "words"]
    names = (row.label.name if row.label else row.words.partition("  ")[0] for row in below)
    named = [names_in(state.crowd, name)[0] for name in names]
    return not state.rows[index].mark and len(named) > 1 and all(named)


def _due_of_people(state: State, index: int, label: str) -> bool:
    """`3. 각자 진행 (3/14 오전까지)` over names, each over a list: what each of them is to do."""
    row = state.rows[index]
    if not row.listed or not state.when(row, label):
        return False
    first = state.next_words[index + 1]
    second = state.next_words[first + 1] if first < len(state.rows) else first
    if second == len(state.rows):
        return False
    name, below = state.rows[first], state.rows[second]
    named = name.kind == "words" and bool(names_in(state.crowd, name.words.rstrip(": \t"))[0])
    return named and name.column > row.column and below.listed and below.column > name.column


def _is_due(state: State, index: int, label: str, until: re.Match[str]) -> bool:
    """Whether the label is a time and 'until' and nothing else."""
    lexicon = state.lexicon
    behind = label[until.end() :].partition("(")[0].rstrip(" \t.!")
    said = squeeze(behind)
    over = _over_a_list(state, index)
    due = over and (
        _DUE_ITEMS.fullmatch(said) or (state.rows[index].level and lexicon.is_to_do(behind))
    )
    if not (_DUE.fullmatch(said) or due):
        return False
    said = rest = label[: until.start()]
    times = (
        _OCCASION,
        _ROUND,
        lexicon.when,
        _COMING,
        lexicon.days,
        DAY,
        lexicon.meeting,
        _DAY,
    )
    for pattern in times:
        rest = pattern.sub("", rest)
    rest = _NEXT.sub("", rest.strip(" \t~():,-"))  # `담시간까지`
    if rest and lexicon.section(rest) == "task":
        return True  # `할 일 3/14까지`
    return squeeze(said) != "" and not _WEEKDAY.sub("", f" {rest}").strip()
