"""Autoencoders: the variational autoencoder (VAE), and what trains one."""

from studykit.autoencoders.recipes import (
    TrainedVAE,
    VAERecipe,
    default_vae_recipe,
    train_vae,
)
from studykit.autoencoders.vae import (
    VAE,
    Bernoulli,
    BernoulliMLP,
    Gaussian,
    GaussianMLP,
    VAEConfig,
    latent_square,
)

__all__ = [
    "VAE",
    "Bernoulli",
    "BernoulliMLP",
    "Gaussian",
    "GaussianMLP",
    "TrainedVAE",
    "VAEConfig",
    "VAERecipe",
    "default_vae_recipe",
    "latent_square",
    "train_vae",
]
