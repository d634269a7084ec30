"""`studykit train` and `studykit sample`, as a person runs them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from PIL import Image

from studykit.cli import main
from studykit.datasets import load_dataset
from studykit.diffusion import Recipe, TrainedDiffusion, train_diffusion
from studykit.training import read_config

SMALL = """
seed = 4
[diffusion]
T = 20
beta_1 = 5e-3
beta_T = 0.5
[network]
channels = 4
blocks = 1
attention = []
[training]
steps = 6
batch_size = 16
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_training_writes_a_checkpoint_and_a_picture(tmp_path, config, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("train", "ddpm", "--data", "digits", "--config", config)

    assert result.exit_code == 0, result.output
    out = Path("runs/ddpm-digits")
    trained = TrainedDiffusion.load(out / "model.safetensors")
    assert (trained.steps, trained.recipe.seed, trained.recipe.diffusion.T) == (6, 4, 20)
    with Image.open(out / "samples.png") as picture:
        assert picture.size == ((10 * 9 + 1) * 4,) * 2
    events, *others = sorted(file.name for file in out.iterdir())
    assert events.startswith("events.out.tfevents.")
    assert others == ["model.safetensors", "samples.png", "state.safetensors"]
    assert f"Wrote {out / 'model.safetensors'}\nWrote {out / 'samples.png'}\n" in result.stdout
    assert "of 100 images are a digit" in result.stdout.splitlines()[-1]
    assert len(result.stdout.splitlines()) == 3  # the bars go to standard error


def test_the_same_seed_gives_the_same_files_and_options_override_the_file(tmp_path, config):
    def files(folder, *options):
        out = tmp_path / folder
        command = ("train", "ddpm", "--data", "digits", "--config", config, "--out", out)
        assert run(*command, *options).exit_code == 0
        return [(out / name).read_bytes() for name in ("model.safetensors", "samples.png")]

    first = files("a")
    assert files("b") == first
    assert files("c", "--seed", 5)[0] != first[0]
    files("d", "--steps", 2, "--seed", 6)
    trained = TrainedDiffusion.load(tmp_path / "d/model.safetensors")
    assert (trained.steps, trained.recipe.training.steps, trained.recipe.seed) == (2, 2, 6)


def test_a_saved_model_is_drawn_again(tmp_path, config):
    run("train", "ddpm", "--data", "digits", "--config", config, "--out", tmp_path)
    checkpoint = tmp_path / "model.safetensors"
    result = run("sample", checkpoint, "--out", tmp_path / "new/grid.png", "-n", 6)
    assert result.exit_code == 0, result.output
    with Image.open(tmp_path / "new/grid.png") as picture:
        assert picture.size == ((3 * 9 + 1) * 4, (2 * 9 + 1) * 4)

    run("sample", checkpoint, "--out", tmp_path / "same.png", "-n", 6)
    run("sample", checkpoint, "--out", tmp_path / "other.png", "-n", 6, "--seed", 1)
    same = (tmp_path / "same.png").read_bytes()
    assert same == (tmp_path / "new/grid.png").read_bytes()
    assert same != (tmp_path / "other.png").read_bytes()


@pytest.mark.parametrize("name", ["ve", "vp", "subvp"])
def test_the_sdes_are_trained_by_the_same_command(tmp_path, name):
    path = tmp_path / "small.toml"
    path.write_text("[network]\nchannels = 4\n[training]\nsteps = 3\n", encoding="utf-8")
    result = run("train", name, "--data", "digits", "--config", path, "--out", tmp_path / "run")
    assert result.exit_code == 0, result.output
    trained = TrainedDiffusion.load(tmp_path / "run/model.safetensors")
    assert trained.recipe.model == name
    assert type(trained.model.sde).__name__.lower() == f"{name}sde"


def test_points_of_a_plane_are_learned_and_drawn(tmp_path):
    out = tmp_path / "run"
    result = run("train", "vp", "--data", "moons", "--steps", 3, "--out", out)
    assert result.exit_code == 0, result.output
    with Image.open(out / "samples.png") as picture:
        assert picture.size == (400, 400)


def test_a_run_goes_on_bit_for_bit(tmp_path, config):
    command = ("train", "ddpm", "--data", "digits", "--config", config, "--out")
    assert run(*command, tmp_path / "whole").exit_code == 0
    # What Ctrl-C leaves after three of the six steps: the learning rate falls until the sixth.
    half = tmp_path / "half"
    (images, _), read = load_dataset("digits", "train"), read_config(config, Recipe())
    train_diffusion((images,), read, stop_at(3), folder=half)
    result = run(*command, half, "--resume")
    assert result.exit_code == 0, result.output
    weights = [
        TrainedDiffusion.load(tmp_path / name / "model.safetensors").network.state_dict()
        for name in ("whole", "half")
    ]
    assert all(torch.equal(weights[0][key], weights[1][key]) for key in weights[0])

    said = run(*command, half, "--resume", "--seed", 9).stderr
    assert "seed = 4, not 9" in said
    said = run(*command, tmp_path / "none", "--resume").stderr
    assert "state.safetensors: there is no run to go on with" in said


def stop_at(number):
    """Press Ctrl-C at a step."""

    def on_step(step):
        if step.number == number:
            signal.raise_signal(signal.SIGINT)

    return on_step


def test_another_sampler_draws_another_picture(tmp_path, config):
    run("train", "ddpm", "--data", "digits", "--config", config, "--out", tmp_path)
    pictures = set()
    for sampler in ("ancestral", "ddim", "dpm_solver", "heun", "predictor_corrector"):
        out = tmp_path / f"{sampler}.png"
        result = run(
            "sample", tmp_path / "model.safetensors", "-n", 2, "--sampler", sampler,
            "--steps", 5, "--out", out,
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        pictures.add(out.read_bytes())
    assert len(pictures) == 5
    result = run("sample", tmp_path / "model.safetensors", "--steps", 21, "--out", out)
    assert result.exit_code == 1
    assert "steps must be in 1..20" in result.stderr


def test_a_folder_that_cannot_be_made_is_said_before_training(tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    result = run("train", "ddpm", "--data", "digits", "--out", tmp_path / "taken/run")
    assert result.exit_code == 1
    assert "taken/run: cannot be made" in result.stderr


def test_the_help_says_what_is_written():
    text = run("train", "--help").stdout
    assert "\n    model.safetensors " in text
    assert "\n    studykit train ddpm --data digits\n" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("train", "gan", "--data", "digits"), "'gan' is not one of 'ddpm', 've', 'vp', 'subvp'"),
        (("train", "ddpm", "--data", "cifar"), "no data set 'cifar'"),
        (("train", "ddpm"), "--data"),
        (("train", "ddpm", "--data", "digits", "--steps", "0"), "--steps"),
        (("train", "ddpm", "--data", "digits", "--config", "no.toml"), "no.toml: cannot be read"),
        (("train", "ve", "--data", "diggits"), "write 'digits'"),
        (("train", "ddpm", "--data", "digits", "--data-path", "."), "is not read from files"),
        (("sample", "no.safetensors"), "no.safetensors: no safetensors file"),
        (("sample",), "give a CHECKPOINT or --pretrained"),
    ],
)
def test_a_mistake_gets_a_sentence(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl-C alone there")
def test_ctrl_c_leaves_a_checkpoint_and_a_sentence(tmp_path, config):
    command = [sys.executable, "-m", "studykit", "train", "ddpm", "--data", "digits"]
    command += ["--config", str(config), "--out", str(tmp_path / "run"), "--steps", "1000000"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Without a terminal rich draws no bar; this makes it draw one all the same.
        env={**os.environ, "FORCE_COLOR": "1", "TERM": "xterm", "OMP_NUM_THREADS": "1"},
    )
    seen = b""
    while not re.search(rb"[1-9]\d*/1000000", seen):  # until the bar shows a first step
        chunk = os.read(process.stderr.fileno(), 4096)
        assert chunk, "training ended by itself"
        seen += chunk
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)

    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert "Interrupted at step " in stdout
    trained = TrainedDiffusion.load(tmp_path / "run/model.safetensors")
    assert 0 < trained.steps < 1_000_000
    assert trained.interrupted
    assert f"step {trained.steps} of 1000000" in stdout
    assert trained.sample(2).isfinite().all()
