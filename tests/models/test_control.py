"""Guidance and conditioning against Gaussians and mixtures, whose conditional laws are known."""

from __future__ import annotations

import math

import pytest
import torch
from azula.denoise import Denoiser, DiracPosterior
from azula.guidance import CFGDenoiser, MMPSDenoiser
from azula.linalg.covariance import IsotropicCovariance
from diffusers import DDPMScheduler

from studykit.datasets.mixtures import GaussianMixture
from studykit.diffusion.ddpm import DDPM
from studykit.diffusion.guidance import (
    Corrected,
    class_log_prob,
    classifier_free_guidance,
    classifier_guidance,
    clipped,
)
from studykit.diffusion.inverse import Grey, Mask, Matrix, conditioned
from studykit.diffusion.likelihood import log_likelihood
from studykit.diffusion.model import NoiseModel, ScoreModel
from studykit.diffusion.samplers import (
    ancestral,
    ddim,
    dpm_solver,
    heun,
    ode,
    predictor_corrector,
    trajectory,
)
from studykit.diffusion.schedules import linear_schedule
from studykit.diffusion.sdes import VESDE, VPSDE, ChainSDE, SubVPSDE

SDES = [VESDE(), VPSDE(), SubVPSDE()]
every_sde = pytest.mark.parametrize("sde", SDES, ids=lambda sde: type(sde).__name__)
SAMPLERS = {
    "ancestral": (ancestral, {}),
    "DDIM": (ddim, {}),
    "2M": (dpm_solver, {"order": 2}),
    "Heun": (heun, {}),
    "adaptive": (ode, {}),
    "EM": (predictor_corrector, {"predictor": "euler_maruyama"}),
    "reverse diffusion, Langevin": (predictor_corrector, {"corrector": "langevin"}),
}
every_sampler = pytest.mark.parametrize(
    ("sampler", "options"), SAMPLERS.values(), ids=SAMPLERS.keys()
)

# Three classes in the plane, two of them side by side.
CLASSES = GaussianMixture(
    [[-1.0, 0.0], [1.0, 0.5], [1.4, -0.5]], [[0.04, 0.09], [0.01, 0.04], [0.04, 0.01]], [2, 1, 1]
)


def at(sde, data, t):
    return data.diffused(sde.alpha(t[0]).item(), sde.sigma(t[0]).item())


def mixture_model(sde, data):
    return ScoreModel(sde, lambda x, t: at(sde, data, t).score(x))


def only(k):
    return GaussianMixture(CLASSES.means[k : k + 1], CLASSES.variances[k : k + 1])


def classifier(sde):
    """The exact one: log p_t(x, k), which are logits of p_t(k | x)."""

    def logits(x, t):
        now = at(sde, CLASSES, t)
        parts = [GaussianMixture(now.means[k : k + 1], now.variances[k : k + 1]) for k in range(3)]
        return torch.stack([part.log_prob(x) for part in parts], dim=1) + now.weights.log()

    return logits


