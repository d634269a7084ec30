"""Comparing models: what is measured, what is reused, and what the page says of it."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import shutil
import signal
import statistics
import struct
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from PIL import Image

from studykit.datasets import load_dataset
from studykit.diffusion.compare import compare
from studykit.diffusion.compare.__main__ import main
from studykit.diffusion.compare.measures import Yardstick, loss_curve, ode_bits
from studykit.diffusion.compare.page import write_overview, write_page
from studykit.diffusion.compare.runs import LABELS, find_runs
from studykit.diffusion.model import NoiseModel
from studykit.diffusion.recipes import (
    MODELS,
    ChainConfig,
    TrainedDiffusion,
    default_recipe,
    train_diffusion,
)
from studykit.diffusion.sdes import VPSDE
from studykit.diffusion.tensors import like
from studykit.errors import ConfigError
from studykit.networks.unet import UNetConfig
from studykit.training import TrainingConfig, cpu_threads

FEW = {"ddim": (2, 13), "heun": (3,)}
CHAIN = ChainConfig(T=12, beta_1=0.01, beta_T=0.7)


def recipe(model, *, seed=0, steps=3):
    small = replace(
        default_recipe(model, "digits"),
        seed=seed,
        network=UNetConfig(channels=4),
        training=TrainingConfig(steps=steps, batch_size=8),
    )
    return replace(small, diffusion=CHAIN) if model == "ddpm" else small


def save_untrained(folder, model, seed=0):
    run = recipe(model, seed=seed)
    TrainedDiffusion(run.new_network(), run, steps=3).save(folder / "model.safetensors")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Runs of all models, two of them with a log, and a report of them."""
    runs = tmp_path_factory.mktemp("runs")
    losses = {}
    with cpu_threads(1):
        for model in MODELS:
            folder = runs / f"{model}-digits"
            if model in ("ve", "subvp"):
                save_untrained(folder, model)
                continue
            steps = losses[model] = []
            data = load_dataset("digits", "train")
            result = train_diffusion(data, recipe(model), steps.append, folder=folder)
            result.save(folder / "model.safetensors")
        said = []
        out = runs / "site" / "digits"
        report = compare(
            MODELS, "digits", folder=runs, out=out, samples=16, evaluations=FEW, say=said.append
        )
    return runs, out, report, losses, said


def again(runs, out, **options):
    options = {"folder": runs, "out": out, "samples": 16, "evaluations": FEW} | options
    return compare(options.pop("models", MODELS), options.pop("data", "digits"), **options)


def rows(markdown):
    """The cells of every table row of a page."""
    lines = [line.strip() for line in markdown.splitlines()]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line[:1] == "|"]


# --- the numbers --------------------------------------------------------------------------------


def test_the_report_holds_every_number_with_what_it_was_measured_from(trained):
    runs, out, report, losses, said = trained
    assert json.loads((out / "report.json").read_text("utf-8")) == report
    assert list(report) == [
        *("schema", "data", "metric", "settings", "runs", "measurements", "timings")
    ]
    assert (report["schema"], report["data"], report["metric"]) == (1, "digits", "Digits-FD")

    measured = report["measurements"]
    each = ["loss", "quality/ddim/2", "quality/ddim/13", "quality/heun/3", "likelihood/ode"]
    expected = {f"{model}/0/{name}" for model in MODELS for name in each}
    expected -= {"ddpm/0/quality/ddim/13"}  # its chain has 12 steps
    assert set(measured) == expected | {"real/quality", "ddpm/0/likelihood/bound", "samples"}
    for run in report["runs"]:
        file = runs / f"{run['model']}-digits/model.safetensors"
        assert run["checkpoint"] == hashlib.sha256(file.read_bytes()).hexdigest()
        for name in each:
            if measurement := measured.get(f"{run['model']}/0/{name}"):
                assert measurement["inputs"]["checkpoint"] == run["checkpoint"]
    assert [run["model"] for run in report["runs"]] == list(MODELS)
    assert {run["shipped"] for run in report["runs"]} == {False}

    quality = measured["ve/0/quality/heun/3"]["result"]
    assert quality["evaluations"] == 3
    assert quality["fd"] > measured["real/quality"]["result"]["fd"]
    for name in ("vp/0/likelihood/ode", "ddpm/0/likelihood/bound"):
        assert measured[name]["result"]["mean"] > 0
        assert measured[name]["result"]["error"] > 0
    assert measured["ve/0/likelihood/ode"]["result"]["t_0"] == 1e-5
    assert sum("Digits-FD" in line for line in said) == 11

    assert measured["ve/0/loss"]["result"] is None
    logged = measured["vp/0/loss"]["result"]
    assert logged["step"] == [1, 2, 3]
    assert logged["loss"] == pytest.approx([step.loss for step in losses["vp"]], rel=1e-5)
    assert {name for name in report["timings"]["seconds"] if name.endswith("training")} == {
        "ddpm/0/training",
        "vp/0/training",
    }


