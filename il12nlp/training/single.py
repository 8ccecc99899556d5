"""One training run from a config to a model folder."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import TrainingArguments, set_seed

from il12nlp.document import Document
from il12nlp.errors import ConfigError, MissingDependencyError
from il12nlp.evaluation.metrics import score
from il12nlp.model.joint import JointModel
from il12nlp.model.loading import quiet
from il12nlp.model.masked_head import MASKED_WORDS
from il12nlp.model.predict import Predictor
from il12nlp.schema import CTO, Schema
from il12nlp.training.average import AverageCallback
from il12nlp.training.building import build_model, save_model
from il12nlp.training.collator import BatchPlan, Collator, Hiding
from il12nlp.training.config import TrainConfig
from il12nlp.training.output import Figures, open_output, step_of, write_record
from il12nlp.training.tasks import Task, load_dev, load_tasks, plan_run
from il12nlp.training.trainer import EpochCallback, JointTrainer

logger = logging.getLogger(__name__)

MENTION_FIGURES = ("ner.strict", "ner.overlap")
RELATION_FIGURES = ("rel.strict", "rel.overlap")
CTO_FIGURES = ("effects", "combos", "spec.accuracy", "study.accuracy")
"""Dev figures that are logged after every epoch, as far as the schema has them."""


@dataclass(frozen=True, slots=True)
class TrainResult:
    """Where the model lies, and its figures on the dev files after each epoch."""

    model: Path
    epochs: Sequence[Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that is ready to start."""

    model: JointModel
    tokenizer: Any
    tasks: Sequence[Task]
    dev: Sequence[Document]
    dataset: Dataset
    plan: BatchPlan


def train_once(config: TrainConfig, *, resume: bool = False) -> TrainResult:
    """Train a model with the config's `seed` and save it in `output/model`; see `train`."""
    if find_spec("accelerate") is None:
        raise MissingDependencyError("accelerate", extra="train", purpose="training")
    _check_device(config)
    checkpoint = open_output(config, resume=resume)
    run = prepare(config)
    write_record(
        config,
        steps=len(run.plan),
        documents={t.label: len(t.documents) for t in run.tasks},
    )
    output, done = Path(config.output), step_of(checkpoint) if checkpoint else 0
    figures = Figures(output, step=done)
    average = AverageCallback(run.model, config.optimizer.average)

    def at_end(epoch: int, step: int) -> None:
        with average.applied():
            figures.add(
                {"epoch": epoch, "step": step, **measure(run.model, run.tokenizer, run.dev)}
            )
        run.model.train()

    words = config.unlabelled.masked_words if config.unlabelled else 0.0
    hide = Hiding(run.tokenizer.mask_token_id, config.masked_pieces, words)
    trainer = JointTrainer(
        run.model,
        _arguments(config, steps=len(run.plan)),
        run.dataset,
        Collator(run.model, run.tokenizer),
        run.plan,
        config.optimizer,
        [average, *([EpochCallback(run.plan, at_end)] if run.dev else [])],
        hide,
    )
    if checkpoint:
        average.resume(checkpoint, steps=done)
    with quiet():
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    average.swap()
    return TrainResult(save_model(run.model, run.tokenizer, output / "model"), figures.rows)


def prepare(config: TrainConfig) -> Prepared:
    """Everything of a run but the steps: data read, model built, batches planned.

    Raises ConfigError, DataLeakError or InputError.
    """
    set_seed(config.seed)
    dev = load_dev(config)
    tasks = load_tasks(config, dev)
    auxiliary = {t.name: t.schema for t in tasks if t.name not in (None, MASKED_WORDS)}
    model, tokenizer = build_model(config, tasks[0].schema, auxiliary)
    if _in_bfloat16(config) and not _on_cuda(config):
        # The gradient of PyTorch's own attention takes a CPU a fifth of a step in this precision;
        # plain products do not (docs/training.md).
        model.encoder.transformer.set_attn_implementation("eager")
    dataset, plan = plan_run(config, tasks, tokenizer)
    return Prepared(model, tokenizer, tasks, dev, dataset, plan)


def _check_device(config: TrainConfig) -> None:
    if config.device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("device: cuda was asked for, but PyTorch finds no CUDA device")


def _on_cuda(config: TrainConfig) -> bool:
    return config.device != "cpu" and torch.cuda.is_available()


def _in_bfloat16(config: TrainConfig) -> bool:
    return config.precision == "bfloat16" or (config.precision == "auto" and _on_cuda(config))


def _arguments(config: TrainConfig, *, steps: int) -> TrainingArguments:
    schedule = config.optimizer
    arguments = TrainingArguments(
        output_dir=config.output,
        max_steps=steps,
        max_grad_norm=schedule.gradient_norm,
        lr_scheduler_type=schedule.schedule,
        warmup_steps=round(schedule.warmup * steps),
        use_cpu=not _on_cuda(config),
        bf16=_in_bfloat16(config),
        seed=config.seed,
        save_steps=config.checkpoint_steps,
        # Two, so that a run killed while it writes one has the one before.
        save_total_limit=2,
        logging_steps=50,
        report_to=[],
        remove_unused_columns=False,
        disable_tqdm=True,
    )
    # Trainer would split each batch over all GPUs it sees; this model's batches are not tensors.
    arguments._n_gpu = min(arguments.n_gpu, 1)
    return arguments


def measure(model: JointModel, tokenizer: Any, documents: Sequence[Document]) -> dict[str, float]:
    """Figures of a model as it is on gold documents, and the seconds they took."""
    started = time.perf_counter()
    device = next(model.parameters()).device
    schema = model.config.task_schema()
    found = Predictor(model, tokenizer, device=device).predict(documents)
    scores = score(documents, found, schema=schema)
    names = _figure_names(schema)
    figures = {name: round(scores.value(name), 4) for name in names}
    logger.info("dev: %s", ", ".join(f"{name} {value}" for name, value in figures.items()))
    return {**figures, "seconds": round(time.perf_counter() - started, 1)}


def _figure_names(schema: Schema) -> tuple[str, ...]:
    relations = RELATION_FIGURES if schema.relations else ()
    return (*MENTION_FIGURES, *relations, *(CTO_FIGURES if schema == CTO else ()))
