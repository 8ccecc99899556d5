"""The relation head: pairs of mentions, read from the states of the same encoder pass.

Mentions first attend to each other, so that a pair knows its rivals (guidelines: link the closest
mention; a combination's effect belongs to every component). Each pair then looks at the words
of its own stretch of text for what is said of it ("did not", "reduced", "may").
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from il12nlp.model.pairs import BUCKETS, Mentions, Pairs

ORDER_REACH, SENTENCE_REACH = 16, 4
"""Mentions farther apart than this, in mentions and in sentences, count as this far apart."""

MENTIONS_AT_ONCE = 2048
"""Mentions that look at all others at one time; bounds the memory that a long text takes."""

STRETCHES = 3
"""What a pair reads: the words between its ends, after them, and before them."""

SHARPNESS = 5.0
"""Bound of a word's logit in a stretch: one word counts at most exp(10) times another."""


@dataclass(frozen=True, slots=True)
class RelationLogits:
    """Logits of the candidate pairs of a batch, documents one after the other.

    `labels`: Shape (pairs, 1 + relations), not allowed ones at -inf. `speculative`: Shape (pairs,).
    """

    labels: Tensor
    speculative: Tensor


class MentionLayer(nn.Module):
    """A transformer layer over the mentions of one document, in reading order."""

    def __init__(self, *, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.order = nn.Embedding(2 * ORDER_REACH + 1, heads)
        self.sentence = nn.Embedding(2 * SENTENCE_REACH + 1, heads)
        self.feed = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.order.weight)
        nn.init.zeros_(self.sentence.weight)

    def forward(self, states: Tensor, sentences: Tensor) -> Tensor:
        """Shape: (mentions, width), (mentions,) → (mentions, width)."""
        n = len(states)
        q, k, v = self.qkv(self.norm(states)).view(n, 3, self.heads, -1).permute(1, 2, 0, 3)
        parts = []
        for i in range(0, n, MENTIONS_AT_ONCE):
            some = slice(i, i + MENTIONS_AT_ONCE)
            bias = self._bias(sentences, some)
            parts.append(
                F.scaled_dot_product_attention(q[None, :, some], k[None], v[None], attn_mask=bias)
            )
        mixed = torch.cat(parts, dim=2)
        states = states + self.dropout(self.out(mixed[0].transpose(0, 1).reshape(n, -1)))
        result: Tensor = states + self.dropout(self.feed(states))
        return result

    def _bias(self, sentences: Tensor, some: slice) -> Tensor:
        """What order and sentence add where some mentions look. Shape: (1, heads, some, all)."""
        place = torch.arange(len(sentences), device=sentences.device)
        order = (place[None, :] - place[some, None]).clamp(-ORDER_REACH, ORDER_REACH) + ORDER_REACH
        apart = sentences[None, :] - sentences[some, None]
        apart = apart.clamp(-SENTENCE_REACH, SENTENCE_REACH) + SENTENCE_REACH
        bias: Tensor = (self.order(order) + self.sentence(apart)).permute(2, 0, 1)[None]
        return bias


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
        self.span = nn.Linear(3 * width, size)
        self.kind = nn.Embedding(types, size)
        self.layers = nn.ModuleList(
            MentionLayer(width=size, heads=heads, dropout=dropout) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(size)
        self.value = nn.Linear(width, size)
        self.weight = nn.Linear(width, heads)
        self.geometry = nn.ModuleList(nn.Embedding(n, size // 16) for n in BUCKETS)
        features = (3 + STRETCHES) * size + len(BUCKETS) * (size // 16)
        self.pair = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(features, size), nn.GELU(), nn.Dropout(dropout)
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
        found = []
        for i, (m, p) in enumerate(zip(mentions, pairs, strict=True)):
            if len(p):
                a, b = document_words[i], document_words[i + 1]
                found.append(self._document(words[a:b], word_sentences[a:b], m, p))
        if not found:
            nothing = torch.zeros(0, device=words.device)
            return RelationLogits(nothing.view(0, self.labels.out_features), nothing)
        hidden = self.pair(torch.cat(found))
        allowed = torch.cat([torch.from_numpy(p.allowed) for p in pairs]).to(words.device)
        labels = self.labels(hidden).float().masked_fill(~allowed, float("-inf"))
        return RelationLogits(labels, self.speculative(hidden).squeeze(1).float())

    def _document(self, words: Tensor, sentences: Tensor, m: Mentions, p: Pairs) -> Tensor:
        """Pair features of one document. Shape: (pairs, features)."""
        device = words.device
        first, stop = torch.from_numpy(m.first).to(device), torch.from_numpy(m.stop).to(device)
        mention_sentences = torch.from_numpy(m.sentences).to(device)
        states = self._mention_states(words, first, stop)
        states = states + self.kind(torch.from_numpy(m.types).to(device))
        for layer in self.layers:
            states = layer(states, mention_sentences)
        states = self.norm(states)
        h, t = torch.from_numpy(p.heads).to(device), torch.from_numpy(p.tails).to(device)
        ends = torch.cat([states[h], states[t]], dim=1)
        bounds = stretches(first, stop, mention_sentences, sentences, h, t)
        read = self._read(words, bounds)
        geometry = torch.from_numpy(p.geometry).to(device)
        places = [e(geometry[:, i]) for i, e in enumerate(self.geometry)]
        return torch.cat([ends, states[h] * states[t], read, *places], dim=1)

    def _mention_states(self, words: Tensor, first: Tensor, stop: Tensor) -> Tensor:
        """First, last and mean word of each mention, projected. Shape: (mentions, size)."""
        sums = F.pad(words.float().cumsum(0), (0, 0, 1, 0))
        mean = (sums[stop] - sums[first]) / (stop - first).unsqueeze(1)
        ends = [words[first], words[stop - 1], mean.to(words.dtype)]
        states: Tensor = self.span(self.dropout(torch.cat(ends, dim=1)))
        return states

    def _read(self, words: Tensor, bounds: list[tuple[Tensor, Tensor]]) -> Tensor:
        """Weighted means over each pair's stretches. Shape: (pairs, STRETCHES · size).

        How much a word counts depends on the word alone, so sums over a stretch are differences of
        running sums and the cost does not grow with its length. In float64, since small
        differences of large sums are what counts.
        """
        logits = SHARPNESS * torch.tanh(self.weight(words) / SHARPNESS)
        weights = logits.double().exp()
        values = F.gelu(self.value(words)).double().view(len(words), self.heads, -1)
        mass = F.pad(weights.cumsum(0), (0, 0, 1, 0))
        sums = F.pad((values * weights[..., None]).cumsum(0), (0, 0, 0, 0, 1, 0))
        # The small constant makes an empty stretch read as zeros.
        means = [(sums[b] - sums[a]) / (mass[b] - mass[a] + 1e-3)[..., None] for a, b in bounds]
        return torch.cat([m.flatten(1) for m in means], dim=1).to(words.dtype)


def stretches(
    first: Tensor, stop: Tensor, mention_sentences: Tensor, sentences: Tensor, h: Tensor, t: Tensor
) -> list[tuple[Tensor, Tensor]]:
    """First word and last + 1 of what each pair reads, `STRETCHES` times two of Shape (pairs,).

    Between the ends; from the later end to where its sentence ends; from where the earlier end's
    sentence starts up to it. `sentences`: Shape (words,), in reading order.
    """
    start_1, start_2 = torch.minimum(first[h], first[t]), torch.maximum(first[h], first[t])
    stop_1, stop_2 = torch.minimum(stop[h], stop[t]), torch.maximum(stop[h], stop[t])
    lowest = torch.minimum(mention_sentences[h], mention_sentences[t])
    highest = torch.maximum(mention_sentences[h], mention_sentences[t])
    begin = torch.searchsorted(sentences, lowest)
    end = torch.searchsorted(sentences, highest, right=True)
    between = stop_1, torch.maximum(stop_1, start_2)
    return [between, (stop_2, torch.maximum(stop_2, end)), (torch.minimum(begin, start_1), start_1)]


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
