"""The API's symbols: which there are, where code uses them, and where they are discussed.

api.py     every symbol that an API page shows, read statically: read_api(docs, source) -> Api
uses.py    finds the names of symbols in code and in words: Uses(api), Names(api, terms)
terms.py   the names of concepts that stand for symbols
seen.py    joins: find_seen(api, pages, turns) -> Seen, and what the API pages show of it
"""

from __future__ import annotations

from studykit.wiki.symbols.api import Api, Symbol, api_modules, read_api
from studykit.wiki.symbols.uses import Mention, Names, Use, Uses

__all__ = ["Api", "Mention", "Names", "Symbol", "Use", "Uses", "api_modules", "read_api"]
