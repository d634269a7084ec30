"""Data sets: mixtures of Gaussians, Fashion-MNIST, toys, and their register."""

from __future__ import annotations

import math

import pytest
import torch
from scipy.stats import kstest, multivariate_normal

from studykit.datasets import GaussianMixture

# --- mixtures of Gaussians ------------------------------------------------------------------------

MEANS = [[-1.0, 2.0, 0.5], [1.5, 0.0, -0.5]]
VARIANCES = [[0.1, 0.5, 2.0], [0.3, 0.2, 1.0]]
WEIGHTS = [1.0, 3.0]  # scaled to 1/4 and 3/4
MIXTURE = GaussianMixture(MEANS, VARIANCES, WEIGHTS)
POINTS = torch.randn(20, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 2


def density(x, alpha=1.0, sigma=0.0):
    """The density by SciPy, at one point."""
    return sum(
        w
        * multivariate_normal(
            [alpha * m for m in mean], [alpha**2 * v + sigma**2 for v in var]
        ).pdf(x)
        for w, mean, var in zip([0.25, 0.75], MEANS, VARIANCES, strict=True)
    )


def test_the_density_is_scipys():
    for mixture, *change in ((MIXTURE,), (MIXTURE.diffused(0.6, 0.8), 0.6, 0.8)):
        expected = [math.log(density(x, *change)) for x in POINTS.numpy()]
        assert mixture.log_prob(POINTS).tolist() == pytest.approx(expected, rel=1e-12)


def test_the_score_is_the_densitys_gradient():
    for mixture in (MIXTURE, MIXTURE.diffused(0.6, 0.8)):
        x = POINTS.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(mixture.log_prob(x).sum(), x)
        torch.testing.assert_close(mixture.score(POINTS), gradient, rtol=1e-12, atol=1e-12)


def test_the_score_can_be_differentiated():
    # The divergence of a probability flow needs it.
    assert torch.autograd.gradcheck(MIXTURE.score, POINTS[:3].clone().requires_grad_())


def test_a_time_for_each_point_gives_each_its_own_mixture():
    alpha, sigma = torch.linspace(0.1, 1, 20), torch.linspace(2, 0, 20)
    each = MIXTURE.diffused(alpha, sigma)
    for i in range(20):
        one = MIXTURE.diffused(float(alpha[i]), float(sigma[i]))
        point = slice(i, i + 1)
        torch.testing.assert_close(each.log_prob(POINTS)[point], one.log_prob(POINTS[point]))
        torch.testing.assert_close(each.score(POINTS)[point], one.score(POINTS[point]))
        torch.testing.assert_close(each.mean[i], one.mean)
        torch.testing.assert_close(each.covariance[i], one.covariance)


def test_samples_have_the_moments_and_the_distribution():
    x = MIXTURE.sample(20_000, seed=3)
    assert x.dtype == torch.float64
    torch.testing.assert_close(x.mean(0), MIXTURE.mean, rtol=0, atol=0.04)
    torch.testing.assert_close(x.T.cov(), MIXTURE.covariance, rtol=0, atol=0.06)
    for d in range(3):
        marginal = GaussianMixture(MIXTURE.means[:, [d]], MIXTURE.variances[:, [d]], WEIGHTS)
        std = marginal.variances[:, 0].sqrt()

        def cdf(points, marginal=marginal, std=std):
            below = torch.distributions.Normal(marginal.means[:, 0], std).cdf(
                torch.as_tensor(points)[:, None]
            )
            return (below @ marginal.weights).numpy()

        assert kstest(x[:, d].numpy(), cdf).pvalue > 0.01


def test_diffused_samples_are_those_of_the_diffused_mixture():
    eps = torch.randn(20_000, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    x_t = 0.6 * MIXTURE.sample(20_000, seed=5) + 0.8 * eps
    diffused = MIXTURE.diffused(0.6, 0.8)
    torch.testing.assert_close(x_t.mean(0), diffused.mean, rtol=0, atol=0.04)
    torch.testing.assert_close(x_t.T.cov(), diffused.covariance, rtol=0, atol=0.06)


def test_the_first_samples_do_not_depend_on_their_number():
    assert torch.equal(MIXTURE.sample(5, seed=1), MIXTURE.sample(50, seed=1)[:5])
    assert not torch.equal(MIXTURE.sample(5, seed=1), MIXTURE.sample(5, seed=2))


def test_one_variance_a_part_is_the_same_in_all_directions():
    one = GaussianMixture(MEANS, [0.5, 2.0])
    assert one.variances.tolist() == [[0.5] * 3, [2.0] * 3]
    assert one.weights.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([1.0, 2.0], [1.0, 1.0]), r"\(K, D\), not \(2,\)"),
        ((MEANS, [1.0, 1.0, 1.0]), r"\(2,\) or \(2, 3\), not \(3,\)"),
        ((MEANS, VARIANCES, [1.0]), r"shape \(2,\), not \(1,\)"),
        ((MEANS, [0.0, 1.0]), "positive"),
        ((MEANS, VARIANCES, [0.0, 1.0]), "positive"),
    ],
)
def test_an_impossible_mixture_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        GaussianMixture(*arguments)


def test_points_of_another_dimension_are_refused():
    with pytest.raises(ValueError, match=r"\(B, 3\), not \(20, 2\)"):
        MIXTURE.score(POINTS[:, :2])
