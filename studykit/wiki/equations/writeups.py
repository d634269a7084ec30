"""Hand-written pages: the equations that they write out and name, and the code that they show.

A page about one paper says so once, on a line `논문: Ho et al. (2020)` or `Paper: …`; then a bare
`식 12` is that paper's. A formula is referred to from any page by `[](eq:ho-2020-12)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studykit.wiki.documents import page_files, read_document
from studykit.wiki.equations.citations import Citation, Citations
from studykit.wiki.equations.formulas import Formula, find_formulas, is_caption
from studykit.wiki.equations.papers import Paper, Papers
from studykit.wiki.prose import Part, plain, read_page, sentences, worded

__all__ = ["REFERENCE", "Named", "Reference", "Writeup", "read_writeups"]

REFERENCE = re.compile(r"\[(?P<text>[^\]\n]*)\]\(eq:(?P<id>[^)\s]*)\)")
_ABOUT = re.compile(r"^(?:논문|Paper)\s*:\s*(?P<paper>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Named:
    """An equation that a page names, the sentence that does so, and the line."""

    citation: Citation
    sentence: str
    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Reference:
    """`[](eq:…)`: what it refers to, and the line."""

    id: str
    line: int


@dataclass(frozen=True, slots=True)
class Writeup:
    """A hand-written page by its path below the docs folder.

    `paper` is the one that bare numbers belong to.
    """

    path: str
    title: str
    parts: tuple[Part, ...]
    paper: Paper | None
    formulas: tuple[Formula, ...]
    named: tuple[Named, ...]
    references: tuple[Reference, ...]


def read_writeups(docs: Path, papers: Papers) -> list[Writeup]:
    """Read every Markdown page and notebook below the docs folder, by path."""
    citations = Citations(papers)
    return [_writeup(docs, path, citations) for path in page_files(docs)]


def _writeup(docs: Path, path: Path, citations: Citations) -> Writeup:
    parts = read_page(path)
    paper = _about(parts, citations)
    document = read_document(docs, path)
    formulas = find_formulas(parts, citations, paper)
    return Writeup(
        path=document.path,
        title=document.title,
        parts=tuple(parts),
        paper=paper,
        formulas=tuple(formulas),
        named=tuple(_named(parts, formulas, citations, paper)),
        references=tuple(_references(parts)),
    )


def _about(parts: list[Part], citations: Citations) -> Paper | None:
    for part in parts:
        if part.kind == "text" and (said := _ABOUT.search(worded(part.text))):
            return citations.paper(said["paper"])
    return None


def _named(
    parts: list[Part], formulas: list[Formula], citations: Citations, paper: Paper | None
) -> Iterator[Named]:
    said = {formula.line: formula.said for formula in formulas}
    last = ""
    for index, part in enumerate(parts):
        if part.kind == "formula":
            last = said.get(part.line, "")
        if part.kind != "text":
            continue
        text = plain(part.text)
        found = citations.find(worded(part.text), paper)
        if not found:
            continue
        caption = is_caption(part, citations, paper)
        if caption and not last:
            # What stands below the formula explains it.
            after = parts[index + 1] if index + 1 < len(parts) else None
            last = plain(after.text) if after and after.kind == "text" else ""
        for cited in found:
            if caption:
                around = [sentence for _, sentence in sentences(last)]
                sentence = around[-1] if around else ""
            else:
                sentence = next(each for at, each in reversed(sentences(text)) if at <= cited.start)
            line = part.line + text.count("\n", 0, cited.start)
            yield Named(cited, sentence, line, text[cited.start : cited.end])
        last = ""


def _references(parts: list[Part]) -> Iterator[Reference]:
    for part in parts:
        if part.kind != "text":
            continue
        for match in REFERENCE.finditer(part.text):
            line = part.line + part.text.count("\n", 0, match.start())
            yield Reference(match["id"], line)
