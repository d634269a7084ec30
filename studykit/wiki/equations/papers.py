"""The papers that the group cites: those of docs/papers.toml, and those that docstrings refer to.

[ho-2020]                       # how references name it: eq:ho-2020-12
cite = "Ho et al. (2020)"       # how it is cited in words
authors = ["Ho", "Jain", "Abbeel"]
title = "Denoising Diffusion Probabilistic Models"
url = "https://arxiv.org/abs/2006.11239"
also = ["DDPM", "디디피엠"]        # `DDPM 식 12` cites it too
equations = 26                  # the highest number, where somebody counted
algorithms = 4
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from anyascii import anyascii

from studykit.wiki.toml_file import TomlFile

__all__ = ["PAPERS_FILE", "Kind", "Paper", "Papers", "load_papers", "read_references"]

PAPERS_FILE = "papers.toml"

Kind = Literal["eq", "algorithm"]

_KEYS = ("cite", "authors", "title", "url", "also", "equations", "algorithms")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_REFERENCES = re.compile(r"^References:\n((?:[ \t]+.*\n?|\n)+)", re.MULTILINE)
_EXAMPLE = '[ho-2020]\ncite = "Ho et al. (2020)"\nauthors = ["Ho", "Jain", "Abbeel"]\ntitle = "…"'
_CITE = re.compile(
    r"(?P<names>[^()]+?)(?P<many> et al\.)? \((?P<year>\d{4})\)",
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper; its authors by their last names. What is not known of it is None."""

    id: str
    cite: str
    authors: tuple[str, ...]
    year: str
    title: str
    url: str | None = None
    also: tuple[str, ...] = ()
    equations: int | None = None
    algorithms: int | None = None

    def has(self, kind: Kind, number: str) -> bool:
        """Whether the paper has that number, as far as anybody counted.

        Examples:
            >>> paper = Paper("ho-2020", "Ho (2020)", ("Ho",), "2020", "…", equations=26)
            >>> paper.has("eq", "12"), paper.has("eq", "99"), paper.has("algorithm", "99")
            (True, False, True)
        """
        last = self.equations if kind == "eq" else self.algorithms
        plain = re.fullmatch(r"(\d+)[a-z]?", number)
        return last is None or (1 <= int(plain[1]) <= last if plain else "." in number)


class Papers:
    """All papers, found by how they are cited."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._papers = tuple(papers)
        self.by_id: Mapping[str, Paper] = {paper.id: paper for paper in self._papers}
        self._named: defaultdict[tuple[str, str], list[Paper]] = defaultdict(list)
        for paper in self._papers:
            self._named[paper.year, _plain(paper.authors[0])].append(paper)
        self.by_alias: Mapping[str, Paper] = {
            alias: paper for paper in self._papers for alias in paper.also
        }

    def __iter__(self) -> Iterator[Paper]:
        return iter(self._papers)

    def cited(self, names: tuple[str, ...], year: str, *, many: bool = False) -> Paper | None:
        """The paper that `names` wrote in `year`; None if there is none, or it is not clear which.

        Args:
            names: The first authors, as many as are named.
            year: Of the publication.
            many: Whether `et al.` follows the names.
        """
        wanted = tuple(map(_plain, names))
        found = [
            paper
            for paper in self._named.get((year, wanted[0]), ())
            if tuple(map(_plain, paper.authors[: len(names)])) == wanted
        ]
        if len(found) > 1:
            shown = f"{', '.join(names)}{' et al.' if many else ''} ({year})"
            found = [paper for paper in found if paper.cite == shown]
        return found[0] if len(found) == 1 else None

    def near(self, cite: str) -> str | None:
        """How the paper is cited that somebody may have meant."""
        return next(iter(get_close_matches(cite, [paper.cite for paper in self._papers], 1)), None)

    def same(self, reference: Paper) -> Paper | None:
        """The paper that a docstring's reference is, by its address or its title."""
        for paper in self._named.get((reference.year, _plain(reference.authors[0])), ()):
            if paper.url and reference.url:
                if paper.url == reference.url:
                    return paper
            elif _plain(paper.title) == _plain(reference.title):
                return paper
        return None

    def adopt(self, references: Iterable[Paper]) -> Papers:
        """These papers with those of docstrings that are not among them."""
        papers = self
        for reference in references:
            if papers.same(reference) is None:
                number = 1 + sum(each.id == reference.id for each in papers)
                known = reference if number == 1 else replace(reference, id=f"{reference.id}b")
                papers = Papers((*papers, known))
        return papers


