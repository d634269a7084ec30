"""Published layouts, with random weights that diffusers itself wrote or a second implementation."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import (
    DDPMPipeline,
    DDPMScheduler,
    ScoreSdeVePipeline,
    ScoreSdeVeScheduler,
    UNet2DModel,
)
from safetensors.torch import load_file, save_file
from torch import nn

from studykit import pretrained
from studykit.diffusion.recipes import TrainedDiffusion, default_recipe
from studykit.diffusion.sdes import VPSDE, SubVPSDE
from studykit.errors import ConfigError
from studykit.networks import NCSNpp, NCSNppConfig, UNet
from studykit.networks.ncsnpp import PRESETS
from studykit.pretrained import loading, score_sde
from tests.models.test_ncsnpp import random_reference

DDPM = {
    "sample_size": 16,
    "block_out_channels": (128, 256),
    "down_block_types": ("DownBlock2D", "AttnDownBlock2D"),
    "up_block_types": ("AttnUpBlock2D", "UpBlock2D"),
    "layers_per_block": 1,
    "attention_head_dim": None,
    "downsample_padding": 0,
    "flip_sin_to_cos": False,
    "freq_shift": 1,
    "norm_eps": 1e-6,
}
CIFAR10 = DDPM | {
    "sample_size": 32,
    "block_out_channels": (128, 256, 256, 256),
    "down_block_types": ("DownBlock2D", "AttnDownBlock2D", "DownBlock2D", "DownBlock2D"),
    "up_block_types": ("UpBlock2D", "UpBlock2D", "AttnUpBlock2D", "UpBlock2D"),
    "layers_per_block": 2,
}
NCSNPP = {
    "sample_size": 16,
    "block_out_channels": (128, 128, 256),
    "down_block_types": ("SkipDownBlock2D", "AttnSkipDownBlock2D", "SkipDownBlock2D"),
    "up_block_types": ("SkipUpBlock2D", "AttnSkipUpBlock2D", "SkipUpBlock2D"),
    "layers_per_block": 1,
    "attention_head_dim": None,
    "center_input_sample": True,
    "mid_block_scale_factor": math.sqrt(2),
    "norm_eps": 1e-6,
    "time_embedding_type": "fourier",
}
OLD = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}


def write_ddpm(folder, **settings):
    torch.manual_seed(0)
    network = UNet2DModel(**(DDPM | settings)).eval()
    DDPMPipeline(network, DDPMScheduler()).save_pretrained(folder)
    return network


def write_ncsnpp(folder):
    torch.manual_seed(0)
    network = UNet2DModel(**NCSNPP).eval()
    scheduler = ScoreSdeVeScheduler(sigma_min=0.01, sigma_max=348.0, num_train_timesteps=2000)
    ScoreSdeVePipeline(network, scheduler).save_pretrained(folder)
    return network


def make_old(folder):
    """Lay the files side by side and pickle the weights under the older names, as in 2022."""
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(weights)
    for new, old in OLD.items():
        tensors = {name.replace(f".{new}.", f".{old}."): each for name, each in tensors.items()}
    if "time_proj.weight" in tensors:
        tensors["time_proj.W"] = tensors["time_proj.weight"].clone()
    torch.save(tensors, folder / "diffusion_pytorch_model.bin")
    weights.unlink()
    shutil.move(folder / "unet" / "config.json", folder)
    shutil.move(folder / "scheduler" / "scheduler_config.json", folder)
    return tensors


def edit(file, **settings):
    file.write_text(json.dumps(json.loads(file.read_text()) | settings))


@pytest.fixture(scope="module")
def ddpm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ddpm")
    return folder, write_ddpm(folder)


@pytest.fixture
def copied(ddpm, tmp_path):
    """A copy of the DDPM's folder to spoil."""
    return shutil.copytree(ddpm[0], tmp_path / "copied")


# --- DDPM in diffusers' layout --------------------------------------------------------------------


@torch.no_grad()
def assert_same(ours, theirs, size):
    x, t = torch.randn(4, 3, size, size), torch.tensor([1, 2, 500, 1000])
    difference = ours(x, t) - theirs(x, t - 1).sample
    assert difference.abs().max() <= 5e-5


