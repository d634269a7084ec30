"""Blocks of Python in hand-written pages: whether they parse, name what there is, and run."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from studykit.wiki.equations.problems import Problem
from studykit.wiki.prose import Part
from studykit.wiki.symbols import Api, read_api

__all__ = ["code_problems", "run_problems"]

SECONDS = 180
"""As long as a page's code may take."""

_PYTHON = ("python", "py", "python3")
_PROMPT = re.compile(r"^[ \t]*>>> ", re.MULTILINE)
_MAGIC = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`(?P<name>[A-Za-z_]\w*(?:\.\w+)+)(?:\(\))?`(?!`)")
_SKIP = re.compile(r"<!--\s*skip: next\s*-->")


def code_problems(docs: Path, pages: Mapping[Path, Sequence[Part]]) -> Iterator[Problem]:
    """Python that does not parse, and names in code style that the API has not. Nothing is run."""
    api = read_api(docs, docs.parent)
    classes = {symbol.name: symbol for symbol in api.symbols if symbol.kind == "class"}
    packages = {symbol.path.partition(".")[0] for symbol in api.symbols}
    for path, parts in pages.items():
        file = f"{docs.name}/{path.relative_to(docs).as_posix()}"
        for part in parts:
            if part.kind == "code" and part.language in _PYTHON:
                yield from _unparsed(part, file)
                yield from _imports(part, file, api, packages)
            elif part.kind in ("text", "table"):
                yield from _unnamed(part, file, api, classes)


def run_problems(docs: Path, pages: Mapping[Path, Sequence[Part]]) -> Iterator[Problem]:
    """Python of Markdown pages that fails when it runs: each page in a process of its own.

    A page's blocks are one program, in order; a block below `<!-- skip: next -->` is left out.
    Notebooks hold their outputs and are not run here.
    """
    for path, parts in pages.items():
        if path.suffix == ".ipynb":
            continue
        lines = path.read_text("utf-8", errors="replace").split("\n")
        blocks = [
            part
            for part in parts
            if part.kind == "code"
            and part.language in _PYTHON
            and not _PROMPT.search(part.text)
            and not _SKIP.search("\n".join(lines[max(part.line - 3, 0) : part.line - 1]))
        ]
        if blocks:
            yield from _run(blocks, f"{docs.name}/{path.relative_to(docs).as_posix()}", docs.parent)


def _unparsed(part: Part, file: str) -> Iterator[Problem]:
    if _PROMPT.search(part.text):
        return
    code = _MAGIC.sub("pass", part.text)
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        yield Problem(
            "code-unparsed",
            file,
            min(part.line + line, part.end),
            "",
            f"this is no Python: {getattr(error, 'msg', error)}",
            "correct it; if it is something else, name its language behind the ```",
        )


def _imports(part: Part, file: str, api: Api, packages: set[str]) -> Iterator[Problem]:
    """`from studykit.diffusion import DDPN`: a name of our packages that no API page has."""
    try:
        tree = ast.parse(_MAGIC.sub("pass", part.text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    modules = {path.rpartition(".")[0] for path in api.paths}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or node.level or node.module not in modules:
            continue
        known = {
            path.rpartition(".")[2] for path in api.paths if path.rpartition(".")[0] == node.module
        }
        for alias in node.names:
            near = get_close_matches(alias.name, known, n=1, cutoff=0.75)
            if alias.name not in known and near and node.module.partition(".")[0] in packages:
                yield Problem(
                    "no-such-name",
                    file,
                    part.line + alias.lineno,
                    alias.name,
                    f"{node.module} has no {alias.name}",
                    f"did you mean {near[0]}?",
                )


def _unnamed(part: Part, file: str, api: Api, classes: Mapping[str, object]) -> Iterator[Problem]:
    """`` `DDPM.los` ``: a member that a class of the API has not."""
    for match in _INLINE.finditer(part.text):
        name = match["name"]
        owner, _, member = name.partition(".")
        if owner not in classes or "." in member or api.named(name) is not None:
            continue
        members = [
            each.rpartition(".")[2] for each in api.names if each.rpartition(".")[0] == owner
        ]
        near = get_close_matches(member, members, n=1, cutoff=0.6)
        if near and near[0] != member:
            line = part.line + part.text.count("\n", 0, match.start())
            yield Problem(
                "no-such-name",
                file,
                line,
                name,
                f"{owner} has no {member}",
                f"did you mean {owner}.{near[0]}?",
            )


# --- running --------------------------------------------------------------------------------------

# Runs the blocks, and tells on the last line of stdout at which line of which block it failed.
_RUNNER = """
import json, sys, traceback
blocks = json.loads(sys.stdin.read())
scope = {"__name__": "__main__"}
for number, source in enumerate(blocks):
    try:
        exec(compile(source, f"<block {number}>", "exec"), scope)
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        line = next((f.lineno for f in reversed(frames) if f.filename == f"<block {number}>"), 1)
        said = "".join(traceback.format_exception_only(error)).strip().splitlines()
        print()
        print(json.dumps([number, line, said[-1][:200]]))
        sys.exit(1)
"""


def _of_the_job(key: str) -> bool:
    """Whether a variable is GitHub's, through which a program changes the job's next steps."""
    return key.startswith(("GITHUB_", "ACTIONS_", "RUNNER_"))


def _run(blocks: Sequence[Part], file: str, project: Path) -> Iterator[Problem]:
    with tempfile.TemporaryDirectory(prefix="studykit-run-") as folder:
        try:
            done = subprocess.run(  # noqa: S603 - asked for by --run-code
                [
                    sys.executable,
                    "-c",
                    f"import sys; sys.path.insert(0, {str(project.resolve())!r})\n{_RUNNER}",
                ],
                input=json.dumps([block.text for block in blocks]),
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=SECONDS,
                cwd=folder,
                env={key: said for key, said in os.environ.items() if not _of_the_job(key)},
                check=False,
            )
        except subprocess.TimeoutExpired:
            yield Problem(
                "code-fails",
                file,
                blocks[0].line,
                "",
                f"the code of this page takes more than {SECONDS} seconds",
                "make it smaller, or write <!-- skip: next --> above the block",
            )
            return
    if done.returncode == 0:
        return
    try:
        number, line, said = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        number, line, said = 0, 0, f"the process ended with {done.returncode}"
    block = blocks[number]
    yield Problem(
        "code-fails",
        file,
        min(block.line + line, block.end),
        "",
        f"this code fails: {said}",
        "correct it, or write <!-- skip: next --> above the block",
    )
