"""The `studykit` command: read a note, build and serve the wiki, export it, train a model."""

from __future__ import annotations

import click

from studykit.cli_beginning import BEGINNING_COMMANDS
from studykit.cli_models import MODEL_COMMANDS
from studykit.cli_wiki import WIKI_COMMANDS
from studykit.errors import StudykitError
from studykit.workflow_commands import inert

__all__ = ["main"]


class _Group(click.Group):
    """A command group that prints a user's mistake as one readable message, never a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except StudykitError as error:
            raise click.ClickException(inert(str(error))) from error


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="studygroup-studykit", prog_name="studykit")
def main() -> None:
    """Turn a study group's raw notes into a wiki, beside the models that it studies.

    Notes go into meetings/, one file a meeting, as they were typed. Write-ups and notebooks go into
    docs/. `studykit serve` shows the wiki while you write; `studykit read` shows what a note is
    understood to say.

    \b
    Exit status:
      0  done
      1  something is wrong with a note, a page or the configuration; the message says where
      2  the command was not understood
    """


for _command in (*WIKI_COMMANDS, *BEGINNING_COMMANDS, *MODEL_COMMANDS):
    main.add_command(_command)
