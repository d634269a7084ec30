"""Talks: `디디피엠 발표 - 현수님`, `GPT-1 발표 (현수)`, `(MLE, 발표자 : 현수)`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studykit.wiki.evidence import full_names, names_in
from studykit.wiki.evidence.presenting import NEXT, presenter_word
from studykit.wiki.evidence.schedules import WEEK_OF
from studykit.wiki.labels import Label, label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.records import Due, Talk, TalkStatus
from studykit.wiki.rows import Row
from studykit.wiki.rules.clauses import AHEAD, LENGTH, clauses
from studykit.wiki.rules.dated_talks import told_beside
from studykit.wiki.rules.decision import closes
from studykit.wiki.rules.fielded import fielded
from studykit.wiki.rules.letters import in_any_case
from studykit.wiki.rules.link import LINKED
from studykit.wiki.rules.listed import listed
from studykit.wiki.rules.mark import mark_of
from studykit.wiki.rules.presenter import (
    COHORT,
    Found,
    headed_by,
    named_below,
    session_below,
    word_first,
)
from studykit.wiki.rules.programme import known_names, listed_talk, take_programme
from studykit.wiki.rules.quoted import BEFORE_QUOTE
from studykit.wiki.rules.said_talk import TELLING, names_subject, said_talk, told_talk
from studykit.wiki.rules.session import (
    NUMBERED,
    below_bold,
    bold_session,
    headed_session,
    session_title,
    stated_people,
)
from studykit.wiki.rules.shown import shown
from studykit.wiki.rules.slot import slot
from studykit.wiki.rules.state import MARKDOWN_LEVELS, Section, State
from studykit.wiki.rules.talk_list import ASIDE, NEAR, below_a_word, below_item, by_week
from studykit.wiki.rules.talk_time import stage, time_of
from studykit.wiki.rules.titled import headed_behind, set_off, titled
from studykit.wiki.times import CLOCK, DAY, without_date

_LAST_BRACKETS = re.compile(r"(?P<title>\S.*?)[ \t]*\((?P<who>[^()]{1,40})\)[ \t.]*")
_ENDS_IN_TALK = re.compile(r"(?P<subject>\S.{2,80}?)[ \t]+(?:발표|발제|세미나)[ \t.]*")
LONGEST = 200

_BRACKETS = re.compile(r"[(\[](?P<inside>[^()\[\]]{1,60})[)\]]")
_INSIDE = re.compile(
    r"(?:(?P<before>[^:]{0,40}?)[,/][ \t]*)?(?P<label>[^:=,]{1,12}?)[ \t]*[:=][ \t]*(?P<who>.+)"
)
_LINKED_BY = re.compile(
    r"\[(?P<word>[^\s_\[\]]{2,5})[ _:]+(?P<who>[가-힣]{2,4})"
    r"(?:[ _]+(?P<title>[^\[\]]{1,80}))?\]\([^()]{1,400}\)[ \t.]*"
)
_PRESENTED_BY = re.compile(r"(?P<before>)(?P<label>\S{3,8})[ \t]+(?P<who>\S.*)")
"""`(발표자 현수)`."""
_PRESENTER = re.compile(
    r"(?P<subject>.{1,60}?)[ \t]+(?P<label>[^\W\d_]{2,5})[ \t]*(?P<who>\S.{0,30})"
)
_CHAPTER = re.compile(r"第?\d{1,2}[章節]|제? ?\d{1,2}[장절][ \t]")
_ONLY_TIME = re.compile(r"(?:\d{1,4}[-./월년] ?)*\d{1,2}일?(?:\([^()]{1,5}\))?(?:주차)?")
_TALKED_OF = re.compile(
    r"발표|발제|세미나|리뷰|소개[하한함]|発表|輪読"
    rf"|{in_any_case('talk', 'present', 'by')}|{TELLING}"
)
_LINKS = re.compile(
    r"(?<=\))[ \t]*(?:,[ \t]*\[{1,2}[^\[\]]{1,60}\]{1,2}\([^()\s]{1,400}\)[ \t]*)+$"
)
"""`(발표자: 현수), [자료](https://…)`: where what was shown is."""
_LAST_LINK = re.compile(r"(?<=\S)[ \t]+\[[^\[\]]{1,60}\]\([^()\s]{1,400}\)[ \t]*$")
_DAY_BEHIND = re.compile(rf"(?<=\S)[ \t]*[(\[]?(?:{DAY.pattern})[)\]]?$")
_WROTE = re.compile(
    r"(?:^|[ \t])(?:notes?|minutes|memo|written|typed|기록|정리|작성|메모|회의록)$", re.IGNORECASE
)
"""`note by 현수`: who wrote it down."""
_PRESENTED = re.compile(r",?[ \t]+presented$", re.IGNORECASE)
_ASKS_OR_ANSWERS = re.compile(r"[ \t]?(?:질문|답변|의견|코멘트)$")
_ARROWED = re.compile(r"(?P<who>[^\s>]{1,12})[ \t]*>>[ \t]*\S")
"""`하늘>> …`."""
_TO_COME = re.compile(r"^(?:예정|하기로(?:[ ]?함)?|함|차례)(?:입니다|임)?[ \t.!]*$")
_ONLY_DAYS = re.compile(
    r"[ \t]*(?:(?:이번|다음|다다음)[ ]?주|담주|차주)?[ ]?[월화수목금토일]요일?[ ]?"
    rf"\({DAY.pattern}\)"
)
_BY = re.compile(r"(?P<subject>.{1,60}?)[ \t]+by[ \t]+(?P<who>\S.{0,30})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a talk's own line says."""

    subject: str | None
    presenters: tuple[str, ...]
    volunteers: tuple[str, ...]
    reason: str


