"""The samplers against other people's code and the papers' formulas, written out once more."""

from __future__ import annotations

import math

import azula.denoise
import azula.sample
import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler

from studykit.datasets.mixtures import GaussianMixture
from studykit.diffusion import DDPM, linear_schedule
from studykit.diffusion.model import Diffusion
from studykit.diffusion.samplers import (
    ancestral,
    ddim,
    dpm_solver,
    grid,
    heun,
    predictor_corrector,
    trajectory,
)
from studykit.diffusion.sdes import VESDE, VPSDE, ChainSDE, SubVPSDE
from studykit.noise import Noise

PROCESSES = {"ve": VESDE(), "vp": VPSDE(), "sub-vp": SubVPSDE()}
MIXTURE = GaussianMixture([[1.0, 0.5], [-1.0, 1.0], [0.0, -1.2]], [0.09, 0.04, 0.16])


class Mixture(Diffusion):
    def __init__(self, sde):
        self.sde = sde

    def score(self, x, t):
        return MIXTURE.diffused(self.sde.alpha(t), self.sde.sigma(t)).score(x).to(x.dtype)


def start(sde, n=4):
    generator = torch.Generator().manual_seed(7)
    return sde.prior_std * torch.randn(n, 2, dtype=torch.float64, generator=generator)


# --- one step of each predictor and corrector, from the papers ------------------------------------


def marginals(process, t):
    """Alpha and sigma of Song et al. (2021), Eq. 29, with their constants."""
    if process == "ve":
        return 1.0, math.sqrt((0.01 * 5000**t) ** 2 - 0.01**2)
    integral = 0.1 * t + 0.5 * (20 - 0.1) * t**2
    variance = 1 - math.exp(-integral)
    return math.exp(-integral / 2), variance if process == "sub-vp" else math.sqrt(variance)


def drift_and_diffusion(process, t):
    """Eqs. 30, 32 and 12: the rate f of the drift f x, and g."""
    if process == "ve":
        return 0.0, 0.01 * 5000**t * math.sqrt(2 * math.log(5000))
    beta = 0.1 + t * (20 - 0.1)
    if process == "vp":
        return -beta / 2, math.sqrt(beta)
    integral = 0.1 * t + 0.5 * (20 - 0.1) * t**2
    return -beta / 2, math.sqrt(beta * (1 - math.exp(-2 * integral)))


def chain(process, t, s):
    """The forward step from s to t: its alpha_i (DDPM's; 1 for VE) and its variance G^2."""
    if process == "ve":  # Eq. 8
        return 1.0, (0.01 * 5000**t) ** 2 - (0.01 * 5000**s) ** 2
    (alpha_t, sigma_t), (alpha_s, sigma_s) = marginals(process, t), marginals(process, s)
    beta = 1 - (alpha_t / alpha_s) ** 2
    if process == "vp":  # Eq. 10
        return 1 - beta, beta
    return 1 - beta, sigma_t**2 - (1 - beta) * sigma_s**2


def predicted(predictor, process, x, g, t, s, z):
    alpha, G2 = chain(process, t, s)
    if predictor == "euler_maruyama":  # Eq. 6
        f, diffusion = drift_and_diffusion(process, t)
        return x - (f * x - diffusion**2 * g) * (t - s) + diffusion * math.sqrt(t - s) * z
    if predictor == "reverse_diffusion":  # Algorithms 2 and 3
        return (2 - math.sqrt(alpha)) * x + G2 * g + math.sqrt(G2) * z
    if predictor == "probability_flow":  # Eq. 47
        return (2 - math.sqrt(alpha)) * x + G2 / 2 * g
    # Bayes' rule for p(x_s | x_t, x_0), with Tweedie's estimate of x_0: precisions add up.
    (alpha_t, sigma_t), (alpha_s, sigma_s) = marginals(process, t), marginals(process, s)
    x_0 = (x + sigma_t**2 * g) / alpha_t
    variance = 1 / (1 / sigma_s**2 + alpha / G2)
    mean = variance * (alpha_s * x_0 / sigma_s**2 + math.sqrt(alpha) * x / G2)
    return mean + math.sqrt(variance) * z


