"""Training on two processes is training on one.

This file is also the program that the processes run: `main` below, under `accelerate launch`, over
gloo on the local host.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from studykit.training import Trainer, TrainingConfig, leave_process_group, load_checkpoint

CONFIG = TrainingConfig(steps=20, batch_size=16, warmup=3, learning_rate=1e-2, checkpoint_every=5)
DATA = (
    torch.rand(50, 1, 6, 6, generator=torch.Generator().manual_seed(1)) * 2 - 1,
    torch.arange(50),
)

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="PyTorch for Windows has no launcher that works everywhere"
)


class Run:
    """A run of a small network that notes which examples it sees."""

    def __init__(self, config=CONFIG, **options):
        torch.manual_seed(0)
        network = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.SiLU(), nn.Conv2d(8, 1, 3, padding=1)
        )
        self.seen = []
        self.trainer = Trainer(network, self.loss, DATA, config, **options)

    def loss(self, network, batch, noise):
        images, labels = batch
        self.seen += labels.tolist()
        sigma = (1 + noise.uniform()).float()[:, None, None, None]
        eps = noise.normal(images.shape[1:])
        return (network(images + sigma * eps) - eps).square().mean()

    def curve(self):
        """Each step's loss and, since Adam would forgive a wrong factor, the gradient's norm."""
        return [(step.loss, step.grad_norm) for step in self.trainer.run()]


def assert_close(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        assert one == pytest.approx(other, rel=1e-5)


# --- what each process runs -----------------------------------------------------------------------


def main(task, folder):
    facts = train(folder) if task == "train" else train_until_interrupted(folder)
    rank = os.environ["RANK"]
    facts["threads_before"] = threads()
    leave_process_group()
    facts["threads_after"] = threads()
    (folder / f"process-{rank}.json").write_text(json.dumps(facts), encoding="utf-8")


def threads():
    """The names of this process's threads, those of C++ too, where the system shows them."""
    return [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]


def train(folder):
    whole = Run()
    facts = {"curve": whole.curve(), "seen": whole.seen, "is_main": whole.trainer.is_main}
    facts["accumulated"] = Run(replace(CONFIG, accumulation=2)).curve()
    # 15 examples on two processes are 8 and 7.
    facts["uneven"] = Run(replace(CONFIG, batch_size=15)).curve()

    # Each process tries to write into a folder of its own; the second gets the signal alone.
    ours = folder / f"folder-{os.environ['RANK']}"
    asked = []
    cut = Run(replace(CONFIG, sample_every=2), folder=ours, on_sample=lambda n, _: asked.append(n))
    for step in cut.trainer.run():
        if step.number == 7 and not cut.trainer.is_main:
            os.kill(os.getpid(), signal.SIGINT)
    facts["cut"] = {"steps": cut.trainer.steps, "interrupted": cut.trainer.interrupted}
    facts["asked"] = asked
    facts["files"] = sorted(path.name.split(".")[0] for path in ours.glob("*"))
    return facts


def train_until_interrupted(folder):
    ours = Run(replace(CONFIG, steps=10**6), folder=folder)
    for step in ours.trainer.run():
        if step.number == 5 and ours.trainer.is_main:
            print("under way", flush=True)
    # The launcher's own Ctrl-C may come now.
    return {"steps": ours.trainer.steps, "interrupted": ours.trainer.interrupted}


# --- the tests ------------------------------------------------------------------------------------


def launched(*arguments):
    """Start this file on two processes, in a process group of its own, as a shell would."""
    launcher = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu"]
    launcher += ["--num_processes", "2", "--num_machines", "1", "--main_process_port", "0"]
    launcher += ["--mixed_precision", "no", "--dynamo_backend", "no"]
    # Not the name of the host, which need not be one that the network knows.
    interface = "lo0" if sys.platform == "darwin" else "lo"
    return subprocess.Popen(
        [*launcher, __file__, *map(str, arguments)],
        env={**os.environ, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": interface},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def results(folder):
    return [json.loads((folder / f"process-{rank}.json").read_text("utf-8")) for rank in (0, 1)]


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    process = launched("train", folder)
    _, stderr = process.communicate(timeout=300)
    assert process.returncode == 0, stderr
    return folder, results(folder)


def test_two_processes_have_the_loss_curve_of_one(two):
    _, (first, second) = two
    one = Run()
    curve = one.curve()
    assert first["curve"] == second["curve"]  # reported: the mean, on each of them
    for ours in (first["curve"], first["accumulated"]):
        assert_close(ours, curve)
    assert (first["is_main"], second["is_main"]) == (True, False)
    losses = [loss for loss, _ in curve]
    assert sum(losses[-5:]) < 0.8 * sum(losses[:5])  # it learns: the curve is none by chance


def test_a_share_counts_by_its_examples(two):
    _, (first, _) = two
    assert_close(first["uneven"], Run(replace(CONFIG, batch_size=15)).curve())


def test_the_processes_take_consecutive_shares_of_each_batch(two):
    _, (first, second) = two
    one = Run()
    one.curve()
    for step in range(CONFIG.steps):
        share = slice(8 * step, 8 * step + 8)
        batch = one.seen[16 * step : 16 * step + 16]
        assert first["seen"][share] + second["seen"][share] == batch


def test_a_signal_to_one_ends_all_after_the_same_step(two):
    _, (first, second) = two
    assert first["cut"] == second["cut"] == {"steps": 7, "interrupted": True}


def test_only_the_main_process_writes_and_draws(two):
    _, (first, second) = two
    assert first["files"] == ["events", "state"]
    assert first["asked"] == [2, 4, 6]
    assert second["files"] == second["asked"] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux names a process's threads")
def test_no_thread_of_the_process_group_is_left_to_abort_the_end_of_python(two):
    _, facts = two
    for each in facts:
        assert any("gloo" in name for name in each["threads_before"])
        assert not any("gloo" in name for name in each["threads_after"])


def test_one_process_goes_on_where_two_stopped(two):
    folder, _ = two
    whole = Run().curve()
    rest = Run()
    rest.trainer.load_state(folder / "folder-0/state.safetensors")
    assert_close(rest.curve(), whole[7:])


def test_ctrl_c_in_a_terminal_leaves_a_state(tmp_path):
    process = launched("interrupt", tmp_path)
    for line in process.stdout:
        if "under way" in line:
            break
    os.killpg(process.pid, signal.SIGINT)  # the launcher and both processes, as a terminal does
    _, stderr = process.communicate(timeout=120)

    assert all((tmp_path / f"process-{rank}.json").exists() for rank in (0, 1)), stderr
    first, second = results(tmp_path)
    for key in ("steps", "interrupted"):  # which threads are still there is a matter of time
        assert first[key] == second[key]
    assert first["interrupted"]
    assert first["steps"] >= 5
    ours = Run(replace(CONFIG, steps=10**6))
    ours.trainer.load_state(tmp_path / "state.safetensors")
    assert ours.trainer.steps == first["steps"]
    assert load_checkpoint(tmp_path / "state.safetensors").config["steps"] == first["steps"]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
