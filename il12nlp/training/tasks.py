"""What a run teaches: the model's own task and the auxiliary ones, each with its documents."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from datasets import Dataset, concatenate_datasets

from il12nlp.document import Document
from il12nlp.errors import ConfigError
from il12nlp.evaluation.gold_types import check_gold
from il12nlp.model.features import Featurizer
from il12nlp.model.masked_head import MASKED_WORDS
from il12nlp.schema import CTO, Schema
from il12nlp.training.collator import BatchPlan, TaskRows
from il12nlp.training.config import TrainConfig
from il12nlp.training.data import check_apart, load_documents, without
from il12nlp.training.examples import derived_schema, left_out, make_dataset
from il12nlp.training.sources import SchemaConfig, SwappedConfig, UnlabelledConfig
from il12nlp.training.swapping import swapped_copies

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """One task; `name` is None for the model's own, `share` the part that an epoch reads.

    `kind` tells documents of the own task apart: "train", "silver" (a model annotated them) and
    "swapped" (copies with other names).
    """

    name: str | None
    schema: Schema
    documents: Sequence[Document]
    share: float = 1.0
    kind: str = "train"

    @property
    def label(self) -> str:
        """What the record of a run calls it."""
        return self.name or self.kind


def load_tasks(config: TrainConfig, dev: Sequence[Document]) -> list[Task]:
    """All tasks, the model's own first, none with an abstract of dev or of what is kept apart.

    Raises DataLeakError where the own task has one; auxiliary and silver documents, which nobody
    chose one by one, lose theirs. Raises ConfigError where there is nothing to learn.
    """
    own = load_documents(config.train)
    held = [*dev, *(load_documents(config.apart) if config.apart else ())]
    check_apart(own, held)
    tasks = [Task(None, own_schema(config, own), own)]
    if config.silver is not None:
        kept = _kept("silver", load_documents(config.silver.train), [*own, *held])
        tasks.append(Task(None, tasks[0].schema, kept, config.silver.share, kind="silver"))
    if config.swapped is not None:
        tasks.append(_swapped(config.swapped, tasks[0], seed=config.seed))
    for name, auxiliary in config.auxiliary.items():
        place = f"auxiliary.{name}"
        kept = _kept(place, load_documents(auxiliary.train), held)
        schema = _derived(name, place, kept, auxiliary.annotations)
        tasks.append(Task(name, schema, kept, auxiliary.share))
    if config.unlabelled is not None:
        tasks.append(_unlabelled(config.unlabelled, held))
    return tasks


def _swapped(settings: SwappedConfig, own: Task, *, seed: int) -> Task:
    unknown = [t for t in settings.types if t not in own.schema.mention_types]
    if unknown:
        known = ", ".join(own.schema.mention_types)
        raise ConfigError(f"swapped.types: {unknown[0]!r} is none of the task's types ({known})")
    copies = swapped_copies(own.documents, settings.types, share=settings.names, seed=seed)
    return Task(None, own.schema, copies, settings.share, kind="swapped")


def _unlabelled(settings: UnlabelledConfig, held: Sequence[Document]) -> Task:
    wanted = re.compile(settings.pattern, re.IGNORECASE)
    found = [d for d in load_documents(settings.train) if wanted.search(d.text)]
    if not found:
        raise ConfigError(f"unlabelled.pattern: {settings.pattern!r} stands in no text")
    kept = _kept("unlabelled", found, held)
    return Task(MASKED_WORDS, Schema(MASKED_WORDS, mention_types=()), kept, settings.share)


def _kept(place: str, documents: list[Document], held: Sequence[Document]) -> list[Document]:
    kept = without(documents, held)
    gone = len(documents) - len(kept)
    logger.info("%s: %d documents, %d left out as in dev, apart or train", place, len(kept), gone)
    if not kept:
        raise ConfigError(
            f"{place}.train: no document is left, as {gone} stand in dev, apart or train; name "
            "other files, or leave the section out"
        )
    return kept


def load_dev(config: TrainConfig) -> list[Document]:
    """The dev documents, with what the task asks for alone as gold.

    Types that the config does not list, and relations where it wants none, are no misses.
    """
    if not config.dev:
        return []
    documents = load_documents(config.dev)
    check_gold(documents, path="dev")
    settings = config.annotations
    return documents if settings is None else [_asked(d, settings) for d in documents]


def _asked(document: Document, settings: SchemaConfig) -> Document:
    wanted = settings.mention_types
    kept = tuple(m for m in document.mentions if not wanted or m.type in wanted)
    ids = {m.id for m in kept} if settings.relations else frozenset()
    links = tuple(r for r in document.relations if r.head in ids and r.tail in ids)
    return document.replace(mentions=kept, relations=links, findings=())


def own_schema(config: TrainConfig, documents: Sequence[Document]) -> Schema:
    """Schema of the model's own task; ConfigError where the documents hold nothing of it."""
    if config.annotations is not None:
        return _derived("task", "annotations", documents, config.annotations)
    if not any(m.type in CTO.mention_types for d in documents for m in d.mentions):
        raise ConfigError(
            f"train: the {len(documents)} documents hold no mention of "
            f"{', '.join(CTO.mention_types)}; `annotations` describes other types"
        )
    return CTO


def _derived(
    name: str, place: str, documents: Sequence[Document], settings: SchemaConfig
) -> Schema:
    schema = derived_schema(
        name,
        documents,
        mention_types=settings.mention_types,
        relations=settings.relations,
        undirected=settings.undirected,
        least_count=settings.least_count,
    )
    least = f"at least {settings.least_count} times (least_count) in the training files"
    if not schema.mention_types:
        raise ConfigError(f"{place}: no mention type stands {least}")
    _check_named(f"{place}.mention_types", settings.mention_types, schema.mention_types, least)
    if settings.relations and not schema.relations:
        raise ConfigError(f"{place}.relations: none between these types stands {least}")
    _check_named(f"{place}.undirected", settings.undirected, schema.relation_types, least)
    return schema


def _check_named(place: str, named: Sequence[str], found: Sequence[str], least: str) -> None:
    for name in named:
        if name not in found:
            raise ConfigError(
                f"{place}: {name!r} does not stand {least}; found: {', '.join(found) or 'none'}"
            )


def plan_run(
    config: TrainConfig, tasks: Sequence[Task], tokenizer: Any
) -> tuple[Dataset, BatchPlan]:
    """All examples of all tasks, and the batches of the whole run."""
    featurizer, parts, rows, at = Featurizer(tokenizer), [], [], 0
    for task in tasks:
        if task.name != MASKED_WORDS and (lost := left_out(task.documents, task.schema)):
            logger.info("%s: %s", task.label, lost)
        part = make_dataset(task.documents, task.schema, featurizer, task=task.name)
        lengths = [len(ids) for ids in part["piece_ids"]]
        rows.append(TaskRows(range(at, at + len(part)), lengths, task.share))
        parts.append(part)
        at += len(part)
    plan = BatchPlan(
        rows,
        epochs=config.epochs,
        budget=config.tokens_per_batch,
        seed=config.seed,
        max_steps=config.max_steps,
    )
    if not len(plan):
        raise ConfigError(f"epochs: {config.epochs} of {at} documents make no batch")
    return concatenate_datasets(parts), plan
