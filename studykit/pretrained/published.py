"""What every layout is read into, and how published names are matched with ours.

A network of ours and the one that the weights were published for are the same function with other
names for its parts. Names are matched layer by layer; what is left over on either side is an error,
because a network with one random layer still makes images, only bad ones.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from studykit.diffusion.model import Diffusion
from studykit.diffusion.samplers import ancestral
from studykit.errors import ConfigError
from studykit.networks.layers import ResidualBlock, SelfAttention

__all__ = ["Names", "Pretrained", "fill", "match", "read_pickle"]

Names = dict[str, tuple[str, ...]]
"""Our weights' names with the published ones; several where ours holds them one after another."""


@dataclass(frozen=True)
class Pretrained:
    """A network with weights, and the model that it is part of.

    Attributes:
        name: What the user called it.
        network: The network in evaluation mode. Its arguments are its own: see `UNet` and `NCSNpp`.
        model: The model, for the samplers; its data are in [-1, 1], whatever the network's.
        shape: The shape of one example, `(C, H, W)` of an image.
        steps: The steps that samples are drawn in by default: as many as it was trained with.

    Examples:
        >>> from studykit.diffusion import DDPM, linear_schedule
        >>> from studykit.networks import UNet, UNetConfig
        >>> network, chain = UNet(UNetConfig(channels=8)).eval(), linear_schedule(T=2, beta_T=0.9)
        >>> trained = Pretrained("mine", network, DDPM(network, chain), (1, 8, 8), steps=2)
        >>> trained.sample(3).shape
        torch.Size([3, 1, 8, 8])
    """

    name: str
    network: nn.Module
    model: Diffusion
    shape: tuple[int, ...]
    steps: int

    def sample(
        self,
        n: int,
        seed: int = 0,
        *,
        sampler: Callable[..., Tensor] = ancestral,
        steps: int | None = None,
        **options: Any,
    ) -> Tensor:
        """Draw examples.

        Args:
            n: How many.
            seed: The same seed gives the same examples.
            sampler: One of `studykit.diffusion.samplers`.
            steps: The sampler's steps; by default those of the training.
            options: What else the sampler takes, such as `progress=True`.

        Returns:
            Pixels around [-1, 1], not clipped, shape `(n, C, H, W)`.
        """
        options = {"device": next(self.network.parameters()).device, **options}
        steps = self.steps if steps is None else steps
        return sampler(self.model, (n, *self.shape), steps, seed=seed, **options)


def match(ours: str, layer: nn.Module, theirs: str, parts: Mapping[str, tuple[str, ...]]) -> Names:
    """Match the names of a layer's weights.

    Args:
        ours: The layer's name in our network.
        layer: The layer: a `ResidualBlock`, a `SelfAttention`, or one that holds its weights
            itself.
        theirs: Its published name.
        parts: The published names of a block's parts, by role.

    Returns:
        The names of all of the layer's weights.

    Examples:
        >>> match("first", nn.Conv2d(1, 1, 1), "conv_in", {})
        {'first.weight': ('conv_in.weight',), 'first.bias': ('conv_in.bias',)}
    """
    if isinstance(layer, ResidualBlock):
        roles = {
            "norm1": "before.0",
            "conv1": f"before.{len(layer.before) - 1}",
            "time": "time.1",
            "norm2": "after.0",
            "conv2": "after.3",
        }
        if isinstance(layer.shortcut, nn.Sequential):
            roles["shortcut"] = "shortcut.1"
        elif isinstance(layer.shortcut, nn.Conv2d):
            roles["shortcut"] = "shortcut"
    elif isinstance(layer, SelfAttention):
        roles = {"norm": "norm", "qkv": "qkv", "out": "out"}
    else:
        return {f"{ours}.{kind}": (f"{theirs}.{kind}",) for kind in ("weight", "bias")}

    names: Names = {}
    for role, inner in roles.items():
        for kind in ("weight", "bias"):
            # score_sde's layers "NIN" call them otherwise.
            names[f"{ours}.{inner}.{kind}"] = tuple(
                f"{theirs}.{part}.{kind[0].upper() if kind == 'weight' else 'b'}"
                if part.startswith("NIN")
                else f"{theirs}.{part}.{kind}"
                for part in parts[role]
            )
    return names


def fill(network: nn.Module, names: Names, tensors: Mapping[str, Tensor], file: Path) -> None:
    """Put published weights into a network, all of them or none.

    Args:
        network: The network.
        names: Our names with the published ones.
        tensors: The published weights.
        file: Where they came from, for errors.

    Raises:
        ConfigError: If a weight is missing, left over, or of another shape.

    Examples:
        >>> layer = nn.Linear(1, 1)
        >>> tensors = {"w": torch.ones(1, 1), "b": torch.zeros(1)}
        >>> fill(layer, {"weight": ("w",), "bias": ("b",)}, tensors, Path("a.bin"))
        >>> layer(torch.tensor([3.0])).item()
        3.0
    """
    own = network.state_dict()
    wanted = {theirs for group in names.values() for theirs in group}
    missing = [name for name in sorted(wanted) if name not in tensors]
    left_over = [name for name in sorted(tensors) if name not in wanted]
    filled, misshapen = {}, []
    for ours, group in names.items():
        if all(name in tensors for name in group):
            parts = [_as_ours(name, tensors[name], own[ours].ndim) for name in group]
            whole = tuple(own[ours].shape)
            shape = (whole[0] // len(parts), *whole[1:])
            misshapen += [
                f"{name} is {tuple(tensors[name].shape)}, expected {shape}"
                for name, part in zip(group, parts, strict=True)
                if tuple(part.shape) != shape
            ]
            filled[ours] = parts
    complaints = [
        f"{len(found)} {what}: {', '.join(found[:5])}{' and more' if len(found) > 5 else ''}"
        for what, found in (
            ("missing", missing),
            ("left over", left_over),
            ("of another shape", misshapen),
        )
        if found
    ]
    if complaints:
        raise ConfigError(
            f"the weights do not fit the network; {'; '.join(complaints)}",
            file=str(file),
            mend="give weights and a configuration that belong together",
        )
    network.load_state_dict({ours: torch.cat(parts) for ours, parts in filled.items()})
    network.eval()


def read_pickle(file: Path) -> Any:
    """Read the tensors of a pickled file, and nothing that could run code.

    Args:
        file: The file.

    Returns:
        What it holds.

    Raises:
        ConfigError: If it cannot be read, or holds other things than tensors and plain data.

    Examples:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "weights.bin"
        >>> torch.save({"w": torch.ones(1)}, file)
        >>> read_pickle(file)
        {'w': tensor([1.])}
    """
    try:
        return torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ConfigError(
            "holds more than tensors and plain data, which may run code when it is read",
            file=str(file),
            mend="save its state_dict() alone, if you trust where it came from",
        ) from error
    except (OSError, EOFError, RuntimeError, ValueError) as error:
        raise ConfigError(
            f"no checkpoint of PyTorch: {error}", file=str(file), mend="download it again"
        ) from error


def _as_ours(name: str, tensor: Tensor, ndim: int) -> Tensor:
    """Give a matrix between channels the form of a 1 x 1 convolution, whose weights ours are."""
    if name.endswith(".W") and tensor.ndim == 2:
        tensor = tensor.T  # "NIN" multiplies from the other side.
    return tensor[..., None, None] if (tensor.ndim, ndim) == (2, 4) else tensor
