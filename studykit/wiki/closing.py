"""What answers a question, says that a task is done, or presents a talk; and ids that name nothing.

Three places can say so: a note (an answer, a tick beside an id), a note's overlay (`answers`,
`closes`), and a hand-written page (its front matter).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from studykit.errors import ConfigError, NoteError, StudykitError
from studykit.wiki.front_matter import NamedId, Stage
from studykit.wiki.overlay import Overlay
from studykit.wiki.records import (
    Answer,
    Decision,
    Link,
    Note,
    Opinion,
    Question,
    Record,
    Talk,
    Task,
)

if TYPE_CHECKING:  # who only reads notes needs no Markdown
    from studykit.wiki.handwritten import Handwritten
    from studykit.wiki.issues import Issue

__all__ = [
    "Closer",
    "Kinds",
    "find_closers",
    "kinds_of",
    "talk_stage",
    "wrong_in_notes",
    "wrong_in_overlay",
    "wrong_in_page",
]

Kinds = Mapping[str, str]
"""The kind of every record that can be named, by its id."""

_KINDS: Mapping[type[Record], str] = {
    Opinion: "opinion",
    Decision: "decision",
    Question: "question",
    Answer: "answer",
    Link: "link",
    Talk: "talk",
    Task: "task",
}
_MOST = 3
"""As many near ids as a message names."""

_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "answers": ("question",),
    "closes": ("task", "talk"),
    "talk": ("talk",),
}
"""What each field, of a page or an overlay, may name."""


@dataclass(frozen=True, slots=True)
class Closer:
    """One place that closes a record: a meeting, with its answer where it gives one, or a page.

    `lines` are the note's; None where its overlay says so, and of a page.
    """

    meeting: str | None = None
    lines: tuple[int, int] | None = None
    answer: Answer | None = None
    page: Handwritten | None = None


def find_closers(
    notes: Iterable[Note], pages: Iterable[Handwritten]
) -> dict[str, tuple[Closer, ...]]:
    """What closes each record, by its id: notes in their order, then pages in theirs.

    An id that names nothing is among them too, and does no harm.
    """
    found: defaultdict[str, dict[Closer, None]] = defaultdict(dict)
    for note in notes:
        for answer in note.answers:
            if answer.question:
                found[answer.question][Closer(answer.meeting, answer.lines, answer)] = None
        for each in note.closings:
            if not any(closer.meeting == each.meeting for closer in found[each.id]):
                found[each.id][Closer(each.meeting, each.lines)] = None
    for page in pages:
        for named in _closed(page):
            found[named.id][Closer(page=page)] = None
    return {closed: tuple(closers) for closed, closers in found.items()}


def talk_stage(talk: Talk, closed: bool, writeups: Iterable[Handwritten]) -> Stage | None:
    """How far a talk is, by everything that is said of it; None where nothing is.

    A write-up without a status is written.
    """
    stages = {page.front.status or "written" for page in writeups}
    if closed or talk.status == "given" or "presented" in stages:
        return "presented"
    if "written" in stages:
        return "written"
    return "planned" if talk.status == "planned" or stages else None


def kinds_of(notes: Iterable[Note], issues: Iterable[Issue] = ()) -> dict[str, str]:
    """The kind of each record, by its id; an issue is a question."""
    kinds = {record.id: _KINDS[type(record)] for note in notes for record in note.records()}
    return kinds | {issue.id: "question" for issue in issues}


# --- ids that name nothing ------------------------------------------------------------------------


def wrong_in_page(page: Handwritten, file: str, kinds: Kinds) -> Iterator[ConfigError]:
    """The ids in a page's front matter that name nothing, or something else than they should."""
    front = page.front
    named = [("answers", each) for each in front.answers]
    named += [("closes", each) for each in front.closes]
    named += [("talk", front.talk)] if front.talk else []
    for field, each in named:
        if wrong := _wrong(field, each.id, kinds):
            message, mend = wrong
            yield ConfigError(message, file=file, line=each.line, column=each.column, mend=mend)


def wrong_in_overlay(overlay: Overlay, kinds: Kinds) -> Iterator[StudykitError]:
    """As `wrong_in_page`, of a note's overlay."""
    for field, record_id, line, column in overlay.named_ids():
        if wrong := _wrong(field, record_id, kinds):
            message, mend = wrong
            yield NoteError(message, file=overlay.file.name, line=line, column=column, mend=mend)


def wrong_in_notes(note: Note, kinds: Kinds) -> Iterator[tuple[str, int, str, str]]:
    """Each id that a note closes and no note has: the id, its first line, what is wrong, a mend."""
    named = [(answer.question, "answers", answer.lines) for answer in note.answers if answer.named]
    named += [(each.id, "note", each.lines) for each in note.closings if each.lines]
    for record_id, field, lines in named:
        if record_id and lines and (wrong := _wrong(field, record_id, kinds)):
            yield record_id, lines[0], *wrong


def _closed(page: Handwritten) -> Iterator[NamedId]:
    yield from page.front.answers
    yield from page.front.closes
    if page.front.talk and page.front.status == "presented":
        yield page.front.talk


def _wrong(field: str, record_id: str, kinds: Kinds) -> tuple[str, str] | None:
    """What is wrong with an id and how to mend it; None where nothing is."""
    allowed = _ALLOWED.get(field, ("question", "task", "talk"))
    kind = kinds.get(record_id)
    if kind in allowed:
        return None
    wanted = " or ".join(allowed)
    if kind is not None:
        article = "an" if kind[0] in "aeiou" else "a"
        other = next((name for name, may in _ALLOWED.items() if kind in may), None)
        mend = f"write it under {other!r}" if other else f"name a {wanted}"
        return f"{record_id} is {article} {kind}, and no {wanted}", mend
    candidates = [other for other, of in kinds.items() if of in allowed]
    near = get_close_matches(record_id, candidates, n=_MOST, cutoff=0.5)
    mend = f"did you mean {_either(near)}?" if near else f"no note has a {wanted} yet"
    if not near and candidates:
        mend = f"the newest is {candidates[-1]}; `studykit status` lists what is open"
    return f"there is no {wanted} {record_id}", mend


def _either(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
