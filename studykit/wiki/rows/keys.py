"""Signs that a note explains itself: `!! = 정한 것   >> = 할 일`."""

from __future__ import annotations

import re
from itertools import islice

from studykit.wiki.rows.row import WIDE, Row

__all__ = ["EXPLAINS", "keyed"]

TOP = 8
EXPLAINS = "="
"""The key of the line that explains a note's signs."""
_KEY_PAIR = re.compile(
    r"(?P<sign>[^\w\s,:;/()\[\]「」『』'\"“”.·*#|-]{1,2}\ufe0f?)[ \t]*(?:[=:][ \t]*)?"
    r"(?P<name>[^\W\d_][\w ]{0,14}?)(?=[ \t]{2,}|[ \t]*[,/;)]|[ \t]+[^\w\s]|[ \t]*$)"
)
_KEYED = re.compile(r"(?:[-+•·][ \t]+)?(?P<rest>\S.*)")


def keyed(rows: list[Row]) -> None:
    """Take off the signs that a line near the top explains, `!! = 정한 것   >> = 할 일`.

    Two of them begin lines below, three lines or more.
    """
    top = islice((at for at, row in enumerate(rows) if row.kind == "words"), TOP)
    for at in top:
        pairs = (
            list(_KEY_PAIR.finditer(rows[at].line.words)) if len(rows[at].line.words) < WIDE else []
        )
        signs = {pair["sign"].rstrip("\ufe0f"): pair["name"].strip() for pair in pairs}
        if len(signs) < 2 or len(signs) < len(pairs):
            continue
        found: list[tuple[Row, str, int]] = []
        for row in rows[at + 1 :]:
            match = _KEYED.match(row.line.words) if row.kind == "words" else None
            sign = next((each for each in signs if match and match["rest"].startswith(each)), "")
            if match and sign:
                found.append((row, sign, match.start("rest")))
        if len({sign for _, sign, _ in found}) < 2 or len(found) <= 2:
            continue
        rows[at].key, rows[at].level = EXPLAINS, 0
        for row, sign, begin in found:
            words = row.line.words
            end = begin + len(sign)
            end += len(words) - end - len(words[end:].lstrip(" \t\ufe0f:"))
            row.key, row.level, row.listed = signs[sign], 0, True
            row.mark, row.sign = "bullet", sign
            if end < len(words) and row.words not in words[end:]:
                row.first, row.words, row.places = end, words[end:], None
        return
