"""Noise schedules against numbers computed another way."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from studykit.diffusion import Schedule, linear_schedule


def test_the_papers_schedule_equals_numpy_in_double_precision():
    beta = np.linspace(1e-4, 0.02, 1000, dtype=np.float64)
    schedule = linear_schedule()

    assert schedule.T == 1000
    assert schedule.beta.dtype == schedule.alpha_bar.dtype == torch.float64
    np.testing.assert_allclose(schedule.beta[1:].numpy(), beta, rtol=1e-14)
    np.testing.assert_allclose(schedule.alpha_bar[1:].numpy(), np.cumprod(1 - beta), rtol=1e-12)
    # What is left of the data's variance after the last step.
    assert schedule.alpha_bar[1000].item() == pytest.approx(4.0358e-05, rel=1e-4)


def test_position_0_is_the_clean_data():
    schedule = linear_schedule(T=10)

    assert len(schedule.beta) == len(schedule.alpha) == len(schedule.alpha_bar) == 11
    assert (schedule.beta[0], schedule.alpha[0], schedule.alpha_bar[0]) == (0, 1, 1)
    assert schedule.alpha_bar[1] == 1 - schedule.beta[1] == 1 - 1e-4


def test_alpha_bar_is_the_product_up_to_its_own_step():
    """Checks: Ho et al. (2020), Eq. 4."""
    schedule = Schedule([0.1, 0.2, 0.3])

    expected = [1, 0.9, 0.9 * 0.8, 0.9 * 0.8 * 0.7]
    assert schedule.alpha_bar.tolist() == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("beta", [[], [0.0], [0.5, 1.0], [-0.1], [[0.1]], [float("nan")]])
def test_an_impossible_schedule_is_refused(beta):
    with pytest.raises(ValueError, match=r"values in \(0, 1\)"):
        Schedule(beta)
