"""Building and serving the site with MkDocs."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from mkdocs.commands.build import build
from mkdocs.commands.serve import serve
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from rich.console import Console
from rich.logging import RichHandler

from studykit.errors import ConfigError, StudykitError
from studykit.wiki.exchange import PREFIX, clear_leftovers, put_in_place
from studykit.wiki.guard import check_settings
from studykit.workflow_commands import inert

__all__ = ["build_site", "engine_errors", "load", "serve_site"]

PATIENCE = 10.0
"""Seconds from Ctrl-C until the preview ends by force."""


def build_site(config_file: Path, site_dir: Path | None = None) -> Path:
    """Build the site; until it is whole, the last one stays in place.

    Args:
        config_file: The project's mkdocs.yml.
        site_dir: Where the site goes; what mkdocs.yml says by default.

    Returns:
        The folder of the built site.

    Raises:
        StudykitError: The configuration, a note or a page is wrong; the site was not touched.
    """
    with engine_errors(logging.WARNING):
        config = load(config_file)
        target = Path(config.site_dir) if site_dir is None else site_dir.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        clear_leftovers(target)
        # On the same disk, so that the finished site only has to be renamed.
        staging = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=target.parent))
        try:
            staging.chmod(0o755)
            built = staging / "new"
            config.site_dir = str(built)
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build(config)
            except OSError as error:  # a full disk, for one
                raise StudykitError(
                    f"the site could not be written: {error.strerror}",
                    file=str(error.filename or target),
                    mend="make room or give the rights, and build again; the last site is in place",
                ) from error
            finally:
                config.plugins.on_shutdown()
            put_in_place(built, target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return target


def serve_site(config_file: Path, host: str, port: int) -> None:
    """Build the site and serve it, again after each change, until Ctrl-C.

    Raises:
        StudykitError: The address is taken, or the first build failed.
    """
    _check_there(config_file)
    check_settings(config_file)
    _check_free(host, port)
    with engine_errors(logging.INFO), _ended_in_time():
        # A warning in a half-written page must not end the preview.
        serve(str(config_file), dev_addr=f"{host}:{port}", strict=False)


@contextlib.contextmanager
def _ended_in_time() -> Iterator[None]:
    """End some seconds after Ctrl-C, whatever becomes of it.

    It is lost where it falls into what Python calls from C, and where it falls between a lock's
    being taken and its release, MkDocs's server waits for that lock for ever.
    """
    usual = signal.getsignal(signal.SIGINT)
    last = threading.Timer(PATIENCE, os._exit, (0,))
    last.daemon = True

    def heard(number: int, frame: FrameType | None) -> None:
        if last.ident is None:
            last.start()
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, heard)
    try:
        yield
    finally:
        last.cancel()
        signal.signal(signal.SIGINT, usual)


def load(config_file: Path, **overrides: Any) -> MkDocsConfig:
    """The project's MkDocs configuration, checked.

    Raises:
        ConfigError: There is no such file, or it has a setting that is refused.
    """
    _check_there(config_file)
    check_settings(config_file)
    return load_config(str(config_file), **overrides)


@contextlib.contextmanager
def engine_errors(level: int) -> Iterator[None]:
    """Show MkDocs's log from `level` on, and turn its errors into ours."""
    handler = RichHandler(
        level, Console(stderr=True), show_time=False, show_path=False, show_level=False
    )
    handler.addFilter(_obeyed_by_nobody)
    logger = logging.getLogger("mkdocs")
    ours = logging.getLogger("studykit.wiki")
    before = logger.level
    logger.setLevel(level)
    logger.addHandler(handler)
    ours.addHandler(handler)
    try:
        yield
    except MkDocsException as error:
        raise StudykitError(str(error)) from error
    finally:
        logger.removeHandler(handler)
        ours.removeHandler(handler)
        logger.setLevel(before)


def _obeyed_by_nobody(record: logging.LogRecord) -> bool:
    """Make what a message quotes of a file no command to GitHub's runner."""
    record.msg, record.args = inert(record.getMessage()), None
    return True


def _check_there(config_file: Path) -> None:
    if not config_file.is_file():
        raise ConfigError(
            "there is no such configuration",
            file=str(config_file),
            mend="run this in the folder that holds mkdocs.yml, or name the file: --config-file",
        )


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if os.name == "posix":  # as the server does: a port just left counts as free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigError(
                f"cannot serve on {host}:{port}: {error.strerror}",
                mend=f"choose another port, e.g. `studykit serve --port {port + 1}`",
            ) from error
