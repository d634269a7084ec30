"""The data sets by name, as `--data` takes them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from torch import Tensor

from studykit.datasets.digits import digits
from studykit.datasets.fashion_mnist import fashion_mnist
from studykit.datasets.toys import TOYS, toy
from studykit.errors import ConfigError

__all__ = ["DATASETS", "DatasetFacts", "load_dataset"]


@dataclass(frozen=True)
class DatasetFacts:
    """What is known of a data set before it is loaded.

    Attributes:
        shape: The shape of one example: `(C, H, W)` of an image, `(2,)` of a point.
        levels: How many values a pixel may have, evenly spaced from -1 to 1, which likelihoods in
            bits per dimension need; None for points, whose coordinates are real numbers.
        classes: How many classes the labels tell apart; 0 where there are no labels.

    Examples:
        >>> DATASETS["digits"].levels
        17
    """

    shape: tuple[int, ...]
    levels: int | None
    classes: int


DATASETS = {
    "digits": DatasetFacts((1, 8, 8), levels=17, classes=10),
    "fashion-mnist": DatasetFacts((1, 28, 28), levels=256, classes=10),
    **{name: DatasetFacts((2,), levels=None, classes=0) for name in TOYS},
}
"""The data sets by name."""


def load_dataset(
    name: str, split: Literal["train", "test"], path: Path | None = None
) -> tuple[Tensor, ...]:
    """Load one part of a data set by its name.

    Args:
        name: One of `DATASETS`.
        split: `"train"` or `"test"`. Of a toy, 10,000 points to train on or 10,000 others.
        path: The folder to read from, for a data set that is read from files (`fashion-mnist`).

    Returns:
        Images and labels, shapes `(N, C, H, W)` and `(N,)`, see `LabelledImages`; or points alone,
        shape `(N, 2)`.

    Raises:
        ConfigError: If there is no such data set, its files are not there or not what they should
            be, or it has no files and a path was given.
        ValueError: If there is no such part.

    Examples:
        >>> images, labels = load_dataset("digits", "test")
        >>> (points,) = load_dataset("swiss-roll", "train")
        >>> images.shape, points.shape
        (torch.Size([360, 1, 8, 8]), torch.Size([10000, 2]))
    """
    if name not in DATASETS:
        near = difflib.get_close_matches(name, DATASETS, n=1)
        raise ConfigError(
            f"no data set {name!r}",
            mend=f"write '{near[0]}'" if near else f"choose one of {', '.join(DATASETS)}",
        )
    if split not in ("train", "test"):
        raise ValueError(f"a data set has the parts 'train' and 'test', not {split!r}")
    if name == "fashion-mnist":
        return fashion_mnist(split, path)
    if path is not None:
        raise ConfigError(
            f"'{name}' is not read from files", file=str(path), mend="leave the path out"
        )
    if name == "digits":
        return digits(split)
    return (toy(name, 10_000, seed=0 if split == "train" else 1),)
