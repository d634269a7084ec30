"""Which display formula of a page is which equation.

The writer says so in brackets, in the paragraph right above the formula or right below it:

    …의 기댓값이다(Ho et al. (2020), Eq. 14).          $$L = …$$

    $$L = …$$                                      (Ho et al. (2020), Eq. 14)

A paragraph of nothing but a citation belongs to the formula above it, if there is one. A formula
of the writer's own gets a name below it, `{#eq-my-loss}`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from studykit.wiki.equations.citations import Citation, Citations
from studykit.wiki.equations.papers import Paper
from studykit.wiki.prose import Part, plain, worded

__all__ = ["LABEL", "Formula", "find_formulas", "is_caption"]

LABEL = re.compile(r"\{#eq-(?P<name>[^\s{}]+)\}")
_BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_AROUND = re.compile(
    r"[\s()\[\].,;:·—–-]*(?:출처|Source)?[\s()\[\].,;:·—–-]*(?:and|와|과|및)?[\s()]*"
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A display formula, the equations that it is, and the writer's own name for it.

    `said` is the paragraph that introduces it.
    """

    tex: str
    line: int
    cited: tuple[Citation, ...]
    label: str | None
    said: str


def find_formulas(
    parts: Sequence[Part], citations: Citations, paper: Paper | None = None
) -> list[Formula]:
    """The display formulas of a page, in order.

    Args:
        parts: The page's.
        citations: Finds what words cite.
        paper: The paper whose number a bare `(식 12)` is.
    """
    found = []
    for index, part in enumerate(parts):
        if part.kind != "formula":
            continue
        below = parts[index + 1] if index + 1 < len(parts) else None
        above = parts[index - 1] if index else None
        label = LABEL.fullmatch(below.text.strip()) if below and below.kind == "text" else None
        cited: list[Citation] = []
        if below and below.kind == "text":
            cited = _caption(below, citations, paper)
        if not cited and above and above.kind == "text":
            taken = index > 1 and parts[index - 2].kind == "formula"
            if not (taken and is_caption(above, citations, paper)):
                cited = _bracketed(worded(above.text), citations, paper)
        said = above.text if above and above.kind == "text" else ""
        if said and is_caption(above, citations, paper):
            said = ""
        name = label["name"] if label else None
        found.append(Formula(part.text, part.line, tuple(cited), name, plain(said)))
    return found


def is_caption(part: Part | None, citations: Citations, paper: Paper | None = None) -> bool:
    """Whether a paragraph is nothing but a citation."""
    return part is not None and bool(_caption(part, citations, paper))


def _caption(part: Part, citations: Citations, paper: Paper | None) -> list[Citation]:
    text = worded(part.text)
    found = citations.find(text, paper)
    rest = text
    for cited in reversed(found):
        rest = rest[: cited.start] + rest[cited.end :]
    rest = re.sub(r"\b(?:and|to)\b|와|과|및|부터", "", rest)
    return found if found and _AROUND.fullmatch(rest) else []


def _bracketed(text: str, citations: Citations, paper: Paper | None) -> list[Citation]:
    """The citations of the one pair of brackets in the paragraph that has any."""
    found = citations.find(text, paper)
    groups = [
        group
        for bracket in _BRACKETS.finditer(text)
        if (group := [c for c in found if bracket.start() < c.start and c.end <= bracket.end()])
    ]
    return groups[0] if len(groups) == 1 else []
