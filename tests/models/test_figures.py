"""The stills and data of docs/figures are what `python -m studykit.figures` writes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from studykit.autoencoders import latent_figure
from studykit.figures import beta_schedule, model_in_page, score_field
from studykit.figures.__main__ import main
from studykit.pretrained import load

FIGURES = (beta_schedule, latent_figure, score_field)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    for figure in FIGURES:
        figure.write(folder)
    model_in_page.still().save(folder / f"{model_in_page.NAME}.png")
    return folder


@pytest.fixture
def committed(root: Path) -> Path:
    return root / "docs" / "figures"


def same_network(path: Path) -> None:
    """Checks the file's outputs against the checkpoint's, over all of the chain."""
    network = load(model_in_page.MODEL).network
    session = onnxruntime.InferenceSession(path)
    x = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    for t in (1, 2, 137, 500, 1000):
        (v,) = session.run(None, {"x_t": x.numpy(), "t": np.array([t], dtype=np.float32)})
        with torch.no_grad():
            expected = network(x, torch.tensor([t]))
        assert torch.allclose(torch.from_numpy(v), expected, rtol=0, atol=1e-4)


def test_the_data_are_the_committed_ones(committed: Path, written: Path) -> None:
    for path in written.glob("*.json"):
        assert path.read_bytes() == (committed / path.name).read_bytes()
    model = (committed / f"{model_in_page.NAME}.json").read_text("utf-8")
    assert json.loads(model) == model_in_page.settings()


def test_the_stills_show_the_same(committed: Path, written: Path) -> None:
    stills = {path.name for path in written.glob("*.png")}
    assert stills == {path.name for path in committed.glob("*.png")}
    for name in stills:
        new, old = (
            np.asarray(Image.open(folder / name).convert("L"), dtype=float)
            for folder in (written, committed)
        )
        assert new.shape == old.shape
        # Another processor rounds a line's edge differently, but moves none.
        assert np.abs(new - old).mean() < 2


def test_the_network_in_the_page_is_the_checkpoint_s(committed: Path) -> None:
    path = committed / f"{model_in_page.NAME}.onnx"
    assert path.stat().st_size < 3_300_000  # in half precision
    same_network(path)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*LeafSpec:FutureWarning")  # torch's own
def test_the_command_s_export_gives_the_same_network(tmp_path: Path) -> None:
    main([str(tmp_path)], standalone_mode=False)
    same_network(tmp_path / f"{model_in_page.NAME}.onnx")
