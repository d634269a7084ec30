r"""Lines as rows: what a line's marks say before anybody asks what its words mean.

A list mark, a tick box, a heading's mark, Markdown's emphasis, a code fence: all that is form is
taken off here once, so that the rules see plain words. In a `.txt` nothing is Markdown: there `#4`,
`<이름>` and `**` are text.

>>> from studykit.wiki.lines import split_lines
>>> row = read_rows(split_lines("- [x] **현수** : 코드\n"), markdown=True)[0]
>>> row.mark, row.box, row.words
('bullet', True, '현수 : 코드')
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby, islice, pairwise
from typing import Literal

from studykit.wiki.labels import Label, label_of
from studykit.wiki.lines import Line, conflicts
from studykit.wiki.times import DATE

__all__ = [
    "ELEMENT",
    "EXPLAINS",
    "OUTLINE",
    "PROFILE",
    "Mark",
    "Row",
    "RowKind",
    "read_rows",
    "words_start",
]

RowKind = Literal["words", "blank", "code", "rule", "fence", "front", "table", "conflict"]
Mark = Literal["", "bullet", "number", "arrow"]

LABEL_LEVEL = 7
"""The level of a heading that is none of Markdown's: below all of them."""

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
_DASHES = re.compile(r"-{2,4}(?=[ \t]+\S)")
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
    r"(?:[-=]{1,2}>|[→⇒➔➡➜↳]|[ㄴ└](?:[─-]*>|(?=[ \t]|[^\W\d_]{1,8}(?:[ ]?님)?[ ]?:)))\s*"
)
_BOX = re.compile(r"\[(?P<tick>[ xXvV✓✔oO]?)\]\s+(?![-+*/=<>&|]+\s)(?=\S)")  # `[] + ''` is code
_BALLOTS = frozenset("☐□☑☒⬜✅")
_BALLOT = re.compile(r"(?P<tick>[☐□☑☒⬜✅])\ufe0f?\s*(?=\S)")
"""Boxes as word processors have them; a note with none that is empty may only adorn its lines."""
_HASHES = re.compile(r"(#{1,6})(?:[ \t]+|$)|(#{2,6})(?=[^\s#])")
_HEADING_MARK = re.compile(r"[■□◆◇▶▷►★☆※☞]\s*")
_FIRST_LETTER = re.compile(r"A(?P<sign>[.)])[ \t]+(?=\S)")
_POINTED_DAY = re.compile(r"(?:1[0-2]|[1-9])\.[ ](?:3[01]|[12]\d|[1-9])\.[(\s]")
_INITIALS = "JKLMNOPQRSTUWYZ"
"""Letters of which no list has so many items; `I`, `V` and `X` are numbers."""
AHEAD = 12
TOP = 8
EXPLAINS = "="
"""The key of the line that explains a note's signs."""
_KEY_PAIR = re.compile(
    r"(?P<sign>[^\w\s,:;/()\[\]「」『』'\"“”.·*#|-]{1,2}\ufe0f?)[ \t]*(?:[=:][ \t]*)?"
    r"(?P<name>[^\W\d_][\w ]{0,14}?)(?=[ \t]{2,}|[ \t]*[,/;)]|[ \t]+[^\w\s]|[ \t]*$)"
)
_KEYED = re.compile(r"(?:[-+•·][ \t]+)?(?P<rest>\S.*)")
_CLOCKED = re.compile(r"[\[(]?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)[\])]?[ \t]+(?=[^\s~–-])")
_HEAD = re.compile(
    r"\[[^\[\]]{1,16}\](?=[ \t]*\S)|[^\s:\[\]()]{1,12}(?=(?:\([^()]{1,6}\))?[ \t]+[-–—/][ \t])"
)
"""Who speaks, or what it is, behind a clock."""
_DAY_FIRST = re.compile(r"(?P<day>\d{6}|\d{8}|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2})[ \t]+(?=\S)")
_STARS = re.compile(
    r"(?P<stars>\*{1,6})[ \t]+"
    r"(?P<todo>(?:TODO|DONE|NEXT|WAIT(?:ING)?)[ \t]+(?!before|by|until|for))?(?=\S)"
)
_ORG = re.compile(r"#\+[A-Za-z_]{3,20}[: ]")
_TAGS = re.compile(r"[ \t]+:(?:[\w@]{1,24}:){1,8}[ \t]*$")
_POINTS = re.compile(r">{3}[ \t]+(?=[^\W\d_])")
MANY = 4
_TAB = re.compile(r"[ ]*\t[ \t]*")
_ONE_TAB = re.compile(r"[ ]*\t[ ]*")
_PROMPT = re.compile(
    r"(?:[\w.@-]{1,40}:[ \t]?[~/][\w./-]{0,60})?[$%][ \t]\S|>>> \S|\[[+*!]\] "
    r"|(?:sudo )?(?:wget|curl|git clone|pip3? install|npm (?:i|install|run)|apt(?:-get)?) \S"
)
"""`robin:~/map$ make`, `$ make`, `[+] leak: 0x7f`."""
_WIDE = re.compile(r"[ \t]{2,}")
_TO_DO = re.compile(
    r"[■◆▶●#*【\[<\s]*(?:to-?do(?: list)?|할 ?일|과제|숙제|해 ?올 ?[것일]|체크 ?리스트)[\s:】\]>]*",
    re.IGNORECASE,
)
_BAR = re.compile(r"[ \t]*\|[ \t]*")
_BARRED = re.compile(r"[ \t]*:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)+[ \t]*")
"""The rule of a table that nothing frames: `-- | :-:`."""
HEAD = 20
COLUMNS = 3
"""What tabs part has at least as many columns, and lines, to be a table."""
_SHORT_LABEL = 20
_ITEM_SIGNS = "▶▷►☞□◇◆★☆"
"""Of these marks, the ones that lists have as well: `▶ …` line by line, below a title."""
_PASTED = "●○■"
_FRAMES = "[【〔《〈<‹"
_FRAMED = re.compile(
    r"[\[【〔《〈<‹][ \t]?(?P<name>\w[^\[\]【】〔〕《》〈〉<>‹›|]{0,60}?)[ \t]?[\]】〕》〉>›]"
    r"\s*(?::|\([^()]{0,80}\)|[-–:]?[ \t]*[^\[\]【】<>:]{1,24}까지)?"
)
_RULES = "-=_*~#@/+.─━═"
FRONT = 100
"""No front matter has more lines."""
WIDE = 400
"""A rule with a name in it is no longer."""
_RULED = re.compile(
    r"(?P<rule>[-=*~#+_─━═])(?P=rule)+[ \t]*[<\[(]?(?P<name>\w.{0,60}?)[>\])]?[ \t]*(?P=rule){2,}"
)
"""`=== 할 일 ===`, `### <할 일> ###`: a rule with a name in it."""
_UNDERLINE = re.compile(r"(=+|-+)")
_FENCE = re.compile(r"(`{3,}|~{3,})\s*+([^\s`]*+)[^`]*+")
_PLAIN_FENCES = frozenset(("", "text", "txt", "plain", "plaintext", "md", "markdown"))
_DELIMITERS = re.compile(r":?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+")
_TABLE_ROW = re.compile(r"<tr\b[^<>]{0,200}>[ \t]*<t[hd]\b", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:(?P<cell>(?<!/)t[hd])|[A-Za-z][A-Za-z0-9]{0,12})\b[^<>]{0,300}>", re.IGNORECASE
)
_MARKUP = re.compile(  # each begins with a letter of its own: looking for nine is fast
    r"\*\*{0,2}|___?|~~|</?[A-Za-z][^<>]{0,200}>|:[a-z_0-9]{2,30}:|&nbsp;|\\(?=[*_~#<>`|.!+-]|\[[가-힣])"
    r"|(?<=[가-힣])\\(?=\])"
    r"|\[\[(?:[^\[\]|]{1,80}\|)?(?=[^\[\]|]{1,80}\]\](?!\())|\]\](?!\()"
)
_PICTURES = re.compile(r"[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff\ufe0e\ufe0f\u20e3 ]+")
_TICKED = re.compile(r"(?:`[가-힣]{2,5}`(?:[ \t]*[,&/+·][ \t]*)?){1,4}(?=[ \t]*[:：])")
"""A label in Hangul that somebody set as code: it is no code."""
PROFILE = re.compile(
    r"\[(?P<shown>@[^\W\d][\w ,.-]{0,38}|(?P<nick>[\w-]{1,39}))"
    r"(?P<page>\]\(https?://github\.com/(?(nick)(?P=nick)|[\w-]{1,39})/?\))"
)
"""`[@Robin Field](https://github.com/robin)`: somebody, by a link to their own page."""
_STAMP = re.compile(
    r"\[?(?:\d{4}-\d{2}-\d{2}[T ])?\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?Z?\]?[ \t]+"
    r"(?=<[@+%&~ ]?[^\W\d][^<>\s]{0,60}>[ \t])"
)
"""`16:05:11 <robin> …`: when somebody said it, in the log of a chat."""
_SAID_AT = re.compile(r"(?:(?:오전|오후|午前|午後)[ ]?)?\d{1,2}:\d{2}\t[^\t]{1,28}\t\S")
_NICK = re.compile(r"<[@+%&~ ]?(?P<nick>[A-Za-z\d][\w.|`^()/-]{0,60})>[ \t]+(?=\S)")
ELEMENT = re.compile(
    r"a|abbr|article|aside|audio|b|big|blockquote|body|br|button|center|cite|code|d[dlt]|del|details"
    r"|div|em|figure|font|footer|form|h[1-6r]|head|header|html|i|iframe|img|input|ins|kbd|label|li"
    r"|link|main|mark|meta|nav|ol|p|picture|pre|q|s|samp|script|section|small|source|span|strike"
    r"|strong|style|su[bp]|summary|svg|t[dhrt]|table|tbody|thead|time|title|ul?|var|video",
    re.IGNORECASE,
)
"""The tags of HTML that notes have: another in angles before words is who says them."""
_KEY = re.compile(r"[\w-][\w -]{0,40}:(?:\s|$)|#[ \t]?[a-z]|---\s*$")
_QUOTE = re.compile(r"(?:>[ \t]{0,2})+(?:[ \t](?=[-*+] ))?")


