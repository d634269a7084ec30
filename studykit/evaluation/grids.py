"""Many images in one picture, to look at."""

from __future__ import annotations

import math

import torch
from PIL import Image
from torch import Tensor

__all__ = ["image_grid"]


def image_grid(images: Tensor, columns: int | None = None, zoom: int = 4) -> Image.Image:
    """Lay images out in rows.

    Args:
        images: Pixels in [-1, 1], black to white (values outside are clipped), shape `(N, C, H, W)`
            with 1 channel for grey or 3 for colour.
        columns: Images in a row; by default as many as make the grid square.
        zoom: Side of a drawn pixel; pixels stay sharp squares.

    Returns:
        The picture, with a grey line of one pixel, zoomed as well, around every image.

    Raises:
        ValueError: If there are no images, or they have another shape.

    Examples:
        >>> image_grid(torch.zeros(6, 1, 8, 8), columns=3, zoom=2).size
        (56, 38)
    """
    if images.ndim != 4 or images.shape[1] not in (1, 3) or len(images) == 0:
        raise ValueError(
            f"a grid takes images of shape (N, 1 or 3, H, W), not {tuple(images.shape)}"
        )
    N, C, H, W = images.shape
    columns = columns or math.isqrt(N - 1) + 1
    rows = -(-N // columns)
    levels = ((images.detach().cpu().float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    canvas = torch.full((C, rows * (H + 1) + 1, columns * (W + 1) + 1), 128, dtype=torch.uint8)
    for i, image in enumerate(levels):
        top, left = i // columns * (H + 1) + 1, i % columns * (W + 1) + 1
        canvas[:, top : top + H, left : left + W] = image
    pixels = canvas.permute(1, 2, 0).repeat_interleave(zoom, 0).repeat_interleave(zoom, 1)
    return Image.fromarray(pixels.squeeze(2).numpy() if C == 1 else pixels.numpy())
