r"""The training loop: Adam, a learning-rate warm-up, clipped gradients, an average of the weights.

It runs on Hugging Face Accelerate: the loop is the same on one CPU and, under `accelerate launch`,
on many devices and hosts, where every process takes its share of each batch.

All that is random in a step is a function of the seed and the step's number: the order of the data,
the loss's noise (with the example's place in the whole batch, see `Noise`), dropout (with the
process). So a batch may be shared by processes, or cut into micro-batches, and gives the same loss;
and an interrupted run goes on bit for bit as if nothing had happened, from the weights, their
average and Adam's moments alone.
"""

from __future__ import annotations

import contextlib
import gc
import math
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import torch
import torch.distributed.nn  # Before there is a process group: see `leave_process_group`.
from accelerate import Accelerator
from torch import Tensor, nn

from studykit.errors import ConfigError
from studykit.noise import Noise
from studykit.training.checkpoints import load_checkpoint, save_checkpoint
from studykit.training.config import config_to_dict
from studykit.training.ema import EMA

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch.utils.tensorboard import SummaryWriter

__all__ = ["Step", "Trainer", "TrainingConfig", "cpu_threads", "leave_process_group"]


@dataclass(frozen=True)
class TrainingConfig:
    """How long and how fast to train.

    Attributes:
        steps: Optimiser steps.
        batch_size: Examples in a step, over all processes and micro-batches together.
        accumulation: Micro-batches that a process cuts its share of a batch into, one after the
            other: more need less memory and give the same step.
        precision: What the network computes in: `"no"` is float32; `"bf16"` and `"fp16"` are half
            as wide and quicker on hardware that has them. Weights, loss and optimiser stay float32.
        learning_rate: Adam's learning rate.
        warmup: Steps over which the learning rate rises to it linearly.
        decay: Whether the learning rate also falls linearly, from its full height at the start to 0
            after the last step, which quietens the end of a short run. The paper's stays as it is.
        clip: The largest norm of the gradient; a longer one is shortened to it.
        ema_decay: Decay of the average of the weights; see `EMA`.
        checkpoint_every: Steps from one saved state to the next.
        sample_every: Steps from one picture of samples to the next.
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
    accumulation: int = 1
    precision: Literal["no", "bf16", "fp16"] = "no"
    learning_rate: float = 2e-3
    warmup: int = 200
    decay: bool = True
    clip: float = 1.0
    ema_decay: float = 0.99
    checkpoint_every: int = 500
    sample_every: int = 500
    threads: int = 1

    def __post_init__(self) -> None:
        counts = ("steps", "batch_size", "accumulation", "checkpoint_every", "sample_every")
        if min(getattr(self, name) for name in (*counts, "threads")) < 1 or self.warmup < 0:
            raise ValueError(f"{', '.join(counts)} and threads start at 1, warmup at 0")
        if self.precision not in ("no", "bf16", "fp16"):
            raise ValueError(f"precision must be 'no', 'bf16' or 'fp16', not {self.precision!r}")
        if not (self.learning_rate > 0 and self.clip > 0 and 0 <= self.ema_decay < 1):
            raise ValueError("learning_rate and clip must be positive, ema_decay in [0, 1)")


class Step(NamedTuple):
    """What an optimiser step reports.

    Attributes:
        number: The step, from 1.
        loss: The loss, averaged over the whole batch, all processes' shares together.
        learning_rate: The learning rate.
        grad_norm: The norm of the gradient before it was clipped.
    """

    number: int
    loss: float
    learning_rate: float
    grad_norm: float


class Trainer:
    """Trains one network on one loss.

    Args:
        network: The network; it is trained in place, convolutions in channels-last layout.
        loss: Gives the loss of a batch, a scalar, the mean over the examples: called with the
            network (wrapped for its devices), the tensors of the batch, and the noise to use, one
            stream an example.
        data: What to learn from, tensors of the same length N: `(images,)`, or images and labels,
            such as `LabelledImages`.
        config: How long and how fast.
        seed: Seeds the order of the data, the noise and the dropout; not negative. The same seed on
            the same machine gives the same weights.
        folder: Where to write the state, `state.safetensors`, and the events that TensorBoard
            shows. By default nothing is written.
        recipe: What else decides the run (the network's shape, the data's name, ...), as plain
            data. It goes into the state, and a state of another recipe is not taken up.
        on_sample: Called every `config.sample_every` steps, on the main process, with the step's
            number and the averaged network; the picture that it gives back, if any, goes to
            TensorBoard.

    Attributes:
        ema: The average of the weights; `ema.network` is what to keep.
        steps: Steps taken so far, those before a resumption included.
        interrupted: Whether Ctrl-C ended the last run.

    Raises:
        ValueError: If `data` are no tensors of one length, or the seed is negative.
        ConfigError: If a batch has fewer examples than it must be shared into.

    Examples:
        >>> network = nn.Linear(1, 1)
        >>> def loss(network, batch, noise):
        ...     (x,) = batch
        ...     return (network(x + noise.normal((1,))) - x).square().mean()
        >>> trainer = Trainer(network, loss, (torch.randn(256, 1),), TrainingConfig(steps=2))
        >>> [step.number for step in trainer.run()]
        [1, 2]
    """

    def __init__(
        self,
        network: nn.Module,
        loss: Callable[[nn.Module, tuple[Tensor, ...], Noise], Tensor],
        data: tuple[Tensor, ...],
        config: TrainingConfig,
        seed: int = 0,
        *,
        folder: Path | None = None,
        recipe: Mapping[str, Any] | None = None,
        on_sample: Callable[[int, nn.Module], Image | None] | None = None,
    ) -> None:
        if not isinstance(data, tuple) or len({len(part) for part in data}) != 1:
            raise ValueError("data must be a tuple of tensors of the same length")
        if seed < 0:
            raise ValueError(f"seed must not be negative: {seed}")
        self.config = config
        self.seed = seed
        self.steps = 0
        self.interrupted = False
        self._loss = loss
        self._data = data
        self._recipe = dict(recipe or {})
        self._folder = folder
        self._on_sample = on_sample
        # Accelerate's own mixed precision is a choice for the whole process, which two runs with
        # different ones cannot share; see `_Autocast`. Without `cpu` it takes two processes on a
        # machine without a GPU for two unrelated ones.
        self._accelerator = Accelerator(
            mixed_precision="no", cpu=not torch.accelerator.is_available()
        )
        self._batch_size = min(config.batch_size, len(data[0]))
        parts = self._accelerator.num_processes * config.accumulation
        if self._batch_size < parts:
            raise ConfigError(
                f"a batch of {self._batch_size} examples is too small for "
                f"{parts // config.accumulation} processes x {config.accumulation} micro-batches",
                mend="raise batch_size, or lower accumulation, under [training]",
            )

        device = self._accelerator.device
        # Convolutions are quicker in this layout, on a CPU by a fifth for images of 28 x 28.
        self._network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        wrapped: nn.Module = network
        if config.precision != "no":
            half = torch.bfloat16 if config.precision == "bf16" else torch.float16
            wrapped = _Autocast(network, device.type, half)
        self._wrapped = self._accelerator.prepare(wrapped)
        self.ema = EMA(network, config.ema_decay)
        self._optimiser = torch.optim.Adam(
            network.parameters(), lr=config.learning_rate, fused=True
        )
        # float16 would lose small gradients: they are scaled up, and back before the step.
        self._scaler = torch.amp.GradScaler(device.type, enabled=config.precision == "fp16")

    @property
    def is_main(self) -> bool:
        """Whether this process is the one of all that writes files and prints."""
        return bool(self._accelerator.is_main_process)

    @property
    def state_file(self) -> Path | None:
        """Where `run` saves the state, if anywhere."""
        return self._folder and self._folder / "state.safetensors"

    # --- the loop -------------------------------------------------------------------------------

    def run(self) -> Iterator[Step]:
        """Take the steps that are left, and report each.

        Ctrl-C ends the run after the step that is under way, on all processes after the same one;
        a second Ctrl-C raises `KeyboardInterrupt` at once, where there is one process. The state is
        saved then, at the end, and every `config.checkpoint_every` steps. Seeds PyTorch's global
        generator.

        Yields:
            What the step reports, the same on every process.

        Raises:
            ConfigError: If the loss is no longer a finite number.
        """
        accelerator, config = self._accelerator, self.config
        self._wrapped.train()
        with (
            cpu_threads(config.threads),
            _interrupt_noted(launched=accelerator.num_processes > 1) as interrupt,
            self._board() as board,
        ):
            while self.steps < config.steps:
                step = self._step(self.steps + 1)
                self.steps = step.number
                if board:
                    board.add_scalar("loss", step.loss, step.number)
                    board.add_scalar("learning rate", step.learning_rate, step.number)
                    board.add_scalar("gradient norm", step.grad_norm, step.number)
                if self._on_sample and self.is_main and step.number % config.sample_every == 0:
                    picture = self._on_sample(step.number, self.ema.network)
                    if board and picture:
                        layout = "HW" if picture.mode == "L" else "HWC"
                        board.add_image(
                            "samples", np.asarray(picture), step.number, dataformats=layout
                        )
                yield step
                # Only some processes may have got the signal; all must leave the loop at the same
                # step.
                if interrupt.is_set():
                    accelerator.set_trigger()
                self.interrupted = accelerator.check_trigger()
                last = self.interrupted or step.number == config.steps
                if self.state_file and (last or step.number % config.checkpoint_every == 0):
                    self.save_state(self.state_file)
                if self.interrupted:
                    return

    def _step(self, number: int) -> Step:
        accelerator, config = self._accelerator, self.config
        learning_rate = config.learning_rate * _relative_rate(number, config)
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate
        self._seed_dropout(number)
        self._optimiser.zero_grad()
        total = torch.zeros((), device=accelerator.device)
        micro_batches = self._micro_batches(number)
        for i, (batch, share, noise) in enumerate(micro_batches):
            # The processes exchange gradients once, with the last micro-batch.
            last = i == len(micro_batches) - 1
            with contextlib.nullcontext() if last else accelerator.no_sync(self._wrapped):
                loss = share * self._loss(self._wrapped, batch, noise)
                # That exchange takes the mean over the processes; this makes it the sum.
                self._scaler.scale(loss * accelerator.num_processes).backward()
            total += loss.detach()
        self._scaler.unscale_(self._optimiser)
        norm = nn.utils.clip_grad_norm_(self._network.parameters(), config.clip)
        self._scaler.step(self._optimiser)
        self._scaler.update()
        self.ema.update(self._network)

        step = Step(number, accelerator.reduce(total).item(), learning_rate, norm.item())
        if not math.isfinite(step.loss):
            raise ConfigError(
                f"the loss is {step.loss} at step {number}: training has diverged",
                mend="lower learning_rate, or lengthen warmup, under [training]",
            )
        return step

    def _micro_batches(self, number: int) -> list[tuple[tuple[Tensor, ...], float, Noise]]:
        """Return this process's examples of a step, their share of the whole batch, their noise."""
        epoch, place = divmod(number - 1, len(self._data[0]) // self._batch_size)
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self._data[0]))
        batch = order[place * self._batch_size :][: self._batch_size]
        accumulation, process = self.config.accumulation, self._accelerator.process_index
        parts = np.array_split(
            np.arange(self._batch_size), accumulation * self._accelerator.num_processes
        )
        return [
            (
                tuple(each[batch[part]].to(self._accelerator.device) for each in self._data),
                len(part) / self._batch_size,
                Noise([self.seed, number], n=len(part), first=int(part[0])),
            )
            for part in parts[process * accumulation :][:accumulation]
        ]

    def _seed_dropout(self, number: int) -> None:
        # A spawn key, because the words [seed, step, example] are the loss's noise.
        key = (self._accelerator.process_index,)
        words = np.random.SeedSequence((self.seed, number), spawn_key=key)
        torch.manual_seed(int(words.generate_state(1)[0]))

    @contextmanager
    def _board(self) -> Iterator[SummaryWriter | None]:
        """Open TensorBoard's log; what it holds of steps that are now taken again is dropped."""
        if self._folder is None or not self.is_main:
            yield None
            return
        from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415  (takes a second)

        with SummaryWriter(self._folder, purge_step=self.steps + 1) as board:
            yield board

    # --- the state (to go on later) -------------------------------------------------------------

    def save_state(self, path: Path) -> None:
        """Write all that the next steps depend on: whole or not at all, on the main process only.

        The file holds the weights, their average, Adam's moments, the counters and the
        configuration; numbers and text only.

        Args:
            path: The file, usually `*.safetensors`.

        Raises:
            OSError: If the file cannot be written.

        Examples:
            >>> import tempfile
            >>> def loss(network, batch, noise):
            ...     return network(*batch).square().mean()
            >>> trainer = Trainer(nn.Linear(1, 1), loss, (torch.ones(8, 1),), TrainingConfig())
            >>> path = Path(tempfile.mkdtemp()) / "state.safetensors"
            >>> trainer.save_state(path)
            >>> list(load_checkpoint(path).tensors)
            ['ema.bias', 'ema.weight', 'network.bias', 'network.weight']
        """
        if not self.is_main:
            return
        facts = {
            "run": self._identity(),
            "steps": self.steps,
            "ema": {"decay": self.ema.decay, "steps": self.ema.steps},
            "scaler": self._scaler.state_dict(),
        }
        save_checkpoint(path, self._tensors(), facts)

    def load_state(self, path: Path) -> None:
        """Take up a run where `save_state` left it; `run` then takes the steps that are left.

        The next steps are, bit for bit, those that the other run would have taken. What does not
        change them may differ: `threads`, `accumulation` (both but for rounding),
        `checkpoint_every`, `sample_every` and, if the learning rate does not fall, `steps`.

        Args:
            path: The file; every process reads it.

        Raises:
            ConfigError: If it is no state, or that of another run; the message names what differs.

        Examples:
            >>> import tempfile
            >>> def loss(network, batch, noise):
            ...     return network(*batch).square().mean()
            >>> def trainer():
            ...     data, config = (torch.ones(8, 1),), TrainingConfig(steps=5)
            ...     return Trainer(nn.Linear(1, 1), loss, data, config)
            >>> first, second = trainer(), trainer()
            >>> _ = next(first.run())
            >>> path = Path(tempfile.mkdtemp()) / "state.safetensors"
            >>> first.save_state(path)
            >>> second.load_state(path)
            >>> [step.number for step in second.run()]
            [2, 3, 4, 5]
        """
        tensors, facts = load_checkpoint(path)
        if "run" not in facts:
            raise ConfigError(
                "a checkpoint of a model, not the state of a training run",
                file=str(path),
                mend="give the state.safetensors that the run wrote",
            )
        saved, ours = _flat(facts["run"]), _flat(self._identity())
        differing = [
            f"{key} = {saved.get(key)!r}, not {ours.get(key)!r}"
            for key in sorted(saved.keys() | ours.keys())
            if saved.get(key) != ours.get(key) and key not in self._free_to_differ()
        ]
        if differing:
            raise ConfigError(
                f"the state of another run: there {'; '.join(differing)}",
                file=str(path),
                mend="resume with the configuration of that run, or write into another folder",
            )

        moments: dict[int, dict[str, Tensor]] = {}
        weights = list(self._network.parameters())
        for name in [name for name in tensors if name.startswith("adam.")]:
            index, key = name.removeprefix("adam.").split(".")
            tensor = tensors.pop(name)
            layout = weights[int(index)] if tensor.ndim else tensor
            moments.setdefault(int(index), {})[key] = torch.empty_like(layout).copy_(tensor)
        try:
            self._network.load_state_dict(_below("network.", tensors))
            self.ema.network.load_state_dict(_below("ema.", tensors))
        except RuntimeError as error:
            raise ConfigError(
                f"the state of another network: {error}",
                file=str(path),
                mend="resume with the configuration of that run, or write into another folder",
            ) from error
        self._optimiser.load_state_dict({**self._optimiser.state_dict(), "state": moments})
        self._scaler.load_state_dict(facts["scaler"])
        self.ema.decay, self.ema.steps = facts["ema"]["decay"], facts["ema"]["steps"]
        self.steps = facts["steps"]

    def _tensors(self) -> dict[str, Tensor]:
        moments = self._optimiser.state_dict()["state"]
        return {
            **{f"network.{name}": each for name, each in self._network.state_dict().items()},
            **{f"ema.{name}": each for name, each in self.ema.network.state_dict().items()},
            **{
                f"adam.{index}.{key}": each
                for index, of_weight in moments.items()
                for key, each in of_weight.items()
            },
        }

    def _identity(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "examples": len(self._data[0]),
            "training": config_to_dict(self.config),
            "recipe": self._recipe,
        }

    def _free_to_differ(self) -> set[str]:
        names = {"threads", "accumulation", "checkpoint_every", "sample_every"}
        return {f"training.{name}" for name in (names if self.config.decay else {*names, "steps"})}


