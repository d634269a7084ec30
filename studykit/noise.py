"""Randomness that belongs to each example, so that batches and processes do not change results.

One generator for a whole batch ties every number to the batch's size: example 5 of 8 gets other
noise than example 5 of 64. Here each example has a stream of its own, named by the seed and the
example's number. So the same seed gives the same samples however they are cut into batches, and the
same training loss on one process as on two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

__all__ = ["Noise"]

# Numbers drawn at once for an example too small to be worth a call for each draw.
_AHEAD = 1024


class Noise:
    """One stream of random numbers for each of `n` examples.

    The numbers are drawn on the CPU, so a seed means the same on every device.

    Args:
        seed: Names all the streams together: an integer, or several, such as a seed and a step.
        n: How many examples.
        first: The number of the first example: examples 0..7 of one batch are examples 0..3 of a
            batch of four and, with `first=4`, those of the next.

    Raises:
        ValueError: If a number is negative.

    Examples:
        >>> whole = Noise(seed=0, n=8).normal((3,))
        >>> halves = [Noise(seed=0, n=4, first=first).normal((3,)) for first in (0, 4)]
        >>> torch.equal(whole, torch.cat(halves))
        True
    """

    def __init__(self, seed: int | Sequence[int], n: int, first: int = 0) -> None:
        words = [seed] if isinstance(seed, int) else list(seed)
        if min(*words, n, first) < 0:
            raise ValueError(f"seed, n and first must not be negative: {seed}, {n}, {first}")
        self.n = n
        self._streams = [_stream([*words, example]) for example in range(first, first + n)]
        self._shape: tuple[int, ...] | None = None
        self._ahead = torch.empty(0)

    def normal(self, shape: Sequence[int] = ()) -> Tensor:
        """Draw standard normal numbers.

        Args:
            shape: The shape of one example.

        Returns:
            Float32 on the CPU, shape `(n, *shape)`.

        Examples:
            >>> Noise(seed=0, n=5).normal((3, 8, 8)).shape
            torch.Size([5, 3, 8, 8])
        """
        shape = tuple(shape)
        # A walk of a thousand steps in the plane asks for two numbers a thousand times: draw ahead.
        # How far depends on the shape alone, so a stream is the same in any batch.
        if shape != self._shape or len(self._ahead) == 0:
            self._shape = shape
            size = (max(1, _AHEAD // max(1, math.prod(shape))), *shape)
            drawn = [torch.randn(size, generator=stream) for stream in self._streams]
            self._ahead = torch.stack(drawn, dim=1) if drawn else torch.empty(size[0], 0, *shape)
        numbers, self._ahead = self._ahead[0], self._ahead[1:]
        return numbers

    def uniform(self) -> Tensor:
        """Draw one number of [0, 1) for each example.

        Returns:
            Float64 on the CPU, shape `(n,)`.

        Examples:
            >>> u = Noise(seed=0, n=1000).uniform()
            >>> bool(((u >= 0) & (u < 1)).all())
            True
        """
        drawn = [torch.rand((), generator=s, dtype=torch.float64) for s in self._streams]
        return torch.stack(drawn) if drawn else torch.empty(0, dtype=torch.float64)


def _stream(words: Sequence[int]) -> torch.Generator:
    # Neighbouring seeds give Mersenne twisters that resemble each other; the hash sets them apart.
    state = np.random.SeedSequence(words).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state >> np.uint64(1)))
