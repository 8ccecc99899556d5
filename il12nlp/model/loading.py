"""Loading a model folder, with an answer to everything that may be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer, PreTrainedConfig, PreTrainedTokenizerBase
from transformers.utils import logging as transformers_logging

from il12nlp.errors import ModelError
from il12nlp.model.bfloat16 import Bfloat16Encoder
from il12nlp.model.configuration import JointConfig
from il12nlp.model.hardware import (
    Precision,
    choose_device,
    choose_precision,
    fast_precisions,
    keep_few_kernels,
)
from il12nlp.model.joint import JointModel
from il12nlp.model.predict import Predictor
from il12nlp.model.products import RowLinear
from il12nlp.model.sample import sample_documents

BUNDLED = Path(__file__).parent / "weights"
"""The model that comes with the package."""

HUB = "hub:"
"""Prefix of a model on the Hugging Face Hub; the only kind for which the network is asked."""


def load_predictor(
    model: str | Path | None = None, *, device: str = "auto", precision: Precision = "auto"
) -> Predictor:
    """Predictor of the bundled model (None), of a folder, or of "hub:OWNER/NAME".

    `device` "auto" takes a CUDA device where there is one. `precision` "auto" is bfloat16 on CUDA
    and on processors with instructions for it, else float32; "int8" is for CPUs and needs
    openvino (`il12nlp[int8]`). Raises ModelError with what the folder lacks, and
    MissingDependencyError.
    """
    source = BUNDLED if model is None else model
    _check_kind(source)
    place = choose_device(device)
    precision = choose_precision(precision, place)
    tokenizer, joint = load_tokenizer(source), load_model(source)
    if place == "cpu" and precision != "float32":
        half = precision == "bfloat16" or "bfloat16" in fast_precisions()
        if half:
            _halve(joint)
        if precision == "int8":
            predictor = Predictor(joint, tokenizer)
            _use_integers(predictor, half=half)
            return predictor
        if Bfloat16Encoder.reads(joint.encoder):
            joint.encoder = Bfloat16Encoder(joint.encoder)
    return Predictor(joint, tokenizer, device=place, dtype=getattr(torch, precision))


def _halve(joint: JointModel) -> None:
    """Let a model's heads multiply their widest matrices in bfloat16 on a CPU."""
    keep_few_kernels()
    for module in joint.heads.modules():
        if isinstance(module, RowLinear):
            module.in_bfloat16 = True


def _use_integers(predictor: Predictor, *, half: bool) -> None:
    """Let a predictor's encoder compute in 8-bit integers, and the rest of it in bfloat16."""
    from il12nlp.model.int8 import Int8Encoder

    sample = predictor.collate(predictor.featurizer(sample_documents()))
    predictor.model.encoder = Int8Encoder(predictor.model.encoder, sample, bfloat16=half)


def load_model(source: str | Path) -> JointModel:
    """The model of a folder or "hub:OWNER/NAME" in float32, whole or not at all (ModelError)."""
    name, local = _located(source)
    try:
        with quiet():
            loaded: Any = JointModel.from_pretrained(
                name,
                local_files_only=local,
                dtype=torch.float32,
                use_safetensors=True,
                # They are in the report, which says more than the error would.
                ignore_mismatched_sizes=True,
                output_loading_info=True,
            )
    except Exception as error:
        # A config or file of another's making can make transformers raise anything.
        raise ModelError(f"{source}: the weights cannot be loaded ({reason_of(error)})") from error
    joint, report = loaded
    keys = (key for kind in report.values() for key in kind)
    wrong = sorted({str(key[0] if isinstance(key, tuple) else key) for key in keys})
    if wrong:
        raise ModelError(
            f"{source}: {len(wrong)} weights are missing, unknown or of another size "
            f"({', '.join(wrong[:3])}): they are another model's or another version's"
        )
    assert isinstance(joint, JointModel)
    return joint


def load_tokenizer(source: str | Path) -> PreTrainedTokenizerBase:
    """The tokenizer of a folder or "hub:OWNER/NAME", whole or not at all (ModelError)."""
    name, local = _located(source)
    # Without its file transformers makes up a tokenizer that knows no word.
    if local and not (Path(name) / "tokenizer.json").is_file():
        raise ModelError(f"{source}: holds no tokenizer.json; copy the whole model folder")
    try:
        with quiet():
            tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
                name, local_files_only=local, use_fast=True, trust_remote_code=False
            )
    except Exception as error:
        # The tokenizers library raises bare Exceptions.
        raise ModelError(
            f"{source}: the tokenizer cannot be loaded ({reason_of(error)})"
        ) from error
    special = (tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id)
    if not tokenizer.is_fast or None in special:
        raise ModelError(
            f"{source}: the tokenizer is no fast one with CLS, SEP and PAD tokens; "
            "copy the whole model folder, tokenizer_config.json too"
        )
    return tokenizer


def reason_of(error: Exception) -> str:
    """Kind and first line of an error that another library raised."""
    lines = str(error).strip().splitlines()
    return ": ".join((type(error).__name__, *lines[:1]))


@contextmanager
def quiet() -> Iterator[None]:
    """No progress bars and reports of transformers: what matters is raised as an error."""
    log: Any = transformers_logging
    verbosity = log.get_verbosity()
    log.set_verbosity_error()
    log.disable_progress_bar()
    try:
        yield
    finally:
        log.set_verbosity(verbosity)
        log.enable_progress_bar()


def find_model(model: str | Path | None) -> Path:
    """Folder of a model's files; those of one on the Hub are fetched. Raises ModelError."""
    source = BUNDLED if model is None else model
    _check_kind(source)
    name, local = _located(source)
    if local:
        return Path(name)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors"]))
    except Exception as error:
        raise ModelError(f"{source}: cannot be fetched ({reason_of(error)})") from error


def _located(source: str | Path) -> tuple[str, bool]:
    """Folder or Hub name of a model, and whether it is a folder.

    Only what was named with the Hub's prefix may ask the network: a typing error never does.
    """
    if isinstance(source, str) and source.startswith(HUB):
        return source.removeprefix(HUB), False
    if not Path(source).is_dir():
        if source == BUNDLED:
            raise ModelError(f"{source}: the bundled model is not there; install il12nlp anew")
        raise ModelError(
            f"{source}: no such model folder; give a folder that `il12nlp train` wrote, "
            f"or {HUB}OWNER/NAME to ask the Hugging Face Hub"
        )
    return str(source), True


def _check_kind(source: str | Path) -> None:
    """Raise ModelError where a model's config does not say that it is ours."""
    name, local = _located(source)
    try:
        with quiet():
            config, _ = PreTrainedConfig.get_config_dict(name, local_files_only=local)
        kind = config.get("model_type")
    except Exception as error:
        # Of a file of another's making too: a list has no get().
        raise ModelError(f"{source}: holds no readable config.json ({reason_of(error)})") from error
    if kind is None:
        raise ModelError(f"{source}: holds no config.json of a model")
    if kind != JointConfig.model_type:
        raise ModelError(
            f"{source}: holds a {kind!r} model, not an {JointConfig.model_type!r} one; "
            "train one on this encoder with `il12nlp train`"
        )
