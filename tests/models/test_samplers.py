"""The samplers' common contract: seeds, batches, starts, reports, errors."""

from __future__ import annotations

import inspect

import pytest
import torch

from studykit.datasets.mixtures import GaussianMixture
from studykit.diffusion import DDPM, linear_schedule
from studykit.diffusion.model import Diffusion, NoiseModel
from studykit.diffusion.samplers import (
    SAMPLERS,
    ancestral,
    ddim,
    dpm_solver,
    evaluations,
    grid,
    heun,
    ode,
    predictor_corrector,
    trajectory,
)
from studykit.diffusion.sdes import VESDE, VPSDE, ChainSDE, SubVPSDE
from studykit.networks.unet import UNet, UNetConfig
from studykit.noise import Noise

PROCESSES = {"ve": VESDE, "vp": VPSDE, "sub-vp": SubVPSDE}
FIXED = {
    "ancestral": (ancestral, {}),
    "ddim": (ddim, {"eta": 0.5}),
    "heun": (heun, {}),
    "2M": (dpm_solver, {"order": 2}),
    "3M": (dpm_solver, {"order": 3}),
    "EM, Langevin": (
        predictor_corrector,
        {"predictor": "euler_maruyama", "corrector": "langevin"},
    ),
    "reverse diffusion, annealed": (
        predictor_corrector,
        {"predictor": "reverse_diffusion", "corrector": "annealed_langevin"},
    ),
    "ancestral, two corrections": (
        predictor_corrector,
        {"predictor": "ancestral", "corrector": "langevin", "corrector_steps": 2},
    ),
    "probability flow": (predictor_corrector, {"predictor": "probability_flow"}),
}
ALL = {**FIXED, "ode": (ode, {})}


class Mixture(Diffusion):
    """Two blobs of images of any shape, each pixel like the others."""

    def __init__(self, sde=None):
        self.sde = VPSDE() if sde is None else sde

    def score(self, x, t):
        d = x[0].numel()
        mixture = GaussianMixture([[-1.0] * d, [0.5] * d], [0.1, 0.3])
        diffused = mixture.diffused(self.sde.alpha(t), self.sde.sigma(t))
        return diffused.score(x.reshape(len(x), d)).reshape(x.shape).to(x.dtype)


def each(samplers):
    return pytest.mark.parametrize(
        ("sampler", "options"), list(samplers.values()), ids=list(samplers)
    )


# --- seeds and batches ----------------------------------------------------------------------------


@pytest.mark.parametrize("process", PROCESSES)
@each(FIXED)
def test_batches_do_not_change_samples(sampler, options, process):
    model = Mixture(PROCESSES[process]())
    whole = sampler(model, (7, 3), 12, seed=5, **options)
    for batch_size in (1, 3, 7, 100):
        parts = sampler(model, (7, 3), 12, seed=5, batch_size=batch_size, **options)
        torch.testing.assert_close(parts, whole, rtol=0, atol=1e-5)


@each(FIXED)
def test_the_first_samples_of_many_are_those_of_few(sampler, options):
    many = sampler(Mixture(), (7, 3), 12, **options)
    few = sampler(Mixture(), (2, 3), 12, **options)
    torch.testing.assert_close(many[:2], few, rtol=0, atol=1e-5)


@each(FIXED)
def test_no_sample_depends_on_its_neighbours(sampler, options):
    x_T = Noise(seed=1, n=4).normal((3,))
    outlier = x_T.clone()
    outlier[3] = 50.0  # its score is long, its neighbours' are not
    samples, beside = (sampler(Mixture(), (4, 3), 12, x_T=x, **options) for x in (x_T, outlier))
    torch.testing.assert_close(beside[:3], samples[:3], rtol=0, atol=1e-6)
    assert (beside[3] - samples[3]).abs().max() > 0.01


def test_batches_do_not_change_a_networks_samples():
    torch.manual_seed(0)
    network = UNet(UNetConfig(channels=8)).eval()
    for parameter in network.parameters():  # Its last layer starts at 0.
        torch.nn.init.normal_(parameter, std=0.05)
    model = NoiseModel(VPSDE(), lambda x, t: x + 0.1 * network(x, t).tanh())
    whole = ancestral(model, (3, 1, 8, 8), 8)
    parts = ancestral(model, (3, 1, 8, 8), 8, batch_size=2)
    torch.testing.assert_close(parts, whole, rtol=0, atol=1e-5)
    assert 0.1 < whole.std() < 10


@pytest.mark.parametrize("name", ["ancestral", "EM, Langevin", "reverse diffusion, annealed"])
def test_seeds_decide_the_noise(name):
    sampler, options = FIXED[name]
    x_T = Noise(seed=3, n=5).normal((2,))
    one = sampler(Mixture(), (5, 2), 12, seed=1, x_T=x_T, **options)
    again = sampler(Mixture(), (5, 2), 12, seed=1, x_T=x_T, **options)
    other = sampler(Mixture(), (5, 2), 12, seed=2, x_T=x_T, **options)
    assert torch.equal(one, again)
    assert (one - other).abs().min() > 1e-4


