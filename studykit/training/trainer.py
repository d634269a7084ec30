r"""The training loop: Adam, a learning-rate warm-up, clipped gradients, an average of the weights.

It runs on Hugging Face Accelerate: the loop is the same on one CPU and, under `accelerate launch`,
on many devices and hosts, where every process takes its share of each batch.
"""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NamedTuple

import torch
from accelerate import Accelerator
from accelerate.utils import DataLoaderConfiguration, set_seed
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from studykit.errors import ConfigError
from studykit.training.ema import EMA

__all__ = ["Step", "Trainer", "TrainingConfig", "cpu_threads"]


@dataclass(frozen=True)
class TrainingConfig:
    """How long and how fast to train.

    Attributes:
        steps: Optimiser steps.
        batch_size: Examples in a step, over all processes together.
        learning_rate: Adam's learning rate.
        warmup: Steps over which the learning rate rises to it linearly.
        decay: Whether the learning rate also falls linearly, from its full height at the start to 0
            after the last step, which quietens the end of a short run. The paper's stays as it is.
        clip: The largest norm of the gradient; a longer one is shortened to it.
        ema_decay: Decay of the average of the weights; see `EMA`.
        threads: CPU threads that PyTorch computes with. For a network as small as the default one
            more threads gain little, and on a busy machine they wait for each other: there two
            threads were twenty times slower than one. Sums in another order differ in the last
            digit, so a fixed number also makes a seed mean the same on any number of cores.

    Raises:
        ValueError: If a number is out of its range.

    Examples:
        >>> TrainingConfig(steps=100).steps
        100
    """

    steps: int = 2000
    batch_size: int = 64
    learning_rate: float = 2e-3
    warmup: int = 200
    decay: bool = True
    clip: float = 1.0
    ema_decay: float = 0.99
    threads: int = 1

    def __post_init__(self) -> None:
        if min(self.steps, self.batch_size, self.threads) < 1 or self.warmup < 0:
            raise ValueError("steps, batch_size and threads start at 1, warmup at 0")
        if not (self.learning_rate > 0 and self.clip > 0 and 0 <= self.ema_decay < 1):
            raise ValueError("learning_rate and clip must be positive, ema_decay in [0, 1)")


class Step(NamedTuple):
    """What an optimiser step reports.

    Attributes:
        number: The step, from 1.
        loss: The loss of its batch (of this process's share).
    """

    number: int
    loss: float


class Trainer:
    """Trains one network on one loss.

    Args:
        network: The network; it is trained in place.
        loss: Gives the scalar loss of a batch: called with the network (wrapped for its devices),
            the batch, and the generator that its noise must come from.
        data: The examples, shape `(N, ...)`.
        config: How long and how fast.
        seed: Seeds the order of the data, the noise and the dropout. The same seed on the same
            machine gives the same weights.

    Attributes:
        ema: The average of the weights; `ema.network` is what to keep.
        interrupted: Whether Ctrl-C ended the last run.

    Examples:
        >>> network = nn.Linear(1, 1)
        >>> def loss(network, x, generator):
        ...     return (network(x) - 3 * x).square().mean()
        >>> trainer = Trainer(network, loss, torch.randn(256, 1), TrainingConfig(steps=2))
        >>> [step.number for step in trainer.run()]
        [1, 2]
    """

    def __init__(
        self,
        network: nn.Module,
        loss: Callable[[nn.Module, Tensor, torch.Generator], Tensor],
        data: Tensor,
        config: TrainingConfig,
        seed: int = 0,
    ) -> None:
        self.config = config
        self.seed = seed
        self.interrupted = False
        self._loss = loss
        # split_batches: a batch is shared out, so that batch_size means the same on any number of
        # processes. The seedable sampler gives every process the same order.
        self._accelerator = Accelerator(
            dataloader_config=DataLoaderConfiguration(
                split_batches=True, use_seedable_sampler=True, data_seed=seed
            )
        )
        batch_size = min(config.batch_size, len(data))
        loader = DataLoader(TensorDataset(data), batch_size, shuffle=True, drop_last=True)
        optimiser = torch.optim.Adam(network.parameters(), lr=config.learning_rate)
        self._network, self._optimiser, self._loader = self._accelerator.prepare(
            network, optimiser, loader
        )
        self.ema = EMA(self._accelerator.unwrap_model(self._network), config.ema_decay)

    def run(self) -> Iterator[Step]:
        """Take the steps, and report each.

        Ctrl-C ends the run after the step that is under way, so that the weights are always those
        of a whole step; a second Ctrl-C raises `KeyboardInterrupt` at once. Seeds PyTorch's global
        generator.

        Yields:
            The step's number and loss.

        Raises:
            ConfigError: If the loss is no longer a finite number.
        """
        accelerator, config = self._accelerator, self.config
        set_seed(self.seed, device_specific=True)
        generator = torch.Generator().manual_seed(self.seed + accelerator.process_index)
        weights = list(self._network.parameters())
        self._network.train()
        with cpu_threads(config.threads), _interrupt_noted() as interrupt:
            for number, batch in zip(range(1, config.steps + 1), self._batches(), strict=False):
                for group in self._optimiser.param_groups:
                    group["lr"] = config.learning_rate * _relative_rate(number, config)
                loss = self._loss(self._network, batch, generator)
                self._optimiser.zero_grad()
                accelerator.backward(loss)
                accelerator.clip_grad_norm_(weights, config.clip)
                self._optimiser.step()
                self.ema.update(accelerator.unwrap_model(self._network))

                step = Step(number, loss.item())
                if not math.isfinite(step.loss):
                    raise ConfigError(
                        f"the loss is {step.loss} at step {number}: training has diverged",
                        mend="lower learning_rate, or lengthen warmup, under [training]",
                    )
                yield step
                # Only some processes may have got the signal; all must leave the loop at the same
                # step.
                if interrupt.is_set():
                    accelerator.set_trigger()
                if accelerator.check_trigger():
                    self.interrupted = True
                    return

    def _batches(self) -> Iterator[Tensor]:
        while True:
            for (batch,) in self._loader:
                yield batch


def _relative_rate(number: int, config: TrainingConfig) -> float:
    """Give the learning rate of a step, counted from 1, as a share of the full one."""
    warmup = min(1.0, number / max(1, config.warmup))
    return warmup * (1 - (number - 1) / config.steps) if config.decay else warmup


@contextmanager
def cpu_threads(threads: int) -> Iterator[None]:
    """Let PyTorch compute with so many CPU threads inside a `with` block.

    Args:
        threads: How many; 1 or more.

    Examples:
        >>> with cpu_threads(1):
        ...     torch.get_num_threads()
        1
    """
    usual = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(usual)


@contextmanager
def _interrupt_noted() -> Iterator[threading.Event]:
    """Turn the first Ctrl-C into a flag; a second one acts as usual."""
    noted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield noted  # Only the main thread may handle signals.
        return
    usual = signal.getsignal(signal.SIGINT)

    def note(_signal: int, _frame: FrameType | None) -> None:
        noted.set()
        signal.signal(signal.SIGINT, usual)

    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, usual)