def talk(state: State, index: int) -> int:
    """Claim a line about a talk, with what is said of it below."""
    row = state.rows[index]
    long = len(row.words) > (3 * LONGEST if row.level else LONGEST)  # a title has its address
    boxed = row.box is not None and index not in state.programme
    if row.kind != "words" or long or boxed:
        return 0
    if take_programme(state, index):
        state.block("heading", index)
        return 1
    below = _below(state, index) if row.level else None
    said = _apart(*below[0]) if below else _said(state, index, row)
    pair = None if said or row.level else _of_fields(state, index)
    said = said or pair
    if said is None:
        return 0
    named = _named_below(state, index) if said.subject is None and not pair else None
    if named:
        said = _Said(named, said.presenters, said.volunteers, said.reason)
    count = (
        2 if pair or named else below[1] if below else 1 if row.level else state.continued(index)
    )
    if index in state.programme:
        count = state.programme[index][3]
    if count == 1 and said.subject is None and said.presenters and not row.listed:
        count = _with_bullets(state, index)
    if not below:
        count = _without_remarks(state, index, count)
    subject, due = said.subject, _due(state, said.subject)
    status: TalkStatus | None = "planned" if due else None
    evidence = [said.reason]
    if due:
        evidence.append(f"line {due.lines[0]} says by when, and names the subject")
    else:
        subject, due = time_of(state, row, subject)
        status = stage(state, due)
        if due:
            evidence.append(f"line {due.lines[0]} says when: {due.text}")
    if row.level:  # what a heading opened above ends here
        kind, line = state.inherited(row), row.line.number
        title = row.words[:LONGEST]
        state.open(Section(kind, "heading", state.rank(row), 0, line, title=title))
    item = index in state.programme or index in (state.section.plain or ())
    if not (row.listed or row.level or item or _among_tasks(state, index)):
        plan, words = state.talk_plan, state.talk_plan_words
        state.close_flat()
        state.talk_plan, state.talk_plan_words = plan, words
    state.block("talk", index, count)
    if said.subject and said.presenters:
        state.talk_row = index
    state.records.append(
        Talk(
            **state.place(row.start, index, count),
            evidence=tuple(evidence),
            # `[구름](https://…)` is called 구름.
            subject=subject and LINKED.sub(r"\g<title>", subject).rstrip(" …"),
            presenters=said.presenters,
            volunteers=said.volunteers,
            due=due,
            status=status,
        )
    )
    return count


def _among_tasks(state: State, index: int) -> bool:
    """`하늘 : 구름 발표, 3/14` below `분담`, beside what the others are to do."""
    section, above = state.section, state.previous_words[index]
    if section.kind != "task" or state.rows[index].label is None:
        return False
    return not state.paragraph(index) or state.rows[above].line.number == section.label_line


