r"""Weights in the layout of score_sde_pytorch: NCSN++ and DDPM++, `all_modules.N`.

A checkpoint holds the weights (`model`), their average (`ema`), which is what is sampled with, and
the optimiser's state. Parts are numbered as they are used; in what network and for what SDE, only
the configuration says that the checkpoint was trained with. Checkpoints are published in folders of
its name, as `ve/cifar10_ncsnpp_continuous/checkpoint_24.pth`.

The networks of the variance exploding SDE work on images in [0, 1]. The models here are in [-1, 1]
like all of studykit: with $x' = 2x - 1$ the noise is twice as large, and

$$\nabla_{x'} \log p'_{2 \sigma}(x') = \tfrac12\, s_\theta\left(\frac{x' + 1}{2}, \sigma\right)$$

References:
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from torch import Tensor, nn

from studykit.diffusion.ddpm import DDPM
from studykit.diffusion.model import Diffusion
from studykit.diffusion.schedules import linear_schedule
from studykit.diffusion.sdes import SDE, VESDE, VPSDE, SubVPSDE
from studykit.diffusion.tensors import like
from studykit.errors import ConfigError
from studykit.networks.ncsnpp import PRESETS, NCSNpp, NCSNppConfig
from studykit.pretrained.published import Names, Pretrained, fill, match, read_pickle

__all__ = ["CONFIGS", "Published", "load_all_modules", "variance_exploding"]

_PARTS = {
    "norm1": ("GroupNorm_0",),
    "conv1": ("Conv_0",),
    "time": ("Dense_0",),
    "norm2": ("GroupNorm_1",),
    "conv2": ("Conv_1",),
    "shortcut": ("Conv_2",),
    "norm": ("GroupNorm_0",),
    "qkv": ("NIN_0", "NIN_1", "NIN_2"),
    "out": ("NIN_3",),
}


class Published(NamedTuple):
    """A configuration of the paper's code.

    Attributes:
        network: The network.
        process: `"ve"`, `"vp"` or `"subvp"`, an SDE, or `"ddpm"`, the chain.
    """

    network: NCSNppConfig
    process: Literal["ve", "vp", "subvp", "ddpm"]


def _configs() -> dict[str, Published]:
    ncsnpp, ncsnpp_deep = PRESETS["ncsnpp_cifar10"], PRESETS["ncsnpp_deep_cifar10"]
    ddpmpp, ddpmpp_deep = PRESETS["ddpmpp_cifar10"], PRESETS["ddpmpp_deep_cifar10"]
    discrete = replace(ncsnpp, embedding="positional")
    configs = {
        "ve/cifar10_ncsnpp": Published(discrete, "ve"),
        "ve/cifar10_ncsnpp_continuous": Published(ncsnpp, "ve"),
        "ve/cifar10_ncsnpp_deep_continuous": Published(ncsnpp_deep, "ve"),
        "ve/celeba_ncsnpp": Published(replace(discrete, image_size=64, sigma_max=90.0), "ve"),
        "vp/cifar10_ddpmpp": Published(ddpmpp, "ddpm"),
    }
    # NCSN++ for the other SDEs tells noise, as DDPM++ does.
    noise = replace(discrete, scale_by_sigma=False, centered=True)
    configs["vp/cifar10_ncsnpp"] = Published(noise, "ddpm")
    for process in ("vp", "subvp"):
        for name, network in (
            ("ddpmpp", ddpmpp),
            ("ddpmpp_deep", ddpmpp_deep),
            ("ncsnpp", noise),
            ("ncsnpp_deep", replace(noise, blocks=8)),
        ):
            configs[f"{process}/cifar10_{name}_continuous"] = Published(network, process)
    for name, sigma_max in (
        ("bedroom", 378.0),
        ("church", 380.0),
        ("celebahq_256", 348.0),
        ("ffhq_256", 348.0),
    ):
        network = replace(PRESETS["ncsnpp_256"], sigma_max=sigma_max)
        configs[f"ve/{name}_ncsnpp_continuous"] = Published(network, "ve")
    for name in ("celebahq", "ffhq"):
        configs[f"ve/{name}_ncsnpp_continuous"] = Published(PRESETS["ncsnpp_1024"], "ve")
    return configs


CONFIGS: Mapping[str, Published] = MappingProxyType(_configs())
"""The published configurations of NCSN++ and DDPM++ by their names in the paper's code."""


