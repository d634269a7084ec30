"""The pages of the annotated source: the index in reading order, and the pages of each file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from studykit.wiki.chrome import Chrome
from studykit.wiki.documents import read_document
from studykit.wiki.escape import in_html, in_markdown
from studykit.wiki.inline import inline_html
from studykit.wiki.pages import Page, page_href
from studykit.wiki.source.code import coloured, find_names
from studykit.wiki.source.docstrings import comment_html, docstring_html
from studykit.wiki.source.modules import Module, find_modules
from studykit.wiki.source.rows import Prose, Row, annotate
from studykit.wiki.symbols import Api, Symbol

__all__ = ["SOURCE_FOLDER", "Sources", "find_sources"]

SOURCE_FOLDER = "api/source/"
_INDEX = f"{SOURCE_FOLDER}index.md"

_MOST_LINES = 1000
"""Of a file on one page; a longer one goes on on the next."""

# What the prose of one row is parted from the next by while the links are put in.
_ROW_ENDS = "<!-- row -->"


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a file one page shows."""

    module: Module
    path: str
    rows: tuple[Row, ...]

    @property
    def lines(self) -> tuple[int, ...]:
        return tuple(line for row in self.rows for line in row.lines)


class Sources:
    """The files, and where each line of them is shown."""

    def __init__(self, modules: Sequence[Module], docs: Path, api: Api) -> None:
        self._api = api
        self._docs = docs
        self._parts = [part for module in modules for part in _parts(module)]
        self._of_file: dict[str, list[_Part]] = {}
        for part in self._parts:
            self._of_file.setdefault(part.module.file, []).append(part)
        self._by_path = {part.path: part for part in self._parts}
        self._symbols = {(symbol.file, symbol.short): symbol for symbol in api.symbols}

    def place(self, symbol: Symbol) -> tuple[str, str] | None:
        """The page and the anchor of a symbol's first line."""
        return self._place(symbol.file, symbol.lines[0])

    def titles(self, t: Chrome) -> dict[str, str]:
        """The paths of all pages, with their titles.

        Args:
            t: The words of the site's language.
        """
        index = {_INDEX: t("source")} if self._parts else {}
        return index | {part.path: self._title(part, t) for part in self._parts}

    def about(self) -> Iterator[tuple[str, str]]:
        """Each file's pages, with the API page that it is read along with."""
        for part in self._parts:
            yield part.path, part.module.page

    def typed(self, path: str) -> str | None:
        """The lines of the file that the page at a path shows; None if it is no such page."""
        part = self._by_path.get(path)
        if part is None:
            return None
        lines = part.module.text.split("\n")
        return "\n".join(lines[number - 1] for number in part.lines) + "\n"

    def pages(self, linked: Callable[[str, str], str], t: Chrome) -> Iterator[Page]:
        """The index and every file's pages.

        Args:
            linked: Gives the HTML of words on the page at a path its links.
            t: The words of the site's language.
        """
        if not self._parts:
            return
        yield self._index(t)
        for module, parts in groupby(self._parts, key=lambda part: part.module):
            named = find_names(module.text, module.file, self._api)
            for part in parts:
                links = {
                    place: (name.length, self._href(part, name.target))
                    for place, name in named.items()
                }
                yield self._page(part, coloured(module.text, links), linked, t)

    def _index(self, t: Chrome) -> Page:
        parts = [Markup("# {}\n\n{}\n").format(in_markdown(t("source")), t("source_intro"))]
        first = [part for part in self._parts if self._of_file[part.module.file][0] is part]
        for page, files in groupby(first, key=lambda part: part.module.page):
            title = read_document(self._docs, self._docs / page).title
            parts.append(
                Markup(
                    '\n## {}\n\n<ol class="sk-files">\n{}\n</ol>\n<p><a href="{}">{}</a></p>\n'
                ).format(
                    in_markdown(title),
                    Markup("\n").join(self._entry(part, t) for part in files),
                    page_href(_INDEX, page),
                    t("source_api"),
                )
            )
        return Page(_INDEX, t("source"), Markup().join(parts), wide=True)

    def _entry(self, part: _Part, t: Chrome) -> Markup:
        module = part.module
        words = next((prose for prose in part.rows[0].prose if prose.kind == "docstring"), None)
        lines = t("source_lines", count=module.text.removesuffix("\n").count("\n") + 1)
        return Markup('<li><a href="{}"><code>{}</code></a> <small>{}</small><br>{}</li>').format(
            page_href(_INDEX, part.path),
            in_html(module.file),
            lines if module.shown else f"{lines} · {t('source_needed')}",
            inline_html(words.text.partition("\n")[0]) if words else "",
        )

    def _page(
        self, part: _Part, lines: Sequence[Markup], linked: Callable[[str, str], str], t: Chrome
    ) -> Page:
        said = [Markup("\n").join(map(_said, row.prose)) for row in part.rows]
        words = linked(_ROW_ENDS.join(said), part.path).split(_ROW_ENDS)
        headings = [(row, *self._heading(part, row)) for row in part.rows]
        jumps = Markup("\n").join(
            Markup('<li><a href="#L{}">{}</a></li>').format(row.lines[0], label)
            for row, label, _ in headings
            if label
        )
        rows = Markup("\n").join(
            _row(row, heading, Markup(prose), lines)  # noqa: S704 - our own, with its links
            for (row, _, heading), prose in zip(headings, words, strict=True)
        )
        title = self._title(part, t)
        crumbs = Markup(
            '<nav class="sk-crumbs"><a href="{}">{}</a><a href="{}">{}</a></nav>\n'
        ).format(
            page_href(part.path, _INDEX),
            t("source"),
            page_href(part.path, part.module.page),
            t("source_api"),
        )
        box = Markup(
            '<details class="sk-contents"><summary>{}</summary>\n<ul class="sk-jumps">\n{}\n</ul>\n'
            "</details>\n"
        ).format(t("source_contents"), jumps)
        body = Markup('# {}\n\n{}\n<div class="sk-annotated">\n{}{}\n</div>\n\n{}').format(
            in_markdown(title), crumbs, box if jumps else "", rows, self._around(part, t)
        )
        return Page(part.path, title, body, searchable=False, wide=True)

    def _title(self, part: _Part, t: Chrome) -> str:
        file = part.module.file
        number = self._of_file[file].index(part)
        return file if not number else t("source_continued", file=file, number=number + 1)

    def _heading(self, part: _Part, row: Row) -> tuple[Markup, Markup]:
        """What heads the row, in the list of contents and in its place."""
        if row.prose and row.prose[0].kind == "section":
            section = row.prose[0]
            label = inline_html(section.text)
            inner, level = label, 3 if section.column else 2
        elif row.name:
            symbol = self._symbols.get((part.module.file, row.name))
            label = inner = Markup("<code>{}</code>").format(in_html(row.name))
            if symbol:
                inner = Markup('<a href="{}">{}</a>').format(self._href(part, symbol), label)
            level = 3 if "." in row.name else 2
        else:
            return Markup(), Markup()
        return label, Markup("<h{0}>{1}</h{0}>\n").format(level, inner)

    def _around(self, part: _Part, t: Chrome) -> Markup:
        """Links to what is read before and after."""
        place = self._parts.index(part)
        links = [
            Markup('<a href="{}">{}</a>').format(
                page_href(part.path, self._parts[near].path),
                t(key, title=in_html(self._parts[near].module.file)),
            )
            for key, near in (("previous", place - 1), ("next", place + 1))
            if 0 <= near < len(self._parts)
        ]
        return Markup('<nav class="sk-crumbs" aria-label="{}">{}</nav>\n').format(
            t("source_order"), Markup().join(links)
        )

    def _href(self, part: _Part, target: Symbol | int) -> Markup:
        if isinstance(target, Symbol):
            return page_href(part.path, target.page, target.path)
        place = self._place(part.module.file, target)
        return page_href(part.path, *place) if place else Markup("#")

    def _place(self, file: str, line: int) -> tuple[str, str] | None:
        parts = self._of_file.get(file)
        if not parts:
            return None
        # Of the pages of a file each begins behind the one before.
        index = bisect_right(parts, line, key=lambda part: part.lines[0]) - 1
        return parts[max(index, 0)].path, f"L{line}"


