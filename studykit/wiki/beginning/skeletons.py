"""The text that a new page begins with: `skeletons/talk.ko.md.jinja` and its neighbours.

What tells the writer what to do stands in comments, which no page shows: a skeleton that was only
half filled in is a page without empty words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources

import jinja2
import yaml

from studykit.errors import ConfigError
from studykit.wiki.chrome import LANGUAGES

__all__ = ["environment", "language_of", "skeleton"]


def skeleton(name: str, language: str, **values: object) -> bytes:
    """The text of a new page, in UTF-8.

    Args:
        name: `talk` or `answer`.
        language: `ko` or `en`.
        values: What the template fills in.
    """
    folder = resources.files("studykit.wiki.beginning").joinpath("skeletons")
    source = folder.joinpath(f"{name}.{language}.md.jinja").read_text("utf-8")
    return environment().from_string(source).render(values).encode()


def environment() -> jinja2.Environment:
    """What fills in a template of Markdown, YAML or plain text."""
    # No HTML: what notes say is quoted where YAML or Markdown would read it as its own.
    filling = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filling.filters["yaml"] = _yaml
    return filling


def language_of(config: str, file: str) -> str:
    r"""The language of the theme, as the text of a mkdocs.yml states it.

    Only the text is read: no tag in it is followed.

    Args:
        config: The text.
        file: How an error names it.

    Returns:
        One of the languages that the wiki has words in; English, as Material's, if none is stated.

    Raises:
        ConfigError: It is no YAML.

    Examples:
        >>> language_of("theme:\n  language: ko\nextra: !ENV X\n", "mkdocs.yml")
        'ko'
    """
    try:
        root = yaml.compose(config, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ConfigError(
            "the configuration is no YAML",
            file=file,
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
            mend="see that line: a colon, an indent or a quotation mark is amiss",
        ) from error
    theme = _entry(root, "theme")
    language = _entry(theme, "language")
    said = language.value if isinstance(language, yaml.ScalarNode) else ""
    return said if said in LANGUAGES else "en"


def _entry(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return value if isinstance(value, yaml.Node) else None
    return None


def _yaml(value: str | int | Sequence[str] | None) -> str:
    """A value as one line of YAML; JSON is YAML. A plain word goes without quotation marks."""
    if value is None:
        return ""
    if isinstance(value, str | int):
        return _word(str(value))
    return f"[{', '.join(map(_word, value))}]"


def _word(text: str) -> str:
    plain = yaml.safe_load(text) if text.isalnum() else None
    return text if plain == text or text.isdecimal() else json.dumps(text, ensure_ascii=False)
