"""The samplers where the truth is known: Gaussian mixtures with the exact score."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

from studykit.datasets.mixtures import GaussianMixture
from studykit.diffusion.model import Diffusion
from studykit.diffusion.samplers import ddim, dpm_solver, heun, ode, predictor_corrector
from studykit.diffusion.sdes import VESDE, VPSDE, SubVPSDE

PROCESSES = {"ve": VESDE, "vp": VPSDE, "sub-vp": SubVPSDE}
PREDICTORS = ["euler_maruyama", "reverse_diffusion", "ancestral", "probability_flow"]
CORRECTORS = [None, "langevin", "annealed_langevin"]


class Exact(Diffusion):
    """The mixture's own score."""

    def __init__(self, sde, mixture):
        self.sde, self.mixture = sde, mixture

    def score(self, x, t):
        # All examples are at the same time.
        alpha, sigma = self.sde.alpha(t[:1]).item(), self.sde.sigma(t[:1]).item()
        return self.mixture.diffused(alpha, sigma).score(x).to(x.dtype)


# --- the matrix: every sampler reaches the target -------------------------------------------------


def target(d):
    """Three blobs of different weight and width, no two at the same place in any coordinate."""
    generator = torch.Generator().manual_seed(3)
    means = torch.randn(3, d, dtype=torch.float64, generator=generator) * 0.5
    means[:, :2] = torch.tensor([[1.0, 0.5], [-1.0, 1.0], [0.0, -1.2]])
    return GaussianMixture(means, [0.09, 0.04, 0.16], [0.5, 0.3, 0.2])


class Yardstick:
    """How far samples are from the target, against how far the target's own samples are.

    The worst of 100 exact samples of the same size sets the bound for the mean, the covariance and
    the sliced 1-Wasserstein distance: a sampler within it cannot be told from the truth at the
    level of 1%. To that comes what a finite number of steps may add, a few percent.
    """

    def __init__(self, d, n):
        self.mixture, self.n = target(d), n
        generator = torch.Generator().manual_seed(4)
        directions = torch.randn(d, 50, dtype=torch.float64, generator=generator)
        self.directions = directions / directions.norm(dim=0)
        many = (self.mixture.sample(50 * n, seed=0) @ self.directions).sort(0).values
        self.quantiles = many.reshape(n, 50, 50).mean(1)
        exact = torch.tensor([self.measure(self.mixture.sample(n, seed)) for seed in range(1, 101)])
        self.bounds = exact.max(dim=0).values + torch.tensor([0.02, 0.03, 0.01])

    def measure(self, x):
        mean, covariance = self.mixture.mean, self.mixture.covariance
        x = x.double()
        return (
            (x.mean(0) - mean).norm().item(),
            ((torch.cov(x.T) - covariance).norm() / covariance.norm()).item(),
            ((x @ self.directions).sort(0).values - self.quantiles).abs().mean().item(),
        )

    def check(self, x):
        measured = torch.tensor(self.measure(x))
        assert bool((measured <= self.bounds).all()), (measured, self.bounds)


@pytest.fixture(scope="module")
def plane():
    return Yardstick(d=2, n=1000)


@pytest.fixture(scope="module")
def sixteen():
    return Yardstick(d=16, n=2000)


MATRIX = {
    f"{process}, {predictor}, {corrector}": (process, predictor, corrector)
    for process, predictor, corrector in itertools.product(PROCESSES, PREDICTORS, CORRECTORS)
}
OTHERS = {
    "ddim, eta 0": (ddim, {"steps": 150}),
    "ddim, eta 0.5": (ddim, {"steps": 150, "eta": 0.5}),
    "ddim, eta 1": (ddim, {"steps": 150, "eta": 1.0}),
    "heun": (heun, {"steps": 40}),
    "2M": (dpm_solver, {"steps": 40, "order": 2}),
    "3M": (dpm_solver, {"steps": 40, "order": 3}),
    "ode": (ode, {"rtol": 1e-4, "atol": 1e-4}),
}


def steps_of(predictor):
    # Euler's steps along the flow, without noise to make up for them, have to be shorter.
    return 400 if predictor == "probability_flow" else 150


