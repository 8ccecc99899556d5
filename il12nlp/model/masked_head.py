"""Guesses word pieces behind the mask token, to teach the encoder from texts without labels."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MASKED_WORDS = "masked-words"
"""Task of a batch in which words are hidden; no auxiliary corpus can have this name."""

MASKED_WEIGHT = 0.3
"""What this loss counts against those of the annotated tasks, which are smaller."""


class MaskedHead(nn.Module):
    """BERT's masked-language head (Devlin et al. 2019); its last layer is the input embedding."""

    def __init__(self, *, width: int, pieces: int) -> None:
        super().__init__()
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(pieces))

    def loss(self, states: Tensor, embeddings: Tensor, hidden: Tensor) -> Tensor:
        """Mean loss of guessing hidden pieces. Shape: (pieces, width), (all pieces, width) → ().

        `hidden` holds the pieces that stood there; of none, the loss is zero.
        """
        if not len(hidden):
            return states.sum() * 0.0
        logits = F.linear(self.transform(states), embeddings.to(states.dtype), self.bias)
        return MASKED_WEIGHT * F.cross_entropy(logits.float(), hidden)
