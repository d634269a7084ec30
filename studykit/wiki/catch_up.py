"""Catching up: what happened from one meeting to another, and what now waits for somebody.

The page itself lists the newest meetings, and its script shows any range for anybody. What it
shows comes from data files, of which it fetches those that the range needs:

catch-up/meetings.json    each meeting's id, title and date; each person's id, name and open things
catch-up/part-1.json      what the first PART meetings decided, asked and planned to hear, as rows
catch-up/for/garam.json   what waits for one person
catch-up/unassigned.json  what waits for somebody to take it
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup

from studykit.wiki.escape import unmasked
from studykit.wiki.issues import Issue
from studykit.wiki.link import Archive, Person
from studykit.wiki.pages import Asset
from studykit.wiki.records import Record, Talk, Task

__all__ = ["CATCH_UP", "CATCH_WORDS", "MOST_WAITING", "PART", "catch_up_assets"]

CATCH_UP = "catch-up/index.md"

CATCH_WORDS = (
    *("catch_from", "catch_to", "catch_who", "catch_anybody", "catch_pick", "catch_status"),
    *("catch_questions", "catch_waits", "catch_no_waits", "catch_unassigned"),
    *("catch_failed", "decisions", "talks", "more"),
)
"""What the script says, by the keys of its words."""

PART = 20
"""Meetings in one data file."""

MOST_WAITING = 50
"""As much as is listed of what waits for one person; the registers have all of it."""

Row = Callable[[str, Record | Issue], Markup]
"""(kind, record) -> its row of a register, with links that hold on the page `CATCH_UP`."""


def catch_up_assets(archive: Archive, title: Callable[[str], str], row: Row) -> Iterator[Asset]:
    """The data files of the page.

    Args:
        archive: All records, cross-linked.
        title: The title of a meeting by its id.
        row: Renders a record.
    """
    yield _asset(
        "meetings",
        {
            "part": PART,
            "meetings": [
                [session.meeting.id, unmasked(title(session.meeting.id)), session.meeting.date]
                for session in archive.sessions
            ],
            "people": [
                [person.id, unmasked(person.name), len(_waiting(archive, person))]
                for person in archive.people
            ],
        },
    )
    issues = _issues(archive)
    for number, first in enumerate(range(0, len(archive.sessions), PART), 1):
        meetings = [
            {
                "decisions": _rows(row, "decision", session.note.decisions),
                "questions": [
                    *_rows(row, "issue", issues[place]),
                    *_rows(row, "question", session.note.questions),
                ],
                "talks": _rows(row, "talk", session.note.talks),
            }
            for place, session in enumerate(archive.sessions[first : first + PART], first)
        ]
        yield _asset(f"part-{number}", meetings)
    for person in archive.people:
        if waiting := _waiting(archive, person):
            yield _asset(f"for/{person.id}", _shown(row, waiting))
    nobodys = [
        *(task for task in archive.open_tasks if not task.owners),
        *(talk for talk in archive.open_talks if not talk.presenters),
    ]
    yield _asset("unassigned", {"count": len(nobodys), "rows": _shown(row, nobodys)})


def _issues(archive: Archive) -> Mapping[int, Sequence[Issue]]:
    """What was asked by an issue before each meeting; at the newest, what came since, too."""
    found: defaultdict[int, list[Issue]] = defaultdict(list)
    for issue in archive.issues:
        found[min(archive.asked_before(issue), len(archive.sessions) - 1)].append(issue)
    return found


def _waiting(archive: Archive, person: Person) -> list[Record]:
    """The tasks that are theirs to do, the talks that are theirs to give; in the notes' order."""
    return [
        *(task for task in person.tasks if not archive.closed(task)),
        *(
            talk
            for talk in person.talks
            if archive.stage(talk) in ("planned", "written")
            and set(person.spellings) & set(talk.presenters)
        ),
    ]


def _shown(row: Row, waiting: Sequence[Record]) -> list[str]:
    """The newest of what waits, as rows."""
    kinds = {Task: "task", Talk: "talk"}
    return [str(row(kinds[type(each)], each)) for each in waiting[::-1][:MOST_WAITING]]


def _rows(row: Row, kind: str, records: Iterable[Record | Issue]) -> list[str]:
    return [str(row(kind, record)) for record in records]


def _asset(name: str, content: object) -> Asset:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Asset(f"catch-up/{name}.json", f"{text}\n")
