"""What issue 2 asks of `studykit train ddpm --data digits`: digits that a classifier recognises."""

from __future__ import annotations

import pytest

from studykit.datasets import digits
from studykit.diffusion import (
    ChainConfig,
    Recipe,
    TrainedDiffusion,
    default_recipe,
    train_diffusion,
)
from studykit.evaluation import DigitJudge
from studykit.networks import UNetConfig
from studykit.training import TrainingConfig


def test_a_minute_network_already_draws_some_digits():
    recipe = Recipe(
        diffusion=ChainConfig(T=25, beta_1=4e-3, beta_T=0.8),
        network=UNetConfig(channels=8, blocks=1, attention=(), dropout=0.0),
        training=TrainingConfig(steps=150, warmup=30, learning_rate=6e-3, ema_decay=0.95),
    )
    judge = DigitJudge()
    untrained = TrainedDiffusion(recipe.new_network().eval(), recipe, steps=0)
    before = judge.judge(untrained.sample(200))
    after = judge.judge(train_diffusion(digits("train"), recipe).sample(200))
    assert before.confident < 0.01
    assert after.confident > 0.05, after
    assert after.classes >= 4, after


@pytest.mark.slow
def test_the_default_run_draws_recognisable_digits():
    trained = train_diffusion(digits("train"), default_recipe("ddpm", "digits"))
    report = DigitJudge().judge(trained.sample(500))
    assert report.confident >= 0.8, report
    assert report.classes == 10, report