@pytest.mark.parametrize(("process", "predictor", "corrector"), list(MATRIX.values()), ids=MATRIX)
def test_every_predictor_with_every_corrector(plane, process, predictor, corrector):
    x = predictor_corrector(
        Exact(PROCESSES[process](), plane.mixture),
        (plane.n, 2),
        steps_of(predictor),
        predictor=predictor,
        corrector=corrector,
    )
    plane.check(x)


@pytest.mark.slow
@pytest.mark.parametrize(("process", "predictor", "corrector"), list(MATRIX.values()), ids=MATRIX)
def test_every_predictor_with_every_corrector_in_16_dimensions(
    sixteen, process, predictor, corrector
):
    x = predictor_corrector(
        Exact(PROCESSES[process](), sixteen.mixture),
        (sixteen.n, 16),
        2 * steps_of(predictor),
        predictor=predictor,
        corrector=corrector,
    )
    sixteen.check(x)


@pytest.mark.parametrize(("sampler", "options"), list(OTHERS.values()), ids=OTHERS)
@pytest.mark.parametrize("process", PROCESSES)
def test_every_other_sampler(plane, process, sampler, options):
    plane.check(sampler(Exact(PROCESSES[process](), plane.mixture), (plane.n, 2), **options))


@pytest.mark.slow
@pytest.mark.parametrize(("sampler", "options"), list(OTHERS.values()), ids=OTHERS)
@pytest.mark.parametrize("process", PROCESSES)
def test_every_other_sampler_in_16_dimensions(sixteen, process, sampler, options):
    model = Exact(PROCESSES[process](), sixteen.mixture)
    sixteen.check(sampler(model, (sixteen.n, 16), **options))


@pytest.mark.parametrize("corrector", ["langevin", "annealed_langevin"])
@pytest.mark.parametrize("d", [1, 2, 16])
def test_correctors_leave_the_marginals_as_they_are(d, corrector):
    # Many corrections at one time, between ends so close that the predictor does nothing. Their
    # step of 2 r^2 sigma^2 lets variances grow by at most r^2; the rest of the bound is chance.
    class Still(VPSDE):
        def times(self, steps):
            return torch.tensor([0.5, 0.5 - 1e-9], dtype=torch.float64)

    sde = Still()
    alpha, sigma = (f(torch.tensor([0.5])).item() for f in (sde.alpha, sde.sigma))
    mixture = GaussianMixture([[1.0] * d, [-1.0] * d], [0.1, 0.1])
    diffused = mixture.diffused(alpha, sigma)
    x = predictor_corrector(
        Exact(sde, mixture),
        (2000, d),
        2,
        predictor="probability_flow",
        corrector=corrector,
        corrector_steps=200,
        x_T=diffused.sample(2000, seed=1),
        denoise=False,
    )
    variance = x.var(dim=0).mean().item()
    exact = diffused.covariance.diagonal().mean().item()
    assert variance == pytest.approx(exact, rel=0.16**2 + 4 * math.sqrt(2 / (2000 * d)))


# --- the flow of a single Gaussian, which is known ------------------------------------------------

GAUSSIAN = GaussianMixture([[0.5, -1.0, 0.0, 1.0]], [[0.01, 0.25, 1.0, 4.0]])


def starts(sde, d=4):
    generator = torch.Generator().manual_seed(1)
    return sde.prior_std * torch.randn(8, d, dtype=torch.float64, generator=generator)


def flow(sde, x_T):
    """Where the probability flow leads: standardised states stay as they are."""
    ends = torch.tensor([sde.T, sde.eps], dtype=torch.float64)
    at_T, at_eps = (
        GAUSSIAN.diffused(*each) for each in zip(sde.alpha(ends), sde.sigma(ends), strict=True)
    )
    standard = (x_T - at_T.means[0]) / at_T.variances[0].sqrt()
    return at_eps.means[0] + at_eps.variances[0].sqrt() * standard


def order(sampler, sde, steps, **options):
    x_T = starts(sde)
    truth = flow(sde, x_T)
    coarse, fine = (
        (sampler(Exact(sde, GAUSSIAN), x_T.shape, n + 1, x_T=x_T, denoise=False, **options) - truth)
        .norm()
        .item()
        for n in (steps, 2 * steps)
    )
    return math.log2(coarse / fine)


