r"""What a hand-written page says of itself before its text, and where in the file it says so.

A Markdown page says it between two lines of `---`:

    ---
    talk: w01-talk2          # the planned talk that this page is the write-up of
    status: presented        # planned, written or presented
    presenters: [가람, 나래]
    week: 3                  # in which it was, or will be, presented
    paper: https://arxiv.org/abs/2006.11239
    answers: [w01-q2]        # the questions that it answers
    closes: [w01-task1]      # the tasks that are done with it, the talks that were given
    ---

A notebook says it so in its first cell, a raw one, or as fields of its metadata. Any other key is
the site engine's (`title`, `hide`, …). A field without a value says nothing.

>>> front = read_front_matter("---\nanswers: [w01-q2]\n---\n# 안개\n", "docs/fog.md")
>>> front.answers[0].id, front.answers[0].line, front.answers[0].column
('w01-q2', 2, 11)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Literal, NoReturn, get_args

import yaml

from studykit.errors import ConfigError

__all__ = [
    "FIELDS",
    "RECORD_ID",
    "Field",
    "FrontMatter",
    "NamedId",
    "Stage",
    "read_front_matter",
    "read_notebook_front_matter",
    "without_front_matter",
]

Stage = Literal["planned", "written", "presented"]
"""How far a talk is: somebody will present it, its write-up is there, it was presented."""

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ALIKE = 0.8
RECORD_ID = r"[a-z0-9-]+-(?:q|d|talk|task)\d+|i\d+"
"""What the id of a record that can be named looks like, or an issue's, as a regular expression."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it means, what its values are, whether it may have several, an example."""

    meaning: str
    kind: Literal["text", "address", "number", "status", "id"]
    many: bool
    example: str


FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "talk": Field("the planned talk that this is the write-up of", "id", False, "w01-talk2"),
        "status": Field("how far the talk is", "status", False, "presented"),
        "presenters": Field("who presents it", "text", True, "[가람, 나래]"),
        "week": Field("the week in which it is presented", "number", False, "3"),
        "paper": Field(
            "what it is about: a title, or an address", "address", True, "https://arxiv.org/abs/…"
        ),
        "answers": Field("the questions that the page answers", "id", True, "[w01-q2]"),
        "closes": Field("the tasks done, the talks given", "id", True, "[w01-task1]"),
    }
)
"""Every field of ours by its name."""


