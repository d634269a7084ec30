"""What the marks of a single line say: a list's, a tick box, a heading's, an arrow."""

from __future__ import annotations

import re

from studykit.wiki.lines import Line
from studykit.wiki.rows.markup import html_row, without_markup
from studykit.wiki.rows.row import LABEL_LEVEL, WIDE, Row
from studykit.wiki.times import DATE

__all__ = ["OUTLINE", "STAMP", "row_of", "words_start"]

_BULLET = r"[-*+•·◦▪‣∙・･○●–ㅁㅇ\uf06e\uf076\uf0a7\uf0b7\uf0d8\uf0fc]"  # the last from Word
_LIST = re.compile(
    rf"(?:(?P<number>\d{{1,4}})(?:\)\.|;\.|\\?[.)])(?![\d.)])"
    r"|(?P<part>\d{1,2}-\d{1,2})[.)](?![\d.)])"
    r"|\((?P<inner>\d{1,3})\)"
    r"|(?P<circled>[①-⑳])(?![のはがをにで은는이의])"
    r"|\([a-h]\)(?=\s)"
    r"|\([가나다라마바사아자차카타파하]\)(?=\s)"
    r"|(?P<roman>I{1,3}|IV|VI{0,3}|IX)[.)](?=\s)"
    r"|(?P<whole>[Ⅰ-Ⅻ])[.)]?(?=\s)"
    r"|(?P<ideograph>[一二三四五六七八九十])[.、](?=\s)"
    r"|[가나다라마바사아자차카타파하][.)](?=\s)"
    r"|[ㄱ-ㅎ][.)](?=\s)"
    r"|[B-PR-Za-z][.)](?=\s)"  # A. and Q. are answers and questions
    rf"|{_BULLET}(?!\S)"
    r"|(?:[-•·・･]|\*(?![^*]*\*))(?=[^\W\d_])|[・･](?=\d))\s*"
    # `*구름*` is emphasis that nobody asked for
)
OUTLINE = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,2}\.?[ \t]+")
"""`2.1. `, which numbers a part or a paragraph and is no mark of a list."""
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_COUNTS = ("하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
_IN_WORDS = re.compile(
    rf"(?:(?P<count>{'|'.join(_COUNTS)})\.|(?P<place>첫|{'|'.join(_COUNTS[1:5])})째[,.])\s+(?=\S)"
)
"""`하나. 지난 숙제`, `첫째, 지도가 작다`."""
_IDEOGRAPHS = "一二三四五六七八九十"
_SIGNS = {
    "number": "1",
    "inner": "1",
    "circled": "1",
    "roman": "I",
    "whole": "Ⅰ",
    "ideograph": "一",
    "part": "1-1",
}
"""The signs of lists that are numbered: `1-1.` divides what `1.` begins."""
_ARROW = re.compile(
    r"(?:[-=]{1,2}>|[→⇒➔➡➜↳]"
    r"|[ㄴ└](?:[─-]*>|(?=[ \t]|[가-힣]{2,4}[ \t]|[^\W\d_]{1,8}(?:[ ]?님)?[ ]?:)))\s*"
)
_BOX = re.compile(
    r"\\?\[(?P<tick>[ xXvV✓✔oO]?)\\?\]\s+(?![-+*/=<>&|]+\s)(?=\S)"
)  # `[] + ''` is code
_BALLOT = re.compile(r"(?P<tick>[☐□☑☒⬜✅])\ufe0f?\s*(?=\S)")
"""Boxes as word processors have them; a note with none that is empty may only adorn its lines."""
_HASHES = re.compile(r"(#{1,6})(?:[ \t]+|$)|(#{2,6})(?=[^\s#])")
_HEADING_MARK = re.compile(r"(?!([★☆])\1)[■□◆◇▶▷►★☆※☞]\s*")
_POINTED_DAY = re.compile(r"(?:1[0-2]|[1-9])\.[ ](?:3[01]|[12]\d|[1-9])\.[(\s]")
_INITIALS = "JKLMNOPQRSTUWYZ"
"""Letters of which no list has so many items; `I`, `V` and `X` are numbers."""
_FRAMES = "[【〔《〈<‹"
_FRAMED = re.compile(
    r"[\[【〔《〈<‹][ \t]?(?P<name>\w[^\[\]【】〔〕《》〈〉<>‹›|]{0,60}?)[ \t]?[\]】〕》〉>›]"
    r"\s*(?::|\([^()]{0,80}\)|[-–:]?[ \t]*[^\[\]【】<>:]{1,24}까지)?"
)
_RULES = "-=_*~#@/+.─━═"
_RULED = re.compile(
    r"(?P<rule>[-=*~#+_─━═])(?P=rule)+[ \t]*[<\[(]?(?P<name>\w.{0,60}?)[>\])]?[ \t]*(?P=rule){2,}"
)
"""`=== 할 일 ===`, `### <할 일> ###`: a rule with a name in it."""
_ARROWED = re.compile(r">{2,8}[ \t]*(?P<name>[^\s<>][^<>]{0,80}?)[ \t]*<{2,8}")
"""`>>>> 역할 분담 <<<<`, in plain text."""
_TABLE_ROW = re.compile(r"<tr\b[^<>]{0,200}>[ \t]*<t[hd]\b", re.IGNORECASE)
STAMP = re.compile(
    r"\[?(?:\d{4}-\d{2}-\d{2}[T ])?\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?Z?\]?[ \t]+"
    r"(?=<[@+%&~ ]?[^\W\d][^<>\s]{0,60}>[ \t])"
)
"""`16:05:11 <robin> …`: when somebody said it, in the log of a chat."""
_QUOTE = re.compile(r"(?:>[ \t]{0,2})+(?:[ \t](?=[-*+] ))?")


def row_of(
    line: Line, words: str, *, markdown: bool, ballots: bool = False, dashes: int = 0
) -> Row:
    """A line's row by its own marks; those around it may make more of it later.

    `ballots` says that boxes like `☐` are ticked in this note, `dashes` by how many dashes more
    than one a list's item is deeper.
    """
    first = words[0]
    if first in _RULES and not words.strip(f"{first} \t"):
        many = words.count(first)
        if many >= 3 or (many == 2 and first in "-=" and not markdown):
            return Row(line, "rule")
    row = Row(line, "words")
    row.column += 2 * dashes
    at = dashes
    ruled = (
        first == words[-1] and len(words) <= WIDE and first in ("-=+─━═" if markdown else _RULES)
    )
    if ruled and (named := _RULED.fullmatch(words)) and "://" not in words:
        row.level, row.framed, row.words = LABEL_LEVEL, True, words
        aside = "(" in named["name"] and words[named.end("name")] == ")"  # `=== 할 일 (현수) ===`
        row.cut(named.start("name"), named.end("name") + aside)
        return row
    if first == ">" and not markdown and (named := _ARROWED.fullmatch(words)):
        row.level, row.framed, row.words = LABEL_LEVEL, True, words
        row.cut(named.start("name"), named.end("name"))
        return row
    stamp = STAMP.match(words) if first.isdigit() or first == "[" else None
    if stamp:
        at, first = stamp.end(), "<"
    if markdown:
        if first == "|":
            row.kind = "table"
        if first == "<" and _TABLE_ROW.match(words):
            return html_row(row, words)
        if first == ">" and (quote := _QUOTE.match(words)):
            at = quote.end()
        if words.startswith("#", at) and (hashes := _HASHES.match(words, at)):
            row.level, at = len(hashes[1] or hashes[2]), hashes.end()
    if markdown and first == "\\" and words[1:3] in ("- ", "* ", "+ "):
        at, first = 1, words[1]  # `\\- …`, as some programs export a list
    marked = not first.isalpha() or words[1:2] in (".", ")") or first in "IVㄴㅁㅇ"
    if first.isdigit() and words[4:5] == "." and DATE.match(words):
        marked = False  # `2031. 3. 4.` is no item of a list
    if in_words := _IN_WORDS.match(words, at) if first in "하둘셋넷다여일아열첫" else None:
        count = in_words["count"] or in_words["place"]
        row.number = _COUNTS.index(count) + 1 if count in _COUNTS else 1
        row.mark, row.sign, at = "number", "하나" if in_words["count"] else "첫째", in_words.end()
    for _ in range(2 if marked else 0):  # a bullet, and a number behind it
        if words[at : at + 1].isalpha() and (
            words[at + 1 : at + 2] not in (".", ")") and words[at] not in "IVㅁㅇ"
        ):
            break
        mark = _LIST.match(words, at)
        if mark is None or mark.end() == len(words):
            break
        if words[at].isdigit() and _POINTED_DAY.match(words, at):
            break  # `9. 20.  하늘`
        if words[at] in _INITIALS and words[at + 1] == "." and words[mark.end()].isupper():
            break  # `W. Field`
        if (form := mark.lastgroup) == "circled":
            row.number = ord(mark["circled"]) - ord("①") + 1
        elif form == "roman":
            row.number = _ROMAN.index(mark["roman"]) + 1
        elif form == "whole":
            row.number = ord(mark["whole"]) - ord("Ⅰ") + 1
        elif form == "ideograph":
            row.number = _IDEOGRAPHS.index(mark["ideograph"]) + 1
        elif form in ("number", "inner"):
            row.number = int(mark[form])
        row.mark = "number" if form else row.mark or "bullet"
        row.sign = row.sign or _SIGNS.get(form or "") or _letter_sign(mark.group()[0])
        at = mark.end()
    if marked:
        if words.startswith(("[", "\\["), at) and (box := _BOX.match(words, at)):
            row.box, at = box["tick"] not in ("", " "), box.end()
        elif ballots and (box := _BALLOT.match(words, at)):
            row.box, at = box["tick"] not in "☐□⬜", box.end()
        if not row.mark and (arrow := _ARROW.match(words, at)) and arrow.end() < len(words):
            row.mark, at = "arrow", arrow.end()
        if not row.level and not row.mark and (sign := _HEADING_MARK.match(words, at)):
            row.level, at = LABEL_LEVEL, sign.end()
    row.listed = row.mark in ("bullet", "number") or row.box is not None
    if (
        markdown
        and row.listed
        and words.startswith("#", at)
        and (inner := _HASHES.match(words, at))
    ):
        at = inner.end() if inner.end() < len(words) else at  # `1. ##### 구름이란?`
    if markdown and words[-1] == "\\" and len(words) > at + 1:
        words = words[:-1].rstrip()  # a line that is broken there
    row.first = at
    row.words = words[at:] if at else words
    if markdown:
        without_markup(row)
        if not row.words and not row.level:  # a tag alone, say
            row.kind = "code"
    elif row.words.startswith("~~") and row.words.endswith("~~") and len(row.words) > 4:
        row.struck = True
    if not row.listed and row.words[:1] in _FRAMES and not stamp:
        framed = _FRAMED.fullmatch(row.words)
        if framed and "://" not in row.words:
            row.level = row.level or LABEL_LEVEL
            row.framed = True
            row.cut(framed.start("name"), framed.end("name"))
    return row


def words_start(line: Line) -> int:
    """Where the words of a line start in the note, behind its list mark if it has one."""
    match = _LIST.match(line.words)
    behind = match is not None and match.end() < len(line.words)
    return line.offset(match.end()) if match and behind else line.body_start


def _letter_sign(letter: str) -> str:
    """The first sign of the list that a letter counts: `가` for `나.`, `a` for `b)`."""
    if "가" <= letter <= "힣":
        return "가"
    if "ㄱ" <= letter <= "ㅎ":
        return "ㄱ"
    if letter.isascii() and letter.isalpha():
        return "a" if letter.islower() else "A"
    return letter
