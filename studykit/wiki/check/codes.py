"""The codes of findings: what each means, why it matters and how to mend it, from codes.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

__all__ = ["CODES", "SEVERITIES", "Code", "Explanation", "Severity"]

Severity = Literal["error", "warning", "notice"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means, in one language; `why` and `mend` are Markdown."""

    title: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding.

    `example` is an invented note, or names of files, in which it is found; in `mended` it is not.
    """

    name: str
    severity: Severity
    example: str
    mended: str | None
    explained: Mapping[str, Explanation]

    @property
    def fails(self) -> bool:
        """Whether a finding of this kind fails the check; a notice does not."""
        return self.severity != "notice"


def _load() -> dict[str, Code]:
    source = resources.files("studykit.wiki.check").joinpath("codes.toml").read_text("utf-8")
    return {name: _code(name, entry) for name, entry in tomllib.loads(source).items()}


def _code(name: str, entry: dict[str, Any]) -> Code:
    return Code(
        name=name,
        severity=entry["severity"],
        example=entry["example"],
        mended=entry.get("mended"),
        explained={language: Explanation(**entry[language]) for language in ("en", "ko")},
    )


CODES: Mapping[str, Code] = MappingProxyType(_load())
"""Every code by its name: errors first, notices last.

Examples:
    >>> CODES["bad-byte"].severity, CODES["bad-byte"].explained["ko"].title
    ('warning', '글자가 아닌 바이트')
"""
