r"""Hand-written pages in parts: paragraphs, display formulas, blocks of code.

Only as much of Markdown is read as tells these apart, and where in the file each begins; what the
page looks like is the site engine's affair.

>>> [part.kind for part in read_markdown("# 안개\n\n식이다.\n\n$$a$$\n\n```python\nb\n```\n")]
['heading', 'text', 'formula', 'code']
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = [
    "FileLines",
    "LinkedSentence",
    "Part",
    "linked_sentences",
    "plain",
    "read_markdown",
    "read_notebook",
    "read_page",
    "sentences",
    "spaced",
    "worded",
]

PartKind = Literal["text", "heading", "table", "formula", "code"]

_FENCE = re.compile(r"[ \t>]*(?P<mark>`{3,}|~{3,})[ \t]*(?:\{[ \t]*)?\.?(?P<language>[\w+-]*)")
_OPENS = re.compile(r"[ \t>]*(?P<mark>\$\$|\\\[|\\begin\{(?P<name>[a-z]+\*?)\})")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+(.*?)(?:[ \t]*\{[^}]*\})?[ \t#]*$")
_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)]|!{3}|\?{3}\+?|={3})(?:[ \t]|$)")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)

_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_MARKS = re.compile(
    r"\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|~~|`|<[^<>\n]+>|\{(?:[:#.]|\s*data-)[^}\n]*\}"
)
_LITERAL = re.compile(r"`(?P<code>[^`\n]+)`|\$[^$\n]+\$")
_NO_WORD = "\ufffc"
# Bounded, so that what opens and never closes costs no more than its own length.
_LINKS = re.compile(
    r"(?P<code>(?<!`)`+(?!`))[^`]+(?P=code)(?!`)|\$[^$\n]+\$"
    r"|!\[[^\[\]]{0,500}\]\([^)]{0,500}\)"
    r"|\[(?P<words>(?:[^\[\]\\]|\\.){0,500})\]"
    r"(?:\((?P<href><[^<>]{1,500}>|[^)\s]{1,500})(?:\s[^)]{0,300})?\)|\[(?P<label>[^\[\]]{0,200})\])"
)
_LINK_HERE = "\ufdd3"  # a noncharacter: no page has it
_LEAD = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?|^[ \t>|]+", re.MULTILINE)
_END = re.compile(
    r"(?<=[.?!。])(?<!\bal\.)(?<!\bEq\.)(?<!\bEqs\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\bcf\.)[\"'”’)]*\s+"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a page.

    `text` is the paragraph or heading as typed, a formula's TeX, or the code without its indent.
    Lines count from 1 in the file; `end` is the last one, with the closing mark.
    """

    kind: PartKind
    text: str
    line: int
    end: int
    language: str = ""


def read_page(path: Path) -> list[Part]:
    """The parts of a Markdown page or notebook."""
    text = path.read_text("utf-8", errors="replace")
    return read_notebook(text) if path.suffix == ".ipynb" else read_markdown(text)


def read_markdown(text: str) -> list[Part]:
    """The parts of a Markdown page, in order."""
    front = _FRONT_MATTER.match(text)
    skipped = front[0].count("\n") if front else 0
    return list(_parts(text.split("\n"), skipped))


def read_notebook(text: str) -> list[Part]:
    """The parts of a notebook: its Markdown cells', and its code cells as code."""
    try:
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(text)["cells"]]
    except (ValueError, KeyError, TypeError):
        return []  # mkdocs-jupyter reports a broken notebook when it reads the page
    parts = []
    place = FileLines(text)
    for kind, source in cells:
        lines = place.of(source.split("\n"))
        if kind == "code":
            parts.append(Part("code", source, lines[0], lines[-1], "python"))
        elif kind == "markdown":
            parts += [
                Part(part.kind, part.text, lines[part.line - 1], lines[part.end - 1], part.language)
                for part in _parts(source.split("\n"), 0)
            ]
    return parts


def plain(text: str) -> str:
    r"""A paragraph as a reader sees it, on as many lines: without Markdown's marks.

    Examples:
        >>> plain("- **안개**는 [구름](a.md)의 `cloud` $w_*$ 이다")
        '안개는 구름의 cloud $w_*$ 이다'
    """
    return _plain(text, words_only=False)


