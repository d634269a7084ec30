"""Each notebook is a pair of a text and its outputs, and running the text gives these outputs."""

from __future__ import annotations

import base64
import io
import re
import shutil
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
from PIL import Image

from tests.notebooks.notebooks import FOLDER, MAKE, digest, is_pair, outputs, run, texts, write

ANSWERS = FOLDER.parent / "answers"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def stored(text: Path):
    return nbformat.read(text.with_suffix(".ipynb"), as_version=4)


@pytest.mark.parametrize("text", texts(), ids=lambda text: text.stem)
def test_a_notebook_has_the_cells_of_its_text_and_outputs_of_no_other(text):
    notebook = stored(text)
    nbformat.validate(notebook)
    assert is_pair(text, notebook), f"{text.name} was changed: run {MAKE} {text.stem}"
    assert notebook.metadata["studykit"]["outputs_of"] == digest(text), (
        f"the outputs are of another {text.name}: run {MAKE} {text.stem}"
    )
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))  # once, top to bottom
    assert not any(o.output_type == "error" for c in notebook.cells for o in c.get("outputs", ()))
    assert outputs(notebook)


@pytest.mark.parametrize(
    ("writeup", "notebook"),
    [
        ("ddpm", "ddpm-digits"),
        ("score", "score"),
        ("ddpm-and-score", "ddpm-and-score"),
        ("vae", "vae"),
    ],
)
def test_write_up_and_notebook_lead_to_each_other(writeup, notebook):
    said = (ANSWERS / f"{writeup}.md").read_text(encoding="utf-8")
    assert f"(../notebooks/{notebook}.ipynb)" in said
    text = (FOLDER / f"{notebook}.py").read_text(encoding="utf-8")
    assert f"(../answers/{writeup}.md)" in text
    assert "참고 글이며, 모임의 누가 쓴 것이 아닙니다" in text


@pytest.mark.slow
@pytest.mark.parametrize("text", texts(), ids=lambda text: text.stem)
def test_running_it_again_gives_the_outputs_that_are_there(text):
    then, now = outputs(stored(text)), outputs(run(text))
    assert [kind for kind, _ in then] == [kind for kind, _ in now]
    for (kind, old), (_, new) in zip(then, now, strict=True):
        if kind == "text":
            same_text(old, new)
        else:
            same_picture(old, new)


def same_text(old: str, new: str) -> None:
    """The same words, and numbers that training on another machine may move a little."""
    assert NUMBER.sub("0", old) == NUMBER.sub("0", new)
    old_numbers, new_numbers = (np.array(NUMBER.findall(each), dtype=float) for each in (old, new))
    np.testing.assert_allclose(new_numbers, old_numbers, rtol=0.1, atol=0.1)


def same_picture(old: str, new: str) -> None:
    """The same size, and much the same brightness."""
    pictures = [Image.open(io.BytesIO(base64.b64decode(each))).convert("L") for each in (old, new)]
    assert pictures[0].size == pictures[1].size
    before, after = (np.asarray(each, dtype=float) for each in pictures)
    assert np.abs(before - after).mean() < 12


# --- the check itself -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    text = tmp_path_factory.mktemp("notebooks") / "small.py"
    text.write_text(
        "# %% [markdown]\n# # 작은 것\n\n# %%\na = 1\nprint(a / 3)\n\n# %%\na + 1\n",
        encoding="utf-8",
    )
    write(text)
    return text


def test_a_pair_is_made_by_running_the_text(small):
    notebook = stored(small)
    assert is_pair(small, notebook)
    assert [(kind, said.strip()) for kind, said in outputs(notebook)] == [
        ("text", str(1 / 3)),
        ("text", "2"),
    ]


def test_a_change_of_prose_keeps_the_outputs(small, tmp_path):
    text = tmp_path / "small.py"
    shutil.copy(small.with_suffix(".ipynb"), tmp_path)
    text.write_text(small.read_text(encoding="utf-8").replace("작은 것", "큰 것"), "utf-8")
    notebook = stored(small)
    notebook.cells[1].outputs[0].text = "as it was\n"
    nbformat.write(notebook, text.with_suffix(".ipynb"))
    write(text)
    assert is_pair(text, stored(text))
    assert outputs(stored(text))[0] == ("text", "as it was\n")
    write(text, again=True)
    assert outputs(stored(text)) == outputs(stored(small))


def test_a_change_of_either_side_is_noticed(small, tmp_path):
    changed = tmp_path / "small.py"
    changed.write_text(small.read_text(encoding="utf-8").replace("a = 1", "a = 2"), "utf-8")
    assert not is_pair(changed, stored(small))
    assert digest(changed) != stored(small).metadata["studykit"]["outputs_of"]
    prose = tmp_path / "prose.py"
    prose.write_text(small.read_text(encoding="utf-8").replace("작은 것", "큰 것"), "utf-8")
    assert not is_pair(prose, stored(small))
    assert digest(prose) == digest(small)
    with pytest.raises(AssertionError):
        same_text("loss 0.5", "loss 0.9")
    with pytest.raises(AssertionError):
        same_text("loss 0.5", "los 0.5")
    white, black = (_png(level) for level in (255, 0))
    same_picture(white, white)
    with pytest.raises(AssertionError):
        same_picture(white, black)
    assert jupytext.read(small).cells[0].source == "# 작은 것"


def _png(level: int) -> str:
    drawn = io.BytesIO()
    Image.new("L", (4, 4), level).save(drawn, format="png")
    return base64.b64encode(drawn.getvalue()).decode("ascii")
