r"""Denoising diffusion probabilistic models, in the order of the paper.

Data $x_0$ becomes noise in $T$ small Gaussian steps (section 2, Eq. 2):

$$q(x_t \mid x_{t-1}) = \mathcal{N}\left(x_t;\ \sqrt{1 - \beta_t}\, x_{t-1},\ \beta_t I\right)$$

A network that can tell the noise $\epsilon$ in $x_t$ from the data can undo a step, because the
reverse of a small Gaussian step is nearly Gaussian too (Eq. 1):

$$p_\theta(x_{t-1} \mid x_t) = \mathcal{N}\left(x_{t-1};\ \mu_\theta(x_t, t),\ \sigma_t^2 I\right)$$

Steps count as in the paper: $t = 1 \ldots T$, and $x_0$ is the data.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import torch
from rich.console import Console
from rich.progress import track
from torch import Tensor

from studykit.diffusion.schedules import Schedule, linear_schedule

__all__ = ["DDPM"]


class DDPM:
    r"""The forward process, the loss and the sampler of a DDPM.

    Works on data of any shape, `(B, ...)`: the first axis counts examples, and each has its own
    step $t$.

    Args:
        eps_theta: Predicts the noise, $\epsilon_\theta(x_t, t)$: takes $x_t$ of shape `(B, ...)`
            and $t$ in $1 \ldots T$ of shape `(B,)`, gives a tensor shaped as $x_t$. A network, or a
            formula.
        schedule: The noise schedule; by default the paper's, linear with $T = 1000$.
        variance: The reverse process's $\sigma_t^2$ (section 3.2): `"beta"` is $\beta_t$, best when
            the data are $\mathcal{N}(0, I)$; `"beta_tilde"` is $\tilde\beta_t$ of Eq. 7, best when
            the data are one point. They bound the best choice from above and below.

    Raises:
        ValueError: If `variance` is neither.

    Examples:
        If the data are $\mathcal{N}(0, I)$, so is every $x_t$, and the best guess of the noise is
        known:

        >>> schedule = linear_schedule(T=100, beta_T=0.2)
        >>> sigma = (1 - schedule.alpha_bar).sqrt().float()
        >>> ddpm = DDPM(lambda x_t, t: sigma[t][:, None] * x_t, schedule)
        >>> x_0 = ddpm.sample((10_000, 2), generator=torch.Generator().manual_seed(0))
        >>> round(x_0.std().item(), 1)
        1.0
    """

    def __init__(
        self,
        eps_theta: Callable[[Tensor, Tensor], Tensor],
        schedule: Schedule | None = None,
        variance: Literal["beta", "beta_tilde"] = "beta",
    ) -> None:
        if variance not in ("beta", "beta_tilde"):
            raise ValueError(f"variance must be 'beta' or 'beta_tilde', not {variance!r}")
        self.eps_theta = eps_theta
        self.schedule = linear_schedule() if schedule is None else schedule
        self.variance = variance

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
        return _like(alpha_bar.sqrt(), x_0) * x_0 + _like((1 - alpha_bar).sqrt(), x_0) * eps

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
        return _like(of_x_0, x_0) * x_0 + _like(of_x_t, x_0) * x_t, _like(beta_tilde, x_0)

    # --- the reverse process (section 3.2) ------------------------------------------------------

    def predict_x0(self, x_t: Tensor, t: Tensor, eps: Tensor) -> Tensor:
        r"""Estimate the data from $x_t$ and the noise in it: Eq. 4 solved for $x_0$.

        $$\hat{x}_0 = \frac{x_t - \sqrt{1 - \bar\alpha_t}\, \epsilon}{\sqrt{\bar\alpha_t}}$$

        Args:
            x_t: The data at step $t$, shape `(B, ...)`.
            t: Steps in $1 \ldots T$, shape `(B,)`.
            eps: The noise in $x_t$, or the network's guess of it; shaped as `x_t`.

        Returns:
            $\hat{x}_0$, shaped as `x_t`.

        Raises:
            ValueError: If a step lies outside $1 \ldots T$.

        Source: Ho et al. (2020), Eq. 15.

        Examples:
            >>> ddpm = DDPM(lambda x_t, t: x_t, Schedule([0.36, 0.5]))
            >>> ddpm.predict_x0(torch.tensor([[6.8]]), torch.tensor([1]), torch.tensor([[10.0]]))
            tensor([[1.0000]])
        """
        _, _, alpha_bar, _ = self._tables(t)
        return (x_t - _like((1 - alpha_bar).sqrt(), x_t) * eps) / _like(alpha_bar.sqrt(), x_t)

    def p_mean_variance(self, x_t: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        r"""Give the mean and the variance of one reverse step, $p_\theta(x_{t-1} \mid x_t)$.

        $$\mu_\theta(x_t, t) = \frac{1}{\sqrt{\alpha_t}} \left(x_t
        - \frac{\beta_t}{\sqrt{1 - \bar\alpha_t}} \epsilon_\theta(x_t, t)\right)$$

        It is $\tilde\mu_t$ of Eq. 7 with the estimate $\hat{x}_0$ in place of the data.

        Args:
            x_t: The data at step $t$, shape `(B, ...)`.
            t: Steps in $1 \ldots T$, shape `(B,)`.

        Returns:
            The mean $\mu_\theta$, shaped as `x_t`, and the variance $\sigma_t^2$, shape
            `(B, 1, ..., 1)`.

        Raises:
            ValueError: If a step lies outside $1 \ldots T$.

        Source: Ho et al. (2020), Eq. 11 for the mean, section 3.2 for the variance.

        Examples:
            >>> ddpm = DDPM(lambda x_t, t: 0 * x_t, Schedule([0.36, 0.75]))
            >>> ddpm.p_mean_variance(torch.tensor([[2.0]]), torch.tensor([2]))
            (tensor([[4.]]), tensor([[0.7500]]))
        """
        beta, alpha, alpha_bar, alpha_bar_prev = self._tables(t)
        eps = self.eps_theta(x_t, t.to(x_t.device))
        mean = (x_t - _like(beta / (1 - alpha_bar).sqrt(), x_t) * eps) / _like(alpha.sqrt(), x_t)
        beta_tilde = (1 - alpha_bar_prev) / (1 - alpha_bar) * beta
        return mean, _like(beta if self.variance == "beta" else beta_tilde, x_t)

    # --- training (section 3.4, Algorithm 1) ----------------------------------------------------

    def loss(self, x_0: Tensor, generator: torch.Generator | None = None) -> Tensor:
        r"""Ask the network for the noise at a random step of each example.

        $$L_\text{simple}(\theta) = \mathbb{E}_{t, x_0, \epsilon}
        \left\| \epsilon - \epsilon_\theta\left(\sqrt{\bar\alpha_t}\, x_0
        + \sqrt{1 - \bar\alpha_t}\, \epsilon,\ t\right) \right\|^2, \quad t \sim U\{1, \ldots, T\}$$

        Args:
            x_0: Data, shape `(B, ...)`.
            generator: The source of $t$ and $\epsilon$; by default PyTorch's global one.

        Returns:
            The squared error, averaged over the batch and over the elements of an example; a
            scalar. (The paper's norm sums over the elements; the mean makes a loss of 1 mean
            "predicts nothing".)

        Source: Ho et al. (2020), Eq. 14 and Algorithm 1.

        Examples:
            >>> ddpm = DDPM(lambda x_t, t: torch.zeros_like(x_t))
            >>> ddpm.loss(torch.zeros(1000, 3, 8, 8)).round(decimals=1)
            tensor(1.)
        """
        t = torch.randint(
            1, self.schedule.T + 1, (len(x_0),), generator=generator, device=_device(generator)
        )
        eps = _normal(x_0.shape, generator).to(x_0)
        x_t = self.q_sample(x_0, t, eps)
        return (eps - self.eps_theta(x_t, t.to(x_t.device))).square().mean()

    # --- sampling (Algorithm 2) -----------------------------------------------------------------

    def sample(
        self,
        shape: Sequence[int],
        *,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
        progress: bool = False,
    ) -> Tensor:
        r"""Draw new data: start from noise and take all $T$ reverse steps.

        Args:
            shape: The shape of the result, `(B, ...)`.
            generator: The source of all noise; by default PyTorch's global one. The same seed gives
                the same samples.
            device: Where the network is. The noise is drawn where the generator is.
            progress: Show a progress bar, on standard error.

        Returns:
            $x_0$, of shape `shape`.

        Source: Ho et al. (2020), Algorithm 2.

        Examples:
            >>> ddpm = DDPM(lambda x_t, t: x_t, linear_schedule(T=10))
            >>> ddpm.sample((5, 1, 8, 8)).shape
            torch.Size([5, 1, 8, 8])
        """
        steps = self.trajectory(_normal(shape, generator).to(device), generator)
        bar = Console(stderr=True)  # Standard output belongs to results.
        total = self.schedule.T + 1
        for _, x in track(steps, "sampling", total=total, console=bar, disable=not progress):
            x_0 = x
        return x_0

    @torch.no_grad()
    def trajectory(
        self,
        x_T: Tensor,
        generator: torch.Generator | None = None,
    ) -> Iterator[tuple[int, Tensor]]:
        r"""Walk from noise to data, one reverse step at a time.

        $$x_{t-1} = \mu_\theta(x_t, t) + \sigma_t z, \quad z \sim \mathcal{N}(0, I)
        \text{ if } t > 1, \text{ else } z = 0$$

        Args:
            x_T: The noise to begin with, shape `(B, ...)`.
            generator: The source of $z$; by default PyTorch's global one.

        Yields:
            $t$ and $x_t$ for $t = T, T - 1, \ldots, 0$: the noise, every state between, and the
            data.

        Source: Ho et al. (2020), Algorithm 2.

        Examples:
            >>> ddpm = DDPM(lambda x_t, t: x_t, linear_schedule(T=3))
            >>> [t for t, x_t in ddpm.trajectory(torch.randn(5, 2))]
            [3, 2, 1, 0]
        """
        x = x_T
        yield self.schedule.T, x
        for t in range(self.schedule.T, 0, -1):
            mean, variance = self.p_mean_variance(x, torch.full((len(x),), t))
            # The last step gives the data, not noisy data: z = 0.
            x = mean + variance.sqrt() * _normal(x.shape, generator).to(x) if t > 1 else mean
            yield t - 1, x

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


def _like(coefficient: Tensor, x: Tensor) -> Tensor:
    """Give a factor `(B,)` the type, place and rank of `x`: `(B, 1, ..., 1)`."""
    # Cast before moving: not every device has double precision.
    return coefficient.to(x.dtype).to(x.device).reshape(-1, *[1] * (x.ndim - 1))


def _normal(shape: Sequence[int], generator: torch.Generator | None) -> Tensor:
    return torch.randn(tuple(shape), generator=generator, device=_device(generator))


def _device(generator: torch.Generator | None) -> torch.device:
    return torch.device("cpu") if generator is None else generator.device
