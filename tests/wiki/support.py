"""What several tests of the wiki use: golden files, projects to build, HTML as a reader sees it."""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

__all__ = ["Element", "GoldenFiles", "Project", "inked", "parse", "visible"]


@dataclass(frozen=True)
class GoldenFiles:
    """Expected outputs, kept as files that a reader has looked at."""

    folder: Path
    write: bool

    def check(self, name: str, text: str) -> None:
        """The file has this text, or is written with it."""
        path = self.folder / name
        if self.write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        assert path.is_file(), f"{path} is missing; see tests/wiki/README.md"
        expected = path.read_bytes().decode()
        if text != expected:
            before, now = expected.split("\n"), text.split("\n")
            diff = difflib.unified_diff(before, now, "expected", "now", lineterm="", n=1)
            pytest.fail(f"{name}\n" + "\n".join(diff), pytrace=False)

    def check_all(self, folder: str, texts: Mapping[str, str]) -> None:
        """The folder has these files with these texts, and no other."""
        if self.write:
            for path in self._files(folder):
                if path not in texts:
                    (self.folder / folder / path).unlink()
        for name, text in texts.items():
            self.check(f"{folder}/{name}", text)
        assert sorted(texts) == self._files(folder)

    def _files(self, folder: str) -> list[str]:
        base = self.folder / folder
        return sorted(p.relative_to(base).as_posix() for p in base.rglob("*") if p.is_file())


@dataclass(frozen=True)
class Project:
    """A folder with mkdocs.yml, docs and meetings."""

    folder: Path

    def run(
        self, *arguments: str | Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`studykit …` in the project's folder."""
        return subprocess.run(
            [sys.executable, "-m", "studykit", *map(str, arguments)],
            cwd=self.folder,
            env={**(os.environ if env is None else env), "PYTHONUTF8": "1", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def build(self, *arguments: str | Path, env: Mapping[str, str] | None = None) -> Path:
        """Build the site; it must go well, and without a word of warning."""
        done = self.run("build", *arguments, env=env)
        assert done.returncode == 0, done.stderr
        assert not done.stderr
        return self.folder / "site"

    def snapshot(self) -> dict[str, bytes]:
        """Every file of the project by path."""
        return files(self.folder)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- HTML -----------------------------------------------------------------------------------------

VOID = {"br", "img", "meta", "link", "input", "hr", "wbr", "source", "area", "base", "col", "path"}


@dataclass
class Element:
    """An element with what stands in it, in order."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self) -> Iterator[Element]:
        """This element and every one below it, in the order of the page."""
        todo = [self]
        while todo:
            element = todo.pop()
            yield element
            todo += [child for child in reversed(element.children) if isinstance(child, Element)]

    def with_class(self, name: str) -> list[Element]:
        return [element for element in self.all() if name in element.classes]

    def with_tag(self, tag: str) -> list[Element]:
        return [element for element in self.all() if element.tag == tag]

    def text(self, *without: str) -> str:
        """What a reader sees, without the elements of the given classes."""
        parts: list[str] = []
        todo: list[Element | str] = [self]
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                parts.append(part)
            elif not set(without) & set(part.classes):
                parts += ["\n"] if part.tag == "br" else []
                todo += reversed(part.children)
        return "".join(parts)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stack[-1].children.append(Element(tag, {n: v or "" for n, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.stack[1:]):
            while self.stack.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)

    # What is none of text and elements has no place on our pages: make it an element to be found.
    def handle_comment(self, data: str) -> None:
        self.stack[-1].children.append(Element("!comment", {}, [data]))

    def handle_decl(self, decl: str) -> None:
        self.stack[-1].children.append(Element("!declaration", {}, [decl]))

    def handle_pi(self, data: str) -> None:
        self.stack[-1].children.append(Element("!instruction", {}, [data]))

    def unknown_decl(self, data: str) -> None:
        self.stack[-1].children.append(Element("!unknown", {}, [data]))


def parse(html: str) -> Element:
    """The page as elements."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.stack[0]


def visible(text: str) -> str:
    r"""How a page shows `text`, said independently of the code that does it.

    Control characters by their control pictures, bytes that are no UTF-8 as `\xNN`, characters
    that would be invisible or reorder others by their code point.
    """
    shown = []
    for character in text:
        code = ord(character)
        if character in "\t\n\r\x85":
            shown.append(character)
        elif code < 0x20:
            shown.append(chr(0x2400 + code))
        elif code == 0x7F:
            shown.append("\u2421")
        elif 0xDC80 <= code <= 0xDCFF:
            shown.append(f"\\x{code - 0xDC00:02X}")
        elif (
            0x80 <= code < 0xA0
            or 0x202A <= code <= 0x202E
            or 0x2066 <= code <= 0x2069
            or 0xFDD0 <= code <= 0xFDD2
        ):
            shown.append(f"[U+{code:04X}]")
        else:
            shown.append(character)
    return "".join(shown)


# The stand-ins of control characters that are blanks: they show only where blanks are kept.
BLANK_PICTURES = "".join(chr(0x2400 + code) for code in range(0x20) if chr(code).isspace())


# What nobody sees stays on the raw page alone where it stands at the edge of a line.
UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0]"
    r"|\[U\+20(?:2[A-E]|6[6-9])\]"
)


def inked(text: str) -> str:
    """`text` without blanks, and without characters that show nothing."""
    seen = UNSEEN.sub("", text)
    return "".join(c for c in seen if not c.isspace() and c not in BLANK_PICTURES)
