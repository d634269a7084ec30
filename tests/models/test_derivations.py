"""What the write-ups derive on paper holds in numbers that come another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from studykit.diffusion import DDPM, linear_schedule
from studykit.diffusion.bounds import gaussian_kl
from studykit.diffusion.schedules import Schedule

X_0 = 0.7
BETA = (0.3, 0.5, 0.6)
STEPS = len(BETA)
# An arbitrary reverse process: x_{t-1} ~ N(slope x_t + shift, variance).
REVERSE = {1: (0.9, 0.1, 0.2), 2: (0.6, -0.2, 0.5), 3: (0.4, 0.3, 0.7)}


def log_density(x, mean, variance):
    return -((x - mean) ** 2) / (2 * variance) - math.log(2 * math.pi * variance) / 2


def bound_of_eq_3() -> float:
    """E_q[-log p(x_{0:T}) + log q(x_{1:T} | x_0)], summed over a grid of all paths."""
    points, weights = np.polynomial.hermite_e.hermegauss(12)  # exact for what is quadratic
    weights = weights / weights.sum()
    total = 0.0
    for index in np.ndindex(*(len(points),) * STEPS):
        path, log_q = [X_0], 0.0
        for t, i in enumerate(index, start=1):
            mean, beta = math.sqrt(1 - BETA[t - 1]) * path[-1], BETA[t - 1]
            path.append(mean + math.sqrt(beta) * points[i])
            log_q += log_density(path[-1], mean, beta)
        log_p = log_density(path[STEPS], 0.0, 1.0)
        for t, (slope, shift, variance) in REVERSE.items():
            log_p += log_density(path[t - 1], slope * path[t] + shift, variance)
        total += math.prod(weights[list(index)]) * (log_q - log_p)
    return total


def bound_of_eq_5() -> float:
    """L_T, the comparisons of single steps, and L_0, by the package's posterior and divergence."""
    schedule = Schedule(list(BETA))
    ddpm = DDPM(lambda x, t: 0 * x, schedule)
    points, weights = np.polynomial.hermite_e.hermegauss(12)
    weights = torch.tensor(weights / weights.sum())
    z, x_0 = torch.tensor(points)[:, None], torch.full((12, 1), X_0, dtype=torch.float64)
    one = torch.ones(1, 1, dtype=torch.float64)
    left, added = schedule.alpha_bar[STEPS], 1 - schedule.alpha_bar[STEPS]
    total = gaussian_kl(left.sqrt() * X_0 * one, added * one, 0 * one, one).item()
    for t, (slope, shift, variance) in REVERSE.items():
        x_t = ddpm.q_sample(x_0, torch.full((12,), t), z)
        if t == 1:
            term = -log_density(x_0, slope * x_t + shift, variance)[:, 0]
        else:
            mean, beta_tilde = ddpm.q_posterior(x_0, x_t, torch.full((12,), t))
            term = gaussian_kl(mean, beta_tilde, slope * x_t + shift, 0 * x_t + variance)
        total += (weights * term).sum().item()
    return total


def test_the_bound_is_the_sum_of_its_three_parts():
    """Ho et al. (2020), Eqs. 3 and 5: the sum over whole paths and the sum of L_T, L_t and L_0."""
    assert bound_of_eq_3() == pytest.approx(bound_of_eq_5(), abs=1e-6)


@pytest.mark.parametrize(("spread", "best"), [(1.0, "beta"), (0.0, "beta_tilde")])
def test_each_fixed_variance_is_best_for_its_data(spread, best):
    """Ho et al. (2020), section 3.2: beta for data N(0, I), beta_tilde for data that are a point.

    The divergence is least where the variance is that of x_{t-1} given x_t alone: beta_tilde, and
    what not knowing x_0 adds to the mean of Eq. 7.
    """
    schedule = linear_schedule()
    for t in (2, 10, 100, 1000):
        step, one = torch.tensor([t]), torch.ones(1, 1, dtype=torch.float64)
        ddpm = DDPM(lambda x, t: 0 * x, schedule)
        mean, beta_tilde = ddpm.q_posterior(one, 0 * one, step)  # its coefficient of x_0
        kept, added = schedule.alpha_bar[t], 1 - schedule.alpha_bar[t]
        unknown = spread**2 * added / (spread**2 * kept + added)  # the variance of x_0 given x_t
        least = beta_tilde + mean**2 * unknown
        fixed = DDPM(lambda x, t: 0 * x, schedule, variance=best).p_mean_variance(one, step)[1]
        assert least.item() == pytest.approx(fixed.item(), rel=1e-6)
