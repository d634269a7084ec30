"""Which words are first names: of many languages by Faker's lists, of Korean ones by the letters.

>>> [is_first_name(word) for word in ("Robin", "Jihyun", "SungEun", "Encoder", "Jira")]
[True, True, True, False, False]
"""

from __future__ import annotations

import importlib
import re
from functools import cache

__all__ = ["is_first_name"]

_LOCALES = (
    *("cs_CZ", "da_DK", "de_DE", "en_GB", "en_IN", "en_US", "es_ES", "fi_FI", "fr_FR"),
    *("it_IT", "nl_NL", "no_NO", "pl_PL", "pt_BR", "sv_SE", "tr_TR"),
    *("de_CH", "en_IE", "en_KE", "en_NZ", "en_PK", "es_AR", "es_CO", "et_EE", "fr_DZ"),
    *("ga_IE", "hr_HR", "hu_HU", "id_ID", "ig_NG", "ja_JP", "lt_LT", "nl_BE", "pt_PT"),
    *("sk_SK", "sl_SI", "tw_GH", "vi_VN", "yo_NG", "zh_CN", "zu_ZA"),
)
_LISTS = ("first_names", "first_names_female", "first_names_male", "first_romanized_names")
_WORDS = frozenset(
    (
        *("Among", "An", "Anon", "Beat", "Can", "Chi", "Constant", "Ever", "Hope", "Lan", "Lies"),
        *("Lora", "Mac", "Made", "Mala", "Man", "Mentor", "Min", "Na", "Ruby", "Safari", "Vi"),
    )
)
"""What these lists have, and notes far more often as words."""
_STORIES = frozenset(("Alice", "Bob", "Carol", "Eve", "Mallory", "Trent"))
"""Whom examples call so."""
_LONG = (
    "seung|sung|seong|dong|hyun|hyeon|hyung|min|jin|jae|jun|joon|woo|hee|hui|young|yeong|yong|soo|sang"
    "|kyung|gyeong|eun|yeon|yun|yoon|won|chan|chul|cheol|hye|hwa|geun|keun|tae|byung|byeong|seok|suk"
    "|sik|hoon|hun|kwang|gwang|myung|myeong|nam|seo|sol|bin|joo|jung|jeong|jong|hwan|wook|rim|rae|ryeong"
    "|heon|hong|han|yoo"
)
_SHORT = "ji|ho|su|ha|na|ra|mi|so|gi|ki|bo|ju|do|da|ye|yu|ri|ah|in|il|u"
# One of the two syllables at least is of three letters: `Jira` and `Sora` have other meanings.
_KOREAN = re.compile(
    rf"(?:(?:{_LONG})[ -]?(?:{_LONG}|{_SHORT})|(?:{_SHORT})[ -]?(?:{_LONG}))", re.IGNORECASE
)


def is_first_name(word: str) -> bool:
    """Whether `word` is a first name in Latin letters, and begins as one.

    Args:
        word: One word as written; a Korean name may have a blank or a hyphen in it.
    """
    if not word[:1].isupper() or word in _STORIES or word in _WORDS:
        return False
    return word in _known() or _KOREAN.fullmatch(word) is not None


@cache
def _known() -> frozenset[str]:
    names: set[str] = set()
    for locale in _LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for each in _LISTS:
            names.update(getattr(provider, each, ()))
    return frozenset(names)
