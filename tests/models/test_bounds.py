"""The variational bound against exact likelihoods of data that can be listed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

from studykit.diffusion import (
    DDPM,
    bound_term,
    cosine_schedule,
    discretized_log_likelihood,
    gaussian_kl,
    linear_schedule,
    variational_bound,
)

# --- the terms ------------------------------------------------------------------------------------


def test_the_divergence_of_gaussians_is_torchs():
    mean_1, mean_2 = torch.randn(5, 3, dtype=torch.float64), torch.randn(5, 3, dtype=torch.float64)
    var_1 = torch.rand(5, 3, dtype=torch.float64) + 0.1
    var_2 = torch.rand(5, 1, dtype=torch.float64) + 0.1
    normal = torch.distributions.Normal
    expected = torch.distributions.kl_divergence(
        normal(mean_1, var_1.sqrt()), normal(mean_2, var_2.sqrt())
    ).sum(dim=1)
    torch.testing.assert_close(gaussian_kl(mean_1, var_1, mean_2, var_2), expected)


@pytest.mark.parametrize("levels", [2, 17, 256])
@pytest.mark.parametrize("mean", [-3.0, -1.0, 0.123, 0.99, 1.2])
@pytest.mark.parametrize("cdf", ["exact", "tanh"])
def test_the_probabilities_of_all_levels_sum_to_1(levels, mean, cdf):
    """Checks: Ho et al. (2020), Eq. 13."""
    # The darkest and the brightest level take the tails: without them the sum is below 1.
    x = torch.linspace(-1, 1, levels, dtype=torch.float64)[:, None]
    variance = torch.full_like(x, 0.3**2)
    log_p = discretized_log_likelihood(x, torch.full_like(x, mean), variance, levels, cdf)
    assert log_p.exp().sum().item() == pytest.approx(1, abs=1e-9)
    assert (log_p <= 0).all()


def test_a_levels_probability_is_the_integral_over_its_bin():
    """Checks: Ho et al. (2020), Eq. 13."""
    from scipy.stats import norm

    x = torch.linspace(-1, 1, 256, dtype=torch.float64)[:, None]
    log_p = discretized_log_likelihood(x, 0 * x + 0.2, 0 * x + 0.01, 256).flatten()
    edges = (np.arange(257) - 0.5) / 127.5 - 1
    cdf = norm(0.2, 0.1).cdf(edges)
    cdf[0], cdf[-1] = 0, 1
    inside = slice(60, 190)  # further up scipy subtracts two numbers near 1
    np.testing.assert_allclose(log_p.exp().numpy()[inside], np.diff(cdf)[inside], rtol=1e-9)
    # Far out the difference of two numbers near 1 is 0, and its logarithm infinite; not ours.
    assert log_p.isfinite().all()


def test_the_exact_decoder_keeps_far_probabilities_and_the_papers_cuts_them():
    x, mean = torch.tensor([[0.9, -0.9]]), torch.tensor([[-0.9, 0.9]])
    exact = discretized_log_likelihood(x, mean, torch.full_like(x, 1e-3), 256)
    tanh = discretized_log_likelihood(x, mean, torch.full_like(x, 1e-3), 256, "tanh")
    # Both distances are 1.8 / sqrt(1e-3) = 57 standard deviations.
    assert exact.flatten().tolist() == pytest.approx([-1620, -1620], rel=0.01)
    torch.testing.assert_close(tanh, torch.full_like(x, math.log(1e-12)))


def test_the_tanh_is_close_to_the_normal_distribution_where_that_matters():
    x = torch.linspace(-1, 1, 17)[:, None]
    exact = discretized_log_likelihood(x, 0 * x, 0 * x + 0.2, 17)
    tanh = discretized_log_likelihood(x, 0 * x, 0 * x + 0.2, 17, "tanh")
    assert (exact - tanh).abs().max() < 0.01
    assert not torch.equal(exact, tanh)


def test_a_term_is_the_weighted_error_of_the_noise():
    """Checks: Ho et al. (2020), Eq. 12."""
    # Ho et al., Eq. 12: the same number by the squared error of eps.
    schedule, t = linear_schedule(), torch.tensor([2, 40, 700, 1000])
    x_0, eps = torch.randn(4, 6, dtype=torch.float64), torch.randn(4, 6, dtype=torch.float64)
    ddpm = DDPM(lambda x_t, t: torch.tanh(x_t), schedule, variance="beta_tilde")
    x_t = ddpm.q_sample(x_0, t, eps)
    term = bound_term(ddpm, x_0, x_t, t, *ddpm.p_mean_variance(x_t, t))

    beta, alpha, a = schedule.beta[t], schedule.alpha[t], schedule.alpha_bar[t]
    sigma2 = (1 - schedule.alpha_bar[t - 1]) / (1 - a) * beta
    weight = beta**2 / (2 * sigma2 * alpha * (1 - a))
    error = (eps - torch.tanh(x_t)).square().sum(dim=1)
    torch.testing.assert_close(term, weight * error)


# --- the whole ------------------------------------------------------------------------------------


class Dice:
    """Data that can be listed: pairs of grey levels with given probabilities."""

    def __init__(self, levels=5):
        rng = np.random.default_rng(0)
        grid = np.linspace(-1, 1, levels)
        self.levels = levels
        self.points = torch.tensor(list(itertools.product(grid, grid)))  # (K, 2)
        self.p = torch.from_numpy(rng.dirichlet(np.full(levels**2, 0.5)))

    def ddpm(self, schedule, variance="beta_tilde"):
        """The perfect network, E[eps | x_t], by Bayes' rule over the list."""

        def exact(x_t, t):
            a = schedule.alpha_bar[t][:, None]
            distance = (x_t[:, None] - a.sqrt()[..., None] * self.points).square().sum(dim=2)
            weight = (self.p.log() - distance / (2 * (1 - a))).softmax(dim=1)
            return (x_t - a.sqrt() * (weight @ self.points)) / (1 - a).sqrt()

        return DDPM(exact, schedule, variance=variance)

    def draw(self, n):
        generator = torch.Generator().manual_seed(0)
        index = torch.multinomial(self.p, n, replacement=True, generator=generator)
        return self.points[index], -self.p[index].log2() / 2


