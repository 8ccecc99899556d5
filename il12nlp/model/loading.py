"""Loading a model folder, with an answer to everything that may be wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError
from transformers import AutoTokenizer
from transformers.utils import logging as transformers_logging

from il12nlp.errors import ModelError
from il12nlp.model.configuration import JointConfig
from il12nlp.model.joint import JointModel
from il12nlp.model.predict import Predictor

BUNDLED = Path(__file__).parent / "weights"
"""The model that comes with the package."""

HUB = "hub:"
"""Prefix of a model on the Hugging Face Hub; the only kind for which the network is asked."""

Device = Literal["auto", "cpu", "cuda"]
Precision = Literal["auto", "float32", "bfloat16"]


def load_predictor(
    model: str | Path | None = None, *, device: str = "auto", precision: Precision = "auto"
) -> Predictor:
    """Predictor of the bundled model (None), of a folder, or of "hub:OWNER/NAME".

    `device` "auto" takes a CUDA device where there is one. `precision` "auto" is bfloat16 on CUDA
    and float32 on a CPU. Raises ModelError with what the folder lacks.
    """
    source = _source(model)
    place = choose_device(device)
    if precision == "auto":
        precision = "bfloat16" if place == "cuda" else "float32"
    joint = load_model(source)
    tokenizer = AutoTokenizer.from_pretrained(source, use_fast=True)
    return Predictor(joint, tokenizer, device=place, dtype=getattr(torch, precision))


def load_model(source: str | Path) -> JointModel:
    """The model of a folder in float32, complete or not at all (ModelError)."""
    try:
        with quiet():
            loaded: Any = JointModel.from_pretrained(
                source, dtype=torch.float32, use_safetensors=True, output_loading_info=True
            )
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelError(f"{source}: the weights cannot be loaded ({reason})") from error
    joint, report = loaded
    wrong = sorted({str(key) for kind in report.values() for key in kind})
    if wrong:
        raise ModelError(
            f"{source}: {len(wrong)} weights are missing, unknown or of another size "
            f"({', '.join(wrong[:3])}): they are another model's or another version's"
        )
    assert isinstance(joint, JointModel)
    return joint


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


def choose_device(device: str) -> str:
    """ "cpu" or a CUDA device for what the user asked; ModelError where there is no such."""
    available = torch.cuda.is_available()
    if device == "auto":
        return "cuda" if available else "cpu"
    if device == "cpu" or (device.partition(":")[0] == "cuda" and available):
        return device
    if device.partition(":")[0] == "cuda":
        raise ModelError("device 'cuda': PyTorch finds no CUDA device here; use --device cpu")
    raise ModelError(f"unknown device {device!r}; use auto, cpu or cuda")


def _source(model: str | Path | None) -> str:
    """Folder or Hub name, once its config says that it is ours."""
    if isinstance(model, str) and model.startswith(HUB):
        return model.removeprefix(HUB)
    folder = Path(model) if model is not None else BUNDLED
    if not folder.is_dir():
        raise ModelError(
            f"{folder}: no such model folder; give a folder that `il12nlp train` wrote, "
            f"or {HUB}OWNER/NAME to ask the Hugging Face Hub"
        )
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        kind = config.get("model_type")
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(f"{folder}: holds no readable config.json ({error})") from error
    if kind != JointConfig.model_type:
        raise ModelError(
            f"{folder}: holds a {kind!r} model, not an {JointConfig.model_type!r} one; "
            "train one on this encoder with `il12nlp train`"
        )
    return str(folder)
