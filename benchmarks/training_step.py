"""How long a training step of DDPM's CIFAR-10 network takes, against diffusers' `UNet2DModel`.

    .venv/bin/python benchmarks/training_step.py --pairs 7

Both networks start from the same weights and take the same steps on the same batches: prediction,
loss, gradients, Adam. The pairs alternate which comes first, so that what else the machine does
falls on both; the goal is for processor time on one thread, which it distorts least.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import torch
from diffusers import UNet2DModel
from torch import Tensor, nn
from torch.nn import functional as F

from studykit.networks import UNet, UNetConfig
from studykit.pretrained.diffusers import _ddpm_names
from studykit.pretrained.published import fill

GOAL = 0.9


def make_networks(dropout: float) -> tuple[UNet, UNet2DModel]:
    """The network of Ho et al. (2020), Appendix B, twice, with the same weights."""
    theirs = UNet2DModel(
        sample_size=32,
        block_out_channels=(128, 256, 256, 256),
        down_block_types=("DownBlock2D", "AttnDownBlock2D", "DownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "UpBlock2D", "AttnUpBlock2D", "UpBlock2D"),
        layers_per_block=2,
        attention_head_dim=None,
        downsample_padding=0,
        flip_sin_to_cos=False,
        freq_shift=1,
        norm_eps=1e-6,
        dropout=dropout,
    )
    ours = UNet(
        UNetConfig(
            image_size=32,
            image_channels=3,
            channels=128,
            multipliers=(1, 2, 2, 2),
            blocks=2,
            attention=(16,),
            dropout=dropout,
            first_step=0,
        )
    )
    fill(ours, _ddpm_names(ours), theirs.state_dict(), Path("UNet2DModel"))
    return ours.train(), theirs.train()


class Side:
    """A network in training."""

    def __init__(self, network: nn.Module, predict: Callable[[Tensor, Tensor], Tensor]) -> None:
        self.predict = predict
        self.optimiser = torch.optim.Adam(network.parameters(), lr=2e-4)
        self.cpu: list[float] = []
        self.clock: list[float] = []

    def step(self, x_t: Tensor, t: Tensor, eps: Tensor) -> float:
        cpu, clock = time.process_time(), time.perf_counter()
        loss = F.mse_loss(self.predict(x_t, t), eps)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.cpu.append(time.process_time() - cpu)
        self.clock.append(time.perf_counter() - clock)
        return loss.item()


def make_sides(dropout: float) -> tuple[Side, Side]:
    ours, theirs = make_networks(dropout)
    return Side(ours, ours), Side(theirs, lambda x_t, t: theirs(x_t, t - 1).sample)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)

    def batch() -> tuple[Tensor, Tensor, Tensor]:
        x_t, eps = torch.randn(2, arguments.batch, 3, 32, 32)
        return x_t, torch.randint(1, 1001, (arguments.batch,)), eps

    # Without dropout, which is random, the losses show that both do the same work.
    ours, theirs = make_sides(dropout=0.0)
    for _ in range(2):
        given = batch()
        losses = ours.step(*given), theirs.step(*given)
        if abs(losses[0] - losses[1]) > 1e-4:
            print(f"the losses differ: {losses}", file=sys.stderr)
            return 1

    ours, theirs = make_sides(dropout=0.1)  # as in the paper
    for pair in range(arguments.pairs + 1):
        given = batch()
        for side in (ours, theirs) if pair % 2 else (theirs, ours):
            side.step(*given)
        if pair == 0:  # the memory of the first step is new
            continue
        ratio = ours.cpu[pair] / theirs.cpu[pair]
        print(
            f"{pair}: studykit {ours.cpu[pair]:.2f} s, diffusers {theirs.cpu[pair]:.2f} s of "
            f"processor time ({ratio:.3f}), by the clock {ours.clock[pair]:.2f} s and "
            f"{theirs.clock[pair]:.2f} s",
            flush=True,
        )

    def median(one: list[float], other: list[float]) -> float:
        return statistics.median(a / b for a, b in zip(one[1:], other[1:], strict=True))

    ratio = median(ours.cpu, theirs.cpu)
    print(f"median of the pairs: {ratio:.3f} of processor time (goal {GOAL}),", end=" ")
    print(f"{median(ours.clock, theirs.clock):.3f} by the clock")
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, {arguments.threads} thread(s), load "
        f"{os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
        f"torch {version('torch')}, diffusers {version('diffusers')}"
    )
    return int(ratio > GOAL)


if __name__ == "__main__":
    raise SystemExit(main())
