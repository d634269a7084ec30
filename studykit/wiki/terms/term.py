"""The group's terms, as docs/terms.toml gives them.

`docs/terms.toml` is read, and not published. A table for each concept:

    [[term]]
    id = "ddpm"                     # ASCII; the page is terms/ddpm/
    ko = "디노이징 확산 확률 모델"     # the Korean name
    en = "denoising diffusion probabilistic model"
    abbreviations = ["DDPM"]        # in any case, but those of two letters as they are written
    spoken = ["디디피엠"]             # how Hangul spells what is said
    also = ["잡음 제거 확산 확률 모델"]  # other names
    definition = "…"                # one or two sentences
    definition_en = "…"             # for a site in English; else `definition` is shown
    paper = {title = "…", url = "https://…"}
    api = ["studykit.diffusion.ddpm.DDPM"]    # must exist in the code
    related = ["vae"]               # ids of other terms
    cased = ["KID"]                 # of the names: found in this case only
    unsure = ["스코어"]              # of the names: found only in a text that mentions the term by
                                    # another name, or a related one …
    context = ["기울기"]             # … or has one of these words
    unlike = ["스코어 보드"]          # what has a name in it and means something else

`id`, `ko`, `en` and `definition` must be there. A blank or hyphen in a name may be left out by who
types it; a blank that the name has not is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from studykit.errors import ConfigError
from studykit.wiki.chrome import Chrome
from studykit.wiki.terms.find import Finder, Mention, Name
from studykit.wiki.terms.symbols import Symbols
from studykit.wiki.toml_file import Step, TomlFile

__all__ = ["TERMS_FILE", "Source", "Term", "Terms", "load_terms", "read_terms", "term_path"]

TERMS_FILE = "terms.toml"
"""Its name in the docs folder."""

_TABLE = '[[term]]\nid = "…"'
_TEXTS = ("id", "ko", "en", "definition", "definition_en")
_NAMES = ("abbreviations", "spoken", "also")
_LISTS = (*_NAMES, "api", "related", "cased", "unsure", "context", "unlike")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Folders below terms/ that the generator fills itself.
_RESERVED = re.compile(r"page-\d+|index")


@dataclass(frozen=True, slots=True)
class Source:
    """The paper that introduced a concept."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One concept with all its names; the module's docstring says what each is."""

    id: str
    ko: str
    en: str
    definition: str
    definition_en: str = ""
    abbreviations: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    paper: Source | None = None
    api: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    cased: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names, each once; the Korean one first."""
        names = (self.ko, self.en, *self.abbreviations, *self.spoken, *self.also)
        return tuple(dict.fromkeys(names))

    def title(self, t: Chrome) -> str:
        """What the pages call it: `디노이징 확산 확률 모델 (DDPM)`."""
        name, other = (self.ko, self.en) if t.language == "ko" else (self.en, "")
        short = self.abbreviations[0] if self.abbreviations else other
        return f"{name} ({short})" if short and short.lower() != name.lower() else name

    def meaning(self, t: Chrome) -> str:
        """The definition in the site's language, as far as there is one."""
        return self.definition if t.language == "ko" else self.definition_en or self.definition


@dataclass(frozen=True, slots=True, repr=False)
class Terms:
    """The terms, in the order of the file; none where a project has no such file.

    Examples:
        >>> terms = Terms((Term(id="fog", ko="안개", en="fog", definition="낮은 구름."),))
        >>> [(mention.start, mention.end, mention.term) for mention in terms.find("Fog는 안개다")]
        [(0, 3, 'fog'), (5, 7, 'fog')]
    """

    all: tuple[Term, ...] = ()
    _by_id: dict[str, Term] = field(init=False, repr=False, compare=False)
    _finder: Finder = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {term.id: term for term in self.all})
        object.__setattr__(self, "_finder", Finder(_names(self.all)))

    def __repr__(self) -> str:
        return f"<{len(self.all)} terms>"

    def __iter__(self) -> Iterator[Term]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, term_id: str) -> Term:
        return self._by_id[term_id]

    def find(self, text: str) -> list[Mention]:
        """Every mention of a term in a text, in order; see find.py for what is one.

        Args:
            text: Plain text of any length. Names in addresses and in names of files are no
                mentions. A name that alone would be unsure is found by what else the text has.
        """
        return self._finder.find(text)


def load_terms(docs: Path, source: Path | None = None) -> Terms:
    """Read the terms of a project.

    Args:
        docs: The docs folder; without a terms.toml in it there are no terms.
        source: The folder that has the packages of the API symbols; the parent of `docs` by
            default. They are parsed, never imported.

    Raises:
        ConfigError: The file is wrong; the message names the line and how to mend it.
    """
    path = docs / TERMS_FILE
    if not path.is_file():
        return Terms()
    source = docs.parent if source is None else source
    name = path.relative_to(docs.parent).as_posix()
    return read_terms(TomlFile.read(path, name), Symbols(source))


def read_terms(file: TomlFile, symbols: Symbols) -> Terms:
    """The terms that a file gives.

    Raises:
        ConfigError: It has a key that means nothing, a value of the wrong type, a name of two
            terms, an API symbol that is not in the code, or a related term that is not in it.
    """
    file.only_keys(file.data, ("term",))
    tables = file.tables("term", _TABLE)
    terms = tuple(_term(file, table, index) for index, table in enumerate(tables))
    _check_names(file, terms)
    _check_references(file, terms, symbols)
    return Terms(terms)


