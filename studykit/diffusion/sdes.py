r"""Stochastic differential equations that turn data into noise, and their reverse.

Each of them has a drift that is linear in $x$ (section 3.2, Eq. 5):

$$dx = f(t)\, x\, dt + g(t)\, dw, \quad t \in [0, T]$$

so $x_t$ given $x_0$ is Gaussian, with two functions of time that say everything:

$$p_{0t}(x_t \mid x_0) = \mathcal{N}\left(x_t;\ \alpha(t)\, x_0,\ \sigma(t)^2 I\right), \qquad
\alpha(t) = e^{\int_0^t f}, \qquad
\sigma(t)^2 = \int_0^t \frac{\alpha(t)^2}{\alpha(s)^2}\, g(s)^2\, ds$$

| SDE | $f$ | $g^2$ | $\alpha$ | $\sigma^2$ |
| --- | --- | --- | --- | --- |
| VE | $0$ | $\frac{d}{dt} \varsigma(t)^2$ | $1$ | $\varsigma(t)^2 - \varsigma(0)^2$ |
| VP | $-\beta / 2$ | $\beta$ | $e^{-\frac12 \int_0^t \beta}$ | $1 - \alpha^2$ |
| sub-VP | $-\beta / 2$ | $\beta (1 - \alpha^4)$ | as VP | $(1 - \alpha^2)^2$ |

From a time $s$ to a later $t$ the process is Gaussian as well (`SDE.transition`), and so is the way
back from $t$ to $s$ where $x_0$ is known (`SDE.posterior`). Both are exact, for every SDE: that is
what the samplers step with.

Times are tensors of shape `(B,)`, one for each example; what depends on time alone is computed in
double precision on the CPU.

References:
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
    Anderson: Reverse-time diffusion equation models. 1982.
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from studykit.diffusion.schedules import Schedule
from studykit.diffusion.tensors import like
from studykit.noise import Noise

__all__ = ["SDE", "VESDE", "VPSDE", "ChainSDE", "ReverseSDE", "SubVPSDE"]


class SDE(ABC):
    r"""A diffusion $dx = f(t)\, x\, dt + g(t)\, dw$ from data at $t = 0$ to noise at $t = T$.

    Attributes:
        T: The end of time, 1.
        eps: The smallest time that is used for training and sampling: at 0 the score of data that
            fill no volume is infinite. The remaining noise is taken away by denoising.
        prior_std: Standard deviation of the prior, the Gaussian that $p_T$ is close to.

    Source: Song et al. (2021), section 3 and Appendix B.
    """

    T: float = 1.0
    eps: float
    prior_std: float

    # --- what an SDE is made of -----------------------------------------------------------------

    @abstractmethod
    def alpha(self, t: Tensor) -> Tensor:
        r"""Give the factor $\alpha(t)$ by which the data have shrunk.

        Args:
            t: Times in $[0, T]$, shape `(B,)`.

        Returns:
            Shape `(B,)`, float64 on the CPU.
        """

    @abstractmethod
    def sigma(self, t: Tensor) -> Tensor:
        r"""Give the standard deviation $\sigma(t)$ of the noise that was added.

        Args:
            t: Times in $[0, T]$, shape `(B,)`.

        Returns:
            Shape `(B,)`, float64 on the CPU; 0 at $t = 0$.
        """

    @abstractmethod
    def f(self, t: Tensor) -> Tensor:
        r"""Give the rate $f(t)$ of the drift $f(t)\, x$.

        Args:
            t: Times in $[0, T]$, shape `(B,)`.

        Returns:
            Shape `(B,)`, float64 on the CPU.
        """

    @abstractmethod
    def g(self, t: Tensor) -> Tensor:
        r"""Give the diffusion coefficient $g(t)$.

        Args:
            t: Times in $[0, T]$, shape `(B,)`.

        Returns:
            Shape `(B,)`, float64 on the CPU.
        """

    # --- the paper's operations -----------------------------------------------------------------

    def sde(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        r"""Give the drift $f(t)\, x$ and the diffusion $g(t)$.

        Args:
            x: States, shape `(B, ...)`.
            t: Times in $[0, T]$, shape `(B,)`.

        Returns:
            The drift, shaped as `x`, and the diffusion, shape `(B, 1, ..., 1)`.

        Source: Song et al. (2021), Eq. 5.

        Examples:
            >>> VPSDE(beta_min=2, beta_max=2).sde(torch.ones(1, 2), torch.ones(1))
            (tensor([[-1., -1.]]), tensor([[1.4142]]))
        """
        return like(self.f(t), x) * x, like(self.g(t), x)

    def marginal_prob(self, x_0: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        r"""Give the mean and the standard deviation of $p_{0t}(x_t \mid x_0)$.

        Args:
            x_0: Data, shape `(B, ...)`.
            t: Times in $[0, T]$, shape `(B,)`.

        Returns:
            The mean $\alpha(t)\, x_0$, shaped as `x_0`, and the standard deviation $\sigma(t)$,
            shape `(B, 1, ..., 1)`.

        Source: Song et al. (2021), Eq. 29.

        Examples:
            >>> mean, std = VESDE(sigma_min=0.01, sigma_max=50).marginal_prob(
            ...     torch.ones(1, 2), torch.ones(1)
            ... )
            >>> mean, std
            (tensor([[1., 1.]]), tensor([[50.]]))
        """
        return like(self.alpha(t), x_0) * x_0, like(self.sigma(t), x_0)

    def prior_sampling(self, shape: Sequence[int], noise: Noise | None = None) -> Tensor:
        r"""Draw $x_T$ from the prior.

        Args:
            shape: The shape of the result, `(B, ...)`.
            noise: The source of randomness, one stream for each example; by default PyTorch's
                global generator.

        Returns:
            Float32 on the CPU, of shape `shape`.

        Raises:
            ValueError: If `noise` has another number of examples.

        Source: Song et al. (2021), section 3.1 and Appendix C.

        Examples:
            >>> VPSDE().prior_sampling((5, 1, 8, 8), Noise(seed=0, n=5)).shape
            torch.Size([5, 1, 8, 8])
        """
        if noise is None:
            return self.prior_std * torch.randn(tuple(shape))
        if noise.n != shape[0]:
            raise ValueError(f"noise for {noise.n} examples, but the shape is {tuple(shape)}")
        return self.prior_std * noise.normal(shape[1:])

    def prior_logp(self, z: Tensor) -> Tensor:
        r"""Give the log density of the prior.

        Args:
            z: States at $T$, shape `(B, ...)`.

        Returns:
            $\log p_T(z)$ in nats, summed over an example's elements, shape `(B,)`.

        Source: Song et al. (2021), section 4.3 (Eq. 39 adds it to the integral).

        Examples:
            >>> VPSDE().prior_logp(torch.zeros(1, 2))
            tensor([-1.8379])
        """
        std = self.prior_std
        flat = z.flatten(1)
        constant = flat.shape[1] * (math.log(std) + 0.5 * math.log(2 * math.pi))
        return -0.5 * (flat / std).square().sum(dim=1) - constant

    def discretize(self, x: Tensor, t: Tensor, dt: float) -> tuple[Tensor, Tensor]:
        r"""Give the step $x_t = x_{t - dt} + f_t(x_{t - dt}) + G_t z$ that ends at $t$.

        The step is the exact Gaussian transition from $t - dt$ to $t$. For VP that is DDPM's
        ($f_t(x) = \sqrt{1 - \beta_t}\, x - x$ and $G_t = \sqrt{\beta_t}$), for VE it is SMLD's
        ($f_t = 0$ and $G_t^2 = \varsigma(t)^2 - \varsigma(t - dt)^2$).

        Args:
            x: States, shape `(B, ...)`.
            t: Times at the end of the step, shape `(B,)`.
            dt: The step's length, positive; a step that would begin below 0 begins there.

        Returns:
            $f_t(x)$, shaped as `x`, and $G_t$, shape `(B, 1, ..., 1)`.

        Source: Song et al. (2021), Eqs. 45 and 46 (reverse diffusion sampling), with the chains of
            Eqs. 8 and 10.

        Examples:
            >>> chain = Schedule([0.36, 0.75])
            >>> ChainSDE(chain).discretize(torch.ones(1, 1), torch.ones(1), dt=0.5)
            (tensor([[-0.5000]]), tensor([[0.8660]]))
        """
        ratio, std = self.transition((_on_cpu(t) - dt).clamp(min=0), t)
        return like(ratio - 1, x) * x, like(std, x)

    def reverse(
        self, score: Callable[[Tensor, Tensor], Tensor], probability_flow: bool = False
    ) -> ReverseSDE:
        r"""Turn time around.

        Args:
            score: Gives $\nabla_x \log p_t(x)$: takes $x$ of shape `(B, ...)` and $t$ of shape
                `(B,)`, gives a tensor shaped as $x$.
            probability_flow: Whether to take the deterministic process with the same marginals
                (Eq. 13) in place of the stochastic one (Eq. 6).

        Returns:
            The reverse process.

        Source: Song et al. (2021), Eqs. 6 and 13; Anderson (1982).

        Examples:
            >>> reverse = VPSDE(2, 2).reverse(lambda x, t: -x, probability_flow=True)
            >>> drift, diffusion = reverse.sde(torch.ones(1, 2), torch.ones(1))
            >>> bool(drift.abs().max() < 1e-6)  # N(0, I) stays as it is.
            True
        """
        return ReverseSDE(self, score, probability_flow)

    # --- exact Gaussian steps -------------------------------------------------------------------

    def transition(self, s: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        r"""Give the kernel $p_{st}(x_t \mid x_s) = \mathcal{N}(r\, x_s,\ \sigma_{t|s}^2 I)$.

        $$r = \frac{\alpha(t)}{\alpha(s)}, \qquad
        \sigma_{t|s}^2 = \sigma(t)^2 - r^2\, \sigma(s)^2$$

        Args:
            s: Earlier times, shape `(B,)`.
            t: Later times, shape `(B,)`.

        Returns:
            $r$ and $\sigma_{t|s}$, each of shape `(B,)`, float64 on the CPU.

        Source: Song et al. (2021), Appendix B, for the kernel from 0; between two times it follows
            because the process is Markov.

        Examples:
            >>> VESDE(sigma_min=3, sigma_max=5).transition(torch.zeros(1), torch.ones(1))
            (tensor([1.], dtype=torch.float64), tensor([4.], dtype=torch.float64))
        """
        ratio = self.alpha(t) / self.alpha(s)
        variance = self.sigma(t).square() - ratio.square() * self.sigma(s).square()
        return ratio, variance.clamp(min=0).sqrt()

    def posterior(self, x_0: Tensor, x_t: Tensor, t: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
        r"""Tell where $x_s$ was when both ends are known: $p(x_s \mid x_t, x_0)$, for $s < t$.

        $$\mu = \frac{r\, \sigma(s)^2\, x_t + \alpha(s)\, \sigma_{t|s}^2\, x_0}{\sigma(t)^2},
        \qquad \text{variance} = \frac{\sigma(s)^2\, \sigma_{t|s}^2}{\sigma(t)^2}$$

        With DDPM's chain it is $q(x_{t-1} \mid x_t, x_0)$, with SMLD's its counterpart, and it is
        the same formula for sub-VP.

        Args:
            x_0: Data, shape `(B, ...)`.
            x_t: States at $t$, shaped as `x_0`.
            t: Later times, above 0, shape `(B,)`.
            s: Earlier times, shape `(B,)`.

        Returns:
            The mean, shaped as `x_0`, and the variance, shape `(B, 1, ..., 1)`.

        Source: Ho et al. (2020), Eqs. 6 and 7; Song et al. (2021), Appendix F.

        Examples:
            >>> sde = ChainSDE(Schedule([0.36, 0.75]))
            >>> ends = torch.ones(1, 1), torch.ones(1, 1)
            >>> sde.posterior(*ends, torch.tensor([0.5]), torch.tensor([0.0]))
            (tensor([[1.]]), tensor([[0.]]))
        """
        ratio, std = self.transition(s, t)
        total, before = self.sigma(t).square(), self.sigma(s).square()
        of_x_t = ratio * before / total
        of_x_0 = self.alpha(s) * std.square() / total
        mean = like(of_x_0, x_0) * x_0 + like(of_x_t, x_0) * x_t
        return mean, like(before * std.square() / total, x_0)

    def times(self, steps: int) -> Tensor:
        r"""Give the times of a sampler with a fixed number of steps, evenly spaced.

        Args:
            steps: How many, at least 1.

        Returns:
            Times from $T$ down to `eps`, shape `(steps,)`, float64.

        Raises:
            ValueError: If `steps` is below 1.

        Examples:
            >>> VPSDE().times(3)
            tensor([1.0000, 0.5005, 0.0010], dtype=torch.float64)
        """
        if steps < 1:
            raise ValueError(f"steps must be at least 1, not {steps}")
        return torch.linspace(self.T, self.eps, steps, dtype=torch.float64)


class VPSDE(SDE):
    r"""The variance preserving SDE, the limit of DDPM's chain for ever shorter steps.

    $$dx = -\tfrac12 \beta(t)\, x\, dt + \sqrt{\beta(t)}\, dw, \qquad
    \beta(t) = \beta_\text{min} + t (\beta_\text{max} - \beta_\text{min})$$

    Args:
        beta_min: $\beta(0)$. With $T$ steps a chain has $\beta_1 = \beta_\text{min} / T$.
        beta_max: $\beta(1)$.
        eps: The smallest time that is used.

    Raises:
        ValueError: If not $0 \le \beta_\text{min} \le \beta_\text{max}$, with
            $\beta_\text{max} > 0$, or `eps` lies outside (0, 1).

    Source: Song et al. (2021), Eqs. 11 and 32; Appendix C for the constants.

    Examples:
        >>> VPSDE().alpha(torch.ones(1))
        tensor([0.0066], dtype=torch.float64)
    """

    def __init__(self, beta_min: float = 0.1, beta_max: float = 20.0, eps: float = 1e-3) -> None:
        if not (0 <= beta_min <= beta_max and beta_max > 0 and 0 < eps < 1):
            raise ValueError(
                f"expected 0 <= beta_min <= beta_max, beta_max > 0 and 0 < eps < 1, "
                f"not {beta_min}, {beta_max} and {eps}"
            )
        self.beta_min, self.beta_max, self.eps = beta_min, beta_max, eps
        self.prior_std = 1.0

    def beta(self, t: Tensor) -> Tensor:
        r"""Give the rate of noise $\beta(t)$.

        Args:
            t: Times in $[0, 1]$, shape `(B,)`.

        Returns:
            Shape `(B,)`, float64 on the CPU.

        Source: Song et al. (2021), Eq. 32.
        """
        return self.beta_min + _on_cpu(t) * (self.beta_max - self.beta_min)

    def log_alpha(self, t: Tensor) -> Tensor:
        r"""Give $\log \alpha(t) = -\frac12 \int_0^t \beta(s)\, ds$.

        Args:
            t: Times in $[0, 1]$, shape `(B,)`.

        Returns:
            Shape `(B,)`, float64 on the CPU.

        Source: Song et al. (2021), Eq. 33.
        """
        t = _on_cpu(t)
        return -0.25 * t.square() * (self.beta_max - self.beta_min) - 0.5 * t * self.beta_min

    def alpha(self, t: Tensor) -> Tensor:  # noqa: D102  (as in SDE)
        return self.log_alpha(t).exp()

    def sigma(self, t: Tensor) -> Tensor:  # noqa: D102
        # expm1: near t = 0 the difference 1 - alpha^2 would lose its digits.
        return (-torch.expm1(2 * self.log_alpha(t))).sqrt()

    def f(self, t: Tensor) -> Tensor:  # noqa: D102
        return -0.5 * self.beta(t)

    def g(self, t: Tensor) -> Tensor:  # noqa: D102
        return self.beta(t).sqrt()

    def schedule(self, T: int) -> Schedule:
        r"""Cut the SDE into a DDPM chain of $T$ steps.

        $$\beta_i = 1 - \frac{\alpha(i/T)^2}{\alpha((i-1)/T)^2} \approx \frac{\beta(i/T)}{T}$$

        The chain passes through the SDE's marginals exactly: $\bar\alpha_i = \alpha(i/T)^2$.

        Args:
            T: Number of steps.

        Returns:
            The chain.

        Source: Song et al. (2021), Eqs. 22 to 25 (Appendix B).

        Examples:
            >>> VPSDE().schedule(1000).alpha_bar[1000]
            tensor(4.3186e-05, dtype=torch.float64)
        """
        log_alpha = self.log_alpha(torch.linspace(0, 1, T + 1, dtype=torch.float64))
        return Schedule(-torch.expm1(2 * log_alpha.diff()))


class SubVPSDE(VPSDE):
    r"""The sub-VP SDE: VP's drift with less noise, so that $\sigma(t)$ stays below VP's.

    $$dx = -\tfrac12 \beta(t)\, x\, dt
    + \sqrt{\beta(t) \left(1 - e^{-2 \int_0^t \beta(s)\, ds}\right)}\, dw$$

    Its arguments are `VPSDE`'s.

    Source: Song et al. (2021), Eq. 12; Appendix B for the kernel.

    Examples:
        >>> t = torch.tensor([0.1])
        >>> bool(SubVPSDE().sigma(t) < VPSDE().sigma(t))
        True
    """

    def sigma(self, t: Tensor) -> Tensor:  # noqa: D102
        return -torch.expm1(2 * self.log_alpha(t))

    def g(self, t: Tensor) -> Tensor:  # noqa: D102
        return (self.beta(t) * -torch.expm1(4 * self.log_alpha(t))).sqrt()

    def schedule(self, T: int) -> Schedule:
        r"""Refuse: no DDPM chain has sub-VP's marginals, since a chain preserves the variance.

        Args:
            T: Number of steps.

        Raises:
            TypeError: Always.
        """
        raise TypeError(f"a chain of {T} steps preserves the variance; the sub-VP SDE does not")


class ChainSDE(VPSDE):
    r"""A DDPM chain as a VP SDE that passes through it: $\alpha(i/T)^2 = \bar\alpha_i$.

    Between two steps of the chain $\beta(t)$ is constant, so $\log \bar\alpha$ is interpolated
    linearly. A network that was trained on the chain can be used with any sampler in this way.

    Args:
        chain: The chain.

    Attributes:
        chain: The chain.

    Source: Song et al. (2021), section 3.2 and Appendix B: DDPM is a discretised VP SDE.

    Examples:
        >>> sde = ChainSDE(Schedule([0.36, 0.75]))
        >>> sde.alpha(torch.tensor([0.0, 0.5, 1.0]))
        tensor([1.0000, 0.8000, 0.4000], dtype=torch.float64)
        >>> sde.times(2)
        tensor([1.0000, 0.5000], dtype=torch.float64)
    """

    def __init__(self, chain: Schedule) -> None:
        self.chain = chain
        self.eps = 1 / chain.T
        self.prior_std = 1.0
        self._log_alpha_bar = chain.alpha.log().cumsum(0)

    def beta(self, t: Tensor) -> Tensor:
        r"""Give the rate of noise, constant between two steps.

        Args:
            t: Times in $[0, 1]$, shape `(B,)`.

        Returns:
            $-T \log(1 - \beta_i)$ with $i = \lceil t T \rceil$, shape `(B,)`, float64 on the CPU.
        """
        # i / T * T may miss i by a rounding error, and the next step has another rate.
        step = (_on_cpu(t) * self.chain.T - 1e-9).ceil().long().clamp(1, self.chain.T)
        return -self.chain.T * self.chain.alpha[step].log()

    def log_alpha(self, t: Tensor) -> Tensor:
        r"""Interpolate $\log \alpha(t) = \frac12 \log \bar\alpha$ between the steps of the chain.

        Args:
            t: Times in $[0, 1]$, shape `(B,)`.

        Returns:
            Shape `(B,)`, float64 on the CPU.
        """
        position = _on_cpu(t) * self.chain.T
        below = position.floor().long().clamp(0, self.chain.T - 1)
        start, end = self._log_alpha_bar[below], self._log_alpha_bar[below + 1]
        return 0.5 * (start + (position - below) * (end - start))

    def schedule(self, T: int | None = None) -> Schedule:
        r"""Give the chain, or a shorter one with the same marginals where both are.

        Args:
            T: Number of steps; by default the chain's own.

        Returns:
            The chain.

        Source: Nichol, Dhariwal (2021), section 4 (arXiv:2102.09672), for shorter chains.

        Examples:
            >>> ChainSDE(Schedule([0.36, 0.75])).schedule(1).beta
            tensor([0.0000, 0.8400], dtype=torch.float64)
        """
        return self.chain if T is None else super().schedule(T)

    def times(self, steps: int) -> Tensor:
        r"""Give the times of a sampler: steps of the chain, as evenly spaced as can be.

        Args:
            steps: How many, in $1 \ldots T$.

        Returns:
            Times from 1 down to $1/T$, each a multiple of $1/T$; shape `(steps,)`, float64.

        Raises:
            ValueError: If the chain has fewer steps.

        Examples:
            >>> ChainSDE(Schedule([0.1] * 10)).times(4)
            tensor([1.0000, 0.7000, 0.4000, 0.1000], dtype=torch.float64)
        """
        if not 1 <= steps <= self.chain.T:
            raise ValueError(f"steps must be in 1..{self.chain.T}, the chain's, not {steps}")
        return torch.linspace(self.chain.T, 1, steps, dtype=torch.float64).round() / self.chain.T


class VESDE(SDE):
    r"""The variance exploding SDE, the limit of SMLD's (NCSN's) noise scales.

    $$dx = \varsigma(t) \sqrt{2 \log \frac{\sigma_\text{max}}{\sigma_\text{min}}}\, dw, \qquad
    \varsigma(t) = \sigma_\text{min}
    \left(\frac{\sigma_\text{max}}{\sigma_\text{min}}\right)^{t}$$

    The noise at time $t$ has the variance that this equation adds,
    $\sigma(t)^2 = \varsigma(t)^2 - \varsigma(0)^2$. (The paper's Eq. 31 and the official code leave
    $\varsigma(0)^2$ out, which is another process near $t = 0$.)

    Args:
        sigma_min: $\varsigma(0)$, the smallest noise scale.
        sigma_max: $\varsigma(1)$, the largest; about as large as the largest distance between two
            examples.
        eps: The smallest time that is used.

    Raises:
        ValueError: If not $0 < \sigma_\text{min} < \sigma_\text{max}$, or `eps` is not in (0, 1).

    Source: Song et al. (2021), Eqs. 9 and 30; Song, Ermon (2020), Technique 1, for `sigma_max`.

    Examples:
        >>> VESDE(sigma_min=3, sigma_max=5).sigma(torch.tensor([0.0, 1.0]))
        tensor([0., 4.], dtype=torch.float64)
    """

    def __init__(self, sigma_min: float = 0.01, sigma_max: float = 50.0, eps: float = 1e-5) -> None:
        if not (0 < sigma_min < sigma_max and 0 < eps < 1):
            raise ValueError(
                f"expected 0 < sigma_min < sigma_max and 0 < eps < 1, "
                f"not {sigma_min}, {sigma_max} and {eps}"
            )
        self.sigma_min, self.sigma_max, self.eps = sigma_min, sigma_max, eps
        self._log_ratio = math.log(sigma_max / sigma_min)
        self.prior_std = math.sqrt(sigma_max**2 - sigma_min**2)

    def alpha(self, t: Tensor) -> Tensor:  # noqa: D102
        return torch.ones_like(_on_cpu(t))

    def sigma(self, t: Tensor) -> Tensor:  # noqa: D102
        return self.sigma_min * torch.expm1(2 * self._log_ratio * _on_cpu(t)).sqrt()

    def f(self, t: Tensor) -> Tensor:  # noqa: D102
        return torch.zeros_like(_on_cpu(t))

    def g(self, t: Tensor) -> Tensor:  # noqa: D102
        scale = self.sigma_min * torch.exp(self._log_ratio * _on_cpu(t))
        return scale * math.sqrt(2 * self._log_ratio)

    def noise_scales(self, N: int) -> Tensor:
        r"""Give the noise scales of an NCSN that this SDE is the limit of.

        $$\sigma_i = \sigma_\text{min}
        \left(\frac{\sigma_\text{max}}{\sigma_\text{min}}\right)^{\frac{i - 1}{N - 1}}$$

        Args:
            N: How many, at least 2.

        Returns:
            $\sigma_1 < \ldots < \sigma_N$, shape `(N,)`, float64.

        Raises:
            ValueError: If there are fewer than two.

        Source: Song et al. (2021), Appendix C, above Eq. 30; NCSN: Song, Ermon (2019).

        Examples:
            >>> VESDE(sigma_min=1, sigma_max=100).noise_scales(3)
            tensor([  1.0000,  10.0000, 100.0000], dtype=torch.float64)
        """
        if N < 2:
            raise ValueError(f"a smallest and a largest noise scale make two, not {N}")
        i = torch.arange(N, dtype=torch.float64)
        return self.sigma_min * torch.exp(self._log_ratio * i / (N - 1))


class ReverseSDE:
    r"""A diffusion whose time runs from noise to data.

    $$dx = \left[f(t)\, x - g(t)^2\, \nabla_x \log p_t(x)\right] dt + g(t)\, d\bar w$$

    or, as probability flow, with half of the score and no noise. Made by `SDE.reverse`.

    Args:
        forward: The SDE whose time is turned around.
        score: $\nabla_x \log p_t(x)$, of `x` `(B, ...)` and `t` `(B,)`.
        probability_flow: Whether it is the deterministic process.

    Source: Song et al. (2021), Eqs. 6 and 13.

    Examples:
        >>> reverse = ReverseSDE(VPSDE(2, 2), lambda x, t: -x)
        >>> reverse.sde(torch.ones(1, 2), torch.ones(1))
        (tensor([[1.0000, 1.0000]]), tensor([[1.4142]]))
    """

    def __init__(
        self,
        forward: SDE,
        score: Callable[[Tensor, Tensor], Tensor],
        probability_flow: bool = False,
    ) -> None:
        self.forward, self.score, self.probability_flow = forward, score, probability_flow

    def sde(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        r"""Give the drift and the diffusion; time still counts up, so a step back has $dt < 0$.

        Args:
            x: States, shape `(B, ...)`.
            t: Times in $(0, T]$, shape `(B,)`.

        Returns:
            The drift, shaped as `x`, and the diffusion, shape `(B, 1, ..., 1)`; 0 for the
            probability flow.

        Source: Song et al. (2021), Eqs. 6 and 13.
        """
        drift, diffusion = self.forward.sde(x, t)
        share = 0.5 if self.probability_flow else 1.0
        drift = drift - share * diffusion.square() * self.score(x, t)
        return drift, torch.zeros_like(diffusion) if self.probability_flow else diffusion

    def discretize(self, x: Tensor, t: Tensor, dt: float) -> tuple[Tensor, Tensor]:
        r"""Give the step $x_{t - dt} = x_t - \bar f_t(x_t) + \bar G_t z$.

        $$\bar f_t(x) = f_t(x) - G_t^2\, \nabla_x \log p_t(x)$$

        Args:
            x: States, shape `(B, ...)`.
            t: Times in $(0, T]$, shape `(B,)`.
            dt: The step's length, positive.

        Returns:
            $\bar f_t(x)$, shaped as `x`, and $\bar G_t$, shape `(B, 1, ..., 1)`; for the
            probability flow half of the score and $\bar G_t = 0$.

        Source: Song et al. (2021), Eq. 46.
        """
        f, G = self.forward.discretize(x, t, dt)
        share = 0.5 if self.probability_flow else 1.0
        f = f - share * G.square() * self.score(x, t)
        return f, torch.zeros_like(G) if self.probability_flow else G


def _on_cpu(t: Tensor) -> Tensor:
    # Off the device first: not every device has double precision.
    return t.cpu().double()
