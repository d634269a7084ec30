r"""Finding where a text names an equation or an algorithm of a paper, however it is written.

>>> from studykit.wiki.equations.papers import Paper, Papers
>>> ho = Paper("ho-2020", "Ho et al. (2020)", ("Ho", "Jain", "Abbeel"), "2020", "…", also=("DDPM",))
>>> finder = Citations(Papers([ho]))
>>> [cited.id for cited in finder.find("Ho et al. (2020), Eqs. 6 and 7; DDPM의 식 (12)는 어렵다")]
['ho-2020-6', 'ho-2020-7', 'ho-2020-12']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studykit.wiki.equations.papers import Kind, Paper, Papers

__all__ = ["Citation", "Citations", "equation_id"]

_NAME = r"[A-Z\u00c0-\u00de][\w'’-]+"
_AUTHORS = re.compile(
    rf"(?P<names>{_NAME}(?:(?:,\s+|\s+(?:and|&)\s+){_NAME})*)(?P<many>\s+et\s+al\.?|\s*등(?:의)?)?"
    r"(?:\s*\((?P<year>(?:19|20)\d\d)\)|,?\s+(?P<bare>(?:19|20)\d\d)(?!\w))"
)
_NUMBER = r"(?:[A-Z]\.)?\d{1,4}(?:\.\d{1,3})*(?:[a-z](?![A-Za-z]))?(?![A-Za-z\d])"
_ONE = rf"(?:\({_NUMBER}\)|{_NUMBER})"
_NEXT = re.compile(
    rf"(?P<join>\s*(?:,\s*(?:and\s+)?|and\s+|&\s*|와\s*|과\s*|및\s*|to\s+|[-–~∼]\s*|부터\s*))"
    rf"(?P<number>{_ONE})"
)
_PLACE = re.compile(
    r"(?<!\w)(?:(?P<eq>Eqs?(?![A-Za-z])\.?|Equations?|수식|식)"
    r"|(?P<algorithm>Algorithms?|Algs?(?![A-Za-z])\.?|알고리즘))"
    rf"\s*(?P<number>{_ONE})(?!\s*(?:개|가지|줄|장|쪽|번째|차))"
)
_TO = re.compile(r"\s*(?:to\s+|[-–~∼]\s*|부터\s*)")
# Between the paper and the number, or the number and the paper.
_GLUE = re.compile(r"(?:\s*논문)?(?:의|에서|에)?[\s,;:(\[]*(?:in\s+)?")
_AND = re.compile(r"\s*(?:,|;|and|&|와|과|및|/)?\s*")
_OF = re.compile(r"\s*(?:,|of|in|from)?\s*[(\[]?\s*")
_MOST = 200


@dataclass(frozen=True, slots=True)
class Citation:
    """A number of a paper, and the words that name it: `text[start:end]`.

    `paper` is None where the words name authors and a year that nobody knows; then `who` is what
    they say.
    """

    start: int
    end: int
    paper: Paper | None
    kind: Kind
    number: str
    who: str

    @property
    def id(self) -> str:
        """As references name it; of an unknown paper, nothing."""
        return equation_id(self.paper, self.kind, self.number) if self.paper else ""

    @property
    def known(self) -> bool:
        """Whether the paper is known, and has the number as far as anybody counted."""
        return self.paper is not None and self.paper.has(self.kind, self.number)


@dataclass(frozen=True, slots=True)
class _Who:
    start: int
    end: int
    paper: Paper | None
    text: str
    sure: bool


def equation_id(paper: Paper, kind: Kind, number: str) -> str:
    """What references name an equation by.

    Examples:
        >>> paper = Paper("ho-2020", "Ho (2020)", ("Ho",), "2020", "…")
        >>> equation_id(paper, "eq", "12"), equation_id(paper, "algorithm", "A.1")
        ('ho-2020-12', 'ho-2020-algorithm-a-1')
    """
    middle = "" if kind == "eq" else "algorithm-"
    return f"{paper.id}-{middle}{number.replace('.', '-').lower()}"


class Citations:
    """Finds citations of the given papers.

    Args:
        papers: All that are known.
        first: Papers that are meant before all others, such as those of a module's references.
    """

    def __init__(self, papers: Papers, first: Sequence[Paper] = ()) -> None:
        self._papers = papers
        self._first = first
        aliases = sorted(papers.by_alias, key=lambda alias: (-len(alias), alias))
        words = "|".join(map(re.escape, aliases))
        # A Korean particle may follow a name at once, a Latin letter may not.
        self._aliases = re.compile(rf"(?<!\w)(?:{words})(?![A-Za-z0-9_])") if aliases else None

    def find(self, text: str, paper: Paper | None = None, *, loose: bool = False) -> list[Citation]:
        """The citations in a text, in order.

        Args:
            text: Plain text.
            paper: The paper whose number a bare `식 12` is.
            loose: Whether a number belongs to the last paper named before it, whatever stands
                between them, as in a docstring's `Source:`.
        """
        if not any(mark in text for mark in ("Eq", "Alg", "식", "알고리즘")):
            return []
        whos = list(self._whos(text))
        found: list[Citation] = []
        owner: _Who | None = None
        done = 0
        index = -1
        for place in _PLACE.finditer(text):
            if place.start() < done:
                continue
            numbers, done = _numbers(text, place)
            while index + 1 < len(whos) and whos[index + 1].end <= place.start():
                index += 1
            before = whos[index] if index >= 0 else None
            after = whos[index + 1] if index + 1 < len(whos) else None
            start = place.start()
            if before and (loose or _GLUE.fullmatch(text, before.end, place.start())):
                owner = before
                start = before.start if not found or found[-1].end <= before.start else start
            elif owner and found and _AND.fullmatch(text, found[-1].end, place.start()):
                pass  # `식 12와 알고리즘 1` of one paper
            elif after and _OF.fullmatch(text, done, after.start):
                owner = after
            elif paper:
                owner = _Who(start, start, paper, paper.cite, sure=True)
            else:
                owner = None
            if owner is None or (owner.paper is None and not owner.sure):
                continue
            kind: Kind = "eq" if place["eq"] else "algorithm"
            for number, first, last in numbers:
                # The first number's words begin with the paper, or with `Eq.`.
                begin = start if first == numbers[0][1] else first
                found.append(Citation(begin, last, owner.paper, kind, number, owner.text))
        return found

    def paper(self, text: str) -> Paper | None:
        """The first paper that a text names."""
        return next((who.paper for who in self._whos(text) if who.paper), None)

    def _whos(self, text: str) -> Iterator[_Who]:
        """Every paper that the text names, by its authors or by another name."""
        found = [self._by_authors(match) for match in _AUTHORS.finditer(text)]
        if self._aliases:
            for match in self._aliases.finditer(text):
                paper = self._papers.by_alias[match[0]]
                found.append(_Who(match.start(), match.end(), paper, match[0], sure=True))
        end = -1
        for who in sorted(found, key=lambda who: (who.start, -who.end)):
            if who.start >= end:
                yield who
                end = who.end

    def _by_authors(self, match: re.Match[str]) -> _Who:
        names = tuple(re.split(r",\s+|\s+(?:and|&)\s+", match["names"]))
        year = match["year"] or match["bare"]
        many = bool(match["many"])
        # `Also, Ho et al. (2020)`: a sentence's first word is no author.
        for skipped in range(len(names)):
            paper = self._cited(names[skipped:], year, many=many)
            if paper:
                start = match.start() + _offset(match["names"], skipped)
                return _Who(start, match.end(), paper, match[0], sure=True)
        return _Who(
            match.start(), match.end(), None, " ".join(match[0].split()), sure=bool(match["year"])
        )

    def _cited(self, names: tuple[str, ...], year: str, *, many: bool) -> Paper | None:
        for paper in self._first:
            # Of two papers by "Song et al." the module's main one stands first.
            if paper.year == year and paper.authors[: len(names)] == names:
                return paper
        return self._papers.cited(names, year, many=many)


def _numbers(text: str, place: re.Match[str]) -> tuple[list[tuple[str, int, int]], int]:
    """The numbers from a place on, each with where it stands, and where the last one ends.

    `22 to 25` is spelt out; what stands nowhere in the text has no length.
    """
    number = place["number"].strip("()")
    found = [(number, place.start("number"), place.end("number"))]
    end = place.end("number")
    # In English a list follows a plural; `Eq. 12, 3 more` is none.
    several = place["eq"] in ("식", "수식") or place["algorithm"] == "알고리즘"
    several = several or place[0].split("(")[0].rstrip(" .0123456789").endswith("s")
    while match := _NEXT.match(text, end):
        if not several and "," in match["join"]:
            break
        number = match["number"].strip("()")
        if _TO.fullmatch(match["join"]) and number.isdigit() and found[-1][0].isdigit():
            first, last = int(found[-1][0]), int(number)
            if first < last <= first + _MOST:
                at = match.start("number")
                found += [(str(each), at, at) for each in range(first + 1, last)]
        found.append((number, match.start("number"), match.end("number")))
        end = match.end("number")
    return found, end


def _offset(names: str, skipped: int) -> int:
    offset = 0
    for match in list(re.finditer(r",\s+|\s+(?:and|&)\s+", names))[:skipped]:
        offset = match.end()
    return offset
