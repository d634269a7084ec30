r"""Ancestral sampling: undo the forward process step by step.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole: Score-Based Generative Modeling through
    Stochastic Differential Equations. ICLR 2021. arXiv:2011.13456.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from torch import Tensor

from studykit.diffusion.model import Diffusion
from studykit.diffusion.samplers.grid import grid
from studykit.diffusion.samplers.run import Run, walk
from studykit.noise import Noise

__all__ = ["ancestral"]


def ancestral(
    model: Diffusion, shape: Sequence[int], steps: int = 1000, **run: Unpack[Run]
) -> Tensor:
    r"""Draw each state from the model's Gaussian step back.

    $$x_s = \mu_\theta(x_t, t, s) + \sigma_{s|t}\, z, \qquad z \sim \mathcal{N}(0, I)$$

    with the mean $\mu_\theta$ and the variance $\sigma_{s|t}^2$ of `Diffusion.reverse_transition`,
    which are exact for the estimate $\hat{x}_0$ however far $s$ is from $t$. The last step, to
    $t = 0$, has no noise. A DDPM with all of its chain's steps takes Algorithm 2.

    Args:
        model: The process and its score.
        shape: The shape of the samples, `(B, ...)`.
        steps: How many times to visit, and network evaluations.
        run: See `Run`.

    Returns:
        The samples, of shape `shape`.

    Raises:
        ValueError: If `steps` is below 1 or above the length of the model's chain.

    Source: Ho et al. (2020), Algorithm 2; Song et al. (2021), Appendix F, for VE.

    Examples:
        >>> from studykit.diffusion.model import ScoreModel
        >>> from studykit.diffusion.sdes import VPSDE
        >>> model = ScoreModel(VPSDE(), lambda x, t: -x)  # of the data N(0, I)
        >>> round(ancestral(model, (10_000, 2), steps=100).std().item(), 1)
        1.0
    """

    def move(x: Tensor, t: Tensor, s: Tensor, noise: Noise) -> Tensor:
        mean, variance = model.reverse_transition(x, t, s)
        return mean + variance.sqrt() * noise.normal(x.shape[1:]).to(x)

    return walk(model, shape, grid(model.sde, steps), lambda: move, **run)
