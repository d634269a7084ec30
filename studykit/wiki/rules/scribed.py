"""`<robin> …`, `<scribe> sky: …`, `<robin> action: sky to draw a map`: the log of a chat."""

from __future__ import annotations

import re
from dataclasses import replace

from studykit.wiki.evidence import names_in
from studykit.wiki.records import Decision, Opinion, Point
from studykit.wiki.rules.mark import mark_of
from studykit.wiki.rules.state import State
from studykit.wiki.rules.task import add_task

__all__ = ["scribed"]

_COMMAND = re.compile(
    r"(?:zakim|rrsagent|trackbot|ghurlbot)\b"
    r"|(?:present|scribe|scribenick|regrets|agenda|meeting|chairs?|date|previous meeting)\s?[:+-]"
    r"|(?:q|queue)\s?(?:[+=?/-]|$)|ack\b|(?:subtopic|topic):"
    r"|s/[^/]+/|\S+ has (?:joined|left) #|https?://\S+$",
    re.IGNORECASE,
)
"""What a chat's bots are told, or what is no more than an address."""
_GOES_ON = ("...", "…")
_SAYS = re.compile(r"(?P<who>[A-Za-z][\w.|`^-]{0,30}): +(?=\S)")


def scribed(state: State, index: int) -> int:
    """Claim a line of the log of a chat."""
    row = state.rows[index]
    nick = state.crowd.scribed.get(row.line.number)
    label = row.label
    if nick is None or label is None:
        return 0
    words = row.words[label.end :]
    if not nick or _COMMAND.match(words) or words.startswith(_GOES_ON):
        state.block("prose", index)
        return 1
    mark = mark_of(state, index, label.end)
    settled = state.lexicon.settles.match(words)
    if settled or (mark is not None and mark.kind == "decision"):
        state.block("decision", index)
        place = state.place(mark.start if mark else row.at(label.end), index)
        reason = mark.reason if mark else f"the line begins with {settled and settled.group()}"
        state.records.append(Decision(**place, evidence=(reason,)))
        return 1
    if mark is not None and mark.kind == "task":
        who, to, _ = state.text[mark.start : row.end].partition(" to ")
        owners = who if to and names_in(state.crowd, who)[0] else mark.aside
        found = add_task(state, index, 1, mark.reason, start=mark.start, aside=owners)
        if found.owners == (nick,) and nick.casefold() in state.crowd.scribes:
            # Who writes it down is not by that who does it.
            state.records[-1] = replace(found, owners=(), evidence=(mark.reason,))
        return 1
    speakers, said, reason = (nick,), label.end, "a nick in the log of a chat"
    through = _SAYS.match(words) if nick.casefold() in state.crowd.scribes else None
    if through and state.crowd.why(through["who"]):
        speakers, said = (through["who"],), label.end + through.end()
        reason = f"{nick} is a scribe, and says who speaks"
    place = state.place(row.start, index)
    start = row.at(said)
    points = (Point(start, place["end"], state.text[start : place["end"]]),)
    state.block("opinion", index)
    state.records.append(Opinion(**place, evidence=(reason,), speakers=speakers, points=points))
    return 1
