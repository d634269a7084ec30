"""Finding the models to compare, and training those that are not there."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from studykit.datasets import load_dataset
from studykit.diffusion.recipes import (
    MODELS,
    Recipe,
    TrainedDiffusion,
    default_recipe,
    train_diffusion,
)
from studykit.errors import ConfigError
from studykit.training.config import config_to_dict
from studykit.training.trainer import Step

__all__ = ["LABELS", "Plan", "Run", "find_runs"]

LABELS = {"ddpm": "DDPM", "ve": "VE", "vp": "VP", "subvp": "sub-VP"}
"""The models' names as the papers write them."""

_SHIPPED = Path(__file__).parents[2] / "pretrained" / "weights"


@dataclass(frozen=True)
class Run:
    """A trained model, and the file that it came from.

    Attributes:
        file: The checkpoint.
        trained: The model; its weights get no gradients.
        log: The folder where its training left its log, if it did.

    Examples:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "model.safetensors"
        >>> recipe = default_recipe("subvp", "digits")
        >>> TrainedDiffusion(recipe.new_network(), recipe, steps=0).save(file)
        >>> run = Run.load(file)
        >>> run.name, run.label
        ('subvp/0', 'sub-VP, seed 0')
    """

    file: Path
    trained: TrainedDiffusion
    log: Path

    @classmethod
    def load(cls, file: Path) -> Run:
        """Read a checkpoint.

        Args:
            file: What `studykit train` wrote.

        Returns:
            The run.

        Raises:
            ConfigError: If the file is no checkpoint of a diffusion model.
        """
        trained = TrainedDiffusion.load(file)
        trained.network.requires_grad_(requires_grad=False)
        return cls(file, trained, log=file.parent)

    @property
    def model(self) -> str:
        """Which of `MODELS` it is."""
        return self.trained.recipe.model

    @property
    def seed(self) -> int:
        """What its training was seeded with."""
        return self.trained.recipe.seed

    @property
    def name(self) -> str:
        """What the report calls it."""
        return f"{self.model}/{self.seed}"

    @property
    def label(self) -> str:
        """What a reader calls it."""
        return f"{LABELS[self.model]}, seed {self.seed}"

    @cached_property
    def checkpoint(self) -> str:
        """The SHA-256 of the file."""
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    @property
    def facts(self) -> dict[str, Any]:
        """What the report says of it, as plain data."""
        return {
            "model": self.model,
            "seed": self.seed,
            "checkpoint": self.checkpoint,
            "shipped": self.file.resolve().parent == _SHIPPED,
            "steps": self.trained.steps,
            "parameters": sum(weight.numel() for weight in self.trained.network.parameters()),
            "recipe": config_to_dict(self.trained.recipe),
        }


class Plan(NamedTuple):
    """A run that is still to be trained, or to be trained to its end.

    Attributes:
        recipe: How.
        folder: Where it goes.

    Examples:
        >>> Plan(default_recipe("vp", "digits"), Path("runs/vp-digits")).name
        'vp/0'
    """

    recipe: Recipe
    folder: Path

    @property
    def name(self) -> str:
        """What the report calls it."""
        return f"{self.recipe.model}/{self.recipe.seed}"

    def train(
        self, data_path: Path | None = None, say: Callable[[str], None] = lambda _line: None
    ) -> Run:
        """Train it, from where an interrupted training left it.

        Args:
            data_path: The folder of the data set's files; see `load_dataset`.
            say: Takes a line every hundred steps.

        Returns:
            The run, as it is loaded.

        Raises:
            ConfigError: If the folder holds the state of another run, or the loss diverges.
            KeyboardInterrupt: If Ctrl-C ended the training.
        """
        label, total = f"{LABELS[self.recipe.model]}, seed {self.recipe.seed}", self.recipe.training

        def show(step: Step) -> None:
            if step.number % 100 == 0:
                say(f"{label}: step {step.number} of {total.steps}, loss {step.loss:.4f}")

        say(f"{label}: training for {total.steps} steps")
        examples = load_dataset(self.recipe.data, "train", data_path)
        trained = train_diffusion(examples, self.recipe, show, folder=self.folder, resume=True)
        if trained.interrupted:
            raise KeyboardInterrupt
        trained.save(self.folder / "model.safetensors")
        return Run.load(self.folder / "model.safetensors")


