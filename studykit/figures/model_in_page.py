"""The model that runs in the page: a shipped DDPM as an ONNX file, and what its samples look like.

The weights are stored in half precision, as in the checkpoint, and are cast back by the first nodes
of the graph, so that the file is half as large and the results are those of the checkpoint.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from torch import Tensor

from studykit.diffusion.ddpm import DDPM
from studykit.diffusion.samplers import ddim
from studykit.evaluation.grids import image_grid
from studykit.pretrained.loading import load

__all__ = [
    "COUNT",
    "MODEL",
    "NAME",
    "STEPS",
    "export_network",
    "samples",
    "settings",
    "still",
    "write",
]

NAME = "model-in-page"
MODEL = "ddpm-fashion-mnist"
"""The shipped weights."""

COUNT = 4
"""How many pictures a press draws."""

STEPS = 20
"""DDIM steps to begin with."""

_SMALL = 64  # Weights of no more elements stay as they are: a cast would cost more than it saves.


def samples(seed: int, steps: int = STEPS) -> Tensor:
    """What the page shows for a seed, as `studykit sample --sampler ddim` draws it.

    Args:
        seed: The seed.
        steps: DDIM steps.

    Returns:
        Pixels about in [-1, 1], shape `(COUNT, 1, 28, 28)`.
    """
    pretrained = load(MODEL)
    return ddim(pretrained.model, (COUNT, *pretrained.shape), steps, seed=seed)


def settings() -> dict[str, Any]:
    """What the page must know of the model.

    Examples:
        >>> settings()["T"], settings()["prediction"]
        (1000, 'v')
    """
    ddpm = load(MODEL).model
    assert isinstance(ddpm, DDPM)  # noqa: S101  (for the types)
    return {
        "model": MODEL,
        "count": COUNT,
        "steps": STEPS,
        "side": 28,
        "T": ddpm.schedule.T,
        "beta_1": ddpm.schedule.beta[1].item(),
        "beta_T": ddpm.schedule.beta[-1].item(),
        "prediction": ddpm.prediction,
    }


def still() -> Image.Image:
    """What the page shows for seed 0.

    Examples:
        >>> still().mode
        'L'
    """
    return image_grid(samples(seed=0), columns=COUNT)


def write(folder: Path) -> None:
    """Write the network, what the page must know of the model, and the still.

    Args:
        folder: Where they go, as `model-in-page.onnx`, `.json` and `.png`.
    """
    text = json.dumps(settings(), separators=(",", ":"))
    (folder / f"{NAME}.json").write_text(f"{text}\n", "utf-8", newline="\n")
    still().save(folder / f"{NAME}.png", optimize=True)
    export_network(folder / f"{NAME}.onnx")


def export_network(path: Path) -> None:
    """Write the shipped network as ONNX: `x_t` `(1, 1, 28, 28)` and `t` `(1,)` to `v`.

    Args:
        path: The file.
    """
    pretrained = load(MODEL)
    example = torch.zeros(1, *pretrained.shape), torch.ones(1)
    program = torch.onnx.export(
        pretrained.network.eval(),
        example,
        dynamo=True,
        verbose=False,
        input_names=["x_t", "t"],
        output_names=["v"],
    )
    assert program is not None  # noqa: S101  (for the types)
    graph = program.model_proto
    _halve(graph)
    _strip(graph)
    onnx.checker.check_model(graph)
    path.write_bytes(graph.SerializeToString(deterministic=True))


def _halve(model: onnx.ModelProto) -> None:
    casts = []
    for weight in model.graph.initializer:
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) <= _SMALL:
            continue
        whole = numpy_helper.to_array(weight)
        half = whole.astype(np.float16)
        if not np.array_equal(half.astype(np.float32), whole):  # no weight of the checkpoint
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _strip(model: onnx.ModelProto) -> None:
    """Leave out where each node came from: paths of this machine, and a third of the file."""
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    del model.graph.value_info[:]
    for node in model.graph.node:
        del node.metadata_props[:]
        node.ClearField("doc_string")
    for value in (*model.graph.input, *model.graph.output, *model.graph.initializer):
        del value.metadata_props[:]
