"""Every name of each term as a data file, with which a search finds a page by another name."""

from __future__ import annotations

import json

from studykit.wiki.chrome import Chrome
from studykit.wiki.pages import Asset, page_url
from studykit.wiki.terms.term import Terms, term_path

__all__ = ["NAMES_PATH", "names_asset"]

NAMES_PATH = "assets/studykit/terms.json"


def names_asset(terms: Terms, t: Chrome) -> Asset:
    """The data file: `{"ddpm": {"title": "…", "url": "terms/ddpm/", "names": ["DDPM", …]}}`.

    Args:
        terms: The terms, in the order of the file.
        t: The words of the site's language.
    """
    body = {
        term.id: {
            "title": term.title(t),
            "url": page_url(term_path(term)),
            "names": list(term.names),
        }
        for term in terms
    }
    return Asset(NAMES_PATH, json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n")
