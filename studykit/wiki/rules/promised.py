"""`제가 내일 올릴게요`, `하늘님 표 공유 부탁드려요`: who says that they will do it, or is asked to.

In a chat nobody makes a list of tasks: they are told in messages, each to the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from studykit.wiki.endings import with_final
from studykit.wiki.evidence import names_in
from studykit.wiki.records import Due
from studykit.wiki.rows import Row
from studykit.wiki.rules.state import State

__all__ = ["Told", "promised", "requested"]

LONGEST = 200
TAIL = 40
FEW = 3
SHORT = 2
_FILLER = (
    r"(?:(?:그럼|그러면|네|넵|넹|예|응|아|오|앗|엇|좋아요|그리고|일단|ㅇㅋ|ㅇㅇ"
    r"|ok(?:ay)?|sure|yep|yes|yeah|then|and|so|はい|では|じゃあ?|了解です)[ \t,.!~、。]+){0,3}"
)
_I = re.compile(
    rf"{_FILLER}(?:제가|저는|저도|저|전|내가|나는|난|나도|(?:私|僕|俺|自分)(?:は|が|も))"
    r"[ \t、]*(?=\S)",
    re.IGNORECASE,
)
_I_WILL = re.compile(
    rf"{_FILLER}(?:I['’]ll|I will|I can|i'm going to)[ ](?:also )?(?P<what>.+)", re.IGNORECASE
)
_PROMISES = re.compile(
    rf"(?:[{with_final('갈')}]게(?:요|용|여|염)?|겠습니다|겠어요|기로 ?(?:함|했어요|했습니다)"
    r"|(?:て|で)おきます|[^い]ます)(?=[\s.!~。🙏ㅎㅋㅠ^(]|$)"
)
_ASKED_OF = re.compile(
    rf"{_FILLER}@?(?P<who>[^\s,、]{{1,12}}?)(?P<called>님|씨|쌤|오빠|언니|형|누나|선배|さん|くん|君)?"
    r"(?:은|는|이|가|께서|は|が)?(?:[ \t,、]+|(?<=は)|(?<=が))(?P<what>\S.*)"
)
_ASKS = re.compile(
    r"(?:[가-힣] ?주(?:세요|셔요|시고|시기로|실 ?분|시면 (?:돼요|됩니다|좋겠\S*|감사\S*))"
    r"|부탁 ?(?:드려요|드립니다|드릴게요|해요|합니다|좀)"
    r"|(?:て|で)(?:おいて)?ください|お願いします)(?=[\s.!~。🙏ㅎㅋㅠ^(]|$)"
)
_CAN_YOU = re.compile(
    rf"{_FILLER}@?(?P<who>[A-Za-z][\w.'-]{{1,20}}(?: [A-Z][\w.'-]{{0,15}})?),? "
    r"(?:can|could|would|will|pls|please)(?: you)? (?:please |pls )?(?P<what>.+)",
    re.IGNORECASE,
)
_LAUGHS = re.compile(r"[ㅋㅎㅠㅜ]+")
_TIME_ALONE = re.compile(r"(?:까지|안에|안으로|내로|전까지|중으?로?|まで(?:に)?|by|요|\s)+")


@dataclass(frozen=True, slots=True)
class Told:
    """Who is to do something, by when, and why a message says so."""

    owners: tuple[str, ...]
    due: Due | None
    reason: str


def promised(state: State, row: Row, said: int, speakers: tuple[str, ...]) -> Told | None:
    """What somebody says in a message that they will do.

    Args:
        state: What has been read.
        row: The message's line.
        said: Where in it begins what is said.
        speakers: Whose message it is.
    """
    words = row.words[said:]
    if len(words) > LONGEST:
        return None
    if will := _I_WILL.match(words):
        if not state.lexicon.stems.match(will["what"]):
            return None
        return Told(speakers, state.due_in(row, words), "who says so will do it")
    own, promise = _I.match(words), _PROMISES.search(words)
    if own is None or promise is None or not _ends(state, words[promise.end() :]):
        return None
    due = state.due_in(row, words)
    doing = " ".join(words[: promise.end()].split()[-FEW:])
    if promise.start() - own.end() < SHORT and not state.lexicon.until.search(words):
        return None  # `제가 할게요 4/3`, whatever that is
    if due is None and not state.lexicon.stems.search(doing):
        return None
    return Told(speakers, due, "who says so will do it")


def requested(state: State, row: Row, said: int = 0) -> Told | None:
    """What a message asks somebody whom the note knows to do."""
    words = row.words[said:]
    if len(words) > LONGEST:
        return None
    asked = _CAN_YOU.match(words) if words[:1].isascii() else None
    if asked and (found := names_in(state.crowd, asked["who"]))[0]:
        if not state.lexicon.stems.match(asked["what"]):
            return None
        return Told(found[0], state.due_in(row, words), f"who is asked to do it: {found[1]}")
    asks = _ASKS.search(words)
    of = _ASKED_OF.match(words) if asks else None
    if of is None or asks is None or not _ends(state, words[asks.end() :]):
        return None
    found = names_in(state.crowd, f"{of['who']}{of['called'] or ''}")
    due = state.due_in(row, words)
    doing = " ".join(words[: asks.end()].split()[-FEW:])
    if not found[0] or (due is None and not state.lexicon.stems.search(doing)):
        return None
    return Told(found[0], due, f"who is asked to do it: {found[1]}")


def _ends(state: State, behind: str) -> bool:
    """Whether nothing but a time stands behind the verb, or a picture."""
    rest = "".join(letter for letter in behind if letter.isalnum() or letter in " /.:~-")
    rest = _LAUGHS.sub("", rest).strip(" .~-")
    return not rest or state.is_time(_TIME_ALONE.sub("", rest))
