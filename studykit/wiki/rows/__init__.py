r"""Lines as rows: what a line's marks say before anybody asks what its words mean.

A list mark, a tick box, a heading's mark, Markdown's emphasis, a code fence: all that is form is
taken off here once, so that the rules see plain words. In a `.txt` nothing is Markdown: there `#4`,
`<이름>` and `**` are text.

>>> from studykit.wiki.lines import split_lines
>>> row = read_rows(split_lines("- [x] **현수** : 코드\n"), markdown=True)[0]
>>> row.mark, row.box, row.words
('bullet', True, '현수 : 코드')
"""

from __future__ import annotations

import re

from studykit.wiki.lines import Line, conflicts
from studykit.wiki.rows.clocks import clocked, dated
from studykit.wiki.rows.headings import bracketed_asides, underlined
from studykit.wiki.rows.keys import EXPLAINS, keyed
from studykit.wiki.rows.lists import (
    banged,
    below_to_do,
    dashed,
    lettered,
    pasted_bullets,
    ringed,
    signed_items,
)
from studykit.wiki.rows.marks import OUTLINE, row_of, words_start
from studykit.wiki.rows.markup import ELEMENT, PROFILE
from studykit.wiki.rows.outlines import outlined
from studykit.wiki.rows.row import LABEL_LEVEL, Mark, Row, RowKind
from studykit.wiki.rows.tables import bare_tables, ruled_columns, tabbed, unframed

__all__ = [
    "ELEMENT",
    "EXPLAINS",
    "LABEL_LEVEL",
    "OUTLINE",
    "PROFILE",
    "Mark",
    "Row",
    "RowKind",
    "read_rows",
    "words_start",
]

_BALLOTS = frozenset("☐□☑☒⬜✅")
FRONT = 100
"""No front matter has more lines."""
_FENCE = re.compile(r"(`{3,}|~{3,})\s*+([^\s`]*+)[^`]*+")
_PLAIN_FENCES = frozenset(("", "text", "txt", "plain", "plaintext", "md", "markdown"))
_KEY = re.compile(r"[\w-][\w -]{0,40}:(?:\s|$)|#[ \t]?[a-z]|---\s*$")
_PROMPT = re.compile(
    r"(?:[\w.@-]{1,40}:[ \t]?[~/][\w./-]{0,60})?[$%][ \t]\S|>>> \S|\[[+*!]\] "
    r"|(?:sudo )?(?:wget|curl|git clone|pip3? install|npm (?:i|install|run)|apt(?:-get)?) \S"
)
"""`robin:~/map$ make`, `$ make`, `[+] leak: 0x7f`."""


def read_rows(lines: list[Line], *, markdown: bool) -> list[Row]:
    """Take the marks off every line.

    Args:
        lines: A note's lines.
        markdown: Whether the note is Markdown, by its name.

    Returns:
        One row a line.
    """
    rows: list[Row] = []
    left = {index for group in conflicts(lines) for index in group}
    fence, code = "", False
    boxed: list[int] = []
    dashes = dashed(lines)
    front = markdown and len(lines) > 1 and lines[0].text.rstrip() == "---"
    # A note may begin with a rule: front matter begins with a key, or ends at once.
    front = front and _KEY.match(lines[1].text) is not None
    ends = (line.text.rstrip() in ("---", "...") for line in lines[1:FRONT])
    front = front and any(ends)
    for index, line in enumerate(lines):
        words = line.words
        if index in left:
            rows.append(Row(line, "conflict"))
            continue
        if front:
            rows.append(Row(line, "front"))
            front = index == 0 or line.text.rstrip() not in ("---", "...")
            continue
        mark = _FENCE.fullmatch(words) if markdown and words[:3] in ("```", "~~~") else None
        if mark and not fence:
            fence, code = mark[1], mark[2].lower() not in _PLAIN_FENCES
            rows.append(Row(line, "fence"))
        elif mark and mark[1].startswith(fence) and not mark[2]:
            fence, code = "", False
            rows.append(Row(line, "fence"))
        elif not words and not line.text.strip():
            rows.append(Row(line, "blank"))
        elif code or not words:  # what only looks blank is shown
            rows.append(Row(line, "code", program=code))
        else:
            if words[0] in _BALLOTS:
                boxed.append(index)
            rows.append(row_of(line, words, markdown=markdown and not fence, dashes=dashes[index]))
    signs = {lines[index].words[0] for index in boxed}
    ballots = "☐" in signs or (signs & set("□⬜") and signs & set("☑✅"))
    for index in boxed if ballots else below_to_do(lines, boxed):
        line = lines[index]
        rows[index] = row_of(line, line.words, markdown=markdown, ballots=True)
    if markdown:
        bare_tables(rows)
    _prompted(rows)
    pasted_bullets(rows)
    banged(rows)
    ringed(rows)
    clocked(rows)
    dated(rows)
    if not markdown:
        outlined(rows)
    keyed(rows)
    signed_items(rows)
    lettered(rows)
    tabbed(rows)
    if not markdown:
        ruled_columns(rows)
    unframed(rows)
    underlined(rows, markdown)
    bracketed_asides(rows)
    return rows


def _prompted(rows: list[Row]) -> None:
    """Make code of what a plain fence holds where a shell's prompt stands in it."""
    fences = [at for at, row in enumerate(rows) if row.kind == "fence"]
    for begin, end in zip(fences[::2], fences[1::2], strict=False):
        inside = rows[begin + 1 : end]
        if any(_PROMPT.match(row.line.words) for row in inside):
            for at, row in enumerate(inside, begin + 1):
                if row.kind == "words":
                    rows[at] = Row(row.line, "code", program=True)
