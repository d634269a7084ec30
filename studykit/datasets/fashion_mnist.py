"""Fashion-MNIST: 70,000 grey images of clothes, 28 x 28 pixels, in ten classes.

Read from the four files of its publication, which Debian and Ubuntu package; nothing is downloaded.
A file is in the IDX format: two zero bytes, the type of the numbers (8: bytes), the number of axes,
their lengths as big-endian 32-bit numbers, then the numbers.

References:
    Xiao, Rasul, Vollgraf: Fashion-MNIST. 2017. arXiv:1708.07747.
    LeCun, Cortes, Burges: The MNIST Database of Handwritten Digits. The IDX file format.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from studykit.datasets.digits import LabelledImages
from studykit.errors import ConfigError

__all__ = ["FASHION_MNIST_CLASSES", "fashion_mnist"]

FASHION_MNIST_CLASSES = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
"""What the labels 0 to 9 mean."""

_DEBIAN = Path("/usr/share/datasets/fashion-mnist")
_MEND = (
    "apt-get install dataset-fashion-mnist (Debian, Ubuntu), or give as the path a folder with the "
    "four files of https://github.com/zalandoresearch/fashion-mnist, packed (.gz) or not"
)


def fashion_mnist(split: Literal["train", "test"], path: Path | None = None) -> LabelledImages:
    """Load one part of Fashion-MNIST.

    The 256 grey levels 0..255 are scaled to [-1, 1] linearly, as in Ho et al. (2020), section 3.3.

    Args:
        split: `"train"`: 60,000 images to train on; `"test"`: the 10,000 others.
        path: The folder with the files, packed (`.gz`) or not; by default where the package
            `dataset-fashion-mnist` of Debian and Ubuntu puts them.

    Returns:
        The images, shape `(N, 1, 28, 28)`, and their classes, in the order of the files.

    Raises:
        ConfigError: If a file is missing or is not what it should be.
        ValueError: If there is no such part.

    Examples:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> images = bytes.fromhex("00000803 00000002 0000001c 0000001c") + bytes(2 * 784)
        >>> _ = (folder / "t10k-images-idx3-ubyte").write_bytes(images)
        >>> labels = bytes.fromhex("00000801 00000002") + bytes([3, 9])
        >>> _ = (folder / "t10k-labels-idx1-ubyte").write_bytes(labels)
        >>> images, labels = fashion_mnist("test", folder)
        >>> images.shape, images.unique(), labels
        (torch.Size([2, 1, 28, 28]), tensor([-1.]), tensor([3, 9]))
    """
    if split not in ("train", "test"):
        raise ValueError(f"Fashion-MNIST has the parts 'train' and 'test', not {split!r}")
    folder = _DEBIAN if path is None else path
    prefix = "train" if split == "train" else "t10k"
    images = _read_idx(folder, f"{prefix}-images-idx3-ubyte", (28, 28))
    labels = _read_idx(folder, f"{prefix}-labels-idx1-ubyte", ())
    if len(images) != len(labels):
        raise ConfigError(
            f"{len(images)} {split} images, but {len(labels)} labels", file=str(folder), mend=_MEND
        )
    if labels.max() >= len(FASHION_MNIST_CLASSES):
        raise ConfigError(
            f"a {split} label is {labels.max()}, expected 0 to 9", file=str(folder), mend=_MEND
        )
    return LabelledImages(images[:, None] / 127.5 - 1, labels.long())


def _read_idx(folder: Path, name: str, shape: tuple[int, ...]) -> Tensor:
    """Read the bytes of a file, packed or not, whose examples have a shape: `(N, *shape)`."""
    packed, plain = folder / f"{name}.gz", folder / name
    file = plain if plain.exists() else packed
    try:
        with file.open("rb") if file == plain else gzip.open(file) as stream:
            magic, *lengths = struct.unpack(f">{2 + len(shape)}I", stream.read(8 + 4 * len(shape)))
            expected = 0x800 + 1 + len(shape)
            if magic != expected or tuple(lengths[1:]) != shape or lengths[0] == 0:
                raise ConfigError(
                    f"starts with {magic:#x} and the lengths {lengths}, "
                    f"expected {expected:#x} and {['N', *shape]}",
                    file=str(file),
                    mend=_MEND,
                )
            size = torch.Size(lengths).numel()
            data = bytearray(stream.read(size + 1))
    except FileNotFoundError as error:
        raise ConfigError(f"has no {name} or {name}.gz", file=str(folder), mend=_MEND) from error
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise ConfigError(f"cannot be read: {error}", file=str(file), mend=_MEND) from error
    if len(data) != size:
        kind = "less" if len(data) < size else "more"
        raise ConfigError(
            f"holds {kind} than the {size} bytes that it says", file=str(file), mend=_MEND
        )
    return torch.frombuffer(data, dtype=torch.uint8).reshape(lengths)
