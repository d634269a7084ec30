r"""A small network for points rather than images: $\epsilon_\theta(x_t, t)$ in a plane.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition. CVPR 2016. arXiv:1512.03385.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from studykit.networks.unet import time_embedding

__all__ = ["MLP", "MLPConfig"]


@dataclass(frozen=True)
class MLPConfig:
    """The shape of an MLP.

    Attributes:
        dimensions: Numbers in a point.
        width: Hidden units of a layer, even and at least 4.
        blocks: Residual blocks.

    Raises:
        ValueError: If a number is out of its range.

    Examples:
        >>> MLPConfig(dimensions=3).width
        128
    """

    dimensions: int = 2
    width: int = 128
    blocks: int = 3

    def __post_init__(self) -> None:
        if min(self.dimensions, self.blocks) < 1 or self.width < 4 or self.width % 2:
            raise ValueError("dimensions and blocks start at 1; width must be even, 4 or more")


class MLP(nn.Module):
    r"""Predicts the noise in a noisy point, $\epsilon_\theta(x_t, t)$.

    Like the UNet it begins by predicting no noise at all.

    Args:
        config: The network's shape.

    Source: The time enters as in Ho et al. (2020), Appendix B; residual blocks as in He et al.
        (2016).

    Examples:
        >>> import torch
        >>> MLP(MLPConfig())(torch.randn(5, 2), torch.tensor([1, 2, 3, 4, 1000])).shape
        torch.Size([5, 2])
    """

    def __init__(self, config: MLPConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.time = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))
        self.first = nn.Linear(config.dimensions, width)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.LayerNorm(width),
                nn.SiLU(),
                nn.Linear(width, width),
                nn.SiLU(),
                nn.Linear(width, width),
            )
            for _ in range(config.blocks)
        )
        self.last = nn.Sequential(
            nn.LayerNorm(width), nn.SiLU(), nn.Linear(width, config.dimensions)
        )
        for weight in self.last[-1].parameters():
            nn.init.zeros_(weight)

    def forward(self, x_t: Tensor, t: Tensor) -> Tensor:
        r"""Predict the noise.

        Args:
            x_t: Noisy points, shape `(B, D)`.
            t: The step of each on the scale of `time_embedding`, shape `(B,)`.

        Returns:
            $\epsilon_\theta(x_t, t)$, shape `(B, D)`.
        """
        time = self.time(time_embedding(t, self.config.width).to(x_t.dtype))  # (B, width)
        h = self.first(x_t)
        for block in self.blocks:
            h = h + block(h + time)
        eps: Tensor = self.last(h)
        return eps