def _below(state: State, index: int) -> tuple[Found, int] | None:
    """The talk of a heading and of what stands right below it, and how many rows they fill."""
    for rule in (named_below, session_below, headed_session):
        if found := rule(state, index):
            return found
    return None


def _without_remarks(state: State, index: int, count: int) -> int:
    """How many rows a talk has up to `- 하늘: …` below it: what somebody said of it.

    What says itself what it is, `Q: …` or `결정: …`, is no part of it either.
    """
    for at in range(index + 1, index + count):
        mark = mark_of(state, at)
        settles = state.rows[at].kind == "words" and closes(state, state.rows[at])
        if (mark is not None and mark.kind != "talk") or settles:
            return state.without_blanks(at) - index
        quoted = _ARROWED.match(state.rows[at].words) or BEFORE_QUOTE.fullmatch(
            state.rows[at].words
        )
        if quoted and names_in(state.crowd, quoted["who"])[0]:
            return state.without_blanks(at) - index
        label = state.rows[at].label if state.rows[at].kind == "words" else None
        said = label is not None and label.sign == ":" and label.end < len(state.rows[at].words)
        if said and label and names_in(state.crowd, _ASKS_OR_ANSWERS.sub("", label.name))[0]:
            return state.without_blanks(at) - index
    return count


def _said(state: State, index: int, row: Row) -> _Said | None:
    label, words = row.label, _LINKS.sub("", row.words) if "](" in row.words else row.words
    found = state.programme.get(index)
    if found and squeeze(found[0] or "") not in state.lexicon.talk_lists:  # `3/14 발표 : 다온`
        return _apart(*found[:3])
    if session := bold_session(state, index):
        return _apart(*session)
    if apart := set_off(state, row):
        return _apart(*apart)
    plain = label is None and not row.level and state.section.kind != "talk"
    if plain and not CLOCK.match(words) and _no_talk(state, row):
        return None
    return (
        (_assigned(state, words, label) if label else None)
        or ((over := shown(state, index)) and _apart(*over))
        or _linked_by(state, index, words)
        or _presenter_first(state, words)
        or (label and _shown_by(state, words, label))
        or _in_brackets(state, index, words)
        or _by(state, words)
        or (_by_handle(state, index) if row.listed else None)
        or ((told := told_talk(state, words)) and _apart(*told))
        or _named_presenter(state, words)
        or ((first := word_first(state, words)) and _with_title(state, index, first))
        or (_week_of(state, index) if row.level else None)
        or (row.level and (headed := headed_by(state, row)) and _apart(*headed))
        or (row.level and (behind := headed_behind(state, row)) and _apart(*behind))
        or (_marked_title(state, index, row, label) if row.level and label else None)
        or ((stated := said_talk(state, row)) and _apart(*stated))
        or (_presenter_label(state, index, words, label) if label else None)
        or ((quoted := titled(state, index)) and _apart(*quoted))
        or ((among := _of_list(state, index, row, label)) and _apart(*among))
        or ((beside := told_beside(state, index)) and _apart(*beside))
        or ((fields := fielded(state, row)) and _apart(*fields))
        or _slot(state, index)
        or _only_clause(state, index)
    )


def _week_of(state: State, index: int) -> _Said | None:
    """`### 2주차 하늘`, with what stands below it and is one line, or no title."""
    week = WEEK_OF.fullmatch(state.rows[index].words[:LONGEST])
    people, why = names_in(state.crowd, week["who"]) if week else ((), "")
    below = state.next_words[index + 1]
    if not people:
        return None
    said = state.rows[below : below + 2]
    alone = bool(said) and said[0].kind == "words" and not (said[0].listed or said[0].level)
    alone = alone and (len(said) == 1 or said[1].kind == "blank" or bool(said[1].level))
    title = said[0].words if alone and names_subject(state, said[0].words, work=True) else None
    return _apart(title, people, f"whose week it is: {why}")


def _only_clause(state: State, index: int) -> _Said | None:
    found = clauses(state, index)
    return _apart(*found[0].found) if found else None


