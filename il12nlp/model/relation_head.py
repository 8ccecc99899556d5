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

PAIRS_AT_ONCE = 2048
"""Pairs that look at their words at one time; bounds the memory that a long text takes.

Pairs come in the order of their heads, so those of one go share a stretch of the text.
"""

MENTIONS_AT_ONCE = 2048
"""Mentions that look at all others at one time; bounds the memory too."""

PLACES = 5
"""Where a word lies to a pair: before, in the first, between, in the second, after."""


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
        self.query = nn.Linear(2 * size, size)
        self.key_value = nn.Linear(width, 2 * size)
        self.place = nn.Embedding(PLACES, heads)
        nn.init.zeros_(self.place.weight)
        self.geometry = nn.ModuleList(nn.Embedding(n, size // 16) for n in BUCKETS)
        features = 4 * size + len(BUCKETS) * (size // 16)
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
        seen = self._look(words, sentences, ends, (first, stop, mention_sentences), h, t)
        geometry = torch.from_numpy(p.geometry).to(device)
        places = [e(geometry[:, i]) for i, e in enumerate(self.geometry)]
        return torch.cat([ends, states[h] * states[t], seen, *places], dim=1)

    def _mention_states(self, words: Tensor, first: Tensor, stop: Tensor) -> Tensor:
        """First, last and mean word of each mention, projected. Shape: (mentions, size)."""
        sums = F.pad(words.float().cumsum(0), (0, 0, 1, 0))
        mean = (sums[stop] - sums[first]) / (stop - first).unsqueeze(1)
        ends = [words[first], words[stop - 1], mean.to(words.dtype)]
        states: Tensor = self.span(self.dropout(torch.cat(ends, dim=1)))
        return states

    def _look(
        self,
        words: Tensor,
        sentences: Tensor,
        ends: Tensor,
        mentions: tuple[Tensor, Tensor, Tensor],
        h: Tensor,
        t: Tensor,
    ) -> Tensor:
        """What each pair reads in its sentences and between its ends. Shape: (pairs, size)."""
        parts = []
        k, v = self.key_value(words).view(len(words), 2, self.heads, -1).permute(1, 2, 0, 3)
        q = self.query(ends).view(len(h), self.heads, -1).transpose(0, 1)
        for i in range(0, len(h), PAIRS_AT_ONCE):
            some = slice(i, i + PAIRS_AT_ONCE)
            bias, a, b = self._view(sentences, mentions, h[some], t[some])
            seen = F.scaled_dot_product_attention(
                q[None, :, some], k[None, :, a:b], v[None, :, a:b], attn_mask=bias[None]
            )
            parts.append(seen[0].transpose(0, 1).flatten(1))
        return torch.cat(parts)

    def _view(
        self, sentences: Tensor, mentions: tuple[Tensor, Tensor, Tensor], h: Tensor, t: Tensor
    ) -> tuple[Tensor, int, int]:
        """What these pairs may look at: a bias of Shape (heads, pairs, words a to b), a and b."""
        first, stop, mention_sentences = mentions
        lowest = torch.minimum(mention_sentences[h], mention_sentences[t])
        highest = torch.maximum(mention_sentences[h], mention_sentences[t])
        seen = (sentences >= lowest.min()) & (sentences <= highest.max())
        a, b = int(seen.int().argmax()), len(sentences) - int(seen.flip(0).int().argmax())
        sentences, place = sentences[a:b], torch.arange(a, b, device=sentences.device)
        start_1, start_2 = torch.minimum(first[h], first[t]), torch.maximum(first[h], first[t])
        stop_1, stop_2 = torch.minimum(stop[h], stop[t]), torch.maximum(stop[h], stop[t])
        edges = torch.stack([start_1, stop_1.clamp(max=start_2), start_2, stop_2])
        where = (place >= edges[..., None]).sum(0)
        inside = (sentences >= lowest[:, None]) & (sentences <= highest[:, None])
        bias = self.place(where).permute(2, 0, 1).masked_fill(~inside, float("-inf"))
        return bias, a, b


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
