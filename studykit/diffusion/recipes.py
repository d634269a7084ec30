r"""From data to a trained diffusion model: what `studykit train` does, as functions.

Four models can be trained on the same data with the same network under the same budget, so that
they can be compared:

| name | process | objective |
| --- | --- | --- |
| `ddpm` | the chain of Ho et al. (2020) | $L_\text{simple}$, or the velocity's |
| `ve` | variance exploding SDE | denoising score matching, the velocity's |
| `vp` | variance preserving SDE | the same |
| `subvp` | sub-VP SDE | the same |

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import torch
from PIL.Image import Image
from torch import Tensor, nn

from studykit.diffusion.ddpm import DDPM
from studykit.diffusion.model import Diffusion, VelocityModel
from studykit.diffusion.objectives import denoising_score_matching
from studykit.diffusion.samplers import ancestral
from studykit.diffusion.schedules import Schedule, cosine_schedule, linear_schedule
from studykit.diffusion.sdes import SDE, VESDE, VPSDE, SubVPSDE
from studykit.errors import ConfigError
from studykit.networks.mlp import MLP, MLPConfig
from studykit.networks.unet import UNet, UNetConfig
from studykit.noise import Noise
from studykit.training.checkpoints import load_checkpoint, save_checkpoint
from studykit.training.config import config_from_dict, config_to_dict
from studykit.training.trainer import Step, Trainer, TrainingConfig, cpu_threads

__all__ = [
    "MODELS",
    "ChainConfig",
    "Recipe",
    "SubVPConfig",
    "TrainedDiffusion",
    "VEConfig",
    "VPConfig",
    "default_recipe",
    "train_diffusion",
]

MODELS = ("ddpm", "ve", "vp", "subvp")
"""The names of the models that can be trained."""


# --- the table [diffusion] ----------------------------------------------------------------------


@dataclass(frozen=True)
class ChainConfig:
    r"""The process of a DDPM.

    The defaults are for the digits: a quarter of the paper's 1,000 steps, each with four times its
    $\beta$, so that as little of the data is left at the end
    ($\bar\alpha_T \approx 3 \cdot 10^{-5}$) and sampling takes a quarter of the time.

    Attributes:
        T: Number of steps.
        schedule: `"linear"` (Ho et al.) or `"cosine"` (Nichol, Dhariwal), which has no use for the
            two variances below.
        beta_1: Variance of the first step.
        beta_T: Variance of the last step.
        prediction: What the network predicts, `"eps"`, `"x_0"` or `"v"`; see `DDPM`.
        variance: $\sigma_t^2$ of the reverse process, `"beta"`, `"beta_tilde"` or `"learned"`; see
            `DDPM`. A learned one needs `learned_variance = true` under `[network]`.

    Raises:
        ValueError: If the schedule is impossible.

    Examples:
        >>> ChainConfig().chain.T
        250
    """

    T: int = 250
    schedule: Literal["linear", "cosine"] = "linear"
    beta_1: float = 4e-4
    beta_T: float = 0.08  # noqa: N815  (the paper's name)
    prediction: Literal["eps", "x_0", "v"] = "eps"
    variance: Literal["beta", "beta_tilde", "learned"] = "beta"

    def __post_init__(self) -> None:
        _ = self.chain

    @property
    def chain(self) -> Schedule:
        """The noise schedule."""
        if self.schedule == "cosine":
            return cosine_schedule(self.T)
        return linear_schedule(self.T, self.beta_1, self.beta_T)

    def model(self, network: Callable[[Tensor, Tensor], Tensor]) -> DDPM:
        """Put a network into the process.

        Args:
            network: See `DDPM`.

        Returns:
            The model.
        """
        return DDPM(network, self.chain, prediction=self.prediction, variance=self.variance)

    def loss(
        self, network: Callable[[Tensor, Tensor], Tensor], x_0: Tensor, noise: Noise
    ) -> Tensor:
        """Give the loss of a batch; see `DDPM.loss`.

        Args:
            network: See `DDPM`.
            x_0: Data, shape `(B, ...)`.
            noise: One stream for each example.

        Returns:
            A scalar.
        """
        return self.model(network).loss(x_0, noise)


class _Continuous:
    """What the three SDEs share: a network that tells the velocity, and score matching."""

    weighting: Literal["sigma", "likelihood", "velocity"]

    def __post_init__(self) -> None:
        _ = self.sde

    @property
    def sde(self) -> SDE:
        """The process."""
        raise NotImplementedError

    def model(self, network: Callable[[Tensor, Tensor], Tensor]) -> VelocityModel:
        """Put a network into the process.

        Args:
            network: See `VelocityModel`.

        Returns:
            The model.
        """
        return VelocityModel(self.sde, network)

    def loss(
        self, network: Callable[[Tensor, Tensor], Tensor], x_0: Tensor, noise: Noise
    ) -> Tensor:
        """Give the loss of a batch; see `denoising_score_matching`.

        Args:
            network: See `VelocityModel`.
            x_0: Data, shape `(B, ...)`.
            noise: One stream for each example.

        Returns:
            A scalar.
        """
        return denoising_score_matching(self.model(network), x_0, noise, weighting=self.weighting)


@dataclass(frozen=True)
class VPConfig(_Continuous):
    """The variance preserving SDE.

    Attributes:
        beta_min: See `VPSDE`.
        beta_max: See `VPSDE`.
        eps: The smallest time that is used.
        weighting: Of the times in the loss; see `denoising_score_matching`.

    Raises:
        ValueError: If a number is out of its range.

    Examples:
        >>> VPConfig().sde.beta_max
        20.0
    """

    beta_min: float = 0.1
    beta_max: float = 20.0
    eps: float = 1e-3
    weighting: Literal["sigma", "likelihood", "velocity"] = "velocity"

    @property
    def sde(self) -> VPSDE:
        """The process."""
        return VPSDE(self.beta_min, self.beta_max, self.eps)


@dataclass(frozen=True)
class SubVPConfig(VPConfig):
    """The sub-VP SDE; its attributes are those of `VPConfig`.

    Examples:
        >>> type(SubVPConfig().sde).__name__
        'SubVPSDE'
    """

    @property
    def sde(self) -> SubVPSDE:
        """The process."""
        return SubVPSDE(self.beta_min, self.beta_max, self.eps)


@dataclass(frozen=True)
class VEConfig(_Continuous):
    """The variance exploding SDE.

    Attributes:
        sigma_min: See `VESDE`.
        sigma_max: See `VESDE`.
        eps: The smallest time that is used.
        weighting: Of the times in the loss; see `denoising_score_matching`.

    Raises:
        ValueError: If a number is out of its range.

    Examples:
        >>> VEConfig(sigma_max=20).sde.sigma_max
        20
    """

    sigma_min: float = 0.01
    sigma_max: float = 50.0
    eps: float = 1e-5
    weighting: Literal["sigma", "likelihood", "velocity"] = "velocity"

    @property
    def sde(self) -> VESDE:
        """The process."""
        return VESDE(self.sigma_min, self.sigma_max, self.eps)


# --- a run --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recipe:
    """All that decides a run of `studykit train`, and the layout of its configuration file.

    Attributes:
        model: One of `MODELS`.
        data: The name of the data set.
        seed: Seeds the network's first weights, the data's order and all noise.
        diffusion: The table `[diffusion]`.
        network: The table `[network]`; a UNet for images, an MLP for points.
        training: The table `[training]`.

    Examples:
        >>> Recipe().network.image_size
        8
    """

    model: Literal["ddpm", "ve", "vp", "subvp"] = "ddpm"
    data: str = "digits"
    seed: int = 0
    diffusion: ChainConfig | VEConfig | VPConfig = field(default_factory=ChainConfig)
    network: UNetConfig | MLPConfig = field(default_factory=UNetConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)

    def __post_init__(self) -> None:
        learned = isinstance(self.network, UNetConfig) and self.network.learned_variance
        wanted = isinstance(self.diffusion, ChainConfig) and self.diffusion.variance == "learned"
        if learned != wanted:
            raise ValueError(
                "variance = 'learned' under [diffusion] and learned_variance = true under "
                "[network] go together"
            )

    @property
    def sampling_steps(self) -> int:
        """The steps that samples are drawn in unless told otherwise: 250, or a shorter chain's."""
        return min(250, self.diffusion.T) if isinstance(self.diffusion, ChainConfig) else 250

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one example: `(C, H, W)` of an image, `(D,)` of a point."""
        if isinstance(self.network, MLPConfig):
            return (self.network.dimensions,)
        size = self.network.image_size
        return (self.network.image_channels, size, size)

    def new_network(self) -> UNet | MLP:
        """Build the network with random weights, those that the seed names.

        Returns:
            The network; convolutions in channels-last layout, which is quicker.
        """
        torch.manual_seed(self.seed)
        if isinstance(self.network, MLPConfig):
            return MLP(self.network)
        network = UNet(self.network)
        # Here and not where it trains: in another layout sums differ in the last digit.
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return network


def default_recipe(model: str, data: str) -> Recipe:
    """Give the run that suits a model and a data set on two CPU cores.

    Args:
        model: One of `MODELS`.
        data: The name of a data set: `digits`, `fashion-mnist`, or one of the 2-D toys.

    Returns:
        The recipe.

    Raises:
        ValueError: If there is no such model.

    Examples:
        >>> default_recipe("vp", "fashion-mnist").shape
        (1, 28, 28)
    """
    if model not in MODELS:
        raise ValueError(f"the models are {', '.join(MODELS)}, not {model!r}")
    # Steps of a chain that are left out make beta a bad variance; beta_tilde stays good.
    # Of 28 x 28 pixels a network that tells the noise does not learn enough in twenty minutes: from
    # its answers near t = T the solvers of the probability flow made noise of every other image.
    paper = ChainConfig(T=1000, beta_1=1e-4, beta_T=0.02, prediction="v", variance="beta_tilde")
    chain = ChainConfig() if data == "digits" else paper
    # sigma_max: about the largest distance between two examples (Song, Ermon 2020, Technique 1).
    sigma_max = {"digits": 10.0, "fashion-mnist": 40.0}.get(data, 8.0)
    diffusion = {
        "ddpm": chain,
        "ve": VEConfig(sigma_max=sigma_max),
        "vp": VPConfig(),
        "subvp": SubVPConfig(),
    }[model]
    recipe = Recipe(model=model, data=data, diffusion=diffusion)  # type: ignore[arg-type]
    if data == "digits":
        return recipe
    if data == "fashion-mnist":
        return replace(
            recipe,
            network=UNetConfig(image_size=28, patch=2, channels=48, attention=(7,)),
            training=TrainingConfig(steps=2700, batch_size=32, learning_rate=1e-3, ema_decay=0.999),
        )
    return replace(recipe, network=MLPConfig(), training=TrainingConfig(batch_size=256))


@dataclass(frozen=True)
class TrainedDiffusion:
    """A network that was trained, and how.

    Attributes:
        network: The network with the averaged weights, in evaluation mode.
        recipe: The configuration of the run.
        steps: Optimiser steps that were taken.

    Examples:
        >>> recipe = default_recipe("vp", "digits")
        >>> TrainedDiffusion(recipe.new_network().eval(), recipe, steps=0).model.sde.T
        1.0
    """

    network: nn.Module
    recipe: Recipe
    steps: int

    @property
    def model(self) -> Diffusion:
        """The model: the process of the configuration with this network."""
        return self.recipe.diffusion.model(self.network)

    @property
    def interrupted(self) -> bool:
        """Whether fewer steps were taken than the configuration says."""
        return self.steps < self.recipe.training.steps

    def sample(
        self,
        n: int,
        seed: int = 0,
        *,
        sampler: Callable[..., Tensor] = ancestral,
        steps: int | None = None,
        **options: Any,
    ) -> Tensor:
        """Draw examples.

        Args:
            n: How many.
            seed: The same seed gives the same examples.
            sampler: One of `studykit.diffusion.samplers`.
            steps: The sampler's steps; by default `recipe.sampling_steps`.
            options: What else the sampler takes, such as `progress=True`.

        Returns:
            Pixels around [-1, 1], not clipped, shape `(n, C, H, W)`, or points, shape `(n, D)`.
        """
        steps = self.recipe.sampling_steps if steps is None else steps
        options = {"device": next(self.network.parameters()).device, **options}
        with cpu_threads(self.recipe.training.threads):
            return sampler(self.model, (n, *self.recipe.shape), steps, seed=seed, **options)

    def save(self, path: Path, dtype: torch.dtype = torch.float32) -> None:
        """Write the weights and the configuration to a safetensors file, whole or not at all.

        Args:
            path: The file.
            dtype: What the weights are stored as; float16 makes a file of half the size, whose
                samples differ by less than a grey level.
        """
        facts = {"kind": "diffusion", "steps": self.steps, "recipe": config_to_dict(self.recipe)}
        weights = {name: tensor.to(dtype) for name, tensor in self.network.state_dict().items()}
        save_checkpoint(path, weights, facts)

    @classmethod
    def load(cls, path: Path) -> TrainedDiffusion:
        """Read what `save` wrote.

        Args:
            path: The file.

        Returns:
            The model, on the CPU.

        Raises:
            ConfigError: If the file is no checkpoint of a diffusion model.

        Examples:
            >>> import tempfile
            >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
            >>> recipe = default_recipe("ddpm", "digits")
            >>> TrainedDiffusion(recipe.new_network(), recipe, steps=7).save(path)
            >>> TrainedDiffusion.load(path).steps
            7
        """
        tensors, facts = load_checkpoint(path)
        if facts.get("kind") != "diffusion":
            raise ConfigError(
                "no checkpoint of a diffusion model",
                file=str(path),
                mend="give the model.safetensors that `studykit train` wrote",
            )
        plain: Mapping[str, Any] = facts["recipe"]
        try:
            defaults = default_recipe(plain["model"], plain["data"])
        except ValueError as error:
            raise ConfigError(str(error), file=str(path), mend="use a newer studykit") from error
        recipe = config_from_dict(dict(plain), defaults, file=str(path))
        network = recipe.new_network().eval()
        network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
        return cls(network, recipe, facts["steps"])


def train_diffusion(
    data: tuple[Tensor, ...],
    recipe: Recipe,
    on_step: Callable[[Step], None] | None = None,
    *,
    folder: Path | None = None,
    resume: bool = False,
    picture: Callable[[Tensor], Image] | None = None,
) -> TrainedDiffusion:
    """Train a network to predict noise.

    Ctrl-C ends it early with what it has learned so far; `TrainedDiffusion.interrupted` tells.

    Args:
        data: The examples, shape `(N, C, H, W)` with pixels in [-1, 1], or `(N, D)`; with their
            labels, shape `(N,)`, where the network takes classes.
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

    Examples:
        >>> recipe = replace(default_recipe("ve", "digits"), training=TrainingConfig(steps=1))
        >>> train_diffusion((torch.zeros(64, 1, 8, 8),), recipe).steps
        1
    """
    if data[0].shape[1:] != recipe.shape:
        raise ConfigError(
            f"the examples have shape {tuple(data[0].shape[1:])}, the network takes {recipe.shape}",
            mend="change image_channels and image_size, or dimensions, under [network]",
        )
    classes = recipe.network.classes if isinstance(recipe.network, UNetConfig) else 0
    if classes and len(data) < 2:
        raise ConfigError(
            f"the network takes {classes} classes, the data have no labels",
            mend="set classes = 0 under [network]",
        )

    def loss(network: nn.Module, batch: tuple[Tensor, ...], noise: Noise) -> Tensor:
        if not classes:
            return recipe.diffusion.loss(network, batch[0], noise)
        # One in ten learns the data without a class, for classifier-free guidance.
        labels = batch[1].masked_fill((noise.uniform() < 0.1).to(batch[1].device), classes)
        return recipe.diffusion.loss(lambda x, t: network(x, t, labels), batch[0], noise)

    def draw(step: int, network: nn.Module) -> Image | None:
        if picture is None:
            return None
        trained = TrainedDiffusion(network, recipe, step)
        return picture(trained.sample(16, recipe.seed, steps=min(50, recipe.sampling_steps)))

    network = recipe.new_network()
    data = data if classes else data[:1]
    trainer = Trainer(
        network,
        loss,
        data,
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
    return TrainedDiffusion(network.eval(), recipe, trainer.steps)
