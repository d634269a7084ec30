"""Training: the loop, the average of the weights, checkpoints, configuration files."""

from studykit.training.checkpoints import Checkpoint, load_checkpoint, save_checkpoint
from studykit.training.config import config_from_dict, config_to_dict, read_config
from studykit.training.ema import EMA
from studykit.training.trainer import (
    Step,
    Trainer,
    TrainingConfig,
    cpu_threads,
    leave_process_group,
)

__all__ = [
    "EMA",
    "Checkpoint",
    "Step",
    "Trainer",
    "TrainingConfig",
    "config_from_dict",
    "config_to_dict",
    "cpu_threads",
    "leave_process_group",
    "load_checkpoint",
    "read_config",
    "save_checkpoint",
]
