"""What a stranger's files may not do to a build: lead out of the project, run code, or hang it.

Checked before an engine reads anything: the settings, as a tree of nodes of which nothing is
constructed; the files of the docs folder, as the system has them; and each page's text.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import threading
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import NoReturn

import yaml

from studykit.errors import ConfigError

__all__ = [
    "BIDI",
    "LARGEST",
    "SECONDS",
    "TooSlowError",
    "check_files",
    "check_settings",
    "check_text",
    "limited",
    "refused_files",
    "too_deep",
]

SECONDS = 10
"""Of a processor's time, for one page; an API page, which reads code, has twenty times as many."""
LARGEST = 1_000_000
"""Characters of a page."""
_QUOTES = 30
_BRACKETS = 200
_INDENT = 200

BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn round what stands beside them, so that code reads otherwise than it runs."""

# What mkdocs.yml may name in Python; each is a function of a package that we install.
_PYTHON = re.compile(
    r"tag:yaml\.org,2002:python/(?:object/apply:pymdownx\.slugs\.slugify"
    r"|name:pymdownx\.slugs\.\w+|name:pymdownx\.superfences\.fence_\w+_format"
    r"|name:material\.extensions\.emoji\.(?:twemoji|to_svg))"
)
_REFUSED_EXTENSIONS = {
    "pymdownx.blocks": "a page of 22 bytes hangs it; use `admonition`, `pymdownx.details` and "
    "`pymdownx.tabbed`",
    "pymdownx.snippets": "it reads files outside of the project, through symbolic links; put the "
    "text into the page",
}
_REFUSED_PLUGINS = {
    "macros": "a page would be a program; write the text itself",
    "markdown-exec": "a page would be a program; write what it prints",
    "gen-files": "it runs Python that stands beside the pages",
}
_PROGRAMS = {
    "custom_dir": "templates are programs that run while the site is built",
    "custom_templates": "templates are programs that run while the site is built",
    "allow_inspection": "code would be imported, and run, to be documented",
    "force_inspection": "code would be imported, and run, to be documented",
    "extensions": "an extension is a program that runs while the site is built",
    "execute": "notebooks would be run while the site is built",
}
"""What a setting of a theme or a plugin would run, by its name; false and nothing are harmless."""
_FOLDERS = ("docs_dir", "meetings_dir")
_RUN_BY_BROWSERS = frozenset(
    (
        *(".html", ".htm", ".xhtml", ".xht", ".shtml", ".mht", ".mhtml", ".svgz", ".xml"),
        *(".xsl", ".xslt", ".js", ".mjs", ".cjs", ".css", ".swf", ".hta", ".wasm"),
        ".webmanifest",
    )
)
_OFF = ("false", "no", "off", "null", "~", "")
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*\1|\Z)", re.MULTILINE | re.DOTALL)


class TooSlowError(Exception):
    """A page took longer than it may."""


def check_settings(config_file: Path) -> None:
    """Refuse settings that run a program, or read what is not the project's.

    Args:
        config_file: mkdocs.yml; what it inherits is looked at, too.

    Raises:
        ConfigError: There is such a setting; its line is named.
    """
    try:
        root = yaml.compose(config_file.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return  # MkDocs says what is wrong
    if not isinstance(root, yaml.MappingNode):
        return
    _check_tags(root, config_file)
    for key, value in root.value:
        match key.value:
            case "INHERIT":
                check_settings(config_file.parent / str(value.value))
            case "hooks":
                _refuse(config_file, key, "`hooks` runs Python while the site is built")
            case "markdown_extensions":
                _check_names(config_file, value, _REFUSED_EXTENSIONS)
                _check_modules(config_file, value)
            case "plugins":
                _check_names(config_file, value, _REFUSED_PLUGINS)
                _check_programs(config_file, value)
            case "theme":
                _check_programs(config_file, value)
    _check_folders(root, config_file)


def check_files(docs: Path, published: Collection[str] = ()) -> None:
    """Refuse files that lead out of the folder, or that a browser runs.

    Args:
        docs: The docs folder.
        published: Scripts and styles that the settings name, by their path below it.

    Raises:
        ConfigError: There is such a file.
    """
    for error in refused_files(docs, published):
        raise error


def refused_files(docs: Path, published: Collection[str] = ()) -> Iterator[ConfigError]:
    """What `check_files` refuses, file by file."""
    for folder, folders, files in os.walk(docs):
        for name in sorted((*folders, *files)):
            path = Path(folder, name)
            below = path.relative_to(docs).as_posix()
            runs = path.suffix.lower() in _RUN_BY_BROWSERS and below not in published
            if path.is_symlink():
                yield ConfigError(
                    "this is a symbolic link, and the site would show what it leads to",
                    file=_shown(docs, below),
                    mend="put the file itself there",
                )
            elif runs and name in files and not below.startswith("."):
                yield ConfigError(
                    f"a browser would run what is in a {path.suffix.lower()} file",
                    file=_shown(docs, below),
                    mend="write a page in Markdown, link to where it is, or name it in "
                    "`extra_javascript` or `extra_css`, which maintainers review",
                )


def check_text(text: str, file: str) -> None:
    r"""Refuse text that reads otherwise than it is.

    Raises:
        ConfigError: A bidirectional control stands in it.

    Examples:
        >>> check_text("안개\n구름 \u202e", "docs/fog.md")
        Traceback (most recent call last):
        studykit.errors.ConfigError: docs/fog.md:2:4: the invisible character U+202E turns text
          mend: delete it
    """
    found = BIDI.search(text)
    if found is None:
        return
    line = text.count("\n", 0, found.start()) + 1
    raise ConfigError(
        f"the invisible character U+{ord(found[0]):04X} turns text",
        file=file,
        line=line,
        column=found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1,
        mend="delete it",
        fix=(found[0], ""),
    )


def too_deep(text: str) -> str | None:
    """Why a page's Markdown would take too long, if it would.

    Examples:
        >>> too_deep("안개"), too_deep("> " * 40 + "안개")
        (None, 'more than 30 quotations are nested in one another')
    """
    if len(text) > LARGEST:
        return f"the page has more than {LARGEST:,} characters"
    for line in _FENCE.sub("", text).split("\n"):
        lead = re.match(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+|>[ \t]*)*", line)
        marks = lead[0] if lead else ""
        if marks.count(">") > _QUOTES:
            return f"more than {_QUOTES} quotations are nested in one another"
        if len(marks) - len(marks.lstrip(" \t")) > _INDENT or len(marks) > 2 * _INDENT:
            return f"a list is nested deeper than {_INDENT} characters"
        if max(line.count("["), line.count("("), line.count("{")) > _BRACKETS:
            depth = 0
            for char in line:
                depth += (char in "[({") - (char in "])}")
                if depth > _BRACKETS:
                    return f"more than {_BRACKETS} brackets are nested in one another"
    return None


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Stop what runs in the block after so many seconds of a processor's time.

    Where the system has no such clock (Windows), or in another thread, only `too_deep` protects.

    Raises:
        TooSlowError: They have passed.
    """
    if not hasattr(signal, "SIGVTALRM") or threading.current_thread() is not (
        threading.main_thread()
    ):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise TooSlowError(f"it takes more than {seconds:g} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _check_tags(root: yaml.Node, file: Path) -> None:
    for node in _nodes(root):
        if "python" in node.tag and not _PYTHON.fullmatch(node.tag):
            name = node.tag.rpartition(":")[2]
            _refuse(file, node, f"`{name}` would be run by whoever builds the site")


def _check_names(file: Path, listed: yaml.Node, refused: dict[str, str]) -> None:
    """Refuse what a list of extensions or plugins names."""
    for node in _names(listed):
        name = str(node.value)
        for prefix, why in refused.items():
            if name == prefix or name.startswith((f"{prefix}.", f"{prefix}:")):
                _refuse(file, node, f"`{name}` is not allowed: {why}")


def _names(listed: yaml.Node) -> Iterator[yaml.Node]:
    """The names in a list of extensions or plugins; either may be a mapping with options."""
    for item in listed.value if isinstance(listed, yaml.CollectionNode) else ():
        node = item[0] if isinstance(item, tuple) else item
        yield node.value[0][0] if isinstance(node, yaml.MappingNode) and node.value else node


def _check_modules(file: Path, listed: yaml.Node) -> None:
    """Refuse an extension that is a module of the project: Markdown would import it."""
    for node in _names(listed):
        first = str(node.value).partition(":")[0].partition(".")[0]
        beside = file.parent / first
        # This project's own allow-list is an extension, too: exports name it.
        if first not in ("", "studykit") and (
            beside.is_dir() or beside.with_suffix(".py").is_file()
        ):
            _refuse(file, node, f"`{node.value}` is Python that stands beside the pages")


def _check_programs(file: Path, settings: yaml.Node) -> None:
    for node in _nodes(settings):
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                off = isinstance(value, yaml.ScalarNode) and value.value.lower() in _OFF
                if not off and (why := _PROGRAMS.get(str(key.value))):
                    _refuse(file, key, f"`{key.value}` is not allowed: {why}")


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    """Every node once: an alias may name a node that it lies in."""
    todo = [root]
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            todo += [each for pair in node.value for each in pair]
        elif isinstance(node, yaml.SequenceNode):
            todo += node.value


def _check_folders(root: yaml.Node, file: Path) -> None:
    project = file.parent.resolve()
    found: dict[str, Path] = {}
    for node in _nodes(root):
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if key.value in _FOLDERS and isinstance(value, yaml.ScalarNode):
                folder = (project / value.value).resolve()
                found[key.value] = folder
                if not folder.is_relative_to(project) or folder == project:
                    _refuse(file, key, f"`{key.value}` leads out of the project, to {folder}")
    docs = found.get("docs_dir", project / "docs")
    notes = found.get("meetings_dir", project / "meetings")
    if notes == docs or notes.is_relative_to(docs):
        raise ConfigError(
            "the folder of notes is in the folder of pages, which is published as it is",
            file=str(file),
            mend="put the notes beside it: docs_dir: docs, meetings_dir: meetings",
        )


def _refuse(file: Path, node: yaml.Node, message: str) -> NoReturn:
    mark = node.start_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    raise ConfigError(message, file=str(file), line=line, column=column, mend="remove it")


def _shown(docs: Path, below: str) -> str:
    return str(PurePosixPath(docs.name, below))
