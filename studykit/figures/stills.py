"""How all stills look, and how they are stored."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

__all__ = ["BLUE", "GREY", "WIDTH", "save_still"]

WIDTH = 7.0
"""The width of every still, in inches."""

BLUE = "#3f6ec6"
GREY = "#757575"


def save_still(figure: Figure, path: Path) -> None:
    """Store a figure as a PNG of few colours, which a phone loads quickly.

    Args:
        figure: The figure.
        path: The file; the same figure gives the same bytes.
    """
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=130, facecolor="white")
    picture = Image.open(drawn).convert("RGB").quantize(32, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
