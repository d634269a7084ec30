"""The index of the search, as files of the site.

What MkDocs' search plugin collected, a document for each section of each page, becomes

search/search_index.json     the manifest: what Material loads at the start and hands to the worker
search/HASH/t/N.json         the tokens of shard N, each with its documents and weights
search/HASH/d/N.json         the texts of some documents, to show
search/HASH/words.json       all words in Latin letters, to complete them and to mend typos

The name of the folder changes with what is in it, so that no browser mixes files of two builds. A
weight is what BM25 makes of how often a token is in the document and how long that is.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

from studykit.wiki.chrome import Chrome
from studykit.wiki.frontend import FOLDER
from studykit.wiki.search.tokens import folded, shard_of, tokens
from studykit.wiki.terms import Terms
from studykit.wiki.terms.korean import CUT

__all__ = ["WORKER", "with_worker", "without_ways", "write_search"]

WORKER = f"{FOLDER}/search_worker.js"

SHARD = 48_000
"""Bytes of a file of tokens, about; a third of it when compressed."""
TEXTS = 24_000
"""Bytes of a file of texts, about."""
LONGEST = 6_000
"""As much of a section's text as is kept to show, in characters; all of it is found."""

_TITLE = 6
"""A word in a title counts as many in the text."""
_K1, _B = 1.2, 0.6
_SCALE = 20
_COMMON = 0.4
"""A pair of syllables that so large a part of the documents has says nothing: 니다, 있는."""
_FEW = 200

_KINDS = {
    "meetings": "meetings",
    "questions": "questions",
    "api": "api",
    "equations": "api",
    "terms": "terms",
    "people": "search_other",
    "links": "search_other",
    "tasks": "search_other",
    "catch-up": "search_other",
    "checks": "search_other",
}
"""The kind of a page by the first folder of its address; all else is written by hand."""
_WRITTEN = "writeups"

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_SPACE = re.compile(r"\s+")
_FORMULA = re.compile(r"\\[()\[\]]")
_WAYS = re.compile(r'<(?:nav class="sk-crumbs"|a class="sk-line")')
_WORKER_URL = re.compile(r'(<script id="__config" type="application/json">.*?"search": ?")[^"]*"')


@dataclass(frozen=True, slots=True)
class _Document:
    location: str
    title: str
    text: str
    kind: str
    page: str
    """The title of the page."""


def without_ways(html: str) -> str:
    """A page whose links to its neighbours and to lines of the note are nothing to find it by.

    Examples:
        >>> without_ways('<nav class="sk-crumbs"><a href="../w02/">2주차</a></nav>')
        '<nav class="sk-crumbs" data-search-exclude><a href="../w02/">2주차</a></nav>'
    """
    return _WAYS.sub(r"\g<0> data-search-exclude", html)


def with_worker(page: str) -> str:
    """A page of Material's on which our worker answers the search."""
    match = re.search(r'"base": ?"([^"]*)"', page)
    base = match[1] if match else "."
    return _WORKER_URL.sub(rf'\g<1>{base}/{WORKER}"', page, count=1)


def write_search(site: Path, terms: Terms, t: Chrome) -> None:
    """Make the index of what MkDocs collected, and put the manifest in its place.

    Args:
        site: The built site; without a search index nothing is done.
        terms: The terms, each of which is found by any of its names.
        t: The words of the site's language.
    """
    collected = site / "search" / "search_index.json"
    if not collected.is_file():
        return
    body = json.loads(collected.read_text("utf-8"))
    titles = {entry["location"]: entry["title"] for entry in body["docs"]}
    documents = list(_whole_pages(_document(entry, titles) for entry in body["docs"]))
    files = dict(_files(documents, terms))
    name = hashlib.sha256("".join(f"{k}\0{v}\0" for k, v in files.items()).encode()).hexdigest()[
        :12
    ]
    folder = site / "search" / name
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8", newline="\n")
    kinds = dict.fromkeys((*_KINDS.values(), _WRITTEN))
    manifest = {
        "config": {
            **body["config"],
            "studykit": {
                "folder": f"search/{name}/",
                "documents": len(documents),
                "shards": sum(path.startswith("t/") for path in files),
                "starts": _starts(documents),
                "names": _names(terms),
                "kinds": {kind: t(kind) for kind in kinds},
                "offline": t("search_offline"),
                "cut": CUT,
            },
        },
        "docs": [],
    }
    collected.write_text(_json(manifest), "utf-8", newline="\n")