def test_a_second_call_measures_nothing(trained, tmp_path):
    runs, out, report, _, _ = trained
    copy = shutil.copytree(out, tmp_path / "report")
    # A number that no measurement would give shows what is reused.
    known = json.loads((copy / "report.json").read_text("utf-8"))
    known["measurements"]["vp/0/quality/ddim/2"]["result"]["fd"] = 123.456
    (copy / "report.json").write_text(json.dumps(known), "utf-8")
    (copy / "samples.png").unlink()
    second = again(runs, copy)

    changed = second["measurements"].pop("vp/0/quality/ddim/2")
    assert changed["result"]["fd"] == 123.456
    assert "| VP | `ddim` | 2 | 123.46 |" in (copy / "index.md").read_text("utf-8")
    kept = {**report["measurements"]}
    del kept["vp/0/quality/ddim/2"]
    assert second["measurements"] == kept
    del second["timings"]["seconds"]["samples"]  # the picture was gone
    # Where nothing was logged, the log is looked for again, and that may take another time.
    assert report["measurements"]["ve/0/loss"]["result"] is None
    del second["timings"]["seconds"]["ve/0/loss"]
    assert second["timings"]["seconds"].items() <= report["timings"]["seconds"].items()
    assert (copy / "samples.png").read_bytes() == (out / "samples.png").read_bytes()


def test_the_same_checkpoint_gives_the_same_numbers_in_another_folder(trained, tmp_path):
    runs, out, report, _, _ = trained
    moved = shutil.copy(runs / "vp-digits/model.safetensors", tmp_path / "moved.safetensors")
    alone = again(runs, tmp_path / "report", models=[str(moved)])  # the log is where it was
    del alone["measurements"]["samples"]  # a picture of one model
    assert alone["measurements"].items() <= report["measurements"].items()
    assert len(alone["measurements"]) == 6
    assert sorted(file.name for file in (tmp_path / "report").iterdir()) == sorted(
        file.name for file in out.iterdir()
    )


def test_what_changed_is_measured_anew_and_an_interruption_loses_nothing(trained, tmp_path):
    runs, out, report, _, _ = trained
    ours = tmp_path / "runs"
    shutil.copytree(runs / "vp-digits", ours / "vp-digits")
    copy = shutil.copytree(out, tmp_path / "report")
    run = recipe("vp")
    network = run.new_network()
    torch.nn.init.normal_(list(network.parameters())[-1], std=0.1)
    TrainedDiffusion(network, run, steps=3).save(ours / "vp-digits/model.safetensors")

    def stop(line):
        if "ddim, 2:" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(ours, copy, models=["vp"], say=stop)
    with pytest.raises(ConfigError, match="not finished"):
        write_page(copy)
    known = json.loads((copy / "report.json").read_text("utf-8"))["measurements"]
    assert known["vp/0/quality/ddim/2"] != report["measurements"]["vp/0/quality/ddim/2"]
    assert known["ve/0/quality/ddim/2"] == report["measurements"]["ve/0/quality/ddim/2"]

    finished = again(ours, copy, models=["vp"], samples=24)["measurements"]
    assert {name.partition("/")[0] for name in finished} == {"vp", "real", "samples"}
    assert finished["vp/0/quality/ddim/2"]["inputs"]["samples"] == 24
    assert finished["vp/0/loss"] == known["vp/0/loss"]


def test_real_images_are_near_themselves_and_noise_is_far():
    yardstick = Yardstick("digits")
    itself = yardstick.quality(yardstick.images)
    assert itself["fd"] == pytest.approx(0, abs=1e-3)
    assert itself["precision"] == itself["recall"] == 1
    assert itself["classes"] == 10
    noise = yardstick.quality(torch.randn(64, 1, 8, 8, generator=torch.manual_seed(0)))
    assert noise["fd"] > 10
    assert noise["precision"] < 0.1
    assert noise["recognised"] < 0.1


