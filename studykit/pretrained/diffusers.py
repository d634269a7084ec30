"""Weights in the layout of Hugging Face's diffusers: DDPM's UNet and NCSN++.

A folder holds `config.json` and `diffusion_pytorch_model.safetensors` (or `.bin`) of the network,
in a folder `unet` or not, and likewise `scheduler_config.json`, in a folder `scheduler` or not. The
`google/ddpm-…` and `google/ncsnpp-…` families are such folders. Older ones name the parts of
self-attention `query`, `key`, `value` and `proj_attn`, newer ones `to_q`, `to_k`, `to_v` and
`to_out.0`.

diffusers' `UNet2DModel` is many networks. Those that are read are the two of the papers; a
configuration that asks for anything else is an error.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from studykit.diffusion.ddpm import DDPM
from studykit.diffusion.schedules import Schedule, cosine_schedule, linear_schedule
from studykit.errors import ConfigError
from studykit.networks.layers import group_norm
from studykit.networks.ncsnpp import NCSNpp, NCSNppConfig
from studykit.networks.unet import UNet, UNetConfig
from studykit.pretrained.published import Names, Pretrained, fill, match, read_pickle
from studykit.pretrained.score_sde import variance_exploding

__all__ = ["load_folder"]

_PARTS = {
    "norm1": ("norm1",),
    "conv1": ("conv1",),
    "time": ("time_emb_proj",),
    "norm2": ("norm2",),
    "conv2": ("conv2",),
    "shortcut": ("conv_shortcut",),
    "norm": ("group_norm",),
    "qkv": ("to_q", "to_k", "to_v"),
    "out": ("to_out.0",),
}
_OLD_PARTS = {"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"}

# What a configuration leaves out has these values.
_DEFAULTS: dict[str, Any] = {
    "act_fn": "silu",
    "add_attention": True,
    "attention_head_dim": 8,
    "attn_norm_num_groups": None,
    "center_input_sample": False,
    "class_embed_type": None,
    "downsample_padding": 1,
    "downsample_type": "conv",
    "dropout": 0.0,
    "flip_sin_to_cos": True,
    "freq_shift": 0,
    "in_channels": 3,
    "layers_per_block": 2,
    "mid_block_scale_factor": 1,
    "mid_block_type": "UNetMidBlock2D",
    "norm_eps": 1e-5,
    "norm_num_groups": 32,
    "num_class_embeds": None,
    "out_channels": 3,
    "resnet_time_scale_shift": "default",
    "time_embedding_dim": None,
    "time_embedding_type": "positional",
    "upsample_type": "conv",
}
# What both networks have in common, then what is either's own.
_BOTH = {
    "act_fn": "silu",
    "add_attention": True,
    "attention_head_dim": None,
    "attn_norm_num_groups": None,
    "class_embed_type": None,
    "downsample_type": "conv",
    "mid_block_type": "UNetMidBlock2D",
    "norm_eps": 1e-6,
    "num_class_embeds": None,
    "resnet_time_scale_shift": "default",
    "time_embedding_dim": None,
    "upsample_type": "conv",
}
_DDPM = {
    "center_input_sample": False,
    "downsample_padding": 0,
    "flip_sin_to_cos": False,
    "freq_shift": 1,
    "mid_block_scale_factor": 1,
    "time_embedding_type": "positional",
}
_NCSNPP = {
    "center_input_sample": True,
    "in_channels": 3,
    "mid_block_scale_factor": math.sqrt(2),
    "time_embedding_type": "fourier",
}


def load_folder(folder: Path) -> Pretrained:
    """Load a DDPM or an NCSN++ from a folder in diffusers' layout.

    Args:
        folder: The folder.

    Returns:
        The network and its model.

    Raises:
        ConfigError: If a file is missing, the configuration asks for another network or process, or
            the weights do not fit.

    Examples:
        >>> try:
        ...     load_folder(Path("ddpm-mnist"))
        ... except ConfigError as error:
        ...     print(str(error).splitlines()[0])
        ddpm-mnist: no config.json, neither here nor in unet/
    """
    file = _find(folder, "unet", "config.json")
    scheduler = _find(folder, "scheduler", "scheduler_config.json")
    settings = _DEFAULTS | _read_json(file)
    tensors, weights = _read_tensors(file.parent)
    if any("Skip" in kind for kind in settings.get("down_block_types", ())):
        return _ncsnpp(folder, file, settings, scheduler, tensors, weights)
    return _ddpm(folder, file, settings, scheduler, tensors, weights)


# --- DDPM -----------------------------------------------------------------------------------------


def _ddpm(
    folder: Path,
    file: Path,
    settings: dict[str, Any],
    scheduler: Path,
    tensors: dict[str, Tensor],
    weights: Path,
) -> Pretrained:
    _check(settings, _BOTH | _DDPM, file)
    network = UNet(
        UNetConfig(
            **_shape(settings, file, "DownBlock2D", "UpBlock2D"),
            first_step=0,  # as the paper's code, with which diffusers counts
        )
    )
    fill(network, _ddpm_names(network), tensors, weights)
    chain, variance = _chain(scheduler)
    model = DDPM(network, chain, variance=variance)
    size = network.config.image_size
    shape = (network.config.image_channels, size, size)
    return Pretrained(str(folder), network, model, shape, chain.T)


def _chain(scheduler: Path) -> tuple[Schedule, Any]:
    """Read the betas and the variance of the reverse process."""
    settings: dict[str, Any] = {
        "num_train_timesteps": 1000,
        "beta_start": 1e-4,
        "beta_end": 0.02,
        "beta_schedule": "linear",
        "trained_betas": None,
        "prediction_type": "epsilon",
        "variance_type": "fixed_small",
        "rescale_betas_zero_snr": False,
    } | _read_json(scheduler)
    _check(settings, {"prediction_type": "epsilon", "rescale_betas_zero_snr": False}, scheduler)
    T, kind = settings["num_train_timesteps"], settings["beta_schedule"]
    if settings["trained_betas"] is not None:
        chain = Schedule(settings["trained_betas"])
    elif kind == "linear":
        chain = linear_schedule(T, settings["beta_start"], settings["beta_end"])
    elif kind == "squaredcos_cap_v2":
        chain = cosine_schedule(T)
    else:
        raise _unsupported("beta_schedule", kind, ("linear", "squaredcos_cap_v2"), scheduler)
    variances = {
        "fixed_small": "beta_tilde",
        "fixed_small_log": "beta_tilde",
        "fixed_large": "beta",
        "fixed_large_log": "beta",
    }
    if settings["variance_type"] not in variances:
        raise _unsupported("variance_type", settings["variance_type"], variances, scheduler)
    return chain, variances[settings["variance_type"]]


def _ddpm_names(network: UNet) -> Names:
    levels, blocks = len(network.config.multipliers), network.config.blocks
    names: Names = {}

    def add(ours: str, theirs: str, attention: str = "") -> None:
        layer = network.get_submodule(ours)
        nonlocal names
        names |= match(ours, layer, theirs, _PARTS)
        inner = getattr(layer, "attention", None)
        if inner is not None and not isinstance(inner, nn.Identity):
            names |= match(f"{ours}.attention", inner, attention, _PARTS)

    add("time.0", "time_embedding.linear_1")
    add("time.2", "time_embedding.linear_2")
    add("first", "conv_in")
    position = 0
    for level in range(levels):
        here = f"down_blocks.{level}"
        for i in range(blocks):
            add(f"down.{position + i}", f"{here}.resnets.{i}", f"{here}.attentions.{i}")
        if level < levels - 1:
            add(f"down.{position + blocks}", f"{here}.downsamplers.0.conv")
        position += blocks + 1
    for i in range(2):
        add(f"middle.{i}", f"mid_block.resnets.{i}", f"mid_block.attentions.{i}")
    position = 0
    for level in range(levels):
        here = f"up_blocks.{level}"
        for i in range(blocks + 1):
            add(f"up.{position + i}", f"{here}.resnets.{i}", f"{here}.attentions.{i}")
        if level < levels - 1:
            add(f"up.{position + blocks + 1}.1", f"{here}.upsamplers.0.conv")
        position += blocks + 2
    add("last.0", "conv_norm_out")
    add("last.2", "conv_out")
    return names


# --- NCSN++ ---------------------------------------------------------------------------------------


def _ncsnpp(
    folder: Path,
    file: Path,
    settings: dict[str, Any],
    scheduler: Path,
    tensors: dict[str, Tensor],
    weights: Path,
) -> Pretrained:
    _check(settings, _BOTH | _NCSNPP, file)
    noise: dict[str, Any] = {"sigma_min": 0.01, "sigma_max": 1348.0, "num_train_timesteps": 2000}
    noise |= _read_json(scheduler)
    if "beta_start" in noise:
        raise _unsupported("_class_name", noise["_class_name"], ["ScoreSdeVeScheduler"], scheduler)
    network = NCSNpp(
        NCSNppConfig(
            **_shape(settings, file, "SkipDownBlock2D", "SkipUpBlock2D"),
            progressive_input="input_skip",
            progressive="output_skip",
            sigma_min=noise["sigma_min"],
            sigma_max=noise["sigma_max"],
            num_scales=noise["num_train_timesteps"],
        )
    )
    # Old files have the frequencies twice.
    tensors = {name: tensor for name, tensor in tensors.items() if name != "time_proj.W"}
    fill(network, _ncsnpp_names(network), tensors, weights)
    return variance_exploding(str(folder), network)


def _ncsnpp_names(network: NCSNpp) -> Names:
    names: Names = {"fourier.W": ("time_proj.weight",)}

    def add(ours: str, theirs: str) -> None:
        nonlocal names
        names |= match(ours, network.get_submodule(ours), theirs, _PARTS)

    add("time.0", "time_embedding.linear_1")
    add("time.2", "time_embedding.linear_2")
    add("first", "conv_in")
    last = len(network.config.multipliers) - 1
    for level in range(last + 1):
        ours, theirs = f"down.{level}", f"down_blocks.{level}"
        for i in range(network.config.blocks):
            add(f"{ours}.blocks.{i}", f"{theirs}.resnets.{i}")
            if network.config.sizes[level] in network.config.attention:
                add(f"{ours}.attention.{i}", f"{theirs}.attentions.{i}")
        if level < last:
            add(f"{ours}.downsample", f"{theirs}.resnet_down")
            add(f"{ours}.pyramid", f"{theirs}.skip_conv")
    add("middle.0", "mid_block.resnets.0")
    add("middle.1", "mid_block.attentions.0")
    add("middle.2", "mid_block.resnets.1")
    for level in range(last + 1):
        ours, theirs = f"up.{level}", f"up_blocks.{level}"
        for i in range(network.config.blocks + 1):
            add(f"{ours}.blocks.{i}", f"{theirs}.resnets.{i}")
        if network.config.sizes[last - level] in network.config.attention:
            add(f"{ours}.attention", f"{theirs}.attentions.0")
        add(f"{ours}.pyramid.0", f"{theirs}.skip_norm" if level < last else "conv_norm_out")
        add(f"{ours}.pyramid.2", f"{theirs}.skip_conv" if level < last else "conv_out")
        if level < last:
            add(f"{ours}.upsample", f"{theirs}.resnet_up")
    return names


# --- files and settings ---------------------------------------------------------------------------


def _find(folder: Path, inner: str, name: str) -> Path:
    for file in (folder / inner / name, folder / name):
        if file.is_file():
            return file
    raise ConfigError(
        f"no {name}, neither here nor in {inner}/",
        file=str(folder),
        mend="give the folder of a DDPM or NCSN++ that diffusers' save_pretrained wrote, with its "
        "network and its scheduler",
    )


def _read_json(file: Path) -> dict[str, Any]:
    try:
        settings: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"no JSON: {error}", file=str(file), mend="download it again") from error
    return settings


def _read_tensors(folder: Path) -> tuple[dict[str, Tensor], Path]:
    file = folder / "diffusion_pytorch_model.safetensors"
    if file.is_file():
        try:
            tensors = load_file(file)
        except SafetensorError as error:
            raise ConfigError(
                f"no safetensors file: {error}", file=str(file), mend="download it again"
            ) from error
    elif (file := folder / "diffusion_pytorch_model.bin").is_file():
        tensors = read_pickle(file)
    else:
        raise ConfigError(
            "no diffusion_pytorch_model.safetensors, and no .bin of that name",
            file=str(folder),
            mend="download the weights too",
        )
    return {_new_name(name): tensor for name, tensor in tensors.items()}, file


def _new_name(name: str) -> str:
    return re.sub(
        rf"(attentions\.\d+)\.({'|'.join(_OLD_PARTS)})\.",
        lambda found: f"{found[1]}.{_OLD_PARTS[found[2]]}.",
        name,
    )


def _check(settings: dict[str, Any], expected: dict[str, Any], file: Path) -> None:
    for key, value in expected.items():
        given = settings[key]
        same = math.isclose(given, value) if isinstance(value, float) else given == value
        if not same:
            raise _unsupported(key, given, [value], file)


def _unsupported(key: str, given: Any, known: Any, file: Path) -> ConfigError:
    return ConfigError(
        f"{key} is {given!r}, but of diffusers' networks and schedulers only DDPM's and NCSN++'s "
        f"are read, which have {' or '.join(repr(value) for value in known)}",
        file=str(file),
        mend="load this model with diffusers",
    )


def _shape(settings: dict[str, Any], file: Path, down: str, up: str) -> dict[str, Any]:
    """Read what both networks' configurations name alike."""
    size, widths = settings["sample_size"], settings["block_out_channels"]
    kinds = settings["down_block_types"]
    attend = [kind == f"Attn{down}" for kind in kinds]
    for kind in kinds:
        if kind not in (down, f"Attn{down}"):
            raise _unsupported("down_block_types", kind, [down, f"Attn{down}"], file)
    mirrored = [f"Attn{up}" if there else up for there in reversed(attend)]
    if list(settings["up_block_types"]) != mirrored:
        raise _unsupported("up_block_types", settings["up_block_types"], [mirrored], file)
    for width in widths:
        groups = settings["norm_num_groups"]
        if width % widths[0] or groups not in (None, group_norm(width).num_groups):
            raise _unsupported("norm_num_groups", groups, [group_norm(width).num_groups], file)
    if settings["out_channels"] != settings["in_channels"]:
        raise _unsupported(
            "out_channels", settings["out_channels"], [settings["in_channels"]], file
        )
    return {
        "image_size": size,
        "image_channels": settings["in_channels"],
        "channels": widths[0],
        "multipliers": tuple(width // widths[0] for width in widths),
        "blocks": settings["layers_per_block"],
        "attention": tuple(size // 2**level for level, there in enumerate(attend) if there),
        "dropout": settings["dropout"],
    }