def load_papers(docs: Path) -> Papers:
    """The papers of docs/papers.toml; none where there is no such file.

    Raises:
        ConfigError: The file is no TOML, or says something that a paper cannot have.
    """
    path = docs / PAPERS_FILE
    if not path.is_file():
        return Papers(())
    file = TomlFile.read(path, f"{docs.name}/{PAPERS_FILE}")
    papers: list[Paper] = []
    for key in file.data:
        paper = _paper(file, key)
        for other in papers:
            if other.cite == paper.cite:
                raise file.error(
                    f"{other.id} is cited as {paper.cite} too",
                    key,
                    "cite",
                    mend='name more authors in one of them, e.g. "Song, Meng, Ermon (2021)"',
                )
            taken = set(other.also) & set(paper.also)
            if taken:
                raise file.error(
                    f"{other.id} goes by the name {min(taken)!r} too",
                    key,
                    "also",
                    mend="remove it from one of them",
                )
        papers.append(paper)
    return Papers(papers)


def read_references(docstring: str) -> list[Paper]:
    """The papers under a module's `References:`."""
    papers = []
    for block in _REFERENCES.findall(docstring + "\n"):
        # A new entry begins with authors, a colon after them.
        for entry in re.split(r"(?<=[\d.])\n(?=[ \t]+[A-Z][^:\n]*:)", block):
            text = " ".join(entry.split())
            parts = re.match(r"(?P<authors>[^:]+): (?P<title>.+?)[.?] (?P<where>.+)$", text)
            year = re.search(r"\b(?:19|20)\d\d\b", parts["where"]) if parts else None
            if parts is None or year is None:
                continue
            arxiv = re.search(r"arXiv:(\d{4}\.\d{4,5})", text)
            several = parts["authors"].endswith(" et al.")
            names = parts["authors"].removesuffix(" et al.").split(", ")
            authors = tuple(name.split()[-1] for name in names)
            many = several or len(authors) > 3
            papers.append(
                Paper(
                    id=_slug("-".join([*authors[:2], year[0]])),
                    cite=f"{authors[0] + ' et al.' if many else ', '.join(authors)} ({year[0]})",
                    authors=authors,
                    year=year[0],
                    title=parts["title"],
                    url=f"https://arxiv.org/abs/{arxiv[1]}" if arxiv else None,
                )
            )
    return papers


def _paper(file: TomlFile, key: str) -> Paper:
    table = file.data[key]
    if not _ID.fullmatch(key) or not isinstance(table, dict):
        raise file.error(
            f"{key!r} is no table of a paper with an id of small letters, digits and hyphens",
            key,
            mend=f"write {_EXAMPLE.splitlines()[0]} and what the paper is below it",
        )
    file.only_keys(table, _KEYS, key)
    cite = file.string(table, "cite", key)
    read = _CITE.fullmatch(cite)
    if read is None:
        raise file.error(
            f"{cite!r} does not cite authors and a year",
            key,
            "cite",
            mend='write it as "Ho et al. (2020)" or "Song, Meng, Ermon (2021)"',
        )
    authors = file.strings(table, "authors", key)
    if not authors:
        raise file.error("no authors", key, mend='write authors = ["Ho", "Jain", "Abbeel"]')
    url = file.string(table, "url", key) if "url" in table else None
    if url is not None and urlsplit(url).scheme not in ("http", "https"):
        raise file.error(f"{url!r} is no web address", key, "url", mend="begin it with https://")
    return Paper(
        id=key,
        cite=cite,
        authors=authors,
        year=read["year"],
        title=file.string(table, "title", key),
        url=url,
        also=file.strings(table, "also", key),
        equations=_count(file, key, "equations"),
        algorithms=_count(file, key, "algorithms"),
    )


def _count(file: TomlFile, key: str, what: str) -> int | None:
    value = file.data[key].get(what)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise file.error(
            f"{what!r} must be the highest number that the paper has, and is {value!r}",
            key,
            what,
            mend=f"write {what} = 12, or leave it out",
        )
    return value


def _plain(name: str) -> str:
    return anyascii(name).casefold()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", anyascii(text).lower()).strip("-")
