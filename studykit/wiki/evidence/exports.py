"""Who speaks in a chat as messengers export it: `2031년 3월 4일 오후 8:01, 하늘 : 다 읽었다`.

Each line begins with when it was said, and the form of that is the messenger's own. So two lines of
one form are enough, whatever the names are.
"""

from __future__ import annotations

import re

from studykit.wiki.evidence.crowd import Crowd
from studykit.wiki.rows import Row

__all__ = ["take_actions", "take_exports"]

_DIGIT = re.compile(r"\d")
_DAY = r"\d{1,4}(?:[./-]|년|年)[ ]?\d{1,2}(?:[./-]|월|月)[ ]?\d{1,4}(?:일|日)?\.?"
_HALF = r"(?:오전|오후|午前|午後|AM|PM)"
_CLOCK = rf"(?:{_HALF}[ ]?)?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:[ \u202f]?[AaPp]\.?[Mm]\.?)?"
_WHO = r"(?P<who>[^\s:\[\]][^:\t\[\]]{0,28}?)"
_FORMS = (
    # `2031년 3월 4일 오후 8:01, 하늘 : …`, `12/03/2031, 15:21 - Robin: …`
    re.compile(rf"{_DAY},?[ ]{_CLOCK}(?:,|[ ]-)[ ]{_WHO}[ ]?:[ ]+(?=\S)"),
    # `오후 9:03, 하늘 : …`, below the line of its day
    re.compile(rf"{_HALF}[ ]?\d{{1,2}}:\d{{2}},[ ]{_WHO}[ ]?:[ ]+(?=\S)"),
    # `[12/03/31, 15:21:33] Robin: …`, `[2031-03-04 15:21] Robin: …`
    re.compile(rf"\[{_DAY},?[ ]{_CLOCK}\][ ]{_WHO}:[ ]+(?=\S)"),
    # `20:01	하늘	…`
    re.compile(rf"{_CLOCK}\t(?P<who>[^\t]{{1,28}})\t(?=\S)"),
    # `14:07:10 From Robin Field to Everyone : …`
    re.compile(
        rf"{_CLOCK}[ \t]+From[ \t]+{_WHO}(?:[ \t]+to[ \t]+[^:]{{1,40}}?)?[ \t]*:[ \t]+(?=\S)"
    ),
    # `하늘 [20:01] …`, `하늘 (20:01): …`
    re.compile(rf"{_WHO}[ ][\[(]{_CLOCK}[\])][ ]?:?[ ]+(?=\S)"),
)
_ACTION = re.compile(
    r"\d{1,2}:\d{2}(?::\d{2})?[ \t]+\*[ \t]+(?P<who>[^\W\d_][\w.|`^-]{0,30})[ \t]+(?=\S)"
)
FEW = 2
MANY = 5
WIDE = 40


def take_actions(crowd: Crowd, rows: list[Row]) -> None:
    """`09:01  * robin waves`, in a log where `<robin> …` says something."""
    logged = sum(row.words[:1] == "<" and row.line.words[:1].isdigit() for row in rows) > MANY
    for row in rows:
        action = _ACTION.match(row.line.words) if row.line.words[:1].isdigit() else None
        if action and row.kind == "words" and (logged or crowd.why(action["who"])):
            crowd.knows(action["who"], f"line {row.line.number}: a nick in the log of a chat")
            begin = row.line.words.find(row.words)
            if 0 <= begin <= action.start("who"):  # else marks stand between
                crowd.reporting[row.line.number] = (action["who"], action.end() - begin)


def take_exports(crowd: Crowd, rows: list[Row]) -> None:
    """Take in those behind when it was said, where two lines of a messenger's form have it."""
    digits = [row for row in rows if row.kind == "words" and _DIGIT.search(row.words[:WIDE])]
    for form in _FORMS:
        found = [
            (match["who"].strip(), match.end(), row.line.number)
            for row in digits
            if (match := form.match(row.words))
        ]
        if len(found) < FEW:
            continue
        for who, end, number in found:
            crowd.knows(who, f"line {number}: a time and a name, in a chat that was exported")
            crowd.exported.add(number)
            crowd.reporting[number] = (who, end)
