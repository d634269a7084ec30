"""Score matching against Gaussians, whose score is known."""

from __future__ import annotations

import math

import pytest
import torch

from studykit.diffusion import (
    DDPM,
    VESDE,
    VPSDE,
    ChainSDE,
    Diffusion,
    NoiseModel,
    ScoreModel,
    SubVPSDE,
    VelocityModel,
    denoising_score_matching,
    linear_schedule,
)
from studykit.noise import Noise

SDES = [VESDE(sigma_max=5.0), VPSDE(), SubVPSDE()]


def gaussian(sde, scale=1.0, std=0.5):
    """The score of data N(0, std^2), `scale` times too long."""

    def score(x, t):
        variance = sde.alpha(t).square() * std**2 + sde.sigma(t).square()
        return -scale * x / variance[:, None].to(x)

    return ScoreModel(sde, score)


@pytest.mark.parametrize("sde", SDES, ids=lambda sde: type(sde).__name__)
@pytest.mark.parametrize("weighting", ["sigma", "likelihood", "velocity"])
def test_the_loss_is_the_integral_over_time(sde, weighting):
    # eps given x_t has the variance alpha^2 s^2 / (alpha^2 s^2 + sigma^2): what cannot be known.
    n = 10_000
    x_0 = 0.5 * torch.randn(n, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    loss = denoising_score_matching(gaussian(sde), x_0, Noise(0, n), weighting=weighting).item()
    t = torch.linspace(sde.eps, 1, 2_000_001, dtype=torch.float64)
    alpha, sigma = sde.alpha(t), sde.sigma(t)
    each = 0.25 * alpha**2 / (0.25 * alpha**2 + sigma**2)
    if weighting == "likelihood":
        each = each * (sde.g(t) / sigma) ** 2
    elif weighting == "velocity":
        each = each * (alpha**2 + sigma**2) / alpha**2
    spread = 20 if weighting == "likelihood" else 1  # heavy tails near t = 0
    assert loss == pytest.approx(each.mean().item(), rel=spread * 0.03)


@pytest.mark.parametrize("sde", SDES, ids=lambda sde: type(sde).__name__)
def test_the_true_score_has_the_smallest_loss(sde):
    x_0 = 0.5 * torch.randn(4000, 3, generator=torch.Generator().manual_seed(0))

    def loss(scale):
        return denoising_score_matching(gaussian(sde, scale), x_0, Noise(0, 4000)).item()

    assert loss(1.0) < min(loss(0.9), loss(1.1))


def test_with_sigma_weights_it_is_ddpms_simple_loss():
    schedule = linear_schedule(T=50, beta_T=0.3)

    def network(x_t, t):
        return torch.sin(x_t) * (t[:, None] / 50)

    ddpm = DDPM(network, schedule)
    x_0 = torch.randn(300, 4, dtype=torch.float64)
    times = torch.arange(1, 51, dtype=torch.float64) / 50
    ours = denoising_score_matching(ddpm, x_0, Noise(0, 300), times=times)
    torch.testing.assert_close(ours, ddpm.loss(x_0, Noise(0, 300)))


def test_with_velocity_weights_it_is_ddpms_loss_of_v():
    def network(x_t, t):
        return torch.sin(3 * x_t) + t[:, None] / 1000

    chain = linear_schedule()
    ddpm = DDPM(network, chain, prediction="v")
    x_0 = torch.randn(300, 4, dtype=torch.float64)
    times = torch.arange(1, 1001, dtype=torch.float64) / 1000
    expected = ddpm.loss(x_0, Noise(0, 300))
    for model in (ddpm, VelocityModel(ChainSDE(chain), network)):
        ours = denoising_score_matching(
            model, x_0, Noise(0, 300), weighting="velocity", times=times
        )
        torch.testing.assert_close(ours, expected)


@pytest.mark.parametrize("sde", SDES, ids=lambda sde: type(sde).__name__)
def test_the_right_velocity_is_the_data_and_the_noise(sde):
    x_0, eps = torch.randn(5, 3, dtype=torch.float64), torch.randn(5, 3, dtype=torch.float64)
    t = torch.tensor([sde.eps, 0.1, 0.5, 0.9, 1.0], dtype=torch.float64)
    alpha, sigma = sde.alpha(t)[:, None], sde.sigma(t)[:, None]
    size = (alpha**2 + sigma**2).sqrt()
    model = VelocityModel(sde, lambda x, time: (alpha * eps - sigma * x_0) / size)
    x = alpha * x_0 + sigma * eps
    torch.testing.assert_close(model.eps(x, t), eps)
    torch.testing.assert_close(model.denoise(x, t), x_0)
    torch.testing.assert_close(model.denoise(x, t), Diffusion.denoise(model, x, t))
    torch.testing.assert_close(model.score(x, t), -eps / sigma)


@pytest.mark.parametrize("sde", SDES, ids=lambda sde: type(sde).__name__)
def test_an_error_of_the_velocity_is_no_larger_in_the_data(sde):
    x, t = torch.randn(1, 4), torch.tensor([1.0])
    right = VelocityModel(sde, lambda x, time: torch.zeros_like(x)).denoise(x, t)
    wrong = VelocityModel(sde, lambda x, time: torch.full_like(x, 0.03)).denoise(x, t)
    assert 0.02 < (right - wrong).abs().max() < 0.0301


def test_discrete_times_are_those_given():
    asked = []

    def network(x, time):
        asked.append(time)
        return torch.zeros_like(x)

    model = NoiseModel(VESDE(), network)
    times = torch.tensor([0.25, 0.5, 1.0], dtype=torch.float64)
    denoising_score_matching(model, torch.zeros(3000, 2), Noise(0, 3000), times=times)
    found, counts = asked[0].unique(return_counts=True)
    assert found.tolist() == [250, 500, 1000]
    assert counts.min() > 850


def test_the_network_sees_inputs_of_one_size_and_gives_noise_of_one_size():
    # What reaches the network has a variance of about 1 whatever the process, and the score is its
    # answer over sigma: a VE network without that division would have to learn factors of 10^3.
    sizes = []

    def network(x, time):
        sizes.append(x.std(dim=1))
        return torch.ones_like(x)

    for sde in SDES:
        model = NoiseModel(sde, network)
        t = torch.tensor([0.01, 0.3, 1.0], dtype=torch.float64)
        mean, std = sde.marginal_prob(torch.randn(3, 20_000), t)
        x = mean + std * torch.randn(3, 20_000)
        score = model.score(x, t)
        torch.testing.assert_close(score[:, 0].double(), -1 / sde.sigma(t), rtol=1e-5, atol=0)
        torch.testing.assert_close(sizes[-1], torch.ones(3), rtol=0.05, atol=0)
    assert math.isclose(len(sizes), len(SDES))


def test_an_unknown_weighting_is_refused():
    with pytest.raises(ValueError, match="'likelihood' or 'velocity', not 'uniform'"):
        denoising_score_matching(
            gaussian(VPSDE()), torch.zeros(1, 1), Noise(0, 1), weighting="uniform"
        )
