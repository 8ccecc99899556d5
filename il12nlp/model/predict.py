"""Prediction: documents in, the same documents with mentions, relations and study type out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise

import numpy as np
import torch
from transformers import PreTrainedTokenizerBase

from il12nlp.document import Document, Mention, Relation
from il12nlp.model.batches import Batch, by_token_budget, collate
from il12nlp.model.brackets import close_brackets
from il12nlp.model.decode import (
    Floats,
    Spans,
    best_tags,
    bounds_of_sentences,
    log_softmax,
    spans_of,
)
from il12nlp.model.features import Features, Featurizer, Ints
from il12nlp.model.hyphens import mend_hyphens
from il12nlp.model.joint import JointModel
from il12nlp.model.known import with_known
from il12nlp.model.pairs import Mentions, Pairs
from il12nlp.model.relation_head import RelationLogits
from il12nlp.model.trailing import trim_trailing
from il12nlp.schema import CTO
from il12nlp.text.folding import fold_name

DEFAULT_THRESHOLD = 0.5
"""Least score of a relation whose type has no threshold of its own; mentions then have none."""

BATCH_PIECES = 4096
"""Word pieces of a batch, padding included, where nobody asks for another number."""


class Predictor:
    """A model, its tokenizer and a device, ready to annotate.

    `dtype` is the precision of matrix products (float32 or bfloat16), on a CPU of those of the
    encoder alone (and of what `load_predictor` lets the relation head do). Weights and all decoding
    are in float32.
    """

    def __init__(
        self,
        model: JointModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.model = model.to(device).eval()  # type: ignore[arg-type]
        self.schema = model.config.task_schema()
        self.device = torch.device(device)
        self.dtype = dtype
        self.featurizer = Featurizer(tokenizer)
        self._special = {
            "cls_id": tokenizer.cls_token_id,
            "sep_id": tokenizer.sep_token_id,
            "pad_id": tokenizer.pad_token_id,
        }

    def predict(
        self,
        documents: Sequence[Document],
        *,
        known: Sequence[Sequence[Mention]] | None = None,
        budget: int = BATCH_PIECES,
    ) -> list[Document]:
        """The documents in their order, annotated; `budget` is in padded word pieces a batch.

        A document needs its sentences already. Annotations that it had are dropped, so one without
        any word has none. `known` holds for each document mentions that stand whatever the model
        says; its relations are read from these too.
        """
        features = self.featurizer(documents)
        result = [
            d.replace(mentions=(), relations=(), findings=(), study_type=None) for d in documents
        ]
        full = [i for i, f in enumerate(features) if f.words]
        lengths = [len(features[i].piece_ids) for i in full]
        for batch in by_token_budget(lengths, budget=budget):
            chosen = [full[i] for i in batch]
            made = self._batch(
                [result[i] for i in chosen],
                [features[i] for i in chosen],
                [known[i] if known else () for i in chosen],
            )
            for i, document in zip(chosen, made, strict=True):
                result[i] = document
        return result

    def collate(self, features: Sequence[Features]) -> Batch:
        """Batch of documents on the predictor's device."""
        config = self.model.config
        batch = collate(features, window=config.window, overlap=config.overlap, **self._special)
        return batch.to(self.device)

    @torch.inference_mode()
    def encode(self, batch: Batch) -> torch.Tensor:
        """States of a batch's words. Shape: (words, width)."""
        with self._precision():
            states: torch.Tensor = self.model.encoder(batch)
        return states

    @torch.inference_mode()
    def _batch(
        self,
        documents: list[Document],
        features: list[Features],
        known: list[Sequence[Mention]],
    ) -> list[Document]:
        batch = self.collate(features)
        heads = self.model.heads
        words = self.encode(batch).float()
        with self._heads_precision():
            tags = heads.mentions(words)
            study = None if heads.study is None else heads.study_logits(words, batch)
        found = self._spans(
            tags.float().cpu().numpy(),
            batch.document_words.cpu().numpy(),
            bounds_of_sentences([f.word_sentences for f in features]),
        )
        types = self.schema.mention_types
        found = [
            with_known(self._likely(self._mended(d, f, s)), k, f, types)
            for d, f, s, k in zip(documents, features, found, known, strict=True)
        ]
        named = [self._named(d, f, s) for d, f, s in zip(documents, features, found, strict=True)]
        placed = [_placed(m, f, s) for m, f, s in zip(named, features, found, strict=True)]
        pairs = [heads.pair_table(m) for m in placed]
        links: list[tuple[Relation, ...]] = [()] * len(documents)
        if heads.relations is not None:
            with self._heads_precision():
                logits = heads.relation_logits(words, batch, placed, pairs)
            links = self._relations(logits, pairs)
        studies = [None] * len(documents) if study is None else self._studies(study)
        return [
            d.replace(mentions=m, relations=r, study_type=t)
            for d, m, r, t in zip(documents, named, links, studies, strict=True)
        ]

    def _precision(self) -> AbstractContextManager[object]:
        if self.dtype == torch.float32:
            return nullcontext()
        return torch.autocast(self.device.type, dtype=self.dtype)

    def _heads_precision(self) -> AbstractContextManager[object]:
        # Many small products are faster in float32 on a CPU than cast again and again.
        return nullcontext() if self.device.type == "cpu" else self._precision()

    def _spans(self, logits: Floats, bounds: Ints, sentence_bounds: Ints) -> list[Spans]:
        logs = log_softmax(logits)
        return spans_of(best_tags(logs, sentence_bounds), logs, bounds, sentence_bounds)

    def _mended(self, document: Document, features: Features, spans: Spans) -> Spans:
        """The spans without what cutting word by word does to names."""
        words = [document.text[a:b] for a, b in features.word_spans.tolist()]
        mended = mend_hyphens(close_brackets(spans, words), words, features.word_spans)
        # Mentions of other schemas may be no names: "due to" is a trigger of an event.
        return trim_trailing(mended, words) if self.schema == CTO else mended

    def _likely(self, spans: Spans) -> Spans:
        """The spans that reach the threshold of their type."""
        thresholds, types = self.model.config.thresholds, self.schema.mention_types
        least = np.asarray([thresholds.get(name, 0.0) for name in types])
        return spans.where(spans.scores >= least[spans.types])

    def _named(self, document: Document, features: Features, spans: Spans) -> tuple[Mention, ...]:
        starts = features.word_spans[spans.first, 0].tolist()
        ends = features.word_spans[spans.stop - 1, 1].tolist()
        kinds = [self.schema.mention_types[k] for k in spans.types.tolist()]
        scores = self._read("mentions", spans.scores)
        return tuple(
            Mention(f"T{n}", a, b, kind, document.text[a:b], score)
            for n, (a, b, kind, score) in enumerate(
                zip(starts, ends, kinds, scores, strict=True), start=1
            )
        )

    def _read(self, kind: str, scores: Floats) -> list[float]:
        """Scores of "mentions" or "relations" as the probabilities that are told."""
        scaled = self.model.config.scaling(kind)(scores.astype(np.float64))
        return [round(score, 4) for score in scaled.tolist()]

    def _relations(
        self, logits: RelationLogits, pairs: Sequence[Pairs]
    ) -> list[tuple[Relation, ...]]:
        config, rules = self.model.config, self.schema.relations
        links = logits.labels.softmax(dim=1).cpu().numpy()
        hedged = (logits.speculative > 0).cpu().numpy()
        least = [config.thresholds.get(r.name, DEFAULT_THRESHOLD) for r in rules]
        labels = links[:, 1:].argmax(axis=1)
        scores = links[np.arange(len(links)), labels + 1]
        stated = np.flatnonzero(scores >= np.asarray(least)[labels])
        told = self._read("relations", scores[stated])
        edges = np.cumsum([0, *(len(p) for p in pairs)])
        cuts = np.searchsorted(stated, edges).tolist()
        result = []
        for p, start, (a, b) in zip(pairs, edges[:-1].tolist(), pairwise(cuts), strict=True):
            made: list[Relation] = []
            for at, score in zip(stated[a:b].tolist(), told[a:b], strict=True):
                i = at - start
                rule, head, tail = rules[labels[at]], int(p.heads[i]), int(p.tails[i])
                if rule.undirected and head > tail:
                    head, tail = tail, head
                name, ends = f"R{len(made) + 1}", (f"T{head + 1}", f"T{tail + 1}")
                made.append(Relation(name, rule.name, *ends, bool(hedged[at]), score))
            result.append(tuple(made))
        return result

    def _studies(self, logits: torch.Tensor) -> list[str | None]:
        return [self.schema.study_types[i] for i in logits.argmax(dim=1).tolist()]


def _placed(mentions: Sequence[Mention], features: Features, spans: Spans) -> Mentions:
    """The mentions as the relation head reads them."""
    return Mentions(
        spans.first,
        spans.stop,
        spans.types,
        features.word_sentences[spans.first],
        name_ids([m.text for m in mentions]),
    )


def name_ids(surfaces: Sequence[str]) -> Ints:
    """A number for each surface, equal where the folded names are. Shape: (surfaces,)."""
    numbers: dict[str, int] = {}
    folded = [fold_name(s) for s in surfaces]
    return np.asarray([numbers.setdefault(f, len(numbers)) for f in folded], dtype=np.int64)
