r"""Denoising score matching: how a score is learned from data alone.

The score of $p_t$ is unknown, that of the kernel $p_{0t}(x_t \mid x_0)$ is not, and whoever
predicts the latter best on average over $x_0$ has found the former (Vincent, 2011):

$$\theta^* = \arg\min_\theta\ \mathbb{E}_t\, \lambda(t)\, \mathbb{E}_{x_0, x_t}
\left\| s_\theta(x_t, t) - \nabla_{x_t} \log p_{0t}(x_t \mid x_0) \right\|^2, \qquad
\nabla_{x_t} \log p_{0t}(x_t \mid x_0) = -\frac{\epsilon}{\sigma(t)}$$

With $\lambda = \sigma^2$ this is $\| \epsilon - \epsilon_\theta \|^2$, DDPM's $L_\text{simple}$.

References:
    Vincent: A Connection Between Score Matching and Denoising Autoencoders. Neural Computation
    2011.
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
    Song, Durkan, Murray, Ermon: Maximum Likelihood Training of Score-Based Diffusion Models.
    NeurIPS 2021. arXiv:2101.09258.
    Salimans, Ho: Progressive Distillation for Fast Sampling of Diffusion Models. ICLR 2022.
    arXiv:2202.00512.
"""

from __future__ import annotations

from typing import Literal

from torch import Tensor

from studykit.diffusion.model import Diffusion
from studykit.diffusion.tensors import like
from studykit.noise import Noise

__all__ = ["denoising_score_matching"]


def denoising_score_matching(
    model: Diffusion,
    x_0: Tensor,
    noise: Noise,
    *,
    weighting: Literal["sigma", "likelihood", "velocity"] = "sigma",
    times: Tensor | None = None,
) -> Tensor:
    r"""Compare the model's score with that of the kernel, at a random time of each example.

    Args:
        model: The model whose score is learned.
        x_0: Data, shape `(B, ...)`.
        noise: The source of the times and of $\epsilon$, one stream for each example.
        weighting: `"sigma"`: $\lambda(t) = \sigma(t)^2$, so that every time counts alike.
            `"likelihood"`: $\lambda(t) = g(t)^2$, with which the loss bounds the negative log
            likelihood, up to a constant and a factor. `"velocity"`:
            $\lambda(t) = \sigma^2 (\alpha^2 + \sigma^2) / \alpha^2$, the squared error of the
            velocity (see `VelocityModel`), so that the estimate $\hat{x}_0$ is as good where there
            is much noise as where there is little.
        times: The times to draw from, shape `(N,)`: the noise scales of an NCSN, or a chain's
            steps (`sde.times(N)`). By default all of $[\text{eps}, T]$.

    Returns:
        The weighted squared error, averaged over the batch and over the elements of an example; a
        scalar.

    Raises:
        ValueError: If `weighting` is none of these.

    Source: Song et al. (2021), Eq. 7 (continuous), Eqs. 1 and 3 (discrete); Song, Durkan et al.
        (2021), Theorem 1 (section 4.1), for the likelihood weighting; Salimans, Ho (2022),
        section 4 ("SNR+1"), for the velocity's.

    Examples:
        Who finds no noise at all is wrong by its variance:

        >>> import torch
        >>> from studykit.diffusion.model import NoiseModel
        >>> from studykit.diffusion.sdes import VPSDE
        >>> model = NoiseModel(VPSDE(), lambda x, time: torch.zeros_like(x))
        >>> x_0, noise = torch.zeros(1000, 3, 8, 8), Noise(seed=0, n=1000)
        >>> denoising_score_matching(model, x_0, noise).round(decimals=1)
        tensor(1.)
    """
    if weighting not in ("sigma", "likelihood", "velocity"):
        raise ValueError(
            f"weighting must be 'sigma', 'likelihood' or 'velocity', not {weighting!r}"
        )
    sde = model.sde
    u = noise.uniform()
    t = sde.eps + u * (sde.T - sde.eps) if times is None else times[(u * len(times)).long()]
    eps = noise.normal(x_0.shape[1:]).to(x_0)
    mean, std = sde.marginal_prob(x_0, t)
    error = (eps - model.eps(mean + std * eps, t)).square()
    if weighting == "likelihood":
        error = like((sde.g(t) / sde.sigma(t)).square(), x_0) * error
    elif weighting == "velocity":
        error = like(1 + (sde.sigma(t) / sde.alpha(t)).square(), x_0) * error
    return error.mean()
