r"""Privacy: what the site does not show of a note, though the note stays as typed.

A member with a `display` in people.toml is shown under it, wherever a note has one of the member's
names; an e-mail address keeps its first letter and its host, a telephone number its first digits.
A note is masked as a whole, text and records, before anything is made of it, so that no page can
show more than another. Each mask is visible as one (see `escape.masked`). Web addresses stay whole,
since they would lead nowhere.

>>> from studykit.wiki.chrome import load_chrome
>>> from studykit.wiki.escape import unmasked
>>> from studykit.wiki.group import Member, People
>>> from studykit.wiki.read import read_note
>>> masks = Masks(People((Member("가람", ("@garam",), "G."),)), load_chrome("ko"))
>>> note = masks.note(read_note("가람님 - 메일은 garam@clouds.example\n".encode(), "week-03.txt"))
>>> unmasked(note.text)
'G.님 - 메일은 g…@clouds.example\n'
>>> [unmasked(name) for name in note.speakers]
['G.']
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from studykit.wiki.chrome import Chrome
from studykit.wiki.escape import masked, unmasked
from studykit.wiki.group import Member, People
from studykit.wiki.records import (
    Correction,
    Due,
    Link,
    Meeting,
    Note,
    Opinion,
    Question,
    Record,
    Talk,
    Task,
)

__all__ = ["Masks", "NameFinder", "find_contacts"]

_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])(?!git@)(?P<who>[A-Za-z0-9._%+-]{1,64})"
    r"@(?P<host>(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})"
)
# Numbers of Korea with or without marks between, of other countries with a plus; what is a date, a
# version or an arXiv number has other groups.
_PHONE = re.compile(
    r"(?<![\w.+/-])(?:"
    r"(?P<first>01[016-9]|070|050\d)[-. ]?\d{3,4}[-. ]?\d{4}"
    r"|(?P<area>0(?:2|[3-6][1-5]))(?:\)[ ]?|[-. ])\d{3,4}[-. ]\d{4}"
    r"|(?P<country>\+\d{1,3})(?:[-. ]?\(?\d{1,4}\)?){2,5}(?<=\d{4})"
    r")(?![\w-]*\d)"
)
# What leads somewhere stays whole: addresses, targets of links, attributes of Markdown.
_LEADS = re.compile(
    r"https?://[^\s<>\"')]+|\]\([^)\s]*|\b(?:href|src|id|class)=\"[^\"]*\"|\{[:#.][^{}\n]*\}"
)
_UNSEEN = "[\u00ad\u200b-\u200f\u2060\ufeff]*"
# What may stand behind a name of one syllable, which is a part of so many words.
_BEHIND_ONE = r"(?=님|씨|[이가은는을를의도와과랑](?![가-힣])|[^가-힣]|$)"


def find_contacts(text: str) -> Iterator[tuple[int, int, Literal["mail", "phone"]]]:
    """Each e-mail address and telephone number: from where to where, and which it is.

    Examples:
        >>> list(find_contacts("a@clouds.example, 010-1234-5678, 2023-04-04, 2011.13456"))
        [(0, 16, 'mail'), (18, 31, 'phone')]
    """
    mails = [match.span() for match in _MAIL.finditer(text)]
    for start, end in mails:
        yield start, end, "mail"
    for match in _PHONE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in mails):
            yield *match.span(), "phone"


class NameFinder:
    """Finds the members who have a display name, by any of their names, in a text.

    Case and the form of Unicode do not matter, nor what nobody sees between two letters. A name in
    Latin letters is a word; any other is also found inside one, since a particle follows it without
    a space: rather a word too many than a name that stays.

    Examples:
        >>> finder = NameFinder(People((Member("가람", ("Garam",), "G."), Member("가람솔"))))
        >>> [place[:2] for place in finder.find("가람이, GARAM과 가람솔")]
        [(0, 2), (5, 10)]
    """

    def __init__(self, people: People) -> None:
        self._people = people
        self._pattern: re.Pattern[str] | None = None
        if any(member.display for member in people.members):
            names = {
                unicodedata.normalize(form, name.strip().removeprefix("@").strip())
                for member in people.members
                for name in (member.name, *member.also)
                for form in ("NFC", "NFD")
            }
            # The longest first; names that are shown are among them, for what they contain.
            ordered = sorted(names, key=lambda name: (-len(name), name))
            self._pattern = re.compile("@?(?:" + "|".join(map(_form, ordered)) + ")", re.IGNORECASE)

    def find(self, text: str) -> Iterator[tuple[int, int, Member]]:
        """Each place, from its start to its end, with the member."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            written = " ".join(re.sub(_UNSEEN, "", match[0]).split())
            member = self._people.member(written)
            if member is not None and member.display:
                yield match.start(), match.end(), member


