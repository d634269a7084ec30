"""Finding where a text mentions a term, by any of its names, in one pass whatever their number.

Names and text are compared folded: composed, in lower case, without the blanks and hyphens between
words. So `확산모델` is `확산 모델`, and `Auto-Encoder` is `autoencoder`; but a blank in a text must
be one of the name's. An Aho-Corasick automaton (ahocorasick_rs) finds all names at once; then each
candidate has to begin and end a word, which for Hangul means that particles may follow (korean.py).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from studykit.wiki.terms.korean import begins_word, ends_word

__all__ = ["Finder", "Mention", "Name", "Origin", "composed"]


@dataclass(frozen=True, slots=True)
class Name:
    """One name of the term `term`; of none, if it only looks like one: `score board`.

    Args:
        text: As it is written, with the blanks that may be left out.
        term: The term's id, or None.
        cased: Found only in this case: KID, but no kid.
        unsure: Found only in a text that surely mentions one of the terms `near`, or has one of the
            words `context`.
        near: Ids of terms.
        context: Words that say that the term is meant.
    """

    text: str
    term: str | None
    cased: bool = False
    unsure: bool = False
    near: tuple[str, ...] = ()
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A place of a text, from `start` to `end`, that names the term with the id `term`."""

    start: int
    end: int
    term: str


# At most a line end: what stands further apart is no name.
_GAP = re.compile(
    r"(?<![\s-])(?:[ \t\u00a0\u3000]+|[ \t\u00a0\u3000]*\r?\n[ \t\u00a0\u3000]*|[-‐‑‒–])(?![\s-])"
)
# Addresses, mail addresses, paths and names of files; what is within one names nothing.
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,30}://|www\.)[^\s<>]+"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}/[^\s<>]*"
    r"|(?<![\w.-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}"
    r"|(?<![\w./-])(?:\.{0,2}/)?(?:[\w.-]{1,80}/){1,30}[\w.-]{1,80}\.[a-z]{1,5}\b",
    re.IGNORECASE | re.ASCII,
)
# A letter that was typed as several characters.
_CLUSTER = re.compile("[^\n][\u0300-\u036f\u1161-\u11ff\u3099\u309a]+")
# Wide letters (ＤＤＰＭ) as narrow ones.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