def corrected(corrector, process, x, g, t, s, z, snr):
    alpha, _ = chain(process, t, s)
    _, sigma_t = marginals(process, t)
    d = x.shape[1]
    for i in range(len(x)):
        length = sigma_t
        if corrector == "langevin":
            length = min(sigma_t, (math.sqrt(d) + 2) / np.linalg.norm(g[i]))
        step = 2 * alpha * (snr * length) ** 2
        x[i] = x[i] + step * g[i] + math.sqrt(2 * step) * z[i]
    return x


PREDICTORS = ["euler_maruyama", "reverse_diffusion", "ancestral", "probability_flow"]


@pytest.mark.parametrize("corrector", [None, "langevin", "annealed_langevin"])
@pytest.mark.parametrize("predictor", PREDICTORS)
@pytest.mark.parametrize("process", PROCESSES)
def test_a_step_is_the_papers(process, predictor, corrector):
    """Checks: Song et al. (2021), Algorithms 1 to 5."""
    model = Mixture(PROCESSES[process])
    x_T = start(model.sde)
    x_T[0] *= 10  # an example whose score is too long
    path = trajectory(
        predictor_corrector,
        model,
        (4, 2),
        4,
        predictor=predictor,
        corrector=corrector,
        snr=0.3,
        seed=11,
        x_T=x_T,
    )
    noise = Noise(seed=11, n=4)
    noise.normal((2,))  # the prior's
    times = np.linspace(1, model.sde.eps, 4)
    for t, s, before, after in zip(
        times, times[1:], path.states.numpy(), path.states.numpy()[1:], strict=False
    ):
        score = lambda x, t=t: MIXTURE.diffused(*marginals(process, t)).score(x).numpy()  # noqa: E731
        x = before.copy()
        if corrector is not None:
            z = noise.normal((2,)).double().numpy()
            x = corrected(corrector, process, x, score(torch.from_numpy(x)), t, s, z, 0.3)
        z = 0 if predictor == "probability_flow" else noise.normal((2,)).double().numpy()
        x = predicted(predictor, process, x, score(torch.from_numpy(x)), t, s, z)
        np.testing.assert_allclose(after, x, rtol=1e-9, atol=1e-9)


def test_several_corrections_follow_each_other():
    model = Mixture(PROCESSES["vp"])
    options = {"predictor": "probability_flow", "corrector": "annealed_langevin"}
    path = trajectory(
        predictor_corrector, model, (4, 2), 2, corrector_steps=3, x_T=start(model.sde), **options
    )
    noise = Noise(seed=0, n=4)
    noise.normal((2,))
    x = path.states[0].numpy().copy()
    score = lambda x: MIXTURE.diffused(*marginals("vp", 1)).score(torch.from_numpy(x)).numpy()  # noqa: E731
    for _ in range(3):
        z = noise.normal((2,)).double().numpy()
        x = corrected("annealed_langevin", "vp", x, score(x), 1, model.sde.eps, z, 0.16)
    x = predicted("probability_flow", "vp", x, score(x), 1, model.sde.eps, 0)
    np.testing.assert_allclose(path.states[1].numpy(), x, rtol=1e-9, atol=1e-9)


# --- diffusers ------------------------------------------------------------------------------------

CHAIN = linear_schedule(T=1000)


def eps_theta(x, t):
    """The noise in the mixture's states, as a network of the chain's steps 1..T."""
    alpha_bar = CHAIN.alpha_bar[t]
    diffused = MIXTURE.diffused(alpha_bar.sqrt(), (1 - alpha_bar).sqrt())
    return (-(1 - alpha_bar).sqrt()[:, None] * diffused.score(x)).to(x.dtype)


def scheduler(kind, **options):
    # Their steps count from 0.
    made = kind(trained_betas=CHAIN.beta[1:].numpy(), **options)
    # In single precision their tables differ from ours in the sixth digit, and hide what else does.
    made.alphas_cumprod = CHAIN.alpha_bar[1:]
    return made


