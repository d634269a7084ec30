"""The Atom feed of meetings and write-ups, `feed.xml` (RFC 4287).

A meeting has the date that its note states. What states none has the one on which git added it,
and says so; without either it is not in the feed, since a date would have to be made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from studykit.wiki.chrome import Chrome
from studykit.wiki.documents import Document
from studykit.wiki.escape import unmasked
from studykit.wiki.link import Archive, Session
from studykit.wiki.living import meeting_path
from studykit.wiki.pages import Asset, page_url

__all__ = ["FEED", "feed_asset"]

FEED = "feed.xml"
MOST = 50
"""As many entries as the feed has; all else is on the site."""

_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 has no place for.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Entry:
    updated: str
    url: str
    title: str
    summary: str


def feed_asset(
    archive: Archive,
    writeups: Iterable[Document],
    added: Mapping[str, str],
    t: Chrome,
    *,
    name: str,
    site_url: str,
    titles: Mapping[str, str],
) -> Asset:
    """The feed, the newest first.

    Args:
        archive: All records, cross-linked, as the site shows them.
        writeups: The write-ups.
        added: When git added a file, by its path below the project's folder.
        t: The words of the site's language.
        name: The site's name.
        site_url: The address of the site; entries have whole addresses.
        titles: The title of each meeting by its id.
    """
    entries = [
        *_meetings(archive, added, t, titles),
        *_writeups(writeups, added, t),
    ]
    newest = sorted(entries, key=lambda entry: (entry.updated, entry.url), reverse=True)[:MOST]
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": t.language})
    _add(feed, "title", name)
    _add(feed, "id", site_url)
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": site_url})
    SubElement(
        feed,
        "link",
        {"rel": "self", "type": "application/atom+xml", "href": urljoin(site_url, FEED)},
    )
    _add(feed, "updated", newest[0].updated if newest else "1970-01-01T00:00:00Z")
    _add(SubElement(feed, "author"), "name", name)
    for entry in newest:
        _append(feed, entry, site_url)
    indent(feed)
    text = tostring(feed, encoding="unicode")
    return Asset(FEED, f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n')


def _meetings(
    archive: Archive, added: Mapping[str, str], t: Chrome, titles: Mapping[str, str]
) -> Iterator[_Entry]:
    for session in archive.sessions:
        meeting = session.meeting
        stated = f"{meeting.date}T00:00:00Z" if meeting.date else None
        updated = stated or added.get(session.note.file)
        if updated is None:
            continue
        summary = _summary(session, t)
        yield _Entry(
            updated=updated,
            url=page_url(meeting_path(meeting.id)),
            title=unmasked(titles[meeting.id]),
            summary=summary if stated else f"{summary} {t('feed_added')}",
        )


def _summary(session: Session, t: Chrome) -> str:
    note = session.note
    counts = (
        ("opinions", len(note.opinions)),
        ("decisions", len(note.decisions)),
        ("questions", len(note.questions)),
        ("talks", len(note.talks)),
        ("tasks", len(note.tasks)),
        ("links", len(note.links)),
    )
    return " · ".join(f"{t(key)} {count}" for key, count in counts if count)


def _writeups(
    writeups: Iterable[Document], added: Mapping[str, str], t: Chrome
) -> Iterator[_Entry]:
    for document in writeups:
        if updated := added.get(f"docs/{document.path}"):
            yield _Entry(
                updated, page_url(document.path), unmasked(document.title), t("feed_added")
            )


def _append(feed: Element, entry: _Entry, site_url: str) -> None:
    element = SubElement(feed, "entry")
    address = urljoin(site_url, entry.url)
    _add(element, "title", entry.title)
    _add(element, "id", address)
    SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": address})
    _add(element, "updated", entry.updated)
    if entry.summary:
        _add(element, "summary", entry.summary)


def _add(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