def worded(text: str) -> str:
    """As `plain`, and as long, with a mark that is no word for each character of code and math."""
    return _plain(text, words_only=True)


def sentences(text: str) -> list[tuple[int, str]]:
    """The sentences of a plain paragraph on one line each, with the place where each begins.

    Examples:
        >>> sentences("See Ho et al. (2020). 안개다.")
        [(0, 'See Ho et al. (2020).'), (22, '안개다.')]
    """
    found = []
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        sentence = " ".join(text[start:end].split())
        if sentence:
            found.append((start, sentence))
        start = end
    return found


@dataclass(frozen=True, slots=True)
class LinkedSentence:
    """A sentence as a reader sees it, and where its links lead, as typed.

    A label in brackets of its own, `[구름][cloud]`, is kept with them. A sentence is `bare` if it
    has no words but those of its links.
    """

    text: str
    hrefs: tuple[str, ...]
    bare: bool


def linked_sentences(text: str, words: Callable[[str], str] = lambda _: "") -> list[LinkedSentence]:
    """The sentences of a paragraph that have links, in order; in a table each row is one.

    Args:
        text: The paragraph as typed.
        words: What is shown of a link without words, by where it leads.

    Examples:
        >>> linked_sentences("비가 온다. **[구름](a.md)은 `[b](c.md)`다.** 끝.")
        [LinkedSentence(text='구름은 [b](c.md)다.', hrefs=('a.md',), bare=False)]
    """
    if text.startswith("|"):
        rows = (row.strip().strip("|").replace("|", " · ") for row in text.split("\n"))
        paragraphs = [row for row in rows if "](" in row or "][" in row]
    else:
        paragraphs = [" ".join(_LEAD.sub("", text).split("\n"))]
    return [found for each in paragraphs for found in _linked(each, words)]