@dataclass(slots=True)
class Row:
    """One line with its marks taken off.

    `words` is what stands behind the marks, without Markdown's emphasis; `at(i)` is the place of
    its i-th character in the note. `sign` is the list mark, `1` for any number. `column` is where
    the line begins on the page; `level` is a heading's (1 to 6 as in Markdown, 7 for other marks),
    else 0.
    """

    line: Line
    kind: RowKind
    mark: Mark = ""
    sign: str = ""
    number: int | None = None
    box: bool | None = None
    struck: bool = False
    level: int = 0
    framed: bool = False
    key: str = ""
    """What the sign with which the line begins stands for, where the note itself says so."""
    program: bool = False
    """Whether the row stands in a fence that says in which language it is."""
    words: str = ""
    places: list[int] | None = None
    first: int = 0
    column: int = field(init=False)
    """The visual column at which the line begins, with its marks; `--` below `-` is deeper."""
    listed: bool = False
    """Whether the row is an item of a list."""
    _label: Label | Literal[False] | None = False

    def __post_init__(self) -> None:
        self.column = self.line.indent

    @property
    def start(self) -> int:
        """The place of the first word."""
        return self.at(0)

    @property
    def end(self) -> int:
        """The place after the last character of the line that shows."""
        return self.line.body_end

    @property
    def bold(self) -> bool:
        """Whether the line begins and ends in bold, `**구름의 종류**`."""
        words = self.line.words.rstrip()
        return words.startswith("**") and words.endswith("**")

    @property
    def label(self) -> Label | None:
        """What stands before a colon or a dash at the beginning of the words, if anything."""
        if self._label is False:  # most rules ask for it
            self._label = label_of(self.words)
        return self._label

    def over(self, below: Row) -> bool:
        """Whether the row below is deeper, or in a list of its own at the same column."""
        if below.column != self.column:
            return below.column > self.column
        return below.listed and below.sign != self.sign

    def at(self, index: int) -> int:
        """The offset in the note's text of the `index`-th character of `words`."""
        if self.places is None:
            return self.line.offset(self.first + index)
        return self.places[index]