def _of_fields(state: State, index: int) -> _Said | None:
    """`- 주제: 구름의 종류` right over `- 발표자: 현수`, or `- 구름의 종류 발표` over it."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    label, under = row.label, below[0].label if below else None
    if over := _over_presenter(state, index):
        return over
    if under is None or under.sign != ":":
        return None
    presents = state.lexicon.lecturers | ({"발표", "발제"} if label else frozenset())
    if squeeze(under.name) not in presents:
        return None
    who = below[0].words[under.end :]
    if label is None:
        titled = _ENDS_IN_TALK.fullmatch(row.words) if row.listed else None
        people = stated_people(state, who)
        if titled is None or not people or below[0].column <= row.column:
            return None
        return _apart(titled["subject"], people, f"a title, and {under.name} below it")
    beside = (below[0].column, below[0].sign) == (row.column, row.sign)
    fields = squeeze(label.name) in state.lexicon.subjects
    if label.sign != ":" or not (beside and fields):
        return None
    subject = row.words[label.end :].strip()
    people = stated_people(state, who)
    if not people or not names_subject(state, subject, work=True):
        return None
    return _apart(subject, people, f"{label.name}, and {under.name} right below it")


def _over_presenter(state: State, index: int) -> _Said | None:
    """`* 구름의 종류` over `+ Presenter: 하늘`, the first of the fields below it."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    label = below[0].label if below and below[0].kind == "words" else None
    deeper = row.listed and bool(below) and below[0].listed and below[0].column > row.column
    if not deeper or label is None or label.sign != ":":
        return None
    if squeeze(label.name) not in state.lexicon.lecturers:
        return None
    people = stated_people(state, below[0].words[label.end :])
    if not people or names_in(state.crowd, row.words)[0]:
        return None
    return _apart(row.words, people, f"a title, and {label.name} below it")


def _named_below(state: State, index: int) -> str | None:
    """The subject of `발표자: 하늘` right over `주제: 구름의 종류`."""
    row, below = state.rows[index], state.rows[index + 1 : index + 2]
    label = below[0].label if below and below[0].kind == "words" else None
    if label is None or label.sign != ":" or squeeze(label.name) not in state.lexicon.subjects:
        return None
    alike = (below[0].column, below[0].sign) == (row.column, row.sign)
    subject = below[0].words[label.end :].strip()
    return subject if alike and names_subject(state, subject, work=True) else None


def _marked_title(state: State, index: int, row: Row, label: Label) -> _Said | None:
    """`### 5. Presentation: Clouds`: a heading with the mark of a talk, and who gives it unsaid."""
    name = squeeze(NUMBERED.sub("", label.name))
    if row.level > MARKDOWN_LEVELS or label.sign != ":" or not name:
        return None
    below = state.next_words[index + 1]
    under = squeeze(state.rows[below].words.rstrip(": ")) if below < len(state.rows) else ""
    if under in state.lexicon.lecturers:
        return None  # `#### Presenter`, which says who
    title = row.words[label.end :].strip()
    if state.lexicon.marks.get(name) != "talk" or not names_subject(state, title):
        return None
    behind = _LAST_BRACKETS.fullmatch(title)  # `발표: 구름의 종류 (하늘)`
    people, why = names_in(state.crowd, behind["who"]) if behind else ((), "")
    if behind and people:
        return _apart(behind["title"], people, f"a heading with the mark {label.name}: {why}")
    return _apart(title, (), f"a heading with the mark {label.name}, and a title")


def _of_list(state: State, index: int, row: Row, label: Label | None) -> Found | None:
    item = state.section.kind == "talk" and (row.listed or listed(state, index))
    found = listed_talk(state, index) if item else None
    if found or label is None:
        return found
    return (
        below_a_word(state, index, row, label)
        or below_item(state, index, row, label)
        or by_week(state, index, row, label)
    )


def _no_talk(state: State, row: Row) -> bool:
    """Whether a line without a label has no word of those that every talk without one has."""
    words, crowd = row.words, state.crowd
    return not (
        words.rstrip(" .:").endswith((")", "]", "」"))
        or (row.listed and crowd.presenting)
        or state.lexicon.presents.search(words)
        or _TALKED_OF.search(words)
        or LENGTH.search(words)
        or AHEAD.match(words)
        or (state.section.kind == "plan" and AHEAD.match(state.section.title))
        or words[:1].isdigit()
        or words.startswith("第")
    )


