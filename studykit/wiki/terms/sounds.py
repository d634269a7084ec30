"""How Hangul sounds, as far as two spellings of one English word agree.

`다이버젼스` and `다이버전스`, `컨볼루션` and `콘볼루션` are one word: consonants of one place are
alike, and so are vowels that Korean spelling of English mixes up.

>>> sound("다이버젼스") == sound("다이버전스")
True
"""

from __future__ import annotations

from functools import lru_cache

__all__ = ["borrowed_look", "letters", "sound"]

# In the order of Unicode's syllables.
_ONSETS = "kknttlmppss-cccktph"
_VOWELS = "aeaeoeoeoaeeouoeiu-ii"
_CODAS = "-kkknnntllllllllmppttNttktpt"
# Syllables that Korean's own words seldom have.
_BORROWED_ONSETS = frozenset((15, 16, 17))  # ㅋ ㅌ ㅍ
_BORROWED = frozenset(
    "드스브즈츠르그디듀뷰뮤메네레베데제젝렉섹벡넷렛셋젠렌텐멘션젼셔쉬슈쥬듈팅딩링싱닝밍"
)


@lru_cache(maxsize=65536)
def sound(hangul: str) -> str:
    """The sounds of a word in Hangul, a letter each; of other letters, themselves."""
    parts = []
    for letter in hangul:
        code = ord(letter) - 0xAC00
        if not 0 <= code < 11172:
            parts.append(letter.lower())
            continue
        onset, vowel, coda = code // 588, code % 588 // 28, code % 28
        parts.append((_ONSETS[onset] + _VOWELS[vowel] + _CODAS[coda]).replace("-", ""))
    # 으 is no sound of its own, and ㄹㄹ is one.
    return "".join(parts).replace("ll", "l").replace("ii", "i")


def borrowed_look(hangul: str) -> float:
    """Which part of the syllables are such as words from English have: 0 to 1.

    Examples:
        >>> borrowed_look("오토메이티드") > 0.5 > borrowed_look("이해하는데")
        True
    """
    borrowed = sum(
        letter in _BORROWED or (ord(letter) - 0xAC00) // 588 in _BORROWED_ONSETS
        for letter in hangul
    )
    return borrowed / len(hangul) if hangul else 0.0


_LETTERS = {
    "에이치": "H", "에이취": "H", "더블유": "W", "더블류": "W", "따블유": "W", "에이": "A",
    "에프": "F", "에치": "H", "아이": "I", "제이": "J", "케이": "K", "아르": "R", "에스": "S",
    "브이": "V", "엑스": "X", "와이": "Y", "제트": "Z", "비": "B", "씨": "C", "시": "C",
    "디": "D", "이": "E", "지": "G", "쥐": "G", "엘": "L", "엠": "M", "엔": "N", "오": "O",
    "피": "P", "큐": "Q", "알": "R", "티": "T", "유": "U", "뷔": "V", "젯": "Z",
}  # fmt: skip
_GREEK = {
    "알파": "α", "베타": "β", "감마": "γ", "델타": "δ", "엡실론": "ε", "입실론": "ε", "제타": "ζ",
    "에타": "η", "세타": "θ", "쎄타": "θ", "람다": "λ", "뮤": "μ", "파이": "φ", "시그마": "σ",
    "타우": "τ", "프사이": "ψ", "카이": "χ", "오메가": "ω",
}  # fmt: skip


def letters(hangul: str, *, greek: bool = False) -> list[str] | None:
    """The letters whose names make up a word; None where something else is left.

    Args:
        hangul: The word without blanks.
        greek: Whether Greek letters count.

    Examples:
        >>> letters("디디피엠"), letters("브이에이이"), letters("디노이징")
        (['D', 'D', 'P', 'M'], ['V', 'A', 'E'], None)
    """
    names = _LETTERS | _GREEK if greek else _LETTERS
    # From each place to the end: the fewest letters, since 에이치 is one and not 에이 + 치.
    best: list[list[str] | None] = [None] * len(hangul) + [[]]
    for start in range(len(hangul) - 1, -1, -1):
        for size in (3, 2, 1):
            letter = names.get(hangul[start : start + size])
            rest = best[start + size] if start + size <= len(hangul) else None
            found = best[start]
            if letter and rest is not None and (found is None or len(rest) + 1 < len(found)):
                best[start] = [letter, *rest]
    return best[0] if hangul else None
