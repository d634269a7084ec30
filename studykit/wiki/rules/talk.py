"""Talks: `디디피엠 발표 - 현수님, 인서님`, `발표 - 현수님 희망`, `류건님 발표`."""

from __future__ import annotations

from dataclasses import dataclass

from studykit.wiki.lexicon import Lexicon, squeeze
from studykit.wiki.records import Due, Talk
from studykit.wiki.rules.people import SEPARATOR, name_list
from studykit.wiki.rules.state import Section, State, item


@dataclass(frozen=True, slots=True)
class _Line:
    """What a talk's own line says."""

    subject: str | None
    presenters: tuple[str, ...]
    volunteers: tuple[str, ...]
    reason: str


def talk(state: State, index: int) -> int:
    """Claim a line about a talk, with what is said of it below."""
    line = state.lines[index]
    said = _assigned(state.lexicon, line.body) or _presenter_first(state.lexicon, line.body)
    if said is None:
        return 0
    count = state.continued(index)
    if count == 1 and said.subject is None and said.presenters:
        count = _with_bullets(state, index)
    due = _due(state, said.subject)
    state.section = Section()
    state.block("talk", index, count)
    evidence = [said.reason]
    if due:
        evidence.append(f"line {due.lines[0]} says by when, and names the subject")
    state.records.append(
        Talk(
            **state.place(line.body_start, index, count),
            evidence=tuple(evidence),
            subject=said.subject,
            presenters=said.presenters,
            volunteers=said.volunteers,
            due=due,
            status="planned" if due else None,
        )
    )
    return count


def _assigned(lexicon: Lexicon, body: str) -> _Line | None:
    """`SUBJECT 발표 - NAMES`; behind the names may stand that they only volunteer."""
    word = lexicon.talk.search(body)
    separator = SEPARATOR.match(body, word.end()) if word else None
    if word is None or separator is None:
        return None
    subject = body[: word.start()].strip() or None
    people = body[separator.end() :]
    if presenters := name_list(lexicon, people):
        return _Line(subject, presenters, (), "a subject and 발표, a separator, then only names")
    wish = lexicon.volunteer.search(people)
    volunteers = name_list(lexicon, people[: wish.start()].rstrip()) if wish else ()
    if wish is None or not volunteers or wish.end() != len(people):
        return None
    return _Line(subject, (), volunteers, f"발표, a separator, names and {wish.group()}")


def _presenter_first(lexicon: Lexicon, body: str) -> _Line | None:
    """`NAME님 발표` and nothing else: whose it is, but not what or when."""
    word = lexicon.talk.search(body)
    if word is None or word.end() != len(body):
        return None
    presenters = name_list(lexicon, body[: word.start()].rstrip())
    return _Line(None, presenters, (), "a name with 님, then 발표 alone") if presenters else None


def _with_bullets(state: State, index: int) -> int:
    """How many lines the talk at `index` makes with the bullets below, over one blank line."""
    following = state.next_words[index + 1]
    if following > index + 2:
        return 1
    last = index
    while following < len(state.lines):
        mark = item(state.lines[following])
        if mark is None or mark.number is not None:
            break
        last = following
        following += 1
    return last - index + 1


def _due(state: State, subject: str | None) -> Due | None:
    """The time of the plan above, if that plan names this subject."""
    if state.talk_plan is None or subject is None:
        return None
    return state.talk_plan if squeeze(subject) in state.talk_plan_words else None
