"""The MkDocs adapter: hands the generated pages to MkDocs, and knows nothing else.

In mkdocs.yml:

    plugins:
      - studykit:
          meetings_dir: meetings
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from markdown.extensions import toc
from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import get_toc

from studykit.errors import ConfigError, StudykitError
from studykit.wiki.equations import PAPERS_FILE
from studykit.wiki.frontend import SCRIPTS, STYLES, static_files
from studykit.wiki.generate import Wiki, read_wiki
from studykit.wiki.notebook import plain_notebook
from studykit.wiki.pages import Addition, Page
from studykit.wiki.prose import spaced
from studykit.wiki.search import with_worker, write_search
from studykit.wiki.terms import TERMS_FILE, link_terms
from studykit.wiki.twins import alternates, twin, write_twin

__all__ = ["StudykitConfig", "StudykitPlugin"]


# 1980-01-01, where neither git nor SOURCE_DATE_EPOCH gives a date.
_NO_DATE = "315532800"


class StudykitConfig(Config):
    """The plugin's options in mkdocs.yml."""

    meetings_dir = c.Type(str, default="meetings")
    """The folder of raw notes, relative to mkdocs.yml."""


class StudykitPlugin(BasePlugin[StudykitConfig]):
    """Adds the pages made from the notes to the site."""

    _wiki: Wiki
    _serving = False
    _additions: Mapping[str, str] = MappingProxyType({})

    def on_startup(self, *, command: str, dirty: bool) -> None:  # noqa: ARG002 - MkDocs names it
        """Remember whether somebody only looks at the site, who needs no twins."""
        self._serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check what the generated pages rely on, and add our styles and scripts."""
        if not config.use_directory_urls:
            raise PluginError(
                str(
                    ConfigError(
                        "studykit's pages link to each other by folder",
                        file="mkdocs.yml",
                        mend="remove `use_directory_urls: false`",
                    )
                )
            )
        os.environ.setdefault("SOURCE_DATE_EPOCH", _last_change(project_folder(config)))
        config.extra_css[:0] = STYLES
        config.extra_javascript.extend(SCRIPTS)
        return config

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """Add the generated pages and the files that the site serves itself."""
        project = project_folder(config)
        additions = self._additions = {}
        for read_only in (TERMS_FILE, PAPERS_FILE):
            published = files.get_file_from_path(read_only)
            if published is not None:  # what it says stands on pages of their own
                files.remove(published)
        try:
            for path, data in static_files(project):
                files.append(File.generated(config, path, content=data))
            self._wiki = read_project(config)
            for part in (*self._wiki.pages(), *self._wiki.data(project, config.site_url)):
                if isinstance(part, Addition):
                    additions[part.path] = part.content
                    continue
                content = part.markdown if isinstance(part, Page) else part.content
                self._add(files, File.generated(config, part.path, content=content))
        except StudykitError as error:
            raise PluginError(str(error)) from error
        return files

    def _add(self, files: Files, file: File) -> None:
        written = files.get_file_from_path(file.src_uri)
        if written is not None:
            raise taken(Path(written.abs_src_path or written.src_uri))
        files.append(file)

    def on_page_markdown(self, markdown: str, /, *, page: MkDocsPage, **_: object) -> str:
        """Give display formulas of hand-written pages the blank lines without which none shows."""
        return spaced(markdown) if page.file.abs_src_path else markdown

    def on_page_content(
        self, html: str, /, *, page: MkDocsPage, config: MkDocsConfig, **_: object
    ) -> str:
        """Make a notebook's page one like the others, link it, and add what the notes know."""
        if page.file.src_uri.endswith(".ipynb"):
            slugify = config.mdx_configs.get("toc", {}).get("slugify", toc.slugify)
            html, headings = plain_notebook(html, slugify)
            page.toc = get_toc(toc.nest_toc_tokens(headings))
        path = page.file.src_uri
        html = self._wiki.backlinks.anchored(self._wiki.web.linked(html, path), path)
        html += self._additions.get(path, "")
        html = link_terms(html, self._wiki.site.terms, self._wiki.chrome, path)
        if not self._serving:
            text = self._wiki.raw_twin(path) or twin(html)
            write_twin(text, Path(page.file.abs_dest_path))
        return html

    def on_post_page(self, output: str, /, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Say where the feed and the page's twin are."""
        output = output.replace("</head>", f"{alternates(page.url, config.site_name)}</head>", 1)
        return with_worker(output)

    # Behind the search plugin, which writes what it collected.
    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Make the search's index."""
        write_search(Path(config.site_dir), self._wiki.site.terms, self._wiki.chrome)

    def on_serve(
        self, server: LiveReloadServer, /, *, config: MkDocsConfig, **_: object
    ) -> LiveReloadServer:
        """Rebuild when a note changes."""
        server.watch(str(project_folder(config) / self.config.meetings_dir))
        return server


def _last_change(project: Path) -> str:
    """The time of the last commit, in seconds: what the sitemap calls each page's date.

    MkDocs would take today's, and a build tomorrow would differ from one today.
    """
    git = shutil.which("git")
    if git is None:
        return _NO_DATE
    log = subprocess.run(  # noqa: S603 - nothing of the command comes from outside
        [git, "log", "-1", "--format=%ct"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    return log.stdout.strip() or _NO_DATE


def taken(page: Path) -> ConfigError:
    """What to say of a hand-written page that stands where a generated one belongs."""
    return ConfigError(
        "studykit generates this page itself",
        file=str(page),
        mend="move what it says to a page with another name",
    )


def project_folder(config: MkDocsConfig) -> Path:
    """The folder of mkdocs.yml."""
    return Path(config.config_file_path).parent


def read_project(config: MkDocsConfig) -> Wiki:
    """What the notes and the hand-written pages of this project say.

    Raises:
        StudykitError: The plugin is not among the project's, or a note cannot be read.
    """
    plugin = config.plugins.get("studykit")
    if not isinstance(plugin, StudykitPlugin):
        raise ConfigError(
            "the studykit plugin is missing",
            file=config.config_file_path,
            mend="add `- studykit` to `plugins`",
        )
    return read_wiki(
        project_folder(config) / plugin.config.meetings_dir,
        Path(config.docs_dir),
        name=config.site_name,
        language=str(config.theme.get("language", "en")),  # Material's own default
    )
