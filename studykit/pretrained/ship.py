"""Puts a trained model among those that come with studykit.

    python -m studykit.pretrained.ship runs/ddpm-fashion-mnist

It stores the weights in half precision, since what every reader downloads should be small.
"""

from __future__ import annotations

from pathlib import Path

import click
import torch

from studykit.errors import ConfigError, StudykitError
from studykit.pretrained.loading import load_run

__all__ = ["LIMIT", "WEIGHTS", "ship"]

WEIGHTS = Path(__file__).parent / "weights"
"""The folder of the weights that come with studykit."""

LIMIT = 5_000_000
"""The largest file that may come with studykit, in bytes."""


def ship(run: Path, folder: Path = WEIGHTS) -> Path:
    """Store a finished run's model under its name, `MODEL-DATA.safetensors`.

    Args:
        run: The folder that `studykit train` wrote.
        folder: Where the weights go.

    Returns:
        The file.

    Raises:
        ConfigError: If the run was interrupted, or its weights take more than `LIMIT` bytes.

    Examples:
        >>> import tempfile
        >>> from studykit.diffusion import TrainedDiffusion, default_recipe
        >>> folder, recipe = Path(tempfile.mkdtemp()), default_recipe("vp", "digits")
        >>> trained = TrainedDiffusion(recipe.new_network(), recipe, recipe.training.steps)
        >>> trained.save(folder / "model.safetensors")
        >>> ship(folder, folder / "weights").name
        'vp-digits.safetensors'
    """
    source = run / "model.safetensors"
    trained = load_run(source)
    if trained.interrupted:
        raise ConfigError(
            f"the run was interrupted at step {trained.steps}",
            file=str(source),
            mend="finish it with studykit train ... --resume",
        )
    size = 2 * sum(weight.numel() for weight in trained.network.state_dict().values())
    if size > LIMIT:
        raise ConfigError(
            f"the weights take {size} bytes in half precision, more than {LIMIT}",
            file=str(source),
            mend="train a smaller network",
        )
    target = folder / f"{trained.recipe.model}-{trained.recipe.data}.safetensors"
    trained.save(target, torch.float16)
    return target


@click.command()
@click.argument("runs", nargs=-1, type=click.Path(path_type=Path, file_okay=False))
def main(runs: tuple[Path, ...]) -> None:
    """Put the models of RUNS among those that come with studykit."""
    try:
        for run in runs:
            click.echo(f"Wrote {ship(run)}")
    except StudykitError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