def _apart(subject: str | None, presenters: tuple[str, ...], reason: str) -> _Said:
    return _Said(subject, presenters, (), reason)


def _with_title(state: State, index: int, found: Found) -> _Said:
    """The session's title is what is presented, where the line itself does not say it."""
    return _apart(found[0] or session_title(state, index), *found[1:])


def _slot(state: State, index: int) -> _Said | None:
    """A slot of a programme: a title, and in brackets a full name and how long it is."""
    found = slot(state, index) if state.section.kind in (None, "talk", "topics") else None
    reason = "a programme's slot: a title, and a name in brackets"
    return _Said(found[0], found[1], (), reason) if found else None


def _assigned(state: State, words: str, label: Label) -> _Said | None:
    """`SUBJECT 발표 - NAMES`; behind the names may stand that they only volunteer."""
    named = _DAY_BEHIND.sub("", label.name)  # `현수 발표 (3/14) : DDPM`
    word = state.lexicon.talk.search(named)
    if word is None or named[word.end() :].strip("0123456789 "):
        return None
    subject = named[: word.start()].strip() or None
    people = words[label.end :]
    word = state.lexicon.talk.search(people)
    if word and word.end() == len(people):
        people = people[: word.start()]
    if subject and _only_time(state, subject):
        subject = None  # `다음 주 발표 - 현수`
    presenters = names_in(state.crowd, people)[0] or full_names(state.crowd, people)
    if presenters:
        aside = ASIDE.search(people)
        one = subject is None and len(presenters) == 1  # `현수 (구름), 인서 (안개)` has two
        if one and aside and not names_in(state.crowd, aside["inside"])[0]:
            subject = aside["inside"].strip()
        reason = "a subject and 발표, a separator, then only names"
        return _Said(subject, presenters, (), reason)
    # `3/11 현수 발표 - VAE`, `현수 3/11 발표 - VAE`
    who = _DAY_BEHIND.sub("", without_date(subject)) if subject else ""
    presents = people.strip() and (label.sign == "-" or names_subject(state, people, work=True))
    dated = who != subject or named != label.name
    known = full_names if dated else known_names
    if who and presents and (presenters := known(state.crowd, who)):
        people = _LAST_LINK.sub("", people)
        return _Said(people.strip(), presenters, (), "names and 발표, a sign, then a subject")
    if subject is None and (behind := label_of(people)) and behind.end < len(people):
        presenters = names_in(state.crowd, behind.name)[0]  # `발표 : 현수 - VAE`
        if presenters:
            said = people[behind.end :].strip()
            return _Said(said, presenters, (), "발표, a separator, names, then a subject")
        presenters = names_in(state.crowd, people[behind.end :])[0]  # `발표 : VAE - 현수`
        if presenters and names_subject(state, behind.name):
            return _Said(behind.name, presenters, (), "발표, a separator, a subject, then names")
    wish = state.lexicon.volunteer.search(people)
    volunteers = names_in(state.crowd, people[: wish.start()])[0] if wish else ()
    if wish is None or not volunteers or wish.end() != len(people):
        return None
    return _Said(subject, (), volunteers, f"발표, a separator, names and {wish.group()}")


def _only_time(state: State, subject: str) -> bool:
    """Whether the words before 발표 say when it is, and nothing else."""
    for pattern in (state.lexicon.when, state.lexicon.days, _ONLY_TIME, NEXT):
        subject = pattern.sub("", subject)
    return not subject.strip(" ~()")


def _presenter_first(state: State, words: str) -> _Said | None:
    """`NAME님 발표` and at most what, in brackets: `NAME님 발표 (SUBJECT)`."""
    word = state.lexicon.talk.search(words)
    if word is None:
        return None
    behind = _TO_COME.sub("", words[word.end() :].strip())
    aside = _BRACKETS.fullmatch(behind)
    if behind and not (aside and names_subject(state, aside["inside"], work=True)):
        return None
    before = words[: word.start()].rstrip()
    presenters, why = names_in(state.crowd, before)
    if not presenters and (time := _last_time(state, before)):
        presenters, why = names_in(state.crowd, before[:time])  # `하늘님 다음 주 금요일 발표`
    subject = aside["inside"].strip() if aside else None
    return _Said(subject, presenters, (), f"a name, then 발표: {why}") if presenters else None


