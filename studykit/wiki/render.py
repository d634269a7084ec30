"""Rendering: the archive becomes pages, Markdown for any site engine.

Everything that comes from a note is escaped here, before an engine sees it. A page's size depends
on its own meeting, never on the archive's.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from types import CodeType
from typing import TypeVar
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from studykit.wiki.catch_up import CATCH_UP, CATCH_WORDS, catch_up_assets
from studykit.wiki.chrome import Chrome, load_chrome
from studykit.wiki.discussion import Discussion, due_text, first_line, person_path, question_path
from studykit.wiki.documents import Document
from studykit.wiki.escape import has_masks, in_html, in_markdown, unmasked
from studykit.wiki.fixes import fixes
from studykit.wiki.handwritten import LONGEST, Handwritten
from studykit.wiki.issues import Issue
from studykit.wiki.lines import split_lines
from studykit.wiki.link import Archive, Person, Reference, Session
from studykit.wiki.living import Living, meeting_path, raw_path, shown_excerpt
from studykit.wiki.pages import Addition, Asset, Page, page_href
from studykit.wiki.records import Correction, Meeting, Opinion, Question, Record
from studykit.wiki.registers import Row, paginate
from studykit.wiki.terms import Term, Terms, term_path
from studykit.wiki.terms.code import TermCode
from studykit.wiki.terms.names import names_asset
from studykit.wiki.terms.uses import Use, find_uses

__all__ = ["SECTIONS", "Site", "meeting_path", "meeting_title", "render_pages"]

FEW = 5

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

R = TypeVar("R", bound=Record | Reference)


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


def render_pages(archive: Archive, site: Site) -> Iterator[Page | Asset | Addition]:
    """Every generated page and data file, in a fixed order, and what hand-written pages get.

    Args:
        archive: All records, cross-linked.
        site: The site's name, language and hand-written documents.

    Raises:
        ConfigError: There are no words for the site's language.
    """
    yield from _Renderer(archive, site).pages()


@dataclass(frozen=True, slots=True)
class _Carried:
    """What a meeting inherits from earlier ones: how many, and the newest few."""

    count: int
    newest: Sequence[Record | Issue]


class _Renderer:
    def __init__(self, archive: Archive, site: Site) -> None:
        self._archive = archive
        self._site = site
        self._t = load_chrome(site.language)
        self._people = {
            name: person for person in archive.people for name in (person.name, *person.spellings)
        }
        self._handwritten = {page.path: page for page in archive.pages}
        self._titles = {
            session.meeting.id: meeting_title(self._t, session) for session in archive.sessions
        }
        self._corrections: defaultdict[str | None, list[Correction]] = defaultdict(list)
        for session in archive.sessions:
            for correction in session.note.corrections:
                self._corrections[correction.id].append(correction)
        self._living = Living(archive, self._t, self._meeting_title, self._fragment)
        self._templates = _environment(self._t)
        self._templates.globals.update(
            people=self._persons,
            name_list=self._name_list,
            has_masks=has_masks,
            meeting_path=meeting_path,
            raw_path=raw_path,
            meeting_title=self._meeting_title,
            due_text=partial(due_text, self._t),
            fixes=self._fixes,
            living=self._living,
            writeup=self._writeup,
            few=FEW,
        )

    def pages(self) -> Iterator[Page | Asset | Addition]:
        yield self._home()
        for session in self._archive.sessions:
            yield self._meeting(session)
            yield self._raw(session)
        for question in self._archive.questions:
            yield self._question(question)
        for issue in self._archive.issues:
            yield self._issue(issue)
        yield from self._meetings()
        yield from self._questions()
        yield from self._talks()
        yield from self._tasks()
        yield from self._links()
        yield from self._all_people()
        yield from self._catch_up()
        yield from self._terms()
        yield from self._notebooks()
        yield from self._living.additions()

    # --- single pages -----------------------------------------------------------------------------

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
        questions = self._asked(archive.open_questions, archive.open_issues, FEW)
        open_records: dict[str, tuple[int, Sequence[Record | Issue]]] = {
            "questions": (len(archive.open_asked), questions),
            "talks": (len(archive.open_talks), _newest(archive.open_talks, FEW)),
            "tasks": (len(archive.open_tasks), _newest(archive.open_tasks, FEW)),
        }
        return self._page(
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
                (key, f"{key}/index.md", count, newest)
                for key, (count, newest) in open_records.items()
                if count
            ],
        )

    def _meeting(self, session: Session) -> Page:
        path = meeting_path(session.meeting.id)
        raw = raw_path(session.meeting.id)
        discussion = Discussion(session.note, self._people, self._t, path, raw, self._living)
        carried = {
            "questions": self._carried_questions(session),
            "talks": _carried(self._archive.open_talks, session.open_talks),
            "tasks": _carried(self._archive.open_tasks, session.open_tasks),
        }
        return self._page(
            path,
            self._meeting_title(session.meeting.id),
            "meeting.md.jinja",
            meeting=session.meeting,
            note=session.note,
            raw=raw,
            previous=self._neighbour(path, session.previous),
            next=self._neighbour(path, session.next),
            speakers=self._persons(session.note.speakers),
            carried=carried,
            anything=any(session.note.records()),
            any_carried=any(kind.count for kind in carried.values()),
            carried_counts=" · ".join(
                self._t(f"count_{key}", count=kind.count)
                for key, kind in carried.items()
                if kind.count
            ),
            discussion=discussion.markdown(),
        )

    def _carried_questions(self, session: Session) -> _Carried:
        carried = _carried(self._archive.open_questions, session.open_questions)
        count = session.open_issues
        issues = self._archive.open_issues[max(0, count - 3) : count]
        newest = self._merged(carried.newest, issues)[:3]
        return _Carried(carried.count + count, newest)

    def _asked(
        self, questions: Sequence[Question], issues: Sequence[Issue], count: int | None = None
    ) -> list[Question | Issue]:
        """Questions of notes and of issues, the newest first; with a `count`, that many at most."""
        return self._merged(_newest(questions, count), issues)[:count]

    def _merged(
        self, newest: Sequence[Record | Issue], issues: Sequence[Issue]
    ) -> list[Question | Issue]:
        """Questions, the newest first, and issues, the oldest first, by the meeting that follows.

        Who asks by an issue asks for that meeting, so it stands before what the last one asked.
        """
        questions = (each for each in newest if isinstance(each, Question))
        both: list[Question | Issue] = [*issues[::-1], *questions]
        return sorted(both, key=self._archive.asked_before, reverse=True)

    def _neighbour(self, path: str, meeting: Meeting | None) -> dict[str, str] | None:
        if meeting is None:
            return None
        return {
            "href": page_href(path, meeting_path(meeting.id)),
            "title": self._meeting_title(meeting.id),
        }

    def _raw(self, session: Session) -> Page:
        title = self._meeting_title(session.meeting.id)
        return self._page(
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
        return self._page(
            question_path(question),
            title,
            "question.md.jinja",
            question=question,
            newest=self._archive.sessions[-1].meeting.id,
            closers=self._living.closers(question),
        )

    def _issue(self, issue: Issue) -> Page:
        return self._page(
            question_path(issue),
            issue.text.partition("\n")[0],
            "issue.md.jinja",
            issue=issue,
            paragraphs=re.split(r"\n\s*\n", issue.text) if "\n" in issue.text else (),
            closers=self._living.closers(issue),
        )

    # --- registers --------------------------------------------------------------------------------

    def _meetings(self) -> Iterator[Page | Asset]:
        rows = [
            self._row("meeting", {"session": session}, {}, f"m-{session.meeting.id}")
            for session in reversed(self._archive.sessions)
        ]
        yield from self._register("meetings", rows, {})

    def _questions(self) -> Iterator[Page | Asset]:
        archive = self._archive
        closed = self._asked(
            [question for question in archive.questions if archive.closed(question)],
            [issue for issue in archive.issues if archive.closed(issue)],
        )
        asked = [*self._asked(archive.open_questions, archive.open_issues), *closed]
        rows = [self._question_row(question) for question in asked]
        yield from self._register("questions", rows, self._facets("status", "meeting"))

    def _question_row(self, asked: Question | Issue) -> Row:
        kind = "issue" if isinstance(asked, Issue) else "question"
        of = self._t("issue") if isinstance(asked, Issue) else self._meeting_title(asked.meeting)
        facets = {"status": [self._living.word(asked)], "meeting": [of]}
        return self._row(kind, {kind: asked}, facets)

    def _talks(self) -> Iterator[Page | Asset]:
        rows = []
        for talk in self._open_first(self._archive.talks, self._archive.open_talks):
            facets = {
                "status": [self._living.word(talk)],
                "meeting": [self._meeting_title(talk.meeting)],
                "person": self._names((*talk.presenters, *talk.volunteers)),
            }
            rows.append(self._row("talk", {"talk": talk}, facets))
        lead = self._fragment("writeups.jinja", SECTIONS["talks"], writeups=self._site.writeups)
        shown = self._facets("status", "meeting", "person")
        yield from self._register("talks", rows, shown, lead=lead)

    def _tasks(self) -> Iterator[Page | Asset]:
        t = self._t
        rows = []
        for task in self._open_first(self._archive.tasks, self._archive.open_tasks):
            facets = {
                "status": [self._living.word(task)],
                "owner": self._names(task.owners) or [t("no_owner")],
                "meeting": [self._meeting_title(task.meeting)],
            }
            rows.append(self._row("task", {"task": task}, facets))
        yield from self._register("tasks", rows, self._facets("status", "owner", "meeting"))

    def _links(self) -> Iterator[Page | Asset]:
        rows = []
        for reference in _newest(self._archive.references):
            kind = reference.citations[0].kind
            shown = self._t(f"kind_{kind or 'none'}")
            titles = dict.fromkeys(link.title for link in reference.citations if link.title)
            values = {"reference": reference, "titles": list(titles), "kind": shown}
            chosen = {"kind": [shown], "domain": [reference.domain]}
            rows.append(self._row("link", values, chosen))
        yield from self._register("links", rows, self._facets("kind", "domain"))

    def _all_people(self) -> Iterator[Page | Asset]:
        people = self._archive.people
        rows = [self._row("person", {"person": person}, {}, person.id) for person in people]
        yield from self._register("people", rows, {})
        for person in people:
            yield from self._person(person)

    def _person(self, person: Person) -> Iterator[Page | Asset]:
        kinds: tuple[tuple[str, str, Sequence[Record]], ...] = (
            ("opinion", "opinions", person.opinions),
            ("talk", "talks", person.talks),
            ("task", "tasks", person.tasks),
            ("question", "questions", person.questions),
        )
        order = self._archive.order
        entries = [
            (order[record.meeting], -record.start, kind, name, record)
            for kind, name, records in kinds
            for record in records
        ]
        entries.sort(key=lambda entry: entry[:2], reverse=True)
        rows = [
            self._row(
                kind,
                {kind: record},
                {"kind": [self._t(name)], "meeting": [self._meeting_title(record.meeting)]},
            )
            for _, _, kind, name, record in entries
        ]
        yield from self._register(
            f"people/{person.id}", rows, self._facets("kind", "meeting"), title=person.name
        )

    def _open_first(self, records: Sequence[R], open_records: Sequence[R]) -> list[R]:
        """What is open, then all else; the newest first."""
        still = set(map(id, open_records))
        return _newest(open_records) + _newest([each for each in records if id(each) not in still])

    def _catch_up(self) -> Iterator[Page | Asset]:
        def row(kind: str, record: Record | Issue) -> Markup:
            return self._fragment(f"rows/{kind}.jinja", CATCH_UP, **{kind: record})

        yield from catch_up_assets(self._archive, self._meeting_title, row)
        yield self._page(
            CATCH_UP,
            self._t("catch_up"),
            "catch_up.md.jinja",
            searchable=False,
            newest=list(reversed(self._archive.sessions[-2 * FEW :])),
            words={key.removeprefix("catch_"): self._t.phrase(key) for key in CATCH_WORDS},
        )

    def _terms(self) -> Iterator[Page | Asset]:
        t, terms = self._t, self._site.terms
        uses = find_uses(terms, self._archive)
        ordered = sorted(terms, key=lambda term: (term.title(t).casefold(), term.id))
        rows = [
            self._row("term", {"term": term, "uses": len(uses.get(term.id, ()))}, {}, term.id)
            for term in ordered
        ]
        yield from self._register("terms", rows, {})
        for term in ordered:
            yield from self._term(term, uses.get(term.id, ()))
        if ordered:
            yield names_asset(terms, t)

    def _term(self, term: Term, uses: Sequence[Use]) -> Iterator[Page | Asset]:
        t = self._t
        folder = f"terms/{term.id}/uses"
        asked = [use for use in uses if use.kind == "question"]
        yield self._page(
            term_path(term),
            term.title(t),
            "term.md.jinja",
            term=term,
            related=[self._site.terms[other] for other in term.related],
            uses=uses,
            all_uses=f"{folder}/index.md",
            questions=asked,
            documents=self._site.term_pages.get(term.id, ()),
            code=self._site.term_code.get(term.id, TermCode()),
        )
        if len(uses) <= FEW and len(asked) <= FEW:
            return
        rows = [
            self._row(
                "use",
                {"use": use},
                {
                    "kind": [t(f"use_{use.kind}")],
                    "person": self._names(use.people),
                    "meeting": [self._meeting_title(use.meeting)],
                },
            )
            for use in uses
        ]
        title = t("term_uses_of", term=term.title(t))
        shown = self._facets("kind", "person", "meeting")
        yield from self._register(folder, rows, shown, title=title)

    def _notebooks(self) -> Iterator[Page | Asset]:
        rows = [
            self._row("document", {"document": document}, {}) for document in self._site.notebooks
        ]
        yield from self._register("notebooks", rows, {})

    def _register(
        self,
        folder: str,
        rows: list[Row],
        facets: dict[str, str],
        *,
        title: str | None = None,
        lead: Markup | None = None,
    ) -> Iterator[Page | Asset]:
        section, _, inner = folder.partition("/")
        for part in paginate(folder, rows, facets):
            if isinstance(part, Asset):
                yield part
                continue
            back = page_href(part.path, f"{section}/index.md") if inner or part.number > 1 else None
            name = title or self._t(section)
            if part.number > 1:
                name = f"{name} · {self._t('page', page=part.number)}"
            yield self._page(
                part.path,
                name,
                "register.md.jinja",
                searchable=False,
                register=part,
                back=back,
                section=self._t(section),
                lead=lead if part.number == 1 else None,
            )

    def _row(
        self,
        kind: str,
        values: dict[str, object],
        facets: dict[str, list[str]],
        row_id: str | None = None,
    ) -> Row:
        def html(path: str) -> Markup:
            return self._fragment(f"rows/{kind}.jinja", path, **values)

        values_shown = {key: list(map(unmasked, shown)) for key, shown in facets.items()}
        return Row(html, values_shown, row_id)

    def _facets(self, *keys: str) -> dict[str, str]:
        return {key: self._t(key) for key in keys}

    # --- templates --------------------------------------------------------------------------------

    def _page(
        self, path: str, title: str, template: str, *, searchable: bool = True, **values: object
    ) -> Page:
        body = self._templates.get_template(template).render(page=path, title=title, **values)
        return Page(path, unmasked(title), body, searchable)

    def _fragment(self, template: str, path: str, **values: object) -> Markup:
        body = self._templates.get_template(template).render(page=path, **values)
        return Markup(body.strip())  # noqa: S704 - the templates escape what they are given

    def _persons(self, names: Sequence[str]) -> list[Person]:
        """The people by these names, each once."""
        found = (self._people[name] for name in names)
        return list({person.id: person for person in found}.values())

    def _names(self, names: Sequence[str]) -> list[str]:
        return [person.name for person in self._persons(names)]

    def _name_list(self, names: Sequence[str]) -> str:
        return ", ".join(self._names(names))

    def _writeup(self, path: str) -> Handwritten | None:
        """What a hand-written page says of itself; None where it says nothing."""
        return self._handwritten.get(path)

    def _fixes(self, record_id: str) -> Markup:
        return fixes(self._t, self._corrections.get(record_id, ()))

    def _meeting_title(self, meeting_id: str) -> str:
        return self._titles[meeting_id]


class _Compiled(BytecodeCache):
    """Keeps templates compiled: a preview renders the pages again after each change."""

    def __init__(self) -> None:
        self._codes: dict[str, CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was kept of a template, if anything."""
        bucket.code = self._codes.get(bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._codes[bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def _environment(t: Chrome) -> Environment:
    environment = Environment(
        loader=PackageLoader("studykit.wiki"),
        auto_reload=False,
        bytecode_cache=_COMPILED,
        autoescape=True,
        finalize=lambda value: value if isinstance(value, Markup) else in_html(str(value)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = in_markdown
    environment.tests["issue"] = lambda record: isinstance(record, Issue)
    environment.globals.update(
        t=t,
        domain=_domain,
        first_line=first_line,
        first_paragraph=_first_paragraph,
        json=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
        page_href=page_href,
        person_path=person_path,
        question_path=question_path,
        shown_excerpt=shown_excerpt,
        term_path=term_path,
    )
    return environment


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


def _heard(session: Session) -> list[Opinion]:
    """Each speaker's first turn with something in it."""
    first: dict[tuple[str, ...], Opinion] = {}
    for opinion in session.note.opinions:
        if opinion.points:
            first.setdefault(opinion.speakers, opinion)
    return list(first.values())[: FEW + 1]


def _newest(records: Sequence[R], count: int | None = None) -> list[R]:
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


def _carried(records: Sequence[Record], count: int) -> _Carried:
    # Only the tail is copied, so that a meeting costs the same however long the archive is.
    return _Carried(count, _newest(records[max(0, count - FEW**2) : count], 3))


def _first_paragraph(text: str) -> str:
    """A text up to its first blank line, and no more of it than is quoted of a page."""
    said = re.split(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)", text, maxsplit=1)[0]
    return said if len(said) <= LONGEST else f"{said[:LONGEST]} …"


def _domain(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
