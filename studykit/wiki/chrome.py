"""The words around the content, in the theme's language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from studykit.errors import ConfigError

__all__ = ["LANGUAGES", "Chrome", "load_chrome"]

LANGUAGES = ("ko", "en")


class Chrome:
    """Looks up a phrase by its key and fills it in.

    Examples:
        >>> load_chrome("ko")("week", week=3)
        '3주차'
    """

    def __init__(self, language: str, phrases: dict[str, str]) -> None:
        self.language = language
        self._phrases = phrases

    def __call__(self, key: str, **values: object) -> str:
        """The phrase with its `{names}` replaced; an unknown key is a bug and raises KeyError."""
        return self._phrases[key].format(**values)

    def phrase(self, key: str) -> str:
        """The phrase with its `{names}` as they are, for a script to replace."""
        return self._phrases[key]


@cache
def load_chrome(language: str) -> Chrome:
    """The phrases of one theme language.

    Args:
        language: `ko` or `en`, as in `theme.language`.

    Raises:
        ConfigError: There are no phrases for that language.
    """
    if language not in LANGUAGES:
        raise ConfigError(
            f"studykit has no words for theme.language: {language}",
            file="mkdocs.yml",
            mend=f"set theme.language to one of {', '.join(LANGUAGES)}",
        )
    source = resources.files("studykit.wiki.locale").joinpath(f"{language}.toml")
    return Chrome(language, tomllib.loads(source.read_text("utf-8")))
