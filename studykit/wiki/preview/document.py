"""All of a change as one HTML file that asks for nothing and runs nothing of the change.

Its styles are the theme's and ours, its policy allows them by their hash, its pictures are in it.
The older version is read from git into a folder of its own, by the program that runs now.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from studykit.errors import ConfigError
from studykit.wiki.build import load
from studykit.wiki.check import Report, check_paths
from studykit.wiki.check.changed import new_files
from studykit.wiki.check.finding import Finding
from studykit.wiki.check.formats import changed_first
from studykit.wiki.check.published import ask_git, commit_of, write_published
from studykit.wiki.check.told import meaning, mend_of, why
from studykit.wiki.chrome import Chrome, load_chrome
from studykit.wiki.pages import Page
from studykit.wiki.policy import inline_policy
from studykit.wiki.preview.article import Articles
from studykit.wiki.preview.marks import CellChange, cells, changed_cells, marked
from studykit.wiki.preview.records import changed_records
from studykit.wiki.preview.state import State, read_state
from studykit.wiki.published import is_published

__all__ = ["write_preview"]

_PAGES = (".md", ".ipynb")
_NAMES = ("unknown-speaker", "role-not-person")
_TERMS = ("unknown-term",)
_SCHEME = (
    "if (matchMedia('(prefers-color-scheme: dark)').matches)"
    " document.documentElement.dataset.mdColorScheme = 'slate';"
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page of the change, with each version that there is, and both as one."""

    title: str
    file: str
    change: Literal["new", "changed", "gone"]
    versions: tuple[tuple[str, str], ...]
    """What a version is called, `both`, `after` or `before`, and its HTML; the first is open."""
    cells: tuple[CellChange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A finding, what its code means in the reader's language, and whether a changed line has it.

    `mend` is None where the finding's own words are in that language.
    """

    finding: Finding
    title: str
    mend: Markup | None
    touched: bool


def write_preview(config_file: Path, ref: str) -> str:
    """What a change brings, as one HTML file.

    Args:
        config_file: The project's mkdocs.yml.
        ref: The commit that the change is compared with, or a branch that has gone on since.

    Raises:
        ConfigError: git or the commit is missing, or the configuration is wrong.
    """
    config = load(config_file)
    project = config_file.resolve().parent
    docs = Path(config.docs_dir)
    meetings = project / str(config.plugins["studykit"].config["meetings_dir"])
    t = load_chrome(str(config.theme.get("language", "en")))
    commit = _base(project, ref)
    report = check_paths([meetings], commit)
    with tempfile.TemporaryDirectory(prefix="studykit-") as made:
        then = Path(made) / "then"
        folders = (docs.name, meetings.name)
        write_published(project, commit, then, lambda path: _is_wanted(path, folders))
        before = read_state(then / meetings.name, then / docs.name, config.site_name, t)
        after = read_state(meetings, docs, config.site_name, t)
        articles = Articles(
            list(config.markdown_extensions), config.mdx_configs, project / "node_modules", t
        )
        pages = list(_pages(before, after, articles, t))
        records = list(changed_records(before, after, t))
    changed = _changed_files(before, after)
    found = _by_place(report, changed, project, t)
    html = (
        _environment(t)
        .get_template("preview.html.jinja")
        .render(
            site=config.site_name,
            ref=ref,
            commit=commit[:12],
            left=len(report.findings) - len(found),
            found=found,
            codes=[
                (code, meaning(code, t), why(code, t))
                for code in dict.fromkeys(each.finding.code for each in found)
            ],
            names=[each for each in found if each.finding.code in _NAMES],
            terms=[each for each in found if each.finding.code in _TERMS],
            pages=pages,
            records=records,
            others=[
                *_others(project, commit, folders),
                *(path for path in changed if path not in {page.file for page in pages}),
            ],
            wrong=after.wrong,
            wrong_before=before.wrong,
            articles=articles,
            style=_style(),
            script=Markup(_SCHEME),  # noqa: S704 - ours
            policy=inline_policy([_SCHEME], [_style()]),
        )
    )
    return html + "\n"


def _is_wanted(path: PurePosixPath, folders: Sequence[str]) -> bool:
    """Whether a file of then is read: notes, pages, and the code whose names the terms have."""
    return path.parts[0] in folders or path.suffix == ".py"


def _base(project: Path, ref: str) -> str:
    """The commit that the change began from: what happened on the branch since is none of it."""
    commit = commit_of(project, ref)
    try:
        return ask_git(project, "merge-base", "HEAD", commit).decode("ascii").strip()
    except ConfigError:  # a history that was cut off
        return commit


def _changed_files(before: State, after: State) -> list[str]:
    """The notes, pages and other files that differ, in order."""
    paths = sorted({*before.files, *after.files})
    return [path for path in paths if before.files.get(path) != after.files.get(path)]


def _others(project: Path, commit: str, folders: Sequence[str]) -> list[str]:
    """The other files of the project that differ, which a preview of pages does not show."""
    told = ask_git(
        project, "diff", "--name-only", "-z", "--no-renames", "--relative", commit, "--", "."
    )
    changed = {*filter(None, told.split(b"\0")), *new_files(project)}
    paths = sorted(path.decode("utf-8", "replace") for path in changed)
    return [path for path in paths if PurePosixPath(path).parts[0] not in folders]


# --- pages ----------------------------------------------------------------------------------------


def _pages(before: State, after: State, articles: Articles, t: Chrome) -> Iterator[_Shown]:
    docs = f"{after.docs.name}/"
    for path in _changed_files(before, after):
        below = path.removeprefix(docs)
        if path.startswith(docs) and path.endswith(_PAGES) and is_published(below):
            yield _written(path, before, after, articles, t)
        elif path in before.meetings or path in after.meetings:
            yield from _of_a_note(path, before, after, articles, t)


def _written(path: str, before: State, after: State, articles: Articles, t: Chrome) -> _Shown:
    states = [state if path in state.files else None for state in (before, after)]
    html = [articles.written(state, path) if state else None for state in states]
    title = next(state.title(path) for state in reversed(states) if state)
    sources = [state.files[path].decode("utf-8", "replace") if state else "" for state in states]
    changes: list[CellChange] = []
    if path.endswith(".ipynb"):
        changes = changed_cells(*map(cells, sources))
    return _shown(title, path, html[0], html[1], changes, t)


def _of_a_note(
    path: str, before: State, after: State, articles: Articles, t: Chrome
) -> Iterator[_Shown]:
    """The pages of a note's meetings: each by its place in the site."""
    old, new = (
        {page.path: page for page in each.meetings.get(path, ())} for each in (before, after)
    )
    for place in dict.fromkeys((*old, *new)):
        html = [
            articles.generated(state, pages[place]) if place in pages else None
            for state, pages in ((before, old), (after, new))
        ]
        page: Page = new.get(place) or old[place]
        yield _shown(page.title, path, html[0], html[1], [], t)


def _shown(
    title: str,
    file: str,
    before: str | None,
    after: str | None,
    changes: list[CellChange],
    t: Chrome,
) -> _Shown:
    if before is None or after is None:
        change: Literal["new", "gone"] = "new" if before is None else "gone"
        return _Shown(title, file, change, ((change, after or before or ""),), tuple(changes))
    both = marked(before, after, t("preview_was"), t.phrase("preview_same"))
    versions = (("both", both), ("after", after), ("before", before))
    return _Shown(title, file, "changed", versions, tuple(changes))


# --- findings -------------------------------------------------------------------------------------


def _by_place(report: Report, changed: list[str], project: Path, t: Chrome) -> list[_Found]:
    """What was found in the changed files: on changed lines first, then the worst."""
    here = Path.cwd()
    files = {Path(here, found.file).resolve(): found.file for found in report.findings}
    named = {
        shown: path.relative_to(project).as_posix()
        for path, shown in files.items()
        if path.is_relative_to(project)
    }
    return [
        _Found(
            found,
            meaning(found.code, t),
            mend_of(found.code, t),
            any(
                (found.file, line) in report.changed
                for line in range(found.line, found.end_line + 1)
            ),
        )
        for found in changed_first(report)
        if named.get(found.file) in changed
    ]


# --- the file -------------------------------------------------------------------------------------


def _environment(t: Chrome) -> Environment:
    environment = Environment(
        loader=PackageLoader("studykit.wiki.preview", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(t=t, language=t.language)
    return environment


def _style() -> Markup:
    """The theme's styles, those of our pages, and those of this file."""
    theme = resources.files("material").joinpath("templates", "assets", "stylesheets")
    sheets = sorted(
        (each for each in theme.iterdir() if each.name.endswith(".min.css")),
        key=lambda each: each.name,
    )
    ours = resources.files("studykit.wiki")
    own = [ours / "assets" / name for name in ("studykit.css", "terms.css", "links.css")]
    own.append(ours / "preview" / "preview.css")
    text = "\n".join(each.read_text("utf-8") for each in (*sheets, *own))
    return Markup(text)  # noqa: S704 - no file of the change is in it
