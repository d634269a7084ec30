"""Data sets: mixtures of Gaussians, Fashion-MNIST, toys, and their register."""

from __future__ import annotations

import gzip
import math
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import kstest, multivariate_normal

from studykit.datasets import (
    DATASETS,
    FASHION_MNIST_CLASSES,
    GAUSSIANS,
    TOYS,
    GaussianMixture,
    fashion_mnist,
    load_dataset,
    toy,
)
from studykit.errors import ConfigError

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


def test_samples_repeat_with_the_seed():
    assert torch.equal(MIXTURE.sample(5, seed=1), MIXTURE.sample(5, seed=1))
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


# --- Fashion-MNIST --------------------------------------------------------------------------------

INSTALLED = Path("/usr/share/datasets/fashion-mnist")


def idx(array, magic=None):
    """An array of bytes as an IDX file, written from the format's description."""
    array = np.asarray(array, dtype=np.uint8)
    header = [0x800 + array.ndim if magic is None else magic, *array.shape]
    return struct.pack(f">{len(header)}I", *header) + array.tobytes()


@pytest.fixture
def folder(tmp_path):
    """Three training images and two others, some packed and some not."""
    rng = np.random.default_rng(0)
    files = {
        "train-images-idx3-ubyte": rng.integers(0, 256, (3, 28, 28)),
        "train-labels-idx1-ubyte": [0, 9, 4],
        "t10k-images-idx3-ubyte": rng.integers(0, 256, (2, 28, 28)),
        "t10k-labels-idx1-ubyte": [5, 1],
    }
    for name, array in files.items():
        if "labels" in name:
            (tmp_path / name).write_bytes(idx(array))
        else:
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress(idx(array)))
    return tmp_path


def test_the_files_are_read_and_scaled(folder):
    images, labels = fashion_mnist("train", folder)
    raw = np.random.default_rng(0).integers(0, 256, (3, 28, 28))
    assert (images.shape, images.dtype) == ((3, 1, 28, 28), torch.float32)
    assert np.array_equal(((images[:, 0] + 1) * 127.5).round().numpy(), raw)
    assert (labels.tolist(), labels.dtype) == ([0, 9, 4], torch.int64)
    assert fashion_mnist("test", folder).labels.tolist() == [5, 1]
    assert load_dataset("fashion-mnist", "test", folder)[1].tolist() == [5, 1]


