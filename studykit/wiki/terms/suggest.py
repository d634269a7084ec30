"""What a note may mean by a word that spells English in Hangul and is in no term.

Names of letters decode (`디디엑스엠` is D-D-X-M), and other words are compared by their sound with
what loanwords.txt and the terms spell. A word is proposed only where its neighbours leave no doubt;
one beside a known word of papers that itself sounds like no known one stays unresolved, with the
nearest. Nothing is ever corrected.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from rapidfuzz import fuzz, process

from studykit.wiki.terms.find import composed
from studykit.wiki.terms.korean import without_particles
from studykit.wiki.terms.sounds import borrowed_look, letters, sound
from studykit.wiki.terms.term import Terms

__all__ = ["Suggester", "Suggestion", "first_of_each"]

SURE = 90
"""From this likeness on, in percent, two spellings are one word."""

_LINE = re.compile(r"[^\r\n]+")
_WORD = re.compile("[가-힣]+")
# No word of people is longer.
_LONGEST = 24
_HANGUL_NAME = re.compile("[가-힣][가-힣 -]*")
# Names of letters that are syllables of Korean words, too.
_WEAK = frozenset("BCDEGOPTURV")
_STOPS = frozenset("DPTC")
# Korean words that stand before a noun, or are one.
_DETERMINERS = frozenset(["이", "오", "유", "지", "시", "비"])


@dataclass(frozen=True, slots=True, order=True)
class Suggestion:
    """A place of a text that may spell English in Hangul, as it is written there.

    `reading` is what it likely says, None if that is doubtful; then `doubt` says of what. `term` is
    the id of the term of which it seems to be another spelling.
    """

    start: int
    end: int
    written: str
    reading: str | None
    doubt: str = ""
    term: str | None = None

    @property
    def message(self) -> str:
        """What is found, on one line."""
        if self.reading is None:
            return f"{self.written} is unresolved: {self.doubt}"
        return f"{self.written} seems to be {self.reading}, and is no name of a term"

    @property
    def mend(self) -> str:
        """What to write into docs/terms.toml."""
        if self.reading is None:
            return "ask who said it; nothing is corrected by itself"
        if self.term is not None:
            return f'if so, add "{self.written}" to spoken of the term {self.term}'
        return f'if it is a term, add it to docs/terms.toml with spoken = ["{self.written}"]'


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a word sounds like; `known` says that it needs no proposal."""

    english: str
    known: bool = False
    term: str | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the text without its particle, and what it sounds like."""

    start: int
    end: int
    written: str
    heard: _Heard | None


class Suggester:
    """Reads transliterations; made once, used for every note.

    Args:
        terms: What is registered, and needs no proposal.

    Examples:
        >>> found = Suggester(Terms()).suggest("디디엑스엠에서 컨볼루숀을 본다")
        >>> [(each.written, each.reading) for each in found]
        [('디디엑스엠', 'D-D-X-M'), ('컨볼루숀', 'convolution')]
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._abbreviations = {
            re.sub(r"[\W_]", "", name).upper(): term.id
            for term in terms
            for name in term.abbreviations
        }
        # A name that is unsure by itself is registered, where it is not found.
        self._spelt = {
            re.sub("[ -]", "", name): _Heard(term.en, name in term.unsure, term.id)
            for term in terms
            for name in (term.ko, *term.spoken, *term.also)
            if _HANGUL_NAME.fullmatch(name)
        }
        for spelling, heard in _loanwords().items():
            self._spelt.setdefault(spelling, heard)
        self._heard: dict[str, _Heard] = {}
        for spelling, heard in self._spelt.items():
            if len(key := sound(spelling)) >= 6:
                self._heard.setdefault(key, heard)
        self._sounds = list(self._heard)

    def suggest(self, text: str) -> list[Suggestion]:
        """The proposals for a text, in its order.

        Args:
            text: A note's text, or any other.
        """
        read, origin = composed(text)
        mentions = self._terms.find(read)
        known = [(mention.start, mention.end) for mention in mentions]
        return [
            replace(found, start=origin(found.start), end=origin(found.end))
            for line in _LINE.finditer(read)
            for words in (self._words(read, line, known),)
            for found in (*_symbols(words), *self._proposals(words))
        ]

    def _words(
        self, text: str, line: re.Match[str], known: Sequence[tuple[int, int]]
    ) -> list[_Word]:
        """The words in Hangul of a line, but for what is registered."""
        words = []
        for match in _WORD.finditer(text, line.start(), line.end()):
            before = bisect_right(known, match.end() - 1, key=lambda place: place[0]) - 1
            if before >= 0 and known[before][1] > match.start():
                continue
            if match.end() - match.start() <= _LONGEST:
                words.append(self._word(match[0], match.start()))
        return words

    def _word(self, written: str, start: int) -> _Word:
        """A word as what it is most like, with its particle or without."""
        forms = without_particles(written)
        symbols = (form for form in forms if len(letters(form, greek=True) or ()) == 1)
        best, heard, likeness = next(symbols, forms[-1]), None, 0.0
        for form in reversed(forms):
            spelt = self._letters(form) if form not in self._spelt else None
            found, alike = (spelt, 100.0) if spelt else self._nearest(form)
            if alike >= SURE and alike > likeness:
                best, heard, likeness = form, found, alike
        return _Word(start, start + len(best), best, heard)

    def _letters(self, word: str) -> _Heard | None:
        """The word as names of letters, three at least, and not all of them common syllables."""
        spelt = letters(word)
        if spelt is None or len(spelt) < 3:
            return None
        if _WEAK.issuperset(spelt) and sum(letter in _STOPS for letter in spelt) < 2:
            return None
        return _Heard("-".join(spelt), term=self._abbreviations.get("".join(spelt)))

    def _nearest(self, word: str) -> tuple[_Heard, float]:
        """The known word that a word is most like, and how much, in percent."""
        if word in self._spelt:
            return self._spelt[word], 100.0
        key = sound(word)
        if len(key) < 6 or not borrowed_look(word):
            return _Heard(""), 0.0
        best, likeness, _ = process.extractOne(key, self._sounds, scorer=fuzz.ratio)
        # Spellings differ in the middle: what begins otherwise is another word.
        return self._heard[best], likeness if best[0] == key[0] else min(likeness, SURE - 1.0)

    def _proposals(self, words: Sequence[_Word]) -> Iterator[Suggestion]:
        """What to propose for a line: neighbours are one phrase."""
        for phrase in _phrases(words):
            spoken = [word for word in phrase if word.heard and not word.heard.known]
            strange = [word for word in phrase if word.heard is None]
            if not spoken:
                continue
            if strange and all(len(word.written) >= 4 for word in strange):
                yield self._unresolved(phrase, strange)
                continue
            for word in spoken:
                yield _proposal(word)

    def _unresolved(self, phrase: Sequence[_Word], strange: Sequence[_Word]) -> Suggestion:
        heard = [f"{word.written} = {word.heard.english}" for word in phrase if word.heard]
        doubts = []
        for word in strange:
            near, likeness = self._nearest(word.written)
            nearest = (
                f", the nearest is {near.english} ({likeness:.0f} % alike)" if near.english else ""
            )
            doubts.append(f"{word.written} sounds like no known word{nearest}")
        return Suggestion(
            phrase[0].start,
            phrase[-1].end,
            " ".join(word.written for word in phrase),
            None,
            "; ".join([*doubts, *heard]),
        )


