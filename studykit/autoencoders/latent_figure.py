r"""The latent square as files for a page: the decoder, to be moved about in, and a still picture.

    python -m studykit.autoencoders.latent_figure

writes `latent-square.json` and `latent-square.png` into docs/figures, from the VAE that comes with
studykit. The JSON has

| key | meaning |
| --- | --- |
| `shape` | `[rows, columns]` of an image |
| `hidden.weight`, `hidden.bias` | $W_1$ of shape `[H, 2]`, row by row, and $b_1$ |
| `logits.weight`, `logits.bias` | $W_2$ of shape `[D, H]`, row by row, and $b_2$ |
| `points` | `[z1, z2, class]` of each image of the test set, where the encoder puts it |

and $y = \operatorname{sigmoid}(W_2 \tanh(W_1 z + b_1) + b_2)$ is the brightness of each pixel, row
by row, in [0, 1]. A table of numbers is `{"scale": s, "int16": "..."}`: base64 of 16-bit integers,
little-endian, each to be multiplied with `s`.

References:
    Kingma, Welling: Auto-Encoding Variational Bayes. ICLR 2014. arXiv:1312.6114.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import click
from PIL import Image
from torch import Tensor

from studykit.autoencoders.recipes import TrainedVAE
from studykit.autoencoders.vae import BernoulliMLP, latent_square
from studykit.datasets.digits import digits
from studykit.evaluation.grids import image_grid
from studykit.pretrained.loading import load_vae

__all__ = ["NAME", "latent_data", "latent_still", "write"]

NAME = "latent-square"


def latent_data(trained: TrainedVAE) -> dict[str, Any]:
    """Give the decoder and the places of the test set as plain data.

    Args:
        trained: A VAE of the digits with two latent dimensions and a Bernoulli decoder.

    Returns:
        What JSON can hold; the module's description says what.

    Examples:
        >>> sorted(latent_data(load_vae("vae-digits")))[:2]
        ['hidden.bias', 'hidden.weight']
    """
    decoder = trained.network.decoder
    assert isinstance(decoder, BernoulliMLP)  # noqa: S101  (as the argument's description says)
    images, labels = digits("test")
    places = zip(trained.encode(images).tolist(), labels.tolist(), strict=True)
    return {
        "shape": list(trained.recipe.network.shape[1:]),
        **{name: _packed(weights) for name, weights in decoder.state_dict().items()},
        "points": [[round(z_1, 2), round(z_2, 2), label] for (z_1, z_2), label in places],
    }


def latent_still(trained: TrainedVAE, side: int = 20) -> Image.Image:
    """Draw the latent square.

    Args:
        trained: A VAE of images with two latent dimensions.
        side: Images of a side.

    Returns:
        The picture.

    Examples:
        >>> latent_still(load_vae("vae-digits"), side=5).size
        (138, 138)
    """
    return image_grid(trained.decode(latent_square(side)), columns=side, zoom=3)


def write(folder: Path) -> None:
    """Write both files.

    Args:
        folder: Where they go, as `latent-square.json` and `.png`.
    """
    trained = load_vae("vae-digits")
    data = json.dumps(latent_data(trained), separators=(",", ":"), sort_keys=True)
    (folder / f"{NAME}.json").write_text(f"{data}\n", encoding="utf-8", newline="\n")
    latent_still(trained).quantize(32).save(folder / f"{NAME}.png", optimize=True)


def _packed(weights: Tensor) -> dict[str, Any]:
    scale = weights.abs().max().item() / (2**15 - 1)
    whole = (weights.double() / scale).round().numpy().astype("<i2")
    return {"scale": scale, "int16": base64.b64encode(whole.tobytes()).decode("ascii")}


@click.command()
@click.argument(
    "folder", default=Path("docs/figures"), type=click.Path(path_type=Path, file_okay=False)
)
def main(folder: Path) -> None:
    """Write the latent square's files into FOLDER, by default docs/figures."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder)
    click.echo(f"Wrote {folder / NAME}.json and .png")


if __name__ == "__main__":
    main()
