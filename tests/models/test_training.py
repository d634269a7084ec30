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

from studykit.errors import ConfigError
from studykit.noise import Noise
from studykit.training import (
    EMA,
    Trainer,
    TrainingConfig,
    load_checkpoint,
    save_checkpoint,
)
from studykit.training import checkpoints as checkpoints_module


def denoiser(dropout=0.0):
    """A small convolutional network, the same at each call."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.SiLU(), nn.Dropout(dropout), nn.Conv2d(8, 1, 3, padding=1)
    )


def denoising(network, batch, noise):
    images, labels = batch
    sigma = (1 + labels + noise.uniform()).float()[:, None, None, None]
    eps = noise.normal(images.shape[1:])
    return (network(images + sigma * eps) - eps).square().mean()


DATA = (
    torch.rand(50, 1, 6, 6, generator=torch.Generator().manual_seed(1)) * 2 - 1,
    torch.arange(50) % 3,
)
CONFIG = TrainingConfig(steps=12, batch_size=16, warmup=3, learning_rate=1e-2)


def trainer(config=CONFIG, dropout=0.0, **options):
    return Trainer(denoiser(dropout), denoising, DATA, config, **options)


# --- the loop -------------------------------------------------------------------------------------


def test_training_lowers_the_loss_and_repeats_with_the_seed():
    def run(seed):
        ours = trainer(replace(CONFIG, steps=40), dropout=0.1, seed=seed)
        return ours, [step.loss for step in ours.run()]

    ours, losses = run(0)
    again, same = run(0)
    _, other = run(1)
    assert ours.steps == 40
    assert not ours.interrupted
    assert sum(losses[-5:]) < 0.7 * sum(losses[:5])
    assert losses == same != other
    assert_same_weights(ours, again)


def assert_same_weights(ours, theirs):
    for part in (lambda trainer: trainer._network, lambda trainer: trainer.ema.network):
        for name, weight in part(ours).state_dict().items():
            assert torch.equal(weight, part(theirs).state_dict()[name]), name


@pytest.mark.parametrize("accumulation", [2, 3])
def test_micro_batches_add_up_to_the_batch(accumulation):
    # 16 examples in 3 parts are 6 + 5 + 5: the shares have different weights.
    whole, parts = trainer(), trainer(replace(CONFIG, accumulation=accumulation))
    for one, other in zip(list(whole.run()), list(parts.run()), strict=True):
        assert other.loss == pytest.approx(one.loss, rel=1e-5)
        assert other.grad_norm == pytest.approx(one.grad_norm, rel=1e-4)
    for name, weight in whole.ema.network.state_dict().items():
        torch.testing.assert_close(parts.ema.network.state_dict()[name], weight, rtol=0, atol=1e-5)


def test_the_noise_of_a_step_is_named_by_seed_step_and_place():
    seen = []

    def watch(network, batch, noise):
        seen.append(noise.normal((2,)))
        return network(*batch).sum()

    config = TrainingConfig(steps=2, batch_size=5, accumulation=2)
    list(Trainer(nn.Linear(1, 1), watch, (torch.ones(5, 1),), config, seed=7).run())
    assert [len(part) for part in seen] == [3, 2, 3, 2]
    for step in (1, 2):
        expected = Noise([7, step], n=5).normal((2,))
        assert torch.equal(torch.cat(seen[2 * step - 2 : 2 * step]), expected)


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_half_precision_computes_narrow_and_keeps_wide(precision, tmp_path):
    seen = set()

    class Watched(nn.Linear):
        def forward(self, x):
            out = super().forward(x)
            seen.add(out.dtype)
            return out

    def loss(network, batch, noise):
        out = network(*batch)
        assert out.dtype == torch.float32
        return (out - 1).square().mean()

    config = TrainingConfig(steps=30, precision=precision, warmup=0, learning_rate=0.1)
    ours = Trainer(Watched(3, 2), loss, (torch.ones(8, 3),), config)
    losses = [step.loss for step in ours.run()]
    assert seen == {torch.bfloat16 if precision == "bf16" else torch.float16}
    assert losses[-1] < 0.1 * losses[0]
    ours.save_state(tmp_path / "state.safetensors")
    tensors, _ = load_checkpoint(tmp_path / "state.safetensors")
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float32}
    # The average is a network of its own, and computes as it is called.
    assert ours.ema.network(torch.ones(1, 3)).dtype == torch.float32


@pytest.mark.parametrize("data", [torch.ones(4, 1), (), (torch.ones(4, 1), torch.ones(3))])
def test_data_of_no_length_are_refused(data):
    with pytest.raises(ValueError, match="tuple of tensors of the same length"):
        Trainer(nn.Linear(1, 1), denoising, data, CONFIG)


def test_a_batch_too_small_to_cut_is_refused():
    with pytest.raises(ConfigError, match=r"a batch of 3 examples .* 1 processes x 4"):
        Trainer(nn.Linear(1, 1), denoising, (torch.ones(3, 1),), TrainingConfig(accumulation=4))


# --- the state: to go on as if nothing had happened -----------------------------------------------


@pytest.mark.parametrize("precision", ["no", "bf16", "fp16"])
def test_a_resumed_run_is_the_uninterrupted_one(tmp_path, precision):
    # Three steps an epoch: the cut at 5 is in the middle of the second. With dropout.
    config = replace(CONFIG, precision=precision, accumulation=2)
    whole = trainer(config, dropout=0.3)
    steps = list(whole.run())

    first = trainer(config, dropout=0.3)
    run = first.run()
    before = [next(run) for _ in range(5)]
    first.save_state(tmp_path / "state.safetensors")
    run.close()

    torch.rand(7)  # The global generator's state must not matter.
    second = trainer(config, dropout=0.3)
    second.load_state(tmp_path / "state.safetensors")
    assert second.steps == 5
    after = list(second.run())
    assert [step.number for step in after] == list(range(6, 13))
    assert before + after == steps
    assert_same_weights(second, whole)
    for name, tensor in whole._tensors().items():
        assert torch.equal(tensor, second._tensors()[name]), name


def test_the_run_saves_its_state_as_often_as_it_should(tmp_path):
    config = replace(CONFIG, steps=7, checkpoint_every=3)
    ours = trainer(config, folder=tmp_path)
    saved = {}
    for step in ours.run():
        if ours.state_file.exists():
            saved[step.number] = load_checkpoint(ours.state_file).config["steps"]
    assert saved == {4: 3, 5: 3, 6: 3, 7: 6}  # a step is reported before it is saved
    assert load_checkpoint(tmp_path / "state.safetensors").config["steps"] == 7

    again = trainer(config, folder=tmp_path)
    again.load_state(again.state_file)
    assert list(again.run()) == []  # nothing is left to do
    assert_same_weights(again, ours)


def test_the_same_state_has_the_same_bytes(tmp_path):
    for name in "ab":
        ours = trainer()
        list(ours.run())
        ours.save_state(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_state_of_another_run_is_refused_and_the_difference_named(tmp_path):
    path = tmp_path / "state.safetensors"
    ours = trainer(recipe={"network": {"channels": 8}, "data": "digits"})
    next(ours.run())
    ours.save_state(path)

    def said(config=CONFIG, **options):
        other = trainer(
            config, **{"recipe": {"network": {"channels": 8}, "data": "digits"}, **options}
        )
        with pytest.raises(ConfigError) as caught:
            other.load_state(path)
        assert other.steps == 0
        return str(caught.value)

    text = said(replace(CONFIG, batch_size=8, learning_rate=0.5), seed=3)
    assert text.startswith(f"{path}: the state of another run: there ")
    assert "seed = 0, not 3" in text
    assert "training.batch_size = 16, not 8" in text
    assert "training.learning_rate = 0.01, not 0.5" in text
    assert "warmup" not in text
    assert "\n  mend: " in text
    assert "recipe.network.channels = 8, not 16" in said(
        recipe={"network": {"channels": 16}, "data": "digits"}
    )
    assert "recipe.data = 'digits', not None" in said(recipe={"network": {"channels": 8}})
    assert "training.steps = 12, not 20" in said(replace(CONFIG, steps=20))  # the rate falls


def test_what_changes_no_step_may_differ(tmp_path):
    path = tmp_path / "state.safetensors"
    constant = replace(CONFIG, decay=False)
    ours = trainer(constant)
    list(ours.run())
    ours.save_state(path)
    longer = trainer(
        replace(constant, steps=20, threads=2, accumulation=2, checkpoint_every=1, sample_every=1)
    )
    longer.load_state(path)
    assert [step.number for step in longer.run()] == list(range(13, 21))


def test_a_file_that_is_no_state_is_refused(tmp_path):
    path = tmp_path / "state.safetensors"

    def said():
        with pytest.raises(ConfigError) as caught:
            trainer().load_state(path)
        text = str(caught.value)
        assert text.startswith(f"{path}: ")
        assert "\n  mend: " in text
        return text

    assert "no safetensors file" in said()
    ours = trainer()
    next(ours.run())
    ours.save_state(path)
    whole = path.read_bytes()
    for broken in (b"", whole[:100], whole[:-4], b"\xff" * 200):
        path.write_bytes(broken)
        assert "no safetensors file" in said()

    save_checkpoint(path, {"w": torch.ones(1)}, {"model": "ddpm"})
    assert "a checkpoint of a model, not the state" in said()
    path.write_bytes(whole)
    tensors, facts = load_checkpoint(path)
    for wrong in (
        {name: each for name, each in tensors.items() if name != "network.0.weight"},
        {**tensors, "ema.0.weight": torch.ones(3, 3)},
    ):
        save_checkpoint(path, wrong, facts)
        assert "the state of another network" in said()
        assert "0.weight" in said()


# --- what is shown on the way ---------------------------------------------------------------------


def test_samples_are_asked_for_and_shown(tmp_path):
    from PIL import Image
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    asked = []

    def on_sample(number, network):
        asked.append(number)
        assert network is ours.ema.network
        assert not network.training
        torch.rand(number)  # What the sampler draws must not change the training.
        return Image.new("L", (4, 3), color=128)

    config = replace(CONFIG, sample_every=5)
    ours = trainer(config, dropout=0.3, folder=tmp_path, on_sample=on_sample)
    steps = list(ours.run())
    assert asked == [5, 10]
    assert steps == list(trainer(config, dropout=0.3).run())

    shown = EventAccumulator(str(tmp_path))
    shown.Reload()
    for name, expected in (
        ("loss", [step.loss for step in steps]),
        ("learning rate", [step.learning_rate for step in steps]),
        ("gradient norm", [step.grad_norm for step in steps]),
    ):
        events = shown.Scalars(name)
        assert [event.step for event in events] == list(range(1, 13))
        assert [event.value for event in events] == pytest.approx(expected, rel=1e-6)
    pictures = shown.Images("samples")
    assert [(each.step, each.width, each.height) for each in pictures] == [(5, 4, 3), (10, 4, 3)]


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    list(trainer(replace(CONFIG, steps=2)).run())
    assert list(tmp_path.iterdir()) == []


# --- numbers and signals --------------------------------------------------------------------------


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
    trainer = Trainer(
        network, lambda net, batch, noise: 1000 * net.w.sum(), (torch.zeros(4, 1),), config
    )
    for _ in trainer.run():
        seen.append(network.w.item())
        norms.append(network.w.grad.norm().item())

    moves = [before - after for before, after in pairwise(seen)]
    assert moves == pytest.approx(expected, rel=1e-4)
    assert norms == pytest.approx([1.0] * 6, rel=1e-4)


def test_an_epoch_shows_every_example_once_in_a_new_order():
    seen = []

    def watch(network, batch, noise):
        seen.extend(batch[0].flatten().tolist())
        return network(*batch).sum()

    config = TrainingConfig(steps=4, batch_size=4)
    for _ in Trainer(nn.Linear(1, 1), watch, (torch.arange(8.0)[:, None],), config).run():
        pass
    first, second = seen[:8], seen[8:]
    assert sorted(first) == sorted(second) == list(range(8))
    assert first != second


def test_fewer_examples_than_a_batch_still_train():
    trainer = Trainer(
        nn.Linear(1, 1),
        lambda net, batch, noise: net(*batch).mean(),
        (torch.zeros(3, 1),),
        TrainingConfig(steps=2, batch_size=64),
    )
    assert [step.number for step in trainer.run()] == [1, 2]


def test_the_number_of_threads_is_the_configured_one_and_given_back():
    usual, seen = torch.get_num_threads(), []

    def watch(network, batch, noise):
        seen.append(torch.get_num_threads())
        return network(*batch).sum()

    for threads in (usual + 1, 1):
        config = TrainingConfig(steps=1, threads=threads)
        list(Trainer(nn.Linear(1, 1), watch, (torch.ones(4, 1),), config).run())
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
        {"accumulation": 0},
        {"precision": "half"},
        {"checkpoint_every": 0},
        {"sample_every": 0},
    ],
)
def test_a_number_out_of_range_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TrainingConfig(**wrong)


def test_a_diverged_loss_is_said_at_once():
    trainer = Trainer(
        nn.Linear(1, 1),
        lambda net, batch, noise: net(*batch).sum() / 0,
        (torch.ones(4, 1),),
        TrainingConfig(),
    )
    with pytest.raises(ConfigError, match=r"step 1: training has diverged\n  mend: lower"):
        list(trainer.run())


def test_ctrl_c_ends_after_a_whole_step_and_hands_the_signal_back():
    usual = signal.getsignal(signal.SIGINT)
    trainer = Trainer(
        nn.Linear(1, 1),
        lambda net, batch, noise: net(*batch).sum(),
        (torch.ones(4, 1),),
        TrainingConfig(steps=50),
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


@pytest.fixture
def _sigint():
    """Let Ctrl-C act as usual: a shell's background job begins with the signal ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_sigint")
def test_a_second_ctrl_c_ends_at_once():
    trainer = Trainer(
        nn.Linear(1, 1),
        lambda net, batch, noise: net(*batch).sum(),
        (torch.ones(4, 1),),
        TrainingConfig(steps=50),
    )
    run = trainer.run()
    next(run)
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
    run.close()


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
