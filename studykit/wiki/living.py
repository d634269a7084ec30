"""The state of questions, talks and tasks, as every page shows it: open, or closed and where.

What closes a record links to it, and the record links back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from markupsafe import Markup

from studykit.wiki.ages import age_text
from studykit.wiki.chrome import Chrome
from studykit.wiki.closing import Closer
from studykit.wiki.discussion import question_path
from studykit.wiki.escape import in_html
from studykit.wiki.front_matter import Stage
from studykit.wiki.handwritten import Excerpt, Handwritten
from studykit.wiki.issues import Issue
from studykit.wiki.link import Archive
from studykit.wiki.pages import Addition, page_href
from studykit.wiki.records import Question, Record, Talk, Task

__all__ = ["Living", "meeting_path", "named_ids", "raw_path", "shown_excerpt"]

FEW = 3

# A Korean particle follows without a blank: `w01-q2는`.
# What is short enough to be something else, the id of an issue, counts in brackets alone.
_NAMED = re.compile(
    r"(?<![A-Za-z0-9_-])[a-z0-9-]+-(?:q|d|talk|task)\d+(?![A-Za-z0-9_-])"
    r"|(?<=\[)i[1-9]\d{0,8}(?=\])"
)

_STAGES: dict[Stage | None, tuple[str, str]] = {
    "planned": ("talk_planned", "open"),
    "written": ("talk_written", "open"),
    "presented": ("talk_given", "done"),
    None: ("talk_unknown", "unknown"),
}


def meeting_path(meeting_id: str) -> str:
    """The path of a meeting's page."""
    return f"meetings/{meeting_id}/index.md"


def raw_path(meeting_id: str) -> str:
    """The path of a meeting's note as it was typed."""
    return f"meetings/{meeting_id}/raw.md"


def named_ids(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """What looks like the id of a record in a stretch of a note, and where.

    Examples:
        >>> named_ids("앞의 w01-q2는", 0, 10)
        [(3, 'w01-q2')]
        >>> named_ids("i2의 [i12]", 0, 10)
        [(5, 'i12')]
    """
    return [(match.start(), match[0]) for match in _NAMED.finditer(text, start, end)]


def shown_excerpt(excerpt: Excerpt) -> Markup:
    r"""A quoted paragraph as HTML, with its formulas.

    Examples:
        >>> print(shown_excerpt((("text", "<b> "), ("formula", "c_t"))))
        &#60;b&#62; <span class="arithmatex">\(c_t\)</span>
    """
    return Markup().join(
        Markup('<span class="arithmatex">\\({}\\)</span>').format(in_html(said))
        if kind == "formula"
        else in_html(said)
        for kind, said in excerpt
    )


class Living:
    """Renders the states of an archive's records.

    Args:
        archive: All records, cross-linked.
        t: The words of the site's language.
        title: The title of a meeting by its id.
        fragment: Renders a template of a page: (template, path, values).
    """

    def __init__(
        self,
        archive: Archive,
        t: Chrome,
        title: Callable[[str], str],
        fragment: Callable[..., Markup],
    ) -> None:
        self._archive = archive
        self._t = t
        self._title = title
        self._fragment = fragment
        records: chain[Record | Issue] = chain(
            archive.questions, archive.talks, archive.tasks, archive.issues
        )
        self._records = {record.id: record for record in records}

    # --- states -----------------------------------------------------------------------------------

    def badge(self, record: Question | Talk | Task | Issue) -> Markup:
        """The record's state in a word."""
        key, look = self._state(record)
        return Markup('<span class="sk-badge sk-{}">{}</span>').format(look, self._t(key))

    def word(self, record: Question | Talk | Task | Issue) -> str:
        """The record's state, to filter by."""
        return self._t(self._state(record)[0])

    def closers(self, record: Record | Issue) -> Sequence[Closer]:
        """What closes a record; and the write-ups of a talk that is not presented yet."""
        found = self._archive.closers.get(record.id, ())
        pages = {closer.page for closer in found}
        writeups = self._archive.writeups.get(record.id, ())
        return (*found, *(Closer(page=page) for page in writeups if page not in pages))

    def where(self, record: Record | Issue, page: str) -> Markup:
        """Links to the few first places that close it; nothing where none does."""
        found = self.closers(record)
        links = [self.link(closer, page) for closer in found[:FEW]]
        if len(found) > FEW:
            links.append(in_html(self._t("more", count=len(found) - FEW)))
        return Markup(" · ").join(links)

    def link(self, closer: Closer, page: str) -> Markup:
        """A link to the place that closes a record."""
        target, label = self._place(closer, page)
        return Markup('<a href="{}">{}</a>').format(target, in_html(label))

    def age(self, record: Record, now: str) -> str:
        """How long before a meeting the record's own one was; empty where it was not."""
        found = self._archive.age(record.meeting, now)
        return age_text(self._t, found) if found else ""

    def _state(self, record: Question | Talk | Task | Issue) -> tuple[str, str]:
        match record:
            case Talk():
                return _STAGES[self._archive.stage(record)]
            case Question() | Issue():
                closed = self._archive.closed(record)
                return ("question_answered", "done") if closed else ("question_open", "open")
            case Task():
                closed = self._archive.closed(record)
                return ("task_done", "done") if closed else ("task_open", "open")

    def _place(self, closer: Closer, page: str) -> tuple[Markup, str]:
        if closer.page:
            return page_href(page, closer.page.path), closer.page.title
        meeting = closer.meeting or ""
        title = self._title(meeting)
        if closer.answer:
            return page_href(page, meeting_path(meeting), closer.answer.id), title
        if closer.lines:
            line = closer.lines[0]
            return page_href(page, raw_path(meeting), f"L{line}"), f"{title} L{line}"
        return page_href(page, meeting_path(meeting)), title

    # --- back -------------------------------------------------------------------------------------

    def question(self, question_id: str | None) -> Question | Issue | None:
        """The question with an id; None where no note and no issue has it."""
        found = self._records.get(question_id or "")
        return found if isinstance(found, Question | Issue) else None

    def href(self, record: Record | Issue, page: str) -> Markup:
        """The link to a record: a question's own page, else its place in its meeting."""
        if isinstance(record, Question | Issue):
            return page_href(page, question_path(record))
        return page_href(page, meeting_path(record.meeting), record.id)

    def with_links(self, text: str, page: str) -> Markup:
        """A note's words, with each id of a record as a link to it."""
        parts = []
        done = 0
        for place, record_id in named_ids(text, 0, len(text)):
            record = self._records.get(record_id)
            if record is None:
                continue
            parts.append(in_html(text[done:place]))
            parts.append(Markup('<a href="{}">{}</a>').format(self.href(record, page), record_id))
            done = place + len(record_id)
        return Markup().join([*parts, in_html(text[done:])])

    def additions(self) -> Iterator[Addition]:
        """What stands below each hand-written page that names a record: links to all of them."""
        for page in self._archive.pages:
            values = self._named(page)
            if any(values.values()):
                said = self._fragment("named.jinja", page.path, **values)
                yield Addition(page.path, f"{said}\n")

    def _named(self, page: Handwritten) -> dict[str, Any]:
        front = page.front
        closed = [self._records.get(each.id) for each in front.closes]
        return {
            "answered": [q for each in front.answers if (q := self.question(each.id))],
            "talk": self._records.get(front.talk.id) if front.talk else None,
            "closed": [record for record in closed if record],
        }