def test_bits_per_dim_by_the_ode_are_those_of_a_known_density():
    sde = VPSDE()
    # Of data N(0, I), whose noise is sigma x at every time.
    model = NoiseModel(sde, lambda x, time: like(sde.sigma(time.double() / 1000), x) * x)
    images = load_dataset("digits", "test")[0][:40]
    bits = ode_bits(model, images, levels=17, seed=0)
    # The mean over each pixel's bin of (log 2 pi + x^2) / 2 nats, less the bin's width.
    nats = 0.5 * (math.log(2 * math.pi) + images.double().square() + (1 / 8) ** 2 / 12)
    expected = nats.mean().item() / math.log(2) + 3
    assert bits["mean"] == pytest.approx(expected, abs=0.01)
    # The Jacobian is a multiple of the identity, of which signs tell the exact trace.
    assert bits["estimate_error"] == pytest.approx(0, abs=1e-6)
    each = nats.mean(dim=(1, 2, 3)) / math.log(2)
    assert bits["error"] == pytest.approx(each.std().item() / math.sqrt(40), rel=0.2)


def test_a_log_that_was_cut_and_resumed_is_read_as_one(tmp_path):
    from torch.utils.tensorboard import SummaryWriter

    def log(first, last, loss):
        with SummaryWriter(tmp_path, purge_step=first) as board:
            for step in range(first, last + 1):
                board.add_scalar("loss", loss(step), step)

    log(1, 100, lambda step: 1000.0 if step > 90 else step)
    log(91, 120, float)  # The state was saved at step 90.
    curve, seconds = loss_curve(tmp_path, steps=120)
    assert curve["step"] == list(range(2, 121, 2))
    assert curve["loss"] == pytest.approx([step - 0.5 for step in curve["step"]])
    assert 0 <= seconds < 60
    assert loss_curve(tmp_path, steps=121) == (None, None)


# --- the runs -----------------------------------------------------------------------------------


def test_a_model_that_is_not_there_is_trained_once(tmp_path):
    options = {"models": ["vp"], "steps": 2, "evaluations": {"ddim": (2,)}}
    first = again(tmp_path, None, **options)
    file = tmp_path / "vp-digits/model.safetensors"
    written = file.stat().st_mtime_ns
    assert first["runs"][0]["steps"] == first["runs"][0]["recipe"]["training"]["steps"] == 2
    assert first["measurements"]["vp/0/loss"]["result"]["step"] == [1, 2]
    assert again(tmp_path, None, **options) == first
    assert file.stat().st_mtime_ns == written
    page = (tmp_path / "compare-digits/index.md").read_text("utf-8")
    assert "\nstudykit compare vp --data digits --steps 2 --samples 16\n" in page


def test_an_interrupted_training_goes_on_from_where_it_was(tmp_path):
    def stop(step):
        if step.number == 2:
            os.kill(os.getpid(), signal.SIGINT)

    shorter = default_recipe("ve", "digits")
    shorter = replace(shorter, training=replace(shorter.training, steps=3))
    data, folder = load_dataset("digits", "train"), tmp_path / "ve-digits"
    partial = train_diffusion(data, shorter, stop, folder=folder)
    partial.save(folder / "model.safetensors")  # as `studykit train` does
    assert partial.interrupted

    (plan,) = find_runs(["ve"], "digits", tmp_path)
    resumed = plan.train()
    whole = tmp_path / "whole.safetensors"
    train_diffusion(data, shorter).save(whole)
    assert resumed.file.read_bytes() == whole.read_bytes()
    (found,) = find_runs(["ve"], "digits", tmp_path)
    assert found.checkpoint == resumed.checkpoint