def test_a_ddpm_is_the_same_function(ddpm):
    folder, theirs = ddpm
    found = pretrained.load(folder)
    assert isinstance(found.network, UNet)
    assert not found.network.training
    assert (found.shape, found.steps) == ((3, 16, 16), 1000)
    assert_same(found.network, theirs, 16)


def test_the_cifar10_ddpm_is_the_same_function(tmp_path):
    theirs = write_ddpm(tmp_path, **CIFAR10)
    ours = pretrained.load(str(tmp_path)).network
    assert sum(weight.numel() for weight in ours.parameters()) == 35_746_307
    assert_same(ours, theirs, 32)


def test_older_names_and_files_are_read(ddpm, copied):
    tensors = make_old(copied)
    assert any(".query." in name for name in tensors)
    assert not any(".to_q." in name for name in tensors)
    assert_same(pretrained.load(copied).network, ddpm[1], 16)


@torch.no_grad()
def test_the_chain_is_the_schedulers(ddpm):
    folder, theirs = ddpm
    model = pretrained.load(folder).model
    scheduler = DDPMScheduler()
    t = torch.tensor([1, 10, 1000])
    alpha_bar = model.sde.alpha(t / 1000).square()
    torch.testing.assert_close(alpha_bar.float(), scheduler.alphas_cumprod[t - 1])

    # One step back: its mean and its variance.
    x = torch.randn(1, 3, 16, 16)
    step = torch.tensor([500])
    mean, variance = model.reverse_transition(x, step / 1000, (step - 1) / 1000)
    assert variance.item() == pytest.approx(scheduler._get_variance(499).item(), rel=1e-4)
    scheduler.config.clip_sample = False
    given = scheduler.step(theirs(x, step - 1).sample, 499, x, generator=torch.manual_seed(3))
    noise = torch.randn(1, 3, 16, 16, generator=torch.manual_seed(3))
    stepped = mean + variance.sqrt() * noise
    torch.testing.assert_close(stepped, given.prev_sample, rtol=1e-4, atol=5e-5)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"trained_betas": [0.1, 0.2]}, [1.0, 0.9, 0.72]),
        ({"num_train_timesteps": 2, "beta_start": 0.5, "beta_end": 0.5}, [1.0, 0.5, 0.25]),
    ],
)
def test_other_betas_are_read(copied, settings, expected):
    edit(copied / "scheduler" / "scheduler_config.json", **settings)
    found = pretrained.load(copied)
    assert found.model.sde.chain.alpha_bar.tolist() == pytest.approx(expected)
    assert found.steps == 2


def test_cosine_betas_are_diffusers(copied):
    edit(copied / "scheduler" / "scheduler_config.json", beta_schedule="squaredcos_cap_v2")
    chain = pretrained.load(copied).model.sde.chain
    theirs = DDPMScheduler(beta_schedule="squaredcos_cap_v2").betas
    torch.testing.assert_close(chain.beta[1:].float(), theirs)


# --- what does not fit ----------------------------------------------------------------------------


def test_weights_that_do_not_fit_are_named(copied):
    file = copied / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(file)
    del tensors["mid_block.attentions.0.to_k.bias"]
    tensors["surplus.weight"] = torch.zeros(1)
    tensors["conv_in.weight"] = torch.zeros(128, 1, 3, 3)
    save_file(tensors, file)
    with pytest.raises(ConfigError) as error:
        pretrained.load(copied)
    said = str(error.value)
    assert said.startswith(str(file))
    assert "1 missing: mid_block.attentions.0.to_k.bias;" in said
    assert "1 left over: surplus.weight;" in said
    assert "1 of another shape: conv_in.weight is (128, 1, 3, 3), expected (128, 3, 3, 3)" in said
    assert "mend: give weights and a configuration that belong together" in said


def test_of_many_names_some_are_told(copied):
    edit(copied / "unet" / "config.json", layers_per_block=2)
    with pytest.raises(ConfigError, match=r"64 missing: .* and more"):
        pretrained.load(copied)


