"""`llms.txt`: the site in one short file, for language models (https://llmstxt.org).

It lists the newest meetings and all hand-written pages; the registers and `archive.json` lead to
everything else, so it does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from studykit.wiki.archive_data import ARCHIVE
from studykit.wiki.chrome import Chrome
from studykit.wiki.escape import unmasked
from studykit.wiki.link import Archive
from studykit.wiki.living import meeting_path
from studykit.wiki.pages import Asset, page_url
from studykit.wiki.render import SECTIONS, Site

__all__ = ["llms_asset"]

MOST = 30
"""As many meetings as are listed."""

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\[]<>`*_"})


def llms_asset(
    archive: Archive, site: Site, t: Chrome, titles: Mapping[str, str], *, twins: bool
) -> Asset:
    """The file.

    Args:
        archive: All records, cross-linked.
        site: The site's name and hand-written pages.
        t: The words of the site's language.
        titles: The title of each meeting by its id.
        twins: Whether each page has its Markdown beside it, to be listed instead.
    """
    beside = "index.md" if twins else ""
    meetings = (
        (titles[session.meeting.id], meeting_path(session.meeting.id))
        for session in archive.sessions[: -MOST - 1 : -1]
    )
    documents = (*site.writeups, *site.answers)
    written = ((document.title, document.path) for document in documents)
    notebooks = ((document.title, document.path) for document in site.notebooks)
    parts = (
        ("meetings", meetings),
        ("writeups", written),
        ("notebooks", notebooks),
    )
    about = t("llms_about") + (f" {t('llms_twins')}" if twins else "")
    lines = [f"# {_plain(site.name)}", "", f"> {about}", ""]
    for key, pages in parts:
        if listed := list(_listed(pages, beside)):
            lines += [f"## {t(key)}", "", *listed, ""]
    registers = ((t(key), path) for key, path in SECTIONS.items())
    lines += [
        "## Optional",
        "",
        *_listed(registers, beside),
        f"- [{t('llms_data')}]({ARCHIVE})",
        "",
    ]
    return Asset("llms.txt", "\n".join(lines))


def _listed(pages: Iterable[tuple[str, str]], beside: str) -> Iterator[str]:
    for title, path in pages:
        yield f"- [{_plain(title)}]({page_url(path)}{beside})"


def _plain(text: str) -> str:
    return " ".join(unmasked(text).split()).translate(_MARKS)
