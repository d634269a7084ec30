"""Labels: what stands before a colon, a dash or the like at a line's beginning, whoever that is.

>>> label_of("현수 : 좋다"), label_of("https://example.org")
(Label(name='현수', sign=':', end=5), None)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from studykit.wiki.names import shape_of

__all__ = ["SHORT", "Label", "bare_label", "label_of"]

SHORT = 80
"""No label is longer than a line of a book."""

_COLON = re.compile(
    r"(?P<name>(?:\d{1,2}:\d{2}[ \t]+(?=[^\W\d]))?[^\s:：][^:：]{0,79}?)[ \t]*"
    r"(?P<sign>[:：])(?!//|-?[DPp)(]\s*$)"
    r"(?:(?<=[가-힣ぁ-んァ-ヶー一-鿿].)|(?!\d))(?:[ \t]+|(?=\S)|$)"
)
_DASH = re.compile(
    r"(?P<name>[^\s–—―ㅡ-](?:(?:[^–—―ㅡ-]|(?<=[A-Za-z])-(?=[A-Za-z])){0,38}[^\s–—―ㅡ-])?)"
    r"(?:[ \t]+(?:-{1,3}|[–—―ㅡ])|[ \t]*[-–—―](?=[ \t]))(?:[ \t]+|$)"
)
_STROKE = re.compile(r"[-–—―ㅡ]")
_TIGHT = re.compile(
    r"(?P<name>[가-힣]{3}(?=[-–])|[가-힣]{2,4}(?=ㅡ))[-–ㅡ](?!ㅡ)(?=[^\W\d]|[\'\"‘“「<\[])"
)
"""`이하늘-구름`, `하늘ㅡ구름`: a full name, or that stroke, needs no blanks before what follows."""
_BRACKETED = re.compile(
    r"(?P<sign>[(\[<])(?P<name>(?<=<)[@+%&~ ]?\w[^<>\s]{0,60}(?=>)|[^()\[\]<>]{1,24})[)\]>]"
    r"[ \t]*:?[ \t]*(?=[^\s(:：]|(?<=>[ \t])[(])"
)
_LENS = re.compile(r"【(?P<name>[^【】]{1,24})】[ \t]*[:：]?[ \t]*(?=[^\s:：])")
_CLOSED = re.compile(r"(?P<name>[^\W\d_][^\W\d_]{1,11})[)](?:[ \t]+|$)")
_CLOSED_VIEW = re.compile(
    r"(?P<name>[가-힣]{2,4}(?:[ \t]?님)?[ \t](?:질문|답변?|의견|대답|코멘트))[)][ \t]+(?=\S)"
)
"""`하늘 질문) …`, `구름 답) …`."""
_CLOSED_TIGHT = re.compile(r"(?P<name>[\u4e00-\u9fff々ァ-ヶーぁ-ん]{1,8})[)](?=[^\s)])")
"""`葉山）静かだった`: a bracket of full width needs no blank behind it."""
_SLASH = re.compile(
    r"(?P<name>[가-힣]{2,5}(?=/)|(?:[가-힣]{2,4}|[A-Z][a-z]{2,12})(?=[ \t]))[ \t]*/[ \t]+"
)
_DOTS = re.compile(r"(?P<name>[^\W\d_]{2,8})(?P<sign>・{2,}[ \t]*|…{1,2}(?=[^\s…)]))")
_ANGLE = re.compile(r"(?P<name>[^\W\d_][\w+&,-]{1,16})[ \t]*>{1,2}[ \t]+(?=[^\s>])(?![^\n]*>)")
_ANGLES = re.compile(
    r"(?P<name>[^\W\d_](?:[\w.-]{0,15}|[\w.-]{1,11}(?:, ?[^\W\d_][\w.-]{0,11}){1,2}))[ \t]*>>[ \t]+"
    r"(?=[^\s>])"
)
_SPACED = re.compile(r"(?P<name>[가-힣](?:[ \t]{1,8}[가-힣]){1,3})[ \t]{2,}(?=[^\s:：])")
"""`참    석  이하늘`, `발 표 자  박구름`, as forms space them; they need no colon."""
_CLOCK = re.compile(r"\[(?:오전|오후) ?\d{1,2}:\d{2}\][ \t]*")
"""When somebody said it, in a chat that was exported."""
_SIGN = re.compile(r"[:：\-–—―ㅡ)\]>/・…】]")
"""What every label has one of, and most lines have not."""

_OTHERS = (
    (")", ")", _CLOSED),
    (")", ")", _CLOSED_VIEW),
    (")", ")", _CLOSED_TIGHT),
    ("・", "…", _DOTS),
    ("…", "…", _DOTS),
    ("/", "/", _SLASH),
    (">", ">", _ANGLE),
    (">>", ">", _ANGLES),
)


_AROUND = " \t:：;~=_*\"'`“”‘’|#+■□●○◎◇◆▷▶►▼↓→⬇☆★❖※▪•·–—-ㅁㅇ\ufe0f\u200d"
_PICTURE = re.compile(r"[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")
_SMILE = re.compile(r"[ \t]*[:;]-?[DPp)(]+$")
_MOUTHS = "DPp)("
_ARROW = re.compile(r"[ \t]*[-=]{0,2}>{1,2}$|^>{1,2}[ \t]*")
_SIGNS_TOO = frozenset("ㅁㅇIVX가나다라마바사一二三四五六七八九十")
"""Letters that also mark an item."""
_PAIRS = {
    "(": ")",
    "[": "]",
    "<": ">",
    "【": "】",
    "「": "」",
    "『": "』",
    "《": "》",
    "{": "}",
    "≪": "≫",
}
_NUMBER = re.compile(
    r"(?:\d{1,2}(?:-\d{1,2})?(?:[)]|\.(?!\d{1,2}(?:\([^()]\))?[ ]?(?:전[ ]?)?까지)|[ \t])"
    r"|(?:[IVX]{1,4}|[가나다라마바사])[.)]"
    r"|[一二三四五六七八九十]{1,2}、)[ \t]*(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a colon or a dash: the name, and where what is said begins."""

    name: str
    sign: str
    end: int


