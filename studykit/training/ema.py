r"""An exponential moving average of a network's weights, which samples better than the last ones.

References:
    Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models. NeurIPS 2020. arXiv:2006.11239.
    Appendix B.
"""

from __future__ import annotations

import copy

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

__all__ = ["EMA"]


class EMA:
    r"""Averages the weights of a network while it trains.

    After the $n$-th optimiser step ($n = 1, 2, \ldots$)

    $$\bar\theta \leftarrow d_n \bar\theta + (1 - d_n)\, \theta, \qquad
    d_n = \min\left(\text{decay}, \frac{n}{n + 9}\right)$$

    The second term is the warm-up: with a decay of 0.9999 alone, the random weights of the start
    would still make up a third of the average after ten thousand steps.

    Args:
        network: The network to follow; it is copied, not held.
        decay: The share of the average that stays at each step, in [0, 1).

    Attributes:
        network: A copy of the network with the averaged weights, in evaluation mode.
        steps: Updates so far.

    Raises:
        ValueError: If `decay` lies outside [0, 1).

    Source: Ho et al. (2020), Appendix B (decay 0.9999); the warm-up is TensorFlow's
        `ExponentialMovingAverage(num_updates)`, $(1 + n)/(10 + n)$ with $n$ counted from 0.

    Examples:
        >>> network = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.constant_(network.weight, 0.0)
        >>> ema = EMA(network, decay=0.999)
        >>> _ = nn.init.constant_(network.weight, 1.0)
        >>> ema.update(network)
        >>> round(ema.network.weight.item(), 6)
        0.9
    """

    def __init__(self, network: nn.Module, decay: float = 0.9999) -> None:
        if not 0 <= decay < 1:
            raise ValueError(f"decay must be in [0, 1), not {decay}")
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Take in the weights after an optimiser step.

        Args:
            network: The network that trains, of the same shape as the one given at first. Its
                buffers are copied, not averaged.

        Examples:
            >>> network = nn.Linear(2, 1)
            >>> ema = EMA(network)
            >>> ema.update(network)
            >>> ema.steps
            1
        """
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 9))
        # All weights at once, which is a fraction of the time of one after the other.
        average = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
        average(list(self.network.parameters()), list(network.parameters()), self.steps)
        for kept, buffer in zip(self.network.buffers(), network.buffers(), strict=True):
            kept.copy_(buffer)
