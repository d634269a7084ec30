"""Diffusion models: DDPM and score-based SDEs, their objectives, samplers and likelihoods."""

from studykit.diffusion.bounds import (
    Bound,
    bound_term,
    discretized_log_likelihood,
    gaussian_kl,
    variational_bound,
)
from studykit.diffusion.ddpm import DDPM, Prediction
from studykit.diffusion.model import Diffusion, NoiseModel, ScoreModel, VelocityModel
from studykit.diffusion.objectives import denoising_score_matching
from studykit.diffusion.recipes import (
    MODELS,
    ChainConfig,
    Recipe,
    SubVPConfig,
    TrainedDiffusion,
    VEConfig,
    VPConfig,
    default_recipe,
    train_diffusion,
)
from studykit.diffusion.schedules import Schedule, cosine_schedule, linear_schedule
from studykit.diffusion.sdes import SDE, VESDE, VPSDE, ChainSDE, ReverseSDE, SubVPSDE

__all__ = [
    "DDPM",
    "MODELS",
    "SDE",
    "VESDE",
    "VPSDE",
    "Bound",
    "ChainConfig",
    "ChainSDE",
    "Diffusion",
    "NoiseModel",
    "Prediction",
    "Recipe",
    "ReverseSDE",
    "Schedule",
    "ScoreModel",
    "SubVPConfig",
    "SubVPSDE",
    "TrainedDiffusion",
    "VEConfig",
    "VPConfig",
    "VelocityModel",
    "bound_term",
    "cosine_schedule",
    "default_recipe",
    "denoising_score_matching",
    "discretized_log_likelihood",
    "gaussian_kl",
    "linear_schedule",
    "train_diffusion",
    "variational_bound",
]