def test_black_is_minus_one_and_white_is_one(folder):
    extremes = np.zeros((3, 28, 28))
    extremes[1] = 255
    (folder / "train-images-idx3-ubyte").write_bytes(idx(extremes))  # goes before the packed one
    images = fashion_mnist("train", folder).images
    assert images[0].unique().tolist() == [-1.0]
    assert images[1].unique().tolist() == [1.0]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("images-idx3", idx(np.zeros((3, 28, 28)), magic=0x801), "starts with 0x801"),
        ("images-idx3", idx(np.zeros((3, 32, 32))), r"\[3, 32, 32\], expected 0x803 and \['N', 28"),
        ("images-idx3", idx(np.zeros((0, 28, 28))), "expected 0x803"),
        ("images-idx3", idx(np.zeros((3, 28, 28)))[:-1], "holds less than the 2352 bytes"),
        ("images-idx3", idx(np.zeros((3, 28, 28))) + b"x", "holds more than the 2352 bytes"),
        ("images-idx3", idx(np.zeros((4, 28, 28))), "4 train images, but 3 labels"),
        ("images-idx3", b"\0\0", "cannot be read"),
        ("labels-idx1", idx([0, 10, 3]), "a train label is 10"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(folder, name, content, said):
    (folder / f"train-{name}-ubyte").write_bytes(content)
    with pytest.raises(ConfigError, match=said) as caught:
        fashion_mnist("train", folder)
    assert str(folder) in str(caught.value)
    assert "apt-get install dataset-fashion-mnist" in str(caught.value)


@pytest.mark.parametrize("cut", [5, 500, -4])
def test_a_packed_file_that_is_cut_off_is_refused(folder, cut):
    file = folder / "t10k-images-idx3-ubyte.gz"
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(ConfigError, match=r"t10k-images-idx3-ubyte\.gz: cannot be read"):
        fashion_mnist("test", folder)


def test_where_nothing_is_installed_the_package_is_named(tmp_path, monkeypatch):
    module = sys.modules["studykit.datasets.fashion_mnist"]  # the function has its name
    monkeypatch.setattr(module, "_DEBIAN", tmp_path / "none")
    with pytest.raises(ConfigError, match="apt-get install dataset-fashion-mnist") as caught:
        fashion_mnist("train")
    assert f"{tmp_path / 'none'}: has no train-images-idx3-ubyte" in str(caught.value)


@pytest.mark.skipif(not INSTALLED.exists(), reason="needs the package dataset-fashion-mnist")
def test_the_published_files():
    images, labels = fashion_mnist("test")
    assert images.shape == (10_000, 1, 28, 28)
    assert torch.bincount(labels).tolist() == [1000] * 10
    assert (images.min().item(), images.max().item()) == (-1.0, 1.0)
    # The mean of the pixels that everyone normalises with is of the training images: 0.2860.
    assert ((fashion_mnist("train").images.mean() + 1) / 2).item() == pytest.approx(
        0.2860, abs=1e-4
    )


# --- toys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TOYS)
def test_a_toy_is_standardised_and_repeats(name):
    points = toy(name, 20_000, seed=1)
    assert (points.shape, points.dtype) == ((20_000, 2), torch.float32)
    torch.testing.assert_close(points.mean(0), torch.zeros(2), rtol=0, atol=0.04)
    torch.testing.assert_close(points.std(0), torch.ones(2), rtol=0, atol=0.04)
    assert torch.equal(points, toy(name, 20_000, seed=1))
    assert not torch.equal(points, toy(name, 20_000, seed=2))


def test_the_scale_does_not_depend_on_the_points():
    assert toy("checkerboard", 1, seed=3).isfinite().all()
    few, many = toy("checkerboard", 50, seed=3), toy("checkerboard", 5000, seed=3)
    assert few.abs().max() <= many.abs().max() <= 2 / math.sqrt(4 / 3) * 1.01


def test_the_toys_have_their_shapes():
    board = toy("checkerboard", 5000) * math.sqrt(4 / 3) + 2  # the board is [0, 4]^2
    inside = board[((board - board.round()).abs() > 0.02).all(dim=1)].floor()
    assert ((inside[:, 0] + inside[:, 1]) % 2 == 0).all()
    assert len({tuple(square) for square in inside.tolist()}) == 8

    radius = toy("circles", 5000).norm(dim=1)
    assert not ((radius > 0.55 * radius.max()) & (radius < 0.7 * radius.max())).any()

    near = torch.cdist(toy("gaussians", 5000).double(), GAUSSIANS.means).min(dim=1)
    assert torch.bincount(near.indices).min() > 500
    assert near.values.max() < 0.6

    # Turned by half a turn, the spiral is the same; each arm turns one and a half times.
    spiral = toy("spiral", 5000)
    assert torch.cdist(-spiral, spiral).min(dim=1).values.max() < 0.3


def test_an_unknown_toy_is_refused():
    with pytest.raises(ValueError, match=r"the toys are moons, .* not 'swiss_roll'"):
        toy("swiss_roll", 5)


# --- the register ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(DATASETS) - {"fashion-mnist"}))
def test_the_facts_are_the_datas(name):
    facts = DATASETS[name]
    train, test = load_dataset(name, "train"), load_dataset(name, "test")
    for data in (train, test):
        assert data[0].shape[1:] == facts.shape
        assert data[0].dtype == torch.float32
        if facts.levels:
            steps = (data[0] + 1) / 2 * (facts.levels - 1)
            assert steps.unique().tolist() == list(range(facts.levels))
        if facts.classes:
            assert data[1].unique().tolist() == list(range(facts.classes))
        else:
            assert len(data) == 1
    assert not torch.equal(train[0][:100], test[0][:100])


def test_the_facts_are_fashion_mnists(folder):
    levels = np.arange(3 * 784).reshape(3, 28, 28) % 256
    (folder / "train-images-idx3-ubyte").write_bytes(idx(levels))
    images, _ = load_dataset("fashion-mnist", "train", folder)
    facts = DATASETS["fashion-mnist"]
    assert images.shape[1:] == facts.shape
    steps = (images + 1) / 2 * (facts.levels - 1)
    torch.testing.assert_close(steps.unique().round().unique(), torch.arange(256.0))
    assert facts.classes == len(FASHION_MNIST_CLASSES)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("digit", "train"), "no data set 'digit'\n  mend: write 'digits'"),
        (("cifar", "train"), "mend: choose one of digits, fashion-mnist, moons"),
        (("digits", "train", Path("here")), "here: 'digits' is not read from files"),
    ],
)
def test_a_wrong_name_or_path_is_refused(arguments, said):
    with pytest.raises(ConfigError) as caught:
        load_dataset(*arguments)
    assert said in str(caught.value)


def test_an_unknown_part_is_refused():
    for name in DATASETS:
        with pytest.raises(ValueError, match="'train' and 'test', not 'valid'"):
            load_dataset(name, "valid")
