"""How a number for each example meets a tensor of examples."""

from __future__ import annotations

from torch import Tensor

__all__ = ["like"]


def like(coefficient: Tensor, x: Tensor) -> Tensor:
    """Give one factor for each example the type, place and rank of the examples.

    Args:
        coefficient: Shape `(B,)`, usually float64 on the CPU.
        x: Shape `(B, ...)`.

    Returns:
        The coefficient, shape `(B, 1, ..., 1)`, ready to be multiplied with `x`.

    Examples:
        >>> import torch
        >>> like(torch.tensor([1.0, 2.0], dtype=torch.float64), torch.zeros(2, 3, 8, 8)).shape
        torch.Size([2, 1, 1, 1])
    """
    # Cast before moving: not every device has double precision.
    return coefficient.to(x.dtype).to(x.device).reshape(-1, *[1] * (x.ndim - 1))
