"""Markdown's emphasis, tags, pictures and links to people, taken out of a row's words."""

from __future__ import annotations

import re

from studykit.wiki.rows.row import Row

__all__ = ["ELEMENT", "PICTURES", "PROFILE", "html_row", "without_markup"]

_MARKUP = re.compile(  # each begins with a letter of its own: looking for nine is fast
    r"\*\*{0,2}|___?|~~|</?[A-Za-z][^<>]{0,200}>|:[a-z_0-9]{2,30}:|&nbsp;|\\(?=[*_~#<>`|.!+-]|\[[가-힣])"
    r"|(?<=[가-힣])\\(?=\])"
    r"|\[\[(?:[^\[\]|]{1,80}\|)?(?=[^\[\]|]{1,80}\]\](?!\())|\]\](?!\()"
)
PICTURES = re.compile(r"[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff\ufe0e\ufe0f\u20e3 ]+")
_TICKED = re.compile(r"(?:`[가-힣]{2,5}`(?:[ \t]*[,&/+·][ \t]*)?){1,4}(?=[ \t]*[:：])")
"""A label in Hangul that somebody set as code: it is no code."""
PROFILE = re.compile(
    r"\[(?P<shown>@[^\W\d][\w ,.-]{0,38}|(?P<nick>[\w-]{1,39}))"
    r"(?P<page>\]\(https?://github\.com/(?(nick)(?P=nick)|[\w-]{1,39})/?\))"
)
"""`[@Robin Field](https://github.com/robin)`: somebody, by a link to their own page."""
_NICK = re.compile(r"<[@+%&~ ]?(?P<nick>[A-Za-z\d][\w.|`^()/-]{0,60})>[ \t]+(?=\S)")
ELEMENT = re.compile(
    r"a|abbr|article|aside|audio|b|big|blockquote|body|br|button|center|cite|code|d[dlt]|del|details"
    r"|div|em|figure|font|footer|form|h[1-6r]|head|header|html|i|iframe|img|input|ins|kbd|label|li"
    r"|link|main|mark|meta|nav|ol|p|picture|pre|q|s|samp|script|section|small|source|span|strike"
    r"|strong|style|su[bp]|summary|svg|t[dhrt]|table|tbody|thead|time|title|ul?|var|video",
    re.IGNORECASE,
)
"""The tags of HTML that notes have: another in angles before words is who says them."""
_TAG = re.compile(
    r"</?(?:(?P<cell>(?<!/)t[hd])|[A-Za-z][A-Za-z0-9]{0,12})\b[^<>]{0,300}>", re.IGNORECASE
)


def without_markup(row: Row) -> None:
    """Take emphasis, tags and pictures out of a row's words, and remember the places."""
    words = row.words
    row.struck = len(words) > 4 and words.startswith("~~") and words.endswith("~~")
    if row.level:
        words = words.rstrip("# \t")
        while len(words) > 1 and PICTURES.fullmatch(words[-1]):
            words = words[:-1]  # `## Present 👥`
    pieces: list[tuple[int, int]] = []
    cursor = 0
    if not words[:1].isalpha() and (pictures := PICTURES.match(words)):
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
    row.places = row.line.offsets(places)
    row.places.append(row.line.offset(row.first + len(words)))
    lead = len(row.words) - len(row.words.lstrip())
    row.cut(lead, max(lead, len(row.words.rstrip())))


def html_row(row: Row, words: str) -> Row:
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
    row.places = row.line.offsets(places)
    return row
