"""A note's blocks as HTML: the text as typed, with what was recognised laid over it.

Markup is only ever put around slices of the text, in order. So every character that stands in the
note stands on the page, however much or little was recognised.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

from markupsafe import Markup

from studykit.wiki.chrome import Chrome
from studykit.wiki.escape import in_html, in_markdown
from studykit.wiki.fixes import fixes
from studykit.wiki.issues import Issue
from studykit.wiki.lines import LineIndex, split_lines
from studykit.wiki.link import Person
from studykit.wiki.pages import page_href
from studykit.wiki.records import (
    Answer,
    Block,
    Correction,
    Decision,
    Link,
    Note,
    Opinion,
    Point,
    Question,
    Record,
    Talk,
    Task,
)
from studykit.wiki.rows import PROFILE, words_start

if TYPE_CHECKING:
    from studykit.wiki.living import Living

__all__ = ["Discussion", "due_text", "first_line", "person_path", "question_path"]


def question_path(question: Question | Issue) -> str:
    """The path of a question's own page."""
    return f"questions/{question.id}.md"


def person_path(person: Person) -> str:
    """The path of a person's own page."""
    return f"people/{person.id}/index.md"


def due_text(t: Chrome, record: Talk | Task) -> Markup:
    """By when, in the note's words and the week that they mean."""
    due = record.due
    if due is None:
        return in_html(t("no_due"))
    if due.week is None:
        return in_html(due.text)
    return in_html(t("due_week", text=due.text, week=due.week))


def first_line(text: str) -> str:
    """A text's first line, and a sign that there is more."""
    lines = text.split("\n", 1)
    return lines[0].rstrip("\r") + (" …" if len(lines) > 1 else "")


