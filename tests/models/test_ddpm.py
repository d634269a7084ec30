"""DDPM against the definitions: Gaussians worked out by numerical integration and by matrices."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from studykit.diffusion import DDPM, Schedule, cosine_schedule, linear_schedule
from studykit.diffusion.samplers import ancestral
from studykit.noise import Noise


def silent(x_t, t):
    """A network that never sees noise."""
    return torch.zeros_like(x_t)


def steps(*values):
    return torch.tensor(values)


# --- forward --------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [1, 2, 37, 100])
def test_the_jump_to_step_t_has_the_moments_of_t_single_steps(t):
    """Checks: Ho et al. (2020), Eqs. 2 and 4."""
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
    """Checks: Ho et al. (2020), Eqs. 6 and 7."""
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
    """Checks: Ho et al. (2020), Eqs. 9 and 15."""
    ddpm = DDPM(silent)
    x_0, eps = torch.randn(2, 5, dtype=torch.float64), torch.randn(2, 5, dtype=torch.float64)
    t = steps(1, 1000)
    # Whatever the network predicts, a right answer is translated into the noise and the data.
    x_t = ddpm.q_sample(x_0, t, eps)
    alpha_bar = torch.from_numpy(np.cumprod(1 - np.linspace(1e-4, 0.02, 1000)))[t - 1][:, None]
    v = alpha_bar.sqrt() * eps - (1 - alpha_bar).sqrt() * x_0
    for prediction, answer in (("eps", eps), ("x_0", x_0), ("v", v)):
        model = DDPM(lambda x_t, t, answer=answer: answer, prediction=prediction)
        predicted = model.predict(x_t, t)
        torch.testing.assert_close(predicted.x_0, x_0)
        torch.testing.assert_close(predicted.eps, eps)


def test_the_reverse_mean_is_the_posteriors_at_the_predicted_data():
    """Checks: Ho et al. (2020), Eqs. 1 and 11."""

    # Eq. 11 was derived from Eq. 7 by putting Eq. 15's estimate for x_0.
    def guess(x_t, t):
        return torch.sin(3 * x_t) + t[:, None] / 1000

    ddpm = DDPM(guess)
    x_t, t = torch.randn(4, 6, dtype=torch.float64), steps(1, 2, 500, 1000)
    expected, _ = ddpm.q_posterior(ddpm.predict(x_t, t).x_0, x_t, t)
    mean, _ = ddpm.p_mean_variance(x_t, t)
    torch.testing.assert_close(mean, expected)


def test_the_two_fixed_variances():
    beta, t = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64), steps(1, 2, 3)
    x_t = torch.randn(3, 2, dtype=torch.float64)
    _, upper = DDPM(silent, Schedule(beta), variance="beta").p_mean_variance(x_t, t)
    _, lower = DDPM(silent, Schedule(beta), variance="beta_tilde").p_mean_variance(x_t, t)

    assert upper.flatten().tolist() == pytest.approx([0.1, 0.2, 0.3])
    # (1 - alpha_bar_{t-1}) / (1 - alpha_bar_t) beta_t by hand: alpha_bar = 1, 0.9, 0.72, 0.504.
    # The first would be 0, and the second stands in for it.
    by_hand = [0.1 / 0.28 * 0.2, 0.1 / 0.28 * 0.2, 0.28 / 0.496 * 0.3]
    assert lower.flatten().tolist() == pytest.approx(by_hand)
    assert upper.shape == lower.shape == (3, 1)


@pytest.mark.parametrize(("v", "share"), [(-1.0, 0.0), (1.0, 1.0), (0.0, 0.5)])
def test_a_learned_variance_lies_between_them_on_a_logarithmic_scale(v, share):
    """Checks: Nichol, Dhariwal (2021), Eq. 15."""

    def network(x_t, t):
        return torch.cat([torch.zeros_like(x_t), torch.full_like(x_t, v)], dim=1)

    # At the second step the bounds are a factor of two apart; at the 700th they are the same.
    x_t, t = torch.randn(1, 3, 2, dtype=torch.float64), steps(2)
    small = DDPM(silent, variance="beta_tilde").p_mean_variance(x_t, t)[1]
    large = DDPM(silent, variance="beta").p_mean_variance(x_t, t)[1]
    _, learned = DDPM(network, variance="learned").p_mean_variance(x_t, t)
    expected = (share * large.log() + (1 - share) * small.log()).exp()
    torch.testing.assert_close(learned, expected.expand(1, 3, 2))


def test_a_network_with_another_shape_is_refused():
    with pytest.raises(ValueError, match="twice 2 channels"):
        DDPM(silent, variance="learned").predict(torch.zeros(1, 2), steps(1))
    with pytest.raises(ValueError, match=r"gave \(1, 4\) for \(1, 2\)"):
        DDPM(lambda x_t, t: torch.zeros(1, 4)).predict(torch.zeros(1, 2), steps(1))


def test_what_is_unknown_is_refused():
    with pytest.raises(ValueError, match="'beta_tilde' or 'learned', not 'gamma'"):
        DDPM(silent, variance="gamma")
    with pytest.raises(ValueError, match="'x_0' or 'v', not 'score'"):
        DDPM(silent, prediction="score")


def test_a_step_of_time_is_the_chains_step():
    # The samplers ask by time; between neighbours the answer is Eq. 11 and section 3.2.
    def guess(x_t, t):
        return torch.sin(3 * x_t) + t[:, None] / 1000

    x, t = torch.randn(3, 6, dtype=torch.float64), steps(2, 500, 1000)
    time = t.double() / 1000
    for variance in ("beta", "beta_tilde"):
        ddpm = DDPM(guess, variance=variance)
        expected = ddpm.p_mean_variance(x, t)
        got = ddpm.reverse_transition(x, time, time - 1e-3)
        torch.testing.assert_close(got, expected)
    torch.testing.assert_close(ddpm.denoise(x, time), ddpm.predict(x, t).x_0)


def test_diffusers_takes_the_same_step():
    from diffusers import DDPMScheduler

    kinds = {"beta": "fixed_large", "beta_tilde": "fixed_small"}
    predictions = {"eps": "epsilon", "x_0": "sample", "v": "v_prediction"}
    generator = torch.Generator().manual_seed(0)
    x, answer = torch.randn(2, 1, 3, 4, 4, generator=generator)
    for variance, kind in kinds.items():
        for prediction, name in predictions.items():
            ours = DDPM(lambda x, t: answer, prediction=prediction, variance=variance)
            theirs = DDPMScheduler(
                num_train_timesteps=1000,
                variance_type=kind,
                prediction_type=name,
                clip_sample=False,
            )
            for t in (1, 2, 500, 1000):
                mean, var = ours.p_mean_variance(x, steps(t))
                if t == 1:  # Theirs adds no noise there.
                    stepped = theirs.step(answer, 0, x).prev_sample
                    torch.testing.assert_close(mean, stepped, atol=1e-5, rtol=1e-5)
                    continue
                generator = torch.Generator().manual_seed(0)
                stepped = theirs.step(answer, t - 1, x, generator=generator).prev_sample
                z = torch.randn(x.shape, generator=torch.Generator().manual_seed(0))
                # Theirs divides by sqrt(alpha_bar), 0.006 at the end, in single precision.
                torch.testing.assert_close(mean + var.sqrt() * z, stepped, atol=3e-4, rtol=1e-4)


# --- the index ------------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [0, -1, 1001])
@pytest.mark.parametrize("method", ["q_posterior", "p_mean_variance", "predict"])
def test_a_step_outside_the_schedule_is_refused(method, t):
    ddpm, x = DDPM(silent), torch.zeros(1, 2)
    arguments = {
        "q_posterior": (x, x, steps(t)),
        "p_mean_variance": (x, steps(t)),
        "predict": (x, steps(t)),
    }[method]
    with pytest.raises(ValueError, match=r"1\.\.1000|0\.\.1000"):
        getattr(ddpm, method)(*arguments)


def test_the_network_is_asked_about_the_steps_1_to_T():
    asked = []

    def listen(x_t, t):
        asked.append(t)
        return torch.zeros_like(x_t)

    ddpm = DDPM(listen, linear_schedule(T=5))
    ddpm.loss(torch.zeros(2000, 1), Noise(0, 2000))
    assert set(asked[0].tolist()) == {1, 2, 3, 4, 5}
    assert np.bincount(asked[0])[1:].min() > 300  # all as often
    asked.clear()
    ancestral(ddpm, (2, 1), steps=5)
    assert [t.tolist() for t in asked] == [[5, 5], [4, 4], [3, 3], [2, 2], [1, 1]]


# --- loss -----------------------------------------------------------------------------------------


def test_the_loss_is_the_mean_squared_error_of_the_noise():
    """Checks: Ho et al. (2020), Eq. 14."""
    # A network that guesses c everywhere misses standard normal noise by E(eps - c)^2 = 1 + c^2.
    x_0 = torch.randn(20_000, 5)
    for c in (0.0, 1.5):
        loss = DDPM(lambda x_t, t, c=c: torch.full_like(x_t, c)).loss(x_0, Noise(0, 20_000))
        assert loss.shape == ()
        assert loss.item() == pytest.approx(1 + c**2, rel=0.03)


def test_a_network_that_knows_the_data_has_no_loss():
    """Checks: Ho et al. (2020), Eq. 14 and Algorithm 1."""
    x_0 = torch.full((500, 3), 0.3, dtype=torch.float64)
    alpha_bar = np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))

    def exact(x_t, t):
        a = torch.from_numpy(alpha_bar)[t - 1][:, None]
        return (x_t - a.sqrt() * 0.3) / (1 - a).sqrt()

    assert DDPM(exact).loss(x_0, Noise(0, 500)).item() < 1e-20


@pytest.mark.parametrize("prediction", ["eps", "x_0", "v"])
def test_the_loss_judges_what_is_predicted(prediction):
    # A network that always answers 0, and data 0.5: the squared error of each target is known.
    ddpm = DDPM(silent, Schedule([0.36]), prediction=prediction)
    loss = ddpm.loss(torch.full((20_000, 1), 0.5), Noise(0, 20_000)).item()
    # eps: E eps^2 = 1; x_0: 0.25; v = 0.8 eps - 0.6 * 0.5: 0.64 + 0.09.
    assert loss == pytest.approx({"eps": 1.0, "x_0": 0.25, "v": 0.73}[prediction], rel=0.03)


def test_the_bound_teaches_the_variance_and_leaves_the_mean_alone():
    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.eps = torch.nn.Parameter(torch.tensor(0.3))
            self.v = torch.nn.Parameter(torch.tensor(0.0))

        def forward(self, x_t, t):
            return torch.cat([self.eps.expand_as(x_t), self.v.expand_as(x_t)], dim=1)

    x_0 = torch.zeros(500, 1, 2)
    network = Network()
    DDPM(network, variance="learned").loss(x_0, Noise(0, 500)).backward()
    simple = torch.nn.Parameter(torch.tensor(0.3))
    DDPM(lambda x_t, t: simple.expand_as(x_t)).loss(x_0, Noise(0, 500)).backward()
    torch.testing.assert_close(network.eps.grad, simple.grad)
    assert network.v.grad.abs() > 0


def test_the_loss_of_a_seed_is_repeatable_and_does_not_know_of_batches():
    x_0 = torch.randn(8, 2)

    def once(seed, first=0, n=8):
        return DDPM(silent).loss(x_0[first : first + n], Noise(seed, n, first)).item()

    assert once(1) == once(1) != once(2)
    assert (once(1, 0, 4) + once(1, 4, 4)) / 2 == pytest.approx(once(1), rel=1e-6)


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

    ddpm = DDPM(exact, linear_schedule(T, 5e-4, 0.1), variance=variance)
    x_0 = ancestral(ddpm, (20_000, 1), steps=T)

    assert x_0.mean().item() == pytest.approx(mean, abs=4 * math.sqrt(var / 20_000))
    assert x_0.var().item() == pytest.approx(var, rel=4 * math.sqrt(2 / 20_000))


@pytest.mark.parametrize("shape", [(3,), (3, 2), (3, 2, 5), (3, 1, 4, 4), (2, 3, 4, 4, 4)])
def test_data_may_have_any_shape(shape):
    ddpm = DDPM(silent, linear_schedule(T=4))
    assert ancestral(ddpm, shape, steps=4).shape == shape
    assert ddpm.loss(torch.zeros(shape), Noise(0, shape[0])).shape == ()


def test_data_may_have_any_precision():
    ddpm = DDPM(silent, linear_schedule(T=4))
    for dtype in (torch.float64, torch.float32, torch.bfloat16):
        x = torch.zeros(2, 3, dtype=dtype)
        assert ddpm.q_sample(x, steps(1, 4), x).dtype == dtype
        assert ddpm.p_mean_variance(x, steps(1, 4))[0].dtype == dtype


def test_the_cosine_schedule_is_diffusers():
    """Checks: Nichol, Dhariwal (2021), Eq. 17."""
    from diffusers import DDPMScheduler

    theirs = DDPMScheduler(num_train_timesteps=200, beta_schedule="squaredcos_cap_v2")
    ours = cosine_schedule(200)
    np.testing.assert_allclose(ours.beta[1:].numpy(), theirs.betas.numpy(), rtol=1e-5)
    assert ours.beta.max() == 0.999