def _linked(text: str, words: Callable[[str], str]) -> Iterator[LinkedSentence]:
    hrefs: list[str] = []
    parts: list[str] = []
    done = 0
    for link in _LINKS.finditer(text):
        if link["words"] is None:
            continue
        href = link["href"] or f"[{link['label'] or link['words']}]"
        hrefs.append(href.removeprefix("<").removesuffix(">"))
        shown = link["words"] or words(href)
        parts += [text[done : link.start()], _LINK_HERE, shown, _LINK_HERE]
        done = link.end()
    if not hrefs:
        return
    rest = iter(hrefs)
    open_one = ""
    for _, part in sentences(_plain("".join([*parts, text[done:]]), words_only=False)):
        sentence = f"{open_one} {part}" if open_one else part
        pieces = sentence.split(_LINK_HERE)
        # What only looks like a sentence's end, amid a link's words, is none.
        open_one = "" if len(pieces) % 2 else sentence
        if open_one or len(pieces) == 1:
            continue
        here = tuple(href for _, href in zip(range(len(pieces) // 2), rest, strict=False))
        bare = not any(re.search(r"\w", piece) for piece in pieces[::2])
        yield LinkedSentence("".join(pieces), here, bare)


def spaced(text: str) -> str:
    r"""The page with a blank line around each display formula, without which none would be shown.

    Examples:
        >>> spaced("식은\n$$\na\n$$ (식 2)\n")
        '식은\n\n$$\na\n$$\n\n(식 2)\n'
    """
    lines = text.split("\n")
    for part in reversed(read_markdown(text)):
        if part.kind != "formula":
            continue
        first, last = part.line - 1, part.end - 1
        indent = lines[first][: len(lines[first]) - len(lines[first].lstrip(" \t>"))]
        closing, rest = _closed(lines[last], part)
        blank = indent.rstrip()
        after = [blank, indent + rest] if rest else []
        if last + 1 < len(lines) and lines[last + 1].strip(" \t>"):
            after.append(blank)
        lines[last : last + 1] = [closing, *after]
        if first and lines[first - 1].strip(" \t>"):
            lines.insert(first, blank)
    return "\n".join(lines)


def _plain(text: str, *, words_only: bool) -> str:
    text = _LEAD.sub("", text)
    done = 0
    parts = []
    for literal in _LITERAL.finditer(text):
        shown = literal["code"] or literal[0]
        parts.append(_without_marks(text[done : literal.start()]))
        parts.append(_NO_WORD * len(shown) if words_only else shown)
        done = literal.end()
    return "".join([*parts, _without_marks(text[done:])])


def _without_marks(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", _IMAGE.sub("", text)))


def _parts(lines: Sequence[str], first: int) -> Iterator[Part]:
    words: list[str] = []
    index = first

    def paragraph() -> Iterator[Part]:
        if words:
            kind: PartKind = "table" if words[0].startswith("|") else "text"
            yield Part(kind, "\n".join(words), index - len(words) + 1, index)
            words.clear()

    while index < len(lines):
        line = lines[index]
        fence = _FENCE.match(line)
        opened = _OPENS.match(line)
        if fence:
            yield from paragraph()
            part = _fenced(lines, index, fence)
        elif opened and (formula := _formula(lines, index, opened)):
            yield from paragraph()
            part = formula
        elif line.lstrip().startswith("<!--"):
            yield from paragraph()
            end = next((i for i in range(index, len(lines)) if "-->" in lines[i]), len(lines) - 1)
            index = end + 1
            continue
        elif heading := _HEADING.match(line):
            yield from paragraph()
            part = Part("heading", heading[1], index + 1, index + 1)
        else:
            if not line.strip(" \t>") or _ITEM.match(line):
                yield from paragraph()
            if line.strip(" \t>"):
                words.append(line.strip())
            index += 1
            continue
        yield part
        index = part.end
        _, rest = _closed(lines[index - 1], part)
        if part.kind == "formula" and rest:
            yield Part("text", rest, index, index)
    yield from paragraph()


def _fenced(lines: Sequence[str], start: int, fence: re.Match[str]) -> Part:
    mark = fence["mark"]
    indent = len(lines[start]) - len(lines[start].lstrip(" \t>"))
    body = []
    for end in range(start + 1, len(lines)):
        line = lines[end]
        bare = line.strip(" \t>")
        if len(bare) >= len(mark) and bare == mark[0] * len(bare):
            break
        body.append(line[indent:] if not line[:indent].strip(" \t>") else line)
    else:
        end = len(lines) - 1
    return Part("code", "\n".join(body), start + 1, end + 1, fence["language"])


def _formula(lines: Sequence[str], start: int, opened: re.Match[str]) -> Part | None:
    close = _CLOSES.get(opened["mark"]) or f"\\end{{{opened['name']}}}"
    body = []
    for end in range(start, len(lines)):
        line = lines[end] if end > start else lines[end][opened.end() :]
        if end > start and not line.strip(" \t>"):
            return None  # a blank line ends the paragraph: no formula
        before, closed, _ = line.partition(close)
        body.append(before.strip(" \t>") if closed else line.strip(" \t>"))
        if closed:
            tex = "\n".join(body).strip()
            if opened["name"]:
                tex = f"{opened['mark']}\n{tex}\n{close}"
            return Part("formula", tex, start + 1, end + 1, opened["mark"])
    return None


_CLOSES = {"$$": "$$", "\\[": "\\]"}


def _closed(line: str, part: Part) -> tuple[str, str]:
    """The line that closes a formula, up to its mark and from there."""
    if part.kind != "formula":
        return line, ""
    close = _CLOSES.get(part.language) or part.language.replace("\\begin", "\\end")
    at = line.rfind(close) + len(close)
    if part.line == part.end:
        opening = line.find(part.language) + len(part.language)
        at = line.find(close, opening) + len(close)
    return line[:at].rstrip(), line[at:].strip()


class FileLines:
    """Finds the lines of a notebook's cells in the file, in which they stand as JSON."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._cursor = max(text.find('"cells"'), 0)

    def of(self, lines: Sequence[str]) -> list[int]:
        """The numbers of lines that come next in the file, in order."""
        numbers = []
        for line in lines:
            for ascii_only in (False, True):
                needle = json.dumps(line, ensure_ascii=ascii_only)[1:-1]
                found = self._text.find(needle, self._cursor) if needle else -1
                if found >= 0:
                    self._cursor = found + len(needle)
                    break
            numbers.append(bisect_right(self._ends, self._cursor - 1) + 1)
        return numbers
