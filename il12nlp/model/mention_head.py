"""The mention head: one B/I/O tagger per mention type, so that types may nest."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

OUTSIDE, BEGIN, INSIDE = 0, 1, 2


class MentionHead(nn.Module):
    """Tags every word once for every mention type."""

    def __init__(self, *, width: int, types: int, dropout: float) -> None:
        super().__init__()
        self.types = types
        self.dropout = nn.Dropout(dropout)
        self.tags = nn.Linear(width, types * 3)

    def forward(self, words: Tensor) -> Tensor:
        """Tag logits. Shape: (words, width) → (words, types, 3)."""
        weight, bias = self.tags.weight, self.tags.bias
        # Few rows times many words: the other way round MKL takes three times as long on a CPU,
        # and what reads the logits finds those of one tag side by side.
        logits = torch.addmm(bias[:, None], weight, self.dropout(words).T)
        return logits.T.view(-1, self.types, 3)


def mention_loss(logits: Tensor, tags: Tensor) -> Tensor:
    """Sum of cross-entropies, tag -100 left out. Shape: (words, types, 3), (words, types) → ()."""
    return F.cross_entropy(logits.flatten(0, 1), tags.flatten(), ignore_index=-100, reduction="sum")


def tags_of(mentions: Tensor, *, words: int, types: int) -> Tensor:
    """Tags from mentions. Shape: (mentions, 3) of first word, last word + 1, type → (words, types).

    Mentions of one type that overlap would blur each other; the longer one wins, as in nested
    gold spans it is the one that names the whole.
    """
    tags = torch.zeros(words, types, dtype=torch.long)
    for first, stop, kind in sorted(mentions.tolist(), key=lambda m: m[1] - m[0]):
        tags[first:stop, kind] = INSIDE
        tags[first, kind] = BEGIN
    return tags
