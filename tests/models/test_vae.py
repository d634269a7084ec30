"""The VAE against closed forms: torch's divergences, and the linear VAE, probabilistic PCA."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.distributions import Bernoulli as TorchBernoulli
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from studykit.autoencoders import (
    VAE,
    Bernoulli,
    BernoulliMLP,
    Gaussian,
    GaussianMLP,
    VAEConfig,
    latent_square,
)
from studykit.noise import Noise


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def some_gaussian(*shape, seed=0):
    g = generator(seed)
    return Gaussian(
        torch.randn(shape, generator=g, dtype=torch.float64),
        torch.randn(shape, generator=g, dtype=torch.float64),
    )


def torchs(gaussian):
    return Independent(Normal(gaussian.mean, (gaussian.log_variance / 2).exp()), 1)


class PCA:
    """Data x = W z + m + s eps: with orthogonal columns the posterior's dimensions are independent.

    Tipping, Bishop: Probabilistic Principal Component Analysis, 1999.
    """

    W = torch.tensor([[2.0, 0.3], [1.0, -0.6], [0.0, 0.5]], dtype=torch.float64)
    W[:, 1] -= W[:, 0] * (W[:, 0] @ W[:, 1]) / W[:, 0].square().sum()
    m = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)
    s2 = 0.4

    def __init__(self):
        self.M = self.W.T @ self.W + self.s2 * torch.eye(2, dtype=torch.float64)
        self.exact = MultivariateNormal(
            self.m, self.W @ self.W.T + self.s2 * torch.eye(3, dtype=torch.float64)
        )

    def encoder(self, x):
        mean = (x - self.m) @ self.W @ torch.linalg.inv(self.M)
        log_variance = (self.s2 / self.M.diagonal()).log()
        return Gaussian(mean, log_variance.expand_as(mean))

    def worse_encoder(self, x):
        q = self.encoder(x)
        return Gaussian(q.mean + 0.3, q.log_variance + 0.5)

    def decoder(self, z):
        mean = z @ self.W.T + self.m
        return Gaussian(mean, torch.full_like(mean, math.log(self.s2)))


# --- the distributions ----------------------------------------------------------------------------


def test_the_divergence_is_torchs():
    """Checks: Kingma & Welling (2014), Eq. 10."""
    q = some_gaussian(50, 7)
    prior = Independent(Normal(torch.zeros_like(q.mean), 1.0), 1)
    torch.testing.assert_close(q.kl_to_prior(), kl_divergence(torchs(q), prior))


def test_the_divergence_is_0_at_the_prior_and_nowhere_else_least():
    """Checks: Kingma & Welling (2014), Eq. 3."""
    mean = torch.zeros(1, 3, dtype=torch.float64, requires_grad=True)
    log_variance = torch.zeros(1, 3, dtype=torch.float64, requires_grad=True)
    least = Gaussian(mean, log_variance).kl_to_prior()
    least.sum().backward()
    assert least.item() == 0
    assert not mean.grad.any()
    assert not log_variance.grad.any()
    assert (some_gaussian(1000, 3).kl_to_prior() > 0).all()


def test_a_gaussians_density_is_torchs():
    """Checks: Kingma & Welling (2014), Eqs. 9 and 12."""
    p = some_gaussian(20, 5)
    x = torch.randn(20, 5, generator=generator(1), dtype=torch.float64)
    torch.testing.assert_close(p.log_density(x), torchs(p).log_prob(x))


def test_a_bernoullis_density_is_torchs_and_survives_certainty():
    """Checks: Kingma & Welling (2014), Eq. 11."""
    logits = 3 * torch.randn(20, 2, 4, generator=generator())
    x = (torch.rand(20, 2, 4, generator=generator(1)) < 0.5).float()
    expected = TorchBernoulli(logits=logits).log_prob(x).sum(dim=(1, 2))
    torch.testing.assert_close(Bernoulli(logits).log_density(x), expected)
    # sigmoid(200) is 1 in single precision, and log(1 - 1) would be minus infinity.
    sure = Bernoulli(torch.tensor([[200.0]]))
    assert sure.log_density(torch.tensor([[0.0]])).item() == -200


def test_a_pixel_of_many_dots_is_binomial():
    logits = torch.randn(1, 5, generator=generator(), dtype=torch.float64)
    levels = torch.arange(17, dtype=torch.float64)[:, None].expand(17, 5) / 16
    theirs = torch.distributions.Binomial(16, logits=logits).log_prob(16 * levels)
    ours = Bernoulli(logits.expand(17, 5), dots=16)
    torch.testing.assert_close(ours.log_density(levels), theirs.sum(dim=1))

    eps = torch.randn(100_000, 5, generator=generator(1), dtype=torch.float64)
    draws = Bernoulli(logits.expand(100_000, 5), dots=16).draw(eps)
    y = logits[0].sigmoid()
    assert set((16 * draws).unique().tolist()) <= set(range(17))
    np.testing.assert_allclose(draws.mean(dim=0), y, atol=0.003)
    np.testing.assert_allclose(draws.var(dim=0), y * (1 - y) / 16, rtol=0.03)


def test_grey_is_the_expectation_over_black_and_white():
    logits, grey = torch.randn(2, 1, 6, generator=generator())
    grey = grey.sigmoid()
    copies = (torch.rand(200_000, 6, generator=generator(1)) < grey).float()
    mean = Bernoulli(logits.expand(200_000, 6)).log_density(copies).mean().item()
    assert mean == pytest.approx(Bernoulli(logits).log_density(grey).item(), abs=0.02)


def test_draws_have_the_moments_of_what_they_are_drawn_from():
    """Checks: Kingma & Welling (2014), Eq. 4."""
    p = Gaussian(torch.tensor([[1.0, -2.0]]), torch.tensor([[4.0, 0.25]]).log())
    draws = p.draw(torch.randn(100_000, 2, generator=generator()))
    np.testing.assert_allclose(draws.mean(dim=0), [1.0, -2.0], atol=0.03)
    np.testing.assert_allclose(draws.std(dim=0), [2.0, 0.5], rtol=0.02)
    pixels = Bernoulli(torch.tensor([[1.5, -1.5]])).draw(torch.randn(100_000, 2))
    assert set(pixels.unique().tolist()) == {0.0, 1.0}
    np.testing.assert_allclose(pixels.mean(dim=0), torch.tensor([1.5, -1.5]).sigmoid(), atol=0.01)


# --- the bound: probabilistic PCA, where all is known ---------------------------------------------


def test_with_the_true_posterior_the_bound_is_the_likelihood_whatever_the_noise():
    """Checks: Kingma & Welling (2014), Eqs. 1, 2 and 6."""
    pca = PCA()
    x = pca.exact.sample((10,))
    vae = VAE(pca.encoder, pca.decoder, latent=2)
    eps = torch.randn(10, 4, 2, generator=generator(), dtype=torch.float64)
    torch.testing.assert_close(vae.sgvb_a(x, eps), pca.exact.log_prob(x))
    torch.testing.assert_close(vae.importance_weighted_bound(x, eps), pca.exact.log_prob(x))


def test_the_bound_misses_the_likelihood_by_the_divergence_from_the_true_posterior():
    """Checks: Kingma & Welling (2014), Eqs. 1, 3, 5, 6 and 7."""
    pca = PCA()
    x = pca.exact.sample((1,)).expand(2000, 3)
    vae = VAE(pca.worse_encoder, pca.decoder, latent=2)
    gap = kl_divergence(torchs(pca.worse_encoder(x[:1])), torchs(pca.encoder(x[:1])))
    expected = (pca.exact.log_prob(x[:1]) - gap).item()
    assert gap.item() > 0.1

    eps = torch.randn(2000, 50, 2, generator=generator(), dtype=torch.float64)
    estimates = {"a": vae.sgvb_a(x, eps), "b": vae.sgvb_b(x, eps)}
    for name, estimate in estimates.items():
        error = estimate.std().item() / math.sqrt(2000)
        assert estimate.mean().item() == pytest.approx(expected, abs=4 * error), name
        assert 0 < error < 0.02, name


def test_more_draws_of_z_quieten_the_estimators_and_do_not_move_them():
    """Checks: Kingma & Welling (2014), Eqs. 5, 6 and 7."""
    pca = PCA()
    x = pca.exact.sample((1,)).expand(20_000, 3)
    vae = VAE(pca.worse_encoder, pca.decoder, latent=2)
    eps = torch.randn(20_000, 4, 2, generator=generator(), dtype=torch.float64)
    for estimator in (vae.sgvb_a, vae.sgvb_b):
        one, four = estimator(x, eps[:, :1]), estimator(x, eps)
        assert four.var().item() == pytest.approx(one.var().item() / 4, rel=0.06)
        assert four.mean().item() == pytest.approx(one.mean().item(), abs=0.1)


def test_the_second_estimator_is_the_quieter_one_where_the_encoder_is_near_the_prior():
    """Checks: Kingma & Welling (2014), Eq. 7."""
    # The decoder ignores z: the second estimator knows the bound exactly, the first must guess.
    silent = VAE(
        lambda x: Gaussian(x + 0.5, x - 0.5),
        lambda z: Gaussian(0 * z, 0 * z),
        latent=2,
    )
    x, eps = torch.zeros(1000, 2), torch.randn(1000, 1, 2, generator=generator())
    assert silent.sgvb_b(x, eps).var() < 1e-10
    assert silent.sgvb_a(x, eps).var() > 0.01


def test_the_written_out_estimator_is_equation_10():
    """Checks: Kingma & Welling (2014), Eq. 10."""
    torch.manual_seed(0)
    vae = VAEConfig(hidden=16, latent=3).network()
    x, eps = torch.rand(4, 1, 8, 8), torch.randn(4, 2, 3)
    q = vae.encoder(x)
    sigma = torch.sqrt(torch.exp(q.log_variance))
    by_hand = 0.5 * (1 + torch.log(sigma**2) - q.mean**2 - sigma**2).sum(dim=1)
    for draw in range(2):
        y = vae.decoder(q.mean + sigma * eps[:, draw]).mean
        log_p = (x * y.log() + (1 - x) * (1 - y).log()).flatten(1).sum(dim=1)
        by_hand = by_hand + log_p / 2
    torch.testing.assert_close(vae.sgvb_b(x, eps), by_hand)


def test_more_importance_weighted_draws_close_the_bound():
    pca = PCA()
    x = pca.exact.sample((1,)).expand(3000, 3)
    vae = VAE(pca.worse_encoder, pca.decoder, latent=2)
    eps = torch.randn(3000, 64, 2, generator=generator(), dtype=torch.float64)
    exact = pca.exact.log_prob(x[:1]).item()
    bounds = [vae.importance_weighted_bound(x, eps[:, :k]).mean().item() for k in (1, 4, 64)]
    assert bounds[0] == pytest.approx(vae.sgvb_a(x, eps[:, :1]).mean().item(), abs=1e-9)
    assert bounds[0] < bounds[1] < bounds[2] < exact + 0.005
    assert bounds[2] == pytest.approx(exact, abs=0.02)


def test_a_minibatch_speaks_for_the_data():
    """Checks: Kingma & Welling (2014), Eq. 8."""
    pca = PCA()
    vae = VAE(pca.worse_encoder, pca.decoder, latent=2)
    x = pca.exact.sample((40,))
    eps = torch.randn(40, 1, 2, generator=generator(), dtype=torch.float64)
    whole = vae.sgvb_b(x, eps).sum()
    torch.testing.assert_close(vae.minibatch_bound(x, eps, N=40), whole)
    # The minibatches of a shuffled epoch agree with it on average.
    parts = [vae.minibatch_bound(x[i : i + 8], eps[i : i + 8], N=40) for i in range(0, 40, 8)]
    torch.testing.assert_close(torch.stack(parts).mean(), whole)


# --- gradients ------------------------------------------------------------------------------------


def test_the_gradient_is_that_of_the_bound_worked_out_by_hand():
    """Checks: Kingma & Welling (2014), Eqs. 4 and 5."""
    # x = z + noise of variance 1, q = N(m, v): the bound is known,
    # -((x - m)^2 + v) / 2 - log(2 pi) / 2 - (m^2 + v - 1 - log v) / 2.
    mean = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    log_variance = torch.tensor(-0.7, dtype=torch.float64, requires_grad=True)
    vae = VAE(
        lambda x: Gaussian(mean.expand_as(x), log_variance.expand_as(x)),
        lambda z: Gaussian(z, torch.zeros_like(z)),
        latent=1,
    )
    x = torch.full((1, 1), 1.5, dtype=torch.float64)
    eps = torch.randn(1, 400_000, 1, generator=generator(), dtype=torch.float64)
    v = math.exp(-0.7)
    for estimator in (vae.sgvb_a, vae.sgvb_b):
        mean.grad = log_variance.grad = None
        estimator(x, eps).sum().backward()
        assert mean.grad.item() == pytest.approx((1.5 - 0.3) - 0.3, abs=0.01)
        assert log_variance.grad.item() == pytest.approx(-v / 2 - (v - 1) / 2, abs=0.01)


def test_at_the_exact_optimum_the_gradient_vanishes():
    """Checks: Kingma & Welling (2014), Eq. 8."""
    # The maximum likelihood of probabilistic PCA (Tipping, Bishop 1999, Eqs. 7 and 8), from data.
    x = PCA().exact.sample((500,))
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    s2 = values[0]
    W = (vectors[:, 1:] * (values[1:] - s2).sqrt()).requires_grad_()
    m, log_s2 = x.mean(dim=0).requires_grad_(), s2.log().requires_grad_()
    scale = (s2 / values[1:]).log()
    to_z = (vectors[:, 1:] * (values[1:] - s2).sqrt() / values[1:]).detach()

    vae = VAE(
        lambda x: Gaussian((x - m.detach()) @ to_z, scale.expand(len(x), 2)),
        lambda z: Gaussian(z @ W.T + m, log_s2.expand(len(z), 3)),
        latent=2,
    )
    eps = torch.randn(500, 400, 2, generator=generator(), dtype=torch.float64)
    vae.sgvb_b(x, eps).mean().backward()
    for parameter in (W, m, log_s2):
        assert parameter.grad.abs().max() < 0.02
    # And away from it, it does not.
    W.grad = None
    with torch.no_grad():
        W += 0.2
    vae.sgvb_b(x, eps).mean().backward()
    assert W.grad.abs().max() > 0.1


def test_training_finds_probabilistic_pca():
    """Checks: Kingma & Welling (2014), Algorithm 1."""
    torch.manual_seed(0)
    x = PCA().exact.sample((500,)).float()
    covariance = torch.cov(x.T, correction=0)
    values = torch.linalg.eigvalsh(covariance)
    # The best likelihood that one latent dimension allows: the two small eigenvalues share a level.
    level = values[:2].mean()
    best = -0.5 * (3 * math.log(2 * math.pi) + values[2].log() + 2 * level.log() + 3).item()

    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(1, 3)
            self.log_s2 = nn.Parameter(torch.zeros(()))

        def forward(self, z):
            return Gaussian(self.linear(z), self.log_s2.expand(len(z), 3))

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(3, 1)
            self.log_variance = nn.Parameter(torch.zeros(1))

        def forward(self, x):
            return Gaussian(self.linear(x), self.log_variance.expand(len(x), 1))

    vae = VAE(Encoder(), Decoder(), latent=1)
    optimiser = torch.optim.Adam(vae.parameters(), lr=0.02)
    for step in range(600):
        optimiser.param_groups[0]["lr"] = 0.02 * (1 - step / 600)
        optimiser.zero_grad()
        (-vae(x, torch.randn(500, 1, 1)).mean()).backward()
        optimiser.step()
    found = vae(x, torch.randn(500, 50, 1)).mean().item()
    assert best - 0.02 < found < best + 0.01


# --- sampling and shapes --------------------------------------------------------------------------


def test_samples_follow_the_model():
    pca = PCA()
    vae = VAE(pca.encoder, lambda z: pca.decoder(z.double()), latent=2)
    samples = vae.sample(10_000)
    np.testing.assert_allclose(samples.mean(dim=0), pca.m, atol=0.08)
    np.testing.assert_allclose(torch.cov(samples.T), pca.exact.covariance_matrix, atol=0.2)
    means = vae.sample(10_000, means=True)
    np.testing.assert_allclose(torch.cov(means.T), pca.W @ pca.W.T, atol=0.2)
    assert torch.equal(vae.sample(5), samples[:5])
    assert not torch.equal(vae.sample(5, seed=1), samples[:5])


def test_the_latent_square_cuts_the_prior_into_equal_parts():
    from scipy.stats import norm

    z = latent_square(20)
    assert z.shape == (400, 2)
    u = norm.cdf(z.numpy().astype(float)).reshape(20, 20, 2)
    middles = (np.arange(20) + 0.5) / 20
    np.testing.assert_allclose(u[:, :, 0], np.tile(middles, (20, 1)), atol=1e-6)
    np.testing.assert_allclose(u[:, :, 1], np.tile(middles[::-1, None], (1, 20)), atol=1e-6)


@pytest.mark.parametrize("shape", [(2,), (1, 8, 8), (3, 4, 5)])
@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
def test_data_may_have_any_shape(shape, likelihood):
    vae = VAEConfig(shape, hidden=8, latent=3, likelihood=likelihood).network()
    assert vae.sample(4).shape == (4, *shape)
    x, eps = torch.rand(5, *shape), torch.randn(5, 6, 3)
    assert vae.sgvb_a(x, eps).shape == vae.sgvb_b(x, eps).shape == (5,)
    assert vae.loss(x, Noise(0, 5)).shape == ()


def test_the_networks_are_the_papers():
    """Checks: Kingma & Welling (2014), Eqs. 11 and 12."""
    torch.manual_seed(0)
    gaussian, bernoulli = GaussianMLP((4,), 6, (3,)), BernoulliMLP((4,), 6, (3,))
    x = torch.randn(2, 4)
    h = torch.tanh(x @ gaussian.hidden.weight.T + gaussian.hidden.bias)
    p = gaussian(x)
    torch.testing.assert_close(p.mean, h @ gaussian.mean.weight.T + gaussian.mean.bias)
    torch.testing.assert_close(
        p.log_variance, h @ gaussian.log_variance.weight.T + gaussian.log_variance.bias
    )
    h = torch.tanh(x @ bernoulli.hidden.weight.T + bernoulli.hidden.bias)
    y = 1 / (1 + torch.exp(-(h @ bernoulli.logits.weight.T + bernoulli.logits.bias)))
    torch.testing.assert_close(bernoulli(x).mean, y)


def test_what_does_not_fit_is_refused():
    vae = VAEConfig(hidden=4, latent=3).network()
    with pytest.raises(ValueError, match=r"eps must have shape \(2, L, 3\), not \(2, 3\)"):
        vae.sgvb_b(torch.zeros(2, 1, 8, 8), torch.zeros(2, 3))
    with pytest.raises(ValueError, match="'bernoulli' or 'gaussian', not 'poisson'"):
        VAEConfig(likelihood="poisson")
    with pytest.raises(ValueError, match="start at 1"):
        VAEConfig(latent=0)
