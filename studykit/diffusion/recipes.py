"""From images to a trained DDPM: what `studykit train ddpm` does, as functions.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

from studykit.diffusion.ddpm import DDPM
from studykit.diffusion.schedules import Schedule, linear_schedule
from studykit.errors import ConfigError
from studykit.networks.unet import UNet, UNetConfig
from studykit.training.checkpoints import load_checkpoint, save_checkpoint
from studykit.training.config import config_from_dict, config_to_dict
from studykit.training.trainer import Step, Trainer, TrainingConfig, cpu_threads

__all__ = ["DDPMConfig", "DiffusionConfig", "TrainedDDPM", "train_ddpm"]


@dataclass(frozen=True)
class DiffusionConfig:
    r"""The forward and the reverse process.

    The defaults are for the digits: a quarter of the paper's 1,000 steps, each with four times its
    $\beta$, so that as little of the data is left at the end
    ($\bar\alpha_T \approx 3 \cdot 10^{-5}$) and sampling takes a quarter of the time.

    Attributes:
        T: Number of steps.
        beta_1: Variance of the first step.
        beta_T: Variance of the last step.
        variance: $\sigma_t^2$ of the reverse process, `"beta"` or `"beta_tilde"`; see `DDPM`.

    Raises:
        ValueError: If the schedule is impossible.

    Examples:
        >>> DiffusionConfig().schedule.T
        250
    """

    T: int = 250
    beta_1: float = 4e-4
    beta_T: float = 0.08  # noqa: N815  (the paper's name)
    variance: Literal["beta", "beta_tilde"] = "beta"

    def __post_init__(self) -> None:
        linear_schedule(self.T, self.beta_1, self.beta_T)

    @property
    def schedule(self) -> Schedule:
        """The noise schedule."""
        return linear_schedule(self.T, self.beta_1, self.beta_T)


@dataclass(frozen=True)
class DDPMConfig:
    """All that decides a run of `studykit train ddpm`, and the layout of its configuration file.

    The defaults give recognisable 8 x 8 digits in a few minutes on two CPU cores.

    Attributes:
        seed: Seeds the network's first weights, the data's order and all noise.
        diffusion: The table `[diffusion]`.
        network: The table `[network]`.
        training: The table `[training]`.

    Examples:
        >>> DDPMConfig().network.image_size
        8
    """

    seed: int = 0
    diffusion: DiffusionConfig = field(default_factory=DiffusionConfig)
    network: UNetConfig = field(default_factory=UNetConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)


@dataclass(frozen=True)
class TrainedDDPM:
    """A network that was trained, and how.

    Attributes:
        network: The network with the averaged weights, in evaluation mode.
        config: The configuration of the run.
        steps: Optimiser steps that were taken.

    Examples:
        >>> trained = TrainedDDPM(UNet(UNetConfig()).eval(), DDPMConfig(), steps=0)
        >>> trained.ddpm.schedule.T
        250
    """

    network: UNet
    config: DDPMConfig
    steps: int

    @property
    def ddpm(self) -> DDPM:
        """The model: the process of the configuration with this network."""
        diffusion = self.config.diffusion
        return DDPM(self.network, diffusion.schedule, diffusion.variance)

    @property
    def interrupted(self) -> bool:
        """Whether fewer steps were taken than the configuration says."""
        return self.steps < self.config.training.steps

    def sample(self, n: int, seed: int = 0, *, progress: bool = False) -> Tensor:
        """Draw images.

        Args:
            n: How many.
            seed: The same seed and number give the same images.
            progress: Show a progress bar.

        Returns:
            Pixels around [-1, 1], not clipped, shape `(n, C, H, W)`.
        """
        network = self.config.network
        with cpu_threads(self.config.training.threads):
            return self.ddpm.sample(
                (n, network.image_channels, network.image_size, network.image_size),
                generator=torch.Generator().manual_seed(seed),
                device=next(self.network.parameters()).device,
                progress=progress,
            )

    def save(self, path: Path) -> None:
        """Write the weights and the configuration to a safetensors file, whole or not at all.

        Args:
            path: The file.
        """
        facts = {"model": "ddpm", "steps": self.steps, "config": config_to_dict(self.config)}
        save_checkpoint(path, self.network.state_dict(), facts)

    @classmethod
    def load(cls, path: Path) -> TrainedDDPM:
        """Read what `save` wrote.

        Args:
            path: The file.

        Returns:
            The model, on the CPU.

        Raises:
            ConfigError: If the file is no checkpoint of a DDPM.

        Examples:
            >>> import tempfile
            >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
            >>> TrainedDDPM(UNet(UNetConfig()), DDPMConfig(), steps=7).save(path)
            >>> TrainedDDPM.load(path).steps
            7
        """
        tensors, facts = load_checkpoint(path)
        if facts.get("model") != "ddpm":
            raise ConfigError(
                f"a checkpoint of {facts.get('model')!r}, not of a DDPM",
                file=str(path),
                mend="give the model.safetensors that `studykit train ddpm` wrote",
            )
        config = config_from_dict(facts["config"], DDPMConfig, file=str(path))
        network = UNet(config.network).eval()
        network.load_state_dict(tensors)
        return cls(network, config, facts["steps"])


def train_ddpm(
    images: Tensor, config: DDPMConfig, on_step: Callable[[Step], None] | None = None
) -> TrainedDDPM:
    """Train a UNet to predict noise.

    Ctrl-C ends it early with what it has learned so far; `TrainedDDPM.interrupted` tells.

    Args:
        images: Pixels in [-1, 1], shape `(N, C, H, W)`.
        config: The run.
        on_step: Called after each optimiser step, to show progress.

    Returns:
        The model with its averaged weights.

    Raises:
        ConfigError: If the images do not have the size that `config.network` says, or the loss
            diverges.

    Examples:
        >>> config = DDPMConfig(training=TrainingConfig(steps=1, batch_size=4))
        >>> train_ddpm(torch.zeros(4, 1, 8, 8), config).steps
        1
    """
    size = (config.network.image_channels, config.network.image_size, config.network.image_size)
    if images.shape[1:] != size:
        raise ConfigError(
            f"the images have shape {tuple(images.shape[1:])}, the network takes {size}",
            mend="change image_channels and image_size under [network]",
        )
    schedule, variance = config.diffusion.schedule, config.diffusion.variance

    def loss(network: nn.Module, x_0: Tensor, generator: torch.Generator) -> Tensor:
        return DDPM(network, schedule, variance).loss(x_0, generator)

    torch.manual_seed(config.seed)  # The network's first weights.
    network = UNet(config.network)
    trainer = Trainer(network, loss, images, config.training, config.seed)
    steps = 0
    for step in trainer.run():
        steps = step.number
        if on_step is not None:
            on_step(step)
    network.load_state_dict(trainer.ema.network.state_dict())
    return TrainedDDPM(network.eval(), config, steps)
