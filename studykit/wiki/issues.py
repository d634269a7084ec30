"""Questions that were filed as issues: `docs/questions/issue-12.toml`, the question `i12`.

An issue is no meeting, so its question belongs to none: it has a date, and the address where it was
asked. `studykit import-issue` writes the file from what `gh issue view --json` prints; the file is
read, and not published.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import tomlkit

from studykit.errors import ConfigError
from studykit.wiki.privacy import Masks, find_contacts
from studykit.wiki.toml_file import TomlFile

__all__ = ["ISSUE_FILE", "Import", "Issue", "import_issue", "read_issues"]

ISSUE_FILE = re.compile(r"questions/issue-(?P<number>[1-9]\d{0,8})\.toml")
"""The path of such a file below the docs folder."""

# The headings of what was filled into our form, .github/ISSUE_TEMPLATE/question.yml, by language.
_HEADINGS = {
    "질문 (Question)": "question",
    "어디를 보다가 (Where)": "place",
    "Question": "question",
    "Where": "place",
}
_PREFIX = re.compile(r"\s*(?:질문|question)\s*:\s*", re.IGNORECASE)
_NOTHING = "_No response_"
_URL = r"https://[A-Za-z0-9.-]+(?::\d+)?/[\w.-]+/[\w.-]+/issues/{}"
_ABOUT = "Written by `studykit import-issue`, which writes it anew: correct the issue itself."
_FIELDS = "number,title,body,author,createdAt,url"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Issue:
    """A question that was filed as an issue.

    `place` is what was being read when it came up; `asker` is empty where the account is gone.
    """

    number: int
    text: str
    place: str
    asker: str
    date: str
    url: str

    @property
    def id(self) -> str:
        """Its id, which no question of a note has.

        Examples:
            >>> Issue(12, "비는 왜 오나?", "", "", "2031-03-18", "").id
            'i12'
        """
        return f"i{self.number}"

    def masked(self, masks: Masks) -> Issue:
        """The issue as pages show it."""
        return replace(
            self,
            text=masks.text(self.text),
            place=masks.text(self.place),
            asker=masks.name(self.asker) if self.asker else "",
        )


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did: the file, and the fields that changed of one that was there.

    `new` is whether there was none; `contacts` counts the addresses and numbers in the text.
    """

    issue: Issue
    path: Path
    new: bool
    changed: tuple[str, ...]
    contacts: int


def import_issue(file: Path, docs: Path) -> Import:
    """Take an issue into the docs folder; the same issue again brings what was edited since.

    Args:
        file: What `gh issue view 12 --json number,title,body,author,createdAt,url` printed.
        docs: The docs folder.

    Raises:
        ConfigError: It is no such JSON, or the file of the issue is wrong or cannot be written.
    """
    issue = _from_json(file)
    path = docs / "questions" / f"issue-{issue.number}.toml"
    before = _read(path, path.as_posix()) if path.is_file() else None
    if before is not None and before.url != issue.url:
        raise ConfigError(
            f"this is issue {issue.number} of another repository: {before.url}",
            file=path.as_posix(),
            mend="a wiki takes the issues of one repository; delete the file if that one moved",
        )
    changed = tuple(
        field.name
        for field in fields(Issue)
        if before is not None and getattr(before, field.name) != getattr(issue, field.name)
    )
    if before is None or changed:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_toml(issue).encode())
        except OSError as error:
            raise ConfigError(
                f"cannot be written: {error.strerror}",
                file=path.as_posix(),
                mend="see what is there, and its permissions",
            ) from error
    contacts = sum(1 for text in (issue.text, issue.place) for _ in find_contacts(text))
    return Import(issue, path, before is None, changed, contacts)


def read_issues(docs: Path, root: Path | None = None) -> tuple[Issue, ...]:
    """The issues of a docs folder, the oldest first.

    Args:
        docs: The docs folder; there may be none.
        root: What errors name files relative to; the folder's parent by default.

    Raises:
        ConfigError: A file says what no issue does.
    """
    root = docs.parent if root is None else root
    issues = [
        _read(path, (path.relative_to(root) if path.is_relative_to(root) else path).as_posix())
        for path in docs.glob("questions/issue-*.toml")
        if ISSUE_FILE.fullmatch(path.relative_to(docs).as_posix()) and not path.is_symlink()
    ]
    return tuple(sorted(issues, key=lambda issue: (issue.date, issue.number)))


