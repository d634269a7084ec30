"""`| 담당 | 할 일 | 기한 |`: a table of what is due, by its head."""

from __future__ import annotations

import re
from itertools import takewhile

from studykit.wiki.evidence import Crowd, employed_names, full_names, names_in
from studykit.wiki.evidence.crowd import SPLIT, bare_name, is_no_name, means_something
from studykit.wiki.evidence.presenting import heads_presenters, texts_of
from studykit.wiki.first_names import is_first_name
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import listed_shape, shape_of
from studykit.wiki.records import Decision, Question, Task
from studykit.wiki.rules.asked_table import asked_in_row, question_columns
from studykit.wiki.rules.cells import GIVEN, cells_of, column_of_tasks, tasks_in_cell
from studykit.wiki.rules.dated_talks import note_is_of_talks
from studykit.wiki.rules.listed import says_nothing
from studykit.wiki.rules.presented import employed
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.sorted_table import said_in_row, sorted_columns, what_it_is
from studykit.wiki.rules.state import State
from studykit.wiki.rules.talk_time import OPEN, talk_by, time_above
from studykit.wiki.times import DATE_LABELS

__all__ = ["table"]

_PAPERS = frozenset(("논문", "論文", "paper", "papers"))
_SAID = re.compile(r"[^\W_]")
"""A chapter is called by its number."""
_NO_MEETING = re.compile(
    r"\bno (?:mtg|meeting|class|session|talk)|\b(?:holiday|break|cancell?ed)\b"
    r"|휴강|휴회|쉼|쉬는|休み|休会",
    re.IGNORECASE,
)
_PAPER = re.compile(r"[A-Z]{2}|[A-Z][a-z]+[ -][A-Z]|[a-z][A-Z]")
"""What titles of papers have, and names of work seldom do."""
_LETTER = re.compile(r"[^\W\d_]")
_BREAK = re.compile(r"[ \t]*<br ?/?>[ \t]*", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"날짜|일자|일시|날|요일|시간|기간|주차|회차|순서|번호|연도|장소|링크|자료|파일|영상|비고|상태|비디오|조$|팀"
    r"|date|time|day|week|year|no\.?$|#|link|file|slide|video|note|status|room|place|round|日付|日時|回|資料",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"주차|회차|회|week|session|date|날짜|일자|回", re.IGNORECASE)
_NEXT = re.compile(
    r"차례|순서|\brota\b|\bup next\b|coming up|schedule|これから|今後", re.IGNORECASE
)
_LAST = re.compile(r"지난|저번|전주|\blast\b|previous|前回|先週", re.IGNORECASE)
TITLE = 60
_ROLE = re.compile(r"(?P<role>[^\W\d_]{2,12})[ \t]*:[ \t]*(?P<who>[^<|*:]{2,30})")
_DID = re.compile(
    r"(?:진행(?:사항|상황|내용)?|실적|한[것거일]|푼[것거]|읽은[것거]|했던[것거]|한내용|결과|進捗|しました)$"
)
_ROLES = re.compile(r"(?:담당)?역할|파트|포지션|roles?")
_FIRST_PART = re.compile(r"[ \t]*[,/&+·(][ \t]*")
MANY = 20
DAY = 16
BY_DAYS = 3
_LINE = re.compile(r"[-:|= \t]+")
_TITLES = frozenset(
    (
        *("제목", "논문", "논문제목", "논문명", "주제", "タイトル", "題目", "論文", "テーマ"),
        *("title", "paper"),
    )
)
_STATUS = frozenset(
    (
        *("상태", "진행상태", "진행상황", "진행여부", "완료여부", "했나", "했는지", "완료"),
        *("status", "state", "done", "done?", "状態", "進捗", "済"),
    )
)
_DONE = re.compile(
    r"(?:[✅✔☑⭕]\ufe0f?[ ]?)?(?:완료(?:됨|함)?|끝(?:남|냄)?|done|completed?"
    r"|finished|済み?|完了|yes)[.!]?"
    r"|[oOㅇ○✅✔☑⭕]\ufe0f?",
    re.IGNORECASE,
)
_CLOCK_HEADS = frozenset(("시간", "時間", "時刻", "time"))
_NUMBERS = frozenset(("", "#", "no", "no.", "번호", "비고", "番号"))


