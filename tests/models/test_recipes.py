"""From data to a trained model of any of the four kinds, and back from its checkpoint."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from studykit.datasets import digits
from studykit.diffusion import (
    MODELS,
    ChainConfig,
    Recipe,
    TrainedDiffusion,
    VEConfig,
    default_recipe,
    train_diffusion,
)
from studykit.errors import ConfigError
from studykit.networks import MLPConfig, UNetConfig
from studykit.training import TrainingConfig, save_checkpoint

SMALL = Recipe(
    diffusion=ChainConfig(T=20, beta_1=5e-3, beta_T=0.8),
    network=UNetConfig(channels=8, blocks=1, attention=()),
    training=TrainingConfig(steps=30, batch_size=16, warmup=5, learning_rate=4e-3),
)


def weights_after(seed):
    losses = []
    recipe = replace(SMALL, seed=seed)
    trained = train_diffusion(digits("train"), recipe, lambda step: losses.append(step.loss))
    return trained, losses


def test_training_lowers_the_loss_and_repeats_with_the_seed():
    trained, losses = weights_after(0)
    again, same_losses = weights_after(0)
    _, other_losses = weights_after(1)

    assert trained.steps == len(losses) == 30
    assert not trained.interrupted
    assert sum(losses[-5:]) < 0.7 * sum(losses[:5])  # an untrained network's loss is 1
    assert losses == same_losses != other_losses
    for name, weight in trained.network.state_dict().items():
        assert torch.equal(weight, again.network.state_dict()[name])


def test_images_of_another_size_are_refused():
    with pytest.raises(ConfigError, match=r"\(1, 28, 28\).*\(1, 8, 8\)"):
        train_diffusion((torch.zeros(4, 1, 28, 28),), SMALL)


def test_a_checkpoint_gives_back_the_same_model(tmp_path):
    trained, _ = weights_after(0)
    path = tmp_path / "new" / "model.safetensors"
    trained.save(path)
    loaded = TrainedDiffusion.load(path)

    assert (loaded.recipe, loaded.steps) == (trained.recipe, 30)
    assert not loaded.network.training
    assert torch.equal(loaded.sample(3, seed=1), trained.sample(3, seed=1))
    assert not torch.equal(loaded.sample(3, seed=1), loaded.sample(3, seed=2))


def test_a_checkpoint_of_another_model_is_refused(tmp_path):
    foreign = tmp_path / "foreign.safetensors"
    save_checkpoint(foreign, {"w": torch.ones(1)}, {"kind": "vae"})
    with pytest.raises(ConfigError, match="no checkpoint of a diffusion model"):
        TrainedDiffusion.load(foreign)
    facts = {"kind": "diffusion", "recipe": {"model": "flow", "data": "digits"}, "steps": 1}
    save_checkpoint(foreign, {"w": torch.ones(1)}, facts)
    with pytest.raises(ConfigError, match="not 'flow'"):
        TrainedDiffusion.load(foreign)


@pytest.mark.parametrize("name", MODELS)
def test_each_model_learns_two_points(name):
    # Data at -1 and +1: trained through the package, most samples must end near one of them.
    recipe = replace(
        default_recipe(name, "moons"),
        network=MLPConfig(dimensions=1, width=32, blocks=2),
        training=TrainingConfig(steps=400, batch_size=128, learning_rate=3e-3, warmup=20),
    )
    data = torch.tensor([-1.0, 1.0]).repeat(256)[:, None]
    losses = []
    trained = train_diffusion((data,), recipe, lambda step: losses.append(step.loss))
    x_0 = trained.sample(500, steps=50)

    # Of the velocity half cannot be known: where there is only noise it is the data.
    assert sum(losses[-50:]) < 0.92 * sum(losses[:50])
    near = (x_0.abs() - 1).abs() < 0.25
    assert near.double().mean() > 0.8
    assert 0.3 < (x_0 > 0).double().mean() < 0.7


def test_classes_are_learned_with_and_without_their_labels():
    seen = []
    recipe = replace(
        SMALL,
        network=UNetConfig(channels=4, classes=10),
        training=TrainingConfig(steps=8, batch_size=64),
    )
    images, labels = digits("train")
    trained = train_diffusion((images, labels), recipe)
    embedding = trained.network

    def listen(_module, inputs):
        seen.append(inputs[2])

    handle = embedding.register_forward_pre_hook(listen)
    x, t = torch.zeros(2, 1, 8, 8), torch.tensor([1, 1])
    with_class = embedding(x, t, torch.tensor([1, 2]))
    handle.remove()
    assert seen[0].tolist() == [1, 2]
    assert not torch.equal(with_class[0], with_class[1])
    assert torch.isfinite(trained.sample(2, steps=5)).all()  # without a class
    with pytest.raises(ConfigError, match="the data have no labels"):
        train_diffusion((images,), recipe)


def test_every_default_fits_its_data():
    for name in MODELS:
        for data, shape in (("digits", (1, 8, 8)), ("fashion-mnist", (1, 28, 28)), ("moons", (2,))):
            recipe = default_recipe(name, data)
            assert (recipe.model, recipe.data, recipe.shape) == (name, data, shape)
            x = recipe.diffusion.model(recipe.new_network()).eps(
                torch.zeros(1, *shape), torch.ones(1)
            )
            assert x.shape == (1, *shape)
    with pytest.raises(ValueError, match="not 'flow'"):
        default_recipe("flow", "digits")


def test_a_network_that_learns_no_variance_is_not_asked_for_one():
    with pytest.raises(ValueError, match="go together"):
        Recipe(diffusion=ChainConfig(variance="learned"))
    with pytest.raises(ValueError, match="go together"):
        Recipe(model="ve", diffusion=VEConfig(), network=UNetConfig(learned_variance=True))
    learned = replace(
        SMALL,
        diffusion=replace(SMALL.diffusion, variance="learned"),
        network=replace(SMALL.network, learned_variance=True),
        training=TrainingConfig(steps=2),
    )
    trained = train_diffusion(digits("train"), learned)
    assert trained.sample(2).isfinite().all()
