"""Which files of the docs folder are published, and what is taken out of them before.

Used by every engine's adapter, so that no one publishes more than another.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from studykit.errors import ConfigError
from studykit.wiki.chrome import Chrome
from studykit.wiki.equations import PAPERS_FILE
from studykit.wiki.escape import in_html
from studykit.wiki.front_matter import without_front_matter
from studykit.wiki.group import GROUP_FILES
from studykit.wiki.guard import check_text, too_deep
from studykit.wiki.issues import ISSUE_FILE
from studykit.wiki.privacy import Masks
from studykit.wiki.svg import SvgError, clean_svg
from studykit.wiki.terms import TERMS_FILE

__all__ = ["is_published", "safe_drawing", "safe_front", "safe_source"]

_LOG = logging.getLogger("studykit.wiki")

# What the theme would do with them is the maintainers' to say: another template, a redirect.
_NO_FRONT = frozenset(("template", "location", "icon", "canonical", "robots", "social", "render"))


def is_published(path: str) -> bool:
    """Whether a file is published, by its path below the docs folder.

    Examples:
        >>> is_published("talks/fog.md"), is_published("a/people.toml"), is_published("terms.toml")
        (True, False, False)
    """
    if path in (TERMS_FILE, PAPERS_FILE) or ISSUE_FILE.fullmatch(path):
        return False
    return PurePosixPath(path).name not in GROUP_FILES


def safe_drawing(path: Path, docs: Path) -> bytes:
    """An SVG file as it is published.

    Raises:
        ConfigError: It cannot be read.
    """
    try:
        return clean_svg(path.read_bytes())
    except SvgError as error:
        raise ConfigError(
            str(error),
            file=path.relative_to(docs.parent).as_posix(),
            mend="export it again as plain SVG, or as PNG",
        ) from error


def safe_source(text: str, file: str, t: Chrome) -> str:
    r"""A page in Markdown as it is exported; the engine lets its HTML pass the allow-list.

    Args:
        text: The file's text.
        file: How errors name it.
        t: The words of the site's language.

    Raises:
        ConfigError: A bidirectional control stands in it.

    Examples:
        >>> from studykit.wiki.chrome import load_chrome
        >>> safe_source("---\ntemplate: x\n---\n<p data-sk-rows=x>", "a.md", load_chrome("en"))
        '<p data-rows=x>'
    """
    check_text(text, file)
    body = without_front_matter(text)
    front = text[: len(text) - len(body)].strip().strip("-").strip()
    if why := too_deep(body):
        _LOG.warning("%s is left out: %s", file, why)
        body = t("left_out") + "\n"
    # What our scripts read is ours to write.
    body = re.sub("data-sk-", "data-", body, flags=re.IGNORECASE)
    try:
        meta = yaml.safe_load(front) if front else None
    except yaml.YAMLError:
        meta = None
    if not isinstance(meta, dict) or not (kept := safe_front(meta)):
        return body
    said = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{said}---\n{body}"


def safe_front(front: Mapping[str, Any], masks: Masks | None = None) -> dict[str, Any]:
    """A page's front matter as a theme may use it: text is escaped, since themes print it as HTML.

    Examples:
        >>> safe_front({"title": "안개 <b>", "template": "../x.html", "hide": ["toc"]})
        {'title': '안개 &#60;b&#62;', 'hide': ['toc']}
    """
    name = masks.page if masks else str
    return {key: _safe(value, name) for key, value in front.items() if key not in _NO_FRONT}


def _safe(value: object, name: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return str(in_html(" ".join(name(value).split())))
    if isinstance(value, list):
        return [_safe(each, name) for each in value]
    if isinstance(value, dict):
        return {str(in_html(str(key))): _safe(each, name) for key, each in value.items()}
    return value
