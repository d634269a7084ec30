"""DDPM against the definitions: Gaussians worked out by numerical integration and by matrices."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from studykit.diffusion import DDPM, Schedule, linear_schedule


def silent(x_t, t):
    """A network that never sees noise."""
    return torch.zeros_like(x_t)


def steps(*values):
    return torch.tensor(values)


# --- forward --------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [1, 2, 37, 100])
def test_the_jump_to_step_t_has_the_moments_of_t_single_steps(t):
    schedule = linear_schedule(T=100, beta_T=0.2)
    beta = np.linspace(1e-4, 0.2, 100)
    mean, variance = 1.7, 0.0  # of x_0, a point
    for s in range(t):  # Eq. 2, one step at a time
        mean *= math.sqrt(1 - beta[s])
        variance = (1 - beta[s]) * variance + beta[s]

    ddpm = DDPM(silent, schedule)
    x_0 = torch.full((1, 1), 1.7, dtype=torch.float64)
    without = ddpm.q_sample(x_0, steps(t), torch.zeros_like(x_0)).item()
    with_one = ddpm.q_sample(x_0, steps(t), torch.ones_like(x_0)).item()

    assert without == pytest.approx(mean, rel=1e-12)
    assert (with_one - without) ** 2 == pytest.approx(variance, rel=1e-12)


def test_step_0_is_the_data():
    x_0 = torch.randn(3, 2)
    assert torch.equal(DDPM(silent).q_sample(x_0, steps(0, 0, 0), torch.randn(3, 2)), x_0)


def test_each_example_has_its_own_step():
    ddpm = DDPM(silent)
    x_0, eps = torch.randn(3, 1, 4, 4), torch.randn(3, 1, 4, 4)
    together = ddpm.q_sample(x_0, steps(1, 500, 1000), eps)
    for i, t in enumerate((1, 500, 1000)):
        torch.testing.assert_close(
            together[i : i + 1], ddpm.q_sample(x_0[i : i + 1], steps(t), eps[i : i + 1])
        )


def test_the_first_step_keeps_its_digits_in_single_precision():
    # 1 - alpha_bar_1 = 1e-4: in single precision it is wrong from the fourth digit on.
    moved = DDPM(silent).q_sample(torch.zeros(1, 1), steps(1), torch.ones(1, 1))
    assert moved.dtype == torch.float32
    assert moved.item() == pytest.approx(0.01, rel=1e-7)


# --- posterior ------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [2, 3, 50])
def test_the_posterior_is_bayes_rule(t):
    beta = np.linspace(0.01, 0.3, 50)
    x_0, x_t = 0.8, -0.4
    # q(x_{t-1} | x_t, x_0) on a fine grid: likelihood q(x_t | x_{t-1}) times prior
    # q(x_{t-1} | x_0), the prior's moments from Eq. 2 step by step.
    mean, variance = x_0, 0.0
    for s in range(t - 1):
        mean *= math.sqrt(1 - beta[s])
        variance = (1 - beta[s]) * variance + beta[s]
    grid = np.linspace(-12, 12, 400_001)
    weight = np.exp(
        -((grid - mean) ** 2) / (2 * variance)
        - (x_t - math.sqrt(1 - beta[t - 1]) * grid) ** 2 / (2 * beta[t - 1])
    )
    weight /= weight.sum()
    expected_mean = (grid * weight).sum()
    expected_variance = ((grid - expected_mean) ** 2 * weight).sum()

    ddpm = DDPM(silent, Schedule(torch.from_numpy(beta)))
    got_mean, got_variance = ddpm.q_posterior(
        torch.tensor([[x_0]], dtype=torch.float64),
        torch.tensor([[x_t]], dtype=torch.float64),
        steps(t),
    )

    assert got_mean.item() == pytest.approx(expected_mean, rel=1e-8)
    assert got_variance.item() == pytest.approx(expected_variance, rel=1e-8)


def test_before_the_first_step_there_is_only_the_data():
    x_0 = torch.randn(4, 3)
    mean, variance = DDPM(silent).q_posterior(x_0, torch.randn(4, 3), steps(1, 1, 1, 1))
    torch.testing.assert_close(mean, x_0)
    assert torch.equal(variance, torch.zeros(4, 1))


# --- reverse --------------------------------------------------------------------------------------


def test_the_true_noise_predicts_the_data():
    ddpm = DDPM(silent)
    x_0, eps = torch.randn(2, 5, dtype=torch.float64), torch.randn(2, 5, dtype=torch.float64)
    t = steps(1, 1000)
    torch.testing.assert_close(ddpm.predict_x0(ddpm.q_sample(x_0, t, eps), t, eps), x_0)


def test_the_reverse_mean_is_the_posteriors_at_the_predicted_data():
    # Eq. 11 was derived from Eq. 7 by putting Eq. 15's estimate for x_0.
    def guess(x_t, t):
        return torch.sin(3 * x_t) + t[:, None] / 1000

    ddpm = DDPM(guess)
    x_t, t = torch.randn(4, 6, dtype=torch.float64), steps(1, 2, 500, 1000)
    expected, _ = ddpm.q_posterior(ddpm.predict_x0(x_t, t, guess(x_t, t)), x_t, t)
    mean, _ = ddpm.p_mean_variance(x_t, t)
    torch.testing.assert_close(mean, expected)


def test_the_two_fixed_variances():
    beta, t = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64), steps(1, 2, 3)
    x_t = torch.randn(3, 2, dtype=torch.float64)
    _, upper = DDPM(silent, Schedule(beta), "beta").p_mean_variance(x_t, t)
    _, lower = DDPM(silent, Schedule(beta), "beta_tilde").p_mean_variance(x_t, t)

    assert upper.flatten().tolist() == pytest.approx([0.1, 0.2, 0.3])
    # (1 - alpha_bar_{t-1}) / (1 - alpha_bar_t) beta_t by hand: alpha_bar = 1, 0.9, 0.72, 0.504.
    by_hand = [0, 0.1 / 0.28 * 0.2, 0.28 / 0.496 * 0.3]
    assert lower.flatten().tolist() == pytest.approx(by_hand)
    assert upper.shape == lower.shape == (3, 1)


def test_an_unknown_variance_is_refused():
    with pytest.raises(ValueError, match="beta_tilde"):
        DDPM(silent, variance="learned")


# --- the index ------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [0, -1, 1001])
@pytest.mark.parametrize("method", ["q_posterior", "p_mean_variance", "predict_x0"])
def test_a_step_outside_the_schedule_is_refused(method, t):
    ddpm, x = DDPM(silent), torch.zeros(1, 2)
    arguments = {
        "q_posterior": (x, x, steps(t)),
        "p_mean_variance": (x, steps(t)),
        "predict_x0": (x, steps(t), x),
    }[method]
    with pytest.raises(ValueError, match=r"1\.\.1000|0\.\.1000"):
        getattr(ddpm, method)(*arguments)


def test_the_network_is_asked_about_the_steps_1_to_T():
    asked = []

    def listen(x_t, t):
        asked.append(t)
        return torch.zeros_like(x_t)

    ddpm = DDPM(listen, linear_schedule(T=5))
    ddpm.loss(torch.zeros(2000, 1), torch.Generator().manual_seed(0))
    assert set(asked[0].tolist()) == {1, 2, 3, 4, 5}
    asked.clear()
    ddpm.sample((2, 1))
    assert [t.tolist() for t in asked] == [[5, 5], [4, 4], [3, 3], [2, 2], [1, 1]]


# --- loss -----------------------------------------------------------------------------------------


def test_the_loss_is_the_mean_squared_error_of_the_noise():
    # A network that guesses c everywhere misses standard normal noise by E(eps - c)^2 = 1 + c^2.
    x_0 = torch.randn(20_000, 5)
    for c in (0.0, 1.5):
        loss = DDPM(lambda x_t, t, c=c: torch.full_like(x_t, c)).loss(x_0)
        assert loss.shape == ()
        assert loss.item() == pytest.approx(1 + c**2, rel=0.03)


def test_a_network_that_knows_the_data_has_no_loss():
    x_0 = torch.full((500, 3), 0.3, dtype=torch.float64)
    alpha_bar = np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))

    def exact(x_t, t):
        a = torch.from_numpy(alpha_bar)[t - 1][:, None]
        return (x_t - a.sqrt() * 0.3) / (1 - a).sqrt()

    assert DDPM(exact).loss(x_0).item() < 1e-20


def test_the_loss_of_a_seed_is_repeatable():
    def once(seed):
        generator = torch.Generator().manual_seed(seed)
        return DDPM(silent).loss(torch.zeros(8, 2), generator).item()

    assert once(1) == once(1) != once(2)


# --- sampling -------------------------------------------------------------------------------------


@pytest.mark.parametrize("variance", ["beta", "beta_tilde"])
def test_with_the_exact_noise_of_a_gaussian_sampling_returns_to_it(variance):
    # Data N(m, s^2): x_t is N(sqrt(alpha_bar) m, alpha_bar s^2 + 1 - alpha_bar), so the best
    # guess is E[eps | x_t] = sqrt(1 - alpha_bar) (x_t - sqrt(alpha_bar) m) / var(x_t).
    m, s, T = 1.5, 0.5, 200
    beta = np.linspace(5e-4, 0.1, T)
    alpha_bar = torch.from_numpy(np.cumprod(1 - beta)).float()

    def exact(x_t, t):
        a = alpha_bar[t - 1][:, None]
        return (1 - a).sqrt() * (x_t - a.sqrt() * m) / (a * s**2 + 1 - a)

    # The reverse chain is linear in x, so its mean and variance follow without drawing anything.
    mean, var = 0.0, 1.0
    for t in range(T, 0, -1):
        a = float(np.prod(1 - beta[:t]))
        gain = math.sqrt(1 - a) / (a * s**2 + 1 - a)
        slope = (1 - beta[t - 1] / math.sqrt(1 - a) * gain) / math.sqrt(1 - beta[t - 1])
        shift = beta[t - 1] / math.sqrt(1 - a) * gain * math.sqrt(a) * m
        prev = float(np.prod(1 - beta[: t - 1]))
        sigma2 = beta[t - 1] if variance == "beta" else (1 - prev) / (1 - a) * beta[t - 1]
        mean = slope * mean + shift / math.sqrt(1 - beta[t - 1])
        var = slope**2 * var + (sigma2 if t > 1 else 0.0)
    assert (mean, var) == pytest.approx((m, s**2), rel=0.08)  # two hundred steps are few

    ddpm = DDPM(exact, linear_schedule(T, 5e-4, 0.1), variance)
    x_0 = ddpm.sample((40_000, 1), generator=torch.Generator().manual_seed(0))

    assert x_0.mean().item() == pytest.approx(mean, abs=4 * math.sqrt(var / 40_000))
    assert x_0.var().item() == pytest.approx(var, rel=4 * math.sqrt(2 / 40_000))


def test_the_last_step_adds_no_noise():
    ddpm = DDPM(silent, linear_schedule(T=3))  # variance beta, which is not 0 at the first step
    states = dict(ddpm.trajectory(torch.randn(4, 2)))

    assert list(states) == [3, 2, 1, 0]
    mean, variance = ddpm.p_mean_variance(states[1], steps(1, 1, 1, 1))
    assert torch.equal(states[0], mean)
    assert (variance > 0).all()
    mean, _ = ddpm.p_mean_variance(states[2], steps(2, 2, 2, 2))
    assert not torch.equal(states[1], mean)


def test_samples_are_the_end_of_the_trajectory():
    ddpm = DDPM(silent, linear_schedule(T=20))
    x_0 = ddpm.sample((3, 2), generator=torch.Generator().manual_seed(7))

    generator = torch.Generator().manual_seed(7)
    *_, (t, last) = ddpm.trajectory(torch.randn(3, 2, generator=generator), generator)
    assert t == 0
    assert torch.equal(x_0, last)


def test_the_same_seed_gives_the_same_samples():
    def draw(seed):
        return DDPM(silent, linear_schedule(T=5)).sample(
            (2, 3), generator=torch.Generator().manual_seed(seed)
        )

    assert torch.equal(draw(0), draw(0))
    assert not torch.equal(draw(0), draw(1))


def test_sampling_keeps_no_gradients():
    network = torch.nn.Linear(2, 2)
    ddpm = DDPM(lambda x_t, t: network(x_t), linear_schedule(T=2))
    assert not ddpm.sample((1, 2)).requires_grad


@pytest.mark.parametrize("shape", [(3,), (3, 2), (3, 2, 5), (3, 1, 4, 4), (2, 3, 4, 4, 4)])
def test_data_may_have_any_shape(shape):
    ddpm = DDPM(silent, linear_schedule(T=4))
    assert ddpm.sample(shape).shape == shape
    assert ddpm.loss(torch.zeros(shape)).shape == ()


def test_data_may_have_any_precision():
    ddpm = DDPM(silent, linear_schedule(T=4))
    for dtype in (torch.float64, torch.float32, torch.bfloat16):
        x = torch.zeros(2, 3, dtype=dtype)
        assert ddpm.q_sample(x, steps(1, 4), x).dtype == dtype
        assert ddpm.p_mean_variance(x, steps(1, 4))[0].dtype == dtype
