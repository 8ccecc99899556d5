"""The relation head: pairs of mentions, read from the states of the same encoder pass.

Mentions first attend to each other, so that a pair knows its rivals (guidelines: link the closest
mention; a combination's effect belongs to every component). Each pair then looks at the words
of its own stretch of text for what is said of it ("did not", "reduced", "may").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from il12nlp.model.features import Ints
from il12nlp.model.mention_layer import MentionLayer, Rows
from il12nlp.model.pairs import BUCKETS, Mentions, Pairs
from il12nlp.model.products import RowLinear
from il12nlp.model.stretches import STRETCHES, distinct, stretches, weighted_means

APART = 1 << 32
"""What is added to the sentences of each next document of a batch; more than any has."""

SHARPNESS = 5.0
"""Bound of a word's logit in a stretch: one word counts at most exp(10) times another."""


@dataclass(frozen=True, slots=True)
class RelationLogits:
    """Logits of the candidate pairs of a batch, documents one after the other.

    `labels`: Shape (pairs, 1 + relations), not allowed ones at -inf. `speculative`: Shape (pairs,).
    """

    labels: Tensor
    speculative: Tensor


@dataclass(frozen=True, slots=True)
class _Joined:
    """Documents of a batch as if they were one, words and mentions counted through.

    `counts`: Shape (documents,), mentions of each. Everything else as in `Mentions` and `Pairs`,
    but that sentences of different documents lie `APART`.
    """

    counts: Tensor
    first: Tensor
    stop: Tensor
    types: Tensor
    sentences: Tensor
    heads: Tensor
    tails: Tensor
    geometry: Tensor
    allowed: Tensor


@dataclass(frozen=True, slots=True)
class _Part:
    """Some features of each pair. Shape: (pairs, width), or (n, width) and rows of it, (pairs,)."""

    values: Tensor
    rows: Tensor | None = None