def _relative_rate(number: int, config: TrainingConfig) -> float:
    """Give the learning rate of a step, counted from 1, as a share of the full one."""
    warmup = min(1.0, number / max(1, config.warmup))
    return warmup * (1 - (number - 1) / config.steps) if config.decay else warmup


def _flat(data: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Name the leaves of nested plain data by their dotted paths."""
    flat = {}
    for key, value in data.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{path}{key}."))
        else:
            flat[f"{path}{key}"] = value
    return flat


def _below(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }


class _Autocast(nn.Module):
    """Lets a network compute in half precision and answer in float32, as a loss needs it."""

    def __init__(self, network: nn.Module, device: str, dtype: torch.dtype) -> None:
        super().__init__()
        self.network = network
        self._device = device
        self._dtype = dtype

    def forward(self, *args: Any, **kwargs: Any) -> Tensor:
        with torch.autocast(self._device, self._dtype):
            out: Tensor = self.network(*args, **kwargs)
        return out.float()


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


def leave_process_group() -> None:
    """End the exchange with the other processes of `accelerate launch`, if there are any.

    A program that trains under the launcher calls it before it ends, when no `Trainer` is in use
    any more: a thread of the process group that is still freeing a tensor while Python shuts down
    aborts the process (PyTorch's pull request 179291).

    Examples:
        >>> leave_process_group()  # one process: there is nothing to leave
    """
    if torch.distributed.is_initialized():
        # The threads are joined when nothing holds the group any more. Trainers do, in reference
        # cycles; `torch.distributed.nn` would, had it been imported while there was a group.
        gc.collect()
        torch.distributed.destroy_process_group()


@contextmanager
def _interrupt_noted(*, launched: bool) -> Iterator[threading.Event]:
    """Turn the first Ctrl-C into a flag; a second one acts as usual.

    A launcher passes on the Ctrl-C that the terminal has sent to all already, some time later: then
    all but the first are ignored, and the launcher itself ends what takes too long.
    """
    noted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield noted  # Only the main thread may handle signals.
        return
    usual = signal.getsignal(signal.SIGINT)

    def note(_signal: int, _frame: FrameType | None) -> None:
        noted.set()
        if not launched:
            signal.signal(signal.SIGINT, usual)

    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        if not (launched and noted.is_set()):
            signal.signal(signal.SIGINT, usual)