def table(state: State, index: int) -> int:
    """Claim a row of a table whose head has a column of tasks and beside it only who and when."""
    row = state.rows[index]
    if row.kind != "table":
        return 0
    above = index - 1 if index and state.rows[index - 1].kind == "table" else None
    if above is None:
        state.table_words = row.words
        state.task_column = None
        state.ahead_columns = _ahead(state, row.words)
        state.table_head = (
            sorted_columns(state, index)
            or _talks(state, index)
            or _by_days(state, index)
            or question_columns(state, cells_of(row.words))
            or _head(state, index)
            or _decisions(state, row.words)
            or _settled(state, row.words)
        )
        if not state.table_head and row.line.words.startswith("|"):
            state.task_column = column_of_tasks(state, cells_of(row.words))
        heads = zip(state.table_head, cells_of(row.words), strict=False)
        state.talk_asks = any(
            holds == "talk" and state.lexicon.section(head) == "question" for holds, head in heads
        )
        return 0
    theirs = names_in(state.crowd, cells_of(row.words)[0])[0]  # what somebody did and will do
    if state.task_column is not None and not theirs and not _LINE.fullmatch(row.words):
        found = list(tasks_in_cell(state, index, state.task_column))
        state.block("task" if found else "prose", index)
        state.records.extend(found)
        return 1
    columns = state.table_head
    if not columns:
        told = filter(None, (employed(state, cell) for cell in cells_of(row.words)))
        return next((_presented(state, index, found) for found in told), 0)
    if _LINE.fullmatch(row.words):
        return 0
    cells = cells_of(row.words)
    what = dict(zip(columns, cells, strict=False))
    if "sort" in what:
        if said := said_in_row(state, index, what):
            return said
        what = what_it_is(state, what)
        if "" in what:
            return 0  # of no kind
    if "talk" in what:
        if "roles" in what:
            raw = dict(zip(columns, cells_of(row.line.words), strict=False))
            what["who"] = _presenter_in(state, raw.get("roles", ""))
        elif "<br" in row.line.words:  # each on a line of its own, in one cell
            raw = dict(zip(columns, cells_of(row.line.words), strict=False))
            what["who"] = _BREAK.sub(", ", raw.get("who", ""))
            what["talk"] = _BREAK.sub(" / ", raw.get("talk", ""))
        return _talk(state, index, what)
    if "question" in what:
        return asked_in_row(state, index, what)
    if "decision" in what:
        return _decision(state, index, what["decision"])
    task = what.get("task", "")
    if not _LETTER.search(task) or says_nothing(state, task) or says_nothing(state, row.words):
        state.block("prose", index)  # nothing to do, and nothing that anybody says
        return 1
    owners, why = _whose(state, what.get("who", ""))
    if not owners:
        owners, why = _stated(state, what.get("who", ""), state.lexicon.charged)
    by_then = (
        state.section.due if state.section.kind == "task" else None
    )  # `## 할 일 (다음 주까지)`
    evidence = ["a row of a table of tasks", *([f"who stands beside it: {why}"] if owners else [])]
    state.block("task", index)
    state.records.append(
        Task(
            **state.place(row.start, index),
            evidence=tuple(evidence),
            owners=owners,
            due=state.when(row, what.get("when", "")) or by_then,
            done=_is_done(state, cells),
        )
    )
    return 1


def _is_done(state: State, cells: list[str]) -> bool | None:
    """Whether the column of how far it is says that it is done; it says nothing else for sure."""
    heads = map(squeeze, cells_of(state.table_words))
    status = (cell for head, cell in zip(heads, cells, strict=False) if head in _STATUS)
    return True if any(map(_DONE.fullmatch, status)) else None


