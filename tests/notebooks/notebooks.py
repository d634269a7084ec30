"""Notebooks as pairs: `NAME.py` is what people write and review, `NAME.ipynb` has the outputs.

The text is jupytext's percent format. The notebook is made of it, by running it top to bottom, and
remembers of which text its outputs are.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient

__all__ = ["FOLDER", "MAKE", "digest", "is_pair", "outputs", "run", "texts", "write"]

FOLDER = Path(__file__).parents[2] / "docs/notebooks"
MAKE = ".venv/bin/python -m tests.notebooks"
"""The command that makes the notebooks."""

_PATIENCE = 1800


def texts() -> list[Path]:
    """The paired texts, in alphabetical order."""
    return sorted(FOLDER.glob("*.py"))


def digest(text: Path) -> str:
    """What the outputs of a text are known by: its code."""
    code = [cell.source for cell in jupytext.read(text).cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()


def run(text: Path) -> Any:
    """Run a text top to bottom.

    Returns:
        The notebook with its outputs.
    """
    notebook = _without_outputs(text)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    client = NotebookClient(notebook, timeout=_PATIENCE, record_timing=False, coalesce_streams=True)
    client.execute()
    notebook.metadata["language_info"] = {"name": "python"}  # not this machine's version
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [_tidy(output) for output in cell.outputs if _is_result(output)]
    return notebook


def _is_result(output: Any) -> bool:
    # Progress bars and warnings say more of the machine than of the code.
    return bool(output.output_type != "stream" or output.name == "stdout")


def _tidy(output: Any) -> Any:
    """Of a picture in several forms, the PNG."""
    if "image/png" in output.get("data", {}):
        output.data = {"image/png": output.data["image/png"].replace("\n", "")}
    return output


def write(text: Path, *, again: bool = False) -> Path:
    """Store a text's notebook beside it.

    Args:
        text: The text.
        again: Whether to run it even if only its prose has changed, whose outputs can stay.
    """
    target = text.with_suffix(".ipynb")
    notebook = None if again else _with_outputs_that_are_there(text, target)
    notebook = run(text) if notebook is None else notebook
    target.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    return target


def _without_outputs(text: Path) -> Any:
    notebook = jupytext.read(text)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"  # random ones would change with every run
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "studykit": {"outputs_of": digest(text)},
    }
    return notebook


def _with_outputs_that_are_there(text: Path, target: Path) -> Any:
    if not target.exists():
        return None
    notebook, stored = _without_outputs(text), nbformat.read(target, as_version=4)
    if stored.metadata.get("studykit") != notebook.metadata["studykit"]:
        return None
    code, done = (
        [cell for cell in each.cells if cell.cell_type == "code"] for each in (notebook, stored)
    )
    for cell, ran in zip(code, done, strict=True):
        cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    return notebook


def is_pair(text: Path, notebook: Any) -> bool:
    """Whether a notebook has the cells of its text."""
    cells = [(cell.cell_type, cell.source) for cell in jupytext.read(text).cells]
    return cells == [(cell.cell_type, cell.source) for cell in notebook.cells]


def outputs(notebook: Any) -> list[tuple[str, str]]:
    """The outputs in order, as kind and text: `text`, or a picture's type and its base64."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                found.append(("text", output.text))
                continue
            data = output.data
            kind = "image/png" if "image/png" in data else "text/plain"
            found.append(("text" if kind == "text/plain" else kind, data[kind]))
    return found
