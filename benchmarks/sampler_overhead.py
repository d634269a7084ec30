"""What a sampler costs beside its network: its time against that of the bare evaluations.

    .venv/bin/python benchmarks/sampler_overhead.py --pairs 7

A first run of each sampler notes what it asks the network. Then its runs alternate with loops that
ask the very same and do nothing else, so that what else the machine does falls on both; the goal is
for the median of the pairs' ratios, in processor time on one thread, which that distorts least. The
weights are random: they cost the same.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from studykit.diffusion import DDPM, default_recipe, linear_schedule
from studykit.diffusion.samplers import SAMPLERS
from studykit.networks import UNet, UNetConfig

OPTIONS: dict[str, dict[str, Any]] = {
    "ancestral": {},
    "ddim": {},
    "dpm_solver": {},
    "heun": {},
    "predictor_corrector": {"predictor": "euler_maruyama", "corrector": "langevin"},
}


class Case(NamedTuple):
    """A network, and how often it is asked about how much."""

    network: nn.Module
    shape: tuple[int, ...]
    steps: int
    goal: float


def cifar10() -> Case:
    """The network of Ho et al. (2020), Appendix B: 36 million weights."""
    network = UNet(
        UNetConfig(
            image_size=32,
            image_channels=3,
            channels=128,
            multipliers=(1, 2, 2, 2),
            blocks=2,
            attention=(16,),
            dropout=0.1,
        )
    )
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Case(network, (2, 3, 32, 32), steps=4, goal=1.03)


def digits() -> Case:
    """The network that `studykit train ddpm --data digits` trains."""
    network = default_recipe("ddpm", "digits").new_network()
    return Case(network, (64, 1, 8, 8), steps=20, goal=1.25)


CASES = {"cifar10": cifar10, "digits": digits}


def timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(case: Case, name: str, pairs: int) -> tuple[int, float, list[float]]:
    """Count the evaluations, time one of them, and give the ratio of each pair."""
    sampler, options, calls = SAMPLERS[name], OPTIONS[name], []

    def walk(network: Callable[[Tensor, Tensor], Tensor]) -> None:
        sampler(DDPM(network, linear_schedule()), case.shape, case.steps, **options)

    def noted(x: Tensor, t: Tensor) -> Tensor:
        calls.append((x.clone(), t.clone()))
        eps: Tensor = case.network(x, t)
        return eps

    @torch.no_grad()
    def bare() -> None:
        for x, t in calls:
            case.network(x, t)

    walk(noted)
    bare()  # The memory of the first run is new.
    ratios, evaluation = [], []
    for pair in range(pairs):
        if pair % 2:
            whole = timed(lambda: walk(case.network))
            alone = timed(bare)
        else:
            alone = timed(bare)
            whole = timed(lambda: walk(case.network))
        ratios.append(whole / alone)
        evaluation.append(alone / len(calls))
    return len(calls), statistics.median(evaluation), ratios


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--case", choices=CASES, action="append", help="by default both")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)

    print("| network | sampler | evaluations | of | ratio | lowest, highest | goal |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    missed = 0
    for title in arguments.case or CASES:
        case = CASES[title]()
        case.network.eval()
        for name in OPTIONS:
            count, evaluation, ratios = compare(case, name, arguments.pairs)
            ratio = statistics.median(ratios)
            missed += ratio > case.goal
            print(
                f"| {title}, batch {case.shape[0]} | `{name}` | {count} | "
                f"{1000 * evaluation:.1f} ms | **{ratio:.3f}** | {min(ratios):.3f}, "
                f"{max(ratios):.3f} | {case.goal} |",
                flush=True,
            )
    print(
        f"\n{arguments.pairs} pairs each; {platform.platform()}, {os.cpu_count()} cores, 1 thread, "
        f"load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
        f"torch {version('torch')}"
    )
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
