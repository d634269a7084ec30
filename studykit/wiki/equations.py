"""The papers' equations, found in the docstrings of the code that computes them.

A docstring names what it computes in a line such as `Source: Ho et al. (2020), Eqs. 6 and 7`; the
module's `References:` say which paper that is. So a reader who has the paper open finds the code by
the equation's number. The code is parsed, never imported: the wiki builds without torch.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from anyascii import anyascii

from studykit.wiki.chrome import Chrome
from studykit.wiki.escape import in_markdown
from studykit.wiki.pages import Page

__all__ = ["EQUATIONS_PATH", "Equation", "Paper", "equations_page", "find_equations"]

EQUATIONS_PATH = "api/equations.md"

_DIRECTIVE = re.compile(r"^::: *([\w.]+)", re.MULTILINE)
_SOURCE = re.compile(r"^Source: (.+?)(?=\n\s*\n|\n\w[\w ]*:\n|\Z)", re.MULTILINE | re.DOTALL)
_REFERENCES = re.compile(r"^References:\n((?:[ \t]+.*\n?|\n)+)", re.MULTILINE)
# Where a citation begins: the year in brackets after names, which are short words and commas.
_CITATION = re.compile(
    # Authors with commas between them, and the year in brackets.
    r"(?P<names>[^\W\d_][\w-]+(?:(?:, | and )[A-Z][\w-]+)*)(?: et al\.)? \((?P<year>\d{4})\)"
)
_NUMBERS = r"\d+(?:\.\d+)?[a-z]?"
_PLACE = re.compile(
    rf"(?P<kind>Eq|Algorithm)s?\.? (?P<numbers>{_NUMBERS}(?:(?:, | and | to ){_NUMBERS})*)"
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that docstrings cite; its authors by their last names."""

    authors: tuple[str, ...]
    year: str
    title: str
    url: str | None

    @property
    def name(self) -> str:
        """As it is cited: `Ho et al. (2020)`, `Ho, Salimans (2022)`."""
        many = len(self.authors) > 3
        return f"{self.authors[0] + ' et al.' if many else ', '.join(self.authors)} ({self.year})"

    @property
    def key(self) -> str:
        """An ASCII name for addresses, unique enough: the first two authors and the year."""
        return anyascii("-".join([*self.authors[:2], self.year])).lower()


@dataclass(frozen=True, slots=True)
class Equation:
    """A numbered formula or algorithm of a paper, and one place that computes it."""

    paper: Paper
    kind: str
    number: str
    name: str
    meaning: str
    page: str
    anchor: str

    @property
    def order(self) -> tuple[str, str, bool, tuple[int, ...], str, str]:
        """By year and paper; equations before algorithms; by number."""
        parts = tuple(int(part) for part in re.findall(r"\d+", self.number))
        return (self.paper.year, self.paper.key, self.kind != "Eq", parts, self.page, self.anchor)


def find_equations(docs: Path, source: Path) -> list[Equation]:
    """Read the equations of every module that an API page shows.

    Args:
        docs: The docs folder; its pages `api/*.md` name modules in `:::` lines.
        source: The folder that the modules' packages are in.

    Returns:
        The equations in the order of `Equation.order`.
    """
    found: list[Equation] = []
    for page in sorted((docs / "api").glob("*.md")):
        for module in _DIRECTIVE.findall(page.read_text("utf-8", errors="replace")):
            file = _file_of(source, module)
            if file is not None:
                found += _equations(file, module, f"{page.stem}.md")
    return sorted(set(found), key=lambda equation: equation.order)


