r"""The score field: a mixture in the plane, and points on their way from noise to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from studykit.datasets.mixtures import GaussianMixture
from studykit.diffusion.model import ScoreModel
from studykit.diffusion.samplers import predictor_corrector
from studykit.diffusion.sdes import VPSDE
from studykit.figures.stills import WIDTH, save_still

__all__ = ["NAME", "SETTINGS", "mixture", "model", "write"]

NAME = "score-field"

SETTINGS: dict[str, Any] = {
    "means": [[-1.7, -0.9], [1.7, -0.8], [0.1, 1.7]],
    "variances": [0.06, 0.12, 0.08],
    "weights": [0.2, 0.3, 0.5],
    "beta_min": 0.1,
    "beta_max": 20.0,
    "eps": 1e-3,
}
"""The data's distribution and the VP SDE."""

_REACH = 3.1
_TIMES = (1.0, 0.5, 0.25, 0.0)


def mixture() -> GaussianMixture:
    """The data: three modes of different weight.

    Examples:
        >>> mixture().weights
        tensor([0.2000, 0.3000, 0.5000], dtype=torch.float64)
    """
    return GaussianMixture(SETTINGS["means"], SETTINGS["variances"], SETTINGS["weights"])


def model() -> ScoreModel:
    """The VP SDE with the exact score of the diffused data.

    Examples:
        >>> model().score(torch.zeros(1, 2), torch.ones(1)).abs().max() < 0.1
        tensor(True)
    """
    sde = VPSDE(SETTINGS["beta_min"], SETTINGS["beta_max"], SETTINGS["eps"])
    data = mixture()
    return ScoreModel(sde, lambda x, t: data.diffused(sde.alpha(t), sde.sigma(t)).score(x))


def write(folder: Path) -> None:
    """Write the still and the settings.

    Args:
        folder: Where they go, as `score-field.png` and `.json`.
    """
    settings = json.dumps(SETTINGS, separators=(",", ":"))
    (folder / f"{NAME}.json").write_text(f"{settings}\n", "utf-8", newline="\n")
    save_still(_still(), folder / f"{NAME}.png")


def _still() -> Figure:
    states: dict[float, Tensor] = {}

    def keep(state: Any) -> None:
        states.update({t: state.x for t in _TIMES if abs(state.t - t) < 0.006})

    predictor_corrector(model(), (200, 2), 100, seed=0, on_step=keep)
    figure = Figure(figsize=(WIDTH, 2.0), layout="constrained")
    for axis, t in zip(figure.subplots(1, len(_TIMES)), _TIMES, strict=True):
        _field(axis, t)
        axis.scatter(*states[t].T.numpy(), s=3, color="#b3400a", zorder=3)
        axis.set_title(f"$t = {t:g}$", fontsize=10)
        axis.set(xlim=(-_REACH, _REACH), ylim=(-_REACH, _REACH), xticks=[], yticks=[], aspect=1)
    return figure


def _field(axis: Axes, t: float) -> None:
    """Shade the density at a time, with the score as arrows."""
    sde = model().sde
    time = torch.tensor([max(t, sde.eps)])
    at = mixture().diffused(sde.alpha(time).item(), sde.sigma(time).item())
    fine, coarse = _grid(160), _grid(13)
    density = at.log_prob(fine).exp().sqrt()
    x, y, height = (each.reshape(160, 160).numpy() for each in (*fine.T, density / density.max()))
    axis.contourf(x, y, height, levels=7, cmap="Blues", vmax=1.4, antialiased=False)
    score = at.score(coarse)
    norm = score.norm(dim=1, keepdim=True)
    arrows = score / (norm + 3)
    axis.quiver(*coarse.T.numpy(), *arrows.T.numpy(), color="#555555", scale=16, width=0.006)


def _grid(side: int) -> Tensor:
    line = torch.linspace(-_REACH, _REACH, side, dtype=torch.float64)
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)
