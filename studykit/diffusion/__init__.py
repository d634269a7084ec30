"""Diffusion models: noise schedules, DDPM, and how `studykit train ddpm` puts them together."""

from studykit.diffusion.ddpm import DDPM
from studykit.diffusion.recipes import DDPMConfig, DiffusionConfig, TrainedDDPM, train_ddpm
from studykit.diffusion.schedules import Schedule, linear_schedule

__all__ = [
    "DDPM",
    "DDPMConfig",
    "DiffusionConfig",
    "Schedule",
    "TrainedDDPM",
    "linear_schedule",
    "train_ddpm",
]
