"""What is measured of one model."""

from __future__ import annotations

import hashlib
import logging
import math
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np
import torch
from tensorboard.backend.event_processing.event_accumulator import SCALARS, EventAccumulator
from torch import Tensor

from studykit.datasets import DATASETS, load_dataset
from studykit.diffusion.bounds import variational_bound
from studykit.diffusion.ddpm import DDPM
from studykit.diffusion.likelihood import bits_per_dim, dequantize, log_likelihood
from studykit.diffusion.model import Diffusion
from studykit.diffusion.recipes import TrainedDiffusion
from studykit.diffusion.samplers import SAMPLERS, evaluations
from studykit.errors import ConfigError
from studykit.evaluation.classifier import DataName, load_classifier, weights_file
from studykit.evaluation.digits import DigitJudge
from studykit.evaluation.frechet import frechet_distance, reference_moments
from studykit.evaluation.precision_recall import precision_recall
from studykit.evaluation.report import Average
from studykit.noise import Noise

__all__ = [
    "LIKELIHOOD",
    "STEPS",
    "Yardstick",
    "bound_bits",
    "draw",
    "loss_curve",
    "most_steps",
    "ode_bits",
]

STEPS: Mapping[str, Callable[[int], int]] = {
    "ancestral": lambda evaluations: evaluations,
    "ddim": lambda evaluations: evaluations,
    "dpm_solver": lambda evaluations: evaluations,
    "heun": lambda evaluations: (evaluations + 1) // 2,
}
"""By the sampler's name: how many steps take at most so many network evaluations."""

LIKELIHOOD: Mapping[str, Any] = {"probes": 2, "tolerance": 3e-4, "batch": 32}
"""How `ode_bits` estimates the divergence and solves the flow, and of how many images at a time."""

_BATCH = 128  # samples at a time
_POINTS = 60  # of a loss curve


def loss_curve(folder: Path, steps: int) -> tuple[dict[str, list[float]] | None, float | None]:
    """Read the loss of a run back from what it logged for TensorBoard.

    Args:
        folder: Where the run wrote its events.
        steps: How many steps it took.

    Returns:
        The curve, `step` and `loss` of up to 60 points, each the mean of the steps since the one
        before; and the seconds that the steps took, the median step times their number, so that
        a pause counts for nothing. `None` for both if the folder does not hold the whole run.

    Examples:
        >>> import tempfile
        >>> loss_curve(Path(tempfile.mkdtemp()), steps=100)
        (None, None)
    """
    if not any(folder.glob("events.out.tfevents.*")):
        return None, None
    log = EventAccumulator(str(folder), size_guidance={SCALARS: 0})  # 0: all of them
    with _silent("tensorboard"):
        log.Reload()
    scalars = log.Scalars("loss") if "loss" in log.Tags()["scalars"] else []
    events = [event for event in scalars if event.step <= steps]
    if [event.step for event in events] != list(range(1, steps + 1)):
        return None, None
    parts = np.array_split([event.value for event in events], min(_POINTS, steps))
    ends = np.cumsum([len(part) for part in parts])
    curve = {"step": ends.tolist(), "loss": [float(part.mean()) for part in parts]}
    times = [event.wall_time for event in events]
    waits = [after - before for before, after in pairwise(times)]
    return curve, steps * statistics.median(waits) if waits else None


@contextmanager
def _silent(logger: str) -> Iterator[None]:
    """Keep a library from telling what is no mistake, such as a run that was resumed."""
    logging.getLogger(logger).addFilter(_nothing)
    try:
        yield
    finally:
        logging.getLogger(logger).removeFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False


def most_steps(model: Diffusion) -> float:
    """Say in how many steps a model can be sampled.

    Args:
        model: The model.

    Returns:
        The length of a chain; of an SDE, infinity.

    Examples:
        >>> from studykit.diffusion.schedules import linear_schedule
        >>> most_steps(DDPM(lambda x_t, t: 0 * x_t, linear_schedule(T=10, beta_T=0.9)))
        10
    """
    return model.schedule.T if isinstance(model, DDPM) else math.inf


