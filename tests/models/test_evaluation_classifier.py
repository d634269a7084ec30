"""The classifiers that come with the package, and what their features are good for."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from studykit.datasets import digits, fashion_mnist
from studykit.datasets.digits import LabelledImages
from studykit.evaluation import (
    ClassReport,
    digits_fd,
    fashion_fd,
    frechet_distance,
    load_classifier,
    precision_recall,
    train_classifier,
)
from studykit.evaluation.classifier import weights_file
from studykit.evaluation.frechet import moments, reference_moments

needs_fashion_mnist = pytest.mark.skipif(
    not Path("/usr/share/datasets/fashion-mnist").is_dir(),
    reason="apt-get install dataset-fashion-mnist",
)


@pytest.fixture(scope="module")
def garments() -> LabelledImages:
    return fashion_mnist("test")


@pytest.fixture(scope="module")
def features_of_garments(garments: LabelledImages) -> Tensor:
    return load_classifier("fashion-mnist").features(garments.images)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noisier(images: Tensor, sigma: float) -> Tensor:
    return (images + sigma * torch.randn(images.shape, generator=generator())).clamp(-1, 1)


@pytest.mark.parametrize("data", ["digits", "fashion-mnist"])
def test_the_weights_come_with_the_package_and_are_small(data) -> None:
    file = weights_file(data)
    assert file.stat().st_size < 500_000
    import studykit

    assert Path(studykit.__file__).parent in file.parents


@needs_fashion_mnist
def test_the_shipped_classifier_knows_garments(garments: LabelledImages) -> None:
    # 92.7 % of all 10,000; a third of them will do.
    some = LabelledImages(garments.images[::3], garments.labels[::3])
    assert load_classifier("fashion-mnist").accuracy(some) > 0.915


def test_the_shipped_classifier_knows_digits() -> None:
    assert load_classifier("digits").accuracy(digits("test")) > 0.98


@needs_fashion_mnist
def test_the_shipped_moments_are_those_of_the_real_garments(features_of_garments: Tensor) -> None:
    shipped = reference_moments("fashion-mnist", "test")
    ours = moments(features_of_garments)
    assert shipped.n == ours.n == 10_000
    torch.testing.assert_close(shipped.mean, ours.mean, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(shipped.covariance, ours.covariance, rtol=1e-3, atol=1e-5)
    assert reference_moments("fashion-mnist", "train").n == 60_000


@pytest.mark.parametrize(("split", "n"), [("train", 1437), ("test", 360)])
def test_the_shipped_moments_are_those_of_the_real_digits(split, n) -> None:
    shipped = reference_moments("digits", split)
    ours = moments(load_classifier("digits").features(digits(split).images))
    assert shipped.n == ours.n == n
    torch.testing.assert_close(shipped.mean, ours.mean, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(shipped.covariance, ours.covariance, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(("data", "dim"), [("digits", 32), ("fashion-mnist", 64)])
def test_features_are_in_units_of_the_training_images_spread(data, dim) -> None:
    covariance = reference_moments(data, "train").covariance
    assert covariance.shape == (dim, dim)
    assert covariance.trace().item() == pytest.approx(dim, rel=1e-3)


@needs_fashion_mnist
def test_fashion_fd_grows_with_the_fault(
    garments: LabelledImages, features_of_garments: Tensor
) -> None:
    real = reference_moments("fashion-mnist", "test")
    assert frechet_distance(features_of_garments, real) < 1e-4
    images = garments.images[:1000]
    floor = fashion_fd(images)  # The bias of 1,000 images.
    assert floor == frechet_distance(features_of_garments[:1000], real)
    assert 0 < floor < 0.6
    faults = [fashion_fd(noisier(images, sigma)) for sigma in (0.05, 0.2, 1.0)]
    assert floor < faults[0] < 10 < faults[1] < 200 < faults[2]
    assert fashion_fd(images.flip(-1)) > 5 * floor
    assert frechet_distance(features_of_garments[garments.labels == 1], real) > 20  # trousers
    against_train = frechet_distance(
        features_of_garments[:1000], reference_moments("fashion-mnist", "train")
    )
    assert fashion_fd(images, "train") == against_train != floor


def test_digits_fd_grows_with_the_fault() -> None:
    images = digits("test").images
    assert digits_fd(images) < 1e-4
    assert digits_fd(digits("train").images, "train") < 1e-4
    floor = digits_fd(digits("train").images)
    faults = [digits_fd(noisier(images, sigma)) for sigma in (0.2, 0.5, 1.0)]
    assert 0.1 < floor < faults[0] < faults[1] < faults[2]


def test_no_noise_is_precise_on_digits() -> None:
    features = load_classifier("digits").features
    noise = torch.randn(360, 1, 8, 8, generator=generator()).clamp(-1, 1)
    real = features(digits("test").images)
    assert precision_recall(real=real, fake=features(noise)).precision < 0.01
    train = features(digits("train").images[:360])
    assert min(precision_recall(real=real, fake=train)) > 0.8


@needs_fashion_mnist
def test_no_noise_is_precise_on_garments(features_of_garments: Tensor) -> None:
    noise = torch.randn(500, 1, 28, 28, generator=generator())
    fake = load_classifier("fashion-mnist").features(noise)
    real, other = features_of_garments[:1000], features_of_garments[1000:2000]
    assert precision_recall(real=real, fake=fake).precision < 0.01
    assert min(precision_recall(real=real, fake=other)) > 0.8


@needs_fashion_mnist
def test_it_is_sure_of_garments_and_of_nothing_else(garments: LabelledImages) -> None:
    classifier = load_classifier("fashion-mnist")
    images = garments.images[:1000]
    on_real = classifier.judge(images)
    assert on_real.confident > 0.75
    assert on_real.classes == 10
    highest, label = classifier.probabilities(images).max(dim=1)
    sure = highest >= on_real.confidence
    assert (label == garments.labels[:1000])[sure].double().mean() > 0.95
    shuffled = images.flatten(1)[:, torch.randperm(784, generator=generator())].view_as(images)
    for nothing in (
        shuffled,
        torch.randn(200, 1, 28, 28, generator=generator()),
        torch.rand(200, 1, 28, 28, generator=generator()) * 2 - 1,
        -torch.ones(1, 1, 28, 28),
    ):
        assert classifier.judge(nothing).confident < 0.05


def test_an_images_features_do_not_depend_on_the_others() -> None:
    classifier = load_classifier("digits")
    images = digits("train").images[:1200]
    together = classifier.features(images)
    alone = torch.cat([classifier.features(image[None]) for image in images[990:1010]])
    torch.testing.assert_close(together[990:1010], alone, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(classifier.features(images.double()), together)


def test_probabilities_are_those_of_the_logits() -> None:
    classifier = load_classifier("digits")
    images = digits("test").images[:50]
    torch.testing.assert_close(
        classifier.probabilities(images), classifier(images).double().softmax(dim=1)
    )


def test_pixels_outside_are_clipped_as_in_a_picture() -> None:
    features = load_classifier("digits").features
    images = 3 * torch.randn(5, 1, 8, 8, generator=generator())
    assert torch.equal(features(images), features(images.clamp(-1, 1)))


def test_the_same_seed_gives_the_same_weights_and_leaves_the_generator_alone() -> None:
    data = digits("train")
    state = torch.get_rng_state()
    first = train_classifier(data, epochs=1, seed=3)
    assert torch.equal(torch.get_rng_state(), state)
    torch.rand(7)
    same, other = (train_classifier(data, epochs=1, seed=seed) for seed in (3, 4))
    images = digits("test").images
    assert torch.equal(first.features(images), same.features(images))
    assert not torch.equal(first.features(images), other.features(images))
    assert not first.training


def test_training_finds_what_the_classes_are() -> None:
    trained = train_classifier(digits("train"), epochs=5)
    assert trained.accuracy(digits("test")) > 0.9


@pytest.mark.parametrize("shape", [(0, 1, 28, 28), (2, 784), (2, 1, 8, 8), (2, 3, 28, 28)])
def test_other_shapes_are_refused(shape) -> None:
    with pytest.raises(ValueError, match=r"shape \(N, 1, 28, 28\)"):
        fashion_fd(torch.zeros(shape))


def test_a_sampler_that_diverged_is_refused() -> None:
    images = torch.zeros(3, 1, 28, 28)
    images[1, 0, 0, 0] = torch.inf
    with pytest.raises(ValueError, match="not finite"):
        load_classifier("fashion-mnist").judge(images)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="'digits' and 'fashion-mnist', not of 'mnist'"):
        load_classifier("mnist")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'test' or 'train', not 'valid'"):
        digits_fd(torch.zeros(2, 1, 8, 8), "valid")  # type: ignore[arg-type]


def test_a_report_counts_the_sure_ones_by_class() -> None:
    rows = [[0.9, 0.1, 0.0], [0.0, 0.05, 0.95], [0.89, 0.11, 0.0]]
    probabilities = torch.tensor(rows, dtype=torch.float64)
    report = ClassReport.of(probabilities)
    assert report == ClassReport(images=3, confident=2 / 3, counts=(1, 0, 1))
    assert report.classes == 2
    assert "66.7% of 3 images" in str(report)
    assert "2 of 3 classes: 1 0 1" in str(report)
    with pytest.raises(ValueError, match=r"\(N, K\)"):
        ClassReport.of(probabilities[0])
