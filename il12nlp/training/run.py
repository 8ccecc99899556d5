"""Training from a config to a model folder: one run, or one with each of its seeds."""

from __future__ import annotations

from il12nlp.training.config import TrainConfig
from il12nlp.training.seeds import train_seeds
from il12nlp.training.single import TrainResult, train_once


def train(config: TrainConfig, *, resume: bool = False) -> TrainResult:
    """Train a model as the config says and save it in `output/model`.

    With `seeds` the model is the mean of a run with each. With `resume` a run that was stopped
    goes on from its last checkpoint, if it has one, and ends with the weights that it would have
    had without the stop. Raises ConfigError, DataLeakError, InputError or OutputError before
    anything is trained.
    """
    return (train_seeds if config.seeds else train_once)(config, resume=resume)