def points(sde, t, n=6):
    noise = torch.randn(n, 2, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    return sde.alpha(t).item() * CLASSES.sample(n) + sde.sigma(t).item() * noise


# --- guidance -----------------------------------------------------------------------------------


@every_sde
@pytest.mark.parametrize("time", [0.001, 0.2, 0.7, 1.0])
def test_guided_with_scale_1_the_score_is_the_classs_own(sde, time):
    t = torch.full((6,), time, dtype=torch.float64)
    x = points(sde, t[:1])
    model = mixture_model(sde, CLASSES)
    for y in (torch.tensor([2]), torch.tensor([2] * 6)):
        guided = classifier_guidance(model, class_log_prob(classifier(sde), y))
        of_class = mixture_model(sde, only(2))
        torch.testing.assert_close(guided.score(x, t), of_class.score(x, t))
        torch.testing.assert_close(guided.eps(x, t), of_class.eps(x, t))
        torch.testing.assert_close(guided.denoise(x, t), of_class.denoise(x, t))
        step, expected = (m.reverse_transition(x, t, t / 2) for m in (guided, of_class))
        torch.testing.assert_close(step[0], expected[0])
        torch.testing.assert_close(step[1], expected[1])


def test_each_example_is_guided_to_its_own_label():
    sde, t = VPSDE(), torch.full((6,), 0.4)
    x, y = points(sde, t[:1]), torch.tensor([0, 1, 2, 2, 1, 0])
    guided = classifier_guidance(mixture_model(sde, CLASSES), class_log_prob(classifier(sde), y))
    together = guided.score(x, t)
    for i, k in enumerate(y):
        of_class = mixture_model(sde, only(k)).score(x[i : i + 1], t[:1])
        torch.testing.assert_close(together[i : i + 1], of_class)


@pytest.mark.parametrize("scale", [0.0, 0.5, 3.0])
def test_another_scale_is_the_score_of_a_power_of_the_classifier(scale):
    sde, t = VPSDE(), torch.full((6,), 0.3)
    x, y = points(sde, t[:1]).requires_grad_(), torch.tensor([1])
    logits = classifier(sde)(x, t)
    density = at(sde, CLASSES, t).log_prob(x) + scale * logits.log_softmax(1)[:, 1]
    (expected,) = torch.autograd.grad(density.sum(), x)
    guided = classifier_guidance(
        mixture_model(sde, CLASSES), class_log_prob(classifier(sde), y), scale
    )
    torch.testing.assert_close(guided.score(x.detach(), t), expected)
    # Classifier-free guidance counts from the conditional model: w = s - 1.
    free = classifier_free_guidance(
        mixture_model(sde, only(1)), mixture_model(sde, CLASSES), scale - 1
    )
    torch.testing.assert_close(free.score(x.detach(), t), expected)


@every_sampler
def test_guided_samples_are_the_classs(sampler, options):
    sde = VPSDE()
    guided = classifier_guidance(
        mixture_model(sde, CLASSES), class_log_prob(classifier(sde), torch.tensor([1]))
    )
    x = sampler(guided, (600, 2), 80, **options).double()
    of_class = only(1)
    std = of_class.variances[0].sqrt()
    assert ((x.mean(dim=0) - of_class.means[0]).abs() < 0.2 * std).all()
    assert (x.std(dim=0) / std - 1).abs().max() < 0.3, "of eighty steps"
    nearest = torch.stack([only(k).log_prob(x) for k in range(3)]).argmax(dim=0)
    assert (nearest == 1).double().mean() > 0.97


def test_a_guided_model_has_the_classs_likelihood():
    sde, x = VPSDE(), only(2).sample(5)
    guided = classifier_guidance(
        mixture_model(sde, CLASSES), class_log_prob(classifier(sde), torch.tensor([2]))
    )
    found = log_likelihood(guided, x, t_0=0.0, prior="score", rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(found.nats, only(2).log_prob(x), rtol=0, atol=1e-4)


def test_a_classifier_may_be_a_network_in_single_precision():
    layer = torch.nn.Linear(4, 3)
    model = classifier_guidance(
        ScoreModel(VPSDE(), lambda x, t: -x),
        class_log_prob(lambda x, t: layer(x.flatten(1)), torch.tensor([0, 1])),
        scale=2.0,
    )
    x, t = torch.randn(2, 1, 2, 2), torch.tensor([0.5, 0.5])
    weight, probabilities = layer.weight, layer(x.flatten(1)).softmax(dim=1)
    gradient = weight[[0, 1]] - probabilities @ weight
    with torch.no_grad():
        guided = model.score(x, t)
    torch.testing.assert_close(guided, -x + 2 * gradient.reshape(x.shape).detach())
    assert layer.weight.grad is None
    assert heun(model, (2, 1, 2, 2), 5).isfinite().all()


class Azula(Denoiser):
    """One of our models as azula's denoiser."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.schedule = lambda t: (model.sde.alpha(t[None])[0], model.sde.sigma(t[None])[0])

    def forward(self, x_t, t, positive=True):
        model = self.model if positive else mixture_model(self.model.sde, CLASSES)
        return DiracPosterior(mean=model.denoise(x_t, t.expand(len(x_t))))


@every_sde
def test_classifier_free_guidance_is_azulas(sde):
    """Which counts the scale from the conditional model, as the paper does.

    Checks: Ho, Salimans (2022), Eq. 6.
    """
    t = torch.full((6,), 0.3, dtype=torch.float64)
    x = points(sde, t[:1])
    theirs = CFGDenoiser(Azula(mixture_model(sde, only(0))))
    expected = theirs(x, t[0], positive={}, negative={"positive": False}, guidance=1.5).mean
    ours = classifier_free_guidance(
        mixture_model(sde, only(0)), mixture_model(sde, CLASSES), scale=1.5
    )
    torch.testing.assert_close(ours.denoise(x, t), expected)


def test_classifier_free_guidance_at_its_ends_and_its_forms():
    sde, t = VPSDE(), torch.full((6,), 0.6)
    x = points(sde, t[:1])
    conditional, unconditional = mixture_model(sde, only(0)), mixture_model(sde, CLASSES)
    for w, expected in ((0.0, conditional), (-1.0, unconditional)):
        free = classifier_free_guidance(conditional, unconditional, w)
        torch.testing.assert_close(free.eps(x, t), expected.eps(x, t))
    free = classifier_free_guidance(conditional, unconditional, 2.0)
    by_score = ScoreModel(sde, free.score)
    torch.testing.assert_close(free.eps(x, t), by_score.eps(x, t))
    torch.testing.assert_close(free.denoise(x, t), by_score.denoise(x, t))
    step, expected = (m.reverse_transition(x, t, t / 2) for m in (free, by_score))
    torch.testing.assert_close(step[0], expected[0])
    torch.testing.assert_close(step[1], expected[1])


def test_guidance_makes_samples_more_typical_and_less_varied():
    sde = VPSDE()
    plain = mixture_model(sde, only(1))
    free = classifier_free_guidance(plain, mixture_model(sde, CLASSES), 3.0)
    x = heun(plain, (500, 2), 30).double()
    y = heun(free, (500, 2), 30).double()
    likelihood = [
        class_log_prob(classifier(sde), torch.tensor([1]))(z, torch.zeros(1)) for z in (x, y)
    ]
    assert likelihood[1].mean() > likelihood[0].mean()
    assert y.std(dim=0).prod() < x.std(dim=0).prod()


def test_models_of_different_processes_are_not_mixed():
    one, other = (ScoreModel(sde, lambda x, t: -x) for sde in (VPSDE(), VESDE()))
    with pytest.raises(ValueError, match="different processes"):
        classifier_free_guidance(one, other, 1.0)
    classifier_free_guidance(one, ScoreModel(VPSDE(), lambda x, t: -x), 1.0)


# --- clipping -----------------------------------------------------------------------------------


@every_sde
def test_the_clipped_forms_follow_from_the_clipped_data(sde):
    t = torch.full((4,), 0.8, dtype=torch.float64)
    model = mixture_model(sde, GaussianMixture([[0.5, -2.0]], [0.3]))
    inside = clipped(model, -1, 0.4)
    alpha, sigma = sde.alpha(t[:1]).item(), sde.sigma(t[:1]).item()
    x = alpha * torch.tensor([[0.5, -2.0]]) + sigma * torch.randn(4, 2).double()
    x_0 = model.denoise(x, t).clamp(-1, 0.4)
    assert not torch.equal(x_0, model.denoise(x, t))
    torch.testing.assert_close(inside.denoise(x, t), x_0)
    torch.testing.assert_close(inside.eps(x, t), (x - alpha * x_0) / sigma)
    torch.testing.assert_close(inside.score(x, t), (alpha * x_0 - x) / sigma**2)


def test_where_nothing_is_clipped_no_digit_is_lost():
    """In single precision and with next to no noise, x - alpha x_0 would have none left."""
    sde, t = VESDE(), torch.tensor([1e-5])
    model = NoiseModel(sde, lambda x, time: torch.full_like(x, 0.123))
    x = torch.tensor([[0.7]])
    torch.testing.assert_close(clipped(model).eps(x, t), model.eps(x, t), rtol=0, atol=0)


@every_sampler
def test_clipped_samples_stay_within_bounds(sampler, options):
    wide = ScoreModel(VPSDE(), lambda x, t: -x / 4)
    x = sampler(clipped(wide), (200, 2), 20, **options)
    assert x.abs().max() <= 1
    assert sampler(wide, (200, 2), 20, **options).abs().max() > 1


@pytest.mark.parametrize("variance", ["beta", "beta_tilde"])
@pytest.mark.parametrize("step", [1, 2, 50])
def test_a_clipped_ddpm_takes_diffusers_clipped_steps(variance, step):
    T = 50
    theirs = DDPMScheduler(
        num_train_timesteps=T,
        beta_start=1e-4,
        beta_end=0.2,
        variance_type={"beta": "fixed_large", "beta_tilde": "fixed_small"}[variance],
        clip_sample=True,
    )
    theirs.set_timesteps(T)
    model = DDPM(lambda x, t: torch.sin(5 * x), linear_schedule(T=T, beta_T=0.2), variance=variance)
    x = 1.5 * torch.randn(2, 1, 4, 4, dtype=torch.float64)
    eps = torch.sin(5 * x)
    seed = torch.Generator().manual_seed(0)
    expected = theirs.step(eps, step - 1, x, generator=seed).prev_sample

    t = torch.full((2,), step / T, dtype=torch.float64)
    mean, var = clipped(model).reverse_transition(x, t, t - 1 / T)
    z = torch.randn(x.shape, generator=torch.Generator().manual_seed(0), dtype=x.dtype)
    ours = mean + (var.sqrt() * z if step > 1 else 0)
    torch.testing.assert_close(ours, expected, rtol=1e-5, atol=1e-5)  # its tables are float32


def test_a_learned_variance_outlives_a_correction():
    def network(x, t):
        return torch.cat([torch.sin(x), torch.cos(x)], dim=1)

    model = DDPM(network, linear_schedule(T=10, beta_T=0.5), variance="learned")
    x, t = torch.randn(2, 1, 3, 3).double(), torch.full((2,), 0.7).double()
    expected = model.reverse_transition(x, t, t - 0.1)[1]
    guided = classifier_guidance(model, lambda x, t: x.flatten(1).sum(dim=1))
    half = Mask(torch.tensor([True, False, True]))
    for other in (
        clipped(model),
        guided,
        classifier_free_guidance(model, model, 1.0),
        conditioned(model, half, x),
        conditioned(model, half, x, method="replacement"),
    ):
        torch.testing.assert_close(other.reverse_transition(x, t, t - 0.1)[1], expected)


def test_corrections_stack():
    sde, t = VPSDE(), torch.tensor([0.5, 0.5])
    model = ScoreModel(sde, lambda x, t: -x / 9)
    x = torch.tensor([[5.0, -3.0], [0.1, 9.0]])
    both = conditioned(
        clipped(model), Mask(torch.tensor([True, False])), torch.tensor([[0.3, 0.0]]),
        method="replacement",
    )  # fmt: skip
    x_0 = both.denoise(x, t)
    assert torch.equal(x_0[:, 0], torch.tensor([0.3, 0.3]))
    torch.testing.assert_close(x_0[:, 1], model.denoise(x, t)[:, 1].clamp(-1, 1))
    assert isinstance(both, Corrected)


# --- measurements -------------------------------------------------------------------------------

IMAGE = (3, 2, 2)  # twelve numbers: three channels of four pixels
EYE = torch.eye(12, dtype=torch.float64)
MEASUREMENTS = {
    "mask": Mask(torch.tensor([[True, False], [False, True]])),
    "mask of channels": Mask(torch.tensor([True, False, True])[:, None, None]),
    "grey": Grey(),
    "matrix": Matrix(torch.randn(5, 12, generator=torch.Generator().manual_seed(2)), IMAGE),
    "rank 2": Matrix(torch.ones(4, 12) + torch.eye(4, 12)[[0, 0, 1, 1]], IMAGE),
}
every_measurement = pytest.mark.parametrize(
    "measurement", MEASUREMENTS.values(), ids=MEASUREMENTS.keys()
)


def as_matrix(measurement):
    """A, column by column: what the measurement does to unit vectors."""
    return measurement(EYE.reshape(12, *IMAGE)).flatten(1).mT


@every_measurement
def test_a_measurements_maps_belong_together(measurement):
    A = as_matrix(measurement)
    x = torch.randn(4, *IMAGE, dtype=torch.float64)
    y = measurement(x)
    torch.testing.assert_close(y.flatten(1), x.flatten(1) @ A.mT)
    torch.testing.assert_close(measurement.adjoint(y).flatten(1), y.flatten(1) @ A)
    pinv = torch.linalg.pinv(A)
    torch.testing.assert_close(measurement.pinv(y).flatten(1), y.flatten(1) @ pinv.mT)
    assert measurement(x.float()).dtype == torch.float32


def test_a_matrix_fits_the_data():
    with pytest.raises(ValueError, match=r"A has shape \(2, 5\), the data \(2, 2\)"):
        Matrix(torch.zeros(2, 5), (2, 2))
    assert Matrix(torch.eye(3))(torch.ones(1, 3)).shape == (1, 3)


class Gaussian:
    """Correlated images of N(mean, covariance)."""

    def __init__(self, seed=0):
        generator = torch.Generator().manual_seed(seed)
        root = torch.randn(12, 12, generator=generator, dtype=torch.float64) / 4
        self.mean = torch.randn(12, generator=generator, dtype=torch.float64)
        self.covariance = root @ root.mT + 0.05 * EYE

    def model(self, sde):
        def score(x, t):
            alpha, sigma = sde.alpha(t[0]).item(), sde.sigma(t[0]).item()
            total = alpha**2 * self.covariance + sigma**2 * EYE
            deviation = x.flatten(1).double() - alpha * self.mean
            return -torch.linalg.solve(total, deviation.mT).mT.reshape(x.shape).to(x)

        return ScoreModel(sde, score)

    def given(self, A, y, noise):
        """The law of x_0 given y = A x_0 + noise, by the formula for joint Gaussians."""
        gain = self.covariance @ A.mT @ torch.linalg.pinv(A @ self.covariance @ A.mT + noise)
        other = Gaussian.__new__(Gaussian)
        other.mean = self.mean + gain @ (y - A @ self.mean)
        other.covariance = self.covariance - gain @ A @ self.covariance
        return other


@every_sde
@every_measurement
@pytest.mark.parametrize("std", [0.0, 0.3])
def test_moments_are_exact_for_gaussian_data(sde, measurement, std):
    """E[x_0 | x_t, y], where x_t is one more measurement of x_0."""
    data, A = Gaussian(), as_matrix(measurement)
    x_0 = data.mean + torch.linalg.cholesky(data.covariance) @ torch.randn(12).double()
    y = A @ x_0  # with the noise 0, which is as good a draw as another
    posterior = data.given(A, y, std**2 * torch.eye(len(A), dtype=torch.float64))
    model = conditioned(
        data.model(sde), measurement, measurement(x_0.reshape(1, *IMAGE)), std=std, iterations=12
    )
    for time in (0.05, 0.4, 0.9):
        t = torch.full((3,), time, dtype=torch.float64)
        alpha, sigma = sde.alpha(t)[0].item(), sde.sigma(t)[0].item()
        x = alpha * x_0 + sigma * torch.randn(3, 12).double()
        expected = [posterior.given(alpha * EYE, x_t, sigma**2 * EYE).mean for x_t in x]
        got = model.denoise(x.reshape(3, *IMAGE), t).flatten(1)
        torch.testing.assert_close(got, torch.stack(expected), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["mask", "grey", "matrix"])
@pytest.mark.parametrize("sampler", ["2M", "ancestral"])
@pytest.mark.parametrize("std", [0.0, 0.3])
def test_samples_of_a_conditioned_gaussian_have_the_posteriors_moments(name, sampler, std):
    data, measurement = Gaussian(), MEASUREMENTS[name]
    A = as_matrix(measurement)
    y = measurement(torch.linspace(-1, 1, 12, dtype=torch.float64).reshape(1, *IMAGE))
    noise = std**2 * torch.eye(len(A), dtype=torch.float64)
    expected = data.given(A, y.flatten(), noise)
    model = conditioned(data.model(SubVPSDE()), measurement, y, std=std, iterations=8)
    n, (function, options) = 1500, SAMPLERS[sampler]
    x = function(model, (n, *IMAGE), 25 if sampler == "2M" else 60, **options).double().flatten(1)
    scale = expected.covariance.diag().clamp(min=0).sqrt() + 0.01
    assert ((x.mean(dim=0) - expected.mean).abs() / scale).max() < 4 / math.sqrt(n) + 0.03
    error = (x.mT.cov() - expected.covariance) / scale[:, None] / scale
    # Random, 4 / sqrt(n) = 0.1; and ancestral sampling is of the first order.
    assert error.abs().max() < (0.16 if sampler == "2M" else 0.25)
    if std == 0:
        known = measurement(x.reshape(n, *IMAGE))
        torch.testing.assert_close(known, y.expand_as(known), rtol=0, atol=1e-5)


@pytest.mark.filterwarnings("ignore:`torch.jit.script`:DeprecationWarning")  # azula's solver
@pytest.mark.parametrize("std", [0.05, 0.5])
def test_moments_of_a_mixture_are_azulas(std):
    """Where the covariance is an approximation, an independent code makes the same one."""
    sde, A = VPSDE(), torch.tensor([[1.0, 0.7]], dtype=torch.float64)
    prior, y = mixture_model(sde, CLASSES), torch.tensor([[0.4]], dtype=torch.float64)
    for time in (0.1, 0.5, 0.9):
        t = torch.full((6,), time, dtype=torch.float64)
        x = points(sde, t[:1])
        theirs = MMPSDenoiser(
            Azula(prior), y.expand(6, 1), lambda x: x @ A.mT, IsotropicCovariance(std**2),
            solver="cg", iterations=3,
        )  # fmt: skip
        expected = theirs(x, t[0]).mean
        got = conditioned(prior, Matrix(A), y, std=std, iterations=3).denoise(x, t)
        torch.testing.assert_close(got, expected, rtol=1e-8, atol=1e-8)


def test_a_mixture_comes_close_to_its_posterior():
    """One coordinate is known, with noise; the posterior is a mixture again.

    Moments are not exact here: while there is much noise, p(x_0 | x_t) has several modes.
    """
    sde, std, y = VPSDE(), 0.3, 0.7
    total = CLASSES.variances[:, 0] + std**2
    gap = y - CLASSES.means[:, 0]
    gain = CLASSES.variances[:, 0] / total
    posterior = GaussianMixture(
        torch.stack([CLASSES.means[:, 0] + gain * gap, CLASSES.means[:, 1]], 1),
        torch.stack([(1 - gain) * CLASSES.variances[:, 0], CLASSES.variances[:, 1]], 1),
        CLASSES.weights * (-gap.square() / (2 * total)).exp() / total.sqrt(),
    )
    first = Mask(torch.tensor([True, False]))
    model = conditioned(mixture_model(sde, CLASSES), first, torch.tensor([[y, 0.0]]), std=std)
    x = ancestral(model, (1000, 2), 100).double()
    nearest = torch.stack([(x - mean).norm(dim=1) for mean in posterior.means]).argmin(dim=0)
    shares = torch.bincount(nearest, minlength=3) / len(x)
    distance, unconditioned = (
        (weights - posterior.weights).abs().sum() / 2 for weights in (shares, CLASSES.weights)
    )
    assert distance < unconditioned / 3
    assert (x.mean(dim=0) - posterior.mean).abs().max() < 0.15


# --- what is known stays, what is not loses its noise ---------------------------------------------


@every_sampler
@pytest.mark.parametrize("method", ["moments", "replacement"])
def test_known_pixels_are_y_at_the_end_with_any_sampler(sampler, options, method):
    data, mask = Gaussian(), MEASUREMENTS["mask"]
    y = torch.randn(4, *IMAGE)
    model = conditioned(data.model(VPSDE()), mask, y, method=method)
    x = sampler(model, (4, *IMAGE), 10, **options)
    assert torch.equal(mask(x), mask(y))
    assert x.isfinite().all()


@every_sde
@pytest.mark.parametrize("method", ["moments", "replacement"])
@pytest.mark.parametrize("corrector", [None, "langevin"])
def test_the_last_denoising_reaches_the_unknown_pixels(sde, method, corrector):
    """Data at a point: all noise that is left in an unknown pixel can be seen.

    The walk ends early, with much noise. The known half-way code returns the unknown pixels of the
    noisy state instead of the denoised ones.
    """
    early = type(sde)(eps=0.3)
    point = GaussianMixture([[0.6, -0.8]], [1e-8])
    model = conditioned(
        mixture_model(early, point),
        Mask(torch.tensor([True, False])),
        torch.tensor([[0.6, 0.0]]),
        method=method,
    )
    path = trajectory(
        predictor_corrector, model, (200, 2), 30, predictor="reverse_diffusion", corrector=corrector
    )
    assert path.states[-2].std(dim=0).min() > 0.1, "noise before the last step"
    assert (path.states[-1] - torch.tensor([0.6, -0.8])).abs().max() < 1e-3


@every_sde
@pytest.mark.parametrize("method", ["moments", "replacement"])
def test_on_the_way_the_known_part_is_a_noisy_y(sde, method):
    """Of N(alpha y, sigma^2), at every time: its mean comes from y, not from the noisy state."""
    model = conditioned(
        mixture_model(sde, CLASSES),
        Mask(torch.tensor([True, False])),
        torch.tensor([[0.9, 0.0]]),
        method=method,
    )
    path = trajectory(ancestral, model, (1500, 2), 20)
    for time, x in zip(path.times[5:-1:5], path.states[5:-1:5], strict=True):
        alpha, sigma = (c(time[None]).item() for c in (sde.alpha, sde.sigma))
        known = (x[:, 0] - alpha * 0.9) / sigma
        assert abs(known.mean()) < 4 / math.sqrt(1500)
        assert known.std().item() == pytest.approx(1, abs=4 / math.sqrt(2 * 1500))


def test_colorisation_keeps_the_grey_image_and_draws_the_rest():
    data, grey = Gaussian(), Grey()
    y = torch.randn(1, 1, 2, 2)
    for method in ("moments", "replacement"):
        model = conditioned(data.model(VPSDE()), grey, y, method=method)
        x = dpm_solver(model, (50, *IMAGE), 20)
        torch.testing.assert_close(grey(x), y.expand(50, 1, 2, 2))
        assert (x - grey(x)).std(dim=0).min() > 0.1


def test_replacement_is_exact_where_known_and_unknown_are_independent():
    sde, t = VPSDE(), torch.full((6,), 0.5)
    data = GaussianMixture([[0.5, -0.2]], [[0.3, 0.6]])
    mask, y = Mask(torch.tensor([True, False])), torch.tensor([[1.1, 0.0]]).double()
    x = points(sde, t[:1])
    got = conditioned(mixture_model(sde, data), mask, y, method="replacement").denoise(x, t)
    expected = mixture_model(sde, data).denoise(x, t)
    expected[:, 0] = 1.1
    torch.testing.assert_close(got, expected)


def test_replacement_is_biased_and_moments_are_not():
    """The numbers of the documentation: two numbers of correlation 0.9, of which one is 2."""
    sde, covariance = VPSDE(), torch.tensor([[1.0, 0.9], [0.9, 1.0]])

    def score(x, t):
        total = sde.alpha(t)[0].item() ** 2 * covariance
        return -torch.linalg.solve(total + sde.sigma(t)[0].item() ** 2 * torch.eye(2), x.mT).mT

    found = {}
    for method in ("moments", "replacement"):
        mask, y = Mask(torch.tensor([True, False])), torch.tensor([[2.0, 0.0]])
        model = conditioned(ScoreModel(sde, score), mask, y, method=method)
        for sampler in (heun, ancestral):
            x = sampler(model, (1500, 2), 80)[:, 1]
            found[method, sampler] = x.mean().item(), x.var().item()
    for sampler in (heun, ancestral):
        assert found["moments", sampler] == pytest.approx((1.8, 0.19), abs=0.04)
    assert found["replacement", heun] == pytest.approx((0.88, 0.52), abs=0.05)
    assert found["replacement", ancestral] == pytest.approx((1.24, 0.35), abs=0.05)


# --- networks and mistakes ----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["moments", "replacement"])
def test_networks_are_conditioned_in_single_precision(method):
    torch.manual_seed(0)
    layer = torch.nn.Conv2d(3, 3, 3, padding=1)
    network = lambda x, t: 0.9 * x + 0.1 * layer(x)  # noqa: E731
    measurement, y = MEASUREMENTS["mask"], torch.zeros(1, *IMAGE)
    for model in (
        NoiseModel(VESDE(sigma_max=5), network),
        DDPM(network, linear_schedule(T=20, beta_T=0.5)),
    ):
        x = ancestral(conditioned(model, measurement, y, method=method), (2, *IMAGE), 20)
        assert x.dtype == torch.float32
        assert x.isfinite().all()
        assert torch.equal(measurement(x), torch.zeros(2, *IMAGE))
    assert layer.weight.grad is None


def test_what_is_unknown_in_y_does_not_matter():
    y = torch.tensor([[1.0, math.nan]])
    mask = Mask(torch.tensor([True, False]))
    model = conditioned(ScoreModel(VPSDE(), lambda x, t: -x), mask, y)
    assert heun(model, (3, 2), 5).isfinite().all()


def test_wrong_arguments_are_named():
    model, mask = ScoreModel(VPSDE(), lambda x, t: -x), Mask(torch.tensor([True, False]))
    y = torch.zeros(2, 2)
    with pytest.raises(ValueError, match="'moments' or 'replacement', not 'dps'"):
        conditioned(model, mask, y, method="dps")
    with pytest.raises(ValueError, match="takes y as exact"):
        conditioned(model, mask, y, method="replacement", std=0.1)
    with pytest.raises(ValueError, match="std must not be negative"):
        conditioned(model, mask, y, std=-1.0)
    for method in ("moments", "replacement"):
        with pytest.raises(ValueError, match=r"shape \(2, 2\), not \(3, 2\)"):
            heun(conditioned(model, mask, y, method=method), (3, 2), 5)
    with pytest.raises(ValueError, match="cannot be differentiated"):
        log_likelihood(conditioned(model, mask, y), y, t_0=0.1)


def test_a_chain_can_be_guided_and_conditioned_too():
    sde = ChainSDE(linear_schedule(T=100, beta_T=0.2))
    guided = classifier_guidance(
        mixture_model(sde, CLASSES), class_log_prob(classifier(sde), torch.tensor([0]))
    )
    mask, y = Mask(torch.tensor([True, False])), torch.tensor([[-0.9, 0.0]])
    x = ancestral(conditioned(guided, mask, y), (300, 2), 50)
    assert (x[:, 0] == torch.tensor(-0.9)).all()
    # Given the class its coordinates are independent.
    assert x[:, 1].mean().item() == pytest.approx(0, abs=0.07)
    assert x[:, 1].std().item() == pytest.approx(0.3, rel=0.2)
