"""What is wrong between papers, code, tests and write-ups, and where."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studykit.wiki.equations.citations import Citation
from studykit.wiki.equations.code import Computed, read_code
from studykit.wiki.equations.papers import Papers, load_papers
from studykit.wiki.equations.tested import read_tests
from studykit.wiki.equations.writeups import Writeup, read_writeups
from studykit.wiki.symbols import read_api

__all__ = ["Problem", "find_problems"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A place in a file below the project's folder; `words` are those that it is about.

    `fix` is what belongs there instead of the words, where that is certain.
    """

    code: str
    file: str
    line: int
    words: str
    message: str
    mend: str
    fix: str | None = None


def find_problems(docs: Path, *, tests: bool = True) -> Iterator[Problem]:
    """Compare what the docs, the code beside them and its tests cite.

    Args:
        docs: The docs folder; its parent has the code that its API pages show, and its tests.
        tests: Whether the tests are read, too.

    Raises:
        ConfigError: docs/papers.toml is wrong.
    """
    project = docs.parent
    api = read_api(docs, project)
    computed, papers = read_code(api, load_papers(docs))
    writeups = read_writeups(docs, papers)
    for symbol, cited, line in computed.sources:
        yield from _number_problem(cited, symbol.file, line, papers, docs)
    for cited, file, line in read_tests(project, api, papers).said if tests else ():
        yield from _number_problem(cited, file, line, papers, docs)
    for writeup in writeups:
        for named in writeup.named:
            file = f"{docs.name}/{writeup.path}"
            yield from _number_problem(named.citation, file, named.line, papers, docs, named.words)
    yield from _without_code(computed, writeups, docs)
    yield from _without_writeup(computed, writeups)


def _number_problem(
    cited: Citation, file: str, line: int, papers: Papers, docs: Path, words: str = ""
) -> Iterator[Problem]:
    if cited.known:
        return
    if cited.paper is None:
        near = papers.near(re.sub(r"\s+", " ", cited.who))
        yield Problem(
            "unknown-paper",
            file,
            line,
            words,
            f"no paper is known that is cited as {cited.who}",
            (f"did you mean {near}? If not, a" if near else "a")
            + f"dd it to {docs.name}/papers.toml",
        )
        return
    what, last = (
        ("Eq.", cited.paper.equations)
        if cited.kind == "eq"
        else ("Algorithm", cited.paper.algorithms)
    )
    yield Problem(
        "unknown-equation",
        file,
        line,
        words,
        f"{cited.paper.cite} has no {what} {cited.number}: its last one is {last}",
        f"correct the number, or the last one of {cited.paper.id} in {docs.name}/papers.toml",
    )


def _without_code(computed: Computed, writeups: list[Writeup], docs: Path) -> Iterator[Problem]:
    coded = {cited.id for _, cited, _ in computed.sources}
    told: set[str] = set()
    for writeup in writeups:
        for named in writeup.named:
            cited = named.citation
            if cited.known and cited.id not in coded and cited.id not in told and cited.paper:
                told.add(cited.id)
                yield Problem(
                    "equation-without-code",
                    f"{docs.name}/{writeup.path}",
                    named.line,
                    named.words,
                    f"no code says that it computes {_named(cited)}",
                    f"if there is any, write `Source: {_named(cited)}` into its docstring",
                )


def _without_writeup(computed: Computed, writeups: list[Writeup]) -> Iterator[Problem]:
    """One a paper: a list of numbers is read at a glance, a line for each is not."""
    written = {named.citation.id for writeup in writeups for named in writeup.named}
    missing: defaultdict[str, list[tuple[Citation, str, int]]] = defaultdict(list)
    seen: set[str] = set()
    for symbol, cited, line in computed.sources:
        if cited.known and cited.paper and cited.id not in written and cited.id not in seen:
            seen.add(cited.id)
            missing[cited.paper.cite].append((cited, symbol.file, line))
    for cite, found in missing.items():
        numbers = {
            kind: sorted(
                (cited.number for cited, _, _ in found if cited.kind == kind),
                key=lambda number: [int(part) for part in re.findall(r"\d+", number)],
            )
            for kind in ("eq", "algorithm")
        }
        shown = " and ".join(
            f"{what}{'s' if len(each) > 1 else ''}{dot} {', '.join(each)}"
            for what, dot, each in (
                ("Eq", ".", numbers["eq"]),
                ("Algorithm", "", numbers["algorithm"]),
            )
            if each
        )
        _, file, line = found[0]
        yield Problem(
            "equation-without-writeup",
            file,
            line,
            "",
            f"no page in docs/ names {cite}, {shown}, which code computes",
            "nothing, until somebody writes about it",
        )


def _named(cited: Citation) -> str:
    who = cited.paper.cite if cited.paper else cited.who
    return f"{who}, {'Eq.' if cited.kind == 'eq' else 'Algorithm'} {cited.number}"
