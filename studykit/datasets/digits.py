"""Handwritten digits of 8 x 8 pixels, from scikit-learn: 1,797 images of the classes 0 to 9.

Small enough to train on without a GPU, and part of the installation: nothing is downloaded.

References:
    Alpaydin, Kaynak: Optical Recognition of Handwritten Digits. UCI Machine Learning Repository,
    1998.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor

__all__ = ["LabelledImages", "digits"]


class LabelledImages(NamedTuple):
    """Images with their classes.

    Attributes:
        images: Pixels in [-1, 1], black to white, shape `(N, C, H, W)`, float32.
        labels: Class of each image, shape `(N,)`, int64.
    """

    images: Tensor
    labels: Tensor


def digits(split: Literal["train", "test"]) -> LabelledImages:
    """Load one part of the digits; each part holds every class in the same share.

    The original 17 grey levels 0..16 are scaled to [-1, 1] linearly, as Ho et al. (2020), section
    3.3, scale 256 levels.

    Args:
        split: `"train"`: 1,437 images to train on; `"test"`: the 360 others.

    Returns:
        The images, shape `(N, 1, 8, 8)`, and their classes, in an order that never changes.

    Raises:
        ValueError: If there is no such part.

    Examples:
        >>> images, labels = digits("train")
        >>> images.shape, images.min().item(), images.max().item()
        (torch.Size([1437, 1, 8, 8]), -1.0, 1.0)
    """
    if split not in ("train", "test"):
        raise ValueError(f"the digits have the parts 'train' and 'test', not {split!r}")
    pixels, classes = load_digits(return_X_y=True)  # (1797, 64), (1797,)
    parts = train_test_split(pixels, classes, test_size=360, stratify=classes, random_state=0)
    train_pixels, test_pixels, train_classes, test_classes = parts
    chosen = (train_pixels, train_classes) if split == "train" else (test_pixels, test_classes)
    images = torch.tensor(chosen[0], dtype=torch.float32).reshape(-1, 1, 8, 8) / 8 - 1
    return LabelledImages(images, torch.tensor(chosen[1], dtype=torch.int64))
