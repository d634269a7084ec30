"""What a build refuses of a project, told before anybody builds: settings, files, pages' text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from studykit.errors import ConfigError
from studykit.wiki.front_matter import without_front_matter
from studykit.wiki.guard import check_settings, check_text, refused_files, too_deep

__all__ = ["deep_pages", "refusals_of_files", "refused_pages", "refused_settings"]


def refused_settings(config_file: Path) -> Iterator[ConfigError]:
    """The first setting that runs a program, or reads what is not the project's."""
    if config_file.is_file():
        try:
            check_settings(config_file)
        except ConfigError as error:
            yield error


def refusals_of_files(docs: Path) -> Iterator[ConfigError]:
    """Symbolic links, and files that a browser would run, but for what the settings name."""
    yield from refused_files(docs, _named(docs.parent / "mkdocs.yml"))


def refused_pages(docs: Path) -> Iterator[ConfigError]:
    """Pages whose text reads otherwise than it is."""
    for path, file, text in _pages(docs):
        if path.suffix == ".md":
            try:
                check_text(text, file)
            except ConfigError as error:
                yield error


def deep_pages(docs: Path) -> Iterator[ConfigError]:
    """Pages that a build leaves out, since they would take too long."""
    for path, file, text in _pages(docs):
        if path.suffix == ".md" and (why := too_deep(without_front_matter(text))):
            yield ConfigError(why, file=file, line=1, mend="make it flatter, or two pages of it")


def _pages(docs: Path) -> Iterator[tuple[Path, str, str]]:
    for path in sorted(docs.rglob("*.md")):
        hidden = any(part.startswith(".") for part in path.relative_to(docs).parts)
        if path.is_file() and not path.is_symlink() and not hidden:
            file = path.relative_to(docs.parent).as_posix()
            yield path, file, path.read_text("utf-8", errors="replace")


def _named(config_file: Path) -> set[str]:
    """The scripts and styles that the settings name; nothing is constructed of them."""
    try:
        root = yaml.compose(config_file.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return set()
    if not isinstance(root, yaml.MappingNode):
        return set()
    return {
        str(node.value)
        for key, value in root.value
        if key.value in ("extra_css", "extra_javascript") and isinstance(value, yaml.SequenceNode)
        for node in value.value
    }