def draw(trained: TrainedDiffusion, *, sampler: str, steps: int, samples: int, seed: int) -> Tensor:
    """Draw samples.

    Args:
        trained: The model.
        sampler: The name of one of `SAMPLERS`.
        steps: Its steps.
        samples: How many to draw, n.
        seed: The same for every model: then they start from the same noise.

    Returns:
        Samples, shape `(n, C, H, W)`.

    Examples:
        >>> from studykit.diffusion.recipes import default_recipe
        >>> recipe = default_recipe("vp", "digits")
        >>> trained = TrainedDiffusion(recipe.new_network().eval(), recipe, steps=0)
        >>> draw(trained, sampler="ddim", steps=2, samples=3, seed=0).shape
        torch.Size([3, 1, 8, 8])
    """
    shape = (samples, *trained.recipe.shape)
    return SAMPLERS[sampler](trained.model, shape, steps, seed=seed, batch_size=_BATCH)


class Yardstick:
    """Real images, and the classifier whose features samples are compared with them by.

    Args:
        data: The name of a data set that has a classifier.
        path: The folder of its files; see `load_dataset`.

    Attributes:
        images: The test images, shape `(N, C, H, W)`.
        levels: How many grey levels they have.
        metric: What the Fréchet distance on the classifier's features is called; no FID.

    Raises:
        ConfigError: If there is no such data set, or none that has a classifier.

    Examples:
        >>> yardstick = Yardstick("digits")
        >>> yardstick.metric, yardstick.levels
        ('Digits-FD', 17)
    """

    def __init__(self, data: str, path: Path | None = None) -> None:
        self.images = load_dataset(data, "test", path)[0]
        levels, names = DATASETS[data].levels, get_args(DataName)
        if data not in names or levels is None:
            raise ConfigError(
                f"there is no classifier to judge samples of {data!r} by",
                mend=f"compare on {' or '.join(names)}",
            )
        self.levels = levels
        self.metric = f"{data.partition('-')[0].capitalize()}-FD"
        self._data = cast("DataName", data)

    @cached_property
    def inputs(self) -> dict[str, str]:
        """What the quality depends on beside the samples: the classifier, by its file's SHA-256."""
        return {"classifier": hashlib.sha256(weights_file(self._data).read_bytes()).hexdigest()}

    @cached_property
    def _judge(self) -> Callable[[Tensor], Any]:
        # Of the digits there is a judge that is not sure of what is no digit.
        is_digits = self._data == "digits"
        return DigitJudge().judge if is_digits else load_classifier(self._data).judge

    def quality(self, images: Tensor) -> dict[str, Any]:
        """Measure images against the test images.

        Args:
            images: Pixels in [-1, 1] (values outside are clipped), shape `(n, C, H, W)`.

        Returns:
            `fd`, the Fréchet distance to all test images; `precision` and `recall` against equally
            many, the first ones; `recognised`, the share that a classifier is sure of, and the
            `classes` that those are of.

        Raises:
            ValueError: If a pixel is not a finite number.
        """
        classifier = load_classifier(self._data)
        n = min(len(images), len(self.images))
        features, real = classifier.features(images), classifier.features(self.images[:n])
        precision, recall = precision_recall(real=real, fake=features[:n])
        judged = self._judge(images)
        return {
            "fd": frechet_distance(features, reference_moments(self._data, "test")),
            "precision": precision,
            "recall": recall,
            "recognised": judged.confident,
            "classes": judged.classes,
        }

    def quality_of(
        self, trained: TrainedDiffusion, sampler: str, steps: int, samples: int, seed: int
    ) -> dict[str, Any]:
        """Draw samples, and measure them.

        Args:
            trained: The model.
            sampler: See `draw`, as for all that follow.
            steps: See `draw`.
            samples: See `draw`.
            seed: See `draw`.

        Returns:
            What `quality` says, and the network `evaluations` for each sample.
        """
        drawn = draw(trained, sampler=sampler, steps=steps, samples=samples, seed=seed)
        return {"evaluations": evaluations(SAMPLERS[sampler], steps), **self.quality(drawn)}


