"""`제목 : URL`, `[제목](URL)`, a title above its address, and addresses anywhere else in a line."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from studykit.wiki.records import Link, LinkKind
from studykit.wiki.rows import Row
from studykit.wiki.rules.state import State

__all__ = ["ALONE", "LINKED", "link", "links_in", "may_have_address"]

_OUTSIDE = r"\s<>\"'`\\^{}|\u3000"
"""What no address holds."""
_SCHEME = re.compile(
    rf"https?://(?=[^{_OUTSIDE}])|(?<![\w/@.:-])(?:www\.(?=[\w-]+\.[a-z])"
    r"|(?:arxiv\.org/(?:abs|pdf)|github\.com|openreview\.net|doi\.org)/(?=[\w-])"
    r"|arxiv:(?=\d{4}\.\d{4,5}(?:v\d)?(?!\d))|doi:(?=10\.\d{4,9}/\w))",
    re.IGNORECASE,
)
_PAPER = re.compile(r"arxiv:\d{4}\.\d{4,5}(?:v\d{1,2})?", re.IGNORECASE)
_STARTS = (
    "://",
    "www.",
    "arxiv:",
    "doi:",
    "arxiv.org/",
    "doi.org/",
    "github.com/",
    "openreview.net/",
)
_START = re.compile("|".join(map(re.escape, _STARTS)), re.IGNORECASE)
"""What every address has near its beginning."""
_END = re.compile(f"[{_OUTSIDE}]")
_CLOSED = re.compile(rf"(?:=\"[^{_OUTSIDE}]+\"|='[^{_OUTSIDE}]+'|.?<[^{_OUTSIDE}]+>)")
"""An address that needs no trimming: `href="https://…"`, `<https://…>`."""
_END_OR_BRACKET = re.compile(f"[(){_OUTSIDE}]")
_NAMED = re.compile(
    r"(?P<image>!)?\[(?P<title>!\[[^\[\]]{0,200}\]\([^()\s]{0,400}\)|[^\[\]]{0,400})\]\(<?(?=https?://)",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r"src[ \t]?=[ \t]?[\"']?$", re.IGNORECASE)
LINKED = re.compile(r"\[(?P<title>[^\[\]]{1,200})\]\([^()\s]{0,600}\)")
"""`[구름](https://…)`, of which only the title is read."""
ALONE = re.compile(r"<?https?://\S+>?", re.IGNORECASE)
"""An address, where nothing else stands."""
LONGEST = 80
"""No title of a link is longer."""
_SENTENCE = re.compile(r"(?:다|요|음|함|[.!?。:,])\s*$")
_PLAIN_TITLE = re.compile(
    r"(?!(?:see|cf|e\.g|i\.e|ex|예|참고)\b)[^()\[\]\"'`<>=]{2,60}", re.IGNORECASE
)
_OPENS = {")": "(", "]": "["}

_KINDS: tuple[tuple[LinkKind, tuple[str, ...]], ...] = (
    ("paper", ("arxiv.org", "openreview.net", "aclanthology.org", "papers.nips.cc")),
    ("video", ("youtube.com", "youtu.be", "vimeo.com", "tv.naver.com")),
    (
        "code",
        ("github.com", "gitlab.com", "huggingface.co", "colab.research.google.com"),
    ),
    ("book", ("wikidocs.net", "deeplearningbook.org", "d2l.ai")),
    (
        "article",
        ("tistory.com", "github.io", "velog.io", "medium.com", "blog.naver.com"),
    ),
)
_HOSTS = {host: kind for kind, hosts in _KINDS for host in hosts}


def link(state: State, index: int) -> int:
    """Claim a line that is a title and an address, or an address alone."""
    row = state.rows[index]
    if row.kind != "words" or not _has_address(state, row):
        return 0
    found = list(links_in(state, row))
    if len(found) != 1 or state.text[found[0].end : row.end].strip(" \t)>*_"):
        return 0
    if state.text[row.start : found[0].start].strip(" \t[<*_"):
        return 0
    only = found[0]
    beside = _title_beside(state, index) if only.title is None else None
    if beside:
        title, where = beside
        only = replace(only, title=title, evidence=(f"an address, its title on the line {where}",))
    state.block("link", index)
    state.records.append(only)
    return 1


def _title_beside(state: State, index: int) -> tuple[str, str] | None:
    """The line above an address, or below it, if that can only be its title.

    In a list of links, titles stand all above or all below: what comes first there says which.
    """
    above = _title(state, index - 1) if index else None
    below = _title(state, index + 1) if index + 1 < len(state.rows) else None
    column = state.rows[index].column
    if state.section.kind == "link" and state.section.scope != "list":
        first = state.next_words[state.row_below(state.section)]
        if above and "://" not in state.rows[first].line.text and index > first:
            return above.words, "above"
        if below and "://" in state.rows[first].line.text and below.column >= column:
            return below.words, "below"
        return None
    # Elsewhere only two lines by themselves, a name and an address, are surely one link.
    if above is None or above.listed or below is not None:
        return None
    apart = index < 2 or state.rows[index - 2].kind in ("blank", "rule")
    ends = index + 1 == len(state.rows) or state.rows[index + 1].kind in ("blank", "rule")
    return (above.words, "above") if apart and ends else None


def _title(state: State, index: int) -> Row | None:
    """The row at `index` if it can be a title: few words, no sentence, no label, no address."""
    row = state.rows[index]
    if row.kind != "words" or row.level or len(row.words) > LONGEST or "://" in row.line.text:
        return None
    if not _has_letters(row.words):
        return None  # an item that nobody filled in
    begins = index > 0 and index in state.starts
    if _SENTENCE.search(row.words) or begins or row.box is not None:
        return None
    if state.lexicon.section(row.words.rstrip(": ")) or row.label:
        return None
    return row


def links_in(state: State, row: Row, words_from: int | None = None) -> Iterator[Link]:
    """The addresses of a row, each with the title that Markdown, a colon or a bracket joins to it.

    `words_from` is the offset before which nothing is a title: a speaker's label, say.
    """
    if row.program or not _has_address(state, row):
        return  # an address that a program reads is none that the group shares
    line = row.line
    text = line.text  # cut from the note at each use
    title_from = (row.start if words_from is None else words_from) - line.start
    inside = 0
    named = {match.end(): match for match in _NAMED.finditer(text)}
    titles = deque(match.span("title") for match in named.values())
    for scheme in _SCHEME.finditer(text):
        start = scheme.start()
        while titles and titles[0][1] <= start:
            titles.popleft()
        # An address may be the title of one, or of a picture that is embedded.
        if start < inside or (titles and titles[0][0] <= start):
            continue
        if _EMBEDDED.search(text, max(0, start - 8), start):
            continue
        mark = named.get(start)
        if mark:
            url = _until_bracket(text, start)
            inside = title_from = start + len(url)
            title = mark["title"].strip()
            if mark["image"]:
                continue
            if not _has_letters(url[len(scheme.group()) :]):
                continue
            if title.startswith(("![", "http://", "https://")) or not _has_letters(title):
                title = ""
            else:
                start = mark.start("title") + mark["title"].index(title)
            reason = "Markdown's link"
        else:
            url = _up_to_end(text, start)
            if text.startswith("[[", start - 2) and "]" in url:  # `[[https://…][구름]]`
                url = url.partition("]")[0]
            if paper := _PAPER.match(url):
                url = paper.group()
            elif not _CLOSED.match(text, max(0, start - 2), start + len(url) + 1):
                url = _trim(url)
            if not _has_letters(url[len(scheme.group()) :]):
                continue  # `https://...`, of which no host remains
            colon = text[inside:start].rstrip(" \t<").endswith((":", "："))
            title, start = _title_before(text, title_from, start)
            inside = title_from = scheme.start() + len(url)
            beside = "a title, a colon and" if colon else "in brackets, a title and"
            reason = f"{beside} an address" if title else "an address"
        start += line.start
        place = state.span(start, line.start + inside, line.number, line.number)
        if title and place["start"] < start:
            title = state.text[place["start"] : start] + title  # `~~구름~~제목`, with its mark
        yield Link(
            **place,
            evidence=(reason,),
            title=title or None,
            url=url,
            kind="paper" if _PAPER.match(url) or url[:4].lower() == "doi:" else _kind(url),
        )


def may_have_address(state: State, start: int, end: int) -> bool:
    """Whether an address may stand in a stretch of the note; most have nothing of one."""
    if state.addresses is None:
        folded = state.text.casefold()  # where none of them is, as in most notes, is seen at once
        some = any(each in folded for each in _STARTS)
        found = _START.finditer(state.text) if some else ()
        state.addresses = array("Q", (match.start() for match in found))
    at = bisect_left(state.addresses, start)
    return at < len(state.addresses) and state.addresses[at] < end


def _has_address(state: State, row: Row) -> bool:
    return may_have_address(state, row.line.start, row.line.end)


def _title_before(text: str, title_from: int, url: int) -> tuple[str, int]:
    """What stands before an address and a colon, and where that starts; else the address alone."""
    between = text[title_from:url]
    opened = between.rfind("(")
    if opened > between.rfind(")"):  # in `좋다 (예시: URL)` the title is what the bracket holds
        title_from += opened + 1
        between = between[opened + 1 :]
    title_from += len(between) - len(between.lstrip())
    before = between.strip().rstrip("<").rstrip()
    title = before[:-1].strip() if before.endswith((":", "：")) else ""
    if not title and opened >= 0 and _PLAIN_TITLE.fullmatch(before):
        title = before  # `(제목 URL)`: what the bracket holds beside the address
    if not _has_letters(title):
        title = ""
    return title, title_from if title else url


def _has_letters(title: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(map(str.isalnum, title))


def _until_bracket(text: str, start: int) -> str:
    """Markdown's address: up to the bracket that closes what `](` opened."""
    depth = 0
    for end in _END_OR_BRACKET.finditer(text, start):
        if end.group() == "(":
            depth += 1
        elif end.group() == ")" and depth:
            depth -= 1
        else:
            return text[start : end.start()]
    return text[start:]


def _up_to_end(text: str, start: int) -> str:
    """The address at `start` with all that stands behind it up to a blank or a quotation mark."""
    end = _END.search(text, start)
    return text[start : end.start() if end else len(text)]


def _trim(url: str) -> str:
    """The address without the punctuation of the sentence it stands in."""
    end = len(url)
    surplus = {close: url.count(close) - url.count(opens) for close, opens in _OPENS.items()}
    while url[end - 1] in ".,;:!?*_~…" or surplus.get(url[end - 1], 0) > 0:
        if url[end - 1] in surplus:
            surplus[url[end - 1]] -= 1
        end -= 1
    return url[:end]


def _kind(url: str) -> LinkKind | None:
    """What the address leads to, where its host says so."""
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:  # `http://[`: an address that no browser opens either
        return None
    while host:
        if kind := _HOSTS.get(host):
            return kind
        host = host.partition(".")[2]
    return None
