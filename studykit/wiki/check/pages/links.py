"""Links, anchors and pictures of hand-written pages.

Only what a page points to inside the wiki is looked at: other hosts are asked on a schedule, by a
link checker, and never while somebody waits for a check.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pymdownx.slugs import slugify

from studykit.errors import StudykitError
from studykit.wiki.equations.problems import Problem
from studykit.wiki.pages import Addition, Page
from studykit.wiki.prose import Part

__all__ = ["Target", "link_problems", "links_of"]

HUGE = 1_000_000
"""From so many bytes on a picture makes a phone wait."""

_LITERAL = re.compile(r"(`+)[^`\n]+?\1|\$[^$\n]+\$")
_INLINE = re.compile(
    r"(?P<image>!?)\[(?P<text>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(\s*<?(?P<url>[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+[\"'(][^\n]*?[\"')])?\s*\)"
)
_DEFINED = re.compile(r"^\[(?P<text>[^\]^][^\]]*)\]:\s*<?(?P<url>\S+?)>?(?:\s|$)", re.MULTILINE)
_ID = re.compile(r"\{[^}\n]*?#(?P<id>[^\s}]+)[^}\n]*\}|<[^>\n]+\bid=[\"'](?P<html>[^\"']+)")
_MARKS = re.compile(r"[*`~]|(?<!\w)_|_(?!\w)|!?\[([^\]]*)\]\([^)]*\)")
_PUT = "put it into the folder of this page, or correct its path, which counts from there"
_slug = slugify(case="lower")


@dataclass(frozen=True, slots=True)
class Target:
    """A link or picture: its words, its address, the line, and both as typed."""

    image: bool
    text: str
    url: str
    line: int
    typed: str


def links_of(parts: Sequence[Part]) -> Iterator[Target]:
    """The links and pictures of a page, but for those that code or a formula shows.

    Examples:
        >>> [link.url for link in links_of([Part("text", "[a](b.md) `[c](d.md)`", 1, 1)])]
        ['b.md']
    """
    for part in parts:
        if part.kind in ("code", "formula"):
            continue
        text = _LITERAL.sub(lambda match: "\ufffc" * len(match[0]), part.text)
        for match in _INLINE.finditer(text):
            line = part.line + text.count("\n", 0, match.start())
            yield Target(bool(match["image"]), match["text"], match["url"], line, match["url"])
        for match in _DEFINED.finditer(text):
            line = part.line + text.count("\n", 0, match.start())
            yield Target(False, match["text"], match["url"], line, match["url"])


def link_problems(
    docs: Path,
    pages: Mapping[Path, Sequence[Part]],
    everything: Mapping[Path, Sequence[Part]],
    made: Mapping[str, str] | None = None,
) -> Iterator[Problem]:
    """What links and pictures of some pages point to, and is not there among all of them."""
    known = _Known(docs, everything, made)
    for path, parts in pages.items():
        file = f"{docs.name}/{path.relative_to(docs).as_posix()}"
        for link in links_of(parts):
            if link.image and not link.text.strip():
                yield Problem(
                    "no-alt-text",
                    file,
                    link.line,
                    link.typed,
                    "this picture has no words for who cannot see it",
                    f"say what is on it: ![…]({link.url})",
                )
            wrong = known.wrong(path, link)
            if wrong:
                fix = known.certain(path, link)
                yield Problem("dead-link", file, link.line, link.typed, *wrong, fix)
            elif link.image and (size := known.size(path, link)) >= HUGE:
                yield Problem(
                    "huge-image",
                    file,
                    link.line,
                    link.typed,
                    f"this picture has {size / 1e6:.1f} MB",
                    "save it smaller: 1,600 pixels wide, as JPEG or WebP",
                )


class _Known:
    """What the wiki will have: hand-written files, and the pages that are generated."""

    def __init__(
        self,
        docs: Path,
        pages: Mapping[Path, Sequence[Part]],
        made: Mapping[str, str] | None,
    ) -> None:
        self._docs = docs
        self._pages = pages
        self._given = made
        self._anchors: dict[str, frozenset[str]] = {}

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(
            path.relative_to(self._docs).as_posix()
            for path in self._docs.rglob("*")
            if path.is_file() and not path.is_symlink()
        )

    @cached_property
    def _made(self) -> Mapping[str, str] | None:
        """The Markdown of each generated page, by its path; a data file has none.

        None where the wiki cannot be built, which is reported for itself.
        """
        if self._given is not None:
            return self._given
        # What generates them has the page that explains our codes among them.
        from studykit.wiki.generate import read_wiki  # noqa: PLC0415

        project = self._docs.parent
        try:
            # What is wrong in front matter is reported for itself.
            wiki = read_wiki(project / "meetings", self._docs, name="", language="ko", wrong=[])
            made = (*wiki.pages(), *wiki.data(project, "https://example.org/"))
        except StudykitError:
            return None
        return {
            part.path: part.markdown if isinstance(part, Page) else ""
            for part in made
            if not isinstance(part, Addition)
        }

    @property
    def _generated(self) -> Mapping[str, str]:
        return self._made or {}

    def wrong(self, path: Path, link: Target) -> tuple[str, str] | None:
        """What is wrong with a link, and how to mend it."""
        try:
            address = urlsplit(link.url)
        except ValueError:
            return "this is no address", "write a path, or an https:// address"
        if address.scheme or address.netloc or link.url.startswith(("eq:", "{")):
            return None
        here = path.relative_to(self._docs).as_posix()
        target = unicodedata.normalize("NFC", unquote(address.path))
        if target.startswith("/"):
            return (
                "the wiki may not lie at the root of its host",
                f"write the path from this file: {self._from(here, target)}",
            )
        at = posixpath.normpath(posixpath.join(posixpath.dirname(here), target)) if target else here
        if at.startswith(".."):
            return "this is outside of the folder of pages", f"put it into {self._docs.name}/"
        if at not in self._files and at not in self._generated:
            if self._made is None and not link.image:
                return None
            message = f"there is no such page or file: {link.url}"
            if near := self._near(here, at):
                return message, f"did you mean {near}?"
            page = _page_like(at) and not link.image
            return message, "write the path from this file, with .md" if page else _PUT
        anchor = unquote(address.fragment)
        if not anchor or not at.endswith((".md", ".ipynb")):
            return None
        anchors = self._anchors_of(at)
        if anchor in anchors or (at not in self._generated and self._of_a_symbol(at)):
            return None
        close = get_close_matches(anchor, anchors, n=1, cutoff=0.4)
        return f"{at} has no place {anchor!r}", (
            f"did you mean #{close[0]}?" if close else _some_of(anchor, anchors)
        )

    def certain(self, path: Path, link: Target) -> str | None:
        """The address that a dead link must mean, where only one can be meant."""
        try:
            address = urlsplit(link.url)
        except ValueError:
            return None
        here = path.relative_to(self._docs).as_posix()
        target = unicodedata.normalize("NFC", unquote(address.path))
        anchor = f"#{address.fragment}" if address.fragment else ""
        at = posixpath.normpath(posixpath.join(posixpath.dirname(here), target.lstrip("/")))
        if target.startswith("/"):
            at = posixpath.normpath(target.strip("/"))
        elif not target or at in self._files or at in self._generated:
            return self._certain_anchor(at if target else here, address.path, address.fragment)
        found = [each for each in _spellings(at) if self._has(each)]
        if not found and posixpath.basename(at) not in ("index.md", "README.md", "index.ipynb"):
            everything = {*self._files, *self._generated}
            found = [each for each in everything if posixpath.basename(each) == _name(at)]
        if len(found) != 1:
            return None
        return (
            posixpath.relpath(found[0], posixpath.dirname(here) or ".").replace(" ", "%20") + anchor
        )

    def _has(self, path: str) -> bool:
        return path in self._files or path in self._generated

    def _certain_anchor(self, at: str, path: str, anchor: str) -> str | None:
        """The same place in another spelling: Hangul in pieces, or other letters' case."""
        if not at.endswith((".md", ".ipynb")):
            return None
        wanted = _folded(unquote(anchor))
        found = [each for each in self._anchors_of(at) if _folded(each) == wanted]
        return f"{path}#{found[0]}" if len(found) == 1 else None

    def size(self, path: Path, link: Target) -> int:
        """The size of a picture in bytes; 0 of one elsewhere."""
        picture = path.parent / unquote(urlsplit(link.url).path)
        return picture.stat().st_size if picture.is_file() else 0

    def _from(self, here: str, target: str) -> str:
        stem = target.strip("/")
        folder = posixpath.dirname(here)
        for candidate in (stem, f"{stem}.md", f"{stem}/index.md"):
            if candidate in self._files or candidate in self._generated:
                return posixpath.relpath(candidate, folder or ".")
        return "../…/page.md"

    def _near(self, here: str, at: str) -> str:
        everything = [*self._files, *self._generated]
        folder = posixpath.dirname(here) or "."
        same = [each for each in everything if posixpath.basename(each) == posixpath.basename(at)]
        for candidate in (f"{at}.md", f"{at}/index.md", re.sub(r"(?:\.html|/)$", "", at) + ".md"):
            if candidate in everything:
                return posixpath.relpath(candidate, folder)
        if len(same) == 1:
            return posixpath.relpath(same[0], folder)
        # Who means slides means no page.
        alike = [each for each in everything if _page_like(each) == _page_like(at)]
        close = get_close_matches(at, alike, n=1, cutoff=0.7)
        return posixpath.relpath(close[0], folder) if close else ""

    def _anchors_of(self, at: str) -> frozenset[str]:
        if at not in self._anchors:
            text = self._generated.get(at)
            if text is None:
                path = self._docs / at
                text = path.read_text("utf-8", errors="replace")
                headings = [part.text for part in self._pages[path] if part.kind == "heading"]
            else:
                headings = re.findall(
                    r"^#{1,6}[ \t]+(.+?)(?:[ \t]*\{[^}]*\})?$", text, re.MULTILINE
                )
            self._anchors[at] = frozenset(
                {*_slugs(headings), *(found["id"] or found["html"] for found in _ID.finditer(text))}
            )
        return self._anchors[at]

    def _of_a_symbol(self, at: str) -> bool:
        """Whether the page shows code, whose symbols have anchors that only its engine knows."""
        return at.startswith("api/")


