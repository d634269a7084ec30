"""The weights that come with studykit: small, and good for samples."""

from __future__ import annotations

import pytest
import torch

from studykit.diffusion import MODELS, TrainedDiffusion, default_recipe
from studykit.diffusion.samplers import dpm_solver
from studykit.errors import ConfigError
from studykit.evaluation import ClassReport, load_classifier
from studykit.pretrained import load, shipped
from studykit.pretrained.ship import LIMIT, WEIGHTS, ship


def test_the_four_models_of_fashion_mnist_come_along():
    assert shipped() == sorted(f"{name}-fashion-mnist" for name in MODELS)
    for name in shipped():
        file = WEIGHTS / f"{name}.safetensors"
        assert file.stat().st_size <= LIMIT
        trained = TrainedDiffusion.load(file)
        # What reproduces them is the command without options.
        assert trained.recipe == default_recipe(*name.split("-", 1))
        assert not trained.interrupted


@pytest.mark.parametrize("name", MODELS)
def test_they_draw_clothes(name):
    # Real test images: 93 % confident; noise: none.
    samples = load(f"{name}-fashion-mnist").sample(48, sampler=dpm_solver, steps=20)
    report = ClassReport.of(load_classifier("fashion-mnist").probabilities(samples))
    assert report.confident > 0.4, report
    assert report.classes >= 6, report


def test_half_precision_costs_less_than_a_grey_level(tmp_path):
    recipe = default_recipe("vp", "digits")
    trained = TrainedDiffusion(recipe.new_network().eval(), recipe, recipe.training.steps)
    with torch.no_grad():  # An untrained network's last layer is 0, and would hide a difference.
        for weight in trained.network.parameters():
            weight.add_(
                0.02 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(0))
            )
    trained.save(tmp_path / "model.safetensors")
    half = TrainedDiffusion.load(ship(tmp_path, tmp_path))
    x, t = torch.randn(8, 1, 8, 8), torch.full((8,), 0.5)
    error = (half.model.denoise(x, t) - trained.model.denoise(x, t)).abs().max()
    assert 0 < error < 2 / 255


def test_what_is_not_finished_is_not_shipped(tmp_path):
    recipe = default_recipe("vp", "digits")
    TrainedDiffusion(recipe.new_network(), recipe, 5).save(tmp_path / "model.safetensors")
    with pytest.raises(ConfigError, match="interrupted at step 5"):
        ship(tmp_path, tmp_path)