def find_sources(docs: Path, source: Path, api: Api) -> Sources:
    """The files that the API pages show, and what these need.

    Args:
        docs: The docs folder.
        source: The folder that the packages are in.
        api: The symbols of the API pages.
    """
    return Sources(find_modules(docs, source), docs, api)


def _parts(module: Module) -> Iterator[_Part]:
    rows: list[Row] = []
    lines = number = 0

    def part() -> _Part:
        suffix = f"-{number}" if number > 1 else ""
        return _Part(module, f"{SOURCE_FOLDER}{module.name}{suffix}.md", tuple(rows))

    for row in annotate(module.text):
        if rows and lines + len(row.lines) > _MOST_LINES:
            number += 1
            yield part()
            rows, lines = [], 0
        rows.append(row)
        lines += len(row.lines)
    if rows:
        number += 1
        yield part()


def _said(prose: Prose) -> Markup:
    if prose.kind == "section":
        return Markup()  # it is the heading
    html = docstring_html(prose.text) if prose.kind == "docstring" else comment_html(prose.text)
    return Markup('<div class="sk-{}">\n{}\n</div>').format(prose.kind, html)


def _row(row: Row, heading: Markup, words: Markup, lines: Sequence[Markup]) -> Markup:
    """A row: the anchors of the lines of its prose, the prose, the code."""
    shown = _without_blank_ends(row.code, lines)
    hidden = sorted({*row.lines} - {*shown})
    anchors = Markup().join(Markup('<span id="L{}"></span>').format(line) for line in hidden)
    code = "".join(
        f'<span id="L{line}"><a href="#L{line}" tabindex="-1">{line}</a>{lines[line - 1]}\n</span>'
        for line in shown
    )
    block = Markup('<div class="highlight no-copy"><pre><code>{}</code></pre></div>\n').format(
        Markup(code)  # noqa: S704 - made of escaped lines
    )
    return Markup('<div class="sk-pair{}">\n<div class="sk-beside">{}{}{}</div>\n{}</div>').format(
        " sk-alone" if not shown else "", anchors, heading, words, block if shown else ""
    )


def _without_blank_ends(code: Sequence[int], lines: Sequence[Markup]) -> Sequence[int]:
    written = [place for place, line in enumerate(code) if lines[line - 1].strip()]
    return code[written[0] : written[-1] + 1] if written else ()
