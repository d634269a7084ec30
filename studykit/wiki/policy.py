"""The Content-Security-Policy of every page: what a browser may run and load there.

Nothing but files of the site, and those inline scripts that the theme's own templates hold, each
by its hash. The hashes come from the templates, never from a built page: what got into a page has
none. All pages have the same policy, since the theme's instant navigation keeps the first page's;
where a model runs in the page, WebAssembly is allowed too, and studykit.js loads such a page as a
whole.

>>> scripts = list(inline_scripts('<script>scope("{{ base_url }}")</script>', ["..", "."]))
>>> scripts
['scope(".")', 'scope("..")']
>>> ["'wasm-unsafe-eval'" in policy(scripts, runs_model=runs) for runs in (False, True)]
[False, True]
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator

from markupsafe import Markup

from studykit.wiki.sanitise import ALIGNMENTS

__all__ = ["PREVIEW", "inline_policy", "inline_scripts", "policy", "runs_model", "with_policy"]

PREVIEW = "'unsafe-inline'"
"""What stands for the hashes while somebody previews: MkDocs' reloading is an inline script."""

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_BASE = re.compile(r"\{\{[^{}]*\bbase_url\b[^{}]*\}\}")
_CHARSET = re.compile(r"<meta charset=\"utf-8\" ?/?>", re.IGNORECASE)


def inline_scripts(template: str, bases: Iterable[str]) -> Iterator[str]:
    """The scripts that a template of the theme puts into pages.

    Args:
        template: Its source.
        bases: What it puts in for the way to the site's root.
    """
    for script in _SCRIPT.findall(template):
        made = {base.join(_BASE.split(script)) for base in bases}
        yield from sorted(each for each in made if "{{" not in each and "{%" not in each)


def policy(scripts: Iterable[str], *, runs_model: bool = False, preview: bool = False) -> str:
    """The policy, as the value of its header.

    Args:
        scripts: The inline scripts of the theme.
        runs_model: A model runs in the page.
        preview: The page is served by `studykit serve`.
    """
    allowed = [PREVIEW] if preview else sorted({_hash(script) for script in scripts})
    wasm = ["'wasm-unsafe-eval'"] if runs_model else []
    rules = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *allowed, *wasm],
        # As attributes: the alignment of a table's columns, which Markdown writes so.
        # An empty style is no harm, and all that is left of the one that the map's package writes.
        "style-src": ["'self'", "'unsafe-hashes'", *map(_hash, (*ALIGNMENTS, ""))],
        # The theme's icons are data in its style sheets, a notebook's pictures in its page.
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(" ".join((name, *values)) for name, values in rules.items())


def inline_policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """The policy of a file that is all in one: what it runs and how it looks, by their hashes.

    Args:
        scripts: Its scripts.
        styles: Its style sheets.
    """
    rules = {
        "default-src": ["'none'"],
        "script-src": [*map(_hash, scripts)],
        "style-src": ["'unsafe-hashes'", *map(_hash, (*styles, *ALIGNMENTS))],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(" ".join((name, *values)) for name, values in rules.items())


def runs_model(html: str) -> bool:
    """Whether a model runs in the page with this content."""
    return ' data-figure="model-in-page"' in html


def with_policy(page: str, value: str) -> str:
    """The page with its policy, before anything that it governs."""
    meta = Markup('<meta http-equiv="Content-Security-Policy" content="{}">').format(value)
    # Behind the encoding alone, which browsers look for in the first 1,024 bytes.
    found = _CHARSET.search(page)
    end = found.end() if found else page.index("<head>") + len("<head>")
    return f"{page[:end]}{meta}{page[end:]}"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
