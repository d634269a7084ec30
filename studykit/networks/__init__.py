"""Network backbones that several model families share."""

from studykit.networks.mlp import MLP, MLPConfig
from studykit.networks.ncsnpp import PRESETS, NCSNpp, NCSNppConfig
from studykit.networks.unet import UNet, UNetConfig, time_embedding

__all__ = [
    "MLP",
    "PRESETS",
    "MLPConfig",
    "NCSNpp",
    "NCSNppConfig",
    "UNet",
    "UNetConfig",
    "time_embedding",
]
