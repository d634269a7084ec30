"""What a text is found by: tokens that do not care about particles, spacing and inflection.

Hangul is cut into pairs of syllables, within a word and across one blank: `손실함수` and
`손실 함수` share all of theirs, `손실을` and `손실은` the one that counts. Each word also has a
token of its first four letters, in which vowels are taken apart, so that 배우다 and 배웠던 meet;
one of its first syllable; and tokens of its initial consonants, one of which says that without its
particle the word has no others. A word in Latin letters is a token, and so is each part of one with
underscores; LaTeX's names and Greek letters are such words.

The browser does the same with what somebody types: assets/search_worker.js has these rules again,
and a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from studykit.wiki.terms.korean import CUT

__all__ = ["CHOSEONG", "folded", "shard_of", "tokens"]

CHOSEONG = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# Compound vowels are what contraction makes: 배우 + 어 is 배워.
_VOWELS = (
    *("ㅏ", "ㅐ", "ㅑ", "ㅒ", "ㅓ", "ㅔ", "ㅕ", "ㅖ", "ㅗ", "ㅗㅏ", "ㅗㅐ", "ㅗㅣ", "ㅛ", "ㅜ"),
    *("ㅜㅓ", "ㅜㅔ", "ㅜㅣ", "ㅠ", "ㅡ", "ㅡㅣ", "ㅣ"),
)
_FINALS = (
    *("", "ㄱ", "ㄲ", "ㄳ", "ㄴ", "ㄵ", "ㄶ", "ㄷ", "ㄹ", "ㄺ", "ㄻ", "ㄼ", "ㄽ", "ㄾ", "ㄿ", "ㅀ"),
    *("ㅁ", "ㅂ", "ㅄ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ"),
)
_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma"
    " sigma tau upsilon phi chi psi omega"
)
_GREEK = {chr(0x3B1 + at): f" {name}" for at, name in enumerate(_GREEK_NAMES.split())}
_GREEK |= {"ϵ": " epsilon", "ϕ": " phi", "ϑ": " theta", "µ": " mu"}
_GREEK_LETTER = re.compile("[α-ωϵϕϑµ]")
_WORD = re.compile(r"(?P<hangul>[가-힣]+)|[a-z0-9]+(?:_[a-z0-9]+)*")
_CUT = re.compile(CUT)
HEAD = 4


def folded(text: str) -> str:
    r"""The text composed and in lower case, with Greek letters by their names.

    Examples:
        >>> folded("DDPM의 β_t")
        'ddpm의  beta_t'
    """
    text = unicodedata.normalize("NFC", text).lower()
    return _GREEK_LETTER.sub(lambda match: _GREEK[match[0]], text)


def tokens(text: str) -> Counter[str]:
    """How often each token is in a text.

    Examples:
        >>> sorted(tokens("배웠던"))
        ['!ㅂㅇ', '!ㅂㅇㄷ', '<배', '=ㅂㅇㄷ', '^ㅂㅐㅇㅜ', '배웠', '웠던']
        >>> sorted(tokens("q_sample"))
        ['q', 'q_sample', 'sample']
    """
    found: Counter[str] = Counter()
    text = folded(text)
    last, end = "", -1
    for match in _WORD.finditer(text):
        word = match[0]
        if not match["hangul"]:
            found.update((word, *word.split("_")) if "_" in word else (word,))
            last = ""
            continue
        if last and match.start() == end + 1 and text[end] == " ":
            found[last + word[0]] += 1
        found.update(_of_word(word))
        last, end = word[-1], match.end()
    return found


def shard_of(token: str, shards: int) -> int:
    """In which of the index's files a token is: FNV-1a of its UTF-16 units.

    Examples:
        >>> shard_of("ddpm", 16), shard_of("손실", 16)
        (6, 1)
    """
    value = 0x811C9DC5
    for unit in memoryview(token.encode("utf-16-le")).cast("H"):
        value = ((value ^ unit) * 0x01000193) & 0xFFFFFFFF
    return value % shards


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[str, ...]:
    """The tokens of a word in Hangul, without its neighbours."""
    found = [one + two for one, two in pairwise(word)] or [word]
    found.append(f"<{word[0]}")
    letters = _letters(word[:HEAD])
    initials = "".join(CHOSEONG[(ord(letter) - 0xAC00) // 588] for letter in word)
    if len(word) > 1:
        if len(letters) >= HEAD:
            found.append(f"^{letters[:HEAD]}")
        found.append(f"!{initials[:2]}")
        found.append(f"={initials[: len(stem_of(word))]}")
    found += [f"!{initials[at : at + 3]}" for at in range(len(word) - 2)]
    return tuple(found)


def stem_of(word: str) -> str:
    """A word in Hangul without its particle, where enough is left.

    Examples:
        >>> stem_of("손실에서는"), stem_of("나는")
        ('손실', '나는')
    """
    stem = _CUT.sub("", word) if len(word) > 2 else word
    return stem if len(stem) > 1 else word


def _letters(word: str) -> str:
    """The letters of a word in Hangul, compound vowels taken apart."""
    parts = []
    for syllable in word:
        at = ord(syllable) - 0xAC00
        parts += [CHOSEONG[at // 588], _VOWELS[at // 28 % 21], _FINALS[at % 28]]
    return "".join(parts)
