r"""Small classifiers of Fashion-MNIST and of the digits, whose features measure samples.

The classifier is convolutional. Its features are the last convolution's channels, each averaged
over the picture, so what a picture shows counts more than which pixels show it, in units in which
their variance over the training pictures is 1 on average:

| | Fashion-MNIST | digits |
| --- | --- | --- |
| picture | `(N, 1, 28, 28)` | `(N, 1, 8, 8)` |
| one convolution | `(N, 16, 28, 28)` | `(N, 16, 8, 8)` |
| halved, two convolutions | `(N, 32, 14, 14)` | `(N, 32, 4, 4)` |
| halved, one convolution | `(N, 64, 7, 7)` | |
| averaged: the features | `(N, 64)` | `(N, 32)` |

The layers from there to the ten classes see the last convolution halved once more. What they
compute would be worse to measure with: sorting pictures into classes throws away how pictures of
one class differ, and what lies between two classes, or nowhere, is put among real pictures. By the
numbers before the last layer the precision of blurred pictures of Fashion-MNIST is 0.87 and that of
noise 0.92; by the averaged channels 0.21 and 0.

A classifier knows no picture that belongs to no class, and is often sure of noise. So every eighth
picture that this one learns from is none: noise, or a picture cut into tiles and shuffled, which it
is to find equally likely to be of any class (Hendrycks et al., 2019). Apart from that it sees
pictures as they are, neither mirrored nor shifted: a mirrored shoe is no picture of Fashion-MNIST,
and its features should say so.

The weights come with the package, together with the moments of the real images' features. They were
made, and are made again, by

    python -m studykit.evaluation fashion-mnist
    python -m studykit.evaluation digits

References:
    Hendrycks, Mazeika, Dietterich: Deep Anomaly Detection with Outlier Exposure. ICLR 2019.
    arXiv:1812.04606.
    Xiao, Rasul, Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
    Algorithms. 2017. arXiv:1708.07747.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studykit.datasets.digits import LabelledImages
from studykit.evaluation.recognition import ClassReport
from studykit.training.checkpoints import load_checkpoint

__all__ = ["Classifier", "DataName", "load_classifier", "train_classifier", "weights_file"]

DataName = Literal["digits", "fashion-mnist"]
"""The data sets that a classifier comes with the package for."""

# Images in one evaluation: bounds the memory, changes no result.
_CHUNK = 1000


class Classifier(nn.Module):
    """Sorts grey images into ten classes, and gives features to compare images by.

    Args:
        image_size: Side S of the images; from 16 on there is a third stage of convolutions.

    Attributes:
        dim: How many features, D.

    Examples:
        >>> classifier = load_classifier("fashion-mnist")
        >>> images = torch.zeros(5, 1, 28, 28)
        >>> classifier.features(images).shape, classifier.probabilities(images).shape
        (torch.Size([5, 64]), torch.Size([5, 10]))
    """

    def __init__(self, image_size: int) -> None:
        super().__init__()
        self.image_size = image_size
        stages = [*_convolution(1, 16), nn.MaxPool2d(2), *_convolution(16, 32)]
        stages += _convolution(32, 32)
        self.dim, side = 32, image_size // 2
        if image_size >= 16:
            stages += [nn.MaxPool2d(2), *_convolution(32, 64)]
            self.dim, side = 64, image_size // 4
        self.body = nn.Sequential(*stages)
        self.scale: Tensor
        self.register_buffer("scale", torch.ones(()))
        self.head = nn.Sequential(
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(self.dim * (side // 2) ** 2, 64, bias=False),
            nn.BatchNorm1d(64),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.Linear(64, 10),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Give the logits.

        Args:
            x: Pixels in [-1, 1], shape `(N, 1, S, S)`.

        Returns:
            One logit for each class, shape `(N, 10)`.

        Examples:
            >>> Classifier(image_size=8)(torch.zeros(2, 1, 8, 8)).shape
            torch.Size([2, 10])
        """
        logits: Tensor = self.head(self.body(x))
        return logits

    @torch.no_grad()
    def features(self, images: Tensor) -> Tensor:
        """Give the features, without gradients.

        Args:
            images: Pixels in [-1, 1] (values outside are clipped, as a picture would), shape
                `(N, 1, S, S)`, on any device.

        Returns:
            Features, shape `(N, D)`, float32 on the classifier's device.

        Raises:
            ValueError: If the images have another shape, there are none, a pixel is not a finite
                number, or the classifier is in training mode.

        Examples:
            >>> load_classifier("digits").features(torch.zeros(3, 1, 8, 8)).shape
            torch.Size([3, 32])
        """
        means = torch.cat([stage.mean(dim=(2, 3)) for stage in self._last_stages(images)])
        return self.scale * means

    @torch.no_grad()
    def probabilities(self, images: Tensor) -> Tensor:
        """Give the probability of each class.

        Args:
            images: Pixels in [-1, 1] (values outside are clipped), shape `(N, 1, S, S)`.

        Returns:
            Probabilities, shape `(N, 10)`, float64.

        Raises:
            ValueError: As `features`.

        Examples:
            >>> round(load_classifier("digits").probabilities(torch.zeros(1, 1, 8, 8)).sum().item())
            1
        """
        logits = torch.cat([self.head(stage) for stage in self._last_stages(images)])
        return logits.double().softmax(dim=1)

    def accuracy(self, data: LabelledImages) -> float:
        """Give the share of images that it classifies rightly.

        Args:
            data: Images of shape `(N, 1, S, S)` and their classes, shape `(N,)`.

        Returns:
            The share, in [0, 1].

        Raises:
            ValueError: As `features`.

        Examples:
            >>> from studykit.datasets import digits
            >>> load_classifier("digits").accuracy(digits("test")) > 0.98
            True
        """
        guesses = self.probabilities(data.images).argmax(dim=1)
        return (guesses == data.labels.to(guesses.device)).double().mean().item()

    def judge(self, images: Tensor) -> ClassReport:
        """Count the images that it is sure of, by class.

        Compare with the report on real images. Of Fashion-MNIST's test images it is sure of
        82 %: a shirt can look like a coat.

        Args:
            images: Pixels in [-1, 1] (values outside are clipped), shape `(N, 1, S, S)`.

        Returns:
            The report.

        Raises:
            ValueError: As `features`.

        Examples:
            >>> from studykit.datasets import digits
            >>> load_classifier("digits").judge(digits("test").images).classes
            10
        """
        return ClassReport.of(self.probabilities(images))

    def _last_stages(self, images: Tensor) -> Iterator[Tensor]:
        """Give the last convolution's channels, some images at a time."""
        S = self.image_size
        if images.shape[1:] != (1, S, S) or len(images) == 0:
            raise ValueError(
                f"the classifier takes images of shape (N, 1, {S}, {S}), not {tuple(images.shape)}"
            )
        if not images.isfinite().all():
            raise ValueError("there are pixels that are not finite numbers: the sampler diverged")
        if self.training:
            raise ValueError("the classifier is being trained; call eval() first")
        weight = next(self.parameters())
        for chunk in torch.split(images.detach(), _CHUNK):
            yield self.body(chunk.to(weight).clamp(-1, 1))


