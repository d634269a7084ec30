"""What names look like, before anybody knows whose they are.

A shape is no proof: `이미지` could be a full name as well. `evidence` asks for more.

>>> [shape_of(word) for word in ("이하늘", "하늘", "Robin", "KDH", "sky_2", "구현하기")]
['full', 'given', 'latin', 'initials', 'nick', None]
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

__all__ = [
    "NameShape",
    "begins_as_full",
    "is_family",
    "is_short_full",
    "is_spaced_full",
    "is_surname",
    "listed_shape",
    "long_given",
    "shape_of",
]

NameShape = Literal["full", "given", "latin", "initials", "nick", "kanji"]

_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소나옹"
    "석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부가복태목형피두감호음빈동온시범좌팽승간상갈단견당"
)
# The syllables of Korean given names: `모델링` and `전처리` begin with a surname, too.
_GIVEN = (
    "가강건결겸경광교구국권규균그근금기길나남네노누늘다단달담대덕도동두드라람래량련렬령로록롬루륜률름리린림마만말명모무문"
    "미민바방배백범벼별병보복봄봉빈빛산삼상새샘서석선설섭성세소손솔솜송수숙순슬승시식신실심아안애양언엘엽여연열영예오"
    "옥온완용우욱운웅원월위유윤율은을음의이인일임자장재전정제조종주준중지진찬창채천철청초춘충치친태택하학한해향혁현협형"
    "혜호홍화환활황회효후훈훤휘흠희힘헌표필익관탁요흥랑곤묵락란걸롱룡륭"
)
_TWO_SYLLABLES = r"(?:남궁|황보|제갈|선우|독고|사공)"
_FULL = re.compile(rf"[{_SURNAMES}][{_GIVEN}]{{2}}|{_TWO_SYLLABLES}[{_GIVEN}]{{1,2}}")
_LONG_FULL = re.compile(rf"{_TWO_SYLLABLES}(?P<given>[{_GIVEN}]{{1,2}})")
_GIVEN_NAME = re.compile(rf"[{_GIVEN}]{{2}}")
_SPACED_GIVEN = re.compile(rf"[{_GIVEN}]{{1,2}}")
_LATIN = re.compile(r"[^\W\d_][\w'’.-]{1,19}(?: [^\W\d_][\w'’.-]{0,19}){0,3}")
_INITIALS = re.compile(r"[A-Z]{2,4}")
_NICK = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{1,24}")
_KANJI = re.compile(r"[\u4e00-\u9fff々]{2,4}|[\u4e00-\u9fff々]{1,4} [\u4e00-\u9fff々ぁ-ん]{1,4}")
_HANGUL = re.compile(r"[가-힣]{2,5}")
_KANA = re.compile(r"[\u4e00-\u9fffぁ-んァ-ヶー]{1,12}")


# What most Japanese surnames end in; a word of two kanji that does may be something else.
_SURNAME = re.compile(
    r"[\u4e00-\u9fff々]{1,2}[木田口本村山川野井原島崎藤沢澤林橋谷池岡塚松森石倉宮坂尾浦江辺邊関瀬杉津嶋]"
    r"|田中|山中|竹内|山内|堀内|河内|川上|井上|村上|三上|木下|山下|宮下|松下|渡部|阿部|安部|服部|岡部"
    r"|大西|小西|中西|北条|高木|久保|近藤|河合|金子|相馬|大熊|大場|菅"
)
_NO_SURNAME = re.compile(
    r"[入出窓人]口|[日資手見標台原]本|[分視]野|根本|基本|農村|[森山]林"
    r"|広島|福島|福岡|静岡|岡山|富山|石川|香川|神奈川|長野|宮崎|長崎|山口"
)


@lru_cache(maxsize=1024)
def shape_of(word: str) -> NameShape | None:
    """The kind of name that `word` could be by its letters alone, or None.

    Args:
        word: A label as written, without 님 and `@`.
    """
    if len(word) > 60:
        return None
    if _FULL.fullmatch(word):
        return "full"
    if _GIVEN_NAME.fullmatch(word):
        return "given"
    if _INITIALS.fullmatch(word):
        return "initials"
    if _LATIN.fullmatch(word) and all(part[:1].isupper() for part in word.split()):
        return "latin"
    if _NICK.fullmatch(word):
        return "nick"
    return "kanji" if _KANJI.fullmatch(word) else None


def begins_as_full(word: str) -> bool:
    """Whether `word` begins with a Korean surname, and has nothing but Hangul.

    Examples:
        >>> begins_as_full("반계령"), begins_as_full("라온")
        (True, False)
    """
    return word[:1] in _SURNAMES and _HANGUL.fullmatch(word) is not None


def long_given(word: str) -> str:
    """The given name behind a surname of two syllables; nothing where there is none.

    Examples:
        >>> long_given("남궁하늘"), long_given("이하늘")
        ('하늘', '')
    """
    full = _LONG_FULL.fullmatch(word)
    return full["given"] if full else ""


def is_family(word: str) -> bool:
    """Whether `word` is a Korean family name of one syllable."""
    return len(word) == 1 and word in _SURNAMES


def is_short_full(word: str) -> bool:
    """Whether `word` is a surname and one syllable of a given name: `허준`."""
    return len(word) == 2 and word[0] in _SURNAMES and word[1] in _GIVEN


def is_spaced_full(word: str) -> bool:
    """Whether `word` is a surname of one syllable, and apart from it a given name: `허 준`."""
    if word[1:2] != " ":
        return False
    family, _, given = word.partition(" ")
    return is_family(family) and _SPACED_GIVEN.fullmatch(given) is not None


def is_surname(word: str) -> bool:
    """Whether `word` looks like a Japanese surname: two or three kanji, the last one of a place.

    Examples:
        >>> is_surname("鈴木"), is_surname("設計"), is_surname("入口")
        (True, False, False)
    """
    return _SURNAME.fullmatch(word) is not None and not _NO_SURNAME.fullmatch(word)


def listed_shape(word: str) -> bool:
    """Whether `word` can be somebody in a list that says itself to be of people."""
    letters = _HANGUL.fullmatch(word) or _KANA.fullmatch(word)
    return bool(letters) or is_spaced_full(word) or shape_of(word) is not None