def first_of_each(found: Iterable[Suggestion]) -> list[tuple[Suggestion, int]]:
    """The first suggestion for each word as written, and how often it stands there."""
    counts: Counter[str] = Counter()
    first: dict[str, Suggestion] = {}
    for each in found:
        first.setdefault(each.written, each)
        counts[each.written] += 1
    return [(each, counts[written]) for written, each in first.items()]


def _proposal(word: _Word) -> Suggestion:
    assert word.heard is not None  # noqa: S101 - for the type checker
    return Suggestion(word.start, word.end, word.written, word.heard.english, term=word.heard.term)


def _symbols(words: Sequence[_Word]) -> Iterator[Suggestion]:
    """Letters that are said one after the other, one of them Greek: `큐 파이 제트` is q φ z."""
    run: list[tuple[_Word, str]] = []
    for word in (*words, None):
        spelt = letters(word.written, greek=True) if word else None
        if word and spelt and len(spelt) == 1 and (not run or word.start == run[-1][0].end + 1):
            run.append((word, spelt[0]))
            continue
        while run and run[0][1] in _WEAK and run[0][0].written in _DETERMINERS:
            del run[0]
        if len(run) > 1 and any(not letter.isascii() for _, letter in run):
            written = " ".join(each.written for each, _ in run)
            reading = " ".join(letter.lower() for _, letter in run)
            yield Suggestion(run[0][0].start, run[-1][0].end, written, reading)
        run = [(word, spelt[0])] if word and spelt and len(spelt) == 1 else []


def _phrases(words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Neighbours that all come from English, as far as one can hear."""
    phrase: list[_Word] = []
    for word in words:
        if phrase and word.start != phrase[-1].end + 1:
            yield phrase
            phrase = []
        if word.heard is not None or borrowed_look(word.written) >= 0.5:
            phrase.append(word)
        elif phrase:
            yield phrase
            phrase = []
    if phrase:
        yield phrase


@cache
def _loanwords() -> Mapping[str, _Heard]:
    """Each spelling of loanwords.txt with its word."""
    source = resources.files("studykit.wiki.terms").joinpath("loanwords.txt").read_text("utf-8")
    heard: dict[str, _Heard] = {}
    known = False
    for line in source.splitlines():
        if line == "everyday":
            known = True
        elif not line.startswith("#"):
            spellings = _WORD.findall(line)
            english = line[: line.index(spellings[0])].strip()
            heard |= {spelling: _Heard(english, known) for spelling in spellings}
    return heard
