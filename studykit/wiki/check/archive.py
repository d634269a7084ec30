"""What is doubtful among notes: words in no term, ids of nothing, names and ids that are published.

A note alone does not show it; the group's terms and members, the other notes, or what was published
before do.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath

from studykit.wiki.check.finding import Finding, visible
from studykit.wiki.check.note import Places
from studykit.wiki.closing import Kinds, wrong_in_notes
from studykit.wiki.group import People
from studykit.wiki.lines import split_lines
from studykit.wiki.pins import changed_ids
from studykit.wiki.privacy import NameFinder
from studykit.wiki.records import Doubt, Note
from studykit.wiki.terms.suggest import Suggester, first_of_each

__all__ = ["against_published", "public_names", "unknown_records", "unknown_terms"]

# As many ids as a message names.
_SEVERAL = 5


def unknown_terms(note: Note, suggester: Suggester) -> Iterator[Finding]:
    """Each word that seems to spell English and is in no term, where the note first has it."""
    places = Places(note)
    for found, count in first_of_each(suggester.suggest(note.text)):
        more = f", here and {_count(count - 1, 'more time')}" if count > 1 else ""
        yield places.finding(
            Doubt("unknown-term", found.start, found.end, f"{found.message}{more}", found.mend)
        )


def unknown_records(note: Note, kinds: Kinds) -> Iterator[Finding]:
    """Each id by which a note answers or closes a record that no note has."""
    places = Places(note)
    lines = split_lines(note.text)
    for record_id, number, message, mend in wrong_in_notes(note, kinds):
        line = lines[number - 1]
        at = line.text.casefold().find(record_id)
        start = line.start + max(at, 0)
        end = start + len(record_id) if at >= 0 else line.start + len(line.text)
        yield places.finding(Doubt("unknown-record", start, end, message, mend))


def public_names(people: People, notes: Iterable[Note]) -> Iterator[Finding]:
    """Each member whom the site shows under another name, where a note first has the real one."""
    finder = NameFinder(people)
    places: defaultdict[str, list[tuple[Note, int, int]]] = defaultdict(list)
    for note in notes:
        found = {
            member.name: (start, end)
            for start, end, member in reversed(list(finder.find(note.text)))
        }
        for name, place in found.items():
            places[name].append((note, *place))
    for name, held in places.items():
        note, start, end = held[0]
        more = f" and in {_count(len(held) - 1, 'other note')}" if len(held) > 1 else ""
        written = note.text[start:end]
        message = f"{written} is {people.shown(name)} on the site, and stays as typed here{more}"
        mend = "keep the repository private, or write the other name, if nobody is to read this one"
        yield Places(note).finding(Doubt("public-name", start, end, message, mend))


def against_published(
    before: Note, name: str, now: Mapping[str, Note], ref: str
) -> Iterator[Finding]:
    """What became of the ids that a note had at a ref."""
    changes = changed_ids(before, *now.values())
    if name not in now and changes:
        ids = ", ".join(change.id for change in changes[:_SEVERAL])
        more = f" and {len(changes) - _SEVERAL} more" if len(changes) > _SEVERAL else ""
        message = f"the note was published at {ref}, and is gone with {ids}{more}"
        mend = "put it back under this name, or under one that gives the same ids"
        yield Finding(name, 1, 1, "changed-id", visible(message), mend, 1, 1)
        return
    holders = {record.id: (note, record) for note in now.values() for record in note.records()}
    lines = {record.id: record.lines[0] for record in before.records()}
    overlay = PurePath(name).with_suffix(".toml")
    for change in changes:
        line = lines[change.id]
        text = json.dumps(change.was, ensure_ascii=False)
        pin = f'{change.id} = {{kind = "{change.kind}", line = {line}, text = {text}}}'
        mend = (
            f"if the note still has these words, write below [pins] of {overlay}: {pin}; "
            "if not, put them back"
        )
        message = f"{change.id} was “{change.was}” at {ref}, and is gone"
        if change.id in holders:
            note, record = holders[change.id]
            message = f"{change.id} was “{change.was}” at {ref}, and is “{change.now}” now"
            doubt = Doubt("changed-id", record.start, record.end, message, mend)
            yield Places(note).finding(doubt)
        else:
            # Where it stood then: what lost it is near.
            line = min(line, len(split_lines(now[name].text)) or 1)
            yield Finding(name, line, 1, "changed-id", visible(message), visible(mend), line, 1)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