SOLVERS = {
    "probability flow": (predictor_corrector, {"predictor": "probability_flow"}, 1, 320),
    "ddim": (ddim, {}, 1, 160),
    "ddim, logsnr": (ddim, {"spacing": "logsnr"}, 1, 160),
    "heun": (heun, {}, 2, 160),
    "heun, time": (heun, {"spacing": "time"}, 2, 160),
    "heun, logsnr": (heun, {"spacing": "logsnr"}, 2, 160),
    "2M": (dpm_solver, {"order": 2}, 2, 160),
    "2M, karras": (dpm_solver, {"order": 2, "spacing": "karras"}, 2, 160),
    # Even steps in log SNR make the leading error of order 3 vanish for a Gaussian; see below.
    "3M, karras": (dpm_solver, {"order": 3, "spacing": "karras"}, 3, 160),
}


@pytest.mark.parametrize(
    ("sampler", "options", "stated", "steps"), list(SOLVERS.values()), ids=SOLVERS
)
@pytest.mark.parametrize("process", PROCESSES)
def test_every_solver_has_its_order(process, sampler, options, stated, steps):
    measured = order(sampler, PROCESSES[process](), steps, **options)
    assert measured == pytest.approx(stated, abs=0.1)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-9])
def test_the_adaptive_solver_is_as_accurate_as_asked(process, tolerance):
    sde = PROCESSES[process]()
    x_T = starts(sde)
    model = Exact(sde, GAUSSIAN)
    x = ode(model, x_T.shape, x_T=x_T, rtol=tolerance, atol=tolerance, denoise=False)
    error = (x - flow(sde, x_T)).abs().max()
    # Errors of single steps add up, but to no more than their number.
    assert error < 30 * tolerance


def test_what_the_adaptive_solver_reports_does_not_change_its_samples():
    model = Exact(VPSDE(), GAUSSIAN)
    x_T = starts(model.sde)
    few, many = (ode(model, x_T.shape, steps, x_T=x_T) for steps in (2, 100))
    torch.testing.assert_close(few, many, rtol=0, atol=1e-12)


# --- the flow of a mixture, by Richardson's differences -------------------------------------------

SMOOTH = GaussianMixture([[0.8, 0.4], [-0.8, 0.5], [0.0, -0.9]], [0.5, 0.4, 0.6], [0.5, 0.3, 0.2])
BENT = {
    "ddim": (ddim, {}, 1, 80),
    "heun": (heun, {}, 2, 80),
    "2M": (dpm_solver, {"order": 2}, 2, 80),
    "3M": (dpm_solver, {"order": 3}, 3, 320),
    "3M, karras": (dpm_solver, {"order": 3, "spacing": "karras"}, 3, 320),
}


@pytest.mark.parametrize(("sampler", "options", "stated", "steps"), list(BENT.values()), ids=BENT)
@pytest.mark.parametrize("process", PROCESSES)
def test_the_order_holds_where_the_flow_is_bent(process, sampler, options, stated, steps):
    sde = PROCESSES[process]()
    x_T = starts(sde, d=2)
    coarse, fine, finer = (
        sampler(Exact(sde, SMOOTH), x_T.shape, n + 1, x_T=x_T, denoise=False, **options)
        for n in (steps, 2 * steps, 4 * steps)
    )
    measured = math.log2((coarse - fine).norm() / (fine - finer).norm())
    assert measured == pytest.approx(stated, abs=0.1)


@pytest.mark.parametrize("process", PROCESSES)
def test_deterministic_samplers_follow_one_flow(process):
    model = Exact(PROCESSES[process](), SMOOTH)
    x_T = starts(model.sde, d=2)
    truth = ode(model, x_T.shape, x_T=x_T, rtol=1e-7, atol=1e-7)
    for sampler, steps, bound in ((ddim, 400, 0.02), (heun, 100, 5e-3), (dpm_solver, 100, 5e-3)):
        assert (sampler(model, x_T.shape, steps, x_T=x_T) - truth).abs().max() < bound
