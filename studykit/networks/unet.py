r"""The UNet that predicts the noise of an image: $\epsilon_\theta(x_t, t)$.

    x_t ─ conv ─ [block block down] ─ [block block] ─ block attention block ─ [ … up] ─ [ … ] ─ conv
    ─ eps
                     │ skip                │ skip                                │         │
                     └─────────────────────┴─────────── concatenated ────────────┴─────────┘

It is the network of Ho et al. (2020), Appendix B: residual blocks with group norm and swish, the
time added inside every block, self-attention where the feature map has a chosen size, and a last
convolution that starts at zero, so that the untrained network predicts $\epsilon = 0$.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Nichol, Dhariwal: Improved Denoising Diffusion Probabilistic Models. ICML 2021.
    arXiv:2102.09672.
    Ho, Salimans: Classifier-Free Diffusion Guidance. 2022. arXiv:2207.12598.
    Ronneberger, Fischer, Brox: U-Net. MICCAI 2015. arXiv:1505.04597.
    Vaswani et al.: Attention Is All You Need. NeurIPS 2017. arXiv:1706.03762.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

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

__all__ = ["UNet", "UNetConfig", "time_embedding"]


@dataclass(frozen=True)
class UNetConfig:
    """The shape of a UNet.

    The defaults are for 8 x 8 digits on a CPU; the paper's network for 32 x 32 images has 128
    channels, multipliers (1, 2, 2, 2), 2 blocks, attention at 16 and dropout 0.1.

    Attributes:
        image_size: Height and width of the images in pixels.
        image_channels: Channels of the images, 1 for grey.
        channels: Channels of the first level; a multiple of 4.
        multipliers: Channels of each level as a multiple of `channels`. From level to level the
            feature map halves, so its size must be divisible by 2 once less often than there are
            levels.
        blocks: Residual blocks at each level on the way down; one more on the way up.
        attention: Sizes of the feature maps (in pixels) where self-attention follows each block;
            between the way down and the way up it always does.
        dropout: Probability of dropping an activation in a residual block.
        patch: Height and width of the squares of pixels that the network sees as one, their
            colours side by side as channels; 2 costs a quarter of the time of 1, the paper's.
        classes: Classes of images, 0 if the network is not told any. Where there are some, the
            network also learns the images without a class, for classifier-free guidance.
        learned_variance: Whether the output has twice the image's channels: the noise, then $v$,
            which places the variance between its bounds (Nichol and Dhariwal 2021, Eq. 15).
        first_step: What the weights know the step $t = 1$ as: 1 as in the paper, or 0 as in its
            code and in weights trained with it.

    Raises:
        ValueError: If the numbers do not fit each other.

    Examples:
        >>> UNetConfig(image_size=28, multipliers=(1, 2, 2), attention=(7,)).sizes
        (28, 14, 7)
        >>> UNetConfig(image_size=28, patch=2, attention=(7,)).sizes
        (14, 7)
    """

    image_size: int = 8
    image_channels: int = 1
    channels: int = 32
    multipliers: tuple[int, ...] = (1, 2)
    blocks: int = 1
    attention: tuple[int, ...] = ()
    dropout: float = 0.0
    patch: int = 1
    classes: int = 0
    learned_variance: bool = False
    first_step: int = 1

    def __post_init__(self) -> None:
        counts = (self.image_size, self.image_channels, self.blocks, self.patch)
        if min(counts) < 1 or not self.multipliers:
            raise ValueError(
                "image_size, image_channels, blocks and patch start at 1, and a UNet has a level"
            )
        if self.channels < 4 or self.channels % 4 or min(self.multipliers) < 1:
            raise ValueError(
                f"channels = {self.channels} must be a positive multiple of 4, multipliers positive"
            )
        if self.image_size % self.patch:
            raise ValueError(
                f"image_size = {self.image_size} cannot be cut into patches of {self.patch}"
            )
        if self.sizes[0] % 2 ** (len(self.multipliers) - 1):
            patches = f", in patches of {self.patch}," if self.patch > 1 else ""
            raise ValueError(
                f"image_size = {self.image_size}{patches} cannot be halved so often: "
                f"multipliers {self.multipliers} has too many levels"
            )
        if unknown := set(self.attention) - set(self.sizes):
            raise ValueError(
                f"attention at {sorted(unknown)}, but the feature maps are {self.sizes}"
            )
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout = {self.dropout} must be in [0, 1)")
        if self.classes < 0:
            raise ValueError(f"classes = {self.classes} must not be negative")
        if self.first_step not in (0, 1):
            raise ValueError(f"first_step = {self.first_step} must be 0 or 1")

    @property
    def sizes(self) -> tuple[int, ...]:
        """Height and width of the feature map at each level, in pixels."""
        size = self.image_size // self.patch
        return tuple(size // 2**level for level in range(len(self.multipliers)))


class UNet(nn.Module):
    r"""Predicts the noise in a noisy image, $\epsilon_\theta(x_t, t)$.

    Args:
        config: The network's shape.

    Source: Ho et al. (2020), Appendix B.

    Examples:
        >>> network = UNet(UNetConfig(image_size=8, channels=8))
        >>> network(torch.randn(5, 1, 8, 8), torch.tensor([1, 2, 3, 4, 1000])).shape
        torch.Size([5, 1, 8, 8])

        Digits with their class; `y=None` leaves it out:

        >>> network = UNet(UNetConfig(image_size=8, channels=8, classes=10))
        >>> network(torch.randn(2, 1, 8, 8), torch.tensor([1, 2]), torch.tensor([3, 9])).shape
        torch.Size([2, 1, 8, 8])
    """

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        widths = [config.channels * multiplier for multiplier in config.multipliers]
        time_width = 4 * config.channels
        self.time = nn.Sequential(
            nn.Linear(config.channels, time_width), nn.SiLU(), nn.Linear(time_width, time_width)
        )

        def stage(channels_in: int, channels_out: int, size: int) -> _Stage:
            return _Stage(
                channels_in, channels_out, time_width, config.dropout, size in config.attention
            )

        # Down: every feature map made here is kept, and the way up takes them back last first.
        self.first = conv3x3(config.image_channels * config.patch**2, widths[0])
        self.down = nn.ModuleList()
        kept = [widths[0]]
        width = widths[0]
        for level, (level_width, size) in enumerate(zip(widths, config.sizes, strict=True)):
            if level > 0:
                self.down.append(HalvingConv(width, width))
                kept.append(width)
            for _ in range(config.blocks):
                self.down.append(stage(width, level_width, size))
                width = level_width
                kept.append(width)

        self.middle = nn.ModuleList(
            [
                _Stage(width, width, time_width, config.dropout, attention=True),
                _Stage(width, width, time_width, config.dropout, attention=False),
            ]
        )

        self.up = nn.ModuleList()
        for level in reversed(range(len(widths))):
            for _ in range(config.blocks + 1):
                self.up.append(stage(width + kept.pop(), widths[level], config.sizes[level]))
                width = widths[level]
            if level > 0:
                self.up.append(UpsamplingConv(width, width))

        channels_out = config.image_channels * (2 if config.learned_variance else 1)
        self.last = nn.Sequential(
            group_norm(width), nn.SiLU(), zeroed(conv3x3(width, channels_out * config.patch**2))
        )
        # One more than there are classes: the last stands for an image without one.
        self.classes = nn.Embedding(config.classes + 1, time_width) if config.classes else None

    def forward(self, x_t: Tensor, t: Tensor, y: Tensor | None = None) -> Tensor:
        r"""Predict the noise.

        Args:
            x_t: Noisy images, shape `(B, C, H, W)`.
            t: The step of each image on the paper's scale, $1 \ldots T$, shape `(B,)`; see
                `time_embedding`.
            y: The class of each image, `0` to `classes - 1`, or `classes` for none, shape `(B,)`;
                left out, no image has one.

        Returns:
            $\epsilon_\theta(x_t, t)$ or $\epsilon_\theta(x_t, t, y)$, shape `(B, C, H, W)`; with
            `learned_variance` and $v$ after it, `(B, 2C, H, W)`.

        Raises:
            ValueError: If classes are given to a network that was built without.
        """
        steps = time_embedding(t - 1 + self.config.first_step, self.config.channels)
        time = self.time(steps.to(x_t.dtype))  # (B, 4 channels)
        if self.classes is not None:
            none = torch.full_like(t, self.config.classes, dtype=torch.long)
            time = time + self.classes(none if y is None else y)
        elif y is not None:
            raise ValueError("y is given, but the network has no classes")

        h = self.first(F.pixel_unshuffle(x_t, self.config.patch))
        kept = [h]
        for layer in self.down:
            h = layer(h, time) if isinstance(layer, _Stage) else layer(h)
            kept.append(h)
        for layer in self.middle:
            h = layer(h, time)
        for layer in self.up:
            if isinstance(layer, _Stage):
                h = layer(torch.cat([h, kept.pop()], dim=1), time)
            else:
                h = layer(h)
        return F.pixel_shuffle(self.last(h), self.config.patch)


def time_embedding(t: Tensor, width: int) -> Tensor:
    r"""Give each step a vector of sines and cosines.

    $$\left(\sin \omega_0 t, \ldots, \sin \omega_{h-1} t, \cos \omega_0 t, \ldots, \cos \omega_{h-1}
    t\right), \quad \omega_k = 10000^{-k / (h - 1)}, \quad h = \text{width} / 2$$

    The scale of `t` is that of the paper, whole steps $1 \ldots T$ with $T = 1000$: the shortest
    wave turns once in $2\pi$ steps and the longest in about 63,000. A time in $[0, 1]$ must be
    multiplied by $T$ first; else all its embeddings are nearly the same. (The code of the paper
    counts $0 \ldots T - 1$: weights trained with it expect $t - 1$, see `UNetConfig.first_step`.)

    Args:
        t: Steps, shape `(B,)`, integer or floating.
        width: Length of the vectors, even and at least 4.

    Returns:
        The embedding in single precision, shape `(B, width)`.

    Source: Vaswani et al. (2017), section 3.5, with the sines first and the last wave exactly
        10000 times as long as the first, as in the code of Ho et al. (2020).

    Examples:
        >>> time_embedding(torch.tensor([0, 1]), 4)
        tensor([[0.0000e+00, 0.0000e+00, 1.0000e+00, 1.0000e+00],
                [8.4147e-01, 1.0000e-04, 5.4030e-01, 1.0000e+00]])
    """
    half = width // 2
    k = torch.arange(half, device=t.device, dtype=torch.float32)
    omega = torch.exp(-math.log(10000) * k / (half - 1))
    angle = t.float()[:, None] * omega  # (B, half)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


class _Stage(ResidualBlock):
    """A residual block, then self-attention where asked for."""

    def __init__(
        self, channels_in: int, channels_out: int, time_width: int, dropout: float, attention: bool
    ) -> None:
        super().__init__(channels_in, channels_out, time_width, dropout)
        self.attention = SelfAttention(channels_out) if attention else nn.Identity()

    def forward(self, h: Tensor, time: Tensor) -> Tensor:
        out: Tensor = self.attention(super().forward(h, time))
        return out
