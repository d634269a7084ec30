"""`studykit train vae`, what it writes, and the VAE that comes with studykit."""

from __future__ import annotations

import re

import pytest
import torch
from click.testing import CliRunner
from PIL import Image

from studykit.autoencoders import TrainedVAE, default_vae_recipe, latent_square
from studykit.cli import main
from studykit.datasets import digits
from studykit.errors import ConfigError
from studykit.evaluation import DigitJudge
from studykit.pretrained import load, load_run, load_vae, shipped
from studykit.pretrained.ship import WEIGHTS, ship


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


BOUND = (160, 170)
"""Nats of a test image: 164.65 when it was trained, and room for another machine's sums."""

SMALL = """
[network]
hidden = 32
[training]
steps = 60
learning_rate = 0.02
warmup = 5
ema_decay = 0.9
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vae")
    config = folder / "small.toml"
    config.write_text(SMALL, encoding="utf-8")
    result = run("train", "vae", "--data", "digits", "--config", config, "--out", folder)
    assert result.exit_code == 0, result.output
    (folder / "said.txt").write_text(result.stdout, encoding="utf-8")
    return folder


def test_the_command_trains_draws_and_tells_the_bound(folder):
    said = (folder / "said.txt").read_text(encoding="utf-8")
    nats = float(re.search(r"Negative bound: (-?[\d.]+) nats", said)[1])
    # 64 pixels of 17 levels, all as likely, cost 64 log 17 = 181 nats; their 16 dots, each black or
    # white as likely, far more, which is where training begins.
    assert 150 < nats < 350
    assert "of 100 images are a digit" in said
    with Image.open(folder / "samples.png") as picture:
        assert picture.size == ((10 * 9 + 1) * 4,) * 2


def test_a_saved_vae_is_drawn_again_in_one_step(folder, tmp_path):
    checkpoint = folder / "model.safetensors"
    result = run("sample", checkpoint, "--out", tmp_path / "six.png", "-n", 6)
    assert result.exit_code == 0, result.output
    with Image.open(tmp_path / "six.png") as picture:
        assert picture.size == ((3 * 9 + 1) * 4, (2 * 9 + 1) * 4)
    for option in (("--steps", 5), ("--sampler", "ddim")):
        refused = run("sample", checkpoint, "--out", tmp_path / "no.png", *option)
        assert refused.exit_code == 1
        assert "draws in one step" in refused.output
    assert not (tmp_path / "no.png").exists()


def test_points_are_learned_with_a_gaussian_decoder(tmp_path):
    result = run("train", "vae", "--data", "moons", "--steps", 3, "--out", tmp_path)
    assert result.exit_code == 0, result.output
    trained = load_run(tmp_path / "model.safetensors")
    assert isinstance(trained, TrainedVAE)
    assert trained.sample(5).shape == (5, 2)


def test_the_same_seed_gives_the_same_weights(folder, tmp_path):
    options = ("--config", folder / "small.toml", "--out", tmp_path)
    assert run("train", "vae", "--data", "digits", "--steps", 60, *options).exit_code == 0
    assert (tmp_path / "model.safetensors").read_bytes() == (
        folder / "model.safetensors"
    ).read_bytes()


def test_what_is_no_vae_is_refused(folder, tmp_path):
    with pytest.raises(ConfigError, match="no checkpoint of a VAE"):
        load_vae(WEIGHTS / "vp-fashion-mnist.safetensors")
    with pytest.raises(ConfigError, match="no checkpoint of a diffusion model"):
        load(folder / "model.safetensors")
    with pytest.raises(ValueError, match="not 'gone'"):
        default_vae_recipe("gone")
    config = tmp_path / "other.toml"
    config.write_text("[network]\nshape = [2]\n", encoding="utf-8")
    result = run("train", "vae", "--data", "digits", "--config", config, "--out", tmp_path)
    assert result.exit_code == 1
    assert "change shape under [network]" in result.output


def test_the_vae_of_the_digits_comes_along(tmp_path):
    assert shipped("vae") == ["vae-digits"]
    file = WEIGHTS / "vae-digits.safetensors"
    assert file.stat().st_size <= 300_000
    trained = load_vae("vae-digits")
    # What reproduces it is the command without options.
    assert trained.recipe == default_vae_recipe("digits")
    assert not trained.interrupted
    trained.save(tmp_path / "model.safetensors")
    assert ship(tmp_path, tmp_path).read_bytes() == file.read_bytes()


def test_the_shipped_vae_knows_digits_that_it_was_not_trained_on():
    trained = load_vae("vae-digits")
    images, labels = digits("test")
    nats = -trained.bound(images)
    shuffled = -trained.bound(images.flatten()[torch.randperm(images.numel())].view_as(images))
    assert BOUND[0] < nats.mean() < BOUND[1]
    assert shuffled.mean() > 2 * nats.mean()
    assert -trained.bound(images, draws=50).mean() < nats.mean() - 1  # the bound closes
    # Its plane tells the classes apart, and each corner of the square is a digit.
    z = trained.encode(images)
    nearest = torch.cdist(z, z).fill_diagonal_(torch.inf).argmin(dim=1)
    assert (labels[nearest] == labels).float().mean() > 0.65
    square = trained.decode(latent_square(12))
    assert DigitJudge().judge(square).classes >= 8
