"""Network backbones that several model families share."""

from studykit.networks.unet import UNet, UNetConfig, time_embedding

__all__ = ["UNet", "UNetConfig", "time_embedding"]