def load_all_modules(file: Path, config: str | None = None) -> Pretrained:
    """Load an NCSN++ or DDPM++ from a checkpoint of score_sde_pytorch.

    Args:
        file: The checkpoint, `*.pth`.
        config: One of `CONFIGS`; by default the folders that the file is in.

    Returns:
        The network with the averaged weights, and its model.

    Raises:
        ConfigError: If the configuration is not known, the file no such checkpoint, or its weights
            do not fit.

    Examples:
        >>> try:
        ...     load_all_modules(Path("checkpoint_24.pth"), "ve/cifar10_ncsn")
        ... except ConfigError as error:
        ...     print(str(error).splitlines()[0])
        checkpoint_24.pth: no known configuration 've/cifar10_ncsn'
    """
    name = config or "/".join(file.resolve().parts[-3:-1])
    if name not in CONFIGS:
        raise ConfigError(
            f"no known configuration {name!r}",
            file=str(file),
            mend=f"tell the one that it was trained with: {', '.join(CONFIGS)}",
        )
    shape, process = CONFIGS[name]
    tensors, sigmas = _averaged(read_pickle(file), file)
    _check_scales(sigmas, shape, name, file)
    network = NCSNpp(shape)
    names = _names(network)
    if "sigmas" in names:
        tensors["sigmas"] = sigmas
    fill(network, names, tensors, file)

    if process == "ve":
        return variance_exploding(str(file), network)
    model: Diffusion
    if process == "ddpm":
        # The paper's code counts from 0.
        model = DDPM(lambda x_t, t: network(x_t, t - 1), linear_schedule(), variance="beta")
    else:
        sde = VPSDE() if process == "vp" else SubVPSDE()
        model = _ScoreNetwork(sde, lambda x, t: -network(x, 999 * t.to(x)) / like(sde.sigma(t), x))
    return Pretrained(str(file), network, model, _shape(shape), 1000)


def variance_exploding(name: str, network: NCSNpp) -> Pretrained:
    r"""Put a network of score_sde into the variance exploding SDE, in units of [-1, 1].

    The SDE ends where the smallest noise is left that the network knows, $\sigma(t) =
    \sigma_\text{min}$.

    Args:
        name: What the user calls it.
        network: The network, for images in [0, 1].

    Returns:
        The network and its model.

    Examples:
        >>> small = replace(PRESETS["ncsnpp_cifar10"], channels=4, multipliers=(1,), attention=())
        >>> import torch
        >>> model = variance_exploding("mine", NCSNpp(small)).model
        >>> model.sde.sigma(torch.tensor([model.sde.eps, 1.0], dtype=torch.float64))
        tensor([2.0000e-02, 1.0000e+02], dtype=torch.float64)
    """
    config = network.config
    log_ratio = math.log(config.sigma_max / config.sigma_min)
    sde = VESDE(2 * config.sigma_min, 2 * config.sigma_max, eps=math.log(2) / (2 * log_ratio))

    def score(x: Tensor, t: Tensor) -> Tensor:
        sigma = sde.sigma(t) / 2
        told = sigma
        if config.embedding == "positional":  # the number of the noise scale, from the largest on
            scale = (math.log(config.sigma_max) - sigma.log()) / log_ratio
            told = (scale * (config.num_scales - 1)).round().clamp(0, config.num_scales - 1)
        out: Tensor = network((x + 1) / 2, told.to(x)) / 2
        return out

    model = _ScoreNetwork(sde, score)
    return Pretrained(name, network, model, _shape(config), config.num_scales)