def test_with_the_perfect_network_the_bound_meets_the_likelihood_as_T_grows():
    dice = Dice()
    x_0, exact = dice.draw(400)
    gaps, errors = [], []
    for T in (64, 256, 700):
        bound = variational_bound(dice.ddpm(cosine_schedule(T)), x_0, levels=dice.levels)
        gap = bound.total - exact
        gaps.append(gap.mean().item())
        errors.append(gap.std().item() / math.sqrt(len(x_0)))
    # The bound stays above and comes down as 1 / T.
    assert all(gap > -3 * error for gap, error in zip(gaps, errors, strict=True)), (gaps, errors)
    assert gaps[0] > 2.5 * gaps[1] > 4 * gaps[2], (gaps, errors)
    assert 700 * gaps[2] == pytest.approx(256 * gaps[1], abs=3 * 700 * errors[2])


def test_the_bound_counts_what_the_prior_does_not_know():
    # A chain that leaves half of the data in x_T: L_T is the divergence from N(0, I).
    schedule = linear_schedule(T=10, beta_T=0.13)
    a = schedule.alpha_bar[10].item()
    assert a == pytest.approx(0.5, abs=0.03)
    dice = Dice()
    x_0, exact = dice.draw(3000)
    bound = variational_bound(dice.ddpm(schedule), x_0, levels=dice.levels)
    square = x_0.square().sum(dim=1)
    by_hand = 0.5 * (a * square + 2 * (1 - a) - 2 - 2 * math.log(1 - a)) / (2 * math.log(2))
    torch.testing.assert_close(bound.L_T, by_hand)
    assert bound.L_T.mean() > 0.05
    torch.testing.assert_close(bound.total, bound.L_T + bound.L.sum(dim=1))
    assert bound.total.mean() > exact.mean()


def test_a_few_steps_estimate_the_sum_without_bias():
    dice = Dice()
    x_0, _ = dice.draw(4000)
    ddpm = dice.ddpm(cosine_schedule(50))
    whole = variational_bound(ddpm, x_0, levels=dice.levels)
    few = variational_bound(ddpm, x_0, levels=dice.levels, steps=10, seed=1)
    assert (~few.L.isnan()).sum(dim=1).tolist() == [10] * 4000
    assert few.total.mean().item() == pytest.approx(
        whole.total.mean().item(), abs=4 * math.hypot(few.std_error, whole.std_error)
    )
    assert few.std_error > whole.std_error
    with pytest.raises(ValueError, match=r"1\.\.50"):
        variational_bound(ddpm, x_0, steps=51)


def test_the_bound_of_the_large_variance_is_worse_for_narrow_data():
    dice = Dice()
    x_0, _ = dice.draw(1000)
    chain = cosine_schedule(64)
    small = variational_bound(dice.ddpm(chain), x_0, levels=dice.levels).total.mean()
    large = variational_bound(dice.ddpm(chain, "beta"), x_0, levels=dice.levels).total.mean()
    assert large > small + 0.1