def test_global_randomness_is_left_alone():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    ancestral(Mixture(), (5, 2), 5)
    assert torch.equal(torch.get_rng_state(), before)


# --- starts, types and shapes ---------------------------------------------------------------------


@each(ALL)
def test_a_start_that_the_prior_gave_changes_nothing(sampler, options):
    model = Mixture(VESDE())
    x_T = model.sde.prior_sampling((5, 2), Noise(seed=9, n=5))
    drawn = sampler(model, (5, 2), 12, seed=9, **options)
    for batch_size in (None, 2):
        given = sampler(model, (5, 2), 12, seed=9, x_T=x_T, batch_size=batch_size, **options)
        # The adaptive solver chooses its steps for a batch.
        torch.testing.assert_close(given, drawn, rtol=0, atol=1e-2 if sampler is ode else 1e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(3,), (3, 2), (3, 1, 2, 2), (3, 2, 1, 2, 2)])
@each(ALL)
def test_any_shape_and_type(sampler, options, shape, dtype):
    x_T = torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(0))
    x_0 = sampler(Mixture(), shape, 4, x_T=x_T, **options)
    assert x_0.shape == shape
    assert x_0.dtype == dtype
    assert bool(x_0.isfinite().all())


@each(ALL)
def test_a_score_may_differentiate_inside_and_samples_need_no_gradient(sampler, options):
    class Guided(Mixture):
        def score(self, x, t):
            with torch.enable_grad():
                inside = x.detach().requires_grad_()
                (slope,) = torch.autograd.grad(-inside.square().sum() / 2, inside)
            return slope

    network = torch.nn.Parameter(torch.ones(()))

    class Trained(Mixture):
        def score(self, x, t):
            return -network * x

    assert not sampler(Guided(), (2, 2), 4, **options).requires_grad
    assert not sampler(Trained(), (2, 2), 4, **options).requires_grad


# --- the walk -------------------------------------------------------------------------------------


@pytest.mark.parametrize("process", PROCESSES)
@each(ALL)
def test_the_last_step_denoises_and_adds_no_noise(sampler, options, process):
    model = Mixture(PROCESSES[process]())
    times, states = trajectory(sampler, model, (4, 2), 9, seed=3, **options)
    eps = torch.full((4,), model.sde.eps, dtype=torch.float64)
    assert times[-2:].tolist() == [model.sde.eps, 0]
    torch.testing.assert_close(states[-1], model.denoise(states[-2], eps), rtol=0, atol=0)
    at_eps = sampler(model, (4, 2), 9, seed=3, denoise=False, **options)
    assert torch.equal(at_eps, states[-2])


@each(ALL)
def test_trajectories_lead_from_the_prior_to_the_samples(sampler, options):
    model = Mixture(VESDE())
    path = trajectory(sampler, model, (5, 2), 6, seed=4, batch_size=2, **options)
    assert path.states.shape == (7, 5, 2)
    assert path.times.shape == (7,)
    assert bool((path.times.diff() < 0).all())
    assert path.times[0] == 1
    torch.testing.assert_close(path.states[0], model.sde.prior_sampling((5, 2), Noise(4, 5)))
    samples = sampler(model, (5, 2), 6, seed=4, batch_size=2, **options)
    assert torch.equal(path.states[-1], samples)
    undenoised = trajectory(sampler, model, (5, 2), 6, seed=4, denoise=False, **options)
    assert undenoised.states.shape == (6, 5, 2)
    assert undenoised.times[-1] == model.sde.eps


def test_steps_are_reported_batch_after_batch():
    reports = []
    ddim(Mixture(), (3, 2), 4, batch_size=2, on_step=reports.append)
    assert [state.step for state in reports] == [0, 1, 2, 3, 4] * 2
    assert [len(state.x) for state in reports] == [2] * 5 + [1] * 5
    times = [*VPSDE().times(4).tolist(), 0.0]
    assert [state.t for state in reports] == times * 2


def test_one_step_is_one_denoising():
    model = Mixture()
    x_T = Noise(seed=0, n=3).normal((2,))
    torch.testing.assert_close(ddim(model, (3, 2), 1), model.denoise(x_T, torch.ones(3)))