def their_noise(x, step):
    return eps_theta(x, torch.full((len(x),), int(step) + 1))


def close(ours, theirs, atol=1e-9):
    torch.testing.assert_close(ours, theirs, rtol=0, atol=atol)


@pytest.mark.parametrize(
    ("variance", "theirs"), [("beta", "fixed_large"), ("beta_tilde", "fixed_small")]
)
def test_ancestral_sampling_of_the_whole_chain_is_diffusers_ddpm(variance, theirs):
    """Checks: Ho et al. (2020), Algorithm 2."""
    ddpm = DDPM(eps_theta, CHAIN, variance=variance)
    x_T = start(ddpm.sde)
    path = trajectory(ancestral, ddpm, (4, 2), 1000, seed=2, x_T=x_T)
    ddpm_scheduler = scheduler(DDPMScheduler, clip_sample=False, variance_type=theirs)
    noise = Noise(seed=2, n=4)
    noise.normal((2,))  # the prior's
    x = x_T
    for i, step in enumerate(range(999, -1, -1)):
        # They draw noise themselves: take theirs out again, and put ours in.
        drawn = torch.randn(4, 2, dtype=x.dtype, generator=torch.Generator().manual_seed(i))
        x = ddpm_scheduler.step(
            their_noise(x, step), step, x, generator=torch.Generator().manual_seed(i)
        ).prev_sample
        if step > 0:
            std = ddpm_scheduler._get_variance(step).sqrt()
            x = x + std * (noise.normal((2,)) - drawn)
        close(path.states[i + 1], x)


