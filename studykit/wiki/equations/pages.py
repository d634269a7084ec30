"""The index of equations, and a page for each paper."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from markupsafe import Markup

from studykit.wiki.chrome import Chrome
from studykit.wiki.equations.entries import Book, Entry
from studykit.wiki.equations.papers import Paper
from studykit.wiki.equations.tested import Test
from studykit.wiki.escape import in_html, in_markdown
from studykit.wiki.inline import inline_html
from studykit.wiki.pages import Page, page_href
from studykit.wiki.quotes import few_quotes, quote_pages
from studykit.wiki.symbols import Symbol

__all__ = ["EQUATIONS_PATH", "entry_label", "entry_path", "equation_pages"]

EQUATIONS_PATH = "equations/index.md"

_FEW_FORMULAS = 2
_FEW_TESTS = 2
_FEW_LINES = 40
"""Of code: what is longer is shown so far, and whole in the API."""


def entry_path(entry: Entry) -> str:
    """The page of its paper."""
    return f"equations/{entry.paper.id}.md"


def entry_label(entry: Entry, t: Chrome) -> str:
    """`식 12`, `알고리즘 1`."""
    key = "equation_number" if entry.kind == "eq" else "algorithm_number"
    return t(key, number=entry.number)


def equation_pages(
    book: Book,
    project: Path,
    annotated: Callable[[Symbol], tuple[str, str] | None],
    t: Chrome,
) -> Iterator[Page]:
    """Render the index, the papers' pages, and the quotes that are too many for them.

    Args:
        book: The entries.
        project: The folder in which the code and the tests are.
        annotated: The page and the anchor of a symbol's annotated source.
        t: The words of the site's language.
    """
    papers = book.papers()
    if not papers:
        return
    yield _index(papers, t)
    sources = _Sources(project, annotated)
    for paper, entries in papers.items():
        yield _paper(paper, entries, sources, t)
        for entry in entries:
            path = entry_path(entry)
            label = entry_label(entry, t)

            def back(page: str, path: str = path, entry: Entry = entry) -> Markup:
                words = in_html(f"{entry.paper.cite}, {entry_label(entry, t)}")
                return Markup('<a href="{}">{}</a>').format(
                    page_href(page, path, entry.anchor), words
                )

            title = t("discussed_about", what=f"{paper.cite}, {label}")
            yield from quote_pages(_rest(entry), title, back, entry.quotes, t)


def _rest(entry: Entry) -> str:
    return f"equations/{entry.paper.id}/{entry.anchor}"


def _index(papers: dict[Paper, list[Entry]], t: Chrome) -> Page:
    parts = [Markup("# {}\n\n{}\n\n").format(in_markdown(t("equations")), t("equations_intro"))]
    rows = []
    for paper, entries in papers.items():
        counts = [
            t(key, count=count)
            for key, kind in (("count_equations", "eq"), ("count_algorithms", "algorithm"))
            if (count := sum(entry.kind == kind for entry in entries))
        ]
        rows.append(
            Markup(
                '<li class="sk-row"><a class="sk-title" href="{}">{}</a> '
                "<small>{} · {}</small></li>"
            ).format(
                page_href(EQUATIONS_PATH, f"equations/{paper.id}.md"),
                in_html(paper.title),
                in_html(paper.cite),
                " · ".join(counts),
            )
        )
    parts.append(
        Markup('<div class="sk-papers"><ul>\n{}\n</ul></div>\n').format(Markup("\n").join(rows))
    )
    return Page(EQUATIONS_PATH, t("equations"), Markup().join(parts))


def _paper(paper: Paper, entries: Sequence[Entry], sources: _Sources, t: Chrome) -> Page:
    path = f"equations/{paper.id}.md"
    crumbs = Markup('<nav class="sk-crumbs"><a href="{}">{}</a>{}</nav>').format(
        page_href(path, EQUATIONS_PATH),
        t("equations"),
        Markup('<a href="{}">{}</a>').format(paper.url, t("kind_paper")) if paper.url else "",
    )
    jumps = Markup(" ").join(
        Markup('<li><a href="#{}">{}</a></li>').format(entry.anchor, entry_label(entry, t))
        for entry in entries
    )
    parts = [
        Markup("# {}\n\n{}\n\n{}\n\n").format(
            in_markdown(paper.cite), crumbs, in_markdown(paper.title)
        ),
        Markup('<nav aria-label="{}"><ul class="sk-jumps">{}</ul></nav>\n').format(
            t("equations"), jumps
        ),
        *_entries(entries, path, sources, t),
    ]
    return Page(path, paper.cite, Markup("\n").join(parts))


def _entries(entries: Sequence[Entry], path: str, sources: _Sources, t: Chrome) -> Iterator[Markup]:
    # What several entries have is shown in the first: a page holds each function once.
    shown: dict[Symbol | Test, Entry] = {}
    for entry in entries:
        yield _entry(entry, path, sources, shown, t)


def _entry(
    entry: Entry, path: str, sources: _Sources, shown: dict[Symbol | Test, Entry], t: Chrome
) -> Markup:
    parts = [Markup("## {} {{ #{} }}\n").format(in_markdown(entry_label(entry, t)), entry.anchor)]
    parts += [
        Markup('<div class="arithmatex">\\[{}\\]</div>\n').format(_tex(formula.tex))
        for formula in entry.formulas[:_FEW_FORMULAS]
    ]
    written = {formula.path: formula.title for formula in entry.formulas if formula.path}
    if written:
        links = Markup(", ").join(
            Markup('<a href="{}">{}</a>').format(
                page_href(path, page, f"eq-{entry.id}"), in_html(title)
            )
            for page, title in list(written.items())[:_FEW_FORMULAS]
        )
        parts.append(
            Markup('<p class="sk-from-page"><small>{}: {}</small></p>\n').format(
                t("formula_from"), links
            )
        )
    elif entry.formulas:
        parts.append(
            Markup('<p class="sk-from-page"><small>{}</small></p>\n').format(t("from_docstring"))
        )
    parts += [
        _code(symbol, path, sources, shown.setdefault(symbol, entry), entry, t)
        for symbol in entry.code
    ]
    tests = entry.checks or entry.calls
    key = "checked_by" if entry.checks else "called_by"
    parts += [
        _test(test, key, sources, shown.setdefault(test, entry), entry, t)
        for test in tests[:_FEW_TESTS]
    ]
    if entry.quotes:
        rest = page_href(path, f"{_rest(entry)}/index.md")
        parts.append(
            Markup('<section class="sk-discussed"><b>{}</b>\n{}\n</section>\n').format(
                t("discussed"), few_quotes(entry.quotes, path, rest, t)
            )
        )
    return Markup("\n").join(parts)


def _tex(tex: str) -> Markup:
    """TeX on one line of raw HTML, where a blank line or a line break would end the formula."""
    return in_html(" ".join(tex.split()))


def _code(
    symbol: Symbol, path: str, sources: _Sources, first: Entry, entry: Entry, t: Chrome
) -> Markup:
    link = page_href(path, symbol.page, symbol.path)
    annotated = sources.annotated(symbol)
    beside = (
        Markup(' · <a href="{}">{}</a>').format(page_href(path, *annotated), t("source_beside"))
        if annotated
        else ""
    )
    name = Markup('<p class="sk-code"><a href="{}"><code>{}</code></a> {}{}</p>\n').format(
        link, symbol.short, inline_html(symbol.meaning), beside
    )
    where = f"{symbol.file}:{symbol.lines[0]}–{symbol.lines[1]}"
    title = Markup("{} <small>{}</small>").format(t("source_code"), where)
    if first is not entry:
        return name + _elsewhere(title, first, t)
    code, cut = sources.without_docstrings(symbol)
    more = Markup('<p><a href="{}">{}</a></p>\n').format(link, t("whole_code")) if cut else ""
    return Markup("{}\n{}").format(name, _folded(title, code, more))


def _test(test: Test, key: str, sources: _Sources, first: Entry, entry: Entry, t: Chrome) -> Markup:
    where = f"{test.file}:{test.lines[0]}–{test.lines[1]}"
    title = Markup("{} <code>{}</code> <small>{}</small>").format(t(key), test.name, where)
    if first is not entry:
        return _elsewhere(title, first, t)
    code, _ = sources.lines(test.file, *test.lines)
    return _folded(title, code)


def _folded(title: Markup, code: str, more: Markup | str = "") -> Markup:
    return Markup(
        '<details class="sk-source" markdown="1">\n<summary>{}</summary>\n\n{}\n{}\n</details>\n'
    ).format(title, _fenced(code), more)


def _elsewhere(title: Markup, first: Entry, t: Chrome) -> Markup:
    link = Markup('<a href="#{}">{}</a>').format(first.anchor, entry_label(first, t))
    return Markup('<p class="sk-elsewhere">{} → {}</p>\n').format(title, link)


def _fenced(code: str) -> Markup:
    longest = max((len(run) for run in re.findall(r"~+", code)), default=0)
    fence = "~" * max(4, longest + 1)
    return Markup("{0}python\n{1}\n{0}\n").format(fence, Markup(code))  # noqa: S704 - in a fence


class _Sources:
    """Lines of the project's files, each file read once."""

    def __init__(
        self, project: Path, annotated: Callable[[Symbol], tuple[str, str] | None]
    ) -> None:
        self.annotated = annotated
        self._project = project
        self._files: dict[str, tuple[list[str], set[int]]] = {}

    def lines(self, file: str, first: int, last: int) -> tuple[str, bool]:
        """The lines, without their indent, and whether they are more than are shown."""
        return _cut(self._read(file)[0][first - 1 : last])

    def without_docstrings(self, symbol: Symbol) -> tuple[str, bool]:
        """A symbol's lines but for the docstrings in it, which the API shows."""
        lines, docstrings = self._read(symbol.file)
        numbers = range(symbol.lines[0], min(symbol.lines[1], len(lines)) + 1)
        return _cut([lines[number - 1] for number in numbers if number not in docstrings])

    def _read(self, file: str) -> tuple[list[str], set[int]]:
        if file not in self._files:
            text = (self._project / file).read_text("utf-8", errors="replace")
            self._files[file] = text.split("\n"), set(_docstring_lines(text))
        return self._files[file]


def _docstring_lines(source: str) -> Iterator[int]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield from range(first.lineno, (first.end_lineno or first.lineno) + 1)


def _cut(lines: list[str]) -> tuple[str, bool]:
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    shown = [line[indent:].rstrip() for line in lines[:_FEW_LINES]]
    cut = len(lines) > _FEW_LINES
    return "\n".join([*shown, "…"] if cut else shown), cut
