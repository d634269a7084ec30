r"""The variational autoencoder, in the order of the paper.

Data come about in two steps (section 2.1): a latent variable $z \sim p_\theta(z)$, then
$x \sim p_\theta(x \mid z)$. What $z$ an $x$ came from cannot be computed; an encoder
$q_\phi(z \mid x)$ approximates it, and both learn together by raising a lower bound of the
likelihood (Eq. 3):

$$\log p_\theta(x) \ge \mathcal{L}(\theta, \phi; x) =
-D_\text{KL}\left(q_\phi(z \mid x) \,\|\, p_\theta(z)\right)
+ \mathbb{E}_{q_\phi(z \mid x)}\left[\log p_\theta(x \mid z)\right]$$

The prior is $p_\theta(z) = \mathcal{N}(0, I)$ and has nothing to learn. $J$ is the number of latent
dimensions, $L$ the number of draws of $z$ for an example; all densities are in nats, summed over
the dimensions of an example.

References:
    Kingma, Welling: Auto-Encoding Variational Bayes. ICLR 2014. arXiv:1312.6114.
    Burda, Grosse, Salakhutdinov: Importance Weighted Autoencoders. ICLR 2016. arXiv:1509.00519.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from studykit.noise import Noise

__all__ = [
    "VAE",
    "Bernoulli",
    "BernoulliMLP",
    "Gaussian",
    "GaussianMLP",
    "VAEConfig",
    "latent_square",
]


# --- the distributions (section 3, Appendices B and C) --------------------------------------------


@dataclass(frozen=True)
class Gaussian:
    r"""Independent normal numbers, $\mathcal{N}(\mu, \sigma^2 I)$: an encoder's or a decoder's.

    Attributes:
        mean: $\mu$, shape `(B, ...)`.
        log_variance: $\log \sigma^2$, shaped as `mean`. (The logarithm of the *variance*: a network
            may then answer any number.)

    Source: Kingma & Welling (2014), Eqs. 9 and 12.

    Examples:
        >>> q = Gaussian(torch.zeros(1, 2), torch.zeros(1, 2))
        >>> q.kl_to_prior()
        tensor([0.])
    """

    mean: Tensor
    log_variance: Tensor

    def draw(self, eps: Tensor) -> Tensor:
        r"""Draw by moving standard normal noise, so that gradients reach $\mu$ and $\sigma$.

        $$z = g_\phi(\epsilon, x) = \mu + \sigma \odot \epsilon,
        \qquad \epsilon \sim \mathcal{N}(0, I)$$

        This is the reparameterization trick: all randomness is in $\epsilon$, which does not depend
        on the parameters.

        Args:
            eps: Standard normal noise, shaped as `mean`, or with axes more that fit by
                broadcasting.

        Returns:
            A draw, shaped as `eps`.

        Source: Kingma & Welling (2014), Eq. 4, with section 2.4's $g_\phi$ for a Gaussian.

        Examples:
            >>> Gaussian(torch.tensor([[1.0]]), torch.tensor([[4.0]]).log()).draw(torch.ones(1, 1))
            tensor([[3.]])
        """
        return self.mean + (0.5 * self.log_variance).exp() * eps

    def log_density(self, x: Tensor) -> Tensor:
        r"""Give $\log \mathcal{N}(x;\ \mu, \sigma^2 I)$.

        $$-\frac12 \sum_i \left(\log 2 \pi + \log \sigma_i^2
        + \frac{(x_i - \mu_i)^2}{\sigma_i^2}\right)$$

        Args:
            x: Shaped as `mean`.

        Returns:
            Nats, summed over an example's dimensions, shape `(B,)`.

        Source: Kingma & Welling (2014), Eq. 9 for the encoder, Eq. 12 for the decoder.

        Examples:
            >>> Gaussian(torch.zeros(1, 2), torch.zeros(1, 2)).log_density(torch.zeros(1, 2))
            tensor([-1.8379])
        """
        squared = (x - self.mean).square() / self.log_variance.exp()
        each = math.log(2 * math.pi) + self.log_variance + squared
        return -0.5 * each.flatten(1).sum(dim=1)

    def kl_to_prior(self) -> Tensor:
        r"""Give the divergence from the prior, in closed form.

        $$D_\text{KL}\left(\mathcal{N}(\mu, \sigma^2 I) \,\|\, \mathcal{N}(0, I)\right)
        = \frac12 \sum_{j=1}^{J} \left(\mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2\right)$$

        Returns:
            Nats, summed over the dimensions, shape `(B,)`; never negative.

        Source: Kingma & Welling (2014), Appendix B, the first sum of Eq. 10 with its sign turned.

        Examples:
            >>> Gaussian(torch.tensor([[1.0, 2.0]]), torch.zeros(1, 2)).kl_to_prior()
            tensor([2.5000])
        """
        each = self.mean.square() + self.log_variance.exp() - 1 - self.log_variance
        return 0.5 * each.flatten(1).sum(dim=1)


@dataclass(frozen=True)
class Bernoulli:
    r"""Independent dots that are white with probability $y$: a decoder for images in [0, 1].

    The paper's pixel is one dot, black or white. With `dots`, a pixel is the share of white ones
    among so many of the same $y$: the digits of 8 x 8 count 4 x 4 dots each, and have a likelihood
    that sums to 1 over their 17 levels.

    Attributes:
        logits: $\log \frac{y}{1 - y}$, shape `(B, ...)`.
        dots: Dots of a pixel.

    Source: Kingma & Welling (2014), Eq. 11, for one dot.

    Examples:
        >>> Bernoulli(torch.zeros(1, 3)).mean
        tensor([[0.5000, 0.5000, 0.5000]])
    """

    logits: Tensor
    dots: int = 1

    @property
    def mean(self) -> Tensor:
        """The probabilities $y$, in [0, 1], shaped as `logits`."""
        return self.logits.sigmoid()

    def draw(self, eps: Tensor) -> Tensor:
        """Draw pixels; no gradient passes.

        Args:
            eps: Standard normal noise, shaped as `logits`.

        Returns:
            Multiples of `1 / dots` in [0, 1], shaped as `logits`.

        Examples:
            >>> Bernoulli(torch.zeros(1, 2)).draw(torch.tensor([[-1.0, 1.0]]))
            tensor([[0., 1.]])
        """
        white = torch.arange(self.dots, dtype=self.logits.dtype, device=self.logits.device)
        logits = self.logits[..., None]
        log_p = _log_choose(self.dots, white) + white * logits - self.dots * softplus(logits)
        u: Tensor = torch.special.ndtr(eps)
        below = u[..., None] > log_p.exp().cumsum(dim=-1)
        return below.sum(dim=-1).to(self.logits) / self.dots

    def log_density(self, x: Tensor) -> Tensor:
        r"""Give the log probability of pixels.

        $$\log p(x \mid z) = \sum_{i=1}^{D} x_i \log y_i + (1 - x_i) \log(1 - y_i)$$

        With $n$ dots it is $n$ times that plus $\sum_i \log \binom{n}{n x_i}$, the ways in which
        the dots may lie. Of a grey pixel of one dot it is the expectation over black and white ones
        that are white with probability $x_i$.

        Args:
            x: Pixels in [0, 1], shaped as `logits`.

        Returns:
            Nats, summed over an example's pixels, shape `(B,)`.

        Source: Kingma & Welling (2014), Eq. 11.

        Examples:
            >>> Bernoulli(torch.zeros(1, 2)).log_density(torch.tensor([[0.0, 1.0]]))
            tensor([-1.3863])
        """
        # x log y + (1 - x) log(1 - y) in logits, which have no rounding to 0 or 1.
        each = self.dots * (x * self.logits - softplus(self.logits))
        if self.dots > 1:
            each = each + _log_choose(self.dots, self.dots * x)
        return each.flatten(1).sum(dim=1)


def _log_choose(n: int, k: Tensor) -> Tensor:
    return math.lgamma(n + 1) - torch.lgamma(k + 1) - torch.lgamma(n - k + 1)


# --- the model (section 2) ------------------------------------------------------------------------


class VAE(nn.Module):
    r"""The encoder, the decoder and the bound that they raise together.

    Args:
        encoder: Takes $x$, shape `(B, ...)`, gives $q_\phi(z \mid x)$ over `(B, J)`.
        decoder: Takes $z$, shape `(B, J)`, gives $p_\theta(x \mid z)$ over `(B, ...)`: a
            `Bernoulli` for pixels in [0, 1], a `Gaussian` for real numbers.
        latent: $J$, the dimensions of $z$.

    Source: Kingma & Welling (2014), Eqs. 1, 2 and 3.

    Examples:
        If $z \sim \mathcal{N}(0, 1)$ and $x = z + \mathcal{N}(0, 1)$, the best encoder is known,
        and the bound is the likelihood $\mathcal{N}(x; 0, 2)$ itself, whatever the noise:

        >>> vae = VAE(
        ...     lambda x: Gaussian(x / 2, torch.full_like(x, 0.5).log()),
        ...     lambda z: Gaussian(z, torch.zeros_like(z)),
        ...     latent=1,
        ... )
        >>> vae.sgvb_a(torch.tensor([[0.0], [1.0]]), torch.randn(2, 5, 1))
        tensor([-1.2655, -1.5155])
    """

    def __init__(
        self,
        encoder: Callable[[Tensor], Gaussian],
        decoder: Callable[[Tensor], Gaussian | Bernoulli],
        latent: int,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.latent = latent

    # --- the bound (sections 2.2 and 2.3) ---------------------------------------------------------

    def sgvb_a(self, x: Tensor, eps: Tensor) -> Tensor:
        r"""Estimate the bound by draws alone: the first SGVB estimator.

        $$\widetilde{\mathcal{L}}^A(\theta, \phi; x) = \frac1L \sum_{l=1}^{L}
        \log p_\theta(x, z^{(l)}) - \log q_\phi(z^{(l)} \mid x),
        \qquad z^{(l)} = g_\phi(\epsilon^{(l)}, x)$$

        It needs no closed form, and has no variance where the encoder is the true posterior.

        Args:
            x: Data, shape `(B, ...)`.
            eps: Standard normal noise, shape `(B, L, J)`.

        Returns:
            Nats, an unbiased estimate of $\mathcal{L}(\theta, \phi; x)$, shape `(B,)`.

        Raises:
            ValueError: If `eps` has another shape.

        Source: Kingma & Welling (2014), Eq. 6; Eq. 2 with Eq. 5's average for the expectation.

        Examples:
            >>> silent = lambda x: Gaussian(0 * x, 0 * x)
            >>> VAE(silent, silent, latent=2).sgvb_a(torch.zeros(1, 2), torch.ones(1, 3, 2))
            tensor([-1.8379])
        """
        return self._log_weights(x, eps).mean(dim=1)

    def sgvb_b(self, x: Tensor, eps: Tensor) -> Tensor:
        r"""Estimate the bound with the divergence in closed form: the second SGVB estimator.

        $$\widetilde{\mathcal{L}}^B(\theta, \phi; x) =
        -D_\text{KL}\left(q_\phi(z \mid x) \,\|\, p_\theta(z)\right)
        + \frac1L \sum_{l=1}^{L} \log p_\theta(x \mid z^{(l)})$$

        Its variance is typically lower, and training uses it. With the Gaussian encoder and the
        divergence written out it is Eq. 10.

        Args:
            x: Data, shape `(B, ...)`.
            eps: Standard normal noise, shape `(B, L, J)`.

        Returns:
            Nats, an unbiased estimate of $\mathcal{L}(\theta, \phi; x)$, shape `(B,)`.

        Raises:
            ValueError: If `eps` has another shape.

        Source: Kingma & Welling (2014), Eqs. 7 and 10; Eq. 3 with Eq. 5's average for the
            expectation.

        Examples:
            >>> silent = lambda x: Gaussian(0 * x, 0 * x)
            >>> VAE(silent, silent, latent=2).sgvb_b(torch.zeros(1, 2), torch.ones(1, 3, 2))
            tensor([-1.8379])
        """
        q = self.encoder(x)
        z = self._draws(q, eps)
        return self._log_likelihood(x, z).mean(dim=1) - q.kl_to_prior()

    def forward(self, x: Tensor, eps: Tensor) -> Tensor:
        """Give `sgvb_b`; a name by which wrappers for several devices call a network."""
        return self.sgvb_b(x, eps)

    def minibatch_bound(self, x: Tensor, eps: Tensor, N: int) -> Tensor:
        r"""Estimate the bound of a whole data set from some of its examples.

        $$\mathcal{L}(\theta, \phi; X) \simeq \widetilde{\mathcal{L}}^M(\theta, \phi; X^M)
        = \frac{N}{M} \sum_{i=1}^{M} \widetilde{\mathcal{L}}(\theta, \phi; x^{(i)})$$

        Args:
            x: $M$ examples drawn at random from the data, shape `(M, ...)`.
            eps: Standard normal noise, shape `(M, L, J)`.
            N: The number of examples of the data.

        Returns:
            Nats, a scalar.

        Source: Kingma & Welling (2014), Eq. 8.

        Examples:
            >>> silent = lambda x: Gaussian(0 * x, 0 * x)
            >>> vae = VAE(silent, silent, latent=2)
            >>> vae.minibatch_bound(torch.zeros(5, 2), torch.zeros(5, 1, 2), N=100)
            tensor(-183.7877)
        """
        return N / len(x) * self.sgvb_b(x, eps).sum()

    def loss(self, x: Tensor, noise: Noise, L: int = 1) -> Tensor:
        r"""Give what training lowers: the negative bound of an average example.

        $$-\frac1N \widetilde{\mathcal{L}}^M(\theta, \phi; X^M)$$

        Args:
            x: Data, shape `(B, ...)`.
            noise: The source of $\epsilon$, one stream for each example.
            L: Draws of $z$ for an example; the paper finds one enough for batches of 100.

        Returns:
            Nats for an example, summed over its dimensions; a scalar.

        Source: Kingma & Welling (2014), Eq. 8 and Algorithm 1.

        Examples:
            >>> silent = lambda x: Gaussian(0 * x, 0 * x)
            >>> VAE(silent, silent, latent=2).loss(torch.zeros(5, 2), Noise(seed=0, n=5))
            tensor(1.8379)
        """
        return -self.minibatch_bound(x, noise.normal((L, self.latent)).to(x), N=1)

    # --- the likelihood ---------------------------------------------------------------------------

    def importance_weighted_bound(self, x: Tensor, eps: Tensor) -> Tensor:
        r"""Estimate $\log p_\theta(x)$ with many draws: a bound that closes as they grow.

        $$\mathcal{L}_k(x) = \mathbb{E}_{z_1, \ldots, z_k \sim q_\phi(z \mid x)} \left[\log
        \frac1k \sum_{i=1}^{k} \frac{p_\theta(x, z_i)}{q_\phi(z_i \mid x)}\right]
        \le \log p_\theta(x)$$

        With $k = 1$ it is the bound of `sgvb_a`. It stands here for the paper's own estimator
        (Appendix D), which needs draws from the true posterior.

        Args:
            x: Data, shape `(B, ...)`.
            eps: Standard normal noise, shape `(B, k, J)`.

        Returns:
            Nats, shape `(B,)`; in expectation at most $\log p_\theta(x)$, and equal as
            $k \to \infty$.

        Raises:
            ValueError: If `eps` has another shape.

        Source: Burda et al. (2016), section 3.

        Examples:
            >>> silent = lambda x: Gaussian(0 * x, 0 * x)
            >>> vae = VAE(silent, silent, latent=2)
            >>> vae.importance_weighted_bound(torch.zeros(1, 2), torch.ones(1, 3, 2))
            tensor([-1.8379])
        """
        return self._log_weights(x, eps).logsumexp(dim=1) - math.log(eps.shape[1])

    # --- new data ---------------------------------------------------------------------------------

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0, *, means: bool = False) -> Tensor:
        r"""Draw new examples: $z \sim p_\theta(z)$, then $x \sim p_\theta(x \mid z)$.

        Args:
            n: How many.
            seed: The same seed gives the same examples.
            means: Whether to give the mean of $p_\theta(x \mid z)$ instead of a draw, as the
                paper's figures do: pixels without the decoder's noise.

        Returns:
            Examples, shape `(n, ...)`, with the noise of the decoder unless `means`.

        Source: Kingma & Welling (2014), section 2.1; Figure 5 for `means`.

        Examples:
            >>> identity = lambda x: Gaussian(x, 0 * x)
            >>> VAE(identity, identity, latent=2).sample(10_000).var().round().item()
            2.0
        """
        noise = Noise(seed, n)
        parameter = next(self.parameters(), torch.zeros(()))
        p = self.decoder(noise.normal((self.latent,)).to(parameter))
        return p.mean if means else p.draw(noise.normal(p.mean.shape[1:]).to(p.mean))

    # --- draws for each example -------------------------------------------------------------------

    def _draws(self, q: Gaussian, eps: Tensor) -> Tensor:
        if eps.ndim != 3 or eps.shape[::2] != q.mean.shape:
            B, J = q.mean.shape
            raise ValueError(f"eps must have shape ({B}, L, {J}), not {tuple(eps.shape)}")
        return Gaussian(q.mean[:, None], q.log_variance[:, None]).draw(eps)  # (B, L, J)

    def _log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """Give log p(x | z) of each example with each of its draws, shape `(B, L)`."""
        B, L, _ = z.shape
        repeated = x.repeat_interleave(L, dim=0)  # (B L, ...)
        return self.decoder(z.flatten(0, 1)).log_density(repeated).reshape(B, L)

    def _log_weights(self, x: Tensor, eps: Tensor) -> Tensor:
        """Give log p(x, z) - log q(z | x) of each example with each of its draws, `(B, L)`."""
        q = self.encoder(x)
        z = self._draws(q, eps)
        B, L, _ = z.shape
        z_flat = z.flatten(0, 1)  # (B L, J)
        each = Gaussian(*(part.repeat_interleave(L, dim=0) for part in (q.mean, q.log_variance)))
        prior = Gaussian(torch.zeros_like(z_flat), torch.zeros_like(z_flat))
        log_ratio = prior.log_density(z_flat) - each.log_density(z_flat)
        return self._log_likelihood(x, z) + log_ratio.reshape(B, L)


# --- the networks (Appendix C) --------------------------------------------------------------------


@dataclass(frozen=True)
class VAEConfig:
    """The shape of a VAE of the paper's networks, one hidden layer each.

    Attributes:
        shape: The shape of an example: `(C, H, W)` of an image, `(D,)` of a point.
        hidden: Hidden units of the encoder and of the decoder; the paper has 500 for MNIST.
        latent: Dimensions of $z$.
        likelihood: The decoder: `"bernoulli"` for pixels in [0, 1], `"gaussian"` for real numbers.
        dots: Dots of a pixel; see `Bernoulli`.

    Raises:
        ValueError: If a number is below 1 or the decoder is neither.

    Examples:
        >>> VAEConfig(latent=3).network().sample(2).shape
        torch.Size([2, 1, 8, 8])
    """

    shape: tuple[int, ...] = (1, 8, 8)
    hidden: int = 500
    latent: int = 2
    likelihood: Literal["bernoulli", "gaussian"] = "bernoulli"
    dots: int = 1

    def __post_init__(self) -> None:
        if not self.shape or min(*self.shape, self.hidden, self.latent, self.dots) < 1:
            raise ValueError("hidden, latent, dots and each number of shape start at 1")
        if self.likelihood not in ("bernoulli", "gaussian"):
            raise ValueError(
                f"likelihood must be 'bernoulli' or 'gaussian', not {self.likelihood!r}"
            )

    def network(self) -> VAE:
        """Build the VAE with random weights.

        Returns:
            The VAE.
        """
        decoder: GaussianMLP | BernoulliMLP
        if self.likelihood == "gaussian":
            decoder = GaussianMLP((self.latent,), self.hidden, self.shape)
        else:
            decoder = BernoulliMLP((self.latent,), self.hidden, self.shape, self.dots)
        return VAE(GaussianMLP(self.shape, self.hidden, (self.latent,)), decoder, self.latent)


class GaussianMLP(nn.Module):
    r"""One hidden layer that tells a Gaussian's mean and variance: the encoder, or a decoder.

    $$h = \tanh(W_3 z + b_3), \qquad \mu = W_4 h + b_4, \qquad \log \sigma^2 = W_5 h + b_5$$

    Args:
        takes: The shape of one input.
        hidden: Hidden units.
        gives: The shape of one output.

    Source: Kingma & Welling (2014), Eq. 12; with $x$ and $z$ exchanged, it is the encoder.

    Examples:
        >>> GaussianMLP((1, 8, 8), 20, (2,))(torch.zeros(3, 1, 8, 8)).mean.shape
        torch.Size([3, 2])
    """

    def __init__(self, takes: tuple[int, ...], hidden: int, gives: tuple[int, ...]) -> None:
        super().__init__()
        self.gives = gives
        self.hidden = nn.Linear(math.prod(takes), hidden)
        self.mean = nn.Linear(hidden, math.prod(gives))
        self.log_variance = nn.Linear(hidden, math.prod(gives))

    def forward(self, x: Tensor) -> Gaussian:
        """Give the Gaussian.

        Args:
            x: Shape `(B, *takes)`.

        Returns:
            Over `(B, *gives)`.
        """
        h = torch.tanh(self.hidden(x.flatten(1)))
        mean, log_variance = self.mean(h), self.log_variance(h)
        return Gaussian(mean.unflatten(1, self.gives), log_variance.unflatten(1, self.gives))


class BernoulliMLP(nn.Module):
    r"""One hidden layer that tells the probabilities of pixels: a decoder.

    $$y = f_\sigma\left(W_2 \tanh(W_1 z + b_1) + b_2\right)$$

    with the sigmoid $f_\sigma$.

    Args:
        takes: The shape of one input.
        hidden: Hidden units.
        gives: The shape of one output.
        dots: Dots of a pixel; see `Bernoulli`.

    Source: Kingma & Welling (2014), Eq. 11.

    Examples:
        >>> BernoulliMLP((2,), 20, (1, 8, 8))(torch.zeros(3, 2)).mean.shape
        torch.Size([3, 1, 8, 8])
    """

    def __init__(
        self, takes: tuple[int, ...], hidden: int, gives: tuple[int, ...], dots: int = 1
    ) -> None:
        super().__init__()
        self.dots = dots
        self.gives = gives
        self.hidden = nn.Linear(math.prod(takes), hidden)
        self.logits = nn.Linear(hidden, math.prod(gives))

    def forward(self, z: Tensor) -> Bernoulli:
        """Give the probabilities.

        Args:
            z: Shape `(B, *takes)`.

        Returns:
            Over `(B, *gives)`.
        """
        h = torch.tanh(self.hidden(z.flatten(1)))
        return Bernoulli(self.logits(h).unflatten(1, self.gives), self.dots)


# --- the latent square (Appendix A) ---------------------------------------------------------------


def latent_square(side: int) -> Tensor:
    r"""Give points of a latent plane that the prior makes equally likely, in a square.

    The unit square is cut into `side * side` equal cells, and each cell's middle goes through the
    normal distribution's inverse CDF: $z = (\Phi^{-1}(u_1), \Phi^{-1}(u_2))$. What the decoder
    makes of them is the map of all that a VAE with two latent dimensions draws.

    Args:
        side: Points of a side.

    Returns:
        Float32, shape `(side * side, 2)`, row by row: $z_1$ grows to the right, $z_2$ upwards.

    Source: Kingma & Welling (2014), Appendix A, Figure 4.

    Examples:
        >>> latent_square(2)
        tensor([[-0.6745,  0.6745],
                [ 0.6745,  0.6745],
                [-0.6745, -0.6745],
                [ 0.6745, -0.6745]])
    """
    u = (torch.arange(side, dtype=torch.float64) + 0.5) / side
    z = torch.special.ndtri(u).float()
    return torch.stack([z.repeat(side), z.flip(0).repeat_interleave(side)], dim=1)