def read_rows(lines: list[Line], *, markdown: bool) -> list[Row]:
    """Take the marks off every line.

    Args:
        lines: A note's lines.
        markdown: Whether the note is Markdown, by its name.

    Returns:
        One row a line.
    """
    rows: list[Row] = []
    left = {index for group in conflicts(lines) for index in group}
    fence, code = "", False
    boxed: list[int] = []
    dashed = _dashed(lines)
    front = markdown and len(lines) > 1 and lines[0].text.rstrip() == "---"
    # A note may begin with a rule: front matter begins with a key, or ends at once.
    front = front and _KEY.match(lines[1].text) is not None
    ends = (line.text.rstrip() in ("---", "...") for line in lines[1:FRONT])
    front = front and any(ends)
    for index, line in enumerate(lines):
        words = line.words
        if index in left:
            rows.append(Row(line, "conflict"))
            continue
        if front:
            rows.append(Row(line, "front"))
            front = index == 0 or line.text.rstrip() not in ("---", "...")
            continue
        mark = _FENCE.fullmatch(words) if markdown and words[:3] in ("```", "~~~") else None
        if mark and not fence:
            fence, code = mark[1], mark[2].lower() not in _PLAIN_FENCES
            rows.append(Row(line, "fence"))
        elif mark and mark[1].startswith(fence) and not mark[2]:
            fence, code = "", False
            rows.append(Row(line, "fence"))
        elif not words and not line.text.strip():
            rows.append(Row(line, "blank"))
        elif code or not words:  # what only looks blank is shown
            rows.append(Row(line, "code", program=code))
        else:
            if words[0] in _BALLOTS:
                boxed.append(index)
            rows.append(_row(line, words, markdown=markdown and not fence, dashes=dashed[index]))
    signs = {lines[index].words[0] for index in boxed}
    ballots = "☐" in signs or (signs & set("□⬜") and signs & set("☑✅"))
    for index in boxed if ballots else _below_to_do(lines, boxed):
        line = lines[index]
        rows[index] = _row(line, line.words, markdown=markdown, ballots=True)
    if markdown:
        _bare_tables(rows)
    _prompted(rows)
    _pasted_bullets(rows)
    _banged(rows)
    _clocked(rows)
    _dated(rows)
    if not markdown:
        _outlined(rows)
    _keyed(rows)
    _signed_items(rows)
    _lettered(rows)
    _tabbed(rows)
    if not markdown:
        _ruled_columns(rows)
    _unframed(rows)
    _underlined(rows, markdown)
    _bracketed_asides(rows)
    return rows


