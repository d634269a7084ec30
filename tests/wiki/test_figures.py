"""Pages place figures by name, and keep their stills wherever no script runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.errors import ConfigError
from studykit.wiki.figures import check_figures, figure_files, figure_names
from studykit.wiki.twins import twin

PLACED = '# 구름\n\n글이다.\n\n![곡선]({still}){{ data-figure="{name}" }}\n'


def page(docs: Path, name: str) -> None:
    (docs / "talks").mkdir(parents=True)
    text = PLACED.format(still="clouds.png", name=name)
    (docs / "talks" / "clouds.md").write_text(text, "utf-8")


@pytest.mark.parametrize("name", figure_names())
def test_a_figure_that_there_is_may_be_placed(tmp_path: Path, name: str) -> None:
    page(tmp_path / "docs", name)
    check_figures(tmp_path / "docs")


def test_a_misspelt_figure_is_refused_with_its_place(tmp_path: Path) -> None:
    page(tmp_path / "docs", "beta-shedule")
    with pytest.raises(ConfigError) as refused:
        check_figures(tmp_path / "docs")
    error = refused.value
    assert (error.file, error.line) == ("docs/talks/clouds.md", 5)
    assert error.mend is not None
    assert error.mend.startswith("did you mean beta-schedule?")


def test_what_is_shown_as_code_places_nothing(tmp_path: Path) -> None:
    text = PLACED.format(still="clouds.png", name="no-such-figure")
    (tmp_path / "writing.md").write_text(f"# 쓰기\n\n```markdown\n{text}```\n", "utf-8")
    check_figures(tmp_path)


def test_every_figure_s_script_is_served() -> None:
    assert {f"figures/{name}.js" for name in figure_names()} <= {path for path, _ in figure_files()}


def test_the_twin_has_the_still() -> None:
    html = (
        '<p><img alt="곡선" data-figure="beta-schedule" src="../../figures/beta-schedule.png"></p>'
    )
    assert twin(html) == "![곡선](../../figures/beta-schedule.png)\n"