def test_progress_goes_to_standard_error(capsys):
    ddim(Mixture(), (2, 2), 4, progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "sampling" in shown.err
    ddim(Mixture(), (2, 2), 4)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("sampler", "options", "count"),
    [
        (ancestral, {}, 20),
        (ddim, {}, 20),
        (ddim, {"eta": 1.0, "denoise": False}, 19),
        (heun, {}, 39),
        (dpm_solver, {"order": 2}, 20),
        (dpm_solver, {"order": 3}, 21),
        (predictor_corrector, {}, 20),
        (predictor_corrector, {"corrector": "langevin"}, 39),
        (predictor_corrector, {"corrector": "annealed_langevin", "corrector_steps": 2}, 58),
    ],
)
def test_network_evaluations_are_as_documented(sampler, options, count):
    assert evaluations(sampler, 20, **options) == count


# --- the times ------------------------------------------------------------------------------------


@pytest.mark.parametrize("process", PROCESSES)
def test_grids_are_even_in_what_they_say(process):
    sde = PROCESSES[process]()
    ends = torch.tensor([sde.eps, 1.0], dtype=torch.float64)
    low, high = (sde.sigma(ends) / sde.alpha(ends)).tolist()
    i = torch.arange(10, dtype=torch.float64) / 9
    expected = {
        "time": 1 + i * (sde.eps - 1),
        "logsnr": high * (low / high) ** i,
        "karras": (high ** (1 / 7) + i * (low ** (1 / 7) - high ** (1 / 7))) ** 7,  # Eq. 5
    }
    for spacing, values in expected.items():
        times = grid(sde, 10, spacing)
        assert times[[0, -1]].tolist() == [1, sde.eps]
        found = times if spacing == "time" else sde.sigma(times) / sde.alpha(times)
        torch.testing.assert_close(found, values, rtol=1e-9, atol=0)


def test_a_chain_is_walked_through_its_own_steps():
    model = DDPM(lambda x, t: x, linear_schedule(T=10, beta_T=0.3))
    path = trajectory(ancestral, model, (1, 1), 10)
    torch.testing.assert_close(path.times, torch.arange(10, -1, -1).double() / 10)
    shorter = trajectory(ddim, model, (1, 1), 4)
    torch.testing.assert_close(shorter.times, torch.tensor([10, 7, 4, 1, 0]).double() / 10)


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sampler", "options", "words"),
    [
        (predictor_corrector, {"predictor": "euler"}, ["'euler'", "euler_maruyama", "ancestral"]),
        (predictor_corrector, {"corrector": "none"}, ["'none'", "None", "annealed_langevin"]),
        (predictor_corrector, {"corrector_steps": 0}, ["corrector_steps", "0"]),
        (predictor_corrector, {"snr": 0}, ["snr", "0"]),
        (ddim, {"eta": 1.5}, ["eta", "1.5"]),
        (ddim, {"spacing": "even"}, ["'even'", "time", "logsnr", "karras"]),
        (dpm_solver, {"order": 4}, ["order", "2 or 3", "4"]),
        (heun, {"spacing": "even"}, ["'even'", "karras"]),
        (ode, {"steps": 1}, ["steps", "2", "1"]),
        (ancestral, {"steps": 0}, ["steps", "0"]),
        (ancestral, {"batch_size": 0}, ["batch_size", "0"]),
        (ancestral, {"shape": (0, 2)}, ["shape", "(0, 2)"]),
        (ancestral, {"shape": ()}, ["shape", "()"]),
        (ancestral, {"x_T": torch.zeros(3, 2)}, ["x_T", "(3, 2)", "(2, 2)"]),
    ],
)
def test_mistakes_are_named(sampler, options, words):
    call = {"shape": (2, 2), "steps": 5, **options}
    with pytest.raises(ValueError) as error:  # noqa: PT011  (the words are checked)
        sampler(Mixture(), **call)
    for word in words:
        assert word in str(error.value)


def test_a_chain_has_no_more_steps_than_it_has():
    model = Mixture(ChainSDE(linear_schedule(T=10, beta_T=0.3)))
    with pytest.raises(ValueError, match=r"1\.\.10.*11"):
        ancestral(model, (2, 2), 11)


def test_a_score_that_is_no_number_is_an_error():
    class Broken(Mixture):
        def score(self, x, t):
            return torch.full_like(x, torch.nan)

    with pytest.raises(RuntimeError, match="not finite at t = 1"):
        ode(Broken(), (1, 1))


def test_a_flow_that_cannot_be_followed_is_an_error():
    class Wild(Mixture):
        def score(self, x, t):
            return 1e20 * torch.randn_like(x)

    with pytest.raises(RuntimeError, match="probability flow could not be solved"):
        ode(Wild(), (1, 1))


def test_the_table_names_all_samplers_with_one_signature():
    assert set(SAMPLERS) == {
        "ancestral",
        "ddim",
        "dpm_solver",
        "heun",
        "ode",
        "predictor_corrector",
    }
    for name, sampler in SAMPLERS.items():
        assert sampler.__name__ == name
        first = list(inspect.signature(sampler).parameters.values())[:3]
        assert [parameter.name for parameter in first] == ["model", "shape", "steps"]
        assert isinstance(first[2].default, int)