class Finder:
    """Finds names in texts; made once, used for every text."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names: list[list[tuple[Name, frozenset[int]]]] = []
        places: dict[str, int] = {}
        for name in names:
            written = composed(name.text.strip())[0]
            folded, where = _folded(written)
            if not folded:
                continue
            if folded not in places:
                places[folded] = len(places)
                self._names.append([])
            gaps = frozenset(i for i in range(1, len(where)) if where[i] != where[i - 1] + 1)
            self._names[places[folded]].append((name, gaps))
        self._automaton = AhoCorasick(list(places)) if places else None

    def find(self, text: str) -> list[Mention]:
        """Every mention, in order, none over another; of two that overlap the earlier, longer one.

        Args:
            text: Any text. What is unsure is decided by the whole of it.
        """
        if self._automaton is None:
            return []
        typed, origin = composed(text)
        folded, where = _folded(typed)
        candidates = []
        matches = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        for index, first, last in matches:
            start, end = where[first], where[last - 1] + 1
            for name, gaps in self._names[index]:
                if _same_gaps(where, first, last, gaps) and _is_word(name, typed, start, end):
                    candidates.append((start, -_plural(typed, end), name))
                    break
        candidates.sort(key=lambda each: each[:2])
        chosen = list(_apart(candidates, _addresses(typed)))
        sure = {name.term for _, _, name in chosen if not name.unsure}
        meant = {
            name: not name.unsure or not sure.isdisjoint(name.near) or _has(folded, name.context)
            for name in {name for _, _, name in chosen}
        }
        return [
            Mention(origin(start), origin(end), name.term)
            for start, end, name in chosen
            if name.term and meant[name]
        ]


def _apart(
    candidates: list[tuple[int, int, Name]], addresses: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, Name]]:
    done = 0
    for start, negative_end, name in candidates:
        end = -negative_end
        before = bisect_right(addresses, start, key=lambda address: address[0])
        within = before and addresses[before - 1][1] > start
        if start >= done and not within:
            yield start, end, name
            done = end


def _addresses(text: str) -> list[tuple[int, int]]:
    # All of them have one of these, which most texts have not.
    if "/" not in text and "@" not in text and "www." not in text:
        return []
    return [match.span() for match in _ADDRESS.finditer(text)]


def _has(folded: str, words: Iterable[str]) -> bool:
    return any(_folded(word)[0] in folded for word in words)


def _is_word(name: Name, text: str, start: int, end: int) -> bool:
    """Whether the name at this place is no part of another word."""
    first, last = text[start], text[end - 1]
    syllables = sum("가" <= letter <= "힣" for letter in name.text)
    if _is_hangul(first):
        if not begins_word(text, start, syllables=syllables):
            return False
    elif not _begins_latin(text, start):
        return False
    if _is_hangul(last):
        if not ends_word(text, end, syllables=syllables):
            return False
    elif not _ends_latin(text, end) or _begins_run(name, text, start, end):
        return False
    return _same_case(name, text[start:end])


def _same_case(name: Name, written: str) -> bool:
    letters = "".join(filter(str.isalpha, name.text))
    shown = "".join(filter(str.isalpha, written.translate(_NARROW)))
    # Two letters in another case are a word or a symbol: `is`, `em`, `Ae`.
    if name.cased or (len(letters) <= 2 and letters.isascii() and letters.isupper()):
        return shown == letters
    return True


def _begins_run(name: Name, text: str, start: int, end: int) -> bool:
    """Whether an abbreviation begins the name of a run: `ddpm-digits`, but not `DDPM-like`."""
    hyphen, after = _two(text, end)
    joined = hyphen == "-" and _is_latin(after)
    return joined and name.text.isupper() and text[start:end].islower()


def _is_hangul(letter: str) -> bool:
    return "가" <= letter <= "힣"


def _is_latin(letter: str) -> bool:
    """A letter or digit of a script that puts blanks between words, or an underscore."""
    return letter == "_" or (letter.isalnum() and not _is_hangul(letter) and ord(letter) < 0x2E80)


def _begins_latin(text: str, start: int) -> bool:
    before = text[start - 1] if start else " "
    further = text[start - 2] if start >= 2 else " "
    if before in "-‐‑.":  # the last part of another name: Info-VAE, torch.vae
        return not _is_latin(further)
    if before == "/":  # VAE/GAN are two, /gan is a path
        return not further.isspace() and further not in "/."
    return not _is_latin(before) and before not in "\\@"


def _ends_latin(text: str, end: int) -> bool:
    end = _plural(text, end)
    behind, after = _two(text, end)
    if behind == ".":  # DDPM.loss, ddpm.py
        return not _is_latin(after)
    if behind in "+(":  # DDPM++, ddpm()
        return after not in "+)"
    return not _is_latin(behind)


def _two(text: str, start: int) -> tuple[str, str]:
    """The characters from a place on; blanks behind the end."""
    return text[start : start + 1] or " ", text[start + 1 : start + 2] or " "


def _plural(text: str, end: int) -> int:
    """The end with an English plural's s: GANs."""
    last = text[end - 1]
    behind, after = _two(text, end)
    return end + 1 if behind == "s" and last.isascii() and not _is_latin(after) else end


def _same_gaps(where: Sequence[int], first: int, last: int, allowed: frozenset[int]) -> bool:
    """Whether the text has a blank only where the name has one."""
    if where[last - 1] - where[first] == last - first - 1:
        return True
    return all(where[i] == where[i - 1] + 1 or i - first in allowed for i in range(first + 1, last))


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text to compare, and where each of its characters stands in `text`."""
    lower = text.translate(_NARROW).lower()
    if len(lower) != len(text):  # of letters such as İ, whose small form is two characters
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text.translate(_NARROW))
    parts: list[str] = []
    where: list[int] = []
    done = 0
    for gap in _GAP.finditer(text):
        parts.append(lower[done : gap.start()])
        where.extend(range(done, gap.start()))
        done = gap.end()
    if not parts:
        return lower, range(len(lower))
    parts.append(lower[done:])
    where.extend(range(done, len(lower)))
    return "".join(parts), where


class Origin:
    """Where an offset of a composed text is in the text as typed."""

    def __init__(self, places: Sequence[tuple[int, int]]) -> None:
        self._places = places

    def __call__(self, offset: int) -> int:
        """The place as typed."""
        if not self._places:
            return offset
        index = bisect_right(self._places, offset, key=lambda place: place[0]) - 1
        here, typed = self._places[index]
        return typed + offset - here


def composed(text: str) -> tuple[str, Origin]:
    """The text in NFC, and the way back: letters typed as several characters are one."""
    if unicodedata.is_normalized("NFC", text):
        return text, Origin(())
    parts: list[str] = []
    places: list[tuple[int, int]] = [(0, 0)]
    length = 0
    for cluster in _CLUSTER.finditer(text):
        new = unicodedata.normalize("NFC", cluster[0])
        parts += [text[places[-1][1] : cluster.start()], new]
        length += cluster.start() - places[-1][1]
        places.append((length, cluster.start()))
        length += len(new)
        places.append((length, cluster.end()))
    parts.append(text[places[-1][1] :])
    return "".join(parts), Origin(places)
