r"""The layers that the networks are built of: residual blocks, self-attention, resampling.

Feature maps have shape `(B, C, H, W)`, and the time has been embedded as a vector of shape
`(B, W_t)`. Each block ends in a convolution that starts at zero, so that it begins as the identity.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
    Wu, He: Group Normalization. ECCV 2018. arXiv:1803.08494.
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov: Dropout. JMLR 2014.
    Vaswani et al.: Attention Is All You Need. NeurIPS 2017. arXiv:1706.03762.
    Brock, Donahue, Simonyan: Large Scale GAN Training for High Fidelity Natural Image Synthesis
    (BigGAN). ICLR 2019. arXiv:1809.11096.
"""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = [
    "Dropout",
    "HalvingConv",
    "ResidualBlock",
    "SelfAttention",
    "UpsamplingConv",
    "conv3x3",
    "group_norm",
    "zeroed",
]


class ResidualBlock(nn.Module):
    r"""Two convolutions that know the time, added to their input.

        h ─┬─ norm ─ swish ─ resample ─ conv ─ + ─ norm ─ swish ─ dropout ─ conv ─┬─ + ─ · scale
           │                            time ──┘                                  │
           └───────────────── resample ─ 1x1 conv, where the shapes differ ───────┘

    Args:
        channels_in: Channels of the input.
        channels_out: Channels of the output.
        time_width: Length of the time's vector.
        dropout: Probability of dropping an activation.
        resample: Doubles or halves a feature map, without weights; none in DDPM.
        rescale: Whether to divide the sum by $\sqrt 2$, which keeps its variance.

    Source: Ho et al. (2020), Appendix B; Song et al. (2021), Appendix H, with the resampling of
        BigGAN's blocks (Brock et al., 2019, Fig. 15).

    Examples:
        >>> block = ResidualBlock(8, 16, time_width=4, dropout=0.0)
        >>> block(torch.randn(2, 8, 6, 6), torch.randn(2, 4)).shape
        torch.Size([2, 16, 6, 6])
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        time_width: int,
        dropout: float,
        resample: nn.Module | None = None,
        rescale: bool = False,
    ) -> None:
        super().__init__()
        conv = conv3x3(channels_in, channels_out)
        self.before = nn.Sequential(group_norm(channels_in), nn.SiLU(), conv)
        self.time = nn.Sequential(nn.SiLU(), nn.Linear(time_width, channels_out))
        self.after = nn.Sequential(
            group_norm(channels_out),
            nn.SiLU(),
            Dropout(dropout),
            zeroed(conv3x3(channels_out, channels_out)),
        )
        self.shortcut: nn.Module = nn.Identity()
        if channels_in != channels_out or resample:
            self.shortcut = nn.Conv2d(channels_in, channels_out, 1)
        if resample:
            self.before.insert(2, resample)
            self.shortcut = nn.Sequential(resample, self.shortcut)
        self.scale = math.sqrt(0.5) if rescale else 1.0

    def forward(self, h: Tensor, time: Tensor) -> Tensor:
        """Apply the block.

        Args:
            h: Feature maps, shape `(B, C_in, H, W)`.
            time: The embedded time, shape `(B, W_t)`.

        Returns:
            Shape `(B, C_out, H', W')`; the size changes only by `resample`.
        """
        inner = self.before(h) + self.time(time)[:, :, None, None]  # (B, C_out, H', W')
        out: Tensor = self.shortcut(h) + self.after(inner)
        return out if self.scale == 1 else out * self.scale


class SelfAttention(nn.Module):
    r"""Self-attention with one head over the pixels of a feature map, added to it.

    $$h + W_o\, V \operatorname{softmax}\left(\frac{K^\top Q}{\sqrt C}\right)$$

    with $Q$, $K$ and $V$, of shape $C \times HW$, linear in the normalised $h$.

    Args:
        channels: Channels of the feature map.
        rescale: Whether to divide the sum by $\sqrt 2$.

    Source: Vaswani et al. (2017), Eq. 1; Ho et al. (2020), Appendix B.

    Examples:
        >>> SelfAttention(8)(torch.randn(2, 8, 6, 6)).shape
        torch.Size([2, 8, 6, 6])
    """

    def __init__(self, channels: int, rescale: bool = False) -> None:
        super().__init__()
        self.norm = group_norm(channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = zeroed(nn.Conv2d(channels, channels, 1))
        self.scale = math.sqrt(0.5) if rescale else 1.0

    def forward(self, h: Tensor) -> Tensor:
        """Apply the layer.

        Args:
            h: Feature maps, shape `(B, C, H, W)`.

        Returns:
            Shape `(B, C, H, W)`.
        """
        B, C, H, W = h.shape
        # (B, 3, 1, HW, C), where 1 is the number of heads: the fused kernels ask for that axis.
        qkv = self.qkv(self.norm(h)).reshape(B, 3, 1, C, H * W).transpose(3, 4)
        mixed = F.scaled_dot_product_attention(*qkv.unbind(1))  # (B, 1, HW, C)
        out: Tensor = h + self.out(mixed.transpose(2, 3).reshape(B, C, H, W))
        return out if self.scale == 1 else out * self.scale


class Dropout(nn.Dropout):
    r"""PyTorch's dropout, faster on a CPU.

    There the random numbers take most of its time. Here an activation gets 16 random bits, a
    quarter of a drawn number, in place of a number of its own; the probability of dropping it is
    rounded to a multiple of $2^{-16}$.

    Args:
        p: Probability of dropping an activation.

    Source: Srivastava et al. (2014), section 4, with the scaling at training of section 10.

    Examples:
        >>> layer = Dropout(0.25)
        >>> sorted(set(layer(torch.ones(1000)).tolist())) == [0, torch.tensor(4 / 3).item()]
        True
        >>> layer.eval()(torch.ones(2))
        tensor([1., 1.])
    """

    def __init__(self, p: float) -> None:
        super().__init__(p)

    def forward(self, h: Tensor) -> Tensor:
        """Apply the layer.

        Args:
            h: Any shape.

        Returns:
            Shaped as `h`.
        """
        if not self.training or self.p == 0 or h.device.type != "cpu":
            return super().forward(h)
        n, dropped = h.numel(), round(self.p * 2**16)
        # From -2^63 on: without a start, numbers are from 0 on, and their first bit is not random.
        numbers = torch.empty((n + 3) // 4, dtype=torch.int64).random_(-(2**63), None)
        keep = numbers.view(torch.int16)[:n].view(h.shape) >= dropped - 2**15
        return torch.where(keep, h, 0.0) * (2**16 / (2**16 - dropped))


class HalvingConv(nn.Conv2d):
    """A 3 x 3 convolution that halves a feature map.

    The map is padded at the bottom and on the right, as TensorFlow does for the code of the paper.

    Args:
        channels_in: Channels of the input.
        channels_out: Channels of the output.

    Source: Ho et al. (2020), Appendix B.

    Examples:
        >>> HalvingConv(8, 8)(torch.randn(2, 8, 6, 6)).shape
        torch.Size([2, 8, 3, 3])
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(channels_in, channels_out, 3, stride=2)

    def forward(self, h: Tensor) -> Tensor:
        """Apply the layer.

        Args:
            h: Feature maps, shape `(B, C_in, H, W)`, with even `H` and `W`.

        Returns:
            Shape `(B, C_out, H / 2, W / 2)`.
        """
        return super().forward(F.pad(h, (0, 1, 0, 1)))


