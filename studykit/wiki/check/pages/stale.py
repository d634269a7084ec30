"""Notebooks whose outputs are not those of their code.

Nothing is run. What a notebook's file says of itself is enough: the text that it is made of, beside
it in jupytext's percent format; a hash of the code that was run, where what ran it kept one
(`metadata.studykit.outputs_of`); and the numbers by which Jupyter counts what it runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studykit.wiki.equations.problems import Problem
from studykit.wiki.prose import FileLines, Part

__all__ = ["stale_problems"]

_AGAIN = "run it from top to bottom (Restart and Run All), and save it"


@dataclass(frozen=True, slots=True)
class _Code:
    """A cell of code: its place among all cells from 1, and its first line in the file."""

    number: int
    source: str
    count: int | None
    has_outputs: bool
    line: int


def stale_problems(docs: Path, pages: Mapping[Path, Sequence[Part]]) -> Iterator[Problem]:
    """The first cell of each notebook whose outputs may be another code's."""
    for path in pages:
        if path.suffix != ".ipynb":
            continue
        read = _read(path.read_text("utf-8", errors="replace"))
        if read is None:
            continue  # a broken notebook, which the build reports
        cells, metadata = read
        if found := _wrong(path, cells, metadata):
            cell, message, mend = found
            yield Problem(
                "stale-notebook",
                f"{docs.name}/{path.relative_to(docs).as_posix()}",
                cell.line,
                "",
                f"cell {cell.number}: {message}",
                mend,
            )


def _wrong(
    path: Path, cells: Sequence[_Code], metadata: Mapping[str, Any]
) -> tuple[_Code, str, str] | None:
    """The cell, what is wrong with it, and a mend."""
    if not cells:
        return None
    text = path.with_suffix(".py")
    if text.is_file() and not text.is_symlink() and "# %%" in text.read_text("utf-8", "replace"):
        wanted = _code_of(text)
        sources = [cell.source for cell in cells]
        if wanted != sources:
            pairs = zip(sources, wanted, strict=False)
            same = next((i for i, (one, other) in enumerate(pairs) if one != other), len(wanted))
            cell = cells[min(same, len(cells) - 1)]
            return cell, f"this is not what {text.name} has there", "make the notebook anew of it"
    ran = metadata.get("studykit", {}).get("outputs_of")
    code = "\0".join(cell.source for cell in cells)
    if isinstance(ran, str) and ran != hashlib.sha256(code.encode()).hexdigest():
        return cells[0], "the outputs are those of another version of the code", _AGAIN
    last = 0
    for cell in cells:
        if cell.count is None:
            if cell.source.strip() and (cell.has_outputs or any(each.count for each in cells)):
                return cell, "it was not run after it was changed", _AGAIN
            continue
        if cell.count <= last:
            return cell, f"it was run as number {cell.count}, before the one above it", _AGAIN
        last = cell.count
    return None


def _code_of(text: Path) -> list[str]:
    import jupytext  # noqa: PLC0415 - takes a second, and few notebooks have a text

    notebook = jupytext.reads(text.read_text("utf-8", errors="replace"), fmt="py:percent")
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def _read(text: str) -> tuple[list[_Code], Mapping[str, Any]] | None:
    """The cells of code and the metadata; None of what is no notebook."""
    lines = FileLines(text)
    try:
        body = json.loads(text)
        metadata = body.get("metadata", {})
        if not isinstance(metadata.get("studykit", {}), dict):
            return None
        found = []
        for number, cell in enumerate(body["cells"], 1):
            source = "".join(cell["source"])
            line = lines.of(source.split("\n"))[0]
            if cell["cell_type"] == "code":
                count = cell.get("execution_count")
                outputs = bool(cell.get("outputs"))
                said = count if isinstance(count, int) else None
                found.append(_Code(number, source, said, outputs, line))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return found, metadata
