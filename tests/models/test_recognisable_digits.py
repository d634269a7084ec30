"""What issue 2 asks of `studykit train ddpm --data digits`: digits that a classifier recognises."""

from __future__ import annotations

import pytest

from studykit.datasets import digits
from studykit.diffusion import DDPMConfig, DiffusionConfig, TrainedDDPM, train_ddpm
from studykit.evaluation import DigitJudge
from studykit.networks import UNet, UNetConfig
from studykit.training import TrainingConfig


def test_a_minute_network_already_draws_some_digits():
    config = DDPMConfig(
        diffusion=DiffusionConfig(T=25, beta_1=4e-3, beta_T=0.8),
        network=UNetConfig(channels=8, blocks=1, attention=(), dropout=0.0),
        training=TrainingConfig(steps=150, warmup=30, learning_rate=6e-3, ema_decay=0.95),
    )
    judge = DigitJudge()
    untrained = TrainedDDPM(UNet(config.network).eval(), config, steps=0)
    before = judge.judge(untrained.sample(200))
    after = judge.judge(train_ddpm(digits("train").images, config).sample(200))
    assert before.confident < 0.01
    assert after.confident > 0.05, after
    assert after.classes >= 4, after


@pytest.mark.slow
def test_the_default_run_draws_recognisable_digits():
    trained = train_ddpm(digits("train").images, DDPMConfig())
    report = DigitJudge().judge(trained.sample(500))
    assert report.confident >= 0.8, report
    assert report.classes == 10, report
