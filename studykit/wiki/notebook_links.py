"""What stands above a notebook: where to open it in Colab, and its files to download.

The repository is looked for when the site is built, so that a fork's pages lead to the fork. Where
nobody says which one it is, or it is not on GitHub, there is no link to Colab.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from markupsafe import escape

from studykit.wiki.chrome import Chrome

__all__ = ["Repository", "find_repository", "with_notebook_links", "with_page_links"]

_NAME = r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+?"
_ADDRESS = re.compile(
    rf"(?:https?://(?:[^@/\s]+@)?|(?:ssh://)?git@)github\.com[:/](?P<name>{_NAME})(?:\.git)?/?"
)
_PAGE = re.compile(r'(<a\b[^>]*\bhref=")(?![a-z][a-z0-9+.-]*:|/|#)([^"#?]*)\.(?:md|ipynb)(?=["#])')


class Repository:
    """A repository on GitHub.

    Args:
        name: `owner/name`.
        branch: The branch whose notebooks the site shows.
    """

    def __init__(self, name: str, branch: str = "main") -> None:
        self.name = name
        self.branch = branch

    def in_colab(self, path: str) -> str:
        """The address of a file in Colab.

        Examples:
            >>> Repository("o/r").in_colab("docs/notebooks/ddpm.ipynb")
            'https://colab.research.google.com/github/o/r/blob/main/docs/notebooks/ddpm.ipynb'
        """
        where = f"{self.name}/blob/{quote(self.branch)}/{quote(path)}"
        return f"https://colab.research.google.com/github/{where}"

    @property
    def requirement(self) -> str:
        """What pip installs the models from."""
        return f"studygroup-studykit[models] @ git+https://github.com/{self.name}@{self.branch}"


def find_repository(
    project: Path, repo_url: str | None, environment: Mapping[str, str]
) -> Repository | None:
    """The repository that a project is built from.

    Args:
        project: The folder of mkdocs.yml.
        repo_url: What mkdocs.yml says of it.
        environment: The build's variables. GitHub's own come first: they are right in a fork whose
            mkdocs.yml still names another.

    Returns:
        The repository; None if it is unknown or not on GitHub.

    Examples:
        >>> find_repository(Path(), None, {"GITHUB_REPOSITORY": "o/r"}).name
        'o/r'
    """
    branch = "main"
    if environment.get("GITHUB_EVENT_NAME") == "push":
        branch = environment.get("GITHUB_REF_NAME") or branch
    name = environment.get("GITHUB_REPOSITORY", "")
    if re.fullmatch(_NAME, name):
        return Repository(name, branch)
    for address in (repo_url, _remote(project)):
        found = _ADDRESS.fullmatch((address or "").strip())
        if found:
            return Repository(found["name"], branch)
    return None


def with_notebook_links(
    html: str, path: Path, project: Path, repository: Repository | None, t: Chrome
) -> str:
    """A notebook's page with its links below the title.

    Args:
        html: The page.
        path: The notebook's file, in the project.
        project: The folder of mkdocs.yml.
        repository: Where the project is.
        t: The words.
    """
    links = [_link(quote(path.name), t("notebook_download"))]
    if path.with_suffix(".py").is_file():
        links.append(_link(f"../{quote(path.stem)}.py", t("notebook_text")))
    hint = ""
    if repository is not None and path.is_relative_to(project):
        where = path.relative_to(project).as_posix()
        links.insert(0, _link(repository.in_colab(where), t("notebook_colab")))
        command = escape(f'%pip install "{repository.requirement}"')
        hint = f"<p>{escape(t('notebook_install'))}</p><pre><code>{command}</code></pre>"
        hint = f"<details><summary>{escape(t('notebook_first'))}</summary>{hint}</details>"
    bar = (
        f'<div class="sk-notebook-links" data-search-exclude><p>{" · ".join(links)}</p>{hint}</div>'
    )
    before, title, after = html.partition("</h1>")
    return f"{before}{title}{bar}{after}" if title else f"{bar}{html}"


def with_page_links(html: str) -> str:
    """A notebook's page whose links to files of the docs folder lead to their pages.

    MkDocs does this for Markdown alone; a notebook's page is one folder deeper than its file.

    Examples:
        >>> with_page_links('<a href="../answers/ddpm.md#eq">')
        '<a href="../../answers/ddpm/#eq">'
        >>> with_page_links('<a href="index.md">'), with_page_links('<a href="https://a/b.md">')
        ('<a href="../">', '<a href="https://a/b.md">')
    """

    def page(match: re.Match[str]) -> str:
        folder, _, name = match[2].rpartition("/")
        parts = ["..", *([folder] if folder else []), *([] if name == "index" else [name])]
        return f"{match[1]}{'/'.join(parts)}/"

    return _PAGE.sub(page, html)


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _remote(project: Path) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    said = subprocess.run(  # noqa: S603 - nothing of the command comes from outside
        [git, "remote", "get-url", "origin"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout
