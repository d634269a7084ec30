"""Likelihoods against densities in closed form, flow_matching, and counting."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from flow_matching.solver import ODESolver

from studykit.datasets.mixtures import GaussianMixture
from studykit.diffusion.ddpm import DDPM
from studykit.diffusion.likelihood import bits_per_dim, dequantize, log_likelihood
from studykit.diffusion.model import Diffusion, NoiseModel, ScoreModel
from studykit.diffusion.schedules import cosine_schedule, linear_schedule
from studykit.diffusion.sdes import VESDE, VPSDE, ChainSDE, SubVPSDE
from studykit.noise import Noise

THREE = [VESDE(), VPSDE(), SubVPSDE()]
ALL = [*THREE, ChainSDE(linear_schedule()), ChainSDE(cosine_schedule())]


def name(sde):
    return type(sde).__name__


# Off centre, with parts of unequal width: what the prior and the start leave out would show.
PLANE = GaussianMixture([[2.0, 1.0], [-1.0, 0.5]], [[0.01, 0.04], [0.16, 0.16]], weights=[0.3, 0.7])
EIGHT = GaussianMixture(
    torch.randn(3, 8, generator=torch.Generator().manual_seed(1)).double(), [0.02, 0.1, 0.3]
)


def exact(sde, data):
    """The model that knows the data, a mixture; any shape of states."""

    def score(x, t):
        assert bool((t == t[0]).all())
        now = data.diffused(sde.alpha(t[0]).item(), sde.sigma(t[0]).item())
        return now.score(x.flatten(1)).reshape(x.shape)

    return ScoreModel(sde, score)


class Network(Diffusion):
    """The same model, taken for a network."""

    def __init__(self, model):
        self.sde, self.score, self.asked = model.sde, model.score, []

    def eps(self, x, t):
        self.asked.append(t[0].item())
        return super().eps(x, t)

    def score(self, x, t):
        raise NotImplementedError


def bits(nats, d):
    return nats / (d * math.log(2))


# --- the value ----------------------------------------------------------------------------------


@pytest.mark.parametrize("sde", ALL, ids=name)
def test_every_example_is_within_1e_4_bits_of_its_density(sde):
    x = PLANE.sample(30)
    found = log_likelihood(exact(sde, PLANE), x)
    error = bits(found.nats - PLANE.log_prob(x), 2).abs()
    assert error.max() < 1e-5, "ten times better than asked for"
    assert torch.equal(found.std_error, torch.zeros(30, dtype=torch.float64))


def test_so_it_is_in_more_dimensions_of_any_shape_and_far_from_the_data():
    x = torch.cat([EIGHT.sample(3), 2 * EIGHT.sample(1)])
    found = log_likelihood(exact(VESDE(), EIGHT), x.reshape(4, 2, 2, 2))
    assert found.z.shape == (4, 2, 2, 2)
    assert bits(found.nats - EIGHT.log_prob(x), 8).abs().max() < 2e-5


def test_in_single_precision_it_is_nearly_as_good():
    x = PLANE.sample(10)
    found = log_likelihood(exact(VPSDE(), PLANE), x.float(), rtol=1e-5, atol=1e-5)
    assert found.nats.dtype == torch.float64
    assert found.z.dtype == torch.float32
    assert bits(found.nats - PLANE.log_prob(x.float()), 2).abs().max() < 3e-4


@pytest.mark.parametrize("sde", ALL, ids=name)
def test_the_noise_is_where_the_flow_of_a_gaussian_leads(sde):
    """The flow of a Gaussian moves its mean and scales about it."""
    data = GaussianMixture([[0.7, -1.2]], [[0.3, 2.0]])
    x = data.sample(5)
    alpha, sigma = (c(torch.ones(1)).item() for c in (sde.alpha, sde.sigma))
    end = data.diffused(alpha, sigma)
    expected = end.means + (x - data.means) * (end.variances / data.variances).sqrt()
    z = log_likelihood(exact(sde, data), x, rtol=1e-8, atol=1e-8).z
    torch.testing.assert_close(z, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("sde", THREE, ids=name)
def test_flow_matching_finds_the_same(sde):
    """Its own solver, on the paper's own flow (Eq. 13) in the paper's own variables."""
    model, x = exact(sde, PLANE), PLANE.sample(2)
    flow = sde.reverse(model.score, probability_flow=True)

    def velocity(x, t):  # time runs from noise at 0 to data at 1 there
        return -flow.sde(x, (1 - t).expand(len(x)))[0]

    z, expected = ODESolver(velocity).compute_likelihood(
        x,
        sde.prior_logp,
        step_size=None,
        method="dopri5",
        rtol=1e-9,
        atol=1e-9,
        time_grid=torch.tensor([1.0, 0.0], dtype=torch.float64),
        exact_divergence=True,
    )
    found = log_likelihood(model, x, prior="sde", rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(found.nats, expected, rtol=0, atol=1e-7)
    torch.testing.assert_close(found.z, z, rtol=0, atol=1e-7 * sde.prior_std)


# --- a density for any network ------------------------------------------------------------------


@pytest.mark.parametrize(
    "sde",
    [VESDE(sigma_min=0.1, sigma_max=4, eps=0.05), VPSDE(eps=0.02), SubVPSDE(eps=0.05)],
    ids=name,
)
def test_what_a_network_says_is_a_density_however_wrong_it_is(sde):
    """Also with a start that is cut off: the score stands still there, which is a flow as well."""

    def network(x, time):
        return 0.9 * x + 0.2 * torch.sin(2 * x + time[:, None] / 300)

    grid = torch.linspace(-10, 10, 1001, dtype=torch.float64)
    found = log_likelihood(NoiseModel(sde, network), grid[:, None])
    assert torch.trapezoid(found.nats.exp(), grid).item() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("sde", THREE, ids=name)
def test_a_network_is_asked_from_eps_on_and_starts_from_the_prior(sde):
    model, x = exact(sde, PLANE), PLANE.sample(20)
    network = Network(model)
    found = log_likelihood(network, x)
    assert min(network.asked) == sde.eps
    assert max(network.asked) == pytest.approx(1)
    assert len(network.asked) == found.evaluations

    same = log_likelihood(model, x, t_0=sde.eps, prior="sde")
    torch.testing.assert_close(found.nats, same.nats, rtol=0, atol=1e-9)
    # What the prior leaves out is known: it is the difference to p_T.
    ends = PLANE.diffused(*(c(torch.ones(1)).item() for c in (sde.alpha, sde.sigma)))
    lost = sde.prior_logp(found.z) - ends.log_prob(found.z)
    truth = PLANE.log_prob(x)
    assert bits(found.nats - lost - truth, 2).abs().max() < 2e-4
    assert bits(lost, 2).abs().max() > 1e-3, "or the test could not tell"


def test_a_score_that_stands_still_at_the_start_is_much_better_than_no_start():
    sde, x = VPSDE(), PLANE.sample(100)
    truth, t_0 = PLANE.log_prob(x), 3e-3
    alpha, sigma = (c(torch.tensor([t_0])).item() for c in (sde.alpha, sde.sigma))
    without = PLANE.diffused(alpha, sigma).log_prob(x) - truth
    found = log_likelihood(exact(sde, PLANE), x, t_0=t_0).nats - truth
    assert found.square().mean() < 0.1**2 * without.square().mean()


@pytest.mark.parametrize("sde", THREE, ids=name)
def test_centred_data_need_nothing_but_the_prior_on_the_average(sde):
    data = GaussianMixture([[0.7, 0.0], [-0.3, 0.0]], [0.09, 0.36], weights=[0.3, 0.7])
    x = data.sample(200)
    found = log_likelihood(exact(sde, data), x, prior="sde", rtol=1e-5, atol=1e-5)
    assert abs(bits(found.nats - data.log_prob(x), 2).mean()) < 1e-4


# --- Hutchinson's estimate ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def estimates():
    x = EIGHT.sample(50)
    model = exact(VPSDE(), EIGHT)
    loose = {"rtol": 1e-4, "atol": 1e-4}
    return (
        log_likelihood(model, x, **loose),
        log_likelihood(model, x, divergence="hutchinson", probes=8, **loose),
        log_likelihood(model, x, divergence="hutchinson", probes=64, seed=1, **loose),
    )


def test_the_estimate_is_unbiased(estimates):
    truth, _, many = estimates
    pull = (many.nats - truth.nats) / many.std_error
    # The mean of 50 numbers that are nearly standard normal, and that of their squares.
    assert abs(pull.mean()) < 4 / math.sqrt(50)
    assert 0.4 < pull.square().mean() < 1.8


def test_the_error_bar_is_the_error_however_few_the_probes(estimates):
    truth, *estimated = estimates
    for found in estimated:
        ratio = (found.nats - truth.nats).square().mean() / found.std_error.square().mean()
        assert 0.4 < ratio < 1.8
    # The error falls with the root of the number of probes.
    few, many = (found.std_error.square().mean().sqrt() for found in estimated)
    assert few / many == pytest.approx(math.sqrt(64 / 8), rel=0.25)


def test_the_probes_belong_to_the_seed_and_the_example():
    x, model = PLANE.sample(4), exact(VPSDE(), PLANE)

    def estimate(x, seed):
        return log_likelihood(model, x, divergence="hutchinson", probes=2, seed=seed).nats

    first = estimate(x, 0)
    assert torch.equal(first, estimate(x, 0))
    assert not torch.allclose(first, estimate(x, [0, 1]))
    torch.testing.assert_close(first[:2], estimate(x[:2], 0), rtol=0, atol=1e-4)


# --- batches, networks, mistakes ----------------------------------------------------------------


def test_an_example_is_as_exact_in_a_crowd_of_easy_ones_as_alone():
    hard = torch.tensor([[1.9, 1.3]], dtype=torch.float64)
    easy = torch.tensor([[-1.0, 0.5]], dtype=torch.float64).expand(400, 2)
    found = log_likelihood(exact(VPSDE(), PLANE), torch.cat([hard, easy]))
    assert bits(found.nats[:1] - PLANE.log_prob(hard), 2).abs() < 1e-5


@pytest.mark.parametrize("kind", ["ddpm", "ve", "sub-vp"])
def test_images_and_networks_with_weights(kind):
    torch.manual_seed(0)
    layer = torch.nn.Sequential(
        torch.nn.Conv2d(1, 8, 3, padding=1), torch.nn.SiLU(), torch.nn.Conv2d(8, 1, 3, padding=1)
    )

    def network(x, t):
        return 0.7 * x + layer(x) * torch.cos(t / 1000).to(x)[:, None, None, None]

    model = {
        "ddpm": DDPM(network, linear_schedule(T=100, beta_T=0.2)),
        "ve": NoiseModel(VESDE(sigma_min=0.1, sigma_max=5), network),
        "sub-vp": NoiseModel(SubVPSDE(), network),
    }[kind]
    x = 0.5 * torch.randn(3, 1, 3, 3)
    loose = {"rtol": 1e-4, "atol": 1e-4}
    whole = log_likelihood(model, x, **loose)
    estimate = log_likelihood(model, x, divergence="hutchinson", probes=16, **loose)
    assert ((estimate.nats - whole.nats).abs() < 4 * estimate.std_error).all()
    assert (whole.z.shape, whole.z.dtype) == (x.shape, x.dtype)
    assert all(weight.grad is None for weight in layer.parameters())
    alone = log_likelihood(model, x[:1], **loose)
    torch.testing.assert_close(alone.nats, whole.nats[:1], rtol=0, atol=1e-2)


def test_wrong_arguments_are_named():
    model, x = exact(VPSDE(), PLANE), PLANE.sample(2)
    with pytest.raises(ValueError, match="'exact' or 'hutchinson', not 'skilling'"):
        log_likelihood(model, x, divergence="skilling")
    with pytest.raises(ValueError, match="at least 2 probes, not 1"):
        log_likelihood(model, x, divergence="hutchinson", probes=1)
    with pytest.raises(ValueError, match="'score' or 'sde', not 'normal'"):
        log_likelihood(model, x, prior="normal")


def test_a_model_that_breaks_down_is_named():
    sde = VPSDE()
    broken = ScoreModel(sde, lambda x, t: -x / (t > 0.5)[:, None])
    with pytest.raises(ValueError, match="not finite at t = "):
        log_likelihood(broken, torch.ones(1, 1))
    flat = ScoreModel(sde, lambda x, t: 0 * x)
    with pytest.raises(ValueError, match="use prior='sde'"):
        log_likelihood(flat, torch.ones(1, 1))
    # With the prior it has a likelihood: nothing moves but by the drift, x_T = alpha(T) x.
    found = log_likelihood(flat, torch.ones(1, 1), prior="sde")
    alpha = sde.alpha(torch.ones(1))
    torch.testing.assert_close(found.nats, sde.prior_logp(alpha[:, None]) + alpha.log())


# --- grey levels --------------------------------------------------------------------------------


def grey(levels):
    """Every level, on the data's grid."""
    return (2 * torch.arange(levels, dtype=torch.float64) / (levels - 1) - 1)[:, None]


@pytest.mark.parametrize("levels", [2, 17, 256])
def test_spread_levels_fill_their_bins_evenly(levels):
    x = grey(levels).expand(levels, 2000)[None]
    spread = dequantize(x, Noise(seed=0, n=1), levels)
    u = (spread - x) * (levels - 1) / 2 + 0.5
    assert bool(((u >= 0) & (u <= 1)).all())
    counts = torch.histc(u.float(), 10, 0, 1)
    expected = x.numel() / 10
    assert ((counts - expected).square() / expected).sum() < 28, "chi squared, 9 degrees, 0.1 %"
    torch.testing.assert_close(
        ((spread + 1) * (levels - 1) / 2).round(), (x + 1) * (levels - 1) / 2
    )


def test_the_noise_is_drawn_for_each_pixel_and_example():
    x = torch.zeros(2, 1, 4, 4)
    spread = dequantize(x, Noise(seed=0, n=2), levels=3)
    assert len(spread.flatten().unique()) == 32
    again = dequantize(x[:1], Noise(seed=0, n=1), levels=3)
    assert torch.equal(again, spread[:1])


@pytest.mark.parametrize("wrong", [0.1, 1.5, -3.0])
def test_pixels_between_or_beyond_the_levels_are_refused(wrong):
    with pytest.raises(ValueError, match="17 levels in"):
        dequantize(torch.tensor([[wrong]]), Noise(seed=0, n=1), levels=17)


@pytest.mark.parametrize("levels", [2, 17, 256])
def test_levels_that_are_all_as_likely_take_log2_of_their_number(levels):
    """Spread, they are uniform over levels times the bin's width: no offset may be left over."""
    width = 2 / (levels - 1)
    density = torch.full((5,), -3 * math.log(levels * width))  # of three pixels
    expected = torch.full((5,), math.log2(levels))
    torch.testing.assert_close(bits_per_dim(density, (3, 1, 1), levels), expected)


def test_any_distribution_of_levels_is_recovered():
    p = torch.tensor([0.5, 0.2, 0.2, 0.1], dtype=torch.float64)
    x = grey(4)
    spread = dequantize(x, Noise(seed=3, n=4), levels=4)
    # The density of the spread levels: constant in each bin.
    nearest = (spread - x.T).abs().argmin(dim=1)
    density = (p[nearest] / (2 / 3)).log()
    torch.testing.assert_close(bits_per_dim(density, (1,), levels=4), -p.log2())


def test_without_levels_the_density_alone_counts():
    nats = torch.tensor([math.log(8.0)])
    torch.testing.assert_close(bits_per_dim(nats, (1, 3)), torch.tensor([-1.0]))


def test_a_models_bits_bound_those_of_its_levels_from_above():
    """From pixels to bits: a Gaussian's grey levels, whose probabilities are known by erf."""
    levels, std = 17, 0.4
    data = GaussianMixture([[0.1]], [std**2])
    k = torch.arange(3, 15)  # those that occur
    x = grey(levels)[k].repeat_interleave(60, 0)
    spread = dequantize(x, Noise(seed=0, n=len(x)), levels)
    found = log_likelihood(exact(VPSDE(), data), spread, rtol=1e-4, atol=1e-4)
    counted = bits_per_dim(found.nats, (1,), levels).reshape(len(k), 60).mean(dim=1).numpy()

    edge = (grey(levels)[k, 0].numpy()[:, None] + np.array([-1, 1]) / (levels - 1) - 0.1) / std
    cdf = np.vectorize(math.erf)(edge / math.sqrt(2)) / 2
    needed = -np.log2(cdf[:, 1] - cdf[:, 0])
    p = cdf[:, 1] - cdf[:, 0]
    # By Jensen's inequality, with a gap of less than a hundredth of a bit for so wide a Gaussian.
    gap = (p * (counted - needed)).sum() / p.sum()
    assert -0.01 < gap < 0.02