def _some_of(anchor: str, anchors: Collection[str]) -> str:
    """A mend that shows what there is to choose from."""
    some = get_close_matches(anchor, sorted(anchors), n=3, cutoff=0)
    shown = f", such as {', '.join(f'#{each}' for each in some)}," if some else ""
    return f"name one of its headings{shown} or leave # out"


def _spellings(at: str) -> list[str]:
    """The pages that an address without `.md`, or one of the built site, may mean."""
    stem = re.sub(r"\.html$", "", at)
    return [at, f"{stem}.md", f"{stem}/index.md", f"{stem}.ipynb"]


def _page_like(at: str) -> bool:
    """Whether an address is a page's, by its suffix."""
    return posixpath.splitext(at)[1] in ("", ".md", ".html", ".ipynb")


def _name(at: str) -> str:
    return posixpath.basename(at)


def _folded(anchor: str) -> str:
    return unicodedata.normalize("NFC", anchor).casefold()


def _slugs(headings: Sequence[str]) -> Iterator[str]:
    """The anchors of headings, as mkdocs.yml's `toc.slugify` makes them; the second gets `_1`."""
    seen: dict[str, int] = {}
    for heading in headings:
        plain = _MARKS.sub(lambda match: match[1] or "", heading)
        slug = _slug(plain, "-")
        count = seen.get(slug, 0)
        seen[slug] = count + 1
        yield f"{slug}_{count}" if count else slug