class UpsamplingConv(nn.Sequential):
    r"""Doubles a feature map, every pixel four times, then applies a 3 x 3 convolution.

    The two are computed as one transposed convolution, in about half of their time: of the nine
    pixels under the kernel only four differ, so that a kernel $K$ with sums of the weights $w$ does
    the same with four products in place of nine,

    $$K = P\, w\, P^\top, \qquad
    P = \begin{pmatrix} 0 & 0 & 1 \\ 0 & 1 & 1 \\ 1 & 1 & 0 \\ 1 & 0 & 0 \end{pmatrix}$$

    Args:
        channels_in: Channels of the input.
        channels_out: Channels of the output.

    Source: Ho et al. (2020), Appendix B; the kernel from writing out the sum.

    Examples:
        >>> UpsamplingConv(8, 4)(torch.randn(2, 8, 3, 3)).shape
        torch.Size([2, 4, 6, 6])
    """

    spread: Tensor

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(nn.Upsample(scale_factor=2), conv3x3(channels_in, channels_out))
        P = torch.tensor([[0.0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]])
        # On the flattened kernels P w P^T is one product with the Kronecker product of P and P.
        self.register_buffer("spread", torch.kron(P, P).T.contiguous(), persistent=False)

    def forward(self, h: Tensor) -> Tensor:
        """Apply the layer.

        Args:
            h: Feature maps, shape `(B, C_in, H, W)`.

        Returns:
            Shape `(B, C_out, 2H, 2W)`.
        """
        conv = cast(nn.Conv2d, self[1])
        kernel = conv.weight.transpose(0, 1).flatten(2) @ self.spread  # (C_in, C_out, 16)
        kernel = kernel.reshape(*kernel.shape[:2], 4, 4)
        return F.conv_transpose2d(h, kernel, conv.bias, stride=2, padding=1)


def conv3x3(channels_in: int, channels_out: int) -> nn.Conv2d:
    """Make a 3 x 3 convolution that keeps a feature map's size.

    Args:
        channels_in: Channels of the input.
        channels_out: Channels of the output.

    Returns:
        The layer.

    Examples:
        >>> conv3x3(8, 4)(torch.randn(2, 8, 6, 6)).shape
        torch.Size([2, 4, 6, 6])
    """
    return nn.Conv2d(channels_in, channels_out, 3, padding=1)


def group_norm(channels: int) -> nn.GroupNorm:
    """Make a group norm with 32 groups as in the paper, or as near as the channels divide.

    In small networks a group has at least four channels, because a group of one channel would erase
    the channel's mean.

    Args:
        channels: Channels of the feature map, at least 4.

    Returns:
        The layer.

    Source: Ho et al. (2020), Appendix B, for the layer; its code for the constants.

    Examples:
        >>> group_norm(128).num_groups, group_norm(48).num_groups, group_norm(144).num_groups
        (32, 12, 24)
    """
    groups = max(n for n in range(1, 33) if channels % n == 0 and channels // n >= 4)
    return nn.GroupNorm(groups, channels, eps=1e-6)


def zeroed(conv: nn.Conv2d) -> nn.Conv2d:
    """Set a convolution's weights to zero.

    Args:
        conv: The layer.

    Returns:
        The same layer.

    Source: Ho et al. (2020), in the code of the paper.

    Examples:
        >>> bool(zeroed(conv3x3(8, 4)).weight.any())
        False
    """
    for weight in conv.parameters():
        nn.init.zeros_(weight)
    return conv
