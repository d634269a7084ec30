"""A presentation's write-up: `docs/talks/NAME/index.md`, with what the notes say of the talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from studykit.errors import ConfigError
from studykit.wiki.beginning.files import page_name, write_new
from studykit.wiki.beginning.skeletons import skeleton
from studykit.wiki.chrome import load_chrome
from studykit.wiki.records import Talk
from studykit.wiki.status import read_status
from studykit.wiki.terms import Term, Terms, load_terms

__all__ = ["NewTalk", "new_talk"]


@dataclass(frozen=True, slots=True)
class NewTalk:
    """The write-up that was made; the planned talk that it is of, else those that it may be of."""

    path: Path
    talk: Talk | None
    others: tuple[Talk, ...]


def new_talk(
    name: str, meetings: Path, docs: Path, language: str, talk_id: str | None = None
) -> NewTalk:
    """Make the write-up of a talk; what is there is never overwritten.

    Presenters, week and paper come from the planned talk whose subject has the name, by any name
    of its term (`ddpm` is 디디피엠), where there is just one; else they stay empty.

    Args:
        name: What the page is called in its address, such as `ddpm`.
        meetings: The folder of notes.
        docs: The folder of hand-written pages.
        language: The language of the skeleton, `ko` or `en`.
        talk_id: The planned talk, where its subject does not tell.

    Returns:
        The page, and the talk.

    Raises:
        ConfigError: The name cannot be one, the page is there already, or there is no such talk.
        NoteError: A note or its folder cannot be read.
    """
    name = page_name(name, "the write-up")
    terms = load_terms(docs)
    archive = read_status(meetings, docs).archive
    fitting: Sequence[Talk]
    if talk_id is None:
        words = name.replace("-", " ")
        fitting = [
            talk
            for talk in archive.talks
            if archive.stage(talk) != "presented" and _fits(talk, words, terms)
        ]
    else:
        fitting = [_named(talk_id, archive.talks)]
    talk = fitting[0] if len(fitting) == 1 else None
    term = _term(f"{name.replace('-', ' ')} {talk.subject or '' if talk else ''}", terms)
    path = docs / "talks" / name / "index.md"
    text = skeleton(
        "talk",
        language,
        title=_title(name, talk, term, language),
        talk=talk.id if talk else None,
        presenters=talk.presenters if talk else (),
        week=talk.due.week if talk and talk.due else None,
        paper=term.paper.url if term and term.paper else None,
    )
    write_new(path, text, "write into that one, or choose another name")
    return NewTalk(path, talk, tuple(fitting) if talk is None else ())


def _named(talk_id: str, talks: Sequence[Talk]) -> Talk:
    for talk in talks:
        if talk.id == talk_id:
            return talk
    near = get_close_matches(talk_id, [talk.id for talk in talks], n=1)
    raise ConfigError(
        f"no note has a talk {talk_id!r}",
        mend=f"did you mean {near[0]}?" if near else "`studykit status` lists the planned ones",
    )


def _fits(talk: Talk, words: str, terms: Terms) -> bool:
    subject = talk.subject or ""
    if words.casefold() in subject.casefold():
        return True
    return not _terms(words, terms).isdisjoint(_terms(subject, terms))


def _terms(text: str, terms: Terms) -> set[str]:
    return {mention.term for mention in terms.find(text)}


def _term(text: str, terms: Terms) -> Term | None:
    """The one term that a text mentions."""
    found = _terms(text, terms)
    return terms[found.pop()] if len(found) == 1 else None


def _title(name: str, talk: Talk | None, term: Term | None, language: str) -> str:
    if term:
        return term.title(load_chrome(language))
    return talk.subject if talk and talk.subject else name.replace("-", " ")
