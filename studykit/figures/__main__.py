"""Writes the stills and the data of all figures: `python -m studykit.figures [FOLDER]`."""

from __future__ import annotations

from pathlib import Path

import click

from studykit.autoencoders import latent_figure
from studykit.figures import beta_schedule, model_in_page, score_field

__all__ = ["main"]


@click.command()
@click.argument(
    "folder", default=Path("docs/figures"), type=click.Path(path_type=Path, file_okay=False)
)
def main(folder: Path) -> None:
    """Write the stills and the data into FOLDER, by default docs/figures."""
    folder.mkdir(parents=True, exist_ok=True)
    for figure in (beta_schedule, score_field, latent_figure, model_in_page):
        figure.write(folder)
        click.echo(f"Wrote {folder / figure.NAME}.*")


if __name__ == "__main__":
    main()