def _dashed(lines: list[Line]) -> dict[int, int]:
    """How many dashes more than one the items of a list have: `-- 지도` right below `- 하늘`."""
    found = defaultdict[int, int](int)
    for index, (above, line) in enumerate(pairwise(lines), 1):
        dashes = _DASHES.match(line.words) if line.words.startswith("--") else None
        if dashes and (above.words.startswith("- ") or found.get(index - 1)):
            found[index] = len(dashes.group()) - 1
    return found


def _row(line: Line, words: str, *, markdown: bool, ballots: bool = False, dashes: int = 0) -> Row:
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
        _cut(row, named.start("name"), named.end("name") + aside)
        return row
    stamp = _STAMP.match(words) if first.isdigit() or first == "[" else None
    if stamp:
        at, first = stamp.end(), "<"
    if markdown:
        if first == "|":
            row.kind = "table"
        if first == "<" and _TABLE_ROW.match(words):
            return _html_row(row, words)
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
        if words.startswith("[", at) and (box := _BOX.match(words, at)):
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
        _without_markup(row)
        if not row.words and not row.level:  # a tag alone, say
            row.kind = "code"
    elif row.words.startswith("~~") and row.words.endswith("~~") and len(row.words) > 4:
        row.struck = True
    if not row.listed and row.words[:1] in _FRAMES and not stamp:
        framed = _FRAMED.fullmatch(row.words)
        if framed and "://" not in row.words:
            row.level = row.level or LABEL_LEVEL
            row.framed = True
            _cut(row, framed.start("name"), framed.end("name"))
    return row


def _letter_sign(letter: str) -> str:
    """The first sign of the list that a letter counts: `가` for `나.`, `a` for `b)`."""
    if "가" <= letter <= "힣":
        return "가"
    if "ㄱ" <= letter <= "ㅎ":
        return "ㄱ"
    if letter.isascii() and letter.isalpha():
        return "a" if letter.islower() else "A"
    return letter


def _bare_tables(rows: list[Row]) -> None:
    """Make rows of a table of `주차 | 이름`, `--- | ---` and what follows, without outer bars."""
    for index, row in enumerate(rows):
        if row.kind != "words" or not index or not _DELIMITERS.fullmatch(row.line.words):
            continue
        above = rows[index - 1]
        bars = row.line.words.count("|")
        if above.kind != "words" or above.level or above.line.words.count("|") != bars:
            continue
        at = index - 1
        while at < len(rows) and rows[at].kind == "words" and "|" in rows[at].line.words:
            rows[at] = Row(rows[at].line, "table", words=rows[at].line.words)
            _without_markup(rows[at])
            at += 1


def _html_row(row: Row, words: str) -> Row:
    """`<tr><td>현수</td><td>VAE</td></tr>` as `|현수|VAE`: a bar where each cell begins."""
    row.kind = "table"
    kept: list[str] = []
    places: list[int] = []
    cursor = 0
    for found in _TAG.finditer(words):
        kept += words[cursor : found.start()]
        places += range(cursor, found.start())
        if found["cell"]:
            kept.append("|")
            places.append(found.start())
        cursor = found.end()
    kept += words[cursor:]
    places += range(cursor, len(words) + 1)
    row.words = "".join(kept)
    row.places = [row.line.offset(place) for place in places]
    return row


