r"""NCSN++ and DDPM++, the networks of score-based generative modeling through SDEs.

Both are UNets like DDPM's with blocks that resample on their own. NCSN++ filters where it
resamples, and shows the shrunken image, or what became of it, to every level on the way down and,
for large images, adds an image at every level on the way up:

    x ─ conv ─ [block attention … half] ─ + ─ [ … half] ─ + ─ block attention block ─ [ … ] ─ [ … ]
    │                                     │               │                             │       │
    └──────────────── half ───────────────┴───── half ────┘                           image ─── +

They differ in how they know the noise. NCSN++ is told its standard deviation $\sigma$ and embeds
$\log \sigma$ with random Fourier features; divided by $\sigma$ its output is the score of the
variance exploding SDE. DDPM++ is told a time in $0 \ldots 999$, embeds it as DDPM does, and
predicts the noise of the (sub-)variance preserving SDE.

References:
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456. Appendices G and H.
    Karras et al.: Analyzing and Improving the Image Quality of StyleGAN. CVPR 2020.
    arXiv:1912.04958 (progressive inputs and outputs).
    Zhang: Making Convolutional Networks Shift-Invariant Again. ICML 2019. arXiv:1904.11486
    (filters).
    Tancik et al.: Fourier Features Let Networks Learn High Frequency Functions in Low Dimensional
    Domains. NeurIPS 2020. arXiv:2006.10739.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studykit.networks.layers import (
    HalvingConv,
    ResidualBlock,
    SelfAttention,
    UpsamplingConv,
    conv3x3,
    group_norm,
    zeroed,
)
from studykit.networks.unet import time_embedding

__all__ = ["PRESETS", "FourierFeatures", "NCSNpp", "NCSNppConfig"]


@dataclass(frozen=True)
class NCSNppConfig:
    r"""The shape of an NCSN++ or DDPM++.

    The defaults are NCSN++ for CIFAR-10; `PRESETS` has the paper's other networks.

    Attributes:
        image_size: Height and width of the images in pixels.
        image_channels: Channels of the images.
        channels: Channels of the first level; a multiple of 4.
        multipliers: Channels of each level as a multiple of `channels`. From level to level the
            feature map halves.
        blocks: Residual blocks at each level on the way down; one more on the way up.
        attention: Sizes of the feature maps (in pixels) where self-attention follows each block on
            the way down, and the last one on the way up; in the middle it always does.
        dropout: Probability of dropping an activation in a residual block.
        embedding: `"fourier"`: the network is told $\sigma$; `"positional"`: a time on the scale of
            `time_embedding`, $0 \ldots 999$.
        fourier_scale: Standard deviation of the random frequencies.
        fir: Whether to resample with the filter (1, 3, 3, 1); else by averaging four pixels and by
            repeating them.
        progressive_input: What joins the way down at each level: nothing, the shrunken image
            (`"input_skip"`), or that after a convolution, taking up what it has joined
            (`"residual"`).
        progressive: What each level adds to the output: only the last one (`"none"`), an image
            (`"output_skip"`), or its feature maps (`"residual"`).
        skip_rescale: Whether to divide each sum of a layer and its input by $\sqrt 2$.
        scale_by_sigma: Whether the output is divided by $\sigma$.
        centered: Whether the images are in [-1, 1]; else in [0, 1], and the network centres them.
        sigma_min: The smallest of the noise scales.
        sigma_max: The largest of the noise scales.
        num_scales: How many noise scales there are. The three are for a network that divides by
            $\sigma$ and is told a time, which counts the scales from the largest, 0, on.

    Raises:
        ValueError: If the numbers do not fit each other.

    Source: Song et al. (2021), Appendix H. The names are those of the paper's code.

    Examples:
        >>> NCSNppConfig(multipliers=(1, 2)).sizes
        (32, 16)
    """

    image_size: int = 32
    image_channels: int = 3
    channels: int = 128
    multipliers: tuple[int, ...] = (1, 2, 2, 2)
    blocks: int = 4
    attention: tuple[int, ...] = (16,)
    dropout: float = 0.1
    embedding: Literal["fourier", "positional"] = "fourier"
    fourier_scale: float = 16.0
    fir: bool = True
    progressive_input: Literal["none", "input_skip", "residual"] = "residual"
    progressive: Literal["none", "output_skip", "residual"] = "none"
    skip_rescale: bool = True
    scale_by_sigma: bool = True
    centered: bool = False
    sigma_min: float = 0.01
    sigma_max: float = 50.0
    num_scales: int = 1000

    def __post_init__(self) -> None:
        if min(self.image_size, self.image_channels, self.blocks) < 1 or not self.multipliers:
            raise ValueError(
                "image_size, image_channels and blocks start at 1, and an NCSN++ has a level"
            )
        if self.channels < 4 or self.channels % 4 or min(self.multipliers) < 1:
            raise ValueError(
                f"channels = {self.channels} must be a positive multiple of 4, multipliers positive"
            )
        if self.image_size % 2 ** (len(self.multipliers) - 1):
            raise ValueError(
                f"image_size = {self.image_size} cannot be halved so often: "
                f"multipliers {self.multipliers} has too many levels"
            )
        if unknown := set(self.attention) - set(self.sizes):
            raise ValueError(
                f"attention at {sorted(unknown)}, but the feature maps are {self.sizes}"
            )
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout = {self.dropout} must be in [0, 1)")
        for name, known in (
            ("embedding", ("fourier", "positional")),
            ("progressive_input", ("none", "input_skip", "residual")),
            ("progressive", ("none", "output_skip", "residual")),
        ):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} = {getattr(self, name)!r} must be one of {known}")
        if not 0 < self.sigma_min < self.sigma_max or self.num_scales < 2:
            raise ValueError(
                f"expected 0 < sigma_min < sigma_max and num_scales >= 2, "
                f"not {self.sigma_min}, {self.sigma_max} and {self.num_scales}"
            )

    @property
    def sizes(self) -> tuple[int, ...]:
        """Height and width of the feature map at each level, in pixels."""
        return tuple(self.image_size // 2**level for level in range(len(self.multipliers)))


_LARGE = NCSNppConfig(
    image_size=256,
    multipliers=(1, 1, 2, 2, 2, 2, 2),
    blocks=2,
    dropout=0.0,
    progressive_input="input_skip",
    progressive="output_skip",
    sigma_max=378.0,
    num_scales=2000,
)
_DDPMPP = NCSNppConfig(
    embedding="positional",
    fir=False,
    progressive_input="none",
    scale_by_sigma=False,
    centered=True,
)

PRESETS: Mapping[str, NCSNppConfig] = MappingProxyType(
    {
        "ncsnpp_cifar10": NCSNppConfig(),
        "ncsnpp_deep_cifar10": NCSNppConfig(blocks=8),
        "ddpmpp_cifar10": _DDPMPP,
        "ddpmpp_deep_cifar10": replace(_DDPMPP, blocks=8),
        "ncsnpp_256": _LARGE,
        "ncsnpp_1024": replace(
            _LARGE,
            image_size=1024,
            channels=16,
            multipliers=(1, 2, 4, 8, 16, 32, 32, 32),
            blocks=1,
            sigma_max=1348.0,
        ),
    }
)
"""The networks of Song et al. (2021) by name; `ncsnpp_256` is that of LSUN, CelebA-HQ and FFHQ."""


class NCSNpp(nn.Module):
    r"""NCSN++ or DDPM++: the score, or the noise, in a noisy image.

    Args:
        config: The network's shape.

    Source: Song et al. (2021), Appendix H.

    Examples:
        >>> small = replace(PRESETS["ncsnpp_cifar10"], channels=8, blocks=1)
        >>> NCSNpp(small)(torch.rand(2, 3, 32, 32), torch.tensor([0.01, 50.0])).shape
        torch.Size([2, 3, 32, 32])
        >>> small = replace(PRESETS["ddpmpp_cifar10"], channels=8, blocks=1)
        >>> NCSNpp(small)(torch.randn(2, 3, 32, 32), torch.tensor([0.0, 999.0])).shape
        torch.Size([2, 3, 32, 32])
    """

    sigmas: Tensor

    def __init__(self, config: NCSNppConfig) -> None:
        super().__init__()
        self.config = config
        width, time_width = config.channels, 4 * config.channels
        fourier = config.embedding == "fourier"
        self.fourier = FourierFeatures(width, config.fourier_scale) if fourier else None
        self.time = nn.Sequential(
            nn.Linear(2 * width if fourier else width, time_width),
            nn.SiLU(),
            nn.Linear(time_width, time_width),
        )
        if config.scale_by_sigma and not fourier:
            # log sigma in even steps, from the largest to the smallest.
            ends = math.log(config.sigma_max), math.log(config.sigma_min)
            sigmas = torch.linspace(*ends, config.num_scales, dtype=torch.float64).exp().float()
            self.register_buffer("sigmas", sigmas)

        # Down: every feature map made here is kept, and the way up takes them back last first.
        self.first = conv3x3(config.image_channels, width)
        kept = [width]
        pyramid = config.image_channels
        self.down = nn.ModuleList()
        for level in range(len(config.multipliers)):
            down = _Down(config, level, width, pyramid)
            self.down.append(down)
            width = pyramid = config.channels * config.multipliers[level]
            kept += [width] * (config.blocks + (down.downsample is not None))

        self.middle = nn.ModuleList(
            [
                _block(config, width, width),
                SelfAttention(width, config.skip_rescale),
                _block(config, width, width),
            ]
        )

        pyramid = 0
        self.up = nn.ModuleList()
        for level in reversed(range(len(config.multipliers))):
            skips = [kept.pop() for _ in range(config.blocks + 1)]
            self.up.append(_Up(config, level, width, skips, pyramid))
            width = pyramid = config.channels * config.multipliers[level]

        self.last = None
        if config.progressive != "output_skip":
            self.last = nn.Sequential(
                group_norm(width), nn.SiLU(), conv3x3(width, config.image_channels)
            )
        _initialise(self)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        r"""Estimate the score or the noise.

        Args:
            x: Noisy images, shape `(B, C, H, W)`, in the range that `centered` says but for the
                noise.
            t: With Fourier features the standard deviation $\sigma$ of each image's noise; else its
                time, $0 \ldots 999$; shape `(B,)`.

        Returns:
            With `scale_by_sigma` the score $s_\theta(x, \sigma)$, else the noise
            $\epsilon_\theta(x, t)$ (see `NCSNppConfig`), shape `(B, C, H, W)`.
        """
        config = self.config
        if self.fourier is not None:
            embedded = self.fourier(t.log())
        else:
            embedded = time_embedding(t, config.channels)
        time = self.time(embedded.to(x.dtype))  # (B, 4 channels)

        image = x if config.centered else 2 * x - 1
        pyramid = image
        kept = [self.first(image)]
        for down in self.down:
            more, pyramid = down(kept[-1], time, pyramid)
            kept += more

        first, attention, second = self.middle
        h = second(attention(first(kept[-1], time)), time)

        output = None
        for up in self.up:
            h, output = up(h, kept, time, output)
        h = cast(Tensor, output) if self.last is None else self.last(h)

        if config.scale_by_sigma:
            sigma = t if self.fourier is not None else self.sigmas[t.long()]
            h = h / sigma.to(h.dtype)[:, None, None, None]
        out: Tensor = h
        return out


class FourierFeatures(nn.Module):
    r"""Sines and cosines of a number, at random frequencies that stay as they are.

    $$\left(\sin 2 \pi W z,\ \cos 2 \pi W z\right), \qquad W \sim \mathcal{N}(0, s^2 I)$$

    Args:
        width: Number of frequencies.
        scale: Their standard deviation $s$.

    Source: Song et al. (2021), Appendix H.2; Tancik et al. (2020), section 6.

    Examples:
        >>> FourierFeatures(8, scale=16.0)(torch.tensor([0.01, 50.0]).log()).shape
        torch.Size([2, 16])
    """

    W: Tensor

    def __init__(self, width: int, scale: float) -> None:
        super().__init__()
        self.register_buffer("W", scale * torch.randn(width))

    def forward(self, z: Tensor) -> Tensor:
        """Embed a number.

        Args:
            z: Shape `(B,)`.

        Returns:
            Shape `(B, 2 width)`.
        """
        angle = z.to(self.W.dtype)[:, None] * self.W * 2 * math.pi
        return torch.cat([angle.sin(), angle.cos()], dim=1)


class _Down(nn.Module):
    """A level on the way down, to the feature map of the next level where there is one."""

    def __init__(
        self, config: NCSNppConfig, level: int, channels_in: int, channels_pyramid: int
    ) -> None:
        super().__init__()
        self.config = config
        width = config.channels * config.multipliers[level]
        attend = config.sizes[level] in config.attention
        self.blocks = nn.ModuleList(
            _block(config, channels_in if i == 0 else width, width) for i in range(config.blocks)
        )
        self.attention = nn.ModuleList(
            SelfAttention(width, config.skip_rescale) for _ in range(config.blocks if attend else 0)
        )
        self.downsample: nn.Module | None = None
        self.pyramid: nn.Module | None = None
        if level < len(config.multipliers) - 1:
            half = _FilterHalf() if config.fir else nn.AvgPool2d(2)
            self.downsample = _block(config, width, width, half)
            if config.progressive_input == "input_skip":
                self.shrink = half
                self.pyramid = nn.Conv2d(config.image_channels, width, 1)
            elif config.progressive_input == "residual":
                make = _FilterHalfConv if config.fir else HalvingConv
                self.pyramid = make(channels_pyramid, width)

    def forward(self, h: Tensor, time: Tensor, pyramid: Tensor) -> tuple[list[Tensor], Tensor]:
        kept = []
        for i, block in enumerate(self.blocks):
            h = block(h, time)
            if self.attention:
                h = self.attention[i](h)
            kept.append(h)
        if self.downsample is not None:
            h = self.downsample(h, time)
            if self.pyramid is not None and self.config.progressive_input == "input_skip":
                pyramid = self.shrink(pyramid)
                h = h + self.pyramid(pyramid)
            elif self.pyramid is not None:
                h = pyramid = _sum(self.config, self.pyramid(pyramid), h)
            kept.append(h)
        return kept, pyramid


class _Up(nn.Module):
    """A level on the way up, to the feature map of the next level where there is one."""

    def __init__(
        self,
        config: NCSNppConfig,
        level: int,
        channels_in: int,
        skips: list[int],
        channels_pyramid: int,
    ) -> None:
        super().__init__()
        self.config = config
        width = config.channels * config.multipliers[level]
        self.blocks = nn.ModuleList(
            _block(config, (channels_in if i == 0 else width) + skip, width)
            for i, skip in enumerate(skips)
        )
        attend = config.sizes[level] in config.attention
        self.attention = SelfAttention(width, config.skip_rescale) if attend else nn.Identity()
        double = _FilterDouble() if config.fir else nn.Upsample(scale_factor=2)
        self.pyramid: nn.Module | None = None
        if config.progressive == "output_skip":
            self.grow = double
            self.pyramid = nn.Sequential(
                group_norm(width), nn.SiLU(), conv3x3(width, config.image_channels)
            )
        elif config.progressive == "residual" and channels_pyramid == 0:
            self.pyramid = nn.Sequential(group_norm(width), nn.SiLU(), conv3x3(width, width))
        elif config.progressive == "residual":
            make = _FilterDoubleConv if config.fir else UpsamplingConv
            self.pyramid = make(channels_pyramid, width)
        self.upsample = _block(config, width, width, double) if level > 0 else None

    def forward(
        self, h: Tensor, kept: list[Tensor], time: Tensor, pyramid: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        for block in self.blocks:
            h = block(torch.cat([h, kept.pop()], dim=1), time)
        h = self.attention(h)
        if self.pyramid is not None:
            if pyramid is None:
                pyramid = self.pyramid(h)
            elif self.config.progressive == "output_skip":
                pyramid = self.grow(pyramid) + self.pyramid(h)
            else:
                h = pyramid = _sum(self.config, self.pyramid(pyramid), h)
        if self.upsample is not None:
            h = self.upsample(h, time)
        return h, pyramid


def _block(
    config: NCSNppConfig, channels_in: int, channels_out: int, resample: nn.Module | None = None
) -> ResidualBlock:
    return ResidualBlock(
        channels_in,
        channels_out,
        4 * config.channels,
        config.dropout,
        resample,
        config.skip_rescale,
    )


def _sum(config: NCSNppConfig, a: Tensor, b: Tensor) -> Tensor:
    return (a + b) * math.sqrt(0.5) if config.skip_rescale else a + b


# --- resampling with a filter ---------------------------------------------------------------------


def _filter(h: Tensor) -> Tensor:
    """Give the filter (1, 3, 3, 1) in both directions for each channel of `h`; it sums to 1."""
    taps = h.new_tensor([1.0, 3.0, 3.0, 1.0]) / 8
    return torch.outer(taps, taps).expand(h.shape[1], 1, 4, 4)


class _FilterHalf(nn.Module):
    """Filters a feature map and takes every other pixel."""

    def forward(self, h: Tensor) -> Tensor:
        return F.conv2d(h, _filter(h), stride=2, padding=1, groups=h.shape[1])


class _FilterDouble(nn.Module):
    """Puts zeros between the pixels of a feature map, and filters it."""

    def forward(self, h: Tensor) -> Tensor:
        # Three of four pixels are zeros, hence the 4.
        return F.conv_transpose2d(h, 4 * _filter(h), stride=2, padding=1, groups=h.shape[1])


class _FilterHalfConv(HalvingConv):
    """Filters a feature map, then takes every other pixel with a convolution."""

    def forward(self, h: Tensor) -> Tensor:
        filtered = F.conv2d(h, _filter(h), padding=2, groups=h.shape[1])  # one larger than h
        return F.conv2d(filtered, self.weight, self.bias, stride=2)


class _FilterDoubleConv(nn.Conv2d):
    """Puts zeros between the pixels of a feature map, applies a convolution, and filters it."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(channels_in, channels_out, 3)

    def forward(self, h: Tensor) -> Tensor:
        # Transposed, a convolution turns its kernel around: it is turned back first.
        kernel = self.weight.flip(2, 3).transpose(0, 1)
        wide = F.conv_transpose2d(h, kernel, stride=2)  # (B, C_out, 2H + 1, 2W + 1)
        return F.conv2d(wide, 4 * _filter(wide), self.bias, padding=1, groups=wide.shape[1])


def _initialise(network: NCSNpp) -> None:
    """Draw the weights as the paper's code does."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(cast(Tensor, module.bias))
    for module in network.modules():
        if isinstance(module, ResidualBlock):
            zeroed(cast(nn.Conv2d, module.after[-1]))
        elif isinstance(module, SelfAttention):
            zeroed(module.out)
            for weight in module.qkv.weight.data.chunk(3):
                nn.init.xavier_uniform_(weight, gain=math.sqrt(0.1))
    heads = [up.pyramid for up in network.up] if network.last is None else [network.last]
    for head in heads:
        zeroed(cast(nn.Conv2d, cast(nn.Sequential, head)[-1]))
