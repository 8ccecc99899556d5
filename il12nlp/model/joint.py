"""The joint model: one encoder pass, then mentions, relations and the study type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PreTrainedModel

from il12nlp.model.batches import Batch
from il12nlp.model.configuration import JointConfig
from il12nlp.model.encoder import WordEncoder
from il12nlp.model.masked_head import MASKED_WORDS, MaskedHead
from il12nlp.model.mention_head import MentionHead, mention_loss
from il12nlp.model.pairs import Mentions, Pairs, PairTable
from il12nlp.model.relation_head import RelationHead, RelationLogits, relation_loss
from il12nlp.schema import Schema

RELATION_WEIGHT = 2.0
"""What a pair's label counts against a word's tag: a document has far more words than relations."""

STUDY_WEIGHT = 4.0
"""What a document's study type counts against a word's tag, of which it has hundreds."""

LOSS_SCALE = 0.01
"""Brings the sum over a document's words and pairs to a size that gradient clipping expects."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Gold labels of a batch.

    `tags`: Shape (words, mention types). `mentions`, `pairs`: of each document. `labels`,
    `speculative`: Shape (pairs of all documents,). `study`: Shape (documents,), -100 where unknown.
    """

    tags: Tensor
    mentions: Sequence[Mentions]
    pairs: Sequence[Pairs]
    labels: Tensor
    speculative: Tensor
    study: Tensor


class TaskHeads(nn.Module):
    """Everything above the encoder for one schema."""

    def __init__(self, schema: Schema, config: JointConfig, *, width: int) -> None:
        super().__init__()
        self.pair_table = PairTable(schema, sentence_distance=config.sentence_distance)
        types, dropout = len(schema.mention_types), config.head_dropout
        self.mentions = MentionHead(width=width, types=types, dropout=dropout)
        self.relations = (
            RelationHead(
                width=width,
                size=config.head_size,
                types=types,
                labels=len(schema.relations),
                layers=config.mention_layers,
                heads=config.attention_heads,
                dropout=dropout,
            )
            if schema.relations
            else None
        )
        self.study = (
            nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * width, len(schema.study_types)))
            if schema.study_types
            else None
        )

    def study_logits(self, words: Tensor, batch: Batch) -> Tensor:
        """Logits of the study types. Shape: (documents, study types).

        Raises ValueError where the schema has none.
        """
        if self.study is None:
            raise ValueError("this schema has no study types")
        bounds = batch.document_words.tolist()
        nothing = words.new_zeros(1, words.shape[1])
        parts = [words[a:b] if b > a else nothing for a, b in pairwise(bounds)]
        pooled = torch.stack([torch.cat([p.mean(0), p.amax(0)]) for p in parts])
        logits: Tensor = self.study(pooled)
        return logits

    def relation_logits(
        self, words: Tensor, batch: Batch, mentions: Sequence[Mentions], pairs: Sequence[Pairs]
    ) -> RelationLogits:
        """Logits of all candidate pairs; raises ValueError where the schema has no relations."""
        if self.relations is None:
            raise ValueError("this schema has no relations")
        bounds = batch.document_words.tolist()
        logits: RelationLogits = self.relations(
            words, bounds, batch.word_sentences, list(mentions), list(pairs)
        )
        return logits

    def loss(self, words: Tensor, batch: Batch, targets: Targets) -> Tensor:
        """Loss per document of one batch. Shape: ()."""
        total = mention_loss(self.mentions(words), targets.tags)
        if self.relations is not None:
            logits = self.relation_logits(words, batch, targets.mentions, targets.pairs)
            links, hedges = relation_loss(logits, targets.labels, targets.speculative)
            total = total + RELATION_WEIGHT * links + hedges
        if self.study is not None and (targets.study >= 0).any():
            studies = self.study_logits(words, batch)
            total = total + STUDY_WEIGHT * F.cross_entropy(studies, targets.study, reduction="sum")
        return total * LOSS_SCALE / (batch.document_words.shape[0] - 1)


class JointModel(PreTrainedModel):  # type: ignore[no-untyped-call]
    """Mentions, relations and study type of abstracts from one encoder pass.

    `heads` belong to the model's own schema; `auxiliary` heads teach the same encoder from other
    corpora while training and are dropped by `export`.
    """

    config_class = JointConfig
    base_model_prefix = "encoder"
    main_input_name = "window_ids"
    config: JointConfig

    def __init__(self, config: JointConfig) -> None:
        super().__init__(config)
        self.encoder = WordEncoder(config.encoder)
        self.heads = TaskHeads(config.task_schema(), config, width=self.encoder.width)
        self.auxiliary = nn.ModuleDict(
            {
                name: TaskHeads(config.task_schema(name), config, width=self.encoder.width)
                for name in config.auxiliary
            }
        )
        self.post_init()  # type: ignore[no-untyped-call]

    def _init_weights(self, module: nn.Module) -> None:
        """Heads keep PyTorch's own initialisation; the encoder comes pre-trained."""

    def task(self, name: str | None) -> TaskHeads:
        """Heads of the model's own schema (None) or of one auxiliary task."""
        if name is None:
            return self.heads
        heads = self.auxiliary[name]
        assert isinstance(heads, TaskHeads)
        return heads

    def add_masked_head(self) -> None:
        """Make the model able to guess hidden words, until auxiliary heads are dropped."""
        pieces = self.encoder.transformer.get_input_embeddings().weight.shape[0]
        self.auxiliary[MASKED_WORDS] = MaskedHead(width=self.encoder.width, pieces=pieces)

    def forward(
        self, batch: Batch, targets: Targets | Tensor, task: str | None = None
    ) -> dict[str, Any]:
        """Loss of one batch of one task.

        For MASKED_WORDS `targets` are the pieces as they were. Shape: (windows, width).
        """
        if isinstance(targets, Tensor):
            return {"loss": self._masked_loss(batch, targets)}
        words = self.encoder(batch)
        return {"loss": self.task(task).loss(words, batch, targets)}

    def _masked_loss(self, batch: Batch, originals: Tensor) -> Tensor:
        head = self.auxiliary[MASKED_WORDS]
        assert isinstance(head, MaskedHead)
        slots = batch.piece_slots
        before, after = (ids.flatten()[slots] for ids in (originals, batch.window_ids))
        hidden = before != after
        embeddings = self.encoder.transformer.get_input_embeddings().weight
        return head.loss(self.encoder.pieces(batch)[hidden], embeddings, before[hidden])

    def drop_auxiliary(self) -> None:
        """Forget the auxiliary heads, so that what is saved serves the own schema alone."""
        self.auxiliary = nn.ModuleDict()
        self.config.auxiliary = {}
