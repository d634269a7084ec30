"""Hand-written pages: which there are, what they are called, and the words of one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

__all__ = ["Document", "find_documents", "markdown_text", "page_files", "read_document"]

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#[ \t]+(.+?)(?:[ \t]*\{[^}]*\})?[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """A hand-written page, by its path below the docs folder."""

    path: str
    title: str


def find_documents(docs: Path, folder: str) -> list[Document]:
    """The Markdown pages and notebooks of one folder, by path.

    Args:
        docs: The docs folder.
        folder: A folder in it, `talks` or `notebooks`; its own index page is no document of it.

    Returns:
        The documents; one without a title goes by its file's name.
    """
    base = docs / folder
    return [
        read_document(docs, path)
        for path in page_files(base)
        if path.parent != base or path.stem != "index"
    ]


def page_files(folder: Path) -> list[Path]:
    """The files of the Markdown pages and notebooks below a folder, by path.

    What is hidden is an editor's or a system's, and symbolic links are not followed.
    """
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in (".md", ".ipynb")
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
        and not path.is_symlink()
    )


def read_document(docs: Path, path: Path) -> Document:
    """The Markdown page or notebook at a path below the docs folder."""
    return Document(path.relative_to(docs).as_posix(), _title(path) or path.stem)


_NO_WORDS = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)|(?P<ticks>`+)[^`\n]+(?P=ticks)|\$\$.*?\$\$|\$[^$\n]+\$"
    r"|^#{1,6}[ \t][^\n]*|\]\([^)\n]*\)|<[^<>\n]*>",
    re.MULTILINE | re.DOTALL,
)


def markdown_text(path: Path) -> str:
    """The words of a hand-written page, without code, formulas, headings and addresses."""
    text = path.read_text("utf-8", errors="replace")
    if path.suffix == ".ipynb":
        text = "\n\n".join(_markdown_cells(text))
    front = _FRONT_MATTER.match(text)
    return _NO_WORDS.sub("\ufffc", text[front.end() :] if front else text)


def _title(path: Path) -> str | None:
    text = path.read_text("utf-8", errors="replace")
    if path.suffix == ".ipynb":
        text = next(iter(_markdown_cells(text)), "")
    front = _FRONT_MATTER.match(text)
    if front:
        try:
            meta = yaml.safe_load(front[1])
        except yaml.YAMLError:
            meta = None  # MkDocs reports it when it reads the page
        if isinstance(meta, dict) and isinstance(meta.get("title"), str):
            return str(meta["title"])
        text = text[front.end() :]
    heading = _HEADING.search(text)
    return heading[1] if heading else None


def _markdown_cells(text: str) -> list[str]:
    try:
        cells = json.loads(text)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError):
        return []  # mkdocs-jupyter reports a broken notebook when it reads the page
