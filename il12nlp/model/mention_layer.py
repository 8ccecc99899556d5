"""Transformer layers in which the mentions of a document see each other, a batch at a time."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from il12nlp.model.products import RowLinear

ORDER_REACH, SENTENCE_REACH = 16, 4
"""Mentions farther apart than this, in mentions and in sentences, count as this far apart."""

MENTIONS_AT_ONCE = 2048
"""Mentions that look at all others at one time; bounds the memory that a long text takes."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The mentions of a batch as one row a document, padded to the longest.

    `slots`: Shape (mentions,), place of each mention in the flattened rows. `sentences`, `filled`:
    Shape (documents, longest row), sentence of each mention and where there is one.
    """

    slots: Tensor
    sentences: Tensor
    filled: Tensor

    @classmethod
    def of(cls, counts: Tensor, sentences: Tensor) -> Rows:
        """Rows of so many mentions. Shape: (documents,), (mentions,)."""
        filled = torch.arange(int(counts.max()), device=counts.device) < counts[:, None]
        slots = filled.flatten().nonzero()[:, 0]
        padded = sentences.new_zeros(filled.numel()).index_copy(0, slots, sentences)
        return cls(slots, padded.view_as(filled), filled)

    def pad(self, states: Tensor) -> Tensor:
        """Shape: (mentions, width) → (documents, longest row, width)."""
        padded = states.new_zeros(self.filled.numel(), states.shape[1])
        return padded.index_copy(0, self.slots, states).view(*self.filled.shape, -1)


class MentionLayer(nn.Module):
    """A transformer layer over the mentions of each document, in reading order.

    Only attention needs to know the documents; everything else runs over all mentions at once.
    """

    def __init__(self, *, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.qkv = RowLinear(width, 3 * width)
        self.out = RowLinear(width, width)
        self.order = nn.Embedding(2 * ORDER_REACH + 1, heads)
        self.sentence = nn.Embedding(2 * SENTENCE_REACH + 1, heads)
        self.feed = nn.Sequential(
            nn.LayerNorm(width),
            RowLinear(width, 2 * width),
            nn.GELU(),
            RowLinear(2 * width, width),
        )
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.order.weight)
        nn.init.zeros_(self.sentence.weight)

    def forward(self, states: Tensor, rows: Rows) -> Tensor:
        """Shape: (mentions, width) → (mentions, width)."""
        padded = rows.pad(self.qkv(self.norm(states)))
        documents, n = rows.filled.shape
        q, k, v = padded.view(documents, n, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        parts = []
        for i in range(0, n, MENTIONS_AT_ONCE):
            some = slice(i, i + MENTIONS_AT_ONCE)
            bias = self._bias(rows, some)
            parts.append(F.scaled_dot_product_attention(q[:, :, some], k, v, attn_mask=bias))
        mixed = torch.cat(parts, dim=2).transpose(1, 2).reshape(documents * n, -1)
        states = states + self.dropout(self.out(mixed[rows.slots]))
        result: Tensor = states + self.dropout(self.feed(states))
        return result

    def _bias(self, rows: Rows, some: slice) -> Tensor:
        """What order and sentence add where some mentions look; none looks at padding.

        Shape: (documents, heads, some, longest row).
        """
        place = torch.arange(rows.filled.shape[1], device=rows.filled.device)
        order = (place[None, :] - place[some, None]).clamp(-ORDER_REACH, ORDER_REACH) + ORDER_REACH
        apart = rows.sentences[:, None, :] - rows.sentences[:, some, None]
        apart = apart.clamp(-SENTENCE_REACH, SENTENCE_REACH) + SENTENCE_REACH
        # The sums of both are few; looking them up once costs half of looking up each.
        sums = self.order.weight[:, None] + self.sentence.weight[None, :]
        bias = F.embedding(order * sums.shape[1] + apart, sums.flatten(0, 1))
        return bias.permute(0, 3, 1, 2).masked_fill(~rows.filled[:, None, None, :], float("-inf"))