def test_several_seeds_are_shown_as_mean_and_deviation(tmp_path):
    save_untrained(tmp_path / "vp-digits", "vp")
    save_untrained(tmp_path / "vp-digits-seed4", "vp", seed=4)
    options = {"models": ["vp"], "seeds": (0, 4), "evaluations": {"ddim": (2,)}}
    measured = again(tmp_path, None, **options)["measurements"]
    bits = [measured[f"vp/{seed}/likelihood/ode"]["result"]["mean"] for seed in (0, 4)]
    page = (tmp_path / "compare-digits/index.md").read_text("utf-8")
    shown = f"{statistics.mean(bits):.3f} ± {statistics.stdev(bits):.3f}"
    assert [row[5] for row in rows(page) if row[0] == "VP" and len(row) == 8] == [shown]
    assert "studykit compare vp --data digits --samples 16 --seeds 0,4" in page
    assert "씨앗(seed) 2개 사이의 표준편차" in page


def mistakes():
    wrong = ["vp-digits/model.safetensors", "a run with model = 've', not 'vp'"]
    yield "model", {"models": ["ddpn"]}, ["no model 'ddpn'", "write 'ddpm'"]
    yield "none", {"models": []}, ["nothing to compare"]
    yield "no file", {"models": ["runs/x.safetensors"]}, ["runs/x.safetensors: no safetensors"]
    yield "data", {"data": "digit"}, ["no data set 'digit'", "write 'digits'"]
    yield "points", {"data": "moons"}, ["no classifier", "'moons'", "digits or fashion-mnist"]
    yield "sampler", {"evaluations": {"ode": (5,)}}, ["no sampler 'ode'", "ddim"]
    yield "samples", {"samples": 15}, ["15 samples", "16 or more"]
    yield "another model", {"models": ["vp"]}, wrong
    yield "another seed", {"models": ["ve"], "seeds": (1,)}, ["seed = 0, not 1"]
    yield "another budget", {"models": ["ve"], "steps": 9}, ["steps = 3, not 9"]
    yield "twice", {"models": ["ve", "ve-digits/model.safetensors"]}, ["same model and seed"]
    yield "no folder", {"models": ["ve"], "out": "ve-digits/model.safetensors/x"}, ["be made"]
    yield "no report", {"models": ["ve"], "out": "broken"}, ["broken/report.json: no report"]


@pytest.mark.parametrize(("case", "options", "expected"), list(mistakes()))
def test_a_mistake_is_said_before_anything_is_trained(
    tmp_path, monkeypatch, case, options, expected
):
    monkeypatch.chdir(tmp_path)
    for folder in ("ve-digits", "vp-digits", "ve-digits-seed1"):
        save_untrained(Path(folder), "ve")
    Path("broken").mkdir()
    Path("broken/report.json").write_text("{}", "utf-8")
    before = sorted(Path().rglob("*"))
    options = {"folder": Path(), **options}
    if "out" in options:
        options["out"] = Path(options["out"])
    with pytest.raises(ConfigError) as error:
        compare(options.pop("models", ["ve"]), options.pop("data", "digits"), **options)
    for part in expected:
        assert part in str(error.value), case
    assert sorted(Path().rglob("*")) == before


# --- the page -----------------------------------------------------------------------------------


def test_the_page_says_the_numbers_of_the_report(trained):
    _, out, report, _, _ = trained
    measured, table = report["measurements"], rows((out / "index.md").read_text("utf-8"))

    def shown(quality):
        return [f"{quality['fd']:.2f}", f"{quality['precision']:.3f}", f"{quality['recall']:.3f}"]

    names = {label: model for model, label in LABELS.items()}
    every = [row for row in table if row[0] in names and row[1].startswith("`")]
    expected = [name for name in measured if "/quality/" in name]
    assert len(every) == len(expected) == 11
    for row, name in zip(every, expected, strict=True):
        model, _, _, sampler, _ = name.split("/")
        quality = measured[name]["result"]
        assert row == [LABELS[model], f"`{sampler}`", str(quality["evaluations"]), *shown(quality)]

    (real,) = [row for row in table if row[0] == "실제 이미지 (기준)"]
    assert real[1:4] == shown(measured["real/quality"]["result"])
    obtained = [row for row in table if row[0] in names and len(row) == 8]
    assert [names[row[0]] for row in obtained] == list(MODELS)
    for row in obtained:
        model = names[row[0]]
        best = min(
            (measured[name]["result"] for name in expected if name.startswith(f"{model}/")),
            key=lambda quality: quality["fd"],
        )
        assert row[1:5] == [*shown(best), f"{best['recognised']:.1%}"]
        ode = measured[f"{model}/0/likelihood/ode"]["result"]
        assert row[5] == f"{ode['mean']:.3f} ± {ode['error']:.3f}"
    bound = measured["ddpm/0/likelihood/bound"]["result"]
    assert [row[6] for row in obtained] == [
        *(f"{bound['mean']:.3f} ± {bound['error']:.3f}", "—", "—", "—")
    ]


