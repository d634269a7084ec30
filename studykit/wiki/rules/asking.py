"""How a question ends, what it has in it, and what only looks like one."""

from __future__ import annotations

import re
from functools import lru_cache

from studykit.wiki.endings import with_final

__all__ = ["asks", "asks_somebody", "inquires", "proposes", "raises", "wonders"]

LONGEST = 400
TAIL = 24
_ASIDE = re.compile(r"[ \t]*\([^()]{0,200}\)[ \t.]*$")
_ASKS = re.compile(
    rf"(?:\?|[{with_final('갈')}]까|는지|은지|을지|인지|건지|나요|가요|까요|인가|은가|는가|던가|떤가|궁금\S{{0,6}}"
    r"|부탁\S{0,6}|알고 ?싶\S{1,4}|감사하겠습니다|か|かな|っけ|でしょう"
    rf"|(?<![편먼단])[{with_final('간')}]지"
    r"|(?:알려|설명해|비교해|가르쳐|말해|말씀해|이야기해|얘기해|추천해|제시해)"
    r"[ ]?(?:주(?!셨|었)\S{1,4}|(?:봐라|보라|보세요|보시오))|(?:설명|비교|서술)하(?:시오|세요|라))"
    r"[\s.!~)\]\\。]*(?:\([^()]{0,40}\)[\s.]*|(?:[–—-][ \t]+|[←<][ \t]*)[^\s–—()←<-]{1,12})?$"
)
_TO_SOMEBODY = re.compile(
    r"(?:나요|가요|까요)[.!\s]*$|(?:나요|가요|까요|지요)[?]|궁금(?:합니다|해요|했습니다)"
    r"|ますか|でしょうか"
)
_WONDERS = re.compile(r"왜|어떻게|무엇|무슨|뭔|어떤|언제|어디|[는은인을할]지|차이|모르|궁금|헷갈")
_ENGLISH = re.compile(
    r"(?:what|why|how|when|where|who|which|can|could|does|do|is|are)\b", re.IGNORECASE
)
_INQUIRES = re.compile(
    r"왜|어떻게|무엇|무슨|뭔|어떤|언제|어디|몇|얼마|누가|누구|(?:인|는|은|한)가(?:요)?\?|나요?\?|까요?\?"
    r"|[은는]지(?:요)?\?|[ぁ-ん一-龥]\?|か\?$|[가-힣][은는]\?|이유\?|\A(?:should|can|could|do|does|is|are|will|would)\b"
    r"|ますか|ですか|とは|何|なぜ|どう|\b(?:what|why|how|when|where|who|which)\b",
    re.IGNORECASE,
)
_RHETORIC = re.compile(r"(?:지|가|진|도|면|것|듯|지는)[ ]?않|어떨|어때|싶|좋을|다면\?|[.…]{2,}\?")
"""`… 하지 않을까?`, `… 하면 어떨까?` propose something, and ask nothing."""
_RAISES = re.compile(
    rf"(?:[는은인을던건]지|[{with_final('갈')}]지|[냐느]냐고|까)"
    r"(?:에[ ]?(?:대한|대해|관한))?[,.]?[ ](?:\S{1,8}[ ])?"
    r"(?:의문(?:점)?|질문|문의|궁금증)(?:을|이|를)?[ ]?"
    r"(?:제기|있었|있음|나옴|나왔|들어옴|들어왔|받음|받았|함|했|하심|하셨)\S{0,4}[\s.!)\\]*$"
)
"""`… 맞는지 의문을 제기함`, `… 되는지 질문이 있었음`."""
_LEADS = re.compile(r"[>→⇒➔➡]")
_ARROW = re.compile(r"[ \t]*(?:[-=]{1,2}>|[→⇒➔➡])")


def asks(words: str) -> bool:
    """Whether the words end as a question does; what an arrow leads to is not looked at."""
    return _asks(words) if len(words) < LONGEST else _ASKS.search(words[-80:]) is not None


@lru_cache(maxsize=256)
def _asks(words: str) -> bool:
    if words.isascii() and "?" not in words:
        return False
    said = _ARROW.split(words, maxsplit=1)[0] if _LEADS.search(words) else words
    return _ASKS.search(said[-80:]) is not None


def asks_somebody(words: str) -> bool:
    """Whether the words ask as one asks others, `… 하나요?`, and not as a book's title does."""
    return _TO_SOMEBODY.search(words[:LONGEST]) is not None


def inquires(words: str) -> bool:
    """Whether the words ask for something, and do not only propose it: `… 하면 어떨까?`."""
    return not proposes(words) and _INQUIRES.search(words[:LONGEST]) is not None


def proposes(words: str) -> bool:
    """Whether the words only propose something: `… 하면 어떨까?`."""
    return _RHETORIC.search(words[-TAIL:]) is not None


def raises(words: str) -> bool:
    """Whether the words end in what tells that it was asked: `… 맞는지 의문을 제기함`."""
    return ("의문" in words or "질문" in words or "문의" in words or "궁금" in words) and (
        _RAISES.search(_ASIDE.sub("", words)[-LONGEST:]) is not None
    )


def wonders(words: str) -> bool:
    """Whether the words have what questions have, whatever they end in: `왜`, `How …`."""
    return bool(_WONDERS.search(words[:LONGEST]) or _ENGLISH.match(words))