def term_path(term: Term) -> str:
    """The path of a term's own page."""
    return f"terms/{term.id}/index.md"


def _names(terms: tuple[Term, ...]) -> Iterator[Name]:
    for term in terms:
        for name in term.names:
            yield Name(
                name,
                term.id,
                cased=name in term.cased,
                unsure=name in term.unsure,
                near=(term.id, *term.related),
                context=term.context,
            )
        for phrase in term.unlike:
            yield Name(phrase, None)


# --- the file -------------------------------------------------------------------------------------


def _term(file: TomlFile, table: Mapping[str, Any], index: int) -> Term:
    at = ("term", index)
    file.only_keys(table, (*_TEXTS, *_LISTS, "paper"), *at)
    term_id = file.string(table, "id", *at)
    if not _ID.fullmatch(term_id) or _RESERVED.fullmatch(term_id):
        raise _error(
            file,
            term_id,
            f"{term_id!r} cannot be the address of a term's page",
            *at,
            "id",
            mend='small letters, digits and single hyphens: id = "score-matching"',
        )

    def text(key: str) -> str:
        return " ".join(file.string(table, key, *at).split())

    def texts(key: str) -> tuple[str, ...]:
        return tuple(" ".join(each.split()) for each in file.strings(table, key, *at))

    return Term(
        id=term_id,
        ko=text("ko"),
        en=text("en"),
        definition=text("definition"),
        definition_en=text("definition_en") if "definition_en" in table else "",
        abbreviations=texts("abbreviations"),
        spoken=texts("spoken"),
        also=texts("also"),
        paper=_source(file, table, index),
        api=texts("api"),
        related=texts("related"),
        cased=texts("cased"),
        unsure=texts("unsure"),
        context=texts("context"),
        unlike=texts("unlike"),
    )


def _source(file: TomlFile, table: Mapping[str, Any], index: int) -> Source | None:
    at = ("term", index, "paper")
    paper = table.get("paper")
    if paper is None:
        return None
    if not isinstance(paper, dict):
        raise file.error(
            f"'paper' must be a table, and is {paper!r}",
            *at,
            mend='write paper = {title = "…", url = "https://…"}',
        )
    file.only_keys(paper, ("title", "url"), *at)
    title, url = (file.string(paper, key, *at) for key in ("title", "url"))
    if not _is_web(url):
        raise _error(
            file, url, f"{url!r} is no web address", *at, "url", mend="give an https:// address"
        )
    return Source(title, url)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)


def _check_names(file: TomlFile, terms: tuple[Term, ...]) -> None:
    """Check that no id and no name belongs to two terms, and that what is said of names is."""
    ids: dict[str, int] = {}
    owners: dict[str, Term] = {}
    for index, term in enumerate(terms):
        at = ("term", index)
        if ids.setdefault(term.id, index) != index:
            raise _error(
                file,
                term.id,
                f"the id {term.id!r} is given to a term further up, too",
                *at,
                "id",
                mend="give this one another id, or put the two together",
            )
        for key in ("ko", "en", *_NAMES):
            value = getattr(term, key)
            for name in (value,) if isinstance(value, str) else value:
                if not any(letter.isalnum() for letter in name):
                    raise _error(
                        file, name, f"{name!r} is no name", *at, key, mend="write it in letters"
                    )
                other = owners.setdefault(_squeezed(name), term)
                if other is not term:
                    raise _error(
                        file,
                        name,
                        f"{name!r} is a name of {term.id!r} here and of {other.id!r} further up",
                        *at,
                        key,
                        mend="leave it with the one that is meant, or write a longer name",
                    )
        for key in ("cased", "unsure"):
            for name in getattr(term, key):
                if name not in term.names:
                    near = get_close_matches(name, term.names, n=1, cutoff=0.5)
                    raise _error(
                        file,
                        name,
                        f"{name!r} is none of the names of {term.id!r}",
                        *at,
                        key,
                        mend=f"did you mean {near[0]!r}?" if near else "put it into 'also' as well",
                    )


def _squeezed(name: str) -> str:
    return re.sub(r"[\s-]+", "", name).casefold()


def _check_references(file: TomlFile, terms: tuple[Term, ...], symbols: Symbols) -> None:
    ids = [term.id for term in terms]
    known = set(ids)
    for index, term in enumerate(terms):
        for other in term.related:
            if other not in known or other == term.id:
                near = get_close_matches(other, ids, n=1, cutoff=0.5)
                raise _error(
                    file,
                    other,
                    f"there is no other term {other!r}",
                    "term",
                    index,
                    "related",
                    mend=f"did you mean {near[0]!r}?" if near else "name the id of another term",
                )
        for symbol in term.api:
            if not symbols.has(symbol):
                similar = symbols.near(symbol)
                raise _error(
                    file,
                    symbol,
                    f"the code has no {symbol!r}",
                    "term",
                    index,
                    "api",
                    mend=f"did you mean {similar!r}?" if similar else "write package.module.Name",
                )


def _error(file: TomlFile, written: str, message: str, *path: Step, mend: str) -> ConfigError:
    """The error to raise for a text at `path`, where it stands: a list may have several lines."""
    first = file.line(*path) or 1
    for number, line in enumerate(file.text.split("\n")[first - 1 :], start=first):
        # In quotes: `DDPM` is also in `DDPM++`.
        if found := re.search(rf"[\"']{re.escape(written)}[\"']", line):
            return ConfigError(
                message, file=file.name, line=number, column=found.start() + 1, mend=mend
            )
    return file.error(message, *path, mend=mend)
