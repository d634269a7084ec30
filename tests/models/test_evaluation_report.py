"""All measurements in one record."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
import torch

from studykit.datasets import digits
from studykit.evaluation import (
    Average,
    density_coverage,
    evaluate,
    frechet_distance,
    load_classifier,
    precision_recall,
)


def normal(n: int, D: int, seed: int) -> torch.Tensor:
    return torch.randn(n, D, generator=torch.Generator().manual_seed(seed))


def test_each_number_is_the_one_that_its_name_says() -> None:
    samples, real = normal(60, 3, 0) * 0.5, normal(80, 3, 1)
    got = evaluate(samples, real, lambda x: 2 * x)
    quality, spread = (
        precision_recall(real=real, fake=samples),
        density_coverage(real=real, fake=samples),
    )
    assert (got.samples, got.real) == (60, 80)
    assert got.frechet_distance == pytest.approx(4 * frechet_distance(samples, real), rel=1e-5)
    assert (got.precision, got.recall) == quality
    assert (got.density, got.coverage) == spread
    assert got.precision > got.recall
    assert got.bits_per_dim == {}


def test_one_class_of_digits_is_precise_and_forgets_the_others() -> None:
    train, test = digits("train"), digits("test")
    sixes = train.images[train.labels == 6]
    got = evaluate(sixes, test.images, load_classifier("digits").features)
    assert got.precision > 0.9
    assert got.recall < 0.3
    assert got.coverage < 0.3
    both = evaluate(train.images[: len(sixes)], test.images, load_classifier("digits").features)
    assert got.frechet_distance > 5 * both.frechet_distance
    assert both.recall > 0.7


def test_the_record_is_plain_data() -> None:
    samples = normal(20, 2, 0)
    bits = {"bound": torch.tensor([3.0, 4.0, 5.0]), "ode": torch.tensor([1.0, 1.0])}
    got = evaluate(samples, samples, lambda x: x, bits)
    plain = json.loads(json.dumps(asdict(got), allow_nan=False))
    assert plain["bits_per_dim"] == {
        "bound": {"mean": 4.0, "error": pytest.approx(1 / 3**0.5), "n": 3},
        "ode": {"mean": 1.0, "error": 0.0, "n": 2},
    }
    assert plain["precision"] == plain["recall"] == 1.0
    assert set(plain) == {
        "samples", "real", "frechet_distance", "precision", "recall", "density", "coverage",
        "bits_per_dim",
    }  # fmt: skip


def test_the_error_of_an_average_covers_the_mean() -> None:
    draws = 5 + 2 * normal(400, 100, 0).double()
    averages = [Average.of(row) for row in draws]
    assert averages[0].error == pytest.approx(2 / 10, rel=0.3)
    within = sum(abs(a.mean - 5) < 2 * a.error for a in averages) / len(averages)
    assert 0.92 < within < 0.98


def test_an_average_needs_two_values() -> None:
    with pytest.raises(ValueError, match=r"two at least, not \(1,\)"):
        Average.of(torch.ones(1))
    with pytest.raises(ValueError, match=r"\(2, 2\)"):
        Average.of(torch.ones(2, 2))
