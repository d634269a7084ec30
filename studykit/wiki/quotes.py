"""Quotes: sentences of notes and hand-written pages, shown where they are about something.

A page shows the newest few; the rest has pages of its own, a click away and of bounded size.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from studykit.wiki.chrome import Chrome
from studykit.wiki.escape import in_html, in_markdown, unmasked
from studykit.wiki.link import Archive
from studykit.wiki.pages import Page, page_href
from studykit.wiki.records import Opinion, Question, Record, Talk, Task
from studykit.wiki.registers import Register, Row, paginate

__all__ = [
    "FEW_QUOTES",
    "Quote",
    "Turn",
    "few_quotes",
    "quote_pages",
    "shortened",
    "turns",
    "who_said",
]

FEW_QUOTES = 3
_LONGEST = 240
_MATH = re.compile(r"\$([^$\n]+)\$")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence or a line of code, and the place on the page that has it; `where` is its title.

    What is written by hand may have formulas between dollar signs; a note's dollar signs are what
    somebody typed. `who` said it and `when`, where the page knows.
    """

    text: str
    where: str
    path: str
    anchor: str
    who: tuple[str, ...] = ()
    kind: Literal["said", "written", "code"] = "said"
    when: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Words of a note, with the id of the record that they belong to."""

    meeting: str
    anchor: str
    text: str
    who: tuple[str, ...] = ()


def turns(archive: Archive) -> Iterator[Turn]:
    """What the notes say, from the newest meeting back; each line in one turn only."""
    for session in reversed(archive.sessions):
        done = -1
        for record in session.note.records():
            if record.start < done:
                continue  # inside the one before
            done = record.end
            if isinstance(record, Opinion) and record.points:
                for point in record.points:
                    yield Turn(record.meeting, record.id, point.text, record.speakers)
            else:
                yield Turn(record.meeting, record.id, record.text, who_said(record))


def shortened(text: str) -> str:
    """The text on one line, and no longer than somebody reads."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()} …"


def few_quotes(
    quotes: Sequence[Quote], page: str, rest: Markup | None, t: Chrome, few: int = FEW_QUOTES
) -> Markup:
    """The first few as a list on the page at the path `page`; `rest` is where the others are."""
    shown = Markup("\n").join(_item(quote, page) for quote in quotes[:few])
    more = Markup()
    if rest is not None and len(quotes) > few:
        words = t("more", count=len(quotes) - few)
        more = Markup('\n<li class="sk-more"><a href="{}">{}</a></li>').format(rest, words)
    return Markup('<ul class="sk-quotes">\n{}{}\n</ul>').format(shown, more)


def quote_pages(
    folder: str,
    title: str,
    back: Callable[[str], Markup],
    quotes: Sequence[Quote],
    t: Chrome,
    few: int = FEW_QUOTES,
) -> Iterator[Page]:
    """All quotes on pages below `folder`, where there are more than a few.

    Args:
        folder: Below the docs folder.
        title: Of the first page.
        back: The link to what the quotes are about, from the page at a path.
        quotes: The newest first.
        t: The words of the site's language.
        few: As many as stand on the page that these belong to.
    """
    if len(quotes) <= few:
        return
    rows = [Row(lambda page, quote=quote: _item(quote, page), {}) for quote in quotes]  # type: ignore[misc]
    for part in paginate(folder, rows, {}):
        if not isinstance(part, Register):
            continue
        name = title if part.number == 1 else f"{title} · {t('page', page=part.number)}"
        items = Markup("\n").join(row.html(part.path) for row in part.rows)
        body = Markup(
            '# {}\n\n<nav class="sk-crumbs">{}</nav>\n\n<ul class="sk-quotes">\n{}\n</ul>\n\n{}'
        ).format(in_markdown(name), back(part.path), items, _pages(part, t))
        yield Page(part.path, name, body, searchable=False)


def _item(quote: Quote, page: str) -> Markup:
    more = (quote.when, ", ".join(quote.who))
    who = Markup().join(Markup(" · {}").format(in_html(each)) for each in more if each)
    text = shortened(quote.text)
    match quote.kind:
        case "said":
            shown = Markup("<q>{}</q>").format(in_html(text))
        case "written":
            shown = Markup("<q>{}</q>").format(_with_formulas(text))
        case "code":
            shown = Markup("<code>{}</code>").format(in_html(text))
    return Markup('<li>{} <small><a href="{}">{}</a>{}</small></li>').format(
        shown, page_href(page, quote.path, quote.anchor), in_html(unmasked(quote.where)), who
    )


def _with_formulas(text: str) -> Markup:
    parts: list[Markup] = []
    done = 0
    for formula in _MATH.finditer(text):
        parts.append(in_html(text[done : formula.start()]))
        parts.append(Markup('<span class="arithmatex">\\({}\\)</span>').format(in_html(formula[1])))
        done = formula.end()
    return Markup().join([*parts, in_html(text[done:])])


def _pages(part: Register, t: Chrome) -> Markup:
    if len(part.pages) < 2:
        return Markup()
    links = Markup().join(
        Markup('<a href="{}">{}</a>').format(href, number)
        if href
        else Markup('<b aria-current="page">{}</b>').format(number)
        for number, href in part.pages
    )
    return Markup('<nav class="sk-pages" aria-label="{}">{}</nav>\n').format(t("pages"), links)


def who_said(record: Record) -> tuple[str, ...]:
    """Whose words a record is, or whom it is about."""
    match record:
        case Opinion():
            return record.speakers
        case Question():
            return record.askers
        case Talk():
            return record.presenters or record.volunteers
        case Task():
            return record.owners
    return ()
