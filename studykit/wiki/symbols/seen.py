"""Where each symbol is discussed, in notes and on hand-written pages, and where code uses it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from studykit.wiki.chrome import Chrome
from studykit.wiki.equations.writeups import Writeup
from studykit.wiki.pages import Page, page_href
from studykit.wiki.prose import Part, plain, sentences, worded
from studykit.wiki.quotes import Quote, Turn, few_quotes, quote_pages, shortened
from studykit.wiki.symbols.api import Api, Symbol
from studykit.wiki.symbols.uses import Names, Uses

__all__ = ["Seen", "about_symbol", "find_seen", "seen_pages"]

# A block without a language is Python if it parses.
_PYTHON = ("", "py", "python", "python3", "pycon", "ipython3")
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Seen:
    """By a symbol's path: what was said of it, the newest first, and the code that uses it."""

    discussed: dict[str, tuple[Quote, ...]]
    used: dict[str, tuple[Quote, ...]]


def find_seen(
    api: Api,
    names: Names,
    writeups: Sequence[Writeup],
    said: Iterable[tuple[Turn, str, str]],
) -> Seen:
    """Look for the symbols in notes and on hand-written pages.

    Args:
        api: The symbols.
        names: Finds them in words.
        writeups: The hand-written pages but for the API's own.
        said: What the notes say, the newest first, each with its page's title and path.
    """
    discussed: defaultdict[str, dict[Quote, None]] = defaultdict(dict)
    used: defaultdict[str, dict[str, Quote]] = defaultdict(dict)
    for turn, title, path in said:
        for mention in names.find(turn.text):
            quote = Quote(turn.text, title, path, turn.anchor, turn.who)
            discussed[mention.symbol.path][quote] = None
    for writeup in writeups:
        code = Uses(api)
        for part in writeup.parts:
            if part.kind == "text":
                for symbol, sentence in _mentions(part, api, names):
                    quote = Quote(
                        shortened(sentence),
                        writeup.title,
                        writeup.path,
                        f"api-{symbol.path}",
                        kind="written",
                    )
                    discussed[symbol.path][quote] = None
            elif part.kind == "code" and part.language.lower() in _PYTHON:
                lines = part.text.split("\n")
                for use in code.read(part.text):
                    line = lines[use.line - 1].strip()
                    if line.startswith(("from ", "import ")):
                        line = ""  # shown only where nothing else uses it
                    before = used[use.symbol.path].get(writeup.path)
                    if before is None or not before.text:
                        used[use.symbol.path][writeup.path] = Quote(
                            line,
                            writeup.title,
                            writeup.path,
                            f"use-{use.symbol.path}",
                            kind="code",
                        )
    return Seen(
        {path: tuple(found) for path, found in discussed.items()},
        {path: tuple(found.values()) for path, found in used.items()},
    )


def about_symbol(symbol: Symbol, seen: Seen, source: tuple[str, str] | None, t: Chrome) -> Markup:
    """What stands below the symbol's docstring on its API page; nothing where there is nothing.

    Args:
        symbol: The symbol.
        seen: What is known of all symbols.
        source: The page and the anchor of its annotated source.
        t: The words of the site's language.
    """
    sections = []
    if source:
        sections.append(
            Markup('<p class="sk-annotated"><a href="{}">{}</a></p>').format(
                page_href(symbol.page, *source), t("source_beside")
            )
        )
    for key, quotes in _kinds(symbol, seen):
        rest = page_href(symbol.page, f"{_folder(symbol, key)}/index.md")
        sections.append(
            Markup('<section class="sk-discussed"><b>{}</b>\n{}\n</section>').format(
                t(key), few_quotes(quotes, symbol.page, rest, t)
            )
        )
    return Markup("\n").join(sections)


def seen_pages(api: Api, seen: Seen, t: Chrome) -> Iterator[Page]:
    """The pages of the quotes that are too many for the API's pages."""
    for symbol in api.symbols:
        for key, quotes in _kinds(symbol, seen):

            def back(page: str, symbol: Symbol = symbol) -> Markup:
                return Markup('<a href="{}"><code>{}</code></a>').format(
                    page_href(page, symbol.page, symbol.path), symbol.short
                )

            title = t("discussed_about" if key == "discussed" else "used_about", what=symbol.short)
            yield from quote_pages(_folder(symbol, key), title, back, quotes, t)


def _kinds(symbol: Symbol, seen: Seen) -> Iterator[tuple[str, Sequence[Quote]]]:
    for key, found in (("discussed", seen.discussed), ("used", seen.used)):
        quotes = found.get(symbol.path, ())
        if quotes:
            yield key, quotes


def _folder(symbol: Symbol, key: str) -> str:
    # Addresses have small letters only: a class and a function may differ in nothing else.
    kind = "-class" if symbol.kind == "class" else ""
    return f"api/seen/{symbol.path.lower()}{kind}/{key}"


def _mentions(part: Part, api: Api, names: Names) -> Iterator[tuple[Symbol, str]]:
    text = plain(part.text)
    starts = sentences(text)

    def around(start: int) -> str:
        return next(sentence for at, sentence in reversed(starts) if at <= start)

    found = [(mention.start, mention.symbol) for mention in names.find(worded(part.text))]
    done = 0
    for code in _CODE.finditer(part.text):
        at = text.find(code[1], done)
        symbol = api.named(code[1])
        if at >= 0:
            done = at + len(code[1])
            if symbol:
                found.append((at, symbol))
    for at, symbol in sorted(found, key=lambda each: (each[0], each[1].path)):
        yield symbol, around(at)
