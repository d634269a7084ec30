"""Exporting the rendered Markdown, for another site engine to build.

The exported folder holds a `docs` folder, with the generated pages and the notebooks as
Markdown, and a mkdocs.yml without the plugins that only MkDocs has. Zensical builds it with the
same addresses. The data for programs (JSON, feed, llms.txt) are there too; a page's twin is the
page itself, which is Markdown here.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath, PurePosixPath
from typing import cast

import yaml
from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig
from nbconvert import MarkdownExporter

from studykit.errors import ConfigError
from studykit.wiki.build import engine_errors, load
from studykit.wiki.frontend import SCRIPTS, STYLES, static_files
from studykit.wiki.generate import Wiki
from studykit.wiki.guard import check_files
from studykit.wiki.pages import Addition, Page
from studykit.wiki.plugin import project_folder, read_project, taken
from studykit.wiki.prose import spaced
from studykit.wiki.published import is_published, safe_drawing, safe_source

__all__ = ["export_site"]

_MKDOCS_ONLY = ("studykit", "mkdocs-jupyter")
_TO_NOTEBOOK = re.compile(r"(\]\((?![a-zA-Z][a-zA-Z0-9+.-]*:)[^()\s#?]+)\.ipynb(?=[)#])")
_TITLE = re.compile(r"(?:---\n.*?\n---\n)?\s*(?:# [^\n]*\n)?", re.DOTALL)


def export_site(config_file: Path, target: Path) -> Path:
    """Write the tree that another engine builds.

    Args:
        config_file: The project's mkdocs.yml.
        target: The folder to make; it must be empty or missing.

    Returns:
        The folder.

    Raises:
        StudykitError: The target holds something, or a note or the configuration is wrong; then
            nothing is written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConfigError(
            "the export's folder is not empty", file=str(target), mend="name a new folder"
        )
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    with engine_errors(logging.WARNING):
        config = load(config_file)
        staging = Path(tempfile.mkdtemp(prefix=".export-", dir=target.parent))
        try:
            staging.chmod(0o755)
            for path, data in _files(config):
                file = staging / "docs" / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            settings = _settings(config_file, os.path.relpath(project_folder(config), target))
            (staging / "mkdocs.yml").write_text(settings, "utf-8", newline="\n")
            if target.exists():
                target.rmdir()
            staging.rename(target)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
    return target


def _files(config: MkDocsConfig) -> Iterator[tuple[str, bytes]]:
    """Every file of the docs folder to write, the hand-written ones first."""
    docs = Path(config.docs_dir)
    check_files(docs, {*config.extra_css, *map(str, config.extra_javascript)})
    wiki = read_project(config)
    project = project_folder(config)
    data = wiki.data(project, config.site_url, twins=False)
    parts = [*wiki.pages(), *data]
    additions = {part.path: part.content for part in parts if isinstance(part, Addition)}
    for source in sorted(docs.rglob("*")):
        path = source.relative_to(docs)
        if not source.is_file() or source.is_symlink() or path.parts[0].startswith("."):
            continue
        if not is_published(path.as_posix()):
            continue
        if source.suffix == ".ipynb":
            yield from _notebook(source, path.as_posix(), wiki, additions)
        elif source.suffix == ".md":
            text = safe_source(
                source.read_text("utf-8"), f"{docs.name}/{path.as_posix()}", wiki.chrome
            )
            text = _TO_NOTEBOOK.sub(r"\1.md", wiki.web.referred(text, path.as_posix()))
            text = _anchored(spaced(text), path, wiki)
            yield path.as_posix(), _with(text, additions, path.as_posix()).encode()
        elif source.suffix.lower() == ".svg":
            yield path.as_posix(), safe_drawing(source, docs)
        else:
            yield path.as_posix(), source.read_bytes()
    yield from static_files(project, docs)
    for part in parts:
        if isinstance(part, Addition):
            continue
        if (docs / part.path).exists():
            raise taken(docs / part.path)
        yield part.path, (part.markdown if isinstance(part, Page) else part.content).encode()


