"""The MkDocs adapter: hands the generated pages to MkDocs, and knows nothing else.

In mkdocs.yml:

    plugins:
      - studykit:
          meetings_dir: meetings
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from jinja2 import Environment
from markdown.extensions import toc
from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url

from studykit.errors import ConfigError, StudykitError
from studykit.wiki.check.shown import Shown
from studykit.wiki.figures import check_figures
from studykit.wiki.frontend import SCRIPTS, STYLES, static_files
from studykit.wiki.generate import Wiki, read_wiki
from studykit.wiki.guard import (
    SECONDS,
    TooSlowError,
    check_files,
    check_text,
    limited,
    too_deep,
)
from studykit.wiki.notebook import plain_notebook
from studykit.wiki.notebook_links import find_repository, with_notebook_links, with_page_links
from studykit.wiki.pages import Addition, Page
from studykit.wiki.policy import inline_scripts, policy, runs_model, with_policy
from studykit.wiki.prose import spaced
from studykit.wiki.published import is_published, safe_drawing, safe_front
from studykit.wiki.sanitise import TooDeepError, check_depth, clean
from studykit.wiki.search import with_worker, without_ways, write_search
from studykit.wiki.slim import slim
from studykit.wiki.terms import link_terms
from studykit.wiki.twins import alternates, twin, write_twin

__all__ = ["StudykitConfig", "StudykitPlugin"]


# Not MkDocs' own, whose warnings stop a strict build: the rest of the site is built.
_LOG = logging.getLogger("studykit.wiki")

# Where neither git nor SOURCE_DATE_EPOCH gives a date.
_NO_DATE = "1980-01-01"


class StudykitConfig(Config):
    """The plugin's options in mkdocs.yml."""

    meetings_dir = c.Type(str, default="meetings")
    """The folder of raw notes, relative to mkdocs.yml."""


