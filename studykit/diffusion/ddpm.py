r"""Denoising diffusion probabilistic models, in the order of the paper.

Data $x_0$ becomes noise in $T$ small Gaussian steps (section 2, Eq. 2):

$$q(x_t \mid x_{t-1}) = \mathcal{N}\left(x_t;\ \sqrt{1 - \beta_t}\, x_{t-1},\ \beta_t I\right)$$

A network that can tell the noise $\epsilon$ in $x_t$ from the data can undo a step, because the
reverse of a small Gaussian step is nearly Gaussian too (Eq. 1):

$$p_\theta(x_{t-1} \mid x_t) = \mathcal{N}\left(x_{t-1};\ \mu_\theta(x_t, t),\ \sigma_t^2 I\right)$$

Steps count as in the paper: $t = 1 \ldots T$, and $x_0$ is the data.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Nichol, Dhariwal: Improved Denoising Diffusion Probabilistic Models. ICML 2021.
    arXiv:2102.09672.
    Salimans, Ho: Progressive Distillation for Fast Sampling of Diffusion Models. ICLR 2022.
    arXiv:2202.00512.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from studykit.diffusion.bounds import bound_term
from studykit.diffusion.model import Diffusion
from studykit.diffusion.schedules import Schedule, linear_schedule
from studykit.diffusion.sdes import ChainSDE
from studykit.diffusion.tensors import like
from studykit.noise import Noise

__all__ = ["DDPM", "Prediction"]


class Prediction(NamedTuple):
    r"""What the network says about $x_t$, in every form.

    Attributes:
        eps: The noise $\epsilon_\theta$, shaped as $x_t$.
        x_0: The data $\hat{x}_0$, shaped as $x_t$.
        share: Where the learned variance lies between $\tilde\beta_t$ (0) and $\beta_t$ (1), on a
            logarithmic scale, shaped as $x_t$; `None` if the variance is not learned.

    Source: Ho et al. (2020), Eq. 15; Nichol, Dhariwal (2021), Eq. 15, for `share`.

    Examples:
        >>> ddpm = DDPM(lambda x_t, t: 0 * x_t, Schedule([0.36, 0.75]))
        >>> ddpm.predict(torch.tensor([[2.0]]), torch.tensor([2])).x_0
        tensor([[5.]])
    """

    eps: Tensor
    x_0: Tensor
    share: Tensor | None


class DDPM(Diffusion):
    r"""The forward process, the reverse process and the loss of a DDPM.

    Works on data of any shape, `(B, ...)`: the first axis counts examples, and each has its own
    step $t$. Samples are drawn by `studykit.diffusion.samplers`, `ancestral` for the paper's
    Algorithm 2.

    Args:
        network: Takes $x_t$ of shape `(B, ...)` and $t$ in $1 \ldots T$ of shape `(B,)`, gives a
            tensor shaped as $x_t$: what `prediction` says. A network, or a formula. With learned
            variances it gives twice as many channels (axis 1), the second half of them $v$.
        schedule: The noise schedule; by default the paper's, linear with $T = 1000$.
        prediction: `"eps"`: the noise. `"x_0"`: the data. `"v"`: the velocity
            $\sqrt{\bar\alpha_t}\, \epsilon - \sqrt{1 - \bar\alpha_t}\, x_0$.
        variance: The reverse process's $\sigma_t^2$ (section 3.2): `"beta"` is $\beta_t$ (fixed,
            large), best when the data are $\mathcal{N}(0, I)$; `"beta_tilde"` is $\tilde\beta_t$
            of Eq. 7 (fixed, small), best when the data are one point. They bound the best choice
            from above and below; `"learned"` lets the network choose between them.

    Attributes:
        sde: The chain as an SDE, for the samplers; time $t$ is step $t\, T$.

    Raises:
        ValueError: If `prediction` or `variance` is none of these.

    Source: Ho et al. (2020); Salimans, Ho (2022), section 4, for `"v"`; Nichol, Dhariwal (2021),
        section 3.1, for `"learned"`.

    Examples:
        If the data are $\mathcal{N}(0, I)$, so is every $x_t$, and the best guess of the noise is
        known:

        >>> from studykit.diffusion.samplers import ancestral
        >>> schedule = linear_schedule(T=100, beta_T=0.2)
        >>> sigma = (1 - schedule.alpha_bar).sqrt().float()
        >>> ddpm = DDPM(lambda x_t, t: sigma[t][:, None] * x_t, schedule)
        >>> round(ancestral(ddpm, (10_000, 2), steps=100).std().item(), 1)
        1.0
    """

    sde: ChainSDE

    def __init__(
        self,
        network: Callable[[Tensor, Tensor], Tensor],
        schedule: Schedule | None = None,
        *,
        prediction: Literal["eps", "x_0", "v"] = "eps",
        variance: Literal["beta", "beta_tilde", "learned"] = "beta",
    ) -> None:
        if prediction not in ("eps", "x_0", "v"):
            raise ValueError(f"prediction must be 'eps', 'x_0' or 'v', not {prediction!r}")
        if variance not in ("beta", "beta_tilde", "learned"):
            raise ValueError(
                f"variance must be 'beta', 'beta_tilde' or 'learned', not {variance!r}"
            )
        self.network = network
        self.schedule = linear_schedule() if schedule is None else schedule
        self.prediction = prediction
        self.variance = variance
        self.sde = ChainSDE(self.schedule)
        beta, alpha_bar = self.schedule.beta, self.schedule.alpha_bar
        # In a chain of one step there is no second one.
        self._beta_tilde_first = (
            (1 - alpha_bar[1]) / (1 - alpha_bar[2]) * beta[2] if self.schedule.T > 1 else beta[1]
        )

    # --- the forward process (section 2) --------------------------------------------------------

    def q_sample(self, x_0: Tensor, t: Tensor, eps: Tensor) -> Tensor:
        r"""Jump from the data to step $t$ at once.

        $$x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon$$

        Args:
            x_0: Data, shape `(B, ...)`.
            t: Steps in $0 \ldots T$, shape `(B,)`; step 0 returns the data.
            eps: Standard normal noise, shaped as `x_0`.

        Returns:
            $x_t$, a draw of $q(x_t \mid x_0)$, shaped as `x_0`.

        Raises:
            ValueError: If a step lies outside the schedule.

        Source: Ho et al. (2020), Eq. 4, in the form of Eq. 9's $x_t(x_0, \epsilon)$.

        Examples:
            >>> ddpm = DDPM(lambda x_t, t: x_t, Schedule([0.36, 0.5]))
            >>> ddpm.q_sample(torch.tensor([[1.0]]), torch.tensor([1]), torch.tensor([[10.0]]))
            tensor([[6.8000]])
        """
        alpha_bar = self._table(self.schedule.alpha_bar, t, first=0)
        return like(alpha_bar.sqrt(), x_0) * x_0 + like((1 - alpha_bar).sqrt(), x_0) * eps

    def q_posterior(self, x_0: Tensor, x_t: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        r"""Tell where $x_{t-1}$ was, when both ends are known: $q(x_{t-1} \mid x_t, x_0)$.

        $$\tilde\mu_t = \frac{\sqrt{\bar\alpha_{t-1}}\, \beta_t}{1 - \bar\alpha_t} x_0
        + \frac{\sqrt{\alpha_t} (1 - \bar\alpha_{t-1})}{1 - \bar\alpha_t} x_t, \qquad
        \tilde\beta_t = \frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t$$

        At the first step $\bar\alpha_0 = 1$: the mean is $x_0$ and the variance 0.

        Args:
            x_0: Data, shape `(B, ...)`.
            x_t: The data at step $t$, shaped as `x_0`.
            t: Steps in $1 \ldots T$, shape `(B,)`.

        Returns:
            The mean $\tilde\mu_t$, shaped as `x_0`, and the variance $\tilde\beta_t$, shape
            `(B, 1, ..., 1)`.

        Raises:
            ValueError: If a step lies outside $1 \ldots T$.

        Source: Ho et al. (2020), Eqs. 6 and 7.

        Examples:
            >>> ddpm = DDPM(lambda x_t, t: x_t)
            >>> ddpm.q_posterior(torch.tensor([[0.25]]), torch.tensor([[0.5]]), torch.tensor([1]))
            (tensor([[0.2500]]), tensor([[0.]]))
        """
        beta, alpha, alpha_bar, alpha_bar_prev = self._tables(t)
        of_x_0 = alpha_bar_prev.sqrt() * beta / (1 - alpha_bar)
        of_x_t = alpha.sqrt() * (1 - alpha_bar_prev) / (1 - alpha_bar)
        beta_tilde = (1 - alpha_bar_prev) / (1 - alpha_bar) * beta
        return like(of_x_0, x_0) * x_0 + like(of_x_t, x_0) * x_t, like(beta_tilde, x_0)

    # --- the reverse process (section 3.2) ------------------------------------------------------

    def predict(self, x_t: Tensor, t: Tensor) -> Prediction:
        r"""Ask the network, and translate its answer.

        $$\hat{x}_0 = \frac{x_t - \sqrt{1 - \bar\alpha_t}\, \epsilon}{\sqrt{\bar\alpha_t}},
        \qquad \epsilon = \sqrt{1 - \bar\alpha_t}\, x_t + \sqrt{\bar\alpha_t}\, v$$

        Args:
            x_t: The data at step $t$, shape `(B, ...)`.
            t: Steps in $1 \ldots T$, shape `(B,)`.

        Returns:
            The noise and the data in `x_t`, and the share of the learned variance.

        Raises:
            ValueError: If a step lies outside $1 \ldots T$, or the network's answer has another
                shape than it should.

        Source: Ho et al. (2020), Eq. 15; Salimans, Ho (2022), section 4, for `"v"`.

        Examples:
            >>> ddpm = DDPM(lambda x_t, t: 0 * x_t, Schedule([0.36, 0.75]), prediction="v")
            >>> ddpm.predict(torch.tensor([[2.0]]), torch.tensor([1])).x_0
            tensor([[1.6000]])
        """
        return self._translate(x_t, t, self._table(self.schedule.alpha_bar, t, first=1))

    def p_mean_variance(self, x_t: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        r"""Give the mean and the variance of one reverse step, $p_\theta(x_{t-1} \mid x_t)$.

        $$\mu_\theta(x_t, t) = \frac{1}{\sqrt{\alpha_t}} \left(x_t
        - \frac{\beta_t}{\sqrt{1 - \bar\alpha_t}} \epsilon_\theta(x_t, t)\right)$$

        It is $\tilde\mu_t$ of Eq. 7 with the estimate $\hat{x}_0$ in place of the data. Since
        $\tilde\beta_1 = 0$ would make the decoder of $L_0$ a point, $\tilde\beta_2$ stands in for
        it, as in the paper's code; the sampler adds no noise at that step.

        Args:
            x_t: The data at step $t$, shape `(B, ...)`.
            t: Steps in $1 \ldots T$, shape `(B,)`.

        Returns:
            The mean $\mu_\theta$, shaped as `x_t`, and the variance $\sigma_t^2$, shape
            `(B, 1, ..., 1)`, or as `x_t` where it is learned.

        Raises:
            ValueError: If a step lies outside $1 \ldots T$.

        Source: Ho et al. (2020), Eqs. 1 and 11 for the mean, section 3.2 for the variance; Nichol,
            Dhariwal (2021), Eq. 15, for the learned one.

        Examples:
            >>> ddpm = DDPM(lambda x_t, t: 0 * x_t, Schedule([0.36, 0.75]))
            >>> ddpm.p_mean_variance(torch.tensor([[2.0]]), torch.tensor([2]))
            (tensor([[4.]]), tensor([[0.7500]]))
        """
        return self._step(x_t, t, self.predict(x_t, t))

    def _step(self, x_t: Tensor, t: Tensor, predicted: Prediction) -> tuple[Tensor, Tensor]:
        beta, alpha, alpha_bar, alpha_bar_prev = self._tables(t)
        of_eps = beta / (1 - alpha_bar).sqrt()
        mean = (x_t - like(of_eps, x_t) * predicted.eps) / like(alpha.sqrt(), x_t)
        beta_tilde = (1 - alpha_bar_prev) / (1 - alpha_bar) * beta
        beta_tilde = torch.where(t.cpu() == 1, self._beta_tilde_first, beta_tilde)
        return mean, self._between(like(beta_tilde, x_t), like(beta, x_t), predicted.share)

    # --- for the samplers -----------------------------------------------------------------------

    def score(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102  (as in Diffusion)
        return -self.eps(x, t) / like(self.sde.sigma(t), x)

    def eps(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102
        return self._at_time(x, t).eps

    def reverse_transition(self, x: Tensor, t: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
        r"""Give the mean and the variance of a step from time $t$ back to $s$, of any length.

        From $i / T$ to $(i - 1) / T$ it is `p_mean_variance`; longer steps are those of the chain
        that leaves the steps between out.

        Args:
            x: States at $t$, shape `(B, ...)`.
            t: Times in $(0, 1]$, shape `(B,)`.
            s: Earlier times, shape `(B,)`.

        Returns:
            The mean, shaped as `x`, and the variance, shape `(B, 1, ..., 1)` or as `x`.

        Source: Ho et al. (2020), Eqs. 7 and 11; Nichol, Dhariwal (2021), section 4.
        """
        _, x_0, share = self._at_time(x, t)
        mean, small = self.sde.posterior(x_0, x, t, s)
        large = like(self.sde.transition(s, t)[1].square(), x)
        return mean, self._between(small, large, share)

    # --- training (section 3.4, Algorithm 1) ----------------------------------------------------

    def loss(self, x_0: Tensor, noise: Noise, levels: int = 256) -> Tensor:
        r"""Ask the network for the noise at a random step of each example.

        $$L_\text{simple}(\theta) = \mathbb{E}_{t, x_0, \epsilon}
        \left\| \epsilon - \epsilon_\theta\left(\sqrt{\bar\alpha_t}\, x_0
        + \sqrt{1 - \bar\alpha_t}\, \epsilon,\ t\right) \right\|^2, \quad t \sim U\{1..T\}$$

        A network that predicts $x_0$ or $v$ is judged on what it predicts. Where the variance is
        learned, a thousandth of the variational bound is added, which teaches the variance alone
        ($L_\text{hybrid}$).

        Args:
            x_0: Data, shape `(B, ...)`.
            noise: The source of $t$ and $\epsilon$, one stream for each example.
            levels: Grey levels of the data, for the bound's decoder where the variance is learned.

        Returns:
            The squared error, averaged over the batch and over the elements of an example; a
            scalar. (The paper's norm sums over the elements; the mean makes a loss of 1 mean
            "predicts nothing".)

        Source: Ho et al. (2020), Eq. 14 and Algorithm 1; Nichol, Dhariwal (2021), Eq. 16.

        Examples:
            >>> ddpm = DDPM(lambda x_t, t: torch.zeros_like(x_t))
            >>> ddpm.loss(torch.zeros(1000, 3, 8, 8), Noise(seed=0, n=1000)).round(decimals=1)
            tensor(1.)
        """
        t = 1 + (noise.uniform() * self.schedule.T).long()
        eps = noise.normal(x_0.shape[1:]).to(x_0)
        x_t = self.q_sample(x_0, t, eps)
        predicted = self.predict(x_t, t)
        if self.prediction == "eps":
            error = eps - predicted.eps
        elif self.prediction == "x_0":
            error = x_0 - predicted.x_0
        else:
            alpha_bar = like(self._table(self.schedule.alpha_bar, t, first=1), x_0)
            error = alpha_bar.sqrt() * (eps - predicted.eps)
            error = error - (1 - alpha_bar).sqrt() * (x_0 - predicted.x_0)
        simple = error.square().mean()
        if predicted.share is None:
            return simple
        mean, variance = self._step(x_t, t, predicted)
        nats = bound_term(self, x_0, x_t, t, mean.detach(), variance, levels)
        bits_per_dim = nats.mean() / (math.log(2) * x_0[0].numel())
        return simple + 1e-3 * self.schedule.T * bits_per_dim

    # --- the network's answer -------------------------------------------------------------------

    def _at_time(self, x: Tensor, t: Tensor) -> Prediction:
        step = t.cpu().double() * self.schedule.T
        # A time that is a step of the chain, but for rounding, is that step.
        whole = step.round()
        if bool(((step - whole).abs() < 1e-6).all()):
            step = whole.long()
        return self._translate(x, step, self.sde.alpha(t).square())

    def _translate(self, x_t: Tensor, t: Tensor, alpha_bar: Tensor) -> Prediction:
        answer, share = self.network(x_t, t.to(x_t.device)), None
        if self.variance == "learned":
            if answer.shape[1] != 2 * x_t.shape[1]:
                raise ValueError(
                    f"with learned variances the network must give twice {x_t.shape[1]} channels, "
                    f"not {answer.shape[1]}"
                )
            answer, v = answer.chunk(2, dim=1)
            share = (v + 1) / 2
        if answer.shape != x_t.shape:
            raise ValueError(f"the network gave {tuple(answer.shape)} for {tuple(x_t.shape)}")
        scale, sigma = like(alpha_bar.sqrt(), x_t), like((1 - alpha_bar).sqrt(), x_t)
        if self.prediction == "eps":
            return Prediction(answer, (x_t - sigma * answer) / scale, share)
        if self.prediction == "x_0":
            return Prediction((x_t - scale * answer) / sigma, answer, share)
        return Prediction(sigma * x_t + scale * answer, scale * x_t - sigma * answer, share)

    def _between(self, small: Tensor, large: Tensor, share: Tensor | None) -> Tensor:
        """Choose the variance between beta_tilde and beta."""
        if share is None:
            return large if self.variance == "beta" else small
        return large**share * small ** (1 - share)

    # --- the schedule at the steps of a batch ---------------------------------------------------

    def _tables(self, t: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return beta, alpha, alpha_bar and alpha_bar_prev at steps of 1..T, each `(B,)`."""
        schedule = self.schedule
        return (
            self._table(schedule.beta, t, first=1),
            self._table(schedule.alpha, t, first=1),
            self._table(schedule.alpha_bar, t, first=1),
            self._table(schedule.alpha_bar, t - 1, first=0),
        )

    def _table(self, table: Tensor, t: Tensor, first: int) -> Tensor:
        t = t.cpu()
        # An index of -1 would read the table from its end.
        if t.ndim != 1 or bool(((t < first) | (t > self.schedule.T)).any()):
            raise ValueError(
                f"t must hold one step of {first}..{self.schedule.T} for each example, not {t}"
            )
        return table[t]