def _presented(state: State, index: int, found: Found) -> int:
    """A row one cell of which says all of a talk: `세션 1 : 구름의 종류 : 이하늘님 (산들)`."""
    subject, presenters, reason = found
    state.block("talk", index)
    place, due = state.place(state.rows[index].start, index), time_above(state)
    state.records.append(talk_by(state, place, subject, presenters, due, (reason,)))
    return 1


def _talk(state: State, index: int, what: dict[str, str]) -> int:
    """A row of a table of talks: its subject, and who presents it."""
    who, subject = what.get("who", ""), what["talk"]
    presenters, why = _whose(state, who)
    if not presenters:
        papers = _PAPERS & set(map(squeeze, cells_of(state.table_words)))
        charged = state.lexicon.charged if papers else frozenset[str]()  # `| 날짜 | 담당 | 논문 |`
        presenters, why = _stated(state, who, state.lexicon.lecturers | charged)
    if not presenters and OPEN.fullmatch(who.strip(" ()")):
        why = f"nobody yet, {who.strip()}"
    dated = bool(presenters) and "when" in what and OPEN.fullmatch(subject.strip())
    nothing = not _SAID.search(subject) or says_nothing(state, subject)
    if not why or (nothing and not dated):
        return 0
    if not presenters and (OPEN.fullmatch(subject.strip()) or _NO_MEETING.search(subject)):
        return 0
    row = state.rows[index]
    state.block("talk", index)
    due = state.when(row, what["when"]) if "when" in what else time_above(state)
    evidence = ["a row of a table of talks", f"who presents it: {why}"]
    if due:
        evidence.append(f"line {due.lines[0]} says when: {due.text}")
    place = state.place(row.start, index)
    state.records.append(talk_by(state, place, subject, presenters, due, tuple(evidence)))
    if state.talk_asks:  # `| 질문 | 발표자 |`: who presents an answer
        reasons = ("a row of a table with a column of questions",)
        begin, line = row.words.find(subject), row.line.number
        if begin >= 0:
            end = row.at(begin + len(subject) - 1) + 1
            place = state.span(row.at(begin), end, line, line)
        state.records.append(Question(**place, evidence=reasons, number=None, askers=()))
    return 1


def _whose(state: State, cell: str) -> tuple[tuple[str, ...], str]:
    """The people whom a cell lists in a column that is headed so, and why they are."""
    cell = cell.strip("[] ")  # `[Robin Field]`, as some templates have it
    names, why = names_in(state.crowd, cell)
    if names:
        return names, why
    if names := full_names(state.crowd, cell):
        return names, "a full name"
    names = tuple(filter(None, map(str.strip, SPLIT.split(cell))))
    sure = [name for name in names if full_names(crowd := state.crowd, name)]
    if sure and all(name in sure or _may_be_one(crowd, name) for name in names):
        return tuple(bare_name(crowd, name) for name in names), "a full name, and who is beside it"
    if names := employed_names(state.crowd, cell):  # `하늘연구소 이하늘`
        return names, "a full name behind where somebody works"
    names = tuple(filter(None, map(str.strip, SPLIT.split(cell))))
    if names and all(map(is_first_name, names)):
        return names, "a first name"
    # `Robin Field`, and not `Cloud` or `TBD`, which may be anything.
    full = all(shape_of(name) == "latin" and " " in name for name in names)
    if not names or not full or any(means_something(state.crowd, name) for name in names):
        return (), ""
    return names, "a first and a last name"


def _stated(state: State, cell: str, heads: frozenset[str]) -> tuple[tuple[str, ...], str]:
    """The names in a cell of `발표자`: its head says of whatever may be a name that it is one."""
    crowd = state.crowd
    head = next((head for head in cells_of(state.table_words) if squeeze(head) in heads), "")
    parts = filter(None, map(str.strip, SPLIT.split(cell.strip(" ()[]"))))
    names = tuple(bare_name(crowd, part) for part in parts)
    if not head or OPEN.fullmatch(cell.strip(" ()")):
        return (), ""
    named = all(
        listed_shape(name)
        and not (is_no_name(crowd, name) or crowd.is_role(name))
        and squeeze(name) not in state.lexicon.nothing
        for name in names
    )
    return (names, f"the column of {head}") if names and named else ((), "")