class _ScoreNetwork(Diffusion):
    """A network's score. No `ScoreModel`, which is a formula that holds at every time."""

    def __init__(self, sde: SDE, score: Callable[[Tensor, Tensor], Tensor]) -> None:
        self.sde, self._score = sde, score

    def score(self, x: Tensor, t: Tensor) -> Tensor:
        return self._score(x, t)


def _shape(config: NCSNppConfig) -> tuple[int, int, int]:
    return (config.image_channels, config.image_size, config.image_size)


def _averaged(checkpoint: Any, file: Path) -> tuple[dict[str, Tensor], Tensor]:
    """Give the averaged weights by name, and the noise scales."""
    try:
        weights = {
            name.removeprefix("module."): tensor for name, tensor in checkpoint["model"].items()
        }
        averages = list(checkpoint["ema"]["shadow_params"])
        sigmas = weights.pop("sigmas")
    except (KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"no checkpoint of score_sde_pytorch: {error!r}",
            file=str(file),
            mend="give a file with 'model' and 'ema', as its training writes",
        ) from error
    # The averages have no names: they are in the order of the weights that were trained, and the
    # frequencies of the Fourier features were not.
    trained = [name for name in weights if name != "all_modules.0.W"]
    if len(trained) != len(averages):
        raise ConfigError(
            f"{len(trained)} weights were trained, but there are {len(averages)} averages",
            file=str(file),
            mend="give a file whose 'model' and 'ema' belong together",
        )
    return weights | dict(zip(trained, averages, strict=True)), sigmas


def _check_scales(sigmas: Tensor, config: NCSNppConfig, name: str, file: Path) -> None:
    found = (sigmas[0].item(), sigmas[-1].item(), len(sigmas))
    expected = (config.sigma_max, config.sigma_min, config.num_scales)
    if not all(math.isclose(a, b, rel_tol=1e-4) for a, b in zip(found, expected, strict=True)):
        raise ConfigError(
            f"{found[2]} noise scales from {found[0]:g} to {found[1]:g}, but {name} has "
            f"{expected[2]} from {expected[0]:g} to {expected[1]:g}",
            file=str(file),
            mend=f"tell the configuration that it was trained with: {', '.join(CONFIGS)}",
        )


def _names(network: NCSNpp) -> Names:
    config = network.config
    numbers = itertools.count()
    names: Names = {}

    def add(ours: str, inner: str = "") -> None:
        nonlocal names
        theirs = f"all_modules.{next(numbers)}{inner}"
        names |= match(ours, network.get_submodule(ours), theirs, _PARTS)

    if network.fourier is not None:
        names["fourier.W"] = (f"all_modules.{next(numbers)}.W",)
    if isinstance(getattr(network, "sigmas", None), Tensor):
        names["sigmas"] = ("sigmas",)
    add("time.0")
    add("time.2")
    add("first")
    resampling = ".Conv2d_0" if config.fir else ".Conv_0"
    for level, down in enumerate(network.down):
        here = f"down.{level}"
        for i in range(config.blocks):
            add(f"{here}.blocks.{i}")
            if config.sizes[level] in config.attention:
                add(f"{here}.attention.{i}")
        if down.downsample is not None:
            add(f"{here}.downsample")
        if down.pyramid is not None:
            add(
                f"{here}.pyramid",
                resampling if config.progressive_input == "residual" else ".Conv_0",
            )
    for i in range(3):
        add(f"middle.{i}")
    for level, up in enumerate(network.up):
        here = f"up.{level}"
        for i in range(config.blocks + 1):
            add(f"{here}.blocks.{i}")
        if not isinstance(up.attention, nn.Identity):
            add(f"{here}.attention")
        if config.progressive == "output_skip" or (config.progressive == "residual" and level == 0):
            add(f"{here}.pyramid.0")
            add(f"{here}.pyramid.2")
        elif config.progressive == "residual":
            add(f"{here}.pyramid" if config.fir else f"{here}.pyramid.1", resampling)
        if up.upsample is not None:
            add(f"{here}.upsample")
    if network.last is not None:
        add("last.0")
        add("last.2")
    return names
