"""Pages and parts of pages from the Jinja templates beside this file, and what each may ask for.

They are Markdown headings with raw HTML between them; what comes from a note is escaped here.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from types import CodeType
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from studykit.wiki.chrome import Chrome
from studykit.wiki.discussion import due_text, first_line, person_path, question_path
from studykit.wiki.escape import has_masks, in_html, in_markdown, unmasked
from studykit.wiki.fixes import fixes
from studykit.wiki.handwritten import LONGEST, Handwritten
from studykit.wiki.issues import Issue
from studykit.wiki.link import Archive, Person
from studykit.wiki.living import Living, meeting_path, raw_path, shown_excerpt
from studykit.wiki.pages import Page, page_href
from studykit.wiki.records import Correction
from studykit.wiki.site import FEW, meeting_title
from studykit.wiki.terms import term_path

__all__ = ["Templates"]


class Templates:
    """Fills in the templates for an archive.

    Args:
        archive: All records, cross-linked.
        t: The words of the site's language.
    """

    def __init__(self, archive: Archive, t: Chrome) -> None:
        self._archive = archive
        self.t = t
        self.people = {
            name: person for person in archive.people for name in (person.name, *person.spellings)
        }
        self._handwritten = {page.path: page for page in archive.pages}
        self._titles = {
            session.meeting.id: meeting_title(self.t, session) for session in archive.sessions
        }
        self._corrections: defaultdict[str | None, list[Correction]] = defaultdict(list)
        for session in archive.sessions:
            for correction in session.note.corrections:
                self._corrections[correction.id].append(correction)
        self.living = Living(archive, self.t, self.meeting_title, self.fragment)
        self._environment = _environment(self.t)
        self._environment.globals.update(
            people=self.persons,
            name_list=self._name_list,
            has_masks=has_masks,
            meeting_path=meeting_path,
            raw_path=raw_path,
            meeting_title=self.meeting_title,
            due_text=partial(due_text, self.t),
            fixes=self._fixes,
            living=self.living,
            writeup=self._writeup,
            few=FEW,
        )

    def page(
        self, path: str, title: str, template: str, *, searchable: bool = True, **values: object
    ) -> Page:
        """A page from a template; the theme's search leaves out what is not searchable."""
        body = self._environment.get_template(template).render(page=path, title=title, **values)
        return Page(path, unmasked(title), body, searchable)

    def fragment(self, template: str, path: str, **values: object) -> Markup:
        """Part of the page at a path."""
        body = self._environment.get_template(template).render(page=path, **values)
        return Markup(body.strip())  # noqa: S704 - the templates escape what they are given

    def names(self, names: Sequence[str]) -> list[str]:
        """What the people by these names are called, each once."""
        return [person.name for person in self.persons(names)]

    def meeting_title(self, meeting_id: str) -> str:
        """What a meeting is called, by its id."""
        return self._titles[meeting_id]

    def persons(self, names: Sequence[str]) -> list[Person]:
        """The people by these names, each once."""
        found = (self.people[name] for name in names)
        return list({person.id: person for person in found}.values())

    def _name_list(self, names: Sequence[str]) -> str:
        return ", ".join(self.names(names))

    def _writeup(self, path: str) -> Handwritten | None:
        """What a hand-written page says of itself; None where it says nothing."""
        return self._handwritten.get(path)

    def _fixes(self, record_id: str) -> Markup:
        return fixes(self.t, self._corrections.get(record_id, ()))


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


def _first_paragraph(text: str) -> str:
    """A text up to its first blank line, and no more of it than is quoted of a page."""
    said = re.split(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)", text, maxsplit=1)[0]
    return said if len(said) <= LONGEST else f"{said[:LONGEST]} …"


def _domain(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
