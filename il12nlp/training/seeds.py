"""One model from runs that differ in their seed alone: the mean of their weights."""

from __future__ import annotations

import json
import logging
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from il12nlp.errors import ConfigError, ModelError
from il12nlp.model.loading import load_tokenizer
from il12nlp.training.building import build_model, encoder_source, save_model
from il12nlp.training.config import TrainConfig
from il12nlp.training.data import load_documents
from il12nlp.training.mixing import alike, averaged_model, mix_models
from il12nlp.training.output import FIGURES, check_same, open_output
from il12nlp.training.single import TrainResult, measure, train_once
from il12nlp.training.tasks import load_dev, own_schema

logger = logging.getLogger(__name__)

SPREAD = "seeds.json"
"""Dev figures of each run at its end, their mean and spread, and those of the mean model."""


def train_seeds(config: TrainConfig, *, resume: bool = False) -> TrainResult:
    """Run the config once for each of its seeds and save the mean of the weights.

    The runs lie in `output/seed-N`; with `resume` those that ended are not repeated. The mean is
    taken with `start_weight` of the model that the runs started from. The figures that are
    returned, and written with their spread, are those of the runs' ends and then of the mean.
    Raises what `train` raises, and ConfigError where the seeds are no set.
    """
    if len(set(config.seeds)) != len(config.seeds):
        raise ConfigError(f"seeds: {config.seeds} names one twice")
    runs = [
        config.model_copy(
            update={"seed": seed, "seeds": [], "output": f"{config.output}/seed-{seed}"}
        )
        for seed in config.seeds
    ]
    for run in runs:  # before the first takes its hours
        _check(run, resume=resume)
    if config.start_weight:
        _check_start(config)
    folders = [_run(run, resume=resume) for run in runs]
    rows = [row for run in runs for row in _last(Path(run.output), run.seed)]
    parts = dict.fromkeys(map(str, folders), 1.0)
    if config.start_weight:
        parts[encoder_source(config.encoder)] = config.start_weight
    model, tokenizer = mix_models(parts), load_tokenizer(folders[0])
    dev = load_dev(config)
    mean = measure(model, tokenizer, dev) if dev else {}
    output = Path(config.output)
    summary = {"runs": rows, **_spread(rows), "mean_of_weights": mean}
    (output / SPREAD).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    figures = [*rows, mean] if mean else rows
    return TrainResult(save_model(model, tokenizer, _model(config)), figures)


def _check(config: TrainConfig, *, resume: bool) -> None:
    """Raise ConfigError where an earlier run was another, or is not to go on."""
    open_output(config, resume=resume)
    if resume and _model(config).is_dir():
        check_same(config)  # open_output does so only where a checkpoint is left


def _check_start(config: TrainConfig) -> None:
    """Raise ConfigError where the model that the runs start from has no mean with theirs."""
    place = f"start_weight: encoder {config.encoder}"
    try:
        start = averaged_model(encoder_source(config.encoder))
    except ModelError as error:
        raise ConfigError(f"{place} is no trained model; set it to 0 ({error})") from error
    own, _ = build_model(config, own_schema(config, load_documents(config.train)), {})
    own.drop_auxiliary()
    if not alike(own, start):
        raise ConfigError(
            f"{place} has other sizes or another schema than the runs will have; "
            "set `model` as it has them, or start_weight to 0"
        )


def _model(config: TrainConfig) -> Path:
    return Path(config.output) / "model"


def _run(config: TrainConfig, *, resume: bool) -> Path:
    done = _model(config)
    if resume and done.is_dir():
        logger.info("%s: ended before", config.output)
        return done
    return train_once(config, resume=resume).model


def _last(output: Path, seed: int) -> list[dict[str, Any]]:
    """The figures of a run's last epoch, where it measured any."""
    path = output / FIGURES
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [{"seed": seed, **json.loads(line)} for line in lines[-1:]]


def _spread(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mean and standard deviation of each figure over the runs."""
    if not rows:
        return {}
    names = [n for n in rows[0] if n not in {"seed", "epoch", "step", "seconds"}]
    values = {n: [float(r[n]) for r in rows] for n in names}
    return {
        "mean": {n: round(statistics.fmean(v), 4) for n, v in values.items()},
        "deviation": {
            n: round(statistics.stdev(v), 4) if len(v) > 1 else 0.0 for n, v in values.items()
        },
    }