def _form(name: str) -> str:
    """The pattern of a name."""
    letters = ("[^\\S\r\n]{1,4}" if letter.isspace() else re.escape(letter) for letter in name)
    pattern = _UNSEEN.join(letters)
    if len(unicodedata.normalize("NFC", name)) == 1 and not name.isascii():
        return f"(?<![가-힣]){pattern}{_BEHIND_ONE}"
    before = "(?<![A-Za-z0-9])" if name[0].isascii() else ""
    # In NFD a syllable may go on with another consonant.
    behind = "(?![A-Za-z0-9])" if name[-1].isascii() else "(?![\u1161-\u11ff])"
    return f"{before}{pattern}{behind}"


@dataclass(frozen=True, slots=True)
class _Mask:
    """A stretch of a text and what is shown for it."""

    start: int
    end: int
    shown: str


class Masks:
    """Masks what notes say of people.

    Args:
        people: The group's members.
        t: The words of the site's language, for what a mask says of itself.
    """

    def __init__(self, people: People, t: Chrome) -> None:
        self._people = people
        self._names = NameFinder(people)
        self._name_label, self._mail_label = t("mask_name"), t("mask_mail")
        self._phone_label = t("mask_phone")

    def text(self, text: str) -> str:
        """A text with its masks."""
        return _replaced(text, self._masks(text))

    def page(self, text: str) -> str:
        """A hand-written page with the members' display names, and the links that it had."""
        parts, done = [], 0
        kept = [match.span() for match in _LEADS.finditer(text)]
        for start, end, member in self._find(text):
            if not _inside(_Mask(start, end, ""), kept):
                parts += [text[done:start], unmasked(self._display(member))]
                done = end
        return "".join([*parts, text[done:]])

    def note(self, note: Note) -> Note:
        """The note with its masks in its text and in its records, whose places move with them."""
        kept = [(link.end - len(link.url), link.end) for link in note.links]
        masks = [mask for mask in self._masks(note.text) if not _inside(mask, kept)]
        moved = _Moved(self, note, masks)
        return replace(
            note.with_records(map(moved.record, note.records())),
            file=self.text(note.file),
            text=moved.text,
            meetings=tuple(map(moved.meeting, note.meetings)),
            blocks=tuple(
                replace(block, start=moved.at(block.start), end=moved.at(block.end))
                for block in note.blocks
            ),
            doubts=(),
            corrections=tuple(map(self._correction, note.corrections)),
        )

    def name(self, written: str) -> str:
        """A person's name."""
        member = self._people.member(written)
        return self._display(member) if member and member.display else self.text(written)

    def names(self, written: Iterable[str]) -> tuple[str, ...]:
        """Names of people, each once."""
        return tuple(dict.fromkeys(map(self.name, written)))

    def _display(self, member: Member) -> str:
        return masked(" ".join(self._people.shown(member.name).split()), self._name_label)

    def _masks(self, text: str) -> list[_Mask]:
        """The masks of a text, in order, none over another; an e-mail address goes first."""
        mails = [_Mask(*match.span(), self._mail(match)) for match in _MAIL.finditer(text)]
        held = [(mail.start, mail.end) for mail in mails]
        for match in _PHONE.finditer(text):
            first = match["first"] or match["area"] or match["country"]
            mask = _Mask(*match.span(), masked(f"{first}-…", self._phone_label))
            if not _inside(mask, held):
                mails.append(mask)
        mails.sort(key=lambda mask: mask.start)
        taken = [(mail.start, mail.end) for mail in mails]
        names = (_Mask(start, end, self._display(who)) for start, end, who in self._find(text))
        found = [*mails, *(name for name in names if not _inside(name, taken))]
        return sorted(found, key=lambda mask: mask.start)

    def _find(self, text: str) -> Iterator[tuple[int, int, Member]]:
        return self._names.find(text)

    def _mail(self, match: re.Match[str]) -> str:
        host = match["host"]
        if next(self._find(host), None):
            host = "…"
        return masked(f"{match['who'][0]}…@{host}", self._mail_label)

    def _correction(self, correction: Correction) -> Correction:
        was, now = (text and self.text(text) for text in (correction.was, correction.now))
        return replace(correction, was=was, now=now)


