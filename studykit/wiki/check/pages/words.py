"""Words of hand-written pages that spell English in Hangul, and that no term has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from studykit.wiki.equations.problems import Problem
from studykit.wiki.prose import Part, worded
from studykit.wiki.terms import load_terms
from studykit.wiki.terms.suggest import Suggester, first_of_each

__all__ = ["word_problems"]


def word_problems(docs: Path, pages: Mapping[Path, Sequence[Part]]) -> Iterator[Problem]:
    """Each such word where a page first has it; none in a project without terms.

    Raises:
        ConfigError: docs/terms.toml is wrong.
    """
    terms = load_terms(docs)
    if not len(terms):
        return
    suggester = Suggester(terms)
    for path, parts in pages.items():
        lines: list[int] = []
        said: list[str] = []
        for part in parts:
            if part.kind in ("text", "table", "heading"):
                said.append(worded(part.text))
                lines += range(part.line, part.line + said[-1].count("\n") + 1)
        text = "\n".join(said)
        for found, count in first_of_each(suggester.suggest(text)):
            more = f", here and {count - 1} more time{'s' if count > 2 else ''}"
            yield Problem(
                "unknown-term",
                f"{docs.name}/{path.relative_to(docs).as_posix()}",
                lines[text.count("\n", 0, found.start)],
                found.written,
                f"{found.message}{more if count > 1 else ''}",
                found.mend,
            )