def equations_page(equations: list[Equation], t: Chrome) -> Page:
    """Render the index of equations.

    Args:
        equations: In the order to show them.
        t: The words of the site's language.

    Returns:
        The page; a section for each paper, a row for each number.
    """
    lines = [f"# {t('equations')}", "", t("equations_intro"), ""]
    papers = dict.fromkeys(equation.paper for equation in equations)
    for paper in papers:
        lines += [f"## {in_markdown(paper.name)} {{#{paper.key}}}", ""]
        title = in_markdown(paper.title)
        lines += [f"[{title}]({paper.url})" if paper.url else title, ""]
        head = (t("equation"), t("code"), t("meaning"))
        lines += ["| " + " | ".join(head) + " |", "| --- | --- | --- |"]
        rows: dict[tuple[str, str], list[Equation]] = {}
        for equation in equations:
            if equation.paper == paper:
                rows.setdefault((equation.kind, equation.number), []).append(equation)
        for (kind, number), row in rows.items():
            anchor = f"{paper.key}-{kind.lower()}-{number.replace('.', '-')}"
            label = t("equation_number" if kind == "Eq" else "algorithm_number", number=number)
            for i, equation in enumerate(row):
                first = f"[{label}](#{anchor}){{#{anchor}}}" if i == 0 else ""
                code = f"[`{equation.name}`]({equation.page}#{equation.anchor})"
                lines.append(f"| {first} | {code} | {equation.meaning} |")
        lines.append("")
    return Page(EQUATIONS_PATH, t("equations"), "\n".join(lines))


def _file_of(source: Path, module: str) -> Path | None:
    path = source.joinpath(*module.split("."))
    return next(
        (file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None
    )


def _equations(file: Path, module: str, page: str) -> Iterator[Equation]:
    tree = ast.parse(file.read_text("utf-8"))
    papers = _papers(ast.get_docstring(tree) or "")
    for name, docstring in _documented(tree):
        text = inspect.cleandoc(docstring)
        for source in _SOURCE.findall(text):
            for paper, kind, number in _places(" ".join(source.split()), papers):
                meaning = text.partition("\n")[0].replace("|", r"\|")
                yield Equation(paper, kind, number, name, meaning, page, f"{module}.{name}")


def _documented(tree: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every public class, function and method with a docstring, by its dotted name."""
    for node in tree.body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)) or node.name.startswith("_"):
            continue
        docstring = ast.get_docstring(node, clean=False)
        if docstring:
            yield f"{prefix}{node.name}", docstring
        if isinstance(node, ast.ClassDef):
            yield from _documented(node, f"{prefix}{node.name}.")


def _papers(docstring: str) -> list[Paper]:
    """The papers under `References:`."""
    papers = []
    for block in _REFERENCES.findall(docstring + "\n"):
        # A new entry begins with authors, a colon after them.
        for entry in re.split(r"(?<=[\d.])\n(?=[ \t]+[A-Z][^:\n]*:)", block):
            text = " ".join(entry.split())
            parts = re.match(r"(?P<authors>[^:]+): (?P<title>.+?)[.?] (?P<where>.+)$", text)
            year = re.search(r"\b(?:19|20)\d\d\b", parts["where"]) if parts else None
            if parts is None or year is None:
                continue
            arxiv = re.search(r"arXiv:(\d{4}\.\d{4,5})", text)
            papers.append(
                Paper(
                    authors=tuple(name.split()[-1] for name in parts["authors"].split(", ")),
                    year=year[0],
                    title=parts["title"],
                    url=f"https://arxiv.org/abs/{arxiv[1]}" if arxiv else None,
                )
            )
    return papers


def _places(source: str, papers: list[Paper]) -> Iterator[tuple[Paper, str, str]]:
    """The papers, kinds and numbers that a source line names."""
    citations = list(_CITATION.finditer(source))
    for i, citation in enumerate(citations):
        names = tuple(re.split(", | and ", citation["names"]))
        cited = [
            paper
            for paper in papers
            if paper.year == citation["year"] and paper.authors[: len(names)] == names
        ]
        if not cited:
            continue
        end = citations[i + 1].start() if i + 1 < len(citations) else len(source)
        for place in _PLACE.finditer(source, citation.end(), end):
            for number in _spelt_out(place["numbers"]):
                # Of two papers by "Song et al." the module's main one stands first.
                yield cited[0], place["kind"], number


def _spelt_out(numbers: str) -> Iterator[str]:
    """`22 to 25` is four numbers, `6 and 7` two."""
    for part in re.split(r", | and ", numbers):
        first, _, last = part.partition(" to ")
        if last and first.isdigit() and last.isdigit():
            yield from map(str, range(int(first), int(last) + 1))
        else:
            yield first
