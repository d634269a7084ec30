"""Search in Korean, in the browser, without a server.

tokens.py   what a text is found by
index.py    the index: made of what MkDocs' own search collects, in fragments to load on demand
plugin      puts the index into the site, and our worker in the place of Material's

Material's search box, its keys and its list of results stay: assets/search_worker.js answers in
Material's own protocol. It loads nothing before somebody searches but a manifest, and then only the
fragments that hold what was typed, so what a reader loads does not grow with the archive.
"""

from __future__ import annotations

from studykit.wiki.search.index import WORKER, with_worker, without_ways, write_search

__all__ = ["WORKER", "with_worker", "without_ways", "write_search"]
