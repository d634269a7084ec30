"""Rendering: the archive becomes pages, Markdown for any site engine.

Everything that comes from a note is escaped by the templates, before an engine sees it. A page's
size depends on its own meeting, never on the archive's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from studykit.wiki.chrome import load_chrome
from studykit.wiki.discussion import Discussion, first_line, question_path
from studykit.wiki.issues import Issue
from studykit.wiki.lines import split_lines
from studykit.wiki.link import Archive, Session
from studykit.wiki.living import meeting_path, raw_path
from studykit.wiki.newest import carried, carried_questions, newest, newest_asked
from studykit.wiki.pages import Addition, Asset, Page, page_href
from studykit.wiki.records import Meeting, Opinion, Question, Record
from studykit.wiki.register_pages import register_pages
from studykit.wiki.site import FEW, READING_PATH, SECTIONS, Site, meeting_title
from studykit.wiki.templates import Templates

__all__ = ["SECTIONS", "Site", "meeting_path", "meeting_title", "render_pages"]


def render_pages(archive: Archive, site: Site) -> Iterator[Page | Asset | Addition]:
    """Every generated page and data file, in a fixed order, and what hand-written pages get.

    Args:
        archive: All records, cross-linked.
        site: The site's name, language and hand-written documents.

    Raises:
        ConfigError: There are no words for the site's language.
    """
    yield from _Renderer(archive, site).pages()


class _Renderer:
    def __init__(self, archive: Archive, site: Site) -> None:
        self._archive = archive
        self._site = site
        self._t = load_chrome(site.language)
        self._templates = Templates(archive, self._t)

    def pages(self) -> Iterator[Page | Asset | Addition]:
        yield self._home()
        for session in self._archive.sessions:
            yield self._meeting(session)
            yield self._raw(session)
        for question in self._archive.questions:
            yield self._question(question)
        for issue in self._archive.issues:
            yield self._issue(issue)
        yield from register_pages(self._archive, self._site, self._templates)
        yield from self._templates.living.additions()

    def _home(self) -> Page:
        sessions = self._archive.sessions
        session = sessions[-1] if sessions else None
        ways = [(key, path) for key, path in SECTIONS.items() if key != "home"]
        if self._site.has_api:
            ways.append(("api", "api/index.md"))
        if self._site.has_equations:
            ways.append(("equations", "equations/index.md"))
        ways.append(("map", "map/index.md"))
        archive = self._archive
        questions = newest_asked(archive, archive.open_questions, archive.open_issues, FEW)
        open_records: dict[str, tuple[int, Sequence[Record | Issue]]] = {
            "questions": (len(archive.open_asked), questions),
            "talks": (len(archive.open_talks), newest(archive.open_talks, FEW)),
            "tasks": (len(archive.open_tasks), newest(archive.open_tasks, FEW)),
        }
        return self._templates.page(
            SECTIONS["home"],
            self._t("home"),
            "home.md.jinja",
            searchable=False,
            site_name=self._site.name,
            session=session,
            heard=_heard(session) if session else [],
            ways=ways,
            reading_path=next(
                (each for each in self._site.answers if each.path == READING_PATH), None
            ),
            open=[
                (key, f"{key}/index.md", count, shown)
                for key, (count, shown) in open_records.items()
                if count
            ],
        )

    def _meeting(self, session: Session) -> Page:
        path = meeting_path(session.meeting.id)
        raw = raw_path(session.meeting.id)
        discussion = Discussion(
            session.note, self._templates.people, self._t, path, raw, self._templates.living
        )
        inherited = {
            "questions": carried_questions(self._archive, session),
            "talks": carried(self._archive.open_talks, session.open_talks),
            "tasks": carried(self._archive.open_tasks, session.open_tasks),
        }
        return self._templates.page(
            path,
            self._templates.meeting_title(session.meeting.id),
            "meeting.md.jinja",
            meeting=session.meeting,
            note=session.note,
            raw=raw,
            previous=self._neighbour(path, session.previous),
            next=self._neighbour(path, session.next),
            speakers=self._templates.persons(session.note.speakers),
            carried=inherited,
            anything=any(session.note.records()),
            any_carried=any(kind.count for kind in inherited.values()),
            carried_counts=" · ".join(
                self._t(f"count_{key}", count=kind.count)
                for key, kind in inherited.items()
                if kind.count
            ),
            discussion=discussion.markdown(),
        )

    def _neighbour(self, path: str, meeting: Meeting | None) -> dict[str, str] | None:
        if meeting is None:
            return None
        return {
            "href": page_href(path, meeting_path(meeting.id)),
            "title": self._templates.meeting_title(meeting.id),
        }

    def _raw(self, session: Session) -> Page:
        title = self._templates.meeting_title(session.meeting.id)
        return self._templates.page(
            raw_path(session.meeting.id),
            self._t("raw_title", title=title),
            "raw.md.jinja",
            searchable=False,
            meeting=title,
            meeting_page=meeting_path(session.meeting.id),
            note=session.note,
            lines=[
                line
                for line in split_lines(session.note.text)
                if session.meeting.start <= line.start < session.meeting.end
            ],
        )

    def _question(self, question: Question) -> Page:
        title = first_line(question.text)
        return self._templates.page(
            question_path(question),
            title,
            "question.md.jinja",
            question=question,
            newest=self._archive.sessions[-1].meeting.id,
            closers=self._templates.living.closers(question),
        )

    def _issue(self, issue: Issue) -> Page:
        return self._templates.page(
            question_path(issue),
            issue.text.partition("\n")[0],
            "issue.md.jinja",
            issue=issue,
            paragraphs=re.split(r"\n\s*\n", issue.text) if "\n" in issue.text else (),
            closers=self._templates.living.closers(issue),
        )


def _heard(session: Session) -> list[Opinion]:
    """Each speaker's first turn with something in it."""
    first: dict[tuple[str, ...], Opinion] = {}
    for opinion in session.note.opinions:
        if opinion.points:
            first.setdefault(opinion.speakers, opinion)
    return list(first.values())[: FEW + 1]
