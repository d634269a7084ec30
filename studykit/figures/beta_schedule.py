r"""The beta-schedule explorer: $\beta_t$, $\bar\alpha_t$, their ratio to the noise, and a digit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from studykit.datasets.digits import digits
from studykit.diffusion.ddpm import DDPM
from studykit.diffusion.schedules import Schedule, cosine_schedule, linear_schedule
from studykit.figures.stills import BLUE, GREY, WIDTH, save_still
from studykit.noise import Noise

__all__ = ["NAME", "SEED", "ten_digits", "write"]

NAME = "beta-schedule"
SEED = 0
"""Names the noise that every digit is mixed with."""

_SHOWN = (0, 100, 250, 500, 750, 1000)


def ten_digits() -> Tensor:
    """One digit of each class, pixels in [-1, 1], shape `(10, 1, 8, 8)`.

    Examples:
        >>> ten_digits().shape
        torch.Size([10, 1, 8, 8])
    """
    images, labels = digits("test")
    return torch.stack([images[labels == label][0] for label in range(10)])


def write(folder: Path) -> None:
    """Write the still and the digits.

    Args:
        folder: Where they go, as `beta-schedule.png` and `.json`.
    """
    levels = ((ten_digits() + 1) * 8).round().long().flatten(1).tolist()  # 0..16
    found = [{"label": label, "pixels": pixels} for label, pixels in enumerate(levels)]
    data = json.dumps({"seed": SEED, "digits": found}, separators=(",", ":"))
    (folder / f"{NAME}.json").write_text(f"{data}\n", "utf-8", newline="\n")
    save_still(_still(), folder / f"{NAME}.png")


def _still() -> Figure:
    figure = Figure(figsize=(WIDTH, 3.9), layout="constrained")
    rows: Any = figure.subfigures(2, height_ratios=(1.5, 1))  # an array, where there are two
    above, below = rows
    curves = above.subplots(1, 3)
    for schedule, style, label in (
        (linear_schedule(), {"color": BLUE}, "linear"),
        (cosine_schedule(), {"color": GREY, "linestyle": "--"}, "cosine"),
    ):
        for axis, values in zip(curves, _curves(schedule), strict=True):
            axis.plot(range(1, schedule.T + 1), values.numpy(), label=label, **style)
    titles = (r"$\beta_t$", r"$\bar\alpha_t$", r"$\bar\alpha_t / (1 - \bar\alpha_t)$")
    for axis, title in zip(curves, titles, strict=True):
        axis.set_title(title, fontsize=11)
        axis.set_xlabel("$t$")
        _plain(axis)
    curves[0].set_ylim(0, 0.05)
    curves[2].set_yscale("log")
    curves[2].set_ylim(1e-5, 1e4)
    curves[1].legend(frameon=False, fontsize=9)

    x_0 = ten_digits()[3:4].expand(len(_SHOWN), -1, -1, -1)
    eps = Noise(SEED, 10).normal((1, 8, 8))[3:4].expand_as(x_0)
    x_t = DDPM(lambda x_t, _: x_t).q_sample(x_0, torch.tensor(_SHOWN), eps)
    for axis, t, image in zip(below.subplots(1, len(_SHOWN)), _SHOWN, x_t, strict=True):
        axis.imshow(image[0].numpy(), cmap="gray", vmin=-1, vmax=1)
        axis.set_title(f"$t = {t}$", fontsize=10)
        axis.set_axis_off()
    return figure


def _curves(schedule: Schedule) -> tuple[Tensor, Tensor, Tensor]:
    alpha_bar = schedule.alpha_bar[1:]
    return schedule.beta[1:], alpha_bar, alpha_bar / (1 - alpha_bar)


def _plain(axis: Axes) -> None:
    axis.spines[["top", "right"]].set_visible(False)
    axis.tick_params(labelsize=8)