@pytest.mark.parametrize(
    ("file", "settings", "said"),
    [
        ("unet/config.json", {"attention_head_dim": 8}, "attention_head_dim is 8"),
        ("unet/config.json", {"downsample_padding": 1}, "downsample_padding is 1"),
        ("unet/config.json", {"flip_sin_to_cos": True}, "flip_sin_to_cos is True"),
        ("unet/config.json", {"norm_eps": 1e-5}, "norm_eps is 1e-05"),
        ("unet/config.json", {"norm_num_groups": 16}, "norm_num_groups is 16"),
        ("unet/config.json", {"out_channels": 6}, "out_channels is 6"),
        (
            "unet/config.json",
            {"down_block_types": ["DownBlock2D", "KDownBlock2D"]},
            "down_block_types is 'KDownBlock2D'",
        ),
        (
            "unet/config.json",
            {"up_block_types": ["UpBlock2D", "UpBlock2D"]},
            "up_block_types",
        ),
        ("scheduler/scheduler_config.json", {"prediction_type": "sample"}, "prediction_type"),
        ("scheduler/scheduler_config.json", {"beta_schedule": "sigmoid"}, "beta_schedule"),
        ("scheduler/scheduler_config.json", {"variance_type": "learned"}, "variance_type"),
    ],
)
def test_another_network_or_process_is_refused(copied, file, settings, said):
    edit(copied / file, **settings)
    with pytest.raises(ConfigError, match=said) as error:
        pretrained.load(copied)
    assert str(error.value).startswith(str(copied / file))


def test_what_is_left_out_has_diffusers_default(copied):
    file = copied / "unet" / "config.json"
    settings = json.loads(file.read_text())
    del settings["attention_head_dim"]  # diffusers would take 8
    file.write_text(json.dumps(settings))
    with pytest.raises(ConfigError, match="attention_head_dim is 8"):
        pretrained.load(copied)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unet/config.json", "no config.json, neither here nor in unet/"),
        ("scheduler/scheduler_config.json", "no scheduler_config.json"),
        ("unet/diffusion_pytorch_model.safetensors", "no diffusion_pytorch_model.safetensors"),
    ],
)
def test_a_missing_file_is_named(copied, name, said):
    (copied / name).unlink()
    with pytest.raises(ConfigError, match=said):
        pretrained.load(copied)


@pytest.mark.parametrize("name", ["unet/config.json", "unet/diffusion_pytorch_model.safetensors"])
def test_a_broken_file_is_named(copied, name):
    (copied / name).write_bytes(b"{")
    with pytest.raises(ConfigError, match="download it again") as error:
        pretrained.load(copied)
    assert name in str(error.value)


# --- NCSN++ in diffusers' layout ------------------------------------------------------------------


@torch.no_grad()
def test_an_ncsnpp_is_the_same_function(tmp_path):
    theirs = write_ncsnpp(tmp_path)
    found = pretrained.load(tmp_path)
    assert isinstance(found.network, NCSNpp)
    assert (found.shape, found.steps) == ((3, 16, 16), 2000)
    x, sigma = torch.rand(3, 3, 16, 16), torch.tensor([0.5, 3.0, 348.0])
    expected = theirs(x, sigma).sample
    assert (found.network(x, sigma) - expected).abs().max() <= 5e-5

    # The model is in [-1, 1]: at a time t it asks about the noise there, in units of [0, 1].
    t = torch.tensor([0.6])
    told = (found.model.sde.sigma(t) / 2).float()
    score = found.model.score(2 * x[:1] - 1, t)
    torch.testing.assert_close(score, theirs(x[:1], told).sample / 2, rtol=1e-4, atol=1e-5)

    make_old(tmp_path)
    again = pretrained.load(tmp_path).network
    assert torch.equal(again(x, sigma), found.network(x, sigma))


def test_an_ncsnpp_needs_its_own_scheduler(tmp_path):
    write_ncsnpp(tmp_path)
    DDPMScheduler().save_pretrained(tmp_path / "scheduler")
    with pytest.raises(ConfigError, match="ScoreSdeVeScheduler"):
        pretrained.load(tmp_path)


# --- score_sde's layout ---------------------------------------------------------------------------

SMALL = {"channels": 16, "blocks": 1, "multipliers": (1, 2), "image_size": 8, "attention": (4,)}


def small(config):
    return replace(config, **SMALL)


@pytest.fixture
def small_configs(monkeypatch):
    """The published configurations, but small."""
    configs = {
        name: score_sde.Published(small(config.network), config.process)
        for name, config in score_sde.CONFIGS.items()
        if name.split("/")[1].startswith("cifar10")
    }
    monkeypatch.setattr(score_sde, "CONFIGS", configs)
    return configs


