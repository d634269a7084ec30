"""Formulas that KaTeX cannot read, found by KaTeX itself, in Node."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from studykit.wiki.equations.problems import Problem
from studykit.wiki.prose import Part

__all__ = ["Formula", "ask_katex", "formulas_of", "math_problems"]

_SECONDS = 60
_CODE = re.compile(r"(`+)[^`\n]+?\1|\\\$")
# As arithmatex reads them: no blank inside of the dollars, no digit behind.
_INLINE = re.compile(r"(?<![\\$])\$(?!\s)(?P<tex>[^$\n]+?(?:\n(?!\n)[^$\n]+?)*)(?<!\s)\$(?![\d$])")
_BRACKETS = re.compile(r"\\\((?P<tex>.+?)\\\)")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as typed, without its marks, and its first and last line."""

    tex: str
    display: bool
    line: int
    end: int


def formulas_of(parts: Sequence[Part]) -> Iterator[Formula]:
    """The formulas of a page, in order.

    Examples:
        >>> [formula.tex for formula in formulas_of([Part("text", "$a$ 는 `$b$`, 5$", 1, 1)])]
        ['a']
    """
    for part in parts:
        if part.kind == "formula":
            yield Formula(part.text, True, part.line, part.end)
        elif part.kind != "code":
            text = _CODE.sub(lambda match: " " * len(match[0]), part.text)
            for pattern in (_INLINE, _BRACKETS):
                for match in pattern.finditer(text):
                    line = part.line + text.count("\n", 0, match.start())
                    yield Formula(match["tex"], False, line, line + match["tex"].count("\n"))


def math_problems(docs: Path, pages: Mapping[Path, Sequence[Part]]) -> Iterator[Problem]:
    """What KaTeX cannot read; one notice instead where there is no Node or no KaTeX."""
    asked = [(path, each) for path, parts in pages.items() for each in formulas_of(parts)]
    if not asked:
        return
    told = _ask([each for _, each in asked], docs.parent / "node_modules")
    if told is None:
        path, first = asked[0]
        yield Problem(
            "math-unchecked",
            f"{docs.name}/{path.relative_to(docs).as_posix()}",
            first.line,
            "",
            f"{len(asked)} formulas were not checked: that takes Node.js and KaTeX",
            "`make site` installs both",
        )
        return
    for (path, formula), wrong in zip(asked, told, strict=True):
        if wrong:
            line, words = _place(path, formula, wrong.at)
            near = " ".join(formula.tex[max(wrong.at - 12, 0) : wrong.at + 12].split())
            yield Problem(
                "bad-math",
                f"{docs.name}/{path.relative_to(docs).as_posix()}",
                line,
                words,
                f"KaTeX cannot read this formula: {wrong.message}, at “{near}”",
                "close every brace and `\\left`, and use commands that KaTeX has",
            )


def _place(path: Path, formula: Formula, at: int) -> tuple[int, str]:
    """The line of the file in which a place of a formula is, and what of the formula is there."""
    number = formula.tex.count("\n", 0, at)
    words = formula.tex.split("\n")[number].strip()
    lines = path.read_text("utf-8", errors="replace").split("\n")
    for line in range(formula.line + number, formula.end + 1):
        if words in lines[line - 1]:
            return line, words
    return formula.line + number, ""  # in a notebook, where it stands as JSON


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What KaTeX says of a formula, and where in it."""

    message: str
    at: int


def _ask(formulas: Sequence[Formula], packages: Path) -> list[_Wrong | None] | None:
    """What is wrong with each formula; None where nothing can tell."""
    script = resources.files("studykit.wiki.check.pages").joinpath("katex_check.cjs").read_text()
    told = ask_katex(script, [(each.tex, each.display) for each in formulas], packages)
    if told is None:
        return None
    return [_Wrong(str(each["message"]), int(each["position"])) if each else None for each in told]


def ask_katex(
    script: str, formulas: Sequence[tuple[str, bool]], packages: Path
) -> list[Any] | None:
    """What a script of ours says of each formula; None where there is no Node or no KaTeX.

    Args:
        script: For Node: it gets KaTeX's path as its argument and the formulas as JSON on stdin.
        formulas: Each with whether it stands on lines of its own.
        packages: The folder of npm's packages.
    """
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    node = shutil.which("node", path=search)
    katex = packages / "katex" / "dist" / "katex.js"
    if not katex.is_file():
        katex = packages / "katex" / "dist" / "katex.min.js"
    if node is None or not katex.is_file():
        return None
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the formulas are its input
            [node, "--eval", script, str(katex.resolve())],
            input=json.dumps(formulas),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    told: list[Any] = json.loads(done.stdout)
    return told
