r"""Two versions of a page as one, in which the differences are marked.

Paragraphs, lists, tables and blocks of code are compared as wholes; in one that changed, the words
are. What stayed is folded away, but for what stands beside a change.

>>> html = marked("<p>안개는 낮다</p>", "<p>안개는 높다</p>", "before", "{count} unchanged")
>>> print(html.replace("</div>", "</div>\n"))
<div class="sk-now"><p>안개는 <ins>높다</ins></p></div>
<details class="sk-was"><summary>before</summary>
<p>안개는 <del>낮다</del></p></details>
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from markupsafe import Markup, escape

__all__ = ["Cell", "cells", "changed_cells", "marked"]

_WORD = re.compile("\ufdd4\\d+\ufdd5|\\s+|\\w+|[^\\w\\s]")
_ALIKE = 0.4
"""From how much of their words two paragraphs are versions of one."""
_MANY = 4_000
"""Words beyond which a block is compared as a whole."""
_BESIDE = 1
"""Unchanged blocks that are shown beside a change."""


def marked(before: str, after: str, was: str, same: str) -> str:
    """One article with the differences of two.

    Args:
        before: The older one; HTML that is shown as it stands.
        after: The newer one.
        was: What stands above the older version of something.
        same: How many blocks are unchanged, as a phrase with `{count}`.
    """
    old, new = _blocks(before), _blocks(after)
    matcher = SequenceMatcher(None, list(map(str, old)), list(map(str, new)), autojunk=False)
    parts: list[str] = []
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            first, last = not i, i_end == len(old) and j_end == len(new)
            parts += _folded(new[j:j_end], first, last, same)
        else:
            parts += _changed(old[i:i_end], new[j:j_end], was)
    return "".join(parts)


def _blocks(html: str) -> list[Tag]:
    page: Tag = BeautifulSoup(html, "html.parser")
    inside = _elements(page)
    while len(inside) == 1 and inside[0].name in ("div", "section", "article"):
        page, inside = inside[0], _elements(inside[0])
    for text in list(page.contents):
        if isinstance(text, NavigableString) and text.strip():
            text.wrap(Tag(name="p"))
    return _elements(page)


def _elements(parent: Tag) -> list[Tag]:
    return [each for each in parent.contents if isinstance(each, Tag)]


def _folded(blocks: Sequence[Tag], first: bool, last: bool, same: str) -> Iterator[str]:
    """Unchanged blocks, folded but for those beside a change."""
    start = 0 if first else _BESIDE
    end = len(blocks) if last else max(start, len(blocks) - _BESIDE)
    if end - start < 2:
        yield from map(str, blocks)
        return
    yield from map(str, blocks[:start])
    inside = "".join(map(str, blocks[start:end]))
    said = escape(same.format(count=end - start))
    yield f'<details class="sk-same"><summary>{said}</summary>{inside}</details>'
    yield from map(str, blocks[end:])


def _changed(old: Sequence[Tag], new: Sequence[Tag], was: str) -> Iterator[str]:
    """Each new block with the old one that it is a version of; what is new or gone as a whole."""
    at = 0
    for block in new:
        words = _words(block)
        match = next((k for k in range(at, len(old)) if _are_versions(old[k], block, words)), None)
        if match is None:
            yield f'<div class="sk-new">{block}</div>'
            continue
        yield from (f'<div class="sk-gone">{each}</div>' for each in old[at:match])
        yield from _pair(old[match], block, was)
        at = match + 1
    yield from (f'<div class="sk-gone">{each}</div>' for each in old[at:])


def _are_versions(old: Tag, new: Tag, words: list[str]) -> bool:
    if old.name != new.name:
        return False
    matcher = SequenceMatcher(None, _words(old), words)
    return matcher.real_quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE


def _pair(old: Tag, new: Tag, was: str) -> Iterator[str]:
    before, after = _words(old), _words(new)
    if max(len(before), len(after)) <= _MANY:
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        gone, came = [True] * len(before), [True] * len(after)
        for i, j, count in matcher.get_matching_blocks():
            gone[i : i + count] = came[j : j + count] = [False] * count
        _mark(old, gone, "del")
        _mark(new, came, "ins")
    yield f'<div class="sk-now">{new}</div>'
    yield f'<details class="sk-was"><summary>{escape(was)}</summary>\n{old}</details>'


def _words(block: Tag) -> list[str]:
    return [word for text in _texts(block) for word in _WORD.findall(str(text))]


def _texts(block: Tag) -> list[NavigableString]:
    return [each for each in block.descendants if isinstance(each, NavigableString)]


def _mark(block: Tag, changed: Sequence[bool], name: Literal["ins", "del"]) -> None:
    at = 0
    for text in _texts(block):
        parts: list[PageElement] = []
        said, marked_now = "", False
        for word in _WORD.findall(str(text)):
            now = changed[at] if word.strip() else marked_now
            at += 1
            if now != marked_now:
                parts.append(_part(said, name if marked_now else None))
                said, marked_now = "", now
            said += word
        blank = said[len(said.rstrip()) :] if marked_now else ""
        parts.append(
            _part(said.removesuffix(blank) if blank else said, name if marked_now else None)
        )
        parts.append(NavigableString(blank))
        text.replace_with(*parts)


def _part(text: str, name: str | None) -> PageElement:
    if name is None or not text:
        return NavigableString(text)
    mark = Tag(name=name)
    mark.string = text
    return mark


# --- notebooks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a notebook: its kind, its source, and its outputs as JSON."""

    kind: str
    source: str
    outputs: str


