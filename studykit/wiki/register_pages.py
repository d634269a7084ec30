"""The pages of registers: all meetings, questions, talks, tasks, links, people and so on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from studykit.wiki.catch_up import CATCH_UP, CATCH_WORDS, catch_up_assets
from studykit.wiki.escape import unmasked
from studykit.wiki.issues import Issue
from studykit.wiki.link import Archive, Person
from studykit.wiki.newest import newest, newest_asked, open_first
from studykit.wiki.pages import Asset, Page, page_href
from studykit.wiki.records import Question, Record
from studykit.wiki.registers import Row, paginate
from studykit.wiki.site import FEW, SECTIONS, Site
from studykit.wiki.templates import Templates
from studykit.wiki.terms import Term, term_path
from studykit.wiki.terms.code import TermCode
from studykit.wiki.terms.names import names_asset
from studykit.wiki.terms.uses import Use, find_uses

__all__ = ["register_pages"]


def register_pages(archive: Archive, site: Site, templates: Templates) -> Iterator[Page | Asset]:
    """Every register with its data files, the people's and the terms' pages, in a fixed order."""
    yield from _Registers(archive, site, templates).pages()


class _Registers:
    def __init__(self, archive: Archive, site: Site, templates: Templates) -> None:
        self._archive = archive
        self._site = site
        self._templates = templates
        self._t = templates.t

    def pages(self) -> Iterator[Page | Asset]:
        yield from self._meetings()
        yield from self._questions()
        yield from self._talks()
        yield from self._tasks()
        yield from self._links()
        yield from self._all_people()
        yield from self._catch_up()
        yield from self._terms()
        yield from self._notebooks()

    def _meetings(self) -> Iterator[Page | Asset]:
        rows = [
            self._row("meeting", {"session": session}, {}, f"m-{session.meeting.id}")
            for session in reversed(self._archive.sessions)
        ]
        yield from self._register("meetings", rows, {})

    def _questions(self) -> Iterator[Page | Asset]:
        archive = self._archive
        closed = newest_asked(
            archive,
            [question for question in archive.questions if archive.closed(question)],
            [issue for issue in archive.issues if archive.closed(issue)],
        )
        asked = [*newest_asked(archive, archive.open_questions, archive.open_issues), *closed]
        rows = [self._question_row(question) for question in asked]
        yield from self._register("questions", rows, self._facets("status", "meeting"))

    def _question_row(self, asked: Question | Issue) -> Row:
        kind, where = "issue", self._t("issue")
        if isinstance(asked, Question):
            kind, where = "question", self._templates.meeting_title(asked.meeting)
        facets = {"status": [self._templates.living.word(asked)], "meeting": [where]}
        return self._row(kind, {kind: asked}, facets)

    def _talks(self) -> Iterator[Page | Asset]:
        rows = []
        for talk in open_first(self._archive.talks, self._archive.open_talks):
            facets = {
                "status": [self._templates.living.word(talk)],
                "meeting": [self._templates.meeting_title(talk.meeting)],
                "person": self._templates.names((*talk.presenters, *talk.volunteers)),
            }
            rows.append(self._row("talk", {"talk": talk}, facets))
        lead = self._templates.fragment(
            "writeups.jinja", SECTIONS["talks"], writeups=self._site.writeups
        )
        shown = self._facets("status", "meeting", "person")
        yield from self._register("talks", rows, shown, lead=lead)

    def _tasks(self) -> Iterator[Page | Asset]:
        t = self._t
        rows = []
        for task in open_first(self._archive.tasks, self._archive.open_tasks):
            facets = {
                "status": [self._templates.living.word(task)],
                "owner": self._templates.names(task.owners) or [t("no_owner")],
                "meeting": [self._templates.meeting_title(task.meeting)],
            }
            rows.append(self._row("task", {"task": task}, facets))
        yield from self._register("tasks", rows, self._facets("status", "owner", "meeting"))

    def _links(self) -> Iterator[Page | Asset]:
        rows = []
        for reference in newest(self._archive.references):
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
        asked = {(each.meeting, each.lines[0]) for each in person.questions}
        turns = [each for each in person.opinions if (each.meeting, each.lines[0]) not in asked]
        kinds: tuple[tuple[str, str, Sequence[Record]], ...] = (
            ("opinion", "opinions", turns),
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
                {
                    "kind": [self._t(name)],
                    "meeting": [self._templates.meeting_title(record.meeting)],
                },
            )
            for _, _, kind, name, record in entries
        ]
        yield from self._register(
            f"people/{person.id}", rows, self._facets("kind", "meeting"), title=person.name
        )

    def _catch_up(self) -> Iterator[Page | Asset]:
        def row(kind: str, record: Record | Issue) -> Markup:
            return self._templates.fragment(f"rows/{kind}.jinja", CATCH_UP, **{kind: record})

        yield from catch_up_assets(self._archive, self._templates.meeting_title, row)
        yield self._templates.page(
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
        yield self._templates.page(
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
                    "person": self._templates.names(use.people),
                    "meeting": [self._templates.meeting_title(use.meeting)],
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
            yield self._templates.page(
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
            return self._templates.fragment(f"rows/{kind}.jinja", path, **values)

        values_shown = {key: list(map(unmasked, shown)) for key, shown in facets.items()}
        return Row(html, values_shown, row_id)

    def _facets(self, *keys: str) -> dict[str, str]:
        return {key: self._t(key) for key in keys}