def _without_markup(row: Row) -> None:
    """Take emphasis, tags and pictures out of a row's words, and remember the places."""
    words = row.words
    row.struck = len(words) > 4 and words.startswith("~~") and words.endswith("~~")
    if row.level:
        words = words.rstrip("# \t")
        while len(words) > 1 and _PICTURES.fullmatch(words[-1]):
            words = words[:-1]  # `## Present 👥`
    pieces: list[tuple[int, int]] = []
    cursor = 0
    if not words[:1].isalpha() and (pictures := _PICTURES.match(words)):
        cursor = pictures.end() if pictures.end() < len(words) else 0
    nick = _NICK.match(words) if words[:1] == "<" else None
    if nick and not ELEMENT.fullmatch(nick["nick"]):
        pieces.append((0, nick.end()))
        cursor = nick.end()
    if words[:1] == "`" and (ticked := _TICKED.match(words)):
        for found in re.finditer("`", ticked.group()):
            pieces.append((cursor, found.start()))
            cursor = found.end()
    off = [found.span() for found in _MARKUP.finditer(words, cursor)]
    linked = PROFILE.finditer(words, cursor) if "](http" in words else ()
    for found in (profiles := list(linked)):
        whole = " " in found["shown"]  # `@Robin Field` is no handle
        off += [(found.start(), found.start() + 1 + whole)]
        off += [found.span("page")]
    off = sorted(off) if profiles else off
    for start, end in off:
        if start >= cursor:
            pieces.append((cursor, start))
            cursor = end
    pieces.append((cursor, len(words)))
    if len(pieces) == 1 and pieces[0][0] == 0:
        row.words = words
        return
    places = [row.first + index for start, end in pieces for index in range(start, end)]
    for found in profiles:  # whose name it is begins with the bracket
        begin = row.first + found.start()
        name = begin + 1 + (" " in found["shown"])
        if name in places:  # else a mark of emphasis takes it: `[@__ Robin](…)`
            places[places.index(name)] = begin
    row.words = "".join(words[start:end] for start, end in pieces)
    row.places = [row.line.offset(place) for place in places]
    row.places.append(row.line.offset(row.first + len(words)))
    lead = len(row.words) - len(row.words.lstrip())
    _cut(row, lead, max(lead, len(row.words.rstrip())))


def _cut(row: Row, start: int, end: int) -> None:
    """Keep the words from `start` to `end` only."""
    if row.places is None:
        row.first += start
    else:
        row.places = row.places[start : end + 1]
    row.words = row.words[start:end]


def _underlined(rows: list[Row], markdown: bool) -> None:
    """Make a heading of a short line that is underlined, with nothing above it."""
    under_titles: set[int] = set()
    for index in range(1, len(rows)):
        row = rows[index - 1]
        if (
            row.kind == "words"
            and index - 2 not in under_titles  # `----` over and under a name, and text below
            and rows[index].kind in ("words", "rule")
            and not row.level
            and (not row.listed or (row.mark == "number" and not markdown))
            and len(row.words) <= 80
            and (under := rows[index].line.words)[:1] in ("=", "-")
            and (len(under) >= 3 or markdown)
            and _UNDERLINE.fullmatch(under)
            and (index == 1 or rows[index - 2].kind in ("blank", "rule"))
        ):
            row.level, row.listed = (1 if under[0] == "=" else 2), False
            rows[index].kind = "rule"
            under_titles.add(index)


def _lettered(rows: list[Row]) -> None:
    """Make an item of `A. 하늘` where `B. 구름` follows in its column; alone, `A.` answers."""
    for index, row in enumerate(rows):
        first = (
            _FIRST_LETTER.match(row.line.words) if row.kind == "words" and not row.mark else None
        )
        if first is None or row.level:
            continue
        for below in rows[index + 1 : index + AHEAD]:
            if below.kind == "words" and below.column < row.column:
                break
            second = below.line.words.startswith("B" + first["sign"])
            if below.listed and below.column == row.column and second:
                row.mark, row.sign, row.listed = below.mark, below.sign, True
                _cut(row, first.end(), len(row.words))
                break


def _prompted(rows: list[Row]) -> None:
    """Make code of what a plain fence holds where a shell's prompt stands in it."""
    fences = [at for at, row in enumerate(rows) if row.kind == "fence"]
    for begin, end in zip(fences[::2], fences[1::2], strict=False):
        inside = rows[begin + 1 : end]
        if any(_PROMPT.match(row.line.words) for row in inside):
            for at, row in enumerate(inside, begin + 1):
                if row.kind == "words":
                    rows[at] = Row(row.line, "code", program=True)


