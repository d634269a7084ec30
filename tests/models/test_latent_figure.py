"""The files of the latent square's figure say what the VAE that comes with studykit says."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from studykit.autoencoders.latent_figure import write
from studykit.datasets import digits
from studykit.pretrained import load_vae

FIGURES = Path(__file__).parents[2] / "docs/figures"


def table(packed, *shape):
    """Read as the page's script does."""
    whole = np.frombuffer(base64.b64decode(packed["int16"]), dtype="<i2")
    return (whole * packed["scale"]).reshape(shape)


def test_the_pages_decoder_draws_what_the_checkpoint_draws():
    data = json.loads((FIGURES / "latent-square.json").read_text(encoding="utf-8"))
    assert data["shape"] == [8, 8]
    W_1, b_1 = table(data["hidden.weight"], -1, 2), table(data["hidden.bias"], -1)
    W_2, b_2 = table(data["logits.weight"], 64, len(b_1)), table(data["logits.bias"], 64)
    z = np.random.default_rng(0).normal(size=(200, 2))
    y = 1 / (1 + np.exp(-(np.tanh(z @ W_1.T + b_1) @ W_2.T + b_2)))
    expected = load_vae("vae-digits").network.decoder(torch.from_numpy(z).float()).mean
    np.testing.assert_allclose(y, expected.detach().flatten(1), atol=0.002)  # half a grey level

    places = np.array(data["points"])
    images, labels = digits("test")
    np.testing.assert_array_equal(places[:, 2], labels)
    np.testing.assert_allclose(places[:, :2], load_vae("vae-digits").encode(images), atol=0.0051)


def test_the_command_writes_the_files_that_are_there(tmp_path):
    write(tmp_path)
    # Sums in another order differ in the last digit, which may round to another hundredth.
    theirs, ours = (
        json.loads((folder / "latent-square.json").read_text(encoding="utf-8"))
        for folder in (FIGURES, tmp_path)
    )
    np.testing.assert_allclose(theirs.pop("points"), ours.pop("points"), atol=0.011)
    assert theirs == ours
    with (
        Image.open(FIGURES / "latent-square.png") as there,
        Image.open(tmp_path / "latent-square.png") as here,
    ):
        difference = np.asarray(there.convert("L"), int) - np.asarray(here.convert("L"), int)
    assert np.abs(difference).max() <= 16
    assert (FIGURES / "latent-square.json").stat().st_size < 120_000
