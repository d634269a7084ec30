"""A page without the blank lines that the theme leaves around each entry of its navigation.

They are a sixth of a meeting's page, and grow with every tab.
"""

from __future__ import annotations

import re

__all__ = ["slim"]

_SCRIPT = re.compile(r"(<script\b.*?</script>)", re.DOTALL)
_BLANKS = re.compile(r"[ \t]*\n\s*")


def slim(page: str) -> str:
    r"""The page with one line end for each run of blanks between its header and its content.

    Scripts stay as they are: a policy may name them by their hash.

    Examples:
        >>> slim("<header>\n\n  <script>\n a</script>  \n\n</header><article>\n\n</article>")
        '<header>\n<script>\n a</script>\n</header><article>\n\n</article>'
    """
    start = page.find("<header")
    end = page.find("<article", start)
    if start < 0 or end < 0:
        return page
    parts = _SCRIPT.split(page[start:end])
    parts[::2] = [_BLANKS.sub("\n", part) for part in parts[::2]]
    return page[:start] + "".join(parts) + page[end:]
