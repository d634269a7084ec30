r"""Distributions in the plane, where a model's mistakes can be seen.

All have mean 0 and variance 1 in both directions, so that one noise schedule suits them all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import torch
from sklearn.datasets import make_circles, make_moons, make_swiss_roll
from torch import Tensor

from studykit.datasets.mixtures import GaussianMixture

__all__ = ["GAUSSIANS", "TOYS", "toy"]

Points = npt.NDArray[np.float64]

_ANGLES = torch.arange(8, dtype=torch.float64) * math.pi / 4
_RADIUS = math.sqrt(2 * (1 - 0.1**2))  # Variance 1: radius^2 / 2 + 0.1^2.

GAUSSIANS = GaussianMixture(
    _RADIUS * torch.stack([_ANGLES.cos(), _ANGLES.sin()], dim=1), torch.full((8,), 0.1**2)
)
"""The distribution of the toy `gaussians`: eight on a ring, each of standard deviation 0.1."""


def toy(name: str, n: int, seed: int = 0) -> Tensor:
    """Draw points of one of the distributions in the plane.

    Args:
        name: One of `TOYS`: `moons`, `circles` and `swiss-roll` (its two curled axes) are
            scikit-learn's; `gaussians` are eight Gaussians on a ring, `checkerboard` the squares of
            one colour on a board of 4 x 4, `spiral` two arms.
        n: How many points.
        seed: The same seed and number give the same points; not negative.

    Returns:
        Float32, shape `(n, 2)`.

    Raises:
        ValueError: If there is no such distribution.

    Examples:
        >>> toy("moons", 500).shape
        torch.Size([500, 2])
        >>> TOYS
        ('moons', 'circles', 'swiss-roll', 'checkerboard', 'spiral', 'gaussians')
    """
    if name == "gaussians":  # Of the right mean and variance as it is.
        return GAUSSIANS.sample(n, seed).float()
    if name not in _DRAWS:
        raise ValueError(f"the toys are {', '.join(TOYS)}, not {name!r}")
    mean, std = _moments(name)
    points = (_DRAWS[name](n, seed) - mean) / std
    return torch.from_numpy(points).float()


@cache
def _moments(name: str) -> tuple[Points, Points]:
    # Of many other points: so the scale does not depend on which points were drawn, or how many.
    points = _DRAWS[name](200_000, 2**31)
    return points.mean(axis=0), points.std(axis=0)


def _moons(n: int, seed: int) -> Points:
    points: Points = make_moons(n, noise=0.05, random_state=seed)[0]
    return points


def _circles(n: int, seed: int) -> Points:
    points: Points = make_circles(n, noise=0.04, factor=0.5, random_state=seed)[0]
    return points


def _swiss_roll(n: int, seed: int) -> Points:
    points: Points = make_swiss_roll(n, noise=0.4, random_state=seed)[0]
    return points[:, [0, 2]]


def _checkerboard(n: int, seed: int) -> Points:
    rng = np.random.default_rng(seed)
    column = rng.integers(4, size=n)
    row = 2 * rng.integers(2, size=n) + column % 2
    return np.stack([column, row], axis=1) + rng.random((n, 2))


def _spiral(n: int, seed: int) -> Points:
    rng = np.random.default_rng(seed)
    angle = 3 * np.pi * np.sqrt(rng.random(n))  # The root: as many points in any length of an arm.
    arm = angle * rng.choice([-1, 1], size=n)
    curve = np.stack([arm * np.cos(angle), arm * np.sin(angle)], axis=1)
    return curve + 0.2 * rng.standard_normal((n, 2))


_DRAWS: dict[str, Callable[[int, int], Points]] = {
    "moons": _moons,
    "circles": _circles,
    "swiss-roll": _swiss_roll,
    "checkerboard": _checkerboard,
    "spiral": _spiral,
}

TOYS = (*_DRAWS, "gaussians")
"""The names of the distributions."""