def _tabbed(rows: list[Row]) -> None:
    """Make a table of lines with as many tabs between words: `이름	한 일	할 일`."""
    _pasted_sheets(rows)
    run: list[Row] = []
    for row in [*rows, None]:
        cells = _TAB.split(row.line.words) if row is not None and _may_be_cells(row) else []
        # The last cell of a line may be empty.
        alike = not run or 0 <= len(_TAB.split(run[0].line.words)) - len(cells) <= 1
        if row is not None and len(cells) >= COLUMNS and alike:
            run.append(row)
            continue
        heads = _TAB.split(run[0].line.words) if len(run) >= COLUMNS else []
        if heads and _may_head(heads):
            for each in run:
                _as_table(each)
        run = [row] if row is not None and len(cells) >= COLUMNS else []


def _pasted_sheets(rows: list[Row]) -> None:
    """Make a table of lines out of a sheet, where an empty cell has its tab, too."""

    def tabs(row: Row) -> int:
        return row.line.text.count("\t") if _may_be_cells(row) else 0

    for count, group in groupby(rows, tabs):
        run = list(group)
        heads = run[0].line.words.split("\t")
        if count < COLUMNS - 1 or len(run) < COLUMNS or not all(heads):
            continue
        filled = {len(_TAB.split(row.line.words)) for row in run}
        # Where each line has as many words, one tab or more may stand between them.
        if len(filled) > 1 and len(heads) >= COLUMNS and _may_head(heads):
            for row in run:
                _as_table(row, _ONE_TAB)


def _may_head(heads: list[str]) -> bool:
    """Whether they can be what columns are called; `5/27` is none."""
    return max(map(len, heads)) <= HEAD and not heads[0][:1].isdigit()


def _ruled_columns(rows: list[Row]) -> None:
    """Make a table of lines that blanks part, as the line over a rule: `번호   내용   담당`."""
    for at in range(1, len(rows) - COLUMNS):
        head, rule = rows[at - 1], rows[at]
        if rule.kind != "rule" or head.kind != "words" or head.level or head.listed:
            continue
        heads = _WIDE.split(head.line.words)
        if len(heads) < COLUMNS or max(map(len, heads)) > HEAD:
            continue
        body: list[Row] = []
        for row in rows[at + 1 :]:
            if row.kind != "words" or row.listed or _columns(row) != len(heads):
                break
            body.append(row)
        if len(body) >= COLUMNS - 1:
            for each in (head, *body):
                _as_table(each, _WIDE)
            rule.kind, rule.words = "table", "|--|"


def _below_to_do(lines: list[Line], boxed: Iterable[int]) -> list[int]:
    """The boxes of a list that stands right below `■ TODO`; elsewhere `□ 일정` is a heading."""
    found: list[int] = []
    for index in boxed:
        if found[-1:] == [index - 1] or (index and _TO_DO.fullmatch(lines[index - 1].words)):
            found.append(index)
    return found


def _unframed(rows: list[Row]) -> None:
    """Make a table of `이름 | 역할` over `-- | --` and the lines below with as many bars."""
    for at in range(1, len(rows)):
        rule, end = rows[at].line.words, at + 1
        bars = rule.count("|")
        if not bars or not _BARRED.fullmatch(rule):
            continue
        while end < len(rows) and _is_unframed(rows[end]):
            end += 1
        run = [rows[at - 1], *rows[at + 1 : end]]
        framed = any(row.kind != "words" or row.listed or row.level for row in run)
        if not framed and all(row.line.words.count("|") == bars for row in run):
            for row in run:
                _as_table(row, _BAR)
            rows[at].kind, rows[at].words = "table", "|--|"


def _is_unframed(row: Row) -> bool:
    return row.kind == "words" and "|" in row.words and not _BARRED.fullmatch(row.line.words)


def _columns(row: Row) -> int:
    return len(_WIDE.split(row.line.words))


def _may_be_cells(row: Row) -> bool:
    plain = row.kind == "words" and not (row.listed or row.level or row.mark)
    words = row.line.words
    said = _STAMP.match(words) or _SAID_AT.match(words)  # in a chat that was exported
    return plain and "\t" in words and words[0] != "<" and not said


def _as_table(row: Row, sign: re.Pattern[str] = _TAB) -> None:
    """The row's words with a bar where each cell begins."""
    words, kept, places, cursor = row.line.words, ["|"], [0], 0
    for gap in sign.finditer(words):
        kept += [*words[cursor : gap.start()], "|"]
        places += [*range(cursor, gap.start()), gap.start()]
        cursor = gap.end()
    kept += words[cursor:]
    places += range(cursor, len(words) + 1)
    row.kind, row.words, row.first = "table", "".join(kept), 0
    row.places = [row.line.offset(place) for place in places]


