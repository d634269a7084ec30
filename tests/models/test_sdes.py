"""The SDEs against numerical integration of their moments, the papers' formulas, and each other."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from studykit.diffusion.model import NoiseModel, ScoreModel
from studykit.diffusion.schedules import cosine_schedule, linear_schedule
from studykit.diffusion.sdes import VESDE, VPSDE, ChainSDE, SubVPSDE
from studykit.noise import Noise

SMOOTH = [
    VESDE(),
    VESDE(sigma_min=0.5, sigma_max=3.0),
    VPSDE(),
    VPSDE(beta_min=1.0, beta_max=4.0),
    SubVPSDE(),
    SubVPSDE(beta_min=1.0, beta_max=4.0),
]
CHAINS = [ChainSDE(linear_schedule(T=20, beta_T=0.4)), ChainSDE(cosine_schedule(T=15))]
ALL = SMOOTH + CHAINS


def name(sde):
    numbers = {k: v for k, v in vars(sde).items() if k in ("sigma_max", "beta_max")}
    return f"{type(sde).__name__}{numbers or sde.chain.T}"


every_sde = pytest.mark.parametrize("sde", ALL, ids=name)


def at(*times):
    return torch.tensor(times, dtype=torch.float64)


def column(*values):
    return torch.tensor(values, dtype=torch.float64)[:, None]


def evolve(sde, mean, variance, start, end):
    """Integrate the moments of dx = f x dt + g dw, which obey m' = f m and v' = 2 f v + g^2.

    The drift and the diffusion are read off `sde.sde`, as a reader of the paper would use them.
    """

    def rates(t, moments):
        drift, diffusion = sde.sde(column(1.0), at(t))
        f, g = drift.item(), diffusion.item()
        return [f * moments[0], 2 * f * moments[1] + g**2]

    # A chain's rates jump from step to step: a solver must not step over a jump.
    ends = [start, end]
    if isinstance(sde, ChainSDE):
        T = sde.chain.T
        ends[1:1] = [i / T for i in range(T + 1) if start < i / T < end]
    moments = [mean, variance]
    for a, b in itertools.pairwise(ends):
        # Away from the jump itself, whose side rounding decides.
        inside = (a, b) if sde in SMOOTH else (a + 1e-7 * (b - a), b - 1e-7 * (b - a))
        scale = (b - a) / (inside[1] - inside[0])
        solution = solve_ivp(
            lambda t, m, scale=scale: [scale * rate for rate in rates(t, m)],
            inside, moments, rtol=1e-10, atol=1e-13, method="DOP853",
        )  # fmt: skip
        moments = solution.y[:, -1]
    return moments


# --- kernels ------------------------------------------------------------------------------------


@every_sde
@pytest.mark.parametrize("t", [0.003, 0.05, 0.3, 0.62, 1.0])
def test_the_kernel_solves_the_sde(sde, t):
    mean, variance = evolve(sde, 1.7, 0.0, 0.0, t)
    got_mean, got_std = sde.marginal_prob(column(1.7), at(t))
    assert got_mean.item() == pytest.approx(mean, rel=1e-6)
    assert got_std.item() ** 2 == pytest.approx(variance, rel=1e-6)


@every_sde
def test_nothing_has_happened_at_time_0(sde):
    x_0 = torch.randn(3, 2, 2)
    mean, std = sde.marginal_prob(x_0, at(0.0, 0.0, 0.0))
    assert torch.equal(mean, x_0)
    assert torch.equal(std, torch.zeros(3, 1, 1))


@every_sde
@pytest.mark.parametrize(("s", "t"), [(0.0, 0.4), (0.1, 0.13), (0.35, 1.0)])
def test_the_transition_solves_the_sde_from_any_time(sde, s, t):
    mean, variance = evolve(sde, 1.0, 0.0, s, t)
    ratio, std = sde.transition(at(s), at(t))
    assert ratio.item() == pytest.approx(mean, rel=1e-6)
    assert std.item() ** 2 == pytest.approx(variance, rel=1e-6)


times = st.floats(0, 1)


@every_sde
@given(three=st.tuples(times, times, times).map(sorted))
def test_transitions_compose(sde, three):
    """Chapman and Kolmogorov: from s to u and on to t is from s to t."""
    s, u, t = (at(value) for value in three)
    first, second, whole = sde.transition(s, u), sde.transition(u, t), sde.transition(s, t)
    scale = sde.sigma(t).item() ** 2  # the variances are differences of squares of this size
    assert (first[0] * second[0]).item() == pytest.approx(whole[0].item(), rel=1e-12)
    variance = (second[0] * first[1]) ** 2 + second[1] ** 2
    assert variance.item() == pytest.approx(whole[1].item() ** 2, rel=1e-9, abs=1e-13 * scale)


@every_sde
@pytest.mark.parametrize(("s", "t"), [(0.2, 0.5), (0.55, 0.6), (0.1, 1.0)])
def test_the_posterior_is_bayes_rule(sde, s, t):
    """p(x_s | x_t, x_0) is p(x_s | x_0) p(x_t | x_s), normalised, here by quadrature."""
    x_0, x_t = 0.8, -0.4
    mean, variance = evolve(sde, x_0, 0.0, 0.0, s)
    ratio, added = evolve(sde, 1.0, 0.0, s, t)
    # The product's width bounds where there is anything to integrate.
    peak = (mean / variance + ratio * x_t / added) / (1 / variance + ratio**2 / added)
    width = 12 / math.sqrt(1 / variance + ratio**2 / added)

    def density(x):
        return math.exp(
            -((x - mean) ** 2) / (2 * variance)
            - (x_t - ratio * x) ** 2 / (2 * added)
            + (peak - mean) ** 2 / (2 * variance)
            + (x_t - ratio * peak) ** 2 / (2 * added)
        )

    def integral(f):
        return quad(f, peak - width, peak + width, epsabs=0, epsrel=1e-10, limit=200)[0]

    total = integral(density)
    expected_mean = integral(lambda x: x * density(x)) / total
    expected_variance = integral(lambda x: (x - expected_mean) ** 2 * density(x)) / total

    got_mean, got_variance = sde.posterior(column(x_0), column(x_t), at(t), at(s))
    assert got_mean.item() == pytest.approx(expected_mean, rel=1e-6, abs=1e-7)
    assert got_variance.item() == pytest.approx(expected_variance, rel=1e-6)


@every_sde
def test_a_step_ends_at_t_and_is_the_exact_transition(sde):
    x = torch.randn(2, 3, dtype=torch.float64)
    t, dt = at(0.6, 0.9), 0.15
    f, G = sde.discretize(x, t, dt)
    for i in range(2):
        ratio, variance = evolve(sde, 1.0, 0.0, t[i].item() - dt, t[i].item())
        torch.testing.assert_close(x[i] + f[i], ratio * x[i], rtol=1e-6, atol=1e-9)
        assert G[i].item() ** 2 == pytest.approx(variance, rel=1e-6)


def test_a_step_does_not_begin_before_the_data():
    sde = VESDE()
    f, G = sde.discretize(column(1.0), at(0.1), dt=0.3)
    assert f.item() == 0
    assert G.item() == pytest.approx(sde.sigma(at(0.1)).item(), rel=1e-12)


def test_a_discretised_step_of_a_chain_is_ddpms():
    beta = np.linspace(1e-4, 0.4, 20)
    sde = ChainSDE(linear_schedule(T=20, beta_T=0.4))
    for i in (1, 2, 13, 20):
        f, G = sde.discretize(column(1.0), at(i / 20), dt=1 / 20)
        assert 1 + f.item() == pytest.approx(math.sqrt(1 - beta[i - 1]), rel=1e-12)
        assert G.item() == pytest.approx(math.sqrt(beta[i - 1]), rel=1e-9)


# --- the papers' formulas, written down again ---------------------------------------------------


@pytest.mark.parametrize("t", [1e-5, 1e-3, 0.1, 0.5, 1.0])
def test_vp_and_sub_vp_have_the_published_kernels(t):
    """Checks: Song et al. (2021), Eq. 29."""
    # Eq. 29: exp(-t^2 (b1 - b0) / 4 - t b0 / 2) with b0 = 0.1 and b1 = 20.
    log_mean = -0.25 * t**2 * 19.9 - 0.5 * t * 0.1
    for sde, std in (
        (VPSDE(), math.sqrt(-math.expm1(2 * log_mean))),
        (SubVPSDE(), -math.expm1(2 * log_mean)),
    ):
        mean, got_std = sde.marginal_prob(column(2.0), at(t))
        assert mean.item() == pytest.approx(2.0 * math.exp(log_mean), rel=1e-13)
        assert got_std.item() == pytest.approx(std, rel=1e-13)


@pytest.mark.parametrize("t", [1e-5, 1e-3, 0.1, 0.5, 1.0])
def test_vp_and_sub_vp_have_the_published_coefficients(t):
    """Checks: Song et al. (2021), Eqs. 11 and 12."""
    beta = 0.1 + t * 19.9
    discount = 1 - math.exp(-2 * 0.1 * t - 19.9 * t**2)
    for sde, squared in ((VPSDE(), beta), (SubVPSDE(), beta * discount)):
        drift, diffusion = sde.sde(column(2.0), at(t))
        assert drift.item() == pytest.approx(-0.5 * beta * 2.0, rel=1e-13)
        assert diffusion.item() ** 2 == pytest.approx(squared, rel=1e-9)


@pytest.mark.parametrize("t", [0.0, 1e-5, 1e-3, 0.1, 1.0])
def test_ve_is_the_published_process_with_the_variance_that_it_adds(t):
    """Checks: Song et al. (2021), Eqs. 9 and 30."""
    published = 0.01 * (50 / 0.01) ** t  # the scale of Eq. 31
    sde = VESDE(sigma_min=0.01, sigma_max=50)
    drift, diffusion = sde.sde(column(2.0), at(t))
    assert drift.item() == 0
    assert diffusion.item() == pytest.approx(published * math.sqrt(2 * math.log(5000)), rel=1e-12)
    # The published std is `published` itself: at t = 0 it is 0.01 rather than 0.
    variance = published**2 - 0.01**2
    assert sde.sigma(at(t)).item() ** 2 == pytest.approx(variance, rel=1e-9, abs=1e-18)


def test_ve_passes_through_the_noise_scales_of_ncsn():
    sde = VESDE(sigma_min=0.01, sigma_max=50)
    scales = sde.noise_scales(10)
    np.testing.assert_allclose(scales, np.geomspace(0.01, 50, 10), rtol=1e-12)
    # sigma(t)^2 of the SDE is what lies between the first scale and the one at t.
    grid = torch.linspace(0, 1, 10, dtype=torch.float64)
    torch.testing.assert_close(sde.sigma(grid) ** 2, scales**2 - scales[0] ** 2)
    with pytest.raises(ValueError, match="two, not 1"):
        sde.noise_scales(1)


# --- DDPM and VP --------------------------------------------------------------------------------


def test_the_vp_sde_cut_into_a_thousand_steps_is_hos_chain():
    """Ho's betas are 0.1 / 1000 to 20 / 1000: Song's bridge between both papers."""
    chain, published = VPSDE(0.1, 20).schedule(1000), np.linspace(1e-4, 0.02, 1000)
    # A step's rate is taken in its middle, and 1 - exp(-beta) is beta - beta^2 / 2.
    bound = 0.5 * (0.02 - 1e-4) / 999 + 0.5 * published**2
    assert (np.abs(chain.beta[1:].numpy() - published) <= 1.05 * bound).all()


@pytest.mark.parametrize("T", [1, 10, 1000])
def test_the_chain_passes_through_the_vp_sdes_marginals(T):
    sde = VPSDE()
    steps = torch.arange(T + 1, dtype=torch.float64)
    torch.testing.assert_close(
        sde.schedule(T).alpha_bar, sde.alpha(steps / T) ** 2, rtol=1e-10, atol=0
    )


@pytest.mark.parametrize("schedule", [linear_schedule(), cosine_schedule(), cosine_schedule(7)])
def test_a_chain_as_an_sde_passes_through_the_chain(schedule):
    sde, steps = ChainSDE(schedule), torch.arange(schedule.T + 1, dtype=torch.float64)
    t = steps / schedule.T
    torch.testing.assert_close(sde.alpha(t) ** 2, schedule.alpha_bar, rtol=1e-10, atol=0)
    torch.testing.assert_close(sde.sigma(t) ** 2, 1 - schedule.alpha_bar, rtol=1e-10, atol=1e-16)
    # Single precision, as a network may be given its time, is good enough.
    torch.testing.assert_close(
        sde.alpha(t.float()) ** 2, schedule.alpha_bar, rtol=1e-4, atol=1e-6
    )  # fmt: skip
    assert sde.schedule() is schedule


def test_a_shorter_chain_leaves_steps_out():
    whole = linear_schedule(T=100, beta_T=0.1)
    short = ChainSDE(whole).schedule(10)
    torch.testing.assert_close(short.alpha_bar, whole.alpha_bar[::10])


def test_a_chains_times_are_its_steps():
    sde = ChainSDE(linear_schedule(T=50))
    for steps in (1, 2, 7, 49, 50):
        position = sde.times(steps) * 50
        assert len(position) == steps
        torch.testing.assert_close(position, position.round())
        assert bool((position.diff() < -0.5).all()), "no step twice"
        assert position[0] == 50
        assert steps == 1 or position[-1] == 1
    with pytest.raises(ValueError, match=r"1\.\.50, the chain's, not 51"):
        sde.times(51)


@pytest.mark.parametrize("sde", SMOOTH, ids=name)
def test_times_run_evenly_from_T_to_eps(sde):
    times = sde.times(7)
    assert (times[0], times[-1]) == (1, sde.eps)
    torch.testing.assert_close(times.diff(), times.diff()[:1].expand(6))
    with pytest.raises(ValueError, match="at least 1, not 0"):
        sde.times(0)


def test_no_chain_has_sub_vps_marginals():
    with pytest.raises(TypeError, match="preserves the variance"):
        SubVPSDE().schedule(10)


# --- the prior ----------------------------------------------------------------------------------


@every_sde
def test_the_priors_density_is_the_normal_distributions(sde):
    z = sde.prior_std * torch.randn(4, 3, 2, 2, dtype=torch.float64)
    expected = torch.distributions.Normal(0, sde.prior_std).log_prob(z).sum(dim=(1, 2, 3))
    torch.testing.assert_close(sde.prior_logp(z), expected)


@every_sde
def test_the_prior_is_what_remains_of_the_data_but_for_their_last_trace(sde):
    assert sde.sigma(at(1.0)).item() == pytest.approx(sde.prior_std, rel=0.15)
    if sde in (SMOOTH[0], SMOOTH[2], SMOOTH[4]):  # the published constants
        assert sde.sigma(at(1.0)).item() == pytest.approx(sde.prior_std, rel=1e-4)


@every_sde
def test_the_prior_is_drawn_from(sde):
    x = sde.prior_sampling((4000, 10), Noise(seed=0, n=4000))
    assert x.mean().item() == pytest.approx(0, abs=4 * sde.prior_std / 200)
    assert x.std().item() == pytest.approx(sde.prior_std, rel=0.02)


def test_the_prior_needs_no_source_of_noise_but_one_of_the_right_size():
    assert VESDE().prior_sampling((2, 1, 3)).shape == (2, 1, 3)
    with pytest.raises(ValueError, match="noise for 3 examples"):
        VESDE().prior_sampling((2, 1), Noise(seed=0, n=3))


# --- backwards ----------------------------------------------------------------------------------


def gaussian_score(sde, mean, variance):
    """The score of data of N(mean, variance) at every time."""

    def score(x, t):
        scale = lambda c: c(t).to(x).reshape(-1, *[1] * (x.ndim - 1))  # noqa: E731
        alpha, sigma = scale(sde.alpha), scale(sde.sigma)
        return -(x - alpha * mean) / (alpha**2 * variance + sigma**2)

    return score


def moments(sde, t, mean, variance):
    alpha, sigma = sde.alpha(at(t)).item(), sde.sigma(at(t)).item()
    return np.array([alpha * mean, alpha**2 * variance + sigma**2])


@pytest.mark.parametrize("sde", SMOOTH, ids=name)
@pytest.mark.parametrize("probability_flow", [False, True])
@pytest.mark.parametrize("t", [0.01, 0.3, 0.9])
def test_time_turned_around_keeps_a_gaussians_marginals(sde, probability_flow, t):
    """With drift a x + b, m' = a m + b and v' = 2 a v, less g^2 as noise comes in backwards.

    Checks: Song et al. (2021), Eqs. 6 and 13.
    """
    mean, variance = 0.7, 0.3
    reverse = sde.reverse(gaussian_score(sde, mean, variance), probability_flow)
    drift, diffusion = reverse.sde(column(0.0, 1.0), at(t, t))
    b, a = drift[0].item(), (drift[1] - drift[0]).item()
    m, v = moments(sde, t, mean, variance)
    rates = np.array([a * m + b, 2 * a * v - diffusion[0].item() ** 2])

    h = 1e-5
    before, after = moments(sde, t - h, mean, variance), moments(sde, t + h, mean, variance)
    np.testing.assert_allclose(rates, (after - before) / (2 * h), rtol=1e-6, atol=1e-8)
    assert (diffusion == 0).all() == probability_flow


GENTLE = [sde for sde in SMOOTH if vars(sde).get("sigma_max", 1) < 5 > vars(sde).get("beta_max", 1)]


@pytest.mark.parametrize("sde", GENTLE, ids=name)
@pytest.mark.parametrize("probability_flow", [False, True])
def test_ever_shorter_steps_backwards_end_at_the_data(sde, probability_flow):
    """On the moments of a Gaussian, so without sampling error: it falls as the steps' length."""
    truth = np.array([0.7, 0.3])
    reverse = sde.reverse(gaussian_score(sde, *truth), probability_flow)

    def walk(N):
        m, v = moments(sde, 1.0, *truth)
        for i in range(N, 0, -1):
            f, G = reverse.discretize(column(0.0, 1.0), at(i / N, i / N), 1 / N)
            # x - f is linear in x: x (1 - slope) - offset.
            offset, slope = f[0].item(), (f[1] - f[0]).item()
            m, v = (1 - slope) * m - offset, (1 - slope) ** 2 * v + G[0].item() ** 2
        return np.array([m, v])

    coarse, fine = walk(200), walk(400)
    np.testing.assert_allclose(coarse - truth, 2 * (fine - truth), rtol=0.1, atol=1e-9)
    np.testing.assert_allclose(2 * fine - coarse, truth, rtol=5e-3)


# --- the model's forms --------------------------------------------------------------------------


@every_sde
def test_the_forms_of_a_model_agree_with_a_gaussians_regression(sde):
    """E[x_0 | x_t] and E[eps | x_t] of a Gaussian are linear regressions."""
    mean, variance, t = 0.7, 0.3, 0.4
    model = ScoreModel(sde, gaussian_score(sde, mean, variance))
    x = column(-1.0, 0.5, 2.0)
    alpha, sigma = sde.alpha(at(t)).item(), sde.sigma(at(t)).item()
    total = alpha**2 * variance + sigma**2
    x_0 = mean + alpha * variance / total * (x - alpha * mean)
    eps = sigma / total * (x - alpha * mean)
    torch.testing.assert_close(model.denoise(x, at(t, t, t)), x_0)
    torch.testing.assert_close(model.eps(x, at(t, t, t)), eps)

    step, variance = model.reverse_transition(x, at(t, t, t), at(0.2, 0.2, 0.2))
    expected = sde.posterior(x_0, x, at(t, t, t), at(0.2, 0.2, 0.2))
    torch.testing.assert_close(step, expected[0])
    torch.testing.assert_close(variance, expected[1])


@every_sde
def test_a_network_says_the_noise_and_the_score_is_the_noise_over_sigma(sde):
    """The network never has to learn the 1 / sigma."""
    seen = {}

    def network(x, time):
        seen["x"], seen["time"] = x, time
        return torch.full_like(x, 3.0)

    x = torch.randn(2, 1, 2, 2)
    t = at(0.3, 0.8)
    score = NoiseModel(sde, network).score(x, t)
    sigma = sde.sigma(t).float()[:, None, None, None]
    torch.testing.assert_close(score, -3.0 / sigma.expand_as(x))
    # It sees x with a variance of about 1, and the time in thousandths.
    size = (sde.alpha(t) ** 2 + sde.sigma(t) ** 2).sqrt().float()[:, None, None, None]
    torch.testing.assert_close(seen["x"], x / size)
    torch.testing.assert_close(seen["time"], torch.tensor([300.0, 800.0]))


