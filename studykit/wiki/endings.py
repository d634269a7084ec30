"""How lines end: as what was, what will be, what tells something; and what brackets add."""

from __future__ import annotations

import re

__all__ = [
    "LAST_ASIDE",
    "PAST",
    "TELLS",
    "WILL_DO",
    "is_sentence",
    "is_statement",
    "says_something",
    "with_final",
]


def with_final(syllable: str) -> str:
    """All syllables that end in the consonant of one that begins with ㄱ and ㅏ: those of 갈."""
    return "".join(map(chr, range(ord(syllable), ord("힣") + 1, 28)))


PAST = re.compile(
    rf"(?![있겠])[{with_final('갔')}]"
    r"(?:음|다|습니다|어요|고)[\s.!~)]*$"
)
WILL_DO = re.compile(rf"[{with_final('간')}]다[\s.]*$")
"""`그린다`: what is done, and was not yet."""
LAST_ASIDE = re.compile(r"(?:\([^()]{0,200}\)[\s.]*){1,3}$")
_TAIL = 40
_HANGUL = re.compile(r"[가-힣]")
_KANA = re.compile(r"[ぁ-んァ-ヶ一-鿿]")
TELLS = re.compile(r"(?:다|요|[?？。])[\s.!~)]*$")
_STATEMENT = re.compile(
    r"(?:다|요|음|함|됨|(?<=고 )봄|(?<=[하으])심|(?<![모게타책레])임|(?<=[A-Za-z\d)])[.](?!\))|。)"
    r"[\s.!~)]*$"
)
_SENTENCE = re.compile(
    r"(?:다|요|음|함|됨|까|(?<![모게타책레])임|(?<=[A-Za-z\d)])[.](?!\))|[?!？。])[\s.!~)]*$"
)


def is_statement(words: str) -> bool:
    """Whether words end as what tells something does."""
    return _STATEMENT.search(words[-_TAIL:]) is not None


_NOUNS = r"(?<=그)림|(?<=이)름|(?<=사)람|(?<=[마처다])음|(?<=[게모책])임|[팀폼템즘램힘]"
_KOREAN = re.compile(
    rf"(?:다|요|(?!{_NOUNS})[{with_final('감')}]|했|까|듯|네|[하되]지|죠|[하보읽쓰]자|냐|니|거|것|는데|지만|[하되]고"
    r"|[하아어해]서|[하되으]면|ㅠ|ㅋ|ㅎ|[?!…]|\.{2,})[\s.~!?)\]ㅋㅎㅠ^:;]*$"
    r"|[가-힣A-Za-z)](?:은|는|을|를|에서|에게|한테|처럼|보다|라고|면서|지만|는데|니까|해서|어서|아서"
    r"|려고|하고|으면|하면)(?=[ ,])"
)
_ENGLISH = re.compile(
    r"\b(?:i|we|you|it|they|he|she|is|are|was|were|be|been|should|could|can|will|would|think|thinks"
    r"|have|has|had|do|does|did|not|that|this|these|those|there|need|needs|maybe|if|because|but|so"
    r"|how|why|what|when|which|who|same|agree[sd]?|yes|no|yeah|just|too|my|our|your|their)\b"
    r"|['’](?:t|s|re|m|ll|ve)\b|[?!]"
    r"|^\W*(?:\w+ed|drew|made|found|wrote|got|went|saw|gave|took|ran|met|said|left|kept|tried)\b",
    re.IGNORECASE,
)
_JAPANESE = re.compile(r"[ぁ-ん]{3}|[はがをにで?？。！!]")
_ADDRESS = re.compile(r"https?://\S+")


def says_something(words: str) -> bool:
    """Whether the words have anything that a sentence has and the mere name of a thing has not.

    Examples:
        >>> says_something("지도가 작은 것 같다"), says_something("지도 그리기, 표지")
        (True, False)
        >>> says_something("the map is too small"), says_something("map, cover sheet")
        (True, False)
    """
    words = LAST_ASIDE.sub("", _ADDRESS.sub("", words)).strip()
    if _HANGUL.search(words):
        return _KOREAN.search(words) is not None
    if _KANA.search(words):
        return _JAPANESE.search(words) is not None
    return _ENGLISH.search(words) is not None


def is_sentence(words: str) -> bool:
    """Whether words end as what tells something or asks does, and no title."""
    return _SENTENCE.search(words[-_TAIL:]) is not None
