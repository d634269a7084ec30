r"""What every sampler takes: a process, and the score of its marginals.

A diffusion model knows one thing about the data, in any of four forms that are linear in each
other. With $x_t = \alpha(t)\, x_0 + \sigma(t)\, \epsilon$:

| form | meaning | in terms of the score |
| --- | --- | --- |
| score | $\nabla_x \log p_t(x_t)$ | |
| noise | $\mathbb{E}[\epsilon \mid x_t]$ | $-\sigma(t)\, \text{score}$ |
| denoised | $\mathbb{E}[x_0 \mid x_t]$ | $(x_t + \sigma(t)^2\, \text{score}) / \alpha(t)$ |
| velocity | $\mathbb{E}[\alpha \epsilon - \sigma x_0 \mid x_t]$ | from the two above |

So a model is `Diffusion`: an `SDE` and a `score`. A formula becomes one by `ScoreModel`, a network
by `NoiseModel` (Song et al.) or `DDPM` (Ho et al.), and a guided or conditioned model is one again.

References:
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
    Efron: Tweedie's Formula and Selection Bias. JASA 2011.
    Karras, Aittala, Aila, Laine: Elucidating the Design Space of Diffusion-Based Generative Models.
    NeurIPS 2022. arXiv:2206.00364.
    Salimans, Ho: Progressive Distillation for Fast Sampling of Diffusion Models. ICLR 2022.
    arXiv:2202.00512.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from torch import Tensor

from studykit.diffusion.sdes import SDE
from studykit.diffusion.tensors import like

__all__ = ["Diffusion", "NoiseModel", "ScoreModel", "VelocityModel"]


class Diffusion(ABC):
    r"""A process and the score of its marginals.

    Attributes:
        sde: The process.
    """

    sde: SDE

    @abstractmethod
    def score(self, x: Tensor, t: Tensor) -> Tensor:
        r"""Give $\nabla_x \log p_t(x)$.

        Args:
            x: States, shape `(B, ...)`.
            t: Times in $(0, T]$, shape `(B,)`.

        Returns:
            Shaped as `x`.
        """

    def eps(self, x: Tensor, t: Tensor) -> Tensor:
        r"""Estimate the noise in $x$: $\mathbb{E}[\epsilon \mid x_t] = -\sigma(t)\, \text{score}$.

        Args:
            x: States, shape `(B, ...)`.
            t: Times in $(0, T]$, shape `(B,)`.

        Returns:
            Shaped as `x`.

        Source: Ho et al. (2020), section 3.2; Song et al. (2021), Eq. 3 and the text around it.
        """
        return -like(self.sde.sigma(t), x) * self.score(x, t)

    def denoise(self, x: Tensor, t: Tensor) -> Tensor:
        r"""Estimate the data: $\mathbb{E}[x_0 \mid x_t]$, by Tweedie's formula.

        $$\hat{x}_0 = \frac{x_t + \sigma(t)^2\, \nabla_x \log p_t(x_t)}{\alpha(t)}$$

        Args:
            x: States, shape `(B, ...)`.
            t: Times in $(0, T]$, shape `(B,)`.

        Returns:
            Shaped as `x`.

        Source: Efron (2011), section 1, for data scaled by $\alpha$; Ho et al. (2020), Eq. 15.
        """
        alpha, sigma = like(self.sde.alpha(t), x), like(self.sde.sigma(t), x)
        return (x - sigma * self.eps(x, t)) / alpha

    def reverse_transition(self, x: Tensor, t: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
        r"""Give the mean and the variance of a Gaussian step from $t$ back to $s$.

        It is `SDE.posterior` with the estimate $\hat{x}_0$ in place of the data.

        Args:
            x: States at $t$, shape `(B, ...)`.
            t: Times in $(0, T]$, shape `(B,)`.
            s: Earlier times, shape `(B,)`.

        Returns:
            The mean, shaped as `x`, and the variance, shape `(B, 1, ..., 1)` or as `x`.

        Source: Ho et al. (2020), Eq. 11; Song et al. (2021), Eq. 4, and Appendix F for VE.
        """
        return self.sde.posterior(self.denoise(x, t), x, t, s)


class ScoreModel(Diffusion):
    r"""A process with a formula for its score.

    A formula holds at every time, from 0 to $T$; `log_likelihood` relies on it. A network, which
    knows the score from `sde.eps` on, is a `NoiseModel` or a subclass of `Diffusion` of its own.

    Args:
        sde: The process.
        score: $\nabla_x \log p_t(x)$: takes `x` of shape `(B, ...)` and `t` of shape `(B,)`.

    Source: Song et al. (2021), section 3.3.

    Examples:
        Data at one point, 0, have the score $-x / \sigma(t)^2$:

        >>> import torch
        >>> from studykit.diffusion.sdes import VESDE
        >>> sde = VESDE()
        >>> model = ScoreModel(sde, lambda x, t: -x / sde.sigma(t)[:, None].square())
        >>> model.denoise(torch.full((1, 2), 7.0, dtype=torch.float64), torch.tensor([0.5]))
        tensor([[0., 0.]], dtype=torch.float64)
    """

    def __init__(self, sde: SDE, score: Callable[[Tensor, Tensor], Tensor]) -> None:
        self.sde = sde
        self._score = score

    def score(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102  (as in Diffusion)
        return self._score(x, t)


class NoiseModel(Diffusion):
    r"""A process with a network that tells the noise in $x_t$.

    $$\nabla_x \log p_t(x) = -\frac{1}{\sigma(t)}\,
    \epsilon_\theta\left(\frac{x}{\sqrt{\alpha(t)^2 + \sigma(t)^2}},\ 1000\, t\right)$$

    The division by $\sigma$ is what a network must not have to learn: scores grow without bound
    towards the data. The network sees $x$ scaled to a variance of about 1 whatever the process
    (for VP that changes nothing), and the time on the scale of `time_embedding`. For VE that is the
    scale of $\log \sigma$ too, since $\log \varsigma(t)$ is linear in $t$.

    Args:
        sde: The process.
        network: $\epsilon_\theta$: takes `(B, ...)` and `(B,)`, gives a tensor shaped as the first.

    Source: Song, Ermon (2020), Technique 3, for the $1 / \sigma$; Karras et al. (2022), section 5
        and Table 1 ($c_\text{in}$), for the input's scale.

    Examples:
        >>> import torch
        >>> from studykit.diffusion.sdes import VPSDE
        >>> model = NoiseModel(VPSDE(), lambda x, time: torch.ones_like(x))
        >>> model.eps(torch.zeros(1, 3), torch.tensor([0.5]))
        tensor([[1., 1., 1.]])
    """

    def __init__(self, sde: SDE, network: Callable[[Tensor, Tensor], Tensor]) -> None:
        self.sde = sde
        self.network = network

    def score(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102  (as in Diffusion)
        return -self.eps(x, t) / like(self.sde.sigma(t), x)

    def eps(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102
        size = (self.sde.alpha(t).square() + self.sde.sigma(t).square()).sqrt()
        return self.network(x / like(size, x), (1000 * t).to(x.dtype).to(x.device))


class VelocityModel(Diffusion):
    r"""A process with a network that tells the velocity, which is good at all noise levels.

    $$v = a\, \epsilon - s\, x_0, \qquad \hat{\epsilon} = s\, \tilde{x} + a\, v_\theta(\tilde{x},
    1000\, t), \qquad \hat{x}_0 = a\, \tilde{x} - s\, v_\theta(\tilde{x}, 1000\, t)$$

    with $\tilde{x} = x / \sqrt{\alpha^2 + \sigma^2}$ and $a$, $s$ its shares of data and noise.
    Near the data $v$ is the noise, near the prior it is the data. A network that tells the noise
    must copy its input there, and what it copies wrongly is divided by $\alpha$ in $\hat{x}_0$: at
    $\alpha = 0.0066$ (VP at $t = 1$) an error of 0.03 becomes one of 4.5, more than the data.

    Args:
        sde: The process.
        network: $v_\theta$: takes `(B, ...)` and `(B,)`, gives a tensor shaped as the first.

    Source: Salimans, Ho (2022), section 4 and Appendix D, for VP; with the input scaled as by
        Karras et al. (2022), Table 1, the same holds for every SDE.

    Examples:
        >>> import torch
        >>> from studykit.diffusion.sdes import VPSDE
        >>> model = VelocityModel(VPSDE(), lambda x, time: torch.zeros_like(x))
        >>> model.denoise(torch.ones(1, 3), torch.tensor([1.0])).round(decimals=4)
        tensor([[0.0066, 0.0066, 0.0066]])
    """

    def __init__(self, sde: SDE, network: Callable[[Tensor, Tensor], Tensor]) -> None:
        self.sde = sde
        self.network = network

    def score(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102  (as in Diffusion)
        return -self.eps(x, t) / like(self.sde.sigma(t), x)

    def eps(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102
        x, a, s = self._scaled(x, t)
        return s * x + a * self._velocity(x, t)

    def denoise(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102
        x, a, s = self._scaled(x, t)
        return a * x - s * self._velocity(x, t)

    def _scaled(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        alpha, sigma = self.sde.alpha(t), self.sde.sigma(t)
        size = (alpha.square() + sigma.square()).sqrt()
        return x / like(size, x), like(alpha / size, x), like(sigma / size, x)

    def _velocity(self, x: Tensor, t: Tensor) -> Tensor:
        return self.network(x, (1000 * t).to(x.dtype).to(x.device))