# --- shapes, types, mistakes --------------------------------------------------------------------


@every_sde
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(2,), (2, 3), (2, 1, 4, 4), (2, 3, 2, 2, 2)])
def test_any_shape_in_either_precision(sde, dtype, shape):
    x, t = torch.randn(shape, dtype=dtype), torch.tensor([0.2, 0.7])
    ones = (2, *[1] * (len(shape) - 1))
    results = [
        sde.sde(x, t),
        sde.marginal_prob(x, t),
        sde.discretize(x, t, 0.1),
        sde.posterior(x, x, t, t / 2),
        sde.reverse(lambda x, t: -x).sde(x, t),
        sde.reverse(lambda x, t: -x).discretize(x, t, 0.1),
    ]
    for moved, factor in results:
        assert (moved.shape, moved.dtype) == (x.shape, dtype)
        assert (factor.shape, factor.dtype) == (ones, dtype)


@every_sde
def test_each_example_has_its_own_time(sde):
    x, t = torch.randn(3, 2, dtype=torch.float64), at(0.1, 0.5, 0.9)
    for operation in (sde.sde, sde.marginal_prob):
        together = operation(x, t)
        for i in range(3):
            alone = operation(x[i : i + 1], t[i : i + 1])
            torch.testing.assert_close(together[0][i : i + 1], alone[0])
            torch.testing.assert_close(together[1][i : i + 1], alone[1])


@every_sde
def test_a_small_time_keeps_its_digits(sde):
    """sigma(t) is a small difference near 0; what comes in in single precision stays exact."""
    t = torch.tensor([1e-6])
    exact, got = sde.sigma(t.double()), sde.sigma(t)
    torch.testing.assert_close(got, exact, rtol=1e-12, atol=0)
    squared = sde.g(t / 2).item() ** 2 * t.item()  # sigma^2 is the integral of g^2
    if not isinstance(sde, SubVPSDE):
        assert got.item() ** 2 == pytest.approx(squared, rel=1e-4)


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (VESDE, {"sigma_min": 0.0}),
        (VESDE, {"sigma_min": 2.0, "sigma_max": 1.0}),
        (VESDE, {"eps": 0.0}),
        (VPSDE, {"beta_min": -0.1}),
        (VPSDE, {"beta_min": 2.0, "beta_max": 1.0}),
        (VPSDE, {"beta_min": 0.0, "beta_max": 0.0}),
        (VPSDE, {"eps": 1.0}),
        (SubVPSDE, {"eps": 1.0}),
    ],
)
def test_constants_that_make_no_process_are_refused(make, arguments):
    with pytest.raises(ValueError, match="expected 0"):
        make(**arguments)