def _anchored(text: str, path: PurePath, wiki: Wiki) -> str:
    """A hand-written page's Markdown with the ids that other pages link to, below its title.

    The site has each at the sentence that is meant, which only the rendered page shows.
    """
    of_page = path.as_posix()
    ids = sorted(wiki.web.anchors(of_page) | wiki.backlinks.anchors(of_page))
    if not ids:
        return text
    spans = "".join(f'<span id="{escape(each)}"></span>' for each in ids)
    title = _TITLE.match(text)
    place = title.end() if title else 0
    return f"{text[:place]}\n{spans}\n\n{text[place:]}"


def _notebook(
    source: Path, path: str, wiki: Wiki, additions: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """A notebook as Markdown under the same name, with its pictures in a folder beside it."""
    pictures = f"{PurePosixPath(path).stem}_files"
    body, resources = MarkdownExporter().from_filename(
        str(source), resources={"output_files_dir": pictures}
    )
    text = spaced(wiki.web.referred(wiki.masks.page(body), path))
    text = _with(_anchored(text, PurePosixPath(path), wiki), additions, path)
    yield f"{path.removesuffix('.ipynb')}.md", text.encode()
    for name, data in resources["outputs"].items():
        yield f"{PurePosixPath(path).parent}/{name}", data


def _settings(config_file: Path, project: str) -> str:
    """The project's mkdocs.yml for the exported tree.

    Edited as a tree of nodes, not as values: tags such as `!ENV` stay what they are.
    """
    text = config_file.read_text("utf-8")
    # A mapping: MkDocs has loaded the same file before.
    root = cast("yaml.MappingNode", yaml.compose(text, Loader=yaml.SafeLoader))
    settings = {key.value: value for key, value in root.value}
    settings.pop("docs_dir", None)
    settings.pop("site_dir", None)
    settings["plugins"] = _plugins(settings["plugins"], project)
    nav = settings.get("nav")
    if nav is not None:
        _notebooks_as_markdown(nav)
    added_to = (
        ("extra_css", STYLES),
        ("extra_javascript", SCRIPTS),
        # The allow-list, which is the plugin's under MkDocs.
        ("markdown_extensions", ("studykit.wiki.sanitise",)),
    )
    for key, added in added_to:
        own = settings[key].value if key in settings else []
        settings[key] = _sequence([*map(_scalar, added), *own])
    return yaml.serialize(
        yaml.MappingNode(root.tag, [(_scalar(key), value) for key, value in settings.items()]),
        Dumper=yaml.SafeDumper,
        allow_unicode=True,
    )


def _plugins(plugins: yaml.Node, project: str) -> yaml.SequenceNode:
    """The plugins that other engines know; what they read from the project is found from there."""
    kept = []
    for plugin in plugins.value:
        if not isinstance(plugin, yaml.MappingNode):
            if plugin.value not in _MKDOCS_ONLY:
                kept.append(plugin)
            continue
        name = plugin.value[0][0].value
        if name in _MKDOCS_ONLY:
            continue
        if name == "mkdocstrings":
            _move_paths(plugin, project)
        kept.append(plugin)
    return _sequence(kept)


def _move_paths(node: yaml.Node, project: str) -> None:
    """Prefix every entry of a `paths` list below `node` with the project's folder."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "paths":
                for path in value.value:
                    path.value = PurePosixPath(Path(project, path.value)).as_posix()
            else:
                _move_paths(value, project)


def _notebooks_as_markdown(node: yaml.Node) -> None:
    if isinstance(node, yaml.ScalarNode):
        if node.value.endswith(".ipynb"):
            node.value = f"{node.value.removesuffix('.ipynb')}.md"
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _notebooks_as_markdown(item)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            _notebooks_as_markdown(value)


def _scalar(text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text)


def _sequence(nodes: list[yaml.Node]) -> yaml.SequenceNode:
    return yaml.SequenceNode("tag:yaml.org,2002:seq", nodes)


def _with(text: str, additions: Mapping[str, str], path: str) -> str:
    """A page's text with what the notes know of it below."""
    return f"{text}\n\n{additions[path]}" if path in additions else text
