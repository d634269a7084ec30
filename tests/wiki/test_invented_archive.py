"""The invented notes beside this file, read and rendered as an archive; see README.md."""

from __future__ import annotations

import json
from pathlib import Path

from studykit.wiki.link import link_notes, read_notes
from studykit.wiki.pages import Page
from studykit.wiki.render import Site, render_pages
from tests.wiki.support import GoldenFiles


def test_records(notes: Path, golden: GoldenFiles) -> None:
    texts = {
        f"{Path(note.file).name}.json": json.dumps(note.to_json(), indent=2, ensure_ascii=True)
        + "\n"
        for note in read_notes(notes)
    }
    assert texts
    golden.check_all("invented/records", texts)


def test_pages(notes: Path, golden: GoldenFiles) -> None:
    site = Site(name="구름 <관찰> 모임", language="ko")
    parts = render_pages(link_notes(read_notes(notes)), site)
    texts = {part.path: part.markdown if isinstance(part, Page) else part.content for part in parts}
    golden.check_all("invented/pages", texts)


def test_every_note_gives_back_its_bytes(notes: Path) -> None:
    for note in read_notes(notes):
        data = (notes.parent / note.file).read_bytes()
        assert note.text.encode(note.encoding, "surrogateescape") == data


def test_the_notes_are_as_awkward_as_they_look(notes: Path) -> None:
    """An editor or git that cleaned them up would take the point away."""
    first, second, third = (
        (notes / name).read_bytes() for name in ("week-01.txt", "week-02.txt", "2031-03-18 안개.md")
    )
    assert first.startswith(b"\xef\xbb\xbf")
    assert first.count(b"\r\n") == first.count(b"\n") > 20
    assert b"\r" not in second
    assert not second.endswith(b"\n")
    assert b"\xe9 " in third
    assert b"?\r2." in third