def label_of(words: str) -> Label | None:
    """The label with which words begin, if they have one; of a row it is `row.label`."""
    head = words[: SHORT + 2]
    if head[1:2] in (" ", "\t") and (spaced := _SPACED.match(head)):
        return Label(spaced["name"], ":", spaced.end())
    if not _SIGN.search(head):
        return None
    if head[0] == "【" and (lens := _LENS.match(head)):
        return Label(lens["name"].strip(), "[", lens.end())
    if head[0] in "([<" and (match := _BRACKETED.match(head)):
        clock = _CLOCK.match(head, match.end()) if head[0] == "[" else None
        name = match["name"].strip()
        name = name.lstrip("@+%&~") if head[0] == "<" else name  # `<@robin>`, who runs a chat
        return Label(name, match["sign"], (clock or match).end())
    for letter, sign, pattern in _OTHERS:
        if letter in head and (match := pattern.match(head)):
            return Label(match["name"].strip(), sign, match.end())
    colon = _COLON.match(head) if ":" in head or "：" in head else None
    dash = _DASH.match(head) if _STROKE.search(head) else None
    if colon is not None and (dash is None or colon.end("name") <= dash.end("name")):
        return Label(colon["name"], ":", colon.end())
    tight = _TIGHT.match(head) if dash is None else None
    if tight and (tight.group().endswith("ㅡ") or shape_of(tight["name"]) == "full"):
        return Label(tight["name"], "-", tight.end())
    return Label(dash["name"], "-", dash.end()) if dash else None


def bare_label(words: str) -> str:
    """A line that may be a label without what only decorates it: pictures, quotes, a number.

    Examples:
        >>> bare_label("📌 ~ 할 일 ~ :"), bare_label("<< 질문 >>"), bare_label("03 결정 (3/14)!")
        ('할 일', '질문', '결정 (3/14)')
    """
    if len(words) > SHORT:
        return words.rstrip(":： \t")
    if words[:1].isalpha() and words[0] not in _SIGNS_TOO and words[-1].isalnum():
        return words  # most lines have nothing around them
    return _without_signs(words)


@lru_cache(maxsize=1024)
def _without_signs(words: str) -> str:
    whole, before = words, ""
    if words[-1:] in _MOUTHS:
        words = _SMILE.sub("", words)
    while words != before:
        before = words
        words = words.strip(_AROUND).rstrip("!…")
        words = words.rstrip(".") if words.endswith("..") else words
        if ">" in words and "<" not in words:
            words = _ARROW.sub("", words)
        if words and _PICTURE.match(words[0]):
            words = words[1:]
        elif words and _PICTURE.match(words[-1]):
            words = words[:-1]
        elif words and words[-1] == _PAIRS.get(words[0]) and _closes_last(words):
            words = words[1:-1]
        elif number := _NUMBER.match(words):
            words = words[number.end() :]
    return words or whole


def _closes_last(words: str) -> bool:
    """Whether the first bracket is closed by the last: `((질문))`, and not `(현수) (인서)`."""
    depth = 0
    for at, letter in enumerate(words):
        depth += (letter == words[0]) - (letter == words[-1])
        if not depth:
            return at == len(words) - 1
    return False