def _pasted_bullets(rows: list[Row]) -> None:
    """`●`, `○` and `■` at one column, as an office's page is pasted: each is deeper than the other.

    There `■` right below one of those is an item, too.
    """
    marked = [row for row in rows if row.kind == "words" and row.line.words[:1] in _PASTED]
    columns = {(row.line.words[0], row.line.indent) for row in marked if row.listed}
    pasted = {indent for sign, indent in columns if sign == "●"}
    pasted &= {indent for sign, indent in columns if sign == "○"}
    if len(pasted) != 1:
        _squares(rows)
        return
    above = ""
    for row in rows:
        sign = row.line.words[:1] if row.kind == "words" and row.line.indent in pasted else ""
        if sign == "■" and above in ("○", "■"):
            row.mark, row.sign, row.level, row.listed = "bullet", sign, 0, True
        if sign in _PASTED and row.listed:
            row.column = row.line.indent + 2 * _PASTED.index(sign)
        above = sign


def _squares(rows: list[Row]) -> None:
    """Make a list's items of `■ …` and `■ …` below a line with a number, and deeper."""
    runs = groupby(rows, lambda row: row.line.words[:1] == "■" and row.kind == "words")
    over: Row | None = None
    for are_squares, group in runs:
        run = list(group)
        deeper = over is not None and over.mark == "number" and over.column < run[0].column
        if are_squares and len(run) > 1 and deeper:
            for row in run:
                row.mark, row.sign, row.level, row.listed = "bullet", "■", 0, True
        over = run[-1]


def _banged(rows: list[Row]) -> None:
    """Make a list's items of `! draw a map` and `! ask sky`, or `🔨 …`, one below the other."""
    runs = [(sign, list(run)) for sign, run in groupby(rows, _leading_sign) if sign]
    alone = {sign for sign, run in runs if len(run) == 1 and sign not in "!~"}  # `📌 발표 순서`
    _pointed_out(rows)
    for sign, run in runs:
        for row in run if len(run) > 1 and sign not in alone else ():
            row.mark, row.sign, row.listed = "bullet", sign, True
            if sign in "!~":
                _cut(row, 2, len(row.words))


def _pointed_out(rows: list[Row]) -> None:
    """Make items of `>>> 결정) …` and `>>> 할 일) …`, in plain text, three or more."""
    found = [
        (row, match)
        for row in rows
        if row.kind == "words" and (match := _POINTS.match(row.words)) and not row.mark
    ]
    for row, match in found if len(found) > 2 else ():
        row.mark, row.sign, row.listed, row.level = "bullet", ">", True, 0
        _cut(row, match.end(), len(row.words))


def _clocked(rows: list[Row]) -> None:
    """Make a list's items of `20:03 [하늘] …` and `20:05 결정 - …`, in the order of the day.

    Behind the clocks stand who speaks, or what it is, again and again; a timetable has each once.
    """
    found = [
        (row, match)
        for row in rows
        if row.kind == "words" and not row.level and (match := _CLOCKED.match(row.words))
    ]
    heads = Counter(head.group() for row, at in found if (head := _HEAD.match(row.words, at.end())))
    again = [count for count in heads.values() if count > 1]
    hours = [(int(match["hour"]), match["minute"]) for _, match in found]
    if sum(again) < MANY or len(again) < 2 or hours != sorted(hours):
        return
    for row, match in found:
        row.mark, row.sign, row.listed = "bullet", ":", True
        _cut(row, match.end(), len(row.words))


def _keyed(rows: list[Row]) -> None:
    """Take off the signs that a line near the top explains, `!! = 정한 것   >> = 할 일`.

    Two of them begin lines below, three lines or more.
    """
    top = islice((at for at, row in enumerate(rows) if row.kind == "words"), TOP)
    for at in top:
        pairs = (
            list(_KEY_PAIR.finditer(rows[at].line.words)) if len(rows[at].line.words) < WIDE else []
        )
        signs = {pair["sign"].rstrip("\ufe0f"): pair["name"].strip() for pair in pairs}
        if len(signs) < 2 or len(signs) < len(pairs):
            continue
        found: list[tuple[Row, str, int]] = []
        for row in rows[at + 1 :]:
            match = _KEYED.match(row.line.words) if row.kind == "words" else None
            sign = next((each for each in signs if match and match["rest"].startswith(each)), "")
            if match and sign:
                found.append((row, sign, match.start("rest")))
        if len({sign for _, sign, _ in found}) < 2 or len(found) <= 2:
            continue
        rows[at].key, rows[at].level = EXPLAINS, 0
        for row, sign, begin in found:
            words = row.line.words
            end = begin + len(sign)
            end += len(words) - end - len(words[end:].lstrip(" \t\ufe0f:"))
            row.key, row.level, row.listed = signs[sign], 0, True
            row.mark, row.sign = "bullet", sign
            if end < len(words) and row.words not in words[end:]:
                row.first, row.words, row.places = end, words[end:], None
        return


