"""What the generated pages show beside the archive, and which sections there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from studykit.wiki.catch_up import CATCH_UP
from studykit.wiki.chrome import Chrome
from studykit.wiki.documents import Document
from studykit.wiki.link import Session
from studykit.wiki.terms import Terms
from studykit.wiki.terms.code import TermCode

__all__ = ["FEW", "READING_PATH", "SECTIONS", "Site", "meeting_title"]

FEW = 5
"""As much of one kind as is shown before a link to the rest."""

SECTIONS = {
    "home": "index.md",
    "meetings": "meetings/index.md",
    "questions": "questions/index.md",
    "talks": "talks/index.md",
    "tasks": "tasks/index.md",
    "links": "links/index.md",
    "people": "people/index.md",
    "catch_up": CATCH_UP,
    "terms": "terms/index.md",
    "notebooks": "notebooks/index.md",
}
"""The generated sections, in the order of the navigation, with their index pages."""

READING_PATH = "answers/path.md"
"""What a newcomer should open first; a group need not have written it."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages show beside the archive."""

    name: str
    language: str
    writeups: Sequence[Document] = ()
    notebooks: Sequence[Document] = ()
    answers: Sequence[Document] = ()
    has_api: bool = False
    terms: Terms = field(default_factory=Terms)
    term_pages: Mapping[str, Sequence[Document]] = field(default_factory=dict)
    term_code: Mapping[str, TermCode] = field(default_factory=dict)
    has_equations: bool = False


def meeting_title(t: Chrome, session: Session) -> str:
    """What a meeting is called: by its own title, its week, its date, or its note's name."""
    meeting = session.meeting
    if meeting.title:
        return meeting.title
    if meeting.week is not None:
        # A second note of one week carries its letter, so that titles differ.
        letter = meeting.id.removeprefix(f"w{meeting.week:02d}")
        return t("week", week=f"{meeting.week}{letter}")
    return meeting.date or PurePath(session.note.file).stem
