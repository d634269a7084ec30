"""What is drawn on a canvas, read without a word of the browser's.

Chromium complains of a canvas that is read more than once, in some runs and not in others: a copy
that is made for reading is read instead.
"""

from __future__ import annotations

import torch
from playwright.sync_api import Locator

_DATA = """
((canvas) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, copy.width, copy.height).data;
})
"""


def greys(canvas: Locator) -> torch.Tensor:
    """The grey levels of the canvas, row by row: (width * height,)."""
    return torch.tensor(canvas.evaluate(f"(canvas) => [...{_DATA}(canvas)]")[::4])


def inked(canvas: Locator) -> int:
    """How many pixels of the canvas have something on them."""
    count = f"(canvas) => {_DATA}(canvas).filter((value, i) => i % 4 === 3 && value > 0).length"
    return int(canvas.evaluate(count))


def wait_for_ink(canvas: Locator) -> None:
    """Waits until the first pixel has something on it."""
    canvas.page.wait_for_function(
        f"(canvas) => {_DATA}(canvas)[3] > 0", arg=canvas.element_handle()
    )