def write_checkpoint(file, reference):
    """Write what score_sde's training does: the averages without names, the last weights with."""
    file.parent.mkdir(parents=True, exist_ok=True)
    trained = [weight for weight in reference.parameters() if weight.requires_grad]
    averages = [weight.detach().clone() for weight in trained]
    optimiser = torch.optim.Adam(trained)
    for weight in trained:
        weight.grad = torch.ones_like(weight)
    optimiser.step()
    state = {
        "optimizer": optimiser.state_dict(),
        "model": nn.DataParallel(reference).state_dict(),
        "ema": {"decay": 0.999, "num_updates": 1, "shadow_params": averages},
        "step": 1,
    }
    torch.save(state, file)
    with torch.no_grad():  # What the averages say is what is expected.
        for weight, average in zip(trained, averages, strict=True):
            weight.copy_(average)


@pytest.mark.parametrize(
    "name",
    [
        "ve/cifar10_ncsnpp",
        "ve/cifar10_ncsnpp_continuous",
        "vp/cifar10_ddpmpp",
        "vp/cifar10_ddpmpp_continuous",
        "subvp/cifar10_ncsnpp_continuous",
    ],
)
@torch.no_grad()
def test_a_checkpoint_is_read_by_its_folders(name, small_configs, tmp_path):
    torch.manual_seed(0)
    config, process = small_configs[name]
    reference = random_reference(config)
    file = tmp_path / name / "checkpoint_24.pth"
    with torch.enable_grad():
        write_checkpoint(file, reference)
    found = pretrained.load(file)

    x, t = torch.rand(2, 3, 8, 8), torch.tensor([3.0, 40.0])
    torch.testing.assert_close(found.network(x, t), reference(x, t), rtol=1e-4, atol=5e-5)

    # How the paper's code turns its networks into a score (get_score_fn), at t = 0.3 of each SDE.
    x, t = 2 * x - 1, torch.full((2,), 0.3)
    if process == "ve":
        sigma = found.model.sde.sigma(t).float() / 2
        told = sigma
        if config.embedding == "positional":
            told = (reference.sigmas.log() - sigma[0].log()).abs().argmin().expand(2)
        expected = reference((x + 1) / 2, told) / 2
    elif process == "ddpm":
        sigma = found.model.sde.sigma(t).float()[:, None, None, None]
        expected = -reference(x, torch.full((2,), 299)) / sigma
    else:
        sde = {"vp": VPSDE, "subvp": SubVPSDE}[process]()
        assert type(found.model.sde) is type(sde)
        sigma = sde.sigma(t).float()[:, None, None, None]
        expected = -reference(x, 0.3 * torch.full((2,), 999.0)) / sigma
    torch.testing.assert_close(found.model.score(x, t), expected, rtol=1e-4, atol=5e-5)
    assert found.sample(2, steps=2).shape == (2, 3, 8, 8)


def test_the_model_in_other_units_denoises_to_the_same_point():
    # A network that knows the score of data at one point of [0, 1].
    class Point(NCSNpp):
        def forward(self, x, t):
            return (0.25 - x) / t[:, None, None, None].square()

    model = score_sde.variance_exploding("point", Point(small(NCSNppConfig()))).model
    x, t = torch.randn(2, 3, 8, 8), torch.tensor([model.sde.eps, 1.0])
    x = x * model.sde.sigma(t).float()[:, None, None, None] - 0.5
    torch.testing.assert_close(model.denoise(x, t), torch.full_like(x, -0.5), rtol=0, atol=1e-3)


@pytest.fixture
def checkpoint(small_configs, tmp_path):
    file = tmp_path / "ve" / "cifar10_ncsnpp_continuous" / "checkpoint_1.pth"
    write_checkpoint(file, random_reference(small(PRESETS["ncsnpp_cifar10"])))
    return file


def test_a_moved_checkpoint_needs_its_configuration(checkpoint, tmp_path):
    moved = checkpoint.rename(tmp_path / "checkpoint_1.pth")
    with pytest.raises(ConfigError, match="no known configuration") as error:
        pretrained.load(moved)
    assert "ve/cifar10_ncsnpp_continuous" in str(error.value)
    assert pretrained.load(moved, "ve/cifar10_ncsnpp_continuous").shape == (3, 8, 8)