class RelationHead(nn.Module):
    """Labels candidate pairs with a relation and says whether it is only speculative."""

    def __init__(
        self,
        *,
        width: int,
        size: int,
        types: int,
        labels: int,
        layers: int,
        heads: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = nn.Dropout(dropout)
        self.span = RowLinear(3 * width, size)
        self.kind = nn.Embedding(types, size)
        self.layers = nn.ModuleList(
            MentionLayer(width=size, heads=heads, dropout=dropout) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(size)
        self.value = RowLinear(width, size)
        self.weight = nn.Linear(width, heads)
        self.geometry = nn.ModuleList(nn.Embedding(n, size // 16) for n in BUCKETS)
        features = (3 + STRETCHES) * size + len(BUCKETS) * (size // 16)
        self.pair = nn.Sequential(
            nn.Dropout(dropout), RowLinear(features, size), nn.GELU(), nn.Dropout(dropout)
        )
        self.labels = nn.Linear(size, 1 + labels)
        self.speculative = nn.Linear(size, 1)

    def forward(
        self,
        words: Tensor,
        document_words: list[int],
        word_sentences: Tensor,
        mentions: list[Mentions],
        pairs: list[Pairs],
    ) -> RelationLogits:
        """Logits of all pairs of a batch.

        `words`: Shape (words, width). `document_words`: bounds of the documents' words, as in
        `Batch`; mentions and pairs count words and mentions from their own document's start.
        """
        chosen = np.flatnonzero([len(p) for p in pairs])
        if not len(chosen):
            nothing = torch.zeros(0, device=words.device)
            return RelationLogits(nothing.view(0, self.labels.out_features), nothing)
        bounds = np.asarray(document_words)
        asked = _joined(chosen, bounds, mentions, pairs, words.device)
        shifts = np.repeat(APART * np.arange(len(pairs)), np.diff(bounds))
        sentences = word_sentences + torch.from_numpy(shifts).to(words.device)
        hidden = self._hidden(self._features(words, sentences, asked))
        labels = self.labels(hidden).float().masked_fill(~asked.allowed, float("-inf"))
        return RelationLogits(labels, self.speculative(hidden).squeeze(1).float())

    def _features(self, words: Tensor, sentences: Tensor, asked: _Joined) -> list[_Part]:
        """What is known of each pair, in the order of the columns of `pair`."""
        states = self._mention_states(words, asked.first, asked.stop) + self.kind(asked.types)
        rows = Rows.of(asked.counts, asked.sentences)
        for layer in self.layers:
            states = layer(states, rows)
        states = self.norm(states)
        h, t = asked.heads, asked.tails
        between, *around = stretches(asked.first, asked.stop, asked.sentences, sentences, h, t)
        # Few mentions, and so few places, end or start what is read around many pairs.
        few, places = distinct(torch.cat(around), len(words))
        read = self._read(words, torch.cat([between, few]))
        inner, outer = torch.split(read, [len(between), len(few)])
        after, before = places.chunk(2)
        return [
            _Part(states, h),
            _Part(states, t),
            _Part(states.index_select(0, h) * states.index_select(0, t)),
            _Part(inner),
            _Part(outer, after),
            _Part(outer, before),
            *(
                _Part(e.get_parameter("weight"), asked.geometry[:, i])
                for i, e in enumerate(self.geometry)
            ),
        ]

    def _hidden(self, parts: list[_Part]) -> Tensor:
        """Hidden state of each pair. Shape: (pairs, size)."""
        if self.training:
            whole = [p.values if p.rows is None else p.values[p.rows] for p in parts]
            dropped: Tensor = self.pair(torch.cat(whole, dim=1))
            return dropped
        # Without dropout what many pairs share is multiplied once, and then added up pair by pair.
        _, linear, active, _ = self.pair
        assert isinstance(linear, RowLinear)
        columns = torch.split(linear.weight, [p.values.shape[1] for p in parts], dim=1)
        own = [(p.values, c) for p, c in zip(parts, columns, strict=True) if p.rows is None]
        values, weights = (torch.cat(list(x), dim=1) for x in zip(*own, strict=True))
        tables, rows, n = [], [], 0
        for part, weight in zip(parts, columns, strict=True):
            if part.rows is not None:
                tables.append(F.linear(part.values, weight).float())
                rows.append(part.rows + n)
                n += len(part.values)
        shared = F.embedding_bag(torch.stack(rows, dim=1), torch.cat(tables), mode="sum")
        hidden: Tensor = active(shared + linear.product(values, weights, linear.bias))
        return hidden

    def _mention_states(self, words: Tensor, first: Tensor, stop: Tensor) -> Tensor:
        """First, last and mean word of each mention, projected. Shape: (mentions, size)."""
        lengths = stop - first
        starts = lengths.cumsum(0) - lengths
        inside = torch.arange(int(lengths.sum()), device=words.device)
        inside = inside + torch.repeat_interleave(first - starts, lengths)
        mean = F.embedding_bag(inside, words.float(), starts, mode="mean")
        ends = [words[first], words[stop - 1], mean.to(words.dtype)]
        states: Tensor = self.span(self.dropout(torch.cat(ends, dim=1)))
        return states

    def _read(self, words: Tensor, bounds: Tensor) -> Tensor:
        """Weighted means over stretches of words. Shape: (stretches, 2) → (stretches, size).

        How much a word counts depends on the word alone.
        """
        logits = SHARPNESS * torch.tanh(self.weight(words) / SHARPNESS)
        values = F.gelu(self.value(words)).float().view(len(words), self.heads, -1)
        means = weighted_means(values, logits.float().exp(), bounds)
        return means.flatten(1).to(words.dtype)


def _joined(
    chosen: Ints,
    bounds: Ints,
    mentions: Sequence[Mentions],
    pairs: Sequence[Pairs],
    device: torch.device,
) -> _Joined:
    """Some documents of a batch as one; `bounds` are those of the words of all."""
    found, linked = [mentions[i] for i in chosen], [pairs[i] for i in chosen]
    counts = np.asarray([len(m) for m in found])
    words = np.repeat(bounds[chosen], counts)
    documents = np.repeat(chosen, counts)
    before = np.repeat(np.cumsum(counts) - counts, [len(p) for p in linked])
    columns = (
        counts,
        np.concatenate([m.first for m in found]) + words,
        np.concatenate([m.stop for m in found]) + words,
        np.concatenate([m.types for m in found]),
        np.concatenate([m.sentences for m in found]) + APART * documents,
        np.concatenate([p.heads for p in linked]) + before,
        np.concatenate([p.tails for p in linked]) + before,
        np.concatenate([p.geometry for p in linked]),
        np.concatenate([p.allowed for p in linked]),
    )
    return _Joined(*(torch.from_numpy(c).to(device) for c in columns))


def relation_loss(
    logits: RelationLogits, labels: Tensor, speculative: Tensor
) -> tuple[Tensor, Tensor]:
    """Sums of both cross-entropies.

    `labels`: Shape (pairs,), 0 for no relation. `speculative`: Shape (pairs,), 0 or 1, read only
    where a relation is.
    """
    links = F.cross_entropy(logits.labels, labels, reduction="sum")
    stated = labels > 0
    hedges = F.binary_cross_entropy_with_logits(
        logits.speculative[stated], speculative[stated].float(), reduction="sum"
    )
    return links, hedges
