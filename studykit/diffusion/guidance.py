r"""Steering a diffusion model: towards a class, and within bounds.

What is wanted enters by Bayes' rule. The score of the data that have the label $y$ is (Song et al.,
Eq. 14)

$$\nabla_x \log p_t(x \mid y) = \nabla_x \log p_t(x) + \nabla_x \log p_t(y \mid x)$$

and the second term comes from a classifier of noisy data, or is the difference between a model that
knows the label and one that does not. A factor before it makes samples more typical of the label,
and less varied.

Each function here turns a `Diffusion` into another one, which any sampler can take.

References:
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
    Dhariwal, Nichol: Diffusion Models Beat GANs on Image Synthesis. NeurIPS 2021. arXiv:2105.05233.
    Ho, Salimans: Classifier-Free Diffusion Guidance. 2022. arXiv:2207.12598.
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor

from studykit.diffusion.model import Diffusion
from studykit.diffusion.tensors import like

__all__ = [
    "Corrected",
    "class_log_prob",
    "classifier_free_guidance",
    "classifier_guidance",
    "clipped",
]


def classifier_guidance(
    model: Diffusion, log_prob: Callable[[Tensor, Tensor], Tensor], scale: float = 1.0
) -> Diffusion:
    r"""Follow a classifier's gradient.

    $$\nabla_x \log p_t(x) + s\, \nabla_x \log p_t(y \mid x)$$

    With $s = 1$ it is the score given $y$; with another one that of a density proportional to
    $p_t(x)\, p_t(y \mid x)^s$, at each time on its own.

    Args:
        model: The model without the label.
        log_prob: $\log p_t(y \mid x)$ of noisy data: takes $x$ of shape `(B, ...)` and $t$ of shape
            `(B,)` in $[0, 1]$, gives a tensor of shape `(B,)` that is differentiable in $x$; the
            value of one example must not depend on the others. For a classifier's logits:
            `class_log_prob`.
        scale: $s$; 0 leaves the model as it is.

    Returns:
        The guided model.

    Source: Song et al. (2021), Eq. 14; Dhariwal, Nichol (2021), Eq. 14 and Algorithm 2, for $s$.

    Examples:
        Data of $\mathcal{N}(0, 1)$, and a label that is the more likely the larger $x$ is:

        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.sdes import VPSDE
        >>> model = ScoreModel(VPSDE(), lambda x, t: -x)
        >>> guided = classifier_guidance(model, lambda x, t: 3 * x[:, 0], scale=2)
        >>> guided.score(torch.zeros(1, 1), torch.ones(1)).round()
        tensor([[6.]])
    """
    return _ClassifierGuided(model, log_prob, scale)


def class_log_prob(
    classifier: Callable[[Tensor, Tensor], Tensor], y: Tensor
) -> Callable[[Tensor, Tensor], Tensor]:
    r"""Make $\log p_t(y \mid x)$ of a classifier's logits.

    Args:
        classifier: Takes $x$ of shape `(B, ...)` and $t$ of shape `(B,)`, gives logits of shape
            `(B, classes)`.
        y: Labels, shape `(B,)`, integers; or of shape `(1,)`, one for all.

    Returns:
        What `classifier_guidance` takes.

    Source: Dhariwal, Nichol (2021), section 4.1.

    Examples:
        >>> log_prob = class_log_prob(lambda x, t: torch.zeros(len(x), 4), torch.tensor([2]))
        >>> log_prob(torch.zeros(3, 1, 8, 8), torch.ones(3)).exp()
        tensor([0.2500, 0.2500, 0.2500])
    """

    def log_prob(x: Tensor, t: Tensor) -> Tensor:
        logits = classifier(x, t)
        chosen = y.to(logits.device).expand(len(logits))[:, None]
        return logits.log_softmax(dim=1).gather(1, chosen)[:, 0]

    return log_prob


def classifier_free_guidance(
    conditional: Diffusion, unconditional: Diffusion, scale: float
) -> Diffusion:
    r"""Go on from what a model says without the label to what it says with it, and beyond.

    $$\tilde\epsilon = (1 + w)\, \epsilon(x, t, y) - w\, \epsilon(x, t)$$

    The convention is the paper's: $w = 0$ is the conditional model, $w = -1$ the unconditional one.
    Other texts and diffusers count $1 + w$ as the scale.

    Args:
        conditional: The model with the label. A network that takes labels becomes one by
            `NoiseModel(sde, functools.partial(network, y=labels))`.
        unconditional: The model without it, of the same process.
        scale: $w$.

    Returns:
        The guided model. Its step back has the variance of the conditional one.

    Raises:
        ValueError: If the two have different processes.

    Source: Ho, Salimans (2022), Eq. 6.

    Examples:
        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.sdes import VPSDE
        >>> with_label, without = (
        ...     ScoreModel(VPSDE(), lambda x, t, mean=mean: mean - x) for mean in (1, 0)
        ... )
        >>> guided = classifier_free_guidance(with_label, without, scale=3)
        >>> guided.score(torch.zeros(1, 1), torch.ones(1))
        tensor([[4.]])
    """
    t = torch.linspace(0.1, 1, 4, dtype=torch.float64)
    for c, u in zip(_clock(conditional, t), _clock(unconditional, t), strict=True):
        if not torch.allclose(c, u):
            raise ValueError("the conditional and the unconditional model have different processes")
    return _ClassifierFree(conditional, unconditional, scale)


def clipped(model: Diffusion, low: float = -1.0, high: float = 1.0) -> Diffusion:
    r"""Keep the estimate of the data where data can be.

    $$\hat{x}_0 \leftarrow \min(\max(\hat{x}_0, \text{low}), \text{high})$$

    and the score and the noise follow from it. DDPM's and DDIM's published samples are made so.

    Args:
        model: The model.
        low: The smallest value that data have.
        high: The largest.

    Returns:
        The clipped model.

    Source: Ho et al. (2020), section 3.3 and the official code (`clip_denoised`).

    Examples:
        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.sdes import VPSDE
        >>> model = clipped(ScoreModel(VPSDE(), lambda x, t: -x))
        >>> model.denoise(torch.tensor([[-9.0, 0.0, 9.0]]), torch.tensor([0.1]))
        tensor([[-1.,  0.,  1.]])
    """
    return _Clipped(model, low, high)


class Corrected(Diffusion):
    r"""A model whose estimate of the data is corrected: what guided and conditioned models are.

    All forms of the model follow from $\hat{x}_0$, so a correction of it is one of all of them. In
    the score it is $\frac{\alpha}{\sigma^2}$ times as large. The step back keeps the variance that
    the model had, such as a DDPM's learned one.

    Args:
        model: The model to correct.

    Attributes:
        sde: The model's process.
        model: The model to correct.

    Source: Efron's and Tweedie's formula, as in `Diffusion.denoise`.

    Examples:
        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.sdes import VESDE
        >>> class Doubled(Corrected):
        ...     def correct(self, x, t, x_0):
        ...         return 2 * x_0
        >>> model = Doubled(ScoreModel(VESDE(), lambda x, t: 0 * x))
        >>> model.denoise(torch.ones(1, 1), torch.tensor([0.5]))
        tensor([[2.]])
    """

    def __init__(self, model: Diffusion) -> None:
        self.model, self.sde = model, model.sde

    @abstractmethod
    def correct(self, x: Tensor, t: Tensor, x_0: Tensor) -> Tensor:
        r"""Correct the estimate.

        Args:
            x: States, shape `(B, ...)`.
            t: Times in $(0, T]$, shape `(B,)`.
            x_0: The model's estimate of the data, shaped as `x`.

        Returns:
            The better one, shaped as `x`.
        """

    def denoise(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102  (as in Diffusion)
        return self.correct(x, t, self.model.denoise(x, t))

    def eps(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102
        alpha, sigma = like(self.sde.alpha(t), x), like(self.sde.sigma(t), x)
        eps = self.model.eps(x, t)
        x_0 = (x - sigma * eps) / alpha
        # Not (x - alpha x_0) / sigma: where nothing is corrected, that would lose digits.
        return eps + alpha / sigma * (x_0 - self.correct(x, t, x_0))

    def score(self, x: Tensor, t: Tensor) -> Tensor:  # noqa: D102
        return -self.eps(x, t) / like(self.sde.sigma(t), x)

    def reverse_transition(self, x: Tensor, t: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:  # noqa: D102
        mean, variance = self.model.reverse_transition(x, t, s)
        # The mean is a x_0 + b x: b x is it at x_0 = 0, and a at x_0 = 1 and x = 0.
        zero = torch.zeros_like(x)
        of_x_0, of_x = (
            self.sde.posterior(zero + 1, zero, t, s)[0],
            self.sde.posterior(zero, x, t, s)[0],
        )
        x_0 = self.correct(x, t, (mean - of_x) / of_x_0)
        return of_x_0 * x_0 + of_x, variance


class _ClassifierGuided(Corrected):
    def __init__(
        self, model: Diffusion, log_prob: Callable[[Tensor, Tensor], Tensor], scale: float
    ) -> None:
        super().__init__(model)
        self.log_prob, self.scale = log_prob, scale

    def correct(self, x: Tensor, t: Tensor, x_0: Tensor) -> Tensor:
        sigma, alpha = like(self.sde.sigma(t), x), like(self.sde.alpha(t), x)
        return x_0 + self.scale * sigma.square() / alpha * self._gradient(x, t)

    def eps(self, x: Tensor, t: Tensor) -> Tensor:
        # As Corrected has it, but without the detour, which would lose digits.
        return self.model.eps(x, t) - self.scale * like(self.sde.sigma(t), x) * self._gradient(x, t)

    def _gradient(self, x: Tensor, t: Tensor) -> Tensor:
        keep = torch.is_grad_enabled() and x.requires_grad  # a likelihood differentiates the score
        with torch.enable_grad():
            x = x if keep else x.detach().requires_grad_()
            total = self.log_prob(x, t).sum()
            (gradient,) = torch.autograd.grad(total, x, create_graph=keep)
        return gradient


class _ClassifierFree(Diffusion):
    def __init__(self, conditional: Diffusion, unconditional: Diffusion, scale: float) -> None:
        self.conditional, self.unconditional, self.scale = conditional, unconditional, scale
        self.sde = conditional.sde

    def score(self, x: Tensor, t: Tensor) -> Tensor:
        return self._mix(self.conditional.score(x, t), self.unconditional.score(x, t))

    def eps(self, x: Tensor, t: Tensor) -> Tensor:
        return self._mix(self.conditional.eps(x, t), self.unconditional.eps(x, t))

    def denoise(self, x: Tensor, t: Tensor) -> Tensor:
        return self._mix(self.conditional.denoise(x, t), self.unconditional.denoise(x, t))

    def reverse_transition(self, x: Tensor, t: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
        mean, variance = self.conditional.reverse_transition(x, t, s)
        return self._mix(mean, self.unconditional.reverse_transition(x, t, s)[0]), variance

    def _mix(self, conditional: Tensor, unconditional: Tensor) -> Tensor:
        # Each form is linear in the noise, with weights that sum to 1.
        return (1 + self.scale) * conditional - self.scale * unconditional


class _Clipped(Corrected):
    def __init__(self, model: Diffusion, low: float, high: float) -> None:
        super().__init__(model)
        self.low, self.high = low, high

    def correct(self, x: Tensor, t: Tensor, x_0: Tensor) -> Tensor:  # noqa: ARG002
        return x_0.clamp(self.low, self.high)


def _clock(model: Diffusion, t: Tensor) -> tuple[Tensor, Tensor]:
    return model.sde.alpha(t), model.sde.sigma(t)