class StudykitPlugin(BasePlugin[StudykitConfig]):
    """Adds the pages made from the notes to the site."""

    _wiki: Wiki
    _serving = False
    _changed = ""
    _scripts: Sequence[str] = ()
    _additions: Mapping[str, str] = MappingProxyType({})
    _shown: Shown | None = None

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
        docs = Path(config.docs_dir)
        named = {*config.extra_css, *map(str, config.extra_javascript)}
        try:
            check_files(docs, named)
        except ConfigError as error:
            raise PluginError(str(error)) from error
        if "SOURCE_DATE_EPOCH" not in os.environ:
            self._changed = _last_change(project_folder(config))
        config.extra_css[:0] = STYLES
        config.extra_javascript.extend(SCRIPTS)
        return config

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """Add the generated pages and the files that the site serves itself."""
        project = project_folder(config)
        additions = self._additions = {}
        for file in list(files):
            # What these say stands on pages of their own, or is nobody's to read.
            if not is_published(file.src_uri):
                files.remove(file)
        try:
            for file in list(files):
                if file.src_uri.lower().endswith(".svg"):
                    drawing = safe_drawing(Path(str(file.abs_src_path)), Path(config.docs_dir))
                    files.remove(file)
                    files.append(File.generated(config, file.src_uri, content=drawing))
            for path, data in static_files(project, Path(config.docs_dir)):
                files.append(File.generated(config, path, content=data))
            self._wiki = read_project(config)
            made: dict[str, str] = {}
            for part in (*self._wiki.pages(), *self._wiki.data(project, config.site_url)):
                if isinstance(part, Addition):
                    additions[part.path] = part.content
                    continue
                content = part.markdown if isinstance(part, Page) else part.content
                made[part.path] = content
                self._add(files, File.generated(config, part.path, content=content))
        except StudykitError as error:
            raise PluginError(str(error)) from error
        if self._serving:
            self._shown = Shown(Path(config.docs_dir), made, self._wiki.chrome)
        return files

    def _add(self, files: Files, file: File) -> None:
        written = files.get_file_from_path(file.src_uri)
        if written is not None:
            raise taken(Path(written.abs_src_path or written.src_uri))
        files.append(file)

    def on_pre_page(self, page: MkDocsPage, /, **_: object) -> MkDocsPage:
        """Date the page for the sitemap."""
        page.update_date = self._changed or page.update_date
        return page

    def on_page_markdown(
        self, markdown: str, /, *, page: MkDocsPage, config: MkDocsConfig, **_: object
    ) -> str:
        """Give display formulas of hand-written pages the blank lines without which none shows.

        A page that would take too long is left out, and says so.
        """
        if not page.file.abs_src_path:
            return markdown
        file = f"{Path(config.docs_dir).name}/{page.file.src_uri}"
        try:
            check_text(markdown, file)
        except ConfigError as error:
            raise PluginError(str(error)) from error
        page.meta = safe_front(page.meta, self._wiki.masks)
        if why := too_deep(markdown):
            return self._left_out(file, why)
        self._limit(page, file)
        return spaced(self._wiki.masks.page(markdown))

    def _limit(self, page: MkDocsPage, file: str) -> None:
        render = page.render
        seconds = SECONDS * (20 if page.file.src_uri.startswith("api/") else 1)

        def limited_render(config: MkDocsConfig, files: Files) -> None:
            try:
                with limited(seconds):
                    render(config, files)
                check_depth(page.content or "")
            except MkDocsException:
                raise
            except Exception as error:  # noqa: BLE001 - extensions fail in ways of their own
                page.content = f"<p>{self._left_out(file, _why(error))}</p>"
                page.toc = get_toc([])

        page.render = limited_render  # type: ignore[method-assign]

    def _left_out(self, file: str, why: str) -> str:
        """Tell whoever builds, and give what the page shows instead."""
        _LOG.warning("%s is left out: %s", file, why)
        return self._wiki.chrome("left_out")

    def on_page_content(
        self, html: str, /, *, page: MkDocsPage, config: MkDocsConfig, **_: object
    ) -> str:
        """Strip a hand-written page, link it, and add what the notes know.

        A notebook's page becomes one like the others.
        """
        notebook = page.file.src_uri.endswith(".ipynb")
        if page.file.abs_src_path:
            html = clean(html, pictures=notebook)
        if notebook:
            html = self._wiki.masks.page(html)
            slugify = config.mdx_configs.get("toc", {}).get("slugify", toc.slugify)
            html, headings = plain_notebook(html, slugify)
            page.toc = get_toc(toc.nest_toc_tokens(headings))
            html = self._as_notebook(html, page, project_folder(config), config.repo_url)
        path = page.file.src_uri
        if self._shown is not None:
            html = self._shown.on(path, html)
        if self._wiki.web.sources.typed(path) is None:  # else it was made with its links
            html = self._wiki.backlinks.anchored(self._wiki.web.linked(html, path), path)
            html += self._additions.get(path, "")
            html = link_terms(html, self._wiki.site.terms, self._wiki.chrome, path)
        if not self._serving:
            text = self._wiki.raw_twin(path) or twin(html)
            write_twin(text, Path(page.file.abs_dest_path))
        return without_ways(html)

    # Behind mkdocs-autorefs, the last that adds to a page's content.
    @event_priority(-100)
    def on_env(self, env: Environment, /, *, config: MkDocsConfig, files: Files) -> Environment:
        """Let every page pass the allow-list once more, and collect the theme's own scripts."""
        for file in files.documentation_pages():
            page = file.page
            if page is not None and page.content is not None:
                page.content = clean(
                    page.content, ours=True, pictures=file.src_uri.endswith(".ipynb")
                )
        self._scripts = list(_theme_scripts(env, config, files))
        return env

    def _as_notebook(self, html: str, page: MkDocsPage, project: Path, repo_url: str | None) -> str:
        """Lead from a notebook's page to Colab, to its files and to the other pages."""
        source, target = Path(str(page.file.abs_src_path)), Path(page.file.abs_dest_path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target.with_name(source.name))
        repository = find_repository(project, repo_url, os.environ)
        html = with_page_links(html)
        return with_notebook_links(html, source, project, repository, self._wiki.chrome)

    def on_post_page(self, output: str, /, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Say where the feed and the page's twin are, and what may run in the page."""
        output = slim(output)
        output = output.replace("</head>", f"{alternates(page.url, config.site_name)}</head>", 1)
        return with_policy(with_worker(output), self._policy(runs_model(page.content or "")))

    def on_post_template(self, output: str, /, *, template_name: str, **_: object) -> str:
        """Say what may run in a page that is none of the docs', such as 404.html."""
        return with_policy(output, self._policy()) if template_name.endswith(".html") else output

    def _policy(self, model: bool = False) -> str:
        return policy(self._scripts, runs_model=model, preview=self._serving)

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
    """The day of the last commit, in UTC: what the sitemap calls each page's date.

    MkDocs would take today's, and a build tomorrow would differ from one today.
    """
    git = shutil.which("git")
    if git is None:
        return _NO_DATE
    log = subprocess.run(  # noqa: S603 - nothing of the command comes from outside
        [git, "log", "-1", "--date=format-local:%Y-%m-%d", "--format=%cd"],
        cwd=project,
        env={**os.environ, "TZ": "UTC0"},
        capture_output=True,
        text=True,
        check=False,
    )
    return log.stdout.strip() or _NO_DATE


def _why(error: Exception) -> str:
    """Why a page could not be rendered, in a line."""
    if isinstance(error, TooSlowError | TooDeepError):
        return str(error)
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _theme_scripts(env: Environment, config: MkDocsConfig, files: Files) -> Iterator[str]:
    """The inline scripts of the theme, as the pages have them."""
    root = urlsplit(config.site_url or "/").path or "/"  # in 404.html, which has no place
    bases = {get_relative_url(".", file.url) for file in files.documentation_pages()} | {root}
    for name in env.list_templates(filter_func=lambda name: "/javascripts/" in f"/{name}"):
        if env.loader is not None and name.endswith(".html"):
            yield from inline_scripts(env.loader.get_source(env, name)[0], bases)


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
        StudykitError: The plugin is not among the project's, a note cannot be read, or a page
            places a figure that there is not.
    """
    plugin = config.plugins.get("studykit")
    if not isinstance(plugin, StudykitPlugin):
        raise ConfigError(
            "the studykit plugin is missing",
            file=config.config_file_path,
            mend="add `- studykit` to `plugins`",
        )
    check_figures(Path(config.docs_dir))
    return read_wiki(
        project_folder(config) / plugin.config.meetings_dir,
        Path(config.docs_dir),
        name=config.site_name,
        language=str(config.theme.get("language", "en")),  # Material's own default
    )