def ode_bits(model: Diffusion, images: Tensor, levels: int, seed: int) -> dict[str, Any]:
    """Measure the likelihood of images by the probability flow ODE, with Hutchinson's estimate.

    Args:
        model: The model.
        images: Pixels on a grid of grey levels in [-1, 1], shape `(n, C, H, W)`.
        levels: How many grey levels there are.
        seed: The source of the dequantisation and of the probes.

    Returns:
        In bits per dimension those of `each` image, their `mean`, its standard `error`, and of that
        the part that comes from Hutchinson's estimate, `estimate_error`; how often the network was
        evaluated for each batch, `evaluations`; and `t_0`, the first time that it was asked at.

    Source: Song et al. (2021), section 4.3 and Appendix D.2.

    Examples:
        >>> from studykit.diffusion.model import NoiseModel
        >>> from studykit.diffusion.sdes import VPSDE
        >>> sde = VPSDE()
        >>> def network(x, time):  # of the data N(0, I), whose noise is sigma x
        ...     return sde.sigma(time.double() / 1000).float()[:, None, None, None] * x
        >>> model = NoiseModel(sde, network)
        >>> black = -torch.ones(4, 1, 8, 8)
        >>> round(ode_bits(model, black, levels=256, seed=0)["mean"], 1)
        9.0
    """
    spread = dequantize(images, Noise([seed], len(images)), levels)
    found = [
        log_likelihood(
            model,
            batch,
            divergence="hutchinson",
            probes=LIKELIHOOD["probes"],
            seed=[seed, number],
            rtol=LIKELIHOOD["tolerance"],
            atol=LIKELIHOOD["tolerance"],
        )
        for number, batch in enumerate(torch.split(spread, LIKELIHOOD["batch"]))
    ]
    nats = torch.cat([each.nats for each in found])
    bits = bits_per_dim(nats, images.shape[1:], levels)
    error = torch.cat([each.std_error for each in found]).square().sum().sqrt().item()
    return {
        **_average(bits),
        "estimate_error": error / (len(images) * images[0].numel() * math.log(2)),
        "evaluations": statistics.mean(each.evaluations for each in found),
        "t_0": model.sde.eps,
    }


def bound_bits(ddpm: DDPM, images: Tensor, levels: int, seed: int) -> dict[str, Any]:
    """Bound the likelihood of images, with all terms of the variational bound.

    Args:
        ddpm: The model.
        images: Pixels on a grid of grey levels in [-1, 1], shape `(n, C, H, W)`.
        levels: How many grey levels there are.
        seed: The source of noise.

    Returns:
        In bits per dimension those of `each` image, their `mean`, its standard `error`, and the
        means of the terms `L_T` and `L_0`.

    Source: Ho et al. (2020), Eq. 5.

    Examples:
        >>> from studykit.diffusion.schedules import linear_schedule
        >>> ddpm = DDPM(lambda x_t, t: 0 * x_t, linear_schedule(T=10, beta_T=0.9))
        >>> bits = bound_bits(ddpm, torch.zeros(2, 1, 8, 8), levels=3, seed=0)
        >>> bits["mean"] > bits["L_T"] > 0
        True
    """
    bound = variational_bound(ddpm, images, levels=levels, seed=seed)
    return {
        **_average(bound.total),
        "L_T": bound.L_T.mean().item(),
        "L_0": bound.L[:, 0].mean().item(),
    }


def _average(bits: Tensor) -> dict[str, Any]:
    average = Average.of(bits)
    return {"mean": average.mean, "error": average.error, "each": bits.tolist()}
