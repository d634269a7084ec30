"""Precision, recall, density and coverage: by hand, by brute force, and where they differ."""

from __future__ import annotations

import math

import pytest
import torch
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from studykit.evaluation import density_coverage, precision_recall


def normal(n: int, D: int, seed: int) -> Tensor:
    return torch.randn(n, D, generator=torch.Generator().manual_seed(seed))


def modes(n: int, centres: list[float], seed: int) -> Tensor:
    """Points around several centres on the diagonal of the plane."""
    return normal(n, 2, seed) + torch.tensor(centres).repeat(n // len(centres))[:, None]


def brute_force(real: Tensor, fake: Tensor, k: int) -> tuple[float, float, float, float]:
    """The definitions, point by point in plain Python: precision, recall, density, coverage."""
    X, Y = real.tolist(), fake.tolist()

    def radii(points: list[list[float]]) -> list[float]:
        return [
            sorted(math.dist(p, q) for j, q in enumerate(points) if j != i)[k - 1]
            for i, p in enumerate(points)
        ]

    rX, rY = radii(X), radii(Y)
    in_real = [sum(math.dist(y, x) <= r for x, r in zip(X, rX, strict=True)) for y in Y]
    in_fake = [sum(math.dist(x, y) <= r for y, r in zip(Y, rY, strict=True)) for x in X]
    covered = [any(math.dist(y, x) <= r for y in Y) for x, r in zip(X, rX, strict=True)]
    return (
        sum(c > 0 for c in in_real) / len(Y),
        sum(c > 0 for c in in_fake) / len(X),
        sum(in_real) / (k * len(Y)),
        sum(covered) / len(X),
    )


def test_by_hand_on_a_line() -> None:
    # Real balls, k = 1: [-1, 1], [0, 2], [0, 2]... of 0, 1, 2 reach 1 each; 10's reaches 8.
    real = torch.tensor([[0.0], [1.0], [2.0], [10.0]])
    # Fake balls, k = 1: of 1.5 reaches 0.25, of 1.75 0.25, of 3.5 1.75, of 30 26.5.
    fake = torch.tensor([[1.5], [1.75], [3.5], [30.0]])
    # 1.5 lies in the balls of 1 and 2, 1.75 likewise, 3.5 in that of 10 alone, 30 in none.
    # Of the real ones, 2 (by 1.75's ball, at its very edge, and 3.5's) and 10 (by 30's) are in.
    assert precision_recall(real=real, fake=fake, k=1) == (3 / 4, 2 / 4)
    # 2 + 2 + 1 + 0 balls; those of 1, 2 and 10 have a sample.
    assert density_coverage(real=real, fake=fake, k=1) == (5 / 4, 3 / 4)
    # k = 2: the real balls reach 2, 1, 2, 9; the fake ones 2, 1.75, 2, 28.25.
    # 1.5: balls of 0, 1, 2, 10; 1.75: the same; 3.5: of 2 and 10; 30: none.
    assert density_coverage(real=real, fake=fake, k=2) == (10 / 8, 4 / 4)
    # 0: by 1.75's edge; 1 and 2: by 1.5's; 10: by 30's.
    assert precision_recall(real=real, fake=fake, k=2) == (3 / 4, 4 / 4)


def test_samples_of_one_mode_are_precise_and_forget_the_rest() -> None:
    real = modes(400, [-20.0, 0.0, 20.0, 40.0], 0)
    fake = 0.7 * modes(400, [0.0], 1)
    quality = precision_recall(real=real, fake=fake)
    assert quality.precision > 0.95
    assert 0.1 < quality.recall < 0.26
    spread = density_coverage(real=real, fake=fake)
    assert spread.density > 1
    assert 0.1 < spread.coverage < 0.26


def test_samples_of_too_many_modes_miss_nothing_and_are_seldom_right() -> None:
    real, fake = modes(400, [0.0], 0), modes(1600, [-20.0, 0.0, 20.0, 40.0], 1)
    quality = precision_recall(real=real, fake=fake)
    assert 0.2 < quality.precision < 0.26
    assert quality.recall > 0.9
    spread = density_coverage(real=real, fake=fake)
    assert 0.2 < spread.density < 0.3
    assert spread.coverage > 0.9


@pytest.mark.parametrize(("k", "seed"), [(1, 0), (3, 1), (5, 2)])
def test_brute_force_agrees(k: int, seed: int) -> None:
    """Checks: Kynkäänniemi et al. (2019), Eqs. 1 and 2."""
    real, fake = normal(70, 3, seed), 0.8 * normal(50, 3, 10 + seed) + 0.5
    # Duplicates too: a neighbour at distance 0 is one.
    real, fake = torch.cat([real, real[:3]]), torch.cat([fake, real[5:8]])
    precision, recall, density, coverage = brute_force(real, fake, k)
    assert 0.2 < precision < 1 > recall > 0.2
    assert precision_recall(real=real, fake=fake, k=k) == (precision, recall)
    got = density_coverage(real=real, fake=fake, k=k)
    assert got == pytest.approx((density, coverage), rel=1e-12)


def test_the_cuts_into_chunks_change_nothing() -> None:
    real, fake = normal(1203, 4, 0), normal(1101, 4, 1) * 1.1
    radii = NearestNeighbors(n_neighbors=4).fit(real).kneighbors(real)[0][:, 3]
    inside = torch.cdist(real.double(), fake.double()) <= torch.from_numpy(radii)[:, None]
    got = precision_recall(real=real, fake=fake)
    assert got.precision == pytest.approx(inside.any(dim=0).double().mean().item(), abs=1e-3)
    assert got.recall == precision_recall(real=fake, fake=real).precision


def test_the_same_points_are_all_inside() -> None:
    points = normal(200, 64, 0) * 1000 + 1e4
    assert precision_recall(real=points, fake=points) == (1, 1)
    assert density_coverage(real=points, fake=points).coverage == 1


def test_equal_distributions_have_density_one() -> None:
    got = density_coverage(real=normal(2000, 5, 0), fake=normal(2000, 5, 1))
    assert got.density == pytest.approx(1, abs=0.05)
    # The closed form, whatever the distribution: no fake sample among the k nearest of a real one.
    assert got.coverage == pytest.approx(1 - 1 / 2**5, abs=0.02)


def test_one_outlier_fools_precision_but_not_density() -> None:
    real = torch.cat([normal(300, 2, 0), torch.tensor([[60.0, 0.0]])])
    fake = normal(300, 2, 1) / 10 + torch.tensor([60.0, 20.0])  # nowhere near
    assert precision_recall(real=real, fake=fake).precision == 1
    assert density_coverage(real=real, fake=fake).density < 0.25
    assert density_coverage(real=real, fake=fake).coverage < 0.01


def test_real_and_fake_are_told_apart_by_name() -> None:
    points = normal(20, 2, 0)
    with pytest.raises(TypeError):
        precision_recall(points, points)  # type: ignore[misc]


def test_mistakes_are_named() -> None:
    points = normal(10, 3, 0)
    for measure in (precision_recall, density_coverage):
        with pytest.raises(ValueError, match=r"\(10, 3\) and \(10, 2\)"):
            measure(real=points, fake=points[:, :2])
        with pytest.raises(ValueError, match="10 real and 4 fake"):
            measure(real=points, fake=points[:4], k=4)
        with pytest.raises(ValueError, match="not 0"):
            measure(real=points, fake=points, k=0)
        with pytest.raises(ValueError, match="not finite"):
            measure(real=points, fake=points / 0)
