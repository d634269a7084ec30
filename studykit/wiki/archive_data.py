"""The archive as one JSON file, `archive.json`, for whoever wants to compute with it.

Its shape is `assets/archive-1.schema.json`, a JSON Schema that the site serves beside it. A number
changes where a reader of the old shape would go wrong; a field may be added at any time. All
addresses are relative to the site's root.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from importlib import resources
from typing import Any

from studykit.wiki.discussion import person_path, question_path
from studykit.wiki.escape import unmasked
from studykit.wiki.link import Archive, Session
from studykit.wiki.living import meeting_path
from studykit.wiki.pages import Asset, page_url
from studykit.wiki.records import (
    Answer,
    Decision,
    Due,
    Link,
    Opinion,
    Question,
    Record,
    Talk,
    Task,
)
from studykit.wiki.terms import Terms, term_path

__all__ = ["ARCHIVE", "SCHEMA", "archive_assets", "without_bytes"]

ARCHIVE = "archive.json"
SCHEMA = "assets/studykit/archive-1.schema.json"

_KINDS: tuple[tuple[type[Record], str], ...] = (
    (Opinion, "opinion"),
    (Decision, "decision"),
    (Question, "question"),
    (Answer, "answer"),
    (Link, "link"),
    (Talk, "talk"),
    (Task, "task"),
)
_NO_CHARACTER = re.compile("[\ud800-\udfff]")  # a byte of a note that could not be read


def archive_assets(
    archive: Archive, terms: Terms, *, name: str, language: str, title: Callable[[str], str]
) -> tuple[Asset, Asset]:
    """The archive as JSON, and the schema that it follows.

    Args:
        archive: All records, cross-linked, as the site shows them.
        terms: The terms of docs/terms.toml.
        name: The site's name.
        language: The site's language.
        title: The title of a meeting by its id.
    """
    content = {
        "$schema": SCHEMA,
        "schema": 1,
        "name": name,
        "language": language,
        "meetings": [_meeting(session, title) for session in archive.sessions],
        "records": [
            _record(archive, record)
            for session in archive.sessions
            for record in session.note.records()
        ],
        "people": [
            {
                "id": person.id,
                "name": _text(person.name),
                "names": _texts(person.spellings),
                "url": page_url(person_path(person)),
            }
            for person in archive.people
        ],
        "terms": [
            {"id": term.id, "names": list(term.names), "url": page_url(term_path(term))}
            for term in sorted(terms, key=lambda term: term.id)
        ],
        "issues": [
            {
                "id": issue.id,
                "number": issue.number,
                "text": _text(issue.text),
                "place": _text(issue.place) or None,
                "asker": _text(issue.asker) or None,
                "date": issue.date,
                "open": not archive.closed(issue),
                "address": issue.url,
                "url": page_url(question_path(issue)),
            }
            for issue in archive.issues
        ],
        "pages": [
            {
                "title": _text(page.title),
                "url": page_url(page.path),
                "talk": page.front.talk.id if page.front.talk else None,
                "answers": [each.id for each in page.front.answers],
                "closes": [each.id for each in page.front.closes],
            }
            for page in archive.pages
        ],
    }
    schema = resources.files("studykit.wiki").joinpath("assets", "archive-1.schema.json")
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Asset(ARCHIVE, f"{text}\n"), Asset(SCHEMA, schema.read_text("utf-8"))


def _meeting(session: Session, title: Callable[[str], str]) -> dict[str, Any]:
    meeting = session.meeting
    return {
        "id": meeting.id,
        "title": _text(title(meeting.id)),
        "week": meeting.week,
        "date": meeting.date,
        "attendees": _texts(meeting.attendees),
        "url": page_url(meeting_path(meeting.id)),
    }


def _record(archive: Archive, record: Record) -> dict[str, Any]:
    kind = next(name for of, name in _KINDS if isinstance(record, of))
    return {
        "id": record.id,
        "kind": kind,
        "meeting": record.meeting,
        "lines": list(record.lines),
        "text": _text(record.text),
        "url": _url(record),
        **_more(archive, record),
    }


def _url(record: Record) -> str:
    if isinstance(record, Question):
        return page_url(question_path(record))
    return f"{page_url(meeting_path(record.meeting))}#{record.id}"


def _more(archive: Archive, record: Record) -> dict[str, Any]:
    match record:
        case Opinion():
            points = _texts(point.text for point in record.points)
            return {"speakers": _texts(record.speakers), "points": points}
        case Question():
            return {
                "number": record.number,
                "askers": _texts(record.askers),
                "open": not archive.closed(record),
            }
        case Answer():
            return {"question": record.question}
        case Link():
            title = None if record.title is None else _text(record.title)
            return {"title": title, "address": _text(record.url), "about": record.kind}
        case Talk():
            return {
                "subject": None if record.subject is None else _text(record.subject),
                "presenters": _texts(record.presenters),
                "volunteers": _texts(record.volunteers),
                "due": _due(record.due),
                "stage": archive.stage(record),
            }
        case Task():
            return {
                "owners": _texts(record.owners),
                "due": _due(record.due),
                "open": not archive.closed(record),
            }
    return {}


def _due(due: Due | None) -> dict[str, Any] | None:
    if due is None:
        return None
    return {"text": _text(due.text), "week": due.week, "date": due.date}


def _texts(texts: Iterable[str]) -> list[str]:
    return [_text(text) for text in texts]


def _text(text: str) -> str:
    return without_bytes(unmasked(text))


def without_bytes(text: str) -> str:
    """The text with a mark for each byte of a note that could not be read."""
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)