def find_runs(
    models: Sequence[str],
    data: str,
    folder: Path,
    *,
    seeds: Sequence[int] = (0,),
    steps: int | None = None,
) -> list[Run | Plan]:
    """Load the models that were trained already, and plan the others.

    Args:
        models: As for all that follow, see `studykit.diffusion.compare.compare`.
        data: See there.
        folder: See there.
        seeds: See there.
        steps: See there.

    Returns:
        The runs, model by model, each with its seeds.

    Raises:
        ConfigError: If there is no such model, or a checkpoint is not what its place says.

    Examples:
        >>> (plan,) = find_runs(["ve"], "digits", Path("nowhere"), seeds=[7])
        >>> plan.folder.as_posix(), plan.recipe.seed
        ('nowhere/ve-digits-seed7', 7)
    """
    if not models or not seeds or min(seeds) < 0:
        raise ConfigError(
            "there is nothing to compare", mend="name a model and a seed that is not negative"
        )
    runs: list[Run | Plan] = []
    for model in dict.fromkeys(models):
        if model in MODELS:
            runs += [_find(model, seed, data, folder, steps) for seed in dict.fromkeys(seeds)]
        elif Path(model).suffix == ".safetensors":
            runs.append(_with_log(_expect(Run.load(Path(model)), data=data), folder))
        else:
            near = difflib.get_close_matches(model, MODELS, n=1)
            choice = f"choose from {', '.join(MODELS)}, or give a checkpoint (*.safetensors)"
            mend = f"write '{near[0]}'" if near else choice
            raise ConfigError(f"no model {model!r}", mend=mend)
    name, times = Counter(run.name for run in runs).most_common(1)[0]
    if times > 1:
        raise ConfigError(
            f"{times} checkpoints are of the same model and seed, {name}",
            mend="compare them one after the other, with different --out",
        )
    return runs


def _find(model: str, seed: int, data: str, folder: Path, steps: int | None) -> Run | Plan:
    recipe = replace(default_recipe(model, data), seed=seed)
    if steps is not None:
        recipe = replace(recipe, training=replace(recipe.training, steps=steps))
    place = _place(model, data, seed, folder)
    file, shipped = place / "model.safetensors", _SHIPPED / f"{model}-{data}.safetensors"
    if file.exists():
        expected = {} if steps is None else {"steps": steps}
        run = _expect(Run.load(file), model=model, data=data, seed=seed, **expected)
        # Ctrl-C leaves both: weights to look at, and a state to go on from.
        if run.trained.interrupted and (place / "state.safetensors").exists():
            return Plan(run.trained.recipe, place)
        return run
    if seed == 0 and steps is None and shipped.exists():
        return _with_log(Run.load(shipped), folder)
    return Plan(recipe, place)


def _place(model: str, data: str, seed: int, folder: Path) -> Path:
    return folder / (f"{model}-{data}-seed{seed}" if seed else f"{model}-{data}")


def _with_log(run: Run, folder: Path) -> Run:
    """Find the log of a checkpoint that was moved, or rounded to be shipped, in its run's place."""
    recipe = run.trained.recipe
    place = _place(recipe.model, recipe.data, recipe.seed, folder)
    if not (place / "model.safetensors").exists():
        return run
    there = TrainedDiffusion.load(place / "model.safetensors")
    same = (there.recipe, there.steps) == (recipe, run.trained.steps)
    return replace(run, log=place) if same else run


def _expect(run: Run, **expected: str | int) -> Run:
    recipe = run.trained.recipe
    actual = {
        "model": recipe.model,
        "data": recipe.data,
        "seed": recipe.seed,
        "steps": recipe.training.steps,
    }
    for name, value in expected.items():
        if actual[name] != value:
            raise ConfigError(
                f"a run with {name} = {actual[name]!r}, not {value!r}",
                file=str(run.file),
                mend="ask for what it is, move it away, or give another folder of runs",
            )
    return run
