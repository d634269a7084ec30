"""The `studykit` command: read a note, build and serve the wiki, export it, train a model.

Each command imports what it needs when it runs, so that `studykit read` never loads torch and
`studykit train` never loads MkDocs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from studykit.errors import StudykitError


class _Group(click.Group):
    """A command group that prints a user's mistake as one readable message, never a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except StudykitError as error:
            raise click.ClickException(str(error)) from error


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="studygroup-studykit", prog_name="studykit")
def main() -> None:
    """Turn a study group's raw notes into a wiki, beside the models that it studies."""


# --- models -----------------------------------------------------------------------------------
