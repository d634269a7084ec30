"""The web of terms: what the group's concepts are called, where they are mentioned, and what of.

term.py       docs/terms.toml -> Terms
find.py       Terms.find(text) -> mentions; korean.py knows particles
symbols.py    API symbols, from the code's text
links.py      link_terms(html, terms) -> html
uses.py       where notes and write-ups mention each term
code.py       which API symbols and equations are each term's
names.py      every name of each term, for the search
"""

from __future__ import annotations

from studykit.wiki.terms.find import Mention
from studykit.wiki.terms.links import link_terms
from studykit.wiki.terms.term import TERMS_FILE, Source, Term, Terms, load_terms, term_path

__all__ = [
    "TERMS_FILE",
    "Mention",
    "Source",
    "Term",
    "Terms",
    "link_terms",
    "load_terms",
    "term_path",
]
