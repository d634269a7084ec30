"""`- [w01-q2] 구름은 왜 흰가`: a line that names a record by its id, and is no new one.

What it says of the record may stand with it: `- [x] [w01-task1] …` that it is done, and
`A. (w01-q2) …`, `w01-q2 답: …` or an answer right below the line what answers it.
"""

from __future__ import annotations

import re

from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row
from studykit.wiki.rules.marked import add_answer
from studykit.wiki.rules.state import State

__all__ = ["mention", "mentioned", "naming_answer"]

_ID = r"[a-z0-9-]+-(?:q|d|talk|task)\d+"
_MENTION = re.compile(rf"\[(?P<id>{_ID}|i[1-9]\d{{0,8}})\](?!\S)")  # or an issue's
# With a tick box no brackets are needed: nothing else begins with a box and an id.
_TICKED = re.compile(rf"\[?(?P<id>{_ID})(?:\]|(?![\w-]))")

_QUESTION = r"[\[(]?(?<![\w-])(?P<id>[a-z0-9-]+-q\d+)(?![\w-])[\])]?"
_WORD = r"(?P<word>[^\W\d_][^\d:()\[\].]{0,20}?)"
_SIGN = r"(?:[:)]|\.(?=[ \t])|-(?=[ \t]))"
_WORD_FIRST = re.compile(
    rf"{_WORD}[ \t]*{_SIGN}?[ \t]*{_QUESTION}[ \t]*{_SIGN}?[ \t]*(?=\S)", re.IGNORECASE
)
_ID_FIRST = re.compile(
    rf"{_QUESTION}[ \t]*[:,]?[ \t]*{_WORD}[ \t]*{_SIGN}[ \t]*(?=\S)", re.IGNORECASE
)


def mention(state: State, index: int) -> int:
    """Claim a line that opens with the id of a record, as `studykit new meeting` writes it."""
    row = state.rows[index]
    record_id = mentioned(row)
    if record_id is None:
        return 0
    state.block("prose", index)
    if row.box or row.struck:
        state.closed.append((index, record_id))
    # An answer may stand below it.
    state.answered.append((index + 1, record_id))
    return 1


def mentioned(row: Row) -> str | None:
    """The id of the record with which a line opens."""
    match = _MENTION.match(row.words) if row.words.startswith("[") else None
    if match is None and row.box is not None:
        match = _TICKED.match(row.words)
    return match["id"] if match else None


def naming_answer(state: State, index: int) -> int:
    """Claim an answer that names the question's id: `답 (w01-q2): …`."""
    row = state.rows[index]
    if row.kind != "words" or row.level:
        return 0
    words = row.words[:120]
    if "-q" not in words and "-Q" not in words:
        return 0
    if row.listed and _MENTION.match(words):
        return 0  # carried over, whatever the question says: `- [w01-q2] A. …`
    match = _WORD_FIRST.match(words) or _ID_FIRST.match(words)
    if match is None or state.lexicon.marks.get(squeeze(match["word"])) != "answer":
        return 0
    question = match["id"].lower()
    reason = f"an answer that names {question}"
    return add_answer(state, index, row.at(match.end()), state.continued(index), reason, question)
