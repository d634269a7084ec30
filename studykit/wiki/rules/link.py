"""`제목 : URL`, and addresses anywhere else in a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from studykit.wiki.lines import Line
from studykit.wiki.records import Link, LinkKind
from studykit.wiki.rules.state import State, item

__all__ = ["link", "links_in"]

_URL = re.compile(r"https?://[^\s<>\"'`\\^{}|\u3000]+", re.IGNORECASE)
_OPENS = {")": "(", "]": "["}

_HOSTS: tuple[tuple[LinkKind, tuple[str, ...]], ...] = (
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


def link(state: State, index: int) -> int:
    """Claim a line that is a title, a colon and an address, or an address alone."""
    line = state.lines[index]
    found = list(links_in(state, line))
    if len(found) != 1 or found[0].end != line.body_end:
        return 0
    mark = item(line)
    if found[0].start != (mark.start if mark else line.body_start):
        return 0
    state.block("link", index)
    state.records.append(found[0])
    return 1


def links_in(state: State, line: Line, words_from: int | None = None) -> Iterator[Link]:
    """The addresses of a line, each with the title that a colon joins to it.

    `words_from` is the offset before which nothing is a title: a speaker's label, say.
    """
    if words_from is None:
        mark = item(line)
        words_from = mark.start if mark else line.body_start
    title_from = words_from - line.start
    text = line.text  # cut from the note at each use
    for match in _URL.finditer(text):
        url = _trim(match.group())
        kind = _kind(url)
        between = text[title_from : match.start()]
        opened = between.rfind("(")
        if opened > between.rfind(")"):  # in `좋다 (예시: URL)` the title is what the bracket holds
            title_from += opened + 1
            between = between[opened + 1 :]
        title_from += len(between) - len(between.lstrip())
        before = between.strip()
        title = before[:-1].strip() if before.endswith((":", "：")) else None
        start = line.start + (title_from if title else match.start())
        end = line.start + match.start() + len(url)
        title_from = match.start() + len(url)
        reason = "a title, a colon and an address" if title else "an address"
        yield Link(
            **state.span(start, end, line.number, line.number),
            evidence=(reason,),
            title=title or None,
            url=url,
            kind=kind,
        )


def _trim(url: str) -> str:
    """The address without the punctuation of the sentence it stands in."""
    end = len(url)
    surplus = {close: url.count(close) - url.count(opens) for close, opens in _OPENS.items()}
    while url[end - 1] in ".,;:!?" or surplus.get(url[end - 1], 0) > 0:
        if url[end - 1] in surplus:
            surplus[url[end - 1]] -= 1
        end -= 1
    return url[:end]


def _kind(url: str) -> LinkKind | None:
    """What the address leads to, where its host says so."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # `http://[`: an address that no browser opens either
        return None
    for kind, hosts in _HOSTS:
        if any(host == known or host.endswith(f".{known}") for known in hosts):
            return kind
    return None