class _Moved:
    """A note's places and records after its text was masked."""

    def __init__(self, masks: Masks, note: Note, found: list[_Mask]) -> None:
        self._masks = masks
        self._old = note.text
        self.text = _replaced(note.text, found)
        self._found = found
        self._starts = [mask.start for mask in found]
        self._shifts = [0]
        for mask in found:
            self._shifts.append(self._shifts[-1] + len(mask.shown) - (mask.end - mask.start))

    def at(self, offset: int) -> int:
        """Where a place of the old text is; one within a mask is behind it."""
        index = bisect_right(self._starts, offset)
        if index and self._starts[index - 1] < offset < self._found[index - 1].end:
            offset = self._found[index - 1].end
        elif index and self._starts[index - 1] == offset:
            index -= 1
        return offset + self._shifts[index]

    def slice(self, start: int, end: int) -> str:
        return self.text[self.at(start) : self.at(end)]

    def meeting(self, meeting: Meeting) -> Meeting:
        return replace(
            meeting,
            title=meeting.title and self._masks.text(meeting.title),
            attendees=self._masks.names(meeting.attendees),
            start=self.at(meeting.start),
            end=self.at(meeting.end),
        )

    def record(self, record: Record) -> Record:
        masks = self._masks
        start, end = self.at(record.start), self.at(record.end)
        new = replace(record, start=start, end=end, text=self.text[start:end])
        match new:
            case Opinion():
                points = tuple(
                    replace(
                        point,
                        start=self.at(point.start),
                        end=self.at(point.end),
                        text=self.slice(point.start, point.end),
                    )
                    for point in new.points
                )
                return replace(new, speakers=masks.names(new.speakers), points=points)
            case Question():
                return replace(new, askers=masks.names(new.askers))
            case Talk():
                return replace(
                    new,
                    subject=new.subject and masks.text(new.subject),
                    presenters=masks.names(new.presenters),
                    volunteers=masks.names(new.volunteers),
                    due=self._due(new.due),
                )
            case Task():
                return replace(new, owners=masks.names(new.owners), due=self._due(new.due))
            case Link(title=str(title)):
                # Where it stands before its address the page takes it from there.
                stands = self._old.startswith(title, record.start)
                shown = self.slice(record.start, record.start + len(title))
                return replace(new, title=shown if stands else masks.text(title))
        return new

    def _due(self, due: Due | None) -> Due | None:
        return due and replace(due, text=self._masks.text(due.text))


def _replaced(text: str, masks: Iterable[_Mask]) -> str:
    parts = []
    done = 0
    for mask in masks:
        parts += [text[done : mask.start], mask.shown]
        done = mask.end
    return "".join([*parts, text[done:]]) if parts else text


def _inside(mask: _Mask, places: list[tuple[int, int]]) -> bool:
    """Whether a mask touches one of the places, which are in order."""
    index = bisect_right(places, (mask.start, mask.end))
    return any(
        start < mask.end and mask.start < end
        for start, end in places[max(0, index - 1) : index + 1]
    )