def test_another_configuration_is_noticed(checkpoint, small_configs):
    with pytest.raises(ConfigError, match=r"2 missing|left over"):
        pretrained.load(checkpoint, "vp/cifar10_ddpmpp_continuous")
    large = replace(small_configs["ve/cifar10_ncsnpp_continuous"].network, sigma_max=380.0)
    small_configs["ve/large"] = score_sde.Published(large, "ve")
    with pytest.raises(
        ConfigError, match=r"scales from 50 to 0.01, but ve/large has 1000 from 380"
    ):
        pretrained.load(checkpoint, "ve/large")


def test_a_weight_of_score_sde_that_does_not_fit_is_named(checkpoint):
    state = torch.load(checkpoint, weights_only=True)
    state["model"]["module.all_modules.99.weight"] = torch.zeros(1)
    state["ema"]["shadow_params"].append(torch.zeros(1))
    torch.save(state, checkpoint)
    with pytest.raises(ConfigError, match=r"1 left over: all_modules\.99\.weight"):
        pretrained.load(checkpoint)
    del state["ema"]["shadow_params"][-1]
    torch.save(state, checkpoint)
    with pytest.raises(ConfigError, match="weights were trained, but there are"):
        pretrained.load(checkpoint)


@pytest.mark.parametrize("state", [{"model": {}}, [1], {"model": {"a": torch.ones(1)}, "ema": 3}])
def test_another_pickle_is_refused(state, tmp_path):
    file = tmp_path / "a.pth"
    torch.save(state, file)
    with pytest.raises(ConfigError, match="no checkpoint of score_sde_pytorch"):
        pretrained.load(file, "ve/cifar10_ncsnpp_continuous")


class Harm:
    def __reduce__(self):
        return Path.touch, (Path("harmed"),)


def test_code_in_a_pickle_does_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"model": Harm()}, "a.pth")
    with pytest.raises(ConfigError, match="more than tensors"):
        pretrained.load("a.pth", "ve/cifar10_ncsnpp_continuous")
    Path("b.pth").write_bytes(b"no zip, no pickle")
    with pytest.raises(ConfigError, match=r"b\.pth"):
        pretrained.load("b.pth", "ve/cifar10_ncsnpp_continuous")
    assert not Path("harmed").exists()


# --- studykit's own, and the hub ------------------------------------------------------------------


def test_a_checkpoint_of_studykit_and_one_that_comes_with_it(tmp_path, monkeypatch):
    recipe = default_recipe("vp", "digits")
    trained = TrainedDiffusion(recipe.new_network().eval(), recipe, steps=7)
    file = tmp_path / "vp-digits.safetensors"
    trained.save(file)
    monkeypatch.setattr(loading, "_WEIGHTS", tmp_path)
    assert pretrained.shipped() == ["vp-digits"]
    for name in (file, "vp-digits"):
        found = pretrained.load(name)
        assert found.shape == (1, 8, 8)
        assert torch.equal(found.sample(2, seed=1, steps=2), trained.sample(2, seed=1, steps=2))


def test_all_that_comes_with_studykit_can_be_loaded():
    for name in pretrained.shipped():
        assert pretrained.load(name).name == name


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """The hub's client without a network, and an empty cache."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def test_a_model_of_the_hub_without_a_network(offline):
    with pytest.raises(ConfigError, match="hub cannot be reached") as error:
        pretrained.load("google/ddpm-cifar10-32")
    assert str(error.value).startswith("google/ddpm-cifar10-32: ")


def test_a_model_of_the_hub_that_was_downloaded_before(ddpm, offline):
    repository = offline / "models--google--ddpm-cifar10-32"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("0123456789abcdef")
    shutil.copytree(ddpm[0], repository / "snapshots" / "0123456789abcdef")
    assert_same(pretrained.load("google/ddpm-cifar10-32").network, ddpm[1], 16)


@pytest.mark.parametrize("name", ["no-such-model", "a/b/c", "runs/model.safetensors", "a/b.pth"])
def test_nothing_of_that_name(name, offline):
    with pytest.raises(ConfigError, match="no such file"):
        pretrained.load(name)
