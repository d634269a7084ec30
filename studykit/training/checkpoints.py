"""Checkpoints: tensors in a safetensors file, the configuration that made them in its metadata.

A safetensors file holds numbers and text only. Reading one runs no code, so a checkpoint from a
stranger is safe to open; a pickled one (`.pt`, `.ckpt`) is not, and is refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from studykit.errors import ConfigError

__all__ = ["Checkpoint", "load_checkpoint", "save_checkpoint"]


class Checkpoint(NamedTuple):
    """What a checkpoint holds.

    Attributes:
        tensors: The weights by name.
        config: What is needed to build the network again, and how it was trained; plain data.
    """

    tensors: dict[str, Tensor]
    config: dict[str, Any]


def save_checkpoint(path: Path, tensors: Mapping[str, Tensor], config: Mapping[str, Any]) -> None:
    """Write a checkpoint whole or not at all.

    The file appears under its name only when it is complete; an older one of that name stays until
    then. The same tensors and configuration give the same bytes.

    Args:
        path: The file to write, usually `*.safetensors`; its folder is made.
        tensors: The weights by name, on any device.
        config: Plain data (what JSON can hold).

    Raises:
        OSError: If the folder cannot be written.

    Examples:
        >>> import tempfile, torch
        >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
        >>> save_checkpoint(path, {"weight": torch.ones(2)}, {"steps": 10})
        >>> load_checkpoint(path)
        Checkpoint(tensors={'weight': tensor([1., 1.])}, config={'steps': 10})
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        save_file(
            {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()},
            unfinished,
            # One key only: safetensors writes several in random order.
            metadata={"studykit": json.dumps(config, sort_keys=True)},
        )
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Args:
        path: A file that `save_checkpoint` wrote.

    Returns:
        Its tensors, on the CPU, and its configuration.

    Raises:
        ConfigError: If there is no such file, or it is no checkpoint of studykit.

    Examples:
        >>> import tempfile, torch
        >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
        >>> save_checkpoint(path, {"weight": torch.ones(2)}, {"steps": 10})
        >>> load_checkpoint(path).config
        {'steps': 10}
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return Checkpoint(tensors, json.loads(metadata["studykit"]))
    except (OSError, SafetensorError) as error:
        raise ConfigError(
            f"no safetensors file: {error}",
            file=str(path),
            mend="give the .safetensors file that `studykit train` wrote",
        ) from error
    except (KeyError, json.JSONDecodeError) as error:
        raise ConfigError(
            "a safetensors file without studykit's configuration in its metadata",
            file=str(path),
            mend="give the .safetensors file that `studykit train` wrote",
        ) from error
