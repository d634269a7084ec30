"""Docstrings and comments as HTML: Markdown with formulas, and Google's sections as lists."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from textwrap import dedent
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from studykit.wiki.escape import in_html
from studykit.wiki.inline import inline_html

__all__ = ["comment_html", "docstring_html"]

_HEAD = re.compile(r"(?P<title>[A-Z][A-Za-z ]*):")
_ITEMS = frozenset(("Args", "Arguments", "Parameters", "Attributes", "Raises", "Warns", "Methods"))
_ITEM = re.compile(r"(?P<name>[*\w][\w.*\[\], ]*?)(?P<type> \([^()]*\))?:(?= |$)")
_ENTRY = re.compile(r"[A-Z][^:\n]*:")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_SAFE = re.compile(r"https?://|mailto:|[#/.]|[^:&]*$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def docstring_html(docstring: str) -> Markup:
    r"""A docstring as HTML. Raw HTML in it is shown as typed.

    Args:
        docstring: Without its quotes and its indent.

    Examples:
        >>> print(docstring_html("Give $x_t$.\n\nArgs:\n    t: The <b>time</b>."))
        <p>Give <span class="arithmatex">\(x_t\)</span>.</p>
        <p><strong>Args:</strong></p>
        <ul>
        <li><code>t</code>: The &lt;b&gt;time&lt;/b&gt;.</li>
        </ul>
    """
    converter = _converter()
    converter.reset()
    source = "\n".join(_markdown(docstring.split("\n")))
    try:
        html = converter.convert(source)
    except RecursionError:  # quotes within quotes, hundreds deep
        return Markup("<p>{}</p>").format(in_html(docstring))
    # Nothing in it may look like a fence to the engine that reads the page.
    return Markup(html.translate(_FENCES))  # noqa: S704 - raw HTML was escaped


_FENCES = {ord(mark): f"&#{ord(mark)};" for mark in "`~"}


def comment_html(comment: str) -> Markup:
    r"""A comment as HTML: paragraphs as typed, but for `code` and $formulas$.

    Examples:
        >>> print(comment_html("Twice as\nlarge as `x`."))
        <p>Twice as large as <code>x</code>.</p>
    """
    parts = []
    for paragraph in re.split(r"\n(?:[ \t]*\n)+", comment.strip("\n")):
        lines = paragraph.split("\n")
        # What is set out in columns or as a list stays so.
        if any(line.startswith((" ", "- ", "* ")) for line in lines):
            parts.append(Markup('<p class="sk-as-typed">{}</p>').format(in_html(paragraph)))
        else:
            parts.append(Markup("<p>{}</p>").format(inline_html(" ".join(lines))))
    return Markup("\n").join(parts)


def _markdown(lines: Sequence[str]) -> Iterator[str]:
    """The docstring as Markdown: its sections as lists, its examples in fences."""
    index = 0
    fence = ""
    while index < len(lines):
        line = lines[index]
        mark = _FENCE.match(line)
        if fence or mark:
            closed = bool(fence and mark and mark[1].startswith(fence))
            fence = "" if closed else fence or (mark[1] if mark else "")
            yield line
            index += 1
            continue
        head = _HEAD.fullmatch(line.rstrip())
        end = _end_of_section(lines, index + 1) if head else index
        if head and end > index + 1:
            body = dedent("\n".join(lines[index + 1 : end])).split("\n")
            yield from ("", f"**{head['title']}:**", "")
            yield from _section(head["title"], body)
            yield ""
            index = end
        elif line.lstrip().startswith(">>> "):
            end = next((at for at in range(index, len(lines)) if not lines[at].strip()), len(lines))
            yield from _session(lines[index:end])
            index = end
        else:
            yield line
            index += 1


def _end_of_section(lines: Sequence[str], start: int) -> int:
    """Where what is indented ends; the start where the next line is not."""
    if start >= len(lines) or not lines[start].startswith((" ", "\t")):
        return start
    end = start
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith((" ", "\t"))):
        end += 1
    return end


def _section(title: str, body: Sequence[str]) -> Iterator[str]:
    if title in _ITEMS:
        for line in body:
            item = _ITEM.match(line)
            if item:
                yield f"-   `{item['name']}`{item['type'] or ''}:{line[item.end() :]}"
            else:
                yield line
    elif title == "References":
        # One line each: a year and a dot at a line's beginning would be a list.
        entry = ""
        for line in body:
            # As `read_references` tells them apart.
            if entry and _ENTRY.match(line) and entry[-1] in ".0123456789":
                yield f"-   {entry}"
                entry = ""
            entry = f"{entry} {line.strip()}".strip()
        yield f"-   {entry}"
    else:
        yield from _markdown(body)


def _session(lines: Sequence[str]) -> Iterator[str]:
    """A session of the interpreter in a fence that nothing in it ends."""
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    longest = max((len(run) for line in lines for run in re.findall("~+", line)), default=0)
    fence = "~" * max(3, longest + 1)
    yield from ("", f"{indent}{fence}pycon", *lines, f"{indent}{fence}", "")


@cache
def _converter() -> Markdown:
    """As the site's own, without raw HTML."""
    converter = Markdown(
        extensions=[
            "def_list",
            "tables",
            "sane_lists",
            "pymdownx.arithmatex",
            "pymdownx.highlight",
            "pymdownx.superfences",
        ],
        extension_configs={
            "pymdownx.arithmatex": {"generic": True},
            "pymdownx.highlight": {"pygments_lang_class": True},
        },
    )
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    converter.treeprocessors.register(_SafeLinks(converter), "safe_links", 0)
    return converter


class _SafeLinks(Treeprocessor):
    """Takes the addresses away that a page should not lead to, such as `javascript:`."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            for key in ("href", "src"):
                address = element.get(key)
                if address is not None and not _SAFE.match(entities.unescape(address.strip())):
                    element.tag = "span"
                    element.attrib = {}
                    break