class Discussion:
    """Renders one meeting's note on the page at `page`; the raw note is the page at `raw`."""

    def __init__(
        self,
        note: Note,
        people: dict[str, Person],
        t: Chrome,
        page: str,
        raw: str,
        living: Living,
    ) -> None:
        self._note = note
        self._people = people
        self._t = t
        self._page = page
        self._raw = raw
        self._living = living
        self._lines = LineIndex(split_lines(note.text))
        self._fixes: defaultdict[str | int, list[Correction]] = defaultdict(list)
        for correction in note.corrections:
            # What is no record any more has no id: its first line tells where it stands.
            self._fixes[correction.id or correction.lines[0]].append(correction)

    def markdown(self) -> Markup:
        """The note in its own order: headings as Markdown headings, all else as raw HTML."""
        parts: list[Markup] = []
        body: list[Markup] = []
        headings = 0

        def close() -> None:
            if body:
                parts.append(
                    Markup('<div class="sk-discussion">\n{}</div>\n').format(Markup().join(body))
                )
                body.clear()

        for block, records in self._blocks():
            if block.kind == "heading":
                close()
                headings += 1
                anchor = f"{self._note.meetings[0].id}-s{headings}"
                text = in_markdown(self._note.text[block.start : block.end])
                parts.append(Markup("## {} {{ #{} }}\n").format(text, anchor))
            elif block.kind != "blank":
                body.append(self._block(block, records))
            body.extend(self._fixes_of(block, records))
        close()
        return Markup("\n").join(parts)

    def _blocks(self) -> Iterator[tuple[Block, list[Record]]]:
        """Each block with the records inside it; both are in the order of the text."""
        records = list(self._note.records())
        index = 0
        for block in self._note.blocks:
            first = index
            while index < len(records) and records[index].start < block.end:
                index += 1
            yield block, records[first:index]

    def _fixes_of(self, block: Block, records: list[Record]) -> Iterator[Markup]:
        """What was corrected of the block's records, and of the block itself."""
        found = [fix for record in records for fix in self._fixes.get(record.id, [])]
        if self._fixes:
            found += self._fixes.get(self._lines.number(block.start), [])
        if found:
            yield fixes(self._t, found)

    def _block(self, block: Block, records: list[Record]) -> Markup:
        links = [record for record in records if isinstance(record, Link)]
        cards = [
            record
            for record in records
            if isinstance(record, Talk) or (isinstance(record, Task) and block.kind == "task")
        ]
        if len(cards) > 1:
            ends = [*(record.end for record in cards[:-1]), block.end]
            kind = f"sk-{block.kind}"
            return Markup().join(
                self._card(record, kind, links, self._state(record), start, end)
                for record, (start, end) in zip(cards, pairwise([block.start, *ends]), strict=True)
            )
        card = partial(self._card, links=links, start=block.start, end=block.end)
        match next((record for record in records if not isinstance(record, Link)), None):
            case Opinion() as opinion:
                within = [record for record in records if not isinstance(record, Opinion | Link)]
                return self._opinion(opinion, links, within, block.start)
            case Decision() as decision:
                return card(decision, "sk-decision", state=Markup())
            case Record() as record:
                return card(record, f"sk-{block.kind}", state=self._state(record))
        if block.kind == "link":
            return self._link(links[0], block)
        text = self._note.text[block.start : block.end]
        return Markup('<p class="sk-prose">{}</p>\n').format(
            self._text(block.start, block.end, links) if links else self._words(text.rstrip("\r\n"))
        )

    def _opinion(
        self, opinion: Opinion, links: list[Link], within: list[Record], start: int
    ) -> Markup:
        first = opinion.points[0].start if opinion.points else opinion.end
        label = self._note.text[opinion.start : first].partition("\n")[0]
        who = label.rstrip().rstrip("-–—:：").rstrip()
        cursor = opinion.start + len(who)
        sign = Markup()
        if first > (line := opinion.start + len(label)):
            sign, cursor = self._mark(cursor, line), line  # a dash over a list, say
        behind = self._note.text[opinion.points[-1].end : opinion.end] if opinion.points else ""
        if not who and behind.strip():
            return self._signed(opinion, links, within, behind, start)
        points = Markup().join(self._points(opinion.points, cursor, links, within, opinion.end))
        rest = sign if opinion.points else sign + self._mark(cursor, opinion.end)
        number = self._people[opinion.speakers[0]].number
        return Markup(
            '<article class="sk-turn sk-p{}" id="{}">\n'
            "<header>{}{}{}</header>"
            "\n<ul>{}</ul>\n</article>\n"
        ).format(
            number % 8,
            opinion.id,
            self._who(self._mark(start, opinion.start), who, opinion.speakers),
            rest,
            self._refs(opinion),
            points,
        )

    def _who(self, mark: Markup, who: str, speakers: tuple[str, ...]) -> Markup:
        """Who speaks; of a link to their own page the name first, the address small behind it."""
        if (linked := PROFILE.fullmatch(who)) is None:
            return Markup('{}<b class="sk-who">{}</b>').format(mark, self._names(who, speakers))
        name, page = linked["shown"], linked["page"]
        return Markup(
            '<span>{}<span class="sk-mark">[</span><b class="sk-who">{}</b>'
            '<a class="sk-mark" href="{}">{}</a></span>'
        ).format(mark, self._names(name, speakers), page[2:-1], page)

    def _signed(
        self, opinion: Opinion, links: list[Link], within: Sequence[Record], behind: str, start: int
    ) -> Markup:
        """`- 지도가 작다 (현수)`: what somebody says, and who does behind it."""
        said = opinion.points[0]
        return Markup(
            '<article class="sk-turn sk-p{}" id="{}">\n'
            '<header><span>{}{} <b class="sk-who">{}</b></span>{}</header>\n{}</article>\n'
        ).format(
            self._people[opinion.speakers[0]].number % 8,
            opinion.id,
            self._mark(start, opinion.start),
            self._signed_question(said, within, links),
            self._names(behind.strip(), opinion.speakers),
            self._refs(opinion),
            # The header has the line already; a question is cited by its own id.
            self._states(within, refs=any(isinstance(each, Question) for each in within)),
        )

    def _signed_question(
        self, said: Point, within: Sequence[Record], links: Sequence[Link]
    ) -> Markup:
        """What stands before who says it; a question without a link leads to its own page."""
        question = next((each for each in within if isinstance(each, Question)), None)
        if question is None or links:
            return self._text(said.start, said.end, links)
        target = page_href(self._page, question_path(question))
        return Markup('<a href="{}">{}</a>').format(
            target, in_html(self._note.text[said.start : said.end])
        )

    def _states(self, within: Sequence[Record], *, refs: bool = True) -> Markup:
        """The state of each record that a turn has in it, where links to it lead."""
        return Markup().join(
            Markup('<span class="sk-state" id="{}">{}{}</span>').format(
                each.id, self._state(each), self._refs(each) if refs else ""
            )
            for each in within
        )

    def _points(
        self,
        points: Sequence[Point],
        cursor: int,
        links: Sequence[Link],
        within: Sequence[Record] = (),
        end: int = 0,
    ) -> Iterator[Markup]:
        """Each point as an item; what stands up to `end` behind the last, as `**`, is in its."""
        starts = [each.start for each in within]
        for point in points:
            # Both are in the order of the text.
            inside = within[bisect_left(starts, point.start) : bisect_left(starts, point.end)]
            text = self._asked(point, inside, links)
            behind = self._mark(point.end, end) if point is points[-1] else ""
            yield Markup("<li>{}{}{}{}</li>\n").format(
                self._mark(cursor, point.start), text, behind, self._states(inside)
            )
            cursor = point.end

    def _asked(self, point: Point, within: Sequence[Record], links: Sequence[Link]) -> Markup:
        """A point's text; what it asks leads to the question's own page, if no link is in it."""
        asked = [each for each in within if isinstance(each, Question) and each.end <= point.end]
        if len(asked) != 1 or any(point.start <= link.start < point.end for link in links):
            return self._text(point.start, point.end, links)
        (question,) = asked
        return Markup('{}<a href="{}">{}</a>{}').format(
            self._text(point.start, question.start, links),
            page_href(self._page, question_path(question)),
            in_html(self._note.text[question.start : question.end]),
            self._text(question.end, point.end, links),
        )

    def _card(
        self, record: Record, kind: str, links: list[Link], state: Markup, start: int, end: int
    ) -> Markup:
        """A record with its first line, the lines below it as a list, and its state.

        What stands from `start` to `end` around it is shown small.
        """
        head, *below = self._rows(record)
        mark = self._mark(start, head.start)
        text = self._text(head.start, head.end, links, self._named(record))
        if isinstance(record, Question):
            target = page_href(self._page, question_path(record))
            if not links:  # the whole question is the link: none can be in it
                typed = self._note.text[head.start : head.end].rstrip("\r\n")
                text = Markup('<a href="{}">{}</a>').format(target, in_html(typed))
        points = Markup().join(self._points(below, head.end, links))
        behind = self._mark(record.end, end)  # of `**안개는 왜 흰가?**`
        if points and behind:
            points += Markup("<li>{}</li>\n").format(behind)
        elif behind:
            text += Markup(" {}").format(behind)
        return Markup(
            '<article class="{}" id="{}">\n<header><span>{}{}</span>{}</header>\n{}{}</article>\n'
        ).format(
            kind,
            record.id,
            mark,
            text,
            self._refs(record),
            Markup("<ul>{}</ul>\n").format(points) if points else "",
            Markup('<p class="sk-state">{}</p>\n').format(state) if state else "",
        )

    def _rows(self, record: Record) -> list[Point]:
        """The record's lines as points: a list mark, a blank or an indent ends what is before."""
        rows: list[Point] = []
        for line in split_lines(record.text):
            if line.blank:
                continue
            start = record.start + (words_start(line) if rows else line.body_start)
            end = record.start + line.body_end
            rows.append(Point(start, end, self._note.text[start:end]))
        return rows or [Point(record.start, record.end, record.text)]

    def _link(self, link: Link, block: Block) -> Markup:
        """A link on a line of its own: the title first, the address small behind it."""
        url_start = link.end - len(link.url)
        # A title on the line above or below is shown where it stands.
        title = link.title if link.title and link.text.startswith(link.title) else ""
        gap = self._mark(link.start + len(title), url_start)
        shown, address = in_html(link.url), in_html(link.address)
        body = (
            Markup('<a href="{}">{}</a>{}<small class="sk-url">{}</small>').format(
                address, in_html(title), gap, shown
            )
            if title
            else Markup('<a href="{}">{}</a>').format(address, shown)
        )
        return Markup('<p class="sk-link" id="{}"><span>{}{}{}</span>{}</p>\n').format(
            link.id,
            self._mark(block.start, link.start),
            body,
            self._mark(link.end, block.end),
            self._refs(link),
        )

    def _state(self, record: Record) -> Markup:
        match record:
            case Talk():
                return self._talk_state(record)
            case Question():
                return self._living.badge(record) + self._where(record)
            case Answer():
                return self._answered(record)
            case Task():
                return self._task_state(record)
        return self._badge("decision", "done")

    def _talk_state(self, talk: Talk) -> Markup:
        state = self._living.badge(talk) + self._where(talk)
        return state if talk.status is None and talk.due is None else state + self._due(talk)

    def _task_state(self, task: Task) -> Markup:
        badge = self._living.badge(task) + self._where(task)
        owner = Markup() if task.owners else Markup(" · {}").format(self._t("no_owner"))
        return badge + owner + self._due(task)

    def _answered(self, answer: Answer) -> Markup:
        """The question that an answer is to, where that stands on another page."""
        question = self._living.question(answer.question)
        here = isinstance(question, Question) and question.meeting == answer.meeting
        if question is None or here:
            return Markup()
        link = Markup('<a href="{}">{}</a>').format(
            self._living.href(question, self._page), in_html(first_line(question.text))
        )
        return Markup("{} {}").format(self._t("named_answers"), link)

    def _where(self, record: Record) -> Markup:
        where = self._living.where(record, self._page)
        return Markup(" {}").format(where) if where else Markup()

    def _due(self, record: Talk | Task) -> Markup:
        text = Markup(" · {} {}").format(self._t("due"), due_text(self._t, record))
        if record.due is None:
            return Markup(" · {}").format(self._t("no_due"))
        first = record.due.lines[0]
        if record.lines[0] <= first <= record.lines[1]:
            return text
        return text + self._line_link(first, first)

    def _badge(self, key: str, state: str) -> Markup:
        return Markup('<span class="sk-badge sk-{}">{}</span>').format(state, self._t(key))

    def _refs(self, record: Record) -> Markup:
        return Markup(
            '<span class="sk-refs"><a class="sk-id" href="#{0}">{0}</a>{1}</span>'
        ).format(record.id, self._line_link(*record.lines))

    def _line_link(self, first: int, last: int) -> Markup:
        label = f"L{first}" if first == last else f"L{first}–{last}"
        target = page_href(self._page, self._raw, f"L{first}")
        return Markup(' <a class="sk-line" href="{}">{}</a>').format(target, label)

    def _named(self, record: Record) -> tuple[str, ...]:
        if isinstance(record, Talk):
            return (*record.presenters, *record.volunteers)
        return record.owners if isinstance(record, Task) else ()

    def _mark(self, start: int, end: int) -> Markup:
        """What stands between two parts: bullets, numbers, separators, shown small."""
        text = self._note.text[start:end].strip()
        shown = self._words(text)
        return Markup('<span class="sk-mark">{}</span> ').format(shown) if text else Markup()

    def _text(
        self, start: int, end: int, links: Sequence[Link], names: Sequence[str] = ()
    ) -> Markup:
        """A slice of the note with its addresses as links, and the named people as theirs."""
        parts: list[Markup] = []
        first = bisect_left(links, start, key=lambda link: link.start)
        for link in takewhile(lambda link: link.end <= end, islice(links, first, None)):
            url_start = link.end - len(link.url)
            parts.append(self._names(self._note.text[start:url_start], names))
            address, shown = in_html(link.address), in_html(link.url)
            parts.append(Markup('<a id="{}" href="{}">{}</a>').format(link.id, address, shown))
            start = link.end
        parts.append(self._names(self._note.text[start:end].rstrip("\r\n"), names))
        return Markup().join(parts)

    def _names(self, text: str, names: Sequence[str]) -> Markup:
        """Text with each name, in the order in which they stand, linked to its person."""
        parts: list[Markup] = []
        for name in names:
            person = self._people[name]
            typed = next((each for each in (name, *person.spellings) if each in text), None)
            if typed is None:
                continue
            before, _, after = text.partition(typed)
            target = page_href(self._page, person_path(person))
            parts.append(
                Markup('{}<a href="{}">{}</a>').format(self._words(before), target, in_html(typed))
            )
            text = after
        parts.append(self._words(text))
        return Markup().join(parts)

    def _words(self, text: str) -> Markup:
        return self._living.with_links(text, self._page)
