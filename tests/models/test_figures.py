"""The stills and data of docs/figures are what `python -m studykit.figures` writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from studykit.figures.__main__ import main


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    done = CliRunner().invoke(main, [str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def test_it_writes_every_file_that_is_committed(root: Path, written: Path) -> None:
    committed = {path.name for path in (root / "docs" / "figures").iterdir()}
    assert {path.name for path in written.iterdir()} == committed


def test_the_data_are_the_committed_ones(root: Path, written: Path) -> None:
    for path in written.glob("*.json"):
        assert path.read_bytes() == (root / "docs" / "figures" / path.name).read_bytes()


def test_the_stills_show_the_same(root: Path, written: Path) -> None:
    for path in written.glob("*.png"):
        new, old = (
            np.asarray(Image.open(each).convert("L"), dtype=float)
            for each in (path, root / "docs" / "figures" / path.name)
        )
        assert new.shape == old.shape
        # Another processor rounds a line's edge differently, but moves none.
        assert np.abs(new - old).mean() < 2