def _last_time(state: State, words: str) -> int:
    """Where the time begins with which words end; 0 where they end in none."""
    for begin in (at for at, letter in enumerate(words) if letter in " \t"):
        if state.is_time(words[begin:]) or _ONLY_DAYS.fullmatch(words, begin):
            return begin
    return 0


def _linked_by(state: State, index: int, words: str) -> _Said | None:
    """`[발표자_현수_구름](./구름.md)`: a link to what somebody presented."""
    match = _LINKED_BY.fullmatch(words) if words[:1] == "[" else None
    people = stated_people(state, match["who"]) if match else ()
    if match is None or not people or squeeze(match["word"]) not in state.lexicon.lecturers:
        return None
    title = match["title"] or session_title(state, index)
    return _Said(title, people, (), f"a link that says {match['word']}, and who")


def _shown_by(state: State, words: str, label: Label) -> _Said | None:
    """`발표자료 : 현수님 발표`: what was shown, and who presented it."""
    if squeeze(label.name) not in state.lexicon.slides:
        return None
    return _presenter_first(state, words[label.end :])


def _presents(state: State, label: str, *, near: bool) -> bool:
    """Whether the label says who presents; who is in charge presents only where talks are meant."""
    name = squeeze(label)
    return name in state.lexicon.presenter and (near or name not in state.lexicon.charged)


def _in_brackets(state: State, index: int, words: str) -> _Said | None:
    """`GPT-1 발표 (NAMES)`, `SUBJECT (발표자 : NAMES)`, `SUBJECT (MLE, 발표자 : NAMES)`."""
    if not words.rstrip(" .:").endswith((")", "]")):
        return None
    brackets = list(_BRACKETS.finditer(words))
    found = brackets[-1] if brackets else None
    if found is None or words[found.end() :].strip(" .:"):
        return None
    subject = words[: found.start()].strip()
    inside = _INSIDE.fullmatch(found["inside"].strip()) or _PRESENTED_BY.fullmatch(found["inside"])
    near = state.section.kind == "talk" or index - state.talk_row <= NEAR
    near = near or _CHAPTER.match(subject) is not None  # `第5章 雲（担当：佐藤）`
    if inside and _presents(state, inside["label"], near=near):
        presenters = stated_people(state, inside["who"])
        if ":" not in found["inside"] and all(map(str.isascii, presenters)):
            return None  # `화자 분리 (Speaker Diarization)`
        reason = f"{inside['label']} and names in brackets"
        subject = subject or (inside["before"] or "").strip()
        return _Said(subject or None, presenters, (), reason) if presenters else None
    word = state.lexicon.talk.search(subject)
    if word is None or word.end() != len(subject):
        return _presented(state, subject, found["inside"])
    presenters, why = names_in(state.crowd, found["inside"])
    if not presenters and (presenters := full_names(state.crowd, found["inside"])):
        why = "a full name"
    subject = subject[: word.start()].strip()
    return (
        _Said(subject or None, presenters, (), f"발표, then names in brackets: {why}")
        if presenters
        else None
    )


def _presented(state: State, subject: str, inside: str) -> _Said | None:
    """`3장 리뷰 (현수님 발표)`."""
    word = state.lexicon.talk.search(inside)
    if word is None or word.end() != len(inside) or not word.start() or not subject:
        return None
    who = inside[: word.start()]
    presenters = full_names(state.crowd, who.strip())
    return _Said(subject, presenters, (), "names and 발표 in brackets") if presenters else None


