"""The tutorial shows what its own commands and code make."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.project.tutorial_pictures import IMAGES, PAGE, make_pictures


@pytest.mark.slow
def test_the_tutorials_pictures_are_what_its_code_makes(tmp_path: Path) -> None:
    names = make_pictures(tmp_path)
    assert sorted(names) == sorted(path.name for path in IMAGES.glob("tutorial-*.png"))
    assert all(f"../images/{name}" in PAGE.read_text("utf-8") for name in names)
    for name in names:
        shown, made = (
            np.asarray(Image.open(folder / name), float) for folder in (IMAGES, tmp_path)
        )
        assert shown.shape == made.shape
        # Not to the bit: processors round differently, and a long walk carries that on.
        assert np.abs(shown - made).mean() < 4
