"""The pages that the tests visit."""

from __future__ import annotations

from pathlib import Path

NOTEBOOKS = tuple(
    f"notebooks/{path.stem}/"
    for path in sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))
)

PAGES = (
    "",
    "meetings/",
    "meetings/w01/",
    "meetings/w01/raw/",
    "questions/",
    "questions/w01-q1/",
    "links/",
    "talks/",
    "tasks/",
    "people/",
    "people/inseo/",
    "catch-up/",
    "terms/",
    "terms/ddpm/",
    "map/",
    "notebooks/",
    *NOTEBOOKS,
    "checks/",
    "api/",
    "api/diffusion/",
    "equations/",
    "equations/ho-2020/",
    "api/source/",
    "api/source/studykit.diffusion.schedules/",
)
"""A page of each kind in the project's own wiki."""

ARCHIVE_PAGES = (
    "",
    "meetings/w02/",
    "meetings/w02/raw/",
    "questions/",
    "links/",
    "talks/clouds/",
    "notebooks/clouds/",
)
"""Pages of the invented archive with many rows, or something wide."""