def _may_be_one(crowd: Crowd, name: str) -> bool:
    """Whether a word beside a full name can be what somebody calls themselves."""
    name = bare_name(crowd, name)
    return listed_shape(name) and not name.isascii() and not is_no_name(crowd, name)


def _ahead(state: State, words: str) -> tuple[int, int] | None:
    """The columns of what each is going to do, beside what they did, and of by when.

    `차주 계획` beside names and `금주 진행 사항` may say by when itself.
    """
    lexicon, heads = state.lexicon, cells_of(words)
    if heads[0] and squeeze(heads[0]) not in lexicon.columns | lexicon.charged | lexicon.named:
        return None
    past = [at for at, head in enumerate(heads) if _tells(state, head)]
    ahead = [
        at
        for at, head in enumerate(heads)
        if at
        and at not in past
        and (
            lexicon.future.search(head)
            or lexicon.when.search(head)
            or lexicon.section(head) in ("task", "plan")
        )
    ]
    if len(ahead) != 1 or not past or past[0] > ahead[0]:
        return None
    when = [at for at, head in enumerate(heads) if squeeze(head) in lexicon.deadlines]
    return ahead[0], when[0] if when else ahead[0]


def _tells(state: State, head: str) -> bool:
    """Whether a column has what was done: `지난주`, `금주 진행 사항`."""
    name, lexicon = squeeze(head), state.lexicon
    return lexicon.is_past(name) or name in lexicon.did or bool(_DID.search(name))


def _decision(state: State, index: int, settled: str) -> int:
    """A row of a table with a column of what was settled."""
    if not _LETTER.search(settled) or says_nothing(state, settled):
        return 0
    row = state.rows[index]
    state.block("decision", index)
    evidence = ("a row of a table with a column of decisions",)
    state.records.append(Decision(**state.place(row.start, index), evidence=evidence))
    return 1


def _decisions(state: State, words: str) -> tuple[str, ...]:
    """The columns of a table one of which says what was settled."""
    lexicon = state.lexicon
    who = lexicon.columns | lexicon.charged
    kinds = [None if squeeze(cell) in who else lexicon.section(cell) for cell in cells_of(words)]
    if kinds.count("decision") != 1 or "task" in kinds:
        return ()
    return tuple("decision" if kind == "decision" else "" for kind in kinds)


def _settled(state: State, words: str) -> tuple[str, ...]:
    """The columns of `| 번호 | 내용 |` below `## 결정 사항`."""
    heads = [squeeze(cell) for cell in cells_of(words)]
    matters = [at for at, head in enumerate(heads) if head in state.lexicon.matters]
    others = (head for at, head in enumerate(heads) if at not in matters)
    plain = all(head in _NUMBERS or head in state.lexicon.remarks for head in others)
    if state.section.kind != "decision" or not matters or not plain:
        return ()
    return tuple("decision" if at == matters[-1] else "" for at in range(len(heads)))


