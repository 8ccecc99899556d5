import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from il12nlp.errors import ConfigError, ModelError
from il12nlp.schema import CTO, Schema
from il12nlp.training.average import FILE
from il12nlp.training.building import build_model, save_model
from il12nlp.training.config import TrainConfig
from il12nlp.training.mixing import mix_models
from tests.training.samples import SMALL


def _model(encoder: Path, folder: Path, value: float, *, schema: Schema = CTO) -> str:
    """A model folder in which every weight has the same value."""
    settings = {"output": "x", "train": ["x"], "encoder": str(encoder), "model": SMALL}
    model, tokenizer = build_model(TrainConfig.model_validate(settings), schema, {})
    with torch.no_grad():
        for weight in model.parameters():
            weight.fill_(value)
    return str(save_model(model, tokenizer, folder))


def _values(parts: dict[str, float]) -> set[float]:
    state = mix_models(parts).state_dict().values()
    return {round(float(v), 5) for weight in state for v in (weight.min(), weight.max())}


def test_mixture_is_the_weighted_mean(tiny_encoder: Path, tmp_path: Path) -> None:
    low, high = (_model(tiny_encoder, tmp_path / str(v), v) for v in (1.0, 4.0))
    assert _values({low: 1, high: 1}) == {2.5}
    assert _values({low: 2, high: 1}) == {2.0}
    assert _values({high: 0.3}) == {4.0}


def test_checkpoint_counts_with_its_moving_average(tiny_encoder: Path, tmp_path: Path) -> None:
    low, last = (_model(tiny_encoder, tmp_path / str(v), v) for v in (1.0, 4.0))
    averaged = mix_models({_model(tiny_encoder, tmp_path / "average", 2.0): 1})
    checkpoint = tmp_path / "checkpoint-3"
    shutil.copytree(last, checkpoint)
    save_file(averaged.state_dict(), checkpoint / FILE)
    assert _values({low: 1, str(checkpoint): 1}) == {1.5}
    (checkpoint / FILE).write_bytes(b"no tensors")
    with pytest.raises(ConfigError, match=r"checkpoint-3/average\.safetensors: cannot be read"):
        mix_models({str(checkpoint): 1})


def test_models_of_other_kinds_and_weights_of_nothing_are_refused(
    tiny_encoder: Path, tmp_path: Path
) -> None:
    own = _model(tiny_encoder, tmp_path / "own", 1.0)
    other = _model(tiny_encoder, tmp_path / "other", 1.0, schema=Schema("d", ("Drug",)))
    with pytest.raises(ConfigError, match="other: has other sizes or another schema"):
        mix_models({own: 1, other: 1})
    with pytest.raises(ModelError, match="nowhere: no such model folder"):
        mix_models({"nowhere": 1})
    for parts in ({}, {own: 0.0}):
        with pytest.raises(ConfigError, match="weights above 0"):
            mix_models(parts)
