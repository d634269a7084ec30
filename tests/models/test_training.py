"""The training loop, the average of the weights, checkpoints."""

from __future__ import annotations

import json
import os
import pickle
import signal
import struct
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch import nn

from studykit.datasets import digits
from studykit.diffusion import (
    DDPM,
    DDPMConfig,
    DiffusionConfig,
    TrainedDDPM,
    linear_schedule,
    train_ddpm,
)
from studykit.errors import ConfigError
from studykit.networks import UNetConfig
from studykit.training import (
    EMA,
    Trainer,
    TrainingConfig,
    load_checkpoint,
    save_checkpoint,
)
from studykit.training import checkpoints as checkpoints_module

SMALL = DDPMConfig(
    diffusion=DiffusionConfig(T=20, beta_1=5e-3, beta_T=0.8),
    network=UNetConfig(channels=8, blocks=1, attention=()),
    training=TrainingConfig(steps=30, batch_size=16, warmup=5, learning_rate=4e-3),
)


# --- the loop -------------------------------------------------------------------------------------


def weights_after(seed):
    losses = []
    config = replace(SMALL, seed=seed)
    trained = train_ddpm(digits("train").images, config, lambda step: losses.append(step.loss))
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


@pytest.mark.parametrize(
    ("decay", "expected"),
    [
        (False, [0.025, 0.05, 0.075, 0.1, 0.1, 0.1]),
        (True, [0.025 * 6 / 6, 0.05 * 5 / 6, 0.075 * 4 / 6, 0.1 * 3 / 6, 0.1 * 2 / 6, 0.1 / 6]),
    ],
)
def test_the_learning_rate_warms_up_and_falls_and_the_gradient_is_clipped(decay, expected):
    # The loss is 1000 w: its gradient is clipped to 1, and Adam moves w by the learning rate.
    class Weight(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.zeros(1))

    network, seen, norms = Weight(), [0.0], []
    config = TrainingConfig(
        steps=6, batch_size=2, warmup=4, learning_rate=0.1, clip=1.0, decay=decay
    )
    trainer = Trainer(network, lambda net, x, g: 1000 * net.w.sum(), torch.zeros(4, 1), config)
    for _ in trainer.run():
        seen.append(network.w.item())
        norms.append(network.w.grad.norm().item())

    moves = [before - after for before, after in pairwise(seen)]
    assert moves == pytest.approx(expected, rel=1e-4)
    assert norms == pytest.approx([1.0] * 6, rel=1e-4)


def test_an_epoch_shows_every_example_once_in_a_new_order():
    seen = []

    def watch(network, x, generator):
        seen.extend(x.flatten().tolist())
        return network(x).sum()

    config = TrainingConfig(steps=4, batch_size=4)
    for _ in Trainer(nn.Linear(1, 1), watch, torch.arange(8.0)[:, None], config).run():
        pass
    first, second = seen[:8], seen[8:]
    assert sorted(first) == sorted(second) == list(range(8))
    assert first != second


def test_fewer_examples_than_a_batch_still_train():
    trainer = Trainer(
        nn.Linear(1, 1),
        lambda net, x, g: net(x).mean(),
        torch.zeros(3, 1),
        TrainingConfig(steps=2, batch_size=64),
    )
    assert [step.number for step in trainer.run()] == [1, 2]


def test_the_number_of_threads_is_the_configured_one_and_given_back():
    usual, seen = torch.get_num_threads(), []

    def watch(network, x, generator):
        seen.append(torch.get_num_threads())
        return network(x).sum()

    for threads in (usual + 1, 1):
        config = TrainingConfig(steps=1, threads=threads)
        list(Trainer(nn.Linear(1, 1), watch, torch.ones(4, 1), config).run())
        assert torch.get_num_threads() == usual
    assert seen == [usual + 1, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 0},
        {"batch_size": 0},
        {"warmup": -1},
        {"threads": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"clip": 0.0},
        {"ema_decay": 1.0},
    ],
)
def test_a_number_out_of_range_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TrainingConfig(**wrong)


def test_a_diverged_loss_is_said_at_once():
    trainer = Trainer(
        nn.Linear(1, 1), lambda net, x, g: net(x).sum() / 0, torch.ones(4, 1), TrainingConfig()
    )
    with pytest.raises(ConfigError, match=r"step 1: training has diverged\n  mend: lower"):
        list(trainer.run())


def test_ctrl_c_ends_after_a_whole_step_and_hands_the_signal_back():
    usual = signal.getsignal(signal.SIGINT)
    trainer = Trainer(
        nn.Linear(1, 1), lambda net, x, g: net(x).sum(), torch.ones(4, 1), TrainingConfig(steps=50)
    )
    numbers = []
    for step in trainer.run():
        numbers.append(step.number)
        if step.number == 3:
            os.kill(os.getpid(), signal.SIGINT)
    assert numbers == [1, 2, 3]
    assert trainer.interrupted
    assert trainer.ema.steps == 3
    assert signal.getsignal(signal.SIGINT) is usual


def test_a_second_ctrl_c_ends_at_once():
    trainer = Trainer(
        nn.Linear(1, 1), lambda net, x, g: net(x).sum(), torch.ones(4, 1), TrainingConfig(steps=50)
    )
    run = trainer.run()
    next(run)
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
    run.close()


def test_images_of_another_size_are_refused():
    with pytest.raises(ConfigError, match=r"\(1, 28, 28\).*\(1, 8, 8\)"):
        train_ddpm(torch.zeros(4, 1, 28, 28), SMALL)