@dataclass(frozen=True, slots=True)
class NamedId:
    """The id of a record, and where in the file it stands: line and column from 1."""

    id: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a page says in our fields; what it does not say is empty or None."""

    talk: NamedId | None = None
    status: Stage | None = None
    presenters: tuple[str, ...] = ()
    week: int | None = None
    paper: tuple[str, ...] = ()
    answers: tuple[NamedId, ...] = ()
    closes: tuple[NamedId, ...] = ()


def read_front_matter(text: str, file: str, wrong: list[ConfigError] | None = None) -> FrontMatter:
    """What a Markdown page says in its front matter.

    Args:
        text: The file's text.
        file: How errors name it.
        wrong: Gets every mistake; what is wrong then says nothing.

    Raises:
        ConfigError: It is no YAML, or a field has a value that means nothing, and `wrong` is not
            given.
    """
    match = _FRONT.match(text)
    if match is None:
        return FrontMatter()

    def place(mark: yaml.Mark, _: str) -> tuple[int, int]:
        return mark.line + 2, mark.column + 1

    return _Reader(file, place, wrong).read(match[1])


def read_notebook_front_matter(
    text: str, file: str, wrong: list[ConfigError] | None = None
) -> FrontMatter:
    """As `read_front_matter`, of a notebook's file; a broken notebook says nothing.

    Examples:
        >>> notebook = {"cells": [], "metadata": {"answers": ["w01-q2"], "kernelspec": {}}}
        >>> said = read_notebook_front_matter(json.dumps(notebook), "docs/notebooks/fog.ipynb")
        >>> [answer.id for answer in said.answers]
        ['w01-q2']
    """
    try:
        body = json.loads(text)
        first = body["cells"][0] if body["cells"] else {}
        metadata: Mapping[str, Any] = dict(body.get("metadata", {}))
        source = "".join(first["source"]) if first.get("cell_type") == "raw" else ""
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return FrontMatter()  # mkdocs-jupyter reports it when it reads the page

    def place(_: yaml.Mark, value: str) -> tuple[int, int]:
        # A notebook's line is no line of what it says: look where the value is written.
        spellings = (json.dumps(value, ensure_ascii=plain)[1:-1] for plain in (False, True))
        found = next((at for at in map(text.find, spellings) if value and at >= 0), 0)
        return text.count("\n", 0, found) + 1, found - text.rfind("\n", 0, found)

    front = _FRONT.match(source)
    said = front[1] if front else json.dumps(metadata, ensure_ascii=False)
    return _Reader(file, place, wrong).read(said)


def without_front_matter(text: str) -> str:
    r"""The page's own text, behind its front matter.

    Examples:
        >>> without_front_matter("---\nweek: 3\n---\n# 안개\n")
        '# 안개\n'
    """
    match = _FRONT.match(text)
    return text[match.end() :] if match else text


class _Reader:
    """Reads fields from YAML; `place` tells where in the file a value stands.

    Mistakes are raised, or go to `wrong`.
    """

    def __init__(
        self,
        file: str,
        place: Callable[[yaml.Mark, str], tuple[int, int]],
        wrong: list[ConfigError] | None,
    ) -> None:
        self._file = file
        self._place = place
        self._wrong = wrong

    def read(self, text: str) -> FrontMatter:
        said: dict[str, Any] = {}
        try:
            root = self._compose(text)
        except ConfigError as error:
            self._tell(error)
            return FrontMatter()
        if not isinstance(root, yaml.MappingNode):
            return FrontMatter()  # a page that begins with a rule, and text below it
        for key, value in root.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            try:
                self._field(key, value, said)
            except ConfigError as error:
                self._tell(error)
        return FrontMatter(**{name: value for name, value in said.items() if value is not None})

    def _tell(self, error: ConfigError) -> None:
        if self._wrong is None:
            raise error
        self._wrong.append(error)

    def _field(self, key: yaml.ScalarNode, value: yaml.Node, said: dict[str, Any]) -> None:
        name = key.value
        if name not in FIELDS:
            self._not_alike(key)
            return
        if name in said:
            self._fail(key, f"{name!r} stands here twice", "keep one of the two")
        said[name] = None  # which it stays where its value is wrong
        said[name] = self._value(name, value)

    def _compose(self, text: str) -> yaml.Node | None:
        try:
            return yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = self._place(mark, "") if mark else (1, 1)
            message = f"this front matter is no YAML: {error.problem}"
        except (yaml.YAMLError, RecursionError):
            line, column = 1, 1
            message = "this front matter is no YAML"
        raise ConfigError(
            message,
            file=self._file,
            line=line,
            column=column,
            mend="write `key: value` on each line, and quotation marks around a value with a colon",
        )

    def _not_alike(self, key: yaml.ScalarNode) -> None:
        near = get_close_matches(key.value, FIELDS, n=1, cutoff=_ALIKE)
        if near:
            self._fail(
                key,
                f"{key.value!r} says nothing",
                f"did you mean {near[0]!r}?",
                (key.value, near[0]),
            )

    def _value(self, name: str, node: yaml.Node) -> Any:
        field = FIELDS[name]
        if _empty(node):
            return None
        if field.many:
            items = node.value if isinstance(node, yaml.SequenceNode) else [node]
            return tuple(self._single(name, field, item) for item in items if not _empty(item))
        return self._single(name, field, node)

    def _single(self, name: str, field: Field, node: yaml.Node) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            what = "each of them" if field.many else "it"
            self._fail(
                node, f"{name!r}: {what} must be one value", f"write {name}: {field.example}"
            )
        text = " ".join(str(node.value).split())
        match field.kind:
            case "text":
                return text
            case "address":
                scheme, slashes, _ = text.partition("://")
                if slashes and scheme.lower() not in ("http", "https"):
                    self._fail(
                        node,
                        f"the wiki makes no link of a {scheme}: address",
                        "give an https:// one",
                    )
                return text
            case "number":
                if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
                    self._fail(
                        node, f"{name!r} must be a number, and is {text!r}", f"write {name}: 3"
                    )
                return int(text)
            case "status":
                if text not in get_args(Stage):
                    known = ", ".join(get_args(Stage))
                    near = get_close_matches(text, get_args(Stage), n=1)
                    mend = f"did you mean {near[0]!r}?" if near else f"write {name}: written"
                    fix = (text, near[0]) if near else None
                    self._fail(node, f"{name!r} must be one of {known}, and is {text!r}", mend, fix)
                return text
            case "id":
                if not re.fullmatch(RECORD_ID, text):
                    self._fail(
                        node, f"{text!r} is no id of a record", f"write {name}: {field.example}"
                    )
                return NamedId(text, *self._place(node.start_mark, text))

    def _fail(
        self, node: yaml.Node, message: str, mend: str, fix: tuple[str, str] | None = None
    ) -> NoReturn:
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        if fix and (getattr(node, "style", None) or fix[0] != value):
            fix = None  # it is quoted, or stands on several lines
        line, column = self._place(node.start_mark, value)
        raise ConfigError(message, file=self._file, line=line, column=column, mend=mend, fix=fix)


def _empty(node: yaml.Node) -> bool:
    return not node.value or node.tag == "tag:yaml.org,2002:null"