@dataclass(frozen=True, slots=True)
class CellChange:
    """What happened to a cell; `number` counts from 1 in the notebook that has it."""

    number: int
    kind: str
    change: Literal["new", "changed", "gone", "outputs"]
    lines: Markup


def cells(text: str) -> list[Cell]:
    """The cells of a notebook's file; none of a broken one, which the check reports.

    Examples:
        >>> cells('{"cells": [{"cell_type": "code", "source": ["a + ", "b"], "outputs": []}]}')
        [Cell(kind='code', source='a + b', outputs='[]')]
    """
    try:
        return [
            Cell(
                str(cell["cell_type"]),
                "".join(cell["source"]),
                json.dumps(cell.get("outputs", []), sort_keys=True),
            )
            for cell in json.loads(text)["cells"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def changed_cells(before: Sequence[Cell], after: Sequence[Cell]) -> list[CellChange]:
    """What differs between two notebooks, cell by cell, in the order of the newer one."""
    found: list[CellChange] = []
    old_keys, new_keys = ([(cell.kind, cell.source) for cell in each] for each in (before, after))
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            found += (
                CellChange(at + 1, after[at].kind, "outputs", Markup())
                for old, at in zip(before[i:i_end], range(j, j_end), strict=True)
                if old.outputs != after[at].outputs
            )
            continue
        both = min(i_end - i, j_end - j)
        for k in range(both):
            old, new = before[i + k], after[j + k]
            found.append(CellChange(j + k + 1, new.kind, "changed", _lines(old.source, new.source)))
        for k in range(j + both, j_end):
            found.append(CellChange(k + 1, after[k].kind, "new", _lines("", after[k].source)))
        for k in range(i + both, i_end):
            found.append(CellChange(k + 1, before[k].kind, "gone", _lines(before[k].source, "")))
    return found


def _lines(before: str, after: str) -> Markup:
    """The lines of two texts, with those marked that came or went."""
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    parts: list[Markup] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts += (Markup("  {}\n").format(line) for line in new[j:j_end])
            continue
        parts += (Markup("<del>- {}</del>\n").format(line) for line in old[i:i_end])
        parts += (Markup("<ins>+ {}</ins>\n").format(line) for line in new[j:j_end])
    return Markup().join(parts)