# --- the average of the weights -------------------------------------------------------------------


def test_ema_warms_up_then_decays():
    network = nn.Linear(1, 1, bias=False)
    nn.init.constant_(network.weight, 5.0)
    ema = EMA(network, decay=0.5)
    expected = 5.0
    for n, value in enumerate([1.0, -2.0, 3.0, 0.5] + [1.0] * 10, start=1):
        nn.init.constant_(network.weight, value)
        ema.update(network)
        # n - 1 updates came before: TensorFlow's (1 + num_updates) / (10 + num_updates).
        decay = min(0.5, (1 + n - 1) / (10 + n - 1))
        expected = decay * expected + (1 - decay) * value
        assert ema.network.weight.item() == pytest.approx(expected, rel=1e-5)
    assert decay == 0.5  # both branches were met


def test_ema_copies_buffers_and_leaves_the_network_alone():
    network = nn.BatchNorm1d(2)
    ema = EMA(network, decay=0.9)
    network(torch.randn(8, 2) + 3)
    ema.update(network)
    assert torch.equal(ema.network.running_mean, network.running_mean)
    assert network.training
    assert not ema.network.training
    assert network.weight.requires_grad
    assert not ema.network.weight.requires_grad


@pytest.mark.parametrize("decay", [-0.1, 1.0, 1.5])
def test_an_impossible_decay_is_refused(decay):
    with pytest.raises(ValueError, match="decay"):
        EMA(nn.Linear(1, 1), decay)


# --- checkpoints ----------------------------------------------------------------------------------


def test_a_checkpoint_gives_back_the_same_model(tmp_path):
    trained, _ = weights_after(0)
    path = tmp_path / "new" / "model.safetensors"
    trained.save(path)
    loaded = TrainedDDPM.load(path)

    assert (loaded.config, loaded.steps) == (trained.config, 30)
    assert not loaded.network.training
    assert torch.equal(loaded.sample(3, seed=1), trained.sample(3, seed=1))
    assert not torch.equal(loaded.sample(3, seed=1), loaded.sample(3, seed=2))


def test_the_configuration_is_json_in_the_metadata(tmp_path):
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, {"w": torch.ones(2)}, {"b": [1, 2], "a": "가"})
    # The format, read by hand: length of the header, the header as JSON, the numbers.
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    assert json.loads(header["__metadata__"]["studykit"]) == {"a": "가", "b": [1, 2]}
    assert struct.unpack("<2f", data[8 + length :]) == (1.0, 1.0)


def test_the_same_checkpoint_has_the_same_bytes(tmp_path):
    tensors, config = {"w": torch.ones(2), "v": torch.zeros(3).t()}, {"x": 1, "y": 2}
    save_checkpoint(tmp_path / "a.safetensors", tensors, config)
    save_checkpoint(tmp_path / "b.safetensors", tensors, dict(reversed(config.items())))
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


def test_a_write_that_fails_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, {"w": torch.ones(1)}, {"run": 1})

    def half(tensors, file, metadata):
        file.write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(checkpoints_module, "save_file", half)
    with pytest.raises(OSError, match="no space"):
        save_checkpoint(path, {"w": torch.zeros(1)}, {"run": 2})
    assert load_checkpoint(path).config == {"run": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["model.safetensors"]


class _Bomb:
    def __reduce__(self):
        return (os.mkdir, ("exploded",))


def test_a_pickle_is_refused_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.pt").write_bytes(pickle.dumps(_Bomb()))
    with pytest.raises(ConfigError, match=r"model\.pt: no safetensors file"):
        load_checkpoint(tmp_path / "model.pt")
    assert not (tmp_path / "exploded").exists()


def test_what_is_no_checkpoint_is_refused(tmp_path):
    from safetensors.torch import save_file

    with pytest.raises(ConfigError, match="no safetensors file"):
        load_checkpoint(tmp_path / "missing.safetensors")
    foreign = tmp_path / "foreign.safetensors"
    save_file({"w": torch.ones(1)}, foreign)
    with pytest.raises(ConfigError, match="without studykit's configuration"):
        load_checkpoint(foreign)
    save_checkpoint(foreign, {"w": torch.ones(1)}, {"model": "vae"})
    with pytest.raises(ConfigError, match="'vae', not of a DDPM"):
        TrainedDDPM.load(foreign)


# --- it learns ------------------------------------------------------------------------------------


def test_a_small_network_learns_two_points():
    # Data at -1 and +1: trained through the package, most samples must end near one of them.
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.Sequential(
                nn.Linear(2, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1)
            )

        def forward(self, x_t, t):
            return self.layers(torch.cat([x_t, t[:, None] / 50 - 0.5], dim=1))

    schedule = linear_schedule(T=50, beta_1=2e-3, beta_T=0.3)
    data = torch.tensor([-1.0, 1.0]).repeat(256)[:, None]
    torch.manual_seed(0)
    trainer = Trainer(
        Net(),
        lambda net, x_0, g: DDPM(net, schedule).loss(x_0, g),
        data,
        TrainingConfig(steps=800, batch_size=256, learning_rate=3e-3, ema_decay=0.99, decay=False),
    )
    losses = [step.loss for step in trainer.run()]
    x_0 = DDPM(trainer.ema.network, schedule).sample(
        (1000, 1), generator=torch.Generator().manual_seed(0)
    )

    assert sum(losses[-50:]) < 0.6 * sum(losses[:50])
    near = (x_0.abs() - 1).abs() < 0.25
    assert near.double().mean() > 0.7
    assert 0.35 < (x_0 > 0).double().mean() < 0.65
