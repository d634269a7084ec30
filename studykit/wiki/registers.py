"""Registers: lists of all questions, links, talks, tasks, people or meetings, in bounded pages.

A register shows a page of rows and, where there are more, its other pages. All rows are then also
a data file, which the page's script loads when a reader begins to filter: no page carries the
archive.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from studykit.wiki.pages import Asset, page_href, page_url

__all__ = ["PAGE_ROWS", "Register", "Row", "paginate"]

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: its HTML on the page at a path, an anchor, and its values for each facet."""

    html: Callable[[str], Markup]
    facets: dict[str, list[str]]
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """One page of a register, as its template shows it."""

    path: str
    number: int
    rows: tuple[Row, ...]
    total: int
    facets: dict[str, str]
    pages: tuple[tuple[int, Markup | None], ...]
    data: str | None


def paginate(
    folder: str, rows: Sequence[Row], facets: dict[str, str]
) -> Iterator[Register | Asset]:
    """Cut rows into pages, `folder/index.md` first, and the data file where there are several.

    Args:
        folder: The register's folder below the docs folder.
        rows: All rows, in order.
        facets: Each facet's key with the name that a reader sees.
    """
    chunks = [rows[first : first + PAGE_ROWS] for first in range(0, len(rows), PAGE_ROWS)] or [()]
    paths = [f"{folder}/{_file(number)}" for number in range(1, len(chunks) + 1)]
    several = len(chunks) > 1
    for number, (path, chunk) in enumerate(zip(paths, chunks, strict=True), 1):
        depth = "" if number == 1 else "../"
        yield Register(
            path=path,
            number=number,
            rows=tuple(chunk),
            total=len(rows),
            facets=facets,
            pages=tuple(_pages(paths, number)),
            data=f"{depth}rows.json" if several else None,
        )
    if several:
        yield Asset(f"{page_url(paths[0])}rows.json", _data(paths[0], rows))


def _file(number: int) -> str:
    return "index.md" if number == 1 else f"page-{number}.md"


def _pages(paths: list[str], current: int) -> Iterator[tuple[int, Markup | None]]:
    """The page itself, its neighbours, the ends and every power of ten: a constant number."""
    last = len(paths)
    shown = {1, last, *range(current - 2, current + 3), *(10**power for power in range(1, 7))}
    for number in sorted(shown):
        if 1 <= number <= last:
            here = number == current
            yield number, None if here else page_href(paths[current - 1], paths[number - 1])


def _data(path: str, rows: Sequence[Row]) -> str:
    # Links in a row are relative to the data file's folder; the script resolves them against it.
    body = [{"html": str(row.html(path)), "facets": row.facets} for row in rows]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"
