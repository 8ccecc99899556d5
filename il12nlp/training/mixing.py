"""One model from several that were trained from the same start: the mean of their weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file

from il12nlp.errors import ConfigError
from il12nlp.model.joint import JointModel
from il12nlp.model.loading import load_model
from il12nlp.training.average import FILE


def mix_models(parts: Mapping[str, float]) -> JointModel:
    """The weighted mean of models, each named by its folder.

    A folder is a model's, or a checkpoint's, whose moving average then counts. The weights are
    brought to a sum of 1. Source: model soups (Wortsman et al. 2022). Raises ConfigError where the
    models differ in sizes or schema, ModelError where one cannot be loaded.
    """
    total = sum(parts.values())
    if not parts or min(parts.values()) <= 0:
        raise ConfigError("models to mix need weights above 0")
    mixed: JointModel | None = None
    for folder, weight in parts.items():
        model = averaged_model(folder)
        state = {k: v * (weight / total) for k, v in model.state_dict().items()}
        if mixed is None:
            mixed = model
            mixed.load_state_dict(state)
            continue
        if not alike(mixed, model):
            raise ConfigError(f"{folder}: has other sizes or another schema than the first model")
        mixed.load_state_dict({k: v + state[k] for k, v in mixed.state_dict().items()})
    assert mixed is not None
    return mixed


def averaged_model(folder: str | Path) -> JointModel:
    """The model of a folder, or of a checkpoint with its moving average for weights."""
    model, average = load_model(folder), Path(folder) / FILE
    if average.is_file():
        try:
            model.load_state_dict(load_file(average), strict=False)
        except (SafetensorError, RuntimeError) as error:
            raise ConfigError(f"{average}: cannot be read ({error})") from error
    model.drop_auxiliary()
    return model


def alike(one: JointModel, other: JointModel) -> bool:
    """Whether two models have a mean: the same sizes and the same schema."""
    sizes = [{k: v.shape for k, v in m.state_dict().items()} for m in (one, other)]
    return sizes[0] == sizes[1] and one.config.schema == other.config.schema
