"""The newest first: records of an archive, and what a meeting inherits from earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from studykit.wiki.issues import Issue
from studykit.wiki.link import Archive, Reference, Session
from studykit.wiki.records import Question, Record
from studykit.wiki.site import FEW

__all__ = ["Carried", "carried", "carried_questions", "newest", "newest_asked", "open_first"]

_CARRIED = 3
"""As much of what a meeting inherits as its page shows."""

R = TypeVar("R", bound=Record | Reference)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a meeting inherits from earlier ones: how many, and the newest few."""

    count: int
    newest: Sequence[Record | Issue]


def newest(records: Sequence[R], count: int | None = None) -> list[R]:
    """Records from the newest meeting back, those of one meeting in its own order.

    With a `count`, that many at most, found without a walk through the archive.
    """
    groups: list[list[R]] = []
    for found, record in enumerate(reversed(records)):
        if not groups or groups[-1][0].meeting != record.meeting:
            if count is not None and found >= count:
                break
            groups.append([])
        groups[-1].append(record)
    return [record for group in groups for record in reversed(group)][:count]


def open_first(records: Sequence[R], open_records: Sequence[R]) -> list[R]:
    """What is open, then all else; the newest first."""
    still = set(map(id, open_records))
    return newest(open_records) + newest([each for each in records if id(each) not in still])


def newest_asked(
    archive: Archive,
    questions: Sequence[Question],
    issues: Sequence[Issue],
    count: int | None = None,
) -> list[Question | Issue]:
    """Questions of notes and of issues, the newest first; with a `count`, that many at most."""
    return _merged(archive, newest(questions, count), issues)[:count]


def carried(records: Sequence[Record], count: int) -> Carried:
    """What a meeting inherits of all open records, of which the first `count` are earlier ones."""
    # Only the tail is copied, so that a meeting costs the same however long the archive is.
    return Carried(count, newest(records[max(0, count - FEW**2) : count], _CARRIED))


def carried_questions(archive: Archive, session: Session) -> Carried:
    """The questions that a meeting inherits, of notes and of issues."""
    noted = carried(archive.open_questions, session.open_questions)
    count = session.open_issues
    issues = archive.open_issues[max(0, count - _CARRIED) : count]
    return Carried(noted.count + count, _merged(archive, noted.newest, issues)[:_CARRIED])


def _merged(
    archive: Archive, newest_first: Sequence[Record | Issue], issues: Sequence[Issue]
) -> list[Question | Issue]:
    """Questions, the newest first, and issues, the oldest first, by the meeting that follows.

    Who asks by an issue asks for that meeting, so it stands before what the last one asked.
    """
    questions = (each for each in newest_first if isinstance(each, Question))
    both: list[Question | Issue] = [*issues[::-1], *questions]
    return sorted(both, key=archive.asked_before, reverse=True)