@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("steps", "stride"), [(10, 111), (28, 37)])
def test_ddim_on_a_part_of_the_chain_is_diffusers(steps, stride, eta):
    """Checks: Song, Meng, Ermon (2021), Eqs. 12 and 16."""
    ddpm = DDPM(eps_theta, CHAIN)
    x_T = start(ddpm.sde)
    path = trajectory(ddim, ddpm, (4, 2), steps, eta=eta, seed=2, x_T=x_T)
    ddim_scheduler = scheduler(DDIMScheduler, clip_sample=False)
    # They go from a step to the one 1000 // n before: such an n that it is the next of ours.
    ddim_scheduler.set_timesteps(1000 // stride)
    noise = Noise(seed=2, n=4)
    noise.normal((2,))
    x = x_T
    for i, step in enumerate(range(999, -1, -stride)):
        z = noise.normal((2,)).double() if eta > 0 and step > 0 else torch.zeros_like(x)
        x = ddim_scheduler.step(
            their_noise(x, step), step, x, eta=eta, variance_noise=z
        ).prev_sample
        close(path.states[i + 1], x)
    assert len(path.states) == i + 2


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # theirs
@pytest.mark.parametrize("steps", [10, 20, 112])
def test_dpm_solver_of_order_2_is_diffusers(steps):
    ddpm = DDPM(eps_theta, CHAIN)
    x_T = start(ddpm.sde)
    path = trajectory(dpm_solver, ddpm, (4, 2), steps, order=2, spacing="time", x_T=x_T)
    # Our last step, to 0, is of order 1, and so is theirs ("final_sigmas_type").
    multistep = scheduler(DPMSolverMultistepScheduler, lower_order_final=False)
    visited = (path.times * 1000).round().long()
    multistep.set_timesteps(timesteps=(visited[:-1] - 1).tolist())
    alpha_bar = CHAIN.alpha_bar[visited]
    multistep.sigmas = ((1 - alpha_bar) / alpha_bar).sqrt()
    x = x_T
    lambdas = -multistep.sigmas.log()
    for i, step in enumerate(multistep.timesteps):
        if i and lambdas[i + 1] - lambdas[i] > 2 * (lambdas[i] - lambdas[i - 1]):
            multistep.lower_order_nums = 0  # what they know of earlier steps: then order 1
        x = multistep.step(their_noise(x, step), step, x).prev_sample
        close(path.states[i + 1], x, atol=1e-6)  # They step in single precision.


# --- azula ----------------------------------------------------------------------------------------


class Theirs(azula.denoise.Denoiser):
    """Our model as azula's."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.schedule = lambda t: (model.sde.alpha(t), model.sde.sigma(t))

    def forward(self, x_t, t):
        return azula.denoise.DiracPosterior(mean=self.model.denoise(x_t, t.expand(len(x_t))))


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(ddim, azula.sample.DDIMSampler), (heun, azula.sample.HeunSampler)],
)
def test_flows_are_azulas(ours, theirs, process):
    model = Mixture(PROCESSES[process])
    x_T = start(model.sde)
    path = trajectory(ours, model, (4, 2), 15, spacing="time", x_T=x_T, denoise=False)
    sampler = theirs(Theirs(model), silent=True)
    x = x_T
    for t, s, state in zip(path.times, path.times[1:], path.states[1:], strict=False):
        x = sampler.step(x, t, s)
        torch.testing.assert_close(state, x, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("spacing", ["time", "logsnr", "karras"])
@pytest.mark.parametrize("process", PROCESSES)
def test_order_3_has_azulas_coefficients(process, spacing):
    sde = PROCESSES[process]

    class Announced(Diffusion):
        """Denoised states that do not depend on x: all steps have the same ones."""

        sde = PROCESSES[process]

        def score(self, x, t):
            raise NotImplementedError

        def denoise(self, x, t):
            return torch.sin(7 * t)[:, None] + 0 * x

    path = trajectory(
        dpm_solver, Announced(), (4, 2), 9, order=3, spacing=spacing, x_T=start(sde), denoise=False
    )
    alpha, sigma = sde.alpha(path.times), sde.sigma(path.times)
    x_bar, sigma_bar = path.states / alpha[:, None, None], sigma / alpha
    lambdas = -sigma_bar.log()
    for i in range(2, 8):
        n = 1 if lambdas[i + 1] - lambdas[i] > 2 * (lambdas[i] - lambdas[i - 1]) else 3
        weights = azula.sample.xEABSampler._exponential_adams_bashforth(sigma_bar.log(), i=i, n=n)
        integral = (weights * torch.sin(7 * path.times[i + 1 - n : i + 1])).sum()
        expected = sigma_bar[i + 1] * (x_bar[i] / sigma_bar[i] - integral)
        torch.testing.assert_close(x_bar[i + 1], expected, rtol=1e-7, atol=1e-9)


def test_order_3_starts_with_a_step_of_order_2():
    # DPM-Solver++(2S), Algorithm 1 with r = 1, written out.
    model = Mixture(PROCESSES["vp"])
    x_T = start(model.sde)
    times = grid(model.sde, 20, "logsnr")
    path = trajectory(dpm_solver, model, (4, 2), 20, order=3, x_T=x_T)
    (alpha_t, sigma_t), (alpha_s, sigma_s) = (marginals("vp", t.item()) for t in times[:2])
    h = math.log(alpha_s / sigma_s) - math.log(alpha_t / sigma_t)
    D_t = model.denoise(x_T, times[:1].expand(4))
    u = sigma_s / sigma_t * x_T - alpha_s * math.expm1(-h) * D_t
    D = (D_t + model.denoise(u, times[1:2].expand(4))) / 2
    expected = sigma_s / sigma_t * x_T - alpha_s * math.expm1(-h) * D
    torch.testing.assert_close(path.states[1], expected, rtol=1e-9, atol=1e-9)


def test_a_chain_as_an_sde_gives_the_chains_samples():
    ddpm = DDPM(eps_theta, CHAIN, variance="beta_tilde")

    class Score(Diffusion):
        sde = ChainSDE(CHAIN)

        def score(self, x, t):
            sigma = self.sde.sigma(t)[:, None].to(x.dtype)
            return -eps_theta(x, (1000 * t).round().long()) / sigma

    ours = predictor_corrector(Score(), (4, 2), 100, predictor="ancestral")
    torch.testing.assert_close(ours, ancestral(ddpm, (4, 2), 100), rtol=0, atol=1e-5)
