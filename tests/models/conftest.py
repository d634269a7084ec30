"""What the tests of the models share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from studykit.training import cpu_threads


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Compute on one thread: on a busy machine two wait for each other, fifty times as long."""
    with cpu_threads(1):
        yield
