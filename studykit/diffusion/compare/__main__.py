"""Writes the pages anew from their reports: `python -m studykit.diffusion.compare FOLDER`."""

from __future__ import annotations

from pathlib import Path

import click

from studykit.diffusion.compare.page import write_overview, write_page
from studykit.errors import ConfigError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def main(folder: Path) -> None:
    """Write FOLDER/index.md, and the page and the charts of each report FOLDER/*/report.json.

    Nothing is measured: that is what `studykit compare` does.
    """
    try:
        for file in sorted(folder.glob("*/report.json")):
            write_page(file.parent)
        write_overview(folder)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Wrote {folder / 'index.md'}")


if __name__ == "__main__":
    main()