def train_classifier(data: LabelledImages, *, epochs: int, seed: int = 0) -> Classifier:
    """Train a classifier by cross-entropy, with AdamW and a learning rate that rises and falls.

    Every batch of 128 comes with 16 more images that are none, to be of any class with probability
    0.1. PyTorch's global generator is left as it was; on one thread, the same seed gives the same
    weights.

    Args:
        data: Pixels in [-1, 1], shape `(N, 1, S, S)`, S a multiple of 4, and their classes 0 to 9.
        epochs: How often to go through them. Fashion-MNIST takes 45 s of one thread each time.
        seed: Seeds the first weights, the order of the data, the dropout and the noise.

    Returns:
        The trained classifier, in evaluation mode.

    Examples:
        >>> from studykit.datasets import digits
        >>> classifier = train_classifier(digits("train"), epochs=2)
        >>> classifier.accuracy(digits("test")) > 0.7
        True
    """
    batch = min(128, len(data.images))
    steps = len(data.images) // batch  # in an epoch
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        classifier = Classifier(data.images.shape[-1])
        optimiser = torch.optim.AdamW(classifier.parameters(), weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, max_lr=0.005, total_steps=epochs * steps, pct_start=0.2
        )
        for _ in range(epochs):
            order = torch.randperm(len(data.images))
            for chosen in torch.split(order[: steps * batch], batch):
                images, classes = data.images[chosen], F.one_hot(data.labels[chosen], 10).float()
                nothing = _no_pictures(images[: batch // 8])
                classes = torch.cat([classes, torch.full((len(nothing), 10), 0.1)])
                loss = F.cross_entropy(classifier(torch.cat([images, nothing])), classes)
                optimiser.zero_grad()
                torch.autograd.backward(loss)
                optimiser.step()
                schedule.step()
    classifier.eval()
    classifier.scale /= classifier.features(data.images).var(dim=0).mean().sqrt()
    return classifier


def weights_file(data: DataName) -> Path:
    """Say where a shipped classifier's weights are.

    Args:
        data: The data set that it was trained on.

    Returns:
        A safetensors file inside the package.

    Raises:
        ValueError: If there is no classifier of such a data set.

    Examples:
        >>> weights_file("digits").name
        'digits.safetensors'
    """
    if data not in get_args(DataName):
        names = " and ".join(map(repr, get_args(DataName)))
        raise ValueError(f"there are classifiers of {names}, not of {data!r}")
    return Path(__file__).parent / "weights" / f"{data}.safetensors"


@cache
def load_classifier(data: DataName) -> Classifier:
    """Load the classifier that comes with the package; read once, then kept.

    Args:
        data: The data set that it was trained on.

    Returns:
        The classifier, on the CPU, in evaluation mode and with its weights frozen.

    Raises:
        ValueError: If there is no classifier of such a data set.

    Examples:
        >>> load_classifier("fashion-mnist") is load_classifier("fashion-mnist")
        True
    """
    tensors, config = load_checkpoint(weights_file(data))
    classifier = Classifier(config["image_size"])
    classifier.load_state_dict(
        {
            name.removeprefix("network."): tensor
            for name, tensor in tensors.items()
            if name.startswith("network.")
        }
    )
    return classifier.eval().requires_grad_(requires_grad=False)


def _no_pictures(images: Tensor) -> Tensor:
    """Give noise of any strength in place of half of the images, and shuffle the others' tiles."""
    noise = (1.5 * torch.rand(len(images), 1, 1, 1) * torch.randn_like(images)).clamp(-1, 1)
    side = (1, 2, 4)[int(torch.randint(3, ()))]
    tiles = F.unfold(images, side, stride=side)  # (N, side * side, number of tiles)
    order = torch.rand(len(tiles), 1, tiles.shape[2]).argsort(dim=2).expand_as(tiles)
    shuffled = F.fold(tiles.gather(2, order), images.shape[-1], side, stride=side)
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, noise, shuffled)


def _convolution(before: int, after: int) -> list[nn.Module]:
    return [
        nn.Conv2d(before, after, 3, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    ]
