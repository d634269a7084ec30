"""Points of a plane in one picture, to look at."""

from __future__ import annotations

import torch
from PIL import Image
from torch import Tensor

__all__ = ["point_plot"]


def point_plot(points: Tensor, reach: float = 3.0, side: int = 400) -> Image.Image:
    """Draw points as dots, dark where there are many.

    Args:
        points: Shape `(N, 2)`, the first coordinate to the right, the second upwards.
        reach: The largest coordinate that is drawn, in the points' unit; those outside are left
            out.
        side: Width and height of the picture in pixels.

    Returns:
        The picture, grey on white.

    Raises:
        ValueError: If there are no points, or they are not in a plane.

    Examples:
        >>> point_plot(torch.randn(1000, 2)).size
        (400, 400)
    """
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise ValueError(f"a plot takes points of shape (N, 2), not {tuple(points.shape)}")
    bins = side // 4
    counts = torch.histogramdd(
        points.detach().cpu().double(), [bins, bins], range=[-reach, reach, -reach, reach]
    ).hist
    # One dot is already visible; a crowd is black.
    darkness = (counts / counts.mean().clamp(min=1) / 4 + 0.25 * (counts > 0)).clamp(max=1)
    levels = ((1 - darkness) * 255).round().to(torch.uint8).T.flip(0)
    pixels = levels.repeat_interleave(4, 0).repeat_interleave(4, 1)
    return Image.fromarray(pixels.numpy())
