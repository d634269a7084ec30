"""The Fréchet distance: closed forms, scipy's root of a matrix, and how it depends on n."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.linalg
import torch
from torch import Tensor

from studykit.evaluation import frechet_distance
from studykit.evaluation.frechet import Moments, moments


def covariance(D: int, seed: int, rank: int | None = None) -> Tensor:
    """A random covariance, neither diagonal nor commuting with that of another seed."""
    generator = torch.Generator().manual_seed(seed)
    factor = torch.randn(D, rank or D, generator=generator, dtype=torch.float64)
    return factor @ factor.T


def gaussian(D: int, seed: int, rank: int | None = None) -> Moments:
    generator = torch.Generator().manual_seed(100 + seed)
    mean = torch.randn(D, generator=generator, dtype=torch.float64)
    return Moments(mean, covariance(D, seed, rank), 1000)


def features(n: int, D: int, seed: int) -> Tensor:
    return torch.randn(n, D, generator=torch.Generator().manual_seed(seed))


def test_gaussians_with_a_known_distance() -> None:
    """Checks: Heusel et al. (2017), Eq. 6."""
    # Standard deviations along common axes: |shift|^2 + sum of (s_a - s_b)^2.
    turn = torch.linalg.qr(features(3, 3, 0).double()).Q
    a = Moments(
        torch.zeros(3), turn @ torch.diag(torch.tensor([1.0, 4.0, 9.0]).double()) @ turn.T, 9
    )
    b = Moments(
        torch.ones(3), turn @ torch.diag(torch.tensor([4.0, 4.0, 0.25]).double()) @ turn.T, 9
    )
    assert frechet_distance(a, b) == pytest.approx(3 + 1 + 0 + 2.5**2, rel=1e-12)


def test_two_by_two_covariances_that_do_not_commute() -> None:
    # For 2 x 2: tr (AB)^(1/2) = (tr AB + 2 sqrt(det AB))^(1/2).
    A, B = torch.tensor([[2.0, 1.0], [1.0, 3.0]]), torch.tensor([[5.0, -2.0], [-2.0, 1.0]])
    shared = math.sqrt(torch.trace(A @ B).item() + 2 * math.sqrt(5.0 * 1.0))
    zero = torch.zeros(2)
    got = frechet_distance(Moments(zero, A, 9), Moments(zero, B, 9))
    assert got == pytest.approx(5 + 6 - 2 * shared, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_scipys_root_of_a_matrix_gives(seed: int) -> None:
    a, b = gaussian(20, 2 * seed), gaussian(20, 2 * seed + 1)
    root = scipy.linalg.sqrtm((a.covariance @ b.covariance).numpy())
    expected = (
        (a.mean - b.mean).square().sum().item()
        + np.trace(a.covariance.numpy() + b.covariance.numpy())
        - 2 * np.trace(root).real
    )
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-10)


def test_moments_are_those_of_numpy() -> None:
    rows = features(50, 7, 0) * 3 + 5
    got = moments(rows)
    np.testing.assert_allclose(got.mean, rows.double().numpy().mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(got.covariance, np.cov(rows.double().numpy().T), rtol=1e-10)
    assert got.n == 50


def test_features_far_from_the_origin_lose_nothing() -> None:
    # float32 at 1e4 has steps of 1e-3; the sums must not add to that.
    near = torch.round(features(400, 5, 0) * 64) / 64
    assert frechet_distance(near + 1e4, near[:200] + 1e4) == pytest.approx(
        frechet_distance(near, near[:200]), abs=1e-9
    )


def test_it_is_symmetric_never_negative_and_zero_for_equals() -> None:
    for rank in (None, 3, 1):
        a, b = gaussian(10, 0, rank), gaussian(10, 1, rank)
        assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-12)
        assert frechet_distance(a, b) > 0.1
        assert 0 <= frechet_distance(a, a) < 1e-10


def test_covariances_of_low_rank() -> None:
    # Gaussians along two lines, with variances v and w and an angle between them:
    # tr (AB)^(1/2) = sqrt(v w) |cos|.
    u, w = torch.tensor([1.0, 0.0, 0.0]), torch.tensor([math.cos(1.0), math.sin(1.0), 0.0])
    zero = torch.zeros(3)
    a, b = Moments(zero, 4 * torch.outer(u, u), 9), Moments(zero, 9 * torch.outer(w, w), 9)
    assert frechet_distance(a, b) == pytest.approx(4 + 9 - 2 * 6 * math.cos(1.0), abs=1e-6)
    # Fewer features than dimensions, and a point.
    few = features(5, 40, 0)
    point = torch.zeros(2, 40)
    expected = few.double().mean(0).square().sum().item() + few.double().var(0).sum().item()
    assert frechet_distance(few, point) == pytest.approx(expected, rel=1e-9)
    assert 0 <= frechet_distance(few, few) < 1e-9


def test_a_motion_of_the_space_changes_nothing_and_a_scale_its_square() -> None:
    a, b = features(300, 8, 0), 2 * features(200, 8, 1) + 1
    turn = torch.linalg.qr(features(8, 8, 2)).Q
    distance = frechet_distance(a, b)
    assert frechet_distance(a @ turn + 7, b @ turn + 7) == pytest.approx(distance, rel=1e-4)
    assert frechet_distance(3 * a, 3 * b) == pytest.approx(9 * distance, rel=1e-4)
    assert frechet_distance(a.flip(0), b) == pytest.approx(distance, rel=1e-9)


def test_the_estimate_nears_the_distance_from_above_as_one_over_n() -> None:
    # Equal distributions, true distance 0: the documented bias.
    D = 16
    bias = {
        n: np.mean([frechet_distance(features(n, D, s), features(n, D, 50 + s)) for s in range(20)])
        for n in (200, 400, 1600)
    }
    assert bias[200] / bias[400] == pytest.approx(2, rel=0.15)
    assert bias[400] / bias[1600] == pytest.approx(4, rel=0.15)
    # Mean: 2 D / n. Covariance: D (D + 1) / 2 numbers, each off by 1 / n in every estimate and
    # weighing 1/4 (off the diagonal, twice) to leading order.
    assert bias[1600] == pytest.approx((2 * D + D * (D + 1) / 2) / 1600, rel=0.1)


def test_the_known_distance_is_found_from_samples() -> None:
    a, b = features(40000, 4, 0), 2 * features(40000, 4, 1) + 0.5
    assert frechet_distance(a, b) == pytest.approx(4 * 0.25 + 4 * 1, rel=0.02)


def test_mistakes_are_named() -> None:
    good = features(10, 3, 0)
    with pytest.raises(ValueError, match=r"3 and of 4 numbers"):
        frechet_distance(good, features(10, 4, 0))
    with pytest.raises(ValueError, match=r"two vectors at least, not \(1, 3\)"):
        frechet_distance(good, good[:1])
    with pytest.raises(ValueError, match=r"\(10, 3, 1\)"):
        frechet_distance(good[:, :, None], good)
    with pytest.raises(ValueError, match="not finite"):
        frechet_distance(good, good / 0)