def _named_presenter(state: State, words: str) -> _Said | None:
    """`SUBJECT 발표자 NAME님`: the word for who presents, then nothing but names."""
    words = words[:LONGEST]
    # `다음 세미나 3/25 발표자 하늘 (구름)`
    titled = _LAST_BRACKETS.fullmatch(words) if ")" in words else None
    word, _, who = titled["title"].rpartition(" ") if titled else ("", "", "")
    if titled and squeeze(word.rpartition(" ")[2]) in state.lexicon.lecturers:
        people, why = names_in(state.crowd, who)
        if people:
            return _Said(titled["who"], people, (), f"who presents, and a title: {why}")
    match = _PRESENTER.fullmatch(words)
    if match is None or squeeze(match["label"]) not in state.lexicon.presenter:
        return None
    presenters, why = names_in(state.crowd, match["who"])
    reason = f"{match['label']}, then names: {why}"
    return _Said(match["subject"].strip(), presenters, (), reason) if presenters else None


def _by(state: State, words: str) -> _Said | None:
    """`논문리뷰: YOLO by NAME님`."""
    if "by" not in words.casefold() or state.section.kind == "task":
        return None
    match = _BY.fullmatch(words[:LONGEST].rstrip(" .\\"))
    if match is None:
        return None
    presenters, why = names_in(state.crowd, match["who"])
    if not presenters and (presenters := full_names(state.crowd, match["who"])):
        why = "full names"
    quoted = match["subject"].rstrip(", ").endswith(('"', "”"))
    if match["who"].isascii() and not (quoted or _ENDS_IN_TALK.fullmatch(match["subject"])):
        return None  # `fantastic scribing by Robin` is thanks
    if _WROTE.search(match["subject"]) or state.lexicon.work.search(match["subject"]):
        return None
    if not presenters or state.lexicon.section(match["subject"].split(":")[0]) == "question":
        return None
    if re.search(r"질문|question", match["subject"], re.IGNORECASE):
        return None
    subject = _PRESENTED.sub("", match["subject"]).strip(' -–([,"“”')
    return _Said(subject, presenters, (), f"by, then names: {why}")


def _by_handle(state: State, index: int) -> _Said | None:
    """`- 구름의 종류 by @robin`: one of a list of such; the title may go on on a second line."""
    row = state.rows[index]
    if state.section.kind not in (None, "talk", "topics"):
        return None
    below = state.rows[index + 1] if index + 1 < len(state.rows) else row
    words = row.words
    if " by @" not in words and below.kind == "words" and below.column > row.column:
        words = words if below.mark or below.level else f"{words} {below.words}"
    subject, by, who = words[:LONGEST].rpartition(" by @")
    presenters = state.crowd.presenting.get(who.strip()) if by and who else None
    reason = "an item that ends in by and a handle, as others do"
    return _Said(subject.strip(), (presenters,), (), reason) if presenters else None


def _presenter_label(state: State, index: int, words: str, label: Label) -> _Said | None:
    """`발표자 : NAMES`, on a line of its own."""
    name = presenter_word(state.lexicon, label.name)
    if name not in state.lexicon.presenter:
        return None
    people = COHORT.sub("", words[label.end :]).strip("` ")
    if name not in state.lexicon.lecturers:
        named = full_names(state.crowd, people) if _presents(state, name, near=False) else ()
        reason = f"{label.name}, a colon, then full names"
        return _Said(session_title(state, index), named, (), reason) if named else None
    presenters = stated_people(state, people)
    if label.name.isascii() and not all(_capital(name) for name in presenters):
        return None  # `Speaker: bluetooth`
    if below_bold(state, index):
        return None
    subject = session_title(state, index)
    reason = f"{label.name}, a colon, then names"
    return _Said(subject, presenters, (), reason) if presenters else None


def _capital(name: str) -> bool:
    return not name.isascii() or shape_of(name) == "latin"


def _with_bullets(state: State, index: int) -> int:
    """How many lines the talk at `index` makes with the bullets below, over one blank line."""
    following = state.next_words[index + 1]
    if following > index + 2:
        return 1
    last = index
    while following < len(state.rows):
        row = state.rows[following]
        if row.mark != "bullet" or row.level or following in state.starts or closes(state, row):
            break
        last = following
        following += 1
    return last - index + 1


def _due(state: State, subject: str | None) -> Due | None:
    """The time of the plan above, if that plan names this subject."""
    if state.talk_plan is None or subject is None:
        return None
    return state.talk_plan if squeeze(subject) in state.talk_plan_words else None
