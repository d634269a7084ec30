"""Finding the weights that a user names, and what layout they have.

| what is named | layout |
| --- | --- |
| a name of `shipped()` | a file that comes with studykit |
| `*.safetensors` | a file that `studykit train` wrote |
| a folder | diffusers: `model_index.json`, `unet/`, `scheduler/`, or the same files side by side |
| `*.pth` | score_sde: parameters named `all_modules.N` |
| `owner/name` | a repository of the Hugging Face hub in diffusers' layout, downloaded once |
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from studykit.autoencoders.recipes import TrainedVAE
from studykit.diffusion.recipes import TrainedDiffusion
from studykit.errors import ConfigError
from studykit.pretrained.diffusers import load_folder
from studykit.pretrained.published import Pretrained
from studykit.pretrained.score_sde import load_all_modules
from studykit.training.checkpoints import load_checkpoint

__all__ = ["load", "load_run", "load_vae", "shipped"]

_WEIGHTS = Path(__file__).parent / "weights"


def load(source: str | Path, config: str | None = None) -> Pretrained:
    """Load weights by path, by name, or from the Hugging Face hub.

    The weights' names and shapes must be the network's exactly. Nothing is unpickled but tensors,
    so a stranger's file cannot run code.

    Args:
        source: A file or folder, a name of `shipped()`, or `owner/name` on the hub; the table in
            this module's description says which layouts are read.
        config: For score_sde's checkpoints: the configuration that they were trained with, such as
            `"ve/cifar10_ncsnpp_continuous"`. By default the folders of the path tell, as in
            `ve/cifar10_ncsnpp_continuous/checkpoint_24.pth`.

    Returns:
        The network in evaluation mode on the CPU, and the model that it is part of.

    Raises:
        ConfigError: If nothing is found there, it cannot be read or downloaded, or the weights do
            not fit the network; the message names the weights that do not.

    Examples:
        >>> load("google/ddpm-mnist-29.pth")
        Traceback (most recent call last):
        ...
        studykit.errors.ConfigError: google/ddpm-mnist-29.pth: no such file
          mend: give a file, a folder, a model of the hub as owner/name, or one that comes with \
studykit (see `studykit.pretrained.shipped`)
    """
    name, path = str(source), Path(source)
    if name in shipped():
        return _load_own(_WEIGHTS / f"{name}.safetensors", name)
    if path.is_dir():
        return load_folder(path)
    if path.is_file() and path.suffix == ".safetensors":
        return _load_own(path, name)
    if path.is_file():
        return load_all_modules(path, config)
    if re.fullmatch(r"[\w.-]+/[\w.-]+", name) and path.suffix not in (".pth", ".safetensors"):
        return load_folder(_download(name))
    raise ConfigError(
        "no such file",
        file=name,
        mend="give a file, a folder, a model of the hub as owner/name, or one that comes with "
        "studykit (see `studykit.pretrained.shipped`)",
    )


def load_vae(source: str | Path) -> TrainedVAE:
    """Load a VAE by path or by name.

    Args:
        source: A file that `studykit train vae` wrote, or a name of `shipped("vae")`.

    Returns:
        The VAE, in evaluation mode on the CPU.

    Raises:
        ConfigError: If there is no such file, or it is no checkpoint of a VAE.

    Examples:
        >>> load_vae("vae-digits").sample(4).shape
        torch.Size([4, 1, 8, 8])
    """
    known = str(source) in shipped("vae")
    return TrainedVAE.load(_WEIGHTS / f"{source}.safetensors" if known else Path(source))


def load_run(path: Path) -> TrainedDiffusion | TrainedVAE:
    """Read what `studykit train` wrote, whatever the model.

    Args:
        path: The file, `model.safetensors`.

    Returns:
        The model, on the CPU.

    Raises:
        ConfigError: If the file is no checkpoint of a model.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
        >>> load_vae("vae-digits").save(path)
        >>> load_run(path).recipe.model
        'vae'
    """
    vae = load_checkpoint(path).config.get("kind") == "vae"
    return TrainedVAE.load(path) if vae else TrainedDiffusion.load(path)


def shipped(kind: Literal["diffusion", "vae"] = "diffusion") -> list[str]:
    """Name the weights that come with studykit.

    Args:
        kind: `"diffusion"`: names to `load`. `"vae"`: names to `load_vae`.

    Returns:
        Names, in alphabetical order.

    Examples:
        >>> shipped("vae")
        ['vae-digits']
    """
    names = sorted(path.stem for path in _WEIGHTS.glob("*.safetensors"))
    return [name for name in names if name.startswith("vae-") == (kind == "vae")]


def _load_own(path: Path, name: str) -> Pretrained:
    trained = TrainedDiffusion.load(path)
    return Pretrained(
        name, trained.network, trained.model, trained.recipe.shape, trained.recipe.sampling_steps
    )


def _download(repository: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415  (slow, and seldom needed)
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError  # noqa: PLC0415

    try:
        folder = Path(snapshot_download(repository, allow_patterns=["*.json", "*.safetensors"]))
        if not any(folder.rglob("*.safetensors")):
            folder = Path(snapshot_download(repository, allow_patterns=["*.json", "*.bin"]))
    except LocalEntryNotFoundError as error:
        raise ConfigError(
            "the Hugging Face hub cannot be reached, and no earlier download is on this machine",
            file=repository,
            mend="connect to the internet, or give a folder with the files of the repository",
        ) from error
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise ConfigError(
            f"cannot be downloaded: {str(error).splitlines()[0]}",
            file=repository,
            mend="check the name on https://huggingface.co/models",
        ) from error
    return folder