# --- what gh prints -------------------------------------------------------------------------------


def _from_json(file: Path) -> Issue:
    name = file.as_posix()
    try:
        said = json.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"cannot be opened: {error.strerror}", file=name, mend="see whether the name is right"
        ) from error
    except json.JSONDecodeError as error:
        raise ConfigError(
            f"this is no JSON: {error.msg}",
            file=name,
            line=error.lineno,
            column=error.colno,
            mend=_again(),
        ) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise ConfigError("this is no JSON in UTF-8", file=name, mend=_again()) from error
    if not isinstance(said, dict):
        raise ConfigError("this is JSON, but no issue", file=name, mend=_again())
    number = said.get("number")
    if type(number) is not int or not 0 < number < 10**9:
        raise _wrong(name, "number", number)
    author = said.get("author") or {}
    texts = {
        "title": said.get("title"),
        "body": said.get("body"),
        "author": author.get("login") if isinstance(author, dict) else None,
        "createdAt": said.get("createdAt"),
        "url": said.get("url"),
    }
    texts["author"] = "" if not author or texts["author"] is None else texts["author"]
    for field, value in texts.items():
        if not isinstance(value, str):
            raise _wrong(name, field, value)
    plain = {field: _plain(str(value)) for field, value in texts.items()}
    text, place = _asked(plain["title"], plain["body"])
    if not text:
        raise ConfigError("the issue asks nothing", file=name, mend="write the question into it")
    issue = Issue(number, text, place, plain["author"], plain["createdAt"][:10], plain["url"])
    for field, value in (("createdAt", _is_date(issue.date)), ("url", _is_url(issue))):
        if not value:
            raise _wrong(name, field, texts[field])
    return issue


def _asked(title: str, body: str) -> tuple[str, str]:
    """The question and its place, as the form has them; else title and body are the question."""
    sections: dict[str, str] = {}
    heading = ""
    for line in body.split("\n"):
        if line.startswith("### ") and line[4:] in _HEADINGS:
            heading = _HEADINGS[line[4:]]
            sections[heading] = ""
        else:
            sections[heading] = sections.get(heading, "") + f"{line}\n"
    filled = {key: text.strip() for key, text in sections.items() if text.strip() != _NOTHING}
    if question := filled.get("question"):
        return question, filled.get("place", "")
    named = title[match.end() :] if (match := _PREFIX.match(title)) else title
    return "\n\n".join(part for part in (named.strip(), body.strip()) if part), ""


def _plain(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", lines)


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_url(issue: Issue) -> bool:
    return re.fullmatch(_URL.format(issue.number), issue.url, re.ASCII) is not None


def _wrong(file: str, field: str, value: object) -> ConfigError:
    shown = json.dumps(value, ensure_ascii=False)
    shown = shown if len(shown) < 80 else f"{shown[:80]}…"
    return ConfigError(f"{field!r} is none of an issue: {shown}", file=file, mend=_again())


def _again() -> str:
    return f"write it with `gh issue view 12 --json {_FIELDS}`"


# --- the file -------------------------------------------------------------------------------------


def _toml(issue: Issue) -> str:
    document = tomlkit.document()
    document.add(tomlkit.comment(_ABOUT))
    for field in fields(Issue):
        value = getattr(issue, field.name)
        if isinstance(value, str) and "\n" in value:
            value = tomlkit.string(value, multiline=True)
        document[field.name] = value
    return tomlkit.dumps(document)


def _read(path: Path, name: str) -> Issue:
    file = TomlFile.read(path, name)
    known = [field.name for field in fields(Issue)]
    file.only_keys(file.data, known)
    mend = "take the issue again: `studykit import-issue`"
    said: Mapping[str, Any] = file.data
    for key in known:
        kind = int if key == "number" else str
        if type(said.get(key)) is not kind:
            raise file.error(f"{key!r} must be of type {kind.__name__}", key, mend=mend)
    issue = Issue(**said)
    for key, right in _checks(issue, path):
        if not right:
            raise file.error(f"{key!r} is none of this issue: {said[key]!r}", key, mend=mend)
    return issue


def _checks(issue: Issue, path: Path) -> Iterator[tuple[str, bool]]:
    yield "number", path.name == f"issue-{issue.number}.toml"
    yield "text", bool(issue.text.strip())
    yield "date", _is_date(issue.date)
    yield "url", _is_url(issue)