def _talks(state: State, index: int) -> tuple[str, ...]:
    """The columns of a table with one of presenters, and one of what they present."""
    lexicon, columns = state.lexicon, list[str]()
    cells = [squeeze(cell) for cell in cells_of(state.rows[index].words)]
    # Below a label of talks, `이름` and `담당` head the column of who presents.
    meant = state.section.kind == "talk" or state.talk_table == index
    titled = bool(_TITLES & set(cells)) and bool(lexicon.charged & set(cells))
    timed = titled and squeeze(cells[0]) in _CLOCK_HEADS  # `| 時間 | テーマ | 担当者 |`
    meant = meant or timed or (titled and note_is_of_talks(state))  # `| 節 | 担当 | タイトル |`
    who = lexicon.columns | lexicon.presenter if meant else lexicon.presenter - lexicon.charged
    counts = any(map(_COUNTS.fullmatch, cells))
    if counts and not meant and _is_programme(state, index):
        meant = True  # `| 주차 | 내용 | 담당 |` below `세미나 커리큘럼`
        who |= lexicon.charged
    if state.section.kind != "task" and lexicon.talk_lists & set(cells):
        who |= lexicon.charged  # `| 발표 | 누가 |`
    who |= heads_presenters(lexicon, cells)
    if not who & set(cells):  # `| 주차 | 범위 | 요약 발표 |`
        who |= {
            name for name in cells if name.endswith(("발표", "발제")) and len(name) > len("발표")
        }
    if not who & set(cells) and (presents := _names_in_column(state, index, cells)):
        who |= {presents}  # `| 날짜 | 장 | 발표 |`, over names
    who -= lexicon.talk_lists if who & set(cells) - lexicon.talk_lists else frozenset()
    for name in cells:
        if name in who:
            columns.append("who")
        elif "talk" not in columns and (
            name in lexicon.subjects | lexicon.talk_lists
            or (name in texts_of(lexicon, cells) and heads_presenters(lexicon, cells))
            or (meant and name in lexicon.matters and lexicon.section(name) != "task")
        ):
            columns.append("talk")
        elif name in lexicon.deadlines | DATE_LABELS and "when" not in columns:
            columns.append("when")
        else:
            columns.append("")
    if not columns.count("who") and "talk" in columns:
        # `| 주제 | 역할 |` over `| GAN | 발표 : 현수 <br> 기록 : 인서 |`
        below = state.rows[index + 1 : index + 3][-1:]
        held = cells_of(below[0].line.words) if below and below[0].kind == "table" else []
        for at, cell in enumerate(held[: len(columns)]):
            if not columns[at] and _presenter_in(state, cell):
                columns[at] = "roles"
                return tuple(columns)
    if columns.count("who") != 1:
        return ()
    if "talk" not in columns and any(name in lexicon.lecturers for name in cells):
        # Beside `발표자`, the first column that says neither when nor where it is.
        other = (at for at, name in enumerate(cells) if not columns[at] and _may_be_title(name))
        if (at := next(other, -1)) >= 0:
            columns[at] = "talk"
    return tuple(columns) if "talk" in columns else ()


def _by_days(state: State, index: int) -> tuple[str, ...]:
    """The columns of `| いつ | だれ | どこ |` in a note of talks: days, people and titles."""
    if state.section.kind in ("task", "question", "decision"):
        return ()
    above = state.rows[state.previous_words[index]].words[:TITLE] if index else ""
    ahead = _NEXT.search(state.heading_over(index)[:TITLE]) or _NEXT.search(above)
    sure = ahead or note_is_of_talks(state)
    rows = state.rows[index + 1 : index + MANY]
    run = list(takewhile(lambda row: row.kind == "table", rows))
    below = [(row, cells_of(row.words)) for row in run if not _LINE.fullmatch(row.words)]
    below = [(row, cells) for row, cells in below if all(cells)]  # `| 8월 | 쉼 | |`
    heads = cells_of(state.rows[index].words)
    widths = {len(heads), *(len(cells) for _, cells in below)}
    if len(below) < 2 or len(widths) > 1 or not widths <= {BY_DAYS, BY_DAYS + 1}:
        return ()
    known = [[bool(names_in(state.crowd, cell)[0]) for cell in cells] for _, cells in below]
    dated = [
        [len(cell) <= DAY and bool(state.when(row, cell)) for cell in cells] for row, cells in below
    ]
    columns = [
        "when" if all(days) else "who" if sum(people) >= max(2, len(people) - 1) else "talk"
        for days, people in zip(zip(*dated, strict=True), zip(*known, strict=True), strict=True)
    ]
    if all(cells[0].isdigit() for _, cells in below):
        columns[0] = ""  # `| 回 |`, which time it is
    if sorted(filter(None, columns)) != ["talk", "when", "who"]:
        return ()
    at = columns.index("talk")
    titles = [cells[at] for _, cells in below if not _NO_MEETING.search(cells[at])]
    papers = sum(_PAPER.search(title) is not None for title in titles)
    if not sure and not (len(titles) > 1 and 2 * papers >= len(titles)):
        return ()
    works = state.lexicon.section(heads[at]) or any(map(state.lexicon.is_doing, titles))
    return () if works or not all(map(_LETTER.search, titles)) else tuple(columns)