def test_the_page_says_what_is_missing_and_compares_the_papers_order(trained):
    _, out, report, _, _ = trained
    page = (out / "index.md").read_text("utf-8")
    assert "빠진 모델: VE, sub-VP." in page
    assert "모든 모델의 예산이 같습니다." in page
    bits = {
        model: torch.tensor(report["measurements"][f"{model}/0/likelihood/ode"]["result"]["each"])
        for model in MODELS
    }
    said = {row[0]: row[1:] for row in rows(page) if row[0].startswith(("sub-VP의", "VP의"))}
    assert len(said) == 2
    for claim, first, second in (
        ("sub-VP의 ODE < VP의 ODE", "subvp", "vp"),
        ("VP의 ODE < DDPM의 ODE", "vp", "ddpm"),
    ):
        difference = bits[first].double() - bits[second].double()
        mean, error = difference.mean().item(), difference.std().item() / len(difference) ** 0.5
        answer = "가르지 못함" if abs(mean) < 2 * error else "예" if mean < 0 else "아니오"
        assert said[claim] == [f"{mean:+.3f} ± {error:.3f}", answer]


def test_every_picture_is_there_light_described_and_nothing_but_pixels(trained):
    runs, out, _, _, _ = trained
    page = (out / "index.md").read_text("utf-8")
    pictures = dict(re.findall(r"!\[([^\]]*)\]\(([^)]*)\)", page))
    assert sorted(pictures.values()) == sorted(file.name for file in out.glob("*.png"))
    assert len(pictures) == 5  # so no two have the same description
    assert all(re.search("[가-힣]", alt) for alt in pictures)
    for name in pictures.values():
        data = (out / name).read_bytes()
        assert len(data) < 60_000
        assert set(chunks(data)) <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}, name
        with Image.open(out / name) as picture:
            assert picture.width == 720
    targets = re.findall(r"\]\(([^)]*)\)", page)
    assert all((out / target).is_file() and "/" not in target for target in targets)
    assert str(runs) not in page + (out / "report.json").read_text("utf-8")


def chunks(png):
    at = 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        yield name
        at += 12 + length


def test_the_overview_gathers_reports_and_pages_are_made_anew_from_them(trained, tmp_path):
    _, out, _, _, _ = trained
    site = shutil.copytree(out.parent, tmp_path / "results")
    page = (site / "digits/index.md").read_text("utf-8")
    for file in (*site.glob("*/*.md"), site / "digits/fd.png", site / "digits/loss.png"):
        file.unlink()
    result = CliRunner().invoke(main, [str(site)])
    assert result.exit_code == 0, result.output
    assert (site / "digits/index.md").read_text("utf-8") == page
    assert (site / "digits/fd.png").read_bytes() == (out / "fd.png").read_bytes()
    overview = (site / "index.md").read_text("utf-8")
    assert "(digits/index.md)" in overview
    eight = [row for row in rows(page) if len(row) == 8]
    assert [row for row in rows(overview) if len(row) == 8] == eight
    assert len(eight) == 2 + 1 + len(MODELS)

    (site / "digits/report.json").write_text("[]", "utf-8")
    result = CliRunner().invoke(main, [str(site)])
    assert (result.exit_code, result.exception.__class__) == (1, SystemExit)
    assert "digits/report.json: no report" in result.output


def test_the_published_pages_say_what_their_reports_say(tmp_path):
    published = Path(__file__).parents[2] / "docs/results"
    ours = tmp_path / "results"
    ours.mkdir()
    for report in published.glob("*/report.json"):
        folder = ours / report.parent.name
        folder.mkdir()
        shutil.copy(report, folder)
        write_page(folder)
    write_overview(ours)
    pages = sorted(file.relative_to(published) for file in published.rglob("*.md"))
    assert pages == sorted(file.relative_to(ours) for file in ours.rglob("*.md"))
    for page in pages:
        assert (published / page).read_text("utf-8") == (ours / page).read_text("utf-8"), page