def _dated(rows: list[Row]) -> None:
    """Take the day off the lines of a diary, `260405 하늘 - …`, all but the first of each day."""
    found = [
        (row, match)
        for row in rows
        if row.kind == "words"
        and row.words[:1].isdigit()
        and (match := _DAY_FIRST.match(row.words))
    ]
    days = Counter(match["day"] for _, match in found)
    lines = sum(row.kind == "words" for row in rows)
    if len(found) <= MANY or min(days.values()) <= 2 or 3 * len(found) < 2 * lines:
        return
    for (above, before), (row, match) in pairwise(found):
        if before["day"] == match["day"] and above.kind == "words":
            row.mark, row.sign, row.listed, row.number = "bullet", "", True, None
            _cut(row, match.end(), len(row.words))


def _outlined(rows: list[Row]) -> None:
    """Make headings and tasks of Emacs' outlines: `** Notes`, `*** TODO draw the map  :@sky:`."""
    stars = [(row, match) for row in rows if (match := _STARS.match(row.line.words))]
    set_up = [row for row in rows if _ORG.match(row.line.words)]
    if not set_up and sum(len(match["stars"]) > 1 for _, match in stars) <= 2:
        return
    for row in set_up:
        row.kind = "code"
    for row, match in stars:
        todo, tags = match["todo"], _TAGS.search(row.line.words)
        row.kind, row.places, row.number = "words", None, None
        row.first, row.words = (
            match.end(),
            row.line.words[match.end() : tags.start() if tags else None],
        )
        row.mark, row.sign, row.listed = ("bullet", "*", True) if todo else ("", "", False)
        row.level = 0 if todo else min(len(match["stars"]), 6)
        row.box = todo.strip() == "DONE" if todo else None
        row.column = 2 * len(match["stars"]) if todo else 0


def _leading_sign(row: Row) -> str:
    """The bang or the picture with which a plain line begins."""
    if row.kind != "words" or row.mark or row.level or row.box is not None:
        return ""
    if row.words[:2] == "! " or (row.words[:2] == "~ " and row.words[2:3].isalpha()):
        return row.words[0]  # `~ 4/2` says until when
    pictures = None if row.line.words[:1].isalpha() else _PICTURES.match(row.line.words)
    return pictures.group().strip() if pictures and row.label is None else ""


def _signed_items(rows: list[Row]) -> None:
    """Make a list's items of `▶ 지도` and `▶ 사진`, line by line below what stands further left."""
    signs: dict[str, int] = {}
    above: Row | None = None
    for index, row in enumerate(rows):
        sign = _item_sign(row)
        beside = index + 1 < len(rows) and _item_sign(rows[index + 1]) == sign
        if sign and above and _item_sign(above) != sign and beside and sign not in signs:
            other = above.level == LABEL_LEVEL and above.column == row.column and sign != "□"
            many = (
                sign != "□" and rows[index + 2 : index + 3] and _item_sign(rows[index + 2]) == sign
            )
            # `★ 지도` and `★ 사진`, right below a short line
            close = sign in "★☆" and rows[index - 1] is above and len(above.words) <= _SHORT_LABEL
            if row.column > above.column or other or many or close:
                signs[sign] = row.column
        above = row if row.kind == "words" else above
    for row in rows if signs else ():
        sign = _item_sign(row)
        if sign and sign in signs and row.column >= signs[sign]:
            row.mark, row.sign, row.level, row.listed = "bullet", sign, 0, True


def _item_sign(row: Row) -> str:
    """The sign of a line that is a heading by it alone, where a list could have it."""
    plain = row.kind == "words" and row.level == LABEL_LEVEL and not row.framed
    first = row.line.words[:1] if plain and row.words else ""  # `▶` alone is no item
    return first if first and first in _ITEM_SIGNS else ""


def _bracketed_asides(rows: list[Row]) -> None:
    """`[보기: 1/3]` right below a list's item, deeper than it and what follows, is no title."""
    for index in range(1, len(rows)):
        row, above = rows[index], rows[index - 1]
        if not row.framed or row.level != LABEL_LEVEL or not above.listed:
            continue
        below = rows[index + 1] if index + 1 < len(rows) else None
        if row.column > above.column and (below is None or below.column < row.column):
            row.level, row.framed = 0, False


def words_start(line: Line) -> int:
    """Where the words of a line start in the note, behind its list mark if it has one."""
    match = _LIST.match(line.words)
    behind = match is not None and match.end() < len(line.words)
    return line.offset(match.end()) if match and behind else line.body_start