def _names_in_column(state: State, index: int, heads: list[str]) -> str:
    """The head of a column of talks below which nothing but names of the note's people stand."""
    for at, head in enumerate(heads):
        if head not in ("발표", "발제", "세미나", "발표자", "presenting", "発表"):
            continue
        below = [cells_of(row.words) for row in state.rows[index + 1 : index + MANY]]
        said = [cells[at] for cells in below if len(cells) > at and _LETTER.search(cells[at])]
        if len(said) > 1 and all(names_in(state.crowd, each)[0] for each in said):
            return head
    return ""


def _is_programme(state: State, index: int) -> bool:
    """Whether the heading over a table is of talks or seminars."""
    return state.lexicon.talk.search(state.heading_over(index)[:TITLE]) is not None


def _presenter_in(state: State, cell: str) -> str:
    """Who `발표 : 현수 <br> 기록 : 인서` says to present; nothing where it says nothing of that."""
    for role in _ROLE.finditer(cell):
        if squeeze(role["role"]) in state.lexicon.lecturers:
            return role["who"].strip()
    return ""


def _may_be_title(head: str) -> bool:
    return _LETTER.search(head) is not None and _NO_TITLE.search(head) is None


def _head(state: State, index: int) -> tuple[str, ...]:
    """What each column holds: `task`, `who`, `when`, `number` or the like; else nothing."""
    lexicon, words = state.lexicon, state.rows[index].words
    if _LAST.search(state.heading_over(index)[:TITLE]):
        return ()  # below `지난 주 과제 점검` they were due
    if any(GIVEN.search(cell) for cell in cells_of(words)):
        return ()
    heads = {squeeze(cell) for cell in cells_of(words)}
    # `| Item | Owner |` below `Action Items`, or `| Item | Owner | Due |` anywhere
    below_label = state.section.kind == "task"
    below = below_label or bool(heads & lexicon.due_columns and heads & lexicon.columns)
    columns: list[str] = []
    for cell in cells_of(words):
        name = squeeze(cell)
        if name in lexicon.columns:
            columns.append("who")
        elif lexicon.section(cell) == "task" or (
            below and name in lexicon.matters and "task" not in columns
        ):
            columns.append("task")
        elif name in lexicon.deadlines:
            columns.append("when")
        elif name in _NUMBERS or name in lexicon.beside:
            columns.append("number")
        elif below_label and not _tells(state, cell):
            columns.append("number")  # `기록 위치`
        else:
            return ()
    if columns.count("task") != 1 or "who" not in columns:
        return ()
    return () if _has_roles(state, index, columns.index("task")) else tuple(columns)


def _has_roles(state: State, index: int, column: int) -> bool:
    """Whether most cells of `| 역할 |` begin with what somebody is, `서버, 배포`: no work is."""
    if not _ROLES.fullmatch(squeeze(cells_of(state.rows[index].words)[column])):
        return False
    found = list[bool]()
    for row in state.rows[index + 1 : index + MANY]:
        if row.kind != "table":
            break
        cells = cells_of(row.words)
        if len(cells) > column and not _LINE.fullmatch(row.words):
            first = _FIRST_PART.split(cells[column], maxsplit=1)[0]
            found.append(squeeze(first) in state.lexicon.disciplines)
    return len(found) > 1 and 2 * sum(found) > len(found)