def _document(entry: Mapping[str, Any], titles: Mapping[str, str]) -> _Document:
    location = entry["location"]
    page = titles.get(location.partition("#")[0], "")
    kind = _KINDS.get(re.split(r"[/#]", location, maxsplit=1)[0], _WRITTEN)
    return _Document(location, _words(entry["title"]), _words(entry["text"]), kind, _words(page))


def _whole_pages(documents: Iterable[_Document]) -> Iterator[_Document]:
    """The documents that lead somewhere of their own.

    A page's first section, which has its title, is the page; the parts of a term's page repeat what
    stands on the pages that they lead to.
    """
    page: _Document | None = None
    for document in documents:
        if "#" not in document.location:
            if page:
                yield page
            page = document
        elif page and not page.text and document.title == page.title:
            page = replace(page, text=document.text)
        elif document.kind != "terms":
            if page:
                yield page
            page = None
            yield document
    if page:
        yield page


def _words(html: str) -> str:
    """What a reader sees of HTML, on one line."""
    # MkDocs' plugin leaves a few tags, all of them whole, and escapes everything else.
    html = unescape(_TAG.sub(" ", html))
    return _SPACE.sub(" ", _FORMULA.sub("", html)).strip()


def _files(documents: Sequence[_Document], terms: Terms) -> Iterator[tuple[str, str]]:
    postings, words = _postings(documents, terms)
    size = sum(len(token) + 6 * len(found) for token, found in postings.items())
    shards: list[dict[str, list[int]]] = [{} for _ in range(max(1, round(size / SHARD)))]
    for token in sorted(postings):
        shards[shard_of(token, len(shards))][token] = postings[token]
    for number, shard in enumerate(shards):
        yield f"t/{number}.json", _json(shard)
    for number, (first, last) in enumerate(pairwise([*_starts(documents), len(documents)])):
        texts = [
            [each.location, each.title, each.text[:LONGEST], each.kind, each.page]
            for each in documents[first:last]
        ]
        yield f"d/{number}.json", _json(texts)
    yield "words.json", _json(words)


def _starts(documents: Sequence[_Document]) -> list[int]:
    """The first document of each file of texts."""
    starts, size = [0], 0
    for number, document in enumerate(documents):
        if size > TEXTS:
            starts.append(number)
            size = 0
        size += 3 * min(len(document.text), LONGEST) + 100
    return starts


def _postings(
    documents: Sequence[_Document], terms: Terms
) -> tuple[dict[str, list[int]], dict[str, int]]:
    """Each token's documents, as differences, each with its weight; and the Latin words."""
    counts = [_counted(document, terms) for document in documents]
    lengths = [sum(count.values()) for count in counts]
    average = sum(lengths) / max(1, len(lengths))
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, (count, length) in enumerate(zip(counts, lengths, strict=True)):
        norm = _K1 * (1 - _B + _B * length / average) if average else _K1
        for token, often in count.items():
            weight = round(_SCALE * often * (_K1 + 1) / (often + norm))
            found[token].append((number, max(1, weight)))
    limit = max(_FEW, _COMMON * len(documents))
    words = {
        token: len(where) for token, where in sorted(found.items()) if token[0] in _WORD_STARTS
    }
    kept = {token: where for token, where in found.items() if token in words or len(where) < limit}
    return {token: list(_deltas(where)) for token, where in kept.items()}, words


_WORD_STARTS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def _counted(document: _Document, terms: Terms) -> Counter[str]:
    count = tokens(document.text)
    for token, often in tokens(document.title).items():
        count[token] += _TITLE * often
    for text, often in ((document.text, 1), (document.title, _TITLE)):
        for mention in terms.find(text):
            count[f"§{mention.term}"] += often
    return count


def _deltas(where: Iterable[tuple[int, int]]) -> Iterator[int]:
    last = 0
    for number, weight in where:
        yield number - last
        yield weight
        last = number


def _names(terms: Terms) -> dict[str, str]:
    """The id of the term that each name means, folded and without blanks."""
    return {re.sub(r"[\s-]", "", folded(name)): term.id for term in terms for name in term.names}


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
