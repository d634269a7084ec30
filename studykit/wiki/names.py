"""What names look like, before anybody knows whose they are.

A shape is no proof: `이미지` could be a full name as well. evidence.py asks for more.

>>> [shape_of(word) for word in ("이하늘", "하늘", "Robin", "KDH", "sky_2", "구현하기")]
['full', 'given', 'latin', 'initials', 'nick', None]
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

__all__ = ["NameShape", "begins_as_full", "is_short_full", "listed_shape", "shape_of"]

NameShape = Literal["full", "given", "latin", "initials", "nick", "kanji"]

_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소"
    "석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부가복태목형피두감호음빈동온시범좌팽승간상갈단견당"
)
# The syllables of Korean given names: `모델링` and `전처리` begin with a surname, too.
_GIVEN = (
    "가강건결겸경광교구국권규균그근금기길나남네노누늘다단달담대덕도동두드라람래량련렬령로록롬루륜률름리린림마만말명모무문"
    "미민바방배백범벼별병보복봄봉빈빛산삼상새샘서석선설섭성세소손솔솜송수숙순슬승시식신실심아안애양언엘엽여연열영예오"
    "옥온완용우욱운웅원월위유윤율은을음의이인일임자장재전정제조종주준중지진찬창채천철청초춘충치친태택하학한해향혁현협형"
    "혜호홍화환활황회효후훈훤휘흠희힘헌표필익관탁요흥랑곤묵"
)
_FULL = re.compile(
    rf"[{_SURNAMES}][{_GIVEN}]{{2}}|(?:남궁|황보|제갈|선우|독고|사공)[{_GIVEN}]{{1,2}}"
)
_GIVEN_NAME = re.compile(rf"[{_GIVEN}]{{2}}")
_LATIN = re.compile(r"[^\W\d_][\w'’.-]{1,19}(?: [^\W\d_][\w'’.-]{0,19}){0,3}")
_INITIALS = re.compile(r"[A-Z]{2,4}")
_NICK = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{1,24}")
_KANJI = re.compile(r"[\u4e00-\u9fff々]{2,4}|[\u4e00-\u9fff々]{1,4} [\u4e00-\u9fff々ぁ-ん]{1,4}")
_HANGUL = re.compile(r"[가-힣]{2,5}")
_KANA = re.compile(r"[\u4e00-\u9fffぁ-んァ-ヶー]{1,12}")


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


def is_short_full(word: str) -> bool:
    """Whether `word` is a surname and one syllable of a given name: `허준`."""
    return len(word) == 2 and word[0] in _SURNAMES and word[1] in _GIVEN


def listed_shape(word: str) -> bool:
    """Whether `word` can be somebody in a list that says itself to be of people."""
    return bool(_HANGUL.fullmatch(word) or _KANA.fullmatch(word)) or shape_of(word) is not None
