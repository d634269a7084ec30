"""From data to a trained VAE: what `studykit train vae` does, as functions.

References:
    Kingma, Welling: Auto-Encoding Variational Bayes. ICLR 2014. arXiv:1312.6114.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import torch
from PIL.Image import Image
from torch import Tensor, nn

from studykit.autoencoders.vae import VAE, VAEConfig
from studykit.datasets import DATASETS
from studykit.errors import ConfigError
from studykit.noise import Noise
from studykit.training.checkpoints import load_checkpoint, save_checkpoint
from studykit.training.config import config_from_dict, config_to_dict
from studykit.training.trainer import Step, Trainer, TrainingConfig, cpu_threads

__all__ = ["TrainedVAE", "VAERecipe", "default_vae_recipe", "train_vae"]


@dataclass(frozen=True)
class VAERecipe:
    """All that decides a run of `studykit train vae`, and the layout of its configuration file.

    Attributes:
        model: Always `"vae"`.
        data: The name of the data set.
        seed: Seeds the network's first weights, the data's order and all noise.
        network: The table `[network]`.
        training: The table `[training]`.

    Examples:
        >>> VAERecipe().network.latent
        2
    """

    model: Literal["vae"] = "vae"
    data: str = "digits"
    seed: int = 0
    network: VAEConfig = field(default_factory=VAEConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)

    def new_network(self) -> VAE:
        """Build the network with random weights, those that the seed names.

        Returns:
            The network.
        """
        torch.manual_seed(self.seed)
        return self.network.network()


def default_vae_recipe(data: str) -> VAERecipe:
    """Give the run that suits a data set on two CPU cores.

    Args:
        data: The name of a data set.

    Returns:
        The recipe; two latent dimensions, which can be drawn, but twenty for Fashion-MNIST.

    Raises:
        ValueError: If there is no such data set.

    Examples:
        >>> default_vae_recipe("moons").network.likelihood
        'gaussian'
    """
    if data not in DATASETS:
        raise ValueError(f"the data sets are {', '.join(DATASETS)}, not {data!r}")
    shape = DATASETS[data].shape
    if len(shape) == 1:
        network = VAEConfig(shape, hidden=200, likelihood="gaussian")
    else:
        # A digit's pixel counts the white ones among 4 x 4 dots of the scan.
        network = VAEConfig(shape, dots=16) if data == "digits" else VAEConfig(shape, latent=20)
    # The bound sums over the pixels, so gradients are longer than those of a mean.
    training = TrainingConfig(
        steps=3000, batch_size=100, learning_rate=2e-3, clip=1000.0, ema_decay=0.999
    )
    return VAERecipe(data=data, network=network, training=training)


@dataclass(frozen=True)
class TrainedVAE:
    """A VAE that was trained, and how.

    Attributes:
        network: The VAE with the averaged weights, in evaluation mode.
        recipe: The configuration of the run.
        steps: Optimiser steps that were taken.

    Examples:
        >>> recipe = default_vae_recipe("digits")
        >>> TrainedVAE(recipe.new_network().eval(), recipe, steps=0).sample(3).shape
        torch.Size([3, 1, 8, 8])
    """

    network: VAE
    recipe: VAERecipe
    steps: int

    @property
    def interrupted(self) -> bool:
        """Whether fewer steps were taken than the configuration says."""
        return self.steps < self.recipe.training.steps

    @torch.no_grad()
    def encode(self, x: Tensor) -> Tensor:
        r"""Give the middle of each example's $q_\phi(z \mid x)$.

        Args:
            x: Pixels in [-1, 1], shape `(B, C, H, W)`, or points, shape `(B, D)`.

        Returns:
            Shape `(B, J)`.
        """
        return self.network.encoder(_to_unit(x, self.recipe)).mean

    @torch.no_grad()
    def decode(self, z: Tensor) -> Tensor:
        r"""Give the mean of $p_\theta(x \mid z)$.

        Args:
            z: Shape `(B, J)`.

        Returns:
            Pixels in [-1, 1], shape `(B, C, H, W)`, or points, shape `(B, D)`.
        """
        return _from_unit(self.network.decoder(z).mean, self.recipe)

    def sample(self, n: int, seed: int = 0) -> Tensor:
        """Draw examples.

        Args:
            n: How many.
            seed: The same seed gives the same examples.

        Returns:
            Pixels in [-1, 1], shape `(n, C, H, W)`: each the mean of its decoder, without the
            noise of black and white; or points with the decoder's noise, shape `(n, D)`.
        """
        with cpu_threads(self.recipe.training.threads):
            means = self.recipe.network.likelihood == "bernoulli"
            return _from_unit(self.network.sample(n, seed, means=means), self.recipe)

    @torch.no_grad()
    def bound(self, x: Tensor, draws: int = 1, seed: int = 0) -> Tensor:
        r"""Bound $\log p_\theta(x)$ from below.

        Args:
            x: Pixels in [-1, 1], shape `(B, C, H, W)`, or points, shape `(B, D)`.
            draws: With 1, the bound that was trained (Eq. 7). With more, the tighter one of Burda
                et al. (2016).
            seed: The source of noise.

        Returns:
            Nats, shape `(B,)`.

        Source: Kingma & Welling (2014), Eq. 7; Burda et al. (2016), section 3.
        """
        noise, x = Noise(seed, len(x)), _to_unit(x, self.recipe)
        eps = noise.normal((draws, self.network.latent)).to(x)
        if draws == 1:
            return self.network.sgvb_b(x, eps)
        return self.network.importance_weighted_bound(x, eps)

    def save(self, path: Path, dtype: torch.dtype = torch.float32) -> None:
        """Write the weights and the configuration to a safetensors file, whole or not at all.

        Args:
            path: The file.
            dtype: What the weights are stored as.
        """
        facts = {"kind": "vae", "steps": self.steps, "recipe": config_to_dict(self.recipe)}
        weights = {name: tensor.to(dtype) for name, tensor in self.network.state_dict().items()}
        save_checkpoint(path, weights, facts)

    @classmethod
    def load(cls, path: Path) -> TrainedVAE:
        """Read what `save` wrote.

        Args:
            path: The file.

        Returns:
            The model, on the CPU.

        Raises:
            ConfigError: If the file is no checkpoint of a VAE.

        Examples:
            >>> import tempfile
            >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
            >>> recipe = default_vae_recipe("digits")
            >>> TrainedVAE(recipe.new_network(), recipe, steps=7).save(path)
            >>> TrainedVAE.load(path).steps
            7
        """
        tensors, facts = load_checkpoint(path)
        if facts.get("kind") != "vae":
            raise ConfigError(
                "no checkpoint of a VAE",
                file=str(path),
                mend="give the model.safetensors that `studykit train vae` wrote",
            )
        recipe = config_from_dict(dict(facts["recipe"]), VAERecipe(), file=str(path))
        network = recipe.new_network().eval()
        network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
        return cls(network, recipe, facts["steps"])


def train_vae(
    data: tuple[Tensor, ...],
    recipe: VAERecipe,
    on_step: Callable[[Step], None] | None = None,
    *,
    folder: Path | None = None,
    resume: bool = False,
    picture: Callable[[Tensor], Image] | None = None,
) -> TrainedVAE:
    """Train a VAE by Algorithm 1.

    Ctrl-C ends it early with what it has learned so far; `TrainedVAE.interrupted` tells.

    Args:
        data: The examples, shape `(N, C, H, W)` with pixels in [-1, 1], or `(N, D)`; labels beside
            them are not used.
        recipe: The run.
        on_step: Called after each optimiser step, to show progress.
        folder: Where the state of the run and TensorBoard's log go; by default nowhere.
        resume: Whether to go on from the state in `folder`, if there is one.
        picture: Draws samples for TensorBoard, every `sample_every` steps.

    Returns:
        The model with its averaged weights.

    Raises:
        ConfigError: If the examples do not have the shape that `recipe.network` says, the state is
            another run's, or the loss diverges.

    Source: Kingma & Welling (2014), Algorithm 1, with Adam in place of Adagrad.

    Examples:
        >>> from dataclasses import replace
        >>> recipe = replace(default_vae_recipe("digits"), training=TrainingConfig(steps=1))
        >>> train_vae((torch.zeros(64, 1, 8, 8),), recipe).steps
        1
    """
    if data[0].shape[1:] != recipe.network.shape:
        raise ConfigError(
            f"the examples have shape {tuple(data[0].shape[1:])}, the network takes "
            f"{recipe.network.shape}",
            mend="change shape under [network]",
        )
    network = recipe.new_network()
    x = _to_unit(data[0], recipe)

    def loss(network: nn.Module, batch: tuple[Tensor, ...], noise: Noise) -> Tensor:
        # Through forward, not `VAE.loss`: what wraps a network for several devices needs it so.
        eps = noise.normal((1, recipe.network.latent)).to(batch[0])
        return -cast("Tensor", network(batch[0], eps)).mean()

    def draw(step: int, network: nn.Module) -> Image | None:
        if picture is None:
            return None
        return picture(TrainedVAE(cast("VAE", network), recipe, step).sample(16, recipe.seed))

    trainer = Trainer(
        network,
        loss,
        (x,),
        recipe.training,
        recipe.seed,
        folder=folder,
        recipe={key: value for key, value in config_to_dict(recipe).items() if key != "training"},
        on_sample=draw,
    )
    if resume and trainer.state_file and trainer.state_file.exists():
        trainer.load_state(trainer.state_file)
    for step in trainer.run():
        if on_step is not None:
            on_step(step)
    network.load_state_dict(trainer.ema.network.state_dict())
    return TrainedVAE(network.eval(), recipe, trainer.steps)


# --- pixels in [-1, 1], as all data sets give them, and probabilities in [0, 1] -------------------


def _to_unit(x: Tensor, recipe: VAERecipe) -> Tensor:
    return (x + 1) / 2 if recipe.network.likelihood == "bernoulli" else x


def _from_unit(x: Tensor, recipe: VAERecipe) -> Tensor:
    return 2 * x - 1 if recipe.network.likelihood == "bernoulli" else x
