"""`지도 화면 - 하늘` beside `검색 기능 - 다온`: work handed out, with nothing that says so."""

from __future__ import annotations

import re

from studykit.wiki.evidence import names_in
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import Row
from studykit.wiki.rules.letters import that_may_match
from studykit.wiki.rules.listed import in_list_with
from studykit.wiki.rules.state import State

__all__ = ["handed_out", "starred", "work_of"]

FEW = 3
NEAR = 16
TAIL = 40
LONGEST = 160
_BEHIND = tuple(
    (signs, re.compile(rf"(?P<work>\S.*?){pattern}[ \t.]*"))
    for signs, pattern in (
        (")]", r"[ \t]*[(\[](?P<who>[^()\[\]]{1,60})[)\]]"),
        (">→⟶⇒➔➡", r"[ \t]*(?:[-=]+>|[→⟶⇒➔➡])[ \t]*(?P<who>[^-=>→⟶⇒➔➡]{1,40})"),
        ("-–—", r"[ \t]+[-–—][ \t]*(?P<who>[^-–—]{1,40})"),
        ("-–", r"[-–][ \t]*(?P<who>[가-힣]{3}(?:,[ \t]*[가-힣]{3}){0,3})"),
        (":", r"[ \t]*:[ \t]*(?P<who>[^:]{1,60})"),
        ("/", r"[ \t]*/[ \t]*(?P<who>[^/]{1,40})"),
    )
)
"""Of each, the signs of which it has one, and the pattern."""
_SIGN = re.compile(r"[(\[>→⟶⇒➔➡:/–—-]")
"""What all these have one of."""
_LED_TO = re.compile(r"[-=]>|[→⟶⇒➔➡]")
_STARRED = re.compile(r"(?<=\S)[ \t]*★[ \t]*(?P<who>[^\s★][^★]{0,30})$")
_TELLS = re.compile(
    r"(?:(?:(?<!개)(?<!중)(?<!필)(?<!수)요|(?<!다)(?<!마)음|다|함|됨|듯|[하보두가]자)|[?!。]"
    r"|(?:った|いた|した|ている|だ|ない|面倒|便利))[\s.!~)]*$"
)


def handed_out(state: State, row: Row) -> str:
    """Whose a row's work is, where most rows beside it are work and somebody's name as well.

    Subjects of talks are listed alike: something has to say that it is work, be it one of the rows.
    """
    found = None if state.section.kind is not None or row.box is not None else work_of(state, row)
    if found is None or row.line.number in state.crowd.signed:
        return ""
    alone = row.listed and state.continued(state.row_of(row.line.number)) == 1
    if alone and _LED_TO.search(row.words) and state.lexicon.is_doing(found[0]):
        return "work, and an arrow to whose it is"
    if row.listed and state.lexicon.is_to_do(found[0]):
        return "says what is to be done, and whose it is"
    run = in_list_with(state, state.row_of(row.line.number), NEAR)
    parts = [part for each in run if (part := work_of(state, each))]
    people = {name for _, names in parts for name in names}
    doing = len(parts) > 1 and all(state.lexicon.is_doing(work) for work, _ in parts)
    few = 2 if doing else FEW
    if len(parts) < few or len(people) < FEW - 1 or 3 * len(parts) < 2 * len(run):
        return ""
    titled = state.titled_above()
    title = titled.title if titled else ""
    first = state.row_of(run[0].line.number)
    above = state.rows[max(0, first - 1)].words[:LONGEST]
    lexicon = state.lexicon
    if lexicon.talk_label.search(title) or lexicon.talk_label.search(above):
        return ""
    over = next(
        (
            each
            for each in reversed(state.rows[max(0, first - NEAR) : first])
            if each.kind == "words" and each.column < row.column
        ),
        None,
    )
    if over is not None and lexicon.done.search(over.words[-TAIL:]):
        return ""  # `업무 분담 완료`: how it was shared
    if over is not None and (lexicon.is_doing(over.words) or lexicon.section(over.words) == "task"):
        return "as others beside it: whose part it is of the work above"
    if any(lexicon.is_to_do(each.words) and not work_of(state, each) for each in run[:1]):
        return "as others beside it: whose part it is of the work above"
    works = sum(
        lexicon.is_doing(work)
        or lexicon.begins.match(work) is not None
        or lexicon.components.search(work) is not None
        for work, _ in parts
    )
    return "as others beside it: work, and whose it is" if FEW * works >= len(parts) else ""


def starred(state: State, row: Row) -> str:
    """`- 지도를 그린다 ★하늘`: a star and whose it is at the end, as in three lines or more."""
    if "★" not in row.words[-TAIL:] or not _STARRED.search(row.words[-TAIL:]):
        return ""
    if state.starred is None:
        tails = (each.words[-TAIL:] for each in state.rows)
        found = [match for tail in tails if (match := _STARRED.search(tail))]
        named = any(names_in(state.crowd, match["who"])[0] for match in found)
        state.starred = len(found) >= FEW and named
    return "a star and whose it is, as other lines have it" if state.starred else ""


def work_of(state: State, row: Row) -> tuple[str, tuple[str, ...]] | None:
    """The work and the names behind it, if a row is nothing else."""
    words = row.words
    if row.kind != "words" or row.level or row.mark == "arrow" or len(words) > LONGEST:
        return None
    if not _SIGN.search(words):
        return None
    for pattern in that_may_match(_BEHIND, words):
        match = pattern.fullmatch(words)
        names = names_in(state.crowd, match["who"].strip(" ,"))[0] if match else ()
        if match and names:
            work = match["work"].strip()
            word = squeeze(work)
            lexicon = state.lexicon
            if (
                _TELLS.search(work)
                or word in lexicon.offices
                or word in lexicon.attendees
                or word in lexicon.absent
                or word in lexicon.columns
                or state.crowd.is_role(work)
                or names_in(state.crowd, work)[0]
            ):
                return None
            return work, names
    return None
