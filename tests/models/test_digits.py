"""The digits, the judge of digits, and pictures of them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from studykit.datasets import digits
from studykit.evaluation import DigitJudge, DigitReport, image_grid


@pytest.fixture(scope="module")
def judge():
    return DigitJudge()


def test_the_two_parts_are_all_digits_once():
    train, test = digits("train"), digits("test")
    images = torch.cat([train.images, test.images])
    assert images.shape == (1797, 1, 8, 8)
    assert images.dtype == torch.float32
    ours = sorted(map(tuple, ((images + 1) * 8).round().reshape(1797, 64).tolist()))
    assert ours == sorted(map(tuple, load_digits().data.tolist()))
    labels = torch.cat([train.labels, test.labels])
    assert torch.bincount(labels).tolist() == np.bincount(load_digits().target).tolist()
    assert all(34 <= count <= 37 for count in torch.bincount(test.labels).tolist())


def test_a_picture_keeps_its_class_and_its_pixels():
    source = load_digits()
    by_pixels = {tuple(row): label for row, label in zip(source.data, source.target, strict=True)}
    images, labels = digits("test")
    for image, label in zip(images, labels, strict=True):
        assert by_pixels[tuple(((image + 1) * 8).flatten().tolist())] == label


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="'train' and 'test'"):
        digits("valid")


def test_the_judge_tells_digits_from_what_is_none(judge):
    assert judge.accuracy > 0.97
    assert judge.on_real.recognisable
    assert judge.on_real.images == 360
    assert judge.on_shuffled.confident < 0.02
    assert judge.on_noise.confident < 0.01
    generator = torch.Generator().manual_seed(1)
    blurred = digits("test").images.mean(dim=0, keepdim=True).repeat(50, 1, 1, 1)
    for nothing in (
        torch.zeros(50, 1, 8, 8),
        -torch.ones(50, 1, 8, 8),
        torch.rand(50, 1, 8, 8, generator=generator) * 2 - 1,
        blurred,
    ):
        assert not judge.judge(nothing).recognisable


def test_the_judges_confidence_is_earned(judge):
    images, labels = digits("test")
    highest, label = judge.probabilities(images).max(dim=1)
    sure = highest >= 0.9
    assert (label == labels)[sure].double().mean() > 0.99
    assert judge.on_real.confident == sure.double().mean().item()


def test_one_good_class_is_not_enough(judge):
    images, labels = digits("test")
    report = judge.judge(images[labels == 3])
    assert report.confident > 0.8
    assert report.classes <= 2
    assert not report.recognisable


def test_the_report_counts():
    report = DigitReport(500, 0.8, (400, 0, *[1] * 8))
    assert (report.classes, report.recognisable) == (9, False)
    assert DigitReport(500, 0.8, (392, *[1] * 9)).recognisable
    assert not DigitReport(500, 0.799, (392, *[1] * 9)).recognisable
    assert "80.0% of 500 images" in str(report)
    assert "9 of 10 classes" in str(report)


@pytest.mark.parametrize("shape", [(0, 1, 8, 8), (2, 64), (2, 1, 28, 28), (2, 3, 8, 8)])
def test_the_judge_refuses_other_shapes(judge, shape):
    with pytest.raises(ValueError, match="shape"):
        judge.judge(torch.zeros(shape))


def test_every_image_is_in_its_place_in_the_grid():
    images = torch.stack([torch.full((1, 2, 3), level) for level in (-1.0, 0.0, 1.0, 7.0, -7.0)])
    pixels = np.asarray(image_grid(images, columns=2, zoom=1))
    assert pixels.shape == (3 * 3 + 1, 2 * 4 + 1)
    tops, lefts = (1, 4, 7), (1, 5)
    cells = [pixels[top : top + 2, left : left + 3] for top in tops for left in lefts]
    assert [set(cell.flatten().tolist()) for cell in cells] == [
        {0}, {128}, {255}, {255}, {0}, {128}  # the last place is empty
    ]  # fmt: skip
    assert set(pixels[0].tolist()) == set(pixels[:, 0].tolist()) == {128}


def test_a_grid_in_colour_zoomed():
    red = torch.tensor([1.0, -1.0, -1.0]).reshape(1, 3, 1, 1)
    picture = image_grid(red, zoom=5)
    assert (picture.size, picture.mode) == ((15, 15), "RGB")
    assert picture.getpixel((7, 7)) == (255, 0, 0)
    assert picture.getpixel((4, 4)) == (128, 128, 128)


@pytest.mark.parametrize("shape", [(0, 1, 8, 8), (8, 8), (1, 2, 8, 8)])
def test_the_grid_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match="grid"):
        image_grid(torch.zeros(shape))
